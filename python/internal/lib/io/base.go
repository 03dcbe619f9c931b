package io

import (
	"martlet/python/object"
)

// stream is the part that all native streams share.
type stream struct {
	object.Object
	closed bool
}

// The abstract classes.
var Base, RawBase, BufferedBase, TextBase object.Type

func call(t *thread, v value, name string, args ...value) (value, *exc) {
	return object.CallMethodS(t, v, name, args...)
}

func isClosed(t *thread, v value) (bool, *exc) {
	c, e := object.GetAttrS(t, v, "closed")
	if e != nil {
		return false, e
	}
	return object.Truth(t, c)
}

func checkOpen(t *thread, v value) *exc {
	c, e := isClosed(t, v)
	if e == nil && c {
		e = object.ValueErrorf(t, "I/O operation on closed file.")
	}
	return e
}

func baseClose(t *thread, a []value) (value, *exc) {
	s := object.As[stream](a[0])
	if s.closed {
		return object.None, nil
	}
	_, e := call(t, a[0], "flush")
	s.closed = true
	return object.None, e
}

// baseReadline reads a line byte by byte through read (and peek where the stream has it).
func baseReadline(t *thread, a []value) (value, *exc) {
	limit, e := sizeArg(t, a[1])
	if e != nil {
		return value{}, e
	}
	var out []byte
	for limit < 0 || len(out) < limit {
		b, e := call(t, a[0], "read", object.Int(1))
		if e != nil {
			return value{}, e
		}
		p, ok := object.BytesOf(b)
		if !ok {
			return value{}, object.Errorf(t, &object.OSErrorType, "read() should have returned a bytes object, not '%s'", b.Type().Name)
		}
		if len(p) == 0 {
			break
		}
		out = append(out, p...)
		if p[len(p)-1] == '\n' {
			break
		}
	}
	return object.BytesVal(out), nil
}

// sizeArg reads an optional size: None and negative numbers mean all.
func sizeArg(t *thread, v value) (int, *exc) {
	if v.Ref == nil || v.IsNone() {
		return -1, nil
	}
	if v.Type().Slots.Index == nil {
		return 0, object.TypeErrorf(t, "argument should be integer or None, not '%s'", v.Type().Name)
	}
	n, e := object.ToInt(t, v)
	return max(n, -1), e
}

func baseReadlines(t *thread, a []value) (value, *exc) {
	hint, e := sizeArg(t, a[1])
	if e != nil {
		return value{}, e
	}
	var out []value
	size := 0
	e = object.ForEach(t, a[0], func(x value) (bool, *exc) {
		out = append(out, x)
		n, e := object.Len(t, x)
		size += n
		return hint <= 0 || size < hint, e
	})
	return object.NewList(out), e
}

func baseWritelines(t *thread, a []value) (value, *exc) {
	if e := checkOpen(t, a[0]); e != nil {
		return value{}, e
	}
	return object.None, object.ForEach(t, a[1], func(x value) (bool, *exc) {
		_, e := call(t, a[0], "write", x)
		return true, e
	})
}

func baseNext(t *thread, v value) (value, *exc) {
	line, e := object.CallMethod(t, v, object.N.ReadLine)
	if e != nil {
		return value{}, e
	}
	n, e := object.Len(t, line)
	if e != nil || n == 0 {
		return value{}, e
	}
	return line, nil
}

func refuse(what string) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) { return value{}, unsupported(t, what) }
}

func constant(v value) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) { return v, checkOpen(t, a[0]) }
}

func rawRead(t *thread, a []value) (value, *exc) {
	n, e := sizeArg(t, a[1])
	if e != nil {
		return value{}, e
	}
	if n < 0 {
		return call(t, a[0], "readall")
	}
	buf := object.NewByteArray(make([]byte, n))
	r, e := call(t, a[0], "readinto", buf)
	if e != nil || r.IsNone() {
		return r, e
	}
	k, e := object.ToInt(t, r)
	if e != nil {
		return value{}, e
	}
	b, _ := object.BytesOf(buf)
	return object.BytesVal(b[:max(0, min(k, len(b)))]), nil
}

func rawReadall(t *thread, a []value) (value, *exc) {
	var out []byte
	for {
		r, e := call(t, a[0], "read", object.Int(bufferSize))
		if e != nil {
			return value{}, e
		}
		b, ok := object.BytesOf(r)
		if !ok || len(b) == 0 {
			if r.IsNone() && out == nil {
				return r, nil
			}
			return object.BytesVal(out), nil
		}
		out = append(out, b...)
	}
}

// readInto implements readinto and readinto1 on top of read.
func readInto(method string) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		view, e := object.NewView(t, a[1])
		if e != nil {
			return value{}, e
		}
		defer view.Release()
		r, e := call(t, a[0], method, object.Int(int64(len(view.Content()))))
		if e != nil {
			return value{}, e
		}
		b, ok := object.BytesOf(r)
		if !ok {
			return value{}, object.TypeErrorf(t, "read() should return bytes")
		}
		return object.Int(int64(copy(view.Content(), b))), nil
	}
}

