package parser

import "martlet/python/ast"

// Expressions. One method a precedence class down to comparisons; binary operators by precedence climbing. A node's position
// runs from the first token of its text, parentheses included where they begin an operand, to its last.

// startsExpr marks the tokens that an expression can begin with ("*" of starred expressions not included).
var startsExpr = [numKinds]bool{Name: true, Number: true, String: true, FStringStart: true, LPar: true, LSqb: true, LBrace: true, Minus: true,
	Plus: true, Tilde: true, Ellipsis: true, KwNone: true, KwTrue: true, KwFalse: true, KwNot: true, KwLambda: true, KwAwait: true}

// binPrec gives binary operators' precedence.
var binPrec = [numKinds]uint8{VBar: 1, Circumflex: 2, Amper: 3, LeftShift: 4, RightShift: 4, Plus: 5, Minus: 5,
	Star: 6, Slash: 6, DoubleSlash: 6, Percent: 6, At: 6}

var binOp = [numKinds]ast.Operator{VBar: ast.BitOr, Circumflex: ast.BitXor, Amper: ast.BitAnd, LeftShift: ast.LShift, RightShift: ast.RShift,
	Plus: ast.Add, Minus: ast.Sub, Star: ast.Mult, Slash: ast.Div, DoubleSlash: ast.FloorDiv, Percent: ast.Modulo, At: ast.MatMult}

// starExpressions parses expressions and starred ones, a tuple if there is a comma.
func (p *parser) starExpressions() ast.Expr {
	s := p.pos
	e := p.starExpression()
	if p.k != Comma {
		return e
	}
	elts := []ast.Expr{e}
	for p.k == Comma {
		p.advance()
		if !startsExpr[p.k] && p.k != Star {
			break
		}
		elts = append(elts, p.starExpression())
	}
	return &ast.Tuple{Pos: p.span(s), Elts: elts}
}

// expressions is starExpressions without starred ones.
func (p *parser) expressions() ast.Expr {
	s := p.pos
	e := p.expression()
	if p.k != Comma {
		return e
	}
	elts := []ast.Expr{e}
	for p.k == Comma {
		p.advance()
		if !startsExpr[p.k] {
			break
		}
		elts = append(elts, p.expression())
	}
	return &ast.Tuple{Pos: p.span(s), Elts: elts}
}

func (p *parser) starExpression() ast.Expr {
	if p.k == Star {
		return p.starred()
	}
	return p.expression()
}

// starred parses '*' bitwise_or.
func (p *parser) starred() ast.Expr {
	s := p.pos
	p.need(Star)
	v := p.binary(1)
	return &ast.Starred{Pos: p.span(s), Value: v}
}

// starNamed parses a starred or a named expression.
func (p *parser) starNamed() ast.Expr {
	if p.k == Star {
		return p.starred()
	}
	return p.named()
}

// named parses an expression or NAME := expression.
func (p *parser) named() ast.Expr {
	if p.k == Name && p.peek(1) == ColonEqual {
		s := p.pos
		target := p.nameExpr(ast.Store)
		p.advance()
		v := p.expression()
		return &ast.NamedExpr{Pos: p.span(s), Target: target, Value: v}
	}
	e := p.expression()
	if p.k == ColonEqual {
		p.fail()
	}
	return e
}

func (p *parser) nameExpr(ctx ast.Context) *ast.Name {
	s := p.pos
	id := p.name()
	return &ast.Name{Pos: p.span(s), Id: id, Ctx: ctx}
}

// yieldOr parses a yield expression or star expressions.
func (p *parser) yieldOr() ast.Expr {
	if p.k == KwYield {
		return p.yield()
	}
	return p.starExpressions()
}

func (p *parser) yield() ast.Expr {
	s := p.pos
	p.need(KwYield)
	if p.accept(KwFrom) {
		v := p.expression()
		return &ast.YieldFrom{Pos: p.span(s), Value: v}
	}
	var v ast.Expr
	if startsExpr[p.k] || p.k == Star {
		v = p.starExpressions()
	}
	return &ast.Yield{Pos: p.span(s), Value: v}
}

// expression parses a conditional expression or lambda.
func (p *parser) expression() ast.Expr {
	if p.k == KwLambda {
		return p.lambda()
	}
	s := p.pos
	e := p.disjunction()
	if p.k != KwIf {
		return e
	}
	p.advance()
	test := p.disjunction()
	p.need(KwElse)
	p.enter()
	orelse := p.expression()
	p.leave()
	return &ast.IfExp{Pos: p.span(s), Test: test, Body: e, Orelse: orelse}
}

