package ast

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Repr returns Python's repr() of a constant.
func Repr(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case int64:
		return strconv.FormatInt(v, 10)
	case *big.Int:
		return v.String()
	case float64:
		return ReprFloat(v)
	case complex128:
		return reprComplex(v)
	case string:
		return ReprString(v)
	case Bytes:
		return reprBytes(string(v))
	case Ellipsis:
		return "Ellipsis"
	case ConstTuple:
		return "(" + reprAll(v) + map[bool]string{true: ",)", false: ")"}[len(v) == 1]
	case ConstFrozenSet:
		return "frozenset({" + reprAll(v) + "})"
	}
	return fmt.Sprintf("<%T>", v)
}

func reprAll(l []any) string {
	s := make([]string, len(l))
	for i, x := range l {
		s[i] = Repr(x)
	}
	return strings.Join(s, ", ")
}

// ReprFloat returns Python's repr() of a float: the shortest digits that read back, in exponent form below 1e-4 and from 1e16.
func ReprFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mant, exp, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exp)
	if e >= -4 && e < 16 {
		s = strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	sign := "+"
	if e < 0 {
		sign, e = "-", -e
	}
	return fmt.Sprintf("%se%s%02d", mant, sign, e)
}

func reprComplex(c complex128) string {
	part := func(f float64) string { return strings.TrimSuffix(ReprFloat(f), ".0") }
	re, im := real(c), imag(c)
	if re == 0 && !math.Signbit(re) {
		return part(im) + "j"
	}
	s := part(im)
	if !strings.HasPrefix(s, "-") {
		s = "+" + s
	}
	return "(" + part(re) + s + "j)"
}

// quoteFor chooses the quote as repr does.
func quoteFor(s string) byte {
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		return '"'
	}
	return '\''
}

// ReprString returns Python's repr() of a str.
func ReprString(s string) string {
	q := quoteFor(s)
	b := make([]byte, 0, len(s)+2)
	b = append(b, q)
	for i := 0; i < len(s); {
		r, n := DecodeRune(s[i:])
		b = appendRune(b, r, s[i:i+n], q)
		i += n
	}
	return string(append(b, q))
}

// DecodeRune decodes the first code point of s, a lone surrogate included. An invalid byte yields U+FFFD, 1.
func DecodeRune(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 && len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 && s[1] <= 0xBF && s[2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return r, n
}

// AppendRune appends code point r, which may be a lone surrogate.
func AppendRune(b []byte, r rune) []byte {
	if r >= 0xD800 && r <= 0xDFFF {
		return append(b, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0xBF, 0x80|byte(r)&0xBF)
	}
	return utf8.AppendRune(b, r)
}

func appendRune(b []byte, r rune, text string, q byte) []byte {
	switch {
	case r == rune(q) || r == '\\':
		return append(b, '\\', byte(r))
	case r == '\n':
		return append(b, `\n`...)
	case r == '\r':
		return append(b, `\r`...)
	case r == '\t':
		return append(b, `\t`...)
	case r < ' ' || r == 0x7f:
		return fmt.Appendf(b, `\x%02x`, r)
	case r < 0x7f || printable(r):
		return append(b, text...)
	case r < 0x100:
		return fmt.Appendf(b, `\x%02x`, r)
	case r < 0x10000:
		return fmt.Appendf(b, `\u%04x`, r)
	}
	return fmt.Appendf(b, `\U%08x`, r)
}

// printable is str.isprintable: no separators but the space, nothing of category C. CJK extension I came with Unicode 15.1.
func printable(r rune) bool {
	return unicode.IsPrint(r) || r >= 0x2EBF0 && r <= 0x2EE5D || r >= 0x2FFC && r <= 0x2FFF || r == 0x31EF
}

func reprBytes(s string) string {
	q := quoteFor(s)
	b := []byte{'b', q}
	for i := range len(s) {
		switch c := s[i]; {
		case c == q || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c < ' ' || c >= 0x7f:
			b = fmt.Appendf(b, `\x%02x`, c)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, q))
}
