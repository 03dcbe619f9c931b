// Package wtf8 reads and writes the text of Python strings: UTF-8 in which lone
// surrogates (U+D800 to U+DFFF) are encoded by the same scheme, in three bytes.
//
// Unlike WTF-8 proper, a high surrogate followed by a low one stays two code
// points: Python never joins them. Strings are well-formed by construction, so
// decoding does not validate; Valid does.
package wtf8

import "unicode/utf8"

// Decode gives the first code point of s and its length in bytes; s must not be
// empty and must be well-formed.
func Decode(s string) (rune, int) {
	c := s[0]
	switch {
	case c < 0x80:
		return rune(c), 1
	case c < 0xe0 && len(s) >= 2:
		return rune(c&0x1f)<<6 | rune(s[1]&0x3f), 2
	case c < 0xf0 && len(s) >= 3:
		return rune(c&0x0f)<<12 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), 3
	case len(s) >= 4:
		return rune(c&0x07)<<18 | rune(s[1]&0x3f)<<12 | rune(s[2]&0x3f)<<6 | rune(s[3]&0x3f), 4
	}
	return utf8.RuneError, 1
}

// DecodeLast gives the last code point of s and its length in bytes.
func DecodeLast(s string) (rune, int) {
	i := len(s) - 1
	for i > 0 && s[i]&0xc0 == 0x80 {
		i--
	}
	return Decode(s[i:])
}

// Append appends r, surrogates included.
func Append(b []byte, r rune) []byte {
	if r >= 0xd800 && r <= 0xdfff {
		return append(b, 0xe0|byte(r>>12), 0x80|byte(r>>6&0x3f), 0x80|byte(r&0x3f))
	}
	return utf8.AppendRune(b, r)
}

// String gives the text of one code point.
func String(r rune) string {
	var buf [4]byte
	return string(Append(buf[:0], r))
}

// Count gives the number of code points.
func Count(s string) int {
	n := 0
	for i := range len(s) {
		if s[i]&0xc0 != 0x80 {
			n++
		}
	}
	return n
}

// CountIs gives the number of code points and whether s is ASCII.
func CountIs(s string) (n int, ascii bool) {
	n = Count(s)
	return n, n == len(s)
}

// Offset gives the byte offset of code point i (i ≤ Count(s)).
func Offset(s string, i int) int {
	off := 0
	for ; i > 0; i-- {
		off += Len(s[off])
	}
	return off
}

// Len gives the length in bytes of the code point that starts with c.
func Len(c byte) int {
	switch {
	case c < 0x80:
		return 1
	case c < 0xe0:
		return 2
	case c < 0xf0:
		return 3
	}
	return 4
}

// Runes splits s into code points.
func Runes(s string) []rune {
	out := make([]rune, 0, len(s))
	for i := 0; i < len(s); {
		r, n := Decode(s[i:])
		out = append(out, r)
		i += n
	}
	return out
}

// FromRunes joins code points.
func FromRunes(rs []rune) string {
	b := make([]byte, 0, len(rs)+len(rs)/2)
	for _, r := range rs {
		b = Append(b, r)
	}
	return string(b)
}

// HasSurrogate gives the byte offset of the first surrogate in s, or -1.
func HasSurrogate(s string) int {
	for i := 0; i+2 < len(s); i++ {
		if s[i] == 0xed && s[i+1] >= 0xa0 {
			return i
		}
	}
	return -1
}

// Valid says whether s is well-formed.
func Valid(s string) bool {
	for {
		if utf8.ValidString(s) {
			return true
		}
		i := HasSurrogate(s)
		if i < 0 || !utf8.ValidString(s[:i]) || s[i+1] > 0xbf || s[i+2]&0xc0 != 0x80 {
			return false
		}
		s = s[i+3:]
	}
}
