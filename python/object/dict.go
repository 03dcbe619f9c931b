package object

// DictType is dict.
var DictType Type

// Dict is an ordered hash table: entries in insertion order, found through an open-addressing index. Deleted entries
// keep their place with Key.Ref == nil until the next resize. Small tables have no index and are scanned.
//
// KeyVer is 0, or a number that stays the same as long as no key comes, goes or moves: inline caches remember it together
// with an entry's position.
type Dict struct {
	Object
	entries []DictEntry
	index   []int32 // entry number + 1; 0 empty, -1 deleted
	used    int
	KeyVer  uint64
}

// DictEntry is a key with its value.
type DictEntry struct {
	Hash     int64
	Key, Val Value
}

const dictSmall = 8

// NewDict makes an empty dict.
func NewDict() *Dict { return &Dict{Object: Object{&DictType.Root}} }

// Len is the number of keys.
func (d *Dict) Len() int { return d.used }

// Entry gives the address of entry i's value; for inline caches whose KeyVer matched.
func (d *Dict) Entry(i int) *Value { return &d.entries[i].Val }

// Version gives KeyVer, assigning one if needed.
func (d *Dict) Version(t *Thread) uint64 {
	if d.KeyVer == 0 {
		d.KeyVer = t.Interp.nextVersion()
	}
	return d.KeyVer
}

// Next iterates in order: start with *pos == 0.
func (d *Dict) Next(pos *int) (k, v Value, ok bool) {
	for *pos < len(d.entries) {
		e := &d.entries[*pos]
		*pos++
		if e.Key.Ref != nil {
			return e.Key, e.Val, true
		}
	}
	return Value{}, Value{}, false
}

// Keys lists the keys.
func (d *Dict) Keys() []Value {
	out := make([]Value, 0, d.used)
	for i := range d.entries {
		if d.entries[i].Key.Ref != nil {
			out = append(out, d.entries[i].Key)
		}
	}
	return out
}

// FindStr gives the entry number of a string key, or -1.
func (d *Dict) FindStr(name *Str) int {
	if d.index == nil {
		for i := range d.entries {
			if d.entries[i].Key.Ref == Obj(name).Ref {
				return i
			}
		}
	}
	h := name.HashOf()
	if d.index == nil {
		for i := range d.entries {
			if e := &d.entries[i]; e.Hash == h && e.isStr(name.S) {
				return i
			}
		}
		return -1
	}
	mask := len(d.index) - 1
	for p := int(uint64(h)>>7) & mask; ; p = (p + 1) & mask {
		x := d.index[p]
		if x == 0 {
			return -1
		}
		if x > 0 {
			if e := &d.entries[x-1]; e.Key.Ref == Obj(name).Ref || e.Hash == h && e.isStr(name.S) {
				return int(x - 1)
			}
		}
	}
}

func (e *DictEntry) isStr(s string) bool {
	return e.Key.Ref != nil && e.Key.Type().Flags&FStr != 0 && As[Str](e.Key).S == s
}

// GetStr gives the value of a string key; Ref nil when absent.
func (d *Dict) GetStr(name *Str) Value {
	if i := d.FindStr(name); i >= 0 {
		return d.entries[i].Val
	}
	return Value{}
}

// HasStr says whether a string key is there.
func (d *Dict) HasStr(name *Str) bool { return d.FindStr(name) >= 0 }

// SetStr sets a string key; t may be nil (not charged).
func (d *Dict) SetStr(t *Thread, name *Str, v Value) *Exception {
	if i := d.FindStr(name); i >= 0 {
		d.entries[i].Val = v
		return nil
	}
	return d.insert(t, name.HashOf(), Obj(name), v)
}

// DelStr deletes a string key and says whether it was there.
func (d *Dict) DelStr(name *Str) bool {
	i := d.FindStr(name)
	if i < 0 {
		return false
	}
	d.deleteEntry(i)
	return true
}

func (d *Dict) deleteEntry(i int) {
	e := &d.entries[i]
	if d.index != nil {
		mask := len(d.index) - 1
		for p := int(uint64(e.Hash)>>7) & mask; ; p = (p + 1) & mask {
			if d.index[p] == int32(i+1) {
				d.index[p] = -1
				break
			}
		}
	}
	*e = DictEntry{}
	d.used--
	d.KeyVer = 0
	if i == len(d.entries)-1 {
		d.entries = d.entries[:i]
	}
}

