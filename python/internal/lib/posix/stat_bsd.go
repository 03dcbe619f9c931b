//go:build darwin || freebsd || netbsd

package posix

import "syscall"

func statTimes(s *syscall.Stat_t) [3]syscall.Timespec {
	return [3]syscall.Timespec{s.Atimespec, s.Mtimespec, s.Ctimespec}
}
