package codegen

import (
	"martlet/internal/obj"
	"martlet/ir"
)

// Lowering: from IR values to machine instructions.
//
// Blocks are lowered last to first and, within a block, values last to
// first, so that every use is seen before the definition. A pure value that
// nobody asked for is not emitted: it is dead, or its only users have folded
// it into themselves (an address into a load, a load into an addition, a
// comparison into a branch). Each IR value emits its instructions forward;
// the segment is then reversed in place, and the whole array at the end.
//
// Folding a load moves it down to its user. That is legal when no effect lies
// between: the forward pass number gives every value an epoch that grows with
// every effect, and a load folds only at a point of its own epoch.
//
// Small integers live in registers with undefined upper bits. A value of 32
// bits made by an instruction that clears the upper half is its own zero extension (zeroExtended).

// lower is scratch memory of lowering.
type lower struct {
	val    []valInfo // by IR value ID
	epoch  int32     // of the instruction being lowered
	cur    *ir.Value // the value being lowered, nil at block ends
	curID  int32
	curK   int       // index of the value in its block
	curB   int32     // block number (IR order) being lowered
	curMB  int32     // machine block being lowered
	hoists []hoisted // constants waiting for their loop's preheader
	area   int32     // bytes of stackaddr areas
	tmp    []operand
	noFold bool // the comparison being lowered may be lowered again

	switches []switchTable
	outBytes int32 // of outgoing stack arguments
	outRefs  int32 // outgoing refs in the callee's slots
	inRefs   int32 // incoming refs in own slots
	calls    bool
	goCalls  bool
}

type valInfo struct {
	v     vreg
	uses  int32
	epoch int32
	block int32 // number of the block
	alias *ir.Value
	done  bool
	hv    vreg  // constant: register shared within a loop
	hloop int32 // constant: that loop + 1
}

// hoisted is a constant to be made in front of a loop.
type hoisted struct {
	v    vreg
	loop int32
	x    *ir.Value
}

func (c *Compiler) lowerFunc() {
	c.insts, c.opnds, c.exits = c.insts[:0], c.opnds[:0], c.exits[:0]
	c.vi = append(c.vi[:0], vinfo{})
	c.consts, c.refs, c.types = c.consts[:0], c.refs[:0], nil
	c.syms = nil
	c.symIdx = map[string]int32{}
	c.hoists, c.area = c.hoists[:0], 0
	c.resetJoins()
	c.switches, c.outBytes, c.outRefs, c.inRefs, c.calls, c.goCalls = c.switches[:0], 0, 0, 0, false, false
	c.poolReset()
	if c.t.Anchor != nil {
		c.refs = append(c.refs, c.t.Anchor) // index 0
	}
	c.number()
	for i := len(c.blocks) - 1; i >= 0; i-- {
		c.lowerBlock(int32(i))
	}
	c.reverseAll()
}

// number counts uses, assigns epochs and finds parameters that are just
// another name for the argument of their block's only edge.
func (c *Compiler) number() {
	c.val = resize(c.val, c.f.NumValues())
	clear(c.val)
	epoch := int32(0)
	for bi, b := range c.order {
		epoch++
		for _, p := range b.Params {
			c.val[p.ID].block = int32(bi)
		}
		for _, v := range b.Insts {
			vi := &c.val[v.ID]
			vi.block, vi.epoch = int32(bi), epoch
			for _, a := range v.Args {
				c.val[a.ID].uses++
			}
			if bumpsEpoch(v) {
				epoch++
			}
		}
		for _, a := range b.End.Args {
			c.val[a.ID].uses++
		}
		for k := range b.End.Succs {
			e := &b.End.Succs[k]
			single := len(c.predsOf(c.num[e.To.ID])) == 1 && e.To != c.order[0]
			for j, a := range e.Args {
				c.val[a.ID].uses++
				if single {
					c.val[e.To.Params[j].ID].alias = a
					c.val[a.ID].uses++
				}
			}
		}
	}
}

// bumpsEpoch says whether loads must not move below v.
func bumpsEpoch(v *ir.Value) bool {
	if v.Op == ir.OpLoad {
		return false
	}
	return v.Op.HasEffect() || v.Op.Info().Props&(ir.PropExit|ir.PropWrite|ir.PropTrap) != 0
}