// insert appends a key that is not there.
func (d *Dict) insert(t *Thread, h int64, k, v Value) *Exception {
	if len(d.entries) == cap(d.entries) || d.index != nil && len(d.entries)*3 >= len(d.index)*2 {
		if e := d.grow(t); e != nil {
			return e
		}
	}
	d.entries = append(d.entries, DictEntry{h, k, v})
	d.used++
	d.KeyVer = 0
	if d.index != nil {
		d.link(len(d.entries) - 1)
	}
	return nil
}

func (d *Dict) link(i int) {
	mask := len(d.index) - 1
	p := int(uint64(d.entries[i].Hash)>>7) & mask
	for d.index[p] > 0 {
		p = (p + 1) & mask
	}
	d.index[p] = int32(i + 1)
}

// grow makes room for at least one more entry, dropping deleted ones.
func (d *Dict) grow(t *Thread) *Exception {
	n := max(4, d.used*2)
	if e := t.Charge(n * 44); e != nil {
		return e
	}
	old := d.entries
	d.entries = make([]DictEntry, 0, n)
	for i := range old {
		if old[i].Key.Ref != nil {
			d.entries = append(d.entries, old[i])
		}
	}
	d.index = nil
	if n > dictSmall {
		size := 16
		for size*2 < n*3+3 {
			size *= 2
		}
		d.index = make([]int32, size)
		for i := range d.entries {
			d.link(i)
		}
	}
	return nil
}

// find gives the entry of any key, or -1. It calls __eq__ and starts over when that changed the table.
func (d *Dict) find(t *Thread, h int64, k Value) (int, *Exception) {
	if k.Type() == &StrType {
		return d.FindStr(As[Str](k)), nil
	}
again:
	first := d.entries
	if d.index == nil {
		for i := range first {
			e := &d.entries[i]
			if e.Hash != h || e.Key.Ref == nil {
				continue
			}
			if Is(e.Key, k) {
				return i, nil
			}
			eq, err := Equal(t, e.Key, k)
			if err != nil {
				return -1, err
			}
			if d.changed(first) {
				goto again
			}
			if eq {
				return i, nil
			}
		}
		return -1, nil
	}
	mask := len(d.index) - 1
	for p := int(uint64(h)>>7) & mask; ; p = (p + 1) & mask {
		x := d.index[p]
		if x == 0 {
			return -1, nil
		}
		if x < 0 || d.entries[x-1].Hash != h {
			continue
		}
		if Is(d.entries[x-1].Key, k) {
			return int(x - 1), nil
		}
		eq, err := Equal(t, d.entries[x-1].Key, k)
		if err != nil {
			return -1, err
		}
		if d.changed(first) {
			goto again
		}
		if eq {
			return int(x - 1), nil
		}
	}
}

func (d *Dict) changed(first []DictEntry) bool {
	return len(first) != len(d.entries) || len(first) > 0 && &first[0] != &d.entries[0]
}

// Get gives the value of a key; Ref nil when absent.
func (d *Dict) Get(t *Thread, k Value) (Value, *Exception) {
	h, e := Hash(t, k)
	if e != nil {
		return Value{}, e
	}
	i, e := d.find(t, h, k)
	if i < 0 || e != nil {
		return Value{}, e
	}
	return d.entries[i].Val, nil
}

// Set sets a key.
func (d *Dict) Set(t *Thread, k, v Value) *Exception {
	h, e := Hash(t, k)
	if e != nil {
		return e
	}
	i, e := d.find(t, h, k)
	if e != nil {
		return e
	}
	if i >= 0 {
		d.entries[i].Val = v
		return nil
	}
	return d.insert(t, h, k, v)
}

// Del deletes a key and says whether it was there.
func (d *Dict) Del(t *Thread, k Value) (bool, *Exception) {
	h, e := Hash(t, k)
	if e != nil {
		return false, e
	}
	i, e := d.find(t, h, k)
	if i < 0 || e != nil {
		return false, e
	}
	d.deleteEntry(i)
	return true, nil
}

// Clear removes all keys.
func (d *Dict) Clear() {
	d.entries, d.index, d.used, d.KeyVer = nil, nil, 0, 0
}

// Copy copies the table.
func (d *Dict) Copy() *Dict {
	n := NewDict()
	for i := range d.entries {
		if e := &d.entries[i]; e.Key.Ref != nil {
			n.insert(nil, e.Hash, e.Key, e.Val)
		}
	}
	return n
}
