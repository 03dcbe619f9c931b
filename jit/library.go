package jit

import (
	"fmt"
	"slices"
	"unsafe"

	"martlet/internal/native"
	"martlet/ir"
)

// Library is a name space of symbols. A symbol that a module does not define itself is looked for in its library, then in the libraries that
// are linked to it, in order, then asked of their generators in the same order.
type Library struct {
	e          *Engine
	name       string
	symbols    map[string]*symbol
	modules    []*Module
	links      []*Library
	linkedBy   []*Library // the inverse of links
	generators []generator
}

type generator struct {
	name string
	g    Generator
}

// Generator supplies symbols on demand: it defines name in lib (by adding a module, DefineGo or DefineData) and returns true, or
// returns false. It is called without locks held, and may be called for several symbols at once.
type Generator interface {
	Define(lib *Library, name string) (bool, error)
}

// GeneratorFunc is a function as a Generator.
type GeneratorFunc func(lib *Library, name string) (bool, error)

// Define calls the function.
func (f GeneratorFunc) Define(lib *Library, name string) (bool, error) { return f(lib, name) }

// symbol is a name in a library, or an internal name in a module. It is what entry cells and references belong to; its definition may come, change
// and go. All fields are under Engine.mu except the immutable first ones.
type symbol struct {
	name   string
	lib    *Library
	sig    ir.Signature
	isFunc bool
	cell   uintptr           // entry cell (native)
	stubs  *native.SigStubs  // of sig (native)
	lazy   *native.Installed // stub that the cell leads to at first
	lazyID uint32

	fn   *function // definition in IR
	gofn *goFunction
	data *datum
	refs int // handles, and pieces of code that contain its cell's address

	of      *symbol                // what an import stands for
	imports map[*symbol]struct{}   // imports that stand for this symbol
	users   map[*function]struct{} // with code that a new definition would not reach (use)
}

// lead makes calls of the symbol go to an address. Under e.mu.
func (s *symbol) lead(addr uintptr) {
	if s.cell == 0 {
		return
	}
	native.SetCell(s.cell, uint64(addr))
	for i := range s.imports {
		native.SetCell(i.cell, uint64(addr))
	}
}

// leadToStub makes calls of the symbol ask for its definition. Under e.mu.
func (s *symbol) leadToStub() {
	if s.cell == 0 {
		return
	}
	native.SetCell(s.cell, uint64(s.lazy.Addr))
	for i := range s.imports {
		i.leadToStub()
	}
}

// datum is a global in memory.
type datum struct {
	addr unsafe.Pointer
	size int
	keep any
	own  string   // who defined it
	refs []*datum // whose addresses are in its initial value
}

func (s *symbol) defined() bool { return s.fn != nil || s.gofn != nil || s.data != nil }

func (s *symbol) owner() string {
	switch {
	case s.fn != nil:
		return fmt.Sprintf("module %q", s.fn.mod.name)
	case s.data != nil:
		return s.data.own
	}
	return "a Go function"
}

// NewLibrary adds a library that links to others in the given order.
func (e *Engine) NewLibrary(name string, links ...*Library) *Library {
	l := &Library{e: e, name: name, symbols: map[string]*symbol{}}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.libs = append(e.libs, l)
	l.link(links)
	return l
}

// Name returns the library's name.
func (l *Library) Name() string { return l.name }

// Link appends libraries to the link order.
func (l *Library) Link(libs ...*Library) {
	l.e.mu.Lock()
	defer l.e.mu.Unlock()
	l.link(libs)
}

func (l *Library) link(libs []*Library) {
	l.links = append(slices.Clip(l.links), libs...)
	for _, k := range libs {
		k.linkedBy = append(k.linkedBy, l)
	}
}

// AddGenerator appends a generator, named for error messages.
func (l *Library) AddGenerator(name string, g Generator) {
	l.e.mu.Lock()
	defer l.e.mu.Unlock()
	l.generators = append(slices.Clip(l.generators), generator{name, g})
}

// DefineData defines a datum at an address; keep is held as long as the symbol is defined.
func (l *Library) DefineData(name string, addr unsafe.Pointer, size int, keep any) error {
	e := l.e
	e.mu.Lock()
	defer e.mu.Unlock()
	s, err := l.declare(name, ir.Signature{}, false, "Go data", nil)
	if err != nil {
		return err
	}
	s.data = &datum{addr: addr, size: size, keep: keep, own: "Go data"}
	l.decideAnew(name)
	return nil
}

// Undefine removes a Go function or datum defined by DefineGo or DefineData. Code that calls it gets an error.
func (l *Library) Undefine(name string) error {
	e := l.e
	e.mu.Lock()
	defer e.mu.Unlock()
	s := l.symbols[name]
	if s == nil || s.gofn == nil && s.data == nil {
		return &MissingError{Symbol: name, Library: l.name}
	}
	e.undefine(s)
	return nil
}

// declare returns the library's symbol for a definition that is about to be made. The definition of the symbol replaced, if that is not nil, is about to
// go. A symbol of another kind that is not defined stays with those who refer to it. Under e.mu.
func (l *Library) declare(name string, sig ir.Signature, isFunc bool, by string, replaced *symbol) (*symbol, error) {
	s := l.symbols[name]
	if s != nil && s != replaced {
		if s.defined() {
			return nil, &DuplicateError{Symbol: name, Library: l.name, Module: by, Other: s.owner()}
		}
		s.detach() // the library's own definition comes before what it imports
	}
	if s != nil && s.isFunc == isFunc && s.sig.Equal(sig) {
		return s, nil
	}
	s, err := l.e.newSymbol(l, name, sig, isFunc)
	if err == nil {
		l.symbols[name] = s
	}
	return s, err
}

