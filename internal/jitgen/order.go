package jitgen

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// Unordered reads.
//
// Go orders the calls of an expression from left to right, but not a read of a
// variable against a call: in f.pc + f.bump() the read may come first (go/ssa)
// or last (gc). Compiled code and the plain interpreter would differ, so such an
// expression is an error: a read, lexically before a call in the same statement's
// expressions, of memory that the call may write. (With the read after the call,
// both compilers call first.)
//
// What a call may write is computed from the program: the fields, element
// types and variables stored to by the callee and all it calls. A call that
// cannot be followed (an interface's method, a function value) may write
// everything, an opaque function of another package everything that its package
// can see: nothing of ours. Nothing writes a field or variable that no code of
// the module ever stores to, but in an object it has just made.

// effects is what a function may write: classes of memory by key.
type effects struct {
	all  bool
	keys map[string]bool
}

// CheckOrder checks the source of every lowered function of the roots' module.
func (r *Result) CheckOrder() error {
	c := &orderCheck{res: r, effects: map[*ssa.Function]*effects{}}
	c.storedKeys()
	var errs []error
	for _, name := range sortedKeys(r.Funcs) {
		fn := r.Funcs[name]
		pkg := r.Source.Pkgs[pkgPath(fn)]
		if pkg == nil || pkg.PkgPath == rtPath || pkg.PkgPath == HintPath || !r.Source.sameModule(pkg.PkgPath) {
			continue
		}
		c.pkg = pkg
		if decl, ok := fn.Syntax().(*ast.FuncDecl); ok && decl.Body != nil {
			errs = append(errs, c.function(decl)...)
		}
	}
	return errors.Join(errs...)
}

type orderCheck struct {
	res     *Result
	pkg     *packages.Package
	effects map[*ssa.Function]*effects
	escapes map[types.Object]bool // locals whose address is taken
	stored  map[string]bool       // keys of all stores of the module, to objects not made in the same function
}

// storedKeys collects what the module's code ever writes.
func (c *orderCheck) storedKeys() {
	c.stored = map[string]bool{}
	src := c.res.Source
	for path, p := range src.Pkgs {
		if pkg := src.Prog.Package(p.Types); pkg != nil && src.sameModule(path) {
			pkg.Build()
		}
	}
	for fn := range ssautil.AllFunctions(src.Prog) {
		if p := pkgPath(fn); p == "" || src.sameModule(p) {
			c.storedBy(fn)
		}
	}
}

func (c *orderCheck) storedBy(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Store:
				if rootAlloc(in.Addr) == nil {
					c.stored[storeKey(in)] = true
				}
			case *ssa.Call:
				if bi, ok := in.Call.Value.(*ssa.Builtin); ok {
					if k := builtinKey(bi, &in.Call); k != "" {
						c.stored[k] = true
					}
				}
			case *ssa.FieldAddr: // an address that goes elsewhere may be stored through
				if escapesAsAddress(in) {
					c.stored[fieldKey(elemOf(in.X.Type()), in.Field)] = true
				}
			}
		}
	}
}

// builtinKey is what append, copy and clear write.
func builtinKey(b *ssa.Builtin, call *ssa.CallCommon) string {
	if b.Name() == "append" || b.Name() == "copy" || b.Name() == "clear" {
		if s, ok := call.Args[0].Type().Underlying().(*types.Slice); ok {
			return "[]" + typeName(s.Elem())
		}
	}
	return ""
}

func (c *orderCheck) function(decl *ast.FuncDecl) []error {
	c.escapes = map[types.Object]bool{}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if u, ok := n.(*ast.UnaryExpr); ok && u.Op == token.AND {
			if o := c.rootVar(u.X); o != nil {
				c.escapes[o] = true
			}
		}
		return true
	})
	var errs []error
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		for _, group := range operandGroups(n) {
			errs = append(errs, c.group(group)...)
		}
		return true
	})
	return errs
}

