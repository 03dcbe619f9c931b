// Package unidata has the Unicode 15.1 character properties that Python 3.13
// shows (Go's own tables are of another version), and the case mappings of
// strings.
//
// The tables are generated from CPython's unicodedata by gen.py as constant
// strings: a two-level index from code point to one of a few hundred records.
// They cost nothing at start-up and a lookup is two loads.
//
//	unidata.go   properties of a code point
//	case.go      upper, lower, title, swapcase, capitalize, casefold of strings
//	tables.go    generated
package unidata

// record is what the characters of one kind have in common. Case mappings are
// distances from the character itself; decimal and digit are values plus one.
type record struct {
	flags               uint16
	category, width     uint8
	upper, lower, title int32
	decimal, digit      uint8
}

// special has the full mappings of a character whose mapping is not one
// character, or whose case folding is not its lower case.
type special struct {
	r                         rune
	upper, lower, title, fold string
}

func lookup(r rune) *record {
	if uint32(r) > 0x10ffff {
		return &records[0]
	}
	i := int(r>>blockShift) * 2
	b := int(topIndex[i]) | int(topIndex[i+1])<<8
	j := (b<<blockShift | int(r&(1<<blockShift-1))) * 2
	return &records[int(blockIndex[j])|int(blockIndex[j+1])<<8]
}

func has(r rune, flag uint16) bool { return lookup(r).flags&flag != 0 }

func findSpecial(r rune) *special {
	lo, hi := 0, len(specials)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if specials[m].r < r {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return &specials[lo]
}

// IsAlpha is str.isalpha of one character.
func IsAlpha(r rune) bool { return has(r, fAlpha) }

// IsDecimal is str.isdecimal of one character.
func IsDecimal(r rune) bool { return has(r, fDecimal) }

// IsDigit is str.isdigit of one character.
func IsDigit(r rune) bool { return has(r, fDigit) }

// IsNumeric is str.isnumeric of one character.
func IsNumeric(r rune) bool { return has(r, fNumeric) }

// IsAlnum is str.isalnum of one character.
func IsAlnum(r rune) bool { return has(r, fAlpha|fDecimal|fDigit|fNumeric) }

// IsLower says whether r is a lower-case character.
func IsLower(r rune) bool { return has(r, fLower) }

// IsUpper says whether r is an upper-case character.
func IsUpper(r rune) bool { return has(r, fUpper) }

// IsTitle says whether r is a title-case character (category Lt).
func IsTitle(r rune) bool { return has(r, fTitle) }

// IsSpace is str.isspace of one character.
func IsSpace(r rune) bool {
	if r < 0x80 {
		return r == ' ' || r >= 9 && r <= 13 || r >= 0x1c && r <= 0x1f
	}
	return has(r, fSpace)
}

// IsLinebreak says whether str.splitlines breaks at r.
func IsLinebreak(r rune) bool { return has(r, fLinebreak) }

// IsPrintable says whether repr shows r as it is.
func IsPrintable(r rune) bool {
	if r < 0x7f {
		return r >= ' '
	}
	return has(r, fPrintable)
}

// IsXIDStart says whether an identifier may begin with r.
func IsXIDStart(r rune) bool { return has(r, fXidstart) }

// IsXIDContinue says whether r may stand in an identifier after its start.
func IsXIDContinue(r rune) bool { return has(r, fXidcontinue) }

// Decimal gives the value of a decimal digit, else -1.
func Decimal(r rune) int { return int(lookup(r).decimal) - 1 }

// Digit gives the value of a digit (also superscripts and the like), else -1.
func Digit(r rune) int { return int(lookup(r).digit) - 1 }

// Category gives the general category, such as "Lu".
func Category(r rune) string { return categoryNames[lookup(r).category] }

// EastAsianWidth gives the width class, such as "W".
func EastAsianWidth(r rune) string { return widthNames[lookup(r).width] }

// ToUpper is the simple upper-case mapping.
func ToUpper(r rune) rune { return r + lookup(r).upper }

// ToLower is the simple lower-case mapping.
func ToLower(r rune) rune { return r + lookup(r).lower }

// ToTitle is the simple title-case mapping.
func ToTitle(r rune) rune { return r + lookup(r).title }
