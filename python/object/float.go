package object

import (
	"fmt"
	"math"
	"math/big"

	"martlet/python/internal/numfmt"
)

// The type float: unboxed (Ref = FloatTag), on the heap only as instances of subclasses.

// FloatObj is an instance of a subclass of float.
type FloatObj struct {
	Object
	V float64
}

// FloatType is float.
var FloatType Type

// IsFloatLike says whether v is a float or an instance of a subclass.
func IsFloatLike(v Value) bool { return v.Type().Flags&FFloat != 0 }

// FloatOf gives the number of a float or instance of a subclass.
func FloatOf(v Value) float64 {
	if v.IsFloat() {
		return v.Float64()
	}
	return As[FloatObj](v).V
}

// floatArg converts an operand of a float operation; ok is false if it is neither float nor int.
func floatArg(t *Thread, v Value) (x float64, ok bool, err *Exception) {
	switch {
	case v.IsFloat():
		return v.Float64(), true, nil
	case v.IsInt() || v.IsBool():
		return float64(int64(v.Bits)), true, nil
	}
	switch f := v.Type().Flags; {
	case f&FFloat != 0:
		return As[FloatObj](v).V, true, nil
	case f&FInt != 0:
		x, err = IntToFloat(t, v)
		return x, true, err
	}
	return 0, false, nil
}

func floatArgs(t *Thread, a, b Value) (x, y float64, ok bool, err *Exception) {
	if x, ok, err = floatArg(t, a); !ok || err != nil {
		return
	}
	y, ok, err = floatArg(t, b)
	return
}

func floatAdd(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsFloat() && b.IsFloat() {
		return Float(a.Float64() + b.Float64()), nil
	}
	x, y, ok, e := floatArgs(t, a, b)
	if !ok || e != nil {
		return NotImplemented, e
	}
	return Float(x + y), nil
}

func floatSub(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsFloat() && b.IsFloat() {
		return Float(a.Float64() - b.Float64()), nil
	}
	x, y, ok, e := floatArgs(t, a, b)
	if !ok || e != nil {
		return NotImplemented, e
	}
	return Float(x - y), nil
}

func floatMul(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsFloat() && b.IsFloat() {
		return Float(a.Float64() * b.Float64()), nil
	}
	x, y, ok, e := floatArgs(t, a, b)
	if !ok || e != nil {
		return NotImplemented, e
	}
	return Float(x * y), nil
}

func floatTrueDiv(t *Thread, a, b Value) (Value, *Exception) {
	x, y, ok, e := floatArgs(t, a, b)
	if !ok || e != nil {
		return NotImplemented, e
	}
	if y == 0 {
		return zeroDivision(t, "float division by zero")
	}
	return Float(x / y), nil
}

func floatFloorDiv(t *Thread, a, b Value) (Value, *Exception) {
	x, y, ok, e := floatArgs(t, a, b)
	if !ok || e != nil {
		return NotImplemented, e
	}
	if y == 0 {
		return zeroDivision(t, "float floor division by zero")
	}
	d, _ := numfmt.FloatDivmod(x, y)
	return Float(d), nil
}

func floatMod(t *Thread, a, b Value) (Value, *Exception) {
	x, y, ok, e := floatArgs(t, a, b)
	if !ok || e != nil {
		return NotImplemented, e
	}
	if y == 0 {
		return zeroDivision(t, "float modulo by zero")
	}
	_, m := numfmt.FloatDivmod(x, y)
	return Float(m), nil
}

func floatDivmod(t *Thread, a, b Value) (Value, *Exception) {
	x, y, ok, e := floatArgs(t, a, b)
	if !ok || e != nil {
		return NotImplemented, e
	}
	if y == 0 {
		return zeroDivision(t, "float divmod()")
	}
	d, m := numfmt.FloatDivmod(x, y)
	return NewTuple([]Value{Float(d), Float(m)}), nil
}

func floatPow(t *Thread, a, b Value) (Value, *Exception) {
	x, y, ok, e := floatArgs(t, a, b)
	if !ok || e != nil {
		return NotImplemented, e
	}
	switch {
	case y == 0 || x == 1:
		return Float(1), nil
	case x == 0 && math.IsInf(y, -1):
		return Float(math.Inf(1)), nil
	case x == 0 && y < 0:
		return zeroDivision(t, "0.0 cannot be raised to a negative power")
	case x < 0 && !math.IsInf(x, 0) && !math.IsInf(y, 0) && !math.IsNaN(y) && y != math.Floor(y):
		return complexPow(t, NewComplex(complex(x, 0)), NewComplex(complex(y, 0)))
	}
	r := math.Pow(x, y)
	if math.IsInf(r, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		return Value{}, NewException(t, &OverflowErrorType, Int(34), StrVal("Numerical result out of range"))
	}
	return Float(r), nil
}

func floatNeg(t *Thread, v Value) (Value, *Exception) { return Float(-FloatOf(v)), nil }
func floatPos(t *Thread, v Value) (Value, *Exception) { return Float(FloatOf(v)), nil }
func floatAbs(t *Thread, v Value) (Value, *Exception) { return Float(math.Abs(FloatOf(v))), nil }

