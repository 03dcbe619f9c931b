package wtf8

import (
	"slices"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	for _, rs := range [][]rune{{}, {'a'}, {0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff}, {0xd800, 0xdc00, 'x', 0xdfff}} {
		s := FromRunes(rs)
		if !slices.Equal(Runes(s), rs) || Count(s) != len(rs) || !Valid(s) {
			t.Errorf("%x: %x, %d code points, valid %v", rs, Runes(s), Count(s), Valid(s))
		}
		for i, r := range rs {
			if got, _ := Decode(s[Offset(s, i):]); got != r {
				t.Errorf("code point %d of %x is %x", i, rs, got)
			}
		}
		if n := len(rs); n > 0 {
			if r, _ := DecodeLast(s); r != rs[n-1] {
				t.Errorf("last of %x is %x", rs, r)
			}
		}
	}
	for _, bad := range []string{"\xff", "a\xc0\x80", "\xed\xa0", "\xed\xa0\x80\xff"} {
		if Valid(bad) {
			t.Errorf("%q passes for well-formed", bad)
		}
	}
}
