package interp

import (
	"unsafe"

	"martlet/hint"
	"martlet/python/object"
)

// Inline caches.
//
// An attribute site remembers, for one shape and the version of its type, where the last lookup found its answer.
// Shapes of instances in dict mode and types with their own attribute lookup are not cached (except modules and classes, below).

type attrKind uint8

const (
	akNone   attrKind = iota
	akSlot            // instance slot in line, at byte offset off
	akOver            // instance slot number off, out of line
	akMember          // __slots__ member in line at off: may be unset
	akClass           // class attribute val, no binding
	akMethod          // function-like class attribute val: binds self
	akModule          // module dictionary: key version dver, entry off
	akType            // class object itself (obj == ref): attribute val of the class
	akAdd             // store: a new attribute; next is the shape afterwards, off the byte offset
	akProp            // property with a Python getter val
)

type attrCache struct {
	shape *object.Shape
	ver   uint64
	val   Value
	off   uintptr
	dver  uint64
	next  *object.Shape
	typ   *Type
	kind  attrKind
	turn  uint8
	more  []attrCache // further shapes seen at this site
}

// maxShapes is how many shapes a site remembers beside the last one.
const maxShapes = 5

// fill makes n the site's first entry and keeps the old one behind it.
func (c *attrCache) fill(n attrCache) {
	more := c.more
	if c.kind != akNone && c.shape != n.shape {
		old := *c
		old.more = nil
		if len(more) < maxShapes {
			more = append(more, old)
		} else {
			more[c.turn%maxShapes] = old
			n.turn = c.turn + 1
		}
	}
	n.more = more
	*c = n
}

// other finds the entry for a shape among the further ones.
//
//martlet:opaque
func (c *attrCache) other(s *object.Shape) *attrCache {
	for i := range c.more {
		if m := &c.more[i]; m.shape == s && m.ver == s.Type.Version.Get() {
			return m
		}
	}
	return nil
}

type globalCache struct {
	gver, bver uint64
	idx        int
	builtin    bool
}

// loadGlobalSlow finds a global or builtin and fills the cache.
//
//martlet:opaque
func (th *Thread) loadGlobalSlow(f *Frame, i int) (Value, *Exception) {
	name := f.code.names[i]
	c := &f.code.globals[i]
	g, b := f.fn.globals, f.fn.builtins
	if k := g.FindStr(name); k >= 0 {
		*c = globalCache{gver: g.Version(th.T), idx: k}
		return *g.Entry(k), nil
	}
	if f.fn.globalsMap.Ref != nil { // a dict subclass with __missing__ or the like
		return th.globalFromMapping(f, name)
	}
	if k := b.FindStr(name); k >= 0 {
		*c = globalCache{gver: g.Version(th.T), bver: b.Version(th.T), idx: k, builtin: true}
		return *b.Entry(k), nil
	}
	return Value{}, nameError(th.T, name)
}

func (th *Thread) globalFromMapping(f *Frame, name *Str) (Value, *Exception) {
	r, e := object.GetItem(th.T, f.fn.globalsMap, object.Obj(name))
	if e == nil || !e.IsA(&object.KeyErrorType) {
		return r, e
	}
	if v := f.fn.builtins.GetStr(name); v.Ref != nil {
		return v, nil
	}
	return Value{}, nameError(th.T, name)
}

//martlet:opaque
func nameError(t *object.Thread, name *Str) *Exception {
	e := object.Errorf(t, &object.NameErrorType, "name '%s' is not defined", name.S)
	e.Fields[object.NameErrName] = object.Obj(name)
	return e
}

