package govm

import (
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/ir"
)

// sum is s = zero; for i < n { s += i * two }, in numbers or strings.
func sum(zero, two any) *Function {
	return &Function{
		Constants: []any{int64(0), int64(1), zero, two},
		Code: []Instr{
			{OpConst, 0}, {OpSet, 1}, {OpConst, 2}, {OpSet, 2},
			{OpLocal, 2}, {OpConst, 3}, {OpAdd, 0}, {OpSet, 2},
			{OpLocal, 1}, {OpConst, 1}, {OpAdd, 0}, {OpSet, 1},
			{OpLocal, 1}, {OpLocal, 0}, {OpLess, 0}, {OpIf, 4},
			{OpLocal, 2}, {OpReturn, 0},
		},
	}
}

var programs = map[string]func() *Function{
	"int":     func() *Function { return sum(int64(0), int64(2)) },
	"float":   func() *Function { return sum(0.0, 0.5) },
	"string":  func() *Function { return sum("", "ab") },
	"mistake": func() *Function { return sum("", 1.5) },
}

func execute(fn *Function, n int64, jit *Driver) any {
	vm := &VM{}
	vm.Locals[0] = n
	return vm.Run(fn, jit)
}

func driver(t testing.TB, o genext.Options) (*Driver, *genext.Handle) {
	jit, h, err := NewDriver(o)
	if err != nil {
		t.Fatal(err)
	}
	return jit, h
}

func TestPrograms(t *testing.T) {
	for name, p := range programs {
		want := execute(p(), 200, nil)
		for config, o := range genexttest.Configs() {
			jit, h := driver(t, o)
			if got := execute(p(), 200, jit); got != want {
				t.Errorf("%s, %s: got %v, want %v; %+v", name, config, got, want, h.Stats())
			}
		}
	}
}

// TestNumbersAreNotBoxed: no allocation is left in the loop on ints.
func TestNumbersAreNotBoxed(t *testing.T) {
	jit, h := driver(t, genext.Options{Level: genext.Full})
	execute(programs["int"](), 500, jit)
	if c := genexttest.Loop(h.Regions()[0]); c[ir.OpAlloc] > 0 || c[ir.OpCall] > 0 {
		t.Errorf("loop has %v\n%s", c, h.Regions()[0])
	}
}

func TestGuardFailures(t *testing.T) {
	for name, p := range programs {
		want := execute(p(), 12, nil)
		n := genexttest.FailEveryGuard(t, 150, func(o genext.Options) bool {
			jit, _ := driver(t, o)
			return execute(p(), 12, jit) == want
		})
		t.Logf("%s: %d guard executions made to fail", name, n)
	}
}

func BenchmarkInterpreter(b *testing.B) {
	fn := programs["int"]()
	genexttest.Best(b, func() {
		execute(fn, 1_000_000, nil)
	})
}

func BenchmarkCompiled(b *testing.B) {
	jit, _ := driver(b, genext.Options{Level: genext.Full, Executor: genext.Best()})
	fn := programs["int"]()
	genexttest.Best(b, func() {
		execute(fn, 1_000_000, jit)
	})
}
