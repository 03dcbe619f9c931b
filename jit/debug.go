package jit

import (
	"fmt"
	"os"
	"sync"
	"unsafe"

	"martlet/internal/native"
)

// perfMap is the file in which perf looks for the names of a process's generated functions; one per process, opened at the first use.
var perfMap = sync.OnceValues(func() (*os.File, error) {
	return os.OpenFile(fmt.Sprintf("/tmp/perf-%d.map", os.Getpid()), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
})

// debugCode tells perf and gdb of new code, where asked to.
func (e *Engine) debugCode(c *compiled) {
	in := c.in
	if e.opts.Perf {
		if f, err := perfMap(); err == nil { // a profile without names is no reason to fail
			fmt.Fprintf(f, "%x %x %s\n", in.Addr, in.Size, in.Name)
		}
	}
	if !e.opts.GDB {
		return
	}
	c.gdb = gdbAdd(in.Name, in.Addr, codeBytes(in.Addr, in.Size), false)
	if s := in.Entry().Stubs; e.needsStub(s) {
		gdbAdd("martlet.enter", s.Enter, codeBytes(s.Enter, s.Return-s.Enter), true) // kept, as the stub is
	}
}

// needsStub tells, once for each signature, that gdb does not know its enter stub yet.
func (e *Engine) needsStub(s *native.SigStubs) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gdbStubs == nil {
		e.gdbStubs = map[*native.SigStubs]bool{}
	}
	known := e.gdbStubs[s]
	e.gdbStubs[s] = true
	return !known
}

func codeBytes(addr, n uintptr) []byte {
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&addr))), n)
}
