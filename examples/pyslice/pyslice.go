// Package pyslice is a slice of Python's semantics, fifteen opcodes in one
// stackless loop: calls that push frames, a user-defined __add__, exceptions
// with handlers, generators, closures, globals that a callback may rebind, and
// attributes found through shapes. It is where the specialiser meets what
// makes Python hard, before the wide interpreter does.
package pyslice

import (
	"unsafe"

	"martlet/hint"
)

// Value is an int (Ref is the address of IntTag, Bits the number) or an object
// (Ref is its address). Every object begins with an Object.
type Value struct {
	Ref  unsafe.Pointer
	Bits uint64
}

// Object is the head of every object.
type Object struct {
	Shape *Shape
}

// Shape says what an object is and where its attributes are.
type Shape struct {
	Name  string    `hint:"immutable"`
	Attrs []string  `hint:"deep"`
	Add   *Function `hint:"immutable"` // __add__, or nil
}

// The shapes of the built-in types, and the tag that ints have for an object.
var (
	IntShape  = &Shape{Name: "int"}
	FuncShape = &Shape{Name: "function"}
	GenShape  = &Shape{Name: "generator"}
	ErrShape  = &Shape{Name: "exception"}
	IntTag    = Object{Shape: IntShape}
)

// Int makes an int.
func Int(x int64) Value { return Value{unsafe.Pointer(&IntTag), uint64(x)} }

// NumSlots is the number of attributes an instance has room for.
const NumSlots = 4

// Instance is an object of a user-defined class.
type Instance struct {
	Object
	Slots [NumSlots]Value
}

// Cell is a variable shared by closures.
type Cell struct{ V Value }

// Function is a closure.
type Function struct {
	Object
	Code *Code `hint:"immutable"`
	Cell *Cell `hint:"immutable"`
}

// Generator is a suspended frame.
type Generator struct {
	Object
	Frame *Frame `hint:"frame"`
	Done  bool
}

// Exception carries a value.
type Exception struct {
	Object
	V Value
}

// Op is an operation.
type Op uint8

// The operations, with registers a, b, c.
const (
	LoadK       Op = iota // r[a] = consts[c]
	Mov                   // r[a] = r[b]
	Add                   // r[a] = r[b] + r[c], perhaps by __add__
	Less                  // if r[a] < r[b] go to c (ints)
	Jump                  // go to c
	LoadGlobal            // r[a] = globals[c]
	StoreGlobal           // globals[c] = r[a]
	GetAttr               // r[a] = r[b].names[c]
	SetAttr               // r[a].names[c] = r[b]
	New                   // r[a] = instance of shapes[c]
	Call                  // r[a] = r[b](r[c], r[c+1])
	Ret                   // return r[a]
	Raise                 // raise r[a]
	MakeGen               // r[a] = generator of function r[b] with arguments r[c], r[c+1]
	Next                  // r[a] = next(r[b]); go to c when it is exhausted
	Yield                 // yield r[a]
	LoadCell              // r[a] = closure cell
	StoreCell             // closure cell = r[a]
	Callback              // call the host's function
)

// Instr is an instruction.
type Instr struct {
	Op   Op
	A, B uint8
	C    int32
}

// Handler catches exceptions raised at Start ≤ pc < End: the value goes to
// register Reg, execution to Target.
type Handler struct{ Start, End, Target, Reg int }

// Code is a function's code.
type Code struct {
	Name     string    `hint:"immutable"`
	Instrs   []Instr   `hint:"deep"`
	Consts   []Value   `hint:"deep"`
	Names    []string  `hint:"deep"`
	Shapes   []*Shape  `hint:"deep"`
	Handlers []Handler `hint:"deep"`
	Globals  []*Global `hint:"immutable"` // the slice never changes, the variables do
	hot      hint.Counter
}

// NumRegs is the number of registers of a frame.
const NumRegs = 12

