package object

// The types set and frozenset. Sets keep the order of insertion (CPython's order is unspecified).

// SetObj is a set or frozenset, by its type.
type SetObj struct {
	Object
	table
	hash int64 // of a frozenset, cached
}

// SetType and FrozenSetType are set and frozenset.
var SetType, FrozenSetType, SetIterType Type

// NewSet makes an empty set.
func NewSet() *SetObj { return &SetObj{Object: Object{&SetType.Root}} }

// NewFrozenSet makes a frozenset of the items.
func NewFrozenSet(t *Thread, items []Value) (Value, *Exception) {
	s := &SetObj{Object: Object{&FrozenSetType.Root}}
	for _, x := range items {
		if e := s.Add(t, x); e != nil {
			return Value{}, e
		}
	}
	return Obj(s), nil
}

// IsSet says whether v is a set, a frozenset or an instance of a subclass.
func IsSet(v Value) bool { return v.Type().Flags&(FSet|FFrozenSet) != 0 }

// Len is the number of elements.
func (s *SetObj) Len() int { return s.live }

// Add adds x.
func (s *SetObj) Add(t *Thread, x Value) *Exception {
	h, e := hashKey(t, x)
	if e != nil {
		return e
	}
	return s.addHashed(t, x, h)
}

func (s *SetObj) addHashed(t *Thread, x Value, h int64) *Exception {
	i, e := s.find(t, x, h)
	if e != nil || i >= 0 {
		return e
	}
	return s.insert(t, x, Value{}, h)
}

// Has says whether x is in the set.
func (s *SetObj) Has(t *Thread, x Value) (bool, *Exception) {
	h, e := hashKey(t, x)
	if e != nil {
		return false, e
	}
	i, e := s.find(t, x, h)
	return i >= 0, e
}

// Discard removes x; false if it was absent.
func (s *SetObj) Discard(t *Thread, x Value) (bool, *Exception) {
	h, e := hashKey(t, x)
	if e != nil {
		return false, e
	}
	i, e := s.find(t, x, h)
	if e != nil || i < 0 {
		return false, e
	}
	s.remove(i)
	return true, nil
}

// Next iterates: start with *pos = 0.
//
//martlet:opaque
func (s *SetObj) Next(pos *int) (Value, bool) {
	if e := s.next(pos); e != nil {
		return e.key, true
	}
	return Value{}, false
}

// Update adds the elements of an iterable.
func (s *SetObj) Update(t *Thread, v Value) *Exception {
	if IsSet(v) {
		return s.each(t, As[SetObj](v), func(x *entry) *Exception { return s.addHashed(t, x.key, x.hash) })
	}
	if v.Type() == &DictType {
		for i := 0; ; {
			x := As[Dict](v).next(&i)
			if x == nil {
				return nil
			}
			if e := s.addHashed(t, x.key, x.hash); e != nil {
				return e
			}
		}
	}
	return ForEach(t, v, func(x Value) (bool, *Exception) { return true, s.Add(t, x) })
}

// each calls f for the elements of o; o may be s itself or change meanwhile.
func (s *SetObj) each(t *Thread, o *SetObj, f func(x *entry) *Exception) *Exception {
	for i := 0; ; {
		x := o.next(&i)
		if x == nil {
			return nil
		}
		c := *x
		if e := f(&c); e != nil {
			return e
		}
	}
}

func (s *SetObj) differenceUpdate(t *Thread, v Value) *Exception {
	if IsSet(v) && As[SetObj](v) == s {
		s.clear()
		return nil
	}
	if IsSet(v) {
		return s.each(t, As[SetObj](v), func(x *entry) *Exception {
			i, e := s.find(t, x.key, x.hash)
			if e == nil && i >= 0 {
				s.remove(i)
			}
			return e
		})
	}
	return ForEach(t, v, func(x Value) (bool, *Exception) {
		_, e := s.Discard(t, x)
		return true, e
	})
}

