package sre

import (
	"sort"

	"martlet/python/internal/unidata"
)

// charset is a set of characters: a bit map for the first 256, ranges and
// categories above.
type charset struct {
	ranges [][2]rune
	cats   []byte // category letters d D s S w W
	negate bool
	fold   bool // ignore case

	low   [4]uint64 // result for characters below 256
	flags Flags
	bytes bool
}

func (s *charset) add(lo, hi rune) { s.ranges = append(s.ranges, [2]rune{lo, hi}) }

func (s *charset) addCategory(c byte) { s.cats = append(s.cats, c) }

// done sorts the ranges and fills the bit map.
func (s *charset) done(flags Flags, bytes bool) *charset {
	s.flags, s.bytes = flags, bytes
	s.fold = s.fold && flags&IgnoreCase != 0
	if s.fold {
		s.addFolded()
	}
	sort.Slice(s.ranges, func(i, j int) bool { return s.ranges[i][0] < s.ranges[j][0] })
	merged := s.ranges[:0]
	for _, r := range s.ranges {
		if n := len(merged); n > 0 && r[0] <= merged[n-1][1]+1 {
			merged[n-1][1] = max(merged[n-1][1], r[1])
			continue
		}
		merged = append(merged, r)
	}
	s.ranges = merged
	for c := rune(0); c < 256; c++ {
		if s.slow(c) {
			s.low[c>>6] |= 1 << (c & 63)
		}
	}
	return s
}

// addFolded closes small ranges under case folding: the fold key of each
// character is added, and contains compares keys too.
func (s *charset) addFolded() {
	for _, r := range append([][2]rune(nil), s.ranges...) {
		for c := r[0]; c <= r[1] && c-r[0] < 1<<16; c++ {
			if k := foldKey(c, s.flags, s.bytes); k != c {
				s.add(k, k)
			}
		}
	}
}

func (s *charset) has(c rune) bool {
	if c < 256 {
		return s.low[c>>6]>>(c&63)&1 != 0
	}
	return s.slow(c)
}

func (s *charset) slow(c rune) bool {
	in := s.in(c)
	if !in && s.fold {
		if k := foldKey(c, s.flags, s.bytes); k != c {
			in = s.in(k)
		}
		if !in {
			in = s.in(lower(c, s.flags, s.bytes))
		}
	}
	return in != s.negate
}

func (s *charset) in(c rune) bool {
	i := sort.Search(len(s.ranges), func(i int) bool { return s.ranges[i][1] >= c })
	if i < len(s.ranges) && s.ranges[i][0] <= c {
		return true
	}
	for _, cat := range s.cats {
		if isCategory(cat, c, s.flags, s.bytes) {
			return true
		}
	}
	return false
}

func isCategory(cat byte, c rune, flags Flags, bytes bool) bool {
	ascii := bytes || flags&ASCII != 0
	switch cat {
	case 'd':
		return isDigit(c, ascii)
	case 'D':
		return !isDigit(c, ascii)
	case 's':
		return isSpace(c, ascii)
	case 'S':
		return !isSpace(c, ascii)
	case 'w':
		return isWord(c, ascii)
	}
	return !isWord(c, ascii)
}

func isDigit(c rune, ascii bool) bool {
	if c < 128 || ascii {
		return c >= '0' && c <= '9'
	}
	return unidata.IsDecimal(c)
}

func isSpace(c rune, ascii bool) bool {
	if ascii {
		return c == ' ' || c >= '\t' && c <= '\r'
	}
	return unidata.IsSpace(c)
}

func isWord(c rune, ascii bool) bool {
	if c < 128 || ascii {
		return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
	}
	return unidata.IsAlnum(c)
}

func lower(c rune, flags Flags, bytes bool) rune {
	if c < 128 || bytes || flags&ASCII != 0 {
		if c >= 'A' && c <= 'Z' {
			return c + 32
		}
		return c
	}
	return unidata.ToLower(c)
}

// foldKey maps characters that are equal when case is ignored to one of them:
// the capital of the small letter. That also joins small letters with one
// capital (s and ſ, µ and μ), as CPython's table of extra cases does.
func foldKey(c rune, flags Flags, bytes bool) rune {
	if c < 128 || bytes || flags&ASCII != 0 {
		if c >= 'a' && c <= 'z' {
			return c - 32
		}
		return c
	}
	return unidata.ToUpper(unidata.ToLower(c))
}
