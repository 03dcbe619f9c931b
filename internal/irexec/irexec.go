package irexec

import (
	"errors"
	"fmt"
	"time"
	"unsafe"

	"martlet/internal/codegen"
	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/internal/opt"
	"martlet/ir"
	"martlet/ir/interp"
	"martlet/ir/irtest"
)

// Level says how a module is compiled.
type Level uint8

// The levels.
const (
	Bare  Level = iota // no optimiser, quick code generation
	Quick              // both at their quick level
	Full               // both at their full level
)

func (l Level) String() string { return [...]string{"bare", "quick", "full"}[l] }

// Options configure Load.
type Options struct {
	Level  Level
	Memory bool                                  // report the globals' contents in outcomes
	Clock  func() time.Duration                  // what Times are measured with; nil: the time of day
	Check  bool                                  // verify after passes, prove register allocations
	Go     func(name string) ir.GoFunc           // Go functions; nil: irtest.Host
	After  func(pass string, f *ir.Func)         // called after each optimiser pass
	OnCode func(f *ir.Func, code *obj.Code)      // called with each function's code
	Keep   func(f *ir.Func) bool                 // functions to compile; nil: all definitions
	Target func(t codegen.Target) codegen.Target // changes the target
}

// Times says where the time of Load went.
type Times struct {
	Values                            int           // of the input module
	Optimise, Generate, Install, Data time.Duration // Data: memory for the globals
	CodeBytes                         int
}

// Program is an installed module. It is for one goroutine at a time.
type Program struct {
	Module *ir.Module // as optimised
	Times  Times
	Codes  map[string]*obj.Code
	Addr   map[string]uintptr

	mach    *native.Machine
	opt     Options
	codes   map[string]*native.Installed
	cells   map[string]uintptr
	globals map[string][]byte
	goIDs   map[string]uint32
	env     *native.Env
	refs    []*native.Refs
	source  *ir.Module
}

// Load copies a verified module, optimises and compiles the copy and installs the code.
func Load(m *ir.Module, opts Options) (*Program, error) {
	mach, err := native.Open()
	if err != nil {
		return nil, err
	}
	if err := mach.EnableSignals(); err != nil {
		return nil, err
	}
	if opts.Go == nil {
		opts.Go = irtest.Host
	}
	if opts.Clock == nil {
		start := time.Now()
		opts.Clock = func() time.Duration { return time.Since(start) }
	}
	work, err := ir.Link(m.Name, m)
	if err != nil {
		return nil, err
	}
	p := &Program{Module: work, mach: mach, opt: opts, source: m, codes: map[string]*native.Installed{}, cells: map[string]uintptr{},
		globals: map[string][]byte{}, goIDs: map[string]uint32{}, Codes: map[string]*obj.Code{}, Addr: map[string]uintptr{}}
	p.env = &native.Env{Handler: p}
	if err := p.load(); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Program) load() error {
	p.Times.Values = countValues(p.Module)
	begin := p.opt.Clock()
	p.optimise()
	p.Times.Optimise = p.opt.Clock() - begin
	begin = p.opt.Clock()
	codes, err := p.generate()
	if err != nil {
		return err
	}
	p.Times.Generate = p.opt.Clock() - begin
	begin = p.opt.Clock()
	if err := p.layOut(); err != nil {
		return err
	}
	p.Times.Data = p.opt.Clock() - begin
	begin = p.opt.Clock()
	defer func() { p.Times.Install = p.opt.Clock() - begin }()
	for i, f := range p.Module.Funcs {
		if codes[i] == nil {
			continue
		}
		if err := p.install(f, codes[i]); err != nil {
			return err
		}
	}
	return nil
}

func countValues(m *ir.Module) int {
	n := 0
	for _, f := range m.Funcs {
		for _, b := range f.Blocks {
			n += len(b.Params) + len(b.Insts)
		}
	}
	return n
}

func (p *Program) optimise() {
	o := opt.Options{Verify: p.opt.Check, After: p.opt.After}
	switch p.opt.Level {
	case Quick:
		opt.Module(p.Module, opt.Quick, o)
	case Full:
		opt.Module(p.Module, opt.Full, o)
	}
}

func (p *Program) target() codegen.Target {
	cpu := native.HostCPU()
	t := codegen.Target{CPU: codegen.Features{BMI1: cpu.BMI1, BMI2: cpu.BMI2, LZCNT: cpu.LZCNT, FMA: cpu.FMA}, Check: p.opt.Check}
	if p.opt.Level == Full {
		t.Level = codegen.Full
	}
	if p.opt.Target != nil {
		t = p.opt.Target(t)
	}
	return t
}

func (p *Program) generate() ([]*obj.Code, error) {
	codes := make([]*obj.Code, len(p.Module.Funcs))
	target := p.target()
	for i, f := range p.Module.Funcs {
		if f.IsDecl() || p.opt.Keep != nil && !p.opt.Keep(f) {
			continue
		}
		code, err := codegen.Compile(f, target)
		if err != nil {
			return nil, err
		}
		codes[i] = code
		p.Codes[f.Name] = code
		p.Times.CodeBytes += code.Size()
		if p.opt.OnCode != nil {
			p.opt.OnCode(f, code)
		}
	}
	return codes, nil
}

