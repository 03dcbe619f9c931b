//go:build !(linux && amd64)

package jit

type gdbEntry struct{}

func gdbAdd(string, uintptr, []byte, bool) *gdbEntry { return nil }
func gdbRemove(*gdbEntry)                            {}
