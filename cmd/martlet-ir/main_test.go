package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"martlet/internal/irexec"
	"martlet/internal/opt"
	"martlet/ir"
)

func invoke(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := dispatch(args, &out)
	return out.String(), err
}

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x.ir")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

const basic = "../../testdata/run/basic.ir"

func TestRun(t *testing.T) {
	out, err := invoke(t, "run", "-exec", "interp", basic)
	if err != nil || !strings.HasSuffix(out, "runs as expected\n") {
		t.Error(out, err)
	}
	out, err = invoke(t, "run", "-exec", "interp", basic, "fact(5)")
	if err != nil || out != "120\n" {
		t.Error(out, err)
	}
	out, err = invoke(t, "run", "-exec", "interp", basic, "@guarded(-1)")
	if err != nil || out != "exits 7(-1, 2.5, nil)\n" {
		t.Error(out, err)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "usage: martlet-ir command"},
		{[]string{"frob"}, `no command "frob"`},
		{[]string{"run"}, "usage: martlet-ir run"},
		{[]string{"run", "-exec", "fast", basic}, "-exec must be interp"},
		{[]string{"run", basic, "nothing(1)"}, "function @nothing is not in the module"},
		{[]string{"run", basic, "fact(1, 2)"}, "2 values instead of 1"},
		{[]string{"verify", write(t, "func @f() {\nentry:\n  ret 1\n}\n")}, "1 results instead of 0"},
		{[]string{"verify", write(t, "func @f(")}, ":1:9: expected a type"},
		{[]string{"spec", basic, "fact", "k=1"}, "no parameter k"},
		{[]string{"opt", "-level", "9", basic}, "-level must be quick or full"},
		{[]string{"asm", basic, "nothing"}, "function nothing is not defined"},
	} {
		if _, err := invoke(t, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %s", c.args, err, c.want)
		}
	}
}

func TestFmt(t *testing.T) {
	name := write(t, "func @f( ) {  \n entry :\nret\n}")
	if _, err := invoke(t, "fmt", "-w", name); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(name)
	if string(text) != "func @f() {\nentry:\n  ret\n}\n" {
		t.Errorf("%s", text)
	}
}

func TestSpecAndOpt(t *testing.T) {
	out, err := invoke(t, "spec", basic, "fact", "n=5")
	if err != nil || !strings.Contains(out, "ret 120") {
		t.Error(out, err)
	}
	out, err = invoke(t, "opt", "-each", basic, "fact")
	if err != nil || !strings.HasPrefix(out, "; before\nfunc @fact") || !strings.Contains(out, "; after ") {
		t.Error(out, err)
	}
}

func TestEngine(t *testing.T) {
	out, err := invoke(t, "run", "-stats", "-events", "../../testdata/kernels/fib.ir", "run(20)")
	if err != nil || !strings.HasSuffix(out, "\n6765\n") {
		t.Error(out, err)
	}
	if irexec.Available() == nil && !(strings.Contains(out, "compiled fib quick ") && strings.Contains(out, "Full           1\n")) {
		t.Error(out)
	}
}

// TestBisect calls wrong what turns a multiplication into a shift.
func TestBisect(t *testing.T) {
	m := ir.MustParse("t.ir", "func @f(i64) -> i64 {\nentry(%x i64):\n  %a = add.i64 %x, 0\n  %b = mul.i64 %a, 8\n  %c = xor.i64 %b, 0\n  ret %c\n}\n")
	multiplies := func(m *ir.Module) bool { return strings.Contains(m.String(), "mul") }
	var out strings.Builder
	if err := bisect(m, opt.Full, &out, multiplies); err != nil {
		t.Fatal(err)
	}
	before, after, _ := strings.Cut(out.String(), "; after")
	if !strings.Contains(before, "transformation 2 goes wrong: pass ") || !strings.Contains(before, "= mul.i64 %x, 8") || !strings.Contains(after, "= shl.i64 %x, 3") {
		t.Error(out.String())
	}
	out.Reset()
	if err := bisect(m, opt.Full, &out, func(*ir.Module) bool { return true }); err != nil || !strings.HasPrefix(out.String(), "right after all ") {
		t.Error(out.String(), err)
	}
	if err := bisect(m, opt.Full, &out, func(*ir.Module) bool { return false }); err == nil {
		t.Error("no error for what the optimiser has not done")
	}
	if irexec.Available() == nil {
		if out, err := invoke(t, "bisect", basic, "fact(5)"); err != nil || !strings.HasPrefix(out, "right after all ") {
			t.Error(out, err)
		}
	}
}

func TestView(t *testing.T) {
	html, err := invoke(t, "view", basic, "list")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(html, "/*DATA*/null") || !strings.Contains(html, `"name":"list"`) || strings.Contains(html, "http://") && !strings.Contains(html, "http://www.w3.org/2000/svg") {
		t.Error("the page lacks its data or refers to other places")
	}
	_, data, _ := strings.Cut(html, "const data = ")
	var p viewPage
	if err := json.NewDecoder(strings.NewReader(data)).Decode(&p); err != nil {
		t.Fatal(err)
	}
	if len(p.Funcs) != 1 || len(p.Funcs[0].Steps) < 2 || len(p.Funcs[0].Steps[0].Blocks) != 6 {
		t.Errorf("%+v", p)
	}
}

func TestGen(t *testing.T) {
	a, err := invoke(t, "gen", "7")
	b, _ := invoke(t, "gen", "7")
	if err != nil || a != b || !strings.Contains(a, "func @f(") {
		t.Error(a, err)
	}
}
