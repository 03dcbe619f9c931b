package object

import (
	"encoding/binary"
	"math"
	"slices"
)

// The type memoryview: a view of the bytes of another object, as items of a format, in one or more dimensions.

// MemoryView is a view. Items are found at Off + Σ index*Strides in Buf, which is the exporter's storage.
type MemoryView struct {
	Object
	Buf      []byte
	Off      int
	Format   string
	ItemSize int
	Shape    []int
	Strides  []int
	Owner    Value // the exporter (obj)
	ReadOnly bool
	released bool
	onFree   func()
	hash     int64
}

// MemoryViewType is memoryview.
var MemoryViewType, memoryIterType Type

// NewMemoryView makes a one-dimensional view of buf; onFree (may be nil) runs when it is released.
func NewMemoryView(buf []byte, owner Value, format string, itemSize int, readOnly bool, onFree func()) *MemoryView {
	return &MemoryView{Object: Object{&MemoryViewType.Root}, Buf: buf, Format: format, ItemSize: itemSize,
		Shape: []int{len(buf) / itemSize}, Strides: []int{itemSize}, Owner: owner, ReadOnly: readOnly, onFree: onFree}
}

// bytesView is the view of a bytes or bytearray object.
func bytesView(v Value) Value {
	if IsByteArray(v) {
		b := As[ByteArray](v)
		m := NewMemoryView(b.B, v, "B", 1, false, nil)
		b.hold(m)
		return Obj(m)
	}
	return Obj(NewMemoryView(As[Bytes](v).B, v, "B", 1, true, nil))
}

func (m *MemoryView) release() {
	if !m.released {
		m.released = true
		if m.onFree != nil {
			m.onFree()
		}
	}
}

// Release gives the view back to the exporter.
func (m *MemoryView) Release() { m.release() }

// Content gives the viewed bytes: the storage itself where it is contiguous.
func (m *MemoryView) Content() []byte { return m.content() }

func (m *MemoryView) check(t *Thread) *Exception {
	if m.released {
		return ValueErrorf(t, "operation forbidden on released memoryview object")
	}
	return nil
}

func (m *MemoryView) contiguous() bool {
	want := m.ItemSize
	for i := len(m.Shape) - 1; i >= 0; i-- {
		if m.Shape[i] > 1 && m.Strides[i] != want {
			return false
		}
		want *= m.Shape[i]
	}
	return true
}

func (m *MemoryView) nbytes() int {
	n := m.ItemSize
	for _, k := range m.Shape {
		n *= k
	}
	return n
}

// content gives the viewed bytes in C order: the storage itself where it is contiguous.
func (m *MemoryView) content() []byte {
	if m.contiguous() {
		return m.Buf[m.Off : m.Off+m.nbytes()]
	}
	out := make([]byte, 0, m.nbytes())
	m.walk(m.Off, 0, func(off int) { out = append(out, m.Buf[off:off+m.ItemSize]...) })
	return out
}

func (m *MemoryView) walk(off, dim int, f func(off int)) {
	if dim == len(m.Shape) {
		f(off)
		return
	}
	for i := range m.Shape[dim] {
		m.walk(off+i*m.Strides[dim], dim+1, f)
	}
}

// formatSizes are the native formats with their sizes.
var formatSizes = map[byte]int{'b': 1, 'B': 1, 'c': 1, '?': 1, 'h': 2, 'H': 2, 'i': 4, 'I': 4, 'l': 8, 'L': 8, 'q': 8, 'Q': 8,
	'n': 8, 'N': 8, 'P': 8, 'f': 4, 'd': 8, 'e': 2}

func formatCode(format string) byte {
	if len(format) == 2 && format[0] == '@' {
		return format[1]
	}
	if len(format) == 1 {
		return format[0]
	}
	return 0
}

