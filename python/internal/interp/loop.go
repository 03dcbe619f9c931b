package interp

import (
	"unsafe"

	"martlet/hint"
	"martlet/python/internal/code"
	"martlet/python/object"
)

// The dispatch loop.
//
// Handlers are small: the common case of small ints, floats, exact lists, cached attributes and simple Python functions is done
// in place, everything else in a top-level function with an explicit error result. f.pc is stored before anything that can
// look at the frame (a call, an error). A handler writes its destination register last.

func ra(base unsafe.Pointer, ins uint64) *Value {
	return (*Value)(unsafe.Add(base, uintptr(uint16(ins>>8))<<4))
}
func rb(base unsafe.Pointer, ins uint64) *Value {
	return (*Value)(unsafe.Add(base, uintptr(uint16(ins>>24))<<4))
}
func rc(base unsafe.Pointer, ins uint64) *Value {
	return (*Value)(unsafe.Add(base, uintptr(uint16(ins>>40))<<4))
}

func setInt(d *Value, i int64) { object.Set(d, object.Int(i)) }

func setFloat(d *Value, x float64) { object.Set(d, object.Float(x)) }

func setBool(d *Value, b bool) { object.Set(d, object.Bool(b)) }

func floorMod(x, y int64) int64 {
	m := x % y
	if m != 0 && (m^y) < 0 {
		m += y
	}
	return m
}

func floorDiv(x, y int64) int64 {
	q := x / y
	if x%y != 0 && (x^y) < 0 {
		q--
	}
	return q
}

