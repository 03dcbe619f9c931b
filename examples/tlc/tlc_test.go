package tlc

import (
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/ir"
)

// factorial multiplies the numbers from the one in variable 0 down to 1.
func factorial() *Code {
	return &Code{Catch: -1, Instrs: []Instr{
		{Push, 1}, {Set, 1},
		{Get, 1}, {Get, 0}, {Mul, 0}, {Set, 1}, // 2
		{Get, 0}, {Push, -1}, {Add, 0}, {Set, 0},
		{Push, 0}, {Get, 0}, {IfLess, 2},
		{Get, 1}, {Return, 0},
	}}
}

// points adds points by a method, each time to a new one, and returns the sum of the fields.
func points() *Code {
	point := &Class{Name: "point"}
	plus := &Code{Catch: -1, Classes: []*Class{point}, Instrs: []Instr{
		{Get, 0}, {First, 0}, {Get, 1}, {First, 0}, {Add, 0},
		{Get, 0}, {Second, 0}, {Get, 1}, {Second, 0}, {Add, 0},
		{Cons, 0}, {Return, 0}}}
	point.Methods = []*Method{{plus}}
	return &Code{Catch: -1, Classes: []*Class{point}, Instrs: []Instr{
		{Push, 0}, {Push, 0}, {Cons, 0}, {Set, 1},
		{Get, 1}, {Push, 1}, {Push, 2}, {Cons, 0}, {Send, 0}, {Set, 1}, // 4
		{Get, 0}, {Push, -1}, {Add, 0}, {Set, 0},
		{Push, 0}, {Get, 0}, {IfLess, 4},
		{Get, 1}, {First, 0}, {Get, 1}, {Second, 0}, {Add, 0}, {Return, 0}}}
}

// thrower throws from a method in each iteration, and adds what it catches.
func thrower() *Code {
	bad := &Class{Name: "bad"}
	bad.Methods = []*Method{{&Code{Catch: -1, Instrs: []Instr{{Get, 1}, {Throw, 0}}}}}
	return &Code{Catch: 9, Classes: []*Class{bad}, Instrs: []Instr{
		{Push, 0}, {Set, 1},
		{Push, 0}, {Push, 0}, {Cons, 0}, {Get, 0}, {Send, 0}, {Push, 0}, {Throw, 0}, // 2
		{Get, 1}, {Add, 0}, {Set, 1}, // 9: the handler
		{Get, 0}, {Push, -1}, {Add, 0}, {Set, 0},
		{Push, 0}, {Get, 0}, {IfLess, 2},
		{Get, 1}, {Return, 0}}}
}

// uncaught ends in an exception after its loop.
func uncaught() *Code {
	c := factorial()
	c.Instrs = append(c.Instrs[:len(c.Instrs)-1], Instr{Throw, 0})
	return c
}

var programs = map[string]func() *Code{"factorial": factorial, "points": points, "thrower": thrower, "uncaught": uncaught}

type outcome struct {
	n      int64
	thrown bool
}

func execute(c *Code, n int64, jit *Driver) outcome {
	v, thrown := Run(c, NewNumber(n), jit)
	return outcome{v.N, thrown}
}

func driver(t testing.TB, o genext.Options) (*Driver, *genext.Handle) {
	jit, h, err := NewDriver(o)
	if err != nil {
		t.Fatal(err)
	}
	return jit, h
}

func TestPrograms(t *testing.T) {
	if got := execute(factorial(), 5, nil); got.n != 120 {
		t.Fatal(got)
	}
	for name, p := range programs {
		want := execute(p(), 100, nil)
		for config, o := range genexttest.Configs() {
			jit, h := driver(t, o)
			if got := execute(p(), 100, jit); got != want {
				t.Errorf("%s, %s: got %v, want %v; %+v", name, config, got, want, h.Stats())
			}
			if h.Stats().Runs == 0 {
				t.Errorf("%s, %s: nothing compiled ran: %+v", name, config, h.Stats())
			}
		}
	}
}

// TestFactorialAllocatesOnce: one allocation is left, for the result, when
// the way out of the loop is compiled too; none of the loops allocates.
func TestFactorialAllocatesOnce(t *testing.T) {
	for name, p := range programs {
		jit, h := driver(t, genext.Options{Level: genext.Full})
		c := p()
		for range 8 {
			execute(c, 200, jit)
		}
		for _, f := range h.Regions() {
			if loop := genexttest.Loop(f); loop[ir.OpAlloc] > 0 {
				t.Errorf("%s: the loop has %v\n%s", name, loop, f)
			}
			if all := genexttest.All(f); name == "factorial" && all[ir.OpAlloc] != all[ir.OpRet] {
				t.Errorf("%s: %d allocations for %d returns\n%s", name, all[ir.OpAlloc], all[ir.OpRet], f)
			}
		}
	}
}

func TestGuardFailures(t *testing.T) {
	for name, p := range programs {
		want := execute(p(), 10, nil)
		n := genexttest.FailEveryGuard(t, 150, func(o genext.Options) bool {
			jit, _ := driver(t, o)
			return execute(p(), 10, jit) == want
		})
		t.Logf("%s: %d guard executions made to fail", name, n)
	}
}

func BenchmarkPointsInterpreter(b *testing.B) {
	c := points()
	genexttest.Best(b, func() { execute(c, 100_000, nil) })
}

func BenchmarkPointsCompiled(b *testing.B) {
	jit, _ := driver(b, genext.Options{Level: genext.Full, Executor: genext.Best()})
	c := points()
	genexttest.Best(b, func() { execute(c, 100_000, jit) })
}

func BenchmarkSpecialise(b *testing.B) {
	genexttest.PerOp(b, func(o genext.Options) *genext.Handle {
		jit, h := driver(b, o)
		execute(points(), 300, jit)
		return h
	})
}
