// Package order has expressions whose order of evaluation Go leaves open.
package order

type frame struct {
	pc    int
	other int
	stack []int
	fixed int `hint:"immutable"`
	next  *frame
}

var global int

func (f *frame) bump() int { f.pc++; return f.pc }

func (f *frame) push(x int) int { f.stack[0] = x; return x }

func (f *frame) pure() int { return f.pc + f.other }

func setGlobal() int { global++; return global }

func indirect(f *frame) int { return f.next.bump() }

func two(a, b int) int { return a + b }

func Orders(f *frame, g func() int, i int) (int, int) {
	a := f.pc + f.bump()    // want "f.pc is read in the same expression as the call of f.bump"
	a += f.bump() + f.pc    // call first, then the read: both compilers agree
	a += f.other + f.bump() // bump does not write other
	a += f.pc + f.pure()
	a += f.fixed + g()
	a += f.pc + g()          // want "f.pc is read in the same expression as the call of g"
	a += two(f.pc, f.bump()) // want "f.pc is read in the same expression as the call of f.bump"
	a += two(f.bump(), f.pc)
	f.stack[f.pc] = f.bump() // want "f.pc is read in the same expression as the call of f.bump"
	f.stack[i] = f.push(3)
	f.pc += indirect(f)         // want "f.pc is read in the same expression as the call of indirect"
	a += global + setGlobal()   // want "global is read in the same expression as the call of setGlobal"
	a += f.stack[1] + f.push(2) // want "f.stack\[1\] is read in the same expression as the call of f.push"
	local := a
	a += local + f.bump() + i
	if f.pc > 0 && f.bump() > 1 { // the left operand is done first
		a++
	}
	b, _ := f.pc, f.bump()    // want "f.pc is read in the same expression as the call of f.bump"
	return f.pc + b, f.bump() // want "f.pc is read in the same expression as the call of f.bump"
}
