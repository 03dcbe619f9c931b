package interp

import (
	"unsafe"

	"martlet/python/internal/code"
	"martlet/python/object"
)

// Type parameters (PEP 695): TypeVar, ParamSpec, TypeVarTuple, TypeAliasType and Generic. Module typing shows them.
var TypeVarType, ParamSpecType, TypeVarTupleType, TypeAliasTypeType, GenericType object.Type

// TypeParam is one type parameter; bound, constraints and default are computed by functions when first asked for.
type TypeParam struct {
	object.Object
	name                       Value
	bound, constraints, def    Value
	boundFn, consFn, defaultFn Value
	co, contra, infer          bool
}

// paramSpecPart is P.args or P.kwargs.
type paramSpecPart struct {
	object.Object
	origin Value
}

// ParamSpecArgsType and ParamSpecKwargsType are the types of P.args and P.kwargs.
var ParamSpecArgsType, ParamSpecKwargsType object.Type

func declareSpecParts() {
	for _, d := range []struct {
		tp         *Type
		name, attr string
	}{{&ParamSpecArgsType, "ParamSpecArgs", "args"}, {&ParamSpecKwargsType, "ParamSpecKwargs", "kwargs"}} {
		object.Declare(d.tp, object.Decl{Name: "typing." + d.name, Flags: object.FFinal, Layout: object.LayoutOf[paramSpecPart](), Weak: true,
			Slots: object.Slots{New: object.NewSig(d.name+"(origin)", func(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
				return object.Obj(&paramSpecPart{object.Object{Shape: &tp.Root}, a[0]}), nil
			}), Repr: func(t *object.Thread, v Value) (Value, *Exception) {
				s, e := object.ToStr(t, object.As[paramSpecPart](v).origin)
				if e != nil {
					return Value{}, e
				}
				return object.StrVal(s.S + "." + d.attr), nil
			}, Compare: func(t *object.Thread, a, b Value, op object.CmpOp) (Value, *Exception) {
				if b.Type() != d.tp || op != object.CmpEq && op != object.CmpNe {
					return object.NotImplemented, nil
				}
				eq, e := object.Equal(t, object.As[paramSpecPart](a).origin, object.As[paramSpecPart](b).origin)
				return object.Bool(eq == (op == object.CmpEq)), e
			}},
			GetSets: []object.GetSet{{Name: "__origin__", Get: func(t *object.Thread, v Value) (Value, *Exception) {
				return object.As[paramSpecPart](v).origin, nil
			}}}})
	}
}

func specPart(name string, tp *Type) object.GetSet {
	return object.GetSet{Name: name, Get: func(t *object.Thread, v Value) (Value, *Exception) {
		return object.Obj(&paramSpecPart{object.Object{Shape: &tp.Root}, v}), nil
	}}
}

type typeAlias struct {
	object.Object
	name, params, value, fn, module Value
}

func (th *Thread) typeParam(f *Frame, base unsafe.Pointer, ins uint64) *Exception {
	t := th.T
	d, b := ra(base, ins), *rb(base, ins)
	var r Value
	switch code.Op(ins) {
	case code.OpTypevar:
		tp := [...]*Type{&TypeVarType, &ParamSpecType, &TypeVarTupleType}[min(ins>>56, 2)]
		r = object.Obj(&TypeParam{Object: object.Object{Shape: &tp.Root}, name: b, infer: true})
	case code.OpTypebound:
		p := &TypeParam{Object: object.Object{Shape: &TypeVarType.Root}, name: b, infer: true}
		if ins>>56 == 0 {
			p.boundFn = *rc(base, ins)
		} else {
			p.consFn = *rc(base, ins)
		}
		r = object.Obj(p)
	case code.OpTypedefault:
		if tp := d.Type(); tp != &TypeVarType && tp != &ParamSpecType && tp != &TypeVarTupleType {
			return th.systemError("typedefault of a '%s' object", tp.Name)
		}
		object.As[TypeParam](*d).defaultFn = b
		return nil
	case code.OpTypealias:
		p := unsafe.Pointer(rb(base, ins))
		mod := orNone(f.fn.globals.GetStr(object.N.Name))
		r = object.Obj(&typeAlias{Object: object.Object{Shape: &TypeAliasTypeType.Root}, name: *at(p, 0), params: *at(p, 1), fn: *at(p, 2), module: mod})
	case code.OpGeneric:
		r = object.NewGenericAlias(GenericType.Value(), b)
	case code.OpTypeparams:
		return object.SetAttr(t, *d, object.N.TypeParams, b)
	}
	object.Set(d, r)
	return nil
}

// lazy computes a value by its function once.
func lazy(t *object.Thread, v, fn *Value, none Value) (Value, *Exception) {
	if v.Ref == nil {
		if fn.Ref == nil {
			return none, nil
		}
		r, e := object.Call(t, *fn)
		if e != nil {
			return Value{}, e
		}
		*v = r
	}
	return *v, nil
}

