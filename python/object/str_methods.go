package object

import (
	"math"
	"slices"
	"strings"

	"martlet/python/internal/numfmt"
	"martlet/python/internal/unidata"
	"martlet/python/internal/wtf8"
)

// The operations and methods of str, apart from formatting (str_format.go, str_percent.go) and encoding (codec.go).
// Searching works on bytes: well-formed text cannot match in the middle of a code point.

func selfStr(a []Value) *Str { return As[Str](a[0]) }

func strRepr(t *Thread, v Value) (Value, *Exception) {
	return ChargedStr(t, QuoteStr(As[Str](v).S, false))
}

// QuoteStr is repr(s), or ascii(s).
func QuoteStr(s string, ascii bool) string {
	quote := byte('\'')
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		quote = '"'
	}
	b := append(make([]byte, 0, len(s)+2), quote)
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		switch {
		case r == rune(quote) || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r < 0x7f && r >= ' ', r >= 0x7f && !ascii && unidata.IsPrintable(r):
			b = append(b, s[i:i+n]...)
		default:
			b = appendEscape(b, r)
		}
		i += n
	}
	return string(append(b, quote))
}

// appendEscape appends \xhh, \uhhhh or \Uhhhhhhhh.
func appendEscape(b []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	digits := 8
	switch {
	case r < 0x100:
		b, digits = append(b, '\\', 'x'), 2
	case r < 0x10000:
		b, digits = append(b, '\\', 'u'), 4
	default:
		b = append(b, '\\', 'U')
	}
	for k := digits - 1; k >= 0; k-- {
		b = append(b, hex[r>>(4*k)&15])
	}
	return b
}

func strCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if !IsStr(b) {
		return NotImplemented, nil
	}
	x, y := As[Str](a), As[Str](b)
	switch op {
	case CmpEq:
		return Bool(x.S == y.S), nil
	case CmpNe:
		return Bool(x.S != y.S), nil
	}
	return cmpResult(strings.Compare(x.S, y.S), op), nil
}

func strConcat(t *Thread, a, b Value) (Value, *Exception) {
	if !IsStr(b) {
		return Value{}, TypeErrorf(t, `can only concatenate str (not "%s") to str`, b.Type().Name)
	}
	x, y := As[Str](a), As[Str](b)
	if len(y.S) == 0 && exactStr(a) {
		return a, nil
	}
	if len(x.S) == 0 && exactStr(b) {
		return b, nil
	}
	if e := t.Charge(64 + len(x.S) + len(y.S)); e != nil {
		return Value{}, e
	}
	return strVal(x.S+y.S, x.N+y.N), nil
}

func strRepeat(t *Thread, v, n Value) (Value, *Exception) {
	s := As[Str](v)
	if n.IsInt() && s.N > 0 && n.Int64() > math.MaxInt64/int64(s.N) {
		return Value{}, OverflowErrorf(t, "repeated string is too long")
	}
	k, e := repeatCount(t, n, len(s.S), 1)
	if e != nil {
		return Value{}, e
	}
	if k == 1 && exactStr(v) {
		return v, nil
	}
	return strVal(strings.Repeat(s.S, k), s.N*k), nil
}

func strGetItem(t *Thread, v, key Value) (Value, *Exception) {
	s := As[Str](v)
	if key.IsInt() {
		i := int(key.Bits)
		if i < 0 {
			i += s.N
		}
		if uint(i) >= uint(s.N) {
			return Value{}, IndexErrorf(t, "string index out of range")
		}
		if s.N == len(s.S) {
			return Obj(latin1[s.S[i]]), nil
		}
		return RuneStr(s.At(i)), nil
	}
	if key.Type() == &SliceType {
		return s.slice(t, key)
	}
	if key.Type().Slots.Index == nil {
		return Value{}, TypeErrorf(t, "string indices must be integers, not '%s'", key.Type().Name)
	}
	i, e := seqIndex(t, key, "string")
	if e != nil {
		return Value{}, e
	}
	return strGetItem(t, v, Int(i))
}

