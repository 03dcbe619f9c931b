package amd64

import "encoding/binary"

// Alu is one of the eight two-operand arithmetic instructions, by hardware number.
type Alu uint8

// The arithmetic instructions.
const (
	Add Alu = iota
	Or
	Adc
	Sbb
	And
	Sub
	Xor
	Cmp
)

// AluRR emits `op dst, src`.
func (a *Assembler) AluRR(op Alu, w Width, dst, src Reg) {
	a.rr(size16(w), w == W64, wide(uint32(op)<<3, w), uint8(src), uint8(dst), byteMask(w, 3))
}

// AluRM emits `op dst, [m]`.
func (a *Assembler) AluRM(op Alu, w Width, dst Reg, m Mem) {
	a.rm(size16(w), w == W64, wide(uint32(op)<<3|2, w), uint8(dst), &m, w == W8, 0)
}

// AluMR emits `op [m], src`.
func (a *Assembler) AluMR(op Alu, w Width, m Mem, src Reg) {
	a.rm(size16(w), w == W64, wide(uint32(op)<<3, w), uint8(src), &m, w == W8, 0)
}

// AluRI emits `op dst, imm`; for W64 the immediate is sign-extended.
func (a *Assembler) AluRI(op Alu, w Width, dst Reg, imm int32) {
	switch {
	case w == W8:
		a.rr(0, false, 0x80, uint8(op), uint8(dst), 2)
		a.Buf = append(a.Buf, byte(imm))
	case imm == int32(int8(imm)):
		a.rr(size16(w), w == W64, 0x83, uint8(op), uint8(dst), 0)
		a.Buf = append(a.Buf, byte(imm))
	default:
		a.rr(size16(w), w == W64, 0x81, uint8(op), uint8(dst), 0)
		a.imm(w, imm)
	}
}

// AluMI emits `op [m], imm`; for W64 the immediate is sign-extended.
func (a *Assembler) AluMI(op Alu, w Width, m Mem, imm int32) {
	switch {
	case w == W8:
		a.rm(0, false, 0x80, uint8(op), &m, false, 1)
		a.Buf = append(a.Buf, byte(imm))
	case imm == int32(int8(imm)):
		a.rm(size16(w), w == W64, 0x83, uint8(op), &m, false, 1)
		a.Buf = append(a.Buf, byte(imm))
	default:
		a.rm(size16(w), w == W64, 0x81, uint8(op), &m, false, immBytes(w))
		a.imm(w, imm)
	}
}

// TestRR emits `test x, y`.
func (a *Assembler) TestRR(w Width, x, y Reg) {
	a.rr(size16(w), w == W64, wide(0x84, w), uint8(y), uint8(x), byteMask(w, 3))
}

// TestMR emits `test [m], r`.
func (a *Assembler) TestMR(w Width, m Mem, r Reg) {
	a.rm(size16(w), w == W64, wide(0x84, w), uint8(r), &m, w == W8, 0)
}

// TestRI emits `test x, imm`.
func (a *Assembler) TestRI(w Width, x Reg, imm int32) {
	a.rr(size16(w), w == W64, wide(0xf6, w), 0, uint8(x), byteMask(w, 2))
	a.imm(w, imm)
}

// TestMI emits `test [m], imm`.
func (a *Assembler) TestMI(w Width, m Mem, imm int32) {
	a.rm(size16(w), w == W64, wide(0xf6, w), 0, &m, false, immBytes(w))
	a.imm(w, imm)
}

// MovRR emits `mov dst, src`. W32 clears the upper half.
func (a *Assembler) MovRR(w Width, dst, src Reg) {
	a.rr(size16(w), w == W64, wide(0x88, w), uint8(src), uint8(dst), byteMask(w, 3))
}

// MovRM emits `mov dst, [m]`.
func (a *Assembler) MovRM(w Width, dst Reg, m Mem) {
	a.rm(size16(w), w == W64, wide(0x8a, w), uint8(dst), &m, w == W8, 0)
}

// MovMR emits `mov [m], src`.
func (a *Assembler) MovMR(w Width, m Mem, src Reg) {
	a.rm(size16(w), w == W64, wide(0x88, w), uint8(src), &m, w == W8, 0)
}