func paramRepr(t *object.Thread, v Value) (Value, *Exception) {
	p := object.As[TypeParam](v)
	s, e := object.ToStr(t, p.name)
	if e != nil {
		return Value{}, e
	}
	prefix := ""
	switch {
	case p.infer:
	case p.co:
		prefix = "+"
	case p.contra:
		prefix = "-"
	default:
		prefix = "~"
	}
	return object.StrVal(prefix + s.S), nil
}

func init() {
	declareSpecParts()
	tvGet := func(f func(t *object.Thread, p *TypeParam) (Value, *Exception)) object.UnaryFunc {
		return func(t *object.Thread, v Value) (Value, *Exception) { return f(t, object.As[TypeParam](v)) }
	}
	common := []object.GetSet{
		{Name: "__name__", Get: tvGet(func(t *object.Thread, p *TypeParam) (Value, *Exception) { return p.name, nil })},
		{Name: "__default__", Get: tvGet(func(t *object.Thread, p *TypeParam) (Value, *Exception) {
			return lazy(t, &p.def, &p.defaultFn, noDefault)
		})},
		{Name: "__covariant__", Get: tvGet(func(t *object.Thread, p *TypeParam) (Value, *Exception) { return object.Bool(p.co), nil })},
		{Name: "__contravariant__", Get: tvGet(func(t *object.Thread, p *TypeParam) (Value, *Exception) { return object.Bool(p.contra), nil })},
		{Name: "__infer_variance__", Get: tvGet(func(t *object.Thread, p *TypeParam) (Value, *Exception) { return object.Bool(p.infer), nil })},
		{Name: "__module__", Get: tvGet(func(t *object.Thread, p *TypeParam) (Value, *Exception) { return object.StrVal("typing"), nil })},
	}
	methods := []object.Method{
		{Sig: "__reduce__(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) { return object.As[TypeParam](a[0]).name, nil }},
		{Sig: "__typing_subst__(self, arg, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) { return a[1], nil }},
		{Sig: "has_default(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
			p := object.As[TypeParam](a[0])
			return object.Bool(p.def.Ref != nil || p.defaultFn.Ref != nil), nil
		}},
	}
	or := [object.NumBinOps]object.BinaryFunc{object.OpOr: func(t *object.Thread, a, b Value) (Value, *Exception) {
		return object.TypeType.Bin[object.OpOr](t, a, b)
	}}
	newParam := func(tp *Type, a []Value) *TypeParam {
		return &TypeParam{Object: object.Object{Shape: &tp.Root}, name: a[0]}
	}
	flags := func(t *object.Thread, p *TypeParam, co, contra, infer Value) (e *Exception) {
		if p.co, e = object.Truth(t, co); e != nil {
			return e
		}
		if p.contra, e = object.Truth(t, contra); e != nil {
			return e
		}
		p.infer, e = object.Truth(t, infer)
		return e
	}
	object.Declare(&TypeVarType, object.Decl{Name: "typing.TypeVar", Flags: object.FFinal, Layout: object.LayoutOf[TypeParam](), Weak: true,
		Slots: object.Slots{Repr: paramRepr, Bin: or, New: object.NewSig("typevar(name, *constraints, bound=None, default=<absent>, covariant=False, contravariant=False, infer_variance=False)",
			func(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
				p := newParam(tp, a)
				p.constraints = a[1]
				p.bound, p.def = a[2], a[3]
				return object.Obj(p), flags(t, p, a[4], a[5], a[6])
			})},
		GetSets: append(common,
			object.GetSet{Name: "__bound__", Get: tvGet(func(t *object.Thread, p *TypeParam) (Value, *Exception) {
				return lazy(t, &p.bound, &p.boundFn, object.None)
			})},
			object.GetSet{Name: "__constraints__", Get: tvGet(func(t *object.Thread, p *TypeParam) (Value, *Exception) {
				return lazy(t, &p.constraints, &p.consFn, object.EmptyTuple)
			})}),
		Methods: methods})
	object.Declare(&ParamSpecType, object.Decl{Name: "typing.ParamSpec", Flags: object.FFinal, Layout: object.LayoutOf[TypeParam](), Weak: true,
		Slots: object.Slots{Repr: paramRepr, Bin: or, New: object.NewSig("paramspec(name, *, bound=None, default=<absent>, covariant=False, contravariant=False, infer_variance=False)",
			func(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
				p := newParam(tp, a)
				p.bound, p.def = a[1], a[2]
				return object.Obj(p), flags(t, p, a[3], a[4], a[5])
			})}, GetSets: append(common[:len(common):len(common)], specPart("args", &ParamSpecArgsType), specPart("kwargs", &ParamSpecKwargsType), object.GetSet{Name: "__bound__",
			Get: tvGet(func(t *object.Thread, p *TypeParam) (Value, *Exception) { return orNone(p.bound), nil })}), Methods: methods})
	object.Declare(&TypeVarTupleType, object.Decl{Name: "typing.TypeVarTuple", Flags: object.FFinal, Layout: object.LayoutOf[TypeParam](), Weak: true,
		Slots: object.Slots{Repr: func(t *object.Thread, v Value) (Value, *Exception) { return object.As[TypeParam](v).name, nil },
			Iter: func(t *object.Thread, v Value) (Value, *Exception) {
				return object.Iter(t, object.NewTuple([]Value{object.NewGenericAlias(v, object.EmptyTuple)}))
			},
			New: object.NewSig("typevartuple(name, *, default=<absent>)", func(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
				p := newParam(tp, a)
				p.def = a[1]
				return object.Obj(p), nil
			})}, GetSets: common[:2], Methods: methods})
	aget := func(f func(a *typeAlias) Value) object.UnaryFunc {
		return func(t *object.Thread, v Value) (Value, *Exception) { return f(object.As[typeAlias](v)), nil }
	}
	params := func(a *typeAlias) Value {
		if a.params.Ref == nil || a.params.IsNone() {
			return object.EmptyTuple
		}
		return a.params
	}
	object.Declare(&TypeAliasTypeType, object.Decl{Name: "typing.TypeAliasType", Flags: object.FFinal, Layout: object.LayoutOf[typeAlias](), Weak: true,
		Slots: object.Slots{Bin: or, Repr: func(t *object.Thread, v Value) (Value, *Exception) { return object.As[typeAlias](v).name, nil },
			GetItem: func(t *object.Thread, v, item Value) (Value, *Exception) {
				if len(object.As[object.Tuple](params(object.As[typeAlias](v))).Items) == 0 {
					return Value{}, object.TypeErrorf(t, "Only generic type aliases are subscriptable")
				}
				return object.NewGenericAlias(v, item), nil
			},
			New: object.NewSig("typealias(name, value, *, type_params=())", func(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
				return object.Obj(&typeAlias{Object: object.Object{Shape: &tp.Root}, name: a[0], value: a[1], params: a[2], module: object.None}), nil
			})},
		GetSets: []object.GetSet{
			{Name: "__name__", Get: aget(func(a *typeAlias) Value { return a.name })},
			{Name: "__type_params__", Get: aget(params)}, {Name: "__parameters__", Get: aget(params)},
			{Name: "__module__", Get: aget(func(a *typeAlias) Value { return a.module })},
			{Name: "__value__", Get: func(t *object.Thread, v Value) (Value, *Exception) {
				a := object.As[typeAlias](v)
				return lazy(t, &a.value, &a.fn, object.None)
			}},
		}})
	object.Declare(&GenericType, object.Decl{Name: "typing.Generic",
		Methods: []object.Method{
			{Sig: "__class_getitem__(type, item, /)", Kind: object.ClassMethod, Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return object.NewGenericAlias(a[0], a[1]), nil
			}},
			{Sig: "__init_subclass__(type, /, *args, **kwargs)", Kind: object.ClassMethod, Fn: genericInitSubclass},
		}})
	object.Declare(&noDefaultType, object.Decl{Name: "typing.NoDefaultType", Flags: object.FFinal | object.FNoNew, Layout: object.LayoutOf[object.Object](),
		Slots: object.Slots{Repr: func(t *object.Thread, v Value) (Value, *Exception) { return object.StrVal("typing.NoDefault"), nil }}})
}

