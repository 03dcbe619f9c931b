package builtins

import "martlet/python/object"

func nameArg(t *thread, v value) (*object.Str, *exc) {
	if !object.IsStr(v) {
		return nil, object.TypeErrorf(t, "attribute name must be string, not '%s'", v.Type().Name)
	}
	return t.InternStr(object.As[object.Str](v)), nil
}

func getattr(t *thread, a []value) (value, *exc) {
	name, e := nameArg(t, a[1])
	if e != nil {
		return value{}, e
	}
	if a[2].Ref == nil {
		return object.GetAttr(t, a[0], name)
	}
	r, e := object.LookupAttr(t, a[0], name)
	if e == nil && r.Ref == nil {
		return a[2], nil
	}
	return r, e
}

func hasattr(t *thread, a []value) (value, *exc) {
	name, e := nameArg(t, a[1])
	if e != nil {
		return value{}, e
	}
	r, e := object.LookupAttr(t, a[0], name)
	return object.Bool(r.Ref != nil), e
}

func setattr(t *thread, a []value) (value, *exc) {
	name, e := nameArg(t, a[1])
	if e != nil {
		return value{}, e
	}
	return object.None, object.SetAttr(t, a[0], name, a[2])
}

func delattr(t *thread, a []value) (value, *exc) {
	name, e := nameArg(t, a[1])
	if e != nil {
		return value{}, e
	}
	return object.None, object.SetAttr(t, a[0], name, value{})
}

func callable(t *thread, a []value) (value, *exc) { return object.Bool(object.Callable(a[0])), nil }

func isinstance(t *thread, a []value) (value, *exc) {
	r, e := object.IsInstance(t, a[0], a[1])
	return object.Bool(r), e
}

func issubclass(t *thread, a []value) (value, *exc) {
	r, e := object.IsSubclass(t, a[0], a[1])
	return object.Bool(r), e
}

func id(t *thread, a []value) (value, *exc) { return object.Uint(object.ID(a[0])), nil }

func callerLocals(t *thread) (value, *exc) {
	if h := t.Interp.Hooks.CallerLocals; h != nil {
		return h(t)
	}
	return value{}, object.SystemErrorf(t, "frame does not exist")
}

func callerGlobals(t *thread) (value, *exc) {
	if h := t.Interp.Hooks.CallerGlobals; h != nil {
		if d := h(t); d != nil {
			return object.Obj(d), nil
		}
	}
	return value{}, object.SystemErrorf(t, "frame does not exist")
}

func globals(t *thread, a []value) (value, *exc) { return callerGlobals(t) }
func locals(t *thread, a []value) (value, *exc)  { return callerLocals(t) }

func vars(t *thread, a []value) (value, *exc) {
	if a[0].Ref == nil {
		return callerLocals(t)
	}
	d, e := object.LookupAttr(t, a[0], object.N.Dict)
	if e == nil && d.Ref == nil {
		e = object.TypeErrorf(t, "vars() argument must have __dict__ attribute")
	}
	return d, e
}

func dir(t *thread, a []value) (value, *exc) {
	var names value
	if a[0].Ref == nil {
		l, e := callerLocals(t)
		if e != nil {
			return value{}, e
		}
		if names, e = object.CallMethod(t, l, object.N.Keys); e != nil {
			return value{}, e
		}
	} else {
		r, found, e := object.CallSpecial(t, a[0], object.N.Dir)
		if e != nil {
			return value{}, e
		}
		if !found {
			return value{}, object.TypeErrorf(t, "object does not provide __dir__")
		}
		names = r
	}
	items, e := object.Collect(t, names)
	if e != nil {
		return value{}, e
	}
	return object.NewList(items), object.SortValues(t, items, object.None, false)
}
