package numfmt

import (
	"math"
	"math/big"
	"math/bits"
)

// The numeric hash of Python: numbers that are equal hash equal whatever their
// type, because a rational p/q hashes to p * q**-1 modulo the prime 2**61-1.
// -1 is never a hash (it becomes -2). See "Hashing of numeric types" in the
// library reference.
const (
	hashBits = 61
	hashMod  = 1<<hashBits - 1
	hashInf  = 314159
	hashImag = 1000003
)

// HashInt is hash(i).
func HashInt(i int64) int64 {
	if i >= 0 {
		if uint64(i) < hashMod {
			return i
		}
		return int64(uint64(i) % hashMod)
	}
	h := -int64(-uint64(i) % hashMod)
	if h == -1 {
		return -2
	}
	return h
}

var bigMod = big.NewInt(hashMod)

// HashBig is hash(i).
func HashBig(i *big.Int) int64 {
	a := new(big.Int).Abs(i)
	h := a.Mod(a, bigMod).Int64()
	if i.Sign() < 0 {
		h = -h
	}
	if h == -1 {
		return -2
	}
	return h
}

// HashFloat is hash(x) for everything but a NaN, whose hash is its identity's;
// it gives 0 for that.
func HashFloat(x float64) int64 {
	if math.IsInf(x, 0) {
		if x > 0 {
			return hashInf
		}
		return -hashInf
	}
	if math.IsNaN(x) {
		return 0
	}
	if i := int64(x); float64(i) == x && i > -1<<53 && i < 1<<53 {
		return HashInt(i)
	}
	frac, exp := math.Frexp(math.Abs(x))
	m := uint64(frac * (1 << 53))
	exp = (exp - 53) % hashBits
	if exp < 0 {
		exp += hashBits
	}
	// Multiplication by 2**exp modulo 2**61-1 is a rotation of 61 bits.
	m %= hashMod
	m = m<<exp&hashMod | m>>(hashBits-exp)
	h := int64(m % hashMod)
	if x < 0 {
		h = -h
	}
	if h == -1 {
		return -2
	}
	return h
}

// HashComplex combines the hashes of the parts.
func HashComplex(re, im int64) int64 {
	h := int64(uint64(re) + hashImag*uint64(im))
	if h == -1 {
		return -2
	}
	return h
}

// HashRatio is the hash of n/d (d > 0, lowest terms), as fractions and decimals
// need it.
func HashRatio(n, d *big.Int) int64 {
	inv := new(big.Int).ModInverse(d, bigMod)
	if inv == nil {
		if n.Sign() < 0 {
			return -hashInf
		}
		return hashInf
	}
	a := new(big.Int).Abs(n)
	a.Mod(a.Mul(a.Mod(a, bigMod), inv), bigMod)
	h := a.Int64()
	if n.Sign() < 0 {
		h = -h
	}
	if h == -1 {
		return -2
	}
	return h
}

// HashTuple combines element hashes as CPython's tuple does (xxHash's mixing of
// 64-bit lanes).
type HashTuple struct {
	acc uint64
	n   uint64
}

const (
	xxPrime1 = 11400714785074694791
	xxPrime2 = 14029467366897019727
	xxPrime5 = 2870177450012600261
)

// Add mixes in the next element's hash.
func (t *HashTuple) Add(h int64) {
	if t.n == 0 {
		t.acc = xxPrime5
	}
	t.acc = bits.RotateLeft64(t.acc+uint64(h)*xxPrime2, 31) * xxPrime1
	t.n++
}

// Sum gives the hash of the elements added so far.
func (t *HashTuple) Sum() int64 {
	acc := t.acc
	if t.n == 0 {
		acc = xxPrime5
	}
	acc += t.n ^ (xxPrime5 ^ 3527539)
	if acc == math.MaxUint64 {
		return 1546275796
	}
	return int64(acc)
}

// SumSlice is Sum as slice objects use it: without the mix of the length.
func (t *HashTuple) SumSlice() int64 {
	if t.acc == math.MaxUint64 {
		return 1546275796
	}
	return int64(t.acc)
}
