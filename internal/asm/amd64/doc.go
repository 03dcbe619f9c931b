// Package amd64 encodes x86-64 instructions into a byte slice.
//
// It knows encodings and nothing else: no calling convention, no register
// allocation, no object format. The code generator decides what to emit;
// this package decides which bytes that is, always choosing the shortest
// encoding of the form asked for.
//
//	regs.go    Reg, Xmm, Width, Cond, Mem: the operands
//	asm.go     Assembler: the buffer, labels, fixups, the ModRM/REX machinery
//	int.go     integer instructions
//	sse.go     scalar floating point and moves between register files
//	flow.go    jumps, calls, returns, padding
//
// Naming: the mnemonic followed by the operand kinds in Intel order
// (destination first): R a general register, X an xmm register, M memory,
// I an immediate. AluRM(Add, W64, RAX, m) is `add rax, [m]`.
//
// Source of the encodings: Intel 64 and IA-32 Architectures Software
// Developer's Manual, volume 2. The tests disassemble every form over all
// operand combinations with golang.org/x/arch and compare.
package amd64
