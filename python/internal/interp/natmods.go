package interp

import (
	"runtime"
	"sync"
	"time"

	"martlet/python/object"
)

func gcModule(t *object.Thread) (*object.Module, *Exception) {
	enabled := true
	collect := func(t *object.Thread, a []Value) (Value, *Exception) {
		t.Collect(of(t).clearDead)
		return object.Int(0), nil
	}
	m := makeModule(t, "gc", "This module provides access to the garbage collector for reference cycles.", []nativeFn{
		{"collect(generation=2)", collect},
		{"enable()", func(t *object.Thread, a []Value) (Value, *Exception) { enabled = true; return object.None, nil }},
		{"disable()", func(t *object.Thread, a []Value) (Value, *Exception) { enabled = false; return object.None, nil }},
		{"isenabled()", func(t *object.Thread, a []Value) (Value, *Exception) { return object.Bool(enabled), nil }},
		{"get_threshold()", constFn(object.NewTuple([]Value{object.Int(2000), object.Int(10), object.Int(0)}))},
		{"set_threshold(threshold0, threshold1=0, threshold2=0, /)", constFn(object.None)},
		{"get_count()", constFn(object.NewTuple([]Value{object.Int(0), object.Int(0), object.Int(0)}))},
		{"get_debug()", constFn(object.Int(0))}, {"set_debug(flags, /)", constFn(object.None)},
		{"get_objects(generation=None)", func(t *object.Thread, a []Value) (Value, *Exception) { return object.NewList(nil), nil }},
		{"get_referrers(*objs)", func(t *object.Thread, a []Value) (Value, *Exception) { return object.NewList(nil), nil }},
		{"get_referents(*objs)", func(t *object.Thread, a []Value) (Value, *Exception) { return object.NewList(nil), nil }},
		{"is_tracked(obj, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			return object.Bool(a[0].Type().Flags&(object.FInt|object.FFloat|object.FStr|object.FBytes) == 0), nil
		}},
		{"is_finalized(obj, /)", constFn(object.False)},
		{"freeze()", constFn(object.None)}, {"unfreeze()", constFn(object.None)}, {"get_freeze_count()", constFn(object.Int(0))},
	})
	m.Set(t, "garbage", object.NewList(nil))
	m.Set(t, "callbacks", object.NewList(nil))
	for n, v := range map[string]int64{"DEBUG_STATS": 1, "DEBUG_COLLECTABLE": 2, "DEBUG_UNCOLLECTABLE": 4, "DEBUG_SAVEALL": 32, "DEBUG_LEAK": 38} {
		m.Set(t, n, object.Int(v))
	}
	return m, nil
}

func weakrefModule(t *object.Thread) (*object.Module, *Exception) {
	m := makeModule(t, "_weakref", "Weak-reference support module.", []nativeFn{
		{"getweakrefcount(object, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			if t.Interp.ExistingWeakRef(a[0]).IsNone() {
				return object.Int(0), nil
			}
			return object.Int(1), nil
		}},
		{"getweakrefs(object, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			if r := t.Interp.ExistingWeakRef(a[0]); !r.IsNone() {
				return object.NewList([]Value{r}), nil
			}
			return object.NewList(nil), nil
		}},
		{"_remove_dead_weakref(dct, key, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			d := object.As[Dict](a[0])
			v, e := d.Get(t, a[1])
			if e != nil || v.Ref == nil {
				return object.None, e
			}
			if v.Type().IsSubtype(&object.WeakRefType) && object.As[object.WeakRef](v).Target().IsNone() {
				_, e = d.Del(t, a[1])
			}
			return object.None, e
		}},
	})
	m.Set(t, "ref", object.WeakRefType.Value())
	m.Set(t, "ReferenceType", object.WeakRefType.Value())
	return m, nil
}

type exitHandler struct {
	fn   Value
	args []Value
	kw   *Dict
}

