package ir

import "strings"

// Type is the type of a value: a machine word or less.
type Type uint8

// The types. A boolean is an I8 holding 0 or 1.
const (
	Void Type = iota // no value
	I8
	I16
	I32
	I64
	F32
	F64
	Ptr // a raw address, never scanned by the collector
	Ref // a Go pointer, seen by the collector; nil and interior allowed
	numTypes
)

var typeNames = [numTypes]string{"void", "i8", "i16", "i32", "i64", "f32", "f64", "ptr", "ref"}
var typeSizes = [numTypes]uint8{0, 1, 2, 4, 8, 4, 8, 8, 8}

func (t Type) String() string {
	if t < numTypes {
		return typeNames[t]
	}
	return "type?"
}

// ParseType returns the type with the given name in the text form.
func ParseType(name string) (Type, bool) {
	for t := I8; t < numTypes; t++ {
		if typeNames[t] == name {
			return t, true
		}
	}
	return Void, false
}

// Size returns the size in bytes.
func (t Type) Size() int { return int(typeSizes[t]) }

// Bits returns the width in bits.
func (t Type) Bits() int { return 8 * int(typeSizes[t]) }

// IsInt reports whether t is I8, I16, I32 or I64.
func (t Type) IsInt() bool { return t >= I8 && t <= I64 }

// IsFloat reports whether t is F32 or F64.
func (t Type) IsFloat() bool { return t == F32 || t == F64 }

// IsAddr reports whether t is Ptr or Ref.
func (t Type) IsAddr() bool { return t == Ptr || t == Ref }

// Signature is the type of a function.
type Signature struct {
	Params  []Type
	Results []Type
}

// String prints the signature as in the text form: (i64, ref) -> i64, i8.
func (s Signature) String() string {
	var b strings.Builder
	b.WriteByte('(')
	writeTypes(&b, s.Params)
	b.WriteByte(')')
	if len(s.Results) > 0 {
		b.WriteString(" -> ")
		writeTypes(&b, s.Results)
	}
	return b.String()
}

func writeTypes(b *strings.Builder, ts []Type) {
	for i, t := range ts {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(t.String())
	}
}

// Equal reports whether two signatures are the same.
func (s Signature) Equal(o Signature) bool {
	return equalTypes(s.Params, o.Params) && equalTypes(s.Results, o.Results)
}

func equalTypes(a, b []Type) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TrapCode says why compiled code gave up.
type TrapCode int64

// The traps.
const (
	TrapNone        TrapCode = iota
	TrapUnreachable          // unreachable was reached
	TrapDivide               // division by zero
	TrapNil                  // access through a nil address
	TrapBounds               // index out of range (front ends use it)
	TrapOverflow             // the stack overflowed
	TrapAlloc                // impossible allocation size
	TrapMemory               // access to memory that is not there
	TrapUser                 // first number free for front ends
)
