package object

import (
	"runtime"
	"slices"
	"time"
	"weak"
)

// The views of a bytearray. While there are any, its size is fixed; CPython's views go with their last reference, ours with a collection. So
// when a view is in the way that nobody may have any more, a collection finds out. If too much time went into that already,
// the view is cut off instead: it keeps the bytes that it shows, the bytearray goes on with a copy.

// hold registers a view.
func (b *ByteArray) hold(m *MemoryView) {
	if len(b.views) >= 16 && len(b.views)&(len(b.views)-1) == 0 {
		b.forget()
	}
	p := weak.Make(m)
	b.views = append(b.views, p)
	b.Exports++
	m.onFree = func() {
		if i := slices.Index(b.views, p); i >= 0 {
			b.views = slices.Delete(b.views, i, i+1)
			b.Exports--
		}
	}
}

// forget drops the views that have been collected.
func (b *ByteArray) forget() {
	n := len(b.views)
	b.views = slices.DeleteFunc(b.views, func(p weak.Pointer[MemoryView]) bool { return p.Value() == nil })
	b.Exports -= n - len(b.views)
}

// held says whether anybody has a view.
func (b *ByteArray) held(t *Thread) bool {
	b.forget()
	switch {
	case b.Exports == 0:
		return false
	case b.Exports > len(b.views): // a running method has one
		return true
	case !t.findDead():
		b.B = slices.Clone(b.B)
		b.views, b.Exports = nil, 0
		return false
	}
	b.forget()
	if b.Exports > 0 {
		t.searches().dead = 0
		return true
	}
	t.searches().dead++
	return false
}

// searches is what an interpreter has spent on findDead, and how often in a row that found everything dead.
type searches struct {
	since time.Time
	spent time.Duration
	dead  int
}

// searches gives an interpreter's account.
func (t *Thread) searches() *searches {
	s, ok := t.Interp.State["searches"].(*searches)
	if !ok {
		s = &searches{since: time.Now()}
		t.Interp.State["searches"] = s
	}
	return s
}

// findDead collects what is dead, unless that has taken a quarter of the time since the first call and proved right each time lately.
func (t *Thread) findDead() bool {
	now, s := time.Now(), t.searches()
	if s.dead >= 8 && s.spent > now.Sub(s.since)/4 {
		return false
	}
	if f := t.Interp.Hooks.ClearDead; f != nil {
		f(t)
	}
	runtime.GC()
	s.spent += time.Since(now)
	return true
}
