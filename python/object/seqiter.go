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
		Slots: Slots{Iter: func(t *Thread, v Value) (Value, *Exception) { return v, nil }, Next: seqIterNext}})
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
