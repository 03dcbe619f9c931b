package parser

import "martlet/python/ast"

// Statements.

// statements parses statements up to (not including) a token of kind end.
func (p *parser) statements(end Kind) []ast.Stmt {
	var body []ast.Stmt
	for p.k != end {
		body = p.statement(body)
	}
	return body
}

// compoundStart reports whether a compound statement begins here.
func compoundStart(p *parser) bool {
	switch p.k {
	case KwIf, KwWhile, KwFor, KwTry, KwWith, KwDef, KwClass, At, KwAsync:
		return true
	case Name:
		return p.isMatch()
	}
	return false
}

// statement parses a compound statement or a line of simple ones and appends them to body.
func (p *parser) statement(body []ast.Stmt) []ast.Stmt {
	switch p.k {
	case KwIf:
		return append(body, p.ifStmt())
	case KwWhile:
		return append(body, p.whileStmt())
	case KwFor:
		return append(body, p.forStmt(p.pos, false))
	case KwTry:
		return append(body, p.tryStmt())
	case KwWith:
		return append(body, p.withStmt(p.pos, false))
	case KwDef:
		return append(body, p.funcDef(p.pos, nil, false))
	case KwClass:
		return append(body, p.classDef(nil))
	case At:
		return append(body, p.decorated())
	case KwAsync:
		return append(body, p.asyncStmt(nil))
	case Name:
		if p.isMatch() {
			return append(body, p.matchStmt())
		}
	}
	return p.simpleStmts(body)
}

// simpleStmts parses a line of simple statements.
func (p *parser) simpleStmts(body []ast.Stmt) []ast.Stmt {
	for {
		body = append(body, p.simpleStmt())
		if !p.accept(Semi) || p.k == Newline {
			break
		}
	}
	p.need(Newline)
	return body
}

// block parses the body of a compound statement.
func (p *parser) block() []ast.Stmt {
	if p.k != Newline {
		if p.k == EndMarker {
			p.fail()
		}
		return p.simpleStmts(nil)
	}
	p.advance()
	p.need(Indent)
	p.enter()
	body := p.statements(Dedent)
	p.leave()
	p.need(Dedent)
	return body
}

func (p *parser) simpleStmt() ast.Stmt {
	s := p.pos
	switch p.k {
	case KwPass:
		p.advance()
		return &ast.Pass{Pos: p.span(s)}
	case KwBreak:
		p.advance()
		return &ast.Break{Pos: p.span(s)}
	case KwContinue:
		p.advance()
		return &ast.Continue{Pos: p.span(s)}
	case KwReturn:
		return p.returnStmt()
	case KwRaise:
		return p.raiseStmt()
	case KwGlobal:
		p.advance()
		names := p.nameList()
		return &ast.Global{Pos: p.span(s), Names: names}
	case KwNonlocal:
		p.advance()
		names := p.nameList()
		return &ast.Nonlocal{Pos: p.span(s), Names: names}
	case KwDel:
		return p.delStmt()
	case KwAssert:
		return p.assertStmt()
	case KwImport:
		return p.importStmt()
	case KwFrom:
		return p.fromStmt()
	case Name:
		if p.isTypeAlias() {
			return p.typeAlias()
		}
	}
	return p.exprStmt()
}

func (p *parser) nameList() []string {
	names := []string{p.name()}
	for p.accept(Comma) {
		names = append(names, p.name())
	}
	return names
}

func (p *parser) returnStmt() ast.Stmt {
	s := p.pos
	p.advance()
	var v ast.Expr
	if p.k != Newline && p.k != Semi {
		v = p.starExpressions()
	}
	return &ast.Return{Pos: p.span(s), Value: v}
}

func (p *parser) raiseStmt() ast.Stmt {
	s := p.pos
	p.advance()
	r := &ast.Raise{}
	if p.k != Newline && p.k != Semi {
		r.Exc = p.expression()
		if p.accept(KwFrom) {
			r.Cause = p.expression()
		}
	}
	r.Pos = p.span(s)
	return r
}

