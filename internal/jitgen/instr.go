package jitgen

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"martlet/ir"
)

// instr lowers one instruction.
func (l *fl) instr(in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.DebugRef, *ssa.Phi:
	case *ssa.Alloc:
		l.alloc(in)
	case *ssa.FieldAddr:
		l.fieldAddr(in)
	case *ssa.IndexAddr:
		l.indexAddr(in)
	case *ssa.Store:
		l.storeInstr(in)
	case *ssa.UnOp:
		l.unop(in)
	case *ssa.BinOp:
		l.vals[in] = l.binop(in)
	case *ssa.Convert:
		l.vals[in] = l.convert(in.X, in.Type())
	case *ssa.ChangeType:
		l.vals[in] = l.get(in.X)
		l.deep[in] = l.deep[in.X]
	case *ssa.Field:
		l.field(in)
	case *ssa.Index:
		l.indexInstr(in)
	case *ssa.Slice:
		l.slice(in)
	case *ssa.MakeSlice:
		l.makeSlice(in)
	case *ssa.SliceToArrayPointer:
		l.sliceToArray(in)
	case *ssa.MakeInterface:
		if !onlyCompared(in) {
			l.vals[in] = l.makeInterface(in)
		}
	case *ssa.ChangeInterface:
		l.vals[in] = l.changeInterface(in)
	case *ssa.TypeAssert:
		l.typeAssert(in)
	case *ssa.Extract:
		l.extract(in)
	case *ssa.Range:
		l.rangeString(in)
	case *ssa.Next:
		l.next(in)
	case *ssa.Call:
		l.call(in)
	case *ssa.Jump:
		l.jump(in.Block())
	case *ssa.If:
		l.branch(in.Block(), l.get(in.Cond)[0])
	case *ssa.Return:
		l.ret(in)
	case *ssa.Panic:
		l.b.Trap(TrapPanic)
	default:
		l.fail("%T", in)
	}
}

func (l *fl) storeInstr(in *ssa.Store) {
	if ia, ok := in.Addr.(*ssa.IndexAddr); ok {
		if al, ok := ia.X.(*ssa.Alloc); ok && l.locals[al].kind == localVarargs {
			loc := l.locals[al]
			loc.elems[loc.array[ia]] = l.get(in.Val)
			return
		}
	}
	l.store(l.addr(in.Addr), in.Val.Type(), l.get(in.Val))
}

func (l *fl) ret(in *ssa.Return) {
	var rs val
	for _, r := range in.Results {
		rs = append(rs, l.get(r)...)
	}
	l.b.Ret(rs...)
}

func (l *fl) unop(in *ssa.UnOp) {
	switch in.Op {
	case token.MUL:
		l.loadInstr(in)
		return
	case token.NOT:
		l.vals[in] = val{l.b.Xor(l.get(in.X)[0], l.konst(ir.I8, 1))}
	case token.XOR:
		l.vals[in] = val{l.b.Not(l.get(in.X)[0])}
	case token.SUB:
		x := l.get(in.X)
		v := make(val, len(x))
		for i := range x {
			if x[i].Type.IsFloat() {
				v[i] = l.b.Fneg(x[i])
			} else {
				v[i] = l.b.Neg(x[i])
			}
		}
		l.vals[in] = v
	default:
		l.fail("operator %s", in.Op)
	}
}

func (l *fl) loadInstr(in *ssa.UnOp) {
	a := l.addr(in.X)
	l.vals[in] = l.load(a, in.Type())
	if a.deep {
		l.deep[in] = true
	}
}

func (l *fl) field(in *ssa.Field) {
	st := in.X.Type().Underlying().(*types.Struct)
	x := l.get(in.X)
	if l.lay.of(in.X.Type()).mem {
		off := l.lay.fieldOffsets(st)[in.Field]
		l.vals[in] = l.load(addr{base: x[0], off: off, known: true, mem: l.lay.fieldMem(in.X.Type(), in.Field)}, in.Type())
		return
	}
	lo, hi := l.lay.fieldWords(st, in.Field)
	l.vals[in] = x[lo:hi]
	l.deep[in] = l.deep[in.X] || fieldHints(st, in.Field).deep
}

