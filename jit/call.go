package jit

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"time"
	"unsafe"
	"weak"

	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/ir"
)

// Func is a typed handle on a function of a library. It keeps the symbol (not a particular definition): after a redefinition, Call calls the new
// one. Symbols are given back when their handles, and what was taken from Call, have become garbage.
type Func[F any] struct {
	// Call calls the function. If F's last result is an error, traps and failures are returned there; otherwise they panic with the
	// error. A panic of a Go function that the code calls passes through.
	Call F
	h    *handle
}

// handle is the untyped part of a Func.
type handle struct {
	callee native.Callee // for calls of up to four words; Slow if there is no machine code, or a context
	e      *Engine
	sym    *symbol
	sig    ir.Signature
	ctx    context.Context
	of     *handle // the handle of which this is a copy with a context: it holds the symbol
}

// Lookup returns a handle on the function name of the library, of the Go type F: parameters and results as for
// Library.DefineGo, an error as last result optional. Nothing is compiled until the first call.
//
// Calls of functions with up to four arguments that are integers of 64 bits or float64s, in any order, and with at most one such result, besides an
// error or not, use no reflection; others go through reflect.MakeFunc.
func Lookup[F any](l *Library, name string) (*Func[F], error) {
	t := reflect.TypeFor[F]()
	if t.Kind() != reflect.Func {
		return nil, fmt.Errorf("look up @%s: %s is not a function type", name, t)
	}
	sig, fails, err := goSignature(t)
	if err != nil {
		return nil, fmt.Errorf("look up @%s: %w", name, err)
	}
	h, err := l.handle(name, sig)
	if err != nil {
		return nil, err
	}
	f := &Func[F]{h: h}
	f.Call = bind[F](h, t, fails)
	type weakHandle struct {
		e weak.Pointer[Engine]
		s weak.Pointer[symbol]
	}
	runtime.AddCleanup(h, func(w weakHandle) { // h, which f.Call refers to, and not f, which it may outlive
		if e, s := w.e.Value(), w.s.Value(); e != nil && s != nil {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.release([]*symbol{s})
		}
	}, weakHandle{weak.Make(l.e), weak.Make(h.sym)})
	return f, nil
}

// WithContext returns the function as f.Call, which ends with ctx's error when ctx is done: running loops are left at their next poll.
func (f *Func[F]) WithContext(ctx context.Context) F {
	h := &handle{e: f.h.e, sym: f.h.sym, sig: f.h.sig, ctx: ctx, of: f.h}
	h.callee = native.Callee{Entry: f.h.callee.Entry, Slow: h.invokeSlow}
	t := reflect.TypeFor[F]()
	_, fails, err := goSignature(t)
	if err != nil {
		panic(err) // Lookup has checked it
	}
	return bind[F](h, t, fails)
}

// handle finds a function and holds its symbol.
func (l *Library) handle(name string, sig ir.Signature) (*handle, error) {
	s, err := l.lookup(name, "")
	if err != nil {
		return nil, err
	}
	if !s.isFunc || !s.sig.Equal(sig) {
		l.e.mu.Lock()
		l.e.release([]*symbol{s})
		l.e.mu.Unlock()
		return nil, &SignatureError{Symbol: name, Want: sig.String(), Has: describe(s.sig, s.isFunc)}
	}
	return newHandle(l.e, s), nil
}

func newHandle(e *Engine, s *symbol) *handle {
	h := &handle{e: e, sym: s, sig: s.sig}
	h.callee = native.Callee{Entry: native.Entry{Stubs: s.stubs, Cell: s.cell}, Env: e.env, M: e.m}
	if e.m == nil {
		h.callee.Slow = h.invokeSlow
	}
	return h
}

// Data returns the memory of a global.
func (l *Library) Data(name string) ([]byte, error) {
	s, err := l.lookup(name, "")
	if err != nil {
		return nil, err
	}
	l.e.mu.Lock()
	defer l.e.mu.Unlock()
	defer l.e.release([]*symbol{s})
	if s.data == nil {
		return nil, &SignatureError{Symbol: name, Want: "data", Has: describe(s.sig, s.isFunc)}
	}
	return unsafe.Slice((*byte)(s.data.addr), s.data.size), nil
}

// CallWords calls with non-ref arguments and refs in separate lists, and gives results likewise: for callers that know the signature only at run time.
func (l *Library) CallWords(name string, sig ir.Signature, words []uint64, refs []unsafe.Pointer) ([]uint64, []unsafe.Pointer, error) {
	h, err := l.handle(name, sig)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		l.e.mu.Lock()
		l.e.release([]*symbol{h.sym})
		l.e.mu.Unlock()
	}()
	nr := obj.CountRefs(sig.Results)
	return h.words(words, refs, len(sig.Results)-nr, nr)
}

