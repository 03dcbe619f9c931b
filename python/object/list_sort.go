package object

import "slices"

// list.sort: a stable merge sort with natural runs. Runs are found from the left, descending ones reversed, short ones
// extended by binary insertion, and merged by powersort's rule (Munro and Wild, "Nearly-Optimal Mergesorts", 2018): the
// boundary between two runs has a power, its depth in the ideal merge tree, and a run is merged before a boundary of
// lower power is pushed.
//
// While the sort runs the list is empty; whoever changes it then is told afterwards (ValueError). Keys that are all
// ints, floats or strs are compared without calling anything.

type sorter struct {
	t    *Thread
	less func(a, b Value) (bool, *Exception)
	key  []Value
	val  []Value // nil without key function: the keys are the values
	tmpK []Value
	tmpV []Value
	err  *Exception
}

// SortValues sorts items in place, by keyfn unless it is None.
func SortValues(t *Thread, items []Value, keyfn Value, reverse bool) *Exception {
	s := &sorter{t: t, key: items}
	if !keyfn.IsNone() {
		if e := s.computeKeys(items, keyfn); e != nil {
			return e
		}
	}
	s.less = chooseLess(t, s.key)
	if reverse { // keep stability: reverse, sort, reverse
		s.reverse(0, len(s.key))
	}
	s.sort()
	if reverse {
		s.reverse(0, len(s.key))
	}
	return s.err
}

func (s *sorter) computeKeys(items []Value, keyfn Value) *Exception {
	if e := s.t.Charge(16 * len(items)); e != nil {
		return e
	}
	s.val = items
	s.key = make([]Value, len(items))
	for i, x := range items {
		k, e := Call(s.t, keyfn, x)
		if e != nil {
			return e
		}
		s.key[i] = k
	}
	return nil
}

// chooseLess picks the comparison for keys of one basic type.
func chooseLess(t *Thread, keys []Value) func(a, b Value) (bool, *Exception) {
	ints, floats, strs := true, true, true
	for _, k := range keys {
		ints = ints && k.IsInt()
		floats = floats && k.IsFloat()
		strs = strs && exactStr(k)
	}
	switch {
	case ints:
		return func(a, b Value) (bool, *Exception) { return int64(a.Bits) < int64(b.Bits), nil }
	case floats:
		return func(a, b Value) (bool, *Exception) { return a.Float64() < b.Float64(), nil }
	case strs:
		return func(a, b Value) (bool, *Exception) { return As[Str](a).S < As[Str](b).S, nil }
	}
	return func(a, b Value) (bool, *Exception) {
		r, e := Compare(t, a, b, CmpLt)
		if e != nil {
			return false, e
		}
		return Truth(t, r)
	}
}

func (s *sorter) lt(a, b Value) bool {
	if s.err != nil {
		return false
	}
	r, e := s.less(a, b)
	s.err = e
	return r && e == nil
}

func (s *sorter) reverse(lo, hi int) {
	slices.Reverse(s.key[lo:hi])
	if s.val != nil {
		slices.Reverse(s.val[lo:hi])
	}
}

type run struct{ lo, n, power int }

func (s *sorter) sort() {
	n := len(s.key)
	if n < 2 {
		return
	}
	minRun := n
	for r := 0; minRun >= 64; {
		r |= minRun & 1
		minRun >>= 1
		if minRun < 64 {
			minRun += r
		}
	}
	var stack []run
	for lo := 0; lo < n && s.err == nil; {
		k := s.countRun(lo, n)
		if k < minRun {
			force := min(minRun, n-lo)
			s.insertion(lo, lo+k, lo+force)
			k = force
		}
		if len(stack) > 0 {
			top := stack[len(stack)-1]
			p := boundaryPower(top.lo, top.n, k, n)
			for len(stack) > 1 && stack[len(stack)-2].power > p && s.err == nil {
				stack = s.mergeTop(stack)
			}
			stack[len(stack)-1].power = p
		}
		stack = append(stack, run{lo: lo, n: k})
		lo += k
	}
	for len(stack) > 1 && s.err == nil {
		stack = s.mergeTop(stack)
	}
}

// boundaryPower is the depth of the boundary between run [lo, lo+n1) and the next n2 elements in the ideal tree over
// total elements.
func boundaryPower(lo, n1, n2, total int) int {
	a := 2*lo + n1
	b := a + n1 + n2
	for p := 1; ; p++ {
		if a >= total {
			a -= total
			b -= total
		} else if b >= total {
			return p
		}
		a <<= 1
		b <<= 1
	}
}

// countRun gives the length of the run at lo, made ascending. The comparisons are those of CPython, which a program may count: equal
// elements do not end a descending run, they are turned round by themselves first so that the whole keeps their order; and an ascending
// run may go on behind a descending one.
func (s *sorter) countRun(lo, hi int) int {
	i := s.ascend(lo, lo+1, hi)
	if i == hi || s.err != nil {
		return i - lo
	}
	if i > lo+1 {
		if s.lt(s.key[lo], s.key[i-1]) || s.err != nil {
			return i - lo
		}
		s.reverse(lo, i) // all equal
	}
	equal := i
	for i++; i < hi; i++ {
		if s.lt(s.key[i], s.key[i-1]) {
			s.reverse(equal, i)
			equal = i
		} else if s.err != nil || s.lt(s.key[i-1], s.key[i]) {
			break
		}
	}
	if s.err != nil {
		return i - lo
	}
	s.reverse(equal, i)
	s.reverse(lo, i)
	return s.ascend(lo, i, hi) - lo
}

