// Package builtins is Python's module builtins: the functions that every
// program sees without an import.
//
//	builtins.go   the table of functions, types and constants
//	attr.go       functions on attributes, classes and namespaces
//	iter.go       functions on iterables: sum, min, max, sorted, any, all ...
//	text.go       print, input, repr, format, chr, ord, bin ...
//	number.go     abs, divmod, pow, round, hash ...
//	async.go      aiter and anext
//	run.go        compile, eval, exec, through the interpreter's hooks
package builtins
