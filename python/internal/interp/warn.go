package interp

import (
	"fmt"
	"strings"

	"martlet/python/object"
)

// warn issues a warning at the line of the innermost Python frame: through module warnings if it is loaded, else by the default rules
// (each place once; DeprecationWarning only from __main__).
func warn(t *object.Thread, category *Type, msg string, level int) *Exception {
	th := of(t)
	if m := t.Interp.Modules.GetStr(t.Intern("warnings")); m.Ref != nil {
		if f, e := object.LookupAttr(t, m, t.Intern("warn")); e == nil && f.Ref != nil {
			_, e := object.Call(t, f, object.StrVal(msg), category.Value(), object.Int(int64(level)))
			return e
		}
	}
	file, line, mod := "sys", 1, ""
	if f := th.current(); f != nil {
		file, line = f.code.C.Filename, f.code.line(f.pc)
		if n := f.fn.globals.GetStr(object.N.Name); n.Ref != nil && n.Type() == &object.StrType {
			mod = object.As[Str](n).S
		}
	}
	if (category == &object.DeprecationWarningType && mod != "__main__") || category == &object.PendingDeprecationWarningType ||
		category == &object.ImportWarningType || category == &object.ResourceWarningType {
		return nil
	}
	key := fmt.Sprintf("%s:%d:%s:%s", file, line, category.Name, msg)
	if of(t).in.warned[key] {
		return nil
	}
	of(t).in.warned[key] = true
	return warnExplicit(t, category, msg, file, line)
}

// warnExplicit warns about a line of a file, each time that it is called.
func warnExplicit(t *object.Thread, category *Type, msg, file string, line int) *Exception {
	r := of(t).in
	if m := t.Interp.Modules.GetStr(t.Intern("warnings")); m.Ref != nil {
		if f, e := object.LookupAttr(t, m, t.Intern("warn_explicit")); e == nil && f.Ref != nil {
			_, e := object.Call(t, f, object.StrVal(msg), category.Value(), object.StrVal(file), object.Int(int64(line)))
			return e
		}
	}
	text := fmt.Sprintf("%s:%d: %s: %s\n", file, line, category.Name, msg)
	if lines := r.lines(t, file); line >= 1 && line <= len(lines) {
		text += "  " + strings.TrimSpace(lines[line-1]) + "\n"
	}
	return writeTo(t, "stderr", text)
}

// writeTo writes text to sys.stdout or sys.stderr.
func writeTo(t *object.Thread, stream, text string) *Exception {
	s := t.Interp.SysDict.GetStr(t.Intern(stream))
	if s.Ref == nil || s.IsNone() {
		return nil
	}
	_, e := object.CallMethod(t, s, object.N.Write, object.StrVal(text))
	return e
}

// unraisable reports an error that nobody can catch.
func unraisable(t *object.Thread, e *Exception, msg string, obj Value) {
	hook := t.Interp.SysDict.GetStr(t.Intern("unraisablehook"))
	if std := t.Interp.SysDict.GetStr(t.Intern("__unraisablehook__")); hook.Ref != nil && !object.Is(hook, std) {
		text := object.None
		if msg != "Exception ignored in" {
			text = object.StrVal(msg)
		}
		exc := object.As[object.Tuple](excTriple(e)).Items
		args := structSeq(t, "UnraisableHookArgs", []string{"exc_type", "exc_value", "exc_traceback", "err_msg", "object"},
			[]Value{exc[0], exc[1], exc[2], text, orNone(obj)})
		_, err := object.Call(t, hook, args)
		if err == nil {
			return
		}
		e, msg, obj = err, "Exception ignored in sys.unraisablehook", hook
	}
	text := msg
	if obj.Ref != nil && !obj.IsNone() {
		text += ": " + reprOf(t, obj)
	}
	writeTo(t, "stderr", text+"\n"+FormatException(t, e))
}

// PrintException prints an uncaught exception through sys.excepthook.
func (r *Runtime) PrintException(t *object.Thread, e *Exception) {
	hook := t.Interp.SysDict.GetStr(t.Intern("excepthook"))
	if hook.Ref == nil || object.Is(hook, r.defaultHook) {
		writeTo(t, "stderr", FormatException(t, e))
		return
	}
	tb := object.None
	if e.TB != nil {
		tb = object.Obj(e.TB)
	}
	if _, err := object.Call(t, hook, e.Shape.Type.Value(), e.Value(), tb); err != nil {
		writeTo(t, "stderr", "Error in sys.excepthook:\n"+FormatException(t, err)+"\nOriginal exception was:\n"+FormatException(t, e))
	}
}

func (r *Runtime) isStdModule(name string) bool {
	_, native := r.Native[name]
	return native || stdModules[name]
}
