package interp

import "syscall"

// signals are the names that module signal has on this platform.
var signals = map[string]syscall.Signal{
	"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM, "SIGKILL": syscall.SIGKILL, "SIGHUP": syscall.SIGHUP,
	"SIGALRM": syscall.SIGALRM, "SIGPIPE": syscall.SIGPIPE, "SIGQUIT": syscall.SIGQUIT, "SIGABRT": syscall.SIGABRT,
	"SIGSEGV": syscall.SIGSEGV, "SIGFPE": syscall.SIGFPE, "SIGILL": syscall.SIGILL, "SIGBUS": syscall.SIGBUS,
}
