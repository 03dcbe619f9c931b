package genext

import (
	"strings"
	"unsafe"

	"martlet/internal/obj"
	"martlet/ir"
)

// Panics of Go functions that compiled code calls.
//
// Memory must be up to date when such a panic goes on to whoever recovers it,
// and deferred stores are not done yet. So where a call leaves stores deferred,
// compiled code calls a variant of the function that catches the panic and
// returns it as one more result; a guard on that result leaves with a snapshot
// of the deferred stores, and the panic goes on after they are done. Calls
// without deferred stores stay as they are. (A Goexit cannot be
// caught: the frames of a goroutine that ends itself keep their old contents.)

// caughtSuffix marks the variant of a function that catches panics.
const caughtSuffix = "$caught"

// caught is a panic on its way to memory that is up to date.
type caught struct{ value any }

// catching is the variant of a Go function; at is the index of the additional result among its refs.
func catching(fn ir.GoFunc, at int) ir.GoFunc {
	return func(words []uint64, refs []unsafe.Pointer) {
		defer func() {
			if p := recover(); p != nil {
				refs[at] = unsafe.Pointer(&caught{p})
			}
		}()
		fn(words, refs)
		refs[at] = nil
	}
}

// goFunc returns a bound Go function, or the variant of one that catches panics.
func (m *Machine) goFunc(name string) ir.GoFunc {
	plain, catches := strings.CutSuffix(name, caughtSuffix)
	b := m.binding[plain]
	if b == nil {
		return nil
	}
	if !catches {
		return b.Fn
	}
	return catching(b.Fn, obj.CountRefs(m.mod.Func(plain).Sig.Results))
}

// defers reports whether the state has stores that memory does not have yet.
func (s *state) defers() bool {
	for i := range s.heap {
		if s.heap[i].dirty {
			return true
		}
	}
	return false
}

// captureStores makes a snapshot of the deferred stores only: execution does not resume from it.
func (sp *spec) captureStores(s *state) *snapshot {
	c := &capturer{s: s, snap: &snapshot{}, live: sp.operands[:0]}
	c.stores()
	return sp.captured(c)
}

// passOn guards that a call has not panicked: p is its additional result, and
// snap has the deferred stores as they were before it.
func (sp *spec) passOn(s *state, snap *snapshot, p *ir.Value) {
	snap.live, snap.types = append(snap.live, p), append(snap.types, ir.Ref)
	snap.caught = len(snap.live)
	ok := sp.emit2(s, ir.OpEq, ir.I8, p, sp.konst(s, refBox(nil)))
	sp.guard(s, ok, snap, "a call panicked")
}

// panicked reports whether the exit is that of a call that panicked.
func (sn *snapshot) panicked() bool { return sn.caught > 0 }

// goOn does the deferred stores and lets the panic go on.
func (sn *snapshot) goOn(words []uint64, refs []unsafe.Pointer) {
	r := &resumption{sn: sn, words: words, refs: refs}
	r.makeVirtuals()
	r.doStores()
	panic((*caught)(refs[sn.caught-1]).value)
}
