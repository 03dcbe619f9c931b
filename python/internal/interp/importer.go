package interp

import (
	"os"
	"path/filepath"
	"strings"

	"martlet/python/internal/lib"
	"martlet/python/object"
)

// Imports.
//
// A module is looked for in sys.modules, then in each meta path finder that Python code added, then among the native modules, the
// embedded Python modules and the folders of sys.path (or of the package's __path__): package, source file, namespace folder. Each
// module gets a ModuleSpec; while it runs, spec._initializing is true, which is what circular import errors look at.

// ModuleSpecType is importlib's ModuleSpec, as our imports make it.
var ModuleSpecType, loaderType object.Type

type moduleSpec struct {
	object.Object
	object.Attrs
	slots [8]Value //lint:ignore U1000 room for attributes, reached through Attrs
}

type loaderObj struct {
	object.Object
	kind       string // built-in, embedded, source
	name, path string
}

func init() {
	var z moduleSpec
	_ = z
	object.Declare(&ModuleSpecType, object.Decl{Name: "ModuleSpec", Module: "importlib.machinery", Dict: true,
		Layout: object.LayoutWithAttrs[moduleSpec](attrsOffset, 8),
		Slots: object.Slots{
			New: func(t *object.Thread, tp *Type, args []Value, kw []*Str) (Value, *Exception) { return tp.Alloc(t) },
			Init: object.InitSig("ModuleSpec(name, loader, *, origin=None, loader_state=None, is_package=None)", func(t *object.Thread, self Value, a []Value) *Exception {
				set := func(n string, v Value) {
					object.StoreInstanceAttr(t, self, self.Type(), t.Intern(n), v)
				}
				set("name", a[0])
				set("loader", a[1])
				set("origin", a[2])
				set("loader_state", a[3])
				set("submodule_search_locations", object.None)
				if ok, _ := object.Truth(t, a[4]); ok {
					set("submodule_search_locations", object.NewList(nil))
				}
				set("_initializing", object.False)
				set("has_location", object.False)
				set("cached", object.None)
				return nil
			}),
			Repr: func(t *object.Thread, v Value) (Value, *Exception) {
				get := func(n string) Value { r, _ := object.LookupAttr(t, v, t.Intern(n)); return orNone(r) }
				s := "ModuleSpec(name=" + reprOf(t, get("name")) + ", loader=" + reprOf(t, get("loader"))
				if o := get("origin"); !o.IsNone() {
					s += ", origin=" + reprOf(t, o)
				}
				if l := get("submodule_search_locations"); !l.IsNone() {
					s += ", submodule_search_locations=" + reprOf(t, l)
				}
				return object.StrVal(s + ")"), nil
			}},
		GetSets: []object.GetSet{{Name: "parent", Get: func(t *object.Thread, v Value) (Value, *Exception) {
			n, e := object.GetAttrS(t, v, "name")
			if e != nil {
				return Value{}, e
			}
			if l, _ := object.LookupAttr(t, v, t.Intern("submodule_search_locations")); l.Ref != nil && !l.IsNone() {
				return n, nil
			}
			return object.StrVal(parentName(object.As[Str](n).S)), nil
		}}, {Name: "__dict__", Get: func(t *object.Thread, v Value) (Value, *Exception) {
			return object.Obj(object.InstanceDict(v, v.Type())), nil
		}}}})
	object.Declare(&loaderType, object.Decl{Name: "SourceFileLoader", Module: "importlib.machinery", Layout: object.LayoutOf[loaderObj](),
		Slots: object.Slots{New: object.NewSig("SourceFileLoader(fullname, path)", func(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
			n, e := object.ToStr(t, a[0])
			if e != nil {
				return Value{}, e
			}
			p, e := object.ToStr(t, a[1])
			if e != nil {
				return Value{}, e
			}
			return object.Obj(&loaderObj{object.Object{Shape: &tp.Root}, "source", n.S, p.S}), nil
		}), Init: func(t *object.Thread, self Value, args []Value, kw []*Str) *Exception { return nil }, Repr: func(t *object.Thread, v Value) (Value, *Exception) {
			l := object.As[loaderObj](v)
			return object.StrVal("<" + l.kind + " loader of '" + l.name + "'>"), nil
		}},
		Methods: []object.Method{
			{Sig: "get_source(self, fullname)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				l := object.As[loaderObj](a[0])
				if m, ok := lib.Find(l.name); l.kind == "embedded" && ok {
					return object.StrVal(m.Source), nil
				}
				if b, err := os.ReadFile(l.path); err == nil && l.kind == "source" {
					return object.StrVal(string(b)), nil
				}
				return object.None, nil
			}},
			{Sig: "create_module(self, spec)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) { return object.None, nil }},
			{Sig: "exec_module(self, module)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				l := object.As[loaderObj](a[0])
				if a[1].Type() != &object.ModuleType {
					return Value{}, object.TypeErrorf(t, "exec_module() expected a module, not %s", a[1].Type().Name)
				}
				w := &found{kind: l.kind, path: l.path}
				if m, ok := lib.Find(l.name); ok && l.kind == "embedded" {
					w.text = m.Source
				}
				if l.kind == "built-in" {
					return object.None, nil
				}
				return object.None, of(t).execModule(object.As[object.Module](a[1]), w)
			}},
			{Sig: "is_package(self, fullname)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return object.Bool(strings.HasSuffix(object.As[loaderObj](a[0]).path, "__init__.py")), nil
			}},
			{Sig: "get_filename(self, fullname=None)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return object.StrVal(object.As[loaderObj](a[0]).path), nil
			}},
		}})
}

