package object

import (
	"bytes"
	"slices"
)

// The methods that bytes and bytearray share. Letters are ASCII letters only.

func isAsciiSpace(c byte) bool { return c == ' ' || c >= 9 && c <= 13 }
func isAsciiUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isAsciiLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isAsciiDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAsciiAlpha(c byte) bool { return isAsciiUpper(c) || isAsciiLower(c) }

func selfBytes(a []Value) []byte {
	b, _ := BytesOf(a[0])
	return b
}

// bytesAll makes a test that holds when pred holds for all bytes and there is at least one.
func bytesAll(sig string, pred func(c byte) bool) Method {
	return Method{Sig: sig + "(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		b := selfBytes(a)
		return Bool(len(b) > 0 && !slices.ContainsFunc(b, func(c byte) bool { return !pred(c) })), nil
	}}
}

// bytesCase makes a test that all cased bytes are of one case and there is at least one.
func bytesCase(sig string, good, bad func(c byte) bool) Method {
	return Method{Sig: sig + "(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		b := selfBytes(a)
		return Bool(slices.ContainsFunc(b, good) && !slices.ContainsFunc(b, bad)), nil
	}}
}

// bytesMap makes a method that maps the bytes one by one; start tells that the previous byte is no letter.
func bytesMap(sig string, f func(c byte, start bool, i int) byte) Method {
	return Method{Sig: sig + "(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		b := selfBytes(a)
		out := make([]byte, len(b))
		start := true
		for i, c := range b {
			out[i] = f(c, start, i)
			start = !isAsciiAlpha(c)
		}
		return likeSelf(a[0], out), t.Charge(len(b))
	}}
}

func asciiLower(c byte) byte {
	if isAsciiUpper(c) {
		return c + 32
	}
	return c
}

func asciiUpper(c byte) byte {
	if isAsciiLower(c) {
		return c - 32
	}
	return c
}

// needle converts the argument of find and its relatives: a bytes-like object or an int.
func needle(t *Thread, v Value) ([]byte, *Exception) {
	if b, ok := bufferBytes(t, v); ok {
		return b, nil
	}
	if v.Type().Slots.Index != nil {
		c, e := byteValue(t, v, "byte")
		return []byte{c}, e
	}
	return nil, TypeErrorf(t, "argument should be integer or bytes-like object, not '%s'", v.Type().Name)
}

// bytesFind makes find, rfind, index and rindex.
func bytesFind(name string, search func(s, sub []byte) int, raise bool) Method {
	return Method{Sig: name + "(self, sub, start=None, end=None, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		b := selfBytes(a)
		i, j, e := findBounds(t, a[2], a[3], len(b))
		if e != nil {
			return Value{}, e
		}
		sub, e := needle(t, a[1])
		if e != nil {
			return Value{}, e
		}
		r := -1
		if i <= j {
			if r = search(b[i:j], sub); r >= 0 {
				r += i
			}
		}
		if r < 0 && raise {
			return Value{}, ValueErrorf(t, "subsection not found")
		}
		return Int(int64(r)), nil
	}}
}

// findBounds resolves the optional bounds of find and its relatives; i > j means that nothing is found, not even the
// empty string.
func findBounds(t *Thread, lo, hi Value, n int) (i, j int, err *Exception) {
	if i, err = sliceIndex(t, lo, 0); err != nil {
		return
	}
	if j, err = sliceIndex(t, hi, n); err != nil {
		return
	}
	if i < 0 {
		i = max(0, i+n)
	}
	return i, clampBound(j, n), nil
}

func bytesCount(t *Thread, a []Value) (Value, *Exception) {
	b := selfBytes(a)
	i, j, e := findBounds(t, a[2], a[3], len(b))
	if e != nil {
		return Value{}, e
	}
	sub, e := needle(t, a[1])
	if e != nil || i > j {
		return Int(0), e
	}
	if len(sub) == 0 {
		return Int(int64(j - i + 1)), nil
	}
	return Int(int64(bytes.Count(b[i:j], sub))), nil
}

