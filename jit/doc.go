// Package jit turns modules of IR into running code and manages that code from birth to death.
//
//	Engine    the code, statistics and events of one client; engines share nothing but the process's code memory
//	Library   a name space of symbols with a link order, and the generators that are asked for missing symbols
//	Module    what one ir.Module became: it can be replaced and removed while the program runs
//	Func      a typed handle on a function: Func[func(int64, int64) int64].Call
//	Token     an assumption that code depends on; invalidating it unlinks that code
//	Stats, Event, Options.Events   what happened
//
// A function is compiled at its first call (lazily), at first quickly with counters, then again fully in the background when it is hot,
// as Options.Tiers says. Every call goes through an entry cell, an 8-byte word that is changed atomically: at first it leads to a stub
// that asks for compilation; later to the best code there is. Code that is replaced, invalidated or removed runs on in the frames that are inside it; its memory is
// reused when the last of them has left (internal/native, reclaim.go).
//
// Files: engine.go (engine, options, events), library.go (symbols and how they are found), import.go (symbols of other libraries), module.go (adding, replacing, removing), function.go (compiling
// and linking one function), gofunc.go (Go functions as symbols), call.go and direct.go (handles), interp.go (execution without machine code), cache.go (object cache),
// debug.go (perf, gdb).
//
// Where machine code cannot run, or a function cannot be compiled, the reference interpreter executes, behind the same API; Engine.Native says why.
//
// The package is not a compiler: ir describes programs, internal/opt and internal/codegen compile them, internal/native runs them.
package jit
