package codegen_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"martlet/internal/codegen"
	"martlet/ir"
	"martlet/ir/irtest"
)

// TestRunFiles runs the directives of the run files on every back end.
func TestRunFiles(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*/*.ir")
	own, _ := filepath.Glob("testdata/*.ir")
	if len(files) == 0 {
		t.Fatal("no run files")
	}
	for _, name := range append(files, own...) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			for _, b := range backends(t) {
				runFile(t, b, name)
			}
		})
	}
}

func runFile(t *testing.T, b backend, name string) {
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ir.Parse(name, string(src))
	if err != nil {
		t.Fatal(err)
	}
	runs, err := irtest.Runs(m, name, string(src))
	if err != nil {
		t.Fatal(err)
	}
	run := func(r irtest.Run) irtest.Outcome { return b.Run(m, r.Func, r.Args) }
	if len(m.Globals) == 0 { // nothing to make afresh: one compilation serves all runs
		l, err := b.load(m)
		if err != nil {
			t.Fatal(err)
		}
		defer l.free()
		run = func(r irtest.Run) irtest.Outcome { return l.call(r.Func, r.Args) }
	}
	for _, r := range runs {
		o := run(r)
		o.Memory = nil
		if !o.Same(r.Want) {
			t.Errorf("%s:%d: %s at %s: %s, want %s", name, r.Line, r, b.Name(), o, r.Want)
		}
	}
}

// TestRandomModules compares generated modules between the interpreter and the back ends. With MARTLET_SOAK it goes on until shortly before
// the test's deadline, from the seed in MARTLET_SEED.
func TestRandomModules(t *testing.T) {
	n, end := uint64(300), time.Now().Add(time.Hour)
	if os.Getenv("MARTLET_SOAK") != "" {
		n = 10_000_000
		if d, ok := t.Deadline(); ok {
			end = d.Add(-20 * time.Second)
		}
	}
	bs := backends(t)
	first := seedBase()
	for seed := first; seed < first+n; seed++ {
		if time.Now().After(end) {
			t.Logf("%d modules compared on %d back ends", seed-first, len(bs))
			return
		}
		cfg := irtest.Config{}
		if seed%8 == 7 {
			cfg = irtest.Config{Stmts: 200, Funcs: 2}
		}
		m := irtest.Generate(seed, cfg)
		for _, b := range bs {
			if differs(m, b, seed) == "" {
				continue
			}
			small := irtest.Reduce(m, 2000, func(c *ir.Module) bool { return differs(c, b, seed) != "" })
			t.Fatalf("seed %d at %s: %s\n%s\n%s", seed, b.Name(), differs(small, b, seed), small, dump(small, b.target))
		}
	}
}

func dump(m *ir.Module, target codegen.Target) string {
	var s string
	for _, f := range m.Funcs {
		if len(f.Blocks) > 0 {
			if code, err := codegen.Compile(f, target); err == nil {
				s += disassemble(code)
			}
		}
	}
	return s
}

// differs says how a back end's outcome differs from the interpreter's, or "".
func differs(m *ir.Module, b backend, seed uint64) string {
	f := m.Func("f")
	if f == nil {
		return ""
	}
	for k := range 2 {
		args := irtest.Inputs(seed, k, f.Sig)
		want := irtest.Interp{MaxSteps: 300000}.Run(m, f, args)
		if want.Err != nil {
			continue
		}
		if got := b.Run(m, f, args); !want.Same(got) {
			return "want " + want.String() + ", got " + got.String()
		}
	}
	return ""
}

// seedBase is where the seeds begin: MARTLET_SEED moves a soak to others.
func seedBase() uint64 {
	n, _ := strconv.ParseUint(os.Getenv("MARTLET_SEED"), 10, 64)
	return n
}
