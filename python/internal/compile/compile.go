// Package compile turns syntax trees into bytecode.
//
//	compile.go  Compile, units (one a code object), names
//	asm.go      instructions with labels and handlers, dead code, jump threading, encoding
//	expr.go     expressions
//	call.go     calls, super, f-strings
//	cond.go     conditions: branches instead of values
//	assign.go   targets, del, augmented assignment
//	stmt.go     simple statements, loops
//	try.go      try, with, and leaving them
//	match.go    match
//	func.go     functions, classes, type parameters
//	comp.go     comprehensions
//	fold.go     constant folding
//
// Registers are handed out like a stack: an expression's temporaries are free again when its value is in its destination.
// While compiling, a register number says which kind it is (local, cell, temporary); the final numbers are known only when a unit is done.
//
// Two rules keep Python's order of evaluation though locals are operands in place: a local that := assigns somewhere in the
// function is copied when it is read; and an expression is computed directly into a local variable only when its one write is its last action
// (see direct).
package compile

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"martlet/python/ast"
	"martlet/python/internal/code"
	"martlet/python/internal/symtable"
	"martlet/python/parser"
)

// Options are the options of Compile.
type Options struct {
	Filename string
	// Optimize is the level of -O: 1 drops asserts and makes __debug__ False, 2 drops docstrings, too.
	Optimize int
	// Flags are future features inherited from the code that calls compile().
	Flags code.Flags
	// TopLevelAwait allows await at module level (ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).
	TopLevelAwait bool
	// Warn receives SyntaxWarnings; returning true makes the warning a SyntaxError.
	Warn func(parser.Warning) bool
}

// Error is a SyntaxError (or RecursionError) with its place.
type Error = symtable.Error

// reg is a register while its unit is being compiled: a number and the kind of register.
type reg int32

const (
	cellReg reg = 1 << 20
	tempReg reg = 1 << 24
	none    reg = -1
)

// scope is a block being compiled in a unit: the unit's own, or an inlined comprehension's.
type scope struct {
	block *symtable.Block
	vars  map[string]reg // of an inlined comprehension: its variables
}

// unit is a code object being compiled.
type unit struct {
	parent   *unit
	block    *symtable.Block
	scopes   []*scope
	kind     unitKind
	code     *code.Code
	async    bool
	locals   map[string]reg
	cells    map[string]int
	frees    map[string]int
	names    map[string]int
	consts   map[string]int
	ins      []ins
	labels   []int32
	handlers []handler
	handler  int32
	pos      code.Pos
	temps    int32
	maxTemps int32
	hidden   []string // variables of inlined comprehensions
	hcells   []string
	blocks   []*fblock
	private  string
	qual     string
	static   []string // class: names assigned through self
	interact bool     // expression statements are printed
}

type unitKind uint8

const (
	moduleUnit unitKind = iota
	classUnit
	functionUnit
	lambdaUnit
	compUnit
	typeUnit // type parameters, aliases, bounds
)

// compiler is the state of one compilation.
type compiler struct {
	*unit
	opt    Options
	table  *symtable.Table
	folded map[ast.Expr]folding
	flags  code.Flags
}

// Compile compiles a tree to the code of a module, expression (mode eval) or interactive statement.
func Compile(m ast.Mod, opt Options) (co *code.Code, err error) {
	table, err := symtable.Build(m, symtable.Future{Features: opt.Flags & code.FutureMask})
	if err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			co, err = nil, e
		}
	}()
	c := &compiler{opt: opt, table: table, folded: make(map[ast.Expr]folding)}
	c.flags = table.Future.Features & code.FutureMask
	return c.module(m), nil
}

func (c *compiler) module(m ast.Mod) *code.Code {
	c.push(table(c, m, symtable.Module), moduleUnit, "<module>", "<module>", 1)
	c.async = c.opt.TopLevelAwait
	if c.async && c.block.Coroutine {
		c.code.Flags |= code.Coroutine
	}
	c.pos = code.Pos{Line: 0, EndLine: 0, Col: 0, EndCol: 0}
	switch m := m.(type) {
	case *ast.Module:
		c.body(m.Body)
		if len(m.Body) > 0 {
			c.pos = noPos
		}
		c.emit(code.OpRetnone, 0, 0, 0, 0)
	case *ast.Interactive:
		c.interact = true
		c.body(m.Body)
		c.emit(code.OpRetnone, 0, 0, 0, 0)
	case *ast.Expression:
		r := c.operand(m.Body)
		c.emit(code.OpRet, r, 0, 0, 0)
	}
	return c.pop()
}

