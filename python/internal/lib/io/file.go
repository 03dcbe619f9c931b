package io

import (
	"errors"
	goio "io"
	"os"
	"strings"
	"syscall"

	"martlet/python/object"
)

const bufferSize = 8192

// File is a FileIO object.
type File struct {
	stream
	f                  *os.File
	name               value
	mode               string
	readable, writable bool
	keepFD             bool
}

// FileType is FileIO.
var FileType object.Type

// NewFile wraps an open file; mode is "rb", "wb" and the like.
func NewFile(f *os.File, name value, mode string, closeFD bool) *File {
	return &File{stream: stream{Object: object.Object{Shape: &FileType.Root}}, f: f, name: name, mode: mode,
		readable: mode[0] == 'r' || mode[len(mode)-1] == '+', writable: mode[0] != 'r' || mode[len(mode)-1] == '+', keepFD: !closeFD}
}

// OSError turns a Go error into Python's OSError.
func OSError(t *thread, err error, filename value) *exc {
	var no syscall.Errno
	if errors.As(err, &no) {
		msg := no.Error() // Go writes it in lower case, the C library does not
		return object.NewOSError(t, int(no), strings.ToUpper(msg[:1])+msg[1:], filename)
	}
	if errors.Is(err, os.ErrClosed) {
		return object.NewOSError(t, int(syscall.EBADF), "Bad file descriptor", filename)
	}
	return object.Errorf(t, &object.OSErrorType, "%v", err)
}

func (f *File) check(t *thread) *exc {
	if f.closed {
		return object.ValueErrorf(t, "I/O operation on closed file")
	}
	return nil
}

func (f *File) canRead(t *thread) *exc {
	if e := f.check(t); e != nil {
		return e
	}
	if !f.readable {
		return unsupported(t, "File not open for reading")
	}
	return nil
}

func (f *File) canWrite(t *thread) *exc {
	if e := f.check(t); e != nil {
		return e
	}
	if !f.writable {
		return unsupported(t, "File not open for writing")
	}
	return nil
}

// read reads once into b; 0 at the end.
func (f *File) read(t *thread, b []byte) (int, *exc) {
	if e := f.canRead(t); e != nil {
		return 0, e
	}
	n, err := f.f.Read(b)
	if err != nil && err != goio.EOF {
		return 0, OSError(t, err, object.None)
	}
	return n, nil
}

func (f *File) write(t *thread, b []byte) (int, *exc) {
	if e := f.canWrite(t); e != nil {
		return 0, e
	}
	n, err := f.f.Write(b)
	if err != nil {
		return n, OSError(t, err, object.None)
	}
	return n, nil
}

func (f *File) close(t *thread) *exc {
	if f.closed {
		return nil
	}
	f.closed = true
	if f.keepFD {
		return nil
	}
	if err := f.f.Close(); err != nil {
		return OSError(t, err, object.None)
	}
	return nil
}

func fileSelf(v value) *File { return object.As[File](v) }

// parseMode checks a raw mode and gives its flags.
func parseMode(t *thread, mode string) (flags int, clean string, err *exc) {
	kind, plus := byte(0), false
	for _, c := range []byte(mode) {
		switch c {
		case 'x', 'w', 'a', 'r':
			if kind != 0 {
				return 0, "", object.ValueErrorf(t, "Must have exactly one of create/read/write/append mode and at most one plus")
			}
			kind = c
		case '+':
			if plus {
				return 0, "", object.ValueErrorf(t, "Must have exactly one of create/read/write/append mode and at most one plus")
			}
			plus = true
		case 'b':
		default:
			return 0, "", object.ValueErrorf(t, "invalid mode: %s", mode)
		}
	}
	switch kind {
	case 'r':
	case 'w':
		flags = os.O_CREATE | os.O_TRUNC
	case 'x':
		flags = os.O_CREATE | os.O_EXCL
	case 'a':
		flags = os.O_CREATE | os.O_APPEND
	default:
		return 0, "", object.ValueErrorf(t, "Must have exactly one of create/read/write/append mode and at most one plus")
	}
	clean = string(kind) + "b"
	switch {
	case plus:
		flags |= os.O_RDWR
		clean += "+"
	case kind != 'r':
		flags |= os.O_WRONLY
	}
	return flags, clean, nil
}

// FSPath converts a path argument: str, bytes or an object with __fspath__.
func FSPath(t *thread, v value) (string, *exc) {
	if object.IsStr(v) {
		b, e := object.EncodeStr(t, object.As[object.Str](v), "utf-8", "surrogateescape")
		return string(b), e
	}
	if object.IsBytes(v) {
		b, _ := object.BytesOf(v)
		return string(b), nil
	}
	r, found, e := object.CallSpecial(t, v, object.N.FSPath)
	if e != nil {
		return "", e
	}
	if !found {
		return "", object.TypeErrorf(t, "expected str, bytes or os.PathLike object, not %s", v.Type().Name)
	}
	if !object.IsStr(r) && !object.IsBytes(r) {
		return "", object.TypeErrorf(t, "expected %s.__fspath__() to return str or bytes, not %s", v.Type().Name, r.Type().Name)
	}
	return FSPath(t, r)
}

