package io

import (
	"strings"

	"martlet/python/internal/wtf8"
	"martlet/python/object"
)

// Text is a TextIOWrapper. Text decoded ahead is in ahead; undecoded is the tail of the last chunk that was not a whole
// character. Text written waits in out until it is encoded and handed to the buffer.
type Text struct {
	stream
	buffer           value
	encoding, errors string
	newline          value // None, or a str
	lineBuffering    bool
	writeThrough     bool
	ahead            string
	undecoded        []byte
	atEnd            bool
	pendingCR        bool
	seen             int // newline kinds met: 1 \r, 2 \n, 4 \r\n
	out              []byte
	bomDone          bool
	direct           *Buffered // the buffer, when it is a native one
	mode             string    // as given to open(), or empty
	utf8             bool      // the encoding is UTF-8
	noRead, noWrite  bool
}

// TextType is TextIOWrapper.
var TextType object.Type

// DecoderType is IncrementalNewlineDecoder, which only Python subclasses of TextIOBase need.
var DecoderType object.Type

// NewText makes a TextIOWrapper; newline is None or a str.
func NewText(buffer value, encoding, errors string, newline value, lineBuffering, writeThrough bool) *Text {
	x := &Text{stream: stream{Object: object.Object{Shape: &TextType.Root}}}
	x.setup(buffer, encoding, errors, newline, lineBuffering, writeThrough)
	return x
}

func (x *Text) setup(buffer value, encoding, errors string, newline value, lineBuffering, writeThrough bool) {
	x.buffer, x.encoding, x.errors, x.newline = buffer, encoding, errors, newline
	x.lineBuffering, x.writeThrough = lineBuffering, writeThrough
	x.utf8 = object.NormalEncoding(encoding) == "utf-8"
	if tp := buffer.Type(); tp == &ReaderType || tp == &WriterType || tp == &RandomType {
		x.direct = bufSelf(buffer)
		x.noRead, x.noWrite = tp == &WriterType, tp == &ReaderType
	}
}

func textSelf(v value) *Text { return object.As[Text](v) }

func (x *Text) check(t *thread) *exc {
	if x.buffer.Ref == nil {
		return object.ValueErrorf(t, "underlying buffer has been detached")
	}
	if x.direct != nil {
		if f, ok := x.direct.file(); ok {
			if f.closed {
				return object.ValueErrorf(t, "I/O operation on closed file.")
			}
			return nil
		}
	}
	c, e := isClosed(t, x.buffer)
	if e == nil && c {
		e = object.ValueErrorf(t, "I/O operation on closed file.")
	}
	return e
}

// write takes text; n is its length in code points.
func (x *Text) write(t *thread, s *object.Str) *exc {
	if e := x.check(t); e != nil {
		return e
	}
	if x.noWrite {
		return unsupported(t, "not writable")
	}
	text, newline := s.S, "\n"
	if x.newline.IsNone() || object.StrText(x.newline) == "" {
		newline = "\n"
	} else {
		newline = object.StrText(x.newline)
	}
	hasNL := strings.IndexByte(text, '\n') >= 0
	if newline != "\n" && hasNL {
		text = strings.ReplaceAll(text, "\n", newline)
	}
	if x.utf8 && wtf8.HasSurrogate(text) < 0 {
		x.out = append(x.out, text...)
	} else {
		if e := x.encode(t, text); e != nil {
			return e
		}
	}
	x.ahead, x.undecoded = "", nil
	if len(x.out) >= bufferSize || x.writeThrough || x.lineBuffering && (hasNL || strings.IndexByte(text, '\r') >= 0) {
		if e := x.push(t); e != nil {
			return e
		}
		if x.lineBuffering && hasNL {
			return x.flushBuffer(t)
		}
	}
	return nil
}

func (x *Text) encode(t *thread, text string) *exc {
	enc := x.encoding
	if n := object.NormalEncoding(enc); x.bomDone && (n == "utf-16" || n == "utf-32" || n == "utf-8-sig") {
		enc = strings.TrimSuffix(n, "-sig")
		if n != "utf-8-sig" {
			enc = n + "-le"
		}
	}
	b, e := object.EncodeStr(t, object.NewStr(text), enc, x.errors)
	x.bomDone = true
	x.out = append(x.out, b...)
	return e
}

