package parser

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"martlet/python/ast"
	"martlet/python/internal/unidata"
)

// Literals: numbers, strings and f-strings.

// number returns the value of a number token.
func (p *parser) number(t *Token) any {
	s := p.text(t)
	if len(s) < 18 && strings.IndexByte(s, '_') < 0 {
		n := int64(0)
		for i := 0; ; i++ {
			if i == len(s) {
				return n
			}
			if !isDigit(s[i]) {
				break
			}
			n = n*10 + int64(s[i]-'0')
		}
	}
	v, err := numberValue(strings.ReplaceAll(s, "_", ""), p.opt.MaxDigits)
	if err != "" {
		p.err = &SyntaxError{Kind: "SyntaxError", Msg: err}
		p.fail()
	}
	return v
}

// numberValue converts the text of a number without underscores.
func numberValue(s string, maxDigits int) (any, string) {
	if len(s) > 2 && s[0] == '0' {
		base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
		if base != 0 {
			return bigInt(s[2:], base), ""
		}
	}
	if c := s[len(s)-1]; c == 'j' || c == 'J' {
		f, _ := strconv.ParseFloat(s[:len(s)-1], 64)
		return complex(0, f), ""
	}
	if strings.ContainsAny(s, ".eE") {
		f, _ := strconv.ParseFloat(s, 64)
		return f, ""
	}
	if maxDigits == 0 {
		maxDigits = 4300
	}
	if maxDigits > 0 && len(s) > maxDigits {
		return nil, fmt.Sprintf("Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.", maxDigits, len(s))
	}
	return bigInt(s, 10), ""
}

// bigInt is the int constant with these digits.
func bigInt(s string, base int) any {
	if n, err := strconv.ParseInt(s, base, 64); err == nil {
		return n
	}
	n, _ := new(big.Int).SetString(s, base)
	return n
}

// strings parses adjacent string and f-string literals.
func (p *parser) strings() ast.Expr {
	s := p.pos
	if p.k == String {
		if next := p.peek(1); next != String && next != FStringStart {
			c := p.stringLiteral()
			return c
		}
	}
	var parts []ast.Expr
	for {
		switch p.k {
		case String:
			parts = append(parts, p.stringLiteral())
			continue
		case FStringStart:
			parts = append(parts, p.fstring())
			continue
		}
		break
	}
	e := concat(parts, p.span(s))
	if e == nil {
		p.err = &SyntaxError{Kind: "SyntaxError", Msg: "cannot mix bytes and nonbytes literals"}
		p.fail()
	}
	return e
}

// concat joins adjacent literals as CPython does: constants merge, empty ones vanish from f-strings. nil: bytes and str mixed.
func concat(parts []ast.Expr, pos ast.Pos) ast.Expr {
	var flat []ast.Expr
	fstring, bytes, text := false, false, false
	for _, e := range parts {
		switch e := e.(type) {
		case *ast.JoinedStr:
			fstring = true
			flat = append(flat, e.Values...)
		case *ast.Constant:
			if _, ok := e.Value.(ast.Bytes); ok {
				bytes = true
			} else {
				text = true
			}
			flat = append(flat, e)
		default:
			flat = append(flat, e)
		}
	}
	if bytes && (text || fstring) {
		return nil
	}
	if bytes {
		return concatBytes(flat, pos)
	}
	values := mergeConstants(flat, fstring)
	if !fstring {
		return values[0]
	}
	return &ast.JoinedStr{Pos: pos, Values: values}
}

func concatBytes(flat []ast.Expr, pos ast.Pos) ast.Expr {
	var b strings.Builder
	for _, e := range flat {
		b.WriteString(string(e.(*ast.Constant).Value.(ast.Bytes)))
	}
	return &ast.Constant{Pos: pos, Value: ast.Bytes(b.String())}
}

