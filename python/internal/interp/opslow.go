package interp

import (
	"strings"
	"unsafe"

	"martlet/python/internal/code"
	"martlet/python/object"
)

// other runs the instructions that the loop does not handle itself.
//
//martlet:opaque
func (th *Thread) other(f *Frame, base unsafe.Pointer, ins uint64) *Exception {
	t := th.T
	d := ra(base, ins)
	var r Value
	var e *Exception
	switch code.Op(ins) {
	case code.OpNeg:
		v := *rb(base, ins)
		switch {
		case v.IsInt() && v.Int64() != -1<<63:
			r = object.Int(-v.Int64())
		case v.IsFloat():
			r = object.Float(-v.Float64())
		default:
			r, e = object.UnaryOp(t, object.OpNeg, v)
		}
	case code.OpPos:
		r, e = object.UnaryOp(t, object.OpPos, *rb(base, ins))
	case code.OpInv:
		r, e = object.UnaryOp(t, object.OpInvert, *rb(base, ins))
	case code.OpBool:
		var b bool
		b, e = object.Truth(t, *rb(base, ins))
		r = object.Bool(b)
	case code.OpFloordivi, code.OpModi, code.OpPowi: // handled in the loop
	case code.OpDelcell:
		return th.delCell(object.As[object.Cell](*d), f, int(uint16(ins>>8)))
	case code.OpNewcell:
		*d = object.Obj(object.NewCell(Value{}))
		return nil
	case code.OpDelfree:
		c := f.fn.closure[uint16(ins>>8)]
		if c.V.Ref == nil {
			return th.unboundFree(f, int(uint16(ins>>8)))
		}
		c.V = Value{}
		return nil
	case code.OpDictorfree:
		i := int(uint16(ins >> 40))
		r, e = th.fromMapping(*rb(base, ins), f.code.C.FreeVars[i])
		if e == nil && r.Ref == nil {
			if r = f.fn.closure[i].V; r.Ref == nil {
				e = th.unboundFree(f, i)
			}
		}
	case code.OpDictorcell:
		i := int(uint16(ins >> 40))
		r, e = th.fromMapping(*rb(base, ins), f.code.C.CellVars[i-f.code.cellBase])
		if e == nil && r.Ref == nil {
			if r = object.As[object.Cell](*f.reg(i)).V; r.Ref == nil {
				e = th.unboundCell(f, i)
			}
		}
	case code.OpDictorglob:
		n := int(ins >> 40)
		r, e = th.fromMapping(*rb(base, ins), f.code.names[n].S)
		if e == nil && r.Ref == nil {
			r, e = th.loadGlobalSlow(f, n)
		}
	case code.OpStoreglobal:
		return th.storeGlobal(f, f.code.names[uint32(ins>>24)], *d)
	case code.OpDelglobal:
		return th.delGlobal(f, f.code.names[uint32(ins>>24)])
	case code.OpLoadname:
		r, e = th.loadName(f, int(uint32(ins>>24)))
	case code.OpStorename:
		return th.storeName(f, f.code.names[uint32(ins>>24)], *d)
	case code.OpDelname:
		return th.delName(f, f.code.names[uint32(ins>>24)])
	case code.OpLocals:
		r = f.locals
	case code.OpDelattr:
		return object.SetAttr(t, *d, f.code.names[f.code.C.Sites[ins>>40]], Value{})
	case code.OpSuperattr, code.OpSupermethod:
		return th.superAttr(f, ins)
	case code.OpDelitem:
		return object.DelItem(t, *d, *rb(base, ins))
	case code.OpGetslice:
		c := rc(base, ins)
		r, e = th.getSlice(*rb(base, ins), *c, *at(unsafe.Pointer(c), 1))
	case code.OpSetslice:
		b := rb(base, ins)
		return object.SetItem(t, *d, object.NewSlice(*b, *at(unsafe.Pointer(b), 1), object.None), *rc(base, ins))
	case code.OpSlice:
		b := unsafe.Pointer(rb(base, ins))
		step := object.None
		if uint16(ins>>40) == 3 {
			step = *at(b, 2)
		}
		r = object.NewSlice(*at(b, 0), *at(b, 1), step)
	case code.OpTuple, code.OpList, code.OpSet, code.OpDict, code.OpString:
		r, e = th.build(base, ins)
	case code.OpExtend, code.OpSetadd, code.OpSetupdate, code.OpDictset, code.OpDictupdate, code.OpDictmerge, code.OpTotuple:
		return th.collect(f, base, ins)
	case code.OpFormat, code.OpFormatspec:
		r, e = th.format(base, ins)
	case code.OpUnpack:
		return th.unpack(f, int(uint16(ins>>8)), *rb(base, ins), int(uint16(ins>>40)))
	case code.OpUnpackex:
		return th.unpackEx(f, int(uint16(ins>>8)), *rb(base, ins), int(ins>>56), int(uint16(ins>>40)))
	case code.OpGetiter:
		r, e = object.Iter(t, *rb(base, ins))
	case code.OpYielditer:
		r, e = th.yieldIter(f, *rb(base, ins))
	case code.OpAwaitable:
		r, e = th.awaitable(*rb(base, ins), int(ins>>56))
	case code.OpAiter:
		r, e = th.aiter(*rb(base, ins))
	case code.OpAnext:
		r, e = th.anext(*rb(base, ins))
	case code.OpRaise:
		return th.raise(*d)
	case code.OpRaisefrom:
		return th.raiseFrom(*d, *rb(base, ins))
	case code.OpRaisecur:
		return th.raiseCurrent()
	case code.OpEgmatch:
		rest, match, e := th.groupMatch(*rb(base, ins), *rc(base, ins))
		if e != nil {
			return e
		}
		object.Set(d, rest)
		object.Set(at(unsafe.Pointer(d), 1), match)
		return nil
	case code.OpEgprep:
		r, e = th.groupRest(*rb(base, ins), *rc(base, ins))
	case code.OpWithenter, code.OpAwithenter, code.OpWithexit, code.OpWithexc:
		r, e = th.with(base, ins)
	case code.OpImport:
		b := unsafe.Pointer(rb(base, ins))
		r, e = th.importName(f, f.code.names[ins>>40], *at(b, 1), *at(b, 0))
	case code.OpImportfrom:
		r, e = th.importFrom(*rb(base, ins), f.code.names[ins>>40])
	case code.OpImportstar:
		return th.importStar(f, *d)
	case code.OpBuildclass:
		if r = f.fn.builtins.GetStr(object.N.BuildClass); r.Ref == nil {
			e = object.Errorf(t, &object.NameErrorType, "__build_class__ not found")
		}
	case code.OpAsserterr:
		r = object.AssertionErrorType.Value()
	case code.OpAnnotations:
		return th.setupAnnotations(f)
	case code.OpMakefunc:
		return th.makeFunction(f, int(uint16(ins>>8)), int(uint16(ins>>24)), int(ins>>40))
	case code.OpPrint:
		return th.displayHook(*d)
	default:
		return th.otherMatch(f, base, ins)
	}
	if e != nil {
		return e
	}
	object.Set(d, r)
	return nil
}

