package parser

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"martlet/python/ast"

	"golang.org/x/text/unicode/norm"
)

// The lexer turns decoded source text into tokens, one at a call. It works on a string that ends in a newline and
// contains no carriage returns; positions come from the byte offset and the offset of the line's start.
//
// Indentation is measured twice, with tabs to columns of 8 and of 1; lines that compare differently are a TabError. Inside
// brackets newlines are space.
//
// An f-string (PEP 701) is a stack entry (fmode). In text mode the lexer yields FStringMiddle tokens; "{" switches to expression mode,
// in which the ordinary rules apply, until the "}" of the same depth or a ":" at that depth, which starts a format
// specification: text mode again. depth counts the brackets open inside the f-string, exprDepth the replacement fields.

const (
	maxParens = 200 // "too many nested parentheses"
	maxIndent = 100 // "too many levels of indentation"
	maxFDepth = 150 // f-strings in f-strings: "too many nested f-strings"
	maxExpr   = 3   // replacement fields in format specifications
)

type paren struct {
	char byte
	line int32
	col  int32
}

// fmode is the state of an f-string being read.
type fmode struct {
	start, lineStart int32 // offset of the opening token and of its line
	line             int32
	quote            byte
	quotes           int // 1 or 3
	raw, text        bool
	inSpec           bool
	depth, exprDepth int
}

type lexer struct {
	src       string
	pos       int
	line      int32
	lineStart int
	atBOL     bool
	noNewline bool // the source's last line had no newline of its own
	indents   []int32
	alts      []int32
	pending   int // dedents (<0) or indents (>0) to be handed out
	parens    []paren
	fstrings  []fmode
	err       *SyntaxError
	blank     bool
	started   bool // a token has been seen on this logical line
	eof       bool // input ended inside a token or bracket
	lazy      bool // the error counts only where the parser asks for the token
	warn      func(w Warning)
}

func (lx *lexer) init(src string) {
	*lx = lexer{src: src, line: 1, atBOL: true, indents: lx.indents[:0], alts: lx.alts[:0], parens: lx.parens[:0], fstrings: lx.fstrings[:0], warn: lx.warn}
	lx.indents = append(lx.indents, 0)
	lx.alts = append(lx.alts, 0)
	if src == "" || src[len(src)-1] != '\n' {
		lx.src, lx.noNewline = src+"\n", true
		if src == "" {
			lx.src = ""
		}
	}
}

// fail records a lexical error at the current line; the column is that of the last character consumed.
func (lx *lexer) fail(format string, args ...any) Token {
	return lx.failAt(lx.line, lx.lineStart, lx.pos, -1, format, args...)
}

// failAt records an error whose column counts the characters between the line's start and end.
func (lx *lexer) failAt(line int32, lineStart, end, endCol int, format string, args ...any) Token {
	end = min(end, len(lx.src))
	lx.err = &SyntaxError{Kind: "SyntaxError", Msg: fmt.Sprintf(format, args...), Line: int(line), EndLine: int(line),
		Col: utf8.RuneCountInString(lx.src[lineStart:end]), EndCol: endCol, Text: strings.TrimSuffix(lineAt(lx.src, lineStart), "\n")}
	if endCol < 0 {
		lx.err.EndCol = lx.err.Col
	}
	return lx.errorToken()
}

func (lx *lexer) errorToken() Token {
	p := int32(min(lx.pos, len(lx.src)))
	return Token{Kind: ErrorToken, Line: lx.line, Col: p - int32(lx.lineStart), EndLine: lx.line, EndCol: p - int32(lx.lineStart), Off: p, End: p}
}

// lineAt returns the line of s that starts at offset i, with its newline.
func lineAt(s string, i int) string {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return s[i : i+n+1]
	}
	return s[i:]
}

// at returns the byte at offset i, 0 beyond the end.
func (lx *lexer) at(i int) byte {
	if i < len(lx.src) {
		return lx.src[i]
	}
	return 0
}

// newline moves the line count past the newline that ends before offset i.
func (lx *lexer) newline(i int) {
	lx.line++
	lx.lineStart = i
}

