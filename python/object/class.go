package object

import (
	"strings"
)

// TypeType is type.
var TypeType Type

func init() {
	Declare(&TypeType, Decl{Name: "type", Flags: FType, Layout: LayoutOf[Type](), Weak: true,
		Slots: Slots{GetAttr: TypeGetAttr, SetAttr: TypeSetAttr, Call: typeCall, Repr: typeRepr, New: typeNew, Init: typeInit,
			Bin: [NumBinOps]BinaryFunc{OpOr: typeOr}},
		GetSets: []GetSet{
			{Name: "__name__", Get: wrapperGet(func(v Value) Value { return StrVal(As[Type](v).BareName()) }), Set: setTypeName},
			{Name: "__qualname__", Get: wrapperGet(func(v Value) Value { return StrVal(As[Type](v).QualName) }), Set: setTypeQualName},
			{Name: "__module__", Get: getTypeModule, Set: typeDictSet("__module__")},
			{Name: "__doc__", Get: getTypeDoc, Set: typeDictSet("__doc__")},
			{Name: "__dict__", Get: wrapperGet(func(v Value) Value { return NewMappingProxy(Obj(As[Type](v).Dict)) })},
			{Name: "__bases__", Get: wrapperGet(func(v Value) Value { return typeTuple(As[Type](v).Bases) }), Set: setTypeBases},
			{Name: "__base__", Get: wrapperGet(func(v Value) Value {
				if b := As[Type](v).Base; b != nil {
					return b.Value()
				}
				return None
			})},
			{Name: "__mro__", Get: wrapperGet(func(v Value) Value { return typeTuple(As[Type](v).MRO) })},
			{Name: "__flags__", Get: wrapperGet(func(v Value) Value { return Int(cpythonFlags(As[Type](v))) })},
			{Name: "__basicsize__", Get: wrapperGet(func(v Value) Value { return Int(16) })},
			{Name: "__itemsize__", Get: wrapperGet(func(v Value) Value { return Int(0) })},
			{Name: "__dictoffset__", Get: wrapperGet(func(v Value) Value { return Int(int64(As[Type](v).AttrOff)) })},
			{Name: "__weakrefoffset__", Get: wrapperGet(func(v Value) Value { return Int(0) })},
			{Name: "__text_signature__", Get: wrapperGet(func(v Value) Value { return None })},
			{Name: "__abstractmethods__", Get: getAbstract, Set: setAbstract},
			{Name: "__annotations__", Get: getTypeAnnotations, Set: setTypeAnnotations},
			{Name: "__type_params__", Get: func(t *Thread, v Value) (Value, *Exception) {
				if tp := As[Type](v); tp.Flags&FHeap != 0 && tp.Dict.HasStr(N.TypeParams) {
					return tp.Dict.GetStr(N.TypeParams), nil
				}
				return EmptyTuple, nil
			}, Set: typeDictSet("__type_params__")},
		},
		Methods: []Method{
			{Sig: "mro(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				tp := As[Type](a[0])
				m := mergeMRO(tp, tp.Bases)
				if m == nil {
					return Value{}, mroError(t, tp.Bases)
				}
				return NewList(As[Tuple](typeTuple(m)).Items), nil
			}},
			{Sig: "__subclasses__(self, /)", Fn: typeSubclasses},
			{Sig: "__prepare__(type, /, *args, **kwargs)", Kind: ClassMethod, Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return Obj(NewDict()), nil
			}},
			{Sig: "__instancecheck__(self, instance, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				ok, e := RecursiveIsInstance(t, a[1], a[0])
				return Bool(ok), e
			}},
			{Sig: "__subclasscheck__(self, subclass, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				ok, e := RecursiveIsSubclass(t, a[1], a[0])
				return Bool(ok), e
			}},
			{Sig: "__dir__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				names := map[string]bool{}
				mergeDir(names, As[Type](a[0]))
				return namesToList(names), nil
			}},
			{Sig: "__sizeof__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return Int(904), nil }},
		},
	})
}

// addNew gives a builtin type its __new__.
func (tp *Type) addNew() {
	if tp.Slots.New == nil || tp.Dict.HasStr(N.New) || !tp.ownNew {
		return
	}
	b := &Builtin{Object: Object{&BuiltinFunctionType.Root}, Name: "__new__", Sig: "(*args, **kwargs)", Owner: tp}
	tp.Dict.SetStr(nil, N.New, Obj(&StaticMethodObj{Object: Object{&StaticMethodType.Root}, Fn: Obj(b)}))
}

