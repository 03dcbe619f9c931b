package interp

import (
	"context"

	"martlet/hint"
	"martlet/python/internal/code"
	"martlet/python/object"
)

// binarySlow is a binary operation whose operands are not both small ints or both floats.
func (th *Thread) binarySlow(d *Value, op object.BinOp, x, y Value, ins uint64) *Exception {
	if x.IsFloat() && y.IsInt() || x.IsInt() && y.IsFloat() {
		if v, ok := mixedFloat(op, x, y); ok {
			object.Set(d, v)
			return nil
		}
	}
	return th.binaryGeneral(d, op, x, y, ins)
}

// binaryGeneral is a binary operation on any operands.
//
//martlet:opaque
func (th *Thread) binaryGeneral(d *Value, op object.BinOp, x, y Value, ins uint64) *Exception {
	var r Value
	var e *Exception
	if ins>>56&code.InPlace != 0 {
		r, e = object.InPlaceOp(th.T, op, x, y)
	} else {
		r, e = object.BinaryOp(th.T, op, x, y)
	}
	if e != nil {
		return e
	}
	object.Set(d, r)
	return nil
}

func mixedFloat(op object.BinOp, x, y Value) (Value, bool) {
	var p, q float64
	if x.IsFloat() {
		p, q = x.Float64(), float64(y.Int64())
	} else {
		p, q = float64(x.Int64()), y.Float64()
	}
	switch op {
	case object.OpAdd:
		return object.Float(p + q), true
	case object.OpSub:
		return object.Float(p - q), true
	case object.OpMul:
		return object.Float(p * q), true
	case object.OpTrueDiv:
		if q != 0 {
			return object.Float(p / q), true
		}
	}
	return Value{}, false
}

// binaryImm has a small int as the right operand (or the left one, if swapped).
func (th *Thread) binaryImm(d *Value, op object.BinOp, x Value, ins uint64) *Exception {
	y := object.Int(int64(int16(ins >> 40)))
	if ins>>56&code.Swapped != 0 {
		return th.binarySlow(d, op, y, x, ins)
	}
	return th.binarySlow(d, op, x, y, ins)
}

// binaryConst has a constant as the right operand (or the left one, if swapped).
func (th *Thread) binaryConst(d *Value, op object.BinOp, x, k Value, ins uint64) *Exception {
	if ins>>56&code.Swapped != 0 {
		x, k = k, x
	}
	if x.IsInt() && k.IsInt() {
		if v, ok := intArith(op, x.Int64(), k.Int64()); ok {
			object.Set(d, v)
			return nil
		}
	}
	return th.binarySlow(d, op, x, k, ins)
}

// intArith is arithmetic on small ints whose result is one.
func intArith(op object.BinOp, i, j int64) (Value, bool) {
	var r int64
	over := true
	switch op {
	case object.OpAdd:
		r, over = hint.AddOverflow(i, j)
	case object.OpSub:
		r, over = hint.SubOverflow(i, j)
	case object.OpMul:
		r, over = hint.MulOverflow(i, j)
	}
	return object.Int(r), !over
}

//martlet:opaque
func (th *Thread) compareValue(x, y Value, op object.CmpOp) (Value, *Exception) {
	if x.Type() == &object.StrType && y.Type() == &object.StrType {
		return object.Bool(compareStr(x, y, op)), nil
	}
	return object.Compare(th.T, x, y, op)
}

func compareStr(x, y Value, op object.CmpOp) bool {
	a, b := object.As[Str](x), object.As[Str](y)
	switch op {
	case object.CmpEq:
		return a == b || a.S == b.S
	case object.CmpNe:
		return a != b && a.S != b.S
	case object.CmpLt:
		return a.S < b.S
	case object.CmpLe:
		return a.S <= b.S
	case object.CmpGt:
		return a.S > b.S
	}
	return a.S >= b.S
}

//martlet:opaque
func (th *Thread) compareBool(x, y Value, op object.CmpOp) (bool, *Exception) {
	if x.Type() == &object.StrType && y.Type() == &object.StrType {
		return compareStr(x, y, op), nil
	}
	r, e := object.Compare(th.T, x, y, op)
	if e != nil {
		return false, e
	}
	if r.IsBool() {
		return r.Bits != 0, nil
	}
	return object.Truth(th.T, r)
}

//martlet:opaque
func (th *Thread) getItem(v, k Value) (Value, *Exception) {
	switch v.Type() {
	case &object.DictType:
		if k.Type() == &object.StrType {
			if r := object.As[Dict](v).GetStr(object.As[Str](k)); r.Ref != nil {
				return r, nil
			}
			return Value{}, object.KeyErrorOf(th.T, k)
		}
	case &object.TupleType:
		if k.IsInt() {
			items := object.As[object.Tuple](v).Items
			i := k.Int64()
			if i < 0 {
				i += int64(len(items))
			}
			if uint64(i) < uint64(len(items)) {
				return items[i], nil
			}
		}
	}
	return object.GetItem(th.T, v, k)
}

//martlet:opaque
func (th *Thread) listAppend(l, x Value) *Exception {
	if l.Type().Flags&object.FList == 0 {
		return th.systemError("append to a '%s' object", l.Type().Name)
	}
	return object.As[object.List](l).Append(th.T, x)
}

// fuelSlice is how many back-edges pass between polls.
const fuelSlice = 2000

// poll does what has to be done now and then: hand over the interpreter lock, look for signals, cancellation and limits.
func (th *Thread) poll() *Exception {
	th.fuel = fuelSlice
	t := th.T
	in := t.Interp
	t.Steps += fuelSlice
	if in.StepLimit != 0 && t.Steps > in.StepLimit {
		return object.RuntimeErrorf(t, "step limit exceeded")
	}
	if e := t.AsyncExc; e != nil {
		t.AsyncExc = nil
		return e
	}
	if t.Ctx != nil {
		select {
		case <-t.Ctx.Done():
			return th.cancelled(t.Ctx)
		default:
		}
	}
	if p := in.Pending.Load(); p != 0 {
		return th.pollPending(p)
	}
	return nil
}

func (th *Thread) cancelled(ctx context.Context) *Exception {
	return object.Errorf(th.T, &object.KeyboardInterruptType, "%s", context.Cause(ctx).Error())
}

func (th *Thread) pollPending(p uint32) *Exception {
	in := th.T.Interp
	if p&object.PollSwitch != 0 {
		in.Lock.Unlock()
		in.Lock.Lock()
	}
	if p&object.PollFinal != 0 {
		in.Pending.And(^object.PollFinal)
		th.clearDead()
		th.T.Finalise()
	}
	if p&object.PollSignal != 0 && th.T == in.Main {
		in.Pending.And(^object.PollSignal)
		if h := th.in.OnSignal; h != nil {
			return h(th.T)
		}
		return object.NewException(th.T, &object.KeyboardInterruptType)
	}
	return nil
}
