package object

import "martlet/python/internal/numfmt"

// The type tuple.

// Tuple is an immutable sequence.
type Tuple struct {
	Object
	Items []Value
	H     int64 // cached hash; 0: not computed
}

// TupleType is tuple.
var TupleType Type

var emptyTuple = &Tuple{Object: Object{&TupleType.Root}}

// EmptyTuple is ().
var EmptyTuple = Obj(emptyTuple)

// NewTuple makes a tuple that keeps items.
func NewTuple(items []Value) Value {
	if len(items) == 0 {
		return EmptyTuple
	}
	return Obj(&Tuple{Object: Object{&TupleType.Root}, Items: items})
}

// TupleOf makes a tuple of the values.
func TupleOf(items ...Value) Value { return NewTuple(items) }

// IsTuple says whether v is a tuple or an instance of a subclass.
func IsTuple(v Value) bool { return v.Type().Flags&FTuple != 0 }

func tupleNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	var items []Value
	if a[0].Ref != nil {
		if tp == &TupleType && a[0].Type() == tp {
			return a[0], nil
		}
		var e *Exception
		if items, e = Collect(t, a[0]); e != nil {
			return Value{}, e
		}
	}
	if tp == &TupleType {
		return NewTuple(items), nil
	}
	o, e := AllocAs[Tuple](t, tp)
	if e != nil {
		return Value{}, e
	}
	o.Items = items
	return Obj(o), nil
}

func tupleRepr(t *Thread, v Value) (Value, *Exception) {
	items := As[Tuple](v).Items
	if len(items) == 0 {
		return StrVal("()"), nil
	}
	if !t.EnterRepr(v) {
		return StrVal("(...)"), nil
	}
	defer t.LeaveRepr(v)
	b := []byte{'('}
	b, e := appendReprs(t, b, items)
	if e != nil {
		return Value{}, e
	}
	if len(items) == 1 {
		b = append(b, ',')
	}
	return ChargedStr(t, string(append(b, ')')))
}

// appendReprs appends the reprs of items, separated by commas.
func appendReprs(t *Thread, b []byte, items []Value) ([]byte, *Exception) {
	for i := range items {
		if i > 0 {
			b = append(b, ", "...)
		}
		s, e := Repr(t, items[i])
		if e != nil {
			return nil, e
		}
		b = append(b, s.S...)
	}
	return b, nil
}

func tupleHash(t *Thread, v Value) (int64, *Exception) {
	tup := As[Tuple](v)
	if tup.H != 0 {
		return tup.H, nil
	}
	if e := t.Enter(" while hashing"); e != nil {
		return 0, e
	}
	defer t.Leave()
	var h numfmt.HashTuple
	for _, x := range tup.Items {
		k, e := Hash(t, x)
		if e != nil {
			return 0, e
		}
		h.Add(k)
	}
	tup.H = h.Sum()
	return tup.H, nil
}

func tupleCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if a.Type().Flags&b.Type().Flags&FTuple == 0 {
		return NotImplemented, nil
	}
	x, y := As[Tuple](a).Items, As[Tuple](b).Items
	return compareSeq(t, op, func() ([]Value, []Value) { return x, y })
}

// compareSeq compares two sequences lexicographically. items is asked again after every comparison, since comparing may
// change lists.
func compareSeq(t *Thread, op CmpOp, items func() (x, y []Value)) (Value, *Exception) {
	x, y := items()
	if len(x) != len(y) && (op == CmpEq || op == CmpNe) {
		return Bool(op == CmpNe), nil
	}
	for i := 0; i < len(x) && i < len(y); i++ {
		eq, e := Equal(t, x[i], y[i])
		if e != nil {
			return Value{}, e
		}
		if !eq {
			if x, y = items(); i < len(x) && i < len(y) {
				if op == CmpEq || op == CmpNe {
					return Bool(op == CmpNe), nil
				}
				return Compare(t, x[i], y[i], op)
			}
			break
		}
		x, y = items()
	}
	return cmpResult(len(x)-len(y), op), nil
}

