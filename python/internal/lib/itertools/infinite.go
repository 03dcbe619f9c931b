package itertools

import "martlet/python/object"

func infinite() []maker {
	return []maker{
		{name: "count", sig: "(start=0, step=1)", doc: "Return a count object whose .__next__() method returns consecutive values.", make: count},
		{name: "cycle", sig: "(iterable, /)", doc: "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.", make: cycle},
		{name: "repeat", sig: "(object, times=<absent>)", doc: "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified number of times.  If not specified, returns the object\nendlessly.", make: repeat},
	}
}

func isNumber(v value) bool {
	s := &v.Type().Slots
	return s.Index != nil || s.ToFloat != nil || s.ToInt != nil || object.IsComplex(v)
}

func count(t *thread, a []value, n *node) *exc {
	cur, by := a[0], a[1]
	if !isNumber(cur) || !isNumber(by) || object.IsStr(cur) || object.IsStr(by) {
		return object.TypeErrorf(t, "a number is required")
	}
	n.next = func(t *thread) (value, *exc) {
		x := cur
		var e *exc
		cur, e = object.BinaryOp(t, object.OpAdd, cur, by)
		return x, e
	}
	n.show = func(t *thread) (string, *exc) {
		r, e := object.Repr(t, cur)
		if e != nil {
			return "", e
		}
		if by.IsInt() && by.Int64() == 1 {
			return "count(" + r.S + ")", nil
		}
		s, e := object.Repr(t, by)
		if e != nil {
			return "", e
		}
		return "count(" + r.S + ", " + s.S + ")", nil
	}
	return nil
}

func cycle(t *thread, a []value, n *node) *exc {
	it, e := object.Iter(t, a[0])
	if e != nil {
		return e
	}
	var saved []value
	i, done := 0, false
	n.next = func(t *thread) (value, *exc) {
		if !done {
			x, e := object.Next(t, it)
			if e != nil {
				return end, e
			}
			if x.Ref != nil {
				saved = append(saved, x)
				return x, t.Charge(16)
			}
			done = true
		}
		if len(saved) == 0 {
			return end, nil
		}
		x := saved[i]
		i = (i + 1) % len(saved)
		return x, nil
	}
	return nil
}

func repeat(t *thread, a []value, n *node) *exc {
	left := -1
	if a[1].Ref != nil {
		k, e := object.ToInt(t, a[1])
		if e != nil {
			return e
		}
		left = max(0, k)
	}
	x := a[0]
	n.next = func(t *thread) (value, *exc) {
		if left == 0 {
			return end, nil
		}
		if left > 0 {
			left--
		}
		return x, nil
	}
	n.len = func(t *thread) (value, *exc) {
		if left < 0 {
			return value{}, object.TypeErrorf(t, "len() of unsized object")
		}
		return object.Int(int64(left)), nil
	}
	n.show = func(t *thread) (string, *exc) {
		r, e := object.Repr(t, x)
		if e != nil {
			return "", e
		}
		if left < 0 {
			return "repeat(" + r.S + ")", nil
		}
		return "repeat(" + r.S + ", " + object.IntString(object.Int(int64(left))) + ")", nil
	}
	return nil
}
