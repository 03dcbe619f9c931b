package opt

import "martlet/ir"

// strength replaces multiplications of an induction variable by additions: in
// a loop whose header parameter i is advanced by a constant on every way round,
// i*k (and i<<s with a shift too wide for an addressing mode) becomes a
// parameter of its own, started at init*k and advanced by step*k.
// See Allen, Cocke and Kennedy, "Reduction of Operator Strength" (1981).
func strength(r *run) {
	r.collectConsts()
	c := r.cfg()
	c.findLoops()
	for _, l := range c.loops {
		if pre := preheader(c, l); pre != nil {
			r.reduceLoop(c, l, pre)
		}
	}
}

// induction is a header parameter with its constant step.
type induction struct {
	param *ir.Value
	step  int64
}

const maxReduced = 4 // new parameters a loop, for registers are few

func (r *run) reduceLoop(c *cfg, l *loop, pre *ir.Block) {
	ivs := map[*ir.Value]induction{}
	for i, p := range l.head.Params {
		if step, ok := stepOf(c, l, i); ok {
			ivs[p] = induction{p, step}
		}
	}
	made := 0
	for _, b := range l.blocks {
		for _, v := range b.Insts {
			iv, k, ok := reducible(v, ivs)
			if ok && made < maxReduced && r.spend() {
				r.reduce(c, l, pre, v, iv, k)
				made++
			}
		}
	}
}

// stepOf returns the constant that parameter i advances by on every back-edge.
func stepOf(c *cfg, l *loop, i int) (step int64, ok bool) {
	p := l.head.Params[i]
	ok = p.Type.IsInt()
	found := false
	edgesTo(l.head, func(from *ir.Block, e *ir.Edge) {
		if !l.has(c, from) {
			return
		}
		a := e.Args[i]
		if a.Op != ir.OpAdd || a.Args[0] != p || a.Args[1].Op != ir.OpConst || found && a.Args[1].Imm != step {
			ok = false
			return
		}
		step, found = a.Args[1].Imm, true
	})
	return step, ok && found
}

// reducible recognises i*k for a constant k that no addressing mode or lea covers.
func reducible(v *ir.Value, ivs map[*ir.Value]induction) (induction, int64, bool) {
	if v.Op != ir.OpMul && v.Op != ir.OpShl || v.Args[1].Op != ir.OpConst {
		return induction{}, 0, false
	}
	iv, ok := ivs[v.Args[0]]
	k := v.Args[1].Imm
	if v.Op == ir.OpShl {
		return iv, 1 << uint(k&63), ok && k > 3 && k < int64(v.Type.Bits())
	}
	switch k {
	case 3, 5, 9:
		return iv, k, false
	}
	return iv, k, ok
}

func (r *run) reduce(c *cfg, l *loop, pre *ir.Block, v *ir.Value, iv induction, k int64) {
	t := v.Type
	kc := r.constant(t, k)
	stepc := r.constant(t, iv.step*k)
	p := l.head.AddParam(t)
	edgesTo(l.head, func(from *ir.Block, e *ir.Edge) {
		if !l.has(c, from) {
			init := r.product(from, e.Args[iv.param.Imm], kc)
			e.Args = append(e.Args[:len(e.Args):len(e.Args)], init)
			return
		}
		next := from.Add(ir.OpAdd, t, p, stepc)
		e.Args = append(e.Args[:len(e.Args):len(e.Args)], next)
	})
	r.replace(v, p)
}

// product returns x*k at the end of block b.
func (r *run) product(b *ir.Block, x, k *ir.Value) *ir.Value {
	if x.Op == ir.OpConst {
		return r.constant(x.Type, x.Imm*k.Imm)
	}
	return b.Add(ir.OpMul, x.Type, x, k)
}