// strip follows names of the same register: truncations, casts between
// integers, parameters of blocks with one predecessor, free zero extensions.
func (c *Compiler) strip(v *ir.Value) *ir.Value {
	for {
		switch v.Op {
		case ir.OpParam:
			a := c.val[v.ID].alias
			if a == nil {
				return v
			}
			v = a
		case ir.OpTrunc:
			v = v.Args[0]
		case ir.OpBitcast:
			a := v.Args[0]
			if a.Type == ir.Ref && v.Type != ir.Ref || a.Type.IsFloat() != v.Type.IsFloat() {
				return v
			}
			v = a
		case ir.OpZext:
			if !c.zeroExtended(v.Args[0]) {
				return v
			}
			v = v.Args[0]
		default:
			return v
		}
	}
}

// zeroExtended says whether the register of v has zeros above its type.
func (c *Compiler) zeroExtended(v *ir.Value) bool {
	for v.Op == ir.OpParam && c.val[v.ID].alias != nil {
		v = c.val[v.ID].alias
	}
	for _, x := range v.Args {
		// An identity (x << 0, x * 1, x & -1) is lowered to a plain copy, which clears nothing.
		if k, ok := c.isConst(x); ok && (k == 0 || k == 1 || k == -1 || k&31 == 0) && v.Op != ir.OpZext && v.Op != ir.OpLoad && !v.Op.IsCompare() {
			return false
		}
	}
	switch v.Op {
	case ir.OpLoad:
		return v.Type.IsInt()
	case ir.OpZext, ir.OpClz, ir.OpCtz, ir.OpPopcnt, ir.OpUdiv, ir.OpUrem:
		return true
	case ir.OpLshr:
		return v.Type == ir.I32 || c.zeroExtended(v.Args[0])
	case ir.OpAnd:
		return v.Type == ir.I32 || c.zeroExtended(v.Args[0]) || c.zeroExtended(v.Args[1])
	case ir.OpAdd, ir.OpSub, ir.OpMul, ir.OpNeg, ir.OpOr, ir.OpXor, ir.OpNot, ir.OpShl,
		ir.OpRotl, ir.OpRotr, ir.OpBswap:
		return v.Type == ir.I32
	}
	return false
}

// isConst returns the constant that v is, if it is one.
func (c *Compiler) isConst(v *ir.Value) (int64, bool) {
	for v.Op == ir.OpParam && c.val[v.ID].alias != nil {
		v = c.val[v.ID].alias
	}
	if v.Op == ir.OpConst && !v.Type.IsFloat() {
		return v.Imm, true
	}
	return 0, false
}

// imm32 returns the constant if v is one that fits an immediate operand for
// an operation of v's type.
func (c *Compiler) imm32(v *ir.Value) (int64, bool) {
	x, ok := c.isConst(v)
	if !ok {
		return 0, false
	}
	switch v.Type {
	case ir.I8:
		x = int64(int8(x))
	case ir.I16:
		x = int64(int16(x))
	case ir.I32:
		x = int64(int32(x))
	}
	return x, x == int64(int32(x))
}

// use returns the register that holds v, asking for it to be computed.
func (c *Compiler) use(v *ir.Value) vreg {
	v = c.strip(v)
	switch v.Op {
	case ir.OpConst, ir.OpSymaddr, ir.OpRefconst:
		return c.useConst(v)
	}
	vi := &c.val[v.ID]
	if vi.v == 0 {
		vi.v = c.newVreg(v.Type)
	}
	return vi.v
}

// useConst makes a constant in front of the instruction being lowered or, at level full,
// in front of the outermost loop around it when it would cost more than a short move.
func (c *Compiler) useConst(v *ir.Value) vreg {
	if c.t.Level == Full {
		if l := c.loopOf[c.curB]; l >= 0 && !(v.Op == ir.OpConst && !v.Type.IsFloat() && v.Imm == int64(int32(v.Imm))) {
			return c.useHoisted(v, c.outermost(l))
		}
	}
	r := c.newVreg(v.Type)
	c.makeConst(r, v)
	return r
}

func (c *Compiler) outermost(l int32) int32 {
	for c.loops[l].parent >= 0 {
		l = c.loops[l].parent
	}
	return l
}

func (c *Compiler) useHoisted(v *ir.Value, l int32) vreg {
	vi := &c.val[v.ID]
	if vi.hloop != l+1 {
		if !c.hasPreheader(l) {
			r := c.newVreg(v.Type)
			c.makeConst(r, v)
			return r
		}
		vi.hloop, vi.hv = l+1, c.newVreg(v.Type)
		c.hoists = append(c.hoists, hoisted{v: vi.hv, loop: l, x: v})
	}
	return vi.hv
}

