package interp

import (
	"unsafe"

	"martlet/hint"
	"martlet/python/object"
)

// Attribute access in compiled code.
//
// Where the specialiser knows an object's shape it does not look into the site's cache, whose content changes: it asks
// once, at compile time, where the attribute of this name is in objects of this shape, and relies on the type staying as it is
// (Type.Version). In plain Go nothing of that happens, since no shape is known.

// planKind says for which access a plan is.
type planKind uint8

const (
	planLoad planKind = iota
	planStore
	planMethod // a load for a call
)

// plan is what an access does; akNone: the general way. A plan never changes.
type plan struct {
	kind attrKind       `hint:"immutable"` // akSlot, akClass, akMethod, akAdd, akNone
	off  uintptr        `hint:"immutable"`
	ref  unsafe.Pointer `hint:"immutable"` // the value of a class attribute
	bits uint64         `hint:"immutable"`
	next *object.Shape  `hint:"immutable"`
}

// planFor returns the plan for an access to objects of a shape, nil unless the shape is known.
func planFor(co *Code, site int, s *object.Shape, k planKind) *plan {
	if !hint.Known(s) {
		return nil
	}
	ver := uint64(0)
	if changes(s) {
		ver = s.Type.Version.Get()
	}
	if !hint.Known(ver) {
		return nil
	}
	return makePlan(co, site, s, ver, k)
}

// changes says whether the type of a shape can change: built-in types cannot.
//
//martlet:elidable
func changes(s *object.Shape) bool { return s.Type.Flags&object.FHeap != 0 }

// makePlan looks an attribute up. Its answer holds as long as the type has the version.
//
//martlet:opaque
//martlet:elidable
func makePlan(co *Code, site int, s *object.Shape, ver uint64, k planKind) *plan {
	name, tp := co.names[co.C.Sites[site]], s.Type
	if s.DictMode || tp == &object.ModuleType || tp == &object.TypeType || tp.Version.Get() != ver && changes(s) {
		return &plan{}
	}
	if k == planStore {
		return storePlan(name, s)
	}
	if !tp.PlainGetAttr() {
		return &plan{}
	}
	d, _ := tp.LookupWhere(name)
	slot := s.Find(name)
	off := uintptr(0)
	if slot >= 0 {
		off = tp.SlotOffset(slot)
	}
	switch {
	case d.Ref != nil && d.Type().Slots.DescrSet != nil:
	case slot >= 0 && off != 0:
		return &plan{kind: akSlot, off: off}
	case slot >= 0 || d.Ref == nil:
	case d.Type().Slots.DescrGet == nil:
		return &plan{kind: akClass, ref: d.Ref, bits: d.Bits}
	case k == planMethod && d.Type().Flags&object.FMethodLike != 0:
		return &plan{kind: akMethod, ref: d.Ref, bits: d.Bits}
	}
	return &plan{}
}

// globalPlan is where the value of a global name is in a dict, nil unless the dict and its key version are known. (The
// dict of builtins is asked only where the name is no global: the caller has checked that.)
func globalPlan(co *Code, site int, d *Dict) *Value {
	if !hint.Known(d) {
		return nil
	}
	ver := hint.Promote(d.KeyVer)
	if !hint.Known(ver) {
		return nil
	}
	return findGlobal(co, site, d, ver)
}

// findGlobal is where the value of a name is in a dict as long as that has the key version, nil if it is not there.
//
//martlet:opaque
//martlet:elidable
func findGlobal(co *Code, site int, d *Dict, ver uint64) *Value {
	if d.KeyVer != ver || ver == 0 {
		return nil
	}
	if k := d.FindStr(co.names[site]); k >= 0 {
		return d.Entry(k)
	}
	return nil
}

// initOf is the type's plain __init__. Where the specialiser knows the type, it is asked at compile time.
func initOf(th *Thread, tp *Type) Value {
	if hint.Known(tp) {
		if ver := tp.Version.Get(); hint.Known(ver) {
			return knownInit(tp, ver)
		}
	}
	return tp.PlainInit(th.T, &FunctionType)
}

// knownInit is the plain __init__ of a type as long as that has the version.
//
//martlet:opaque
//martlet:elidable
func knownInit(tp *Type, ver uint64) Value {
	if tp.Version.Get() != ver {
		return Value{}
	}
	return tp.PlainInit(nil, &FunctionType)
}

// storePlan is the plan of an assignment.
func storePlan(name *Str, s *object.Shape) *plan {
	tp := s.Type
	if !tp.PlainSetAttr() || !tp.HasDict && tp.NSlots == 0 {
		return &plan{}
	}
	d, _ := tp.LookupWhere(name)
	if d.Ref != nil && d.Type().Slots.DescrSet != nil {
		if d.Type() == &object.MemberType {
			if off := tp.SlotOffset(object.As[object.MemberDescr](d).Slot); off != 0 {
				return &plan{kind: akSlot, off: off}
			}
		}
		return &plan{}
	}
	if slot := s.Find(name); slot >= 0 {
		if off := tp.SlotOffset(slot); off != 0 {
			return &plan{kind: akSlot, off: off}
		}
		return &plan{}
	}
	if n := s.Following(name); n != nil && tp.HasDict && !n.DictMode {
		if off := tp.SlotOffset(n.Find(name)); off != 0 {
			return &plan{kind: akAdd, off: off, next: n}
		}
	}
	return &plan{}
}