// sameNew says whether two types make instances by the same builtin slot.
func sameNew(a, b *Type) bool { return newOwner(a) == newOwner(b) }

// newOwner is the type whose __new__ makes a type's instances.
func newOwner(tp *Type) *Type {
	for _, x := range tp.MRO {
		if x.Flags&FHeap == 0 && x.ownNew {
			return x
		}
		if x.Flags&FHeap != 0 && x.Dict.HasStr(N.New) {
			return x
		}
	}
	return nil
}

// newInPython says whether instances are made by a __new__ written in Python.
func newInPython(tp *Type) bool {
	owner := newOwner(tp)
	return owner != nil && owner.Flags&FHeap != 0
}

// callNew is type.__new__'s wrapper: B.__new__(cls, ...).
func callNew(t *Thread, b *Builtin, args []Value, kwnames []*Str) (Value, *Exception) {
	owner := b.Owner
	if len(args)-len(kwnames) == 0 {
		return Value{}, TypeErrorf(t, "%s.__new__(): not enough arguments", owner.Name)
	}
	if args[0].Type().Flags&FType == 0 {
		return Value{}, TypeErrorf(t, "%s.__new__(X): X is not a type object (%s)", owner.Name, args[0].Type().Name)
	}
	sub := As[Type](args[0])
	if !sub.IsSubtype(owner) {
		return Value{}, TypeErrorf(t, "%s.__new__(%s): %s is not a subtype of %s", owner.Name, sub.Name, sub.Name, owner.Name)
	}
	safe := sub // the first base that does not make its instances in Python
	for safe != nil && safe.Flags&FHeap != 0 && newInPython(safe) {
		safe = safe.Base
	}
	base := safe
	for base != nil && base.Flags&FHeap != 0 {
		base = base.Base
	}
	if base != nil && base != owner && !sameNew(base, owner) {
		return Value{}, TypeErrorf(t, "%s.__new__(%s) is not safe, use %s.__new__()", owner.Name, sub.Name, safe.Name)
	}
	return owner.Slots.New(t, sub, args[1:], kwnames)
}

func typeTuple(list []*Type) Value {
	items := make([]Value, len(list))
	for i, x := range list {
		items[i] = x.Value()
	}
	return NewTuple(items)
}

func cpythonFlags(tp *Type) int64 {
	f := int64(1<<12 | 1<<18)
	for _, p := range []struct {
		ours Flags
		bit  uint
	}{{FInt, 24}, {FList, 25}, {FTuple, 26}, {FBytes, 27}, {FStr, 28}, {FDict, 29}, {FException, 30}, {FType, 31},
		{FHeap, 9}, {FAbstract, 20}, {FSequence, 5}, {FMapping, 6}, {FImmutable, 8}} {
		if tp.Flags&p.ours != 0 {
			f |= 1 << p.bit
		}
	}
	if tp.Flags&FFinal == 0 {
		f |= 1 << 10
	}
	return f
}

// TypeGetAttr is type.__getattribute__.
func TypeGetAttr(t *Thread, v Value, name *Str) (Value, *Exception) {
	tp := As[Type](v)
	meta := v.Type()
	md := meta.Lookup(t, name)
	if md.Ref != nil {
		if dt := md.Type(); dt.DescrSet != nil && dt.DescrGet != nil {
			return dt.DescrGet(t, md, v, meta)
		}
	}
	if d := tp.Lookup(t, name); d.Ref != nil {
		if get := d.Type().DescrGet; get != nil {
			return get(t, d, Value{}, tp)
		}
		return d, nil
	}
	if md.Ref != nil {
		if get := md.Type().DescrGet; get != nil {
			return get(t, md, v, meta)
		}
		return md, nil
	}
	e := AttributeErrorf(t, "type object '%s' has no attribute '%s'", tp.Name, name.S)
	e.Fields[AttrErrName], e.Fields[AttrErrObj] = Obj(name), v
	return Value{}, e
}

