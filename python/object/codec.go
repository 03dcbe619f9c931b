package object

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"martlet/python/internal/unidata"
	"martlet/python/internal/wtf8"
)

// Encoding and decoding of text: UTF-8, UTF-16, UTF-32, Latin-1, ASCII and the escape codecs, with the standard error
// handlers. A decoder or encoder that meets something it cannot convert asks the handler for a replacement and for the
// position to go on from. Handlers registered by a script are found in the interpreter's state.

// CodecState is what module codecs registers, per interpreter.
type CodecState struct {
	Errors map[string]Value // handler name -> callable
	// Lookup finds a codec that is not built in; Ref nil in both when there is none.
	Lookup func(t *Thread, name string) (encode, decode Value, err *Exception)
}

// Codecs gives the interpreter's codec registry.
func Codecs(t *Thread) *CodecState {
	if s, ok := t.Interp.State["codecs"].(*CodecState); ok {
		return s
	}
	s := &CodecState{Errors: map[string]Value{}}
	t.Interp.State["codecs"] = s
	return s
}

// NormalEncoding gives the canonical name of a built-in encoding, or "".
func NormalEncoding(name string) string {
	n := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 32
		case r == '_' || r == ' ':
			return '-'
		}
		return r
	}, name)
	switch n {
	case "utf-8", "utf8", "u8", "cp65001", "utf":
		return "utf-8"
	case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "8859", "cp819", "l1", "latin", "iso-ir-100":
		return "latin-1"
	case "ascii", "us-ascii", "646", "ansi-x3.4-1968", "iso646-us":
		return "ascii"
	case "utf-16", "utf16", "u16":
		return "utf-16"
	case "utf-16-le", "utf-16le", "utf16-le", "unicodelittleunmarked":
		return "utf-16-le"
	case "utf-16-be", "utf-16be", "utf16-be", "unicodebigunmarked":
		return "utf-16-be"
	case "utf-32", "utf32", "u32":
		return "utf-32"
	case "utf-32-le", "utf-32le", "utf32-le":
		return "utf-32-le"
	case "utf-32-be", "utf-32be", "utf32-be":
		return "utf-32-be"
	case "utf-8-sig", "utf8-sig":
		return "utf-8-sig"
	case "unicode-escape", "unicodeescape":
		return "unicode-escape"
	case "raw-unicode-escape", "rawunicodeescape":
		return "raw-unicode-escape"
	}
	return ""
}

// NewUnicodeError makes a UnicodeDecodeError or UnicodeEncodeError.
func NewUnicodeError(t *Thread, tp *Type, encoding string, obj Value, start, end int, reason string) *Exception {
	v, e := Call(t, tp.Value(), StrVal(encoding), obj, Int(int64(start)), Int(int64(end)), StrVal(reason))
	if e != nil {
		return e
	}
	return As[Exception](v)
}

// EncodeStr encodes s.
func EncodeStr(t *Thread, s *Str, encoding, errors string) ([]byte, *Exception) {
	enc := NormalEncoding(encoding)
	if e := t.Charge(len(s.S)); e != nil {
		return nil, e
	}
	c := &encoder{t: t, s: s, name: enc, errors: errors}
	switch enc {
	case "utf-8":
		return c.utf8(nil)
	case "utf-8-sig":
		c.name = "utf-8"
		return c.utf8([]byte("\ufeff"))
	case "ascii":
		return c.narrow(0x80, "ordinal not in range(128)")
	case "latin-1":
		return c.narrow(0x100, "ordinal not in range(256)")
	case "utf-16":
		return c.wide(true, binary.LittleEndian, []byte{0xff, 0xfe})
	case "utf-16-le":
		return c.wide(true, binary.LittleEndian, nil)
	case "utf-16-be":
		return c.wide(true, binary.BigEndian, nil)
	case "utf-32":
		return c.wide(false, binary.LittleEndian, []byte{0xff, 0xfe, 0, 0})
	case "utf-32-le":
		return c.wide(false, binary.LittleEndian, nil)
	case "utf-32-be":
		return c.wide(false, binary.BigEndian, nil)
	case "unicode-escape", "raw-unicode-escape":
		return escapeText(s.S, enc[0] == 'r'), nil
	}
	if m, ok := findCharmap(encoding); ok {
		return c.charmap(m)
	}
	return encodeForeign(t, s, encoding, errors)
}

