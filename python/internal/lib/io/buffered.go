package io

import (
	"bytes"
	"slices"

	"martlet/python/object"
)

// Buffered is BufferedReader, BufferedWriter or BufferedRandom, by its type. Bytes read ahead are in rbuf[rpos:], bytes
// not yet written in wbuf; never both.
type Buffered struct {
	stream
	raw  value
	rbuf []byte
	rpos int
	wbuf []byte
	size int
}

// The buffered types.
var ReaderType, WriterType, RandomType, BytesIOType object.Type

func newBuffered(tp *object.Type, raw value, size int) *Buffered {
	return &Buffered{stream: stream{Object: object.Object{Shape: &tp.Root}}, raw: raw, size: size}
}

func bufSelf(v value) *Buffered { return object.As[Buffered](v) }

func (b *Buffered) check(t *thread) *exc {
	if b.raw.Ref == nil {
		return object.ValueErrorf(t, "raw stream has been detached")
	}
	if f, ok := b.file(); ok {
		if f.closed {
			return object.ValueErrorf(t, "I/O operation on closed file")
		}
		return nil
	}
	c, e := isClosed(t, b.raw)
	if e == nil && c {
		e = object.ValueErrorf(t, "I/O operation on closed file")
	}
	return e
}

// file gives the raw stream if it is a native file.
func (b *Buffered) file() (*File, bool) {
	if b.raw.Type() == &FileType {
		return object.As[File](b.raw), true
	}
	return nil, false
}

func (b *Buffered) rawWrite(t *thread, p []byte) (int, *exc) {
	if f, ok := b.file(); ok {
		return f.write(t, p)
	}
	r, e := call(t, b.raw, "write", object.BytesVal(slices.Clone(p)))
	if e != nil {
		return 0, e
	}
	if r.IsNone() {
		return 0, object.NewException(t, &object.BlockingIOErrorType, object.Int(11), object.StrVal("write could not complete without blocking"), object.Int(0))
	}
	n, e := object.ToInt(t, r)
	if e == nil && (n < 0 || n > len(p)) {
		e = object.Errorf(t, &object.OSErrorType, "raw write() returned invalid length %d (should have been between 0 and %d)", n, len(p))
	}
	return n, e
}

// rawRead reads once; nil at the end.
func (b *Buffered) rawRead(t *thread, n int) ([]byte, *exc) {
	if f, ok := b.file(); ok {
		p := make([]byte, n)
		n, e := f.read(t, p)
		return p[:n], e
	}
	p := object.NewByteArray(make([]byte, n))
	r, e := call(t, b.raw, "readinto", p)
	if e != nil || r.IsNone() {
		return nil, e
	}
	k, e := object.ToInt(t, r)
	data, _ := object.BytesOf(p)
	if e == nil && (k < 0 || k > len(data)) {
		e = object.Errorf(t, &object.OSErrorType, "raw readinto() returned invalid length %d (should have been between 0 and %d)", k, len(data))
	}
	if e != nil {
		return nil, e
	}
	return data[:k], nil
}

func (b *Buffered) flush(t *thread) *exc {
	for len(b.wbuf) > 0 {
		n, e := b.rawWrite(t, b.wbuf)
		b.wbuf = b.wbuf[n:]
		if e != nil {
			return e
		}
	}
	b.wbuf = nil
	return nil
}

// dropRead forgets what was read ahead, setting the raw position back to where the reader is.
func (b *Buffered) dropRead(t *thread) *exc {
	if ahead := len(b.rbuf) - b.rpos; ahead > 0 {
		if _, e := call(t, b.raw, "seek", object.Int(int64(-ahead)), object.Int(1)); e != nil {
			return e
		}
	}
	b.rbuf, b.rpos = nil, 0
	return nil
}

func (b *Buffered) write(t *thread, p []byte) *exc {
	if e := b.check(t); e != nil {
		return e
	}
	if len(b.rbuf) > 0 {
		if e := b.dropRead(t); e != nil {
			return e
		}
	}
	b.wbuf = append(b.wbuf, p...)
	if len(b.wbuf) > b.size {
		return b.flush(t)
	}
	return nil
}

