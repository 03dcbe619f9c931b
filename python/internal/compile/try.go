package compile

import (
	"martlet/python/ast"
	"martlet/python/internal/code"
)

// try, with, and leaving them.
//
// A unit keeps a stack of the statements it is inside of (fblock). return, break and continue unwind it: each block is left as if it
// had been left normally (a finally body is compiled once more, a with's exit is called, an except clause's exception is no longer the
// one being handled), under the exception handler that surrounds the block.
//
// Every handler H begins with pushexc and is covered, up to its end, by a cleanup handler that does popexc and reraises.

type blockKind uint8

const (
	loopBlock blockKind = iota
	finallyBlock
	withBlock
	handledBlock // inside an except clause or the exceptional copy of a finally body
	starBlock    // inside an except* clause
)

type fblock struct {
	kind      blockKind
	brk, cont int32 // loops
	back      bool  // continue goes backward
	outer     int32 // the handler around the block
	saved     reg   // handledBlock: what pushexc saved
	name      string
	final     []ast.Stmt
	exit      reg // withBlock
	async     bool
	at        ast.Node
}

func (c *compiler) pushBlock(b *fblock) {
	if b.kind == loopBlock {
		b.outer = c.handler
	}
	c.blocks = append(c.blocks, b)
}

func (c *compiler) popBlock() { c.blocks = c.blocks[:len(c.blocks)-1] }

// mustUnwind reports whether returning here runs code first.
func (c *compiler) mustUnwind() bool {
	for _, b := range c.blocks {
		if b.kind != loopBlock {
			return true
		}
	}
	return false
}

// unwind emits what leaving the blocks above n takes. The caller restores blocks and handler.
func (c *compiler) unwind(n int) {
	for len(c.blocks) > n {
		b := c.blocks[len(c.blocks)-1]
		c.blocks = c.blocks[:len(c.blocks)-1]
		switch b.kind {
		case finallyBlock:
			c.handler = b.outer
			c.stmts(b.final)
		case withBlock:
			c.handler = b.outer
			c.at(b.at)
			c.exitNormally(b)
		case handledBlock:
			if b.name != "" {
				c.forget(b.name)
			}
			c.emit(code.OpPopexc, b.saved, 0, 0, 0)
			c.handler = b.outer
		}
	}
}

// keeping runs f and puts the block stack, handler and position back: what f emits leaves, what follows stays.
func (c *compiler) keeping(f func()) {
	blocks := append([]*fblock(nil), c.blocks...)
	h, pos := c.handler, c.pos
	f()
	c.blocks, c.handler, c.pos = blocks, h, pos
}

// unwindAll emits the code that runs before a return. The stack is put back, the handler, too: nothing after it can raise.
func (c *compiler) unwindAll(s ast.Node) {
	c.keeping(func() { c.unwind(0) })
	c.after(s, 0)
}

// after is the position of s, or none if leaving the blocks above n ran code of other lines.
func (c *compiler) after(s ast.Node, n int) {
	c.at(s)
	for _, b := range c.blocks[n:] {
		if b.kind == finallyBlock || b.kind == withBlock {
			c.pos = noPos
		}
	}
}

// checkStar rejects leaving an except* clause.
func (c *compiler) checkStar(s ast.Node) {
	for i := len(c.blocks) - 1; i >= 0; i-- {
		if c.blocks[i].kind == starBlock {
			c.fail(s, "'break', 'continue' and 'return' cannot appear in an except* block")
		}
	}
}

// leaveLoop compiles break and continue.
func (c *compiler) leaveLoop(s ast.Node, brk bool) {
	for i := len(c.blocks) - 1; i >= 0; i-- {
		b := c.blocks[i]
		switch b.kind {
		case starBlock:
			c.fail(s, "'break', 'continue' and 'return' cannot appear in an except* block")
		case loopBlock:
			c.keeping(func() {
				c.after(s, i+1)
				pos := c.pos
				c.at(s)
				c.emit(code.OpNop, 0, 0, 0, 0)
				c.unwind(i + 1)
				c.handler = b.outer
				c.pos = pos
				c.leave(b, brk)
			})
			return
		}
	}
	if brk {
		c.fail(s, "'break' outside loop")
	}
	c.fail(s, "'continue' not properly in loop")
}

// leave jumps out of or to the next round of a loop.
func (c *compiler) leave(b *fblock, brk bool) {
	switch {
	case brk:
		c.jump(code.OpJmp, b.brk, 0, 0, 0)
	case b.back:
		c.jump(code.OpLoop, b.cont, 0, 0, 0)
	default:
		c.jump(code.OpJmp, b.cont, 0, 0, 0)
	}
}

