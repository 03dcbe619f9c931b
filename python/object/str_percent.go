package object

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"martlet/python/internal/numfmt"
	"martlet/python/internal/wtf8"
)

// The % operator of str and bytes. One machine serves both: the template is text or bytes, %s and %r differ.

type percent struct {
	t      *Thread
	bytes  bool
	args   []Value
	next   int
	single bool  // args is the one non-tuple operand
	dict   Value // the mapping, Ref nil if the operand is none
	out    []byte
}

// conv is one parsed conversion.
type conv struct {
	left, plus, blank, alt, zero bool
	width, prec                  int // -1: none
	verb                         byte
}

func strMod(t *Thread, a, b Value) (Value, *Exception) {
	if !IsStr(a) {
		return NotImplemented, nil
	}
	p := newPercent(t, b)
	if p.single && b.Type().Slots.GetItem != nil && !IsStr(b) {
		p.dict = b // bytes too are a mapping for a str
	}
	if e := p.run(As[Str](a).S); e != nil {
		return Value{}, e
	}
	return ChargedStr(t, string(p.out))
}

func bytesMod(t *Thread, a, b Value) (Value, *Exception) {
	tmpl, ok := BytesOf(a)
	if !ok {
		return NotImplemented, nil
	}
	p := newPercent(t, b)
	p.bytes = true
	if e := p.run(string(tmpl)); e != nil {
		return Value{}, e
	}
	return likeSelf(a, p.out), t.Charge(len(p.out))
}

func newPercent(t *Thread, v Value) *percent {
	p := &percent{t: t}
	if IsTuple(v) {
		p.args = As[Tuple](v).Items
		return p
	}
	p.args, p.single = []Value{v}, true
	if v.Type().Slots.GetItem != nil && !IsStr(v) && !IsBytes(v) && !IsByteArray(v) {
		p.dict = v
	}
	return p
}

func (p *percent) run(s string) *Exception {
	usedDict := false
	for i := 0; i < len(s); {
		j := strings.IndexByte(s[i:], '%')
		if j < 0 {
			p.out = append(p.out, s[i:]...)
			break
		}
		p.out = append(p.out, s[i:i+j]...)
		i += j + 1
		n, named, e := p.one(s, i)
		if e != nil {
			return e
		}
		usedDict = usedDict || named
		i = n
	}
	if p.next < len(p.args) && !usedDict && p.dict.Ref == nil {
		kind := "string"
		if p.bytes {
			kind = "bytes"
		}
		return TypeErrorf(p.t, "not all arguments converted during %s formatting", kind)
	}
	return nil
}

// one handles the conversion whose text begins at i, behind the '%', and gives the position behind it.
func (p *percent) one(s string, i int) (next int, named bool, err *Exception) {
	c := conv{width: -1, prec: -1}
	if i < len(s) && s[i] == '%' {
		p.out = append(p.out, '%')
		return i + 1, false, nil
	}
	if i < len(s) && s[i] == '(' {
		if i, err = p.mapKey(s, i); err != nil {
			return 0, false, err
		}
		named = true
	}
	for ; i < len(s); i++ {
		switch s[i] {
		case '-':
			c.left = true
			continue
		case '+':
			c.plus = true
			continue
		case ' ':
			c.blank = true
			continue
		case '#':
			c.alt = true
			continue
		case '0':
			c.zero = true
			continue
		}
		break
	}
	if c.width, i, err = p.number(s, i, "width too big"); err != nil {
		return
	}
	if c.width < -1 {
		c.left, c.width = true, -(c.width + 2)
	}
	if i < len(s) && s[i] == '.' {
		if c.prec, i, err = p.number(s, i+1, "precision too big"); err != nil {
			return
		}
		c.prec = max(c.prec, 0)
	}
	if i < len(s) && (s[i] == 'h' || s[i] == 'l' || s[i] == 'L') {
		i++
	}
	if i >= len(s) {
		return 0, named, ValueErrorf(p.t, "incomplete format")
	}
	c.verb = s[i]
	v, err := p.arg()
	if err != nil {
		return
	}
	return i + 1, named, p.convert(&c, v, s, i)
}

func (p *percent) mapKey(s string, i int) (int, *Exception) {
	if p.dict.Ref == nil {
		return 0, TypeErrorf(p.t, "format requires a mapping")
	}
	depth := 1
	start := i + 1
	for i++; i < len(s) && depth > 0; i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	if depth > 0 {
		return 0, ValueErrorf(p.t, "incomplete format key")
	}
	key := StrVal(s[start : i-1])
	if p.bytes {
		key = BytesVal([]byte(s[start : i-1]))
	}
	v, e := GetItem(p.t, p.dict, key)
	if e != nil {
		return 0, e
	}
	p.args, p.next, p.single = []Value{v}, 0, true
	return i, nil
}

