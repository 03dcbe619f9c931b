package object

import (
	"math"
	"math/big"

	"martlet/python/internal/numfmt"
)

// The type slice, and the computation of what a slice selects.

// Slice is a slice object.
type Slice struct {
	Object
	Start, Stop, Step Value
}

// SliceType is slice.
var SliceType Type

// NewSlice makes a slice object; missing parts are None.
func NewSlice(start, stop, step Value) Value {
	return Obj(&Slice{Object{&SliceType.Root}, start, stop, step})
}

// Bounds is what a slice selects of a sequence of known length: N elements from Start in steps of Step.
type Bounds struct{ Start, Stop, Step, N int }

// SliceParts are the numbers of a slice object before the length is known.
type SliceParts struct{ start, stop, step int }

// UnpackSlice converts the parts of a slice object.
func UnpackSlice(t *Thread, v Value) (SliceParts, *Exception) {
	s := As[Slice](v)
	p := SliceParts{0, math.MaxInt, 1}
	var e *Exception
	if p.step, e = sliceIndex(t, s.Step, 1); e != nil {
		return p, e
	}
	if p.step == 0 {
		return p, ValueErrorf(t, "slice step cannot be zero")
	}
	if p.step < 0 {
		p = SliceParts{math.MaxInt, math.MinInt, max(p.step, -math.MaxInt)}
	}
	if p.start, e = sliceIndex(t, s.Start, p.start); e != nil {
		return p, e
	}
	p.stop, e = sliceIndex(t, s.Stop, p.stop)
	return p, e
}

// For resolves the parts for a sequence of length n.
func (p SliceParts) For(n int) Bounds {
	lo, hi := 0, n
	if p.step < 0 {
		lo, hi = -1, n-1
	}
	start, stop := clampTo(p.start, n, lo, hi), clampTo(p.stop, n, lo, hi)
	return Bounds{start, stop, p.step, countSteps(start, stop, p.step)}
}

// SliceBounds resolves a slice object for a sequence of length n.
func SliceBounds(t *Thread, v Value, n int) (Bounds, *Exception) {
	p, e := UnpackSlice(t, v)
	if e != nil {
		return Bounds{}, e
	}
	return p.For(n), nil
}

func clampTo(i, n, lo, hi int) int {
	if i < 0 {
		i += n
	}
	return max(lo, min(i, hi))
}

func countSteps(start, stop, step int) int {
	switch {
	case step > 0 && start < stop:
		return (stop-start-1)/step + 1
	case step < 0 && start > stop:
		return (start-stop-1)/-step + 1
	}
	return 0
}

// sliceIndex converts one part of a slice, clamped to int; def stands for None.
func sliceIndex(t *Thread, v Value, def int) (int, *Exception) {
	switch {
	case v.IsInt():
		return int(v.Bits), nil
	case v.IsNone():
		return def, nil
	case v.Type().Slots.Index == nil:
		return 0, TypeErrorf(t, "slice indices must be integers or None or have an __index__ method")
	}
	return ClampIndex(t, v)
}

// pick gives the selected elements in a fresh slice.
func (r Bounds) pick(items []Value) []Value {
	if r.N == 0 {
		return nil
	}
	out := make([]Value, r.N)
	if r.Step == 1 {
		copy(out, items[r.Start:r.Start+r.N])
		return out
	}
	for i, j := 0, r.Start; i < r.N; i, j = i+1, j+r.Step {
		out[i] = items[j]
	}
	return out
}

func pickBytes(r Bounds, b []byte) []byte {
	out := make([]byte, r.N)
	if r.Step == 1 {
		copy(out, b[r.Start:])
		return out
	}
	for i, j := 0, r.Start; i < r.N; i, j = i+1, j+r.Step {
		out[i] = b[j]
	}
	return out
}

func sliceNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	if a[1].Ref == nil {
		return NewSlice(None, a[0], None), nil
	}
	return NewSlice(a[0], a[1], a[2]), nil
}

