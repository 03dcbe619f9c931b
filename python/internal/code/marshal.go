package code

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
)

// The binary form. A file begins with the magic text and the version; then a Code: its numbers as varints, strings as length and bytes (each
// string once, later uses by number), instructions as 8 bytes, positions as differences to the one before.
//
// Unmarshal trusts nothing: every length is checked against what is left of the input before anything is
// allocated, nesting is bounded, and Verify has the last word.

// Version is the number of the binary form and the instruction set; it changes with either.
const Version = 1

const magic = "martlet\x00"

// Marshal returns the binary form of c. The error names a constant of a type that code does not have.
func Marshal(c *Code) (b []byte, err error) {
	w := &writer{strings: make(map[string]uint64)}
	defer func() {
		if e, ok := recover().(badConst); ok {
			b, err = nil, e
		}
	}()
	w.b = append(w.b, magic...)
	w.uint(Version)
	w.uint(opsHash())
	w.code(c)
	return w.b, nil
}

// badConst is the error for a constant of a wrong type.
type badConst struct{ k Const }

func (e badConst) Error() string { return fmt.Sprintf("code: constant of type %T", e.k) }

// opsHash changes with the instruction table, so that code of another table is not taken for ours.
func opsHash() uint64 {
	h := uint64(14695981039346656037)
	for i := range ops {
		for _, s := range []string{ops[i].Name, ops[i].Kinds, ops[i].Spans} {
			for k := range len(s) {
				h = (h ^ uint64(s[k])) * 1099511628211
			}
		}
	}
	return h
}

type writer struct {
	b       []byte
	strings map[string]uint64
}

func (w *writer) uint(n uint64) { w.b = binary.AppendUvarint(w.b, n) }
func (w *writer) int(n int64)   { w.b = binary.AppendVarint(w.b, n) }
func (w *writer) word(n uint64) { w.b = binary.LittleEndian.AppendUint64(w.b, n) }

// str writes a string: 0 and the text when it is new, else its number.
func (w *writer) str(s string) {
	if n, ok := w.strings[s]; ok {
		w.uint(n)
		return
	}
	w.strings[s] = uint64(len(w.strings) + 1)
	w.uint(0)
	w.uint(uint64(len(s)))
	w.b = append(w.b, s...)
}

func (w *writer) strs(l []string) {
	w.uint(uint64(len(l)))
	for _, s := range l {
		w.str(s)
	}
}

func (w *writer) code(c *Code) {
	w.str(c.Name)
	w.str(c.QualName)
	w.str(c.Filename)
	for _, n := range []int{int(c.FirstLine), c.ArgCount, c.PosOnly, c.KwOnly, int(c.Flags), c.NRegs, c.NVisible, c.NHiddenCells} {
		w.int(int64(n))
	}
	for _, l := range [][]string{c.VarNames, c.CellVars, c.FreeVars, c.Names} {
		w.strs(l)
	}
	for _, a := range c.CellArgs {
		w.int(int64(a))
	}
	w.uint(uint64(len(c.Consts)))
	for _, k := range c.Consts {
		w.value(k)
	}
	w.uint(uint64(len(c.Sites)))
	for _, s := range c.Sites {
		w.uint(uint64(s))
	}
	w.uint(uint64(len(c.KwSites)))
	for _, s := range c.KwSites {
		w.uint(uint64(s.NPos))
		w.strs(s.Names)
	}
	w.uint(uint64(len(c.FuncSites)))
	for _, s := range c.FuncSites {
		w.uint(uint64(s.Code))
		w.uint(uint64(s.Flags))
		w.uint(uint64(len(s.Captures)))
		for _, v := range s.Captures {
			w.int(int64(v))
		}
	}
	w.uint(uint64(len(c.Instrs)))
	for _, i := range c.Instrs {
		w.word(uint64(i))
	}
	w.positions(c.Positions)
	w.uint(uint64(len(c.Exc)))
	for _, e := range c.Exc {
		for _, n := range []uint32{e.Start, e.End, e.Handler, uint32(e.Reg)} {
			w.uint(uint64(n))
		}
	}
}

