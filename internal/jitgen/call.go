package jitgen

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"martlet/ir"
)

// ThunkKind says what a declared Go function does.
type ThunkKind uint8

// The kinds.
const (
	ThunkFunc          ThunkKind = iota // calls Fn
	ThunkInvoke                         // calls Method of the interface From
	ThunkValue                          // calls a function value of type Type
	ThunkGrow                           // append's growth for elements of Type: (ref, len, cap, n) -> ref, cap
	ThunkCopy                           // copies n elements of Type, which holds pointers: (dst, src, n)
	ThunkClear                          // clears n elements of Type, which holds pointers: (dst, n)
	ThunkAssert                         // From to interface Type: (tab, data) -> tab, data, ok
	ThunkConvert                        // From to interface Type: (tab, data) -> tab, data
	ThunkIfaceEqual                     // compares two values of interface Type
	ThunkRunesOf                        // []rune(s)
	ThunkStringOfRunes                  // string(runes)
	ThunkStringOfRune                   // string(rune)
)

// Thunk is a Go function that the module declares and the generated file (or a
// Binder) supplies.
type Thunk struct {
	Kind   ThunkKind
	Func   *ir.Func // the declaration
	Fn     *ssa.Function
	From   types.Type
	Type   types.Type
	Method *types.Func
	Flags  directive
}

func (lw *lowerer) thunk(f *ir.Func, t *Thunk) {
	if lw.thunks[f.Name] != nil {
		return
	}
	t.Func = f
	if t.Fn != nil {
		t.Flags = lw.directives(t.Fn)
	}
	lw.thunks[f.Name] = t
	lw.res.Thunks = append(lw.res.Thunks, t)
}

func (lw *lowerer) declaredThunk(name string, sig ir.Signature, make func() *Thunk) *ir.Func {
	if f := lw.mod.Func(name); f != nil {
		return f
	}
	f := lw.mod.AddFunc(name, sig, ir.DeclaredGo)
	lw.thunk(f, make())
	return f
}