func describe(sig ir.Signature, isFunc bool) string {
	if isFunc {
		return sig.String()
	}
	return "data"
}

// newSymbol makes a symbol whose cell leads to a stub that asks for the definition. Under e.mu.
func (e *Engine) newSymbol(l *Library, name string, sig ir.Signature, isFunc bool) (*symbol, error) {
	s := &symbol{name: name, lib: l, sig: sig, isFunc: isFunc}
	if e.m == nil || !isFunc {
		return s, nil
	}
	var err error
	if s.stubs, err = e.m.Stubs(sig); err != nil {
		return nil, fmt.Errorf("@%s: %w", name, err)
	}
	if s.cell, err = e.res.newCell(); err != nil {
		return nil, err
	}
	cell := s.cell
	s.lazyID = e.env.AddLazy(&native.LazyFunc{Name: name, Compile: func(*native.Context) (uintptr, error) { return cell, e.resolveCall(s) }})
	if s.lazy, err = e.m.LazyStub(name+".stub", sig, s.lazyID); err != nil {
		e.env.RemoveLazy(s.lazyID)
		e.res.freeCell(s.cell)
		return nil, err
	}
	e.res.add(s.lazy)
	native.SetCell(s.cell, uint64(s.lazy.Addr))
	return s, nil
}

// undefine takes the definition away: the cell leads to the stub again. Under e.mu.
func (e *Engine) undefine(s *symbol) {
	e.invalidateUsers(s)
	s.fn, s.data = nil, nil
	for i := range s.imports {
		i.detach()
		e.dropIfUnused(i)
	}
	s.leadToStub()
	if g := s.gofn; g != nil {
		s.gofn = nil
		e.dropGo(g)
	}
	e.dropIfUnused(s)
}

// dropIfUnused forgets a symbol that nothing defines or refers to. Under e.mu.
func (e *Engine) dropIfUnused(s *symbol) {
	if s.refs == 0 && s.fn != nil && s.fn.orphan {
		fn := s.fn
		s.fn = nil
		e.kill(fn, "removed")
	}
	if s.refs > 0 || s.defined() {
		return
	}
	if s.of != nil {
		delete(s.of.imports, s)
		s.of = nil
	}
	if s.lib.symbols[s.name] == s {
		delete(s.lib.symbols, s.name)
	}
	if s.cell == 0 {
		return
	}
	lazy, id, cell := s.lazy, s.lazyID, s.cell
	s.cell, s.lazy = 0, nil
	e.res.retire(lazy, func() { // a frame may stand in the stub, between asking and going on through the cell
		e.env.RemoveLazy(id)
		e.res.freeCell(cell)
	})
}

// hold and release count the references to symbols. Under e.mu.
func (s *symbol) hold() { s.refs++ }

func (e *Engine) release(syms []*symbol) {
	for _, s := range syms {
		s.refs--
		e.dropIfUnused(s)
	}
}

// find looks a name up in the library and its link order, and holds what it finds: the library's own symbol, or its import of another's. It
// returns nil if nobody defines the name. Under e.mu.
func (l *Library) find(name string) (*symbol, error) {
	for _, k := range append([]*Library{l}, l.links...) {
		s := k.symbols[name]
		if s == nil || !s.defined() {
			continue
		}
		if k != l && s.isFunc {
			var err error
			if s, err = l.importOf(s); err != nil {
				return nil, err
			}
		}
		s.hold()
		return s, nil
	}
	return nil, nil
}

// lookup finds a symbol, asking generators. module is for the error. Not under e.mu. The symbol comes back held.
func (l *Library) lookup(name, module string) (*symbol, error) {
	e := l.e
	e.mu.Lock()
	s, err := l.find(name)
	order := append([]*Library{l}, l.links...)
	e.mu.Unlock()
	if s != nil || err != nil {
		return s, err
	}
	miss := &MissingError{Symbol: name, Library: l.name, Module: module}
	for _, k := range order {
		miss.Asked = append(miss.Asked, "library "+k.name)
		e.mu.Lock()
		gens := k.generators
		e.mu.Unlock()
		for _, g := range gens {
			miss.Asked = append(miss.Asked, "generator "+g.name)
			ok, err := g.g.Define(k, name)
			if err != nil {
				miss.Cause = err
				return nil, miss
			}
			if !ok {
				continue
			}
			e.mu.Lock()
			s, err := l.find(name)
			e.mu.Unlock()
			if s != nil || err != nil {
				return s, err
			}
		}
	}
	return nil, miss
}

// resolveCall is what a lazy stub does: find the definition of the symbol that is being called, compile it, and set the cell.
func (e *Engine) resolveCall(s *symbol) error {
	for try := 0; ; try++ {
		e.mu.Lock()
		d := s.definition()
		fn, closed, goFn := d.fn, e.closed, d.gofn
		e.mu.Unlock()
		switch {
		case closed:
			return fmt.Errorf("@%s: %w", s.name, ErrClosed)
		case fn != nil:
			ok, err := e.ensure(fn)
			if ok || err != nil {
				return err
			}
		case goFn != nil:
			return nil
		default:
			t, err := s.lib.lookup(s.name, "")
			if err != nil {
				return err
			}
			same := t.isFunc && t.sig.Equal(s.sig)
			e.mu.Lock()
			if d := t.definition(); same && d.defined() && !s.defined() {
				s.attach(d) // s was of an earlier definition, with another one of another signature in between
			}
			e.release([]*symbol{t})
			e.mu.Unlock()
			if !same {
				return &SignatureError{Symbol: s.name, Want: s.sig.String(), Has: describe(t.sig, t.isFunc)}
			}
		}
		if try > 100 {
			return fmt.Errorf("@%s is redefined faster than it can be compiled", s.name)
		}
	}
}
