// Package array is Python's module array: mutable sequences of machine numbers or code points. Items lie in a byte slice
// and are read and written through a memoryview of it.
package array

import (
	"bytes"
	"encoding/binary"
	"slices"

	"martlet/python/internal/wtf8"
	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// array is an array object.
type array struct {
	object.Object
	code    byte
	size    int
	b       []byte
	exports int
}

var arrayType, iterType object.Type

const codes = "bBuwhHiIlLqQfd"

var sizes = [...]int{1, 1, 4, 4, 2, 2, 4, 4, 8, 8, 8, 8, 4, 8}

func self(v value) *array { return object.As[array](v) }

func (a *array) len() int     { return len(a.b) / a.size }
func (a *array) isText() bool { return a.code == 'u' || a.code == 'w' }

func (a *array) get(t *thread, i int) (value, *exc) {
	b := a.b[i*a.size : (i+1)*a.size]
	if a.isText() {
		return object.RuneStr(rune(binary.LittleEndian.Uint32(b))), nil
	}
	return object.GetItem(t, object.Obj(object.NewMemoryView(b, object.None, string(a.code), a.size, false, nil)), object.Int(0))
}

// encode gives the bytes of one item.
func (a *array) encode(t *thread, v value) ([]byte, *exc) {
	b := make([]byte, a.size)
	if a.isText() {
		if !object.IsStr(v) {
			return nil, object.TypeErrorf(t, "array item must be a unicode character, not %s", v.Type().Name)
		}
		s := object.As[object.Str](v)
		if s.Len() != 1 {
			return nil, object.TypeErrorf(t, "array item must be a string of length 1, not a string of length %d", s.Len())
		}
		binary.LittleEndian.PutUint32(b, uint32(s.At(0)))
		return b, nil
	}
	if a.code == 'f' || a.code == 'd' {
		if _, e := object.ToFloat(t, v); e != nil {
			return nil, e
		}
	} else if v.Type().Slots.Index == nil {
		return nil, object.TypeErrorf(t, "'%s' object cannot be interpreted as an integer", v.Type().Name)
	}
	e := object.SetItem(t, object.Obj(object.NewMemoryView(b, object.None, string(a.code), a.size, false, nil)), object.Int(0), v)
	if e != nil && e.IsA(&object.ValueErrorType) {
		return nil, a.rangeError(t, v)
	}
	return b, e
}

// rangeError is the error of an int out of the type's range, in the words of CPython's converters.
func (a *array) rangeError(t *thread, v value) *exc {
	i, e := object.ToIndex(t, v)
	if e != nil {
		return e
	}
	neg := object.BigOf(i).Sign() < 0
	side := func(what string) *exc {
		if neg {
			return object.OverflowErrorf(t, "%s is less than minimum", what)
		}
		return object.OverflowErrorf(t, "%s is greater than maximum", what)
	}
	switch a.code {
	case 'b':
		return side("signed char")
	case 'B':
		return side("unsigned byte integer")
	case 'h':
		return side("signed short integer")
	case 'H':
		return side("unsigned short")
	case 'i':
		return side("signed integer")
	case 'I':
		if neg {
			return object.OverflowErrorf(t, "can't convert negative value to unsigned int")
		}
		return side("unsigned int")
	}
	if neg && (a.code == 'L' || a.code == 'Q') {
		return object.OverflowErrorf(t, "can't convert negative value to unsigned int")
	}
	return object.OverflowErrorf(t, "int too big to convert")
}

func (a *array) fixed(t *thread) *exc {
	if a.exports > 0 {
		return object.NewException(t, &object.BufferErrorType, object.StrVal("cannot resize an array that is exporting buffers"))
	}
	return t.Charge(a.size)
}

func (a *array) append(t *thread, v value) *exc {
	b, e := a.encode(t, v)
	if e == nil {
		e = a.fixed(t)
	}
	if e == nil {
		a.b = append(a.b, b...)
	}
	return e
}

func (a *array) extend(t *thread, v value) *exc {
	if v.Type().IsSubtype(&arrayType) {
		o := self(v)
		if o.code != a.code {
			return object.TypeErrorf(t, "can only extend with array of same kind")
		}
		if e := a.fixed(t); e != nil {
			return e
		}
		a.b = append(a.b, o.b...)
		return t.Charge(len(o.b))
	}
	return object.ForEach(t, v, func(x value) (bool, *exc) { return true, a.append(t, x) })
}

func arrayNew(t *thread, tp *object.Type, args []value) (value, *exc) {
	if !object.IsStr(args[0]) || object.As[object.Str](args[0]).Len() != 1 {
		return value{}, object.TypeErrorf(t, "array() argument 1 must be a unicode character, not %s", object.ArgTypeName(args[0]))
	}
	i := bytes.IndexByte([]byte(codes), object.StrText(args[0])[0])
	if i < 0 {
		return value{}, object.ValueErrorf(t, "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)")
	}
	if codes[i] == 'u' {
		if e := object.Warn(t, &object.DeprecationWarningType, "The 'u' type code is deprecated and will be removed in Python 3.16"); e != nil {
			return value{}, e
		}
	}
	a, e := object.AllocAs[array](t, tp)
	if e != nil {
		return value{}, e
	}
	a.code, a.size = codes[i], sizes[i]
	init := args[1]
	if init.Ref == nil {
		return object.Obj(a), nil
	}
	if object.IsStr(init) && !a.isText() {
		return value{}, object.TypeErrorf(t, "cannot use a str to initialize an array with typecode '%c'", a.code)
	}
	if b, ok := object.BytesOf(init); ok {
		return object.Obj(a), a.frombytes(t, b)
	}
	return object.Obj(a), a.extend(t, init)
}

func (a *array) frombytes(t *thread, b []byte) *exc {
	if len(b)%a.size != 0 {
		return object.ValueErrorf(t, "bytes length not a multiple of item size")
	}
	if e := a.fixed(t); e != nil {
		return e
	}
	a.b = append(a.b, b...)
	return t.Charge(len(b))
}

func (a *array) like(b []byte) value {
	return object.Obj(&array{Object: object.Object{Shape: &arrayType.Root}, code: a.code, size: a.size, b: b})
}

func (a *array) index(t *thread, key value, what string) (int, *exc) {
	if key.Type().Slots.Index == nil {
		return 0, object.TypeErrorf(t, "array indices must be integers")
	}
	n, e := object.Subscript(t, key)
	if e != nil {
		return 0, e
	}
	i := int(n)
	if i < 0 {
		i += a.len()
	}
	if uint(i) >= uint(a.len()) {
		return 0, object.IndexErrorf(t, "%s out of range", what)
	}
	return i, nil
}

func (a *array) items(t *thread) ([]value, *exc) {
	out := make([]value, a.len())
	for i := range out {
		v, e := a.get(t, i)
		if e != nil {
			return nil, e
		}
		out[i] = v
	}
	return out, t.Charge(16 * len(out))
}

func getItem(t *thread, v, key value) (value, *exc) {
	a := self(v)
	if key.Type() != &object.SliceType {
		i, e := a.index(t, key, "array index")
		if e != nil {
			return value{}, e
		}
		return a.get(t, i)
	}
	r, e := object.SliceBounds(t, key, a.len())
	if e != nil {
		return value{}, e
	}
	out := make([]byte, 0, r.N*a.size)
	for i, j := 0, r.Start; i < r.N; i, j = i+1, j+r.Step {
		out = append(out, a.b[j*a.size:(j+1)*a.size]...)
	}
	return a.like(out), t.Charge(len(out))
}

func setItem(t *thread, v, key, val value) *exc {
	a := self(v)
	if key.Type() == &object.SliceType {
		return a.setSlice(t, key, val)
	}
	i, e := a.index(t, key, "array assignment index")
	if e != nil {
		return e
	}
	if val.Ref == nil {
		if e := a.fixed(t); e != nil {
			return e
		}
		a.b = slices.Delete(a.b, i*a.size, (i+1)*a.size)
		return nil
	}
	b, e := a.encode(t, val)
	if e == nil {
		copy(a.b[i*a.size:], b)
	}
	return e
}

// setSlice works on a list of the items, which has all the rules.
func (a *array) setSlice(t *thread, key, val value) *exc {
	items, e := a.items(t)
	if e != nil {
		return e
	}
	list := object.NewList(items)
	if val.Ref == nil {
		e = object.DelItem(t, list, key)
	} else {
		if !val.Type().IsSubtype(&arrayType) {
			return object.TypeErrorf(t, `can only assign array (not "%s") to array slice`, val.Type().Name)
		}
		if self(val).code != a.code {
			return object.TypeErrorf(t, "bad argument type for built-in operation")
		}
		src, x := self(val).items(t)
		if x != nil {
			return x
		}
		e = object.SetItem(t, list, key, object.NewList(src))
	}
	if e != nil {
		return e
	}
	n := &array{code: a.code, size: a.size}
	if e := n.extend(t, list); e != nil {
		return e
	}
	if len(n.b) != len(a.b) {
		if e := a.fixed(t); e != nil {
			return e
		}
	}
	a.b = n.b
	return nil
}

func compare(t *thread, x, y value, op object.CmpOp) (value, *exc) {
	if !y.Type().IsSubtype(&arrayType) {
		return object.NotImplemented, nil
	}
	a, e := self(x).items(t)
	if e != nil {
		return value{}, e
	}
	b, e := self(y).items(t)
	if e != nil {
		return value{}, e
	}
	return object.Compare(t, object.NewList(a), object.NewList(b), op)
}

func repr(t *thread, v value) (value, *exc) {
	a := self(v)
	head := v.Type().BareName() + "('" + string(a.code) + "'"
	if a.len() == 0 {
		return object.StrVal(head + ")"), nil
	}
	var body value
	if a.isText() {
		body = object.StrVal(a.text())
	} else {
		items, e := a.items(t)
		if e != nil {
			return value{}, e
		}
		body = object.NewList(items)
	}
	r, e := object.Repr(t, body)
	if e != nil {
		return value{}, e
	}
	return object.ChargedStr(t, head+", "+r.S+")")
}

func (a *array) text() string {
	var b []byte
	for i := range a.len() {
		b = wtf8.Append(b, rune(binary.LittleEndian.Uint32(a.b[4*i:])))
	}
	return string(b)
}

// find gives the first index of x, or -1.
func (a *array) find(t *thread, x value, count *int) (int, *exc) {
	for i := 0; i < a.len(); i++ {
		v, e := a.get(t, i)
		if e != nil {
			return -1, e
		}
		eq, e := object.Equal(t, v, x)
		if e != nil {
			return -1, e
		}
		if eq && count == nil {
			return i, nil
		}
		if eq {
			*count++
		}
	}
	return -1, nil
}

type iterator struct {
	object.Object
	a   *array
	pos int
}

func (a *array) repeat(t *thread, n value) ([]byte, *exc) {
	r, e := object.BytesType.Slots.Repeat(t, object.BytesVal(a.b), n)
	if e != nil {
		return nil, e
	}
	b, _ := object.BytesOf(r)
	return b, nil
}

func methods() []object.Method {
	def := func(sig string, f func(t *thread, a *array, args []value) (value, *exc)) object.Method {
		return object.Method{Sig: sig, Fn: func(t *thread, args []value) (value, *exc) { return f(t, self(args[0]), args) }}
	}
	none := func(f func(t *thread, a *array, args []value) *exc) func(t *thread, a *array, args []value) (value, *exc) {
		return func(t *thread, a *array, args []value) (value, *exc) { return object.None, f(t, a, args) }
	}
	clone := func(t *thread, a *array, args []value) (value, *exc) {
		return a.like(slices.Clone(a.b)), t.Charge(len(a.b))
	}
	list := func(t *thread, a *array, args []value) (value, *exc) {
		items, e := a.items(t)
		return object.NewList(items), e
	}
	return []object.Method{
		def("append(self, v, /)", none(func(t *thread, a *array, args []value) *exc { return a.append(t, args[1]) })),
		def("extend(self, bb, /)", none(func(t *thread, a *array, args []value) *exc { return a.extend(t, args[1]) })),
		def("fromlist(self, list, /)", none(func(t *thread, a *array, args []value) *exc {
			if !object.IsList(args[1]) {
				return object.TypeErrorf(t, "arg must be list")
			}
			mark := len(a.b)
			e := a.extend(t, args[1])
			if e != nil {
				a.b = a.b[:mark]
			}
			return e
		})),
		def("frombytes(self, buffer, /)", none(func(t *thread, a *array, args []value) *exc {
			b, e := object.BufferBytes(t, args[1])
			if e != nil {
				return e
			}
			return a.frombytes(t, b)
		})),
		def("tobytes(self, /)", func(t *thread, a *array, args []value) (value, *exc) {
			return object.BytesVal(slices.Clone(a.b)), t.Charge(len(a.b))
		}),
		def("tolist(self, /)", list), def("__copy__(self, /)", clone), def("__deepcopy__(self, memo, /)", clone),
		def("tounicode(self, /)", func(t *thread, a *array, args []value) (value, *exc) {
			if !a.isText() {
				return value{}, object.ValueErrorf(t, "tounicode() may only be called on unicode type arrays ('u' or 'w')")
			}
			return object.StrVal(a.text()), nil
		}),
		def("buffer_info(self, /)", func(t *thread, a *array, args []value) (value, *exc) {
			return object.TupleOf(object.Uint(object.ID(args[0])), object.Int(int64(a.len()))), nil
		}),
		def("byteswap(self, /)", none(func(t *thread, a *array, args []value) *exc {
			for i := range a.len() {
				slices.Reverse(a.b[i*a.size : (i+1)*a.size])
			}
			return nil
		})),
		def("clear(self, /)", none(func(t *thread, a *array, args []value) *exc {
			e := a.fixed(t)
			if e == nil {
				a.b = nil
			}
			return e
		})),
		def("count(self, v, /)", func(t *thread, a *array, args []value) (value, *exc) {
			n := 0
			_, e := a.find(t, args[1], &n)
			return object.Int(int64(n)), e
		}),
		def("index(self, v, start=0, stop=sys.maxsize, /)", func(t *thread, a *array, args []value) (value, *exc) {
			items, e := a.items(t)
			if e != nil {
				return value{}, e
			}
			r, e := object.CallMethodS(t, object.NewList(items), "index", args[1], args[2], args[3])
			if e != nil && e.IsA(&object.ValueErrorType) {
				e = object.ValueErrorf(t, "array.index(x): x not in array")
			}
			return r, e
		}),
		def("insert(self, i, v, /)", none(func(t *thread, a *array, args []value) *exc {
			i, e := object.ToInt(t, args[1])
			if e != nil {
				return e
			}
			b, e := a.encode(t, args[2])
			if e == nil {
				e = a.fixed(t)
			}
			if e != nil {
				return e
			}
			if i < 0 {
				i = max(0, i+a.len())
			}
			a.b = slices.Insert(a.b, min(i, a.len())*a.size, b...)
			return nil
		})),
		def("pop(self, i=-1, /)", func(t *thread, a *array, args []value) (value, *exc) {
			if a.len() == 0 {
				return value{}, object.IndexErrorf(t, "pop from empty array")
			}
			i, e := a.index(t, args[1], "pop index")
			if e != nil {
				return value{}, e
			}
			v, e := a.get(t, i)
			if e == nil {
				e = a.fixed(t)
			}
			if e == nil {
				a.b = slices.Delete(a.b, i*a.size, (i+1)*a.size)
			}
			return v, e
		}),
		def("remove(self, v, /)", none(func(t *thread, a *array, args []value) *exc {
			i, e := a.find(t, args[1], nil)
			if e != nil {
				return e
			}
			if i < 0 {
				return object.ValueErrorf(t, "array.remove(x): x not in array")
			}
			if e := a.fixed(t); e != nil {
				return e
			}
			a.b = slices.Delete(a.b, i*a.size, (i+1)*a.size)
			return nil
		})),
		def("reverse(self, /)", none(func(t *thread, a *array, args []value) *exc {
			for i, j := 0, a.len()-1; i < j; i, j = i+1, j-1 {
				for k := range a.size {
					p, q := i*a.size+k, j*a.size+k
					a.b[p], a.b[q] = a.b[q], a.b[p]
				}
			}
			return nil
		})),
		def("__reduce_ex__(self, value, /)", func(t *thread, a *array, args []value) (value, *exc) {
			l, e := list(t, a, args)
			return object.TupleOf(args[0].Type().Value(), object.TupleOf(object.StrVal(string(a.code)), l)), e
		}),
	}
}

func init() {
	same := func(t *thread, v value) (value, *exc) { return v, nil }
	object.Declare(&arrayType, object.Decl{
		Name: "array.array", Flags: object.FSequence, Layout: object.LayoutOf[array](), Weak: true,
		Slots: object.Slots{
			New: object.NewSig("array(typecode, initializer=<absent>, /)", arrayNew), Repr: repr, Compare: compare, HashIsUnset: true,
			Init:    func(t *thread, v value, args []value, kw []*object.Str) *exc { return nil },
			Len:     func(t *thread, v value) (int, *exc) { return self(v).len(), nil },
			GetItem: getItem, SetItem: setItem,
			Contains: func(t *thread, v, x value) (bool, *exc) {
				i, e := self(v).find(t, x, nil)
				return i >= 0, e
			},
			Iter: func(t *thread, v value) (value, *exc) {
				return object.Obj(&iterator{object.Object{Shape: &iterType.Root}, self(v), 0}), nil
			},
			Concat: func(t *thread, x, y value) (value, *exc) {
				if !y.Type().IsSubtype(&arrayType) {
					return value{}, object.TypeErrorf(t, `can only append array (not "%s") to array`, y.Type().Name)
				}
				if self(x).code != self(y).code {
					return value{}, object.TypeErrorf(t, "bad argument type for built-in operation")
				}
				return self(x).like(slices.Concat(self(x).b, self(y).b)), t.Charge(len(self(x).b) + len(self(y).b))
			},
			IConcat: func(t *thread, x, y value) (value, *exc) {
				if !y.Type().IsSubtype(&arrayType) {
					return value{}, object.TypeErrorf(t, `can only extend with array (not "%s")`, y.Type().Name)
				}
				return x, self(x).extend(t, y)
			},
			Repeat: func(t *thread, v, n value) (value, *exc) {
				b, e := self(v).repeat(t, n)
				return self(v).like(slices.Clone(b)), e
			},
			IRepeat: func(t *thread, v, n value) (value, *exc) {
				b, e := self(v).repeat(t, n)
				if e == nil {
					self(v).b = slices.Clone(b)
				}
				return v, e
			},
			GetBuffer: func(t *thread, v value, flags int) (value, *exc) {
				a := self(v)
				a.exports++
				return object.Obj(object.NewMemoryView(a.b, v, string(a.code), a.size, false, func() { a.exports-- })), nil
			},
		},
		Methods: methods(),
		GetSets: []object.GetSet{
			{Name: "typecode", Get: func(t *thread, v value) (value, *exc) { return object.StrVal(string(self(v).code)), nil }},
			{Name: "itemsize", Get: func(t *thread, v value) (value, *exc) { return object.Int(int64(self(v).size)), nil }},
		},
	})
	object.Declare(&iterType, object.Decl{Name: "array.arrayiterator", Flags: object.FNoNew, Slots: object.Slots{Iter: same,
		Next: func(t *thread, v value) (value, *exc) {
			it := object.As[iterator](v)
			if it.a == nil || it.pos >= it.a.len() {
				it.a = nil
				return value{}, nil
			}
			it.pos++
			return it.a.get(t, it.pos-1)
		}}})
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.Set(t, "array", arrayType.Value())
	m.Set(t, "ArrayType", arrayType.Value())
	m.Set(t, "typecodes", object.StrVal(codes))
	return nil
}