// otherMatch has pattern matching and type parameters.
func (th *Thread) otherMatch(f *Frame, base unsafe.Pointer, ins uint64) *Exception {
	t := th.T
	var r Value
	var e *Exception
	b := *rb(base, ins)
	switch code.Op(ins) {
	case code.OpLen:
		var n int
		n, e = object.Len(t, b)
		r = object.Int(int64(n))
	case code.OpMatchmap:
		r = object.Bool(b.Type().Flags&object.FMapping != 0)
	case code.OpMatchseq:
		r = object.Bool(b.Type().Flags&object.FSequence != 0)
	case code.OpMatchkeys:
		r, e = th.matchKeys(b, *rc(base, ins))
	case code.OpMatchclass:
		r, e = th.matchClass(b, *at(unsafe.Pointer(rb(base, ins)), 1), int(ins>>56), f.code.consts[uint16(ins>>40)])
	case code.OpTypevar, code.OpTypebound, code.OpTypedefault, code.OpTypealias, code.OpGeneric, code.OpTypeparams:
		return th.typeParam(f, base, ins)
	default:
		return th.systemError("unknown opcode %s", code.Op(ins))
	}
	if e != nil {
		return e
	}
	object.Set(ra(base, ins), r)
	return nil
}

func (th *Thread) delCell(c *object.Cell, f *Frame, reg int) *Exception {
	if c.V.Ref == nil {
		return th.unboundCell(f, reg)
	}
	c.V = Value{}
	return nil
}