func (s *Str) slice(t *Thread, key Value) (Value, *Exception) {
	r, e := SliceBounds(t, key, s.N)
	if e != nil {
		return Value{}, e
	}
	if e := t.Charge(r.N); e != nil {
		return Value{}, e
	}
	if r.Step == 1 {
		return Obj(s.Slice(r.Start, r.Start+r.N)), nil
	}
	if s.ASCII() {
		return strVal(string(pickBytes(r, []byte(s.S))), r.N), nil
	}
	runes := wtf8.Runes(s.S)
	b := make([]byte, 0, r.N)
	for i, j := 0, r.Start; i < r.N; i, j = i+1, j+r.Step {
		b = wtf8.Append(b, runes[j])
	}
	return strVal(string(b), r.N), nil
}

func strContains(t *Thread, v, x Value) (bool, *Exception) {
	if !IsStr(x) {
		return false, TypeErrorf(t, "'in <string>' requires string as left operand, not %s", x.Type().Name)
	}
	return strings.Contains(As[Str](v).S, As[Str](x).S), nil
}

// StrIter iterates over the code points of a string by byte offset.
type StrIter struct {
	Object
	S   *Str
	Off int
}

// StrIterType and StrASCIIIterType are str_iterator and str_ascii_iterator.
var StrIterType, StrASCIIIterType Type

func strIter(t *Thread, v Value) (Value, *Exception) {
	s := As[Str](v)
	if s.ASCII() {
		return Obj(&StrIter{Object{&StrASCIIIterType.Root}, s, 0}), nil
	}
	return Obj(&StrIter{Object{&StrIterType.Root}, s, 0}), nil
}

func strIterNext(t *Thread, v Value) (Value, *Exception) {
	it := As[StrIter](v)
	if it.S == nil {
		return Value{}, nil
	}
	s := it.S.S
	if it.Off >= len(s) {
		it.S = nil
		return Value{}, nil
	}
	if c := s[it.Off]; c < 0x80 {
		it.Off++
		return Obj(latin1[c]), nil
	}
	r, n := wtf8.Decode(s[it.Off:])
	it.Off += n
	return RuneStr(r), nil
}

// strArg converts an argument that must be a str.
func strArg(t *Thread, v Value, msg string) (string, *Exception) {
	if !IsStr(v) {
		return "", TypeErrorf(t, msg, ArgTypeName(v))
	}
	return As[Str](v).S, nil
}

// window resolves the optional bounds of find and its relatives to byte offsets; ok is false when nothing, not even the
// empty string, is found.
func (s *Str) window(t *Thread, lo, hi Value) (i, j int, ok bool, err *Exception) {
	if lo.IsNone() && hi.IsNone() {
		return 0, len(s.S), true, nil
	}
	a, b, err := findBounds(t, lo, hi, s.N)
	if err != nil || a > b {
		return 0, 0, false, err
	}
	return s.Offset(a), s.Offset(b), true, nil
}

// strFind makes find, rfind, index and rindex.
func strFind(name string, search func(s, sub string) int, raise bool) Method {
	return Method{Sig: name + "(self, sub, start=None, end=None, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		s := selfStr(a)
		sub, e := strArg(t, a[1], name+"() argument 1 must be str, not %s")
		if e != nil {
			return Value{}, e
		}
		i, j, ok, e := s.window(t, a[2], a[3])
		if e != nil {
			return Value{}, e
		}
		r := -1
		if ok {
			if r = search(s.S[i:j], sub); r >= 0 {
				r = s.IndexOf(r + i)
			}
		}
		if r < 0 && raise {
			return Value{}, ValueErrorf(t, "substring not found")
		}
		return Int(int64(r)), nil
	}}
}

func strCount(t *Thread, a []Value) (Value, *Exception) {
	s := selfStr(a)
	sub, e := strArg(t, a[1], "count() argument 1 must be str, not %s")
	if e != nil {
		return Value{}, e
	}
	i, j, ok, e := s.window(t, a[2], a[3])
	if e != nil || !ok {
		return Int(0), e
	}
	if sub == "" {
		return Int(int64(wtf8.Count(s.S[i:j]) + 1)), nil
	}
	return Int(int64(strings.Count(s.S[i:j], sub))), nil
}

