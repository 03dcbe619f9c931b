package object

import (
	"bytes"
	"slices"
	"strings"
	"weak"
)

// The types bytes and bytearray: what differs between them. Their common methods are in bytes_methods.go.

// Bytes is a bytes object; B must not be modified.
type Bytes struct {
	Object
	B []byte
	H int64
}

// ByteArray is a bytearray object. Exports counts the memoryviews of it; while there are any, its size is fixed.
type ByteArray struct {
	Object
	B       []byte
	Exports int
	views   []weak.Pointer[MemoryView] // those of the exports that are objects of the program
}

// BytesType, ByteArrayType and their iterators.
var BytesType, ByteArrayType, BytesIterType, ByteArrayIterType Type

// BytesVal makes a bytes object that keeps b.
func BytesVal(b []byte) Value { return Obj(&Bytes{Object: Object{&BytesType.Root}, B: b}) }

// NewByteArray makes a bytearray that keeps b.
func NewByteArray(b []byte) Value {
	return Obj(&ByteArray{Object: Object{&ByteArrayType.Root}, B: b})
}

// IsBytes says whether v is a bytes object or an instance of a subclass.
func IsBytes(v Value) bool { return v.Type().Flags&FBytes != 0 }

// IsByteArray says whether v is a bytearray or an instance of a subclass.
func IsByteArray(v Value) bool { return v.Type().Flags&FByteArray != 0 }

// BytesOf gives the content of a bytes or bytearray object; it must not be kept or modified.
func BytesOf(v Value) ([]byte, bool) {
	switch f := v.Type().Flags; {
	case f&FBytes != 0:
		return As[Bytes](v).B, true
	case f&FByteArray != 0:
		return As[ByteArray](v).B, true
	}
	return nil, false
}

// bufferBytes gives the content of any object with the buffer protocol; ok is false for others.
func bufferBytes(t *Thread, v Value) ([]byte, bool) {
	if b, ok := BytesOf(v); ok {
		return b, true
	}
	if v.Type().Slots.GetBuffer == nil && v.Type().Lookup(t, N.Buffer).Ref == nil {
		return nil, false
	}
	view, e := NewView(t, v)
	if e != nil {
		return nil, false
	}
	defer view.release()
	return view.content(), true
}

// BufferBytes gives the content of a bytes-like object, or CPython's TypeError.
func BufferBytes(t *Thread, v Value) ([]byte, *Exception) {
	if b, ok := bufferBytes(t, v); ok {
		return b, nil
	}
	return nil, TypeErrorf(t, "a bytes-like object is required, not '%s'", v.Type().Name)
}

// likeSelf makes a result of self's basic type.
func likeSelf(self Value, b []byte) Value {
	if IsByteArray(self) {
		return NewByteArray(b)
	}
	return BytesVal(b)
}

// byteValue converts an element; kind begins the range error ("byte" or "bytes").
func byteValue(t *Thread, v Value, kind string) (byte, *Exception) {
	i, e := ClampIndex(t, v)
	if e != nil {
		return 0, e
	}
	if i < 0 || i > 255 {
		return 0, ValueErrorf(t, "%s must be in range(0, 256)", kind)
	}
	return byte(i), nil
}

// ToBytes converts as bytes(v) does for one argument that is not an int.
func ToBytes(t *Thread, v Value) ([]byte, *Exception) {
	if v.Type() == &BytesType {
		return As[Bytes](v).B, nil
	}
	if r, found, e := CallSpecial(t, v, N.Bytes); found {
		if e != nil {
			return nil, e
		}
		if !IsBytes(r) {
			return nil, TypeErrorf(t, "__bytes__ returned non-bytes (type %s)", r.Type().Name)
		}
		return As[Bytes](r).B, nil
	}
	return iterBytes(t, v, "bytes", "bytes")
}

