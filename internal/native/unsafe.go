package native

import "unsafe"

// Access to memory by number: JIT stacks, cells, code, fields of runtime.g. None of it is Go heap.

func at(addr uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) }

// argument is hide for a ref frame's address that is at once passed to enter or invoke. It is inlined where the compiler adds no checks and is a nosplit
// call where it does. The stack moves at calls only, so never while the address is a number here; for an address that is kept over a call, the
// compiler must see nothing but pointers: hide.
//
//go:nosplit
//go:norace
//go:nocheckptr
func argument(p unsafe.Pointer) unsafe.Pointer {
	n := uintptr(p)
	return *(*unsafe.Pointer)(unsafe.Pointer(&n))
}

//go:norace
func load64(addr uintptr) uint64 { return *(*uint64)(at(addr)) }

//go:norace
func store64(addr uintptr, v uint64) { *(*uint64)(at(addr)) = v }

func bytesOf(addr uintptr, n int) []byte { return unsafe.Slice((*byte)(at(addr)), n) }

// funcPC is the entry address of a Go function that is not a closure.
func funcPC(f func()) uintptr { return **(**uintptr)(unsafe.Pointer(&f)) }

// yieldPoint is where a preemption request is honoured: an ordinary function with a stack check in its prologue and a frame of some size. The scheduler
// takes the goroutine there. (runtime.Gosched would not do: suspendG would hardly ever find it not running.)
//
//go:noinline
func yieldPoint() {
	var pad [200]byte
	touch(&pad)
}

//go:noinline
func touch(p *[200]byte) { p[0] = 1 }
