package parser

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"martlet/python/ast"
)

// FuzzParse: no text makes the parser panic or hang, and a text without an error has a tree that can be dumped and unparsed.
func FuzzParse(f *testing.F) {
	b, err := os.ReadFile("testdata/errors.json")
	if err != nil {
		f.Fatal(err)
	}
	var cases []errorCase
	if err := json.Unmarshal(b, &cases); err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(c.Src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		m, err := Parse(src, Options{})
		if err == nil {
			_ = ast.Dump(m, ast.DumpOptions{Attributes: true, Indent: -1})
		}
	})
}

// TestDeep: deep nesting is an error, not a crash, and takes no unreasonable time.
func TestDeep(t *testing.T) {
	for _, unit := range []string{"(", "[", "{", "-", "not ", "lambda: ", "a[", "f(", "x if y else ", "a**", "{a:", "f'{", "await "} {
		src := strings.Repeat(unit, 20000)
		if _, err := Parse(src, Options{}); err == nil {
			t.Errorf("%q nested 20000 times parses", unit)
		}
		if _, err := Parse(strings.Repeat(unit, 50)+"x", Options{}); err == nil && strings.ContainsAny(unit, "([{") {
			t.Errorf("%q open 50 times parses", unit)
		}
	}
	if _, err := Parse("("+strings.Repeat("(", 98)+strings.Repeat(")", 99), Options{}); err != nil {
		t.Error(err)
	}
	if _, err := Parse(strings.Repeat("(", 201)+strings.Repeat(")", 201), Options{}); err == nil || !strings.Contains(err.Error(), "too many nested parentheses") {
		t.Errorf("201 parentheses: %v", err)
	}
}
