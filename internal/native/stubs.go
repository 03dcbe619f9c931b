package native

import (
	"fmt"
	"math/bits"
	"runtime"
	"sync"
	"unsafe"
	"weak"

	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
)

// The stubs: small pieces of machine code that no compiler makes.
//
//	enter     Go stack -> JIT stack: called as the Go function enter, goes to Context.resume
//	invoke    the same in the processor's idle context, with arguments; called as the Go function invoke
//	exit      JIT stack -> Go stack, plain; jump is the same with the resume address in R12
//	exitRegs  the same, saving registers; restore is how such an exit goes on
//	fault     where the signal handler sends faulting code
//	tail      the common end of all exits: back to Go
//
// and, made once per signature and kept as long as something refers to its SigStubs,
//
//	Enter     the bottom frame of an activation: argument words -> registers, call, registers -> result words
//	Return    leaves a frame natively with results taken from the words
//	OSR       replaces a frame by a call with arguments taken from the words
//	lazy      saves the arguments, asks Go for the function, goes on in it
//	thunk     a Go function as seen by JIT code (one per function, made from the signature)
//
// They run with the registers of the contract (see the package documentation), so that faults and profile signals in them are
// treated as in any JIT code.

type stubs struct {
	enter, exit, jump, exitRegs, restore, fault, tail uintptr

	invoke, entered uintptr // between these R15 may not be the context yet
}

// processor tells where the number of the processor that runs a goroutine is: [[g+m]+p].
type processor struct{ m, p int32 }

// SigStubs are the addresses of the stubs of one signature. The stubs live as long as it does: whoever enters or installs code of the signature refers to it.
type SigStubs struct {
	Named              sync.Once // for telling debuggers of the stubs
	Sig                obj.Sig
	Enter, Return, OSR uintptr
	lazy               uintptr
	nWords, nRefs      int // of arguments or results, the larger
	params, results    []obj.ArgLoc
}

const (
	rRefs    = amd64.R13
	rCtx     = amd64.R15
	rScratch = amd64.R12
)

func ctx(off int32) amd64.Mem  { return amd64.At(rCtx, off) }
func word(i int32) amd64.Mem   { return ctx(obj.CtxWords + 8*i) }
func refAt(i int32) amd64.Mem  { return amd64.At(rRefs, 8*i) }
func gpr(r obj.Reg) amd64.Reg  { return amd64.Reg(r) }
func xmm(r obj.Reg) amd64.Xmm  { return amd64.Xmm(r - obj.XMM0) }
func savedReg(r int) amd64.Mem { return ctx(obj.CtxGPR + 8*int32(r)) }
func savedXmm(r int) amd64.Mem { return ctx(obj.CtxXMM + 8*int32(r)) }

// buildStubs assembles and installs the common stubs.
func (m *Machine) buildStubs() error {
	a := new(amd64.Assembler)
	a.Reset()
	l := a.NewLabels(9)
	labels := func(i int) amd64.Label { return l + amd64.Label(i) }
	entry, exit, jump, regs, restore, fault, tail := labels(0), labels(1), labels(2), labels(3), labels(4), labels(5), labels(6)
	invocation, common := labels(7), labels(8)
	proc, ok := findProcessor()
	canInvoke = ok && !underRace
	a.Bind(invocation)
	asmInvoke(a, proc, common)
	a.Align(16)
	a.Bind(entry)
	a.MovRR(amd64.W64, rCtx, amd64.RAX)
	a.Bind(common)
	asmEnter(a)
	a.Align(16)
	a.Bind(exit)
	a.Pop(rScratch)
	a.Bind(jump)
	a.MovMR(amd64.W64, ctx(obj.CtxResume), rScratch)
	a.Bind(tail)
	a.MovRM(amd64.W32, amd64.RAX, ctx(obj.CtxExit))
	asmLeaveSlot(a)
	asmTail(a)
	a.Align(16)
	a.Bind(regs)
	asmSaveRegs(a)
	a.Pop(rScratch)
	a.Jmp(jump, false)
	a.Align(16)
	a.Bind(fault)
	asmSaveRegs(a)
	a.MovMI(amd64.W32, ctx(obj.CtxExit), int32(obj.ExitWord(obj.ExitFault, 0)))
	a.MovRM(amd64.W64, rScratch, ctx(obj.CtxFaultPC))
	a.Jmp(jump, false)
	a.Align(16)
	a.Bind(restore)
	asmRestoreRegs(a)
	a.JmpM(ctx(obj.CtxRegsPC))
	if err := a.Resolve(); err != nil {
		return err
	}
	in, err := m.installStubs("stubs", a.Buf)
	if err != nil {
		return err
	}
	addr := func(l amd64.Label) uintptr { return in.Addr + uintptr(a.Offset(l)) }
	m.stubs = stubs{addr(entry), addr(exit), addr(jump), addr(regs), addr(restore), addr(fault), addr(tail), addr(invocation), addr(common)}
	enterPC, invokePC := &m.stubs.enter, &m.stubs.invoke // a func value is the address of a word that holds the address of the code
	enter = *(*func(*Context, unsafe.Pointer) uint32)(unsafe.Pointer(&enterPC))
	invoke = *(*func(*Callee, unsafe.Pointer, uint64, uint64, uint64, uint64) (uint32, uint64, *Context))(unsafe.Pointer(&invokePC))
	return nil
}

