package genext

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"martlet/internal/codegen"
	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/internal/opt"
	"martlet/internal/symbols"
	"martlet/ir"
)

// Native is the executor that makes machine code. Where that is impossible,
// Compile returns an error that says why, and programs stay interpreted; see
// Best.
type Native struct {
	Level codegen.Level
	Check bool // prove register allocations (tests)
	Perf  bool // tell perf the names of the code
	GDB   bool // tell gdb
}

// Best is machine code if this process can run it, else Graphs.
func Best() Executor {
	if _, err := openNative(); err != nil {
		return Graphs{}
	}
	return Native{Level: codegen.Full}
}

var openNative = sync.OnceValues(func() (*native.Machine, error) {
	m, err := native.Open()
	if err != nil {
		return nil, err
	}
	return m, m.EnableSignals()
})

// mapped is how much executable memory is in use.
func mapped() int {
	m, err := openNative()
	if err != nil {
		return 0
	}
	return int(m.Memory().Stats().CodeUsed)
}

// nativeCode is installed machine code of one region. It is the anchor of that code: while the code
// runs its address is in the frame (codegen.Target.Anchor), which keeps it alive and says whose exit is taken.
type nativeCode struct {
	m      *native.Machine
	sig    ir.Signature
	body   *native.Installed
	entry  native.Entry
	refs   *native.Refs
	env    *nativeEnv
	in     *inMachine
	region *region // whose code it is; nil for stubLink
	nOut   int
}

// nativeEnv is what the machine code of one driver shares: the Go functions that it calls, with their
// thunks and cells. Code of one region goes on in that of another (link.go), so they need the same one.
type nativeEnv struct {
	m      *native.Machine
	env    native.Env
	bind   func(name string) ir.GoFunc
	in     *inMachine
	mu     sync.Mutex // of the rest
	goIDs  map[string]uint32
	linker *nativeCode // where cells of entries without code lead
}

func newNativeEnv(m *native.Machine, bind func(name string) ir.GoFunc) *nativeEnv {
	e := &nativeEnv{m: m, bind: bind, in: &inMachine{m: m, cells: map[string]uintptr{}}, goIDs: map[string]uint32{}}
	e.env.Handler = exitHandler{}
	runtime.AddCleanup(e, func(o *inMachine) { o.free() }, e.in)
	return e
}

// at is the executor for a level of the optimiser.
func (x Native) at(l opt.Level) Executor {
	if x.Level == codegen.Full && l == opt.Quick {
		x.Level = codegen.Quick
	}
	return x
}

// text is the installed code.
func (c *nativeCode) text() []byte {
	return bytesAt(c.body.Addr, c.body.Size)
}

func bytesAt(addr, n uintptr) []byte { return unsafe.Slice((*byte)(rawAddr(uint64(addr))), n) }

// inMachine is what somebody occupies there; it does not refer to its owner,
// so that it can be given back when the owner is collected.
type inMachine struct {
	m     *native.Machine
	code  []*native.Installed
	cells map[string]uintptr
	gdb   *symbols.Entry
}

func (o *inMachine) free() {
	if o.gdb != nil {
		symbols.Remove(o.gdb)
	}
	for _, in := range o.code {
		o.m.Retire(in, nil)
	}
	for _, c := range o.cells {
		o.m.Memory().FreeData(c, 8)
	}
}

// Compile makes machine code.
func (x Native) Compile(f *ir.Func, bind func(name string) ir.GoFunc) (Code, error) {
	m, err := openNative()
	if err != nil {
		return nil, err
	}
	return x.compile(f, newNativeEnv(m, bind), nil)
}

// compile makes machine code that shares an env with other code, and is part of a region.
func (x Native) compile(f *ir.Func, env *nativeEnv, r *region) (*nativeCode, error) {
	c := &nativeCode{m: env.m, sig: f.Sig, env: env, region: r, in: &inMachine{m: env.m}, nOut: obj.CountRefs(f.Sig.Results)}
	cpu := native.HostCPU()
	t := codegen.Target{CPU: codegen.Features{BMI1: cpu.BMI1, BMI2: cpu.BMI2, LZCNT: cpu.LZCNT, FMA: cpu.FMA}, Level: x.Level, Check: x.Check,
		Anchor: &ir.RefConst{Name: "anchor", Ptr: unsafe.Pointer(c)}}
	code, err := codegen.Compile(f, t)
	if err != nil {
		return nil, err
	}
	in, refs, err := env.m.Install(code, resolver{env, f.Module, r})
	if err != nil {
		return nil, err
	}
	c.in.code = append(c.in.code, in)
	c.body, c.refs, c.entry = in, refs, in.Entry()
	c.entry.Class = linkClass
	x.name(c)
	runtime.AddCleanup(c, func(o *inMachine) { o.free() }, c.in)
	return c, nil
}

// linkClass is the size class of the ref frames in which compiled code runs, and maxLinkRefs how many slots code may
// need for others to jump into it: it fits there, whatever code was entered first.
const (
	linkClass   = 1
	maxLinkRefs = 40
)

// name tells perf and gdb of code, where asked to.
func (x Native) name(c *nativeCode) {
	in := c.body
	if x.Perf {
		symbols.Perf(in.Name, in.Addr, in.Size)
	}
	if x.GDB {
		c.in.gdb = symbols.Add(in.Name, in.Addr, c.text(), false)
		s := in.Entry().Stubs
		symbols.AddOnce("martlet.enter", s.Enter, bytesAt(s.Enter, s.Return-s.Enter), true)
	}
}

// resolver tells where to find what code refers to.
type resolver struct {
	*nativeEnv
	mod *ir.Module
	r   *region
}

