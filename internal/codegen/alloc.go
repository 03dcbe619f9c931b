package codegen

import "martlet/internal/obj"

// Register allocation: linear scan over live intervals with holes and
// splitting (Wimmer and Mössenböck, Optimized interval splitting in a linear
// scan register allocator, VEE 2005; Wimmer and Franz 2010).
//
// Intervals are taken in the order of their start. One that fits into a free
// register gets it, a wished-for one if possible; one that fits for a while
// is split where the register ends; if none is free, the cheapest to evict
// (evictionCost: how often its next use runs, seen from here, round the loop
// if need be) is split and lives in its slot until the next use that wants a register.
//
// Where to split is as important as what (splitPos): a split is moved to the
// block boundary that runs least between its bounds, so that values leave
// registers before a loop and come back before one.
//
// Calls clobber everything, so an interval across a call is split around it.
// A vreg has one definition and one slot. Whether it is stored at the definition or where
// it leaves its register is decided afterwards, by frequency (resolve.go).
//
// The number of intervals in a lifetime hole is bounded (maxInactive): beyond
// that an interval is cut at its hole and queued anew, which keeps the scan linear.

const (
	maxInactive = 48
	noPos       = int32(1<<31 - 1)
)

// gprs are the registers that the allocator hands out; R12 and X15 are scratch for moves.
var gprs = [...]obj.Reg{obj.RAX, obj.RCX, obj.RDX, obj.RBX, obj.RSI, obj.RDI, obj.R8, obj.R9, obj.R10, obj.R11}

const numXmms = 15

var xmms = func() (r [numXmms]obj.Reg) {
	for i := range r {
		r[i] = obj.XMM0 + obj.Reg(i)
	}
	return r
}()

func classRegs(float bool) []obj.Reg {
	if float {
		return xmms[:]
	}
	return gprs[:]
}

type alloc struct {
	bucket    []int32 // by position: intervals that start there
	active    [32]int32
	inactive  []int32
	fixedCur  [32]int32
	callCur   int
	lastReg   []loc // by vreg: the register of its latest piece
	freeUntil [32]int32
}

func (c *Compiler) allocate() {
	n := 4 * len(c.insts)
	c.bucket = resize(c.bucket, n+4)
	clear(c.bucket)
	c.lastReg = resize(c.lastReg, len(c.vi))
	clear(c.lastReg)
	clear(c.active[:])
	c.inactive = c.inactive[:0]
	c.fixedCur = c.fixed
	c.callCur = 0
	for i := 1; i < len(c.vi); i++ {
		if c.iv[i].ranges != 0 {
			c.enqueue(int32(i))
		}
	}
	for pos := int32(0); pos < int32(n); pos++ {
		if c.bucket[pos] == 0 {
			continue
		}
		c.expire(pos)
		for c.bucket[pos] != 0 {
			i := c.bucket[pos]
			c.bucket[pos] = c.iv[i].link
			c.place(i, pos)
		}
	}
}

func (c *Compiler) enqueue(i int32) {
	p := c.iv[i].from
	c.iv[i].link = c.bucket[p]
	c.bucket[p] = i
}

// expire moves active and inactive intervals on to position pos.
func (c *Compiler) expire(pos int32) {
	for r, i := range c.active {
		if i != 0 && !c.covers(i, pos) {
			c.active[r] = 0
			if c.iv[i].to > pos {
				c.park(i)
			}
		}
	}
	k := 0
	for _, i := range c.inactive {
		switch {
		case c.iv[i].to <= pos:
		case c.covers(i, pos) && c.active[c.iv[i].loc.reg()] == 0:
			c.active[c.iv[i].loc.reg()] = i
		default:
			c.inactive[k] = i
			k++
		}
	}
	c.inactive = c.inactive[:k]
	for c.callCur < len(c.calls_) && c.calls_[c.callCur] < pos {
		c.callCur++
	}
	for r := range c.fixedCur {
		for h := c.fixedCur[r]; h != 0 && c.ranges[h].to <= pos; h = c.fixedCur[r] {
			c.fixedCur[r] = c.ranges[h].next
		}
	}
}

