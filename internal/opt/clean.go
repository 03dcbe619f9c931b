package opt

import "martlet/ir"

// clean simplifies control flow until nothing changes: branches on constants
// become jumps, an edge into a block that only decides where to go next is
// threaded past it when the arguments on the edge decide, a block with one
// predecessor that jumps to it is appended to the predecessor, and a branch
// whose two edges meet in one block with cheap differing arguments becomes a
// select.
//
// Threading past a block is possible when nothing defined in it is used
// elsewhere: then only its own end needs its values.
func clean(r *run) {
	r.collectConsts()
	for range cleanRounds {
		r.apply()
		r.placeConsts()
		changed := r.foldEnds()
		changed = r.thread() || changed
		r.apply()
		changed = r.selects() || changed
		changed = r.mergeBlocks() || changed
		if !changed {
			return
		}
	}
}

const (
	cleanRounds  = 6
	threadInsts  = 3  // instructions a block may have to be threaded past
	threadLength = 16 // blocks passed on one edge
)

// foldEnds turns branches that always go one way into jumps.
func (r *run) foldEnds() bool {
	changed := false
	for _, b := range r.f.Blocks {
		if e := decided(&b.End, nil); e != nil && r.spend() {
			b.End = ir.End{Op: ir.OpJump, Succs: []ir.Edge{*e}, Pos: b.End.Pos}
			changed = true
		}
	}
	if changed {
		r.cfgMem = nil
	}
	return changed
}

// decided returns the only edge a br or switch can take, or nil. env gives
// values for the block's own ones when an edge into it is considered.
func decided(end *ir.End, env map[*ir.Value]*ir.Value) *ir.Edge {
	if end.Op != ir.OpBr && end.Op != ir.OpSwitch {
		return nil
	}
	x := end.Args[0]
	if y := env[x]; y != nil {
		x = y
	}
	if x.Op != ir.OpConst {
		if len(env) == 0 && sameEdges(end.Succs) {
			return &end.Succs[0]
		}
		return nil
	}
	if end.Op == ir.OpBr {
		if x.Imm != 0 {
			return &end.Succs[0]
		}
		return &end.Succs[1]
	}
	for i, k := range end.Cases {
		if k == x.Imm {
			return &end.Succs[i]
		}
	}
	return &end.Succs[len(end.Succs)-1]
}

func sameEdges(es []ir.Edge) bool {
	for i := 1; i < len(es); i++ {
		if es[i].To != es[0].To || !sameValues(es[i].Args, es[0].Args) {
			return false
		}
	}
	return true
}

func sameValues(a, b []*ir.Value) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// thread moves edges past blocks that only pass control on.
func (r *run) thread() bool {
	local := r.localBlocks()
	changed := false
	for _, b := range r.f.Blocks {
		for i := range b.End.Succs {
			e := &b.End.Succs[i]
			for range threadLength {
				if !r.threadEdge(e, local) {
					break
				}
				changed = true
			}
		}
	}
	if changed {
		r.cfgMem = nil
	}
	return changed
}

// localBlocks reports, by block id, the blocks whose values are used by
// nobody but themselves and that are cheap enough to pass.
func (r *run) localBlocks() []bool {
	local := make([]bool, r.f.NumBlocks())
	for _, b := range r.f.Blocks {
		local[b.ID] = b != r.f.Entry() && len(b.Insts) <= threadInsts && allPure(b.Insts)
	}
	see := func(in *ir.Block, vs []*ir.Value) {
		for _, v := range vs {
			if v.Block != in {
				local[v.Block.ID] = false
			}
		}
	}
	for _, b := range r.f.Blocks {
		for _, v := range b.Insts {
			see(b, v.Args)
		}
		see(b, b.End.Args)
		for i := range b.End.Succs {
			see(b, b.End.Succs[i].Args)
		}
	}
	return local
}

func allPure(vs []*ir.Value) bool {
	for _, v := range vs {
		if !v.Op.IsPure() || len(v.Args) > 3 || v.NumResults() != 1 || v.Op == ir.OpResult || v.Op == ir.OpStackaddr {
			return false
		}
	}
	return true
}

