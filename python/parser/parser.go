// Package parser turns Python 3.13 source text into syntax trees (package ast).
//
//	token.go       token kinds, Token, SyntaxError
//	lexer.go       characters to tokens, f-strings included
//	parser.go      Parse, and the machinery of the fast parser
//	expr.go        expressions: recursive descent, operators by precedence
//	stmt.go        statements
//	pattern.go     patterns of match
//	literal.go     numbers, strings, f-strings
//	source.go      encodings: bytes to text
//	peg.go         a small parsing-expression machine, run only when the fast parser failed
//	grammar.go     the grammar it runs, with CPython's error rules
//	errors.go      the actions of the error rules: messages and places
//
// Two parsers, one language. The fast parser is predictive, knows nothing of error messages and stops at the first
// token that fits nowhere. Then the text is parsed again by the PEG machine, which imitates the order in which CPython's generated
// parser tries things, so that the same error is found at the same place; speed does not matter there.
package parser

import (
	"strings"

	"martlet/python/ast"

	"golang.org/x/text/unicode/norm"
)

// Mode is what kind of text is parsed.
type Mode uint8

// The modes of compile(), and "func_type".
const (
	Exec Mode = iota
	Eval
	Single
	FuncType
)

// Warning is a SyntaxWarning or DeprecationWarning.
type Warning struct {
	Kind, Msg string
	Line      int
}

// Options are the options of Parse.
type Options struct {
	Mode Mode
	// Warn receives warnings, in order. Returning true makes the warning a SyntaxError.
	Warn func(Warning) bool
	// Barry allows <> in place of != (from __future__ import barry_as_FLUFL).
	Barry bool
	// MaxDigits limits decimal int literals (sys.set_int_max_str_digits); 0 means CPython's default of 4300, negative no limit.
	MaxDigits int
}

// maxDepth bounds the parser's recursion.
const maxDepth = 4000

type bail struct{} // panicked with where the text is no Python

type parser struct {
	lx       lexer
	src      string
	toks     []Token
	pos      int
	k        Kind // toks[pos].Kind
	last     int  // the last token consumed that is no white space
	depth    int
	names    map[string]string
	opt      *Options
	err      *SyntaxError // an error found by an action
	errIn    int          // not 0: err is of the f-string around this token
	bareEnd  bool         // the text is a compound statement that lacks its newline
	tooDeep  bool
	warnedAt int32 // 1 + offset of the literal that was last warned of
}

// Parse parses decoded source text. The error is a *SyntaxError.
func Parse(src string, opt Options) (ast.Mod, error) {
	src = normalize(src)
	p := &parser{opt: &opt, names: make(map[string]string, 64)}
	p.lx.warn = func(w Warning) { p.warn(w) }
	p.start(src)
	if m := p.try(opt.Mode); m != nil {
		return m, nil
	}
	if p.tooDeep {
		return nil, &SyntaxError{Kind: "MemoryError", Msg: "Parser stack overflowed - Python source too complex to parse", NoPlace: true}
	}
	return nil, diagnose(src, &opt, p)
}

// normalize makes every newline "\n".
func normalize(src string) string {
	if strings.IndexByte(src, '\r') < 0 {
		return src
	}
	return strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
}

// start prepares the parser for src.
func (p *parser) start(src string) {
	p.lx.init(src)
	p.src = p.lx.src
	p.toks = make([]Token, 0, len(src)/5+8)
	p.pos, p.last = 0, -1
}

// try runs the fast parser; nil if the text does not parse.
func (p *parser) try(mode Mode) (m ast.Mod) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(bail); !ok {
				panic(r)
			}
			m = nil
		}
	}()
	p.fetch()
	p.k = p.toks[0].Kind
	switch mode {
	case Eval:
		return p.evalInput()
	case Single:
		return p.single()
	case FuncType:
		return p.funcType()
	}
	body := p.statements(EndMarker)
	return &ast.Module{Body: body}
}

func (p *parser) evalInput() ast.Mod {
	e := p.expressions()
	for p.k == Newline {
		p.advance()
	}
	p.want(EndMarker)
	return &ast.Expression{Body: e}
}

