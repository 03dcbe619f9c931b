package io

import (
	"strings"

	"martlet/python/object"
)

func open(t *thread, a []value) (value, *exc) {
	if !object.IsStr(a[1]) {
		return value{}, object.TypeErrorf(t, "open() argument 'mode' must be str, not %s", object.ArgTypeName(a[1]))
	}
	buffering, e := object.AsCInt(t, a[2])
	if e != nil {
		return value{}, e
	}
	for i, name := range []string{"encoding", "errors", "newline"} {
		if v := a[3+i]; !v.IsNone() && !object.IsStr(v) {
			return value{}, object.TypeErrorf(t, "open() argument '%s' must be str or None, not %s", name, object.ArgTypeName(v))
		}
	}
	closeFD, e := object.Truth(t, a[6])
	if e != nil {
		return value{}, e
	}
	return Open(t, a[0], object.StrText(a[1]), buffering, a[3], a[4], a[5], closeFD, a[7])
}

// splitMode checks open's mode and divides it into the raw part and the kind.
func splitMode(t *thread, mode string) (raw string, binary bool, err *exc) {
	text := false
	seen := map[rune]bool{}
	for _, c := range mode {
		if seen[c] || !strings.ContainsRune("xrwab+t", c) {
			return "", false, object.ValueErrorf(t, "invalid mode: '%s'", mode)
		}
		seen[c] = true
		switch c {
		case 'b':
			binary = true
		case 't':
			text = true
		default:
			raw += string(c)
		}
	}
	n := 0
	for _, c := range "xrwa" {
		if seen[c] {
			n++
		}
	}
	switch {
	case text && binary:
		return "", false, object.ValueErrorf(t, "can't have text and binary mode at once")
	case n > 1:
		return "", false, object.ValueErrorf(t, "must have exactly one of create/read/write/append mode")
	case n == 0:
		return "", false, object.ValueErrorf(t, "Must have exactly one of create/read/write/append mode and at most one plus")
	}
	return raw, binary, nil
}

// Open is the builtin open().
func Open(t *thread, file value, mode string, buffering int, encoding, errors, newline value, closeFD bool, opener value) (value, *exc) {
	raw, binary, e := splitMode(t, mode)
	if e != nil {
		return value{}, e
	}
	if binary {
		for _, x := range []struct {
			v    value
			name string
		}{{encoding, "an encoding"}, {errors, "an errors"}, {newline, "a newline"}} {
			if !x.v.IsNone() {
				return value{}, object.ValueErrorf(t, "binary mode doesn't take %s argument", x.name)
			}
		}
	}
	if e := checkNewline(t, newline); e != nil {
		return value{}, e
	}
	f, e := openRaw(t, file, raw, closeFD, opener)
	if e != nil {
		return value{}, e
	}
	tty := buffering < 0 && isTTY(f.f)
	line := buffering == 1 && !binary || tty
	size := bufferSize
	if buffering > 1 {
		size = buffering
	}
	if buffering == 0 {
		if !binary {
			f.close(t)
			return value{}, object.ValueErrorf(t, "can't have unbuffered text I/O")
		}
		return object.Obj(f), nil
	}
	tp := &ReaderType
	switch {
	case strings.Contains(raw, "+"):
		tp = &RandomType
	case raw[0] != 'r':
		tp = &WriterType
	}
	b := newBuffered(tp, object.Obj(f), size)
	if binary {
		return object.Obj(b), nil
	}
	v, e := textNew(t, &TextType, []value{object.Obj(b), encoding, errors, newline, object.Bool(line), object.False})
	if e != nil {
		f.close(t)
		return value{}, e
	}
	textSelf(v).mode = mode
	return v, nil
}