// park makes an interval in a hole inactive, or cuts it off at the hole when
// there are too many.
func (c *Compiler) park(i int32) {
	if len(c.inactive) < maxInactive {
		c.inactive = append(c.inactive, i)
		return
	}
	at := c.ranges[c.iv[i].cur].from
	c.enqueue(c.split(i, at))
}

// covers advances the range cursor of i and says whether pos is in a range.
func (c *Compiler) covers(i, pos int32) bool {
	it := &c.iv[i]
	for it.cur != 0 && c.ranges[it.cur].to <= pos {
		it.cur = c.ranges[it.cur].next
	}
	return it.cur != 0 && c.ranges[it.cur].from <= pos
}

// place finds a location for interval i, which starts at pos.
func (c *Compiler) place(i, pos int32) {
	c.findFree(i, pos)
	if c.takeFree(i, pos) {
		return
	}
	first := c.firstWish(i, pos, useMust)
	if first <= pos|3 || first != noPos && c.worthEvicting(i, pos) {
		c.evict(i, pos)
		return
	}
	c.spill(i, pos)
}

// firstWish returns the position of the first use of at least the given kind.
func (c *Compiler) firstWish(i, pos int32, kind useKind) int32 {
	for u := c.iv[i].uses; u != 0; u = c.uses[u].next {
		if c.uses[u].pos >= pos && c.uses[u].kind >= kind {
			return c.uses[u].pos
		}
	}
	return noPos
}

// findFree computes until where each register is free for interval i.
func (c *Compiler) findFree(i, pos int32) {
	regs := classRegs(c.vi[c.iv[i].v].float)
	call := c.nextCall(i)
	for _, r := range regs {
		c.freeUntil[r] = call
		if c.active[r] != 0 {
			c.freeUntil[r] = 0
			continue
		}
		if h := c.fixedCur[r]; h != 0 && c.ranges[h].from < min(call, c.iv[i].to) {
			c.freeUntil[r] = min(call, c.meets(i, h))
		}
	}
	for _, j := range c.inactive {
		r := c.iv[j].loc.reg()
		if c.ranges[c.iv[j].cur].from < min(c.freeUntil[r], c.iv[i].to) && r.IsXMM() == regs[0].IsXMM() {
			c.freeUntil[r] = min(c.freeUntil[r], c.meets(i, c.iv[j].cur))
		}
	}
}

// nextCall returns the first call that interval i lives across.
func (c *Compiler) nextCall(i int32) int32 {
	k := c.callCur
	for r := c.iv[i].ranges; r != 0 && k < len(c.calls_); r = c.ranges[r].next {
		for k < len(c.calls_) && c.calls_[k] <= c.ranges[r].from {
			k++
		}
		if k < len(c.calls_) && c.calls_[k] < c.ranges[r].to-1 {
			return c.calls_[k]
		}
	}
	return noPos
}

// meets returns the first position at which interval i and the range list h intersect.
func (c *Compiler) meets(i, h int32) int32 {
	r := c.iv[i].ranges
	for r != 0 && h != 0 {
		a, b := &c.ranges[r], &c.ranges[h]
		switch {
		case a.to <= b.from:
			r = a.next
		case b.to <= a.from:
			h = b.next
		default:
			return max(a.from, b.from)
		}
	}
	return noPos
}

// takeFree gives interval i a free register, whole or for its first part.
func (c *Compiler) takeFree(i, pos int32) bool {
	it := &c.iv[i]
	best, until := c.pickFree(i)
	if until <= pos+1 && until < it.to {
		return false
	}
	if until >= it.to {
		c.assign(i, best)
		return true
	}
	if first := c.firstWish(i, pos, useAny); first >= until {
		return false // it would wait in the register for nothing
	}
	at := c.splitPos(c.lastUseBefore(i, until)+1, until)
	if at <= it.from {
		return false
	}
	rest := c.split(i, at)
	c.assign(i, best)
	c.queueOrSpill(rest, until)
	return true
}