func (p *parser) lambda() ast.Expr {
	p.enter()
	defer p.leave()
	s := p.pos
	p.need(KwLambda)
	args := p.parameters(Colon)
	p.need(Colon)
	body := p.expression()
	return &ast.Lambda{Pos: p.span(s), Args: args, Body: body}
}

func (p *parser) disjunction() ast.Expr {
	s := p.pos
	e := p.conjunction()
	if p.k != KwOr {
		return e
	}
	values := []ast.Expr{e}
	for p.accept(KwOr) {
		values = append(values, p.conjunction())
	}
	return &ast.BoolOp{Pos: p.span(s), Op: ast.Or, Values: values}
}

func (p *parser) conjunction() ast.Expr {
	s := p.pos
	e := p.inversion()
	if p.k != KwAnd {
		return e
	}
	values := []ast.Expr{e}
	for p.accept(KwAnd) {
		values = append(values, p.inversion())
	}
	return &ast.BoolOp{Pos: p.span(s), Op: ast.And, Values: values}
}

func (p *parser) inversion() ast.Expr {
	if p.k != KwNot {
		return p.comparison()
	}
	s := p.pos
	p.enter()
	p.advance()
	e := p.inversion()
	p.leave()
	return &ast.UnaryOp{Pos: p.span(s), Op: ast.Not, Operand: e}
}

func (p *parser) comparison() ast.Expr {
	s := p.pos
	left := p.binary(1)
	op, ok := p.cmpOp()
	if !ok {
		return left
	}
	c := &ast.Compare{Left: left}
	for ok {
		c.Ops = append(c.Ops, op)
		c.Comparators = append(c.Comparators, p.binary(1))
		op, ok = p.cmpOp()
	}
	c.Pos = p.span(s)
	return c
}

// cmpOp consumes a comparison operator if there is one.
func (p *parser) cmpOp() (op ast.CmpOperator, ok bool) {
	switch p.k {
	case EqEqual:
		op = ast.Eq
	case NotEqual:
		if (p.src[p.toks[p.pos].Off] == '<') != p.opt.Barry {
			p.fail()
		}
		op = ast.NotEq
	case Less:
		op = ast.Lt
	case LessEqual:
		op = ast.LtE
	case Greater:
		op = ast.Gt
	case GreaterEqual:
		op = ast.GtE
	case KwIn:
		op = ast.In
	case KwIs:
		p.advance()
		if p.accept(KwNot) {
			return ast.IsNot, true
		}
		return ast.Is, true
	case KwNot:
		if p.peek(1) != KwIn {
			return 0, false
		}
		p.advance()
		op = ast.NotIn
	default:
		return 0, false
	}
	p.advance()
	return op, true
}

// binary parses binary operators of at least the given precedence.
func (p *parser) binary(least uint8) ast.Expr {
	s := p.pos
	left := p.factor()
	for {
		prec := binPrec[p.k]
		if prec < least || prec == 0 {
			return left
		}
		op := binOp[p.k]
		p.advance()
		right := p.binary(prec + 1)
		left = &ast.BinOp{Pos: p.span(s), Left: left, Op: op, Right: right}
	}
}

func (p *parser) factor() ast.Expr {
	var op ast.UnaryOperator
	switch p.k {
	case Plus:
		op = ast.UAdd
	case Minus:
		op = ast.USub
	case Tilde:
		op = ast.Invert
	default:
		return p.power()
	}
	s := p.pos
	p.enter()
	p.advance()
	e := p.factor()
	p.leave()
	return &ast.UnaryOp{Pos: p.span(s), Op: op, Operand: e}
}

func (p *parser) power() ast.Expr {
	s := p.pos
	e := p.await()
	if p.k != DoubleStar {
		return e
	}
	p.enter()
	p.advance()
	exp := p.factor()
	p.leave()
	return &ast.BinOp{Pos: p.span(s), Left: e, Op: ast.Pow, Right: exp}
}

func (p *parser) await() ast.Expr {
	if p.k != KwAwait {
		return p.primary()
	}
	s := p.pos
	p.advance()
	e := p.primary()
	return &ast.Await{Pos: p.span(s), Value: e}
}