// mergeConstants joins neighbouring constants.
func mergeConstants(flat []ast.Expr, dropEmpty bool) []ast.Expr {
	var out []ast.Expr
	for i := 0; i < len(flat); i++ {
		c, ok := flat[i].(*ast.Constant)
		if !ok {
			out = append(out, flat[i])
			continue
		}
		j := i + 1
		last := c
		text := c.Value.(string)
		if j < len(flat) && isConstant(flat[j]) {
			var b strings.Builder
			b.WriteString(text)
			for ; j < len(flat) && isConstant(flat[j]); j++ {
				last = flat[j].(*ast.Constant)
				b.WriteString(last.Value.(string))
			}
			text = b.String()
		}
		i = j - 1
		if dropEmpty && text == "" {
			continue
		}
		pos := c.Pos
		pos.EndLine, pos.EndCol = last.EndLine, last.EndCol
		out = append(out, &ast.Constant{Pos: pos, Value: text, Kind: c.Kind})
	}
	return out
}

func isConstant(e ast.Expr) bool {
	_, ok := e.(*ast.Constant)
	return ok
}

// stringLiteral parses one string or bytes token.
func (p *parser) stringLiteral() ast.Expr {
	s := p.pos
	t := &p.toks[s]
	v, kind, bad := literalValue(p.text(t), func(off int, c string) { p.badEscape(t, off, c) })
	if bad != "" {
		p.err = &SyntaxError{Kind: "SyntaxError", Msg: bad}
		p.fail()
	}
	if str, ok := v.(string); ok && len(str) <= 40 {
		v = p.intern(str)
	}
	p.advance()
	return &ast.Constant{Pos: p.span(s), Value: v, Kind: kind}
}

// badEscape warns of an invalid escape sequence at offset off of a token.
func (p *parser) badEscape(t *Token, off int, c string) {
	if p.warnedAt == t.Off+1 {
		return // only the first of a literal counts
	}
	p.warnedAt = t.Off + 1
	line := int(t.Line) + strings.Count(p.src[t.Off:int(t.Off)+off], "\n")
	msg := fmt.Sprintf("invalid escape sequence '\\%s'", c)
	if len(c) > 1 {
		msg = fmt.Sprintf("invalid octal escape sequence '\\%s'", c)
	}
	p.warn(Warning{Kind: "SyntaxWarning", Msg: msg, Line: line})
}

// literalValue returns the value of a string or bytes literal, its kind ("u" or ""), or the text of its error. warn is told of
// invalid escapes: offset in the token, and what follows the backslash.
func literalValue(s string, warn func(int, string)) (value any, kind, bad string) {
	raw, bytes, i := false, false, 0
	for ; s[i] != '\'' && s[i] != '"'; i++ {
		switch s[i] {
		case 'r', 'R':
			raw = true
		case 'b', 'B':
			bytes = true
		case 'u':
			kind = "u"
		}
	}
	quotes := 1
	if len(s)-i >= 6 && s[i+1] == s[i] && s[i+2] == s[i] {
		quotes = 3
	}
	body := s[i+quotes : len(s)-quotes]
	shift := i + quotes
	esc := func(off int, c string) {
		if warn != nil {
			warn(off+shift, c)
		}
	}
	if bytes {
		for j := range len(body) {
			if body[j] >= 0x80 {
				return nil, "", "bytes can only contain ASCII literal characters"
			}
		}
		if raw || strings.IndexByte(body, '\\') < 0 {
			return ast.Bytes(strings.Clone(body)), kind, ""
		}
		b, bad := decodeBytes(body, esc)
		return ast.Bytes(b), kind, bad
	}
	if raw || strings.IndexByte(body, '\\') < 0 {
		if len(body) <= 40 {
			return body, kind, ""
		}
		return strings.Clone(body), kind, ""
	}
	str, bad := decodeString(body, esc)
	return str, kind, bad
}

// simpleEscape maps the one-letter escapes; 0 stands for none.
func simpleEscape(c byte) (byte, bool) {
	switch c {
	case '\\', '\'', '"':
		return c, true
	case 'a':
		return 7, true
	case 'b':
		return 8, true
	case 'f':
		return 12, true
	case 'n':
		return 10, true
	case 'r':
		return 13, true
	case 't':
		return 9, true
	case 'v':
		return 11, true
	}
	return 0, false
}

// octal reads up to three octal digits at s[i:].
func octal(s string, i int) (v, next int) {
	for next = i; next < len(s) && next < i+3 && s[next] >= '0' && s[next] <= '7'; next++ {
		v = v*8 + int(s[next]-'0')
	}
	return v, next
}

