package symtable

import (
	"strings"

	"martlet/python/ast"
	"martlet/python/internal/code"
)

// The first pass. One method a kind of node; the current block is v.cur, the blocks around it are v.stack.

// maxDepth bounds the recursion on expressions and statements; beyond it CPython, too, gives up.
const maxDepth = 10000

type visitor struct {
	table   *Table
	cur     *Block
	stack   []*Block
	private string
	depth   int
}

func (v *visitor) module(m ast.Mod) {
	v.enter("top", Module, m, ast.Pos{})
	v.table.Top = v.cur
	switch m := m.(type) {
	case *ast.Module:
		v.stmts(m.Body)
	case *ast.Interactive:
		v.stmts(m.Body)
	case *ast.Expression:
		v.expr(m.Body)
	case *ast.FunctionType:
		fail(ast.Pos{}, "this compiler does not handle FunctionTypes")
	}
	v.exit()
}

// enter opens a new block inside the current one.
func (v *visitor) enter(name string, k Kind, node ast.Node, pos ast.Pos) *Block {
	b := v.newBlock(name, k, node, pos)
	v.push(b)
	return b
}

func (v *visitor) newBlock(name string, k Kind, node ast.Node, pos ast.Pos) *Block {
	b := &Block{Kind: k, Name: name, Symbols: make(map[string]*Symbol, 8), Pos: pos, Private: v.private}
	if v.cur != nil {
		b.Nested = v.cur.Nested || v.cur.Function()
	}
	v.table.Blocks[Key{node, k}] = b
	return b
}

// push makes b the current block; annotation blocks are nobody's children.
func (v *visitor) push(b *Block) {
	if v.cur != nil {
		if b.Kind != Annotation {
			v.cur.Children = append(v.cur.Children, b)
		}
		b.iterExpr = 0
		if b.Comprehension != NoComprehension || v.cur.iterExpr > 0 {
			b.iterExpr = v.cur.iterExpr
		}
	}
	v.stack = append(v.stack, b)
	v.cur = b
}

func (v *visitor) exit() {
	v.stack = v.stack[:len(v.stack)-1]
	v.cur = nil
	if n := len(v.stack); n > 0 {
		v.cur = v.stack[n-1]
	}
}

func (v *visitor) flags(b *Block, name string) Flags {
	if s := b.Symbols[Mangle(v.private, name)]; s != nil {
		return s.Flags
	}
	return 0
}

func (v *visitor) add(name string, f Flags, pos ast.Pos) { v.addTo(v.cur, name, f, pos) }

// addTo notes an occurrence of name in block b.
func (v *visitor) addTo(b *Block, name string, f Flags, pos ast.Pos) {
	name = Mangle(v.private, name)
	s := b.Symbols[name]
	if s == nil {
		s = &Symbol{Name: name}
		b.Symbols[name] = s
		b.Order = append(b.Order, s)
	}
	if f&s.Flags&DefParam != 0 {
		fail(pos, "duplicate argument '%s' in function definition", name)
	}
	if f&s.Flags&DefTypeParam != 0 {
		fail(pos, "duplicate type parameter '%s'", name)
	}
	s.Flags |= f
	if b.iterTarget {
		if s.Flags&(DefGlobal|DefNonlocal) != 0 {
			fail(pos, "comprehension inner loop cannot rebind assignment expression target '%s'", name)
		}
		s.Flags |= DefCompIter
	}
	if f&DefParam != 0 {
		b.Params = append(b.Params, name)
	} else if f&DefGlobal != 0 && b != v.table.Top {
		v.addGlobal(name)
	}
}

// addGlobal notes that a block declares name global.
func (v *visitor) addGlobal(name string) {
	top := v.table.Top
	if s := top.Symbols[name]; s != nil {
		s.Flags |= DefGlobal
		return
	}
	s := &Symbol{Name: name, Flags: DefGlobal}
	top.Symbols[name] = s
	top.Order = append(top.Order, s)
}

// checkName rejects bindings of __debug__.
func checkName(name string, pos ast.Pos, ctx ast.Context) {
	if name != "__debug__" {
		return
	}
	switch ctx {
	case ast.Store:
		fail(pos, "cannot assign to __debug__")
	case ast.Del:
		fail(pos, "cannot delete __debug__")
	}
}

func (v *visitor) down(pos *ast.Pos) {
	v.depth++
	if v.depth > maxDepth {
		panic(&Error{Kind: "RecursionError", Msg: "maximum recursion depth exceeded during compilation", Pos: *pos})
	}
}

