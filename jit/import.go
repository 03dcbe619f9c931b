package jit

import "martlet/internal/native"

// Imports.
//
// A function that a library finds in another one gets a symbol of the library's own, the import, whose cell always holds what the other's holds. It is what
// code and handles of the library refer to, so that each library can follow its own link order: when the definition goes, the import's cell leads
// to its stub, and the next call looks the name up again; the same when a definition appears that comes earlier in the order.
//
// Globals need no imports. Their addresses are in the code that uses them, which is invalidated in these cases, and linked again when it is called (use).

// definition is the symbol whose definition a call of s means: s, or what it imports. Under e.mu.
func (s *symbol) definition() *symbol {
	if !s.defined() && s.of != nil {
		return s.of
	}
	return s
}

// detach makes an import an undefined symbol. Under e.mu.
func (s *symbol) detach() {
	if s.of != nil {
		delete(s.of.imports, s)
		s.of = nil
		s.leadToStub()
	}
}

// importOf returns the library's import of a function of another library. The library does not define the name itself. Under e.mu.
func (l *Library) importOf(t *symbol) (*symbol, error) {
	s := l.symbols[t.name]
	if s == nil || !s.isFunc || !s.sig.Equal(t.sig) { // one of another kind stays with those who refer to it
		var err error
		if s, err = l.e.newSymbol(l, t.name, t.sig, true); err != nil {
			return nil, err
		}
		l.symbols[t.name] = s
	}
	s.attach(t)
	return s, nil
}

// attach makes an undefined symbol stand for t, which has its signature. Under e.mu.
func (s *symbol) attach(t *symbol) {
	if s == t || s.of == t {
		return
	}
	s.detach()
	s.of = t
	if t.imports == nil {
		t.imports = map[*symbol]struct{}{}
	}
	t.imports[s] = struct{}{}
	if t.cell != 0 && native.Cell(t.cell) != uint64(t.lazy.Addr) {
		s.lead(uintptr(native.Cell(t.cell)))
	}
}

// decideAnew is called when the library has got a definition of a name: what it and the libraries that link to it have found elsewhere may come after that
// in their order. Under e.mu.
func (l *Library) decideAnew(name string) {
	if !l.symbols[name].isFunc {
		l.e.dataEpoch.Add(1)
	}
	for _, u := range append([]*Library{l}, l.linkedBy...) {
		for _, k := range append([]*Library{u}, u.links...) {
			s := k.symbols[name]
			if s == nil {
				continue
			}
			for i := range s.imports {
				if i.lib == u {
					i.detach()
				}
			}
			for fn := range s.users {
				if k != l && fn.mod.lib == u {
					l.e.invalidate(fn, "library "+l.name+" defines @"+name)
				}
			}
		}
	}
}