// hexDigits reads exactly n hexadecimal digits at s[i:]; next is where the digits end.
func hexDigits(s string, i, n int) (v rune, next int) {
	for next = i; next < len(s) && next < i+n; next++ {
		c := s[next]
		switch {
		case isDigit(c):
			v = v<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return v, next
		}
	}
	return v, next
}

// decodeBytes decodes the escapes of a bytes literal.
func decodeBytes(s string, warn func(int, string)) (string, string) {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		i++
		c := s[i]
		if e, ok := simpleEscape(c); ok {
			b = append(b, e)
			continue
		}
		switch {
		case c == '\n':
		case c >= '0' && c <= '7':
			v, next := octal(s, i)
			if v > 0o377 {
				warn(i-1, s[i:next])
			}
			b = append(b, byte(v))
			i = next - 1
		case c == 'x':
			v, next := hexDigits(s, i+1, 2)
			if next != i+3 {
				return "", fmt.Sprintf("(value error) invalid \\x escape at position %d", i-1)
			}
			b = append(b, byte(v))
			i = next - 1
		default:
			warn(i-1, string(rune(c)))
			b = append(b, '\\', c)
		}
	}
	return string(b), ""
}

// decodeString decodes the escapes of a str literal.
func decodeString(s string, warn func(int, string)) (string, string) {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		i++
		if i >= len(s) {
			b = append(b, '\\') // before a "{" of an f-string
			break
		}
		c := s[i]
		if e, ok := simpleEscape(c); ok {
			b = append(b, e)
			continue
		}
		switch {
		case c == '\n':
		case c >= '0' && c <= '7':
			v, next := octal(s, i)
			if v > 0o377 {
				warn(i-1, s[i:next])
			}
			b = ast.AppendRune(b, rune(v))
			i = next - 1
		case c == 'x' || c == 'u' || c == 'U':
			n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			v, next := hexDigits(s, i+1, n)
			if next != i+1+n {
				return "", unicodeError(s, i-1, next-1, "truncated \\"+string(rune(c))+strings.Repeat("X", n)+" escape")
			}
			if uint32(v) > 0x10FFFF {
				return "", unicodeError(s, i-1, next-1, "illegal Unicode character")
			}
			b = ast.AppendRune(b, v)
			i = next - 1
		case c == 'N':
			r, next, bad := namedEscape(s, i)
			if bad != "" {
				return "", bad
			}
			b = ast.AppendRune(b, r)
			i = next - 1
		default:
			r, n := ast.DecodeRune(s[i:])
			warn(i-1, string(r))
			b = append(b, '\\')
			b = append(b, s[i:i+n]...)
			i += n - 1
		}
	}
	return string(b), ""
}

// namedEscape decodes \N{name}; i is the offset of the N.
func namedEscape(s string, i int) (r rune, next int, bad string) {
	end := -1
	if i+1 < len(s) && s[i+1] == '{' {
		end = strings.IndexByte(s[i:], '}')
	}
	if end < 0 || end == 2 {
		stop := i
		if i+1 < len(s) && s[i+1] == '{' {
			stop = len(s) - 1
			if end == 2 {
				stop = i + 1
			}
		}
		return 0, 0, unicodeError(s, i-1, stop, "malformed \\N character escape")
	}
	r, ok := unidata.LookupName(s[i+2 : i+end])
	if !ok {
		return 0, 0, unicodeError(s, i-1, i+end, "unknown Unicode character name")
	}
	return r, i + end + 1, ""
}

// unicodeError words a decoding error of the escape in s[from:to+1]. CPython decodes a text in which characters beyond
// ASCII have become ten-byte escapes, and its positions count those bytes.
func unicodeError(s string, from, to int, reason string) string {
	at := func(i int) int {
		n := 0
		for _, r := range s[:min(i, len(s))] {
			if r < utf8.RuneSelf {
				n++
			} else {
				n += 10
			}
		}
		return n
	}
	a, z := at(from), at(to)
	if a == z {
		return fmt.Sprintf("(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position %d: %s", a, reason)
	}
	return fmt.Sprintf("(unicode error) 'unicodeescape' codec can't decode bytes in position %d-%d: %s", a, z, reason)
}

