package interp

import (
	"unsafe"

	"martlet/genext"
	"martlet/hint"
	"martlet/python/internal/code"
)

// How far compiled code reaches: a region is a function, or what a loop of it or a return into it leads to, with
// small functions inlined. Calls of others, returns from the function and the back-edges of outer loops lead to other regions.

// The size in instructions up to which a function is inlined, and how deep.
const (
	maxSmall   = 50
	maxInlined = 1
)

// small reports whether calls of the code are worth inlining.
func small(c *code.Code) bool {
	for _, i := range c.Instrs {
		if op := i.Op(); op == code.OpLoop || op == code.OpFornext {
			return false
		}
	}
	return len(c.Instrs) <= maxSmall
}

// within is genext.Options.Within: a path's depth is how many calls have been inlined around it.
func within(p *genext.Path) bool {
	home, from, to := (*greens)(p.Home), (*greens)(p.From), (*greens)(p.To)
	op := from.co.C.Instrs[from.pc].Op()
	loop := op == code.OpLoop || op == code.OpFornext && to.pc != 0
	switch {
	case loop && p.Entered && to.co == from.co:
		return p.Depth > 0 || to.co == home.co && to.pc >= home.pc
	case p.Entered && to.pc == 0:
		if !to.co.small || to.co == home.co || to.co == from.co || p.Depth >= maxInlined {
			return false
		}
		p.Depth++
	case to.co != from.co: // a return, or a generator that goes on
		if p.Depth == 0 {
			return false
		}
		p.Depth--
	}
	return true
}

// counterOf is genext.Options.Counter.
func counterOf(g unsafe.Pointer) *hint.Counter { return &(*greens)(g).co.hot }