func (p *parser) delStmt() ast.Stmt {
	s := p.pos
	p.advance()
	d := &ast.Delete{}
	for {
		e := p.primary()
		p.assignable(e, ast.Del)
		d.Targets = append(d.Targets, e)
		if !p.accept(Comma) || p.k == Newline || p.k == Semi {
			break
		}
	}
	if p.k != Newline && p.k != Semi {
		p.fail()
	}
	d.Pos = p.span(s)
	return d
}

func (p *parser) assertStmt() ast.Stmt {
	s := p.pos
	p.advance()
	a := &ast.Assert{Test: p.expression()}
	if p.accept(Comma) {
		a.Msg = p.expression()
	}
	a.Pos = p.span(s)
	return a
}

// dotted parses a dotted module name.
func (p *parser) dotted() string {
	name := p.name()
	for p.accept(Dot) {
		name += "." + p.name()
	}
	return p.intern(name)
}

func (p *parser) importStmt() ast.Stmt {
	s := p.pos
	p.advance()
	var names []*ast.Alias
	for {
		t := p.pos
		a := &ast.Alias{Name: p.dotted()}
		if p.accept(KwAs) {
			a.Asname = p.name()
		}
		a.Pos = p.span(t)
		names = append(names, a)
		if !p.accept(Comma) {
			break
		}
	}
	return &ast.Import{Pos: p.span(s), Names: names}
}

func (p *parser) fromStmt() ast.Stmt {
	s := p.pos
	p.advance()
	f := &ast.ImportFrom{}
	for p.k == Dot || p.k == Ellipsis {
		f.Level++
		if p.k == Ellipsis {
			f.Level += 2
		}
		p.advance()
	}
	if p.k == Name {
		f.Module = p.dotted()
	} else if f.Level == 0 {
		p.fail()
	}
	p.need(KwImport)
	switch p.k {
	case Star:
		t := p.pos
		p.advance()
		f.Names = []*ast.Alias{{Pos: p.span(t), Name: "*"}}
	case LPar:
		p.advance()
		f.Names = p.fromNames(RPar)
		p.need(RPar)
	default:
		f.Names = p.fromNames(Newline)
	}
	f.Pos = p.span(s)
	return f
}

// fromNames parses the names of a from import; only a list in parentheses may end in a comma.
func (p *parser) fromNames(end Kind) []*ast.Alias {
	var names []*ast.Alias
	for {
		t := p.pos
		a := &ast.Alias{Name: p.name()}
		if p.accept(KwAs) {
			a.Asname = p.name()
		}
		a.Pos = p.span(t)
		names = append(names, a)
		if !p.accept(Comma) || end == RPar && p.k == RPar {
			return names
		}
	}
}

// isTypeAlias reports whether a type statement begins here: the word "type", a name, and "=" or "[".
func (p *parser) isTypeAlias() bool {
	if !p.is("type") || p.peek(1) != Name {
		return false
	}
	k := p.peek(2)
	return k == Equal || k == LSqb
}

func (p *parser) typeAlias() ast.Stmt {
	s := p.pos
	p.advance()
	t := &ast.TypeAlias{Name: p.nameExpr(ast.Store)}
	t.TypeParams = p.typeParams()
	p.need(Equal)
	t.Value = p.expression()
	t.Pos = p.span(s)
	return t
}

// typeParams parses [T, ...] if it is there.
func (p *parser) typeParams() []ast.TypeParam {
	if p.k != LSqb {
		return nil
	}
	p.advance()
	var l []ast.TypeParam
	for {
		l = append(l, p.typeParam())
		if !p.accept(Comma) || p.k == RSqb {
			break
		}
	}
	p.need(RSqb)
	return l
}

