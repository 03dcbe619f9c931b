package native

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"martlet/internal/obj"
	"martlet/ir"
)

// Running: Call enters code, the loop in exits serves its exits until it returns.
//
// The ref frame is an array of pointers that is a local variable of one of the run functions below, where Go's stack scan finds it.
// Its size is chosen by class; an activation that needs more slots exits with ExitRefGrow and goes on in a nested activation with a larger
// array. Everything between the run function and the machine code handles the array's address as an unsafe.Pointer parameter, so that the
// stack may move at any call.

// Action is what a Handler wants done after an exit.
type Action uint8

const (
	// Resume goes on behind the exit. Only for exits that can.
	Resume Action = iota
	// Leave returns from the frame to its caller with the results put in the Words and ref slots (Frame.Results).
	Leave
	// Replaced goes on in what Frame.Replace called instead of the frame.
	Replaced
)

// Handler serves the exits that depend on who runs the code: guards, promotions, counters. An error ends the activation with it.
type Handler interface {
	HandleExit(f Frame) (Action, error)
}

// TrapError is a trap of the running program.
type TrapError struct {
	Func string // name of the code
	Code ir.TrapCode
	Line obj.Line // where (zero if unknown)
	Addr uintptr  // the address, for memory faults
}

func (e *TrapError) Error() string {
	what := e.Code.String()
	if e.Code == ir.TrapMemory {
		what = fmt.Sprintf("%s (address %#x)", what, e.Addr)
	}
	if e.Line.Value != 0 || e.Line.Pos != 0 {
		return fmt.Sprintf("%s: trap: %s at value %d", e.Func, what, e.Line.Value)
	}
	return fmt.Sprintf("%s: trap: %s", e.Func, what)
}

// ErrStackOverflow ends code that ran out of JIT stack.
var ErrStackOverflow = errors.New("stack overflow in compiled code")

// Call runs e with the non-ref arguments in c.Words and the given ref arguments; the results are left in c.Words and out. Calls nest: a Go function
// called by JIT code may use the same context. A panic in such a function passes through, and the context is as before Call.
func (c *Context) Call(e Entry, in, out []unsafe.Pointer) error {
	if c.depth > 0 {
		return c.callNested(e, in, out)
	}
	c.enterOuter(e.Stubs.Enter, e.Cell)
	err := c.run(e.Class, nil, in, out)
	runtime.KeepAlive(e.Stubs)
	return err
}

// Callee is what Invoke calls: a function of up to four words with at most one result, a word.
type Callee struct {
	Entry Entry
	Env   *Env
	M     *Machine
	// Slow, if not nil, is called instead, always with four words.
	Slow func(words []uint64) (uint64, error)
}

// Invoke acquires a context, calls and releases in one piece: the short way from a Go function value into JIT code.
//
// The stub invoke borrows the processor's idle context, which needs no lock because a goroutine keeps its processor inside machine code. An exit
// takes the context out of its slot; only then the Env is needed.
func (e *Callee) Invoke(w0, w1, w2, w3 uint64) (uint64, error) {
	if e.Slow != nil || !canInvoke {
		return e.invokeSlow(w0, w1, w2, w3)
	}
	var f [slots0]unsafe.Pointer
	w, r, c := invoke(e, argument(unsafe.Pointer(&f)), w0, w1, w2, w3)
	if w == 0 {
		return r, nil
	}
	if c == nil {
		return e.invokeSlow(w0, w1, w2, w3)
	}
	c.env, c.selfRelease = e.Env, true
	err := c.exits(hide(unsafe.Pointer(&f)), w, nil)
	return e.leave(c, err)
}

// invokeSlow is Invoke where that cannot be.
func (e *Callee) invokeSlow(w0, w1, w2, w3 uint64) (uint64, error) {
	if e.Slow != nil {
		return e.Slow([]uint64{w0, w1, w2, w3})
	}
	c, err := e.M.AcquireFor(e.Env)
	if err != nil {
		return 0, err
	}
	c.Words[0], c.Words[1], c.Words[2], c.Words[3] = w0, w1, w2, w3
	return e.leave(c, c.Call(e.Entry, nil, nil))
}

// leave gives back the context of a finished call. The callee lives until here: its owner may have its cleanup.
func (e *Callee) leave(c *Context, err error) (uint64, error) {
	r := c.Words[0]
	e.M.Release(c)
	runtime.KeepAlive(e)
	return r, err
}

