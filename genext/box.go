package genext

import (
	"unsafe"

	"martlet/ir"
)

// boxKind says what the specialiser knows of a value.
type boxKind uint8

const (
	boxNone  boxKind = iota
	boxConst         // known
	boxValue         // a residual value (an address: plus a known offset)
	boxVirt          // the address of a virtual object plus a known offset
)

// box is a value as the specialiser sees it. Addresses carry their constant
// offset apart, so that memory is known by base and offset.
type box struct {
	kind  boxKind
	typ   ir.Type
	frame bool           // only this frame accesses what it points at (tag frame)
	gen   bool           // boxConst: other versions of the merge point have something else here
	vid   int32          // boxVirt: index into state.virts
	n     int64          // boxConst: the word, unless a Ref; else the offset
	p     unsafe.Pointer // boxConst of type Ref
	v     *ir.Value      // boxValue
}

func constBox(t ir.Type, n int64) box { return box{kind: boxConst, typ: t, n: n} }

func refBox(p unsafe.Pointer) box { return box{kind: boxConst, typ: ir.Ref, p: p} }

func valueBox(v *ir.Value) box { return box{kind: boxValue, typ: v.Type, v: v} }

func (b box) isConst() bool { return b.kind == boxConst }

// bits is the word of a constant of any type.
func (b box) bits() int64 {
	if b.typ == ir.Ref {
		return int64(uintptr(b.p))
	}
	return b.n
}

// addr is the address that a constant holds.
func (b box) addr() unsafe.Pointer {
	if b.typ == ir.Ref {
		return b.p
	}
	return rawAddr(uint64(b.n))
}

// plus moves an address by a known number of bytes.
func (b box) plus(d int64) box {
	if b.kind == boxConst && b.typ == ir.Ref {
		b.p = unsafe.Add(b.p, d)
	} else {
		b.n += d
	}
	return b
}

// same reports whether two boxes denote the same value.
func (b box) same(o box) bool {
	return b.kind == o.kind && b.typ == o.typ && b.vid == o.vid && b.n == o.n && b.p == o.p && b.v == o.v
}

// virtual is an object whose allocation has not been emitted.
type virtual struct {
	desc   *ir.TypeDesc
	size   int64
	count  int64 // allocarray: number of elements; alloc: -1
	stack  bool  // a stackaddr, not a Go object
	fields []field
	forced box // boxValue once it has been emitted
}

type field struct {
	off int64
	typ ir.Type
	val box
	mem ir.Mem
}

func (v *virtual) find(off int64, t ir.Type) (i int, overlap bool) {
	for i := range v.fields {
		f := &v.fields[i]
		if f.off == off && f.typ == t {
			return i, false
		}
		if overlaps(off, t, f.off, f.typ) {
			overlap = true
		}
	}
	return -1, overlap
}

func overlaps(a int64, ta ir.Type, b int64, tb ir.Type) bool {
	return a < b+int64(tb.Size()) && b < a+int64(ta.Size())
}
