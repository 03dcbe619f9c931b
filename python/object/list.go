package object

import "slices"

// The type list.

// List is a list object.
type List struct {
	Object
	Items []Value
}

// ListType is list.
var ListType Type

// NewList makes a list that keeps items.
func NewList(items []Value) Value {
	return Obj(&List{Object: Object{&ListType.Root}, Items: items})
}

// ListOf makes a list of the values.
func ListOf(items ...Value) Value { return NewList(items) }

// IsList says whether v is a list or an instance of a subclass.
func IsList(v Value) bool { return v.Type().Flags&FList != 0 }

// Append adds x at the end.
func (l *List) Append(t *Thread, x Value) *Exception {
	if len(l.Items) == cap(l.Items) {
		if e := t.Charge(16*len(l.Items) + 64); e != nil {
			return e
		}
	}
	l.Items = append(l.Items, x)
	return nil
}

// Extend appends the elements of an iterable.
func (l *List) Extend(t *Thread, v Value) *Exception {
	switch v.Type() {
	case &ListType:
		src := As[List](v).Items
		l.Items = append(l.Items, src...)
		return t.Charge(16 * len(src))
	case &TupleType:
		src := As[Tuple](v).Items
		l.Items = append(l.Items, src...)
		return t.Charge(16 * len(src))
	}
	it, e := Iter(t, v)
	if e == nil {
		e = checkHint(t, v, l.Items == nil)
	}
	if e != nil {
		return e
	}
	return Exhaust(t, it, func(x Value) (bool, *Exception) { return true, l.Append(t, x) })
}

func listRepr(t *Thread, v Value) (Value, *Exception) {
	l := As[List](v)
	if len(l.Items) == 0 {
		return StrVal("[]"), nil
	}
	if !t.EnterRepr(v) {
		return StrVal("[...]"), nil
	}
	defer t.LeaveRepr(v)
	b := []byte{'['}
	for i := 0; i < len(l.Items); i++ {
		if i > 0 {
			b = append(b, ", "...)
		}
		s, e := Repr(t, l.Items[i])
		if e != nil {
			return Value{}, e
		}
		b = append(b, s.S...)
	}
	return ChargedStr(t, string(append(b, ']')))
}

func listCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if a.Type().Flags&b.Type().Flags&FList == 0 {
		return NotImplemented, nil
	}
	x, y := As[List](a), As[List](b)
	return compareSeq(t, op, func() ([]Value, []Value) { return x.Items, y.Items })
}

func listGetItem(t *Thread, v, key Value) (Value, *Exception) {
	items := As[List](v).Items
	if key.IsInt() {
		i := int(key.Bits)
		if i < 0 {
			i += len(items)
		}
		if uint(i) < uint(len(items)) {
			return items[i], nil
		}
		return Value{}, IndexErrorf(t, "list index out of range")
	}
	if key.Type() == &SliceType {
		r, e := SliceBounds(t, key, len(items))
		if e != nil {
			return Value{}, e
		}
		return NewList(r.pick(As[List](v).Items)), t.Charge(16 * r.N)
	}
	i, e := seqIndex(t, key, "list")
	if e != nil {
		return Value{}, e
	}
	return listGetItem(t, v, Int(i))
}

func listSetItem(t *Thread, v, key, val Value) *Exception {
	l := As[List](v)
	if key.Type() == &SliceType {
		return l.setSlice(t, key, val)
	}
	i := 0
	if key.IsInt() {
		i = int(key.Bits)
	} else {
		n, e := seqIndex(t, key, "list")
		if e != nil {
			return e
		}
		i = int(n)
	}
	if i < 0 {
		i += len(l.Items)
	}
	if uint(i) >= uint(len(l.Items)) {
		return IndexErrorf(t, "list assignment index out of range")
	}
	if val.Ref == nil {
		l.Items = slices.Delete(l.Items, i, i+1)
		return nil
	}
	Set(&l.Items[i], val)
	return nil
}

func (l *List) setSlice(t *Thread, key, val Value) *Exception {
	p, e := UnpackSlice(t, key)
	if e != nil {
		return e
	}
	var src []Value
	if val.Ref != nil {
		if src, e = l.sliceSource(t, val); e != nil {
			return e
		}
	}
	r := p.For(len(l.Items))
	if r.Step == 1 {
		end := max(r.Start, r.Start+r.N)
		if e := t.Charge(16 * max(0, len(src)-r.N)); e != nil {
			return e
		}
		l.Items = slices.Replace(l.Items, r.Start, end, src...)
		return nil
	}
	if val.Ref == nil {
		l.deleteStep(r)
		return nil
	}
	if len(src) != r.N {
		return ValueErrorf(t, "attempt to assign sequence of size %d to extended slice of size %d", len(src), r.N)
	}
	for i, j := 0, r.Start; i < r.N; i, j = i+1, j+r.Step {
		Set(&l.Items[j], src[i])
	}
	return nil
}

