// Package binstruct is Python's module struct (and _struct): numbers and bytes packed by format strings.
package binstruct

import (
	"encoding/binary"
	"math"
	"math/big"

	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// item is one element of a format: count values of the code (for 's' and 'p' one value of count bytes; for 'x' count
// padding bytes), at an offset.
type item struct {
	code        byte
	count, size int
	off         int
}

// Format is a compiled format.
type Format struct {
	text   string
	order  binary.ByteOrder
	items  []item
	size   int
	values int
	native bool
}

// errorType is struct.error.
var errorType object.Type

func fail(t *thread, format string, args ...any) *exc {
	return object.Errorf(t, &errorType, format, args...)
}

func sizeOf(c byte, native bool) int {
	switch c {
	case 'x', 'c', 'b', 'B', '?', 's', 'p':
		return 1
	case 'h', 'H', 'e':
		return 2
	case 'i', 'I', 'f':
		return 4
	case 'q', 'Q', 'd':
		return 8
	case 'l', 'L':
		if native {
			return 8
		}
		return 4
	case 'n', 'N', 'P':
		if native {
			return 8
		}
	}
	return 0
}

// Compile parses a format.
func Compile(t *thread, text string) (*Format, *exc) {
	f := &Format{text: text, order: binary.LittleEndian}
	s, align := text, true
	if s != "" {
		switch s[0] {
		case '@':
			s = s[1:]
		case '=', '<':
			s, align = s[1:], false
		case '>', '!':
			s, align, f.order = s[1:], false, binary.BigEndian
		}
	}
	f.native = align
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' || c >= 9 && c <= 13 {
			i++
			continue
		}
		n := 1
		if c >= '0' && c <= '9' {
			for n = 0; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
				if n > (math.MaxInt-9)/10 {
					return nil, fail(t, "overflow in item count")
				}
				n = n*10 + int(s[i]-'0')
			}
			if i == len(s) {
				return nil, fail(t, "repeat count given without format specifier")
			}
			c = s[i]
		}
		i++
		size := sizeOf(c, align)
		if size == 0 {
			return nil, fail(t, "bad char in struct format")
		}
		if e := f.add(t, c, n, size, align); e != nil {
			return nil, e
		}
	}
	return f, nil
}

func (f *Format) add(t *thread, c byte, n, size int, align bool) *exc {
	if align && size > 1 {
		f.size = (f.size + size - 1) / size * size
	}
	if n > (math.MaxInt-f.size)/size {
		return fail(t, "total struct size too long")
	}
	f.items = append(f.items, item{c, n, size, f.size})
	f.size += n * size
	switch c {
	case 'x':
	case 's', 'p':
		f.values++
	default:
		f.values += n
	}
	return nil
}

// pack writes the values into b, which is zero.
func (f *Format) pack(t *thread, b []byte, args []value) *exc {
	k := 0
	for _, it := range f.items {
		switch it.code {
		case 'x':
			continue
		case 's', 'p':
			if e := packString(t, b[it.off:it.off+it.count], it.code, args[k]); e != nil {
				return e
			}
			k++
			continue
		}
		for i := range it.count {
			off := it.off + i*it.size
			if e := f.packOne(t, b[off:off+it.size], it.code, args[k]); e != nil {
				return e
			}
			k++
		}
	}
	return nil
}

func packString(t *thread, b []byte, code byte, v value) *exc {
	p, ok := object.BytesOf(v)
	if !ok {
		return fail(t, "argument for '%c' must be a bytes object", code)
	}
	if code == 's' {
		copy(b, p)
		return nil
	}
	if len(b) > 0 {
		n := min(len(p), len(b)-1)
		copy(b[1:], p[:n])
		b[0] = byte(min(n, 255))
	}
	return nil
}

func (f *Format) packOne(t *thread, b []byte, code byte, v value) *exc {
	switch code {
	case 'c':
		p, ok := object.BytesOf(v)
		if !ok || len(p) != 1 {
			return fail(t, "char format requires a bytes object of length 1")
		}
		b[0] = p[0]
		return nil
	case '?':
		x, e := object.Truth(t, v)
		if x {
			b[0] = 1
		}
		return e
	case 'e', 'f', 'd':
		e := f.packFloat(t, b, code, v)
		if e != nil && e.IsA(&object.OverflowErrorType) && object.IsIntLike(v) {
			return fail(t, "int too large to convert")
		}
		return e
	}
	if v.Type().Slots.Index == nil {
		return fail(t, "required argument is not an integer")
	}
	i, e := object.ToIndex(t, v)
	if e != nil {
		return e
	}
	n := object.BigOf(i)
	bits := uint(8 * len(b))
	lo, hi := new(big.Int), new(big.Int).Lsh(big.NewInt(1), bits)
	if code >= 'a' {
		hi.Rsh(hi, 1)
		lo.Neg(hi)
	}
	if n.Cmp(lo) < 0 || n.Cmp(hi) >= 0 {
		return f.rangeError(t, code, lo, hi)
	}
	u := n.Uint64()
	if n.Sign() < 0 {
		u = uint64(n.Int64())
	}
	f.putUint(b, u)
	return nil
}

