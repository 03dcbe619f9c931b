package interp

import (
	"os"
	"sort"
	"strings"

	"martlet/python/object"
)

// SysConfig is what module sys shows of the world.
type SysConfig struct {
	Argv                  []string
	Path                  []string
	Executable            string
	Flags                 map[string]int
	XOptions              map[string]string
	WarnOptions           []string
	Stdin, Stdout, Stderr Value
}

// Version is the Python version that the interpreter implements.
const (
	VersionText = "3.13.0"
	hexVersion  = 0x030d00f0
)

func strList(list []string) Value {
	items := make([]Value, len(list))
	for i, s := range list {
		items[i] = object.StrVal(s)
	}
	return object.NewList(items)
}

// simpleNamespace makes an instance of a fresh class with the attributes, printed as name(a=1, ...).
func structSeq(t *object.Thread, name string, fields []string, vals []Value) Value {
	tp := object.NewStructSeq(t, name, fields)
	return object.StructSeqOf(tp, vals)
}

// InitSys fills module sys.
func (r *Runtime) InitSys(t *object.Thread, cfg SysConfig) *Exception {
	m := object.NewModule(t, "sys", "")
	m.Dict = t.Interp.SysDict
	set := func(name string, v Value) { t.Interp.SysDict.SetStr(t, t.Intern(name), v) }
	set("__name__", object.StrVal("sys"))
	set("__doc__", object.StrVal("Access to objects used or maintained by the interpreter."))
	set("__package__", object.EmptyStr)
	set("__loader__", object.None)
	set("__spec__", object.None)
	set("modules", object.Obj(t.Interp.Modules))
	set("argv", strList(cfg.Argv))
	set("orig_argv", strList(append([]string{cfg.Executable}, cfg.Argv...)))
	set("path", strList(cfg.Path))
	set("meta_path", object.NewList(nil))
	set("path_hooks", object.NewList(nil))
	set("path_importer_cache", object.Obj(object.NewDict()))
	set("executable", object.StrVal(cfg.Executable))
	for _, n := range []string{"prefix", "exec_prefix", "base_prefix", "base_exec_prefix"} {
		set(n, object.StrVal("/usr"))
	}
	set("abiflags", object.EmptyStr)
	set("platlibdir", object.StrVal("lib"))
	set("version", object.StrVal(VersionText+" (martlet) [Go]"))
	set("copyright", object.StrVal("martlet"))
	set("hexversion", object.Int(hexVersion))
	set("api_version", object.Int(1013))
	set("platform", object.StrVal("linux"))
	set("byteorder", object.StrVal("little"))
	set("maxsize", object.Int(1<<63-1))
	set("maxunicode", object.Int(0x10ffff))
	set("dont_write_bytecode", object.Bool(r.DontWriteBytecode))
	set("pycache_prefix", object.None)
	set("float_repr_style", object.StrVal("short"))
	set("warnoptions", strList(cfg.WarnOptions))
	x := object.NewDict()
	for k, v := range cfg.XOptions {
		val := object.True
		if v != "" {
			val = object.StrVal(v)
		}
		x.SetStr(t, t.Intern(k), val)
	}
	set("_xoptions", object.Obj(x))
	set("stdin", orNone(cfg.Stdin))
	set("stdout", orNone(cfg.Stdout))
	set("stderr", orNone(cfg.Stderr))
	set("__stdin__", orNone(cfg.Stdin))
	set("__stdout__", orNone(cfg.Stdout))
	set("__stderr__", orNone(cfg.Stderr))
	set("ps1", object.StrVal(">>> "))
	set("ps2", object.StrVal("... "))
	i := func(n int64) Value { return object.Int(n) }
	vi := structSeq(t, "sys.version_info", []string{"major", "minor", "micro", "releaselevel", "serial"},
		[]Value{i(3), i(13), i(0), object.StrVal("final"), i(0)})
	set("version_info", vi)
	impl := object.NewNamespace(t, []string{"name", "cache_tag", "version", "hexversion"},
		[]Value{object.StrVal("martlet"), object.StrVal("martlet-313"), vi, i(hexVersion)})
	set("implementation", impl)
	set("float_info", structSeq(t, "sys.float_info", []string{"max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig", "epsilon", "radix", "rounds"},
		[]Value{object.Float(1.7976931348623157e308), i(1024), i(308), object.Float(2.2250738585072014e-308), i(-1021), i(-307), i(15), i(53), object.Float(2.220446049250313e-16), i(2), i(1)}))
	set("int_info", structSeq(t, "sys.int_info", []string{"bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"},
		[]Value{i(30), i(4), i(4300), i(640)}))
	set("hash_info", structSeq(t, "sys.hash_info", []string{"width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"},
		[]Value{i(64), i(1<<61 - 1), i(314159), i(0), i(1000003), object.StrVal("siphash13"), i(64), i(128), i(0)}))
	set("thread_info", structSeq(t, "sys.thread_info", []string{"name", "lock", "version"},
		[]Value{object.StrVal("pthread"), object.StrVal("semaphore"), object.None}))
	set("flags", sysFlags(t, cfg.Flags))
	var names []string
	for n := range r.Native {
		names = append(names, n)
	}
	names = append(names, "sys", "builtins")
	sort.Strings(names)
	var items []Value
	for _, n := range names {
		items = append(items, object.StrVal(n))
	}
	set("builtin_module_names", object.NewTuple(items))
	var std []Value
	for n := range stdModules {
		std = append(std, object.StrVal(n))
	}
	fs, e := object.NewFrozenSet(t, std)
	if e != nil {
		return e
	}
	set("stdlib_module_names", fs)
	for _, f := range sysFunctions() {
		v := object.NewBuiltin("sys", f.sig, f.fn, "")
		set(f.sig[:strings.IndexByte(f.sig, '(')], v)
	}
	r.defaultHook = t.Interp.SysDict.GetStr(t.Intern("excepthook"))
	set("__excepthook__", r.defaultHook)
	set("__displayhook__", t.Interp.SysDict.GetStr(t.Intern("displayhook")))
	set("__breakpointhook__", t.Interp.SysDict.GetStr(t.Intern("breakpointhook")))
	set("__unraisablehook__", t.Interp.SysDict.GetStr(t.Intern("unraisablehook")))
	t.Interp.Modules.SetStr(t, t.Intern("sys"), object.Obj(m))
	return nil
}

