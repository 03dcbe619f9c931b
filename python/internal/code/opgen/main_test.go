package main

import (
	"bytes"
	"os"
	"testing"
)

// TestFresh holds the generated file to the table.
func TestFresh(t *testing.T) {
	text, err := os.ReadFile("../ops.txt")
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate(string(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../ops_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("ops_gen.go is stale: run go generate in the directory of package code")
	}
}
