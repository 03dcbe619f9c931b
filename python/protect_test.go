package python

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"martlet/python/object"
)

// TestPanic puts a builtin that panics into __main__: the program sees a SystemError's traceback, and the interpreter goes on.
func TestPanic(t *testing.T) {
	var out, errs bytes.Buffer
	in, err := New(Options{Stdout: &out, Stderr: &errs, Inspect: true})
	if err != nil {
		t.Fatal(err)
	}
	bad := object.NewBuiltin("x", "bad()", func(*object.Thread, []object.Value) (object.Value, *object.Exception) {
		panic("broken invariant")
	}, "")
	in.rt.Main(in.t).SetStr(in.t, in.t.Intern("bad"), bad)
	code := in.RunString("def f(n):\n    return bad() if n == 0 else f(n - 1)\nf(50)", "<t>")
	if code != 1 || !strings.Contains(errs.String(), "SystemError: internal error: broken invariant") || !strings.Contains(errs.String(), `File "<t>", line 3, in <module>`) {
		t.Errorf("code %d, stderr %q", code, errs.String())
	}
	if code := in.RunString("print(sum(range(10)))", "<t>"); code != 0 || out.String() != "" {
		t.Errorf("afterwards: code %d", code)
	}
	if in.Exit(0); out.String() != "45\n" {
		t.Errorf("afterwards: stdout %q", out.String())
	}
}

func TestInterrupt(t *testing.T) {
	for _, src := range []string{"while True: pass", "import time\ntime.sleep(20)"} {
		var errs bytes.Buffer
		in, err := New(Options{Stderr: &errs})
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(50*time.Millisecond, in.rt.Interp.Interrupt)
		if code := in.RunString(src, "<t>"); code != 130 || !strings.Contains(errs.String(), "KeyboardInterrupt") {
			t.Errorf("%q: code %d, stderr %q", src, code, errs.String())
		}
	}
}

func TestDump(t *testing.T) {
	in, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := in.Dump(&out, "x = 1\n", "<t>", []string{"ast", "symtable", "code"}); code != 0 {
		t.Fatal("code", code)
	}
	for _, w := range []string{"Assign(", "targets=[", "code <module> (<t>:1)"} {
		if !strings.Contains(out.String(), w) {
			t.Errorf("no %q in\n%s", w, out.String())
		}
	}
	if in.Dump(&out, "x", "<t>", []string{"soup"}) != 1 {
		t.Error("an unknown part is accepted")
	}
}

func TestWarnOptionsAndImportTimes(t *testing.T) {
	var errs bytes.Buffer
	var times, verbose []string
	in, err := New(Options{Stderr: &errs, WarnOptions: []string{"ignore", "error::DeprecationWarning"},
		ImportTime: func(s string) { times = append(times, s) }, Verbose: func(s string) { verbose = append(verbose, s) }})
	if err != nil {
		t.Fatal(err)
	}
	code := in.RunString("import warnings, json\nwarnings.warn('no')\nwarnings.warn('yes', DeprecationWarning)", "<t>")
	if code != 1 || !strings.HasSuffix(errs.String(), "DeprecationWarning: yes\n") || strings.Contains(errs.String(), "UserWarning") {
		t.Errorf("code %d, stderr %q", code, errs.String())
	}
	if s := strings.Join(times, "\n"); !strings.Contains(s, " | json") || !strings.Contains(s, "import time: ") {
		t.Errorf("import times:\n%s", s)
	}
	if s := strings.Join(verbose, "\n"); !strings.Contains(s, "import 'json' # <module 'json'") {
		t.Errorf("verbose:\n%s", s)
	}
}