// token makes a token from off to the current position; it starts at line, whose start is lineStart.
func (lx *lexer) token(k Kind, off int, line int32, lineStart int) Token {
	return Token{Kind: k, Line: line, Col: int32(off - lineStart), EndLine: lx.line, EndCol: int32(lx.pos - lx.lineStart), Off: int32(off), End: int32(lx.pos)}
}

// here makes an empty or one-line token that starts at off in the current line.
func (lx *lexer) here(k Kind, off int) Token {
	return Token{Kind: k, Line: lx.line, Col: int32(off - lx.lineStart), EndLine: lx.line, EndCol: int32(lx.pos - lx.lineStart), Off: int32(off), End: int32(lx.pos)}
}

// next returns the next token.
func (lx *lexer) next() Token {
	if n := len(lx.fstrings); n > 0 && lx.fstrings[n-1].text {
		return lx.fstringText(&lx.fstrings[n-1])
	}
	return lx.normal()
}

// normal reads a token by the ordinary rules.
func (lx *lexer) normal() Token {
	for {
		if lx.atBOL {
			lx.atBOL = false
			if t, bad := lx.indentation(); bad {
				return t
			}
		}
		if lx.pending != 0 {
			return lx.dent()
		}
		src, i := lx.src, lx.pos
		for i < len(src) && (src[i] == ' ' || src[i] == '\t' || src[i] == '\f') {
			i++
		}
		comment := -1
		if i < len(src) && src[i] == '#' {
			comment = i
			n := strings.IndexByte(src[i:], '\n')
			if n < 0 {
				n = len(src) - i
			}
			if strings.IndexByte(src[i:i+n], 0) >= 0 {
				lx.pos = i
			}
			i += n
		}
		lx.pos = i
		if i >= len(src) {
			return lx.end()
		}
		c := src[i]
		if charClass[c] == className {
			return lx.name(i)
		}
		switch {
		case c == '\n':
			lx.pos = i + 1
			if lx.blank || len(lx.parens) > 0 {
				lx.newline(i + 1)
				if len(lx.parens) == 0 {
					lx.atBOL = true
				}
				continue
			}
			if comment >= 0 {
				i = comment
			}
			t := lx.here(Newline, i)
			i = lx.pos - 1
			lx.newline(i + 1)
			lx.atBOL, lx.started = true, false
			return t
		case c == '\\':
			if t, bad := lx.continuation(i); bad {
				return t
			}
			continue
		case c >= '0' && c <= '9' || c == '.' && isDigit(lx.at(i+1)):
			return lx.number(i)
		case c == '\'' || c == '"':
			return lx.str(i, i)
		case c >= 0x80:
			return lx.name(i)
		}
		return lx.operator(i)
	}
}

// end returns the token for the end of the input.
func (lx *lexer) end() Token {
	if len(lx.parens) > 0 {
		lx.eof, lx.lazy = true, true
		lx.err = lx.unclosed()
		return lx.errorToken()
	}
	if lx.started && len(lx.parens) == 0 && len(lx.fstrings) == 0 {
		lx.started = false
		return lx.here(Newline, lx.pos)
	}
	return lx.here(EndMarker, lx.pos)
}

// unclosed is the error for the innermost open bracket at the end of the input.
func (lx *lexer) unclosed() *SyntaxError {
	b := lx.parens[len(lx.parens)-1]
	start := 0
	for n := b.line; n > 1; n-- {
		start += strings.IndexByte(lx.src[start:], '\n') + 1
	}
	text := lineAt(lx.src, start)
	if int(b.line) < strings.Count(lx.src, "\n") {
		text = strings.TrimSuffix(text, "\n")
	}
	return &SyntaxError{Kind: "SyntaxError", Msg: fmt.Sprintf("'%c' was never closed", b.char), Line: int(b.line), EndLine: int(b.line),
		Col: utf8.RuneCountInString(text[:b.col]) + 1, Text: text, IncompleteIn: true}
}

