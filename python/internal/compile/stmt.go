package compile

import (
	"martlet/python/ast"
	"martlet/python/internal/code"
)

// Statements.

func (c *compiler) stmts(l []ast.Stmt) {
	for _, s := range l {
		c.stmt(s)
	}
}

func (c *compiler) stmt(s ast.Stmt) {
	mark := c.temps
	c.at(s)
	switch s := s.(type) {
	case *ast.ExprStmt:
		c.exprStmt(s)
	case *ast.Assign:
		c.assignStmt(s)
	case *ast.AugAssign:
		c.augAssign(s)
	case *ast.AnnAssign:
		c.annAssign(s)
	case *ast.Return:
		c.returnStmt(s)
	case *ast.If:
		c.ifStmt(s)
	case *ast.For:
		c.forStmt(s)
	case *ast.While:
		c.whileStmt(s)
	case *ast.FunctionDef:
		c.function(s, s.Name, s.Args, s.Body, s.DecoratorList, s.Returns, s.TypeParams, false)
	case *ast.AsyncFunctionDef:
		c.function(s, s.Name, s.Args, s.Body, s.DecoratorList, s.Returns, s.TypeParams, true)
	case *ast.ClassDef:
		c.class(s)
	case *ast.Try:
		c.try(s, s.Body, s.Handlers, s.Orelse, s.Finalbody, false)
	case *ast.TryStar:
		c.try(s, s.Body, s.Handlers, s.Orelse, s.Finalbody, true)
	case *ast.With:
		c.with(s, s.Items, s.Body, false)
	case *ast.AsyncWith:
		c.with(s, s.Items, s.Body, true)
	default:
		c.rareStmt(s)
	}
	c.temps = mark
}

func (c *compiler) rareStmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.Pass:
		c.emit(code.OpNop, 0, 0, 0, 0)
	case *ast.Break:
		c.leaveLoop(s, true)
	case *ast.Continue:
		c.leaveLoop(s, false)
	case *ast.Raise:
		c.raise(s)
	case *ast.Assert:
		c.assert(s)
	case *ast.Delete:
		for _, t := range s.Targets {
			c.delete(t)
		}
	case *ast.Import:
		c.importStmt(s)
	case *ast.ImportFrom:
		c.importFrom(s)
	case *ast.AsyncFor:
		c.asyncFor(s)
	case *ast.Match:
		c.match(s)
	case *ast.TypeAlias:
		c.typeAlias(s)
	case *ast.Global, *ast.Nonlocal:
	default:
		c.fail(s, "unexpected statement %T", s)
	}
}

func (c *compiler) exprStmt(s *ast.ExprStmt) {
	if c.interact && c.parent == nil {
		r := c.operand(s.Value)
		c.at(s)
		c.emit(code.OpPrint, r, 0, 0, 0)
		return
	}
	if _, ok := s.Value.(*ast.Constant); ok {
		c.emit(code.OpNop, 0, 0, 0, 0)
		return
	}
	c.operand(s.Value)
}

func (c *compiler) ifStmt(s *ast.If) {
	end := c.label()
	for {
		next := c.label()
		c.at(s)
		c.branch(s.Test, next, false)
		c.stmts(s.Body)
		if len(s.Orelse) == 0 {
			c.place(next)
			break
		}
		c.hop(end)
		c.place(next)
		if len(s.Orelse) == 1 {
			if elif, ok := s.Orelse[0].(*ast.If); ok {
				s = elif
				continue
			}
		}
		c.stmts(s.Orelse)
		break
	}
	c.place(end)
}

func (c *compiler) whileStmt(s *ast.While) {
	top, orelse, end := c.label(), c.label(), c.label()
	c.place(top)
	c.pushBlock(&fblock{kind: loopBlock, brk: end, cont: top, back: true})
	c.branch(s.Test, orelse, false)
	c.stmts(s.Body)
	c.pos = noPos
	c.jump(code.OpLoop, top, 0, 0, 0)
	c.popBlock()
	c.place(orelse)
	c.stmts(s.Orelse)
	c.place(end)
}

// iterable computes the object of a for loop; a constant list display is made a tuple.
func (c *compiler) iterable(e ast.Expr, dst reg) {
	if l, ok := e.(*ast.List); ok {
		if v, ok := c.constContainer(l); ok {
			c.at(e)
			c.loadConst(dst, v)
			return
		}
		if simpleElts(l.Elts) {
			c.display(e, l.Elts, code.OpTuple, dst)
			return
		}
	}
	c.expr(e, dst)
}

// loopVar gives the register that fornext writes for a target: the variable itself when it is a local.
func (c *compiler) loopVar(target ast.Expr) (r reg, stored bool) {
	if n, ok := target.(*ast.Name); ok {
		if p, r := c.resolve(c.mangle(n.Id)); p == inLocal {
			return r, true
		}
	}
	return c.temp(), false
}

func (c *compiler) forStmt(s *ast.For) {
	it := c.temp()
	c.iterable(s.Iter, it)
	c.at(s.Iter)
	c.emit(code.OpGetiter, it, it, 0, 0)
	body, next, end := c.label(), c.label(), c.label()
	v, stored := c.loopVar(s.Target)
	c.jump(code.OpJmp, next, 0, 0, 0)
	c.place(body)
	c.pushBlock(&fblock{kind: loopBlock, brk: end, cont: next})
	if !stored {
		c.assign(s.Target, v)
	}
	c.stmts(s.Body)
	c.place(next)
	c.at(s.Iter)
	c.jump(code.OpFornext, body, v, it, 0)
	c.popBlock()
	c.stmts(s.Orelse)
	c.place(end)
}

