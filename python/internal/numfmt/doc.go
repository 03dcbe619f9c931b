// Package numfmt turns Python numbers into text and back, and hashes them.
//
// It is plain Go: it knows int64, *big.Int, float64 and complex128, but no
// Python objects, so that package object, the compiler and the native modules
// can all use it.
//
//	float.go   repr, %e %f %g in CPython's layout, rounding, ratio, hex
//	spec.go    the format mini-language: parsing and the four presentations
//	parse.go   int() and float() of text, int to text with the digit limit
//	hash.go    the numeric hash modulo 2**61-1
//
// Errors are of type *Error; they carry the name of the Python exception and
// CPython 3.13's message.
package numfmt

// Error is a failed conversion: the name of the Python exception to raise and
// its message.
type Error struct {
	Kind Kind
	Msg  string
}

// Kind is the Python exception class that an Error stands for.
type Kind uint8

// The exception classes that conversions raise.
const (
	ValueError Kind = iota
	OverflowError
	TypeError
)

func (e *Error) Error() string { return e.Msg }

func valueError(msg string) *Error { return &Error{ValueError, msg} }