func sysFlags(t *object.Thread, given map[string]int) Value {
	fields := []string{"debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site", "no_site", "ignore_environment",
		"verbose", "bytes_warning", "quiet", "hash_randomization", "isolated", "dev_mode", "utf8_mode", "warn_default_encoding", "safe_path", "int_max_str_digits"}
	vals := make([]Value, len(fields))
	for i, f := range fields {
		vals[i] = object.Int(int64(given[f]))
		switch f {
		case "dev_mode", "safe_path":
			vals[i] = object.Bool(given[f] != 0)
		case "hash_randomization":
			vals[i] = object.Int(1)
		case "int_max_str_digits":
			vals[i] = object.Int(4300)
		}
	}
	return structSeq(t, "sys.flags", fields, vals)
}

// breakpointHook calls what PYTHONBREAKPOINT names, pdb.set_trace without it.
func breakpointHook(t *object.Thread, a []Value) (Value, *Exception) {
	th := of(t)
	name := ""
	if th.in.fs != nil { // the environment is the host's, as its files are
		name = os.Getenv("PYTHONBREAKPOINT")
	}
	switch name {
	case "0":
		return object.None, nil
	case "":
		name = "pdb.set_trace"
	}
	mod, fn := "builtins", name
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		mod, fn = name[:i], name[i+1:]
	}
	hook := Value{}
	var e *Exception
	if mod != "" {
		var m Value
		if m, e = th.importModule(mod); e == nil {
			hook, e = object.LookupAttr(t, m, t.Intern(fn))
		}
	}
	if e != nil && !e.IsA(&object.ImportErrorType) && !e.IsA(&object.ValueErrorType) {
		return Value{}, e
	}
	if hook.Ref == nil {
		return object.None, object.Warn(t, &object.RuntimeWarningType, "Ignoring unimportable $PYTHONBREAKPOINT: \""+name+"\"")
	}
	return object.CallDict(t, hook, object.As[object.Tuple](a[0]).Items, object.As[Dict](a[1]))
}

type sysFn struct {
	sig string
	fn  object.BuiltinFn
}

