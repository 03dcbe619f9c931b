package codegen_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
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

// backend is an irtest.Executor: it compiles a module, installs it, runs one
// function and frees everything.
type backend struct {
	m      *native.Machine
	target codegen.Target
	opt    bool // run the optimiser first
}

func (b backend) Name() string { return b.target.Level.String() }

func host() codegen.Features {
	cpu := native.HostCPU()
	return codegen.Features{BMI1: cpu.BMI1, BMI2: cpu.BMI2, LZCNT: cpu.LZCNT, FMA: cpu.FMA}
}

// backends are the back ends that tests compare; without native execution the test is skipped.
func backends(t testing.TB) []backend {
	m, err := native.Open()
	if err != nil {
		t.Skip("needs native execution: ", err)
	}
	if err := m.EnableSignals(); err != nil {
		t.Skip("needs fault handling: ", err)
	}
	return []backend{
		{m: m, target: codegen.Target{CPU: host(), Level: codegen.Quick, Check: true}},
		{m: m, target: codegen.Target{CPU: host(), Level: codegen.Full, Check: true}, opt: true},
		{m: m, target: codegen.Target{CPU: codegen.Features{FMA: host().FMA}, Level: codegen.Full, Check: true}},
	}
}

// loaded is a module in executable memory.
type loaded struct {
	b       backend
	mod     *ir.Module
	env     native.Env
	cells   map[string]uintptr
	globals map[string][]uint64
	code    map[string]*native.Installed
	refs    []*native.Refs
	exit    *interp.Exit
	class   uint8 // of the ref frame to start with
	types   []reflect.Type
	sizes   map[string]*obj.Code
}

func (b backend) load(m *ir.Module) (*loaded, error) {
	if b.opt {
		m = ir.MustParse("optimised", m.String())
		opt.Module(m, opt.Full, opt.Options{})
	}
	l := &loaded{b: b, mod: m, cells: map[string]uintptr{}, globals: map[string][]uint64{}, code: map[string]*native.Installed{}, sizes: map[string]*obj.Code{}}
	l.env.Handler = l
	for _, g := range m.Globals {
		l.globals[g.Name] = make([]uint64, g.Size/8+3)
	}
	for _, g := range m.Globals {
		mem := l.bytes(g)
		copy(mem, g.Init)
		for _, r := range g.Relocs {
			a, err := l.Data(r.Sym)
			if err != nil {
				a, err = l.EntryCell(r.Sym)
			}
			if err != nil {
				return nil, err
			}
			*(*uintptr)(unsafe.Pointer(&mem[r.Offset])) = a + uintptr(r.Addend)
		}
	}
	for _, f := range m.Funcs {
		if err := l.add(f); err != nil {
			return l, err
		}
	}
	return l, nil
}

func (l *loaded) add(f *ir.Func) error {
	cell, err := l.EntryCell(f.Name)
	if err != nil {
		return err
	}
	var in *native.Installed
	switch f.Linkage {
	case ir.DeclaredGo:
		id := l.env.AddGoFunc(&native.GoFunc{Name: f.Name, Fn: irtest.Host(f.Name), Words: 8, Refs: 2})
		if in, err = l.b.m.Thunk(f.Name, f.Sig, id); err != nil {
			return err
		}
	case ir.Declared:
		return nil
	default:
		code, err := codegen.Compile(f, l.b.target)
		if err != nil {
			return err
		}
		var refs *native.Refs
		l.sizes[f.Name] = code
		if in, refs, err = l.b.m.Install(code, l); err != nil {
			return err
		}
		l.refs = append(l.refs, refs)
	}
	l.code[f.Name] = in
	native.SetCell(cell, uint64(in.Addr))
	return nil
}

func (l *loaded) free() {
	for _, in := range l.code {
		l.b.m.Free(in)
	}
	for _, c := range l.cells {
		l.b.m.Memory().FreeData(c, 8)
	}
}

func (l *loaded) EntryCell(s string) (uintptr, error) {
	if l.cells[s] == 0 {
		a, err := l.b.m.Memory().AllocData(8)
		if err != nil {
			return 0, err
		}
		l.cells[s] = a
	}
	return l.cells[s], nil
}

func (l *loaded) Data(s string) (uintptr, error) {
	if g := l.globals[s]; g != nil {
		return (uintptr(unsafe.Pointer(&g[0])) + 15) &^ 15, nil
	}
	return 0, errors.New("no datum " + s)
}

