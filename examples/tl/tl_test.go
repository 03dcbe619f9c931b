package tl

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/internal/codegen"
	"martlet/internal/opt"
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
	if want := (genexttest.Count{ir.OpAdd: 2, ir.OpSlt: 1, ir.OpBr: 1}); !maps.Equal(c, want) {
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

const benchN = 1_000_000

func BenchmarkSumInterpreter(b *testing.B) {
	genexttest.Best(b, func() {
		execute(b, sum, benchN, nil)
	})
}

func BenchmarkSumCompiled(b *testing.B) {
	c := &Code{Instrs: sum}
	jit, _ := native(b, genext.Options{Level: genext.Full})
	genexttest.Best(b, func() {
		f := &Frame{}
		f.Vars[0] = benchN
		Run(c, f, jit)
	})
}

func BenchmarkSumGo(b *testing.B) {
	genexttest.Best(b, func() {
		if sumByHand(benchN) == 0 {
			b.Fatal()
		}
	})
}

//go:noinline
func sumByHand(n int64) int64 {
	var s, i int64
	for {
		s += i
		i++
		if i >= n {
			return s
		}
	}
}

// native makes a driver with machine code at a level.
func native(b testing.TB, o genext.Options) (*Driver, *genext.Handle) {
	b.Helper()
	o.Executor = genext.Best()
	if n, ok := o.Executor.(genext.Native); ok && o.Level == genext.Quick {
		n.Level = codegen.Quick
		o.Executor = n
	}
	jit, h, err := NewDriver(o)
	if err != nil {
		b.Fatal(err)
	}
	return jit, h
}

// BenchmarkWarmUp is the time from a loop's first execution to its final code, at full: all that is spent
// in the interpreter, profile runs and compilations.
func BenchmarkWarmUp(b *testing.B) {
	genexttest.Best(b, func() {
		warmUp(b, genext.Full)
	})
}

func BenchmarkSpecialise(b *testing.B) {
	genexttest.PerOp(b, func(o genext.Options) *genext.Handle {
		_, _, h := execute(b, sum, 300, &o)
		return h
	})
}

// warmUp runs the loop with a new driver until it is compiled and has run once more.
func warmUp(b testing.TB, level opt.Level) genext.Stats {
	jit, h := native(b, genext.Options{Level: level})
	c := &Code{Instrs: sum}
	for range 2 {
		f := &Frame{}
		f.Vars[0] = 100
		Run(c, f, jit)
	}
	if st := h.Stats(); st.Compiles != 1 || st.Runs < 2 {
		b.Fatalf("%+v", st)
	}
	return h.Stats()
}

// The workload that never gets hot: a loop of 25 turns in ever new code.
func neverHot(b *testing.B, run func(c *Code, f *Frame) int64) {
	genexttest.Best(b, func() {
		for range 256 {
			f := &Frame{}
			f.Vars[0] = 25
			if run(&Code{Instrs: sum}, f) != 300 {
				b.Fatal("wrong sum")
			}
		}
	})
}

func BenchmarkNeverHotHinted(b *testing.B) {
	jit, h := native(b, genext.Options{})
	neverHot(b, func(c *Code, f *Frame) int64 { return Run(c, f, jit) })
	if h.Stats().Runs > 0 {
		b.Fatalf("it got hot: %+v", h.Stats())
	}
}

func BenchmarkNeverHotUnhinted(b *testing.B) {
	neverHot(b, func(c *Code, f *Frame) int64 { return unhinted(c, 0, 0, f) })
}

// unhinted is run as it was before it got hints.
func unhinted(code *Code, pc, sp int, f *Frame) int64 {
	for {
		in := &code.Instrs[pc]
		pc++
		switch in.Op {
		case Push:
			f.Stack[sp] = in.Arg
			sp++
		case Get:
			f.Stack[sp] = f.Vars[in.Arg]
			sp++
		case Set:
			sp--
			f.Vars[in.Arg] = f.Stack[sp]
		case Add:
			sp--
			f.Stack[sp-1] += f.Stack[sp]
		case Less:
			sp--
			if f.Stack[sp-1] < f.Stack[sp] {
				f.Stack[sp-1] = 1
			} else {
				f.Stack[sp-1] = 0
			}
		case JumpIf:
			sp--
			if f.Stack[sp] != 0 {
				pc = int(in.Arg)
			}
		case Sub:
			sp--
			f.Stack[sp-1] -= f.Stack[sp]
		case Mul:
			sp--
			f.Stack[sp-1] *= f.Stack[sp]
		case Jump:
			pc = int(in.Arg)
		case Ret:
			return f.Stack[sp-1]
		}
	}
}

// TestLog: the log names the interpreter's line and the bytecode of every residual op.
func TestLog(t *testing.T) {
	var b strings.Builder
	execute(t, sum, 500, &genext.Options{Level: genext.Full, Log: &b})
	ops := regexp.MustCompile(`(?m)^  .* = (add|slt|load)\.i64 .*$`).FindAllString(b.String(), -1)
	if len(ops) < 5 {
		t.Fatalf("the log has no residual code:\n%s", b.String())
	}
	from := regexp.MustCompile(`; tl\.go:\d+ pc \d+ sp \d+$`)
	for _, line := range ops {
		if !from.MatchString(line) {
			t.Errorf("it is not said where this comes from: %s", line)
		}
	}
	if !regexp.MustCompile(`(?m)^exit \d+: tl\.go:\d+ pc 14 sp 2: branch not seen$`).MatchString(b.String()) {
		t.Errorf("it is not said why the code stops:\n%s", b.String())
	}
}
