//go:build unix

package posix

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"martlet/python/internal/lib/io"
	"martlet/python/object"
)

// Child processes: the calls below module subprocess.

func sysPipe() (p [2]int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err = syscall.Pipe(p[:]); err == nil {
		syscall.CloseOnExec(p[0])
		syscall.CloseOnExec(p[1])
	}
	return p, err
}

// statusFn makes a function of a wait status.
func statusFn(name string, f func(s syscall.WaitStatus) value) object.Method {
	return object.Method{Sig: name + "(status)", Fn: func(t *thread, a []value) (value, *exc) {
		n, e := object.AsCInt(t, a[0])
		return f(syscall.WaitStatus(n)), e
	}}
}

func platformFuncs() []object.Method {
	number := func(n int) value { return object.Int(int64(n)) }
	return []object.Method{
		{Sig: "waitpid(pid, options, /)", Fn: waitpid},
		statusFn("WIFEXITED", func(s syscall.WaitStatus) value { return object.Bool(s.Exited()) }),
		statusFn("WIFSIGNALED", func(s syscall.WaitStatus) value { return object.Bool(s.Signaled()) }),
		statusFn("WIFSTOPPED", func(s syscall.WaitStatus) value { return object.Bool(s.Stopped()) }),
		statusFn("WEXITSTATUS", func(s syscall.WaitStatus) value { return number(s.ExitStatus()) }),
		statusFn("WTERMSIG", func(s syscall.WaitStatus) value { return number(int(s.Signal())) }),
		statusFn("WSTOPSIG", func(s syscall.WaitStatus) value { return number(int(s.StopSignal())) }),
		statusFn("WCOREDUMP", func(s syscall.WaitStatus) value { return object.Bool(s.CoreDump()) }),
		{Sig: "waitstatus_to_exitcode(status)", Fn: exitCode},
		{Sig: "get_inheritable(fd, /)", Fn: fdFlag(unix.F_GETFD, unix.FD_CLOEXEC, false)},
		{Sig: "set_inheritable(fd, inheritable, /)", Fn: setFDFlag(unix.F_GETFD, unix.F_SETFD, unix.FD_CLOEXEC)},
		{Sig: "get_blocking(fd, /)", Fn: fdFlag(unix.F_GETFL, unix.O_NONBLOCK, false)},
		{Sig: "set_blocking(fd, blocking, /)", Fn: setFDFlag(unix.F_GETFL, unix.F_SETFL, unix.O_NONBLOCK)},
	}
}

// fdFlag tells whether a flag of a descriptor is set as wanted.
func fdFlag(get, flag int, want bool) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		fd, e := fdArg(t, a[0])
		if e != nil {
			return value{}, e
		}
		n, err := unix.FcntlInt(uintptr(fd), get, 0)
		if err != nil {
			return value{}, io.OSError(t, err, value{})
		}
		return object.Bool((n&flag != 0) == want), nil
	}
}

// setFDFlag clears a flag where the argument is true.
func setFDFlag(get, set, flag int) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		fd, e := fdArg(t, a[0])
		if e != nil {
			return value{}, e
		}
		clear, e := object.Truth(t, a[1])
		if e != nil {
			return value{}, e
		}
		n, err := unix.FcntlInt(uintptr(fd), get, 0)
		if err == nil && clear {
			_, err = unix.FcntlInt(uintptr(fd), set, n&^flag)
		} else if err == nil {
			_, err = unix.FcntlInt(uintptr(fd), set, n|flag)
		}
		return none(err, t, value{})
	}
}

func waitpid(t *thread, a []value) (value, *exc) {
	pid, e := object.AsCInt(t, a[0])
	if e != nil {
		return value{}, e
	}
	options, e := object.AsCInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	var s syscall.WaitStatus
	var got int
	var err error
	t.Unlocked(func() {
		for {
			if got, err = syscall.Wait4(pid, &s, options, nil); !errors.Is(err, syscall.EINTR) {
				return
			}
		}
	})
	if err != nil {
		return value{}, io.OSError(t, err, value{})
	}
	return object.TupleOf(object.Int(int64(got)), object.Int(int64(s))), nil
}

func exitCode(t *thread, a []value) (value, *exc) {
	n, e := object.AsCInt(t, a[0])
	if e != nil {
		return value{}, e
	}
	switch s := syscall.WaitStatus(n); {
	case s.Exited():
		return object.Int(int64(s.ExitStatus())), nil
	case s.Signaled():
		return object.Int(-int64(s.Signal())), nil
	case s.Stopped():
		return value{}, object.ValueErrorf(t, "process stopped by delivery of signal %d", int(s.StopSignal()))
	}
	return value{}, object.ValueErrorf(t, "invalid wait status: %d", n)
}

// child is what fork_exec is asked for.
type child struct {
	argv  []string
	paths []string // executables to try in turn
	attr  syscall.ProcAttr
	errfd int // where a failure is reported
}

func stringList(t *thread, v value) ([]string, *exc) {
	items, e := object.Collect(t, v)
	if e != nil {
		return nil, e
	}
	out := make([]string, len(items))
	for i, x := range items {
		if out[i], e = io.FSPath(t, x); e != nil {
			return nil, e
		}
	}
	return out, nil
}

