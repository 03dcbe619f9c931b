package posix

import (
	"io/fs"
	"os"
	"syscall"

	"martlet/python/object"
)

// Windows: descriptors are handles, as Go's syscall package has them. What the system has no counterpart for fails with ENOSYS.

func sysStat(path string, follow bool) (*fileStat, error) {
	get := os.Lstat
	if follow {
		get = os.Stat
	}
	fi, err := get(path)
	if err != nil {
		return nil, err
	}
	return statFrom(fi), nil
}

func sysFstat(fd int) (*fileStat, error) {
	var d syscall.ByHandleFileInformation
	if err := syscall.GetFileInformationByHandle(syscall.Handle(fd), &d); err != nil {
		return nil, err
	}
	mode := int64(syscall.S_IFREG | 0o666)
	if d.FileAttributes&syscall.FILE_ATTRIBUTE_DIRECTORY != 0 {
		mode = syscall.S_IFDIR | 0o777
	}
	return &fileStat{
		mode: mode, ino: uint64(d.FileIndexHigh)<<32 | uint64(d.FileIndexLow), dev: uint64(d.VolumeSerialNumber), nlink: int64(d.NumberOfLinks),
		size: int64(d.FileSizeHigh)<<32 | int64(d.FileSizeLow), times: fileTimes(d.LastAccessTime, d.LastWriteTime, d.CreationTime),
	}, nil
}

func statFrom(fi os.FileInfo) *fileStat {
	s := &fileStat{mode: int64(fi.Mode().Perm()), nlink: 1, size: fi.Size()}
	switch {
	case fi.IsDir():
		s.mode |= syscall.S_IFDIR
	case fi.Mode()&fs.ModeSymlink != 0:
		s.mode |= syscall.S_IFLNK
	default:
		s.mode |= syscall.S_IFREG
	}
	if d, ok := fi.Sys().(*syscall.Win32FileAttributeData); ok {
		s.times = fileTimes(d.LastAccessTime, d.LastWriteTime, d.CreationTime)
	}
	return s
}

func fileTimes(ft ...syscall.Filetime) (ts [3]syscall.Timespec) {
	for i, f := range ft {
		ts[i] = syscall.NsecToTimespec(f.Nanoseconds())
	}
	return ts
}

// sysAccess: a file that exists may be read; write permission is the read-only attribute.
func sysAccess(path string, mode uint32) error {
	fi, err := os.Stat(path)
	if err == nil && mode&2 != 0 && !fi.IsDir() && fi.Mode().Perm()&0o200 == 0 {
		return syscall.EACCES
	}
	return err
}

func sysClose(fd int) error         { return syscall.Close(syscall.Handle(fd)) }
func sysFsync(fd int) error         { return syscall.Fsync(syscall.Handle(fd)) }
func sysUmask(mask int) int         { return 0 }
func sysKill(pid, signal int) error { return syscall.ENOSYS }

func sysDup(fd int) (int, error) {
	p, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0, err
	}
	var h syscall.Handle
	err = syscall.DuplicateHandle(p, syscall.Handle(fd), p, &h, 0, false, syscall.DUPLICATE_SAME_ACCESS)
	return int(h), err
}

func sysOpen(path string, flags int, mode uint32) (int, error) {
	h, err := syscall.Open(path, flags|syscall.O_CLOEXEC, mode)
	return int(h), err
}

func sysRead(fd int, b []byte) (int, error)  { return syscall.Read(syscall.Handle(fd), b) }
func sysWrite(fd int, b []byte) (int, error) { return syscall.Write(syscall.Handle(fd), b) }

func sysSeek(fd int, off int64, whence int) (int64, error) {
	return syscall.Seek(syscall.Handle(fd), off, whence)
}

func sysPipe() ([2]int, error) {
	var h [2]syscall.Handle
	err := syscall.Pipe(h[:])
	return [2]int{int(h[0]), int(h[1])}, err
}

func platformFuncs() []object.Method { return nil }
