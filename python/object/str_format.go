package object

import (
	"strconv"
	"strings"

	"martlet/python/internal/unidata"
	"martlet/python/internal/wtf8"
)

// str.format: the template is literal text with {field!conversion:spec}; specs may hold fields themselves, one level
// deep. Fields are named by number, by automatic number or by keyword, followed by .attribute and [index].

// FieldParser splits a format template; it also serves string.Formatter through _string.formatter_parser.
type FieldParser struct {
	Rest string
}

// Field is one step of a template: literal text and, if Has, a replacement field.
type Field struct {
	Literal, Name, Conv, Spec string
	Has, HasConv, Nested      bool
}

// Next gives the next step; ok is false at the end.
//
//martlet:opaque
func (p *FieldParser) Next(t *Thread) (f Field, ok bool, err *Exception) {
	s := p.Rest
	if s == "" {
		return f, false, nil
	}
	i := strings.IndexAny(s, "{}")
	if i < 0 {
		p.Rest = ""
		return Field{Literal: s}, true, nil
	}
	if i+1 < len(s) && s[i+1] == s[i] { // doubled brace
		p.Rest = s[i+2:]
		return Field{Literal: s[:i+1]}, true, nil
	}
	if s[i] == '}' {
		return f, false, ValueErrorf(t, "Single '}' encountered in format string")
	}
	if i+1 == len(s) {
		return f, false, ValueErrorf(t, "Single '{' encountered in format string")
	}
	end, err := fieldClose(t, s, i+1)
	if err != nil {
		return f, false, err
	}
	f.Literal, f.Has = s[:i], true
	p.Rest = s[end+1:]
	return f, true, f.parse(t, s[i+1:end])
}

// fieldClose finds the brace that closes the field beginning at i.
func fieldClose(t *Thread, s string, i int) (int, *Exception) {
	depth := 1
	bracket := false
	for ; i < len(s); i++ {
		switch s[i] {
		case '[':
			if depth == 1 {
				bracket = true
			}
		case ']':
			bracket = false
		case '{':
			if !bracket {
				depth++
			}
		case '}':
			if bracket {
				continue
			}
			if depth--; depth == 0 {
				return i, nil
			}
		}
	}
	return 0, ValueErrorf(t, "expected '}' before end of string")
}

func (f *Field) parse(t *Thread, s string) *Exception {
	i, bracket := 0, false
scan:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '{':
			return ValueErrorf(t, "unexpected '{' in field name")
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !bracket && (c == '!' || c == ':'):
			break scan
		}
	}
	f.Name = s[:i]
	if i == len(s) {
		return nil
	}
	if s[i] == '!' {
		rest := s[i+1:]
		if rest == "" {
			return ValueErrorf(t, "unmatched '{' in format spec")
		}
		n := wtf8.Len(rest[0])
		f.Conv, f.HasConv = rest[:n], true
		if rest = rest[n:]; rest != "" {
			if rest[0] != ':' {
				return ValueErrorf(t, "expected ':' after conversion specifier")
			}
			f.Spec = rest[1:]
		}
	} else {
		f.Spec = s[i+1:]
	}
	f.Nested = strings.Contains(f.Spec, "{")
	return nil
}

type formatter struct {
	t       *Thread
	args    []Value
	kwargs  Value // a mapping or Ref nil
	auto    int
	numbers int // 0 undecided, 1 automatic, 2 manual
}

func (f *formatter) format(tmpl string, depth int) (string, *Exception) {
	if depth < 0 {
		return "", ValueErrorf(f.t, "Max string recursion exceeded")
	}
	p := FieldParser{tmpl}
	var b []byte
	for {
		x, ok, e := p.Next(f.t)
		if e != nil {
			return "", e
		}
		if !ok {
			return string(b), nil
		}
		b = append(b, x.Literal...)
		if x.Has {
			s, e := f.field(&x, depth)
			if e != nil {
				return "", e
			}
			b = append(b, s...)
		}
	}
}

func (f *formatter) field(x *Field, depth int) (string, *Exception) {
	v, e := f.lookup(x.Name)
	if e != nil {
		return "", e
	}
	if x.HasConv {
		if v, e = convert(f.t, v, x.Conv); e != nil {
			return "", e
		}
	}
	spec := x.Spec
	if x.Nested {
		if spec, e = f.format(spec, depth-1); e != nil {
			return "", e
		}
	}
	r, e := Format(f.t, v, NewStr(spec))
	if e != nil {
		return "", e
	}
	return r.S, nil
}

func convert(t *Thread, v Value, conv string) (Value, *Exception) {
	switch conv {
	case "r":
		return strResult(Repr(t, v))
	case "s":
		return strResult(ToStr(t, v))
	case "a":
		return strResult(Ascii(t, v))
	}
	r, _ := wtf8.Decode(conv)
	if r > 32 && r < 127 {
		return Value{}, ValueErrorf(t, "Unknown conversion specifier %s", conv)
	}
	return Value{}, ValueErrorf(t, "Unknown conversion specifier \\x%x", r)
}

