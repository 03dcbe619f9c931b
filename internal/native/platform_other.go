//go:build !(linux && amd64)

package native

import (
	"unsafe"

	"martlet/internal/execmem"
)

var runtimeWriteBarrier struct{ enabled bool }

var codeLo, codeHi, enterLo, enterHi, faultStub uintptr

func hide(p unsafe.Pointer) unsafe.Pointer { return p }

func readG() uintptr        { return 0 }
func gcWriteBarrier2()      {}
func procPin() int          { return 0 }
func procUnpin()            {}
func installSignals() error { return execmem.ErrPlatform }
func heavyBarrier()         {}
func verify() error         { return execmem.ErrPlatform }

func findProcessor() (processor, bool) { return processor{}, false }

// CPU is what the processor has of the optional instruction sets that generated code may use.
type CPU struct{ Required, BMI1, BMI2, LZCNT, FMA bool }

// HostCPU is empty here.
func HostCPU() CPU { return CPU{} }
