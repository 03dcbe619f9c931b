// Package json is Python's module _json: the encoder and the scanner below module json.
//
//	encode.go   objects to text
//	decode.go   text to objects
package json

import (
	"strings"

	"martlet/python/internal/numfmt"
	"martlet/python/internal/wtf8"
	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

type encoder struct {
	t                                     *thread
	out                                   []byte
	ascii, sortKeys, skipKeys, nan, check bool
	indent                                string
	pretty                                bool
	itemSep, keySep                       string
	def                                   value
	depth                                 int
	open                                  map[value]bool
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string.
func appendString(b []byte, s string, ascii bool) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && (c < 0x7f || !ascii) {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		r, n := wtf8.Decode(s[i:])
		i += n
		start = i
		if k := strings.IndexByte("\"\\\n\r\t\f\b", c); k >= 0 && c < 0x80 {
			b = append(b, '\\', `"\nrtfb`[k])
			continue
		}
		if r >= 0x10000 {
			r -= 0x10000
			b = appendU(appendU(b, 0xd800+r>>10), 0xdc00+r&0x3ff)
			continue
		}
		b = appendU(b, r)
	}
	return append(append(b, s[start:]...), '"')
}

func appendU(b []byte, r rune) []byte {
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

func (e *encoder) float(x float64) (string, *exc) {
	if x-x == 0 {
		return numfmt.Repr(x), nil
	}
	text := "NaN"
	if x > 0 {
		text = "Infinity"
	} else if x < 0 {
		text = "-Infinity"
	}
	if !e.nan {
		return "", object.ValueErrorf(e.t, "Out of range float values are not JSON compliant: %s", numfmt.Repr(x))
	}
	return text, nil
}

// basic gives the text of a number, a constant or None; ok is false for others.
func (e *encoder) basic(v value) (s string, ok bool, err *exc) {
	switch {
	case v.IsNone():
		return "null", true, nil
	case v == object.True:
		return "true", true, nil
	case v == object.False:
		return "false", true, nil
	case object.IsIntLike(v):
		s, err = object.IntText(e.t, object.IntOf(v))
		return s, true, err
	case object.IsFloatLike(v):
		s, err = e.float(object.FloatOf(v))
		return s, true, err
	}
	return "", false, nil
}

func (e *encoder) encode(v value) *exc {
	if object.IsStr(v) {
		e.out = appendString(e.out, object.StrText(v), e.ascii)
		return nil
	}
	s, ok, err := e.basic(v)
	if ok || err != nil {
		e.out = append(e.out, s...)
		return err
	}
	if err := e.t.Enter(" while encoding a JSON object"); err != nil {
		return err
	}
	defer e.t.Leave()
	if e.check {
		if e.open[v] {
			return object.ValueErrorf(e.t, "Circular reference detected")
		}
		e.open[v] = true
		defer delete(e.open, v)
	}
	switch {
	case object.IsList(v):
		return e.array(func(i int) (value, bool) {
			items := object.As[object.List](v).Items
			if i >= len(items) {
				return value{}, false
			}
			return items[i], true
		}, v)
	case object.IsTuple(v):
		items := object.As[object.Tuple](v).Items
		return e.array(func(i int) (value, bool) {
			if i >= len(items) {
				return value{}, false
			}
			return items[i], true
		}, v)
	case object.IsDict(v):
		return e.dict(v)
	}
	r, err := object.Call(e.t, e.def, v)
	if err != nil {
		return err
	}
	return e.encode(r)
}

func (e *encoder) newline() {
	if e.pretty {
		e.out = append(e.out, '\n')
		for range e.depth {
			e.out = append(e.out, e.indent...)
		}
	}
}

func (e *encoder) array(at func(i int) (value, bool), whole value) *exc {
	e.out = append(e.out, '[')
	e.depth++
	n := 0
	for ; ; n++ {
		x, ok := at(n)
		if !ok {
			break
		}
		if n > 0 {
			e.out = append(e.out, e.itemSep...)
		}
		e.newline()
		if err := e.encode(x); err != nil {
			return err
		}
	}
	e.depth--
	if n > 0 {
		e.newline()
	}
	e.out = append(e.out, ']')
	return nil
}

// key gives the text of a dict key; ok is false if it is to be skipped.
func (e *encoder) key(k value) (s string, ok bool, err *exc) {
	if object.IsStr(k) {
		return object.StrText(k), true, nil
	}
	s, ok, err = e.basic(k)
	if ok || err != nil {
		return s, ok, err
	}
	if e.skipKeys {
		return "", false, nil
	}
	return "", false, object.TypeErrorf(e.t, "keys must be str, int, float, bool or None, not %s", k.Type().Name)
}

func (e *encoder) dict(v value) *exc {
	items, err := e.items(v)
	if err != nil {
		return err
	}
	e.out = append(e.out, '{')
	e.depth++
	first := true
	for _, it := range items {
		if !object.IsTuple(it) || len(object.As[object.Tuple](it).Items) != 2 {
			return object.ValueErrorf(e.t, "items must return 2-tuples")
		}
		p := object.As[object.Tuple](it).Items
		k, ok, err := e.key(p[0])
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if !first {
			e.out = append(e.out, e.itemSep...)
		}
		first = false
		e.newline()
		e.out = appendString(e.out, k, e.ascii)
		e.out = append(e.out, e.keySep...)
		if err := e.encode(p[1]); err != nil {
			return err
		}
	}
	e.depth--
	if !first {
		e.newline()
	}
	e.out = append(e.out, '}')
	return nil
}

func (e *encoder) items(v value) ([]value, *exc) {
	var items []value
	if v.Type() == &object.DictType {
		for pos := 0; ; {
			k, x, ok := object.As[object.Dict](v).Next(&pos)
			if !ok {
				break
			}
			items = append(items, object.TupleOf(k, x))
		}
	} else {
		m, err := object.CallMethod(e.t, v, object.N.Items)
		if err != nil {
			return nil, err
		}
		if items, err = object.Collect(e.t, m); err != nil {
			return nil, err
		}
	}
	if e.sortKeys {
		return items, object.SortValues(e.t, items, object.None, false)
	}
	return items, nil
}

// dumps is encode(obj, default, ensure_ascii, indent, item_separator, key_separator, sort_keys, skipkeys, allow_nan,
// check_circular): the text of obj. indent is None or the text of one level.
func dumps(t *thread, a []value) (value, *exc) {
	e := &encoder{t: t, def: a[1], open: map[value]bool{}}
	for i, p := range map[int]*bool{2: &e.ascii, 6: &e.sortKeys, 7: &e.skipKeys, 8: &e.nan, 9: &e.check} {
		b, err := object.Truth(t, a[i])
		if err != nil {
			return value{}, err
		}
		*p = b
	}
	for _, i := range []int{4, 5} {
		if !object.IsStr(a[i]) {
			return value{}, object.TypeErrorf(t, "separators must be str, not %s", a[i].Type().Name)
		}
	}
	e.itemSep, e.keySep = object.StrText(a[4]), object.StrText(a[5])
	if object.IsStr(a[3]) {
		e.indent, e.pretty = object.StrText(a[3]), true
	}
	if err := e.encode(a[0]); err != nil {
		return value{}, err
	}
	return object.ChargedStr(t, string(e.out))
}

// Init fills module _json.
func Init(t *thread, m *object.Module) *exc {
	quote := func(ascii bool) object.BuiltinFn {
		return func(t *thread, a []value) (value, *exc) {
			if !object.IsStr(a[0]) {
				return value{}, object.TypeErrorf(t, "first argument must be a string, not %s", a[0].Type().Name)
			}
			return object.StrVal(string(appendString(nil, object.StrText(a[0]), ascii))), nil
		}
	}
	m.Define(t, []object.Method{
		{Sig: "encode(obj, default, ensure_ascii, indent, item_separator, key_separator, sort_keys, skipkeys, allow_nan, check_circular, /)", Fn: dumps},
		{Sig: "encode_basestring_ascii(string, /)", Fn: quote(true)},
		{Sig: "encode_basestring(string, /)", Fn: quote(false)},
		{Sig: "scan(string, index, strict, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant, error, /)", Fn: scan},
		{Sig: "scanstring(string, end, strict, error, /)", Fn: scanString},
	})
	return nil
}
