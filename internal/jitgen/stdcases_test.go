package jitgen

import (
	"bytes"
	"container/heap"
	"container/list"
	"container/ring"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash/adler32"
	"hash/crc32"
	"hash/crc64"
	"hash/fnv"
	"index/suffixarray"
	"io"
	"math"
	"math/big"
	"math/bits"
	"math/cmplx"
	"math/rand/v2"
	"path"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

func u32s(r *rand.Rand) any { return []rune(rUTF8(r, 20)) }
func u16s(r *rand.Rand) any { return utf16.Encode([]rune(rUTF8(r, 20))) }

func fmtByte(r *rand.Rand) any { return "eEfgG"[r.IntN(5)] }
func prec(r *rand.Rand) any    { return r.IntN(20) - 1 }
func bitSize(r *rand.Rand) any { return 32 + 32*r.IntN(2) }

var stdCases = []stdCase{
	{"math/bits.Reverse64", bits.Reverse64, args(aU64)},
	{"math/bits.Reverse32", bits.Reverse32, args(aU32)},
	{"math/bits.Reverse16", bits.Reverse16, args(aU16)},
	{"math/bits.Reverse8", bits.Reverse8, args(aU8)},
	{"math/bits.Len64", bits.Len64, args(aU64)},
	{"math/bits.LeadingZeros16", bits.LeadingZeros16, args(aU16)},
	{"math/bits.TrailingZeros32", bits.TrailingZeros32, args(aU32)},
	{"math/bits.OnesCount8", bits.OnesCount8, args(aU8)},
	{"math/bits.Mul64", bits.Mul64, args(aU64, aU64)},
	{"math/bits.Div64", bits.Div64, func(r *rand.Rand) []any { y := rU64(r); return []any{rU64(r) % max(y, 1), rU64(r), y} }},
	{"math/bits.Rem64", bits.Rem64, args(aU64, aU64, aU64)},
	{"math/bits.Add64", bits.Add64, args(aU64, aU64, aBit)},
	{"math/bits.Sub64", bits.Sub64, args(aU64, aU64, aBit)},
	{"math.Exp2", math.Exp2, args(aF64)},
	{"math.Log1p", math.Log1p, args(aF64)},
	{"math.Sin", math.Sin, args(aF64)},
	{"math.Cos", math.Cos, args(aF64)},
	{"math.Tan", math.Tan, args(aF64)},
	{"math.Atan", math.Atan, args(aF64)},
	{"math.Asinh", math.Asinh, args(aF64)},
	{"math.Cbrt", math.Cbrt, args(aF64)},
	{"math.Frexp", math.Frexp, args(aF64)},
	{"math.Ldexp", math.Ldexp, args(aF64, func(r *rand.Rand) any { return r.IntN(200) - 100 })},
	{"math.Mod", math.Mod, args(aF64, aF64)},
	{"math.Pow", math.Pow, args(aF64, func(r *rand.Rand) any { return float64(r.IntN(40)) / 2 })},
	{"math.Gamma", math.Gamma, args(func(r *rand.Rand) any { return r.Float64() * 50 })},
	{"math.Erf", math.Erf, args(func(r *rand.Rand) any { return r.Float64()*8 - 4 })},
	{"math.J0", math.J0, args(aF64)},
	{"math.Nextafter", math.Nextafter, args(aF64, aF64)},
	{"strconv.Itoa", strconv.Itoa, args(aInt)},
	{"strconv.FormatInt", strconv.FormatInt, args(func(r *rand.Rand) any { return int64(rInt(r)) }, aBase)},
	{"strconv.FormatUint", strconv.FormatUint, args(aU64, aBase)},
	{"strconv.AppendInt", strconv.AppendInt, args(aBytes, func(r *rand.Rand) any { return int64(rInt(r)) }, aBase)},
	{"strconv.AppendUint", strconv.AppendUint, args(aBytes, aU64, aBase)},
	{"strconv.FormatFloat", strconv.FormatFloat, args(aF64, fmtByte, prec, bitSize)},
	{"strconv.AppendFloat", strconv.AppendFloat, args(aBytes, aF64, fmtByte, prec, bitSize)},
	{"strconv.FormatBool", strconv.FormatBool, args(func(r *rand.Rand) any { return r.IntN(2) == 0 })},
	{"strconv.Quote", strconv.Quote, args(aUTF8)},
	{"strconv.QuoteToASCII", strconv.QuoteToASCII, args(aUTF8)},
	{"strconv.AppendQuote", strconv.AppendQuote, args(aBytes, aUTF8)},
	{"strconv.QuoteRune", strconv.QuoteRune, args(aRune)},
	{"strconv.CanBackquote", strconv.CanBackquote, args(aUTF8)},
	{"strconv.IsPrint", strconv.IsPrint, args(aRune)},
	{"strconv.IsGraphic", strconv.IsGraphic, args(aRune)},
	{"hash/adler32.Checksum", adler32.Checksum, args(aBytes)},
	{"unicode/utf8.DecodeRune", utf8.DecodeRune, args(aBytes)},
	{"unicode/utf8.DecodeRuneInString", utf8.DecodeRuneInString, args(aUTF8)},
	{"unicode/utf8.DecodeLastRuneInString", utf8.DecodeLastRuneInString, args(aUTF8)},
	{"unicode/utf8.DecodeLastRune", utf8.DecodeLastRune, args(aBytes)},
	{"unicode/utf8.RuneCountInString", utf8.RuneCountInString, args(aUTF8)},
	{"unicode/utf8.RuneCount", utf8.RuneCount, args(aBytes)},
	{"unicode/utf8.ValidString", utf8.ValidString, args(aUTF8)},
	{"unicode/utf8.Valid", utf8.Valid, args(aBytes)},
	{"unicode/utf8.FullRune", utf8.FullRune, args(aBytes)},
	{"unicode/utf8.RuneLen", utf8.RuneLen, args(aRune)},
	{"unicode/utf8.AppendRune", utf8.AppendRune, args(aBytes, aRune)},
	{"unicode/utf8.EncodeRune", utf8.EncodeRune, args(aBuf(4), aRune)},
	{"unicode/utf16.Encode", utf16.Encode, args(u32s)},
	{"unicode/utf16.Decode", utf16.Decode, args(u16s)},
	{"unicode/utf16.AppendRune", utf16.AppendRune, args(u16s, aRune)},
	{"unicode.IsLetter", unicode.IsLetter, args(aRune)},
	{"unicode.IsDigit", unicode.IsDigit, args(aRune)},
	{"unicode.IsSpace", unicode.IsSpace, args(aRune)},
	{"unicode.IsUpper", unicode.IsUpper, args(aRune)},
	{"unicode.IsPunct", unicode.IsPunct, args(aRune)},
	{"unicode.ToUpper", unicode.ToUpper, args(aRune)},
	{"unicode.ToLower", unicode.ToLower, args(aRune)},
	{"unicode.SimpleFold", unicode.SimpleFold, args(aRune)},
	{"strings.Index", strings.Index, args(aText, aSub)},
	{"strings.LastIndex", strings.LastIndex, args(aText, aSub)},
	{"strings.IndexByte", strings.IndexByte, args(aText, aByte)},
	{"strings.LastIndexByte", strings.LastIndexByte, args(aText, aByte)},
	{"strings.IndexRune", strings.IndexRune, args(aUTF8, aRune)},
	{"strings.IndexAny", strings.IndexAny, args(aText, aSub)},
	{"strings.LastIndexAny", strings.LastIndexAny, args(aText, aSub)},
	{"strings.Contains", strings.Contains, args(aText, aSub)},
	{"strings.ContainsAny", strings.ContainsAny, args(aText, aSub)},
	{"strings.Count", strings.Count, args(aText, aSub)},
	{"strings.HasPrefix", strings.HasPrefix, args(aText, aSub)},
	{"strings.HasSuffix", strings.HasSuffix, args(aText, aSub)},
	{"strings.TrimSpace", strings.TrimSpace, args(aText)},
	{"strings.TrimPrefix", strings.TrimPrefix, args(aText, aSub)},
	{"strings.Trim", strings.Trim, args(aText, aSub)},
	{"strings.TrimLeft", strings.TrimLeft, args(aText, aSub)},
	{"strings.TrimRight", strings.TrimRight, args(aText, aSub)},
	{"strings.Split", strings.Split, args(aText, aSub)},
	{"strings.SplitN", strings.SplitN, args(aText, aSub, func(r *rand.Rand) any { return r.IntN(5) - 1 })},
	{"strings.SplitAfter", strings.SplitAfter, args(aText, aSub)},
	{"strings.Fields", strings.Fields, args(aText)},
	{"strings.EqualFold", strings.EqualFold, args(aText, aText)},
	{"strings.Compare", strings.Compare, args(aText, aText)},
	{"strings.Cut", strings.Cut, args(aText, aSub)},
	{"bytes.Index", bytes.Index, args(aBText, aBSub)},
	{"bytes.LastIndex", bytes.LastIndex, args(aBText, aBSub)},
	{"bytes.Equal", bytes.Equal, args(aBSub, aBSub)},
	{"bytes.Compare", bytes.Compare, args(aBText, aBText)},
	{"bytes.Count", bytes.Count, args(aBText, aBSub)},
	{"bytes.TrimSpace", bytes.TrimSpace, args(aBText)},
	{"bytes.Fields", bytes.Fields, args(aBText)},
	{"bytes.Split", bytes.Split, args(aBText, aBSub)},
	{"bytes.Join", bytes.Join, args(func(r *rand.Rand) any { return bytes.Split([]byte(rText(r, 40)), []byte(",")) }, aBSub)},
	{"bytes.Repeat", bytes.Repeat, args(aBSub, func(r *rand.Rand) any { return r.IntN(9) - 1 })},
	{"bytes.ToUpper", bytes.ToUpper, args(aBText)},
	{"bytes.ToValidUTF8", bytes.ToValidUTF8, args(aBytes, aBSub)},
	{"bytes.Runes", bytes.Runes, args(aBytes)},
	{"bytes.EqualFold", bytes.EqualFold, args(aBText, aBText)},
	{"path.Base", path.Base, args(aText)},
	{"path.IsAbs", path.IsAbs, args(aText)},
	{"encoding/hex.Encode", hex.Encode, args(aBuf(500), aBytes)},
	{"encoding/hex.EncodeToString", hex.EncodeToString, args(aBytes)},
	{"encoding/binary.PutUvarint", binary.PutUvarint, args(aBuf(10), aU64)},
	{"encoding/binary.Uvarint", binary.Uvarint, args(aBytes)},
	{"encoding/binary.Varint", binary.Varint, args(aBytes)},
	{"encoding/binary.AppendVarint", binary.AppendVarint, args(aBytes, func(r *rand.Rand) any { return int64(rInt(r)) })},

	// Errors are compared by whether there is one.
	{"strconv.Atoi", strconv.Atoi, args(aDigits)},
	{"strconv.ParseInt", strconv.ParseInt, args(aDigits, aBase, bitSize)},
	{"strconv.ParseUint", strconv.ParseUint, args(aDigits, aBase, bitSize)},
	{"strconv.ParseFloat", strconv.ParseFloat, args(aFloatText, bitSize)},
	{"strconv.ParseBool", strconv.ParseBool, args(aSub)},
	{"strconv.Unquote", strconv.Unquote, args(func(r *rand.Rand) any { return strconv.Quote(rUTF8(r, 9)) })},
	{"strconv.UnquoteChar", strconv.UnquoteChar, args(aUTF8, aByte)},
	{"strconv.FormatComplex", strconv.FormatComplex, args(func(r *rand.Rand) any { return complex(rFloat(r), rFloat(r)) }, fmtByte, prec, func(*rand.Rand) any { return 128 })},
	{"encoding/hex.Decode", hex.Decode, args(aBuf(100), func(r *rand.Rand) any { return []byte(hex.EncodeToString(rBytes(r, 90))) })},
	{"encoding/hex.DecodeString", hex.DecodeString, args(func(r *rand.Rand) any { return hex.EncodeToString(rBytes(r, 90)) })},

	// Sorting and searching, with interfaces whose methods are Go's.
	{"sort.Ints", sort.Ints, args(aInts)},
	{"sort.Strings", sort.Strings, args(aTexts)},
	{"sort.Float64s", sort.Float64s, args(aFloats)},
	{"sort.Sort", sort.Sort, args(func(r *rand.Rand) any { return sort.IntSlice(rInts(r, 300)) })},
	{"sort.Stable", sort.Stable, args(func(r *rand.Rand) any { return sort.IntSlice(rInts(r, 300)) })},
	{"sort.IsSorted", sort.IsSorted, args(func(r *rand.Rand) any { return sort.IntSlice(rInts(r, 3)) })},
	{"sort.IntsAreSorted", sort.IntsAreSorted, args(func(r *rand.Rand) any { return rInts(r, 3) })},
	{"(sort.IntSlice).Less", sort.IntSlice.Less, func(r *rand.Rand) []any { return []any{sort.IntSlice{rInt(r), rInt(r)}, 0, 1} }},
	{"container/heap.Init", heap.Init, args(aHeap)},
	{"container/heap.Fix", heap.Fix, func(r *rand.Rand) []any { h := newHeap(r); h.IntSlice[0] = 50; return []any{h, 0} }},
	{"container/heap.Push", heap.Push, func(r *rand.Rand) []any { return []any{newHeap(r), any(rInt(r))} }},

	// Linked structures.
	{"(*container/list.List).PushBack", (*list.List).PushBack, func(r *rand.Rand) []any { return []any{newList(r), any(rInt(r))} }},
	{"(*container/list.List).PushFront", (*list.List).PushFront, func(r *rand.Rand) []any { return []any{newList(r), any(rInt(r))} }},
	{"(*container/list.List).MoveToFront", (*list.List).MoveToFront, func(r *rand.Rand) []any { l := newList(r); return []any{l, l.Back()} }},
	{"(*container/list.List).InsertBefore", (*list.List).InsertBefore, func(r *rand.Rand) []any { l := newList(r); return []any{l, any(7), l.Back()} }},
	{"(*container/list.List).PushBackList", (*list.List).PushBackList, func(r *rand.Rand) []any { return []any{newList(r), newList(r)} }},
	{"(*container/list.List).Init", (*list.List).Init, func(r *rand.Rand) []any { return []any{newList(r)} }},
	{"container/ring.New", ring.New, args(func(r *rand.Rand) any { return r.IntN(9) - 1 })},
	{"(*container/ring.Ring).Len", (*ring.Ring).Len, args(aRing)},
	{"(*container/ring.Ring).Move", (*ring.Ring).Move, func(r *rand.Rand) []any { return []any{aRing(r), r.IntN(20) - 10} }},
	{"(*container/ring.Ring).Unlink", (*ring.Ring).Unlink, func(r *rand.Rand) []any { return []any{aRing(r), r.IntN(3)} }},

	// Hashes and ciphers: the generic Go against this machine's assembly.
	{"hash/crc32.simpleUpdate", crc32.Update, func(r *rand.Rand) []any { return []any{r.Uint32(), crc32.IEEETable, rBytes(r, 300)} }},
	{"hash/crc64.update", crc64.Update, func(r *rand.Rand) []any { return []any{r.Uint64(), crc64.MakeTable(crc64.ECMA), rBytes(r, 60)} }},
	{"(*hash/fnv.sum32).Write", write, func(r *rand.Rand) []any { return []any{fnv.New32(), rBytes(r, 300)} }},
	{"(*hash/fnv.sum32a).Write", write, func(r *rand.Rand) []any { return []any{fnv.New32a(), rBytes(r, 300)} }},
	{"(*hash/fnv.sum64).Write", write, func(r *rand.Rand) []any { return []any{fnv.New64(), rBytes(r, 300)} }},
	{"(*hash/fnv.sum64a).Write", write, func(r *rand.Rand) []any { return []any{fnv.New64a(), rBytes(r, 300)} }},
	{"(*hash/fnv.sum128).Write", write, func(r *rand.Rand) []any { return []any{fnv.New128(), rBytes(r, 300)} }},
	{"(*hash/adler32.digest).Write", write, func(r *rand.Rand) []any { return []any{adler32.New(), rBytes(r, 3000)} }},
	{"(*crypto/md5.digest).Write", write, func(r *rand.Rand) []any { return []any{md5.New(), rBytes(r, 500)} }},
	{"(*crypto/sha1.digest).Write", write, func(r *rand.Rand) []any { return []any{sha1.New(), rBytes(r, 500)} }},
	{"(*crypto/internal/fips140/sha256.Digest).Write", write, func(r *rand.Rand) []any { return []any{sha256.New(), rBytes(r, 500)} }},
	{"(*crypto/internal/fips140/sha512.Digest).Write", write, func(r *rand.Rand) []any { return []any{sha512.New(), rBytes(r, 500)} }},
	{"(*crypto/rc4.Cipher).XORKeyStream", (*rc4.Cipher).XORKeyStream, func(r *rand.Rand) []any {
		c, _ := rc4.NewCipher([]byte("0123456789"))
		b := rBytes(r, 200)
		return []any{c, make([]byte, len(b)), b}
	}},

	// Text that is built.
	{"strings.Repeat", strings.Repeat, args(aSub, func(r *rand.Rand) any { return r.IntN(9) - 1 })},
	{"strings.Join", strings.Join, args(aTexts, aSub)},
	{"strings.ToUpper", strings.ToUpper, args(aText)},
	{"strings.ToLower", strings.ToLower, args(aText)},
	{"strings.Replace", strings.Replace, args(aText, aSub, aSub, func(r *rand.Rand) any { return r.IntN(5) - 1 })},
	{"strings.ReplaceAll", strings.ReplaceAll, args(aText, aSub, aSub)},
	{"strings.ToValidUTF8", strings.ToValidUTF8, args(aUTF8, aSub)},
	{"(*strings.Builder).WriteRune", (*strings.Builder).WriteRune, func(r *rand.Rand) []any { return []any{&strings.Builder{}, rRune(r)} }},
	{"(*bytes.Buffer).ReadByte", (*bytes.Buffer).ReadByte, func(r *rand.Rand) []any { return []any{bytes.NewBuffer(rBytes(r, 2))} }},
	{"(*bytes.Buffer).Next", (*bytes.Buffer).Next, func(r *rand.Rand) []any { return []any{bytes.NewBuffer(rBytes(r, 20)), r.IntN(20)} }},
	{"(*bytes.Reader).ReadRune", (*bytes.Reader).ReadRune, func(r *rand.Rand) []any { return []any{bytes.NewReader(rBytes(r, 20))} }},
	{"(*strings.Reader).ReadRune", (*strings.Reader).ReadRune, func(r *rand.Rand) []any { return []any{strings.NewReader(rUTF8(r, 5))} }},
	{"(*encoding/base64.Encoding).EncodeToString", (*base64.Encoding).EncodeToString, func(r *rand.Rand) []any { return []any{base64.StdEncoding, rBytes(r, 90)} }},
	{"(*encoding/base64.Encoding).DecodeString", (*base64.Encoding).DecodeString, func(r *rand.Rand) []any {
		return []any{base64.URLEncoding, base64.URLEncoding.EncodeToString(rBytes(r, 90))}
	}},
	{"(*encoding/base32.Encoding).EncodeToString", (*base32.Encoding).EncodeToString, func(r *rand.Rand) []any { return []any{base32.StdEncoding, rBytes(r, 90)} }},
	{"path.Clean", path.Clean, args(aPath)},
	{"path.Dir", path.Dir, args(aPath)},
	{"path.Ext", path.Ext, args(aPath)},
	{"path.Match", path.Match, args(aPath, aPath)},
	{"math/cmplx.Abs", cmplx.Abs, args(aComplex)},
	{"math/cmplx.Sqrt", cmplx.Sqrt, args(aComplex)},
	{"(*math/big.Int).Add", (*big.Int).Add, args(aBig, aBig, aBig)},
	{"(*math/big.Int).Sub", (*big.Int).Sub, args(aBig, aBig, aBig)},
	{"(*math/big.Int).Cmp", (*big.Int).Cmp, args(aBig, aBig)},
	{"(*math/big.Int).Lsh", (*big.Int).Lsh, args(aBig, aBig, func(r *rand.Rand) any { return uint(r.IntN(200)) })},
	{"(*math/rand/v2.PCG).Uint64", (*rand.PCG).Uint64, func(r *rand.Rand) []any { return []any{rand.NewPCG(r.Uint64(), 1)} }},
	{"(*math/rand/v2.ChaCha8).Uint64", (*rand.ChaCha8).Uint64, func(r *rand.Rand) []any { return []any{rand.NewChaCha8([32]byte{byte(r.Uint32())})} }},
	{"index/suffixarray.New", suffixarray.New, args(aBText)},
	{"unicode.Is", unicode.Is, func(r *rand.Rand) []any { return []any{unicode.Greek, rRune(r)} }},
}

func write(w any, b []byte) (int, error) { return w.(io.Writer).Write(b) }

type intHeap struct{ sort.IntSlice }

func (h *intHeap) Push(x any) { h.IntSlice = append(h.IntSlice, x.(int)) }

func (h *intHeap) Pop() any {
	n := len(h.IntSlice) - 1
	x := h.IntSlice[n]
	h.IntSlice = h.IntSlice[:n]
	return x
}

func newHeap(r *rand.Rand) *intHeap {
	h := &intHeap{append(rInts(r, 30), 1)}
	heap.Init(h)
	return h
}

func aHeap(r *rand.Rand) any { return &intHeap{rInts(r, 30)} }

func newList(r *rand.Rand) *list.List {
	l := list.New()
	for range 1 + r.IntN(5) {
		l.PushBack(rInt(r))
	}
	return l
}

func aRing(r *rand.Rand) any {
	x := ring.New(1 + r.IntN(6))
	x.Value = 1
	return x
}

func aInts(r *rand.Rand) any { return rInts(r, 300) }

func aTexts(r *rand.Rand) any { return strings.Split(rText(r, 200), ",") }

func aFloats(r *rand.Rand) any {
	s := make([]float64, r.IntN(100))
	for i := range s {
		s[i] = rFloat(r)
	}
	return s
}

func aPath(r *rand.Rand) any {
	b := make([]byte, r.IntN(12))
	for i := range b {
		b[i] = "a./b*?["[r.IntN(7)]
	}
	return string(b)
}

func aComplex(r *rand.Rand) any { return complex(rFloat(r), rFloat(r)) }

func aBig(r *rand.Rand) any {
	x := new(big.Int).SetBytes(rBytes(r, 60))
	if r.IntN(2) == 0 {
		x.Neg(x)
	}
	return x
}
