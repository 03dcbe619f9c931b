package object

// GetAttr is getattr(v, name).
func GetAttr(t *Thread, v Value, name *Str) (Value, *Exception) {
	return v.Type().Slots.GetAttr(t, v, name)
}

// GetAttrS is GetAttr with a Go string.
func GetAttrS(t *Thread, v Value, name string) (Value, *Exception) {
	return GetAttr(t, v, t.Intern(name))
}

// LookupAttr is GetAttr that turns AttributeError into Ref == nil.
func LookupAttr(t *Thread, v Value, name *Str) (Value, *Exception) {
	r, e := genericOr(t, v, name)
	if e != nil && e.IsA(&AttributeErrorType) {
		return Value{}, nil
	}
	return r, e
}

// genericOr avoids making the exception where the type has the generic lookup.
func genericOr(t *Thread, v Value, name *Str) (Value, *Exception) {
	tp := v.Type()
	if tp.plainGetAttr {
		return genericGet(t, v, tp, name)
	}
	return tp.Slots.GetAttr(t, v, name)
}

// SetAttr is setattr(v, name, val); val.Ref == nil deletes.
func SetAttr(t *Thread, v Value, name *Str, val Value) *Exception {
	return v.Type().Slots.SetAttr(t, v, name, val)
}

// GenericGetAttr is object.__getattribute__.
func GenericGetAttr(t *Thread, v Value, name *Str) (Value, *Exception) {
	tp := v.Type()
	r, e := genericGet(t, v, tp, name)
	if r.Ref == nil && e == nil {
		return Value{}, NoAttribute(t, v, name)
	}
	return r, e
}

func genericGet(t *Thread, v Value, tp *Type, name *Str) (Value, *Exception) {
	d := tp.Lookup(t, name)
	var dt *Type
	if d.Ref != nil {
		dt = d.Type()
		if dt.DescrSet != nil && dt.DescrGet != nil {
			return dt.DescrGet(t, d, v, tp)
		}
	}
	if r := loadInstanceAttr(t, v, tp, name); r.Ref != nil {
		return r, nil
	}
	if dt == nil {
		return Value{}, nil
	}
	if dt.DescrGet != nil {
		return dt.DescrGet(t, d, v, tp)
	}
	return d, nil
}

// NoAttribute is the AttributeError for a missing attribute.
func NoAttribute(t *Thread, v Value, name *Str) *Exception {
	e := Errorf(t, &AttributeErrorType, "'%s' object has no attribute '%s'", v.Type().Name, name.S)
	e.Fields[AttrErrName], e.Fields[AttrErrObj] = Obj(name), v
	return e
}

// GenericSetAttr is object.__setattr__ and __delattr__.
func GenericSetAttr(t *Thread, v Value, name *Str, val Value) *Exception {
	tp := v.Type()
	d := tp.Lookup(t, name)
	if d.Ref != nil {
		if set := d.Type().DescrSet; set != nil {
			return set(t, d, v, val)
		}
	}
	if tp.HasDict {
		if val.Ref != nil {
			return StoreInstanceAttr(t, v, tp, name, val)
		}
		if deleteInstanceAttr(t, v, tp, name) {
			return nil
		}
		return Errorf(t, &AttributeErrorType, "'%s' object has no attribute '%s'", tp.Name, name.S)
	}
	var e *Exception
	switch {
	case d.Ref == nil:
		e = Errorf(t, &AttributeErrorType, "'%s' object has no attribute '%s' and no __dict__ for setting new attributes", tp.Name, name.S)
	default:
		e = Errorf(t, &AttributeErrorType, "'%s' object attribute '%s' is read-only", tp.Name, name.S)
	}
	e.Fields[AttrErrName], e.Fields[AttrErrObj] = Obj(name), v
	return e
}

// DictOf gives the __dict__ of an object that has one (turning a shaped instance to dict mode), nil otherwise.
func DictOf(v Value) *Dict {
	tp := v.Type()
	switch {
	case tp == &ModuleType || tp.IsSubtype(&ModuleType):
		return As[Module](v).Dict
	case tp.HasDict:
		return InstanceDict(v, tp)
	}
	return nil
}

// LookupSpecial finds a dunder on the type and binds it to v; Ref nil when absent.
func LookupSpecial(t *Thread, v Value, name *Str) (Value, *Exception) {
	tp := v.Type()
	d := tp.Lookup(t, name)
	if d.Ref == nil {
		return d, nil
	}
	if get := d.Type().DescrGet; get != nil {
		return get(t, d, v, tp)
	}
	return d, nil
}

// CallSpecial calls a dunder of v's type with v and the args, without making a bound method; found tells whether the
// type has it.
func CallSpecial(t *Thread, v Value, name *Str, args ...Value) (r Value, found bool, err *Exception) {
	d := v.Type().Lookup(t, name)
	if d.Ref == nil {
		return Value{}, false, nil
	}
	r, err = callDescr(t, d, v, args)
	return r, true, err
}

// callDescr calls what a type lookup found as a method of v.
func callDescr(t *Thread, d, v Value, args []Value) (Value, *Exception) {
	dt := d.Type()
	if dt.Flags&FMethodLike != 0 {
		w := t.Window(len(args) + 1)
		w[0] = v
		copy(w[1:], args)
		r, e := dt.Call(t, d, w, nil)
		t.Release(w)
		return r, e
	}
	if dt.DescrGet != nil {
		b, e := dt.DescrGet(t, d, v, v.Type())
		if e != nil {
			return Value{}, e
		}
		d = b
	}
	return Call(t, d, args...)
}

// CallMethod is getattr(v, name)(*args).
func CallMethod(t *Thread, v Value, name *Str, args ...Value) (Value, *Exception) {
	tp := v.Type()
	if tp.plainGetAttr {
		d := tp.Lookup(t, name)
		if d.Ref != nil && d.Type().Flags&FMethodLike != 0 && loadInstanceAttr(t, v, tp, name).Ref == nil {
			return callDescr(t, d, v, args)
		}
	}
	f, e := GetAttr(t, v, name)
	if e != nil {
		return Value{}, e
	}
	return Call(t, f, args...)
}

// CallMethodS is CallMethod with a Go string.
func CallMethodS(t *Thread, v Value, name string, args ...Value) (Value, *Exception) {
	return CallMethod(t, v, t.Intern(name), args...)
}