// forget ends the life of an except clause's variable.
func (c *compiler) forget(name string) {
	c.withTemp(func(t reg) {
		c.loadConst(t, nil)
		c.store(name, t)
	})
	name = c.mangle(name)
	if p, v := c.resolve(name); p == inLocal {
		c.emit(code.OpClear, v, 0, 0, 0)
		return
	}
	c.del(name)
}

// handle begins a handler: what f emits runs with the exception being handled, and with what pushexc saved in saved.
// outer is the handler around the statement.
func (c *compiler) handle(h, outer int32, f func(exc, saved reg)) {
	saved := c.temp()
	cleanup := c.newHandler()
	c.place(c.handlers[h].label)
	c.handler = outer
	exc := c.handlers[h].reg
	c.emit(code.OpPushexc, saved, exc, 0, 0)
	c.handler = cleanup
	pos := c.pos
	f(exc, saved)
	c.handler = outer
	skip := c.label()
	c.hop(skip)
	c.place(c.handlers[cleanup].label)
	c.pos = pos
	c.emit(code.OpPopexc, saved, 0, 0, 0)
	c.emit(code.OpReraise, c.handlers[cleanup].reg, 0, 0, 0)
	c.place(skip)
}

func (c *compiler) try(s ast.Node, body []ast.Stmt, handlers []*ast.ExceptHandler, orelse, final []ast.Stmt, star bool) {
	c.emit(code.OpNop, 0, 0, 0, 0)
	if len(final) == 0 {
		c.tryExcept(s, body, handlers, orelse, star)
		return
	}
	outer := c.handler
	h := c.newHandler()
	end := c.label()
	c.handler = h
	c.pushBlock(&fblock{kind: finallyBlock, final: final, outer: outer})
	if len(handlers) > 0 {
		c.tryExcept(s, body, handlers, orelse, star)
	} else {
		c.stmts(body)
	}
	c.popBlock()
	c.handler = outer
	c.stmts(final)
	c.hop(end)
	c.pos = noPos
	c.handle(h, outer, func(exc, saved reg) {
		c.pushBlock(&fblock{kind: handledBlock, saved: saved, outer: outer})
		c.stmts(final)
		c.popBlock()
		c.pos = noPos
		c.emit(code.OpReraise, exc, 0, 0, 0)
	})
	c.place(end)
}

func (c *compiler) tryExcept(s ast.Node, body []ast.Stmt, handlers []*ast.ExceptHandler, orelse []ast.Stmt, star bool) {
	outer := c.handler
	h := c.newHandler()
	end := c.label()
	c.handler = h
	c.stmts(body)
	c.handler = outer
	c.stmts(orelse)
	c.hop(end)
	c.pos = noPos
	c.handle(h, outer, func(exc, saved reg) {
		if star {
			c.starHandlers(handlers, exc, saved, outer, end)
			return
		}
		for i, hd := range handlers {
			if hd.Type == nil && i < len(handlers)-1 {
				c.fail(hd, "default 'except:' must be last")
			}
			c.exceptClause(hd, exc, saved, outer, end)
		}
		c.pos = noPos
		c.emit(code.OpReraise, exc, 0, 0, 0)
	})
	c.place(end)
}

// exceptClause compiles one except clause.
func (c *compiler) exceptClause(hd *ast.ExceptHandler, exc, saved reg, outer, end int32) {
	mark := c.temps
	next := c.label()
	c.at(hd)
	if hd.Type != nil {
		t := c.operand(hd.Type)
		c.at(hd.Type)
		c.jump(code.OpJnomatch, next, exc, t, 0)
	}
	cleanup := c.handler
	block := &fblock{kind: handledBlock, saved: saved, outer: outer, name: hd.Name}
	var forget int32 = -1
	if hd.Name != "" {
		c.at(hd)
		c.store(hd.Name, exc)
		forget = c.newHandler()
		c.handler = forget
	}
	c.pushBlock(block)
	c.stmts(hd.Body)
	c.popBlock()
	c.handler = cleanup
	c.pos = noPos
	if hd.Name != "" {
		c.forget(hd.Name)
	}
	c.emit(code.OpPopexc, saved, 0, 0, 0)
	c.handler = outer
	c.hop(end)
	c.handler = cleanup
	if forget >= 0 {
		c.place(c.handlers[forget].label)
		c.forget(hd.Name)
		c.emit(code.OpReraise, c.handlers[forget].reg, 0, 0, 0)
	}
	c.place(next)
	c.temps = mark
}

