package execmem

import (
	"errors"
	"math/bits"
)

// A space hands out granule-aligned spans of [0, size). Free spans are kept in bins by size: bin 4*k+j holds spans whose
// length has k significant bits beyond two and j as its next two bits, so that taking any span from a higher
// bin is a good fit, as in two-level segregated fit allocators (Masmano et al., "TLSF", 2004). Neighbouring free spans
// are merged at once; a span is found from either end by a map. Nothing is stored in the memory that is handed out.
//
// Invariants: free spans are disjoint and never adjacent; every free span is in exactly one bin; sum(free) + sum(live) + untouched = size.
type space struct {
	granule uintptr
	size    uintptr // in granules
	top     uintptr // granules from here on were never handed out
	used    uintptr // live granules

	nodes   []span
	unused  []int32 // indexes in nodes to use again
	bins    [64 * 4]int32
	byStart map[uintptr]int32
	byEnd   map[uintptr]int32
}

// A span is a free run of granules, linked in its bin.
type span struct {
	start, n   uintptr
	prev, next int32 // -1 at the ends
}

// Place is where in the code range a piece of code goes: code of one place lies together.
type Place uint8

// The places.
const (
	Cold Place = iota // the lower half
	Hot               // the upper half
)

// ErrFull says that the reserved range has no room for the request.
var ErrFull = errors.New("code memory is full")

func newSpace(size, granule uintptr) *space {
	s := &space{granule: granule, size: size / granule, byStart: map[uintptr]int32{}, byEnd: map[uintptr]int32{}}
	for i := range s.bins {
		s.bins[i] = -1
	}
	return s
}

// binOf is the bin that a free span of n granules belongs to.
func binOf(n uintptr) int {
	if n < 4 {
		return int(n)
	}
	k := bits.Len64(uint64(n)) - 3
	return 4*k + int(n>>uint(k))&3 + 4
}

// binFor is the first bin of which every span has at least n granules.
func binFor(n uintptr) int {
	if n < 4 {
		return int(n)
	}
	k := bits.Len64(uint64(n)) - 3
	return binOf(n + 1<<uint(k) - 1)
}

// alloc returns the offset of n bytes.
func (s *space) alloc(n uintptr) (uintptr, error) {
	g := max((n+s.granule-1)/s.granule, 1)
	for b := binFor(g); b < len(s.bins); b++ {
		if i := s.bins[b]; i >= 0 {
			return s.take(i, g), nil
		}
	}
	if i := s.bins[binOf(g)]; i >= 0 && s.nodes[i].n >= g {
		return s.take(i, g), nil
	}
	if s.size-s.top < g {
		return 0, ErrFull
	}
	off := s.top
	s.top += g
	s.used += g
	return off * s.granule, nil
}

// take removes free span i and returns its first g granules, the rest going back.
func (s *space) take(i int32, g uintptr) uintptr {
	sp := s.nodes[i]
	s.remove(i)
	if sp.n > g {
		s.insert(sp.start+g, sp.n-g)
	}
	s.used += g
	return sp.start * s.granule
}

// free takes back n bytes at off and returns the whole free span around them in bytes.
func (s *space) free(off, n uintptr) (start, length uintptr) {
	a := off / s.granule
	g := max((n+s.granule-1)/s.granule, 1)
	s.used -= g
	if i, ok := s.byEnd[a]; ok {
		a, g = s.nodes[i].start, g+s.nodes[i].n
		s.remove(i)
	}
	if i, ok := s.byStart[a+g]; ok {
		g += s.nodes[i].n
		s.remove(i)
	}
	s.insert(a, g)
	return a * s.granule, g * s.granule
}

func (s *space) insert(start, n uintptr) {
	var i int32
	if k := len(s.unused); k > 0 {
		i, s.unused = s.unused[k-1], s.unused[:k-1]
	} else {
		i = int32(len(s.nodes))
		s.nodes = append(s.nodes, span{})
	}
	b := binOf(n)
	s.nodes[i] = span{start: start, n: n, prev: -1, next: s.bins[b]}
	if s.bins[b] >= 0 {
		s.nodes[s.bins[b]].prev = i
	}
	s.bins[b] = i
	s.byStart[start], s.byEnd[start+n] = i, i
}

func (s *space) remove(i int32) {
	sp := &s.nodes[i]
	if sp.prev >= 0 {
		s.nodes[sp.prev].next = sp.next
	} else {
		s.bins[binOf(sp.n)] = sp.next
	}
	if sp.next >= 0 {
		s.nodes[sp.next].prev = sp.prev
	}
	delete(s.byStart, sp.start)
	delete(s.byEnd, sp.start+sp.n)
	s.unused = append(s.unused, i)
}
