package codegen

import (
	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
)

// One machine instruction to bytes.

func (c *Compiler) emitInst(i int32, in *inst, ops []operand, b, next int32) {
	a := &c.a
	switch in.op {
	case mNop, mLabel, mEntry:
	case mArgIn:
		c.emitArgIn(in, ops)
	case mArgOut:
		c.emitArgOut(in, ops)
	case mCopy:
		c.emitMove(ops[1].loc, ops[0].loc)
	case mConst: // never between the setting and the reading of flags, unlike a constant made by a move
		if d := gpr(ops[0].loc); in.imm == 0 {
			a.AluRR(amd64.Xor, amd64.W32, d, d)
		} else {
			a.MovRI(d, in.imm)
		}
	case mConstF:
		c.floatConst(xmm(ops[0].loc), floatType(in.w), in.imm)
	case mSym:
		kind := obj.RelDataAbs64
		if in.aux&1 != 0 {
			kind = obj.RelEntryAbs64
		}
		at := a.MovAbs(gpr(ops[0].loc), 0)
		c.reloc(obj.Reloc{Kind: kind, Off: int32(at), Index: in.aux >> 1})
	case mRefConst:
		c.refConstInto(gpr(ops[0].loc), in.aux)
	case mAlu:
		c.emitAlu(in, ops)
	case mAluM:
		if in.mem&immYes != 0 {
			a.AluMI(amd64.Alu(in.sub), in.w, c.memOf(in, ops), int32(in.imm))
		} else {
			a.AluMR(amd64.Alu(in.sub), in.w, c.memOf(in, ops), gpr(ops[0].loc))
		}
	case mCmp:
		c.emitCmp(in, ops)
	case mCmpM:
		a.AluMI(amd64.Cmp, in.w, c.memOf(in, ops), int32(in.imm))
	case mTest:
		if in.mem&immYes != 0 {
			a.TestRI(in.w, gpr(ops[0].loc), int32(in.imm))
		} else {
			a.TestRR(in.w, gpr(ops[0].loc), gpr(ops[1].loc))
		}
	case mTestM:
		a.TestMI(in.w, c.memOf(in, ops), int32(in.imm))
	case mLea:
		c.emitLea(in, ops)
	case mNot, mNeg:
		d := gpr(ops[0].loc)
		c.loadGpr(d, ops[1].loc)
		if in.op == mNot {
			a.UnaryR(amd64.Not, in.w, d)
		} else {
			a.UnaryR(amd64.Neg, in.w, d)
		}
	case mBswap:
		c.loadGpr(gpr(ops[0].loc), ops[1].loc)
		a.Bswap(in.w, gpr(ops[0].loc))
	case mMul, mMulI, mMulHi:
		c.emitMul(in, ops)
	case mDiv:
		c.emitDiv(i, in, ops)
	case mShiftI, mShiftX, mShiftC, mRorx:
		c.emitShift(in, ops)
	case mScan, mScanSlow:
		c.emitScan(in, ops)
	case mMovzx, mMovsx:
		c.emitExtend(in, ops)
	case mLoad:
		a.MovzxRM(in.w, gpr(ops[0].loc), c.memOf(in, ops))
	case mLoadS:
		a.MovsxRM(in.w, amd64.Width(in.sub), gpr(ops[0].loc), c.memOf(in, ops))
	case mLoadF:
		a.MovXM(in.w, xmm(ops[0].loc), c.memOf(in, ops))
	case mStore:
		a.MovMR(in.w, c.memOf(in, ops), gpr(ops[0].loc))
	case mStoreI:
		a.MovMI(in.w, c.memOf(in, ops), int32(in.imm))
	case mStoreF:
		a.MovMX(in.w, c.memOf(in, ops), xmm(ops[0].loc))
	case mStoreRef:
		l, back := c.stubBack(stubBarrier, i)
		t := gpr(ops[1].loc)
		a.MovRM(amd64.W64, t, amd64.At(rctx, obj.CtxWBFlag))
		a.AluMI(amd64.Cmp, amd64.W32, amd64.At(t, 0), 0)
		a.Jcc(amd64.NE, l, false)
		a.Bind(back)
		a.MovMR(amd64.W64, c.memOf(in, ops), gpr(ops[2].loc))
	case mSet:
		a.SetR(in.cc, gpr(ops[0].loc))
	case mSetNP:
		c.emitSetNP(in, ops)
	case mCmov:
		c.emitCmov(in, ops)
	case mAddc:
		a.BitRI(amd64.Bt, amd64.W32, gpr(ops[3].loc), 0)
		d := gpr(ops[0].loc)
		c.loadGpr(d, ops[1].loc)
		c.aluSource(amd64.Alu(in.sub), in.w, d, ops[2].loc)
	case mSlot:
		a.Lea(amd64.W64, gpr(ops[0].loc), amd64.At(rbp, -c.areaAt-int32(in.imm)))
	case mZeroArea:
		c.emitZeroArea()
	case mMemmove, mMemzero:
		c.emitBlockMove(i, in)
	default:
		if in.op >= mSse && in.op <= mSelF {
			c.emitFloat(in, ops)
		} else {
			c.emitFlow(i, in, ops, b, next)
		}
	}
}

