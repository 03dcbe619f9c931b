package irtest

import (
	"martlet/ir"
)

// Reduce makes a module smaller while keep holds of it: delta debugging on the
// graph. Each round tries, on a copy, to drop functions, to cut branches, to
// replace instructions by constants or by one of their operands (many at once, then fewer), to
// drop operands of guards and exits and unused block parameters, and to merge
// straight lines; what still verifies and satisfies keep becomes the new
// module. It stops when a round changes nothing or after budget calls of keep
// (0: 5,000). The signatures of functions and the last function are kept.
func Reduce(m *ir.Module, budget int, keep func(*ir.Module) bool) *ir.Module {
	if budget == 0 {
		budget = 5000
	}
	r := &reducer{best: copyModule(m), keep: keep, budget: budget}
	for changed := true; changed && r.budget > 0; {
		before := size(r.best)
		r.round()
		changed = size(r.best) < before
	}
	return r.best
}

type reducer struct {
	best   *ir.Module
	keep   func(*ir.Module) bool
	budget int
}

// copyModule copies through the text form.
func copyModule(m *ir.Module) *ir.Module {
	return ir.MustParse(m.Name, m.Text(ir.PrintPlain))
}

func size(m *ir.Module) int {
	n := 10 * len(m.Funcs)
	for _, g := range m.Globals {
		n += len(g.Init)
	}
	for _, f := range m.Funcs {
		for _, b := range f.Blocks {
			n += 5 + 2*len(b.Params) + len(b.End.Args) + 2*len(b.End.Succs)
			for _, v := range b.Insts {
				n += 3 + len(v.Args)
				if v.Op == ir.OpConst {
					n -= 2
				}
			}
			for i := range b.End.Succs {
				n += len(b.End.Succs[i].Args)
			}
		}
	}
	return n
}

// try applies a change to a copy and keeps it if the failure stays and it got smaller.
func (r *reducer) try(change func(m *ir.Module) bool) bool {
	if r.budget <= 0 {
		return false
	}
	c := copyModule(r.best)
	if !change(c) {
		return false
	}
	for _, f := range c.Funcs {
		if !f.IsDecl() {
			tidy(f)
		}
	}
	if size(c) >= size(r.best) || ir.Verify(c) != nil {
		return false
	}
	r.budget--
	if !r.keep(c) {
		return false
	}
	r.best = c
	return true
}

func (r *reducer) round() {
	r.dropFuncs()
	r.try(func(m *ir.Module) bool {
		changed := false
		for _, f := range m.Funcs {
			for !f.IsDecl() && dropUnused(f, func(v *ir.Value) bool { return v.Op.IsPure() }) {
				changed = true
			}
		}
		return changed
	})
	for fi := len(r.best.Funcs) - 1; fi >= 0; fi-- { // callers first: callees may then go
		if fi >= len(r.best.Funcs) {
			continue
		}
		r.cutEnds(fi)
		r.replaceInsts(fi)
		r.shrinkLists(fi)
		r.dropFuncs()
	}
	for i := len(r.best.Globals) - 1; i >= 0; i-- {
		r.try(func(m *ir.Module) bool {
			used := len(m.Globals[i].Init) > 0
			m.Globals[i].Init, m.Globals[i].Relocs = nil, nil
			return used
		})
	}
}

func (r *reducer) dropFuncs() {
	for i := len(r.best.Funcs) - 2; i >= 0; i-- {
		r.try(func(m *ir.Module) bool { return dropFunc(m, i) })
	}
}

func dropFunc(m *ir.Module, i int) bool {
	f := m.Funcs[i]
	for _, g := range m.Funcs {
		for _, b := range g.Blocks {
			for _, v := range b.Insts {
				if c, ok := v.Aux.(*ir.CallInfo); ok && c.Callee == f || v.Aux == any(f) {
					return false
				}
			}
			if c := b.End.Call; c != nil && c.Callee == f {
				return false
			}
		}
	}
	m.RemoveFunc(f)
	return true
}

