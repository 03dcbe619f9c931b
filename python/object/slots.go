package object

import "strings"

// Dunder methods and slots.
//
// slotTable has one row for each dunder method that a slot implements. A row can (a) wrap: call the slot of a builtin
// type as a method, which is how int.__add__ comes to exist; (b) install a generic slot function that calls the
// dunder of a Python class; (c) copy the slot from a base. A slot with several dunders (__add__ and __radd__; the
// six comparisons) has several rows with the same group.
//
// Updating a class's slot group follows CPython's update_one_slot: if every dunder of the group found along the MRO is
// the wrapper of a builtin type's slot, and they agree, the slot is copied from that type (calls stay in Go); otherwise
// the generic function is installed; if no dunder is found the slot is cleared.

type slotDef struct {
	name     string
	sig      string
	group    int
	min, max int
	wrap     func(t *Thread, owner *Type, self Value, args []Value) (Value, *Exception)
	wrapKw   func(t *Thread, owner *Type, self Value, args []Value, kwnames []*Str) (Value, *Exception)
	str      *Str
}

type slotGroup struct {
	defs    []*slotDef
	has     func(s *Type) bool
	copy    func(dst, src *Type)
	generic func(dst *Type)
	clear   func(dst *Type)
}

var (
	slotGroups []*slotGroup
	slotByName = map[string][]*slotDef{}
)

func group(has func(s *Type) bool, copy func(dst, src *Type), generic, clear func(dst *Type), defs ...*slotDef) {
	g := &slotGroup{defs, has, copy, generic, clear}
	for _, d := range defs {
		d.group = len(slotGroups)
		d.str = NameStr(d.name)
		slotByName[d.name] = append(slotByName[d.name], d)
	}
	slotGroups = append(slotGroups, g)
}

// addSlotWrappers gives a builtin type the dunder methods of its own slots.
func addSlotWrappers(tp *Type) {
	for _, g := range slotGroups {
		if !g.has(tp) {
			continue
		}
		for _, d := range g.defs {
			if !tp.Dict.HasStr(d.str) && d.appliesTo(tp) {
				tp.Dict.SetStr(nil, d.str, Obj(&SlotWrapper{Object: Object{&SlotWrapperType.Root}, def: d, Owner: tp}))
			}
		}
	}
	for op, f := range tp.Bin {
		if f != nil {
			tp.binOwner[op] = tp
		}
	}
	if tp.HashIsUnset {
		tp.Dict.SetStr(nil, N.Hash, None)
	}
}

// appliesTo keeps __setitem__ and __delitem__ etc. apart where one Go slot serves two dunders.
func (d *slotDef) appliesTo(tp *Type) bool {
	switch d.name {
	case "__rpow__", "__pow__":
		return tp.Bin[OpPow] != nil
	case "__getattribute__":
		return tp.Slots.GetAttr != nil
	case "__getattr__": // a class in Python may have it, no builtin type does
		return false
	}
	return true
}

// inheritSlots fills the slots that a ready builtin type did not set from its base.
func (tp *Type) inheritSlots(base *Type) {
	ownGetAttr := tp.Slots.GetAttr != nil
	ownCmp, ownHash := tp.Slots.Compare != nil, tp.Slots.Hash != nil || tp.HashIsUnset
	for _, g := range slotGroups {
		if g.has(tp) {
			continue
		}
		if g.defs[0].name == "__hash__" && (ownHash || ownCmp) {
			continue
		}
		g.copy(tp, base)
	}
	if ownCmp && !ownHash {
		tp.HashIsUnset = true
		tp.Dict.SetStr(nil, N.Hash, None)
	}
	if tp.Slots.GetAttr == nil {
		tp.Slots.GetAttr = base.Slots.GetAttr
	}
	if tp.Slots.New == nil && tp.Flags&FNoNew == 0 {
		tp.Slots.New = base.Slots.New
	}
	if tp.Slots.FreeBuffer == nil {
		tp.Slots.FreeBuffer = base.Slots.FreeBuffer
	}
	if tp.Slots.Send == nil {
		tp.Slots.Send = base.Slots.Send
	}
	tp.plainGetAttr = !ownGetAttr && base.plainGetAttr
	for op := range tp.Bin {
		if tp.binOwner[op] == nil && base != nil && tp.Bin[op] != nil {
			tp.binOwner[op] = base.binOwner[op]
		}
	}
}

// updateSlots recomputes all slots of a class that can differ from its base's.
func (tp *Type) updateSlots(t *Thread) {
	seen := make([]bool, len(slotGroups))
	visit := func(x *Type) {
		for i := 0; ; {
			k, _, ok := x.Dict.Next(&i)
			if !ok {
				return
			}
			if k.Type().Flags&FStr == 0 || !strings.HasPrefix(As[Str](k).S, "__") {
				continue
			}
			for _, d := range slotByName[As[Str](k).S] {
				if !seen[d.group] {
					seen[d.group] = true
					tp.updateGroup(slotGroups[d.group])
				}
			}
		}
	}
	inBase := map[*Type]bool{}
	for _, x := range tp.Base.MRO {
		inBase[x] = true
	}
	for _, x := range tp.MRO {
		if !inBase[x] {
			visit(x)
		}
	}
	tp.updateMisc()
}

// updateMisc derives what is not a slot group.
func (tp *Type) updateMisc() {
	_, where := tp.LookupWhere(N.GetAttribute)
	ga, _ := tp.LookupWhere(N.GetAttr)
	tp.plainGetAttr = ga.Ref == nil && where != nil && where.Flags&FHeap == 0 && where.plainGetAttr
	h := tp.lookup(N.Hash)
	tp.HashIsUnset = h.Ref != nil && h.IsNone()
	if tp.HashIsUnset {
		tp.Slots.Hash = nil
	}
	n, _ := tp.LookupWhere(N.New)
	if b, ok := builtinNew(n); ok {
		tp.Slots.New = b.Slots.New
	} else {
		tp.Slots.New = genericNew
	}
}

// builtinNew recognises the __new__ that a builtin type's New slot gives.
func builtinNew(v Value) (*Type, bool) {
	if v.Ref == nil || v.Type() != &StaticMethodType {
		return nil, false
	}
	fn := As[StaticMethodObj](v).Fn
	if fn.Ref == nil || fn.Type() != &BuiltinFunctionType {
		return nil, false
	}
	b := As[Builtin](fn)
	if b.Name != "__new__" || b.Owner == nil || b.Fn != nil {
		return nil, false
	}
	return b.Owner, true
}

func (tp *Type) updateGroup(g *slotGroup) {
	var from *Type
	found, generic := false, false
	for _, d := range g.defs {
		v := tp.lookup(d.str)
		if v.Ref == nil {
			continue
		}
		found = true
		if v.Type() == &SlotWrapperType {
			w := As[SlotWrapper](v)
			if slotGroups[w.def.group] == g && (from == nil || from == w.Owner) && w.def.name == d.name {
				from = w.Owner
				continue
			}
		}
		generic = true
	}
	switch {
	case generic:
		g.generic(tp)
	case found:
		g.copy(tp, from)
	default:
		g.clear(tp)
	}
}

// slotsChanged is called when a class attribute with a dunder name was set or deleted.
func (tp *Type) slotsChanged(t *Thread, name string) {
	defs := slotByName[name]
	for _, d := range defs {
		tp.updateGroup(slotGroups[d.group])
	}
	tp.updateMisc()
	for _, s := range tp.Subclasses(t) {
		s.slotsChanged(t, name)
	}
}
