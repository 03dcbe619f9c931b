package jitgen

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"martlet/genext"
	"martlet/internal/jitgen/internal/toy"
)

func generateToy(t *testing.T) *Generated {
	g, err := Generate(GenerateConfig{Load: LoadConfig{Patterns: []string{"./internal/toy"}}, Funcs: []string{"Checksum"}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestGeneratedFileIsFresh: the file of the toy interpreter is what is generated now, twice the same.
func TestGeneratedFileIsFresh(t *testing.T) {
	g := generateToy(t)
	if len(g.Warnings) > 0 {
		t.Errorf("warnings: %v", g.Warnings)
	}
	old, err := os.ReadFile(filepath.Join("internal", "toy", DefaultFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(old, g.GoFile.Source) {
		t.Error("internal/toy: the generated file is stale: run go generate")
	}
	if again := generateToy(t); !bytes.Equal(again.GoFile.Source, g.GoFile.Source) {
		t.Error("two generations differ")
	}
}

// TestMachineTakesProgram: genext can decode what the file holds, and everything in it is bound.
func TestMachineTakesProgram(t *testing.T) {
	if _, err := genext.NewMachine(toy.Program()); err != nil {
		t.Fatal(err)
	}
}
