package compile

import (
	"martlet/python/ast"
	"martlet/python/internal/code"
)

// match. Each case tests its pattern, going to the next case where it fails; captured values wait in temporaries and are bound when the whole
// pattern has matched, before the guard.

type capture struct {
	name string
	r    reg
	at   ast.Node
}

// pattern is the state of one case's pattern.
type pattern struct {
	captures []capture
	fail     int32
	refute   bool // an irrefutable pattern is allowed here
}

func (c *compiler) match(s *ast.Match) {
	subject := c.value(s.Subject)
	end := c.label()
	for i, k := range s.Cases {
		mark := c.temps
		next := c.label()
		p := &pattern{fail: next, refute: k.Guard != nil || i == len(s.Cases)-1}
		c.at(k.Pattern)
		c.pattern(p, k.Pattern, subject)
		for _, x := range p.captures {
			c.at(x.at)
			c.store(x.name, x.r)
		}
		if k.Guard != nil {
			c.branch(k.Guard, next, false)
		}
		c.stmts(k.Body)
		if i < len(s.Cases)-1 {
			c.hop(end)
		}
		c.place(next)
		c.temps = mark
	}
	c.place(end)
}

// sub compiles a subpattern, in which irrefutable patterns are always allowed.
func (c *compiler) sub(p *pattern, n ast.Pattern, r reg) {
	old := p.refute
	p.refute = true
	c.pattern(p, n, r)
	p.refute = old
}

func (c *compiler) pattern(p *pattern, n ast.Pattern, r reg) {
	c.at(n)
	switch n := n.(type) {
	case *ast.MatchValue:
		c.matchValue(p, n, n.Value, r)
	case *ast.MatchSingleton:
		t := c.temp()
		c.loadConst(t, n.Value)
		c.jump(code.OpJis, p.fail, r, t, 0)
	case *ast.MatchAs:
		c.matchAs(p, n, r)
	case *ast.MatchOr:
		c.matchOr(p, n, r)
	case *ast.MatchSequence:
		c.matchSequence(p, n, r)
	case *ast.MatchMapping:
		c.matchMapping(p, n, r)
	case *ast.MatchClass:
		c.matchClass(p, n, r)
	case *ast.MatchStar:
		c.bind(p, n, n.Name, r)
	}
}

func (c *compiler) matchValue(p *pattern, n ast.Node, value ast.Expr, r reg) {
	if _, attr := value.(*ast.Attribute); !attr {
		if _, ok := c.fold(value); !ok {
			c.fail(n, "patterns may only match literals and attribute lookups")
		}
	}
	v := c.operand(value)
	c.at(n)
	c.jump(code.OpJeq, p.fail, r, v, 0)
}

// bind captures r under a name.
func (c *compiler) bind(p *pattern, n ast.Node, name string, r reg) {
	if name == "" {
		return
	}
	for _, x := range p.captures {
		if x.name == name {
			c.fail(n, "multiple assignments to name '%s' in pattern", name)
		}
	}
	p.captures = append(p.captures, capture{name, r, n})
}

func (c *compiler) matchAs(p *pattern, n *ast.MatchAs, r reg) {
	if n.Pattern == nil {
		if !p.refute {
			if n.Name != "" {
				c.fail(n, "name capture '%s' makes remaining patterns unreachable", n.Name)
			}
			c.fail(n, "wildcard makes remaining patterns unreachable")
		}
		if n.Name == "" {
			c.emit(code.OpNop, 0, 0, 0, 0)
		}
		c.bind(p, n, n.Name, r)
		return
	}
	c.pattern(p, n.Pattern, r)
	c.bind(p, n, n.Name, r)
}

