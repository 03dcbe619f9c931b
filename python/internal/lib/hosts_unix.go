//go:build unix

package lib

import (
	"martlet/python/internal/lib/posix"
	"martlet/python/internal/lib/selects"
	"martlet/python/internal/lib/socket"
)

// hosts are the modules that only some platforms have.
var hosts = []native{
	{"_posixsubprocess", posix.InitSubprocess, "A POSIX helper for the subprocess module."},
	{"_socket", socket.Init, "Implementation module for socket operations."},
	{"select", selects.Init, "This module supports asynchronous I/O on multiple file descriptors."},
}
