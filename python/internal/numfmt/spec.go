package numfmt

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The format mini-language: [[fill]align][sign][z][#][0][width][grouping][.precision][type].
// Parse reads it once; Int, Float, Complex and Str present a value by it. A
// number is laid out as
//
//	padding sign prefix padding grouped-digits rest padding
//
// where only one of the paddings is not empty, and grouping pads with zeros
// inside the digits when the fill is '0' and the alignment '='.

// Spec is a parsed format specifier.
type Spec struct {
	Fill      rune
	Align     byte // '<', '>', '=', '^'
	Sign      byte // 0, '+', '-', ' '
	NoNeg0    bool
	Alt       bool
	Width     int // -1: none
	Group     byte
	Precision int  // -1: none
	Type      rune // 0: none
}

func isAlign(c rune) bool { return c == '<' || c == '>' || c == '=' || c == '^' }

// Parse reads spec for a value of the named type; deftype and defalign apply
// where it is silent.
func Parse(spec, typeName string, deftype rune, defalign byte) (Spec, *Error) {
	f := Spec{Fill: ' ', Align: defalign, Width: -1, Precision: -1, Type: deftype}
	r := decode(spec)
	fillGiven, alignGiven := false, false
	switch {
	case len(r) >= 2 && isAlign(r[1]):
		f.Fill, f.Align = r[0], byte(r[1])
		fillGiven, alignGiven = true, true
		r = r[2:]
	case len(r) >= 1 && isAlign(r[0]):
		f.Align = byte(r[0])
		alignGiven = true
		r = r[1:]
	}
	if len(r) > 0 && (r[0] == ' ' || r[0] == '+' || r[0] == '-') {
		f.Sign = byte(r[0])
		r = r[1:]
	}
	if len(r) > 0 && r[0] == 'z' {
		f.NoNeg0 = true
		r = r[1:]
	}
	if len(r) > 0 && r[0] == '#' {
		f.Alt = true
		r = r[1:]
	}
	if !fillGiven && len(r) > 0 && r[0] == '0' {
		f.Fill = '0'
		if !alignGiven && defalign == '>' {
			f.Align = '='
		}
		r = r[1:]
	}
	return f.parseTail(r, spec, typeName)
}

func (f Spec) parseTail(r []rune, spec, typeName string) (Spec, *Error) {
	var err *Error
	if f.Width, r, err = number(r); err != nil {
		return f, err
	}
	if r, err = f.grouping(r); err != nil {
		return f, err
	}
	if len(r) > 0 && r[0] == '.' {
		if f.Precision, r, err = number(r[1:]); err != nil {
			return f, err
		}
		if f.Precision < 0 {
			return f, valueError("Format specifier missing precision")
		}
	}
	if len(r) > 1 {
		return f, valueError(fmt.Sprintf("Invalid format specifier '%s' for object of type '%s'", spec, typeName))
	}
	if len(r) == 1 {
		f.Type = r[0]
	}
	return f, f.checkGrouping()
}

func (f *Spec) grouping(r []rune) ([]rune, *Error) {
	both := valueError("Cannot specify both ',' and '_'.")
	if len(r) > 0 && r[0] == ',' {
		f.Group = ','
		r = r[1:]
	}
	if len(r) > 0 && r[0] == '_' {
		if f.Group != 0 {
			return r, both
		}
		f.Group = '_'
		r = r[1:]
	}
	if len(r) > 0 && r[0] == ',' && f.Group == '_' {
		return r, both
	}
	return r, nil
}

func (f *Spec) checkGrouping() *Error {
	if f.Group == 0 {
		return nil
	}
	switch f.Type {
	case 'd', 'e', 'f', 'g', 'E', 'G', '%', 'F', 0:
		return nil
	case 'b', 'o', 'x', 'X':
		if f.Group == '_' {
			return nil
		}
	}
	if f.Type > 32 && f.Type < 128 {
		return valueError(fmt.Sprintf("Cannot specify '%c' with '%c'.", f.Group, f.Type))
	}
	return valueError(fmt.Sprintf("Cannot specify '%c' with '\\x%x'.", f.Group, f.Type))
}

// number reads decimal digits; -1 if there are none.
func number(r []rune) (int, []rune, *Error) {
	n, i := 0, 0
	for i < len(r) && r[i] >= '0' && r[i] <= '9' {
		if n > (math.MaxInt-9)/10 {
			return 0, r, valueError("Too many decimal digits in format string")
		}
		n = n*10 + int(r[i]-'0')
		i++
	}
	if i == 0 {
		return -1, r, nil
	}
	return n, r[i:], nil
}

// decode splits generalised UTF-8 (surrogates allowed) into code points.
func decode(s string) []rune {
	out := make([]rune, 0, len(s))
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		if c == utf8.RuneError && n == 1 && i+2 < len(s) && s[i] == 0xed {
			c, n = rune(s[i]&15)<<12|rune(s[i+1]&63)<<6|rune(s[i+2]&63), 3
		}
		out = append(out, c)
		i += n
	}
	return out
}