func (m *MemoryView) load(t *Thread, off int) (Value, *Exception) {
	b := m.Buf[off : off+m.ItemSize]
	c := formatCode(m.Format)
	le := binary.LittleEndian
	switch c {
	case 'B':
		return Int(int64(b[0])), nil
	case 'b':
		return Int(int64(int8(b[0]))), nil
	case 'c':
		return BytesVal([]byte{b[0]}), nil
	case '?':
		return Bool(b[0] != 0), nil
	case 'h':
		return Int(int64(int16(le.Uint16(b)))), nil
	case 'H':
		return Int(int64(le.Uint16(b))), nil
	case 'i':
		return Int(int64(int32(le.Uint32(b)))), nil
	case 'I':
		return Int(int64(le.Uint32(b))), nil
	case 'l', 'q', 'n':
		return Int(int64(le.Uint64(b))), nil
	case 'L', 'Q', 'N', 'P':
		return Uint(le.Uint64(b)), nil
	case 'f':
		return Float(float64(math.Float32frombits(le.Uint32(b)))), nil
	case 'd':
		return Float(math.Float64frombits(le.Uint64(b))), nil
	}
	return Value{}, Errorf(t, &NotImplementedErrorType, "memoryview: format %s not supported", m.Format)
}

func (m *MemoryView) store(t *Thread, off int, v Value) *Exception {
	b := m.Buf[off : off+m.ItemSize]
	c := formatCode(m.Format)
	badType := func() *Exception { return TypeErrorf(t, "memoryview: invalid type for format '%s'", m.Format) }
	le := binary.LittleEndian
	switch c {
	case 'c':
		x, ok := BytesOf(v)
		if !ok {
			return badType()
		}
		if len(x) != 1 {
			return ValueErrorf(t, "memoryview: invalid value for format '%s'", m.Format)
		}
		b[0] = x[0]
		return nil
	case '?':
		x, e := Truth(t, v)
		b[0] = 0
		if x {
			b[0] = 1
		}
		return e
	case 'f', 'd':
		x, e := ToFloat(t, v)
		if e != nil {
			return badType()
		}
		if c == 'f' {
			le.PutUint32(b, math.Float32bits(float32(x)))
		} else {
			le.PutUint64(b, math.Float64bits(x))
		}
		return nil
	}
	if v.Type().Slots.Index == nil {
		return badType()
	}
	i, e := ToIndex(t, v)
	if e != nil {
		return e
	}
	unsigned := c < 'a'
	bits := uint(8 * m.ItemSize)
	big := BigOf(i)
	if unsigned && (big.Sign() < 0 || big.BitLen() > int(bits)) || !unsigned && !fitsSigned(i, bits) {
		return ValueErrorf(t, "memoryview: invalid value for format '%s'", m.Format)
	}
	var buf [8]byte
	if i.IsInt() {
		le.PutUint64(buf[:], i.Bits)
	} else {
		le.PutUint64(buf[:], big.Uint64())
	}
	copy(b, buf[:m.ItemSize])
	return nil
}

func fitsSigned(v Value, bits uint) bool {
	if !v.IsInt() {
		return false
	}
	x := int64(v.Bits)
	return bits == 64 || x >= -1<<(bits-1) && x < 1<<(bits-1)
}

// offset resolves a full index of ints.
func (m *MemoryView) offset(t *Thread, idx []Value) (int, *Exception) {
	off := m.Off
	for d, x := range idx {
		i, e := ToInt(t, x)
		if e != nil {
			return 0, e
		}
		if i < 0 {
			i += m.Shape[d]
		}
		if uint(i) >= uint(m.Shape[d]) {
			return 0, IndexErrorf(t, "index out of bounds on dimension %d", d+1)
		}
		off += i * m.Strides[d]
	}
	return off, nil
}

