package opt

import (
	"slices"

	"martlet/ir"
)

// exits turns the first guard of a loop's header into a branch to an exit. The
// code generator can then put the header's test at the loop's end, where it is the back-edge
// too: one jump a turn is saved. Other guards stay what they are, for a guard
// is no end of a block to the passes before.
func exits(r *run) {
	c := r.cfg()
	c.findLoops()
	changed := false
	for _, l := range c.loops {
		if l.head.End.Op != ir.OpJump {
			continue
		}
		for i, v := range l.head.Insts {
			if v.Op == ir.OpGuard {
				if r.spend() {
					r.exitBlock(l.head, i)
					changed = true
				}
				break
			}
		}
	}
	if changed {
		r.cfgMem = nil
	}
	if r.opts.FloatExits {
		r.floatExits()
	}
}

// floatExits lets exits hand over floats in the place of their bits.
func (r *run) floatExits() {
	floats := func(args []*ir.Value) {
		for i, a := range args {
			if x := bitsOf(a); x != nil {
				args[i] = x
			}
		}
	}
	for _, b := range r.f.Blocks {
		for _, v := range b.Insts {
			if v.Op == ir.OpGuard {
				floats(v.Args[1:])
			}
		}
		if b.End.Op == ir.OpExit {
			floats(b.End.Args)
		}
	}
}

// exitBlock splits b at its guard number i.
func (r *run) exitBlock(b *ir.Block, i int) {
	g := b.Insts[i]
	rest, out := r.f.NewBlock(), r.f.NewBlock()
	rest.Insts, rest.End = append(rest.Insts, b.Insts[i+1:]...), b.End
	for _, v := range rest.Insts {
		v.Block = rest
	}
	out.End = ir.End{Op: ir.OpExit, Args: slices.Clone(g.Args[1:]), Imm: g.Imm, Aux: g.Aux, Pos: g.Pos}
	clear(b.Insts[i:])
	b.Insts = b.Insts[:i]
	b.End = ir.End{Op: ir.OpBr, Args: []*ir.Value{g.Args[0]}, Succs: []ir.Edge{{To: rest}, {To: out}}, Pos: g.Pos}
}