func (v *visitor) stmts(l []ast.Stmt) {
	for _, s := range l {
		v.stmt(s)
	}
}

func (v *visitor) stmt(s ast.Stmt) {
	v.down(s.Span())
	defer func() { v.depth-- }()
	switch s := s.(type) {
	case *ast.FunctionDef:
		v.function(s, s.Name, s.Args, s.Body, s.DecoratorList, s.Returns, s.TypeParams, s.Pos, false)
	case *ast.AsyncFunctionDef:
		v.function(s, s.Name, s.Args, s.Body, s.DecoratorList, s.Returns, s.TypeParams, s.Pos, true)
	case *ast.ClassDef:
		v.class(s)
	case *ast.TypeAlias:
		v.typeAlias(s)
	case *ast.Return:
		v.expr(s.Value)
	case *ast.Delete:
		v.exprs(s.Targets)
	case *ast.Assign:
		v.exprs(s.Targets)
		v.expr(s.Value)
	case *ast.AnnAssign:
		v.annAssign(s)
	case *ast.AugAssign:
		v.expr(s.Target)
		v.expr(s.Value)
	case *ast.For:
		v.loop(s.Target, s.Iter, s.Body, s.Orelse)
	case *ast.AsyncFor:
		v.asyncModule()
		v.loop(s.Target, s.Iter, s.Body, s.Orelse)
	case *ast.While:
		v.loop(s.Test, nil, s.Body, s.Orelse)
	case *ast.If:
		v.ifStmt(s)
	case *ast.With:
		v.with(s.Items, s.Body)
	case *ast.AsyncWith:
		v.asyncModule()
		v.with(s.Items, s.Body)
	case *ast.Match:
		v.match(s)
	case *ast.Raise:
		v.expr(s.Exc)
		v.expr(s.Cause)
	case *ast.Try:
		v.try(s.Body, s.Handlers, s.Orelse, s.Finalbody)
	case *ast.TryStar:
		v.try(s.Body, s.Handlers, s.Orelse, s.Finalbody)
	case *ast.Assert:
		v.expr(s.Test)
		v.expr(s.Msg)
	case *ast.Import:
		v.aliases(s.Names, s.Pos)
	case *ast.ImportFrom:
		v.aliases(s.Names, s.Pos)
	case *ast.Global:
		v.declare(s.Names, s.Pos, DefGlobal, "global")
	case *ast.Nonlocal:
		v.declare(s.Names, s.Pos, DefNonlocal, "nonlocal")
	case *ast.ExprStmt:
		v.expr(s.Value)
	}
}

// asyncModule makes a module with an async statement at its top level a coroutine (where the compiler allows that at all).
func (v *visitor) asyncModule() {
	if v.cur.Kind == Module {
		v.cur.Coroutine = true
	}
}

// ifStmt visits an if and its elifs without recursion.
func (v *visitor) ifStmt(s *ast.If) {
	for {
		v.expr(s.Test)
		v.stmts(s.Body)
		if len(s.Orelse) == 1 {
			if next, ok := s.Orelse[0].(*ast.If); ok {
				s = next
				continue
			}
		}
		v.stmts(s.Orelse)
		return
	}
}

func (v *visitor) loop(target, iter ast.Expr, body, orelse []ast.Stmt) {
	v.expr(target)
	v.expr(iter)
	v.stmts(body)
	v.stmts(orelse)
}

func (v *visitor) with(items []*ast.WithItem, body []ast.Stmt) {
	for _, it := range items {
		v.expr(it.ContextExpr)
		v.expr(it.OptionalVars)
	}
	v.stmts(body)
}

func (v *visitor) match(s *ast.Match) {
	v.expr(s.Subject)
	for _, c := range s.Cases {
		v.pattern(c.Pattern)
		v.expr(c.Guard)
		v.stmts(c.Body)
	}
}

func (v *visitor) try(body []ast.Stmt, handlers []*ast.ExceptHandler, orelse, final []ast.Stmt) {
	v.stmts(body)
	for _, h := range handlers {
		v.expr(h.Type)
		if h.Name != "" {
			checkName(h.Name, h.Pos, ast.Store)
			v.add(h.Name, DefLocal|DefDel, h.Pos)
		}
		v.stmts(h.Body)
	}
	v.stmts(orelse)
	v.stmts(final)
}

