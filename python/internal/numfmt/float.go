package numfmt

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Flags change how Double lays out a number.
type Flags uint8

// The layout flags of Double.
const (
	AddDot0 Flags = 1 << iota // a finite result looks like a float ("1.0")
	Alt                       // keep the point and trailing zeros ('#')
	NoNeg0                    // -0.0 after rounding prints as 0.0 ('z')
	Upper                     // E, INF, NAN
)

// Repr gives float.__repr__: the shortest text that reads back as x.
func Repr(x float64) string {
	return Double(x, 'r', 0, AddDot0)
}

// Double formats x by code ('e', 'f', 'g' or 'r'; 'r' is the shortest form and
// ignores prec) with CPython's choice between positional and exponent form.
//
// The digits come from strconv, which rounds exactly (half to even); only the
// layout is Python's: an exponent has at least two digits, 'r' turns to
// exponents at 1e16 and 1e-4, 'g' at prec digits.
func Double(x float64, code byte, prec int, flags Flags) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return special(x, flags)
	}
	neg := math.Signbit(x)
	digits, decpt := decimal(math.Abs(x), code, &prec)
	if neg && flags&NoNeg0 != 0 && strings.Trim(digits, "0") == "" {
		neg = false
	}
	s := layout(digits, decpt, code, prec, flags)
	if flags&Upper != 0 {
		s = strings.ToUpper(s)
	}
	if neg {
		return "-" + s
	}
	return s
}

func special(x float64, flags Flags) string {
	s := "nan"
	if math.IsInf(x, 1) {
		s = "inf"
	} else if math.IsInf(x, -1) {
		s = "-inf"
	}
	if flags&Upper != 0 {
		s = strings.ToUpper(s)
	}
	return s
}

// decimal gives the digits of x without trailing zeros and the position of the
// point relative to their start; zero is "0" with decpt 1.
func decimal(x float64, code byte, prec *int) (string, int) {
	var buf [64]byte
	var out []byte
	switch code {
	case 'e':
		out = strconv.AppendFloat(buf[:0], x, 'e', *prec, 64)
	case 'f':
		return fixedDigits(x, *prec)
	case 'g':
		if *prec == 0 {
			*prec = 1
		}
		out = strconv.AppendFloat(buf[:0], x, 'e', *prec-1, 64)
	default:
		out = strconv.AppendFloat(buf[:0], x, 'e', -1, 64)
	}
	return splitExp(out)
}

func splitExp(out []byte) (string, int) {
	e := len(out) - 1
	for out[e] != 'e' {
		e--
	}
	exp, _ := strconv.Atoi(string(out[e+1:]))
	d := make([]byte, 0, e)
	d = append(d, out[0])
	if e > 2 {
		d = append(d, out[2:e]...)
	}
	return trimZeros(d), exp + 1
}

func fixedDigits(x float64, prec int) (string, int) {
	out := strconv.AppendFloat(nil, x, 'f', prec, 64)
	point := len(out)
	for i, c := range out {
		if c == '.' {
			point = i
			out = append(out[:i], out[i+1:]...)
			break
		}
	}
	for len(out) > 1 && out[0] == '0' {
		out = out[1:]
		point--
	}
	if len(out) == 1 && out[0] == '0' {
		point = 1
	}
	return trimZeros(out), point
}

func trimZeros(d []byte) string {
	for len(d) > 1 && d[len(d)-1] == '0' {
		d = d[:len(d)-1]
	}
	return string(d)
}

// layout writes the digits in positional or exponent form.
func layout(digits string, decpt int, code byte, prec int, flags Flags) string {
	useExp, end := false, len(digits)
	switch code {
	case 'e':
		useExp, end = true, prec+1
	case 'f':
		end = decpt + prec
	case 'g':
		limit := prec
		if flags&AddDot0 != 0 {
			limit--
		}
		useExp = decpt <= -4 || decpt > limit
		if flags&Alt != 0 {
			end = prec
		}
	default:
		useExp = decpt <= -4 || decpt > 16
	}
	exp := decpt - 1
	if useExp {
		decpt = 1
	}
	start := 0
	if decpt <= 0 {
		start = decpt - 1
	}
	if !useExp && flags&AddDot0 != 0 {
		end = max(end, decpt+1)
	} else {
		end = max(end, decpt)
	}
	b := make([]byte, 0, end-start+8)
	for i := start; i < end; i++ {
		if i == decpt {
			b = append(b, '.')
		}
		if i < 0 || i >= len(digits) {
			b = append(b, '0')
		} else {
			b = append(b, digits[i])
		}
	}
	if end == decpt && flags&Alt != 0 {
		b = append(b, '.')
	}
	if useExp {
		b = appendExp(b, exp)
	}
	return string(b)
}

func appendExp(b []byte, exp int) []byte {
	sign := byte('+')
	if exp < 0 {
		sign, exp = '-', -exp
	}
	b = append(b, 'e', sign)
	if exp < 10 {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, int64(exp), 10)
}

// ComplexRepr gives complex.__repr__.
func ComplexRepr(re, im float64) string {
	if re == 0 && !math.Signbit(re) {
		return Double(im, 'r', 0, 0) + "j"
	}
	i := Double(im, 'r', 0, 0)
	if i[0] != '-' {
		i = "+" + i
	}
	return "(" + Double(re, 'r', 0, 0) + i + "j)"
}

