package object

// The views of a dict and their iterators.

type dictKind uint8

const (
	dictKeys dictKind = iota
	dictValues
	dictItems
)

// DictView is what keys(), values() and items() give, by its type.
type DictView struct {
	Object
	D *Dict
}

// DictIter iterates over a dict.
type DictIter struct {
	Object
	D       *Dict
	pos     int
	size    int
	given   int // entries handed out
	kind    dictKind
	reverse bool
}

// Types of the views and iterators.
var (
	DictKeysType, DictValuesType, DictItemsType                   Type
	DictKeyIterType, DictValueIterType, DictItemIterType          Type
	DictRevKeyIterType, DictRevValueIterType, DictRevItemIterType Type
	dictViewTypes                                                 = [...]*Type{&DictKeysType, &DictValuesType, &DictItemsType}
	dictIterTypes                                                 = [...]*Type{&DictKeyIterType, &DictValueIterType, &DictItemIterType}
	dictRevIterTypes                                              = [...]*Type{&DictRevKeyIterType, &DictRevValueIterType, &DictRevItemIterType}
)

func newDictIter(d *Dict, kind dictKind, reverse bool) Value {
	it := &DictIter{D: d, size: d.live, kind: kind, reverse: reverse}
	it.Shape = &dictIterTypes[kind].Root
	if reverse {
		it.Shape = &dictRevIterTypes[kind].Root
		it.pos = len(d.entries)
	}
	return Obj(it)
}

func dictIterNext(t *Thread, v Value) (Value, *Exception) {
	it := As[DictIter](v)
	d := it.D
	if d == nil {
		return Value{}, nil
	}
	if d.live != it.size {
		it.size = -1
		return Value{}, RuntimeErrorf(t, "dictionary changed size during iteration")
	}
	var x *entry
	if it.reverse {
		x = d.prev(&it.pos)
	} else {
		x = d.next(&it.pos)
	}
	if x == nil {
		it.D = nil
		return Value{}, nil
	}
	if it.given == it.size { // as many came and went as there were
		it.D = nil
		return Value{}, RuntimeErrorf(t, "dictionary keys changed during iteration")
	}
	it.given++
	switch it.kind {
	case dictKeys:
		return x.key, nil
	case dictValues:
		return x.val, nil
	}
	return TupleOf(x.key, x.val), nil
}

func dictIterRest(t *Thread, a []Value) (Value, *Exception) {
	it := *As[DictIter](a[0])
	var out []Value
	for {
		x, e := dictIterNext(t, Obj(&it))
		if e != nil {
			return Value{}, e
		}
		if x.Ref == nil {
			return TupleOf(builtinFunc(t, "iter"), TupleOf(NewList(out))), nil
		}
		out = append(out, x)
	}
}

func dictIterHint(t *Thread, a []Value) (Value, *Exception) {
	it := As[DictIter](a[0])
	if it.D == nil || it.D.live != it.size {
		return Int(0), nil
	}
	n := int64(0)
	for pos := it.pos; ; n++ {
		if it.reverse && it.D.prev(&pos) == nil || !it.reverse && it.D.next(&pos) == nil {
			return Int(n), nil
		}
	}
}

func viewRepr(t *Thread, v Value) (Value, *Exception) {
	if !t.EnterRepr(v) {
		return StrVal("..."), nil
	}
	defer t.LeaveRepr(v)
	items, e := Collect(t, v)
	if e != nil {
		return Value{}, e
	}
	b, e := appendReprs(t, []byte(v.Type().Name+"(["), items)
	if e != nil {
		return Value{}, e
	}
	return ChargedStr(t, string(append(b, "])"...)))
}

func viewContains(t *Thread, v, x Value) (bool, *Exception) {
	d := As[DictView](v).D
	if v.Type() == &DictKeysType {
		return d.Has(t, x)
	}
	if x.Type().Flags&FTuple == 0 || len(As[Tuple](x).Items) != 2 {
		return false, nil
	}
	p := As[Tuple](x).Items
	y, e := d.Get(t, p[0])
	if e != nil || y.Ref == nil {
		return false, e
	}
	return Equal(t, y, p[1])
}

// viewSet makes a set of a view's elements.
func viewSet(t *Thread, v Value) (*SetObj, *Exception) {
	s := NewSet()
	return s, s.Update(t, v)
}