// push hands the encoded text to the buffer.
func (x *Text) push(t *thread) *exc {
	if len(x.out) == 0 {
		return nil
	}
	p := x.out
	x.out = nil
	if x.direct != nil {
		e := x.direct.write(t, p)
		x.out = p[:0]
		return e
	}
	_, e := call(t, x.buffer, "write", object.BytesVal(p))
	return e
}

func (x *Text) flushBuffer(t *thread) *exc {
	if x.direct != nil && x.direct.raw.Ref != nil && x.direct.raw.Type() == &FileType {
		return x.direct.flush(t)
	}
	_, e := object.CallMethod(t, x.buffer, object.N.Flush)
	return e
}

func (x *Text) flush(t *thread) *exc {
	if e := x.check(t); e != nil {
		return e
	}
	if e := x.push(t); e != nil {
		return e
	}
	return x.flushBuffer(t)
}

// more decodes one more chunk; false at the end.
func (x *Text) more(t *thread) (bool, *exc) {
	if x.atEnd {
		return false, nil
	}
	var p []byte
	var e *exc
	if x.direct != nil {
		p, e = x.direct.readSome(t, -1)
	} else {
		var r value
		name := "read1"
		if m, _ := object.LookupAttr(t, x.buffer, t.Intern(name)); m.Ref == nil {
			name = "read"
		}
		if r, e = call(t, x.buffer, name, object.Int(bufferSize)); e == nil {
			var ok bool
			if p, ok = object.BytesOf(r); !ok {
				return false, object.TypeErrorf(t, "underlying %s() should have returned a bytes-like object, not '%s'", name, r.Type().Name)
			}
		}
	}
	if e != nil {
		return false, e
	}
	final := len(p) == 0
	data := append(x.undecoded, p...)
	s, n, e := object.DecodePartial(t, data, x.encoding, x.errors, final)
	if e != nil {
		return false, e
	}
	if enc := object.NormalEncoding(x.encoding); n >= 2 && (enc == "utf-16" || enc == "utf-32") {
		x.encoding = enc + bomSuffix(data)
	}
	x.undecoded = append([]byte(nil), data[n:]...)
	x.ahead += x.translate(s, final)
	x.atEnd = final
	return !final || x.ahead != "", nil
}

func bomSuffix(b []byte) string {
	if b[0] == 0xfe && b[1] == 0xff || b[0] == 0 {
		return "-be"
	}
	return "-le"
}