// index turns a subscript into the ints that select one item.
func (m *MemoryView) index(t *Thread, key Value) ([]Value, *Exception) {
	idx := []Value{key}
	if key.Type() == &TupleType {
		idx = As[Tuple](key).Items
	}
	for _, x := range idx {
		if x.Type().Slots.Index == nil {
			return nil, TypeErrorf(t, "memoryview: invalid slice key")
		}
	}
	switch {
	case len(idx) < len(m.Shape) && key.Type() != &TupleType:
		return nil, Errorf(t, &NotImplementedErrorType, "multi-dimensional sub-views are not implemented")
	case len(idx) < len(m.Shape):
		return nil, Errorf(t, &NotImplementedErrorType, "sub-views are not implemented")
	case len(idx) > len(m.Shape):
		if len(m.Shape) == 0 {
			return nil, TypeErrorf(t, "invalid indexing of 0-dim memory")
		}
		return nil, TypeErrorf(t, "cannot index %d-dimension view with %d-element tuple", len(m.Shape), len(idx))
	}
	return idx, nil
}

func memGetItem(t *Thread, v, key Value) (Value, *Exception) {
	m := As[MemoryView](v)
	if e := m.check(t); e != nil {
		return Value{}, e
	}
	if key.Type() == &SliceType {
		return m.slice(t, key)
	}
	if len(m.Shape) == 0 && (key == Ellipsis || key == EmptyTuple) {
		if key == Ellipsis {
			return v, nil
		}
		return m.load(t, m.Off)
	}
	idx, e := m.index(t, key)
	if e != nil {
		return Value{}, e
	}
	off, e := m.offset(t, idx)
	if e != nil {
		return Value{}, e
	}
	return m.load(t, off)
}

// sub makes a view that shares m's registration with the exporter.
func (m *MemoryView) sub() *MemoryView {
	n := *m
	n.Object = Object{&MemoryViewType.Root}
	n.Shape, n.Strides, n.hash = slices.Clone(m.Shape), slices.Clone(m.Strides), 0
	n.onFree = nil
	if b := m.Owner; b.Ref != nil && IsByteArray(b) {
		As[ByteArray](b).hold(&n)
	}
	return &n
}

func (m *MemoryView) slice(t *Thread, key Value) (Value, *Exception) {
	if len(m.Shape) == 0 {
		return Value{}, TypeErrorf(t, "invalid indexing of 0-dim memory")
	}
	r, e := SliceBounds(t, key, m.Shape[0])
	if e != nil {
		return Value{}, e
	}
	n := m.sub()
	n.Off += r.Start * m.Strides[0]
	n.Shape[0], n.Strides[0] = r.N, m.Strides[0]*r.Step
	if r.N == 0 {
		n.Off = 0
	}
	return Obj(n), nil
}

func memSetItem(t *Thread, v, key, val Value) *Exception {
	m := As[MemoryView](v)
	if e := m.check(t); e != nil {
		return e
	}
	if m.ReadOnly {
		return TypeErrorf(t, "cannot modify read-only memory")
	}
	if val.Ref == nil {
		return TypeErrorf(t, "cannot delete memory")
	}
	if key.Type() == &SliceType {
		src, e := NewView(t, val)
		if e != nil {
			return e
		}
		defer src.release()
		s, e := m.slice(t, key)
		if e != nil {
			return e
		}
		defer As[MemoryView](s).release()
		dst := As[MemoryView](s)
		if src.Format != dst.Format || !slices.Equal(src.Shape, dst.Shape) {
			return ValueErrorf(t, "memoryview assignment: lvalue and rvalue have different structures")
		}
		data, i := slices.Clone(src.content()), 0
		dst.walk(dst.Off, 0, func(off int) { i += copy(dst.Buf[off:off+dst.ItemSize], data[i:]) })
		return nil
	}
	idx, e := m.index(t, key)
	if e != nil {
		return e
	}
	off, e := m.offset(t, idx)
	if e != nil {
		return e
	}
	return m.store(t, off, val)
}

// NewView is memoryview(v).
func NewView(t *Thread, v Value) (*MemoryView, *Exception) {
	if v.Type() == &MemoryViewType {
		m := As[MemoryView](v)
		if e := m.check(t); e != nil {
			return nil, e
		}
		return m.sub(), nil
	}
	if get := v.Type().Slots.GetBuffer; get != nil {
		m, e := get(t, v, 0)
		if e != nil {
			return nil, e
		}
		if m.Type() != &MemoryViewType {
			return nil, TypeErrorf(t, "__buffer__ returned non-memoryview object")
		}
		return As[MemoryView](m), nil
	}
	if r, found, e := CallSpecial(t, v, N.Buffer, Int(bufferFull)); found {
		if e != nil {
			return nil, e
		}
		if r.Type() != &MemoryViewType {
			return nil, TypeErrorf(t, "__buffer__ returned non-memoryview object")
		}
		return As[MemoryView](r), nil
	}
	return nil, TypeErrorf(t, "a bytes-like object is required, not '%s'", v.Type().Name)
}

