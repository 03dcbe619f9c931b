package jit

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"martlet/internal/opt"
	"martlet/ir"
)

// Module is an ir.Module in a library, which can be replaced by another and removed. IR given to it must not be changed any more.
type Module struct {
	e       *Engine
	lib     *Library
	v       *version // under e.mu
	removed bool     // under e.mu
}

// version is what a Module is made of until it is replaced. Immutable once defined, except where said.
type version struct {
	e        *Engine
	lib      *Library
	name     string
	ir       *ir.Module
	funcs    map[string]*function
	internal map[string]*symbol // internal functions and globals
	data     []*symbol          // its globals
	held     []*symbol          // referred to by initial values; under e.mu
	dataOnce sync.Once          // fills in the relocations of initial values, when first needed
	dataErr  error
	pool     *interpPool
}

// Add verifies a module and adds it to the library. Its external symbols must be new there. Functions of ir.ParseLazy are read and verified when they are
// compiled: what is wrong with one is the error of its first call.
func (l *Library) Add(m *ir.Module) (*Module, error) {
	if err := ir.Verify(m); err != nil {
		return nil, err
	}
	mod := &Module{e: l.e, lib: l, v: newVersion(l, m)}
	l.e.mu.Lock()
	err := mod.v.define(nil)
	if err == nil {
		l.modules = append(l.modules, mod)
	}
	l.e.mu.Unlock()
	if err == nil && l.e.opts.Eager {
		err = mod.Compile()
	}
	if err != nil {
		return nil, err
	}
	return mod, nil
}

// AddOptimized adds a copy of the modules, joined by ir.Link and optimised as a whole: functions are inlined into each other, loads of constant globals
// folded, and what nothing external or used can reach is dropped. What is visible or pinned keeps its name and meaning. The modules given are
// only read. It is the choice when speed across functions matters more than replacing them one by one.
func (l *Library) AddOptimized(name string, mods ...*ir.Module) (mod *Module, err error) {
	for _, m := range mods {
		if err := errors.Join(m.Load(), ir.Verify(m)); err != nil {
			return nil, err
		}
	}
	joined, err := ir.Link(name, mods...)
	if err != nil {
		return nil, err
	}
	if err := optimizeModule(joined); err != nil {
		return nil, err
	}
	return l.Add(joined)
}

func optimizeModule(m *ir.Module) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &CompileError{Func: m.Name, Pass: "module passes", Cause: fmt.Errorf("%v", r)}
		}
	}()
	opt.Module(m, opt.Full, opt.Options{})
	return nil
}

func newVersion(l *Library, m *ir.Module) *version {
	v := &version{e: l.e, lib: l, name: m.Name, ir: m, funcs: map[string]*function{}, internal: map[string]*symbol{}}
	v.pool = newInterpPool(v)
	return v
}

// define makes the version's symbols. Symbols of which the name is in old are taken over. On an error everything is as
// before, except for what the taken symbols lead to. Under e.mu.
func (mod *version) define(old map[string]*symbol) (err error) {
	e, m := mod.e, mod.ir
	if e.closed {
		return ErrClosed
	}
	var made []*symbol
	defer func() {
		if err != nil {
			for _, s := range made {
				if old[s.name] != s {
					e.undefine(s)
				}
			}
		}
	}()
	get := func(name string, sig ir.Signature, isFunc bool, link ir.Linkage) (*symbol, error) {
		was := old[name]
		if s := was; s != nil && s.isFunc == isFunc && s.sig.Equal(sig) && (s == mod.lib.symbols[name]) == (link != ir.Internal) {
			if link == ir.Internal {
				mod.internal[name] = s
			}
			return s, nil
		}
		if link != ir.Internal {
			return mod.lib.declare(name, sig, isFunc, m.Name, was)
		}
		s, err := e.newSymbol(mod.lib, name, sig, isFunc)
		if err == nil {
			mod.internal[name] = s
		}
		return s, err
	}
	for _, g := range m.Globals {
		if g.Linkage != ir.External && g.Linkage != ir.Internal {
			continue
		}
		s, err := get(g.Name, ir.Signature{}, false, g.Linkage)
		if err != nil {
			return err
		}
		s.data = newDatum(g, m.Name)
		made, mod.data = append(made, s), append(mod.data, s)
	}
	for _, f := range m.Funcs {
		if f.Linkage != ir.External && f.Linkage != ir.Internal {
			continue
		}
		s, err := get(f.Name, f.Sig, true, f.Linkage)
		if err != nil {
			return err
		}
		s.fn = &function{e: e, mod: mod, f: f, sym: s}
		made, mod.funcs[f.Name] = append(made, s), s.fn
	}
	for _, s := range made {
		if s.isFunc {
			e.mu.tell(Event{Kind: Created, Func: s.name})
		}
		if old[s.name] != s && mod.lib.symbols[s.name] == s {
			mod.lib.decideAnew(s.name)
		}
	}
	return nil
}

// newDatum gives a global memory and its initial bytes.
func newDatum(g *ir.Global, by string) *datum {
	align := max(g.Align, 8)
	buf := make([]uint64, (g.Size+align+7)/8+1)
	p := unsafe.Pointer(&buf[0])
	p = unsafe.Add(p, -int(uintptr(p))&(align-1))
	copy(unsafe.Slice((*byte)(p), g.Size), g.Init)
	return &datum{addr: p, size: g.Size, keep: buf, own: fmt.Sprintf("module %q", by)}
}

// linkData fills in the addresses in the module's initial values, at the first need of any of its code or data.
func (mod *version) linkData() error {
	mod.dataOnce.Do(func() { mod.dataErr = mod.relocate() })
	return mod.dataErr
}

