package opt

import "martlet/ir"

// evalBits evaluates the (first) result of v on operand bits.
func evalBits(v *ir.Value, args []uint64) (int64, bool) {
	r, _, ok := evalBoth(v, args)
	return r, ok
}

// evalFlag evaluates the second result of an overflow-reporting op on constants.
func evalFlag(v *ir.Value) (int64, bool) {
	var args [3]uint64
	for i, a := range v.Args {
		args[i] = uint64(a.Imm)
	}
	return evalFlagBits(v, args[:len(v.Args)])
}

func evalFlagBits(v *ir.Value, args []uint64) (int64, bool) {
	_, flag, ok := evalBoth(v, args)
	return flag, ok
}

func evalBoth(v *ir.Value, args []uint64) (int64, int64, bool) {
	if v.Type == ir.Ref || v.Op == ir.OpRefconst || v.Op == ir.OpSymaddr || v.Op == ir.OpStackaddr {
		return 0, 0, false // a Go pointer other than nil is no constant
	}
	var xs [3]int64
	for i, a := range args {
		xs[i] = int64(a)
	}
	return ir.EvalValue(v, xs[:len(args)]...)
}
