// Package bisect is Python's module bisect (and _bisect).
package bisect

import "martlet/python/object"

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// search finds the insertion point of x in a[0]; key applies to the elements only.
func search(t *thread, a []value, x value, right bool) (int, *exc) {
	lo, e := object.ToInt(t, a[2])
	if e != nil {
		return 0, e
	}
	if lo < 0 {
		return 0, object.ValueErrorf(t, "lo must be non-negative")
	}
	hi := 0
	if a[3].IsNone() {
		hi, e = object.Len(t, a[0])
	} else {
		hi, e = object.ToInt(t, a[3])
	}
	if e != nil {
		return 0, e
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		y, e := object.GetItem(t, a[0], object.Int(int64(mid)))
		if e != nil {
			return 0, e
		}
		if !a[4].IsNone() {
			if y, e = object.Call(t, a[4], y); e != nil {
				return 0, e
			}
		}
		p, q := y, x
		if right {
			p, q = x, y
		}
		r, e := object.Compare(t, p, q, object.CmpLt)
		if e != nil {
			return 0, e
		}
		lt, e := object.Truth(t, r)
		if e != nil {
			return 0, e
		}
		if lt == right {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo, nil
}

func find(right bool) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		i, e := search(t, a, a[1], right)
		return object.Int(int64(i)), e
	}
}

func insert(right bool) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		x := a[1]
		if !a[4].IsNone() {
			var e *exc
			if x, e = object.Call(t, a[4], x); e != nil {
				return value{}, e
			}
		}
		i, e := search(t, a, x, right)
		if e != nil {
			return value{}, e
		}
		_, e = object.CallMethodS(t, a[0], "insert", object.Int(int64(i)), a[1])
		return object.None, e
	}
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	const args = "(a, x, lo=0, hi=None, *, key=None)"
	m.Define(t, []object.Method{
		{Sig: "bisect_right" + args, Fn: find(true), Doc: "Return the index where to insert item x in list a, assuming a is sorted."},
		{Sig: "bisect_left" + args, Fn: find(false), Doc: "Return the index where to insert item x in list a, assuming a is sorted."},
		{Sig: "insort_right" + args, Fn: insert(true), Doc: "Insert item x in list a, and keep it sorted assuming a is sorted."},
		{Sig: "insort_left" + args, Fn: insert(false), Doc: "Insert item x in list a, and keep it sorted assuming a is sorted."},
	})
	m.Set(t, "bisect", m.Dict.GetStr(t.Intern("bisect_right")))
	m.Set(t, "insort", m.Dict.GetStr(t.Intern("insort_right")))
	return nil
}