// continuation consumes a backslash and the newline behind it.
func (lx *lexer) continuation(i int) (Token, bool) {
	if i+2 >= len(lx.src) && lx.at(i+1) == '\n' && len(lx.parens) > 0 {
		lx.pos = len(lx.src)
		return lx.end(), true
	}
	if lx.at(i+1) != '\n' {
		lx.pos = i + 1
		t := lx.errorToken()
		if i+1 >= len(lx.src) {
			lx.err = &SyntaxError{Kind: "SyntaxError", Msg: "unexpected EOF while parsing", IncompleteIn: true}
			return t, true
		}
		lx.pos++
		lx.lazy = true
		t = lx.failAt(lx.line, lx.lineStart, lx.pos, 0, "unexpected character after line continuation character")
		lx.err.Text = lineAt(lx.src, lx.lineStart)
		return t, true
	}
	if i+2 >= len(lx.src) {
		lx.pos = len(lx.src)
		lx.eof, lx.lazy = true, true
		t := lx.failAt(lx.line, lx.lineStart, i+2, 0, "unexpected EOF while parsing")
		lx.err.EndCol, lx.err.Text, lx.err.IncompleteIn = -1, lineAt(lx.src, lx.lineStart), true
		return t, true
	}
	lx.pos = i + 2
	lx.newline(i + 2)
	return Token{}, false
}

// indentation measures the white space at the start of a line and decides on indents and dedents.
func (lx *lexer) indentation() (Token, bool) {
	col, alt, i := int32(0), int32(0), lx.pos
	cont := int32(-1)
	for ; ; i++ {
		switch lx.at(i) {
		case ' ':
			col++
			alt++
			continue
		case '\t':
			col = (col/8 + 1) * 8
			alt++
			continue
		case '\f':
			col, alt = 0, 0
			continue
		case '\\':
			if cont < 0 {
				cont = col
			}
			lx.pos = i
			if t, bad := lx.continuation(i); bad {
				return t, true
			}
			i = lx.pos - 1
			continue
		}
		break
	}
	lx.pos = i
	c := lx.at(i)
	if i < len(lx.src) && (c == '#' || c == '\n') {
		lx.blank = true
		return Token{}, false
	}
	lx.blank = false
	if i >= len(lx.src) {
		col, alt = 0, 0
	}
	if cont >= 0 {
		col, alt = cont, cont
	}
	if len(lx.parens) > 0 {
		return Token{}, false
	}
	return lx.indentTo(col, alt)
}

// indentTo compares the line's indentation with the stack.
func (lx *lexer) indentTo(col, alt int32) (Token, bool) {
	top := len(lx.indents) - 1
	switch {
	case col == lx.indents[top]:
		if alt != lx.alts[top] {
			return lx.tabError(), true
		}
	case col > lx.indents[top]:
		if top+1 >= maxIndent {
			lx.failLine("IndentationError", "too many levels of indentation")
			return lx.errorToken(), true
		}
		if alt <= lx.alts[top] {
			return lx.tabError(), true
		}
		lx.pending++
		lx.indents = append(lx.indents, col)
		lx.alts = append(lx.alts, alt)
	default:
		for top > 0 && col < lx.indents[top] {
			lx.pending--
			top--
		}
		lx.indents, lx.alts = lx.indents[:top+1], lx.alts[:top+1]
		if col != lx.indents[top] {
			lx.pending = 0
			lx.failLine("IndentationError", "unindent does not match any outer indentation level")
			return lx.errorToken(), true
		}
		if alt != lx.alts[top] {
			return lx.tabError(), true
		}
	}
	return Token{}, false
}

// failLine records an error about a line's indentation.
func (lx *lexer) failLine(kind, msg string) {
	text := lineAt(lx.src, lx.lineStart)
	col, end := utf8.RuneCountInString(text), -1
	if kind != "IndentationError" || msg[0] == 't' {
		col, end = 1, 0
	}
	lx.lazy = true
	lx.err = &SyntaxError{Kind: kind, Msg: msg, Line: int(lx.line), EndLine: int(lx.line), Col: col, EndCol: end, Text: text}
}

func (lx *lexer) tabError() Token {
	lx.failLine("TabError", "inconsistent use of tabs and spaces in indentation")
	return lx.errorToken()
}