func excTriple(e *Exception) Value {
	if e == nil {
		return object.NewTuple([]Value{object.None, object.None, object.None})
	}
	tb := object.None
	if e.TB != nil {
		tb = object.Obj(e.TB)
	}
	return object.NewTuple([]Value{e.Shape.Type.Value(), e.Value(), tb})
}

func getFrame(t *object.Thread, depth Value) (*Frame, *Exception) {
	n, e := object.ToInt(t, depth)
	if e != nil {
		return nil, e
	}
	f := of(t).current()
	for ; n > 0 && f != nil; n-- {
		f = f.back()
	}
	if f == nil {
		return nil, object.ValueErrorf(t, "call stack is not deep enough")
	}
	return f, nil
}

func sysFunctions() []sysFn {
	none := func(f func(t *object.Thread, a []Value)) object.BuiltinFn {
		return func(t *object.Thread, a []Value) (Value, *Exception) { f(t, a); return object.None, nil }
	}
	konst := func(v Value) object.BuiltinFn {
		return func(t *object.Thread, a []Value) (Value, *Exception) { return v, nil }
	}
	return []sysFn{
		{"exit(status=None, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			if a[0].IsNone() {
				return Value{}, object.NewException(t, &object.SystemExitType)
			}
			if a[0].Type().Flags&object.FTuple != 0 {
				return Value{}, object.NewException(t, &object.SystemExitType, object.As[object.Tuple](a[0]).Items...)
			}
			return Value{}, object.NewException(t, &object.SystemExitType, a[0])
		}},
		{"exc_info()", func(t *object.Thread, a []Value) (Value, *Exception) { return excTriple(t.Handled), nil }},
		{"exception()", func(t *object.Thread, a []Value) (Value, *Exception) {
			if t.Handled == nil {
				return object.None, nil
			}
			return t.Handled.Value(), nil
		}},
		{"getrecursionlimit()", func(t *object.Thread, a []Value) (Value, *Exception) { return object.Int(int64(of(t).limit)), nil }},
		{"setrecursionlimit(limit, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			n, e := object.ToInt(t, a[0])
			if e != nil {
				return Value{}, e
			}
			if n < 1 {
				return Value{}, object.ValueErrorf(t, "recursion limit must be greater or equal than 1")
			}
			if n <= t.Depth {
				return Value{}, object.Errorf(t, &object.RecursionErrorType, "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low", n, t.Depth)
			}
			of(t).setLimit(n)
			return object.None, nil
		}},
		{"getsizeof(object, default=<absent>)", func(t *object.Thread, a []Value) (Value, *Exception) {
			r, found, e := object.CallSpecial(t, a[0], object.N.Sizeof)
			if e != nil || !found {
				return object.Int(16), e
			}
			return r, nil
		}},
		{"getrefcount(object, /)", konst(object.Int(2))},
		{"getdefaultencoding()", konst(object.StrVal("utf-8"))},
		{"getfilesystemencoding()", konst(object.StrVal("utf-8"))},
		{"getfilesystemencodeerrors()", konst(object.StrVal("surrogateescape"))},
		{"intern(string, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			if a[0].Type() != &object.StrType {
				return Value{}, object.TypeErrorf(t, "can't intern %s", a[0].Type().Name)
			}
			return object.Obj(t.InternStr(object.As[Str](a[0]))), nil
		}},
		{"_is_interned(string, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			return object.Bool(object.As[Str](a[0]).Interned), nil
		}},
		{"is_finalizing()", konst(object.False)},
		{"_is_gil_enabled()", konst(object.True)},
		{"getswitchinterval()", konst(object.Float(0.005))},
		{"setswitchinterval(interval, /)", none(func(t *object.Thread, a []Value) {})},
		{"get_int_max_str_digits()", func(t *object.Thread, a []Value) (Value, *Exception) {
			return object.Int(int64(t.Interp.IntMaxDigit)), nil
		}},
		{"set_int_max_str_digits(maxdigits)", func(t *object.Thread, a []Value) (Value, *Exception) {
			n, e := object.ToInt(t, a[0])
			if e != nil {
				return Value{}, e
			}
			if n != 0 && n < 640 {
				return Value{}, object.ValueErrorf(t, "maxdigits must be 0 or larger than 640")
			}
			t.Interp.IntMaxDigit = n
			return object.None, nil
		}},
		{"_getframe(depth=0, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			f, e := getFrame(t, a[0])
			if e != nil {
				return Value{}, e
			}
			return f.capture(), nil
		}},
		{"_getframemodulename(depth=0)", func(t *object.Thread, a []Value) (Value, *Exception) {
			f, e := getFrame(t, a[0])
			if e != nil {
				return object.None, nil
			}
			return orNone(f.fn.module), nil
		}},
		{"_current_frames()", func(t *object.Thread, a []Value) (Value, *Exception) {
			d := object.NewDict()
			for th := range of(t).in.threads {
				if f := th.current(); f != nil {
					d.Set(t, object.Int(int64(th.T.ID)), f.capture())
				}
			}
			return object.Obj(d), nil
		}},
		{"_clear_type_cache()", none(func(t *object.Thread, a []Value) {})},
		{"settrace(function, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			of(t).setTrace(a[0])
			return object.None, nil
		}},
		{"gettrace()", func(t *object.Thread, a []Value) (Value, *Exception) { return orNone(of(t).trace), nil }},
		{"setprofile(function, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			of(t).setProfile(a[0])
			return object.None, nil
		}},
		{"_settraceallthreads(function, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			for th := range of(t).in.threads {
				th.setTrace(a[0])
			}
			return object.None, nil
		}},
		{"_setprofileallthreads(function, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			for th := range of(t).in.threads {
				th.setProfile(a[0])
			}
			return object.None, nil
		}},
		{"getprofile()", func(t *object.Thread, a []Value) (Value, *Exception) { return orNone(of(t).prof), nil }},
		{"excepthook(exctype, value, traceback, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			if a[1].Type().Flags&object.FException == 0 {
				return Value{}, object.TypeErrorf(t, "print_exception(): Exception expected for value, %s found", a[1].Type().Name)
			}
			e := object.As[Exception](a[1])
			return object.None, writeTo(t, "stderr", FormatException(t, e))
		}},
		{"displayhook(object, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			if a[0].IsNone() {
				return object.None, nil
			}
			us := t.Intern("_")
			t.Interp.Builtins.SetStr(t, us, object.None)
			s, e := object.Repr(t, a[0])
			if e != nil {
				return Value{}, e
			}
			if e := writeTo(t, "stdout", s.S+"\n"); e != nil {
				return Value{}, e
			}
			return object.None, t.Interp.Builtins.SetStr(t, us, a[0])
		}},
		{"breakpointhook(*args, **kws)", breakpointHook},
		{"unraisablehook(unraisable, /)", none(func(t *object.Thread, a []Value) {
			if v, e := object.GetAttrS(t, a[0], "exc_value"); e == nil && v.Type().Flags&object.FException != 0 {
				writeTo(t, "stderr", FormatException(t, object.As[Exception](v)))
			}
		})},
		{"audit(event, /, *args)", none(func(t *object.Thread, a []Value) {})},
		{"addaudithook(hook)", none(func(t *object.Thread, a []Value) {})},
		{"call_tracing(func, args, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			items, e := object.Collect(t, a[1])
			if e != nil {
				return Value{}, e
			}
			th := of(t)
			outer := th.tracing
			th.tracing = 0
			th.arm()
			r, e := object.Call(t, a[0], items...)
			th.tracing = outer
			th.arm()
			return r, e
		}},
		{"get_asyncgen_hooks()", func(t *object.Thread, a []Value) (Value, *Exception) {
			r := of(t).in
			return structSeq(t, "sys.asyncgen_hooks", []string{"firstiter", "finalizer"}, []Value{orNone(r.asyncFirstIter), orNone(r.asyncFinalizer)}), nil
		}},
		{"set_asyncgen_hooks(firstiter=<absent>, finalizer=<absent>)", func(t *object.Thread, a []Value) (Value, *Exception) {
			r := of(t).in
			if a[0].Ref != nil {
				r.asyncFirstIter = a[0]
			}
			if a[1].Ref != nil {
				r.asyncFinalizer = a[1]
			}
			return object.None, nil
		}},
		{"get_coroutine_origin_tracking_depth()", konst(object.Int(0))},
		{"set_coroutine_origin_tracking_depth(depth)", none(func(t *object.Thread, a []Value) {})},
		{"getallocatedblocks()", konst(object.Int(0))},
		{"activate_stack_trampoline(backend, /)", none(func(t *object.Thread, a []Value) {})},
	}
}
