package compile

import (
	"martlet/python/ast"
	"martlet/python/internal/code"
	"martlet/python/internal/symtable"
)

// Functions, classes, type parameters, type aliases.

// qualname is the qualified name of something called name that is defined here.
func (c *compiler) qualname(name string, kind unitKind) string {
	u := c.unit
	if u.kind == typeUnit && u.block.Kind == symtable.TypeParams {
		u = u.parent
	}
	if u.kind == moduleUnit {
		return name
	}
	if kind == functionUnit || kind == classUnit {
		if s := u.block.Lookup(symtable.Mangle(u.private, name)); s != nil && s.Scope == symtable.GlobalExplicit {
			return name
		}
	}
	if u.kind == functionUnit || u.kind == lambdaUnit {
		return u.qual + ".<locals>." + name
	}
	return u.qual + "." + name
}

// makeFunc emits the making of a function from code; its operands stand from base on.
func (c *compiler) makeFunc(co *code.Code, base, dst reg, flags code.FuncFlags) {
	s := code.FuncSite{Flags: flags}
	s.Code = len(c.code.Consts)
	c.code.Consts = append(c.code.Consts, co)
	for _, name := range co.FreeVars {
		s.Captures = append(s.Captures, c.capture(name))
	}
	c.code.FuncSites = append(c.code.FuncSites, s)
	c.emit(code.OpMakefunc, dst, base, reg(len(c.code.FuncSites)-1), 0)
}

// capture says where the cell of a nested code's free variable is.
func (c *compiler) capture(name string) int32 {
	for i := len(c.scopes) - 1; i > 0; i-- {
		if r, ok := c.scopes[i].vars[name]; ok && r >= cellReg {
			return int32(r - cellReg)
		}
	}
	if i, ok := c.cells[name]; ok {
		return int32(i)
	}
	if i, ok := c.frees[name]; ok {
		return ^int32(i)
	}
	panic(&Error{Kind: "SystemError", Msg: "no cell for " + name})
}

// funcFlags completes a function's flags.
func (c *compiler) funcFlags(b *symtable.Block, a *ast.Arguments, async bool) {
	co := c.code
	co.PosOnly = len(a.Posonlyargs)
	co.ArgCount = len(a.Posonlyargs) + len(a.Args)
	co.KwOnly = len(a.Kwonlyargs)
	if b.VarArgs {
		co.Flags |= code.VarArgs
	}
	if b.VarKeywords {
		co.Flags |= code.VarKeywords
	}
	switch {
	case b.Generator && (async || b.Coroutine && c.kind != functionUnit):
		co.Flags |= code.AsyncGenerator
	case b.Generator:
		co.Flags |= code.Generator
	case async:
		co.Flags |= code.Coroutine
	}
	if c.parent != nil && c.parent.kind == classUnit {
		co.Flags |= code.Method
	}
}

// decorators computes decorators into consecutive registers; the register behind them is for what they decorate.
func (c *compiler) decorators(l []ast.Expr) reg {
	base := c.span(len(l) + 1)
	for i, d := range l {
		c.expr(d, base+reg(i))
	}
	return base
}

// decorate applies the decorators at base, last first; the result is at base.
func (c *compiler) decorate(l []ast.Expr, base reg) {
	for i := len(l) - 1; i >= 0; i-- {
		c.at(l[i])
		c.emit(code.OpCall, base+reg(i), base+reg(i), 1, 0)
	}
}

// firstLine is the line of the first decorator, or of the definition.
func firstLine(n ast.Node, decorators []ast.Expr) int32 {
	if len(decorators) > 0 {
		return decorators[0].Span().Line
	}
	return n.Span().Line
}

// defaults computes the tuple and dict of defaults from base on and returns the flags.
func (c *compiler) defaults(at ast.Node, a *ast.Arguments, base reg) (flags code.FuncFlags, next reg) {
	if len(a.Defaults) > 0 {
		c.expr(tupleAt(at, a.Defaults), base)
		flags |= code.FuncDefaults
		base++
	}
	var kw ast.Dict
	for i, d := range a.KwDefaults {
		if d != nil {
			kw.Keys = append(kw.Keys, &ast.Constant{Pos: *d.Span(), Value: c.mangle(a.Kwonlyargs[i].Arg)})
			kw.Values = append(kw.Values, d)
		}
	}
	if len(kw.Keys) > 0 {
		kw.Pos = *at.Span()
		c.expr(&kw, base)
		flags |= code.FuncKwDefaults
		base++
	}
	return flags, base
}