// queueOrSpill deals with the rest of an interval whose register ended at
// until: before a call it goes to its slot at once.
func (c *Compiler) queueOrSpill(rest, until int32) {
	it := &c.iv[rest]
	if call := c.nextCall(rest); call != noPos && c.firstWish(rest, it.from, useAny) > call {
		c.spill(rest, it.from)
		return
	}
	c.enqueue(rest)
}

// pickFree chooses a register: a wished-for one if it is free to the end,
// else the one with the tightest fit, else the one free longest.
func (c *Compiler) pickFree(i int32) (best obj.Reg, until int32) {
	it := &c.iv[i]
	h := &c.vi[it.v]
	longWish := noLoc
	for _, l := range [...]loc{c.lastReg[it.v], h.hintR, c.lastReg[h.hintV], c.lastReg[h.hintW], c.vi[h.hintV].hintR} {
		if !l.isReg() || l.isXmm() != h.float {
			continue
		}
		if c.freeUntil[l.reg()] >= it.to && c.allocatable(l.reg()) {
			return l.reg(), c.freeUntil[l.reg()]
		}
		if longWish == noLoc && c.allocatable(l.reg()) {
			longWish = l
		}
	}
	fit := noPos
	found := false
	regs := classRegs(h.float)
	for _, r := range regs {
		f := c.freeUntil[r]
		if f >= it.to && (!found || f < fit) {
			best, fit, found = r, f, true
		}
		if !found && f > until {
			best, until = r, f
		}
	}
	if found {
		return best, fit
	}
	if longWish != noLoc && c.freeUntil[longWish.reg()] == until {
		best = longWish.reg()
	}
	return best, until
}

func (c *Compiler) allocatable(r obj.Reg) bool {
	return r != obj.RegScratch && r != obj.XMM0+15 && r != obj.RSP && r != obj.RBP && (r < obj.R13 || r.IsXMM())
}

func (c *Compiler) assign(i int32, r obj.Reg) {
	it := &c.iv[i]
	it.loc = regLoc(r)
	it.cur = it.ranges
	c.active[r] = i
	c.lastReg[it.v] = it.loc
}

// lastUseBefore returns the position of the last use of i before pos, or its start.
func (c *Compiler) lastUseBefore(i, pos int32) int32 {
	last := c.iv[i].from
	for u := c.iv[i].uses; u != 0 && c.uses[u].pos < pos; u = c.uses[u].next {
		if c.uses[u].kind != useNone || c.uses[u].pos == last {
			last = max(last, c.uses[u].pos)
		}
	}
	return last
}

// splitPos returns the best position to split in [lo, hi]: a gap in front of
// an instruction or a block start; the one in the block or between the blocks
// that run least, the latest of those. It returns -1 if there is none.
func (c *Compiler) splitPos(lo, hi int32) int32 {
	at := hi &^ 3
	if at < lo {
		return -1
	}
	if at >= 4*int32(len(c.insts)) {
		at = 4*int32(len(c.insts)) - 4
	}
	b := c.blockOf[at/4]
	cost := c.blocks[b].freq
	if at == 4*c.blocks[b].first {
		cost = c.boundaryCost(b)
	}
	for steps := 0; steps < 64 && b > 0; steps++ {
		start := 4 * c.blocks[b].first
		if start < lo {
			break
		}
		if k := c.boundaryCost(b); k < cost {
			at, cost = start, k
		}
		b--
	}
	return at
}

func (c *Compiler) boundaryCost(b int32) float32 {
	if b == 0 {
		return c.blocks[0].freq
	}
	return min(c.blocks[b-1].freq, c.blocks[b].freq)
}

