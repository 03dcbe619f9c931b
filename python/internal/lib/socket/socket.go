//go:build unix

// Package socket is Python's module _socket: the system's stream and datagram sockets of the Internet and Unix families.
//
//	socket.go   the type
//	addr.go     addresses, names, constants
//
// A socket with a timeout is in non-blocking mode below; every call waits with poll first. Waiting is done without the
// interpreter's lock.
package socket

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"martlet/python/internal/lib/io"
	"martlet/python/internal/lib/selects"
	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// sock is a socket; fd is -1 when it is closed.
type sock struct {
	object.Object
	fd, family, kind, proto int
	timeout                 time.Duration // negative: none
}

var socketType, gaierror, herror object.Type

func fail(t *thread, err error) (value, *exc) { return value{}, io.OSError(t, err, value{}) }

func num(n int) value { return object.Int(int64(n)) }

func setup(s *sock, fd, family, kind, proto int) {
	s.fd, s.family, s.kind, s.proto, s.timeout = fd, family, kind, proto, -1
}

func create(family, kind, proto int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(family, kind, proto)
	if err == nil {
		unix.CloseOnExec(fd)
	}
	return fd, err
}

func initSocket(t *thread, self value, a []value) *exc {
	var n [3]int
	for i := range n {
		var e *exc
		if n[i], e = object.AsCInt(t, a[i]); e != nil {
			return e
		}
	}
	s := object.As[sock](self)
	if !a[3].IsNone() {
		fd, e := object.AsCInt(t, a[3])
		if e != nil {
			return e
		}
		return adopt(t, s, fd, n)
	}
	for i, d := range [...]int{unix.AF_INET, unix.SOCK_STREAM, 0} {
		if n[i] < 0 {
			n[i] = d
		}
	}
	fd, err := create(n[0], n[1], n[2])
	if err != nil {
		return io.OSError(t, err, value{})
	}
	setup(s, fd, n[0], n[1], n[2])
	return nil
}

// adopt makes a socket object of an open descriptor; what is not given is asked of the system.
func adopt(t *thread, s *sock, fd int, n [3]int) *exc {
	addr, err := unix.Getsockname(fd)
	if err != nil {
		return io.OSError(t, err, value{})
	}
	if n[0] < 0 {
		n[0] = familyOf(addr)
	}
	if n[1] < 0 {
		if n[1], err = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE); err != nil {
			return io.OSError(t, err, value{})
		}
	}
	setup(s, fd, n[0], n[1], max(n[2], 0))
	return nil
}

// do runs a call that may block: with a timeout it waits for the event first and again when the call finds nothing to do.
func (s *sock) do(t *thread, event int16, call func() error) *exc {
	if s.timeout < 0 {
		var err error
		t.Unlocked(func() {
			for {
				if err = call(); !errors.Is(err, unix.EINTR) {
					return
				}
			}
		})
		return ioError(t, err)
	}
	end := time.Now().Add(s.timeout)
	for {
		err := call()
		if errors.Is(err, unix.EINTR) || s.timeout > 0 && (errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EWOULDBLOCK)) {
			left := time.Until(end)
			if n, err := selects.Wait(t, []unix.PollFd{{Fd: int32(s.fd), Events: event}}, max(left, 0)); err != nil {
				return ioError(t, err)
			} else if n == 0 && left <= 0 {
				return object.Errorf(t, &object.TimeoutErrorType, "timed out")
			}
			continue
		}
		return ioError(t, err)
	}
}

func ioError(t *thread, err error) *exc {
	if err == nil {
		return nil
	}
	return io.OSError(t, err, value{})
}

func (s *sock) setTimeout(d time.Duration) error {
	s.timeout = d
	return unix.SetNonblock(s.fd, d >= 0)
}

func timeoutArg(t *thread, v value) (time.Duration, *exc) {
	if v.IsNone() {
		return -1, nil
	}
	f, e := object.ToFloat(t, v)
	if e == nil && f < 0 {
		e = object.ValueErrorf(t, "Timeout value out of range")
	}
	return time.Duration(f * 1e9), e
}