func parentName(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[:i]
	}
	return ""
}

// importName is the import statement: __import__ from the builtins, ours or a replacement.
func (th *Thread) importName(f *Frame, name *Str, fromlist, level Value) (Value, *Exception) {
	t := th.T
	imp := f.fn.builtins.GetStr(object.N.Import)
	if imp.Ref == nil {
		return Value{}, object.Errorf(t, &object.ImportErrorType, "__import__ not found")
	}
	if imp.Ref == th.in.importFn.Ref {
		return th.importHook(name.S, object.Obj(f.fn.globals), fromlist, int(level.Int64()))
	}
	locals := object.None
	if f.locals.Ref != nil {
		locals = f.locals
	}
	return object.Call(t, imp, object.Obj(name), object.Obj(f.fn.globals), locals, fromlist, level)
}

// importHook does what __import__ does.
//
//martlet:opaque
func (th *Thread) importHook(name string, globals, fromlist Value, level int) (Value, *Exception) {
	t := th.T
	abs := name
	if level > 0 {
		pkg, e := th.packageOf(globals)
		if e != nil {
			return Value{}, e
		}
		if abs, e = th.resolve(name, pkg, level); e != nil {
			return Value{}, e
		}
	}
	if abs == "" {
		return Value{}, object.ValueErrorf(t, "Empty module name")
	}
	m, e := th.importModule(abs)
	if e != nil {
		return Value{}, e
	}
	has := false
	if fromlist.Ref != nil && !fromlist.IsNone() {
		if has, e = object.Truth(t, fromlist); e != nil {
			return Value{}, e
		}
	}
	if has {
		return m, th.handleFromlist(m, fromlist, abs)
	}
	first, _, dotted := strings.Cut(name, ".")
	if !dotted {
		return m, nil
	}
	if level == 0 {
		return th.importModule(first)
	}
	cut := len(abs) - (len(name) - len(first))
	if v := t.Interp.Modules.GetStr(t.Intern(abs[:cut])); v.Ref != nil {
		return v, nil
	}
	return Value{}, object.KeyErrorOf(t, object.StrVal(abs[:cut]))
}

