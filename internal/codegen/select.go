package codegen

import (
	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// Instruction selection: one function for each family of ops, called from the
// switch in lowerValue. Helpers that emit an instruction take registers; use
// and its relatives must be called before mark, since they may emit constants.

var aluOf = [256]amd64.Alu{ir.OpAdd: amd64.Add, ir.OpSub: amd64.Sub, ir.OpAnd: amd64.And, ir.OpOr: amd64.Or, ir.OpXor: amd64.Xor,
	ir.OpSaddov: amd64.Add, ir.OpUaddov: amd64.Add, ir.OpSsubov: amd64.Sub, ir.OpUsubov: amd64.Sub, ir.OpAddc: amd64.Adc, ir.OpSubb: amd64.Sbb}

var sseOf = [256]amd64.Sse{ir.OpFadd: amd64.Addsd, ir.OpFsub: amd64.Subsd, ir.OpFmul: amd64.Mulsd, ir.OpFdiv: amd64.Divsd, ir.OpFsqrt: amd64.Sqrtsd}

// sse returns the single or double form of an instruction.
func sse(op amd64.Sse, t ir.Type) uint8 {
	if t == ir.F32 {
		op++
	}
	return uint8(op)
}

// opWidth is the width in which arithmetic on a type is done: at least 32 bits.
func opWidth(t ir.Type) amd64.Width { return max(widthOf(t), amd64.W32) }

// result returns v's register, a fresh one when nobody asked for the value.
func (c *Compiler) result(v *ir.Value) vreg {
	vi := &c.val[v.ID]
	if vi.v == 0 {
		vi.v = c.newVreg(v.Type)
	}
	return vi.v
}

// second returns the second result (the flag) of instruction k of block b, nil if unwanted.
func (c *Compiler) second(b *ir.Block, k int) *ir.Value {
	if k+1 < len(b.Insts) && b.Insts[k+1].Op == ir.OpResult && c.val[b.Insts[k+1].ID].v != 0 {
		return b.Insts[k+1]
	}
	return nil
}

func (c *Compiler) lowerValue(b *ir.Block, k int, v *ir.Value) {
	switch v.Op {
	case ir.OpAdd, ir.OpSub, ir.OpAnd, ir.OpOr, ir.OpXor:
		c.lowerAlu(v)
	case ir.OpMul:
		c.lowerMul(v)
	case ir.OpNeg, ir.OpNot, ir.OpBswap:
		c.lowerUnary(v)
	case ir.OpShl, ir.OpLshr, ir.OpAshr:
		c.lowerShift(v)
	case ir.OpRotl, ir.OpRotr:
		c.lowerRotate(v)
	case ir.OpClz, ir.OpCtz, ir.OpPopcnt:
		c.lowerScan(v)
	case ir.OpSdiv, ir.OpUdiv, ir.OpSrem, ir.OpUrem:
		c.lowerDivide(v)
	case ir.OpSmulhi, ir.OpUmulhi:
		c.lowerMulHi(v)
	case ir.OpSmin, ir.OpSmax, ir.OpUmin, ir.OpUmax:
		c.lowerMinMax(v)
	case ir.OpSaddov, ir.OpSsubov, ir.OpUaddov, ir.OpUsubov, ir.OpSmulov, ir.OpUmulov:
		c.lowerOverflow(v, c.second(b, k))
	case ir.OpAddc, ir.OpSubb:
		c.lowerCarry(v, c.second(b, k))
	case ir.OpSelect:
		c.lowerSelect(v)
	case ir.OpAddrof:
		c.lowerAddrof(v)
	case ir.OpStackaddr:
		c.lowerStackAddr(v)
	case ir.OpLoad:
		c.lowerLoad(v)
	case ir.OpStore:
		c.lowerStore(v)
	case ir.OpCall, ir.OpIcall:
		c.lowerCall(b, k, v)
	case ir.OpAlloc, ir.OpAllocarray:
		c.lowerAlloc(v)
	case ir.OpMemmove, ir.OpMemzero:
		c.lowerBlockMove(v)
	case ir.OpGuard:
		c.lowerGuard(v)
	case ir.OpPoll:
		c.poll()
	case ir.OpSymaddr, ir.OpRefconst:
		// made at each use
	default:
		c.lowerMore(v)
	}
}

func (c *Compiler) lowerMore(v *ir.Value) {
	switch {
	case v.Op.IsCompare():
		c.setFrom(c.result(v), c.compare(v))
	case v.Op >= ir.OpFadd && v.Op <= ir.OpFma:
		c.lowerFloat(v)
	case v.Op >= ir.OpSext && v.Op <= ir.OpBitcast:
		c.lowerConvert(v)
	default:
		fail("no lowering for %s", v.Op)
	}
}

// dying says whether nothing lowered so far (that is: later in the program) uses v.
func (c *Compiler) dying(v *ir.Value) bool {
	v = c.strip(v)
	return c.val[v.ID].v == 0 && v.Op != ir.OpConst
}

// foldable returns whether v is a load that may become the memory operand of the instruction being lowered.
func (c *Compiler) foldable(v *ir.Value) bool {
	if v.Op != ir.OpLoad || c.noFold {
		return false
	}
	vi := &c.val[v.ID]
	return vi.uses == 1 && vi.v == 0 && !vi.done && vi.epoch == c.epoch && vi.block == c.curB
}

// fold marks a load as part of its user and returns its address.
func (c *Compiler) fold(v *ir.Value) amode {
	c.val[v.ID].done = true
	return c.address(v.Args[0], v.Imm)
}

func (c *Compiler) lowerAlu(v *ir.Value) {
	x, y := v.Args[0], v.Args[1]
	commutes := v.Op != ir.OpSub
	if commutes {
		if _, ok := c.isConst(x); ok {
			x, y = y, x
		} else if c.foldable(x) && !c.foldable(y) || !c.dying(x) && c.dying(y) && !c.foldable(y) {
			x, y = y, x
		}
	}
	if c.lowerScaledAdd(v, x, y) || v.Op == ir.OpAnd && c.lowerMask(v, x, y) {
		return
	}
	c.alu(aluOf[v.Op], opWidth(v.Type), v.Type, c.result(v), x, y, commutes, 0)
}

// alu emits d = x op y in width w; flags says that the flags will be read.
func (c *Compiler) alu(op amd64.Alu, w amd64.Width, t ir.Type, d vreg, x, y *ir.Value, commutes bool, flags int32) {
	in := inst{op: mAlu, w: w, sub: uint8(op), aux: flags}
	if k, ok := c.imm32(y); ok {
		a := c.use(x)
		o := c.mark()
		c.defTied(d, a)
		c.any(a)
		in.mem, in.imm = immYes, k
		c.put(in, o)
		return
	}
	if c.foldable(y) && widthOf(t) == w {
		m := c.fold(y)
		a := c.use(x)
		o := c.mark()
		c.defTied(d, a)
		c.any(a)
		c.putMem(in, o, &m, true)
		return
	}
	a, b := c.use(x), c.use(y)
	c.aluRegs(in, d, a, b, commutes)
}

func (c *Compiler) aluRegs(in inst, d, a, b vreg, commutes bool) {
	o := c.mark()
	c.defTied(d, a)
	c.any(a)
	if commutes || a == b {
		c.any(b)
		c.addHint(b, d)
	} else {
		c.anyLate(b)
	}
	c.put(in, o)
}

// aluI emits d = a op imm.
func (c *Compiler) aluI(op amd64.Alu, w amd64.Width, d, a vreg, imm int64) {
	o := c.mark()
	c.defTied(d, a)
	c.any(a)
	c.put(inst{op: mAlu, w: w, sub: uint8(op), mem: immYes, imm: imm}, o)
}

// aluR emits d = a op b.
func (c *Compiler) aluR(op amd64.Alu, w amd64.Width, d, a, b vreg) {
	c.aluRegs(inst{op: mAlu, w: w, sub: uint8(op)}, d, a, b, op != amd64.Sub && op != amd64.Sbb)
}

// constTemp makes an integer constant in a fresh register.
func (c *Compiler) constTemp(t ir.Type, imm int64) vreg {
	r := c.newVreg(t)
	vi := &c.vi[r]
	vi.remat, vi.imm, vi.w = mConst, imm, widthOf(t)
	o := c.mark()
	c.def(r)
	c.put(inst{op: mConst, w: widthOf(t), imm: imm}, o)
	return r
}

// shiftI emits d = a shift imm.
func (c *Compiler) shiftI(op amd64.Shift, w amd64.Width, d, a vreg, imm int64) {
	o := c.mark()
	c.defTied(d, a)
	c.any(a)
	c.put(inst{op: mShiftI, w: w, sub: uint8(op), imm: imm}, o)
}

func (c *Compiler) copy(d, s vreg) {
	o := c.mark()
	c.def(d)
	c.any(s)
	c.hint(d, s)
	c.put(inst{op: mCopy, w: amd64.W64}, o)
}

// lowerScaledAdd makes an lea of x + y<<k (+ disp), when y is such a shift.
func (c *Compiler) lowerScaledAdd(v, x, y *ir.Value) bool {
	if v.Op != ir.OpAdd || v.Type != ir.I64 && v.Type != ir.I32 {
		return false
	}
	if c.smallShift(x) && !c.smallShift(y) {
		x, y = y, x
	}
	if !c.smallShift(y) {
		return false
	}
	if _, ok := c.isConst(x); ok {
		return false
	}
	k, _ := c.isConst(y.Args[1])
	a, b := c.use(x), c.use(y.Args[0])
	o := c.mark()
	c.def(c.result(v))
	c.putMem(inst{op: mLea, w: widthOf(v.Type)}, o, &amode{base: a, index: b, scale: uint8(k)}, false)
	return true
}

// smallShift says whether v is a shift left by 1 to 3 that has no other user and is of this block.
func (c *Compiler) smallShift(v *ir.Value) bool {
	if v.Op != ir.OpShl || c.val[v.ID].uses != 1 || c.val[v.ID].block != c.curB || v.Type.Size() < 4 {
		return false
	}
	k, ok := c.isConst(v.Args[1])
	return ok && k >= 1 && k <= 3
}

// lowerMask turns an and with 0xff, 0xffff or 0xffffffff into a zero extension.
func (c *Compiler) lowerMask(v, x, y *ir.Value) bool {
	k, ok := c.isConst(y)
	if !ok || v.Type != ir.I64 && v.Type != ir.I32 {
		return false
	}
	var w amd64.Width
	switch {
	case k == 0xff:
		w = amd64.W8
	case k == 0xffff:
		w = amd64.W16
	case k == 0xffffffff && v.Type == ir.I64:
		w = amd64.W32
	default:
		return false
	}
	c.extend(mMovzx, w, amd64.W64, c.result(v), c.use(x))
	return true
}

// extend emits a zero or sign extension from width w to width to.
func (c *Compiler) extend(op mop, w, to amd64.Width, d, a vreg) {
	o := c.mark()
	c.def(d)
	c.any(a)
	c.hint(d, a)
	c.put(inst{op: op, w: w, sub: uint8(to)}, o)
}

// ext returns a register with v extended to at least 32 bits: v's own for wider types.
func (c *Compiler) ext(v *ir.Value, signed bool) vreg {
	if v.Type.Size() >= 4 {
		return c.use(v)
	}
	if !signed && c.zeroExtended(v) {
		return c.use(v)
	}
	if k, ok := c.isConst(v); ok {
		if !signed {
			k &= 1<<v.Type.Bits() - 1
		}
		return c.constTemp(ir.I32, int64(uint32(k)))
	}
	a := c.use(v)
	d := c.newVreg(ir.I32)
	op := mMovzx
	if signed {
		op = mMovsx
	}
	c.extend(op, widthOf(v.Type), amd64.W32, d, a)
	return d
}

func (c *Compiler) lowerMul(v *ir.Value) {
	x, y := v.Args[0], v.Args[1]
	if _, ok := c.isConst(x); ok {
		x, y = y, x
	}
	if k, ok := c.imm32(y); ok {
		c.mulConst(c.result(v), x, k, opWidth(v.Type), v.Type)
		return
	}
	w := opWidth(v.Type)
	if c.foldable(x) || !c.dying(x) && c.dying(y) && !c.foldable(y) {
		x, y = y, x
	}
	d := c.result(v)
	if c.foldable(y) && widthOf(v.Type) == w {
		m := c.fold(y)
		a := c.use(x)
		o := c.mark()
		c.defTied(d, a)
		c.any(a)
		c.putMem(inst{op: mMul, w: w}, o, &m, true)
		return
	}
	c.aluRegs(inst{op: mMul, w: w}, d, c.use(x), c.use(y), true)
}

// mulConst multiplies by a constant: shifts and leas where they are faster.
func (c *Compiler) mulConst(d vreg, x *ir.Value, k int64, w amd64.Width, t ir.Type) {
	if (k == 3 || k == 5 || k == 9) && t.Size() >= 4 {
		a := c.use(x)
		o := c.mark()
		c.def(d)
		c.putMem(inst{op: mLea, w: w}, o, &amode{base: a, index: a, scale: uint8(log2(k - 1))}, false)
		return
	}
	if k > 0 && k&(k-1) == 0 {
		a := c.use(x)
		if k == 1 {
			c.copy(d, a)
			return
		}
		c.shiftI(amd64.Shl, w, d, a, int64(log2(k)))
		return
	}
	if c.foldable(x) && widthOf(t) == w {
		m := c.fold(x)
		o := c.mark()
		c.def(d)
		c.putMem(inst{op: mMulI, w: w, imm: k}, o, &m, false)
		return
	}
	c.mulI(w, d, c.use(x), k)
}

func (c *Compiler) mulI(w amd64.Width, d, a vreg, k int64) {
	o := c.mark()
	c.def(d)
	c.any(a)
	c.put(inst{op: mMulI, w: w, imm: k}, o)
}

func log2(k int64) int {
	n := 0
	for k > 1 {
		k >>= 1
		n++
	}
	return n
}

func (c *Compiler) lowerUnary(v *ir.Value) {
	op, w := mNeg, opWidth(v.Type)
	switch v.Op {
	case ir.OpNot:
		op = mNot
	case ir.OpBswap:
		op = mBswap
	}
	a, d := c.use(v.Args[0]), c.result(v)
	if op == mBswap && v.Type == ir.I8 {
		c.copy(d, a)
		return
	}
	if op == mBswap && v.Type == ir.I16 {
		t := c.newVreg(ir.I32)
		c.tied(inst{op: mBswap, w: amd64.W32}, t, a)
		c.shiftI(amd64.Shr, amd64.W32, d, t, 16)
		return
	}
	c.tied(inst{op: op, w: w}, d, a)
}

// tied emits a one-operand instruction that works in place.
func (c *Compiler) tied(in inst, d, a vreg) {
	o := c.mark()
	c.defTied(d, a)
	c.any(a)
	c.put(in, o)
}

var shiftOf = [256]amd64.Shift{ir.OpShl: amd64.Shl, ir.OpLshr: amd64.Shr, ir.OpAshr: amd64.Sar}

func (c *Compiler) lowerShift(v *ir.Value) {
	op, w, d := shiftOf[v.Op], opWidth(v.Type), c.result(v)
	bits := int64(v.Type.Bits())
	x, y := v.Args[0], v.Args[1]
	if k, ok := c.isConst(y); ok {
		k &= int64(uint64(1)<<(bits-1)<<1 - 1)
		if uint64(k) >= uint64(bits) {
			if op != amd64.Sar {
				o := c.mark()
				c.def(d)
				c.put(inst{op: mConst, w: w}, o)
				return
			}
			k = bits - 1
		}
		a := c.shiftee(x, op)
		if k == 0 {
			c.copy(d, a)
			return
		}
		if op == amd64.Shl && k == 1 && v.Type.Size() >= 4 && !c.dying(x) {
			o := c.mark()
			c.def(d)
			c.putMem(inst{op: mLea, w: w}, o, &amode{base: a, index: a}, false)
			return
		}
		c.shiftI(op, w, d, a, k)
		return
	}
	if n, ok := c.maskedCount(y, bits); ok {
		c.shiftV(op, w, d, c.shiftee(x, op), c.use(n))
		return
	}
	c.checkedShift(op, w, d, c.shiftee(x, op), c.ext(y, false), bits, v.Type)
}

// shiftee returns the operand of a shift extended as the shift needs it.
func (c *Compiler) shiftee(x *ir.Value, op amd64.Shift) vreg {
	if op == amd64.Shl {
		return c.use(x)
	}
	return c.ext(x, op == amd64.Sar)
}

// maskedCount recognises a count masked to less than the type's bits, and
// drops the mask where the machine masks by itself.
func (c *Compiler) maskedCount(y *ir.Value, bits int64) (*ir.Value, bool) {
	if y.Op == ir.OpZext || y.Op == ir.OpTrunc {
		if n, ok := c.maskedCount(y.Args[0], bits); ok && n != y.Args[0] {
			return n, true
		}
	}
	if y.Op != ir.OpAnd {
		return nil, false
	}
	for i, a := range y.Args {
		if k, ok := c.isConst(a); ok && k >= 0 && k < bits {
			if k == bits-1 && bits >= 32 {
				return y.Args[1-i], true
			}
			return y, true
		}
	}
	return nil, false
}

// shiftV emits a shift by a register whose count is good.
func (c *Compiler) shiftV(op amd64.Shift, w amd64.Width, d, a, n vreg) {
	o := c.mark()
	if c.t.CPU.BMI2 {
		c.def(d)
		c.any(a)
		c.reg(n)
		c.hint(d, a)
		c.put(inst{op: mShiftX, w: w, sub: uint8(op)}, o)
		return
	}
	c.defTied(d, a)
	c.any(a)
	c.fixedUseLate(n, obj.RCX)
	c.put(inst{op: mShiftC, w: w, sub: uint8(op)}, o)
}

// checkedShift emits a shift whose count may reach or pass the type's width.
// The count is unsigned of the type of the shift; n is zero-extended.
func (c *Compiler) checkedShift(op amd64.Shift, w amd64.Width, d, a, n vreg, bits int64, t ir.Type) {
	cw := w
	if op == amd64.Sar {
		limit := c.constTemp(t, bits-1)
		k := c.newVreg(t)
		c.cmpI(cw, n, bits-1)
		o := c.mark()
		c.defTied(k, n)
		c.any(n)
		c.anyLate(limit)
		c.put(inst{op: mCmov, w: cw, cc: amd64.A}, o)
		c.shiftV(op, w, d, a, k)
		return
	}
	r, zero := c.newVreg(t), c.newVreg(t)
	c.shiftV(op, w, r, a, n)
	o := c.mark()
	c.def(zero)
	c.put(inst{op: mConst, w: w}, o)
	c.vi[zero].remat = mConst
	c.cmpI(cw, n, bits-1)
	o = c.mark()
	c.defTied(d, r)
	c.any(r)
	c.anyLate(zero)
	c.put(inst{op: mCmov, w: w, cc: amd64.A}, o)
}

// cmpI emits a comparison of a register with a constant.
func (c *Compiler) cmpI(w amd64.Width, a vreg, k int64) {
	o := c.mark()
	c.any(a)
	c.put(inst{op: mCmp, w: w, mem: immYes, imm: k}, o)
}

func (c *Compiler) lowerRotate(v *ir.Value) {
	w, d := widthOf(v.Type), c.result(v)
	bits := int64(v.Type.Bits())
	op := amd64.Rol
	if v.Op == ir.OpRotr {
		op = amd64.Ror
	}
	if k, ok := c.isConst(v.Args[1]); ok {
		k &= bits - 1
		a := c.use(v.Args[0])
		if c.t.CPU.BMI2 && w >= amd64.W32 {
			if op == amd64.Rol {
				k = (bits - k) & (bits - 1)
			}
			o := c.mark()
			c.def(d)
			c.any(a)
			c.hint(d, a)
			c.put(inst{op: mRorx, w: w, imm: k}, o)
			return
		}
		c.shiftI(op, w, d, a, k)
		return
	}
	a, n := c.use(v.Args[0]), c.use(v.Args[1])
	o := c.mark()
	c.defTied(d, a)
	c.any(a)
	c.fixedUseLate(n, obj.RCX)
	c.put(inst{op: mShiftC, w: w, sub: uint8(op)}, o)
}

func (c *Compiler) lowerScan(v *ir.Value) {
	d, w := c.result(v), opWidth(v.Type)
	x := v.Args[0]
	scan := amd64.Popcnt
	switch v.Op {
	case ir.OpClz:
		scan = amd64.Lzcnt
	case ir.OpCtz:
		scan = amd64.Tzcnt
	}
	small := v.Type.Size() < 4
	bits := int64(v.Type.Bits())
	var a vreg
	switch {
	case small && scan == amd64.Tzcnt: // a bit at the width stops the count
		a = c.newVreg(ir.I32)
		c.aluI(amd64.Or, amd64.W32, a, c.use(x), 1<<bits)
	default:
		a = c.ext(x, false)
	}
	r := d
	if small && scan == amd64.Lzcnt {
		r = c.newVreg(ir.I32)
	}
	c.scan(scan, w, r, a)
	if r != d {
		c.aluI(amd64.Sub, amd64.W32, d, r, 32-bits)
	}
}

func (c *Compiler) scan(op amd64.BitScan, w amd64.Width, d, a vreg) {
	o := c.mark()
	switch {
	case op == amd64.Lzcnt && !c.t.CPU.LZCNT, op == amd64.Tzcnt && !c.t.CPU.BMI1:
		c.defEarly(d)
		c.reg(a)
		c.put(inst{op: mScanSlow, w: w, sub: uint8(op)}, o)
	default:
		c.def(d)
		c.any(a)
		c.put(inst{op: mScan, w: w, sub: uint8(op)}, o)
	}
}

func (c *Compiler) lowerMulHi(v *ir.Value) {
	signed := v.Op == ir.OpSmulhi
	d := c.result(v)
	if v.Type.Size() < 8 {
		c.narrowMulHi(v, d, signed)
		return
	}
	c.mulHi(d, c.use(v.Args[0]), c.use(v.Args[1]), signed)
}

// mulHi emits d = the high 64 bits of a*b.
func (c *Compiler) mulHi(d, a, b vreg, signed bool) {
	o := c.mark()
	c.fixedDef(d, obj.RDX)
	c.fixedDef(0, obj.RAX)
	c.fixedUse(a, obj.RAX)
	c.anyLate(b)
	in := inst{op: mMulHi, w: amd64.W64}
	if signed {
		in.sub = 1
	}
	c.put(in, o)
}

// narrowMulHi multiplies in 64 bits and shifts.
func (c *Compiler) narrowMulHi(v *ir.Value, d vreg, signed bool) {
	a, b := c.wide(v.Args[0], signed), c.wide(v.Args[1], signed)
	p := c.newVreg(ir.I64)
	c.aluRegs(inst{op: mMul, w: amd64.W64}, p, a, b, true)
	c.shiftI(amd64.Shr, amd64.W64, d, p, int64(v.Type.Bits()))
}

// wide returns v extended to 64 bits.
func (c *Compiler) wide(v *ir.Value, signed bool) vreg {
	if v.Type.Size() == 8 {
		return c.use(v)
	}
	if !signed && c.zeroExtended(v) {
		return c.use(v)
	}
	if k, ok := c.isConst(v); ok {
		if !signed {
			k &= 1<<v.Type.Bits() - 1
		}
		return c.constTemp(ir.I64, k)
	}
	d := c.newVreg(ir.I64)
	op := mMovzx
	if signed {
		op = mMovsx
	}
	c.extend(op, widthOf(v.Type), amd64.W64, d, c.use(v))
	return d
}

func (c *Compiler) lowerMinMax(v *ir.Value) {
	signed := v.Op == ir.OpSmin || v.Op == ir.OpSmax
	a, b := c.ext(v.Args[0], signed), c.ext(v.Args[1], signed)
	var cc amd64.Cond
	switch v.Op {
	case ir.OpSmin:
		cc = amd64.G
	case ir.OpSmax:
		cc = amd64.L
	case ir.OpUmin:
		cc = amd64.A
	case ir.OpUmax:
		cc = amd64.B
	}
	w := opWidth(v.Type)
	c.cmpR(w, a, b)
	o := c.mark()
	c.defTied(c.result(v), a)
	c.any(a)
	c.anyLate(b)
	c.put(inst{op: mCmov, w: w, cc: cc}, o)
}

func (c *Compiler) cmpR(w amd64.Width, a, b vreg) {
	o := c.mark()
	c.any(a)
	c.any(b)
	c.put(inst{op: mCmp, w: w}, o)
}

// lowerOverflow emits checked arithmetic; the flag goes to a register if anybody wants it.
func (c *Compiler) lowerOverflow(v, flag *ir.Value) {
	f := c.overflow(v)
	if flag != nil {
		c.setFrom(c.val[flag.ID].v, f)
	}
}

// overflow emits checked arithmetic and returns the condition of its flag.
func (c *Compiler) overflow(v *ir.Value) flags {
	d, x, y := c.result(v), v.Args[0], v.Args[1]
	w := widthOf(v.Type)
	switch v.Op {
	case ir.OpSmulov:
		return c.smulov(v, d)
	case ir.OpUmulov:
		return c.umulov(v, d)
	}
	if v.Op != ir.OpSsubov && v.Op != ir.OpUsubov {
		if _, ok := c.isConst(x); ok {
			x, y = y, x
		}
	}
	c.alu(aluOf[v.Op], w, v.Type, d, x, y, aluOf[v.Op] == amd64.Add, 1)
	if v.Op == ir.OpSaddov || v.Op == ir.OpSsubov {
		return flags{cc: amd64.O}
	}
	return flags{cc: amd64.B}
}

func (c *Compiler) smulov(v *ir.Value, d vreg) flags {
	w := widthOf(v.Type)
	if w != amd64.W8 {
		if k, ok := c.imm32(v.Args[1]); ok {
			c.mulI(w, d, c.use(v.Args[0]), k)
		} else {
			c.aluRegs(inst{op: mMul, w: w}, d, c.use(v.Args[0]), c.use(v.Args[1]), true)
		}
		return flags{cc: amd64.O}
	}
	a, b := c.ext(v.Args[0], true), c.ext(v.Args[1], true)
	s := c.newVreg(ir.I32)
	c.aluRegs(inst{op: mMul, w: amd64.W32}, d, a, b, true)
	c.extend(mMovsx, amd64.W8, amd64.W32, s, d)
	c.cmpR(amd64.W32, s, d)
	return flags{cc: amd64.NE}
}

func (c *Compiler) umulov(v *ir.Value, d vreg) flags {
	if v.Type.Size() < 4 {
		a, b := c.ext(v.Args[0], false), c.ext(v.Args[1], false)
		c.aluRegs(inst{op: mMul, w: amd64.W32}, d, a, b, true)
		c.cmpI(amd64.W32, d, 1<<v.Type.Bits()-1)
		return flags{cc: amd64.A}
	}
	a, b := c.use(v.Args[0]), c.use(v.Args[1])
	o := c.mark()
	c.fixedDef(d, obj.RAX)
	c.fixedDef(0, obj.RDX)
	c.fixedUse(a, obj.RAX)
	c.anyLate(b)
	c.put(inst{op: mMulHi, w: widthOf(v.Type)}, o)
	return flags{cc: amd64.B}
}

func (c *Compiler) lowerCarry(v, flag *ir.Value) {
	a, b, carry := c.use(v.Args[0]), c.use(v.Args[1]), c.use(v.Args[2])
	o := c.mark()
	c.defTied(c.result(v), a)
	c.any(a)
	c.anyLate(b)
	c.reg(carry)
	c.put(inst{op: mAddc, w: widthOf(v.Type), sub: uint8(aluOf[v.Op])}, o)
	if flag != nil {
		c.setFrom(c.val[flag.ID].v, flags{cc: amd64.B})
	}
}

// Addresses.

// address selects a memory operand for v + off.
func (c *Compiler) address(v *ir.Value, off int64) amode {
	v = c.stripAddr(v)
	var index *ir.Value
	for v.Op == ir.OpAddrof && c.cheapHere(v) {
		x := v.Args[1]
		k, isK := c.isConst(x)
		if isK {
			off += k
		} else {
			if index != nil {
				break
			}
			index = x
		}
		off += v.Imm
		v = c.stripAddr(v.Args[0])
	}
	a := amode{}
	if index != nil {
		index, a.scale, off = c.scaled(index, off)
	}
	if off != int64(int32(off)) {
		return c.farAddress(v, index, a.scale, off)
	}
	a.disp = int32(off)
	if k, ok := c.isConst(v); ok && k == int64(int32(k)) && k+off == int64(int32(k+off)) && index != nil {
		a.disp += int32(k)
		a.index = c.use(index)
		return a
	}
	a.base = c.use(v)
	if index != nil {
		a.index = c.use(index)
	}
	return a
}

// stripAddr is strip for addresses: a pointer made from an integer is that integer.
func (c *Compiler) stripAddr(v *ir.Value) *ir.Value { return c.strip(v) }

// farAddress adds an offset that no displacement holds.
func (c *Compiler) farAddress(v, index *ir.Value, scale uint8, off int64) amode {
	k := c.constTemp(ir.I64, off)
	b := c.newVreg(v.Type)
	c.aluR(amd64.Add, amd64.W64, b, c.use(v), k)
	a := amode{base: b, scale: scale}
	if index != nil {
		a.index = c.use(index)
	}
	return a
}

// cheapHere says whether an address computation should be repeated in the
// memory operands that use it: when it is of the same loop, or has one user,
// or only adds a constant.
func (c *Compiler) cheapHere(v *ir.Value) bool {
	vi := &c.val[v.ID]
	if _, ok := c.isConst(v.Args[1]); ok {
		return true
	}
	if vi.v != 0 {
		return false
	}
	if vi.uses == 1 {
		return c.loopOf[vi.block] == c.loopOf[c.curB]
	}
	return vi.block == c.curB && vi.uses <= 4
}

// scaled takes a scale and a constant out of an index.
func (c *Compiler) scaled(x *ir.Value, off int64) (*ir.Value, uint8, int64) {
	scale := uint8(0)
	for {
		x = c.strip(x)
		if x.Type != ir.I64 || len(x.Args) != 2 || c.loopOf[c.val[x.ID].block] != c.loopOf[c.curB] {
			return x, scale, off
		}
		k, ok := c.isConst(x.Args[1])
		switch {
		case !ok:
			return x, scale, off
		case x.Op == ir.OpShl && k >= 0 && int64(scale)+k <= 3:
			scale += uint8(k)
		case x.Op == ir.OpMul && (k == 2 || k == 4 || k == 8) && int(scale)+log2(k) <= 3:
			scale += uint8(log2(k))
		case x.Op == ir.OpAdd && k == int64(int32(k)) && off+k<<scale == int64(int32(off+k<<scale)):
			off += k << scale
		case x.Op == ir.OpSub && k == int64(int32(k)) && off-k<<scale == int64(int32(off-k<<scale)):
			off -= k << scale
		default:
			return x, scale, off
		}
		x = x.Args[0]
	}
}

func (c *Compiler) lowerAddrof(v *ir.Value) {
	d := c.result(v)
	m := c.addressOf(v)
	o := c.mark()
	if m.index == 0 && m.disp == 0 {
		c.copy(d, m.base)
		return
	}
	c.def(d)
	if m.index == 0 {
		c.hint(d, m.base)
	}
	c.putMem(inst{op: mLea, w: amd64.W64}, o, &m, false)
}

// addressOf is address for the value itself: its own computation is always taken apart.
func (c *Compiler) addressOf(v *ir.Value) amode {
	x, off := v.Args[1], v.Imm
	if k, ok := c.isConst(x); ok {
		return c.address(v.Args[0], off+k)
	}
	a := amode{}
	x, a.scale, off = c.scaled(x, off)
	if off != int64(int32(off)) {
		return c.farAddress(v.Args[0], x, a.scale, off)
	}
	a.disp = int32(off)
	a.base, a.index = c.use(v.Args[0]), c.use(x)
	return a
}

func (c *Compiler) lowerStackAddr(v *ir.Value) {
	c.area = (c.area + int32(v.Imm) + 15) &^ 15
	d := c.result(v)
	o := c.mark()
	c.def(d)
	c.put(inst{op: mSlot, w: amd64.W64, imm: int64(c.area)}, o)
}

func (c *Compiler) lowerLoad(v *ir.Value) {
	d := c.result(v)
	m := c.address(v.Args[0], v.Imm)
	in := inst{op: mLoad, w: widthOf(v.Type)}
	if v.Type.IsFloat() {
		in.op = mLoadF
	}
	o := c.mark()
	c.def(d)
	c.putMem(in, o, &m, false)
}

func (c *Compiler) lowerStore(v *ir.Value) {
	x := v.Args[1]
	w := widthOf(x.Type)
	if x.Type == ir.Ref && v.Mem.Flags&ir.NoBarrier == 0 {
		c.storeRef(v)
		return
	}
	if k, ok := c.imm32(x); ok && !x.Type.IsFloat() {
		m := c.address(v.Args[0], v.Imm)
		c.putMem(inst{op: mStoreI, w: w, imm: k}, c.mark(), &m, false)
		return
	}
	if x.Type.IsFloat() {
		if f := c.strip(x); f.Op == ir.OpConst && (f.Imm == int64(int32(f.Imm)) || x.Type == ir.F32) {
			m := c.address(v.Args[0], v.Imm)
			c.putMem(inst{op: mStoreI, w: w, imm: int64(int32(f.Imm))}, c.mark(), &m, false)
			return
		}
	}
	if c.updateInPlace(v, x, w) {
		return
	}
	m := c.address(v.Args[0], v.Imm)
	s := c.use(x)
	o := c.mark()
	c.reg(s)
	in := inst{op: mStore, w: w}
	if x.Type.IsFloat() {
		in.op = mStoreF
	}
	c.putMem(in, o, &m, false)
}

// updateInPlace makes load, operate, store of one address one instruction.
func (c *Compiler) updateInPlace(st, x *ir.Value, w amd64.Width) bool {
	vi := &c.val[x.ID]
	if vi.uses != 1 || vi.v != 0 || vi.block != c.curB {
		return false
	}
	switch x.Op {
	case ir.OpAdd, ir.OpSub, ir.OpAnd, ir.OpOr, ir.OpXor:
	default:
		return false
	}
	ld, y := x.Args[0], x.Args[1]
	if !c.updates(ld, st) && x.Op != ir.OpSub {
		ld, y = y, ld
	}
	if !c.updates(ld, st) {
		return false
	}
	c.val[ld.ID].done, vi.done = true, true
	in := inst{op: mAluM, w: w, sub: uint8(aluOf[x.Op])}
	m := c.address(st.Args[0], st.Imm)
	if k, ok := c.imm32(y); ok {
		in.imm = k
		in.mem = immYes
		c.putMem(in, c.mark(), &m, false)
		return true
	}
	s := c.use(y)
	o := c.mark()
	c.reg(s)
	c.putMem(in, o, &m, false)
	return true
}

// updates says whether ld loads what st stores to and may move down to it.
func (c *Compiler) updates(ld, st *ir.Value) bool {
	return c.foldable(ld) && ld.Imm == st.Imm && ld.Args[0] == st.Args[0]
}

// storeRef emits a store with write barrier; the barrier's slow path returns its buffer in R11.
func (c *Compiler) storeRef(v *ir.Value) {
	m := c.address(v.Args[0], v.Imm)
	s := c.use(v.Args[1])
	o := c.mark()
	c.fixedDef(0, obj.R11)
	c.temp(ir.I64)
	c.regLate(s)
	c.putMem(inst{op: mStoreRef, w: amd64.W64}, o, &m, true)
}
