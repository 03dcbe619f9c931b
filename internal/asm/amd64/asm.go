package amd64

import (
	"encoding/binary"
	"fmt"
)

// The machinery below every encoder.
//
// An instruction is at most 15 bytes: each encoder builds its bytes in place at the end of
// Buf after one capacity check (grow). Prefix order is fixed: operand size
// (66) or mandatory prefix (F2/F3), REX, opcode, ModRM, SIB, displacement,
// immediate.
//
// Labels are dense ids starting from 1. A reference to a label not yet
// bound leaves a fixup; Resolve patches them all. A rip-relative operand is relative to the end of the
// whole instruction, so the encoder must know how many immediate bytes follow the displacement (the trail argument).

// Label names a position in the code. The zero Label is none.
type Label int32

type fixup struct {
	at    int32 // offset of the field
	label Label
	add   int32 // added to the label's offset; the distance counts from the field's end
	size  int8  // 1 or 4 bytes; 0: an absolute jump-table entry relative to another label
	base  Label // for size 0
}

// Assembler appends instructions to Buf.
type Assembler struct {
	Buf    []byte
	labels []int32 // offset by label, -1 while unbound
	fixups []fixup
}

// Reset empties the assembler, keeping its memory.
func (a *Assembler) Reset() {
	a.Buf = a.Buf[:0]
	a.labels = append(a.labels[:0], -1)
	a.fixups = a.fixups[:0]
}

// PC returns the offset of the next instruction.
func (a *Assembler) PC() int { return len(a.Buf) }

// NewLabel returns a fresh unbound label.
func (a *Assembler) NewLabel() Label {
	if len(a.labels) == 0 {
		a.labels = append(a.labels, -1)
	}
	a.labels = append(a.labels, -1)
	return Label(len(a.labels) - 1)
}

// NewLabels returns the first of n fresh labels with consecutive numbers.
func (a *Assembler) NewLabels(n int) Label {
	first := a.NewLabel()
	for range n - 1 {
		a.NewLabel()
	}
	return first
}

// Bind places the label at the current position.
func (a *Assembler) Bind(l Label) { a.labels[l] = int32(len(a.Buf)) }

// Offset returns the label's position, -1 while unbound.
func (a *Assembler) Offset(l Label) int { return int(a.labels[l]) }

// Resolve patches every reference to a label. It reports the first reference
// to an unbound label or a short jump whose target is too far.
func (a *Assembler) Resolve() error {
	for i := range a.fixups {
		f := &a.fixups[i]
		target := a.labels[f.label]
		if target < 0 {
			return fmt.Errorf("amd64: label %d is not bound", f.label)
		}
		switch f.size {
		case 1:
			d := target - (f.at + 1)
			if d != int32(int8(d)) {
				return fmt.Errorf("amd64: short jump at %#x spans %d bytes", f.at, d)
			}
			a.Buf[f.at] = byte(d)
		case 4:
			binary.LittleEndian.PutUint32(a.Buf[f.at:], uint32(target+f.add-(f.at+4)))
		default:
			binary.LittleEndian.PutUint32(a.Buf[f.at:], uint32(target-a.labels[f.base]))
		}
	}
	a.fixups = a.fixups[:0]
	return nil
}

// Quad appends 8 bytes of data.
func (a *Assembler) Quad(v uint64) { a.Buf = binary.LittleEndian.AppendUint64(a.Buf, v) }

// Byte appends raw bytes.
func (a *Assembler) Byte(b ...byte) { a.Buf = append(a.Buf, b...) }

// TableEntry appends the 32-bit distance of label l from label base.
func (a *Assembler) TableEntry(l, base Label) {
	a.fixups = append(a.fixups, fixup{at: int32(len(a.Buf)), label: l, base: base})
	a.Buf = append(a.Buf, 0, 0, 0, 0)
}

// Align pads with nops to a multiple of n, a power of two.
func (a *Assembler) Align(n int) { a.Nop(-len(a.Buf) & (n - 1)) }

// Opcodes are written as up to three bytes in one number: 0x0fb6 is the
// two-byte opcode 0f b6. A mandatory prefix is passed beside it.

// rex bits.
const (
	rexW = 8
	rexR = 4
	rexX = 2
	rexB = 1
)

func (a *Assembler) opcode(op uint32) {
	switch {
	case op > 0xffff:
		a.Buf = append(a.Buf, byte(op>>16), byte(op>>8), byte(op))
	case op > 0xff:
		a.Buf = append(a.Buf, byte(op>>8), byte(op))
	default:
		a.Buf = append(a.Buf, byte(op))
	}
}

