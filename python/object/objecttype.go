package object

import (
	"sort"
	"unsafe"
)

// ObjectType is object, the root of all types.
var ObjectType Type

// Instances of plain Python classes: attribute storage right behind the header. A class gets the size that the names
// assigned through self in its methods ask for.
type (
	inst2 struct {
		Object
		Attrs
		slots [2]Value //lint:ignore U1000 room for attributes, reached through Attrs
	}
	inst0 struct { // of classes with __del__
		Object
		Attrs
	}
	inst4 struct {
		Object
		Attrs
		slots [4]Value //lint:ignore U1000 room for attributes, reached through Attrs
	}
	inst6 struct {
		Object
		Attrs
		slots [6]Value //lint:ignore U1000 room for attributes, reached through Attrs
	}
	inst8 struct {
		Object
		Attrs
		slots [8]Value //lint:ignore U1000 room for attributes, reached through Attrs
	}
	inst12 struct {
		Object
		Attrs
		slots [12]Value //lint:ignore U1000 room for attributes, reached through Attrs
	}
	inst16 struct {
		Object
		Attrs
		slots [16]Value //lint:ignore U1000 room for attributes, reached through Attrs
	}
)

var instOff = unsafe.Offsetof(inst2{}.Attrs)

var instLayouts = []*Layout{
	LayoutWithAttrs[inst0](instOff, 0),
	LayoutWithAttrs[inst2](instOff, 2), LayoutWithAttrs[inst4](instOff, 4), LayoutWithAttrs[inst6](instOff, 6),
	LayoutWithAttrs[inst8](instOff, 8), LayoutWithAttrs[inst12](instOff, 12), LayoutWithAttrs[inst16](instOff, 16),
}

func instLayout(n int) *Layout {
	for _, l := range instLayouts {
		if n <= l.SubN {
			return l
		}
	}
	return instLayouts[len(instLayouts)-1]
}

func init() {
	Declare(&ObjectType, Decl{Name: "object", Layout: LayoutOf[Object](),
		Doc: "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n",
		Slots: Slots{Repr: ObjectRepr, Str: func(t *Thread, v Value) (Value, *Exception) { return v.Type().Slots.Repr(t, v) },
			Hash: identityHash, GetAttr: GenericGetAttr, SetAttr: GenericSetAttr, Compare: objectCompare,
			New: objectNew, Init: objectInit},
		GetSets: []GetSet{{Name: "__class__", Get: func(t *Thread, v Value) (Value, *Exception) { return v.Type().Value(), nil }, Set: setClass}},
		Methods: []Method{
			{Sig: "__dir__(self, /)", Fn: objectDir, Doc: "Default dir() implementation."},
			{Sig: "__format__(self, format_spec, /)", Fn: objectFormat},
			{Sig: "__sizeof__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return Int(int64(a[0].Type().layout.SubSize)), nil
			}},
			{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return reduceEx(t, a[0], 0) }},
			{Sig: "__reduce_ex__(self, protocol, /)", Fn: objectReduceEx},
			{Sig: "__getstate__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return getState(t, a[0]) }},
			{Sig: "__init_subclass__(type, /, *args, **kwargs)", Kind: ClassMethod, Fn: objectInitSubclass},
			{Sig: "__subclasshook__(type, object, /)", Kind: ClassMethod, Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return NotImplemented, nil
			}},
		}})
}

func objectInitSubclass(t *Thread, a []Value) (Value, *Exception) {
	if n := len(As[Tuple](a[1]).Items); n > 0 {
		return Value{}, TypeErrorf(t, "%s.__init_subclass__() takes no arguments (%d given)", As[Type](a[0]).Name, n)
	}
	if As[Dict](a[2]).Len() > 0 {
		return Value{}, TypeErrorf(t, "%s.__init_subclass__() takes no keyword arguments", As[Type](a[0]).Name)
	}
	return None, nil
}

