// Package examples holds interpreters with generated compilers, each a
// tutorial and a test:
//
//	tl         stack machine, the one of docs/jit-for-your-interpreter.md
//	tlc        objects in the heap, methods, exceptions: allocations that vanish
//	tlr        register machine: the smallest
//	duo        dynamic language of ints and floats: types found by guards
//	govm       a VM in the usual Go style: interfaces on a stack
//	brainfuck  data and its positions red
//	dfa        automata: the program is a table
//	accept     an opcode for each behaviour that a generated compiler must have: what is left of it is counted
//	pyslice    a slice of Python: calls, exceptions, generators, closures, globals that change
package examples