// indexInstr indexes an array value or a string.
func (l *fl) indexInstr(in *ssa.Index) {
	x := l.get(in.X)
	i := l.index(in.Index)
	switch u := in.X.Type().Underlying().(type) {
	case *types.Basic:
		l.checkIndex(in.Index, i, x[1])
		l.vals[in] = val{l.stringByte(x, i)}
	case *types.Array:
		l.checkIndex(in.Index, i, l.i64(u.Len()))
		l.vals[in] = l.arrayElem(in, u, x, i)
	default:
		l.fail("index of %s", in.X.Type())
	}
}

func (l *fl) stringByte(s val, i *ir.Value) *ir.Value {
	a := l.element(addr{base: s[0]}, i, types.Typ[types.Byte])
	return l.b.Load(ir.I8, a.base, a.off, ir.Mem{Class: a.mem.Class, Flags: ir.Immutable})
}

func (l *fl) arrayElem(in *ssa.Index, u *types.Array, x val, i *ir.Value) val {
	if l.lay.of(u).mem {
		return l.load(l.element(addr{base: x[0], known: true}, i, u.Elem()), u.Elem())
	}
	n := countWords(u.Elem())
	if i.Op == ir.OpConst {
		return x[int(i.Imm)*n : int(i.Imm)*n+n]
	}
	v := append(val(nil), x[len(x)-n:]...)
	for k := int(u.Len()) - 2; k >= 0; k-- {
		is := l.b.Eq(i, l.i64(int64(k)))
		for w := range v {
			v[w] = l.b.Select(is, x[k*n+w], v[w])
		}
	}
	return v
}

// slice lowers x[low:high:max].
func (l *fl) slice(in *ssa.Slice) {
	if al, ok := in.X.(*ssa.Alloc); ok && l.locals[al].kind == localVarargs {
		return
	}
	var base, length, capacity *ir.Value
	var elem types.Type
	str := false
	switch u := in.X.Type().Underlying().(type) {
	case *types.Basic:
		x := l.get(in.X)
		base, length, capacity, str = x[0], x[1], x[1], true
		elem = types.Typ[types.Byte]
	case *types.Slice:
		x := l.get(in.X)
		base, length, capacity, elem = x[0], x[1], x[2], u.Elem()
	case *types.Pointer:
		arr := u.Elem().Underlying().(*types.Array)
		a := l.addr(in.X)
		base = l.materialise(a)
		if !a.known {
			l.nilCheck(base)
		}
		capacity, elem = l.i64(arr.Len()), arr.Elem()
		length = capacity
	default:
		l.fail("slice of %s", in.X.Type())
	}
	l.deep[in] = l.deep[in.X]
	l.vals[in] = l.sliceWords(in, base, length, capacity, elem, str)
}

func (l *fl) sliceWords(in *ssa.Slice, base, length, capacity *ir.Value, elem types.Type, str bool) val {
	low, high, limit := l.i64(0), length, capacity
	if in.Max != nil {
		limit = l.index(in.Max)
		l.check(l.b.Ule(limit, capacity), ir.TrapBounds)
	}
	if in.High != nil {
		high = l.index(in.High)
		l.check(l.b.Ule(high, limit), ir.TrapBounds)
	}
	if in.Low != nil {
		low = l.index(in.Low)
		l.check(l.b.Ule(low, high), ir.TrapBounds)
	}
	if in.Low == nil {
		if str {
			return val{base, high}
		}
		return val{base, high, limit}
	}
	n := l.b.Sub(high, low)
	c := n
	if !str {
		c = l.b.Sub(limit, low)
	}
	// An empty rest must not point behind its object.
	delta := l.scale(low, l.lay.of(elem).size)
	delta = l.b.Select(l.b.Ne(c, l.i64(0)), delta, l.i64(0))
	p := l.b.Addrof(base, delta, 0)
	if str {
		return val{p, n}
	}
	return val{p, n, c}
}

