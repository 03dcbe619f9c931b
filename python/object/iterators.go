package object

import "slices"

// The lazy iterators of module builtins: enumerate, zip, map, filter, reversed, and iter(callable, sentinel).

// Enumerate counts what an iterator yields.
type Enumerate struct {
	Object
	It  Value
	N   int64
	Big Value // the count once it leaves int64; Ref nil before
}

// Zip yields tuples of what several iterators yield.
type Zip struct {
	Object
	Its    []Value
	Strict bool
	done   bool
}

// Map applies a function to what iterators yield.
type Map struct {
	Object
	Fn  Value
	Its []Value
}

// Filter yields what passes a test.
type Filter struct {
	Object
	Fn, It Value
}

// Reversed walks a sequence backwards by index.
type Reversed struct {
	Object
	Seq Value // Ref nil when exhausted
	I   int
}

// CallIter calls a function until it gives the sentinel.
type CallIter struct {
	Object
	Fn, Sentinel Value // Fn.Ref nil when exhausted
}

// The types of this file.
var EnumerateType, ZipType, MapType, FilterType, ReversedType, CallIterType Type

var enumerateBind = NewSig("enumerate(iterable, start=<absent>)", enumerateNew)

// enumerateArgs checks the arguments in CPython's order and words, which are not those of other functions.
func enumerateArgs(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
	switch n := len(args); {
	case n == 0 || n > 2 && n == len(kwnames):
		return Value{}, TypeErrorf(t, "enumerate() missing required argument 'iterable'")
	case n > 2:
		return Value{}, TypeErrorf(t, "enumerate() takes at most 2 arguments (%d given)", n)
	}
	allowed := []string{"iterable", "start"}[len(args)-len(kwnames):]
	if len(args) == 1 {
		allowed = allowed[:len(kwnames)]
	}
	for _, k := range kwnames {
		i := slices.Index(allowed, k.S)
		if i < 0 {
			return Value{}, TypeErrorf(t, "'%s' is an invalid keyword argument for enumerate()", k.S)
		}
		allowed = slices.Delete(slices.Clone(allowed), i, i+1)
	}
	return enumerateBind(t, tp, args, kwnames)
}

func enumerateNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	start := Int(0)
	var e *Exception
	if a[1].Ref != nil {
		if start, e = ToIndex(t, a[1]); e != nil {
			return Value{}, e
		}
	}
	it, e := Iter(t, a[0])
	if e != nil {
		return Value{}, e
	}
	o, e := AllocAs[Enumerate](t, tp)
	if e != nil {
		return Value{}, e
	}
	o.It = it
	if start.IsInt() {
		o.N = start.Int64()
	} else {
		o.Big = start
	}
	return Obj(o), nil
}

func enumerateNext(t *Thread, v Value) (Value, *Exception) {
	o := As[Enumerate](v)
	x, e := Next(t, o.It)
	if e != nil || x.Ref == nil {
		return x, e
	}
	if o.Big.Ref == nil {
		n := o.N
		if o.N++; o.N < n {
			o.Big, e = intAdd(t, Int(n), Int(1))
		}
		return TupleOf(Int(n), x), e
	}
	n := o.Big
	o.Big, e = intAdd(t, n, Int(1))
	return TupleOf(n, x), e
}

func itersOf(t *Thread, vs []Value) ([]Value, *Exception) {
	out := make([]Value, len(vs))
	for i, v := range vs {
		it, e := Iter(t, v)
		if e != nil {
			return nil, e
		}
		out[i] = it
	}
	return out, nil
}

func zipNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	strict, e := Truth(t, a[1])
	if e != nil {
		return Value{}, e
	}
	its, e := itersOf(t, As[Tuple](a[0]).Items)
	if e != nil {
		return Value{}, e
	}
	o, e := AllocAs[Zip](t, tp)
	if e != nil {
		return Value{}, e
	}
	o.Its, o.Strict = its, strict
	return Obj(o), nil
}

func zipNext(t *Thread, v Value) (Value, *Exception) {
	o := As[Zip](v)
	if len(o.Its) == 0 || o.done {
		return Value{}, nil
	}
	out := make([]Value, len(o.Its))
	for i, it := range o.Its {
		x, e := Next(t, it)
		if e != nil {
			o.done = true
			return Value{}, e
		}
		if x.Ref == nil {
			o.done = true
			return Value{}, o.mismatch(t, i)
		}
		out[i] = x
	}
	return NewTuple(out), t.Charge(24 + 16*len(out))
}

// mismatch is the error of strict=True when iterator i ends first.
func (o *Zip) mismatch(t *Thread, i int) *Exception {
	if !o.Strict {
		return nil
	}
	plural := func(n int) string {
		if n == 1 {
			return " 1"
		}
		return "s 1-" + IntString(Int(int64(n)))
	}
	if i > 0 {
		return ValueErrorf(t, "zip() argument %d is shorter than argument%s", i+1, plural(i))
	}
	for k := 1; k < len(o.Its); k++ {
		x, e := Next(t, o.Its[k])
		if e != nil {
			return e
		}
		if x.Ref != nil {
			return ValueErrorf(t, "zip() argument %d is longer than argument%s", k+1, plural(k))
		}
	}
	return nil
}

