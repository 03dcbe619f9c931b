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