func (th *Thread) packageOf(globals Value) (string, *Exception) {
	t := th.T
	if globals.Ref == nil || globals.Type().Flags&object.FDict == 0 {
		return "", object.Errorf(t, &object.KeyErrorType, "'__name__' not in globals")
	}
	g := object.As[Dict](globals)
	if p := g.GetStr(object.N.Package); p.Ref != nil && !p.IsNone() {
		if p.Type().Flags&object.FStr == 0 {
			return "", object.TypeErrorf(t, "package must be a string")
		}
		return object.As[Str](p).S, nil
	}
	if spec := g.GetStr(object.N.Spec); spec.Ref != nil && !spec.IsNone() {
		p, e := object.GetAttrS(t, spec, "parent")
		if e != nil {
			return "", e
		}
		return object.As[Str](p).S, nil
	}
	n := g.GetStr(object.N.Name)
	if n.Ref == nil || n.Type().Flags&object.FStr == 0 {
		return "", object.NewException(t, &object.KeyErrorType, object.StrVal("'__name__' not in globals"))
	}
	if g.HasStr(object.N.Path) {
		return object.As[Str](n).S, nil
	}
	return parentName(object.As[Str](n).S), nil
}

func (th *Thread) resolve(name, pkg string, level int) (string, *Exception) {
	if pkg == "" {
		return "", object.Errorf(th.T, &object.ImportErrorType, "attempted relative import with no known parent package")
	}
	for range level - 1 {
		i := strings.LastIndexByte(pkg, '.')
		if i < 0 {
			return "", object.Errorf(th.T, &object.ImportErrorType, "attempted relative import beyond top-level package")
		}
		pkg = pkg[:i]
	}
	if name == "" {
		return pkg, nil
	}
	return pkg + "." + name, nil
}

func (th *Thread) handleFromlist(m, fromlist Value, abs string) *Exception {
	t := th.T
	path, e := object.LookupAttr(t, m, object.N.Path)
	if e != nil || path.Ref == nil {
		return e
	}
	return object.ForEach(t, fromlist, func(x Value) (bool, *Exception) {
		if x.Type().Flags&object.FStr == 0 {
			return false, object.TypeErrorf(t, "Item in ``from list'' must be str, not %s", x.Type().Name)
		}
		n := object.As[Str](x)
		if n.S == "*" {
			if all, e := object.LookupAttr(t, m, object.N.All); e != nil || all.Ref == nil {
				return true, e
			} else {
				return true, th.handleFromlist(m, all, abs)
			}
		}
		v, e := object.LookupAttr(t, m, t.InternStr(n))
		if e != nil || v.Ref != nil {
			return true, e
		}
		_, e = th.importModule(abs + "." + n.S)
		if e != nil && e.IsA(&object.ModuleNotFoundErrorType) {
			if f := e.Field(object.ImportName); f.Type() == &object.StrType && object.As[Str](f).S == abs+"."+n.S {
				return true, nil
			}
		}
		return true, e
	})
}

// importModule gives the module of an absolute name, loading it and its parents when needed.
func (th *Thread) importModule(abs string) (Value, *Exception) {
	t := th.T
	key := t.Intern(abs)
	if m := t.Interp.Modules.GetStr(key); m.Ref != nil {
		if m.IsNone() {
			e := object.Errorf(t, &object.ModuleNotFoundErrorType, "import of %s halted; None in sys.modules", abs)
			e.Fields[object.ImportName] = object.Obj(key)
			return Value{}, e
		}
		return m, nil
	}
	path := Value{}
	var parent Value
	if p := parentName(abs); p != "" {
		var e *Exception
		if parent, e = th.importModule(p); e != nil {
			return Value{}, e
		}
		if m := t.Interp.Modules.GetStr(key); m.Ref != nil {
			return m, nil
		}
		path, e = object.LookupAttr(t, parent, object.N.Path)
		if e != nil {
			return Value{}, e
		}
		if path.Ref == nil {
			return Value{}, th.notFound(abs, "; '"+p+"' is not a package")
		}
	}
	if e := t.Enter(" during import"); e != nil {
		return Value{}, e
	}
	m, e := th.timedLoad(abs, path)
	t.Leave()
	if e != nil {
		return Value{}, e
	}
	if parent.Ref != nil {
		if e := object.SetAttr(t, parent, t.Intern(abs[strings.LastIndexByte(abs, '.')+1:]), m); e != nil {
			return Value{}, e
		}
	}
	return m, nil
}

func (th *Thread) notFound(abs, more string) *Exception {
	e := object.Errorf(th.T, &object.ModuleNotFoundErrorType, "No module named '%s'%s", abs, more)
	e.Fields[object.ImportName] = object.StrVal(abs)
	return e
}