// MovMI emits `mov [m], imm`; for W64 the immediate is sign-extended.
func (a *Assembler) MovMI(w Width, m Mem, imm int32) {
	a.rm(size16(w), w == W64, wide(0xc6, w), 0, &m, false, immBytes(w))
	a.imm(w, imm)
}

// MovRI loads a 64-bit constant with the shortest instruction that leaves
// the flags alone.
func (a *Assembler) MovRI(dst Reg, v int64) {
	switch {
	case v == int64(uint32(v)):
		if dst >= 8 {
			a.Buf = append(a.Buf, 0x41)
		}
		a.Buf = append(a.Buf, 0xb8|byte(dst&7))
		a.imm32(int32(v))
	case v == int64(int32(v)):
		a.rr(0, true, 0xc7, 0, uint8(dst), 0)
		a.imm32(int32(v))
	default:
		a.MovAbs(dst, v)
	}
}

// MovAbs emits the 10-byte `mov dst, imm64` whatever the value, and returns
// the offset of the immediate so that it can be relocated.
func (a *Assembler) MovAbs(dst Reg, v int64) int {
	a.Buf = append(a.Buf, 0x48|byte(dst>>3), 0xb8|byte(dst&7))
	a.Buf = binary.LittleEndian.AppendUint64(a.Buf, uint64(v))
	return len(a.Buf) - 8
}

// MovzxRR zero-extends the low part of src, of width from, to 64 bits.
func (a *Assembler) MovzxRR(from Width, dst, src Reg) {
	if from >= W32 {
		a.MovRR(from, dst, src)
		return
	}
	a.rr(0, false, 0x0fb6+uint32(from), uint8(dst), uint8(src), byteMask(from, 2))
}

// MovzxRM loads and zero-extends to 64 bits.
func (a *Assembler) MovzxRM(from Width, dst Reg, m Mem) {
	if from >= W32 {
		a.MovRM(from, dst, m)
		return
	}
	a.rm(0, false, 0x0fb6+uint32(from), uint8(dst), &m, false, 0)
}

// MovsxRR sign-extends the low part of src, of width from, to width to (W32 or
// W64; W32 clears the upper half).
func (a *Assembler) MovsxRR(from, to Width, dst, src Reg) {
	switch {
	case from == W64 || from == W32 && to == W32:
		a.MovRR(from, dst, src)
	case from == W32:
		a.rr(0, true, 0x63, uint8(dst), uint8(src), 0)
	default:
		a.rr(0, to == W64, 0x0fbe+uint32(from), uint8(dst), uint8(src), byteMask(from, 2))
	}
}

// MovsxRM loads and sign-extends.
func (a *Assembler) MovsxRM(from, to Width, dst Reg, m Mem) {
	switch {
	case from == W64 || from == W32 && to == W32:
		a.MovRM(from, dst, m)
	case from == W32:
		a.rm(0, true, 0x63, uint8(dst), &m, false, 0)
	default:
		a.rm(0, to == W64, 0x0fbe+uint32(from), uint8(dst), &m, false, 0)
	}
}

// Lea emits `lea dst, [m]`, w being W32 or W64.
func (a *Assembler) Lea(w Width, dst Reg, m Mem) {
	a.rm(0, w == W64, 0x8d, uint8(dst), &m, false, 0)
}

// CmovRR emits `cmovcc dst, src`, w from W16 up.
func (a *Assembler) CmovRR(c Cond, w Width, dst, src Reg) {
	a.rr(size16(w), w == W64, 0x0f40|uint32(c), uint8(dst), uint8(src), 0)
}

// CmovRM emits `cmovcc dst, [m]`; the memory is read whatever the condition.
func (a *Assembler) CmovRM(c Cond, w Width, dst Reg, m Mem) {
	a.rm(size16(w), w == W64, 0x0f40|uint32(c), uint8(dst), &m, false, 0)
}

// SetR emits `setcc dst` (8 bits).
func (a *Assembler) SetR(c Cond, dst Reg) { a.rr(0, false, 0x0f90|uint32(c), 0, uint8(dst), 2) }

// SetM emits `setcc byte [m]`.
func (a *Assembler) SetM(c Cond, m Mem) { a.rm(0, false, 0x0f90|uint32(c), 0, &m, false, 0) }

// Shift is a shift or rotate, by hardware number.
type Shift uint8

