package object

// NoneType, NotImplementedType and EllipsisType are the types of the singletons.
var NoneType, NotImplementedType, EllipsisType Type

func singleton(v Value) NewFunc {
	return func(t *Thread, tp *Type, args []Value, kw []*Str) (Value, *Exception) {
		if len(args) > 0 {
			return Value{}, TypeErrorf(t, "%s takes no arguments", tp.Name)
		}
		return v, nil
	}
}

func constRepr(s string) UnaryFunc {
	return func(t *Thread, v Value) (Value, *Exception) { return Obj(t.Intern(s)), nil }
}

func init() {
	l := LayoutOf[Object]()
	Declare(&NoneType, Decl{Name: "NoneType", Flags: FFinal, Layout: l, Slots: Slots{Repr: constRepr("None"), New: singleton(None),
		Bool: func(t *Thread, v Value) (bool, *Exception) { return false, nil },
		Hash: func(t *Thread, v Value) (int64, *Exception) { return 0xfca86420, nil }}})
	Declare(&NotImplementedType, Decl{Name: "NotImplementedType", Flags: FFinal, Layout: l,
		Slots: Slots{Repr: constRepr("NotImplemented"), New: singleton(NotImplemented),
			Bool: func(t *Thread, v Value) (bool, *Exception) {
				return true, Warn(t, &DeprecationWarningType, "NotImplemented should not be used in a boolean context")
			}}, Methods: []Method{{Sig: "__reduce__(self)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return StrVal("NotImplemented"), nil }}}})
	Declare(&EllipsisType, Decl{Name: "ellipsis", Flags: FFinal, Layout: l, Slots: Slots{Repr: constRepr("Ellipsis"), New: singleton(Ellipsis)},
		Methods: []Method{{Sig: "__reduce__(self)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return StrVal("Ellipsis"), nil }}}})
}
