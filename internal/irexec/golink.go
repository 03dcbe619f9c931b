package irexec

import (
	"unsafe"
)

//go:linkname unsafeNew reflect.unsafe_New
func unsafeNew(typ unsafe.Pointer) unsafe.Pointer

//go:linkname unsafeNewArray reflect.unsafe_NewArray
func unsafeNewArray(typ unsafe.Pointer, n int) unsafe.Pointer

// typeSize reads the size from a Go type word: its first field (internal/abi.Type.Size_).
func typeSize(typ unsafe.Pointer) uintptr { return *(*uintptr)(typ) }