// bytesAffix makes startswith and endswith.
func bytesAffix(name string, test func(s, x []byte) bool) Method {
	return Method{Sig: name + "(self, prefix, start=None, end=None, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		b := selfBytes(a)
		i, j, e := findBounds(t, a[2], a[3], len(b))
		if e != nil {
			return Value{}, e
		}
		list := []Value{a[1]}
		if IsTuple(a[1]) {
			list = As[Tuple](a[1]).Items
		}
		for _, x := range list {
			p, ok := bufferBytes(t, x)
			if !ok {
				if IsTuple(a[1]) {
					return Value{}, TypeErrorf(t, "a bytes-like object is required, not '%s'", x.Type().Name)
				}
				return Value{}, TypeErrorf(t, "%s first arg must be bytes or a tuple of bytes, not %s", name, x.Type().Name)
			}
			if i <= j && test(b[i:j], p) {
				return True, nil
			}
		}
		return False, nil
	}}
}

// bytesStrip makes strip, lstrip and rstrip.
func bytesStrip(name string, left, right bool) Method {
	return Method{Sig: name + "(self, bytes=None, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		b := selfBytes(a)
		drop := isAsciiSpace
		if !a[1].IsNone() {
			set, e := BufferBytes(t, a[1])
			if e != nil {
				return Value{}, e
			}
			drop = func(c byte) bool { return bytes.IndexByte(set, c) >= 0 }
		}
		i, j := 0, len(b)
		for left && i < j && drop(b[i]) {
			i++
		}
		for right && j > i && drop(b[j-1]) {
			j--
		}
		return likeSelf(a[0], slices.Clone(b[i:j])), nil
	}}
}

func bytesList(self Value, parts [][]byte) Value {
	out := make([]Value, len(parts))
	for i, p := range parts {
		out[i] = likeSelf(self, slices.Clone(p))
	}
	return NewList(out)
}

// bytesSplit makes split and rsplit.
func bytesSplit(name string, reverse bool) Method {
	return Method{Sig: name + "(self, /, sep=None, maxsplit=-1)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		b := selfBytes(a)
		n, e := ToInt(t, a[2])
		if e != nil {
			return Value{}, e
		}
		if e := t.Charge(len(b)); e != nil {
			return Value{}, e
		}
		if a[1].IsNone() {
			return bytesList(a[0], splitBlanks(b, n, reverse)), nil
		}
		sep, e := BufferBytes(t, a[1])
		if e != nil {
			return Value{}, e
		}
		if len(sep) == 0 {
			return Value{}, ValueErrorf(t, "empty separator")
		}
		return bytesList(a[0], splitSep(b, sep, n, reverse)), nil
	}}
}

func splitSep(b, sep []byte, n int, reverse bool) [][]byte {
	var out [][]byte
	for n != 0 {
		i := 0
		if reverse {
			i = bytes.LastIndex(b, sep)
		} else {
			i = bytes.Index(b, sep)
		}
		if i < 0 {
			break
		}
		if reverse {
			out = append(out, b[i+len(sep):])
			b = b[:i]
		} else {
			out = append(out, b[:i])
			b = b[i+len(sep):]
		}
		n--
	}
	out = append(out, b)
	if reverse {
		slices.Reverse(out)
	}
	return out
}

