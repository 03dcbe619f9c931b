// Package tlc is a stack machine on which everything is an object in the heap:
// numbers are boxed, pairs have fields, methods are found through classes, and
// errors are values that fall through to a handler. Compiled code keeps the
// objects of a loop virtual: the factorial allocates once, its result.
package tlc

import "martlet/hint"

// Class is a class: methods by selector.
type Class struct {
	Name    string    `hint:"immutable"`
	Methods []*Method `hint:"deep"`
}

// Method is the code of a method: one argument, the receiver in variable 0 and the argument in variable 1.
type Method struct{ Code *Code }

// Object is a number (N), or has two fields.
type Object struct {
	Class *Class
	N     int64
	A, B  *Object
}

// Op is an operation.
type Op uint8

// The operations.
const (
	Push   Op = iota // push a new number
	Get              // push variable arg
	Set              // pop into variable arg
	Add              // pop two numbers, push their sum
	Mul              // pop two numbers, push their product
	Cons             // pop b and a, push an object of classes[arg] with these fields
	First            // pop an object, push its A
	Second           // pop an object, push its B
	Send             // pop argument and receiver, call method arg of its class
	IfLess           // pop two numbers; go to arg if the lower is less
	Throw            // pop, throw it
	Return           // pop and return
)

// Instr is an instruction.
type Instr struct {
	Op  Op
	Arg int
}

// Code is the code of a method or program.
type Code struct {
	Instrs  []Instr  `hint:"deep"`
	Classes []*Class `hint:"deep"`
	Catch   int      `hint:"immutable"` // where thrown objects go, on an empty stack but for them; -1: to the caller
	hot     hint.Counter
}

// Number is the class of numbers.
var Number = &Class{Name: "number"}

// NewNumber makes a number.
func NewNumber(n int64) *Object { return &Object{Class: Number, N: n} }

// Frame is an activation.
type Frame struct {
	hint.Frame
	Code  *Code
	PC    int
	SP    int
	Back  *Frame `hint:"frame"`
	Vars  [4]*Object
	Stack [8]*Object
	jit   *Driver
}

type greens struct {
	code *Code
	pc   int
	sp   int
}

type reds struct {
	f *Frame `hint:"frame"`
}

type result struct {
	value  *Object
	thrown bool
}

// Driver enters compiled code.
type Driver = hint.Driver[greens, reds, result]

// Run runs a program on an argument in variable 0. It returns the result, or
// what was thrown and not caught.
func Run(code *Code, arg *Object, jit *Driver) (value *Object, thrown bool) {
	f := &Frame{Code: code, jit: jit}
	f.Vars[0] = arg
	r := run(code, 0, 0, f)
	return r.value, r.thrown
}

func run(code *Code, pc, sp int, f *Frame) result {
	for {
		hint.MergePoint(greens{code, pc, sp}, reds{f})
		in := &code.Instrs[pc]
		pc++
		var thrown *Object
		switch in.Op {
		case Push:
			f.Stack[sp] = NewNumber(int64(in.Arg))
			sp++
		case Get:
			f.Stack[sp] = f.Vars[in.Arg]
			sp++
		case Set:
			sp--
			f.Vars[in.Arg] = f.Stack[sp]
		case Add, Mul:
			sp--
			x, y := f.Stack[sp-1], f.Stack[sp]
			switch {
			case x.Class != Number || y.Class != Number:
				thrown = NewNumber(-1)
			case in.Op == Add:
				f.Stack[sp-1] = NewNumber(x.N + y.N)
			default:
				f.Stack[sp-1] = NewNumber(x.N * y.N)
			}
		case Cons:
			sp--
			f.Stack[sp-1] = &Object{Class: code.Classes[in.Arg], A: f.Stack[sp-1], B: f.Stack[sp]}
		case First:
			f.Stack[sp-1] = f.Stack[sp-1].A
		case Second:
			f.Stack[sp-1] = f.Stack[sp-1].B
		case Send:
			sp -= 2
			recv, arg := f.Stack[sp], f.Stack[sp+1]
			class := hint.Promote(recv.Class)
			if in.Arg >= len(class.Methods) {
				thrown = NewNumber(-2)
				break
			}
			f.PC, f.SP = pc, sp
			code = class.Methods[in.Arg].Code
			f = &Frame{Code: code, Back: f, jit: f.jit}
			f.Vars[0], f.Vars[1] = recv, arg
			pc, sp = 0, 0
		case IfLess:
			sp -= 2
			if f.Stack[sp].N < f.Stack[sp+1].N {
				back := in.Arg < pc
				pc = in.Arg
				if back && code.hot.Tick() {
					g, r, v, done := f.jit.Enter(&code.hot, greens{code, pc, sp}, reds{f})
					if done {
						return v
					}
					code, pc, sp, f = g.code, g.pc, g.sp, r.f
				}
			}
		case Throw:
			thrown = f.Stack[sp-1]
		case Return:
			v := f.Stack[sp-1]
			if f.Back == nil {
				return result{v, false}
			}
			f = f.Back
			code, pc, sp = hint.Promote(f.Code), hint.Promote(f.PC), hint.Promote(f.SP)
			f.Stack[sp] = v
			sp++
		}
		if thrown != nil {
			for code.Catch < 0 {
				if f.Back == nil {
					return result{thrown, true}
				}
				f = f.Back
				code = hint.Promote(f.Code)
			}
			pc, sp = code.Catch, 1
			f.Stack[0] = thrown
		}
	}
}
