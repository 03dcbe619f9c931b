// Package hint is what the author of a bytecode interpreter writes to get a
// just-in-time compiler for it: annotations that mean nothing (or their plain
// meaning) in ordinary Go, and that martlet-gen and package genext read.
//
//	MergePoint    at the head of the dispatch loop: the full state of the loop, split in greens and reds
//	Counter.Tick  on back-edges: counts, and says when to call Driver.Enter (the can-enter point)
//	Counter.Call  the same at the head of a function; it counts for ten back-edges
//	Driver        the door from the plain loop into compiled code
//	Promote       make a run-time value a compile-time constant, by comparing and branching on it
//	PromoteType   the same for the dynamic type of an interface
//	Concrete      assert that a value is known at compile time; an error at generate time if it cannot be
//	Known         ask whether the specialiser knows a value
//	AddOverflow … integer arithmetic that reports overflow, one machine instruction and a branch when compiled
//	Quasi         a variable that rarely changes: code may rely on its value until the next Set
//	Frame         embedded in a struct: its fields live in registers while compiled code runs
//
// Struct fields take tags:
//
//	`hint:"immutable"`  the field never changes once the object is visible to the interpreter loop
//	`hint:"deep"`       the same, and so on for everything reached through it (elements, fields of the elements)
//	`hint:"frame"`      a slice or pointer whose elements only this frame (and those it calls with
//	                    it as an argument) accesses: they live in registers while compiled code runs.
//	                    Every pointer to a struct that embeds Frame needs it (the caller's frame, a
//	                    generator's): frame memory and other memory are taken to be disjoint
//
//	`hint:"nonnil"`     a pointer that is never nil: compiled code does not look
//	`hint:"stable"`     opaque functions may read the field but do not change it, as seen after they have returned
//	`hint:"next"`       of two pointers that chain frames: to the frame that a call will use, and
//	`hint:"prev"`       back to the caller's. f.next.prev is f, no frame is its own
//	                    neighbour, and so frames at different places of a chain are different objects
//
// Functions take directives in their doc comment:
//
//	//martlet:opaque    do not look inside: compiled code calls the function as Go compiled it
//	//martlet:elidable  the result depends on the arguments only, and nobody sees a call left out:
//	                    calls with known arguments are done at compile time
//	//martlet:aside     idempotent bookkeeping without results (caches, counters): compiled code leaves it out
//	//martlet:forces    an opaque function that looks at frames it is not given: they are written back before it
//	//martlet:unroll    unroll the loops of the function without the usual limit, even those that end when a red says so
//	//martlet:inline    always look inside, whatever the depth
//
// # Greens and reds
//
// The greens are what the program being interpreted determines: the code
// object, the position in it, the depth of the value stack. The reds are its
// data. For every combination of greens that gets hot the machine compiles the
// loop body with the greens as constants, so decoding and dispatch vanish.
//
//	type greens struct { code *Code; pc int }
//	type reds struct { vm *VM; acc int64; stack []int64 `hint:"frame"` }
//
//	for {
//		hint.MergePoint(greens{code, pc}, reds{vm, acc, stack})
//		switch op := code.Ops[pc]; op {
//		…
//		case opLoop:
//			pc = int(code.Args[pc])
//			if code.hot.Tick() {
//				g, r, result, done := vm.jit.Enter(&code.hot, greens{code, pc}, reds{vm, acc, stack})
//				if done {
//					return result
//				}
//				code, pc, acc, stack = g.code, g.pc, r.acc, r.stack
//			}
//		}
//	}
//
// Every variable of the loop that is live at the merge point is a green or a
// red: the generator reports one that is missing. A merge point inside a nested
// loop, or two in one loop, are errors too.
//
// # Misuse
//
// A green that depends on a red is an error at generate time, at the line that
// made it red. An immutable field that changes, an elidable function with an
// effect and a frame that somebody else writes are broken promises: compiled
// code then works on old values. The guard-failure fuzzer of genext finds most
// of them.
//
// The package imports nothing.
package hint