// ascend gives the end of the ascending run from lo, which is known to reach i.
func (s *sorter) ascend(lo, i, hi int) int {
	for i < hi && !s.lt(s.key[i], s.key[i-1]) && s.err == nil {
		i++
	}
	return i
}

// insertion sorts [lo, hi) whose part before mid is sorted.
func (s *sorter) insertion(lo, mid, hi int) {
	for ; mid < hi && s.err == nil; mid++ {
		k := s.key[mid]
		l, r := lo, mid
		for l < r {
			m := int(uint(l+r) >> 1)
			if s.lt(k, s.key[m]) {
				r = m
			} else {
				l = m + 1
			}
		}
		if s.err != nil {
			return
		}
		copy(s.key[l+1:mid+1], s.key[l:mid])
		s.key[l] = k
		if s.val != nil {
			v := s.val[mid]
			copy(s.val[l+1:mid+1], s.val[l:mid])
			s.val[l] = v
		}
	}
}

func (s *sorter) mergeTop(stack []run) []run {
	n := len(stack)
	a, b := stack[n-2], stack[n-1]
	s.merge(a.lo, b.lo, b.lo+b.n)
	stack[n-2] = run{lo: a.lo, n: a.n + b.n, power: b.power}
	return stack[:n-1]
}

// merge joins the sorted [lo, mid) and [mid, hi), after cutting off what is in place already. The shorter side goes to
// the temporary array.
func (s *sorter) merge(lo, mid, hi int) {
	lo += s.upper(s.key[lo:mid], s.key[mid])
	if lo == mid || s.err != nil {
		return
	}
	hi = mid + s.lower(s.key[mid:hi], s.key[mid-1])
	if s.err != nil {
		return
	}
	if mid-lo <= hi-mid {
		s.mergeLeft(lo, mid, hi)
	} else {
		s.mergeRight(lo, mid, hi)
	}
}

// upper gives the number of elements of the sorted a that are not greater than x, galloping from the left.
func (s *sorter) upper(a []Value, x Value) int {
	l, r := 0, 1
	for r < len(a) && !s.lt(x, a[r-1]) && s.err == nil {
		l, r = r, r*2+1
	}
	r = min(r, len(a))
	for l < r {
		m := int(uint(l+r) >> 1)
		if s.lt(x, a[m]) {
			r = m
		} else {
			l = m + 1
		}
	}
	return l
}

// lower gives the number of elements of the sorted a that are less than x, galloping from the right.
func (s *sorter) lower(a []Value, x Value) int {
	n := len(a)
	r, step := n, 1
	l := n - step
	for l > 0 && !s.lt(a[l], x) && s.err == nil {
		r = l
		step = step*2 + 1
		l = n - step
	}
	l = max(l, 0)
	for l < r {
		m := int(uint(l+r) >> 1)
		if s.lt(a[m], x) {
			l = m + 1
		} else {
			r = m
		}
	}
	return l
}

func (s *sorter) mergeLeft(lo, mid, hi int) {
	tk := append(s.tmpK[:0], s.key[lo:mid]...)
	s.tmpK = tk
	var tv []Value
	if s.val != nil {
		tv = append(s.tmpV[:0], s.val[lo:mid]...)
		s.tmpV = tv
	}
	i, j, out := 0, mid, lo
	for i < len(tk) && j < hi && s.err == nil {
		if s.lt(s.key[j], tk[i]) {
			s.move(out, j)
			j++
		} else {
			s.key[out] = tk[i]
			if tv != nil {
				s.val[out] = tv[i]
			}
			i++
		}
		out++
	}
	copy(s.key[out:], tk[i:])
	if tv != nil {
		copy(s.val[out:], tv[i:])
	}
}

func (s *sorter) mergeRight(lo, mid, hi int) {
	tk := append(s.tmpK[:0], s.key[mid:hi]...)
	s.tmpK = tk
	var tv []Value
	if s.val != nil {
		tv = append(s.tmpV[:0], s.val[mid:hi]...)
		s.tmpV = tv
	}
	i, j, out := mid-1, len(tk)-1, hi-1
	for i >= lo && j >= 0 && s.err == nil {
		if s.lt(tk[j], s.key[i]) {
			s.move(out, i)
			i--
		} else {
			s.key[out] = tk[j]
			if tv != nil {
				s.val[out] = tv[j]
			}
			j--
		}
		out--
	}
	copy(s.key[out-j:out+1], tk[:j+1])
	if tv != nil {
		copy(s.val[out-j:out+1], tv[:j+1])
	}
}

func (s *sorter) move(dst, src int) {
	s.key[dst] = s.key[src]
	if s.val != nil {
		s.val[dst] = s.val[src]
	}
}

func listSort(t *Thread, a []Value) (Value, *Exception) {
	reverse, e := Truth(t, a[2])
	if e != nil {
		return Value{}, e
	}
	l := As[List](a[0])
	items := l.Items
	l.Items = nil
	e = SortValues(t, items, a[1], reverse)
	changed := l.Items != nil
	l.Items = items
	if e == nil && changed {
		e = ValueErrorf(t, "list modified during sort")
	}
	return None, e
}