// annotations computes the tuple of annotations into dst; false if there are none.
func (c *compiler) annotations(at ast.Node, a *ast.Arguments, returns ast.Expr, dst reg) bool {
	type entry struct {
		name string
		e    ast.Expr
	}
	var l []entry
	add := func(args ...*ast.Arg) {
		for _, x := range args {
			if x != nil && x.Annotation != nil {
				l = append(l, entry{c.mangle(x.Arg), x.Annotation})
			}
		}
	}
	add(a.Args...) // before the positional-only ones, as CPython has it
	add(a.Posonlyargs...)
	add(a.Vararg)
	add(a.Kwonlyargs...)
	add(a.Kwarg)
	if returns != nil {
		l = append(l, entry{"return", returns})
	}
	if len(l) == 0 {
		return false
	}
	mark := c.temps
	r := c.span(2 * len(l))
	for i, e := range l {
		c.at(at)
		c.loadConst(r+reg(2*i), e.name)
		c.annotation(e.e, r+reg(2*i+1))
	}
	c.at(at)
	c.emit(code.OpTuple, dst, r, reg(2*len(l)), 0)
	c.temps = mark
	return true
}

func (c *compiler) function(s ast.Stmt, name string, a *ast.Arguments, body []ast.Stmt, decorators []ast.Expr, returns ast.Expr, tps []ast.TypeParam, async bool) {
	base := c.decorators(decorators)
	fn := base + reg(len(decorators))
	c.at(s)
	if len(tps) > 0 {
		c.genericFunction(s, name, a, body, decorators, returns, tps, async, fn)
	} else {
		ops := c.span(3)
		flags, next := c.defaults(s, a, ops)
		if c.annotations(s, a, returns, next) {
			flags |= code.FuncAnnotations
		}
		co := c.functionBody(s, name, a, body, decorators, async)
		c.at(s)
		c.makeFunc(co, ops, fn, flags)
	}
	c.decorate(decorators, base)
	c.at(s)
	c.store(name, base)
}

// genericFunction makes a function with type parameters: in a scope of their own that is called at once.
func (c *compiler) genericFunction(s ast.Stmt, name string, a *ast.Arguments, body []ast.Stmt, decorators []ast.Expr, returns ast.Expr, tps []ast.TypeParam, async bool, dst reg) {
	call := c.span(3)
	flags, next := c.defaults(s, a, call+1)
	b := table(c, s, symtable.TypeParams)
	outer := "<generic parameters of " + name + ">"
	c.push(b, typeUnit, outer, c.qualname(outer, typeUnit), firstLine(s, decorators))
	c.at(s)
	params := c.temp()
	c.typeParams(tps, params)
	ops := c.span(3)
	at := ops
	for i := range int(next - call - 1) {
		c.emit(code.OpMove, at, reg(i), 0, 0)
		at++
	}
	if c.annotations(s, a, returns, at) {
		flags |= code.FuncAnnotations
	}
	co := c.functionBody(s, name, a, body, decorators, async)
	c.at(s)
	f := c.temp()
	c.makeFunc(co, ops, f, flags)
	c.emit(code.OpTypeparams, f, params, 0, 0)
	c.emit(code.OpRet, f, 0, 0, 0)
	gen := c.pop()
	c.at(s)
	c.makeFunc(gen, call, call, 0)
	c.emit(code.OpCall, dst, call, next-call-1, 0)
}

// functionBody compiles a function's code.
func (c *compiler) functionBody(s ast.Stmt, name string, a *ast.Arguments, body []ast.Stmt, decorators []ast.Expr, async bool) *code.Code {
	b := table(c, s, symtable.Function)
	c.push(b, functionUnit, name, c.qualname(name, functionUnit), firstLine(s, decorators))
	c.async = async
	c.funcFlags(b, a, async)
	c.at(s)
	if doc, rest := c.docstring(body); doc != nil {
		if c.opt.Optimize < 2 {
			c.constant(doc.Value)
			c.code.Flags |= code.HasDocstring
		}
		body = rest
		if len(body) == 0 {
			c.at(doc)
		}
	}
	c.stmts(body)
	c.pos = noPos
	c.emit(code.OpRetnone, 0, 0, 0, 0)
	return c.pop()
}

func (c *compiler) lambda(e *ast.Lambda, dst reg) {
	ops := c.span(2)
	flags, _ := c.defaults(e, e.Args, ops)
	b := table(c, e, symtable.Function)
	c.push(b, lambdaUnit, "<lambda>", c.qualname("<lambda>", lambdaUnit), e.Line)
	c.funcFlags(b, e.Args, false)
	r := c.operand(e.Body)
	c.at(e.Body)
	c.emit(code.OpRet, r, 0, 0, 0)
	co := c.pop()
	c.at(e)
	c.makeFunc(co, ops, dst, flags)
}

func (c *compiler) class(s *ast.ClassDef) {
	base := c.decorators(s.DecoratorList)
	cls := base + reg(len(s.DecoratorList))
	c.at(s)
	line := firstLine(s, s.DecoratorList)
	if len(s.TypeParams) > 0 {
		c.genericClass(s, line, cls)
	} else {
		co := c.classBody(s, line)
		c.buildClass(s, co, none, cls)
	}
	c.decorate(s.DecoratorList, base)
	c.at(s)
	c.store(s.Name, base)
}

