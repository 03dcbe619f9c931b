package main

import (
	"bytes"
	"go/format"
	"os"
	"testing"
)

// TestFresh holds the generated file to the table.
func TestFresh(t *testing.T) {
	text, err := os.ReadFile("../nodes.txt")
	if err != nil {
		t.Fatal(err)
	}
	want, err := format.Source(generate(parse(string(text))))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../nodes_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("nodes_gen.go is stale: run go generate in the directory of package ast")
	}
}
