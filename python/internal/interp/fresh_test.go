package interp

import (
	"bytes"
	"os"
	"testing"

	"martlet/internal/jitgen"
)

// TestGeneratedFileIsFresh generates the JIT of the dispatch loop again, from
// the source as it is, and compares it with the committed file byte by byte.
func TestGeneratedFileIsFresh(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks most of the project, which takes seconds")
	}
	g, err := jitgen.Generate(jitgen.GenerateConfig{Load: jitgen.LoadConfig{Patterns: []string{"martlet/python/internal/interp"}}})
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(jitgen.DefaultFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, g.GoFile.Source) {
		t.Errorf("%s is not what martlet-gen writes (%d bytes, want %d): run go generate", jitgen.DefaultFile, len(have), len(g.GoFile.Source))
	}
}