// iterBytes collects the bytes of a buffer or of an iterable of ints.
func iterBytes(t *Thread, v Value, kind, target string) ([]byte, *Exception) {
	if b, ok := bufferBytes(t, v); ok {
		return slices.Clone(b), nil
	}
	if IsStr(v) {
		return nil, TypeErrorf(t, "cannot convert '%s' object to %s", v.Type().Name, target)
	}
	it, e := IterOr(t, v, "cannot convert '%s' object to %s", v.Type().Name, target)
	if e == nil && target == "bytes" {
		e = checkHint(t, v, true)
	}
	if e != nil {
		return nil, e
	}
	var out []byte
	e = Exhaust(t, it, func(x Value) (bool, *Exception) {
		b, e := byteValue(t, x, kind)
		out = append(out, b)
		return true, e
	})
	return out, e
}

// bytesFromArgs is the common part of bytes(...) and bytearray(...).
func bytesFromArgs(t *Thread, a []Value, kind, target string) ([]byte, *Exception) {
	src, enc, errs := a[0], a[1], a[2]
	for i, name := range []string{"encoding", "errors"} {
		if x := a[1+i]; x.Ref != nil && !IsStr(x) {
			return nil, TypeErrorf(t, "%s() argument '%s' must be str, not %s", target, name, ArgTypeName(x))
		} else if x.Ref != nil {
			if e := noNull(t, x); e != nil {
				return nil, e
			}
		}
	}
	if src.Ref != nil && IsStr(src) {
		if enc.Ref == nil {
			if errs.Ref != nil {
				return EncodeStr(t, As[Str](src), "utf-8", StrText(errs))
			}
			return nil, TypeErrorf(t, "string argument without an encoding")
		}
		mode := "strict"
		if errs.Ref != nil {
			mode = StrText(errs)
		}
		return EncodeStr(t, As[Str](src), StrText(enc), mode)
	}
	if enc.Ref != nil {
		return nil, TypeErrorf(t, "encoding without a string argument")
	}
	if errs.Ref != nil {
		return nil, TypeErrorf(t, "errors without a string argument")
	}
	if src.Ref == nil {
		return nil, nil
	}
	if target == "bytes" && src.Type().Lookup(t, N.Bytes).Ref != nil {
		return ToBytes(t, src)
	}
	if src.Type().Slots.Index != nil {
		n, e := ToInt64(t, src)
		if e != nil {
			if !e.IsA(&TypeErrorType) {
				return nil, e
			}
			return iterBytes(t, src, kind, target)
		}
		if n < 0 {
			return nil, ValueErrorf(t, "negative count")
		}
		if int(n) > maxAlloc {
			return nil, NewException(t, &MemoryErrorType)
		}
		if e := t.Charge(int(n)); e != nil {
			return nil, e
		}
		return make([]byte, n), nil
	}
	return iterBytes(t, src, kind, target)
}

func bytesNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	if tp == &BytesType && a[0].Ref != nil && a[0].Type() == tp && a[1].Ref == nil && a[2].Ref == nil {
		return a[0], nil
	}
	b, e := bytesFromArgs(t, a, "bytes", "bytes")
	if e != nil || tp == &BytesType {
		return BytesVal(b), e
	}
	o, e := AllocAs[Bytes](t, tp)
	if e == nil {
		o.B = b
	}
	return Obj(o), e
}

func byteArrayInit(t *Thread, self Value, a []Value) *Exception {
	o := As[ByteArray](self)
	if e := o.resize(t, 0); e != nil {
		return e
	}
	b, e := bytesFromArgs(t, a, "byte", "bytearray")
	if e == nil {
		e = o.resize(t, len(b))
	}
	if e == nil {
		o.B = b
	}
	return e
}