// rootVar is the variable that &x.f[i] takes the address of.
func (c *orderCheck) rootVar(e ast.Expr) types.Object {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			return c.pkg.TypesInfo.Uses[x]
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// operandGroups returns lists of expressions that a statement evaluates
// together.
func operandGroups(n ast.Node) [][]ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
			return [][]ast.Expr{append(append([]ast.Expr(nil), n.Lhs...), n.Rhs...)}
		}
		var es []ast.Expr
		for _, l := range n.Lhs {
			es = append(es, locationOperands(l)...)
		}
		return [][]ast.Expr{append(es, n.Rhs...)}
	case *ast.ExprStmt:
		return [][]ast.Expr{{n.X}}
	case *ast.ReturnStmt:
		return [][]ast.Expr{n.Results}
	case *ast.IfStmt:
		return [][]ast.Expr{{n.Cond}}
	case *ast.ForStmt:
		if n.Cond != nil {
			return [][]ast.Expr{{n.Cond}}
		}
	case *ast.SwitchStmt:
		if n.Tag != nil {
			return [][]ast.Expr{{n.Tag}}
		}
	case *ast.RangeStmt:
		return [][]ast.Expr{{n.X}}
	case *ast.IncDecStmt:
		return [][]ast.Expr{{n.X}}
	case *ast.ValueSpec:
		return [][]ast.Expr{n.Values}
	case *ast.CaseClause:
		return [][]ast.Expr{n.List}
	}
	return nil
}

// locationOperands are the expressions evaluated to find where an assignment goes.
func locationOperands(l ast.Expr) []ast.Expr {
	switch l := ast.Unparen(l).(type) {
	case *ast.IndexExpr:
		return []ast.Expr{l.X, l.Index}
	case *ast.SelectorExpr:
		return []ast.Expr{l.X}
	case *ast.StarExpr:
		return []ast.Expr{l.X}
	}
	return nil
}

// A read of memory: where, what, and the key of what may alias it.
type memRead struct {
	at  ast.Expr
	key string
	pkg *types.Package // owner of the type or variable
}

// group walks expressions in lexical order, and reports calls that may write
// what was read before them.
func (c *orderCheck) group(es []ast.Expr) []error {
	var reads []memRead
	var errs []error
	for _, e := range es {
		errs = append(errs, c.walk(e, &reads)...)
	}
	return errs
}

func (c *orderCheck) walk(e ast.Expr, reads *[]memRead) []error {
	var errs []error
	sub := func(es ...ast.Expr) {
		for _, x := range es {
			if x != nil {
				errs = append(errs, c.walk(x, reads)...)
			}
		}
	}
	if tv, ok := c.pkg.TypesInfo.Types[e]; ok && (tv.Value != nil || tv.IsType()) {
		return nil
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		sub(e.X)
	case *ast.Ident:
		c.readVar(e, reads)
	case *ast.SelectorExpr:
		c.selector(e, reads, sub)
	case *ast.IndexExpr:
		sub(e.X, e.Index)
		c.readElem(e, reads)
	case *ast.StarExpr:
		sub(e.X)
		*reads = append(*reads, memRead{at: e, key: "*" + typeName(c.pkg.TypesInfo.TypeOf(e))})
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			sub(locationOperands(e.X)...)
		} else {
			sub(e.X)
		}
	case *ast.BinaryExpr:
		if e.Op == token.LAND || e.Op == token.LOR {
			// Control flow: what is left of the operator has been done.
			var left, right []memRead
			errs = append(errs, c.walk(e.X, &left)...)
			errs = append(errs, c.walk(e.Y, &right)...)
			return append(errs, c.callsAgainst(e, *reads)...)
		}
		sub(e.X, e.Y)
	case *ast.SliceExpr:
		sub(e.X, e.Low, e.High, e.Max)
	case *ast.TypeAssertExpr:
		sub(e.X)
	case *ast.CompositeLit:
		for _, el := range e.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				el = kv.Value
			}
			sub(el)
		}
	case *ast.CallExpr:
		errs = append(errs, c.callExpr(e, reads)...)
	}
	return errs
}

// callsAgainst checks the calls inside a short-circuit expression against reads made before it.
func (c *orderCheck) callsAgainst(e ast.Expr, reads []memRead) []error {
	var errs []error
	ast.Inspect(e, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			errs = append(errs, c.conflicts(call, reads)...)
		}
		return true
	})
	return errs
}