func (l *fl) makeSlice(in *ssa.MakeSlice) {
	elem := in.Type().Underlying().(*types.Slice).Elem()
	n, c := l.index(in.Len), l.index(in.Cap)
	if in.Len != in.Cap {
		l.check(l.b.Ule(n, c), TrapPanic)
	}
	p := l.b.AllocArray(l.lay.desc(l.mod, elem), c)
	l.vals[in] = val{p, n, c}
}

func (l *fl) sliceToArray(in *ssa.SliceToArrayPointer) {
	arr := elemOf(in.Type()).Underlying().(*types.Array)
	x := l.get(in.X)
	l.check(l.b.Uge(x[1], l.i64(arr.Len())), ir.TrapBounds)
	l.vals[in] = val{x[0]}
	if arr.Len() > 0 {
		l.nonnil[in] = true
	}
}

func (l *fl) extract(in *ssa.Extract) {
	x := l.get(in.Tuple)
	tup := in.Tuple.Type().(*types.Tuple)
	lo := 0
	for i := range in.Index {
		lo += len(l.valTypes(tup.At(i).Type()))
	}
	l.vals[in] = x[lo : lo+len(l.valTypes(in.Type()))]
}

// Interfaces.

func (l *fl) tabWord(iface, t types.Type) *ir.Value {
	if isEmptyInterface(iface) {
		return l.typeWord(t)
	}
	return l.itab(iface, t)
}

func (l *fl) makeInterface(in *ssa.MakeInterface) val {
	t := in.X.Type()
	tab := l.tabWord(in.Type(), t)
	x := l.get(in.X)
	if pointerShaped(t) {
		return val{tab, x[0]}
	}
	if l.lay.of(t).size == 0 {
		return val{tab, l.refconst(l.refSym("go.zerobase", func() *RefSym { return &RefSym{Kind: RefZero} }))}
	}
	box := l.b.Alloc(l.lay.desc(l.mod, t))
	l.store(addr{base: box, known: true}, t, x)
	return val{tab, box}
}

func (l *fl) changeInterface(in *ssa.ChangeInterface) val {
	x := l.get(in.X)
	from, to := in.X.Type(), in.Type()
	if types.Identical(from.Underlying(), to.Underlying()) {
		return x
	}
	if isEmptyInterface(to) {
		return val{l.dynamicType(from, x[0]), x[1]}
	}
	return l.ifaceThunk(ThunkConvert, from, to, x, false)
}

// dynamicType is the type word of an interface: itab.Type for one with methods.
func (l *fl) dynamicType(iface types.Type, tab *ir.Value) *ir.Value {
	if isEmptyInterface(iface) {
		return tab
	}
	join := l.f.NewBlock()
	t := join.AddParam(ir.Ref)
	some := l.f.NewBlock()
	l.b.Br(l.b.Ne(tab, l.konst(ir.Ref, 0)), ir.To(some), ir.To(join, tab))
	l.at(some)
	l.b.Jump(join, l.b.Load(ir.Ref, tab, 8, ir.Mem{Flags: ir.Immutable}))
	l.at(join)
	return t
}

func (l *fl) typeAssert(in *ssa.TypeAssert) {
	x := l.get(in.X)
	t := in.AssertedType
	if isInterface(t) {
		l.vals[in] = l.assertInterface(in, x)
		return
	}
	is := l.b.Eq(x[0], l.tabWord(in.X.Type(), t))
	if !in.CommaOk {
		l.check(is, TrapAssert)
		l.vals[in] = l.unbox(t, x[1])
		return
	}
	if pointerShaped(t) {
		l.vals[in] = val{l.b.Select(is, x[1], l.konst(ir.Ref, 0)), is}
		return
	}
	join, yes, no := l.f.NewBlock(), l.f.NewBlock(), l.f.NewBlock()
	var v val
	for _, wt := range l.valTypes(t) {
		v = append(v, join.AddParam(wt))
	}
	l.b.Br(is, ir.To(yes), ir.To(no))
	l.at(yes)
	l.b.Jump(join, l.unbox(t, x[1])...)
	l.at(no)
	l.b.Jump(join, l.zero(t)...)
	l.at(join)
	l.vals[in] = append(v, is)
}

