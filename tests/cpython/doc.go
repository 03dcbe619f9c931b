// Package cpython holds no code, only tests: files of CPython's own test suite, run by the command as the yardstick of conformance.
//
//	MARTLET_STDLIB=/usr/lib/python3.13 go test ./tests/cpython            # compares with results.txt
//	MARTLET_STDLIB=/usr/lib/python3.13 go test ./tests/cpython -update -release 3.13.0    # writes results.txt
//
// The suite itself is not here: MARTLET_STDLIB names an installed CPython's library folder, which has it as package test.
// driver.py runs one file of it and tells how each test ended. A file's score is the share of its tests that passed, skipped ones left
// out; a file that cannot be imported, crashes or does not end in time scores 0.
package cpython