// primary parses an atom and the attributes, calls and subscripts behind it.
func (p *parser) primary() ast.Expr {
	s := p.pos
	e := p.atom()
	for {
		switch p.k {
		case Dot:
			p.advance()
			attr := p.name()
			e = &ast.Attribute{Pos: p.span(s), Value: e, Attr: attr}
		case LPar:
			e = p.call(s, e)
		case LSqb:
			p.enter()
			p.advance()
			idx := p.slices()
			p.need(RSqb)
			p.leave()
			e = &ast.Subscript{Pos: p.span(s), Value: e, Slice: idx}
		default:
			return e
		}
	}
}

// call parses the arguments of a call of f, which began at token s.
func (p *parser) call(s int, f ast.Expr) ast.Expr {
	p.enter()
	defer p.leave()
	open := p.pos
	p.advance()
	c := &ast.Call{Func: f}
	if p.k != RPar {
		p.arguments(c, open)
	}
	p.need(RPar)
	if g, ok := firstGenerator(c); ok {
		g.Pos = p.span(open)
	}
	c.Pos = p.span(s)
	return c
}

// firstGenerator returns the bare generator expression that is the call's only argument, if it is one (its position not yet set).
func firstGenerator(c *ast.Call) (*ast.GeneratorExp, bool) {
	if len(c.Args) != 1 || len(c.Keywords) != 0 {
		return nil, false
	}
	g, ok := c.Args[0].(*ast.GeneratorExp)
	return g, ok && g.Line == 0
}

// arguments parses the inside of a call's or class's parentheses.
func (p *parser) arguments(c *ast.Call, open int) {
	keywords, unpacked := false, false
	for {
		switch {
		case p.k == Star:
			if unpacked {
				p.fail()
			}
			s := p.pos
			p.advance()
			v := p.expression()
			c.Args = append(c.Args, &ast.Starred{Pos: p.span(s), Value: v})
		case p.k == DoubleStar:
			s := p.pos
			p.advance()
			v := p.expression()
			c.Keywords = append(c.Keywords, &ast.Keyword{Pos: p.span(s), Value: v})
			unpacked = true
		case p.k == Name && p.peek(1) == Equal:
			s := p.pos
			name := p.name()
			p.advance()
			v := p.expression()
			c.Keywords = append(c.Keywords, &ast.Keyword{Pos: p.span(s), Arg: name, Value: v})
			keywords = true
		default:
			if keywords || unpacked {
				p.fail()
			}
			e := p.named()
			if p.k == KwFor || p.k == KwAsync {
				g := &ast.GeneratorExp{Elt: e, Generators: p.comprehensions()}
				if len(c.Args) > 0 || p.k != RPar {
					p.fail()
				}
				c.Args = append(c.Args, g)
				return
			}
			if p.k == Equal {
				p.fail()
			}
			c.Args = append(c.Args, e)
		}
		if p.k != Comma {
			return
		}
		p.advance()
		if p.k == RPar {
			return
		}
	}
}

// slices parses the inside of subscript brackets.
func (p *parser) slices() ast.Expr {
	s := p.pos
	e := p.slice()
	if p.k != Comma {
		if st, ok := e.(*ast.Starred); ok {
			return &ast.Tuple{Pos: p.span(s), Elts: []ast.Expr{st}}
		}
		return e
	}
	elts := []ast.Expr{e}
	for p.accept(Comma) {
		if p.k == RSqb {
			break
		}
		elts = append(elts, p.slice())
	}
	return &ast.Tuple{Pos: p.span(s), Elts: elts}
}

func (p *parser) slice() ast.Expr {
	s := p.pos
	if p.k == Star {
		p.advance()
		v := p.expression()
		return &ast.Starred{Pos: p.span(s), Value: v}
	}
	var lower ast.Expr
	if p.k != Colon {
		lower = p.named()
		if p.k != Colon {
			return lower
		}
		if _, walrus := lower.(*ast.NamedExpr); walrus && p.toks[s].Kind != LPar {
			p.fail()
		}
	}
	p.need(Colon)
	sl := &ast.Slice{Lower: lower}
	if startsExpr[p.k] {
		sl.Upper = p.expression()
	}
	if p.accept(Colon) && startsExpr[p.k] {
		sl.Step = p.expression()
	}
	sl.Pos = p.span(s)
	return sl
}

