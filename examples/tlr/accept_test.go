package tlr

import (
	"fmt"
	"maps"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/internal/opt"
	"martlet/ir"
)

// Tests named after the list of behaviours that earlier systems were tested for.

// TestArithmeticChainsFold: x+5-5 and the like leave only what is really red.
func TestArithmeticChainsFold(t *testing.T) {
	p := []Instr{
		{Op: Load, A: 1, C: 0},
		{Op: Load, A: 2, C: 0},
		{Op: AddI, A: 3, B: 2, C: 5}, // top: s+5-5
		{Op: AddI, A: 3, B: 3, C: -5},
		{Op: Add, A: 2, B: 3, C: 1},
		{Op: AddI, A: 1, B: 1, C: 1},
		{Op: Less, A: 1, B: 0, C: 2},
		{Op: Ret, A: 2},
	}
	got, h := compiled(t, p, 500, genext.Options{Level: opt.Full})
	if want := interpret(p, 500, nil); got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
	if c := genexttest.Loop(h.Regions()[0]); c[ir.OpAdd]+c[ir.OpSub] != 2 {
		t.Errorf("loop has %v", c)
	}
}

// TestTwoAddsOneSub: where two sums and one difference are really red, chains of constants
// around them leave exactly these.
func TestTwoAddsOneSub(t *testing.T) {
	p := []Instr{
		{Op: Load, A: 1, C: 0},
		{Op: Load, A: 2, C: 0},
		{Op: Load, A: 4, C: 0},
		{Op: AddI, A: 3, B: 2, C: 5}, // top: s = s + 5 - 5 + i
		{Op: AddI, A: 3, B: 3, C: -5},
		{Op: Add, A: 2, B: 3, C: 1},
		{Op: AddI, A: 4, B: 4, C: 7}, // d = d + 7 - s - 7
		{Op: Sub, A: 4, B: 4, C: 2},
		{Op: AddI, A: 4, B: 4, C: -7},
		{Op: AddI, A: 1, B: 1, C: 3}, // i = i + 3 - 2
		{Op: AddI, A: 1, B: 1, C: -2},
		{Op: Less, A: 1, B: 0, C: 3},
		{Op: Ret, A: 4},
	}
	want := interpret(p, 500, nil)
	for _, lazy := range []bool{false, true} {
		got, h := compiled(t, p, 500, genext.Options{Level: opt.Full, Lazy: lazy})
		if got != want {
			t.Fatalf("lazy %v: got %v, want %v", lazy, got, want)
		}
		c := genexttest.Settled(h.Regions()[0])
		if want := (genexttest.Count{ir.OpAdd: 2, ir.OpSub: 1, ir.OpSlt: 1, ir.OpBr: 1}); !maps.Equal(c, want) {
			t.Errorf("lazy %v: loop has %v, want %v\n%s", lazy, c, want, h.Regions()[0])
		}
	}
}

// TestSecondRunCompilesNothing: what is compiled stays.
func TestSecondRunCompilesNothing(t *testing.T) {
	for _, lazy := range []bool{false, true} {
		jit, h, err := NewDriver(genext.Options{Lazy: lazy})
		if err != nil {
			t.Fatal(err)
		}
		code := &Code{Instrs: square}
		for range 6 {
			var f Frame
			f.R[0] = 300
			Run(code, &f, jit)
		}
		before := h.Stats().Compiles
		for range 3 {
			var f Frame
			f.R[0] = 300
			Run(code, &f, jit)
		}
		if after := h.Stats().Compiles; after != before {
			t.Errorf("lazy %v: %d compilations, then %d", lazy, before, after)
		}
	}
}

// TestFaultWhileCompilingIsSurvivable injects a failure at every stage, and at every step of the specialiser, of every
// compilation in turn, of bridges too.
func TestFaultWhileCompilingIsSurvivable(t *testing.T) {
	for seed := range uint64(20) {
		p := random(seed)
		want := interpret(p, 3, nil)
		o := genext.Options{Threshold: 1, Retries: 4, Forced: seed%2 == 1}
		failEverywhere(t, p, want, o, false)
		if seed < 6 {
			failEverywhere(t, p, want, o, true)
		}
	}
}

// failEverywhere makes the n-th stage or step fail in run n.
func failEverywhere(t *testing.T, p []Instr, want outcome, o genext.Options, steps bool) {
	t.Helper()
	for n := 0; ; n += 1 + n/200 { // later steps are many and alike
		calls := 0
		o.Inject = func(stage string) {
			if (stage == "step") != steps {
				return
			}
			if calls++; calls == n+1 {
				panic(fmt.Sprintf("injected at %s", stage))
			}
		}
		got, h := compiled(t, p, 3, o)
		if got != want {
			t.Fatalf("steps %v, failure %d: got %v, want %v", steps, n, got, want)
		}
		if calls <= n {
			return
		}
		if h.Stats().Failures == 0 {
			t.Fatalf("steps %v: failure %d was not counted", steps, n)
		}
	}
}

// TestHugeBytecodeStaysBounded: a loop of 20,000 instructions.
func TestHugeBytecodeStaysBounded(t *testing.T) {
	p := []Instr{{Op: Load, A: 1}, {Op: Load, A: 2}}
	for i := range 20000 {
		p = append(p, Instr{Op: Add, A: uint8(2 + i%8), B: uint8(2 + i%7), C: int32(1 + i%9)})
	}
	p = append(p, Instr{Op: AddI, A: 1, B: 1, C: 1}, Instr{Op: Less, A: 1, B: 0, C: 2}, Instr{Op: Ret, A: 2})
	o := genext.Options{Threshold: 1, Limits: genext.Limits{Ops: 5000}, Retries: 4}
	got, h := compiled(t, p, 30, o)
	if want := interpret(p, 30, nil); got != want {
		t.Fatal("wrong result")
	}
	if st := h.Stats(); st.Ops > st.Compiles*5100 {
		t.Errorf("%d ops in %d compilations with a budget of 5000", st.Ops, st.Compiles)
	}
}

// TestAdversarialMerges: 2^12 paths through one iteration must not become 2^12 pieces of code.
func TestAdversarialMerges(t *testing.T) {
	p := []Instr{{Op: Load, A: 12}}
	for i := range 12 {
		at := int32(len(p))
		p = append(p,
			Instr{Op: Less, A: uint8(i % 10), B: uint8((i + 3) % 10), C: at + 3},
			Instr{Op: Load, A: uint8(i % 10), C: int32(i)},
			Instr{Op: Jump, C: at + 4},
			Instr{Op: AddI, A: uint8(i % 10), B: uint8((i + 1) % 10), C: int32(-i)})
	}
	p = append(p, Instr{Op: AddI, A: 12, B: 12, C: 1}, Instr{Op: Load, A: 11, C: 200}, Instr{Op: Less, A: 12, B: 11, C: 1}, Instr{Op: Ret, A: 2})
	for name, o := range genexttest.Configs() {
		got, h := compiled(t, p, 7, o)
		if want := interpret(p, 7, nil); got != want {
			t.Fatalf("%s: wrong result", name)
		}
		if st := h.Stats(); st.Compiles > 0 && st.Ops/st.Compiles > 6000 {
			t.Errorf("%s: %d ops a compilation", name, st.Ops/st.Compiles)
		}
	}
}
