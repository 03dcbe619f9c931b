package opt

import (
	"slices"

	"martlet/ir"
)

// cfg is what passes know of a function's control flow: reachable blocks in
// reverse postorder, dominators and natural loops.
//
// Dominators are computed as in Cooper, Harvey, Kennedy, "A Simple, Fast
// Dominance Algorithm" (2001). All tables are indexed by the position in rpo,
// which num gives for a block id.
type cfg struct {
	rpo   []*ir.Block
	num   []int32 // block id -> index in rpo, -1 if unreachable
	idom  []int32 // index of the immediate dominator; the entry's is itself
	pre   []int32 // dominator tree interval: a dominates b iff pre[a] <= pre[b] && post[b] <= post[a]
	post  []int32
	kids  [][]int32
	loops []*loop // outermost first
	inner []*loop // innermost loop of each block, or nil
}

// loop is a natural loop: the blocks that reach a back-edge's source without
// passing the header.
type loop struct {
	head   *ir.Block
	parent *loop
	depth  int
	blocks []*ir.Block // in reverse postorder; the header first
}

// has reports whether b is in the loop: natural loops with different headers are nested or disjoint, so that b's
// innermost loop or one around it would be l. (A set for each loop would make time and memory quadratic.)
func (l *loop) has(c *cfg, b *ir.Block) bool {
	m := c.inner[c.num[b.ID]]
	for m != nil && m.depth > l.depth {
		m = m.parent
	}
	return m == l
}

// newCFG drops unreachable blocks from f, fills Preds and computes dominators.
// Loops are computed on demand by findLoops.
func newCFG(f *ir.Func) *cfg {
	c := &cfg{num: make([]int32, f.NumBlocks())}
	c.order(f)
	f.Blocks = append(f.Blocks[:0], keepReachable(f.Blocks, c.num)...)
	f.ComputePreds()
	c.dominators()
	c.intervals()
	return c
}

func keepReachable(blocks []*ir.Block, num []int32) []*ir.Block {
	kept := make([]*ir.Block, 0, len(blocks))
	for _, b := range blocks {
		if num[b.ID] >= 0 {
			kept = append(kept, b)
		}
	}
	return kept
}

// order fills rpo and num by a depth-first walk without recursion.
func (c *cfg) order(f *ir.Func) {
	for i := range c.num {
		c.num[i] = -1
	}
	type frame struct {
		b    *ir.Block
		next int
	}
	var post []*ir.Block
	stack := []frame{{b: f.Blocks[0]}}
	c.num[f.Blocks[0].ID] = 0
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next == len(top.b.End.Succs) {
			post = append(post, top.b)
			stack = stack[:len(stack)-1]
			continue
		}
		// Successors are visited last to first, so that the first comes first in reverse postorder.
		to := top.b.End.Succs[len(top.b.End.Succs)-1-top.next].To
		top.next++
		if c.num[to.ID] < 0 {
			c.num[to.ID] = 0
			stack = append(stack, frame{b: to})
		}
	}
	c.rpo = make([]*ir.Block, len(post))
	for i, b := range post {
		k := len(post) - 1 - i
		c.rpo[k] = b
		c.num[b.ID] = int32(k)
	}
}

func (c *cfg) dominators() {
	c.idom = make([]int32, len(c.rpo))
	for i := range c.idom {
		c.idom[i] = -1
	}
	c.idom[0] = 0
	for changed := true; changed; {
		changed = false
		for i := 1; i < len(c.rpo); i++ {
			d := int32(-1)
			for _, p := range c.rpo[i].Preds {
				d = c.meet(d, c.num[p.ID])
			}
			if d != c.idom[i] {
				c.idom[i] = d
				changed = true
			}
		}
	}
}

// meet returns the nearest common dominator of a (or -1) and b, if b has been reached.
func (c *cfg) meet(a, b int32) int32 {
	if c.idom[b] < 0 {
		return a
	}
	if a < 0 {
		return b
	}
	for a != b {
		for a > b {
			a = c.idom[a]
		}
		for b > a {
			b = c.idom[b]
		}
	}
	return a
}

// intervals numbers the dominator tree, so that dominance is two comparisons.
func (c *cfg) intervals() {
	n := len(c.rpo)
	c.kids = make([][]int32, n)
	for i := 1; i < n; i++ {
		c.kids[c.idom[i]] = append(c.kids[c.idom[i]], int32(i))
	}
	c.pre, c.post = make([]int32, n), make([]int32, n)
	clock := int32(0)
	type frame struct {
		b    int32
		next int
	}
	stack := []frame{{}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next == 0 {
			c.pre[top.b] = clock
			clock++
		}
		if top.next < len(c.kids[top.b]) {
			k := c.kids[top.b][top.next]
			top.next++
			stack = append(stack, frame{b: k})
			continue
		}
		c.post[top.b] = clock
		clock++
		stack = stack[:len(stack)-1]
	}
}

// dominates reports whether every path to b passes a. A block dominates itself.
func (c *cfg) dominates(a, b *ir.Block) bool {
	x, y := c.num[a.ID], c.num[b.ID]
	return c.pre[x] <= c.pre[y] && c.post[y] <= c.post[x]
}

// findLoops finds the natural loops. Irreducible cycles are no loops here and
// stay as they are.
func (c *cfg) findLoops() {
	if c.inner != nil {
		return
	}
	c.inner = make([]*loop, len(c.rpo))
	seen := make([]*loop, len(c.rpo)) // the last loop that a block was found in
	// Inner headers come later in reverse postorder than outer ones.
	for i := len(c.rpo) - 1; i >= 0; i-- {
		h := c.rpo[i]
		var l *loop
		for _, p := range h.Preds {
			if c.dominates(h, p) {
				if l == nil {
					l = &loop{head: h, blocks: []*ir.Block{h}}
					seen[i] = l
				}
				c.growLoop(l, p, seen)
			}
		}
		if l != nil {
			c.loops = append(c.loops, l)
		}
	}
	for i, j := 0, len(c.loops)-1; i < j; i, j = i+1, j-1 {
		c.loops[i], c.loops[j] = c.loops[j], c.loops[i]
	}
	for _, l := range c.loops {
		c.nestLoop(l)
	}
}

func (c *cfg) growLoop(l *loop, from *ir.Block, seen []*loop) {
	work := []*ir.Block{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[c.num[b.ID]] == l {
			continue
		}
		seen[c.num[b.ID]] = l
		l.blocks = append(l.blocks, b)
		work = append(work, b.Preds...)
	}
}

// nestLoop is called outermost first, so the innermost loop known of the header is the parent.
func (c *cfg) nestLoop(l *loop) {
	l.parent = c.inner[c.num[l.head.ID]]
	l.depth = 1
	if l.parent != nil {
		l.depth = l.parent.depth + 1
	}
	slices.SortFunc(l.blocks, func(a, b *ir.Block) int { return int(c.num[a.ID] - c.num[b.ID]) })
	for _, b := range l.blocks {
		c.inner[c.num[b.ID]] = l
	}
}