// strAffix makes startswith and endswith.
func strAffix(name string, test func(s, x string) bool) Method {
	return Method{Sig: name + "(self, prefix, start=None, end=None, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		s := selfStr(a)
		i, j, ok, e := s.window(t, a[2], a[3])
		if e != nil {
			return Value{}, e
		}
		if IsStr(a[1]) {
			return Bool(ok && test(s.S[i:j], As[Str](a[1]).S)), nil
		}
		if !IsTuple(a[1]) {
			return Value{}, TypeErrorf(t, "%s first arg must be str or a tuple of str, not %s", name, a[1].Type().Name)
		}
		for _, x := range As[Tuple](a[1]).Items {
			if !IsStr(x) {
				return Value{}, TypeErrorf(t, "tuple for %s must only contain str, not %s", name, x.Type().Name)
			}
			if ok && test(s.S[i:j], As[Str](x).S) {
				return True, nil
			}
		}
		return False, nil
	}}
}

// strMap makes a method that maps the whole text; ascii (may be nil) serves ASCII text.
func strMap(name string, f func(s string) string, ascii func(s string) string) Method {
	return Method{Sig: name + "(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		s := selfStr(a)
		if ascii != nil && s.ASCII() {
			r := ascii(s.S)
			if r == s.S && exactStr(a[0]) {
				return a[0], nil
			}
			return ChargedStr(t, r)
		}
		return ChargedStr(t, f(s.S))
	}}
}

// strAll makes a test that holds when pred holds for all code points and there is at least one.
func strAll(name string, pred func(r rune) bool) Method {
	return Method{Sig: name + "(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		s := selfStr(a).S
		for i := 0; i < len(s); {
			r, n := wtf8.Decode(s[i:])
			if !pred(r) {
				return False, nil
			}
			i += n
		}
		return Bool(s != ""), nil
	}}
}

// strCased makes islower and isupper: at least one good character and no bad or title-case one.
func strCased(name string, good, bad func(r rune) bool) Method {
	return Method{Sig: name + "(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		s, any := selfStr(a).S, false
		for i := 0; i < len(s); {
			r, n := wtf8.Decode(s[i:])
			if bad(r) || unidata.IsTitle(r) {
				return False, nil
			}
			any = any || good(r)
			i += n
		}
		return Bool(any), nil
	}}
}

func strIstitle(t *Thread, a []Value) (Value, *Exception) {
	cased, any := false, false
	for _, r := range wtf8.Runes(selfStr(a).S) {
		switch {
		case unidata.IsUpper(r) || unidata.IsTitle(r):
			if cased {
				return False, nil
			}
			cased, any = true, true
		case unidata.IsLower(r):
			if !cased {
				return False, nil
			}
		default:
			cased = false
		}
	}
	return Bool(any), nil
}

// IsIdentifier is str.isidentifier.
func IsIdentifier(s string) bool {
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		if i == 0 && r != '_' && !unidata.IsXIDStart(r) || i > 0 && !unidata.IsXIDContinue(r) {
			return false
		}
		i += n
	}
	return s != ""
}

func trimFunc(s string, drop func(r rune) bool, left, right bool) string {
	for left && s != "" {
		r, n := wtf8.Decode(s)
		if !drop(r) {
			break
		}
		s = s[n:]
	}
	for right && s != "" {
		r, n := wtf8.DecodeLast(s)
		if !drop(r) {
			break
		}
		s = s[:len(s)-n]
	}
	return s
}

// strStrip makes strip, lstrip and rstrip.
func strStrip(name string, left, right bool) Method {
	return Method{Sig: name + "(self, chars=None, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		s := selfStr(a)
		drop := unidata.IsSpace
		if !a[1].IsNone() {
			if !IsStr(a[1]) {
				return Value{}, TypeErrorf(t, "%s arg must be None or str", name)
			}
			runes := wtf8.Runes(StrText(a[1]))
			drop = func(r rune) bool { return slices.Contains(runes, r) }
		}
		r := trimFunc(s.S, drop, left, right)
		if len(r) == len(s.S) && exactStr(a[0]) {
			return a[0], nil
		}
		return StrVal(r), nil
	}}
}

// strList makes a list of strings; ascii tells that all of them are.
func strList(t *Thread, parts []string, ascii bool) (Value, *Exception) {
	out := make([]Value, len(parts))
	for i, p := range parts {
		if ascii {
			out[i] = strVal(p, len(p))
		} else {
			out[i] = StrVal(p)
		}
	}
	return NewList(out), t.Charge(80 * len(parts))
}

