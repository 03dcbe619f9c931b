// Package functools is Python's module _functools: the native part of functools.
//
//	functools.go   reduce, cmp_to_key
//	partial.go     partial
//	cache.go       the wrapper of lru_cache
package functools

import "martlet/python/object"

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// keyObj is what cmp_to_key's function makes: an object compared by the function.
type keyObj struct {
	object.Object
	cmp, obj value
}

var keyType object.Type

func keyNew(t *thread, cmp, obj value) value {
	return object.Obj(&keyObj{object.Object{Shape: &keyType.Root}, cmp, obj})
}

func keyCompare(t *thread, a, b value, op object.CmpOp) (value, *exc) {
	if b.Type() != &keyType {
		return value{}, object.TypeErrorf(t, "other argument must be K instance")
	}
	x, y := object.As[keyObj](a), object.As[keyObj](b)
	if x.obj.Ref == nil || y.obj.Ref == nil {
		return value{}, object.AttributeErrorf(t, "object")
	}
	r, e := object.Call(t, x.cmp, x.obj, y.obj)
	if e != nil {
		return value{}, e
	}
	return object.Compare(t, r, object.Int(0), op)
}

func reduce(t *thread, a []value) (value, *exc) {
	if a[1].Type().Slots.Iter == nil && a[1].Type().Slots.GetItem == nil {
		return value{}, object.TypeErrorf(t, "reduce() arg 2 must support iteration")
	}
	acc := a[2]
	e := object.ForEach(t, a[1], func(x value) (bool, *exc) {
		if acc.Ref == nil {
			acc = x
			return true, nil
		}
		var e *exc
		acc, e = object.Call(t, a[0], acc, x)
		return true, e
	})
	if e == nil && acc.Ref == nil {
		e = object.TypeErrorf(t, "reduce() of empty iterable with no initial value")
	}
	return acc, e
}

// Init fills module _functools.
func Init(t *thread, m *object.Module) *exc {
	m.Define(t, []object.Method{
		{Sig: "reduce(function, iterable, initial=<absent>, /)", Fn: reduce, Doc: "Apply a function of two arguments cumulatively to the items of an iterable, from left to right."},
		{Sig: "cmp_to_key(mycmp)", Fn: func(t *thread, a []value) (value, *exc) { return keyNew(t, a[0], value{}), nil }, Doc: "Convert a cmp= function into a key= function."},
	})
	m.DefineTypes(t, &partialType, &cacheType)
	m.Set(t, "partial", partialType.Value())
	return nil
}

func init() {
	object.Declare(&keyType, object.Decl{
		Name: "functools.KeyWrapper", Flags: object.FNoNew, Layout: object.LayoutOf[keyObj](),
		Slots: object.Slots{Compare: keyCompare, HashIsUnset: true,
			Call: func(t *thread, callee value, args []value, kwnames []*object.Str) (value, *exc) {
				if len(args) != 1 {
					return value{}, object.TypeErrorf(t, "K() missing required argument 'obj' (pos 1)")
				}
				return keyNew(t, object.As[keyObj](callee).cmp, args[0]), nil
			}},
		GetSets: []object.GetSet{{Name: "obj", Get: func(t *thread, v value) (value, *exc) {
			if o := object.As[keyObj](v).obj; o.Ref != nil {
				return o, nil
			}
			return object.None, nil
		}, Set: func(t *thread, v, x value) *exc { object.As[keyObj](v).obj = x; return nil }}},
	})
}
