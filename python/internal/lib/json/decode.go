package json

import (
	"strings"

	"martlet/python/internal/numfmt"
	"martlet/python/internal/wtf8"
	"martlet/python/object"
)

// decoder scans text by byte offset; positions shown to Python are code points. fail is json's exception class.
type decoder struct {
	t                                            *thread
	s                                            *object.Str
	strict                                       bool
	hook, pairs, parseFloat, parseInt, parseCons value
	fail                                         value
	memo                                         map[string]*object.Str
}

func (d *decoder) error(msg string, off int) *exc {
	e, err := object.Call(d.t, d.fail, object.StrVal(msg), object.Obj(d.s), object.Int(int64(d.s.IndexOf(off))))
	if err != nil {
		return err
	}
	return object.As[object.Exception](e)
}

// stop is the end of the input where a value was expected: StopIteration with the position.
func (d *decoder) stop(off int) *exc {
	return object.StopIterationOf(d.t, object.Int(int64(d.s.IndexOf(off))))
}

func (d *decoder) blanks(i int) int {
	s := d.s.S
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// value scans a value that begins at i and gives the offset behind it.
func (d *decoder) value(i int) (value, int, *exc) {
	s := d.s.S
	if i >= len(s) {
		return value{}, 0, d.stop(i)
	}
	switch s[i] {
	case '"':
		str, n, e := d.str(i + 1)
		return object.StrVal(str), n, e
	case '{', '[':
		what := "object"
		if s[i] == '[' {
			what = "array"
		}
		if e := d.t.Enter(" while decoding a JSON " + what + " from a unicode string"); e != nil {
			return value{}, 0, e
		}
		defer d.t.Leave()
		if s[i] == '{' {
			return d.object(i + 1)
		}
		return d.array(i + 1)
	}
	for _, c := range [...]struct {
		text string
		v    value
	}{{"null", object.None}, {"true", object.True}, {"false", object.False}} {
		if strings.HasPrefix(s[i:], c.text) {
			return c.v, i + len(c.text), nil
		}
	}
	for _, text := range [...]string{"NaN", "Infinity", "-Infinity"} {
		if strings.HasPrefix(s[i:], text) {
			v, e := object.Call(d.t, d.parseCons, object.StrVal(text))
			return v, i + len(text), e
		}
	}
	return d.number(i)
}

func (d *decoder) number(i int) (value, int, *exc) {
	s := d.s.S
	j := i
	digits := func() bool {
		k := j
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		return j > k
	}
	if j < len(s) && s[j] == '-' {
		j++
	}
	if j < len(s) && s[j] == '0' {
		j++
	} else if !digits() {
		return value{}, 0, d.stop(i)
	}
	isFloat := false
	if k := j; j < len(s) && s[j] == '.' {
		if j++; digits() {
			isFloat = true
		} else {
			j = k
		}
	}
	if k := j; j < len(s) && s[j]|0x20 == 'e' {
		if j++; j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if digits() {
			isFloat = true
		} else {
			j = k
		}
	}
	v, e := d.convert(s[i:j], isFloat)
	return v, j, e
}

func (d *decoder) convert(text string, isFloat bool) (value, *exc) {
	switch {
	case isFloat && d.parseFloat.IsNone():
		x, _ := numfmt.ParseFloat(text)
		return object.Float(x), nil
	case isFloat:
		return object.Call(d.t, d.parseFloat, object.StrVal(text))
	case d.parseInt.IsNone():
		return object.IntFromText(d.t, text, 10, object.StrVal(text))
	}
	return object.Call(d.t, d.parseInt, object.StrVal(text))
}

// str scans a string whose text begins at i, behind the quote.
func (d *decoder) str(i int) (string, int, *exc) {
	s, begin := d.s.S, i-1
	var b []byte
	for start := i; ; {
		if i >= len(s) {
			return "", 0, d.error("Unterminated string starting at", begin)
		}
		c := s[i]
		switch {
		case c == '"':
			if b == nil {
				return s[start:i], i + 1, nil
			}
			return string(append(b, s[start:i]...)), i + 1, nil
		case c < ' ' && d.strict:
			return "", 0, d.error("Invalid control character at", i)
		case c != '\\':
			i++
			continue
		}
		b = append(b, s[start:i]...)
		r, n, e := d.escape(i, begin)
		if e != nil {
			return "", 0, e
		}
		b = wtf8.Append(b, r)
		if b == nil {
			b = []byte{}
		}
		i, start = n, n
	}
}

// escape reads the escape at i and gives its character and the offset behind it.
func (d *decoder) escape(i, begin int) (rune, int, *exc) {
	s := d.s.S
	if i+1 >= len(s) {
		return 0, 0, d.error("Unterminated string starting at", begin)
	}
	if c := s[i+1]; c != 'u' {
		if k := strings.IndexByte(`"\/bfnrt`, c); k >= 0 {
			return rune("\"\\/\b\f\n\r\t"[k]), i + 2, nil
		}
		return 0, 0, d.error("Invalid \\escape", i)
	}
	r, ok := hex4(s, i+2)
	if !ok {
		return 0, 0, d.error("Invalid \\uXXXX escape", i+1)
	}
	i += 6
	if r >= 0xd800 && r < 0xdc00 && strings.HasPrefix(s[i:], `\u`) {
		if lo, ok := hex4(s, i+2); ok && lo >= 0xdc00 && lo < 0xe000 {
			return (r-0xd800)<<10 + (lo - 0xdc00) + 0x10000, i + 6, nil
		}
	}
	return r, i, nil
}

func hex4(s string, i int) (rune, bool) {
	if i+4 > len(s) {
		return 0, false
	}
	r := rune(0)
	for _, c := range []byte(s[i : i+4]) {
		k := strings.IndexByte(hexDigits, c|0x20)
		if k < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(k)
	}
	return r, true
}

func (d *decoder) array(i int) (value, int, *exc) {
	var items []value
	s := d.s.S
	i = d.blanks(i)
	if i < len(s) && s[i] == ']' {
		return object.NewList(nil), i + 1, nil
	}
	for {
		v, n, e := d.value(i)
		if e != nil {
			return value{}, 0, d.expected(e, i)
		}
		if e := d.t.Charge(16); e != nil {
			return value{}, 0, e
		}
		items = append(items, v)
		i = d.blanks(n)
		switch {
		case i < len(s) && s[i] == ']':
			return object.NewList(items), i + 1, nil
		case i >= len(s) || s[i] != ',':
			return value{}, 0, d.error("Expecting ',' delimiter", i)
		}
		comma := i
		if i = d.blanks(i + 1); i < len(s) && s[i] == ']' {
			return value{}, 0, d.error("Illegal trailing comma before end of array", comma)
		}
	}
}

// expected turns the end of a value that is missing into json's error.
func (d *decoder) expected(e *exc, i int) *exc {
	if e.IsA(&object.StopIterationType) {
		return d.error("Expecting value", i)
	}
	return e
}

func (d *decoder) object(i int) (value, int, *exc) {
	s := d.s.S
	dict := object.NewDict()
	var list []value
	i = d.blanks(i)
	if i < len(s) && s[i] == '}' {
		return d.finish(dict, list, i+1)
	}
	for {
		if i >= len(s) || s[i] != '"' {
			return value{}, 0, d.error("Expecting property name enclosed in double quotes", i)
		}
		k, n, e := d.str(i + 1)
		if e != nil {
			return value{}, 0, e
		}
		if i = d.blanks(n); i >= len(s) || s[i] != ':' {
			return value{}, 0, d.error("Expecting ':' delimiter", i)
		}
		i = d.blanks(i + 1)
		v, n, e := d.value(i)
		if e != nil {
			return value{}, 0, d.expected(e, i)
		}
		key := d.memo[k]
		if key == nil {
			key = object.NewStr(k)
			d.memo[k] = key
		}
		if d.pairs.IsNone() {
			if e := dict.SetStr(d.t, key, v); e != nil {
				return value{}, 0, e
			}
		} else {
			list = append(list, object.TupleOf(object.Obj(key), v))
		}
		i = d.blanks(n)
		switch {
		case i < len(s) && s[i] == '}':
			return d.finish(dict, list, i+1)
		case i >= len(s) || s[i] != ',':
			return value{}, 0, d.error("Expecting ',' delimiter", i)
		}
		comma := i
		if i = d.blanks(i + 1); i < len(s) && s[i] == '}' {
			return value{}, 0, d.error("Illegal trailing comma before end of object", comma)
		}
	}
}

func (d *decoder) finish(dict *object.Dict, list []value, i int) (value, int, *exc) {
	v, e := object.Obj(dict), (*exc)(nil)
	switch {
	case !d.pairs.IsNone():
		v, e = object.Call(d.t, d.pairs, object.NewList(list))
	case !d.hook.IsNone():
		v, e = object.Call(d.t, d.hook, v)
	}
	return v, i, e
}

// scan gives the value at an index and the index behind it.
func scan(t *thread, a []value) (value, *exc) {
	if !object.IsStr(a[0]) {
		return value{}, object.TypeErrorf(t, "first argument must be a string, not %s", a[0].Type().Name)
	}
	i, e := object.ToInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	if i < 0 {
		return value{}, object.ValueErrorf(t, "idx cannot be negative")
	}
	strict, e := object.Truth(t, a[2])
	if e != nil {
		return value{}, e
	}
	s := object.As[object.Str](a[0])
	d := &decoder{t: t, s: s, strict: strict, hook: a[3], pairs: a[4], parseFloat: a[5], parseInt: a[6], parseCons: a[7], fail: a[8], memo: map[string]*object.Str{}}
	if i > s.Len() {
		return value{}, object.StopIterationOf(t, a[1])
	}
	v, n, e := d.value(s.Offset(i))
	if e != nil {
		return value{}, e
	}
	return object.TupleOf(v, object.Int(int64(s.IndexOf(n)))), nil
}

func scanString(t *thread, a []value) (value, *exc) {
	if !object.IsStr(a[0]) {
		return value{}, object.TypeErrorf(t, "first argument must be a string, not %s", a[0].Type().Name)
	}
	i, e := object.ToInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	strict, e := object.Truth(t, a[2])
	if e != nil {
		return value{}, e
	}
	s := object.As[object.Str](a[0])
	if i < 1 || i > s.Len() {
		return value{}, object.ValueErrorf(t, "end is out of bounds")
	}
	d := &decoder{t: t, s: s, strict: strict, fail: a[3]}
	text, n, e := d.str(s.Offset(i))
	if e != nil {
		return value{}, e
	}
	return object.TupleOf(object.StrVal(text), object.Int(int64(s.IndexOf(n)))), nil
}
