package accept

import (
	"errors"
	"maps"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/ir"
)

// outcome is what can be seen of a run.
type outcome struct {
	result int64
	regs   [4]int64
	seen   Pair
	odd    bool
}

// world makes a fresh frame for a program of n iterations.
func world(n int64) *Frame {
	return &Frame{R: [4]int64{n}, Kind: 3, Kind2: 5, Shape: &Square{6}, Seen: &Pair{A: 1, B: 2}}
}

func program(in Instr) *Code { return &Code{Instrs: []Instr{in, {Op: Loop}, {Op: Ret}}} }

func execute(c *Code, f *Frame, jit *Driver) outcome {
	v := Run(c, f, jit)
	o := outcome{result: v, regs: f.R, seen: *f.Seen, odd: errors.Is(f.Err, ErrOdd)}
	o.seen.Next = nil
	return o
}

func driver(t testing.TB, o genext.Options) (*Driver, *genext.Handle) {
	t.Helper()
	jit, h, err := NewDriver(o)
	if err != nil {
		t.Fatal(err)
	}
	return jit, h
}

// ops is how many ops of a kind the compiled loop has.
type ops map[ir.Op]int

// none are the ops that no loop has unless its behaviour names them: memory,
// objects, calls, switches, and arithmetic other than adding.
var none = []ir.Op{ir.OpLoad, ir.OpStore, ir.OpAlloc, ir.OpAllocarray, ir.OpCall, ir.OpSwitch,
	ir.OpMul, ir.OpSrem, ir.OpSaddov}

// behaviour is one opcode, and what is left of it in the compiled loop, whose own
// work is to count and to compare: 1 add, 1 slt.
type behaviour struct {
	name     string
	in       Instr
	loop     ops
	switches int // promotion switches when promoting lazily
}

var behaviours = []behaviour{
	{"a loop over a green folds", Instr{Op: GreenLoop, Arg: 9}, ops{ir.OpAdd: 2, ir.OpBr: 1}, 0},
	{"green across a split", Instr{Op: GreenSplit, Arg: 4}, ops{ir.OpAdd: 5, ir.OpBr: 2}, 0},
	{"three constants meet", Instr{Op: RedConstants}, ops{ir.OpAdd: 4, ir.OpBr: 3}, 0},
	{"results of a call that differ are kept apart", Instr{Op: Yellow}, ops{ir.OpAdd: 3, ir.OpBr: 2}, 0},
	{"residual call", Instr{Op: Residual}, ops{ir.OpCall: 1, ir.OpLoad: 2, ir.OpStore: 1, ir.OpAdd: 1, ir.OpBr: 1}, 0},
	{"elidable call with greens", Instr{Op: Elidable, Arg: 8}, ops{ir.OpAdd: 2, ir.OpBr: 1}, 0},
	{"overflow of greens", Instr{Op: OverGreen, Arg: 8}, ops{ir.OpAdd: 2, ir.OpBr: 1}, 0},
	{"overflow of reds", Instr{Op: OverRed, Arg: 8}, ops{ir.OpSaddov: 1, ir.OpGuard: 1, ir.OpAdd: 2, ir.OpBr: 1}, 0},
	{"switch on a green string", Instr{Op: GreenString, Str: "three"}, ops{ir.OpAdd: 2, ir.OpBr: 1}, 0},
	{"switch with 11 cases", Instr{Op: BigSwitch}, ops{ir.OpSwitch: 1, ir.OpSrem: 1, ir.OpGuard: 1, ir.OpAdd: 13}, 0},
	{"known not nil", Instr{Op: KnownNonNil}, ops{ir.OpAdd: 2, ir.OpBr: 1}, 0},
	{"promotion", Instr{Op: PromoteOne}, ops{ir.OpAdd: 2, ir.OpBr: 1}, 1},
	{"two promotions", Instr{Op: PromoteTwo}, ops{ir.OpAdd: 2, ir.OpBr: 1}, 2},
	{"promotion inside a call and after it", Instr{Op: PromoteInner}, ops{ir.OpAdd: 2, ir.OpBr: 1}, 2},
	{"virtual object across a promotion", Instr{Op: PromoteKeeps}, ops{ir.OpAdd: 3, ir.OpBr: 1}, 1},
	{"virtual object across a split", Instr{Op: Virtual}, ops{ir.OpAdd: 4, ir.OpMul: 2, ir.OpBr: 2}, 0},
	{"aliases of a virtual object", Instr{Op: Aliases}, ops{ir.OpAdd: 4, ir.OpBr: 2}, 0},
	{"virtual object that points to itself", Instr{Op: SelfRef}, ops{ir.OpAdd: 3, ir.OpBr: 1}, 0},
	{"virtual list", Instr{Op: List}, ops{ir.OpAdd: 4, ir.OpBr: 1}, 0},
	{"virtual dict", Instr{Op: Dict}, ops{ir.OpAdd: 3, ir.OpBr: 1}, 0},
	{"an error raised and caught", Instr{Op: RaiseCatch}, ops{ir.OpAdd: 4, ir.OpBr: 3}, 0},
	{"an error that escapes", Instr{Op: RaiseEscape, Arg: 80}, ops{ir.OpAdd: 1, ir.OpGuard: 1, ir.OpBr: 1}, 0},
	{"a call that reads and writes the frame", Instr{Op: Locals}, ops{ir.OpCall: 1, ir.OpLoad: 4, ir.OpStore: 3, ir.OpAdd: 2, ir.OpBr: 1}, 0},
	{"two calls of a method of an unknown type", Instr{Op: Method}, ops{ir.OpCall: 2, ir.OpGuard: 2, ir.OpAdd: 3, ir.OpBr: 1}, 0},
	{"two calls of a method of a promoted type", Instr{Op: MethodKnown}, ops{ir.OpAdd: 2, ir.OpBr: 1}, 1},
}