func (c *compiler) asyncFor(s *ast.AsyncFor) {
	if !c.async {
		c.fail(s, "'async for' outside async function")
	}
	it := c.temp()
	c.expr(s.Iter, it)
	c.at(s.Iter)
	c.emit(code.OpAiter, it, it, 0, 0)
	top, end := c.label(), c.label()
	c.place(top)
	c.pushBlock(&fblock{kind: loopBlock, brk: end, cont: top, back: true})
	h := c.asyncNext(s.Iter, it, func(v reg) { c.assign(s.Target, v) })
	c.stmts(s.Body)
	c.pos = noPos
	c.jump(code.OpLoop, top, 0, 0, 0)
	c.popBlock()
	c.place(c.handlers[h].label)
	c.at(s.Iter)
	c.emit(code.OpEndasyncfor, c.handlers[h].reg, 0, 0, 0)
	c.stmts(s.Orelse)
	c.place(end)
}

// asyncNext awaits the next item of an async iterator and hands it to assign; the handler returned gets the exception that ends the loop.
func (c *compiler) asyncNext(at ast.Node, it reg, assign func(reg)) int32 {
	outer := c.handler
	h := c.newHandler()
	v := c.temp()
	c.handler = h
	c.at(at)
	c.emit(code.OpAnext, v, it, 0, 0)
	c.awaitReg(v, 3)
	c.handler = outer
	assign(v)
	return h
}

func (c *compiler) returnStmt(s *ast.Return) {
	switch {
	case !c.inFunction():
		c.fail(s, "'return' outside function")
	case s.Value != nil && c.block.Generator && c.async:
		c.fail(s, "'return' with value in async generator")
	}
	c.checkStar(s)
	v, isConst := any(nil), true
	if s.Value != nil {
		v, isConst = c.fold(s.Value)
	}
	if isConst && v == nil {
		c.emit(code.OpNop, 0, 0, 0, 0)
		c.unwindAll(s)
		c.emit(code.OpRetnone, 0, 0, 0, 0)
		return
	}
	var r reg
	if c.mustUnwind() {
		r = c.value(s.Value)
	} else {
		r = c.operand(s.Value)
	}
	c.unwindAll(s)
	c.emit(code.OpRet, r, 0, 0, 0)
}

func (c *compiler) raise(s *ast.Raise) {
	if s.Exc == nil {
		c.emit(code.OpRaisecur, 0, 0, 0, 0)
		return
	}
	e := c.operand(s.Exc)
	if s.Cause == nil {
		c.at(s)
		c.emit(code.OpRaise, e, 0, 0, 0)
		return
	}
	cause := c.operand(s.Cause)
	c.at(s)
	c.emit(code.OpRaisefrom, e, cause, 0, 0)
}

func (c *compiler) assert(s *ast.Assert) {
	if t, ok := s.Test.(*ast.Tuple); ok && len(t.Elts) > 0 {
		c.warn(s, "assertion is always true, perhaps remove parentheses?")
	}
	if k, ok := s.Test.(*ast.Constant); ok {
		if t, ok := k.Value.(ast.ConstTuple); ok && len(t) > 0 {
			c.warn(s, "assertion is always true, perhaps remove parentheses?")
		}
	}
	if c.opt.Optimize > 0 {
		return
	}
	end := c.label()
	c.branch(s.Test, end, true)
	c.at(s.Test)
	base := c.span(2)
	c.emit(code.OpAsserterr, base, 0, 0, 0)
	if s.Msg != nil {
		c.expr(s.Msg, base+1)
		c.at(s.Test)
		c.emit(code.OpCall, base, base, 1, 0)
	}
	c.at(s.Test)
	c.emit(code.OpRaise, base, 0, 0, 0)
	c.place(end)
}

// importModule emits the import of a module; level and the names wanted are constants.
func (c *compiler) importModule(name string, level int, from any, dst reg) {
	b := c.span(2)
	c.loadConst(b, int64(level))
	c.loadConst(b+1, from)
	c.emit(code.OpImport, dst, b, reg(c.name(name)), 0)
}

func (c *compiler) importStmt(s *ast.Import) {
	for _, a := range s.Names {
		mark := c.temps
		t := c.temp()
		c.importModule(a.Name, 0, nil, t)
		head, rest := cut(a.Name)
		if a.Asname == "" {
			c.store(head, t)
		} else {
			for rest != "" {
				head, rest = cut(rest)
				c.emit(code.OpImportfrom, t, t, reg(c.name(head)), 0)
			}
			c.store(a.Asname, t)
		}
		c.temps = mark
	}
}

// cut splits a dotted name at its first dot.
func cut(name string) (head, rest string) {
	for i := range len(name) {
		if name[i] == '.' {
			return name[:i], name[i+1:]
		}
	}
	return name, ""
}

func (c *compiler) importFrom(s *ast.ImportFrom) {
	if s.Module == "__future__" && s.Level == 0 && s.Line > c.table.Future.LastLine {
		c.fail(s, "from __future__ imports must occur at the beginning of the file")
	}
	from := make(ast.ConstTuple, len(s.Names))
	for i, a := range s.Names {
		from[i] = a.Name
	}
	m := c.temp()
	c.importModule(s.Module, s.Level, from, m)
	if s.Names[0].Name == "*" {
		c.emit(code.OpImportstar, m, 0, 0, 0)
		return
	}
	for _, a := range s.Names {
		mark := c.temps
		t := c.temp()
		c.emit(code.OpImportfrom, t, m, reg(c.name(a.Name)), 0)
		name := a.Asname
		if name == "" {
			name = a.Name
		}
		c.store(name, t)
		c.temps = mark
	}
}