// strSplit makes split and rsplit.
func strSplit(name string, reverse bool) Method {
	return Method{Sig: name + "(self, /, sep=None, maxsplit=-1)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		s := selfStr(a)
		n, e := ToInt(t, a[2])
		if e != nil {
			return Value{}, e
		}
		if a[1].IsNone() {
			return strList(t, fields(s.S, n, reverse), s.ASCII())
		}
		sep, e := strArg(t, a[1], "must be str or None, not %s")
		if e != nil {
			return Value{}, e
		}
		if sep == "" {
			return Value{}, ValueErrorf(t, "empty separator")
		}
		var parts []string
		switch {
		case reverse: // from the right, also without a limit: the separators may overlap
			parts = rsplitN(s.S, sep, n)
		case n < 0:
			parts = strings.Split(s.S, sep)
		default:
			parts = strings.SplitN(s.S, sep, min(n, len(s.S))+1)
		}
		return strList(t, parts, s.ASCII())
	}}
}

func rsplitN(s, sep string, n int) []string {
	var out []string
	for ; n != 0; n-- {
		i := strings.LastIndex(s, sep)
		if i < 0 {
			break
		}
		out = append(out, s[i+len(sep):])
		s = s[:i]
	}
	out = append(out, s)
	slices.Reverse(out)
	return out
}

// fields splits at runs of white space, at most n times if n >= 0.
func fields(s string, n int, reverse bool) []string {
	var out []string
	for {
		s = trimFunc(s, unidata.IsSpace, !reverse, reverse)
		if s == "" {
			break
		}
		if n == 0 {
			out = append(out, s) // the blanks at the far end stay
			break
		}
		i := fieldEnd(s, reverse)
		if reverse {
			out, s = append(out, s[i:]), s[:i]
		} else {
			out, s = append(out, s[:i]), s[i:]
		}
		n--
	}
	if reverse {
		slices.Reverse(out)
	}
	return out
}

// fieldEnd gives the offset where the first (or, from the right, last) field ends.
func fieldEnd(s string, reverse bool) int {
	if reverse {
		i := len(s)
		for i > 0 {
			r, n := wtf8.DecodeLast(s[:i])
			if unidata.IsSpace(r) {
				break
			}
			i -= n
		}
		return i
	}
	i := 0
	for i < len(s) {
		r, n := wtf8.Decode(s[i:])
		if unidata.IsSpace(r) {
			break
		}
		i += n
	}
	return i
}

func strSplitlines(t *Thread, a []Value) (Value, *Exception) {
	keep, e := Truth(t, a[1])
	if e != nil {
		return Value{}, e
	}
	s := selfStr(a)
	return strList(t, SplitLines(s.S, keep), s.ASCII())
}

// SplitLines is str.splitlines.
func SplitLines(s string, keep bool) []string {
	var out []string
	start := 0
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		if !unidata.IsLinebreak(r) {
			i += n
			continue
		}
		end := i + n
		if r == '\r' && end < len(s) && s[end] == '\n' {
			end++
		}
		if keep {
			i = end
		}
		out = append(out, s[start:i])
		i, start = end, end
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

// JoinStrs is sep.join(v).
func JoinStrs(t *Thread, sep *Str, v Value) (Value, *Exception) {
	var items []Value
	switch v.Type() {
	case &ListType:
		items = As[List](v).Items
	case &TupleType:
		items = As[Tuple](v).Items
	default:
		var e *Exception
		if items, e = joinable(t, v); e != nil {
			return Value{}, e
		}
	}
	size, n := 0, 0
	for i, x := range items {
		if !IsStr(x) {
			return Value{}, TypeErrorf(t, "sequence item %d: expected str instance, %s found", i, x.Type().Name)
		}
		size += len(As[Str](x).S)
		n += As[Str](x).N
	}
	switch len(items) {
	case 0:
		return EmptyStr, nil
	case 1:
		if exactStr(items[0]) {
			return items[0], nil
		}
	}
	size += len(sep.S) * (len(items) - 1)
	n += sep.N * (len(items) - 1)
	if e := t.Charge(size + 64); e != nil {
		return Value{}, e
	}
	b := make([]byte, 0, size)
	for i, x := range items {
		if i > 0 {
			b = append(b, sep.S...)
		}
		b = append(b, As[Str](x).S...)
	}
	return strVal(string(b), n), nil
}

// strPartition makes partition and rpartition.
func strPartition(name string, last bool) Method {
	return Method{Sig: name + "(self, sep, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		s := selfStr(a)
		if !IsStr(a[1]) {
			return Value{}, TypeErrorf(t, "must be str, not %s", a[1].Type().Name)
		}
		sep := As[Str](a[1]).S
		if sep == "" {
			return Value{}, ValueErrorf(t, "empty separator")
		}
		i := strings.Index(s.S, sep)
		if last {
			i = strings.LastIndex(s.S, sep)
		}
		switch {
		case i >= 0:
			return TupleOf(StrVal(s.S[:i]), a[1], StrVal(s.S[i+len(sep):])), nil
		case last:
			return TupleOf(EmptyStr, EmptyStr, StrVal(s.S)), nil
		}
		return TupleOf(StrVal(s.S), EmptyStr, EmptyStr), nil
	}}
}

