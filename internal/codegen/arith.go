package codegen

import (
	"math"
	"math/big"

	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// Division, floating point and conversions.

// lowerDivide divides. By a constant it multiplies with the reciprocal (Warren,
// Hacker's Delight, chapter 10; Granlund and Montgomery, Division by invariant
// integers using multiplication); otherwise it checks for zero and, signed,
// steps around the least value divided by -1, which the instruction cannot do.
func (c *Compiler) lowerDivide(v *ir.Value) {
	signed := v.Op == ir.OpSdiv || v.Op == ir.OpSrem
	rem := v.Op == ir.OpSrem || v.Op == ir.OpUrem
	if k, ok := c.isConst(v.Args[1]); ok && k != 0 {
		if signed {
			c.divideSigned(v, k, rem)
		} else {
			if bits := v.Type.Bits(); bits < 64 {
				k &= 1<<bits - 1
			}
			c.divideUnsigned(v, uint64(k), rem)
		}
		return
	}
	w := opWidth(v.Type)
	a, b := c.ext(v.Args[0], signed), c.ext(v.Args[1], signed)
	c.testR(w, b)
	c.trapIf(amd64.E, ir.TrapDivide)
	in := inst{op: mDiv, w: w}
	if signed {
		in.sub |= 1
	}
	d, other := obj.RAX, obj.RDX
	if rem {
		in.sub |= 2
		d, other = other, d
	}
	o := c.mark()
	c.fixedDef(c.result(v), d)
	c.fixedDef(0, other)
	c.fixedUse(a, obj.RAX)
	c.regLate(b)
	c.put(in, o)
}

// remainder emits d = x - q*k, all in width w.
func (c *Compiler) remainder(d, x, q vreg, k int64, w amd64.Width, t ir.Type) {
	p := c.newVreg(t)
	if k == int64(int32(k)) {
		c.mulI(w, p, q, k)
	} else {
		c.aluRegs(inst{op: mMul, w: w}, p, q, c.constTemp(t, k), true)
	}
	c.aluR(amd64.Sub, w, d, x, p)
}

func (c *Compiler) divideUnsigned(v *ir.Value, k uint64, rem bool) {
	d, w, t := c.result(v), opWidth(v.Type), v.Type
	if t.Size() < 4 {
		t = ir.I32
	}
	x := c.wide(v.Args[0], false)
	if k&(k-1) == 0 {
		c.dividePow2(d, x, k, rem, w, t)
		return
	}
	q := d
	if rem {
		q = c.newVreg(t)
	}
	if w == amd64.W32 {
		c.quotient32(q, x, k)
	} else {
		c.quotient64(q, x, k)
	}
	if rem {
		kk := int64(k)
		if w == amd64.W32 {
			kk = int64(int32(k))
		}
		c.remainder(d, x, q, kk, w, t)
	}
}

func (c *Compiler) dividePow2(d, x vreg, k uint64, rem bool, w amd64.Width, t ir.Type) {
	n := int64(log2(int64(k >> 1)))
	if k > 1 {
		n++
	} else {
		n = 0
	}
	switch {
	case rem && k-1 <= math.MaxInt32:
		c.aluI(amd64.And, w, d, x, int64(k-1))
	case rem:
		c.aluR(amd64.And, w, d, x, c.constTemp(t, int64(k-1)))
	case n == 0:
		c.copy(d, x)
	default:
		c.shiftI(amd64.Shr, w, d, x, n)
	}
}

// quotient32 divides a zero-extended 32-bit number: with m = ceil(2^64/k) the
// high half of x*m is exact for all x below 2^32.
func (c *Compiler) quotient32(q, x vreg, k uint64) {
	for s := uint(0); s < 32; s++ { // a multiplier of 31 bits needs no high half
		m := (uint64(1)<<(32+s) + k - 1) / k
		if m > math.MaxInt32 {
			break
		}
		if e := m*k - 1<<(32+s); e<<32 <= 1<<(32+s) {
			p := c.newVreg(ir.I64)
			c.mulI(amd64.W64, p, x, int64(m))
			c.shiftI(amd64.Shr, amd64.W64, q, p, int64(32+s))
			return
		}
	}
	m := math.MaxUint64/k + 1
	c.mulHi(q, c.constTemp(ir.I64, int64(m)), x, false)
}

// quotient64 divides by the reciprocal of 65 bits: m' = 2^64 + m, q = (((x - hi) >> 1) + hi) >> (s-1), or
// directly when m fits 64 bits.
func (c *Compiler) quotient64(q, x vreg, k uint64) {
	pre := 0
	m, s, fits := magic64(k, 64)
	if !fits && k&1 == 0 { // shift out the even part first: fewer bits of precision needed
		for k&1 == 0 {
			k >>= 1
			pre++
		}
		m, s, fits = magic64(k, 64-pre)
		t := c.newVreg(ir.I64)
		c.shiftI(amd64.Shr, amd64.W64, t, x, int64(pre))
		x = t
	}
	hi := c.newVreg(ir.I64)
	c.mulHi(hi, c.constTemp(ir.I64, int64(m)), x, false)
	if fits {
		c.shiftOrCopy(q, hi, s)
		return
	}
	t, u, w := c.newVreg(ir.I64), c.newVreg(ir.I64), c.newVreg(ir.I64)
	c.aluR(amd64.Sub, amd64.W64, t, x, hi)
	c.shiftI(amd64.Shr, amd64.W64, u, t, 1)
	c.aluR(amd64.Add, amd64.W64, w, u, hi)
	c.shiftOrCopy(q, w, s-1)
}

func (c *Compiler) shiftOrCopy(d, a vreg, s int) {
	if s == 0 {
		c.copy(d, a)
		return
	}
	c.shiftI(amd64.Shr, amd64.W64, d, a, int64(s))
}

// magic64 returns the multiplier and shift for unsigned division by k of
// numbers of n bits: floor(x*M / 2^(64+s)) with M = ceil(2^(64+s)/k). If M
// has 65 bits fits is false and m is M - 2^64.
func magic64(k uint64, n int) (m uint64, s int, fits bool) {
	one := big.NewInt(1)
	kk := new(big.Int).SetUint64(k)
	top := new(big.Int).Lsh(one, 64)
	for s = 0; ; s++ {
		p := new(big.Int).Lsh(one, uint(64+s))
		M := new(big.Int).Add(p, kk)
		M.Sub(M, one).Div(M, kk)
		e := new(big.Int).Mul(M, kk)
		e.Sub(e, p)
		if e.Lsh(e, uint(n)).Cmp(p) <= 0 {
			if M.Cmp(top) < 0 {
				return M.Uint64(), s, true
			}
			return M.Sub(M, top).Uint64(), s, false
		}
	}
}

func (c *Compiler) divideSigned(v *ir.Value, k int64, rem bool) {
	d, w, t := c.result(v), opWidth(v.Type), v.Type
	if t.Size() < 4 {
		t = ir.I32
	}
	switch v.Type {
	case ir.I8:
		k = int64(int8(k))
	case ir.I16:
		k = int64(int16(k))
	case ir.I32:
		k = int64(int32(k))
	}
	x := c.ext(v.Args[0], true)
	q := d
	if rem {
		q = c.newVreg(t)
	}
	abs := uint64(k)
	if k < 0 {
		abs = -abs
	}
	switch {
	case abs == 1 && k > 0:
		c.copy(q, x)
	case abs == 1:
		c.tied(inst{op: mNeg, w: w}, q, x)
	case abs&(abs-1) == 0:
		c.signedPow2(q, x, abs, k < 0, w, t)
	case w == amd64.W32:
		c.signed32(q, x, k)
	default:
		c.signed64(q, x, k)
	}
	if rem {
		c.remainder(d, x, q, k, w, t)
	}
}

// signedPow2 rounds toward zero by adding 2^n - 1 to negative numbers first.
func (c *Compiler) signedPow2(q, x vreg, k uint64, neg bool, w amd64.Width, t ir.Type) {
	n := int64(0)
	for uint64(1)<<n < k {
		n++
	}
	bits := int64(8) << w
	sign, bias, sum := x, c.newVreg(t), c.newVreg(t)
	if n > 1 {
		sign = c.newVreg(t)
		c.shiftI(amd64.Sar, w, sign, x, bits-1)
	}
	c.shiftI(amd64.Shr, w, bias, sign, bits-n)
	c.aluR(amd64.Add, w, sum, x, bias)
	if !neg {
		c.shiftI(amd64.Sar, w, q, sum, n)
		return
	}
	r := c.newVreg(t)
	c.shiftI(amd64.Sar, w, r, sum, n)
	c.tied(inst{op: mNeg, w: w}, q, r)
}

// signedMagic returns M = floor(2^(bits+s)/|k|)+1 and the least s such that
// x*M >> (bits+s) is the quotient for x >= 0 and one less than it for x < 0.
func signedMagic(k int64, bits int) (m uint64, s int) {
	abs := new(big.Int).Abs(big.NewInt(k))
	one := big.NewInt(1)
	limit := new(big.Int).Lsh(one, uint(bits-1))
	for s = 0; ; s++ {
		p := new(big.Int).Lsh(one, uint(bits+s))
		M := new(big.Int).Div(p, abs)
		M.Add(M, one)
		e := new(big.Int).Mul(M, abs)
		e.Sub(e, p) // error times abs; need e * 2^(bits-1) <= 2^(bits+s)
		if e.Mul(e, limit).Cmp(p) <= 0 {
			return M.Uint64(), s
		}
	}
}

func (c *Compiler) signed32(q, x vreg, k int64) {
	m, s := signedMagic(k, 32)
	wide, p, h, sign := c.newVreg(ir.I64), c.newVreg(ir.I64), c.newVreg(ir.I64), c.newVreg(ir.I32)
	c.extend(mMovsx, amd64.W32, amd64.W64, wide, x)
	if m <= math.MaxInt32 {
		c.mulI(amd64.W64, p, wide, int64(m))
	} else {
		c.aluRegs(inst{op: mMul, w: amd64.W64}, p, wide, c.constTemp(ir.I64, int64(m)), true)
	}
	c.shiftI(amd64.Sar, amd64.W64, h, p, int64(32+s))
	c.shiftI(amd64.Sar, amd64.W32, sign, x, 31)
	c.quotientSign(q, h, sign, k, amd64.W32)
}

// quotientSign emits q = h - sign, or sign - h for a negative divisor.
func (c *Compiler) quotientSign(q, h, sign vreg, k int64, w amd64.Width) {
	if k < 0 {
		h, sign = sign, h
	}
	c.aluR(amd64.Sub, w, q, h, sign)
}

func (c *Compiler) signed64(q, x vreg, k int64) {
	m, s := signedMagic(k, 64)
	h, sign := c.newVreg(ir.I64), c.newVreg(ir.I64)
	c.mulHi(h, c.constTemp(ir.I64, int64(m)), x, true)
	if int64(m) < 0 { // the multiplier is 2^64 more than the signed one used
		t := c.newVreg(ir.I64)
		c.aluR(amd64.Add, amd64.W64, t, h, x)
		h = t
	}
	if s > 0 {
		t := c.newVreg(ir.I64)
		c.shiftI(amd64.Sar, amd64.W64, t, h, int64(s))
		h = t
	}
	c.shiftI(amd64.Sar, amd64.W64, sign, x, 63)
	c.quotientSign(q, h, sign, k, amd64.W64)
}

// Floating point.

var roundMode = [256]int64{ir.OpFfloor: amd64.RoundFloor, ir.OpFceil: amd64.RoundCeil, ir.OpFtrunc: amd64.RoundTrunc, ir.OpFnearest: amd64.RoundNearest}

func (c *Compiler) lowerFloat(v *ir.Value) {
	d, t := c.result(v), v.Type
	w := widthOf(t)
	switch v.Op {
	case ir.OpFadd, ir.OpFsub, ir.OpFmul, ir.OpFdiv:
		c.floatBinary(v, d)
	case ir.OpFneg:
		c.floatMask(d, c.use(v.Args[0]), amd64.Xorps, signBit(t))
	case ir.OpFabs:
		c.floatMask(d, c.use(v.Args[0]), amd64.Andps, ^signBit(t))
	case ir.OpFsqrt:
		c.floatUnary(inst{op: mSseU, w: w, sub: sse(amd64.Sqrtsd, t)}, d, v.Args[0])
	case ir.OpFfloor, ir.OpFceil, ir.OpFtrunc, ir.OpFnearest:
		c.floatUnary(inst{op: mRound, w: w, imm: roundMode[v.Op]}, d, v.Args[0])
	case ir.OpFmin, ir.OpFmax:
		a, b := c.use(v.Args[0]), c.use(v.Args[1])
		in := inst{op: mFMin, w: w}
		if v.Op == ir.OpFmax {
			in.sub = 1
		}
		o := c.mark()
		c.defTied(d, a)
		c.any(a)
		c.regLate(b)
		c.put(in, o)
	case ir.OpFcopysign:
		a, b := c.use(v.Args[0]), c.use(v.Args[1])
		p, q := c.newVreg(t), c.newVreg(t)
		c.floatMask(p, a, amd64.Andps, ^signBit(t))
		c.floatMask(q, b, amd64.Andps, signBit(t))
		o := c.mark()
		c.defTied(d, p)
		c.reg(p)
		c.reg(q)
		c.put(inst{op: mSse, w: w, sub: uint8(amd64.Orps)}, o)
	case ir.OpFma:
		c.fma(v, d)
	}
}

func (c *Compiler) fma(v *ir.Value, d vreg) {
	if !c.t.CPU.FMA {
		panic(compileError{errUnsupported})
	}
	x, y, z := c.use(v.Args[0]), c.use(v.Args[1]), c.use(v.Args[2])
	o := c.mark()
	c.defTied(d, z)
	c.any(z)
	c.regLate(x)
	c.regLate(y)
	c.put(inst{op: mFma, w: widthOf(v.Type)}, o)
}

func signBit(t ir.Type) uint64 {
	if t == ir.F32 {
		return 1<<31 | 1<<63 // both halves of the low quadword: the upper ones are ignored
	}
	return 1 << 63
}

func (c *Compiler) floatBinary(v *ir.Value, d vreg) {
	x, y := v.Args[0], v.Args[1]
	commutes := v.Op == ir.OpFadd || v.Op == ir.OpFmul
	if commutes && (c.foldable(x) && !c.foldable(y) || x.Op == ir.OpConst ||
		!c.dying(x) && c.dying(y) && !c.foldable(y) && y.Op != ir.OpConst) {
		x, y = y, x
	}
	in := inst{op: mSse, w: widthOf(v.Type), sub: sse(sseOf[v.Op], v.Type)}
	if m, ok := c.floatMem(y); ok {
		a := c.use(x)
		o := c.mark()
		c.defTied(d, a)
		c.any(a)
		c.putMem(in, o, &m, true)
		return
	}
	c.aluRegs(in, d, c.use(x), c.use(y), commutes)
}

// floatMask applies a 16-byte constant.
func (c *Compiler) floatMask(d, a vreg, op amd64.Sse, mask uint64) {
	o := c.mark()
	c.defTied(d, a)
	c.any(a)
	c.put(inst{op: mFConst, sub: uint8(op), disp: c.poolMask(mask)}, o)
}

func (c *Compiler) floatUnary(in inst, d vreg, x *ir.Value) {
	if m, ok := c.floatMem(x); ok {
		o := c.mark()
		c.def(d)
		c.putMem(in, o, &m, false)
		return
	}
	a := c.use(x)
	o := c.mark()
	c.def(d)
	c.any(a)
	c.put(in, o)
}

// Conversions.

func (c *Compiler) lowerConvert(v *ir.Value) {
	x, d := v.Args[0], c.result(v)
	switch v.Op {
	case ir.OpSext, ir.OpZext:
		c.lowerExtend(v, x, d)
	case ir.OpTrunc:
		c.copy(d, c.use(x))
	case ir.OpSitofp, ir.OpUitofp:
		c.intToFloat(v, x, d)
	case ir.OpFptosi, ir.OpFptoui:
		c.floatToInt(v, x, d)
	case ir.OpFpext:
		c.floatUnary(inst{op: mSseU, w: amd64.W32, sub: uint8(amd64.Cvtss2sd)}, d, x)
	case ir.OpFptrunc:
		c.floatUnary(inst{op: mSseU, w: amd64.W64, sub: uint8(amd64.Cvtsd2ss)}, d, x)
	case ir.OpBitcast:
		c.bitcast(v, x, d)
	}
}

func (c *Compiler) lowerExtend(v, x *ir.Value, d vreg) {
	op, load := mMovzx, mLoad
	to := opWidth(v.Type)
	if v.Op == ir.OpSext {
		op, load = mMovsx, mLoadS
	}
	if c.foldable(x) {
		m := c.fold(x)
		o := c.mark()
		c.def(d)
		c.putMem(inst{op: load, w: widthOf(x.Type), sub: uint8(to)}, o, &m, false)
		return
	}
	c.extend(op, widthOf(x.Type), to, d, c.use(x))
}

func (c *Compiler) intToFloat(v, x *ir.Value, d vreg) {
	signed := v.Op == ir.OpSitofp
	w := widthOf(v.Type)
	if !signed && x.Type == ir.I64 {
		a := c.use(x)
		o := c.mark()
		c.defEarly(d)
		c.temp(ir.I64)
		c.temp(ir.I64)
		c.regLate(a)
		c.put(inst{op: mCvtUF, w: w}, o)
		return
	}
	from := amd64.W32
	var a vreg
	switch {
	case x.Type == ir.I64 || !signed && x.Type == ir.I32:
		a, from = c.wide(x, signed), amd64.W64
	default:
		a = c.ext(x, signed)
	}
	o := c.mark()
	c.def(d)
	c.any(a)
	c.put(inst{op: mCvtIF, w: w, sub: uint8(from)}, o)
}

func (c *Compiler) floatToInt(v, x *ir.Value, d vreg) {
	a := c.use(x)
	fw := uint8(widthOf(x.Type))
	signed := v.Op == ir.OpFptosi
	switch {
	case signed && v.Type.Size() >= 4:
		c.cvtFI(widthOf(v.Type), fw, d, a)
	case signed:
		c.floatToNarrow(v.Type, fw, d, a)
	case v.Type == ir.I64:
		o := c.mark()
		c.defEarly(d)
		c.temp(ir.F64)
		c.regLate(a)
		c.put(inst{op: mCvtFU, sub: fw}, o)
	default: // through a signed 64-bit number; out of range gives the top bit
		t := c.newVreg(ir.I64)
		c.cvtFI(amd64.W64, fw, t, a)
		bits := v.Type.Bits()
		top := c.constTemp(ir.I64, 1<<(bits-1))
		if bits == 32 {
			limit := c.constTemp(ir.I64, 1<<32-1)
			c.cmpR(amd64.W64, t, limit)
		} else {
			c.cmpI(amd64.W64, t, 1<<bits-1)
		}
		c.conditional(inst{op: mCmov, w: amd64.W64, cc: amd64.A}, d, t, top)
	}
}

func (c *Compiler) cvtFI(iw amd64.Width, fw uint8, d, a vreg) {
	o := c.mark()
	c.def(d)
	c.reg(a)
	c.put(inst{op: mCvtFI, w: iw, sub: fw}, o)
}

// floatToNarrow converts to i8 or i16: what does not survive sign extension gives the least value.
func (c *Compiler) floatToNarrow(t ir.Type, fw uint8, d, a vreg) {
	r, s := c.newVreg(ir.I32), c.newVreg(ir.I32)
	c.cvtFI(amd64.W32, fw, r, a)
	least := c.constTemp(ir.I32, 1<<(t.Bits()-1))
	c.extend(mMovsx, widthOf(t), amd64.W32, s, r)
	c.cmpR(amd64.W32, s, r)
	c.conditional(inst{op: mCmov, w: amd64.W32, cc: amd64.NE}, d, r, least)
}

func (c *Compiler) bitcast(v, x *ir.Value, d vreg) {
	a := c.use(x)
	w := widthOf(v.Type)
	switch {
	case v.Type.IsFloat() == x.Type.IsFloat():
		c.copy(d, a)
	case v.Type.IsFloat():
		o := c.mark()
		c.def(d)
		c.reg(a)
		c.put(inst{op: mMovXR, w: w}, o)
	default:
		o := c.mark()
		c.def(d)
		c.reg(a)
		c.put(inst{op: mMovRX, w: w}, o)
	}
}
