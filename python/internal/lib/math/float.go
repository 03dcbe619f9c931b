package math

import (
	"math"
	"math/big"

	"martlet/python/object"
)

func floatFuncs() []object.Method {
	return []object.Method{
		unary("acos", "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi.", math.Acos, false),
		unary("acosh", "Return the inverse hyperbolic cosine of x.", math.Acosh, false),
		unary("asin", "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.", math.Asin, false),
		unary("asinh", "Return the inverse hyperbolic sine of x.", math.Asinh, false),
		unary("atan", "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.", math.Atan, false),
		unary("atanh", "Return the inverse hyperbolic tangent of x.", math.Atanh, false),
		unary("cbrt", "Return the cube root of x.", math.Cbrt, false),
		unary("cos", "Return the cosine of x (measured in radians).", math.Cos, false),
		unary("cosh", "Return the hyperbolic cosine of x.", math.Cosh, true),
		scale("degrees", "Convert angle x from radians to degrees.", 180/math.Pi),
		unary("erf", "Error function at x.", math.Erf, false),
		unary("erfc", "Complementary error function at x.", math.Erfc, false),
		unary("exp", "Return e raised to the power of x.", math.Exp, true),
		unary("exp2", "Return 2 raised to the power of x.", math.Exp2, true),
		unary("expm1", "Return exp(x)-1.\n\nThis function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for small x.", math.Expm1, true),
		unary("fabs", "Return the absolute value of the float x.", math.Abs, false),
		unary("gamma", "Gamma function at x.", gamma, true),
		unary("lgamma", "Natural logarithm of absolute value of Gamma function at x.", lgamma, false),
		unary("log1p", "Return the natural logarithm of 1+x (base e).\n\nThe result is computed in a way which is accurate for x near zero.", math.Log1p, false),
		scale("radians", "Convert angle x from degrees to radians.", math.Pi/180),
		unary("sin", "Return the sine of x (measured in radians).", math.Sin, false),
		unary("sinh", "Return the hyperbolic sine of x.", math.Sinh, true),
		unary("sqrt", "Return the square root of x.", math.Sqrt, false),
		unary("tan", "Return the tangent of x (measured in radians).", math.Tan, false),
		unary("tanh", "Return the hyperbolic tangent of x.", math.Tanh, false),
		binary("atan2(y, x, /)", "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of both x and y are considered.", math.Atan2),
		binary("copysign(x, y, /)", "Return a float with the magnitude (absolute value) of x but the sign of y.\n\nOn platforms that support signed zeros, copysign(1.0, -0.0)\nreturns -1.0.\n", math.Copysign),
		binary("fmod(x, y, /)", "Return fmod(x, y), according to platform C.\n\nx % y may differ.", fmod),
		binary("remainder(x, y, /)", "Difference between x and the closest integer multiple of y.\n\nReturn x - n*y where n*y is the closest integer multiple of y.\nIn the case where x is exactly halfway between two multiples of\ny, the nearest even value of n is used. The result is always exact.", math.Remainder),
		test("isfinite", "Return True if x is neither an infinity nor a NaN, and False otherwise.", func(x float64) bool { return x-x == 0 }),
		test("isinf", "Return True if x is a positive or negative infinity, and False otherwise.", func(x float64) bool { return math.IsInf(x, 0) }),
		test("isnan", "Return True if x is a NaN (not a number), and False otherwise.", func(x float64) bool { return x != x }),
		{Sig: "ceil(x, /)", Fn: rounder(object.N.Ceil, math.Ceil), Doc: "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x."},
		{Sig: "floor(x, /)", Fn: rounder(object.N.Floor, math.Floor), Doc: "Return the floor of x as an Integral.\n\nThis is the largest integer <= x."},
		{Sig: "trunc(x, /)", Fn: trunc, Doc: "Truncates the Real x to the nearest Integral toward 0.\n\nUses the __trunc__ magic method."},
		{Sig: "fma(x, y, z, /)", Fn: fma, Doc: "Fused multiply-add operation.\n\nCompute (x * y) + z with a single round."},
		{Sig: "frexp(x, /)", Fn: frexp, Doc: "Return the mantissa and exponent of x, as pair (m, e).\n\nm is a float and e is an int, such that x = m * 2.**e.\nIf x is 0, m and e are both 0.  Else 0.5 <= abs(m) < 1.0."},
		{Sig: "ldexp(x, i, /)", Fn: ldexp, Doc: "Return x * (2**i).\n\nThis is essentially the inverse of frexp()."},
		{Sig: "modf(x, /)", Fn: modf, Doc: "Return the fractional and integer parts of x.\n\nBoth results carry the sign of x and are floats."},
		{Sig: "log(x, base=<absent>, /)", Fn: log, Doc: "log(x, [base=math.e])\nReturn the logarithm of x to the given base.\n\nIf the base is not specified, returns the natural logarithm (base e) of x."},
		{Sig: "log2(x, /)", Fn: func(t *thread, a []value) (value, *exc) { return logWith(t, a[0], log2) }, Doc: "Return the base 2 logarithm of x."},
		{Sig: "log10(x, /)", Fn: func(t *thread, a []value) (value, *exc) { return logWith(t, a[0], math.Log10) }, Doc: "Return the base 10 logarithm of x."},
		{Sig: "pow(x, y, /)", Fn: pow, Doc: "Return x**y (x to the power of y)."},
		{Sig: "isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", Fn: isclose, Doc: "Determine whether two floating-point numbers are close in value."},
		{Sig: "nextafter(x, y, /, *, steps=None)", Fn: nextafter, Doc: "Return the floating-point value the given number of steps after x towards y.\n\nIf steps is not specified or is None, it defaults to 1.\n\nRaises a TypeError, if x or y is not a double, or if steps is not an integer.\nRaises ValueError if steps is negative."},
		{Sig: "ulp(x, /)", Fn: ulp, Doc: "Return the value of the least significant bit of the float x."},
	}
}

