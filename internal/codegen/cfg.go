package codegen

import "martlet/ir"

// Control flow: block order, loops, frequencies, edge blocks.
//
// Two depth-first walks. The first, in any order, numbers the blocks and
// finds the dominator tree (Cooper, Harvey, Kennedy: A simple, fast dominance
// algorithm) and with it the natural loops, inner before outer. The second
// visits a block's successors in the order "leaves the loop", "cold", "hot",
// so that its reverse postorder has most loops contiguous and the likely
// successor right behind its predecessor. Every critical edge gets a block of
// its own, so that moves for an edge have a place; emission drops the empty ones.
//
// An irreducible graph has a retreating edge whose target does not dominate
// its source; no loop is made for it, and liveness is then computed by iteration (live.go).

// cfg is scratch memory of the analysis, indexed by IR block id or by number in c.order.
type cfg struct {
	num      []int32     // IR block id -> number in order, -1: unreachable
	order    []*ir.Block // reverse postorder
	idom     []int32
	predOff  []int32 // by number; predecessors of number i are preds[predOff[i]:predOff[i+1]]
	preds    []int32
	loopOf   []int32
	loops    []loop
	freq     []float32
	stack    []frame
	work     []int32
	irreduc  bool
	retreat  []bool // target of a retreating edge
	coldMark []bool
}

type frame struct {
	b    *ir.Block
	next int32
	ord  [2]int8
}

func (g *cfg) analyse(f *ir.Func) {
	g.num = resize(g.num, f.NumBlocks())
	g.walk(f, false)
	g.predecessors()
	g.dominators()
	g.findLoops()
	g.markCold()
	g.walk(f, true)
	g.predecessors()
	g.dominators()
	g.findLoops()
	g.markCold()
	g.frequencies()
}

// walk computes order and num by depth-first search; smart uses the loops and
// temperatures of an earlier walk to choose the order of successors.
func (g *cfg) walk(f *ir.Func, smart bool) {
	old := append([]int32(nil), g.num...)
	for i := range g.num {
		g.num[i] = -1
	}
	post := make([]*ir.Block, 0, len(f.Blocks))
	g.stack = append(g.stack[:0], frame{b: f.Blocks[0]})
	g.num[f.Blocks[0].ID] = 0
	for len(g.stack) > 0 {
		top := &g.stack[len(g.stack)-1]
		n := int32(len(top.b.End.Succs))
		if top.next == 0 && smart && n == 2 {
			top.ord = g.successorOrder(old, top.b)
		}
		if top.next == n {
			post = append(post, top.b)
			g.stack = g.stack[:len(g.stack)-1]
			continue
		}
		k := n - 1 - top.next // later successors first: the first comes right behind
		if n == 2 && smart {
			k = int32(top.ord[top.next])
		}
		top.next++
		if to := top.b.End.Succs[k].To; g.num[to.ID] < 0 {
			g.num[to.ID] = 0
			g.stack = append(g.stack, frame{b: to})
		}
	}
	g.order = g.order[:0]
	for i := len(post) - 1; i >= 0; i-- {
		g.num[post[i].ID] = int32(len(g.order))
		g.order = append(g.order, post[i])
	}
}

// successorOrder returns the order in which to visit two successors: what
// shall come last in the layout first.
func (g *cfg) successorOrder(old []int32, b *ir.Block) [2]int8 {
	a, z := old[b.End.Succs[0].To.ID], old[b.End.Succs[1].To.ID]
	from := old[b.ID]
	if g.exits(from, a) != g.exits(from, z) {
		if g.exits(from, a) {
			return [2]int8{0, 1}
		}
		return [2]int8{1, 0}
	}
	if g.coldMark[a] != g.coldMark[z] {
		if g.coldMark[a] {
			return [2]int8{0, 1}
		}
		return [2]int8{1, 0}
	}
	if b.End.Succs[0].Weight < b.End.Succs[1].Weight {
		return [2]int8{0, 1}
	}
	return [2]int8{1, 0}
}

// exits says whether an edge leaves the innermost loop of its source.
func (g *cfg) exits(from, to int32) bool {
	l := g.loopOf[from]
	return l >= 0 && !g.inLoop(to, l)
}

// inLoop says whether block b is in loop l.
func (g *cfg) inLoop(b, l int32) bool {
	for k := g.loopOf[b]; k >= 0; k = g.loops[k].parent {
		if k == l {
			return true
		}
	}
	return false
}

func (g *cfg) predecessors() {
	n := len(g.order)
	g.predOff = resize(g.predOff, n+1)
	clear(g.predOff)
	total := 0
	for _, b := range g.order {
		for i := range b.End.Succs {
			g.predOff[g.num[b.End.Succs[i].To.ID]+1]++
			total++
		}
	}
	for i := range n {
		g.predOff[i+1] += g.predOff[i]
	}
	g.preds = resize(g.preds, total)
	g.work = resize(g.work, n)
	copy(g.work, g.predOff[:n])
	for bi, b := range g.order {
		for i := range b.End.Succs {
			to := g.num[b.End.Succs[i].To.ID]
			g.preds[g.work[to]] = int32(bi)
			g.work[to]++
		}
	}
}

func (g *cfg) predsOf(b int32) []int32 { return g.preds[g.predOff[b]:g.predOff[b+1]] }