// fill reads more behind what is there; false at the end.
func (b *Buffered) fill(t *thread) (bool, *exc) {
	p, e := b.rawRead(t, b.size)
	if e != nil || len(p) == 0 {
		return false, e
	}
	b.rbuf = append(b.rbuf[b.rpos:], p...)
	b.rpos = 0
	return true, nil
}

func (b *Buffered) startRead(t *thread) *exc {
	if e := b.check(t); e != nil {
		return e
	}
	if len(b.wbuf) > 0 {
		return b.flush(t)
	}
	return nil
}

// read reads n bytes, or all if n < 0; less only at the end.
func (b *Buffered) read(t *thread, n int) ([]byte, *exc) {
	if e := b.startRead(t); e != nil {
		return nil, e
	}
	for n < 0 || len(b.rbuf)-b.rpos < n {
		more, e := b.fill(t)
		if e != nil {
			return nil, e
		}
		if !more {
			break
		}
	}
	return b.take(n), nil
}

func (b *Buffered) take(n int) []byte {
	have := len(b.rbuf) - b.rpos
	if n < 0 || n > have {
		n = have
	}
	out := slices.Clone(b.rbuf[b.rpos : b.rpos+n])
	b.rpos += n
	return out
}

// readSome reads at most n bytes with at most one raw read.
func (b *Buffered) readSome(t *thread, n int) ([]byte, *exc) {
	if e := b.startRead(t); e != nil {
		return nil, e
	}
	if b.rpos == len(b.rbuf) && n != 0 {
		if _, e := b.fill(t); e != nil {
			return nil, e
		}
	}
	return b.take(n), nil
}

func (b *Buffered) readline(t *thread, limit int) ([]byte, *exc) {
	if e := b.startRead(t); e != nil {
		return nil, e
	}
	from := 0
	for {
		have := b.rbuf[b.rpos:]
		if i := bytes.IndexByte(have[from:], '\n'); i >= 0 {
			n := from + i + 1
			if limit >= 0 {
				n = min(n, limit)
			}
			return b.take(n), nil
		}
		if limit >= 0 && len(have) >= limit {
			return b.take(limit), nil
		}
		from = len(have)
		more, e := b.fill(t)
		if e != nil {
			return nil, e
		}
		if !more {
			return b.take(-1), nil
		}
	}
}

func (b *Buffered) seek(t *thread, off int64, whence int) (value, *exc) {
	if whence < 0 || whence > 2 {
		return value{}, object.ValueErrorf(t, "whence value %d unsupported", whence)
	}
	if e := b.check(t); e != nil {
		return value{}, e
	}
	if e := b.flush(t); e != nil {
		return value{}, e
	}
	if whence == 1 {
		off -= int64(len(b.rbuf) - b.rpos)
	}
	b.rbuf, b.rpos = nil, 0
	return call(t, b.raw, "seek", object.Int(off), object.Int(int64(whence)))
}

func (b *Buffered) tell(t *thread) (int64, *exc) {
	if e := b.check(t); e != nil {
		return 0, e
	}
	r, e := call(t, b.raw, "tell")
	if e != nil {
		return 0, e
	}
	n, e := object.ToInt64(t, r)
	return n - int64(len(b.rbuf)-b.rpos) + int64(len(b.wbuf)), e
}

func bufClose(t *thread, a []value) (value, *exc) {
	b := bufSelf(a[0])
	if b.raw.Ref == nil {
		return object.None, nil
	}
	c, e := isClosed(t, b.raw)
	if e != nil || c {
		return object.None, e
	}
	_, e = object.CallMethod(t, a[0], object.N.Flush)
	_, e2 := object.CallMethod(t, b.raw, object.N.Close)
	if e == nil {
		e = e2
	}
	return object.None, e
}

