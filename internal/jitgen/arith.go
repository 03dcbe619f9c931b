package jitgen

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"martlet/ir"
)

func (l *fl) binop(in *ssa.BinOp) val {
	t := in.X.Type()
	switch in.Op {
	case token.EQL, token.NEQ:
		eq := l.equal(in)
		if in.Op == token.NEQ {
			return val{l.not(eq)}
		}
		return val{eq}
	case token.SHL, token.SHR:
		return val{l.shift(in)}
	}
	x, y := l.get(in.X), l.get(in.Y)
	switch info := basicInfo(t); {
	case info&types.IsString != 0:
		return l.stringOp(in.Op, x, y)
	case info&types.IsComplex != 0:
		return l.complexOp(in.Op, x, y)
	case info&types.IsFloat != 0:
		return val{l.floatOp(in.Op, x[0], y[0])}
	}
	return val{l.intOp(in.Op, x[0], y[0], isUnsigned(t))}
}

// not inverts a 0-or-1 value, turning a fresh comparison around instead where that is exact.
func (l *fl) not(x *ir.Value) *ir.Value {
	insts := l.b.Block.Insts
	if len(insts) > 0 && insts[len(insts)-1] == x && x.Op == ir.OpEq {
		x.Op = ir.OpNe
		return x
	}
	return l.b.Xor(x, l.konst(ir.I8, 1))
}

func (l *fl) intOp(op token.Token, x, y *ir.Value, unsigned bool) *ir.Value {
	switch op {
	case token.ADD:
		return l.b.Add(x, y)
	case token.SUB:
		return l.b.Sub(x, y)
	case token.MUL:
		return l.b.Mul(x, y)
	case token.AND:
		return l.b.And(x, y)
	case token.OR:
		return l.b.Or(x, y)
	case token.XOR:
		return l.b.Xor(x, y)
	case token.AND_NOT:
		return l.b.And(x, l.b.Not(y))
	case token.QUO, token.REM:
		return l.divide(op, x, y, unsigned)
	}
	return l.compare(op, x, y, unsigned)
}

func (l *fl) divide(op token.Token, x, y *ir.Value, unsigned bool) *ir.Value {
	if y.Op != ir.OpConst || y.Imm == 0 {
		l.check(l.b.Ne(y, l.konst(y.Type, 0)), ir.TrapDivide)
	}
	switch {
	case op == token.QUO && unsigned:
		return l.b.Udiv(x, y)
	case op == token.QUO:
		return l.b.Sdiv(x, y)
	case unsigned:
		return l.b.Urem(x, y)
	}
	return l.b.Srem(x, y)
}

func (l *fl) compare(op token.Token, x, y *ir.Value, unsigned bool) *ir.Value {
	switch {
	case op == token.LSS && unsigned:
		return l.b.Ult(x, y)
	case op == token.LSS:
		return l.b.Slt(x, y)
	case op == token.LEQ && unsigned:
		return l.b.Ule(x, y)
	case op == token.LEQ:
		return l.b.Sle(x, y)
	case op == token.GTR && unsigned:
		return l.b.Ugt(x, y)
	case op == token.GTR:
		return l.b.Sgt(x, y)
	case op == token.GEQ && unsigned:
		return l.b.Uge(x, y)
	case op == token.GEQ:
		return l.b.Sge(x, y)
	}
	l.fail("operator %s", op)
	return nil
}

func (l *fl) floatOp(op token.Token, x, y *ir.Value) *ir.Value {
	switch op {
	case token.ADD:
		return l.b.Fadd(x, y)
	case token.SUB:
		return l.b.Fsub(x, y)
	case token.MUL:
		return l.b.Fmul(x, y)
	case token.QUO:
		return l.b.Fdiv(x, y)
	case token.LSS:
		return l.b.Flt(x, y)
	case token.LEQ:
		return l.b.Fle(x, y)
	case token.GTR:
		return l.b.Fgt(x, y)
	case token.GEQ:
		return l.b.Fge(x, y)
	}
	l.fail("operator %s on floats", op)
	return nil
}