// dent hands out one indent or dedent.
func (lx *lexer) dent() Token {
	if lx.pending < 0 {
		lx.pending++
		return lx.here(Dedent, lx.pos)
	}
	lx.pending--
	t := lx.here(Indent, lx.lineStart)
	return t
}

// Classes of ASCII characters.
const (
	classOther = iota
	className
	classDigit
)

var charClass = func() (t [256]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-32] = className, className
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = classDigit
	}
	t['_'] = className
	return t
}()

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// name reads an identifier, keyword or prefixed string.
func (lx *lexer) name(off int) Token {
	lx.started = true
	src, i := lx.src, off
	for i < len(src) && charClass[src[i]] != classOther {
		i++
	}
	if i < len(src) {
		switch c := src[i]; {
		case c >= 0x80:
			return lx.unicodeName(off, i)
		case (c == '\'' || c == '"') && i-off <= 2:
			if f, ok := stringPrefix(src[off:i]); ok {
				if f {
					return lx.fstringStart(off, i)
				}
				return lx.str(off, i)
			}
		}
	}
	lx.pos = i
	return lx.here(keyword(src[off:i]), off)
}

// stringPrefix reports whether s is a string prefix, and whether it is one of an f-string.
func stringPrefix(s string) (fstring, ok bool) {
	switch s {
	case "r", "R", "u", "U", "b", "B", "br", "bR", "Br", "BR", "rb", "rB", "Rb", "RB":
		return false, true
	case "f", "F", "fr", "fR", "Fr", "FR", "rf", "rF", "Rf", "RF":
		return true, true
	}
	return false, false
}

// unicodeName reads an identifier with characters beyond ASCII.
func (lx *lexer) unicodeName(off, i int) Token {
	for i < len(lx.src) {
		c := lx.src[i]
		if c < 0x80 && charClass[c] == classOther {
			break
		}
		_, n := ast.DecodeRune(lx.src[i:])
		i += n
	}
	lx.pos = i
	if bad, r := badIdentifier(lx.src[off:i]); bad >= 0 {
		lx.pos = off + bad + utf8.RuneLen(r)
		if unicode.IsPrint(r) {
			return lx.fail("invalid character '%c' (U+%04X)", r, r)
		}
		return lx.fail("invalid non-printable character U+%04X", r)
	}
	return lx.here(Name, off)
}

// badIdentifier returns the offset of the first character that may not stand where it does, or -1.
func badIdentifier(s string) (int, rune) {
	for i, r := range s {
		ok := isIDContinue(r)
		if i == 0 {
			ok = isIDStart(r)
		}
		if !ok {
			return i, r
		}
	}
	return -1, 0
}

func isIDStart(r rune) bool {
	if r < 0x80 {
		return charClass[byte(r)] == className
	}
	if !(unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Other_ID_Start, r) || r >= 0x2EBF0 && r <= 0x2EE5D) {
		return false
	}
	// XID closes the property under NFKC.
	return closedUnderNFKC(r, func(q rune) bool {
		return q == '_' || unicode.IsLetter(q) || unicode.Is(unicode.Nl, q) || unicode.Is(unicode.Other_ID_Start, q)
	})
}

func isIDContinue(r rune) bool {
	if r < 0x80 {
		return charClass[byte(r)] != classOther
	}
	return idContinue(r) && closedUnderNFKC(r, idContinue)
}

func idContinue(r rune) bool {
	return unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Start, unicode.Other_ID_Continue) ||
		r >= 0x2EBF0 && r <= 0x2EE5D
}

// closedUnderNFKC reports whether r's compatibility form begins with ok and goes on with identifier characters.
func closedUnderNFKC(r rune, ok func(rune) bool) bool {
	first := true
	for _, q := range norm.NFKC.String(string(r)) {
		if first && !ok(q) || !first && !idContinue(q) {
			return false
		}
		first = false
	}
	return true
}