var (
	noDefaultType object.Type
	noDefaultObj  = object.Object{Shape: &noDefaultType.Root}
	noDefault     = object.Obj(&noDefaultObj)
)

// genericInitSubclass records __parameters__ of a generic class and passes the rest on.
func genericInitSubclass(t *object.Thread, a []Value) (Value, *Exception) {
	cls := object.As[Type](a[0])
	var params []Value
	if ob := cls.Dict.GetStr(object.N.OrigBases); ob.Ref != nil {
		for _, b := range object.As[object.Tuple](ob).Items {
			p, e := object.LookupAttr(t, b, t.Intern("__parameters__"))
			if e != nil {
				return Value{}, e
			}
			if p.Ref == nil || p.Type().Flags&object.FTuple == 0 {
				continue
			}
			params = append(params, object.As[object.Tuple](p).Items...)
		}
	}
	if e := object.SetAttr(t, a[0], t.Intern("__parameters__"), object.NewTuple(params)); e != nil {
		return Value{}, e
	}
	sup, e := object.NewSuper(t, &GenericType, a[0])
	if e != nil {
		return Value{}, e
	}
	f, e := object.GetAttr(t, sup, object.N.InitSubclass)
	if e != nil {
		return Value{}, e
	}
	_, e = object.CallDict(t, f, object.As[object.Tuple](a[1]).Items, object.As[Dict](a[2]))
	return object.None, e
}
