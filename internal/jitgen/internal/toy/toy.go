// Package toy is a small stack machine for the tests of the generator: it uses
// every kind of reference that a generated file must bind (opaque functions,
// interfaces, function values, package variables, type words, strings,
// hints) and little else. The tutorial interpreters are under examples/.
package toy

import (
	"strconv"
	"strings"

	"martlet/genext"
	"martlet/hint"
)

//go:generate go run martlet/cmd/martlet-gen generate -func Checksum

// Op is an instruction.
type Op byte

// The instructions. Push, Jump and Loop have an operand.
const (
	Push Op = iota
	Add
	Less
	Dup
	Drop
	Text
	Len
	Trace
	Loop
	Hook
	Unit
	Ret
)

// Code is a program.
type Code struct {
	Ops  []Op  `hint:"deep"`
	Args []int `hint:"deep"`
	hot  hint.Counter
}

// Shower is how traced values are shown.
type Shower interface{ Show() string }

// Num is a number on the stack.
type Num int

// Show writes the number in decimal.
func (n Num) Show() string { return strconv.Itoa(int(n)) }

// Str is a string on the stack.
type Str struct{ s string }

// Show quotes the string.
func (s *Str) Show() string { return strconv.Quote(s.s) }

// Traced counts the traced values of all machines.
var Traced int

// text2 is a value of several words.
type text2 struct {
	one, two string
	n        int
}

// VM is a running program.
type VM struct {
	hint.Frame
	stack []any `hint:"frame"`
	sp    int
	log   []string
	Hook  func(n int) int
	Unit  hint.Quasi[text2]
	jit   *hint.Driver[greens, reds, any]
}

type greens struct {
	code *Code
	pc   int
	sp   int
}

type reds struct{ vm *VM }

// Run executes a program and returns the value on top of the stack.
func (vm *VM) Run(code *Code) any {
	pc, sp := 0, 0
	vm.stack = make([]any, 16)
	for {
		hint.MergePoint(greens{code, pc, sp}, reds{vm})
		op, arg := code.Ops[pc], code.Args[pc]
		pc++
		switch op {
		case Push:
			vm.stack[sp] = Num(arg)
			sp++
		case Add:
			vm.stack[sp-2] = vm.add(vm.stack[sp-2], vm.stack[sp-1])
			sp--
		case Less:
			vm.stack[sp-2] = less(vm.stack[sp-2], vm.stack[sp-1])
			sp--
		case Dup:
			vm.stack[sp] = vm.stack[sp-1]
			sp++
		case Drop:
			sp--
		case Text:
			vm.stack[sp-1] = &Str{text(vm.stack[sp-1])}
		case Len:
			if s, ok := vm.stack[sp-1].(*Str); ok {
				vm.stack[sp-1] = Num(len(s.s))
			}
		case Unit:
			u := vm.Unit.Get()
			vm.stack[sp-1] = &Str{u.one + u.two}
			if u.n > 3 {
				vm.Unit.Set(text2{u.two, u.one, 0})
			}
		case Trace:
			vm.trace(vm.stack[sp-1])
		case Hook:
			if n, ok := vm.stack[sp-1].(Num); ok {
				r := vm.Hook(int(n))
				vm.stack[sp-1] = Num(r)
			}
		case Loop:
			sp--
			if vm.stack[sp] == Num(1) {
				pc = arg
				if code.hot.Tick() {
					g, r, v, done := vm.jit.Enter(&code.hot, greens{code, pc, sp}, reds{vm})
					if done {
						return v
					}
					code, pc, sp, vm = g.code, g.pc, g.sp, r.vm
				}
			}
		case Ret:
			return vm.stack[sp-1]
		}
	}
}

func (vm *VM) add(x, y any) any {
	switch x := x.(type) {
	case Num:
		if y, ok := y.(Num); ok {
			sum, _ := hint.AddOverflow(int64(x), int64(y))
			return Num(sum)
		}
	case *Str:
		if y, ok := y.(*Str); ok {
			return &Str{x.s + y.s}
		}
	}
	return nil
}

func less(x, y any) any {
	a, ok1 := x.(Num)
	b, ok2 := y.(Num)
	if ok1 && ok2 && a < b {
		return Num(1)
	}
	return Num(0)
}

func text(x any) string {
	if s, ok := x.(Shower); ok {
		return s.Show()
	}
	return "?"
}

// trace writes the log; compiled code calls it as it is.
//
//martlet:opaque
func (vm *VM) trace(x any) {
	defer func() { Traced++ }()
	vm.log = append(vm.log, strings.ToUpper(text(x)))
}

// Log returns what was traced.
func (vm *VM) Log() []string { return vm.log }

func bump() int {
	Traced++
	return Traced
}

// Checksum uses package variables, maps nothing, and is lowered by name.
func Checksum(b []byte) (sum uint32, seen int) {
	for i, c := range b {
		sum = sum*31 + uint32(table[c&7]) + uint32(i)
	}
	seen = bump()
	return sum, seen
}

var table = [8]uint16{3, 1, 4, 1, 5, 9, 2, 6}

// Program is the generated program.
func Program() *genext.Program { return &martletProgram }