func mapNew(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
	if len(kwnames) > 0 && tp == &MapType {
		return Value{}, TypeErrorf(t, "map() takes no keyword arguments")
	}
	args = args[:len(args)-len(kwnames)]
	if len(args) < 2 {
		return Value{}, TypeErrorf(t, "map() must have at least two arguments.")
	}
	its, e := itersOf(t, args[1:])
	if e != nil {
		return Value{}, e
	}
	o, e := AllocAs[Map](t, tp)
	if e != nil {
		return Value{}, e
	}
	o.Fn, o.Its = args[0], its
	return Obj(o), nil
}

func mapNext(t *Thread, v Value) (Value, *Exception) {
	o := As[Map](v)
	w := t.Window(len(o.Its))
	defer t.Release(w)
	for i, it := range o.Its {
		x, e := Next(t, it)
		if e != nil || x.Ref == nil {
			return x, e
		}
		w[i] = x
	}
	return CallKw(t, o.Fn, w, nil)
}

func filterNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	it, e := Iter(t, a[1])
	if e != nil {
		return Value{}, e
	}
	o, e := AllocAs[Filter](t, tp)
	if e != nil {
		return Value{}, e
	}
	o.Fn, o.It = a[0], it
	return Obj(o), nil
}

func filterNext(t *Thread, v Value) (Value, *Exception) {
	o := As[Filter](v)
	plain := o.Fn.IsNone() || Is(o.Fn, BoolType.Value())
	for {
		x, e := Next(t, o.It)
		if e != nil || x.Ref == nil {
			return x, e
		}
		r := x
		if !plain {
			if r, e = Call(t, o.Fn, x); e != nil {
				return Value{}, e
			}
		}
		ok, e := Truth(t, r)
		if e != nil {
			return Value{}, e
		}
		if ok {
			return x, nil
		}
	}
}

func reversedNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	seq := a[0]
	m := seq.Type().Lookup(t, N.Reversed)
	if m.Ref != nil {
		if m.IsNone() {
			return Value{}, TypeErrorf(t, "'%s' object is not reversible", seq.Type().Name)
		}
		r, _, e := CallSpecial(t, seq, N.Reversed)
		return r, e
	}
	st := seq.Type()
	if st.Slots.GetItem == nil || st.Flags&(FDict|FSet|FFrozenSet) != 0 || st == &MappingProxyType || st == &GenericAliasType {
		return Value{}, TypeErrorf(t, "'%s' object is not reversible", st.Name)
	}
	n, e := Len(t, seq)
	if e != nil {
		return Value{}, e
	}
	o, e := AllocAs[Reversed](t, tp)
	if e != nil {
		return Value{}, e
	}
	o.Seq, o.I = seq, n-1
	return Obj(o), nil
}

func reversedNext(t *Thread, v Value) (Value, *Exception) {
	o := As[Reversed](v)
	if o.Seq.Ref == nil || o.I < 0 {
		o.Seq = Value{}
		return Value{}, nil
	}
	x, e := GetItem(t, o.Seq, Int(int64(o.I)))
	o.I--
	if e != nil && (e.IsA(&IndexErrorType) || e.IsA(&StopIterationType)) {
		o.Seq = Value{}
		return Value{}, nil
	}
	return x, e
}

// NewCallIter is iter(fn, sentinel).
func NewCallIter(fn, sentinel Value) Value {
	return Obj(&CallIter{Object{&CallIterType.Root}, fn, sentinel})
}

func callIterNext(t *Thread, v Value) (Value, *Exception) {
	o := As[CallIter](v)
	if o.Fn.Ref == nil {
		return Value{}, nil
	}
	x, e := Call(t, o.Fn)
	if e != nil {
		if e.IsA(&StopIterationType) {
			o.Fn = Value{}
			return Value{}, nil
		}
		return Value{}, e
	}
	if o.Fn.Ref == nil {
		return Value{}, nil
	}
	eq, e := Equal(t, x, o.Sentinel)
	if e != nil {
		return Value{}, e
	}
	if eq {
		o.Fn = Value{}
		return Value{}, nil
	}
	return x, nil
}