// asmInvoke makes the beginning of invoke: it finds the processor's idle context, lays out an outermost activation, and goes on as enter. Its
// arguments are in RAX (the callee), RBX (the ref slots), RCX, RDI, RSI, R8 (the words).
func asmInvoke(a *amd64.Assembler, proc processor, common amd64.Label) {
	const w = amd64.W64
	none := a.NewLabel()
	a.MovRM(w, rScratch, amd64.At(amd64.R14, proc.m))
	a.MovRM(w, rScratch, amd64.At(rScratch, proc.p))
	a.MovRM(amd64.W32, rScratch, amd64.At(rScratch, 0))
	a.AluRI(amd64.Cmp, amd64.W32, rScratch, int32(len(local)))
	a.Jcc(amd64.AE, none, false)
	a.ShiftRI(amd64.Shl, w, rScratch, uint8(bits.TrailingZeros64(uint64(unsafe.Sizeof(local[0])))))
	a.MovRI(amd64.R9, int64(uintptr(unsafe.Pointer(&local))))
	a.MovRM(w, rCtx, amd64.AtIndex(amd64.R9, rScratch, 1, 0))
	a.TestRR(w, rCtx, rCtx)
	a.Jcc(amd64.E, none, false)
	for i, r := range []amd64.Reg{amd64.RCX, amd64.RDI, amd64.RSI, amd64.R8} {
		a.MovMR(w, word(int32(i)), r)
	}
	var e Callee
	a.MovRM(w, amd64.RCX, amd64.At(amd64.RAX, int32(unsafe.Offsetof(e.Entry)+unsafe.Offsetof(e.Entry.Stubs))))
	a.MovRM(w, amd64.RCX, amd64.At(amd64.RCX, int32(unsafe.Offsetof(e.Entry.Stubs.Enter))))
	a.MovMR(w, ctx(obj.CtxResume), amd64.RCX)
	a.MovRM(w, amd64.RCX, amd64.At(amd64.RAX, int32(unsafe.Offsetof(e.Entry)+unsafe.Offsetof(e.Entry.Cell))))
	a.MovMR(w, ctx(obj.CtxTarget), amd64.RCX)
	a.MovMI(w, ctx(obj.CtxRefSize), 8*(slots0-obj.RefReserve))
	a.MovMI(amd64.W32, ctx(obj.CtxDepth), 1)
	a.Jmp(common, false)
	a.Bind(none)
	a.MovRI(amd64.RAX, int64(obj.ExitWord(obj.ExitNoContext, 0)))
	a.AluRR(amd64.Xor, amd64.W32, amd64.RCX, amd64.RCX)
	a.Ret()
}

// asmLeaveSlot takes the context out of its processor's slot, if it is in one: what has left machine code is not idle and may lose the processor.
func asmLeaveSlot(a *amd64.Assembler) {
	a.MovRM(amd64.W64, amd64.RCX, ctx(obj.CtxSlot))
	a.MovMI(amd64.W64, amd64.At(amd64.RCX, 0), 0)
	a.Lea(amd64.W64, amd64.RCX, ctx(obj.CtxNoSlot))
	a.MovMR(amd64.W64, ctx(obj.CtxSlot), amd64.RCX)
}

