package codegen

import (
	"slices"

	"martlet/internal/obj"
)

// Live intervals.
//
// Built in one pass over blocks and instructions from last to first (Wimmer
// and Franz, Linear scan register allocation on SSA form, CGO 2010): what is
// live into the successors is live through the block until a definition cuts
// it. At a loop header everything live into it is live throughout the loop,
// which is mostly one range; but blocks outside may lie between (what one arm of an if
// leaves the loop for, and the loop is not alone to lead to). They must stay out: a range over a block where the value is not live would make
// edges into it move what the old register holds by then, into a ref slot perhaps. For an irreducible graph
// the sets are computed by iteration first.
//
// An interval has ranges [from, to) and uses in ascending order, as linked
// lists in slabs, so that splitting is cutting. Fixed registers have ranges only.

type lrange struct {
	from, to int32
	next     int32
}

type useKind uint8

const (
	useNone useKind = iota // anywhere
	useAny                 // a register is better
	useMust                // needs a register
)

type luse struct {
	pos  int32
	next int32
	opnd int32
	kind useKind
}

// interval is a piece of a virtual register's life with one location. The
// first piece of vreg v has index v.
type interval struct {
	v        vreg
	ranges   int32
	uses     int32
	from, to int32
	loc      loc
	next     int32 // next piece
	link     int32 // next in a bucket
	cur      int32 // range cursor
	lastUse  int32 // position of the last use passed by next
	nextUse  int32 // use cursor
}

type live struct {
	ranges  []lrange
	uses    []luse
	iv      []interval
	fixed   [32]int32
	calls_  []int32 // late positions of calls, ascending
	liveIn  [][]vreg
	inSlab  []vreg
	stamp   []int32
	blockOf []int32 // by instruction
	preIn   [][]uint64
}

func (c *Compiler) buildIntervals() {
	c.ranges = append(c.ranges[:0], lrange{})
	c.uses = append(c.uses[:0], luse{})
	c.iv = resize(c.iv, len(c.vi))
	for i := range c.iv {
		c.iv[i] = interval{v: vreg(i)}
	}
	clear(c.fixed[:])
	c.calls_ = c.calls_[:0]
	c.liveIn = resize(c.liveIn, len(c.blocks))
	clear(c.liveIn)
	c.inSlab = c.inSlab[:0]
	c.stamp = resize(c.stamp, len(c.vi))
	clear(c.stamp)
	c.blockOf = resize(c.blockOf, len(c.insts))
	if c.irreduc {
		c.iterateLiveness()
	}
	for b := int32(len(c.blocks)) - 1; b >= 0; b-- {
		c.liveBlock(b)
	}
	slices.Reverse(c.calls_)
	for i := range c.iv {
		it := &c.iv[i]
		it.from, it.to = c.span(it.ranges)
		it.cur, it.nextUse = it.ranges, it.uses
		it.lastUse = -1
	}
}

func (c *Compiler) span(r int32) (from, to int32) {
	if r == 0 {
		return 0, 0
	}
	from = c.ranges[r].from
	for ; r != 0; r = c.ranges[r].next {
		to = c.ranges[r].to
	}
	return from, to
}

// liveBlock adds the ranges and uses of one block.
func (c *Compiler) liveBlock(bi int32) {
	b := &c.blocks[bi]
	from, to := 4*b.first, 4*(b.last+1)
	start := len(c.inSlab)
	for _, s := range c.succsOf(bi) {
		for _, v := range c.liveIn[s] {
			c.liveThrough(v, bi, from, to)
		}
	}
	if c.irreduc {
		c.liveOutBits(bi, from, to)
	}
	for i := b.last; i >= b.first; i-- {
		c.blockOf[i] = bi
		c.liveInst(i, bi, from)
	}
	set := c.inSlab[start:]
	n := 0
	for _, v := range set {
		if r := c.iv[v].ranges; r != 0 && c.ranges[r].from == from {
			set[n] = v
			n++
		}
	}
	c.inSlab = c.inSlab[:start+n]
	c.liveIn[bi] = c.inSlab[start : start+n : start+n]
	if l := b.loop; l >= 0 && c.loops[l].header == bi && !c.irreduc {
		c.liveAround(l)
	}
}