func sliceRepr(t *Thread, v Value) (Value, *Exception) {
	s := As[Slice](v)
	b, e := appendReprs(t, []byte("slice("), []Value{s.Start, s.Stop, s.Step})
	if e != nil {
		return Value{}, e
	}
	return StrVal(string(append(b, ')'))), nil
}

func sliceCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if b.Type() != &SliceType {
		return NotImplemented, nil
	}
	x, y := As[Slice](a), As[Slice](b)
	return Compare(t, TupleOf(x.Start, x.Stop, x.Step), TupleOf(y.Start, y.Stop, y.Step), op)
}

func sliceHash(t *Thread, v Value) (int64, *Exception) {
	s := As[Slice](v)
	var h numfmt.HashTuple
	for _, x := range []Value{s.Start, s.Stop, s.Step} {
		k, e := Hash(t, x)
		if e != nil {
			return 0, e
		}
		h.Add(k)
	}
	return h.SumSlice(), nil
}

// sliceIndices is slice.indices for ints of any size.
func sliceIndices(t *Thread, a []Value) (Value, *Exception) {
	nv, e := ToIndex(t, a[1])
	if e != nil {
		return Value{}, e
	}
	n := BigOf(nv)
	if n.Sign() < 0 {
		return Value{}, ValueErrorf(t, "length should not be negative")
	}
	s := As[Slice](a[0])
	step, e := bigPart(t, s.Step, bigOne)
	if e != nil {
		return Value{}, e
	}
	if step.Sign() == 0 {
		return Value{}, ValueErrorf(t, "slice step cannot be zero")
	}
	lo, hi := bigZero, n
	if step.Sign() < 0 {
		lo, hi = big.NewInt(-1), new(big.Int).Sub(n, bigOne)
	}
	first, last := lo, hi
	if step.Sign() < 0 {
		first, last = hi, lo
	}
	start, e := bigBound(t, s.Start, n, lo, hi, first)
	if e != nil {
		return Value{}, e
	}
	stop, e := bigBound(t, s.Stop, n, lo, hi, last)
	if e != nil {
		return Value{}, e
	}
	return TupleOf(BigVal(start), BigVal(stop), BigVal(step)), nil
}

func bigPart(t *Thread, v Value, def *big.Int) (*big.Int, *Exception) {
	if v.IsNone() {
		return def, nil
	}
	if v.Type().Slots.Index == nil {
		return nil, TypeErrorf(t, "slice indices must be integers or None or have an __index__ method")
	}
	i, e := ToIndex(t, v)
	if e != nil {
		return nil, e
	}
	return BigOf(i), nil
}

func bigBound(t *Thread, v Value, n, lo, hi, def *big.Int) (*big.Int, *Exception) {
	if v.IsNone() {
		return def, nil
	}
	i, e := bigPart(t, v, nil)
	if e != nil {
		return nil, e
	}
	if i.Sign() < 0 {
		i = new(big.Int).Add(i, n)
	}
	switch {
	case i.Cmp(lo) < 0:
		return lo, nil
	case i.Cmp(hi) > 0:
		return hi, nil
	}
	return i, nil
}

func init() {
	Declare(&SliceType, Decl{
		Name: "slice", Flags: FFinal, Layout: LayoutOf[Slice](),
		Doc: "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for extended slicing (e.g. a[0:10:2]).",
		Slots: Slots{
			Repr: sliceRepr, Compare: sliceCompare, Hash: sliceHash,
			New: NewSig("slice(start, stop=<absent>, step=None, /)", sliceNew),
		},
		Methods: []Method{
			{Sig: "indices(self, object, /)", Fn: sliceIndices},
			{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				s := As[Slice](a[0])
				return TupleOf(SliceType.Value(), TupleOf(s.Start, s.Stop, s.Step)), nil
			}},
		},
		GetSets: []GetSet{
			{Name: "start", Get: func(t *Thread, v Value) (Value, *Exception) { return As[Slice](v).Start, nil }},
			{Name: "stop", Get: func(t *Thread, v Value) (Value, *Exception) { return As[Slice](v).Stop, nil }},
			{Name: "step", Get: func(t *Thread, v Value) (Value, *Exception) { return As[Slice](v).Step, nil }},
		},
	})
}