// genericClass makes a class with type parameters, in a scope of their own that is called at once.
func (c *compiler) genericClass(s *ast.ClassDef, line int32, dst reg) {
	outer := "<generic parameters of " + s.Name + ">"
	c.push(table(c, s, symtable.TypeParams), typeUnit, outer, c.qualname(outer, typeUnit), line)
	c.unit.private = s.Name
	c.at(s)
	params := c.temp()
	c.typeParams(s.TypeParams, params)
	c.store(".type_params", params)
	co := c.classBody(s, line)
	c.at(s)
	generic := c.temp()
	c.load(".type_params", generic)
	c.emit(code.OpGeneric, generic, generic, 0, 0)
	c.store(".generic_base", generic)
	r := c.temp()
	c.buildClass(s, co, generic, r)
	c.emit(code.OpRet, r, 0, 0, 0)
	gen := c.pop()
	c.at(s)
	call := c.temp()
	c.makeFunc(gen, call, call, 0)
	c.emit(code.OpCall, dst, call, 0, 0)
}

// buildClass calls __build_class__; generic is one more base, or none.
func (c *compiler) buildClass(s *ast.ClassDef, co *code.Code, generic, dst reg) {
	c.at(s)
	checkKeywords(c, s.Keywords)
	bases := s.Bases
	extra := 0
	if generic != none {
		extra = 1
	}
	if plainArgs(bases, s.Keywords) {
		r := c.span(3 + len(bases) + extra + len(s.Keywords))
		c.emit(code.OpBuildclass, r, 0, 0, 0)
		c.makeFunc(co, r+1, r+1, 0)
		c.loadConst(r+2, s.Name)
		for i, b := range bases {
			c.expr(b, r+3+reg(i))
		}
		if extra == 1 {
			c.emit(code.OpMove, r+3+reg(len(bases)), generic, 0, 0)
		}
		for i, k := range s.Keywords {
			c.expr(k.Value, r+3+reg(len(bases)+extra+i))
		}
		c.at(s)
		n := 2 + len(bases) + extra
		if len(s.Keywords) > 0 {
			c.emit(code.OpCallkw, dst, r, reg(c.kwSite(n, s.Keywords)), 0)
		} else {
			c.emit(code.OpCall, dst, r, reg(n), 0)
		}
		return
	}
	base := c.span(3)
	first := c.span(2)
	c.emit(code.OpBuildclass, base, 0, 0, 0)
	c.makeFunc(co, first, first, 0)
	c.loadConst(first+1, s.Name)
	args := bases
	if generic != none {
		args = append(append([]ast.Expr(nil), bases...), &ast.Name{Pos: s.Pos, Id: ".generic_base"})
	}
	c.callExFrom(s, base, []reg{first, first + 1}, args, s.Keywords, dst)
}

// classBody compiles the code of a class's body.
func (c *compiler) classBody(s *ast.ClassDef, line int32) *code.Code {
	b := table(c, s, symtable.Class)
	c.push(b, classUnit, s.Name, c.qualname(s.Name, classUnit), line)
	c.pos = code.Pos{Line: line, EndLine: line}
	t := c.temp()
	c.emitX(code.OpLoadname, t, c.name("__name__"))
	c.emitX(code.OpStorename, t, c.name("__module__"))
	c.loadConst(t, c.qual)
	c.emitX(code.OpStorename, t, c.name("__qualname__"))
	c.loadConst(t, int64(line))
	c.emitX(code.OpStorename, t, c.name("__firstlineno__"))
	if len(s.TypeParams) > 0 {
		c.load(".type_params", t)
		c.emitX(code.OpStorename, t, c.name("__type_params__"))
	}
	if b.NeedsClassDict {
		c.emit(code.OpLocals, t, 0, 0, 0)
		c.emit(code.OpStorecell, cellReg+reg(c.cells["__classdict__"]), t, 0, 0)
	}
	c.body(s.Body)
	c.pos = code.Pos{Line: 0, Col: -1}
	static := make(ast.ConstTuple, len(c.static))
	for i, n := range c.static {
		static[i] = n
	}
	c.loadConst(t, static)
	c.emitX(code.OpStorename, t, c.name("__static_attributes__"))
	if b.NeedsClassDict {
		c.emitX(code.OpStorename, cellReg+reg(c.cells["__classdict__"]), c.name("__classdictcell__"))
	}
	c.pos = noPos
	if b.NeedsClassCell {
		cell := cellReg + reg(c.cells["__class__"])
		c.emitX(code.OpStorename, cell, c.name("__classcell__"))
		c.emit(code.OpRet, cell, 0, 0, 0)
	} else {
		c.emit(code.OpRetnone, 0, 0, 0, 0)
	}
	return c.pop()
}