// atom parses names, literals and everything in brackets.
func (p *parser) atom() ast.Expr {
	s := p.pos
	var value any
	switch p.k {
	case Name:
		id := p.identifier(&p.toks[s])
		p.advance()
		return &ast.Name{Pos: p.span(s), Id: id}
	case Number:
		value = p.number(&p.toks[s])
	case String, FStringStart:
		return p.strings()
	case LPar:
		return p.parens()
	case LSqb:
		return p.brackets()
	case LBrace:
		return p.braces()
	case KwNone:
	case KwTrue:
		value = true
	case KwFalse:
		value = false
	case Ellipsis:
		value = ast.Ellipsis{}
	default:
		p.fail()
	}
	p.advance()
	return &ast.Constant{Pos: p.span(s), Value: value}
}

// parens parses a group, tuple or generator expression.
func (p *parser) parens() ast.Expr {
	p.enter()
	defer p.leave()
	s := p.pos
	p.advance()
	switch p.k {
	case RPar:
		p.advance()
		return &ast.Tuple{Pos: p.span(s)}
	case KwYield:
		y := p.yield()
		p.need(RPar)
		return y
	}
	e := p.starNamed()
	switch p.k {
	case KwFor, KwAsync:
		if _, star := e.(*ast.Starred); star {
			p.fail()
		}
		gens := p.comprehensions()
		p.need(RPar)
		return &ast.GeneratorExp{Pos: p.span(s), Elt: e, Generators: gens}
	case Comma:
		elts := p.elements(e, RPar)
		p.need(RPar)
		return &ast.Tuple{Pos: p.span(s), Elts: elts}
	}
	if _, star := e.(*ast.Starred); star {
		p.fail()
	}
	p.need(RPar)
	return e
}

// elements parses the rest of a display whose first element is e, up to the closing bracket.
func (p *parser) elements(e ast.Expr, end Kind) []ast.Expr {
	elts := []ast.Expr{e}
	for p.accept(Comma) {
		if p.k == end {
			break
		}
		elts = append(elts, p.starNamed())
	}
	return elts
}

func (p *parser) brackets() ast.Expr {
	p.enter()
	defer p.leave()
	s := p.pos
	p.advance()
	if p.accept(RSqb) {
		return &ast.List{Pos: p.span(s)}
	}
	e := p.starNamed()
	if p.k == KwFor || p.k == KwAsync {
		if _, star := e.(*ast.Starred); star {
			p.fail()
		}
		gens := p.comprehensions()
		p.need(RSqb)
		return &ast.ListComp{Pos: p.span(s), Elt: e, Generators: gens}
	}
	elts := p.elements(e, RSqb)
	p.need(RSqb)
	return &ast.List{Pos: p.span(s), Elts: elts}
}

// braces parses a set or dict display or comprehension.
func (p *parser) braces() ast.Expr {
	p.enter()
	defer p.leave()
	s := p.pos
	p.advance()
	if p.accept(RBrace) {
		return &ast.Dict{Pos: p.span(s)}
	}
	if p.k == DoubleStar {
		return p.dict(s, nil)
	}
	e := p.starNamed()
	switch p.k {
	case Colon:
		if _, star := e.(*ast.Starred); star {
			p.fail()
		}
		if _, walrus := e.(*ast.NamedExpr); walrus && p.toks[s+1].Kind != LPar {
			p.fail()
		}
		return p.dict(s, e)
	case KwFor, KwAsync:
		if _, star := e.(*ast.Starred); star {
			p.fail()
		}
		gens := p.comprehensions()
		p.need(RBrace)
		return &ast.SetComp{Pos: p.span(s), Elt: e, Generators: gens}
	}
	elts := p.elements(e, RBrace)
	p.need(RBrace)
	return &ast.Set{Pos: p.span(s), Elts: elts}
}

// dict parses a dict display or comprehension that began at token s; key is its first key, already parsed, or nil before **.
func (p *parser) dict(s int, key ast.Expr) ast.Expr {
	d := &ast.Dict{}
	for {
		if key == nil && p.accept(DoubleStar) {
			d.Keys = append(d.Keys, nil)
			d.Values = append(d.Values, p.binary(1))
		} else {
			if key == nil {
				key = p.expression()
			}
			p.need(Colon)
			v := p.expression()
			if len(d.Keys) == 0 && (p.k == KwFor || p.k == KwAsync) {
				gens := p.comprehensions()
				p.need(RBrace)
				return &ast.DictComp{Pos: p.span(s), Key: key, Value: v, Generators: gens}
			}
			d.Keys = append(d.Keys, key)
			d.Values = append(d.Values, v)
		}
		key = nil
		if !p.accept(Comma) || p.k == RBrace {
			break
		}
	}
	p.need(RBrace)
	d.Pos = p.span(s)
	return d
}

