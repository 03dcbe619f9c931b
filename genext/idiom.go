package genext

import (
	"slices"

	"martlet/ir"
)

// Interpreters that keep Go pointers in their registers store them only where
// they differ, to spare write barriers: if d.Ref != r { d.Ref = r }. To the
// specialiser this is a branch on what the register held before, which splits
// every path in two for nothing: the memory afterwards is the same. So graphs
// are rewritten when they are decoded: such a store is done unconditionally.

// conditionalStores rewrites the idiom in a graph.
func conditionalStores(f *ir.Func) {
	f.ComputePreds()
	for _, b := range f.Blocks {
		if storesIfDifferent(b) {
			then := b.End.Succs[0]
			b.End = ir.End{Op: ir.OpJump, Succs: []ir.Edge{then}, Pos: b.End.Pos}
			c := b.Insts[len(b.Insts)-1]
			b.Insts = b.Insts[:len(b.Insts)-1]
			for _, l := range c.Args {
				dropUnused(b, l)
			}
		}
	}
}

// dropUnused removes a load of what the register held before if only the comparison
// used it: the store looks at the address itself.
func dropUnused(b *ir.Block, l *ir.Value) {
	if l.Op == ir.OpLoad && l.Block == b && !usedElsewhere(l, nil) {
		b.Insts = slices.DeleteFunc(b.Insts, func(v *ir.Value) bool { return v == l })
	}
}

// storesIfDifferent reports whether b ends in
//
//	%l = load.ref %p + off
//	…
//	%c = ne.ref %l, %x
//	br %c, then, join
//	then:  store.ref %p + off, %x ; jump join
//
// with nothing in between that writes memory.
func storesIfDifferent(b *ir.Block) bool {
	if b.End.Op != ir.OpBr || len(b.Insts) == 0 {
		return false
	}
	c := b.Insts[len(b.Insts)-1]
	then, join := &b.End.Succs[0], &b.End.Succs[1]
	if c != b.End.Args[0] || c.Op != ir.OpNe || len(then.Args)+len(join.Args) > 0 {
		return false
	}
	t := then.To
	if len(t.Preds) != 1 || len(t.Insts) != 1 || t.Insts[0].Op != ir.OpStore || t.End.Op != ir.OpJump || t.End.Succs[0].To != join.To || usedElsewhere(c, b) {
		return false
	}
	st := t.Insts[0]
	return storedBack(b, c.Args[0], c.Args[1], st) || storedBack(b, c.Args[1], c.Args[0], st)
}

// storedBack reports whether l was loaded in b from where st stores x.
func storedBack(b *ir.Block, l, x, st *ir.Value) bool {
	if l.Op != ir.OpLoad || l.Type != ir.Ref || l.Block != b || st.Args[0] != l.Args[0] || st.Imm != l.Imm || st.Args[1] != x {
		return false
	}
	after := false
	for _, v := range b.Insts {
		if after && v.Op.Has(ir.PropWrite) {
			return false
		}
		after = after || v == l
	}
	return true
}

// usedElsewhere reports whether anything in c's function but the end of a block uses c.
func usedElsewhere(c *ir.Value, but *ir.Block) bool {
	for _, o := range c.Block.Func.Blocks {
		for _, v := range o.Insts {
			if usesValue(v.Args, c) {
				return true
			}
		}
		if o != but && usesValue(o.End.Args, c) {
			return true
		}
		for i := range o.End.Succs {
			if usesValue(o.End.Succs[i].Args, c) {
				return true
			}
		}
	}
	return false
}

func usesValue(vs []*ir.Value, x *ir.Value) bool {
	for _, v := range vs {
		if v == x {
			return true
		}
	}
	return false
}
