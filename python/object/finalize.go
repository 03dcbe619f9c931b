package object

import (
	"runtime"
	"unsafe"
	"weak"
)

// Finalisation: __del__, generators that have something to close, callbacks of weak references.
//
// Go's collector decides what is dead, and a finalizer of Go that brings the object back is not used: an object in a cycle would never be
// freed, and would hold its interpreter. Instead what an object needs to be finalised with is kept apart from it (the remains) and held
// by the interpreter, beside a weak pointer to the object. When the pointer is nil after a collection, the remains are finalised: an
// instance is made anew around the attributes of the dead one, a generator's frame is closed.
//
// Hence the rule for cycles: the remains hold whatever the object's attributes refer to, so an object with __del__ (or a suspended
// generator) that can be reached from itself does not die before its interpreter ends. Then what is left is finalised in the order in
// which it was made. A chain of such objects dies link by link, one a collection.
//
// It happens at a poll in the owning interpreter after a collection, or in gc.collect().

// Remains is what is left of a dead object.
type Remains interface {
	// Finalise does what is to be done at the end. alive is the object itself if it still lives (at the interpreter's end), else
	// its Ref is nil. Errors are reported, not returned. It is false if this cannot be done now and is to be tried again.
	Finalise(t *Thread, alive Value) bool
	// Over says that nothing is left to do.
	Over() bool
}

type mortal struct {
	p weak.Pointer[Object]
	r Remains
}

// WhenDead lets r be finalised when v, which r must not reach, is dead.
func (in *Interp) WhenDead(v Value, r Remains) {
	if len(in.mortals) >= in.mortalLimit {
		in.forgetOver()
	}
	in.mortals = append(in.mortals, mortal{weak.Make((*Object)(v.Ref)), r})
	in.watchCollections()
}

// forgetOver drops the entries that have nothing left to do.
func (in *Interp) forgetOver() {
	kept := in.mortals[:0]
	for _, m := range in.mortals {
		if !m.r.Over() {
			kept = append(kept, m)
		}
	}
	clear(in.mortals[len(kept):])
	in.mortals = kept
	in.mortalLimit = max(256, 2*len(kept))
}

// watchCollections makes the end of each collection a reason to poll.
func (in *Interp) watchCollections() {
	if !in.watching {
		in.watching = true
		watchNext(weak.Make(in))
	}
}

// watchNext waits for the next collection by means of an object that does not survive it.
func watchNext(w weak.Pointer[Interp]) {
	runtime.AddCleanup(&struct{ _ [4]uintptr }{}, func(w weak.Pointer[Interp]) {
		if in := w.Value(); in != nil {
			in.Pending.Or(PollFinal)
			watchNext(w)
		}
	}, w)
}

// takeDead removes the dead from the registry.
func (in *Interp) takeDead() (dead []Remains) {
	kept := in.mortals[:0]
	for _, m := range in.mortals {
		switch {
		case m.r.Over():
		case m.p.Value() == nil:
			dead = append(dead, m.r)
		default:
			kept = append(kept, m)
		}
	}
	clear(in.mortals[len(kept):])
	in.mortals = kept
	return dead
}

// Finalise finalises what the last collection found dead; it says whether that was anything.
func (t *Thread) Finalise() bool {
	in := t.Interp
	if in.finalising {
		return false
	}
	in.finalising = true
	defer func() { in.finalising = false }()
	dead := in.takeDead()
	done := false
	for _, r := range dead {
		if r.Finalise(t, Value{}) {
			done = true
		} else {
			in.mortals = append(in.mortals, mortal{r: r})
		}
	}
	return t.runWeakCallbacks() || done
}

// maxRounds is how many collections gc.collect makes at most while they find something to finalise.
const maxRounds = 20

// Collect is gc.collect(): collections, and the finalisation of what they find. before is called ahead of each.
func (t *Thread) Collect(before func()) {
	for range maxRounds {
		before()
		runtime.GC()
		if !t.Finalise() {
			return
		}
	}
}

// FinaliseAll is the interpreter's end: everything that is registered is finalised, dead or alive.
func (t *Thread) FinaliseAll() {
	in := t.Interp
	if len(in.mortals) == 0 {
		return
	}
	t.Collect(func() {})
	for range maxRounds {
		list := in.mortals
		in.mortals = nil
		for _, m := range list {
			if m.r.Over() {
				continue
			}
			var alive Value
			if p := m.p.Value(); p != nil {
				alive = Value{Ref: unsafe.Pointer(p)}
			}
			m.r.Finalise(t, alive)
		}
	}
}

// instance is the remains of an instance of a class with __del__. Its attributes are out of line, in a dictionary from the start.
type instance struct {
	tp  *Type
	ext *AttrExt
}

// canDie says whether instances of a class with __del__ can be made anew around their attributes: those that have nothing else.
func (tp *Type) canDie() bool {
	return tp.layout.isInst() && (tp.NSlots == 0 || tp.NInline == 0)
}

// mourn registers a new instance of a class with __del__.
//
//martlet:opaque
func (tp *Type) mourn(t *Thread, v Value) {
	if !tp.canDie() {
		return
	}
	a := attrsOf(v, tp)
	if tp.HasDict {
		InstanceDict(v, tp)
	} else {
		a.Ext = &AttrExt{}
	}
	t.Interp.WhenDead(v, &instance{tp, a.Ext})
}

func (i *instance) Over() bool { return false }

func (i *instance) Finalise(t *Thread, v Value) bool {
	if v.Ref == nil {
		v = Value{Ref: i.tp.layout.Sub()}
		o := (*Object)(v.Ref)
		if o.Shape = &i.tp.Root; i.tp.HasDict {
			o.Shape = i.tp.DictShape
		}
		attrsOf(v, i.tp).Ext = i.ext
	}
	del := v.Type().Lookup(t, N.Del)
	if del.Ref == nil {
		return true
	}
	if _, e := callDescr(t, del, v, nil); e != nil && t.Interp.Hooks.Unraisable != nil {
		t.Interp.Hooks.Unraisable(t, e, "Exception ignored in", del)
	}
	return true
}