// number reads a width or precision: digits, or '*' for an argument. A negative width from an argument comes as
// -(width+2).
func (p *percent) number(s string, i int, big string) (int, int, *Exception) {
	if i < len(s) && s[i] == '*' {
		v, e := p.arg()
		if e != nil {
			return 0, 0, e
		}
		if !IsIntLike(v) {
			return 0, 0, TypeErrorf(p.t, "* wants int")
		}
		n, ok := SmallInt(v)
		if !ok || n > math.MaxInt32 || n < -math.MaxInt32 {
			return 0, 0, OverflowErrorf(p.t, "Python int too large to convert to C int")
		}
		if n < 0 {
			n -= 2
		}
		return int(n), i + 1, nil
	}
	n := -1
	for ; i < len(s) && isAsciiDigit(s[i]); i++ {
		n = max(n, 0)*10 + int(s[i]-'0')
		if n > math.MaxInt32 {
			return 0, 0, ValueErrorf(p.t, "%s", big)
		}
	}
	return n, i, nil
}

func (p *percent) arg() (Value, *Exception) {
	if p.next >= len(p.args) {
		return Value{}, TypeErrorf(p.t, "not enough arguments for format string")
	}
	p.next++
	return p.args[p.next-1], nil
}

func (p *percent) convert(c *conv, v Value, s string, at int) *Exception {
	var text string
	var e *Exception
	switch c.verb {
	case 's', 'r', 'a', 'b':
		if c.verb != 'b' || p.bytes {
			text, e = p.text(c, v)
			break
		}
		return p.badVerb(s, at)
	case 'c':
		text, e = p.char(v)
		c.prec = -1
	case 'd', 'i', 'u', 'o', 'x', 'X':
		return p.integer(c, v)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		return p.float(c, v)
	default:
		return p.badVerb(s, at)
	}
	if e != nil {
		return e
	}
	n := len(text)
	if !p.bytes {
		n = wtf8.Count(text)
	}
	if c.prec >= 0 && c.prec < n {
		if p.bytes {
			text = text[:c.prec]
		} else {
			text = cutStr(text, c.prec)
		}
		n = c.prec
	}
	p.pad(c, text, n)
	return nil
}

func (p *percent) badVerb(s string, at int) *Exception {
	r, idx := rune(s[at]), at
	if !p.bytes {
		r, _ = wtf8.Decode(s[at:])
		idx = wtf8.Count(s[:at])
	}
	show := "?"
	if r > 31 && r < 127 {
		show = string(r)
	}
	return ValueErrorf(p.t, "unsupported format character '%s' (0x%x) at index %d", show, r, idx)
}

func (p *percent) pad(c *conv, text string, n int) {
	fill := strings.Repeat(" ", max(0, c.width-n))
	if c.left {
		p.out = append(append(p.out, text...), fill...)
	} else {
		p.out = append(append(p.out, fill...), text...)
	}
}

func (p *percent) text(c *conv, v Value) (string, *Exception) {
	var s *Str
	var e *Exception
	switch {
	case p.bytes && (c.verb == 's' || c.verb == 'b'):
		return p.bytesText(v)
	case p.bytes || c.verb == 'a':
		s, e = Ascii(p.t, v)
	case c.verb == 'r':
		s, e = Repr(p.t, v)
	default:
		s, e = ToStr(p.t, v)
	}
	if e != nil {
		return "", e
	}
	return s.S, nil
}

func (p *percent) bytesText(v Value) (string, *Exception) {
	if b, ok := bufferBytes(p.t, v); ok {
		return string(b), nil
	}
	if v.Type().Lookup(p.t, N.Bytes).Ref != nil {
		b, e := ToBytes(p.t, v)
		return string(b), e
	}
	return "", TypeErrorf(p.t, "%%b requires a bytes-like object, or an object that implements __bytes__, not '%s'", v.Type().Name)
}

// wantByte is the error for what %c of bytes does not take.
const wantByte = "%c requires an integer in range(256) or a single byte"