// body compiles a module's or class's statements: docstring and annotations first.
func (c *compiler) body(l []ast.Stmt) {
	doc, rest := c.docstring(l)
	if hasAnnotations(l) {
		if len(l) > 0 {
			c.at(l[0])
		}
		c.emit(code.OpAnnotations, 0, 0, 0, 0)
	}
	if doc != nil && !c.interact {
		if c.opt.Optimize < 2 {
			c.pos = codePos(*doc.Span())
			c.withTemp(func(t reg) {
				c.loadConst(t, doc.Value)
				c.store("__doc__", t)
			})
		}
		l = rest
	}
	c.stmts(l)
}

// docstring splits the docstring off a body.
func (c *compiler) docstring(l []ast.Stmt) (doc *ast.Constant, rest []ast.Stmt) {
	if len(l) == 0 {
		return nil, l
	}
	e, ok := l[0].(*ast.ExprStmt)
	if !ok {
		return nil, l
	}
	k, ok := e.Value.(*ast.Constant)
	if !ok {
		return nil, l
	}
	s, ok := k.Value.(string)
	if !ok {
		return nil, l
	}
	return &ast.Constant{Pos: k.Pos, Value: cleanDoc(s)}, l[1:]
}

// cleanDoc removes the common indentation of a docstring's lines, as CPython's compiler does since 3.13.
func cleanDoc(doc string) string {
	doc = expandTabs(doc)
	lines := strings.Split(doc, "\n")
	margin := math.MaxInt
	for _, l := range lines[1:] {
		if n := len(l) - len(strings.TrimLeft(l, " ")); n < len(l) {
			margin = min(margin, n)
		}
	}
	lines[0] = strings.TrimLeft(lines[0], " ")
	for i := 1; i < len(lines); i++ {
		if margin != math.MaxInt {
			lines[i] = lines[i][min(margin, len(lines[i])-len(strings.TrimLeft(lines[i], " "))):]
		}
	}
	return strings.Join(lines, "\n")
}