// bufferFull is inspect.BufferFlags.FULL_RO, what __buffer__ methods are asked for.
const bufferFull = 284

func getBufferMethod(t *Thread, a []Value) (Value, *Exception) {
	if _, e := ToIndex(t, a[1]); e != nil {
		return Value{}, e
	}
	if a[0].Type().Flags&(FBytes|FByteArray) != 0 {
		return bytesView(a[0]), nil
	}
	m, e := NewView(t, a[0])
	return Obj(m), e
}

func releaseBufferMethod(t *Thread, a []Value) (Value, *Exception) {
	if a[1].Type() != &MemoryViewType {
		return Value{}, TypeErrorf(t, "expected a memoryview object")
	}
	As[MemoryView](a[1]).release()
	return None, nil
}

func (m *MemoryView) list(t *Thread, off, dim int) (Value, *Exception) {
	if dim == len(m.Shape) {
		return m.load(t, off)
	}
	out := make([]Value, m.Shape[dim])
	for i := range out {
		x, e := m.list(t, off+i*m.Strides[dim], dim+1)
		if e != nil {
			return Value{}, e
		}
		out[i] = x
	}
	return NewList(out), t.Charge(16 * len(out))
}

func memCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if op != CmpEq && op != CmpNe {
		return NotImplemented, nil
	}
	m := As[MemoryView](a)
	if m.released {
		return Bool((a == b) == (op == CmpEq)), nil
	}
	if b.Type().Slots.GetBuffer == nil {
		return NotImplemented, nil
	}
	if b.Type() == &MemoryViewType && As[MemoryView](b).released {
		return Bool(op == CmpNe), nil
	}
	o, e := NewView(t, b)
	if e != nil {
		return NotImplemented, nil
	}
	defer o.release()
	eq := slices.Equal(m.Shape, o.Shape)
	if eq {
		x, e := m.list(t, m.Off, 0)
		if e != nil {
			return Bool(op == CmpNe), nil
		}
		y, e := o.list(t, o.Off, 0)
		if e != nil {
			return Bool(op == CmpNe), nil
		}
		if eq, e = Equal(t, x, y); e != nil {
			return Value{}, e
		}
	}
	return Bool(eq == (op == CmpEq)), nil
}