// reprBytes is the literal form b'...'.
func reprBytes(b []byte) []byte {
	quote := byte('\'')
	if bytes.IndexByte(b, '\'') >= 0 && bytes.IndexByte(b, '"') < 0 {
		quote = '"'
	}
	const hex = "0123456789abcdef"
	out := append(make([]byte, 0, len(b)+3), 'b', quote)
	for _, c := range b {
		switch {
		case c == quote || c == '\\':
			out = append(out, '\\', c)
		case c == '\t':
			out = append(out, '\\', 't')
		case c == '\n':
			out = append(out, '\\', 'n')
		case c == '\r':
			out = append(out, '\\', 'r')
		case c < ' ' || c >= 0x7f:
			out = append(out, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			out = append(out, c)
		}
	}
	return append(out, quote)
}

func bytesRepr(t *Thread, v Value) (Value, *Exception) {
	return ChargedStr(t, string(reprBytes(As[Bytes](v).B)))
}

func byteArrayRepr(t *Thread, v Value) (Value, *Exception) {
	text := string(reprBytes(As[ByteArray](v).B))
	if text[1] == '"' { // CPython escapes the single quotes here all the same
		text = strings.ReplaceAll(text, "'", `\'`)
	}
	return ChargedStr(t, v.Type().Name+"("+text+")")
}

func bytesHash(t *Thread, v Value) (int64, *Exception) {
	b := As[Bytes](v)
	if b.H == 0 {
		b.H = bytesHashOf(b.B)
	}
	return b.H, nil
}

func bytesCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	x, _ := BytesOf(a)
	y, ok := bufferBytes(t, b)
	if !ok {
		return NotImplemented, nil
	}
	return cmpResult(bytes.Compare(x, y), op), nil
}

func bytesGetItem(t *Thread, v, key Value) (Value, *Exception) {
	b, _ := BytesOf(v)
	kind, msg := "byte", "index out of range"
	if IsByteArray(v) {
		kind, msg = "bytearray", "bytearray index out of range"
	}
	if key.IsInt() {
		i := int(key.Bits)
		if i < 0 {
			i += len(b)
		}
		if uint(i) < uint(len(b)) {
			return Int(int64(b[i])), nil
		}
		return Value{}, IndexErrorf(t, "%s", msg)
	}
	if key.Type() == &SliceType {
		r, e := SliceBounds(t, key, len(b))
		if e != nil {
			return Value{}, e
		}
		if v.Type() == &BytesType && r.Step == 1 {
			return BytesVal(b[r.Start : r.Start+r.N : r.Start+r.N]), nil
		}
		return likeSelf(v, pickBytes(r, b)), t.Charge(r.N)
	}
	i, e := seqIndex(t, key, kind)
	if e != nil {
		return Value{}, e
	}
	return bytesGetItem(t, v, Int(i))
}

func bytesConcat(t *Thread, a, b Value) (Value, *Exception) {
	x, _ := BytesOf(a)
	y, ok := bufferBytes(t, b)
	if !ok {
		return Value{}, TypeErrorf(t, "can't concat %s to %s", b.Type().Name, a.Type().Name)
	}
	return likeSelf(a, slices.Concat(x, y)), t.Charge(len(x) + len(y))
}

func bytesRepeat(t *Thread, v, n Value) (Value, *Exception) {
	b, _ := BytesOf(v)
	k, e := repeatCount(t, n, len(b), 1)
	if e != nil {
		return Value{}, e
	}
	return likeSelf(v, bytes.Repeat(b, k)), nil
}

func bytesContains(t *Thread, v, x Value) (bool, *Exception) {
	b, _ := BytesOf(v)
	if x.Type().Slots.Index != nil {
		c, e := byteValue(t, x, "byte")
		return e == nil && bytes.IndexByte(b, c) >= 0, e
	}
	s, e := BufferBytes(t, x)
	return bytes.Contains(b, s), e
}

// resize checks that no memoryview holds the bytearray's size, unless it is n already.
func (b *ByteArray) resize(t *Thread, n int) *Exception {
	if b.Exports > 0 && n != len(b.B) && b.held(t) {
		return NewException(t, &BufferErrorType, StrVal("Existing exports of data: object cannot be re-sized"))
	}
	return nil
}

