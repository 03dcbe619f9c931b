package main

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"martlet/python"
)

func session(t *testing.T, input string) (status int, out, errs string, in *python.Interpreter) {
	t.Helper()
	var o, e bytes.Buffer
	in, err := python.New(python.Options{Stdout: &o, Stderr: &e, Inspect: true})
	if err != nil {
		t.Fatal(err)
	}
	status = repl(in, plainLines(strings.NewReader(input), io.Discard), io.Discard)
	return status, o.String(), e.String(), in
}

func TestREPL(t *testing.T) {
	for _, c := range []struct {
		in, out, errs string
		status        int
	}{
		{"1+1\n'a'\nNone\n_\n", "2\n'a'\n'a'\n", "", 0},
		{"def f(n):\n  if n:\n    return f(n-1)\n  return 'end'\n\nf(3)\n", "'end'\n", "", 0},
		{"if 1: 5\n\nfor i in 1, 2:\n  i\n\n", "5\n1\n2\n", "", 0},
		{"(1,\n\n2)\n'''a\nb'''\n", "(1, 2)\n'a\\nb'\n", "", 0},
		{"1/0\n7\n", "7\n", "ZeroDivisionError: division by zero", 0},
		{"x = = 1\n3\n", "3\n", "SyntaxError: invalid syntax", 0},
		{"if 1:\n\n4\n", "4\n", "IndentationError: expected an indented block", 0},
		{"raise SystemExit(5)\n", "", "", 5},
	} {
		status, out, errs, _ := session(t, c.in)
		if status != c.status || out != c.out || !strings.Contains(errs, c.errs) || c.errs == "" && errs != "" {
			t.Errorf("%q: status %d, stdout %q, stderr %q", c.in, status, out, errs)
		}
	}
}

func TestComplete(t *testing.T) {
	_, _, _, in := session(t, "class A:\n  alpha = 1\n  alps = 2\n\nabacus = A()\n")
	for _, c := range []struct {
		line, head string
		words      []string
	}{
		{"print(abac", "print(", []string{"abacus"}},
		{"x = abacus.al", "x = ", []string{"abacus.alpha", "abacus.alps"}},
		{"whi", "", []string{"while"}},
		{"nosuch.a", "", nil},
		{"abacus.alpha.to_b", "", []string{"abacus.alpha.to_bytes"}},
	} {
		head, words, tail := complete(in, c.line, len(c.line))
		if head != c.head || tail != "" || !slices.Equal(words, c.words) {
			t.Errorf("%q: %q %q %q", c.line, head, words, tail)
		}
	}
}
