package compile

import (
	"martlet/python/ast"
	"martlet/python/internal/code"
	"martlet/python/internal/symtable"
)

// Comprehensions: inlined ones in registers of their own, generator expressions (and the rest) as functions.

func (c *compiler) comprehension(e ast.Expr, gens []*ast.Comprehension, elt, value ast.Expr, dst reg) {
	b := table(c, e, symtable.Function)
	if b.Coroutine && !b.Generator && !c.async && c.kind != compUnit {
		c.fail(e, "asynchronous comprehension outside of an asynchronous function")
	}
	it := c.temp()
	first := gens[0]
	if first.IsAsync != 0 {
		c.expr(first.Iter, it)
		c.at(first.Iter)
		c.emit(code.OpAiter, it, it, 0, 0)
	} else {
		c.iterable(first.Iter, it)
		c.at(first.Iter)
		c.emit(code.OpGetiter, it, it, 0, 0)
	}
	if b.Inlined {
		c.inlined(e, b, gens, elt, value, it, dst)
		return
	}
	name := "<" + b.Name + ">"
	async := c.async
	c.push(b, compUnit, name, c.qualname(name, compUnit), e.Span().Line)
	c.unit.async = async && !b.Generator
	switch {
	case b.Generator && b.Coroutine:
		c.code.Flags |= code.AsyncGenerator
	case b.Generator:
		c.code.Flags |= code.Generator
	case b.Coroutine:
		c.code.Flags |= code.Coroutine
	}
	c.at(e)
	k := &comp{kind: b.Comprehension, gens: gens, elt: elt, value: value, at: e}
	if b.Generator {
		c.generators(k, 0, 0)
		c.at(e)
		c.emit(code.OpRetnone, 0, 0, 0, 0)
	} else {
		k.acc = c.accumulator(b.Comprehension)
		c.generators(k, 0, 0)
		c.at(e)
		c.emit(code.OpRet, k.acc, 0, 0, 0)
	}
	co := c.pop()
	c.at(e)
	call := c.span(2)
	c.makeFunc(co, call, call, 0)
	c.emit(code.OpMove, call+1, it, 0, 0)
	c.emit(code.OpCall, dst, call, 1, 0)
	if b.Coroutine && !b.Generator {
		t := c.temp()
		c.emit(code.OpMove, t, dst, 0, 0)
		c.awaitReg(t, 0)
		c.emit(code.OpMove, dst, t, 0, 0)
	}
}

// comp is a comprehension being compiled.
type comp struct {
	kind       symtable.Comprehension
	gens       []*ast.Comprehension
	elt, value ast.Expr
	acc        reg
	at         ast.Node
}

// accumulator makes the empty result.
func (c *compiler) accumulator(k symtable.Comprehension) reg {
	acc := c.temp()
	op := [...]code.Op{symtable.ListComp: code.OpList, symtable.SetComp: code.OpSet, symtable.DictComp: code.OpDict}[k]
	c.emit(op, acc, acc, 0, 0)
	return acc
}

// inlined compiles a comprehension in place. Its variables are unbound again afterwards.
func (c *compiler) inlined(e ast.Expr, b *symtable.Block, gens []*ast.Comprehension, elt, value ast.Expr, it, dst reg) {
	s := &scope{block: b, vars: make(map[string]reg)}
	var vars, cells []reg
	c.at(e)
	for _, sym := range b.Order {
		switch {
		case sym.Name == ".0":
		case sym.Scope == symtable.Local:
			r := hiddenReg + reg(len(c.hidden))
			c.hidden = append(c.hidden, sym.Name)
			s.vars[sym.Name] = r
			vars = append(vars, r)
		case sym.Scope == symtable.Cell:
			r := cellReg + reg(len(c.code.CellVars)+len(c.hcells))
			c.hcells = append(c.hcells, sym.Name)
			s.vars[sym.Name] = r
			cells = append(cells, r)
			c.emit(code.OpNewcell, r, 0, 0, 0)
		}
	}
	c.scopes = append(c.scopes, s)
	k := &comp{kind: b.Comprehension, gens: gens, elt: elt, value: value, at: e, acc: c.accumulator(b.Comprehension)}
	c.generators(k, 0, it)
	c.scopes = c.scopes[:len(c.scopes)-1]
	c.at(e)
	for _, r := range vars {
		c.emit(code.OpClear, r, 0, 0, 0)
	}
	for _, r := range cells { // the old one belongs to the closures; locals() must not see it
		c.emit(code.OpNewcell, r, 0, 0, 0)
	}
	c.emit(code.OpMove, dst, k.acc, 0, 0)
}

