// Package marshal is Python's module marshal: built-in values as bytes, in CPython's format 4.
//
// Values are written without back references; those of others are understood. Code objects are not marshallable here: their
// bytecode is ours alone and lives in __pycache__ (package code).
package marshal

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"

	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

const (
	version  = 4
	flagRef  = 0x80
	maxDepth = 2000
)

type writer struct {
	t     *thread
	out   []byte
	depth int
}

func (w *writer) size(code byte, n int) {
	w.out = binary.LittleEndian.AppendUint32(append(w.out, code), uint32(n))
}

func (w *writer) float(f float64) {
	w.out = binary.LittleEndian.AppendUint64(w.out, math.Float64bits(f))
}

// long writes an int beyond 32 bits as digits of 15 bits; the count carries the sign.
func (w *writer) long(v value) {
	n := new(big.Int).Abs(object.BigOf(v))
	mask := big.NewInt(1<<15 - 1)
	var digits []byte
	for n.Sign() > 0 {
		digits = binary.LittleEndian.AppendUint16(digits, uint16(new(big.Int).And(n, mask).Uint64()))
		n.Rsh(n, 15)
	}
	count := len(digits) / 2
	if object.BigOf(v).Sign() < 0 {
		count = -count
	}
	w.size('l', count)
	w.out = append(w.out, digits...)
}

func (w *writer) items(items []value) *exc {
	for _, x := range items {
		if e := w.value(x); e != nil {
			return e
		}
	}
	return nil
}

func (w *writer) sequence(code byte, v value) *exc {
	items, e := object.Collect(w.t, v)
	if e != nil {
		return e
	}
	w.size(code, len(items))
	return w.items(items)
}

func (w *writer) str(s *object.Str) *exc {
	b, e := object.EncodeStr(w.t, s, "utf-8", "surrogatepass")
	if e == nil {
		w.size('u', len(b))
		w.out = append(w.out, b...)
	}
	return e
}

func (w *writer) dict(d *object.Dict) *exc {
	w.out = append(w.out, '{')
	for i := 0; ; {
		k, v, ok := d.Next(&i)
		if !ok {
			w.out = append(w.out, '0')
			return nil
		}
		if e := w.items([]value{k, v}); e != nil {
			return e
		}
	}
}

func (w *writer) value(v value) *exc {
	if w.depth++; w.depth > maxDepth {
		return object.ValueErrorf(w.t, "object too deeply nested to marshal")
	}
	defer func() { w.depth-- }()
	switch tp := v.Type(); tp {
	case &object.NoneType:
		w.out = append(w.out, 'N')
	case &object.BoolType:
		w.out = append(w.out, map[bool]byte{true: 'T', false: 'F'}[object.Is(v, object.True)])
	case &object.EllipsisType:
		w.out = append(w.out, '.')
	case &object.IntType:
		if n, ok := object.SmallInt(v); ok && n == int64(int32(n)) {
			w.size('i', int(n))
		} else {
			w.long(v)
		}
	case &object.FloatType:
		w.out = append(w.out, 'g')
		w.float(object.FloatOf(v))
	case &object.ComplexType:
		c := object.As[object.Complex](v).V
		w.out = append(w.out, 'y')
		w.float(real(c))
		w.float(imag(c))
	case &object.StrType:
		return w.str(object.As[object.Str](v))
	case &object.TupleType:
		return w.sequence('(', v)
	case &object.ListType:
		return w.sequence('[', v)
	case &object.SetType:
		return w.sequence('<', v)
	case &object.FrozenSetType:
		return w.sequence('>', v)
	case &object.DictType:
		return w.dict(object.As[object.Dict](v))
	default:
		if object.Is(v, object.StopIterationType.Value()) {
			w.out = append(w.out, 'S')
			return nil
		}
		b, e := object.BufferBytes(w.t, v)
		if e != nil {
			return object.ValueErrorf(w.t, "unmarshallable object")
		}
		w.size('s', len(b))
		w.out = append(w.out, b...)
	}
	return nil
}

type reader struct {
	t     *thread
	read  func(n int) ([]byte, *exc)
	refs  []value
	depth int
}

