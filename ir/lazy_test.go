package ir

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// checkLazy compares ParseLazy and Load with what Parse made of a text: the same functions, or an error from both.
func checkLazy(t *testing.T, src string, m *Module, perr error) {
	t.Helper()
	lazy, err := ParseLazy("fuzz.ir", src)
	if err != nil {
		if perr == nil {
			t.Fatalf("ParseLazy: %v\n%s", err, src)
		}
		return
	}
	loaded := true
	for i, f := range lazy.Funcs {
		err := f.Load()
		var pe *ParseError
		switch {
		case errors.As(err, &pe):
			loaded = false
		case perr != nil:
		case err == nil:
			if got, want := f.String(), m.Funcs[i].String(); got != want {
				t.Fatalf("loaded\n%s\nparsed\n%s", got, want)
			}
		default:
			if VerifyFunc(m.Funcs[i]) == nil {
				t.Fatalf("loaded function is invalid: %v\n%s", err, src)
			}
		}
	}
	if loaded != (perr == nil) {
		t.Fatalf("loaded without fault: %v, but Parse: %v\n%s", loaded, perr, src)
	}
}

func TestLazyFiles(t *testing.T) {
	files, err := filepath.Glob("../testdata/*/*.ir")
	if err != nil || len(files) < 16 {
		t.Fatal(len(files), err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse("fuzz.ir", string(src))
		checkLazy(t, string(src), m, err)
	}
}

// TestLazyErrors: a fault in a body is found by Load, at the place where Parse finds it; what Verify finds has its place too.
func TestLazyErrors(t *testing.T) {
	const good = "func @g() -> i64 {\nentry:\n  %s = refconst \"}#x\" ; }\n  ret 1\n \t}\n"
	for _, c := range []struct{ body, want string }{
		{"entry:\n  ret %x\n}", "e.ir:9:7: %x is not defined"},
		{"}", "e.ir:8:1: function @f has no blocks"},
		{"entry:\n  ret (\n}", "e.ir:9:7: expected end of line, found \"(\""},
		{"entry:\n  jump b(\n}", "e.ir:10:1: expected a value or a number, found \"}\""},
		{"entry:\n  %y = add.f64 1, 2\n  ret %y\n}", "e.ir:9:8: func @f, block entry, %y = add.f64 %1, %2: "},
	} {
		src := good + "\nfunc @f() -> i64 {\n" + c.body + "\n" + good[:6] + "2" + good[6:]
		m, err := ParseLazy("e.ir", src)
		if err != nil {
			t.Errorf("%q: %v", c.body, err)
			continue
		}
		if err := m.Func("f").Load(); err == nil || len(err.Error()) < len(c.want) || err.Error()[:len(c.want)] != c.want {
			t.Errorf("%q: %v, want %s", c.body, err, c.want)
		}
		for _, name := range []string{"g", "2g"} {
			if err := m.Func(name).Load(); err != nil {
				t.Error(err)
			}
		}
		if m.Func("f").Blocks != nil {
			t.Error("a broken body is there")
		}
	}
	if _, err := ParseLazy("e.ir", "func @f() {\nentry:\n  ret\n"); err == nil || err.Error() != `e.ir:4:1: expected "}", found end of file` {
		t.Error(err)
	}
}
