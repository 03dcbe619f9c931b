package object

// Small accessors for package interp's inline caches and handlers.

// PlainGetAttr says whether attribute lookup on instances is object.__getattribute__.
func (tp *Type) PlainGetAttr() bool { return tp.plainGetAttr }

// PlainSetAttr says whether attribute assignment on instances is object.__setattr__.
func (tp *Type) PlainSetAttr() bool {
	_, where := tp.LookupWhere(N.SetAttr)
	_, del := tp.LookupWhere(N.DelAttr)
	return where == &ObjectType && del == &ObjectType
}

// PlainInit gives the __init__ of a class whose instances are made by object.__new__ and whose __init__ is of the given
// (function) type; Ref nil otherwise. The answer is cached by the type's version.
func (tp *Type) PlainInit(t *Thread, function *Type) Value {
	if tp.initVer != tp.Version.Get() {
		tp.findInit(t, function)
	}
	return tp.initFn
}

//martlet:opaque
func (tp *Type) findInit(t *Thread, function *Type) {
	tp.initVer, tp.initFn = tp.Version.Get(), Value{}
	if tp.Flags&(FHeap|FAbstract) == FHeap && newOwner(tp) == &ObjectType {
		if d := tp.Lookup(t, N.Init); d.Ref != nil && d.Type() == function {
			tp.initFn = d
		}
	}
}

// HasInstanceAttr says whether v itself (not its class) has the attribute.
func HasInstanceAttr(v Value, tp *Type, name *Str) bool {
	return loadInstanceAttr(nil, v, tp, name).Ref != nil
}

// AsDict gives v as a dict, when it is an exact one.
func AsDict(v Value) (*Dict, bool) {
	if v.Type() != &DictType {
		return nil, false
	}
	return As[Dict](v), true
}

// ExceptionGroupFor is the group type that may hold the exception.
func ExceptionGroupFor(exc Value) *Type {
	if exc.Type().IsSubtype(&ExceptionType) {
		return &ExceptionGroupType
	}
	return &BaseExceptionGroupType
}

// SetStop leaves the value with which an iterator just ended for TakeStop.
func (t *Thread) SetStop(v Value) { t.lastStop = StopIterationOf(t, v) }

// Annotated updates a class after its attributes were changed behind its back (through its dictionary).
func (tp *Type) Annotated(t *Thread) { tp.Modified(t) }

// ExistingWeakRef is the plain weak reference that v already has, or None.
func (in *Interp) ExistingWeakRef(v Value) Value { return in.existingWeakRef(v) }

// UnaryFloat is float(v) for numbers, for arguments such as timeouts.
func UnaryFloat(t *Thread, v Value) (float64, *Exception) {
	switch {
	case v.IsFloat():
		return v.Float64(), nil
	case v.IsInt():
		return float64(v.Int64()), nil
	case v.Type().Slots.ToFloat == nil:
		return 0, TypeErrorf(t, "must be real number, not %s", v.Type().Name)
	}
	r, e := v.Type().Slots.ToFloat(t, v)
	if e != nil {
		return 0, e
	}
	return FloatOf(r), nil
}

// IntOrSelf gives the plain int of an int (or enum member), anything else unchanged.
func IntOrSelf(v Value) Value {
	if v.Type().Flags&FInt != 0 {
		return IntOf(v)
	}
	return v
}