func (v *visitor) aliases(names []*ast.Alias, pos ast.Pos) {
	for _, a := range names {
		name := a.Asname
		if name == "" {
			name, _, _ = strings.Cut(a.Name, ".")
		}
		if name == "*" {
			if v.cur.Kind != Module {
				fail(a.Pos, "import * only allowed at module level")
			}
			continue
		}
		checkName(name, pos, ast.Store)
		v.add(name, DefImport|DefLocal, a.Pos)
	}
}

// declare handles global and nonlocal statements.
func (v *visitor) declare(names []string, pos ast.Pos, flag Flags, word string) {
	for _, name := range names {
		f := v.flags(v.cur, name)
		switch {
		case f&DefParam != 0:
			fail(pos, "name '%s' is parameter and %s", name, word)
		case f&Use != 0:
			fail(pos, "name '%s' is used prior to %s declaration", name, word)
		case f&DefAnnot != 0:
			fail(pos, "annotated name '%s' can't be %s", name, word)
		case f&DefLocal != 0 && f&DefImport == 0: // an import may come before, as in CPython
			fail(pos, "name '%s' is assigned to before %s declaration", name, word)
		}
		v.add(name, flag, pos)
		v.cur.directives = append(v.cur.directives, directive{Mangle(v.private, name), pos})
	}
}

func (v *visitor) annAssign(s *ast.AnnAssign) {
	if n, ok := s.Target.(*ast.Name); ok {
		f := v.flags(v.cur, n.Id)
		if f&(DefGlobal|DefNonlocal) != 0 && v.cur != v.table.Top && s.Simple != 0 {
			word := "nonlocal"
			if f&DefGlobal != 0 {
				word = "global"
			}
			fail(s.Pos, "annotated name '%s' can't be %s", n.Id, word)
		}
		checkName(n.Id, s.Pos, ast.Store)
		if s.Simple != 0 {
			v.add(n.Id, DefAnnot|DefLocal, n.Pos)
		} else if s.Value != nil {
			v.add(n.Id, DefLocal, n.Pos)
		}
	} else {
		v.expr(s.Target)
	}
	v.annotation(s.Annotation)
	v.expr(s.Value)
}

// annotation visits an annotation; with from __future__ import annotations it is never evaluated and stays out of the tables.
func (v *visitor) annotation(e ast.Expr) {
	if e == nil {
		return
	}
	if v.table.Future.Features&code.FutureAnnotations == 0 {
		v.expr(e)
		return
	}
	v.enter("_annotation", Annotation, e, *e.Span())
	v.expr(e)
	v.exit()
}

func (v *visitor) defaults(a *ast.Arguments) {
	v.exprs(a.Defaults)
	v.exprs(a.KwDefaults)
}

func (v *visitor) function(node ast.Node, name string, a *ast.Arguments, body []ast.Stmt, decorators []ast.Expr, returns ast.Expr, tps []ast.TypeParam, pos ast.Pos, async bool) {
	v.add(name, DefLocal, pos)
	checkName(name, pos, ast.Store)
	v.defaults(a)
	v.exprs(decorators)
	if len(tps) > 0 {
		v.typeParams(node, name, tps, pos)
		if len(a.Defaults) > 0 {
			v.add(".defaults", DefParam, pos)
		}
		if hasAny(a.KwDefaults) {
			v.add(".kwdefaults", DefParam, pos)
		}
	}
	b := v.newBlock(name, Function, node, pos)
	v.annotations(a, returns)
	v.push(b)
	if async {
		b.Coroutine = true
	}
	v.arguments(a)
	v.stmts(body)
	v.exit()
	if len(tps) > 0 {
		v.exit()
	}
}

func hasAny(l []ast.Expr) bool {
	for _, e := range l {
		if e != nil {
			return true
		}
	}
	return false
}

// annotations visits a function's annotations, in the block around the function.
func (v *visitor) annotations(a *ast.Arguments, returns ast.Expr) {
	for _, l := range [][]*ast.Arg{a.Posonlyargs, a.Args, {a.Vararg, a.Kwarg}, a.Kwonlyargs} {
		for _, arg := range l {
			if arg != nil {
				v.annotation(arg.Annotation)
			}
		}
	}
	v.annotation(returns)
}

// arguments defines the parameters, in the order of their registers.
func (v *visitor) arguments(a *ast.Arguments) {
	for _, l := range [][]*ast.Arg{a.Posonlyargs, a.Args, a.Kwonlyargs} {
		for _, arg := range l {
			v.param(arg)
		}
	}
	if a.Vararg != nil {
		v.param(a.Vararg)
		v.cur.VarArgs = true
	}
	if a.Kwarg != nil {
		v.param(a.Kwarg)
		v.cur.VarKeywords = true
	}
}

