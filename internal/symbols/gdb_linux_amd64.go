package symbols

import (
	"bytes"
	"encoding/binary"
	"sync"
	"unsafe"
)

// gdb: each piece of code is described by an ELF file in memory with a symbol and the rules for unwinding its frame.
//
// The rules: a function with a frame keeps the caller's RBP at RBP and the return address behind it, from the push and mov of its prologue on. The enter
// stub is the boundary: RBP is at the entry record, which begins with Go's frame pointer and return address, and the caller's stack pointer
// is that of the Go stack, which the context (R15) holds in its first word, less the return address.

func debugDescriptor() uintptr
func debugRegisterCode()

// Entry is what gdb has been told of one piece of code: struct jit_code_entry. The list of them is one per process, as gdb wants it.
type Entry struct {
	next, prev uintptr
	addr, size uintptr
	image      []byte // what addr points to
}

var gdb struct { // gdb reads the process's one list, so there is one
	mu   sync.Mutex
	live map[*Entry]struct{}
}

const (
	gdbRegister   = 1
	gdbUnregister = 2
)

type gdbDescriptor struct {
	_, action       uint32 // the first is the version of the interface
	relevant, first uintptr
}

func descriptor() *gdbDescriptor {
	a := debugDescriptor()
	return *(**gdbDescriptor)(unsafe.Pointer(&a))
}

func entryAt(a uintptr) *Entry { return *(**Entry)(unsafe.Pointer(&a)) }

// Add tells gdb of code: its name, where it is, its bytes, and whether it is the boundary to Go.
func Add(name string, addr uintptr, text []byte, boundary bool) *Entry {
	e := &Entry{image: gdbImage(name, uint64(addr), text, boundary)}
	e.addr, e.size = uintptr(unsafe.Pointer(&e.image[0])), uintptr(len(e.image))
	gdb.mu.Lock()
	defer gdb.mu.Unlock()
	if gdb.live == nil {
		gdb.live = map[*Entry]struct{}{}
	}
	gdb.live[e] = struct{}{}
	d := descriptor()
	if e.next = d.first; e.next != 0 {
		entryAt(e.next).prev = uintptr(unsafe.Pointer(e))
	}
	d.first, d.relevant, d.action = uintptr(unsafe.Pointer(e)), uintptr(unsafe.Pointer(e)), gdbRegister
	debugRegisterCode()
	return e
}

// Remove takes back what was told.
func Remove(e *Entry) {
	gdb.mu.Lock()
	defer gdb.mu.Unlock()
	d := descriptor()
	if e.prev != 0 {
		entryAt(e.prev).next = e.next
	} else {
		d.first = e.next
	}
	if e.next != 0 {
		entryAt(e.next).prev = e.prev
	}
	d.relevant, d.action = uintptr(unsafe.Pointer(e)), gdbUnregister
	debugRegisterCode()
	delete(gdb.live, e)
}

// DWARF call frame instructions and operations (DWARF 4, sections 6.4.2 and 7.23).
const (
	cfaAdvance1    = 0x02
	cfaDefCfa      = 0x0c
	cfaDefRegister = 0x0d
	cfaDefOffset   = 0x0e
	cfaValExpr     = 0x16
	cfaOffset      = 0x80
	opDeref        = 0x06
	opBreg15       = 0x7f
	opPlusUconst   = 0x23
	dwarfRBP       = 6
	dwarfRSP       = 7
	dwarfRA        = 16
)

// unwindRules are the call frame instructions of a function or the boundary stub.
func unwindRules(text []byte, boundary bool) []byte {
	if boundary {
		return []byte{cfaDefCfa, dwarfRBP, 16, cfaOffset | dwarfRBP, 2, cfaOffset | dwarfRA, 1,
			cfaValExpr, dwarfRSP, 5, opBreg15, 0, opDeref, opPlusUconst, 8}
	}
	rules := []byte{cfaDefCfa, dwarfRSP, 8, cfaOffset | dwarfRA, 1}
	if p := bytes.Index(text[:min(len(text), 64)], []byte{0x55, 0x48, 0x89, 0xe5}); p >= 0 {
		rules = append(rules, cfaAdvance1, byte(p+1), cfaDefOffset, 16, cfaOffset|dwarfRBP, 2, cfaAdvance1, 3, cfaDefRegister, dwarfRBP)
	}
	return rules
}