// matchOr tries alternatives; all bind the same names, which end in the registers of the first's captures.
func (c *compiler) matchOr(p *pattern, n *ast.MatchOr, r reg) {
	done := c.label()
	var names []capture
	for i, alt := range n.Patterns {
		last := i == len(n.Patterns)-1
		next := p.fail
		if !last {
			next = c.label()
		}
		q := &pattern{fail: next, refute: last && p.refute}
		c.at(alt)
		c.pattern(q, alt, r)
		if i == 0 {
			for _, x := range q.captures {
				t := c.temp()
				names = append(names, capture{x.name, t, x.at})
			}
		}
		c.sameNames(n, names, q.captures)
		for _, x := range q.captures {
			c.emit(code.OpMove, names[find(names, x.name)].r, x.r, 0, 0)
		}
		if !last {
			c.hop(done)
			c.place(next)
		}
	}
	c.place(done)
	for _, x := range names {
		c.bind(p, x.at, x.name, x.r)
	}
}

func find(l []capture, name string) int {
	for i, x := range l {
		if x.name == name {
			return i
		}
	}
	return -1
}

func (c *compiler) sameNames(n ast.Node, a, b []capture) {
	same := len(a) == len(b)
	for _, x := range b {
		same = same && find(a, x.name) >= 0
	}
	if !same {
		c.fail(n, "alternative patterns bind different names")
	}
}

func wildcard(p ast.Pattern) bool {
	m, ok := p.(*ast.MatchAs)
	return ok && m.Name == "" && m.Pattern == nil
}

func wildStar(p ast.Pattern) bool {
	m, ok := p.(*ast.MatchStar)
	return ok && m.Name == ""
}

func (c *compiler) matchSequence(p *pattern, n *ast.MatchSequence, r reg) {
	size := len(n.Patterns)
	star := -1
	onlyWild, starWild := true, false
	for i, x := range n.Patterns {
		if _, ok := x.(*ast.MatchStar); ok {
			if star >= 0 {
				c.fail(n, "multiple starred names in sequence pattern")
			}
			star = i
			starWild = wildStar(x)
		}
		onlyWild = onlyWild && (wildcard(x) || wildStar(x))
	}
	t := c.temp()
	c.emit(code.OpMatchseq, t, r, 0, 0)
	c.jump(code.OpJf, p.fail, t, 0, 0)
	length := c.temp()
	switch {
	case star < 0:
		c.emit(code.OpLen, length, r, 0, 0)
		c.sizeTest(code.OpJeqi, p, length, size)
	case size > 1:
		c.emit(code.OpLen, length, r, 0, 0)
		c.sizeTest(code.OpJgei, p, length, size-1)
	}
	switch {
	case onlyWild:
	case starWild:
		c.sequenceItems(p, n, r, length, star)
	default:
		c.sequenceUnpack(p, n, r, star)
	}
}

// sizeTest fails unless the length stands in the relation op to size.
func (c *compiler) sizeTest(op code.Op, p *pattern, length reg, size int) {
	if size == int(int16(size)) {
		c.jump(op, p.fail, length, reg(uint16(size)), 0)
		return
	}
	t := c.temp()
	c.loadConst(t, int64(size))
	wide := code.OpJeq
	if op == code.OpJgei {
		wide = code.OpJge
	}
	c.jump(wide, p.fail, length, t, 0)
}

// sequenceItems matches a sequence with an anonymous star by indexing.
func (c *compiler) sequenceItems(p *pattern, n *ast.MatchSequence, r, length reg, star int) {
	size := len(n.Patterns)
	for i, x := range n.Patterns {
		if i == star || wildcard(x) {
			continue
		}
		v := c.temp()
		c.at(n)
		if i < star {
			k := c.temp()
			c.loadConst(k, int64(i))
			c.emit(code.OpGetitem, v, r, k, 0)
		} else {
			k := c.temp()
			c.loadConst(k, int64(size-i))
			c.emit(code.OpSub, k, length, k, 0)
			c.emit(code.OpGetitem, v, r, k, 0)
		}
		c.sub(p, x, v)
	}
}

