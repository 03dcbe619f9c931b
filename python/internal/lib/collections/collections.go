// Package collections is Python's module _collections: the native containers.
//
//	deque.go         deque
//	defaultdict.go   defaultdict
//	ordereddict.go   OrderedDict
package collections

import "martlet/python/object"

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.DefineTypes(t, &dequeType, &defaultType, &orderedType)
	m.Set(t, "_deque_iterator", dequeIterType.Value())
	m.Set(t, "_deque_reverse_iterator", dequeRevType.Value())
	m.Define(t, []object.Method{{Sig: "_count_elements(mapping, iterable, /)", Fn: countElements}})
	return nil
}

// countElements adds one to mapping[x] for each x.
func countElements(t *thread, a []value) (value, *exc) {
	if object.IsDict(a[0]) {
		_, get := a[0].Type().LookupWhere(t.Intern("get"))
		_, set := a[0].Type().LookupWhere(object.N.SetItem)
		if get == &object.DictType && set == &object.DictType {
			d := object.As[object.Dict](a[0])
			return object.None, object.ForEach(t, a[1], func(x value) (bool, *exc) {
				old, e := d.SetDefault(t, x, object.Int(0))
				if e != nil {
					return false, e
				}
				n, e := object.BinaryOp(t, object.OpAdd, old, object.Int(1))
				if e != nil {
					return false, e
				}
				return true, d.Set(t, x, n)
			})
		}
	}
	return object.None, object.ForEach(t, a[1], func(x value) (bool, *exc) {
		old, e := object.CallMethodS(t, a[0], "get", x, object.Int(0))
		if e != nil {
			return false, e
		}
		n, e := object.BinaryOp(t, object.OpAdd, old, object.Int(1))
		if e != nil {
			return false, e
		}
		return true, object.SetItem(t, a[0], x, n)
	})
}

func classItem(t *thread, a []value) (value, *exc) { return object.NewGenericAlias(a[0], a[1]), nil }

var classGetItem = object.Method{Sig: "__class_getitem__(type, object, /)", Kind: object.ClassMethod, Fn: classItem}