func (v *visitor) param(a *ast.Arg) {
	checkName(a.Arg, a.Pos, ast.Store)
	v.add(a.Arg, DefParam, a.Pos)
}

// seesClass lets an annotation scope that opens in a class look into it.
func (v *visitor) seesClass(outer *Block, pos ast.Pos) {
	if outer.Kind == Class || outer.CanSeeClassScope {
		v.cur.CanSeeClassScope = true
		v.add("__classdict__", Use, pos)
	}
}

// typeParams opens the scope of type parameters and defines them.
func (v *visitor) typeParams(node ast.Node, name string, tps []ast.TypeParam, pos ast.Pos) {
	outer := v.cur
	v.enter(name, TypeParams, node, pos)
	v.seesClass(outer, pos)
	if _, class := node.(*ast.ClassDef); class {
		v.add(".type_params", DefLocal, pos)
		v.add(".type_params", Use, pos)
		v.add(".generic_base", DefLocal, pos)
		v.add(".generic_base", Use, pos)
	}
	for _, t := range tps {
		switch t := t.(type) {
		case *ast.TypeVar:
			info := "a TypeVar bound"
			if _, tuple := t.Bound.(*ast.Tuple); tuple {
				info = "a TypeVar constraint"
			}
			v.typeParam(t.Name, t.Pos)
			v.typeScope(t, t.Name, t.Bound, info)
			v.typeScope(t, t.Name, t.DefaultValue, "a TypeVar default")
		case *ast.ParamSpec:
			v.typeParam(t.Name, t.Pos)
			v.typeScope(t, t.Name, t.DefaultValue, "a ParamSpec default")
		case *ast.TypeVarTuple:
			v.typeParam(t.Name, t.Pos)
			v.typeScope(t, t.Name, t.DefaultValue, "a TypeVarTuple default")
		}
	}
}

func (v *visitor) typeParam(name string, pos ast.Pos) {
	checkName(name, pos, ast.Store)
	v.add(name, DefTypeParam|DefLocal, pos)
}

// typeScope visits a bound or default, which is evaluated lazily in a scope of its own, found by the expression's node.
func (v *visitor) typeScope(tp ast.Node, name string, e ast.Expr, info string) {
	if e == nil {
		return
	}
	outer := v.cur
	v.enter(name, TypeVariable, e, *tp.Span())
	v.cur.scopeInfo = info
	v.seesClass(outer, *tp.Span())
	v.expr(e)
	v.exit()
}

func (v *visitor) class(s *ast.ClassDef) {
	v.add(s.Name, DefLocal, s.Pos)
	checkName(s.Name, s.Pos, ast.Store)
	v.exprs(s.DecoratorList)
	private := v.private
	if len(s.TypeParams) > 0 {
		v.typeParams(s, s.Name, s.TypeParams, s.Pos)
	}
	v.exprs(s.Bases)
	v.keywords(s.Keywords)
	v.private = s.Name
	v.enter(s.Name, Class, s, s.Pos)
	if len(s.TypeParams) > 0 {
		v.add("__type_params__", DefLocal, s.Pos)
		v.add(".type_params", Use, s.Pos)
	}
	v.stmts(s.Body)
	v.exit()
	v.private = private
	if len(s.TypeParams) > 0 {
		v.exit()
	}
}

func (v *visitor) typeAlias(s *ast.TypeAlias) {
	v.expr(s.Name)
	name := s.Name.(*ast.Name).Id
	outer := v.cur
	if len(s.TypeParams) > 0 {
		v.typeParams(s, name, s.TypeParams, s.Pos)
		outer = v.cur
	}
	v.enter(name, TypeAlias, s, s.Pos)
	v.seesClass(outer, s.Pos)
	v.expr(s.Value)
	v.exit()
	if len(s.TypeParams) > 0 {
		v.exit()
	}
}

func (v *visitor) keywords(l []*ast.Keyword) {
	for _, k := range l {
		if k.Arg != "" {
			checkName(k.Arg, k.Pos, ast.Store)
		}
		v.expr(k.Value)
	}
}

func (v *visitor) exprs(l []ast.Expr) {
	for _, e := range l {
		v.expr(e)
	}
}