// sliceSource collects what is assigned to a slice.
func (l *List) sliceSource(t *Thread, val Value) ([]Value, *Exception) {
	if val.Type().Slots.Iter == nil && val.Type().Slots.GetItem == nil {
		return nil, TypeErrorf(t, "must assign iterable to extended slice")
	}
	return Collect(t, val)
}

func (l *List) deleteStep(r Bounds) {
	if r.N == 0 {
		return
	}
	if r.Step < 0 {
		r.Start, r.Step = r.Start+r.Step*(r.N-1), -r.Step
	}
	out := r.Start
	next, left := r.Start, r.N
	for i := r.Start; i < len(l.Items); i++ {
		if i == next && left > 0 {
			left--
			next += r.Step
			continue
		}
		l.Items[out] = l.Items[i]
		out++
	}
	clear(l.Items[out:])
	l.Items = l.Items[:out]
}

func listConcat(t *Thread, a, b Value) (Value, *Exception) {
	if !IsList(b) {
		return Value{}, TypeErrorf(t, `can only concatenate list (not "%s") to list`, b.Type().Name)
	}
	x, y := As[List](a).Items, As[List](b).Items
	if e := t.Charge(16 * (len(x) + len(y))); e != nil {
		return Value{}, e
	}
	out := make([]Value, 0, len(x)+len(y))
	return NewList(append(append(out, x...), y...)), nil
}

func listRepeat(t *Thread, v, n Value) (Value, *Exception) {
	items := As[List](v).Items
	k, e := repeatCount(t, n, len(items), 16)
	if e != nil {
		return Value{}, e
	}
	return NewList(repeatItems(items, k)), nil
}

func listIRepeat(t *Thread, v, n Value) (Value, *Exception) {
	l := As[List](v)
	k, e := repeatCount(t, n, len(l.Items), 16)
	if e != nil {
		return Value{}, e
	}
	l.Items = repeatItems(l.Items, k)
	return v, nil
}

func listContains(t *Thread, v, x Value) (bool, *Exception) {
	l := As[List](v)
	for i := 0; i < len(l.Items); i++ {
		if eq, e := Equal(t, l.Items[i], x); eq || e != nil {
			return eq, e
		}
	}
	return false, nil
}

func (l *List) find(t *Thread, x Value, i, j int) (int, *Exception) {
	for ; i < j && i < len(l.Items); i++ {
		eq, e := Equal(t, l.Items[i], x)
		if e != nil || eq {
			return i, e
		}
	}
	return -1, nil
}

func listIndex(t *Thread, a []Value) (Value, *Exception) {
	l := As[List](a[0])
	i, j, e := indexBounds(t, a[2], a[3], len(l.Items))
	if e != nil {
		return Value{}, e
	}
	i, e = l.find(t, a[1], i, j)
	if e != nil {
		return Value{}, e
	}
	if i < 0 {
		r, e := reprText(t, a[1])
		if e != nil {
			return Value{}, e
		}
		return Value{}, ValueErrorf(t, "%s is not in list", r)
	}
	return Int(int64(i)), nil
}

func listCount(t *Thread, a []Value) (Value, *Exception) {
	l := As[List](a[0])
	n := int64(0)
	for i := 0; i < len(l.Items); i++ {
		eq, e := Equal(t, l.Items[i], a[1])
		if e != nil {
			return Value{}, e
		}
		if eq {
			n++
		}
	}
	return Int(n), nil
}

func listRemove(t *Thread, a []Value) (Value, *Exception) {
	l := As[List](a[0])
	i, e := l.find(t, a[1], 0, len(l.Items))
	if e != nil {
		return Value{}, e
	}
	if i < 0 {
		return Value{}, ValueErrorf(t, "list.remove(x): x not in list")
	}
	if i < len(l.Items) {
		l.Items = slices.Delete(l.Items, i, i+1)
	}
	return None, nil
}

func listInsert(t *Thread, a []Value) (Value, *Exception) {
	l := As[List](a[0])
	i, e := ToInt(t, a[1])
	if e != nil {
		return Value{}, e
	}
	if e := t.Charge(16); e != nil {
		return Value{}, e
	}
	l.Items = slices.Insert(l.Items, clampBound(i, len(l.Items)), a[2])
	return None, nil
}

func listPop(t *Thread, a []Value) (Value, *Exception) {
	l := As[List](a[0])
	i, e := ToInt(t, a[1])
	if e != nil {
		return Value{}, e
	}
	n := len(l.Items)
	if n == 0 {
		return Value{}, IndexErrorf(t, "pop from empty list")
	}
	if i < 0 {
		i += n
	}
	if uint(i) >= uint(n) {
		return Value{}, IndexErrorf(t, "pop index out of range")
	}
	x := l.Items[i]
	if i == n-1 {
		l.Items[i] = Value{}
		l.Items = l.Items[:i]
		return x, nil
	}
	l.Items = slices.Delete(l.Items, i, i+1)
	return x, nil
}

func listInit(t *Thread, self Value, a []Value) *Exception {
	l := As[List](self)
	l.Items = nil
	if a[0].Ref == nil {
		return nil
	}
	items, e := Collect(t, a[0])
	l.Items = items
	return e
}