func (l *fl) complexOp(op token.Token, x, y val) val {
	switch op {
	case token.ADD:
		return val{l.b.Fadd(x[0], y[0]), l.b.Fadd(x[1], y[1])}
	case token.SUB:
		return val{l.b.Fsub(x[0], y[0]), l.b.Fsub(x[1], y[1])}
	case token.MUL:
		re := l.b.Fsub(l.b.Fmul(x[0], y[0]), l.b.Fmul(x[1], y[1]))
		im := l.b.Fadd(l.b.Fmul(x[0], y[1]), l.b.Fmul(x[1], y[0]))
		return val{re, im}
	}
	l.fail("operator %s on complex numbers", op)
	return nil
}

func (l *fl) stringOp(op token.Token, x, y val) val {
	args := append(append(val(nil), x...), y...)
	if op == token.ADD {
		return l.rt("Concat", args...)
	}
	c := l.rt("StringCompare", args...)[0]
	return val{l.compare(op, c, l.i64(0), false)}
}

// shift: Go's counts are unsigned of any width, or signed and not negative;
// ir's have the operand's type, where a count of at least the width is defined as in Go.
func (l *fl) shift(in *ssa.BinOp) *ir.Value {
	x := l.get(in.X)[0]
	n := l.shiftCount(in.Y, x.Type)
	switch {
	case in.Op == token.SHL:
		return l.b.Shl(x, n)
	case isUnsigned(in.X.Type()):
		return l.b.Lshr(x, n)
	}
	return l.b.Ashr(x, n)
}

func (l *fl) shiftCount(v ssa.Value, t ir.Type) *ir.Value {
	if c, ok := v.(*ssa.Const); ok {
		return l.konst(t, int64(min(uint64(constInt(c)), uint64(t.Bits()))))
	}
	n := l.get(v)[0]
	if !isUnsigned(v.Type()) {
		l.check(l.b.Sge(n, l.konst(n.Type, 0)), TrapShift)
	}
	if n.Type.Size() <= t.Size() {
		return l.widen(n, t, true)
	}
	return l.b.Trunc(t, l.b.Umin(n, l.konst(n.Type, int64(t.Bits()))))
}

// equal is x == y for all comparable types.
func (l *fl) equal(in *ssa.BinOp) *ir.Value {
	xv, yv := unboxed(in.X), unboxed(in.Y)
	xt, yt := xv.Type(), yv.Type()
	x, y := l.get(xv), l.get(yv)
	switch {
	case isInterface(xt) && isInterface(yt):
		return l.ifaceEqual(in, x, y)
	case isInterface(xt):
		return l.ifaceValueEqual(xt, x, yt, y)
	case isInterface(yt):
		return l.ifaceValueEqual(yt, y, xt, x)
	case !types.Identical(xt, yt):
		return l.konst(ir.I8, 0) // two boxes of different types
	}
	if isNilConst(in.X) || isNilConst(in.Y) { // slices, funcs, maps, pointers against nil
		return l.b.Eq(x[0], y[0])
	}
	return l.equalWords(xt, x, y)
}

// unboxed looks through the interface that a concrete operand of a comparison
// is converted to.
func unboxed(v ssa.Value) ssa.Value {
	if m, ok := v.(*ssa.MakeInterface); ok {
		return m.X
	}
	return v
}

// onlyCompared reports whether a boxed value is used in comparisons alone, so that no box is needed.
func onlyCompared(m *ssa.MakeInterface) bool {
	for _, r := range *m.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.BinOp:
			if r.Op != token.EQL && r.Op != token.NEQ {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value == nil
}

func (l *fl) equalWords(t types.Type, x, y val) *ir.Value {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch info := u.Info(); {
		case info&types.IsString != 0:
			return l.stringEqual(x, y)
		case info&types.IsComplex != 0:
			return l.b.And(l.b.Feq(x[0], y[0]), l.b.Feq(x[1], y[1]))
		case info&types.IsFloat != 0:
			return l.b.Feq(x[0], y[0])
		}
		return l.b.Eq(x[0], y[0])
	case *types.Struct:
		return l.equalStruct(t, u, x, y)
	case *types.Array:
		return l.equalArray(t, u, x, y)
	case *types.Interface:
		l.fail("comparison of interfaces inside a struct")
	}
	return l.b.Eq(x[0], y[0])
}