func (c *Context) callNested(e Entry, in, out []unsafe.Pointer) error {
	if c.jitSP-c.lo < 3*obj.NoCheckStack {
		return ErrStackOverflow
	}
	s := c.pushNested(e.Stubs.Enter, e.Cell)
	err := c.run(e.Class, &s, in, out)
	c.pop(&s)
	runtime.KeepAlive(e.Stubs)
	return err
}

// Classes of ref frames and their numbers of slots.
const (
	slots0   = 12
	slots1   = 64
	slots2   = 512
	slots3   = 4096
	maxClass = 3
)

var classSlots = [maxClass + 1]int{slots0, slots1, slots2, slots3}

// classFor is the smallest class with n checked slots.
func classFor(n int) (uint8, bool) {
	for i, s := range classSlots {
		if n <= s-obj.RefReserve {
			return uint8(i), true
		}
	}
	return 0, false
}

func (c *Context) run(class uint8, s *saved, in, out []unsafe.Pointer) error {
	if need := max(len(in), len(out)); need > 2 {
		if k, ok := classFor(need); ok {
			class = max(class, k)
		}
	}
	switch class {
	case 0:
		return c.run0(s, in, out)
	case 1:
		return c.run1(s, in, out)
	case 2:
		return c.run2(s, in, out)
	}
	return c.run3(s, in, out)
}

func (c *Context) run0(s *saved, in, out []unsafe.Pointer) error {
	var f [slots0]unsafe.Pointer
	if len(in) > 0 {
		copy(f[:], in)
	}
	c.refSize = (slots0 - obj.RefReserve) * 8
	if w := enter(c, argument(unsafe.Pointer(&f))); w != 0 {
		if err := c.exits(hide(unsafe.Pointer(&f)), w, s); err != nil {
			return err
		}
	}
	if len(out) > 0 {
		copy(out, f[:])
	}
	return nil
}

func (c *Context) run1(s *saved, in, out []unsafe.Pointer) error {
	var f [slots1]unsafe.Pointer
	if len(in) > 0 {
		copy(f[:], in)
	}
	c.refSize = (slots1 - obj.RefReserve) * 8
	if w := enter(c, argument(unsafe.Pointer(&f))); w != 0 {
		if err := c.exits(hide(unsafe.Pointer(&f)), w, s); err != nil {
			return err
		}
	}
	if len(out) > 0 {
		copy(out, f[:])
	}
	return nil
}

func (c *Context) run2(s *saved, in, out []unsafe.Pointer) error {
	var f [slots2]unsafe.Pointer
	if len(in) > 0 {
		copy(f[:], in)
	}
	c.refSize = (slots2 - obj.RefReserve) * 8
	if w := enter(c, argument(unsafe.Pointer(&f))); w != 0 {
		if err := c.exits(hide(unsafe.Pointer(&f)), w, s); err != nil {
			return err
		}
	}
	if len(out) > 0 {
		copy(out, f[:])
	}
	return nil
}

func (c *Context) run3(s *saved, in, out []unsafe.Pointer) error {
	var f [slots3]unsafe.Pointer
	if len(in) > 0 {
		copy(f[:], in)
	}
	c.refSize = (slots3 - obj.RefReserve) * 8
	if w := enter(c, argument(unsafe.Pointer(&f))); w != 0 {
		if err := c.exits(hide(unsafe.Pointer(&f)), w, s); err != nil {
			return err
		}
	}
	if len(out) > 0 {
		copy(out, f[:])
	}
	return nil
}

// exits serves exits until the activation returns or ends with an error. An outermost activation ends here, and a nested one too if a panic
// passes.
func (c *Context) exits(refs unsafe.Pointer, w uint32, s *saved) error {
	done := false
	defer func() {
		if s == nil || !done {
			c.pop(s)
		}
		if s == nil && !done && c.selfRelease {
			c.m.Release(c)
		}
	}()
	for w != 0 {
		if obj.ExitKind(w>>24) == obj.ExitGoCall {
			f := c.env.goFuncs.get(c.goFunc)
			if f.FrameFn == nil {
				f.Fn(c.Words[:f.Words], c.refSlice(refs, f.Refs))
				w = enter(c, refs)
				continue
			}
		}
		if err := c.serve(refs, w); err != nil {
			done = true
			return err
		}
		w = enter(c, refs)
	}
	done = true
	return nil
}

// refSlice is the n ref slots from R13 on, as lent to a Go function.
func (c *Context) refSlice(refs unsafe.Pointer, n int) []unsafe.Pointer {
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*unsafe.Pointer)(hide(unsafe.Add(refs, c.refOff))), n)
}