// preheader returns the machine block that is the loop's only predecessor from outside,
// -1 if there is none.
func (c *Compiler) preheader(l int32) int32 {
	h, p := c.loops[l].header, int32(-1)
	for _, q := range c.mpreds(h) {
		if q >= h {
			continue
		}
		if p >= 0 {
			return -1
		}
		p = q
	}
	return p
}

func (c *Compiler) hasPreheader(l int32) bool {
	p := c.preheader(l)
	return p >= 0 && c.blocks[p].nsucc == 1
}

// makeConst emits the making of a constant and notes how to repeat it.
func (c *Compiler) makeConst(r vreg, v *ir.Value) {
	in := inst{op: mConst, w: widthOf(v.Type), imm: v.Imm}
	switch v.Op {
	case ir.OpSymaddr:
		in.op, in.aux = mSym, c.symbol(v)
	case ir.OpRefconst:
		in.op, in.aux = mRefConst, c.refConst(v)
	default:
		switch v.Type {
		case ir.F32, ir.F64:
			in.op = mConstF
		case ir.I8:
			in.imm = int64(uint8(v.Imm))
		case ir.I16:
			in.imm = int64(uint16(v.Imm))
		case ir.I32:
			in.imm = int64(uint32(v.Imm))
		}
	}
	vi := &c.vi[r]
	if in.op != mSym { // a symbol's address is no location of an exit: it has a slot instead
		vi.remat = in.op
	}
	vi.aux, vi.imm, vi.w = in.aux, in.imm, in.w
	o := c.mark()
	c.def(r)
	c.put(in, o)
}

// symbol returns the index of a symbol; functions are marked by a suffix that
// the emitter turns into the relocation kind.
func (c *Compiler) symbol(v *ir.Value) int32 {
	s := v.Aux.(ir.Symbol)
	i := c.sym(s.SymbolName())
	if _, ok := s.(*ir.Func); ok {
		return i<<1 | 1
	}
	return i << 1
}

func (c *Compiler) refConst(v *ir.Value) int32 {
	rc := v.Aux.(*ir.RefConst)
	for i, r := range c.refs {
		if r == rc {
			return int32(i)
		}
	}
	c.refs = append(c.refs, rc)
	return int32(len(c.refs) - 1)
}

// constLoc returns the operand location of a constant value for exits and edges, 0 if v is none.
func (c *Compiler) constLoc(v *ir.Value) loc {
	t := v.Type
	for v.Op == ir.OpParam && c.val[v.ID].alias != nil {
		v = c.val[v.ID].alias
	}
	k := constant{t: t, ref: -1}
	switch v.Op {
	case ir.OpConst:
		k.imm = v.Imm
	case ir.OpRefconst:
		k.ref = c.refConst(v)
	default:
		return noLoc
	}
	c.consts = append(c.consts, k)
	return locConst0 + loc(len(c.consts)-1)
}

// Instruction building: mark, then the operands in order, then put.

func (c *Compiler) mark() int { return len(c.opnds) }

func (c *Compiler) put(in inst, o int) {
	n := len(c.opnds) - o
	if n > 1<<15 {
		fail("an instruction with %d operands", n)
	}
	in.opnd, in.nop, in.val = int32(o), uint16(n), c.curID
	if c.cur != nil {
		in.line = c.cur.Pos.Line
	}
	c.insts = append(c.insts, in)
}

func (c *Compiler) operand(o operand) { c.opnds = append(c.opnds, o) }

func (c *Compiler) def(v vreg)      { c.operand(operand{v: v, kind: kDef}) }
func (c *Compiler) defEarly(v vreg) { c.operand(operand{v: v, kind: kDefE}) }
func (c *Compiler) reg(v vreg)      { c.operand(operand{v: v}) }
func (c *Compiler) regLate(v vreg)  { c.operand(operand{v: v, kind: kUseLate}) }
func (c *Compiler) any(v vreg)      { c.operand(operand{v: v, con: conAny}) }
func (c *Compiler) anyLate(v vreg)  { c.operand(operand{v: v, con: conAny, kind: kUseLate}) }
func (c *Compiler) temp(t ir.Type)  { c.operand(operand{v: c.newVreg(t), kind: kTemp}) }

// defTied makes d the definition that takes the register of source s.
func (c *Compiler) defTied(d, s vreg) {
	c.operand(operand{v: d, kind: kDef, tied: true})
	c.hint(d, s)
}

func (c *Compiler) fixedUse(v vreg, r obj.Reg) {
	c.operand(operand{v: v, con: conFixed, reg: r})
	if c.vi[v].hintR == noLoc {
		c.vi[v].hintR = regLoc(r)
	}
}

