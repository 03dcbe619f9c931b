// Package tlr is the smallest interpreter worth a compiler: a register machine
// for 64-bit integers. It shows the least an interpreter needs: a merge point,
// a can-enter point, and the knowledge that programs do not change.
package tlr

import (
	"errors"
	"fmt"

	"martlet/hint"
)

// Op is an instruction's operation.
type Op uint8

// The operations; a, b and c are an instruction's operands, r the registers.
const (
	Mov  Op = iota // r[a] = r[b]
	Load           // r[a] = c
	Add            // r[a] = r[b] + r[c]
	Sub            // r[a] = r[b] - r[c]
	Mul            // r[a] = r[b] * r[c]
	And            // r[a] = r[b] & r[c]
	AddI           // r[a] = r[b] + c
	Less           // if r[a] < r[b] go to c
	Zero           // if r[a] == 0 go to c
	Jump           // go to c
	Ret            // return r[a]
	numOps
)

// Instr is an instruction.
type Instr struct {
	Op   Op    `hint:"immutable"`
	A, B uint8 `hint:"immutable"`
	C    int32 `hint:"immutable"`
}

// NumRegs is the size of the register file.
const NumRegs = 16

// Code is a program. Verify must accept it before it runs.
type Code struct {
	Instrs []Instr `hint:"deep"`
	hot    hint.Counter
}

// Verify checks what Run relies on.
func (c *Code) Verify() error {
	if len(c.Instrs) == 0 || c.Instrs[len(c.Instrs)-1].Op != Ret && c.Instrs[len(c.Instrs)-1].Op != Jump {
		return errors.New("tlr: the program can run over its end")
	}
	for i, in := range c.Instrs {
		jumps := in.Op == Less || in.Op == Zero || in.Op == Jump
		three := in.Op >= Add && in.Op <= And
		switch {
		case in.Op >= numOps:
			return fmt.Errorf("tlr: instruction %d: no such operation", i)
		case in.A >= NumRegs || in.B >= NumRegs || three && (in.C < 0 || in.C >= NumRegs):
			return fmt.Errorf("tlr: instruction %d: no such register", i)
		case jumps && (in.C < 0 || int(in.C) >= len(c.Instrs)):
			return fmt.Errorf("tlr: instruction %d: jump out of the program", i)
		}
	}
	return nil
}

// Frame is the state of a running program.
type Frame struct {
	hint.Frame
	R   [NumRegs]int64
	jit *Driver
}

type greens struct {
	code *Code
	pc   int
}

type reds struct {
	f *Frame `hint:"frame"`
}

// Driver enters compiled code.
type Driver = hint.Driver[greens, reds, int64]

// Run executes a verified program on a frame and returns its result. A nil
// driver only interprets.
func Run(code *Code, f *Frame, jit *Driver) int64 {
	f.jit = jit
	return run(code, 0, f)
}

func run(code *Code, pc int, f *Frame) int64 {
	for {
		hint.MergePoint(greens{code, pc}, reds{f})
		in := &code.Instrs[pc]
		pc++
		back := false
		switch in.Op {
		case Mov:
			f.R[in.A&15] = f.R[in.B&15]
		case Load:
			f.R[in.A&15] = int64(in.C)
		case Add:
			f.R[in.A&15] = f.R[in.B&15] + f.R[in.C&15]
		case Sub:
			f.R[in.A&15] = f.R[in.B&15] - f.R[in.C&15]
		case Mul:
			f.R[in.A&15] = f.R[in.B&15] * f.R[in.C&15]
		case And:
			f.R[in.A&15] = f.R[in.B&15] & f.R[in.C&15]
		case AddI:
			f.R[in.A&15] = f.R[in.B&15] + int64(in.C)
		case Less:
			if f.R[in.A&15] < f.R[in.B&15] {
				back = int(in.C) < pc
				pc = int(in.C)
			}
		case Zero:
			if f.R[in.A&15] == 0 {
				back = int(in.C) < pc
				pc = int(in.C)
			}
		case Jump:
			back = int(in.C) < pc
			pc = int(in.C)
		case Ret:
			return f.R[in.A&15]
		}
		if back && code.hot.Tick() {
			g, r, v, done := f.jit.Enter(&code.hot, greens{code, pc}, reds{f})
			if done {
				return v
			}
			code, pc, f = g.code, g.pc, r.f
		}
	}
}
