package object

// MoveToEnd moves an existing key to the end, or to the front; false if the key is absent.
func (d *Dict) MoveToEnd(t *Thread, key Value, last bool) (bool, *Exception) {
	h, e := hashKey(t, key)
	if e != nil {
		return false, e
	}
	i, e := d.find(t, key, h)
	if e != nil || i < 0 {
		return false, e
	}
	x := d.entries[i]
	d.remove(i)
	if last {
		return true, d.insert(t, x.key, x.val, x.hash)
	}
	old := d.entries
	d.entries = make([]entry, 0, len(old)+1)
	d.entries = append(append(d.entries, x), old...)
	d.live++
	d.changed()
	d.resize(max(d.live, 1))
	return true, nil
}

// Ends gives the last (or first) item; ok is false for an empty dict.
func (d *Dict) Ends(last bool) (key, val Value, ok bool) {
	pos := 0
	x := (*entry)(nil)
	if last {
		pos = len(d.entries)
		x = d.prev(&pos)
	} else {
		x = d.next(&pos)
	}
	if x == nil {
		return Value{}, Value{}, false
	}
	return x.key, x.val, true
}