// run executes f and the frames it pushes until f (entered with retEntry) leaves. A non-nil inject is raised in f first.
func (th *Thread) run(f *Frame, inject *Exception) (Value, *Exception) {
	var (
		co     *Code
		base   unsafe.Pointer
		instrs unsafe.Pointer
		pc     int
		ins    uint64
		err    *Exception
		nf     *Frame
		ret    Value
		cond   bool
	)
	if inject != nil {
		err = inject
		goto raise
	}
reload:
	base, co, pc = f.base, hint.Promote(f.code), hint.Promote(f.pc)
	instrs = co.instrs
	if pc == 0 && co.hot.Call() {
		g, r, v, done := th.jit().Enter(&co.hot, greens{co, instrs, pc}, reds{th, f, base})
		if done {
			return v.value, v.err
		}
		co, instrs, pc, f, base = g.co, g.instrs, g.pc, r.f, r.base
	}
	for {
		hint.MergePoint(greens{co, instrs, pc}, reds{th, f, base})
		ins = fetch(instrs, pc)
		pc++
		switch code.Op(ins) {
		case code.OpNop:
		case code.OpMove:
			object.Set(ra(base, ins), *rb(base, ins))
		case code.OpLoadk:
			object.Set(ra(base, ins), co.consts[uint32(ins>>24)])
		case code.OpLoadi:
			setInt(ra(base, ins), int64(int32(ins>>24)))
		case code.OpClear:
			*ra(base, ins) = Value{}
		case code.OpCheck:
			if ra(base, ins).Ref == nil {
				f.pc = pc
				err = th.unboundLocal(f, ins)
				goto raise
			}
		case code.OpLoadcell:
			if c := object.As[object.Cell](*rb(base, ins)); c.V.Ref != nil {
				object.Set(ra(base, ins), c.V)
				continue
			}
			f.pc = pc
			err = th.unboundCell(f, int(uint16(ins>>24)))
			goto raise
		case code.OpStorecell:
			object.Set(&object.As[object.Cell](*ra(base, ins)).V, *rb(base, ins))
		case code.OpLoadfree:
			if c := f.fn.closure[uint16(ins>>24)]; c.V.Ref != nil {
				object.Set(ra(base, ins), c.V)
				continue
			}
			f.pc = pc
			err = th.unboundFree(f, int(uint16(ins>>24)))
			goto raise
		case code.OpStorefree:
			object.Set(&f.fn.closure[uint16(ins>>8)].V, *rb(base, ins))
		case code.OpLoadglobal:
			d := hint.Promote(f.fn.globals)
			if v := globalPlan(co, int(uint32(ins>>24)), d); v != nil {
				object.Set(ra(base, ins), *v)
				continue
			}
			c := &co.globals[uint32(ins>>24)]
			if c.gver == d.KeyVer {
				if !c.builtin {
					object.Set(ra(base, ins), *d.Entry(c.idx))
					continue
				}
				d = hint.Promote(f.fn.builtins)
				if v := globalPlan(co, int(uint32(ins>>24)), d); v != nil {
					object.Set(ra(base, ins), *v)
					continue
				}
				if c.bver == d.KeyVer {
					object.Set(ra(base, ins), *d.Entry(c.idx))
					continue
				}
			}
			f.pc = pc
			ret, err = th.loadGlobalSlow(f, int(uint32(ins>>24)))
			if err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpNot:
			if v := rb(base, ins); v.IsBool() {
				setBool(ra(base, ins), v.Bits == 0)
				continue
			}
			f.pc = pc
			cond, err = object.Truth(th.T, *rb(base, ins))
			if err != nil {
				goto raise
			}
			setBool(ra(base, ins), !cond)
		case code.OpAdd:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				if s, over := hint.AddOverflow(i, j); !over {
					setInt(ra(base, ins), s)
					continue
				}
			}
			if x.IsFloat() && y.IsFloat() {
				p, q := x.Float64(), y.Float64()
				setFloat(ra(base, ins), p+q)
				continue
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpAdd, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpSub:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				if s, over := hint.SubOverflow(i, j); !over {
					setInt(ra(base, ins), s)
					continue
				}
			}
			if x.IsFloat() && y.IsFloat() {
				p, q := x.Float64(), y.Float64()
				setFloat(ra(base, ins), p-q)
				continue
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpSub, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpMul:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				if s, over := hint.MulOverflow(i, j); !over {
					setInt(ra(base, ins), s)
					continue
				}
			}
			if x.IsFloat() && y.IsFloat() {
				p, q := x.Float64(), y.Float64()
				setFloat(ra(base, ins), p*q)
				continue
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpMul, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpDiv:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				if j != 0 && i>>53 == i>>63 && j>>53 == j>>63 {
					setFloat(ra(base, ins), float64(i)/float64(j))
					continue
				}
			}
			if x.IsFloat() && y.IsFloat() {
				p, q := x.Float64(), y.Float64()
				if q != 0 {
					setFloat(ra(base, ins), p/q)
					continue
				}
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpTrueDiv, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpFloordiv:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				if j > 0 {
					setInt(ra(base, ins), floorDiv(i, j))
					continue
				}
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpFloorDiv, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpMod:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				if j > 0 {
					setInt(ra(base, ins), floorMod(i, j))
					continue
				}
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpMod, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpLsh:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				if uint64(j) < 63 && i<<j>>j == i {
					setInt(ra(base, ins), i<<j)
					continue
				}
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpLShift, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpRsh:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				if j >= 0 {
					setInt(ra(base, ins), i>>min(j, 63))
					continue
				}
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpRShift, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpAnd:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				setInt(ra(base, ins), i&j)
				continue
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpAnd, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpOr:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				setInt(ra(base, ins), i|j)
				continue
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpOr, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpXor:
			x := rb(base, ins)
			y := rc(base, ins)
			if x.IsInt() && y.IsInt() {
				i, j := int64(x.Bits), int64(y.Bits)
				setInt(ra(base, ins), i^j)
				continue
			}
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpXor, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpPow:
			x := rb(base, ins)
			y := rc(base, ins)
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpPow, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpMatmul:
			x := rb(base, ins)
			y := rc(base, ins)
			f.pc = pc
			if err = th.binarySlow(ra(base, ins), object.OpMatMul, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpAddi:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				if s, over := hint.AddOverflow(i, j); !over {
					setInt(ra(base, ins), s)
					continue
				}
			}
			if x.IsFloat() {
				p, q := x.Float64(), float64(int16(ins>>40))
				setFloat(ra(base, ins), p+q)
				continue
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpAdd, *x, ins); err != nil {
				goto raise
			}
		case code.OpSubi:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				if s, over := hint.SubOverflow(i, j); !over {
					setInt(ra(base, ins), s)
					continue
				}
			}
			if x.IsFloat() {
				p, q := x.Float64(), float64(int16(ins>>40))
				setFloat(ra(base, ins), p-q)
				continue
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpSub, *x, ins); err != nil {
				goto raise
			}
		case code.OpMuli:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				if s, over := hint.MulOverflow(i, j); !over {
					setInt(ra(base, ins), s)
					continue
				}
			}
			if x.IsFloat() {
				p, q := x.Float64(), float64(int16(ins>>40))
				setFloat(ra(base, ins), p*q)
				continue
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpMul, *x, ins); err != nil {
				goto raise
			}
		case code.OpDivi:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				if j != 0 && i>>53 == i>>63 && j>>53 == j>>63 {
					setFloat(ra(base, ins), float64(i)/float64(j))
					continue
				}
			}
			if x.IsFloat() {
				p, q := x.Float64(), float64(int16(ins>>40))
				if q != 0 {
					setFloat(ra(base, ins), p/q)
					continue
				}
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpTrueDiv, *x, ins); err != nil {
				goto raise
			}
		case code.OpFloordivi:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				if j > 0 {
					setInt(ra(base, ins), floorDiv(i, j))
					continue
				}
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpFloorDiv, *x, ins); err != nil {
				goto raise
			}
		case code.OpModi:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				if j > 0 {
					setInt(ra(base, ins), floorMod(i, j))
					continue
				}
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpMod, *x, ins); err != nil {
				goto raise
			}
		case code.OpLshi:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				if uint64(j) < 63 && i<<j>>j == i {
					setInt(ra(base, ins), i<<j)
					continue
				}
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpLShift, *x, ins); err != nil {
				goto raise
			}
		case code.OpRshi:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				if j >= 0 {
					setInt(ra(base, ins), i>>min(j, 63))
					continue
				}
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpRShift, *x, ins); err != nil {
				goto raise
			}
		case code.OpAndi:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				setInt(ra(base, ins), i&j)
				continue
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpAnd, *x, ins); err != nil {
				goto raise
			}
		case code.OpOri:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				setInt(ra(base, ins), i|j)
				continue
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpOr, *x, ins); err != nil {
				goto raise
			}
		case code.OpXori:
			x := rb(base, ins)
			if x.IsInt() {
				i, j := int64(x.Bits), int64(int16(ins>>40))
				setInt(ra(base, ins), i^j)
				continue
			}
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpXor, *x, ins); err != nil {
				goto raise
			}
		case code.OpPowi:
			x := rb(base, ins)
			f.pc = pc
			if err = th.binaryImm(ra(base, ins), object.OpPow, *x, ins); err != nil {
				goto raise
			}
		case code.OpAddk:
			x := rb(base, ins)
			y := &co.consts[uint16(ins>>40)]
			if x.IsFloat() && y.IsFloat() {
				p, q := x.Float64(), y.Float64()
				if ins>>56&code.Swapped != 0 {
					p, q = q, p
				}
				setFloat(ra(base, ins), p+q)
				continue
			}
			f.pc = pc
			if err = th.binaryConst(ra(base, ins), object.OpAdd, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpSubk:
			x := rb(base, ins)
			y := &co.consts[uint16(ins>>40)]
			if x.IsFloat() && y.IsFloat() {
				p, q := x.Float64(), y.Float64()
				if ins>>56&code.Swapped != 0 {
					p, q = q, p
				}
				setFloat(ra(base, ins), p-q)
				continue
			}
			f.pc = pc
			if err = th.binaryConst(ra(base, ins), object.OpSub, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpMulk:
			x := rb(base, ins)
			y := &co.consts[uint16(ins>>40)]
			if x.IsFloat() && y.IsFloat() {
				p, q := x.Float64(), y.Float64()
				if ins>>56&code.Swapped != 0 {
					p, q = q, p
				}
				setFloat(ra(base, ins), p*q)
				continue
			}
			f.pc = pc
			if err = th.binaryConst(ra(base, ins), object.OpMul, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpDivk:
			x := rb(base, ins)
			y := &co.consts[uint16(ins>>40)]
			if x.IsFloat() && y.IsFloat() {
				p, q := x.Float64(), y.Float64()
				if ins>>56&code.Swapped != 0 {
					p, q = q, p
				}
				if q != 0 {
					setFloat(ra(base, ins), p/q)
					continue
				}
			}
			f.pc = pc
			if err = th.binaryConst(ra(base, ins), object.OpTrueDiv, *x, *y, ins); err != nil {
				goto raise
			}
		case code.OpEq:
			x, y := rb(base, ins), rc(base, ins)
			if x.IsInt() && y.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) == int64(y.Bits))
				continue
			}
			if x.IsFloat() && y.IsFloat() {
				setBool(ra(base, ins), x.Float64() == y.Float64())
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, *y, object.CmpEq); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpEqi:
			x := rb(base, ins)
			if x.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) == int64(int16(ins>>40)))
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, object.Int(int64(int16(ins>>40))), object.CmpEq); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpJeq:
			x, y := ra(base, ins), rb(base, ins)
			if x.IsInt() && y.IsInt() {
				cond = int64(x.Bits) == int64(y.Bits)
			} else if x.IsFloat() && y.IsFloat() {
				cond = x.Float64() == y.Float64()
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, *y, object.CmpEq)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpJeqi:
			x := ra(base, ins)
			if x.IsInt() {
				cond = int64(x.Bits) == int64(int16(ins>>24))
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, object.Int(int64(int16(ins>>24))), object.CmpEq)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpNe:
			x, y := rb(base, ins), rc(base, ins)
			if x.IsInt() && y.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) != int64(y.Bits))
				continue
			}
			if x.IsFloat() && y.IsFloat() {
				setBool(ra(base, ins), x.Float64() != y.Float64())
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, *y, object.CmpNe); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpNei:
			x := rb(base, ins)
			if x.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) != int64(int16(ins>>40)))
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, object.Int(int64(int16(ins>>40))), object.CmpNe); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpJne:
			x, y := ra(base, ins), rb(base, ins)
			if x.IsInt() && y.IsInt() {
				cond = int64(x.Bits) != int64(y.Bits)
			} else if x.IsFloat() && y.IsFloat() {
				cond = x.Float64() != y.Float64()
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, *y, object.CmpNe)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpJnei:
			x := ra(base, ins)
			if x.IsInt() {
				cond = int64(x.Bits) != int64(int16(ins>>24))
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, object.Int(int64(int16(ins>>24))), object.CmpNe)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpLt:
			x, y := rb(base, ins), rc(base, ins)
			if x.IsInt() && y.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) < int64(y.Bits))
				continue
			}
			if x.IsFloat() && y.IsFloat() {
				setBool(ra(base, ins), x.Float64() < y.Float64())
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, *y, object.CmpLt); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpLti:
			x := rb(base, ins)
			if x.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) < int64(int16(ins>>40)))
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, object.Int(int64(int16(ins>>40))), object.CmpLt); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpJlt:
			x, y := ra(base, ins), rb(base, ins)
			if x.IsInt() && y.IsInt() {
				cond = int64(x.Bits) < int64(y.Bits)
			} else if x.IsFloat() && y.IsFloat() {
				cond = x.Float64() < y.Float64()
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, *y, object.CmpLt)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpJlti:
			x := ra(base, ins)
			if x.IsInt() {
				cond = int64(x.Bits) < int64(int16(ins>>24))
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, object.Int(int64(int16(ins>>24))), object.CmpLt)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpLe:
			x, y := rb(base, ins), rc(base, ins)
			if x.IsInt() && y.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) <= int64(y.Bits))
				continue
			}
			if x.IsFloat() && y.IsFloat() {
				setBool(ra(base, ins), x.Float64() <= y.Float64())
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, *y, object.CmpLe); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpLei:
			x := rb(base, ins)
			if x.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) <= int64(int16(ins>>40)))
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, object.Int(int64(int16(ins>>40))), object.CmpLe); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpJle:
			x, y := ra(base, ins), rb(base, ins)
			if x.IsInt() && y.IsInt() {
				cond = int64(x.Bits) <= int64(y.Bits)
			} else if x.IsFloat() && y.IsFloat() {
				cond = x.Float64() <= y.Float64()
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, *y, object.CmpLe)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpJlei:
			x := ra(base, ins)
			if x.IsInt() {
				cond = int64(x.Bits) <= int64(int16(ins>>24))
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, object.Int(int64(int16(ins>>24))), object.CmpLe)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpGt:
			x, y := rb(base, ins), rc(base, ins)
			if x.IsInt() && y.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) > int64(y.Bits))
				continue
			}
			if x.IsFloat() && y.IsFloat() {
				setBool(ra(base, ins), x.Float64() > y.Float64())
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, *y, object.CmpGt); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpGti:
			x := rb(base, ins)
			if x.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) > int64(int16(ins>>40)))
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, object.Int(int64(int16(ins>>40))), object.CmpGt); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpJgt:
			x, y := ra(base, ins), rb(base, ins)
			if x.IsInt() && y.IsInt() {
				cond = int64(x.Bits) > int64(y.Bits)
			} else if x.IsFloat() && y.IsFloat() {
				cond = x.Float64() > y.Float64()
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, *y, object.CmpGt)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpJgti:
			x := ra(base, ins)
			if x.IsInt() {
				cond = int64(x.Bits) > int64(int16(ins>>24))
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, object.Int(int64(int16(ins>>24))), object.CmpGt)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpGe:
			x, y := rb(base, ins), rc(base, ins)
			if x.IsInt() && y.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) >= int64(y.Bits))
				continue
			}
			if x.IsFloat() && y.IsFloat() {
				setBool(ra(base, ins), x.Float64() >= y.Float64())
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, *y, object.CmpGe); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpGei:
			x := rb(base, ins)
			if x.IsInt() {
				setBool(ra(base, ins), int64(x.Bits) >= int64(int16(ins>>40)))
				continue
			}
			f.pc = pc
			if ret, err = th.compareValue(*x, object.Int(int64(int16(ins>>40))), object.CmpGe); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpJge:
			x, y := ra(base, ins), rb(base, ins)
			if x.IsInt() && y.IsInt() {
				cond = int64(x.Bits) >= int64(y.Bits)
			} else if x.IsFloat() && y.IsFloat() {
				cond = x.Float64() >= y.Float64()
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, *y, object.CmpGe)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpJgei:
			x := ra(base, ins)
			if x.IsInt() {
				cond = int64(x.Bits) >= int64(int16(ins>>24))
			} else {
				f.pc = pc
				cond, err = th.compareBool(*x, object.Int(int64(int16(ins>>24))), object.CmpGe)
				if err != nil {
					goto raise
				}
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpEqk:
			f.pc = pc
			if ret, err = th.compareValue(*rb(base, ins), co.consts[uint16(ins>>40)], object.CmpEq); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpJeqk:
			f.pc = pc
			if cond, err = th.compareBool(*ra(base, ins), co.consts[uint16(ins>>24)], object.CmpEq); err != nil {
				goto raise
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpNek:
			f.pc = pc
			if ret, err = th.compareValue(*rb(base, ins), co.consts[uint16(ins>>40)], object.CmpNe); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpJnek:
			f.pc = pc
			if cond, err = th.compareBool(*ra(base, ins), co.consts[uint16(ins>>24)], object.CmpNe); err != nil {
				goto raise
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpIs:
			setBool(ra(base, ins), object.Is(*rb(base, ins), *rc(base, ins)) == (ins>>56&1 == 0))
		case code.OpJis:
			if object.Is(*ra(base, ins), *rb(base, ins)) == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpIn:
			f.pc = pc
			if cond, err = object.Contains(th.T, *rc(base, ins), *rb(base, ins)); err != nil {
				goto raise
			}
			setBool(ra(base, ins), cond == (ins>>56&1 == 0))
		case code.OpJin:
			f.pc = pc
			if cond, err = object.Contains(th.T, *rb(base, ins), *ra(base, ins)); err != nil {
				goto raise
			}
			if cond == (ins>>56&1 != 0) {
				pc += int(int16(ins >> 40))
			}
		case code.OpJmp:
			pc += int(int32(ins >> 24))
		case code.OpLoop:
			pc += int(int32(ins >> 24))
			th.fuel--
			if th.fuel < 0 {
				f.pc = pc - int(int32(ins>>24)) // at this instruction still
				if err = th.poll(); err != nil {
					goto raise
				}
			}
			if co.hot.Tick() {
				g, r, v, done := th.jit().Enter(&co.hot, greens{co, instrs, pc}, reds{th, f, base})
				if done {
					return v.value, v.err
				}
				co, instrs, pc, f, base = g.co, g.instrs, g.pc, r.f, r.base
			}
		case code.OpJt, code.OpJf:
			v := ra(base, ins)
			if v.IsBool() {
				cond = v.Bits != 0
			} else {
				f.pc = pc
				if cond, err = object.Truth(th.T, *v); err != nil {
					goto raise
				}
			}
			if cond == (code.Op(ins) == code.OpJt) {
				pc += int(int32(ins >> 24))
			}
		case code.OpJnone:
			if ra(base, ins).IsNone() {
				pc += int(int32(ins >> 24))
			}
		case code.OpJnotnone:
			if !ra(base, ins).IsNone() {
				pc += int(int32(ins >> 24))
			}
		case code.OpLoadattr:
			v := rb(base, ins)
			s := hint.Promote((*object.Object)(v.Ref).Shape)
			if p := planFor(co, int(ins>>40), s, planLoad); p != nil {
				if p.kind == akSlot {
					object.Set(ra(base, ins), *(*Value)(unsafe.Add(v.Ref, p.off)))
					continue
				}
				if p.kind == akClass {
					object.Set(ra(base, ins), Value{Ref: p.ref, Bits: p.bits})
					continue
				}
			}
			c := &co.attrs[ins>>40]
			if s == c.shape && s.Type.Version.Get() == c.ver {
				if c.kind == akSlot {
					object.Set(ra(base, ins), *(*Value)(unsafe.Add(v.Ref, c.off)))
					continue
				}
				if c.kind == akProp {
					f.pc = pc
					if nf, err = th.callGetter(f, c.val, *v, int(uint16(ins>>8))); err != nil {
						goto raise
					}
					if nf != nil {
						f = nf
						goto reload
					}
					continue
				}
				if r := (*Value)(unsafe.Add(v.Ref, c.off)); c.kind == akMember && r.Ref != nil {
					object.Set(ra(base, ins), *r)
					continue
				}
				if r, ok := th.loadAttrHit(c, *v); ok {
					object.Set(ra(base, ins), r)
					continue
				}
			} else if c.kind == akType && s == c.shape && c.typ.Value().Ref == v.Ref && c.ver == c.typ.Version.Get() {
				object.Set(ra(base, ins), c.val)
				continue
			}
			f.pc = pc
			if ret, err = th.loadAttrSlow(f, int(ins>>40), *v); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpStoreattr:
			v := ra(base, ins)
			s := hint.Promote((*object.Object)(v.Ref).Shape)
			if p := planFor(co, int(ins>>40), s, planStore); p != nil {
				if p.kind == akSlot {
					object.Set((*Value)(unsafe.Add(v.Ref, p.off)), *rb(base, ins))
					continue
				}
				if p.kind == akAdd {
					*(*Value)(unsafe.Add(v.Ref, p.off)) = *rb(base, ins)
					(*object.Object)(v.Ref).Shape = p.next
					continue
				}
			}
			c := &co.attrs[ins>>40]
			if s == c.shape && s.Type.Version.Get() == c.ver {
				if c.kind == akSlot {
					object.Set((*Value)(unsafe.Add(v.Ref, c.off)), *rb(base, ins))
					continue
				}
				if c.kind == akAdd {
					*(*Value)(unsafe.Add(v.Ref, c.off)) = *rb(base, ins)
					(*object.Object)(v.Ref).Shape = c.next
					continue
				}
			}
			f.pc = pc
			if err = th.storeAttrSlow(f, int(ins>>40), *v, *rb(base, ins)); err != nil {
				goto raise
			}
			if f.redo {
				f.changeOver()
				goto reload
			}
		case code.OpLoadmethod:
			f.pc = pc
			if err = th.loadMethod(f, co, base, ins); err != nil {
				goto raise
			}
		case code.OpCallmethod:
			f.pc = pc
			self := at(base, int(uint16(ins>>24))+1)
			fnv, bind, e := th.method(f, co, int(uint16(ins>>40)), *self)
			if e != nil {
				err = e
				goto raise
			}
			args, n := unsafe.Pointer(self), int(ins>>56)+1
			if !bind {
				args, n = unsafe.Add(args, valueSize), n-1
			}
			if isFunction(fnv) {
				fn := object.As[Function](fnv)
				if c := fn.theCode(); c.simple && c.nargs == n {
					if nf, err = th.push(f, fn, args, int(uint16(ins>>8))); err != nil {
						goto raise
					}
					f = nf
					goto reload
				}
			}
			if nf, err = th.call(f, fnv, args, n, nil, int(uint16(ins>>8))); err != nil {
				goto raise
			}
			if nf != nil {
				f = nf
				goto reload
			}
		case code.OpCall:
			callee := rb(base, ins)
			f.pc = pc
			if fnv := (Value{Ref: hint.Promote(callee.Ref)}); isFunction(fnv) {
				fn := object.As[Function](fnv)
				if c := fn.theCode(); c.simple && c.nargs == int(uint16(ins>>40)) {
					if nf, err = th.push(f, fn, unsafe.Add(unsafe.Pointer(callee), valueSize), int(uint16(ins>>8))); err != nil {
						goto raise
					}
					f = nf
					goto reload
				}
			}
			if nf, err = th.call(f, *callee, unsafe.Add(unsafe.Pointer(callee), valueSize), int(uint16(ins>>40)), nil, int(uint16(ins>>8))); err != nil {
				goto raise
			}
			if nf != nil {
				f = nf
				goto reload
			}
		case code.OpCallm:
			f.pc = pc
			if nf, err = th.callM(f, base, ins); err != nil {
				goto raise
			}
			if nf != nil {
				f = nf
				goto reload
			}
		case code.OpCallkw:
			f.pc = pc
			if nf, err = th.callKw(f, ins); err != nil {
				goto raise
			}
			if nf != nil {
				f = nf
				goto reload
			}
		case code.OpCallex:
			f.pc = pc
			if nf, err = th.callEx(f, ins); err != nil {
				goto raise
			}
			if nf != nil {
				f = nf
				goto reload
			}
		case code.OpRet:
			ret = *ra(base, ins)
			th.T.Depth--
			if f.kind == retDst {
				base = f.prev.base
				object.Set(at(base, f.dst), ret)
				f = f.prev
				th.cur = f
				co, pc = hint.Promote(f.code), hint.Promote(f.pc)
				instrs = co.instrs
				continue
			}
			goto finish
		case code.OpRetnone:
			ret = object.None
			th.T.Depth--
			goto finish
		case code.OpGetitem:
			v, k := rb(base, ins), rc(base, ins)
			if k.IsInt() && (*object.Object)(v.Ref).Shape == &object.ListType.Root {
				items := object.As[object.List](*v).Items
				i := int64(k.Bits)
				if i < 0 {
					i += int64(len(items))
				}
				if uint64(i) < uint64(len(items)) {
					object.Set(ra(base, ins), items[i])
					continue
				}
			}
			f.pc = pc
			if ret, err = th.getItem(*v, *k); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpGetitemi:
			v := rb(base, ins)
			i := int64(int16(ins >> 40))
			if s := (*object.Object)(v.Ref).Shape; s == &object.ListType.Root || s == &object.TupleType.Root {
				var items []Value
				if s == &object.ListType.Root {
					items = object.As[object.List](*v).Items
				} else {
					items = object.As[object.Tuple](*v).Items
				}
				if i < 0 {
					i += int64(len(items))
				}
				if uint64(i) < uint64(len(items)) {
					object.Set(ra(base, ins), items[i])
					continue
				}
				i = int64(int16(ins >> 40))
			}
			f.pc = pc
			if ret, err = th.getItem(*v, object.Int(i)); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpGetitemk:
			f.pc = pc
			if ret, err = th.getItem(*rb(base, ins), co.consts[uint16(ins>>40)]); err != nil {
				goto raise
			}
			object.Set(ra(base, ins), ret)
		case code.OpSetitem:
			v, k := ra(base, ins), rb(base, ins)
			if k.IsInt() && (*object.Object)(v.Ref).Shape == &object.ListType.Root {
				items := object.As[object.List](*v).Items
				i := int64(k.Bits)
				if i < 0 {
					i += int64(len(items))
				}
				if uint64(i) < uint64(len(items)) {
					object.Set(&items[i], *rc(base, ins))
					continue
				}
			}
			f.pc = pc
			if err = object.SetItem(th.T, *v, *k, *rc(base, ins)); err != nil {
				goto raise
			}
		case code.OpSetitemi:
			f.pc = pc
			if err = object.SetItem(th.T, *ra(base, ins), object.Int(int64(int16(ins>>24))), *rc(base, ins)); err != nil {
				goto raise
			}
		case code.OpSetitemk:
			f.pc = pc
			if err = object.SetItem(th.T, *ra(base, ins), co.consts[uint16(ins>>24)], *rc(base, ins)); err != nil {
				goto raise
			}
		case code.OpAppend:
			f.pc = pc
			if err = th.listAppend(*ra(base, ins), *rb(base, ins)); err != nil {
				goto raise
			}
		case code.OpFornext:
			it := rb(base, ins)
			if s := (*object.Object)(it.Ref).Shape; s == &object.RangeIterType.Root {
				r := object.As[object.RangeIter](*it)
				if r.Left <= 0 {
					continue
				}
				setInt(ra(base, ins), r.Cur)
				r.Cur += r.Step
				r.Left--
			} else if s == &object.ListIterType.Root {
				l := object.As[object.ListIter](*it)
				if l.L == nil {
					continue
				}
				if l.Pos >= len(l.L.Items) {
					l.L = nil
					continue
				}
				object.Set(ra(base, ins), l.L.Items[l.Pos])
				l.Pos++
			} else if s == &GeneratorType.Root {
				f.pc = pc
				nf, err = th.forNextGen(f, genOf(*it), ins)
				if err != nil {
					goto raise
				}
				if nf != nil {
					f = nf
					goto reload
				}
				continue
			} else {
				f.pc = pc
				if ret, err = object.Next(th.T, *it); err != nil {
					goto raise
				}
				if ret.Ref == nil {
					continue
				}
				object.Set(ra(base, ins), ret)
			}
			pc += int(int16(ins >> 40))
			th.fuel--
			if th.fuel < 0 {
				f.pc = pc - int(int16(ins>>40))
				if err = th.poll(); err != nil {
					goto raise
				}
			}
			if co.hot.Tick() {
				g, r, v, done := th.jit().Enter(&co.hot, greens{co, instrs, pc}, reds{th, f, base})
				if done {
					return v.value, v.err
				}
				co, instrs, pc, f, base = g.co, g.instrs, g.pc, r.f, r.base
			}
		case code.OpYield:
			f.pc = pc
			ret = *rb(base, ins)
			if ins>>56&1 != 0 {
				ret = wrapAsync(ret)
			}
			f.gen.sendReg = int(uint16(ins >> 8))
			cond = false
			goto yielded
		case code.OpYieldfrom:
			f.pc = pc
			var st object.SendResult
			ret, nf, st, err = th.sendFrom(f, ins)
			if nf != nil {
				f = nf
				goto reload
			}
			switch st {
			case object.SendYielded:
				f.pc = pc - 1
				f.gen.sendReg = int(uint16(ins >> 8))
				cond = true
				goto yielded
			case object.SendReturned:
				object.Set(ra(base, ins), ret)
			default:
				goto raise
			}
		case code.OpReraise:
			f.pc = pc
			if err = th.reraise(*ra(base, ins)); err != nil {
				f, err = th.unwind(f, err, true)
				goto unwound
			}
		case code.OpEndasyncfor:
			f.pc = pc
			if err = th.endAsyncFor(*ra(base, ins)); err != nil {
				f, err = th.unwind(f, err, true)
				goto unwound
			}
		case code.OpPushexc:
			th.pushExc(ra(base, ins), *rb(base, ins))
		case code.OpPopexc:
			th.popExc(*ra(base, ins))
		case code.OpJnomatch:
			f.pc = pc
			if cond, err = th.excMatches(*ra(base, ins), *rb(base, ins)); err != nil {
				goto raise
			}
			if !cond {
				pc += int(int16(ins >> 40))
			}
		case code.OpTrace:
			f.pc = pc
			if err = th.traceStep(f); err != nil {
				goto raise
			}
			goto reload
		default:
			f.pc = pc
			if err = th.other(f, base, ins); err != nil {
				goto raise
			}
		}
	}
finish:
	if f.kind == retDst {
		object.Set(f.prev.reg(f.dst), ret)
		f = f.prev
		th.cur = f
		goto reload
	}
	f, ret, err = th.finish(f, ret)
	if f == nil {
		return ret, err
	}
	if err != nil {
		goto raise
	}
	goto reload
yielded:
	f, cond, err = th.yielded(f, ret, cond)
	if cond {
		return ret, nil
	}
	if err != nil {
		goto raise
	}
	goto reload
raise:
	f, err = th.unwind(f, err, false)
unwound:
	if f == nil {
		return Value{}, err
	}
	goto reload
}
