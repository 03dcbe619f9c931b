package compile

import (
	"strings"

	"martlet/python/ast"
	"martlet/python/internal/code"
	"martlet/python/internal/symtable"
)

// Calls, super() and f-strings.

func (c *compiler) call(e *ast.Call, dst reg) {
	c.checkCaller(e)
	checkKeywords(c, e.Keywords)
	if !plainArgs(e.Args, e.Keywords) {
		c.callEx(e, e.Func, nil, e.Args, e.Keywords, dst)
		return
	}
	if f, ok := e.Func.(*ast.Attribute); ok {
		c.methodCall(e, f, dst)
		return
	}
	n := len(e.Args) + len(e.Keywords)
	base := c.span(1 + n)
	c.expr(e.Func, base)
	c.args(base+1, e.Args, e.Keywords)
	c.at(e)
	c.emitCall(e, base, dst, false)
}

// args computes arguments into consecutive registers.
func (c *compiler) args(r reg, args []ast.Expr, kws []*ast.Keyword) {
	for i, a := range args {
		c.expr(a, r+reg(i))
	}
	for i, k := range kws {
		c.expr(k.Value, r+reg(len(args)+i))
	}
}

// emitCall emits the call of what stands at base; method says that base+1 is self or unbound.
func (c *compiler) emitCall(e *ast.Call, base, dst reg, method bool) {
	switch {
	case len(e.Keywords) > 0:
		d := uint8(0)
		if method {
			d = 1
		}
		c.emit(code.OpCallkw, dst, base, reg(c.kwSite(len(e.Args), e.Keywords)), d)
	case method:
		c.emit(code.OpCallm, dst, base, reg(len(e.Args)), 0)
	default:
		c.emit(code.OpCall, dst, base, reg(len(e.Args)), 0)
	}
}

func (c *compiler) kwSite(npos int, kws []*ast.Keyword) int {
	s := code.KwSite{NPos: npos}
	for _, k := range kws {
		s.Names = append(s.Names, k.Arg)
	}
	c.code.KwSites = append(c.code.KwSites, s)
	if len(c.code.KwSites) > code.MaxReg {
		panic(&Error{Kind: "SyntaxError", Msg: "code too large: too many calls with keywords"})
	}
	return len(c.code.KwSites) - 1
}

// plainArgs reports whether a call needs no unpacking and few registers.
func plainArgs(args []ast.Expr, kws []*ast.Keyword) bool {
	for _, k := range kws {
		if k.Arg == "" {
			return false
		}
	}
	return simpleElts(args) && len(args)+len(kws) <= maxSpan
}

// effectFree reports whether computing e can neither raise nor be noticed.
func (c *compiler) effectFree(e ast.Expr) bool {
	if _, ok := c.fold(e); ok {
		return true
	}
	n, ok := e.(*ast.Name)
	if !ok {
		return false
	}
	name := c.mangle(n.Id)
	p, r := c.resolve(name)
	if p != inLocal || int(r) >= c.nargs() {
		return false
	}
	s := c.block.Lookup(name)
	return s != nil && s.Flags&symtable.DefDel == 0
}

// methodCall compiles obj.name(args).
func (c *compiler) methodCall(e *ast.Call, f *ast.Attribute, dst reg) {
	n := len(e.Args) + len(e.Keywords)
	base := c.span(2 + n)
	free := len(e.Keywords) == 0 && len(e.Args) < 256
	for _, a := range e.Args {
		free = free && c.effectFree(a)
	}
	if sup, ok := c.superCall(f); ok {
		c.at(f)
		c.emit(code.OpSupermethod, base, sup, reg(c.site(f.Attr)), c.superFlag(f))
		free = false
	} else if free && len(c.code.Sites) < code.MaxReg {
		c.expr(f.Value, base+1)
		c.args(base+2, e.Args, nil)
		c.at(e)
		c.emit(code.OpCallmethod, dst, base, reg(c.site(f.Attr)), uint8(len(e.Args)))
		return
	} else {
		r := c.operand(f.Value)
		c.at(f)
		c.emit(code.OpLoadmethod, base, r, reg(c.site(f.Attr)), 0)
	}
	c.args(base+2, e.Args, e.Keywords)
	c.at(e)
	c.emitCall(e, base, dst, true)
}

// callEx compiles a call with unpacking. first, if not nil, are values that precede the arguments.
func (c *compiler) callEx(at ast.Node, fn ast.Expr, first []reg, args []ast.Expr, kws []*ast.Keyword, dst reg) {
	base := c.span(3)
	c.expr(fn, base)
	c.callExFrom(at, base, first, args, kws, dst)
}

