package io

import (
	"syscall"
	"unsafe"
)

// ioctlTTY asks the terminal driver for its settings: only a terminal has them.
func ioctlTTY(fd uintptr) bool {
	var termios syscall.Termios
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TCGETS, uintptr(unsafe.Pointer(&termios)))
	return errno == 0
}