// liveAround makes what is live into a loop's header live in all blocks of the loop, and in no others that lie between them.
func (c *Compiler) liveAround(l int32) {
	h, last := c.loops[l].header, c.loops[l].last
	for b := h; b <= last; b++ {
		if !c.within(b, l) {
			continue
		}
		from := 4 * c.blocks[b].first
		for b < last && c.within(b+1, l) {
			b++
		}
		for _, v := range c.liveIn[h] {
			c.insertRange(v, from, 4*(c.blocks[b].last+1))
		}
	}
}

// within says whether block b belongs to loop l.
func (c *Compiler) within(b, l int32) bool {
	k := c.blocks[b].loop
	for k >= 0 && k != l {
		k = c.loops[k].parent
	}
	return k == l
}

func (c *Compiler) liveThrough(v vreg, bi, from, to int32) {
	if c.stamp[v] != bi+1 {
		c.stamp[v] = bi + 1
		c.inSlab = append(c.inSlab, v)
		c.addRange(v, from, to)
	}
}

// addRange adds [from, to) to the front of v's ranges, swallowing what it touches.
func (c *Compiler) addRange(v vreg, from, to int32) {
	it := &c.iv[v]
	it.ranges = c.prepend(it.ranges, from, to)
}

// insertRange adds [from, to) to v's ranges, wherever it belongs.
func (c *Compiler) insertRange(v vreg, from, to int32) {
	before, r := int32(0), c.iv[v].ranges
	for r != 0 && c.ranges[r].to < from {
		before, r = r, c.ranges[r].next
	}
	r = c.prepend(r, from, to)
	if before == 0 {
		c.iv[v].ranges = r
	} else {
		c.ranges[before].next = r
	}
}

// prepend adds a range to the front of list h and returns the new head.
func (c *Compiler) prepend(h, from, to int32) int32 {
	if h == 0 || c.ranges[h].from > to {
		c.ranges = append(c.ranges, lrange{from, to, h})
		return int32(len(c.ranges) - 1)
	}
	head := &c.ranges[h]
	head.from = min(from, head.from)
	head.to = max(to, head.to)
	for n := head.next; n != 0 && c.ranges[n].from <= head.to; n = head.next {
		head.to = max(head.to, c.ranges[n].to)
		head.next = c.ranges[n].next
	}
	return h
}

// addFixed blocks register r in [from, to).
func (c *Compiler) addFixed(r obj.Reg, from, to int32) {
	c.fixed[r] = c.prepend(c.fixed[r], from, to)
}

func (c *Compiler) addUse(v vreg, pos int32, kind useKind, opnd int32) {
	it := &c.iv[v]
	c.uses = append(c.uses, luse{pos: pos, next: it.uses, opnd: opnd, kind: kind})
	it.uses = int32(len(c.uses) - 1)
}

// clobbersAll says whether no register survives the instruction.
func (op mop) clobbersAll() bool {
	return op == mCall || op == mICall || op == mGoCall
}

// liveInst adds what instruction i defines and uses.
func (c *Compiler) liveInst(i, bi, from int32) {
	in := &c.insts[i]
	pos := 4 * i
	if in.op.clobbersAll() {
		c.calls_ = append(c.calls_, pos+2)
	}
	ops := c.opnds[in.opnd : in.opnd+int32(in.nop)]
	for k := range ops {
		if o := &ops[k]; o.isDef() {
			c.liveDef(in, o, pos, in.opnd+int32(k))
		}
	}
	for k := len(ops) - 1; k >= 0; k-- {
		o := &ops[k]
		switch {
		case o.v == 0 || o.isDef() || o.con == conFixed:
		case o.kind == kTemp:
			c.addRange(o.v, pos+1, pos+3)
			c.addUse(o.v, pos+1, useMust, in.opnd+int32(k))
		default:
			c.liveUse(o, pos, bi, from, in.opnd+int32(k))
		}
	}
	for k := range ops { // these come earlier in time
		if o := &ops[k]; o.con == conFixed && o.isUse() {
			c.liveUse(o, pos, bi, from, in.opnd+int32(k))
		}
	}
}