// callExFrom is callEx with the callee already at base.
func (c *compiler) callExFrom(at ast.Node, base reg, first []reg, args []ast.Expr, kws []*ast.Keyword, dst reg) {
	if len(args) == 1 && len(first) == 0 {
		if s, ok := args[0].(*ast.Starred); ok {
			c.expr(s.Value, base+1)
			c.keywords(at, base, kws, dst)
			return
		}
	}
	if len(first) == 0 && simpleElts(args) {
		c.display(tupleAt(at, args), args, code.OpTuple, base+1)
		c.keywords(at, base, kws, dst)
		return
	}
	acc := c.temp()
	c.at(at)
	r := c.span(len(first))
	for i, f := range first {
		c.emit(code.OpMove, r+reg(i), f, 0, 0)
	}
	c.emit(code.OpList, acc, r, reg(len(first)), 0)
	for _, x := range args {
		mark := c.temps
		if s, star := x.(*ast.Starred); star {
			v := c.operand(s.Value)
			c.at(at)
			c.emit(code.OpExtend, acc, v, 0, 0)
		} else {
			v := c.operand(x)
			c.at(at)
			c.emit(code.OpAppend, acc, v, 0, 0)
		}
		c.temps = mark
	}
	c.at(at)
	c.emit(code.OpTotuple, base+1, acc, 0, 0)
	c.keywords(at, base, kws, dst)
}

// tupleAt is a node for the position of gathered arguments.
func tupleAt(at ast.Node, args []ast.Expr) ast.Expr { return &ast.Tuple{Pos: *at.Span(), Elts: args} }

// keywords gathers keyword arguments at base+2 and emits the call.
func (c *compiler) keywords(at ast.Node, base reg, kws []*ast.Keyword, dst reg) {
	if len(kws) == 0 {
		c.at(at)
		c.emit(code.OpCallex, dst, base, 0, 0)
		return
	}
	d := base + 2
	c.at(at)
	t := c.temp()
	for i := 0; i < len(kws); {
		mark := c.temps
		n := c.keywordRun(kws[i:])
		target := d
		if i > 0 {
			target = t
		} else if n == 0 {
			c.at(at)
			c.emit(code.OpDict, d, t, 0, 0)
		}
		if n > 0 {
			c.keywordDict(at, kws[i:i+n], target)
			i += n
		} else {
			target = c.operand(kws[i].Value)
			i++
		}
		if target != d {
			c.at(at)
			c.emit(code.OpDictmerge, d, target, base, 0)
		}
		c.temps = mark
	}
	c.at(at)
	c.emit(code.OpCallex, dst, base, 0, 1)
}

// keywordRun counts the keywords up to the next **.
func (c *compiler) keywordRun(kws []*ast.Keyword) int {
	n := 0
	for n < len(kws) && n < maxSpan/2 && kws[n].Arg != "" {
		n++
	}
	return n
}

// keywordDict makes a dict of named keywords.
func (c *compiler) keywordDict(at ast.Node, kws []*ast.Keyword, dst reg) {
	r := c.span(2 * len(kws))
	for i, k := range kws {
		c.at(at)
		c.loadConst(r+reg(2*i), k.Arg)
		c.expr(k.Value, r+reg(2*i+1))
	}
	c.at(at)
	c.emit(code.OpDict, dst, r, reg(len(kws)), 0)
}

// checkKeywords rejects repeated keyword arguments.
func checkKeywords(c *compiler, kws []*ast.Keyword) {
	for i, k := range kws {
		if k.Arg == "" {
			continue
		}
		for _, o := range kws[i+1:] {
			if o.Arg == k.Arg {
				c.fail(o, "keyword argument repeated: %s", k.Arg)
			}
		}
	}
}

// checkCaller warns of calls of things that cannot be called.
func (c *compiler) checkCaller(e *ast.Call) {
	var name string
	switch f := e.Func.(type) {
	case *ast.Constant:
		name = typeName(f.Value)
	case *ast.Tuple:
		name = "tuple"
	case *ast.List, *ast.ListComp:
		name = "list"
	case *ast.Dict, *ast.DictComp:
		name = "dict"
	case *ast.Set, *ast.SetComp:
		name = "set"
	case *ast.GeneratorExp:
		name = "generator"
	case *ast.JoinedStr:
		name = "str"
	default:
		v, ok := c.fold(f)
		switch {
		case ok:
			name = typeName(v)
		case c.isComplex(f):
			name = "complex"
		default:
			return
		}
	}
	c.warn(e, "'%s' object is not callable; perhaps you missed a comma?", name)
}