// found is where a module was found.
type found struct {
	kind string // built-in, embedded, source, namespace
	path string // file, or folder of a namespace package
	pkg  []string
	text string
	std  lib.Module
}

func (th *Thread) load(abs string, path Value) (Value, *Exception) {
	if m, e := th.metaPath(abs, path); e != nil || m.Ref != nil {
		return m, e
	}
	w, e := th.find(abs, path)
	if e != nil {
		return Value{}, e
	}
	if w == nil {
		return Value{}, th.notFound(abs, "")
	}
	return th.loadFound(abs, w)
}

// metaPath asks the finders that Python code put on sys.meta_path.
//
//martlet:opaque
func (th *Thread) metaPath(abs string, path Value) (Value, *Exception) {
	t := th.T
	mp := t.Interp.SysDict.GetStr(t.Intern("meta_path"))
	if mp.Ref == nil || mp.Type().Flags&object.FList == 0 || len(object.As[object.List](mp).Items) == 0 {
		return Value{}, nil
	}
	for _, finder := range object.As[object.List](mp).Items {
		fs, e := object.LookupAttr(t, finder, t.Intern("find_spec"))
		if e != nil {
			return Value{}, e
		}
		if fs.Ref == nil {
			continue
		}
		spec, e := object.Call(t, fs, object.StrVal(abs), orNone(path), object.None)
		if e != nil {
			return Value{}, e
		}
		if !spec.IsNone() {
			return th.loadSpec(abs, spec)
		}
	}
	return Value{}, nil
}

// loadSpec loads a module by a spec with a loader written in Python.
func (th *Thread) loadSpec(abs string, spec Value) (Value, *Exception) {
	t := th.T
	loader, e := object.GetAttrS(t, spec, "loader")
	if e != nil {
		return Value{}, e
	}
	m := object.None
	if create, e := object.LookupAttr(t, loader, t.Intern("create_module")); e != nil {
		return Value{}, e
	} else if create.Ref != nil {
		if m, e = object.Call(t, create, spec); e != nil {
			return Value{}, e
		}
	}
	if m.IsNone() {
		m = object.Obj(object.NewModule(t, abs, ""))
	}
	set := func(n *Str, v Value) { object.SetAttr(t, m, n, v) }
	set(object.N.Spec, spec)
	set(object.N.Loader, loader)
	locs, _ := object.LookupAttr(t, spec, t.Intern("submodule_search_locations"))
	set(object.N.Package, object.StrVal(parentName(abs)))
	if locs.Ref != nil && !locs.IsNone() {
		set(object.N.Path, locs)
		set(object.N.Package, object.StrVal(abs))
	}
	if o, _ := object.LookupAttr(t, spec, t.Intern("origin")); o.Ref != nil && !o.IsNone() {
		set(object.N.File, o)
	}
	key := t.Intern(abs)
	t.Interp.Modules.SetStr(t, key, m)
	if _, e := object.CallMethodS(t, loader, "exec_module", m); e != nil {
		t.Interp.Modules.DelStr(key)
		return Value{}, e
	}
	if r := t.Interp.Modules.GetStr(key); r.Ref != nil {
		return r, nil
	}
	return m, nil
}

