package codegen

import (
	"encoding/binary"

	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// Emission: bytes, cold stubs, the constant pool and the tables of the Code.
//
// Blocks are laid out likely path first; blocks that hold nothing but a jump
// are skipped. Whatever runs rarely (exits, the least value divided by -1, the barrier's slow path) is a stub behind the function.
//
// Frame, from RBP down: spill slots, stackaddr areas, XMM save area of
// barriers, outgoing arguments.

const rsp, rbp, rctx, rrefs, rg, scratch = amd64.RSP, amd64.RBP, amd64.Reg(obj.RegCtx), amd64.Reg(obj.RegRefs), amd64.Reg(obj.RegG), amd64.Reg(obj.RegScratch)

const xscratch = amd64.Xmm(15)

// stub is code to be emitted behind the function.
type stub struct {
	label, back amd64.Label
	inst        int32
	kind        stubKind
}

type stubKind uint8

const (
	stubGuard stubKind = iota
	stubPoll
	stubTrap
	stubDiv
	stubBarrier
	stubMemmove
)

type emitter struct {
	a         amd64.Assembler
	code      *obj.Code
	stubs     []stub
	layout    []int32
	pool      []byte
	poolAt    amd64.Label
	tables    []tableRef
	frame     int32
	areaAt    int32 // stackaddr area ends here below RBP
	saveAt    int32 // XMM save area
	refSlots  int32
	exitRef   int32 // first of the ref slots used by exits
	leaf      bool  // no frame
	pm        []move
	lastVal   int32
	stackBase int32 // bridge: bytes of the parent's frame, which lies above the own slots
	refBase   int32 // bridge: the parent's ref slots
}

type tableRef struct {
	label amd64.Label
	block int32
	sw    int32
}

func (e *emitter) poolReset() {
	if e.poolAt == 0 {
		e.poolAt = 1
	}
	e.pool = e.pool[:0]
}

// poolFloat returns the offset of a float constant in the pool.
func (e *emitter) poolFloat(t ir.Type, bits int64) int32 {
	if t == ir.F32 {
		bits = int64(uint32(bits))
	}
	from := max(0, len(e.pool)-512)
	for at := from &^ 7; at+8 <= len(e.pool); at += 8 {
		if binary.LittleEndian.Uint64(e.pool[at:]) == uint64(bits) {
			return int32(at)
		}
	}
	e.pool = binary.LittleEndian.AppendUint64(e.pool, uint64(bits))
	return int32(len(e.pool) - 8)
}

// poolMask returns the offset of a 16-byte constant made of twice the mask.
func (e *emitter) poolMask(mask uint64) int32 {
	for at := 0; at+16 <= len(e.pool); at += 16 {
		if binary.LittleEndian.Uint64(e.pool[at:]) == mask && binary.LittleEndian.Uint64(e.pool[at+8:]) == mask {
			return int32(at)
		}
	}
	for len(e.pool)%16 != 0 {
		e.pool = append(e.pool, 0)
	}
	e.pool = binary.LittleEndian.AppendUint64(e.pool, mask)
	e.pool = binary.LittleEndian.AppendUint64(e.pool, mask)
	return int32(len(e.pool) - 16)
}

func (c *Compiler) emit() *obj.Code {
	c.a.Reset()
	c.poolAt = c.a.NewLabel()
	c.stubs, c.tables, c.lastVal = c.stubs[:0], c.tables[:0], 0
	c.code = &obj.Code{Name: c.f.Name, Sig: c.f.Sig, Syms: c.syms, Types: c.types, Kind: c.t.Level.String()}
	c.code.Exits = make([]obj.Exit, len(c.exits), len(c.exits)+2)
	for _, r := range c.refs {
		c.code.RefConsts = append(c.code.RefConsts, r.Ptr)
	}
	if b := c.t.Bridge; b != nil {
		c.code.Sig, c.code.Kind = b.Parent.Sig, "bridge"
	}
	c.planFrame()
	c.planLayout()
	c.planJoins()
	first := c.a.NewLabels(len(c.blocks))
	for i := range c.blocks {
		c.blocks[i].label = first + amd64.Label(i)
	}
	c.prologue()
	for k, b := range c.layout {
		if k > 0 && c.t.Level == Full && c.chainHead[b] && c.blocks[b].loop >= 0 {
			c.a.Align(16) // nothing falls into it
		}
		next := int32(-1)
		if k+1 < len(c.layout) {
			next = c.layout[k+1]
		}
		c.emitBlock(b, next)
	}
	for i := 0; i < len(c.stubs); i++ {
		c.emitStub(&c.stubs[i])
	}
	c.emitTables()
	return c.finish()
}

// finish places the pool, resolves references and copies everything out of the scratch memory.
func (c *Compiler) finish() *obj.Code {
	n := len(c.a.Buf)
	at := obj.PoolOffset(n)
	for len(c.a.Buf) < at {
		c.a.Buf = append(c.a.Buf, 0xcc)
	}
	c.a.Bind(c.poolAt)
	if err := c.a.Resolve(); err != nil {
		fail("internal: %v", err)
	}
	c.code.Text = append([]byte(nil), c.a.Buf[:n]...)
	c.code.Pool = append([]byte(nil), c.pool...)
	c.code.FrameSize, c.code.RefSlots, c.code.Frameless = c.frame, c.refSlots, c.leaf
	code := c.code
	c.code = nil
	return code
}

// planFrame decides the frame's layout.
func (c *Compiler) planFrame() {
	exitRefs, saves := int32(0), int32(0)
	exits := false
	for i := range c.insts {
		in := &c.insts[i]
		switch in.op {
		case mGuard, mGuardP, mExit, mPoll:
			exits = true
			exitRefs = max(exitRefs, c.exitRefCount(int32(i)))
		case mStoreRef:
			exits = true
			n := int32(0)
			for k := c.liveHead[i]; k != 0; k = c.liveAt[k].next {
				n++
			}
			saves = max(saves, n)
		case mMemmove, mMemzero:
			exits = true
		}
	}
	c.areaAt = (c.stackBase + 8*c.nstack + 15) &^ 15
	c.saveAt = c.areaAt + c.area
	c.frame = (c.saveAt + 8*saves + c.outBytes + 15) &^ 15
	c.exitRef = c.refBase + c.nref
	c.refSlots = c.exitRef + exitRefs
	_, stack := obj.AssignParams(c.f.Sig.Params)
	c.leaf = c.t.Bridge == nil && !exits && !c.calls && !c.goCalls && c.frame == 0 && c.refSlots == 0 && stack == 0 && c.outRefs == 0
}

// exitRefCount counts the refs that exit instruction i finds in registers.
func (c *Compiler) exitRefCount(i int32) int32 {
	n := int32(0)
	in := &c.insts[i]
	for _, o := range c.opnds[in.opnd : in.opnd+int32(in.nop)] {
		if o.v != 0 && c.vi[o.v].ref && o.loc.isReg() {
			n++
		}
	}
	for k := c.liveHead[i]; k != 0; k = c.liveAt[k].next {
		n++
	}
	return n
}

// isEmpty says whether a block holds nothing but a jump without moves.
func (c *Compiler) isEmpty(b int32) bool {
	k := &c.blocks[b]
	if k.last != k.first+1 || c.insts[k.last].op != mJmp || b == 0 || k.src >= 0 && c.retreat[k.src] {
		return false
	}
	for p := 4 * k.first; p < 4*k.last+4; p++ {
		if c.hasMoves(p) {
			return false
		}
	}
	return true
}

func (c *Compiler) hasMoves(p int32) bool {
	for m := c.moveAt[p]; m != 0; m = c.moves[m].next {
		if c.moves[m].to != noLoc {
			return true
		}
	}
	return false
}

// target follows empty blocks; every cycle has a block that is not left out.
func (c *Compiler) target(b int32) int32 {
	for c.blocks[b].emitted {
		b = c.succsOf(b)[0]
	}
	return b
}

// emitBlock emits a block; next is the block that follows in the layout.
func (c *Compiler) emitBlock(b, next int32) {
	k := &c.blocks[b]
	c.a.Bind(k.label)
	c.markJoin(b)
	for i := k.first; i <= k.last; i++ {
		in := &c.insts[i]
		c.emitMoves(4 * i)
		if in.op == mJmp {
			c.emitMoves(4*i + 1)
		}
		if in.val != c.lastVal && in.val != 0 {
			c.lastVal = in.val
			c.code.Lines = append(c.code.Lines, obj.Line{Off: int32(c.a.PC()), Value: in.val - 1, Pos: in.line})
		}
		c.emitInst(i, in, c.opnds[in.opnd:in.opnd+int32(in.nop)], b, next)
		c.emitMoves(4*i + 3)
	}
}

// Operand access.

func gpr(l loc) amd64.Reg { return amd64.Reg(l.reg()) }
func xmm(l loc) amd64.Xmm { return amd64.Xmm(l.reg() - obj.XMM0) }

// slotMem is the memory of a slot.
func (c *Compiler) slotMem(l loc) amd64.Mem {
	if l.isRef() {
		return amd64.At(rrefs, 8*(c.refBase+int32(l-locRef0)))
	}
	return amd64.At(rbp, -c.stackBase-8*(int32(l-locStack0)+1))
}

// memOf is the memory operand of an instruction.
func (c *Compiler) memOf(in *inst, ops []operand) amd64.Mem {
	m := amd64.Mem{Base: amd64.NoReg, Index: amd64.NoReg, Scale: in.scale, Disp: in.disp}
	n := len(ops)
	if in.mem&memIndex != 0 {
		n--
		m.Index = gpr(ops[n].loc)
	}
	if in.mem&memBase != 0 {
		n--
		m.Base = gpr(ops[n].loc)
	}
	if in.mem&memPool != 0 {
		m.Label = c.poolAt
	}
	if m.Index != amd64.NoReg && m.Scale == 0 && m.Disp == 0 && m.Base&7 == 5 && m.Base != amd64.NoReg && m.Index&7 != 5 {
		m.Base, m.Index = m.Index, m.Base // rbp and r13 as base need a displacement
	}
	return m
}

// loadGpr brings the value at l into register d without touching the flags.
func (c *Compiler) loadGpr(d amd64.Reg, l loc) {
	switch {
	case l.isReg() && !l.isXmm():
		if gpr(l) != d {
			c.a.MovRR(amd64.W64, d, gpr(l))
		}
	case l.isReg():
		c.a.MovRX(amd64.W64, d, xmm(l))
	case l.isConst():
		c.loadConst(d, &c.consts[l-locConst0])
	case l.isRemat():
		c.remake(d, vreg(l-locRemat0))
	default:
		c.a.MovRM(amd64.W64, d, c.slotMem(l))
	}
}

func (c *Compiler) loadConst(d amd64.Reg, k *constant) {
	if k.ref >= 0 {
		c.refConstInto(d, k.ref)
		return
	}
	switch k.t {
	case ir.I8, ir.I16, ir.I32, ir.F32:
		c.a.MovRI(d, int64(uint32(k.imm)))
	default:
		c.a.MovRI(d, k.imm)
	}
}

// remake emits a rematerialised integer or address.
func (c *Compiler) remake(d amd64.Reg, v vreg) {
	if vi := &c.vi[v]; vi.remat == mRefConst {
		c.refConstInto(d, vi.aux)
	} else {
		c.a.MovRI(d, vi.imm)
	}
}

func (c *Compiler) refConstInto(d amd64.Reg, ref int32) {
	at := c.a.MovAbs(d, 0)
	c.reloc(obj.Reloc{Kind: obj.RelRefConst, Off: int32(at), Index: ref})
}

func (c *Compiler) reloc(r obj.Reloc) { c.code.Relocs = append(c.code.Relocs, r) }

// loadXmm brings the value at l into register d.
func (c *Compiler) loadXmm(d amd64.Xmm, l loc) {
	switch {
	case l.isXmm():
		if xmm(l) != d {
			c.a.MovXX(d, xmm(l))
		}
	case l.isReg():
		c.a.MovXR(amd64.W64, d, gpr(l))
	case l.isConst():
		c.floatConst(d, c.consts[l-locConst0].t, c.consts[l-locConst0].imm)
	case l.isRemat():
		vi := &c.vi[l-locRemat0]
		t := ir.F64
		if vi.w == amd64.W32 {
			t = ir.F32
		}
		c.floatConst(d, t, vi.imm)
	default:
		c.a.MovXM(amd64.W64, d, c.slotMem(l))
	}
}

func (c *Compiler) floatConst(d amd64.Xmm, t ir.Type, bits int64) {
	if bits == 0 {
		c.a.SseXX(amd64.Xorps, d, d)
		return
	}
	c.a.MovXM(widthOf(t), d, amd64.AtLabel(c.poolAt, c.poolFloat(t, bits)))
}

// Parallel moves.

// emitMoves emits the moves of one position: whatever overwrites no pending
// source first; a cycle is broken by parking one value in the scratch xmm.
func (c *Compiler) emitMoves(pos int32) {
	if c.moveAt[pos] == 0 {
		return
	}
	c.pm = c.pm[:0]
	for m := c.moveAt[pos]; m != 0; m = c.moves[m].next {
		if k := c.moves[m]; k.to != noLoc {
			c.pm = append(c.pm, k)
		}
	}
	c.parallel(c.pm)
}

func (c *Compiler) parallel(pm []move) {
	for len(pm) > 0 {
		progress := false
		for k := 0; k < len(pm); {
			if blocked(pm, k) {
				k++
				continue
			}
			c.emitMove(pm[k].from, pm[k].to)
			pm[k] = pm[len(pm)-1]
			pm = pm[:len(pm)-1]
			progress = true
		}
		if !progress {
			c.emitMove(pm[0].from, regLoc(obj.XMM0+15))
			pm[0].from = regLoc(obj.XMM0 + 15)
		}
	}
}

// blocked says whether the destination of move k is the source of another.
func blocked(pm []move, k int) bool {
	for j := range pm {
		if j != k && pm[j].from == pm[k].to {
			return true
		}
	}
	return false
}

// emitMove emits one move between any two locations.
func (c *Compiler) emitMove(from, to loc) {
	switch {
	case to.isXmm():
		c.loadXmm(xmm(to), from)
	case to.isReg():
		c.loadGpr(gpr(to), from)
	case from.isXmm():
		c.a.MovMX(amd64.W64, c.slotMem(to), xmm(from))
	case from.isReg():
		c.a.MovMR(amd64.W64, c.slotMem(to), gpr(from))
	default:
		if k, ok := c.immOf(from); ok {
			c.a.MovMI(amd64.W64, c.slotMem(to), k)
			return
		}
		c.loadAny(from)
		c.a.MovMR(amd64.W64, c.slotMem(to), scratch)
	}
}

// loadAny brings a constant (a float's bits too) or a slot into the scratch register.
func (c *Compiler) loadAny(from loc) {
	if from.isRemat() && c.vi[from-locRemat0].float {
		c.a.MovRI(scratch, c.vi[from-locRemat0].imm)
		return
	}
	c.loadGpr(scratch, from)
}

// immOf returns the constant at l if an immediate can hold it.
func (c *Compiler) immOf(l loc) (int32, bool) {
	var x int64
	switch {
	case l.isConst() && c.consts[l-locConst0].ref < 0:
		x = c.consts[l-locConst0].imm
	case l.isRemat() && (c.vi[l-locRemat0].remat == mConst || c.vi[l-locRemat0].remat == mConstF):
		x = c.vi[l-locRemat0].imm
	default:
		return 0, false
	}
	return int32(x), x == int64(int32(x))
}

// label of a successor of block b.
func (c *Compiler) succLabel(b int32, k int32) (amd64.Label, int32) {
	t := c.target(c.succsOf(b)[k])
	return c.blocks[t].label, t
}

// Prologue and epilogue.

func (c *Compiler) needRefs() int32 {
	n := c.refSlots + c.outRefs
	if c.goCalls {
		n = max(n, c.refSlots)
	}
	return n
}

func (c *Compiler) prologue() {
	if c.t.Bridge != nil {
		c.bridgePrologue()
		return
	}
	if c.leaf {
		return
	}
	c.makeFrame()
	if c.t.Anchor != nil {
		c.refConstInto(scratch, 0)
		c.a.MovMR(amd64.W64, amd64.At(rrefs, 0), scratch)
	}
}

func (c *Compiler) makeFrame() {
	if n := c.needRefs(); n > 0 {
		c.a.Lea(amd64.W64, scratch, amd64.At(rrefs, 8*n))
		c.a.AluRM(amd64.Cmp, amd64.W64, scratch, amd64.At(rctx, obj.CtxRefLimit))
		ok := c.a.NewLabel()
		c.a.Jcc(amd64.A, ok, false)
		c.stubs = append(c.stubs, stub{label: ok, kind: stubGrow})
	}
	c.a.Push(rbp)
	c.a.MovRR(amd64.W64, rbp, rsp)
	if c.frame > obj.NoCheckStack/2 {
		c.a.Lea(amd64.W64, scratch, amd64.At(rsp, -c.frame))
		c.a.AluRM(amd64.Cmp, amd64.W64, scratch, amd64.At(rctx, obj.CtxStackLimit))
		c.overflowCheck()
		c.a.MovRR(amd64.W64, rsp, scratch)
		return
	}
	if c.frame > 0 {
		c.a.AluRI(amd64.Sub, amd64.W64, rsp, c.frame)
	}
	if c.calls || c.goCalls {
		c.a.AluRM(amd64.Cmp, amd64.W64, rsp, amd64.At(rctx, obj.CtxStackLimit))
		c.overflowCheck()
	}
}

func (c *Compiler) overflowCheck() {
	l := c.a.NewLabel()
	c.a.Jcc(amd64.B, l, false)
	c.stubs = append(c.stubs, stub{label: l, kind: stubOverflow})
}

func (c *Compiler) epilogue() {
	if c.leaf {
		return
	}
	if c.frame > 0 || c.t.Bridge != nil {
		c.a.MovRR(amd64.W64, rsp, rbp)
	}
	c.a.Pop(rbp)
}

const (
	stubGrow stubKind = 100 + iota
	stubOverflow
	stubNoRoom
)

// stub registers a stub for instruction i and returns the label to jump to.
func (c *Compiler) stub(kind stubKind, i int32) amd64.Label {
	l := c.a.NewLabel()
	c.stubs = append(c.stubs, stub{label: l, back: c.a.NewLabel(), inst: i, kind: kind})
	return l
}

// stubBack is stub for one that comes back: bind the second label at the place.
func (c *Compiler) stubBack(kind stubKind, i int32) (l, back amd64.Label) {
	l = c.stub(kind, i)
	return l, c.stubs[len(c.stubs)-1].back
}

func (c *Compiler) emitStub(s *stub) {
	c.a.Bind(s.label)
	back := s.back
	switch s.kind {
	case stubGuard:
		c.exitWithCell(s.inst)
	case stubPoll:
		c.refStores(s.inst)
		c.exitCall(c.insts[s.inst].aux, obj.ExitPoll, obj.CtxStubExitRegs)
		c.a.Jmp(back, false)
	case stubTrap:
		c.trapExit(c.insts[s.inst].aux)
	case stubDiv:
		if c.insts[s.inst].sub&2 != 0 {
			c.a.AluRR(amd64.Xor, amd64.W32, amd64.RDX, amd64.RDX)
		} else {
			c.a.UnaryR(amd64.Neg, c.insts[s.inst].w, amd64.RAX)
		}
		c.a.Jmp(back, false)
	case stubBarrier:
		c.barrierSlow(s.inst)
		c.a.Jmp(back, false)
	case stubMemmove:
		c.moveDown(back)
	case stubGrow:
		c.growStub()
	case stubNoRoom:
		c.noRoom()
	case stubOverflow:
		n := c.addExit(obj.ExitStackOverflow)
		c.exitCall(n, obj.ExitStackOverflow, obj.CtxStubExit)
		c.a.Int3()
	}
}

func (c *Compiler) addExit(k obj.ExitKind) int32 {
	c.code.Exits = append(c.code.Exits, obj.Exit{Kind: k, ID: -1, Cell: -1})
	return int32(len(c.code.Exits) - 1)
}

// exitCall emits the exit sequence and notes its return address.
func (c *Compiler) exitCall(n int32, kind obj.ExitKind, stubOff int32) {
	c.a.MovMI(amd64.W32, amd64.At(rctx, obj.CtxExit), int32(obj.ExitWord(kind, int(n))))
	c.a.CallM(amd64.At(rctx, stubOff))
	c.code.Exits[n].Off = int32(c.a.PC())
}

func (c *Compiler) trapExit(n int32) {
	x := &c.exits[n]
	c.code.Exits[n] = obj.Exit{Kind: obj.ExitTrap, ID: -1, Arg: x.arg, Cell: -1}
	c.exitCall(n, obj.ExitTrap, obj.CtxStubExit)
	c.a.Int3()
}

// refStores stores the refs that exit i finds in registers, so that the collector sees them.
func (c *Compiler) refStores(i int32) {
	n := c.exitRef
	for k := c.liveHead[i]; k != 0; k = c.liveAt[k].next {
		c.a.MovMR(amd64.W64, amd64.At(rrefs, 8*n), amd64.Reg(c.liveAt[k].reg))
		n++
	}
	e := &c.code.Exits[c.insts[i].aux]
	if e.Kind == obj.ExitReturn {
		*e = obj.Exit{Kind: obj.ExitPoll, ID: -1, Cell: -1}
	}
}

// exitWithCell emits a guard's exit: ref stores, the jump through the cell that a bridge may redirect, the exit itself.
func (c *Compiler) exitWithCell(i int32) {
	in := &c.insts[i]
	x := &c.exits[in.aux]
	e := &c.code.Exits[in.aux]
	*e = obj.Exit{Kind: x.kind, ID: x.id, Arg: x.arg, Cell: int32(len(c.code.Cells)), Live: make([]obj.Loc, 0, in.nop)}
	n := c.exitRef
	for _, o := range c.opnds[in.opnd : in.opnd+int32(in.nop)] {
		l := c.exitLoc(&o)
		if l.Kind == obj.LocReg && o.v != 0 && c.vi[o.v].ref {
			c.a.MovMR(amd64.W64, amd64.At(rrefs, 8*n), amd64.Reg(l.Reg))
			l = obj.Loc{Kind: obj.LocRef, Type: ir.Ref, Off: n}
			n++
		}
		e.Live = append(e.Live, l)
	}
	e.Thru = c.thruAt(i)
	c.jmpCell()
	c.code.Cells = append(c.code.Cells, obj.CellInit{Kind: obj.CellText, Value: int64(c.a.PC())})
	c.exitCall(in.aux, x.kind, obj.CtxStubExitRegs)
	c.a.Int3()
}

// jmpCell emits a jump through the next data cell, which the caller appends.
func (c *Compiler) jmpCell() {
	c.a.Byte(0xff, 0x25, 0, 0, 0, 0) // jmp [rip+cell]
	c.reloc(obj.Reloc{Kind: obj.RelCellPC32, Off: int32(c.a.PC() - 4), Index: int32(len(c.code.Cells))})
}

// exitLoc describes where an exit finds an operand.
func (c *Compiler) exitLoc(o *operand) obj.Loc {
	l := o.loc
	t := o.t
	switch {
	case l.isReg():
		return obj.Loc{Kind: obj.LocReg, Type: t, Reg: l.reg()}
	case l.isConst():
		k := &c.consts[l-locConst0]
		if k.ref >= 0 {
			return obj.Loc{Kind: obj.LocRefConst, Type: ir.Ref, Off: k.ref}
		}
		if k.t == ir.Ref {
			return obj.Loc{Kind: obj.LocRefConst, Type: ir.Ref, Off: -1}
		}
		return obj.Loc{Kind: obj.LocConst, Type: k.t, Const: uint64(k.imm)}
	case l.isRemat():
		vi := &c.vi[l-locRemat0]
		if vi.remat == mRefConst {
			return obj.Loc{Kind: obj.LocRefConst, Type: ir.Ref, Off: vi.aux}
		}
		if t == ir.Ref {
			return obj.Loc{Kind: obj.LocRefConst, Type: ir.Ref, Off: -1}
		}
		return obj.Loc{Kind: obj.LocConst, Type: t, Const: uint64(vi.imm)}
	case l.isRef():
		return obj.Loc{Kind: obj.LocRef, Type: ir.Ref, Off: c.refBase + int32(l-locRef0)}
	case l.isStack():
		return obj.Loc{Kind: obj.LocStack, Type: t, Off: -c.stackBase - 8*(int32(l-locStack0)+1)}
	}
	return obj.Loc{}
}

// growStub asks Go to run this call on a larger ref frame.
func (c *Compiler) growStub() {
	c.a.Push(rbp)
	c.a.MovRR(amd64.W64, rbp, rsp)
	params, _ := obj.AssignParams(c.f.Sig.Params)
	for i := range params {
		l := &params[i]
		m := amd64.At(rctx, obj.CtxWords+8*l.WordOrd)
		switch {
		case l.RefOrd >= 0 && l.InReg:
			c.a.MovMR(amd64.W64, amd64.At(rrefs, 8*l.RefOrd), amd64.Reg(l.Reg))
		case l.RefOrd >= 0:
		case l.InReg:
			c.emitStoreReg(m, l.Reg)
		default:
			c.a.MovRM(amd64.W64, scratch, amd64.At(rbp, 16+l.Stack))
			c.a.MovMR(amd64.W64, m, scratch)
		}
	}
	n := c.addExit(obj.ExitRefGrow)
	c.exitCall(n, obj.ExitRefGrow, obj.CtxStubExit)
	results, _ := obj.AssignResults(c.f.Sig.Results)
	for i := range results {
		l := &results[i]
		m := amd64.At(rctx, obj.CtxWords+8*l.WordOrd)
		if l.RefOrd >= 0 {
			m = amd64.At(rrefs, 8*l.RefOrd)
		}
		if l.Reg.IsXMM() {
			c.a.MovXM(amd64.W64, amd64.Xmm(l.Reg-obj.XMM0), m)
		} else {
			c.a.MovRM(amd64.W64, amd64.Reg(l.Reg), m)
		}
	}
	c.a.Pop(rbp)
	c.a.Ret()
}

func (c *Compiler) emitStoreReg(m amd64.Mem, r obj.Reg) {
	if r.IsXMM() {
		c.a.MovMX(amd64.W64, m, amd64.Xmm(r-obj.XMM0))
	} else {
		c.a.MovMR(amd64.W64, m, amd64.Reg(r))
	}
}

// barrierSlow is the slow path of a store of a ref while the collector marks.
func (c *Compiler) barrierSlow(i int32) {
	in := &c.insts[i]
	ops := c.opnds[in.opnd : in.opnd+int32(in.nop)]
	save := func(store bool) {
		at := -c.saveAt
		for k := c.liveHead[i]; k != 0; k = c.liveAt[k].next {
			at -= 8
			x := amd64.Xmm(c.liveAt[k].reg - obj.XMM0)
			if store {
				c.a.MovMX(amd64.W64, amd64.At(rbp, at), x)
			} else {
				c.a.MovXM(amd64.W64, x, amd64.At(rbp, at))
			}
		}
	}
	save(true)
	c.a.CallM(amd64.At(rctx, obj.CtxWB2))
	t, s := gpr(ops[1].loc), gpr(ops[2].loc)
	c.a.MovMR(amd64.W64, amd64.At(amd64.R11, 0), s)
	c.a.MovRM(amd64.W64, t, c.memOf(in, ops))
	c.a.MovMR(amd64.W64, amd64.At(amd64.R11, 8), t)
	save(false)
}

// emitTables emits the jump tables: 32-bit distances from the table's start.
func (c *Compiler) emitTables() {
	for _, t := range c.tables {
		for len(c.a.Buf)%4 != 0 {
			c.a.Byte(0xcc)
		}
		c.a.Bind(t.label)
		for _, s := range c.switches[t.sw].slots {
			l, _ := c.succLabel(t.block, s)
			c.a.TableEntry(l, t.label)
		}
	}
}

const twoTo63 = int64(0x43e) << 52 // the float 2^63