func (v *visitor) expr(e ast.Expr) {
	if e == nil {
		return
	}
	v.depth++
	if v.depth > maxDepth {
		panic(&Error{Kind: "RecursionError", Msg: "maximum recursion depth exceeded during compilation", Pos: *e.Span()})
	}
	switch e := e.(type) {
	case *ast.Name:
		v.name(e)
	case *ast.Attribute:
		checkName(e.Attr, e.Pos, e.Ctx)
		v.expr(e.Value)
	case *ast.Call:
		v.expr(e.Func)
		v.exprs(e.Args)
		v.keywords(e.Keywords)
	case *ast.BinOp:
		v.expr(e.Left)
		v.expr(e.Right)
	case *ast.Subscript:
		v.expr(e.Value)
		v.expr(e.Slice)
	case *ast.Compare:
		v.expr(e.Left)
		v.exprs(e.Comparators)
	case *ast.BoolOp:
		v.exprs(e.Values)
	case *ast.UnaryOp:
		v.expr(e.Operand)
	case *ast.IfExp:
		v.expr(e.Test)
		v.expr(e.Body)
		v.expr(e.Orelse)
	case *ast.Tuple:
		v.exprs(e.Elts)
	case *ast.List:
		v.exprs(e.Elts)
	case *ast.Set:
		v.exprs(e.Elts)
	case *ast.Dict:
		v.exprs(e.Keys)
		v.exprs(e.Values)
	case *ast.Slice:
		v.expr(e.Lower)
		v.expr(e.Upper)
		v.expr(e.Step)
	case *ast.Starred:
		v.expr(e.Value)
	case *ast.JoinedStr:
		v.exprs(e.Values)
	case *ast.FormattedValue:
		v.expr(e.Value)
		v.expr(e.FormatSpec)
	default:
		v.rareExpr(e)
	}
	v.depth--
}

// rareExpr visits the expressions that open scopes or may not stand everywhere.
func (v *visitor) rareExpr(e ast.Expr) {
	switch e := e.(type) {
	case *ast.NamedExpr:
		v.restricted(e, "named expression")
		if v.cur.iterExpr > 0 {
			fail(e.Pos, "assignment expression cannot be used in a comprehension iterable expression")
		}
		if v.cur.Comprehension != NoComprehension {
			v.extendNamed(e.Target.(*ast.Name))
		}
		v.expr(e.Value)
		v.expr(e.Target)
		v.add(e.Target.(*ast.Name).Id, DefNamed, e.Pos)
	case *ast.Lambda:
		v.defaults(e.Args)
		v.enter("lambda", Function, e, e.Pos)
		v.arguments(e.Args)
		v.expr(e.Body)
		v.exit()
	case *ast.ListComp:
		v.comprehension(e, "listcomp", ListComp, e.Generators, nil, e.Elt)
	case *ast.SetComp:
		v.comprehension(e, "setcomp", SetComp, e.Generators, nil, e.Elt)
	case *ast.DictComp:
		v.comprehension(e, "dictcomp", DictComp, e.Generators, e.Value, e.Key)
	case *ast.GeneratorExp:
		v.comprehension(e, "genexpr", GeneratorExp, e.Generators, nil, e.Elt)
	case *ast.Yield:
		v.restricted(e, "yield expression")
		v.expr(e.Value)
		v.yield(e)
	case *ast.YieldFrom:
		v.restricted(e, "yield expression")
		v.expr(e.Value)
		v.yield(e)
	case *ast.Await:
		v.restricted(e, "await expression")
		v.expr(e.Value)
		v.cur.Coroutine = true
	}
}

func (v *visitor) yield(e ast.Expr) {
	v.cur.Generator = true
	if c := v.cur.Comprehension; c != NoComprehension {
		what := [...]string{"", "list comprehension", "set comprehension", "dict comprehension", "generator expression"}[c]
		fail(*e.Span(), "'yield' inside %s", what)
	}
}

// restricted rejects an expression that may not stand in an annotation scope.
func (v *visitor) restricted(e ast.Expr, what string) {
	switch v.cur.Kind {
	case Annotation:
		fail(*e.Span(), "%s cannot be used within an annotation", what)
	case TypeVariable:
		fail(*e.Span(), "%s cannot be used within %s", what, v.cur.scopeInfo)
	case TypeAlias:
		fail(*e.Span(), "%s cannot be used within a type alias", what)
	case TypeParams:
		fail(*e.Span(), "%s cannot be used within the definition of a generic", what)
	}
}

func (v *visitor) name(e *ast.Name) {
	checkName(e.Id, e.Pos, e.Ctx)
	f := DefLocal
	switch e.Ctx {
	case ast.Load:
		f = Use
	case ast.Del:
		f |= DefDel
	}
	v.add(e.Id, f, e.Pos)
	if f == Use && e.Id == "super" && v.cur.Function() {
		v.add("__class__", Use, e.Pos)
	}
}

