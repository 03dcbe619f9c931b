package object

import (
	"unsafe"
	"weak"
)

// WeakRefType is weakref.ref.
var WeakRefType Type

type weakKey struct{ p weak.Pointer[Object] }

// WeakRef is a weak reference object.
type WeakRef struct {
	Object
	P        weak.Pointer[Object]
	Callback Value
	Hash     int64
	hashed   bool
}

// Target is the referent, None when it is gone.
func (w *WeakRef) Target() Value {
	if p := w.P.Value(); p != nil {
		return Value{Ref: unsafe.Pointer(p)}
	}
	return None
}

// NewWeakRef makes (or reuses, without callback) a weak reference to v.
func NewWeakRef(t *Thread, tp *Type, v, callback Value) (Value, *Exception) {
	if !v.Type().HasWeak {
		return Value{}, TypeErrorf(t, "cannot create weak reference to '%s' object", v.Type().Name)
	}
	key := weakKey{weak.Make((*Object)(v.Ref))}
	plain := tp == &WeakRefType && (callback.Ref == nil || callback.IsNone())
	if plain {
		if w := t.Interp.weakrefs[key]; w != nil {
			return Obj(w), nil
		}
	}
	w, e := AllocAs[WeakRef](t, tp)
	if e != nil {
		return Value{}, e
	}
	w.P, w.Callback = key.p, callback
	if plain {
		t.Interp.pruneWeak()
		t.Interp.weakrefs[key] = w
	}
	if callback.Ref != nil && !callback.IsNone() {
		t.Interp.watched = append(t.Interp.watched, w)
		t.Interp.watchCollections()
	}
	return Obj(w), nil
}

// existingWeakRef is the plain weak reference that v already has, or None.
func (in *Interp) existingWeakRef(v Value) Value {
	if w := in.weakrefs[weakKey{weak.Make((*Object)(v.Ref))}]; w != nil {
		return Obj(w)
	}
	return None
}

// pruneWeak drops the entries of dead objects now and then.
func (in *Interp) pruneWeak() {
	if len(in.weakrefs) < in.weakLimit {
		return
	}
	for k := range in.weakrefs {
		if k.p.Value() == nil {
			delete(in.weakrefs, k)
		}
	}
	in.weakLimit = max(256, 2*len(in.weakrefs))
}

// runWeakCallbacks calls the callbacks of weak references whose referents died, and says whether there were any.
func (t *Thread) runWeakCallbacks() bool {
	in := t.Interp
	var dead []*WeakRef
	keep := in.watched[:0]
	for _, w := range in.watched {
		if w.P.Value() == nil {
			dead = append(dead, w)
		} else {
			keep = append(keep, w)
		}
	}
	clear(in.watched[len(keep):])
	in.watched = keep
	for _, w := range dead {
		if _, e := Call(t, w.Callback, Obj(w)); e != nil && in.Hooks.Unraisable != nil {
			in.Hooks.Unraisable(t, e, "Exception ignored in", w.Callback)
		}
	}
	return len(dead) > 0
}

func init() {
	Declare(&WeakRefType, Decl{Name: "weakref.ReferenceType", Layout: LayoutOf[WeakRef](),
		Slots: Slots{
			New: func(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
				if len(args)-len(kwnames) < 1 {
					return Value{}, TypeErrorf(t, "__new__ expected at least 1 argument, got 0")
				}
				cb := Value{}
				if len(args) > 1 {
					cb = args[1]
				}
				return NewWeakRef(t, tp, args[0], cb)
			},
			Init: func(t *Thread, self Value, args []Value, kw []*Str) *Exception { return nil },
			Call: func(t *Thread, v Value, args []Value, kw []*Str) (Value, *Exception) {
				return As[WeakRef](v).Target(), nil
			},
			Repr: func(t *Thread, v Value) (Value, *Exception) {
				x := As[WeakRef](v).Target()
				if x.IsNone() {
					return StrVal("<weakref at " + Addr(v) + "; dead>"), nil
				}
				return StrVal("<weakref at " + Addr(v) + "; to '" + x.Type().FullName() + "' at " + Addr(x) + ">"), nil
			},
			Hash: func(t *Thread, v Value) (int64, *Exception) {
				w := As[WeakRef](v)
				if w.hashed {
					return w.Hash, nil
				}
				x := w.Target()
				if x.IsNone() {
					return 0, TypeErrorf(t, "weak object has gone away")
				}
				h, e := Hash(t, x)
				w.Hash, w.hashed = h, e == nil
				return h, e
			},
			Compare: func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
				if op != CmpEq && op != CmpNe || !b.Type().IsSubtype(&WeakRefType) {
					return NotImplemented, nil
				}
				x, y := As[WeakRef](a).Target(), As[WeakRef](b).Target()
				if x.IsNone() || y.IsNone() {
					return Bool((a.Ref == b.Ref) == (op == CmpEq)), nil
				}
				return Compare(t, x, y, op)
			}},
		GetSets: []GetSet{{Name: "__callback__", Get: wrapperGet(func(v Value) Value { return orNone(As[WeakRef](v).Callback) })}},
		Methods: []Method{{Sig: "__class_getitem__(type, item, /)", Kind: ClassMethod, Fn: func(t *Thread, a []Value) (Value, *Exception) {
			return NewGenericAlias(a[0], a[1]), nil
		}}}})
}