// ObjectRepr is object.__repr__.
func ObjectRepr(t *Thread, v Value) (Value, *Exception) {
	tp := v.Type()
	name := tp.QualName
	if m := tp.ModuleName(); m != "" && m != "builtins" {
		name = m + "." + name
	}
	return StrVal("<" + name + " object at " + Addr(v) + ">"), nil
}

func identityHash(t *Thread, v Value) (int64, *Exception) {
	h := int64(ID(v) >> 4)
	return h, nil
}

func objectCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	switch op {
	case CmpEq:
		if Is(a, b) {
			return True, nil
		}
	case CmpNe:
		f := a.Type().Slots.Compare
		if f == nil {
			return NotImplemented, nil
		}
		r, e := f(t, a, b, CmpEq)
		if e != nil || r.IsNotImplemented() {
			return r, e
		}
		ok, e := Truth(t, r)
		return Bool(!ok), e
	}
	return NotImplemented, nil
}

// overridesInit and overridesNew tell whether a class has its own constructor parts.
func overridesInit(t *Thread, tp *Type) bool {
	d := tp.Lookup(t, N.Init)
	return d.Ref != nil && !(d.Type() == &SlotWrapperType && As[SlotWrapper](d).Owner == &ObjectType)
}

func overridesNew(t *Thread, tp *Type) bool {
	o, ok := builtinNew(tp.Lookup(t, N.New))
	return !ok || o != &ObjectType
}

func objectNew(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
	if len(args) > 0 {
		if overridesNew(t, tp) {
			return Value{}, TypeErrorf(t, "object.__new__() takes exactly one argument (the type to instantiate)")
		}
		if !overridesInit(t, tp) {
			return Value{}, TypeErrorf(t, "%s() takes no arguments", tp.Name)
		}
	}
	if tp.Flags&FAbstract != 0 {
		return Value{}, abstractError(t, tp)
	}
	return tp.Alloc(t)
}

func objectInit(t *Thread, self Value, args []Value, kwnames []*Str) *Exception {
	if len(args) == 0 {
		return nil
	}
	tp := self.Type()
	if overridesInit(t, tp) {
		return TypeErrorf(t, "object.__init__() takes exactly one argument (the instance to initialize)")
	}
	if !overridesNew(t, tp) {
		return TypeErrorf(t, "%s.__init__() takes exactly one argument (the instance to initialize)", tp.Name)
	}
	return nil
}

func abstractError(t *Thread, tp *Type) *Exception {
	v := tp.Dict.GetStr(N.AbstractMethods)
	if v.Ref == nil {
		return nil
	}
	items, e := Collect(t, v)
	if e != nil {
		return e
	}
	var names []string
	for _, x := range items {
		s, e := ToStr(t, x)
		if e != nil {
			return e
		}
		names = append(names, s.S)
	}
	sort.Strings(names)
	list := ""
	for i, n := range names {
		if i > 0 {
			list += ", "
		}
		list += "'" + n + "'"
	}
	return TypeErrorf(t, "Can't instantiate abstract class %s without an implementation for abstract method%s %s", tp.Name, plural(len(names)), list)
}