// The shifts and rotates.
const (
	Rol Shift = 0
	Ror Shift = 1
	Shl Shift = 4
	Shr Shift = 5
	Sar Shift = 7
)

// ShiftRI emits `op dst, count`.
func (a *Assembler) ShiftRI(op Shift, w Width, dst Reg, count uint8) {
	if count == 1 {
		a.rr(size16(w), w == W64, wide(0xd0, w), uint8(op), uint8(dst), byteMask(w, 2))
		return
	}
	a.rr(size16(w), w == W64, wide(0xc0, w), uint8(op), uint8(dst), byteMask(w, 2))
	a.Buf = append(a.Buf, count)
}

// ShiftRC emits `op dst, cl`.
func (a *Assembler) ShiftRC(op Shift, w Width, dst Reg) {
	a.rr(size16(w), w == W64, wide(0xd2, w), uint8(op), uint8(dst), byteMask(w, 2))
}

// ShiftMI emits `op [m], count`.
func (a *Assembler) ShiftMI(op Shift, w Width, m Mem, count uint8) {
	a.rm(size16(w), w == W64, wide(0xc0, w), uint8(op), &m, false, 1)
	a.Buf = append(a.Buf, count)
}

// ShiftMC emits `op [m], cl`.
func (a *Assembler) ShiftMC(op Shift, w Width, m Mem) {
	a.rm(size16(w), w == W64, wide(0xd2, w), uint8(op), &m, false, 0)
}

// ShldRI emits `shld dst, src, count`.
func (a *Assembler) ShldRI(w Width, dst, src Reg, count uint8) {
	a.rr(size16(w), w == W64, 0x0fa4, uint8(src), uint8(dst), 0)
	a.Buf = append(a.Buf, count)
}

// ShrdRI emits `shrd dst, src, count`.
func (a *Assembler) ShrdRI(w Width, dst, src Reg, count uint8) {
	a.rr(size16(w), w == W64, 0x0fac, uint8(src), uint8(dst), 0)
	a.Buf = append(a.Buf, count)
}

// vexPrefix returns the pp field of the BMI2 form of a shift.
func vexPrefix(op Shift) byte {
	switch op {
	case Shl:
		return 1 // 66
	case Sar:
		return 2 // f3
	}
	return 3 // f2: shr
}

// vex3 emits a three-byte VEX prefix. mm is the opcode map, pp the prefix code.
func (a *Assembler) vex3(mm, pp byte, w bool, reg, vvvv, index, base uint8) {
	b1 := ^(reg>>3<<7|index>>3<<6|base>>3<<5)&0xe0 | mm
	b2 := ^vvvv&15<<3 | pp
	if w {
		b2 |= 0x80
	}
	a.Buf = append(a.Buf, 0xc4, b1, b2)
}

// ShiftX emits the BMI2 `shlx/shrx/sarx dst, src, count`, which leaves the flags
// alone; w is W32 or W64.
func (a *Assembler) ShiftX(op Shift, w Width, dst, src, count Reg) {
	a.vex3(2, vexPrefix(op), w == W64, uint8(dst), uint8(count), 0, uint8(src))
	a.Buf = append(a.Buf, 0xf7, 0xc0|byte(dst&7)<<3|byte(src&7))
}

// ShiftXM is ShiftX with the shifted operand in memory.
func (a *Assembler) ShiftXM(op Shift, w Width, dst Reg, m Mem, count Reg) {
	var base, index uint8
	if m.Base != NoReg {
		base = uint8(m.Base)
	}
	if m.Index != NoReg {
		index = uint8(m.Index)
	}
	a.vex3(2, vexPrefix(op), w == W64, uint8(dst), uint8(count), index, base)
	a.Buf = append(a.Buf, 0xf7)
	a.modrm(uint8(dst), &m, 0)
}

// RorX emits the BMI2 `rorx dst, src, count`.
func (a *Assembler) RorX(w Width, dst, src Reg, count uint8) {
	a.vex3(3, 3, w == W64, uint8(dst), 0, 0, uint8(src))
	a.Buf = append(a.Buf, 0xf0, 0xc0|byte(dst&7)<<3|byte(src&7), count)
}

