package irtest

import (
	"os"
	"path/filepath"
	"testing"

	"martlet/ir"
	"martlet/ir/interp"
)

// TestGenerate holds that generated modules verify, round-trip, end, touch only
// their own memory, and that enough of them do something.
func TestGenerate(t *testing.T) {
	n := 1500
	if os.Getenv("MARTLET_SOAK") != "" {
		n = 200000
	}
	var seen [256]bool
	returned, exited, trapped := 0, 0, 0
	for seed := range uint64(n) {
		m := Generate(seed, Config{Irreducible: seed%4 == 0})
		if err := ir.Verify(m); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, m)
		}
		if seed%10 == 0 {
			text := m.String()
			if again := ir.MustParse("x", text).String(); again != text {
				t.Fatalf("seed %d does not round-trip\n%s\n%s", seed, text, again)
			}
		}
		note(&seen, m)
		f := m.Func("f")
		for k := range 3 {
			args := Inputs(seed, k, f.Sig)
			o := Interp{MaxSteps: 200000, CheckRefs: true}.Run(m, f, args)
			switch {
			case o.Err != nil:
				t.Fatalf("seed %d: %v\n%s", seed, o.Err, m)
			case o.Trap == ir.TrapMemory || o.Trap == ir.TrapNil || o.Trap == ir.TrapUnreachable:
				t.Fatalf("seed %d, input %d: trap %s\n%s", seed, k, o.Trap, m)
			case o.Trap != 0:
				trapped++
			case o.Exit != nil:
				exited++
			default:
				returned++
			}
			if again := (Interp{}).Run(m, f, args); !o.Same(again) {
				t.Fatalf("seed %d: %s, then %s\n%s", seed, o, again, m)
			}
		}
	}
	t.Logf("%d returned, %d exited, %d trapped", returned, exited, trapped)
	if returned < n {
		t.Errorf("only %d of %d runs returned", returned, 3*n)
	}
	for op := ir.OpConst; op <= ir.OpUnreachable; op++ {
		switch op {
		case ir.OpRefconst, ir.OpAllocarray, ir.OpPoll, ir.OpUnreachable:
			continue // refconst is a program's, polls the compiler's, the others trap or need host memory
		}
		if !seen[op] {
			t.Errorf("%s was never generated", op)
		}
	}
}

func note(seen *[256]bool, m *ir.Module) {
	for _, f := range m.Funcs {
		for _, b := range f.Blocks {
			seen[b.End.Op] = true
			for _, v := range b.Insts {
				seen[v.Op] = true
			}
			for _, p := range b.Params {
				seen[p.Op] = true
			}
		}
	}
}

// TestReduce plants a "bug" (some instruction with a rare shape) and holds that little else is left.
func TestReduce(t *testing.T) {
	bug := func(m *ir.Module) bool {
		for _, b := range m.Func("f").Blocks {
			for _, v := range b.Insts {
				if v.Op == ir.OpUmulhi {
					return true
				}
			}
		}
		return false
	}
	found := 0
	for seed := uint64(0); found < 5; seed++ {
		m := Generate(seed, Config{})
		if !bug(m) {
			continue
		}
		found++
		r := Reduce(m, 2000, func(c *ir.Module) bool {
			return bug(c) && Interp{MaxSteps: 200000}.Run(c, c.Func("f"), Inputs(seed, 0, c.Func("f").Sig)).Err == nil
		})
		if !bug(r) || countInsts(r.Func("f")) > 12 {
			t.Errorf("seed %d: %d instructions left of %d\n%s", seed, countInsts(r.Func("f")), countInsts(m.Func("f")), r)
		}
	}
}

// TestRunFiles runs the directives of the repository's run files in the interpreter.
func TestRunFiles(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*/*.ir")
	if len(files) == 0 {
		t.Fatal("no run files")
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) { runFile(t, name) })
	}
}

func runFile(t *testing.T, name string) {
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ir.Parse(name, string(src))
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	runs, err := Runs(m, name, string(src))
	if err != nil || len(runs) == 0 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	for _, r := range runs {
		o := Interp{MaxSteps: 1e9, CheckRefs: len(m.Types) == 0}.Run(m, r.Func, r.Args)
		o.Memory = nil
		if !o.Same(r.Want) {
			t.Errorf("%s:%d: %s %s, want %s", name, r.Line, r, o, r.Want)
		}
	}
}

func TestParseRuns(t *testing.T) {
	src := "func @f(i64, f64, ref) -> i64 {\nentry(%a i64, %b f64, %c ref):\n  ret %a\n}\n; run: @f(-3, 1.5, nil) == 7\n; run: @f(1, inf, nil) exits 3(1, 2.5, nil, 4:i32)\n; run: @f(1, 2.0, nil) traps bounds\n"
	m := ir.MustParse("x", src)
	runs, err := Runs(m, "x", src)
	if err != nil || len(runs) != 3 {
		t.Fatal(runs, err)
	}
	if e := runs[1].Want.Exit; e.Number != 3 || len(e.Values) != 4 || e.Values[3].Type != ir.I32 || e.Values[1].Float() != 2.5 {
		t.Error(e)
	}
	if runs[0].Args[0] != interp.I64(-3) || runs[2].Want.Trap != ir.TrapBounds {
		t.Error(runs)
	}
}