func encodeForeign(t *Thread, s *Str, encoding, errors string) ([]byte, *Exception) {
	if find := Codecs(t).Lookup; find != nil {
		f, _, e := find(t, encoding)
		if e != nil {
			return nil, e
		}
		if f.Ref != nil {
			r, e := Call(t, f, Obj(s), StrVal(errors))
			if e != nil {
				return nil, e
			}
			if IsTuple(r) && len(As[Tuple](r).Items) > 0 {
				r = As[Tuple](r).Items[0]
			}
			if b, ok := BytesOf(r); ok {
				return b, nil
			}
			return nil, TypeErrorf(t, "'%s' encoder returned '%s' instead of 'bytes'; use codecs.encode() to encode to arbitrary types", encoding, r.Type().Name)
		}
	}
	return nil, Errorf(t, &LookupErrorType, "unknown encoding: %s", encoding)
}

type encoder struct {
	t            *Thread
	s            *Str
	name, errors string
	out          []byte
	put          func(r rune) bool // appends one character; false if it cannot
	single       bool              // errors are of one character each
}

func (c *encoder) utf8(bom []byte) ([]byte, *Exception) {
	c.out = bom
	if wtf8.HasSurrogate(c.s.S) < 0 {
		return append(c.out, c.s.S...), nil
	}
	c.put = func(r rune) bool {
		if r >= 0xd800 && r < 0xe000 {
			return false
		}
		c.out = utf8.AppendRune(c.out, r)
		return true
	}
	return c.run("surrogates not allowed")
}

func (c *encoder) narrow(limit rune, reason string) ([]byte, *Exception) {
	if c.s.ASCII() {
		return []byte(c.s.S), nil
	}
	c.put = func(r rune) bool {
		if r >= limit {
			return false
		}
		c.out = append(c.out, byte(r))
		return true
	}
	return c.run(reason)
}

func (c *encoder) wide(is16 bool, order binary.AppendByteOrder, bom []byte) ([]byte, *Exception) {
	c.out, c.single = bom, true
	c.put = func(r rune) bool {
		switch {
		case r >= 0xd800 && r < 0xe000:
			return false
		case !is16:
			c.out = order.AppendUint32(c.out, uint32(r))
		case r < 0x10000:
			c.out = order.AppendUint16(c.out, uint16(r))
		default:
			r -= 0x10000
			c.out = order.AppendUint16(order.AppendUint16(c.out, uint16(0xd800+r>>10)), uint16(0xdc00+r&0x3ff))
		}
		return true
	}
	return c.run("surrogates not allowed")
}

func (c *encoder) run(reason string) ([]byte, *Exception) {
	runes := wtf8.Runes(c.s.S)
	for i := 0; i < len(runes); {
		if c.put(runes[i]) {
			i++
			continue
		}
		end := i + 1
		mark := len(c.out)
		for !c.single && end < len(runes) && !c.put(runes[end]) {
			end++
		}
		c.out = c.out[:mark]
		next, e := c.fail(runes, i, end, reason)
		if e != nil {
			return nil, e
		}
		i = next
	}
	return c.out, nil
}

// fail handles the characters [i, j) that cannot be encoded and gives the position to go on from.
func (c *encoder) fail(runes []rune, i, j int, reason string) (int, *Exception) {
	text := func(f func(r rune) string) (int, *Exception) {
		for k := i; k < j; k++ {
			for _, r := range f(runes[k]) {
				if !c.put(r) {
					return 0, c.error(i, j, reason)
				}
			}
		}
		return j, nil
	}
	switch c.errors {
	case "strict":
		return 0, c.error(i, j, reason)
	case "ignore":
		return j, nil
	case "replace":
		return text(func(rune) string { return "?" })
	case "backslashreplace":
		return text(func(r rune) string { return string(appendEscape(nil, r)) })
	case "namereplace":
		return text(func(r rune) string {
			if n := unidata.Name(r); n != "" {
				return `\N{` + n + "}"
			}
			return string(appendEscape(nil, r))
		})
	case "xmlcharrefreplace":
		return text(func(r rune) string { return fmt.Sprintf("&#%d;", r) })
	case "surrogateescape":
		for k := i; k < j; k++ {
			if c.single || runes[k] < 0xdc80 || runes[k] > 0xdcff { // a byte is no character of UTF-16
				return 0, c.error(i, j, reason)
			}
			c.out = append(c.out, byte(runes[k]-0xdc00))
		}
		return j, nil
	case "surrogatepass":
		return c.passSurrogates(runes, i, j, reason)
	}
	return c.custom(runes, i, j, reason)
}