func (c *Compiler) emitArgIn(in *inst, ops []operand) {
	m := amd64.At(rbp, 16+in.disp)
	switch in.sub {
	case 1:
		m = amd64.At(rrefs, 8*in.disp)
	case 2:
		m = amd64.At(rbp, in.disp)
	}
	if l := ops[0].loc; l.isXmm() {
		c.a.MovXM(amd64.W64, xmm(l), m)
	} else {
		c.a.MovRM(amd64.W64, gpr(l), m)
	}
}

func (c *Compiler) emitArgOut(in *inst, ops []operand) {
	m := amd64.At(rsp, in.disp)
	switch in.sub {
	case 1:
		m = amd64.At(rrefs, 8*(c.refSlots+in.disp))
	case 2:
		m = amd64.At(rbp, in.disp)
	case 3:
		m = amd64.At(rrefs, 8*in.disp)
	}
	c.emitStoreReg(m, ops[0].loc.reg())
}

// aluSource emits op d, l for any location of an integer.
func (c *Compiler) aluSource(op amd64.Alu, w amd64.Width, d amd64.Reg, l loc) {
	switch {
	case l.isReg():
		c.a.AluRR(op, w, d, gpr(l))
	case l.isMem():
		c.a.AluRM(op, w, d, c.slotMem(l))
	default:
		if k, ok := c.immOf(l); ok {
			c.a.AluRI(op, w, d, k)
			return
		}
		c.loadGpr(scratch, l)
		c.a.AluRR(op, w, d, scratch)
	}
}

func (c *Compiler) emitAlu(in *inst, ops []operand) {
	op, d := amd64.Alu(in.sub), gpr(ops[0].loc)
	s := ops[1].loc
	free := in.aux == 0 && s.isReg() && s != ops[0].loc && in.w >= amd64.W32 // an lea can do it
	switch {
	case in.mem&immYes != 0:
		k := int32(in.imm)
		if free && op == amd64.Add {
			c.a.Lea(in.w, d, amd64.At(gpr(s), k))
			return
		}
		if free && op == amd64.Sub && k != -k {
			c.a.Lea(in.w, d, amd64.At(gpr(s), -k))
			return
		}
		c.loadGpr(d, s)
		c.a.AluRI(op, in.w, d, k)
	case in.mem&memYes != 0:
		c.loadGpr(d, s)
		c.a.AluRM(op, in.w, d, c.memOf(in, ops))
	case ops[2].loc == ops[0].loc && s != ops[0].loc:
		c.aluSource(op, in.w, d, s)
	case free && op == amd64.Add && ops[2].loc.isReg():
		m := amd64.AtIndex(gpr(s), gpr(ops[2].loc), 0, 0)
		if m.Base&7 == 5 {
			m.Base, m.Index = m.Index, m.Base
		}
		c.a.Lea(in.w, d, m)
	default:
		c.loadGpr(d, s)
		c.aluSource(op, in.w, d, ops[2].loc)
	}
}