func (c *compiler) sequenceUnpack(p *pattern, n *ast.MatchSequence, r reg, star int) {
	size := len(n.Patterns)
	if star >= 1<<8 || size-star-1 >= 1<<16 || size > code.MaxReg/2 {
		c.fail(n, "too many expressions in star-unpacking sequence pattern")
	}
	base := c.span(size)
	if star < 0 {
		c.emit(code.OpUnpack, base, r, reg(size), 0)
	} else {
		c.emit(code.OpUnpackex, base, r, reg(size-star-1), uint8(star))
	}
	for i, x := range n.Patterns {
		c.sub(p, x, base+reg(i))
	}
}

func (c *compiler) matchMapping(p *pattern, n *ast.MatchMapping, r reg) {
	size := len(n.Keys)
	t := c.temp()
	c.emit(code.OpMatchmap, t, r, 0, 0)
	c.jump(code.OpJf, p.fail, t, 0, 0)
	if size == 0 && n.Rest == "" {
		return
	}
	if size > 0 {
		c.emit(code.OpLen, t, r, 0, 0)
		c.sizeTest(code.OpJgei, p, t, size)
	}
	seen := map[string]bool{}
	keys, values := c.temp(), c.temp()
	base := c.span(size)
	for i, k := range n.Keys {
		if v, ok := c.fold(k); ok {
			key := constKey(toConst(equalForm(v)))
			if seen[key] {
				c.fail(n, "mapping pattern checks duplicate key (%s)", ast.Repr(v))
			}
			seen[key] = true
		} else if _, attr := k.(*ast.Attribute); !attr {
			c.fail(n, "mapping pattern keys may only match literals and attribute lookups")
		}
		c.expr(k, base+reg(i))
	}
	c.at(n)
	c.emit(code.OpTuple, keys, base, reg(size), 0)
	c.emit(code.OpMatchkeys, values, r, keys, 0)
	c.jump(code.OpJnone, p.fail, values, 0, 0)
	parts := c.span(size)
	c.emit(code.OpUnpack, parts, values, reg(size), 0)
	for i, x := range n.Patterns {
		c.sub(p, x, parts+reg(i))
	}
	if n.Rest != "" {
		c.mappingRest(p, n, r, keys, size)
	}
}

// mappingRest captures what a mapping pattern's keys leave.
func (c *compiler) mappingRest(p *pattern, n *ast.MatchMapping, r, keys reg, size int) {
	rest := c.temp()
	c.at(n)
	c.emit(code.OpDict, rest, rest, 0, 0)
	c.emit(code.OpDictupdate, rest, r, 0, 0)
	base := c.span(size)
	c.emit(code.OpUnpack, base, keys, reg(size), 0)
	for i := range size {
		c.emit(code.OpDelitem, rest, base+reg(i), 0, 0)
	}
	c.bind(p, n, n.Rest, rest)
}

func (c *compiler) matchClass(p *pattern, n *ast.MatchClass, r reg) {
	for i, a := range n.KwdAttrs {
		for j := i + 1; j < len(n.KwdAttrs); j++ {
			if n.KwdAttrs[j] == a {
				c.fail(n.KwdPatterns[j], "attribute name repeated in class pattern: %s", a)
			}
		}
	}
	npos := len(n.Patterns)
	if npos > 255 {
		c.fail(n, "too many sub-patterns in class pattern")
	}
	names := make(ast.ConstTuple, len(n.KwdAttrs))
	for i, a := range n.KwdAttrs {
		names[i] = c.mangle(a)
	}
	b := c.span(2)
	c.emit(code.OpMove, b, r, 0, 0)
	c.expr(n.Cls, b+1)
	attrs := c.temp()
	c.at(n)
	c.emit(code.OpMatchclass, attrs, b, reg(c.constant(names)), uint8(npos))
	c.jump(code.OpJnone, p.fail, attrs, 0, 0)
	all := append(append([]ast.Pattern(nil), n.Patterns...), n.KwdPatterns...)
	parts := c.span(len(all))
	c.emit(code.OpUnpack, parts, attrs, reg(len(all)), 0)
	for i, x := range all {
		if !wildcard(x) {
			c.sub(p, x, parts+reg(i))
		}
	}
}
