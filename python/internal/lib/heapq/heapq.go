// Package heapq is Python's module heapq (and _heapq): binary heaps in lists.
//
// The heap algorithms are the textbook ones with Floyd's trick of sifting to the bottom and then up, so that a pop does
// few comparisons. A comparison may run Python code that changes the list; that is noticed by its length.
package heapq

import (
	"martlet/python/internal/lib/builtins"
	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

type heap struct {
	t   *thread
	l   *object.List
	max bool
}

func (h *heap) less(a, b value) (bool, *exc) {
	if h.max {
		a, b = b, a
	}
	if a.IsInt() && b.IsInt() {
		return a.Int64() < b.Int64(), nil
	}
	n := len(h.l.Items)
	r, e := object.Compare(h.t, a, b, object.CmpLt)
	if e != nil {
		return false, e
	}
	ok, e := object.Truth(h.t, r)
	if e == nil && len(h.l.Items) != n {
		e = object.RuntimeErrorf(h.t, "list changed size during iteration")
	}
	return ok, e
}

// up moves the element at pos towards start until its parent is not greater.
func (h *heap) up(start, pos int) *exc {
	x := h.l.Items[pos]
	for pos > start {
		parent := (pos - 1) >> 1
		p := h.l.Items[parent]
		lt, e := h.less(x, p)
		if e != nil {
			return e
		}
		if !lt {
			break
		}
		h.l.Items[pos], h.l.Items[parent] = p, x
		pos = parent
	}
	return nil
}

// down moves the element at pos to a leaf, smaller children up, and then up again to its place.
func (h *heap) down(pos int) *exc {
	start, n := pos, len(h.l.Items)
	for child := 2*pos + 1; child < n; child = 2*pos + 1 {
		if right := child + 1; right < n {
			lt, e := h.less(h.l.Items[child], h.l.Items[right])
			if e != nil {
				return e
			}
			if !lt {
				child = right
			}
		}
		h.l.Items[pos], h.l.Items[child] = h.l.Items[child], h.l.Items[pos]
		pos = child
	}
	return h.up(start, pos)
}

func (h *heap) heapify() *exc {
	for i := len(h.l.Items)/2 - 1; i >= 0; i-- {
		if e := h.down(i); e != nil {
			return e
		}
	}
	return nil
}

func (h *heap) pop() (value, *exc) {
	n := len(h.l.Items)
	if n == 0 {
		return value{}, object.IndexErrorf(h.t, "index out of range")
	}
	last := h.l.Items[n-1]
	h.l.Items[n-1] = value{}
	h.l.Items = h.l.Items[:n-1]
	if n == 1 {
		return last, nil
	}
	top := h.l.Items[0]
	h.l.Items[0] = last
	return top, h.down(0)
}

func (h *heap) replace(x value) (value, *exc) {
	if len(h.l.Items) == 0 {
		return value{}, object.IndexErrorf(h.t, "index out of range")
	}
	top := h.l.Items[0]
	h.l.Items[0] = x
	return top, h.down(0)
}

// on makes a function whose first argument is the heap.
func on(name string, max bool, f func(h *heap, a []value) (value, *exc)) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		if !object.IsList(a[0]) {
			return value{}, object.TypeErrorf(t, "%s() argument 1 must be list, not %s", name, object.ArgTypeName(a[0]))
		}
		return f(&heap{t, object.As[object.List](a[0]), max}, a)
	}
}

func push(h *heap, a []value) (value, *exc) {
	if e := h.l.Append(h.t, a[1]); e != nil {
		return value{}, e
	}
	return object.None, h.up(0, len(h.l.Items)-1)
}

func pushpop(h *heap, a []value) (value, *exc) {
	if len(h.l.Items) == 0 {
		return a[1], nil
	}
	lt, e := h.less(h.l.Items[0], a[1])
	if e != nil || !lt {
		return a[1], e
	}
	return h.replace(a[1])
}

