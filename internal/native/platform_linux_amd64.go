package native

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"syscall"
	"unsafe"

	"martlet/internal/obj"
)

// hide returns p, out of sight of escape analysis. It is for addresses of ref frames, which are lent to Go functions for the time
// of a call; the stack copier adjusts them there like any other pointer into the stack.
//
//go:noescape
func hide(p unsafe.Pointer) unsafe.Pointer

func abiProbePC() uintptr
func readG() uintptr
func readSP() uintptr
func sigHandlerPC() uintptr

//go:linkname runtimeWriteBarrier runtime.writeBarrier
var runtimeWriteBarrier struct {
	enabled bool
	pad     [3]byte
	alignme uint64
}

//go:linkname gcWriteBarrier2 runtime.gcWriteBarrier2
func gcWriteBarrier2()

//go:linkname procPin runtime.procPin
func procPin() int

//go:linkname procUnpin runtime.procUnpin
func procUnpin()

// codeLo, codeHi, enterLo, enterHi, faultStub and oldHandler are read by sigHandler. They are process-wide because signal handlers are; set once, before
// the handler is installed.
var (
	codeLo, codeHi uintptr //lint:ignore U1000 read by assembly
	enterLo        uintptr //lint:ignore U1000 read by assembly
	enterHi        uintptr //lint:ignore U1000 read by assembly
	faultStub      uintptr //lint:ignore U1000 read by assembly
	oldHandler     [65]uintptr
)

type sigaction struct {
	handler, flags, restorer, mask uint64
}

// installSignals chains the fault handler and the profile handler in front of the present ones. All that differs from
// the old action is the handler's address: flags, mask and restorer stay Go's.
func installSignals() error {
	for _, sig := range []syscall.Signal{syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGILL, syscall.SIGPROF} {
		var sa sigaction
		if e := rtSigaction(sig, nil, &sa); e != 0 {
			return fmt.Errorf("read the action of %v: %w", sig, e)
		}
		if sa.handler <= 1 || sa.handler == uint64(sigHandlerPC()) {
			continue // default or ignored: nothing to chain to, so it is left alone
		}
		oldHandler[sig] = uintptr(sa.handler)
		sa.handler = uint64(sigHandlerPC())
		if e := rtSigaction(sig, &sa, nil); e != 0 {
			return fmt.Errorf("set the action of %v: %w", sig, e)
		}
	}
	return nil
}

func rtSigaction(sig syscall.Signal, set, old *sigaction) syscall.Errno {
	_, _, e := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	return e
}

// Commands of membarrier(2).
const (
	sysMembarrier            = 324
	membarrierQuery          = 0
	membarrierExpedited      = 1 << 3
	membarrierRegisterExpedt = 1 << 4
)

// hasBarrier asks whether the kernel has expedited barriers.
func hasBarrier() bool {
	have, _, e := syscall.RawSyscall(sysMembarrier, membarrierQuery, 0, 0)
	const need = membarrierExpedited | membarrierRegisterExpedt
	return e == 0 && have&need == need
}

// heavyBarrier makes every running thread of the process execute a full memory barrier. The process must be registered for that, which in a process of
// several threads waits for a grace period of the kernel (some 10 ms), so it is done at the first use and not at the start.
func heavyBarrier() {
	if _, _, e := syscall.RawSyscall(sysMembarrier, membarrierExpedited, 0, 0); e == syscall.EPERM {
		_, _, _ = syscall.Syscall(sysMembarrier, membarrierRegisterExpedt, 0, 0)
		_, _, _ = syscall.RawSyscall(sysMembarrier, membarrierExpedited, 0, 0)
	}
}