func init() {
	method := func(sig string, f func(t *Thread, v Value) (Value, *Exception)) Method {
		return Method{Sig: sig, Fn: func(t *Thread, a []Value) (Value, *Exception) { return f(t, a[0]) }}
	}
	Declare(&EnumerateType, Decl{Name: "enumerate", Layout: LayoutOf[Enumerate](),
		Doc:   "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe enumerate object yields pairs containing a count (from start, which\ndefaults to zero) and a value yielded by the iterable argument.\n\nenumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
		Slots: Slots{Iter: iterSelf, Next: enumerateNext, New: enumerateArgs},
		Methods: []Method{classGetItem, method("__reduce__(self, /)", func(t *Thread, v Value) (Value, *Exception) {
			o := As[Enumerate](v)
			n := o.Big
			if n.Ref == nil {
				n = Int(o.N)
			}
			return TupleOf(v.Type().Value(), TupleOf(o.It, n)), nil
		})}})
	Declare(&ZipType, Decl{Name: "zip", Layout: LayoutOf[Zip](),
		Doc:   "The zip object yields n-length tuples, where n is the number of iterables\npassed as positional arguments to zip().  The i-th element in every tuple\ncomes from the i-th iterable argument to zip().  This continues until the\nshortest argument is exhausted.\n\nIf strict is true and one of the arguments is exhausted before the others,\nraise a ValueError.\n\n   >>> list(zip('abcdefg', range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]",
		Slots: Slots{Iter: iterSelf, Next: zipNext, New: NewSig("zip(*iterables, strict=False)", zipNew)},
		Methods: []Method{
			method("__reduce__(self, /)", func(t *Thread, v Value) (Value, *Exception) {
				o := As[Zip](v)
				if o.Strict {
					return TupleOf(v.Type().Value(), NewTuple(o.Its), True), nil
				}
				return TupleOf(v.Type().Value(), NewTuple(o.Its)), nil
			}),
			{Sig: "__setstate__(self, state, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				b, e := Truth(t, a[1])
				As[Zip](a[0]).Strict = b
				return None, e
			}},
		}})
	Declare(&MapType, Decl{Name: "map", Layout: LayoutOf[Map](),
		Doc:   "Make an iterator that computes the function using arguments from\neach of the iterables.  Stops when the shortest iterable is exhausted.",
		Slots: Slots{Iter: iterSelf, Next: mapNext, New: mapNew},
		Methods: []Method{method("__reduce__(self, /)", func(t *Thread, v Value) (Value, *Exception) {
			o := As[Map](v)
			return TupleOf(v.Type().Value(), NewTuple(append([]Value{o.Fn}, o.Its...))), nil
		})}})
	Declare(&FilterType, Decl{Name: "filter", Layout: LayoutOf[Filter](),
		Doc:   "Return an iterator yielding those items of iterable for which function(item)\nis true. If function is None, return the items that are true.",
		Slots: Slots{Iter: iterSelf, Next: filterNext, New: NewSig("filter(function, iterable, /)", filterNew)},
		Methods: []Method{method("__reduce__(self, /)", func(t *Thread, v Value) (Value, *Exception) {
			o := As[Filter](v)
			return TupleOf(v.Type().Value(), TupleOf(o.Fn, o.It)), nil
		})}})
	Declare(&ReversedType, Decl{Name: "reversed", Layout: LayoutOf[Reversed](),
		Doc:   "Return a reverse iterator over the values of the given sequence.",
		Slots: Slots{Iter: iterSelf, Next: reversedNext, New: NewSig("reversed(sequence, /)", reversedNew)},
		Methods: []Method{
			method("__length_hint__(self, /)", func(t *Thread, v Value) (Value, *Exception) {
				o := As[Reversed](v)
				if o.Seq.Ref == nil {
					return Int(0), nil
				}
				n, e := Len(t, o.Seq)
				if n < o.I+1 {
					return Int(0), e
				}
				return Int(int64(o.I + 1)), e
			}),
			method("__reduce__(self, /)", func(t *Thread, v Value) (Value, *Exception) {
				o := As[Reversed](v)
				if o.Seq.Ref == nil {
					return TupleOf(v.Type().Value(), TupleOf(EmptyTuple)), nil
				}
				return TupleOf(v.Type().Value(), TupleOf(o.Seq), Int(int64(o.I))), nil
			}),
			{Sig: "__setstate__(self, state, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				o := As[Reversed](a[0])
				i, e := ToInt(t, a[1])
				if e != nil || o.Seq.Ref == nil {
					return None, e
				}
				n, e := Len(t, o.Seq)
				o.I = max(-1, min(i, n-1))
				return None, e
			}},
		}})
	Declare(&CallIterType, Decl{Name: "callable_iterator", Flags: FNoNew | FFinal, Slots: Slots{Iter: iterSelf, Next: callIterNext},
		Methods: []Method{method("__reduce__(self, /)", func(t *Thread, v Value) (Value, *Exception) {
			o := As[CallIter](v)
			if o.Fn.Ref == nil {
				return TupleOf(builtinFunc(t, "iter"), TupleOf(EmptyTuple)), nil
			}
			return TupleOf(builtinFunc(t, "iter"), TupleOf(o.Fn, o.Sentinel)), nil
		})}})
}