// superCall recognises super().x and super(a, b).x in a method, where no object of super need be made: it computes the three
// registers that superattr wants.
func (c *compiler) superCall(e *ast.Attribute) (base reg, ok bool) {
	call, isCall := e.Value.(*ast.Call)
	if !isCall || len(call.Keywords) > 0 || len(c.code.Sites) >= code.MaxReg || e.Attr == "__class__" {
		return 0, false
	}
	fn, isName := call.Func.(*ast.Name)
	if !isName || fn.Id != "super" || c.kind != functionUnit && c.kind != lambdaUnit {
		return 0, false
	}
	if p, _ := c.resolve("super"); p != inGlobal {
		return 0, false
	}
	switch {
	case len(call.Args) == 2 && simpleElts(call.Args):
		base = c.span(3)
		c.expr(fn, base)
		c.expr(call.Args[0], base+1)
		c.expr(call.Args[1], base+2)
		return base, true
	case len(call.Args) != 0 || c.code.ArgCount == 0:
		return 0, false
	}
	if p, _ := c.resolve("__class__"); p != inFree {
		return 0, false
	}
	base = c.span(3)
	c.expr(fn, base)
	c.at(call)
	c.load("__class__", base+1)
	self := c.block.Params[0]
	if i, cell := c.cells[self]; cell {
		c.emit(code.OpLoadcell, base+2, cellReg+reg(i), 0, 0)
	} else {
		c.check(self, c.locals[self])
		c.emit(code.OpMove, base+2, c.locals[self], 0, 0)
	}
	return base, true
}

// superFlag is operand d of superattr: 1 for super(a, b).
func (c *compiler) superFlag(e *ast.Attribute) uint8 {
	if len(e.Value.(*ast.Call).Args) == 2 {
		return 1
	}
	return 0
}

func (c *compiler) joined(e *ast.JoinedStr, dst reg) {
	switch n := len(e.Values); {
	case n == 0:
		c.at(e)
		c.loadConst(dst, "")
	case n == 1:
		c.expr(e.Values[0], dst)
	case n <= maxSpan:
		r := c.span(n)
		for i, v := range e.Values {
			c.expr(v, r+reg(i))
		}
		c.at(e)
		c.emit(code.OpString, dst, r, reg(n), 0)
	default:
		c.bigJoined(e, dst)
	}
}

// bigJoined joins an f-string of very many parts piece by piece.
func (c *compiler) bigJoined(e *ast.JoinedStr, dst reg) {
	acc := c.span(2)
	c.at(e)
	c.loadConst(acc, "")
	for l := e.Values; len(l) > 0; {
		n := min(len(l), maxSpan)
		mark := c.temps
		c.joined(&ast.JoinedStr{Pos: e.Pos, Values: l[:n]}, acc+1)
		c.temps = mark
		c.emit(code.OpString, acc, acc, 2, 0)
		l = l[n:]
	}
	c.emit(code.OpMove, dst, acc, 0, 0)
}

func (c *compiler) formatted(e *ast.FormattedValue, dst reg) {
	conv := map[int]uint8{-1: 0, 's': 1, 'r': 2, 'a': 3}[e.Conversion]
	v := c.operand(e.Value)
	if e.FormatSpec == nil {
		c.at(e)
		c.emit(code.OpFormat, dst, v, 0, conv)
		return
	}
	s := c.operand(e.FormatSpec)
	c.at(e)
	c.emit(code.OpFormatspec, dst, v, s, conv)
}

// formatOp compiles a constant format applied to a tuple display as an f-string, where that means the same; false if it does not apply.
func (c *compiler) formatOp(e *ast.BinOp, dst reg) bool {
	if e.Op != ast.Modulo {
		return false
	}
	k, ok := e.Left.(*ast.Constant)
	t, isTuple := e.Right.(*ast.Tuple)
	format, isStr := "", false
	if ok {
		format, isStr = k.Value.(string)
	}
	if !isStr || !isTuple || !simpleElts(t.Elts) {
		return false
	}
	parts, ok := splitFormat(format, len(t.Elts))
	if !ok || len(parts)+len(t.Elts) > maxSpan {
		return false
	}
	// Only %s, %r and %a of a tuple of the right length: the parts of an f-string.
	j := &ast.JoinedStr{Pos: e.Pos}
	n := 0
	for _, p := range parts {
		if p.conv == 0 {
			j.Values = append(j.Values, &ast.Constant{Pos: e.Pos, Value: p.text})
			continue
		}
		j.Values = append(j.Values, &ast.FormattedValue{Pos: *t.Elts[n].Span(), Value: t.Elts[n], Conversion: p.conv})
		n++
	}
	c.joined(j, dst)
	return true
}

type formatPart struct {
	text string
	conv int
}

// splitFormat splits a format of plain %s, %r and %a; ok is false if it has anything else or not n of them.
func splitFormat(s string, n int) (parts []formatPart, ok bool) {
	for {
		i := strings.IndexByte(s, '%')
		if i < 0 {
			if s != "" {
				parts = append(parts, formatPart{text: s})
			}
			return parts, n == 0
		}
		if i+1 >= len(s) || strings.IndexByte("sra", s[i+1]) < 0 {
			return nil, false
		}
		if i > 0 {
			parts = append(parts, formatPart{text: s[:i]})
		}
		parts = append(parts, formatPart{conv: int(s[i+1])})
		n--
		s = s[i+2:]
	}
}
