package jitgen

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"math"

	"golang.org/x/tools/go/ssa"

	"martlet/ir"
)

// RefKind says what a refconst of the module stands for.
type RefKind uint8

// The kinds.
const (
	RefVar    RefKind = iota // the address of a package variable
	RefString                // the bytes of a constant string
	RefFunc                  // a function value (pointer to the closure object)
	RefType                  // a runtime type word, as in an empty interface
	RefItab                  // an itab word: interface type and concrete type
	RefZero                  // the address of no bytes
)

// RefSym is a Go address that the module names.
type RefSym struct {
	Name  string
	Kind  RefKind
	Var   *ssa.Global
	Str   string
	Fn    *ssa.Function
	Type  types.Type
	Iface types.Type   // RefItab
	Const *ir.RefConst // shared by all uses
}

func (lw *lowerer) refSym(name string, make func() *RefSym) *RefSym {
	r := lw.refs[name]
	if r == nil {
		r = make()
		r.Name, r.Const = name, &ir.RefConst{Name: name}
		lw.refs[name] = r
		lw.res.Refs = append(lw.res.Refs, r)
	}
	return r
}

// get returns the words of a Go value.
func (l *fl) get(v ssa.Value) val {
	switch v := v.(type) {
	case *ssa.Const:
		return l.constVal(v)
	case *ssa.Global:
		return val{l.globalAddr(v)}
	case *ssa.Function:
		return val{l.funcValue(v)}
	case *ssa.Builtin:
		l.fail("builtin %s as a value", v.Name())
	}
	if x, ok := l.vals[v]; ok {
		return x
	}
	if a, ok := l.addrs[v]; ok {
		return val{l.materialise(a)}
	}
	l.fail("%T has no value", v)
	return nil
}

func (l *fl) materialise(a addr) *ir.Value {
	if a.vars {
		l.fail("address of a replaced local")
	}
	if a.off == 0 {
		return a.base
	}
	return l.b.Addrof(a.base, l.i64(0), a.off)
}

func (l *fl) refconst(r *RefSym) *ir.Value { return l.b.RefConst(r.Const) }

func (l *fl) globalAddr(g *ssa.Global) *ir.Value {
	name := g.Pkg.Pkg.Path() + "." + g.Name()
	return l.refconst(l.refSym(name, func() *RefSym { return &RefSym{Kind: RefVar, Var: g, Type: elemOf(g.Type())} }))
}

func (l *fl) funcValue(f *ssa.Function) *ir.Value {
	return l.refconst(l.refSym("func:"+f.String(), func() *RefSym { return &RefSym{Kind: RefFunc, Fn: f} }))
}

func (l *fl) typeWord(t types.Type) *ir.Value {
	return l.refconst(l.refSym("type:"+l.typeKey(t), func() *RefSym { return &RefSym{Kind: RefType, Type: t} }))
}

func (l *fl) itab(iface, t types.Type) *ir.Value {
	return l.refconst(l.refSym("itab:"+l.typeKey(iface)+","+l.typeKey(t), func() *RefSym {
		return &RefSym{Kind: RefItab, Type: t, Iface: iface}
	}))
}

func (lw *lowerer) typeKey(t types.Type) string { return typeName(t) }

func (l *fl) stringWords(s string) val {
	r := l.strs[s]
	if r == nil {
		r = l.refSym(fmt.Sprintf("str:%d", len(l.strs)), func() *RefSym { return &RefSym{Kind: RefString, Str: s} })
		l.strs[s] = r
	}
	if s == "" {
		return val{l.konst(ir.Ref, 0), l.i64(0)}
	}
	return val{l.refconst(r), l.i64(int64(len(s)))}
}

func (l *fl) constVal(c *ssa.Const) val {
	if c.Value == nil {
		return l.zero(c.Type())
	}
	u, ok := c.Type().Underlying().(*types.Basic)
	if !ok {
		l.fail("constant of type %s", c.Type())
	}
	switch info := u.Info(); {
	case info&types.IsString != 0:
		return l.stringWords(constant.StringVal(c.Value))
	case info&types.IsBoolean != 0:
		if constant.BoolVal(c.Value) {
			return val{l.konst(ir.I8, 1)}
		}
		return val{l.konst(ir.I8, 0)}
	case info&types.IsComplex != 0:
		return l.complexConst(c, u)
	case info&types.IsFloat != 0:
		return val{l.floatConst(basicWord(u), constant.ToFloat(c.Value))}
	case u.Kind() == types.UnsafePointer:
		l.fail("unsafe.Pointer constant")
	}
	t := basicWord(u)
	return val{l.konst(t, signed(constInt(c), t))}
}

