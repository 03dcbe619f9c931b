package object

import "unsafe"

// Shape is a hidden class: the type of an object and which attribute is stored in which slot. Objects that got the
// same attributes in the same order share a shape, so one pointer comparison guards type and layout.
//
// Invariants: a shape never changes its meaning, only transitions are added. Slot indices below Type.NSlots belong to
// __slots__ members and are not in names. DictMode shapes hold no attribute: the object's dictionary does.
type Shape struct {
	Type     *Type  `hint:"immutable,nonnil"`
	Names    []*Str // attribute of slot Type.NSlots+i
	DictMode bool
	index    map[string]int32
	next     map[string]*Shape
	lastName *Str
	lastNext *Shape
}

// Attrs is where an object keeps instance attributes: Type.AttrOff is its offset. The first Type.NInline slots
// follow it in memory, the others are in Ext.Over.
type Attrs struct{ Ext *AttrExt }

// AttrExt is the out-of-line part of an object's attributes.
type AttrExt struct {
	Over []Value
	Dict *Dict // not nil exactly when the object's shape is in dict mode
}

// Find gives the slot of an attribute, or -1.
func (s *Shape) Find(name *Str) int {
	if s.index == nil {
		for i, n := range s.Names {
			if n == name || n.S == name.S {
				return s.Type.NSlots + i
			}
		}
		return -1
	}
	if i, ok := s.index[name.S]; ok {
		return int(i)
	}
	return -1
}

// Add gives the shape after adding an attribute.
func (s *Shape) Add(name *Str) *Shape {
	if s.lastName == name {
		return s.lastNext
	}
	n := s.next[name.S]
	if n == nil {
		n = &Shape{Type: s.Type, Names: append(s.Names[:len(s.Names):len(s.Names)], name)}
		if len(n.Names) > 6 {
			n.index = make(map[string]int32, len(n.Names))
			for i, x := range n.Names {
				n.index[x.S] = int32(s.Type.NSlots + i)
			}
		}
		if s.next == nil {
			s.next = map[string]*Shape{}
		}
		s.next[name.S] = n
	}
	s.lastName, s.lastNext = name, n
	return n
}

// Following gives the shape after adding an attribute if some object has gone that way, else nil.
func (s *Shape) Following(name *Str) *Shape { return s.next[name.S] }

func attrsOf(v Value, tp *Type) *Attrs { return (*Attrs)(unsafe.Add(v.Ref, tp.AttrOff)) }

// SlotPtr gives the address of slot i; it must exist.
func SlotPtr(v Value, tp *Type, i int) *Value {
	if i < tp.NInline {
		return (*Value)(unsafe.Add(v.Ref, tp.AttrOff+8+uintptr(i)*16))
	}
	return &attrsOf(v, tp).Ext.Over[i-tp.NInline]
}

// SlotOffset gives the byte offset of slot i from the object, or 0 when the slot is out of line.
func (tp *Type) SlotOffset(i int) uintptr {
	if i < tp.NInline {
		return tp.AttrOff + 8 + uintptr(i)*16
	}
	return 0
}

// growSlot makes slot i exist and gives its address.
func growSlot(v Value, tp *Type, i int) *Value {
	if i >= tp.NInline {
		a := attrsOf(v, tp)
		if a.Ext == nil {
			a.Ext = &AttrExt{}
		}
		for len(a.Ext.Over) <= i-tp.NInline {
			a.Ext.Over = append(a.Ext.Over, Value{})
		}
	}
	return SlotPtr(v, tp, i)
}

// maxShapeAttrs is the number of attributes beyond which an instance goes over to a dictionary.
const maxShapeAttrs = 64

// loadInstanceAttr reads an attribute of the instance itself; nil Ref when absent.
func loadInstanceAttr(t *Thread, v Value, tp *Type, name *Str) Value {
	if !tp.HasDict {
		return Value{}
	}
	s := v.Shape()
	if s.DictMode {
		return attrsOf(v, tp).Ext.Dict.GetStr(name)
	}
	if i := s.Find(name); i >= 0 {
		return *SlotPtr(v, tp, i)
	}
	return Value{}
}

// StoreInstanceAttr sets an attribute of the instance itself (no descriptors); the type has a dict.
func StoreInstanceAttr(t *Thread, v Value, tp *Type, name *Str, val Value) *Exception {
	s := v.Shape()
	if !s.DictMode {
		if i := s.Find(name); i >= 0 {
			Set(SlotPtr(v, tp, i), val)
			return nil
		}
		if len(s.Names) < maxShapeAttrs && tp.Flags&FHeap != 0 {
			if e := t.Charge(16); e != nil {
				return e
			}
			n := s.Add(name)
			*growSlot(v, tp, tp.NSlots+len(s.Names)) = val
			(*Object)(v.Ref).Shape = n
			return nil
		}
		InstanceDict(v, tp)
	}
	return attrsOf(v, tp).Ext.Dict.SetStr(t, name, val)
}

// deleteInstanceAttr removes an attribute of the instance; false when it was not there.
func deleteInstanceAttr(t *Thread, v Value, tp *Type, name *Str) bool {
	if !tp.HasDict {
		return false
	}
	if s := v.Shape(); !s.DictMode {
		i := s.Find(name)
		if i < 0 {
			return false
		}
		if i == tp.NSlots+len(s.Names)-1 {
			*SlotPtr(v, tp, i) = Value{}
			n := &tp.Root
			for _, x := range s.Names[:len(s.Names)-1] {
				n = n.Add(x)
			}
			(*Object)(v.Ref).Shape = n
			return true
		}
	}
	return InstanceDict(v, tp).DelStr(name)
}

// InstanceDict gives the object's attribute dictionary, turning the object to dict mode at the first request.
func InstanceDict(v Value, tp *Type) *Dict {
	a := attrsOf(v, tp)
	s := v.Shape()
	if s.DictMode {
		return a.Ext.Dict
	}
	d := NewDict()
	for i, n := range s.Names {
		p := SlotPtr(v, tp, tp.NSlots+i)
		d.SetStr(nil, n, *p)
		*p = Value{}
	}
	if a.Ext == nil {
		a.Ext = &AttrExt{}
	}
	a.Ext.Dict = d
	(*Object)(v.Ref).Shape = tp.DictShape
	return d
}

// SetInstanceDict replaces the object's attribute dictionary (obj.__dict__ = d).
func SetInstanceDict(v Value, tp *Type, d *Dict) {
	InstanceDict(v, tp)
	attrsOf(v, tp).Ext.Dict = d
}
