package collections

import (
	"math"

	"martlet/python/object"
)

// deque is a ring buffer: element i is buf[(head+i) mod len(buf)]. state counts the changes, so that iterators notice
// them.
type deque struct {
	object.Object
	buf     []value
	head, n int
	max     int // -1: unbounded
	state   uint32
}

// dequeIter iterates in either direction.
type dequeIter struct {
	object.Object
	d     *deque
	pos   int
	left  int
	state uint32
}

var dequeType, dequeIterType, dequeRevType object.Type

func deq(v value) *deque { return object.As[deque](v) }

func (d *deque) at(i int) *value {
	i += d.head
	if i >= len(d.buf) {
		i -= len(d.buf)
	}
	return &d.buf[i]
}

func (d *deque) grow(t *thread) *exc {
	if d.n < len(d.buf) {
		return nil
	}
	size := max(8, 2*len(d.buf))
	if e := t.Charge(16 * size); e != nil {
		return e
	}
	buf := make([]value, size)
	for i := range d.n {
		buf[i] = *d.at(i)
	}
	d.buf, d.head = buf, 0
	return nil
}

func (d *deque) push(t *thread, x value) *exc {
	if d.max == 0 {
		return nil
	}
	if d.max > 0 && d.n >= d.max {
		d.popLeft()
	}
	if e := d.grow(t); e != nil {
		return e
	}
	d.n++
	*d.at(d.n - 1) = x
	d.state++
	return nil
}

func (d *deque) pushLeft(t *thread, x value) *exc {
	if d.max == 0 {
		return nil
	}
	if d.max > 0 && d.n >= d.max {
		d.pop()
	}
	if e := d.grow(t); e != nil {
		return e
	}
	d.head--
	if d.head < 0 {
		d.head += len(d.buf)
	}
	d.n++
	*d.at(0) = x
	d.state++
	return nil
}

func (d *deque) pop() value {
	p := d.at(d.n - 1)
	x := *p
	*p = value{}
	d.n--
	d.state++
	return x
}

func (d *deque) popLeft() value {
	p := d.at(0)
	x := *p
	*p = value{}
	d.head++
	if d.head == len(d.buf) {
		d.head = 0
	}
	d.n--
	d.state++
	return x
}

func (d *deque) items() []value {
	out := make([]value, d.n)
	for i := range out {
		out[i] = *d.at(i)
	}
	return out
}

func (d *deque) set(items []value) {
	if d.max >= 0 && len(items) > d.max {
		items = items[len(items)-d.max:]
	}
	d.buf, d.head, d.n = items, 0, len(items)
	d.state++
}

func extend(left bool) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		d := deq(a[0])
		src := a[1]
		if object.Is(a[0], src) {
			src = object.NewList(d.items())
		}
		return object.None, object.ForEach(t, src, func(x value) (bool, *exc) {
			if left {
				return true, d.pushLeft(t, x)
			}
			return true, d.push(t, x)
		})
	}
}

func dequeInit(t *thread, v value, a []value) *exc {
	d := deq(v)
	d.max = -1
	if !a[1].IsNone() {
		if !object.IsIntLike(a[1]) {
			return object.TypeErrorf(t, "an integer is required")
		}
		n, e := object.ToInt(t, a[1])
		if e != nil {
			return e
		}
		if n < 0 {
			return object.ValueErrorf(t, "maxlen must be non-negative")
		}
		d.max = n
	}
	d.set(nil)
	if a[0].Ref == nil {
		return nil
	}
	_, e := extend(false)(t, []value{v, a[0]})
	return e
}

func dequeNew(t *thread, src value, items []value) (value, *exc) {
	if src.Type() == &dequeType {
		d := &deque{Object: object.Object{Shape: &dequeType.Root}, max: deq(src).max}
		d.set(items)
		return object.Obj(d), nil
	}
	args := []value{object.NewList(items)}
	if m := deq(src).max; m >= 0 {
		args = append(args, object.Int(int64(m)))
	}
	return object.Call(t, src.Type().Value(), args...)
}

func (d *deque) index(t *thread, key value) (int, *exc) {
	if key.Type().Slots.Index == nil {
		return 0, object.TypeErrorf(t, "sequence index must be integer, not '%s'", key.Type().Name)
	}
	i, e := object.ToInt(t, key)
	if e != nil {
		return 0, e
	}
	if i < 0 {
		i += d.n
	}
	if uint(i) >= uint(d.n) {
		return 0, object.IndexErrorf(t, "deque index out of range")
	}
	return i, nil
}

func (d *deque) delete(i int) {
	items := d.items()
	d.set(append(items[:i], items[i+1:]...))
}

func dequeSetItem(t *thread, v, key, val value) *exc {
	d := deq(v)
	i, e := d.index(t, key)
	if e != nil {
		return e
	}
	if val.Ref == nil {
		d.delete(i)
		return nil
	}
	*d.at(i) = val
	return nil
}

