package collections

import (
	"unsafe"

	"martlet/python/object"
)

// orderedDict is a dict with the operations on order; every dict keeps insertion order already.
type orderedDict struct {
	object.Dict
	attrs object.Attrs
	slots [2]value //lint:ignore U1000 room for attributes, reached through Attrs
}

var orderedType object.Type

func moveToEnd(t *thread, a []value) (value, *exc) {
	last, e := object.Truth(t, a[2])
	if e != nil {
		return value{}, e
	}
	ok, e := object.As[object.Dict](a[0]).MoveToEnd(t, a[1], last)
	if e == nil && !ok {
		e = object.KeyErrorOf(t, a[1])
	}
	return object.None, e
}

func orderedPop(t *thread, a []value) (value, *exc) {
	last, e := object.Truth(t, a[1])
	if e != nil {
		return value{}, e
	}
	d := object.As[object.Dict](a[0])
	k, v, ok := d.Ends(last)
	if !ok {
		return value{}, object.KeyErrorOf(t, object.StrVal("dictionary is empty"))
	}
	_, e = d.Del(t, k)
	return object.TupleOf(k, v), e
}

func orderedCompare(t *thread, a, b value, op object.CmpOp) (value, *exc) {
	r, e := object.DictType.Slots.Compare(t, a, b, op)
	if e != nil || r.IsNotImplemented() || !b.Type().IsSubtype(&orderedType) || r == object.Bool(op == object.CmpNe) {
		return r, e
	}
	x, y := object.As[object.Dict](a).Keys(), object.As[object.Dict](b).Keys()
	for i := range min(len(x), len(y)) {
		eq, e := object.Equal(t, x[i], y[i])
		if e != nil {
			return value{}, e
		}
		if !eq {
			return object.Bool(op == object.CmpNe), nil
		}
	}
	return r, nil
}

func orderedRepr(t *thread, v value) (value, *exc) {
	if object.As[object.Dict](v).Len() == 0 {
		return object.StrVal(v.Type().BareName() + "()"), nil
	}
	r, e := object.DictType.Slots.Repr(t, v)
	if e != nil {
		return value{}, e
	}
	if s := object.StrText(r); s != "{...}" {
		return object.StrVal(v.Type().BareName() + "(" + s + ")"), nil
	}
	return object.StrVal("..."), nil
}

func orderedOr(t *thread, a, b value) (value, *exc) {
	if !object.IsDict(a) || !object.IsDict(b) {
		return object.NotImplemented, nil
	}
	tp := a.Type()
	if !tp.IsSubtype(&orderedType) {
		tp = b.Type()
	}
	r, e := object.Call(t, tp.Value(), a)
	if e != nil {
		return value{}, e
	}
	return r, object.As[object.Dict](r).Update(t, b)
}

func init() {
	var z orderedDict
	copyFn := func(t *thread, a []value) (value, *exc) { return object.Call(t, a[0].Type().Value(), a[0]) }
	object.Declare(&orderedType, object.Decl{
		Name: "collections.OrderedDict", Base: &object.DictType, Doc: "Dictionary that remembers insertion order",
		Layout: object.LayoutWithAttrs[orderedDict](unsafe.Offsetof(z.attrs), 2), Dict: true, Weak: true,
		Slots: object.Slots{Compare: orderedCompare, HashIsUnset: true, Repr: orderedRepr, Bin: [object.NumBinOps]object.BinaryFunc{object.OpOr: orderedOr},
			New: func(t *thread, tp *object.Type, args []value, kw []*object.Str) (value, *exc) { return tp.Alloc(t) }},
		Methods: []object.Method{
			{Sig: "move_to_end(self, /, key, last=True)", Fn: moveToEnd, Doc: "Move an existing element to the end (or beginning if last is false)."},
			{Sig: "popitem(self, /, last=True)", Fn: orderedPop, Doc: "Remove and return a (key, value) pair from the dictionary."},
			{Sig: "copy(self, /)", Fn: copyFn},
			{Sig: "__reduce__(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				items, e := object.CallMethod(t, a[0], object.N.Items)
				if e != nil {
					return value{}, e
				}
				it, e := object.Iter(t, items)
				d := object.None
				if x := object.DictOf(a[0]); x != nil && x.Len() > 0 {
					d = object.Obj(x)
				}
				return object.TupleOf(a[0].Type().Value(), object.EmptyTuple, d, object.None, it), e
			}},
		},
	})
}
