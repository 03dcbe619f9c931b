package tl

import (
	"maps"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/ir"
)

// sum adds the numbers below variable 0.
var sum = []Instr{
	{Push, 0}, {Set, 1}, {Push, 0}, {Set, 2},
	{Get, 2}, {Get, 1}, {Add, 0}, {Set, 2},
	{Get, 1}, {Push, 1}, {Add, 0}, {Set, 1},
	{Get, 1}, {Get, 0}, {Less, 0}, {JumpIf, 4},
	{Get, 2}, {Ret, 0},
}

// factorial of variable 0.
var factorial = []Instr{
	{Push, 1}, {Set, 1},
	{Get, 1}, {Get, 0}, {Mul, 0}, {Set, 1},
	{Get, 0}, {Push, 1}, {Sub, 0}, {Set, 0},
	{Push, 0}, {Get, 0}, {Less, 0}, {JumpIf, 2},
	{Get, 1}, {Ret, 0},
}

func execute(t testing.TB, p []Instr, n int64, o *genext.Options) (int64, Frame, *genext.Handle) {
	t.Helper()
	c := &Code{Instrs: p}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	f := &Frame{}
	f.Vars[0] = n
	if o == nil {
		return Run(c, f, nil), *f, nil
	}
	jit, h, err := NewDriver(*o)
	if err != nil {
		t.Fatal(err)
	}
	v := Run(c, f, jit)
	f.jit = nil
	return v, *f, h
}

func TestFactorial(t *testing.T) {
	for _, n := range []int64{5, 20, 60} {
		want, frame, _ := execute(t, factorial, n, nil)
		if n == 5 && want != 120 {
			t.Fatal(want)
		}
		for name, o := range genexttest.Configs() {
			got, f, _ := execute(t, factorial, n, &o)
			if got != want || f.Vars != frame.Vars {
				t.Errorf("%s: factorial(%d) = %d, want %d", name, n, got, want)
			}
		}
	}
}

// TestGate: two additions and one comparison, no slot traffic.
func TestGate(t *testing.T) {
	got, _, h := execute(t, sum, 5000, &genext.Options{Level: genext.Full})
	if got != 4999*5000/2 {
		t.Fatal(got)
	}
	c := genexttest.Loop(h.Regions()[0])
	if want := (genexttest.Count{ir.OpAdd: 2, ir.OpSlt: 1, ir.OpGuard: 1}); !maps.Equal(c, want) {
		t.Errorf("loop has %v\n%s", c, h.Regions()[0])
	}
}

func TestGuardFailures(t *testing.T) {
	for _, p := range [][]Instr{sum, factorial} {
		want, frame, _ := execute(t, p, 30, nil)
		n := genexttest.FailEveryGuard(t, 200, func(o genext.Options) bool {
			got, f, _ := execute(t, p, 30, &o)
			return got == want && f.Vars == frame.Vars
		})
		t.Logf("%d guard executions made to fail", n)
	}
}

func TestCheckRejects(t *testing.T) {
	for _, p := range [][]Instr{{}, {{Push, 0}}, {{Add, 0}, {Ret, 0}}, {{Get, 8}, {Ret, 0}}, {{Jump, -1}}, {{Push, 0}, {Jump, 0}}} {
		if (&Code{Instrs: p}).Check() == nil {
			t.Errorf("%v was accepted", p)
		}
	}
}

func BenchmarkInterpreter(b *testing.B) {
	for b.Loop() {
		execute(b, sum, 1_000_000, nil)
	}
}

func BenchmarkCompiled(b *testing.B) {
	jit, _, err := NewDriver(genext.Options{Level: genext.Full, Executor: genext.Best()})
	if err != nil {
		b.Fatal(err)
	}
	c := &Code{Instrs: sum}
	for b.Loop() {
		f := &Frame{}
		f.Vars[0] = 1_000_000
		Run(c, f, jit)
	}
}
