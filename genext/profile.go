package genext

import (
	"slices"
	"unsafe"

	"martlet/ir"
)

// The profile says, for each position and the context it was met in, which
// ways branches went and which values promotions saw. A context is a hash of
// the greens of the last merge point and the chain of calls since: the
// specialiser computes the same hash and so finds what happened at the very
// bytecode and helper it is looking at. A collision only makes a worse guess.

//
// A promoted value becomes part of the context: what is promoted next, and how
// branches go, is remembered for each value apart. Without that the specialiser would
// combine the code of one function with the positions of another.

type profile struct {
	dirs   map[uint64][]uint32
	values map[uint64]*seen
	news   int // directions and values met for the first time
	cases  int // how many values of a promotion are remembered; beyond, it is megamorphic
}

// seen are the first words of promoted values, as often as they came.
type seen struct {
	words []uint64
	refs  []unsafe.Pointer // keeps the objects alive, so that an address means one object
	count []uint32
	mega  bool // more than profile.cases: do not promote
}

func newProfile(cases int) *profile {
	return &profile{dirs: map[uint64][]uint32{}, values: map[uint64]*seen{}, cases: cases}
}

// mix folds a word into a hash (the finaliser of MurmurHash3).
func mix(h, x uint64) uint64 {
	h ^= x + 0x9e3779b97f4a7c15 + h<<6 + h>>2
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return h
}

func branchKey(ctx uint64, b *ir.Block) uint64 { return mix(ctx, uint64(b.ID)<<1) }

func valueKey(ctx uint64, v *ir.Value, word int) uint64 {
	return mix(ctx, uint64(v.ID)<<8|uint64(word)<<1|1)
}

func (p *profile) direction(ctx uint64, b *ir.Block, k, n int) {
	key := branchKey(ctx, b)
	d := p.dirs[key]
	if d == nil {
		d = make([]uint32, n)
		p.dirs[key] = d
	}
	if d[k] == 0 {
		p.news++
	}
	d[k]++
}

// promoted records promoted words, and moves the frame's context on.
func (p *profile) promoted(f *frame, v *ir.Value, s *site) {
	for k, a := range v.Args {
		key := valueKey(f.ctx, v, k)
		p.value(key, f.words[a.ID], f.refs[a.ID])
		f.ctx = p.context(f.ctx, key, wordOf(f.words[a.ID], f.refs[a.ID]))
		if s.kind == sitePromoteType {
			break
		}
	}
}

// context is the context in which a promoted word is known.
func (p *profile) context(ctx, key, word uint64) uint64 {
	if s := p.values[key]; s != nil && s.mega {
		return ctx
	}
	return mix(key, word)
}

func wordOf(w uint64, r unsafe.Pointer) uint64 {
	if r != nil {
		return uint64(uintptr(r))
	}
	return w
}

func (p *profile) value(key uint64, w uint64, r unsafe.Pointer) {
	s := p.values[key]
	if s == nil {
		s = &seen{}
		p.values[key] = s
	}
	if s.mega {
		return
	}
	w = wordOf(w, r)
	if i := slices.Index(s.words, w); i >= 0 {
		s.count[i]++
		return
	}
	p.news++
	if len(s.words) == p.cases {
		*s = seen{mega: true}
		return
	}
	s.words, s.refs, s.count = append(s.words, w), append(s.refs, r), append(s.count, 1)
}