func (l *loaded) GoFunc(s string) (uint32, error) {
	switch s {
	case obj.GoAlloc:
		return l.env.AddGoFunc(&native.GoFunc{Name: s, Words: 2, Refs: 1, FrameFn: l.alloc}), nil
	case obj.GoAllocArray:
		return l.env.AddGoFunc(&native.GoFunc{Name: s, Words: 2, Refs: 1, FrameFn: l.allocArray}), nil
	}
	return 0, errors.New("no Go function " + s)
}

func (l *loaded) Type(t *ir.TypeDesc) (uintptr, error) {
	l.types = append(l.types, interp.GoType(t))
	return uintptr(len(l.types) - 1), nil
}

func (l *loaded) alloc(_ native.Frame, w []uint64, r []unsafe.Pointer) error {
	r[0] = reflect.New(l.types[w[0]]).UnsafePointer()
	return nil
}

func (l *loaded) allocArray(f native.Frame, w []uint64, r []unsafe.Pointer) error {
	if n := int64(w[1]); n < 0 || n > 1<<24 {
		return &native.TrapError{Func: f.In.Name, Code: ir.TrapAlloc}
	}
	r[0] = reflect.MakeSlice(reflect.SliceOf(l.types[w[0]]), int(w[1]), int(w[1])).UnsafePointer()
	return nil
}

var errExit = errors.New("exit taken")

// HandleExit records the exit and ends the activation.
func (l *loaded) HandleExit(f native.Frame) (native.Action, error) {
	if f.Kind != obj.ExitGuard {
		return 0, fmt.Errorf("unexpected exit %s", f.Kind)
	}
	l.exit = &interp.Exit{Number: int64(f.Exit.ID)}
	for i, loc := range f.Exit.Live {
		v := interp.Val{Type: loc.Type}
		if loc.Type == ir.Ref {
			v.Ref = f.Ref(i)
		} else {
			v.Bits = ir.SignExtend(loc.Type, int64(f.Value(i)))
			if loc.Type == ir.F32 {
				v.Bits = int64(uint32(v.Bits))
			}
		}
		l.exit.Values = append(l.exit.Values, v)
	}
	return 0, errExit
}

// call runs a function of the module.
func (l *loaded) call(f *ir.Func, args []interp.Val) irtest.Outcome {
	ctx, err := l.b.m.AcquireFor(&l.env)
	if err != nil {
		return irtest.Outcome{Err: err}
	}
	defer l.b.m.Release(ctx)
	var in []unsafe.Pointer
	w := 0
	for _, a := range args {
		if a.Type == ir.Ref {
			in = append(in, a.Ref)
			continue
		}
		ctx.Words[w] = uint64(a.Bits)
		w++
	}
	out := make([]unsafe.Pointer, obj.CountRefs(f.Sig.Results))
	limit := time.AfterFunc(20*time.Second, func() { ctx.Stop(errors.New("the code runs for too long")) })
	defer limit.Stop()
	e := l.code[f.Name].Entry()
	e.Class = l.class
	err = ctx.Call(e, in, out)
	var trap *native.TrapError
	switch {
	case err == errExit:
		return irtest.Outcome{Exit: l.exit}
	case errors.As(err, &trap):
		return irtest.Outcome{Trap: trap.Code}
	case errors.Is(err, native.ErrStackOverflow):
		return irtest.Outcome{Trap: ir.TrapOverflow}
	case err != nil:
		return irtest.Outcome{Err: err}
	}
	var o irtest.Outcome
	w = 0
	for _, t := range f.Sig.Results {
		v := interp.Val{Type: t}
		if t == ir.Ref {
			v.Ref, out = out[0], out[1:]
		} else {
			v.Bits = ir.SignExtend(t, int64(ctx.Words[w]))
			if t == ir.F32 {
				v.Bits = int64(uint32(ctx.Words[w]))
			}
			w++
		}
		o.Values = append(o.Values, v)
	}
	return o
}

// bytes is the memory of a global.
func (l *loaded) bytes(g *ir.Global) []byte {
	w := l.globals[g.Name]
	off := -uintptr(unsafe.Pointer(&w[0])) & 15
	return unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(&w[0]), off)), g.Size)
}

// memory returns the globals as irtest.Outcome wants them.
func (l *loaded) memory() []byte {
	var mem []byte
	for _, g := range l.mod.Globals {
		if !g.Const && len(g.Relocs) == 0 {
			mem = append(mem, l.bytes(g)...)
		}
	}
	return mem
}

// Run implements irtest.Executor.
func (b backend) Run(m *ir.Module, f *ir.Func, args []interp.Val) irtest.Outcome {
	l, err := b.load(m)
	if l != nil {
		defer l.free()
	}
	if err != nil {
		return irtest.Outcome{Err: err}
	}
	o := l.call(f, args)
	o.Memory = l.memory()
	return o
}