// find gives the first index of x in [lo, hi), or -1; a change of the deque meanwhile is an error.
func (d *deque) find(t *thread, x value, lo, hi int, count *int) (int, *exc) {
	state := d.state
	for i := lo; i < hi && i < d.n; i++ {
		eq, e := object.Equal(t, *d.at(i), x)
		if e != nil {
			return -1, e
		}
		if d.state != state {
			return -1, object.RuntimeErrorf(t, "deque mutated during iteration")
		}
		if eq {
			if count == nil {
				return i, nil
			}
			*count++
		}
	}
	return -1, nil
}

func dequeIndex(t *thread, a []value) (value, *exc) {
	d := deq(a[0])
	bounds := [2]int{0, d.n}
	for i := range bounds {
		if a[2+i].Ref != nil {
			k, e := object.ClampIndex(t, a[2+i])
			if e != nil {
				return value{}, e
			}
			if k < 0 {
				k = max(0, k+d.n)
			}
			bounds[i] = min(k, d.n)
		}
	}
	i, e := d.find(t, a[1], bounds[0], bounds[1], nil)
	if e != nil {
		return value{}, e
	}
	if i < 0 {
		r, e := object.Repr(t, a[1])
		if e != nil {
			return value{}, e
		}
		return value{}, object.ValueErrorf(t, "%s is not in deque", r.S)
	}
	return object.Int(int64(i)), nil
}

func dequeRotate(t *thread, a []value) (value, *exc) {
	d := deq(a[0])
	k, e := object.ToInt(t, a[1])
	if e != nil || d.n < 2 {
		return object.None, e
	}
	k %= d.n
	if k < 0 {
		k += d.n
	}
	items := d.items()
	d.set(append(append([]value(nil), items[d.n-k:]...), items[:d.n-k]...))
	return object.None, nil
}

func dequeInsert(t *thread, a []value) (value, *exc) {
	d := deq(a[0])
	i, e := object.ClampIndex(t, a[1])
	if e != nil {
		return value{}, e
	}
	if d.max >= 0 && d.n >= d.max {
		return value{}, object.IndexErrorf(t, "deque already at its maximum size")
	}
	if i < 0 {
		i = max(0, i+d.n)
	}
	i = min(i, d.n)
	items := d.items()
	d.set(append(append(append(make([]value, 0, d.n+1), items[:i]...), a[2]), items[i:]...))
	return object.None, t.Charge(16)
}

func dequeRepr(t *thread, v value) (value, *exc) {
	if !t.EnterRepr(v) {
		return object.StrVal("[...]"), nil
	}
	defer t.LeaveRepr(v)
	d := deq(v)
	r, e := object.Repr(t, object.NewList(d.items()))
	if e != nil {
		return value{}, e
	}
	s := v.Type().BareName() + "(" + r.S
	if d.max >= 0 {
		s += ", maxlen=" + object.IntString(object.Int(int64(d.max)))
	}
	return object.StrVal(s + ")"), nil
}

func dequeCompare(t *thread, a, b value, op object.CmpOp) (value, *exc) {
	if !b.Type().IsSubtype(&dequeType) {
		return object.NotImplemented, nil
	}
	return object.Compare(t, object.NewList(deq(a).items()), object.NewList(deq(b).items()), op)
}

func repeatInto(t *thread, v, n value) ([]value, *exc) {
	r, e := object.ListType.Slots.Repeat(t, object.NewList(deq(v).items()), n)
	if e != nil {
		return nil, e
	}
	return object.As[object.List](r).Items, nil
}

func iterate(reverse bool) func(t *thread, v value) (value, *exc) {
	return func(t *thread, v value) (value, *exc) {
		d := deq(v)
		it := &dequeIter{Object: object.Object{Shape: &dequeIterType.Root}, d: d, left: d.n, state: d.state}
		if reverse {
			it.Shape, it.pos = &dequeRevType.Root, d.n-1
		}
		return object.Obj(it), nil
	}
}

func iterNext(step int) object.UnaryFunc {
	return func(t *thread, v value) (value, *exc) {
		it := object.As[dequeIter](v)
		if it.state != it.d.state {
			it.left = 0
			return value{}, object.RuntimeErrorf(t, "deque mutated during iteration")
		}
		if it.left == 0 {
			return value{}, nil
		}
		x := *it.d.at(it.pos)
		it.pos += step
		it.left--
		return x, nil
	}
}

func emptyCheck(pop func(d *deque) value) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		if deq(a[0]).n == 0 {
			return value{}, object.IndexErrorf(t, "pop from an empty deque")
		}
		return pop(deq(a[0])), nil
	}
}

