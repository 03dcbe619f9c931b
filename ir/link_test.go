package ir

import (
	"strings"
	"testing"
)

func TestLink(t *testing.T) {
	a := MustParse("a.ir", `module "a"
class elem = 2
type @T size 8
global @shared size 8 { i64 5 }
global @table internal size 8 { addr @helper }
declare @g(i64) -> i64
func @helper(i64) -> i64 internal {
entry(%x i64):
  %y = call @g(%x)
  ret %y
}
func @f(i64) -> i64 {
entry(%x i64):
  %p = symaddr @table
  %q = load.ptr %p #elem
  %y = call @helper(%x)
  ret %y
}
`)
	b := MustParse("b.ir", `module "b"
class other = 1
class elem = 3
type @T size 8
declare global @shared size 8
func @helper(i64) -> i64 {
entry(%x i64):
  %p = symaddr @shared
  %y = load.i64 %p #elem
  ret %y
}
func @g(i64) -> i64 {
entry(%x i64):
  %y = call @helper(%x)
  ret %y
}
func @f(i64) -> i64 available_externally {
entry(%x i64):
  ret 0
}
`)
	m, err := Link("ab", a, b)
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(m); err != nil {
		t.Fatalf("%v\n%s", err, m)
	}
	text := m.String()
	for _, want := range []string{"addr @helper.2", "%y = call @helper.2(%x)", "func @helper(i64) -> i64 {", "%y = call @g(%x)", "%q = load.ptr %p #elem", "global @shared size 8 {"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if strings.Count(text, "class elem") != 1 || strings.Contains(text, "declare") || len(m.Funcs) != 4 || len(m.Types) != 1 {
		t.Errorf("linked wrongly:\n%s", text)
	}
	checkRoundTrip(t, "ab", m)
}

func TestLinkErrors(t *testing.T) {
	parse := func(s string) *Module { return MustParse("x.ir", s) }
	f := "func @f() {\nentry:\n  ret\n}\n"
	for _, c := range []struct{ a, b, want string }{
		{f, f, "function @f is defined twice"},
		{f, "declare @f(i64)\n", "function @f has signatures () and (i64)"},
		{"global @g size 8\n", "global @g size 8\n", "global @g is defined twice"},
		{"global @g size 8\n", "declare global @g size 16\n", "sizes 8 and 16"},
		{"type @T size 8\n", "type @T size 16\n", "type @T has two layouts"},
		{"global @f size 8\n", f, "@f is a function and a global"},
	} {
		if _, err := Link("m", parse(c.a), parse(c.b)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
