package io

import (
	"strings"

	"martlet/python/internal/wtf8"
	"martlet/python/object"
)

// StringIO is an in-memory text stream. While it is only appended to, the text is in parts; otherwise it is a slice of
// code points.
type StringIO struct {
	stream
	parts   strings.Builder
	runes   []rune
	random  bool // runes is in use
	count   int  // code points in parts
	pos     int
	newline string
	univ    bool // newline=None: translate on writing
}

// StringIOType is StringIO.
var StringIOType object.Type

func strSelf(t *thread, v value) (*StringIO, *exc) {
	s := object.As[StringIO](v)
	if s.closed {
		return nil, object.ValueErrorf(t, "I/O operation on closed file")
	}
	return s, nil
}

// realize turns to the random-access form.
func (s *StringIO) realize() {
	if !s.random {
		s.runes, s.random = wtf8.Runes(s.parts.String()), true
		s.parts.Reset()
	}
}

func (s *StringIO) text() string {
	if s.random {
		return wtf8.FromRunes(s.runes)
	}
	return s.parts.String()
}

func (s *StringIO) write(t *thread, x *object.Str) *exc {
	text, n := x.S, x.Len()
	switch {
	case s.univ:
		if strings.IndexByte(text, '\r') >= 0 {
			text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
			n = wtf8.Count(text)
		}
	case s.newline != "" && s.newline != "\n" && strings.IndexByte(text, '\n') >= 0:
		text = strings.ReplaceAll(text, "\n", s.newline)
		n = wtf8.Count(text)
	}
	if e := t.Charge(len(text)); e != nil {
		return e
	}
	if !s.random && s.pos == s.count {
		s.parts.WriteString(text)
		s.count += n
		s.pos = s.count
		return nil
	}
	s.realize()
	for len(s.runes) < s.pos {
		s.runes = append(s.runes, 0)
	}
	k := copy(s.runes[s.pos:], wtf8.Runes(text))
	s.runes = append(s.runes, wtf8.Runes(text)[k:]...)
	s.pos += n
	return nil
}

func (s *StringIO) take(n int) value {
	s.realize()
	if s.pos >= len(s.runes) {
		return object.EmptyStr
	}
	rest := s.runes[s.pos:]
	if n >= 0 && n < len(rest) {
		rest = rest[:n]
	}
	s.pos += len(rest)
	return object.StrVal(wtf8.FromRunes(rest))
}

// line gives the number of code points up to the end of the current line.
func (s *StringIO) line() int {
	s.realize()
	if s.pos >= len(s.runes) {
		return 0
	}
	rest := s.runes[s.pos:]
	for i, r := range rest {
		switch {
		case s.newline == "" && !s.univ:
			if r == '\r' && i+1 < len(rest) && rest[i+1] == '\n' {
				return i + 2
			}
			if r == '\r' || r == '\n' {
				return i + 1
			}
		case s.newline == "\r\n":
			if r == '\r' && i+1 < len(rest) && rest[i+1] == '\n' {
				return i + 2
			}
		case s.newline == "\r":
			if r == '\r' {
				return i + 1
			}
		case r == '\n':
			return i + 1
		}
	}
	return len(rest)
}

func stringInit(t *thread, self value, a []value) *exc {
	if e := checkNewline(t, a[1]); e != nil {
		return e
	}
	s := object.As[StringIO](self)
	s.parts.Reset()
	s.runes, s.random, s.count, s.pos = nil, false, 0, 0
	s.univ = a[1].IsNone()
	if !s.univ {
		s.newline = object.StrText(a[1])
	}
	if a[0].IsNone() {
		return nil
	}
	if !object.IsStr(a[0]) {
		return object.TypeErrorf(t, "initial_value must be str or None, not %s", a[0].Type().Name)
	}
	e := s.write(t, object.As[object.Str](a[0]))
	s.pos = 0
	return e
}

