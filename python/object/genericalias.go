package object

import "strings"

// GenericAliasType and UnionType are types.GenericAlias (list[int]) and types.UnionType (int | str).
var GenericAliasType, UnionType Type

// GenericAlias is origin[args].
type GenericAlias struct {
	Object
	Origin, Args Value
	Params       Value // cached __parameters__
	Starred      bool
}

// Union is a | b ... of types.
type Union struct {
	Object
	Args []Value
}

// NewGenericAlias makes origin[item].
func NewGenericAlias(origin, item Value) Value {
	if item.Type() != &TupleType {
		item = NewTuple([]Value{item})
	}
	return Obj(&GenericAlias{Object: Object{&GenericAliasType.Root}, Origin: origin, Args: item})
}

func aliasArgRepr(t *Thread, v Value) (string, *Exception) {
	if v == Ellipsis {
		return "...", nil
	}
	if v.Type() == &NoneType {
		return "None", nil
	}
	generic, e := hasAttrs(t, v, "__origin__", "__args__")
	if e != nil {
		return "", e
	}
	if !generic {
		q, e := LookupAttr(t, v, N.QualName)
		if e != nil {
			return "", e
		}
		m, e := LookupAttr(t, v, N.Module)
		if e != nil {
			return "", e
		}
		if q.Ref != nil && m.Ref != nil && q.Type().Flags&FStr != 0 && m.Type().Flags&FStr != 0 {
			if As[Str](m).S == "builtins" {
				return As[Str](q).S, nil
			}
			return As[Str](m).S + "." + As[Str](q).S, nil
		}
	}
	r, e := Repr(t, v)
	if e != nil {
		return "", e
	}
	return r.S, nil
}

// hasAttrs says whether v has all of the attributes.
func hasAttrs(t *Thread, v Value, names ...string) (bool, *Exception) {
	for _, n := range names {
		x, e := LookupAttr(t, v, t.Intern(n))
		if e != nil || x.Ref == nil {
			return false, e
		}
	}
	return true, nil
}

func aliasRepr(t *Thread, v Value) (Value, *Exception) {
	g := As[GenericAlias](v)
	var b strings.Builder
	if g.Starred {
		b.WriteByte('*')
	}
	o, e := aliasArgRepr(t, g.Origin)
	if e != nil {
		return Value{}, e
	}
	b.WriteString(o + "[")
	for i, x := range As[Tuple](g.Args).Items {
		if i > 0 {
			b.WriteString(", ")
		}
		var s string
		if x.Type() == &ListType {
			s, e = listArgRepr(t, x)
		} else {
			s, e = aliasArgRepr(t, x)
		}
		if e != nil {
			return Value{}, e
		}
		b.WriteString(s)
	}
	if len(As[Tuple](g.Args).Items) == 0 {
		b.WriteString("()")
	}
	b.WriteByte(']')
	return StrVal(b.String()), nil
}

func listArgRepr(t *Thread, v Value) (string, *Exception) {
	items, e := Collect(t, v)
	if e != nil {
		return "", e
	}
	var parts []string
	for _, x := range items {
		s, e := aliasArgRepr(t, x)
		if e != nil {
			return "", e
		}
		parts = append(parts, s)
	}
	return "[" + strings.Join(parts, ", ") + "]", nil
}

// typeParameters collects the type variables in args, in order of appearance.
func typeParameters(t *Thread, args []Value) (Value, *Exception) {
	var out []Value
	add := func(x Value) {
		for _, y := range out {
			if Is(x, y) {
				return
			}
		}
		out = append(out, x)
	}
	for _, a := range args {
		if a.Type().Flags&FType != 0 {
			continue
		}
		if s := a.Type().Lookup(t, t.Intern("__typing_subst__")); s.Ref != nil {
			add(a)
			continue
		}
		p, e := LookupAttr(t, a, t.Intern("__parameters__"))
		if e != nil {
			return Value{}, e
		}
		if p.Ref != nil && p.Type().Flags&FTuple != 0 {
			for _, x := range As[Tuple](p).Items {
				add(x)
			}
		}
	}
	return NewTuple(out), nil
}

