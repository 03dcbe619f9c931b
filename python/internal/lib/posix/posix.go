// Package posix is Python's module posix: the operating system calls below module os.
//
//	posix.go   the table, environment, process
//	file.go    paths, directories, descriptors
//	stat.go    stat_result, DirEntry, scandir
//	process_unix.go   child processes, and module _posixsubprocess
//
// Blocking calls run without the interpreter's lock.
package posix

import (
	crand "crypto/rand"
	"os"
	"runtime"
	"strings"
	"syscall"

	"martlet/python/internal/lib/io"
	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

var constants = map[string]int{
	"O_RDONLY": os.O_RDONLY, "O_WRONLY": os.O_WRONLY, "O_RDWR": os.O_RDWR, "O_CREAT": os.O_CREATE, "O_EXCL": os.O_EXCL,
	"O_TRUNC": os.O_TRUNC, "O_APPEND": os.O_APPEND, "O_SYNC": os.O_SYNC, "O_CLOEXEC": syscall.O_CLOEXEC, "O_NONBLOCK": syscall.O_NONBLOCK,
	"F_OK": 0, "X_OK": 1, "W_OK": 2, "R_OK": 4, "EX_OK": 0, "SEEK_SET": 0, "SEEK_CUR": 1, "SEEK_END": 2, "WNOHANG": 1,
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	for name, n := range constants {
		m.Set(t, name, object.Int(int64(n)))
	}
	env := object.NewDict()
	for _, kv := range os.Environ() {
		k, v, _ := strings.Cut(kv, "=")
		if e := env.Set(t, object.BytesVal([]byte(k)), object.BytesVal([]byte(v))); e != nil {
			return e
		}
	}
	m.Set(t, "environ", object.Obj(env))
	m.Set(t, "error", object.OSErrorType.Value())
	m.DefineTypes(t, &statType, &dirEntryType, &terminalType, &unameType)
	m.Define(t, processFuncs())
	m.Define(t, platformFuncs())
	m.Define(t, fileFuncs())
	m.Define(t, statFuncs())
	return nil
}

func none(err error, t *thread, path value) (value, *exc) {
	if err != nil {
		return value{}, io.OSError(t, err, path)
	}
	return object.None, nil
}

// text gives a path of the system as str, undecodable bytes as surrogates.
func text(t *thread, s string) value {
	v, e := object.DecodeBytes(t, []byte(s), "utf-8", "surrogateescape", object.None)
	if e != nil {
		return object.StrVal(strings.ToValidUTF8(s, "?"))
	}
	return v
}

func intFn(sig string, f func() int) object.Method {
	return object.Method{Sig: sig + "()", Fn: func(*thread, []value) (value, *exc) { return object.Int(int64(f())), nil }}
}

func bytesArg(t *thread, v value) (string, *exc) { return io.FSPath(t, v) }

func processFuncs() []object.Method {
	return []object.Method{
		intFn("getpid", os.Getpid), intFn("getppid", os.Getppid), intFn("getuid", os.Getuid), intFn("geteuid", os.Geteuid),
		intFn("getgid", os.Getgid), intFn("getegid", os.Getegid), intFn("cpu_count", runtime.NumCPU),
		{Sig: "urandom(size, /)", Fn: func(t *thread, a []value) (value, *exc) {
			n, e := object.ToInt(t, a[0])
			if e != nil {
				return value{}, e
			}
			if n < 0 {
				return value{}, object.ValueErrorf(t, "negative argument not allowed")
			}
			if e := t.Charge(n); e != nil {
				return value{}, e
			}
			b := make([]byte, n)
			crand.Read(b)
			return object.BytesVal(b), nil
		}},
		{Sig: "putenv(name, value, /)", Fn: func(t *thread, a []value) (value, *exc) {
			k, e := bytesArg(t, a[0])
			if e != nil {
				return value{}, e
			}
			v, e := bytesArg(t, a[1])
			if e != nil {
				return value{}, e
			}
			return none(os.Setenv(k, v), t, value{})
		}},
		{Sig: "unsetenv(name, /)", Fn: func(t *thread, a []value) (value, *exc) {
			k, e := bytesArg(t, a[0])
			if e != nil {
				return value{}, e
			}
			return none(os.Unsetenv(k), t, value{})
		}},
		{Sig: "strerror(code, /)", Fn: func(t *thread, a []value) (value, *exc) {
			n, e := object.AsCInt(t, a[0])
			return object.StrVal(errnoText(n)), e
		}},
		{Sig: "_exit(status)", Fn: func(t *thread, a []value) (value, *exc) {
			n, e := object.AsCInt(t, a[0])
			if e == nil {
				os.Exit(n)
			}
			return value{}, e
		}},
		{Sig: "fspath(path)", Fn: func(t *thread, a []value) (value, *exc) {
			if object.IsStr(a[0]) || object.IsBytes(a[0]) {
				return a[0], nil
			}
			if _, e := io.FSPath(t, a[0]); e != nil {
				return value{}, e
			}
			r, _, e := object.CallSpecial(t, a[0], object.N.FSPath)
			return r, e
		}},
		{Sig: "get_terminal_size(fd=1, /)", Fn: func(t *thread, a []value) (value, *exc) {
			return value{}, object.NewOSError(t, int(syscall.ENOTTY), "Inappropriate ioctl for device", value{})
		}},
		{Sig: "uname()", Fn: func(t *thread, a []value) (value, *exc) {
			host, _ := os.Hostname()
			machine := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[runtime.GOARCH]
			system := strings.ToUpper(runtime.GOOS[:1]) + runtime.GOOS[1:]
			return newSeq(&unameType, object.StrVal(system), object.StrVal(host), object.StrVal(""), object.StrVal(""), object.StrVal(machine)), nil
		}},
	}
}

// errnoText is the C library's spelling: a capital at the start.
func errnoText(n int) string {
	s := syscall.Errno(n).Error()
	if n <= 0 || strings.HasPrefix(s, "errno ") {
		if n == 0 {
			return "Success"
		}
		return "Unknown error " + object.IntString(object.Int(int64(n)))
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
