package obj

import "fmt"

// Reg is a machine register by its hardware number. General registers are 0..15, SSE registers are XMM0..XMM0+15.
type Reg uint8

// The amd64 registers, in encoding order.
const (
	RAX Reg = iota
	RCX
	RDX
	RBX
	RSP
	RBP
	RSI
	RDI
	R8
	R9
	R10
	R11
	R12
	R13
	R14
	R15
	XMM0 // XMM0+i is XMMi
)

// Fixed roles (see the documentation of internal/native).
const (
	RegScratch = R12 // not an argument register: prologues, thunks and exit sequences may clobber it
	RegRefs    = R13 // base of this activation's ref slots
	RegG       = R14 // the goroutine, as in Go's own ABI
	RegCtx     = R15 // *native.Context
)

// IntRegs are the registers of integer, ptr and ref arguments and results, in order (as in Go's ABIInternal).
var IntRegs = [...]Reg{RAX, RBX, RCX, RDI, RSI, R8, R9, R10, R11}

// NumFloatRegs is the number of SSE registers that carry float arguments and results: XMM0..XMM14.
const NumFloatRegs = 15

var gprNames = [...]string{"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"}

// IsXMM tells whether r is an SSE register.
func (r Reg) IsXMM() bool { return r >= XMM0 }

func (r Reg) String() string {
	if r.IsXMM() {
		return fmt.Sprintf("xmm%d", r-XMM0)
	}
	return gprNames[r]
}

// Offsets from R15 of the fields of native.Context that generated code touches. A test in internal/native compares
// them with the struct. The hot ones have 8-bit displacements.
const (
	CtxGoSP         = 0x00 // Go stack pointer while JIT code runs
	CtxGoBP         = 0x08 // Go frame pointer while JIT code runs
	CtxJitSP        = 0x10 // JIT stack pointer while Go runs
	CtxJitBP        = 0x18 // JIT frame pointer while Go runs
	CtxResume       = 0x20 // address at which the JIT code is (re-)entered
	CtxStackLimit   = 0x28 // lowest RSP a frame may have; NoCheckStack bytes below it are still usable
	CtxRefBase      = 0x30 // address of slot 0 of the current Go ref frame (changes when the goroutine's stack moves)
	CtxRefLimit     = 0x38 // end of the checked part of the ref frame; RefReserve slots above it are still usable
	CtxExit         = 0x40 // uint32: ExitWord(kind, number), written by every exit sequence
	CtxGoFunc       = 0x44 // uint32: id of the Go function, written by a GoCall exit (RelGoFunc)
	CtxStubExit     = 0x48 // address of the plain exit stub: call [r15+CtxStubExit]
	CtxStubExitRegs = 0x50 // address of the register-saving exit stub: call [r15+CtxStubExitRegs]
	CtxWBFlag       = 0x58 // address of runtime.writeBarrier (uint32, non-zero while the collector marks)
	CtxWB2          = 0x60 // address of runtime.gcWriteBarrier2
	CtxStubJump     = 0x68 // address of the plain exit stub for jmp, with the resume address in R12
	CtxRefOff       = 0x70 // r13 - CtxRefBase while Go runs
	CtxState        = 0x78 // uint32: 0 while JIT code runs, 1 while Go runs (set by the stubs)
	CtxWalk         = 0x7c // uint32: non-zero while another goroutine walks this context's frames
	CtxBase         = 0x80 // innermost entry record on the JIT stack
	CtxFaultPC      = 0x88 // pc of the last fault in JIT code
	CtxFaultAddr    = 0x90 // its address
	CtxMagic        = 0x98 // CtxMagicValue, by which the fault handler recognises a context
	CtxTarget       = 0xa0 // entry cell address that an enter adapter calls through
	CtxRegsPC       = 0xa8 // where the register-restoring stub goes on
	CtxG            = 0xb0 // the goroutine that entered last
	CtxRefSize      = 0xb8 // bytes from CtxRefBase to CtxRefLimit
	CtxDepth        = 0xc0 // uint32: nested activations
	CtxSlot         = 0xc8 // address of the word that names this context as its processor's idle one, or of CtxNoSlot
	CtxNoSlot       = 0xd0
	CtxGPR          = 0xd8 // [16]uint64: general registers saved by CtxStubExitRegs, by hardware number
	CtxXMM          = CtxGPR + 16*8
	CtxWords        = CtxXMM + 16*8 // [MaxWords]uint64: argument and result words of Go calls and adapters
	CtxSize         = CtxWords + MaxWords*8
)

