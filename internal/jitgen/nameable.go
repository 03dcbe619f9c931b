package jitgen

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"martlet/ir"
)

// What a file of a package can name: its own declarations, and exported ones
// of other packages that are not internal to somebody else.

type namer struct {
	path    string
	imports map[string]string // import path -> name in the file
	used    map[string]bool
}

func newNamer(path string) *namer {
	return &namer{path: path, imports: map[string]string{}, used: map[string]bool{}}
}

// reachable reports whether the file may import a package.
func (n *namer) reachable(p *types.Package) bool {
	if p == nil || p.Path() == n.path {
		return true
	}
	path := p.Path()
	i := strings.LastIndex("/"+path+"/", "/internal/")
	if i < 0 {
		return true
	}
	root := strings.TrimSuffix(path[:max(i-1, 0)], "/")
	return root != "" && (n.path == root || strings.HasPrefix(n.path, root+"/"))
}

func (n *namer) object(o types.Object) bool {
	if o == nil || !n.reachable(o.Pkg()) {
		return false
	}
	return o.Pkg() == nil || o.Pkg().Path() == n.path || o.Exported()
}

// canType reports whether the file can write a type.
func (n *namer) canType(t types.Type) bool { return n.walk(t, map[types.Type]bool{}) }

func (n *namer) walk(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return true
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Basic:
		return true
	case *types.Named:
		return n.named(t.Obj(), t.TypeArgs(), seen)
	case *types.Alias:
		return n.walk(types.Unalias(t), seen)
	case *types.Pointer:
		return n.walk(t.Elem(), seen)
	case *types.Slice:
		return n.walk(t.Elem(), seen)
	case *types.Array:
		return n.walk(t.Elem(), seen)
	case *types.Chan:
		return n.walk(t.Elem(), seen)
	case *types.Map:
		return n.walk(t.Key(), seen) && n.walk(t.Elem(), seen)
	case *types.Struct:
		return n.structType(t, seen)
	case *types.Signature:
		return n.tuple(t.Params(), seen) && n.tuple(t.Results(), seen)
	case *types.Tuple:
		return n.tuple(t, seen)
	case *types.Interface:
		return n.iface(t, seen)
	}
	return false
}

func (n *namer) named(o *types.TypeName, targs *types.TypeList, seen map[types.Type]bool) bool {
	for t := range targs.Types() {
		if !n.walk(t, seen) {
			return false
		}
	}
	if o.Pkg() != nil && o.Parent() != o.Pkg().Scope() {
		return false // declared in a function
	}
	return n.object(o)
}

func (n *namer) structType(t *types.Struct, seen map[types.Type]bool) bool {
	for f := range t.Fields() {
		if !f.Exported() && f.Pkg().Path() != n.path || !n.walk(f.Type(), seen) {
			return false
		}
	}
	return true
}

func (n *namer) tuple(t *types.Tuple, seen map[types.Type]bool) bool {
	for v := range t.Variables() {
		if !n.walk(v.Type(), seen) {
			return false
		}
	}
	return true
}

func (n *namer) iface(t *types.Interface, seen map[types.Type]bool) bool {
	for m := range t.Methods() {
		if !m.Exported() && m.Pkg().Path() != n.path || !n.walk(m.Type(), seen) {
			return false
		}
	}
	return true
}

// canFunc reports whether the file can call a function by name.
func (n *namer) canFunc(fn *ssa.Function) bool {
	o := fn.Object()
	if o == nil && fn.Origin() != nil {
		o = fn.Origin().Object()
	}
	f, ok := o.(*types.Func)
	if !ok || fn.Parent() != nil || fn.Synthetic != "" && fn.Origin() == nil || !n.object(f) {
		return false
	}
	for _, t := range fn.TypeArgs() {
		if !n.canType(t) {
			return false
		}
	}
	for _, p := range fn.Params {
		if !n.canType(p.Type()) {
			return false
		}
	}
	return n.canType(fn.Signature.Results())
}

// type_ writes a type, noting imports.
func (n *namer) typ(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return n.pkg(p) })
}

