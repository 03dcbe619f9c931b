package object

import (
	"hash/maphash"
	"unicode/utf8"
)

// StrType is str.
var StrType Type

// Str is a string: UTF-8 with lone surrogates encoded in the same scheme.
type Str struct {
	Object
	S        string
	N        int // code points
	H        int64
	Interned bool
}

var strSeed = maphash.MakeSeed()

// EmptyStr is "".
var EmptyStr = Obj(NameStr(""))

// StrHash is the hash of a Python str.
func StrHash(s string) int64 {
	if s == "" {
		return 0
	}
	h := int64(maphash.String(strSeed, s))
	if h == -1 || h == 0 {
		return -2
	}
	return h
}

// HashOf is the cached hash.
func (s *Str) HashOf() int64 {
	if s.H == 0 {
		s.H = StrHash(s.S)
	}
	return s.H
}

func newStr(s string) *Str {
	return &Str{Object: Object{&StrType.Root}, S: s, N: countPoints(s)}
}

// countPoints counts code points (bytes that do not continue one).
func countPoints(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < utf8.RuneSelf || s[i] >= 0xC0 {
			n++
		}
	}
	return n
}

// NewStr makes a str object.
func NewStr(s string) *Str { return newStr(s) }

// StrVal makes a str value.
func StrVal(s string) Value { return Obj(newStr(s)) }

// NewStrStatic makes a str during package initialisation.
func NewStrStatic(s string) Value { return Obj(newStr(s)) }
