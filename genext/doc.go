// Package genext is the machine behind generated JIT compilers. It runs the
// flow graphs of an interpreter, which martlet-gen made from its Go source, in
// three modes:
//
//	execute     from any position, on real Go memory: graph after graph as the
//	            interpreter itself would run
//	profile     execute, and record promoted values and branch directions
//	specialise  partial evaluation: what is known is done, the rest becomes residual IR
//
// The parts:
//
//	Program     what martlet-gen writes: graphs, thunks, types (constant data)
//	Machine     a decoded Program, shared by all drivers
//	Driver      one merge point at work: counters, profile, regions, statistics
//	exec.go     the executor: frames, registers, every op on real memory
//	profile.go  what was seen: values and directions by position and greens
//	box.go      what the specialiser knows of a value: constant, residual value, virtual object
//	state.go    frames of boxes, known memory with deferred stores, facts
//	spec.go     the specialiser: one instruction after the other
//	merge.go    states that meet: versions of a merge point and how one joins another
//	snapshot.go what a guard needs to resume: frames, virtuals, deferred stores
//	log.go      where residual ops come from, what promotions saw, why code stops
//	bridge.go   an exit taken often goes on in code of its own
//	loops.go    loops of helpers: unrolled, or merged if a red ends them
//	caught.go   panics of functions that compiled code calls
//	region.go   compiled code and its exits
//	tiers.go    levels of code, and compilation in the background
//	life.go     what is kept for a code object, and how it dies
//	worth.go    whether compiled code pays
//	place.go    positions in the interpreted program
//	observe.go  counters, events, the view of regions from outside
//
// Nothing here knows any interpreter; and nothing makes machine code: a region
// is an ir function, and the Executor of the options runs it.
package genext