func (c *encoder) passSurrogates(runes []rune, i, j int, reason string) (int, *Exception) {
	for k := i; k < j; k++ {
		r := runes[k]
		if r < 0xd800 || r > 0xdfff {
			return 0, c.error(i, j, reason)
		}
		switch c.name {
		case "utf-8":
			c.out = wtf8.Append(c.out, r)
		case "utf-16", "utf-16-le":
			c.out = binary.LittleEndian.AppendUint16(c.out, uint16(r))
		case "utf-16-be":
			c.out = binary.BigEndian.AppendUint16(c.out, uint16(r))
		case "utf-32", "utf-32-le":
			c.out = binary.LittleEndian.AppendUint32(c.out, uint32(r))
		case "utf-32-be":
			c.out = binary.BigEndian.AppendUint32(c.out, uint32(r))
		default:
			return 0, c.error(i, j, reason)
		}
	}
	return j, nil
}

func (c *encoder) error(i, j int, reason string) *Exception {
	return NewUnicodeError(c.t, &UnicodeEncodeErrorType, c.name, Obj(c.s), i, j, reason)
}

// custom asks a handler that a script registered.
func (c *encoder) custom(runes []rune, i, j int, reason string) (int, *Exception) {
	repl, pos, e := callHandler(c.t, c.errors, c.error(i, j, reason), len(runes))
	if e != nil {
		return 0, e
	}
	if b, ok := BytesOf(repl); ok {
		c.out = append(c.out, b...)
		return pos, nil
	}
	if !IsStr(repl) {
		return 0, TypeErrorf(c.t, "encoding error handler must return (str/bytes, int) tuple")
	}
	for _, r := range wtf8.Runes(StrText(repl)) {
		if !c.put(r) {
			return 0, c.error(i, j, reason)
		}
	}
	return pos, nil
}

func callHandler(t *Thread, name string, exc *Exception, n int) (Value, int, *Exception) {
	h := Codecs(t).Errors[name]
	if h.Ref == nil {
		return Value{}, 0, Errorf(t, &LookupErrorType, "unknown error handler name '%s'", name)
	}
	r, e := Call(t, h, exc.Value())
	if e != nil {
		return Value{}, 0, e
	}
	kind := "encoding"
	if exc.IsA(&UnicodeDecodeErrorType) {
		kind = "decoding"
	}
	if !IsTuple(r) || len(As[Tuple](r).Items) != 2 || !IsIntLike(As[Tuple](r).Items[1]) {
		return Value{}, 0, TypeErrorf(t, "%s error handler must return (str/bytes, int) tuple", kind)
	}
	p := As[Tuple](r).Items
	pos, e := ToInt(t, p[1])
	if e != nil {
		return Value{}, 0, e
	}
	if pos < 0 {
		pos += n
	}
	if pos < 0 || pos > n {
		return Value{}, 0, IndexErrorf(t, "position %d from error handler out of bounds", pos)
	}
	return p[0], pos, nil
}

// DecodeBytes decodes b; orig is the object shown in errors.
func DecodeBytes(t *Thread, b []byte, encoding, errors string, orig Value) (Value, *Exception) {
	if len(b) == 0 {
		return EmptyStr, nil // before anybody looks for the encoding
	}
	enc := NormalEncoding(encoding)
	m, mapped := findCharmap(encoding)
	if enc == "" && !mapped {
		return decodeForeign(t, b, encoding, errors)
	}
	if e := t.Charge(len(b)); e != nil {
		return Value{}, e
	}
	d := &decoder{t: t, b: b, name: enc, errors: errors}
	var s string
	var e *Exception
	if mapped {
		s, _, e = d.charmap(m)
	} else {
		s, _, e = d.decode(true)
	}
	if e != nil {
		return Value{}, e
	}
	return StrVal(s), nil
}

// DecodePartial decodes as much of b as is complete (all of it if final) and tells how many bytes that was.
func DecodePartial(t *Thread, b []byte, encoding, errors string, final bool) (string, int, *Exception) {
	enc := NormalEncoding(encoding)
	if m, ok := findCharmap(encoding); ok && enc == "" {
		return (&decoder{t: t, b: b, errors: errors}).charmap(m)
	}
	if enc == "" {
		return "", 0, Errorf(t, &LookupErrorType, "unknown encoding: %s", encoding)
	}
	return (&decoder{t: t, b: b, name: enc, errors: errors}).decode(final)
}