func (p *percent) char(v Value) (string, *Exception) {
	if p.bytes {
		if b, ok := BytesOf(v); ok {
			if len(b) == 1 {
				return string(b), nil
			}
			return "", TypeErrorf(p.t, "%s", wantByte)
		}
		if v.Type().Slots.Index == nil {
			return "", TypeErrorf(p.t, "%s", wantByte)
		}
		n, e := ClampIndex(p.t, v)
		if e == nil && (n < 0 || n > 255) {
			e = OverflowErrorf(p.t, "%s", "%c arg not in range(256)")
		}
		return string([]byte{byte(n)}), e
	}
	if IsStr(v) {
		if As[Str](v).N == 1 {
			return As[Str](v).S, nil
		}
		return "", TypeErrorf(p.t, "%s", "%c requires int or char")
	}
	if v.Type().Slots.Index == nil {
		return "", TypeErrorf(p.t, "%s", "%c requires int or char")
	}
	n, e := ClampIndex(p.t, v)
	if e == nil && (n < 0 || n > 0x10ffff) {
		e = OverflowErrorf(p.t, "%s", "%c arg not in range(0x110000)")
	}
	if e != nil {
		return "", e
	}
	return wtf8.String(rune(n)), nil
}

func (p *percent) integer(c *conv, v Value) *Exception {
	b, e := p.intArg(c, v)
	if e != nil {
		return e
	}
	base, prefix := 10, ""
	switch c.verb {
	case 'o':
		base, prefix = 8, "0o"
	case 'x', 'X':
		base, prefix = 16, "0"+string(c.verb)
	}
	digits := ""
	if base == 10 {
		s, err := numfmt.FormatBig(b, p.t.Interp.IntMaxDigit)
		if err != nil {
			return numError(p.t, err)
		}
		digits = strings.TrimPrefix(s, "-")
	} else {
		digits = strings.TrimPrefix(b.Text(base), "-")
	}
	if c.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	if !c.alt {
		prefix = ""
	}
	if n := c.prec - len(digits); n > 0 {
		digits = strings.Repeat("0", n) + digits
	}
	p.number2(c, b.Sign() < 0, prefix, digits)
	return nil
}

func (p *percent) intArg(c *conv, v Value) (*big.Int, *Exception) {
	if IsIntLike(v) {
		return BigOf(v), nil
	}
	tp := v.Type()
	decimal := c.verb == 'd' || c.verb == 'i' || c.verb == 'u'
	if decimal && (tp.Slots.ToInt != nil || tp.Slots.Index != nil) && !IsStr(v) {
		i, e := IntFromValue(p.t, v)
		if e == nil {
			return BigOf(i), nil
		}
		if !e.IsA(&TypeErrorType) {
			return nil, e
		}
	} else if tp.Slots.Index != nil {
		i, e := ToIndex(p.t, v)
		if e != nil {
			return nil, e
		}
		return BigOf(i), nil
	}
	if decimal {
		return nil, TypeErrorf(p.t, "%%%c format: a real number is required, not %s", c.verb, tp.Name)
	}
	return nil, TypeErrorf(p.t, "%%%c format: an integer is required, not %s", c.verb, tp.Name)
}

// number2 lays out sign, prefix and digits.
func (p *percent) number2(c *conv, neg bool, prefix, digits string) {
	sign := ""
	switch {
	case neg:
		sign = "-"
	case c.plus:
		sign = "+"
	case c.blank:
		sign = " "
	}
	head := sign + prefix
	n := len(head) + len(digits)
	if c.zero && !c.left && n < c.width {
		digits = strings.Repeat("0", c.width-n) + digits
		n = c.width
	}
	p.pad(c, head+digits, n)
}

func (p *percent) float(c *conv, v Value) *Exception {
	x, e := p.floatArg(v)
	if e != nil {
		return e
	}
	prec := c.prec
	if prec < 0 {
		prec = 6
	}
	flags := numfmt.Flags(0)
	if c.alt {
		flags |= numfmt.Alt
	}
	if c.verb < 'a' {
		flags |= numfmt.Upper
	}
	s := numfmt.Double(x, c.verb|0x20, prec, flags)
	neg := s[0] == '-'
	p.number2(c, neg, "", strings.TrimPrefix(s, "-"))
	return nil
}

func (p *percent) floatArg(v Value) (float64, *Exception) {
	if p.bytes && v.Type().Slots.ToFloat == nil && v.Type().Slots.Index == nil {
		return 0, TypeErrorf(p.t, "float argument required, not %s", v.Type().Name)
	}
	return ToFloat(p.t, v)
}

// hexText is the text that bin, oct and hex give.
func hexText(v Value, base int, prefix string) string {
	if x, ok := SmallInt(v); ok {
		s := strconv.FormatInt(x, base)
		if x < 0 {
			return "-" + prefix + s[1:]
		}
		return prefix + s
	}
	s := BigOf(v).Text(base)
	if s[0] == '-' {
		return "-" + prefix + s[1:]
	}
	return prefix + s
}

// BaseText is bin, oct or hex of an object with __index__.
func BaseText(t *Thread, v Value, base int, prefix string) (Value, *Exception) {
	i, e := ToIndex(t, v)
	if e != nil {
		return Value{}, e
	}
	return ChargedStr(t, hexText(i, base, prefix))
}