// fromMapping reads a name from a class namespace; Ref nil when absent.
func (th *Thread) fromMapping(m Value, name string) (Value, *Exception) {
	n := th.T.Intern(name)
	if d, ok := object.AsDict(m); ok {
		return d.GetStr(n), nil
	}
	r, e := object.GetItem(th.T, m, object.Obj(n))
	if e != nil && e.IsA(&object.KeyErrorType) {
		return Value{}, nil
	}
	return r, e
}

func (th *Thread) loadName(f *Frame, i int) (Value, *Exception) {
	if f.locals.Ref != nil {
		v, e := th.fromMapping(f.locals, f.code.names[i].S)
		if e != nil || v.Ref != nil {
			return v, e
		}
	}
	return th.loadGlobalSlow(f, i)
}

func (th *Thread) storeName(f *Frame, name *Str, v Value) *Exception {
	if d, ok := object.AsDict(f.locals); ok {
		return d.SetStr(th.T, name, v)
	}
	return object.SetItem(th.T, f.locals, object.Obj(name), v)
}

func (th *Thread) delName(f *Frame, name *Str) *Exception {
	if d, ok := object.AsDict(f.locals); ok {
		if !d.DelStr(name) {
			return nameError(th.T, name)
		}
		return nil
	}
	e := object.DelItem(th.T, f.locals, object.Obj(name))
	if e != nil && e.IsA(&object.KeyErrorType) {
		return nameError(th.T, name)
	}
	return e
}

func (th *Thread) storeGlobal(f *Frame, name *Str, v Value) *Exception {
	if f.fn.globalsMap.Ref != nil {
		return object.SetItem(th.T, f.fn.globalsMap, object.Obj(name), v)
	}
	return f.fn.globals.SetStr(th.T, name, v)
}

func (th *Thread) delGlobal(f *Frame, name *Str) *Exception {
	if !f.fn.globals.DelStr(name) {
		return nameError(th.T, name)
	}
	return nil
}

// superAttr is super().name without the super object.
func (th *Thread) superAttr(f *Frame, ins uint64) *Exception {
	t := th.T
	b := int(uint16(ins >> 24))
	sup, cls, self := *f.reg(b), *f.reg(b + 1), *f.reg(b + 2)
	name := f.code.names[f.code.C.Sites[uint16(ins>>40)]]
	method := code.Op(ins) == code.OpSupermethod
	d := ra(f.base, ins)
	var r Value
	var e *Exception
	if sup.Ref == object.SuperType.Value().Ref && cls.Type().Flags&object.FType != 0 {
		this := object.As[Type](cls)
		start, ce := object.SuperCheck(t, this, self)
		if ce != nil {
			return ce
		}
		if v := object.SuperFind(this, start, name); v.Ref != nil && name != object.N.Class {
			vt := v.Type()
			bind := start == self.Type() || self.Type().Flags&object.FType == 0
			if method && vt.Flags&object.FMethodLike != 0 && bind {
				*d = v
				*at(unsafe.Pointer(d), 1) = self
				return nil
			}
			r = v
			if get := vt.Slots.DescrGet; get != nil {
				obj := self
				if !bind {
					obj = Value{}
				}
				r, e = get(t, v, obj, start)
			}
		} else {
			s, e2 := object.NewSuper(t, this, self)
			if e2 != nil {
				return e2
			}
			r, e = object.GetAttr(t, s, name)
		}
	} else {
		var s Value
		if ins>>56&1 != 0 {
			s, e = object.Call(t, sup, cls, self)
		} else {
			s, e = object.Call(t, sup)
		}
		if e == nil {
			r, e = object.GetAttr(t, s, name)
		}
	}
	if e != nil {
		return e
	}
	*d = r
	if method {
		*at(unsafe.Pointer(d), 1) = Value{}
	}
	return nil
}