// threadEdge retargets e to where its block will go anyway, if that is known.
func (r *run) threadEdge(e *ir.Edge, local []bool) bool {
	b := e.To
	if !local[b.ID] || b.End.Op == ir.OpJump && b.End.Succs[0].To == b {
		return false
	}
	env := map[*ir.Value]*ir.Value{}
	for i, p := range b.Params {
		env[p] = e.Args[i]
	}
	if b.End.Op == ir.OpJump && len(b.Insts) > 0 {
		return false // passing it would copy its work
	}
	if !r.evalBlock(b, env) {
		return false
	}
	next := &b.End.Succs[:1][0]
	if b.End.Op != ir.OpJump {
		if next = decided(&b.End, env); next == nil {
			return false
		}
	}
	args, ok := substitute(next.Args, env, b)
	if !ok || next.To == b || !r.spend() {
		return false
	}
	*e = ir.Edge{To: next.To, Args: args, Weight: e.Weight}
	return true
}

// evalBlock extends env by the block's instructions that become constants.
func (r *run) evalBlock(b *ir.Block, env map[*ir.Value]*ir.Value) bool {
	if len(b.End.Succs) == 0 {
		return false
	}
	for _, v := range b.Insts {
		var bits [3]uint64
		known := true
		for i, a := range v.Args {
			if x := env[a]; x != nil {
				a = x
			}
			known = known && a.Op == ir.OpConst
			bits[i] = uint64(a.Imm)
		}
		if !known || len(v.Args) == 0 {
			continue
		}
		if c, ok := evalBits(v, bits[:len(v.Args)]); ok {
			env[v] = r.constant(v.Type, c)
		}
	}
	return true
}

// substitute applies env to vs; it fails on values of b that env does not know.
func substitute(vs []*ir.Value, env map[*ir.Value]*ir.Value, b *ir.Block) ([]*ir.Value, bool) {
	out := make([]*ir.Value, len(vs))
	for i, v := range vs {
		out[i] = v
		if x := env[v]; x != nil {
			out[i] = x
		} else if v.Block == b {
			return nil, false
		}
	}
	return out, true
}

// selects turns "br c, m(x…), m(y…)" into "jump m(select c x y …)" when few
// arguments differ and neither way is known to be rare.
func (r *run) selects() bool {
	changed := false
	for _, b := range r.f.Blocks {
		if b.End.Op != ir.OpBr || !selectable(&b.End) || !r.spend() {
			continue
		}
		then, els := &b.End.Succs[0], &b.End.Succs[1]
		args := append([]*ir.Value(nil), then.Args...)
		for i := range args {
			if then.Args[i] != els.Args[i] {
				args[i] = b.Add(ir.OpSelect, args[i].Type, b.End.Args[0], then.Args[i], els.Args[i])
			}
		}
		b.End = ir.End{Op: ir.OpJump, Succs: []ir.Edge{{To: then.To, Args: args}}, Pos: b.End.Pos}
		changed = true
	}
	if changed {
		r.cfgMem = nil
	}
	return changed
}

func selectable(end *ir.End) bool {
	then, els := &end.Succs[0], &end.Succs[1]
	if then.To != els.To || biased(then.Weight, els.Weight) {
		return false
	}
	differ := 0
	for i := range then.Args {
		if then.Args[i] != els.Args[i] {
			differ++
			if then.Args[i].Type.IsFloat() {
				return false
			}
		}
	}
	return differ <= 2
}

// biased reports whether one of two edge weights is rare against the other:
// then a branch, predicted well, beats a select.
func biased(a, b float32) bool {
	return a != 0 && b != 0 && (a > 8*b || b > 8*a)
}

// mergeBlocks appends blocks to their only predecessor.
func (r *run) mergeBlocks() bool {
	c := r.cfg()
	gone := make([]bool, r.f.NumBlocks())
	changed := false
	for _, b := range c.rpo {
		if gone[b.ID] {
			continue
		}
		for b.End.Op == ir.OpJump {
			to := b.End.Succs[0].To
			if len(to.Preds) != 1 || to == b || to == r.f.Entry() || !r.spend() {
				break
			}
			r.absorb(b, to)
			gone[to.ID] = true
			changed = true
		}
	}
	if changed {
		r.apply()
		r.cfgMem = nil
	}
	return changed
}

func (r *run) absorb(b, to *ir.Block) {
	for i, p := range to.Params {
		r.replace(p, r.find(b.End.Succs[0].Args[i]))
	}
	for _, v := range to.Insts {
		v.Block = b
	}
	b.Insts = append(b.Insts, to.Insts...)
	b.End = to.End
	if b.Weight == 0 {
		b.Weight = to.Weight
	}
	for i := range b.End.Succs {
		preds := b.End.Succs[i].To.Preds
		for k, p := range preds {
			if p == to {
				preds[k] = b
			}
		}
	}
	to.End = ir.End{Op: ir.OpUnreachable}
	to.Insts, to.Params = nil, nil
}