func (w *writer) positions(l []Pos) {
	var last Pos
	for _, p := range l {
		w.int(int64(p.Line) - int64(last.Line))
		w.int(int64(p.EndLine) - int64(p.Line))
		w.int(int64(p.Col))
		w.int(int64(p.EndCol))
		last = p
	}
}

// value writes a constant: a letter and its content.
func (w *writer) value(k Const) {
	put := func(c byte) { w.b = append(w.b, c) }
	switch k := k.(type) {
	case nil:
		put('N')
	case bool:
		if k {
			put('T')
		} else {
			put('F')
		}
	case int64:
		put('i')
		w.int(k)
	case *big.Int:
		put('I')
		if k.Sign() < 0 {
			w.uint(1)
		} else {
			w.uint(0)
		}
		b := k.Bytes()
		w.uint(uint64(len(b)))
		w.b = append(w.b, b...)
	case float64:
		put('f')
		w.word(math.Float64bits(k))
	case complex128:
		put('c')
		w.word(math.Float64bits(real(k)))
		w.word(math.Float64bits(imag(k)))
	case string:
		put('s')
		w.str(k)
	case Bytes:
		put('b')
		w.str(string(k))
	case Tuple:
		put('t')
		w.values(k)
	case FrozenSet:
		put('z')
		w.values(k)
	case Ellipsis:
		put('E')
	case *Code:
		put('C')
		w.code(k)
	default:
		panic(badConst{k})
	}
}

func (w *writer) values(l []Const) {
	w.uint(uint64(len(l)))
	for _, k := range l {
		w.value(k)
	}
}

// ErrVersion is returned for code of another version of the format or instruction set.
var ErrVersion = errors.New("code of another version")

var errDamaged = errors.New("damaged code")

// Unmarshal returns the verified code whose binary form is data.
func Unmarshal(data []byte) (c *Code, err error) {
	if len(data) < len(magic) || string(data[:len(magic)]) != magic {
		return nil, ErrVersion
	}
	r := &reader{b: data[len(magic):]}
	defer func() {
		if e := recover(); e != nil {
			if e != any(errDamaged) {
				panic(e)
			}
			c, err = nil, errDamaged
		}
	}()
	if r.uint() != Version || r.uint() != opsHash() {
		return nil, ErrVersion
	}
	c = r.code(0)
	if len(r.b) != 0 {
		return nil, errDamaged
	}
	if err := c.Verify(); err != nil {
		return nil, fmt.Errorf("damaged code: %w", err)
	}
	return c, nil
}

// reader reads the binary form; it panics with errDamaged.
type reader struct {
	b       []byte
	strings []string
}

func (r *reader) bad() { panic(errDamaged) }

func (r *reader) uint() uint64 {
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.bad()
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) int() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		r.bad()
	}
	r.b = r.b[size:]
	return n
}

// small reads a number of 32 bits.
func (r *reader) small() int {
	n := r.int()
	if n != int64(int32(n)) {
		r.bad()
	}
	return int(n)
}

func (r *reader) u32() uint32 {
	n := r.uint()
	if n > math.MaxUint32 {
		r.bad()
	}
	return uint32(n)
}

func (r *reader) word() uint64 { return binary.LittleEndian.Uint64(r.take(8)) }

// take reads n bytes.
func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.bad()
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

// length reads the length of a list whose elements take at least size bytes each.
func (r *reader) length(size int) int {
	n := r.uint()
	if n > uint64(len(r.b)/size) {
		r.bad()
	}
	return int(n)
}

func (r *reader) str() string {
	n := r.uint()
	if n > 0 {
		if n > uint64(len(r.strings)) {
			r.bad()
		}
		return r.strings[n-1]
	}
	s := string(r.take(r.length(1)))
	r.strings = append(r.strings, s)
	return s
}