func (th *Thread) build(base unsafe.Pointer, ins uint64) (Value, *Exception) {
	t := th.T
	n := int(uint16(ins >> 40))
	b := unsafe.Pointer(rb(base, ins))
	if e := t.Charge(48 + 16*n); e != nil {
		return Value{}, e
	}
	switch code.Op(ins) {
	case code.OpTuple:
		return object.NewTuple(append([]Value(nil), slice(b, 0, n)...)), nil
	case code.OpList:
		return object.NewList(append([]Value(nil), slice(b, 0, n)...)), nil
	case code.OpSet:
		return newSet(t, slice(b, 0, n))
	case code.OpDict:
		d := object.NewDict()
		for i := range n {
			if e := d.Set(t, *at(b, 2*i), *at(b, 2*i+1)); e != nil {
				return Value{}, e
			}
		}
		return object.Obj(d), nil
	}
	var sb strings.Builder
	size := 0
	for i := range n {
		v := *at(b, i)
		if v.Type().Flags&object.FStr == 0 {
			return Value{}, th.systemError("string of a '%s' object", v.Type().Name)
		}
		size += len(object.As[Str](v).S)
	}
	if e := t.Charge(size); e != nil {
		return Value{}, e
	}
	sb.Grow(size)
	for i := range n {
		sb.WriteString(object.As[Str](*at(b, i)).S)
	}
	return object.StrVal(sb.String()), nil
}

func (th *Thread) collect(f *Frame, base unsafe.Pointer, ins uint64) *Exception {
	t := th.T
	a, b := *ra(base, ins), *rb(base, ins)
	switch code.Op(ins) {
	case code.OpExtend:
		if b.Type().Slots.Iter == nil && b.Type().Slots.GetItem == nil {
			return object.TypeErrorf(t, "Value after * must be an iterable, not %s", b.Type().Name)
		}
		return object.As[object.List](a).Extend(t, b)
	case code.OpSetadd:
		return object.As[object.SetObj](a).Add(t, b)
	case code.OpSetupdate:
		return object.ForEach(t, b, func(x Value) (bool, *Exception) { return true, object.As[object.SetObj](a).Add(t, x) })
	case code.OpDictset:
		return object.As[Dict](a).Set(t, b, *rc(base, ins))
	case code.OpDictupdate:
		return th.dictUpdate(object.As[Dict](a), b)
	case code.OpDictmerge:
		return th.mergeKeywords(object.As[Dict](a), b, *rc(base, ins))
	}
	object.Set(ra(base, ins), object.NewTuple(append([]Value(nil), object.As[object.List](b).Items...)))
	return nil
}

// eachItem visits the items of any mapping.
func (th *Thread) eachItem(m Value, fn func(k, v Value) *Exception) (isMapping bool, err *Exception) {
	if m.Type() == &object.DictType {
		d := object.As[Dict](m)
		for i := 0; ; {
			k, v, ok := d.Next(&i)
			if !ok {
				return true, nil
			}
			if e := fn(k, v); e != nil {
				return true, e
			}
		}
	}
	keys, e := object.LookupAttr(th.T, m, object.N.Keys)
	if e != nil {
		return true, e
	}
	if keys.Ref == nil {
		return false, nil
	}
	list, e := object.Call(th.T, keys)
	if e == nil && !iterable(list) {
		e = object.TypeErrorf(th.T, "%s.keys() returned a non-iterable (type %s)", m.Type().Name, list.Type().Name)
	}
	if e != nil {
		return true, e
	}
	return true, object.ForEach(th.T, list, func(k Value) (bool, *Exception) {
		v, e := object.GetItem(th.T, m, k)
		if e != nil {
			return false, e
		}
		return true, fn(k, v)
	})
}

func (th *Thread) dictUpdate(d *Dict, m Value) *Exception {
	ok, e := th.eachItem(m, func(k, v Value) *Exception { return d.Set(th.T, k, v) })
	if !ok {
		return object.TypeErrorf(th.T, "'%s' object is not a mapping", m.Type().Name)
	}
	return e
}