// asmEnter makes the code of enter, which Go calls with the context in RAX, the address of the ref slots in RBX, and R14 = g. It returns at the next
// exit with the exit word in EAX and X15 = 0, as Go wants it; for invoke also with the first result word in RBX and the context in RCX. (A declared
// assembly function would be called through a wrapper that passes arguments in memory: what is stored and loaded around a change of stacks is
// what the change costs.)
func asmEnter(a *amd64.Assembler) {
	const w = amd64.W64
	blocked := a.NewLabel()
	a.MovRR(w, rRefs, amd64.RBX)
	a.MovMR(w, ctx(obj.CtxGoSP), amd64.RSP)
	a.MovMR(w, ctx(obj.CtxGoBP), amd64.RBP)
	a.MovMR(w, ctx(obj.CtxRefBase), rRefs)
	a.MovRM(w, amd64.RAX, ctx(obj.CtxRefSize))
	a.AluRR(amd64.Add, w, amd64.RAX, rRefs)
	a.MovMR(w, ctx(obj.CtxRefLimit), amd64.RAX)
	a.MovMR(w, ctx(obj.CtxG), amd64.R14)
	a.AluRM(amd64.Add, w, rRefs, ctx(obj.CtxRefOff))
	a.MovRM(w, amd64.RBX, ctx(obj.CtxBase))
	a.MovMR(w, amd64.At(amd64.RBX, recGoBP), amd64.RBP)
	a.MovRM(w, amd64.RAX, amd64.At(amd64.RSP, 0))
	a.MovMR(w, amd64.At(amd64.RBX, recGoPC), amd64.RAX)
	a.MovMI(amd64.W32, ctx(obj.CtxState), 0)
	a.AluMI(amd64.Cmp, amd64.W32, ctx(obj.CtxWalk), 0)
	a.Jcc(amd64.NE, blocked, false)
	a.MovRM(w, amd64.RSP, ctx(obj.CtxJitSP))
	a.MovRM(w, amd64.RBP, ctx(obj.CtxJitBP))
	a.JmpM(ctx(obj.CtxResume))
	a.Bind(blocked)
	a.MovMI(amd64.W32, ctx(obj.CtxState), 1)
	a.MovRI(amd64.RAX, int64(obj.ExitWord(obj.ExitBlocked, 0)))
	asmLeaveSlot(a)
	a.MovRR(w, amd64.RCX, rCtx)
	a.Ret()
}

// asmTail goes back to Go, with the exit word in EAX.
func asmTail(a *amd64.Assembler) {
	const w = amd64.W64
	a.AluRM(amd64.Sub, w, rRefs, ctx(obj.CtxRefBase))
	a.MovMR(w, ctx(obj.CtxRefOff), rRefs)
	a.MovMR(w, ctx(obj.CtxJitSP), amd64.RSP)
	a.MovMR(w, ctx(obj.CtxJitBP), amd64.RBP)
	a.MovMI(amd64.W32, ctx(obj.CtxState), 1)
	a.MovRM(w, amd64.RSP, ctx(obj.CtxGoSP))
	a.MovRM(w, amd64.RBP, ctx(obj.CtxGoBP))
	a.SseXX(amd64.Xorps, 15, 15)
	a.MovRR(w, amd64.RCX, rCtx)
	a.Ret()
}

// fixedReg tells whether a register has a role that the save area does not restore.
func fixedReg(r int) bool { return r == 4 || r == 5 || r >= 13 }

func asmSaveRegs(a *amd64.Assembler) {
	for r := range 16 {
		a.MovMR(amd64.W64, savedReg(r), amd64.Reg(r))
	}
	for r := range 16 {
		a.MovMX(amd64.W64, savedXmm(r), amd64.Xmm(r))
	}
}

func asmRestoreRegs(a *amd64.Assembler) {
	for r := range 16 {
		if !fixedReg(r) {
			a.MovRM(amd64.W64, amd64.Reg(r), savedReg(r))
		}
	}
	for r := range 16 {
		a.MovXM(amd64.W64, amd64.Xmm(r), savedXmm(r))
	}
}

// asmLoad loads values from words and ref slots into the registers that locs name.
func asmLoad(a *amd64.Assembler, locs []obj.ArgLoc) {
	for _, l := range locs {
		switch {
		case !l.InReg:
		case l.RefOrd >= 0:
			a.MovRM(amd64.W64, gpr(l.Reg), refAt(l.RefOrd))
		case l.Reg.IsXMM():
			a.MovXM(amd64.W64, xmm(l.Reg), word(l.WordOrd))
		default:
			a.MovRM(amd64.W64, gpr(l.Reg), word(l.WordOrd))
		}
	}
}

