// Package native runs machine code inside a Go process, at peace with the collector, the scheduler and the signal
// handlers. It knows nothing of symbols or of the lifetime of code: that is package jit. This comment is the contract between
// generated code and the runtime; the numbers are in internal/obj/abi.go.
//
// # Registers
//
//	R15  *Context                        never changed by generated code
//	R14  g (current goroutine)           never changed by generated code
//	R13  base of this activation's ref slots; changed only as described below, and always back
//	R12  scratch: prologues, thunks and exit sequences clobber it; no argument travels in it
//	RSP  JIT stack; RBP chain of frames (push rbp; mov rbp, rsp), so that perf -g and the frame walk work
//	all others and X0..X15: free, caller-saved
//
// # Calls between JIT functions
//
// Integer-class arguments (i8..i64, ptr, ref) travel in RAX RBX RCX RDI RSI R8 R9 R10 R11, floats in X0..X14, each class in its own
// order; results likewise (9 and 15 at most; more is a compile error). Upper bits of small integers are undefined. Arguments without a
// register: non-refs on the stack, argument k of those at [RSP+8*k] when the call instruction executes; refs in the callee's ref slot of their
// ordinal among the signature's refs. obj.AssignParams and AssignResults compute this. RSP is 16-byte aligned at the call instruction. All
// registers are caller-saved. A call goes through the callee's entry cell:
//
//	add  r13, 8*RefSlots          ; only if the caller has ref slots; add/sub or lea r13, [r13+d]
//	mov  r12, [rip+cell]          ; RelEntryPC32. Indirect: the function pointer is the address of its entry cell: mov r12, [reg]
//	call r12
//	sub  r13, 8*RefSlots
//
// R13 on entry of the callee is the first slot that the callee may use. Slots hold nil or valid Go pointers, stale ones allowed.
// A tail call restores RBP, RSP and R13 to what they were on entry and does jmp [rip+cell].
//
// # Prologue
//
//	lea  r12, [r13 + 8*need]      ; only if the function uses ref slots or passes overflow refs; need counts both
//	cmp  r12, [r15+CtxRefLimit]
//	ja   grow                     ; cold
//	push rbp
//	mov  rbp, rsp
//	sub  rsp, FrameSize           ; RSP stays 16-aligned at calls: FrameSize % 16 == 0
//	cmp  rsp, [r15+CtxStackLimit]
//	jb   overflow                 ; cold: an ExitStackOverflow, plain, not resumable
//
// A leaf that makes no calls needs no stack check if its frame is at most NoCheckStack/2 bytes. A frame above that size always checks,
// before it touches the stack below RSP. A leaf without exits and ref slots may leave out the frame altogether (Code.Frameless).
// RefReserve slots above the limit are usable unchecked: they are for arguments and results of Go calls and thunks, at most 9 refs. A function
// that makes Go calls with more ref arguments counts them in need.
//
// grow (one ExitRefGrow per function) asks Go to run this very call on a larger ref frame:
//
//	push rbp ; mov rbp, rsp
//	store non-ref argument i (ordinal among non-refs) to [r15+CtxWords+8*i], stack arguments too (they are at [rbp+16+8*k])
//	store ref argument in a register to [r13+8*ordinal]      ; ordinal <= 8, within the reserve
//	mov  dword [r15+CtxExit], ExitWord(ExitRefGrow, n)
//	call [r15+CtxStubExit]
//	load result j: non-refs from [r15+CtxWords+8*ordinal], refs from [r13+8*ordinal], ordinals among the results
//	pop  rbp ; ret
//
// Go copies the refs to the new frame, enters the function again through its cell's current code, and brings the results.
//
// # Exits
//
// An exit is a call to one of two stubs whose addresses are in the context. The return address identifies the code and the exit, and is
// the resume address.
//
//	mov  dword [r15+CtxExit], ExitWord(kind, number)     ; number: index in Code.Exits
//	call [r15+CtxStubExit]        ; plain: all registers but RSP RBP R13 R14 R15 are lost
//	lea r12, [rip+next]; jmp [r15+CtxStubJump]; next:   ; the same plain exit, preferred where it comes back often (Go calls): it
//	                              ; keeps the CPU's return predictor in step
//	call [r15+CtxStubExitRegs]    ; saves all GPRs and X0..X15 (64 bits) in the context; a resumed exit restores them from there
//
// obj.ExitKind.SavesRegs says which stub a kind uses. An exit that does not come back needs nothing behind the call but one byte (int3), so that the
// return address lies inside the code. Flags are lost at every exit. At an exit every live ref MUST be in a ref slot of its activation
// (the exit table says LocRef): the cold sequence stores refs that live in registers to slots first, `mov [r13+8*i], reg`, and a resumable exit reloads
// them behind the call. There is no other rule for refs: between exits they may live in registers and on the JIT stack, but a stack word is lost to the
// collector at the next exit, so in practice refs are spilled to slots. The exit handler reads and writes values by the exit's locations
// (Frame.Value, Frame.SetValue): registers in the context, stack words relative to RBP, ref slots relative to R13.
//
// A guard whose failures may be continued by a bridge is reached through a data cell:
//
//	guard fails: jcc cold
//	cold:  ref stores
//	       jmp [rip+cell]         ; RelCellPC32; at first the next instruction (CellText)
//	next:  mov dword [r15+CtxExit], ... ; call [r15+CtxStubExitRegs] ; int3
//
// The ref stores come first, so that the exit's table is true for a bridge too; they change no register. A bridge is a Code whose entry
// expects the parent's frame and registers as they are at the jmp. It may lower RSP (with a stack check) and use more ref
// slots (with a limit check) for its own values; RBP does not change. It ends by returning (mov rsp, rbp; pop rbp; ret; R13 unchanged) or by jumping into the
// parent (obj.Join) with RSP = RBP - parent's FrameSize, the join's parameters and the exit's obj.Thru values in their places: jmp [rip+cell],
// the cell an obj.CellParent of the bridge. A promotion switch is the same jump through a cell.
//
// # Calls to Go
//
//	store non-ref argument i to [r15+CtxWords+8*i], ref argument j to [r13 + 8*(RefSlots+j)]
//	add  r13, 8*RefSlots
//	mov  dword [r15+CtxExit], ExitWord(ExitGoCall, n)
//	mov  dword [r15+CtxGoFunc], imm32                 ; RelGoFunc
//	lea  r12, [rip+next] ; jmp [r15+CtxStubJump] ; next:
//	sub  r13, 8*RefSlots
//	load results: non-refs from [r15+CtxWords+8*i], refs from [r13 + 8*(RefSlots+j)]
//
// All other live values are in memory, as across any call. Words of small ints have undefined upper bits in both directions, f32 is in the low half.
// Exit.RefAdvance is RefSlots here. A function declared in IR and defined in Go is called like any other function, through its cell: native makes a
// thunk with this sequence. Go functions get a *Frame, may enter JIT code again on the same stack, and may panic: the panic passes through to
// the Go caller and the JIT frames between are dropped.
//
// The ops alloc and allocarray are calls of the Go functions obj.GoAlloc and obj.GoAllocArray: word 0 is the type (mov r, imm64 with RelType), word 1 the
// number of elements, ref 0 the result.
//
// # Write barrier: store of ref V at address [A]
//
//	mov  r11|any, [r15+CtxWBFlag] ; cmp dword [any], 0 ; jne slow       ; may be hoisted over a region without exits or calls
//	back: mov [A], V
//	slow (cold): call [r15+CtxWB2]    ; returns R11 = buffer; keeps all other GPRs, clobbers flags AND ALL XMM registers
//	             mov [r11], V ; mov tmp, [A] ; mov [r11+8], tmp ; jmp back
//
// The slow path needs NoCheckStack/2 bytes below RSP (covered by the reserve) and RSP aligned as at a call. A / V may not be in R11. Code that has live
// XMM values saves them in the slow path. Stores to ref slots and to the JIT stack need no barrier.
//
// # Poll, at loop back-edges
//
//	cmp  qword [r14+StackGuardOff], StackPreempt ; je poll
//	poll (cold): ref stores ; exit sequence ExitPoll with StubExitRegs ; ref reloads ; jmp back
//
// Engines use the same poll to reach running code (cancellation, reclaiming): they set the goroutine's stackguard0 as the scheduler does.
//
// # Counters
//
// Quick code that shall be tiered up decrements a 32-bit counter cell: sub dword [rip+cell], 1 (RelCellPC32, CellConst) ; js hot. hot is an ExitHot with all
// live values, at a loop header (Arg = block id; live values = what the loop needs, in the order of the OSR function's parameters) or function entry (Arg = -1).
// The handler may resume, or replace the frame by a call to another function with those values as arguments (Frame.ReplaceFrame): OSR needs
// no second entry in the target.
//
// # Faults
//
// A fault in JIT code (nil or wild access, SIGFPE, SIGILL) becomes an ExitFault with the registers in the context; the activation is dropped and
// the entering Go function gets an error that names function and source position by the line table.
//
// # Finding frames
//
// Executable memory is one reserved range with a table from address to code, so pc -> code is two loads. At an exit, the walk reads Resume, then return
// addresses along RBP; enter adapters leave a record at the base that leads to the outer activation on the same JIT stack. Code.Sites may give the live
// values at each return address.
package native