// NewOpenFile opens a path or wraps a descriptor.
func openRaw(t *thread, file value, mode string, closeFD bool, opener value) (*File, *exc) {
	if !t.Interp.Host {
		return nil, object.NewOSError(t, int(syscall.EPERM), "no access to the host was granted to this interpreter", value{})
	}
	flags, clean, e := parseMode(t, mode)
	if e != nil {
		return nil, e
	}
	if object.IsIntLike(file) {
		fd, e := object.AsCInt(t, file)
		if e != nil {
			return nil, e
		}
		if fd < 0 {
			return nil, object.ValueErrorf(t, "negative file descriptor")
		}
		return openFD(t, fd, file, clean, closeFD)
	}
	path, e := FSPath(t, file)
	if e != nil {
		return nil, e
	}
	if !closeFD {
		return nil, object.ValueErrorf(t, "Cannot use closefd=False with file name")
	}
	for i := range len(path) {
		if path[i] == 0 {
			return nil, object.ValueErrorf(t, "embedded null byte")
		}
	}
	if !opener.IsNone() {
		r, e := object.Call(t, opener, file, object.Int(int64(flags|syscall.O_CLOEXEC)))
		if e != nil {
			return nil, e
		}
		fd, e := object.AsCInt(t, r)
		if e != nil {
			return nil, e
		}
		if fd < 0 {
			return nil, object.ValueErrorf(t, "opener returned %d", fd)
		}
		return openFD(t, fd, file, clean, true)
	}
	f, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		return nil, OSError(t, err, file)
	}
	if st, err := f.Stat(); err == nil && st.IsDir() {
		f.Close()
		return nil, object.NewOSError(t, int(syscall.EISDIR), "Is a directory", file)
	}
	return NewFile(f, file, clean, true), nil
}

// kept are the wrappers of descriptors that are not ours to close, by number: Go would close them when the wrapper is garbage.
type kept map[int]*os.File

func keptOf(t *thread) kept {
	const key = "io.kept"
	k, _ := t.Interp.State[key].(kept)
	if k == nil {
		k = kept{}
		for _, f := range []*os.File{os.Stdin, os.Stdout, os.Stderr} {
			k[int(f.Fd())] = f
		}
		t.Interp.State[key] = k
	}
	return k
}

func openFD(t *thread, fd int, name value, mode string, closeFD bool) (*File, *exc) {
	k := keptOf(t)
	f := k[fd]
	if f == nil {
		f = os.NewFile(uintptr(fd), "")
	}
	if f == nil {
		return nil, object.NewOSError(t, int(syscall.EBADF), "Bad file descriptor", value{})
	}
	_, err := f.Stat()
	if err != nil || !closeFD {
		k[fd] = f
	}
	if err != nil {
		return nil, object.NewOSError(t, int(syscall.EBADF), "Bad file descriptor", value{})
	}
	return NewFile(f, name, mode, closeFD), nil
}

func fileInit(t *thread, tp *object.Type, a []value) (value, *exc) {
	if !object.IsStr(a[1]) {
		return value{}, object.TypeErrorf(t, "FileIO() argument 'mode' must be str, not %s", object.ArgTypeName(a[1]))
	}
	closeFD, e := object.Truth(t, a[2])
	if e != nil {
		return value{}, e
	}
	f, e := openRaw(t, a[0], object.StrText(a[1]), closeFD, a[3])
	if e != nil || tp == &FileType {
		return object.Obj(f), e
	}
	o, e := object.AllocAs[File](t, tp)
	if e == nil {
		head := o.Object
		*o = *f
		o.Object = head
	}
	return object.Obj(o), e
}

func (f *File) readAll(t *thread) (value, *exc) {
	var out []byte
	buf := make([]byte, bufferSize)
	for {
		n, e := f.read(t, buf)
		if e != nil {
			return value{}, e
		}
		if n == 0 {
			return object.BytesVal(out), nil
		}
		if e := t.Charge(n); e != nil {
			return value{}, e
		}
		out = append(out, buf[:n]...)
	}
}

func (f *File) seek(t *thread, off int64, whence int) (int64, *exc) {
	if e := f.check(t); e != nil {
		return 0, e
	}
	if whence < 0 || whence > 2 {
		return 0, object.ValueErrorf(t, "invalid whence (%d, should be 0, 1 or 2)", whence)
	}
	n, err := f.f.Seek(off, whence)
	if err != nil {
		return 0, OSError(t, err, object.None)
	}
	return n, nil
}

func isTTY(f *os.File) bool {
	st, err := f.Stat()
	if err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	return ioctlTTY(f.Fd())
}

func (f *File) seekable() bool {
	_, err := f.f.Seek(0, goio.SeekCurrent)
	return err == nil
}

