package object

import (
	"bytes"
	"unsafe"
)

// The hash table under dict and set.
//
// Entries stand in an array in the order of insertion; a removed entry has no key. Up to eight entries are searched
// linearly by hash; beyond that, index is an open-addressing table (linear probing, multiplicative hashing) of entry
// numbers plus one, 0 for free and -1 for removed. The index has at least 3/2 as many places as entries, so that a free place
// always ends a search.
//
// Comparing keys may run Python code, which may change the table. Every structural change bumps mut; a search that
// sees another mut after a comparison starts again.

type entry struct {
	key, val Value
	hash     int64
}

type table struct {
	entries []entry
	index   []int32
	live    int
	// KeyVer is 0, or a number that stays the same as long as no key comes, goes or moves: inline caches remember it
	// with an entry's position.
	KeyVer  uint64
	mut     uint32 // bumped by every change of the set of keys
	general bool   // some key is not exactly str
}

// changed notes a change of the set of keys.
func (d *table) changed() {
	d.mut++
	d.KeyVer = 0
}

const (
	smallTable = 8
	freePlace  = 0
	deadPlace  = -1
)

// exactStr says whether v is exactly a str.
func exactStr(v Value) bool { return v.Shape() == &StrType.Root }

// probe walks over the places where a hash may be: the hash's own first, so that numbers in a row are neighbours, then, as
// CPython does it (Objects/dictobject.c, "Major subtleties"), ever more of the higher bits come in, and in the end every place is visited.
type probe struct{ place, perturb, mask uint64 }

func (d *table) probe(hash int64) probe {
	mask := uint64(len(d.index) - 1)
	return probe{uint64(hash) & mask, uint64(hash), mask}
}

func (p *probe) next() {
	p.perturb >>= 5
	p.place = (p.place*5 + p.perturb + 1) & p.mask
}

// findStr gives the number of the entry with the key, or -1. All keys are str, or an equal one of another type would
// have to be asked: then it falls back to find.
func (d *table) findStr(key *Str) int {
	hash := key.HashOf()
	if d.index == nil {
		for i := range d.entries {
			e := &d.entries[i]
			if e.hash == hash && e.key.Ref != nil && (e.key.Ref == unsafe.Pointer(key) || sameStr(e.key, key)) {
				return i
			}
		}
		return -1
	}
	for p := d.probe(hash); ; p.next() {
		n := d.index[p.place]
		if n == freePlace {
			return -1
		}
		if n < 0 {
			continue
		}
		e := &d.entries[n-1]
		if e.hash == hash && (e.key.Ref == unsafe.Pointer(key) || sameStr(e.key, key)) {
			return int(n - 1)
		}
	}
}

// sameStr compares the text of a key that is a str (of any class) with key.
func sameStr(k Value, key *Str) bool {
	return IsStr(k) && As[Str](k).S == key.S
}

// sameKey decides equality without running Python code where it can.
func sameKey(a, b Value) (equal, known bool) {
	if a.Ref == b.Ref && a.Bits == b.Bits {
		return true, true
	}
	sa, sb := a.Shape(), b.Shape()
	if sa == sb {
		switch sa {
		case &StrType.Root:
			return As[Str](a).S == As[Str](b).S, true
		case &BytesType.Root:
			return bytes.Equal(As[Bytes](a).B, As[Bytes](b).B), true
		case IntTag.Shape:
			if a.IsInt() && b.IsInt() {
				return false, true
			}
		}
	}
	return false, false
}

// find gives the number of the entry with the key, or -1.
func (d *table) find(t *Thread, key Value, hash int64) (int, *Exception) {
	if !d.general && exactStr(key) {
		return d.findStr(As[Str](key)), nil
	}
	if d.index == nil {
		return d.findSmall(t, key, hash)
	}
	for p := d.probe(hash); ; p.next() {
		n := d.index[p.place]
		if n == freePlace {
			return -1, nil
		}
		if n < 0 || d.entries[n-1].hash != hash {
			continue
		}
		k := d.entries[n-1].key
		eq, known := sameKey(k, key)
		if !known {
			mut := d.mut
			var e *Exception
			if eq, e = Equal(t, k, key); e != nil {
				return -1, e
			}
			if d.mut != mut {
				return d.find(t, key, hash)
			}
		}
		if eq {
			return int(n - 1), nil
		}
	}
}

func (d *table) findSmall(t *Thread, key Value, hash int64) (int, *Exception) {
	for i := range d.entries {
		x := &d.entries[i]
		if x.hash != hash || x.key.Ref == nil {
			continue
		}
		eq, known := sameKey(x.key, key)
		if !known {
			mut := d.mut
			var e *Exception
			if eq, e = Equal(t, x.key, key); e != nil {
				return -1, e
			}
			if d.mut != mut {
				return d.find(t, key, hash)
			}
		}
		if eq {
			return i, nil
		}
	}
	return -1, nil
}

