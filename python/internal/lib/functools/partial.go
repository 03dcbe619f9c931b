package functools

import (
	"slices"

	"martlet/python/object"
)

// partial is a functools.partial object.
type partial struct {
	object.Object
	fn   value
	args []value
	kw   *object.Dict
}

// partialAttrs is partial with room for attributes: partial objects have a __dict__.
type partialAttrs struct {
	partial
	attrs object.Attrs
	slots [2]value //lint:ignore U1000 room for attributes, reached through Attrs
}

var partialType object.Type

func partialNew(t *thread, tp *object.Type, args []value, kwnames []*object.Str) (value, *exc) {
	n := len(args) - len(kwnames)
	if n == 0 {
		return value{}, object.TypeErrorf(t, "type 'partial' takes at least one argument")
	}
	fn, pos := args[0], slices.Clone(args[1:n])
	if !object.Callable(fn) {
		return value{}, object.TypeErrorf(t, "the first argument must be callable")
	}
	kw := object.NewDict()
	if fn.Type() == &partialType && tp == &partialType { // flatten
		inner := object.As[partial](fn)
		fn, pos, kw = inner.fn, slices.Concat(inner.args, pos), inner.kw.Copy()
	}
	for i, k := range kwnames {
		if e := kw.SetStr(t, k, args[n+i]); e != nil {
			return value{}, e
		}
	}
	p, e := object.AllocAs[partial](t, tp)
	if e == nil {
		p.fn, p.args, p.kw = fn, pos, kw
	}
	return object.Obj(p), e
}

func partialCall(t *thread, callee value, args []value, kwnames []*object.Str) (value, *exc) {
	p := object.As[partial](callee)
	n := len(args) - len(kwnames)
	if p.kw.Len() == 0 {
		return object.CallKw(t, p.fn, slices.Concat(p.args, args), kwnames)
	}
	kw := p.kw.Copy()
	for i, k := range kwnames {
		if e := kw.SetStr(t, k, args[n+i]); e != nil {
			return value{}, e
		}
	}
	return object.CallDict(t, p.fn, slices.Concat(p.args, args[:n]), kw)
}

func partialRepr(t *thread, v value) (value, *exc) {
	p := object.As[partial](v)
	if !t.EnterRepr(v) {
		return object.StrVal("..."), nil
	}
	defer t.LeaveRepr(v)
	r, e := object.Repr(t, p.fn)
	if e != nil {
		return value{}, e
	}
	s := "functools.partial(" + r.S
	for _, x := range p.args {
		if r, e = object.Repr(t, x); e != nil {
			return value{}, e
		}
		s += ", " + r.S
	}
	for pos := 0; ; {
		k, x, ok := p.kw.Next(&pos)
		if !ok {
			break
		}
		ks, e := object.ToStr(t, k)
		if e != nil {
			return value{}, e
		}
		if r, e = object.Repr(t, x); e != nil {
			return value{}, e
		}
		s += ", " + ks.S + "=" + r.S
	}
	return object.StrVal(s + ")"), nil
}

func partialSetState(t *thread, a []value) (value, *exc) {
	bad := func() (value, *exc) { return value{}, object.TypeErrorf(t, "invalid partial state") }
	if !object.IsTuple(a[1]) || len(object.As[object.Tuple](a[1]).Items) != 4 {
		return bad()
	}
	s := object.As[object.Tuple](a[1]).Items
	if !object.Callable(s[0]) || !object.IsTuple(s[1]) || !s[2].IsNone() && !object.IsDict(s[2]) {
		return bad()
	}
	p := object.As[partial](a[0])
	p.fn, p.args, p.kw = s[0], object.As[object.Tuple](s[1]).Items, object.NewDict()
	if object.IsDict(s[2]) {
		p.kw = object.As[object.Dict](s[2]).Copy()
	}
	if object.IsDict(s[3]) {
		object.SetInstanceDict(a[0], a[0].Type(), object.As[object.Dict](s[3]))
	}
	return object.None, nil
}

func init() {
	var z partialAttrs
	object.Declare(&partialType, object.Decl{
		Name: "functools.partial", Doc: "Create a new function with partial application of the given arguments and keywords.",
		Layout: object.LayoutWithAttrs[partialAttrs](offsetOf(&z), 2), Dict: true, Weak: true,
		Slots: object.Slots{New: partialNew, Call: partialCall, Repr: partialRepr,
			Init: func(t *thread, self value, args []value, kw []*object.Str) *exc { return nil }},
		GetSets: []object.GetSet{
			{Name: "func", Get: func(t *thread, v value) (value, *exc) { return object.As[partial](v).fn, nil }},
			{Name: "args", Get: func(t *thread, v value) (value, *exc) { return object.NewTuple(object.As[partial](v).args), nil }},
			{Name: "keywords", Get: func(t *thread, v value) (value, *exc) { return object.Obj(object.As[partial](v).kw), nil }},
		},
		Methods: []object.Method{
			{Sig: "__reduce__(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				p := object.As[partial](a[0])
				d := object.None
				if x := object.DictOf(a[0]); x != nil && x.Len() > 0 {
					d = object.Obj(x)
				}
				return object.TupleOf(a[0].Type().Value(), object.TupleOf(p.fn), object.TupleOf(p.fn, object.NewTuple(p.args), object.Obj(p.kw), d)), nil
			}},
			{Sig: "__setstate__(self, state, /)", Fn: partialSetState},
			{Sig: "__class_getitem__(type, object, /)", Kind: object.ClassMethod, Fn: func(t *thread, a []value) (value, *exc) { return object.NewGenericAlias(a[0], a[1]), nil }},
		},
	})
}