func (l *fl) floatConst(t ir.Type, x constant.Value) *ir.Value {
	if t == ir.F32 {
		f, _ := constant.Float32Val(x)
		return l.konst(ir.F32, int64(math.Float32bits(f)))
	}
	f, _ := constant.Float64Val(x)
	return l.konst(ir.F64, int64(math.Float64bits(f)))
}

func (l *fl) complexConst(c *ssa.Const, u *types.Basic) val {
	t := ir.F64
	if u.Kind() == types.Complex64 {
		t = ir.F32
	}
	x := constant.ToComplex(c.Value)
	return val{l.floatConst(t, constant.Real(x)), l.floatConst(t, constant.Imag(x))}
}

// constInt is the value of an integer constant, unsigned ones as their bits.
func constInt(c *ssa.Const) int64 {
	x := constant.ToInt(c.Value)
	if i, exact := constant.Int64Val(x); exact {
		return i
	}
	u, _ := constant.Uint64Val(x)
	return int64(u)
}

// signed sign-extends the low bits of x that a word of type t has.
func signed(x int64, t ir.Type) int64 {
	switch t {
	case ir.I8:
		return int64(int8(x))
	case ir.I16:
		return int64(int16(x))
	case ir.I32:
		return int64(int32(x))
	}
	return x
}

// zero is the zero value of a type.
func (l *fl) zero(t types.Type) val {
	lay := l.lay.of(t)
	if lay.mem {
		return val{l.b.Alloc(l.lay.desc(l.mod, t))}
	}
	v := make(val, len(lay.words))
	for i, w := range lay.words {
		v[i] = l.konst(w.t, 0)
	}
	return v
}

// Addresses.

// addr returns where a pointer points.
func (l *fl) addr(v ssa.Value) addr {
	if a, ok := l.addrs[v]; ok {
		return a
	}
	if g, ok := v.(*ssa.Global); ok {
		return addr{base: l.globalAddr(g), known: true, mem: l.lay.globalMem(g.Pkg.Pkg.Path() + "." + g.Name())}
	}
	return addr{base: l.get(v)[0], known: l.nonnil[v], deep: l.deep[v]}
}

func (l *fl) fieldAddr(in *ssa.FieldAddr) {
	t := elemOf(in.X.Type())
	st := t.Underlying().(*types.Struct)
	a := l.addr(in.X)
	h := fieldHints(st, in.Field)
	if a.vars {
		lo, _ := l.lay.fieldWords(st, in.Field)
		a.var0 += lo
	} else {
		if !a.known && (l.lay.of(t).size >= 4096 || escapesAsAddress(in)) {
			l.nilCheck(a.base)
			l.nonnil[in.X] = true
			a.known = true
		}
		a.off += l.lay.fieldOffsets(st)[in.Field]
		a.mem = l.lay.fieldMem(t, in.Field)
		a.quasi = nil
		if isQuasi(t) && st.Field(in.Field).Name() == "value" {
			a.quasi = t
		}
	}
	a.deep = a.deep || h.deep
	if a.deep {
		a.mem.Flags |= ir.Immutable
	}
	l.addrs[in] = a
	l.nonnil[in] = true
}