func (mod *version) relocate() error {
	for _, g := range mod.ir.Globals {
		if g.Linkage == ir.Declared || len(g.Relocs) == 0 {
			continue
		}
		mem := mod.datum(g.Name)
		if mem == nil {
			continue
		}
		for _, r := range g.Relocs {
			s, err := mod.lookup(r.Sym)
			if err != nil {
				return err
			}
			mod.e.mu.Lock()
			mod.held = append(mod.held, s)
			mod.e.mu.Unlock()
			a := uint64(s.cell)
			if !s.isFunc {
				d, err := mod.lookupData(r.Sym)
				if err != nil {
					return err
				}
				mem.refs = append(mem.refs, d)
				a = uint64(uintptr(d.addr))
			} else if mod.e.m == nil {
				a = uint64(mod.pool.entryAddress(r.Sym))
			}
			binary.LittleEndian.PutUint64(unsafe.Slice((*byte)(mem.addr), mem.size)[r.Offset:], a+uint64(r.Addend))
		}
	}
	return nil
}

func (mod *version) datum(name string) *datum {
	mod.e.mu.Lock()
	defer mod.e.mu.Unlock()
	for _, s := range mod.data {
		if s.name == name {
			return s.data
		}
	}
	return nil
}

// lookup finds what a name in the module's IR means, and holds it.
func (mod *version) lookup(name string) (*symbol, error) {
	e := mod.e
	e.mu.Lock()
	s := mod.internal[name]
	if s == nil {
		if f := mod.funcs[name]; f != nil {
			s = f.sym
		}
	}
	if s != nil {
		s.hold()
		e.mu.Unlock()
		return s, nil
	}
	e.mu.Unlock()
	return mod.lib.lookup(name, mod.name)
}

// Name returns the name of the ir.Module.
func (mod *Module) Name() string { return mod.current().name }

func (mod *Module) current() *version {
	mod.e.mu.Lock()
	defer mod.e.mu.Unlock()
	return mod.v
}

// Compile compiles all functions of the module now, at the first level of Options.Tiers.
func (mod *Module) Compile() error {
	v := mod.current()
	var all []*function
	for _, f := range v.ir.Funcs {
		if fn := v.funcs[f.Name]; fn != nil {
			all = append(all, fn)
		}
	}
	for _, fn := range all {
		if _, err := mod.e.ensure(fn); err != nil {
			return err
		}
	}
	return nil
}

// Remove takes the module out of its library. New calls to its functions fail (or find another definition); frames inside run on, and
// the memory is given back when they have left.
func (mod *Module) Remove() error {
	e := mod.e
	e.mu.Lock()
	defer e.mu.Unlock()
	if mod.removed {
		return ErrClosed
	}
	mod.removed = true
	for i, m := range mod.lib.modules {
		if m == mod {
			mod.lib.modules = append(mod.lib.modules[:i:i], mod.lib.modules[i+1:]...)
			break
		}
	}
	mod.v.drop(nil, "removed")
	return nil
}

// drop undefines the module's symbols except those that another module has taken over. Under e.mu.
func (mod *version) drop(kept map[*symbol]bool, why string) {
	e := mod.e
	for _, fn := range mod.funcs {
		e.kill(fn, why)
		if !kept[fn.sym] {
			e.undefine(fn.sym)
		}
	}
	for _, s := range mod.data {
		if !kept[s] {
			e.undefine(s)
		}
	}
	e.release(mod.held)
	mod.held = nil
}

// Replace changes the module to new IR, atomically for everyone who looks symbols up: functions of the same name and signature keep
// their entry cells, so callers (compiled code and handles alike) call the new definition from now on. Globals get new memory with the new
// initial values. Frames inside old code run on.
func (mod *Module) Replace(m *ir.Module) error {
	if err := ir.Verify(m); err != nil {
		return err
	}
	e := mod.e
	e.mu.Lock()
	defer e.mu.Unlock()
	if mod.removed {
		return ErrClosed
	}
	was, now := mod.v, newVersion(mod.lib, m)
	old := map[string]*symbol{}
	for name, fn := range was.funcs {
		old[name] = fn.sym
	}
	for _, s := range was.data {
		old[s.name] = s
	}
	type def struct {
		fn     *function
		data   *datum
		listed bool
	}
	before := map[*symbol]def{}
	for _, s := range old {
		before[s] = def{s.fn, s.data, s.lib.symbols[s.name] == s}
	}
	if err := now.define(old); err != nil {
		for s, d := range before {
			s.fn, s.data = d.fn, d.data
			if d.listed {
				s.lib.symbols[s.name] = s
			}
		}
		return err
	}
	mod.v = now
	kept := map[*symbol]bool{}
	for _, fn := range now.funcs {
		kept[fn.sym] = true
		fn.sym.leadToStub()
	}
	for _, s := range now.data {
		kept[s] = true
		e.invalidateUsers(s)
	}
	was.drop(kept, "replaced")
	return nil
}

func (l *Library) removeAll() {
	l.e.mu.Lock()
	mods := append([]*Module(nil), l.modules...)
	var natives []*symbol
	for _, s := range l.symbols {
		if s.gofn != nil || s.data != nil && s.data.own == "Go data" {
			natives = append(natives, s)
		}
	}
	l.e.mu.Unlock()
	for _, m := range mods {
		_ = m.Remove() // only fails if it is already removed
	}
	l.e.mu.Lock()
	defer l.e.mu.Unlock()
	for _, s := range natives {
		l.e.undefine(s)
	}
}