// split cuts interval i at position at, which lies inside it, and returns the new rest.
func (c *Compiler) split(i, at int32) int32 {
	j := int32(len(c.iv))
	c.iv = append(c.iv, interval{v: c.iv[i].v, next: c.iv[i].next, loc: noLoc})
	it, rest := &c.iv[i], &c.iv[j]
	it.next = j
	rest.to = it.to
	c.cutRanges(it, rest, at)
	prev := int32(0)
	u := it.uses
	for u != 0 && c.uses[u].pos < at {
		prev, u = u, c.uses[u].next
	}
	rest.uses, rest.nextUse = u, u
	if prev == 0 {
		it.uses = 0
	} else {
		c.uses[prev].next = 0
	}
	if it.nextUse != 0 && c.uses[it.nextUse].pos >= at {
		it.nextUse = 0
	}
	rest.from = c.ranges[rest.ranges].from
	rest.cur = rest.ranges
	rest.lastUse = it.lastUse
	return j
}

func (c *Compiler) cutRanges(it, rest *interval, at int32) {
	prev, r := int32(0), it.ranges
	for c.ranges[r].to <= at {
		prev, r = r, c.ranges[r].next
	}
	if c.ranges[r].from >= at {
		rest.ranges = r
		c.ranges[prev].next = 0
		it.to = c.ranges[prev].to
		if it.cur == r {
			it.cur = 0
		}
	} else {
		c.ranges = append(c.ranges, lrange{at, c.ranges[r].to, c.ranges[r].next})
		rest.ranges = int32(len(c.ranges) - 1)
		c.ranges[r].to, c.ranges[r].next = at, 0
		it.to = at
	}
}

// spill puts interval i, which needs no register at the instruction of pos,
// into its slot, and queues the part from its next wish after that on.
func (c *Compiler) spill(i, pos int32) {
	it := &c.iv[i]
	it.loc = locSpill
	skip := max(it.from, pos) | 3 // a use at the very start makes do with the slot
	if it.uses != 0 && c.uses[it.uses].kind == useMust && c.uses[it.uses].pos <= skip {
		fail("internal: v%d spilled where it needs a register", it.v)
	}
	use := noPos
	last := it.from
	for u := it.uses; u != 0; u = c.uses[u].next {
		p := c.uses[u].pos
		if c.uses[u].kind == useMust || c.uses[u].kind == useAny && p > skip {
			use = p
			break
		}
		if c.uses[u].kind == useAny {
			last = max(last, p)
		}
	}
	if use == noPos {
		return
	}
	at := c.splitPos(max(last, skip)+1, use)
	if at <= it.from || at >= it.to {
		fail("internal: v%d has no room for a reload", it.v)
	}
	c.enqueue(c.split(i, at))
}

// evictionCost is how much it costs to keep interval i out of its register
// from pos on: the frequency of its next use, coming round the loop if it was used in it before.
// The second result is the distance to that use.
func (c *Compiler) evictionCost(i, pos int32) (cost float32, dist int32) {
	it := &c.iv[i]
	for it.nextUse != 0 && c.uses[it.nextUse].pos < pos&^3 {
		if c.uses[it.nextUse].kind != useNone {
			it.lastUse = c.uses[it.nextUse].pos
		}
		it.nextUse = c.uses[it.nextUse].next
	}
	dist = it.to - pos
	for u := it.nextUse; u != 0; u = c.uses[u].next {
		if c.uses[u].kind != useNone {
			p := c.uses[u].pos
			cost, dist = c.freqAt(p), p-pos
			break
		}
	}
	b := c.blockOf[pos/4]
	for l := c.blocks[b].loop; l >= 0; l = c.loops[l].parent {
		head := &c.blocks[c.loops[l].header]
		end := 4 * (c.blocks[c.loops[l].last].last + 1)
		if it.lastUse >= 4*head.first && it.lastUse < pos && it.to >= end {
			if f := c.freqAt(it.lastUse); f > cost {
				cost, dist = f, end-pos
			}
			break
		}
	}
	if c.vi[it.v].remat != mNop {
		cost *= 0.5
	}
	return cost, max(dist, 0)
}

func (c *Compiler) freqAt(pos int32) float32 { return c.blocks[c.blockOf[pos/4]].freq }

