package genext

import (
	"slices"
	"unsafe"
	"weak"

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
	dirs   aged[[]uint32]
	values aged[*seen]
	news   int    // directions and values met for the first time
	weight uint32 // of what is met now: see profileRun
	cases  int    // how many values of a promotion are remembered; beyond, it is megamorphic
}

// seen are the first words of promoted values, as often as they came. An
// object that dies is forgotten, so that an address means one object.
type seen struct {
	words []uint64
	refs  []mortal // of words that are addresses
	count []uint32
	mega  bool // more than profile.cases: do not promote
}

func newProfile(cases int) *profile { return &profile{cases: cases, weight: 1} }

// aged is a map that forgets what has not been used for long: when the
// young half is full, it becomes the old one, and the old one is dropped.
type aged[V any] struct{ young, old map[uint64]V }

// maxYoung bounds a half.
const maxYoung = 1 << 15

func (a *aged[V]) get(key uint64) (v V, ok bool) {
	if v, ok = a.young[key]; ok {
		return v, true
	}
	if v, ok = a.old[key]; ok {
		a.put(key, v)
	}
	return v, ok
}

func (a *aged[V]) put(key uint64, v V) {
	if a.young == nil || len(a.young) >= maxYoung {
		a.young, a.old = map[uint64]V{}, a.young
	}
	a.young[key] = v
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
	d, ok := p.dirs.get(key)
	if !ok {
		d = make([]uint32, n)
		p.dirs.put(key, d)
	}
	if d[k] == 0 {
		p.news++
	}
	d[k] += p.weight
}

// taken returns how often each way of a branch was taken; nil if none was.
func (p *profile) taken(key uint64) []uint32 {
	d, _ := p.dirs.get(key)
	return d
}

// values are the living values of a promotion.
type values struct {
	words []uint64
	refs  []unsafe.Pointer
	count []uint32
	mega  bool
}

// seen returns the values of a promotion, nil if there are none.
func (p *profile) seen(key uint64) *values {
	s, ok := p.values.get(key)
	if !ok {
		return nil
	}
	vs := &values{mega: s.mega}
	for i, w := range s.words {
		if r := s.refs[i].pointer(); r != nil || !s.dead(i) {
			vs.words, vs.refs, vs.count = append(vs.words, w), append(vs.refs, r), append(vs.count, s.count[i])
		}
	}
	return vs
}

// bury removes the dead.
func (s *seen) bury() {
	for i := len(s.words) - 1; i >= 0; i-- {
		if s.dead(i) {
			s.words, s.refs, s.count = slices.Delete(s.words, i, i+1), slices.Delete(s.refs, i, i+1), slices.Delete(s.count, i, i+1)
		}
	}
}

func (s *seen) dead(i int) bool { return s.refs[i].pointer() == nil && s.refs[i] != mortal{} }

// mortal is a pointer that does not keep its object alive. What is not on the heap, such as type words, does not die.
type mortal struct {
	static unsafe.Pointer
	heap   weak.Pointer[byte]
}

func mortalOf(p unsafe.Pointer) mortal {
	if base, _, _ := findObject(uintptr(p), 0, 0); base == 0 {
		return mortal{static: p}
	}
	return mortal{heap: weak.Make((*byte)(p))}
}

func (m mortal) pointer() unsafe.Pointer {
	if m.static != nil {
		return m.static
	}
	return unsafe.Pointer(m.heap.Value())
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
	if s, _ := p.values.get(key); s != nil && s.mega {
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
	s, ok := p.values.get(key)
	if !ok {
		s = &seen{}
		p.values.put(key, s)
	}
	if s.mega {
		return
	}
	w = wordOf(w, r)
	if i := slices.Index(s.words, w); i >= 0 && !s.dead(i) {
		s.count[i] += p.weight
		return
	}
	p.news++
	if s.bury(); len(s.words) == p.cases {
		*s = seen{mega: true}
		return
	}
	s.words, s.refs, s.count = append(s.words, w), append(s.refs, mortalOf(r)), append(s.count, p.weight)
}