// rr emits prefix, REX, opcode and a register-register ModRM. byteRegs says that
// reg and rm (1 and 2) are byte registers, so that numbers 4 to 7 need a REX.
func (a *Assembler) rr(prefix byte, w bool, op uint32, reg, rm uint8, byteRegs uint8) {
	if prefix != 0 {
		a.Buf = append(a.Buf, prefix)
	}
	rex := (reg>>3)<<2 | rm>>3
	if w {
		rex |= rexW
	}
	if rex != 0 || byteRegs&1 != 0 && reg >= 4 || byteRegs&2 != 0 && rm >= 4 {
		a.Buf = append(a.Buf, 0x40|rex)
	}
	a.opcode(op)
	a.Buf = append(a.Buf, 0xc0|reg&7<<3|rm&7)
}

// rm emits prefix, REX, opcode and the ModRM of a memory operand. trail is
// the number of immediate bytes that the caller appends after it.
func (a *Assembler) rm(prefix byte, w bool, op uint32, reg uint8, m *Mem, byteReg bool, trail int) {
	if prefix != 0 {
		a.Buf = append(a.Buf, prefix)
	}
	rex := (reg >> 3) << 2
	if w {
		rex |= rexW
	}
	if m.Base != NoReg {
		rex |= uint8(m.Base) >> 3
	}
	if m.Index != NoReg {
		rex |= uint8(m.Index) >> 3 << 1
	}
	if rex != 0 || byteReg && reg >= 4 {
		a.Buf = append(a.Buf, 0x40|rex)
	}
	a.opcode(op)
	a.modrm(reg, m, trail)
}

// modrm emits ModRM, SIB and displacement for a memory operand.
func (a *Assembler) modrm(reg uint8, m *Mem, trail int) {
	reg = reg & 7 << 3
	if m.Label != 0 {
		a.Buf = append(a.Buf, reg|5)
		a.fixups = append(a.fixups, fixup{at: int32(len(a.Buf)), label: m.Label, add: m.Disp - int32(trail), size: 4})
		a.Buf = append(a.Buf, 0, 0, 0, 0)
		return
	}
	if m.Base == NoReg { // [index<<scale + disp32] or [disp32]
		index := uint8(4)
		if m.Index != NoReg {
			index = uint8(m.Index) & 7
		}
		a.Buf = append(a.Buf, reg|4, m.Scale<<6|index<<3|5)
		a.imm32(m.Disp)
		return
	}
	mod, base := dispMode(m), uint8(m.Base)&7
	switch {
	case m.Index != NoReg:
		a.Buf = append(a.Buf, mod|reg|4, m.Scale<<6|uint8(m.Index)&7<<3|base)
	case base == 4: // rsp, r12 need a SIB
		a.Buf = append(a.Buf, mod|reg|4, 0x24)
	default:
		a.Buf = append(a.Buf, mod|reg|base)
	}
	switch mod {
	case 0x40:
		a.Buf = append(a.Buf, byte(m.Disp))
	case 0x80:
		a.imm32(m.Disp)
	}
}

// dispMode picks the shortest displacement; rbp and r13 have no form without one.
func dispMode(m *Mem) uint8 {
	switch {
	case m.Disp == 0 && m.Base&7 != 5:
		return 0
	case m.Disp == int32(int8(m.Disp)):
		return 0x40
	}
	return 0x80
}

func (a *Assembler) imm32(v int32) {
	a.Buf = binary.LittleEndian.AppendUint32(a.Buf, uint32(v))
}

// imm appends an immediate of the width's natural size (at most 4 bytes).
func (a *Assembler) imm(w Width, v int32) {
	switch w {
	case W8:
		a.Buf = append(a.Buf, byte(v))
	case W16:
		a.Buf = append(a.Buf, byte(v), byte(v>>8))
	default:
		a.imm32(v)
	}
}

// immBytes is the number of bytes imm appends.
func immBytes(w Width) int { return min(1<<w, 4) }

// size16 returns the operand size prefix for w.
func size16(w Width) byte {
	if w == W16 {
		return 0x66
	}
	return 0
}

// wide turns the byte form of an opcode into its 16/32/64-bit form.
func wide(op uint32, w Width) uint32 {
	if w != W8 {
		return op + 1
	}
	return op
}

func byteMask(w Width, m uint8) uint8 {
	if w == W8 {
		return m
	}
	return 0
}
