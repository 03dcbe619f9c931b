package posix

import (
	"errors"
	"os"
	"syscall"

	"martlet/python/internal/lib/io"
	"martlet/python/object"
)

// onPath makes a function of one path and perhaps more arguments.
func onPath(sig string, f func(path string, a []value) error) object.Method {
	return object.Method{Sig: sig, Fn: func(t *thread, a []value) (value, *exc) {
		p, e := io.FSPath(t, a[0])
		if e != nil {
			return value{}, e
		}
		var err error
		t.Unlocked(func() { err = f(p, a) })
		return none(err, t, a[0])
	}}
}

// onTwo makes a function of two paths.
func onTwo(sig string, f func(p, q string) error) object.Method {
	return object.Method{Sig: sig, Fn: func(t *thread, a []value) (value, *exc) {
		p, e := io.FSPath(t, a[0])
		if e != nil {
			return value{}, e
		}
		q, e := io.FSPath(t, a[1])
		if e != nil {
			return value{}, e
		}
		return none(f(p, q), t, a[0])
	}}
}

func small(v value) uint32 {
	n, _ := object.SmallInt(v)
	return uint32(n)
}

func getcwd(t *thread) (string, *exc) {
	d, err := os.Getwd()
	if err != nil {
		return "", io.OSError(t, err, value{})
	}
	return d, nil
}

func fdArg(t *thread, v value) (int, *exc) {
	if m, _ := object.LookupAttr(t, v, t.Intern("fileno")); m.Ref != nil && !object.IsIntLike(v) {
		r, e := object.Call(t, m)
		if e != nil {
			return 0, e
		}
		v = r
	}
	return object.AsCInt(t, v)
}

func fileFuncs() []object.Method {
	return []object.Method{
		{Sig: "getcwd()", Fn: func(t *thread, a []value) (value, *exc) {
			d, e := getcwd(t)
			return text(t, d), e
		}},
		{Sig: "getcwdb()", Fn: func(t *thread, a []value) (value, *exc) {
			d, e := getcwd(t)
			return object.BytesVal([]byte(d)), e
		}},
		onPath("chdir(path)", func(p string, a []value) error { return os.Chdir(p) }),
		onPath("mkdir(path, mode=511, *, dir_fd=None)", func(p string, a []value) error { return syscall.Mkdir(p, small(a[1])) }),
		onPath("rmdir(path, *, dir_fd=None)", func(p string, a []value) error { return syscall.Rmdir(p) }),
		onPath("remove(path, *, dir_fd=None)", func(p string, a []value) error { return syscall.Unlink(p) }),
		onPath("unlink(path, *, dir_fd=None)", func(p string, a []value) error { return syscall.Unlink(p) }),
		onPath("chmod(path, mode, *, dir_fd=None, follow_symlinks=True)", func(p string, a []value) error { return syscall.Chmod(p, small(a[1])) }),
		onPath("truncate(path, length)", func(p string, a []value) error { return os.Truncate(p, int64(small(a[1]))) }),
		onTwo("rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", os.Rename),
		onTwo("replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", os.Rename),
		onTwo("link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)", os.Link),
		onTwo("symlink(src, dst, target_is_directory=False, *, dir_fd=None)", os.Symlink),
		{Sig: "readlink(path, *, dir_fd=None)", Fn: func(t *thread, a []value) (value, *exc) {
			p, e := io.FSPath(t, a[0])
			if e != nil {
				return value{}, e
			}
			s, err := os.Readlink(p)
			if err != nil {
				return value{}, io.OSError(t, err, a[0])
			}
			if object.IsBytes(a[0]) {
				return object.BytesVal([]byte(s)), nil
			}
			return text(t, s), nil
		}},
		{Sig: "access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)", Fn: func(t *thread, a []value) (value, *exc) {
			p, e := io.FSPath(t, a[0])
			if e != nil {
				return value{}, e
			}
			return object.Bool(sysAccess(p, small(a[1])) == nil), nil
		}},
		{Sig: "utime(path, times=None, *, ns=<absent>, dir_fd=None, follow_symlinks=True)", Fn: utime},
		{Sig: "open(path, flags, mode=511, *, dir_fd=None)", Fn: func(t *thread, a []value) (value, *exc) {
			p, e := io.FSPath(t, a[0])
			if e != nil {
				return value{}, e
			}
			fd, err := sysOpen(p, int(small(a[1])), small(a[2]))
			if err != nil {
				return value{}, io.OSError(t, err, a[0])
			}
			return object.Int(int64(fd)), nil
		}},
		{Sig: "close(fd)", Fn: onFD(sysClose)}, {Sig: "fsync(fd)", Fn: onFD(sysFsync)},
		{Sig: "read(fd, length, /)", Fn: read}, {Sig: "write(fd, data, /)", Fn: write},
		{Sig: "lseek(fd, position, whence, /)", Fn: func(t *thread, a []value) (value, *exc) {
			fd, e := fdArg(t, a[0])
			if e != nil {
				return value{}, e
			}
			off, e := object.ToInt64(t, a[1])
			if e != nil {
				return value{}, e
			}
			n, err := sysSeek(fd, off, int(small(a[2])))
			if err != nil {
				return value{}, io.OSError(t, err, value{})
			}
			return object.Int(n), nil
		}},
		{Sig: "dup(fd, /)", Fn: func(t *thread, a []value) (value, *exc) {
			fd, e := fdArg(t, a[0])
			if e != nil {
				return value{}, e
			}
			n, err := sysDup(fd)
			if err != nil {
				return value{}, io.OSError(t, err, value{})
			}
			return object.Int(int64(n)), nil
		}},
		{Sig: "pipe()", Fn: func(t *thread, a []value) (value, *exc) {
			p, err := sysPipe()
			if err != nil {
				return value{}, io.OSError(t, err, value{})
			}
			return object.TupleOf(object.Int(int64(p[0])), object.Int(int64(p[1]))), nil
		}},
		{Sig: "isatty(fd, /)", Fn: func(t *thread, a []value) (value, *exc) {
			fd, e := object.AsCInt(t, a[0])
			return object.Bool(io.IsTTY(uintptr(fd))), e
		}},
		{Sig: "umask(mask, /)", Fn: func(t *thread, a []value) (value, *exc) {
			return object.Int(int64(sysUmask(int(small(a[0]))))), nil
		}},
		{Sig: "kill(pid, signal, /)", Fn: func(t *thread, a []value) (value, *exc) {
			pid, _ := object.SmallInt(a[0])
			return none(sysKill(int(pid), int(small(a[1]))), t, value{})
		}},
	}
}