func (p *parser) typeParam() ast.TypeParam {
	s := p.pos
	switch p.k {
	case Star:
		p.advance()
		t := &ast.TypeVarTuple{Name: p.name()}
		if p.accept(Equal) {
			t.DefaultValue = p.starExpression()
		}
		t.Pos = p.span(s)
		return t
	case DoubleStar:
		p.advance()
		t := &ast.ParamSpec{Name: p.name()}
		t.DefaultValue = p.typeDefault()
		t.Pos = p.span(s)
		return t
	}
	t := &ast.TypeVar{Name: p.name()}
	if p.accept(Colon) {
		t.Bound = p.expression()
	}
	t.DefaultValue = p.typeDefault()
	t.Pos = p.span(s)
	return t
}

func (p *parser) typeDefault() ast.Expr {
	if p.accept(Equal) {
		return p.expression()
	}
	return nil
}

var augOps = [numKinds]int8{PlusEqual: 1 + int8(ast.Add), MinEqual: 1 + int8(ast.Sub), StarEqual: 1 + int8(ast.Mult), SlashEqual: 1 + int8(ast.Div),
	PercentEqual: 1 + int8(ast.Modulo), AmperEqual: 1 + int8(ast.BitAnd), VBarEqual: 1 + int8(ast.BitOr), CircumflexEqual: 1 + int8(ast.BitXor),
	LeftShiftEqual: 1 + int8(ast.LShift), RightShiftEqual: 1 + int8(ast.RShift), DoubleStarEqual: 1 + int8(ast.Pow),
	DoubleSlashEqual: 1 + int8(ast.FloorDiv), AtEqual: 1 + int8(ast.MatMult)}

// exprStmt parses an expression statement or any kind of assignment.
func (p *parser) exprStmt() ast.Stmt {
	s := p.pos
	e := p.yieldOr()
	switch {
	case p.k == Equal:
		return p.assign(s, e)
	case p.k == Colon:
		return p.annAssign(s, e)
	case augOps[p.k] > 0:
		p.singleTarget(e)
		op := ast.Operator(augOps[p.k] - 1)
		p.advance()
		v := p.yieldOr()
		return &ast.AugAssign{Pos: p.span(s), Target: e, Op: op, Value: v}
	}
	return &ast.ExprStmt{Pos: p.span(s), Value: e}
}

func (p *parser) assign(s int, e ast.Expr) ast.Stmt {
	a := &ast.Assign{}
	for p.accept(Equal) {
		p.assignable(e, ast.Store)
		a.Targets = append(a.Targets, e)
		e = p.yieldOr()
	}
	a.Value = e
	a.Pos = p.span(s)
	return a
}

// singleTarget makes e the target of an augmented or annotated assignment.
func (p *parser) singleTarget(e ast.Expr) {
	switch e.(type) {
	case *ast.Name, *ast.Attribute, *ast.Subscript:
		p.assignable(e, ast.Store)
	default:
		p.fail()
	}
}

func (p *parser) annAssign(s int, e ast.Expr) ast.Stmt {
	p.singleTarget(e)
	a := &ast.AnnAssign{Target: e}
	if _, name := e.(*ast.Name); name && p.toks[s].Kind != LPar {
		a.Simple = 1
	}
	p.need(Colon)
	a.Annotation = p.expression()
	if p.accept(Equal) {
		a.Value = p.yieldOr()
	}
	a.Pos = p.span(s)
	return a
}

// ifStmt parses if, its elifs (each an If in the orelse of the one before) and else.
func (p *parser) ifStmt() ast.Stmt {
	var chain []*ast.If
	var starts []int
	for p.k == KwIf || p.k == KwElif {
		starts = append(starts, p.pos)
		p.advance()
		n := &ast.If{Test: p.named()}
		p.need(Colon)
		n.Body = p.block()
		if len(chain) > 0 {
			chain[len(chain)-1].Orelse = []ast.Stmt{n}
		}
		chain = append(chain, n)
		if p.k != KwElif {
			break
		}
	}
	if p.depth+len(chain) > maxDepth/2 {
		p.tooDeep = true
		p.fail()
	}
	chain[len(chain)-1].Orelse = p.orElse()
	for i, n := range chain {
		n.Pos = p.span(starts[i])
	}
	return chain[0]
}

