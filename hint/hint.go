package hint

// MergePoint marks the head of an interpreter's loop and names its whole
// state: g the greens, r the reds, both structs. It does nothing.
//
// Compiled code that cannot go on gives the state of the next merge point back
// to the plain loop, and different paths through compiled code meet again at
// merge points with equal greens.
func MergePoint[G, R any](g G, r R) {}

// Promote returns x, and asks the specialiser to treat it as a constant from
// here on: it compares x with the values seen so far and continues with each
// in code of its own. Use it where few values are likely and knowing them pays:
// the hidden class of an object, the target of a call.
func Promote[T any](x T) T { return x }

// PromoteType returns x, and promotes the type word of an interface (the first
// word of any value).
func PromoteType[T any](x T) T { return x }

// Concrete returns x, and asserts that it is known at compile time, backwards
// through all it depends on. The generator reports a red at its source line.
func Concrete[T any](x T) T { return x }

// Known reports whether the specialiser knows x as a constant: false in plain Go.
// The code it chooses must have the same meaning as the other.
func Known[T any](x T) bool { return false }

// AddOverflow returns the wrapped sum and whether the signed sum does not fit.
func AddOverflow(x, y int64) (sum int64, overflow bool) {
	sum = x + y
	return sum, (x^sum)&(y^sum) < 0
}

// SubOverflow returns the wrapped difference and whether the signed difference does not fit.
func SubOverflow(x, y int64) (diff int64, overflow bool) {
	diff = x - y
	return diff, (x^y)&(x^diff) < 0
}

// MulOverflow returns the wrapped product and whether the signed product does not fit.
func MulOverflow(x, y int64) (product int64, overflow bool) {
	product = x * y
	if x == 0 {
		return 0, false
	}
	return product, product/x != y || (x == -1 && y == -1<<63)
}

// Frame is embedded in a struct that holds the state of one activation (an
// instruction pointer, registers, a value stack). Its fields are accessed
// only through the pointer that the interpreter loop has, or by functions that
// get this pointer or are marked //martlet:forces. Compiled code keeps
// them in registers, and writes them back when it exits or forces the frame.
type Frame struct{}