// cutEnds replaces branches by jumps to one of their targets, and blocks' ends by unreachable.
func (r *reducer) cutEnds(fi int) {
	for bi := 0; bi < len(r.best.Funcs[fi].Blocks); bi++ {
		for k := 0; bi < len(r.best.Funcs[fi].Blocks) && k < len(r.best.Funcs[fi].Blocks[bi].End.Succs); k++ {
			if len(r.best.Funcs[fi].Blocks[bi].End.Succs) > 1 && r.try(func(m *ir.Module) bool {
				e := &m.Funcs[fi].Blocks[bi].End
				*e = ir.End{Op: ir.OpJump, Succs: []ir.Edge{e.Succs[k]}}
				return true
			}) {
				k = -1
			}
		}
		for k := 0; bi < len(r.best.Funcs[fi].Blocks) && k < len(r.best.Funcs[fi].Blocks[bi].End.Cases); k++ {
			if r.try(func(m *ir.Module) bool {
				e := &m.Funcs[fi].Blocks[bi].End
				e.Cases = append(e.Cases[:k:k], e.Cases[k+1:]...)
				e.Succs = append(e.Succs[:k:k], e.Succs[k+1:]...)
				return true
			}) {
				k--
			}
		}
	}
}

// replaceInsts replaces instructions in chunks of falling size.
func (r *reducer) replaceInsts(fi int) {
	for _, how := range []func(*ir.Value) bool{toConst, toOperand} {
		for chunk := max(1, countInsts(r.best.Funcs[fi])/2); ; chunk /= 2 {
			for at := 0; at < countInsts(r.best.Funcs[fi]); {
				if !r.try(func(m *ir.Module) bool { return replaceRange(m.Funcs[fi], at, chunk, how) }) {
					at += chunk
				}
			}
			if chunk <= 1 {
				break
			}
		}
	}
}

func countInsts(f *ir.Func) int {
	n := 0
	for _, b := range f.Blocks {
		n += len(b.Insts)
	}
	return n
}

func replaceRange(f *ir.Func, at, n int, how func(*ir.Value) bool) bool {
	changed := false
	for _, b := range f.Blocks {
		for _, v := range append([]*ir.Value(nil), b.Insts...) {
			if at <= 0 && at > -n && how(v) {
				changed = true
			}
			at--
		}
	}
	return changed
}

// toConst makes an instruction a zero, or drops it if it has no result.
func toConst(v *ir.Value) bool {
	switch {
	case v.Op == ir.OpConst || v.Type == ir.Ptr || v.Op == ir.OpResult && v.Type == ir.Void:
		return false
	case v.Type == ir.Void:
		remove(v)
		return true
	}
	become(v, ir.OpConst)
	return true
}

// become turns v and its projections into constants (or, with another op, that op without operands).
func become(v *ir.Value, op ir.Op) {
	if v.Op != ir.OpResult {
		for _, w := range v.Block.Insts {
			if w.Op == ir.OpResult && w.Args[0] == v {
				become(w, op)
			}
		}
	}
	v.Op, v.Imm, v.Aux, v.Mem = op, 0, nil, ir.Mem{}
	v.SetArgs()
}

func remove(v *ir.Value) {
	b := v.Block
	for i, w := range b.Insts {
		if w == v {
			b.Insts = append(b.Insts[:i:i], b.Insts[i+1:]...)
			return
		}
	}
}

// toOperand replaces the uses of v by its last operand of the same type.
func toOperand(v *ir.Value) bool {
	if v.Op == ir.OpResult || v.Type == ir.Void {
		return false
	}
	for i := len(v.Args) - 1; i >= 0; i-- {
		if a := v.Args[i]; a.Type == v.Type {
			replaceUses(v.Block.Func, v, a)
			if v.Op.IsPure() {
				become(v, ir.OpConst)
			}
			return true
		}
	}
	return false
}

func replaceUses(f *ir.Func, v, by *ir.Value) {
	swap := func(args []*ir.Value) {
		for i := range args {
			if args[i] == v {
				args[i] = by
			}
		}
	}
	for _, b := range f.Blocks {
		for _, w := range b.Insts {
			swap(w.Args)
		}
		swap(b.End.Args)
		for i := range b.End.Succs {
			swap(b.End.Succs[i].Args)
		}
	}
}