// Round gives round(x, ndigits) for a finite x: correctly rounded, half to
// even on the exact binary value. ok is false if the result overflows.
func Round(x float64, ndigits int) (r float64, ok bool) {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) || ndigits > 323 {
		return x, true
	}
	if ndigits < -308 {
		return math.Copysign(0, x), true
	}
	if ndigits >= 0 {
		r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', ndigits, 64), 64)
		return r, err == nil
	}
	// The digits before the point that survive: exponent of the first + ndigits.
	exact := new(big.Float).SetFloat64(x)
	i, _ := exact.Int(nil)
	frac := new(big.Float).Sub(exact, new(big.Float).SetInt(i)).Sign() != 0
	q := roundInt(i, -ndigits, frac)
	f, _ := new(big.Float).SetInt(q).Float64()
	if f == 0 {
		f = math.Copysign(0, x)
	}
	return f, !math.IsInf(f, 0)
}

// RoundInt rounds i half to even to a multiple of 10**n, n >= 0.
func RoundInt(i *big.Int, n int) *big.Int { return roundInt(i, n, false) }

// roundInt rounds i to a multiple of 10**n; sticky says that the true value has
// a fraction beyond i, so that an apparent tie is none.
func roundInt(i *big.Int, n int, sticky bool) *big.Int {
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	q, r := new(big.Int).QuoRem(i, p, new(big.Int))
	r.Abs(r)
	c := r.Lsh(r, 1).Cmp(p)
	if c > 0 || c == 0 && (sticky || q.Bit(0) == 1) {
		if i.Sign() < 0 {
			q.Sub(q, big.NewInt(1))
		} else {
			q.Add(q, big.NewInt(1))
		}
	}
	return q.Mul(q, p)
}

// Ratio gives float.as_integer_ratio of a finite x in lowest terms.
func Ratio(x float64) (num, den *big.Int) {
	if x == 0 {
		return new(big.Int), big.NewInt(1)
	}
	r := new(big.Rat).SetFloat64(x)
	return r.Num(), r.Denom()
}

// Hex gives float.hex.
func Hex(x float64) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return Repr(x)
	}
	sign := ""
	if math.Signbit(x) {
		sign = "-"
	}
	b := math.Float64bits(x)
	exp, man := int(b>>52&0x7ff), b&(1<<52-1)
	if exp == 0 && man == 0 {
		return sign + "0x0.0p+0"
	}
	lead := "1"
	if exp == 0 {
		lead, exp = "0", 1
	}
	h := strconv.FormatUint(man|1<<52, 16)[1:]
	e := exp - 1023
	es := "+"
	if e < 0 {
		es = ""
	}
	return sign + "0x" + lead + "." + h + "p" + es + strconv.Itoa(e)
}

// FromHex gives float.fromhex of s.
func FromHex(s string) (float64, *Error) {
	bad := valueError("invalid hexadecimal floating-point string")
	t := strings.ToLower(strings.Trim(s, " \t\n\v\f\r"))
	neg := strings.HasPrefix(t, "-")
	if neg || strings.HasPrefix(t, "+") {
		t = t[1:]
	}
	x, err := fromHex(t, bad)
	if neg {
		x = -x
	}
	return x, err
}

func fromHex(t string, bad *Error) (float64, *Error) {
	switch t {
	case "inf", "infinity":
		return math.Inf(1), nil
	case "nan":
		return math.NaN(), nil
	}
	t = strings.TrimPrefix(t, "0x")
	mant, exp, rest := t, int64(0), ""
	if i := strings.IndexByte(t, 'p'); i >= 0 {
		text := t[i+1:]
		if n := strings.IndexFunc(text[min(1, len(text)):], func(r rune) bool { return r < '0' || r > '9' }); n >= 0 {
			text, rest = text[:n+1], text[n+1:]
		}
		e, err := strconv.ParseInt(text, 10, 64)
		if ne, isNum := err.(*strconv.NumError); isNum && ne.Err == strconv.ErrRange {
			e, err = clampExp(text), nil
		}
		if err != nil {
			return 0, bad
		}
		mant, exp = t[:i], e
	}
	digits := mant
	if i := strings.IndexByte(mant, '.'); i >= 0 {
		digits = mant[:i] + mant[i+1:]
		exp -= 4 * int64(len(mant)-i-1)
	}
	m, ok := new(big.Int).SetString(digits, 16)
	if !ok || strings.ContainsAny(digits, "+-_") {
		return 0, bad
	}
	x, err := scale(m, exp)
	if rest != "" && err == nil { // what stands behind the number is looked at last
		err = bad
	}
	return x, err
}

func clampExp(s string) int64 {
	if s[0] == '-' {
		return -1 << 40
	}
	return 1 << 40
}

// scale gives m * 2**exp, rounded half to even.
func scale(m *big.Int, exp int64) (float64, *Error) {
	top := int64(m.BitLen()) + exp
	switch {
	case m.Sign() == 0 || top < -1200:
		return 0, nil
	case top > 1100:
		return 0, &Error{OverflowError, "hexadecimal value too large to represent as a float"}
	}
	f := new(big.Float).SetPrec(uint(m.BitLen()) + 1).SetInt(m)
	f.SetMantExp(f, int(exp))
	x, _ := f.Float64()
	if math.IsInf(x, 0) {
		return 0, &Error{OverflowError, "hexadecimal value too large to represent as a float"}
	}
	return x, nil
}

// FloatDivmod is divmod of floats with Python's signs; y is not 0.
func FloatDivmod(x, y float64) (div, mod float64) {
	mod = math.Mod(x, y)
	if mod != mod && x == x && y == y {
		mod = math.Float64frombits(0xfff8 << 48) // the NaN of an invalid operation has its sign set on the machines that CPython runs on
	}
	div = (x - mod) / y
	if mod != 0 {
		if (y < 0) != (mod < 0) {
			mod += y
			div--
		}
	} else {
		mod = math.Copysign(0, y)
	}
	if div == 0 {
		return math.Copysign(0, x/y), mod
	}
	f := math.Floor(div)
	if div-f > 0.5 {
		f++
	}
	return f, mod
}
