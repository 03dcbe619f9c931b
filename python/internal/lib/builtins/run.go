package builtins

import (
	"math"

	"martlet/python/object"
)

// compile, eval and exec: the interpreter compiles and runs; here are the arguments' rules.

func compile(t *thread, a []value) (value, *exc) {
	h := t.Interp.Hooks.Compile
	if h == nil {
		return value{}, object.SystemErrorf(t, "no compiler in this interpreter")
	}
	if !object.IsStr(a[2]) {
		return value{}, object.TypeErrorf(t, "compile() argument 'mode' must be str, not %s", object.ArgTypeName(a[2]))
	}
	flags, e := object.AsCInt(t, a[3])
	if e != nil {
		return value{}, e
	}
	inherit, e := object.Truth(t, a[4])
	if e != nil {
		return value{}, e
	}
	opt, e := object.AsCInt(t, a[5])
	if e != nil {
		return value{}, e
	}
	if opt < -1 || opt > 2 {
		return value{}, object.ValueErrorf(t, "compile(): invalid optimize value")
	}
	return h(t, a[0], a[1], object.StrText(a[2]), flags, inherit, opt)
}

// namespaces resolves the globals and locals of eval and exec.
func namespaces(t *thread, fn string, g, l value) (*object.Dict, value, *exc) {
	var e *exc
	if !g.IsNone() && !object.IsDict(g) {
		if fn == "eval" && g.Type().Slots.GetItem != nil {
			return nil, value{}, object.TypeErrorf(t, "globals must be a real dict; try eval(code, {}, mapping)")
		}
		if fn == "eval" {
			return nil, value{}, object.TypeErrorf(t, "globals must be a dict")
		}
		return nil, value{}, object.TypeErrorf(t, "exec() globals must be a dict, not %s", g.Type().Name)
	}
	if g.IsNone() {
		if g, e = callerGlobals(t); e != nil {
			return nil, value{}, e
		}
		if l.IsNone() {
			if l, e = callerLocals(t); e != nil {
				return nil, value{}, e
			}
		}
	} else if l.IsNone() {
		l = g
	}
	if l.Type().Slots.GetItem == nil {
		if fn == "eval" {
			return nil, value{}, object.TypeErrorf(t, "locals must be a mapping")
		}
		return nil, value{}, object.TypeErrorf(t, "locals must be a mapping or None, not %s", l.Type().Name)
	}
	d := object.As[object.Dict](g)
	if !d.HasStr(object.N.Builtins) {
		e = d.SetStr(t, object.N.Builtins, object.Obj(t.Interp.Builtins))
	}
	return d, l, e
}

func run(t *thread, fn, mode string, src, g, l, closure value) (value, *exc) {
	d, l, e := namespaces(t, fn, g, l)
	if e != nil {
		return value{}, e
	}
	h := t.Interp.Hooks.RunCode
	if h == nil {
		return value{}, object.SystemErrorf(t, "no compiler in this interpreter")
	}
	if src.Type().Name == "code" && src.Type().Flags&object.FHeap == 0 {
		return h(t, src, d, l, closure)
	}
	if !closure.IsNone() {
		return value{}, object.TypeErrorf(t, "closure can only be used when source is a code object")
	}
	if src, e = sourceArg(t, fn, src); e != nil {
		return value{}, e
	}
	code, e := t.Interp.Hooks.Compile(t, src, object.StrVal("<string>"), mode, math.MinInt32, false, -1)
	if e != nil {
		return value{}, e
	}
	return h(t, code, d, l, object.None)
}

// sourceArg checks the source; eval ignores leading blanks.
func sourceArg(t *thread, fn string, src value) (value, *exc) {
	if object.IsStr(src) {
		s := object.StrText(src)
		for fn == "eval" && s != "" && (s[0] == ' ' || s[0] == '\t') {
			s = s[1:]
		}
		return object.StrVal(s), nil
	}
	if b, e := object.BufferBytes(t, src); e == nil {
		return object.BytesVal(b), nil
	}
	return value{}, object.TypeErrorf(t, "%s() arg 1 must be a string, bytes or code object", fn)
}

func eval(t *thread, a []value) (value, *exc) {
	return run(t, "eval", "eval", a[0], a[1], a[2], object.None)
}

func exec(t *thread, a []value) (value, *exc) {
	_, e := run(t, "exec", "exec", a[0], a[1], a[2], a[3])
	return object.None, e
}

func breakpoint(t *thread, a []value) (value, *exc) {
	hook := value{}
	if t.Interp.SysDict != nil {
		hook = t.Interp.SysDict.GetStr(t.Intern("breakpointhook"))
	}
	if hook.Ref == nil {
		return value{}, object.RuntimeErrorf(t, "lost sys.breakpointhook")
	}
	return object.CallDict(t, hook, object.As[object.Tuple](a[0]).Items, object.As[object.Dict](a[1]))
}
