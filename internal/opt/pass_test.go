package opt

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"martlet/ir"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

const separator = "\n; ==== after ====\n"

// TestPasses runs the passes named in the first line of each testdata/*.ir
// ("; passes: simplify, dead", or a module-level one: inline, module) over its
// module and compares the text with what stands behind the separator.
func TestPasses(t *testing.T) {
	files, err := filepath.Glob("testdata/*.ir")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".ir"), func(t *testing.T) { checkFile(t, name) })
	}
}

func checkFile(t *testing.T, name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, want, _ := strings.Cut(string(data), separator)
	first, _, _ := strings.Cut(before, "\n")
	list, ok := strings.CutPrefix(first, "; passes: ")
	if !ok {
		t.Fatalf("%s: the first line must name the passes", name)
	}
	m, err := ir.Parse(name, before)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range strings.Split(list, ", ") {
		runNamed(t, m, p)
		if err := ir.Verify(m); err != nil {
			t.Fatalf("after %s: %v\n%s", p, err, m)
		}
	}
	got := m.String()
	if *update {
		if err := os.WriteFile(name, []byte(before+separator+got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func runNamed(t *testing.T, m *ir.Module, name string) {
	switch name {
	case "inline":
		Inline(m, Options{})
		return
	case "module":
		Module(m, Full, Options{Verify: true})
		return
	}
	for _, p := range append(pipelines[Full], pipelines[Quick]...) {
		if p.name != name {
			continue
		}
		for _, f := range m.Funcs {
			if !f.IsDecl() {
				r := &run{f: f}
				p.run(r)
				r.apply()
				r.placeConsts()
			}
		}
		return
	}
	t.Fatalf("no pass %q", name)
}

// TestFuel shows that without fuel nothing changes, and that every amount of
// it leaves a correct function.
func TestFuel(t *testing.T) {
	src, err := os.ReadFile("testdata/loop.ir")
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(src), separator)
	last := ""
	for fuel := range 60 {
		m := ir.MustParse("loop", text)
		left := fuel
		for _, f := range m.Funcs {
			Func(f, Full, Options{Verify: true, Fuel: &left})
		}
		if err := ir.Verify(m); err != nil {
			t.Fatalf("fuel %d: %v", fuel, err)
		}
		last = m.String()
		if left > 0 {
			break
		}
	}
	m := ir.MustParse("loop", text)
	for _, f := range m.Funcs {
		Func(f, Full, Options{})
	}
	if last != m.String() {
		t.Error("with fuel to spare the result differs from that without a limit")
	}
}
