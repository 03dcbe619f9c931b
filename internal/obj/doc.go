// Package obj defines machine code before it has an address: what a code generator hands to whatever installs code.
//
//	Code      immutable machine bytes with everything needed to place, run, leave, inspect and free them
//	Reloc     a place in the bytes that depends on an address known only at installation
//	Exit      a place where control leaves the code for Go, with the location of every live value
//	Join      a place where a bridge may go on in its parent's code; Exit.Thru says what it must bring
//	Loc       a location: register, stack word, ref slot, constant
//	CellInit  a patchable data cell (bridge target, promotion switch, counter)
//	Sig, Kind signatures and types (ir's); AssignParams and AssignResults say where arguments and results travel
//	abi.go    the numbers of the execution contract: register roles, Context offsets, exit kinds
//
// A Code is pure data: no pointers into executable memory, nothing that changes after the code generator returned it.
// That makes it shareable between engines, cacheable on disk (unless it has RefConsts) and printable (Code.String).
//
// The prose of the contract (what the generated code must do at prologues, calls, exits, polls, barriers) is the package
// documentation of internal/native; the constants are here so that the code generator, which native builds on, can use
// them. The package is not an assembler (internal/asm/amd64), and it does not place code (internal/execmem).
package obj