// files lays out the child's descriptors: the standard three, then those passed on under their own numbers.
func files(std [3]int, pass []int) []uintptr {
	const closed = ^uintptr(0)
	out := make([]uintptr, 3)
	for i, fd := range std {
		out[i] = uintptr(i)
		if fd >= 0 {
			out[i] = uintptr(fd)
		}
	}
	for _, fd := range pass {
		for len(out) <= fd {
			out = append(out, closed)
		}
		out[fd] = uintptr(fd)
	}
	return out
}

// Positions of fork_exec's arguments.
const (
	argArgs = iota
	argPaths
	argCloseFDs
	argPass
	argCwd
	argEnv
	argP2CRead
	argP2CWrite
	argC2PRead
	argC2PWrite
	argErrRead
	argErrWrite
	argPipeRead
	argPipeWrite
	argRestoreSignals
	argNewSession
	argProcessGroup
	argGid
	argGroups
	argUid
	argUmask
	argPreexec
)

func parseChild(t *thread, a []value) (c *child, e *exc) {
	c = &child{}
	if c.argv, e = stringList(t, a[argArgs]); e != nil {
		return nil, e
	}
	if c.paths, e = stringList(t, a[argPaths]); e != nil {
		return nil, e
	}
	if !a[argCwd].IsNone() {
		if c.attr.Dir, e = io.FSPath(t, a[argCwd]); e != nil {
			return nil, e
		}
	}
	c.attr.Env = os.Environ()
	if !a[argEnv].IsNone() {
		if c.attr.Env, e = stringList(t, a[argEnv]); e != nil {
			return nil, e
		}
	}
	var std [3]int
	for i, at := range [...]int{argP2CRead, argC2PWrite, argErrWrite} {
		if std[i], e = object.AsCInt(t, a[at]); e != nil {
			return nil, e
		}
	}
	if c.errfd, e = object.AsCInt(t, a[argPipeWrite]); e != nil {
		return nil, e
	}
	fds, e := object.Collect(t, a[argPass])
	if e != nil {
		return nil, e
	}
	pass := make([]int, len(fds))
	for i, v := range fds {
		if pass[i], e = object.AsCInt(t, v); e != nil {
			return nil, e
		}
	}
	pass = slices.DeleteFunc(pass, func(fd int) bool { return fd == c.errfd || fd < 3 })
	c.attr.Files = files(std, pass)
	return c, parseSession(t, a, c)
}

func parseSession(t *thread, a []value, c *child) *exc {
	session, e := object.Truth(t, a[argNewSession])
	if e != nil {
		return e
	}
	group, e := object.AsCInt(t, a[argProcessGroup])
	if e != nil {
		return e
	}
	for _, at := range [...]int{argGid, argGroups, argUid} {
		if !a[at].IsNone() {
			return object.Errorf(t, &object.NotImplementedErrorType, "user and group of a child process cannot be chosen")
		}
	}
	if !a[argPreexec].IsNone() {
		return object.Errorf(t, &object.NotImplementedErrorType, "preexec_fn is not supported: no Python code runs between fork and exec")
	}
	if mask, e := object.AsCInt(t, a[argUmask]); e != nil || mask >= 0 {
		return object.Errorf(t, &object.NotImplementedErrorType, "umask of a child process cannot be chosen")
	}
	c.attr.Sys = &syscall.SysProcAttr{Setsid: session}
	if group >= 0 {
		c.attr.Sys.Setpgid, c.attr.Sys.Pgid = true, group
	}
	return nil
}

// forkExec starts a program. A failure is told through the pipe, as the child would, and by a number that is no child's.
func forkExec(t *thread, a []value) (value, *exc) {
	c, e := parseChild(t, a)
	if e != nil {
		return value{}, e
	}
	err := error(syscall.ENOENT)
	for _, p := range c.paths {
		pid, x := syscall.ForkExec(p, c.argv, &c.attr)
		if x == nil {
			return object.Int(int64(pid)), nil
		}
		if err = x; !errors.Is(x, syscall.ENOENT) && !errors.Is(x, syscall.ENOTDIR) {
			break
		}
	}
	var no syscall.Errno
	errors.As(err, &no)
	where := ""
	if st, x := os.Stat(c.attr.Dir); c.attr.Dir != "" && (x != nil || !st.IsDir()) {
		where = "noexec:chdir"
	}
	syscall.Write(c.errfd, []byte(fmt.Sprintf("OSError:%x:%s", int(no), where)))
	return object.Int(int64(os.Getpid())), nil
}

// InitSubprocess fills module _posixsubprocess.
func InitSubprocess(t *thread, m *object.Module) *exc {
	m.Define(t, []object.Method{{Sig: "fork_exec(" + strings.Join([]string{"args", "executable_list", "close_fds", "pass_fds", "cwd", "env",
		"p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite", "errpipe_read", "errpipe_write", "restore_signals",
		"call_setsid", "pgid_to_set", "gid", "extra_groups", "uid", "child_umask", "preexec_fn", "allow_vfork", "/"}, ", ") + ")", Fn: forkExec}})
	return nil
}