func aliasParams(t *Thread, v Value) (Value, *Exception) {
	g := As[GenericAlias](v)
	if g.Params.Ref == nil {
		p, e := typeParameters(t, As[Tuple](g.Args).Items)
		if e != nil {
			return Value{}, e
		}
		g.Params = p
	}
	return g.Params, nil
}

func aliasGetItem(t *Thread, v, item Value) (Value, *Exception) {
	g := As[GenericAlias](v)
	pv, e := aliasParams(t, v)
	if e != nil {
		return Value{}, e
	}
	params := As[Tuple](pv).Items
	if len(params) == 0 {
		r, e := Repr(t, v)
		if e != nil {
			return Value{}, e
		}
		return Value{}, TypeErrorf(t, "%s is not a generic class", r.S)
	}
	items := []Value{item}
	if item.Type() == &TupleType {
		items = As[Tuple](item).Items
	}
	if len(items) != len(params) {
		r, e := Repr(t, v)
		if e != nil {
			return Value{}, e
		}
		how := "few"
		if len(items) > len(params) {
			how = "many"
		}
		return Value{}, TypeErrorf(t, "Too %s arguments for %s; actual %d, expected %d", how, r.S, len(items), len(params))
	}
	args, e := substitute(t, As[Tuple](g.Args).Items, params, items)
	if e != nil {
		return Value{}, e
	}
	return NewGenericAlias(g.Origin, NewTuple(args)), nil
}

func substitute(t *Thread, args, params, items []Value) ([]Value, *Exception) {
	var out []Value
outer:
	for _, a := range args {
		for i, p := range params {
			if Is(a, p) {
				out = append(out, items[i])
				continue outer
			}
		}
		if a.Type() == &GenericAliasType || a.Type() == &UnionType {
			pv, e := GetAttrS(t, a, "__parameters__")
			if e != nil {
				return nil, e
			}
			if sub := As[Tuple](pv).Items; len(sub) > 0 {
				picked, e := substitute(t, sub, params, items)
				if e != nil {
					return nil, e
				}
				if a, e = GetItem(t, a, NewTuple(picked)); e != nil {
					return nil, e
				}
			}
		}
		out = append(out, a)
	}
	return out, nil
}

var aliasOwn = map[string]bool{"__class__": true, "__origin__": true, "__args__": true, "__parameters__": true,
	"__mro_entries__": true, "__unpacked__": true, "__typing_unpacked_tuple_args__": true, "__reduce_ex__": true,
	"__reduce__": true, "__copy__": true, "__deepcopy__": true}

func aliasGetAttr(t *Thread, v Value, name *Str) (Value, *Exception) {
	if aliasOwn[name.S] || name.S != "__bases__" && strings.HasPrefix(name.S, "__") && strings.HasSuffix(name.S, "__") &&
		name.S != "__name__" && name.S != "__qualname__" && name.S != "__module__" && name.S != "__doc__" && name.S != "__mro__" &&
		GenericAliasType.Lookup(t, name).Ref != nil {
		return GenericGetAttr(t, v, name)
	}
	return GetAttr(t, As[GenericAlias](v).Origin, name)
}

