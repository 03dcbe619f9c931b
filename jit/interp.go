package jit

import (
	"fmt"
	"sync"
	"unsafe"

	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/ir"
	"martlet/ir/interp"
)

// Execution by the reference interpreter: where there is no machine code at all, and for single functions that cannot be compiled.
//
// An interp.Machine is for one goroutine and lays out its module's globals itself. So each module has a shadow: its functions copied, its globals
// declared only and supplied from the engine's memory. Machines on the shadow are pooled. Calls that leave the module go through the
// engine, as a Go function would be called, and so see redefinitions.

type interpPool struct {
	mod    *version
	once   sync.Once
	err    error
	shadow *ir.Module
	mu     sync.Mutex
	idle   []*interpMachine
}

// interpMachine is a machine with the addresses of globals as they were at an epoch (Engine.dataEpoch).
type interpMachine struct {
	*interp.Machine
	epoch int64
}

func newInterpPool(mod *version) *interpPool { return &interpPool{mod: mod} }

// build makes the shadow module, of all functions.
func (p *interpPool) build() error {
	m := p.mod.ir
	if err := m.Load(); err != nil {
		return err
	}
	p.shadow = ir.NewModule(m.Name)
	for _, g := range m.Globals {
		p.shadow.AddGlobal(&ir.Global{Name: g.Name, Linkage: ir.Declared, Size: g.Size, Align: g.Align, Const: g.Const})
	}
	for _, f := range m.Funcs {
		c := p.shadow.AddFunc(f.Name, f.Sig, f.Linkage)
		c.Elidable, c.Cold = f.Elidable, f.Cold
	}
	for _, f := range m.Funcs {
		if !f.IsDecl() && f.Linkage != ir.AvailableExternally {
			p.shadow.Func(f.Name).CopyBody(f)
		} else {
			p.shadow.Func(f.Name).Linkage = ir.DeclaredGo // whatever it is elsewhere: callOut calls it
		}
	}
	return nil
}

// entryAddress is what symaddr of a function gives in the module's machines: machines of one shadow agree.
func (p *interpPool) entryAddress(name string) uintptr {
	m, err := p.get()
	if err != nil {
		return 0
	}
	defer p.put(m)
	f := p.shadow.Func(name)
	if f == nil {
		return 0
	}
	return m.Entry(f)
}

func (p *interpPool) get() (*interpMachine, error) {
	if p.once.Do(func() { p.err = p.build() }); p.err != nil {
		return nil, p.err
	}
	mod, epoch := p.mod, p.mod.e.dataEpoch.Load()
	p.mu.Lock()
	for len(p.idle) > 0 {
		m := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if m.epoch == epoch {
			p.mu.Unlock()
			return m, nil
		}
	}
	p.mu.Unlock()
	var missing error
	var err error
	im := &interpMachine{epoch: epoch}
	im.Machine, err = interp.New(p.shadow, interp.Options{
		Go: func(name string) ir.GoFunc { return mod.callOut(im, name) },
		Global: func(name string) (unsafe.Pointer, int) {
			d, err := mod.lookupData(name)
			if err != nil {
				missing = err
				return nil, 0
			}
			return d.addr, d.size
		},
		OnExit: mod.e.interpExit,
	})
	if missing != nil {
		return nil, missing
	}
	return im, err
}

func (p *interpPool) put(m *interpMachine) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, m)
}

// lookupData finds what a name in the module's IR means as a global.
func (mod *version) lookupData(name string) (*datum, error) {
	for {
		s, err := mod.lookup(name)
		if err != nil {
			return nil, err
		}
		mod.e.mu.Lock()
		d := s.data
		mod.e.release([]*symbol{s})
		mod.e.mu.Unlock()
		if s.isFunc {
			return nil, &SignatureError{Symbol: name, Want: "data", Has: describe(s.sig, s.isFunc)}
		}
		if d != nil { // not removed meanwhile
			return d, nil
		}
	}
}

// callFailure carries an error through the interpreter's frames.
type callFailure struct{ err error }