// operator reads an operator or delimiter at off.
func (lx *lexer) operator(off int) Token {
	lx.started = true
	c := lx.src[off]
	n := len(lx.fstrings)
	if n > 0 && (c == ':' || c == '}' || c == '!' || c == '{') {
		if f := &lx.fstrings[n-1]; f.exprDepth >= 0 && c == ':' && f.depth-1 == f.exprDepth {
			f.text, f.inSpec = true, true
			lx.pos = off + 1
			return lx.here(Colon, off)
		}
	}
	k, size := operatorAt(lx.src, off)
	lx.pos = off + size
	if size == 1 {
		switch c {
		case '(', '[', '{':
			if len(lx.parens) >= maxParens {
				return lx.fail("too many nested parentheses")
			}
			lx.parens = append(lx.parens, paren{c, lx.line, int32(off - lx.lineStart)})
			if n > 0 {
				lx.fstrings[n-1].depth++
			}
		case ')', ']', '}':
			if t, bad := lx.closing(c); bad {
				return t
			}
		}
	}
	if k == Op && (c < ' ' || c == 0x7f) {
		if c == 0 {
			return lx.fail("source code cannot contain null bytes")
		}
		return lx.fail("invalid non-printable character U+%04X", c)
	}
	return lx.here(k, off)
}

// closing checks a closing bracket against the opening one.
func (lx *lexer) closing(c byte) (Token, bool) {
	var f *fmode
	if n := len(lx.fstrings); n > 0 {
		f = &lx.fstrings[n-1]
		if f.depth == 0 && c == '}' {
			return lx.fail("f-string: single '}' is not allowed"), true
		}
	}
	if len(lx.parens) == 0 {
		return lx.fail("unmatched '%c'", c), true
	}
	open := lx.parens[len(lx.parens)-1]
	lx.parens = lx.parens[:len(lx.parens)-1]
	if open.char == '(' && c != ')' || open.char == '[' && c != ']' || open.char == '{' && c != '}' {
		if f != nil && open.char == '{' && f.depth-1 == f.exprDepth {
			return lx.fail("f-string: unmatched '%c'", c), true
		}
		if open.line != lx.line {
			return lx.fail("closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", c, open.char, open.line), true
		}
		return lx.fail("closing parenthesis '%c' does not match opening parenthesis '%c'", c, open.char), true
	}
	if f != nil {
		f.depth--
		if f.depth < 0 {
			return lx.fail("f-string: unmatched '%c'", c), true
		}
		if c == '}' && f.depth == f.exprDepth {
			f.exprDepth--
			f.text, f.inSpec = true, false
		}
	}
	return Token{}, false
}

// operatorAt finds the longest operator at offset i.
func operatorAt(s string, i int) (Kind, int) {
	var c2, c3 byte
	if i+1 < len(s) {
		c2 = s[i+1]
	}
	if i+2 < len(s) {
		c3 = s[i+2]
	}
	eq := func(plain, assign Kind) (Kind, int) {
		if c2 == '=' {
			return assign, 2
		}
		return plain, 1
	}
	double := func(plain, assign, dbl, dblAssign Kind) (Kind, int) {
		if c2 == s[i] {
			if c3 == '=' {
				return dblAssign, 3
			}
			return dbl, 2
		}
		return eq(plain, assign)
	}
	switch s[i] {
	case '(':
		return LPar, 1
	case ')':
		return RPar, 1
	case '[':
		return LSqb, 1
	case ']':
		return RSqb, 1
	case '{':
		return LBrace, 1
	case '}':
		return RBrace, 1
	case ',':
		return Comma, 1
	case ';':
		return Semi, 1
	case '~':
		return Tilde, 1
	case ':':
		return eq(Colon, ColonEqual)
	case '+':
		return eq(Plus, PlusEqual)
	case '-':
		if c2 == '>' {
			return RArrow, 2
		}
		return eq(Minus, MinEqual)
	case '*':
		return double(Star, StarEqual, DoubleStar, DoubleStarEqual)
	case '/':
		return double(Slash, SlashEqual, DoubleSlash, DoubleSlashEqual)
	case '%':
		return eq(Percent, PercentEqual)
	case '&':
		return eq(Amper, AmperEqual)
	case '|':
		return eq(VBar, VBarEqual)
	case '^':
		return eq(Circumflex, CircumflexEqual)
	case '@':
		return eq(At, AtEqual)
	case '=':
		return eq(Equal, EqEqual)
	case '!':
		return eq(Exclamation, NotEqual)
	case '<':
		if c2 == '>' {
			return NotEqual, 2
		}
		return double(Less, LessEqual, LeftShift, LeftShiftEqual)
	case '>':
		return double(Greater, GreaterEqual, RightShift, RightShiftEqual)
	case '.':
		if c2 == '.' && c3 == '.' {
			return Ellipsis, 3
		}
		return Dot, 1
	}
	return Op, 1
}