// comprehensions parses the for and if clauses of a comprehension.
func (p *parser) comprehensions() []*ast.Comprehension {
	var gens []*ast.Comprehension
	for p.k == KwFor || p.k == KwAsync {
		g := &ast.Comprehension{}
		if p.accept(KwAsync) {
			g.IsAsync = 1
		}
		p.need(KwFor)
		g.Target = p.targets()
		p.need(KwIn)
		g.Iter = p.disjunction()
		for p.accept(KwIf) {
			g.Ifs = append(g.Ifs, p.disjunction())
		}
		gens = append(gens, g)
	}
	return gens
}

// targets parses the targets of a for clause.
func (p *parser) targets() ast.Expr {
	s := p.pos
	e := p.target()
	if p.k != Comma {
		return e
	}
	elts := []ast.Expr{e}
	for p.accept(Comma) {
		if p.k == KwIn {
			break
		}
		elts = append(elts, p.target())
	}
	return &ast.Tuple{Pos: p.span(s), Elts: elts, Ctx: ast.Store}
}

// target parses one target, perhaps starred.
func (p *parser) target() ast.Expr {
	var e ast.Expr
	if p.k == Star {
		e = p.starred()
	} else {
		e = p.await()
	}
	p.assignable(e, ast.Store)
	return e
}

// assignable makes e an assignment or deletion target; it fails if e cannot be one.
func (p *parser) assignable(e ast.Expr, ctx ast.Context) {
	switch e := e.(type) {
	case *ast.Name:
		e.Ctx = ctx
	case *ast.Attribute:
		e.Ctx = ctx
	case *ast.Subscript:
		e.Ctx = ctx
	case *ast.Starred:
		if _, twice := e.Value.(*ast.Starred); twice || ctx == ast.Del {
			p.fail()
		}
		e.Ctx = ctx
		p.assignable(e.Value, ctx)
	case *ast.Tuple:
		e.Ctx = ctx
		for _, x := range e.Elts {
			p.assignable(x, ctx)
		}
	case *ast.List:
		e.Ctx = ctx
		for _, x := range e.Elts {
			p.assignable(x, ctx)
		}
	default:
		p.fail()
	}
}

// parameters parses the parameters of a lambda (up to ":", no annotations) or function (up to ")").
func (p *parser) parameters(end Kind) *ast.Arguments {
	a := &ast.Arguments{}
	typed := end == RPar
	const (
		positional = iota
		keywordOnly
		finished
	)
	state, star := positional, false
	for p.k != end {
		switch {
		case p.k == Slash:
			if state != positional || a.Posonlyargs != nil || len(a.Args) == 0 {
				p.fail()
			}
			p.advance()
			a.Posonlyargs, a.Args = a.Args, nil
		case p.k == Star:
			if state != positional {
				p.fail()
			}
			p.advance()
			state, star = keywordOnly, true
			if p.k != Comma {
				a.Vararg = p.parameter(typed, true)
				star = false
			}
		case p.k == DoubleStar:
			if state == finished || star {
				p.fail()
			}
			p.advance()
			a.Kwarg = p.parameter(typed, false)
			state = finished
		default:
			if state == finished {
				p.fail()
			}
			arg := p.parameter(typed, false)
			var dflt ast.Expr
			if p.accept(Equal) {
				dflt = p.expression()
			}
			if state == keywordOnly {
				a.Kwonlyargs = append(a.Kwonlyargs, arg)
				a.KwDefaults = append(a.KwDefaults, dflt)
				star = false
				break
			}
			a.Args = append(a.Args, arg)
			if dflt != nil {
				a.Defaults = append(a.Defaults, dflt)
			} else if len(a.Defaults) > 0 {
				p.fail()
			}
		}
		if p.k != end {
			p.need(Comma)
		}
	}
	if star {
		p.fail()
	}
	return a
}

// parameter parses a parameter name, with an annotation if typed; that of *args may be starred.
func (p *parser) parameter(typed, starOK bool) *ast.Arg {
	s := p.pos
	a := &ast.Arg{Arg: p.name()}
	if typed && p.accept(Colon) {
		if starOK && p.k == Star {
			a.Annotation = p.starred()
		} else {
			a.Annotation = p.expression()
		}
	}
	a.Pos = p.span(s)
	return a
}