// fstring parses one f-string literal.
func (p *parser) fstring() ast.Expr {
	p.enter()
	defer p.leave()
	s := p.pos
	raw := strings.ContainsAny(p.text(&p.toks[s]), "rR")
	p.advance()
	var values []ast.Expr
	for p.k != FStringEnd {
		if p.k == FStringMiddle {
			if c := p.fstringText(raw); c.Value != "" {
				values = append(values, c)
			}
			continue
		}
		values = p.replacement(values, !raw)
	}
	p.advance()
	return &ast.JoinedStr{Pos: p.span(s), Values: values}
}

// fstringText parses an FStringMiddle token.
func (p *parser) fstringText(raw bool) *ast.Constant {
	s := p.pos
	t := &p.toks[s]
	text := p.text(t)
	if !raw {
		text = p.decodeText(t, text, s)
	}
	p.advance()
	return &ast.Constant{Pos: p.span(s), Value: strings.Clone(text)}
}

// decodeText decodes the escapes of a text that stands at t in an f-string; at is a token of that.
func (p *parser) decodeText(t *Token, text string, at int) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	text, bad := decodeString(text, func(off int, c string) {
		if c != "{" && c != "}" {
			p.badEscape(t, off, c)
		}
	})
	if bad != "" {
		p.err, p.errIn = &SyntaxError{Kind: "SyntaxError", Msg: bad}, at
		p.fail()
	}
	return text
}

// replacement parses a replacement field and appends its value to values, after the text of `{x=}` if it has that form. CPython takes that text
// for a part of the string: escapes that stand in it are decoded.
func (p *parser) replacement(values []ast.Expr, escapes bool) []ast.Expr {
	p.enter()
	defer p.leave()
	s := p.pos
	p.need(LBrace)
	textStart := int(p.toks[s].End)
	f := &ast.FormattedValue{Conversion: -1}
	f.Value = p.yieldOr()
	debug := p.accept(Equal)
	textEnd := int(p.toks[p.pos].Off)
	endLine, endCol := int32(0), int32(0)
	if p.k == Exclamation {
		bang := p.toks[p.pos]
		p.advance()
		t := p.toks[p.pos]
		conv := p.name()
		if t.Off != bang.End || len(conv) != 1 || strings.IndexByte("sra", conv[0]) < 0 {
			p.fail()
		}
		f.Conversion = int(conv[0])
		endLine, endCol = t.Line, t.Col
	}
	if p.k == Colon {
		if endLine == 0 {
			endLine, endCol = p.toks[p.pos].Line, p.toks[p.pos].EndCol
		}
		f.FormatSpec = p.formatSpec()
	} else if debug && f.Conversion < 0 {
		f.Conversion = 'r'
	}
	p.need(RBrace)
	f.Pos = p.span(s)
	if !debug {
		return append(values, f)
	}
	if endLine == 0 {
		endLine, endCol = f.EndLine, f.EndCol
	}
	shown := stripComments(p.src[textStart:textEnd])
	if escapes {
		p.warnedAt = 0
		shown = p.decodeText(&Token{Off: int32(textStart), Line: f.Line}, shown, s)
	}
	text := &ast.Constant{Value: shown,
		Pos: ast.Pos{Line: f.Line, Col: f.Col + 1, EndLine: endLine, EndCol: endCol - 1}}
	return append(values, text, f)
}

// stripComments removes the comments from the text of a debug expression.
func stripComments(s string) string {
	if strings.IndexByte(s, '#') < 0 {
		return strings.Clone(s)
	}
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\'' || c == '"':
			if quote == 0 {
				quote = c
			} else if quote == c {
				quote = 0
			}
		case c == '#' && quote == 0:
			for i+1 < len(s) && s[i+1] != '\n' {
				i++
			}
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// formatSpec parses ":" and the format specification behind it.
func (p *parser) formatSpec() ast.Expr {
	s := p.pos
	p.need(Colon)
	var values []ast.Expr
	fields := false
	for p.k != RBrace {
		switch p.k {
		case FStringMiddle:
			if c := p.fstringText(false); c.Value != "" {
				values = append(values, c)
			}
		case LBrace:
			values = p.replacement(values, false)
			fields = true
		default:
			p.fail()
		}
	}
	pos := p.span(s)
	if fields || len(values) > 1 {
		values = mergeConstants(values, true)
	}
	return &ast.JoinedStr{Pos: pos, Values: values}
}