// str reads a string or bytes literal whose prefix starts at off and whose quote is at q.
func (lx *lexer) str(off, q int) Token {
	lx.started = true
	quote, size := lx.src[q], 1
	line, lineStart := lx.line, lx.lineStart
	i := q + 1
	if lx.at(i) == quote {
		if lx.at(i+1) != quote {
			lx.pos = i + 1
			return lx.here(String, off)
		}
		size, i = 3, i+2
	}
	escaped := false
	for run := 0; run < size; {
		if i >= len(lx.src) || size == 1 && lx.src[i] == '\n' {
			return lx.unterminated(off, line, lineStart, quote, size, escaped, i >= len(lx.src))
		}
		c := lx.src[i]
		i++
		switch c {
		case quote:
			run++
			continue
		case '\n':
			lx.newline(i)
		case '\\':
			switch lx.at(i) {
			case '\n':
				i++
				lx.newline(i)
			case quote:
				escaped = true
				i++
			default:
				if i < len(lx.src) {
					i++
				}
			}
		}
		run = 0
	}
	lx.pos = i
	return lx.token(String, off, line, lineStart)
}

// unterminated reports a string that does not end; the error stands at its opening.
func (lx *lexer) unterminated(off int, line int32, lineStart int, quote byte, size int, escaped, eof bool) Token {
	detected := lx.line
	if eof && lx.lineStart == len(lx.src) {
		detected--
	}
	lx.line, lx.lineStart, lx.pos = line, lineStart, off+1
	if n := len(lx.fstrings); n > 0 && lx.fstrings[n-1].quote == quote && lx.fstrings[n-1].quotes == size {
		return lx.fail("f-string: expecting '}'")
	}
	if size == 3 {
		t := lx.fail("unterminated triple-quoted string literal (detected at line %d)", detected)
		lx.err.IncompleteIn = true
		return t
	}
	if escaped {
		return lx.fail("unterminated string literal (detected at line %d); perhaps you escaped the end quote?", detected)
	}
	return lx.fail("unterminated string literal (detected at line %d)", detected)
}

// fstringStart reads the opening of an f-string.
func (lx *lexer) fstringStart(off, q int) Token {
	lx.started = true
	quote, size := lx.src[q], 1
	if lx.at(q+1) == quote && lx.at(q+2) == quote {
		size = 3
	}
	lx.pos = q + size
	if len(lx.fstrings)+1 >= maxFDepth {
		return lx.fail("too many nested f-strings")
	}
	lx.fstrings = append(lx.fstrings, fmode{start: int32(off), lineStart: int32(lx.lineStart), line: lx.line, quote: quote, quotes: size,
		raw: strings.ContainsAny(lx.src[off:q], "rR"), text: true, exprDepth: -1})
	return lx.here(FStringStart, off)
}

