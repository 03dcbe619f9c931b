// Package pytest compares martlet with CPython 3.13 on small programs.
//
// testdata holds one text file for each chapter: programs separated by lines "# --- name". Beside each, chapter.want holds what
// CPython printed (standard output, standard error, exit code) as JSON lines, with the CPython version in the first line; addresses
// are replaced by 0xA. Where CPython 3.13 is present (MARTLET_CPYTHON, or python3.13 in PATH),
//
//	go test ./tests/python -update
//
// records it again. tables.txt has the large tables: every operator, builtin and method on values of every type. Random programs come
// from package randprog (TestRandom). Programs whose output depends on the order of sets sort first.
package pytest
