package object

import (
	"math"
	"math/big"

	"martlet/python/internal/numfmt"
)

// The type range. Ranges whose bounds and length fit 64 bits are computed in machine words; others with math/big.

// Range is a range object. Start, Stop and Step are plain ints; small tells that all of them and N fit int64 with room
// to spare, and then lo, step and N describe it.
type Range struct {
	Object
	Start, Stop, Step Value
	small             bool
	lo, step, n       int64
	bigN              *big.Int
}

// RangeType, RangeIterType and LongRangeIterType are range and its iterators.
var RangeType, RangeIterType, LongRangeIterType Type

// RangeIter iterates over a range in machine words: Left more values from Cur.
type RangeIter struct {
	Object
	Cur, Step, Left int64
}

// LongRangeIter iterates over a range of big ints.
type LongRangeIter struct {
	Object
	Cur, Step, Left *big.Int
}

func newRange(start, stop, step Value) *Range {
	r := &Range{Object: Object{&RangeType.Root}, Start: start, Stop: stop, Step: step}
	if start.IsInt() && stop.IsInt() && step.IsInt() {
		a, b, s := int64(start.Bits), int64(stop.Bits), int64(step.Bits)
		const lim = 1 << 61
		if a > -lim && a < lim && b > -lim && b < lim && s > -lim && s < lim {
			r.small, r.lo, r.step, r.n = true, a, s, int64(countSteps(int(a), int(b), int(s)))
			return r
		}
	}
	r.bigN = bigSteps(BigOf(start), BigOf(stop), BigOf(step))
	return r
}

func bigSteps(a, b, s *big.Int) *big.Int {
	d := new(big.Int).Sub(b, a)
	if s.Sign() < 0 {
		d.Neg(d)
	}
	if d.Sign() <= 0 {
		return new(big.Int)
	}
	d.Sub(d, bigOne)
	d.Quo(d, new(big.Int).Abs(s))
	return d.Add(d, bigOne)
}

func (r *Range) length() *big.Int {
	if r.small {
		return big.NewInt(r.n)
	}
	return r.bigN
}

// at gives element i, which is in range.
func (r *Range) at(i *big.Int) Value {
	x := new(big.Int).Mul(i, BigOf(r.Step))
	return BigVal(x.Add(x, BigOf(r.Start)))
}

func rangeNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	start, stop, step := Int(0), a[0], Int(1)
	var e *Exception
	if a[1].Ref != nil {
		if start, e = ToIndex(t, a[0]); e != nil {
			return Value{}, e
		}
		stop = a[1]
	}
	if stop, e = ToIndex(t, stop); e != nil {
		return Value{}, e
	}
	if a[2].Ref != nil {
		if step, e = ToIndex(t, a[2]); e != nil {
			return Value{}, e
		}
		if step.IsInt() && step.Bits == 0 {
			return Value{}, ValueErrorf(t, "range() arg 3 must not be zero")
		}
	}
	return Obj(newRange(start, stop, step)), nil
}

func rangeRepr(t *Thread, v Value) (Value, *Exception) {
	r := As[Range](v)
	parts := []Value{r.Start, r.Stop}
	if !r.Step.IsInt() || int64(r.Step.Bits) != 1 {
		parts = append(parts, r.Step)
	}
	b, e := appendReprs(t, []byte("range("), parts)
	if e != nil {
		return Value{}, e
	}
	return StrVal(string(append(b, ')'))), nil
}

func rangeIter(t *Thread, v Value) (Value, *Exception) {
	r := As[Range](v)
	if r.small {
		return Obj(&RangeIter{Object{&RangeIterType.Root}, r.lo, r.step, r.n}), nil
	}
	return Obj(&LongRangeIter{Object{&LongRangeIterType.Root}, BigOf(r.Start), BigOf(r.Step), r.bigN}), nil
}

func rangeReversed(t *Thread, a []Value) (Value, *Exception) {
	r := As[Range](a[0])
	if r.small {
		return Obj(&RangeIter{Object{&RangeIterType.Root}, r.lo + (r.n-1)*r.step, -r.step, r.n}), nil
	}
	last := BigOf(r.at(new(big.Int).Sub(r.bigN, bigOne)))
	return Obj(&LongRangeIter{Object{&LongRangeIterType.Root}, last, new(big.Int).Neg(BigOf(r.Step)), r.bigN}), nil
}

func rangeIterNext(t *Thread, v Value) (Value, *Exception) {
	it := As[RangeIter](v)
	if it.Left <= 0 {
		return Value{}, nil
	}
	x := it.Cur
	it.Cur += it.Step
	it.Left--
	return Int(x), nil
}

func longRangeNext(t *Thread, v Value) (Value, *Exception) {
	it := As[LongRangeIter](v)
	if it.Left.Sign() <= 0 {
		return Value{}, nil
	}
	x := it.Cur
	it.Cur = new(big.Int).Add(x, it.Step)
	it.Left = new(big.Int).Sub(it.Left, bigOne)
	return BigVal(x), nil
}

