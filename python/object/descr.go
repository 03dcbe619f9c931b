package object

import (
	"strings"
	"unsafe"
)

// Types of descriptors and of callables made from builtin functions.
var (
	BuiltinFunctionType  Type // len, and bound builtin methods
	MethodDescrType      Type // list.append
	ClassMethodDescrType Type // dict.fromkeys in dict.__dict__
	SlotWrapperType      Type // int.__add__
	MethodWrapperType    Type // (1).__add__
	GetSetType           Type
	MemberType           Type
	PropertyType         Type
	ClassMethodType      Type
	StaticMethodType     Type
	MethodType           Type
	MappingProxyType     Type
)

// SlotWrapper is a dunder method that a builtin type's slot gives.
type SlotWrapper struct {
	Object
	def   *slotDef
	Owner *Type
	Self  Value // of bound ones
}

// GetSetDescr is a computed attribute of a builtin type.
type GetSetDescr struct {
	Object
	*GetSet
	Owner *Type
}

// MemberDescr is a __slots__ member.
type MemberDescr struct {
	Object
	Name  *Str
	Owner *Type
	Slot  int
}

// Property is a property object.
type Property struct {
	Object
	Attrs
	slots            [2]Value //lint:ignore U1000 room for attributes, reached through Attrs
	FGet, FSet, FDel Value
	DocV, NameV      Value
	getterDoc        bool
}

// ClassMethodObj is classmethod(f).
type ClassMethodObj struct {
	Object
	Attrs
	slots [1]Value //lint:ignore U1000 room for attributes, reached through Attrs
	Fn    Value
}

// StaticMethodObj is staticmethod(f).
type StaticMethodObj struct {
	Object
	Attrs
	slots [1]Value //lint:ignore U1000 room for attributes, reached through Attrs
	Fn    Value
}

// Method is a bound method of a Python-level callable.
type BoundMethod struct {
	Object
	Fn, Self Value
}

// NewBoundMethod binds fn to self.
func NewBoundMethod(fn, self Value) Value {
	return Obj(&BoundMethod{Object: Object{&MethodType.Root}, Fn: fn, Self: self})
}

func callBoundMethod(t *Thread, callee Value, args []Value, kwnames []*Str) (Value, *Exception) {
	m := As[BoundMethod](callee)
	w := t.Window(len(args) + 1)
	w[0] = m.Self
	copy(w[1:], args)
	r, e := CallKw(t, m.Fn, w, kwnames)
	t.Release(w)
	return r, e
}

