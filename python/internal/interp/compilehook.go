package interp

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"martlet/python/ast"
	"martlet/python/internal/code"
	"martlet/python/internal/compile"
	"martlet/python/internal/lib"
	"martlet/python/object"
	"martlet/python/parser"
)

// warner gives the front end's warnings to Python; what it gives back tells whether one became an error.
func warner(t *object.Thread, file string) func(parser.Warning) bool {
	return func(w parser.Warning) bool {
		tp := &object.SyntaxWarningType
		if w.Kind == "DeprecationWarning" {
			tp = &object.DeprecationWarningType
		}
		return warnExplicit(t, tp, w.Msg, file, w.Line) != nil
	}
}

// CompileSource compiles decoded source text.
func (r *Runtime) CompileSource(t *object.Thread, src, file string, mode parser.Mode, flags code.Flags, optimize int) (*code.Code, *Exception) {
	warn := warner(t, file)
	m, err := parser.Parse(src, parser.Options{Mode: mode, Warn: warn, Barry: flags&code.FutureBarry != 0})
	if err != nil {
		if se := (*parser.SyntaxError)(nil); mode != parser.Exec && !strings.HasSuffix(src, "\n") && errors.As(err, &se) {
			withoutNewline(se, src)
		}
		return nil, r.syntaxError(t, err, file, src)
	}
	return r.compileTree(t, m, src, file, flags, optimize, warn)
}

// withoutNewline corrects an error in the last line of an expression or interactive statement: CPython adds a newline to modules only.
func withoutNewline(e *parser.SyntaxError, src string) {
	last := src[strings.LastIndexByte(src, '\n')+1:]
	if e.Line != strings.Count(src, "\n")+1 {
		return
	}
	e.Text = strings.TrimSuffix(e.Text, "\n")
	n := utf8.RuneCountInString(last)
	if e.Col == n+1 && e.EndCol == n+2 {
		e.Col, e.EndCol = 0, 0
	}
	if e.IncompleteIn && e.Msg == "unexpected EOF while parsing" && strings.HasSuffix(last, "\\") {
		e.Msg, e.Col, e.EndCol = "unexpected character after line continuation character", n, 0
	}
}

func (r *Runtime) compileTree(t *object.Thread, m ast.Mod, src, file string, flags code.Flags, optimize int, warn func(parser.Warning) bool) (*code.Code, *Exception) {
	if optimize < 0 {
		optimize = r.Optimize
	}
	c, err := compile.Compile(m, compile.Options{Filename: file, Optimize: optimize, Flags: flags & code.FutureMask, Warn: warn})
	if err != nil {
		return nil, r.syntaxError(t, err, file, src)
	}
	return c, nil
}

