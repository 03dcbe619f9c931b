package collections

import "martlet/python/object"

// defaultDict is a dict that makes missing values.
type defaultDict struct {
	object.Dict
	factory value // Ref nil or None: no default
}

var defaultType object.Type

func self(v value) *defaultDict { return object.As[defaultDict](v) }

func (d *defaultDict) fact() value {
	if d.factory.Ref == nil {
		return object.None
	}
	return d.factory
}

func missing(t *thread, a []value) (value, *exc) {
	d := self(a[0])
	if d.fact().IsNone() {
		return value{}, object.KeyErrorOf(t, a[1])
	}
	v, e := object.Call(t, d.factory)
	if e != nil {
		return value{}, e
	}
	return v, object.SetItem(t, a[0], a[1], v)
}

func defaultInit(t *thread, v value, args []value, kwnames []*object.Str) *exc {
	d := self(v)
	if n := len(args) - len(kwnames); n > 0 {
		if !args[0].IsNone() && !object.Callable(args[0]) {
			return object.TypeErrorf(t, "first argument must be callable or None")
		}
		d.factory = args[0]
		args = args[1:]
	}
	return object.DictType.Slots.Init(t, v, args, kwnames)
}

// like makes a defaultdict of v's type with the same factory and the items of src.
func like(t *thread, v value, src *object.Dict) (value, *exc) {
	r, e := object.Call(t, v.Type().Value(), self(v).fact(), object.Obj(src))
	return r, e
}

func defaultRepr(t *thread, v value) (value, *exc) {
	base, e := object.DictType.Slots.Repr(t, v)
	if e != nil {
		return value{}, e
	}
	f := "..."
	if t.EnterRepr(object.Obj(&self(v).Dict)) {
		r, e := object.Repr(t, self(v).fact())
		t.LeaveRepr(v)
		if e != nil {
			return value{}, e
		}
		f = r.S
	}
	return object.StrVal(v.Type().BareName() + "(" + f + ", " + object.StrText(base) + ")"), nil
}

func defaultOr(t *thread, a, b value) (value, *exc) {
	if !object.IsDict(a) || !object.IsDict(b) {
		return object.NotImplemented, nil
	}
	owner := a
	if !a.Type().IsSubtype(&defaultType) {
		owner = b
	}
	r, e := like(t, owner, object.As[object.Dict](a))
	if e != nil {
		return value{}, e
	}
	return r, object.As[object.Dict](r).Update(t, b)
}

func init() {
	copyFn := func(t *thread, a []value) (value, *exc) { return like(t, a[0], object.As[object.Dict](a[0])) }
	object.Declare(&defaultType, object.Decl{
		Name: "collections.defaultdict", Base: &object.DictType, Layout: object.LayoutOf[defaultDict](),
		Doc: "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe default factory is called without arguments to produce\na new value when a key is not present, in __getitem__ only.\nA defaultdict compares equal to a dict with the same items.\nAll remaining arguments are treated the same as if they were\npassed to the dict constructor, including keyword arguments.",
		Slots: object.Slots{Init: defaultInit, Repr: defaultRepr, Bin: [object.NumBinOps]object.BinaryFunc{object.OpOr: defaultOr},
			New: func(t *thread, tp *object.Type, args []value, kw []*object.Str) (value, *exc) { return tp.Alloc(t) }},
		Methods: []object.Method{
			{Sig: "__missing__(self, key, /)", Fn: missing},
			{Sig: "copy(self, /)", Fn: copyFn}, {Sig: "__copy__(self, /)", Fn: copyFn},
			{Sig: "__reduce__(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				args := object.EmptyTuple
				if f := self(a[0]).fact(); !f.IsNone() {
					args = object.TupleOf(f)
				}
				items, e := object.CallMethod(t, a[0], object.N.Items)
				if e != nil {
					return value{}, e
				}
				it, e := object.Iter(t, items)
				return object.TupleOf(a[0].Type().Value(), args, object.None, object.None, it), e
			}},
			classGetItem,
		},
		GetSets: []object.GetSet{{Name: "default_factory",
			Get: func(t *thread, v value) (value, *exc) { return self(v).fact(), nil },
			Set: func(t *thread, v, x value) *exc { self(v).factory = x; return nil }}},
	})
}