func (c *Compiler) emitCmp(in *inst, ops []operand) {
	l := ops[0].loc
	if !l.isReg() && !l.isMem() {
		c.loadGpr(scratch, l)
		l = regLoc(obj.RegScratch)
	}
	switch {
	case in.mem&immYes != 0 && l.isReg():
		if in.imm == 0 {
			c.a.TestRR(in.w, gpr(l), gpr(l))
		} else {
			c.a.AluRI(amd64.Cmp, in.w, gpr(l), int32(in.imm))
		}
	case in.mem&immYes != 0:
		c.a.AluMI(amd64.Cmp, in.w, c.slotMem(l), int32(in.imm))
	case in.mem&memYes != 0:
		c.a.AluRM(amd64.Cmp, in.w, gpr(l), c.memOf(in, ops))
	case l.isReg() && l.reg() == obj.RegScratch:
		c.compareScratch(in, ops[1].loc)
	case l.isReg():
		c.aluSource(amd64.Cmp, in.w, gpr(l), ops[1].loc)
	case ops[1].loc.isReg():
		c.a.AluMR(amd64.Cmp, in.w, c.slotMem(l), gpr(ops[1].loc))
	default:
		c.loadGpr(scratch, l)
		c.compareScratch(in, ops[1].loc)
	}
}

// compareScratch compares the scratch register with a location that must not need it.
func (c *Compiler) compareScratch(in *inst, l loc) {
	if _, ok := c.immOf(l); !ok && !l.isReg() && !l.isMem() {
		c.a.MovXR(amd64.W64, xscratch, amd64.RAX) // both are wide constants: borrow a register
		c.loadGpr(amd64.RAX, l)
		c.a.AluRR(amd64.Cmp, in.w, scratch, amd64.RAX)
		c.a.MovRX(amd64.W64, amd64.RAX, xscratch)
		return
	}
	c.aluSource(amd64.Cmp, in.w, scratch, l)
}

func (c *Compiler) emitLea(in *inst, ops []operand) {
	m := c.memOf(in, ops)
	d := gpr(ops[0].loc)
	if m.Base != amd64.NoReg && m.Index != amd64.NoReg && m.Scale == 0 && m.Disp == 0 {
		if m.Base == d {
			c.a.AluRR(amd64.Add, in.w, d, m.Index)
			return
		}
		if m.Index == d {
			c.a.AluRR(amd64.Add, in.w, d, m.Base)
			return
		}
	}
	if m.Index == amd64.NoReg && m.Base == d {
		c.a.AluRI(amd64.Add, in.w, d, m.Disp)
		return
	}
	c.a.Lea(in.w, d, m)
}

func (c *Compiler) emitMul(in *inst, ops []operand) {
	d := amd64.Reg(0)
	switch in.op {
	case mMul:
		d = gpr(ops[0].loc)
		switch {
		case in.mem&memYes != 0:
			c.loadGpr(d, ops[1].loc)
			c.a.ImulRM(in.w, d, c.memOf(in, ops))
		case ops[2].loc == ops[0].loc && ops[1].loc != ops[0].loc:
			c.mulSource(in.w, d, ops[1].loc)
		default:
			c.loadGpr(d, ops[1].loc)
			c.mulSource(in.w, d, ops[2].loc)
		}
	case mMulI:
		d = gpr(ops[0].loc)
		switch l := ops[1].loc; {
		case in.mem&memYes != 0:
			c.a.ImulRMI(in.w, d, c.memOf(in, ops), int32(in.imm))
		case l.isMem():
			c.a.ImulRMI(in.w, d, c.slotMem(l), int32(in.imm))
		case l.isReg():
			c.a.ImulRRI(in.w, d, gpr(l), int32(in.imm))
		default:
			c.loadGpr(d, l)
			c.a.ImulRRI(in.w, d, d, int32(in.imm))
		}
	default:
		op := amd64.Mul
		if in.sub == 1 {
			op = amd64.Imul
		}
		l := ops[3].loc
		switch {
		case l.isReg():
			c.a.UnaryR(op, in.w, gpr(l))
		case l.isMem():
			c.a.UnaryM(op, in.w, c.slotMem(l))
		default:
			c.loadGpr(scratch, l)
			c.a.UnaryR(op, in.w, scratch)
		}
	}
}

func (c *Compiler) mulSource(w amd64.Width, d amd64.Reg, l loc) {
	switch {
	case l.isReg():
		c.a.ImulRR(w, d, gpr(l))
	case l.isMem():
		c.a.ImulRM(w, d, c.slotMem(l))
	default:
		c.loadGpr(scratch, l)
		c.a.ImulRR(w, d, scratch)
	}
}

