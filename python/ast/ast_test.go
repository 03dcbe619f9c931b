package ast_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"martlet/python/ast"
	"martlet/python/parser"
)

// TestUnparse: text that CPython 3.13 writes for annotations under from __future__ import annotations.
func TestUnparse(t *testing.T) {
	for src, want := range map[string]string{
		"a+b*c": "a + b * c", "(a+b)*c": "(a + b) * c", "a**-b": "a ** (-b)", "(-a)**b": "(-a) ** b", "-a**b": "-a ** b", "not (a and b) or c": "not (a and b) or c",
		"a if b else (c if d else e)": "a if b else c if d else e", "(a if b else c) if d else e": "(a if b else c) if d else e",
		"lambda: 0": "lambda: 0", "lambda a, *, b=1: a": "lambda a, *, b=1: a", "lambda *a, **k: 0": "lambda*a, **k: 0", "lambda a, /, b=2, *c: 0": "lambda a, /, b=2, *c: 0",
		"f(a, *b, c=d, **e)": "f(a, *b, c=d, **e)", "f(x for x in y)": "f(x for x in y)", "[x for x in y if z]": "[x for x in y if z]", "{a: b for a, b in c}": "{a: b for a, b in c}",
		"a[b:c, ::d]": "a[b:c, ::d]", "a[(b, c)]": "a[b, c]", "a[()]": "a[()]", "(a,)": "(a,)", "()": "()", "{*a, b}": "{*a, b}", "{**a, b: c}": "{**a, b: c}",
		"'a' 'b'": "'ab'", "u'x'": "u'x'", "b'x'": "b'x'", "1e400": "1e309", "1.0": "1.0", "2j": "2j", "...": "...", "1 .real": "1 .real", "a.b.c": "a.b.c", "a<b<c": "a < b < c",
		"a is not b not in c": "a is not b not in c", "f'{a!r:>{b}}x'": "f'{a!r:>{b}}x'", "f'{{}}'": "f'{{}}'", "(yield)": "(yield)", "await x": "await x", "(a := 1)": "(a := 1)",
	} {
		m, err := parser.Parse(src, parser.Options{Mode: parser.Eval})
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		if got := ast.Unparse(m.(*ast.Expression).Body); got != want {
			t.Errorf("%s: %s, want %s", src, got, want)
		}
	}
}

func TestRepr(t *testing.T) {
	huge, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	for _, c := range []struct {
		v    any
		want string
	}{
		{nil, "None"}, {true, "True"}, {int64(-5), "-5"}, {huge, "123456789012345678901234567890"}, {1e16, "1e+16"}, {123456789012345680.0, "1.2345678901234568e+17"},
		{0.0001, "0.0001"}, {0.00001, "1e-05"}, {1e22, "1e+22"}, {3.0, "3.0"}, {math.Inf(1), "inf"}, {math.NaN(), "nan"}, {math.Copysign(0, -1), "-0.0"},
		{complex(0, 2), "2j"}, {complex(1, -2), "(1-2j)"}, {complex(math.Copysign(0, -1), 1), "(-0+1j)"}, {"it's", `"it's"`}, {"a\"'\n\\é\x00\u200b", `'a"\'\n\\é\x00\u200b'`},
		{"\xed\xa0\x80", `'\ud800'`}, {ast.Bytes("a'\xff\n"), `b"a'\xff\n"`}, {ast.Ellipsis{}, "Ellipsis"}, {ast.ConstTuple{int64(1)}, "(1,)"},
	} {
		if got := ast.Repr(c.v); got != c.want {
			t.Errorf("Repr(%#v) = %s, want %s", c.v, got, c.want)
		}
	}
}

// TestGeneric rebuilds a tree through the generic accessors and compares dumps.
func TestGeneric(t *testing.T) {
	m, err := parser.Parse("@d\ndef f(a, *b: int, c=1, **k) -> x:\n  try: return [y async for y in z if 1 < y]\n  except E as e: raise\n  match q:\n    case {1: a, **r} | C(b=2): pass\nx = {**a, 1: f'{b!r:{c}}'}\n", parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := ast.DumpOptions{Attributes: true, Indent: 2}
	if got, want := ast.Dump(clone(t, m), o), ast.Dump(m, o); got != want {
		t.Errorf("the copy differs:\n%s\nwant\n%s", got, want)
	}
	n := 0
	ast.Walk(m, func(ast.Node) bool { n++; return true })
	if n < 40 {
		t.Errorf("Walk saw %d nodes", n)
	}
	if !strings.Contains(ast.Dump(m, ast.DumpOptions{Indent: -1}), "MatchMapping(keys=[Constant(value=1)]") {
		t.Error(ast.Dump(m, ast.DumpOptions{Indent: -1}))
	}
}

// clone copies a tree field by field.
func clone(t *testing.T, n ast.Node) ast.Node {
	c := n.Class().New()
	if p := n.Span(); p != nil {
		*c.Span() = *p
	}
	for i, f := range n.Class().Fields {
		v := n.Get(i)
		switch x := v.(type) {
		case ast.Node:
			v = clone(t, x)
		case []ast.Node:
			l := make([]ast.Node, len(x))
			for j, e := range x {
				if e != nil {
					l[j] = clone(t, e)
				}
			}
			v = l
		}
		if !c.Set(i, v) {
			t.Fatalf("%s.%s refuses %T", n.Class().Name, f.Name, v)
		}
	}
	return c
}