func decodeForeign(t *Thread, b []byte, encoding, errors string) (Value, *Exception) {
	if find := Codecs(t).Lookup; find != nil {
		_, f, e := find(t, encoding)
		if e != nil {
			return Value{}, e
		}
		if f.Ref != nil {
			r, e := Call(t, f, BytesVal(b), StrVal(errors))
			if e != nil {
				return Value{}, e
			}
			if IsTuple(r) && len(As[Tuple](r).Items) > 0 {
				r = As[Tuple](r).Items[0]
			}
			if IsStr(r) {
				return r, nil
			}
			return Value{}, TypeErrorf(t, "'%s' decoder returned '%s' instead of 'str'; use codecs.decode() to decode to arbitrary types", encoding, r.Type().Name)
		}
	}
	return Value{}, Errorf(t, &LookupErrorType, "unknown encoding: %s", encoding)
}

type decoder struct {
	t            *Thread
	b            []byte
	name, errors string
	out          []byte
}

func (d *decoder) decode(final bool) (string, int, *Exception) {
	switch d.name {
	case "utf-8-sig":
		d.name = "utf-8"
		if strings.HasPrefix(string(d.b[:min(3, len(d.b))]), "\ufeff") {
			d.b = d.b[3:]
			s, n, e := d.utf8(final)
			return s, n + 3, e
		}
		return d.utf8(final)
	case "utf-8":
		return d.utf8(final)
	case "ascii":
		return d.ascii()
	case "latin-1":
		for _, c := range d.b {
			d.out = utf8.AppendRune(d.out, rune(c))
		}
		return string(d.out), len(d.b), nil
	case "unicode-escape", "raw-unicode-escape":
		return d.escapes(d.name[0] == 'r')
	}
	return d.wide(final)
}

// fail handles the bytes [i, j) that cannot be decoded and gives the position to go on from.
func (d *decoder) fail(i, j int, reason string) (int, *Exception) {
	exc := func() *Exception {
		return NewUnicodeError(d.t, &UnicodeDecodeErrorType, d.name, BytesVal(d.b), i, j, reason)
	}
	switch d.errors {
	case "strict":
		return 0, exc()
	case "ignore":
		return j, nil
	case "replace":
		d.out = append(d.out, "\ufffd"...)
		return j, nil
	case "backslashreplace":
		for _, c := range d.b[i:j] {
			d.out = appendEscape(d.out, rune(c))
		}
		return j, nil
	case "surrogateescape":
		k := i
		for ; k < j && d.b[k] >= 0x80; k++ {
			d.out = wtf8.Append(d.out, 0xdc00+rune(d.b[k]))
		}
		if k == i {
			return 0, exc()
		}
		return k, nil
	case "surrogatepass":
		if r, n := d.surrogateAt(i); n > 0 {
			d.out = wtf8.Append(d.out, r)
			return i + n, nil
		}
		return 0, exc()
	}
	if d.errors == "xmlcharrefreplace" || d.errors == "namereplace" {
		return 0, TypeErrorf(d.t, "don't know how to handle UnicodeDecodeError in error callback")
	}
	repl, pos, e := callHandler(d.t, d.errors, exc(), len(d.b))
	if e != nil {
		return 0, e
	}
	if !IsStr(repl) {
		return 0, TypeErrorf(d.t, "decoding error handler must return (str, int) tuple")
	}
	d.out = append(d.out, StrText(repl)...)
	return pos, nil
}

// surrogateAt reads an encoded surrogate; n is 0 if there is none.
func (d *decoder) surrogateAt(i int) (r rune, n int) {
	b := d.b[i:]
	le, be := binary.LittleEndian, binary.BigEndian
	switch {
	case d.name == "utf-8" && len(b) >= 3 && b[0] == 0xed && b[1]&0xe0 == 0xa0 && b[2]&0xc0 == 0x80:
		return 0xd000 | rune(b[1]&0x3f)<<6 | rune(b[2]&0x3f), 3
	case d.name == "utf-16-le" && len(b) >= 2:
		r, n = rune(le.Uint16(b)), 2
	case d.name == "utf-16-be" && len(b) >= 2:
		r, n = rune(be.Uint16(b)), 2
	case d.name == "utf-32-le" && len(b) >= 4:
		r, n = rune(le.Uint32(b)), 4
	case d.name == "utf-32-be" && len(b) >= 4:
		r, n = rune(be.Uint32(b)), 4
	}
	if r < 0xd800 || r > 0xdfff {
		return 0, 0
	}
	return r, n
}