func (r *reader) uint(width int) (int, *exc) {
	b, e := r.read(width)
	if e != nil {
		return 0, e
	}
	switch width {
	case 1:
		return int(b[0]), nil
	case 2:
		return int(binary.LittleEndian.Uint16(b)), nil
	}
	return int(int32(binary.LittleEndian.Uint32(b))), nil
}

// length reads a size that must not be negative.
func (r *reader) length(width int) (int, *exc) {
	n, e := r.uint(width)
	if e == nil && n < 0 {
		e = object.ValueErrorf(r.t, "bad marshal data (size out of range)")
	}
	return n, e
}

func (r *reader) bytes(width int) ([]byte, *exc) {
	n, e := r.length(width)
	if e != nil {
		return nil, e
	}
	return r.read(n)
}

func (r *reader) float() (float64, *exc) {
	b, e := r.read(8)
	if e != nil {
		return 0, e
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b)), nil
}

func (r *reader) text() (float64, *exc) {
	b, e := r.bytes(1)
	if e != nil {
		return 0, e
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0, object.ValueErrorf(r.t, "bad marshal data (float)")
	}
	return f, nil
}

func (r *reader) long() (value, *exc) {
	n, e := r.uint(4)
	if e != nil {
		return value{}, e
	}
	count := n
	if n < 0 {
		count = -n
	}
	x := new(big.Int)
	b, e := r.read(2 * count)
	if e != nil {
		return value{}, e
	}
	for i := count - 1; i >= 0; i-- {
		d := binary.LittleEndian.Uint16(b[2*i:])
		if d >= 1<<15 {
			return value{}, object.ValueErrorf(r.t, "bad marshal data (digit out of range in long)")
		}
		x.Or(x.Lsh(x, 15), big.NewInt(int64(d)))
	}
	if n < 0 {
		x.Neg(x)
	}
	return object.BigVal(x), nil
}

// items reads n values, none of which may be the null that ends a dict.
func (r *reader) items(n int) ([]value, *exc) {
	var out []value
	for range n {
		v, e := r.value()
		if e != nil {
			return nil, e
		}
		if v.Ref == nil {
			return nil, object.TypeErrorf(r.t, "NULL object in marshal data for object")
		}
		out = append(out, v)
	}
	return out, nil
}

func (r *reader) dict(d *object.Dict) *exc {
	for {
		k, e := r.value()
		if e != nil || k.Ref == nil {
			return e
		}
		v, e := r.items(1)
		if e != nil {
			return e
		}
		if e := d.Set(r.t, k, v[0]); e != nil {
			return e
		}
	}
}

// value reads a value; the null value has Ref nil.
func (r *reader) value() (value, *exc) {
	if r.depth++; r.depth > maxDepth {
		return value{}, object.ValueErrorf(r.t, "recursion limit exceeded")
	}
	defer func() { r.depth-- }()
	code, e := r.uint(1)
	if e != nil {
		return value{}, e
	}
	slot := -1
	if code&flagRef != 0 { // its number is that of its beginning
		slot = len(r.refs)
		r.refs = append(r.refs, value{})
	}
	v, e := r.body(byte(code&^flagRef), slot)
	if slot >= 0 && e == nil {
		r.refs[slot] = v
	}
	return v, e
}

func (r *reader) body(code byte, slot int) (value, *exc) {
	switch code {
	case '0':
		return value{}, nil
	case 'N':
		return object.None, nil
	case 'T', 'F':
		return object.Bool(code == 'T'), nil
	case '.':
		return object.Ellipsis, nil
	case 'S':
		return object.StopIterationType.Value(), nil
	case 'i':
		n, e := r.uint(4)
		return object.Int(int64(n)), e
	case 'l':
		return r.long()
	case 'g':
		f, e := r.float()
		return object.Float(f), e
	case 'f':
		f, e := r.text()
		return object.Float(f), e
	case 'x', 'y':
		return r.complex(code)
	case 'r':
		n, e := r.uint(4)
		if e == nil && (n < 0 || n >= len(r.refs) || r.refs[n].Ref == nil) {
			return value{}, object.ValueErrorf(r.t, "bad marshal data (invalid reference)")
		}
		if e != nil {
			return value{}, e
		}
		return r.refs[n], nil
	case 's':
		b, e := r.bytes(4)
		return object.BytesVal(b), e
	case 'u', 't', 'a', 'A', 'z', 'Z':
		return r.str(code)
	}
	return r.container(code, slot)
}