// Ascii is ascii(v).
func Ascii(t *Thread, v Value) (*Str, *Exception) {
	s, e := Repr(t, v)
	if e != nil || s.ASCII() {
		return s, e
	}
	b := make([]byte, 0, len(s.S))
	for i := 0; i < len(s.S); {
		r, n := wtf8.Decode(s.S[i:])
		if r < 0x80 {
			b = append(b, byte(r))
		} else {
			b = appendEscape(b, r)
		}
		i += n
	}
	return NewStr(string(b)), nil
}

// SplitFieldName divides a field name into its first part and the rest (.attr and [index] steps).
func SplitFieldName(name string) (first, rest string) {
	if i := strings.IndexAny(name, ".["); i >= 0 {
		return name[:i], name[i:]
	}
	return name, ""
}

func (f *formatter) lookup(name string) (Value, *Exception) {
	first, rest := SplitFieldName(name)
	v, e := f.first(first)
	if e != nil {
		return Value{}, e
	}
	for rest != "" {
		var isAttr bool
		var key string
		if isAttr, key, rest, e = FieldStep(f.t, rest); e != nil {
			return Value{}, e
		}
		switch n, isNum := fieldNumber(key); {
		case isAttr:
			v, e = GetAttr(f.t, v, f.t.Intern(key))
		case isNum:
			v, e = GetItem(f.t, v, Int(n))
		default:
			v, e = GetItem(f.t, v, StrVal(key))
		}
		if e != nil {
			return Value{}, e
		}
	}
	return v, nil
}

// FieldStep takes one .attr or [index] step off the rest of a field name.
func FieldStep(t *Thread, s string) (isAttr bool, key, rest string, err *Exception) {
	if s[0] == '.' {
		i := strings.IndexAny(s[1:], ".[")
		if i < 0 {
			i = len(s) - 1
		}
		key, rest = s[1:i+1], s[i+1:]
		isAttr = true
	} else if s[0] == '[' {
		i := strings.IndexByte(s, ']')
		if i < 0 {
			return false, "", "", ValueErrorf(t, "Missing ']' in format string")
		}
		key, rest = s[1:i], s[i+1:]
	} else {
		return false, "", "", ValueErrorf(t, "Only '.' or '[' may follow ']' in format field specifier")
	}
	if key == "" {
		return false, "", "", ValueErrorf(t, "Empty attribute in format string")
	}
	return isAttr, key, rest, nil
}

// fieldNumber says whether a name is all digits (of any script) and its value.
func fieldNumber(s string) (int64, bool) {
	if s == "" {
		return 0, false
	}
	n := int64(0)
	for i := 0; i < len(s); {
		r, k := wtf8.Decode(s[i:])
		d := unidata.Decimal(r)
		if d < 0 || n > 1<<59 {
			return 0, false
		}
		n = n*10 + int64(d)
		i += k
	}
	return n, true
}

func (f *formatter) first(name string) (Value, *Exception) {
	n, isNum := fieldNumber(name)
	switch {
	case name == "":
		if f.numbers == 2 {
			return Value{}, ValueErrorf(f.t, "cannot switch from manual field specification to automatic field numbering")
		}
		f.numbers = 1
		n, isNum = int64(f.auto), true
		f.auto++
	case isNum:
		if f.numbers == 1 {
			return Value{}, ValueErrorf(f.t, "cannot switch from automatic field numbering to manual field specification")
		}
		f.numbers = 2
	default:
		if f.kwargs.Ref == nil {
			return Value{}, KeyErrorOf(f.t, StrVal(name))
		}
		return GetItem(f.t, f.kwargs, StrVal(name))
	}
	if f.args == nil && f.numbers != 0 && f.kwargs.Ref != nil && f.kwargs.Type() != &DictType {
		return Value{}, ValueErrorf(f.t, "Format string contains positional fields")
	}
	if n >= int64(len(f.args)) {
		return Value{}, IndexErrorf(f.t, "Replacement index %s out of range for positional args tuple", strconv.FormatInt(n, 10))
	}
	return f.args[n], nil
}

func strFormat(t *Thread, a []Value) (Value, *Exception) {
	f := formatter{t: t, args: As[Tuple](a[1]).Items, kwargs: a[2]}
	s, e := f.format(selfStr(a).S, 1)
	if e != nil {
		return Value{}, e
	}
	return ChargedStr(t, s)
}

func strFormatMap(t *Thread, a []Value) (Value, *Exception) {
	f := formatter{t: t, kwargs: a[1], numbers: 0}
	s, e := f.formatMap(selfStr(a).S)
	if e != nil {
		return Value{}, e
	}
	return ChargedStr(t, s)
}

func (f *formatter) formatMap(tmpl string) (string, *Exception) {
	s, e := f.format(tmpl, 1)
	if e != nil && e.IsA(&IndexErrorType) && len(f.args) == 0 && f.numbers != 0 {
		return "", ValueErrorf(f.t, "Format string contains positional fields")
	}
	return s, e
}
