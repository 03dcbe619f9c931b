package math

import (
	"math"
	"math/big"

	"martlet/python/object"
)

func sumFuncs() []object.Method {
	return []object.Method{
		{Sig: "fsum(seq, /)", Fn: fsum, Doc: "Return an accurate floating-point sum of values in the iterable seq.\n\nAssumes IEEE-754 floating-point arithmetic."},
		{Sig: "prod(iterable, /, *, start=1)", Fn: prod, Doc: "Calculate the product of all the elements in the input iterable.\n\nThe default start value for the product is 1.\n\nWhen the iterable is empty, return the start value.  This function is\nintended specifically for use with numeric values and may reject\nnon-numeric types."},
		{Sig: "sumprod(p, q, /)", Fn: sumprod, Doc: "Return the sum of products of values from two iterables p and q."},
		{Sig: "dist(p, q, /)", Fn: dist, Doc: "Return the Euclidean distance between two points p and q.\n\nThe points should be specified as sequences (or iterables) of\ncoordinates.  Both inputs must have the same dimension."},
		{Sig: "hypot(*coordinates)", Fn: hypot, Doc: "hypot(*coordinates) -> value\n\nMultidimensional Euclidean distance from the origin to a point."},
	}
}

// exact sums floats without rounding, in a big.Float wide enough for every float's bits.
type exact struct {
	sum     big.Float
	special float64 // sum of infinities and NaNs
	any     bool
}

const exactPrec = 2200

func (x *exact) add(f float64) {
	if f-f != 0 {
		x.special += f
		x.any = true
		return
	}
	x.sum.SetPrec(exactPrec).Add(&x.sum, new(big.Float).SetFloat64(f))
}

func (x *exact) addProduct(f, g float64) {
	if p := f * g; f-f != 0 || g-g != 0 {
		x.add(p)
		return
	}
	p := new(big.Float).SetPrec(120).Mul(new(big.Float).SetFloat64(f), new(big.Float).SetFloat64(g))
	x.sum.SetPrec(2*exactPrec).Add(&x.sum, p)
}

func (x *exact) float() float64 {
	if x.any {
		return x.special
	}
	f, _ := x.sum.Float64()
	if f == 0 {
		return 0
	}
	return f
}

func fsum(t *thread, a []value) (value, *exc) {
	var x exact
	e := object.ForEach(t, a[0], func(v value) (bool, *exc) {
		f, e := object.ToFloat(t, v)
		if math.IsInf(f, 0) && math.IsInf(x.special, 0) && f != x.special {
			return false, object.ValueErrorf(t, "-inf + inf in fsum")
		}
		x.add(f)
		return true, e
	})
	if e != nil {
		return value{}, e
	}
	r := x.float()
	if math.IsInf(r, 0) && !x.any {
		return value{}, object.OverflowErrorf(t, "intermediate overflow in fsum")
	}
	return object.Float(r), nil
}

func prod(t *thread, a []value) (value, *exc) {
	r := a[1]
	e := object.ForEach(t, a[0], func(v value) (bool, *exc) {
		var e *exc
		r, e = object.BinaryOp(t, object.OpMul, r, v)
		return true, e
	})
	return r, e
}

func sumprod(t *thread, a []value) (value, *exc) {
	p, e := object.Collect(t, a[0])
	if e != nil {
		return value{}, e
	}
	q, e := object.Collect(t, a[1])
	if e != nil {
		return value{}, e
	}
	if len(p) != len(q) {
		return value{}, object.ValueErrorf(t, "Inputs are not the same length")
	}
	floats := len(p) > 0
	anyFloat := false
	for i := range p {
		floats = floats && (p[i].IsFloat() || p[i].IsInt()) && (q[i].IsFloat() || q[i].IsInt())
		anyFloat = anyFloat || p[i].IsFloat() || q[i].IsFloat()
	}
	if floats && anyFloat {
		var x exact
		for i := range p {
			f, _ := object.ToFloat(t, p[i])
			g, _ := object.ToFloat(t, q[i])
			x.addProduct(f, g)
		}
		return object.Float(x.float()), nil
	}
	r := object.Int(0)
	for i := range p {
		m, e := object.BinaryOp(t, object.OpMul, p[i], q[i])
		if e != nil {
			return value{}, e
		}
		if r, e = object.BinaryOp(t, object.OpAdd, r, m); e != nil {
			return value{}, e
		}
	}
	return r, nil
}

// norm is the Euclidean norm: the exact sum of squares, rounded once before and once after the root.
func norm(xs []float64) float64 {
	var x exact
	nan := false
	for _, f := range xs {
		if math.IsInf(f, 0) {
			return math.Inf(1)
		}
		nan = nan || f != f
		x.addProduct(f, f)
	}
	if nan {
		return math.NaN()
	}
	if x.sum.Sign() == 0 {
		return 0
	}
	f, _ := new(big.Float).SetPrec(120).Sqrt(&x.sum).Float64()
	return f
}

func hypot(t *thread, a []value) (value, *exc) {
	var xs []float64
	for _, v := range object.As[object.Tuple](a[0]).Items {
		f, e := object.ToFloat(t, v)
		if e != nil {
			return value{}, e
		}
		xs = append(xs, f)
	}
	return object.Float(norm(xs)), nil
}

func dist(t *thread, a []value) (value, *exc) {
	p, e := object.Collect(t, a[0])
	if e != nil {
		return value{}, e
	}
	q, e := object.Collect(t, a[1])
	if e != nil {
		return value{}, e
	}
	if len(p) != len(q) {
		return value{}, object.ValueErrorf(t, "both points must have the same number of dimensions")
	}
	xs := make([]float64, len(p))
	for i := range p {
		f, g, e := two(t, []value{p[i], q[i]})
		if e != nil {
			return value{}, e
		}
		xs[i] = f - g
	}
	return object.Float(norm(xs)), nil
}
