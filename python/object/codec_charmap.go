package object

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Encodings of one byte per character, by tables. Where golang.org/x/text follows the Web's habit and reads a byte that Windows leaves undefined
// as a control character, CPython does not; undefined lists those bytes. In the tables of ISO 8859 it is the other way round with the bytes 0x80 to 0x9f.

type charmapCodec struct {
	table     *charmap.Charmap
	undefined string
	controls  bool // 0x80 to 0x9f are themselves
}

// charmaps are the codecs by their names without "-" and "_".
var charmaps = map[string]charmapCodec{
	"cp1250": {table: charmap.Windows1250, undefined: "\x81\x83\x88\x90\x98"}, "cp1251": {table: charmap.Windows1251, undefined: "\x98"},
	"cp1252": {table: charmap.Windows1252, undefined: "\x81\x8d\x8f\x90\x9d"}, "cp1253": {table: charmap.Windows1253, undefined: "\x81\x88\x8a\x8c\x8d\x8e\x8f\x90\x98\x9a\x9c\x9d\x9e\x9f"},
	"cp1254": {table: charmap.Windows1254, undefined: "\x81\x8d\x8e\x8f\x90\x9d\x9e"}, "cp1257": {table: charmap.Windows1257, undefined: "\x81\x83\x88\x8a\x8c\x90\x98\x9a\x9c\x9f"},
	"cp1258": {table: charmap.Windows1258, undefined: "\x81\x8a\x8d\x8e\x8f\x90\x9a\x9d\x9e"}, "cp437": {table: charmap.CodePage437}, "cp850": {table: charmap.CodePage850},
	"cp852": {table: charmap.CodePage852}, "cp855": {table: charmap.CodePage855}, "cp858": {table: charmap.CodePage858}, "cp860": {table: charmap.CodePage860},
	"cp862": {table: charmap.CodePage862}, "cp863": {table: charmap.CodePage863}, "cp865": {table: charmap.CodePage865}, "cp866": {table: charmap.CodePage866},
	"cp037": {table: charmap.CodePage037}, "cp1140": {table: charmap.CodePage1140},
	"iso88592": {table: charmap.ISO8859_2}, "iso88593": {table: charmap.ISO8859_3}, "iso88594": {table: charmap.ISO8859_4}, "iso88595": {table: charmap.ISO8859_5},
	"iso88596": {table: charmap.ISO8859_6}, "iso88597": {table: charmap.ISO8859_7}, "iso88598": {table: charmap.ISO8859_8}, "iso88599": {table: charmap.ISO8859_9},
	"iso885910": {table: charmap.ISO8859_10}, "iso885913": {table: charmap.ISO8859_13}, "iso885914": {table: charmap.ISO8859_14}, "iso885915": {table: charmap.ISO8859_15},
	"iso885916": {table: charmap.ISO8859_16}, "koi8r": {table: charmap.KOI8R}, "macroman": {table: charmap.Macintosh},
}

var charmapAliases = map[string]string{"windows1250": "cp1250", "windows1251": "cp1251", "windows1252": "cp1252", "windows1253": "cp1253",
	"windows1254": "cp1254", "windows1257": "cp1257", "windows1258": "cp1258", "ibm437": "cp437", "ibm850": "cp850", "ibm866": "cp866",
	"latin2": "iso88592", "l2": "iso88592", "latin5": "iso88599", "latin9": "iso885915", "l9": "iso885915", "cyrillic": "iso88595", "greek": "iso88597",
	"macintosh": "macroman"}

// findCharmap gives the codec of a name.
func findCharmap(name string) (charmapCodec, bool) {
	name = strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name))
	if a := charmapAliases[name]; a != "" {
		name = a
	}
	c, ok := charmaps[name]
	c.controls = strings.HasPrefix(name, "iso")
	return c, ok
}

// decode gives the character of a byte.
func (m charmapCodec) decode(b byte) (rune, bool) {
	if m.controls && b >= 0x80 && b < 0xa0 {
		return rune(b), true
	}
	r := m.table.DecodeByte(b)
	return r, r != '\ufffd' && strings.IndexByte(m.undefined, b) < 0
}

// encode gives the byte of a character.
func (m charmapCodec) encode(r rune) (byte, bool) {
	if m.controls && r >= 0x80 && r < 0xa0 {
		return byte(r), true
	}
	b, ok := m.table.EncodeRune(r)
	return b, ok && strings.IndexByte(m.undefined, b) < 0
}

const unmapped = "character maps to <undefined>"

func (c *encoder) charmap(m charmapCodec) ([]byte, *Exception) {
	c.name = "charmap"
	c.put = func(r rune) bool {
		b, ok := m.encode(r)
		if ok {
			c.out = append(c.out, b)
		}
		return ok
	}
	return c.run(unmapped)
}

func (d *decoder) charmap(m charmapCodec) (string, int, *Exception) {
	d.name = "charmap"
	for i := 0; i < len(d.b); {
		if r, ok := m.decode(d.b[i]); ok {
			d.out = append(d.out, string(r)...)
			i++
			continue
		}
		next, e := d.fail(i, i+1, unmapped)
		if e != nil {
			return "", 0, e
		}
		i = next
	}
	return string(d.out), len(d.b), nil
}
