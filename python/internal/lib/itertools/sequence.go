package itertools

import (
	"math"

	"martlet/python/object"
)

func sequences() []maker {
	return []maker{
		{name: "accumulate", sig: "(iterable, func=None, *, initial=None)", doc: "Return series of accumulated sums.", make: accumulate},
		{name: "batched", sig: "(iterable, n, *, strict=False)", doc: "Batch data into tuples of length n. The last batch may be shorter than n.", make: batched},
		{name: "chain", sig: "(*iterables)", doc: "chain(*iterables) --> chain object\n\nReturn a chain object whose .__next__() method returns elements from the\nfirst iterable until it is exhausted, then elements from the next\niterable, until all of the iterables are exhausted.",
			make: func(t *thread, a []value, n *node) *exc { return chainOf(t, a[0], n) },
			methods: []object.Method{
				{Sig: "from_iterable(type, iterable, /)", Kind: object.ClassMethod, Fn: fromIterable},
				{Sig: "__class_getitem__(type, object, /)", Kind: object.ClassMethod, Fn: func(t *thread, a []value) (value, *exc) { return object.NewGenericAlias(a[0], a[1]), nil }},
			}},
		{name: "compress", sig: "(data, selectors)", doc: "Return data elements corresponding to true selector elements.", make: compress},
		{name: "dropwhile", sig: "(predicate, iterable, /)", doc: "Drop items from the iterable while predicate(item) is true.", make: dropwhile},
		{name: "filterfalse", sig: "(function, iterable, /)", doc: "Return those items of iterable for which function(item) is false.", make: filterfalse},
		{name: "groupby", sig: "(iterable, key=None)", doc: "make an iterator that returns consecutive keys and groups from the iterable", make: groupby},
		{name: "islice", sig: "(*args)", doc: "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object", make: islice},
		{name: "pairwise", sig: "(iterable, /)", doc: "Return an iterator of overlapping pairs taken from the input iterator.", make: pairwise},
		{name: "starmap", sig: "(function, iterable, /)", doc: "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.", make: starmap},
		{name: "takewhile", sig: "(predicate, iterable, /)", doc: "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.", make: takewhile},
		{name: "zip_longest", sig: "(*iterables, **kwargs)", doc: "Return a zip_longest object whose .__next__() method returns a tuple where\nthe i-th element comes from the i-th iterable argument.", make: zipLongest},
	}
}

func accumulate(t *thread, a []value, n *node) *exc {
	it, e := object.Iter(t, a[0])
	if e != nil {
		return e
	}
	fn, total := a[1], a[2]
	first := !total.IsNone()
	if !first {
		total = value{}
	}
	n.next = func(t *thread) (value, *exc) {
		if first {
			first = false
			return total, nil
		}
		x, e := object.Next(t, it)
		if e != nil || x.Ref == nil {
			return end, e
		}
		switch {
		case total.Ref == nil:
			total = x
		case fn.IsNone():
			total, e = object.BinaryOp(t, object.OpAdd, total, x)
		default:
			total, e = object.Call(t, fn, total, x)
		}
		return total, e
	}
	return nil
}

func batched(t *thread, a []value, n *node) *exc {
	size, e := object.ToInt(t, a[1])
	if e != nil {
		return e
	}
	if size < 1 {
		return object.ValueErrorf(t, "n must be at least one")
	}
	strict, e := object.Truth(t, a[2])
	if e != nil {
		return e
	}
	it, e := object.Iter(t, a[0])
	if e != nil {
		return e
	}
	n.next = func(t *thread) (value, *exc) {
		var out []value
		for len(out) < size {
			x, e := object.Next(t, it)
			if e != nil {
				return end, e
			}
			if x.Ref == nil {
				break
			}
			out = append(out, x)
		}
		switch {
		case len(out) == 0:
			return end, nil
		case len(out) < size && strict:
			return end, object.ValueErrorf(t, "batched(): incomplete batch")
		}
		return object.NewTuple(out), t.Charge(16 * len(out))
	}
	return nil
}