// Sizes of the contract.
const (
	MaxWords     = 128  // most non-ref arguments of a function callable from or in Go
	MaxRefArgs   = 128  // most ref arguments of such a function
	RefReserve   = 10   // ref slots that are usable above CtxRefLimit without a check
	NoCheckStack = 4096 // bytes of JIT stack usable below CtxStackLimit without a check (leaf functions, stubs, barrier)

	// CtxMagicValue marks a live context: ASCII "martlet", 0.
	CtxMagicValue = 0x0074656c7472616d
)

// Preemption poll: the sequence is cmp qword [r14+StackGuardOff], StackPreempt; je exit. Verified at start-up by
// internal/native for the running Go version; if either is wrong there is no native execution at all.
const (
	StackGuardOff = 16    // offset of stackguard0 in runtime.g
	StackPreempt  = -1314 // runtime.stackPreempt, sign-extended from 32 bits
)

// Names of the Go functions that generated code calls for the ops alloc and allocarray (RelGoFunc, ExitGoCall): word 0 is
// the type (RelType), word 1 the number of elements; the result is ref 0.
const (
	GoAlloc      = "martlet.alloc"
	GoAllocArray = "martlet.allocarray"
)

// ExitKind says why control leaves JIT code. It is the top byte of the exit word.
type ExitKind uint8

const (
	// ExitReturn is the end of an activation: made by enter adapters, never by generated code.
	ExitReturn ExitKind = iota
	// ExitGuard is a failed guard. Registers are saved; not resumable (a bridge or the handler goes on).
	ExitGuard
	// ExitGoCall calls the Go function in CtxGoFunc. Plain exit, resumable: live values are in memory.
	ExitGoCall
	// ExitPoll is a preemption poll (loop back-edge). Registers are saved and restored.
	ExitPoll
	// ExitStackOverflow is a prologue that found the JIT stack exhausted. Plain, not resumable.
	ExitStackOverflow
	// ExitRefGrow is a prologue that found the ref frame exhausted. Plain, resumable; see native's documentation.
	ExitRefGrow
	// ExitHot is a counter (function entry or loop header of quick code) that ran out. Registers saved and restored.
	ExitHot
	// ExitTrap is a trap with the reason in Exit.Arg (an ir.TrapCode). Plain, not resumable.
	ExitTrap
	// ExitLazy asks for the compilation of a function: made by lazy stubs. Registers saved and restored.
	ExitLazy
	// ExitFault is a memory or arithmetic fault, redirected by the signal handler. Registers saved, not resumable.
	ExitFault
	// ExitBlocked is made by the enter stub when the context is being walked: Go waits and enters again.
	ExitBlocked
	// ExitPromote is the default case of a promotion switch: as ExitGuard, Exit.Live[0] is the value switched on.
	ExitPromote
	// ExitSite is no exit: it records the live values at a call's return address (frame forcing, backtraces).
	ExitSite
	// ExitNoContext is made by the invoke stub when the processor has no idle context. Nothing has run.
	ExitNoContext
)

var exitKindNames = [...]string{"return", "guard", "gocall", "poll", "stackoverflow", "refgrow", "hot", "trap", "lazy", "fault", "blocked", "promote", "site", "nocontext"}

func (k ExitKind) String() string {
	if int(k) < len(exitKindNames) {
		return exitKindNames[k]
	}
	return fmt.Sprintf("exit%d", k)
}

// SavesRegs tells whether exits of this kind go through CtxStubExitRegs.
func (k ExitKind) SavesRegs() bool {
	switch k {
	case ExitGuard, ExitPoll, ExitHot, ExitLazy, ExitFault, ExitPromote:
		return true
	}
	return false
}

// MaxExits is the number of exits one Code may have.
const MaxExits = 1 << 24

// ExitWord is what an exit sequence writes to CtxExit.
func ExitWord(k ExitKind, number int) uint32 { return uint32(k)<<24 | uint32(number) }

// SplitExitWord undoes ExitWord.
func SplitExitWord(w uint32) (ExitKind, int) { return ExitKind(w >> 24), int(w & (MaxExits - 1)) }
