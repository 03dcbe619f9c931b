package amd64

// Sse is a two-operand scalar (or bitwise packed) SSE instruction that reads
// its source from a register or memory and writes an xmm register.
type Sse uint8

// The SSE instructions. Packed bit operations need 16-byte aligned memory
// operands.
const (
	Addsd Sse = iota
	Addss
	Subsd
	Subss
	Mulsd
	Mulss
	Divsd
	Divss
	Minsd
	Minss
	Maxsd
	Maxss
	Sqrtsd
	Sqrtss
	Ucomisd
	Ucomiss
	Cvtsd2ss
	Cvtss2sd
	Andps
	Andnps
	Orps
	Xorps
	Andpd
	Xorpd
	Pxor
	Unpcklps
	numSse
)

var sseOps = [numSse]struct {
	prefix byte
	op     uint32
	name   string
}{
	Addsd:    {0xf2, 0x0f58, "addsd"},
	Addss:    {0xf3, 0x0f58, "addss"},
	Subsd:    {0xf2, 0x0f5c, "subsd"},
	Subss:    {0xf3, 0x0f5c, "subss"},
	Mulsd:    {0xf2, 0x0f59, "mulsd"},
	Mulss:    {0xf3, 0x0f59, "mulss"},
	Divsd:    {0xf2, 0x0f5e, "divsd"},
	Divss:    {0xf3, 0x0f5e, "divss"},
	Minsd:    {0xf2, 0x0f5d, "minsd"},
	Minss:    {0xf3, 0x0f5d, "minss"},
	Maxsd:    {0xf2, 0x0f5f, "maxsd"},
	Maxss:    {0xf3, 0x0f5f, "maxss"},
	Sqrtsd:   {0xf2, 0x0f51, "sqrtsd"},
	Sqrtss:   {0xf3, 0x0f51, "sqrtss"},
	Ucomisd:  {0x66, 0x0f2e, "ucomisd"},
	Ucomiss:  {0, 0x0f2e, "ucomiss"},
	Cvtsd2ss: {0xf2, 0x0f5a, "cvtsd2ss"},
	Cvtss2sd: {0xf3, 0x0f5a, "cvtss2sd"},
	Andps:    {0, 0x0f54, "andps"},
	Andnps:   {0, 0x0f55, "andnps"},
	Orps:     {0, 0x0f56, "orps"},
	Xorps:    {0, 0x0f57, "xorps"},
	Andpd:    {0x66, 0x0f54, "andpd"},
	Xorpd:    {0x66, 0x0f57, "xorpd"},
	Pxor:     {0x66, 0x0fef, "pxor"},
	Unpcklps: {0, 0x0f14, "unpcklps"},
}

// String returns the mnemonic.
func (op Sse) String() string { return sseOps[op].name }

// SseXX emits `op dst, src`.
func (a *Assembler) SseXX(op Sse, dst, src Xmm) {
	o := &sseOps[op]
	a.rr(o.prefix, false, o.op, uint8(dst), uint8(src), 0)
}

// SseXM emits `op dst, [m]`.
func (a *Assembler) SseXM(op Sse, dst Xmm, m Mem) {
	o := &sseOps[op]
	a.rm(o.prefix, false, o.op, uint8(dst), &m, false, 0)
}

// MovXX copies a whole xmm register (movaps).
func (a *Assembler) MovXX(dst, src Xmm) { a.rr(0, false, 0x0f28, uint8(dst), uint8(src), 0) }

// scalarPrefix is f3 for 32-bit, f2 for 64-bit scalar floats.
func scalarPrefix(w Width) byte {
	if w == W32 {
		return 0xf3
	}
	return 0xf2
}

// MovXM loads a scalar float of width W32 (movss) or W64 (movsd), clearing the rest.
func (a *Assembler) MovXM(w Width, dst Xmm, m Mem) {
	a.rm(scalarPrefix(w), false, 0x0f10, uint8(dst), &m, false, 0)
}

