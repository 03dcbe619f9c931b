package codegen

import (
	"math"
	"slices"

	"martlet/internal/obj"
)

// After the scan: locations of operands, the moves between the pieces of
// intervals, slots.
//
// A move is (position, from, to); the moves of one position are parallel. Positions used:
//
//	4i        splits in front of instruction i, and its fixed uses
//	4j+1      j the jump that ends a block with one successor: edge moves
//	4l+3      l the label of a block with one predecessor: edge moves
//	4i+3      fixed results of instruction i; stores at definitions
//
// A vreg with a slot is stored either at its definition or at each place
// where it leaves a register for the slot: whichever runs less often.

type move struct {
	v        vreg // of the source; 0 for constants
	from, to loc
	next     int32 // next of the same position
}

type resolver struct {
	moves    []move
	moveAt   []int32 // by position: first move
	storeSum []float32
	defPos   []int32
	defLoc   []loc // where the definition itself leaves the value
	slot     []loc // by vreg
	pieces   []int32
	nstack   int32
	nref     int32
	liveAt   []regLive // refs (polls) or floats (barriers) in registers
	liveHead []int32   // by instruction
	byFrom   []vreg
}

// regLive says that a register is live across an instruction.
type regLive struct {
	reg  obj.Reg
	next int32
}

func (c *Compiler) resolve() {
	c.moves = append(c.moves[:0], move{})
	c.moveAt = resize(c.moveAt, 4*len(c.insts)+4)
	clear(c.moveAt)
	c.storeSum = resize(c.storeSum, len(c.vi))
	clear(c.storeSum)
	c.slot = resize(c.slot, len(c.vi))
	clear(c.slot)
	c.setLocations()
	for v := 1; v < len(c.vi); v++ {
		if c.iv[v].next != 0 {
			c.resolvePieces(int32(v))
		}
	}
	c.resolveEdges()
	c.resolveFixed()
	c.decideStores()
	c.assignSlots()
	c.substituteSlots()
	c.registersAcross()
}

// setLocations copies the location of every piece to the operands in it.
func (c *Compiler) setLocations() {
	for i := range c.iv {
		it := &c.iv[i]
		for u := it.uses; u != 0; u = c.uses[u].next {
			if o := &c.opnds[c.uses[u].opnd]; o.con != conFixed {
				o.loc = it.loc
				if it.loc == locSpill {
					o.loc = c.spilled(it.v)
				}
			} else {
				o.loc = regLoc(o.reg)
			}
		}
	}
}

// spilled is the not yet numbered slot of v: locSpill marks it, the vreg is known from the context.
func (c *Compiler) spilled(v vreg) loc {
	c.slot[v] = locSpill
	return locSpill
}

func (c *Compiler) addMove(pos int32, v vreg, from, to loc) {
	if from == to && from != locSpill {
		return
	}
	c.moves = append(c.moves, move{v: v, from: from, to: to, next: c.moveAt[pos]})
	c.moveAt[pos] = int32(len(c.moves) - 1)
}

// transition adds a move between two pieces of v.
func (c *Compiler) transition(pos int32, v vreg, from, to loc) {
	if from == to {
		return
	}
	if to == locSpill {
		if c.vi[v].remat != mNop {
			return
		}
		c.storeSum[v] += c.freqAt(pos)
	}
	c.addMove(pos, v, from, to)
}

// resolvePieces connects the pieces of vreg v, within blocks and across edges.
func (c *Compiler) resolvePieces(v int32) {
	c.pieces = c.pieces[:0]
	for i := v; i != 0; i = c.iv[i].next {
		c.pieces = append(c.pieces, i)
	}
	for k, i := range c.pieces {
		it := &c.iv[i]
		if k > 0 {
			p := &c.iv[c.pieces[k-1]]
			at := it.from
			if b := c.blockOf[at/4]; at&3 == 0 && at != 4*c.blocks[b].first && p.to == at {
				c.transition(at, it.v, p.loc, it.loc)
			}
		}
		c.resolveBlocks(i)
	}
}

// resolveBlocks adds the moves on the edges into blocks that start within piece i.
func (c *Compiler) resolveBlocks(i int32) {
	for r := c.iv[i].ranges; r != 0; r = c.ranges[r].next {
		from, to := c.ranges[r].from, c.ranges[r].to
		b := c.blockOf[from/4]
		if 4*c.blocks[b].first < from {
			b++
		}
		for ; b < int32(len(c.blocks)) && 4*c.blocks[b].first < to; b++ {
			if first := 4 * c.blocks[b].first; from <= first {
				if from < first && c.blocks[b].npred == 1 && c.predE[c.blocks[b].pred] == b-1 {
					continue // the piece goes on from the block before
				}
				for _, p := range c.mpreds(b) {
					end := 4*(c.blocks[p].last+1) - 1
					if end >= c.iv[i].from && end < c.iv[i].to {
						continue
					}
					if j := c.pieceAt(end); j != i && j >= 0 {
						c.transition(c.edgePos(p, b), c.iv[i].v, c.iv[j].loc, c.iv[i].loc)
					}
				}
			}
		}
	}
}