func strReplace(t *Thread, a []Value) (Value, *Exception) {
	s := selfStr(a)
	old, e := strArg(t, a[1], "replace() argument 1 must be str, not %s")
	if e != nil {
		return Value{}, e
	}
	neu, e := strArg(t, a[2], "replace() argument 2 must be str, not %s")
	if e != nil {
		return Value{}, e
	}
	n, e := ToInt(t, a[3])
	if e != nil {
		return Value{}, e
	}
	hits := s.N + 1
	if old != "" {
		hits = strings.Count(s.S, old)
	}
	if n >= 0 && n < hits {
		hits = n
	}
	if hits == 0 && exactStr(a[0]) {
		return a[0], nil
	}
	if size := len(s.S) + hits*(len(neu)-len(old)); size > maxAlloc {
		return Value{}, NewException(t, &MemoryErrorType)
	} else if e := t.Charge(size + 64); e != nil {
		return Value{}, e
	}
	if old != "" {
		return StrVal(strings.Replace(s.S, old, neu, hits)), nil
	}
	b := make([]byte, 0, len(s.S)+hits*len(neu))
	for i := 0; ; {
		if hits > 0 {
			b = append(b, neu...)
			hits--
		}
		if i >= len(s.S) {
			return StrVal(string(b)), nil
		}
		k := wtf8.Len(s.S[i])
		b = append(b, s.S[i:i+k]...)
		i += k
	}
}

// strPad makes center, ljust and rjust.
func strPad(name string, left func(pad, width int) int) Method {
	return Method{Sig: name + "(self, width, fillchar=' ', /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		s := selfStr(a)
		width, e := ToInt(t, a[1])
		if e != nil {
			return Value{}, e
		}
		if !IsStr(a[2]) {
			return Value{}, TypeErrorf(t, "The fill character must be a unicode character, not %s", a[2].Type().Name)
		}
		fill := As[Str](a[2])
		if fill.N != 1 {
			return Value{}, TypeErrorf(t, "The fill character must be exactly one character long")
		}
		pad := width - s.N
		if pad <= 0 {
			if exactStr(a[0]) {
				return a[0], nil
			}
			return StrVal(s.S), nil
		}
		if pad > maxAlloc/4 {
			return Value{}, NewException(t, &MemoryErrorType)
		}
		if e := t.Charge(width * len(fill.S)); e != nil {
			return Value{}, e
		}
		l := left(pad, width)
		return strVal(strings.Repeat(fill.S, l)+s.S+strings.Repeat(fill.S, pad-l), width), nil
	}}
}

func strZfill(t *Thread, a []Value) (Value, *Exception) {
	s := selfStr(a)
	width, e := ToInt(t, a[1])
	if e != nil {
		return Value{}, e
	}
	pad := width - s.N
	if pad <= 0 {
		if exactStr(a[0]) {
			return a[0], nil
		}
		return StrVal(s.S), nil
	}
	if pad > maxAlloc {
		return Value{}, NewException(t, &MemoryErrorType)
	}
	if e := t.Charge(width); e != nil {
		return Value{}, e
	}
	sign, rest := "", s.S
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		sign, rest = rest[:1], rest[1:]
	}
	return strVal(sign+strings.Repeat("0", pad)+rest, width), nil
}