func bufferedMethods(read, write bool) []object.Method {
	ms := []object.Method{
		{Sig: "close(self, /)", Fn: bufClose},
		{Sig: "flush(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			b := bufSelf(a[0])
			if e := b.check(t); e != nil {
				return value{}, object.ValueErrorf(t, "flush of closed file")
			}
			e := b.flush(t)
			if e == nil && b.raw.Type() != &FileType {
				_, e = object.CallMethod(t, b.raw, object.N.Flush)
			}
			return object.None, e
		}},
		{Sig: "detach(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			b := bufSelf(a[0])
			if e := b.check(t); e != nil {
				return value{}, e
			}
			if _, e := object.CallMethod(t, a[0], object.N.Flush); e != nil {
				return value{}, e
			}
			raw := b.raw
			b.raw = value{}
			return raw, nil
		}},
		{Sig: "seek(self, target, whence=0, /)", Fn: func(t *thread, a []value) (value, *exc) {
			off, whence, e := seekArgs(t, a)
			if e != nil {
				return value{}, e
			}
			return bufSelf(a[0]).seek(t, off, whence)
		}},
		{Sig: "tell(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			n, e := bufSelf(a[0]).tell(t)
			return object.Int(n), e
		}},
		{Sig: "truncate(self, pos=None, /)", Fn: func(t *thread, a []value) (value, *exc) {
			b := bufSelf(a[0])
			if e := b.check(t); e != nil {
				return value{}, e
			}
			pos := a[1]
			if pos.IsNone() {
				n, e := b.tell(t)
				if e != nil {
					return value{}, e
				}
				pos = object.Int(n)
			}
			if e := b.flush(t); e != nil {
				return value{}, e
			}
			return call(t, b.raw, "truncate", pos)
		}},
	}
	for _, name := range []string{"fileno", "isatty", "readable", "writable", "seekable"} {
		if name == "readable" && !read || name == "writable" && !write {
			continue
		}
		ms = append(ms, object.Method{Sig: name + "(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			b := bufSelf(a[0])
			if e := b.check(t); e != nil {
				return value{}, e
			}
			return call(t, b.raw, name)
		}})
	}
	if read {
		ms = append(ms, readMethods()...)
	}
	if write {
		ms = append(ms, object.Method{Sig: "write(self, buffer, /)", Fn: func(t *thread, a []value) (value, *exc) {
			if object.IsStr(a[1]) {
				return value{}, object.TypeErrorf(t, "a bytes-like object is required, not 'str'")
			}
			p, e := object.BufferBytes(t, a[1])
			if e != nil {
				return value{}, e
			}
			if e := bufSelf(a[0]).check(t); e != nil {
				return value{}, object.ValueErrorf(t, "write to closed file")
			}
			return object.Int(int64(len(p))), bufSelf(a[0]).write(t, p)
		}})
	}
	return ms
}

func readMethods() []object.Method {
	method := func(sig string, f func(b *Buffered, t *thread, n int) ([]byte, *exc)) object.Method {
		return object.Method{Sig: sig, Fn: func(t *thread, a []value) (value, *exc) {
			n, e := sizeArg(t, a[1])
			if e != nil {
				return value{}, e
			}
			p, e := f(bufSelf(a[0]), t, n)
			return object.BytesVal(p), e
		}}
	}
	return []object.Method{
		method("read(self, size=-1, /)", (*Buffered).read),
		method("read1(self, size=-1, /)", (*Buffered).readSome),
		method("readline(self, size=-1, /)", (*Buffered).readline),
		method("peek(self, size=0, /)", func(b *Buffered, t *thread, n int) ([]byte, *exc) {
			if e := b.startRead(t); e != nil {
				return nil, e
			}
			if b.rpos == len(b.rbuf) {
				if _, e := b.fill(t); e != nil {
					return nil, e
				}
			}
			return slices.Clone(b.rbuf[b.rpos:]), nil
		}),
	}
}

