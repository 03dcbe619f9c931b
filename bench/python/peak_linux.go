package python

import (
	"os"
	"syscall"
)

// peakKiB returns the peak memory of an ended process.
func peakKiB(s *os.ProcessState) int64 {
	if ru, ok := s.SysUsage().(*syscall.Rusage); ok {
		return ru.Maxrss
	}
	return 0
}
