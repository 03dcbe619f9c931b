package object

// ModuleType is the type of modules.
var ModuleType Type

// Module is a module object.
type Module struct {
	Object
	Dict *Dict
}

// NewModule makes a module with the usual names.
func NewModule(t *Thread, name, doc string) *Module {
	m := &Module{Object{&ModuleType.Root}, NewDict()}
	d := None
	if doc != "" {
		d = StrVal(doc)
	}
	m.Dict.SetStr(t, N.Name, StrVal(name))
	m.Dict.SetStr(t, N.Doc, d)
	m.Dict.SetStr(t, N.Package, None)
	m.Dict.SetStr(t, N.Loader, None)
	m.Dict.SetStr(t, N.Spec, None)
	return m
}

// Set sets a module attribute.
func (m *Module) Set(t *Thread, name string, v Value) { m.Dict.SetStr(t, t.Intern(name), v) }

// ModuleGetAttr is module.__getattribute__, with the module-level __getattr__.
func ModuleGetAttr(t *Thread, v Value, name *Str) (Value, *Exception) {
	m := As[Module](v)
	tp := v.Type()
	d := tp.Lookup(t, name)
	if d.Ref != nil && d.Type().DescrSet != nil && d.Type().DescrGet != nil {
		return d.Type().DescrGet(t, d, v, tp)
	}
	if r := m.Dict.GetStr(name); r.Ref != nil {
		return r, nil
	}
	if d.Ref != nil {
		if get := d.Type().DescrGet; get != nil {
			return get(t, d, v, tp)
		}
		return d, nil
	}
	if hook := m.Dict.GetStr(N.GetAttr); hook.Ref != nil {
		return Call(t, hook, Obj(name))
	}
	return Value{}, m.missing(t, v, name)
}

func (m *Module) missing(t *Thread, v Value, name *Str) *Exception {
	var e *Exception
	if n := m.Dict.GetStr(N.Name); n.Ref != nil && n.Type().Flags&FStr != 0 {
		msg := "module '%s' has no attribute '%s'"
		if moduleInitializing(t, m) {
			msg = "partially initialized module '%s' has no attribute '%s' (most likely due to a circular import)"
		}
		e = AttributeErrorf(t, msg, As[Str](n).S, name.S)
	} else {
		e = AttributeErrorf(t, "module has no attribute '%s'", name.S)
	}
	e.Fields[AttrErrName], e.Fields[AttrErrObj] = Obj(name), v
	return e
}

func moduleInitializing(t *Thread, m *Module) bool {
	spec := m.Dict.GetStr(N.Spec)
	if spec.Ref == nil || spec.IsNone() {
		return false
	}
	v, e := LookupAttr(t, spec, t.Intern("_initializing"))
	if e != nil || v.Ref == nil {
		return false
	}
	ok, _ := Truth(t, v)
	return ok
}

func moduleSetAttr(t *Thread, v Value, name *Str, val Value) *Exception {
	tp := v.Type()
	if d := tp.Lookup(t, name); d.Ref != nil && d.Type().DescrSet != nil {
		return d.Type().DescrSet(t, d, v, val)
	}
	m := As[Module](v)
	if val.Ref != nil {
		return m.Dict.SetStr(t, name, val)
	}
	if !m.Dict.DelStr(name) {
		return m.missing(t, v, name)
	}
	return nil
}

func init() {
	Declare(&ModuleType, Decl{Name: "module", Layout: LayoutOf[Module](), Weak: true,
		Slots: Slots{GetAttr: ModuleGetAttr, SetAttr: moduleSetAttr, Repr: moduleRepr,
			New: func(t *Thread, tp *Type, args []Value, kw []*Str) (Value, *Exception) {
				v, e := tp.Alloc(t)
				if e == nil {
					As[Module](v).Dict = NewDict()
				}
				return v, e
			},
			Init: InitSig("module(name, doc=None)", func(t *Thread, self Value, a []Value) *Exception {
				if a[0].Type().Flags&FStr == 0 {
					return TypeErrorf(t, "module() argument 'name' must be str, not %s", ArgTypeName(a[0]))
				}
				m := As[Module](self)
				*m = Module{m.Object, m.Dict}
				fresh := NewModule(t, As[Str](a[0]).S, "")
				fresh.Dict.SetStr(t, N.Doc, a[1])
				m.Dict = fresh.Dict
				return nil
			})},
		GetSets: []GetSet{
			{Name: "__dict__", Get: wrapperGet(func(v Value) Value { return Obj(As[Module](v).Dict) })},
			{Name: "__annotations__", Get: func(t *Thread, v Value) (Value, *Exception) {
				d := As[Module](v).Dict
				a := d.GetStr(N.Annotations)
				if a.Ref == nil {
					a = Obj(NewDict())
					return a, d.SetStr(t, N.Annotations, a)
				}
				return a, nil
			}, Set: func(t *Thread, v, val Value) *Exception {
				if val.Ref == nil {
					if !As[Module](v).Dict.DelStr(N.Annotations) {
						return AttributeErrorf(t, "__annotations__")
					}
					return nil
				}
				return As[Module](v).Dict.SetStr(t, N.Annotations, val)
			}},
		},
		Methods: []Method{{Sig: "__dir__(self)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			d := As[Module](a[0]).Dict
			if f := d.GetStr(N.Dir); f.Ref != nil {
				return Call(t, f)
			}
			return NewList(d.Keys()), nil
		}}}})
}

func moduleRepr(t *Thread, v Value) (Value, *Exception) {
	m := As[Module](v)
	name := "'?'"
	if n := m.Dict.GetStr(N.Name); n.Ref != nil {
		r, e := Repr(t, n)
		if e != nil {
			return Value{}, e
		}
		name = r.S
	}
	if f := m.Dict.GetStr(N.File); f.Ref != nil && !f.IsNone() {
		r, e := Repr(t, f)
		if e != nil {
			return Value{}, e
		}
		return StrVal("<module " + name + " from " + r.S + ">"), nil
	}
	l := m.Dict.GetStr(N.Loader)
	if l.Ref != nil && l.Type().Flags&FType != 0 && As[Type](l).Name == "BuiltinImporter" {
		return StrVal("<module " + name + " (built-in)>"), nil
	}
	if spec := m.Dict.GetStr(N.Spec); spec.Ref != nil && !spec.IsNone() {
		if o, _ := LookupAttr(t, spec, t.Intern("origin")); o.Ref != nil && o.Type().Flags&FStr != 0 && As[Str](o).S == "built-in" {
			return StrVal("<module " + name + " (built-in)>"), nil
		}
	}
	if l.Ref != nil && !l.IsNone() {
		r, e := Repr(t, l)
		if e != nil {
			return Value{}, e
		}
		return StrVal("<module " + name + " (" + r.S + ")>"), nil
	}
	return StrVal("<module " + name + ">"), nil
}