func byteArraySetItem(t *Thread, v, key, val Value) *Exception {
	b := As[ByteArray](v)
	if key.Type() == &SliceType {
		return b.setSlice(t, key, val)
	}
	if key.Type().Slots.Index == nil {
		return TypeErrorf(t, "bytearray indices must be integers or slices, not %s", key.Type().Name)
	}
	n, e := Subscript(t, key)
	if e != nil {
		return e
	}
	i := int(n)
	if i < 0 {
		i += len(b.B)
	}
	if uint(i) >= uint(len(b.B)) {
		if val.Ref != nil { // the value is looked at first
			if _, e := byteValue(t, val, "byte"); e != nil {
				return e
			}
		}
		return IndexErrorf(t, "bytearray index out of range")
	}
	if val.Ref == nil {
		if e := b.resize(t, -1); e != nil {
			return e
		}
		b.B = slices.Delete(b.B, i, i+1)
		return nil
	}
	c, e := byteValue(t, val, "byte")
	if e == nil {
		if i >= len(b.B) {
			return IndexErrorf(t, "bytearray index out of range")
		}
		b.B[i] = c
	}
	return e
}

func (b *ByteArray) setSlice(t *Thread, key, val Value) *Exception {
	p, e := UnpackSlice(t, key)
	if e != nil {
		return e
	}
	var src []byte
	if val.Ref != nil {
		if val.Type().Slots.Index != nil || IsStr(val) {
			return TypeErrorf(t, "can assign only bytes, buffers, or iterables of ints in range(0, 256)")
		}
		if src, e = iterBytes(t, val, "byte", "bytearray"); e != nil {
			return e
		}
	}
	r := p.For(len(b.B))
	if r.Step == 1 {
		if e := b.resize(t, len(b.B)+len(src)-r.N); e != nil {
			return e
		}
		b.B = slices.Replace(b.B, r.Start, r.Start+r.N, src...)
		return t.Charge(len(src))
	}
	if len(src) == 0 { // deleted, or assigned nothing: for a bytearray the same
		if e := b.resize(t, -1); e != nil {
			return e
		}
		drop := make([]bool, len(b.B))
		for i, j := 0, r.Start; i < r.N; i, j = i+1, j+r.Step {
			drop[j] = true
		}
		out := b.B[:0]
		for i, c := range b.B {
			if !drop[i] {
				out = append(out, c)
			}
		}
		b.B = out
		return nil
	}
	if len(src) != r.N {
		return ValueErrorf(t, "attempt to assign bytes of size %d to extended slice of size %d", len(src), r.N)
	}
	for i, j := 0, r.Start; i < r.N; i, j = i+1, j+r.Step {
		b.B[j] = src[i]
	}
	return nil
}

func byteArrayExtend(t *Thread, self, v Value) *Exception {
	b := As[ByteArray](self)
	if IsStr(v) {
		return TypeErrorf(t, "expected iterable of integers; got: 'str'")
	}
	if v.Type().Slots.Iter == nil && v.Type().Slots.GetItem == nil && v.Type().Slots.GetBuffer == nil {
		return TypeErrorf(t, "can't extend bytearray with %s", v.Type().Name)
	}
	src, e := iterBytes(t, v, "byte", "bytearray")
	if e == nil {
		e = b.resize(t, len(b.B)+len(src))
	}
	if e != nil {
		return e
	}
	b.B = append(b.B, src...)
	return t.Charge(len(src))
}

// BytesIter iterates over bytes or a bytearray.
type BytesIter struct {
	Object
	V   Value // Ref nil when exhausted
	Pos int
}

func bytesIter(t *Thread, v Value) (Value, *Exception) {
	shape := &BytesIterType.Root
	if IsByteArray(v) {
		shape = &ByteArrayIterType.Root
	}
	return Obj(&BytesIter{Object{shape}, v, 0}), nil
}

func bytesIterNext(t *Thread, v Value) (Value, *Exception) {
	it := As[BytesIter](v)
	if it.V.Ref == nil {
		return Value{}, nil
	}
	b, _ := BytesOf(it.V)
	if it.Pos >= len(b) {
		it.V = Value{}
		return Value{}, nil
	}
	it.Pos++
	return Int(int64(b[it.Pos-1])), nil
}