// TypeSetAttr is type.__setattr__ and __delattr__.
func TypeSetAttr(t *Thread, v Value, name *Str, val Value) *Exception {
	tp := As[Type](v)
	if tp.Flags&FImmutable != 0 {
		return TypeErrorf(t, "cannot set '%s' attribute of immutable type '%s'", name.S, tp.Name)
	}
	if d := v.Type().Lookup(t, name); d.Ref != nil {
		if set := d.Type().DescrSet; set != nil {
			return set(t, d, v, val)
		}
	}
	if val.Ref != nil {
		if e := tp.Dict.SetStr(t, name, val); e != nil {
			return e
		}
	} else if !tp.Dict.DelStr(name) {
		e := AttributeErrorf(t, "type object '%s' has no attribute '%s'", tp.Name, name.S)
		e.Fields[AttrErrName], e.Fields[AttrErrObj] = Obj(name), v
		return e
	}
	tp.Modified(t)
	if strings.HasPrefix(name.S, "__") {
		tp.slotsChanged(t, name.S)
	}
	return nil
}

func typeRepr(t *Thread, v Value) (Value, *Exception) {
	return StrVal("<class '" + As[Type](v).FullName() + "'>"), nil
}

func setTypeName(t *Thread, v, val Value) *Exception {
	tp := As[Type](v)
	if e := checkSetType(t, tp, val, "__name__"); e != nil {
		return e
	}
	if val.Type().Flags&FStr == 0 {
		return TypeErrorf(t, "can only assign string to %s.__name__, not '%s'", tp.Name, val.Type().Name)
	}
	if strings.IndexByte(As[Str](val).S, 0) >= 0 {
		return ValueErrorf(t, "type name must not contain null characters")
	}
	tp.Name = As[Str](val).S
	return nil
}

func setTypeQualName(t *Thread, v, val Value) *Exception {
	tp := As[Type](v)
	if e := checkSetType(t, tp, val, "__qualname__"); e != nil {
		return e
	}
	if val.Type().Flags&FStr == 0 {
		return TypeErrorf(t, "can only assign string to %s.__qualname__, not '%s'", tp.Name, val.Type().Name)
	}
	tp.QualName = As[Str](val).S
	return nil
}

func checkSetType(t *Thread, tp *Type, val Value, name string) *Exception {
	if tp.Flags&FImmutable != 0 {
		return TypeErrorf(t, "cannot set '%s' attribute of immutable type '%s'", name, tp.Name)
	}
	if val.Ref == nil {
		return TypeErrorf(t, "cannot delete '%s' attribute of type '%s'", name, tp.Name)
	}
	return nil
}

func typeDictSet(name string) func(t *Thread, v, val Value) *Exception {
	n := NameStr(name)
	return func(t *Thread, v, val Value) *Exception {
		tp := As[Type](v)
		if e := checkSetType(t, tp, val, name); e != nil {
			return e
		}
		tp.Modified(t)
		return tp.Dict.SetStr(t, n, val)
	}
}

func getTypeModule(t *Thread, v Value) (Value, *Exception) {
	tp := As[Type](v)
	if tp.Flags&FHeap == 0 {
		return Obj(t.Intern(tp.Module)), nil
	}
	if m := tp.Dict.GetStr(N.Module); m.Ref != nil {
		return m, nil
	}
	return Value{}, AttributeErrorf(t, "__module__")
}

func getTypeDoc(t *Thread, v Value) (Value, *Exception) {
	tp := As[Type](v)
	if tp.Flags&FHeap == 0 && tp.Doc != "" {
		return StrVal(tp.Doc), nil
	}
	d := tp.Dict.GetStr(N.Doc)
	if d.Ref == nil {
		return None, nil
	}
	if get := d.Type().DescrGet; get != nil {
		return get(t, d, Value{}, tp)
	}
	return d, nil
}

func getAbstract(t *Thread, v Value) (Value, *Exception) {
	tp := As[Type](v)
	if tp != &TypeType {
		if a := tp.Dict.GetStr(N.AbstractMethods); a.Ref != nil {
			return a, nil
		}
	}
	return Value{}, NoAttribute(t, v, N.AbstractMethods)
}

func setAbstract(t *Thread, v, val Value) *Exception {
	tp := As[Type](v)
	if val.Ref == nil {
		if !tp.Dict.DelStr(N.AbstractMethods) {
			return AttributeErrorf(t, "__abstractmethods__")
		}
		tp.Flags &^= FAbstract
		tp.Modified(t)
		return nil
	}
	ok, e := Truth(t, val)
	if e != nil {
		return e
	}
	tp.Flags &^= FAbstract
	if ok {
		tp.Flags |= FAbstract
	}
	tp.Modified(t)
	return tp.Dict.SetStr(t, N.AbstractMethods, val)
}

