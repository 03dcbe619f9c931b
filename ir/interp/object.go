package interp

import (
	"reflect"
	"strconv"
	"unsafe"

	"martlet/ir"
)

// layout is how objects of a type are made.
type layout struct {
	one, many reflect.Type // the type, and a slice of it
}

func (m *Machine) layoutOf(t *ir.TypeDesc) layout {
	l, ok := m.types[t]
	if !ok {
		l.one = GoType(t)
		l.many = reflect.SliceOf(l.one)
		m.types[t] = l
	}
	return l
}

// GoType returns a Go type with the layout of a type descriptor: its own, or
// one put together from words and bytes.
func GoType(t *ir.TypeDesc) reflect.Type {
	if t.GoType != nil {
		typ := reflect.TypeFor[int]()
		(*[2]unsafe.Pointer)(unsafe.Pointer(&typ))[1] = t.GoType
		return typ
	}
	var fields []reflect.StructField
	field := func(f reflect.Type) {
		fields = append(fields, reflect.StructField{Name: "F" + strconv.Itoa(len(fields)), Type: f})
	}
	plain := func(n int) {
		if n >= 8 {
			field(reflect.ArrayOf(n/8, reflect.TypeFor[uint64]()))
		}
		if n%8 != 0 {
			field(reflect.ArrayOf(n%8, reflect.TypeFor[byte]()))
		}
	}
	at := 0
	for _, p := range t.Ptrs {
		plain(p - at)
		field(reflect.TypeFor[unsafe.Pointer]())
		at = p + 8
	}
	plain(t.Size - at)
	return reflect.StructOf(fields)
}

// MaxAlloc is the number of bytes beyond which an allocation traps.
const MaxAlloc = 1 << 32

func (m *Machine) alloc(t *ir.TypeDesc, n int64, array bool) unsafe.Pointer {
	l := m.layoutOf(t)
	size := int64(l.one.Size())
	if n < 0 || size > 0 && n > MaxAlloc/size || size == 0 && n > MaxAlloc {
		m.trap(ir.TrapAlloc, "")
	}
	var p unsafe.Pointer
	if array {
		p = reflect.MakeSlice(l.many, int(n), int(n)).UnsafePointer()
	} else {
		p = reflect.New(l.one).UnsafePointer()
	}
	if m.opt.CheckRefs {
		m.objects.add(object{p, uintptr(n * size), t})
	}
	if m.opt.OnAlloc != nil {
		m.opt.OnAlloc(t, int(n), p)
	}
	return p
}

// object is an allocation known to the machine.
type object struct {
	base unsafe.Pointer
	size uintptr
	desc *ir.TypeDesc
}

// objectTable finds the object at an address by the pages it touches.
type objectTable struct{ pages map[uintptr][]object }

const pageBits = 13

func (t *objectTable) add(o object) {
	if t.pages == nil {
		t.pages = map[uintptr][]object{}
	}
	for p := uintptr(o.base) >> pageBits; p <= (uintptr(o.base)+max(o.size, 1)-1)>>pageBits; p++ {
		t.pages[p] = append(t.pages[p], o)
	}
}

func (t *objectTable) find(a uintptr) (object, bool) {
	for _, o := range t.pages[a>>pageBits] {
		if a >= uintptr(o.base) && a < uintptr(o.base)+max(o.size, 1) {
			return o, true
		}
	}
	return object{}, false
}

// checkRef checks an access to an object that the machine knows: inside it, and refs
// exactly where the type has Go pointers.
func (m *Machine) checkRef(base unsafe.Pointer, off int64, t ir.Type, size uintptr) {
	o, ok := m.objects.find(uintptr(base))
	if !ok {
		return
	}
	rel := uintptr(base) + uintptr(off) - uintptr(o.base)
	if rel > o.size || rel+size > o.size {
		m.trap(ir.TrapMemory, "outside the object of type @"+o.desc.Name)
	}
	if o.desc.Size == 0 {
		return
	}
	rel %= uintptr(o.desc.Size)
	for _, p := range o.desc.Ptrs {
		if exact := rel == uintptr(p) && t == ir.Ref; !exact && rel < uintptr(p)+8 && uintptr(p) < rel+size {
			m.trap(ir.TrapMemory, "a Go pointer of type @"+o.desc.Name+" accessed as "+t.String())
		} else if exact {
			return
		}
	}
	if t == ir.Ref {
		m.trap(ir.TrapMemory, "a ref where type @"+o.desc.Name+" has no Go pointer")
	}
}
