package object

// MappingProxy is a read-only view of a mapping.
type MappingProxy struct {
	Object
	M Value
}

// NewMappingProxy makes a read-only view.
func NewMappingProxy(m Value) Value { return Obj(&MappingProxy{Object{&MappingProxyType.Root}, m}) }

func proxied(v Value) Value { return As[MappingProxy](v).M }

func proxyMethod(name, sig string) Method {
	return Method{Sig: name + sig, Fn: func(t *Thread, a []Value) (Value, *Exception) {
		return CallMethodS(t, proxied(a[0]), name, a[1:]...)
	}}
}

func init() {
	Declare(&MappingProxyType, Decl{Name: "mappingproxy", Flags: FFinal | FMapping, Layout: LayoutOf[MappingProxy](),
		Slots: Slots{
			New: NewSig("mappingproxy(mapping)", func(t *Thread, tp *Type, a []Value) (Value, *Exception) {
				if a[0].Type().Slots.GetItem == nil || a[0].Type().Flags&(FList|FTuple) != 0 {
					return Value{}, TypeErrorf(t, "mappingproxy() argument must be a mapping, not %s", a[0].Type().Name)
				}
				return NewMappingProxy(a[0]), nil
			}),
			Len:      func(t *Thread, v Value) (int, *Exception) { return Len(t, proxied(v)) },
			GetItem:  func(t *Thread, v, k Value) (Value, *Exception) { return GetItem(t, proxied(v), k) },
			Contains: func(t *Thread, v, k Value) (bool, *Exception) { return Contains(t, proxied(v), k) },
			Iter:     func(t *Thread, v Value) (Value, *Exception) { return Iter(t, proxied(v)) },
			Hash:     func(t *Thread, v Value) (int64, *Exception) { return Hash(t, proxied(v)) },
			Repr: func(t *Thread, v Value) (Value, *Exception) {
				r, e := Repr(t, proxied(v))
				if e != nil {
					return Value{}, e
				}
				return StrVal("mappingproxy(" + r.S + ")"), nil
			},
			Str: func(t *Thread, v Value) (Value, *Exception) {
				r, e := ToStr(t, proxied(v))
				return Obj(r), e
			},
			Compare: func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) { return Compare(t, proxied(a), b, op) },
			Bin: [NumBinOps]BinaryFunc{OpOr: func(t *Thread, a, b Value) (Value, *Exception) {
				if a.Type() == &MappingProxyType {
					a = proxied(a)
				}
				if b.Type() == &MappingProxyType {
					b = proxied(b)
				}
				return BinaryOp(t, OpOr, a, b)
			}},
		},
		Methods: []Method{proxyMethod("get", "(self, key, default=None, /)"), proxyMethod("keys", "(self)"), proxyMethod("values", "(self)"),
			proxyMethod("items", "(self)"), proxyMethod("copy", "(self)"), proxyMethod("__reversed__", "(self)"),
			{Sig: "__class_getitem__(type, item, /)", Kind: ClassMethod, Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return NewGenericAlias(a[0], a[1]), nil
			}}}})
}