func (p *parser) single() ast.Mod {
	var body []ast.Stmt
	if p.k == Newline {
		p.advance()
		return &ast.Interactive{Body: []ast.Stmt{&ast.Pass{Pos: p.span(0)}}}
	}
	simple := !compoundStart(p)
	body = p.statement(body)
	if end := &p.toks[p.pos-1]; !simple && p.lx.noNewline && end.Kind == Newline && int(end.End) >= len(p.src)-1 {
		p.bareEnd = true
		p.fail()
	}
	for p.k == Newline {
		p.advance()
	}
	if p.k != EndMarker {
		p.fail()
	}
	return &ast.Interactive{Body: body}
}

func (p *parser) funcType() ast.Mod {
	p.need(LPar)
	f := &ast.FunctionType{}
	for p.k != RPar {
		if p.k == Star || p.k == DoubleStar {
			p.advance()
		}
		f.Argtypes = append(f.Argtypes, p.expression())
		if p.k != Comma {
			break
		}
		p.advance()
	}
	p.need(RPar)
	p.need(RArrow)
	f.Returns = p.expression()
	for p.k == Newline {
		p.advance()
	}
	p.want(EndMarker)
	return f
}

// fetch reads one more token.
func (p *parser) fetch() {
	t := p.lx.next()
	if t.Kind == ErrorToken {
		panic(bail{})
	}
	p.toks = append(p.toks, t)
}

// advance goes to the next token.
func (p *parser) advance() {
	if p.k != Newline && p.k != Indent && p.k != Dedent {
		p.last = p.pos
	}
	p.pos++
	if p.pos == len(p.toks) {
		p.fetch()
	}
	p.k = p.toks[p.pos].Kind
}

// reset goes back to token i.
func (p *parser) reset(i, last int) {
	p.pos, p.last = i, last
	p.k = p.toks[i].Kind
}

// peek returns the kind of the n-th token from here.
func (p *parser) peek(n int) Kind {
	for p.pos+n >= len(p.toks) {
		if len(p.toks) > 0 && p.toks[len(p.toks)-1].Kind == EndMarker {
			return EndMarker
		}
		p.fetch()
	}
	return p.toks[p.pos+n].Kind
}

func (p *parser) fail() { panic(bail{}) }

// want fails unless the current token is k.
func (p *parser) want(k Kind) {
	if p.k != k {
		p.fail()
	}
}

// need consumes a token of kind k.
func (p *parser) need(k Kind) {
	if p.k != k {
		p.fail()
	}
	p.advance()
}

// accept consumes a token of kind k if there is one.
func (p *parser) accept(k Kind) bool {
	if p.k != k {
		return false
	}
	p.advance()
	return true
}

// span is the position from token s to the last token consumed.
func (p *parser) span(s int) ast.Pos {
	t, e := &p.toks[s], &p.toks[max(p.last, 0)]
	return ast.Pos{Line: t.Line, Col: t.Col, EndLine: e.EndLine, EndCol: e.EndCol}
}

// enter counts a level of recursion; every enter has a leave.
func (p *parser) enter() {
	p.depth++
	if p.depth > maxDepth {
		p.tooDeep = true
		p.fail()
	}
}

func (p *parser) leave() { p.depth-- }

// text is the source text of a token.
func (p *parser) text(t *Token) string { return p.src[t.Off:t.End] }

// intern returns s, shared among its uses and independent of the source text.
func (p *parser) intern(s string) string {
	if x, ok := p.names[s]; ok {
		return x
	}
	key := strings.Clone(s)
	p.names[key] = key
	return key
}

// identifier is the name of a token, in normal form KC.
func (p *parser) identifier(t *Token) string {
	s := p.text(t)
	if x, ok := p.names[s]; ok {
		return x
	}
	for i := range len(s) {
		if s[i] >= 0x80 {
			x := norm.NFKC.String(s)
			p.names[strings.Clone(s)] = x
			return x
		}
	}
	return p.intern(s)
}

// name consumes a NAME.
func (p *parser) name() string {
	p.want(Name)
	s := p.identifier(&p.toks[p.pos])
	p.advance()
	return s
}

// is reports whether the current token is the soft keyword s.
func (p *parser) is(s string) bool { return p.k == Name && p.text(&p.toks[p.pos]) == s }

// warn hands out a warning.
func (p *parser) warn(w Warning) {
	if p.opt.Warn != nil && p.opt.Warn(w) {
		p.err = &SyntaxError{Kind: "SyntaxError", Msg: w.Msg, Line: w.Line}
		p.fail()
	}
}
