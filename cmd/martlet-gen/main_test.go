package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestCommands(t *testing.T) {
	for _, c := range []struct {
		args []string
		out  string // in the output
		err  string // in the error
	}{
		{[]string{"ir", "-func", "two", "../../internal/jitgen/testdata/order"}, "add.i64", ""},
		{[]string{"check", "-func", "Orders", "../../internal/jitgen/testdata/order"}, "", "order.go:27:7: f.pc is read in the same expression as the call of f.bump"},
		{[]string{"generate", "-check", "-func", "Checksum", "../../internal/jitgen/internal/toy"}, "", ""},
		{[]string{"colour", "../../examples/tl"}, "Why red?", ""},
		{[]string{"colour", "../../docs"}, "", "docs is not a Go package: no Go files in"},
		{[]string{"colour", "nosuch/package"}, "", "nosuch/package is not a Go package: package nosuch/package is not in std"},
		{[]string{"colour", "../../examples/..."}, "", "one package is wanted, but ../../examples/... stands for"},
		{[]string{"colour", "."}, "", "has no function with a hint.MergePoint"},
		{[]string{"bake"}, "", "unknown command"},
		{nil, "", "usage"},
	} {
		var out bytes.Buffer
		err := run(c.args, &out)
		if (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%v: error %v, want %q", c.args, err, c.err)
		}
		if !strings.Contains(out.String(), c.out) {
			t.Errorf("%v: no %q in the output:\n%s", c.args, c.out, out.String())
		}
	}
}