func (l *fl) equalStruct(t types.Type, u *types.Struct, x, y val) *ir.Value {
	if l.lay.of(t).mem {
		return l.equalMemory(t, x, y)
	}
	eq := l.konst(ir.I8, 1)
	for i := range u.NumFields() {
		if u.Field(i).Name() == "_" {
			continue
		}
		lo, hi := l.lay.fieldWords(u, i)
		eq = l.and(eq, l.equalWords(u.Field(i).Type(), x[lo:hi], y[lo:hi]))
	}
	return eq
}

func (l *fl) equalArray(t types.Type, u *types.Array, x, y val) *ir.Value {
	if l.lay.of(t).mem {
		return l.equalMemory(t, x, y)
	}
	eq := l.konst(ir.I8, 1)
	n := countWords(u.Elem())
	for i := range int(u.Len()) {
		eq = l.and(eq, l.equalWords(u.Elem(), x[i*n:i*n+n], y[i*n:i*n+n]))
	}
	return eq
}

// equalMemory compares large values whose equality is that of their bytes.
func (l *fl) equalMemory(t types.Type, x, y val) *ir.Value {
	if !bytesCompare(t) {
		l.fail("comparison of large values of type %s", t)
	}
	return l.rt("MemEq", x[0], y[0], l.i64(l.lay.of(t).size))[0]
}

// bytesCompare reports whether values of a type are equal just when their bytes are.
func bytesCompare(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsInteger|types.IsBoolean) != 0
	case *types.Pointer, *types.Chan:
		return true
	case *types.Array:
		return bytesCompare(u.Elem())
	}
	return false
}

func (l *fl) and(x, y *ir.Value) *ir.Value {
	if x.Op == ir.OpConst && x.Imm == 1 {
		return y
	}
	return l.b.And(x, y)
}

func (l *fl) stringEqual(x, y val) *ir.Value {
	for _, p := range [][2]val{{x, y}, {y, x}} {
		if n := p[0][1]; n.Op == ir.OpConst && n.Imm == 0 {
			return l.b.Eq(p[1][1], l.i64(0))
		}
	}
	return l.rt("StringEq", x[0], x[1], y[0], y[1])[0]
}

func (l *fl) ifaceEqual(in *ssa.BinOp, x, y val) *ir.Value {
	if isNilConst(in.X) || isNilConst(in.Y) {
		return l.b.Eq(x[0], y[0])
	}
	t := in.X.Type()
	if isEmptyInterface(t) != isEmptyInterface(in.Y.Type()) {
		x = val{l.dynamicType(t, x[0]), x[1]}
		y = val{l.dynamicType(in.Y.Type(), y[0]), y[1]}
		t = types.NewInterfaceType(nil, nil)
	}
	f := l.declaredThunk("go.ifaceEqual:"+l.typeKey(t), ir.Signature{Params: []ir.Type{ir.Ref, ir.Ref, ir.Ref, ir.Ref}, Results: []ir.Type{ir.I8}},
		func() *Thunk { return &Thunk{Kind: ThunkIfaceEqual, Type: t} })
	return l.b.Call(f, x[0], x[1], y[0], y[1])[0]
}

// ifaceValueEqual compares an interface with a concrete value.
func (l *fl) ifaceValueEqual(it types.Type, x val, t types.Type, y val) *ir.Value {
	same := l.b.Eq(x[0], l.tabWord(it, t))
	if pointerShaped(t) {
		return l.b.And(same, l.b.Eq(x[1], y[0]))
	}
	join, yes := l.f.NewBlock(), l.f.NewBlock()
	eq := join.AddParam(ir.I8)
	l.b.Br(same, ir.To(yes), ir.To(join, same))
	l.at(yes)
	l.b.Jump(join, l.equalWords(t, l.unbox(t, x[1]), y))
	l.at(join)
	return eq
}

