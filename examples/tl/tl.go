// Package tl is a stack machine with an instruction counter and a value stack:
// the interpreter that docs/jit-for-your-interpreter.md builds, with a few more
// operations. The depth of the stack is a green, so its slots are registers.
package tl

import (
	"fmt"

	"martlet/hint"
)

// Op is an operation of the stack machine.
type Op uint8

// The operations.
const (
	Push   Op = iota // push the argument
	Get              // push variable arg
	Set              // pop into variable arg
	Add              // pop two, push their sum
	Less             // pop two, push 1 if the lower is less
	JumpIf           // pop; go to arg if not 0
	Sub              // pop two, push their difference
	Mul              // pop two, push their product
	Jump             // go to arg
	Ret              // pop and return
)

// Instr is an instruction.
type Instr struct {
	Op  Op
	Arg int64
}

// Code is a program; Check says whether it is sound.
type Code struct {
	Instrs []Instr `hint:"deep"`
	hot    hint.Counter
}

// Frame is a running program.
type Frame struct {
	hint.Frame
	Vars  [8]int64
	Stack [16]int64
	jit   *Driver
}

type greens struct {
	code *Code
	pc   int
	sp   int // the depth of the stack is known at every instruction
}

type reds struct {
	f *Frame `hint:"frame"`
}

// Driver enters compiled code.
type Driver = hint.Driver[greens, reds, int64]

// Run executes a program that Check has accepted. A nil driver only interprets.
func Run(code *Code, f *Frame, jit *Driver) int64 {
	f.jit = jit
	return run(code, 0, 0, f)
}

func run(code *Code, pc, sp int, f *Frame) int64 {
	for {
		hint.MergePoint(greens{code, pc, sp}, reds{f})
		in := &code.Instrs[pc]
		pc++
		switch in.Op {
		case Push:
			f.Stack[sp] = in.Arg
			sp++
		case Get:
			f.Stack[sp] = f.Vars[in.Arg]
			sp++
		case Set:
			sp--
			f.Vars[in.Arg] = f.Stack[sp]
		case Add:
			sp--
			f.Stack[sp-1] += f.Stack[sp]
		case Less:
			sp--
			if f.Stack[sp-1] < f.Stack[sp] {
				f.Stack[sp-1] = 1
			} else {
				f.Stack[sp-1] = 0
			}
		case JumpIf:
			sp--
			if f.Stack[sp] != 0 {
				pc = int(in.Arg)
				if code.hot.Tick() {
					g, r, v, done := f.jit.Enter(&code.hot, greens{code, pc, sp}, reds{f})
					if done {
						return v
					}
					code, pc, sp, f = g.code, g.pc, g.sp, r.f
				}
			}
		case Sub:
			sp--
			f.Stack[sp-1] -= f.Stack[sp]
		case Mul:
			sp--
			f.Stack[sp-1] *= f.Stack[sp]
		case Jump:
			pc = int(in.Arg)
		case Ret:
			return f.Stack[sp-1]
		}
	}
}

// effects are what operations pop and push.
var effects = [...]struct{ pop, push int }{Push: {0, 1}, Get: {0, 1}, Set: {1, 0}, Add: {2, 1}, Less: {2, 1}, JumpIf: {1, 0}, Sub: {2, 1}, Mul: {2, 1}, Jump: {0, 0}, Ret: {1, 0}}

// Check proves that a program keeps to its variables and stack, and that the
// depth of the stack at each instruction does not depend on the way there.
func (c *Code) Check() error {
	depth := map[int]int{}
	type at struct{ pc, sp int }
	for work := []at{{0, 0}}; len(work) > 0; {
		w := work[len(work)-1]
		work = work[:len(work)-1]
		if w.pc < 0 || w.pc >= len(c.Instrs) {
			return fmt.Errorf("tl: execution leaves the program at %d", w.pc)
		}
		if d, seen := depth[w.pc]; seen {
			if d != w.sp {
				return fmt.Errorf("tl: instruction %d is reached with stack depths %d and %d", w.pc, d, w.sp)
			}
			continue
		}
		depth[w.pc] = w.sp
		in := c.Instrs[w.pc]
		if int(in.Op) >= len(effects) {
			return fmt.Errorf("tl: instruction %d has no such operation", w.pc)
		}
		e := effects[in.Op]
		sp := w.sp - e.pop + e.push
		if w.sp < e.pop || sp > len(Frame{}.Stack) || (in.Op == Get || in.Op == Set) && uint64(in.Arg) >= uint64(len(Frame{}.Vars)) {
			return fmt.Errorf("tl: instruction %d leaves its stack or variables", w.pc)
		}
		if in.Op == Jump || in.Op == JumpIf {
			work = append(work, at{int(in.Arg), sp})
		}
		if in.Op != Jump && in.Op != Ret {
			work = append(work, at{w.pc + 1, sp})
		}
	}
	return nil
}