func floatBool(t *Thread, v Value) (bool, *Exception) { return FloatOf(v) != 0, nil }

func floatHash(t *Thread, v Value) (int64, *Exception) {
	x := FloatOf(v)
	if x != x {
		return int64(ID(v) >> 4), nil
	}
	return numfmt.HashFloat(x), nil
}

func floatRepr(t *Thread, v Value) (Value, *Exception) { return StrVal(numfmt.Repr(FloatOf(v))), nil }

// FloatToInt truncates a float.
func FloatToInt(t *Thread, x float64) (Value, *Exception) {
	if x >= -(1<<63) && x < 1<<63 {
		return Int(int64(x)), nil
	}
	if math.IsNaN(x) {
		return Value{}, ValueErrorf(t, "cannot convert float NaN to integer")
	}
	if math.IsInf(x, 0) {
		return Value{}, Errorf(t, &OverflowErrorType, "cannot convert float infinity to integer")
	}
	b, _ := new(big.Float).SetFloat64(x).Int(nil)
	return BigVal(b), nil
}

func floatInt(t *Thread, v Value) (Value, *Exception) { return FloatToInt(t, FloatOf(v)) }

// cmpFloatInt compares x (not NaN) with an int exactly.
func cmpFloatInt(x float64, i Value) int {
	if s, ok := SmallInt(i); ok && s > -exactFloat && s < exactFloat {
		y := float64(s)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	if math.IsInf(x, 0) {
		return int(math.Copysign(1, x))
	}
	return new(big.Float).SetFloat64(x).Cmp(new(big.Float).SetPrec(uint(max(64, BigOf(i).BitLen()))).SetInt(BigOf(i)))
}

func floatCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	x := FloatOf(a)
	f := b.Type().Flags
	if f&FFloat == 0 {
		if f&FInt == 0 {
			return NotImplemented, nil
		}
		if x != x {
			return Bool(op == CmpNe), nil
		}
		return cmpResult(cmpFloatInt(x, b), op), nil
	}
	return Bool(CompareFloats(x, FloatOf(b), op)), nil
}

// CompareFloats compares by op, with NaN unequal to and unordered with everything.
func CompareFloats(x, y float64, op CmpOp) bool {
	switch op {
	case CmpLt:
		return x < y
	case CmpLe:
		return x <= y
	case CmpEq:
		return x == y
	case CmpNe:
		return x != y
	case CmpGt:
		return x > y
	}
	return x >= y
}

// ToFloat is what float parameters accept: floats, ints, __float__ and __index__.
func ToFloat(t *Thread, v Value) (float64, *Exception) {
	x, ok, e := floatArg(t, v)
	if ok {
		return x, e
	}
	tp := v.Type()
	if tp.Slots.ToFloat != nil {
		return callFloat(t, v)
	}
	if tp.Slots.Index != nil {
		i, e := ToIndex(t, v)
		if e != nil {
			return 0, e
		}
		return IntToFloat(t, i)
	}
	return 0, TypeErrorf(t, "must be real number, not %s", tp.Name)
}

// callFloat calls __float__.
func callFloat(t *Thread, v Value) (float64, *Exception) {
	tp := v.Type()
	r, e := tp.Slots.ToFloat(t, v)
	if e != nil {
		return 0, e
	}
	if !IsFloatLike(r) {
		return 0, TypeErrorf(t, "%s.__float__ returned non-float (type %s)", tp.Name, r.Type().Name)
	}
	if r.Type() != &FloatType {
		msg := fmt.Sprintf("%s.__float__ returned non-float (type %s).  The ability to return an instance of a strict subclass of float is deprecated, and may not be supported in a future version of Python.", tp.Name, r.Type().Name)
		if e := Warn(t, &DeprecationWarningType, msg); e != nil {
			return 0, e
		}
	}
	return FloatOf(r), nil
}

func floatNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	x, e := floatFromArg(t, a[0])
	if e != nil || tp == &FloatType {
		return Float(x), e
	}
	o, e := AllocAs[FloatObj](t, tp)
	if e != nil {
		return Value{}, e
	}
	o.V = x
	return Obj(o), nil
}

func floatFromArg(t *Thread, v Value) (float64, *Exception) {
	tp := v.Type()
	var text string
	switch {
	case tp != &FloatType && tp.Flags&FFloat != 0 && tp.Slots.ToFloat != nil: // a subclass may have another idea
		return callFloat(t, v)
	case tp.Flags&FStr != 0:
		text = As[Str](v).S
	case tp.Flags&(FBytes|FByteArray) != 0:
		b, _ := BytesOf(v)
		text = string(b)
	case tp.Slots.ToFloat != nil || tp.Slots.Index != nil:
		return ToFloat(t, v)
	default:
		b, ok := bufferBytes(t, v)
		if !ok {
			return 0, TypeErrorf(t, "float() argument must be a string or a real number, not '%s'", tp.Name)
		}
		text = string(b)
	}
	x, ok := numfmt.ParseFloat(asciiNumber(text))
	if !ok {
		r, e := reprText(t, v)
		if e != nil {
			return 0, e
		}
		return 0, ValueErrorf(t, "could not convert string to float: %s", r)
	}
	return x, nil
}