func (c *Compiler) emitDiv(i int32, in *inst, ops []operand) {
	s := gpr(ops[3].loc)
	if in.sub&1 == 0 {
		c.a.AluRR(amd64.Xor, amd64.W32, amd64.RDX, amd64.RDX)
		c.a.UnaryR(amd64.Div, in.w, s)
		return
	}
	l, back := c.stubBack(stubDiv, i)
	c.a.AluRI(amd64.Cmp, in.w, s, -1)
	c.a.Jcc(amd64.E, l, false)
	c.a.Cqo(in.w)
	c.a.UnaryR(amd64.Idiv, in.w, s)
	c.a.Bind(back)
}

func (c *Compiler) emitShift(in *inst, ops []operand) {
	d, s := gpr(ops[0].loc), ops[1].loc
	op := amd64.Shift(in.sub)
	switch in.op {
	case mShiftI:
		c.loadGpr(d, s)
		if op == amd64.Shl && in.imm == 1 && in.w >= amd64.W32 {
			c.a.AluRR(amd64.Add, in.w, d, d)
			return
		}
		c.a.ShiftRI(op, in.w, d, uint8(in.imm))
	case mShiftC:
		c.loadGpr(d, s)
		c.a.ShiftRC(op, in.w, d)
	case mShiftX:
		n := gpr(ops[2].loc)
		switch {
		case s.isReg():
			c.a.ShiftX(op, in.w, d, gpr(s), n)
		case s.isMem():
			c.a.ShiftXM(op, in.w, d, c.slotMem(s), n)
		default:
			c.loadGpr(scratch, s)
			c.a.ShiftX(op, in.w, d, scratch, n)
		}
	case mRorx:
		if !s.isReg() {
			c.loadGpr(d, s)
			s = ops[0].loc
		}
		c.a.RorX(in.w, d, gpr(s), uint8(in.imm))
	}
}

func (c *Compiler) emitScan(in *inst, ops []operand) {
	d, s, op := gpr(ops[0].loc), ops[1].loc, amd64.BitScan(in.sub)
	if in.op == mScan {
		switch {
		case s.isReg():
			c.a.BitScanRR(op, in.w, d, gpr(s))
		case s.isMem():
			c.a.BitScanRM(op, in.w, d, c.slotMem(s))
		default:
			c.loadGpr(scratch, s)
			c.a.BitScanRR(op, in.w, d, scratch)
		}
		return
	}
	bits := int64(8) << in.w
	if op == amd64.Tzcnt {
		c.a.MovRI(scratch, bits)
		c.a.BitScanRR(amd64.Bsf, in.w, d, gpr(s))
		c.a.CmovRR(amd64.E, in.w, d, scratch)
		return
	}
	c.a.MovRI(scratch, 2*bits-1)
	c.a.BitScanRR(amd64.Bsr, in.w, d, gpr(s))
	c.a.CmovRR(amd64.E, in.w, d, scratch)
	c.a.AluRI(amd64.Xor, in.w, d, int32(bits-1))
}

func (c *Compiler) emitExtend(in *inst, ops []operand) {
	d, s := gpr(ops[0].loc), ops[1].loc
	if !s.isReg() && !s.isMem() {
		c.loadGpr(scratch, s)
		s = regLoc(obj.RegScratch)
	}
	switch {
	case in.op == mMovzx && s.isReg():
		c.a.MovzxRR(in.w, d, gpr(s))
	case in.op == mMovzx:
		c.a.MovzxRM(in.w, d, c.slotMem(s))
	case s.isReg():
		c.a.MovsxRR(in.w, amd64.Width(in.sub), d, gpr(s))
	default:
		c.a.MovsxRM(in.w, amd64.Width(in.sub), d, c.slotMem(s))
	}
}

func (c *Compiler) emitSetNP(in *inst, ops []operand) {
	d, t := gpr(ops[0].loc), gpr(ops[1].loc)
	if in.sub == 0 {
		c.a.SetR(amd64.NP, t)
		c.a.SetR(amd64.E, d)
		c.a.AluRR(amd64.And, amd64.W32, d, t)
		return
	}
	c.a.SetR(amd64.P, t)
	c.a.SetR(amd64.NE, d)
	c.a.AluRR(amd64.Or, amd64.W32, d, t)
}