func tupleGetItem(t *Thread, v, key Value) (Value, *Exception) {
	items := As[Tuple](v).Items
	if key.IsInt() {
		i := int(key.Bits)
		if i < 0 {
			i += len(items)
		}
		if uint(i) < uint(len(items)) {
			return items[i], nil
		}
		return Value{}, IndexErrorf(t, "tuple index out of range")
	}
	if key.Type() == &SliceType {
		r, e := SliceBounds(t, key, len(items))
		if e != nil {
			return Value{}, e
		}
		if r.N == len(items) && r.Step == 1 && v.Type() == &TupleType {
			return v, nil
		}
		return NewTuple(r.pick(items)), t.Charge(16 * r.N)
	}
	i, e := seqIndex(t, key, "tuple")
	if e != nil {
		return Value{}, e
	}
	return tupleGetItem(t, v, Int(i))
}

// seqIndex converts a subscript that is no plain int; kind is named in the errors.
func seqIndex(t *Thread, key Value, kind string) (int64, *Exception) {
	if key.Type().Slots.Index == nil {
		return 0, TypeErrorf(t, "%s indices must be integers or slices, not %s", kind, key.Type().Name)
	}
	return Subscript(t, key)
}

// Subscript is ToInt64 for a position, where what is too large raises IndexError.
func Subscript(t *Thread, key Value) (int64, *Exception) {
	i, e := ToIndex(t, key)
	if e != nil {
		return 0, e
	}
	if !i.IsInt() {
		return 0, IndexErrorf(t, "cannot fit '%s' into an index-sized integer", key.Type().Name)
	}
	return i.Int64(), nil
}

func tupleConcat(t *Thread, a, b Value) (Value, *Exception) {
	if !IsTuple(b) {
		return Value{}, TypeErrorf(t, `can only concatenate tuple (not "%s") to tuple`, b.Type().Name)
	}
	x, y := As[Tuple](a).Items, As[Tuple](b).Items
	if len(y) == 0 && a.Type() == &TupleType {
		return a, nil
	}
	if e := t.Charge(16 * (len(x) + len(y))); e != nil {
		return Value{}, e
	}
	out := make([]Value, 0, len(x)+len(y))
	return NewTuple(append(append(out, x...), y...)), nil
}

// repeatCount converts the count of a sequence repetition and checks the size of the result.
func repeatCount(t *Thread, n Value, size, elem int) (int, *Exception) {
	i, e := ToIndex(t, n)
	if e != nil {
		return 0, e
	}
	if !i.IsInt() {
		return 0, OverflowErrorf(t, "cannot fit '%s' into an index-sized integer", n.Type().Name)
	}
	k := max(0, int(i.Bits))
	if size > 0 && k > maxAlloc/(size*elem) {
		return 0, NewException(t, &MemoryErrorType)
	}
	return k, t.Charge(k * size * elem)
}

// maxAlloc is the size in bytes beyond which an allocation fails with MemoryError without being tried.
var maxAlloc = memoryLimit()

func repeatItems(items []Value, k int) []Value {
	out := make([]Value, 0, len(items)*k)
	for range k {
		out = append(out, items...)
	}
	return out
}

func tupleRepeat(t *Thread, v, n Value) (Value, *Exception) {
	items := As[Tuple](v).Items
	k, e := repeatCount(t, n, len(items), 16)
	if e != nil {
		return Value{}, e
	}
	if k == 1 && v.Type() == &TupleType {
		return v, nil
	}
	return NewTuple(repeatItems(items, k)), nil
}

func tupleContains(t *Thread, v, x Value) (bool, *Exception) {
	for _, y := range As[Tuple](v).Items {
		if eq, e := Equal(t, y, x); eq || e != nil {
			return eq, e
		}
	}
	return false, nil
}

func tupleCount(t *Thread, a []Value) (Value, *Exception) {
	n := int64(0)
	for _, y := range As[Tuple](a[0]).Items {
		eq, e := Equal(t, y, a[1])
		if e != nil {
			return Value{}, e
		}
		if eq {
			n++
		}
	}
	return Int(n), nil
}

// indexBounds reads the start and stop of an index method for n elements.
func indexBounds(t *Thread, lo, hi Value, n int) (int, int, *Exception) {
	i, e := sliceIndex(t, lo, 0)
	if e != nil {
		return 0, 0, e
	}
	j, e := sliceIndex(t, hi, n)
	if e != nil {
		return 0, 0, e
	}
	return clampBound(i, n), clampBound(j, n), nil
}

