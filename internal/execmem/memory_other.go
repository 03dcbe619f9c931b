//go:build !(linux && amd64)

package execmem

import "errors"

// Mode says how the code half is made writable and executable.
type Mode uint8

// Options are the sizes of a Memory.
type Options struct {
	CodeSize, DataSize uintptr
	Mode               Mode
}

// Stats are the sizes in bytes.
type Stats struct {
	CodeUsed, CodeTouched uintptr
	DataUsed, DataTouched uintptr
}

// Memory cannot be made on this platform: New always fails, and the methods are never reached.
type Memory struct{}

// ErrPlatform says that machine code is not supported here.
var ErrPlatform = errors.New("no native code on this platform (only linux/amd64 has it)")

// New fails.
func New(Options) (*Memory, error) { return nil, ErrPlatform }

// Close does nothing.
func (*Memory) Close() {}

// CodeRange is empty.
func (*Memory) CodeRange() (lo, hi uintptr) { return 0, 0 }

// DataRange is empty.
func (*Memory) DataRange() (lo, hi uintptr) { return 0, 0 }

// AllocCode fails.
func (*Memory) AllocCode(uintptr, Place) (uintptr, error) { return 0, ErrPlatform }

// Write fails.
func (*Memory) Write(uintptr, []byte) error { return ErrPlatform }

// FreeCode does nothing.
func (*Memory) FreeCode(addr, n uintptr) {}

// AllocData fails.
func (*Memory) AllocData(uintptr) (uintptr, error) { return 0, ErrPlatform }

// FreeData does nothing.
func (*Memory) FreeData(addr, n uintptr) {}

// Stats is zero.
func (*Memory) Stats() Stats { return Stats{} }

// NewStack fails.
func NewStack(uintptr) (uintptr, error) { return 0, ErrPlatform }

// FreeStack does nothing.
func FreeStack(lo, n uintptr) {}

// TrimStack does nothing.
func TrimStack(lo, n uintptr) {}

// Table fails.
func Table(uintptr) (uintptr, error) { return 0, ErrPlatform }