// callOut is a function outside the module as the interpreter calls it.
func (mod *version) callOut(im *interpMachine, name string) ir.GoFunc {
	return func(words []uint64, refs []unsafe.Pointer) {
		s, err := mod.lookup(name)
		if err != nil {
			panic(callFailure{err})
		}
		e := mod.e
		defer func() {
			e.mu.Lock()
			e.release([]*symbol{s})
			e.mu.Unlock()
		}()
		d := mod.ir.Func(name)
		if !s.isFunc || !s.sig.Equal(d.Sig) {
			panic(callFailure{&SignatureError{Symbol: name, Want: d.Sig.String(), Has: describe(s.sig, s.isFunc)}})
		}
		np := obj.CountRefs(s.sig.Params)
		w, r, err := e.callSymbol(im.Interrupt, s, words[:len(s.sig.Params)-np], refs[:np])
		if err != nil {
			panic(callFailure{err})
		}
		copy(words, w)
		copy(refs, r)
	}
}

// callSymbol calls what a symbol is now, natively where there is machine code.
func (e *Engine) callSymbol(interrupt func() error, s *symbol, words []uint64, refs []unsafe.Pointer) ([]uint64, []unsafe.Pointer, error) {
	if e.m == nil {
		return e.interpretSymbol(interrupt, s, words, refs)
	}
	h := newHandle(e, s)
	nr := obj.CountRefs(s.sig.Results)
	return h.words(words, refs, len(s.sig.Results)-nr, nr)
}

// interpretSymbol calls a symbol without machine code.
func (e *Engine) interpretSymbol(interrupt func() error, s *symbol, words []uint64, refs []unsafe.Pointer) ([]uint64, []unsafe.Pointer, error) {
	e.mu.Lock()
	d := s.definition()
	fn, g, closed := d.fn, d.gofn, e.closed
	e.mu.Unlock()
	switch {
	case closed:
		return nil, nil, ErrClosed
	case g != nil:
		return callGo(s, g, words, refs)
	case fn == nil:
		t, err := s.lib.lookup(s.name, "")
		if err != nil {
			return nil, nil, err
		}
		defer func() {
			e.mu.Lock()
			e.release([]*symbol{t})
			e.mu.Unlock()
		}()
		if !t.sig.Equal(s.sig) {
			return nil, nil, &SignatureError{Symbol: s.name, Want: s.sig.String(), Has: describe(t.sig, t.isFunc)}
		}
		return e.interpretSymbol(interrupt, t, words, refs)
	}
	return e.interpret(interrupt, fn, words, refs)
}

func callGo(s *symbol, g *goFunction, words []uint64, refs []unsafe.Pointer) ([]uint64, []unsafe.Pointer, error) {
	nr := obj.CountRefs(s.sig.Results)
	nw := len(s.sig.Results) - nr
	w := make([]uint64, max(len(words), nw))
	r := make([]unsafe.Pointer, max(len(refs), nr))
	copy(w, words)
	copy(r, refs)
	if g.err != nil {
		if err := g.err(w, r); err != nil {
			return nil, nil, err
		}
	} else {
		g.fn(w, r)
	}
	return w[:nw], r[:nr], nil
}

// interpret runs a function in the reference interpreter, which asks interrupt, if it is not nil, whether to go on.
func (e *Engine) interpret(interrupt func() error, fn *function, words []uint64, refs []unsafe.Pointer) (w []uint64, r []unsafe.Pointer, err error) {
	if err := fn.mod.linkData(); err != nil {
		return nil, nil, err
	}
	if interrupt != nil {
		if err := interrupt(); err != nil {
			return nil, nil, err
		}
	}
	p := fn.mod.pool
	m, err := p.get()
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if x := recover(); x != nil {
			f, ok := x.(callFailure)
			if !ok {
				panic(x)
			}
			err = f.err
		}
		p.put(m)
	}()
	m.Interrupt = interrupt
	args := make([]interp.Val, len(fn.f.Sig.Params))
	for i, k := range fn.f.Sig.Params {
		if k == ir.Ref {
			args[i], refs = interp.Ref(refs[0]), refs[1:]
			continue
		}
		args[i] = interp.Val{Type: k, Bits: int64(words[0])}
		if k.IsInt() {
			args[i] = interp.Int(k, int64(words[0]))
		} else if k == ir.F32 {
			args[i].Bits = int64(uint32(words[0]))
		}
		words = words[1:]
	}
	res, err := m.CallFunc(p.shadow.Func(fn.f.Name), args...)
	if err != nil {
		return nil, nil, trapError(err)
	}
	if res.Exit != nil {
		return nil, nil, &ExitError{exitOf(res.Exit)}
	}
	for _, v := range res.Values {
		if v.Type == ir.Ref {
			r = append(r, v.Ref)
		} else {
			w = append(w, uint64(v.Bits))
		}
	}
	return w, r, nil
}