// unbox takes a value out of an interface's data word.
func (l *fl) unbox(t types.Type, data *ir.Value) val {
	if pointerShaped(t) {
		return val{data}
	}
	if l.lay.of(t).size == 0 {
		return l.zero(t)
	}
	a := addr{base: data, known: true, mem: ir.Mem{Flags: ir.Immutable}}
	return l.load(a, t)
}

func (l *fl) assertInterface(in *ssa.TypeAssert, x val) val {
	from, to := in.X.Type(), in.AssertedType
	if isEmptyInterface(to) {
		typ := l.dynamicType(from, x[0])
		ok := l.b.Ne(typ, l.konst(ir.Ref, 0))
		if in.CommaOk {
			return val{typ, x[1], ok}
		}
		l.check(ok, TrapAssert)
		return val{typ, x[1]}
	}
	v := l.ifaceThunk(ThunkAssert, from, to, x, true)
	if in.CommaOk {
		return v
	}
	l.check(v[2], TrapAssert)
	return v[:2]
}

func (l *fl) ifaceThunk(kind ThunkKind, from, to types.Type, x val, ok bool) val {
	name := "go.convert:"
	sig := ir.Signature{Params: []ir.Type{ir.Ref, ir.Ref}, Results: []ir.Type{ir.Ref, ir.Ref}}
	if ok {
		name = "go.assert:"
		sig.Results = append(sig.Results, ir.I8)
	}
	f := l.declaredThunk(name+l.typeKey(from)+","+l.typeKey(to), sig, func() *Thunk { return &Thunk{Kind: kind, From: from, Type: to} })
	return l.b.Call(f, x...)
}

// Ranges over strings: the iterator is a variable, the position.

func (l *fl) rangeString(in *ssa.Range) {
	v := l.newVar(ir.I64)
	l.write(v, l.i64(0))
	l.addrs[in] = addr{vars: true, var0: v}
	l.vals[in] = l.get(in.X)
}

// next yields (ok, position, rune). ASCII is decoded in line.
func (l *fl) next(in *ssa.Next) {
	s := l.vals[in.Iter]
	v := l.addrs[in.Iter].var0
	i := l.read(v)
	more := l.b.Ult(i, s[1])
	join, some, wide := l.f.NewBlock(), l.f.NewBlock(), l.f.NewBlock()
	r, next := join.AddParam(ir.I32), join.AddParam(ir.I64)
	l.b.Br(more, ir.To(some), ir.To(join, l.konst(ir.I32, 0), i))
	l.at(some)
	c := l.b.Zext(ir.I32, l.stringByte(s, i))
	next1 := l.b.Add(i, l.i64(1))
	l.b.Br(l.b.Ult(c, l.konst(ir.I32, 0x80)), ir.To(join, c, next1), ir.To(wide))
	l.at(wide)
	rest := l.b.Addrof(s[0], i, 0)
	rs := l.b.Call(l.namedFunc("unicode/utf8", "DecodeRuneInString"), rest, l.b.Sub(s[1], i))
	l.b.Jump(join, rs[0], l.b.Add(i, rs[1]))
	l.at(join)
	l.write(v, next)
	l.vals[in] = val{more, i, r}
}

// namedFunc is a function of a package that is part of the program, lowered along.
func (l *fl) namedFunc(path, name string) *ir.Func {
	p := l.src.Prog.ImportedPackage(path)
	if p == nil {
		l.fail("package %s is not loaded", path)
	}
	return l.fn2(p.Func(name))
}

func (l *fl) fn2(fn *ssa.Function) *ir.Func {
	f := l.lowerer.fn(fn)
	if f == nil {
		l.fail("call of %s, whose signature has a large value", fn)
	}
	return f
}

func (l *fl) rt(name string, args ...*ir.Value) val {
	f := l.fn2(l.src.rt.Func(name))
	f.Elidable = elidableRT[name]
	return l.b.Call(f, args...)
}

// elidableRT are the helpers whose result depends on their arguments only:
// those on strings, whose bytes never change. A helper that reads a slice's
// elements or makes a fresh one is none.
var elidableRT = map[string]bool{"StringEq": true, "StringCompare": true, "StringLess": true, "Concat": true,
	"IndexByteString": true, "CountString": true, "IndexString": true}