// Andn emits the BMI1 `andn dst, x, y`: dst = ^x & y.
func (a *Assembler) Andn(w Width, dst, x, y Reg) {
	a.vex3(2, 0, w == W64, uint8(dst), uint8(x), 0, uint8(y))
	a.Buf = append(a.Buf, 0xf2, 0xc0|byte(dst&7)<<3|byte(y&7))
}

// MulX emits the BMI2 `mulx hi, lo, src`: hi:lo = rdx * src, flags untouched.
func (a *Assembler) MulX(w Width, hi, lo, src Reg) {
	a.vex3(2, 3, w == W64, uint8(hi), uint8(lo), 0, uint8(src))
	a.Buf = append(a.Buf, 0xf6, 0xc0|byte(hi&7)<<3|byte(src&7))
}

// Unary is a one-operand instruction of the f6/f7 group, by hardware number.
type Unary uint8

// The one-operand instructions; Mul, Imul, Div and Idiv work on rax and rdx.
const (
	Not  Unary = 2
	Neg  Unary = 3
	Mul  Unary = 4
	Imul Unary = 5
	Div  Unary = 6
	Idiv Unary = 7
)

// UnaryR emits `op r`.
func (a *Assembler) UnaryR(op Unary, w Width, r Reg) {
	a.rr(size16(w), w == W64, wide(0xf6, w), uint8(op), uint8(r), byteMask(w, 2))
}

// UnaryM emits `op [m]`.
func (a *Assembler) UnaryM(op Unary, w Width, m Mem) {
	a.rm(size16(w), w == W64, wide(0xf6, w), uint8(op), &m, false, 0)
}

// IncM emits `inc [m]`.
func (a *Assembler) IncM(w Width, m Mem) { a.rm(size16(w), w == W64, wide(0xfe, w), 0, &m, false, 0) }

// DecM emits `dec [m]`.
func (a *Assembler) DecM(w Width, m Mem) { a.rm(size16(w), w == W64, wide(0xfe, w), 1, &m, false, 0) }

// ImulRR emits `imul dst, src`, w from W16 up.
func (a *Assembler) ImulRR(w Width, dst, src Reg) {
	a.rr(size16(w), w == W64, 0x0faf, uint8(dst), uint8(src), 0)
}

// ImulRM emits `imul dst, [m]`.
func (a *Assembler) ImulRM(w Width, dst Reg, m Mem) {
	a.rm(size16(w), w == W64, 0x0faf, uint8(dst), &m, false, 0)
}

// ImulRRI emits `imul dst, src, imm`.
func (a *Assembler) ImulRRI(w Width, dst, src Reg, imm int32) {
	if imm == int32(int8(imm)) {
		a.rr(size16(w), w == W64, 0x6b, uint8(dst), uint8(src), 0)
		a.Buf = append(a.Buf, byte(imm))
		return
	}
	a.rr(size16(w), w == W64, 0x69, uint8(dst), uint8(src), 0)
	a.imm(w, imm)
}

// ImulRMI emits `imul dst, [m], imm`.
func (a *Assembler) ImulRMI(w Width, dst Reg, m Mem, imm int32) {
	if imm == int32(int8(imm)) {
		a.rm(size16(w), w == W64, 0x6b, uint8(dst), &m, false, 1)
		a.Buf = append(a.Buf, byte(imm))
		return
	}
	a.rm(size16(w), w == W64, 0x69, uint8(dst), &m, false, immBytes(w))
	a.imm(w, imm)
}

// BitScan is one of the bit counting instructions.
type BitScan uint8

// The bit counting instructions. Bsf and Bsr leave the destination undefined
// for a zero source; the others are defined and need their CPU feature.
const (
	Bsf BitScan = iota
	Bsr
	Tzcnt
	Lzcnt
	Popcnt
)

var bitScanOps = [...]struct {
	prefix byte
	op     uint32
}{{0, 0x0fbc}, {0, 0x0fbd}, {0xf3, 0x0fbc}, {0xf3, 0x0fbd}, {0xf3, 0x0fb8}}

// BitScanRR emits `op dst, src`, w from W32 up.
func (a *Assembler) BitScanRR(op BitScan, w Width, dst, src Reg) {
	o := &bitScanOps[op]
	a.rr(o.prefix, w == W64, o.op, uint8(dst), uint8(src), 0)
}

