// Package unicodedata is Python's module unicodedata: properties of characters and the normal forms.
//
// What package unidata has comes from there, the rest from golang.org/x/text, whose tables may be of a later Unicode version.
package unicodedata

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"

	"martlet/python/internal/unidata"
	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// char is the argument of the functions of one character.
func char(t *thread, name string, v value) (rune, *exc) {
	if !object.IsStr(v) {
		return 0, object.TypeErrorf(t, "%s() argument 1 must be a unicode character, not %s", name, object.ArgTypeName(v))
	}
	s := object.As[object.Str](v)
	if s.Len() != 1 {
		return 0, object.TypeErrorf(t, "%s(): argument must be a unicode character, not a string of length %d", name, s.Len())
	}
	return s.At(0), nil
}

// property makes a function of one character.
func property(name string, f func(r rune) value) object.Method {
	return object.Method{Sig: name + "(chr, /)", Fn: func(t *thread, a []value) (value, *exc) {
		r, e := char(t, name, a[0])
		if e != nil {
			return value{}, e
		}
		return f(r), nil
	}}
}

// withDefault makes a function that gives its second argument, or raises ValueError, for a character without the property.
func withDefault(name, missing string, f func(r rune) (value, bool)) object.Method {
	return object.Method{Sig: name + "(chr, default=<absent>, /)", Fn: func(t *thread, a []value) (value, *exc) {
		r, e := char(t, name, a[0])
		if e != nil {
			return value{}, e
		}
		if v, ok := f(r); ok {
			return v, nil
		}
		if a[1].Ref != nil {
			return a[1], nil
		}
		return value{}, object.ValueErrorf(t, "%s", missing)
	}}
}

var bidiNames = [...]string{bidi.L: "L", bidi.R: "R", bidi.EN: "EN", bidi.ES: "ES", bidi.ET: "ET", bidi.AN: "AN", bidi.CS: "CS", bidi.B: "B", bidi.S: "S",
	bidi.WS: "WS", bidi.ON: "ON", bidi.BN: "BN", bidi.NSM: "NSM", bidi.AL: "AL"}

// Directions of the formatting characters, which bidi lumps together.
var bidiControls = map[rune]string{0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI"}

func bidirectional(r rune) value {
	if s, ok := bidiControls[r]; ok {
		return object.StrVal(s)
	}
	if unidata.Category(r) == "Cn" { // not assigned: no direction, though the algorithm has a default
		return object.StrVal("")
	}
	p, _ := bidi.LookupRune(r)
	if c := int(p.Class()); c < len(bidiNames) {
		return object.StrVal(bidiNames[c])
	}
	return object.StrVal("")
}

func name(r rune) (value, bool) {
	n := unidata.Name(r)
	return object.StrVal(n), n != ""
}

func small(n int) (value, bool) { return object.Int(int64(n)), n >= 0 }

var forms = map[string]norm.Form{"NFC": norm.NFC, "NFD": norm.NFD, "NFKC": norm.NFKC, "NFKD": norm.NFKD}

// normal makes a function of a form's name and a string.
func normal(sig string, f func(form norm.Form, s string) value) object.Method {
	return object.Method{Sig: sig, Fn: func(t *thread, a []value) (value, *exc) {
		n, e := object.ToStr(t, a[0])
		if e != nil {
			return value{}, e
		}
		s, e := object.ToStr(t, a[1])
		if e != nil {
			return value{}, e
		}
		form, ok := forms[n.S]
		if !ok {
			return value{}, object.ValueErrorf(t, "invalid normalization form")
		}
		return f(form, s.S), nil
	}}
}

func lookup(t *thread, a []value) (value, *exc) {
	n, e := object.ToStr(t, a[0])
	if e != nil {
		return value{}, e
	}
	r, ok := unidata.LookupName(n.S)
	if !ok {
		return value{}, object.NewException(t, &object.KeyErrorType, object.StrVal("undefined character name '"+n.S+"'"))
	}
	return object.StrVal(string(utf8.AppendRune(nil, r))), nil
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.Set(t, "unidata_version", object.StrVal("15.1.0"))
	m.Define(t, []object.Method{
		property("category", func(r rune) value { return object.StrVal(unidata.Category(r)) }),
		property("bidirectional", bidirectional),
		property("combining", func(r rune) value {
			return object.Int(int64(norm.NFC.PropertiesString(string(r)).CCC()))
		}),
		property("east_asian_width", func(r rune) value { return object.StrVal(unidata.EastAsianWidth(r)) }),
		withDefault("decimal", "not a decimal", func(r rune) (value, bool) { return small(unidata.Decimal(r)) }),
		withDefault("digit", "not a digit", func(r rune) (value, bool) { return small(unidata.Digit(r)) }),
		withDefault("name", "no such name", name),
		{Sig: "lookup(name, /)", Fn: lookup},
		normal("normalize(form, unistr, /)", func(f norm.Form, s string) value { return object.StrVal(f.String(s)) }),
		normal("is_normalized(form, unistr, /)", func(f norm.Form, s string) value { return object.Bool(f.IsNormalString(s)) }),
	})
	return nil
}