func (s *SetObj) symmetricUpdate(t *Thread, v Value) *Exception {
	o, e := asSet(t, v)
	if e != nil {
		return e
	}
	if o == s {
		s.clear()
		return nil
	}
	return s.each(t, o, func(x *entry) *Exception {
		i, e := s.find(t, x.key, x.hash)
		if e != nil {
			return e
		}
		if i >= 0 {
			s.remove(i)
			return nil
		}
		return s.insert(t, x.key, Value{}, x.hash)
	})
}

// asSet gives v itself if it is a set, else a set of its elements.
func asSet(t *Thread, v Value) (*SetObj, *Exception) {
	if IsSet(v) {
		return As[SetObj](v), nil
	}
	s := NewSet()
	return s, s.Update(t, v)
}

// sameKind makes an empty set of v's basic type.
func sameKind(v Value) *SetObj {
	if v.Type().Flags&FFrozenSet != 0 {
		return &SetObj{Object: Object{&FrozenSetType.Root}}
	}
	return NewSet()
}

func setCopy(t *Thread, v Value) (*SetObj, *Exception) {
	s := sameKind(v)
	return s, s.copyFrom(t, &As[SetObj](v).table)
}

func setIntersect(t *Thread, v, other Value) (*SetObj, *Exception) {
	s, out := As[SetObj](v), sameKind(v)
	if IsSet(other) {
		o := As[SetObj](other)
		if o.live > s.live {
			s, o = o, s
		}
		return out, s.each(t, o, func(x *entry) *Exception {
			i, e := s.find(t, x.key, x.hash)
			if e != nil || i < 0 {
				return e
			}
			return out.addHashed(t, x.key, x.hash)
		})
	}
	return out, ForEach(t, other, func(x Value) (bool, *Exception) {
		h, e := hashKey(t, x)
		if e != nil {
			return false, e
		}
		i, e := s.find(t, x, h)
		if e != nil || i < 0 {
			return true, e
		}
		return true, out.addHashed(t, x, h)
	})
}

// setDifference gives v without the elements of o.
func setDifference(t *Thread, v, other Value) (*SetObj, *Exception) {
	if !IsSet(other) {
		out, e := setCopy(t, v)
		if e != nil {
			return nil, e
		}
		return out, out.differenceUpdate(t, other)
	}
	s, o, out := As[SetObj](v), As[SetObj](other), sameKind(v)
	return out, s.each(t, s, func(x *entry) *Exception {
		i, e := o.find(t, x.key, x.hash)
		if e != nil || i >= 0 {
			return e
		}
		return out.addHashed(t, x.key, x.hash)
	})
}

func (s *SetObj) subsetOf(t *Thread, o *SetObj) (bool, *Exception) {
	if s.live > o.live {
		return false, nil
	}
	for i := 0; ; {
		x := s.next(&i)
		if x == nil {
			return true, nil
		}
		j, e := o.find(t, x.key, x.hash)
		if e != nil || j < 0 {
			return false, e
		}
	}
}

func setCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if !IsSet(b) {
		return NotImplemented, nil
	}
	x, y := As[SetObj](a), As[SetObj](b)
	var r bool
	var e *Exception
	switch op {
	case CmpEq, CmpNe:
		if x.live == y.live {
			r, e = x.subsetOf(t, y)
		}
		r = r == (op == CmpEq)
	case CmpLe:
		r, e = x.subsetOf(t, y)
	case CmpGe:
		r, e = y.subsetOf(t, x)
	case CmpLt:
		if x.live < y.live {
			r, e = x.subsetOf(t, y)
		}
	case CmpGt:
		if y.live < x.live {
			r, e = y.subsetOf(t, x)
		}
	}
	return Bool(r), e
}

func setRepr(t *Thread, v Value) (Value, *Exception) {
	s := As[SetObj](v)
	name := v.Type().BareName()
	if s.live == 0 {
		return StrVal(name + "()"), nil
	}
	if !t.EnterRepr(v) {
		return StrVal(name + "(...)"), nil
	}
	defer t.LeaveRepr(v)
	open, end := name+"({", "})"
	if v.Type() == &SetType {
		open, end = "{", "}"
	}
	b, e := appendReprs(t, []byte(open), s.items())
	if e != nil {
		return Value{}, e
	}
	return ChargedStr(t, string(append(b, end...)))
}