func bufferedType(tp *object.Type, name string, read, write bool) {
	object.Declare(tp, object.Decl{
		Name: "_io." + name, Base: &BufferedBase, Layout: object.LayoutOf[Buffered](), Doc: "Create a new buffered object using the given raw IO object.",
		Slots: object.Slots{
			New: object.NewSig(name+"(raw, buffer_size=8192)", func(t *thread, tp *object.Type, a []value) (value, *exc) {
				n, e := object.ToInt(t, a[1])
				if e != nil {
					return value{}, e
				}
				if n <= 0 {
					return value{}, object.ValueErrorf(t, "buffer size must be strictly positive")
				}
				b, e := object.AllocAs[Buffered](t, tp)
				if e != nil {
					return value{}, e
				}
				b.raw, b.size = a[0], n
				for _, need := range []struct {
					want bool
					m    string
				}{{read, "_checkReadable"}, {write, "_checkWritable"}} {
					if need.want {
						if m, _ := object.LookupAttr(t, a[0], t.Intern(need.m)); m.Ref != nil {
							if _, e := object.Call(t, m); e != nil {
								return value{}, e
							}
						}
					}
				}
				return object.Obj(b), nil
			}),
			Init: func(t *thread, self value, args []value, kw []*object.Str) *exc { return nil },
			Repr: func(t *thread, v value) (value, *exc) {
				n, e := object.LookupAttr(t, v, object.NameStr("name"))
				if e != nil || n.Ref == nil {
					return object.StrVal("<_io." + name + ">"), nil
				}
				r, e := object.Repr(t, n)
				if e != nil {
					return value{}, e
				}
				return object.StrVal("<_io." + name + " name=" + r.S + ">"), nil
			},
		},
		Methods: bufferedMethods(read, write),
		GetSets: []object.GetSet{
			{Name: "raw", Get: func(t *thread, v value) (value, *exc) {
				if r := bufSelf(v).raw; r.Ref != nil {
					return r, nil
				}
				return object.None, nil
			}},
			{Name: "closed", Get: func(t *thread, v value) (value, *exc) { return object.GetAttrS(t, bufSelf(v).raw, "closed") }},
			{Name: "name", Get: func(t *thread, v value) (value, *exc) { return object.GetAttrS(t, bufSelf(v).raw, "name") }},
			{Name: "mode", Get: func(t *thread, v value) (value, *exc) { return object.GetAttrS(t, bufSelf(v).raw, "mode") }},
		},
	})
}

// BytesIO is an in-memory binary stream.
type BytesIO struct {
	stream
	b       []byte
	pos     int
	exports int
}

func memSelf(t *thread, v value) (*BytesIO, *exc) {
	m := object.As[BytesIO](v)
	if m.closed {
		return nil, object.ValueErrorf(t, "I/O operation on closed file.")
	}
	return m, nil
}

func (m *BytesIO) take(n int) []byte {
	if m.pos >= len(m.b) {
		return nil
	}
	rest := m.b[m.pos:]
	if n >= 0 && n < len(rest) {
		rest = rest[:n]
	}
	m.pos += len(rest)
	return slices.Clone(rest)
}

func (m *BytesIO) write(t *thread, p []byte) *exc {
	if m.exports > 0 {
		return object.NewException(t, &object.BufferErrorType, object.StrVal("Existing exports of data: object cannot be re-sized"))
	}
	if len(p) == 0 {
		return nil
	}
	if need := m.pos + len(p); need > len(m.b) {
		if e := t.Charge(need - len(m.b)); e != nil {
			return e
		}
		m.b = append(m.b, make([]byte, need-len(m.b))...)
	}
	m.pos += copy(m.b[m.pos:], p)
	return nil
}

func memSeek(t *thread, a []value) (value, *exc) {
	m, e := memSelf(t, a[0])
	if e != nil {
		return value{}, e
	}
	off, whence, e := seekArgs(t, a)
	if e != nil {
		return value{}, e
	}
	switch whence {
	case 0:
		if off < 0 {
			return value{}, object.ValueErrorf(t, "negative seek value %d", off)
		}
	case 1:
		off += int64(m.pos)
	case 2:
		off += int64(len(m.b))
	default:
		return value{}, object.ValueErrorf(t, "invalid whence (%d, should be 0, 1 or 2)", whence)
	}
	m.pos = int(max(off, 0))
	return object.Int(int64(m.pos)), nil
}

