package interp

import (
	"syscall"

	"martlet/python/object"
)

// signalModule keeps handlers; the command delivers SIGINT through the interpreter's poll.
func signalModule(t *object.Thread) (*object.Module, *Exception) {
	r := of(t).in
	handlers := map[int64]Value{}
	dfl, ign := object.Int(0), object.Int(1)
	deflt := object.NewBuiltin("_signal", "default_int_handler(signalnum, frame, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
		return Value{}, object.NewException(t, &object.KeyboardInterruptType)
	}, "")
	handlers[2] = deflt
	check := func(t *object.Thread, v Value) (int64, *Exception) {
		n, e := object.ToInt64(t, v)
		if e == nil && (n < 1 || n > 64) {
			return 0, object.ValueErrorf(t, "signal number out of range")
		}
		return n, e
	}
	get := func(n int64) Value {
		if h, ok := handlers[n]; ok {
			return h
		}
		return dfl
	}
	r.OnSignal = func(t *object.Thread) *Exception {
		h := get(2)
		if object.Is(h, ign) || object.Is(h, dfl) {
			return nil
		}
		frame := object.None
		if f := of(t).current(); f != nil {
			frame = f.capture()
		}
		_, e := object.Call(t, h, object.Int(2), frame)
		return e
	}
	m := makeModule(t, "_signal", "This module provides mechanisms to use signal handlers in Python.", []nativeFn{
		{"signal(signalnum, handler, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			n, e := check(t, a[0])
			if e != nil {
				return Value{}, e
			}
			if !object.Callable(a[1]) && !object.Is(object.IntOrSelf(a[1]), dfl) && !object.Is(object.IntOrSelf(a[1]), ign) {
				return Value{}, object.TypeErrorf(t, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
			}
			old := get(n)
			handlers[n] = a[1]
			return old, nil
		}},
		{"getsignal(signalnum, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			n, e := check(t, a[0])
			return get(n), e
		}},
		{"raise_signal(signalnum, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			n, e := check(t, a[0])
			if e != nil {
				return Value{}, e
			}
			if n == 2 {
				return object.None, r.OnSignal(t)
			}
			if h := get(n); object.Callable(h) {
				_, e := object.Call(t, h, a[0], object.None)
				return object.None, e
			}
			return object.None, nil
		}},
		{"strsignal(signalnum, /)", func(t *object.Thread, a []Value) (Value, *Exception) {
			n, e := check(t, a[0])
			return object.StrVal(syscall.Signal(n).String()), e
		}},
		{"set_wakeup_fd(fd, /, *, warn_on_full_buffer=True)", constFn(object.Int(-1))},
		{"siginterrupt(signalnum, flag, /)", constFn(object.None)},
		{"alarm(seconds, /)", constFn(object.Int(0))},
	})
	m.Set(t, "default_int_handler", deflt)
	m.Set(t, "SIG_DFL", dfl)
	m.Set(t, "SIG_IGN", ign)
	m.Set(t, "NSIG", object.Int(65))
	for n, v := range signals {
		m.Set(t, n, object.Int(int64(v)))
	}
	return m, nil
}

func errnoModule(t *object.Thread) (*object.Module, *Exception) {
	m := object.NewModule(t, "errno", "This module makes available standard errno system symbols.")
	codes := object.NewDict()
	for n, v := range map[string]syscall.Errno{"EPERM": syscall.EPERM, "ENOENT": syscall.ENOENT, "ESRCH": syscall.ESRCH, "EINTR": syscall.EINTR,
		"EIO": syscall.EIO, "ENXIO": syscall.ENXIO, "E2BIG": syscall.E2BIG, "ENOEXEC": syscall.ENOEXEC, "EBADF": syscall.EBADF, "ECHILD": syscall.ECHILD,
		"EAGAIN": syscall.EAGAIN, "ENOMEM": syscall.ENOMEM, "EACCES": syscall.EACCES, "EFAULT": syscall.EFAULT, "EBUSY": syscall.EBUSY, "EEXIST": syscall.EEXIST,
		"EXDEV": syscall.EXDEV, "ENODEV": syscall.ENODEV, "ENOTDIR": syscall.ENOTDIR, "EISDIR": syscall.EISDIR, "EINVAL": syscall.EINVAL, "ENFILE": syscall.ENFILE,
		"EMFILE": syscall.EMFILE, "ENOTTY": syscall.ENOTTY, "EFBIG": syscall.EFBIG, "ENOSPC": syscall.ENOSPC, "ESPIPE": syscall.ESPIPE, "EROFS": syscall.EROFS,
		"EMLINK": syscall.EMLINK, "EPIPE": syscall.EPIPE, "EDOM": syscall.EDOM, "ERANGE": syscall.ERANGE, "EDEADLK": syscall.EDEADLK,
		"ENAMETOOLONG": syscall.ENAMETOOLONG, "ENOLCK": syscall.ENOLCK, "ENOSYS": syscall.ENOSYS, "ENOTEMPTY": syscall.ENOTEMPTY, "ELOOP": syscall.ELOOP,
		"ENOTSUP": syscall.ENOTSUP, "EOPNOTSUPP": syscall.EOPNOTSUPP, "EADDRINUSE": syscall.EADDRINUSE, "ECONNREFUSED": syscall.ECONNREFUSED,
		"ECONNRESET": syscall.ECONNRESET, "ECONNABORTED": syscall.ECONNABORTED, "ENOTCONN": syscall.ENOTCONN, "ETIMEDOUT": syscall.ETIMEDOUT,
		"EINPROGRESS": syscall.EINPROGRESS, "EALREADY": syscall.EALREADY, "EHOSTUNREACH": syscall.EHOSTUNREACH, "ENETUNREACH": syscall.ENETUNREACH,
		"EILSEQ": syscall.EILSEQ, "EOVERFLOW": syscall.EOVERFLOW, "ENODATA": syscall.ENODATA, "ESHUTDOWN": syscall.ESHUTDOWN} {
		m.Set(t, n, object.Int(int64(v)))
		codes.Set(t, object.Int(int64(v)), object.StrVal(n))
	}
	m.Set(t, "EWOULDBLOCK", object.Int(int64(syscall.EWOULDBLOCK)))
	m.Set(t, "errorcode", object.Obj(codes))
	return m, nil
}