func (c *orderCheck) selector(e *ast.SelectorExpr, reads *[]memRead, sub func(...ast.Expr)) {
	sel := c.pkg.TypesInfo.Selections[e]
	if sel == nil { // package.Name
		c.readVar(e.Sel, reads)
		return
	}
	sub(e.X)
	if sel.Kind() != types.FieldVal || !c.inMemory(e) {
		return
	}
	if st, i, ok := fieldOf(sel); ok && !fieldHints(st.Underlying().(*types.Struct), i).immutable {
		*reads = append(*reads, memRead{at: e, key: fieldKey(st, i), pkg: sel.Obj().Pkg()})
	}
}

// inMemory reports whether a field selection reads memory that others can
// write: through a pointer, a slice, or a variable that escapes.
func (c *orderCheck) inMemory(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		if sel := c.pkg.TypesInfo.Selections[x]; sel != nil && sel.Indirect() {
			return true
		}
		if c.pkg.TypesInfo.Selections[x] == nil {
			return true // a package's variable
		}
		return c.inMemory(x.X)
	case *ast.IndexExpr:
		if _, arr := c.pkg.TypesInfo.TypeOf(x.X).Underlying().(*types.Array); arr {
			return c.inMemory(x.X)
		}
		return true
	case *ast.Ident:
		o := c.pkg.TypesInfo.Uses[x]
		return o != nil && (c.escapes[o] || isGlobal(o))
	case *ast.CallExpr:
		return false
	}
	return true
}

func isGlobal(o types.Object) bool {
	v, ok := o.(*types.Var)
	return ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// fieldOf is the struct type and index of the last step of a selection.
func fieldOf(sel *types.Selection) (types.Type, int, bool) {
	t := sel.Recv()
	idx := sel.Index()
	for k, i := range idx {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil, 0, false
		}
		if k == len(idx)-1 {
			return t, i, true
		}
		t = st.Field(i).Type()
	}
	return nil, 0, false
}

func fieldKey(t types.Type, i int) string {
	return fmt.Sprintf("%s.%s", typeName(t), t.Underlying().(*types.Struct).Field(i).Name())
}

func (c *orderCheck) readVar(id *ast.Ident, reads *[]memRead) {
	o, ok := c.pkg.TypesInfo.Uses[id].(*types.Var)
	if !ok || o.IsField() {
		return
	}
	if isGlobal(o) {
		*reads = append(*reads, memRead{at: id, key: "var " + o.Pkg().Path() + "." + o.Name(), pkg: o.Pkg()})
	} else if c.escapes[o] {
		*reads = append(*reads, memRead{at: id, key: "*" + typeName(o.Type())})
	}
}

func (c *orderCheck) readElem(e *ast.IndexExpr, reads *[]memRead) {
	t := c.pkg.TypesInfo.TypeOf(e.X)
	if t == nil || !c.inMemory(e) {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		*reads = append(*reads, memRead{at: e, key: "[]" + typeName(u.Elem()), pkg: ownerOf(u.Elem())})
	case *types.Array:
		*reads = append(*reads, memRead{at: e, key: "[]" + typeName(u.Elem()), pkg: ownerOf(u.Elem())})
	}
}

func ownerOf(t types.Type) *types.Package {
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Pkg()
	}
	return nil
}

func (c *orderCheck) callExpr(e *ast.CallExpr, reads *[]memRead) []error {
	if tv := c.pkg.TypesInfo.Types[e.Fun]; tv.IsType() || tv.IsBuiltin() {
		var errs []error
		for _, a := range e.Args {
			errs = append(errs, c.walk(a, reads)...)
		}
		return errs
	}
	var errs []error
	inner := append([]memRead(nil), *reads...)
	if s, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok {
		errs = append(errs, c.receiver(s, &inner)...)
	}
	own := len(*reads)
	for _, a := range e.Args {
		errs = append(errs, c.walk(a, &inner)...)
	}
	// The call itself comes after its arguments: only what was read before the
	// whole call is unordered against it.
	return append(errs, c.conflicts(e, (*reads)[:own])...)
}