// words is the general call.
func (h *handle) words(words []uint64, refs []unsafe.Pointer, nw, nr int) (w []uint64, r []unsafe.Pointer, err error) {
	out := make([]uint64, nw)
	outRefs := make([]unsafe.Pointer, nr)
	if h.e.m == nil {
		w, r, err := h.e.interpretSymbol(h.interrupt(), h.sym, words, refs)
		return w, r, err
	}
	c, err := h.begin()
	if err != nil {
		return nil, nil, err
	}
	copy(c.Words[:], words)
	err = h.run(c, refs, outRefs)
	copy(out, c.Words[:])
	h.end(c)
	return out, outRefs, err
}

// interrupt is what the interpreter asks whether it shall stop.
func (h *handle) interrupt() func() error {
	if h.ctx == nil {
		return nil
	}
	return func() error { return context.Cause(h.ctx) }
}

func (h *handle) begin() (*native.Context, error) {
	c, err := h.e.m.AcquireFor(h.e.env)
	return c, err
}

func (h *handle) end(c *native.Context) { h.e.m.Release(c) }

// run calls, under the handle's context if it has one.
func (h *handle) run(c *native.Context, in, out []unsafe.Pointer) error {
	if h.ctx == nil {
		return c.Call(h.callee.Entry, in, out)
	}
	if err := context.Cause(h.ctx); err != nil {
		return err
	}
	over, left := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(h.ctx, func() {
		defer close(left)
		for {
			select {
			case <-over:
				return
			default:
				c.Stop(context.Cause(h.ctx))
				time.Sleep(200 * time.Microsecond)
			}
		}
	})
	defer func() {
		close(over)
		if !stop() {
			<-left
		}
	}()
	return c.Call(h.callee.Entry, in, out)
}

// invokeSlow is a call of up to four words without machine code, or under a context.
func (h *handle) invokeSlow(words []uint64) (uint64, error) {
	if h.e.m == nil {
		return h.interpret(words[:len(h.sig.Params)]...)
	}
	c, err := h.begin()
	if err != nil {
		return 0, err
	}
	copy(c.Words[:], words)
	err = h.run(c, nil, nil)
	r := c.Words[0]
	h.end(c)
	return r, err
}

func (h *handle) interpret(words ...uint64) (uint64, error) {
	w, _, err := h.e.interpretSymbol(h.interrupt(), h.sym, words, nil)
	if len(w) == 0 {
		return 0, err
	}
	return w[0], err
}

// bind makes a Go function of type F that calls h.
func bind[F any](h *handle, t reflect.Type, fails bool) F {
	if f := h.direct(t, fails); f != nil {
		return *(*F)(unsafe.Pointer(&f))
	}
	return reflect.MakeFunc(t, h.reflected(t, fails)).Interface().(F)
}

// reflected is the body of a handle's function of any other type.
func (h *handle) reflected(t reflect.Type, fails bool) func([]reflect.Value) []reflect.Value {
	n := t.NumOut()
	if fails {
		n--
	}
	nr := obj.CountRefs(h.sig.Results)
	return func(args []reflect.Value) []reflect.Value {
		var words []uint64
		var refs []unsafe.Pointer
		for _, a := range args {
			if isRef(a.Type()) {
				refs = append(refs, a.UnsafePointer())
			} else {
				words = append(words, toWord(a))
			}
		}
		w, r, err := h.words(words, refs, n-nr, nr)
		out := make([]reflect.Value, 0, n+1)
		if err != nil {
			if !fails {
				panic(err)
			}
			for i := range n {
				out = append(out, reflect.Zero(t.Out(i)))
			}
			return append(out, reflect.ValueOf(&err).Elem())
		}
		for i := range n {
			if isRef(t.Out(i)) {
				v := reflect.New(t.Out(i)).Elem()
				*(*unsafe.Pointer)(v.Addr().UnsafePointer()) = r[0]
				out, r = append(out, v), r[1:]
			} else {
				out, w = append(out, fromWord(t.Out(i), w[0])), w[1:]
			}
		}
		if fails {
			out = append(out, reflect.Zero(t.Out(n)))
		}
		return out
	}
}

// exitHandler serves the exits of the engine's code.
type exitHandler struct{ e *Engine }

// HandleExit implements native.Handler.
func (h exitHandler) HandleExit(f native.Frame) (native.Action, error) {
	h.e.counts.exits.Add(1)
	x := Exit{Func: f.In.Name}
	if f.Exit != nil {
		x.Number = int64(f.Exit.ID)
		for i, l := range f.Exit.Live {
			var v uint64
			var p unsafe.Pointer
			switch {
			case l.Type == ir.Ref:
				p = f.Ref(i)
			case l.Type.IsInt():
				v = uint64(f.Int(i))
			default:
				v = f.Value(i)
			}
			x.Values, x.Refs, x.Types = append(x.Values, v), append(x.Refs, p), append(x.Types, l.Type)
		}
	}
	if h.e.opts.OnExit == nil {
		return 0, &ExitError{x}
	}
	a, err := h.e.opts.OnExit(&x)
	if err != nil {
		return 0, err
	}
	w, r := f.Results()
	copy(w, a.Words)
	copy(r, a.Refs)
	return native.Leave, nil
}