func (th *Thread) mergeKeywords(d *Dict, m, callee Value) *Exception {
	ok, e := th.eachItem(m, func(k, v Value) *Exception {
		old, e := d.Get(th.T, k)
		if e != nil {
			return e
		}
		if old.Ref != nil {
			name, e := object.Call(th.T, object.StrType.Value(), k)
			if e != nil {
				return e
			}
			return object.TypeErrorf(th.T, "%s got multiple values for keyword argument '%s'", th.funcStr(callee), object.StrText(name))
		}
		return d.Set(th.T, k, v) // what is no string fails at the call
	})
	if !ok {
		return object.TypeErrorf(th.T, "%s argument after ** must be a mapping, not %s", th.funcStr(callee), m.Type().Name)
	}
	if e != nil && e.IsA(&object.KeyErrorType) {
		// CPython takes the mapping's own KeyError for that of a duplicate.
		if args := e.ArgItems(); len(args) == 1 && object.IsStr(args[0]) {
			return object.TypeErrorf(th.T, "%s got multiple values for keyword argument '%s'", th.funcStr(callee), object.StrText(args[0]))
		}
	}
	return e
}

// iterable says whether a type has iterators.
func iterable(v Value) bool { return v.Type().Slots.Iter != nil || v.Type().Slots.GetItem != nil }

func (th *Thread) format(base unsafe.Pointer, ins uint64) (Value, *Exception) {
	t := th.T
	v := *rb(base, ins)
	if code.Op(ins) == code.OpFormatspec {
		spec := *rc(base, ins)
		if spec.Type().Flags&object.FStr == 0 {
			return Value{}, th.systemError("format spec is a '%s' object", spec.Type().Name)
		}
		c, e := th.convert(v, ins>>56)
		if e != nil {
			return Value{}, e
		}
		s, e := object.Format(t, c, object.As[Str](spec))
		return object.Obj(s), e
	}
	if ins>>56 == 0 {
		s, e := object.Format(t, v, object.As[Str](object.EmptyStr))
		return object.Obj(s), e
	}
	return th.convert(v, ins>>56)
}

// convert is the !s, !r or !a of a replacement field.
func (th *Thread) convert(v Value, kind uint64) (Value, *Exception) {
	t := th.T
	var s *Str
	var e *Exception
	switch kind {
	case 1:
		s, e = object.ToStr(t, v)
	case 2:
		s, e = object.Repr(t, v)
	case 3:
		s, e = object.Ascii(t, v)
	default:
		return v, nil
	}
	return object.Obj(s), e
}

func (th *Thread) unpack(f *Frame, dst int, v Value, n int) *Exception {
	var items []Value
	switch v.Type() {
	case &object.TupleType:
		items = object.As[object.Tuple](v).Items
	case &object.ListType:
		items = object.As[object.List](v).Items
	default:
		return th.unpackIter(f, dst, v, n)
	}
	if len(items) != n {
		return th.unpackError(len(items), n)
	}
	for i, x := range items {
		object.Set(f.reg(dst+i), x)
	}
	return nil
}

func (th *Thread) unpackError(got, want int) *Exception {
	if got > want {
		return object.ValueErrorf(th.T, "too many values to unpack (expected %d)", want)
	}
	return object.ValueErrorf(th.T, "not enough values to unpack (expected %d, got %d)", want, got)
}

func (th *Thread) unpackIter(f *Frame, dst int, v Value, n int) *Exception {
	if v.Type().Slots.Iter == nil && v.Type().Slots.GetItem == nil {
		return object.TypeErrorf(th.T, "cannot unpack non-iterable %s object", v.Type().Name)
	}
	it, e := object.Iter(th.T, v)
	if e != nil {
		return e
	}
	items := make([]Value, 0, n)
	for len(items) <= n {
		x, e := object.Next(th.T, it)
		if e != nil {
			return e
		}
		if x.Ref == nil {
			break
		}
		items = append(items, x)
	}
	if len(items) != n {
		return th.unpackError(len(items), n)
	}
	for i, x := range items {
		object.Set(f.reg(dst+i), x)
	}
	return nil
}