func (f *Format) rangeError(t *thread, code byte, lo, hi *big.Int) *exc {
	return fail(t, "'%c' format requires %s <= number <= %s", code, lo, new(big.Int).Sub(hi, big.NewInt(1)))
}

func (f *Format) putUint(b []byte, u uint64) {
	switch len(b) {
	case 1:
		b[0] = byte(u)
	case 2:
		f.order.PutUint16(b, uint16(u))
	case 4:
		f.order.PutUint32(b, uint32(u))
	default:
		f.order.PutUint64(b, u)
	}
}

func (f *Format) getUint(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(f.order.Uint16(b))
	case 4:
		return uint64(f.order.Uint32(b))
	}
	return f.order.Uint64(b)
}

func (f *Format) packFloat(t *thread, b []byte, code byte, v value) *exc {
	x, e := object.ToFloat(t, v)
	if e != nil {
		return fail(t, "required argument is not a float")
	}
	switch code {
	case 'd':
		f.order.PutUint64(b, math.Float64bits(x))
	case 'f':
		y := float32(x)
		if math.IsInf(float64(y), 0) && !math.IsInf(x, 0) && !f.native {
			return object.OverflowErrorf(t, "float too large to pack with f format")
		}
		f.order.PutUint32(b, math.Float32bits(y))
	default:
		h, ok := halfBits(x)
		if !ok {
			return object.OverflowErrorf(t, "float too large to pack with e format")
		}
		f.order.PutUint16(b, h)
	}
	return nil
}

// halfBits rounds to IEEE binary16, half to even; ok is false for numbers out of range.
func halfBits(x float64) (uint16, bool) {
	sign := uint16(0)
	if math.Signbit(x) {
		sign, x = 0x8000, -x
	}
	switch {
	case x != x:
		return sign | 0x7e00, true
	case math.IsInf(x, 0):
		return sign | 0x7c00, true
	case x == 0:
		return sign, true
	}
	_, e := math.Frexp(x)
	e = max(e-11, -24) // weight of the last bit
	m := math.RoundToEven(math.Ldexp(x, -e))
	if m == 2048 {
		m, e = 1024, e+1
	}
	if e > 5 {
		return 0, false
	}
	if m < 1024 {
		return sign | uint16(m), true
	}
	return sign | uint16(e+25)<<10 | uint16(m)&0x3ff, true
}

func halfFloat(h uint16) float64 {
	m, e := float64(h&0x3ff), int(h>>10&31)
	var x float64
	switch {
	case e == 31 && m != 0:
		x = math.NaN()
	case e == 31:
		x = math.Inf(1)
	case e == 0:
		x = math.Ldexp(m, -24)
	default:
		x = math.Ldexp(m+1024, e-25)
	}
	if h&0x8000 != 0 {
		return -x
	}
	return x
}

func (f *Format) unpack(t *thread, b []byte) (value, *exc) {
	out := make([]value, 0, min(f.values, 1<<16))
	if e := t.Charge(16 * f.values); e != nil {
		return value{}, e
	}
	for _, it := range f.items {
		switch it.code {
		case 'x':
			continue
		case 's':
			out = append(out, object.BytesVal(append([]byte(nil), b[it.off:it.off+it.count]...)))
			continue
		case 'p':
			p := b[it.off : it.off+it.count]
			if len(p) > 0 {
				p = p[1:min(len(p), 1+int(p[0]))]
			}
			out = append(out, object.BytesVal(append([]byte(nil), p...)))
			continue
		}
		for i := range it.count {
			off := it.off + i*it.size
			out = append(out, f.unpackOne(b[off:off+it.size], it.code))
		}
	}
	return object.NewTuple(out), nil
}

func (f *Format) unpackOne(b []byte, code byte) value {
	u := f.getUint(b)
	switch code {
	case 'c':
		return object.BytesVal([]byte{b[0]})
	case '?':
		return object.Bool(u != 0)
	case 'e':
		return object.Float(halfFloat(uint16(u)))
	case 'f':
		return object.Float(float64(math.Float32frombits(uint32(u))))
	case 'd':
		return object.Float(math.Float64frombits(u))
	}
	if code < 'a' {
		return object.Uint(u)
	}
	shift := 64 - 8*uint(len(b))
	return object.Int(int64(u<<shift) >> shift)
}

