// Package operator is Python's module operator (and _operator).
//
//	operator.go   the functions
//	getters.go    itemgetter, attrgetter, methodcaller
package operator

import (
	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

var binaries = []struct {
	name  string
	op    object.BinOp
	plain string // sign, for the documentation
}{
	{"add", object.OpAdd, "+"}, {"sub", object.OpSub, "-"}, {"mul", object.OpMul, "*"}, {"matmul", object.OpMatMul, "@"},
	{"truediv", object.OpTrueDiv, "/"}, {"floordiv", object.OpFloorDiv, "//"}, {"mod", object.OpMod, "%"}, {"pow", object.OpPow, "**"},
	{"lshift", object.OpLShift, "<<"}, {"rshift", object.OpRShift, ">>"}, {"and", object.OpAnd, "&"}, {"or", object.OpOr, "|"}, {"xor", object.OpXor, "^"},
}

var compares = []struct {
	name string
	op   object.CmpOp
}{{"lt", object.CmpLt}, {"le", object.CmpLe}, {"eq", object.CmpEq}, {"ne", object.CmpNe}, {"gt", object.CmpGt}, {"ge", object.CmpGe}}

var unaries = []struct {
	name string
	op   object.UnOp
	sign string
}{{"neg", object.OpNeg, "-"}, {"pos", object.OpPos, "+"}, {"invert", object.OpInvert, "~"}, {"abs", object.OpAbs, "abs"}}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	def := func(name string, params string, fn object.BuiltinFn, doc string, dunder bool) {
		public := name
		if name == "and" || name == "or" || name == "not" || name == "is" {
			public += "_"
		}
		m.Define(t, []object.Method{{Sig: public + params, Fn: fn, Doc: doc}})
		if dunder {
			m.Set(t, "__"+name+"__", m.Dict.GetStr(t.Intern(public)))
		}
	}
	for _, b := range binaries {
		def(b.name, "(a, b, /)", func(t *thread, a []value) (value, *exc) { return object.BinaryOp(t, b.op, a[0], a[1]) }, "Same as a "+b.plain+" b.", true)
		def("i"+b.name, "(a, b, /)", func(t *thread, a []value) (value, *exc) { return object.InPlaceOp(t, b.op, a[0], a[1]) }, "Same as a "+b.plain+"= b.", true)
	}
	for _, c := range compares {
		def(c.name, "(a, b, /)", func(t *thread, a []value) (value, *exc) { return object.Compare(t, a[0], a[1], c.op) }, "Same as a "+c.op.String()+" b.", true)
	}
	for _, u := range unaries {
		def(u.name, "(a, /)", func(t *thread, a []value) (value, *exc) { return object.UnaryOp(t, u.op, a[0]) }, "Same as "+u.sign+" a.", true)
	}
	m.Set(t, "inv", m.Dict.GetStr(t.Intern("invert")))
	m.Set(t, "__inv__", m.Dict.GetStr(t.Intern("invert")))
	for _, f := range others {
		def(f.name, f.params, f.fn, f.doc, f.dunder)
	}
	m.DefineTypes(t, &itemGetterType, &attrGetterType, &methodCallerType)
	return nil
}

