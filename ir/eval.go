package ir

import (
	"math"
	"math/bits"
)

// This file defines the pure ops. Values are held as in Const's Imm: integers
// sign-extended, f64 and f32 as their bits (f32 zero-extended), addresses as
// numbers.

// SignExtend returns x cut to t's width and sign-extended: the canonical form
// of an integer constant. Floats and addresses are cut or left unchanged.
func SignExtend(t Type, x int64) int64 {
	switch t {
	case I8:
		return int64(int8(x))
	case I16:
		return int64(int16(x))
	case I32:
		return int64(int32(x))
	case F32:
		return int64(uint32(x))
	}
	return x
}

// ZeroExtend returns x cut to t's width and zero-extended.
func ZeroExtend(t Type, x int64) uint64 {
	switch t {
	case I8:
		return uint64(uint8(x))
	case I16:
		return uint64(uint16(x))
	case I32, F32:
		return uint64(uint32(x))
	}
	return uint64(x)
}

// EvalValue evaluates an instruction whose operands have the given constant
// values; r1 is its second result where it has one. It returns false for ops
// that Eval cannot evaluate.
func EvalValue(v *Value, args ...int64) (r, r1 int64, ok bool) {
	var a [3]int64
	copy(a[:], args)
	from := Void
	if len(v.Args) > 0 && v.Args[0] != nil {
		from = v.Args[0].Type
	}
	if v.Op == OpAddrof {
		a[2] = v.Imm
	}
	if v.Op == OpConst {
		return v.Imm, 0, true
	}
	return Eval(v.Op, v.SuffixType(), from, a[0], a[1], a[2])
}

