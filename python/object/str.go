package object

import (
	"hash/maphash"
	"math"

	"martlet/python/internal/wtf8"
)

// The type str: UTF-8 with lone surrogates (see package wtf8), immutable. The number of code points is known from the
// start; text that is ASCII (as many code points as bytes) is indexed directly, other text through a table of the byte
// offset of every 32nd code point, made when first needed.

// Str is a string object.
type Str struct {
	Object
	S        string
	N        int   // code points
	H        int64 // cached hash; 0: not computed
	index    []uint32
	Interned bool
}

// StrType is str.
var StrType Type

var hashSeed = maphash.MakeSeed()

// StrHash is the hash of a string's text; never 0 or -1.
func StrHash(s string) int64 {
	if s == "" {
		return 1
	}
	h := int64(maphash.String(hashSeed, s) >> 1)
	if h == 0 {
		return 1
	}
	return h
}

// bytesHashOf is StrHash of the same content.
func bytesHashOf(b []byte) int64 {
	if len(b) == 0 {
		return 1
	}
	h := int64(maphash.Bytes(hashSeed, b) >> 1)
	if h == 0 {
		return 1
	}
	return h
}

// HashOf gives the string's hash, computed once.
func (s *Str) HashOf() int64 {
	if s.H == 0 {
		s.H = StrHash(s.S)
	}
	return s.H
}

func newStr(s string) *Str { return &Str{Object: Object{&StrType.Root}, S: s, N: wtf8.Count(s)} }

// EmptyStr is the empty string.
var EmptyStr = Obj(emptyStr)

var emptyStr = NameStr("")

// latin1 has the strings of one code point below 256.
var latin1 = makeLatin1()

// makeLatin1 shares the strings with the table of names, so that one-character names are interned.
func makeLatin1() (out [256]*Str) {
	for i := range out {
		out[i] = NameStr(wtf8.String(rune(i)))
	}
	return
}

// NewStr makes a string object from well-formed text, which Go strings that are valid UTF-8 are.
func NewStr(s string) *Str {
	switch {
	case s == "":
		return emptyStr
	case len(s) == 1:
		return latin1[s[0]]
	}
	return newStr(s)
}

// StrVal is NewStr as a value.
func StrVal(s string) Value { return Obj(NewStr(s)) }

// strVal is StrVal with the number of code points already known.
func strVal(s string, n int) Value {
	if len(s) <= 1 {
		return StrVal(s)
	}
	return Obj(&Str{Object: Object{&StrType.Root}, S: s, N: n})
}

// ChargedStr is StrVal with accounting.
func ChargedStr(t *Thread, s string) (Value, *Exception) {
	if e := t.Charge(64 + len(s)); e != nil {
		return Value{}, e
	}
	return StrVal(s), nil
}

// RuneStr gives the string of one code point.
func RuneStr(r rune) Value {
	if r < 256 {
		return Obj(latin1[r])
	}
	return Obj(&Str{Object: Object{&StrType.Root}, S: wtf8.String(r), N: 1})
}

// NewStrStatic makes a string during package initialisation.
func NewStrStatic(s string) Value { return Obj(newStr(s)) }

// Len is the number of code points.
func (s *Str) Len() int { return s.N }

// ASCII says whether all characters are below 128.
func (s *Str) ASCII() bool { return s.N == len(s.S) }

const indexStep = 32

// Offset gives the byte offset of code point i, 0 ≤ i ≤ Len.
func (s *Str) Offset(i int) int {
	switch {
	case s.N == len(s.S):
		return i
	case i < indexStep:
		return wtf8.Offset(s.S, i)
	case i == s.N:
		return len(s.S)
	case len(s.S) > math.MaxUint32:
		return wtf8.Offset(s.S, i)
	}
	if s.index == nil {
		s.makeIndex()
	}
	off := int(s.index[i/indexStep])
	return off + wtf8.Offset(s.S[off:], i%indexStep)
}

func (s *Str) makeIndex() {
	index := make([]uint32, 0, s.N/indexStep+1)
	n := 0
	for i := range len(s.S) {
		if s.S[i]&0xc0 != 0x80 {
			if n%indexStep == 0 {
				index = append(index, uint32(i))
			}
			n++
		}
	}
	s.index = index
}

// IndexOf gives the code point index of a byte offset.
func (s *Str) IndexOf(off int) int {
	if s.N == len(s.S) {
		return off
	}
	return wtf8.Count(s.S[:off])
}

// At gives code point i.
func (s *Str) At(i int) rune {
	if s.N == len(s.S) {
		return rune(s.S[i])
	}
	r, _ := wtf8.Decode(s.S[s.Offset(i):])
	return r
}

// Slice gives the code points [i, j).
func (s *Str) Slice(i, j int) *Str {
	switch {
	case i >= j:
		return emptyStr
	case i == 0 && j == s.N && s.Shape == &StrType.Root:
		return s
	case s.N == len(s.S):
		if j-i == 1 {
			return latin1[s.S[i]]
		}
		return &Str{Object: Object{&StrType.Root}, S: s.S[i:j], N: j - i}
	}
	a := s.Offset(i)
	b := s.Offset(j)
	return As[Str](strVal(s.S[a:b], j-i))
}

// IsStr says whether v is a str or an instance of a subclass.
func IsStr(v Value) bool { return v.Type().Flags&FStr != 0 }

// StrText gives the text of a str; the caller has checked the type.
func StrText(v Value) string { return As[Str](v).S }

// strResult turns the result of Repr and friends into a value result.
func strResult(s *Str, e *Exception) (Value, *Exception) {
	if e != nil {
		return Value{}, e
	}
	return Obj(s), nil
}

// reprText is Repr as a Go string.
func reprText(t *Thread, v Value) (string, *Exception) {
	s, e := Repr(t, v)
	if e != nil {
		return "", e
	}
	return s.S, nil
}
