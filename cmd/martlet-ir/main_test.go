package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
