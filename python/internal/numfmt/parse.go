package numfmt

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// DefaultMaxDigits is the default of sys.set_int_max_str_digits.
const DefaultMaxDigits = 4300

// minLimited is the number of digits below which the limit never applies.
const minLimited = 640

// ParseInt reads the text of an int() call: ASCII with blanks already stripped,
// non-ASCII digits already mapped to ASCII. base is 0 or 2 to 36. The result is
// small if big is nil. ok is false for text that is no integer of that base.
// limit bounds the digits of a base that is no power of two (0: unbounded).
func ParseInt(s string, base, limit int) (small int64, b *big.Int, ok bool, err *Error) {
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	s, base, ok = basePrefix(s, base)
	if !ok {
		return 0, nil, false, nil
	}
	s, ok = dropUnderscores(s)
	if !ok || !digitsOf(s, base) {
		return 0, nil, false, nil
	}
	if v, e := strconv.ParseInt(s, base, 64); e == nil {
		if neg {
			v = -v
		}
		return v, nil, true, nil
	}
	if limit > 0 && len(s) > limit && len(s) > minLimited && base&(base-1) != 0 {
		return 0, nil, true, valueError(fmt.Sprintf("Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit", limit, len(s)))
	}
	b, _ = new(big.Int).SetString(s, base)
	if neg {
		b.Neg(b)
	}
	if b.IsInt64() {
		return b.Int64(), nil, true, nil
	}
	return 0, b, true, nil
}

// basePrefix strips 0x, 0o, 0b where base allows it and settles base 0.
func basePrefix(s string, base int) (string, int, bool) {
	if len(s) >= 2 && s[0] == '0' {
		p := 0
		switch s[1] | 0x20 {
		case 'x':
			p = 16
		case 'o':
			p = 8
		case 'b':
			p = 2
		}
		if p != 0 && (base == 0 || base == p) {
			return strings.TrimPrefix(s[2:], "_"), p, true
		}
	}
	if base == 0 {
		// Base 0 follows the literal syntax: no leading zeros but in zero.
		if s != "" && s[0] == '0' && strings.Trim(s, "0_") != "" {
			return s, 10, false
		}
		base = 10
	}
	return s, base, true
}

func dropUnderscores(s string) (string, bool) {
	if !strings.Contains(s, "_") {
		return s, s != ""
	}
	if s[0] == '_' || s[len(s)-1] == '_' || strings.Contains(s, "__") {
		return s, false
	}
	return strings.ReplaceAll(s, "_", ""), true
}

func digitsOf(s string, base int) bool {
	for i := range len(s) {
		d := digitValue(s[i])
		if d < 0 || d >= base {
			return false
		}
	}
	return true
}

func digitValue(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'Z':
		return int(c-'A') + 10
	}
	return -1
}

// FormatBig gives the decimal text of i, or an error beyond limit digits.
func FormatBig(i *big.Int, limit int) (string, *Error) {
	if limit > 0 && tooLong(i, limit) {
		return "", valueError(fmt.Sprintf("Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", limit))
	}
	return i.String(), nil
}

func tooLong(i *big.Int, limit int) bool {
	if i.BitLen() < minLimited*3 {
		return false
	}
	low := float64(i.BitLen()-1) * math.Log10(2)
	if low < float64(limit)-2 {
		return false
	}
	if low > float64(limit)+2 {
		return true
	}
	n := len(i.String())
	if i.Sign() < 0 {
		n--
	}
	return n > limit
}

// ParseFloat reads the text of a float() call (ASCII, blanks stripped). ok is
// false for text that is no float.
func ParseFloat(s string) (x float64, ok bool) {
	t := s
	if t != "" && (t[0] == '-' || t[0] == '+') {
		t = t[1:]
	}
	if t == "" {
		return 0, false
	}
	if t[0] != '.' && (t[0] < '0' || t[0] > '9') {
		return parseNamed(strings.ToLower(t), s[0] == '-')
	}
	clean, ok := cleanFloat(s)
	if !ok {
		return 0, false
	}
	x, err := strconv.ParseFloat(clean, 64)
	if err != nil && !math.IsInf(x, 0) {
		return 0, false
	}
	return x, true
}

func parseNamed(t string, neg bool) (float64, bool) {
	sign := 1.0
	if neg {
		sign = -1
	}
	switch t {
	case "inf", "infinity":
		return math.Inf(int(sign)), true
	case "nan":
		return math.Copysign(math.NaN(), sign), true
	}
	return 0, false
}

// cleanFloat drops underscores that stand between digits and rejects what
// strconv would accept beyond Python's syntax (hexadecimal).
func cleanFloat(s string) (string, bool) {
	under := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9', c == '.', c == 'e', c == 'E', c == '+', c == '-':
		case c == '_':
			under = true
			if i == 0 || i+1 == len(s) || !isDigit(s[i-1]) || !isDigit(s[i+1]) {
				return s, false
			}
		default:
			return s, false
		}
	}
	if under {
		s = strings.ReplaceAll(s, "_", "")
	}
	return s, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
