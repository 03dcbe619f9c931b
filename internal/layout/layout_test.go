package layout

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// layers lists the packages from the bottom up. A package may import packages
// of earlier layers, and packages further left in its own. An entry covers the
// package and everything below its path; the longest matching entry counts.
var layers = [][]string{
	{"hint"},
	{"ir/internal", "ir"},
	{"ir/interp", "ir/irtest"},
	{"internal/disasm", "internal/symbols", "internal/obj"},
	{"internal/opt"},
	{"internal/asm"},
	{"internal/codegen"},
	{"internal/execmem"},
	{"internal/native"},
	{"internal/irexec"},
	{"jit"},
	{"genext"},
	{"internal/jitgen"},
	{"python/ast", "python/parser", "python/internal"},
	{"python/object", "python"},
	{"examples"},
	{"cmd"},
	{"tests"},
}

// free are packages for tests and tools that may import anything.
var free = []string{"internal/layout"}

// TestImportDirection compares every package's imports with the table.
func TestImportDirection(t *testing.T) {
	for _, p := range packages(t) {
		path, ok := strings.CutPrefix(p.ImportPath, "martlet/")
		if !ok || has(free, path) {
			continue
		}
		at, name := place(path)
		if at < 0 {
			t.Errorf("package %s is in no layer: add it to the table", path)
			continue
		}
		for _, imp := range p.Imports {
			dep, ok := strings.CutPrefix(imp, "martlet/")
			if !ok {
				continue
			}
			if to, toName := place(dep); !mayImport(at, name, to, toName) {
				t.Errorf("%s may not import %s: it stands above or beside it", path, dep)
			}
		}
	}
}

func has(list []string, path string) bool {
	for _, s := range list {
		if s == path {
			return true
		}
	}
	return false
}

// place returns the position of the longest entry that covers a path.
func place(path string) (position int, entry string) {
	position = -1
	for i, layer := range layers {
		for k, e := range layer {
			covers := path == e || strings.HasPrefix(path, e+"/")
			if covers && len(e) > len(entry) {
				position, entry = 100*i+k, e
			}
		}
	}
	return position, entry
}

func mayImport(from int, fromEntry string, to int, toEntry string) bool {
	if fromEntry == toEntry || to < from {
		return to >= 0
	}
	// The parts of Python import each other in the order of their own chain
	// (source, tree, table, code, frame); Go's ban on cycles holds that order.
	return strings.HasPrefix(fromEntry, "python") && strings.HasPrefix(toEntry, "python")
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "martlet/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