func (r *reader) strs() []string {
	n := r.length(1)
	if n == 0 {
		return nil
	}
	l := make([]string, n)
	for i := range l {
		l[i] = r.str()
	}
	return l
}

func (r *reader) code(depth int) *Code {
	if depth > maxNesting {
		r.bad()
	}
	c := &Code{Name: r.str(), QualName: r.str(), Filename: r.str(), FirstLine: int32(r.small())}
	c.ArgCount, c.PosOnly, c.KwOnly = r.small(), r.small(), r.small()
	c.Flags = Flags(r.small())
	c.NRegs, c.NVisible, c.NHiddenCells = r.small(), r.small(), r.small()
	c.VarNames, c.CellVars, c.FreeVars, c.Names = r.strs(), r.strs(), r.strs(), r.strs()
	for range c.CellVars {
		c.CellArgs = append(c.CellArgs, int32(r.small()))
	}
	for range r.length(1) {
		c.Consts = append(c.Consts, r.value(0, depth))
	}
	for range r.length(1) {
		c.Sites = append(c.Sites, r.u32())
	}
	for range r.length(2) {
		c.KwSites = append(c.KwSites, KwSite{NPos: int(r.u32()), Names: r.strs()})
	}
	for range r.length(3) {
		s := FuncSite{Code: int(r.u32()), Flags: FuncFlags(r.u32() & 0xff)}
		for range r.length(1) {
			s.Captures = append(s.Captures, int32(r.small()))
		}
		c.FuncSites = append(c.FuncSites, s)
	}
	c.Instrs = make([]Instr, r.length(8))
	for i := range c.Instrs {
		c.Instrs[i] = Instr(r.word())
	}
	c.Positions = r.positions(len(c.Instrs))
	for range r.length(4) {
		e := ExcEntry{Start: r.u32(), End: r.u32(), Handler: r.u32()}
		reg := r.u32()
		if reg > MaxReg {
			r.bad()
		}
		e.Reg = uint16(reg)
		c.Exc = append(c.Exc, e)
	}
	return c
}

func (r *reader) positions(n int) []Pos {
	if n > len(r.b)/4 {
		r.bad()
	}
	l := make([]Pos, n)
	line := int64(0)
	for i := range l {
		line += r.int()
		end := line + r.int()
		if line != int64(int32(line)) || end != int64(int32(end)) {
			r.bad()
		}
		l[i] = Pos{Line: int32(line), EndLine: int32(end), Col: int32(r.small()), EndCol: int32(r.small())}
	}
	return l
}

// value reads a constant inside depth tuples and nest codes.
func (r *reader) value(depth, nest int) Const {
	if depth > maxTuple {
		r.bad()
	}
	switch r.take(1)[0] {
	case 'N':
		return nil
	case 'T':
		return true
	case 'F':
		return false
	case 'i':
		return r.int()
	case 'I':
		negative := r.uint() != 0
		n := new(big.Int).SetBytes(slices.Clone(r.take(r.length(1))))
		if negative {
			n.Neg(n)
		}
		return n
	case 'f':
		return math.Float64frombits(r.word())
	case 'c':
		re := math.Float64frombits(r.word())
		return complex(re, math.Float64frombits(r.word()))
	case 's':
		return r.str()
	case 'b':
		return Bytes(r.str())
	case 't':
		return Tuple(r.values(depth, nest))
	case 'z':
		return FrozenSet(r.values(depth, nest))
	case 'E':
		return Ellipsis{}
	case 'C':
		if depth > 0 {
			r.bad()
		}
		return r.code(nest + 1)
	}
	r.bad()
	return nil
}

func (r *reader) values(depth, nest int) []Const {
	l := make([]Const, r.length(1))
	for i := range l {
		l[i] = r.value(depth+1, nest)
	}
	return l
}