func setClass(t *Thread, v, val Value) *Exception {
	if val.Ref == nil {
		return TypeErrorf(t, "can't delete __class__ attribute")
	}
	if val.Type().Flags&FType == 0 {
		return TypeErrorf(t, "__class__ must be set to a class, not '%s' object", val.Type().Name)
	}
	o, n := v.Type(), As[Type](val)
	if o == n {
		return nil
	}
	if o.IsSubtype(&ModuleType) && n.IsSubtype(&ModuleType) {
		(*Object)(v.Ref).Shape = &n.Root
		return nil
	}
	if o.Flags&FHeap == 0 || n.Flags&FHeap == 0 {
		return TypeErrorf(t, "__class__ assignment only supported for mutable types or ModuleType subclasses")
	}
	if o.layoutBase != n.layoutBase && !sameSlots(o, n) || o.HasDict != n.HasDict || o.AttrOff != n.AttrOff {
		return TypeErrorf(t, "__class__ assignment: '%s' object layout differs from '%s'", n.Name, o.Name)
	}
	switch {
	case o.Flags&FType != 0:
		(*Object)(v.Ref).Shape = &n.Root
	case !o.HasDict:
		if o.NInline != n.NInline {
			return TypeErrorf(t, "__class__ assignment: '%s' object layout differs from '%s'", n.Name, o.Name)
		}
		(*Object)(v.Ref).Shape = &n.Root
	default:
		if o.NSlots > 0 && o.NInline != n.NInline {
			return TypeErrorf(t, "__class__ assignment: '%s' object layout differs from '%s'", n.Name, o.Name)
		}
		InstanceDict(v, o)
		(*Object)(v.Ref).Shape = n.DictShape
	}
	return nil
}

// sameSlots says whether two classes that each add __slots__ to the same base have the same members.
func sameSlots(a, b *Type) bool {
	if a.Base != b.Base || a.NSlots != b.NSlots || a.NSlots == a.Base.NSlots {
		return false
	}
	for i := 0; ; {
		k, v, ok := a.Dict.Next(&i)
		if !ok {
			return true
		}
		if v.Type() == &MemberType {
			w := b.Dict.GetStr(As[Str](k))
			if w.Ref == nil || w.Type() != &MemberType || As[MemberDescr](w).Slot != As[MemberDescr](v).Slot {
				return false
			}
		}
	}
}

// mergeDir adds the names of a class and its bases.
func mergeDir(names map[string]bool, tp *Type) {
	for _, x := range tp.MRO {
		for _, k := range x.Dict.Keys() {
			if k.Type().Flags&FStr != 0 {
				names[As[Str](k).S] = true
			}
		}
	}
}

func namesToList(names map[string]bool) Value {
	var out []string
	for n := range names {
		out = append(out, n)
	}
	sort.Strings(out)
	items := make([]Value, len(out))
	for i, n := range out {
		items[i] = StrVal(n)
	}
	return NewList(items)
}

func objectDir(t *Thread, a []Value) (Value, *Exception) {
	names := map[string]bool{}
	v := a[0]
	d, e := LookupAttr(t, v, N.Dict)
	if e != nil {
		return Value{}, e
	}
	if d.Ref != nil && d.Type().Flags&FDict != 0 {
		for _, k := range As[Dict](d).Keys() {
			if k.Type().Flags&FStr != 0 {
				names[As[Str](k).S] = true
			}
		}
	}
	c, e := LookupAttr(t, v, N.Class)
	if e != nil {
		return Value{}, e
	}
	if c.Ref != nil && c.Type().Flags&FType != 0 {
		mergeDir(names, As[Type](c))
	}
	return namesToList(names), nil
}

func objectFormat(t *Thread, a []Value) (Value, *Exception) {
	if a[1].Type().Flags&FStr == 0 {
		return Value{}, TypeErrorf(t, "__format__() argument must be str, not %s", ArgTypeName(a[1]))
	}
	if As[Str](a[1]).S != "" {
		return Value{}, TypeErrorf(t, "unsupported format string passed to %s.__format__", a[0].Type().Name)
	}
	s, e := ToStr(t, a[0])
	return Obj(s), e
}

// getState is object.__getstate__: the dict, or (dict, slots), or None.
func getState(t *Thread, v Value) (Value, *Exception) {
	tp := v.Type()
	state := None
	if d := DictOf(v); d != nil && d.Len() > 0 {
		state = Obj(d.Copy())
	}
	if tp.NSlots == 0 {
		return state, nil
	}
	slots := NewDict()
	for _, x := range tp.MRO {
		for i := 0; ; {
			k, m, ok := x.Dict.Next(&i)
			if !ok {
				break
			}
			if m.Type() == &MemberType {
				if val := As[MemberDescr](m).load(v, tp); val.Ref != nil {
					slots.SetStr(t, As[Str](k), val)
				}
			}
		}
	}
	if slots.Len() == 0 {
		return state, nil
	}
	return NewTuple([]Value{state, Obj(slots)}), nil
}

