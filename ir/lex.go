package ir

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// ParseError is a fault in IR text.
type ParseError struct {
	File      string
	Line, Col int // from 1; Col counts bytes
	Msg       string
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Msg)
}

type tokKind uint8

const (
	tokEOF   tokKind = iota
	tokLine          // end of a line outside brackets
	tokIdent         // add.i64
	tokValue         // %x: text without %
	tokSym           // @f, @"f g": the name
	tokClass         // #elem: text without #
	tokNum           // 12, 0x1f, 1.5e3
	tokStr           // "…": the value
	tokPunct         // one of ( ) [ ] { } , : = + - ! _ and ->
)

type token struct {
	kind      tokKind
	text      string
	line, col int32
}

func (t token) String() string {
	switch t.kind {
	case tokEOF:
		return "end of file"
	case tokLine:
		return "end of line"
	case tokValue:
		return "%" + t.text
	case tokSym:
		return symText(t.text)
	case tokClass:
		return "#" + t.text
	case tokStr:
		return strconv.Quote(t.text)
	}
	return strconv.Quote(t.text)
}

// lexer cuts the text into tokens. Line ends inside ( ) and [ ] are white space.
type lexer struct {
	file  string
	src   string
	at    int
	line  int32
	start int // offset of the line
	depth int // open ( and [
}

func (l *lexer) fail(line, col int32, format string, args ...any) {
	panic(&ParseError{l.file, int(line), int(col), fmt.Sprintf(format, args...)})
}

func (l *lexer) col(at int) int32 { return int32(at - l.start + 1) }

func (l *lexer) next() token {
	l.skip()
	t := token{line: l.line, col: l.col(l.at)}
	if l.at >= len(l.src) {
		return t
	}
	begin := l.at
	c := l.src[l.at]
	switch {
	case c == '\n':
		l.at++
		l.newline()
		t.kind = tokLine
		return t
	case c == '%' || c == '#':
		l.at++
		t.kind = tokValue
		if c == '#' {
			t.kind = tokClass
		}
		t.text = l.run(isNameByte)
		if t.text == "" {
			l.fail(t.line, t.col, "a name must follow %q", string(c))
		}
		return t
	case c == '@':
		l.at++
		t.kind, t.text = tokSym, l.symbol(t)
		return t
	case c == '"':
		t.kind, t.text = tokStr, l.str(t)
		return t
	case c >= '0' && c <= '9':
		t.kind, t.text = tokNum, l.number()
		return t
	case isNameByte(c):
		t.kind, t.text = tokIdent, l.run(isNameByte)
		return t
	}
	l.at++
	if c == '-' && l.at < len(l.src) && l.src[l.at] == '>' {
		l.at++
	}
	t.kind, t.text = tokPunct, l.src[begin:l.at]
	switch c {
	case '(', '[':
		l.depth++
	case ')', ']':
		l.depth = max(0, l.depth-1)
	case '{', '}', ',', ':', '=', '+', '-', '!':
	default:
		r, _ := utf8.DecodeRuneInString(l.src[begin:])
		l.fail(t.line, t.col, "unexpected character %q", r)
	}
	return t
}

func (l *lexer) newline() {
	l.line++
	l.start = l.at
}

func (l *lexer) skip() {
	for l.at < len(l.src) {
		switch c := l.src[l.at]; {
		case c == ' ' || c == '\t' || c == '\r':
			l.at++
		case c == '\n' && l.depth > 0:
			l.at++
			l.newline()
		case c == ';':
			for l.at < len(l.src) && l.src[l.at] != '\n' {
				l.at++
			}
		default:
			return
		}
	}
}

func (l *lexer) run(ok func(byte) bool) string {
	begin := l.at
	for l.at < len(l.src) && ok(l.src[l.at]) {
		l.at++
	}
	return l.src[begin:l.at]
}

func (l *lexer) symbol(t token) string {
	if l.at < len(l.src) && l.src[l.at] == '"' {
		return l.str(t)
	}
	name := l.run(func(c byte) bool { return isNameByte(c) || c == '/' })
	if name == "" {
		l.fail(t.line, t.col, "a name must follow '@'")
	}
	return name
}

func (l *lexer) str(t token) string {
	begin := l.at
	for l.at++; l.at < len(l.src) && l.src[l.at] != '"' && l.src[l.at] != '\n'; l.at++ {
		if l.src[l.at] == '\\' {
			l.at++
		}
	}
	if l.at >= len(l.src) || l.src[l.at] != '"' {
		l.at = min(l.at, len(l.src))
		l.fail(t.line, t.col, "string is not closed")
	}
	l.at++
	s, err := strconv.Unquote(l.src[begin:l.at])
	if err != nil {
		l.fail(t.line, t.col, "bad string")
	}
	return s
}

// number reads digits and, in a decimal number, a fraction and an exponent.
func (l *lexer) number() string {
	begin := l.at
	l.run(func(c byte) bool { return isNameByte(c) && c < 0x80 })
	if c := l.src[l.at-1]; (c == 'e' || c == 'E') && !isHex(l.src[begin:l.at]) && l.at < len(l.src) && (l.src[l.at] == '-' || l.src[l.at] == '+') {
		l.at++
		l.run(isNameByte)
	}
	return l.src[begin:l.at]
}

func isHex(s string) bool { return len(s) > 1 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') }