// extreme is nsmallest and nlargest: a stable sort of the elements, cut at n, or min and max for one element.
func extreme(largest bool) object.BuiltinFn {
	op := object.CmpLt
	if largest {
		op = object.CmpGt
	}
	return func(t *thread, a []value) (value, *exc) {
		n, e := object.ToInt(t, a[0])
		if e != nil {
			return value{}, e
		}
		if n <= 0 {
			return object.NewList(nil), nil
		}
		if n == 1 {
			key := a[2]
			if key.IsNone() {
				key = value{}
			}
			x, e := builtins.Extremum(t, a[1], key, op)
			if e != nil || x.Ref == nil {
				return object.NewList(nil), e
			}
			return object.NewList([]value{x}), nil
		}
		items, e := object.Collect(t, a[1])
		if e != nil {
			return value{}, e
		}
		if e := object.SortValues(t, items, a[2], largest); e != nil {
			return value{}, e
		}
		return object.NewList(items[:max(0, min(n, len(items)))]), nil
	}
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	heapify := func(h *heap, a []value) (value, *exc) { return object.None, h.heapify() }
	pop := func(h *heap, a []value) (value, *exc) { return h.pop() }
	replace := func(h *heap, a []value) (value, *exc) { return h.replace(a[1]) }
	m.Define(t, []object.Method{
		{Sig: "heappush(heap, item, /)", Fn: on("heappush", false, push), Doc: "Push item onto heap, maintaining the heap invariant."},
		{Sig: "heappop(heap, /)", Fn: on("heappop", false, pop), Doc: "Pop the smallest item off the heap, maintaining the heap invariant."},
		{Sig: "heapify(heap, /)", Fn: on("heapify", false, heapify), Doc: "Transform list into a heap, in-place, in O(len(heap)) time."},
		{Sig: "heapreplace(heap, item, /)", Fn: on("heapreplace", false, replace), Doc: "Pop and return the current smallest value, and add the new item."},
		{Sig: "heappushpop(heap, item, /)", Fn: on("heappushpop", false, pushpop), Doc: "Push item on the heap, then pop and return the smallest item from the heap."},
		{Sig: "_heapify_max(heap, /)", Fn: on("_heapify_max", true, heapify)},
		{Sig: "_heappop_max(heap, /)", Fn: on("_heappop_max", true, pop)},
		{Sig: "_heapreplace_max(heap, item, /)", Fn: on("_heapreplace_max", true, replace)},
		{Sig: "nsmallest(n, iterable, key=None)", Fn: extreme(false), Doc: "Find the n smallest elements in a dataset."},
		{Sig: "nlargest(n, iterable, key=None)", Fn: extreme(true), Doc: "Find the n largest elements in a dataset."},
		{Sig: "merge(*iterables, key=None, reverse=False)", Fn: merge, Doc: "Merge multiple sorted inputs into a single sorted output."},
	})
	return nil
}

// source is one input of merge.
type source struct {
	it, key, val value
}

// merged is the iterator that merge gives: at each step the source with the least head, the first among equals.
type merged struct {
	object.Object
	src     []source
	keyfn   value
	reverse bool
	started bool
}

var mergedType = object.NewType(object.Decl{Name: "merge", Module: "heapq", Flags: object.FNoNew,
	Slots: object.Slots{Iter: func(t *thread, v value) (value, *exc) { return v, nil }, Next: mergeNext}})

func (m *merged) load(t *thread, i int) (bool, *exc) {
	x, e := object.Next(t, m.src[i].it)
	if e != nil || x.Ref == nil {
		return false, e
	}
	k := x
	if !m.keyfn.IsNone() {
		if k, e = object.Call(t, m.keyfn, x); e != nil {
			return false, e
		}
	}
	m.src[i].key, m.src[i].val = k, x
	return true, nil
}

func mergeNext(t *thread, v value) (value, *exc) {
	m := object.As[merged](v)
	if !m.started {
		m.started = true
		kept := m.src[:0]
		for i := range m.src {
			ok, e := m.load(t, i)
			if e != nil {
				return value{}, e
			}
			if ok {
				kept = append(kept, m.src[i])
			}
		}
		m.src = kept
	}
	if len(m.src) == 0 {
		return value{}, nil
	}
	best := 0
	for i := 1; i < len(m.src); i++ {
		a, b := m.src[i].key, m.src[best].key
		if m.reverse {
			a, b = b, a
		}
		r, e := object.Compare(t, a, b, object.CmpLt)
		if e != nil {
			return value{}, e
		}
		lt, e := object.Truth(t, r)
		if e != nil {
			return value{}, e
		}
		if lt {
			best = i
		}
	}
	x := m.src[best].val
	ok, e := m.load(t, best)
	if !ok {
		m.src = append(m.src[:best], m.src[best+1:]...)
	}
	return x, e
}

func merge(t *thread, a []value) (value, *exc) {
	reverse, e := object.Truth(t, a[2])
	if e != nil {
		return value{}, e
	}
	m := &merged{Object: object.Object{Shape: &mergedType.Root}, keyfn: a[1], reverse: reverse}
	for _, v := range object.As[object.Tuple](a[0]).Items {
		it, e := object.Iter(t, v)
		if e != nil {
			return value{}, e
		}
		m.src = append(m.src, source{it: it})
	}
	return object.Obj(m), nil
}