func getTypeAnnotations(t *Thread, v Value) (Value, *Exception) {
	tp := As[Type](v)
	if tp.Flags&FHeap == 0 {
		return Value{}, AttributeErrorf(t, "type object '%s' has no attribute '__annotations__'", tp.Name)
	}
	a := tp.Dict.GetStr(N.Annotations)
	if a.Ref == nil {
		a = Obj(NewDict())
		tp.Modified(t)
		return a, tp.Dict.SetStr(t, N.Annotations, a)
	}
	if get := a.Type().DescrGet; get != nil {
		return get(t, a, Value{}, tp)
	}
	return a, nil
}

func setTypeAnnotations(t *Thread, v, val Value) *Exception {
	tp := As[Type](v)
	if tp.Flags&FImmutable != 0 {
		return TypeErrorf(t, "cannot set '__annotations__' attribute of immutable type '%s'", tp.Name)
	}
	tp.Modified(t)
	if val.Ref != nil {
		return tp.Dict.SetStr(t, N.Annotations, val)
	}
	if !tp.Dict.DelStr(N.Annotations) {
		return AttributeErrorf(t, "__annotations__")
	}
	return nil
}

func typeSubclasses(t *Thread, a []Value) (Value, *Exception) {
	tp := As[Type](a[0])
	var items []Value
	for _, x := range builtinSubclasses[tp] {
		items = append(items, x.Value())
	}
	for _, s := range tp.Subclasses(t) {
		items = append(items, s.Value())
	}
	return NewList(items), nil
}

// typeCall makes an instance: __new__, then __init__ if the result is an instance.
func typeCall(t *Thread, callee Value, args []Value, kwnames []*Str) (Value, *Exception) {
	tp := As[Type](callee)
	if tp == &TypeType && len(args) == 1 && len(kwnames) == 0 {
		return args[0].Type().Value(), nil
	}
	if tp.Slots.New == nil {
		return Value{}, TypeErrorf(t, "cannot create '%s' instances", tp.FullName())
	}
	v, e := tp.Slots.New(t, tp, args, kwnames)
	if e != nil {
		return Value{}, e
	}
	vt := v.Type()
	if vt != tp && !vt.IsSubtype(tp) {
		return v, nil
	}
	if vt.Slots.Init != nil {
		if e := vt.Slots.Init(t, v, args, kwnames); e != nil {
			return Value{}, e
		}
	}
	return v, nil
}

func typeInit(t *Thread, self Value, args []Value, kwnames []*Str) *Exception {
	n := len(args) - len(kwnames)
	if n == 1 && len(kwnames) > 0 {
		return TypeErrorf(t, "type.__init__() takes no keyword arguments")
	}
	if n != 1 && n != 3 {
		return TypeErrorf(t, "type.__init__() takes 1 or 3 arguments")
	}
	return nil
}

func mroError(t *Thread, bases []*Type) *Exception {
	var names []string
	seen := map[*Type]bool{}
	for _, b := range bases {
		if seen[b] {
			return TypeErrorf(t, "duplicate base class %s", b.Name)
		}
		seen[b] = true
	}
	_, rest := linearise(nil, bases)
	seen = map[*Type]bool{}
	for _, s := range rest {
		if len(s) > 0 && !seen[s[0]] {
			seen[s[0]] = true
			names = append(names, s[0].Name)
		}
	}
	return TypeErrorf(t, "Cannot create a consistent method resolution order (MRO) for bases %s", strings.Join(names, ", "))
}

