package object

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"

	"martlet/python/internal/numfmt"
)

// The type int. A value that fits 64 bits is unboxed (Ref = IntTag); all others are a heap *BigInt, always
// normalised: a BigInt never fits 64 bits. Instances of subclasses hold a plain int.
//
// Every operator has the same form: a fast path on two unboxed operands, then intOperands, which accepts bool,
// subclasses and big ints, and computes with math/big.

// BigInt is an int beyond 64 bits. V must not be modified.
type BigInt struct {
	Object
	V *big.Int
}

// IntObj is an instance of a subclass of int; V is the plain int (small or BigInt).
type IntObj struct {
	Object
	V Value
}

// IntType is int.
var IntType Type

// BigVal makes an int from b, which it keeps: unboxed when it fits.
func BigVal(b *big.Int) Value {
	if b.IsInt64() {
		return Int(b.Int64())
	}
	return Obj(&BigInt{Object{&IntType.Root}, b})
}

// Uint makes an int from an unsigned number.
func Uint(u uint64) Value {
	if u <= math.MaxInt64 {
		return Int(int64(u))
	}
	return BigVal(new(big.Int).SetUint64(u))
}

// bigVal is BigVal with accounting.
func bigVal(t *Thread, b *big.Int) (Value, *Exception) {
	if b.IsInt64() {
		return Int(b.Int64()), nil
	}
	if e := t.Charge(40 + b.BitLen()/8); e != nil {
		return Value{}, e
	}
	return Obj(&BigInt{Object{&IntType.Root}, b}), nil
}

// IsIntLike says whether v is an int, bool or instance of a subclass.
func IsIntLike(v Value) bool { return v.Type().Flags&FInt != 0 }

// SmallInt gives v as int64 if v is an int (or bool, or of a subclass) that fits.
func SmallInt(v Value) (int64, bool) {
	if v.IsInt() || v.IsBool() {
		return int64(v.Bits), true
	}
	if tp := v.Type(); tp != &IntType && tp.Flags&FInt != 0 {
		if p := As[IntObj](v).V; p.IsInt() {
			return int64(p.Bits), true
		}
	}
	return 0, false
}

// BigOf gives an int, bool or subclass instance as *big.Int, which must not be modified.
func BigOf(v Value) *big.Int {
	if v.IsInt() || v.IsBool() {
		return big.NewInt(int64(v.Bits))
	}
	if v.Type() != &IntType {
		return BigOf(As[IntObj](v).V)
	}
	return As[BigInt](v).V
}

// IntOf gives the plain int of an int, bool or subclass instance.
func IntOf(v Value) Value {
	switch {
	case v.IsInt():
		return v
	case v.IsBool():
		return Int(int64(v.Bits))
	case v.Type() == &IntType:
		return v
	}
	return As[IntObj](v).V
}

// intArgs tells whether both are ints in the wide sense.
func intArgs(a, b Value) bool { return a.Type().Flags&b.Type().Flags&FInt != 0 }

// twoSmall gives both operands as int64 when they fit.
func twoSmall(a, b Value) (x, y int64, ok bool) {
	x, ok = SmallInt(a)
	if ok {
		y, ok = SmallInt(b)
	}
	return
}

func intAdd(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsInt() && b.IsInt() {
		x, y := int64(a.Bits), int64(b.Bits)
		if s := x + y; (s > x) == (y > 0) {
			return Int(s), nil
		}
	}
	return intAddSlow(t, a, b)
}

func intAddSlow(t *Thread, a, b Value) (Value, *Exception) {
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	return bigVal(t, new(big.Int).Add(BigOf(a), BigOf(b)))
}

