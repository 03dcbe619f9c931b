#include "textflag.h"

// func hide(p unsafe.Pointer) unsafe.Pointer
TEXT ·hide(SB), NOSPLIT, $0-16
	MOVQ p+0(FP), AX
	MOVQ AX, ret+8(FP)
	RET

// abiProbe is called as a Go function with six words: it returns a mixture of them, R14 and X15, if Go passes them as the stubs enter and invoke expect.
TEXT ·abiProbe(SB), NOSPLIT|NOFRAME, $0-0
	LEAQ (AX)(BX*2), AX
	LEAQ (AX)(CX*4), AX
	LEAQ (AX)(DI*8), AX
	SHLQ $4, SI
	ADDQ SI, AX
	SHLQ $5, R8
	ADDQ R8, AX
	MOVQ R14, BX
	MOVQ X15, CX
	RET

// func abiProbePC() uintptr
TEXT ·abiProbePC(SB), NOSPLIT, $0-8
	LEAQ ·abiProbe(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func readG() uintptr
TEXT ·readG(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ AX, ret+0(FP)
	RET

// func readSP() uintptr
TEXT ·readSP(SB), NOSPLIT, $0-8
	MOVQ SP, AX
	MOVQ AX, ret+0(FP)
	RET

// func sigHandlerPC() uintptr
TEXT ·sigHandlerPC(SB), NOSPLIT, $0-8
	LEAQ ·sigHandler(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// sigHandler is the kernel's view of the fault and profile handlers: C calling convention on the signal stack, DI = signal,
// SI = siginfo, DX = ucontext (r15 at 96, rbp 120, rsp 160, rip 168). See signal.go.
TEXT ·sigHandler(SB), NOSPLIT|NOFRAME, $0
	MOVQ 168(DX), AX
	CMPQ AX, ·codeLo(SB)
	JB   chain
	CMPQ AX, ·codeHi(SB)
	JAE  chain
	CMPQ AX, ·enterLo(SB)        // where R15 is not the context yet
	JB   known
	CMPQ AX, ·enterHi(SB)
	JB   chain

known:
	MOVQ 96(DX), R8
	TESTQ R8, R8
	JZ   chain
	MOVQ $0x0074656c7472616d, R9
	CMPQ 0x98(R8), R9
	JNE  chain
	CMPL 0x78(R8), $0
	JNE  chain
	CMPL DI, $27
	JEQ  profile
	CMPL 8(SI), $0
	JLE  chain                   // sent by kill, not by a fault
	MOVQ AX, 0x88(R8)
	MOVQ 16(SI), CX
	MOVQ CX, 0x90(R8)
	MOVQ ·faultStub(SB), CX
	MOVQ CX, 168(DX)
	RET

profile:
	PUSHQ DX
	PUSHQ 168(DX)
	PUSHQ 160(DX)
	PUSHQ 120(DX)
	SUBQ $8, SP
	MOVQ 0(R8), CX               // Go stack pointer: the return address of enter
	MOVQ (CX), R9
	MOVQ R9, 168(DX)
	ADDQ $8, CX
	MOVQ CX, 160(DX)
	MOVQ 8(R8), CX
	MOVQ CX, 120(DX)
	LEAQ ·oldHandler(SB), CX
	MOVQ (CX)(DI*8), CX
	CALL CX
	ADDQ $8, SP
	POPQ R9
	POPQ R10
	POPQ R11
	POPQ DX
	MOVQ R9, 120(DX)
	MOVQ R10, 160(DX)
	MOVQ R11, 168(DX)
	RET

chain:
	LEAQ ·oldHandler(SB), CX
	MOVQ (CX)(DI*8), CX
	JMP  CX

// func cpuid(leaf, sub uint32) (a, b, c, d uint32)
TEXT ·cpuid(SB), NOSPLIT, $0-24
	MOVL leaf+0(FP), AX
	MOVL sub+4(FP), CX
	CPUID
	MOVL AX, a+8(FP)
	MOVL BX, b+12(FP)
	MOVL CX, c+16(FP)
	MOVL DX, d+20(FP)
	RET

// func xgetbv() uint32
TEXT ·xgetbv(SB), NOSPLIT, $0-4
	XORL CX, CX
	XGETBV
	MOVL AX, ret+0(FP)
	RET
