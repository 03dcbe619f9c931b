package builtins

import "martlet/python/object"

func abs(t *thread, a []value) (value, *exc) { return object.UnaryOp(t, object.OpAbs, a[0]) }

func divmod(t *thread, a []value) (value, *exc) {
	return object.BinaryOp(t, object.OpDivmod, a[0], a[1])
}

func pow(t *thread, a []value) (value, *exc) { return object.Pow(t, a[0], a[1], a[2]) }

func hash(t *thread, a []value) (value, *exc) {
	h, e := object.Hash(t, a[0])
	return object.Int(h), e
}

func round(t *thread, a []value) (value, *exc) {
	var args []value
	if !a[1].IsNone() {
		args = a[1:2]
	}
	r, found, e := object.CallSpecial(t, a[0], object.N.Round, args...)
	if e == nil && !found {
		e = object.TypeErrorf(t, "type %s doesn't define __round__ method", a[0].Type().Name)
	}
	return r, e
}
