package sre

import (
	"strconv"
	"strings"

	"martlet/python/internal/wtf8"
)

// Template is a parsed replacement: literal text and group references in turn.
type Template struct {
	Parts []Part
}

// Part is literal text (Group < 0) or a reference to a group.
type Part struct {
	Text  string
	Group int
}

// IndexError is an unknown group name in a template: IndexError in Python.
type IndexError struct{ Msg string }

func (e *IndexError) Error() string { return e.Msg }

// ParseTemplate parses the replacement string of sub().
func (p *Pattern) ParseTemplate(text string) (t *Template, err error) {
	ps := &parser{src: text, bytes: p.Bytes}
	ps.rs = ps.decode(text)
	defer func() {
		if r := recover(); r != nil {
			b, ok := r.(bail)
			if !ok {
				panic(r)
			}
			t, err = nil, b.err
		}
	}()
	tp := &templateParser{parser: ps, p: p, t: &Template{}}
	for ps.more() {
		tp.next()
	}
	tp.flush()
	return tp.t, nil
}

type templateParser struct {
	*parser
	p   *Pattern
	t   *Template
	lit strings.Builder
}

func (t *templateParser) char(c rune) {
	if t.bytes {
		t.lit.WriteByte(byte(c))
		return
	}
	t.lit.WriteString(wtf8.String(c))
}

func (t *templateParser) flush() {
	if t.lit.Len() > 0 {
		t.t.Parts = append(t.t.Parts, Part{t.lit.String(), -1})
		t.lit.Reset()
	}
}

func (t *templateParser) group(n, pos int) {
	if n > t.p.Groups {
		t.fail(pos, "invalid group reference %d", n)
	}
	t.flush()
	t.t.Parts = append(t.t.Parts, Part{"", n})
}

func (t *templateParser) next() {
	start := t.pos
	c := t.rs[t.pos]
	t.pos++
	if c != '\\' {
		t.char(c)
		return
	}
	if !t.more() {
		t.fail(start, "bad escape (end of pattern)")
	}
	c = t.rs[t.pos]
	switch {
	case c == 'g':
		t.pos++
		t.namedGroup()
	case c == '0':
		t.char(t.octal(3))
	case c >= '1' && c <= '9':
		t.number(start)
	default:
		t.letter(start, c)
	}
}

func (t *templateParser) letter(start int, c rune) {
	t.pos++
	if r, ok := simpleEscapes[c]; ok {
		t.char(r)
		return
	}
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		t.fail(start, "bad escape \\%c", c)
	}
	t.char('\\')
	t.char(c)
}

// number parses \1 … \99, or an octal character \123.
func (t *templateParser) number(start int) {
	isOctal := func(i int) bool { return i < len(t.rs) && t.rs[i] >= '0' && t.rs[i] <= '7' }
	if isOctal(t.pos) && isOctal(t.pos+1) && isOctal(t.pos+2) {
		v := t.octal(3)
		if v > 0o377 {
			t.fail(start, "octal escape value %s outside of range 0-0o377", t.text(start, t.pos))
		}
		t.char(v)
		return
	}
	n := int(t.rs[t.pos] - '0')
	t.pos++
	if c := t.peek(); c >= '0' && c <= '9' {
		n = n*10 + int(c-'0')
		t.pos++
	}
	t.group(n, start+1)
}

func (t *templateParser) namedGroup() {
	if !t.accept('<') {
		t.fail(t.pos, "missing <")
	}
	at := t.pos
	name := t.until('>', "group name")
	if n, ok := parseGroupNumber(name); ok {
		if n > t.p.Groups {
			t.fail(at, "invalid group reference %s", strconv.Itoa(n))
		}
		t.group(n, at)
		return
	}
	t.checkName(name, at)
	n, ok := t.p.groupOf[name]
	if !ok {
		panic(bail{&IndexError{"unknown group name '" + name + "'"}})
	}
	t.group(n, at)
}

// Literal returns the text if the template has no groups.
func (t *Template) Literal() (string, bool) {
	switch {
	case len(t.Parts) == 0:
		return "", true
	case len(t.Parts) == 1 && t.Parts[0].Group < 0:
		return t.Parts[0].Text, true
	}
	return "", false
}

// Expand appends the replacement for a match in s.
func (t *Template) Expand(b []byte, s string, r *Result) []byte {
	for _, part := range t.Parts {
		if part.Group < 0 {
			b = append(b, part.Text...)
			continue
		}
		if lo := r.Spans[2*part.Group]; lo >= 0 {
			b = append(b, s[lo:r.Spans[2*part.Group+1]]...)
		}
	}
	return b
}