func (d *decoder) ascii() (string, int, *Exception) {
	for i := 0; i < len(d.b); {
		if d.b[i] < 0x80 {
			d.out = append(d.out, d.b[i])
			i++
			continue
		}
		n, e := d.fail(i, i+1, "ordinal not in range(128)")
		if e != nil {
			return "", 0, e
		}
		i = n
	}
	return string(d.out), len(d.b), nil
}

func (d *decoder) utf8(final bool) (string, int, *Exception) {
	if utf8.Valid(d.b) {
		return string(d.b), len(d.b), nil
	}
	i := 0
	for i < len(d.b) {
		r, n := utf8.DecodeRune(d.b[i:])
		if r != utf8.RuneError || n > 1 {
			d.out = append(d.out, d.b[i:i+n]...)
			i += n
			continue
		}
		bad, reason := badUTF8(d.b[i:])
		if reason == "unexpected end of data" && !final {
			break
		}
		next, e := d.fail(i, i+bad, reason)
		if e != nil {
			return "", 0, e
		}
		i = next
	}
	return string(d.out), i, nil
}

// badUTF8 tells how many bytes are wrong and why.
func badUTF8(b []byte) (int, string) {
	c := b[0]
	need, lo, hi := 0, byte(0x80), byte(0xbf)
	switch {
	case c >= 0xc2 && c < 0xe0:
		need = 1
	case c >= 0xe0 && c < 0xf0:
		need = 2
		if c == 0xe0 {
			lo = 0xa0
		} else if c == 0xed {
			hi = 0x9f
		}
	case c >= 0xf0 && c < 0xf5:
		need = 3
		if c == 0xf0 {
			lo = 0x90
		} else if c == 0xf4 {
			hi = 0x8f
		}
	default:
		return 1, "invalid start byte"
	}
	for k := 1; k <= need; k++ {
		if k >= len(b) {
			return k, "unexpected end of data"
		}
		if b[k] < lo || b[k] > hi {
			return k, "invalid continuation byte"
		}
		lo, hi = 0x80, 0xbf
	}
	return 1, "invalid start byte"
}

func (d *decoder) wide(final bool) (string, int, *Exception) {
	width, i := 2, 0
	if strings.HasPrefix(d.name, "utf-32") {
		width = 4
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case strings.HasSuffix(d.name, "-be"):
		order = binary.BigEndian
	case !strings.HasSuffix(d.name, "-le"):
		order, i = d.bom(width)
	}
	for i < len(d.b) {
		if len(d.b)-i < width {
			if !final {
				break
			}
			n, e := d.fail(i, len(d.b), "truncated data")
			if e != nil {
				return "", 0, e
			}
			i = n
			continue
		}
		bad, reason := 0, ""
		var r rune
		n := width
		if width == 4 {
			u := order.Uint32(d.b[i:])
			if r = rune(u); u > 0x10ffff {
				bad, reason = 4, "code point not in range(0x110000)"
			} else if u >= 0xd800 && u < 0xe000 {
				bad, reason = 4, "code point in surrogate code point range(0xd800, 0xe000)"
			}
		} else {
			r, n, bad, reason = d.utf16(order, i)
			if reason == "unexpected end of data" && !final {
				break
			}
		}
		if bad > 0 {
			next, e := d.fail(i, i+bad, reason)
			if e != nil {
				return "", 0, e
			}
			i = next
			continue
		}
		d.out = utf8.AppendRune(d.out, r)
		i += n
	}
	return string(d.out), i, nil
}

func (d *decoder) bom(width int) (binary.ByteOrder, int) {
	le, be := "\xff\xfe\x00\x00"[:width], "\x00\x00\xfe\xff"[4-width:]
	switch {
	case strings.HasPrefix(string(d.b), le):
		d.name += "-le"
		return binary.LittleEndian, width
	case strings.HasPrefix(string(d.b), be):
		d.name += "-be"
		return binary.BigEndian, width
	}
	d.name += "-le"
	return binary.LittleEndian, 0
}

