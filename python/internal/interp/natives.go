package interp

import "martlet/python/object"

// Natives are the modules bound to the interpreter's core.
func Natives() map[string]NativeModule {
	return map[string]NativeModule{
		"_signal":    signalModule,
		"errno":      errnoModule,
		"gc":         gcModule,
		"_weakref":   weakrefModule,
		"atexit":     atexitModule,
		"_thread":    threadModule,
		"_typing":    typingModule,
		"_types":     typesModule,
		"_traceback": tracebackModule,
		"_imp":       impModule,
		"_tokenize":  tokenizeModule,
		"_jit":       jitModule,
	}
}

type nativeFn struct {
	sig string
	fn  object.BuiltinFn
}

func makeModule(t *object.Thread, name, doc string, fns []nativeFn) *object.Module {
	m := object.NewModule(t, name, doc)
	for _, f := range fns {
		v := object.NewBuiltin(name, f.sig, f.fn, "")
		m.Set(t, object.As[object.Builtin](v).Name, v)
	}
	return m
}

func constFn(v Value) object.BuiltinFn {
	return func(t *object.Thread, a []Value) (Value, *Exception) { return v, nil }
}
