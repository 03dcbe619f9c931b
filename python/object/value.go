package object

import (
	"math"
	"unsafe"
)

// Value is a Python value in two words. Ref points at the Object header of a heap object, or at one of the fixed
// tags below; Bits holds the payload of a tagged value (int64, float64 bits, 0/1) and is 0 for heap objects.
type Value struct {
	Ref  unsafe.Pointer
	Bits uint64
}

// Object is the header of every heap object and must be its first field.
type Object struct {
	Shape *Shape `hint:"nonnil"`
}

// Tags: immutable objects whose addresses mark unboxed values. Their shapes are the root shapes of their types, so
// that a value's type is found without a branch.
var (
	IntTag            Object
	FloatTag          Object
	BoolTag           Object
	NoneTag           Object
	NotImplementedTag Object
	EllipsisTag       Object
)

// Singletons.
var (
	None           = Value{Ref: unsafe.Pointer(&NoneTag)}
	NotImplemented = Value{Ref: unsafe.Pointer(&NotImplementedTag)}
	Ellipsis       = Value{Ref: unsafe.Pointer(&EllipsisTag)}
	True           = Value{Ref: unsafe.Pointer(&BoolTag), Bits: 1}
	False          = Value{Ref: unsafe.Pointer(&BoolTag)}
)

// Int makes a small int value.
func Int(i int64) Value { return Value{unsafe.Pointer(&IntTag), uint64(i)} }

// Float makes a float value.
func Float(f float64) Value { return Value{unsafe.Pointer(&FloatTag), math.Float64bits(f)} }

// Bool makes True or False.
func Bool(b bool) Value {
	if b {
		return True
	}
	return False
}

// Obj makes the value of a heap object; p must point at a struct that starts with an Object header.
func Obj[T any](p *T) Value { return Value{Ref: unsafe.Pointer(p)} }

// As gives v's heap object as *T. The caller has checked the type.
func As[T any](v Value) *T { return (*T)(v.Ref) }

// IsInt says whether v is exactly a small int (not bool, not big).
func (v Value) IsInt() bool { return v.Ref == unsafe.Pointer(&IntTag) }

// IsFloat says whether v is exactly a float.
func (v Value) IsFloat() bool { return v.Ref == unsafe.Pointer(&FloatTag) }

// IsBool says whether v is True or False.
func (v Value) IsBool() bool { return v.Ref == unsafe.Pointer(&BoolTag) }

// IsNone says whether v is None.
func (v Value) IsNone() bool { return v.Ref == unsafe.Pointer(&NoneTag) }

// IsNil says whether v is no value at all.
func (v Value) IsNil() bool { return v.Ref == nil }

// IsNotImplemented says whether v is the NotImplemented singleton.
func (v Value) IsNotImplemented() bool { return v.Ref == unsafe.Pointer(&NotImplementedTag) }

// Int64 is the payload of a small int or bool.
func (v Value) Int64() int64 { return int64(v.Bits) }

// Float64 is the payload of an exact float.
func (v Value) Float64() float64 { return math.Float64frombits(v.Bits) }

// Shape is the shape of v's object or tag.
func (v Value) Shape() *Shape { return (*Object)(v.Ref).Shape }

// Type is v's Python type.
func (v Value) Type() *Type { return (*Object)(v.Ref).Shape.Type }

// Is is Python's identity test.
func Is(a, b Value) bool { return a.Ref == b.Ref && a.Bits == b.Bits }

// Set stores v in a slot, touching the pointer (and so the write barrier) only when it changes.
func Set(d *Value, v Value) {
	if d.Ref != v.Ref {
		d.Ref = v.Ref
	}
	d.Bits = v.Bits
}

// ID is the number that id() shows: the address of a heap object, a mixed number for unboxed values.
func ID(v Value) uint64 {
	if v.Bits == 0 || v.IsBool() {
		return uint64(uintptr(v.Ref)) + v.Bits*8
	}
	return (v.Bits*0x9E3779B97F4A7C15)>>2 | 1<<62
}