func atexitModule(t *object.Thread) (*object.Module, *Exception) {
	r := of(t).in
	var list []exitHandler
	run := func(t *object.Thread) {
		for len(list) > 0 {
			h := list[len(list)-1]
			list = list[:len(list)-1]
			if _, e := object.CallDict(t, h.fn, h.args, h.kw); e != nil {
				unraisable(t, e, "Exception ignored in atexit callback", h.fn)
			}
		}
	}
	r.atexit = run
	return makeModule(t, "atexit", "allow programmer to define multiple exit functions to be executed\nupon normal program termination.", []nativeFn{
		{"register(func, /, *args, **kwargs)", func(t *object.Thread, a []Value) (Value, *Exception) {
			if !object.Callable(a[0]) {
				return Value{}, object.TypeErrorf(t, "the first argument must be callable")
			}
			list = append(list, exitHandler{a[0], object.As[object.Tuple](a[1]).Items, object.As[Dict](a[2])})
			return a[0], nil
		}},
		{"unregister(func, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			var keep []exitHandler
			for _, h := range list {
				eq, e := object.Equal(t, h.fn, a[0])
				if e != nil {
					return Value{}, e
				}
				if !eq {
					keep = append(keep, h)
				}
			}
			list = keep
			return object.None, nil
		}},
		{"_clear()", func(t *object.Thread, a []Value) (Value, *Exception) { list = nil; return object.None, nil }},
		{"_run_exitfuncs()", func(t *object.Thread, a []Value) (Value, *Exception) { run(t); return object.None, nil }},
		{"_ncallbacks()", func(t *object.Thread, a []Value) (Value, *Exception) { return object.Int(int64(len(list))), nil }},
	}), nil
}

func typingModule(t *object.Thread) (*object.Module, *Exception) {
	m := makeModule(t, "_typing", "Primitives and accelerators for the typing module.", []nativeFn{
		{"_idfunc(x, /)", func(t *object.Thread, a []Value) (Value, *Exception) { return a[0], nil }},
	})
	for _, tp := range []*Type{&TypeVarType, &ParamSpecType, &TypeVarTupleType, &TypeAliasTypeType, &GenericType, &ParamSpecArgsType, &ParamSpecKwargsType} {
		m.Set(t, tp.BareName(), tp.Value())
	}
	m.Set(t, "NoDefault", noDefault)
	return m, nil
}

// typesModule has the types that module types names.
func typesModule(t *object.Thread) (*object.Module, *Exception) {
	m := makeModule(t, "_types", "", nil)
	for n, tp := range map[string]*Type{"FunctionType": &FunctionType, "CodeType": &CodeType, "FrameType": &FrameType, "GeneratorType": &GeneratorType,
		"CoroutineType": &CoroutineType, "AsyncGeneratorType": &AsyncGenType, "MethodType": &object.MethodType,
		"BuiltinFunctionType": &object.BuiltinFunctionType, "WrapperDescriptorType": &object.SlotWrapperType,
		"MethodWrapperType": &object.MethodWrapperType, "MethodDescriptorType": &object.MethodDescrType,
		"ClassMethodDescriptorType": &object.ClassMethodDescrType, "ModuleType": &object.ModuleType, "TracebackType": &object.TracebackType,
		"GetSetDescriptorType": &object.GetSetType, "MemberDescriptorType": &object.MemberType, "CellType": &object.CellType,
		"MappingProxyType": &object.MappingProxyType, "SimpleNamespace": &object.NamespaceType, "GenericAlias": &object.GenericAliasType,
		"UnionType": &object.UnionType, "NoneType": &object.NoneType, "NotImplementedType": &object.NotImplementedType, "EllipsisType": &object.EllipsisType} {
		m.Set(t, n, tp.Value())
	}
	return m, nil
}

// Threads.

var lockType, rlockType object.Type

type lockObj struct {
	object.Object
	ch    chan struct{}
	owner uint64
	count int
}

func newLock(tp *Type) *lockObj {
	return &lockObj{Object: object.Object{Shape: &tp.Root}, ch: make(chan struct{}, 1)}
}