// expandTabs is str.expandtabs(8).
func expandTabs(s string) string {
	if strings.IndexByte(s, '\t') < 0 {
		return s
	}
	var b strings.Builder
	col := 0
	for _, r := range s {
		switch r {
		case '\t':
			n := 8 - col%8
			b.WriteString("        "[:n])
			col += n
		case '\n', '\r':
			col = 0
			b.WriteRune(r)
		default:
			col++
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hasAnnotations reports whether a body has annotated assignments outside of functions and classes.
func hasAnnotations(l []ast.Stmt) bool {
	for _, s := range l {
		switch s := s.(type) {
		case *ast.AnnAssign:
			return true
		case *ast.For:
			if hasAnnotations(s.Body) || hasAnnotations(s.Orelse) {
				return true
			}
		case *ast.AsyncFor:
			if hasAnnotations(s.Body) || hasAnnotations(s.Orelse) {
				return true
			}
		case *ast.While:
			if hasAnnotations(s.Body) || hasAnnotations(s.Orelse) {
				return true
			}
		case *ast.If:
			if hasAnnotations(s.Body) || hasAnnotations(s.Orelse) {
				return true
			}
		case *ast.With:
			if hasAnnotations(s.Body) {
				return true
			}
		case *ast.AsyncWith:
			if hasAnnotations(s.Body) {
				return true
			}
		case *ast.Match:
			for _, k := range s.Cases {
				if hasAnnotations(k.Body) {
					return true
				}
			}
		case *ast.Try:
			if tryAnnotations(s.Body, s.Handlers, s.Orelse, s.Finalbody) {
				return true
			}
		case *ast.TryStar:
			if tryAnnotations(s.Body, s.Handlers, s.Orelse, s.Finalbody) {
				return true
			}
		}
	}
	return false
}

func tryAnnotations(body []ast.Stmt, handlers []*ast.ExceptHandler, orelse, final []ast.Stmt) bool {
	for _, h := range handlers {
		if hasAnnotations(h.Body) {
			return true
		}
	}
	return hasAnnotations(body) || hasAnnotations(orelse) || hasAnnotations(final)
}

func table(c *compiler, n ast.Node, k symtable.Kind) *symtable.Block {
	return c.table.Blocks[symtable.Key{Node: n, Kind: k}]
}

// push starts a new unit for block b.
func (c *compiler) push(b *symtable.Block, kind unitKind, name, qual string, line int32) {
	u := &unit{parent: c.unit, block: b, kind: kind, qual: qual, handler: -1, private: b.Private,
		locals: make(map[string]reg), cells: make(map[string]int), frees: make(map[string]int), names: make(map[string]int), consts: make(map[string]int)}
	u.code = &code.Code{Name: name, QualName: qual, Filename: c.opt.Filename, FirstLine: line, Flags: c.flags}
	if c.unit != nil && c.unit.code.Flags&code.FutureMask != c.flags {
		u.code.Flags |= c.flags
	}
	u.scopes = []*scope{{block: b}}
	c.unit = u
	if kind == classUnit {
		u.private = name
	}
	if kind != moduleUnit && kind != classUnit {
		u.code.Flags |= code.Optimized | code.NewLocals
		for _, p := range b.Params {
			u.addLocal(p)
		}
		if kind != functionUnit && kind != lambdaUnit {
			u.code.ArgCount = len(b.Params)
		}
	}
	if b.Nested && kind != moduleUnit {
		u.code.Flags |= code.Nested
	}
	u.layout()
}

// addLocal gives a variable a register.
func (u *unit) addLocal(name string) reg {
	r := reg(len(u.code.VarNames))
	u.locals[name] = r
	u.code.VarNames = append(u.code.VarNames, name)
	return r
}

// layout gives locals, cells and free variables their places.
func (u *unit) layout() {
	b := u.block
	var cells, frees []string
	for _, s := range b.Order {
		switch {
		case s.Scope == symtable.Cell:
			cells = append(cells, s.Name)
		case s.Scope == symtable.Free || s.Flags&symtable.DefFreeClass != 0:
			frees = append(frees, s.Name)
		case s.Scope == symtable.Local && b.Function() && s.Flags&symtable.DefParam == 0:
			u.addLocal(s.Name)
		}
	}
	if b.NeedsClassCell {
		cells = append(cells, "__class__")
	}
	if b.NeedsClassDict {
		cells = append(cells, "__classdict__")
	}
	sortStrings(cells)
	sortStrings(frees)
	for _, n := range cells {
		u.addCell(n)
	}
	for i, n := range frees {
		u.frees[n] = i
	}
	u.code.FreeVars = frees
}

func (u *unit) addCell(name string) {
	u.cells[name] = len(u.code.CellVars)
	u.code.CellVars = append(u.code.CellVars, name)
	arg := int32(-1)
	if r, ok := u.locals[name]; ok {
		arg = int32(r)
	}
	u.code.CellArgs = append(u.code.CellArgs, arg)
}

// pop finishes the unit.
func (c *compiler) pop() *code.Code {
	u := c.unit
	co := u.finish()
	c.unit = u.parent
	return co
}

// temp takes a temporary register.
func (u *unit) temp() reg { return u.span(1) }

// span takes n consecutive temporaries.
func (u *unit) span(n int) reg {
	r := tempReg + reg(u.temps)
	u.temps += int32(n)
	u.maxTemps = max(u.maxTemps, u.temps)
	return r
}

// withTemp runs f with a temporary that is free afterwards.
func (u *unit) withTemp(f func(reg)) {
	mark := u.temps
	f(u.temp())
	u.temps = mark
}

// at sets the position of what is emitted next.
func (c *compiler) at(n ast.Node) { c.pos = codePos(*n.Span()) }

func codePos(p ast.Pos) code.Pos {
	return code.Pos{Line: p.Line, EndLine: p.EndLine, Col: p.Col, EndCol: p.EndCol}
}

func (c *compiler) fail(n ast.Node, format string, args ...any) {
	panic(&Error{Kind: "SyntaxError", Msg: fmt.Sprintf(format, args...), Pos: *n.Span()})
}

// warn reports a SyntaxWarning about a node.
func (c *compiler) warn(n ast.Node, format string, args ...any) {
	if c.opt.Warn == nil {
		return
	}
	msg := fmt.Sprintf(format, args...)
	if c.opt.Warn(parser.Warning{Kind: "SyntaxWarning", Msg: msg, Line: int(n.Span().Line)}) {
		c.fail(n, "%s", msg)
	}
}

// place is where a name lives, seen from the code being compiled.
type place uint8

const (
	inLocal place = iota
	inCell
	inFree
	inGlobal
	inName       // by name in the namespace of a module or class
	inDictFree   // class body: namespace, then closure
	inDictGlobal // annotation scope in a class: class namespace, then global
)

// resolve finds a (mangled) name. For inLocal and inCell it gives the register, for inFree the index.
func (c *compiler) resolve(name string) (place, reg) {
	for i := len(c.scopes) - 1; i > 0; i-- {
		s := c.scopes[i]
		if r, ok := s.vars[name]; ok {
			if r >= cellReg {
				return inCell, r
			}
			return inLocal, r
		}
		sym := s.block.Lookup(name)
		if sym == nil {
			continue
		}
		if sym.Scope == symtable.GlobalExplicit || sym.Scope == symtable.GlobalImplicit {
			return inGlobal, 0
		}
		if i == 1 && c.kind == classUnit {
			return inFree, reg(c.frees[name])
		}
	}
	return c.resolveUnit(name)
}

// resolveUnit finds a name in the unit's own block.
func (c *compiler) resolveUnit(name string) (place, reg) {
	b := c.block
	sym := b.Lookup(name)
	scope := symtable.GlobalImplicit
	if sym != nil {
		scope = sym.Scope
	} else if i, ok := c.cells[name]; ok {
		return inCell, cellReg + reg(i)
	}
	switch scope {
	case symtable.Local:
		if b.Function() {
			return inLocal, c.locals[name]
		}
		return inName, 0
	case symtable.Cell:
		return inCell, cellReg + reg(c.cells[name])
	case symtable.Free:
		if c.kind == classUnit && !(len(c.scopes) > 1) || b.CanSeeClassScope {
			return inDictFree, reg(c.frees[name])
		}
		return inFree, reg(c.frees[name])
	case symtable.GlobalExplicit:
		return inGlobal, 0
	}
	if b.Function() {
		if b.CanSeeClassScope {
			return inDictGlobal, 0
		}
		return inGlobal, 0
	}
	return inName, 0
}

// mangle applies the current class's private names.
func (c *compiler) mangle(name string) string { return symtable.Mangle(c.unit.private, name) }

// load emits the load of a name into dst.
func (c *compiler) load(name string, dst reg) {
	name = c.mangle(name)
	p, r := c.resolve(name)
	switch p {
	case inLocal:
		c.check(name, r)
		if r != dst {
			c.emit(code.OpMove, dst, r, 0, 0)
		}
	case inCell:
		c.emit(code.OpLoadcell, dst, r, 0, 0)
	case inFree:
		c.emit(code.OpLoadfree, dst, r, 0, 0)
	case inGlobal:
		c.emitX(code.OpLoadglobal, dst, c.name(name))
	case inName:
		c.emitX(code.OpLoadname, dst, c.name(name))
	case inDictFree:
		if name == "__classdict__" || c.kind == classUnit && name == "__class__" {
			c.emit(code.OpLoadfree, dst, r, 0, 0)
			return
		}
		c.withTemp(func(t reg) {
			c.classDict(t)
			c.emit(code.OpDictorfree, dst, t, r, 0)
		})
	case inDictGlobal:
		c.withTemp(func(t reg) {
			c.classDict(t)
			c.emit(code.OpDictorglob, dst, t, reg(c.name(name)), 0)
		})
	}
}

// classDict loads the class namespace that an annotation scope or class body sees.
func (c *compiler) classDict(t reg) {
	if c.kind == classUnit {
		c.emit(code.OpLocals, t, 0, 0, 0)
		return
	}
	c.emit(code.OpLoadfree, t, reg(c.frees["__classdict__"]), 0, 0)
}

// check emits a check that local r is bound, unless it is an argument that is never deleted.
func (c *compiler) check(name string, r reg) {
	if int(r) < c.nargs() {
		if s := c.block.Lookup(name); s != nil && s.Flags&symtable.DefDel == 0 {
			return
		}
	}
	c.emit(code.OpCheck, r, 0, 0, 0)
}

func (c *compiler) nargs() int { return len(c.block.Params) }

// store emits the store of register r into a name.
func (c *compiler) store(name string, r reg) {
	name = c.mangle(name)
	p, v := c.resolve(name)
	switch p {
	case inLocal:
		if v != r {
			c.emit(code.OpMove, v, r, 0, 0)
		}
	case inCell:
		c.emit(code.OpStorecell, v, r, 0, 0)
	case inFree, inDictFree:
		c.emit(code.OpStorefree, v, r, 0, 0)
	case inGlobal:
		c.emitX(code.OpStoreglobal, r, c.name(name))
	default:
		c.emitX(code.OpStorename, r, c.name(name))
	}
}

// del emits the deletion of a name.
func (c *compiler) del(name string) {
	name = c.mangle(name)
	p, v := c.resolve(name)
	switch p {
	case inLocal:
		c.emit(code.OpCheck, v, 0, 0, 0)
		c.emit(code.OpClear, v, 0, 0, 0)
	case inCell:
		c.emit(code.OpDelcell, v, 0, 0, 0)
	case inFree, inDictFree:
		c.emit(code.OpDelfree, v, 0, 0, 0)
	case inGlobal:
		c.emitX(code.OpDelglobal, 0, c.name(name))
	default:
		c.emitX(code.OpDelname, 0, c.name(name))
	}
}

// name returns the index of a name.
func (u *unit) name(s string) int {
	if i, ok := u.names[s]; ok {
		return i
	}
	i := len(u.code.Names)
	u.names[s] = i
	u.code.Names = append(u.code.Names, s)
	return i
}

// site makes an attribute site.
func (c *compiler) site(name string) int {
	c.code.Sites = append(c.code.Sites, uint32(c.name(c.mangle(name))))
	return len(c.code.Sites) - 1
}

// constant returns the index of a constant.
func (u *unit) constant(v any) int {
	k := toConst(v)
	key := constKey(k)
	if i, ok := u.consts[key]; ok {
		return i
	}
	i := len(u.code.Consts)
	u.consts[key] = i
	u.code.Consts = append(u.code.Consts, k)
	return i
}

// toConst turns a constant of a tree into one of a code.
func toConst(v any) code.Const {
	switch v := v.(type) {
	case int:
		return int64(v)
	case ast.Bytes:
		return code.Bytes(v)
	case ast.Ellipsis:
		return code.Ellipsis{}
	case ast.ConstTuple:
		t := make(code.Tuple, len(v))
		for i, x := range v {
			t[i] = toConst(x)
		}
		return t
	case ast.ConstFrozenSet:
		t := make(code.FrozenSet, len(v))
		for i, x := range v {
			t[i] = toConst(x)
		}
		return t
	}
	return v
}

// constKey is different for constants that must not be merged (1, 1.0, True; 0.0, -0.0).
func constKey(k code.Const) string {
	switch k := k.(type) {
	case nil:
		return "N"
	case bool:
		return "b" + strconv.FormatBool(k)
	case int64:
		return "i" + strconv.FormatInt(k, 16)
	case *big.Int:
		return "I" + k.Text(16)
	case float64:
		return "f" + strconv.FormatUint(math.Float64bits(k), 16)
	case complex128:
		return "c" + strconv.FormatUint(math.Float64bits(real(k)), 16) + "," + strconv.FormatUint(math.Float64bits(imag(k)), 16)
	case string:
		return "s" + k
	case code.Bytes:
		return "B" + string(k)
	case code.Ellipsis:
		return "E"
	case code.Tuple:
		return "t" + constKeys(k)
	case code.FrozenSet:
		return "F" + constKeys(k)
	}
	return fmt.Sprintf("p%p", k)
}

func constKeys(l []code.Const) string {
	var b strings.Builder
	for _, k := range l {
		s := constKey(k)
		b.WriteString(strconv.Itoa(len(s)))
		b.WriteByte(':')
		b.WriteString(s)
	}
	return b.String()
}

// loadConst emits the load of a constant.
func (c *compiler) loadConst(dst reg, v any) {
	if n, ok := v.(int64); ok && n == int64(int32(n)) {
		c.emitX(code.OpLoadi, dst, int(int32(n)))
		return
	}
	c.emitX(code.OpLoadk, dst, c.constant(v))
}