func (c *Compiler) emitCmov(in *inst, ops []operand) {
	d, s := gpr(ops[0].loc), ops[2].loc
	c.loadGpr(d, ops[1].loc)
	switch {
	case s.isReg():
		c.a.CmovRR(in.cc, in.w, d, gpr(s))
	case s.isMem():
		c.a.CmovRM(in.cc, in.w, d, c.slotMem(s))
	default:
		c.loadGpr(scratch, s)
		c.a.CmovRR(in.cc, in.w, d, scratch)
	}
}

// emitZeroArea zeroes the stackaddr areas, at function entry.
func (c *Compiler) emitZeroArea() {
	c.a.SseXX(amd64.Xorps, xscratch, xscratch)
	low := -c.areaAt - c.area
	if c.area <= 128 {
		for k := int32(0); k < c.area; k += 16 {
			c.a.MovupsMX(amd64.At(rbp, low+k), xscratch)
		}
		return
	}
	top := c.a.NewLabel()
	c.a.MovRI(scratch, int64(-c.area))
	c.a.Bind(top)
	c.a.MovupsMX(amd64.AtIndex(rbp, scratch, 0, -c.areaAt), xscratch)
	c.a.AluRI(amd64.Add, amd64.W64, scratch, 16)
	c.a.Jcc(amd64.NE, top, false)
}

// emitBlockMove emits memmove and memzero. The first byte of each operand is
// touched beforehand, so that a nil address faults as one whatever the length.
func (c *Compiler) emitBlockMove(i int32, in *inst) {
	done := c.a.NewLabel()
	c.a.TestRR(amd64.W64, amd64.RCX, amd64.RCX)
	c.a.Jcc(amd64.E, done, false)
	c.a.MovzxRM(amd64.W8, scratch, amd64.At(amd64.RDI, 0))
	if in.op == mMemzero {
		c.a.AluRR(amd64.Xor, amd64.W32, amd64.RAX, amd64.RAX)
		c.a.Byte(0xf3, 0xaa) // rep stosb
		c.a.Bind(done)
		return
	}
	c.a.MovzxRM(amd64.W8, scratch, amd64.At(amd64.RSI, 0))
	c.a.MovRR(amd64.W64, scratch, amd64.RDI)
	c.a.AluRR(amd64.Sub, amd64.W64, scratch, amd64.RSI)
	c.a.AluRR(amd64.Cmp, amd64.W64, scratch, amd64.RCX)
	l, back := c.stubBack(stubMemmove, i)
	c.a.Jcc(amd64.B, l, false)
	c.a.Byte(0xf3, 0xa4) // rep movsb
	c.a.Bind(back)
	c.a.Bind(done)
}

// moveDown copies rcx bytes from rsi to rdi from the end on, words first; not
// with a string instruction, since a fault must not find the direction flag set.
func (c *Compiler) moveDown(back amd64.Label) {
	words, bytes := c.a.NewLabel(), c.a.NewLabel()
	from, to := amd64.AtIndex(amd64.RSI, amd64.RCX, 0, -8), amd64.AtIndex(amd64.RDI, amd64.RCX, 0, -8)
	c.a.Bind(words)
	c.a.AluRI(amd64.Cmp, amd64.W64, amd64.RCX, 8)
	c.a.Jcc(amd64.B, bytes, true)
	c.a.MovRM(amd64.W64, scratch, from)
	c.a.MovMR(amd64.W64, to, scratch)
	c.a.AluRI(amd64.Sub, amd64.W64, amd64.RCX, 8)
	c.a.Jmp(words, false)
	c.a.Bind(bytes)
	from.Disp, to.Disp = -1, -1
	c.a.TestRR(amd64.W64, amd64.RCX, amd64.RCX)
	c.a.Jcc(amd64.E, back, false)
	c.a.MovzxRM(amd64.W8, scratch, from)
	c.a.MovMR(amd64.W8, to, scratch)
	c.a.AluRI(amd64.Sub, amd64.W64, amd64.RCX, 1)
	c.a.Jmp(bytes, false)
}
