package builtins

import "martlet/python/object"

func aiter(t *thread, a []value) (value, *exc) {
	f := a[0].Type().Slots.AIter
	if f == nil {
		return value{}, object.TypeErrorf(t, "'%s' object is not an async iterable", a[0].Type().Name)
	}
	r, e := f(t, a[0])
	if e == nil && r.Type().Slots.ANext == nil {
		e = object.TypeErrorf(t, "aiter() returned not an async iterator of type '%s'", r.Type().Name)
	}
	return r, e
}

// anextAwaitable is anext(it, default): it awaits the next item and turns StopAsyncIteration into the default.
type anextAwaitable struct {
	object.Object
	inner, it, def value
}

var anextType = object.NewType(object.Decl{
	Name: "anext_awaitable", Flags: object.FNoNew | object.FFinal,
	Slots: object.Slots{
		Iter:  func(t *thread, v value) (value, *exc) { return v, nil },
		Await: func(t *thread, v value) (value, *exc) { return v, nil },
		Next: func(t *thread, v value) (value, *exc) {
			return anextStep(t, v, func(it value) (value, *exc) { return object.Next(t, it) })
		},
	},
	Methods: []object.Method{
		{Sig: "send(self, value, /)", Fn: func(t *thread, a []value) (value, *exc) {
			return anextStep(t, a[0], func(it value) (value, *exc) {
				return object.CallMethod(t, it, object.N.Send, a[1])
			})
		}},
		{Sig: "throw(self, typ, val=<absent>, tb=<absent>, /)", Fn: func(t *thread, a []value) (value, *exc) {
			return anextStep(t, a[0], func(it value) (value, *exc) {
				args := a[1:]
				for len(args) > 0 && args[len(args)-1].Ref == nil {
					args = args[:len(args)-1]
				}
				return object.CallMethod(t, it, object.N.Throw, args...)
			})
		}},
		{Sig: "close(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			w := object.As[anextAwaitable](a[0])
			if w.it.Ref == nil {
				return object.None, nil
			}
			return object.CallMethod(t, w.it, object.N.Close)
		}},
	},
})

// anextStep advances the wrapped awaitable.
func anextStep(t *thread, v value, step func(it value) (value, *exc)) (value, *exc) {
	w := object.As[anextAwaitable](v)
	if w.it.Ref == nil {
		f := w.inner.Type().Slots.Await
		if f == nil {
			if w.inner.Type().Slots.Next == nil {
				return value{}, object.TypeErrorf(t, "object %s can't be used in 'await' expression", w.inner.Type().Name)
			}
			w.it = w.inner
		} else {
			it, e := f(t, w.inner)
			if e != nil {
				return value{}, e
			}
			w.it = it
		}
	}
	r, e := step(w.it)
	if e != nil && e.IsA(&object.StopAsyncIterationType) {
		return value{}, object.StopIterationOf(t, w.def)
	}
	return r, e
}

func anext(t *thread, a []value) (value, *exc) {
	f := a[0].Type().Slots.ANext
	if f == nil {
		return value{}, object.TypeErrorf(t, "'%s' object is not an async iterator", a[0].Type().Name)
	}
	r, e := f(t, a[0])
	if e != nil || a[1].Ref == nil {
		return r, e
	}
	return object.Obj(&anextAwaitable{object.Object{Shape: &anextType.Root}, r, value{}, a[1]}), nil
}