func (s *SetObj) items() []Value {
	out := make([]Value, 0, s.live)
	for i := 0; ; {
		x := s.next(&i)
		if x == nil {
			return out
		}
		out = append(out, x.key)
	}
}

func frozenHash(t *Thread, v Value) (int64, *Exception) {
	s := As[SetObj](v)
	if s.hash != 0 {
		return s.hash, nil
	}
	h := uint64(0)
	for i := 0; ; {
		x := s.next(&i)
		if x == nil {
			break
		}
		k := uint64(x.hash)
		h ^= ((k ^ 89869747) ^ (k << 16)) * 3644798167
	}
	h ^= (uint64(s.live) + 1) * 1927868237
	h ^= (h >> 11) ^ (h >> 25)
	h = h*69069 + 907133923
	if h == 0 || int64(h) == -1 {
		h = 590923713
	}
	s.hash = int64(h)
	return s.hash, nil
}

func setContains(t *Thread, v, x Value) (bool, *Exception) {
	return As[SetObj](v).Has(t, setKey(x))
}

// setKey lets a set be looked for in a set of frozensets.
func setKey(x Value) Value {
	if x.Type().Flags&FSet != 0 {
		f := &SetObj{Object: Object{&FrozenSetType.Root}}
		f.copyFrom(nil, &As[SetObj](x).table)
		return Obj(f)
	}
	return x
}

// setOp makes a binary operator that demands sets on both sides.
func setOp(f func(t *Thread, a, b Value) (*SetObj, *Exception)) BinaryFunc {
	return func(t *Thread, a, b Value) (Value, *Exception) {
		if !IsSet(a) || !IsSet(b) {
			return NotImplemented, nil
		}
		s, e := f(t, a, b)
		return Obj(s), e
	}
}

func setUnion(t *Thread, a, b Value) (*SetObj, *Exception) {
	s, e := setCopy(t, a)
	if e != nil {
		return nil, e
	}
	return s, s.Update(t, b)
}

func setXor(t *Thread, a, b Value) (*SetObj, *Exception) {
	s, e := setCopy(t, a)
	if e != nil {
		return nil, e
	}
	return s, s.symmetricUpdate(t, b)
}

func setInPlace(f func(t *Thread, s *SetObj, b Value) *Exception) BinaryFunc {
	return func(t *Thread, a, b Value) (Value, *Exception) {
		if !IsSet(b) {
			return NotImplemented, nil
		}
		return a, f(t, As[SetObj](a), b)
	}
}

func (s *SetObj) intersectUpdate(t *Thread, v Value) *Exception {
	r, e := setIntersect(t, Obj(s), v)
	if e == nil {
		s.replace(r)
	}
	return e
}

func (s *SetObj) replace(o *SetObj) {
	mut := s.mut + 1
	s.table = o.table
	s.mut = mut
}

// setMany makes a method that folds an operation over its arguments, starting from a copy.
func setMany(f func(t *Thread, a, b Value) (*SetObj, *Exception)) BuiltinFn {
	return func(t *Thread, a []Value) (Value, *Exception) {
		s, e := setCopy(t, a[0])
		for _, o := range As[Tuple](a[1]).Items {
			if e != nil {
				return Value{}, e
			}
			s, e = f(t, Obj(s), o)
		}
		return Obj(s), e
	}
}

func setUpdateMany(f func(s *SetObj, t *Thread, v Value) *Exception) BuiltinFn {
	return func(t *Thread, a []Value) (Value, *Exception) {
		for _, o := range As[Tuple](a[1]).Items {
			if e := f(As[SetObj](a[0]), t, o); e != nil {
				return Value{}, e
			}
		}
		return None, nil
	}
}

func setDisjoint(t *Thread, a []Value) (Value, *Exception) {
	s, free := As[SetObj](a[0]), true
	e := ForEach(t, a[1], func(x Value) (bool, *Exception) {
		in, e := s.Has(t, x)
		free = !in
		return free, e
	})
	return Bool(free), e
}