// MetaclassOf computes the most derived metaclass of start and the bases.
func MetaclassOf(t *Thread, start *Type, bases []Value) (*Type, *Exception) {
	winner := start
	for _, b := range bases {
		m := b.Type()
		switch {
		case winner.IsSubtype(m):
		case m.IsSubtype(winner):
			winner = m
		default:
			return nil, TypeErrorf(t, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases")
		}
	}
	return winner, nil
}

func typeNew(t *Thread, meta *Type, args []Value, kwnames []*Str) (Value, *Exception) {
	n := len(args) - len(kwnames)
	if meta == &TypeType && n == 1 && len(kwnames) == 0 {
		return args[0].Type().Value(), nil
	}
	if n != 3 {
		return Value{}, TypeErrorf(t, "type() takes 1 or 3 arguments")
	}
	if args[0].Type().Flags&FStr == 0 {
		return Value{}, TypeErrorf(t, "type.__new__() argument 1 must be str, not %s", ArgTypeName(args[0]))
	}
	if args[1].Type().Flags&FTuple == 0 {
		return Value{}, TypeErrorf(t, "type.__new__() argument 2 must be tuple, not %s", args[1].Type().Name)
	}
	if args[2].Type().Flags&FDict == 0 {
		return Value{}, TypeErrorf(t, "type.__new__() argument 3 must be dict, not %s", args[2].Type().Name)
	}
	bases := As[Tuple](args[1]).Items
	for _, b := range bases {
		if b.Type().Flags&FType == 0 {
			if f, e := LookupAttr(t, b, N.MROEntries); e == nil && f.Ref != nil {
				return Value{}, TypeErrorf(t, "type() doesn't support MRO entry resolution; use types.new_class()")
			}
		}
	}
	winner, e := MetaclassOf(t, meta, bases)
	if e != nil {
		return Value{}, e
	}
	if winner != meta && (winner.Slots.New == nil || !sameNew(winner, meta)) {
		return winner.Slots.New(t, winner, args, kwnames)
	}
	tp, e := newClass(t, winner, As[Str](args[0]), bases, As[Dict](args[2]))
	if e != nil {
		return Value{}, e
	}
	if e := finishClass(t, tp, args[3:], kwnames); e != nil {
		return Value{}, e
	}
	return tp.Value(), nil
}

// bestBase picks the base whose instances' layout the class extends.
func bestBase(t *Thread, bases []Value) (*Type, *Exception) {
	var winner, base *Type
	for _, v := range bases {
		if v.Type().Flags&FType == 0 {
			return nil, TypeErrorf(t, "bases must be types")
		}
		b := As[Type](v)
		if b.Flags&FFinal != 0 {
			return nil, TypeErrorf(t, "type '%s' is not an acceptable base type", b.FullName())
		}
		c := b.layoutBase
		switch {
		case winner == nil || c != winner && c.IsSubtype(winner):
			winner, base = c, b
		case winner.IsSubtype(c):
		default:
			return nil, TypeErrorf(t, "multiple bases have instance lay-out conflict")
		}
	}
	return base, nil
}

func newClass(t *Thread, meta *Type, name *Str, baseVals []Value, ns *Dict) (*Type, *Exception) {
	if len(baseVals) == 0 {
		baseVals = []Value{ObjectType.Value()}
	}
	base, e := bestBase(t, baseVals)
	if e != nil {
		return nil, e
	}
	if strings.IndexByte(name.S, 0) >= 0 {
		return nil, ValueErrorf(t, "type name must not contain null characters")
	}
	tp, e := AllocAs[Type](t, meta)
	if e != nil {
		return nil, e
	}
	if e := t.Charge(2000); e != nil {
		return nil, e
	}
	tp.Name, tp.QualName, tp.Base = name.S, name.S, base
	for _, b := range baseVals {
		tp.Bases = append(tp.Bases, As[Type](b))
	}
	tp.Flags = FHeap | base.Flags&inheritFlags
	tp.Root.Type = tp
	tp.DictShape = &Shape{Type: tp, DictMode: true}
	tp.Dict = ns.Copy()
	tp.Version.Set(t.Interp.nextVersion())
	if e := tp.setUpDict(t); e != nil {
		return nil, e
	}
	if e := tp.setUpLayout(t); e != nil {
		return nil, e
	}
	if e := tp.computeMRO(t); e != nil {
		return nil, e
	}
	for _, x := range tp.MRO[1:] {
		tp.Flags |= x.Flags & (FSequence | FMapping)
	}
	tp.Slots = base.Slots
	tp.binOwner = base.binOwner
	tp.plainGetAttr = base.plainGetAttr
	tp.updateSlots(t)
	for _, b := range tp.Bases {
		b.addSubclass(t, tp)
	}
	return tp, nil
}

// setUpDict does what type.__new__ does with some names of the namespace.
func (tp *Type) setUpDict(t *Thread) *Exception {
	d := tp.Dict
	if !d.HasStr(N.Module) && t.Interp.Hooks.CallerGlobals != nil {
		if g := t.Interp.Hooks.CallerGlobals(t); g != nil {
			if m := g.GetStr(N.Name); m.Ref != nil {
				d.SetStr(t, N.Module, m)
			}
		}
	}
	if q := d.GetStr(N.QualName); q.Ref != nil {
		if q.Type().Flags&FStr == 0 {
			return TypeErrorf(t, "type __qualname__ must be a str, not %s", q.Type().Name)
		}
		tp.QualName = As[Str](q).S
		d.DelStr(N.QualName)
	}
	if !d.HasStr(N.Doc) {
		d.SetStr(t, N.Doc, None)
	}
	if n := d.GetStr(N.New); n.Ref != nil && isPlainFunction(n) {
		d.SetStr(t, N.New, Obj(&StaticMethodObj{Object: Object{&StaticMethodType.Root}, Fn: n}))
	}
	for _, s := range []*Str{N.InitSubclass, N.ClassGetItem} {
		if f := d.GetStr(s); f.Ref != nil && isPlainFunction(f) {
			d.SetStr(t, s, Obj(&ClassMethodObj{Object: Object{&ClassMethodType.Root}, Fn: f}))
		}
	}
	if d.HasStr(N.Eq) && !d.HasStr(N.Hash) {
		d.SetStr(t, N.Hash, None)
	}
	return nil
}

func isPlainFunction(v Value) bool {
	return v.Type().Name == "function" && v.Type().Flags&FMethodLike != 0
}

// setUpLayout decides where instances keep attributes and makes the __slots__ members.
func (tp *Type) setUpLayout(t *Thread) *Exception {
	base := tp.Base
	tp.layout, tp.layoutBase, tp.NSlots = base.layout, base.layoutBase, base.NSlots
	tp.HasDict, tp.HasWeak = base.HasDict, base.HasWeak
	for _, b := range tp.Bases {
		tp.HasDict, tp.HasWeak = tp.HasDict || b.HasDict, tp.HasWeak || b.HasWeak
	}
	sized := base.Flags&(FInt|FTuple|FBytes) != 0 // instances differ in size: CPython has no room for weak references there
	addDict, addWeak := !tp.HasDict, !tp.HasWeak && !sized
	slots := tp.Dict.GetStr(N.Slots)
	if slots.Ref == nil {
		tp.HasDict, tp.HasWeak = true, tp.HasWeak || !sized
	} else {
		names, e := tp.slotNames(t, slots)
		if e != nil {
			return e
		}
		addDict, addWeak = false, false
		for _, n := range names {
			switch n.S {
			case "__dict__":
				if tp.HasDict {
					return TypeErrorf(t, "__dict__ slot disallowed: we already got one")
				}
				tp.HasDict, addDict = true, true
			case "__weakref__":
				if tp.HasWeak {
					return TypeErrorf(t, "__weakref__ slot disallowed: we already got one")
				}
				tp.HasWeak, addWeak = true, true
			default:
				if e := tp.addMember(t, n); e != nil {
					return e
				}
			}
		}
	}
	if tp.Flags&FType != 0 {
		tp.HasDict, addDict = false, false
	}
	if base.layoutBase == &ObjectType || base.layout.isInst() {
		want := tp.NSlots
		if tp.HasDict {
			want += tp.staticAttrs()
		}
		if want == 0 {
			want = 2
		}
		tp.layout = instLayout(max(want, base.NInline))
		if tp.Dict.HasStr(N.Del) || anyDel(tp.Bases) {
			tp.layout = instLayout(0) // what __del__ is to see must outlive the instance
		}
	}
	tp.AttrOff, tp.NInline = tp.layout.SubOff, tp.layout.SubN
	if addDict && !tp.Dict.HasStr(N.Dict) {
		g := dictGetSet()
		tp.Dict.SetStr(t, N.Dict, Obj(&GetSetDescr{Object{&GetSetType.Root}, &g, tp}))
	}
	if addWeak && !tp.Dict.HasStr(N.Weakref) {
		tp.Dict.SetStr(t, N.Weakref, Obj(&GetSetDescr{Object{&GetSetType.Root}, &weakrefGetSet, tp}))
	}
	return nil
}

var weakrefGetSet = GetSet{Name: "__weakref__", Get: func(t *Thread, v Value) (Value, *Exception) {
	return t.Interp.existingWeakRef(v), nil
}}

func anyDel(bases []*Type) bool {
	for _, b := range bases {
		if b.Slots.Del != nil {
			return true
		}
	}
	return false
}

func (l *Layout) isInst() bool {
	for _, x := range instLayouts {
		if x == l {
			return true
		}
	}
	return false
}

// staticAttrs counts the names assigned through self in the methods of the class and its bases.
func (tp *Type) staticAttrs() int {
	names := map[string]bool{}
	count := func(x *Type) {
		if v := x.Dict.GetStr(N.StaticAttributes); v.Ref != nil && v.Type().Flags&FTuple != 0 {
			for _, n := range As[Tuple](v).Items {
				if n.Type().Flags&FStr != 0 {
					names[As[Str](n).S] = true
				}
			}
		}
	}
	count(tp)
	for _, x := range tp.Base.MRO {
		count(x)
	}
	for n := range names {
		if d := tp.inMRO(n); d.Ref != nil && d.Type() == &MemberType {
			delete(names, n) // counted as a slot
		}
	}
	return len(names)
}

// inMRO looks a name up in a class that is not complete yet.
func (tp *Type) inMRO(name string) Value {
	n := newStr(name)
	if v := tp.Dict.GetStr(n); v.Ref != nil {
		return v
	}
	for _, x := range tp.Base.MRO {
		if v := x.Dict.GetStr(n); v.Ref != nil {
			return v
		}
	}
	return Value{}
}

func (tp *Type) slotNames(t *Thread, slots Value) ([]*Str, *Exception) {
	if tp.Flags&(FInt|FTuple|FBytes) != 0 && tp.Base.layoutBase != &BoolType {
		if s, ok := emptySlots(slots); !ok || !s {
			if n, e := Len(t, slots); e == nil && n > 0 && slots.Type().Flags&FStr == 0 {
				return nil, TypeErrorf(t, "nonempty __slots__ not supported for subtype of '%s'", tp.Base.Name)
			}
		}
	}
	vals := []Value{slots}
	if slots.Type().Flags&FStr == 0 {
		v, e := Collect(t, slots)
		if e != nil {
			return nil, e
		}
		vals = v
	}
	var out []*Str
	for _, v := range vals {
		if v.Type().Flags&FStr == 0 {
			return nil, TypeErrorf(t, "__slots__ items must be strings, not '%s'", v.Type().Name)
		}
		s := As[Str](v)
		if !isIdentifier(s.S) {
			return nil, TypeErrorf(t, "__slots__ must be identifiers")
		}
		out = append(out, t.Intern(Mangle(tp.Name, s.S)))
	}
	return out, nil
}

func emptySlots(v Value) (empty, known bool) {
	if v.Type() == &TupleType {
		return len(As[Tuple](v).Items) == 0, true
	}
	return false, false
}

// Mangle is private name mangling: __x in class C becomes _C__x.
func Mangle(class, name string) string {
	if !strings.HasPrefix(name, "__") || strings.HasSuffix(name, "__") || strings.Contains(name, ".") {
		return name
	}
	class = strings.TrimLeft(class, "_")
	if class == "" {
		return name
	}
	return "_" + class + name
}

func isIdentifier(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

func (tp *Type) addMember(t *Thread, name *Str) *Exception {
	if tp.Dict.HasStr(name) {
		v := tp.Dict.GetStr(name)
		if v.Type() == &MemberType && As[MemberDescr](v).Owner == tp {
			return nil
		}
		if name != N.Doc || !v.IsNone() { // a class without docstring got its None already
			return ValueErrorf(t, "'%s' in __slots__ conflicts with class variable", name.S)
		}
	}
	tp.layoutBase = tp
	m := &MemberDescr{Object{&MemberType.Root}, name, tp, tp.NSlots}
	tp.NSlots++
	return tp.Dict.SetStr(t, name, Obj(m))
}

func (tp *Type) computeMRO(t *Thread) *Exception {
	meta := tp.Object.Shape.Type
	if meta != &TypeType {
		if d, where := meta.LookupWhere(N.Mro); d.Ref != nil && where != &TypeType {
			tp.MRO = mergeMRO(tp, tp.Bases)
			if tp.MRO == nil {
				tp.MRO = append([]*Type{tp}, tp.Base.MRO...)
			}
			r, e := callDescr(t, d, tp.Value(), nil)
			if e != nil {
				return e
			}
			items, e := Collect(t, r)
			if e != nil {
				return e
			}
			var mro []*Type
			for _, x := range items {
				if x.Type().Flags&FType == 0 {
					return TypeErrorf(t, "mro() returned a non-class ('%s')", x.Type().Name)
				}
				c := As[Type](x)
				if !tp.layoutBase.IsSubtype(c.layoutBase) { // its methods would take instances for what they are not
					return TypeErrorf(t, "mro() returned base with unsuitable layout ('%s')", c.Name)
				}
				mro = append(mro, c)
			}
			tp.MRO = mro
			return nil
		}
	}
	for i, b := range tp.Bases {
		for _, c := range tp.Bases[:i] {
			if b == c {
				return TypeErrorf(t, "duplicate base class %s", b.Name)
			}
		}
	}
	tp.MRO = mergeMRO(tp, tp.Bases)
	if tp.MRO == nil {
		tp.MRO = append([]*Type{tp}, tp.Base.MRO...)
		return mroError(t, tp.Bases)
	}
	return nil
}

// finishClass sets the class cell, calls __set_name__ of the attributes and __init_subclass__ of the parent.
func finishClass(t *Thread, tp *Type, kwvals []Value, kwnames []*Str) *Exception {
	if c := tp.Dict.GetStr(N.ClassCell); c.Ref != nil {
		cell, ok := AsCell(c)
		if !ok {
			return TypeErrorf(t, "__classcell__ must be a nonlocal cell, not %s", reprOrType(t, c))
		}
		cell.V = tp.Value()
		tp.Dict.DelStr(N.ClassCell)
	}
	if c := tp.Dict.GetStr(N.ClassDictCell); c.Ref != nil {
		if cell, ok := AsCell(c); ok {
			cell.V = Obj(tp.Dict)
		}
		tp.Dict.DelStr(N.ClassDictCell)
	}
	keys := tp.Dict.Keys()
	for _, k := range keys {
		v := tp.Dict.GetStr(As[Str](k))
		if k.Type().Flags&FStr == 0 || v.Ref == nil || v.Type().Lookup(t, N.SetName).Ref == nil {
			continue
		}
		if _, _, e := CallSpecial(t, v, N.SetName, tp.Value(), k); e != nil {
			r, re := Repr(t, k)
			if re != nil {
				return e
			}
			note := "Error calling __set_name__ on '" + v.Type().Name + "' instance " + r.S + " in '" + tp.Name + "'"
			if _, ne := addNote(t, []Value{e.Value(), StrVal(note)}); ne != nil {
				return ne
			}
			return e
		}
	}
	sup, e := superLookup(t, tp, tp.Value(), tp, N.InitSubclass)
	if e != nil {
		return e
	}
	if sup.Ref == nil {
		return nil
	}
	_, e = CallKw(t, sup, kwvals, kwnames)
	return e
}

func reprOrType(t *Thread, v Value) string {
	r, e := Repr(t, v)
	if e != nil {
		return v.Type().Name
	}
	return r.S
}

func setTypeBases(t *Thread, v, val Value) *Exception {
	tp := As[Type](v)
	if e := checkSetType(t, tp, val, "__bases__"); e != nil {
		return e
	}
	if val.Type().Flags&FTuple == 0 {
		return TypeErrorf(t, "can only assign tuple to %s.__bases__, not %s", tp.Name, val.Type().Name)
	}
	items := As[Tuple](val).Items
	if len(items) == 0 {
		return TypeErrorf(t, "can only assign non-empty tuple to %s.__bases__, not ()", tp.Name)
	}
	for _, b := range items {
		if b.Type().Flags&FType == 0 {
			return TypeErrorf(t, "%s.__bases__ must be tuple of classes, not '%s'", tp.Name, b.Type().Name)
		}
		if As[Type](b).IsSubtype(tp) {
			return TypeErrorf(t, "a __bases__ item causes an inheritance cycle")
		}
	}
	base, e := bestBase(t, items)
	if e != nil {
		return e
	}
	own := tp.layoutBase == tp
	if !own && base.layoutBase != tp.layoutBase || own && base.layoutBase != tp.Base.layoutBase {
		return TypeErrorf(t, "__bases__ assignment: '%s' deallocator differs from '%s'", base.Name, tp.Base.Name)
	}
	old := *tp
	tp.Bases, tp.Base = nil, base
	for _, b := range items {
		tp.Bases = append(tp.Bases, As[Type](b))
	}
	if e := tp.rebuild(t); e != nil {
		tp.Bases, tp.Base, tp.MRO, tp.Slots, tp.binOwner = old.Bases, old.Base, old.MRO, old.Slots, old.binOwner
		return e
	}
	for _, b := range old.Bases {
		b.removeSubclass(t, tp)
	}
	for _, b := range tp.Bases {
		b.addSubclass(t, tp)
	}
	tp.Modified(t)
	return nil
}

// rebuild recomputes MRO and slots of tp and its subclasses after a change of bases.
func (tp *Type) rebuild(t *Thread) *Exception {
	if e := tp.computeMRO(t); e != nil {
		return e
	}
	tp.Slots, tp.binOwner = tp.Base.Slots, tp.Base.binOwner
	for _, g := range slotGroups {
		tp.updateGroup(g)
	}
	tp.updateMisc()
	for _, s := range tp.Subclasses(t) {
		if e := s.rebuild(t); e != nil {
			return e
		}
	}
	return nil
}
