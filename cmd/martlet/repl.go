package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"martlet/python"
	"martlet/python/object"
	"martlet/python/parser"
)

// repl reads statements from the terminal and runs them.
func repl(in *python.Interpreter) int {
	fmt.Fprintln(os.Stderr, "Python 3.13.0 (martlet) on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.")
	r := bufio.NewReader(os.Stdin)
	rt, t := in.Runtime(), in.Thread()
	for n := 0; ; n++ {
		src, ok := readStatement(r)
		if !ok {
			fmt.Println()
			return rt.Finish(t, 0)
		}
		file := fmt.Sprintf("<python-input-%d>", n)
		rt.SetSource(file, src)
		if _, e := rt.RunSource(t, src, file, parser.Single); e != nil {
			code := rt.ExitCode(t, e)
			if e.IsA(&object.SystemExitType) {
				return rt.Finish(t, code)
			}
		}
	}
}

// readStatement reads lines until they make a complete statement.
func readStatement(r *bufio.Reader) (string, bool) {
	var b strings.Builder
	prompt := ">>> "
	for {
		fmt.Print(prompt)
		line, err := r.ReadString('\n')
		if err != nil && line == "" {
			return b.String(), b.Len() > 0
		}
		b.WriteString(line)
		if complete(b.String(), line) {
			return b.String(), true
		}
		prompt = "... "
	}
}

// complete says whether the text needs no more lines; a compound statement ends with an empty line.
func complete(src, last string) bool {
	_, err := parser.Parse(src, parser.Options{Mode: parser.Single})
	if err == nil {
		return true
	}
	var se *parser.SyntaxError
	if errors.As(err, &se) && se.IncompleteIn {
		return strings.TrimSpace(last) == "" && strings.TrimSpace(src) == ""
	}
	return true
}
