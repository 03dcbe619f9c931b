package codegen_test

import (
	"testing"

	"martlet/ir"
	"martlet/ir/interp"
)

// TestPauseResume leaves a function in the middle of a block, builds, compiles
// and runs another meanwhile, and goes on: in that block and, out of order, in
// the blocks around it. Emission has no state but the builder's, so a builder
// that is put aside is a paused one. (Code that already runs is continued by
// bridges: TestBridge, TestJoin.)
func TestPauseResume(t *testing.T) {
	sig := ir.Signature{Params: []ir.Type{ir.I64}, Results: []ir.Type{ir.I64}}
	for _, b := range backends(t) {
		m := ir.NewModule("paused")
		p := ir.NewBuilder(m.AddFunc("triangle", sig, ir.External))
		loop, done := p.NewBlock(ir.I64, ir.I64), p.NewBlock(ir.I64)
		p.At(loop)
		next := p.Add(loop.Params[0], p.Int(1)) // paused here, before the entry block has anything

		if got := runOther(t, b, sig); got != 42*42 {
			t.Errorf("%s: the function made meanwhile returns %d", b.Name(), got)
		}

		sum := p.Add(loop.Params[1], next)
		p.At(p.Func.Blocks[0])
		p.Jump(loop, p.Int(0), p.Int(0))
		if got := runOther(t, b, sig); got != 42*42 {
			t.Errorf("%s: made once more, it returns %d", b.Name(), got)
		}
		p.At(loop)
		p.Br(p.Slt(next, p.Param(0)), ir.To(loop, next, sum), ir.To(done, sum))
		p.At(done)
		p.Ret(done.Params[0])
		if got := runOne(t, b, m, "triangle", 10); got != 55 {
			t.Errorf("%s: the resumed function returns %d, want 55", b.Name(), got)
		}
	}
}

// runOther makes a function that squares, and calls it with 42.
func runOther(t *testing.T, b backend, sig ir.Signature) int64 {
	m := ir.NewModule("other")
	o := ir.NewBuilder(m.AddFunc("square", sig, ir.External))
	o.Ret(o.Mul(o.Param(0), o.Param(0)))
	return runOne(t, b, m, "square", 42)
}

func runOne(t *testing.T, b backend, m *ir.Module, name string, arg int64) int64 {
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	out := b.Run(m, m.Func(name), []interp.Val{interp.I64(arg)})
	if len(out.Values) != 1 {
		t.Fatalf("%s: %s: %s", b.Name(), name, out)
	}
	return out.Values[0].Bits
}
