package symtable

import (
	"strings"
	"testing"

	"martlet/python/parser"
)

// build makes the table of a program.
func build(t *testing.T, src string) *Table {
	t.Helper()
	m, err := parser.Parse(src, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	table, err := Build(m, Future{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// child finds a block by a path of names.
func child(t *testing.T, b *Block, path string) *Block {
	t.Helper()
outer:
	for _, name := range strings.Split(path, "/") {
		for _, c := range b.Children {
			if c.Name == name {
				b = c
				continue outer
			}
		}
		t.Fatalf("no block %s in %s", name, b.Name)
	}
	return b
}

func TestScopes(t *testing.T) {
	const src = `
g = 1
def f(a, b):
    global g
    c = a
    def h():
        nonlocal c
        c = b
        return len
    return [a for x in c if (y := x)], [lambda: z for z in c]
class C:
    v = 1
    def m(self): return super(), v, __private
    w = [v for u in v]
def gen[T](x: T): return T
`
	top := build(t, src).Top
	for _, c := range []struct {
		path, name string
		want       Scope
	}{
		{"f", "g", GlobalExplicit}, {"f", "a", Local}, {"f", "b", Cell}, {"f", "c", Cell}, {"f", "y", Local},
		{"f/h", "c", Free}, {"f/h", "b", Free}, {"f/h", "len", GlobalImplicit},
		{"f/listcomp", "x", Local}, {"f/listcomp", "a", Free}, {"f/listcomp", "y", Free},
		{"C", "v", Local}, {"C/m", "__class__", Free}, {"C/m", "v", GlobalImplicit}, {"C/m", "_C__private", GlobalImplicit}, {"C/listcomp", "v", GlobalImplicit},
		{"gen", "T", Cell}, {"gen/gen", "T", Free},
	} {
		s := child(t, top, c.path).Lookup(c.name)
		if s == nil || s.Scope != c.want {
			t.Errorf("%s: %s is %+v, want %s", c.path, c.name, s, scopeNames[c.want])
		}
	}
	if b := child(t, top, "C"); !b.NeedsClassCell {
		t.Error("class C needs no __class__ cell")
	}
	if !child(t, top, "f/listcomp").Inlined {
		t.Error("the list comprehension is not inlined")
	}
}

func TestMangle(t *testing.T) {
	for _, c := range [][3]string{{"C", "__x", "_C__x"}, {"_C", "__x", "_C__x"}, {"__", "__x", "__x"}, {"C", "__x__", "__x__"}, {"C", "_x", "_x"}, {"", "__x", "__x"}, {"C", "__a.b", "__a.b"}} {
		if got := Mangle(c[0], c[1]); got != c[2] {
			t.Errorf("Mangle(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestString(t *testing.T) {
	got := build(t, "def f(x): return x\n").String()
	want := "module top line 0\n  f: local (local)\n  function f line 1\n    x: local (parameter, use)\n"
	if got != want {
		t.Errorf("listing:\n%swant:\n%s", got, want)
	}
}
