package ir

// DomTree is the dominator tree of a function's reachable blocks (Cooper,
// Harvey and Kennedy, "A simple, fast dominance algorithm", 2001), with
// intervals for constant-time queries. Its slices are indexed by Block.ID.
type DomTree struct {
	RPO   []*Block // reachable blocks in reverse postorder
	Order []int32  // a block's index in RPO; -1 if unreachable
	Idom  []*Block // immediate dominator; nil for the entry and unreachable blocks
	in    []int32  // depth-first intervals of the tree
	out   []int32
}

// Dominators computes the dominator tree. It does not use or change Preds.
func Dominators(f *Func) *DomTree {
	n := f.NumBlocks()
	d := &DomTree{Order: make([]int32, n), Idom: make([]*Block, n), in: make([]int32, n), out: make([]int32, n)}
	d.RPO = ReversePostorder(f)
	for i := range d.Order {
		d.Order[i] = -1
	}
	for i, b := range d.RPO {
		d.Order[b.ID] = int32(i)
	}
	d.solve()
	d.number()
	return d
}

// ReversePostorder returns the blocks reachable from the entry in reverse postorder.
func ReversePostorder(f *Func) []*Block {
	type frame struct {
		b    *Block
		next int
	}
	seen := make([]bool, f.NumBlocks())
	out := make([]*Block, 0, len(f.Blocks))
	stack := []frame{{f.Entry(), 0}}
	seen[f.Entry().ID] = true
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next < len(top.b.End.Succs) {
			to := top.b.End.Succs[top.next].To
			top.next++
			if !seen[to.ID] {
				seen[to.ID] = true
				stack = append(stack, frame{to, 0})
			}
			continue
		}
		out = append(out, top.b)
		stack = stack[:len(stack)-1]
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// solve iterates the data-flow equations in reverse postorder on a flat list
// of predecessors.
func (d *DomTree) solve() {
	n := len(d.RPO)
	first := make([]int32, n+1)
	for _, b := range d.RPO {
		for i := range b.End.Succs {
			first[d.Order[b.End.Succs[i].To.ID]]++
		}
	}
	total := int32(0)
	for i := range first {
		first[i], total = total, total+first[i]
	}
	preds, fill := make([]int32, total), append([]int32(nil), first...)
	for bi, b := range d.RPO {
		for i := range b.End.Succs {
			to := d.Order[b.End.Succs[i].To.ID]
			preds[fill[to]] = int32(bi)
			fill[to]++
		}
	}
	idom := make([]int32, n)
	for i := range idom {
		idom[i] = -1
	}
	idom[0] = 0
	for changed := true; changed; {
		changed = false
		for b := 1; b < n; b++ {
			best := int32(-1)
			for _, p := range preds[first[b]:first[b+1]] {
				switch {
				case idom[p] < 0:
				case best < 0:
					best = p
				default:
					best = intersect(idom, best, p)
				}
			}
			if idom[b] != best {
				idom[b], changed = best, true
			}
		}
	}
	for b := 1; b < n; b++ {
		d.Idom[d.RPO[b].ID] = d.RPO[idom[b]]
	}
}

func intersect(idom []int32, a, b int32) int32 {
	for a != b {
		for a > b {
			a = idom[a]
		}
		for b > a {
			b = idom[b]
		}
	}
	return a
}

// number gives each block its interval: a parent comes before its children in
// reverse postorder, so sizes accumulate backwards and starts are handed out forwards.
func (d *DomTree) number() {
	size := make([]int32, len(d.in))
	for i := len(d.RPO) - 1; i >= 0; i-- {
		b := d.RPO[i]
		size[b.ID]++
		if p := d.Idom[b.ID]; p != nil {
			size[p.ID] += size[b.ID]
		}
	}
	next := make([]int32, len(d.in))
	for _, b := range d.RPO {
		if p := d.Idom[b.ID]; p != nil {
			d.in[b.ID] = next[p.ID]
			next[p.ID] += size[b.ID]
		}
		d.out[b.ID] = d.in[b.ID] + size[b.ID]
		next[b.ID] = d.in[b.ID] + 1
	}
}

// Reachable reports whether the entry reaches b.
func (d *DomTree) Reachable(b *Block) bool { return d.Order[b.ID] >= 0 }

// Dominates reports whether every path from the entry to b passes through a;
// a block dominates itself. Both must be reachable.
func (d *DomTree) Dominates(a, b *Block) bool {
	return d.in[a.ID] <= d.in[b.ID] && d.in[b.ID] < d.out[a.ID]
}
