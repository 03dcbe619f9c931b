package interp

import (
	"unsafe"

	"martlet/python/internal/code"
	"martlet/python/object"
)

// Short names of the object model's central types.
type (
	Value     = object.Value
	Exception = object.Exception
	Type      = object.Type
	Str       = object.Str
	Dict      = object.Dict
)

// retKind says what happens with a frame's result; 0 is the plain Python-to-Python call.
type retKind uint8

const (
	retDst     retKind = iota // store into register dst of the previous frame
	retEntry                  // run returns to Go
	retInit                   // __init__: must be None; the instance is the result
	retForNext                // a generator advanced by fornext: dst, jump distance in jump
	retSend                   // a generator advanced by yieldfrom
	retMask    retKind = 7
	retChunk   retKind = 8  // the frame began a new chunk of the value stack
	retEscaped retKind = 16 // something keeps the frame
)

// Frame is the activation of a code object. It is also the Python frame object.
type Frame struct {
	object.Object
	base   unsafe.Pointer `hint:"frame,nonnil,stable"` // its registers
	top    unsafe.Pointer `hint:"frame,nonnil,stable"` // free value stack above it
	code   *Code          `hint:"nonnil"`              // may be exchanged for code that reports (see redo)
	fn     *Function      `hint:"nonnil,stable"`
	pc     int            // index of the next instruction (of the current one's successor while it runs)
	dst    int            `hint:"stable"`
	jump   int            `hint:"stable"`
	raised int            // pc of what raised the exception that a handler got last
	prev   *Frame         `hint:"prev,nonnil,stable"`
	next   *Frame         `hint:"next"` // spare frame for callees
	gen    *Generator     `hint:"stable"`
	locals Value          // namespace of module and class bodies
	self   Value          // instance under construction (retInit)
	kind   retKind
	done   bool
	over   *Dict // extra names written through f_locals

	tracer  Value // f_trace; nil for none
	last    int   // instruction that ran last, in code with trace instructions; -1 at the start
	noLines bool  // f_trace_lines is false
	opcodes bool  // f_trace_opcodes
	redo    bool  // code is to be exchanged by that with trace instructions when the loop can load it anew
}

const chunkValues = 4096

// Thread is the interpreter's part of a Python thread.
type Thread struct {
	T       *object.Thread `hint:"immutable,nonnil"`
	cur     *Frame         `hint:"nonnil,stable"`
	root    Frame
	end     unsafe.Pointer `hint:"stable"`       // of the current chunk
	fresh   unsafe.Pointer `hint:"frame,nonnil"` // the chunk that was begun last
	chunks  [][]Value
	chunk   int
	fuel    int
	in      *Runtime
	limit   int    // recursion limit; T.Limit is lower while the thread traces
	trace   Value  // sys.settrace's function, or nil
	prof    Value  // sys.setprofile's function, or nil
	tracing int    // nesting of trace functions that run
	event   string // the event that the innermost of them handles
}

func newThread(in *Runtime, t *object.Thread) *Thread {
	th := &Thread{T: t, in: in, fuel: fuelSlice, limit: t.Limit}
	th.chunks = [][]Value{make([]Value, chunkValues)}
	th.end = unsafe.Add(unsafe.Pointer(&th.chunks[0][0]), (chunkValues-1)*valueSize)
	th.root.top = unsafe.Pointer(&th.chunks[0][0])
	th.cur = &th.root
	t.Ext = th
	in.threads[th] = struct{}{}
	in.sampler.add(th)
	return th
}

// of gives the interpreter's part of a thread.
func of(t *object.Thread) *Thread { return t.Ext.(*Thread) }

const valueSize = 16

func at(base unsafe.Pointer, i int) *Value { return (*Value)(unsafe.Add(base, i*valueSize)) }

// slice views n registers from i on.
func slice(base unsafe.Pointer, i, n int) []Value { return unsafe.Slice(at(base, i), n) }

// ownRegisters makes registers outside the value stack. There is one to spare: a call
// without arguments in the last register has its arguments begin behind it, and that address, held in a Go
// variable, must not be another object's.
func ownRegisters(c *Code) []Value { return make([]Value, c.nregs+1) }

func (f *Frame) reg(i int) *Value { return at(f.base, i) }

// newFrame makes the spare frame behind f.
//
//martlet:opaque
func (th *Thread) newFrame(f *Frame) *Frame {
	n := &Frame{Object: object.Object{Shape: &FrameType.Root}, prev: f}
	f.next = n
	return n
}

// room gives the base of a window of n values above f, with the first k copied from args, and says whether a new
// chunk was begun.
func (th *Thread) room(f *Frame, args unsafe.Pointer, k, n int) (unsafe.Pointer, retKind) {
	kind := retKind(0)
	base := f.top
	if uintptr(base)+uintptr(n*valueSize) > uintptr(th.end) {
		th.newChunk(n)
		base, kind = th.fresh, retChunk
	}
	for i := range k {
		*at(base, i) = *at(args, i)
	}
	return base, kind
}

