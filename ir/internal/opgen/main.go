// Command opgen writes the files that follow from the op table in ../optab:
// op_gen.go and builder_gen.go in package ir, and docs/ir-ops.md. Run it with
// "go generate ./ir"; a test in package ir proves the files fresh.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"martlet/ir/internal/opgen/gen"
)

func main() {
	root := flag.String("root", "..", "directory of the module's root, seen from package ir")
	flag.Parse()
	for name, text := range gen.Files() {
		path := filepath.Join(*root, name)
		if err := os.WriteFile(path, text, 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "opgen:", err)
			os.Exit(1)
		}
	}
}