func rangeGetItem(t *Thread, v, key Value) (Value, *Exception) {
	r := As[Range](v)
	if key.Type() == &SliceType {
		return r.slice(t, key)
	}
	if key.IsInt() && r.small {
		i := int64(key.Bits)
		if i < 0 {
			i += r.n
		}
		if uint64(i) < uint64(r.n) {
			return Int(r.lo + i*r.step), nil
		}
		return Value{}, IndexErrorf(t, "range object index out of range")
	}
	if key.Type().Slots.Index == nil {
		return Value{}, TypeErrorf(t, "range indices must be integers or slices, not %s", key.Type().Name)
	}
	iv, e := ToIndex(t, key)
	if e != nil {
		return Value{}, e
	}
	i, n := BigOf(iv), r.length()
	if i.Sign() < 0 {
		i = new(big.Int).Add(i, n)
	}
	if i.Sign() < 0 || i.Cmp(n) >= 0 {
		return Value{}, IndexErrorf(t, "range object index out of range")
	}
	return r.at(i), nil
}

func (r *Range) slice(t *Thread, key Value) (Value, *Exception) {
	parts, e := sliceIndices(t, []Value{key, BigVal(r.length())})
	if e != nil {
		return Value{}, e
	}
	p := As[Tuple](parts).Items
	step := BigVal(new(big.Int).Mul(BigOf(p[2]), BigOf(r.Step)))
	return Obj(newRange(r.at(BigOf(p[0])), r.at(BigOf(p[1])), step)), nil
}

// position gives the index of an int in the range, or nil.
func (r *Range) position(v Value) *big.Int {
	d := new(big.Int).Sub(BigOf(v), BigOf(r.Start))
	q, m := new(big.Int).QuoRem(d, BigOf(r.Step), new(big.Int))
	if m.Sign() != 0 || q.Sign() < 0 || q.Cmp(r.length()) >= 0 {
		return nil
	}
	return q
}

func rangeContains(t *Thread, v, x Value) (bool, *Exception) {
	r := As[Range](v)
	if !x.IsInt() && !x.IsBool() && x.Type() != &IntType {
		return iterContains(t, v, x)
	}
	if r.small && (x.IsInt() || x.IsBool()) {
		d := int64(x.Bits) - r.lo
		if r.step == 1 {
			return d >= 0 && d < r.n, nil
		}
		return d%r.step == 0 && d/r.step >= 0 && d/r.step < r.n, nil
	}
	return r.position(x) != nil, nil
}

// iterContains searches by iterating.
func iterContains(t *Thread, v, x Value) (bool, *Exception) {
	found := false
	e := ForEach(t, v, func(y Value) (bool, *Exception) {
		eq, e := Equal(t, y, x)
		found = eq
		return !eq, e
	})
	return found, e
}

func rangeIndex(t *Thread, a []Value) (Value, *Exception) {
	r := As[Range](a[0])
	if a[1].Type() == &IntType || a[1].IsBool() {
		if i := r.position(a[1]); i != nil {
			return BigVal(i), nil
		}
		s, e := reprText(t, a[1])
		if e != nil {
			return Value{}, e
		}
		return Value{}, ValueErrorf(t, "%s is not in range", s)
	}
	n, found := int64(0), false
	e := ForEach(t, a[0], func(y Value) (bool, *Exception) {
		eq, e := Equal(t, y, a[1])
		found = eq
		if !eq {
			n++
		}
		return !eq, e
	})
	if e == nil && !found {
		e = ValueErrorf(t, "sequence.index(x): x not in sequence")
	}
	return Int(n), e
}

func rangeCount(t *Thread, a []Value) (Value, *Exception) {
	if a[1].Type() == &IntType || a[1].IsBool() {
		in, e := rangeContains(t, a[0], a[1])
		if in {
			return Int(1), e
		}
		return Int(0), e
	}
	n := int64(0)
	e := ForEach(t, a[0], func(y Value) (bool, *Exception) {
		eq, e := Equal(t, y, a[1])
		if eq {
			n++
		}
		return true, e
	})
	return Int(n), e
}

// identity gives what ranges compare and hash by: length, start unless empty, step if longer than one.
func (r *Range) identity() []Value {
	n := BigVal(r.length())
	switch {
	case n.IsInt() && n.Bits == 0:
		return []Value{n, None, None}
	case n.IsInt() && n.Bits == 1:
		return []Value{n, r.Start, None}
	}
	return []Value{n, r.Start, r.Step}
}

func rangeCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if b.Type() != &RangeType || op != CmpEq && op != CmpNe {
		return NotImplemented, nil
	}
	return tupleCompare(t, NewTuple(As[Range](a).identity()), NewTuple(As[Range](b).identity()), op)
}