func strExpandtabs(t *Thread, a []Value) (Value, *Exception) {
	size, e := AsCInt(t, a[1])
	if e != nil {
		return Value{}, e
	}
	s := selfStr(a).S
	var b []byte
	col := 0
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		switch r {
		case '\t':
			if size > 0 {
				k := size - col%size
				b = append(b, strings.Repeat(" ", k)...)
				col += k
			}
			i++
			continue
		case '\n', '\r':
			col = -1
		}
		col++
		b = append(b, s[i:i+n]...)
		i += n
	}
	return ChargedStr(t, string(b))
}

func strTranslate(t *Thread, a []Value) (Value, *Exception) {
	s := selfStr(a).S
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := wtf8.Decode(s[i:])
		x, e := GetItem(t, a[1], Int(int64(r)))
		switch {
		case e != nil && e.IsA(&LookupErrorType):
			b = append(b, s[i:i+n]...)
		case e != nil:
			return Value{}, e
		case x.IsNone():
		case IsStr(x):
			b = append(b, As[Str](x).S...)
		case IsIntLike(x):
			c, ok := SmallInt(x)
			if !ok || c < 0 || c > 0x10ffff {
				return Value{}, ValueErrorf(t, "character mapping must be in range(0x110000)")
			}
			b = wtf8.Append(b, rune(c))
		default:
			return Value{}, TypeErrorf(t, "character mapping must return integer, None or str")
		}
		i += n
	}
	return ChargedStr(t, string(b))
}

func strMaketrans(t *Thread, a []Value) (Value, *Exception) {
	out := NewDict()
	if a[1].Ref == nil {
		if a[0].Type().Flags&FDict == 0 {
			return Value{}, TypeErrorf(t, "if you give only one argument to maketrans it must be a dict")
		}
		for i := 0; ; {
			k, v, ok := As[Dict](a[0]).Next(&i)
			if !ok {
				return Obj(out), nil
			}
			if IsStr(k) {
				if As[Str](k).N != 1 {
					return Value{}, ValueErrorf(t, "string keys in translate table must be of length 1")
				}
				k = Int(int64(As[Str](k).At(0)))
			} else if !IsIntLike(k) {
				return Value{}, TypeErrorf(t, "keys in translate table must be strings or integers")
			}
			if e := out.Set(t, k, v); e != nil {
				return Value{}, e
			}
		}
	}
	if !IsStr(a[0]) {
		return Value{}, TypeErrorf(t, "first maketrans argument must be a string if there is a second argument")
	}
	to, e := strArg(t, a[1], "maketrans() argument 2 must be str, not %s")
	if e != nil {
		return Value{}, e
	}
	from, dst := wtf8.Runes(StrText(a[0])), wtf8.Runes(to)
	if len(from) != len(dst) {
		return Value{}, ValueErrorf(t, "the first two maketrans arguments must have equal length")
	}
	for i, r := range from {
		out.Set(t, Int(int64(r)), Int(int64(dst[i])))
	}
	if a[2].Ref != nil {
		del, e := strArg(t, a[2], "maketrans() argument 3 must be str, not %s")
		if e != nil {
			return Value{}, e
		}
		for _, r := range wtf8.Runes(del) {
			out.Set(t, Int(int64(r)), None)
		}
	}
	return Obj(out), nil
}

func strRemoveAffix(name string, cut func(s, x string) string) Method {
	return Method{Sig: name + "(self, affix, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		x, e := strArg(t, a[1], name+"() argument must be str, not %s")
		if e != nil {
			return Value{}, e
		}
		return StrVal(cut(selfStr(a).S, x)), nil
	}}
}

// ArgTypeName names the type of a wrong argument: None is called by its own name.
func ArgTypeName(v Value) string {
	if v.IsNone() {
		return "None"
	}
	return v.Type().Name
}

// noNull is the error of a str with a null character where C text is wanted.
func noNull(t *Thread, v Value) *Exception {
	if strings.IndexByte(As[Str](v).S, 0) >= 0 {
		return ValueErrorf(t, "embedded null character")
	}
	return nil
}