// layOut gives globals their memory.
func (p *Program) layOut() error {
	for _, g := range p.Module.Globals {
		if g.Linkage == ir.Declared {
			return fmt.Errorf("global @%s is declared but not supplied", g.Name)
		}
		buf := make([]byte, g.Size+g.Align)
		skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(buf))) & uintptr(g.Align-1))
		p.globals[g.Name] = buf[skip : skip+g.Size]
		copy(p.globals[g.Name], g.Init)
	}
	return p.relocate()
}

// relocate stores the addresses in the globals' initial values.
func (p *Program) relocate() error {
	for _, g := range p.Module.Globals {
		for _, r := range g.Relocs {
			a, err := p.address(r.Sym)
			if err != nil {
				return err
			}
			*(*uint64)(unsafe.Pointer(&p.globals[g.Name][r.Offset])) = uint64(a) + uint64(r.Addend)
		}
	}
	return nil
}

// Reset gives the globals their initial values again.
func (p *Program) Reset() error {
	for _, g := range p.Module.Globals {
		clear(p.globals[g.Name][copy(p.globals[g.Name], g.Init):])
	}
	return p.relocate()
}

func (p *Program) address(sym string) (uintptr, error) {
	if _, ok := p.globals[sym]; ok {
		return p.Data(sym)
	}
	return p.EntryCell(sym)
}

func (p *Program) install(f *ir.Func, code *obj.Code) error {
	in, refs, err := p.mach.Install(code, p)
	if err != nil {
		return err
	}
	p.refs = append(p.refs, refs)
	p.codes[f.Name] = in
	p.Addr[f.Name] = in.Addr
	cell, err := p.EntryCell(f.Name)
	if err != nil {
		return err
	}
	native.SetCell(cell, uint64(in.Addr))
	return nil
}

// EntryCell, Data, GoFunc and Type make a Program a native.Resolver.

// EntryCell returns the entry cell of a function, empty until the function is installed;
// of a Go function, one that leads to a thunk.
func (p *Program) EntryCell(sym string) (uintptr, error) {
	if c, ok := p.cells[sym]; ok {
		return c, nil
	}
	f := p.Module.Func(sym)
	if f == nil || f.Linkage == ir.Declared {
		return 0, fmt.Errorf("function @%s is not defined", sym)
	}
	c, err := p.mach.Memory().AllocData(8)
	if err != nil {
		return 0, err
	}
	p.cells[sym] = c
	if f.Linkage == ir.DeclaredGo {
		err = p.thunk(f, c)
	}
	return c, err
}

// thunk makes a Go function callable as compiled code.
func (p *Program) thunk(f *ir.Func, cell uintptr) error {
	id, err := p.GoFunc(f.Name)
	if err != nil {
		return err
	}
	in, err := p.mach.Thunk(f.Name, f.Sig, id)
	if err != nil {
		return err
	}
	p.codes[f.Name] = in
	native.SetCell(cell, uint64(in.Addr))
	return nil
}

// Data returns the address of a global.
func (p *Program) Data(sym string) (uintptr, error) {
	g, ok := p.globals[sym]
	if !ok {
		return 0, fmt.Errorf("global @%s is not defined", sym)
	}
	return uintptr(unsafe.Pointer(unsafe.SliceData(g))), nil
}

// GoFunc returns the id of a Go function.
func (p *Program) GoFunc(sym string) (uint32, error) {
	if id, ok := p.goIDs[sym]; ok {
		return id, nil
	}
	g, err := p.goFunc(sym)
	if err != nil {
		return 0, err
	}
	id := p.env.AddGoFunc(g)
	p.goIDs[sym] = id
	return id, nil
}

func (p *Program) goFunc(sym string) (*native.GoFunc, error) {
	switch sym {
	case obj.GoAlloc:
		return &native.GoFunc{Name: sym, Words: 2, Refs: 1, Fn: alloc}, nil
	case obj.GoAllocArray:
		return &native.GoFunc{Name: sym, Words: 2, Refs: 1, FrameFn: allocArray}, nil
	}
	f := p.Module.Func(sym)
	fn := p.opt.Go(sym)
	if f == nil || fn == nil {
		return nil, fmt.Errorf("function @%s of Go is not supplied", sym)
	}
	np, nr := obj.CountRefs(f.Sig.Params), obj.CountRefs(f.Sig.Results)
	return &native.GoFunc{Name: sym, Words: max(len(f.Sig.Params)-np, len(f.Sig.Results)-nr), Refs: max(np, nr), Fn: fn}, nil
}

// Type returns the Go type word of an object type.
func (p *Program) Type(t *ir.TypeDesc) (uintptr, error) {
	typ := interp.GoType(t)
	return uintptr((*[2]unsafe.Pointer)(unsafe.Pointer(&typ))[1]), nil
}

// typeAt makes a type word that Type gave out a pointer again; Go keeps such types for ever.
func typeAt(w uint64) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&w)) }