func dequeMethods() []object.Method {
	copyFn := func(t *thread, a []value) (value, *exc) { return dequeNew(t, a[0], deq(a[0]).items()) }
	return []object.Method{
		{Sig: "append(self, item, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.None, deq(a[0]).push(t, a[1]) }},
		{Sig: "appendleft(self, item, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.None, deq(a[0]).pushLeft(t, a[1]) }},
		{Sig: "pop(self, /)", Fn: emptyCheck((*deque).pop)},
		{Sig: "popleft(self, /)", Fn: emptyCheck((*deque).popLeft)},
		{Sig: "extend(self, iterable, /)", Fn: extend(false)},
		{Sig: "extendleft(self, iterable, /)", Fn: extend(true)},
		{Sig: "rotate(self, n=1, /)", Fn: dequeRotate},
		{Sig: "clear(self, /)", Fn: func(t *thread, a []value) (value, *exc) { deq(a[0]).set(nil); return object.None, nil }},
		{Sig: "copy(self, /)", Fn: copyFn}, {Sig: "__copy__(self, /)", Fn: copyFn},
		{Sig: "count(self, value, /)", Fn: func(t *thread, a []value) (value, *exc) {
			n := 0
			_, e := deq(a[0]).find(t, a[1], 0, deq(a[0]).n, &n)
			return object.Int(int64(n)), e
		}},
		{Sig: "index(self, value, start=<absent>, stop=<absent>, /)", Fn: dequeIndex},
		{Sig: "insert(self, index, value, /)", Fn: dequeInsert},
		{Sig: "remove(self, value, /)", Fn: func(t *thread, a []value) (value, *exc) {
			d := deq(a[0])
			i, e := d.find(t, a[1], 0, d.n, nil)
			if e != nil {
				return value{}, e
			}
			if i < 0 {
				r, e := object.Repr(t, a[1])
				if e != nil {
					return value{}, e
				}
				return value{}, object.ValueErrorf(t, "%s is not in deque", r.S)
			}
			d.delete(i)
			return object.None, nil
		}},
		{Sig: "reverse(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			d := deq(a[0])
			for i, j := 0, d.n-1; i < j; i, j = i+1, j-1 {
				*d.at(i), *d.at(j) = *d.at(j), *d.at(i)
			}
			return object.None, nil
		}},
		{Sig: "__reversed__(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return iterate(true)(t, a[0]) }},
		{Sig: "__reduce__(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			it, e := object.Iter(t, a[0])
			args := object.EmptyTuple
			if m := deq(a[0]).max; m >= 0 {
				args = object.TupleOf(object.EmptyTuple, object.Int(int64(m)))
			}
			return object.TupleOf(a[0].Type().Value(), args, object.None, it), e
		}},
		classGetItem,
	}
}

func init() {
	object.Declare(&dequeType, object.Decl{
		Name: "collections.deque", Flags: object.FSequence, Layout: object.LayoutOf[deque](), Weak: true,
		Doc: "A list-like sequence optimized for data accesses near its endpoints.",
		Slots: object.Slots{
			Repr: dequeRepr, Compare: dequeCompare, HashIsUnset: true, Iter: iterate(false), SetItem: dequeSetItem,
			Len: func(t *thread, v value) (int, *exc) { return deq(v).n, nil },
			GetItem: func(t *thread, v, key value) (value, *exc) {
				i, e := deq(v).index(t, key)
				if e != nil {
					return value{}, e
				}
				return *deq(v).at(i), nil
			},
			Contains: func(t *thread, v, x value) (bool, *exc) {
				i, e := deq(v).find(t, x, 0, math.MaxInt, nil)
				return i >= 0, e
			},
			Concat: func(t *thread, a, b value) (value, *exc) {
				if !b.Type().IsSubtype(&dequeType) {
					return value{}, object.TypeErrorf(t, `can only concatenate deque (not "%s") to deque`, b.Type().Name)
				}
				return dequeNew(t, a, append(deq(a).items(), deq(b).items()...))
			},
			IConcat: func(t *thread, a, b value) (value, *exc) {
				_, e := extend(false)(t, []value{a, b})
				return a, e
			},
			Repeat: func(t *thread, v, n value) (value, *exc) {
				items, e := repeatInto(t, v, n)
				if e != nil {
					return value{}, e
				}
				return dequeNew(t, v, items)
			},
			IRepeat: func(t *thread, v, n value) (value, *exc) {
				items, e := repeatInto(t, v, n)
				if e == nil {
					deq(v).set(items)
				}
				return v, e
			},
			New: func(t *thread, tp *object.Type, args []value, kw []*object.Str) (value, *exc) {
				d, e := object.AllocAs[deque](t, tp)
				if e == nil {
					d.max = -1
				}
				return object.Obj(d), e
			},
			Init: object.InitSig("deque(iterable=<absent>, maxlen=None)", dequeInit),
		},
		Methods: dequeMethods(),
		GetSets: []object.GetSet{{Name: "maxlen", Get: func(t *thread, v value) (value, *exc) {
			if m := deq(v).max; m >= 0 {
				return object.Int(int64(m)), nil
			}
			return object.None, nil
		}}},
	})
	same := func(t *thread, v value) (value, *exc) { return v, nil }
	hint := []object.Method{{Sig: "__length_hint__(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
		return object.Int(int64(object.As[dequeIter](a[0]).left)), nil
	}}}
	object.Declare(&dequeIterType, object.Decl{Name: "collections._deque_iterator", Flags: object.FNoNew, Slots: object.Slots{Iter: same, Next: iterNext(1)}, Methods: hint})
	object.Declare(&dequeRevType, object.Decl{Name: "collections._deque_reverse_iterator", Flags: object.FNoNew, Slots: object.Slots{Iter: same, Next: iterNext(-1)}, Methods: hint})
}