func (c *Compiler) fixedUseLate(v vreg, r obj.Reg) {
	c.fixedUse(v, r)
	c.opnds[len(c.opnds)-1].kind = kUseLate
}

// fixedDef defines v in a fixed register; v 0 means that r is clobbered.
func (c *Compiler) fixedDef(v vreg, r obj.Reg) {
	c.operand(operand{v: v, kind: kDef, con: conFixed, reg: r})
	if v != 0 {
		c.vi[v].hintR = regLoc(r)
	}
}

// hint asks for a and b to share a register.
func (c *Compiler) hint(a, b vreg) {
	c.addHint(a, b)
	c.addHint(b, a)
}

func (c *Compiler) addHint(a, b vreg) {
	h := &c.vi[a]
	switch {
	case h.hintV == 0:
		h.hintV = b
	case h.hintW == 0:
		h.hintW = b
	}
}

// amode is an address: what becomes the memory operand of an instruction.
type amode struct {
	base, index vreg
	scale       uint8
	disp        int32
	pool        bool
}

// mem appends the registers of an address; late ones outlive the definition.
func (c *Compiler) memOperands(in *inst, a *amode, late bool) {
	k := kUse
	if late {
		k = kUseLate
	}
	in.mem |= memYes
	in.scale, in.disp = a.scale, a.disp
	if a.pool {
		in.mem |= memPool
	}
	if a.base != 0 {
		in.mem |= memBase
		c.operand(operand{v: a.base, kind: k})
	}
	if a.index != 0 {
		in.mem |= memIndex
		c.operand(operand{v: a.index, kind: k})
	}
}

// putMem is put for an instruction whose last operands are an address.
func (c *Compiler) putMem(in inst, o int, a *amode, late bool) {
	c.memOperands(&in, a, late)
	c.put(in, o)
}

