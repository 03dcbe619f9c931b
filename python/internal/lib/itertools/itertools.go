// Package itertools is Python's module itertools.
//
// Every iterator is a node whose step function holds its state; the types differ only in how they are made and shown.
//
//	itertools.go      the type table
//	infinite.go       count, cycle, repeat
//	sequence.go       chain, islice, takewhile, groupby, tee, zip_longest ...
//	combinatoric.go   product, permutations, combinations
package itertools

import "martlet/python/object"

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// step gives the next value; Ref nil without error at the end.
type step func(t *thread) (value, *exc)

// node is an iterator of this module.
type node struct {
	object.Object
	next step
	show func(t *thread) (string, *exc) // repr, nil for the default
	len  func(t *thread) (value, *exc)  // __length_hint__, nil if there is none
}

var end value // no value: exhausted

// maker binds the arguments of a constructor and gives the node's behaviour.
type maker struct {
	name, sig, doc string
	make           func(t *thread, a []value, n *node) *exc
	methods        []object.Method
}

var types []*object.Type

func nodeNext(t *thread, v value) (value, *exc) {
	n := object.As[node](v)
	if n.next == nil {
		return end, nil
	}
	x, e := n.next(t)
	if e == nil && x.Ref == nil {
		n.next = nil
	}
	return x, e
}

func nodeRepr(t *thread, v value) (value, *exc) {
	if show := object.As[node](v).show; show != nil {
		s, e := show(t)
		return object.StrVal(s), e
	}
	return object.ObjectRepr(t, v)
}

func nodeHint(t *thread, a []value) (value, *exc) {
	n := object.As[node](a[0])
	if n.len == nil {
		return object.NotImplemented, nil
	}
	return n.len(t)
}

func declare(m maker) *object.Type {
	tp := new(object.Type)
	self := func(t *thread, v value) (value, *exc) { return v, nil }
	methods := m.methods
	if m.name == "repeat" {
		methods = append(methods, object.Method{Sig: "__length_hint__(self, /)", Fn: nodeHint})
	}
	object.Declare(tp, object.Decl{
		Name: "itertools." + m.name, Doc: m.doc, Layout: object.LayoutOf[node](), Methods: methods,
		Slots: object.Slots{Iter: self, Next: nodeNext, Repr: nodeRepr,
			New: object.NewSig(m.name+m.sig, func(t *thread, tp *object.Type, a []value) (value, *exc) {
				n, e := object.AllocAs[node](t, tp)
				if e == nil {
					e = m.make(t, a, n)
				}
				return object.Obj(n), e
			})},
	})
	types = append(types, tp)
	return tp
}

func init() {
	for _, group := range [][]maker{infinite(), sequences(), combinatorics()} {
		for _, m := range group {
			declare(m)
		}
	}
	types = append(types, &grouperType, &teeType)
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	for _, tp := range types {
		if tp != &teeType && tp != &grouperType {
			m.Set(t, tp.BareName(), tp.Value())
		}
	}
	m.Set(t, "_grouper", grouperType.Value())
	m.Set(t, "_tee", teeType.Value())
	m.Define(t, []object.Method{{Sig: "tee(iterable, n=2, /)", Fn: tee, Doc: "Returns a tuple of n independent iterators."}})
	return nil
}

func items(v value) []value { return object.As[object.Tuple](v).Items }