// asmStore is the inverse of asmLoad.
func asmStore(a *amd64.Assembler, locs []obj.ArgLoc) {
	for _, l := range locs {
		switch {
		case !l.InReg:
		case l.RefOrd >= 0:
			a.MovMR(amd64.W64, refAt(l.RefOrd), gpr(l.Reg))
		case l.Reg.IsXMM():
			a.MovMX(amd64.W64, word(l.WordOrd), xmm(l.Reg))
		default:
			a.MovMR(amd64.W64, word(l.WordOrd), gpr(l.Reg))
		}
	}
}

// asmPushArgs copies stack arguments from the words to the outgoing area.
func asmPushArgs(a *amd64.Assembler, locs []obj.ArgLoc, bytes int32) {
	if bytes == 0 {
		return
	}
	a.AluRI(amd64.Sub, amd64.W64, amd64.RSP, bytes)
	for _, l := range locs {
		if !l.InReg && l.WordOrd >= 0 {
			a.MovRM(amd64.W64, rScratch, word(l.WordOrd))
			a.MovMR(amd64.W64, amd64.At(amd64.RSP, l.Stack), rScratch)
		}
	}
}

// Stubs returns the stubs of a signature, which are made at the first request.
func (m *Machine) Stubs(sig obj.Sig) (*SigStubs, error) {
	key := obj.SigKey(sig)
	m.sigMu.Lock()
	defer m.sigMu.Unlock()
	if s := m.sigs[key].Value(); s != nil {
		return s, nil
	}
	s, in, err := m.buildSig(sig)
	if err != nil {
		return nil, err
	}
	m.sigs[key] = weak.Make(s)
	runtime.AddCleanup(s, func(in *Installed) { m.dropSig(key, in) }, in)
	return s, nil
}

// dropSig frees the stubs of a signature that nothing refers to any more, when no frame is in them.
func (m *Machine) dropSig(key string, in *Installed) {
	m.sigMu.Lock()
	if m.sigs[key].Value() == nil { // and not made anew meanwhile
		delete(m.sigs, key)
	}
	m.sigMu.Unlock()
	m.Retire(in, nil)
}

func (m *Machine) buildSig(sig obj.Sig) (*SigStubs, *Installed, error) {
	params, bytes := obj.AssignParams(sig.Params)
	results, ok := obj.AssignResults(sig.Results)
	if !ok {
		return nil, nil, fmt.Errorf("signature %s has more results than fit into registers", sig)
	}
	s := &SigStubs{Sig: sig, params: params, results: results}
	s.nRefs = max(obj.CountRefs(sig.Params), obj.CountRefs(sig.Results))
	s.nWords = max(len(sig.Params)-obj.CountRefs(sig.Params), len(sig.Results)-obj.CountRefs(sig.Results))
	if s.nRefs > obj.MaxRefArgs || s.nWords > obj.MaxWords {
		return nil, nil, fmt.Errorf("signature %s has more arguments than can pass between Go and machine code", sig)
	}
	a := new(amd64.Assembler)
	a.Reset()
	l := a.NewLabels(4)
	a.Bind(l)
	m.asmSigEnter(a, s, bytes)
	a.Align(16)
	a.Bind(l + 1)
	asmLoad(a, results)
	a.Ret()
	a.Align(16)
	a.Bind(l + 2)
	asmSigOSR(a, s, bytes)
	a.Align(16)
	a.Bind(l + 3)
	asmSigLazy(a, s)
	if err := a.Resolve(); err != nil {
		return nil, nil, err
	}
	in, err := m.installStubs("stubs"+sig.String(), a.Buf)
	if err != nil {
		return nil, nil, err
	}
	addr := func(i int) uintptr { return in.Addr + uintptr(a.Offset(l+amd64.Label(i))) }
	s.Enter, s.Return, s.OSR, s.lazy = addr(0), addr(1), addr(2), addr(3)
	return s, in, nil
}

// asmCallCell calls through the entry cell at rScratch.
func asmCallCell(a *amd64.Assembler) {
	a.MovRM(amd64.W64, rScratch, amd64.At(rScratch, 0))
	a.CallR(rScratch)
}