func (p *parser) orElse() []ast.Stmt {
	if !p.accept(KwElse) {
		return nil
	}
	p.need(Colon)
	return p.block()
}

func (p *parser) whileStmt() ast.Stmt {
	s := p.pos
	p.advance()
	w := &ast.While{Test: p.named()}
	p.need(Colon)
	w.Body = p.block()
	w.Orelse = p.orElse()
	w.Pos = p.span(s)
	return w
}

func (p *parser) forStmt(s int, async bool) ast.Stmt {
	p.need(KwFor)
	f := ast.For{Target: p.targets()}
	p.need(KwIn)
	f.Iter = p.starExpressions()
	p.need(Colon)
	f.Body = p.block()
	f.Orelse = p.orElse()
	f.Pos = p.span(s)
	if async {
		return &ast.AsyncFor{Pos: f.Pos, Target: f.Target, Iter: f.Iter, Body: f.Body, Orelse: f.Orelse}
	}
	return &f
}

func (p *parser) withStmt(s int, async bool) ast.Stmt {
	p.need(KwWith)
	items := p.parenItems()
	if items == nil {
		items = []*ast.WithItem{p.withItem()}
		for p.accept(Comma) {
			items = append(items, p.withItem())
		}
	}
	p.need(Colon)
	body := p.block()
	if async {
		return &ast.AsyncWith{Pos: p.span(s), Items: items, Body: body}
	}
	return &ast.With{Pos: p.span(s), Items: items, Body: body}
}

// parenItems tries `( item, item ) :`; nil, with nothing consumed, if the text is something else.
func (p *parser) parenItems() (items []*ast.WithItem) {
	if p.k != LPar {
		return nil
	}
	pos, last, depth := p.pos, p.last, p.depth
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(bail); !ok {
				panic(r)
			}
			if p.tooDeep || len(p.toks) > 0 && p.lx.err != nil {
				panic(r)
			}
			items, p.depth = nil, depth
			p.reset(pos, last)
		}
	}()
	p.advance()
	for {
		items = append(items, p.withItem())
		if !p.accept(Comma) || p.k == RPar {
			break
		}
	}
	p.need(RPar)
	p.want(Colon)
	return items
}

func (p *parser) withItem() *ast.WithItem {
	w := &ast.WithItem{ContextExpr: p.expression()}
	if p.accept(KwAs) {
		w.OptionalVars = p.target()
		if p.k != Comma && p.k != RPar && p.k != Colon {
			p.fail()
		}
	}
	return w
}

func (p *parser) tryStmt() ast.Stmt {
	s := p.pos
	p.advance()
	p.need(Colon)
	t := ast.Try{Body: p.block()}
	star := false
	for p.k == KwExcept {
		h, st := p.handler()
		if len(t.Handlers) > 0 && st != star {
			p.fail()
		}
		star = st
		t.Handlers = append(t.Handlers, h)
	}
	if len(t.Handlers) > 0 {
		t.Orelse = p.orElse()
	}
	if p.accept(KwFinally) {
		p.need(Colon)
		t.Finalbody = p.block()
	} else if len(t.Handlers) == 0 {
		p.fail()
	}
	t.Pos = p.span(s)
	if star {
		return &ast.TryStar{Pos: t.Pos, Body: t.Body, Handlers: t.Handlers, Orelse: t.Orelse, Finalbody: t.Finalbody}
	}
	return &t
}

// handler parses an except clause.
func (p *parser) handler() (h *ast.ExceptHandler, star bool) {
	s := p.pos
	p.advance()
	h = &ast.ExceptHandler{}
	star = p.accept(Star)
	if star || p.k != Colon {
		h.Type = p.expression()
		if p.accept(KwAs) {
			h.Name = p.name()
		}
	}
	p.need(Colon)
	h.Body = p.block()
	h.Pos = p.span(s)
	return h, star
}

