package object

// SeqIterType is the iterator over objects that only have __getitem__.
var SeqIterType Type

// SeqIter iterates by index until IndexError.
type SeqIter struct {
	Object
	Seq Value
	I   int64
}

// NewSeqIter makes the iterator.
func NewSeqIter(seq Value) Value { return Obj(&SeqIter{Object{&SeqIterType.Root}, seq, 0}) }

func init() {
	Declare(&SeqIterType, Decl{Name: "iterator", Flags: FFinal | FNoNew, Layout: LayoutOf[SeqIter](),
		Slots: Slots{Iter: func(t *Thread, v Value) (Value, *Exception) { return v, nil }, Next: seqIterNext},
		Methods: []Method{
			{Sig: "__length_hint__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				it := As[SeqIter](a[0])
				if it.Seq.Ref == nil {
					return Int(0), nil
				}
				if it.Seq.Type().Slots.Len == nil {
					return NotImplemented, nil
				}
				n, e := Len(t, it.Seq)
				return Int(max(int64(n)-it.I, 0)), e
			}},
			{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				it := As[SeqIter](a[0])
				if it.Seq.Ref == nil {
					return NewTuple([]Value{builtinFunc(t, "iter"), NewTuple([]Value{EmptyTuple})}), nil
				}
				return NewTuple([]Value{builtinFunc(t, "iter"), NewTuple([]Value{it.Seq}), Int(it.I)}), nil
			}},
			{Sig: "__setstate__(self, state, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				i, e := ToInt64(t, a[1])
				if it := As[SeqIter](a[0]); e == nil && it.Seq.Ref != nil {
					it.I = max(i, 0)
				}
				return None, e
			}},
		}})
}

func seqIterNext(t *Thread, v Value) (Value, *Exception) {
	it := As[SeqIter](v)
	if it.Seq.Ref == nil {
		return Value{}, nil
	}
	r, e := GetItem(t, it.Seq, Int(it.I))
	if e != nil {
		if e.IsA(&IndexErrorType) || e.IsA(&StopIterationType) {
			it.Seq = Value{}
			return Value{}, nil
		}
		return Value{}, e
	}
	it.I++
	return r, nil
}
