package genext

import (
	"math/bits"
	"slices"
	"sync/atomic"

	"martlet/ir"
)

// liveness says which registers of a graph matter at a position. Constants
// are never live: a fresh frame has them. Block sets come from the usual
// backward fixpoint over bit sets; lists for positions are made on demand and kept.
type liveness struct {
	in    [][]uint64                  // by block id: live at the start, parameters excluded
	lists []atomic.Pointer[liveLists] // by block id; drivers of several goroutines share a graph
}

// liveLists are the lists of a block, by instruction.
type liveLists struct{ before, during []atomic.Pointer[[]ir.ID] }

func (l *liveness) of(b *ir.Block) *liveLists {
	if ls := l.lists[b.ID].Load(); ls != nil {
		return ls
	}
	n := len(b.Insts) + 1
	ls := &liveLists{make([]atomic.Pointer[[]ir.ID], n), make([]atomic.Pointer[[]ir.ID], n)}
	if !l.lists[b.ID].CompareAndSwap(nil, ls) {
		return l.lists[b.ID].Load()
	}
	return ls
}

func isConstant(v *ir.Value) bool {
	return v.Op == ir.OpConst || v.Op == ir.OpRefconst || v.Op == ir.OpSymaddr
}

type bitset = []uint64

func setBit(s bitset, id ir.ID)   { s[id>>6] |= 1 << (id & 63) }
func clearBit(s bitset, id ir.ID) { s[id>>6] &^= 1 << (id & 63) }

func (g *graph) liveness() *liveness {
	g.liveOnce.Do(func() { g.live = computeLive(g.fn) })
	return g.live
}

func computeLive(f *ir.Func) *liveness {
	n := (f.NumValues() + 63) / 64
	l := &liveness{in: make([][]uint64, f.NumBlocks()), lists: make([]atomic.Pointer[liveLists], f.NumBlocks())}
	for i := range l.in {
		l.in[i] = make([]uint64, n)
	}
	cur := make(bitset, n)
	for changed := true; changed; {
		changed = false
		for i := len(f.Blocks) - 1; i >= 0; i-- {
			b := f.Blocks[i]
			l.before(b, 0, cur)
			for _, p := range b.Params {
				clearBit(cur, p.ID)
			}
			if !slices.Equal(cur, l.in[b.ID]) {
				copy(l.in[b.ID], cur)
				changed = true
			}
		}
	}
	return l
}

// before computes into s what is live before instruction idx of b.
func (l *liveness) before(b *ir.Block, idx int, s bitset) {
	clear(s)
	for i := range b.End.Succs {
		e := &b.End.Succs[i]
		for k, w := range l.in[e.To.ID] {
			s[k] |= w
		}
		use(s, e.Args)
	}
	use(s, b.End.Args)
	for i := len(b.Insts) - 1; i >= idx; i-- {
		v := b.Insts[i]
		clearBit(s, v.ID)
		if v.Op != ir.OpResult {
			use(s, v.Args)
		}
	}
}

func use(s bitset, args []*ir.Value) {
	for _, a := range args {
		if !isConstant(a) {
			setBit(s, a.ID)
		}
	}
}

// at lists the live registers before instruction idx of b; at the start of a
// block that includes its parameters.
func (l *liveness) at(b *ir.Block, idx int) []ir.ID {
	list := &l.of(b).before[idx]
	if ids := list.Load(); ids != nil {
		return *ids
	}
	s := make(bitset, len(l.in[b.ID]))
	l.before(b, idx, s)
	var ids []ir.ID
	for k, w := range s {
		for ; w != 0; w &= w - 1 {
			ids = append(ids, ir.ID(k<<6+bits.TrailingZeros64(w)))
		}
	}
	list.Store(&ids)
	return ids
}

// afterCall lists the registers that are live while the call at idx runs: live after it, its results excluded.
func (l *liveness) afterCall(b *ir.Block, idx int) []ir.ID {
	list := &l.of(b).during[idx]
	if ids := list.Load(); ids != nil {
		return *ids
	}
	n := max(1, b.Insts[idx].NumResults())
	var ids []ir.ID
	for _, id := range l.at(b, idx+n) {
		if !slices.ContainsFunc(b.Insts[idx:idx+n], func(v *ir.Value) bool { return v.ID == id }) {
			ids = append(ids, id)
		}
	}
	list.Store(&ids)
	return ids
}