func intSub(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsInt() && b.IsInt() {
		x, y := int64(a.Bits), int64(b.Bits)
		if s := x - y; (s < x) == (y > 0) {
			return Int(s), nil
		}
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	return bigVal(t, new(big.Int).Sub(BigOf(a), BigOf(b)))
}

// mulOverflows gives x*y and whether it fits.
func mul64(x, y int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	h := int64(hi) - x>>63&y - y>>63&x
	return int64(lo), h == int64(lo)>>63
}

func intMul(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsInt() && b.IsInt() {
		if p, ok := mul64(int64(a.Bits), int64(b.Bits)); ok {
			return Int(p), nil
		}
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	x, y := BigOf(a), BigOf(b)
	if e := t.Charge((x.BitLen() + y.BitLen()) / 8); e != nil {
		return Value{}, e
	}
	return bigVal(t, new(big.Int).Mul(x, y))
}

func zeroDivision(t *Thread, msg string) (Value, *Exception) {
	return Value{}, ZeroDivisionErrorf(t, "%s", msg)
}

// FloorDiv64 is floor division; y is not 0 and the quotient fits.
func FloorDiv64(x, y int64) int64 {
	q := x / y
	if (x%y != 0) && (x < 0) != (y < 0) {
		q--
	}
	return q
}

// FloorMod64 is the remainder with the sign of y.
func FloorMod64(x, y int64) int64 {
	r := x % y
	if r != 0 && (r < 0) != (y < 0) {
		r += y
	}
	return r
}

func bigDivMod(x, y *big.Int) (q, r *big.Int) {
	q, r = new(big.Int).QuoRem(x, y, new(big.Int))
	if r.Sign() != 0 && (r.Sign() < 0) != (y.Sign() < 0) {
		q.Sub(q, bigOne)
		r.Add(r, y)
	}
	return
}

var bigZero, bigOne = new(big.Int), big.NewInt(1)

func intFloorDiv(t *Thread, a, b Value) (Value, *Exception) {
	if x, y, ok := twoSmall(a, b); ok {
		if y == 0 {
			return zeroDivision(t, "integer division or modulo by zero")
		}
		if y != -1 || x != math.MinInt64 {
			return Int(FloorDiv64(x, y)), nil
		}
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	y := BigOf(b)
	if y.Sign() == 0 {
		return zeroDivision(t, "integer division or modulo by zero")
	}
	q, _ := bigDivMod(BigOf(a), y)
	return bigVal(t, q)
}

func intMod(t *Thread, a, b Value) (Value, *Exception) {
	if x, y, ok := twoSmall(a, b); ok {
		switch y {
		case 0:
			return zeroDivision(t, "integer modulo by zero")
		case -1:
			return Int(0), nil
		}
		return Int(FloorMod64(x, y)), nil
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	y := BigOf(b)
	if y.Sign() == 0 {
		return zeroDivision(t, "integer modulo by zero")
	}
	_, r := bigDivMod(BigOf(a), y)
	return bigVal(t, r)
}

func intDivmod(t *Thread, a, b Value) (Value, *Exception) {
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	y := BigOf(b)
	if y.Sign() == 0 {
		return zeroDivision(t, "integer division or modulo by zero")
	}
	q, r := bigDivMod(BigOf(a), y)
	qv, e := bigVal(t, q)
	if e != nil {
		return Value{}, e
	}
	rv, e := bigVal(t, r)
	return NewTuple([]Value{qv, rv}), e
}

const exactFloat = 1 << 53

func intTrueDiv(t *Thread, a, b Value) (Value, *Exception) {
	if x, y, ok := twoSmall(a, b); ok {
		if y == 0 {
			return zeroDivision(t, "division by zero")
		}
		if x <= exactFloat && x >= -exactFloat && y <= exactFloat && y >= -exactFloat {
			return Float(float64(x) / float64(y)), nil
		}
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	x, y := BigOf(a), BigOf(b)
	if y.Sign() == 0 {
		return zeroDivision(t, "division by zero")
	}
	if x.Sign() == 0 {
		return Float(math.Copysign(0, float64(y.Sign()))), nil
	}
	sign := float64(x.Sign() * y.Sign())
	f, _ := new(big.Rat).SetFrac(x, y).Float64()
	if math.IsInf(f, 0) {
		return Value{}, OverflowErrorf(t, "integer division result too large for a float")
	}
	return Float(math.Copysign(f, sign)), nil // big.Rat has no -0
}

// maxBits bounds the size of an int: beyond it the computation would only end in memory exhaustion.
const maxBits = 1 << 36

func intPow(t *Thread, a, b Value) (Value, *Exception) {
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	if y, ok := SmallInt(b); ok && y >= 0 {
		if x, ok := SmallInt(a); ok {
			if r, ok := pow64(x, y); ok {
				return Int(r), nil
			}
		}
	}
	x, y := BigOf(a), BigOf(b)
	if y.Sign() < 0 {
		return negativePow(t, a, b)
	}
	if x.BitLen() <= 1 { // 0, 1, -1
		if x.Sign() >= 0 || y.Bit(0) == 1 {
			return IntOf(a), nil
		}
		return Int(1), nil
	}
	if !y.IsInt64() || y.Int64() > maxBits/int64(x.BitLen()) {
		return Value{}, NewException(t, &MemoryErrorType)
	}
	if e := t.Charge(int(y.Int64()) * x.BitLen() / 8); e != nil {
		return Value{}, e
	}
	return bigVal(t, new(big.Int).Exp(x, y, nil))
}

func negativePow(t *Thread, a, b Value) (Value, *Exception) {
	x, e := IntToFloat(t, a)
	if e != nil {
		return Value{}, e
	}
	y, e := IntToFloat(t, b)
	if e != nil {
		return Value{}, e
	}
	return floatPow(t, Float(x), Float(y))
}

// pow64 gives x**y if all of the computation fits 64 bits.
func pow64(x, y int64) (int64, bool) {
	r := int64(1)
	for {
		ok := true
		if y&1 != 0 {
			if r, ok = mul64(r, x); !ok {
				return 0, false
			}
		}
		if y >>= 1; y == 0 {
			return r, true
		}
		if x, ok = mul64(x, x); !ok {
			return 0, false
		}
	}
}

func intPowMod(t *Thread, a, b, m Value) (Value, *Exception) {
	if !intArgs(a, b) || m.Type().Flags&FInt == 0 {
		return NotImplemented, nil
	}
	x, y, z := BigOf(a), BigOf(b), BigOf(m)
	if z.Sign() == 0 {
		return Value{}, ValueErrorf(t, "pow() 3rd argument cannot be 0")
	}
	abs := new(big.Int).Abs(z)
	if abs.Cmp(bigOne) == 0 {
		return Int(0), nil
	}
	if y.Sign() < 0 {
		inv := new(big.Int).ModInverse(new(big.Int).Mod(x, abs), abs)
		if inv == nil {
			return Value{}, ValueErrorf(t, "base is not invertible for the given modulus")
		}
		x, y = inv, new(big.Int).Neg(y)
	}
	r := new(big.Int).Exp(new(big.Int).Mod(x, abs), y, abs)
	if z.Sign() < 0 && r.Sign() != 0 {
		r.Add(r, z)
	}
	return bigVal(t, r)
}

func intLshift(t *Thread, a, b Value) (Value, *Exception) {
	if x, y, ok := twoSmall(a, b); ok && y >= 0 && y < 63 {
		if r := x << uint(y); r>>uint(y) == x {
			return Int(r), nil
		}
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	x, y := BigOf(a), BigOf(b)
	switch {
	case y.Sign() < 0:
		return Value{}, ValueErrorf(t, "negative shift count")
	case x.Sign() == 0:
		return Int(0), nil
	case !y.IsInt64():
		return Value{}, OverflowErrorf(t, "too many digits in integer")
	case y.Int64() > maxBits:
		return Value{}, NewException(t, &MemoryErrorType)
	}
	if e := t.Charge(int(y.Int64()) / 8); e != nil {
		return Value{}, e
	}
	return bigVal(t, new(big.Int).Lsh(x, uint(y.Int64())))
}

func intRshift(t *Thread, a, b Value) (Value, *Exception) {
	if x, y, ok := twoSmall(a, b); ok && y >= 0 {
		return Int(x >> uint(min(y, 63))), nil
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	x, y := BigOf(a), BigOf(b)
	if y.Sign() < 0 {
		return Value{}, ValueErrorf(t, "negative shift count")
	}
	if !y.IsInt64() || y.Int64() > maxBits {
		return Int(int64(min(x.Sign(), 0))), nil
	}
	return bigVal(t, new(big.Int).Rsh(x, uint(y.Int64())))
}

func intAnd(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsInt() && b.IsInt() {
		return Int(int64(a.Bits & b.Bits)), nil
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	return bigVal(t, new(big.Int).And(BigOf(a), BigOf(b)))
}

func intOr(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsInt() && b.IsInt() {
		return Int(int64(a.Bits | b.Bits)), nil
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	return bigVal(t, new(big.Int).Or(BigOf(a), BigOf(b)))
}

func intXor(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsInt() && b.IsInt() {
		return Int(int64(a.Bits ^ b.Bits)), nil
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	return bigVal(t, new(big.Int).Xor(BigOf(a), BigOf(b)))
}

func intNeg(t *Thread, v Value) (Value, *Exception) {
	if x, ok := SmallInt(v); ok && x != math.MinInt64 {
		return Int(-x), nil
	}
	return bigVal(t, new(big.Int).Neg(BigOf(v)))
}

func intPos(t *Thread, v Value) (Value, *Exception) { return IntOf(v), nil }

func intAbs(t *Thread, v Value) (Value, *Exception) {
	if x, ok := SmallInt(v); ok && x >= 0 {
		return Int(x), nil
	}
	if BigOf(v).Sign() >= 0 {
		return IntOf(v), nil
	}
	return intNeg(t, v)
}

func intInvert(t *Thread, v Value) (Value, *Exception) {
	if x, ok := SmallInt(v); ok {
		return Int(^x), nil
	}
	return bigVal(t, new(big.Int).Not(BigOf(v)))
}

func intBool(t *Thread, v Value) (bool, *Exception) {
	if v.IsInt() || v.IsBool() {
		return v.Bits != 0, nil
	}
	return BigOf(v).Sign() != 0, nil
}

func intHash(t *Thread, v Value) (int64, *Exception) {
	if x, ok := SmallInt(v); ok {
		return numfmt.HashInt(x), nil
	}
	return numfmt.HashBig(BigOf(v)), nil
}

// cmpResult turns a three-way comparison into the answer of op.
func cmpResult(c int, op CmpOp) Value {
	switch op {
	case CmpLt:
		return Bool(c < 0)
	case CmpLe:
		return Bool(c <= 0)
	case CmpEq:
		return Bool(c == 0)
	case CmpNe:
		return Bool(c != 0)
	case CmpGt:
		return Bool(c > 0)
	}
	return Bool(c >= 0)
}

func intCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if x, y, ok := twoSmall(a, b); ok {
		c := 0
		if x < y {
			c = -1
		} else if x > y {
			c = 1
		}
		return cmpResult(c, op), nil
	}
	if !intArgs(a, b) {
		return NotImplemented, nil
	}
	return cmpResult(BigOf(a).Cmp(BigOf(b)), op), nil
}

// IntString is the decimal text of an int, whatever its length.
func IntString(v Value) string {
	if x, ok := SmallInt(v); ok {
		return strconv.FormatInt(x, 10)
	}
	return BigOf(v).String()
}

// IntText is the decimal text of an int.
func IntText(t *Thread, v Value) (string, *Exception) {
	if x, ok := SmallInt(v); ok {
		return strconv.FormatInt(x, 10), nil
	}
	s, err := numfmt.FormatBig(BigOf(v), t.Interp.IntMaxDigit)
	return s, numError(t, err)
}

// numError turns an error of package numfmt into an exception.
func numError(t *Thread, err *numfmt.Error) *Exception {
	if err == nil {
		return nil
	}
	switch err.Kind {
	case numfmt.OverflowError:
		return OverflowErrorf(t, "%s", err.Msg)
	case numfmt.TypeError:
		return TypeErrorf(t, "%s", err.Msg)
	}
	return ValueErrorf(t, "%s", err.Msg)
}

func intRepr(t *Thread, v Value) (Value, *Exception) {
	s, e := IntText(t, v)
	if e != nil {
		return Value{}, e
	}
	return StrVal(s), nil
}

// IntToFloat converts an int (in the wide sense) to the nearest float.
func IntToFloat(t *Thread, v Value) (float64, *Exception) {
	if x, ok := SmallInt(v); ok {
		return float64(x), nil
	}
	f, _ := new(big.Float).SetInt(BigOf(v)).Float64()
	if math.IsInf(f, 0) {
		return 0, OverflowErrorf(t, "int too large to convert to float")
	}
	return f, nil
}

func intFloat(t *Thread, v Value) (Value, *Exception) {
	f, e := IntToFloat(t, v)
	return Float(f), e
}

// AsCInt is ToInt64 for parameters that are a C int in CPython.
func AsCInt(t *Thread, v Value) (int, *Exception) {
	i, e := ToIndex(t, v)
	if e != nil {
		return 0, e
	}
	if !i.IsInt() {
		return 0, OverflowErrorf(t, "Python int too large to convert to C int")
	}
	switch x := int64(i.Bits); {
	case x > math.MaxInt32:
		return 0, OverflowErrorf(t, "signed integer is greater than maximum")
	case x < math.MinInt32:
		return 0, OverflowErrorf(t, "signed integer is less than minimum")
	default:
		return int(x), nil
	}
}

// ClampIndex gives operator.index(v) clamped to the int64 range, as slice bounds are read.
func ClampIndex(t *Thread, v Value) (int, *Exception) {
	if v.IsInt() {
		return int(v.Bits), nil
	}
	i, e := ToIndex(t, v)
	if e != nil {
		return 0, e
	}
	if i.IsInt() {
		return int(i.Bits), nil
	}
	if BigOf(i).Sign() < 0 {
		return math.MinInt64, nil
	}
	return math.MaxInt64, nil
}
