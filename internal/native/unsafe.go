package native

import "unsafe"

// Access to memory by number: JIT stacks, cells, code, fields of runtime.g. None of it is Go heap.

func at(addr uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) }

// hide returns p, out of sight of escape analysis. It is for addresses of ref frames, which are lent to machine code and Go functions for the time
// of a call; the stack copier adjusts them there like any other pointer into the stack. (It runs at calls only, so never inside of hide.)
func hide(p unsafe.Pointer) unsafe.Pointer { return at(uintptr(p)) }

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