// loadAttrSlow does the lookup of site i on v and fills the cache when the answer is of a kind it can hold.
//
//martlet:opaque
func (th *Thread) loadAttrSlow(f *Frame, i int, v Value) (Value, *Exception) {
	t := th.T
	c := &f.code.attrs[i]
	if m := c.other(v.Shape()); m != nil {
		if r, ok := th.loadAttrAny(m, v); ok {
			return r, nil
		}
	}
	name := f.code.names[f.code.C.Sites[i]]
	tp := v.Type()
	if tp == &object.ModuleType {
		m := object.As[object.Module](v)
		if k := m.Dict.FindStr(name); k >= 0 {
			c.fill(attrCache{shape: v.Shape(), ver: tp.Version.Get(), kind: akModule, dver: m.Dict.Version(t), off: uintptr(k)})
			return *m.Dict.Entry(k), nil
		}
		return object.GetAttr(t, v, name)
	}
	if tp == &object.TypeType {
		th.cacheClassAttr(c, v, name)
		return object.GetAttr(t, v, name)
	}
	if !tp.PlainGetAttr() || v.Shape().DictMode {
		return object.GetAttr(t, v, name)
	}
	s := v.Shape()
	d := tp.Lookup(t, name)
	slot := s.Find(name)
	switch {
	case d.Ref == nil && slot >= 0:
		c.setSlot(s, tp, slot)
	case d.Ref == nil:
	case d.Type() == &object.MemberType:
		if off := tp.SlotOffset(object.As[object.MemberDescr](d).Slot); off != 0 {
			c.fill(attrCache{shape: s, ver: tp.Version.Get(), kind: akMember, off: off})
		}
	case d.Type() == &object.PropertyType:
		p := object.As[object.Property](d)
		if p.FGet.Ref != nil && p.FGet.Type() == &FunctionType {
			c.fill(attrCache{shape: s, ver: tp.Version.Get(), kind: akProp, val: p.FGet})
		}
	case d.Type().Slots.DescrSet != nil:
	case slot >= 0:
		c.setSlot(s, tp, slot)
	case d.Type().Slots.DescrGet == nil:
		c.fill(attrCache{shape: s, ver: tp.Version.Get(), kind: akClass, val: d})
	case d.Type().Flags&object.FMethodLike != 0:
		c.fill(attrCache{shape: s, ver: tp.Version.Get(), kind: akMethod, val: d})
	}
	return object.GetAttr(t, v, name)
}

func (c *attrCache) setSlot(s *object.Shape, tp *Type, slot int) {
	if off := tp.SlotOffset(slot); off != 0 {
		c.fill(attrCache{shape: s, ver: tp.Version.Get(), kind: akSlot, off: off})
		return
	}
	c.fill(attrCache{shape: s, ver: tp.Version.Get(), kind: akOver, off: uintptr(slot)})
}

// cacheClassAttr caches an attribute read from a class object whose metaclass is type.
func (th *Thread) cacheClassAttr(c *attrCache, v Value, name *Str) {
	tp := object.As[Type](v)
	d := tp.Lookup(th.T, name)
	if d.Ref == nil || object.TypeType.Lookup(th.T, name).Ref != nil {
		return
	}
	switch dt := d.Type(); {
	case dt == &FunctionType, dt.Slots.DescrGet == nil:
	case dt == &object.StaticMethodType:
		d = object.As[object.StaticMethodObj](d).Fn
	default:
		return
	}
	c.fill(attrCache{shape: v.Shape(), ver: tp.Version.Get(), kind: akType, val: d, typ: tp})
}

// loadAttrHit answers from a matching cache; ok is false when the cached kind needs the full lookup after all.
func (th *Thread) loadAttrHit(c *attrCache, v Value) (r Value, ok bool) {
	switch c.kind {
	case akOver:
		return *object.SlotPtr(v, v.Type(), int(c.off)), true
	case akClass:
		return c.val, true
	case akModule:
		if d := object.As[object.Module](v).Dict; d.KeyVer == c.dver {
			return *d.Entry(int(c.off)), true
		}
	case akMethod:
		if c.val.Type() == &FunctionType {
			return object.NewBoundMethod(c.val, v), true
		}
	}
	return Value{}, false
}

// loadAttrAny is loadAttrHit with the kinds that the loop handles itself.
func (th *Thread) loadAttrAny(c *attrCache, v Value) (Value, bool) {
	switch c.kind {
	case akSlot:
		return *(*Value)(unsafeAdd(v, c.off)), true
	case akMember:
		r := *(*Value)(unsafeAdd(v, c.off))
		return r, r.Ref != nil
	}
	return th.loadAttrHit(c, v)
}