// serve handles one exit other than the plain call of a Go function.
func (c *Context) serve(refs unsafe.Pointer, w uint32) error {
	kind, _ := obj.SplitExitWord(w)
	switch kind {
	case obj.ExitGoCall:
		f := c.env.goFuncs.get(c.goFunc)
		return f.FrameFn(c.frame(refs, w), c.Words[:f.Words], c.refSlice(refs, f.Refs))
	case obj.ExitPoll:
		yieldPoint()
		c.resumeRegs()
		return c.Stopped()
	case obj.ExitBlocked:
		c.waitForWalk()
		return nil
	case obj.ExitLazy:
		return c.lazy()
	case obj.ExitRefGrow:
		return c.grow(refs)
	case obj.ExitStackOverflow:
		return c.overflow()
	case obj.ExitTrap:
		return c.trap(c.frame(refs, w))
	case obj.ExitFault:
		return c.fault()
	}
	return c.handle(c.frame(refs, w))
}

// Stopped returns the error with which the code that runs in the context was asked to end, if it was.
func (c *Context) Stopped() error {
	if c.request.Load()&requestStop != 0 {
		if e := c.cause.Load(); e != nil {
			return *e
		}
	}
	return nil
}

func (c *Context) waitForWalk() {
	c.mu.Lock()
	c.m.walkSelf(c)
	c.mu.Unlock()
	yieldPoint()
}

func (c *Context) lazy() error {
	f := c.env.lazies.get(c.goFunc)
	c.regsLive = true // compiling may run code in this context
	cell, err := f.Compile(c)
	c.regsLive = false
	if err != nil {
		return err
	}
	c.gpr[obj.RegScratch] = uint64(cell)
	c.resumeRegs()
	return nil
}

// overflow reports stack exhaustion with the name of the function that found it.
func (c *Context) overflow() error {
	if in := c.m.Lookup(c.resume); in != nil {
		return fmt.Errorf("%s: %w", in.Name, ErrStackOverflow)
	}
	return ErrStackOverflow
}

// grow runs the call that found the ref frame exhausted in a nested activation with a larger one.
func (c *Context) grow(refs unsafe.Pointer) error {
	in := c.m.Lookup(c.resume)
	need := int(in.Code.RefSlots) + 16
	class, ok := classFor(need)
	if !ok {
		return fmt.Errorf("%s: %d ref slots are more than a frame can have: %w", in.Name, need, ErrStackOverflow)
	}
	have := c.refSize/8 + obj.RefReserve
	for class < maxClass && classSlots[class] <= int(have) {
		class++
	}
	e := in.Entry()
	e.Class = class
	np, nr := obj.CountRefs(e.Stubs.Sig.Params), obj.CountRefs(e.Stubs.Sig.Results)
	if c.jitSP-c.lo < 3*obj.NoCheckStack {
		return c.overflow()
	}
	io := c.refSlice(refs, max(np, nr))
	return c.Call(e, io[:np], io[:nr])
}

func (c *Context) trap(f Frame) error {
	e := &TrapError{Func: f.In.Name}
	if f.Exit != nil {
		e.Code = ir.TrapCode(f.Exit.Arg)
		e.Line = lineAt(f.In.Code, f.Exit.Off)
	}
	return e
}

func (c *Context) fault() error {
	in := c.m.Lookup(c.faultPC)
	e := &TrapError{Func: "compiled code", Code: ir.TrapMemory, Addr: c.faultAddr}
	if c.faultAddr < 4096 {
		e.Code = ir.TrapNil
	}
	if c.faultAddr >= c.lo-4096 && c.faultAddr < c.lo {
		return c.overflow()
	}
	if in != nil {
		e.Func = in.Name
		if in.Code != nil {
			e.Line = lineAt(in.Code, int32(c.faultPC-in.Addr)+1)
		}
	}
	return e
}

// lineAt is the line entry that covers the instruction ending at or containing off-1.
func lineAt(code *obj.Code, off int32) obj.Line {
	var at obj.Line
	for _, l := range code.Lines {
		if l.Off >= off {
			break
		}
		at = l
	}
	return at
}

// handle asks the handler.
func (c *Context) handle(f Frame) error {
	if c.env.Handler == nil {
		return fmt.Errorf("%s: exit %s %d without a handler", f.In.Name, f.Kind, f.Number)
	}
	c.regsLive = f.Kind.SavesRegs()
	act, err := c.env.Handler.HandleExit(f)
	c.regsLive = false
	if err != nil {
		return err
	}
	switch act {
	case Resume:
		if !f.Kind.SavesRegs() {
			return nil
		}
		c.resumeRegs()
	case Leave:
		f.leave(f.In.stubs.Return)
	}
	return nil
}