// shrinkLists drops values handed over by guards and exits.
func (r *reducer) shrinkLists(fi int) {
	for i := 0; i < countInsts(r.best.Funcs[fi]); i++ {
		for r.try(func(m *ir.Module) bool { return shorten(nth(m.Funcs[fi], i)) }) {
		}
	}
	for bi := 0; bi < len(r.best.Funcs[fi].Blocks); bi++ {
		for bi < len(r.best.Funcs[fi].Blocks) && r.try(func(m *ir.Module) bool {
			e := &m.Funcs[fi].Blocks[bi].End
			if e.Op != ir.OpExit || len(e.Args) == 0 {
				return false
			}
			e.Args = e.Args[:len(e.Args)-1]
			return true
		}) {
		}
		for k := 0; bi < len(r.best.Funcs[fi].Blocks) && k < len(r.best.Funcs[fi].Blocks[bi].Params); k++ {
			r.try(func(m *ir.Module) bool { return paramToConst(m.Funcs[fi], bi, k) })
		}
	}
}

func nth(f *ir.Func, i int) *ir.Value {
	for _, b := range f.Blocks {
		if i < len(b.Insts) {
			return b.Insts[i]
		}
		i -= len(b.Insts)
	}
	return nil
}

func shorten(v *ir.Value) bool {
	if v == nil || v.Op != ir.OpGuard || len(v.Args) < 2 {
		return false
	}
	v.SetArgs(v.Args[:len(v.Args)-1]...)
	return true
}

// paramToConst replaces a block's parameter by a constant in the block.
func paramToConst(f *ir.Func, bi, k int) bool {
	b := f.Blocks[bi]
	if bi == 0 || k >= len(b.Params) || b.Params[k].Type == ir.Ptr {
		return false
	}
	c := f.NewValue(ir.OpConst, b.Params[k].Type)
	c.Block = b
	b.Insts = append([]*ir.Value{c}, b.Insts...)
	replaceUses(f, b.Params[k], c)
	dropParam(f, b, k)
	return true
}

func dropParam(f *ir.Func, b *ir.Block, k int) {
	b.Params = append(b.Params[:k:k], b.Params[k+1:]...)
	for i, p := range b.Params {
		p.Imm = int64(i)
	}
	for _, from := range f.Blocks {
		for i := range from.End.Succs {
			if e := &from.End.Succs[i]; e.To == b {
				e.Args = append(e.Args[:k:k], e.Args[k+1:]...)
			}
		}
	}
}

// tidy removes unreachable blocks, unused constants and parameters, and merges
// a block into its only predecessor's jump. Unused instructions stay: the
// failure may need them.
func tidy(f *ir.Func) {
	f.Blocks = reachable(f)
	for merge(f) {
	}
	for dropUnused(f, func(v *ir.Value) bool { return len(v.Args) == 0 && v.Op.IsPure() }) {
	}
}

func reachable(f *ir.Func) []*ir.Block {
	in := make([]bool, f.NumBlocks())
	for _, b := range ir.ReversePostorder(f) {
		in[b.ID] = true
	}
	var out []*ir.Block
	for _, b := range f.Blocks {
		if in[b.ID] {
			out = append(out, b)
		}
	}
	return out
}

func merge(f *ir.Func) bool {
	f.ComputePreds()
	for _, b := range f.Blocks {
		if b.End.Op != ir.OpJump {
			continue
		}
		to := b.End.Succs[0].To
		if to == b || to == f.Entry() || len(to.Preds) != 1 {
			continue
		}
		for i, p := range to.Params {
			replaceUses(f, p, b.End.Succs[0].Args[i])
		}
		for _, v := range to.Insts {
			v.Block = b
		}
		b.Insts = append(b.Insts, to.Insts...)
		b.End = to.End
		for i, x := range f.Blocks {
			if x == to {
				f.Blocks = append(f.Blocks[:i:i], f.Blocks[i+1:]...)
				break
			}
		}
		return true
	}
	return false
}

func dropUnused(f *ir.Func, may func(*ir.Value) bool) bool {
	used := make([]bool, f.NumValues())
	mark := func(args []*ir.Value) {
		for _, a := range args {
			used[a.ID] = true
		}
	}
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			mark(v.Args)
		}
		mark(b.End.Args)
		for i := range b.End.Succs {
			mark(b.End.Succs[i].Args)
		}
	}
	changed := false
	for bi, b := range f.Blocks {
		kept := b.Insts[:0:0]
		for _, v := range b.Insts {
			if may(v) && !used[v.ID] {
				changed = true
				continue
			}
			kept = append(kept, v)
		}
		b.Insts = kept
		for k := len(b.Params) - 1; k >= 0 && bi > 0; k-- {
			if !used[b.Params[k].ID] {
				dropParam(f, b, k)
				changed = true
			}
		}
	}
	return changed
}
