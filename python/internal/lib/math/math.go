// Package math is Python's module math.
//
//	math.go     the table, conversions, error rules
//	float.go    functions of floats
//	int.go      functions of ints: gcd, isqrt, comb, factorial ...
//	sums.go     fsum, sumprod, prod, dist, hypot
package math

import (
	"math"

	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

func domain(t *thread) *exc   { return object.ValueErrorf(t, "math domain error") }
func rangeErr(t *thread) *exc { return object.OverflowErrorf(t, "math range error") }

// unary makes a function of one float. A NaN from a number is a domain error, an infinity from a finite number a range
// error or, for a pole, a domain error.
func unary(sig, doc string, f func(x float64) float64, canOverflow bool) object.Method {
	return object.Method{Sig: sig + "(x, /)", Doc: doc, Fn: func(t *thread, a []value) (value, *exc) {
		x, e := object.ToFloat(t, a[0])
		if e != nil {
			return value{}, e
		}
		r := f(x)
		switch {
		case r != r && x == x:
			return value{}, domain(t)
		case math.IsInf(r, 0) && !math.IsInf(x, 0) && x == x:
			if canOverflow {
				return value{}, rangeErr(t)
			}
			return value{}, domain(t)
		}
		return object.Float(r), nil
	}}
}

// binary makes a function of two floats with the same rules.
func binary(sig, doc string, f func(x, y float64) float64) object.Method {
	return object.Method{Sig: sig, Doc: doc, Fn: func(t *thread, a []value) (value, *exc) {
		x, y, e := two(t, a)
		if e != nil {
			return value{}, e
		}
		r := f(x, y)
		switch {
		case r != r && x == x && y == y:
			return value{}, domain(t)
		case math.IsInf(r, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0):
			return value{}, rangeErr(t)
		}
		return object.Float(r), nil
	}}
}

func two(t *thread, a []value) (x, y float64, e *exc) {
	if x, e = object.ToFloat(t, a[0]); e != nil {
		return
	}
	y, e = object.ToFloat(t, a[1])
	return
}

func test(sig, doc string, f func(x float64) bool) object.Method {
	return object.Method{Sig: sig + "(x, /)", Doc: doc, Fn: func(t *thread, a []value) (value, *exc) {
		x, e := object.ToFloat(t, a[0])
		return object.Bool(f(x)), e
	}}
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.Set(t, "pi", object.Float(math.Pi))
	m.Set(t, "e", object.Float(math.E))
	m.Set(t, "tau", object.Float(2*math.Pi))
	m.Set(t, "inf", object.Float(math.Inf(1)))
	m.Set(t, "nan", object.Float(math.NaN()))
	m.Define(t, floatFuncs())
	m.Define(t, intFuncs())
	m.Define(t, sumFuncs())
	return nil
}
