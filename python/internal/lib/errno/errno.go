// Package errno is Python's module errno.
package errno

import (
	"syscall"

	"martlet/python/object"
)

var codes = []struct {
	name string
	n    syscall.Errno
}{
	{"EPERM", syscall.EPERM}, {"ENOENT", syscall.ENOENT}, {"ESRCH", syscall.ESRCH}, {"EINTR", syscall.EINTR}, {"EIO", syscall.EIO},
	{"ENXIO", syscall.ENXIO}, {"E2BIG", syscall.E2BIG}, {"ENOEXEC", syscall.ENOEXEC}, {"EBADF", syscall.EBADF}, {"ECHILD", syscall.ECHILD},
	{"EAGAIN", syscall.EAGAIN}, {"ENOMEM", syscall.ENOMEM}, {"EACCES", syscall.EACCES}, {"EFAULT", syscall.EFAULT}, {"EBUSY", syscall.EBUSY},
	{"EEXIST", syscall.EEXIST}, {"EXDEV", syscall.EXDEV}, {"ENODEV", syscall.ENODEV}, {"ENOTDIR", syscall.ENOTDIR}, {"EISDIR", syscall.EISDIR},
	{"EINVAL", syscall.EINVAL}, {"ENFILE", syscall.ENFILE}, {"EMFILE", syscall.EMFILE}, {"ENOTTY", syscall.ENOTTY}, {"ETXTBSY", syscall.ETXTBSY},
	{"EFBIG", syscall.EFBIG}, {"ENOSPC", syscall.ENOSPC}, {"ESPIPE", syscall.ESPIPE}, {"EROFS", syscall.EROFS}, {"EMLINK", syscall.EMLINK},
	{"EPIPE", syscall.EPIPE}, {"EDOM", syscall.EDOM}, {"ERANGE", syscall.ERANGE}, {"EDEADLK", syscall.EDEADLK}, {"ENAMETOOLONG", syscall.ENAMETOOLONG},
	{"ENOLCK", syscall.ENOLCK}, {"ENOSYS", syscall.ENOSYS}, {"ENOTEMPTY", syscall.ENOTEMPTY}, {"ELOOP", syscall.ELOOP}, {"EOVERFLOW", syscall.EOVERFLOW},
	{"EILSEQ", syscall.EILSEQ}, {"ENOTSOCK", syscall.ENOTSOCK}, {"EMSGSIZE", syscall.EMSGSIZE}, {"EOPNOTSUPP", syscall.EOPNOTSUPP},
	{"ENOTSUP", syscall.ENOTSUP}, {"EADDRINUSE", syscall.EADDRINUSE}, {"EADDRNOTAVAIL", syscall.EADDRNOTAVAIL}, {"ENETDOWN", syscall.ENETDOWN},
	{"ENETUNREACH", syscall.ENETUNREACH}, {"ECONNABORTED", syscall.ECONNABORTED}, {"ECONNRESET", syscall.ECONNRESET}, {"ENOBUFS", syscall.ENOBUFS},
	{"EISCONN", syscall.EISCONN}, {"ENOTCONN", syscall.ENOTCONN}, {"ETIMEDOUT", syscall.ETIMEDOUT}, {"ECONNREFUSED", syscall.ECONNREFUSED},
	{"EHOSTUNREACH", syscall.EHOSTUNREACH}, {"EALREADY", syscall.EALREADY}, {"EINPROGRESS", syscall.EINPROGRESS}, {"ESTALE", syscall.ESTALE},
	{"EDQUOT", syscall.EDQUOT}, {"ECANCELED", syscall.ECANCELED}, {"EWOULDBLOCK", syscall.EWOULDBLOCK},
}

// Init fills the module: the codes by name, and errorcode from number to name.
func Init(t *object.Thread, m *object.Module) *object.Exception {
	names := object.NewDict()
	for _, c := range codes {
		n := object.Int(int64(c.n))
		m.Set(t, c.name, n)
		if _, e := names.SetDefault(t, n, object.StrVal(c.name)); e != nil {
			return e
		}
	}
	m.Set(t, "errorcode", object.Obj(names))
	return nil
}