func init() {
	self := func(t *thread, v value) (value, *exc) { return v, checkOpen(t, v) }
	object.Declare(&Unsupported, object.Decl{Name: "UnsupportedOperation", Module: "io", Base: &object.OSErrorType})
	object.Declare(&Base, object.Decl{
		Name: "_io._IOBase", Layout: object.LayoutOf[stream](), Weak: true,
		Doc:   "The abstract base class for all I/O classes.",
		Slots: object.Slots{Iter: self, Next: baseNext, New: func(t *thread, tp *object.Type, args []value, kw []*object.Str) (value, *exc) { return tp.Alloc(t) }},
		Methods: []object.Method{
			{Sig: "close(self, /)", Fn: baseClose},
			{Sig: "flush(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.None, checkOpen(t, a[0]) }},
			{Sig: "seek(self, offset, whence=0, /)", Fn: refuse("seek")},
			{Sig: "tell(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return call(t, a[0], "seek", object.Int(0), object.Int(1)) }},
			{Sig: "truncate(self, size=None, /)", Fn: refuse("truncate")},
			{Sig: "fileno(self, /)", Fn: refuse("fileno")},
			{Sig: "isatty(self, /)", Fn: constant(object.False)},
			{Sig: "readable(self, /)", Fn: constant(object.False)},
			{Sig: "writable(self, /)", Fn: constant(object.False)},
			{Sig: "seekable(self, /)", Fn: constant(object.False)},
			{Sig: "readline(self, size=-1, /)", Fn: baseReadline},
			{Sig: "readlines(self, hint=-1, /)", Fn: baseReadlines},
			{Sig: "writelines(self, lines, /)", Fn: baseWritelines},
			{Sig: "_checkClosed(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.None, checkOpen(t, a[0]) }},
			{Sig: "_checkReadable(self, /)", Fn: checkAble("readable", "File or stream is not readable.")},
			{Sig: "_checkWritable(self, /)", Fn: checkAble("writable", "File or stream is not writable.")},
			{Sig: "_checkSeekable(self, /)", Fn: checkAble("seekable", "File or stream is not seekable.")},
			{Sig: "__enter__(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return a[0], checkOpen(t, a[0]) }},
			{Sig: "__exit__(self, /, *args)", Fn: func(t *thread, a []value) (value, *exc) {
				_, e := object.CallMethod(t, a[0], object.N.Close)
				return object.None, e
			}},
		},
		GetSets: []object.GetSet{{Name: "closed", Get: func(t *thread, v value) (value, *exc) { return object.Bool(object.As[stream](v).closed), nil }}},
	})
	object.Declare(&RawBase, object.Decl{Name: "_io._RawIOBase", Base: &Base, Doc: "Base class for raw binary I/O.",
		Methods: []object.Method{
			{Sig: "read(self, size=-1, /)", Fn: rawRead}, {Sig: "readall(self, /)", Fn: rawReadall},
			{Sig: "readinto(self, buffer, /)", Fn: refuse("readinto")}, {Sig: "write(self, b, /)", Fn: refuse("write")},
		}})
	object.Declare(&BufferedBase, object.Decl{Name: "_io._BufferedIOBase", Base: &Base, Doc: "Base class for buffered IO objects.",
		Methods: []object.Method{
			{Sig: "read(self, size=-1, /)", Fn: refuse("read")}, {Sig: "read1(self, size=-1, /)", Fn: refuse("read1")},
			{Sig: "write(self, buffer, /)", Fn: refuse("write")}, {Sig: "detach(self, /)", Fn: refuse("detach")},
			{Sig: "readinto(self, buffer, /)", Fn: readInto("read")}, {Sig: "readinto1(self, buffer, /)", Fn: readInto("read1")},
		}})
	object.Declare(&TextBase, object.Decl{Name: "_io._TextIOBase", Base: &Base, Doc: "Base class for text I/O.",
		Methods: []object.Method{
			{Sig: "read(self, size=-1, /)", Fn: refuse("read")}, {Sig: "readline(self, size=-1, /)", Fn: refuse("readline")},
			{Sig: "write(self, s, /)", Fn: refuse("write")}, {Sig: "detach(self, /)", Fn: refuse("detach")},
		},
		GetSets: []object.GetSet{noneGet("encoding"), noneGet("errors"), noneGet("newlines")}})
}

func noneGet(name string) object.GetSet {
	return object.GetSet{Name: name, Get: func(t *thread, v value) (value, *exc) { return object.None, nil }}
}

func checkAble(method, msg string) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		r, e := call(t, a[0], method)
		if e != nil {
			return value{}, e
		}
		ok, e := object.Truth(t, r)
		if e == nil && !ok {
			e = unsupported(t, msg)
		}
		return object.None, e
	}
}