// escapesAsAddress reports whether a selection is used for more than loads,
// stores and further selections, so that its own nil check counts.
func escapesAsAddress(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if r.Op != token.MUL {
				return true
			}
		case *ssa.Store:
			if r.Val == v {
				return true
			}
		case *ssa.FieldAddr:
			if escapesAsAddress(r) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func (l *fl) nilCheck(p *ir.Value) {
	l.check(l.b.Ne(p, l.konst(p.Type, 0)), ir.TrapNil)
}

func (l *fl) indexAddr(in *ssa.IndexAddr) {
	if al, ok := in.X.(*ssa.Alloc); ok && l.locals[al].kind == localVarargs {
		return
	}
	if arr, ok := elemOfOK(in.X.Type()); ok {
		l.arrayAddr(in, arr)
		return
	}
	s := l.get(in.X)
	et := in.X.Type().Underlying().(*types.Slice).Elem()
	i := l.index(in.Index)
	l.checkIndex(in.Index, i, s[1])
	a := l.element(addr{base: s[0], known: true, deep: l.deep[in.X]}, i, et)
	l.addrs[in] = a
	l.nonnil[in] = true
}

func (l *fl) arrayAddr(in *ssa.IndexAddr, arr *types.Array) {
	a := l.addr(in.X)
	if a.vars {
		k := int(in.Index.(*ssa.Const).Int64())
		a.var0 += k * countWords(arr.Elem())
		l.addrs[in] = a
		return
	}
	if !a.known {
		l.nilCheck(a.base)
		l.nonnil[in.X] = true
		a.known = true
	}
	i := l.index(in.Index)
	if !constIndexInside(in) {
		l.checkIndex(in.Index, i, l.i64(arr.Len()))
	}
	l.addrs[in] = l.element(a, i, arr.Elem())
	l.nonnil[in] = true
}

// element is the address of element i of elements of type et at a.
func (l *fl) element(a addr, i *ir.Value, et types.Type) addr {
	size := l.lay.of(et).size
	a.mem = l.lay.elemMem(et)
	if a.deep {
		a.mem.Flags |= ir.Immutable
	}
	if i.Op == ir.OpConst {
		a.off += i.Imm * size
		return a
	}
	a.base = l.b.Addrof(a.base, l.scale(i, size), a.off)
	a.off = 0
	return a
}

func (l *fl) scale(i *ir.Value, size int64) *ir.Value {
	switch {
	case size == 1:
		return i
	case size&(size-1) == 0 && size > 0:
		return l.b.Shl(i, l.i64(int64(trailing(size))))
	}
	return l.b.Mul(i, l.i64(size))
}

func trailing(x int64) int {
	n := 0
	for ; x > 1; x >>= 1 {
		n++
	}
	return n
}

// index is an integer value as an i64.
func (l *fl) index(v ssa.Value) *ir.Value {
	if c, ok := v.(*ssa.Const); ok {
		return l.i64(constInt(c))
	}
	return l.widen(l.get(v)[0], ir.I64, isUnsigned(v.Type()))
}

func (l *fl) widen(x *ir.Value, t ir.Type, unsigned bool) *ir.Value {
	switch {
	case x.Type == t:
		return x
	case x.Type.Size() > t.Size():
		return l.b.Trunc(t, x)
	case unsigned:
		return l.b.Zext(t, x)
	}
	return l.b.Sext(t, x)
}

func (l *fl) checkIndex(v ssa.Value, i, n *ir.Value) {
	l.check(l.b.Ult(i, n), ir.TrapBounds)
}

// Memory.

// leafMem is how to access word w at address a.
func (l *fl) leafMem(a addr, w word) ir.Mem {
	if a.quasi != nil {
		return l.lay.quasiMem(a.quasi, w.off)
	}
	m := a.mem
	if w.named {
		m = w.mem
	}
	if a.deep {
		m.Flags |= ir.Immutable
	}
	return m
}

func (l *fl) load(a addr, t types.Type) val {
	lay := l.lay.of(t)
	if a.vars {
		v := make(val, len(lay.words))
		for i := range v {
			v[i] = l.read(a.var0 + i)
		}
		return v
	}
	if lay.mem {
		return val{l.copyOf(a, t, lay)}
	}
	v := make(val, len(lay.words))
	for i, w := range lay.words {
		v[i] = l.b.Load(w.t, a.base, a.off+w.off, l.leafMem(a, w))
	}
	return v
}

func (l *fl) store(a addr, t types.Type, v val) {
	lay := l.lay.of(t)
	switch {
	case a.vars:
		for i := range lay.words {
			l.write(a.var0+i, v[i])
		}
	case lay.mem:
		l.copyTo(a, addr{base: v[0]}, t, lay)
	default:
		for i, w := range lay.words {
			m := l.leafMem(a, w)
			m.Flags &^= ir.Immutable
			l.b.Store(a.base, a.off+w.off, v[i], m)
		}
	}
}

// copyOf makes a memory value: a fresh object with the contents.
func (l *fl) copyOf(a addr, t types.Type, lay *layout) *ir.Value {
	tmp := l.b.Alloc(l.lay.desc(l.mod, t))
	l.copyTo(addr{base: tmp}, a, t, lay)
	return tmp
}

// copyTo copies a large value. Objects with pointers go word by word, for the barrier.
func (l *fl) copyTo(dst, src addr, t types.Type, lay *layout) {
	if len(lay.ptrs) == 0 {
		l.b.Memmove(l.materialise(dst), l.materialise(src), l.i64(lay.size))
		return
	}
	if len(lay.ptrs) > 64 || lay.size%8 != 0 {
		l.fail("copy of a large value of type %s", t)
	}
	isPtr := map[int]bool{}
	for _, p := range lay.ptrs {
		isPtr[p] = true
	}
	for off := 0; off < int(lay.size); off += 8 {
		wt := ir.I64
		if isPtr[off] {
			wt = ir.Ref
		}
		x := l.b.Load(wt, src.base, src.off+int64(off), ir.Mem{})
		l.b.Store(dst.base, dst.off+int64(off), x, ir.Mem{})
	}
}