func init() {
	Declare(&GenericAliasType, Decl{Name: "types.GenericAlias", Layout: LayoutOf[GenericAlias](), Weak: true,
		Slots: Slots{Repr: aliasRepr, GetItem: aliasGetItem, GetAttr: aliasGetAttr,
			New: NewSig("GenericAlias(origin, args, /)", func(t *Thread, tp *Type, a []Value) (Value, *Exception) {
				return NewGenericAlias(a[0], a[1]), nil
			}),
			Call: func(t *Thread, v Value, args []Value, kw []*Str) (Value, *Exception) {
				r, e := CallKw(t, As[GenericAlias](v).Origin, args, kw)
				if e != nil {
					return Value{}, e
				}
				if e := SetAttr(t, r, t.Intern("__orig_class__"), v); e != nil && !e.IsA(&AttributeErrorType) && !e.IsA(&TypeErrorType) {
					return Value{}, e
				}
				return r, nil
			},
			Bin: [NumBinOps]BinaryFunc{OpOr: typeOr},
			Iter: func(t *Thread, v Value) (Value, *Exception) {
				g := As[GenericAlias](v)
				return Iter(t, NewTuple([]Value{Obj(&GenericAlias{Object: g.Object, Origin: g.Origin, Args: g.Args, Starred: true})}))
			},
			Hash: func(t *Thread, v Value) (int64, *Exception) {
				a, e := Hash(t, As[GenericAlias](v).Origin)
				if e != nil {
					return 0, e
				}
				b, e := Hash(t, As[GenericAlias](v).Args)
				return a ^ b, e
			},
			Compare: func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
				if b.Type() != &GenericAliasType || op != CmpEq && op != CmpNe {
					return NotImplemented, nil
				}
				x, y := As[GenericAlias](a), As[GenericAlias](b)
				eq, e := Equal(t, x.Origin, y.Origin)
				if eq && e == nil {
					eq, e = Equal(t, x.Args, y.Args)
				}
				return Bool((eq && x.Starred == y.Starred) == (op == CmpEq)), e
			}},
		GetSets: []GetSet{
			{Name: "__origin__", Get: wrapperGet(func(v Value) Value { return As[GenericAlias](v).Origin })},
			{Name: "__args__", Get: wrapperGet(func(v Value) Value { return As[GenericAlias](v).Args })},
			{Name: "__parameters__", Get: aliasParams},
			{Name: "__unpacked__", Get: wrapperGet(func(v Value) Value { return Bool(As[GenericAlias](v).Starred) })},
		},
		Methods: []Method{
			{Sig: "__mro_entries__(self, bases, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return NewTuple([]Value{As[GenericAlias](a[0]).Origin}), nil
			}},
			{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				g := As[GenericAlias](a[0])
				args := TupleOf(g.Origin, g.Args)
				if !g.Starred {
					return TupleOf(GenericAliasType.Value(), args), nil
				}
				it, e := Iter(t, Obj(&GenericAlias{Object: g.Object, Origin: g.Origin, Args: g.Args}))
				return TupleOf(builtinFunc(t, "next"), TupleOf(it)), e
			}},
			{Sig: "__instancecheck__(self, instance, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return Value{}, TypeErrorf(t, "isinstance() argument 2 cannot be a parameterized generic")
			}},
			{Sig: "__subclasscheck__(self, cls, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return Value{}, TypeErrorf(t, "issubclass() argument 2 cannot be a parameterized generic")
			}},
		}})
	Declare(&UnionType, Decl{Name: "types.UnionType", Flags: FFinal | FNoNew, Layout: LayoutOf[Union](), Weak: true,
		Slots: Slots{Repr: unionRepr, Bin: [NumBinOps]BinaryFunc{OpOr: typeOr},
			Hash: func(t *Thread, v Value) (int64, *Exception) {
				h := int64(0)
				for _, x := range As[Union](v).Args {
					y, e := Hash(t, x)
					if e != nil {
						return 0, e
					}
					h ^= y
				}
				return h, nil
			},
			Compare: func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
				if b.Type() != &UnionType || op != CmpEq && op != CmpNe {
					return NotImplemented, nil
				}
				eq, e := sameMembers(t, As[Union](a).Args, As[Union](b).Args)
				return Bool(eq == (op == CmpEq)), e
			},
			GetItem: func(t *Thread, v, item Value) (Value, *Exception) {
				pv, e := typeParameters(t, As[Union](v).Args)
				if e != nil {
					return Value{}, e
				}
				items := []Value{item}
				if item.Type() == &TupleType {
					items = As[Tuple](item).Items
				}
				if len(items) != len(As[Tuple](pv).Items) {
					return Value{}, TypeErrorf(t, "%s is not a generic class", reprOrType(t, v))
				}
				args, e := substitute(t, As[Union](v).Args, As[Tuple](pv).Items, items)
				if e != nil {
					return Value{}, e
				}
				return makeUnion(t, args)
			}},
		GetSets: []GetSet{
			{Name: "__args__", Get: wrapperGet(func(v Value) Value { return NewTuple(As[Union](v).Args) })},
			{Name: "__parameters__", Get: func(t *Thread, v Value) (Value, *Exception) { return typeParameters(t, As[Union](v).Args) }},
		},
		Methods: []Method{
			{Sig: "__instancecheck__(self, instance, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return unionAny(t, a[0], "isinstance() argument 2 cannot be a parameterized generic", func(c Value) (bool, *Exception) { return IsInstance(t, a[1], c) })
			}},
			{Sig: "__subclasscheck__(self, cls, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return unionAny(t, a[0], "issubclass() argument 2 cannot be a parameterized generic", func(c Value) (bool, *Exception) { return IsSubclass(t, a[1], c) })
			}},
		}})
}

