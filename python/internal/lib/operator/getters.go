package operator

import (
	"strings"

	"martlet/python/object"
)

// getter is an itemgetter, attrgetter or methodcaller.
type getter struct {
	object.Object
	keys []value         // items, or attribute names as given
	path [][]*object.Str // attribute names split at dots
	name *object.Str
	args []value
	kw   *object.Dict
}

var itemGetterType, attrGetterType, methodCallerType object.Type

// gather applies get to all keys: one result or a tuple.
func gather(n int, get func(i int) (value, *exc)) (value, *exc) {
	if n == 1 {
		return get(0)
	}
	out := make([]value, n)
	for i := range out {
		x, e := get(i)
		if e != nil {
			return value{}, e
		}
		out[i] = x
	}
	return object.NewTuple(out), nil
}

func one(t *thread, name string, args []value, kwnames []*object.Str) *exc {
	if len(kwnames) > 0 {
		return object.TypeErrorf(t, "%s() takes no keyword arguments", name)
	}
	if len(args) != 1 {
		return object.TypeErrorf(t, "%s expected 1 argument, got %d", name, len(args))
	}
	return nil
}

func itemCall(t *thread, callee value, args []value, kwnames []*object.Str) (value, *exc) {
	if e := one(t, "itemgetter", args, kwnames); e != nil {
		return value{}, e
	}
	g, obj := object.As[getter](callee), args[0]
	return gather(len(g.keys), func(i int) (value, *exc) { return object.GetItem(t, obj, g.keys[i]) })
}

func attrCall(t *thread, callee value, args []value, kwnames []*object.Str) (value, *exc) {
	if e := one(t, "attrgetter", args, kwnames); e != nil {
		return value{}, e
	}
	g, obj := object.As[getter](callee), args[0]
	return gather(len(g.path), func(i int) (value, *exc) {
		x := obj
		for _, name := range g.path[i] {
			var e *exc
			if x, e = object.GetAttr(t, x, name); e != nil {
				return value{}, e
			}
		}
		return x, nil
	})
}

func methodCall(t *thread, callee value, args []value, kwnames []*object.Str) (value, *exc) {
	if e := one(t, "methodcaller", args, kwnames); e != nil {
		return value{}, e
	}
	g := object.As[getter](callee)
	if g.kw.Len() == 0 {
		return object.CallMethod(t, args[0], g.name, g.args...)
	}
	f, e := object.GetAttr(t, args[0], g.name)
	if e != nil {
		return value{}, e
	}
	return object.CallDict(t, f, g.args, g.kw)
}

func newGetter(t *thread, tp *object.Type, keys []value) (value, *exc) {
	g, e := object.AllocAs[getter](t, tp)
	if e != nil {
		return value{}, e
	}
	g.keys = append([]value(nil), keys...)
	return object.Obj(g), nil
}

func attrNew(t *thread, tp *object.Type, a []value) (value, *exc) {
	keys := append([]value{a[0]}, object.As[object.Tuple](a[1]).Items...)
	v, e := newGetter(t, tp, keys)
	if e != nil {
		return value{}, e
	}
	g := object.As[getter](v)
	for _, k := range keys {
		if !object.IsStr(k) {
			return value{}, object.TypeErrorf(t, "attribute name must be a string")
		}
		var names []*object.Str
		for _, part := range strings.Split(object.StrText(k), ".") {
			names = append(names, t.Intern(part))
		}
		g.path = append(g.path, names)
	}
	return v, nil
}

func methodNew(t *thread, tp *object.Type, a []value) (value, *exc) {
	if !object.IsStr(a[0]) {
		return value{}, object.TypeErrorf(t, "method name must be a string")
	}
	g, e := object.AllocAs[getter](t, tp)
	if e != nil {
		return value{}, e
	}
	g.name = t.InternStr(object.As[object.Str](a[0]))
	g.args, g.kw = object.As[object.Tuple](a[1]).Items, object.As[object.Dict](a[2])
	return object.Obj(g), nil
}

func getterRepr(t *thread, v value) (value, *exc) {
	g := object.As[getter](v)
	args := g.keys
	if g.name != nil {
		args = append([]value{object.Obj(g.name)}, g.args...)
	}
	parts := make([]string, 0, len(args))
	for _, x := range args {
		r, e := object.Repr(t, x)
		if e != nil {
			return value{}, e
		}
		parts = append(parts, r.S)
	}
	for pos := 0; g.kw != nil; {
		k, x, ok := g.kw.Next(&pos)
		if !ok {
			break
		}
		r, e := object.Repr(t, x)
		if e != nil {
			return value{}, e
		}
		parts = append(parts, object.StrText(k)+"="+r.S)
	}
	return object.StrVal(v.Type().Name + "(" + strings.Join(parts, ", ") + ")"), nil
}

func getterReduce(t *thread, a []value) (value, *exc) {
	g := object.As[getter](a[0])
	if g.name == nil {
		return object.TupleOf(a[0].Type().Value(), object.NewTuple(g.keys)), nil
	}
	return object.TupleOf(a[0].Type().Value(), object.NewTuple(append([]value{object.Obj(g.name)}, g.args...))), nil
}

func declareGetter(tp *object.Type, name, sig string, new func(t *thread, tp *object.Type, a []value) (value, *exc), call object.CallFunc) {
	object.Declare(tp, object.Decl{
		Name: "operator." + name, Flags: object.FFinal, Layout: object.LayoutOf[getter](),
		Slots:   object.Slots{New: object.NewSig(name+sig, new), Call: call, Repr: getterRepr},
		Methods: []object.Method{{Sig: "__reduce__(self, /)", Fn: getterReduce}},
	})
}

func init() {
	declareGetter(&itemGetterType, "itemgetter", "(item, /, *items)", func(t *thread, tp *object.Type, a []value) (value, *exc) {
		return newGetter(t, tp, append([]value{a[0]}, object.As[object.Tuple](a[1]).Items...))
	}, itemCall)
	declareGetter(&attrGetterType, "attrgetter", "(attr, /, *attrs)", attrNew, attrCall)
	declareGetter(&methodCallerType, "methodcaller", "(name, /, *args, **kwargs)", methodNew, methodCall)
}
