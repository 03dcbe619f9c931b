package unidata

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/unicode/runenames"
)

// runeByName maps the Unicode names in upper case to their characters; built at its first use, then unchanged.
var runeByName = sync.OnceValue(func() map[string]rune {
	m := make(map[string]rune, 40000)
	for r := rune(0); r <= 0x1FBFF; r++ {
		addName(m, r)
	}
	for r := rune(0xE0000); r <= 0xE01FF; r++ {
		addName(m, r)
	}
	for name, r := range nameAliases {
		m[name] = r
	}
	return m
})

func addName(m map[string]rune, r rune) {
	if n := runenames.Name(r); n != "" && n[0] != '<' {
		m[n] = r
	}
}

// nameAliases are the formal aliases of control characters and corrected names that scripts use most.
var nameAliases = map[string]rune{"NULL": 0, "NUL": 0, "BELL": 0x1F514, "ALERT": 7, "BEL": 7, "BACKSPACE": 8, "BS": 8, "CHARACTER TABULATION": 9,
	"HORIZONTAL TABULATION": 9, "HT": 9, "TAB": 9, "LINE FEED": 10, "NEW LINE": 10, "END OF LINE": 10, "LF": 10, "NL": 10, "EOL": 10,
	"LINE TABULATION": 11, "VERTICAL TABULATION": 11, "VT": 11, "FORM FEED": 12, "FF": 12, "CARRIAGE RETURN": 13, "CR": 13, "ESCAPE": 27, "ESC": 27,
	"DELETE": 127, "DEL": 127, "NEXT LINE": 0x85, "NEL": 0x85, "NO-BREAK SPACE": 0xA0, "NBSP": 0xA0, "SOFT HYPHEN": 0xAD, "SHY": 0xAD,
	"ZERO WIDTH SPACE": 0x200B, "ZWSP": 0x200B, "ZWNJ": 0x200C, "ZWJ": 0x200D, "LRM": 0x200E, "RLM": 0x200F, "BYTE ORDER MARK": 0xFEFF, "BOM": 0xFEFF,
	"ZWNBSP": 0xFEFF, "LATIN SMALL LETTER GHA": 0x1A3, "LATIN CAPITAL LETTER GHA": 0x1A2, "START OF HEADING": 1, "SOH": 1, "START OF TEXT": 2,
	"STX": 2, "END OF TEXT": 3, "ETX": 3, "END OF TRANSMISSION": 4, "EOT": 4, "ENQUIRY": 5, "ENQ": 5, "ACKNOWLEDGE": 6, "ACK": 6, "SHIFT OUT": 14,
	"SO": 14, "SHIFT IN": 15, "SI": 15, "CANCEL": 24, "CAN": 24, "SUBSTITUTE": 26, "SUB": 26}

var hangulL = [...]string{"G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"}
var hangulV = [...]string{"A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI", "YU", "EU", "YI", "I"}
var hangulT = [...]string{"", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS", "S", "SS", "NG", "J", "C", "K", "T", "P", "H"}

// hangul finds a Hangul syllable by the letters of its name.
func hangul(s string) (rune, bool) {
	for l, a := range hangulL {
		for v, b := range hangulV {
			if !strings.HasPrefix(s, a+b) {
				continue
			}
			for t, c := range hangulT {
				if s == a+b+c {
					return rune(0xAC00 + (l*21+v)*28 + t), true
				}
			}
		}
	}
	return 0, false
}

// Name is the name of a character; "" if it has none.
func Name(r rune) string {
	if n := runenames.Name(r); n != "" && n[0] != '<' {
		return n
	}
	return computedName(r)
}

// computedName is the name of an ideograph or a Hangul syllable, which no table lists.
func computedName(r rune) string {
	switch n := int(r - 0xAC00); {
	case ideograph(r):
		return fmt.Sprintf("CJK UNIFIED IDEOGRAPH-%X", r)
	case n >= 0 && n < len(hangulL)*len(hangulV)*len(hangulT):
		lv := n / len(hangulT)
		return "HANGUL SYLLABLE " + hangulL[lv/len(hangulV)] + hangulV[lv%len(hangulV)] + hangulT[n%len(hangulT)]
	}
	return ""
}

// LookupName finds a character by its Unicode name or alias, in any case.
func LookupName(name string) (rune, bool) {
	name = strings.ToUpper(name)
	if s, ok := strings.CutPrefix(name, "HANGUL SYLLABLE "); ok {
		return hangul(s)
	}
	if s, ok := strings.CutPrefix(name, "CJK UNIFIED IDEOGRAPH-"); ok {
		r, err := strconv.ParseUint(s, 16, 32)
		return rune(r), err == nil && len(s) >= 4 && len(s) <= 5 && ideograph(rune(r))
	}
	r, ok := runeByName()[name]
	return r, ok
}

func ideograph(r rune) bool {
	return r >= 0x3400 && r <= 0x4DBF || r >= 0x4E00 && r <= 0x9FFF || r >= 0x20000 && r <= 0x323AF || r >= 0x2EBF0 && r <= 0x2EE5D
}