// bounded are the behaviours of which the loop's exact shape says nothing.
var bounded = []behaviour{
	{"a loop over a red", Instr{Op: RedLoop}, nil, 0},
	{"recursion that a red ends", Instr{Op: Recursive}, nil, 0},
	{"a merge, then a promotion", Instr{Op: PromoteMerge}, nil, 0},
	{"partial data", Instr{Op: Partial, Arg: 6}, nil, 0},
}

func all() []behaviour { return append(append([]behaviour{}, behaviours...), bounded...) }

// warm runs a program until nothing more is compiled.
func warm(t *testing.T, in Instr, o genext.Options) *genext.Handle {
	t.Helper()
	jit, h := driver(t, o)
	c := program(in)
	for range 12 {
		execute(c, world(300), jit)
	}
	before := h.Stats()
	execute(c, world(300), jit)
	if after := h.Stats(); after.Compiles != before.Compiles || after.Bridges != before.Bridges {
		t.Errorf("%d compilations and %d bridges, then %d and %d", before.Compiles, before.Bridges, after.Compiles, after.Bridges)
	}
	return h
}

// TestResidualOps counts what is left of each behaviour.
func TestResidualOps(t *testing.T) {
	for _, b := range behaviours {
		t.Run(b.name, func(t *testing.T) {
			h := warm(t, b.in, genext.Options{Level: genext.Full})
			f := h.Regions()[0]
			loop := genexttest.Loop(f)
			for _, op := range none {
				if loop[op] != b.loop[op] {
					t.Errorf("%v: %d, want %d", op, loop[op], b.loop[op])
				}
			}
			// A side that has got a bridge is a guard, one compiled along is a branch.
			if loop[ir.OpAdd] > b.loop[ir.OpAdd] || loop[ir.OpBr]+loop[ir.OpGuard] > b.loop[ir.OpBr]+b.loop[ir.OpGuard] {
				t.Errorf("%v, want at most %v", loop, b.loop)
			}
			if t.Failed() {
				t.Log(f)
			}
		})
	}
}

// TestLazyPromotions: a switch for each promoted value, one more compilation when
// all have arrived, and nothing at all for what promotes nothing.
func TestLazyPromotions(t *testing.T) {
	for _, b := range behaviours {
		st := warm(t, b.in, genext.Options{Lazy: true}).Stats()
		if st.Switches != b.switches || st.Compiles != 1+min(b.switches, 1) {
			t.Errorf("%s: %d switches in %d compilations, want %d", b.name, st.Switches, st.Compiles, b.switches)
		}
	}
}

// TestRedLoop: a loop that a red ends merges to the least ops: two additions and
// one test a turn, with one test of the peeled turn before it.
func TestRedLoop(t *testing.T) {
	h := warm(t, Instr{Op: RedLoop}, genext.Options{Level: genext.Full})
	f := h.Regions()[0]
	if n, want := genexttest.Innermost(f), (genexttest.Count{ir.OpAdd: 2, ir.OpSlt: 1, ir.OpBr: 1}); !maps.Equal(n, want) {
		t.Errorf("the inner loop has %v, want %v\n%s", n, want, f)
	}
	if n := genexttest.Settled(f); n[ir.OpBr] > 4 || n[ir.OpStore]+n[ir.OpLoad] > 0 {
		t.Errorf("both loops together have %v\n%s", n, f)
	}
}

// TestMergeThenPromote: what is promoted after a merge is looked at once, whichever way it came.
func TestMergeThenPromote(t *testing.T) {
	for _, lazy := range []bool{false, true} {
		f := warm(t, Instr{Op: PromoteMerge}, genext.Options{Level: genext.Full, Lazy: lazy}).Regions()[0]
		if n := genexttest.Settled(f); n[ir.OpSwitch] != 1 || n[ir.OpAdd] > 3 || n[ir.OpLoad]+n[ir.OpStore] > 0 {
			t.Errorf("lazy %v: the loop has %v\n%s", lazy, n, f)
		}
	}
}