func clampBound(i, n int) int {
	if i < 0 {
		return max(0, i+n)
	}
	return min(i, n)
}

func tupleIndex(t *Thread, a []Value) (Value, *Exception) {
	items := As[Tuple](a[0]).Items
	i, j, e := indexBounds(t, a[2], a[3], len(items))
	if e != nil {
		return Value{}, e
	}
	for ; i < j; i++ {
		eq, e := Equal(t, items[i], a[1])
		if e != nil {
			return Value{}, e
		}
		if eq {
			return Int(int64(i)), nil
		}
	}
	return Value{}, ValueErrorf(t, "tuple.index(x): x not in tuple")
}

func tupleIter(t *Thread, v Value) (Value, *Exception) {
	return Obj(&TupleIter{Object{&TupleIterType.Root}, As[Tuple](v), 0}), nil
}

// TupleIter iterates over a tuple.
type TupleIter struct {
	Object
	Tup *Tuple
	Pos int
}

// TupleIterType is tuple_iterator.
var TupleIterType Type

func tupleIterNext(t *Thread, v Value) (Value, *Exception) {
	it := As[TupleIter](v)
	if it.Tup == nil || it.Pos >= len(it.Tup.Items) {
		it.Tup = nil
		return Value{}, nil
	}
	x := it.Tup.Items[it.Pos]
	it.Pos++
	return x, nil
}

func iterSelf(t *Thread, v Value) (Value, *Exception) { return v, nil }

// classGetItem is the __class_getitem__ of generic builtin classes.
var classGetItem = Method{Sig: "__class_getitem__(type, object, /)", Kind: ClassMethod,
	Fn: func(t *Thread, a []Value) (Value, *Exception) { return NewGenericAlias(a[0], a[1]), nil }}

// builtinFunc gives a function of module builtins, for __reduce__.
func builtinFunc(t *Thread, name string) Value {
	return orNone(t.Interp.Builtins.GetStr(t.Intern(name)))
}

func init() {
	Declare(&TupleType, Decl{
		Name: "tuple", Flags: FTuple | FSequence | FMatchSelf, Layout: LayoutOf[Tuple](),
		Doc: "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\nIf iterable is specified the tuple is initialized from iterable's items.\n\nIf the argument is a tuple, the return value is the same object.",
		Slots: Slots{
			Repr: tupleRepr, Hash: tupleHash, Compare: tupleCompare, Iter: tupleIter, GetItem: tupleGetItem,
			Len:      func(t *Thread, v Value) (int, *Exception) { return len(As[Tuple](v).Items), nil },
			Contains: tupleContains, Concat: tupleConcat, Repeat: tupleRepeat,
			New: NewSig("tuple(iterable=<absent>, /)", tupleNew),
		},
		Methods: []Method{
			{Sig: "count(self, value, /)", Fn: tupleCount},
			{Sig: "index(self, value, start=0, stop=sys.maxsize, /)", Fn: tupleIndex},
			{Sig: "__getnewargs__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return TupleOf(NewTuple(As[Tuple](a[0]).Items)), nil
			}},
			classGetItem,
		},
	})
	Declare(&TupleIterType, Decl{
		Name: "tuple_iterator", Flags: FNoNew,
		Slots: Slots{Iter: iterSelf, Next: tupleIterNext},
		Methods: []Method{
			{Sig: "__length_hint__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				it := As[TupleIter](a[0])
				if it.Tup == nil {
					return Int(0), nil
				}
				return Int(int64(len(it.Tup.Items) - it.Pos)), nil
			}},
			{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				it := As[TupleIter](a[0])
				if it.Tup == nil {
					return TupleOf(builtinFunc(t, "iter"), TupleOf(EmptyTuple)), nil
				}
				return TupleOf(builtinFunc(t, "iter"), TupleOf(Obj(it.Tup)), Int(int64(it.Pos))), nil
			}},
			{Sig: "__setstate__(self, state, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				it := As[TupleIter](a[0])
				i, e := ToInt(t, a[1])
				if e == nil && it.Tup != nil {
					it.Pos = clampBound(max(0, i), len(it.Tup.Items))
				}
				return None, e
			}},
		},
	})
}
