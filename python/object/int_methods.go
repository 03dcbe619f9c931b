package object

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strings"

	"martlet/python/internal/numfmt"
	"martlet/python/internal/unidata"
	"martlet/python/internal/wtf8"
)

// Construction of ints and the methods of int and bool.

// BoolType is bool.
var BoolType Type

func init() {
	Declare(&IntType, Decl{
		Name: "int", Flags: FInt | FMatchSelf, Layout: LayoutOf[IntObj](),
		Doc: "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments\nare given.",
		Slots: Slots{
			Repr: intRepr, Hash: intHash, Compare: intCompare, Bool: intBool,
			Neg: intNeg, Pos: intPos, Invert: intInvert, Abs: intAbs, ToInt: intPos, ToFloat: intFloat, Index: intPos,
			Bin: [NumBinOps]BinaryFunc{OpAdd: intAdd, OpSub: intSub, OpMul: intMul, OpFloorDiv: intFloorDiv,
				OpMod: intMod, OpDivmod: intDivmod, OpTrueDiv: intTrueDiv, OpPow: intPow, OpLShift: intLshift,
				OpRShift: intRshift, OpAnd: intAnd, OpOr: intOr, OpXor: intXor},
			PowMod: intPowMod,
			New:    NewSig("int(x=<absent>, /, base=<absent>)", intNew),
		},
		Methods: []Method{
			{Sig: "__format__(self, format_spec, /)", Fn: intFormat},
			{Sig: "__round__(self, ndigits=<absent>, /)", Fn: intRound},
			{Sig: "__trunc__(self, /)", Fn: intSelf},
			{Sig: "__floor__(self, /)", Fn: intSelf},
			{Sig: "__ceil__(self, /)", Fn: intSelf},
			{Sig: "__getnewargs__(self, /)", Fn: intGetNewArgs},
			{Sig: "__sizeof__(self, /)", Fn: intSizeof},
			{Sig: "conjugate(self, /)", Fn: intSelf},
			{Sig: "bit_length(self, /)", Fn: intBitLength},
			{Sig: "bit_count(self, /)", Fn: intBitCount},
			{Sig: "is_integer(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return True, nil }},
			{Sig: "as_integer_ratio(self, /)", Fn: intRatio},
			{Sig: "to_bytes(self, /, length=1, byteorder='big', *, signed=False)", Fn: intToBytes},
			{Sig: "from_bytes(type, /, bytes, byteorder='big', *, signed=False)", Fn: intFromBytes, Kind: ClassMethod},
		},
		GetSets: []GetSet{
			{Name: "real", Get: intPos}, {Name: "numerator", Get: intPos},
			{Name: "imag", Get: func(*Thread, Value) (Value, *Exception) { return Int(0), nil }},
			{Name: "denominator", Get: func(*Thread, Value) (Value, *Exception) { return Int(1), nil }},
		},
	})
	Declare(&BoolType, Decl{
		Name: "bool", Base: &IntType, Flags: FFinal,
		Doc: "bool(object=False, /)\n--\n\nReturns True when the argument is true, False otherwise.",
		Slots: Slots{
			Repr: boolRepr,
			Bin:  [NumBinOps]BinaryFunc{OpAnd: boolAnd, OpOr: boolOr, OpXor: boolXor},
			Invert: func(t *Thread, v Value) (Value, *Exception) {
				e := Warn(t, &DeprecationWarningType, "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from the negation of a bool object. Use the 'not' operator for boolean negation or ~int(x) for the bitwise inversion of the underlying int.")
				return Int(^int64(v.Bits)), e
			},
			New: NewSig("bool(object=False, /)", func(t *Thread, tp *Type, a []Value) (Value, *Exception) {
				b, e := Truth(t, a[0])
				return Bool(b), e
			}),
		},
	})
}

func boolRepr(t *Thread, v Value) (Value, *Exception) {
	if v.Bits != 0 {
		return strTrue, nil
	}
	return strFalse, nil
}

var strTrue, strFalse = NewStrStatic("True"), NewStrStatic("False")

func boolAnd(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsBool() && b.IsBool() {
		return Bool(a.Bits&b.Bits != 0), nil
	}
	return intAnd(t, a, b)
}

func boolOr(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsBool() && b.IsBool() {
		return Bool(a.Bits|b.Bits != 0), nil
	}
	return intOr(t, a, b)
}

func boolXor(t *Thread, a, b Value) (Value, *Exception) {
	if a.IsBool() && b.IsBool() {
		return Bool(a.Bits^b.Bits != 0), nil
	}
	return intXor(t, a, b)
}

// intNew is int(x, base).
func intNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	v, e := intFromArgs(t, a[0], a[1])
	if e != nil || tp == &IntType {
		return v, e
	}
	o, e := AllocAs[IntObj](t, tp)
	if e != nil {
		return Value{}, e
	}
	o.V = v
	return Obj(o), nil
}

