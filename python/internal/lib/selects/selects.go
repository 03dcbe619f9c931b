//go:build unix

// Package selects is Python's module select: waiting for descriptors with select() and poll().
package selects

import (
	"errors"
	"math"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"martlet/python/internal/lib/io"
	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

var pollType object.Type

// poller is a poll object: descriptors with the events asked for.
type poller struct {
	object.Object
	fds []unix.PollFd
}

// Wait polls until something is ready or the time is over (negative: no end), without the interpreter's lock.
func Wait(t *thread, fds []unix.PollFd, timeout time.Duration) (n int, err error) {
	end := time.Now().Add(timeout)
	t.Unlocked(func() {
		for {
			ms := -1
			if timeout >= 0 {
				ms = int(math.Ceil(float64(max(0, time.Until(end))) / 1e6))
			}
			if n, err = unix.Poll(fds, ms); !errors.Is(err, syscall.EINTR) {
				return
			}
		}
	})
	return n, err
}

// FD gives the descriptor of an int or of an object with a fileno method.
func FD(t *thread, v value) (int, *exc) {
	if !object.IsIntLike(v) {
		m, e := object.LookupAttr(t, v, t.Intern("fileno"))
		if e != nil {
			return 0, e
		}
		if m.Ref == nil {
			return 0, object.TypeErrorf(t, "argument must be an int, or have a fileno() method.")
		}
		if v, e = object.Call(t, m); e != nil {
			return 0, e
		}
		if !object.IsIntLike(v) {
			return 0, object.TypeErrorf(t, "fileno() returned a non-integer")
		}
	}
	fd, e := object.AsCInt(t, v)
	if e == nil && fd < 0 {
		e = object.ValueErrorf(t, "file descriptor cannot be a negative integer (%d)", fd)
	}
	return fd, e
}

// timeout is an optional number in units.
func timeout(t *thread, v value, unit time.Duration) (time.Duration, *exc) {
	if v.Ref == nil || v.IsNone() {
		return -1, nil
	}
	f, e := object.ToFloat(t, v)
	if e != nil {
		return 0, object.TypeErrorf(t, "timeout must be a real number or None")
	}
	return time.Duration(f * float64(unit)), nil
}

// selectFDs is select(): the objects of each list that are ready.
func selectFDs(t *thread, a []value) (value, *exc) {
	events := [3]int16{unix.POLLIN, unix.POLLOUT, unix.POLLPRI}
	ready := [3]int16{unix.POLLIN | unix.POLLHUP | unix.POLLERR, unix.POLLOUT | unix.POLLERR, unix.POLLPRI}
	var objs [3][]value
	var fds []unix.PollFd
	for i := range objs {
		var e *exc
		if objs[i], e = object.Collect(t, a[i]); e != nil {
			return value{}, object.TypeErrorf(t, "arguments 1-3 must be sequences")
		}
		for _, o := range objs[i] {
			fd, e := FD(t, o)
			if e != nil {
				return value{}, e
			}
			fds = append(fds, unix.PollFd{Fd: int32(fd), Events: events[i]})
		}
	}
	limit, e := timeout(t, a[3], time.Second)
	if e != nil {
		return value{}, e
	}
	if !a[3].IsNone() && limit < 0 {
		return value{}, object.ValueErrorf(t, "timeout must be non-negative")
	}
	if _, err := Wait(t, fds, limit); err != nil {
		return value{}, io.OSError(t, err, value{})
	}
	var out [3]value
	k := 0
	for i := range objs {
		var list []value
		for _, o := range objs[i] {
			if fds[k].Revents&unix.POLLNVAL != 0 {
				return value{}, io.OSError(t, syscall.EBADF, value{})
			}
			if fds[k].Revents&ready[i] != 0 {
				list = append(list, o)
			}
			k++
		}
		out[i] = object.NewList(list)
	}
	return object.NewTuple(out[:]), nil
}

func (p *poller) find(fd int) int {
	return slices.IndexFunc(p.fds, func(x unix.PollFd) bool { return int(x.Fd) == fd })
}

// change is register (add) and modify.
func change(add bool) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		p := object.As[poller](a[0])
		fd, e := FD(t, a[1])
		if e != nil {
			return value{}, e
		}
		mask, e := object.AsCInt(t, a[2])
		if e != nil {
			return value{}, e
		}
		i := p.find(fd)
		switch {
		case i >= 0:
			p.fds[i].Events = int16(mask)
		case add:
			p.fds = append(p.fds, unix.PollFd{Fd: int32(fd), Events: int16(mask)})
		default:
			return value{}, io.OSError(t, syscall.ENOENT, value{})
		}
		return object.None, nil
	}
}

func unregister(t *thread, a []value) (value, *exc) {
	p := object.As[poller](a[0])
	fd, e := FD(t, a[1])
	if e != nil {
		return value{}, e
	}
	i := p.find(fd)
	if i < 0 {
		return value{}, object.KeyErrorOf(t, object.Int(int64(fd)))
	}
	p.fds = slices.Delete(p.fds, i, i+1)
	return object.None, nil
}

func poll(t *thread, a []value) (value, *exc) {
	limit, e := timeout(t, a[1], time.Millisecond)
	if e != nil {
		return value{}, e
	}
	fds := slices.Clone(object.As[poller](a[0]).fds)
	if _, err := Wait(t, fds, limit); err != nil {
		return value{}, io.OSError(t, err, value{})
	}
	var out []value
	for _, f := range fds {
		if f.Revents != 0 {
			out = append(out, object.TupleOf(object.Int(int64(f.Fd)), object.Int(int64(f.Revents))))
		}
	}
	return object.NewList(out), nil
}

func init() {
	object.Declare(&pollType, object.Decl{Name: "poll", Module: "select", Flags: object.FNoNew | object.FFinal, Layout: object.LayoutOf[poller](),
		Methods: []object.Method{
			{Sig: "register(self, fd, eventmask=7, /)", Fn: change(true)}, {Sig: "modify(self, fd, eventmask, /)", Fn: change(false)},
			{Sig: "unregister(self, fd, /)", Fn: unregister}, {Sig: "poll(self, timeout=None, /)", Fn: poll},
		}})
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	for n, v := range map[string]int64{"POLLIN": unix.POLLIN, "POLLPRI": unix.POLLPRI, "POLLOUT": unix.POLLOUT, "POLLERR": unix.POLLERR,
		"POLLHUP": unix.POLLHUP, "POLLNVAL": unix.POLLNVAL} {
		m.Set(t, n, object.Int(v))
	}
	m.Set(t, "error", object.OSErrorType.Value())
	m.Define(t, []object.Method{
		{Sig: "select(rlist, wlist, xlist, timeout=None, /)", Fn: selectFDs},
		{Sig: "poll()", Fn: func(t *thread, a []value) (value, *exc) {
			return object.Obj(&poller{Object: object.Object{Shape: &pollType.Root}}), nil
		}},
	})
	return nil
}