func memTruncate(t *thread, a []value) (value, *exc) {
	m, e := memSelf(t, a[0])
	if e != nil {
		return value{}, e
	}
	n := m.pos
	if !a[1].IsNone() {
		if n, e = object.ToInt(t, a[1]); e != nil {
			return value{}, e
		}
		if n < 0 {
			return value{}, object.ValueErrorf(t, "negative size value %d", n)
		}
	}
	if n < len(m.b) {
		m.b = m.b[:n]
	}
	return object.Int(int64(n)), nil
}

func memReadline(t *thread, a []value) (value, *exc) {
	m, e := memSelf(t, a[0])
	if e != nil {
		return value{}, e
	}
	limit, e := sizeArg(t, a[1])
	if e != nil {
		return value{}, e
	}
	n := -1
	if m.pos < len(m.b) {
		if i := bytes.IndexByte(m.b[m.pos:], '\n'); i >= 0 {
			n = i + 1
		}
	}
	if limit >= 0 && (n < 0 || n > limit) {
		n = limit
	}
	return object.BytesVal(m.take(n)), nil
}

func init() {
	bufferedType(&ReaderType, "BufferedReader", true, false)
	bufferedType(&WriterType, "BufferedWriter", false, true)
	bufferedType(&RandomType, "BufferedRandom", true, true)
	with := func(sig string, f func(t *thread, m *BytesIO, a []value) (value, *exc)) object.Method {
		return object.Method{Sig: sig, Fn: func(t *thread, a []value) (value, *exc) {
			m, e := memSelf(t, a[0])
			if e != nil {
				return value{}, e
			}
			return f(t, m, a)
		}}
	}
	read := func(t *thread, m *BytesIO, a []value) (value, *exc) {
		n, e := sizeArg(t, a[1])
		if e != nil {
			return value{}, e
		}
		return object.BytesVal(m.take(n)), nil
	}
	yes := func(t *thread, m *BytesIO, a []value) (value, *exc) { return object.True, nil }
	object.Declare(&BytesIOType, object.Decl{
		Name: "_io.BytesIO", Base: &BufferedBase, Layout: object.LayoutOf[BytesIO](), Doc: "Buffered I/O implementation using an in-memory bytes buffer.",
		Slots: object.Slots{
			Init: object.InitSig("BytesIO(initial_bytes=<absent>)", func(t *thread, self value, a []value) *exc {
				m := object.As[BytesIO](self)
				m.b, m.pos = nil, 0
				if a[0].Ref == nil || a[0].IsNone() || object.IsStr(a[0]) && object.StrText(a[0]) == "" {
					return nil
				}
				p, e := object.BufferBytes(t, a[0])
				m.b = slices.Clone(p)
				return e
			}),
		},
		Methods: []object.Method{
			with("read(self, size=-1, /)", read), with("read1(self, size=-1, /)", read),
			{Sig: "readline(self, size=-1, /)", Fn: memReadline},
			with("write(self, b, /)", func(t *thread, m *BytesIO, a []value) (value, *exc) {
				p, e := object.BufferBytes(t, a[1])
				if e != nil {
					return value{}, e
				}
				return object.Int(int64(len(p))), m.write(t, p)
			}),
			with("getvalue(self, /)", func(t *thread, m *BytesIO, a []value) (value, *exc) { return object.BytesVal(slices.Clone(m.b)), nil }),
			with("getbuffer(self, /)", func(t *thread, m *BytesIO, a []value) (value, *exc) {
				m.exports++
				return object.Obj(object.NewMemoryView(m.b, a[0], "B", 1, false, func() { m.exports-- })), nil
			}),
			{Sig: "seek(self, pos, whence=0, /)", Fn: memSeek}, {Sig: "truncate(self, size=None, /)", Fn: memTruncate},
			with("tell(self, /)", func(t *thread, m *BytesIO, a []value) (value, *exc) { return object.Int(int64(m.pos)), nil }),
			with("readable(self, /)", yes), with("writable(self, /)", yes), with("seekable(self, /)", yes),
			with("flush(self, /)", func(t *thread, m *BytesIO, a []value) (value, *exc) { return object.None, nil }),
			{Sig: "close(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				object.As[BytesIO](a[0]).closed = true
				return object.None, nil
			}},
		},
	})
}
