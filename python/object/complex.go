package object

import (
	"fmt"
	"math"
	"math/cmplx"
	"strings"

	"martlet/python/internal/numfmt"
)

// The type complex.

// Complex is a complex number.
type Complex struct {
	Object
	V complex128
}

// ComplexType is complex.
var ComplexType Type

// NewComplex makes a complex number.
func NewComplex(c complex128) Value { return Obj(&Complex{Object{&ComplexType.Root}, c}) }

// IsComplex says whether v is a complex or an instance of a subclass.
func IsComplex(v Value) bool { return v.Type().Flags&FComplex != 0 }

func complexArg(t *Thread, v Value) (complex128, bool, *Exception) {
	if IsComplex(v) {
		return As[Complex](v).V, true, nil
	}
	x, ok, e := floatArg(t, v)
	return complex(x, 0), ok, e
}

func complexBin(f func(t *Thread, x, y complex128) (complex128, *Exception)) BinaryFunc {
	return func(t *Thread, a, b Value) (Value, *Exception) {
		x, ok, e := complexArg(t, a)
		if !ok || e != nil {
			return NotImplemented, e
		}
		y, ok, e := complexArg(t, b)
		if !ok || e != nil {
			return NotImplemented, e
		}
		r, e := f(t, x, y)
		if e != nil {
			return Value{}, e
		}
		return NewComplex(r), nil
	}
}

// mulComplex multiplies by the plain formula, as CPython does (no recovery of infinities).
func mulComplex(x, y complex128) complex128 {
	a, b, c, d := real(x), imag(x), real(y), imag(y)
	return complex(float64(a*c)-float64(b*d), float64(a*d)+float64(b*c))
}

// divComplex divides by Smith's method; ok is false for a zero divisor.
func divComplex(x, y complex128) (r complex128, ok bool) {
	a, b, c, d := real(x), imag(x), real(y), imag(y)
	switch {
	case math.Abs(c) >= math.Abs(d):
		if c == 0 {
			return 0, false
		}
		ratio := d / c
		den := c + float64(d*ratio)
		return complex((a+float64(b*ratio))/den, (b-float64(a*ratio))/den), true
	case math.Abs(d) >= math.Abs(c):
		ratio := c / d
		den := float64(c*ratio) + d
		return complex((float64(a*ratio)+b)/den, (float64(b*ratio)-a)/den), true
	}
	return complex(math.NaN(), math.NaN()), true
}

func complexDiv(t *Thread, x, y complex128) (complex128, *Exception) {
	r, ok := divComplex(x, y)
	if !ok {
		return 0, ZeroDivisionErrorf(t, "complex division by zero")
	}
	return r, nil
}

func complexPow(t *Thread, a, b Value) (Value, *Exception) { return complexPowSlot(t, a, b) }

var complexPowSlot = complexBin(powComplex)

func powComplex(t *Thread, x, y complex128) (complex128, *Exception) {
	switch {
	case y == 0:
		return 1, nil
	case x == 0:
		if real(y) < 0 || imag(y) != 0 {
			return 0, ZeroDivisionErrorf(t, "0.0 to a negative or complex power")
		}
		return 0, nil
	}
	var r complex128
	if n := real(y); imag(y) == 0 && n == math.Floor(n) && math.Abs(n) <= 100 {
		r = intPowComplex(x, int(n))
	} else {
		r = polarPow(x, y)
	}
	if (math.IsInf(real(r), 0) || math.IsInf(imag(r), 0)) && !cmplx.IsInf(x) && !cmplx.IsInf(y) {
		return 0, OverflowErrorf(t, "complex exponentiation")
	}
	return r, nil
}

func intPowComplex(x complex128, n int) complex128 {
	if n < 0 {
		r, _ := divComplex(1, intPowComplex(x, -n))
		return r
	}
	r, p := complex128(1), x
	for mask := 1; mask > 0 && n >= mask; mask <<= 1 {
		if n&mask != 0 {
			r = mulComplex(r, p)
		}
		p = mulComplex(p, p)
	}
	return r
}

func polarPow(x, y complex128) complex128 {
	abs := math.Hypot(real(x), imag(x))
	n := math.Pow(abs, real(y))
	at := math.Atan2(imag(x), real(x))
	phase := at * real(y)
	if imag(y) != 0 {
		n *= math.Exp(-at * imag(y))
		phase += imag(y) * math.Log(abs)
	}
	return complex(n*math.Cos(phase), n*math.Sin(phase))
}

func complexCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if op != CmpEq && op != CmpNe {
		return NotImplemented, nil
	}
	x := As[Complex](a).V
	var eq bool
	switch f := b.Type().Flags; {
	case f&FComplex != 0:
		eq = x == As[Complex](b).V
	case f&FFloat != 0:
		eq = imag(x) == 0 && real(x) == FloatOf(b)
	case f&FInt != 0:
		eq = imag(x) == 0 && real(x) == real(x) && cmpFloatInt(real(x), b) == 0
	default:
		return NotImplemented, nil
	}
	return Bool(eq == (op == CmpEq)), nil
}

func complexHash(t *Thread, v Value) (int64, *Exception) {
	c := As[Complex](v).V
	if math.IsNaN(real(c)) || math.IsNaN(imag(c)) {
		return int64(ID(v) >> 4), nil
	}
	return numfmt.HashComplex(numfmt.HashFloat(real(c)), numfmt.HashFloat(imag(c))), nil
}

func complexAbs(t *Thread, v Value) (Value, *Exception) {
	c := As[Complex](v).V
	r := math.Hypot(real(c), imag(c))
	if math.IsInf(r, 0) && !cmplx.IsInf(c) {
		return Value{}, OverflowErrorf(t, "absolute value too large")
	}
	return Float(r), nil
}

// complexNew is complex(real, imag).
func complexNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	re, im := a[0], a[1]
	if tp == &ComplexType && im.Ref == nil && re.Ref != nil && re.Type() == tp {
		return re, nil
	}
	c, e := complexFromArgs(t, re, im)
	if e != nil || tp == &ComplexType {
		return NewComplex(c), e
	}
	o, e := AllocAs[Complex](t, tp)
	if e == nil {
		o.V = c
	}
	return Obj(o), e
}

func complexFromArgs(t *Thread, re, im Value) (complex128, *Exception) {
	if re.Ref != nil && IsStr(re) {
		if im.Ref != nil {
			return 0, TypeErrorf(t, "complex() can't take second arg if first is a string")
		}
		return parseComplex(t, As[Str](re).S)
	}
	if im.Ref != nil && IsStr(im) {
		return 0, TypeErrorf(t, "complex() second arg can't be a string")
	}
	var x, y complex128
	var e *Exception
	if re.Ref != nil && IsComplex(re) && re.Type() != &ComplexType { // a subclass may have another idea
		if x, _, e = callComplex(t, re); e != nil {
			return 0, e
		}
	} else if re.Ref != nil {
		if x, e = ToComplex(t, re, "complex() first argument must be a string or a number, not '%s'"); e != nil {
			return 0, e
		}
	}
	if im.Ref == nil {
		return x, nil
	}
	if !IsComplex(im) && im.Type().Lookup(t, N.Complex).Ref != nil { // only the first argument may convert itself
		return 0, TypeErrorf(t, "complex() second argument must be a number, not '%s'", im.Type().Name)
	}
	if y, e = ToComplex(t, im, "complex() second argument must be a number, not '%s'"); e != nil {
		return 0, e
	}
	r, i := real(x), real(y)
	if IsComplex(im) {
		r -= imag(y)
	}
	if re.Ref != nil && (IsComplex(re) || imag(x) != 0) {
		i += imag(x)
	}
	return complex(r, i), nil
}

// ToComplex converts a number; msg is the TypeError's format with the type's name.
func ToComplex(t *Thread, v Value, msg string) (complex128, *Exception) {
	if IsComplex(v) {
		return As[Complex](v).V, nil
	}
	if c, found, e := callComplex(t, v); found {
		return c, e
	}
	if tp := v.Type(); tp.Slots.ToFloat == nil && tp.Slots.Index == nil {
		return 0, TypeErrorf(t, msg, tp.Name)
	}
	x, e := ToFloat(t, v)
	return complex(x, 0), e
}

// callComplex calls __complex__, if the type has it.
func callComplex(t *Thread, v Value) (c complex128, found bool, e *Exception) {
	r, found, e := CallSpecial(t, v, N.Complex)
	if !found || e != nil {
		return 0, found, e
	}
	if !IsComplex(r) {
		return 0, true, TypeErrorf(t, "__complex__ returned non-complex (type %s)", r.Type().Name)
	}
	if r.Type() != &ComplexType {
		e = Warn(t, &DeprecationWarningType, fmt.Sprintf("__complex__ returned non-complex (type %s).  The ability to return an instance of a strict subclass of complex is deprecated, and may be removed in a future version of Python.", r.Type().Name))
	}
	return As[Complex](r).V, true, e
}