func splitBlanks(b []byte, n int, reverse bool) [][]byte {
	var out [][]byte
	if reverse {
		for {
			b = bytes.TrimRightFunc(b, func(r rune) bool { return r < 128 && isAsciiSpace(byte(r)) })
			if len(b) == 0 {
				break
			}
			i := len(b)
			for n != 0 && i > 0 && !isAsciiSpace(b[i-1]) {
				i--
			}
			if n == 0 { // the blanks at the far end stay
				out = append(out, b)
				break
			}
			out = append(out, b[i:])
			b = b[:i]
			n--
		}
		slices.Reverse(out)
		return out
	}
	for {
		i := 0
		for i < len(b) && isAsciiSpace(b[i]) {
			i++
		}
		b = b[i:]
		if len(b) == 0 {
			return out
		}
		if n == 0 {
			return append(out, b)
		}
		i = 0
		for i < len(b) && !isAsciiSpace(b[i]) {
			i++
		}
		out = append(out, b[:i])
		b = b[i:]
		n--
	}
}

func bytesSplitlines(t *Thread, a []Value) (Value, *Exception) {
	keep, e := Truth(t, a[1])
	if e != nil {
		return Value{}, e
	}
	b := selfBytes(a)
	var out [][]byte
	for len(b) > 0 {
		i := bytes.IndexAny(b, "\r\n")
		if i < 0 {
			out = append(out, b)
			break
		}
		end := i + 1
		if b[i] == '\r' && end < len(b) && b[end] == '\n' {
			end++
		}
		if keep {
			i = end
		}
		out = append(out, b[:i])
		b = b[end:]
	}
	return bytesList(a[0], out), t.Charge(len(selfBytes(a)))
}

func bytesJoin(t *Thread, a []Value) (Value, *Exception) {
	items, e := joinable(t, a[1])
	if e != nil {
		return Value{}, e
	}
	parts := make([][]byte, len(items))
	size := 0
	for i, x := range items {
		b, ok := bufferBytes(t, x)
		if !ok {
			return Value{}, TypeErrorf(t, "sequence item %d: expected a bytes-like object, %s found", i, x.Type().Name)
		}
		parts[i] = b
		size += len(b)
	}
	if e := t.Charge(size); e != nil {
		return Value{}, e
	}
	return likeSelf(a[0], bytes.Join(parts, selfBytes(a))), nil
}

// bytesPartition makes partition and rpartition.
func bytesPartition(name string, last bool) Method {
	return Method{Sig: name + "(self, sep, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		b := selfBytes(a)
		sep, e := BufferBytes(t, a[1])
		if e != nil {
			return Value{}, e
		}
		if len(sep) == 0 {
			return Value{}, ValueErrorf(t, "empty separator")
		}
		like := func(x []byte) Value { return likeSelf(a[0], slices.Clone(x)) }
		i := bytes.Index(b, sep)
		if last {
			i = bytes.LastIndex(b, sep)
		}
		switch {
		case i >= 0:
			return TupleOf(like(b[:i]), like(sep), like(b[i+len(sep):])), nil
		case last:
			return TupleOf(like(nil), like(nil), like(b)), nil
		}
		return TupleOf(like(b), like(nil), like(nil)), nil
	}}
}

func bytesReplace(t *Thread, a []Value) (Value, *Exception) {
	b := selfBytes(a)
	old, e := BufferBytes(t, a[1])
	if e != nil {
		return Value{}, e
	}
	neu, e := BufferBytes(t, a[2])
	if e != nil {
		return Value{}, e
	}
	n, e := ToInt(t, a[3])
	if e != nil {
		return Value{}, e
	}
	if n < 0 {
		n = -1
	}
	if len(old) == 0 { // Go counts code points here, Python bytes
		return likeSelf(a[0], interleave(b, neu, n)), t.Charge(len(b) * (len(neu) + 1))
	}
	out := bytes.Replace(b, old, neu, n)
	return likeSelf(a[0], out), t.Charge(len(out))
}

func interleave(b, sep []byte, n int) []byte {
	var out []byte
	for i := 0; i <= len(b); i++ {
		if n != 0 {
			out = append(out, sep...)
			n--
		}
		if i < len(b) {
			out = append(out, b[i])
		}
	}
	return out
}

