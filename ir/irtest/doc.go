// Package irtest helps to test what executes or transforms the flow-graph
// language.
//
//	Runs      reads the run directives of a text file: what to call and what to expect
//	Executor  something that can run a function: the interpreter, a back end at a level
//	Outcome   what came of a run; Outcome.Same compares two
//	Generate  makes a random module from a seed: a terminating program over all ops
//	Inputs    makes arguments for a generated function
//	Reduce    makes a failing module small
//
// Directives are comments in the text file:
//
//	; run: @fib(20) == 6765
//	; run: @div(1, 0) traps divide
//	; run: @f(3, nil) exits 2(3, 1.5)
//
// Arguments are typed by the function's signature. A file may declare these Go
// functions (see Host): @host.mix(i64) -> i64, @host.swap(i64, ref) -> ref, i64
// and @host.gc().
package irtest