// MovMX stores a scalar float of width W32 or W64.
func (a *Assembler) MovMX(w Width, m Mem, src Xmm) {
	a.rm(scalarPrefix(w), false, 0x0f11, uint8(src), &m, false, 0)
}

// MovXR moves the bits of a general register to an xmm register (movd/movq).
func (a *Assembler) MovXR(w Width, dst Xmm, src Reg) {
	a.rr(0x66, w == W64, 0x0f6e, uint8(dst), uint8(src), 0)
}

// MovRX moves the bits of an xmm register to a general register (movd/movq).
func (a *Assembler) MovRX(w Width, dst Reg, src Xmm) {
	a.rr(0x66, w == W64, 0x0f7e, uint8(src), uint8(dst), 0)
}

// MovupsXM loads 16 unaligned bytes.
func (a *Assembler) MovupsXM(dst Xmm, m Mem) { a.rm(0, false, 0x0f10, uint8(dst), &m, false, 0) }

// MovupsMX stores 16 unaligned bytes.
func (a *Assembler) MovupsMX(m Mem, src Xmm) { a.rm(0, false, 0x0f11, uint8(src), &m, false, 0) }

// CvtIntXR converts a signed integer of width iw to a float of width fw
// (cvtsi2ss/cvtsi2sd). The upper part of dst is kept: clear dst first to
// cut the dependency.
func (a *Assembler) CvtIntXR(fw, iw Width, dst Xmm, src Reg) {
	a.rr(scalarPrefix(fw), iw == W64, 0x0f2a, uint8(dst), uint8(src), 0)
}

// CvtIntXM is CvtIntXR from memory.
func (a *Assembler) CvtIntXM(fw, iw Width, dst Xmm, m Mem) {
	a.rm(scalarPrefix(fw), iw == W64, 0x0f2a, uint8(dst), &m, false, 0)
}

// CvtTruncRX converts a float of width fw to a signed integer of width iw by
// truncation (cvttss2si/cvttsd2si); out of range gives the integer indefinite value.
func (a *Assembler) CvtTruncRX(fw, iw Width, dst Reg, src Xmm) {
	a.rr(scalarPrefix(fw), iw == W64, 0x0f2c, uint8(dst), uint8(src), 0)
}

// Rounding modes of RoundXX.
const (
	RoundNearest = 0 // ties to even
	RoundFloor   = 1
	RoundCeil    = 2
	RoundTrunc   = 3
)

// RoundXX emits the SSE4.1 `roundss/roundsd dst, src, mode`, exceptions masked.
func (a *Assembler) RoundXX(w Width, dst, src Xmm, mode uint8) {
	op := uint32(0x0f3a0b)
	if w == W32 {
		op = 0x0f3a0a
	}
	a.rr(0x66, false, op, uint8(dst), uint8(src), 0)
	a.Buf = append(a.Buf, mode|8)
}

// RoundXM is RoundXX from memory.
func (a *Assembler) RoundXM(w Width, dst Xmm, m Mem, mode uint8) {
	op := uint32(0x0f3a0b)
	if w == W32 {
		op = 0x0f3a0a
	}
	a.rm(0x66, false, op, uint8(dst), &m, false, 1)
	a.Buf = append(a.Buf, mode|8)
}

// Movmskpd copies the signs of the two doubles of src to the low bits of dst.
func (a *Assembler) Movmskpd(dst Reg, src Xmm) { a.rr(0x66, false, 0x0f50, uint8(dst), uint8(src), 0) }

// Vfmadd231 emits `vfmadd231ss/sd dst, x, y`: dst += x*y, rounded once (FMA3).
func (a *Assembler) Vfmadd231(w Width, dst, x, y Xmm) {
	a.vex3(2, 1, w == W64, uint8(dst), uint8(x), 0, uint8(y))
	a.Buf = append(a.Buf, 0xb9, 0xc0|byte(dst&7)<<3|byte(y&7))
}