func appendRune(b []byte, r rune) []byte {
	if r >= 0xd800 && r <= 0xdfff {
		return append(b, 0xe0|byte(r>>12), 0x80|byte(r>>6&63), 0x80|byte(r&63))
	}
	return utf8.AppendRune(b, r)
}

func (f *Spec) unknown(typeName string) *Error {
	if f.Type > 32 && f.Type < 128 {
		return valueError(fmt.Sprintf("Unknown format code '%c' for object of type '%s'", f.Type, typeName))
	}
	return valueError(fmt.Sprintf("Unknown format code '\\x%x' for object of type '%s'", f.Type, typeName))
}

// Str presents s (n code points; cut gives its first k code points).
func Str(spec, s string, n int, cut func(s string, k int) string, typeName string) (string, *Error) {
	f, err := Parse(spec, typeName, 's', '<')
	if err != nil {
		return "", err
	}
	switch {
	case f.Type != 's':
		return "", f.unknown(typeName)
	case f.Sign == ' ':
		return "", valueError("Space not allowed in string format specifier")
	case f.Sign != 0:
		return "", valueError("Sign not allowed in string format specifier")
	case f.NoNeg0:
		return "", valueError("Negative zero coercion (z) not allowed in string format specifier")
	case f.Alt:
		return "", valueError("Alternate form (#) not allowed in string format specifier")
	case f.Align == '=':
		return "", valueError("'=' alignment not allowed in string format specifier")
	}
	if f.Precision >= 0 && f.Precision < n {
		s, n = cut(s, f.Precision), f.Precision
	}
	return f.pad(s, n), nil
}

// pad puts s (n code points) into the width.
func (f *Spec) pad(s string, n int) string {
	total := f.Width - n
	if total <= 0 {
		return s
	}
	left := 0
	switch f.Align {
	case '>':
		left = total
	case '^':
		left = total / 2
	}
	b := make([]byte, 0, len(s)+total)
	for range left {
		b = appendRune(b, f.Fill)
	}
	b = append(b, s...)
	for range total - left {
		b = appendRune(b, f.Fill)
	}
	return string(b)
}

// Int presents an int: v if b is nil, else b. limit is the digit limit.
func Int(spec string, v int64, b *big.Int, limit int, typeName string) (string, *Error) {
	f, err := Parse(spec, typeName, 'd', '>')
	if err != nil {
		return "", err
	}
	switch f.Type {
	case 'b', 'c', 'd', 'o', 'x', 'X', 'n':
		return f.integer(v, b, limit)
	case 'e', 'E', 'f', 'F', 'g', 'G', '%':
		x := float64(v)
		if b != nil {
			x, _ = new(big.Float).SetInt(b).Float64()
			if math.IsInf(x, 0) {
				return "", &Error{OverflowError, "int too large to convert to float"}
			}
		}
		return f.float(x)
	}
	return "", f.unknown(typeName)
}

func (f *Spec) integer(v int64, b *big.Int, limit int) (string, *Error) {
	if f.Precision >= 0 {
		return "", valueError("Precision not allowed in integer format specifier")
	}
	if f.NoNeg0 {
		return "", valueError("Negative zero coercion (z) not allowed in integer format specifier")
	}
	if f.Type == 'c' {
		return f.char(v, b)
	}
	base, prefix := 10, ""
	switch f.Type {
	case 'b':
		base, prefix = 2, "0b"
	case 'o':
		base, prefix = 8, "0o"
	case 'x':
		base, prefix = 16, "0x"
	case 'X':
		base, prefix = 16, "0X"
	}
	if !f.Alt {
		prefix = ""
	}
	var s string
	switch {
	case b == nil:
		s = strconv.FormatInt(v, base)
	case base == 10:
		t, err := FormatBig(b, limit)
		if err != nil {
			return "", err
		}
		s = t
	default:
		s = b.Text(base)
	}
	if f.Type == 'X' {
		s = strings.ToUpper(s)
	}
	neg := s[0] == '-'
	if neg {
		s = s[1:]
	}
	return f.numeric(neg, prefix, s, ""), nil
}

func (f *Spec) char(v int64, b *big.Int) (string, *Error) {
	switch {
	case f.Sign != 0:
		return "", valueError("Sign not allowed with integer format specifier 'c'")
	case f.Alt:
		return "", valueError("Alternate form (#) not allowed with integer format specifier 'c'")
	case b != nil:
		return "", &Error{OverflowError, "Python int too large to convert to C long"}
	case v < 0 || v > 0x10ffff:
		return "", &Error{OverflowError, "%c arg not in range(0x110000)"}
	}
	return f.numeric(false, "", "", string(appendRune(nil, rune(v)))), nil
}

