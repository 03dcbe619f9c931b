package genext

import (
	"syscall"
	"time"
	"unsafe"
)

// cpuTime is the processor time of the calling thread: what a compilation costs however busy the machine is.
func cpuTime() time.Duration {
	const threadCPU = 3 // CLOCK_THREAD_CPUTIME_ID (clock_gettime(2))
	var t syscall.Timespec
	if _, _, e := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, threadCPU, uintptr(unsafe.Pointer(&t)), 0); e != 0 {
		return time.Duration(0)
	}
	return time.Duration(t.Nano())
}