// gamma is NaN (a domain error) at the poles.
func gamma(x float64) float64 {
	if x == 0 || x < 0 && x == math.Floor(x) {
		return math.NaN()
	}
	return math.Gamma(x)
}

func lgamma(x float64) float64 {
	if math.IsInf(x, 0) {
		return math.Inf(1)
	}
	r, _ := math.Lgamma(x)
	return r
}

// log2 is exact for powers of two.
func log2(x float64) float64 {
	if m, e := math.Frexp(x); m == 0.5 {
		return float64(e - 1)
	}
	return math.Log2(x)
}

func rounder(name *object.Str, f func(x float64) float64) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		if !a[0].IsFloat() {
			r, found, e := object.CallSpecial(t, a[0], name)
			if found || e != nil {
				return r, e
			}
		}
		x, e := object.ToFloat(t, a[0])
		if e != nil {
			return value{}, e
		}
		return object.FloatToInt(t, f(x))
	}
}

func trunc(t *thread, a []value) (value, *exc) {
	if a[0].IsFloat() {
		return object.FloatToInt(t, a[0].Float64())
	}
	r, found, e := object.CallSpecial(t, a[0], object.N.Trunc)
	if e == nil && !found {
		e = object.TypeErrorf(t, "type %s doesn't define __trunc__ method", a[0].Type().Name)
	}
	return r, e
}

// fmod keeps the sign of a NaN.
func fmod(x, y float64) float64 {
	if x != x {
		return x
	}
	return math.Mod(x, y)
}

// scale makes a function that multiplies, without a check of the result.
func scale(name, doc string, factor float64) object.Method {
	return object.Method{Sig: name + "(x, /)", Doc: doc, Fn: func(t *thread, a []value) (value, *exc) {
		x, e := object.ToFloat(t, a[0])
		return object.Float(x * factor), e
	}}
}

func fma(t *thread, a []value) (value, *exc) {
	x, y, e := two(t, a)
	if e != nil {
		return value{}, e
	}
	z, e := object.ToFloat(t, a[2])
	if e != nil {
		return value{}, e
	}
	r := math.FMA(x, y, z)
	switch {
	case r != r && x == x && y == y && z == z:
		return value{}, object.ValueErrorf(t, "invalid operation in fma")
	case math.IsInf(r, 0) && x-x == 0 && y-y == 0 && z-z == 0:
		return value{}, object.OverflowErrorf(t, "overflow in fma")
	}
	return object.Float(r), nil
}

func frexp(t *thread, a []value) (value, *exc) {
	x, e := object.ToFloat(t, a[0])
	m, k := math.Frexp(x)
	return object.TupleOf(object.Float(m), object.Int(int64(k))), e
}

func ldexp(t *thread, a []value) (value, *exc) {
	x, e := object.ToFloat(t, a[0])
	if e != nil {
		return value{}, e
	}
	if !object.IsIntLike(a[1]) {
		return value{}, object.TypeErrorf(t, "Expected an int as second argument to ldexp.")
	}
	k, e := object.ClampIndex(t, a[1])
	if e != nil {
		return value{}, e
	}
	r := math.Ldexp(x, max(-1<<20, min(k, 1<<20)))
	if math.IsInf(r, 0) && !math.IsInf(x, 0) {
		return value{}, rangeErr(t)
	}
	return object.Float(r), nil
}