func chainOf(t *thread, iterables value, n *node) *exc {
	outer, e := object.Iter(t, iterables)
	if e != nil {
		return e
	}
	var inner value
	n.next = func(t *thread) (value, *exc) {
		for {
			if inner.Ref == nil {
				x, e := object.Next(t, outer)
				if e != nil || x.Ref == nil {
					return end, e
				}
				if inner, e = object.Iter(t, x); e != nil {
					return end, e
				}
			}
			x, e := object.Next(t, inner)
			if e != nil || x.Ref != nil {
				return x, e
			}
			inner = value{}
		}
	}
	return nil
}

func fromIterable(t *thread, a []value) (value, *exc) {
	n, e := object.AllocAs[node](t, object.As[object.Type](a[0]))
	if e == nil {
		e = chainOf(t, a[1], n)
	}
	return object.Obj(n), e
}

func compress(t *thread, a []value, n *node) *exc {
	data, e := object.Iter(t, a[0])
	if e != nil {
		return e
	}
	sel, e := object.Iter(t, a[1])
	if e != nil {
		return e
	}
	n.next = func(t *thread) (value, *exc) {
		for {
			x, e := object.Next(t, data)
			if e != nil || x.Ref == nil {
				return end, e
			}
			s, e := object.Next(t, sel)
			if e != nil || s.Ref == nil {
				return end, e
			}
			if ok, e := object.Truth(t, s); ok || e != nil {
				return x, e
			}
		}
	}
	return nil
}

func test(t *thread, fn, x value) (bool, *exc) {
	if fn.IsNone() {
		return object.Truth(t, x)
	}
	r, e := object.Call(t, fn, x)
	if e != nil {
		return false, e
	}
	return object.Truth(t, r)
}

func dropwhile(t *thread, a []value, n *node) *exc {
	it, e := object.Iter(t, a[1])
	fn, dropping := a[0], true
	n.next = func(t *thread) (value, *exc) {
		for {
			x, e := object.Next(t, it)
			if e != nil || x.Ref == nil || !dropping {
				return x, e
			}
			r, e := object.Call(t, fn, x)
			if e != nil {
				return end, e
			}
			if dropping, e = object.Truth(t, r); e != nil || !dropping {
				return x, e
			}
		}
	}
	return e
}

func takewhile(t *thread, a []value, n *node) *exc {
	it, e := object.Iter(t, a[1])
	fn := a[0]
	n.next = func(t *thread) (value, *exc) {
		x, e := object.Next(t, it)
		if e != nil || x.Ref == nil {
			return x, e
		}
		r, e := object.Call(t, fn, x)
		if e != nil {
			return end, e
		}
		ok, e := object.Truth(t, r)
		if e != nil || !ok {
			return end, e
		}
		return x, nil
	}
	return e
}

func filterfalse(t *thread, a []value, n *node) *exc {
	it, e := object.Iter(t, a[1])
	fn := a[0]
	n.next = func(t *thread) (value, *exc) {
		for {
			x, e := object.Next(t, it)
			if e != nil || x.Ref == nil {
				return x, e
			}
			if ok, e := test(t, fn, x); !ok || e != nil {
				return x, e
			}
		}
	}
	return e
}

func starmap(t *thread, a []value, n *node) *exc {
	it, e := object.Iter(t, a[1])
	fn := a[0]
	n.next = func(t *thread) (value, *exc) {
		x, e := object.Next(t, it)
		if e != nil || x.Ref == nil {
			return x, e
		}
		args, e := object.Collect(t, x)
		if e != nil {
			return end, e
		}
		return object.Call(t, fn, args...)
	}
	return e
}

func pairwise(t *thread, a []value, n *node) *exc {
	it, e := object.Iter(t, a[0])
	var old value
	n.next = func(t *thread) (value, *exc) {
		if old.Ref == nil {
			x, e := object.Next(t, it)
			if e != nil || x.Ref == nil {
				return end, e
			}
			old = x
		}
		x, e := object.Next(t, it)
		if e != nil || x.Ref == nil {
			old = value{}
			return end, e
		}
		r := object.TupleOf(old, x)
		old = x
		return r, nil
	}
	return e
}