// syntaxError turns an error of the front end into an exception.
func (r *Runtime) syntaxError(t *object.Thread, err error, file, src string) *Exception {
	kinds := map[string]*Type{"SyntaxError": &object.SyntaxErrorType, "IndentationError": &object.IndentationErrorType, "TabError": &object.TabErrorType,
		"MemoryError": &object.MemoryErrorType, "RecursionError": &object.RecursionErrorType}
	var se *parser.SyntaxError
	if errors.As(err, &se) {
		tp := kinds[se.Kind]
		if tp == nil {
			return object.Errorf(t, &object.SyntaxErrorType, "%s", se.Msg)
		}
		if !tp.IsSubtype(&object.SyntaxErrorType) {
			return object.Errorf(t, tp, "%s", se.Msg)
		}
		if se.NoPlace {
			return object.Errorf(t, tp, "%s", se.Msg)
		}
		text := object.None
		if !se.NoText {
			text = object.StrVal(se.Text)
		}
		args := []Value{object.StrVal(file), object.Int(int64(se.Line)), object.Int(int64(se.Col)), text}
		args = append(args, object.Int(int64(se.EndLine)), object.Int(int64(se.EndCol)))
		return object.NewException(t, tp, object.StrVal(se.Msg), object.NewTuple(args))
	}
	var ce *compile.Error
	if errors.As(err, &ce) {
		tp := kinds[ce.Kind]
		if tp == nil || !tp.IsSubtype(&object.SyntaxErrorType) || ce.None {
			if tp == nil {
				tp = &object.SyntaxErrorType
			}
			return object.Errorf(t, tp, "%s", ce.Msg)
		}
		text := object.None
		// The text comes from the file, when there is one; columns count bytes, as CPython's do.
		lines := strings.SplitAfter(src, "\n")
		col, end := int(ce.Pos.Col)+1, int(ce.Pos.EndCol)+1
		if l := int(ce.Pos.Line); l >= 1 && l <= len(lines) {
			if shown := r.lines(t, file); l <= len(shown) {
				text = object.StrVal(shown[l-1] + "\n")
			}
		}
		return object.NewException(t, tp, object.StrVal(ce.Msg), object.NewTuple([]Value{object.StrVal(file), object.Int(int64(ce.Pos.Line)), object.Int(int64(col)),
			text, object.Int(int64(ce.Pos.EndLine)), object.Int(int64(end))}))
	}
	return object.SystemErrorf(t, "%s", err.Error())
}

// compileHook is compile().
func compileHook(t *object.Thread, source, filename Value, mode string, flags int, dontInherit bool, optimize int) (Value, *Exception) {
	r := of(t).in
	file, e := object.ToStr(t, filename)
	if e != nil {
		return Value{}, e
	}
	var m parser.Mode
	switch mode {
	case "exec":
		m = parser.Exec
	case "eval":
		m = parser.Eval
	case "single":
		m = parser.Single
	default:
		return Value{}, object.ValueErrorf(t, "compile() mode must be 'exec', 'eval' or 'single'")
	}
	cf := code.Flags(0)
	if flags == math.MinInt32 {
		flags = 0
	}
	cf = code.Flags(flags) & code.FutureMask
	if f := of(t).current(); f != nil && !dontInherit {
		cf |= f.code.C.Flags & code.FutureMask
	}
	if isTree(t, source) {
		return compileObject(of(t), source, file.S, m, flags, cf, optimize)
	}
	var src string
	switch {
	case source.Type().Flags&object.FStr != 0:
		src = object.As[Str](source).S
	default:
		b, e := object.BufferBytes(t, source)
		if e != nil {
			return Value{}, object.TypeErrorf(t, "compile() arg 1 must be a string, bytes or AST object")
		}
		text, _, err := parser.Decode(b, file.S)
		if err != nil {
			return Value{}, r.syntaxError(t, err, file.S, "")
		}
		src = text
	}
	if strings.IndexByte(src, 0) >= 0 {
		return Value{}, object.Errorf(t, &object.SyntaxErrorType, "source code string cannot contain null bytes")
	}
	if flags&onlyAST != 0 {
		return of(t).parseObject(src, file.S, m, cf)
	}
	c, e := r.CompileSource(t, src, file.S, m, cf, optimize)
	if e != nil {
		return Value{}, e
	}
	return object.Obj(NewCode(t, c)), nil
}

// compileObject compiles a tree that Python code made, or gives it back when a tree is asked for.
func compileObject(th *Thread, tree Value, file string, mode parser.Mode, flags int, cf code.Flags, optimize int) (Value, *Exception) {
	if flags&onlyAST != 0 {
		return tree, nil
	}
	m, e := readTree(th.T, tree, mode)
	if e != nil {
		return Value{}, e
	}
	c, e := th.in.compileTree(th.T, m, "", file, cf, optimize, warner(th.T, file))
	if e != nil {
		return Value{}, e
	}
	return object.Obj(NewCode(th.T, c)), nil
}