// find looks for a module; path.Ref == nil means sys.path.
//
//martlet:opaque
func (th *Thread) find(abs string, path Value) (*found, *Exception) {
	t := th.T
	if _, ok := th.in.native(abs); ok {
		return &found{kind: "built-in"}, nil
	}
	if m, ok := lib.Find(abs); ok && th.in.permits(abs) && !th.in.preferStdlib(abs) {
		if m.Init != nil {
			return &found{kind: "built-in", std: m}, nil
		}
		w := &found{kind: "embedded", text: m.Source, path: "<frozen " + abs + ">"}
		if m.Package {
			w.pkg = []string{"<frozen " + abs + ">"}
			if th.in.Stdlib != "" { // submodules that are not embedded
				w.pkg = append(w.pkg, filepath.Join(th.in.Stdlib, strings.ReplaceAll(abs, ".", string(filepath.Separator))))
			}
		}
		return w, nil
	}
	if path.Ref == nil {
		path = t.Interp.SysDict.GetStr(t.Intern("path"))
	}
	if path.Ref == nil {
		return nil, nil
	}
	entries, e := object.Collect(t, path)
	if e != nil {
		return nil, e
	}
	if th.in.fs == nil {
		return nil, nil
	}
	tail := abs[strings.LastIndexByte(abs, '.')+1:]
	var ns []string
	for _, x := range entries {
		if x.Type().Flags&object.FStr == 0 {
			continue
		}
		dir := object.As[Str](x).S
		if dir == "" {
			dir = "."
			if wd, err := os.Getwd(); err == nil {
				dir = wd
			}
		}
		base := filepath.Join(dir, tail)
		if st, err := os.Stat(base); err == nil && st.IsDir() {
			init := filepath.Join(base, "__init__.py")
			if fi, err := os.Stat(init); err == nil && fi.Mode().IsRegular() {
				return &found{kind: "source", path: init, pkg: []string{base}}, nil
			}
			ns = append(ns, base)
		}
		if st, err := os.Stat(base + ".py"); err == nil && st.Mode().IsRegular() {
			return &found{kind: "source", path: base + ".py"}, nil
		}
	}
	if ns != nil {
		return &found{kind: "namespace", pkg: ns}, nil
	}
	return nil, nil
}

func (th *Thread) loadFound(abs string, w *found) (Value, *Exception) {
	t := th.T
	key := t.Intern(abs)
	var m *object.Module
	if w.kind == "built-in" {
		n, e := th.makeNative(abs, w)
		if e != nil {
			return Value{}, e
		}
		m = n
	} else {
		m = object.NewModule(t, abs, "")
	}
	spec, e := th.makeSpec(abs, w)
	if e != nil {
		return Value{}, e
	}
	specSet := func(n string, v Value) { object.StoreInstanceAttr(t, spec, &ModuleSpecType, t.Intern(n), v) }
	specGet := func(n string) Value { v, _ := object.LookupAttr(t, spec, t.Intern(n)); return orNone(v) }
	m.Dict.SetStr(t, object.N.Spec, spec)
	m.Dict.SetStr(t, object.N.Loader, specGet("loader"))
	pkg := parentName(abs)
	if w.pkg != nil {
		pkg = abs
		m.Dict.SetStr(t, object.N.Path, specGet("submodule_search_locations"))
	}
	m.Dict.SetStr(t, object.N.Package, object.StrVal(pkg))
	if w.kind == "source" {
		m.Dict.SetStr(t, object.N.File, object.StrVal(w.path))
		m.Dict.SetStr(t, object.N.Cached, specGet("cached"))
	}
	t.Interp.Modules.SetStr(t, key, object.Obj(m))
	if w.kind == "embedded" || w.kind == "source" {
		specSet("_initializing", object.True)
		e := th.execModule(m, w)
		specSet("_initializing", object.False)
		if e != nil {
			t.Interp.Modules.DelStr(key)
			return Value{}, e
		}
	}
	if r := t.Interp.Modules.GetStr(key); r.Ref != nil {
		return r, nil
	}
	return object.Obj(m), nil
}

// makeSpec describes where a module was found.
func (th *Thread) makeSpec(abs string, w *found) (Value, *Exception) {
	t := th.T
	loader := object.Obj(&loaderObj{object.Object{Shape: &loaderType.Root}, w.kind, abs, w.path})
	if w.kind == "namespace" {
		loader = object.None
	}
	spec, e := object.CallKw(t, ModuleSpecType.Value(), []Value{object.StrVal(abs), loader}, nil)
	if e != nil {
		return Value{}, e
	}
	set := func(n string, v Value) { object.StoreInstanceAttr(t, spec, &ModuleSpecType, t.Intern(n), v) }
	if w.pkg != nil {
		set("submodule_search_locations", strList(w.pkg))
	}
	switch w.kind {
	case "built-in":
		set("origin", object.StrVal("built-in"))
	case "embedded":
		set("origin", object.StrVal("frozen"))
	case "source":
		set("origin", object.StrVal(w.path))
		set("has_location", object.True)
		set("cached", object.StrVal(cachePath(w.path)))
	}
	return spec, nil
}