// Eval evaluates a pure op, or a division, on constants. The type t is the
// instruction's suffix, from is the type of its first operand (only
// conversions need it), x, y, z are the operands (addrof: z is the offset), r and
// r1 the results. It returns false if op is not of that kind or would trap.
func Eval(op Op, t, from Type, x, y, z int64) (r, r1 int64, ok bool) {
	switch {
	case op >= OpAdd && op <= OpUmax:
		r, ok = evalInt(op, t, x, y)
		return SignExtend(t, r), 0, ok
	case op.IsOverflow():
		r, r1 = evalOverflow(op, t, x, y, z)
		return SignExtend(t, r), r1, true
	case op >= OpEq && op <= OpUge:
		return flag(compareInt(op, t, x, y)), 0, true
	case op >= OpFeq && op <= OpFge:
		return flag(compareFloat(op, toFloat(t, x), toFloat(t, y))), 0, true
	case op == OpSelect:
		if int8(x) != 0 {
			return y, 0, true
		}
		return z, 0, true
	case op >= OpFadd && op <= OpFma:
		if t == F32 {
			return evalF32(op, f32(x), f32(y), f32(z)), 0, true
		}
		return evalF64(op, f64(x), f64(y), f64(z)), 0, true
	case op >= OpSext && op <= OpBitcast:
		return convert(op, t, from, x), 0, true
	case op == OpAddrof:
		return x + y + z, 0, true
	}
	return 0, 0, false
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func f32(x int64) float32 { return math.Float32frombits(uint32(x)) }
func f64(x int64) float64 { return math.Float64frombits(uint64(x)) }

func fromF32(f float32) int64 { return int64(math.Float32bits(f)) }
func fromF64(f float64) int64 { return int64(math.Float64bits(f)) }

func toFloat(t Type, x int64) float64 {
	if t == F32 {
		return float64(f32(x))
	}
	return f64(x)
}

func evalInt(op Op, t Type, x, y int64) (int64, bool) {
	w := uint64(t.Bits())
	ux, uy := ZeroExtend(t, x), ZeroExtend(t, y)
	switch op {
	case OpAdd:
		return x + y, true
	case OpSub:
		return x - y, true
	case OpMul:
		return x * y, true
	case OpSdiv, OpSrem:
		return divSigned(op, x, y)
	case OpUdiv, OpUrem:
		return divUnsigned(op, ux, uy)
	case OpNeg:
		return -x, true
	case OpAnd:
		return x & y, true
	case OpOr:
		return x | y, true
	case OpXor:
		return x ^ y, true
	case OpNot:
		return ^x, true
	case OpShl:
		if uy >= w {
			return 0, true
		}
		return x << uy, true
	case OpLshr:
		if uy >= w {
			return 0, true
		}
		return int64(ux >> uy), true
	case OpAshr:
		return x >> min(uy, 63), true
	case OpRotl:
		return rotate(ux, uy%w, w), true
	case OpRotr:
		return rotate(ux, (w-uy%w)%w, w), true
	case OpClz:
		return int64(bits.LeadingZeros64(ux)) - int64(64-w), true
	case OpCtz:
		return int64(min(uint64(bits.TrailingZeros64(ux)), w)), true
	case OpPopcnt:
		return int64(bits.OnesCount64(ux)), true
	case OpBswap:
		return int64(bits.ReverseBytes64(ux) >> (64 - w)), true
	case OpSmulhi:
		return mulHighSigned(t, x, y), true
	case OpUmulhi:
		hi, lo := bits.Mul64(ux, uy)
		if w < 64 {
			return int64(lo >> w), true
		}
		return int64(hi), true
	case OpSmin:
		return min(x, y), true
	case OpSmax:
		return max(x, y), true
	case OpUmin:
		return int64(min(ux, uy)), true
	case OpUmax:
		return int64(max(ux, uy)), true
	}
	return 0, false
}

func divSigned(op Op, x, y int64) (int64, bool) {
	switch {
	case y == 0:
		return 0, false
	case op == OpSdiv:
		return x / y, true
	}
	return x % y, true
}

func divUnsigned(op Op, x, y uint64) (int64, bool) {
	switch {
	case y == 0:
		return 0, false
	case op == OpUdiv:
		return int64(x / y), true
	}
	return int64(x % y), true
}

func rotate(x, n, w uint64) int64 {
	if n == 0 {
		return int64(x)
	}
	return int64(x<<n | x>>(w-n))
}

func mulHighSigned(t Type, x, y int64) int64 {
	if w := t.Bits(); w < 64 {
		return x * y >> w
	}
	hi, _ := bits.Mul64(uint64(x), uint64(y))
	return int64(hi) - x>>63&y - y>>63&x
}

func evalOverflow(op Op, t Type, x, y, z int64) (int64, int64) {
	ux, uy := ZeroExtend(t, x), ZeroExtend(t, y)
	w := t.Bits()
	switch op {
	case OpSaddov:
		s := x + y
		return s, flag(SignExtend(t, s) != s || w == 64 && (s^x)&(s^y) < 0)
	case OpSsubov:
		s := x - y
		return s, flag(SignExtend(t, s) != s || w == 64 && (x^y)&(s^x) < 0)
	case OpSmulov:
		s := x * y
		if w == 64 {
			return s, flag(mulHighSigned(t, x, y) != s>>63)
		}
		return s, flag(SignExtend(t, s) != s)
	case OpUmulov:
		hi, lo := bits.Mul64(ux, uy)
		return int64(lo), flag(hi != 0 || w < 64 && lo>>w != 0)
	case OpUaddov:
		return addCarry(w, ux, uy, 0)
	case OpAddc:
		return addCarry(w, ux, uy, uint64(z)&1)
	case OpSubb:
		return subBorrow(ux, uy, uint64(z)&1)
	}
	return subBorrow(ux, uy, 0) // usubov
}

func addCarry(w int, x, y, c uint64) (int64, int64) {
	s, carry := bits.Add64(x, y, c)
	if w < 64 {
		carry = s >> w & 1
	}
	return int64(s), int64(carry)
}

func subBorrow(x, y, b uint64) (int64, int64) {
	d, borrow := bits.Sub64(x, y, b)
	return int64(d), int64(borrow)
}

func compareInt(op Op, t Type, x, y int64) bool {
	ux, uy := ZeroExtend(t, x), ZeroExtend(t, y)
	switch op {
	case OpEq:
		return x == y
	case OpNe:
		return x != y
	case OpSlt:
		return x < y
	case OpSle:
		return x <= y
	case OpSgt:
		return x > y
	case OpSge:
		return x >= y
	case OpUlt:
		return ux < uy
	case OpUle:
		return ux <= uy
	case OpUgt:
		return ux > uy
	}
	return ux >= uy
}

func compareFloat(op Op, x, y float64) bool {
	switch op {
	case OpFeq:
		return x == y
	case OpFne:
		return x != y
	case OpFlt:
		return x < y
	case OpFle:
		return x <= y
	case OpFgt:
		return x > y
	}
	return x >= y
}

const signF32, signF64 = 1 << 31, -1 << 63

func evalF64(op Op, x, y, z float64) int64 {
	switch op {
	case OpFadd:
		x += y
	case OpFsub:
		x -= y
	case OpFmul:
		x *= y
	case OpFdiv:
		x /= y
	case OpFneg:
		return fromF64(x) ^ signF64
	case OpFabs:
		return fromF64(x) &^ signF64
	case OpFsqrt:
		x = math.Sqrt(x)
	case OpFfloor:
		x = math.Floor(x)
	case OpFceil:
		x = math.Ceil(x)
	case OpFtrunc:
		x = math.Trunc(x)
	case OpFnearest:
		x = math.RoundToEven(x)
	case OpFmin:
		x = min(x, y)
	case OpFmax:
		x = max(x, y)
	case OpFcopysign:
		return fromF64(x)&^signF64 | fromF64(y)&signF64
	case OpFma:
		x = math.FMA(x, y, z)
	}
	return fromF64(x)
}

func evalF32(op Op, x, y, z float32) int64 {
	switch op {
	case OpFadd:
		x += y
	case OpFsub:
		x -= y
	case OpFmul:
		x *= y
	case OpFdiv:
		x /= y
	case OpFneg:
		return fromF32(x) ^ signF32
	case OpFabs:
		return fromF32(x) &^ signF32
	case OpFcopysign:
		return fromF32(x)&^signF32 | fromF32(y)&signF32
	case OpFma:
		return fromF32(fma32(x, y, z))
	case OpFmin:
		x = min(x, y)
	case OpFmax:
		x = max(x, y)
	default: // one rounding of a result that f64 holds exactly, or (sqrt) well enough
		x = float32(f64(evalF64(op, float64(x), float64(y), 0)))
	}
	return fromF32(x)
}

// fma32 computes x*y+z in one rounding: the product is exact in f64, the sum is
// rounded to odd there (its error folded into the last bit), which makes the
// second rounding, to f32, correct (Boldo and Melquiond, 2008).
func fma32(x, y, z float32) float32 {
	p, c := float64(x)*float64(y), float64(z)
	s := p + c
	if s != s || math.IsInf(s, 0) {
		return float32(s)
	}
	bb := s - p
	err := (p - (s - bb)) + (c - bb)
	if err != 0 && math.Float64bits(s)&1 == 0 {
		toward := math.Inf(1)
		if err < 0 {
			toward = math.Inf(-1)
		}
		s = math.Nextafter(s, toward)
	}
	return float32(s)
}

func convert(op Op, t, from Type, x int64) int64 {
	switch op {
	case OpZext:
		return int64(ZeroExtend(from, x))
	case OpSitofp:
		if t == F32 {
			return fromF32(float32(x))
		}
		return fromF64(float64(x))
	case OpUitofp:
		u := ZeroExtend(from, x)
		if t == F32 {
			return fromF32(float32(u))
		}
		return fromF64(float64(u))
	case OpFptosi:
		return floatToSigned(t, toFloat(from, x))
	case OpFptoui:
		return floatToUnsigned(t, toFloat(from, x))
	case OpFpext:
		return fromF64(float64(f32(x)))
	case OpFptrunc:
		return fromF32(float32(f64(x)))
	}
	return SignExtend(t, x) // sext, trunc, bitcast
}

func floatToSigned(t Type, f float64) int64 {
	limit := math.Ldexp(1, t.Bits()-1)
	if f = math.Trunc(f); f >= -limit && f < limit {
		return int64(f)
	}
	return -1 << (t.Bits() - 1)
}

func floatToUnsigned(t Type, f float64) int64 {
	limit := math.Ldexp(1, t.Bits())
	if f = math.Trunc(f); f >= 0 && f < limit {
		return SignExtend(t, int64(uint64(f)))
	}
	return -1 << (t.Bits() - 1)
}
