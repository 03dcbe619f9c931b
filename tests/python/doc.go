// Package pytest compares martlet with CPython 3.13 on small programs.
//
// testdata holds one text file for each chapter: programs separated by lines "# --- name". Beside each, chapter.want holds what
// CPython printed (standard output, standard error, exit code) as JSON lines, with the CPython version in the first line; addresses
// are replaced by 0xA. Where CPython 3.13 is present (MARTLET_CPYTHON, or python3.13 in PATH),
//
//	go test ./tests/python -update
//
// records it again. Programs whose output depends on the order of sets sort first. MARTLET_TEST_JIT="-j whenhot" (or other options) runs all of them in
// another mode.
//
//	lexical, scopes, datamodel       chapters 2, 4 and 3 of the language reference
//	expressions, statements, ...     chapters 6 to 8, functions, classes, generators, exceptions
//	syntaxerrors                     programs that are wrong, with the carets; most have no name and are called by their first line
//	types, library                   builtin types and modules
//	tables                           every operator, builtin and method on values of every type
//	found                            what the soak found
//
// Random programs come from package randprog: long ones that a JIT compiles (TestRandom) and short ones of great variety (TestSnippets), which a
// soak compares with CPython a hundred to a process:
//
//	MARTLET_SOAK=1 MARTLET_SEED=5000 MARTLET_COUNT=100000 go test -timeout 5h -v -run TestSnippets ./tests/python
//
// Outputs are equal when their lines are, but for the order of characters in lines with braces (sets) and the frames of codecs that CPython has in
// Python; a difference is reduced to a program with the same first pair of lines that differ.
//
// The memory of the programs is bounded (on Linux): one may ask for more than there is.
package pytest