// receiver walks the receiver expression of a method call: it is evaluated with the arguments.
func (c *orderCheck) receiver(s *ast.SelectorExpr, reads *[]memRead) []error {
	if c.pkg.TypesInfo.Selections[s] == nil {
		return nil
	}
	return c.walk(s.X, reads)
}

func (c *orderCheck) conflicts(call *ast.CallExpr, reads []memRead) []error {
	if len(reads) == 0 {
		return nil
	}
	if tv := c.pkg.TypesInfo.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() {
		return nil
	}
	eff := c.callEffects(call)
	var errs []error
	for _, r := range reads {
		if eff.all && c.stored[r.key] || eff.keys[r.key] {
			errs = append(errs, fmt.Errorf("%s: %s is read in the same expression as the call of %s at %s, which may change it: Go leaves their order open; put the read in a statement of its own",
				c.at(r.at), types.ExprString(r.at), types.ExprString(call.Fun), c.at(call)))
		}
	}
	return errs
}

func (c *orderCheck) at(n ast.Node) token.Position { return c.pkg.Fset.Position(n.Pos()) }

func (c *orderCheck) callEffects(call *ast.CallExpr) *effects {
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.IndexExpr:
		switch g := f.X.(type) {
		case *ast.Ident:
			id = g
		case *ast.SelectorExpr:
			id = g.Sel
		}
	}
	fn, ok := c.pkg.TypesInfo.Uses[id].(*types.Func)
	if id == nil || !ok || types.IsInterface(recvType(fn)) {
		return &effects{all: true}
	}
	if fn.Pkg() != nil && (fn.Pkg().Path() == HintPath || !c.res.Source.sameModule(fn.Pkg().Path())) {
		return &effects{}
	}
	f := c.res.Source.Prog.FuncValue(fn.Origin())
	if f == nil {
		return &effects{all: true}
	}
	return c.of(f)
}

func recvType(fn *types.Func) types.Type {
	if r := fn.Signature().Recv(); r != nil {
		return r.Type()
	}
	return types.Typ[types.Int]
}

// of returns the effects of a function and all it calls.
func (c *orderCheck) of(fn *ssa.Function) *effects {
	if e := c.effects[fn]; e != nil {
		return e
	}
	seen := map[*ssa.Function]bool{}
	e := &effects{keys: map[string]bool{}}
	c.collect(fn, e, seen)
	c.effects[fn] = e
	return e
}

func (c *orderCheck) collect(fn *ssa.Function, e *effects, seen map[*ssa.Function]bool) {
	if seen[fn] || e.all {
		return
	}
	seen[fn] = true
	if p := pkgPath(fn); p == HintPath || !c.res.Source.sameModule(p) && fn.Parent() == nil {
		return
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Store:
				if rootAlloc(in.Addr) == nil {
					e.keys[storeKey(in)] = true
				}
			case *ssa.MapUpdate, *ssa.Send, *ssa.Go:
				e.all = true
			case ssa.CallInstruction:
				c.collectCall(in.Common(), e, seen)
			}
		}
	}
}

func (c *orderCheck) collectCall(call *ssa.CallCommon, e *effects, seen map[*ssa.Function]bool) {
	if b, ok := call.Value.(*ssa.Builtin); ok {
		e.keys[builtinKey(b, call)] = true
		return
	}
	if fn := call.StaticCallee(); fn != nil {
		c.collect(fn, e, seen)
		return
	}
	e.all = true
}

// storeKey names the memory that a store writes, as reads name theirs.
func storeKey(in *ssa.Store) string {
	switch a := in.Addr.(type) {
	case *ssa.FieldAddr:
		return fieldKey(elemOf(a.X.Type()), a.Field)
	case *ssa.IndexAddr:
		return "[]" + typeName(elemOf(a.Type()))
	case *ssa.Global:
		return "var " + a.Pkg.Pkg.Path() + "." + a.Name()
	}
	return "*" + typeName(elemOf(in.Addr.Type()))
}