// TestBoundedCode: red loops, recursion and merges give little code.
func TestBoundedCode(t *testing.T) {
	for _, b := range bounded {
		for _, lazy := range []bool{false, true} {
			st := warm(t, b.in, genext.Options{Level: genext.Full, Lazy: lazy}).Stats()
			if st.Failures > 0 || st.Compiles > 4 || st.Ops > 300*st.Compiles {
				t.Errorf("%s: %+v", b.name, st)
			}
		}
	}
}

// TestEscapedObjectIsAllocatedOnce: an object that a call gets is made once and
// read again after the call only where it can have changed.
func TestEscapedObjectIsAllocatedOnce(t *testing.T) {
	h := warm(t, Instr{Op: Partial, Arg: 6}, genext.Options{Level: genext.Full})
	if n := genexttest.Loop(h.Regions()[0]); n[ir.OpAlloc] != 1 || n[ir.OpCall] != 1 {
		t.Errorf("loop has %v\n%s", n, h.Regions()[0])
	}
}

// TestPortalWithoutResults: the portal returns nothing, and returns inside compiled code.
func TestPortalWithoutResults(t *testing.T) {
	sum := func(jit *CountDriver) (total int64) {
		c := &Code{Instrs: []Instr{{Arg: 3}, {Arg: 5}, {Arg: -1}}}
		for range 4 {
			Count(c, &total, total+1000, jit)
		}
		return total
	}
	want := sum(nil)
	for name, o := range genexttest.Configs() {
		jit, h, err := NewCountDriver(o)
		if err != nil {
			t.Fatal(err)
		}
		if got := sum(jit); got != want || h.Stats().Runs == 0 {
			t.Errorf("%s: got %d, want %d; %+v", name, got, want, h.Stats())
		}
	}
}

// TestPanicOfACall: when a Go function that compiled code calls panics, memory is as
// the interpreter would have left it, and the driver goes on working.
func TestPanicOfACall(t *testing.T) {
	run := func(jit *Driver, f *Frame) (p any) {
		defer func() { p = recover() }()
		Run(program(Instr{Op: MayPanic, Arg: 90}), f, jit)
		return nil
	}
	want := world(200)
	if p := run(nil, want); p != ErrOdd {
		t.Fatalf("the interpreter panics with %v", p)
	}
	for name, o := range genexttest.Configs() {
		jit, h := driver(t, o)
		for range 3 {
			got := world(200)
			if p := run(jit, got); p != ErrOdd || got.R != want.R {
				t.Errorf("%s: panic %v, registers %v, want %v; %+v", name, p, got.R, want.R, h.Stats())
			}
		}
	}
}

// TestBehaviours runs every opcode in every way.
func TestBehaviours(t *testing.T) {
	for _, b := range all() {
		want := execute(program(b.in), world(100), nil)
		for name, o := range genexttest.Configs() {
			jit, h := driver(t, o)
			if got := execute(program(b.in), world(100), jit); got != want {
				t.Errorf("%s, %s: got %+v, want %+v; %+v", b.name, name, got, want, h.Stats())
			}
			if h.Stats().Failures > 0 {
				t.Errorf("%s, %s: %+v", b.name, name, h.Stats())
			}
		}
	}
}

// TestGuardFailures makes every guard of every opcode fail in turn.
func TestGuardFailures(t *testing.T) {
	for _, b := range all() {
		want := execute(program(b.in), world(12), nil)
		n := genexttest.FailEveryGuard(t, 60, func(o genext.Options) bool {
			jit, _ := driver(t, o)
			return execute(program(b.in), world(12), jit) == want
		})
		t.Logf("%s: %d guard executions made to fail", b.name, n)
	}
}

// TestBridges: an exit that keeps being taken goes on in a bridge; after a few
// bridges the region is compiled again with all that has been seen.
func TestBridges(t *testing.T) {
	run := func(kinds int64, o genext.Options) genext.Stats {
		jit, h := driver(t, o)
		c := program(Instr{Op: PromoteOne})
		for i := range 40 * kinds {
			f := world(100)
			f.Kind = 3 + i/40
			plain := world(100)
			plain.Kind = f.Kind
			if got, want := execute(c, f, jit), execute(program(Instr{Op: PromoteOne}), plain, nil); got != want {
				t.Fatalf("kind %d: got %+v, want %+v", f.Kind, got, want)
			}
		}
		return h.Stats()
	}
	one := run(2, genext.Options{})
	if one.Compiles > 2 || one.Bridges == 0 || one.Exits > 20 {
		t.Errorf("two values: %+v", one)
	}
	many := run(6, genext.Options{})
	if many.Compiles < 2 || many.Bridges == 0 || many.Exits > 80 {
		t.Errorf("six values: %+v", many)
	}
	forced := run(6, genext.Options{Forced: true, Threshold: 1, Profile: 1})
	if forced.Bridges < 5 || forced.Exits > 2*forced.Bridges {
		t.Errorf("a bridge at every exit: %+v", forced)
	}
}
