package interp

import (
	"time"
	"unsafe"

	"martlet/python/internal/lib/builtins"
	"martlet/python/object"
)

var attrsOffset = unsafe.Offsetof(moduleSpec{}.Attrs)

// NativeModule makes a module written in Go.
type NativeModule func(t *object.Thread) (*object.Module, *Exception)

// Runtime is what one interpreter has beside the object model's part.
type Runtime struct {
	Interp   *object.Interp
	Native   map[string]NativeModule
	OnSignal func(t *object.Thread) *Exception

	// Optimize is the -O level; DontWriteBytecode disables the cache.
	Optimize          int
	DontWriteBytecode bool
	Stdlib            string            // folder of a CPython's pure-Python library, "" for none
	Verbose           func(line string) // -v

	JIT     JIT // the compiler
	sampler *Sampler

	threads        map[*Thread]struct{} // those that have not ended
	importFn       Value
	defaultHook    Value
	atexit         func(t *object.Thread)
	asyncFirstIter Value
	asyncFinalizer Value
	fs             *hostFS
	warned         map[string]bool
	codeCache      map[string]*Code
	sourceCache    map[string][]string
	ImportTime     func(line string) // -X importtime
	importNested   time.Duration     // spent in the imports that the current one made
	importDepth    int
}

// hostFS stands for access to the host's files; nil means none was granted.
type hostFS struct{}

// Config says how to make an interpreter.
type Config struct {
	Native map[string]NativeModule
	Files  bool // imports may read the host's files
}

// New makes an interpreter with its builtins module and hooks; module sys is filled by the caller.
func New(cfg Config) (*Runtime, *Exception) {
	in := object.NewInterp()
	r := &Runtime{Interp: in, Native: cfg.Native, warned: map[string]bool{}, codeCache: map[string]*Code{}, threads: map[*Thread]struct{}{}}
	if cfg.Files {
		r.fs, in.Host = &hostFS{}, true
	}
	t := in.Main
	newThread(r, t)
	r.hooks()
	in.SysDict = object.NewDict()
	if e := builtins.Fill(t, in.Builtins); e != nil {
		return nil, e
	}
	set := func(n *Str, v Value) { in.Builtins.SetStr(t, n, v) }
	set(object.N.BuildClass, object.NewBuiltin("builtins", "__build_class__(func, name, /, *bases, **kwds)", buildClass, ""))
	r.importFn = object.NewBuiltin("builtins", "__import__(name, globals=None, locals=None, fromlist=(), level=0)", importBuiltin, "")
	set(object.N.Import, r.importFn)
	set(object.N.Name, object.StrVal("builtins"))
	set(object.N.Doc, object.StrVal("Built-in functions, types, exceptions, and other objects."))
	set(object.N.Package, object.EmptyStr)
	if cfg.Files {
		m, e := of(t).importModule("io")
		if e != nil {
			return nil, e
		}
		open, e := object.GetAttrS(t, m, "open")
		if e != nil {
			return nil, e
		}
		set(t.Intern("open"), open)
	}
	m := object.NewModule(t, "builtins", "")
	m.Dict = in.Builtins
	in.Modules.SetStr(t, t.Intern("builtins"), object.Obj(m))
	return r, nil
}

// NewThread makes a further thread of the interpreter.
func (r *Runtime) NewThread() *object.Thread {
	t := r.Interp.NewThread()
	newThread(r, t)
	return t
}

// Of gives the runtime of a thread.
func Of(t *object.Thread) *Runtime { return of(t).in }

func importBuiltin(t *object.Thread, a []Value) (Value, *Exception) {
	if a[0].Type().Flags&object.FStr == 0 {
		return Value{}, object.TypeErrorf(t, "module name must be a string")
	}
	level, e := object.ToInt(t, a[4])
	if e != nil {
		return Value{}, e
	}
	if level < 0 {
		return Value{}, object.ValueErrorf(t, "level must be >= 0")
	}
	return of(t).importHook(object.As[Str](a[0]).S, a[1], a[3], level)
}

// hostModules reach the host: without access they are not there.
var hostModules = map[string]bool{"posix": true, "_posixsubprocess": true, "_socket": true, "select": true}

func (r *Runtime) native(name string) (NativeModule, bool) {
	m, ok := r.Native[name]
	return m, ok && r.permits(name)
}

// permits says whether a module may be imported.
func (r *Runtime) permits(name string) bool { return r.fs != nil || !hostModules[name] }

