package jitgen

import (
	"os"
	"path/filepath"
	"testing"

	"martlet/ir"
)

// TestPythonCore: the front end reads the dispatch loop of our Python with all
// that it calls, and the generated file compiles in its package. It type-checks
// most of the project from source, so it runs with MARTLET_SOAK=1 only.
func TestPythonCore(t *testing.T) {
	if os.Getenv("MARTLET_SOAK") == "" {
		t.Skip("type-checks most of the project: MARTLET_SOAK=1 runs it")
	}
	cfg := LoadConfig{Patterns: []string{"martlet/python/internal/interp"}}
	src, err := Load(cfg)
	if err != nil {
		t.Fatal(err)
	}
	run := src.Func("(*Thread).run")
	if run == nil {
		t.Fatal("no (*Thread).run")
	}
	res := Lower(src, src.FileOptions(), run)
	if err := ir.Verify(res.Module); err != nil {
		t.Fatal(err)
	}
	if why := res.Opaque[run.String()]; why != nil {
		t.Fatalf("the dispatch loop is opaque: %s", why)
	}
	if err := res.CheckOrder(); err != nil {
		t.Logf("order of evaluation:\n%v", err)
	}
	pkg := src.Roots[0]
	file, err := res.WriteGo(pkg.PkgPath, pkg.Name, "martletProgram")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d functions, %d opaque, %d bytes of Go; warnings: %q", len(res.Funcs), len(res.Opaque), len(file.Source), file.Warnings)
	cfg.overlay = map[string][]byte{filepath.Join(pkg.Dir, DefaultFile): file.Source}
	if _, err := Load(cfg); err != nil {
		t.Errorf("the generated file does not compile: %.3000v", err)
	}
}
