// Package pylib holds the standard modules that are most natural in Python: our
// own text, embedded as source, compiled at their first import. They behave as
// the library reference of Python 3.13 says; the tests run them in CPython
// beside its own modules and compare.
//
// A package is a folder with __init__.py; dots in a module's name are slashes.
package pylib

import (
	"embed"
	"strings"
)

//go:embed *.py all:collections all:importlib all:json
var sources embed.FS

// Source returns the source text of a module by its full name, and whether it
// is a package.
func Source(module string) (text string, isPackage, ok bool) {
	path := strings.ReplaceAll(module, ".", "/")
	if data, err := sources.ReadFile(path + ".py"); err == nil {
		return string(data), false, true
	}
	if data, err := sources.ReadFile(path + "/__init__.py"); err == nil {
		return string(data), true, true
	}
	return "", false, false
}

// Names returns the full names of all modules here, in order.
func Names() []string {
	return walk(".", nil)
}

func walk(dir string, names []string) []string {
	entries, err := sources.ReadDir(dir)
	if err != nil {
		return names
	}
	for _, e := range entries {
		path := strings.TrimPrefix(dir+"/"+e.Name(), "./")
		switch {
		case e.IsDir():
			names = walk(path, names)
		case e.Name() == "__init__.py":
			names = append(names, strings.ReplaceAll(dir, "/", "."))
		case strings.HasSuffix(path, ".py"):
			names = append(names, strings.ReplaceAll(strings.TrimSuffix(path, ".py"), "/", "."))
		}
	}
	return names
}