// preferStdlib says whether an embedded module gives way to the stdlib folder's.
func (r *Runtime) preferStdlib(name string) bool { return r.Stdlib != "" && fromStdlib[name] }

// fromStdlib are embedded modules whose counterpart in CPython's library is complete and needs nothing that we lack.
var fromStdlib = map[string]bool{"enum": true, "contextlib": true, "copy": true, "string": true, "keyword": true, "reprlib": true,
	"queue": true, "functools": true, "dataclasses": true, "typing": true, "traceback": true, "linecache": true, "copyreg": true,
	"types": true, "json": true}

func (r *Runtime) hooks() {
	h := &r.Interp.Hooks
	h.Import = func(t *object.Thread, name string, globals, locals, fromlist Value, level int) (Value, *Exception) {
		return of(t).importHook(name, globals, fromlist, level)
	}
	h.CallerGlobals = func(t *object.Thread) *Dict {
		if f := of(t).current(); f != nil {
			return f.fn.globals
		}
		return nil
	}
	h.CallerLocals = func(t *object.Thread) (Value, *Exception) {
		if f := of(t).current(); f != nil {
			return f.localsOf(t), nil
		}
		return Value{}, object.SystemErrorf(t, "frame does not exist")
	}
	h.SuperArgs = superArgs
	h.Compile = compileHook
	h.RunCode = runCodeHook
	h.Warn = warn
	h.Suggest = suggestion
	h.ClearDead = func(t *object.Thread) { of(t).clearDead() }
	h.Unraisable = unraisable
	r.Interp.SetPoll(func(t *object.Thread) *Exception { return of(t).poll() })
}

func superArgs(t *object.Thread) (cls, obj Value, err *Exception) {
	f := of(t).current()
	if f == nil {
		return Value{}, Value{}, object.RuntimeErrorf(t, "super(): no current frame")
	}
	c := f.code
	if c.C.ArgCount == 0 {
		return Value{}, Value{}, object.RuntimeErrorf(t, "super(): no arguments")
	}
	obj = *f.reg(0)
	if obj.Ref == nil {
		for i, a := range c.C.CellArgs {
			if a == 0 {
				obj = object.As[object.Cell](*f.reg(c.nlocals + i)).V
			}
		}
	}
	if obj.Ref == nil {
		return Value{}, Value{}, object.RuntimeErrorf(t, "super(): arg[0] deleted")
	}
	for i, n := range c.C.FreeVars {
		if n == "__class__" {
			if cls = f.fn.closure[i].V; cls.Ref == nil {
				return Value{}, Value{}, object.RuntimeErrorf(t, "super(): empty __class__ cell")
			}
			return cls, obj, nil
		}
	}
	return Value{}, Value{}, object.RuntimeErrorf(t, "super(): __class__ cell not found")
}

func builtinsOf(t *object.Thread, g *Dict) *Dict {
	if b := g.GetStr(object.N.Builtins); b.Ref != nil {
		if b.Type().Flags&object.FDict != 0 {
			return object.As[Dict](b)
		}
		if b.Type().IsSubtype(&object.ModuleType) {
			return object.As[object.Module](b).Dict
		}
	}
	return t.Interp.Builtins
}

func runCodeHook(t *object.Thread, code Value, globals *Dict, locals, closure Value) (Value, *Exception) {
	th := of(t)
	c := object.As[Code](code)
	var cells []*object.Cell
	if n := len(c.C.FreeVars); n > 0 || !closure.IsNone() {
		if closure.IsNone() || closure.Type() != &object.TupleType || len(object.As[object.Tuple](closure).Items) != n {
			if n == 0 {
				return Value{}, object.TypeErrorf(t, "cannot use a closure with this code object")
			}
			return Value{}, object.TypeErrorf(t, "code object requires a closure of exactly length %d", n)
		}
		for _, x := range object.As[object.Tuple](closure).Items {
			cell, ok := object.AsCell(x)
			if !ok {
				return Value{}, object.TypeErrorf(t, "code object requires a closure of exactly length %d", n)
			}
			cells = append(cells, cell)
		}
	}
	if e := t.Enter(""); e != nil {
		return Value{}, e
	}
	defer t.Leave()
	fn := th.newFunction(c, globals, builtinsOf(t, globals))
	fn.closure = cells
	if globals.Shape.Type != &object.DictType {
		if _, where := globals.Shape.Type.LookupWhere(object.N.GetItem); where != &object.DictType {
			fn.globalsMap = object.Obj(globals)
		}
	}
	return th.runBody(fn, locals)
}
