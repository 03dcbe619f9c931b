// Package govm is written the way small bytecode VMs in Go often are: values
// are interfaces, the stack is a slice of them, one switch does it all. What
// such a design needs to be compiled is little: a merge point whose greens
// include the stack's depth, and tags that say what does not change. Boxes that
// Go allocates for numbers then disappear from loops.
package govm

import "martlet/hint"

// Op is an operation.
type Op byte

// The operations.
const (
	OpConst  Op = iota // push constants[arg]
	OpLocal            // push locals[arg]
	OpSet              // pop into locals[arg]
	OpAdd              // pop two, push their sum (numbers, strings)
	OpMul              // pop two, push their product (numbers)
	OpLess             // pop two, push whether the lower is less (numbers)
	OpJump             // go to arg
	OpIf               // pop; go to arg if it is true
	OpReturn           // pop and return
)

// Instr is an instruction.
type Instr struct {
	Op  Op
	Arg int
}

// Function is a function's code.
type Function struct {
	Code      []Instr `hint:"deep"`
	Constants []any   `hint:"deep"`
	hot       hint.Counter
}

// VM is the state of an execution.
type VM struct {
	hint.Frame
	Stack  [16]any
	Locals [8]any
	jit    *Driver
}

type greens struct {
	fn *Function
	ip int
	sp int
}

type reds struct {
	vm *VM `hint:"frame"`
}

// Driver enters compiled code.
type Driver = hint.Driver[greens, reds, any]

// Run executes a function; the result is nil for operands of the wrong type.
func (vm *VM) Run(fn *Function, jit *Driver) any {
	vm.jit = jit
	return run(fn, 0, 0, vm)
}

func run(fn *Function, ip, sp int, vm *VM) any {
	for {
		hint.MergePoint(greens{fn, ip, sp}, reds{vm})
		in := &fn.Code[ip]
		ip++
		target := -1
		switch in.Op {
		case OpConst:
			vm.Stack[sp] = fn.Constants[in.Arg]
			sp++
		case OpLocal:
			vm.Stack[sp] = vm.Locals[in.Arg]
			sp++
		case OpSet:
			sp--
			vm.Locals[in.Arg] = vm.Stack[sp]
		case OpAdd:
			sp--
			v := add(vm.Stack[sp-1], vm.Stack[sp])
			if v == nil {
				return nil
			}
			vm.Stack[sp-1] = v
		case OpMul:
			sp--
			v := mul(vm.Stack[sp-1], vm.Stack[sp])
			if v == nil {
				return nil
			}
			vm.Stack[sp-1] = v
		case OpLess:
			sp--
			vm.Stack[sp-1] = less(vm.Stack[sp-1], vm.Stack[sp])
		case OpJump:
			target = in.Arg
		case OpIf:
			sp--
			if b, ok := vm.Stack[sp].(bool); ok && b {
				target = in.Arg
			}
		case OpReturn:
			return vm.Stack[sp-1]
		}
		if target >= 0 {
			back := target < ip
			ip = target
			if back && fn.hot.Tick() {
				g, r, v, done := vm.jit.Enter(&fn.hot, greens{fn, ip, sp}, reds{vm})
				if done {
					return v
				}
				fn, ip, sp, vm = g.fn, g.ip, g.sp, r.vm
			}
		}
	}
}

func add(x, y any) any {
	switch x := x.(type) {
	case int64:
		if y, ok := y.(int64); ok {
			return x + y
		}
	case float64:
		if y, ok := y.(float64); ok {
			return x + y
		}
	case string:
		if y, ok := y.(string); ok {
			return concat(x, y)
		}
	}
	return nil
}

//martlet:opaque
func concat(x, y string) any { return x + y }

func mul(x, y any) any {
	switch x := x.(type) {
	case int64:
		if y, ok := y.(int64); ok {
			return x * y
		}
	case float64:
		if y, ok := y.(float64); ok {
			return x * y
		}
	}
	return nil
}

func less(x, y any) bool {
	switch x := x.(type) {
	case int64:
		y, ok := y.(int64)
		return ok && x < y
	case float64:
		y, ok := y.(float64)
		return ok && x < y
	}
	return false
}
