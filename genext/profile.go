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

// maxSeen is how many values of a promotion are remembered; beyond, it is megamorphic.
const maxSeen = 8

type profile struct {
	dirs   map[uint64][]uint32
	values map[uint64]*seen
	news   int // directions and values met for the first time
}

// seen are the first words of promoted values, as often as they came.
type seen struct {
	words []uint64
	refs  []unsafe.Pointer // keeps the objects alive, so that an address means one object
	count []uint32
	mega  bool // more than maxSeen: do not promote
}

func newProfile() *profile { return &profile{dirs: map[uint64][]uint32{}, values: map[uint64]*seen{}} }

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

func (p *profile) promoted(f *frame, v *ir.Value, s *site) {
	for k, a := range v.Args {
		p.value(valueKey(f.ctx, v, k), f.words[a.ID], f.refs[a.ID])
		if s.kind == sitePromoteType {
			break
		}
	}
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
	if r != nil {
		w = uint64(uintptr(r))
	}
	if i := slices.Index(s.words, w); i >= 0 {
		s.count[i]++
		return
	}
	p.news++
	if len(s.words) == maxSeen {
		*s = seen{mega: true}
		return
	}
	s.words, s.refs, s.count = append(s.words, w), append(s.refs, r), append(s.count, 1)
}
