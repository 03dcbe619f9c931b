// Package re is Python's module _sre: pattern and match objects over package sre.
//
//	re.go        compilation, subjects, errors
//	pattern.go   Pattern: match, search, findall, sub, split ...
//	match.go     Match
//
// Positions are byte offsets inside and code points towards Python.
package re

import (
	"errors"

	"martlet/python/internal/sre"
	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// pattern is a compiled pattern.
type pattern struct {
	object.Object
	p      *sre.Pattern
	source value
	fail   value // the exception class of re
}

// match is a match object; spans are byte offsets, the whole match first.
type match struct {
	object.Object
	pat         *pattern
	sub         subject
	pos, endpos int // code points
	r           sre.Result
}

// subject is what a pattern runs over: text as bytes of a Go string, and how to talk about it with Python.
type subject struct {
	v     value
	s     string
	str   *object.Str // nil for bytes
	bytes bool
}

func (s *subject) index(off int) int {
	if s.str == nil {
		return off
	}
	return s.str.IndexOf(off)
}

func (s *subject) offset(i int) int {
	if s.str == nil {
		return i
	}
	return s.str.Offset(i)
}

func (s *subject) len() int {
	if s.str == nil {
		return len(s.s)
	}
	return s.str.Len()
}

// slice gives a part as an object of the subject's kind.
func (s *subject) slice(i, j int) value {
	if s.str == nil {
		return object.BytesVal([]byte(s.s[i:j]))
	}
	if i == 0 && j == len(s.s) && s.v.Type() == &object.StrType {
		return s.v
	}
	return object.StrVal(s.s[i:j])
}

func (p *pattern) subject(t *thread, v value) (subject, *exc) {
	if object.IsStr(v) {
		if p.p.Bytes {
			return subject{}, object.TypeErrorf(t, "cannot use a bytes pattern on a string-like object")
		}
		s := object.As[object.Str](v)
		return subject{v: v, s: s.S, str: s}, nil
	}
	b, e := object.BufferBytes(t, v)
	if e != nil {
		return subject{}, object.TypeErrorf(t, "expected string or bytes-like object, got '%s'", v.Type().Name)
	}
	if !p.p.Bytes {
		return subject{}, object.TypeErrorf(t, "cannot use a string pattern on a bytes-like object")
	}
	return subject{v: v, s: string(b), bytes: true}, nil
}

// convert turns an error of package sre into an exception of class fail.
func convert(t *thread, err error, fail, source value) *exc {
	var syntax *sre.Error
	var val *sre.ValueError
	var idx *sre.IndexError
	switch {
	case errors.As(err, &syntax):
		pos := object.None
		if syntax.Pos >= 0 {
			pos = object.Int(int64(syntax.Pos))
		}
		e, x := object.Call(t, fail, object.StrVal(syntax.Msg), source, pos)
		if x != nil {
			return x
		}
		return object.As[object.Exception](e)
	case errors.As(err, &val):
		return object.ValueErrorf(t, "%s", val.Msg)
	case errors.As(err, &idx):
		return object.IndexErrorf(t, "%s", idx.Msg)
	case errors.Is(err, sre.ErrTooComplex):
		return object.NewException(t, &object.MemoryErrorType)
	case errors.As(err, new(sre.OverflowError)):
		return object.OverflowErrorf(t, "%s", err.Error())
	case errors.Is(err, errStopped):
		return object.NewException(t, &object.KeyboardInterruptType)
	}
	return object.RuntimeErrorf(t, "%s", err.Error())
}

var errStopped = errors.New("stopped")

// compile is compile(pattern, flags, error class).
func compile(t *thread, a []value) (value, *exc) {
	src, isBytes := "", false
	if object.IsStr(a[0]) {
		src = object.StrText(a[0])
	} else if b, ok := object.BytesOf(a[0]); ok {
		src, isBytes = string(b), true
	} else {
		return value{}, object.TypeErrorf(t, "first argument must be string or compiled pattern")
	}
	flags, e := object.ToInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	p, err := sre.Compile(src, sre.Flags(flags), isBytes)
	if err != nil {
		return value{}, convert(t, err, a[2], a[0])
	}
	for _, w := range p.Warnings {
		category := &object.DeprecationWarningType
		if w.Future {
			category = &object.FutureWarningType
		}
		if e := object.Warn(t, category, w.Msg); e != nil {
			return value{}, e
		}
	}
	return object.Obj(&pattern{object.Object{Shape: &patternType.Root}, p, a[0], a[2]}), t.Charge(2048)
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.Set(t, "Pattern", patternType.Value())
	m.Set(t, "Match", matchType.Value())
	m.Define(t, []object.Method{
		{Sig: "compile(pattern, flags, error, /)", Fn: compile},
		{Sig: "template(pattern, text, /)", Fn: func(t *thread, a []value) (value, *exc) {
			_, e := template(t, object.As[pattern](a[0]), a[1])
			return object.None, e
		}},
	})
	return nil
}