// verify checks every assumption about the Go runtime that generated code makes. The error is the reason for staying in the interpreter.
func verify() error {
	if !HostCPU().Required {
		return fmt.Errorf("the processor lacks SSE4.1 or POPCNT")
	}
	g, sp := readG(), readSP()
	lo, hi := load64(g), load64(g+8)
	if !(lo < uint64(sp) && uint64(sp) < hi) {
		return fmt.Errorf("runtime.g does not begin with the stack bounds in this Go version")
	}
	if err := verifyABI(); err != nil {
		return err
	}
	if err := verifyGuard(); err != nil {
		return err
	}
	wb := bytesOf(funcPC(gcWriteBarrier2), 7)
	if !(wb[0] == 0x41 && wb[1] == 0xbb && wb[2] == 16 && wb[6] == 0xe9) {
		return fmt.Errorf("runtime.gcWriteBarrier2 begins with % x, not as expected", wb)
	}
	var e any = 1 << 40
	w := (*[2]unsafe.Pointer)(unsafe.Pointer(&e))
	if *(*int)(w[1]) != 1<<40 {
		return fmt.Errorf("an interface is not (type, data) in this Go version")
	}
	if !hasBarrier() {
		return fmt.Errorf("the membarrier system call is not available")
	}
	return nil
}

// findProcessor learns from the code of runtime.procPin where a goroutine's processor is, and tries it. The code is
//
//	mov rcx, [r14+m] ; inc dword [rcx+locks] ; mov rcx, [rcx+p] ; movsxd rax, dword [rcx] ; ret
//
// If it is another, calls take the longer way through Acquire.
func findProcessor() (o processor, ok bool) {
	pin := procPin
	b := bytesOf(**(**uintptr)(unsafe.Pointer(&pin)), 21)
	if !(b[0] == 0x49 && b[1] == 0x8b && b[2] == 0x4e && b[4] == 0xff && b[5] == 0x81 && bytes.Equal(b[10:13], []byte{0x48, 0x8b, 0x89}) &&
		bytes.Equal(b[17:], []byte{0x48, 0x63, 0x01, 0xc3})) {
		return o, false
	}
	o = processor{m: int32(b[3]), p: int32(binary.LittleEndian.Uint32(b[13:]))}
	id := procPin()
	defer procUnpin()
	m := uintptr(load64(readG() + uintptr(o.m)))
	return o, id == int(int32(load64(uintptr(load64(m+uintptr(o.p))))))
}

// verifyABI calls assembly that looks where its arguments are. It touches nothing else, so if Go passes them in another way, it only returns nonsense.
func verifyABI() error {
	pc := &[1]uintptr{abiProbePC()}
	probe := *(*func(a, b, c, d, e, f uint64) (mix, g, zero uint64))(unsafe.Pointer(&pc))
	const want = 1 + 2*10 + 4*100 + 8*1000 + 16*10_000 + 32*100_000
	if mix, g, zero := probe(1, 10, 100, 1000, 10_000, 100_000); mix != want || uintptr(g) != readG() || zero != 0 {
		return fmt.Errorf("this Go version passes arguments in other registers")
	}
	return nil
}

// verifyGuard finds the offset of stackguard0 in the prologue of a Go function, then checks the preemption mark: a
// function called with stackguard0 = stackPreempt must come back with the guard reset and the same stack. (Were it an
// ordinary value, the runtime would have grown the stack instead.) The goroutine may be moved by others meanwhile, so a few tries are allowed.
func verifyGuard() error {
	pc := funcPC(yieldPoint)
	code := bytesOf(pc, 32)
	off := -1
	for i := 0; i+3 < len(code) && off < 0; i++ {
		if (code[i] == 0x49 || code[i] == 0x4d) && code[i+1] == 0x3b && code[i+2] == 0x66 {
			off = int(code[i+3])
		}
	}
	if off != obj.StackGuardOff {
		return fmt.Errorf("the stack guard is at offset %d of runtime.g, not %d", off, obj.StackGuardOff)
	}
	for range 10 {
		g := readG()
		lo, guard := load64(g), load64(g+obj.StackGuardOff)
		mark := int64(obj.StackPreempt)
		store64(g+obj.StackGuardOff, uint64(mark))
		yieldPoint()
		if load64(g) == lo && load64(g+obj.StackGuardOff) == guard {
			return nil
		}
	}
	return fmt.Errorf("%d is not the preemption mark of this Go version", obj.StackPreempt)
}
