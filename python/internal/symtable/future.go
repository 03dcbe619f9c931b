package symtable

import (
	"martlet/python/ast"
	"martlet/python/internal/code"
)

// Future are the features switched on by from __future__ statements.
type Future struct {
	Features code.Flags
	LastLine int32 // line of the last such statement
}

// features maps names to flags; those that are mandatory now have none.
var features = map[string]code.Flags{"nested_scopes": 0, "generators": 0, "division": 0, "absolute_import": 0, "with_statement": 0, "print_function": 0,
	"unicode_literals": 0, "barry_as_FLUFL": code.FutureBarry, "generator_stop": 0, "annotations": code.FutureAnnotations}

// parseFuture collects the future statements at the head of a module and rejects the others.
func parseFuture(m ast.Mod) (f Future) {
	var body []ast.Stmt
	switch m := m.(type) {
	case *ast.Module:
		body = m.Body
	case *ast.Interactive:
		body = m.Body
	}
	head, first := true, true
	for _, s := range body {
		imp, ok := s.(*ast.ImportFrom)
		switch {
		case ok && imp.Module == "__future__" && imp.Level == 0:
			if !head {
				fail(imp.Pos, "from __future__ imports must occur at the beginning of the file")
			}
			f.add(imp)
		case first && isDocstring(s):
		default:
			head = false
		}
		first = false
	}
	return f
}

func (f *Future) add(imp *ast.ImportFrom) {
	pos := imp.Pos
	pos.EndCol = -1 // CPython gives no end
	for _, a := range imp.Names {
		flag, ok := features[a.Name]
		if a.Name == "braces" {
			fail(pos, "not a chance")
		}
		if !ok {
			fail(pos, "future feature %.100s is not defined", a.Name)
		}
		f.Features |= flag
	}
	f.LastLine = imp.Line
}

func isDocstring(s ast.Stmt) bool {
	e, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	c, ok := e.Value.(*ast.Constant)
	if !ok {
		return false
	}
	_, ok = c.Value.(string)
	return ok
}
