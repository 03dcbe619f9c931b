#include "textflag.h"

// The names by which gdb finds generated code ("JIT Compilation Interface" in the gdb manual): it sets a breakpoint on the function and reads the
// descriptor whenever it is called.

TEXT __jit_debug_register_code(SB), NOSPLIT|NOFRAME, $0-0
	RET

DATA __jit_debug_descriptor+0(SB)/4, $1
GLOBL __jit_debug_descriptor(SB), NOPTR, $24

// func debugDescriptor() uintptr
TEXT ·debugDescriptor(SB), NOSPLIT, $0-8
	LEAQ __jit_debug_descriptor(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func debugRegisterCode()
TEXT ·debugRegisterCode(SB), NOSPLIT, $0-0
	CALL __jit_debug_register_code(SB)
	RET
