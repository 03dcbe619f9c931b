// Package random is Python's module _random: the Mersenne Twister MT19937 with CPython's seeding, so that the same seed
// gives the same sequence. (Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8, 1998; seeding by array of 2002.)
package random

import (
	crand "crypto/rand"
	"encoding/binary"
	"math/big"

	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

const (
	size   = 624
	period = 397
)

// Twister is the generator's state.
type Twister struct {
	mt  [size]uint32
	pos int
}

func (g *Twister) seedOne(s uint32) {
	g.mt[0] = s
	for i := 1; i < size; i++ {
		p := g.mt[i-1]
		g.mt[i] = 1812433253*(p^p>>30) + uint32(i)
	}
	g.pos = size
}

// Seed initialises by an array of words.
func (g *Twister) Seed(key []uint32) {
	g.seedOne(19650218)
	i, j := 1, 0
	for range max(size, len(key)) {
		p := g.mt[i-1]
		g.mt[i] = (g.mt[i] ^ (p^p>>30)*1664525) + key[j] + uint32(j)
		if i++; i >= size {
			g.mt[0] = g.mt[size-1]
			i = 1
		}
		if j++; j >= len(key) {
			j = 0
		}
	}
	for range size - 1 {
		p := g.mt[i-1]
		g.mt[i] = (g.mt[i] ^ (p^p>>30)*1566083941) - uint32(i)
		if i++; i >= size {
			g.mt[0] = g.mt[size-1]
			i = 1
		}
	}
	g.mt[0] = 1 << 31
}

func (g *Twister) refill() {
	twist := func(i, next, far int) {
		y := g.mt[i]&0x80000000 | g.mt[next]&0x7fffffff
		g.mt[i] = g.mt[far] ^ y>>1 ^ (y&1)*0x9908b0df
	}
	for i := range size {
		twist(i, (i+1)%size, (i+period)%size)
	}
	g.pos = 0
}

// Uint32 gives the next 32 bits.
func (g *Twister) Uint32() uint32 {
	if g.pos >= size {
		g.refill()
	}
	y := g.mt[g.pos]
	g.pos++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// Float64 gives a number in [0, 1) with 53 random bits.
func (g *Twister) Float64() float64 {
	a, b := g.Uint32()>>5, g.Uint32()>>6
	return (float64(a)*67108864 + float64(b)) * (1.0 / 9007199254740992)
}

// Bits gives k random bits, the first word lowest.
func (g *Twister) Bits(k int) *big.Int {
	if k <= 32 {
		return big.NewInt(int64(g.Uint32() >> (32 - k)))
	}
	words := make([]byte, (k+31)/32*4)
	for i := 0; k > 0; i, k = i+1, k-32 {
		w := g.Uint32()
		if k < 32 {
			w >>= 32 - k
		}
		binary.BigEndian.PutUint32(words[len(words)-4*i-4:], w)
	}
	return new(big.Int).SetBytes(words)
}

// generator is a Random object.
type generator struct {
	object.Object
	g Twister
}

var randomType object.Type

func self(v value) *Twister { return &object.As[generator](v).g }

// seed seeds by an int's absolute value, another object's hash, or the system.
func seed(t *thread, g *Twister, v value) *exc {
	var n *big.Int
	switch {
	case v.Ref == nil || v.IsNone():
		var b [64]byte
		crand.Read(b[:])
		n = new(big.Int).SetBytes(b[:])
	case object.IsIntLike(v):
		n = new(big.Int).Abs(object.BigOf(v))
	default:
		h, e := object.Hash(t, v)
		if e != nil {
			return e
		}
		n = new(big.Int).SetUint64(uint64(h))
	}
	var key []uint32
	b := n.Bytes()
	for i := len(b); i > 0; i -= 4 {
		var w [4]byte
		copy(w[max(0, 4-i):], b[max(0, i-4):i])
		key = append(key, binary.BigEndian.Uint32(w[:]))
	}
	if len(key) == 0 {
		key = []uint32{0}
	}
	g.Seed(key)
	return nil
}

func getrandbits(t *thread, a []value) (value, *exc) {
	k, e := object.ToInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	if k < 0 {
		return value{}, object.ValueErrorf(t, "number of bits must be non-negative")
	}
	if k == 0 {
		return object.Int(0), nil
	}
	if e := t.Charge(k / 8); e != nil || k > 1<<36 {
		return value{}, object.NewException(t, &object.MemoryErrorType)
	}
	return object.BigVal(self(a[0]).Bits(k)), nil
}

func setstate(t *thread, a []value) (value, *exc) {
	if !object.IsTuple(a[1]) {
		return value{}, object.TypeErrorf(t, "state vector must be a tuple")
	}
	items := object.As[object.Tuple](a[1]).Items
	if len(items) != size+1 {
		return value{}, object.ValueErrorf(t, "state vector is the wrong size")
	}
	var g Twister
	for i, v := range items {
		n, e := object.ToInt64(t, v)
		if e != nil {
			return value{}, e
		}
		if i == size {
			if n < 0 || n > size {
				return value{}, object.ValueErrorf(t, "invalid state")
			}
			g.pos = int(n)
		} else {
			g.mt[i] = uint32(n)
		}
	}
	*self(a[0]) = g
	return object.None, nil
}

func init() {
	object.Declare(&randomType, object.Decl{
		Name: "Random", Module: "_random", Layout: object.LayoutOf[generator](), Doc: "Random() -> create a random number generator with its own internal state.",
		Slots: object.Slots{
			New: func(t *thread, tp *object.Type, args []value, kwnames []*object.Str) (value, *exc) {
				v, e := tp.Alloc(t)
				if e != nil {
					return value{}, e
				}
				s := object.None
				if len(args) > len(kwnames) {
					s = args[0]
				}
				return v, seed(t, self(v), s)
			},
			Init: func(t *thread, v value, args []value, kwnames []*object.Str) *exc { return nil },
		},
		Methods: []object.Method{
			{Sig: "random(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.Float(self(a[0]).Float64()), nil }},
			{Sig: "seed(self, n=None, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.None, seed(t, self(a[0]), a[1]) }},
			{Sig: "getrandbits(self, k, /)", Fn: getrandbits},
			{Sig: "getstate(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				g := self(a[0])
				out := make([]value, size+1)
				for i, w := range g.mt {
					out[i] = object.Int(int64(w))
				}
				out[size] = object.Int(int64(g.pos))
				return object.NewTuple(out), nil
			}},
			{Sig: "setstate(self, state, /)", Fn: setstate},
		},
	})
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.DefineTypes(t, &randomType)
	return nil
}