// makeNative makes a module written in Go.
func (th *Thread) makeNative(abs string, w *found) (*object.Module, *Exception) {
	if mk, ok := th.in.native(abs); ok {
		return mk(th.T)
	}
	m := object.NewModule(th.T, abs, w.std.Doc)
	return m, w.std.Init(th.T, m)
}

func (th *Thread) execModule(m *object.Module, w *found) *Exception {
	var c *Code
	var e *Exception
	if w.kind == "embedded" {
		c, e = th.in.embedded(th.T, w.path, w.text)
	} else {
		c, e = th.in.compileFile(th.T, w.path)
	}
	if e != nil {
		return e
	}
	m.Dict.SetStr(th.T, object.N.Builtins, object.Obj(th.T.Interp.Builtins))
	_, e = th.runCode(c, m.Dict, th.T.Interp.Builtins, object.Obj(m.Dict), nil)
	return e
}

// importFrom is `from m import name`.
//
//martlet:opaque
func (th *Thread) importFrom(m Value, name *Str) (Value, *Exception) {
	t := th.T
	v, e := object.LookupAttr(t, m, name)
	if e != nil || v.Ref != nil {
		return v, e
	}
	mn, e := object.LookupAttr(t, m, object.N.Name)
	if e != nil {
		return Value{}, e
	}
	pkg := "<unknown module name>"
	if mn.Ref != nil && mn.Type().Flags&object.FStr != 0 {
		pkg = object.As[Str](mn).S
		if sub := t.Interp.Modules.GetStr(t.Intern(pkg + "." + name.S)); sub.Ref != nil {
			return sub, nil
		}
	}
	file, e := object.LookupAttr(t, m, object.N.File)
	if e != nil {
		return Value{}, e
	}
	where := "unknown location"
	path := object.None
	if file.Ref != nil && file.Type().Flags&object.FStr != 0 {
		where, path = object.As[Str](file).S, file
	}
	msg := "cannot import name '" + name.S + "' from '" + pkg + "' (" + where + ")"
	if initializing(t, m) {
		msg = "cannot import name '" + name.S + "' from partially initialized module '" + pkg + "' (most likely due to a circular import) (" + where + ")"
	}
	err := object.Errorf(t, &object.ImportErrorType, "%s", msg)
	err.Fields[object.ImportName], err.Fields[object.ImportPath], err.Fields[object.ImportNameFrom] = object.StrVal(pkg), path, object.Obj(name)
	return Value{}, err
}

func initializing(t *object.Thread, m Value) bool {
	spec, _ := object.LookupAttr(t, m, object.N.Spec)
	if spec.Ref == nil || spec.IsNone() {
		return false
	}
	v, _ := object.LookupAttr(t, spec, t.Intern("_initializing"))
	if v.Ref == nil {
		return false
	}
	ok, _ := object.Truth(t, v)
	return ok
}

func (th *Thread) importStar(f *Frame, m Value) *Exception {
	t := th.T
	all, e := object.LookupAttr(t, m, object.N.All)
	if e != nil {
		return e
	}
	skip := false
	if all.Ref == nil {
		d, e := object.GetAttr(t, m, object.N.Dict)
		if e != nil {
			return object.Errorf(t, &object.ImportErrorType, "from-import-* object has no __dict__ and no __all__")
		}
		if all, e = object.CallMethod(t, d, object.N.Keys); e != nil {
			return e
		}
		skip = true
	}
	names, e := object.Collect(t, all)
	if e != nil {
		return e
	}
	for _, n := range names {
		if n.Type().Flags&object.FStr == 0 {
			return object.TypeErrorf(t, "Item in %s.__all__ must be str, not %s", "module", n.Type().Name)
		}
		name := t.InternStr(object.As[Str](n))
		if skip && strings.HasPrefix(name.S, "_") {
			continue
		}
		v, e := object.GetAttr(t, m, name)
		if e != nil {
			return e
		}
		if e := th.storeName(f, name, v); e != nil {
			return e
		}
	}
	return nil
}