// bound reads one of islice's numbers.
func bound(t *thread, v value, def int, msg string) (int, *exc) {
	if v.IsNone() {
		return def, nil
	}
	i, e := object.ToIndex(t, v)
	if e != nil || !i.IsInt() || i.Int64() < 0 {
		return 0, object.ValueErrorf(t, "%s", msg)
	}
	return int(i.Int64()), nil
}

func islice(t *thread, a []value, n *node) *exc {
	args := items(a[0])
	if len(args) < 2 || len(args) > 4 {
		if len(args) < 2 {
			return object.TypeErrorf(t, "islice expected at least 2 arguments, got %d", len(args))
		}
		return object.TypeErrorf(t, "islice expected at most 4 arguments, got %d", len(args))
	}
	start, stop, by := object.Int(0), args[1], object.Int(1)
	const (
		msg     = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
		stopMsg = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."
	)
	if len(args) > 2 {
		start, stop = args[1], args[2]
	}
	if len(args) == 4 {
		by = args[3]
	}
	last, e := bound(t, stop, math.MaxInt, stopMsg)
	if e != nil {
		if stop.IsInt() && stop.Int64() < -1 { // -1 is taken for an error
			e = object.ValueErrorf(t, msg)
		}
		return e
	}
	next, e := bound(t, start, 0, msg)
	if e != nil {
		return e
	}
	inc, e := bound(t, by, 1, "Step for islice() must be a positive integer or None.")
	if e != nil {
		return e
	}
	if inc == 0 {
		return object.ValueErrorf(t, "Step for islice() must be a positive integer or None.")
	}
	it, e := object.Iter(t, args[0])
	pos := 0
	n.next = func(t *thread) (value, *exc) {
		for {
			if pos >= last || pos >= next && next >= last {
				return end, nil
			}
			if next >= last && pos >= last {
				return end, nil
			}
			x, e := object.Next(t, it)
			if e != nil || x.Ref == nil {
				return end, e
			}
			pos++
			if pos > next {
				if next > math.MaxInt-inc {
					next = math.MaxInt
				} else {
					next += inc
				}
				return x, nil
			}
		}
	}
	return e
}

func zipLongest(t *thread, a []value, n *node) *exc {
	fill := object.None
	kw := object.As[object.Dict](a[1])
	for pos := 0; ; {
		k, v, ok := kw.Next(&pos)
		if !ok {
			break
		}
		if object.StrText(k) != "fillvalue" {
			return object.TypeErrorf(t, "zip_longest() got an unexpected keyword argument")
		}
		fill = v
	}
	its := make([]value, len(items(a[0])))
	for i, v := range items(a[0]) {
		it, e := object.Iter(t, v)
		if e != nil {
			return e
		}
		its[i] = it
	}
	active := len(its)
	n.next = func(t *thread) (value, *exc) {
		if active == 0 {
			return end, nil
		}
		out := make([]value, len(its))
		for i, it := range its {
			out[i] = fill
			if it.Ref == nil {
				continue
			}
			x, e := object.Next(t, it)
			if e != nil {
				active = 0
				return end, e
			}
			if x.Ref != nil {
				out[i] = x
				continue
			}
			its[i] = value{}
			if active--; active == 0 {
				return end, nil
			}
		}
		return object.NewTuple(out), t.Charge(16 * len(out))
	}
	return nil
}

// groups is the state that a groupby and its groupers share.
type groups struct {
	it, keyfn    value
	key, cur     value // key of cur; Ref nil before the first and after the last element
	target       value // key of the group handed out last
	serial       int   // the groupers of older groups are exhausted
	done, primed bool
}

func (g *groups) advance(t *thread) *exc {
	x, e := object.Next(t, g.it)
	if e != nil {
		return e
	}
	if x.Ref == nil {
		g.done = true
		g.cur = value{}
		return nil
	}
	k := x
	if !g.keyfn.IsNone() {
		if k, e = object.Call(t, g.keyfn, x); e != nil {
			return e
		}
	}
	g.cur, g.key, g.primed = x, k, true
	return nil
}

