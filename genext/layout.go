package genext

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"martlet/ir"
)

// word is one machine word (or less) of a Go type, as flow graphs explode it.
type word struct {
	off    uintptr
	typ    ir.Type
	text   bool // the address of a string: its length is the next word, and keys go by content
	frame  bool // tagged `hint:"frame"`
	nonnil bool // tagged `hint:"nonnil"`
}

// layoutOf explodes a type into words in the order the front end uses.
func layoutOf(t reflect.Type) ([]word, error) { return explode(nil, t, 0, word{}) }

func explode(ws []word, t reflect.Type, off uintptr, tag word) ([]word, error) {
	one := func(k ir.Type) ([]word, error) {
		return append(ws, word{off: off, typ: k, frame: tag.frame, nonnil: tag.nonnil}), nil
	}
	switch t.Kind() {
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		return one(ir.I8)
	case reflect.Int16, reflect.Uint16:
		return one(ir.I16)
	case reflect.Int32, reflect.Uint32:
		return one(ir.I32)
	case reflect.Int, reflect.Uint, reflect.Int64, reflect.Uint64, reflect.Uintptr:
		return one(ir.I64)
	case reflect.Float32:
		return one(ir.F32)
	case reflect.Float64:
		return one(ir.F64)
	case reflect.Pointer, reflect.UnsafePointer, reflect.Map, reflect.Chan, reflect.Func:
		return one(ir.Ref)
	case reflect.String:
		return append(ws, word{off: off, typ: ir.Ref, text: true}, word{off: off + 8, typ: ir.I64}), nil
	case reflect.Slice:
		return append(ws, word{off: off, typ: ir.Ref, frame: tag.frame}, word{off: off + 8, typ: ir.I64}, word{off: off + 16, typ: ir.I64}), nil
	case reflect.Interface:
		return append(ws, word{off: off, typ: ir.Ref}, word{off: off + 8, typ: ir.Ref}), nil
	case reflect.Struct:
		return explodeStruct(ws, t, off, tag)
	case reflect.Array:
		return explodeArray(ws, t, off, tag)
	}
	return nil, fmt.Errorf("type %v cannot be split into words", t)
}

func explodeStruct(ws []word, t reflect.Type, off uintptr, tag word) (_ []word, err error) {
	for i := range t.NumField() {
		f := t.Field(i)
		if ws, err = explode(ws, f.Type, off+f.Offset, tag.with(f.Tag.Get("hint"))); err != nil {
			return nil, err
		}
	}
	return ws, nil
}

func explodeArray(ws []word, t reflect.Type, off uintptr, tag word) (_ []word, err error) {
	for i := range t.Len() {
		if ws, err = explode(ws, t.Elem(), off+uintptr(i)*t.Elem().Size(), tag); err != nil {
			return nil, err
		}
	}
	return ws, nil
}

// with adds the words of a struct tag.
func (w word) with(tag string) word {
	for _, x := range strings.Split(tag, ",") {
		w.frame = w.frame || x == "frame"
		w.nonnil = w.nonnil || x == "nonnil"
	}
	return w
}

// typeWord returns the runtime type of a reflect.Type: its data word.
func typeWord(t reflect.Type) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1] }

// rawAddr is the address that a word holds. Words of type ptr point outside
// Go's heap, or into objects that something else keeps alive.
func rawAddr(w uint64) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&w)) }

// loadWord reads a scalar of any type but Ref: integers sign-extended, floats as bits.
func loadWord(p unsafe.Pointer, t ir.Type) uint64 {
	switch t {
	case ir.I8:
		return uint64(int64(*(*int8)(p)))
	case ir.I16:
		return uint64(int64(*(*int16)(p)))
	case ir.I32:
		return uint64(int64(*(*int32)(p)))
	case ir.F32:
		return uint64(*(*uint32)(p))
	}
	return *(*uint64)(p)
}

// storeWord writes a scalar of any type but Ref.
func storeWord(p unsafe.Pointer, t ir.Type, w uint64) {
	switch t {
	case ir.I8:
		*(*uint8)(p) = uint8(w)
	case ir.I16:
		*(*uint16)(p) = uint16(w)
	case ir.I32, ir.F32:
		*(*uint32)(p) = uint32(w)
	default:
		*(*uint64)(p) = w
	}
}

//go:linkname unsafeNew reflect.unsafe_New
func unsafeNew(t unsafe.Pointer) unsafe.Pointer

// findObject gives the base of the heap object that p points into, 0 if it is not on the heap.
//
//go:linkname findObject runtime.findObject
func findObject(p, refBase, refOff uintptr) (base uintptr, span unsafe.Pointer, index uintptr)

//go:linkname unsafeNewArray reflect.unsafe_NewArray
func unsafeNewArray(t unsafe.Pointer, n int) unsafe.Pointer

// newObject allocates an object of a described type. Every type of a program
// that is allocated is bound to its Go type; residual code uses the same descriptors.
func newObject(d *ir.TypeDesc) unsafe.Pointer { return unsafeNew(goType(d)) }

func newArray(d *ir.TypeDesc, n int64) unsafe.Pointer {
	if n < 0 || d.Size > 0 && n > (1<<46)/int64(d.Size) {
		panic(&Trap{Code: ir.TrapAlloc})
	}
	return unsafeNewArray(goType(d), int(n))
}

func goType(d *ir.TypeDesc) unsafe.Pointer {
	if d.GoType != nil {
		return d.GoType
	}
	return typeWord(madeType(d))
}

// madeType makes a Go type with the layout of a descriptor that has none.
func madeType(d *ir.TypeDesc) reflect.Type {
	ptrs := map[int]bool{}
	for _, off := range d.Ptrs {
		ptrs[off] = true
	}
	var fields []reflect.StructField
	add := func(t reflect.Type) {
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", len(fields)), Type: t})
	}
	for off := 0; off < d.Size; {
		switch {
		case ptrs[off]:
			add(reflect.TypeFor[unsafe.Pointer]())
			off += 8
		case off%8 == 0 && off+8 <= d.Size:
			add(reflect.TypeFor[uint64]())
			off += 8
		default:
			add(reflect.TypeFor[byte]())
			off++
		}
	}
	return reflect.StructOf(fields)
}
