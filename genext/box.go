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
	boxValue         // a residual value, an i64 or address plus a known offset; an address perhaps plus an index times a scale
	boxVirt          // the address of a virtual object plus a known offset
)

// box is a value as the specialiser sees it. Addresses carry their constant
// offset and their index apart, so that memory is known by base, index and
// offset; and no address is computed but that of the place accessed, for a Go pointer
// next to an object is nothing that the collector may see. Numbers of 64 bits
// carry a known summand, so that what moves by constants stays related to where it was.
type box struct {
	kind  boxKind
	typ   ir.Type
	frame bool           // only this frame accesses what it points at (tag frame)
	gen   bool           // boxConst: other versions of the merge point have something else here
	vid   int32          // boxVirt: index into state.virts; boxValue: the scale of the index
	n     int64          // boxConst: the word, unless a Ref; else the offset
	p     unsafe.Pointer // boxConst of type Ref: the address; boxValue: the index, an *ir.Value, or nil
	v     *ir.Value      // boxValue
}

func constBox(t ir.Type, n int64) box { return box{kind: boxConst, typ: t, n: n} }

func refBox(p unsafe.Pointer) box { return box{kind: boxConst, typ: ir.Ref, p: p} }

func valueBox(v *ir.Value) box { return box{kind: boxValue, typ: v.Type, v: v} }

// index is the residual index of an address, or nil.
func (b box) index() *ir.Value {
	if b.kind != boxValue {
		return nil
	}
	return (*ir.Value)(b.p)
}

func (b box) scale() int64 { return int64(b.vid) }

// at gives an address an index; nil takes it away.
func (b box) at(x *ir.Value, scale int64) box {
	b.p, b.vid = unsafe.Pointer(x), int32(scale)
	return b
}

// plain reports whether a box is a residual value and no more.
func (b box) plain() bool { return b.kind == boxValue && b.n == 0 && b.p == nil }

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