// pkg is the name by which the file knows a package.
func (n *namer) pkg(p *types.Package) string {
	if p.Path() == n.path {
		return ""
	}
	if name, ok := n.imports[p.Path()]; ok {
		return name
	}
	name := p.Name()
	for n.used[name] {
		name += "_"
	}
	n.used[name] = true
	n.imports[p.Path()] = name
	return name
}

// declareUnnameable turns functions of other packages into declarations as
// long as they need something that the file cannot name: a variable, or an
// opaque function.
func (lw *lowerer) declareUnnameable() {
	n := newNamer(lw.opt.Package)
	byName := map[string]*ssa.Function{}
	for fn, f := range lw.fns {
		if f != nil {
			byName[f.Name] = fn
		}
	}
	for again := true; again; {
		again = false
		for _, f := range lw.mod.Funcs {
			fn := byName[f.Name]
			if fn == nil || f.IsDecl() || pkgPath(fn) == lw.opt.Package || pkgPath(fn) == rtPath {
				continue
			}
			if what := lw.needsUnnameable(n, f); what != "" {
				lw.declare(f, fn, lw.reason(fn.Pos(), "needs "+what+", which package "+lw.opt.Package+" cannot name"))
				again = true
			}
		}
	}
}

func (lw *lowerer) needsUnnameable(n *namer, f *ir.Func) string {
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			switch v.Op {
			case ir.OpCall:
				callee := v.Call().Callee
				if t := lw.thunks[callee.Name]; t != nil && !n.canThunk(t) {
					return callee.Name
				}
			case ir.OpRefconst:
				if r := lw.refs[v.Aux.(*ir.RefConst).Name]; !n.canRef(r) {
					return r.Name
				}
			}
		}
	}
	return ""
}

func (n *namer) canThunk(t *Thunk) bool {
	switch t.Kind {
	case ThunkFunc:
		return n.canFunc(t.Fn)
	case ThunkInvoke:
		return n.canType(t.From) && n.object(t.Method) && n.canType(t.Method.Type())
	case ThunkValue, ThunkIfaceEqual:
		return n.canType(t.Type)
	case ThunkAssert, ThunkConvert:
		return n.canType(t.From) && n.canType(t.Type)
	}
	return true
}

func (n *namer) canRef(r *RefSym) bool {
	switch r.Kind {
	case RefVar:
		return r.Var.Object() != nil && n.object(r.Var.Object())
	case RefFunc:
		return n.canFunc(r.Fn)
	case RefType:
		return n.canType(r.Type)
	case RefItab:
		return n.canType(r.Type) && n.canType(r.Iface)
	}
	return true
}

// dropUnused removes functions that no root needs any more.
func (lw *lowerer) dropUnused(roots []*ssa.Function) {
	used := map[*ir.Func]bool{}
	var visit func(f *ir.Func)
	visit = func(f *ir.Func) {
		if f == nil || used[f] {
			return
		}
		used[f] = true
		for _, b := range f.Blocks {
			for _, v := range b.Insts {
				if v.Op == ir.OpCall {
					visit(v.Call().Callee)
				}
			}
		}
	}
	for _, r := range roots {
		visit(lw.fns[r])
	}
	for _, f := range append([]*ir.Func(nil), lw.mod.Funcs...) {
		if !used[f] {
			lw.mod.RemoveFunc(f)
			delete(lw.res.Funcs, f.Name)
			delete(lw.res.Opaque, f.Name)
			delete(lw.thunks, f.Name)
		}
	}
	kept := lw.res.Thunks[:0]
	for _, t := range lw.res.Thunks {
		if used[t.Func] {
			kept = append(kept, t)
		}
	}
	lw.res.Thunks = kept
	lw.dropRefs()
}

func (lw *lowerer) dropRefs() {
	used := map[*ir.RefConst]bool{}
	for _, f := range lw.mod.Funcs {
		for _, b := range f.Blocks {
			for _, v := range b.Insts {
				if v.Op == ir.OpRefconst {
					used[v.Aux.(*ir.RefConst)] = true
				}
			}
		}
	}
	kept := lw.res.Refs[:0]
	for _, r := range lw.res.Refs {
		if used[r.Const] {
			kept = append(kept, r)
		}
	}
	lw.res.Refs = kept
}