func setSubset(t *Thread, a []Value) (Value, *Exception) {
	o, e := asSet(t, a[1])
	if e != nil {
		return Value{}, e
	}
	r, e := As[SetObj](a[0]).subsetOf(t, o)
	return Bool(r), e
}

func setSuperset(t *Thread, a []Value) (Value, *Exception) {
	o, e := asSet(t, a[1])
	if e != nil {
		return Value{}, e
	}
	r, e := o.subsetOf(t, As[SetObj](a[0]))
	return Bool(r), e
}

func setPop(t *Thread, a []Value) (Value, *Exception) {
	s := As[SetObj](a[0])
	i := 0
	x := s.next(&i)
	if x == nil {
		return Value{}, KeyErrorOf(t, StrVal("pop from an empty set"))
	}
	key := x.key
	s.remove(i - 1)
	if i > 32 && i > s.live { // do not walk over the same gap again and again
		s.resize(max(s.live, 1))
	}
	return key, nil
}

func setRemove(t *Thread, a []Value) (Value, *Exception) {
	ok, e := As[SetObj](a[0]).Discard(t, setKey(a[1]))
	if e == nil && !ok {
		e = KeyErrorOf(t, a[1])
	}
	return None, e
}

// reduceWithDict is the __reduce__ of containers whose subclasses may have a __dict__.
func reduceWithDict(t *Thread, v Value, args ...Value) (Value, *Exception) {
	d, e := LookupAttr(t, v, N.Dict)
	if e != nil {
		return Value{}, e
	}
	return TupleOf(v.Type().Value(), NewTuple(args), orNone(d)), nil
}

func setReduce(t *Thread, a []Value) (Value, *Exception) {
	return reduceWithDict(t, a[0], NewList(As[SetObj](a[0]).items()))
}

func setInit(t *Thread, self Value, a []Value) *Exception {
	s := As[SetObj](self)
	s.clear()
	if a[0].Ref == nil {
		return nil
	}
	return s.Update(t, a[0])
}

func frozenNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	if tp == &FrozenSetType && a[0].Ref != nil && a[0].Type() == tp {
		return a[0], nil
	}
	s, e := AllocAs[SetObj](t, tp)
	if e == nil && a[0].Ref != nil {
		e = s.Update(t, a[0])
	}
	return Obj(s), e
}

// SetIter iterates over a set.
type SetIter struct {
	Object
	S    *SetObj
	pos  int
	size int
}

func setIter(t *Thread, v Value) (Value, *Exception) {
	s := As[SetObj](v)
	return Obj(&SetIter{Object{&SetIterType.Root}, s, 0, s.live}), nil
}

func setIterNext(t *Thread, v Value) (Value, *Exception) {
	it := As[SetIter](v)
	if it.S == nil {
		return Value{}, nil
	}
	if it.S.live != it.size {
		it.size = -1
		return Value{}, RuntimeErrorf(t, "Set changed size during iteration")
	}
	x := it.S.next(&it.pos)
	if x == nil {
		it.S = nil
		return Value{}, nil
	}
	return x.key, nil
}

func setMethods() []Method {
	copyFn := func(t *Thread, a []Value) (Value, *Exception) {
		if a[0].Type() == &FrozenSetType {
			return a[0], nil
		}
		s, e := setCopy(t, a[0])
		return Obj(s), e
	}
	return []Method{
		{Sig: "copy(self, /)", Fn: copyFn},
		{Sig: "union(self, /, *others)", Fn: setMany(setUnion)},
		{Sig: "intersection(self, /, *others)", Fn: setMany(setIntersect)},
		{Sig: "difference(self, /, *others)", Fn: setMany(setDifference)},
		{Sig: "symmetric_difference(self, other, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			s, e := setXor(t, a[0], a[1])
			return Obj(s), e
		}},
		{Sig: "isdisjoint(self, other, /)", Fn: setDisjoint},
		{Sig: "issubset(self, other, /)", Fn: setSubset},
		{Sig: "issuperset(self, other, /)", Fn: setSuperset},
		{Sig: "__reduce__(self, /)", Fn: setReduce},
		{Sig: "__sizeof__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			s := As[SetObj](a[0])
			return Int(int64(72 + cap(s.entries)*40 + len(s.index)*4)), nil
		}},
		classGetItem,
	}
}

