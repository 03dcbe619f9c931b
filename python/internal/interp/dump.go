package interp

import (
	"fmt"
	"io"

	"martlet/python/ast"
	"martlet/python/internal/code"
	"martlet/python/internal/symtable"
	"martlet/python/object"
	"martlet/python/parser"
)

// Dump writes what the front end makes of a program: its tree ("ast"), its scopes ("symtable"), its bytecode ("code").
func (r *Runtime) Dump(t *object.Thread, w io.Writer, src, file string, parts []string) *Exception {
	m, err := parser.Parse(src, parser.Options{Mode: parser.Exec})
	if err != nil {
		return r.syntaxError(t, err, file, src)
	}
	for _, part := range parts {
		switch part {
		case "ast":
			fmt.Fprintln(w, ast.Dump(m, ast.DumpOptions{Indent: 2}))
		case "symtable":
			tab, err := symtable.Build(m, symtable.Future{})
			if err != nil {
				return r.syntaxError(t, err, file, src)
			}
			fmt.Fprint(w, tab)
		case "code":
			c, e := r.CompileSource(t, src, file, parser.Exec, code.Flags(0), -1)
			if e != nil {
				return e
			}
			fmt.Fprint(w, c)
		default:
			return object.ValueErrorf(t, "-X dump: unknown part '%s' (the parts are ast, symtable, code)", part)
		}
	}
	return nil
}