// convert lowers conversions between basic types, strings and slices, and unsafe.Pointer.
func (l *fl) convert(xv ssa.Value, to types.Type) val {
	from := xv.Type()
	x := l.get(xv)
	fi, ti := basicInfo(from), basicInfo(to)
	switch {
	case fi&types.IsString != 0 && ti&types.IsString == 0:
		return l.fromString(x, to)
	case ti&types.IsString != 0:
		return l.toString(x, from)
	case isUnsafe(to) && fi&types.IsInteger != 0:
		l.fail("conversion of an integer to unsafe.Pointer")
	case isUnsafe(from) && ti&types.IsInteger != 0:
		return val{l.b.Bitcast(ir.I64, x[0])}
	case ti&types.IsComplex != 0:
		return val{l.number(x[0], from, floatPart(to)), l.number(x[1], from, floatPart(to))}
	case fi&types.IsNumeric != 0 && ti&types.IsNumeric != 0:
		return val{l.number(x[0], from, to)}
	}
	return x
}

func floatPart(t types.Type) types.Type {
	if t.Underlying().(*types.Basic).Kind() == types.Complex64 {
		return types.Typ[types.Float32]
	}
	return types.Typ[types.Float64]
}

func isUnsafe(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}

func (l *fl) number(x *ir.Value, from, to types.Type) *ir.Value {
	tb := to.Underlying().(*types.Basic)
	t := basicWord(tb)
	fromFloat, toFloat := x.Type.IsFloat(), t.IsFloat()
	switch {
	case fromFloat && toFloat:
		return l.floatToFloat(x, t)
	case fromFloat:
		return l.floatToInt(x, t, isUnsigned(to))
	case toFloat && isUnsigned(from):
		return l.b.Uitofp(t, x)
	case toFloat:
		return l.b.Sitofp(t, x)
	}
	return l.widen(x, t, isUnsigned(from))
}

func (l *fl) floatToFloat(x *ir.Value, t ir.Type) *ir.Value {
	switch {
	case x.Type == t:
		return x
	case t == ir.F64:
		return l.b.Fpext(t, x)
	}
	return l.b.Fptrunc(t, x)
}

// floatToInt: what Go leaves open (values out of range) is as gc on amd64 does
// it: narrow integers by way of a wider signed one.
func (l *fl) floatToInt(x *ir.Value, t ir.Type, unsigned bool) *ir.Value {
	switch {
	case t == ir.I64 && unsigned:
		return l.b.Fptoui(t, x)
	case t == ir.I64, t == ir.I32 && !unsigned:
		return l.b.Fptosi(t, x)
	case t == ir.I32:
		return l.b.Trunc(t, l.b.Fptosi(ir.I64, x))
	}
	return l.b.Trunc(t, l.b.Fptosi(ir.I32, x))
}

func (l *fl) fromString(x val, to types.Type) val {
	s, ok := to.Underlying().(*types.Slice)
	if !ok {
		l.fail("conversion of a string to %s", to)
	}
	if basicWord(s.Elem().Underlying().(*types.Basic)) == ir.I8 {
		return l.rt("BytesOf", x...)
	}
	f := l.declaredThunk("go.runesOf", ir.Signature{Params: []ir.Type{ir.Ref, ir.I64}, Results: []ir.Type{ir.Ref, ir.I64, ir.I64}},
		func() *Thunk { return &Thunk{Kind: ThunkRunesOf} })
	return l.b.Call(f, x...)
}

func (l *fl) toString(x val, from types.Type) val {
	switch u := from.Underlying().(type) {
	case *types.Slice:
		if basicWord(u.Elem().Underlying().(*types.Basic)) == ir.I8 {
			return l.rt("StringOf", x...)
		}
		f := l.declaredThunk("go.stringOfRunes", ir.Signature{Params: []ir.Type{ir.Ref, ir.I64, ir.I64}, Results: []ir.Type{ir.Ref, ir.I64}},
			func() *Thunk { return &Thunk{Kind: ThunkStringOfRunes} })
		return l.b.Call(f, x...)
	case *types.Basic:
		if u.Info()&types.IsInteger != 0 {
			f := l.declaredThunk("go.stringOfRune", ir.Signature{Params: []ir.Type{ir.I64}, Results: []ir.Type{ir.Ref, ir.I64}},
				func() *Thunk { return &Thunk{Kind: ThunkStringOfRune} })
			return l.b.Call(f, l.widen(x[0], ir.I64, isUnsigned(from)))
		}
	}
	return x
}
