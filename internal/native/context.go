package native

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"martlet/internal/execmem"
	"martlet/internal/obj"
)

// Context is what R15 points to while JIT code runs: the saved halves of the two stacks, the exit protocol's words, and the Go side's
// bookkeeping. A context is used by one goroutine at a time and owns one JIT stack; Machine.Acquire lends them.
//
// The first part, up to Words, is laid out as internal/obj/abi.go says. It holds no Go pointers: those are in ref frames.
type Context struct {
	goSP, goBP               uintptr
	jitSP, jitBP             uintptr
	resume                   uintptr
	stackLimit               uintptr
	refBase, refLimit        uintptr
	exit, goFunc             uint32
	stubExit, stubExitRegs   uintptr
	wbFlag, wb2              uintptr
	stubJump                 uintptr
	refOff                   uintptr
	state, walk              uint32
	base, faultPC, faultAddr uintptr
	magic                    uint64
	target, regsPC           uintptr
	g                        uintptr
	refSize                  uintptr
	depth                    uint32 // nested activations; the adapters of signatures count down
	slot                     uintptr
	noSlot                   uintptr
	gpr, xmm                 [16]uint64

	// Words are the non-ref arguments and results of calls between Go and JIT code.
	Words [obj.MaxWords]uint64

	m           *Machine
	env         *Env
	selfRelease bool // release the context when a panic leaves its outermost Call

	lo, top uintptr // the JIT stack
	request atomic.Uint32

	regsLive bool        // gpr and xmm belong to an exit that is being handled
	regStack []savedRegs // those of exits under nested activations

	cause atomic.Pointer[error] // why the running code was asked to stop

	mu        sync.Mutex // held by whoever walks the frames or changes their structure from Go
	lastPC    uintptr    // pc of the last exit, when resume was pointed at a stub
	seenRound uint64     // last reclaim round in which the frames were walked; under mu
}

// Bits of Context.request.
const (
	requestStop uint32 = 1 << iota // end the activation with *cause
)

// record is the entry record at the base of an activation on the JIT stack. The first two words make a frame that
// leads frame-pointer walkers on to the Go stack; the others lead the frame walk to the outer activation, and tell where that goes on, which may be a
// stub.
const (
	recGoBP     = 0
	recGoPC     = 8
	recPrevBP   = 16
	recPrevPC   = 24
	recPrevGoOn = 32
	recSize     = 48
)

// StackSize is the default size of a JIT stack. Pages are committed when touched.
const StackSize = 1 << 20

func newContext(m *Machine, size uintptr) (*Context, error) {
	lo, err := execmem.NewStack(size)
	if err != nil {
		return nil, err
	}
	c := &Context{m: m, env: &m.env, lo: lo, state: 1, magic: obj.CtxMagicValue}
	c.top = lo + size - recSize
	c.stackLimit = lo + 2*obj.NoCheckStack
	s := &m.stubs
	c.stubExit, c.stubExitRegs, c.stubJump = s.exit, s.exitRegs, s.jump
	c.reset()
	c.keepOut()
	c.wbFlag, c.wb2 = uintptr(unsafe.Pointer(&runtimeWriteBarrier)), funcPC(gcWriteBarrier2)
	return c, nil
}

// Machine returns the machine that the context belongs to.
func (c *Context) Machine() *Machine { return c.m }

// SetEnv sets what the code that runs in the context refers to, until Release.
func (c *Context) SetEnv(e *Env) { c.env = e }

// Env returns it.
func (c *Context) Env() *Env { return c.env }

// saved is what an activation restores when it ends, however it ends.
type saved struct {
	jitSP, jitBP, resume, base, refOff, refSize, target, lastPC uintptr
	depth                                                       uint32
	regs                                                        bool // regStack has an entry for it
}

type savedRegs struct{ gpr, xmm [16]uint64 }

// enterOuter begins an outermost activation at the top of an idle context's stack, with the adapter as the place to enter.
func (c *Context) enterOuter(adapter, target uintptr) {
	c.resume, c.target, c.depth = adapter, target, 1
}

// reset makes the context idle, however its outermost activation ended: an entry record at the top of the stack, and no frame. (One that
// returns without exits leaves it so: the stack pointers are back at the top, and the adapter has counted the depth down.)
func (c *Context) reset() {
	c.jitSP, c.jitBP, c.base = c.top, c.top, c.top
	c.resume, c.refOff, c.lastPC, c.depth = 0, 0, 0, 0
	c.regsLive = false
}

// keepOut makes the context, which is in no processor's slot, refer to none.
func (c *Context) keepOut() { c.slot = uintptr(unsafe.Pointer(&c.noSlot)) }

// pushNested begins an activation below the present one.
func (c *Context) pushNested(adapter, target uintptr) saved {
	s := saved{c.jitSP, c.jitBP, c.resume, c.base, c.refOff, c.refSize, c.target, c.lastPC, c.depth, c.regsLive}
	if s.regs {
		c.regStack = append(c.regStack, savedRegs{c.gpr, c.xmm})
		c.regsLive = false
	}
	rec := (c.jitSP - recSize - 128) &^ 15
	c.mu.Lock()
	store64(rec+recGoBP, 0)
	store64(rec+recGoPC, 0)
	store64(rec+recPrevBP, uint64(c.jitBP))
	store64(rec+recPrevPC, uint64(c.exitPC()))
	store64(rec+recPrevGoOn, uint64(c.resume))
	c.jitSP, c.jitBP, c.base = rec, rec, rec
	c.resume, c.target, c.refOff, c.lastPC = adapter, target, 0, 0
	c.depth++
	c.mu.Unlock()
	return s
}

// pop ends the activation that pushNested began, or an outermost one if s is nil, in any state.
func (c *Context) pop(s *saved) {
	if s == nil {
		c.reset()
		return
	}
	if s.regs {
		k := len(c.regStack) - 1
		c.gpr, c.xmm = c.regStack[k].gpr, c.regStack[k].xmm
		c.regStack = c.regStack[:k]
	}
	c.regsLive = s.regs
	c.mu.Lock()
	c.jitSP, c.jitBP, c.resume, c.base, c.refOff, c.refSize, c.target, c.lastPC = s.jitSP, s.jitBP, s.resume, s.base, s.refOff, s.refSize, s.target, s.lastPC
	c.depth = s.depth
	c.mu.Unlock()
}

// exitPC is the return address of the exit that the context is at.
//
//go:norace
func (c *Context) exitPC() uintptr {
	if in := c.m.Lookup(c.resume); in == nil || in.stub {
		return c.lastPC
	}
	return c.resume
}

// resumeRegs prepares the resumption of an exit that saved its registers.
func (c *Context) resumeRegs() {
	c.lastPC, c.regsPC = c.resume, c.resume
	c.resume = c.m.stubs.restore
}

// Stop asks code that runs in the context to end with err at its next poll. It can be called from any goroutine, again and again until the call has
// returned: a single request can get lost against the scheduler's own.
func (c *Context) Stop(err error) {
	if c.request.Load()&requestStop == 0 {
		c.cause.Store(&err)
		c.request.Or(requestStop)
	}
	c.poke()
}

// ClearStop forgets a request to stop.
func (c *Context) ClearStop() { c.request.And(^requestStop) }

// poke makes the goroutine's next poll exit, in the way the scheduler does. Losing the race against the goroutine's own
// writes of its stack guard only loses the poke, so callers repeat it until they see its effect.
func (c *Context) poke() {
	if g := atomic.LoadUintptr(&c.g); g != 0 {
		mark := int64(obj.StackPreempt)
		store64(g+obj.StackGuardOff, uint64(mark))
	}
}
