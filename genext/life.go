package genext

import (
	"sync/atomic"
	"unsafe"
	"weak"

	"martlet/hint"
)

// The life of compiled code.
//
// What the driver knows of a code object of the interpreted program (its entries, their
// regions, the trial) hangs from the object's counter, and the driver itself keeps
// only weak pointers. An entry refers to the code object through its
// greens, and the object to the entry through its counter: a cycle of ordinary Go
// objects, which the collector frees as a whole when the program drops the code
// object. The machine code follows by a cleanup (native.go). The same holds
// for the other tables: the profile keeps weak pointers to values and
// forgets what has not been used for long (profile.go), and a watched variable
// keeps its watch, which refers weakly to the regions that rely on it.

// life is what a driver keeps for one counter.
type life struct {
	d             *door
	counter       *hint.Counter
	entries       []*entry
	last          atomic.Pointer[entry] // that was run last
	trial         *trial
	seen          int64 // the counter's count at the last visit
	compiles      int
	invalidations int
}

// lifeOf returns what the driver keeps for a counter. A counter serves one driver; another one starts afresh.
func (d *door) lifeOf(c *hint.Counter) *life {
	if l, ok := c.Kept().(*life); ok && l.d == d {
		return l
	}
	l := &life{d: d, counter: c}
	c.Keep(l)
	return l
}

// ticks returns how much the counter has counted since the last visit, at most a call.
func (l *life) ticks() int {
	n := l.counter.Count() - l.seen
	l.seen += n
	return int(max(1, min(n, hint.CallWeight)))
}

// hashGreens hashes greens; strings by content.
func (d *door) hashGreens(words []uint64, refs []unsafe.Pointer) uint64 {
	h := uint64(0)
	for i, w := range d.greens {
		if w.text {
			for _, b := range unsafe.Slice((*byte)(refs[i]), words[i+1]) {
				h = mix(h, uint64(b))
			}
			continue
		}
		h = mix(h, words[i]^uint64(uintptr(refs[i])))
	}
	return h
}

// find returns the living entry of some greens, or nil.
func (d *door) find(words []uint64, refs []unsafe.Pointer) *entry {
	for _, w := range d.entries[d.hashGreens(words, refs)] {
		if e := w.Value(); e != nil && d.sameGreens(e, words, refs) {
			return e
		}
	}
	return nil
}

// lookup finds or makes the entry of some greens.
func (d *door) lookup(l *life, words []uint64, refs []unsafe.Pointer) *entry {
	if e := d.find(words, refs); e != nil {
		return e
	}
	d.sweep()
	e := &entry{life: l, words: append([]uint64(nil), words...), refs: append([]unsafe.Pointer(nil), refs...)}
	h := d.hashGreens(words, refs)
	d.entries[h] = append(d.entries[h], weak.Make(e))
	l.entries = append(l.entries, e)
	return e
}

// sweep drops what the table has of dead entries, each time it has doubled.
func (d *door) sweep() {
	if len(d.entries) < d.sweepAt {
		return
	}
	for h, ws := range d.entries {
		if ws = living(ws); len(ws) == 0 {
			delete(d.entries, h)
		} else {
			d.entries[h] = ws
		}
	}
	d.sweepAt = 2*len(d.entries) + 64
}

// living removes the dead from a list.
func living[T any](ws []weak.Pointer[T]) []weak.Pointer[T] {
	n := 0
	for _, w := range ws {
		if w.Value() != nil {
			ws[n] = w
			n++
		}
	}
	clear(ws[n:])
	return ws[:n]
}

// each calls f with every living entry.
func (d *door) each(f func(e *entry)) {
	for _, ws := range d.entries {
		for _, w := range ws {
			if e := w.Value(); e != nil {
				f(e)
			}
		}
	}
}

// watch is a quasi-immutable variable that code relies on. The variable's own
// hint.Watch leads here.
type watch struct {
	w       *hint.Watch // what the variable holds
	changes int         // while code relied on it
	regions []weak.Pointer[region]
}

// watchOf returns the watch of the variable whose first word is at addr, or nil.
func (d *door) watchOf(addr *unsafe.Pointer) *watch {
	if w := d.watches[uintptr(unsafe.Pointer(addr))].Value(); w != nil && *addr == unsafe.Pointer(w.w) {
		return w
	}
	return nil
}

// watch connects code with a quasi-immutable variable.
func (d *door) watch(r *region, addr *unsafe.Pointer) {
	w := d.watchOf(addr)
	if w == nil {
		w = &watch{}
		prev, was := (*hint.Watch)(*addr), d.watches[uintptr(unsafe.Pointer(addr))].Value()
		if was != nil { // somebody else's watch came between: keep the count
			w.changes = was.changes
		}
		w.w = hint.NewWatch(func() {
			if prev != nil {
				prev.Changed()
			}
			d.invalidate(w)
		})
		d.watches[uintptr(unsafe.Pointer(addr))] = weak.Make(w)
		*addr = unsafe.Pointer(w.w)
	}
	if len(w.regions) == cap(w.regions) {
		w.regions = living(w.regions)
	}
	w.regions = append(w.regions, weak.Make(r))
}

// invalidate drops the code that relies on a variable.
func (d *door) invalidate(w *watch) {
	d.mu.Lock()
	defer d.mu.Unlock()
	any := false
	for _, p := range w.regions {
		r := p.Value()
		if r == nil || r.invalid != 0 {
			continue
		}
		any = true
		r.invalid = 1
		if e := r.entry; e.r == r {
			e.r = nil
			e.count = d.opt.Threshold / 2
			e.relink()
		}
		r.entry.life.invalidations++
		d.stats.Invalidations++
		d.tell(Invalidated, r)
	}
	if any {
		w.changes++
	}
	w.regions = nil
}
