// Package codegen translates functions of the flow-graph language to amd64
// machine code.
//
//	Compile    *ir.Func and Target in, *obj.Code out; the function is only read
//	Target     CPU features, level, checking, bridge
//	Bridge     the exit that a function continues
//	Compiler   the scratch memory; Compile takes one from a pool
//
// The stages, in order (Compiler.Compile is the list):
//
//	cfg.go       block order, loops, dominators, frequencies; edge blocks (codegen.go)
//	lower.go     IR to machine IR (mir.go), backwards; select.go, arith.go, branch.go: one function per family of ops
//	live.go      live intervals
//	alloc.go     linear scan with splitting
//	resolve.go   locations, moves between pieces of intervals, slots
//	check.go     symbolic proof of the allocation (Target.Check; always on in tests)
//	layout.go    order of the blocks in the code
//	emit.go      frames, exits, stubs, parallel moves; emitop.go, emitflow.go: one instruction to bytes
//	bridge.go    what is different in a bridge
//	join.go      loop headers of a parent that a bridge can go on at
//
// What the code must do at calls, exits, polls and barriers is the contract of
// internal/native, in the terms of internal/obj. The package does not optimise
// (internal/opt), place code (internal/native) or know symbols (jit).
//
// Code is continued in one direction only: a bridge receives the live values of
// its exit, leaves by returning, by exits of its own, or by a jump to a loop
// header of its parent that its exit is in the loop of. Such a jump passes the
// header's parameters; whatever else the loop uses travels unseen (join.go).
//
// Time is linear in the function but for two things: values that live across
// many blocks cost a little in each, and irreducible graphs compute liveness
// by iteration. All tables are slices indexed by dense ids and reused from one
// compilation to the next.
package codegen
