package jit

import (
	"unsafe"

	"martlet/internal/native"
	"martlet/internal/symbols"
)

// debugCode tells perf and gdb of new code, where asked to.
func (e *Engine) debugCode(c *compiled) {
	in := c.in
	if e.opts.Perf {
		symbols.Perf(in.Name, in.Addr, in.Size)
	}
	if !e.opts.GDB {
		return
	}
	c.gdb = symbols.Add(in.Name, in.Addr, codeBytes(in.Addr, in.Size), false)
	if s := in.Entry().Stubs; e.needsStub(s) {
		symbols.Add("martlet.enter", s.Enter, codeBytes(s.Enter, s.Return-s.Enter), true) // kept, as the stub is
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
