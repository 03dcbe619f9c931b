// Package rt holds the run-time helpers that lowered Go code calls where the
// Go compiler calls its runtime or assembly: string comparison and
// concatenation, searching for bytes. They are ordinary Go in the generator's
// subset: jitgen lowers them like any other function, so that they can be
// inlined and specialised. They are never called from Go itself.
package rt

import "unsafe"

func word(p unsafe.Pointer, i int) uint64 { return *(*uint64)(unsafe.Add(p, i)) }

func byteAt(p unsafe.Pointer, i int) byte { return *(*byte)(unsafe.Add(p, i)) }

// MemEq reports whether n bytes at two addresses are equal.
func MemEq(p, q unsafe.Pointer, n int) bool {
	if p == q {
		return true
	}
	i := 0
	for ; i+8 <= n; i += 8 {
		if word(p, i) != word(q, i) {
			return false
		}
	}
	for ; i < n; i++ {
		if byteAt(p, i) != byteAt(q, i) {
			return false
		}
	}
	return true
}

// StringEq is a == b.
func StringEq(a, b string) bool {
	return len(a) == len(b) && MemEq(unsafe.Pointer(unsafe.StringData(a)), unsafe.Pointer(unsafe.StringData(b)), len(a))
}

// BytesEq is bytes.Equal.
func BytesEq(a, b []byte) bool {
	return len(a) == len(b) && MemEq(unsafe.Pointer(unsafe.SliceData(a)), unsafe.Pointer(unsafe.SliceData(b)), len(a))
}

// StringCompare is negative, 0 or positive as a is less than, equal to or greater than b.
func StringCompare(a, b string) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		if a[i] != b[i] {
			if a[i] < b[i] {
				return -1
			}
			return 1
		}
	}
	return order(len(a), len(b))
}

// BytesCompare is bytes.Compare.
func BytesCompare(a, b []byte) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		if a[i] != b[i] {
			if a[i] < b[i] {
				return -1
			}
			return 1
		}
	}
	return order(len(a), len(b))
}

func order(a, b int) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// StringLess is a < b.
func StringLess(a, b string) bool { return StringCompare(a, b) < 0 }

// Concat is a + b.
func Concat(a, b string) string {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	buf := make([]byte, len(a)+len(b))
	copy(buf, a)
	copy(buf[len(a):], b)
	return unsafe.String(unsafe.SliceData(buf), len(buf))
}

// StringOf is string(b).
func StringOf(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	buf := make([]byte, len(b))
	copy(buf, b)
	return unsafe.String(unsafe.SliceData(buf), len(buf))
}

// BytesOf is []byte(s).
func BytesOf(s string) []byte {
	buf := make([]byte, len(s))
	copy(buf, s)
	return buf
}

// IndexByteString is strings.IndexByte.
func IndexByteString(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// IndexByte is bytes.IndexByte.
func IndexByte(s []byte, c byte) int {
	for i := range s {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// CountString counts the bytes c in s.
func CountString(s string, c byte) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			n++
		}
	}
	return n
}

// Count counts the bytes c in s.
func Count(s []byte, c byte) int {
	n := 0
	for i := range s {
		if s[i] == c {
			n++
		}
	}
	return n
}

// IndexString is the first position of b in a, or -1: internal/bytealg's Index on strings.
func IndexString(a, b string) int {
	for i := 0; i+len(b) <= len(a); i++ {
		if StringEq(a[i:i+len(b)], b) {
			return i
		}
	}
	return -1
}

// Index is the first position of b in a, or -1.
func Index(a, b []byte) int {
	for i := 0; i+len(b) <= len(a); i++ {
		if BytesEq(a[i:i+len(b)], b) {
			return i
		}
	}
	return -1
}

// MakeNoZero is a fresh slice; its contents do not matter.
func MakeNoZero(n int) []byte { return make([]byte, n) }
