package interp

import (
	"os"
	"strings"

	"martlet/python/internal/lib/io"
	"martlet/python/object"
	"martlet/python/parser"
)

// Main makes (or remakes) module __main__ and gives its namespace.
func (r *Runtime) Main(t *object.Thread) *Dict {
	key := object.N.Main
	if m := r.Interp.Modules.GetStr(key); m.Ref != nil && m.Type() == &object.ModuleType {
		return object.As[object.Module](m).Dict
	}
	m := object.NewModule(t, "__main__", "")
	m.Dict.SetStr(t, object.N.Builtins, r.Interp.Modules.GetStr(t.Intern("builtins")))
	m.Dict.SetStr(t, object.N.Annotations, object.Obj(object.NewDict()))
	r.Interp.Modules.SetStr(t, key, object.Obj(m))
	return m.Dict
}

// RunSource compiles and runs a program's text in __main__.
func (r *Runtime) RunSource(t *object.Thread, src, file string, mode parser.Mode) (Value, *Exception) {
	if strings.IndexByte(src, 0) >= 0 {
		return Value{}, object.Errorf(t, &object.SyntaxErrorType, "source code cannot contain null bytes")
	}
	c, e := r.CompileSource(t, src, file, mode, 0, -1)
	if e != nil {
		return Value{}, e
	}
	d := r.Main(t)
	return of(t).runCode(NewCode(t, c), d, r.Interp.Builtins, object.Obj(d), nil)
}

// RunFile runs a script file in __main__.
func (r *Runtime) RunFile(t *object.Thread, path string) (Value, *Exception) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Value{}, osError(t, err, path)
	}
	src, _, err := parser.Decode(b, path)
	if err != nil {
		return Value{}, r.syntaxError(t, err, path, "")
	}
	d := r.Main(t)
	d.SetStr(t, object.N.File, object.StrVal(path))
	d.SetStr(t, object.N.Cached, object.None)
	v, e := r.RunSource(t, src, path, parser.Exec)
	if e != nil && e.IsA(&object.SyntaxErrorType) && e.TB == nil {
		atEndOfFile(e)
	}
	return v, e
}

// atEndOfFile moves an error of the parser ("expected ...") at the end of a script to the beginning of its last line: CPython reads
// scripts line by line and has no line any more when it comes to the end. Errors of the tokenizer keep their place.
func atEndOfFile(e *object.Exception) {
	if end, ok := intField(e.Field(object.SynEndOffset)); ok && end == -1 && strings.HasPrefix(object.StrText(e.Field(object.SynMsg)), "expected ") {
		e.Fields[object.SynOffset] = object.Int(0)
	}
}

// RunModule is -m: finds a module (or a package's __main__) and runs it as __main__.
func (r *Runtime) RunModule(t *object.Thread, name string) (Value, *Exception) {
	th := of(t)
	path := Value{}
	if p := parentName(name); p != "" {
		m, e := th.importModule(p)
		if e != nil {
			return Value{}, e
		}
		if path, e = object.LookupAttr(t, m, object.N.Path); e != nil {
			return Value{}, e
		}
	}
	w, e := th.find(name, path)
	if e != nil {
		return Value{}, e
	}
	if w == nil {
		return Value{}, object.Errorf(t, &object.ImportErrorType, "No module named %s", name)
	}
	if w.pkg != nil {
		if w.kind == "namespace" {
			return Value{}, object.Errorf(t, &object.ImportErrorType, "No module named %s.__main__; '%s' is a package and cannot be directly executed", name, name)
		}
		return r.RunModule(t, name+".__main__")
	}
	var c *Code
	switch w.kind {
	case "embedded":
		c, e = r.embedded(t, w.path, w.text)
	case "source":
		c, e = r.compileFile(t, w.path)
	default:
		return Value{}, object.Errorf(t, &object.ImportErrorType, "No code object available for %s", name)
	}
	if e != nil {
		return Value{}, e
	}
	d := r.Main(t)
	spec, e := object.CallKw(t, ModuleSpecType.Value(), []Value{object.StrVal(name), object.None}, nil)
	if e != nil {
		return Value{}, e
	}
	d.SetStr(t, object.N.Spec, spec)
	d.SetStr(t, object.N.Package, object.StrVal(parentName(name)))
	if w.kind == "source" {
		d.SetStr(t, object.N.File, object.StrVal(w.path))
		if argv := r.Interp.SysDict.GetStr(t.Intern("argv")); argv.Ref != nil && argv.Type() == &object.ListType {
			if l := object.As[object.List](argv); len(l.Items) > 0 {
				l.Items[0] = object.StrVal(w.path)
			}
		}
	}
	return th.runCode(c, d, r.Interp.Builtins, object.Obj(d), nil)
}

// FileStream makes the text stream of a standard file descriptor.
func FileStream(t *object.Thread, fd int, mode string) (Value, *Exception) {
	errs, buffering := "strict", -1
	if fd == 2 {
		errs, buffering = "backslashreplace", 1 // by lines, whatever it is connected to
	}
	return io.Open(t, object.Int(int64(fd)), mode, buffering, object.StrVal("utf-8"), object.StrVal(errs), object.None, false, object.None)
}

// UnbufferedStream makes the text stream of a standard file descriptor that is written to at once (-u).
func UnbufferedStream(t *object.Thread, fd int) (Value, *Exception) {
	raw, e := io.Open(t, object.Int(int64(fd)), "wb", 0, object.None, object.None, object.None, false, object.None)
	if e != nil {
		return Value{}, e
	}
	errs := "strict"
	if fd == 2 {
		errs = "backslashreplace"
	}
	return object.Obj(io.NewText(raw, "utf-8", errs, object.None, false, true)), nil
}

// Import gives a module by its absolute name.
func (r *Runtime) Import(t *object.Thread, name string) (Value, *Exception) {
	return of(t).importModule(name)
}

// ExitCode tells the process's exit status for an uncaught exception, and prints what is to be printed.
func (r *Runtime) ExitCode(t *object.Thread, e *Exception) int {
	if e == nil {
		return 0
	}
	if !e.IsA(&object.SystemExitType) {
		r.flush(t, "stdout")
		d := t.Interp.SysDict
		d.SetStr(t, t.Intern("last_exc"), e.Value())
		r.PrintException(t, e)
		if e.IsA(&object.KeyboardInterruptType) {
			return 130
		}
		return 1
	}
	c := e.Field(object.ExitCode)
	switch {
	case c.IsNone():
		return 0
	case c.Type().Flags&object.FInt != 0:
		v := object.IntOf(c)
		if v.IsInt() {
			return int(v.Int64() & 0xff)
		}
		return 255
	}
	r.flush(t, "stdout")
	if s, err := object.ToStr(t, c); err == nil {
		writeTo(t, "stderr", s.S+"\n")
	}
	return 1
}

func (r *Runtime) flush(t *object.Thread, name string) *Exception {
	s := t.Interp.SysDict.GetStr(t.Intern(name))
	if s.Ref == nil || s.IsNone() {
		return nil
	}
	_, e := object.CallMethod(t, s, object.N.Flush)
	return e
}

// Finish runs the exit handlers and flushes the standard streams; it gives the exit status for a program that ended with code.
func (r *Runtime) Finish(t *object.Thread, code int) int {
	if f := r.atexit; f != nil {
		r.atexit = nil
		f(t)
	}
	t.FinaliseAll()
	if e := r.flush(t, "stdout"); e != nil && code == 0 {
		code = 120
	}
	r.flush(t, "stderr")
	return code
}
