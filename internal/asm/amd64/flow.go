package amd64

// fits8 says whether label l is bound close enough for an 8-bit displacement
// at the end of an instruction of n bytes.
func (a *Assembler) fits8(l Label, n int) bool {
	off := a.labels[l]
	if off < 0 {
		return false
	}
	d := int(off) - (len(a.Buf) + n)
	return d >= -128
}

func (a *Assembler) rel8(l Label) {
	a.fixups = append(a.fixups, fixup{at: int32(len(a.Buf)), label: l, size: 1})
	a.Buf = append(a.Buf, 0)
}

func (a *Assembler) rel32(l Label) {
	a.fixups = append(a.fixups, fixup{at: int32(len(a.Buf)), label: l, size: 4})
	a.Buf = append(a.Buf, 0, 0, 0, 0)
}

// Jmp jumps to a label: short when the label is bound and near, or when the
// caller promises with short that a forward target will be near (Resolve
// reports a broken promise).
func (a *Assembler) Jmp(l Label, short bool) {
	if short && a.labels[l] < 0 || a.fits8(l, 2) {
		a.Buf = append(a.Buf, 0xeb)
		a.rel8(l)
		return
	}
	a.Buf = append(a.Buf, 0xe9)
	a.rel32(l)
}

// Jcc jumps to a label when the condition holds; short as for Jmp.
func (a *Assembler) Jcc(c Cond, l Label, short bool) {
	if short && a.labels[l] < 0 || a.fits8(l, 2) {
		a.Buf = append(a.Buf, 0x70|byte(c))
		a.rel8(l)
		return
	}
	a.Buf = append(a.Buf, 0x0f, 0x80|byte(c))
	a.rel32(l)
}

// Call calls a label.
func (a *Assembler) Call(l Label) {
	a.Buf = append(a.Buf, 0xe8)
	a.rel32(l)
}

// CallR emits `call r`.
func (a *Assembler) CallR(r Reg) { a.rr(0, false, 0xff, 2, uint8(r), 0) }

// CallM emits `call qword [m]`.
func (a *Assembler) CallM(m Mem) { a.rm(0, false, 0xff, 2, &m, false, 0) }

// JmpR emits `jmp r`.
func (a *Assembler) JmpR(r Reg) { a.rr(0, false, 0xff, 4, uint8(r), 0) }

// JmpM emits `jmp qword [m]`.
func (a *Assembler) JmpM(m Mem) { a.rm(0, false, 0xff, 4, &m, false, 0) }

// Ret emits `ret`.
func (a *Assembler) Ret() { a.Buf = append(a.Buf, 0xc3) }

// RetN emits `ret n`, dropping n bytes of arguments.
func (a *Assembler) RetN(n uint16) { a.Buf = append(a.Buf, 0xc2, byte(n), byte(n>>8)) }

// Int3 emits a breakpoint.
func (a *Assembler) Int3() { a.Buf = append(a.Buf, 0xcc) }

// Ud2 emits the undefined instruction.
func (a *Assembler) Ud2() { a.Buf = append(a.Buf, 0x0f, 0x0b) }

// Mfence emits `mfence`.
func (a *Assembler) Mfence() { a.Buf = append(a.Buf, 0x0f, 0xae, 0xf0) }

// Pause emits `pause`.
func (a *Assembler) Pause() { a.Buf = append(a.Buf, 0xf3, 0x90) }

// nops are the recommended multi-byte nops, by length.
var nops = [...][]byte{
	1: {0x90},
	2: {0x66, 0x90},
	3: {0x0f, 0x1f, 0x00},
	4: {0x0f, 0x1f, 0x40, 0x00},
	5: {0x0f, 0x1f, 0x44, 0x00, 0x00},
	6: {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
	7: {0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
	8: {0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
	9: {0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
}

// Nop appends n bytes of padding in as few instructions as possible.
func (a *Assembler) Nop(n int) {
	for n > 0 {
		k := min(n, len(nops)-1)
		a.Buf = append(a.Buf, nops[k]...)
		n -= k
	}
}