// parseObject is compile() with PyCF_ONLY_AST.
func (th *Thread) parseObject(src, file string, mode parser.Mode, flags code.Flags) (Value, *Exception) {
	m, err := parser.Parse(src, parser.Options{Mode: mode, Warn: warner(th.T, file), Barry: flags&code.FutureBarry != 0})
	if err != nil {
		return Value{}, th.in.syntaxError(th.T, err, file, src)
	}
	maker, e := th.newTreeMaker()
	if e != nil {
		return Value{}, e
	}
	return maker.node(m)
}

func (r *Runtime) embedded(t *object.Thread, path, text string) (*Code, *Exception) {
	if c := r.codeCache[path]; c != nil {
		return c, nil
	}
	c, e := r.CompileSource(t, text, path, parser.Exec, 0, 0)
	if e != nil {
		return nil, e
	}
	return NewCode(t, c), nil
}

// cachePath is where the bytecode of a source file is kept.
func cachePath(src string) string {
	dir, file := filepath.Split(src)
	return filepath.Join(dir, "__pycache__", strings.TrimSuffix(file, ".py")+".martlet-313.pyc")
}

// compileFile gives the code of a source file, from the cache when it is valid.
func (r *Runtime) compileFile(t *object.Thread, path string) (*Code, *Exception) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, osError(t, err, path)
	}
	stamp := cacheStamp(st, r.Optimize)
	if !r.DontWriteBytecode {
		if c := readCache(cachePath(path), stamp, path); c != nil {
			return NewCode(t, c), nil
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, osError(t, err, path)
	}
	src, _, err := parser.Decode(b, path)
	if err != nil {
		return nil, r.syntaxError(t, err, path, "")
	}
	if strings.IndexByte(src, 0) >= 0 {
		return nil, object.Errorf(t, &object.SyntaxErrorType, "source code string cannot contain null bytes")
	}
	c, e := r.CompileSource(t, src, path, parser.Exec, 0, -1)
	if e != nil {
		return nil, e
	}
	if !r.DontWriteBytecode {
		writeCache(cachePath(path), stamp, c)
	}
	return NewCode(t, c), nil
}

// cacheStamp ties a cache file to its source: modification time, size, optimisation level.
func cacheStamp(st os.FileInfo, opt int) string {
	return fmt.Sprintf("martlet-py313-%d %d %d %d\n", cacheVersion, st.ModTime().UnixNano(), st.Size(), opt)
}

const cacheVersion = 2

func osError(t *object.Thread, err error, path string) *Exception {
	var pe *os.PathError
	no, msg := 5, "Input/output error"
	switch {
	case errors.Is(err, os.ErrNotExist):
		no, msg = 2, "No such file or directory"
	case errors.Is(err, os.ErrPermission):
		no, msg = 13, "Permission denied"
	case errors.As(err, &pe):
		msg = pe.Err.Error()
	}
	return object.NewOSError(t, no, msg, object.StrVal(path))
}

// lines gives the source lines of a file, for tracebacks.
func (r *Runtime) lines(t *object.Thread, file string) []string {
	if l, ok := r.sourceCache[file]; ok {
		return l
	}
	var text string
	if name, ok := strings.CutPrefix(file, "<frozen "); ok {
		m, _ := lib.Find(strings.TrimSuffix(name, ">"))
		return strings.Split(m.Source, "\n")
	}
	if strings.HasPrefix(file, "<") || r.fs == nil {
		return nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	if text, _, err = parser.Decode(b, file); err != nil {
		return nil
	}
	l := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if r.sourceCache == nil {
		r.sourceCache = map[string][]string{}
	}
	r.sourceCache[file] = l
	return l
}

// SetSource makes source text known for tracebacks under a file name such as "<stdin>-0".
func (r *Runtime) SetSource(file, text string) {
	if r.sourceCache == nil {
		r.sourceCache = map[string][]string{}
	}
	r.sourceCache[file] = strings.Split(text, "\n")
}