func bindMethodDescr(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
	if obj.Ref == nil {
		return d, nil
	}
	b := As[Builtin](d)
	if tp := obj.Type(); tp != b.Owner && !tp.IsSubtype(b.Owner) {
		return Value{}, TypeErrorf(t, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", b.Name, b.Owner.Name, tp.Name)
	}
	return bindBuiltin(b, obj), nil
}

func bindBuiltin(b *Builtin, self Value) Value {
	n := &Builtin{Object: Object{&BuiltinFunctionType.Root}, Name: b.Name, Sig: b.Sig, Doc: b.Doc, Fn: b.Fn, Owner: b.Owner,
		Self: self, Module: b.Module, method: true}
	n.sig.Store(b.Signature())
	return Obj(n)
}

func callClassMethodDescr(t *Thread, callee Value, args []Value, kwnames []*Str) (Value, *Exception) {
	b := As[Builtin](callee)
	if len(args)-len(kwnames) == 0 {
		return Value{}, TypeErrorf(t, "unbound method %s.%s() needs an argument", b.Owner.Name, b.Name)
	}
	return b.invoke(t, args, kwnames)
}

func bindSlotWrapper(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
	if obj.Ref == nil {
		return d, nil
	}
	w := As[SlotWrapper](d)
	if tp := obj.Type(); tp != w.Owner && !tp.IsSubtype(w.Owner) {
		return Value{}, TypeErrorf(t, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", w.def.name, w.Owner.Name, tp.Name)
	}
	return Obj(&SlotWrapper{Object{&MethodWrapperType.Root}, w.def, w.Owner, obj}), nil
}

func callSlotWrapper(t *Thread, callee Value, args []Value, kwnames []*Str) (Value, *Exception) {
	w := As[SlotWrapper](callee)
	if len(args)-len(kwnames) == 0 {
		return Value{}, TypeErrorf(t, "descriptor '%s' of '%s' object needs an argument", w.def.name, w.Owner.Name)
	}
	if tp := args[0].Type(); tp != w.Owner && !tp.IsSubtype(w.Owner) {
		return Value{}, TypeErrorf(t, "descriptor '%s' requires a '%s' object but received a '%s'", w.def.name, w.Owner.Name, tp.Name)
	}
	return w.def.call(t, w.Owner, args[0], args[1:], kwnames)
}

func callMethodWrapper(t *Thread, callee Value, args []Value, kwnames []*Str) (Value, *Exception) {
	w := As[SlotWrapper](callee)
	return w.def.call(t, w.Owner, w.Self, args, kwnames)
}

// call runs the slot behind a dunder with self and the other arguments.
func (d *slotDef) call(t *Thread, owner *Type, self Value, args []Value, kwnames []*Str) (Value, *Exception) {
	if d.wrapKw != nil {
		return d.wrapKw(t, owner, self, args, kwnames)
	}
	if len(kwnames) > 0 {
		return Value{}, TypeErrorf(t, "wrapper %s() takes no keyword arguments", d.name)
	}
	n := len(args)
	if n < d.min || n > d.max {
		space := "" // CPython's helper for more than one argument sets an empty function name and a space before the message
		if d.max > 1 || strings.HasSuffix(d.name, "mul__") && owner.Flags&FSequence != 0 {
			space = " "
		}
		if d.min == d.max {
			return Value{}, TypeErrorf(t, "%sexpected %d argument%s, got %d", space, d.min, plural(d.min), n)
		}
		if n > d.max {
			return Value{}, TypeErrorf(t, "%sexpected at most %d arguments, got %d", space, d.max, n)
		}
		return Value{}, TypeErrorf(t, "%sexpected at least %d argument%s, got %d", space, d.min, plural(d.min), n)
	}
	return d.wrap(t, owner, self, args)
}

func getSetGet(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
	if obj.Ref == nil {
		return d, nil
	}
	g := As[GetSetDescr](d)
	if e := checkDescrSelf(t, g.Name, g.Owner, obj); e != nil {
		return Value{}, e
	}
	if g.Get == nil {
		return Value{}, Errorf(t, &AttributeErrorType, "attribute '%s' of '%s' objects is not readable", g.Name, g.Owner.Name)
	}
	return g.Get(t, obj)
}

func checkDescrSelf(t *Thread, name string, owner *Type, obj Value) *Exception {
	if tp := obj.Type(); tp != owner && !tp.IsSubtype(owner) {
		return TypeErrorf(t, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", name, owner.Name, tp.Name)
	}
	return nil
}

// memberNames are the attributes that are members of a C struct in CPython, by type: storing to one has a wording of its own.
var memberNames = map[string]map[string]bool{
	"function":           nameSet("__builtins__ __closure__ __globals__"),
	"method":             nameSet("__func__ __self__"),
	"slice":              nameSet("start stop step"),
	"range":              nameSet("start stop step"),
	"complex":            nameSet("real imag"),
	"property":           nameSet("fget fset fdel"),
	"super":              nameSet("__self__ __self_class__ __thisclass__"),
	"classmethod":        nameSet("__func__ __wrapped__"),
	"staticmethod":       nameSet("__func__ __wrapped__"),
	"traceback":          nameSet("tb_frame tb_lasti"),
	"getset_descriptor":  nameSet("__name__ __objclass__"),
	"wrapper_descriptor": nameSet("__name__ __objclass__"),
	"method_descriptor":  nameSet("__name__ __objclass__"),
	"types.GenericAlias": nameSet("__args__ __origin__ __unpacked__"),
	"async_generator":    nameSet("ag_running"),
	"coroutine":          nameSet("cr_origin"),
	"code": nameSet("co_argcount co_consts co_filename co_firstlineno co_flags co_kwonlyargcount co_name co_names co_nlocals co_posonlyargcount " +
		"co_qualname co_stacksize"),
}

func nameSet(list string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(list) {
		m[n] = true
	}
	return m
}

func getSetSet(t *Thread, d, obj, val Value) *Exception {
	g := As[GetSetDescr](d)
	if e := checkDescrSelf(t, g.Name, g.Owner, obj); e != nil {
		return e
	}
	if g.Set == nil && memberNames[g.Owner.Name][g.Name] {
		return Errorf(t, &AttributeErrorType, "readonly attribute")
	}
	if g.Set == nil {
		return Errorf(t, &AttributeErrorType, "attribute '%s' of '%s' objects is not writable", g.Name, g.Owner.Name)
	}
	return g.Set(t, obj, val)
}

func memberGet(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
	if obj.Ref == nil {
		return d, nil
	}
	m := As[MemberDescr](d)
	if e := checkDescrSelf(t, m.Name.S, m.Owner, obj); e != nil {
		return Value{}, e
	}
	tp := obj.Type()
	if v := m.load(obj, tp); v.Ref != nil {
		return v, nil
	}
	return Value{}, NoAttribute(t, obj, m.Name)
}

func (m *MemberDescr) load(obj Value, tp *Type) Value {
	if m.Slot >= tp.NInline {
		x := attrsOf(obj, tp).Ext
		if x == nil || len(x.Over) <= m.Slot-tp.NInline {
			return Value{}
		}
	}
	return *SlotPtr(obj, tp, m.Slot)
}

func memberSet(t *Thread, d, obj, val Value) *Exception {
	m := As[MemberDescr](d)
	if e := checkDescrSelf(t, m.Name.S, m.Owner, obj); e != nil {
		return e
	}
	tp := obj.Type()
	if val.Ref == nil && m.load(obj, tp).Ref == nil {
		return AttributeErrorf(t, "%s", m.Name.S)
	}
	*growSlot(obj, tp, m.Slot) = val
	return nil
}

func propertyGet(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
	if obj.Ref == nil || obj.IsNone() && owner != &NoneType {
		return d, nil
	}
	p := As[Property](d)
	if p.FGet.Ref == nil || p.FGet.IsNone() {
		return Value{}, p.missing(t, obj, "getter")
	}
	w := t.Window(1)
	w[0] = obj
	r, e := CallKw(t, p.FGet, w, nil)
	t.Release(w)
	return r, e
}

func (p *Property) missing(t *Thread, obj Value, what string) *Exception {
	name := p.name(t)
	if name == "" {
		return Errorf(t, &AttributeErrorType, "property of '%s' object has no %s", obj.Type().QualName, what)
	}
	return Errorf(t, &AttributeErrorType, "property %s of '%s' object has no %s", name, obj.Type().QualName, what)
}

func (p *Property) name(t *Thread) string {
	n := p.NameV
	if n.Ref == nil && p.FGet.Ref != nil {
		n, _ = LookupAttr(t, p.FGet, N.Name)
	}
	if n.Ref == nil {
		return ""
	}
	r, e := Repr(t, n)
	if e != nil {
		return ""
	}
	return r.S
}

func propertySet(t *Thread, d, obj, val Value) *Exception {
	p := As[Property](d)
	f, what := p.FSet, "setter"
	if val.Ref == nil {
		f, what = p.FDel, "deleter"
	}
	if f.Ref == nil || f.IsNone() {
		return p.missing(t, obj, what)
	}
	var e *Exception
	if val.Ref == nil {
		_, e = Call(t, f, obj)
	} else {
		_, e = Call(t, f, obj, val)
	}
	return e
}

func orNone(v Value) Value {
	if v.Ref == nil {
		return None
	}
	return v
}

func (p *Property) with(t *Thread, self, get, set, del Value) (Value, *Exception) {
	pick := func(n, old Value) Value {
		if n.Ref == nil || n.IsNone() {
			return orNone(old)
		}
		return n
	}
	get2 := pick(get, p.FGet)
	doc := orNone(p.DocV)
	if p.getterDoc && get2.Ref != nil && !get2.IsNone() {
		doc = None
	}
	r, e := Call(t, self.Type().Value(), get2, pick(set, p.FSet), pick(del, p.FDel), doc)
	if e == nil && r.Type().IsSubtype(&PropertyType) {
		As[Property](r).NameV = p.NameV
	}
	return r, e
}

func initProperty(t *Thread, self Value, a []Value) *Exception {
	p := As[Property](self)
	p.FGet, p.FSet, p.FDel, p.DocV, p.NameV, p.getterDoc = a[0], a[1], a[2], a[3], Value{}, false
	if p.DocV.IsNone() && p.FGet.Ref != nil && !p.FGet.IsNone() {
		doc, e := LookupAttr(t, p.FGet, N.Doc)
		if e != nil {
			return e
		}
		if doc.Ref != nil && !doc.IsNone() {
			p.DocV, p.getterDoc = doc, true
		}
	}
	if self.Type() == &PropertyType {
		return nil
	}
	// The class's own __doc__ would hide the property's: it goes to the instance. Where there is no room for it a doc that was given
	// is dropped, one that comes from the getter is an error.
	e := SetAttr(t, self, N.Doc, orNone(p.DocV))
	if e != nil && !p.getterDoc && e.IsA(&AttributeErrorType) {
		return nil
	}
	return e
}

func wrapperGet(fn func(v Value) Value) UnaryFunc {
	return func(t *Thread, v Value) (Value, *Exception) { return fn(v), nil }
}

// copyWrapped copies the descriptive attributes of a wrapped function, as functools.update_wrapper does.
func copyWrapped(t *Thread, self, fn Value) *Exception {
	for _, n := range []*Str{N.Module, N.Name, N.QualName, N.Doc, N.Annotations} {
		v, e := LookupAttr(t, fn, n)
		if e != nil {
			return e
		}
		if v.Ref != nil {
			if e := StoreInstanceAttr(t, self, self.Type(), n, v); e != nil {
				return e
			}
		}
	}
	return StoreInstanceAttr(t, self, self.Type(), N.Wrapped, fn)
}

func isAbstractGet(get func(v Value) []Value) UnaryFunc {
	return func(t *Thread, v Value) (Value, *Exception) {
		for _, f := range get(v) {
			if f.Ref == nil {
				continue
			}
			a, e := LookupAttr(t, f, N.IsAbstract)
			if e != nil {
				return Value{}, e
			}
			if a.Ref != nil {
				if ok, e := Truth(t, a); e != nil || ok {
					return True, e
				}
			}
		}
		return False, nil
	}
}

func dictGetSet() GetSet {
	return GetSet{Name: "__dict__", Get: func(t *Thread, v Value) (Value, *Exception) {
		return Obj(InstanceDict(v, v.Type())), nil
	}, Set: setDictAttr}
}

func setDictAttr(t *Thread, v, val Value) *Exception {
	if val.Ref == nil {
		SetInstanceDict(v, v.Type(), NewDict())
		return nil
	}
	if val.Type().Flags&FDict == 0 {
		return TypeErrorf(t, "__dict__ must be set to a dictionary, not a '%s'", val.Type().Name)
	}
	SetInstanceDict(v, v.Type(), As[Dict](val))
	return nil
}

func builtinQualName(b *Builtin) string {
	if b.Owner != nil {
		return b.Owner.QualName + "." + b.Name
	}
	if b.Self.Ref != nil && b.Self.Type().Flags&FType != 0 {
		return As[Type](b.Self).QualName + "." + b.Name
	}
	return b.Name
}

func textSignature(b *Builtin) Value {
	if b.Sig == "" {
		return None
	}
	s := b.Sig
	if b.method && len(s) > 1 {
		s = "($" + s[1:]
	}
	return StrVal(s)
}

func builtinGetSets() []GetSet {
	return []GetSet{
		{Name: "__name__", Get: wrapperGet(func(v Value) Value { return StrVal(As[Builtin](v).Name) })},
		{Name: "__qualname__", Get: wrapperGet(func(v Value) Value { return StrVal(builtinQualName(As[Builtin](v))) })},
		{Name: "__doc__", Get: wrapperGet(func(v Value) Value {
			if d := As[Builtin](v).Doc; d != "" {
				return StrVal(d)
			}
			return None
		})},
		{Name: "__text_signature__", Get: wrapperGet(func(v Value) Value { return textSignature(As[Builtin](v)) })},
	}
}

func init() {
	Declare(&BuiltinFunctionType, Decl{Name: "builtin_function_or_method", Flags: FFinal | FNoNew, Layout: LayoutOf[Builtin](),
		Slots: Slots{Call: callBuiltin, Repr: func(t *Thread, v Value) (Value, *Exception) {
			b := As[Builtin](v)
			if b.Self.Ref == nil {
				return StrVal("<built-in function " + b.Name + ">"), nil
			}
			return StrVal("<built-in method " + b.Name + " of " + b.Self.Type().Name + " object at " + Addr(b.Self) + ">"), nil
		}, Compare: func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
			if b.Type() != &BuiltinFunctionType || op != CmpEq && op != CmpNe {
				return NotImplemented, nil
			}
			x, y := As[Builtin](a), As[Builtin](b)
			same := x == y || x.Self.Ref != nil && Is(x.Self, y.Self) && x.Name == y.Name && x.Owner == y.Owner
			return Bool(same == (op == CmpEq)), nil
		}, Hash: func(t *Thread, v Value) (int64, *Exception) {
			b := As[Builtin](v)
			if b.Self.Ref != nil {
				return int64(ID(b.Self)>>4) ^ StrHash(b.Name), nil
			}
			return int64(uintptr(unsafe.Pointer(b)) >> 4), nil
		}},
		GetSets: append(builtinGetSets(), GetSet{Name: "__self__", Get: wrapperGet(func(v Value) Value { return orNone(As[Builtin](v).Self) })},
			GetSet{Name: "__module__", Get: wrapperGet(func(v Value) Value {
				if m := As[Builtin](v).Module; m != nil {
					return Obj(m)
				}
				return None
			})}), Weak: true, Methods: []Method{{Sig: "__reduce__(self, /)", Fn: builtinReduce}}})
	methodRepr := func(t *Thread, v Value) (Value, *Exception) {
		b := As[Builtin](v)
		return StrVal("<method '" + b.Name + "' of '" + b.Owner.Name + "' objects>"), nil
	}
	objclass := GetSet{Name: "__objclass__", Get: wrapperGet(func(v Value) Value { return As[Builtin](v).Owner.Value() })}
	Declare(&MethodDescrType, Decl{Name: "method_descriptor", Flags: FFinal | FNoNew | FMethodLike, Layout: LayoutOf[Builtin](),
		Slots:   Slots{Call: callMethodDescr, DescrGet: bindMethodDescr, Repr: methodRepr},
		GetSets: append(builtinGetSets(), objclass), Methods: []Method{{Sig: "__reduce__(self, /)", Fn: builtinReduce}}})
	Declare(&ClassMethodDescrType, Decl{Name: "classmethod_descriptor", Flags: FFinal | FNoNew, Layout: LayoutOf[Builtin](),
		Slots: Slots{Call: callClassMethodDescr, Repr: methodRepr, DescrGet: func(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
			return bindBuiltin(As[Builtin](d), owner.Value()), nil
		}},
		GetSets: append(builtinGetSets(), objclass), Methods: []Method{{Sig: "__reduce__(self, /)", Fn: builtinReduce}}})
	slotGetSets := []GetSet{
		{Name: "__name__", Get: wrapperGet(func(v Value) Value { return StrVal(As[SlotWrapper](v).def.name) })},
		{Name: "__qualname__", Get: wrapperGet(func(v Value) Value {
			return StrVal(As[SlotWrapper](v).Owner.QualName + "." + As[SlotWrapper](v).def.name)
		})},
		{Name: "__objclass__", Get: wrapperGet(func(v Value) Value { return As[SlotWrapper](v).Owner.Value() })},
		{Name: "__doc__", Get: wrapperGet(func(v Value) Value { return None })},
		{Name: "__text_signature__", Get: wrapperGet(func(v Value) Value { return StrVal(As[SlotWrapper](v).def.sig) })},
	}
	Declare(&SlotWrapperType, Decl{Name: "wrapper_descriptor", Flags: FFinal | FNoNew | FMethodLike, Layout: LayoutOf[SlotWrapper](),
		Slots: Slots{Call: callSlotWrapper, DescrGet: bindSlotWrapper, Repr: func(t *Thread, v Value) (Value, *Exception) {
			w := As[SlotWrapper](v)
			return StrVal("<slot wrapper '" + w.def.name + "' of '" + w.Owner.Name + "' objects>"), nil
		}}, GetSets: slotGetSets, Methods: []Method{{Sig: "__reduce__(self, /)", Fn: slotReduce}}})
	Declare(&MethodWrapperType, Decl{Name: "method-wrapper", Flags: FFinal | FNoNew, Layout: LayoutOf[SlotWrapper](),
		Slots: Slots{Call: callMethodWrapper, Repr: func(t *Thread, v Value) (Value, *Exception) {
			w := As[SlotWrapper](v)
			return StrVal("<method-wrapper '" + w.def.name + "' of " + w.Self.Type().Name + " object at " + Addr(w.Self) + ">"), nil
		}, Compare: func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
			if b.Type() != &MethodWrapperType || op != CmpEq && op != CmpNe {
				return NotImplemented, nil
			}
			x, y := As[SlotWrapper](a), As[SlotWrapper](b)
			return Bool((x.def == y.def && Is(x.Self, y.Self)) == (op == CmpEq)), nil
		}, Hash: func(t *Thread, v Value) (int64, *Exception) {
			w := As[SlotWrapper](v)
			return int64(ID(w.Self)>>4) ^ StrHash(w.def.name), nil
		}},
		GetSets: append(slotGetSets, GetSet{Name: "__self__", Get: wrapperGet(func(v Value) Value { return As[SlotWrapper](v).Self })}),
		Methods: []Method{{Sig: "__reduce__(self, /)", Fn: slotReduce}}})
	Declare(&GetSetType, Decl{Name: "getset_descriptor", Flags: FFinal | FNoNew, Layout: LayoutOf[GetSetDescr](),
		Slots: Slots{DescrGet: getSetGet, DescrSet: getSetSet, Repr: func(t *Thread, v Value) (Value, *Exception) {
			g := As[GetSetDescr](v)
			return StrVal("<attribute '" + g.Name + "' of '" + g.Owner.Name + "' objects>"), nil
		}},
		GetSets: []GetSet{
			{Name: "__name__", Get: wrapperGet(func(v Value) Value { return StrVal(As[GetSetDescr](v).Name) })},
			{Name: "__qualname__", Get: wrapperGet(func(v Value) Value { return StrVal(As[GetSetDescr](v).Owner.QualName + "." + As[GetSetDescr](v).Name) })},
			{Name: "__objclass__", Get: wrapperGet(func(v Value) Value { return As[GetSetDescr](v).Owner.Value() })},
			{Name: "__doc__", Get: wrapperGet(func(v Value) Value {
				if d := As[GetSetDescr](v).Doc; d != "" {
					return StrVal(d)
				}
				return None
			})},
		}})
	Declare(&MemberType, Decl{Name: "member_descriptor", Flags: FFinal | FNoNew, Layout: LayoutOf[MemberDescr](),
		Slots: Slots{DescrGet: memberGet, DescrSet: memberSet, Repr: func(t *Thread, v Value) (Value, *Exception) {
			m := As[MemberDescr](v)
			return StrVal("<member '" + m.Name.S + "' of '" + m.Owner.Name + "' objects>"), nil
		}},
		GetSets: []GetSet{
			{Name: "__name__", Get: wrapperGet(func(v Value) Value { return Obj(As[MemberDescr](v).Name) })},
			{Name: "__qualname__", Get: wrapperGet(func(v Value) Value {
				return StrVal(As[MemberDescr](v).Owner.QualName + "." + As[MemberDescr](v).Name.S)
			})},
			{Name: "__objclass__", Get: wrapperGet(func(v Value) Value { return As[MemberDescr](v).Owner.Value() })},
			{Name: "__doc__", Get: wrapperGet(func(v Value) Value { return None })},
		}})
	declareProperty()
	declareMethodKinds()
}

// builtinReduce pickles a function by its name, a method as an attribute of its object or class.
func builtinReduce(t *Thread, a []Value) (Value, *Exception) {
	b := As[Builtin](a[0])
	name := StrVal(b.Name)
	switch {
	case b.Self.Ref != nil && b.Self.Type() != &ModuleType:
		return TupleOf(builtinFunc(t, "getattr"), TupleOf(b.Self, name)), nil
	case a[0].Type() != &BuiltinFunctionType:
		return TupleOf(builtinFunc(t, "getattr"), TupleOf(b.Owner.Value(), name)), nil
	}
	return name, nil
}

func slotReduce(t *Thread, a []Value) (Value, *Exception) {
	w := As[SlotWrapper](a[0])
	from := w.Owner.Value()
	if w.Self.Ref != nil {
		from = w.Self
	}
	return TupleOf(builtinFunc(t, "getattr"), TupleOf(from, StrVal(w.def.name))), nil
}

func declareProperty() {
	var z Property
	propField := func(name string, f func(p *Property) *Value) GetSet {
		return GetSet{Name: name, Get: wrapperGet(func(v Value) Value { return orNone(*f(As[Property](v))) })}
	}
	Declare(&PropertyType, Decl{Name: "property", Layout: LayoutWithAttrs[Property](unsafe.Offsetof(z.Attrs), 2),
		Doc: "Property attribute.",
		Slots: Slots{DescrGet: propertyGet, DescrSet: propertySet,
			New:  func(t *Thread, tp *Type, args []Value, kw []*Str) (Value, *Exception) { return tp.Alloc(t) },
			Init: InitSig("property(fget=None, fset=None, fdel=None, doc=None)", initProperty)},
		GetSets: []GetSet{
			propField("fget", func(p *Property) *Value { return &p.FGet }),
			propField("fset", func(p *Property) *Value { return &p.FSet }),
			propField("fdel", func(p *Property) *Value { return &p.FDel }),
			{Name: "__doc__", Get: wrapperGet(func(v Value) Value { return orNone(As[Property](v).DocV) }),
				Set: func(t *Thread, v, val Value) *Exception { As[Property](v).DocV = val; return nil }},
			{Name: "__name__", Get: func(t *Thread, v Value) (Value, *Exception) {
				p := As[Property](v)
				if p.NameV.Ref != nil {
					return p.NameV, nil
				}
				if p.FGet.Ref != nil && !p.FGet.IsNone() {
					if n, e := LookupAttr(t, p.FGet, N.Name); e != nil || n.Ref != nil {
						return n, e
					}
				}
				return Value{}, NoAttribute(t, v, N.Name)
			}, Set: func(t *Thread, v, val Value) *Exception { As[Property](v).NameV = val; return nil }},
			{Name: "__isabstractmethod__", Get: isAbstractGet(func(v Value) []Value {
				p := As[Property](v)
				return []Value{p.FGet, p.FSet, p.FDel}
			})},
		},
		Methods: []Method{
			{Sig: "getter(self, fget, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return As[Property](a[0]).with(t, a[0], a[1], Value{}, Value{})
			}},
			{Sig: "setter(self, fset, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return As[Property](a[0]).with(t, a[0], Value{}, a[1], Value{})
			}},
			{Sig: "deleter(self, fdel, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return As[Property](a[0]).with(t, a[0], Value{}, Value{}, a[1])
			}},
			{Sig: "__set_name__(self, *args)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				args := As[Tuple](a[1]).Items
				if len(args) != 2 {
					return Value{}, TypeErrorf(t, "__set_name__() takes 2 positional arguments but %d were given", len(args))
				}
				As[Property](a[0]).NameV = args[1]
				return None, nil
			}},
		}})
}

