// Package binascii is Python's module binascii: hexadecimal, base 64, CRC-32.
package binascii

import (
	"encoding/hex"
	"hash/crc32"

	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

var errorType, incompleteType object.Type

func fail(t *thread, format string, args ...any) (value, *exc) {
	return value{}, object.Errorf(t, &errorType, format, args...)
}

// textOrBytes gives the content of a bytes-like object or an ASCII string.
func textOrBytes(t *thread, v value) ([]byte, *exc) {
	if !object.IsStr(v) {
		b, e := object.BufferBytes(t, v)
		if e != nil {
			e = object.TypeErrorf(t, "argument should be bytes, buffer or ASCII string, not '%s'", v.Type().Name)
		}
		return b, e
	}
	b := []byte(object.StrText(v))
	for _, c := range b {
		if c >= 0x80 {
			return nil, object.ValueErrorf(t, "string argument should contain only ASCII characters")
		}
	}
	return b, nil
}

func result(t *thread, b []byte) (value, *exc) {
	if e := t.Charge(len(b)); e != nil {
		return value{}, e
	}
	return object.BytesVal(b), nil
}

// hexlify is b2a_hex(data, sep, bytes_per_sep): a positive group size counts from the right.
func hexlify(t *thread, a []value) (value, *exc) {
	data, e := object.BufferBytes(t, a[0])
	if e != nil {
		return value{}, e
	}
	text := make([]byte, hex.EncodedLen(len(data)))
	hex.Encode(text, data)
	if a[1].Ref == nil {
		return result(t, text)
	}
	sep, e := textOrBytes(t, a[1])
	if e != nil {
		return value{}, e
	}
	if len(sep) != 1 {
		return value{}, object.ValueErrorf(t, "sep must be length 1.")
	}
	n, e := object.ToInt(t, a[2])
	if e != nil {
		return value{}, e
	}
	return result(t, group(text, sep[0], n))
}

func group(text []byte, sep byte, n int) []byte {
	size, first := 2*n, 0
	if n < 0 {
		size = -size
	} else if n > 0 {
		first = len(text) % size
	}
	if size <= 0 {
		return text
	}
	var out []byte
	for i, c := range text {
		if i > 0 && (i-first)%size == 0 {
			out = append(out, sep)
		}
		out = append(out, c)
	}
	return out
}

func unhexlify(t *thread, a []value) (value, *exc) {
	text, e := textOrBytes(t, a[0])
	if e != nil {
		return value{}, e
	}
	if len(text)%2 != 0 {
		return fail(t, "Odd-length string")
	}
	out := make([]byte, len(text)/2)
	if _, err := hex.Decode(out, text); err != nil {
		return fail(t, "Non-hexadecimal digit found")
	}
	return result(t, out)
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func encode64(t *thread, a []value) (value, *exc) {
	data, e := object.BufferBytes(t, a[0])
	if e != nil {
		return value{}, e
	}
	newline, e := object.Truth(t, a[1])
	if e != nil {
		return value{}, e
	}
	var out []byte
	for ; len(data) >= 3; data = data[3:] {
		w := uint(data[0])<<16 | uint(data[1])<<8 | uint(data[2])
		out = append(out, alphabet[w>>18], alphabet[w>>12&63], alphabet[w>>6&63], alphabet[w&63])
	}
	switch len(data) {
	case 1:
		out = append(out, alphabet[data[0]>>2], alphabet[data[0]&3<<4], '=', '=')
	case 2:
		w := uint(data[0])<<8 | uint(data[1])
		out = append(out, alphabet[w>>10], alphabet[w>>4&63], alphabet[w<<2&63], '=')
	}
	if newline {
		out = append(out, '\n')
	}
	return result(t, out)
}

// digits maps a byte to its value in base 64, or -1.
var digits = func() (d [256]int8) {
	for i := range d {
		d[i] = -1
	}
	for i := range len(alphabet) {
		d[alphabet[i]] = int8(i)
	}
	return d
}()

// decode64 ignores bytes outside the alphabet, unless strict.
func decode64(t *thread, a []value) (value, *exc) {
	text, e := textOrBytes(t, a[0])
	if e != nil {
		return value{}, e
	}
	strict, e := object.Truth(t, a[1])
	if e != nil {
		return value{}, e
	}
	if strict && len(text) > 0 && text[0] == '=' {
		return fail(t, "Leading padding not allowed")
	}
	var out []byte
	quad, pads, rest := 0, 0, byte(0)
	for i, c := range text {
		if c == '=' {
			pads++
			if quad >= 2 && quad+pads >= 4 {
				if strict && i+1 < len(text) {
					return fail(t, "Excess data after padding")
				}
				return result(t, out)
			}
			if strict && quad == 0 {
				return fail(t, "Excess padding not allowed")
			}
			continue
		}
		d := digits[c]
		if d < 0 {
			if strict {
				return fail(t, "Only base64 data is allowed")
			}
			continue
		}
		if strict && pads > 0 {
			return fail(t, "Discontinuous padding not allowed")
		}
		pads = 0
		switch quad {
		case 1:
			out = append(out, rest<<2|byte(d)>>4)
		case 2:
			out = append(out, rest<<4|byte(d)>>2)
		case 3:
			out = append(out, rest<<6|byte(d))
		}
		rest, quad = byte(d), (quad+1)%4
	}
	switch quad {
	case 0:
		return result(t, out)
	case 1:
		return fail(t, "Invalid base64-encoded string: number of data characters (%d) cannot be 1 more than a multiple of 4", len(out)/3*4+1)
	}
	return fail(t, "Incorrect padding")
}

func crc(t *thread, a []value) (value, *exc) {
	data, e := object.BufferBytes(t, a[0])
	if e != nil {
		return value{}, e
	}
	start, e := object.ToInt64(t, a[1])
	if e != nil {
		return value{}, e
	}
	return object.Int(int64(crc32.Update(uint32(start), crc32.IEEETable, data))), nil
}

var functions = []object.Method{
	{Sig: "b2a_hex(data, sep=<unrepresentable>, bytes_per_sep=1)", Fn: hexlify},
	{Sig: "hexlify(data, sep=<unrepresentable>, bytes_per_sep=1)", Fn: hexlify},
	{Sig: "a2b_hex(hexstr, /)", Fn: unhexlify},
	{Sig: "unhexlify(hexstr, /)", Fn: unhexlify},
	{Sig: "b2a_base64(data, /, *, newline=True)", Fn: encode64},
	{Sig: "a2b_base64(data, /, *, strict_mode=False)", Fn: decode64},
	{Sig: "crc32(data, crc=0, /)", Fn: crc},
}

func init() {
	object.Declare(&errorType, object.Decl{Name: "binascii.Error", Base: &object.ValueErrorType})
	object.Declare(&incompleteType, object.Decl{Name: "binascii.Incomplete", Base: &object.ExceptionType})
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.Define(t, functions)
	m.DefineTypes(t, &errorType, &incompleteType)
	return nil
}
