package jitgen

import (
	"bytes"
	"container/list"
	"container/ring"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash/adler32"
	"hash/crc32"
	"hash/crc64"
	"hash/fnv"
	"html"
	"math"
	"math/big"
	"math/bits"
	"math/cmplx"
	"math/rand/v2"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

var _ = []any{list.New, ring.New, base64.NewEncoding, fnv.New32, html.EscapeString, big.NewInt, cmplx.Abs, slices.Max[[]int], crc64.Checksum, sort.Ints, crc32.ChecksumIEEE}

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
}