// structObj is a Struct object.
type structObj struct {
	object.Object
	f *Format
}

var structType object.Type

func formatArg(t *thread, v value) (*Format, *exc) {
	if object.IsStr(v) {
		s := object.As[object.Str](v)
		if !s.ASCII() {
			return nil, object.TypeErrorf(t, "Struct() argument 1 must be a str or bytes object, not %s", v.Type().Name)
		}
		return Compile(t, s.S)
	}
	if b, ok := object.BytesOf(v); ok {
		return Compile(t, string(b))
	}
	return nil, object.TypeErrorf(t, "Struct() argument 1 must be a str or bytes object, not %s", v.Type().Name)
}

func (f *Format) doPack(t *thread, args []value) (value, *exc) {
	if len(args) != f.values {
		return value{}, fail(t, "pack expected %d items for packing (got %d)", f.values, len(args))
	}
	if e := t.Charge(f.size); e != nil {
		return value{}, e
	}
	b := make([]byte, f.size)
	e := f.pack(t, b, args)
	return object.BytesVal(b), e
}

func (f *Format) doUnpack(t *thread, v value) (value, *exc) {
	b, e := object.BufferBytes(t, v)
	if e != nil {
		return value{}, e
	}
	if len(b) != f.size {
		return value{}, fail(t, "unpack requires a buffer of %d bytes", f.size)
	}
	return f.unpack(t, b)
}

func (f *Format) doUnpackFrom(t *thread, v, offset value) (value, *exc) {
	b, e := object.BufferBytes(t, v)
	if e != nil {
		return value{}, e
	}
	off, e := object.ToInt(t, offset)
	if e != nil {
		return value{}, e
	}
	given := off
	if off < 0 {
		if off+f.size > 0 {
			return value{}, fail(t, "not enough data to unpack %d bytes", f.size)
		}
		if off += len(b); off < 0 {
			return value{}, fail(t, "offset %d out of range for %d-byte buffer", given, len(b))
		}
	}
	if len(b)-off < f.size {
		return value{}, fail(t, "unpack_from requires a buffer of at least %d bytes for unpacking %d bytes at offset %d (actual buffer size is %d)",
			f.size+off, f.size, off, len(b))
	}
	return f.unpack(t, b[off:off+f.size])
}

func (f *Format) doPackInto(t *thread, buf, offset value, args []value) (value, *exc) {
	if len(args) != f.values {
		return value{}, fail(t, "pack_into expected %d items for packing (got %d)", f.values, len(args))
	}
	view, e := object.NewView(t, buf)
	if e != nil {
		return value{}, e
	}
	defer view.Release()
	if view.ReadOnly {
		return value{}, object.TypeErrorf(t, "read-write bytes-like object expected")
	}
	b := view.Content()
	off, e := object.ToInt(t, offset)
	if e != nil {
		return value{}, e
	}
	given := off
	if off < 0 {
		if off+f.size > 0 {
			return value{}, fail(t, "no space to pack %d bytes at offset %d", f.size, given)
		}
		if off += len(b); off < 0 {
			return value{}, fail(t, "offset %d out of range for %d-byte buffer", given, len(b))
		}
	}
	if len(b)-off < f.size {
		return value{}, fail(t, "pack_into requires a buffer of at least %d bytes for packing %d bytes at offset %d (actual buffer size is %d)",
			f.size+off, f.size, off, len(b))
	}
	clear(b[off : off+f.size])
	return object.None, f.pack(t, b[off:off+f.size], args)
}

// unpackIter is what iter_unpack gives.
type unpackIter struct {
	object.Object
	f   *Format
	b   []byte
	pos int
}

var iterType object.Type

func (f *Format) iterUnpack(t *thread, v value) (value, *exc) {
	if f.size == 0 {
		return value{}, fail(t, "cannot iteratively unpack with a struct of length 0")
	}
	b, e := object.BufferBytes(t, v)
	if e != nil {
		return value{}, e
	}
	if len(b)%f.size != 0 {
		return value{}, fail(t, "iterative unpacking requires a buffer of a multiple of %d bytes", f.size)
	}
	return object.Obj(&unpackIter{object.Object{Shape: &iterType.Root}, f, append([]byte(nil), b...), 0}), nil
}

func self(a []value) *Format { return object.As[structObj](a[0]).f }
func rest(v value) []value   { return object.As[object.Tuple](v).Items }