// grouper yields the elements of one group.
type grouper struct {
	object.Object
	g      *groups
	key    value
	serial int
}

var grouperType, teeType object.Type

func groupby(t *thread, a []value, n *node) *exc {
	it, e := object.Iter(t, a[0])
	g := &groups{it: it, keyfn: a[1]}
	n.next = func(t *thread) (value, *exc) {
		g.serial++
		for !g.done {
			if !g.primed {
				if e := g.advance(t); e != nil {
					return end, e
				}
				if g.done {
					break
				}
				if g.target.Ref == nil {
					break
				}
			}
			if g.target.Ref == nil {
				break
			}
			eq, e := object.Equal(t, g.target, g.key)
			if e != nil {
				return end, e
			}
			if !eq {
				break
			}
			g.primed = false
		}
		if g.done {
			return end, nil
		}
		g.target = g.key
		return object.TupleOf(g.key, object.Obj(&grouper{object.Object{Shape: &grouperType.Root}, g, g.key, g.serial})), nil
	}
	return e
}

func grouperNext(t *thread, v value) (value, *exc) {
	o := object.As[grouper](v)
	g := o.g
	if o.serial != g.serial || g.done && !g.primed {
		return end, nil
	}
	if !g.primed {
		if e := g.advance(t); e != nil {
			return end, e
		}
		if g.done {
			return end, nil
		}
	}
	eq, e := object.Equal(t, o.key, g.key)
	if e != nil || !eq {
		return end, e
	}
	g.primed = false
	return g.cur, nil
}

// link is a cell of the list that the iterators of a tee share; next is filled when the first of them gets there.
type link struct {
	val  value
	next *link
}

type teeState struct {
	it      value
	running bool
}

type teeIter struct {
	object.Object
	s   *teeState
	pos *link
}

func tee(t *thread, a []value) (value, *exc) {
	n, e := object.ToInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	if n < 0 {
		return value{}, object.ValueErrorf(t, "n must be >= 0")
	}
	if n == 0 {
		return object.EmptyTuple, nil
	}
	it, e := object.Iter(t, a[0])
	if e != nil {
		return value{}, e
	}
	var s *teeState
	var pos *link
	if it.Type() == &teeType {
		x := object.As[teeIter](it)
		s, pos = x.s, x.pos
	} else {
		s, pos = &teeState{it: it}, &link{}
	}
	if e := t.Charge(40 * n); e != nil {
		return value{}, e
	}
	out := make([]value, n)
	for i := range out {
		out[i] = object.Obj(&teeIter{object.Object{Shape: &teeType.Root}, s, pos})
	}
	return object.NewTuple(out), nil
}

func teeNext(t *thread, v value) (value, *exc) {
	o := object.As[teeIter](v)
	if o.pos.next == nil {
		if o.s.running {
			return end, object.RuntimeErrorf(t, "cannot re-enter the tee iterator")
		}
		o.s.running = true
		x, e := object.Next(t, o.s.it)
		o.s.running = false
		if e != nil || x.Ref == nil {
			return end, e
		}
		o.pos.next = &link{val: x}
		if e := t.Charge(32); e != nil {
			return end, e
		}
	}
	o.pos = o.pos.next
	return o.pos.val, nil
}

func init() {
	self := func(t *thread, v value) (value, *exc) { return v, nil }
	object.Declare(&grouperType, object.Decl{Name: "itertools._grouper", Flags: object.FNoNew, Slots: object.Slots{Iter: self, Next: grouperNext}})
	object.Declare(&teeType, object.Decl{Name: "itertools._tee", Slots: object.Slots{Iter: self, Next: teeNext,
		New: object.NewSig("_tee(iterable, /)", func(t *thread, tp *object.Type, a []value) (value, *exc) {
			r, e := tee(t, []value{a[0], object.Int(1)})
			if e != nil {
				return value{}, e
			}
			return items(r)[0], nil
		})},
		Layout: object.LayoutOf[teeIter](),
		Methods: []object.Method{{Sig: "__copy__(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			o := *object.As[teeIter](a[0])
			return object.Obj(&o), nil
		}}}})
}