// busyHere says whether interval i cannot leave its register in front of the
// instruction at pos: it needs it there, or starts there.
func (c *Compiler) busyHere(i, pos int32) bool {
	it := &c.iv[i]
	gap := pos &^ 3
	if it.from > gap {
		return true
	}
	for u := it.nextUse; u != 0 && c.uses[u].pos <= gap+3; u = c.uses[u].next {
		if c.uses[u].pos >= gap && c.uses[u].kind == useMust {
			return true
		}
	}
	return false
}

// worthEvicting says whether interval i, which could wait in its slot, has a dearer next use than some register's holder.
func (c *Compiler) worthEvicting(i, pos int32) bool {
	mine, dist := c.evictionCost(i, pos)
	if c.nextCall(i) < pos+dist {
		return false
	}
	_, cost, d := c.victim(i, pos)
	return cost < mine || cost == mine && d > dist
}

// victim returns the register whose holders are cheapest to evict.
func (c *Compiler) victim(i, pos int32) (best obj.Reg, bestCost float32, bestDist int32) {
	bestCost = 1e30
	for _, r := range classRegs(c.vi[c.iv[i].v].float) {
		cost, dist, ok := c.holderCost(r, i, pos)
		if ok && (cost < bestCost || cost == bestCost && dist > bestDist) {
			best, bestCost, bestDist = r, cost, dist
		}
	}
	return best, bestCost, bestDist
}

// holderCost is the cost of clearing register r for interval i at pos.
func (c *Compiler) holderCost(r obj.Reg, i, pos int32) (cost float32, dist int32, ok bool) {
	dist = noPos
	if h := c.fixedCur[r]; h != 0 {
		need := c.firstWish(i, pos, useMust)
		if need == noPos {
			need = pos
		}
		if c.meets(i, h) <= need|3 {
			return 0, 0, false
		}
	}
	if a := c.active[r]; a != 0 {
		cost, dist = c.evictionCost(a, pos)
		if c.busyHere(a, pos) {
			return 0, 0, false
		}
	}
	for _, j := range c.inactive {
		if c.iv[j].loc.reg() == r && c.meets(i, c.iv[j].cur) != noPos {
			k, d := c.evictionCost(j, pos)
			if k > cost {
				cost, dist = k, d
			}
		}
	}
	return cost, dist, true
}

// evict takes the cheapest register from its holders and gives it to interval i.
func (c *Compiler) evict(i, pos int32) {
	r, cost, _ := c.victim(i, pos)
	if cost == 1e30 {
		fail("internal: no register for v%d at instruction %d (%d)", c.iv[i].v, pos/4, c.insts[pos/4].op)
	}
	if a := c.active[r]; a != 0 {
		c.active[r] = 0
		c.evictActive(a, pos)
	}
	k := 0
	for _, j := range c.inactive {
		if c.iv[j].loc.reg() != r || c.meets(i, c.iv[j].cur) == noPos {
			c.inactive[k] = j
			k++
			continue
		}
		at := c.ranges[c.iv[j].cur].from
		c.enqueue(c.split(j, at))
	}
	c.inactive = c.inactive[:k]
	c.findFree(i, pos)
	until := c.freeUntil[r]
	if until < c.iv[i].to {
		c.assignUntil(i, r, until)
		return
	}
	c.assign(i, r)
}

// assignUntil gives interval i register r up to a position where something else needs it.
func (c *Compiler) assignUntil(i int32, r obj.Reg, until int32) {
	at := c.splitPos(c.lastUseBefore(i, until)+1, until)
	if at <= c.iv[i].from {
		at = until &^ 3
	}
	if at <= c.iv[i].from {
		fail("internal: register %s is free for v%d for too short a time", r, c.iv[i].v)
	}
	rest := c.split(i, at)
	c.assign(i, r)
	c.queueOrSpill(rest, until)
}

// evictActive ends the stay of interval a in its register before pos.
func (c *Compiler) evictActive(a, pos int32) {
	it := &c.iv[a]
	gap := pos &^ 3
	at := c.splitPos(max(c.lastUseBefore(a, gap), it.from)+1, gap)
	if at <= it.from {
		at = gap
	}
	if at <= it.from { // it started in this very gap
		c.spill(a, pos)
		return
	}
	c.spill(c.split(a, at), pos)
}