// extendNamed binds the target of := in a comprehension in the block around all comprehensions.
func (v *visitor) extendNamed(n *ast.Name) {
	for i := len(v.stack) - 1; i >= 0; i-- {
		b := v.stack[i]
		f := v.flags(b, n.Id)
		switch {
		case b.Comprehension != NoComprehension:
			if f&DefCompIter != 0 && f&(DefLocal|DefGlobal) != 0 {
				fail(n.Pos, "assignment expression cannot rebind comprehension iteration variable '%s'", n.Id)
			}
			continue
		case b.Kind == Function:
			flag := DefNonlocal
			if f&DefGlobal != 0 {
				flag = DefGlobal
			}
			v.add(n.Id, flag, n.Pos)
			v.cur.directives = append(v.cur.directives, directive{Mangle(v.private, n.Id), n.Pos})
			v.addTo(b, n.Id, DefLocal|DefNamed, n.Pos)
		case b.Kind == Module:
			v.add(n.Id, DefGlobal, n.Pos)
			v.cur.directives = append(v.cur.directives, directive{Mangle(v.private, n.Id), n.Pos})
			v.addTo(b, n.Id, DefGlobal, n.Pos)
		case b.Kind == Class:
			fail(n.Pos, "assignment expression within a comprehension cannot be used in a class body")
		case b.Kind == TypeParams:
			fail(n.Pos, "assignment expression within a comprehension cannot be used within the definition of a generic")
		case b.Kind == TypeAlias:
			fail(n.Pos, "assignment expression within a comprehension cannot be used in a type alias")
		case b.Kind == TypeVariable:
			fail(n.Pos, "assignment expression within a comprehension cannot be used in a TypeVar bound")
		}
		return
	}
}

// comprehension visits a comprehension; all but its first iterable is a block of its own.
func (v *visitor) comprehension(e ast.Expr, name string, kind Comprehension, gens []*ast.Comprehension, value, elt ast.Expr) {
	first := gens[0]
	v.cur.iterExpr++
	v.expr(first.Iter)
	v.cur.iterExpr--
	pos := *e.Span()
	b := v.newBlock(name, Function, e, pos)
	b.Comprehension = kind
	v.push(b)
	if first.IsAsync != 0 {
		b.Coroutine = true
	}
	v.add(".0", DefParam, pos)
	b.iterTarget = true
	v.expr(first.Target)
	b.iterTarget = false
	v.exprs(first.Ifs)
	for _, g := range gens[1:] {
		b.iterTarget = true
		v.expr(g.Target)
		b.iterTarget = false
		b.iterExpr++
		v.expr(g.Iter)
		b.iterExpr--
		v.exprs(g.Ifs)
		if g.IsAsync != 0 {
			b.Coroutine = true
		}
	}
	v.expr(value)
	v.expr(elt)
	b.Generator = kind == GeneratorExp
	v.exit()
	if b.Coroutine && !b.Generator {
		v.cur.Coroutine = true
	}
}

func (v *visitor) pattern(p ast.Pattern) {
	if p == nil {
		return
	}
	v.down(p.Span())
	defer func() { v.depth-- }()
	switch p := p.(type) {
	case *ast.MatchValue:
		v.expr(p.Value)
	case *ast.MatchSequence:
		v.patterns(p.Patterns)
	case *ast.MatchStar:
		v.capture(p.Name, p.Pos)
	case *ast.MatchMapping:
		v.exprs(p.Keys)
		v.patterns(p.Patterns)
		v.capture(p.Rest, p.Pos)
	case *ast.MatchClass:
		v.expr(p.Cls)
		v.patterns(p.Patterns)
		for i, name := range p.KwdAttrs {
			checkName(name, *p.KwdPatterns[i].Span(), ast.Store)
		}
		v.patterns(p.KwdPatterns)
	case *ast.MatchAs:
		v.pattern(p.Pattern)
		v.capture(p.Name, p.Pos)
	case *ast.MatchOr:
		v.patterns(p.Patterns)
	}
}

func (v *visitor) patterns(l []ast.Pattern) {
	for _, p := range l {
		v.pattern(p)
	}
}

func (v *visitor) capture(name string, pos ast.Pos) {
	if name != "" {
		checkName(name, pos, ast.Store)
		v.add(name, DefLocal, pos)
	}
}