func intFromArgs(t *Thread, x, base Value) (Value, *Exception) {
	if base.Ref == nil {
		if x.Ref == nil {
			return Int(0), nil
		}
		return IntFromValue(t, x)
	}
	if x.Ref == nil {
		return Value{}, TypeErrorf(t, "int() missing string argument")
	}
	b, e := ClampIndex(t, base)
	if e != nil {
		return Value{}, e
	}
	if b != 0 && b < 2 || b > 36 {
		return Value{}, ValueErrorf(t, "int() base must be >= 2 and <= 36, or 0")
	}
	switch tp := x.Type(); {
	case tp.Flags&FStr != 0:
		return IntFromText(t, As[Str](x).S, b, x)
	case tp.Flags&(FBytes|FByteArray) != 0:
		raw, _ := BytesOf(x)
		return IntFromText(t, string(raw), b, x)
	}
	return Value{}, TypeErrorf(t, "int() can't convert non-string with explicit base")
}

// IntFromValue is int(x).
func IntFromValue(t *Thread, x Value) (Value, *Exception) {
	if x.IsInt() {
		return x, nil
	}
	tp := x.Type()
	for i, slot := range []UnaryFunc{tp.Slots.ToInt, tp.Slots.Index} {
		if slot == nil {
			continue
		}
		r, e := slot(t, x)
		if e != nil {
			return Value{}, e
		}
		if !IsIntLike(r) {
			return Value{}, TypeErrorf(t, "%s returned non-int (type %s)", []string{"__int__", "__index__"}[i], r.Type().Name)
		}
		if rt := r.Type(); rt != &IntType && tp != &BoolType {
			if e := Warn(t, &DeprecationWarningType, subclassReturned([]string{"__int__", "__index__"}[i], rt)); e != nil {
				return Value{}, e
			}
		}
		return IntOf(r), nil
	}
	if tp.Lookup(t, N.Trunc).Ref != nil {
		if e := Warn(t, &DeprecationWarningType, "The delegation of int() to __trunc__ is deprecated."); e != nil {
			return Value{}, e
		}
		r, _, e := CallSpecial(t, x, N.Trunc)
		if e != nil {
			return Value{}, e
		}
		return truncResult(t, r)
	}
	switch {
	case tp.Flags&FStr != 0:
		return IntFromText(t, As[Str](x).S, 10, x)
	case tp.Flags&(FBytes|FByteArray) != 0:
		raw, _ := BytesOf(x)
		return IntFromText(t, string(raw), 10, x)
	}
	if b, ok := bufferBytes(t, x); ok {
		return IntFromText(t, string(b), 10, x)
	}
	return Value{}, TypeErrorf(t, "int() argument must be a string, a bytes-like object or a real number, not '%s'", tp.Name)
}

func truncResult(t *Thread, r Value) (Value, *Exception) {
	if IsIntLike(r) {
		return IntOf(r), nil
	}
	if r.Type().Slots.Index == nil {
		return Value{}, TypeErrorf(t, "__trunc__ returned non-Integral (type %s)", r.Type().Name)
	}
	return ToIndex(t, r)
}

// asciiNumber maps Unicode decimal digits and blanks to ASCII and strips blanks; other characters become '?'.
func asciiNumber(s string) string {
	plain := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return strings.Trim(s, " \t\n\v\f\r\x1c\x1d\x1e\x1f")
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		i += n
		d := unidata.Decimal(r)
		switch {
		case r < 0x80:
			b = append(b, byte(r))
		case unidata.IsSpace(r):
			b = append(b, ' ')
		case d >= 0:
			b = append(b, byte('0'+d))
		default:
			b = append(b, '?')
		}
	}
	return strings.Trim(string(b), " \t\n\v\f\r\x1c\x1d\x1e\x1f")
}

// IntFromText is int(text, base); orig is named in the error.
func IntFromText(t *Thread, s string, base int, orig Value) (Value, *Exception) {
	small, b, ok, err := numfmt.ParseInt(asciiNumber(s), base, t.Interp.IntMaxDigit)
	if err != nil {
		return Value{}, numError(t, err)
	}
	if ok {
		if b != nil {
			return bigVal(t, b)
		}
		return Int(small), nil
	}
	if !IsStr(orig) { // whatever the buffer's type
		orig = BytesVal([]byte(s))
	}
	r, e := reprText(t, orig)
	if e != nil {
		return Value{}, e
	}
	if n := wtf8.Count(r); n > 200 {
		r = r[:wtf8.Offset(r, 200)]
	}
	return Value{}, ValueErrorf(t, "invalid literal for int() with base %d: %s", base, r)
}

func intSelf(t *Thread, a []Value) (Value, *Exception) { return IntOf(a[0]), nil }

func intGetNewArgs(t *Thread, a []Value) (Value, *Exception) {
	return NewTuple([]Value{IntOf(a[0])}), nil
}

func intSizeof(t *Thread, a []Value) (Value, *Exception) {
	n := (BigOf(a[0]).BitLen() + 29) / 30
	return Int(int64(24 + 4*max(n, 1))), nil
}