// reverse turns the segment of instructions from start around.
func (c *Compiler) reverse(start int) {
	s := c.insts[start:]
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

func (c *Compiler) reverseAll() {
	c.reverse(0)
	n := int32(len(c.insts)) - 1
	for i := range c.blocks {
		b := &c.blocks[i]
		b.first, b.last = n-b.first, n-b.last
	}
	for i := range c.exits {
		c.exits[i].inst = -1
	}
	for i := range c.insts {
		switch in := &c.insts[i]; in.op {
		case mGuard, mGuardP, mExit, mPoll, mGoCall, mTrap, mTrapIf:
			c.exits[in.aux].inst = int32(i)
		}
	}
}

// lowerBlock lowers machine block i. Its instructions are appended last first.
func (c *Compiler) lowerBlock(i int32) {
	b := &c.blocks[i]
	b.last = int32(len(c.insts)) // reversed: the block's last instruction comes first
	c.curMB = i
	if b.src < 0 {
		c.lowerEdgeBlock(i)
	} else {
		c.curB = b.src
		c.lowerIRBlock(c.order[b.src])
	}
	c.blocks[i].first = int32(len(c.insts)) - 1
}

// lowerEdgeBlock lowers a block that carries the moves of one critical edge.
func (c *Compiler) lowerEdgeBlock(i int32) {
	p := c.mpreds(i)[0]
	c.curB, c.curID, c.cur = c.blocks[p].src, 0, nil
	c.epoch = -1
	c.wantLoopParams(c.order[c.curB], c.curB)
	start := len(c.insts)
	c.placeHoists()
	for k, s := range c.succsOf(p) {
		if s == i {
			c.edgeJump(&c.order[c.curB].End.Succs[k])
		}
	}
	c.reverse(start)
	c.put(inst{op: mLabel, aux: i}, c.mark())
}

// edgeJump emits the jump along an edge. To a block with several
// predecessors its operands are the arguments of the wanted parameters.
func (c *Compiler) edgeJump(e *ir.Edge) {
	if len(c.predsOf(c.num[e.To.ID])) < 2 {
		c.put(inst{op: mJmp}, c.mark())
		return
	}
	c.tmp = c.tmp[:0]
	for j, a := range e.Args {
		p := c.val[e.To.Params[j].ID].v
		if p == 0 {
			continue
		}
		if k := c.constLoc(a); k != noLoc {
			c.tmp = append(c.tmp, operand{con: conImm, loc: k})
			continue
		}
		v := c.use(a)
		c.hint(v, p)
		c.tmp = append(c.tmp, operand{v: v, con: conNone})
	}
	o := c.mark()
	c.opnds = append(c.opnds, c.tmp...)
	c.put(inst{op: mJmp}, o)
}

// liveOperands collects the operands of an exit's values in c.tmp.
func (c *Compiler) liveOperands(args []*ir.Value) {
	c.tmp = c.tmp[:0]
	for _, a := range args {
		if k := c.constLoc(a); k != noLoc {
			c.tmp = append(c.tmp, operand{con: conImm, loc: k})
			continue
		}
		c.tmp = append(c.tmp, operand{v: c.use(a), con: conNone, t: a.Type})
	}
}

func (c *Compiler) lowerIRBlock(b *ir.Block) {
	bi := c.curB
	c.wantLoopParams(b, bi)
	c.cur, c.curID = nil, 0
	start := len(c.insts)
	c.epoch = c.endEpoch(b)
	c.placeHoists()
	c.curK = len(b.Insts)
	c.lowerEnd(b)
	c.reverse(start)
	for k := len(b.Insts) - 1; k >= 0; k-- {
		v := b.Insts[k]
		vi := &c.val[v.ID]
		if vi.done || v.Op == ir.OpResult || v.Op == ir.OpConst {
			continue
		}
		if vi.v == 0 && !c.hasEffect(v) && !c.resultWanted(b, k) {
			continue
		}
		c.cur, c.curID, c.epoch = v, int32(v.ID)+1, vi.epoch
		start := len(c.insts)
		c.curK = k
		c.lowerValue(b, k, v)
		c.reverse(start)
	}
	c.cur, c.curID = nil, 0
	c.lowerHead(b, bi)
}

// endEpoch is the epoch at the end of a block: loads of the last instructions may fold into the end.
func (c *Compiler) endEpoch(b *ir.Block) int32 {
	if n := len(b.Insts); n > 0 {
		last := b.Insts[n-1]
		e := c.val[last.ID].epoch
		if bumpsEpoch(last) {
			e++
		}
		return e
	}
	return -1
}

// wantLoopParams makes registers for the parameters of a loop header before
// its latch is lowered: what the latch passes is known to be wanted. For
// other blocks the users have been lowered already. Called for each block,
// it looks at the successors that come earlier in the order.
func (c *Compiler) wantLoopParams(b *ir.Block, bi int32) {
	for k := range b.End.Succs {
		to := c.num[b.End.Succs[k].To.ID]
		if to > bi {
			continue
		}
		for _, p := range c.order[to].Params {
			if c.val[p.ID].v == 0 && c.val[p.ID].uses > 0 && c.val[p.ID].alias == nil {
				c.val[p.ID].v = c.newVreg(p.Type)
			}
		}
	}
}

func (c *Compiler) hasEffect(v *ir.Value) bool {
	if v.Op == ir.OpLoad {
		return v.Mem.Flags&ir.NonTrap == 0
	}
	return v.Op.HasEffect() || v.Op == ir.OpAllocarray
}

// resultWanted says whether a further result of instruction k has a register.
func (c *Compiler) resultWanted(b *ir.Block, k int) bool {
	for k++; k < len(b.Insts) && b.Insts[k].Op == ir.OpResult; k++ {
		if c.val[b.Insts[k].ID].v != 0 {
			return true
		}
	}
	return false
}

// lowerHead emits the block's label with its parameters and, for the entry, the function's.
func (c *Compiler) lowerHead(b *ir.Block, bi int32) {
	start := len(c.insts)
	o := c.mark()
	if bi != 0 && len(c.predsOf(bi)) > 1 {
		for _, p := range b.Params {
			if v := c.val[p.ID].v; v != 0 {
				c.def(v)
			}
		}
	}
	c.put(inst{op: mLabel, aux: c.curMB}, o)
	if bi == 0 {
		c.lowerEntry(b)
	}
	if c.blocks[c.curMB].poll {
		c.poll()
	}
	c.reverse(start)
}

// placeHoists emits the constants that wait for this block as their preheader.
func (c *Compiler) placeHoists() {
	b := &c.blocks[c.curMB]
	if len(c.hoists) == 0 || b.nsucc != 1 || !c.isHeader(c.edges[b.succ]) {
		return
	}
	keep := c.hoists[:0]
	for _, h := range c.hoists {
		if c.preheader(h.loop) == c.curMB {
			c.makeConst(h.v, h.x)
		} else {
			keep = append(keep, h)
		}
	}
	c.hoists = keep
}

func (c *Compiler) isHeader(b int32) bool {
	l := c.blocks[b].loop
	return l >= 0 && c.loops[l].header == b
}

func (c *Compiler) poll() {
	c.exits = append(c.exits, exitRec{kind: obj.ExitPoll, id: -1})
	c.put(inst{op: mPoll, aux: int32(len(c.exits) - 1)}, c.mark())
}