// acquire waits for the lock without holding the interpreter's. A negative timeout is none. In the main thread a signal ends the waiting
// if its handler raises.
func (l *lockObj) acquire(t *object.Thread, blocking bool, timeout float64) (bool, *Exception) {
	select {
	case l.ch <- struct{}{}:
		return true, nil
	default:
	}
	if !blocking || timeout == 0 {
		return false, nil
	}
	var expired <-chan time.Time
	if timeout > 0 {
		timer := time.NewTimer(time.Duration(timeout * 1e9))
		defer timer.Stop()
		expired = timer.C
	}
	for {
		got, more := l.wait(t, expired)
		if !more {
			return got, nil
		}
		if e := t.Poll(); e != nil {
			return false, e
		}
	}
}

// wait waits until the lock is got, the time is over, or something else asks for a poll (more).
func (l *lockObj) wait(t *object.Thread, expired <-chan time.Time) (got, more bool) {
	in := t.Interp
	in.Lock.Unlock()
	defer in.Lock.Lock()
	select {
	case l.ch <- struct{}{}:
		return true, false
	case <-expired:
		return false, false
	case <-t.Interrupted():
	case <-t.Ctx.Done():
	}
	return false, true
}

func lockArgs(t *object.Thread, a []Value) (bool, float64, *Exception) {
	blocking, e := object.Truth(t, a[1])
	if e != nil {
		return false, 0, e
	}
	f, e := object.UnaryFloat(t, a[2])
	if e != nil {
		return false, 0, e
	}
	if !blocking && f != -1 {
		return false, 0, object.ValueErrorf(t, "can't specify a timeout for a non-blocking call")
	}
	if f < 0 && f != -1 {
		return false, 0, object.ValueErrorf(t, "timeout value must be a non-negative number")
	}
	return blocking, f, nil
}

func lockAcquire(t *object.Thread, a []Value) (Value, *Exception) {
	b, f, e := lockArgs(t, a)
	if e != nil {
		return Value{}, e
	}
	got, e := object.As[lockObj](a[0]).acquire(t, b, f)
	return object.Bool(got), e
}

func lockRelease(t *object.Thread, a []Value) (Value, *Exception) {
	select {
	case <-object.As[lockObj](a[0]).ch:
		return object.None, nil
	default:
		return Value{}, object.RuntimeErrorf(t, "release unlocked lock")
	}
}

func rlockAcquire(t *object.Thread, a []Value) (Value, *Exception) {
	l := object.As[lockObj](a[0])
	if l.owner == t.ID && l.count > 0 {
		l.count++
		return object.True, nil
	}
	b, f, e := lockArgs(t, a)
	if e != nil {
		return Value{}, e
	}
	if got, e := l.acquire(t, b, f); !got || e != nil {
		return object.False, e
	}
	l.owner, l.count = t.ID, 1
	return object.True, nil
}

func rlockRelease(t *object.Thread, a []Value) (Value, *Exception) {
	l := object.As[lockObj](a[0])
	if l.count == 0 || l.owner != t.ID {
		return Value{}, object.RuntimeErrorf(t, "cannot release un-acquired lock")
	}
	l.count--
	if l.count == 0 {
		l.owner = 0
		<-l.ch
	}
	return object.None, nil
}

func init() {
	const acq = "(self, blocking=True, timeout=-1)"
	with := func(acquire, release object.BuiltinFn) []object.Method {
		return []object.Method{{Sig: "acquire" + acq, Fn: acquire}, {Sig: "release(self)", Fn: release},
			{Sig: "__enter__(self)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return acquire(t, []Value{a[0], object.True, object.Int(-1)})
			}},
			{Sig: "__exit__(self, *exc)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				_, e := release(t, a[:1])
				return object.None, e
			}},
			{Sig: "locked(self)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return object.Bool(len(object.As[lockObj](a[0]).ch) > 0), nil
			}},
			{Sig: "_is_owned(self)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				l := object.As[lockObj](a[0])
				return object.Bool(l.count > 0 && l.owner == t.ID), nil
			}}}
	}
	repr := func(name string) object.UnaryFunc {
		return func(t *object.Thread, v Value) (Value, *Exception) {
			st := "unlocked"
			if len(object.As[lockObj](v).ch) > 0 {
				st = "locked"
			}
			return object.StrVal("<" + st + " " + name + " object at " + object.Addr(v) + ">"), nil
		}
	}
	object.Declare(&lockType, object.Decl{Name: "_thread.lock", Flags: object.FFinal, Layout: object.LayoutOf[lockObj](), Weak: true,
		Slots: object.Slots{Repr: repr("_thread.lock"), New: object.NewSig("lock()", func(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
			return object.Obj(newLock(tp)), nil
		})}, Methods: with(lockAcquire, lockRelease)})
	object.Declare(&rlockType, object.Decl{Name: "_thread.RLock", Flags: object.FFinal, Layout: object.LayoutOf[lockObj](), Weak: true,
		Slots: object.Slots{Repr: repr("_thread.RLock"), New: object.NewSig("RLock()", func(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
			return object.Obj(newLock(tp)), nil
		})}, Methods: with(rlockAcquire, rlockRelease)})
}

