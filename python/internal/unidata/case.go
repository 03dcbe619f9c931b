package unidata

import "martlet/python/internal/wtf8"

// The case mappings of strings follow chapter 3.13 of the Unicode standard:
// full mappings, of which one depends on context: a capital sigma becomes the
// final form when a cased letter precedes it and none follows, case-ignorable
// characters not counted.

const sigma = 0x3a3

func appendMapped(b []byte, r rune, delta func(*record) int32, full func(*special) string) []byte {
	rec := lookup(r)
	if rec.flags&fSpecial != 0 {
		return append(b, full(findSpecial(r))...)
	}
	return wtf8.Append(b, r+delta(rec))
}

func appendUpper(b []byte, r rune) []byte {
	if r < 0x80 {
		if r >= 'a' && r <= 'z' {
			r -= 32
		}
		return append(b, byte(r))
	}
	return appendMapped(b, r, func(x *record) int32 { return x.upper }, func(x *special) string { return x.upper })
}

func appendTitle(b []byte, r rune) []byte {
	if r < 0x80 {
		return appendUpper(b, r)
	}
	return appendMapped(b, r, func(x *record) int32 { return x.title }, func(x *special) string { return x.title })
}

// appendLower maps the code point r at byte offset i of s.
func appendLower(b []byte, s string, i int, r rune) []byte {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			r += 32
		}
		return append(b, byte(r))
	}
	if r == sigma {
		if finalSigma(s, i) {
			return wtf8.Append(b, 0x3c2)
		}
		return wtf8.Append(b, 0x3c3)
	}
	return appendMapped(b, r, func(x *record) int32 { return x.lower }, func(x *special) string { return x.lower })
}

func finalSigma(s string, i int) bool {
	before := false
	for j := i; j > 0; {
		r, n := wtf8.DecodeLast(s[:j])
		j -= n
		if f := lookup(r).flags; f&fIgnorable == 0 {
			before = f&fCased != 0
			break
		}
	}
	if !before {
		return false
	}
	for j := i + 2; j < len(s); {
		r, n := wtf8.Decode(s[j:])
		j += n
		if f := lookup(r).flags; f&fIgnorable == 0 {
			return f&fCased == 0
		}
	}
	return true
}

// Upper is str.upper.
func Upper(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		b = appendUpper(b, r)
		i += n
	}
	return string(b)
}

// Lower is str.lower.
func Lower(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		b = appendLower(b, s, i, r)
		i += n
	}
	return string(b)
}

// Casefold is str.casefold.
func Casefold(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		if r == sigma {
			b = wtf8.Append(b, 0x3c3)
		} else if rec := lookup(r); rec.flags&fSpecial != 0 {
			b = append(b, findSpecial(r).fold...)
		} else {
			b = wtf8.Append(b, r+rec.lower)
		}
		i += n
	}
	return string(b)
}

// Title is str.title: the first cased character of each word in title case, the
// others in lower case.
func Title(s string) string {
	b := make([]byte, 0, len(s))
	cased := false
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		if cased {
			b = appendLower(b, s, i, r)
		} else {
			b = appendTitle(b, r)
		}
		cased = IsCased(r)
		i += n
	}
	return string(b)
}

// Capitalize is str.capitalize.
func Capitalize(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		if i == 0 {
			b = appendTitle(b, r)
		} else {
			b = appendLower(b, s, i, r)
		}
		i += n
	}
	return string(b)
}

// Swapcase is str.swapcase.
func Swapcase(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		switch {
		case IsUpper(r):
			b = appendLower(b, s, i, r)
		case IsLower(r):
			b = appendUpper(b, r)
		default:
			b = wtf8.Append(b, r)
		}
		i += n
	}
	return string(b)
}

// IsCased says whether r is a letter with case, as str.title and str.istitle see it.
func IsCased(r rune) bool {
	f := lookup(r).flags
	return f&(fLower|fUpper|fTitle) != 0 || f&fCased != 0
}
