// Package jitgen is the front end of the JIT generator: it reads Go source
// through go/ssa and lowers it to flow graphs, which are functions of package
// martlet/ir. Only cmd/martlet-gen links it.
//
//	load.go      packages and their syntax (go/packages, go/ssa)
//	layout.go    how Go types become words; alias classes; type descriptors
//	lower.go     the work list; blocks, edges, variables (SSA construction)
//	local.go     scalar replacement of locals, stack slots
//	value.go     constants, addresses, loads and stores
//	instr.go     one go/ssa instruction after the other
//	arith.go     operators, comparisons, conversions
//	call.go      calls, builtins, hints, thunks
//	intrinsic.go functions that are one op, or a helper of package rt
//	order.go     expressions whose order of evaluation Go leaves open
//	colour.go    binding times
//	gofile.go    the Go file for the interpreter's package
//	bind.go      running lowered code inside this process, for tests and tools
//	rt           helpers in Go that lowered code calls in place of the Go runtime
//
// # Contract with package genext
//
// Names. A function has go/ssa's name ("martlet/examples/tl.(*VM).run" prints
// as "(*martlet/examples/tl.VM).run"). Parameters and results are words in order,
// see layout.go; the receiver is first.
//
// Addresses. Every Go address that the code mentions is a refconst, never a
// symaddr: a package variable "pkg/path.name" (the refconst is &name, a ref, so
// that it can be stored and passed like every Go pointer), the bytes of a constant
// string "str:N", a function value "func:name", a type word "type:T", an itab
// word "itab:I,T", "go.zerobase". All are bound in Program.Globals under these names.
//
// Opaque. A function outside the subset (defer, go, select, channels, maps,
// closures, recover) is `declare go` with its own name, and calls to it are
// ordinary calls of it. Further declared Go functions:
//
//	invoke:(I).M         method call on an interface: (tab, data, args…)
//	call:func(…)…        call of a function value: (func, args…)
//	go.grow:T            append without room: (ref, len, cap, n) -> ref, cap
//	go.copy:T            copy of n elements with pointers: (dst, src, n)
//	go.clear:T           clear of n elements with pointers: (dst, n)
//	go.assert:I,J        assertion to interface J: (tab, data) -> tab, data, ok
//	go.convert:I,J       conversion to interface J: (tab, data) -> tab, data
//	go.ifaceEqual:I      ==: (tab, data, tab, data) -> i8
//	go.runesOf, go.stringOfRunes, go.stringOfRune
//
// String comparison and concatenation are calls of graph functions
// martlet/internal/jitgen/rt.*, those on strings flagged elidable.
//
// Memory. An access has the alias class of the innermost (struct type, field),
// or of the element type of a slice or array, or of the package variable; an
// access through a plain pointer to a basic type has class 0. Fields tagged
// immutable or deep, everything reached through a deep field as far as the
// function shows it, bytes of strings, and contents of interfaces are flagged
// Immutable. Code that reinterprets memory through unsafe.Pointer must do so
// as a struct type consistently (a header at offset 0), or as a basic type.
//
// Checks. Indexes, slices, divisors, shift counts, type assertions branch to
// a block that traps (TrapBounds, TrapDivide, TrapShift, TrapAssert), explicit
// panics end in TrapPanic; nil pointers trap in the load or store, except where
// an address is computed without being used at once.
package jitgen