// insert appends an entry whose key is known to be absent.
func (d *table) insert(t *Thread, key, val Value, hash int64) *Exception {
	if len(d.entries) == cap(d.entries) || d.index != nil && len(d.entries)*3 >= len(d.index)*2 {
		if e := d.grow(t); e != nil {
			return e
		}
	}
	d.entries = append(d.entries, entry{key, val, hash})
	d.live++
	d.changed()
	if !d.general && !exactStr(key) {
		d.general = true
	}
	if d.index != nil {
		d.addIndex(hash, len(d.entries))
	} else if len(d.entries) > smallTable {
		d.reindex()
	}
	return nil
}

func (d *table) addIndex(hash int64, n int) {
	p := d.probe(hash)
	for d.index[p.place] > 0 {
		p.next()
	}
	d.index[p.place] = int32(n)
}

// grow makes room for at least one more entry and drops removed entries.
func (d *table) grow(t *Thread) *Exception {
	n := max(d.live*2, 4)
	if d.live > 1<<16 {
		n = d.live + d.live/2
	}
	if e := t.Charge(n * int(unsafe.Sizeof(entry{})+8)); e != nil {
		return e
	}
	d.resize(n)
	return nil
}

func (d *table) resize(n int) {
	entries := make([]entry, 0, n)
	for i := range d.entries {
		if d.entries[i].key.Ref != nil {
			entries = append(entries, d.entries[i])
		}
	}
	if len(entries) != len(d.entries) {
		d.changed()
	}
	d.entries, d.KeyVer = entries, 0 // the entries move
	d.index = nil
	if n > smallTable {
		d.reindex()
	}
}

func (d *table) reindex() {
	size := 16
	for size*2 < cap(d.entries)*3+3 {
		size *= 2
	}
	d.index = make([]int32, size)
	for i := range d.entries {
		if d.entries[i].key.Ref != nil {
			d.addIndex(d.entries[i].hash, i+1)
		}
	}
}

// remove deletes entry i.
func (d *table) remove(i int) {
	hash := d.entries[i].hash
	if d.index != nil {
		p := d.probe(hash)
		for d.index[p.place] != int32(i+1) {
			p.next()
		}
		d.index[p.place] = deadPlace
	}
	d.entries[i] = entry{}
	d.live--
	d.changed()
	if i == len(d.entries)-1 { // keep popitem and stacks of keys compact
		n := i
		for n > 0 && d.entries[n-1].key.Ref == nil {
			n--
		}
		d.entries = d.entries[:n]
		if d.live == 0 && d.index != nil {
			d.index = nil
		}
	}
}

func (d *table) clear() {
	d.entries, d.index, d.live, d.general = nil, nil, 0, false
	d.changed()
}

// put sets key to val, keeping the present key if there is an equal one.
func (d *table) put(t *Thread, key, val Value, hash int64) *Exception {
	i, e := d.find(t, key, hash)
	if e != nil {
		return e
	}
	if i >= 0 {
		Set(&d.entries[i].val, val)
		return nil
	}
	return d.insert(t, key, val, hash)
}

// next gives the first entry from *pos on and moves pos behind it.
func (d *table) next(pos *int) *entry {
	for *pos < len(d.entries) {
		e := &d.entries[*pos]
		*pos++
		if e.key.Ref != nil {
			return e
		}
	}
	return nil
}

// prev gives the last entry before *pos and moves pos to it.
func (d *table) prev(pos *int) *entry {
	*pos = min(*pos, len(d.entries))
	for *pos > 0 {
		*pos--
		if e := &d.entries[*pos]; e.key.Ref != nil {
			return e
		}
	}
	return nil
}

// copyFrom makes d an independent copy of s.
func (d *table) copyFrom(t *Thread, s *table) *Exception {
	if e := t.Charge(s.live * int(unsafe.Sizeof(entry{})+8)); e != nil {
		return e
	}
	mut := d.mut + 1
	*d = table{entries: s.entries, live: s.live, general: s.general, mut: mut}
	d.resize(max(s.live, 1))
	return nil
}

// hashKey is Hash with fast paths for what keys usually are.
func hashKey(t *Thread, key Value) (int64, *Exception) {
	if exactStr(key) {
		return As[Str](key).HashOf(), nil
	}
	if key.IsInt() && int64(key.Bits) >= 0 && key.Bits < 1<<61-1 {
		return int64(key.Bits), nil
	}
	return Hash(t, key)
}