func modf(t *thread, a []value) (value, *exc) {
	x, e := object.ToFloat(t, a[0])
	if e != nil {
		return value{}, e
	}
	if math.IsInf(x, 0) {
		return object.TupleOf(object.Float(math.Copysign(0, x)), object.Float(x)), nil
	}
	i, f := math.Modf(x)
	return object.TupleOf(object.Float(math.Copysign(f, x)), object.Float(i)), nil
}

// logWith takes logarithms of floats and of ints of any size.
func logWith(t *thread, v value, f func(x float64) float64) (value, *exc) {
	if object.IsIntLike(v) {
		b := object.BigOf(v)
		if b.Sign() <= 0 {
			return value{}, domain(t)
		}
		if b.BitLen() > 1000 { // x = m * 2**e
			m := new(big.Float).SetInt(b)
			e := m.MantExp(m)
			x, _ := m.Float64()
			return object.Float(f(x) + f(2)*float64(e)), nil
		}
	}
	x, e := object.ToFloat(t, v)
	if e != nil {
		return value{}, e
	}
	if x <= 0 {
		return value{}, domain(t)
	}
	return object.Float(f(x)), nil
}

func log(t *thread, a []value) (value, *exc) {
	num, e := logWith(t, a[0], math.Log)
	if e != nil || a[1].Ref == nil {
		return num, e
	}
	den, e := logWith(t, a[1], math.Log)
	if e != nil {
		return value{}, e
	}
	return object.BinaryOp(t, object.OpTrueDiv, num, den)
}

func pow(t *thread, a []value) (value, *exc) {
	x, y, e := two(t, a)
	if e != nil {
		return value{}, e
	}
	r := math.Pow(x, y)
	switch {
	case r != r && x == x && y == y, x == 0 && y < 0 && !math.IsInf(y, 0):
		return value{}, domain(t)
	case math.IsInf(r, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0):
		return value{}, rangeErr(t)
	}
	return object.Float(r), nil
}

func isclose(t *thread, a []value) (value, *exc) {
	x, y, e := two(t, a)
	if e != nil {
		return value{}, e
	}
	rel, abs, e := two(t, a[2:])
	if e != nil {
		return value{}, e
	}
	if rel < 0 || abs < 0 {
		return value{}, object.ValueErrorf(t, "tolerances must be non-negative")
	}
	if x == y {
		return object.True, nil
	}
	if math.IsInf(x, 0) || math.IsInf(y, 0) {
		return object.False, nil
	}
	d := math.Abs(y - x)
	return object.Bool(d <= math.Abs(rel*y) || d <= math.Abs(rel*x) || d <= abs), nil
}

// ordered maps floats to ints in the same order.
func ordered(x float64) int64 {
	b := int64(math.Float64bits(x))
	if b < 0 {
		return math.MinInt64 - b
	}
	return b
}

func unordered(i int64) float64 {
	if i < 0 {
		return math.Float64frombits(uint64(math.MinInt64 - i))
	}
	return math.Float64frombits(uint64(i))
}

func nextafter(t *thread, a []value) (value, *exc) {
	x, y, e := two(t, a)
	if e != nil {
		return value{}, e
	}
	if a[2].IsNone() {
		return object.Float(math.Nextafter(x, y)), nil
	}
	iv, e := object.ToIndex(t, a[2])
	if e != nil {
		return value{}, e
	}
	steps := object.BigOf(iv)
	if steps.Sign() < 0 {
		return value{}, object.ValueErrorf(t, "steps must be a non-negative integer")
	}
	if x != x || y != y {
		return object.Float(x + y), nil
	}
	if x == y {
		return object.Float(y), nil
	}
	from, to := ordered(x), ordered(y)
	gap := new(big.Int).Sub(big.NewInt(to), big.NewInt(from))
	if steps.CmpAbs(gap) >= 0 {
		return object.Float(y), nil
	}
	n := steps.Int64()
	if to < from {
		n = -n
	}
	r := unordered(from + n)
	if r == 0 && x < 0 {
		r = math.Copysign(0, -1)
	}
	return object.Float(r), nil
}

func ulp(t *thread, a []value) (value, *exc) {
	x, e := object.ToFloat(t, a[0])
	if e != nil {
		return value{}, e
	}
	x = math.Abs(x)
	switch {
	case x != x || math.IsInf(x, 0):
		return object.Float(x), nil
	case x == math.MaxFloat64:
		return object.Float(x - math.Nextafter(x, 0)), nil
	}
	return object.Float(math.Nextafter(x, math.Inf(1)) - x), nil
}
