package builtins

import (
	"math"

	"martlet/python/object"
)

func length(t *thread, a []value) (value, *exc) {
	n, e := object.Len(t, a[0])
	return object.Int(int64(n)), e
}

func iter(t *thread, a []value) (value, *exc) {
	if a[1].Ref == nil {
		return object.Iter(t, a[0])
	}
	if !object.Callable(a[0]) {
		return value{}, object.TypeErrorf(t, "iter(v, w): v must be callable")
	}
	return object.NewCallIter(a[0], a[1]), nil
}

func next(t *thread, a []value) (value, *exc) {
	t.TakeStop()
	x, e := object.Next(t, a[0])
	switch {
	case e != nil:
		if a[1].Ref != nil && e.IsA(&object.StopIterationType) {
			return a[1], nil
		}
		return value{}, e
	case x.Ref != nil:
		return x, nil
	case a[1].Ref != nil:
		return a[1], nil
	}
	return value{}, object.StopIterationOf(t, t.TakeStop())
}

func all(t *thread, a []value) (value, *exc) {
	r := true
	e := object.ForEach(t, a[0], func(x value) (bool, *exc) {
		b, e := object.Truth(t, x)
		r = b
		return b, e
	})
	return object.Bool(r), e
}

func any_(t *thread, a []value) (value, *exc) {
	r := false
	e := object.ForEach(t, a[0], func(x value) (bool, *exc) {
		b, e := object.Truth(t, x)
		r = b
		return !b, e
	})
	return object.Bool(r), e
}

func sorted(t *thread, a []value) (value, *exc) {
	items, e := object.Collect(t, a[0])
	if e != nil {
		return value{}, e
	}
	reverse, e := object.Truth(t, a[2])
	if e != nil {
		return value{}, e
	}
	// The list exists only now, so nobody can change it while the sort runs.
	e = object.SortValues(t, items, a[1], reverse)
	return object.NewList(items), e
}

// adder sums ints in a machine word and floats with Neumaier's compensation as long as it can, then with +.
type adder struct {
	t      *thread
	kind   byte // 'i', 'f' or 'o'
	i      int64
	f, c   float64
	result value
}

func (s *adder) start(v value) {
	s.kind, s.result = 'o', v
	switch {
	case v.IsInt():
		s.kind, s.i = 'i', v.Int64()
	case v.IsFloat():
		s.kind, s.f = 'f', v.Float64()
	}
}

func (s *adder) addFloat(x float64) {
	sum := s.f + x
	if math.Abs(s.f) >= math.Abs(x) {
		s.c += (s.f - sum) + x
	} else {
		s.c += (x - sum) + s.f
	}
	s.f = sum
}

func (s *adder) value() value {
	switch s.kind {
	case 'i':
		return object.Int(s.i)
	case 'f':
		if s.c != 0 && !math.IsInf(s.c, 0) && !math.IsNaN(s.c) {
			return object.Float(s.f + s.c)
		}
		return object.Float(s.f)
	}
	return s.result
}

func (s *adder) add(x value) *exc {
	switch {
	case s.kind == 'i' && (x.IsInt() || x.IsBool()):
		if r := s.i + x.Int64(); (r > s.i) == (x.Int64() > 0) {
			s.i = r
			return nil
		}
	case s.kind == 'i' && x.IsFloat():
		s.kind, s.f, s.c = 'f', float64(s.i), 0
		s.addFloat(x.Float64())
		return nil
	case s.kind == 'f' && x.IsFloat():
		s.addFloat(x.Float64())
		return nil
	case s.kind == 'f' && (x.IsInt() || x.IsBool()):
		s.f += float64(x.Int64())
		return nil
	}
	r, e := object.BinaryOp(s.t, object.OpAdd, s.value(), x)
	s.kind, s.result, s.c = 'o', r, 0
	return e
}

func sum(t *thread, a []value) (value, *exc) {
	switch start := a[1]; {
	case object.IsStr(start):
		return value{}, object.TypeErrorf(t, "sum() can't sum strings [use ''.join(seq) instead]")
	case object.IsBytes(start):
		return value{}, object.TypeErrorf(t, "sum() can't sum bytes [use b''.join(seq) instead]")
	case object.IsByteArray(start):
		return value{}, object.TypeErrorf(t, "sum() can't sum bytearray [use b''.join(seq) instead]")
	}
	s := adder{t: t}
	s.start(a[1])
	e := object.ForEach(t, a[0], func(x value) (bool, *exc) { return true, s.add(x) })
	if e != nil {
		return value{}, e
	}
	return s.value(), nil
}

// extremum makes min and max: the candidate that compares by op against the best so far replaces it.
func extremum(name string, op object.CmpOp) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		args := object.As[object.Tuple](a[0]).Items
		var key, def value
		kw := object.As[object.Dict](a[1])
		for pos := 0; ; {
			k, v, ok := kw.Next(&pos)
			if !ok {
				break
			}
			switch object.StrText(k) {
			case "key":
				key = v
			case "default":
				def = v
			default:
				return value{}, object.UnexpectedKeyword(t, name, object.StrText(k), "key", "default")
			}
		}
		if len(args) == 0 {
			return value{}, object.TypeErrorf(t, "%s expected at least 1 argument, got 0", name)
		}
		src := a[0]
		if len(args) == 1 {
			src = args[0]
		} else if def.Ref != nil {
			return value{}, object.TypeErrorf(t, "Cannot specify a default for %s() with multiple positional arguments", name)
		}
		if key.IsNone() {
			key = value{}
		}
		best, e := Extremum(t, src, key, op)
		if e != nil || best.Ref != nil {
			return best, e
		}
		if def.Ref == nil {
			return value{}, object.ValueErrorf(t, "%s() iterable argument is empty", name)
		}
		return def, nil
	}
}

// Extremum gives the element of src whose key (or, without key function, that itself) compares by op against all others; Ref nil if there is no element.
func Extremum(t *thread, src, key value, op object.CmpOp) (value, *exc) {
	var best, bestKey value
	e := object.ForEach(t, src, func(x value) (bool, *exc) {
		k := x
		if key.Ref != nil {
			var e *exc
			if k, e = object.Call(t, key, x); e != nil {
				return false, e
			}
		}
		if best.Ref == nil {
			best, bestKey = x, k
			return true, nil
		}
		better := false
		if k.IsInt() && bestKey.IsInt() {
			better = k.Int64() < bestKey.Int64()
			if op == object.CmpGt {
				better = k.Int64() > bestKey.Int64()
			}
		} else {
			r, e := object.Compare(t, k, bestKey, op)
			if e != nil {
				return false, e
			}
			if better, e = object.Truth(t, r); e != nil {
				return false, e
			}
		}
		if better {
			best, bestKey = x, k
		}
		return true, nil
	})
	return best, e
}
