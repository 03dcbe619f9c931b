package opt

import "martlet/ir"

// licm moves what does not change in a loop in front of it: pure instructions
// whose operands are defined outside, and loads of memory that the loop does
// not write and whose address is known good. Inner loops come first, so that
// an instruction can leave several. What a branch consumes at once (a
// comparison) and what folds into an addressing mode stays.
func licm(r *run) {
	r.collectConsts()
	r.preheaders()
	c := r.cfg()
	c.findLoops()
	for i := len(c.loops) - 1; i >= 0; i-- {
		r.hoist(c, c.loops[i])
	}
}

// preheaders gives every loop a block of its own in front of the header.
func (r *run) preheaders() {
	c := r.cfg()
	c.findLoops()
	changed := false
	for _, l := range c.loops {
		if preheader(c, l) == nil && l.head != r.f.Entry() && r.spend() {
			r.makePreheader(c, l)
			changed = true
		}
	}
	if changed {
		r.cfgMem = nil
	}
}

// preheader returns the only block outside the loop that leads to the header, if it leads nowhere else.
func preheader(c *cfg, l *loop) *ir.Block {
	var out *ir.Block
	for _, p := range l.head.Preds {
		if l.has(c, p) {
			continue
		}
		if out != nil || len(p.End.Succs) != 1 {
			return nil
		}
		out = p
	}
	return out
}

func (r *run) makePreheader(c *cfg, l *loop) {
	h := l.head
	pre := r.f.NewBlock()
	var args []*ir.Value
	for _, p := range h.Params {
		args = append(args, pre.AddParam(p.Type))
	}
	edgesTo(h, func(from *ir.Block, e *ir.Edge) {
		if !l.has(c, from) {
			e.To = pre
		}
	})
	pre.End = ir.End{Op: ir.OpJump, Succs: []ir.Edge{{To: h, Args: args}}}
	// The new block stands where control flow passes it; orders are computed from edges.
}

// effects says what a loop may write.
func (l *loop) effects() *killSet {
	k := &killSet{}
	for _, b := range l.blocks {
		kb := killsOf(b)
		k.all = k.all || kb.all
		k.stores = append(k.stores, kb.stores...)
	}
	return k
}

func (r *run) hoist(c *cfg, l *loop) {
	pre := preheader(c, l)
	if pre == nil {
		return
	}
	kills := l.effects()
	outside := func(v *ir.Value) bool { return v.Op == ir.OpConst || !l.has(c, v.Block) }
	for _, b := range l.blocks {
		kept := b.Insts[:0]
		for _, v := range b.Insts {
			if movable(v, kills) && all(v.Args, outside) && r.spend() {
				v.Block = pre
				pre.Insts = append(pre.Insts, v)
				continue
			}
			kept = append(kept, v)
		}
		b.Insts = kept
	}
}

func all(vs []*ir.Value, f func(*ir.Value) bool) bool {
	for _, v := range vs {
		if !f(v) {
			return false
		}
	}
	return true
}

func movable(v *ir.Value, kills *killSet) bool {
	switch {
	case v.Op == ir.OpLoad:
		return loadMovable(v, kills)
	case v.Op == ir.OpConst, v.Op == ir.OpStackaddr, v.Op.IsCompare(), v.Op == ir.OpResult, v.Op.IsOverflow(), v.Op == ir.OpSymaddr, v.Op == ir.OpRefconst:
		return false
	case v.Op == ir.OpAddrof && (v.Args[1].Op == ir.OpConst || v.Type == ir.Ref):
		// A Go pointer computed where its bounds check has not been passed may
		// point behind its object, and the collector must never see such a one.
		return false
	}
	return v.Op.IsPure()
}

func loadMovable(v *ir.Value, kills *killSet) bool {
	base := root(v.Args[0])
	good := v.Mem.Flags&ir.NonTrap != 0 || v.Args[0].Op == ir.OpStackaddr || v.Args[0].Op == ir.OpSymaddr && inGlobal(base, v)
	if !good {
		return false
	}
	if v.Mem.Flags&ir.Immutable != 0 {
		return true
	}
	if kills.all {
		return false
	}
	for _, st := range kills.stores {
		if mayAlias(v.Args[0], v.Imm, v.Type, v.Mem.Class, st) {
			return false
		}
	}
	return true
}

func inGlobal(base, v *ir.Value) bool {
	g, ok := base.Aux.(*ir.Global)
	return ok && v.Imm >= 0 && v.Imm+int64(v.Type.Size()) <= int64(g.Size)
}
