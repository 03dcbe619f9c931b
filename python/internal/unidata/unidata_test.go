package unidata

import (
	"bufio"
	"hash/crc32"
	"os"
	"strconv"
	"strings"
	"testing"

	"martlet/python/internal/wtf8"
)

// TestDigests compares a checksum of every property over all code points with
// the one that CPython 3.13 computed (testdata/gen.py).
func TestDigests(t *testing.T) {
	bit := func(f func(rune) bool) func(rune) string {
		return func(r rune) string {
			if f(r) {
				return "1"
			}
			return "0"
		}
	}
	str := func(f func(string) string) func(rune) string { return func(r rune) string { return f(wtf8.String(r)) } }
	props := map[string]func(rune) string{
		"isalpha": bit(IsAlpha), "isdecimal": bit(IsDecimal), "isdigit": bit(IsDigit), "isnumeric": bit(IsNumeric),
		"isalnum": bit(IsAlnum), "islower": bit(IsLower), "isupper": bit(IsUpper), "isspace": bit(IsSpace),
		"isprintable": bit(IsPrintable), "upper": str(Upper), "lower": str(Lower), "title": str(Title),
		"capitalize": str(Capitalize), "casefold": str(Casefold), "swapcase": str(Swapcase), "category": Category,
	}
	f, err := os.Open("testdata/digests.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for sc := bufio.NewScanner(f); sc.Scan(); n++ {
		name, want, _ := strings.Cut(sc.Text(), " ")
		h := crc32.NewIEEE()
		var buf []byte
		for r := rune(0); r < 0x110000; r++ {
			buf = append(buf[:0], props[name](r)...)
			h.Write(append(buf, '\n'))
		}
		if got := strconv.FormatUint(uint64(h.Sum32()), 16); got != want {
			t.Errorf("%s: digest %s, CPython's is %s", name, got, want)
		}
	}
	if n != len(props) {
		t.Errorf("%d digests for %d properties", n, len(props))
	}
}

// TestContext covers the mappings that depend on neighbours; the expectations
// are CPython's.
func TestContext(t *testing.T) {
	for _, c := range []struct{ f, in, want string }{
		{"lower", "ΑΣ", "ας"}, {"lower", "Σ", "σ"}, {"lower", "ΑΣΑ", "ασα"}, {"lower", "Α.Σ.", "α.ς."}, {"lower", "ΑΣ'Β", "ασ'β"},
		{"title", "they're bill's ΟΔΟΣ ǆungla", "They'Re Bill'S Οδος ǅungla"}, {"capitalize", "ßA ΑΣ", "Ssa ας"},
		{"swapcase", "Straße ΑΣ", "sTRASSE ας"}, {"casefold", "ΑΣ Straße", "ασ strasse"}, {"upper", "ŉ ﬃ", "ʼN FFI"},
	} {
		f := map[string]func(string) string{"lower": Lower, "title": Title, "capitalize": Capitalize, "swapcase": Swapcase,
			"casefold": Casefold, "upper": Upper}[c.f]
		if got := f(c.in); got != c.want {
			t.Errorf("%s(%q) = %q, want %q", c.f, c.in, got, c.want)
		}
	}
}
