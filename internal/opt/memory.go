package opt

import "martlet/ir"

// memory forwards stored and loaded values to later loads of the same place,
// and drops stores that are overwritten before anybody can look.
//
// A place is (address, offset, type). What is known at the start of a block is
// what its immediate dominator knew at its end, less what the blocks on the
// way may have overwritten; those are found by walking backwards from the
// block's predecessors up to the dominator, at most pathBlocks of them, else
// nothing is known. Two accesses may touch the same bytes unless their alias
// classes differ and are not 0, or their bases are the same and their ranges
// disjoint, or their bases are different fresh objects or stack slots.
func memory(r *run) {
	c := r.cfg()
	m := &memState{run: r, cfg: c, out: make([][]place, len(c.rpo)), kills: make([]*killSet, len(c.rpo))}
	for i, b := range c.rpo {
		m.kills[i] = killsOf(b)
	}
	for i, b := range c.rpo {
		m.cur = m.entry(i, b)
		m.block(b)
		m.out[i] = m.cur
	}
	r.apply()
	for _, b := range c.rpo {
		r.deadStores(b)
	}
}

const (
	pathBlocks = 48  // blocks walked to find what happens between a block and its dominator
	maxPlaces  = 256 // places remembered at once
)

// place is a memory place whose content is known.
type place struct {
	base  *ir.Value
	off   int64
	t     ir.Type
	class ir.AliasClass
	fixed bool // immutable: no store changes it
	val   *ir.Value
}

type memState struct {
	*run
	cfg   *cfg
	cur   []place
	out   [][]place
	kills []*killSet
}

// killSet says what a block may overwrite: the stores, or everything.
type killSet struct {
	all    bool
	stores []*ir.Value
}

func killsOf(b *ir.Block) *killSet {
	k := &killSet{}
	for _, v := range b.Insts {
		switch {
		case v.Op == ir.OpStore:
			k.stores = append(k.stores, v)
		case v.Op.Has(ir.PropWrite):
			k.all = true
		}
	}
	return k
}

// entry returns what is known at the start of block i.
func (m *memState) entry(i int, b *ir.Block) []place {
	if i == 0 {
		return nil
	}
	dom := m.cfg.idom[i]
	known := append([]place(nil), m.out[dom]...)
	if len(known) == 0 || len(b.Preds) == 1 {
		return known
	}
	seen := map[int32]bool{dom: true}
	work := append([]*ir.Block(nil), b.Preds...)
	for len(work) > 0 && len(known) > 0 {
		p := m.cfg.num[work[len(work)-1].ID]
		work = work[:len(work)-1]
		if seen[p] {
			continue
		}
		if seen[p] = true; len(seen) > pathBlocks {
			return fixedOnly(known)
		}
		known = m.kill(known, m.kills[p])
		work = append(work, m.cfg.rpo[p].Preds...)
	}
	return known
}

func fixedOnly(known []place) []place {
	kept := known[:0]
	for _, p := range known {
		if p.fixed {
			kept = append(kept, p)
		}
	}
	return kept
}

func (m *memState) kill(known []place, k *killSet) []place {
	if k.all {
		return fixedOnly(known)
	}
	for _, st := range k.stores {
		known = clobber(known, st)
	}
	return known
}

// clobber drops what a store may overwrite.
func clobber(known []place, st *ir.Value) []place {
	kept := known[:0]
	for _, p := range known {
		if p.fixed || !mayAlias(p.base, p.off, p.t, p.class, st) {
			kept = append(kept, p)
		}
	}
	return kept
}

func mayAlias(base *ir.Value, off int64, t ir.Type, class ir.AliasClass, st *ir.Value) bool {
	if class != 0 && st.Mem.Class != 0 && class != st.Mem.Class {
		return false
	}
	other := st.Args[0]
	if base == other {
		return off < st.Imm+int64(st.Args[1].Type.Size()) && st.Imm < off+int64(t.Size())
	}
	return !distinct(base, other)
}

// distinct reports whether two addresses belong to different objects for sure.
func distinct(x, y *ir.Value) bool {
	rx, ry := root(x), root(y)
	return rx != ry && fresh(rx) && fresh(ry)
}

// root returns the object an address was computed from.
func root(v *ir.Value) *ir.Value {
	for v.Op == ir.OpAddrof {
		v = v.Args[0]
	}
	return v
}

// fresh reports whether v is an object of its own: made here, a stack slot or a global.
func fresh(v *ir.Value) bool {
	switch v.Op {
	case ir.OpAlloc, ir.OpAllocarray, ir.OpStackaddr, ir.OpSymaddr:
		return true
	}
	return false
}

func (m *memState) block(b *ir.Block) {
	kept := b.Insts[:0]
	for _, v := range b.Insts {
		m.findAll(v.Args)
		switch {
		case v.Op == ir.OpLoad:
			if m.forward(v) {
				continue
			}
		case v.Op == ir.OpStore:
			m.cur = clobber(m.cur, v)
			m.remember(place{v.Args[0], v.Imm, v.Args[1].Type, v.Mem.Class, false, v.Args[1]})
		case v.Op.Has(ir.PropWrite):
			m.cur = fixedOnly(m.cur)
		}
		kept = append(kept, v)
	}
	clear(b.Insts[len(kept):])
	b.Insts = kept
}

// forward replaces a load whose value is known. The load goes at once: its
// address has been accessed before, so it cannot trap. (Left for the
// sweep as a load that does not trap, it could be hoisted above that access and its checks.)
func (m *memState) forward(v *ir.Value) bool {
	for i := range m.cur {
		p := &m.cur[i]
		if p.base == v.Args[0] && p.off == v.Imm && p.t == v.Type {
			if !m.spend() {
				return false
			}
			m.replace(v, p.val)
			return true
		}
	}
	m.remember(place{v.Args[0], v.Imm, v.Type, v.Mem.Class, v.Mem.Flags&ir.Immutable != 0, v})
	return false
}

func (m *memState) remember(p place) {
	if len(m.cur) >= maxPlaces {
		m.cur = append(m.cur[:0], m.cur[maxPlaces/2:]...)
	}
	m.cur = append(m.cur, p)
}

// deadStores drops stores that the same block overwrites before any read,
// call, exit or trap could show them.
func (r *run) deadStores(b *ir.Block) {
	var later []*ir.Value // stores further down that nothing in between can see
	for i := len(b.Insts) - 1; i >= 0; i-- {
		v := b.Insts[i]
		switch {
		case v.Op == ir.OpStore:
			if covered(v, later) && r.spend() {
				b.Insts = append(b.Insts[:i], b.Insts[i+1:]...)
				continue
			}
			if v.Mem.Flags&ir.NonTrap == 0 && !fresh(root(v.Args[0])) {
				later = later[:0] // it may trap, and a trap shows memory
			}
			later = append(later, v)
		case v.Op.Has(ir.PropRead), v.Op == ir.OpGuard, v.Op == ir.OpPoll, v.Op.Has(ir.PropTrap):
			later = later[:0]
		case v.Op.Has(ir.PropExit) && v.Op != ir.OpAlloc:
			later = later[:0]
		}
	}
}

func covered(v *ir.Value, later []*ir.Value) bool {
	for _, w := range later {
		if w.Args[0] == v.Args[0] && w.Imm == v.Imm && w.Args[1].Type.Size() >= v.Args[1].Type.Size() {
			return true
		}
	}
	return false
}
