package opt

import "martlet/ir"

// Inlining replaces a call by the callee's body: the block is split behind the
// call, the callee's blocks are copied between, its parameters become the
// arguments and its returns jumps to the second half. Callees come first
// (bottom-up over the call graph), so that what is copied is already small.
// A small recursive function is inlined into itself a few times.
// Not inlined otherwise: recursion, functions with stack slots (which are zero
// at entry, once) or with guards and exits (whose numbers belong to their own
// function), tail calls, and what is marked cold.

const (
	inlineSmall     = 30   // instructions: always worth it
	inlineOnce      = 400  // an internal function with one call
	inlineGrowth    = 2000 // instructions a caller may grow to by inlining
	inlineRecursive = 100  // instructions a small recursive function may grow to
)

// inliner inlines within one module.
type inliner struct {
	opts   Options
	calls  map[*ir.Func]int // call sites and other mentions of a function in the module
	state  map[*ir.Func]uint8
	bodies map[*ir.Func]*ir.Func // copies of recursive functions as they were
}

// Inline inlines into every function of the module.
func Inline(m *ir.Module, opts Options) {
	in := &inliner{opts: opts, calls: mentions(m), state: map[*ir.Func]uint8{}}
	for _, f := range m.Funcs {
		in.visit(f)
	}
}

// InlineInto inlines the calls of f to functions of its module with bodies.
// The callees are read, not changed.
func InlineInto(f *ir.Func, opts Options) {
	in := &inliner{opts: opts, calls: map[*ir.Func]int{}, state: map[*ir.Func]uint8{}}
	in.into(f)
}

// mentions counts the uses of each function: calls and addresses taken.
func mentions(m *ir.Module) map[*ir.Func]int {
	n := map[*ir.Func]int{}
	for _, f := range m.Funcs {
		for _, b := range f.Blocks {
			for _, v := range b.Insts {
				if g := mentioned(v); g != nil {
					n[g]++
				}
			}
			if b.End.Call != nil && b.End.Call.Callee != nil {
				n[b.End.Call.Callee]++
			}
		}
	}
	return n
}

func mentioned(v *ir.Value) *ir.Func {
	switch v.Op {
	case ir.OpCall:
		return v.Call().Callee
	case ir.OpSymaddr:
		g, _ := v.Aux.(*ir.Func)
		return g
	}
	return nil
}

// visit inlines into f after its callees.
func (in *inliner) visit(f *ir.Func) {
	if in.state[f] != 0 || f.IsDecl() {
		return
	}
	in.state[f] = 1
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			if v.Op == ir.OpCall {
				in.visit(v.Call().Callee)
			}
		}
	}
	in.into(f)
	in.state[f] = 2
}

func (in *inliner) into(f *ir.Func) {
	r := &run{f: f, opts: in.opts}
	size := sizeOf(f)
	for bi := 0; bi < len(f.Blocks); bi++ {
		b := f.Blocks[bi]
		for i := 0; i < len(b.Insts); i++ {
			v := b.Insts[i]
			if v.Op != ir.OpCall || !in.wanted(f, v.Call().Callee, size) || !r.spend() {
				continue
			}
			size += sizeOf(v.Call().Callee)
			r.inlineCall(b, i)
			break // the rest of b is a new block, visited later
		}
	}
	r.apply()
	in.unrollRecursion(f)
}

// unrollRecursion inlines a small recursive function into itself, round by round
// as long as it stays small: most of its calls then become jumps.
func (in *inliner) unrollRecursion(f *ir.Func) {
	n := sizeOf(f)
	if n > inlineSmall || f.Cold || !copyable(f) {
		return
	}
	for size := n; ; {
		sites := selfCalls(f)
		if sites == 0 || size+sites*n > inlineRecursive {
			return
		}
		size += sites * n
		in.unrollOnce(f)
	}
}

func selfCalls(f *ir.Func) int {
	n := 0
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			if v.Op == ir.OpCall && v.Call().Callee == f {
				n++
			}
		}
	}
	return n
}

// unrollOnce replaces the self calls of f by its original body.
func (in *inliner) unrollOnce(f *ir.Func) {
	snap := in.bodies[f]
	if snap == nil {
		snap = &ir.Func{Name: f.Name, Sig: f.Sig, Linkage: f.Linkage, Module: f.Module}
		snap.CopyBody(f)
		if in.bodies == nil {
			in.bodies = map[*ir.Func]*ir.Func{}
		}
		in.bodies[f] = snap
	}
	r := &run{f: f, opts: in.opts}
	last := len(f.Blocks) // blocks made from here on are copies, whose calls wait for the next round
	conts := map[*ir.Block]bool{}
	for bi := 0; bi < len(f.Blocks); bi++ {
		b := f.Blocks[bi]
		if bi >= last && !conts[b] {
			continue
		}
		for i, v := range b.Insts {
			if v.Op != ir.OpCall || v.Call().Callee != f || !r.spend() {
				continue
			}
			v.Aux = &ir.CallInfo{Callee: snap, Sig: snap.Sig}
			conts[r.inlineCall(b, i)] = true
			break
		}
	}
	r.apply()
}