func strEncode(t *Thread, a []Value) (Value, *Exception) {
	for i, name := range []string{"encoding", "errors"} {
		if !IsStr(a[i+1]) {
			return Value{}, TypeErrorf(t, "encode() argument '%s' must be str, not %s", name, ArgTypeName(a[i+1]))
		}
		if e := noNull(t, a[i+1]); e != nil {
			return Value{}, e
		}
	}
	b, e := EncodeStr(t, selfStr(a), StrText(a[1]), StrText(a[2]))
	if e != nil {
		return Value{}, e
	}
	return BytesVal(b), nil
}

// cutStr gives the first k code points.
func cutStr(s string, k int) string { return s[:wtf8.Offset(s, k)] }

func strFormatSpec(t *Thread, a []Value) (Value, *Exception) {
	spec, e := specArg(t, a[1])
	if e != nil {
		return Value{}, e
	}
	if spec == "" {
		return strResult(ToStr(t, a[0]))
	}
	s := selfStr(a)
	r, err := numfmt.Str(spec, s.S, s.N, cutStr, a[0].Type().Name)
	return numStr(t, r, err)
}

// strNew is str(object, encoding, errors).
func strNew(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	r, e := strFromArgs(t, a)
	if e != nil || tp == &StrType {
		return r, e
	}
	o, e := AllocAs[Str](t, tp)
	if e == nil {
		o.S, o.N = As[Str](r).S, As[Str](r).N
	}
	return Obj(o), e
}

func strFromArgs(t *Thread, a []Value) (Value, *Exception) {
	if a[0].Ref == nil {
		return EmptyStr, nil
	}
	if a[1].Ref == nil && a[2].Ref == nil {
		return strResult(ToStr(t, a[0]))
	}
	enc, errs := "utf-8", "strict"
	for i, p := range []*string{&enc, &errs} {
		if a[i+1].Ref != nil {
			if !IsStr(a[i+1]) {
				return Value{}, TypeErrorf(t, "str() argument '%s' must be str, not %s", []string{"encoding", "errors"}[i], a[i+1].Type().Name)
			}
			*p = As[Str](a[i+1]).S
		}
	}
	if IsStr(a[0]) {
		return Value{}, TypeErrorf(t, "decoding str is not supported")
	}
	b, ok := bufferBytes(t, a[0])
	if !ok {
		return Value{}, TypeErrorf(t, "decoding to str: need a bytes-like object, %s found", a[0].Type().Name)
	}
	return DecodeBytes(t, b, enc, errs, a[0])
}