// starHandlers compiles except* clauses: each gets its part of the group, what they raise and what is left is raised in the end.
func (c *compiler) starHandlers(handlers []*ast.ExceptHandler, exc, saved reg, outer, end int32) {
	rest, match, list, again := c.temp(), c.temp(), c.temp(), c.temp()
	c.emit(code.OpList, list, list, 0, 0)
	c.emit(code.OpMove, rest, exc, 0, 0)
	for _, hd := range handlers {
		c.starClause(hd, rest, match, list)
	}
	c.pos = noPos
	done := c.label()
	c.jump(code.OpJnone, done, rest, 0, 0)
	c.emit(code.OpAppend, list, rest, 0, 0)
	c.place(done)
	c.emit(code.OpEgprep, again, exc, list, 0)
	c.emit(code.OpPopexc, saved, 0, 0, 0)
	c.handler = outer
	c.jump(code.OpJnone, end, again, 0, 0)
	c.emit(code.OpReraise, again, 0, 0, 0)
}

// starClause compiles one except* clause; rest and match are consecutive.
func (c *compiler) starClause(hd *ast.ExceptHandler, rest, match, list reg) {
	mark := c.temps
	next := c.label()
	cleanup := c.handler
	t := c.operand(hd.Type)
	c.at(hd.Type)
	c.emit(code.OpEgmatch, rest, rest, t, 0)
	c.jump(code.OpJnone, next, match, 0, 0)
	if hd.Name != "" {
		c.at(hd)
		c.store(hd.Name, match)
	}
	saved := c.temp()
	h := c.newHandler()
	c.emit(code.OpPushexc, saved, match, 0, 0)
	c.handler = h
	c.pushBlock(&fblock{kind: starBlock})
	c.stmts(hd.Body)
	c.popBlock()
	c.handler = cleanup
	c.pos = noPos
	c.emit(code.OpPopexc, saved, 0, 0, 0)
	if hd.Name != "" {
		c.forget(hd.Name)
	}
	c.hop(next)
	c.place(c.handlers[h].label)
	c.emit(code.OpPopexc, saved, 0, 0, 0)
	if hd.Name != "" {
		c.forget(hd.Name)
	}
	c.emit(code.OpAppend, list, c.handlers[h].reg, 0, 0)
	c.place(next)
	c.temps = mark
}

// exitNormally calls a with's exit without an exception.
func (c *compiler) exitNormally(b *fblock) {
	mark := c.temps
	t := c.temp()
	c.emit(code.OpWithexit, t, b.exit, 0, 0)
	if b.async {
		c.awaitReg(t, 2)
	}
	c.temps = mark
}

// with compiles a with statement: its first item, and inside of it the others and the body.
func (c *compiler) with(s ast.Node, items []*ast.WithItem, body []ast.Stmt, async bool) {
	if async && !c.async {
		c.fail(s, "'async with' outside async function")
	}
	item := items[0]
	outer := c.handler
	end := c.label()
	exit, value := c.span(2), c.temp()
	mgr := c.operand(item.ContextExpr)
	c.at(item.ContextExpr)
	op := code.OpWithenter
	if async {
		op = code.OpAwithenter
	}
	c.emit(op, value, exit, mgr, 0)
	if async {
		c.awaitReg(value, 1)
	}
	h := c.newHandler()
	b := &fblock{kind: withBlock, exit: exit, async: async, outer: outer, at: item.ContextExpr}
	c.handler = h
	c.pushBlock(b)
	if item.OptionalVars != nil {
		c.assign(item.OptionalVars, value)
	}
	if len(items) > 1 {
		c.with(s, items[1:], body, async)
	} else {
		c.stmts(body)
	}
	c.popBlock()
	c.handler = outer
	c.at(item.ContextExpr)
	c.exitNormally(b)
	c.hop(end)
	c.handle(h, outer, func(exc, saved reg) {
		t := c.temp()
		suppressed := c.label()
		c.emit(code.OpWithexc, t, exit, exc, 0)
		if async {
			c.awaitReg(t, 2)
		}
		c.jump(code.OpJt, suppressed, t, 0, 0)
		c.emit(code.OpReraise, exc, 0, 0, 0)
		c.place(suppressed)
		c.emit(code.OpPopexc, saved, 0, 0, 0)
	})
	c.place(end)
}