// ListIter iterates over a list, forwards or backwards.
type ListIter struct {
	Object
	L   *List // nil when exhausted
	Pos int
}

// Types of list iterators.
var ListIterType, ListRevIterType Type

func listIter(t *Thread, v Value) (Value, *Exception) {
	return Obj(&ListIter{Object{&ListIterType.Root}, As[List](v), 0}), nil
}

func listIterNext(t *Thread, v Value) (Value, *Exception) {
	it := As[ListIter](v)
	if it.L == nil {
		return Value{}, nil
	}
	if it.Pos >= len(it.L.Items) {
		it.L = nil
		return Value{}, nil
	}
	x := it.L.Items[it.Pos]
	it.Pos++
	return x, nil
}

func listRevNext(t *Thread, v Value) (Value, *Exception) {
	it := As[ListIter](v)
	if it.L == nil || it.Pos < 0 || it.Pos >= len(it.L.Items) {
		it.L = nil
		return Value{}, nil
	}
	x := it.L.Items[it.Pos]
	it.Pos--
	return x, nil
}

func listIterMethods(reverse bool) []Method {
	name := "iter"
	if reverse {
		name = "reversed"
	}
	return []Method{
		{Sig: "__length_hint__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			it := As[ListIter](a[0])
			if it.L == nil {
				return Int(0), nil
			}
			n := len(it.L.Items) - it.Pos
			if reverse {
				n = it.Pos + 1
				if n > len(it.L.Items) {
					n = 0
				}
			}
			return Int(int64(max(0, n))), nil
		}},
		{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			it := As[ListIter](a[0])
			if it.L == nil {
				return TupleOf(builtinFunc(t, "iter"), TupleOf(NewList(nil))), nil
			}
			return TupleOf(builtinFunc(t, name), TupleOf(Obj(it.L)), Int(int64(it.Pos))), nil
		}},
		{Sig: "__setstate__(self, state, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			it := As[ListIter](a[0])
			i, e := ToInt(t, a[1])
			if e == nil && it.L != nil {
				lo, hi := 0, len(it.L.Items)
				if reverse {
					lo, hi = -1, hi-1
				}
				it.Pos = max(lo, min(i, hi))
			}
			return None, e
		}},
	}
}

func init() {
	Declare(&ListType, Decl{
		Name: "list", Flags: FList | FSequence | FMatchSelf, Layout: LayoutOf[List](),
		Doc: "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\nThe argument must be an iterable if specified.",
		Slots: Slots{
			Repr: listRepr, Compare: listCompare, HashIsUnset: true, Iter: listIter, GetItem: listGetItem, SetItem: listSetItem,
			Len:      func(t *Thread, v Value) (int, *Exception) { return len(As[List](v).Items), nil },
			Contains: listContains, Concat: listConcat, Repeat: listRepeat, IRepeat: listIRepeat,
			IConcat: func(t *Thread, a, b Value) (Value, *Exception) { return a, As[List](a).Extend(t, b) },
			Init:    InitSig("list(iterable=<absent>, /)", listInit),
			New: func(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
				return tp.Alloc(t)
			},
		},
		Methods: []Method{
			{Sig: "append(self, object, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return None, As[List](a[0]).Append(t, a[1]) }},
			{Sig: "extend(self, iterable, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return None, As[List](a[0]).Extend(t, a[1]) }},
			{Sig: "insert(self, index, object, /)", Fn: listInsert},
			{Sig: "pop(self, index=-1, /)", Fn: listPop},
			{Sig: "remove(self, value, /)", Fn: listRemove},
			{Sig: "index(self, value, start=0, stop=sys.maxsize, /)", Fn: listIndex},
			{Sig: "count(self, value, /)", Fn: listCount},
			{Sig: "reverse(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { slices.Reverse(As[List](a[0]).Items); return None, nil }},
			{Sig: "sort(self, /, *, key=None, reverse=False)", Fn: listSort},
			{Sig: "clear(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { As[List](a[0]).Items = nil; return None, nil }},
			{Sig: "copy(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				items := As[List](a[0]).Items
				return NewList(slices.Clone(items)), t.Charge(16 * len(items))
			}},
			{Sig: "__reversed__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				l := As[List](a[0])
				return Obj(&ListIter{Object{&ListRevIterType.Root}, l, len(l.Items) - 1}), nil
			}},
			{Sig: "__sizeof__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return Int(int64(40 + 16*cap(As[List](a[0]).Items))), nil
			}},
			classGetItem,
		},
	})
	Declare(&ListIterType, Decl{Name: "list_iterator", Flags: FNoNew | FFinal, Slots: Slots{Iter: iterSelf, Next: listIterNext}, Methods: listIterMethods(false)})
	Declare(&ListRevIterType, Decl{Name: "list_reverseiterator", Flags: FNoNew | FFinal, Slots: Slots{Iter: iterSelf, Next: listRevNext}, Methods: listIterMethods(true)})
}