func (th *Thread) unpackEx(f *Frame, dst int, v Value, before, after int) *Exception {
	if v.Type().Slots.Iter == nil && v.Type().Slots.GetItem == nil {
		return object.TypeErrorf(th.T, "cannot unpack non-iterable %s object", v.Type().Name)
	}
	var items []Value
	e := object.ForEach(th.T, v, func(x Value) (bool, *Exception) {
		items = append(items, x)
		return true, th.T.Charge(16)
	})
	if e != nil {
		return e
	}
	if len(items) < before+after {
		return object.ValueErrorf(th.T, "not enough values to unpack (expected at least %d, got %d)", before+after, len(items))
	}
	for i := range before {
		object.Set(f.reg(dst+i), items[i])
	}
	k := len(items) - after
	*f.reg(dst + before) = object.NewList(append([]Value(nil), items[before:k]...))
	for i := range after {
		object.Set(f.reg(dst+before+1+i), items[k+i])
	}
	return nil
}

// with has the four instructions of with statements.
func (th *Thread) with(base unsafe.Pointer, ins uint64) (Value, *Exception) {
	t := th.T
	b := unsafe.Pointer(rb(base, ins))
	op := code.Op(ins)
	switch op {
	case code.OpWithenter, code.OpAwithenter:
		enter, exit, kind := object.N.Enter, object.N.Exit, "context manager"
		if op == code.OpAwithenter {
			enter, exit, kind = object.N.AEnter, object.N.AExit, "asynchronous context manager"
		}
		m := *rc(base, ins)
		fn := m.Type().Lookup(t, enter)
		if fn.Ref == nil {
			return Value{}, object.TypeErrorf(t, "'%s' object does not support the %s protocol", m.Type().Name, kind)
		}
		ex := m.Type().Lookup(t, exit)
		if ex.Ref == nil {
			return Value{}, object.TypeErrorf(t, "'%s' object does not support the %s protocol (missed %s method)", m.Type().Name, kind, exit.S)
		}
		if ex.Type().Flags&object.FMethodLike != 0 {
			*at(b, 0), *at(b, 1) = ex, m
		} else {
			bound, e := object.LookupSpecial(t, m, exit)
			if e != nil {
				return Value{}, e
			}
			*at(b, 0), *at(b, 1) = bound, Value{}
		}
		r, _, e := object.CallSpecial(t, m, enter)
		return r, e
	}
	args := []Value{object.None, object.None, object.None}
	if op == code.OpWithexc {
		x := *rc(base, ins)
		tb := object.None
		if p := object.As[Exception](x).TB; p != nil {
			tb = object.Obj(p)
		}
		args = []Value{x.Type().Value(), x, tb}
	}
	if self := *at(b, 1); self.Ref != nil {
		args = append([]Value{self}, args...)
	}
	return object.CallKw(t, *at(b, 0), args, nil)
}

func (th *Thread) setupAnnotations(f *Frame) *Exception {
	v, e := th.fromMapping(f.locals, "__annotations__")
	if e != nil || v.Ref != nil {
		return e
	}
	return th.storeName(f, object.N.Annotations, object.Obj(object.NewDict()))
}

//martlet:opaque
func (th *Thread) displayHook(v Value) *Exception {
	hook := th.T.Interp.SysDict.GetStr(th.T.Intern("displayhook"))
	if hook.Ref == nil {
		return object.RuntimeErrorf(th.T, "lost sys.displayhook")
	}
	_, e := object.Call(th.T, hook, v)
	return e
}

func (th *Thread) matchKeys(m, keys Value) (Value, *Exception) {
	t := th.T
	items := object.As[object.Tuple](keys).Items
	out := make([]Value, 0, len(items))
	var get Value
	for i, k := range items {
		for _, other := range items[:i] {
			eq, e := object.Equal(t, other, k)
			if e != nil {
				return Value{}, e
			}
			if eq {
				return Value{}, object.ValueErrorf(t, "mapping pattern checks duplicate key (%s)", reprOf(t, k))
			}
		}
		var v Value
		var e *Exception
		if d, ok := object.AsDict(m); ok {
			v, e = d.Get(t, k)
		} else {
			if get.Ref == nil {
				if get, e = object.GetAttrS(t, m, "get"); e != nil {
					return Value{}, e
				}
			}
			missing := object.Obj(object.NewCell(Value{}))
			v, e = object.Call(t, get, k, missing)
			if object.Is(v, missing) {
				v = Value{}
			}
		}
		if e != nil {
			return Value{}, e
		}
		if v.Ref == nil {
			return object.None, nil
		}
		out = append(out, v)
	}
	return object.NewTuple(out), nil
}

