package object

// SuperType is super.
var SuperType Type

// Super is a super object: attribute lookup continues in the MRO of ObjType behind Thisclass.
type Super struct {
	Object
	This *Type
	Obj  Value
	OT   *Type
}

// superLookup finds name behind this in start's MRO and binds it to obj; Ref nil when absent.
func superLookup(t *Thread, this *Type, obj Value, start *Type, name *Str) (Value, *Exception) {
	d := SuperFind(this, start, name)
	if d.Ref == nil {
		return Value{}, nil
	}
	if get := d.Type().DescrGet; get != nil {
		if obj.Type().Flags&FType != 0 && As[Type](obj) == start {
			obj = Value{}
		}
		return get(t, d, obj, start)
	}
	return d, nil
}

// SuperFind is the lookup alone.
func SuperFind(this, start *Type, name *Str) Value {
	mro := start.MRO
	i := 0
	for i < len(mro) && mro[i] != this {
		i++
	}
	for i++; i < len(mro); i++ {
		if v := mro[i].Dict.GetStr(name); v.Ref != nil {
			return v
		}
	}
	return Value{}
}

// SuperCheck finds the type whose MRO a super object searches.
func SuperCheck(t *Thread, this *Type, obj Value) (*Type, *Exception) {
	if obj.Type().Flags&FType != 0 && As[Type](obj).IsSubtype(this) {
		return As[Type](obj), nil
	}
	if obj.Type().IsSubtype(this) {
		return obj.Type(), nil
	}
	if c, e := LookupAttr(t, obj, N.Class); e != nil {
		return nil, e
	} else if c.Ref != nil && c.Type().Flags&FType != 0 && As[Type](c) != obj.Type() && As[Type](c).IsSubtype(this) {
		return As[Type](c), nil
	}
	kind, name := "instance of", obj.Type().Name
	if obj.Type().Flags&FType != 0 {
		kind, name = "type", As[Type](obj).Name
	}
	return nil, TypeErrorf(t, "super(type, obj): obj (%s %s) is not an instance or subtype of type (%s).", kind, name, this.Name)
}

func superGetAttr(t *Thread, v Value, name *Str) (Value, *Exception) {
	s := As[Super](v)
	if s.OT == nil || name == N.Class || name.S == "__class__" {
		return GenericGetAttr(t, v, name)
	}
	r, e := superLookup(t, s.This, s.Obj, s.OT, name)
	if e != nil || r.Ref != nil {
		return r, e
	}
	return GenericGetAttr(t, v, name)
}

// NewSuper makes super(this, obj).
func NewSuper(t *Thread, this *Type, obj Value) (Value, *Exception) {
	ot, e := SuperCheck(t, this, obj)
	if e != nil {
		return Value{}, e
	}
	return Obj(&Super{Object{&SuperType.Root}, this, obj, ot}), nil
}

func superInit(t *Thread, self Value, args []Value, kwnames []*Str) *Exception {
	if len(kwnames) > 0 {
		return TypeErrorf(t, "super() takes no keyword arguments")
	}
	s := As[Super](self)
	if len(args) == 0 {
		if t.Interp.Hooks.SuperArgs == nil {
			return RuntimeErrorf(t, "super(): no current frame")
		}
		cls, obj, e := t.Interp.Hooks.SuperArgs(t)
		if e != nil {
			return e
		}
		args = []Value{cls, obj}
	}
	if len(args) > 2 {
		return TypeErrorf(t, "super() expected at most 2 arguments, got %d", len(args))
	}
	if args[0].Type().Flags&FType == 0 {
		return TypeErrorf(t, "super() argument 1 must be a type, not %s", args[0].Type().Name)
	}
	s.This = As[Type](args[0])
	if len(args) == 2 && !args[1].IsNone() {
		ot, e := SuperCheck(t, s.This, args[1])
		if e != nil {
			return e
		}
		s.Obj, s.OT = args[1], ot
	}
	return nil
}

func init() {
	Declare(&SuperType, Decl{Name: "super", Layout: LayoutOf[Super](),
		Slots: Slots{GetAttr: superGetAttr, Init: superInit,
			New: func(t *Thread, tp *Type, args []Value, kw []*Str) (Value, *Exception) { return tp.Alloc(t) },
			DescrGet: func(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
				s := As[Super](d)
				if obj.Ref == nil || obj.IsNone() || s.OT != nil {
					return d, nil
				}
				if d.Type() != &SuperType {
					return Call(t, d.Type().Value(), s.This.Value(), obj)
				}
				return NewSuper(t, s.This, obj)
			},
			Repr: func(t *Thread, v Value) (Value, *Exception) {
				s := As[Super](v)
				this := "NULL"
				if s.This != nil {
					this = s.This.Name
				}
				if s.OT != nil {
					return StrVal("<super: <class '" + this + "'>, <" + s.OT.Name + " object>>"), nil
				}
				return StrVal("<super: <class '" + this + "'>, NULL>"), nil
			}},
		GetSets: []GetSet{
			{Name: "__thisclass__", Get: wrapperGet(func(v Value) Value {
				if c := As[Super](v).This; c != nil {
					return c.Value()
				}
				return None
			})},
			{Name: "__self__", Get: wrapperGet(func(v Value) Value { return orNone(As[Super](v).Obj) })},
			{Name: "__self_class__", Get: wrapperGet(func(v Value) Value {
				if c := As[Super](v).OT; c != nil {
					return c.Value()
				}
				return None
			})},
		}})
}