func (f *File) truncate(t *thread, size value) (value, *exc) {
	if e := f.canWrite(t); e != nil {
		return value{}, e
	}
	n := int64(0)
	var e *exc
	if size.IsNone() {
		n, e = f.seek(t, 0, 1)
	} else {
		n, e = object.ToInt64(t, size)
	}
	if e != nil {
		return value{}, e
	}
	if err := f.f.Truncate(n); err != nil {
		return value{}, OSError(t, err, object.None)
	}
	return object.Int(n), nil
}

func init() {
	flag := func(f func(f *File) bool) object.BuiltinFn {
		return func(t *thread, a []value) (value, *exc) {
			x := fileSelf(a[0])
			if e := x.check(t); e != nil {
				return value{}, e
			}
			return object.Bool(f(x)), nil
		}
	}
	object.Declare(&FileType, object.Decl{
		Name: "_io.FileIO", Base: &RawBase, Layout: object.LayoutOf[File](), Doc: "Open a file.",
		Slots: object.Slots{
			New:  object.NewSig("FileIO(file, mode='r', closefd=True, opener=None)", fileInit),
			Init: func(t *thread, self value, args []value, kw []*object.Str) *exc { return nil },
			Repr: func(t *thread, v value) (value, *exc) {
				f := fileSelf(v)
				if f.closed {
					return object.StrVal("<_io.FileIO [closed]>"), nil
				}
				r, e := object.Repr(t, f.name)
				if e != nil {
					return value{}, e
				}
				c := "True"
				if f.keepFD {
					c = "False"
				}
				return object.StrVal("<_io.FileIO name=" + r.S + " mode='" + f.mode + "' closefd=" + c + ">"), nil
			},
		},
		Methods: []object.Method{
			{Sig: "read(self, size=-1, /)", Fn: func(t *thread, a []value) (value, *exc) {
				n, e := sizeArg(t, a[1])
				if e != nil {
					return value{}, e
				}
				if n < 0 {
					return fileSelf(a[0]).readAll(t)
				}
				if e := t.Charge(n); e != nil {
					return value{}, e
				}
				b := make([]byte, n)
				n, e = fileSelf(a[0]).read(t, b)
				return object.BytesVal(b[:n]), e
			}},
			{Sig: "readall(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return fileSelf(a[0]).readAll(t) }},
			{Sig: "readinto(self, buffer, /)", Fn: func(t *thread, a []value) (value, *exc) {
				view, e := object.NewView(t, a[1])
				if e != nil {
					return value{}, e
				}
				defer view.Release()
				n, e := fileSelf(a[0]).read(t, view.Content())
				return object.Int(int64(n)), e
			}},
			{Sig: "write(self, b, /)", Fn: func(t *thread, a []value) (value, *exc) {
				b, e := object.BufferBytes(t, a[1])
				if e != nil {
					return value{}, e
				}
				n, e := fileSelf(a[0]).write(t, b)
				return object.Int(int64(n)), e
			}},
			{Sig: "seek(self, pos, whence=0, /)", Fn: func(t *thread, a []value) (value, *exc) {
				off, whence, e := seekArgs(t, a)
				if e != nil {
					return value{}, e
				}
				n, e := fileSelf(a[0]).seek(t, off, whence)
				return object.Int(n), e
			}},
			{Sig: "tell(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				n, e := fileSelf(a[0]).seek(t, 0, 1)
				return object.Int(n), e
			}},
			{Sig: "truncate(self, size=None, /)", Fn: func(t *thread, a []value) (value, *exc) { return fileSelf(a[0]).truncate(t, a[1]) }},
			{Sig: "close(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.None, fileSelf(a[0]).close(t) }},
			{Sig: "fileno(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				f := fileSelf(a[0])
				if e := f.check(t); e != nil {
					return value{}, e
				}
				return object.Int(int64(f.f.Fd())), nil
			}},
			{Sig: "isatty(self, /)", Fn: flag(func(f *File) bool { return isTTY(f.f) })},
			{Sig: "readable(self, /)", Fn: flag(func(f *File) bool { return f.readable })},
			{Sig: "writable(self, /)", Fn: flag(func(f *File) bool { return f.writable })},
			{Sig: "seekable(self, /)", Fn: flag((*File).seekable)},
		},
		GetSets: []object.GetSet{
			{Name: "name", Get: func(t *thread, v value) (value, *exc) { return fileSelf(v).name, nil },
				Set: func(t *thread, v, x value) *exc { fileSelf(v).name = x; return nil }},
			{Name: "mode", Get: func(t *thread, v value) (value, *exc) { return object.StrVal(fileSelf(v).mode), nil }},
			{Name: "closefd", Get: func(t *thread, v value) (value, *exc) { return object.Bool(!fileSelf(v).keepFD), nil }},
			{Name: "closed", Get: func(t *thread, v value) (value, *exc) { return object.Bool(fileSelf(v).closed), nil }},
		},
	})
}

func seekArgs(t *thread, a []value) (int64, int, *exc) {
	off, e := object.ToInt64(t, a[1])
	if e != nil {
		return 0, 0, e
	}
	whence, e := object.AsCInt(t, a[2])
	return off, whence, e
}

// IsTTY says whether a descriptor is a terminal.
func IsTTY(fd uintptr) bool { return ioctlTTY(fd) }