func docOf(fn *ssa.Function) string {
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	if !ok || decl.Doc == nil {
		return ""
	}
	var b strings.Builder
	for _, c := range decl.Doc.List {
		b.WriteString(c.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

func (l *fl) args(c *ssa.CallCommon) val {
	var v val
	for _, a := range c.Args {
		v = append(v, l.get(a)...)
	}
	return v
}

func (l *fl) call(in *ssa.Call) {
	c := &in.Call
	if b, ok := c.Value.(*ssa.Builtin); ok {
		l.builtin(in, b)
		return
	}
	if c.IsInvoke() {
		if !l.devirtualised(in) {
			l.vals[in] = l.invoke(c)
		}
		return
	}
	fn, ok := c.Value.(*ssa.Function)
	if !ok {
		l.vals[in] = l.callValue(c)
		return
	}
	if l.special(in, fn) {
		return
	}
	f := l.fn2(fn)
	if l.directives(fn).aside {
		l.declareAside(f, fn)
	}
	l.vals[in] = l.b.Call(f, l.args(c)...)
}

// declareAside: calls of asides stay visible, for the machine to leave out.
func (l *fl) declareAside(f *ir.Func, fn *ssa.Function) {
	if f.Linkage != ir.DeclaredGo {
		l.declare(f, fn, l.reason(fn.Pos(), "marked //martlet:aside"))
	}
}

// special handles hints and intrinsics.
func (l *fl) special(in *ssa.Call, fn *ssa.Function) bool {
	if pkgPath(fn) == HintPath && l.hint(in, fn) {
		return true
	}
	base := fn
	if o := fn.Origin(); o != nil {
		base = o
	}
	if h := intrinsics[base.String()]; h != nil {
		l.vals[in] = h(l, in, l.args(&in.Call))
		return true
	}
	if r := replacements[base.String()]; r != "" {
		l.vals[in] = l.rt(r, l.args(&in.Call)...)
		return true
	}
	return false
}

// hint lowers a call of package hint. Ordinary methods there (Quasi.Get) are
// lowered like others.
func (l *fl) hint(in *ssa.Call, fn *ssa.Function) bool {
	name := fn.Name()
	if o := fn.Origin(); o != nil {
		name = o.Name()
	}
	switch name {
	case "AddOverflow":
		l.vals[in] = two(l.b.Saddov(l.arg2(in)))
	case "SubOverflow":
		l.vals[in] = two(l.b.Ssubov(l.arg2(in)))
	case "MulOverflow":
		l.vals[in] = two(l.b.Smulov(l.arg2(in)))
	case "Tick", "Call":
		sig := ir.Signature{Params: []ir.Type{ir.Ref}, Results: []ir.Type{ir.I8}}
		l.vals[in] = l.b.Call(l.hintFunc("hint."+name, sig), l.args(&in.Call)...)
	case "MergePoint", "Promote", "PromoteType", "Concrete", "Known", "Enter":
		l.genericHint(in, name)
	default:
		return false
	}
	return true
}

func two(x, y *ir.Value) val { return val{x, y} }

func (l *fl) arg2(in *ssa.Call) (*ir.Value, *ir.Value) {
	a := l.args(&in.Call)
	return a[0], a[1]
}

func (l *fl) hintFunc(name string, sig ir.Signature) *ir.Func {
	if f := l.mod.Func(name); f != nil {
		return f
	}
	return l.mod.AddFunc(name, sig, ir.DeclaredGo)
}

// genericHint declares a hint function for each list of argument types:
// hint.Promote$1(words…) -> words….
func (l *fl) genericHint(in *ssa.Call, name string) {
	args := l.args(&in.Call)
	var sig ir.Signature
	key := name
	for _, a := range in.Call.Args {
		key += "," + l.typeKey(a.Type())
	}
	for _, a := range args {
		sig.Params = append(sig.Params, a.Type)
	}
	if tup, ok := in.Type().(*types.Tuple); ok {
		for v := range tup.Variables() {
			sig.Results = append(sig.Results, l.valTypes(v.Type())...)
		}
	} else {
		sig.Results = l.valTypes(in.Type())
	}
	n, ok := l.typeIDs[key]
	if !ok {
		n = len(l.typeIDs)
		l.typeIDs[key] = n
	}
	full := fmt.Sprintf("hint.%s$%d", name, n)
	f := l.hintFunc(full, sig)
	l.res.Hints = append(l.res.Hints, &HintCall{Func: l.fn, Call: &in.Call, Name: full})
	rs := l.b.Call(f, args...)
	l.vals[in] = rs
}

// devirtualised calls the method itself where the interface was made from a
// concrete value in this function.
func (l *fl) devirtualised(in *ssa.Call) bool {
	v := in.Call.Value
	for {
		c, ok := v.(*ssa.ChangeInterface)
		if !ok {
			break
		}
		v = c.X
	}
	m, ok := v.(*ssa.MakeInterface)
	if !ok {
		return false
	}
	fn := l.src.Prog.LookupMethod(m.X.Type(), in.Call.Method.Pkg(), in.Call.Method.Name())
	if fn == nil || l.lay.of(m.X.Type()).mem {
		return false
	}
	f := l.fn2(fn)
	l.vals[in] = l.b.Call(f, append(append(val(nil), l.get(m.X)...), l.args(&in.Call)...)...)
	return true
}

func (l *fl) invoke(c *ssa.CallCommon) val {
	it := c.Value.Type()
	sig, ok := l.sig(c.Method.Type().(*types.Signature))
	if !ok {
		l.fail("method call with a large value")
	}
	// The receiver of an interface's method type is the interface itself, or absent.
	recv := []ir.Type{ir.Ref, ir.Ref}
	if c.Method.Signature().Recv() != nil {
		recv = nil
	}
	sig.Params = append(recv, sig.Params...)
	f := l.declaredThunk("invoke:("+l.typeKey(it)+")."+c.Method.Name(), sig, func() *Thunk {
		return &Thunk{Kind: ThunkInvoke, From: it, Method: c.Method}
	})
	return l.b.Call(f, append(append(val(nil), l.get(c.Value)...), l.args(c)...)...)
}

func (l *fl) callValue(c *ssa.CallCommon) val {
	t := c.Value.Type()
	sig, ok := l.sig(c.Signature())
	if !ok {
		l.fail("function call with a large value")
	}
	sig.Params = append([]ir.Type{ir.Ref}, sig.Params...)
	f := l.declaredThunk("call:"+l.typeKey(t.Underlying()), sig, func() *Thunk { return &Thunk{Kind: ThunkValue, Type: t} })
	return l.b.Call(f, append(append(val(nil), l.get(c.Value)...), l.args(c)...)...)
}

// Builtins.

func (l *fl) builtin(in *ssa.Call, b *ssa.Builtin) {
	args := in.Call.Args
	switch b.Name() {
	case "len":
		l.vals[in] = l.lenCap(args[0], 1)
	case "cap":
		l.vals[in] = l.lenCap(args[0], 2)
	case "append":
		l.vals[in] = l.appendTo(in)
	case "copy":
		l.vals[in] = l.copySlice(in)
	case "min", "max":
		l.vals[in] = l.minMax(in, b.Name() == "min")
	case "clear":
		l.clear(args[0])
	case "real":
		l.vals[in] = l.get(args[0])[:1]
	case "imag":
		l.vals[in] = l.get(args[0])[1:]
	case "complex":
		l.vals[in] = append(append(val(nil), l.get(args[0])...), l.get(args[1])...)
	case "ssa:wrapnilchk":
		l.vals[in] = l.get(args[0])
		l.nilCheck(l.get(args[0])[0])
	default:
		l.unsafeBuiltin(in, b)
	}
}

func (l *fl) unsafeBuiltin(in *ssa.Call, b *ssa.Builtin) {
	args := in.Call.Args
	x := l.get(args[0])
	switch b.Name() {
	case "Add":
		l.vals[in] = val{l.b.Addrof(x[0], l.index(args[1]), 0)}
	case "Slice":
		n := l.index(args[1])
		l.vals[in] = val{x[0], n, n}
	case "String":
		l.vals[in] = val{x[0], l.index(args[1])}
	case "SliceData", "StringData":
		l.vals[in] = x[:1]
	default:
		l.fail("builtin %s", b.Name())
	}
}

func (l *fl) lenCap(v ssa.Value, i int) val {
	t := v.Type().Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	if arr, ok := t.(*types.Array); ok {
		return val{l.i64(arr.Len())}
	}
	return val{l.get(v)[i]}
}

func (l *fl) minMax(in *ssa.Call, least bool) val {
	t := in.Type()
	acc := l.get(in.Call.Args[0])
	for _, a := range in.Call.Args[1:] {
		acc = l.minMax2(t, acc, l.get(a), least)
	}
	return acc
}

func (l *fl) minMax2(t types.Type, x, y val, least bool) val {
	info, unsigned := basicInfo(t), isUnsigned(t)
	switch {
	case info&types.IsString != 0:
		args := append(append(val(nil), y...), x...)
		if !least {
			args = append(append(val(nil), x...), y...)
		}
		less := l.rt("StringLess", args...)[0]
		return val{l.b.Select(less, y[0], x[0]), l.b.Select(less, y[1], x[1])}
	case info&types.IsFloat != 0 && least:
		return val{l.b.Fmin(x[0], y[0])}
	case info&types.IsFloat != 0:
		return val{l.b.Fmax(x[0], y[0])}
	case unsigned && least:
		return val{l.b.Umin(x[0], y[0])}
	case unsigned:
		return val{l.b.Umax(x[0], y[0])}
	case least:
		return val{l.b.Smin(x[0], y[0])}
	}
	return val{l.b.Smax(x[0], y[0])}
}

// appendTo lowers append: room is made if there is not enough, then the new
// elements are stored.
func (l *fl) appendTo(in *ssa.Call) val {
	s := l.get(in.Call.Args[0])
	elem := in.Type().Underlying().(*types.Slice).Elem()
	if len(in.Call.Args) == 1 {
		return s
	}
	if sl, ok := in.Call.Args[1].(*ssa.Slice); ok {
		if al, ok := sl.X.(*ssa.Alloc); ok && l.locals[al].kind == localVarargs {
			return l.appendElems(s, elem, l.locals[al].elems)
		}
	}
	more := l.get(in.Call.Args[1])
	s2 := l.room(s, elem, more[1])
	dst := l.element(addr{base: s2[0]}, s[1], elem)
	l.copyElems(l.materialise(dst), more[0], more[1], elem)
	return s2
}

func (l *fl) appendElems(s val, elem types.Type, elems []val) val {
	s2 := l.room(s, elem, l.i64(int64(len(elems))))
	size := l.lay.of(elem).size
	a := l.element(addr{base: s2[0], known: true}, s[1], elem)
	for _, v := range elems {
		l.store(a, elem, v)
		a.off += size
	}
	return s2
}

// room returns the slice with n more elements in its length. Elements behind
// the old length are garbage or zero.
func (l *fl) room(s val, elem types.Type, n *ir.Value) val {
	total := l.b.Add(s[1], n)
	join, grow := l.f.NewBlock(), l.f.NewBlock()
	p, c := join.AddParam(ir.Ref), join.AddParam(ir.I64)
	l.b.Br(l.b.Ule(total, s[2]), ir.Edge{To: join, Args: []*ir.Value{s[0], s[2]}, Weight: 0.9}, ir.Edge{To: grow, Weight: 0.1})
	l.at(grow)
	f := l.declaredThunk("go.grow:"+l.typeKey(elem), ir.Signature{Params: []ir.Type{ir.Ref, ir.I64, ir.I64, ir.I64}, Results: []ir.Type{ir.Ref, ir.I64}},
		func() *Thunk { return &Thunk{Kind: ThunkGrow, Type: elem} })
	l.b.Jump(join, l.b.Call(f, s[0], s[1], s[2], n)...)
	l.at(join)
	return val{p, total, c}
}

// copyElems copies n elements between addresses.
func (l *fl) copyElems(dst, src, n *ir.Value, elem types.Type) {
	lay := l.lay.of(elem)
	if lay.size == 0 {
		return
	}
	join, some := l.f.NewBlock(), l.f.NewBlock()
	l.b.Br(l.b.Ne(n, l.i64(0)), ir.To(some), ir.To(join))
	l.at(some)
	if len(lay.ptrs) == 0 {
		l.b.Memmove(dst, src, l.scale(n, lay.size))
	} else {
		f := l.declaredThunk("go.copy:"+l.typeKey(elem), ir.Signature{Params: []ir.Type{ir.Ref, ir.Ref, ir.I64}},
			func() *Thunk { return &Thunk{Kind: ThunkCopy, Type: elem} })
		l.b.Call(f, dst, src, n)
	}
	l.b.Jump(join)
	l.at(join)
}

func (l *fl) copySlice(in *ssa.Call) val {
	dst, src := l.get(in.Call.Args[0]), l.get(in.Call.Args[1])
	elem := in.Call.Args[0].Type().Underlying().(*types.Slice).Elem()
	n := l.b.Smin(dst[1], src[1])
	l.copyElems(dst[0], src[0], n, elem)
	return val{n}
}

func (l *fl) clear(v ssa.Value) {
	s := l.get(v)
	elem := v.Type().Underlying().(*types.Slice).Elem()
	lay := l.lay.of(elem)
	join, some := l.f.NewBlock(), l.f.NewBlock()
	l.b.Br(l.b.Ne(s[1], l.i64(0)), ir.To(some), ir.To(join))
	l.at(some)
	if len(lay.ptrs) == 0 {
		l.b.Memzero(s[0], l.scale(s[1], lay.size))
	} else {
		f := l.declaredThunk("go.clear:"+l.typeKey(elem), ir.Signature{Params: []ir.Type{ir.Ref, ir.I64}},
			func() *Thunk { return &Thunk{Kind: ThunkClear, Type: elem} })
		l.b.Call(f, s[0], s[1])
	}
	l.b.Jump(join)
	l.at(join)
}