// pieceAt returns the piece of c.pieces that covers pos, -1 if none does.
func (c *Compiler) pieceAt(pos int32) int32 {
	lo, hi := 0, len(c.pieces)
	for lo < hi {
		m := (lo + hi) / 2
		if c.iv[c.pieces[m]].from <= pos {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == 0 {
		return -1
	}
	return c.pieces[lo-1]
}

// edgePos is the position of the moves on the edge from block p to block b.
func (c *Compiler) edgePos(p, b int32) int32 {
	if c.blocks[p].nsucc == 1 {
		return 4*c.blocks[p].last + 1
	}
	return 4*c.blocks[b].first + 3
}

// resolveEdges adds the moves from arguments to parameters.
func (c *Compiler) resolveEdges() {
	for p := range c.blocks {
		in := &c.insts[c.blocks[p].last]
		if in.op != mJmp || in.nop == 0 {
			continue
		}
		b := c.succsOf(int32(p))[0]
		label := &c.insts[c.blocks[b].first]
		for k := range int32(in.nop) {
			a, d := &c.opnds[in.opnd+k], &c.opnds[label.opnd+k]
			if d.loc == locSpill {
				c.spilled(d.v)
			}
			c.addPhiMove(4*c.blocks[p].last+1, a, d)
		}
	}
}

// addPhiMove moves an argument to a parameter. A spilled source or destination is numbered later by its vreg, so
// the destination's vreg is kept in a second record with no source.
func (c *Compiler) addPhiMove(pos int32, a, d *operand) {
	if a.loc == d.loc && a.loc != locSpill {
		return
	}
	to := d.loc
	if to == locSpill {
		to = slotOf(d.v)
	}
	c.addMove(pos, a.v, a.loc, to)
}

// slotOf encodes "the slot of v" as a destination whose number is not known yet.
func slotOf(v vreg) loc { return -loc(v) }

// resolveFixed adds the moves into and out of fixed registers and notes definitions.
func (c *Compiler) resolveFixed() {
	c.defPos = resize(c.defPos, len(c.vi))
	c.defLoc = resize(c.defLoc, len(c.vi))
	for i := range c.insts {
		in := &c.insts[i]
		ops := c.opnds[in.opnd : in.opnd+int32(in.nop)]
		for k := range ops {
			o := &ops[k]
			if o.v == 0 {
				continue
			}
			if o.isDef() {
				c.defPos[o.v], c.defLoc[o.v] = int32(4*i)+3, o.loc
				if o.con == conFixed {
					c.addMoveTo(int32(4*i)+3, o.v, o.loc, c.iv[o.v].loc)
				}
			}
		}
	}
	for i := range c.iv {
		it := &c.iv[i]
		for u := it.uses; u != 0; u = c.uses[u].next {
			if o := &c.opnds[c.uses[u].opnd]; o.con == conFixed && o.isUse() {
				c.addMoveTo(c.uses[u].pos+1, it.v, it.loc, regLoc(o.reg))
			}
		}
	}
}

// addMoveTo adds a move of v that is no transition between pieces.
func (c *Compiler) addMoveTo(pos int32, v vreg, from, to loc) {
	if to == locSpill {
		if c.vi[v].remat != mNop {
			return
		}
		c.slot[v] = locSpill
		to = slotOf(v)
	}
	if from == locSpill {
		c.slot[v] = locSpill
	}
	c.addMove(pos, v, from, to)
}

// decideStores chooses, for each vreg with a slot, between a store at the
// definition and stores at the transitions, and marks the moves that fall away.
func (c *Compiler) decideStores() {
	for v := 1; v < len(c.vi); v++ {
		if c.storeSum[v] == 0 {
			continue
		}
		c.slot[v] = locSpill
		if c.iv[v].loc == locSpill {
			c.storeSum[v] = -1 // in its slot from the start
			continue
		}
		if c.storeSum[v] >= c.freqAt(c.defPos[v]) {
			c.storeSum[v] = -1
			c.addMove(c.defPos[v], vreg(v), c.defLoc[v], slotOf(vreg(v)))
		}
	}
}

// assignSlots numbers the slots: vregs in the order of their start take the
// first slot of their kind that is free by then.
func (c *Compiler) assignSlots() {
	c.byFrom = c.byFrom[:0]
	for v := 1; v < len(c.vi); v++ {
		if c.slot[v] != noLoc && c.vi[v].remat == mNop {
			c.byFrom = append(c.byFrom, vreg(v))
		}
	}
	slices.SortFunc(c.byFrom, func(a, b vreg) int { return int(c.iv[a].from - c.iv[b].from) })
	var stackEnd, refEnd []int32
	for range c.inRefs { // incoming overflow refs sit in the first slots
		refEnd = append(refEnd, 0)
	}
	if c.t.Anchor != nil {
		refEnd[0] = math.MaxInt32 // never free
	}
	for _, v := range c.byFrom {
		if c.vi[v].ref {
			c.slot[v] = locRef0 + loc(takeSlot(&refEnd, c.iv[v].from, c.endOfVreg(v)))
		} else {
			c.slot[v] = locStack0 + loc(takeSlot(&stackEnd, c.iv[v].from, c.endOfVreg(v)))
		}
	}
	c.nstack, c.nref = int32(len(stackEnd)), int32(len(refEnd))
}

func (c *Compiler) endOfVreg(v vreg) int32 {
	i := int32(v)
	for c.iv[i].next != 0 {
		i = c.iv[i].next
	}
	return c.iv[i].to
}

// takeSlot returns a slot that is free from position from on.
func takeSlot(ends *[]int32, from, to int32) int {
	e := *ends
	for k := max(0, len(e)-64); k < len(e); k++ {
		if e[k] <= from {
			e[k] = to
			return k
		}
	}
	*ends = append(e, to)
	return len(e)
}

// substituteSlots puts slot numbers into operands and moves and drops needless moves.
func (c *Compiler) substituteSlots() {
	for i := range c.iv {
		it := &c.iv[i]
		if it.loc != locSpill {
			continue
		}
		for u := it.uses; u != 0; u = c.uses[u].next {
			if o := &c.opnds[c.uses[u].opnd]; o.con != conFixed {
				o.loc = c.slot[it.v]
				if c.vi[it.v].remat != mNop {
					o.loc = c.rematLoc(it.v)
				}
			}
		}
	}
	for k := 1; k < len(c.moves); k++ {
		c.substitute(&c.moves[k])
	}
}

func (c *Compiler) substitute(m *move) {
	if m.to == locSpill && c.storeSum[m.v] < 0 && m.from.isReg() {
		m.to = noLoc // stored at the definition
		return
	}
	if m.from == locSpill {
		m.from = c.slot[m.v]
		if c.vi[m.v].remat != mNop {
			m.from = c.rematLoc(m.v)
		}
	}
	switch {
	case m.to == locSpill:
		m.to = c.slot[m.v]
	case m.to < 0:
		m.to = c.slot[-m.to]
	}
	if m.from == m.to {
		m.to = noLoc
	}
}

// rematLoc marks a value to be made anew; the move or operand knows the vreg.
func (c *Compiler) rematLoc(v vreg) loc { return locRemat0 + loc(v) }

// registersAcross lists, for polls, the registers that hold live refs and, for
// barriers, those that hold live floats.
func (c *Compiler) registersAcross() {
	c.liveAt = append(c.liveAt[:0], regLive{})
	c.liveHead = resize(c.liveHead, len(c.insts))
	clear(c.liveHead)
	var polls, barriers []int32
	for i := range c.insts {
		switch c.insts[i].op {
		case mPoll:
			polls = append(polls, int32(i))
		case mStoreRef:
			barriers = append(barriers, int32(i))
		}
	}
	for i := range c.iv {
		it := &c.iv[i]
		if !it.loc.isReg() {
			continue
		}
		switch vi := &c.vi[it.v]; {
		case vi.ref && len(polls) > 0:
			c.across(it, polls)
		case vi.float && len(barriers) > 0:
			c.across(it, barriers)
		}
	}
}

func (c *Compiler) across(it *interval, at []int32) {
	for r := it.ranges; r != 0; r = c.ranges[r].next {
		from, to := c.ranges[r].from, c.ranges[r].to
		k, _ := slices.BinarySearchFunc(at, from, func(i, p int32) int {
			if 4*i+1 < p {
				return -1
			}
			return 1
		})
		for ; k < len(at) && 4*at[k]+2 < to; k++ {
			c.liveAt = append(c.liveAt, regLive{it.loc.reg(), c.liveHead[at[k]]})
			c.liveHead[at[k]] = int32(len(c.liveAt) - 1)
		}
	}
}