// generators compiles the loops from the i-th on; it is the iterator of that one.
func (c *compiler) generators(k *comp, i int, it reg) {
	mark := c.temps
	g := k.gens[i]
	if g.IsAsync != 0 {
		c.asyncGenerator(k, i, it)
		c.temps = mark
		return
	}
	body, next := c.label(), c.label()
	v, stored := c.loopVar(g.Target)
	c.at(g.Iter)
	c.jump(code.OpJmp, next, 0, 0, 0)
	c.place(body)
	if !stored {
		c.assign(g.Target, v)
	}
	c.generatorBody(k, i, next)
	c.place(next)
	c.at(g.Iter)
	c.jump(code.OpFornext, body, v, it, 0)
	c.temps = mark
}

// generatorBody compiles the conditions and what stands inside the i-th loop; skip goes to the next round, forward.
func (c *compiler) generatorBody(k *comp, i int, skip int32) {
	for _, cond := range k.gens[i].Ifs {
		c.branch(cond, skip, false)
	}
	mark := c.temps
	if i+1 < len(k.gens) {
		c.innerLoop(k, i+1)
	} else {
		c.element(k)
	}
	c.temps = mark
}

// innerLoop compiles a loop that is not the first. `for x in [y]` is an assignment.
func (c *compiler) innerLoop(k *comp, i int) {
	g := k.gens[i]
	if single, ok := singleElement(g); ok {
		r := c.operand(single)
		c.assign(g.Target, r)
		end := c.label()
		c.generatorBody(k, i, end)
		c.place(end)
		return
	}
	it := c.temp()
	if g.IsAsync != 0 {
		c.expr(g.Iter, it)
		c.at(g.Iter)
		c.emit(code.OpAiter, it, it, 0, 0)
	} else {
		c.iterable(g.Iter, it)
		c.at(g.Iter)
		c.emit(code.OpGetiter, it, it, 0, 0)
	}
	c.generators(k, i, it)
}

// singleElement returns the element of an iterable that is a display of one.
func singleElement(g *ast.Comprehension) (ast.Expr, bool) {
	var elts []ast.Expr
	switch x := g.Iter.(type) {
	case *ast.List:
		elts = x.Elts
	case *ast.Tuple:
		elts = x.Elts
	}
	if g.IsAsync != 0 || len(elts) != 1 {
		return nil, false
	}
	_, star := elts[0].(*ast.Starred)
	return elts[0], !star
}

func (c *compiler) asyncGenerator(k *comp, i int, it reg) {
	g := k.gens[i]
	top, skip := c.label(), c.label()
	c.place(top)
	h := c.asyncNext(g.Iter, it, func(v reg) { c.assign(g.Target, v) })
	c.generatorBody(k, i, skip)
	c.place(skip)
	c.at(g.Iter)
	c.jump(code.OpLoop, top, 0, 0, 0)
	c.place(c.handlers[h].label)
	c.emit(code.OpEndasyncfor, c.handlers[h].reg, 0, 0, 0)
}

// element adds the element to the result, or yields it.
func (c *compiler) element(k *comp) {
	switch k.kind {
	case symtable.GeneratorExp:
		r := c.operand(k.elt)
		c.at(k.elt)
		c.emitYield(c.temp(), r)
	case symtable.ListComp:
		r := c.operand(k.elt)
		c.at(k.elt)
		c.emit(code.OpAppend, k.acc, r, 0, 0)
	case symtable.SetComp:
		r := c.operand(k.elt)
		c.at(k.elt)
		c.emit(code.OpSetadd, k.acc, r, 0, 0)
	case symtable.DictComp:
		key := c.operand(k.elt)
		v := c.operand(k.value)
		c.at(k.elt)
		c.pos.EndLine, c.pos.EndCol = k.value.Span().EndLine, k.value.Span().EndCol
		c.emit(code.OpDictset, k.acc, key, v, 0)
	}
}