func unionAny(t *Thread, u Value, msg string, f func(c Value) (bool, *Exception)) (Value, *Exception) {
	for _, c := range As[Union](u).Args {
		if c.Type() == &GenericAliasType {
			return Value{}, TypeErrorf(t, "%s", msg)
		}
		if c.IsNone() {
			c = NoneType.Value()
		}
		if ok, e := f(c); ok || e != nil {
			return Bool(ok), e
		}
	}
	return False, nil
}

func sameMembers(t *Thread, a, b []Value) (bool, *Exception) {
	if len(a) != len(b) {
		return false, nil
	}
	for _, x := range a {
		found := false
		for _, y := range b {
			eq, e := Equal(t, x, y)
			if e != nil {
				return false, e
			}
			found = found || eq
		}
		if !found {
			return false, nil
		}
	}
	return true, nil
}

func unionRepr(t *Thread, v Value) (Value, *Exception) {
	var parts []string
	for _, x := range As[Union](v).Args {
		s, e := aliasArgRepr(t, x)
		if x == NoneType.Value() {
			s = "None"
		}
		if e != nil {
			return Value{}, e
		}
		parts = append(parts, s)
	}
	return StrVal(strings.Join(parts, " | ")), nil
}

// typeOr is `int | str`.
func typeOr(t *Thread, a, b Value) (Value, *Exception) {
	for _, v := range []Value{a, b} {
		if !v.IsNone() && v.Type().Flags&FType == 0 && v.Type() != &GenericAliasType && v.Type() != &UnionType && !isTypeForm(t, v) {
			return NotImplemented, nil
		}
	}
	return makeUnion(t, []Value{a, b})
}

// isTypeForm admits what module typing marks as a type in unions.
func isTypeForm(t *Thread, v Value) bool {
	n := v.Type().Name
	return n == "typing.TypeAliasType" || n == "typing.TypeVar" || n == "typing.ParamSpec"
}

func makeUnion(t *Thread, parts []Value) (Value, *Exception) {
	var flat []Value
	add := func(v Value) *Exception {
		if v.IsNone() {
			v = NoneType.Value()
		}
		for _, x := range flat {
			eq, e := Equal(t, x, v)
			if e != nil || eq {
				return e
			}
		}
		flat = append(flat, v)
		return nil
	}
	for _, p := range parts {
		members := []Value{p}
		if p.Type() == &UnionType {
			members = As[Union](p).Args
		}
		for _, m := range members {
			if e := add(m); e != nil {
				return Value{}, e
			}
		}
	}
	if len(flat) == 1 {
		return flat[0], nil
	}
	return Obj(&Union{Object{&UnionType.Root}, flat}), nil
}