func init() {
	slots := Slots{
		Repr: setRepr, Compare: setCompare, Iter: setIter, Contains: setContains,
		Len: func(t *Thread, v Value) (int, *Exception) { return As[SetObj](v).live, nil },
		Bin: [NumBinOps]BinaryFunc{OpOr: setOp(setUnion), OpAnd: setOp(setIntersect), OpSub: setOp(setDifference), OpXor: setOp(setXor)},
	}
	frozen := slots
	frozen.Hash, frozen.New = frozenHash, NewSig("frozenset(iterable=<absent>, /)", frozenNew)
	Declare(&FrozenSetType, Decl{
		Name: "frozenset", Weak: true, Flags: FFrozenSet | FMatchSelf, Layout: LayoutOf[SetObj](), Slots: frozen, Methods: setMethods(),
		Doc: "Build an immutable unordered collection of unique elements.",
	})
	slots.HashIsUnset = true
	slots.New = func(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) { return tp.Alloc(t) }
	slots.Init = InitSig("set(iterable=<absent>, /)", setInit)
	slots.InPlace = [NumBinOps]BinaryFunc{
		OpOr:  setInPlace(func(t *Thread, s *SetObj, b Value) *Exception { return s.Update(t, b) }),
		OpAnd: setInPlace(func(t *Thread, s *SetObj, b Value) *Exception { return s.intersectUpdate(t, b) }),
		OpSub: setInPlace(func(t *Thread, s *SetObj, b Value) *Exception { return s.differenceUpdate(t, b) }),
		OpXor: setInPlace(func(t *Thread, s *SetObj, b Value) *Exception { return s.symmetricUpdate(t, b) }),
	}
	Declare(&SetType, Decl{
		Name: "set", Weak: true, Flags: FSet | FMatchSelf, Layout: LayoutOf[SetObj](), Slots: slots,
		Doc: "Build an unordered collection of unique elements.",
		Methods: append(setMethods(),
			Method{Sig: "add(self, object, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return None, As[SetObj](a[0]).Add(t, a[1]) }},
			Method{Sig: "discard(self, object, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				_, e := As[SetObj](a[0]).Discard(t, setKey(a[1]))
				return None, e
			}},
			Method{Sig: "remove(self, object, /)", Fn: setRemove},
			Method{Sig: "pop(self, /)", Fn: setPop},
			Method{Sig: "clear(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { As[SetObj](a[0]).clear(); return None, nil }},
			Method{Sig: "update(self, /, *others)", Fn: setUpdateMany(func(s *SetObj, t *Thread, v Value) *Exception { return s.Update(t, v) })},
			Method{Sig: "intersection_update(self, /, *others)", Fn: setUpdateMany(func(s *SetObj, t *Thread, v Value) *Exception { return s.intersectUpdate(t, v) })},
			Method{Sig: "difference_update(self, /, *others)", Fn: setUpdateMany(func(s *SetObj, t *Thread, v Value) *Exception { return s.differenceUpdate(t, v) })},
			Method{Sig: "symmetric_difference_update(self, other, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return None, As[SetObj](a[0]).symmetricUpdate(t, a[1])
			}}),
	})
	Declare(&SetIterType, Decl{Name: "set_iterator", Flags: FNoNew | FFinal, Slots: Slots{Iter: iterSelf, Next: setIterNext},
		Methods: []Method{
			{Sig: "__length_hint__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				it := *As[SetIter](a[0])
				n := int64(0)
				for it.S != nil && it.S.live == it.size && it.S.next(&it.pos) != nil {
					n++
				}
				return Int(n), nil
			}},
			{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				it := *As[SetIter](a[0])
				var out []Value
				for it.S != nil {
					x := it.S.next(&it.pos)
					if x == nil {
						break
					}
					out = append(out, x.key)
				}
				return TupleOf(builtinFunc(t, "iter"), TupleOf(NewList(out))), nil
			}},
		}})
}
