package math

import (
	"math/big"

	"martlet/python/object"
)

func intFuncs() []object.Method {
	return []object.Method{
		{Sig: "gcd(*integers)", Fn: gcd, Doc: "Greatest Common Divisor."},
		{Sig: "lcm(*integers)", Fn: lcm, Doc: "Least Common Multiple."},
		{Sig: "factorial(n, /)", Fn: factorial, Doc: "Find n!."},
		{Sig: "isqrt(n, /)", Fn: isqrt, Doc: "Return the integer part of the square root of the input."},
		{Sig: "comb(n, k, /)", Fn: comb, Doc: "Number of ways to choose k items from n items without repetition and without order."},
		{Sig: "perm(n, k=None, /)", Fn: perm, Doc: "Number of ways to choose k items from n items without repetition and with order."},
	}
}

func intArg(t *thread, v value) (*big.Int, *exc) {
	i, e := object.ToIndex(t, v)
	if e != nil {
		return nil, e
	}
	return object.BigOf(i), nil
}

func gcd(t *thread, a []value) (value, *exc) {
	r := new(big.Int)
	for _, v := range object.As[object.Tuple](a[0]).Items {
		b, e := intArg(t, v)
		if e != nil {
			return value{}, e
		}
		r = new(big.Int).GCD(nil, nil, r, new(big.Int).Abs(b))
	}
	return object.BigVal(r), nil
}

func lcm(t *thread, a []value) (value, *exc) {
	r := big.NewInt(1)
	for _, v := range object.As[object.Tuple](a[0]).Items {
		b, e := intArg(t, v)
		if e != nil {
			return value{}, e
		}
		b = new(big.Int).Abs(b)
		g := new(big.Int).GCD(nil, nil, r, b)
		if g.Sign() == 0 || r.Sign() == 0 {
			r = new(big.Int)
			continue
		}
		r = new(big.Int).Mul(new(big.Int).Quo(r, g), b)
	}
	return object.BigVal(r), nil
}

func factorial(t *thread, a []value) (value, *exc) {
	n, e := intArg(t, a[0])
	if e != nil {
		return value{}, e
	}
	if n.Sign() < 0 {
		return value{}, object.ValueErrorf(t, "factorial() not defined for negative values")
	}
	if !n.IsInt64() {
		return value{}, object.OverflowErrorf(t, "factorial() argument should not exceed 9223372036854775807")
	}
	return product(t, 1, n.Int64())
}

// product multiplies the ints from lo to hi, accounting for the size of the result.
func product(t *thread, lo, hi int64) (value, *exc) {
	if hi > 1<<32 {
		return value{}, object.NewException(t, &object.MemoryErrorType)
	}
	if e := t.Charge(int(max(0, hi-lo)) * 4); e != nil {
		return value{}, e
	}
	return object.BigVal(new(big.Int).MulRange(lo, hi)), nil
}

func isqrt(t *thread, a []value) (value, *exc) {
	n, e := intArg(t, a[0])
	if e != nil {
		return value{}, e
	}
	if n.Sign() < 0 {
		return value{}, object.ValueErrorf(t, "isqrt() argument must be nonnegative")
	}
	return object.BigVal(new(big.Int).Sqrt(n)), nil
}

func choice(t *thread, a []value) (n, k *big.Int, e *exc) {
	if n, e = intArg(t, a[0]); e != nil {
		return
	}
	if k, e = intArg(t, a[1]); e != nil {
		return
	}
	switch {
	case n.Sign() < 0:
		e = object.ValueErrorf(t, "n must be a non-negative integer")
	case k.Sign() < 0:
		e = object.ValueErrorf(t, "k must be a non-negative integer")
	}
	return
}

func comb(t *thread, a []value) (value, *exc) {
	n, k, e := choice(t, a)
	if e != nil || k.Cmp(n) > 0 {
		return object.Int(0), e
	}
	if d := new(big.Int).Sub(n, k); d.Cmp(k) < 0 {
		k = d
	}
	if !k.IsInt64() {
		return value{}, object.OverflowErrorf(t, "min(n - k, k) must not exceed 9223372036854775807")
	}
	r, one := big.NewInt(1), big.NewInt(1)
	m := new(big.Int).Set(n)
	for i := int64(1); i <= k.Int64(); i++ {
		r.Mul(r, m)
		r.Quo(r, big.NewInt(i))
		m.Sub(m, one)
		if e := t.Charge(8); e != nil {
			return value{}, e
		}
	}
	return object.BigVal(r), nil
}

func perm(t *thread, a []value) (value, *exc) {
	if a[1].IsNone() {
		return factorial(t, a[:1])
	}
	n, k, e := choice(t, a)
	if e != nil || k.Cmp(n) > 0 {
		return object.Int(0), e
	}
	if !k.IsInt64() {
		return value{}, object.OverflowErrorf(t, "k must not exceed 9223372036854775807")
	}
	r, m, one := big.NewInt(1), new(big.Int).Set(n), big.NewInt(1)
	for range k.Int64() {
		r.Mul(r, m)
		m.Sub(m, one)
		if e := t.Charge(8); e != nil {
			return value{}, e
		}
	}
	return object.BigVal(r), nil
}
