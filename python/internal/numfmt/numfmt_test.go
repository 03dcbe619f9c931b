package numfmt

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"os"
	"strconv"
	"testing"
	"unicode/utf8"
)

// hexFloat reads the tables' floats, which are written in float.hex form.
func hexFloat(t *testing.T, v any) float64 {
	x, err := FromHex(v.(string))
	if err != nil {
		t.Fatalf("FromHex(%q): %v", v, err)
	}
	return x
}

func bigArg(v any) (int64, *big.Int) {
	b, _ := new(big.Int).SetString(v.(string), 10)
	if b.IsInt64() {
		return b.Int64(), nil
	}
	return 0, b
}

func result(s string, err *Error) (string, string) {
	if err != nil {
		return err.Msg, [...]string{"ValueError", "OverflowError", "TypeError"}[err.Kind]
	}
	return s, ""
}

func cutRunes(s string, k int) string { return string([]rune(s)[:k]) }

// run computes one case of the table; see testdata/gen.py for the kinds.
func run(t *testing.T, kind string, a []any) (string, string) {
	switch kind {
	case "repr":
		return Repr(hexFloat(t, a[0])), ""
	case "hex":
		return Hex(hexFloat(t, a[0])), ""
	case "hash":
		return strconv.FormatInt(HashFloat(hexFloat(t, a[0])), 10), ""
	case "ratio":
		n, d := Ratio(hexFloat(t, a[0]))
		return n.String() + "/" + d.String(), ""
	case "round":
		x, ok := Round(hexFloat(t, a[0]), int(a[1].(float64)))
		if !ok {
			return "rounded value too large to represent", "OverflowError"
		}
		return Hex(x), ""
	case "ffloat":
		return result(Float(a[0].(string), hexFloat(t, a[1]), "float"))
	case "fint":
		v, b := bigArg(a[1])
		return result(Int(a[0].(string), v, b, DefaultMaxDigits, "int"))
	case "fcomplex":
		return result(Complex(a[0].(string), hexFloat(t, a[1]), hexFloat(t, a[2]), "complex"))
	case "fstr":
		s := a[1].(string)
		return result(Str(a[0].(string), s, utf8.RuneCountInString(s), cutRunes, "str"))
	case "crepr":
		return ComplexRepr(hexFloat(t, a[0]), hexFloat(t, a[1])), ""
	}
	return runParse(t, kind, a)
}

func runParse(t *testing.T, kind string, a []any) (string, string) {
	switch kind {
	case "hashint":
		v, b := bigArg(a[0])
		if b != nil {
			return strconv.FormatInt(HashBig(b), 10), ""
		}
		return strconv.FormatInt(HashInt(v), 10), ""
	case "int":
		v, b, ok, err := ParseInt(a[0].(string), int(a[1].(float64)), DefaultMaxDigits)
		if !ok {
			return "bad", ""
		}
		if b == nil {
			b = big.NewInt(v)
		}
		s, err2 := "", (*Error)(nil)
		if err == nil {
			s, err2 = FormatBig(b, DefaultMaxDigits)
		}
		if err == nil {
			err = err2
		}
		return result(s, err)
	case "float":
		x, ok := ParseFloat(a[0].(string))
		if !ok {
			return "bad", ""
		}
		return Hex(x), ""
	case "fromhex":
		x, err := FromHex(a[0].(string))
		return result(Hex(x), err)
	case "hashtuple":
		var h HashTuple
		for _, e := range a[0].([]any) {
			v, _ := strconv.ParseInt(e.(string), 10, 64)
			h.Add(v)
		}
		return strconv.FormatInt(h.Sum(), 10), ""
	}
	t.Fatalf("unknown kind %q", kind)
	return "", ""
}

// TestAgainstCPython replays the table that CPython 3.13 wrote.
func TestAgainstCPython(t *testing.T) {
	data, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][]any
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	bad := 0
	for _, c := range cases {
		kind, args := c[0].(string), c[1].([]any)
		got, exc := run(t, kind, args)
		if got == c[2].(string) && exc == c[3].(string) {
			continue
		}
		if bad++; bad < 40 {
			t.Errorf("%s%v = %s %q, CPython gives %s %q", kind, args, exc, got, c[3], c[2])
		}
	}
	if len(cases) < 5000 {
		t.Errorf("only %d cases in the table", len(cases))
	}
}

func TestHashAgreesAcrossTypes(t *testing.T) {
	for _, x := range []float64{0, 1, -1, 3, 1 << 60, -(1 << 61), 1e300, math.Exp2(200)} {
		n, d := Ratio(x)
		if a, b := HashFloat(x), HashRatio(n, d); a != b {
			t.Errorf("hash(%v): float %d, ratio %d", x, a, b)
		}
	}
}

func Example() {
	s, _ := Float("*>+12,.2f", 12345.678, "float")
	fmt.Println(s)
	fmt.Println(Repr(1e16), Repr(0.1))
	// Output:
	// **+12,345.68
	// 1e+16 0.1
}