func init() {
	same := func(t *Thread, v Value) (Value, *Exception) {
		if exactStr(v) {
			return v, nil
		}
		return strVal(As[Str](v).S, As[Str](v).N), nil
	}
	Declare(&StrType, Decl{
		Name: "str", Flags: FStr | FMatchSelf, Layout: LayoutOf[Str](),
		Doc: "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nCreate a new string object from the given object. If encoding or\nerrors is specified, then the object must expose a data buffer\nthat will be decoded using the given encoding and error handler.\nOtherwise, returns the result of object.__str__() (if defined)\nor repr(object).\nencoding defaults to 'utf-8'.\nerrors defaults to 'strict'.",
		Slots: Slots{
			Repr: strRepr, Str: same, Compare: strCompare, Iter: strIter, GetItem: strGetItem, Contains: strContains,
			Hash:   func(t *Thread, v Value) (int64, *Exception) { return As[Str](v).HashOf(), nil },
			Len:    func(t *Thread, v Value) (int, *Exception) { return As[Str](v).N, nil },
			Concat: strConcat, Repeat: strRepeat,
			Bin: [NumBinOps]BinaryFunc{OpMod: strMod},
			New: NewSig("str(object=<absent>, encoding=<absent>, errors=<absent>)", strNew),
		},
		Methods: []Method{
			strFind("find", strings.Index, false), strFind("rfind", strings.LastIndex, false),
			strFind("index", strings.Index, true), strFind("rindex", strings.LastIndex, true),
			{Sig: "count(self, sub, start=None, end=None, /)", Fn: strCount},
			strAffix("startswith", strings.HasPrefix), strAffix("endswith", strings.HasSuffix),
			strRemoveAffix("removeprefix", strings.TrimPrefix), strRemoveAffix("removesuffix", strings.TrimSuffix),
			strMap("upper", unidata.Upper, strings.ToUpper), strMap("lower", unidata.Lower, strings.ToLower),
			strMap("title", unidata.Title, nil), strMap("capitalize", unidata.Capitalize, nil),
			strMap("swapcase", unidata.Swapcase, nil), strMap("casefold", unidata.Casefold, strings.ToLower),
			strAll("isalpha", unidata.IsAlpha), strAll("isalnum", unidata.IsAlnum), strAll("isdecimal", unidata.IsDecimal),
			strAll("isdigit", unidata.IsDigit), strAll("isnumeric", unidata.IsNumeric), strAll("isspace", unidata.IsSpace),
			strCased("islower", unidata.IsLower, unidata.IsUpper), strCased("isupper", unidata.IsUpper, unidata.IsLower),
			{Sig: "istitle(self, /)", Fn: strIstitle},
			{Sig: "isprintable(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				for _, r := range wtf8.Runes(selfStr(a).S) {
					if !unidata.IsPrintable(r) {
						return False, nil
					}
				}
				return True, nil
			}},
			{Sig: "isascii(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return Bool(selfStr(a).ASCII()), nil }},
			{Sig: "isidentifier(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return Bool(IsIdentifier(selfStr(a).S)), nil }},
			strStrip("strip", true, true), strStrip("lstrip", true, false), strStrip("rstrip", false, true),
			strSplit("split", false), strSplit("rsplit", true),
			{Sig: "splitlines(self, /, keepends=False)", Fn: strSplitlines},
			{Sig: "join(self, iterable, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return JoinStrs(t, selfStr(a), a[1]) }},
			strPartition("partition", false), strPartition("rpartition", true),
			{Sig: "replace(self, old, new, /, count=-1)", Fn: strReplace},
			strPad("center", centerLeft), strPad("ljust", func(int, int) int { return 0 }), strPad("rjust", func(pad, _ int) int { return pad }),
			{Sig: "zfill(self, width, /)", Fn: strZfill},
			{Sig: "expandtabs(self, /, tabsize=8)", Fn: strExpandtabs},
			{Sig: "translate(self, table, /)", Fn: strTranslate},
			{Sig: "maketrans(x, y=<absent>, z=<absent>, /)", Fn: strMaketrans, Kind: StaticMethod},
			{Sig: "encode(self, /, encoding='utf-8', errors='strict')", Fn: strEncode},
			{Sig: "format(self, /, *args, **kwargs)", Fn: strFormat},
			{Sig: "format_map(self, mapping, /)", Fn: strFormatMap},
			{Sig: "__format__(self, format_spec, /)", Fn: strFormatSpec},
			{Sig: "__getnewargs__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return TupleOf(strVal(selfStr(a).S, selfStr(a).N)), nil
			}},
			{Sig: "__sizeof__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return Int(int64(41 + len(selfStr(a).S))), nil }},
		},
	})
	methods := []Method{
		{Sig: "__length_hint__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			it := As[StrIter](a[0])
			if it.S == nil {
				return Int(0), nil
			}
			return Int(int64(wtf8.Count(it.S.S[it.Off:]))), nil
		}},
		{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			it := As[StrIter](a[0])
			if it.S == nil {
				return TupleOf(builtinFunc(t, "iter"), TupleOf(EmptyStr)), nil
			}
			return TupleOf(builtinFunc(t, "iter"), TupleOf(Obj(it.S)), Int(int64(it.S.IndexOf(it.Off)))), nil
		}},
		{Sig: "__setstate__(self, state, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			it := As[StrIter](a[0])
			i, e := ToInt(t, a[1])
			if e == nil && it.S != nil {
				it.Off = it.S.Offset(max(0, min(i, it.S.N)))
			}
			return None, e
		}},
	}
	slots := Slots{Iter: iterSelf, Next: strIterNext}
	Declare(&StrIterType, Decl{Name: "str_iterator", Flags: FNoNew | FFinal, Slots: slots, Methods: methods})
	Declare(&StrASCIIIterType, Decl{Name: "str_ascii_iterator", Flags: FNoNew | FFinal, Slots: slots, Methods: methods})
}