func (g *cfg) dominators() {
	n := len(g.order)
	g.idom = resize(g.idom, n)
	for i := range g.idom {
		g.idom[i] = -1
	}
	g.idom[0] = 0
	for changed := true; changed; {
		changed = false
		for b := int32(1); b < int32(n); b++ {
			d := int32(-1)
			for _, p := range g.predsOf(b) {
				switch {
				case g.idom[p] < 0:
				case d < 0:
					d = p
				default:
					d = g.intersect(d, p)
				}
			}
			if d != g.idom[b] {
				g.idom[b] = d
				changed = true
			}
		}
	}
}

func (g *cfg) intersect(a, b int32) int32 {
	for a != b {
		for a > b {
			a = g.idom[a]
		}
		for b > a {
			b = g.idom[b]
		}
	}
	return a
}

// dominates says whether block a dominates block b.
func (g *cfg) dominates(a, b int32) bool {
	for b > a {
		b = g.idom[b]
	}
	return a == b
}

// findLoops makes a loop for every target of a back-edge, inner headers
// first, and sets loopOf. The body walk steps over inner loops as a whole.
func (g *cfg) findLoops() {
	n := int32(len(g.order))
	g.loops = g.loops[:0]
	g.loopOf = resize(g.loopOf, int(n))
	g.retreat = resize(g.retreat, int(n))
	clear(g.retreat)
	for i := range g.loopOf {
		g.loopOf[i] = -1
	}
	g.irreduc = false
	for h := n - 1; h >= 0; h-- {
		g.work = g.work[:0]
		for _, p := range g.predsOf(h) {
			if p < h {
				continue
			}
			g.retreat[h] = true
			if g.dominates(h, p) {
				g.work = append(g.work, p)
			} else {
				g.irreduc = true
			}
		}
		if len(g.work) > 0 {
			g.loopBody(h)
		}
	}
	for i := len(g.loops) - 1; i >= 0; i-- { // outer loops come later
		l := &g.loops[i]
		l.depth = 1
		if l.parent >= 0 {
			l.depth = g.loops[l.parent].depth + 1
		}
	}
}

func (g *cfg) loopBody(h int32) {
	l := int32(len(g.loops))
	g.loops = append(g.loops, loop{header: h, parent: -1, last: h})
	for len(g.work) > 0 {
		b := g.work[len(g.work)-1]
		g.work = g.work[:len(g.work)-1]
		k := g.loopOf[b]
		if k < 0 {
			g.loopOf[b] = l
			g.loops[l].last = max(g.loops[l].last, b)
			if b != h {
				g.work = append(g.work, g.predsOf(b)...)
			}
			continue
		}
		for g.loops[k].parent >= 0 {
			k = g.loops[k].parent
		}
		if k == l {
			continue
		}
		g.loops[k].parent = l
		g.loops[l].last = max(g.loops[l].last, g.loops[k].last)
		for _, p := range g.predsOf(g.loops[k].header) {
			if !g.inLoop(p, k) {
				g.work = append(g.work, p)
			}
		}
	}
	if g.loopOf[h] < 0 {
		g.loopOf[h] = l
	}
}

// markCold marks blocks that end badly or are said to be cold, and those that
// lead to such blocks only.
func (g *cfg) markCold() {
	g.coldMark = resize(g.coldMark, len(g.order))
	for i := len(g.order) - 1; i >= 0; i-- {
		b := g.order[i]
		switch b.End.Op {
		case ir.OpTrap, ir.OpExit, ir.OpUnreachable:
			g.coldMark[i] = true
			continue
		}
		cold := b.Weight < 0
		if !cold && len(b.End.Succs) > 0 {
			cold = true
			for k := range b.End.Succs {
				to := g.num[b.End.Succs[k].To.ID]
				cold = cold && to > int32(i) && g.coldMark[to]
			}
		}
		g.coldMark[i] = cold
	}
	g.coldMark[0] = false
}

// Frequency guesses: a loop runs 8 times, a cold block hardly ever.
const (
	loopTrips = 8
	coldShare = 1.0 / 512
)

func (g *cfg) frequencies() {
	g.freq = resize(g.freq, len(g.order))
	clear(g.freq)
	g.freq[0] = 1
	for i, b := range g.order {
		bi := int32(i)
		if l := g.loopOf[bi]; l >= 0 && g.loops[l].header == bi {
			g.freq[bi] *= loopTrips
		}
		g.freq[bi] = max(g.freq[bi], 1e-6)
		for k := range b.End.Succs {
			to := g.num[b.End.Succs[k].To.ID]
			if to > bi {
				g.freq[to] = min(g.freq[to]+g.freq[bi]*g.share(bi, k), 1e12)
			}
		}
	}
}

// share is the probability of edge k of block b.
func (g *cfg) share(b int32, k int) float32 {
	succs := g.order[b].End.Succs
	if len(succs) == 1 {
		return 1
	}
	var total float32
	for i := range succs {
		total += max(succs[i].Weight, 0)
	}
	if total > 0 {
		return max(succs[k].Weight/total, coldShare/4)
	}
	if len(succs) != 2 {
		if g.coldMark[g.num[succs[k].To.ID]] {
			return coldShare
		}
		return 1 / float32(len(succs))
	}
	to, other := g.num[succs[k].To.ID], g.num[succs[1-k].To.ID]
	if g.exits(b, to) != g.exits(b, other) {
		if g.exits(b, to) {
			return 1.0 / loopTrips
		}
		return 1 - 1.0/loopTrips
	}
	if g.coldMark[to] != g.coldMark[other] {
		if g.coldMark[to] {
			return coldShare
		}
		return 1 - coldShare
	}
	return 0.5
}

// resize returns s with length n, reusing its memory; the contents are undefined.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}
