package opt

import "martlet/ir"

// dead removes instructions whose results are not used and that have no
// effect, block parameters nobody uses, and the arguments for them. Liveness
// is traced from the roots (effects and block ends), so cycles of parameters
// that feed only each other die too.
func dead(r *run) {
	c := r.cfg()
	live := make([]bool, r.f.NumValues())
	var work []*ir.Value
	mark := func(v *ir.Value) {
		if !live[v.ID] {
			live[v.ID] = true
			work = append(work, v)
		}
	}
	for _, b := range c.rpo {
		for _, v := range b.Insts {
			if keep(v) {
				mark(v)
			}
		}
		for _, a := range b.End.Args {
			mark(a)
		}
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		for _, a := range v.Args {
			mark(a)
		}
		if v.Op == ir.OpParam {
			edgesTo(v.Block, func(_ *ir.Block, e *ir.Edge) { mark(e.Args[v.Imm]) })
		}
	}
	for _, b := range c.rpo {
		sweep(b, live, b == r.f.Entry())
	}
}

// keep reports whether v must stay although nobody uses it.
func keep(v *ir.Value) bool {
	switch v.Op {
	case ir.OpLoad:
		return v.Mem.Flags&ir.NonTrap == 0
	case ir.OpSdiv, ir.OpUdiv, ir.OpSrem, ir.OpUrem:
		return !(v.Args[1].Op == ir.OpConst && v.Args[1].Imm != 0)
	case ir.OpCall:
		return !v.Call().Callee.Elidable
	}
	return v.Op.HasEffect()
}

func sweep(b *ir.Block, live []bool, entry bool) {
	kept := b.Insts[:0]
	for _, v := range b.Insts {
		if live[v.ID] || v.Op == ir.OpResult && live[v.Args[0].ID] {
			kept = append(kept, v)
		}
	}
	clear(b.Insts[len(kept):])
	b.Insts = kept
	for i := len(b.Params) - 1; i >= 0 && !entry; i-- {
		if !live[b.Params[i].ID] {
			dropParam(b, i)
		}
	}
}