func onFD(f func(fd int) error) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		fd, e := fdArg(t, a[0])
		if e != nil {
			return value{}, e
		}
		return none(f(fd), t, value{})
	}
}

func read(t *thread, a []value) (value, *exc) {
	fd, e := fdArg(t, a[0])
	if e != nil {
		return value{}, e
	}
	n, e := object.ToInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	if n < 0 {
		return value{}, object.NewOSError(t, int(syscall.EINVAL), "Invalid argument", value{})
	}
	if e := t.Charge(n); e != nil {
		return value{}, e
	}
	b := make([]byte, n)
	var err error
	t.Unlocked(func() {
		for {
			if n, err = sysRead(fd, b); !errors.Is(err, syscall.EINTR) {
				return
			}
		}
	})
	if err != nil {
		return value{}, io.OSError(t, err, value{})
	}
	return object.BytesVal(b[:n]), nil
}

func write(t *thread, a []value) (value, *exc) {
	fd, e := fdArg(t, a[0])
	if e != nil {
		return value{}, e
	}
	b, e := object.BufferBytes(t, a[1])
	if e != nil {
		return value{}, e
	}
	var n int
	var err error
	t.Unlocked(func() { n, err = sysWrite(fd, b) })
	if err != nil {
		return value{}, io.OSError(t, err, value{})
	}
	return object.Int(int64(n)), nil
}

func utime(t *thread, a []value) (value, *exc) {
	p, e := io.FSPath(t, a[0])
	if e != nil {
		return value{}, e
	}
	src, scale := a[1], 1e9
	if a[2].Ref != nil {
		src, scale = a[2], 1
	}
	var ts [2]syscall.Timespec
	if src.IsNone() {
		var tv syscall.Timeval
		if err := syscall.Gettimeofday(&tv); err != nil {
			return value{}, io.OSError(t, err, value{})
		}
		ts[0] = syscall.NsecToTimespec(tv.Nano())
		ts[1] = ts[0]
	} else {
		if !object.IsTuple(src) || len(object.As[object.Tuple](src).Items) != 2 {
			return value{}, object.TypeErrorf(t, "utime: 'times' must be either a tuple of two ints or None")
		}
		for i, v := range object.As[object.Tuple](src).Items {
			if n, ok := object.SmallInt(v); ok {
				ts[i] = syscall.NsecToTimespec(n * int64(scale))
				continue
			}
			x, e := object.ToFloat(t, v)
			if e != nil {
				return value{}, e
			}
			ts[i] = syscall.NsecToTimespec(int64(x * scale))
		}
	}
	return none(syscall.UtimesNano(p, ts[:]), t, a[0])
}