func memHash(t *Thread, v Value) (int64, *Exception) {
	m := As[MemoryView](v)
	if m.hash == 0 {
		if e := m.check(t); e != nil {
			return 0, e
		}
		if !m.ReadOnly {
			return 0, ValueErrorf(t, "cannot hash writable memoryview object")
		}
		if c := formatCode(m.Format); c != 'B' && c != 'b' && c != 'c' {
			return 0, ValueErrorf(t, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'")
		}
		m.hash = StrHash(string(m.content()))
	}
	return m.hash, nil
}

func memCast(t *Thread, a []Value) (Value, *Exception) {
	m := As[MemoryView](a[0])
	if e := m.check(t); e != nil {
		return Value{}, e
	}
	if !IsStr(a[1]) {
		return Value{}, TypeErrorf(t, "cast() argument 'format' must be str, not %s", ArgTypeName(a[1]))
	}
	format := StrText(a[1])
	code := formatCode(format)
	size := formatSizes[code]
	if size == 0 {
		return Value{}, ValueErrorf(t, "memoryview: destination format must be a native single character format prefixed with an optional '@'")
	}
	if !m.contiguous() {
		return Value{}, TypeErrorf(t, "memoryview: casts are restricted to C-contiguous views")
	}
	isByte := func(c byte) bool { return c == 'B' || c == 'b' || c == 'c' }
	if !isByte(code) && !isByte(formatCode(m.Format)) {
		return Value{}, TypeErrorf(t, "memoryview: cannot cast between two non-byte formats")
	}
	if m.nbytes()%size != 0 {
		return Value{}, TypeErrorf(t, "memoryview: length is not a multiple of itemsize")
	}
	n := m.sub()
	n.Format, n.ItemSize = format, size
	n.Shape, n.Strides = []int{m.nbytes() / size}, []int{size}
	if a[2].Ref == nil {
		return Obj(n), nil
	}
	return n.reshape(t, a[2])
}

func (m *MemoryView) reshape(t *Thread, shape Value) (Value, *Exception) {
	dims, e := Collect(t, shape)
	if e != nil {
		return Value{}, e
	}
	total := m.nbytes()
	m.Shape, m.Strides = make([]int, len(dims)), make([]int, len(dims))
	n := m.ItemSize
	for i := len(dims) - 1; i >= 0; i-- {
		k, e := ToInt(t, dims[i])
		if e != nil {
			return Value{}, e
		}
		if k <= 0 {
			return Value{}, ValueErrorf(t, "memoryview.cast(): elements of shape must be integers > 0")
		}
		m.Shape[i], m.Strides[i] = k, n
		n *= k
	}
	if n != total {
		return Value{}, TypeErrorf(t, "memoryview: product(shape) * itemsize != buffer size")
	}
	return Obj(m), nil
}

type memIter struct {
	Object
	m   *MemoryView
	pos int
}

func memIterNext(t *Thread, v Value) (Value, *Exception) {
	it := As[memIter](v)
	if it.m == nil {
		return Value{}, nil
	}
	if e := it.m.check(t); e != nil {
		return Value{}, e
	}
	if it.pos >= it.m.Shape[0] {
		it.m = nil
		return Value{}, nil
	}
	it.pos++
	return it.m.load(t, it.m.Off+(it.pos-1)*it.m.Strides[0])
}

func intTuple(xs []int) Value {
	out := make([]Value, len(xs))
	for i, x := range xs {
		out[i] = Int(int64(x))
	}
	return NewTuple(out)
}

func init() {
	checked := func(f func(t *Thread, m *MemoryView) (Value, *Exception)) UnaryFunc {
		return func(t *Thread, v Value) (Value, *Exception) {
			m := As[MemoryView](v)
			if e := m.check(t); e != nil {
				return Value{}, e
			}
			return f(t, m)
		}
	}
	get := func(name string, f func(m *MemoryView) Value) GetSet {
		return GetSet{Name: name, Get: checked(func(t *Thread, m *MemoryView) (Value, *Exception) { return f(m), nil })}
	}
	method := func(sig string, f func(t *Thread, m *MemoryView, a []Value) (Value, *Exception)) Method {
		return Method{Sig: sig, Fn: func(t *Thread, a []Value) (Value, *Exception) {
			m := As[MemoryView](a[0])
			if e := m.check(t); e != nil {
				return Value{}, e
			}
			return f(t, m, a)
		}}
	}
	releaseFn := func(t *Thread, a []Value) (Value, *Exception) { As[MemoryView](a[0]).release(); return None, nil }
	Declare(&MemoryViewType, Decl{
		Name: "memoryview", Flags: FFinal | FSequence, Layout: LayoutOf[MemoryView](), Weak: true,
		Doc: "Create a new memoryview object which references the given object.",
		Slots: Slots{
			Repr: func(t *Thread, v Value) (Value, *Exception) {
				if As[MemoryView](v).released {
					return StrVal("<released memory at " + Addr(v) + ">"), nil
				}
				return StrVal("<memory at " + Addr(v) + ">"), nil
			},
			Compare: memCompare, Hash: memHash, GetItem: memGetItem, SetItem: memSetItem,
			Len: func(t *Thread, v Value) (int, *Exception) {
				m := As[MemoryView](v)
				if e := m.check(t); e != nil {
					return 0, e
				}
				if len(m.Shape) == 0 {
					return 0, TypeErrorf(t, "0-dim memory has no length")
				}
				return m.Shape[0], nil
			},
			Iter: checked(func(t *Thread, m *MemoryView) (Value, *Exception) {
				if len(m.Shape) == 0 {
					return Value{}, TypeErrorf(t, "invalid indexing of 0-dim memory")
				}
				return Obj(&memIter{Object{&memoryIterType.Root}, m, 0}), nil
			}),
			New: NewSig("memoryview(object)", func(t *Thread, tp *Type, a []Value) (Value, *Exception) {
				if tp := a[0].Type(); tp != &MemoryViewType && tp.Slots.GetBuffer == nil && tp.Lookup(t, N.Buffer).Ref == nil {
					return Value{}, TypeErrorf(t, "memoryview: a bytes-like object is required, not '%s'", tp.Name)
				}
				m, e := NewView(t, a[0])
				return Obj(m), e
			}),
			GetBuffer: func(t *Thread, v Value, flags int) (Value, *Exception) {
				m, e := NewView(t, v)
				return Obj(m), e
			},
		},
		Methods: []Method{
			method("tobytes(self, /, order='C')", func(t *Thread, m *MemoryView, a []Value) (Value, *Exception) {
				return BytesVal(slices.Clone(m.content())), t.Charge(m.nbytes())
			}),
			method("tolist(self, /)", func(t *Thread, m *MemoryView, a []Value) (Value, *Exception) { return m.list(t, m.Off, 0) }),
			method("toreadonly(self, /)", func(t *Thread, m *MemoryView, a []Value) (Value, *Exception) {
				n := m.sub()
				n.ReadOnly = true
				return Obj(n), nil
			}),
			method("hex(self, /, sep=<absent>, bytes_per_sep=1)", func(t *Thread, m *MemoryView, a []Value) (Value, *Exception) {
				return HexBytes(t, m.content(), a[1], a[2])
			}),
			{Sig: "cast(self, /, format, shape=<absent>)", Fn: memCast},
			{Sig: "release(self, /)", Fn: releaseFn},
			method("__enter__(self, /)", func(t *Thread, m *MemoryView, a []Value) (Value, *Exception) { return a[0], nil }),
			{Sig: "__exit__(self, /, *args)", Fn: releaseFn},
			{Sig: "__buffer__(self, flags, /)", Fn: getBufferMethod}, {Sig: "__release_buffer__(self, buffer, /)", Fn: releaseBufferMethod},
			{Sig: "_from_flags(type, /, object, flags)", Kind: ClassMethod, Fn: func(t *Thread, a []Value) (Value, *Exception) {
				m, e := NewView(t, a[1])
				return Obj(m), e
			}},
		},
		GetSets: []GetSet{
			get("obj", func(m *MemoryView) Value { return m.Owner }),
			get("nbytes", func(m *MemoryView) Value { return Int(int64(m.nbytes())) }),
			get("itemsize", func(m *MemoryView) Value { return Int(int64(m.ItemSize)) }),
			get("format", func(m *MemoryView) Value { return StrVal(m.Format) }),
			get("ndim", func(m *MemoryView) Value { return Int(int64(len(m.Shape))) }),
			get("shape", func(m *MemoryView) Value { return intTuple(m.Shape) }),
			get("strides", func(m *MemoryView) Value { return intTuple(m.Strides) }),
			get("suboffsets", func(m *MemoryView) Value { return EmptyTuple }),
			get("readonly", func(m *MemoryView) Value { return Bool(m.ReadOnly) }),
			get("c_contiguous", func(m *MemoryView) Value { return Bool(m.contiguous()) }),
			get("f_contiguous", func(m *MemoryView) Value { return Bool(m.contiguous() && len(m.Shape) <= 1) }),
			get("contiguous", func(m *MemoryView) Value { return Bool(m.contiguous()) }),
		},
	})
	Declare(&memoryIterType, Decl{Name: "memory_iterator", Flags: FNoNew | FFinal, Slots: Slots{Iter: iterSelf, Next: memIterNext}})
}