// typeParams makes the type parameters, binds their names, and puts the tuple of them into dst.
func (c *compiler) typeParams(l []ast.TypeParam, dst reg) {
	mark := c.temps
	r := c.span(len(l))
	defaults := false
	for i, t := range l {
		name, dflt := paramDefault(t)
		if defaults && dflt == nil {
			c.fail(t, "non-default type parameter '%s' follows default type parameter", name)
		}
		defaults = defaults || dflt != nil
		c.typeParam(t, r+reg(i))
	}
	c.emit(code.OpTuple, dst, r, reg(len(l)), 0)
	c.temps = mark
}

// paramDefault gives the name of a type parameter and its default, or nil.
func paramDefault(t ast.TypeParam) (string, ast.Expr) {
	switch t := t.(type) {
	case *ast.TypeVar:
		return t.Name, t.DefaultValue
	case *ast.ParamSpec:
		return t.Name, t.DefaultValue
	}
	v := t.(*ast.TypeVarTuple)
	return v.Name, v.DefaultValue
}

func (c *compiler) typeParam(t ast.TypeParam, dst reg) {
	mark := c.temps
	c.at(t)
	name, dflt := paramDefault(t)
	kind := uint8(0)
	n := c.temp()
	switch t := t.(type) {
	case *ast.TypeVar:
		if t.Bound != nil {
			c.loadConst(n, name)
			f := c.temp()
			c.typeThunk(name, t.Bound, f)
			if _, constraints := t.Bound.(*ast.Tuple); constraints {
				kind = 1
			}
			c.at(t)
			c.emit(code.OpTypebound, dst, n, f, kind)
			c.finishParam(name, dflt, dst)
			c.temps = mark
			return
		}
	case *ast.ParamSpec:
		kind = 1
	case *ast.TypeVarTuple:
		kind = 2
	}
	c.loadConst(n, name)
	c.emit(code.OpTypevar, dst, n, 0, kind)
	c.finishParam(name, dflt, dst)
	c.temps = mark
}

// finishParam sets a type parameter's default and binds its name.
func (c *compiler) finishParam(name string, dflt ast.Expr, r reg) {
	if dflt != nil {
		f := c.temp()
		c.typeThunk(name, dflt, f)
		c.emit(code.OpTypedefault, r, f, 0, 0)
	}
	c.store(name, r)
}

// typeThunk makes the function that computes a bound or default when it is asked for.
func (c *compiler) typeThunk(name string, e ast.Expr, dst reg) {
	c.push(table(c, e, symtable.TypeVariable), typeUnit, name, c.qualname(name, typeUnit), e.Span().Line)
	r := c.temp()
	if s, ok := e.(*ast.Starred); ok {
		v := c.operand(s.Value)
		c.at(e)
		c.emit(code.OpUnpack, r, v, 1, 0)
	} else {
		c.expr(e, r)
	}
	c.at(e)
	c.emit(code.OpRet, r, 0, 0, 0)
	co := c.pop()
	c.makeFunc(co, dst, dst, 0)
}

func (c *compiler) typeAlias(s *ast.TypeAlias) {
	name := s.Name.(*ast.Name).Id
	dst := c.temp()
	if len(s.TypeParams) == 0 {
		c.aliasValue(s, name, none, dst)
		c.store(name, dst)
		return
	}
	outer := "<generic parameters of " + name + ">"
	c.push(table(c, s, symtable.TypeParams), typeUnit, outer, c.qualname(outer, typeUnit), s.Line)
	c.at(s)
	params, r := c.temp(), c.temp()
	c.typeParams(s.TypeParams, params)
	c.aliasValue(s, name, params, r)
	c.emit(code.OpRet, r, 0, 0, 0)
	gen := c.pop()
	c.at(s)
	c.makeFunc(gen, dst, dst, 0)
	c.emit(code.OpCall, dst, dst, 0, 0)
	c.store(name, dst)
}

// aliasValue makes the alias object; params is the register of its type parameters, or none.
func (c *compiler) aliasValue(s *ast.TypeAlias, name string, params, dst reg) {
	c.at(s)
	r := c.span(3)
	c.loadConst(r, name)
	if params == none {
		c.loadConst(r+1, nil)
	} else {
		c.emit(code.OpMove, r+1, params, 0, 0)
	}
	c.push(table(c, s, symtable.TypeAlias), typeUnit, name, c.qualname(name, typeUnit), s.Line)
	v := c.operand(s.Value)
	c.at(s)
	c.emit(code.OpRet, v, 0, 0, 0)
	co := c.pop()
	c.at(s)
	c.makeFunc(co, r+2, r+2, 0)
	c.emit(code.OpTypealias, dst, r, 0, 0)
}
