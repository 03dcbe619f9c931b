package genext

import (
	"math/bits"
	"slices"

	"martlet/ir"
)

// regs holds the boxes of a frame's registers by value id: a small
// open-addressing hash table. A dispatch loop has thousands of values of which
// a path computes a few hundred, and states are copied at every split, so a
// slice indexed by id would be mostly zeros to allocate and to copy. A copy that
// has the live registers only is packed, until another one is set.
type regs struct {
	ids  []int32 // id + 1; 0 is a free slot
	vals []box
	n    int
	live []ir.ID // packed: the id of each of vals, ascending
}

// packed copies the registers listed.
func (r *regs) packed(live []ir.ID) regs {
	c := regs{live: live, vals: make([]box, len(live))}
	for i, id := range live {
		c.vals[i] = r.get(id)
	}
	return c
}

// unpack makes a table.
func (r *regs) unpack(p *regPool) {
	c := p.get(len(r.live) + 8)
	for i, id := range r.live {
		c.set(id, r.vals[i])
	}
	*r = c
}

// makeRegs returns a table with room for n registers.
func makeRegs(n int) regs {
	size := 16
	for size < 2*n {
		size *= 2
	}
	return regs{ids: make([]int32, size), vals: make([]box, size)}
}

// regPool keeps the tables of frames that were left, by the logarithm of their size: helpers are inlined by the
// thousand.
type regPool struct{ free [16][]regs }

// get returns an empty table with room for n registers.
func (p *regPool) get(n int) regs {
	k := max(4, bits.Len(uint(max(2*n-1, 0))))
	if p == nil || k >= len(p.free) || len(p.free[k]) == 0 {
		return makeRegs(n)
	}
	l := p.free[k]
	r := l[len(l)-1]
	p.free[k] = l[:len(l)-1]
	clear(r.ids)
	return r
}

// put takes a table that nobody uses any more.
func (p *regPool) put(r regs) {
	if k := bits.TrailingZeros(uint(len(r.ids))); p != nil && r.live == nil && k < len(p.free) {
		r.n = 0
		p.free[k] = append(p.free[k], r)
	}
}

func (r *regs) slot(id ir.ID) int {
	mask := uint32(len(r.ids) - 1)
	i := uint32(id) * 0x9E3779B1 >> 7 & mask
	for r.ids[i] != 0 && r.ids[i] != int32(id)+1 {
		i = (i + 1) & mask
	}
	return int(i)
}

// get returns the box of a register; one never set is the zero box.
func (r *regs) get(id ir.ID) box {
	if r.live != nil {
		if i, ok := slices.BinarySearch(r.live, id); ok {
			return r.vals[i]
		}
		return box{}
	}
	if len(r.ids) == 0 {
		return box{}
	}
	i := r.slot(id)
	if r.ids[i] == 0 {
		return box{}
	}
	return r.vals[i]
}

// at returns the place of a register, good until the next at of a new one.
func (r *regs) at(id ir.ID) *box {
	if r.live != nil {
		if i, ok := slices.BinarySearch(r.live, id); ok {
			return &r.vals[i]
		}
		r.unpack(nil)
	}
	if 2*(r.n+1) > len(r.ids) {
		r.grow()
	}
	i := r.slot(id)
	if r.ids[i] == 0 {
		r.ids[i] = int32(id) + 1
		r.n++
	}
	return &r.vals[i]
}

func (r *regs) set(id ir.ID, b box) { *r.at(id) = b }

func (r *regs) grow() {
	old := *r
	*r = makeRegs(old.n + 8)
	for i, id := range old.ids {
		if id != 0 {
			r.set(ir.ID(id-1), old.vals[i])
		}
	}
}