// storeAttrSlow stores an attribute and fills the cache.
//
//martlet:opaque
func (th *Thread) storeAttrSlow(f *Frame, i int, v, x Value) *Exception {
	t := th.T
	s := v.Shape()
	if m := f.code.attrs[i].other(s); m != nil {
		switch m.kind {
		case akSlot:
			object.Set((*Value)(unsafeAdd(v, m.off)), x)
			return nil
		case akAdd:
			*(*Value)(unsafeAdd(v, m.off)) = x
			(*object.Object)(v.Ref).Shape = m.next
			return nil
		}
	}
	name := f.code.names[f.code.C.Sites[i]]
	tp := v.Type()
	if !tp.PlainSetAttr() || s.DictMode || !tp.HasDict && tp.NSlots == 0 {
		return object.SetAttr(t, v, name, x)
	}
	c := &f.code.attrs[i]
	d := tp.Lookup(t, name)
	if d.Ref != nil && d.Type().Slots.DescrSet != nil {
		if d.Type() == &object.MemberType {
			if off := tp.SlotOffset(object.As[object.MemberDescr](d).Slot); off != 0 {
				c.fill(attrCache{shape: s, ver: tp.Version.Get(), kind: akSlot, off: off})
			}
		}
		return object.SetAttr(t, v, name, x)
	}
	if slot := s.Find(name); slot >= 0 {
		c.setSlot(s, tp, slot)
		return object.SetAttr(t, v, name, x)
	}
	e := object.SetAttr(t, v, name, x)
	if n := v.Shape(); e == nil && n != s && !n.DictMode && tp.HasDict {
		if off := tp.SlotOffset(n.Find(name)); off != 0 {
			c.fill(attrCache{shape: s, ver: tp.Version.Get(), kind: akAdd, off: off, next: n})
		}
	}
	return e
}

// method finds the attribute of site i for a call on v: a function to be called with v first (bind), or a value.
func (th *Thread) method(f *Frame, co *Code, i int, v Value) (fn Value, bind bool, err *Exception) {
	s := hint.Promote(v.Shape())
	if p := planFor(co, i, s, planMethod); p != nil {
		if p.kind == akMethod || p.kind == akClass {
			return Value{Ref: p.ref, Bits: p.bits}, p.kind == akMethod, nil
		}
		if p.kind == akSlot {
			return *(*Value)(unsafe.Add(v.Ref, p.off)), false, nil
		}
	}
	c := &co.attrs[i]
	tp := s.Type
	if c.shape == s && c.ver == tp.Version.Get() {
		if c.kind == akMethod {
			return c.val, true, nil
		}
		if c.kind == akSlot {
			return *(*Value)(unsafeAdd(v, c.off)), false, nil
		}
		if r, ok := th.loadAttrHit(c, v); ok {
			return r, false, nil
		}
	}
	if c.kind == akType && c.shape == s && v.Ref == c.typ.Value().Ref && c.ver == c.typ.Version.Get() {
		return c.val, false, nil
	}
	return th.methodSlow(f, i, v)
}

//martlet:opaque
func (th *Thread) methodSlow(f *Frame, i int, v Value) (fn Value, bind bool, err *Exception) {
	t := th.T
	if m := f.code.attrs[i].other(v.Shape()); m != nil {
		if m.kind == akMethod {
			return m.val, true, nil
		}
		if r, ok := th.loadAttrAny(m, v); ok {
			return r, false, nil
		}
	}
	name := f.code.names[f.code.C.Sites[i]]
	tp := v.Type()
	if tp.PlainGetAttr() && tp != &object.TypeType {
		d := tp.Lookup(t, name)
		if d.Ref != nil && d.Type().Flags&object.FMethodLike != 0 && !object.HasInstanceAttr(v, tp, name) {
			if s := v.Shape(); !s.DictMode {
				f.code.attrs[i].fill(attrCache{shape: s, ver: tp.Version.Get(), kind: akMethod, val: d})
			}
			return d, true, nil
		}
	}
	r, e := th.loadAttrSlow(f, i, v)
	return r, false, e
}