func (p *parser) asyncStmt(decorators []ast.Expr) ast.Stmt {
	s := p.pos
	p.advance()
	switch {
	case p.k == KwDef:
		return p.funcDef(s, decorators, true)
	case p.k == KwWith && decorators == nil:
		return p.withStmt(s, true)
	case p.k == KwFor && decorators == nil:
		return p.forStmt(s, true)
	}
	p.fail()
	return nil
}

func (p *parser) decorated() ast.Stmt {
	var l []ast.Expr
	for p.accept(At) {
		l = append(l, p.named())
		p.need(Newline)
	}
	switch p.k {
	case KwDef:
		return p.funcDef(p.pos, l, false)
	case KwClass:
		return p.classDef(l)
	case KwAsync:
		return p.asyncStmt(l)
	}
	p.fail()
	return nil
}

func (p *parser) funcDef(s int, decorators []ast.Expr, async bool) ast.Stmt {
	p.need(KwDef)
	f := ast.FunctionDef{Name: p.name(), DecoratorList: decorators}
	f.TypeParams = p.typeParams()
	p.need(LPar)
	f.Args = p.parameters(RPar)
	p.need(RPar)
	if p.accept(RArrow) {
		f.Returns = p.expression()
	}
	p.need(Colon)
	f.Body = p.block()
	f.Pos = p.span(s)
	if async {
		return &ast.AsyncFunctionDef{Pos: f.Pos, Name: f.Name, Args: f.Args, Body: f.Body, DecoratorList: f.DecoratorList, Returns: f.Returns, TypeParams: f.TypeParams}
	}
	return &f
}

func (p *parser) classDef(decorators []ast.Expr) ast.Stmt {
	s := p.pos
	p.need(KwClass)
	c := &ast.ClassDef{Name: p.name(), DecoratorList: decorators}
	c.TypeParams = p.typeParams()
	if p.k == LPar {
		open := p.pos
		p.advance()
		var call ast.Call
		if p.k != RPar {
			p.arguments(&call, open)
		}
		p.need(RPar)
		if _, ok := firstGenerator(&call); ok {
			p.fail()
		}
		c.Bases, c.Keywords = call.Args, call.Keywords
	}
	p.need(Colon)
	c.Body = p.block()
	c.Pos = p.span(s)
	return c
}

// isMatch reports whether a match statement begins here: the word "match", something that can be a subject, and a logical
// line that ends in ":" with an indented block behind it.
func (p *parser) isMatch() bool {
	if !p.is("match") {
		return false
	}
	if k := p.peek(1); !startsExpr[k] && k != Star {
		return false
	}
	for n := 1; ; n++ {
		switch p.peek(n) {
		case Newline:
			return p.peek(n-1) == Colon && p.peek(n+1) == Indent
		case EndMarker:
			return false
		case Semi:
			return false
		}
	}
}

func (p *parser) matchStmt() ast.Stmt {
	s := p.pos
	p.advance()
	m := &ast.Match{Subject: p.subject()}
	p.need(Colon)
	p.need(Newline)
	p.need(Indent)
	for p.is("case") {
		m.Cases = append(m.Cases, p.matchCase())
	}
	if len(m.Cases) == 0 {
		p.fail()
	}
	p.need(Dedent)
	m.Pos = p.span(s)
	return m
}

// subject parses the subject of match: a tuple if there is a comma.
func (p *parser) subject() ast.Expr {
	s := p.pos
	e := p.starNamed()
	if p.k != Comma {
		if _, star := e.(*ast.Starred); star {
			p.fail()
		}
		return e
	}
	elts := p.elements(e, Colon)
	return &ast.Tuple{Pos: p.span(s), Elts: elts}
}

func (p *parser) matchCase() *ast.MatchCase {
	p.advance()
	c := &ast.MatchCase{Pattern: p.patterns()}
	if p.accept(KwIf) {
		c.Guard = p.named()
	}
	p.need(Colon)
	c.Body = p.block()
	return c
}