func wrapInit(name string, field func(v Value) *Value) InitFunc {
	return InitSig(name+"(function, /)", func(t *Thread, self Value, a []Value) *Exception {
		*field(self) = a[0]
		return copyWrapped(t, self, a[0])
	})
}

func declareMethodKinds() {
	cmFn := func(v Value) *Value { return &As[ClassMethodObj](v).Fn }
	smFn := func(v Value) *Value { return &As[StaticMethodObj](v).Fn }
	alloc := func(t *Thread, tp *Type, args []Value, kw []*Str) (Value, *Exception) { return tp.Alloc(t) }
	fnGetSets := func(f func(v Value) *Value) []GetSet {
		get := wrapperGet(func(v Value) Value { return orNone(*f(v)) })
		return []GetSet{{Name: "__func__", Get: get}, {Name: "__wrapped__", Get: get}, dictGetSet(),
			{Name: "__isabstractmethod__", Get: isAbstractGet(func(v Value) []Value { return []Value{*f(v)} })}}
	}
	wrapRepr := func(name string, f func(v Value) *Value) UnaryFunc {
		return func(t *Thread, v Value) (Value, *Exception) {
			r, e := Repr(t, *f(v))
			if e != nil {
				return Value{}, e
			}
			return StrVal("<" + name + "(" + r.S + ")>"), nil
		}
	}
	var zc ClassMethodObj
	Declare(&ClassMethodType, Decl{Name: "classmethod", Dict: true, Layout: LayoutWithAttrs[ClassMethodObj](unsafe.Offsetof(zc.Attrs), 1),
		Slots: Slots{New: alloc, Init: wrapInit("classmethod", cmFn), Repr: wrapRepr("classmethod", cmFn),
			DescrGet: func(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
				return NewBoundMethod(*cmFn(d), owner.Value()), nil
			}}, GetSets: fnGetSets(cmFn)})
	var zs StaticMethodObj
	Declare(&StaticMethodType, Decl{Name: "staticmethod", Dict: true, Layout: LayoutWithAttrs[StaticMethodObj](unsafe.Offsetof(zs.Attrs), 1),
		Slots: Slots{New: alloc, Init: wrapInit("staticmethod", smFn), Repr: wrapRepr("staticmethod", smFn),
			Call: func(t *Thread, v Value, args []Value, kw []*Str) (Value, *Exception) {
				return CallKw(t, *smFn(v), args, kw)
			},
			DescrGet: func(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
				return *smFn(d), nil
			}}, GetSets: fnGetSets(smFn)})
	Declare(&MethodType, Decl{Name: "method", Flags: FFinal, Layout: LayoutOf[BoundMethod](), Weak: true,
		Slots: Slots{Call: callBoundMethod, Repr: methodRepr, GetAttr: methodGetAttr,
			New: NewSig("method(function, instance, /)", func(t *Thread, tp *Type, a []Value) (Value, *Exception) {
				if !Callable(a[0]) {
					return Value{}, TypeErrorf(t, "first argument must be callable")
				}
				if a[1].IsNone() {
					return Value{}, TypeErrorf(t, "instance must not be None")
				}
				return NewBoundMethod(a[0], a[1]), nil
			}),
			DescrGet: func(t *Thread, d, obj Value, owner *Type) (Value, *Exception) { return d, nil },
			Hash: func(t *Thread, v Value) (int64, *Exception) {
				m := As[BoundMethod](v)
				h, e := Hash(t, m.Fn)
				return h ^ int64(ID(m.Self)>>4), e
			},
			Compare: func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
				if b.Type() != &MethodType || op != CmpEq && op != CmpNe {
					return NotImplemented, nil
				}
				x, y := As[BoundMethod](a), As[BoundMethod](b)
				eq, e := Equal(t, x.Fn, y.Fn)
				return Bool((eq && Is(x.Self, y.Self)) == (op == CmpEq)), e
			}},
		GetSets: []GetSet{
			{Name: "__func__", Get: wrapperGet(func(v Value) Value { return As[BoundMethod](v).Fn })},
			{Name: "__self__", Get: wrapperGet(func(v Value) Value { return As[BoundMethod](v).Self })},
			{Name: "__doc__", Get: func(t *Thread, v Value) (Value, *Exception) { return GetAttr(t, As[BoundMethod](v).Fn, N.Doc) }},
		}})
}

func methodGetAttr(t *Thread, v Value, name *Str) (Value, *Exception) {
	if d := MethodType.Lookup(t, name); d.Ref != nil {
		return GenericGetAttr(t, v, name)
	}
	r, e := GetAttr(t, As[BoundMethod](v).Fn, name)
	if e != nil && e.IsA(&AttributeErrorType) {
		return Value{}, NoAttribute(t, v, name)
	}
	return r, e
}

func methodRepr(t *Thread, v Value) (Value, *Exception) {
	m := As[BoundMethod](v)
	name := "?"
	for _, n := range []*Str{N.QualName, N.Name} {
		q, e := LookupAttr(t, m.Fn, n)
		if e != nil {
			return Value{}, e
		}
		if q.Ref != nil && q.Type().Flags&FStr != 0 {
			name = As[Str](q).S
			break
		}
	}
	r, e := Repr(t, m.Self)
	if e != nil {
		return Value{}, e
	}
	return StrVal("<bound method " + name + " of " + r.S + ">"), nil
}