func sizeOf(f *ir.Func) int {
	n := 0
	for _, b := range f.Blocks {
		n += len(b.Insts) + 1
	}
	return n
}

func (in *inliner) wanted(f, g *ir.Func, size int) bool {
	if g == f || g.IsDecl() || g.Cold || in.state[g] == 1 || !inlinable(g) {
		return false
	}
	n := sizeOf(g)
	if size+n > inlineGrowth {
		return false
	}
	return n <= inlineSmall || n <= inlineOnce && g.Linkage == ir.Internal && in.calls[g] == 1
}

func inlinable(g *ir.Func) bool { return copyable(g) && selfCalls(g) == 0 }

// copyable reports whether g's body can stand in another function.
func copyable(g *ir.Func) bool {
	for _, b := range g.Blocks {
		if b.End.Op == ir.OpTailcall || b.End.Op == ir.OpExit {
			return false
		}
		for i := range b.End.Succs {
			if b.End.Succs[i].To == g.Entry() {
				return false
			}
		}
		for _, v := range b.Insts {
			if v.Op == ir.OpStackaddr || v.Op == ir.OpGuard {
				return false
			}
		}
	}
	return true
}

// inlineCall replaces the call at position i of b, and returns the block of what follows it.
func (r *run) inlineCall(b *ir.Block, i int) *ir.Block {
	call := b.Insts[i]
	g := call.Call().Callee
	cont := r.f.NewBlock()
	rest := b.Insts[i+1:]
	results := make([]*ir.Value, len(g.Sig.Results)) // nil where there is no projection
	if len(results) > 0 {
		results[0] = call
	}
	for len(rest) > 0 && rest[0].Op == ir.OpResult && rest[0].Args[0] == call {
		results[rest[0].Imm] = rest[0]
		rest = rest[1:]
	}
	for k, t := range g.Sig.Results {
		p := cont.AddParam(t)
		if results[k] != nil {
			r.replace(results[k], p)
		}
	}
	for _, v := range rest {
		v.Block = cont
	}
	cont.Insts = append(cont.Insts, rest...)
	cont.End, cont.Weight = b.End, b.Weight
	b.Insts = b.Insts[:i:i]
	c := &copier{f: r.f, vals: make([]*ir.Value, g.NumValues()), blocks: make([]*ir.Block, g.NumBlocks()), pos: call.Pos}
	for k, p := range g.Entry().Params {
		c.vals[p.ID] = r.find(call.Args[k])
	}
	c.copyBody(g, b, cont)
	return cont
}

// copier copies blocks of one function into another.
type copier struct {
	f      *ir.Func
	vals   []*ir.Value
	blocks []*ir.Block
	pos    ir.Pos
}

func (c *copier) copyBody(g *ir.Func, entry, cont *ir.Block) {
	c.blocks[g.Entry().ID] = entry
	for _, b := range g.Blocks[1:] {
		nb := c.f.NewBlock()
		nb.Weight = b.Weight
		c.blocks[b.ID] = nb
		for _, p := range b.Params {
			c.vals[p.ID] = nb.AddParam(p.Type)
		}
	}
	// Values first, operands second: a use may stand before its definition in block order.
	for _, b := range g.Blocks {
		for _, v := range b.Insts {
			nv := c.f.NewValue(v.Op, v.Type)
			nv.Imm, nv.Mem, nv.Aux, nv.Pos, nv.Block = v.Imm, v.Mem, v.Aux, v.Pos, c.blocks[b.ID]
			c.vals[v.ID] = nv
			nv.Block.Insts = append(nv.Block.Insts, nv)
		}
	}
	for _, b := range g.Blocks {
		for _, v := range b.Insts {
			c.vals[v.ID].SetArgs(c.mapped(v.Args)...)
		}
		c.blocks[b.ID].End = c.end(&b.End, cont)
	}
}

func (c *copier) mapped(vs []*ir.Value) []*ir.Value {
	out := make([]*ir.Value, len(vs))
	for i, v := range vs {
		out[i] = c.vals[v.ID]
	}
	return out
}

func (c *copier) end(e *ir.End, cont *ir.Block) ir.End {
	if e.Op == ir.OpRet {
		return ir.End{Op: ir.OpJump, Succs: []ir.Edge{{To: cont, Args: c.mapped(e.Args)}}, Pos: e.Pos}
	}
	out := *e
	out.Args = c.mapped(e.Args)
	out.Succs = make([]ir.Edge, len(e.Succs))
	for i, s := range e.Succs {
		out.Succs[i] = ir.Edge{To: c.blocks[s.To.ID], Args: c.mapped(s.Args), Weight: s.Weight}
	}
	return out
}