// EntryCell returns a cell that leads to a Go function, or to the code of an entry.
func (x resolver) EntryCell(sym string) (uintptr, error) {
	if x.r != nil && x.r.links[sym] != nil {
		return x.r.links[sym].cell, nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if a, ok := x.in.cells[sym]; ok {
		return a, nil
	}
	f := x.mod.Func(sym)
	if f == nil {
		return 0, fmt.Errorf("function %s is not declared", sym)
	}
	a, err := x.m.Memory().AllocData(8)
	if err != nil {
		return 0, err
	}
	id, err := x.goFunc(sym, f)
	if err == nil {
		var in *native.Installed
		if in, err = x.m.Thunk(sym, f.Sig, id); err == nil {
			x.in.code = append(x.in.code, in)
			native.SetCell(a, uint64(in.Addr))
			x.in.cells[sym] = a
			return a, nil
		}
	}
	x.m.Memory().FreeData(a, 8)
	return 0, err
}

// Data finds no symbols: addresses are constants of the code.
func (resolver) Data(sym string) (uintptr, error) {
	return 0, fmt.Errorf("datum %s is not bound", sym)
}

// GoFunc numbers a Go function.
func (x resolver) GoFunc(sym string) (uint32, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.goFunc(sym, x.mod.Func(sym))
}

func (e *nativeEnv) goFunc(sym string, f *ir.Func) (uint32, error) {
	if id, ok := e.goIDs[sym]; ok {
		return id, nil
	}
	var g *native.GoFunc
	switch sym {
	case obj.GoAlloc:
		g = &native.GoFunc{Name: sym, Words: 2, Refs: 1, Fn: nativeAlloc}
	case obj.GoAllocArray:
		g = &native.GoFunc{Name: sym, Words: 2, Refs: 1, Fn: nativeAllocArray}
	default:
		fn := e.bind(sym)
		if f == nil || fn == nil {
			return 0, fmt.Errorf("function %s is not bound", sym)
		}
		np, nr := obj.CountRefs(f.Sig.Params), obj.CountRefs(f.Sig.Results)
		g = &native.GoFunc{Name: sym, Words: max(len(f.Sig.Params)-np, len(f.Sig.Results)-nr), Refs: max(np, nr), Fn: fn}
	}
	id := e.env.AddGoFunc(g)
	e.goIDs[sym] = id
	return id, nil
}

// Type returns the runtime type word of an object type.
func (resolver) Type(t *ir.TypeDesc) (uintptr, error) { return uintptr(goType(t)), nil }

func nativeAlloc(words []uint64, refs []unsafe.Pointer) { refs[0] = unsafeNew(rawAddr(words[0])) }

func nativeAllocArray(words []uint64, refs []unsafe.Pointer) {
	n := int64(words[1])
	if n < 0 || n > 1<<40 {
		panic(&Trap{Code: ir.TrapAlloc})
	}
	refs[0] = unsafeNewArray(rawAddr(words[0]), int(n))
}

// leaving carries an exit's operands out of the machine.
type leaving struct {
	code  *nativeCode // whose exit it is
	exit  int64
	words []uint64
	refs  []unsafe.Pointer
}

func (l *leaving) Error() string { return fmt.Sprintf("exit %d", l.exit) }

type exitHandler struct{}

// HandleExit ends the activation with the exit's operands.
func (exitHandler) HandleExit(f native.Frame) (native.Action, error) {
	n := len(f.Exit.Live)
	l := &leaving{code: (*nativeCode)(*f.Slot(0)), exit: int64(f.Exit.ID), words: make([]uint64, n), refs: make([]unsafe.Pointer, n)}
	for i, loc := range f.Exit.Live {
		if loc.Type == ir.Ref {
			l.refs[i] = f.Ref(i)
		} else {
			l.words[i] = uint64(ir.SignExtend(loc.Type, int64(f.Value(i))))
		}
	}
	return native.Leave, l
}

// Run runs the code.
func (c *nativeCode) Run(words []uint64, refs []unsafe.Pointer) (int64, []uint64, []unsafe.Pointer) {
	exit, words, refs, _ := c.run(words, refs)
	return exit, words, refs
}

// run runs the code, and what it goes on in. With an exit it returns whose exit that is.
func (c *nativeCode) run(words []uint64, refs []unsafe.Pointer) (int64, []uint64, []unsafe.Pointer, *nativeCode) {
	ctx, err := c.m.AcquireFor(&c.env.env)
	if err != nil {
		panic(err)
	}
	defer c.m.Release(ctx)
	in := make([]unsafe.Pointer, 0, 8)
	nw := 0
	for i, t := range c.sig.Params {
		if t == ir.Ref {
			in = append(in, refs[i])
			continue
		}
		ctx.Words[nw] = words[i]
		nw++
	}
	out := make([]unsafe.Pointer, c.nOut)
	err = ctx.Call(c.entry, in, out)
	runtime.KeepAlive(c)
	var l *leaving
	switch {
	case err == nil:
		ow, or := c.results(ctx, out)
		return -1, ow, or, nil
	case errors.As(err, &l):
		return l.exit, l.words, l.refs, l.code
	}
	panic(err)
}

func (c *nativeCode) results(ctx *native.Context, out []unsafe.Pointer) ([]uint64, []unsafe.Pointer) {
	n := len(c.sig.Results)
	words, refs := make([]uint64, n), make([]unsafe.Pointer, n)
	nw, nr := 0, 0
	for i, t := range c.sig.Results {
		if t == ir.Ref {
			refs[i] = out[nr]
			nr++
			continue
		}
		words[i] = uint64(ir.SignExtend(t, int64(ctx.Words[nw])))
		nw++
	}
	return words, refs
}
