package object

import (
	"math/big"
	"strconv"
)

// IntType is int.
var IntType Type

// BigInt is an int beyond 64 bits. Invariant: the value does not fit int64.
type BigInt struct {
	Object
	V *big.Int
}

// IntObj is an instance of a subclass of int; V is the plain int (small or BigInt).
type IntObj struct {
	Object
	V Value
}

// IntOf gives the plain int of any int (bool, subclass instances).
func IntOf(v Value) Value {
	tp := v.Type()
	switch {
	case tp == &IntType:
		return v
	case tp == &BoolType:
		return Int(v.Int64())
	}
	return As[IntObj](v).V
}

// BigVal makes a normalised int from a big.Int, which it keeps.
func BigVal(b *big.Int) Value {
	if b.IsInt64() {
		return Int(b.Int64())
	}
	return Obj(&BigInt{Object{&IntType.Root}, b})
}

// IntString is an int's decimal form.
func IntString(v Value) string {
	v = IntOf(v)
	if v.IsInt() {
		return strconv.FormatInt(v.Int64(), 10)
	}
	return As[BigInt](v).V.String()
}