func (r *reader) complex(code byte) (value, *exc) {
	read := r.float
	if code == 'x' {
		read = r.text
	}
	re, e := read()
	if e != nil {
		return value{}, e
	}
	im, e := read()
	return object.NewComplex(complex(re, im)), e
}

func (r *reader) str(code byte) (value, *exc) {
	width := 4
	if code == 'z' || code == 'Z' {
		width = 1
	}
	b, e := r.bytes(width)
	if e != nil {
		return value{}, e
	}
	return object.DecodeBytes(r.t, b, "utf-8", "surrogatepass", object.None)
}

// container reads what holds other values; those that can hold themselves are known to references before they are filled.
func (r *reader) container(code byte, slot int) (value, *exc) {
	width := 4
	if code == ')' {
		width = 1
	}
	n := 0
	switch code {
	case '(', ')', '[', '<', '>':
		var e *exc
		if n, e = r.length(width); e != nil {
			return value{}, e
		}
	}
	switch code {
	case '(', ')':
		items, e := r.items(n)
		return object.NewTuple(items), e
	case '[':
		l := object.NewList(nil)
		if slot >= 0 {
			r.refs[slot] = l
		}
		items, e := r.items(n)
		if e == nil {
			_, e = object.CallMethodS(r.t, l, "extend", object.NewTuple(items))
		}
		return l, e
	case '<':
		items, e := r.items(n)
		if e != nil {
			return value{}, e
		}
		return object.Call(r.t, object.SetType.Value(), object.NewTuple(items))
	case '>':
		items, e := r.items(n)
		if e != nil {
			return value{}, e
		}
		return object.NewFrozenSet(r.t, items)
	case '{':
		d := object.NewDict()
		if slot >= 0 {
			r.refs[slot] = object.Obj(d)
		}
		return object.Obj(d), r.dict(d)
	}
	return value{}, object.ValueErrorf(r.t, "bad marshal data (unknown type code)")
}

// load reads one whole value.
func load(t *thread, read func(n int) ([]byte, *exc)) (value, *exc) {
	v, e := (&reader{t: t, read: read}).value()
	if e == nil && v.Ref == nil {
		e = object.TypeErrorf(t, "NULL object in marshal data for object")
	}
	return v, e
}

func loads(t *thread, a []value) (value, *exc) {
	data, e := object.BufferBytes(t, a[0])
	if e != nil {
		return value{}, e
	}
	return load(t, func(n int) ([]byte, *exc) {
		if n > len(data) {
			return nil, object.Errorf(t, &object.EOFErrorType, "marshal data too short")
		}
		b := data[:n]
		data = data[n:]
		return b, nil
	})
}

func loadFile(t *thread, a []value) (value, *exc) {
	return load(t, func(n int) ([]byte, *exc) {
		v, e := object.CallMethodS(t, a[0], "read", object.Int(int64(n)))
		if e != nil {
			return nil, e
		}
		b, e := object.BufferBytes(t, v)
		if e == nil && len(b) < n {
			e = object.Errorf(t, &object.EOFErrorType, "EOF read where not expected")
		}
		return b, e
	})
}

func dumps(t *thread, v value) (value, *exc) {
	w := &writer{t: t}
	if e := w.value(v); e != nil {
		return value{}, e
	}
	return object.BytesVal(w.out), t.Charge(len(w.out))
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.Set(t, "version", object.Int(version))
	m.Define(t, []object.Method{
		{Sig: "dumps(value, version=4, /, *, allow_code=True)", Fn: func(t *thread, a []value) (value, *exc) { return dumps(t, a[0]) }},
		{Sig: "dump(value, file, version=4, /, *, allow_code=True)", Fn: func(t *thread, a []value) (value, *exc) {
			b, e := dumps(t, a[0])
			if e != nil {
				return value{}, e
			}
			return object.CallMethodS(t, a[1], "write", b)
		}},
		{Sig: "loads(bytes, /, *, allow_code=True)", Fn: loads}, {Sig: "load(file, /, *, allow_code=True)", Fn: loadFile},
	})
	return nil
}