// fstringText reads the next token of an f-string in text mode.
func (lx *lexer) fstringText(f *fmode) Token {
	off, line, lineStart := lx.pos, lx.line, lx.lineStart
	if lx.at(off) == '{' && lx.at(off+1) != '{' {
		return lx.openField(f)
	}
	if closes(lx.src, off, f) {
		lx.pos = off + f.quotes
		lx.fstrings = lx.fstrings[:len(lx.fstrings)-1]
		return lx.here(FStringEnd, off)
	}
	middle := func(end, next int) Token {
		lx.pos = end
		t := lx.token(FStringMiddle, off, line, lineStart)
		t.EndCol += int32(next - end) // of a doubled brace the text has one, the position both
		lx.pos = next
		return t
	}
	named := false
	for i := off; ; {
		inSpec := f.inSpec && f.exprDepth >= 0
		if i >= len(lx.src) || f.quotes == 1 && lx.src[i] == '\n' {
			if inSpec && i < len(lx.src) {
				f.text, f.inSpec = false, false
				return middle(i, i)
			}
			return lx.unterminatedF(f, i >= len(lx.src))
		}
		switch c := lx.src[i]; c {
		case f.quote:
			if closes(lx.src, i, f) {
				return middle(i, i)
			}
		case '\n':
			lx.newline(i + 1)
		case '{':
			if lx.at(i+1) == '{' && !inSpec {
				return middle(i+1, i+2)
			}
			if f.exprDepth+1 >= maxExpr {
				lx.pos = i
				return lx.fail("f-string: expressions nested too deeply")
			}
			t := middle(i, i)
			f.exprDepth++
			f.text, f.inSpec = false, false
			return t
		case '}':
			if named {
				return middle(i+1, i+1)
			}
			if lx.at(i+1) == '}' && !inSpec && f.depth == 0 {
				return middle(i+1, i+2)
			}
			f.text, f.inSpec = false, false
			return middle(i, i)
		case '\\':
			switch e := lx.at(i + 1); {
			case e == '{' || e == '}':
				if !f.raw {
					lx.warnEscape(i, string(e))
				}
			case e == 'N' && !f.raw:
				i++
				if lx.at(i+1) == '{' {
					named = true
					i++
				}
			case e == '\n':
				i++
				lx.newline(i + 1)
			case i+1 < len(lx.src):
				i++
			}
		}
		i++
	}
}

// openField enters a replacement field at a "{" that starts a token.
func (lx *lexer) openField(f *fmode) Token {
	f.exprDepth++
	if f.exprDepth >= maxExpr {
		return lx.fail("f-string: expressions nested too deeply")
	}
	f.text, f.inSpec = false, false
	return lx.normal()
}

// closes reports whether the f-string's closing quotes stand at offset i.
func closes(s string, i int, f *fmode) bool {
	if i >= len(s) || s[i] != f.quote {
		return false
	}
	return f.quotes == 1 || i+2 < len(s) && s[i+1] == f.quote && s[i+2] == f.quote
}

func (lx *lexer) unterminatedF(f *fmode, eof bool) Token {
	detected := lx.line
	if eof && lx.lineStart == len(lx.src) {
		detected--
	}
	lx.line, lx.lineStart, lx.pos = f.line, int(f.lineStart), int(f.start)+1
	if f.quotes == 3 {
		t := lx.fail("unterminated triple-quoted f-string literal (detected at line %d)", detected)
		lx.err.IncompleteIn = true
		return t
	}
	return lx.fail("unterminated f-string literal (detected at line %d)", detected)
}

// warnEscape reports an invalid escape sequence at offset i.
func (lx *lexer) warnEscape(i int, c string) {
	if lx.warn != nil {
		lx.warn(Warning{Kind: "SyntaxWarning", Msg: fmt.Sprintf("invalid escape sequence '\\%s'", c), Line: int(lx.line)})
	}
}

// number reads a number that starts at off.
func (lx *lexer) number(off int) Token {
	lx.started = true
	lx.pos = off
	if lx.src[off] == '0' {
		switch lx.at(off+1) | 0x20 {
		case 'x':
			return lx.radix(off, "hexadecimal", 16)
		case 'o':
			return lx.radix(off, "octal", 8)
		case 'b':
			return lx.radix(off, "binary", 2)
		}
	}
	zeros := lx.src[off] == '0'
	if lx.src[off] != '.' {
		if !lx.digits() {
			return lx.errorToken()
		}
		if zeros && strings.Trim(lx.src[off:lx.pos], "0_") != "" {
			return lx.leadingZeros(off)
		}
	}
	kind := "decimal"
	if lx.at(lx.pos) == '.' {
		kind = "decimal"
		lx.pos++
		if isDigit(lx.at(lx.pos)) && !lx.digits() {
			return lx.errorToken()
		}
	}
	return lx.exponent(off, kind)
}

