package jitgen

import (
	"golang.org/x/tools/go/ssa"

	"martlet/ir"
)

// Functions that the Go compiler knows, too, or that are assembly: each is one
// op, or a helper of package rt.

type intrinsic func(l *fl, in *ssa.Call, a val) val

func oneArg(f func(b *ir.Builder, x *ir.Value) *ir.Value) intrinsic {
	return func(l *fl, in *ssa.Call, a val) val { return val{f(l.b, a[0])} }
}

func twoArgs(f func(b *ir.Builder, x, y *ir.Value) *ir.Value) intrinsic {
	return func(l *fl, in *ssa.Call, a val) val { return val{f(l.b, a[0], a[1])} }
}

// count gives the result of a bit count as an int.
func count(f func(b *ir.Builder, x *ir.Value) *ir.Value) intrinsic {
	return func(l *fl, in *ssa.Call, a val) val { return val{l.widen(f(l.b, a[0]), ir.I64, true)} }
}

// bitLen is the width minus the leading zeros.
func bitLen(l *fl, in *ssa.Call, a val) val {
	n := l.widen(l.b.Clz(a[0]), ir.I64, true)
	return val{l.b.Sub(l.i64(int64(a[0].Type.Bits())), n)}
}

// rotate: RotateLeft's count is an int and may be negative; only its low bits matter.
func rotate(l *fl, in *ssa.Call, a val) val {
	return val{l.b.Rotl(a[0], l.widen(a[1], a[0].Type, true))}
}

func carry(f func(b *ir.Builder, x, y, c *ir.Value) (*ir.Value, *ir.Value)) intrinsic {
	return func(l *fl, in *ssa.Call, a val) val {
		sum, out := f(l.b, a[0], a[1], l.b.Trunc(ir.I8, a[2]))
		return val{sum, l.b.Zext(a[0].Type, out)}
	}
}

func mul64(l *fl, in *ssa.Call, a val) val { return val{l.b.Umulhi(a[0], a[1]), l.b.Mul(a[0], a[1])} }

func bitcast(t ir.Type) intrinsic {
	return func(l *fl, in *ssa.Call, a val) val { return val{l.b.Bitcast(t, a[0])} }
}

// atomicLoad: on the machines that martlet knows, an aligned load of a word is atomic.
func atomicLoad(l *fl, in *ssa.Call, a val) val {
	v := make(val, 0, 1)
	for _, t := range l.valTypes(in.Type()) {
		v = append(v, l.b.Load(t, a[0], 0, ir.Mem{}))
	}
	return v
}

func keep(l *fl, in *ssa.Call, a val) val { return a }

func nothing(l *fl, in *ssa.Call, a val) val { return nil }

