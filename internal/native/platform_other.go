//go:build !(linux && amd64)

package native

import (
	"unsafe"

	"martlet/internal/execmem"
)

var runtimeWriteBarrier struct{ enabled bool }

var codeLo, codeHi, faultStub uintptr

func enter(*Context, unsafe.Pointer, uintptr) uint32 {
	panic("native: entered on a platform without native code")
}
func hide(p unsafe.Pointer) unsafe.Pointer { return p }
func readG() uintptr                       { return 0 }
func gcWriteBarrier2()                     {}
func procPin() int                         { return 0 }
func procUnpin()                           {}
func installSignals() error                { return execmem.ErrPlatform }
func heavyBarrier()                        {}
func verify() error                        { return execmem.ErrPlatform }