func (th *Thread) matchClass(subject, cls Value, npos int, names Value) (Value, *Exception) {
	t := th.T
	if cls.Type().Flags&object.FType == 0 {
		return Value{}, object.TypeErrorf(t, "called match pattern must be a class")
	}
	ok, e := object.IsInstance(t, subject, cls)
	if e != nil || !ok {
		return object.None, e
	}
	tp := object.As[Type](cls)
	var out []Value
	seen := map[string]bool{}
	get := func(name *Str) (bool, *Exception) {
		if seen[name.S] {
			return false, object.TypeErrorf(t, "%s() got multiple sub-patterns for attribute %s", tp.Name, reprOf(t, object.Obj(name)))
		}
		seen[name.S] = true
		v, e := object.LookupAttr(t, subject, name)
		if e != nil || v.Ref == nil {
			return false, e
		}
		out = append(out, v)
		return true, nil
	}
	if npos > 0 {
		args, e := object.LookupAttr(t, cls, object.N.MatchArgs)
		if e != nil {
			return Value{}, e
		}
		if args.Ref == nil {
			if tp.Flags&object.FMatchSelf == 0 {
				return Value{}, object.TypeErrorf(t, "%s() accepts 0 positional sub-patterns (%d given)", tp.Name, npos)
			}
			if npos > 1 {
				return Value{}, object.TypeErrorf(t, "%s() accepts 1 positional sub-pattern (%d given)", tp.Name, npos)
			}
			out = append(out, subject)
		} else {
			if args.Type() != &object.TupleType {
				return Value{}, object.TypeErrorf(t, "%s.__match_args__ must be a tuple (got %s)", tp.Name, args.Type().Name)
			}
			list := object.As[object.Tuple](args).Items
			if len(list) < npos {
				return Value{}, object.TypeErrorf(t, "%s() accepts %d positional sub-pattern%s (%d given)", tp.Name, len(list), ess(len(list)), npos)
			}
			for _, n := range list[:npos] {
				if n.Type().Flags&object.FStr == 0 {
					return Value{}, object.TypeErrorf(t, "__match_args__ elements must be strings (got %s)", n.Type().Name)
				}
				if ok, e := get(t.InternStr(object.As[Str](n))); !ok || e != nil {
					return object.None, e
				}
			}
		}
	}
	for _, n := range object.As[object.Tuple](names).Items {
		if ok, e := get(object.As[Str](n)); !ok || e != nil {
			return object.None, e
		}
	}
	return object.NewTuple(out), nil
}

// yieldIter is iter() for yield from.
func (th *Thread) yieldIter(f *Frame, v Value) (Value, *Exception) {
	if v.Type() == &CoroutineType {
		if f.code.C.Flags&(code.Coroutine|code.IterableCoroutine) == 0 {
			return Value{}, object.TypeErrorf(th.T, "cannot 'yield from' a coroutine object in a non-coroutine generator")
		}
		return v, nil
	}
	if v.Type() == &GeneratorType {
		return v, nil
	}
	return object.Iter(th.T, v)
}

