//go:build unix

package posix

import "syscall"

// The calls below differ between platforms; the rest of the package is the same on all.

func sysStat(path string, follow bool) (*fileStat, error) {
	var s syscall.Stat_t
	get := syscall.Lstat
	if follow {
		get = syscall.Stat
	}
	err := get(path, &s)
	return statFrom(&s), err
}

func sysFstat(fd int) (*fileStat, error) {
	var s syscall.Stat_t
	err := syscall.Fstat(fd, &s)
	return statFrom(&s), err
}

func statFrom(s *syscall.Stat_t) *fileStat {
	return &fileStat{
		mode: int64(s.Mode), ino: s.Ino, dev: uint64(s.Dev), nlink: int64(s.Nlink), uid: int64(s.Uid), gid: int64(s.Gid), size: s.Size,
		times: statTimes(s), blksize: int64(s.Blksize), blocks: s.Blocks, rdev: uint64(s.Rdev),
	}
}

func sysAccess(path string, mode uint32) error { return syscall.Access(path, mode) }
func sysClose(fd int) error                    { return syscall.Close(fd) }
func sysFsync(fd int) error                    { return syscall.Fsync(fd) }
func sysDup(fd int) (int, error)               { return syscall.Dup(fd) }
func sysUmask(mask int) int                    { return syscall.Umask(mask) }
func sysKill(pid, signal int) error            { return syscall.Kill(pid, syscall.Signal(signal)) }

func sysOpen(path string, flags int, mode uint32) (int, error) {
	return syscall.Open(path, flags|syscall.O_CLOEXEC, mode)
}

func sysRead(fd int, b []byte) (int, error)  { return syscall.Read(fd, b) }
func sysWrite(fd int, b []byte) (int, error) { return syscall.Write(fd, b) }

func sysSeek(fd int, off int64, whence int) (int64, error) { return syscall.Seek(fd, off, whence) }