func bytesIterMethods() []Method {
	return []Method{
		{Sig: "__length_hint__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			it := As[BytesIter](a[0])
			if it.V.Ref == nil {
				return Int(0), nil
			}
			b, _ := BytesOf(it.V)
			return Int(int64(max(0, len(b)-it.Pos))), nil
		}},
		{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			it := As[BytesIter](a[0])
			if it.V.Ref == nil {
				return TupleOf(builtinFunc(t, "iter"), TupleOf(EmptyTuple)), nil
			}
			return TupleOf(builtinFunc(t, "iter"), TupleOf(it.V), Int(int64(it.Pos))), nil
		}},
		{Sig: "__setstate__(self, state, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			it := As[BytesIter](a[0])
			i, e := ToInt(t, a[1])
			if it.V.Ref != nil {
				it.Pos = max(0, i)
			}
			return None, e
		}},
	}
}

func byteArrayMethods() []Method {
	self := func(a []Value) *ByteArray { return As[ByteArray](a[0]) }
	return []Method{
		{Sig: "__release_buffer__(self, buffer, /)", Fn: releaseBufferMethod},
		{Sig: "append(self, item, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			c, e := byteValue(t, a[1], "byte")
			if e == nil {
				e = self(a).resize(t, -1)
			}
			if e == nil {
				self(a).B = append(self(a).B, c)
			}
			return None, e
		}},
		{Sig: "extend(self, iterable_of_ints, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			return None, byteArrayExtend(t, a[0], a[1])
		}},
		{Sig: "insert(self, index, item, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			i, e := ToInt(t, a[1])
			if e != nil {
				return Value{}, e
			}
			c, e := byteValue(t, a[2], "byte")
			if e == nil {
				e = self(a).resize(t, -1)
			}
			if e == nil {
				self(a).B = slices.Insert(self(a).B, clampBound(i, len(self(a).B)), c)
			}
			return None, e
		}},
		{Sig: "pop(self, index=-1, /)", Fn: byteArrayPop},
		{Sig: "remove(self, value, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			c, e := byteValue(t, a[1], "byte")
			if e != nil {
				return Value{}, e
			}
			i := bytes.IndexByte(self(a).B, c)
			if i < 0 {
				return Value{}, ValueErrorf(t, "value not found in bytearray")
			}
			if e := self(a).resize(t, -1); e != nil {
				return Value{}, e
			}
			self(a).B = slices.Delete(self(a).B, i, i+1)
			return None, nil
		}},
		{Sig: "reverse(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { slices.Reverse(self(a).B); return None, nil }},
		{Sig: "clear(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			e := self(a).resize(t, 0)
			if e == nil {
				self(a).B = nil
			}
			return None, e
		}},
		{Sig: "copy(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			return NewByteArray(slices.Clone(self(a).B)), t.Charge(len(self(a).B))
		}},
		{Sig: "__alloc__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return Int(int64(cap(self(a).B)) + 1), nil }},
		{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			if len(self(a).B) == 0 {
				return reduceWithDict(t, a[0])
			}
			return reduceWithDict(t, a[0], BytesVal(slices.Clone(self(a).B)))
		}},
		{Sig: "__reduce_ex__(self, proto=0, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			return reduceWithDict(t, a[0], BytesVal(slices.Clone(self(a).B)))
		}},
		{Sig: "__sizeof__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return Int(int64(56 + cap(self(a).B))), nil }},
	}
}

func byteArrayPop(t *Thread, a []Value) (Value, *Exception) {
	b := As[ByteArray](a[0])
	i, e := ToInt(t, a[1])
	if e != nil {
		return Value{}, e
	}
	if len(b.B) == 0 {
		return Value{}, IndexErrorf(t, "pop from empty bytearray")
	}
	if i < 0 {
		i += len(b.B)
	}
	if uint(i) >= uint(len(b.B)) {
		return Value{}, IndexErrorf(t, "pop index out of range")
	}
	if e := b.resize(t, -1); e != nil {
		return Value{}, e
	}
	c := b.B[i]
	b.B = slices.Delete(b.B, i, i+1)
	return Int(int64(c)), nil
}

