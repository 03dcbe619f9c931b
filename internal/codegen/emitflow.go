package codegen

import (
	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// Emission of floating point and of control flow.

func floatType(w amd64.Width) ir.Type {
	if w == amd64.W32 {
		return ir.F32
	}
	return ir.F64
}

// sseSource emits op d, l for any location of a float.
func (c *Compiler) sseSource(op amd64.Sse, d amd64.Xmm, l loc) {
	switch {
	case l.isReg():
		c.a.SseXX(op, d, xmm(l))
	case l.isMem():
		c.a.SseXM(op, d, c.slotMem(l))
	default:
		c.loadXmm(xscratch, l)
		c.a.SseXX(op, d, xscratch)
	}
}

func (c *Compiler) emitFloat(in *inst, ops []operand) {
	switch in.op {
	case mSse:
		c.emitSse(in, ops)
	case mSseU:
		d := xmm(ops[0].loc)
		if in.mem&memYes != 0 {
			c.a.SseXX(amd64.Xorps, d, d)
			c.a.SseXM(amd64.Sse(in.sub), d, c.memOf(in, ops))
			return
		}
		c.sseSource(amd64.Sse(in.sub), d, ops[1].loc)
	case mUcomi:
		op := amd64.Ucomisd
		if in.w == amd64.W32 {
			op = amd64.Ucomiss
		}
		if in.mem&memYes != 0 {
			c.a.SseXM(op, xmm(ops[0].loc), c.memOf(in, ops))
			return
		}
		c.sseSource(op, xmm(ops[0].loc), ops[1].loc)
	case mRound:
		c.emitRound(in, ops)
	case mFConst:
		d := xmm(ops[0].loc)
		c.loadXmm(d, ops[1].loc)
		c.a.SseXM(amd64.Sse(in.sub), d, amd64.AtLabel(c.poolAt, in.disp))
	case mFMin:
		c.emitFMin(in, ops)
	case mFma:
		c.loadXmm(xmm(ops[0].loc), ops[1].loc)
		c.a.Vfmadd231(in.w, xmm(ops[0].loc), xmm(ops[2].loc), xmm(ops[3].loc))
	case mCvtIF:
		c.emitCvtIF(in, ops)
	case mCvtUF:
		c.emitCvtUF(in, ops)
	case mCvtFI:
		c.a.CvtTruncRX(amd64.Width(in.sub), in.w, gpr(ops[0].loc), xmm(ops[1].loc))
	case mCvtFU:
		c.emitCvtFU(in, ops)
	case mMovRX:
		c.a.MovRX(in.w, gpr(ops[0].loc), xmm(ops[1].loc))
	case mMovXR:
		c.a.MovXR(in.w, xmm(ops[0].loc), gpr(ops[1].loc))
	case mSelF:
		skip := c.a.NewLabel()
		c.loadXmm(xmm(ops[0].loc), ops[1].loc)
		c.a.Jcc(in.cc.Negate(), skip, true)
		c.loadXmm(xmm(ops[0].loc), ops[2].loc)
		c.a.Bind(skip)
	}
}

func (c *Compiler) emitSse(in *inst, ops []operand) {
	op, d := amd64.Sse(in.sub), xmm(ops[0].loc)
	switch {
	case in.mem&memYes != 0:
		c.loadXmm(d, ops[1].loc)
		c.a.SseXM(op, d, c.memOf(in, ops))
	case ops[2].loc == ops[0].loc && ops[1].loc != ops[0].loc:
		c.sseSource(op, d, ops[1].loc)
	default:
		c.loadXmm(d, ops[1].loc)
		c.sseSource(op, d, ops[2].loc)
	}
}

func (c *Compiler) emitRound(in *inst, ops []operand) {
	d := xmm(ops[0].loc)
	switch {
	case in.mem&memYes != 0:
		c.a.RoundXM(in.w, d, c.memOf(in, ops), uint8(in.imm))
	case ops[1].loc.isReg():
		c.a.RoundXX(in.w, d, xmm(ops[1].loc), uint8(in.imm))
	case ops[1].loc.isMem():
		c.a.RoundXM(in.w, d, c.slotMem(ops[1].loc), uint8(in.imm))
	default:
		c.loadXmm(xscratch, ops[1].loc)
		c.a.RoundXX(in.w, d, xscratch, uint8(in.imm))
	}
}

// emitFMin: minsd alone is wrong for NaN and for zeros of both signs.
func (c *Compiler) emitFMin(in *inst, ops []operand) {
	d, s := xmm(ops[0].loc), xmm(ops[2].loc)
	c.loadXmm(d, ops[1].loc)
	ucomi, least, bits, add := amd64.Ucomisd, amd64.Minsd, amd64.Orps, amd64.Addsd
	if in.sub == 1 {
		least, bits = amd64.Maxsd, amd64.Andps
	}
	if in.w == amd64.W32 {
		ucomi, least, add = ucomi+1, least+1, add+1
	}
	differ, nan, done := c.a.NewLabel(), c.a.NewLabel(), c.a.NewLabel()
	c.a.SseXX(ucomi, d, s)
	c.a.Jcc(amd64.P, nan, true)
	c.a.Jcc(amd64.NE, differ, true)
	c.a.SseXX(bits, d, s)
	c.a.Jmp(done, true)
	c.a.Bind(nan)
	c.a.SseXX(add, d, s)
	c.a.Jmp(done, true)
	c.a.Bind(differ)
	c.a.SseXX(least, d, s)
	c.a.Bind(done)
}

func (c *Compiler) emitCvtIF(in *inst, ops []operand) {
	d, l := xmm(ops[0].loc), ops[1].loc
	c.a.SseXX(amd64.Xorps, d, d)
	switch {
	case l.isReg():
		c.a.CvtIntXR(in.w, amd64.Width(in.sub), d, gpr(l))
	case l.isMem():
		c.a.CvtIntXM(in.w, amd64.Width(in.sub), d, c.slotMem(l))
	default:
		c.loadGpr(scratch, l)
		c.a.CvtIntXR(in.w, amd64.Width(in.sub), d, scratch)
	}
}

// emitCvtUF converts an unsigned 64-bit integer: one with the top bit set is
// halved, keeping the lost bit for the rounding, converted and doubled.
func (c *Compiler) emitCvtUF(in *inst, ops []operand) {
	d, t, u, s := xmm(ops[0].loc), gpr(ops[1].loc), gpr(ops[2].loc), gpr(ops[3].loc)
	big, done := c.a.NewLabel(), c.a.NewLabel()
	add := amd64.Addsd
	if in.w == amd64.W32 {
		add = amd64.Addss
	}
	c.a.SseXX(amd64.Xorps, d, d)
	c.a.TestRR(amd64.W64, s, s)
	c.a.Jcc(amd64.S, big, true)
	c.a.CvtIntXR(in.w, amd64.W64, d, s)
	c.a.Jmp(done, true)
	c.a.Bind(big)
	c.a.MovRR(amd64.W64, t, s)
	c.a.MovRR(amd64.W32, u, s)
	c.a.ShiftRI(amd64.Shr, amd64.W64, t, 1)
	c.a.AluRI(amd64.And, amd64.W32, u, 1)
	c.a.AluRR(amd64.Or, amd64.W64, t, u)
	c.a.CvtIntXR(in.w, amd64.W64, d, t)
	c.a.SseXX(add, d, d)
	c.a.Bind(done)
}

// emitCvtFU converts to an unsigned 64-bit integer: what the signed conversion
// refuses is tried again 2^63 lower.
func (c *Compiler) emitCvtFU(in *inst, ops []operand) {
	d, t, s := gpr(ops[0].loc), xmm(ops[1].loc), xmm(ops[2].loc)
	done := c.a.NewLabel()
	w := amd64.Width(in.sub)
	sub, k := amd64.Subsd, twoTo63
	if w == amd64.W32 {
		sub, k = amd64.Subss, 0x5f000000
	}
	c.a.CvtTruncRX(w, amd64.W64, d, s)
	c.a.TestRR(amd64.W64, d, d)
	c.a.Jcc(amd64.NS, done, false)
	c.a.MovXX(t, s)
	c.a.SseXM(sub, t, amd64.AtLabel(c.poolAt, c.poolFloat(floatType(w), k)))
	c.a.CvtTruncRX(w, amd64.W64, d, t)
	c.a.BitRI(amd64.Bts, amd64.W64, d, 63)
	c.a.Bind(done)
}

func (c *Compiler) emitFlow(i int32, in *inst, ops []operand, b, next int32) {
	switch in.op {
	case mCall, mICall:
		c.emitCall(in)
	case mGoCall:
		c.emitGoCall(in, ops)
	case mTail:
		c.emitTail(in)
	case mGuard:
		c.a.Jcc(in.cc, c.stub(stubGuard, i), false)
	case mGuardP:
		c.emitGuardP(i, in)
	case mExit:
		c.exitWithCell(i)
	case mPoll:
		l, back := c.stubBack(stubPoll, i)
		c.a.AluMI(amd64.Cmp, amd64.W64, amd64.At(rg, obj.StackGuardOff), obj.StackPreempt)
		c.a.Jcc(amd64.E, l, false)
		c.a.Bind(back)
	case mTrapIf:
		c.a.Jcc(in.cc, c.stub(stubTrap, i), false)
	case mTrap:
		c.trapExit(in.aux)
	case mRet:
		c.epilogue()
		c.a.Ret()
	case mJmp:
		if l, t := c.succLabel(b, 0); t != next {
			c.a.Jmp(l, false)
		}
	case mJcc:
		c.emitJcc(in, b, next)
	case mJccP:
		c.emitJccP(in, b, next)
	case mJmpTab:
		c.emitSwitch(in, ops, b)
	default:
		fail("internal: no encoding for machine operation %d", in.op)
	}
}

// emitCall calls through the entry cell, by way of a register: a call through memory costs a cycle and more on some processors (fib on Zen 3: 1.25 times
// the time of direct calls instead of 1.03).
func (c *Compiler) emitCall(in *inst) {
	c.advanceRefs(8 * c.refSlots)
	if in.op == mICall {
		c.a.MovRM(amd64.W64, scratch, amd64.At(amd64.RDX, 0))
	} else {
		c.a.Byte(0x4c, 0x8b, 0x25, 0, 0, 0, 0) // mov r12, [rip+cell]
		c.reloc(obj.Reloc{Kind: obj.RelEntryPC32, Off: int32(c.a.PC() - 4), Index: in.aux})
	}
	c.a.CallR(scratch)
	c.advanceRefs(-8 * c.refSlots)
}

func (c *Compiler) advanceRefs(n int32) {
	if n != 0 {
		c.a.AluRI(amd64.Add, amd64.W64, rrefs, n)
	}
}

func (c *Compiler) emitGoCall(in *inst, ops []operand) {
	at := c.a.MovAbs(scratch, 0)
	c.reloc(obj.Reloc{Kind: obj.RelType, Off: int32(at), Index: in.disp})
	c.a.MovMR(amd64.W64, amd64.At(rctx, obj.CtxWords), scratch)
	for k := 1; k < len(ops); k++ {
		m := amd64.At(rctx, obj.CtxWords+8*int32(k))
		if ops[k].loc.isReg() {
			c.a.MovMR(amd64.W64, m, gpr(ops[k].loc))
			continue
		}
		c.loadAny(ops[k].loc)
		c.a.MovMR(amd64.W64, m, scratch)
	}
	c.advanceRefs(8 * c.refSlots)
	n := in.aux
	c.code.Exits[n] = obj.Exit{Kind: obj.ExitGoCall, ID: -1, Cell: -1, RefAdvance: c.refSlots}
	c.a.MovMI(amd64.W32, amd64.At(rctx, obj.CtxExit), int32(obj.ExitWord(obj.ExitGoCall, int(n))))
	c.a.MovMI(amd64.W32, amd64.At(rctx, obj.CtxGoFunc), 0)
	c.reloc(obj.Reloc{Kind: obj.RelGoFunc, Off: int32(c.a.PC() - 4), Index: int32(in.imm)})
	l := c.a.NewLabel()
	c.a.Lea(amd64.W64, scratch, amd64.AtLabel(l, 0))
	c.a.JmpM(amd64.At(rctx, obj.CtxStubJump))
	c.a.Bind(l)
	c.code.Exits[n].Off = int32(c.a.PC())
	c.advanceRefs(-8 * c.refSlots)
	if ops[0].v != 0 {
		c.a.MovRM(amd64.W64, amd64.RAX, amd64.At(rrefs, 8*c.refSlots))
	}
}

func (c *Compiler) emitTail(in *inst) {
	switch in.sub {
	case 1:
		c.emitCall(in)
		c.epilogue()
		c.a.Ret()
		return
	case 2:
		c.emitJoin(in.aux)
		return
	}
	c.epilogue()
	c.a.Byte(0xff, 0x25, 0, 0, 0, 0) // jmp [rip+cell]
	c.reloc(obj.Reloc{Kind: obj.RelEntryPC32, Off: int32(c.a.PC() - 4), Index: in.aux})
}

// emitGuardP leaves when a float equality (sub 0) or inequality (sub 1) holds.
func (c *Compiler) emitGuardP(i int32, in *inst) {
	l := c.stub(stubGuard, i)
	if in.sub == 1 {
		c.a.Jcc(amd64.NE, l, false)
		c.a.Jcc(amd64.P, l, false)
		return
	}
	skip := c.a.NewLabel()
	c.a.Jcc(amd64.P, skip, true)
	c.a.Jcc(amd64.E, l, false)
	c.a.Bind(skip)
}

func (c *Compiler) emitJcc(in *inst, b, next int32) {
	yes, ty := c.succLabel(b, 0)
	no, tn := c.succLabel(b, 1)
	switch {
	case ty == tn:
		if ty != next {
			c.a.Jmp(yes, false)
		}
	case ty == next:
		c.a.Jcc(in.cc.Negate(), no, false)
	default:
		c.a.Jcc(in.cc, yes, false)
		if tn != next {
			c.a.Jmp(no, false)
		}
	}
}

// emitJccP branches on float equality (sub 0) or inequality (sub 1).
func (c *Compiler) emitJccP(in *inst, b, next int32) {
	yes, _ := c.succLabel(b, 0)
	no, _ := c.succLabel(b, 1)
	if in.sub == 0 {
		yes, no = no, yes
	}
	c.a.Jcc(amd64.NE, yes, false)
	c.a.Jcc(amd64.P, yes, false)
	if c.target(c.succsOf(b)[in.sub]) != next {
		c.a.Jmp(no, false)
	}
}

// emitSwitch emits a jump table or a binary search.
func (c *Compiler) emitSwitch(in *inst, ops []operand, b int32) {
	t := &c.switches[in.aux]
	def, _ := c.succLabel(b, t.def)
	if !t.dense {
		c.search(t, gpr(ops[0].loc), t.cases, b)
		return
	}
	base, off, x := gpr(ops[0].loc), gpr(ops[1].loc), gpr(ops[2].loc)
	c.a.AluRI(amd64.Cmp, in.w, x, int32(len(t.slots)-1))
	c.a.Jcc(amd64.A, def, false)
	l := c.a.NewLabel()
	c.tables = append(c.tables, tableRef{l, b, in.aux})
	if in.w == amd64.W32 {
		c.a.MovRR(amd64.W32, off, x)
		x = off
	}
	c.a.Lea(amd64.W64, base, amd64.AtLabel(l, 0))
	c.a.MovsxRM(amd64.W32, amd64.W64, off, amd64.AtIndex(base, x, 2, 0))
	c.a.AluRR(amd64.Add, amd64.W64, off, base)
	c.a.JmpR(off)
}

// search emits a binary search over cases for the value in x.
func (c *Compiler) search(t *switchTable, x amd64.Reg, cases []switchCase, b int32) {
	def, _ := c.succLabel(b, t.def)
	if len(cases) <= 3 {
		for _, k := range cases {
			l, _ := c.succLabel(b, k.succ)
			c.compareKey(t, x, k.key)
			c.a.Jcc(amd64.E, l, false)
		}
		c.a.Jmp(def, false)
		return
	}
	mid := len(cases) / 2
	l, _ := c.succLabel(b, cases[mid].succ)
	less := c.a.NewLabel()
	c.compareKey(t, x, cases[mid].key)
	c.a.Jcc(amd64.E, l, false)
	c.a.Jcc(amd64.L, less, false)
	c.search(t, x, cases[mid+1:], b)
	c.a.Bind(less)
	c.search(t, x, cases[:mid], b)
}

func (c *Compiler) compareKey(t *switchTable, x amd64.Reg, key int64) {
	if key == int64(int32(key)) {
		c.a.AluRI(amd64.Cmp, t.w, x, int32(key))
		return
	}
	c.a.MovRI(scratch, key)
	c.a.AluRR(amd64.Cmp, t.w, x, scratch)
}
