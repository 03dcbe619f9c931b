// Package hashes is the native module _martlet_hash below hashlib: MD5, SHA-1, SHA-2, SHA-3 from Go's library.
package hashes

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"

	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// digests are the algorithms by their names in hashlib.
var digests = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
	"sha3_224": func() hash.Hash { return sha3.New224() }, "sha3_256": func() hash.Hash { return sha3.New256() },
	"sha3_384": func() hash.Hash { return sha3.New384() }, "sha3_512": func() hash.Hash { return sha3.New512() },
}

func algorithm(t *thread, v value) (func() hash.Hash, *exc) {
	if object.IsStr(v) {
		if f, ok := digests[object.StrText(v)]; ok {
			return f, nil
		}
		return nil, object.ValueErrorf(t, "unsupported hash type %s", object.StrText(v))
	}
	return nil, object.TypeErrorf(t, "name must be a string")
}

// digest is digest(name, data): the hash of the whole data.
func digest(t *thread, a []value) (value, *exc) {
	f, e := algorithm(t, a[0])
	if e != nil {
		return value{}, e
	}
	data, e := object.BufferBytes(t, a[1])
	if e != nil {
		return value{}, e
	}
	h := f()
	h.Write(data)
	return object.BytesVal(h.Sum(nil)), nil
}

func sizes(t *thread, a []value) (value, *exc) {
	f, e := algorithm(t, a[0])
	if e != nil {
		return value{}, e
	}
	h := f()
	return object.NewTuple([]value{object.Int(int64(h.Size())), object.Int(int64(h.BlockSize()))}), nil
}

// shake is shake(bits, data, length): SHAKE128 or SHAKE256.
func shake(t *thread, a []value) (value, *exc) {
	bits, e := object.ToInt(t, a[0])
	if e != nil {
		return value{}, e
	}
	data, e := object.BufferBytes(t, a[1])
	if e != nil {
		return value{}, e
	}
	n, e := object.ToInt(t, a[2])
	if e != nil {
		return value{}, e
	}
	if n < 0 {
		return value{}, object.ValueErrorf(t, "value must be positive")
	}
	if e := t.Charge(n); e != nil {
		return value{}, e
	}
	if bits == 128 {
		return object.BytesVal(sha3.SumSHAKE128(data, n)), nil
	}
	return object.BytesVal(sha3.SumSHAKE256(data, n)), nil
}

func compare(t *thread, a []value) (value, *exc) {
	var b [2][]byte
	for i := range b {
		if object.IsStr(a[0]) && object.IsStr(a[1]) {
			b[i] = []byte(object.StrText(a[i]))
			continue
		}
		var e *exc
		if b[i], e = object.BufferBytes(t, a[i]); e != nil {
			return value{}, e
		}
	}
	return object.Bool(hmac.Equal(b[0], b[1])), nil
}

var functions = []object.Method{
	{Sig: "digest(name, data, /)", Fn: digest},
	{Sig: "sizes(name, /)", Fn: sizes},
	{Sig: "shake(bits, data, length, /)", Fn: shake},
	{Sig: "compare_digest(a, b, /)", Fn: compare},
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	m.Define(t, functions)
	return nil
}