// Frame is an activation. Arguments come in registers 0 and 1.
type Frame struct {
	hint.Frame
	Code *Code
	PC   int    // where to go on when a callee returns
	Dst  int    // register that receives the callee's result
	Back *Frame `hint:"frame"`
	Cell *Cell
	Gen  *Generator
	R    [NumRegs]Value
}

// Global is a global variable: rarely changed, so compiled code relies on it.
type Global = hint.Quasi[Value]

// Thread is what the program runs in.
type Thread struct {
	Host func(t *Thread)
	jit  *Driver
	err  Value // the exception that left the outermost frame
}

type greens struct {
	code *Code
	pc   int
}

type reds struct {
	t *Thread
	f *Frame `hint:"frame"`
}

// Driver enters compiled code.
type Driver = hint.Driver[greens, reds, Value]

// Run calls a function with two arguments; raised reports whether an exception left it.
func Run(t *Thread, fn *Function, x, y Value, jit *Driver) (v Value, raised bool) {
	t.jit = jit
	t.err = Value{}
	f := &Frame{Code: fn.Code, Cell: fn.Cell}
	f.R[0], f.R[1] = x, y
	v = run(fn.Code, 0, t, f)
	if v.Ref == nil {
		return t.err, true
	}
	return v, false
}

func shapeOf(v Value) *Shape { return (*Object)(v.Ref).Shape }

func isInt(v Value) bool { return v.Ref == unsafe.Pointer(&IntTag) }

func run(code *Code, pc int, t *Thread, f *Frame) Value {
	for {
		hint.MergePoint(greens{code, pc}, reds{t, f})
		in := &code.Instrs[pc]
		pc++
		target := -1
		var callee *Function
		var arg0, arg1, raised Value
		switch in.Op {
		case LoadK:
			f.R[in.A%NumRegs] = code.Consts[in.C]
		case Mov:
			f.R[in.A%NumRegs] = f.R[in.B%NumRegs]
		case Add:
			x, y := f.R[in.B%NumRegs], f.R[in.C%NumRegs]
			if isInt(x) && isInt(y) {
				sum, over := hint.AddOverflow(int64(x.Bits), int64(y.Bits))
				if over {
					raised = newError(Int(-2))
				} else {
					f.R[in.A%NumRegs] = Value{x.Ref, uint64(sum)}
				}
			} else if m := hint.Promote(shapeOf(x)).Add; m != nil {
				callee, arg0, arg1 = m, x, y
			} else {
				raised = newError(Int(-1))
			}
		case Less:
			if int64(f.R[in.A%NumRegs].Bits) < int64(f.R[in.B%NumRegs].Bits) {
				target = int(in.C)
			}
		case Jump:
			target = int(in.C)
		case LoadGlobal:
			f.R[in.A%NumRegs] = globalAt(code.Globals, int(in.C)).Get()
		case StoreGlobal:
			globalAt(code.Globals, int(in.C)).Set(f.R[in.A%NumRegs])
		case GetAttr:
			if v := getAttr(f.R[in.B%NumRegs], code.Names[in.C]); v.Ref != nil {
				f.R[in.A%NumRegs] = v
			} else {
				raised = newError(Int(-3))
			}
		case SetAttr:
			if !setAttr(f.R[in.A%NumRegs], code.Names[in.C], f.R[in.B%NumRegs]) {
				raised = newError(Int(-4))
			}
		case New:
			o := &Instance{Object: Object{code.Shapes[in.C]}}
			f.R[in.A%NumRegs] = Value{Ref: unsafe.Pointer(o)}
		case Call:
			fn := f.R[in.B%NumRegs]
			if shapeOf(fn) == FuncShape {
				callee, arg0, arg1 = (*Function)(fn.Ref), f.R[in.C%NumRegs], f.R[(in.C+1)%NumRegs]
			} else {
				raised = newError(Int(-5))
			}
		case Ret:
			v := f.R[in.A%NumRegs]
			if g := f.Gen; g != nil {
				g.Done = true
				v = Value{}
			}
			if f.Back == nil {
				return v
			}
			f = f.Back
			code, pc = hint.Promote(f.Code), hint.Promote(f.PC)
			if v.Ref == nil {
				pc = int(code.Instrs[pc-1].C) // the generator is exhausted
			} else {
				f.R[f.Dst%NumRegs] = v
			}
		case Raise:
			raised = newError(f.R[in.A%NumRegs])
		case MakeGen:
			fn := (*Function)(f.R[in.B%NumRegs].Ref)
			g := &Generator{Object: Object{GenShape}}
			n := &Frame{Code: fn.Code, Cell: fn.Cell, Gen: g}
			n.R[0], n.R[1] = f.R[in.C%NumRegs], f.R[(in.C+1)%NumRegs]
			g.Frame = n
			f.R[in.A%NumRegs] = Value{Ref: unsafe.Pointer(g)}
		case Next:
			g := (*Generator)(f.R[in.B%NumRegs].Ref)
			if g.Done {
				target = int(in.C)
			} else {
				f.PC, f.Dst = pc, int(in.A)
				n := g.Frame
				n.Back = f
				f = n
				code, pc = hint.Promote(f.Code), hint.Promote(f.PC)
			}
		case Yield:
			v := f.R[in.A%NumRegs]
			f.PC = pc
			f = f.Back
			code, pc = hint.Promote(f.Code), hint.Promote(f.PC)
			f.R[f.Dst%NumRegs] = v
		case LoadCell:
			f.R[in.A%NumRegs] = f.Cell.V
		case StoreCell:
			f.Cell.V = f.R[in.A%NumRegs]
		case Callback:
			callHost(t)
		}
		if callee != nil {
			f.PC, f.Dst = pc, int(in.A)
			code = hint.Promote(callee.Code)
			n := &Frame{Code: code, Back: f, Cell: callee.Cell}
			n.R[0], n.R[1] = arg0, arg1
			f, pc = n, 0
		}
		if raised.Ref != nil {
			for {
				h := findHandler(code, pc-1)
				if h >= 0 {
					f.R[code.Handlers[h].Reg%NumRegs] = (*Exception)(raised.Ref).V
					pc = code.Handlers[h].Target
					break
				}
				if f.Back == nil {
					t.err = (*Exception)(raised.Ref).V
					return Value{}
				}
				f = f.Back
				code, pc = hint.Promote(f.Code), hint.Promote(f.PC)
			}
		}
		if target >= 0 {
			back := target < pc
			pc = target
			if back && code.hot.Tick() {
				g, r, v, done := t.jit.Enter(&code.hot, greens{code, pc}, reds{t, f})
				if done {
					return v
				}
				code, pc, t, f = g.code, g.pc, r.t, r.f
			}
		}
	}
}

