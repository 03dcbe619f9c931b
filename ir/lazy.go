package ir

import (
	"strings"
	"sync"
)

// Reading a module of which little will be used: declarations, globals and the heads of functions are parsed, bodies are skipped to the line that begins with
// their closing brace, and parsed by Func.Load when somebody wants them. Skipping is a search for bytes, some twenty times as fast as parsing.
//
// Loading a body writes to its function only, so that functions of one module may be loaded by several goroutines: the names of alias classes,
// which a body may introduce, are collected while it is skipped.

// lazyBody is the text of a body that was skipped.
type lazyBody struct {
	once sync.Once
	at   lexer // behind the line of the opening brace
	err  error
	parseScope
}

// ParseLazy reads a module as Parse does, but without the bodies of its functions: they have no blocks before Func.Load. Faults outside of bodies are
// reported now, others by Load. An engine loads what it compiles; everybody else who is to work on such a module wants Module.Load first.
func ParseLazy(name, src string) (*Module, error) {
	return parseModule(name, src, true)
}

// Load reads and verifies the function's body, if it has not been read yet. Any goroutine may call it at any time. The error, a *ParseError or a *VerifyError,
// is the same every time.
func (f *Func) Load() error {
	l := f.lazy
	if l == nil {
		return nil
	}
	l.once.Do(func() {
		if l.err = l.parse(f); l.err == nil {
			l.err = VerifyFunc(f)
		}
		if l.err != nil {
			f.Blocks = nil // nobody shall work on it
		}
		l.at.src = "" // free the text with the last body
	})
	return l.err
}

// Load loads every function of the module and returns the first error.
func (m *Module) Load() error {
	for _, f := range m.Funcs {
		if err := f.Load(); err != nil {
			return err
		}
	}
	return nil
}

func (l *lazyBody) parse(f *Func) error {
	return recoverParse(func() {
		p := &parser{lexer: l.at, parseScope: l.parseScope}
		p.advance()
		p.build(p.blocksOf(f))
	})
}

// skipBody goes from behind the opening brace's line to the closing brace, which is the first in a line and the only token that can be there.
func (p *parser) skipBody(f *Func) {
	if len(p.mod.Files) == 0 {
		p.mod.Files = []string{p.file}
	}
	f.lazy = &lazyBody{at: p.lexer, parseScope: p.parseScope}
	begin := p.at
	end := bodyEnd(p.src, begin)
	body := p.src[begin:end]
	p.classes(body)
	p.at = end
	if n := strings.Count(body, "\n"); n > 0 {
		p.line += int32(n)
		p.start = begin + strings.LastIndexByte(body, '\n') + 1
	}
	p.advance()
}

// bodyEnd returns the offset of the first '}' from begin on that only blanks precede in its line, or the text's end.
func bodyEnd(src string, begin int) int {
	for at := begin; ; at++ {
		k := strings.IndexByte(src[at:], '}')
		if k < 0 {
			return len(src)
		}
		at += k
		i := at
		for i > begin && (src[i-1] == ' ' || src[i-1] == '\t' || src[i-1] == '\r') {
			i--
		}
		if i == begin || src[i-1] == '\n' {
			return at
		}
	}
}

// classes numbers the alias classes that a body names. (A comment that looks like a class becomes one: no harm.)
func (p *parser) classes(body string) {
	for {
		k := strings.IndexByte(body, '#')
		if k < 0 {
			return
		}
		body = body[k+1:]
		n := 0
		for n < len(body) && isNameByte(body[n]) {
			n++
		}
		if name := body[:n]; n > 0 && !isDigits(name) {
			p.mod.Class(name)
		}
	}
}