// bytesPad makes center, ljust and rjust.
func bytesPad(name string, left func(pad, width int) int) Method {
	return Method{Sig: name + "(self, width, fillchar=<absent>, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		b := selfBytes(a)
		width, e := ToInt(t, a[1])
		if e != nil {
			return Value{}, e
		}
		fill := []byte{' '}
		if a[2].Ref != nil {
			f, ok := BytesOf(a[2])
			if !ok || len(f) != 1 {
				if ok {
					return Value{}, TypeErrorf(t, "%s() argument 2 must be a byte string of length 1, not %s", name, ArgTypeName(a[2]))
				}
				return Value{}, TypeErrorf(t, "%s() argument 2 must be a byte string of length 1, not %s", name, ArgTypeName(a[2]))
			}
			fill = f
		}
		pad := width - len(b)
		if pad <= 0 {
			return likeSelf(a[0], slices.Clone(b)), nil
		}
		if e := t.Charge(min(width, maxAlloc)); e != nil || width > maxAlloc {
			return Value{}, NewException(t, &MemoryErrorType)
		}
		l := left(pad, width)
		return likeSelf(a[0], slices.Concat(bytes.Repeat(fill, l), b, bytes.Repeat(fill, pad-l))), nil
	}}
}

// centerLeft is where str.center and bytes.center put the odd blank.
func centerLeft(pad, width int) int { return pad/2 + pad&width&1 }

func bytesZfill(t *Thread, a []Value) (Value, *Exception) {
	b := selfBytes(a)
	width, e := ToInt(t, a[1])
	if e != nil {
		return Value{}, e
	}
	pad := width - len(b)
	if pad <= 0 {
		return likeSelf(a[0], slices.Clone(b)), nil
	}
	if width > maxAlloc {
		return Value{}, NewException(t, &MemoryErrorType)
	}
	out := append(bytes.Repeat([]byte{'0'}, pad), b...)
	if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
		out[0], out[pad] = b[0], '0'
	}
	return likeSelf(a[0], out), t.Charge(width)
}

func bytesExpandtabs(t *Thread, a []Value) (Value, *Exception) {
	size, e := AsCInt(t, a[1])
	if e != nil {
		return Value{}, e
	}
	var out []byte
	col := 0
	for _, c := range selfBytes(a) {
		switch c {
		case '\t':
			if size > 0 {
				n := size - col%size
				out = append(out, bytes.Repeat([]byte{' '}, n)...)
				col += n
			}
			continue
		case '\n', '\r':
			col = -1
		}
		col++
		out = append(out, c)
	}
	return likeSelf(a[0], out), t.Charge(len(out))
}

func bytesTranslate(t *Thread, a []Value) (Value, *Exception) {
	var table, del []byte
	var e *Exception
	if !a[1].IsNone() {
		if table, e = BufferBytes(t, a[1]); e != nil {
			return Value{}, e
		}
		if len(table) != 256 {
			return Value{}, ValueErrorf(t, "translation table must be 256 characters long")
		}
	}
	if a[2].Ref != nil {
		if del, e = BufferBytes(t, a[2]); e != nil {
			return Value{}, e
		}
	}
	var drop [256]bool
	for _, c := range del {
		drop[c] = true
	}
	var out []byte
	for _, c := range selfBytes(a) {
		if drop[c] {
			continue
		}
		if table != nil {
			c = table[c]
		}
		out = append(out, c)
	}
	return likeSelf(a[0], out), t.Charge(len(out))
}

func bytesMaketrans(t *Thread, a []Value) (Value, *Exception) {
	from, e := BufferBytes(t, a[0])
	if e != nil {
		return Value{}, e
	}
	to, e := BufferBytes(t, a[1])
	if e != nil {
		return Value{}, e
	}
	if len(from) != len(to) {
		return Value{}, ValueErrorf(t, "maketrans arguments must have same length")
	}
	out := make([]byte, 256)
	for i := range out {
		out[i] = byte(i)
	}
	for i, c := range from {
		out[c] = to[i]
	}
	return BytesVal(out), nil
}