// method makes a method of the socket.
func method(sig string, f func(t *thread, s *sock, a []value) (value, *exc)) object.Method {
	return object.Method{Sig: sig, Fn: func(t *thread, a []value) (value, *exc) { return f(t, object.As[sock](a[0]), a[1:]) }}
}

func none(t *thread, err error) (value, *exc) {
	if err != nil {
		return fail(t, err)
	}
	return object.None, nil
}

func accept(t *thread, s *sock, a []value) (value, *exc) {
	var fd int
	var from unix.Sockaddr
	if e := s.do(t, unix.POLLIN, func() (err error) {
		syscall.ForkLock.RLock()
		defer syscall.ForkLock.RUnlock()
		if fd, from, err = unix.Accept(s.fd); err == nil {
			unix.CloseOnExec(fd)
		}
		return err
	}); e != nil {
		return value{}, e
	}
	return object.TupleOf(num(fd), addrValue(from)), nil
}

// connect finishes a connection that a non-blocking call began, unless the socket has no timeout at all.
func connect(t *thread, s *sock, to unix.Sockaddr) error {
	var err error
	if s.timeout < 0 {
		t.Unlocked(func() { err = unix.Connect(s.fd, to) })
	} else {
		err = unix.Connect(s.fd, to)
	}
	if !(errors.Is(err, unix.EINPROGRESS) && s.timeout > 0 || errors.Is(err, unix.EINTR)) {
		return err
	}
	n, err := selects.Wait(t, []unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLOUT}}, s.timeout)
	if err != nil {
		return err
	}
	if n == 0 {
		return errTimeout
	}
	no, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && no != 0 {
		err = syscall.Errno(no)
	}
	return err
}

var errTimeout = errors.New("timed out")

func sizeArg(t *thread, v value) (int, *exc) {
	n, e := object.ToInt(t, v)
	if e == nil && n < 0 {
		e = object.ValueErrorf(t, "negative buffersize in recv")
	}
	if e == nil {
		e = t.Charge(n)
	}
	return n, e
}

func receive(t *thread, s *sock, a []value) (b []byte, from unix.Sockaddr, e *exc) {
	n, e := sizeArg(t, a[0])
	if e != nil {
		return nil, nil, e
	}
	flags, e := object.AsCInt(t, a[1])
	if e != nil {
		return nil, nil, e
	}
	b = make([]byte, n)
	e = s.do(t, unix.POLLIN, func() (err error) {
		n, from, err = unix.Recvfrom(s.fd, b, flags)
		return err
	})
	return b[:max(n, 0)], from, e
}

func recvInto(t *thread, s *sock, a []value) (value, *exc) {
	view, e := object.NewView(t, a[0])
	if e != nil {
		return value{}, e
	}
	defer view.Release()
	if view.ReadOnly {
		return value{}, object.TypeErrorf(t, "recv_into() argument 1 must be read-write bytes-like object, not %s", a[0].Type().Name)
	}
	b := view.Content()
	n, e := sizeArg(t, a[1])
	if e != nil {
		return value{}, e
	}
	if n > 0 && n < len(b) {
		b = b[:n]
	}
	flags, e := object.AsCInt(t, a[2])
	if e != nil {
		return value{}, e
	}
	e = s.do(t, unix.POLLIN, func() (err error) {
		n, _, err = unix.Recvfrom(s.fd, b, flags)
		return err
	})
	return num(n), e
}

// sendOne sends what the system takes at once.
func (s *sock) sendOne(t *thread, b []byte, flags int, to unix.Sockaddr) (n int, e *exc) {
	e = s.do(t, unix.POLLOUT, func() (err error) {
		n, err = unix.SendmsgN(s.fd, b, nil, to, flags)
		return err
	})
	return n, e
}

func send(t *thread, s *sock, a []value) (value, *exc) {
	b, e := object.BufferBytes(t, a[0])
	if e != nil {
		return value{}, e
	}
	flags, e := object.AsCInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	n, e := s.sendOne(t, b, flags, nil)
	return num(n), e
}

