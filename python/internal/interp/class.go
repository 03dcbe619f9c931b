package interp

import "martlet/python/object"

// buildClass is __build_class__(func, name, /, *bases, metaclass=..., **kwds).
func buildClass(t *object.Thread, a []Value) (Value, *Exception) {
	th := of(t)
	if a[0].Type() != &FunctionType {
		return Value{}, object.TypeErrorf(t, "__build_class__: func must be a function")
	}
	if a[1].Type().Flags&object.FStr == 0 {
		return Value{}, object.TypeErrorf(t, "__build_class__: name is not a string")
	}
	fn, name := object.As[Function](a[0]), a[1]
	orig := a[2]
	kw := object.As[Dict](a[3]).Copy()
	bases, e := resolveBases(t, orig)
	if e != nil {
		return Value{}, e
	}
	meta := object.Obj(&object.TypeType)
	given := kw.GetStr(object.N.Metaclass)
	if given.Ref != nil {
		kw.DelStr(object.N.Metaclass)
		meta = given
	} else if items := object.As[object.Tuple](bases).Items; len(items) > 0 {
		meta = items[0].Type().Value()
	}
	if meta.Type().Flags&object.FType != 0 {
		m, e := object.MetaclassOf(t, object.As[Type](meta), object.As[object.Tuple](bases).Items)
		if e != nil {
			return Value{}, e
		}
		meta = m.Value()
	}
	ns, e := prepare(t, meta, name, bases, kw)
	if e != nil {
		return Value{}, e
	}
	cell, e := th.runBody(fn, ns)
	if e != nil {
		return Value{}, e
	}
	if !object.Is(orig, bases) {
		if e := object.SetItem(t, ns, object.Obj(object.N.OrigBases), orig); e != nil {
			return Value{}, e
		}
	}
	cls, e := object.CallDict(t, meta, []Value{name, bases, ns}, kw)
	if e != nil {
		return Value{}, e
	}
	if c, ok := cellOf(cell); ok && cls.Type().Flags&object.FType != 0 {
		switch {
		case c.V.Ref == nil:
			return Value{}, object.RuntimeErrorf(t, "__class__ not set defining %s as %s. Was __classcell__ propagated to type.__new__?", reprOf(t, name), reprOf(t, cls))
		case !object.Is(c.V, cls):
			return Value{}, object.TypeErrorf(t, "__class__ set to %s defining %s as %s", reprOf(t, c.V), reprOf(t, name), reprOf(t, cls))
		}
	}
	return cls, nil
}

func cellOf(v Value) (*object.Cell, bool) {
	if v.Ref == nil || v.IsNone() {
		return nil, false
	}
	return object.AsCell(v)
}

// resolveBases replaces bases that are not classes by what their __mro_entries__ gives.
func resolveBases(t *object.Thread, bases Value) (Value, *Exception) {
	items := object.As[object.Tuple](bases).Items
	var out []Value
	changed := false
	for _, b := range items {
		if b.Type().Flags&object.FType != 0 {
			out = append(out, b)
			continue
		}
		f, e := object.LookupAttr(t, b, object.N.MROEntries)
		if e != nil {
			return Value{}, e
		}
		if f.Ref == nil {
			out = append(out, b)
			continue
		}
		r, e := object.Call(t, f, bases)
		if e != nil {
			return Value{}, e
		}
		if r.Type().Flags&object.FTuple == 0 {
			return Value{}, object.TypeErrorf(t, "__mro_entries__ must return a tuple")
		}
		changed = true
		out = append(out, object.As[object.Tuple](r).Items...)
	}
	if !changed {
		return bases, nil
	}
	return object.NewTuple(out), nil
}

func prepare(t *object.Thread, meta, name, bases Value, kw *Dict) (Value, *Exception) {
	p, e := object.LookupAttr(t, meta, object.N.Prepare)
	if e != nil {
		return Value{}, e
	}
	if p.Ref == nil {
		return object.Obj(object.NewDict()), nil
	}
	ns, e := object.CallDict(t, p, []Value{name, bases}, kw)
	if e != nil {
		return Value{}, e
	}
	if ns.Type().Slots.GetItem == nil {
		mn := "<metaclass>"
		if meta.Type().Flags&object.FType != 0 {
			mn = object.As[Type](meta).Name
		}
		return Value{}, object.TypeErrorf(t, "%s.__prepare__() must return a mapping, not %s", mn, ns.Type().Name)
	}
	return ns, nil
}