func (c *Compiler) liveDef(in *inst, o *operand, pos, opnd int32) {
	at := pos + 2
	kind := useMust
	switch {
	case o.con == conFixed:
		if o.v == 0 {
			c.addFixed(o.reg, pos+1, pos+3)
			return
		}
		c.addFixed(o.reg, pos+2, pos+3)
		at, kind = pos+3, useNone
	case o.kind == kDefE:
		at = pos + 1
	case in.op == mLabel:
		kind = useNone
	}
	it := &c.iv[o.v]
	if it.ranges == 0 {
		c.addRange(o.v, at, at+1)
	} else {
		c.ranges[it.ranges].from = at
	}
	c.addUse(o.v, at, kind, opnd)
}

func (c *Compiler) liveUse(o *operand, pos, bi, from, opnd int32) {
	if c.stamp[o.v] != bi+1 {
		c.stamp[o.v] = bi + 1
		c.inSlab = append(c.inSlab, o.v)
	}
	if o.con == conFixed {
		end := pos + 2
		if o.kind == kUseLate {
			end = pos + 3
		}
		c.addFixed(o.reg, pos, end)
		c.addRange(o.v, from, pos)
		c.addUse(o.v, pos-1, useAny, opnd)
		return
	}
	at := pos + 1
	end := pos + 2
	if o.kind == kUseLate {
		end = pos + 3
	}
	kind := useMust
	switch o.con {
	case conAny:
		kind = useAny
	case conNone:
		kind = useNone
	}
	c.addRange(o.v, from, end)
	c.addUse(o.v, at, kind, opnd)
}

// iterateLiveness computes live-in sets as bit sets for irreducible graphs.
func (c *Compiler) iterateLiveness() {
	words := (len(c.vi) + 63) / 64
	c.preIn = make([][]uint64, len(c.blocks))
	gen, kill := make([][]uint64, len(c.blocks)), make([][]uint64, len(c.blocks))
	for b := range c.blocks {
		c.preIn[b], gen[b], kill[b] = make([]uint64, words), make([]uint64, words), make([]uint64, words)
		c.genKill(int32(b), gen[b], kill[b])
	}
	for changed := true; changed; {
		changed = false
		for b := len(c.blocks) - 1; b >= 0; b-- {
			for w := range words {
				var out uint64
				for _, s := range c.succsOf(int32(b)) {
					out |= c.preIn[s][w]
				}
				if in := out&^kill[b][w] | gen[b][w]; in != c.preIn[b][w] {
					c.preIn[b][w] = in
					changed = true
				}
			}
		}
	}
}

func (c *Compiler) genKill(b int32, gen, kill []uint64) {
	for i := c.blocks[b].last; i >= c.blocks[b].first; i-- {
		in := &c.insts[i]
		ops := c.opnds[in.opnd : in.opnd+int32(in.nop)]
		for k := range ops {
			if o := &ops[k]; o.v != 0 && o.isDef() {
				gen[o.v/64] &^= 1 << (o.v % 64)
				kill[o.v/64] |= 1 << (o.v % 64)
			}
		}
		for k := range ops {
			if o := &ops[k]; o.v != 0 && o.isUse() {
				gen[o.v/64] |= 1 << (o.v % 64)
			}
		}
	}
}

// liveOutBits adds what iterateLiveness found to be live out of block bi.
func (c *Compiler) liveOutBits(bi, from, to int32) {
	for _, s := range c.succsOf(bi) {
		for w, bits := range c.preIn[s] {
			for k := 0; bits != 0; k, bits = k+1, bits>>1 {
				if bits&1 != 0 {
					c.liveThrough(vreg(64*w+k), bi, from, to)
				}
			}
		}
	}
}