// specArg checks the argument of a __format__ method.
func specArg(t *Thread, v Value) (string, *Exception) {
	if v.Type().Flags&FStr == 0 {
		return "", TypeErrorf(t, "__format__() argument must be str, not %s", ArgTypeName(v))
	}
	return As[Str](v).S, nil
}

func numStr(t *Thread, s string, err *numfmt.Error) (Value, *Exception) {
	if err != nil {
		return Value{}, numError(t, err)
	}
	return StrVal(s), nil
}

func intFormat(t *Thread, a []Value) (Value, *Exception) {
	spec, e := specArg(t, a[1])
	if e != nil {
		return Value{}, e
	}
	if spec == "" {
		return strResult(ToStr(t, a[0]))
	}
	v, small := SmallInt(a[0])
	var b *big.Int
	if !small {
		b = BigOf(a[0])
	}
	s, err := numfmt.Int(spec, v, b, t.Interp.IntMaxDigit, a[0].Type().Name)
	return numStr(t, s, err)
}

func intRound(t *Thread, a []Value) (Value, *Exception) {
	if a[1].Ref == nil || a[1].IsNone() {
		return IntOf(a[0]), nil
	}
	n, e := ClampIndex(t, a[1])
	if e != nil {
		return Value{}, e
	}
	if n >= 0 {
		return IntOf(a[0]), nil
	}
	b := BigOf(a[0])
	if n < -b.BitLen() {
		return Int(0), nil
	}
	return bigVal(t, numfmt.RoundInt(b, -n))
}

func intBitLength(t *Thread, a []Value) (Value, *Exception) {
	return Int(int64(BigOf(a[0]).BitLen())), nil
}

func intBitCount(t *Thread, a []Value) (Value, *Exception) {
	n := 0
	for _, w := range BigOf(a[0]).Bits() {
		n += bits.OnesCount(uint(w))
	}
	return Int(int64(n)), nil
}

func intRatio(t *Thread, a []Value) (Value, *Exception) {
	return NewTuple([]Value{IntOf(a[0]), Int(1)}), nil
}

func byteOrder(t *Thread, v Value, fn string) (little bool, err *Exception) {
	if v.Type().Flags&FStr == 0 {
		return false, TypeErrorf(t, "%s() argument 'byteorder' must be str, not %s", fn, ArgTypeName(v))
	}
	switch As[Str](v).S {
	case "little":
		return true, nil
	case "big":
		return false, nil
	}
	return false, ValueErrorf(t, "byteorder must be either 'little' or 'big'")
}

func intToBytes(t *Thread, a []Value) (Value, *Exception) {
	n, e := ToInt64(t, a[1])
	if e != nil {
		return Value{}, e
	}
	little, e := byteOrder(t, a[2], "to_bytes")
	if e != nil {
		return Value{}, e
	}
	signed, e := Truth(t, a[3])
	if e != nil {
		return Value{}, e
	}
	if n < 0 {
		return Value{}, ValueErrorf(t, "length argument must be non-negative")
	}
	if e := t.Charge(int(min(n, 1<<40))); e != nil {
		return Value{}, e
	}
	return packInt(t, BigOf(a[0]), n, little, signed)
}

func packInt(t *Thread, b *big.Int, n int64, little, signed bool) (Value, *Exception) {
	if b.Sign() < 0 && !signed {
		return Value{}, Errorf(t, &OverflowErrorType, "can't convert negative int to unsigned")
	}
	if n == 0 && b.IsInt64() && b.Int64() == -1 {
		return BytesVal(nil), nil // all that is left out is the sign, as in CPython
	}
	need := int64(b.BitLen())
	if signed {
		need++
		if b.Sign() < 0 && new(big.Int).Not(b).BitLen() < b.BitLen() {
			need--
		}
	}
	if need > 8*n && b.Sign() != 0 || n > math.MaxInt32*64 {
		return Value{}, Errorf(t, &OverflowErrorType, "int too big to convert")
	}
	if b.Sign() < 0 {
		b = new(big.Int).Add(b, new(big.Int).Lsh(bigOne, uint(8*n)))
	}
	out := b.FillBytes(make([]byte, n))
	if little {
		slices.Reverse(out)
	}
	return BytesVal(out), nil
}

func intFromBytes(t *Thread, a []Value) (Value, *Exception) {
	little, e := byteOrder(t, a[2], "from_bytes")
	if e != nil {
		return Value{}, e
	}
	signed, e := Truth(t, a[3])
	if e != nil {
		return Value{}, e
	}
	bv, e := ToBytes(t, a[1])
	if e != nil {
		return Value{}, e
	}
	raw := slices.Clone(bv)
	if little {
		slices.Reverse(raw)
	}
	b := new(big.Int).SetBytes(raw)
	if signed && len(raw) > 0 && raw[0]&0x80 != 0 {
		b.Sub(b, new(big.Int).Lsh(bigOne, uint(8*len(raw))))
	}
	v, e := bigVal(t, b)
	if e != nil || As[Type](a[0]) == &IntType {
		return v, e
	}
	return Call(t, a[0], v)
}
