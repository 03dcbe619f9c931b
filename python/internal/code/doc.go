// Package code defines martlet's Python bytecode: what the compiler (package compile) makes and the interpreter
// (package interp) runs.
//
// # Map
//
//	ops.txt, ops_gen.go  the instruction table, declared once; Op, its names, operand kinds and docs follow from it
//	instr.go             Instr: one instruction in 64 bits, its operand accessors
//	code.go              Code, Const, sites, exception table, positions
//	flow.go              which registers are surely bound at each instruction (used by the compiler and by Verify)
//	verify.go            Verify: makes code from a file safe to run
//	marshal.go           Marshal, Unmarshal: the versioned binary form
//	dis.go               the listing
//
// The package knows nothing of objects: constants are Go data that the interpreter turns into values once per Code.
//
// # The machine
//
// A register machine. A frame is a window of Code.NRegs registers:
//
//	[0, NLocals)                      local variables: positional arguments, keyword-only arguments, *args, **kwargs,
//	                                  then the other locals (VarNames). Arguments are in place when the frame starts.
//	[NLocals, NLocals+len(CellVars))  cells: each register holds a cell object all the time. The interpreter makes them
//	                                  when the frame starts: empty, or with the argument CellArgs says moved in
//	                                  (the argument's register becomes unbound). Only newcell writes these registers.
//	[NLocals+len(CellVars), NRegs)    temporaries
//
// Free variables are not copied into the frame: loadfree and its like index the running function's closure tuple.
//
// Operands are registers, read in place: `x + y` of two locals is one instruction. Constants are not registers (copying
// them into each frame would make calls dearer, and testing each operand would make everything dearer). Instead the
// common instructions have forms with an immediate int (addi, jlti, getitemi, ...) or a constant (addk, eqk, getitemk,
// ...); elsewhere loadk puts a constant into a temporary.
//
// A register is bound (has a value) or unbound (object.Value with nil Ref). Instructions read bound registers only,
// Verify proves it; the exceptions are those with operand kind "?" (check) and "v". Where the compiler cannot prove
// that a local is bound it emits check.
//
// Every write to a register is the instruction's last action: when an instruction raises, its destination keeps
// what it had (the compiler aims calls and arithmetic directly at local variables).
// Registers from an instruction's call base upward are scratch after it.
//
// # Calls
//
//	call a b c        callee b, arguments b+1 .. b+c
//	loadmethod a b S  then callm: callee a, self a+1 (unbound if the lookup gave something that needs no self)
//	callmethod        the two in one, when the arguments are locals and constants, so that order cannot be seen
//	callkw            keyword names in Code.KwSites; positional arguments first, then the keywords' values
//	callex            f(*args, **kwargs)
//
// # Exceptions
//
// Code.Exc is sorted by Start with disjoint ranges: the entry that covers the raising instruction (binary search)
// names the handler and the register that receives the exception. There is no entry stack. The exception "being handled"
// (sys.exc_info, implicit __context__, bare raise) changes only by pushexc and popexc; handlers cover their own bodies with a
// cleanup handler that does popexc and reraise.
//
// # Generators
//
// Code.Flags says what a call makes. There is no start-up instruction: a call of generator code binds its
// arguments into a frame and wraps it. A frame is suspended at yield (and resumed behind it, the sent value in a) or at
// yieldfrom (and resumed by running it again, the sent value in a). While it is suspended at yieldfrom, register b is the
// object delegated to (gi_yieldfrom, cr_await); throw and close go there first, and when that ends by StopIteration its value goes
// into a and the frame goes on behind the instruction. A StopIteration that leaves a generator's frame becomes RuntimeError;
// that is the interpreter's part, no code is emitted for it.
//
// # Loops
//
// Only loop and fornext go backward; they are the places to poll, to count hotness and to enter compiled code. All other
// jumps go forward. A for loop is: getiter; jmp to N; body; N: fornext back to the body.
//
// # What Verify promises
//
// For code that Verify accepted: all operands are in range (registers, spans, constants, names, sites, cells, free
// variables, jump targets); control never leaves Instrs; registers are bound where they are read; cell registers hold cells, and
// the closures that makefunc builds are made of cells; nested code is verified too, and captures as many cells as it has free
// variables; yields occur only in generator code. It does NOT prove types: instructions that expect a kind of object in
// a register (append and extend a list, setadd a set, dictset a dict, totuple a list, string strings, matchkeys a tuple, reraise
// and pushexc an exception, popexc an exception or None, typedefault a type parameter ...) must check it and raise SystemError.
package code

//go:generate go run ./opgen ops.txt ops_gen.go