func alloc(words []uint64, refs []unsafe.Pointer) { refs[0] = unsafeNew(typeAt(words[0])) }

func allocArray(_ native.Frame, words []uint64, refs []unsafe.Pointer) error {
	n := int64(words[1])
	size := int64(typeSize(typeAt(words[0])))
	if n < 0 || size > 0 && n > interp.MaxAlloc/size || size == 0 && n > interp.MaxAlloc {
		return &native.TrapError{Func: "allocarray", Code: ir.TrapAlloc}
	}
	refs[0] = unsafeNewArray(typeAt(words[0]), int(n))
	return nil
}

// exitTaken carries an exit out of the machine.
type exitTaken struct{ exit *interp.Exit }

func (e *exitTaken) Error() string { return fmt.Sprintf("exit %d", e.exit.Number) }

// HandleExit makes a Program a native.Handler: guards and exits end the call.
func (p *Program) HandleExit(f native.Frame) (native.Action, error) {
	e := &interp.Exit{Number: int64(f.Exit.ID)}
	if fn := p.Module.Func(f.In.Name); fn != nil {
		e.Func = fn
	}
	for i, l := range f.Exit.Live {
		if l.Type == ir.Ref {
			e.Values = append(e.Values, interp.Ref(f.Ref(i)))
		} else {
			e.Values = append(e.Values, interp.Int(l.Type, int64(f.Value(i))))
		}
	}
	return native.Leave, &exitTaken{e}
}

// Handle is a function ready to be called.
type Handle struct {
	p      *Program
	entry  native.Entry
	sig    ir.Signature
	inRefs int
}

// Func returns a function of the program.
func (p *Program) Func(name string) (*Handle, error) {
	in := p.codes[name]
	if in == nil {
		return nil, fmt.Errorf("function @%s is not in the program", name)
	}
	sig := p.Module.Func(name).Sig
	return &Handle{p, in.Entry(), sig, obj.CountRefs(sig.Params)}, nil
}

// Call calls a function. The error is not a trap's.
func (p *Program) Call(name string, args ...interp.Val) irtest.Outcome {
	h, err := p.Func(name)
	if err != nil {
		return irtest.Outcome{Err: err}
	}
	return h.Call(args...)
}

// Call calls the function.
func (h *Handle) Call(args ...interp.Val) irtest.Outcome {
	c, err := h.p.mach.Acquire()
	if err != nil {
		return irtest.Outcome{Err: err}
	}
	defer h.p.mach.Release(c)
	c.SetEnv(h.p.env)
	var in []unsafe.Pointer
	nw := 0
	for _, a := range args {
		if a.Type == ir.Ref {
			in = append(in, a.Ref)
			continue
		}
		c.Words[nw] = uint64(a.Bits)
		nw++
	}
	out := make([]unsafe.Pointer, obj.CountRefs(h.sig.Results))
	err = c.Call(h.entry, in, out)
	return h.outcome(c, out, err)
}

func (h *Handle) outcome(c *native.Context, out []unsafe.Pointer, err error) irtest.Outcome {
	var taken *exitTaken
	var trap *native.TrapError
	var o irtest.Outcome
	if h.p.opt.Memory {
		o.Memory = h.p.memory()
	}
	switch {
	case err == nil:
		nw, nr := 0, 0
		for _, t := range h.sig.Results {
			if t == ir.Ref {
				o.Values = append(o.Values, interp.Ref(out[nr]))
				nr++
				continue
			}
			o.Values = append(o.Values, interp.Int(t, int64(c.Words[nw])))
			nw++
		}
	case errors.As(err, &taken):
		o.Exit = taken.exit
	case errors.As(err, &trap):
		o.Trap = trap.Code
	case errors.Is(err, native.ErrStackOverflow):
		o.Trap = ir.TrapOverflow
	default:
		o.Err = err
	}
	return o
}

// memory returns the contents of the globals that can change, as irtest.Interp does.
func (p *Program) memory() []byte {
	var out []byte
	for _, g := range p.source.Globals {
		if have, ok := p.globals[g.Name]; ok && !g.Const && len(g.Relocs) == 0 {
			out = append(out, have...)
		}
	}
	return out
}

// Close frees the code. Nothing of it may be running.
func (p *Program) Close() {
	for _, in := range p.codes {
		p.mach.Free(in)
	}
	for _, c := range p.cells {
		p.mach.Memory().FreeData(c, 8)
	}
	p.codes, p.cells, p.goIDs, p.refs = nil, nil, nil, nil
}

// Executor runs modules at a level.
type Executor struct {
	Level Level
	Check bool
}

// Name returns the level's name.
func (x Executor) Name() string { return x.Level.String() }

// Run loads the module and calls f.
func (x Executor) Run(m *ir.Module, f *ir.Func, args []interp.Val) irtest.Outcome {
	p, err := Load(m, Options{Level: x.Level, Check: x.Check, Memory: true})
	if err != nil {
		return irtest.Outcome{Err: err}
	}
	defer p.Close()
	return p.Call(f.Name, args...)
}

// Available says why machine code cannot run here, or returns nil.
func Available() error {
	_, err := native.Open()
	return err
}
