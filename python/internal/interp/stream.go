package interp

import (
	"bufio"
	"io"
	"strings"

	"martlet/python/object"
)

// stream is a plain text stream over a Go reader or writer: what sys.stdout is when module io is not wanted.
type stream struct {
	object.Object
	object.Attrs
	w          *bufio.Writer
	r          *bufio.Reader
	name, mode string
	line       bool
	fd         int
	closed     bool
}

var streamType object.Type

// NewWriter makes a text stream that writes to w; line says to flush at each line.
func NewWriter(w io.Writer, name string, line bool, fd int) Value {
	return object.Obj(&stream{Object: object.Object{Shape: &streamType.Root}, w: bufio.NewWriterSize(w, 8192), name: name, mode: "w", line: line, fd: fd})
}

// NewReader makes a text stream that reads from r.
func NewReader(r io.Reader, name string) Value {
	return object.Obj(&stream{Object: object.Object{Shape: &streamType.Root}, r: bufio.NewReader(r), name: name, mode: "r"})
}

// Flush writes out what a stream made by NewWriter holds.
func Flush(v Value) {
	if v.Ref != nil && v.Type() == &streamType {
		if s := object.As[stream](v); s.w != nil {
			s.w.Flush()
		}
	}
}

func streamOf(v Value) *stream { return object.As[stream](v) }

func (s *stream) check(t *object.Thread, write bool) *Exception {
	if s.closed {
		return object.ValueErrorf(t, "I/O operation on closed file.")
	}
	if write && s.w == nil || !write && s.r == nil {
		return object.Errorf(t, &object.OSErrorType, "not %s", map[bool]string{true: "writable", false: "readable"}[write])
	}
	return nil
}

// hostText turns a str into bytes for the outside: surrogateescape and backslashreplace are left to module io.
func streamWrite(t *object.Thread, a []Value) (Value, *Exception) {
	s := streamOf(a[0])
	if e := s.check(t, true); e != nil {
		return Value{}, e
	}
	if a[1].Type().Flags&object.FStr == 0 {
		return Value{}, object.TypeErrorf(t, "write() argument must be str, not %s", object.ArgTypeName(a[1]))
	}
	x := object.As[Str](a[1])
	b, e := object.EncodeStr(t, x, "utf-8", map[bool]string{true: "backslashreplace", false: "strict"}[s.fd == 2])
	if e != nil {
		return Value{}, e
	}
	s.w.Write(b)
	if s.line && strings.IndexByte(x.S, '\n') >= 0 {
		s.w.Flush()
	}
	return object.Int(int64(x.N)), nil
}

func streamReadLine(t *object.Thread, a []Value) (Value, *Exception) {
	s := streamOf(a[0])
	if e := s.check(t, false); e != nil {
		return Value{}, e
	}
	line, _ := s.r.ReadString('\n')
	return object.StrVal(strings.ReplaceAll(line, "\r\n", "\n")), nil
}

func init() {
	object.Declare(&streamType, object.Decl{Name: "_io.TextIOWrapper", Flags: object.FNoNew, Dict: true,
		Layout: object.LayoutWithAttrs[stream](attrsOffset, 0),
		Slots: object.Slots{Iter: iterSelf, Next: func(t *object.Thread, v Value) (Value, *Exception) {
			r, e := streamReadLine(t, []Value{v})
			if e == nil && object.As[Str](r).S == "" {
				return Value{}, nil
			}
			return r, e
		}, Repr: func(t *object.Thread, v Value) (Value, *Exception) {
			s := streamOf(v)
			return object.StrVal("<_io.TextIOWrapper name='" + s.name + "' mode='" + s.mode + "' encoding='utf-8'>"), nil
		}},
		GetSets: []object.GetSet{
			{Name: "name", Get: func(t *object.Thread, v Value) (Value, *Exception) { return object.StrVal(streamOf(v).name), nil }},
			{Name: "mode", Get: func(t *object.Thread, v Value) (Value, *Exception) { return object.StrVal(streamOf(v).mode), nil }},
			{Name: "encoding", Get: func(t *object.Thread, v Value) (Value, *Exception) { return object.StrVal("utf-8"), nil }},
			{Name: "errors", Get: func(t *object.Thread, v Value) (Value, *Exception) { return object.StrVal("strict"), nil }},
			{Name: "closed", Get: func(t *object.Thread, v Value) (Value, *Exception) { return object.Bool(streamOf(v).closed), nil }},
		},
		Methods: []object.Method{
			{Sig: "write(self, text, /)", Fn: streamWrite},
			{Sig: "writelines(self, lines, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return object.None, object.ForEach(t, a[1], func(x Value) (bool, *Exception) {
					_, e := streamWrite(t, []Value{a[0], x})
					return true, e
				})
			}},
			{Sig: "flush(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) { Flush(a[0]); return object.None, nil }},
			{Sig: "close(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				Flush(a[0])
				streamOf(a[0]).closed = true
				return object.None, nil
			}},
			{Sig: "isatty(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) { return object.False, nil }},
			{Sig: "fileno(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return object.Int(int64(streamOf(a[0]).fd)), nil
			}},
			{Sig: "readable(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return object.Bool(streamOf(a[0]).r != nil), nil
			}},
			{Sig: "writable(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return object.Bool(streamOf(a[0]).w != nil), nil
			}},
			{Sig: "readline(self, size=-1, /)", Fn: streamReadLine},
			{Sig: "read(self, size=-1, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				s := streamOf(a[0])
				if e := s.check(t, false); e != nil {
					return Value{}, e
				}
				b, _ := io.ReadAll(s.r)
				return object.StrVal(string(b)), nil
			}},
			{Sig: "readlines(self, hint=-1, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				items, e := object.Collect(t, a[0])
				return object.NewList(items), e
			}},
		}})
}
