package opt_test

import (
	"fmt"
	"os"
	"testing"

	"martlet/internal/opt"
	"martlet/ir"
	"martlet/ir/irtest"
)

// TestRandomModules compares generated modules before and after optimisation in
// the reference interpreter.
func TestRandomModules(t *testing.T) {
	n := uint64(400)
	if os.Getenv("MARTLET_SOAK") != "" {
		n = 100000
	}
	for seed := range n {
		m := irtest.Generate(seed, irtest.Config{Irreducible: seed%3 == 0})
		for _, level := range []opt.Level{opt.Quick, opt.Full} {
			if differs(m, seed, level) == "" {
				continue
			}
			small := irtest.Reduce(m, 3000, func(c *ir.Module) bool { return differs(c, seed, level) != "" })
			after := ir.MustParse("after", small.String())
			opt.Module(after, level, opt.Options{})
			t.Fatalf("seed %d at %s: %s\n%s\nbecame\n%s", seed, level, differs(small, seed, level), small, after)
		}
	}
}

// differs says how the optimised module behaves differently, or "".
func differs(m *ir.Module, seed uint64, level opt.Level) (diff string) {
	defer func() {
		if r := recover(); r != nil {
			diff = fmt.Sprint("panic: ", r)
		}
	}()
	o := ir.MustParse("optimised", m.String())
	opt.Module(o, level, opt.Options{Verify: true})
	if err := ir.Verify(o); err != nil {
		return err.Error()
	}
	run := irtest.Interp{MaxSteps: 200000}
	f := m.Func("f")
	for k := range 3 {
		args := irtest.Inputs(seed, k, f.Sig)
		want, got := run.Run(m, f, args), run.Run(o, o.Func("f"), args)

		if want.Err == nil && !want.Same(got) {
			return "want " + want.String() + ", got " + got.String()
		}
	}
	return ""
}
