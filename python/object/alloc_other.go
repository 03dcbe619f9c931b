//go:build !linux

package object

func memoryLimit() int { return 1 << 40 }