// Float presents a float.
func Float(spec string, x float64, typeName string) (string, *Error) {
	f, err := Parse(spec, typeName, 0, '>')
	if err != nil {
		return "", err
	}
	switch f.Type {
	case 0, 'e', 'E', 'f', 'F', 'g', 'G', 'n', '%':
		return f.float(x)
	}
	return "", f.unknown(typeName)
}

const maxPrecision = math.MaxInt32

func (f *Spec) float(x float64) (string, *Error) {
	if f.Precision > maxPrecision {
		return "", valueError("precision too big")
	}
	flags := Flags(0)
	if f.Alt {
		flags |= Alt
	}
	if f.NoNeg0 {
		flags |= NoNeg0
	}
	code, prec, suffix := byte('g'), 6, ""
	switch f.Type {
	case 0:
		code, prec = 'r', 0
		flags |= AddDot0
	case '%':
		code, suffix = 'f', "%"
		x *= 100
	case 'E', 'F', 'G':
		code = byte(f.Type) | 0x20
		flags |= Upper
	case 'e', 'f':
		code = byte(f.Type)
	}
	if f.Precision >= 0 {
		prec = f.Precision
		if code == 'r' {
			code = 'g'
		}
	}
	s := Double(x, code, prec, flags) + suffix
	neg := s[0] == '-'
	if neg {
		s = s[1:]
	}
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return f.numeric(neg, "", s[:n], s[n:]), nil
}

// numeric lays out sign, prefix, digits (grouped) and the rest.
func (f *Spec) numeric(neg bool, prefix, digits, rest string) string {
	sign := ""
	switch {
	case neg:
		sign = "-"
	case f.Sign == '+':
		sign = "+"
	case f.Sign == ' ':
		sign = " "
	}
	fixed := len(sign) + len(prefix) + utf8.RuneCountInString(rest)
	minWidth := 0
	if f.Fill == '0' && f.Align == '=' {
		minWidth = f.Width - fixed
	}
	if digits != "" && (f.Group != 0 || minWidth > 0) {
		digits = f.group(digits, minWidth)
	}
	pad := f.Width - fixed - len(digits)
	if pad <= 0 {
		return sign + prefix + digits + rest
	}
	if f.Align == '=' {
		b := append(make([]byte, 0, f.Width), sign+prefix...)
		for range pad {
			b = appendRune(b, f.Fill)
		}
		return string(append(b, digits+rest...))
	}
	return f.pad(sign+prefix+digits+rest, fixed+len(digits))
}

// group inserts separators from the right, padding with zeros to minWidth; a
// separator is never the first character.
func (f *Spec) group(digits string, minWidth int) string {
	if f.Group == 0 {
		return strings.Repeat("0", max(0, minWidth-len(digits))) + digits
	}
	size := 3
	switch f.Type {
	case 'b', 'o', 'x', 'X':
		size = 4
	}
	var parts []string
	for {
		n := min(size, max(len(digits), minWidth, 1))
		chars := min(len(digits), n)
		parts = append(parts, strings.Repeat("0", n-chars)+digits[len(digits)-chars:])
		digits = digits[:len(digits)-chars]
		minWidth -= n
		if digits == "" && minWidth <= 0 {
			break
		}
		minWidth--
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, string(f.Group))
}

// Complex presents a complex number.
func Complex(spec string, re, im float64, typeName string) (string, *Error) {
	f, err := Parse(spec, typeName, 0, '>')
	if err != nil {
		return "", err
	}
	switch f.Type {
	case 0, 'e', 'E', 'f', 'F', 'g', 'G', 'n':
	default:
		return "", f.unknown(typeName)
	}
	if f.Fill == '0' {
		return "", valueError("Zero padding is not allowed in complex format specifier")
	}
	if f.Align == '=' {
		return "", valueError("'=' alignment flag is not allowed in complex format specifier")
	}
	return f.complexParts(re, im)
}

func (f *Spec) complexParts(re, im float64) (string, *Error) {
	part := *f
	part.Width, part.Fill, part.Align = -1, ' ', '<'
	bare := f.Type == 0
	if bare {
		part.Type = 'g'
		if f.Precision < 0 {
			part.Type = 'r'
		}
	}
	skipRe := bare && re == 0 && !math.Signbit(re)
	s := ""
	if !skipRe {
		s = part.complexPart(re)
		part.Sign = '+'
	}
	s += part.complexPart(im) + "j"
	if bare && !skipRe {
		s = "(" + s + ")"
	}
	return f.pad(s, len(s)), nil
}

func (f *Spec) complexPart(x float64) string {
	if f.Type == 'r' {
		flags := Flags(0)
		if f.Alt {
			flags |= Alt
		}
		s := Double(x, 'r', 0, flags)
		neg := s[0] == '-'
		if neg {
			s = s[1:]
		}
		n := 0
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		return f.numeric(neg, "", s[:n], s[n:])
	}
	s, _ := f.float(x)
	return s
}
