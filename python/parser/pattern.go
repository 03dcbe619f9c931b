package parser

import "martlet/python/ast"

// Patterns of match statements.

// patterns parses a case's pattern, an open sequence included.
func (p *parser) patterns() ast.Pattern {
	s := p.pos
	first := p.maybeStar()
	if p.k != Comma {
		if _, star := first.(*ast.MatchStar); star {
			p.fail()
		}
		return first
	}
	l := []ast.Pattern{first}
	for p.accept(Comma) {
		if p.k == Colon || p.k == KwIf {
			break
		}
		l = append(l, p.maybeStar())
	}
	return &ast.MatchSequence{Pos: p.span(s), Patterns: l}
}

// maybeStar parses a pattern or *name.
func (p *parser) maybeStar() ast.Pattern {
	if p.k != Star {
		return p.pattern()
	}
	s := p.pos
	p.advance()
	name := p.name()
	if name == "_" {
		name = ""
	}
	return &ast.MatchStar{Pos: p.span(s), Name: name}
}

// pattern parses alternatives and "as".
func (p *parser) pattern() ast.Pattern {
	p.enter()
	defer p.leave()
	s := p.pos
	pat := p.closed()
	if p.k == VBar {
		alts := []ast.Pattern{pat}
		for p.accept(VBar) {
			alts = append(alts, p.closed())
		}
		pat = &ast.MatchOr{Pos: p.span(s), Patterns: alts}
	}
	if p.accept(KwAs) {
		if p.is("_") {
			p.fail()
		}
		name := p.name()
		if p.k == Dot || p.k == LPar || p.k == Equal {
			p.fail()
		}
		return &ast.MatchAs{Pos: p.span(s), Pattern: pat, Name: name}
	}
	return pat
}

// closed parses a closed pattern.
func (p *parser) closed() ast.Pattern {
	s := p.pos
	switch p.k {
	case Number, Minus:
		v := p.patternNumber()
		return &ast.MatchValue{Pos: p.span(s), Value: v}
	case String, FStringStart:
		v := p.strings()
		return &ast.MatchValue{Pos: p.span(s), Value: v}
	case KwNone:
		p.advance()
		return &ast.MatchSingleton{Pos: p.span(s)}
	case KwTrue, KwFalse:
		v := p.k == KwTrue
		p.advance()
		return &ast.MatchSingleton{Pos: p.span(s), Value: v}
	case Name:
		return p.namePattern()
	case LPar:
		return p.groupPattern()
	case LSqb:
		p.advance()
		l := p.sequencePatterns(nil, RSqb)
		p.need(RSqb)
		return &ast.MatchSequence{Pos: p.span(s), Patterns: l}
	case LBrace:
		return p.mappingPattern()
	}
	p.fail()
	return nil
}

// namePattern parses a capture, wildcard, dotted value or class pattern.
func (p *parser) namePattern() ast.Pattern {
	s := p.pos
	if next := p.peek(1); next != Dot && next != LPar && next != Equal {
		name := p.name()
		if name == "_" {
			name = ""
		}
		return &ast.MatchAs{Pos: p.span(s), Name: name}
	}
	v := p.dottedName()
	switch p.k {
	case LPar:
		return p.classPattern(s, v)
	case Equal:
		p.fail()
	}
	return &ast.MatchValue{Pos: p.span(s), Value: v}
}

// dottedName parses NAME ('.' NAME)*.
func (p *parser) dottedName() ast.Expr {
	s := p.pos
	var e ast.Expr = p.nameExpr(ast.Load)
	for p.accept(Dot) {
		attr := p.name()
		e = &ast.Attribute{Pos: p.span(s), Value: e, Attr: attr}
	}
	return e
}

func (p *parser) classPattern(s int, cls ast.Expr) ast.Pattern {
	c := &ast.MatchClass{Cls: cls}
	p.need(LPar)
	for p.k != RPar {
		if p.k == Name && p.peek(1) == Equal {
			c.KwdAttrs = append(c.KwdAttrs, p.name())
			p.advance()
			c.KwdPatterns = append(c.KwdPatterns, p.pattern())
		} else {
			if len(c.KwdAttrs) > 0 {
				p.fail()
			}
			c.Patterns = append(c.Patterns, p.pattern())
		}
		if !p.accept(Comma) {
			break
		}
	}
	p.need(RPar)
	c.Pos = p.span(s)
	return c
}

func (p *parser) groupPattern() ast.Pattern {
	s := p.pos
	p.need(LPar)
	if p.accept(RPar) {
		return &ast.MatchSequence{Pos: p.span(s)}
	}
	first := p.maybeStar()
	if p.k == RPar {
		if _, star := first.(*ast.MatchStar); star {
			p.fail()
		}
		p.advance()
		return first
	}
	p.need(Comma)
	l := p.sequencePatterns([]ast.Pattern{first}, RPar)
	p.need(RPar)
	return &ast.MatchSequence{Pos: p.span(s), Patterns: l}
}

// sequencePatterns parses patterns separated by commas up to the closing bracket.
func (p *parser) sequencePatterns(l []ast.Pattern, end Kind) []ast.Pattern {
	for p.k != end {
		l = append(l, p.maybeStar())
		if !p.accept(Comma) {
			break
		}
	}
	return l
}

func (p *parser) mappingPattern() ast.Pattern {
	s := p.pos
	p.need(LBrace)
	m := &ast.MatchMapping{}
	for p.k != RBrace {
		if p.accept(DoubleStar) {
			if m.Rest = p.name(); m.Rest == "_" {
				p.fail()
			}
			p.accept(Comma)
			break
		}
		m.Keys = append(m.Keys, p.mappingKey())
		p.need(Colon)
		m.Patterns = append(m.Patterns, p.pattern())
		if !p.accept(Comma) {
			break
		}
	}
	p.need(RBrace)
	m.Pos = p.span(s)
	return m
}

// mappingKey parses a literal or dotted name.
func (p *parser) mappingKey() ast.Expr {
	switch p.k {
	case Number, Minus:
		return p.patternNumber()
	case String, FStringStart:
		return p.strings()
	case KwNone, KwTrue, KwFalse:
		return p.atom()
	case Name:
		if p.peek(1) == Dot {
			return p.dottedName()
		}
	}
	p.fail()
	return nil
}

// patternNumber parses a signed real or a complex number: -1, 1+2j.
func (p *parser) patternNumber() ast.Expr {
	s := p.pos
	left := p.signedNumber()
	if p.k != Plus && p.k != Minus {
		return left
	}
	if isImaginary(left) {
		p.fail()
	}
	op := binOp[p.k]
	p.advance()
	p.want(Number)
	right := p.atom()
	if !isImaginary(right) {
		p.fail()
	}
	return &ast.BinOp{Pos: p.span(s), Left: left, Op: op, Right: right}
}

func (p *parser) signedNumber() ast.Expr {
	s := p.pos
	if p.accept(Minus) {
		p.want(Number)
		v := p.atom()
		return &ast.UnaryOp{Pos: p.span(s), Op: ast.USub, Operand: v}
	}
	return p.atom()
}

func isImaginary(e ast.Expr) bool {
	if u, ok := e.(*ast.UnaryOp); ok {
		e = u.Operand
	}
	c, ok := e.(*ast.Constant)
	if !ok {
		return false
	}
	_, im := c.Value.(complex128)
	return im
}