// translate applies the universal newline rules to freshly decoded text.
func (x *Text) translate(s string, final bool) string {
	if !x.newline.IsNone() && object.StrText(x.newline) != "" {
		return s
	}
	if x.pendingCR {
		s, x.pendingCR = "\r"+s, false
	}
	if strings.HasSuffix(s, "\r") && !final {
		s, x.pendingCR = s[:len(s)-1], true
	}
	if strings.IndexByte(s, '\r') < 0 {
		if strings.IndexByte(s, '\n') >= 0 {
			x.seen |= 2
		}
		return s
	}
	crlf := strings.Count(s, "\r\n")
	if crlf > 0 {
		x.seen |= 4
	}
	if strings.Count(s, "\r") > crlf {
		x.seen |= 1
	}
	if strings.Count(s, "\n") > crlf {
		x.seen |= 2
	}
	if x.newline.IsNone() {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return s
}

func (x *Text) startRead(t *thread) *exc {
	if e := x.check(t); e != nil {
		return e
	}
	if x.noRead {
		return unsupported(t, "not readable")
	}
	x.atEnd = false
	return x.push(t)
}

func (x *Text) read(t *thread, n int) (string, *exc) {
	if e := x.startRead(t); e != nil {
		return "", e
	}
	have := -1
	for n < 0 || have < n {
		have = wtf8.Count(x.ahead)
		if n >= 0 && have >= n {
			break
		}
		more, e := x.more(t)
		if e != nil {
			return "", e
		}
		if !more {
			break
		}
	}
	s := x.ahead
	if n >= 0 && wtf8.Count(s) > n {
		s = s[:wtf8.Offset(s, n)]
	}
	x.ahead = x.ahead[len(s):]
	return s, t.Charge(len(s))
}

// lineEnd gives the length of the first whole line of s, or -1.
func (x *Text) lineEnd(s string, atEnd bool) int {
	if !x.newline.IsNone() {
		switch nl := object.StrText(x.newline); nl {
		case "\n":
		case "":
			i := strings.IndexAny(s, "\r\n")
			switch {
			case i < 0:
				return -1
			case s[i] == '\r' && i+1 == len(s) && !atEnd:
				return -1
			case s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n':
				return i + 2
			}
			return i + 1
		default:
			if i := strings.Index(s, nl); i >= 0 {
				return i + len(nl)
			}
			return -1
		}
	}
	return strings.IndexByte(s, '\n') + 1 - b2i(strings.IndexByte(s, '\n') < 0)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (x *Text) readline(t *thread, limit int) (string, *exc) {
	if e := x.startRead(t); e != nil {
		return "", e
	}
	atEnd := false
	for {
		n := x.lineEnd(x.ahead, atEnd)
		if n < 0 && atEnd {
			n = len(x.ahead)
		}
		if limit >= 0 && (n < 0 || n > limit) && wtf8.Count(x.ahead) >= limit {
			if k := wtf8.Offset(x.ahead, limit); n < 0 || k < n {
				n = k
			}
		}
		if n >= 0 {
			s := x.ahead[:n]
			x.ahead = x.ahead[n:]
			return s, nil
		}
		more, e := x.more(t)
		if e != nil {
			return "", e
		}
		atEnd = !more || x.atEnd
	}
}

// tell gives the position in the buffer that corresponds to the text read so far: the buffer's position less what is
// decoded ahead. The cookie is exact for encodings without state, with untranslated newlines.
func (x *Text) tell(t *thread) (value, *exc) {
	if e := x.flush(t); e != nil {
		return value{}, e
	}
	r, e := call(t, x.buffer, "tell")
	if e != nil {
		return value{}, e
	}
	n, e := object.ToInt64(t, r)
	if e != nil {
		return value{}, e
	}
	n -= int64(len(x.undecoded))
	if x.pendingCR {
		n--
	}
	if x.ahead != "" {
		b, e := object.EncodeStr(t, object.NewStr(x.ahead), x.encoding, x.errors)
		if e != nil {
			return value{}, e
		}
		n -= int64(len(b))
		if x.seen&4 != 0 && x.newline.IsNone() {
			n -= int64(strings.Count(x.ahead, "\n"))
		}
	}
	return object.Int(n), nil
}

func (x *Text) seek(t *thread, off value, whence int) (value, *exc) {
	if e := x.check(t); e != nil {
		return value{}, e
	}
	zero, e := object.ToInt64(t, off)
	if e != nil {
		return value{}, e
	}
	switch whence {
	case 0:
		if zero < 0 {
			return value{}, object.ValueErrorf(t, "negative seek position %d", zero)
		}
	case 1, 2:
		if zero != 0 {
			return value{}, unsupported(t, "can't do nonzero "+[]string{"cur", "end"}[whence-1]+"-relative seeks")
		}
		if whence == 1 {
			if off, e = x.tell(t); e != nil {
				return value{}, e
			}
			whence = 0
		}
	default:
		return value{}, object.ValueErrorf(t, "invalid whence (%d, should be 0, 1 or 2)", whence)
	}
	if e := x.flush(t); e != nil {
		return value{}, e
	}
	x.ahead, x.undecoded, x.atEnd, x.pendingCR = "", nil, false, false
	return call(t, x.buffer, "seek", off, object.Int(int64(whence)))
}

func textClose(t *thread, a []value) (value, *exc) {
	x := textSelf(a[0])
	if x.buffer.Ref == nil {
		return object.None, nil
	}
	c, e := isClosed(t, x.buffer)
	if e != nil || c {
		return object.None, e
	}
	_, e = object.CallMethod(t, a[0], object.N.Flush)
	_, e2 := object.CallMethod(t, x.buffer, object.N.Close)
	if e == nil {
		e = e2
	}
	return object.None, e
}

func textNew(t *thread, tp *object.Type, a []value) (value, *exc) {
	enc, errs := "UTF-8", "strict"
	if !a[1].IsNone() && object.IsStr(a[1]) && object.StrText(a[1]) != "locale" {
		enc = object.StrText(a[1])
	}
	if !a[2].IsNone() && object.IsStr(a[2]) {
		errs = object.StrText(a[2])
	}
	if e := checkNewline(t, a[3]); e != nil {
		return value{}, e
	}
	if object.NormalEncoding(enc) == "" {
		return value{}, object.Errorf(t, &object.LookupErrorType, "unknown encoding: %s", enc)
	}
	lb, e := object.Truth(t, a[4])
	if e != nil {
		return value{}, e
	}
	wt, e := object.Truth(t, a[5])
	if e != nil {
		return value{}, e
	}
	x, e := object.AllocAs[Text](t, tp)
	if e == nil {
		x.setup(a[0], enc, errs, a[3], lb, wt)
	}
	return object.Obj(x), e
}

func checkNewline(t *thread, v value) *exc {
	if v.IsNone() {
		return nil
	}
	if !object.IsStr(v) {
		return object.TypeErrorf(t, "newline must be str or None, not %s", v.Type().Name)
	}
	switch object.StrText(v) {
	case "", "\n", "\r", "\r\n":
		return nil
	}
	r, e := object.Repr(t, v)
	if e == nil {
		e = object.ValueErrorf(t, "illegal newline value: %s", r.S)
	}
	return e
}

func newlinesOf(seen int) value {
	var out []value
	for i, s := range []string{"\r", "\n", "\r\n"} {
		if seen>>i&1 != 0 {
			out = append(out, object.StrVal(s))
		}
	}
	switch len(out) {
	case 0:
		return object.None
	case 1:
		return out[0]
	}
	return object.NewTuple(out)
}

func textReconfigure(t *thread, a []value) (value, *exc) {
	x := textSelf(a[0])
	if e := x.flush(t); e != nil {
		return value{}, e
	}
	if !a[1].IsNone() {
		if !object.IsStr(a[1]) {
			return value{}, object.TypeErrorf(t, "reconfigure() argument 'encoding' must be str or None, not %s", object.ArgTypeName(a[1]))
		}
		x.encoding = object.StrText(a[1])
		x.utf8 = object.NormalEncoding(x.encoding) == "utf-8"
		if a[2].IsNone() {
			x.errors = "strict"
		}
	}
	if !a[2].IsNone() {
		x.errors = object.StrText(a[2])
	}
	if a[3].Ref != nil {
		if e := checkNewline(t, a[3]); e != nil {
			return value{}, e
		}
		x.newline = a[3]
	}
	for i, p := range []*bool{&x.lineBuffering, &x.writeThrough} {
		if !a[4+i].IsNone() {
			b, e := object.Truth(t, a[4+i])
			if e != nil {
				return value{}, e
			}
			*p = b
		}
	}
	return object.None, nil
}

func textRepr(t *thread, v value) (value, *exc) {
	x := textSelf(v)
	s := "<_io.TextIOWrapper"
	for _, name := range []string{"name", "mode"} {
		n, e := object.LookupAttr(t, v, t.Intern(name))
		if e == nil && n.Ref != nil {
			r, e := object.Repr(t, n)
			if e != nil {
				return value{}, e
			}
			s += " " + name + "=" + r.S
		}
	}
	return object.StrVal(s + " encoding='" + x.encoding + "'>"), nil
}

func init() {
	delegate := func(name string) object.Method {
		return object.Method{Sig: name + "(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			x := textSelf(a[0])
			if e := x.check(t); e != nil {
				return value{}, e
			}
			return call(t, x.buffer, name)
		}}
	}
	readFn := func(f func(x *Text, t *thread, n int) (string, *exc)) object.BuiltinFn {
		return func(t *thread, a []value) (value, *exc) {
			n, e := sizeArg(t, a[1])
			if e != nil {
				return value{}, e
			}
			s, e := f(textSelf(a[0]), t, n)
			return object.StrVal(s), e
		}
	}
	get := func(name string, f func(x *Text) value) object.GetSet {
		return object.GetSet{Name: name, Get: func(t *thread, v value) (value, *exc) { return f(textSelf(v)), nil }}
	}
	object.Declare(&TextType, object.Decl{
		Name: "_io.TextIOWrapper", Base: &TextBase, Layout: object.LayoutOf[Text](),
		Doc: "Character and line based layer over a BufferedIOBase object, buffer.",
		Slots: object.Slots{
			New:  object.NewSig("TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)", textNew),
			Init: func(t *thread, self value, args []value, kw []*object.Str) *exc { return nil },
			Repr: textRepr,
			Next: func(t *thread, v value) (value, *exc) {
				if v.Type() != &TextType {
					return baseNext(t, v)
				}
				s, e := textSelf(v).readline(t, -1)
				if e != nil || s == "" {
					return value{}, e
				}
				return object.StrVal(s), nil
			},
		},
		Methods: []object.Method{
			{Sig: "write(self, text, /)", Fn: func(t *thread, a []value) (value, *exc) {
				if !object.IsStr(a[1]) {
					return value{}, object.TypeErrorf(t, "write() argument must be str, not %s", object.ArgTypeName(a[1]))
				}
				s := object.As[object.Str](a[1])
				return object.Int(int64(s.Len())), textSelf(a[0]).write(t, s)
			}},
			{Sig: "read(self, size=-1, /)", Fn: readFn((*Text).read)},
			{Sig: "readline(self, size=-1, /)", Fn: readFn((*Text).readline)},
			{Sig: "flush(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.None, textSelf(a[0]).flush(t) }},
			{Sig: "close(self, /)", Fn: textClose},
			{Sig: "detach(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				x := textSelf(a[0])
				if e := x.flush(t); e != nil {
					return value{}, e
				}
				b := x.buffer
				x.buffer, x.direct = value{}, nil
				return b, nil
			}},
			{Sig: "tell(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return textSelf(a[0]).tell(t) }},
			{Sig: "seek(self, cookie, whence=0, /)", Fn: func(t *thread, a []value) (value, *exc) {
				whence, e := object.AsCInt(t, a[2])
				if e != nil {
					return value{}, e
				}
				return textSelf(a[0]).seek(t, a[1], whence)
			}},
			{Sig: "truncate(self, pos=None, /)", Fn: func(t *thread, a []value) (value, *exc) {
				x := textSelf(a[0])
				if e := x.flush(t); e != nil {
					return value{}, e
				}
				return call(t, x.buffer, "truncate", a[1])
			}},
			{Sig: "reconfigure(self, /, *, encoding=None, errors=None, newline=<absent>, line_buffering=None, write_through=None)", Fn: textReconfigure},
			delegate("fileno"), delegate("isatty"), delegate("readable"), delegate("writable"), delegate("seekable"),
		},
		GetSets: []object.GetSet{
			{Name: "mode", Get: func(t *thread, v value) (value, *exc) {
				if m := textSelf(v).mode; m != "" {
					return object.StrVal(m), nil
				}
				return object.GetAttrS(t, textSelf(v).buffer, "mode")
			}, Set: func(t *thread, v, val value) *exc {
				m, e := object.ToStr(t, val)
				if e == nil {
					textSelf(v).mode = m.S
				}
				return e
			}},
			get("encoding", func(x *Text) value { return object.StrVal(x.encoding) }),
			get("errors", func(x *Text) value { return object.StrVal(x.errors) }),
			get("newlines", func(x *Text) value { return newlinesOf(x.seen) }),
			get("line_buffering", func(x *Text) value { return object.Bool(x.lineBuffering) }),
			get("write_through", func(x *Text) value { return object.Bool(x.writeThrough) }),
			get("buffer", func(x *Text) value {
				if x.buffer.Ref == nil {
					return object.None
				}
				return x.buffer
			}),
			{Name: "closed", Get: func(t *thread, v value) (value, *exc) { return object.GetAttrS(t, textSelf(v).buffer, "closed") }},
			{Name: "name", Get: func(t *thread, v value) (value, *exc) { return object.GetAttrS(t, textSelf(v).buffer, "name") }},
		},
	})
	object.Declare(&DecoderType, object.Decl{Name: "_io.IncrementalNewlineDecoder", Flags: object.FNoNew, Layout: object.LayoutOf[stream]()})
}