func stringSeek(t *thread, s *StringIO, a []value) (value, *exc) {
	off, whence, e := seekArgs(t, a)
	if e != nil {
		return value{}, e
	}
	switch whence {
	case 0:
		if off < 0 {
			return value{}, object.ValueErrorf(t, "Negative seek position %d", off)
		}
		s.pos = int(off)
	case 1, 2:
		if off != 0 {
			return value{}, object.Errorf(t, &object.OSErrorType, "Can't do nonzero cur-relative seeks")
		}
		if whence == 2 {
			s.realize()
			s.pos = len(s.runes)
		}
	default:
		return value{}, object.ValueErrorf(t, "Invalid whence (%d, should be 0, 1 or 2)", whence)
	}
	return object.Int(int64(s.pos)), nil
}

func init() {
	with := func(sig string, f func(t *thread, s *StringIO, a []value) (value, *exc)) object.Method {
		return object.Method{Sig: sig, Fn: func(t *thread, a []value) (value, *exc) {
			s, e := strSelf(t, a[0])
			if e != nil {
				return value{}, e
			}
			return f(t, s, a)
		}}
	}
	yes := func(t *thread, s *StringIO, a []value) (value, *exc) { return object.True, nil }
	object.Declare(&StringIOType, object.Decl{
		Name: "_io.StringIO", Base: &TextBase, Layout: object.LayoutOf[StringIO](), Doc: "Text I/O implementation using an in-memory buffer.",
		Slots: object.Slots{
			Init: object.InitSig("StringIO(initial_value='', newline='\\n')", stringInit),
			Next: func(t *thread, v value) (value, *exc) {
				s, e := strSelf(t, v)
				if e != nil {
					return value{}, e
				}
				if v.Type() != &StringIOType {
					return baseNext(t, v)
				}
				n := s.line()
				if n == 0 {
					return value{}, nil
				}
				return s.take(n), nil
			},
		},
		Methods: []object.Method{
			with("write(self, s, /)", func(t *thread, s *StringIO, a []value) (value, *exc) {
				if !object.IsStr(a[1]) {
					return value{}, object.TypeErrorf(t, "string argument expected, got '%s'", a[1].Type().Name)
				}
				x := object.As[object.Str](a[1])
				return object.Int(int64(x.Len())), s.write(t, x)
			}),
			with("getvalue(self, /)", func(t *thread, s *StringIO, a []value) (value, *exc) { return object.StrVal(s.text()), nil }),
			with("read(self, size=-1, /)", func(t *thread, s *StringIO, a []value) (value, *exc) {
				n, e := sizeArg(t, a[1])
				if e != nil {
					return value{}, e
				}
				return s.take(n), nil
			}),
			with("readline(self, size=-1, /)", func(t *thread, s *StringIO, a []value) (value, *exc) {
				limit, e := sizeArg(t, a[1])
				if e != nil {
					return value{}, e
				}
				n := s.line()
				if limit >= 0 {
					n = min(n, limit)
				}
				return s.take(n), nil
			}),
			with("seek(self, pos, whence=0, /)", stringSeek),
			with("tell(self, /)", func(t *thread, s *StringIO, a []value) (value, *exc) { return object.Int(int64(s.pos)), nil }),
			with("truncate(self, pos=None, /)", func(t *thread, s *StringIO, a []value) (value, *exc) {
				n := s.pos
				if !a[1].IsNone() {
					var e *exc
					if n, e = object.ToInt(t, a[1]); e != nil {
						return value{}, e
					}
					if n < 0 {
						return value{}, object.ValueErrorf(t, "Negative size value %d", n)
					}
				}
				s.realize()
				s.runes = s.runes[:min(n, len(s.runes))]
				return object.Int(int64(n)), nil
			}),
			with("readable(self, /)", yes), with("writable(self, /)", yes), with("seekable(self, /)", yes),
			with("flush(self, /)", func(t *thread, s *StringIO, a []value) (value, *exc) { return object.None, nil }),
			{Sig: "close(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				object.As[StringIO](a[0]).closed = true
				return object.None, nil
			}},
		},
		GetSets: []object.GetSet{
			{Name: "line_buffering", Get: func(t *thread, v value) (value, *exc) { return object.False, nil }},
		},
	})
}