func (m *Machine) asmSigEnter(a *amd64.Assembler, s *SigStubs, bytes int32) {
	asmPushArgs(a, s.params, bytes)
	asmLoad(a, s.params)
	a.MovRM(amd64.W64, rScratch, ctx(obj.CtxTarget))
	asmCallCell(a)
	asmStore(a, s.results)
	a.MovRR(amd64.W64, amd64.RSP, amd64.RBP)
	a.AluRR(amd64.Xor, amd64.W32, amd64.RAX, amd64.RAX) // ExitReturn
	a.MovRM(amd64.W64, amd64.RBX, word(0))
	a.DecM(amd64.W32, ctx(obj.CtxDepth))
	asmTail(a)
}

func asmSigOSR(a *amd64.Assembler, s *SigStubs, bytes int32) {
	a.Push(amd64.RBP)
	a.MovRR(amd64.W64, amd64.RBP, amd64.RSP)
	asmPushArgs(a, s.params, bytes)
	asmLoad(a, s.params)
	a.MovRM(amd64.W64, rScratch, ctx(obj.CtxTarget))
	asmCallCell(a)
	a.MovRR(amd64.W64, amd64.RSP, amd64.RBP)
	a.Pop(amd64.RBP)
	a.Ret()
}

// asmSigLazy is entered with the lazy function's id in R12 and the arguments of the call; the handler puts the address of
// the entry cell into the saved R12.
func asmSigLazy(a *amd64.Assembler, s *SigStubs) {
	a.Push(amd64.RBP)
	a.MovRR(amd64.W64, amd64.RBP, amd64.RSP)
	a.MovMR(amd64.W32, ctx(obj.CtxGoFunc), rScratch)
	for _, l := range s.params {
		if l.InReg && l.RefOrd >= 0 {
			a.MovMR(amd64.W64, refAt(l.RefOrd), gpr(l.Reg))
		}
	}
	a.MovMI(amd64.W32, ctx(obj.CtxExit), int32(int64(int32(obj.ExitWord(obj.ExitLazy, 0)))))
	a.CallM(ctx(obj.CtxStubExitRegs))
	for _, l := range s.params {
		if l.InReg && l.RefOrd >= 0 {
			a.MovRM(amd64.W64, gpr(l.Reg), refAt(l.RefOrd))
		}
	}
	a.Pop(amd64.RBP)
	a.JmpM(amd64.At(rScratch, 0))
}

// Thunk installs code that calls Go function id as JIT code calls a function of the signature.
func (m *Machine) Thunk(name string, sig obj.Sig, id uint32) (*Installed, error) {
	s, err := m.Stubs(sig)
	if err != nil {
		return nil, err
	}
	a := new(amd64.Assembler)
	a.Reset()
	a.Push(amd64.RBP)
	a.MovRR(amd64.W64, amd64.RBP, amd64.RSP)
	for _, l := range s.params {
		if !l.InReg && l.WordOrd >= 0 {
			a.MovRM(amd64.W64, rScratch, amd64.At(amd64.RBP, 16+l.Stack))
			a.MovMR(amd64.W64, word(l.WordOrd), rScratch)
		}
	}
	asmStore(a, s.params)
	a.MovMI(amd64.W32, ctx(obj.CtxExit), int32(obj.ExitWord(obj.ExitGoCall, 0)))
	a.MovMI(amd64.W32, ctx(obj.CtxGoFunc), int32(id))
	next := a.NewLabel()
	a.Lea(amd64.W64, rScratch, amd64.AtLabel(next, 0))
	a.JmpM(ctx(obj.CtxStubJump))
	a.Bind(next)
	asmLoad(a, s.results)
	a.Pop(amd64.RBP)
	a.Ret()
	if err := a.Resolve(); err != nil {
		return nil, err
	}
	return m.installRaw(name, a.Buf)
}

// LazyStub installs code that, called as a function of the signature, asks for lazy function id and goes on in it.
func (m *Machine) LazyStub(name string, sig obj.Sig, id uint32) (*Installed, error) {
	s, err := m.Stubs(sig)
	if err != nil {
		return nil, err
	}
	b := []byte{0x41, 0xbc} // mov r12d, imm32
	b = append(b, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
	b = append(b, 0xe9) // jmp rel32
	return m.install(&Installed{Name: name, stubs: s}, len(b)+4, func(addr uintptr) []byte {
		d := int32(int64(s.lazy) - int64(addr) - int64(len(b)+4))
		return append(b, byte(d), byte(d>>8), byte(d>>16), byte(d>>24))
	})
}

// sigTable guards the stubs per signature.
type sigTable struct {
	sigMu sync.Mutex
	sigs  map[string]weak.Pointer[SigStubs]
}
