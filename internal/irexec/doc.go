// Package irexec compiles a module of the flow-graph language and runs it on
// the native machine: no engine, no laziness, no lifetime. Tests, benchmarks and
// cmd/martlet-ir use it.
//
//	Load      optimise, compile and install all functions of a module
//	Program   the result: Call runs a function, Close frees the code
//	Level     how much work: Quick or Full
//	Executor  Load and Call in one, as an irtest.Executor
package irexec
