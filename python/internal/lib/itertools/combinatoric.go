package itertools

import "martlet/python/object"

func combinatorics() []maker {
	return []maker{
		{name: "product", sig: "(*iterables, repeat=1)", doc: "Cartesian product of input iterables.  Equivalent to nested for-loops.", make: product},
		{name: "permutations", sig: "(iterable, r=None)", doc: "Return successive r-length permutations of elements in the iterable.", make: permutations},
		{name: "combinations", sig: "(iterable, r)", doc: "Return successive r-length combinations of elements in the iterable.", make: combinations(false)},
		{name: "combinations_with_replacement", sig: "(iterable, r)", doc: "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.", make: combinations(true)},
	}
}

func pick(t *thread, pool []value, idx []int) (value, *exc) {
	out := make([]value, len(idx))
	for i, k := range idx {
		out[i] = pool[k]
	}
	return object.NewTuple(out), t.Charge(24 + 16*len(out))
}

func product(t *thread, a []value, n *node) *exc {
	repeat, e := object.ToInt(t, a[1])
	if e != nil {
		return e
	}
	if repeat < 0 {
		return object.ValueErrorf(t, "repeat argument cannot be negative")
	}
	args := items(a[0])
	if e := t.Charge(32 * len(args) * repeat); e != nil {
		return e
	}
	var pools [][]value
	for _, v := range args {
		p, e := object.Collect(t, v)
		if e != nil {
			return e
		}
		pools = append(pools, p)
	}
	base := pools
	pools = nil
	for range repeat {
		pools = append(pools, base...)
	}
	idx, started := make([]int, len(pools)), false
	n.next = func(t *thread) (value, *exc) {
		if !started {
			started = true
			for _, p := range pools {
				if len(p) == 0 {
					return end, nil
				}
			}
		} else {
			i := len(idx) - 1
			for ; i >= 0; i-- {
				if idx[i]++; idx[i] < len(pools[i]) {
					break
				}
				idx[i] = 0
			}
			if i < 0 {
				return end, nil
			}
		}
		out := make([]value, len(idx))
		for i, k := range idx {
			out[i] = pools[i][k]
		}
		return object.NewTuple(out), t.Charge(24 + 16*len(out))
	}
	return nil
}

func sizeOf(t *thread, v value, n int) (int, *exc) {
	if v.IsNone() {
		return n, nil
	}
	if !object.IsIntLike(v) {
		return 0, object.TypeErrorf(t, "Expected int as r")
	}
	r, e := object.ToInt(t, v)
	if e == nil && r < 0 {
		e = object.ValueErrorf(t, "r must be non-negative")
	}
	return r, e
}

// permutations steps through index orders as the library reference's model does: cycles count how often each place has
// still to turn.
func permutations(t *thread, a []value, n *node) *exc {
	pool, e := object.Collect(t, a[0])
	if e != nil {
		return e
	}
	r, e := sizeOf(t, a[1], len(pool))
	if e != nil {
		return e
	}
	if r > len(pool) {
		n.next = nil
		return nil
	}
	idx, cycles := make([]int, len(pool)), make([]int, r)
	for i := range idx {
		idx[i] = i
	}
	for i := range cycles {
		cycles[i] = len(pool) - i
	}
	started := false
	n.next = func(t *thread) (value, *exc) {
		if !started {
			started = true
			return pick(t, pool, idx[:r])
		}
		for i := r - 1; i >= 0; i-- {
			if cycles[i]--; cycles[i] > 0 {
				j := len(idx) - cycles[i]
				idx[i], idx[j] = idx[j], idx[i]
				return pick(t, pool, idx[:r])
			}
			first := idx[i]
			copy(idx[i:], idx[i+1:])
			idx[len(idx)-1] = first
			cycles[i] = len(idx) - i
		}
		return end, nil
	}
	return nil
}

func combinations(repeats bool) func(t *thread, a []value, n *node) *exc {
	return func(t *thread, a []value, n *node) *exc {
		pool, e := object.Collect(t, a[0])
		if e != nil {
			return e
		}
		r, e := object.ToInt(t, a[1])
		if e != nil {
			return e
		}
		if r < 0 {
			return object.ValueErrorf(t, "r must be non-negative")
		}
		if !repeats && r > len(pool) || repeats && len(pool) == 0 && r > 0 {
			return nil
		}
		if e := t.Charge(8 * r); e != nil {
			return e
		}
		idx, started := make([]int, r), false
		if !repeats {
			for i := range idx {
				idx[i] = i
			}
		}
		n.next = func(t *thread) (value, *exc) {
			if started && !nextCombination(idx, len(pool), repeats) {
				return end, nil
			}
			started = true
			return pick(t, pool, idx)
		}
		return nil
	}
}

func nextCombination(idx []int, n int, repeats bool) bool {
	r := len(idx)
	for i := r - 1; i >= 0; i-- {
		top := n - 1
		if !repeats {
			top = n - r + i
		}
		if idx[i] < top {
			idx[i]++
			for j := i + 1; j < r; j++ {
				idx[j] = idx[i]
				if !repeats {
					idx[j] = idx[j-1] + 1
				}
			}
			return true
		}
	}
	return false
}
