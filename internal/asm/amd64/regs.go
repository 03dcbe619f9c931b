package amd64

import "fmt"

// Reg is a general purpose register by hardware number.
type Reg uint8

// The general purpose registers. NoReg stands for an absent base or index.
const (
	RAX Reg = iota
	RCX
	RDX
	RBX
	RSP
	RBP
	RSI
	RDI
	R8
	R9
	R10
	R11
	R12
	R13
	R14
	R15
	NoReg Reg = 0xff
)

var regNames = [16]string{"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"}

// String returns the register's 64-bit name.
func (r Reg) String() string {
	if r < 16 {
		return regNames[r]
	}
	return "none"
}

// Xmm is an SSE register by hardware number, 0 to 15.
type Xmm uint8

// String returns the register's name.
func (x Xmm) String() string { return fmt.Sprintf("xmm%d", uint8(x)) }

// Width is an integer operand size: the log2 of its bytes.
type Width uint8

// The operand sizes.
const (
	W8 Width = iota
	W16
	W32
	W64
)

// Bytes returns the number of bytes of an operand of width w.
func (w Width) Bytes() int { return 1 << w }

// Cond is a condition by its hardware number, as in jcc, setcc and cmovcc.
type Cond uint8

// The conditions: O overflow, B/AE unsigned below/not, E/NE, BE/A unsigned,
// S/NS sign, P/NP parity, L/GE/LE/G signed.
const (
	O Cond = iota
	NO
	B
	AE
	E
	NE
	BE
	A
	S
	NS
	P
	NP
	L
	GE
	LE
	G
)

var condNames = [16]string{"o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"}

// String returns the suffix used in mnemonics.
func (c Cond) String() string { return condNames[c&15] }

// Negate returns the opposite condition.
func (c Cond) Negate() Cond { return c ^ 1 }

// Swap returns the condition that holds for (b, a) when c holds for (a, b)
// after a comparison. Conditions on single flags other than E have none and
// are returned unchanged.
func (c Cond) Swap() Cond { return swapped[c] }

var swapped = [16]Cond{O, NO, A, BE, E, NE, AE, B, S, NS, P, NP, G, LE, GE, L}

// Mem is a memory operand: [Base + Index<<Scale + Disp], or the address of a
// label plus Disp when Label is not 0 (encoded relative to the instruction
// pointer).
type Mem struct {
	Base  Reg // NoReg when absent
	Index Reg // NoReg when absent; never RSP
	Scale uint8
	Disp  int32
	Label Label
}

// At returns the operand [base+disp].
func At(base Reg, disp int32) Mem { return Mem{Base: base, Index: NoReg, Disp: disp} }

// AtIndex returns the operand [base + index<<scale + disp].
func AtIndex(base, index Reg, scale uint8, disp int32) Mem {
	return Mem{Base: base, Index: index, Scale: scale, Disp: disp}
}

// AtLabel returns the operand [rip + label + disp].
func AtLabel(l Label, disp int32) Mem { return Mem{Base: NoReg, Index: NoReg, Label: l, Disp: disp} }