// awaitable is what await needs of v: an iterator.
func (th *Thread) awaitable(v Value, where int) (Value, *Exception) {
	t := th.T
	tp := v.Type()
	if tp == &CoroutineType {
		g := genOf(v)
		if g.delegate().Ref != nil {
			return Value{}, object.RuntimeErrorf(t, "coroutine is being awaited already")
		}
		return v, nil
	}
	if tp == &GeneratorType && genOf(v).fn.code.C.Flags&code.IterableCoroutine != 0 {
		return v, nil
	}
	if tp.Slots.Await == nil {
		if where > 0 {
			name := [...]string{"", "__aenter__", "__aexit__"}[where]
			return Value{}, object.TypeErrorf(t, "'async with' received an object from %s that does not implement __await__: %s", name, tp.Name)
		}
		return Value{}, object.TypeErrorf(t, "object %s can't be used in 'await' expression", tp.Name)
	}
	r, e := tp.Slots.Await(t, v)
	if e != nil {
		return Value{}, e
	}
	rt := r.Type()
	if rt == &CoroutineType {
		return Value{}, object.TypeErrorf(t, "__await__() returned a coroutine")
	}
	if rt.Slots.Next == nil {
		return Value{}, object.TypeErrorf(t, "__await__() returned non-iterator of type '%s'", rt.Name)
	}
	return r, nil
}

func (th *Thread) aiter(v Value) (Value, *Exception) {
	tp := v.Type()
	if tp.Slots.AIter == nil {
		return Value{}, object.TypeErrorf(th.T, "'async for' requires an object with __aiter__ method, got %s", tp.Name)
	}
	r, e := tp.Slots.AIter(th.T, v)
	if e == nil && r.Type().Slots.ANext == nil {
		return Value{}, object.TypeErrorf(th.T, "'async for' received an object from __aiter__ that does not implement __anext__: %s", r.Type().Name)
	}
	return r, e
}

func (th *Thread) anext(v Value) (Value, *Exception) {
	tp := v.Type()
	if tp.Slots.ANext == nil {
		return Value{}, object.TypeErrorf(th.T, "'async for' requires an iterator with __anext__ method, got %s", tp.Name)
	}
	r, e := tp.Slots.ANext(th.T, v)
	if e != nil {
		return Value{}, e
	}
	if tp == &AsyncGenType {
		return r, nil
	}
	w, e := th.awaitable(r, 0)
	if e != nil {
		n := object.TypeErrorf(th.T, "'async for' received an invalid object from __anext__: %s", r.Type().Name)
		n.Cause, n.Suppress = e, true
		return Value{}, n
	}
	return w, nil
}

func newSet(t *object.Thread, items []Value) (Value, *Exception) {
	s := object.NewSet()
	for _, x := range items {
		if e := s.Add(t, x); e != nil {
			return Value{}, e
		}
	}
	return object.Obj(s), nil
}

// sliceBounds gives the Go bounds of a slice with small int or None ends.
func sliceBounds(lo, hi Value, n int) (int, int, bool) {
	i, j := 0, n
	for k, v := range [2]Value{lo, hi} {
		if v.IsNone() {
			continue
		}
		if !v.IsInt() {
			return 0, 0, false
		}
		x := v.Int64()
		if x < 0 {
			x = max(x+int64(n), 0)
		}
		x = min(x, int64(n))
		if k == 0 {
			i = int(x)
		} else {
			j = int(x)
		}
	}
	return i, max(i, j), true
}

// getSlice is v[lo:hi].
func (th *Thread) getSlice(v, lo, hi Value) (Value, *Exception) {
	switch v.Shape() {
	case &object.ListType.Root:
		items := object.As[object.List](v).Items
		if i, j, ok := sliceBounds(lo, hi, len(items)); ok {
			if e := th.T.Charge(48 + 16*(j-i)); e != nil {
				return Value{}, e
			}
			return object.NewList(append(make([]Value, 0, j-i), items[i:j]...)), nil
		}
	case &object.TupleType.Root:
		items := object.As[object.Tuple](v).Items
		if i, j, ok := sliceBounds(lo, hi, len(items)); ok {
			if e := th.T.Charge(48 + 16*(j-i)); e != nil {
				return Value{}, e
			}
			return object.NewTuple(append(make([]Value, 0, j-i), items[i:j]...)), nil
		}
	case &object.StrType.Root:
		s := object.As[Str](v)
		if i, j, ok := sliceBounds(lo, hi, s.N); ok {
			if e := th.T.Charge(64); e != nil {
				return Value{}, e
			}
			return object.Obj(s.Slice(i, j)), nil
		}
	}
	return object.GetItem(th.T, v, object.NewSlice(lo, hi, object.None))
}