func threadModule(t *object.Thread) (*object.Module, *Exception) {
	r := of(t).in
	var running sync.WaitGroup
	count := 0
	start := func(t *object.Thread, a []Value) (Value, *Exception) {
		if !object.Callable(a[0]) {
			return Value{}, object.TypeErrorf(t, "first arg must be callable")
		}
		args, e := object.Collect(t, a[1])
		if e != nil {
			return Value{}, e
		}
		var kw *Dict
		if a[2].Ref != nil && !a[2].IsNone() {
			kw = object.As[Dict](a[2])
		}
		n := r.NewThread()
		n.Ctx = t.Ctx
		of(n).setLimit(of(t).limit)
		running.Add(1)
		count++
		go func() {
			defer running.Done()
			in := r.Interp
			in.Lock.Lock()
			in.Pending.Or(object.PollSwitch)
			if _, e := object.CallDict(n, a0(a), args, kw); e != nil && !e.IsA(&object.SystemExitType) {
				unraisable(n, e, "Exception ignored in thread started by", a0(a))
			}
			delete(r.threads, of(n))
			count--
			if count == 0 {
				in.Pending.And(^object.PollSwitch)
			}
			in.Lock.Unlock()
		}()
		r.Interp.Pending.Or(object.PollSwitch)
		return object.Int(int64(n.ID)), nil
	}
	start2 := func(t *object.Thread, a []Value) (Value, *Exception) {
		return start(t, append([]Value(nil), a...)) // the goroutine keeps the arguments
	}
	m := makeModule(t, "_thread", "This module provides primitive operations to write multi-threaded programs.", []nativeFn{
		{"start_new_thread(function, args, kwargs=None, /)", start2},
		{"start_new(function, args, kwargs=None, /)", start2},
		{"allocate_lock()", func(t *object.Thread, a []Value) (Value, *Exception) { return object.Obj(newLock(&lockType)), nil }},
		{"get_ident()", func(t *object.Thread, a []Value) (Value, *Exception) { return object.Int(int64(t.ID)), nil }},
		{"get_native_id()", func(t *object.Thread, a []Value) (Value, *Exception) { return object.Int(int64(t.ID)), nil }},
		{"_count()", func(t *object.Thread, a []Value) (Value, *Exception) { return object.Int(int64(count)), nil }},
		{"exit()", func(t *object.Thread, a []Value) (Value, *Exception) {
			return Value{}, object.NewException(t, &object.SystemExitType)
		}},
		{"interrupt_main(signum=2, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			t.Interp.Interrupt()
			return object.None, nil
		}},
		{"stack_size(size=0, /)", constFn(object.Int(0))},
		{"_is_main_interpreter()", constFn(object.True)},
		{"daemon_threads_allowed()", constFn(object.True)},
		{"_yield()", func(t *object.Thread, a []Value) (Value, *Exception) {
			t.Interp.Lock.Unlock()
			runtime.Gosched()
			t.Interp.Lock.Lock()
			return object.None, nil
		}},
	})
	m.Set(t, "LockType", lockType.Value())
	m.Set(t, "lock", lockType.Value())
	m.Set(t, "RLock", rlockType.Value())
	m.Set(t, "error", object.RuntimeErrorType.Value())
	m.Set(t, "TIMEOUT_MAX", object.Float(9223372036.0))
	return m, nil
}

func a0(a []Value) Value { return a[0] }
