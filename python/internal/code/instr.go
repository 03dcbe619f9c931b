package code

// Instr is one instruction: op in bits 0-7, a in 8-23, b in 24-39, c in 40-55, d in 56-63. Bx is b and c as one 32-bit
// number, Cx is c and d as one 24-bit number.
type Instr uint64

// Op is an instruction's operation.
type Op uint8

// Info is the table entry of an Op; see ops.txt for the notation.
type Info struct {
	Name  string // lower case, as listings show it
	Kinds string // four letters: the kinds of a, b, c, d
	Spans string // register spans, or the words "call" and "func" for those that depend on a site
	Stop  string // "t": ends a block; "n": never raises; ""
	Doc   string
}

// MaxReg is the largest register number.
const MaxReg = 1<<16 - 1

// MaxCx is the largest value of a 24-bit operand.
const MaxCx = 1<<24 - 1

// Flag bits of operand d.
const (
	InPlace = 1 // binary arithmetic: the augmented assignment
	Swapped = 2 // binary arithmetic with immediate or constant: that operand is the left one
	Negate  = 1 // is, in: not
	IfTrue  = 1 // fused compare and branch: branch when the comparison is true
)

// Info returns the table entry of op.
func (op Op) Info() *Info {
	if int(op) >= NumOps {
		return &unknown
	}
	return &ops[op]
}

var unknown = Info{Name: "unknown", Kinds: "----"}

func (op Op) String() string { return op.Info().Name }

// Ends reports whether control never goes on to the next instruction.
func (op Op) Ends() bool { return op.Info().Stop == "t" }

// Raises reports whether the instruction can raise an exception.
func (op Op) Raises() bool {
	return op.Info().Stop != "n" && op != OpJmp && op != OpRetnone && op != OpRet
}

// Jumps reports whether the instruction has a jump distance.
func (op Op) Jumps() bool { k := op.Info().Kinds; return k[1] == 'J' || k[2] == 'j' }

// ABC makes an instruction with the operands a, b, c, d.
func ABC(op Op, a, b, c uint16, d uint8) Instr {
	return Instr(op) | Instr(a)<<8 | Instr(b)<<24 | Instr(c)<<40 | Instr(d)<<56
}

// ABx makes an instruction with the operands a and Bx.
func ABx(op Op, a uint16, bx uint32) Instr { return Instr(op) | Instr(a)<<8 | Instr(bx)<<24 }

// ABCx makes an instruction with the operands a, b and the 24-bit Cx.
func ABCx(op Op, a, b uint16, cx uint32) Instr {
	return Instr(op) | Instr(a)<<8 | Instr(b)<<24 | Instr(cx)<<40
}

// Op returns the operation.
func (i Instr) Op() Op { return Op(i) }

// A returns operand a.
func (i Instr) A() int { return int(uint16(i >> 8)) }

// B returns operand b.
func (i Instr) B() int { return int(uint16(i >> 24)) }

// C returns operand c.
func (i Instr) C() int { return int(uint16(i >> 40)) }

// D returns operand d.
func (i Instr) D() int { return int(i >> 56) }

// SB returns operand b as a signed number.
func (i Instr) SB() int { return int(int16(i >> 24)) }

// SC returns operand c as a signed number.
func (i Instr) SC() int { return int(int16(i >> 40)) }

// Bx returns operands b and c as one number.
func (i Instr) Bx() int { return int(uint32(i >> 24)) }

// SBx returns operands b and c as one signed number.
func (i Instr) SBx() int { return int(int32(i >> 24)) }

// Cx returns operands c and d as one number.
func (i Instr) Cx() int { return int(i >> 40) }

// Target returns the index of the instruction that i, standing at pc, may jump to; ok is false if i does not jump.
func (i Instr) Target(pc int) (target int, ok bool) {
	k := i.Op().Info().Kinds
	switch {
	case k[1] == 'J':
		return pc + 1 + i.SBx(), true
	case k[2] == 'j':
		return pc + 1 + i.SC(), true
	}
	return 0, false
}

// Targets tells of each instruction whether it is jumped to: by another instruction or to handle an exception.
func (c *Code) Targets() []bool {
	is := make([]bool, len(c.Instrs))
	for pc, i := range c.Instrs {
		if t, ok := i.Target(pc); ok {
			is[t] = true
		}
	}
	for _, e := range c.Exc {
		is[e.Handler] = true
	}
	return is
}
