// Package duo is a dynamic language with two types, integers and floats, on a
// register machine. Nothing in the bytecode says which type a register holds:
// compiled code finds out by the guards that the branches on types become, and
// keeps integers and floats unboxed around loops.
package duo

import (
	"errors"
	"fmt"
	"math"

	"martlet/hint"
)

// Type is the dynamic type of a value.
type Type uint8

// The types.
const (
	Int Type = iota
	Float
)

// Value is an integer or a float.
type Value struct {
	Type Type
	Bits uint64
}

// IntValue makes an integer.
func IntValue(x int64) Value { return Value{Int, uint64(x)} }

// FloatValue makes a float.
func FloatValue(x float64) Value { return Value{Float, math.Float64bits(x)} }

func (v Value) String() string {
	if v.Type == Int {
		return fmt.Sprint(int64(v.Bits))
	}
	return fmt.Sprint(math.Float64frombits(v.Bits))
}

func (v Value) float() float64 {
	if v.Type == Int {
		return float64(int64(v.Bits))
	}
	return math.Float64frombits(v.Bits)
}

// Op is an operation.
type Op uint8

// The operations. Integer arithmetic that overflows goes on in floats; And
// takes integers and truncates floats.
const (
	Mov       Op = iota // r[a] = r[b]
	Const               // r[a] = consts[c]
	Add                 // r[a] = r[b] + r[c]
	Sub                 // r[a] = r[b] - r[c]
	Mul                 // r[a] = r[b] * r[c]
	And                 // r[a] = r[b] & r[c]
	Less                // if r[a] < r[b] go to c
	LessEqual           // if r[a] <= r[b] go to c
	Jump                // go to c
	Ret                 // return r[a]
	numOps
)

// Instr is an instruction.
type Instr struct {
	Op   Op
	A, B uint8
	C    int32
}

// NumRegs is the number of registers.
const NumRegs = 16

// Code is a program.
type Code struct {
	Instrs []Instr `hint:"deep"`
	Consts []Value `hint:"deep"`
	hot    hint.Counter
}

// Verify checks what Run relies on.
func (c *Code) Verify() error {
	n := len(c.Instrs)
	if n == 0 || c.Instrs[n-1].Op != Ret && c.Instrs[n-1].Op != Jump {
		return errors.New("duo: the program can run over its end")
	}
	for i, in := range c.Instrs {
		ok := in.Op < numOps && in.A < NumRegs && in.B < NumRegs && in.C >= 0
		switch in.Op {
		case Const:
			ok = ok && int(in.C) < len(c.Consts)
		case Add, Sub, Mul, And:
			ok = ok && in.C < NumRegs
		case Less, LessEqual, Jump:
			ok = ok && int(in.C) < n
		}
		if !ok {
			return fmt.Errorf("duo: instruction %d is out of range: %v", i, in)
		}
	}
	return nil
}

// Frame is the state of a running program.
type Frame struct {
	hint.Frame
	R   [NumRegs]Value
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
type Driver = hint.Driver[greens, reds, Value]

// Run executes a verified program on a frame. A nil driver only interprets.
func Run(code *Code, f *Frame, jit *Driver) Value {
	f.jit = jit
	return run(code, 0, f)
}

func run(code *Code, pc int, f *Frame) Value {
	for {
		hint.MergePoint(greens{code, pc}, reds{f})
		in := &code.Instrs[pc]
		pc++
		target := -1
		switch in.Op {
		case Mov:
			f.R[in.A&15] = f.R[in.B&15]
		case Const:
			f.R[in.A&15] = code.Consts[in.C]
		case Add:
			f.R[in.A&15] = add(f.R[in.B&15], f.R[in.C&15])
		case Sub:
			f.R[in.A&15] = sub(f.R[in.B&15], f.R[in.C&15])
		case Mul:
			f.R[in.A&15] = mul(f.R[in.B&15], f.R[in.C&15])
		case And:
			f.R[in.A&15] = and(f.R[in.B&15], f.R[in.C&15])
		case Less:
			if less(f.R[in.A&15], f.R[in.B&15]) {
				target = int(in.C)
			}
		case LessEqual:
			if lessEqual(f.R[in.A&15], f.R[in.B&15]) {
				target = int(in.C)
			}
		case Jump:
			target = int(in.C)
		case Ret:
			return f.R[in.A&15]
		}
		if target >= 0 {
			back := target < pc
			pc = target
			if back && code.hot.Tick() {
				g, r, v, done := f.jit.Enter(&code.hot, greens{code, pc}, reds{f})
				if done {
					return v
				}
				code, pc, f = g.code, g.pc, r.f
			}
		}
	}
}

func add(x, y Value) Value {
	if x.Type == Int && y.Type == Int {
		if s, over := hint.AddOverflow(int64(x.Bits), int64(y.Bits)); !over {
			return Value{Int, uint64(s)}
		}
	}
	return Value{Float, math.Float64bits(x.float() + y.float())}
}

func sub(x, y Value) Value {
	if x.Type == Int && y.Type == Int {
		if d, over := hint.SubOverflow(int64(x.Bits), int64(y.Bits)); !over {
			return Value{Int, uint64(d)}
		}
	}
	return Value{Float, math.Float64bits(x.float() - y.float())}
}

func mul(x, y Value) Value {
	if x.Type == Int && y.Type == Int {
		if p, over := hint.MulOverflow(int64(x.Bits), int64(y.Bits)); !over {
			return Value{Int, uint64(p)}
		}
	}
	return Value{Float, math.Float64bits(x.float() * y.float())}
}

func and(x, y Value) Value {
	if x.Type == Int && y.Type == Int {
		return Value{Int, x.Bits & y.Bits}
	}
	return Value{Int, uint64(truncate(x) & truncate(y))}
}

// truncate is an integer for any value: 0 where a float has none.
func truncate(v Value) int64 {
	if v.Type == Int {
		return int64(v.Bits)
	}
	if x := math.Float64frombits(v.Bits); x > -9e18 && x < 9e18 {
		return int64(x)
	}
	return 0
}

func less(x, y Value) bool {
	if x.Type == Int && y.Type == Int {
		return int64(x.Bits) < int64(y.Bits)
	}
	return x.float() < y.float()
}

func lessEqual(x, y Value) bool {
	if x.Type == Int && y.Type == Int {
		return int64(x.Bits) <= int64(y.Bits)
	}
	return x.float() <= y.float()
}