func sendAll(t *thread, s *sock, a []value) (value, *exc) {
	b, e := object.BufferBytes(t, a[0])
	if e != nil {
		return value{}, e
	}
	flags, e := object.AsCInt(t, a[1])
	for e == nil && len(b) > 0 {
		var n int
		if n, e = s.sendOne(t, b, flags, nil); e == nil {
			b = b[n:]
		}
	}
	return object.None, e
}

// sendTo is sendto(data, [flags,] address).
func sendTo(t *thread, s *sock, a []value) (value, *exc) {
	b, e := object.BufferBytes(t, a[0])
	if e != nil {
		return value{}, e
	}
	flags, addr := 0, a[1]
	if a[2].Ref != nil {
		addr = a[2]
		if flags, e = object.AsCInt(t, a[1]); e != nil {
			return value{}, e
		}
	}
	to, e := parseAddr(t, s.family, addr)
	if e != nil {
		return value{}, e
	}
	n, e := s.sendOne(t, b, flags, to)
	return num(n), e
}

func (s *sock) close() error {
	fd := s.fd
	s.fd = -1
	if fd < 0 {
		return nil
	}
	return unix.Close(fd)
}

func setOption(t *thread, s *sock, a []value) (value, *exc) {
	level, e := object.AsCInt(t, a[0])
	if e != nil {
		return value{}, e
	}
	opt, e := object.AsCInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	if object.IsIntLike(a[2]) {
		n, e := object.AsCInt(t, a[2])
		if e != nil {
			return value{}, e
		}
		return none(t, unix.SetsockoptInt(s.fd, level, opt, n))
	}
	b, e := object.BufferBytes(t, a[2])
	if e != nil {
		return value{}, e
	}
	return none(t, unix.SetsockoptString(s.fd, level, opt, string(b)))
}

func getOption(t *thread, s *sock, a []value) (value, *exc) {
	level, e := object.AsCInt(t, a[0])
	if e != nil {
		return value{}, e
	}
	opt, e := object.AsCInt(t, a[1])
	if e != nil {
		return value{}, e
	}
	n, err := unix.GetsockoptInt(s.fd, level, opt)
	if err != nil {
		return fail(t, err)
	}
	return num(n), nil
}

// withAddr makes a method of one address.
func withAddr(sig string, f func(t *thread, s *sock, addr unix.Sockaddr) (value, *exc)) object.Method {
	return method(sig, func(t *thread, s *sock, a []value) (value, *exc) {
		addr, e := parseAddr(t, s.family, a[0])
		if e != nil {
			return value{}, e
		}
		return f(t, s, addr)
	})
}

func nameOf(get func(fd int) (unix.Sockaddr, error)) func(t *thread, s *sock, a []value) (value, *exc) {
	return func(t *thread, s *sock, a []value) (value, *exc) {
		addr, err := get(s.fd)
		if err != nil {
			return fail(t, err)
		}
		return addrValue(addr), nil
	}
}

func withInt(f func(s *sock, n int) error) func(t *thread, s *sock, a []value) (value, *exc) {
	return func(t *thread, s *sock, a []value) (value, *exc) {
		n, e := object.AsCInt(t, a[0])
		if e != nil {
			return value{}, e
		}
		return none(t, f(s, n))
	}
}