func isView(v Value) bool { return v.Type() == &DictKeysType || v.Type() == &DictItemsType }

// viewOp computes with views as with sets: the left operand's elements become a set, which the method then changes.
func viewOp(update func(t *Thread, s *SetObj, other Value) *Exception) BinaryFunc {
	return func(t *Thread, a, b Value) (Value, *Exception) {
		if !isView(a) && !isView(b) {
			return NotImplemented, nil
		}
		s := NewSet()
		if e := s.Update(t, a); e != nil {
			return Value{}, e
		}
		return Obj(s), update(t, s, b)
	}
}

func viewLen(v Value) int { return As[DictView](v).D.Len() }

func viewAnd(t *Thread, a, b Value) (Value, *Exception) {
	if !isView(a) || isView(b) && viewLen(b) > viewLen(a) {
		a, b = b, a
	}
	if b.Type() == &SetType && As[SetObj](b).Len() >= viewLen(a) { // the longer one is asked, the shorter one gives the elements
		return CallMethod(t, b, t.Intern("intersection"), a)
	}
	out := NewSet()
	e := ForEach(t, b, func(x Value) (bool, *Exception) {
		in, e := viewContains(t, a, x)
		if e != nil || !in {
			return true, e
		}
		return true, out.Add(t, x)
	})
	return Obj(out), e
}

func viewCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if !isView(b) && b.Type().Flags&(FSet|FFrozenSet) == 0 {
		return NotImplemented, nil
	}
	x, e := viewSet(t, a)
	if e != nil {
		return Value{}, e
	}
	y, e := viewSet(t, b)
	if e != nil {
		return Value{}, e
	}
	return setCompare(t, Obj(x), Obj(y), op)
}

func viewDisjoint(t *Thread, a []Value) (Value, *Exception) {
	free := true
	e := ForEach(t, a[1], func(x Value) (bool, *Exception) {
		in, e := Contains(t, a[0], x)
		free = !in
		return free, e
	})
	return Bool(free), e
}

func init() {
	names := [...]string{"keys", "values", "items"}
	iters := [...]string{"key", "value", "item"}
	for kind := range dictKind(3) {
		d := Decl{
			Name: "dict_" + names[kind], Flags: FNoNew | FFinal,
			Slots: Slots{
				Repr: viewRepr,
				Len:  func(t *Thread, v Value) (int, *Exception) { return As[DictView](v).D.live, nil },
				Iter: func(t *Thread, v Value) (Value, *Exception) { return newDictIter(As[DictView](v).D, kind, false), nil },
			},
			Methods: []Method{{Sig: "__reversed__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return newDictIter(As[DictView](a[0]).D, kind, true), nil
			}}},
			GetSets: []GetSet{{Name: "mapping", Get: func(t *Thread, v Value) (Value, *Exception) {
				return NewMappingProxy(Obj(As[DictView](v).D)), nil
			}}},
		}
		if kind != dictValues {
			d.Slots.Contains, d.Slots.Compare, d.Slots.HashIsUnset = viewContains, viewCompare, true
			d.Slots.Bin = [NumBinOps]BinaryFunc{OpAnd: viewAnd,
				OpOr:  viewOp(func(t *Thread, s *SetObj, o Value) *Exception { return s.Update(t, o) }),
				OpSub: viewOp(func(t *Thread, s *SetObj, o Value) *Exception { return s.differenceUpdate(t, o) }),
				OpXor: viewOp(func(t *Thread, s *SetObj, o Value) *Exception { return s.symmetricUpdate(t, o) })}
			d.Methods = append(d.Methods, Method{Sig: "isdisjoint(self, other, /)", Fn: viewDisjoint})
		}
		Declare(dictViewTypes[kind], d)
		methods := []Method{{Sig: "__length_hint__(self, /)", Fn: dictIterHint}, {Sig: "__reduce__(self, /)", Fn: dictIterRest}}
		slots := Slots{Iter: iterSelf, Next: dictIterNext}
		Declare(dictIterTypes[kind], Decl{Name: "dict_" + iters[kind] + "iterator", Flags: FNoNew | FFinal, Slots: slots, Methods: methods})
		Declare(dictRevIterTypes[kind], Decl{Name: "dict_reverse" + iters[kind] + "iterator", Flags: FNoNew | FFinal, Slots: slots, Methods: methods})
	}
}