func objectReduceEx(t *Thread, a []Value) (Value, *Exception) {
	proto, e := ToInt(t, a[1])
	if e != nil {
		return Value{}, e
	}
	d := a[0].Type().Lookup(t, N.Reduce)
	if base := ObjectType.Dict.GetStr(N.Reduce); d.Ref != nil && !Is(d, base) {
		return CallMethod(t, a[0], N.Reduce)
	}
	return reduceEx(t, a[0], proto)
}

// reduceEx is copyreg.__reduce_ex__ for protocol 2 and up: (copyreg.__newobj__, (cls, *args), state, listitems, dictitems).
func reduceEx(t *Thread, v Value, proto int) (Value, *Exception) {
	tp := v.Type()
	if tp.Flags&FHeap == 0 && tp.layoutBase != &ObjectType && tp.Flags&(FList|FDict|FSet|FInt|FStr|FTuple|FFloat|FBytes) == 0 {
		return Value{}, TypeErrorf(t, "cannot pickle '%s' object", tp.Name)
	}
	if proto < 2 && tp.NSlots > 0 && Is(tp.Lookup(t, N.GetState), ObjectType.Dict.GetStr(N.GetState)) {
		return Value{}, TypeErrorf(t, "a class that defines __slots__ without defining __getstate__ cannot be pickled")
	}
	args := []Value{tp.Value()}
	fn, kw := "__newobj__", Value{}
	if f, e := LookupAttr(t, v, t.Intern("__getnewargs_ex__")); e != nil {
		return Value{}, e
	} else if f.Ref != nil {
		r, e := Call(t, f)
		if e != nil {
			return Value{}, e
		}
		if r.Type().Flags&FTuple == 0 || len(As[Tuple](r).Items) != 2 {
			return Value{}, TypeErrorf(t, "__getnewargs_ex__ should return a tuple, not '%s'", r.Type().Name)
		}
		pair := As[Tuple](r).Items
		if As[Dict](pair[1]).Len() > 0 {
			fn, kw = "__newobj_ex__", pair[1]
			args = append(args, pair[0], kw)
		} else {
			args = append(args, As[Tuple](pair[0]).Items...)
		}
	} else if f, e := LookupAttr(t, v, t.Intern("__getnewargs__")); e != nil {
		return Value{}, e
	} else if f.Ref != nil {
		r, e := Call(t, f)
		if e != nil {
			return Value{}, e
		}
		if r.Type().Flags&FTuple == 0 {
			return Value{}, TypeErrorf(t, "__getnewargs__ should return a tuple, not '%s'", r.Type().Name)
		}
		args = append(args, As[Tuple](r).Items...)
	}
	reg, e := t.Interp.Hooks.Import(t, "copyreg", None, None, None, 0)
	if e != nil {
		return Value{}, e
	}
	f, e := GetAttrS(t, reg, fn)
	if e != nil {
		return Value{}, e
	}
	state, e := CallMethod(t, v, N.GetState)
	if e != nil {
		return Value{}, e
	}
	items := [2]Value{None, None}
	if tp.Flags&FList != 0 {
		if items[0], e = Iter(t, v); e != nil {
			return Value{}, e
		}
	}
	if tp.Flags&FDict != 0 {
		it, e := CallMethod(t, v, N.Items)
		if e != nil {
			return Value{}, e
		}
		if items[1], e = Iter(t, it); e != nil {
			return Value{}, e
		}
	}
	return NewTuple([]Value{f, NewTuple(args), state, items[0], items[1]}), nil
}