func bytesRemoveAffix(name string, cut func(s, x []byte) []byte) Method {
	return Method{Sig: name + "(self, affix, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
		x, e := BufferBytes(t, a[1])
		if e != nil {
			return Value{}, e
		}
		return likeSelf(a[0], slices.Clone(cut(selfBytes(a), x))), nil
	}}
}

func bytesIstitle(t *Thread, a []Value) (Value, *Exception) {
	cased, any := false, false
	for _, c := range selfBytes(a) {
		switch {
		case isAsciiUpper(c):
			if cased {
				return False, nil
			}
			cased, any = true, true
		case isAsciiLower(c):
			if !cased {
				return False, nil
			}
		default:
			cased = false
		}
	}
	return Bool(any), nil
}

// HexBytes is bytes.hex(sep, bytes_per_sep).
func HexBytes(t *Thread, b []byte, sep, per Value) (Value, *Exception) {
	const digits = "0123456789abcdef"
	n, e := AsCInt(t, per)
	if e != nil {
		return Value{}, e
	}
	s := byte(0)
	if sep.Ref != nil {
		if s, e = hexSep(t, sep); e != nil {
			return Value{}, e
		}
	} else {
		n = 0
	}
	out := make([]byte, 0, 2*len(b))
	for i, c := range b {
		if i > 0 && (n > 0 && (len(b)-i)%n == 0 || n < 0 && i%-n == 0) {
			out = append(out, s)
		}
		out = append(out, digits[c>>4], digits[c&15])
	}
	return ChargedStr(t, string(out))
}

func hexSep(t *Thread, sep Value) (byte, *Exception) {
	n, e := Len(t, sep)
	if e != nil {
		return 0, e
	}
	if n != 1 {
		return 0, ValueErrorf(t, "sep must be length 1.")
	}
	if IsStr(sep) {
		c := As[Str](sep).At(0)
		if c > 127 {
			return 0, ValueErrorf(t, "sep must be ASCII.")
		}
		return byte(c), nil
	}
	b, ok := BytesOf(sep)
	if !ok {
		return 0, TypeErrorf(t, "sep must be str or bytes.")
	}
	if b[0] > 127 {
		return 0, ValueErrorf(t, "sep must be ASCII.")
	}
	return b[0], nil
}

