package opt

import (
	"math"
	"math/rand/v2"
	"testing"

	"martlet/ir"
)

// TestLaws checks every law against ir.Eval: both sides are built as
// instructions over parameters and constants, for every type the left side
// allows, and evaluated on extreme and random operands.
func TestLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, l := range compileLaws() {
		tried := 0
		for _, typ := range []ir.Type{ir.I8, ir.I16, ir.I32, ir.I64, ir.F32, ir.F64} {
			if suits(l.left, typ) {
				tried += checkLaw(t, l, typ, rng)
			}
		}
		if tried == 0 {
			t.Errorf("law %q was never applied", l.text)
		}
	}
}

// suits reports whether typ may be the operand type of a law.
func suits(p *pat, typ ir.Type) bool {
	for _, a := range p.args {
		if a.op != ir.OpInvalid && !a.op.IsCompare() && !suits(a, typ) {
			return false
		}
	}
	switch p.op.Info().On {
	case "int", "word":
		return typ.IsInt()
	case "float":
		return typ.IsFloat()
	}
	return typ.IsInt() // select
}

// checkLaw returns how often the law applied.
func checkLaw(t *testing.T, l *law, typ ir.Type, rng *rand.Rand) int {
	applied := 0
	for range 400 {
		m := ir.NewModule("law")
		f := m.AddFunc("f", ir.Signature{}, ir.External)
		r := &run{f: f, opts: Options{}}
		f.NewBlock()
		r.collectConsts()
		env := map[*ir.Value]int64{}
		vars := bindings{}
		v := r.instance(l.left, typ, &vars, env, rng)
		var b bindings
		if v.Op != l.left.op || !l.left.match(v, &b) || !l.condsHold(&b) {
			continue
		}
		applied++
		want := evalTree(t, v, env)
		by, _ := r.become(v, l.right, &b, func(*ir.Value) {})
		if by == nil {
			by = v
		}
		if got := evalTree(t, by, env); !sameBits(v.Type, got, want) {
			t.Fatalf("law %q on %v: %d after, %d before; operands %v", l.text, typ, got, want, env)
		}
	}
	return applied
}

// instance builds the left side with random operands.
func (r *run) instance(p *pat, typ ir.Type, vars *bindings, env map[*ir.Value]int64, rng *rand.Rand) *ir.Value {
	switch {
	case p.lit:
		return r.constant(typ, p.litBits(typ))
	case p.op == ir.OpInvalid:
		return r.variable(p.name, typ, vars, env, rng)
	}
	v := r.f.NewValue(p.op, typ)
	opType := typ
	if p.op.IsCompare() {
		v.Type = ir.I8
	}
	args := make([]*ir.Value, len(p.args))
	for i, a := range p.args {
		at := opType
		if p.op == ir.OpSelect && i == 0 {
			at = ir.I8
		}
		args[i] = r.instance(a, at, vars, env, rng)
	}
	v.SetArgs(args...)
	return v
}

func (r *run) variable(name byte, typ ir.Type, vars *bindings, env map[*ir.Value]int64, rng *rand.Rand) *ir.Value {
	slot := vars.at(name)
	if *slot != nil {
		return *slot
	}
	switch name {
	case 'c', 'd':
		*slot = r.constant(typ, extreme(typ, rng))
	case 'b':
		// 0 or 1, as a comparison
		x := r.f.NewValue(ir.OpParam, ir.I8)
		env[x] = rng.Int64N(2)
		cmp := r.f.NewValue(ir.OpNe, ir.I8)
		cmp.SetArgs(x, r.constant(ir.I8, 0))
		*slot = cmp
	default:
		*slot = r.f.NewValue(ir.OpParam, typ)
		env[*slot] = extreme(typ, rng)
	}
	return *slot
}

func extreme(t ir.Type, rng *rand.Rand) int64 {
	if t.IsFloat() {
		fs := []float64{0, math.Copysign(0, -1), 1, -1, 2, 0.5, 4, -8, 1e300, 1e-300, math.Inf(1), math.Inf(-1), math.NaN(), rng.NormFloat64()}
		x := fs[rng.IntN(len(fs))]
		if t == ir.F32 {
			return int64(math.Float32bits(float32(x)))
		}
		return int64(math.Float64bits(x))
	}
	ns := []int64{0, 1, -1, 2, 3, 5, 8, 63, 64, math.MinInt64, math.MaxInt64, math.MinInt32, 1 << 7, int64(rng.Uint64()), 1 << rng.IntN(64), rng.Int64N(64)}
	return normalise(t, ns[rng.IntN(len(ns))])
}

func evalTree(t *testing.T, v *ir.Value, env map[*ir.Value]int64) int64 {
	t.Helper()
	if v.Op == ir.OpConst {
		return v.Imm
	}
	if v.Op == ir.OpParam {
		return env[v]
	}
	args := make([]int64, len(v.Args))
	for i, a := range v.Args {
		args[i] = evalTree(t, a, env)
	}
	out, _, ok := ir.EvalValue(v, args...)
	if !ok {
		return 0 // a division by zero, on both sides
	}
	return out
}

func sameBits(t ir.Type, a, b int64) bool {
	switch t {
	case ir.F64:
		return a == b || math.IsNaN(math.Float64frombits(uint64(a))) && math.IsNaN(math.Float64frombits(uint64(b)))
	case ir.F32:
		return a == b || isNaN32(a) && isNaN32(b)
	}
	return a == b
}

func isNaN32(x int64) bool {
	f := math.Float32frombits(uint32(x))
	return f != f
}
