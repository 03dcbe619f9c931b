// Package interp runs bytecode: frames, the dispatch loop, calls, generators, imports and tracebacks.
//
// The parts:
//
//	loop.go       the dispatch loop: one function, one switch
//	arith.go      slow paths of arithmetic, comparison and items
//	attr.go       inline caches of attributes and globals
//	call.go       calls between Python functions, argument binding, constructors
//	frame.go      frames, the value stack, capture of frames
//	codeobj.go    *code.Code as a Python object, with its constants as values and its caches
//	function.go   function objects
//	gen.go        generators and coroutines; asyncgen.go asynchronous generators
//	exc.go        raising, handlers, exception context, except*
//	opslow.go     the other instructions' work
//	class.go      __build_class__
//	importer.go   the import system
//	traceback.go  printing of exceptions as CPython prints them
//	frameobj.go   frame and code attributes seen from Python
//	runtime.go    creation of an interpreter, running of programs
//
// # The loop and its frames
//
// run executes frames until the frame it was entered with leaves. A Python-to-Python call pushes a Frame and goes on in
// the same loop. The registers of a frame are a window of the thread's value stack; the callee's window
// begins at the arguments in the caller's window, so that nothing is copied. Frame structs are reused by depth, unless something
// captured one (a traceback, a generator, sys._getframe): then its registers are copied to the heap when it leaves.
//
// Registers are read through unsafe pointers without bounds checks. The invariant: code was made by the compiler or accepted by
// code.Verify, so each operand is below NRegs; a frame's window has room for NRegs values.
package interp