func init() {
	common := Slots{
		Compare: bytesCompare, Iter: bytesIter, GetItem: bytesGetItem, Contains: bytesContains, Concat: bytesConcat, Repeat: bytesRepeat,
		Len: func(t *Thread, v Value) (int, *Exception) {
			b, _ := BytesOf(v)
			return len(b), nil
		},
		Bin:       [NumBinOps]BinaryFunc{OpMod: bytesMod},
		GetBuffer: func(t *Thread, v Value, flags int) (Value, *Exception) { return bytesView(v), nil },
	}
	bs := common
	bs.Repr, bs.Str, bs.Hash = bytesRepr, bytesRepr, bytesHash // str() of a subclass does not use its own repr
	bs.New = NewSig("bytes(source=<absent>, encoding=<absent>, errors=<absent>)", bytesNew)
	Declare(&BytesType, Decl{
		Name: "bytes", Flags: FBytes | FMatchSelf, Layout: LayoutOf[Bytes](), Slots: bs,
		Doc: "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\nbytes(int) -> bytes object of size given by the parameter initialized with null bytes\nbytes() -> empty bytes object\n\nConstruct an immutable array of bytes from:\n  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - any object implementing the buffer API.\n  - an integer",
		Methods: append(bytesMethods(),
			Method{Sig: "__bytes__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return BytesVal(As[Bytes](a[0]).B), nil }},
			Method{Sig: "__getnewargs__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return TupleOf(BytesVal(As[Bytes](a[0]).B)), nil }}),
	})
	ba := common
	ba.Str = byteArrayRepr
	ba.Repr, ba.HashIsUnset, ba.SetItem = byteArrayRepr, true, byteArraySetItem
	ba.New = func(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) { return tp.Alloc(t) }
	ba.Init = InitSig("bytearray(source=<absent>, encoding=<absent>, errors=<absent>)", byteArrayInit)
	ba.IConcat = func(t *Thread, a, b Value) (Value, *Exception) {
		src, ok := bufferBytes(t, b)
		if !ok {
			return Value{}, TypeErrorf(t, "can't concat %s to %s", b.Type().Name, a.Type().Name)
		}
		o := As[ByteArray](a)
		if Is(a, b) && len(src) > 0 { // as if the operand were a view of it
			o.Exports++
			defer func() { o.Exports-- }()
		}
		if e := o.resize(t, len(o.B)+len(src)); e != nil {
			return Value{}, e
		}
		As[ByteArray](a).B = append(As[ByteArray](a).B, src...)
		return a, t.Charge(len(src))
	}
	ba.IRepeat = func(t *Thread, v, n Value) (Value, *Exception) {
		r, e := bytesRepeat(t, v, n)
		if e != nil {
			return Value{}, e
		}
		b, _ := BytesOf(r)
		if e := As[ByteArray](v).resize(t, len(b)); e != nil {
			return Value{}, e
		}
		As[ByteArray](v).B = b
		return v, nil
	}
	Declare(&ByteArrayType, Decl{
		Name: "bytearray", Flags: FByteArray | FMatchSelf, Layout: LayoutOf[ByteArray](), Slots: ba,
		Doc:     "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\nbytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytes array of size given by the parameter initialized with null bytes\nbytearray() -> empty bytes array\n\nConstruct a mutable bytearray object from:\n  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - a bytes or a buffer object\n  - any object implementing the buffer API.\n  - an integer",
		Methods: append(bytesMethods(), byteArrayMethods()...),
	})
	Declare(&BytesIterType, Decl{Name: "bytes_iterator", Flags: FNoNew | FFinal, Slots: Slots{Iter: iterSelf, Next: bytesIterNext}, Methods: bytesIterMethods()})
	Declare(&ByteArrayIterType, Decl{Name: "bytearray_iterator", Flags: FNoNew | FFinal, Slots: Slots{Iter: iterSelf, Next: bytesIterNext}, Methods: bytesIterMethods()})
}