func bytesFromHex(t *Thread, a []Value) (Value, *Exception) {
	if !IsStr(a[1]) {
		return Value{}, TypeErrorf(t, "fromhex() argument must be str, not %s", ArgTypeName(a[1]))
	}
	s := As[Str](a[1])
	var out []byte
	bad := func(i int) (Value, *Exception) {
		return Value{}, ValueErrorf(t, "non-hexadecimal number found in fromhex() arg at position %d", s.IndexOf(i))
	}
	for i := 0; i < len(s.S); {
		if isAsciiSpace(s.S[i]) {
			i++
			continue
		}
		hi := hexDigit(s.S[i])
		if hi < 0 {
			return bad(i)
		}
		if i+1 >= len(s.S) {
			return bad(i + 1)
		}
		lo := hexDigit(s.S[i+1])
		if lo < 0 {
			return bad(i + 1)
		}
		out = append(out, byte(hi<<4|lo))
		i += 2
	}
	tp := As[Type](a[0])
	if tp.Flags&FByteArray != 0 {
		if tp == &ByteArrayType {
			return NewByteArray(out), nil
		}
		return Call(t, a[0], BytesVal(out))
	}
	if tp == &BytesType {
		return BytesVal(out), nil
	}
	return Call(t, a[0], BytesVal(out))
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func bytesDecode(t *Thread, a []Value) (Value, *Exception) {
	for i, name := range []string{"encoding", "errors"} {
		if !IsStr(a[i+1]) {
			return Value{}, TypeErrorf(t, "decode() argument '%s' must be str, not %s", name, ArgTypeName(a[i+1]))
		}
		if e := noNull(t, a[i+1]); e != nil {
			return Value{}, e
		}
	}
	return DecodeBytes(t, selfBytes(a), StrText(a[1]), StrText(a[2]), a[0])
}

func bytesMethods() []Method {
	return []Method{
		{Sig: "__buffer__(self, flags, /)", Fn: getBufferMethod},
		bytesAll("isalnum", func(c byte) bool { return isAsciiAlpha(c) || isAsciiDigit(c) }),
		bytesAll("isalpha", isAsciiAlpha), bytesAll("isdigit", isAsciiDigit), bytesAll("isspace", isAsciiSpace),
		bytesCase("islower", isAsciiLower, isAsciiUpper), bytesCase("isupper", isAsciiUpper, isAsciiLower),
		{Sig: "isascii(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			return Bool(!slices.ContainsFunc(selfBytes(a), func(c byte) bool { return c > 127 })), nil
		}},
		{Sig: "istitle(self, /)", Fn: bytesIstitle},
		bytesMap("lower", func(c byte, _ bool, _ int) byte { return asciiLower(c) }),
		bytesMap("upper", func(c byte, _ bool, _ int) byte { return asciiUpper(c) }),
		bytesMap("swapcase", func(c byte, _ bool, _ int) byte {
			if isAsciiUpper(c) {
				return c + 32
			}
			return asciiUpper(c)
		}),
		bytesMap("title", func(c byte, start bool, _ int) byte {
			if start {
				return asciiUpper(c)
			}
			return asciiLower(c)
		}),
		bytesMap("capitalize", func(c byte, _ bool, i int) byte {
			if i == 0 {
				return asciiUpper(c)
			}
			return asciiLower(c)
		}),
		bytesFind("find", bytes.Index, false), bytesFind("rfind", bytes.LastIndex, false),
		bytesFind("index", bytes.Index, true), bytesFind("rindex", bytes.LastIndex, true),
		{Sig: "count(self, sub, start=None, end=None, /)", Fn: bytesCount},
		bytesAffix("startswith", bytes.HasPrefix), bytesAffix("endswith", bytes.HasSuffix),
		bytesRemoveAffix("removeprefix", bytes.TrimPrefix), bytesRemoveAffix("removesuffix", bytes.TrimSuffix),
		bytesStrip("strip", true, true), bytesStrip("lstrip", true, false), bytesStrip("rstrip", false, true),
		bytesSplit("split", false), bytesSplit("rsplit", true),
		{Sig: "splitlines(self, /, keepends=False)", Fn: bytesSplitlines},
		{Sig: "join(self, iterable_of_bytes, /)", Fn: bytesJoin},
		bytesPartition("partition", false), bytesPartition("rpartition", true),
		{Sig: "replace(self, old, new, count=-1, /)", Fn: bytesReplace},
		bytesPad("center", centerLeft), bytesPad("ljust", func(int, int) int { return 0 }),
		bytesPad("rjust", func(pad, _ int) int { return pad }),
		{Sig: "zfill(self, width, /)", Fn: bytesZfill},
		{Sig: "expandtabs(self, /, tabsize=8)", Fn: bytesExpandtabs},
		{Sig: "translate(self, table, /, delete=<absent>)", Fn: bytesTranslate},
		{Sig: "maketrans(frm, to, /)", Fn: bytesMaketrans, Kind: StaticMethod},
		{Sig: "hex(self, /, sep=<absent>, bytes_per_sep=1)", Fn: func(t *Thread, a []Value) (Value, *Exception) { return HexBytes(t, selfBytes(a), a[1], a[2]) }},
		{Sig: "fromhex(type, string, /)", Fn: bytesFromHex, Kind: ClassMethod},
		{Sig: "decode(self, /, encoding='utf-8', errors='strict')", Fn: bytesDecode},
	}
}
