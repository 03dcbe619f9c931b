package native

import (
	"math"
	"unsafe"

	"martlet/internal/obj"
	"martlet/ir"
)

// Frame is JIT code standing at an exit, as its handler sees it. It is valid until the handler returns and must not be kept.
type Frame struct {
	Ctx    *Context
	In     *Installed
	Exit   *obj.Exit // nil for code without an exit table (thunks)
	Kind   obj.ExitKind
	Number int
	refs   unsafe.Pointer // slot 0 of the Go frame's array
	off    uintptr        // this activation's base slot, in bytes from there
}

func (c *Context) frame(refs unsafe.Pointer, w uint32) Frame {
	kind, n := obj.SplitExitWord(w)
	f := Frame{Ctx: c, Kind: kind, Number: n, refs: hide(refs), off: c.refOff, In: c.m.Lookup(c.resume)}
	if f.In != nil && f.In.Code != nil && n < len(f.In.Code.Exits) {
		f.Exit = &f.In.Code.Exits[n]
		f.off -= 8 * uintptr(f.Exit.RefAdvance)
	}
	return f
}

// Caller returns the compiled code that made the call at which the frame stands: the frame's own code, or if that is the thunk of a Go function, the
// code that called the thunk.
func (f Frame) Caller() *Installed {
	if f.In == nil || f.In.Code != nil {
		return f.In
	}
	return f.Ctx.m.Lookup(uintptr(load64(f.Ctx.jitBP + 8)))
}

// Value returns live value i of the exit as a word (floats by their bits); not for refs.
func (f Frame) Value(i int) uint64 { return f.Loc(f.Exit.Live[i]) }

// Loc returns the value at a location, which is not a ref.
func (f Frame) Loc(l obj.Loc) uint64 {
	switch l.Kind {
	case obj.LocConst:
		return l.Const
	case obj.LocReg:
		if l.Reg.IsXMM() {
			return f.Ctx.xmm[l.Reg-obj.XMM0]
		}
		return f.Ctx.gpr[l.Reg]
	case obj.LocStack:
		return load64(f.Ctx.jitBP + uintptr(l.Off))
	}
	return 0
}

// Int returns live value i sign-extended from its type.
func (f Frame) Int(i int) int64 {
	v := f.Value(i)
	switch f.Exit.Live[i].Type {
	case ir.I8:
		return int64(int8(v))
	case ir.I16:
		return int64(int16(v))
	case ir.I32:
		return int64(int32(v))
	}
	return int64(v)
}

// Float returns live value i, a float.
func (f Frame) Float(i int) float64 {
	if f.Exit.Live[i].Type == ir.F32 {
		return float64(math.Float32frombits(uint32(f.Value(i))))
	}
	return math.Float64frombits(f.Value(i))
}

// Ref returns live value i, a ref.
func (f Frame) Ref(i int) unsafe.Pointer {
	l := f.Exit.Live[i]
	switch {
	case l.Kind == obj.LocRef:
		return *f.Slot(int(l.Off))
	case l.Kind == obj.LocRefConst && l.Off >= 0:
		return f.In.Ref(int(l.Off))
	}
	return nil
}

// SetValue changes live value i, which is not a ref or constant, for code that resumes or a bridge.
func (f Frame) SetValue(i int, v uint64) {
	switch l := f.Exit.Live[i]; l.Kind {
	case obj.LocReg:
		if l.Reg.IsXMM() {
			f.Ctx.xmm[l.Reg-obj.XMM0] = v
		} else {
			f.Ctx.gpr[l.Reg] = v
		}
	case obj.LocStack:
		store64(f.Ctx.jitBP+uintptr(l.Off), v)
	}
}

// SetRef changes live value i, a ref in a slot.
func (f Frame) SetRef(i int, p unsafe.Pointer) { *f.Slot(int(f.Exit.Live[i].Off)) = p }

// Slot is ref slot i of the frame.
func (f Frame) Slot(i int) *unsafe.Pointer {
	return (*unsafe.Pointer)(unsafe.Add(f.refs, f.off+8*uintptr(i)))
}

// Results are where a handler that answers Leave puts the results: non-refs in words, refs in slots, each in its own order.
func (f Frame) Results() (words []uint64, slots []unsafe.Pointer) {
	return f.Ctx.Words[:], unsafe.Slice(f.Slot(0), f.In.stubs.nRefs)
}

// Replace makes e run in place of the frame: its arguments are in Words and the frame's first ref slots; its results go to the frame's caller,
// so the signatures must have the same results. The handler answers Replaced.
func (f Frame) Replace(e Entry) {
	f.Ctx.target = e.Cell
	f.leave(e.Stubs.OSR)
}

// leave drops the frame and goes on at a stub as if it were the function that the frame's caller called.
func (f Frame) leave(stub uintptr) {
	c := f.Ctx
	c.mu.Lock()
	bp := c.jitBP
	c.jitSP = bp + 8
	c.jitBP = uintptr(load64(bp))
	c.resume = stub
	c.lastPC = uintptr(load64(bp + 8)) // the caller's return address is on the stack above no frame of its own now
	c.refOff = f.off
	c.mu.Unlock()
}

// Walk calls visit with every piece of code that has a frame in the context, innermost first, and the address at which it goes on; before that with
// the stub in which an activation goes on, if it is one, and bp = 0. The context must stand still: the caller is in one of its exit handlers, or holds its walk lock.
//
//go:norace
func (c *Context) Walk(visit func(in *Installed, pc, bp uintptr)) {
	if c.depth == 0 {
		return
	}
	m := c.m
	stub := func(pc uintptr) {
		if in := m.Lookup(pc); in != nil && in.stub {
			visit(in, pc, 0)
		}
	}
	stub(c.resume)
	pc := c.exitPC()
	for bp := c.jitBP; c.lo <= bp && bp <= c.top; {
		if in := m.Lookup(pc); in != nil {
			visit(in, pc, bp)
		}
		ret := uintptr(load64(bp + 8))
		if m.Lookup(ret) != nil {
			pc, bp = ret, uintptr(load64(bp))
			continue
		}
		stub(uintptr(load64(bp + recPrevGoOn)))
		pc, bp = uintptr(load64(bp+recPrevPC)), uintptr(load64(bp+recPrevBP)) // an entry record
	}
}