func (d *decoder) utf16(order binary.ByteOrder, i int) (r rune, n, bad int, reason string) {
	u := rune(order.Uint16(d.b[i:]))
	switch {
	case u < 0xd800 || u > 0xdfff:
		return u, 2, 0, ""
	case u >= 0xdc00:
		return 0, 0, 2, "illegal encoding"
	case len(d.b)-i < 4:
		return 0, 0, len(d.b) - i, "unexpected end of data"
	}
	v := rune(order.Uint16(d.b[i+2:]))
	if v < 0xdc00 || v > 0xdfff {
		return 0, 0, 2, "illegal UTF-16 surrogate"
	}
	return (u-0xd800)<<10 + (v - 0xdc00) + 0x10000, 4, 0, ""
}

// escapeText is the unicode-escape (or raw-unicode-escape) encoding.
func escapeText(s string, raw bool) []byte {
	var b []byte
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		i += n
		switch {
		case raw && r < 0x100:
			b = append(b, byte(r))
		case raw:
			b = appendEscape(b, r)
		case r == '\\':
			b = append(b, `\\`...)
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r >= ' ' && r < 0x7f:
			b = append(b, byte(r))
		default:
			b = appendEscape(b, r)
		}
	}
	return b
}

func (d *decoder) escapes(raw bool) (string, int, *Exception) {
	d.name = strings.ReplaceAll(d.name, "-", "")
	for i := 0; i < len(d.b); {
		c := d.b[i]
		if c != '\\' || i+1 == len(d.b) || raw && d.b[i+1] != 'u' && d.b[i+1] != 'U' {
			if c == '\\' && !raw {
				n, e := d.fail(i, i+1, "\\ at end of string")
				if e != nil {
					return "", 0, e
				}
				i = n
				continue
			}
			d.out = utf8.AppendRune(d.out, rune(c))
			i++
			if raw && c == '\\' && i < len(d.b) && d.b[i] == '\\' {
				d.out = append(d.out, '\\')
				i++
			}
			continue
		}
		n, e := d.escape(i)
		if e != nil {
			return "", 0, e
		}
		i = n
	}
	return string(d.out), len(d.b), nil
}

// namedEscape decodes \N{name} at i.
func (d *decoder) namedEscape(i int) (int, *Exception) {
	rest, ok := strings.CutPrefix(string(d.b[i+2:]), "{")
	end := strings.IndexByte(rest, '}')
	if !ok || end <= 0 {
		n := i + 2
		if ok {
			n = len(d.b)
		}
		return d.fail(i, n, "malformed \\N character escape")
	}
	next := i + 4 + end
	r, found := unidata.LookupName(rest[:end])
	if !found {
		return d.fail(i, next, "unknown Unicode character name")
	}
	d.out = wtf8.Append(d.out, r)
	return next, nil
}

func (d *decoder) escape(i int) (int, *Exception) {
	c := d.b[i+1]
	if k := strings.IndexByte("abfnrtv\\'\"\n", c); k >= 0 {
		if c != '\n' {
			d.out = append(d.out, "\a\b\f\n\r\t\v\\'\""[k])
		}
		return i + 2, nil
	}
	digits := 0
	switch {
	case c == 'N':
		return d.namedEscape(i)
	case c == 'x':
		digits = 2
	case c == 'u':
		digits = 4
	case c == 'U':
		digits = 8
	case c >= '0' && c <= '7':
		r, k := rune(0), i+1
		for ; k < len(d.b) && k < i+4 && d.b[k] >= '0' && d.b[k] <= '7'; k++ {
			r = r*8 + rune(d.b[k]-'0')
		}
		d.out = wtf8.Append(d.out, r)
		return k, nil
	default:
		d.out = append(d.out, '\\')
		d.out = utf8.AppendRune(d.out, rune(c))
		return i + 2, nil
	}
	r, k := 0, i+2
	for ; k < len(d.b) && k < i+2+digits && hexDigit(d.b[k]) >= 0; k++ {
		r = r<<4 | hexDigit(d.b[k])
	}
	if k < i+2+digits {
		return d.fail(i, k, fmt.Sprintf("truncated \\%s escape", map[int]string{2: "xXX", 4: "uXXXX", 8: "UXXXXXXXX"}[digits]))
	}
	if r > 0x10ffff {
		return d.fail(i, k, "illegal Unicode character")
	}
	d.out = wtf8.Append(d.out, rune(r))
	return k, nil
}