// newChunk begins a new chunk of the value stack with room for n values, at th.fresh.
//
//martlet:opaque
func (th *Thread) newChunk(n int) {
	th.chunk++
	if th.chunk == len(th.chunks) || len(th.chunks[th.chunk]) < n+1 {
		c := make([]Value, max(chunkValues, n+1))
		if th.chunk == len(th.chunks) {
			th.chunks = append(th.chunks, c)
		} else {
			th.chunks[th.chunk] = c
		}
	}
	c := th.chunks[th.chunk]
	th.fresh = unsafe.Pointer(&c[0])
	th.end = unsafe.Add(th.fresh, (len(c)-1)*valueSize)
}

// popChunk undoes a new chunk. Stale values in it are dropped, so that deep recursion does not keep garbage.
//
//martlet:opaque
func (th *Thread) popChunk() {
	clear(th.chunks[th.chunk])
	th.chunk--
	c := th.chunks[th.chunk]
	th.end = unsafe.Add(unsafe.Pointer(&c[0]), (len(c)-1)*valueSize)
}

// push makes the frame of a simple function whose arguments are complete at args.
func (th *Thread) push(f *Frame, fn *Function, args unsafe.Pointer, dst int) (*Frame, *Exception) {
	c := fn.theCode()
	base, kind := args, retDst
	if f.gen != nil || uintptr(args)+c.frameBytes > uintptr(th.end) {
		base, kind = th.room(f, args, c.nargs, c.nregs)
	}
	nf := f.next
	if nf == nil {
		nf = th.newFrame(f)
	}
	nf.base, nf.top = base, unsafe.Add(base, c.frameBytes)
	nf.code, nf.fn = c, fn
	nf.pc, nf.dst, nf.kind = 0, dst, kind
	for i := c.nargs; i < c.nlocals; i++ {
		*at(base, i) = Value{}
	}
	if c.ncells > 0 {
		nf.makeCells()
	}
	th.T.Depth++
	if th.T.Depth > th.T.Limit {
		return th.deep(nf)
	}
	th.cur = nf
	return nf, nil
}

//martlet:opaque
func (th *Thread) tooDeep(nf *Frame) *Exception {
	th.T.Depth--
	if nf.kind&retChunk != 0 {
		th.popChunk()
	}
	return object.NewException(th.T, &object.RecursionErrorType, object.StrVal("maximum recursion depth exceeded"))
}

// makeCells fills the cell registers, moving arguments that are captured.
func (f *Frame) makeCells() {
	c := f.code
	for i := range c.ncells {
		cell := object.NewCell(Value{})
		if a := c.C.CellArgs[i]; a >= 0 {
			cell.V = *at(f.base, int(a))
			*at(f.base, int(a)) = Value{}
		}
		*at(f.base, c.nlocals+i) = object.Obj(cell)
	}
}

// capture marks f as kept by somebody.
func (f *Frame) capture() Value {
	f.kind |= retEscaped
	return object.Obj(f)
}

// leave takes f off the thread: undoes its chunk and saves its registers if it was captured.
func (th *Thread) leave(f *Frame) {
	f.done = true
	if f.kind&retEscaped != 0 && f.gen == nil {
		f.keep()
	} else if f.gen == nil {
		f.done, f.redo = false, false
		f.self = Value{}
		f.locals = Value{}
	}
	if f.kind&retChunk != 0 {
		th.popChunk()
	}
}

// keep gives a frame that somebody keeps registers of its own.
//
//martlet:opaque
func (f *Frame) keep() {
	regs := ownRegisters(f.code)
	copy(regs, slice(f.base, 0, f.code.nlocals+f.code.ncells))
	f.base = unsafe.Pointer(&regs[0])
	if f.prev.next == f {
		f.prev.next = nil
	}
	f.next = nil
}

// maxCleared is how many frames clearDead looks at.
const maxCleared = 50

// clearDead drops stale values: what is above the innermost frame, that frame's registers that its current call makes scratch, and
// temporaries of the innermost frames that nothing reads any more.
func (th *Thread) clearDead() {
	f := th.cur
	top := f.top
	if f.code != nil {
		if base := f.callBase(); base >= 0 {
			clear(slice(f.base, base, f.code.nregs-base))
		}
	}
	for n := 0; f != nil && f.code != nil && n < maxCleared; n++ {
		var dead []int
		if base := f.callBase(); base >= 0 {
			dead = f.code.C.DeadTemps(f.pc, base)
		} else if n == 0 && f.pc > 0 {
			dead = f.code.C.DeadNow(f.pc)
		}
		for _, r := range dead {
			*f.reg(r) = Value{}
		}
		f = f.prev
	}
	n := (uintptr(th.end) - uintptr(top)) / valueSize
	clear(slice(top, 0, int(n)))
	for _, c := range th.chunks[th.chunk+1:] {
		clear(c)
	}
}

// callBase is the first of the registers that f's current call makes scratch, -1 if it is not at a call.
func (f *Frame) callBase() int {
	if f.pc == 0 {
		return -1
	}
	ins := f.code.C.Instrs[f.pc-1]
	switch ins.Op() {
	case code.OpCall, code.OpCallm, code.OpCallmethod, code.OpCallkw, code.OpCallex:
		return ins.B()
	}
	return -1
}
