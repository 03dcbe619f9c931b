// Package ir is martlet's flow-graph language: SSA functions of blocks with
// parameters, with a text form.
//
//	Module     functions, globals and object types that refer to each other by name
//	Func       a definition (blocks) or a declaration
//	Block      parameters, instructions, one end; the entry's parameters are the function's
//	Value      an instruction, a further result of one, or a block parameter
//	Op         what an instruction does; declared once in internal/optab
//	Builder    makes functions from Go
//	Verify     finds every fault, with its place
//	Parse      reads the text form; Print (Module.String) writes it; the two are inverse
//	Eval       evaluates a pure op on constants: the one definition that the
//	           interpreter, the optimiser and Specialize share
//	Specialize fixes some arguments of a function and propagates
//
// Every op has a defined result or a defined trap for all operands; see
// docs/ir-ops.md. Package ir/interp executes modules and thereby defines them.
// Package ir neither optimises (internal/opt) nor makes machine code
// (internal/codegen, jit).
package ir