func init() {
	object.Declare(&errorType, object.Decl{Name: "struct.error", Base: &object.ExceptionType})
	object.Declare(&iterType, object.Decl{Name: "_struct.unpack_iterator", Flags: object.FNoNew,
		Slots: object.Slots{
			Iter: func(t *thread, v value) (value, *exc) { return v, nil },
			Next: func(t *thread, v value) (value, *exc) {
				it := object.As[unpackIter](v)
				if it.pos >= len(it.b) {
					return value{}, nil
				}
				it.pos += it.f.size
				return it.f.unpack(t, it.b[it.pos-it.f.size:it.pos])
			},
		},
		Methods: []object.Method{{Sig: "__length_hint__(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
			it := object.As[unpackIter](a[0])
			return object.Int(int64((len(it.b) - it.pos) / it.f.size)), nil
		}}}})
	object.Declare(&structType, object.Decl{
		Name: "_struct.Struct", Layout: object.LayoutOf[structObj](), Doc: "Struct(fmt) --> compiled struct object",
		Slots: object.Slots{New: object.NewSig("Struct(format)", func(t *thread, tp *object.Type, a []value) (value, *exc) {
			f, e := formatArg(t, a[0])
			if e != nil {
				return value{}, e
			}
			o, e := object.AllocAs[structObj](t, tp)
			if e == nil {
				o.f = f
			}
			return object.Obj(o), e
		}), Init: func(t *thread, v value, args []value, kw []*object.Str) *exc { return nil },
			Repr: func(t *thread, v value) (value, *exc) {
				return object.StrVal("_struct.Struct(" + object.QuoteStr(object.As[structObj](v).f.text, false) + ")"), nil
			}},
		Methods: []object.Method{
			{Sig: "pack(self, /, *values)", Fn: func(t *thread, a []value) (value, *exc) { return self(a).doPack(t, rest(a[1])) }},
			{Sig: "pack_into(self, buffer, offset, /, *values)", Fn: func(t *thread, a []value) (value, *exc) {
				return self(a).doPackInto(t, a[1], a[2], rest(a[3]))
			}},
			{Sig: "unpack(self, buffer, /)", Fn: func(t *thread, a []value) (value, *exc) { return self(a).doUnpack(t, a[1]) }},
			{Sig: "unpack_from(self, /, buffer, offset=0)", Fn: func(t *thread, a []value) (value, *exc) { return self(a).doUnpackFrom(t, a[1], a[2]) }},
			{Sig: "iter_unpack(self, buffer, /)", Fn: func(t *thread, a []value) (value, *exc) { return self(a).iterUnpack(t, a[1]) }},
		},
		GetSets: []object.GetSet{
			{Name: "format", Get: func(t *thread, v value) (value, *exc) { return object.StrVal(object.As[structObj](v).f.text), nil }},
			{Name: "size", Get: func(t *thread, v value) (value, *exc) { return object.Int(int64(object.As[structObj](v).f.size)), nil }},
		},
	})
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.Set(t, "Struct", structType.Value())
	m.Set(t, "error", errorType.Value())
	with := func(sig string, f func(t *thread, f *Format, a []value) (value, *exc)) object.Method {
		return object.Method{Sig: sig, Fn: func(t *thread, a []value) (value, *exc) {
			x, e := formatArg(t, a[0])
			if e != nil {
				return value{}, e
			}
			return f(t, x, a)
		}}
	}
	m.Define(t, []object.Method{
		with("calcsize(format, /)", func(t *thread, f *Format, a []value) (value, *exc) { return object.Int(int64(f.size)), nil }),
		with("pack(format, /, *values)", func(t *thread, f *Format, a []value) (value, *exc) { return f.doPack(t, rest(a[1])) }),
		with("pack_into(format, buffer, offset, /, *values)", func(t *thread, f *Format, a []value) (value, *exc) {
			return f.doPackInto(t, a[1], a[2], rest(a[3]))
		}),
		with("unpack(format, buffer, /)", func(t *thread, f *Format, a []value) (value, *exc) { return f.doUnpack(t, a[1]) }),
		with("unpack_from(format, /, buffer, offset=0)", func(t *thread, f *Format, a []value) (value, *exc) { return f.doUnpackFrom(t, a[1], a[2]) }),
		with("iter_unpack(format, buffer, /)", func(t *thread, f *Format, a []value) (value, *exc) { return f.iterUnpack(t, a[1]) }),
		{Sig: "_clearcache()", Fn: func(t *thread, a []value) (value, *exc) { return object.None, nil }},
	})
	return nil
}