func parseComplex(t *Thread, s string) (complex128, *Exception) {
	bad := func() (complex128, *Exception) {
		return 0, ValueErrorf(t, "complex() arg is a malformed string")
	}
	s = asciiNumber(s)
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s = strings.Trim(s[1:len(s)-1], " \t\n\v\f\r")
	}
	if s == "" {
		return bad()
	}
	if c := s[len(s)-1]; c != 'j' && c != 'J' {
		x, ok := numfmt.ParseFloat(s)
		if !ok {
			return bad()
		}
		return complex(x, 0), nil
	}
	s = s[:len(s)-1]
	cut := 0 // where the imaginary part begins: at the last sign that does not belong to an exponent
	for i := len(s) - 1; i > 0; i-- {
		if (s[i] == '+' || s[i] == '-') && s[i-1]|0x20 != 'e' {
			cut = i
			break
		}
	}
	re, im := 0.0, 0.0
	ok := true
	if cut > 0 {
		if re, ok = numfmt.ParseFloat(s[:cut]); !ok {
			return bad()
		}
	}
	switch part := s[cut:]; part {
	case "", "+":
		im = 1
	case "-":
		im = -1
	default:
		if im, ok = numfmt.ParseFloat(part); !ok {
			return bad()
		}
	}
	return complex(re, im), nil
}

func init() {
	part := func(f func(c complex128) Value) UnaryFunc {
		return func(t *Thread, v Value) (Value, *Exception) { return f(As[Complex](v).V), nil }
	}
	conj := func(t *Thread, a []Value) (Value, *Exception) {
		return NewComplex(cmplx.Conj(As[Complex](a[0]).V)), nil
	}
	Declare(&ComplexType, Decl{
		Name: "complex", Flags: FComplex, Layout: LayoutOf[Complex](),
		Doc: "Create a complex number from a string or numbers.\n\nIf a string is given, parse it as a complex number.\nIf a single number is given, convert it to a complex number.\nIf the 'real' or 'imag' arguments are given, create a complex number\nwith the specified real and imaginary components.",
		Slots: Slots{
			Repr: part(func(c complex128) Value { return StrVal(numfmt.ComplexRepr(real(c), imag(c))) }),
			Hash: complexHash, Compare: complexCompare, Abs: complexAbs,
			Bool: func(t *Thread, v Value) (bool, *Exception) { return As[Complex](v).V != 0, nil },
			Neg:  part(func(c complex128) Value { return NewComplex(complex(-real(c), -imag(c))) }),
			Pos:  part(NewComplex),
			New:  NewSig("complex(real=<absent>, imag=<absent>)", complexNew),
			Bin: [NumBinOps]BinaryFunc{
				OpAdd:     complexBin(func(t *Thread, x, y complex128) (complex128, *Exception) { return x + y, nil }),
				OpSub:     complexBin(func(t *Thread, x, y complex128) (complex128, *Exception) { return x - y, nil }),
				OpMul:     complexBin(func(t *Thread, x, y complex128) (complex128, *Exception) { return mulComplex(x, y), nil }),
				OpTrueDiv: complexBin(complexDiv), OpPow: complexPowSlot},
			PowMod: func(t *Thread, a, b, m Value) (Value, *Exception) { return Value{}, ValueErrorf(t, "complex modulo") },
		},
		Methods: []Method{
			{Sig: "conjugate(self, /)", Fn: conj},
			{Sig: "__complex__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return NewComplex(As[Complex](a[0]).V), nil }},
			{Sig: "__getnewargs__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				c := As[Complex](a[0]).V
				return TupleOf(Float(real(c)), Float(imag(c))), nil
			}},
			{Sig: "__format__(self, format_spec, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				spec, e := specArg(t, a[1])
				if e != nil {
					return Value{}, e
				}
				if spec == "" {
					return strResult(ToStr(t, a[0]))
				}
				c := As[Complex](a[0]).V
				s, err := numfmt.Complex(spec, real(c), imag(c), a[0].Type().Name)
				return numStr(t, s, err)
			}},
		},
		GetSets: []GetSet{
			{Name: "real", Get: part(func(c complex128) Value { return Float(real(c)) })},
			{Name: "imag", Get: part(func(c complex128) Value { return Float(imag(c)) })},
		},
	})
}
