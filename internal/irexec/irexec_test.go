package irexec

import (
	"os"
	"path/filepath"
	"testing"

	"martlet/ir"
	"martlet/ir/irtest"
)

// needNative ends the test where there is no machine code: these tests are about nothing else.
func needNative(t *testing.T) {
	t.Helper()
	if err := Available(); err != nil {
		t.Skip("no native execution on this machine: ", err)
	}
}

var levels = []Level{Bare, Quick, Full}

// TestRunFiles runs every run file's directives at every level.
func TestRunFiles(t *testing.T) {
	needNative(t)
	files, _ := filepath.Glob("../../testdata/*/*.ir")
	if len(files) == 0 {
		t.Fatal("no run files")
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m := ir.MustParse(name, string(src))
		runs, err := irtest.Runs(m, name, string(src))
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range levels {
			t.Run(filepath.Base(name)+"/"+level.String(), func(t *testing.T) { runFile(t, m, runs, level) })
		}
	}
}

func runFile(t *testing.T, m *ir.Module, runs []irtest.Run, level Level) {
	for _, r := range runs {
		o := Executor{Level: level, Check: true}.Run(m, r.Func, r.Args)
		o.Memory = nil
		if !o.Same(r.Want) {
			t.Errorf("line %d: %s %s, want %s", r.Line, r, o, r.Want)
		}
	}
}

// TestRandomModules compares generated modules with the interpreter; the
// command "martlet-ir soak" does the same for millions, and reduces what it finds.
func TestRandomModules(t *testing.T) {
	needNative(t)
	for seed := range uint64(150) {
		m := irtest.Generate(seed, irtest.Config{Irreducible: seed%3 == 0})
		f := m.Func("f")
		for _, level := range levels {
			for k := range 2 {
				args := irtest.Inputs(seed, k, f.Sig)
				want := irtest.Interp{MaxSteps: 200000}.Run(m, f, args)
				got := Executor{Level: level, Check: true}.Run(m, f, args)
				if len(got.Memory) != len(want.Memory) { // a global was optimised away
					got.Memory = nil
				}
				if want.Err == nil && !want.Same(got) {
					t.Fatalf("seed %d, input %d at %s: want %s, got %s\n%s", seed, k, level, want, got, m)
				}
			}
		}
	}
}