func methods() []object.Method {
	return []object.Method{
		method("_accept(self)", accept),
		withAddr("bind(self, address, /)", func(t *thread, s *sock, addr unix.Sockaddr) (value, *exc) { return none(t, unix.Bind(s.fd, addr)) }),
		withAddr("connect(self, address, /)", func(t *thread, s *sock, addr unix.Sockaddr) (value, *exc) {
			err := connect(t, s, addr)
			if err == errTimeout {
				return value{}, object.Errorf(t, &object.TimeoutErrorType, "timed out")
			}
			return none(t, err)
		}),
		withAddr("connect_ex(self, address, /)", func(t *thread, s *sock, addr unix.Sockaddr) (value, *exc) {
			var no syscall.Errno
			if err := connect(t, s, addr); err == errTimeout {
				no = unix.EAGAIN
			} else if err != nil && !errors.As(err, &no) {
				return fail(t, err)
			}
			return num(int(no)), nil
		}),
		method("listen(self, backlog=128, /)", withInt(func(s *sock, n int) error { return unix.Listen(s.fd, max(n, 0)) })),
		method("shutdown(self, how, /)", withInt(func(s *sock, n int) error { return unix.Shutdown(s.fd, n) })),
		method("close(self)", func(t *thread, s *sock, a []value) (value, *exc) { return none(t, s.close()) }),
		method("detach(self)", func(t *thread, s *sock, a []value) (value, *exc) {
			fd := s.fd
			s.fd = -1
			return num(fd), nil
		}),
		method("fileno(self)", func(t *thread, s *sock, a []value) (value, *exc) { return num(s.fd), nil }),
		method("getsockname(self)", nameOf(unix.Getsockname)), method("getpeername(self)", nameOf(unix.Getpeername)),
		method("setsockopt(self, level, option, value, /)", setOption), method("getsockopt(self, level, option, /)", getOption),
		method("setblocking(self, flag, /)", func(t *thread, s *sock, a []value) (value, *exc) {
			block, e := object.Truth(t, a[0])
			if e != nil {
				return value{}, e
			}
			d := time.Duration(0)
			if block {
				d = -1
			}
			return none(t, s.setTimeout(d))
		}),
		method("getblocking(self)", func(t *thread, s *sock, a []value) (value, *exc) { return object.Bool(s.timeout != 0), nil }),
		method("settimeout(self, timeout, /)", func(t *thread, s *sock, a []value) (value, *exc) {
			d, e := timeoutArg(t, a[0])
			if e != nil {
				return value{}, e
			}
			return none(t, s.setTimeout(d))
		}),
		method("gettimeout(self)", func(t *thread, s *sock, a []value) (value, *exc) { return timeoutValue(s), nil }),
		method("recv(self, bufsize, flags=0, /)", func(t *thread, s *sock, a []value) (value, *exc) {
			b, _, e := receive(t, s, a)
			return object.BytesVal(b), e
		}),
		method("recvfrom(self, bufsize, flags=0, /)", func(t *thread, s *sock, a []value) (value, *exc) {
			b, from, e := receive(t, s, a)
			return object.TupleOf(object.BytesVal(b), addrValue(from)), e
		}),
		method("recv_into(self, buffer, nbytes=0, flags=0)", recvInto),
		method("send(self, data, flags=0, /)", send), method("sendall(self, data, flags=0, /)", sendAll),
		method("sendto(self, data, flags, address=<absent>, /)", sendTo),
	}
}

func timeoutValue(s *sock) value {
	if s.timeout < 0 {
		return object.None
	}
	return object.Float(s.timeout.Seconds())
}

func init() {
	field := func(name string, f func(s *sock) value) object.GetSet {
		return object.GetSet{Name: name, Get: func(t *thread, v value) (value, *exc) { return f(object.As[sock](v)), nil }}
	}
	object.Declare(&socketType, object.Decl{Name: "socket", Module: "_socket", Layout: object.LayoutOf[sock](),
		Slots: object.Slots{
			New: func(t *thread, tp *object.Type, args []value, kw []*object.Str) (value, *exc) {
				v, e := tp.Alloc(t)
				if e == nil {
					object.As[sock](v).fd = -1
				}
				return v, e
			},
			Init: object.InitSig("socket(family=-1, type=-1, proto=-1, fileno=None)", initSocket),
			Repr: func(t *thread, v value) (value, *exc) {
				s := object.As[sock](v)
				return object.StrVal(fmt.Sprintf("<socket object, fd=%d, family=%d, type=%d, proto=%d>", s.fd, s.family, s.kind, s.proto)), nil
			},
		},
		GetSets: []object.GetSet{field("family", func(s *sock) value { return num(s.family) }), field("type", func(s *sock) value { return num(s.kind) }),
			field("proto", func(s *sock) value { return num(s.proto) }), field("timeout", timeoutValue)},
		Methods: methods()})
	for tp, name := range map[*object.Type]string{&gaierror: "gaierror", &herror: "herror"} {
		object.Declare(tp, object.Decl{Name: name, Module: "socket", Base: &object.OSErrorType})
	}
}