// trapError gives the interpreter's traps the type of machine code's.
func trapError(err error) error {
	t, ok := err.(*interp.Trap)
	if !ok {
		return err
	}
	if t.Code == ir.TrapOverflow {
		return fmt.Errorf("%s: %w", t.Error(), native.ErrStackOverflow)
	}
	x := &native.TrapError{Code: t.Code}
	if t.Func != nil {
		x.Func = t.Func.Name
	}
	return x
}

func exitOf(x *interp.Exit) Exit {
	r := Exit{Func: x.Func.Name, Number: x.Number}
	for _, v := range x.Values {
		if v.Type == ir.Ref {
			r.Values, r.Refs = append(r.Values, 0), append(r.Refs, v.Ref)
		} else {
			r.Values, r.Refs = append(r.Values, uint64(v.Bits)), append(r.Refs, nil)
		}
		r.Types = append(r.Types, v.Type)
	}
	return r
}

// interpExit serves the exits of interpreted code.
func (e *Engine) interpExit(_ *interp.Machine, x *interp.Exit) ([]interp.Val, error) {
	e.counts.exits.Add(1)
	r := exitOf(x)
	if e.opts.OnExit == nil {
		return nil, &ExitError{r}
	}
	a, err := e.opts.OnExit(&r)
	if err != nil {
		return nil, err
	}
	sig := x.Func.Sig
	nr := obj.CountRefs(sig.Results)
	if len(a.Words) < len(sig.Results)-nr || len(a.Refs) < nr {
		return nil, fmt.Errorf("%s: exit %d was answered with too few results", r.Func, r.Number)
	}
	var vals []interp.Val
	for _, k := range sig.Results {
		switch {
		case k == ir.Ref:
			vals, a.Refs = append(vals, interp.Ref(a.Refs[0])), a.Refs[1:]
		case k.IsInt():
			vals, a.Words = append(vals, interp.Int(k, int64(a.Words[0]))), a.Words[1:]
		default:
			vals, a.Words = append(vals, interp.Val{Type: k, Bits: int64(a.Words[0])}), a.Words[1:]
		}
	}
	return vals, nil
}

// interpretThunk makes code for a function that only interprets it.
func (e *Engine) interpretThunk(fn *function) (*compiled, error) {
	sig := fn.f.Sig
	np, nr := obj.CountRefs(sig.Params), obj.CountRefs(sig.Results)
	g := &native.GoFunc{Name: fn.f.Name, Refs: max(np, nr), Words: max(len(sig.Params)-np, len(sig.Results)-nr)}
	g.FrameFn = func(f native.Frame, words []uint64, refs []unsafe.Pointer) error {
		w, r, err := e.interpret(f.Ctx.Stopped, fn, words[:len(sig.Params)-np], append([]unsafe.Pointer(nil), refs[:np]...))
		copy(words, w)
		copy(refs, r)
		return err
	}
	c := &compiled{thunk: true, goID: e.env.AddGoFunc(g)}
	in, err := e.m.Thunk(fn.f.Name, sig, c.goID)
	if err != nil {
		e.env.RemoveGoFunc(c.goID)
		return nil, err
	}
	c.in = in
	e.res.add(in)
	e.counts.interpreted.Add(1)
	return c, nil
}