var intrinsics = map[string]intrinsic{
	"math.Float64bits":     bitcast(ir.I64),
	"math.Float64frombits": bitcast(ir.F64),
	"math.Float32bits":     bitcast(ir.I32),
	"math.Float32frombits": bitcast(ir.F32),
	"math.Sqrt":            oneArg((*ir.Builder).Fsqrt),
	"math.sqrt":            oneArg((*ir.Builder).Fsqrt),
	"math.Abs":             oneArg((*ir.Builder).Fabs),
	"math.Floor":           oneArg((*ir.Builder).Ffloor),
	"math.Ceil":            oneArg((*ir.Builder).Fceil),
	"math.Trunc":           oneArg((*ir.Builder).Ftrunc),
	"math.RoundToEven":     oneArg((*ir.Builder).Fnearest),
	"math.Copysign":        twoArgs((*ir.Builder).Fcopysign),
	"math.FMA": func(l *fl, in *ssa.Call, a val) val {
		return val{l.b.Fma(a[0], a[1], a[2])}
	},

	"math/bits.LeadingZeros":    count((*ir.Builder).Clz),
	"math/bits.LeadingZeros8":   count((*ir.Builder).Clz),
	"math/bits.LeadingZeros16":  count((*ir.Builder).Clz),
	"math/bits.LeadingZeros32":  count((*ir.Builder).Clz),
	"math/bits.LeadingZeros64":  count((*ir.Builder).Clz),
	"math/bits.TrailingZeros":   count((*ir.Builder).Ctz),
	"math/bits.TrailingZeros8":  count((*ir.Builder).Ctz),
	"math/bits.TrailingZeros16": count((*ir.Builder).Ctz),
	"math/bits.TrailingZeros32": count((*ir.Builder).Ctz),
	"math/bits.TrailingZeros64": count((*ir.Builder).Ctz),
	"math/bits.OnesCount":       count((*ir.Builder).Popcnt),
	"math/bits.OnesCount8":      count((*ir.Builder).Popcnt),
	"math/bits.OnesCount16":     count((*ir.Builder).Popcnt),
	"math/bits.OnesCount32":     count((*ir.Builder).Popcnt),
	"math/bits.OnesCount64":     count((*ir.Builder).Popcnt),
	"math/bits.Len":             bitLen,
	"math/bits.Len8":            bitLen,
	"math/bits.Len16":           bitLen,
	"math/bits.Len32":           bitLen,
	"math/bits.Len64":           bitLen,
	"math/bits.RotateLeft":      rotate,
	"math/bits.RotateLeft8":     rotate,
	"math/bits.RotateLeft16":    rotate,
	"math/bits.RotateLeft32":    rotate,
	"math/bits.RotateLeft64":    rotate,
	"math/bits.ReverseBytes":    oneArg((*ir.Builder).Bswap),
	"math/bits.ReverseBytes16":  oneArg((*ir.Builder).Bswap),
	"math/bits.ReverseBytes32":  oneArg((*ir.Builder).Bswap),
	"math/bits.ReverseBytes64":  oneArg((*ir.Builder).Bswap),
	"math/bits.Add":             carry((*ir.Builder).Addc),
	"math/bits.Add32":           carry((*ir.Builder).Addc),
	"math/bits.Add64":           carry((*ir.Builder).Addc),
	"math/bits.Sub":             carry((*ir.Builder).Subb),
	"math/bits.Sub32":           carry((*ir.Builder).Subb),
	"math/bits.Sub64":           carry((*ir.Builder).Subb),
	"math/bits.Mul":             mul64,
	"math/bits.Mul64":           mul64,

	"sync/atomic.LoadInt32":   atomicLoad,
	"sync/atomic.LoadInt64":   atomicLoad,
	"sync/atomic.LoadUint32":  atomicLoad,
	"sync/atomic.LoadUint64":  atomicLoad,
	"sync/atomic.LoadUintptr": atomicLoad,
	"sync/atomic.LoadPointer": atomicLoad,

	"runtime.KeepAlive":                  nothing,
	"internal/race.ReadRange":            nothing,
	"internal/abi.NoEscape":              keep,
	"internal/stringslite.Clone":         keep,
	"internal/godebug.setUpdate":         nothing,
	"crypto/internal/boring.Unreachable": nothing,
}

// replacements are functions in assembly, and the helpers of package rt that
// do the same.
var replacements = map[string]string{
	"internal/bytealg.IndexByteString":         "IndexByteString",
	"internal/bytealg.IndexByte":               "IndexByte",
	"internal/bytealg.CountString":             "CountString",
	"internal/bytealg.Count":                   "Count",
	"internal/bytealg.Compare":                 "BytesCompare",
	"internal/bytealg.CompareString":           "StringCompare",
	"internal/bytealg.MakeNoZero":              "MakeNoZero",
	"internal/bytealg.Equal":                   "BytesEq",
	"internal/bytealg.IndexString":             "IndexString",
	"internal/bytealg.Index":                   "Index",
	"bytes.Equal":                              "BytesEq",
	"internal/bytealg.abigen_runtime_memequal": "MemEq",
}