func rangeHash(t *Thread, v Value) (int64, *Exception) {
	var h numfmt.HashTuple
	for _, x := range As[Range](v).identity() {
		k, e := Hash(t, x)
		if e != nil {
			return 0, e
		}
		h.Add(k)
	}
	return h.Sum(), nil
}

func rangeLen(t *Thread, v Value) (int, *Exception) {
	r := As[Range](v)
	if r.small {
		return int(r.n), nil
	}
	if !r.bigN.IsInt64() {
		return 0, OverflowErrorf(t, "Python int too large to convert to C ssize_t")
	}
	return int(r.bigN.Int64()), nil
}

func rangeIterReduce(t *Thread, a []Value) (Value, *Exception) {
	var cur, step, left *big.Int
	if a[0].Type() == &RangeIterType {
		it := As[RangeIter](a[0])
		cur, step, left = big.NewInt(it.Cur), big.NewInt(it.Step), big.NewInt(it.Left)
	} else {
		it := As[LongRangeIter](a[0])
		cur, step, left = it.Cur, it.Step, it.Left
	}
	stop := new(big.Int).Mul(left, step)
	r := newRange(BigVal(cur), BigVal(stop.Add(stop, cur)), BigVal(step))
	return TupleOf(builtinFunc(t, "iter"), TupleOf(Obj(r)), None), nil
}

func rangeIterSet(t *Thread, a []Value) (Value, *Exception) {
	iv, e := ToIndex(t, a[1])
	if e != nil {
		return Value{}, e
	}
	i := BigOf(iv)
	if a[0].Type() == &RangeIterType {
		it := As[RangeIter](a[0])
		k := min(max(0, clamp64(i)), it.Left)
		it.Cur, it.Left = it.Cur+k*it.Step, it.Left-k
		return None, nil
	}
	it := As[LongRangeIter](a[0])
	if i.Sign() < 0 {
		i = bigZero
	} else if i.Cmp(it.Left) > 0 {
		i = it.Left
	}
	it.Cur = new(big.Int).Add(it.Cur, new(big.Int).Mul(i, it.Step))
	it.Left = new(big.Int).Sub(it.Left, i)
	return None, nil
}

func clamp64(b *big.Int) int64 {
	switch {
	case b.IsInt64():
		return b.Int64()
	case b.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

func init() {
	get := func(f func(r *Range) Value) UnaryFunc {
		return func(t *Thread, v Value) (Value, *Exception) { return f(As[Range](v)), nil }
	}
	Declare(&RangeType, Decl{
		Name: "range", Flags: FFinal | FSequence, Layout: LayoutOf[Range](),
		Doc: "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nReturn an object that produces a sequence of integers from start (inclusive)\nto stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.\nstart defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.\nThese are exactly the valid indices for a list of 4 elements.\nWhen step is given, it specifies the increment (or decrement).",
		Slots: Slots{
			Repr: rangeRepr, Compare: rangeCompare, Hash: rangeHash, Len: rangeLen, Iter: rangeIter, GetItem: rangeGetItem,
			Contains: rangeContains,
			Bool: func(t *Thread, v Value) (bool, *Exception) {
				r := As[Range](v)
				return r.n != 0 || r.bigN != nil && r.bigN.Sign() != 0, nil
			},
			New: NewSig("range(start, stop=<absent>, step=<absent>, /)", rangeNew),
		},
		Methods: []Method{
			{Sig: "index(self, object, /)", Fn: rangeIndex},
			{Sig: "count(self, object, /)", Fn: rangeCount},
			{Sig: "__reversed__(self, /)", Fn: rangeReversed},
			{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				r := As[Range](a[0])
				return TupleOf(RangeType.Value(), TupleOf(r.Start, r.Stop, r.Step)), nil
			}},
		},
		GetSets: []GetSet{
			{Name: "start", Get: get(func(r *Range) Value { return r.Start })},
			{Name: "stop", Get: get(func(r *Range) Value { return r.Stop })},
			{Name: "step", Get: get(func(r *Range) Value { return r.Step })},
		},
	})
	hint := func(f func(v Value) Value) Method {
		return Method{Sig: "__length_hint__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return f(a[0]), nil }}
	}
	rest := []Method{{Sig: "__reduce__(self, /)", Fn: rangeIterReduce}, {Sig: "__setstate__(self, state, /)", Fn: rangeIterSet}}
	Declare(&RangeIterType, Decl{Name: "range_iterator", Flags: FNoNew | FFinal, Slots: Slots{Iter: iterSelf, Next: rangeIterNext},
		Methods: append([]Method{hint(func(v Value) Value { return Int(max(0, As[RangeIter](v).Left)) })}, rest...)})
	Declare(&LongRangeIterType, Decl{Name: "longrange_iterator", Flags: FNoNew | FFinal, Slots: Slots{Iter: iterSelf, Next: longRangeNext},
		Methods: append([]Method{hint(func(v Value) Value { return BigVal(As[LongRangeIter](v).Left) })}, rest...)})
}
