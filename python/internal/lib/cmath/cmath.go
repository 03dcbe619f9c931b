// Package cmath is Python's module cmath.
package cmath

import (
	"math"
	"math/cmplx"

	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

func arg(t *thread, v value) (complex128, *exc) {
	return object.ToComplex(t, v, "must be real number, not %s")
}

// finite says whether neither part is infinite or NaN.
func finite(c complex128) bool { return real(c)-real(c) == 0 && imag(c)-imag(c) == 0 }

// unary makes a function; an infinite result of a finite argument is a range error.
func unary(name string, f func(c complex128) complex128) object.Method {
	return object.Method{Sig: name + "(z, /)", Fn: func(t *thread, a []value) (value, *exc) {
		c, e := arg(t, a[0])
		if e != nil {
			return value{}, e
		}
		r := f(c)
		if finite(c) && cmplx.IsInf(r) {
			return value{}, object.OverflowErrorf(t, "math range error")
		}
		if finite(c) && cmplx.IsNaN(r) {
			return value{}, object.ValueErrorf(t, "math domain error")
		}
		return object.NewComplex(r), nil
	}}
}

func test(name string, f func(c complex128) bool) object.Method {
	return object.Method{Sig: name + "(z, /)", Fn: func(t *thread, a []value) (value, *exc) {
		c, e := arg(t, a[0])
		return object.Bool(f(c)), e
	}}
}

func log(t *thread, a []value) (value, *exc) {
	c, e := arg(t, a[0])
	if e != nil {
		return value{}, e
	}
	if c == 0 {
		return value{}, object.ValueErrorf(t, "math domain error")
	}
	r := cmplx.Log(c)
	if a[1].Ref == nil {
		return object.NewComplex(r), nil
	}
	b, e := arg(t, a[1])
	if e != nil {
		return value{}, e
	}
	return object.BinaryOp(t, object.OpTrueDiv, object.NewComplex(r), object.NewComplex(cmplx.Log(b)))
}

func isclose(t *thread, a []value) (value, *exc) {
	x, e := arg(t, a[0])
	if e != nil {
		return value{}, e
	}
	y, e := arg(t, a[1])
	if e != nil {
		return value{}, e
	}
	rel, e := object.ToFloat(t, a[2])
	if e != nil {
		return value{}, e
	}
	abs, e := object.ToFloat(t, a[3])
	if e != nil {
		return value{}, e
	}
	if rel < 0 || abs < 0 {
		return value{}, object.ValueErrorf(t, "tolerances must be non-negative")
	}
	if x == y {
		return object.True, nil
	}
	if cmplx.IsInf(x) || cmplx.IsInf(y) {
		return object.False, nil
	}
	d := cmplx.Abs(x - y)
	return object.Bool(d <= rel*cmplx.Abs(y) || d <= rel*cmplx.Abs(x) || d <= abs), nil
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	for name, x := range map[string]float64{"pi": math.Pi, "e": math.E, "tau": 2 * math.Pi, "inf": math.Inf(1), "nan": math.NaN()} {
		m.Set(t, name, object.Float(x))
	}
	m.Set(t, "infj", object.NewComplex(complex(0, math.Inf(1))))
	m.Set(t, "nanj", object.NewComplex(complex(0, math.NaN())))
	m.Define(t, []object.Method{
		unary("acos", cmplx.Acos), unary("acosh", cmplx.Acosh), unary("asin", cmplx.Asin), unary("asinh", cmplx.Asinh),
		unary("atan", cmplx.Atan), unary("atanh", cmplx.Atanh), unary("cos", cmplx.Cos), unary("cosh", cmplx.Cosh),
		unary("exp", cmplx.Exp), unary("sin", cmplx.Sin), unary("sinh", cmplx.Sinh), unary("sqrt", cmplx.Sqrt),
		unary("tan", cmplx.Tan), unary("tanh", cmplx.Tanh),
		{Sig: "log(z, base=<absent>, /)", Fn: log},
		{Sig: "log10(z, /)", Fn: func(t *thread, a []value) (value, *exc) {
			c, e := arg(t, a[0])
			if e == nil && c == 0 {
				e = object.ValueErrorf(t, "math domain error")
			}
			return object.NewComplex(cmplx.Log10(c)), e
		}},
		{Sig: "phase(z, /)", Fn: func(t *thread, a []value) (value, *exc) {
			c, e := arg(t, a[0])
			return object.Float(cmplx.Phase(c)), e
		}},
		{Sig: "polar(z, /)", Fn: func(t *thread, a []value) (value, *exc) {
			c, e := arg(t, a[0])
			return object.TupleOf(object.Float(cmplx.Abs(c)), object.Float(cmplx.Phase(c))), e
		}},
		{Sig: "rect(r, phi, /)", Fn: func(t *thread, a []value) (value, *exc) {
			r, e := object.ToFloat(t, a[0])
			if e != nil {
				return value{}, e
			}
			phi, e := object.ToFloat(t, a[1])
			if e == nil && math.IsInf(phi, 0) && r != 0 {
				e = object.ValueErrorf(t, "math domain error")
			}
			return object.NewComplex(complex(r*math.Cos(phi), r*math.Sin(phi))), e
		}},
		test("isfinite", finite), test("isinf", cmplx.IsInf),
		test("isnan", func(c complex128) bool { return real(c) != real(c) || imag(c) != imag(c) }),
		{Sig: "isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", Fn: isclose},
	})
	return nil
}