// BitScanRM emits `op dst, [m]`.
func (a *Assembler) BitScanRM(op BitScan, w Width, dst Reg, m Mem) {
	o := &bitScanOps[op]
	a.rm(o.prefix, w == W64, o.op, uint8(dst), &m, false, 0)
}

// BitOp is a bit test, by the hardware number of its immediate form.
type BitOp uint8

// The bit tests; all set the carry flag to the bit.
const (
	Bt  BitOp = 4
	Bts BitOp = 5
	Btr BitOp = 6
	Btc BitOp = 7
)

// BitRR emits `op x, bit` with the bit number in a register.
func (a *Assembler) BitRR(op BitOp, w Width, x, bit Reg) {
	a.rr(size16(w), w == W64, 0x0f83|uint32(op)<<3, uint8(bit), uint8(x), 0)
}

// BitRI emits `op x, bit` with a constant bit number.
func (a *Assembler) BitRI(op BitOp, w Width, x Reg, bit uint8) {
	a.rr(size16(w), w == W64, 0x0fba, uint8(op), uint8(x), 0)
	a.Buf = append(a.Buf, bit)
}

// Bswap reverses the bytes of r, w being W32 or W64.
func (a *Assembler) Bswap(w Width, r Reg) {
	rex := byte(r >> 3)
	if w == W64 {
		rex |= rexW
	}
	if rex != 0 {
		a.Buf = append(a.Buf, 0x40|rex)
	}
	a.Buf = append(a.Buf, 0x0f, 0xc8|byte(r&7))
}

// XchgRR emits `xchg x, y`.
func (a *Assembler) XchgRR(w Width, x, y Reg) {
	a.rr(size16(w), w == W64, wide(0x86, w), uint8(y), uint8(x), byteMask(w, 3))
}

// XchgMR emits `xchg [m], r`, which is atomic.
func (a *Assembler) XchgMR(w Width, m Mem, r Reg) {
	a.rm(size16(w), w == W64, wide(0x86, w), uint8(r), &m, w == W8, 0)
}

// LockXadd emits `lock xadd [m], r`.
func (a *Assembler) LockXadd(w Width, m Mem, r Reg) {
	a.Buf = append(a.Buf, 0xf0)
	a.rm(size16(w), w == W64, wide(0x0fc0, w), uint8(r), &m, w == W8, 0)
}

// LockCmpxchg emits `lock cmpxchg [m], r`, comparing with rax.
func (a *Assembler) LockCmpxchg(w Width, m Mem, r Reg) {
	a.Buf = append(a.Buf, 0xf0)
	a.rm(size16(w), w == W64, wide(0x0fb0, w), uint8(r), &m, w == W8, 0)
}

// LockAluMR emits `lock op [m], r`.
func (a *Assembler) LockAluMR(op Alu, w Width, m Mem, r Reg) {
	a.Buf = append(a.Buf, 0xf0)
	a.AluMR(op, w, m, r)
}

// Cqo sign-extends the accumulator into (r/e)dx: cwd, cdq or cqo by width.
func (a *Assembler) Cqo(w Width) {
	switch w {
	case W16:
		a.Buf = append(a.Buf, 0x66)
	case W64:
		a.Buf = append(a.Buf, 0x48)
	}
	a.Buf = append(a.Buf, 0x99)
}

// Push emits `push r`.
func (a *Assembler) Push(r Reg) {
	if r >= 8 {
		a.Buf = append(a.Buf, 0x41)
	}
	a.Buf = append(a.Buf, 0x50|byte(r&7))
}

// Pop emits `pop r`.
func (a *Assembler) Pop(r Reg) {
	if r >= 8 {
		a.Buf = append(a.Buf, 0x41)
	}
	a.Buf = append(a.Buf, 0x58|byte(r&7))
}

// PushM emits `push qword [m]`.
func (a *Assembler) PushM(m Mem) { a.rm(0, false, 0xff, 6, &m, false, 0) }

// PopM emits `pop qword [m]`.
func (a *Assembler) PopM(m Mem) { a.rm(0, false, 0x8f, 0, &m, false, 0) }

// PushI emits `push imm32`, sign-extended.
func (a *Assembler) PushI(v int32) {
	if v == int32(int8(v)) {
		a.Buf = append(a.Buf, 0x6a, byte(v))
		return
	}
	a.Buf = append(a.Buf, 0x68)
	a.imm32(v)
}