var others = []struct {
	name, params, doc string
	fn                object.BuiltinFn
	dunder            bool
}{
	{"not", "(a, /)", "Same as not a.", func(t *thread, a []value) (value, *exc) {
		b, e := object.Truth(t, a[0])
		return object.Bool(!b), e
	}, true},
	{"truth", "(a, /)", "Return True if a is true, False otherwise.", func(t *thread, a []value) (value, *exc) {
		b, e := object.Truth(t, a[0])
		return object.Bool(b), e
	}, false},
	{"is", "(a, b, /)", "Same as a is b.", func(t *thread, a []value) (value, *exc) { return object.Bool(object.Is(a[0], a[1])), nil }, false},
	{"is_not", "(a, b, /)", "Same as a is not b.", func(t *thread, a []value) (value, *exc) { return object.Bool(!object.Is(a[0], a[1])), nil }, false},
	{"index", "(a, /)", "Same as a.__index__()", func(t *thread, a []value) (value, *exc) { return object.ToIndex(t, a[0]) }, true},
	{"concat", "(a, b, /)", "Same as a + b, for a and b sequences.", concat(object.BinaryOp), true},
	{"iconcat", "(a, b, /)", "Same as a += b, for a and b sequences.", concat(object.InPlaceOp), true},
	{"contains", "(a, b, /)", "Same as b in a (note reversed operands).", func(t *thread, a []value) (value, *exc) {
		b, e := object.Contains(t, a[0], a[1])
		return object.Bool(b), e
	}, true},
	{"countOf", "(a, b, /)", "Return the number of items in a which are, or which equal, b.", countOf, false},
	{"indexOf", "(a, b, /)", "Return the first index of b in a.", indexOf, false},
	{"getitem", "(a, b, /)", "Same as a[b].", func(t *thread, a []value) (value, *exc) { return object.GetItem(t, a[0], a[1]) }, true},
	{"setitem", "(a, b, c, /)", "Same as a[b] = c.", func(t *thread, a []value) (value, *exc) { return object.None, object.SetItem(t, a[0], a[1], a[2]) }, true},
	{"delitem", "(a, b, /)", "Same as del a[b].", func(t *thread, a []value) (value, *exc) { return object.None, object.DelItem(t, a[0], a[1]) }, true},
	{"length_hint", "(obj, default=0, /)", "Return an estimate of the number of items in obj.", func(t *thread, a []value) (value, *exc) {
		if !object.IsIntLike(a[1]) {
			return value{}, object.TypeErrorf(t, "'%s' object cannot be interpreted as an integer", a[1].Type().Name)
		}
		def, e := object.ToInt(t, a[1])
		if e != nil {
			return value{}, e
		}
		n, e := object.LengthHint(t, a[0], def)
		return object.Int(int64(n)), e
	}, false},
	{"call", "(obj, /, *args, **kwargs)", "Same as obj(*args, **kwargs).", func(t *thread, a []value) (value, *exc) {
		return object.CallDict(t, a[0], object.As[object.Tuple](a[1]).Items, object.As[object.Dict](a[2]))
	}, true},
	{"_compare_digest", "(a, b, /)", "Return 'a == b'.", func(t *thread, a []value) (value, *exc) { return object.Compare(t, a[0], a[1], object.CmpEq) }, false},
}

func concat(op func(t *thread, op object.BinOp, a, b value) (value, *exc)) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		s := a[0].Type()
		o := a[1].Type()
		adds := s.Slots.Concat != nil || o.Slots.GetItem != nil && (s.Slots.Bin[object.OpAdd] != nil || o.Slots.Bin[object.OpAdd] != nil)
		if s.Slots.GetItem == nil || object.IsDict(a[0]) || !adds {
			return value{}, object.TypeErrorf(t, "'%s' object can't be concatenated", s.Name)
		}
		return op(t, object.OpAdd, a[0], a[1])
	}
}

func countOf(t *thread, a []value) (value, *exc) {
	it, e := iterator(t, a[0])
	if e != nil {
		return value{}, e
	}
	n := int64(0)
	e = object.Exhaust(t, it, func(x value) (bool, *exc) {
		eq, e := object.Equal(t, x, a[1])
		if eq {
			n++
		}
		return true, e
	})
	return object.Int(n), e
}

// iterator gives the iterator that countOf and indexOf search.
func iterator(t *thread, v value) (value, *exc) {
	return object.IterOr(t, v, "argument of type '%s' is not iterable", v.Type().Name)
}

func indexOf(t *thread, a []value) (value, *exc) {
	it, e := iterator(t, a[0])
	if e != nil {
		return value{}, e
	}
	n, found := int64(0), false
	e = object.Exhaust(t, it, func(x value) (bool, *exc) {
		eq, e := object.Equal(t, x, a[1])
		found = eq
		if !eq {
			n++
		}
		return !eq, e
	})
	if e == nil && !found {
		e = object.ValueErrorf(t, "sequence.index(x): x not in sequence")
	}
	return object.Int(n), e
}
