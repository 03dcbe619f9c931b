package interp

import (
	"strings"

	"martlet/python/object"
)

// Modules _traceback and _imp: what traceback, linecache and importlib are built on.

func excArg(t *object.Thread, v Value) (*Exception, *Exception) {
	if v.Type().Flags&object.FException == 0 {
		return nil, object.TypeErrorf(t, "Exception expected for value, %s found", v.Type().Name)
	}
	return object.As[Exception](v), nil
}

// tbEntries formats each entry of a traceback as one string.
func tbEntries(th *Thread, tb *object.Traceback) Value {
	var items []Value
	cur := ""
	for _, l := range strings.SplitAfter(th.formatTB(tb), "\n") {
		if strings.HasPrefix(l, "  File \"") || strings.HasPrefix(l, "  [Previous") {
			if cur != "" {
				items = append(items, object.StrVal(cur))
			}
			cur = ""
		}
		cur += l
	}
	if cur != "" {
		items = append(items, object.StrVal(cur))
	}
	return object.NewList(items)
}

// exceptionParts splits a printed exception as traceback.format_exception does: a header, the entries, the message lines.
func exceptionParts(text string) Value {
	var items []Value
	cur, entry := "", false
	flush := func() {
		if cur != "" {
			items = append(items, object.StrVal(cur))
		}
		cur = ""
	}
	for _, l := range strings.SplitAfter(text, "\n") {
		switch {
		case strings.HasPrefix(l, "  File \""), strings.HasPrefix(l, "  [Previous"):
			flush()
			entry = true
		case entry && strings.HasPrefix(l, "    "):
		default:
			flush()
			entry = false
		}
		cur += l
		if !entry {
			flush()
		}
	}
	flush()
	return object.NewList(items)
}

func tracebackModule(t *object.Thread) (*object.Module, *Exception) {
	return makeModule(t, "_traceback", "", []nativeFn{
		{"format_only(exc, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			e, err := excArg(t, a[0])
			if err != nil {
				return Value{}, err
			}
			return object.StrVal(of(t).formatOnly(e)), nil
		}},
		{"format_parts(exc, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			e, err := excArg(t, a[0])
			if err != nil {
				return Value{}, err
			}
			return exceptionParts(FormatException(t, e)), nil
		}},
		{"format_tb(tb, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			if a[0].IsNone() {
				return object.NewList(nil), nil
			}
			if a[0].Type() != &object.TracebackType {
				return Value{}, object.TypeErrorf(t, "expected traceback, not %s", a[0].Type().Name)
			}
			return tbEntries(of(t), object.As[object.Traceback](a[0])), nil
		}},
		{"source_lines(filename, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			if a[0].Type() != &object.StrType {
				return object.None, nil
			}
			lines := of(t).in.lines(t, object.As[Str](a[0]).S)
			if lines == nil {
				return object.None, nil
			}
			return strList(lines), nil
		}},
	}), nil
}

func impModule(t *object.Thread) (*object.Module, *Exception) {
	m := makeModule(t, "_imp", "Low-level import machinery.", []nativeFn{
		{"find_spec(name, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			th := of(t)
			name := object.As[Str](a[0]).S
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
			if e != nil || w == nil {
				return object.None, e
			}
			spec, e := th.makeSpec(name, w)
			return spec, e
		}},
		{"reload(module, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			th := of(t)
			n, e := object.GetAttr(t, a[0], object.N.Name)
			if e != nil {
				return Value{}, e
			}
			name := object.As[Str](n).S
			w, e := th.find(name, Value{})
			if p := parentName(name); p != "" && e == nil {
				var pm, path Value
				if pm, e = th.importModule(p); e == nil {
					if path, e = object.LookupAttr(t, pm, object.N.Path); e == nil {
						w, e = th.find(name, path)
					}
				}
			}
			if e != nil {
				return Value{}, e
			}
			if w == nil {
				return Value{}, th.notFound(name, "")
			}
			if w.kind == "source" || w.kind == "embedded" {
				delete(th.in.sourceCache, w.path)
				e = th.execModule(object.As[object.Module](a[0]), w)
			}
			return a[0], e
		}},
		{"lock_held()", constFn(object.False)}, {"acquire_lock()", constFn(object.None)}, {"release_lock()", constFn(object.None)},
		{"is_builtin(name, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			_, ok := of(t).in.native(object.As[Str](a[0]).S)
			return object.Int(map[bool]int64{true: 1}[ok]), nil
		}},
		// Embedded modules never give way to files because of these: there is nothing to choose from.
		{"_override_frozen_modules_for_tests(override, /)", constFn(object.None)},
		{"_override_multi_interp_extensions_check(override, /)", constFn(object.Int(0))},
		{"is_frozen(name, /)", constFn(object.False)},
		{"extension_suffixes()", func(t *object.Thread, a []Value) (Value, *Exception) { return object.NewList(nil), nil }},
	})
	m.Set(t, "ModuleSpec", ModuleSpecType.Value())
	m.Set(t, "SourceFileLoader", loaderType.Value())
	return m, nil
}
