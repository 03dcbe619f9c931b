//go:build unix && !darwin && !freebsd && !netbsd

package posix

import "syscall"

func statTimes(s *syscall.Stat_t) [3]syscall.Timespec {
	return [3]syscall.Timespec{s.Atim, s.Mtim, s.Ctim}
}