func newError(v Value) Value {
	e := &Exception{Object: Object{ErrShape}, V: v}
	return Value{Ref: unsafe.Pointer(e)}
}

// globalAt is an element of a slice that never changes.
//
//martlet:elidable
func globalAt(gs []*Global, i int) *Global { return gs[i] }

// findHandler runs on known bounds.
//
//martlet:unroll
func findHandler(code *Code, pc int) int {
	for i := range code.Handlers {
		if code.Handlers[i].Start <= pc && pc < code.Handlers[i].End {
			return i
		}
	}
	return -1
}

// slotOf finds an attribute; compiled code does it once for a shape.
//
//martlet:elidable
//martlet:opaque
func slotOf(s *Shape, name string) int {
	for i, a := range s.Attrs {
		if a == name {
			return i
		}
	}
	return -1
}

func getAttr(o Value, name string) Value {
	i := slotOf(hint.Promote(shapeOf(o)), name)
	if i < 0 || i >= NumSlots {
		return Value{}
	}
	return (*Instance)(o.Ref).Slots[i]
}

func setAttr(o Value, name string, v Value) bool {
	i := slotOf(hint.Promote(shapeOf(o)), name)
	if i < 0 || i >= NumSlots {
		return false
	}
	(*Instance)(o.Ref).Slots[i] = v
	return true
}

//martlet:opaque
func callHost(t *Thread) { t.Host(t) }
