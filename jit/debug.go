package jit

import (
	"runtime"
	"unsafe"

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
	s := in.Entry().Stubs
	s.Named.Do(func() {
		stub := symbols.Add("martlet.enter", s.Enter, codeBytes(s.Enter, s.Return-s.Enter), true)
		runtime.AddCleanup(s, symbols.Remove, stub)
	})
}

func codeBytes(addr, n uintptr) []byte {
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&addr))), n)
}