func floatFormat(t *Thread, a []Value) (Value, *Exception) {
	spec, e := specArg(t, a[1])
	if e != nil {
		return Value{}, e
	}
	if spec == "" {
		return strResult(ToStr(t, a[0]))
	}
	s, err := numfmt.Float(spec, FloatOf(a[0]), a[0].Type().Name)
	return numStr(t, s, err)
}

func floatRound(t *Thread, a []Value) (Value, *Exception) {
	x := FloatOf(a[0])
	if a[1].IsNone() {
		return FloatToInt(t, math.RoundToEven(x))
	}
	n, e := ClampIndex(t, a[1])
	if e != nil {
		return Value{}, e
	}
	r, ok := numfmt.Round(x, n)
	if !ok {
		return Value{}, Errorf(t, &OverflowErrorType, "rounded value too large to represent")
	}
	return Float(r), nil
}

func floatRatio(t *Thread, a []Value) (Value, *Exception) {
	x := FloatOf(a[0])
	if math.IsInf(x, 0) {
		return Value{}, Errorf(t, &OverflowErrorType, "cannot convert Infinity to integer ratio")
	}
	if math.IsNaN(x) {
		return Value{}, ValueErrorf(t, "cannot convert NaN to integer ratio")
	}
	n, d := numfmt.Ratio(x)
	return NewTuple([]Value{BigVal(n), BigVal(d)}), nil
}

func floatFromHex(t *Thread, a []Value) (Value, *Exception) {
	if a[1].Type().Flags&FStr == 0 {
		return Value{}, TypeErrorf(t, "bad argument type for built-in operation")
	}
	x, err := numfmt.FromHex(As[Str](a[1]).S)
	if err != nil {
		return Value{}, numError(t, err)
	}
	if As[Type](a[0]) != &FloatType {
		return Call(t, a[0], Float(x))
	}
	return Float(x), nil
}

func floatGetFormat(t *Thread, a []Value) (Value, *Exception) {
	if a[1].Type().Flags&FStr == 0 {
		return Value{}, TypeErrorf(t, "__getformat__() argument must be str, not %s", ArgTypeName(a[1]))
	}
	if s := As[Str](a[1]).S; s != "double" && s != "float" {
		return Value{}, ValueErrorf(t, "__getformat__() argument 1 must be 'double' or 'float'")
	}
	return StrVal("IEEE, little-endian"), nil
}

func init() {
	Declare(&FloatType, Decl{
		Name: "float", Flags: FFloat | FMatchSelf, Layout: LayoutOf[FloatObj](),
		Doc: "Convert a string or number to a floating-point number, if possible.",
		Slots: Slots{
			Repr: floatRepr, Hash: floatHash, Compare: floatCompare, Bool: floatBool,
			Neg: floatNeg, Pos: floatPos, Abs: floatAbs, ToInt: floatInt, ToFloat: floatPos,
			Bin: [NumBinOps]BinaryFunc{OpAdd: floatAdd, OpSub: floatSub, OpMul: floatMul, OpTrueDiv: floatTrueDiv,
				OpFloorDiv: floatFloorDiv, OpMod: floatMod, OpDivmod: floatDivmod, OpPow: floatPow},
			PowMod: func(t *Thread, a, b, m Value) (Value, *Exception) {
				return Value{}, TypeErrorf(t, "pow() 3rd argument not allowed unless all arguments are integers")
			},
			New: NewSig("float(x=0.0, /)", floatNew),
		},
		Methods: []Method{
			{Sig: "__format__(self, format_spec, /)", Fn: floatFormat},
			{Sig: "__round__(self, ndigits=None, /)", Fn: floatRound},
			{Sig: "__trunc__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return floatInt(t, a[0]) }},
			{Sig: "__floor__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return FloatToInt(t, math.Floor(FloatOf(a[0]))) }},
			{Sig: "__ceil__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return FloatToInt(t, math.Ceil(FloatOf(a[0]))) }},
			{Sig: "__getnewargs__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return NewTuple([]Value{Float(FloatOf(a[0]))}), nil }},
			{Sig: "__getformat__(type, typestr, /)", Fn: floatGetFormat, Kind: ClassMethod},
			{Sig: "conjugate(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return floatPos(t, a[0]) }},
			{Sig: "is_integer(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				x := FloatOf(a[0])
				return Bool(x == math.Floor(x) && !math.IsInf(x, 0)), nil
			}},
			{Sig: "as_integer_ratio(self, /)", Fn: floatRatio},
			{Sig: "hex(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return StrVal(numfmt.Hex(FloatOf(a[0]))), nil }},
			{Sig: "fromhex(type, string, /)", Fn: floatFromHex, Kind: ClassMethod},
		},
		GetSets: []GetSet{
			{Name: "real", Get: floatPos},
			{Name: "imag", Get: func(*Thread, Value) (Value, *Exception) { return Float(0), nil }},
		},
	})
}