// ehFrame is a section with one CIE and one FDE, with absolute addresses.
func ehFrame(addr, size uint64, rules []byte, boundary bool) []byte {
	le := binary.LittleEndian
	block := func(body []byte) []byte {
		for len(body)%8 != 4 {
			body = append(body, 0) // nop
		}
		return append(le.AppendUint32(nil, uint32(len(body))), body...)
	}
	aug := "zR\x00"
	if boundary {
		aug = "zRS\x00"
	}
	cie := append([]byte{0, 0, 0, 0, 1}, aug...)
	cie = append(cie, 1, 0x78, dwarfRA, 1, 0) // code and data alignment, return address column, length and content of augmentation data: absolute pointers
	out := block(cie)
	fde := le.AppendUint32(nil, uint32(len(out)+4)) // distance back to the CIE
	fde = le.AppendUint64(fde, addr)
	fde = le.AppendUint64(fde, size)
	fde = append(fde, 0)
	out = append(out, block(append(fde, rules...))...)
	return append(out, 0, 0, 0, 0)
}

type elfSection struct {
	name       string
	kind       uint32
	flags      uint64
	addr, size uint64
	body       []byte
	link, info uint32
	align, ent uint64
}

// gdbImage is a relocatable ELF file that describes one function. Its .text has an address but no bytes.
func gdbImage(name string, addr uint64, text []byte, boundary bool) []byte {
	le := binary.LittleEndian
	size := uint64(len(text))
	sym := make([]byte, 24, 48)
	sym = le.AppendUint32(sym, 1) // name
	sym = append(sym, 0x12, 0)    // global function
	sym = le.AppendUint16(sym, 1) // in .text
	sym = le.AppendUint64(sym, 0) // at its start
	sym = le.AppendUint64(sym, size)
	sections := []elfSection{
		{},
		{name: ".text", kind: 8, flags: 6, addr: addr, size: size, align: 16},
		{name: ".eh_frame", kind: 1, flags: 2, body: ehFrame(addr, size, unwindRules(text, boundary), boundary), align: 8},
		{name: ".symtab", kind: 2, body: sym, link: 4, info: 1, align: 8, ent: 24},
		{name: ".strtab", kind: 3, body: append([]byte("\x00"+name), 0), align: 1},
		{name: ".shstrtab", kind: 3, align: 1},
	}
	var names []byte
	offsets := make([]uint32, len(sections))
	for i, s := range sections {
		offsets[i] = uint32(len(names))
		names = append(append(names, s.name...), 0)
	}
	sections[5].body = names
	out := make([]byte, 64)
	copy(out, "\x7fELF\x02\x01\x01")
	le.PutUint16(out[16:], 1)  // relocatable
	le.PutUint16(out[18:], 62) // x86-64
	le.PutUint32(out[20:], 1)
	le.PutUint16(out[52:], 64)
	le.PutUint16(out[58:], 64)
	le.PutUint16(out[60:], uint16(len(sections)))
	le.PutUint16(out[62:], 5)
	var heads []byte
	for i, s := range sections {
		for len(out)%8 != 0 {
			out = append(out, 0)
		}
		at := uint64(len(out))
		out = append(out, s.body...)
		if s.body != nil {
			s.size = uint64(len(s.body))
		}
		if i == 0 {
			at = 0
		}
		heads = le.AppendUint32(heads, offsets[i])
		heads = le.AppendUint32(heads, s.kind)
		for _, v := range []uint64{s.flags, s.addr, at, s.size} {
			heads = le.AppendUint64(heads, v)
		}
		heads = le.AppendUint32(heads, s.link)
		heads = le.AppendUint32(heads, s.info)
		heads = le.AppendUint64(heads, s.align)
		heads = le.AppendUint64(heads, s.ent)
	}
	for len(out)%8 != 0 {
		out = append(out, 0)
	}
	le.PutUint64(out[40:], uint64(len(out)))
	return append(out, heads...)
}
