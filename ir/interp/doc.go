// Package interp is the reference interpreter of the flow-graph language: what
// it does is what the ops mean.
//
//	Machine   a module laid out for execution: globals, code, stack slots
//	Val       a word or a Go pointer, with its type
//	Result    what a call returned, or the exit it took
//	Trap      why a call failed, with the place
//	Region    memory of the host's that code may touch through ptr
//
// Memory behind ptr is real memory, so that host functions can share it, but
// every access is checked against the regions handed out: stack slots of live
// frames, globals, and what the host adds. A ref is a Go pointer and points to Go
// objects; accesses to objects allocated by the code are checked against their
// type with Options.CheckRefs.
//
// The package is not a fast executor; the code is decoded once into a compact
// form, and that is all.
package interp
