package examples

import (
	"bytes"
	"os"
	"testing"

	"martlet/internal/jitgen"
)

// TestGeneratedFilesAreFresh generates every example's compiler again.
func TestGeneratedFilesAreFresh(t *testing.T) {
	names := []string{"tl"}
	if os.Getenv("MARTLET_SOAK") != "" { // each takes seconds
		names = append(names, "tlc", "tlr", "duo", "govm", "brainfuck", "dfa", "pyslice", "accept")
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			g, err := jitgen.Generate(jitgen.GenerateConfig{Load: jitgen.LoadConfig{Patterns: []string{"martlet/examples/" + name}}})
			if err != nil {
				t.Fatal(err)
			}
			have, err := os.ReadFile(name + "/zz_martlet.go")
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(have, g.GoFile.Source) {
				t.Error("zz_martlet.go is not what martlet-gen writes: run go generate")
			}
		})
	}
}