// leadingZeros handles 0123: a float or imaginary number may begin so, an int may not.
func (lx *lexer) leadingZeros(off int) Token {
	switch c := lx.at(lx.pos); {
	case c == '.' || c == 'e' || c == 'E' || c == 'j' || c == 'J':
		if c == '.' {
			lx.pos++
			if isDigit(lx.at(lx.pos)) && !lx.digits() {
				return lx.errorToken()
			}
		}
		return lx.exponent(off, "decimal")
	}
	nonzero := off
	for lx.src[nonzero] == '0' || lx.src[nonzero] == '_' {
		nonzero++
	}
	lx.failAt(lx.line, lx.lineStart, off+1, utf8.RuneCountInString(lx.src[lx.lineStart:nonzero])+1,
		"leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers")
	return lx.errorToken()
}

// exponent reads the exponent and the imaginary suffix.
func (lx *lexer) exponent(off int, kind string) Token {
	if c := lx.at(lx.pos); c == 'e' || c == 'E' {
		i := lx.pos + 1
		if s := lx.at(i); s == '+' || s == '-' {
			i++
			if !isDigit(lx.at(i)) {
				lx.pos = i
				return lx.fail("invalid decimal literal")
			}
		}
		if isDigit(lx.at(i)) {
			lx.pos = i
			if !lx.digits() {
				return lx.errorToken()
			}
		} else if !lx.numberEnds("decimal") {
			return lx.errorToken()
		} else {
			return lx.here(Number, off)
		}
	}
	if c := lx.at(lx.pos); c == 'j' || c == 'J' {
		lx.pos++
		kind = "imaginary"
		if isDigit(lx.at(lx.pos)) {
			return lx.fail("invalid imaginary literal")
		}
	}
	if !lx.numberEnds(kind) {
		return lx.errorToken()
	}
	return lx.here(Number, off)
}

// digits reads decimal digits with single underscores between them.
func (lx *lexer) digits() bool {
	for {
		for isDigit(lx.at(lx.pos)) {
			lx.pos++
		}
		if lx.at(lx.pos) != '_' {
			return true
		}
		lx.pos++
		if !isDigit(lx.at(lx.pos)) {
			lx.fail("invalid decimal literal")
			return false
		}
	}
}

// radix reads a number with a base prefix.
func (lx *lexer) radix(off int, kind string, base byte) Token {
	lx.pos = off + 2
	valid := func(c byte) bool {
		switch base {
		case 16:
			return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
		}
		return c >= '0' && c < '0'+base
	}
	for first := true; ; first = false {
		if lx.at(lx.pos) == '_' {
			lx.pos++
		} else if !first {
			break
		}
		if c := lx.at(lx.pos); !valid(c) {
			if isDigit(c) {
				lx.pos++
				return lx.fail("invalid digit '%c' in %s literal", c, kind)
			}
			return lx.fail("invalid %s literal", kind)
		}
		for valid(lx.at(lx.pos)) {
			lx.pos++
		}
	}
	if c := lx.at(lx.pos); isDigit(c) {
		lx.pos++
		return lx.fail("invalid digit '%c' in %s literal", c, kind)
	}
	if !lx.numberEnds(kind) {
		return lx.errorToken()
	}
	return lx.here(Number, off)
}

// numberEnds checks what follows a number: a keyword may (with a warning), another name not.
func (lx *lexer) numberEnds(kind string) bool {
	i := lx.pos
	c := lx.at(i)
	if charClass[c] != className && c < 0x80 {
		return true
	}
	for _, w := range [...]string{"and", "else", "for", "if", "in", "is", "or", "not"} {
		if rest, ok := strings.CutPrefix(lx.src[i:], w); ok && (w[0] == 'i' || rest == "" || rest[0] < 0x80 && charClass[rest[0]] != className) {
			if lx.warn != nil {
				lx.warn(Warning{Kind: "SyntaxWarning", Msg: "invalid " + kind + " literal", Line: int(lx.line)})
			}
			return true
		}
	}
	if c >= 0x80 {
		if r, _ := ast.DecodeRune(lx.src[i:]); !isIDContinue(r) {
			return true
		}
	}
	lx.fail("invalid %s literal", kind)
	return false
}
