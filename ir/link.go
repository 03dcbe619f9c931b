package ir

import (
	"fmt"
	"slices"
	"strconv"
)

// Link joins modules into a new one, so that the optimiser sees across them.
// An engine keeps modules apart instead where they are to be compiled, cached,
// replaced and removed one by one.
//
// A declaration is resolved by a definition of the same name, whose signature
// (size, for a global) must agree; an available_externally body gives way to an external
// one. Two external definitions of a name are an error. Internal symbols are
// renamed where they meet another symbol. Types of one name must have one layout.
// Alias classes are matched by name, nameless ones by number: modules that
// are linked must agree on these.
func Link(name string, mods ...*Module) (*Module, error) {
	l := &linker{out: NewModule(name), funcs: map[*Func]*Func{}, globals: map[*Global]*Global{}, numbered: map[AliasClass]AliasClass{}}
	for _, m := range mods {
		if err := l.symbols(m); err != nil {
			return nil, fmt.Errorf("linking module %s: %w", m.Name, err)
		}
	}
	for _, m := range mods {
		l.bodies(m)
	}
	return l.out, nil
}

type linker struct {
	out      *Module
	funcs    map[*Func]*Func
	globals  map[*Global]*Global
	bodyOf   map[*Func]*Func // the source of an output function's body
	numbered map[AliasClass]AliasClass
}

func isDeclared(l Linkage) bool { return l == Declared || l == DeclaredGo }

func (l *linker) symbols(m *Module) error {
	for _, t := range m.Types {
		if have := l.out.Type(t.Name); have == nil {
			l.out.AddType(t)
		} else if have.Size != t.Size || !slices.Equal(have.Ptrs, t.Ptrs) {
			return fmt.Errorf("type %s has two layouts", symText(t.Name))
		}
	}
	for _, g := range m.Globals {
		if err := l.global(g); err != nil {
			return err
		}
	}
	for _, f := range m.Funcs {
		if err := l.function(f); err != nil {
			return err
		}
	}
	return nil
}

// freshName returns a name for an internal symbol, and moves an internal one
// out of the way of an external.
func (l *linker) freshName(name string) string {
	for n := 2; ; n++ {
		s := name + "." + strconv.Itoa(n)
		if l.out.Func(s) == nil && l.out.Global(s) == nil {
			return s
		}
	}
}

func (l *linker) renameFunc(f *Func) {
	delete(l.out.funcs, f.Name)
	f.Name = l.freshName(f.Name)
	l.out.funcs[f.Name] = f
}

func (l *linker) renameGlobal(g *Global) {
	delete(l.out.globals, g.Name)
	g.Name = l.freshName(g.Name)
	l.out.globals[g.Name] = g
}

func (l *linker) clear(name string, internal bool) string {
	if f := l.out.Func(name); f != nil {
		switch {
		case internal:
			return l.freshName(name)
		case f.Linkage == Internal:
			l.renameFunc(f)
		}
	}
	if g := l.out.Global(name); g != nil {
		switch {
		case internal:
			return l.freshName(name)
		case g.Linkage == Internal:
			l.renameGlobal(g)
		}
	}
	return name
}

func (l *linker) global(g *Global) error {
	name := l.clear(g.Name, g.Linkage == Internal)
	if l.out.Func(name) != nil {
		return fmt.Errorf("%s is a function and a global", symText(name))
	}
	have := l.out.Global(name)
	if have == nil {
		c := *g
		c.Name = name
		have = l.out.AddGlobal(&c)
	} else {
		if have.Size != g.Size {
			return fmt.Errorf("global %s has sizes %d and %d", symText(name), have.Size, g.Size)
		}
		if have.Linkage == External && g.Linkage == External {
			return fmt.Errorf("global %s is defined twice", symText(name))
		}
		if rank(g.Linkage) > rank(have.Linkage) {
			c := *g
			c.Name, c.Module = name, l.out
			*have = c
		}
	}
	have.Used = have.Used || g.Used
	l.globals[g] = have
	return nil
}

// rank orders linkages by how much they define.
func rank(l Linkage) int {
	switch l {
	case Declared, DeclaredGo:
		return 0
	case AvailableExternally:
		return 1
	}
	return 2
}

func (l *linker) function(f *Func) error {
	name := l.clear(f.Name, f.Linkage == Internal)
	if l.out.Global(name) != nil {
		return fmt.Errorf("%s is a function and a global", symText(name))
	}
	have := l.out.Func(name)
	if l.bodyOf == nil {
		l.bodyOf = map[*Func]*Func{}
	}
	if have == nil {
		have = l.out.AddFunc(name, f.Sig, f.Linkage)
		have.Pos = f.Pos
		l.bodyOf[have] = f
	} else {
		if !have.Sig.Equal(f.Sig) {
			return fmt.Errorf("function %s has signatures %s and %s", symText(name), have.Sig, f.Sig)
		}
		if have.Linkage == External && f.Linkage == External {
			return fmt.Errorf("function %s is defined twice", symText(name))
		}
		if rank(f.Linkage) > rank(have.Linkage) {
			have.Linkage = f.Linkage
			l.bodyOf[have] = f
		}
	}
	have.Used = have.Used || f.Used
	have.Elidable = have.Elidable || f.Elidable
	have.Cold = have.Cold || f.Cold
	l.funcs[f] = have
	return nil
}

// bodies copies m's bodies that were chosen, with files, classes and symbols renumbered.
func (l *linker) bodies(m *Module) {
	files := l.files(m)
	for _, g := range m.Globals {
		if c := l.globals[g]; len(g.Relocs) > 0 && !isDeclared(g.Linkage) {
			c.Relocs = append([]Reloc(nil), g.Relocs...)
			for i, r := range c.Relocs {
				c.Relocs[i].Sym = l.symbol(m, r.Sym)
			}
		}
	}
	for _, f := range m.Funcs {
		c := l.funcs[f]
		if l.bodyOf[c] != f {
			continue
		}
		c.Pos = files(f.Pos)
		if f.IsDecl() {
			continue
		}
		c.copyBody(f, func(f *Func) *Func { return l.funcs[f] }, func(g *Global) *Global { return l.globals[g] })
		for _, b := range c.Blocks {
			for _, v := range b.Insts {
				v.Pos, v.Mem.Class = files(v.Pos), l.class(m, v.Mem.Class)
			}
			b.End.Pos = files(b.End.Pos)
		}
	}
}

func (l *linker) files(m *Module) func(Pos) Pos {
	index := make([]uint16, len(m.Files)+1)
	for i, f := range m.Files {
		k := slices.Index(l.out.Files, f)
		if k < 0 && len(l.out.Files) < 1<<16-1 {
			l.out.Files = append(l.out.Files, f)
			k = len(l.out.Files) - 1
		}
		index[i+1] = uint16(k + 1)
	}
	return func(p Pos) Pos {
		if int(p.File) < len(index) {
			p.File = index[p.File]
		}
		return p
	}
}

func (l *linker) symbol(m *Module, name string) string {
	if f := m.Func(name); f != nil {
		return l.funcs[f].Name
	}
	if g := m.Global(name); g != nil {
		return l.globals[g].Name
	}
	return name
}

func (l *linker) class(m *Module, c AliasClass) AliasClass {
	if c == 0 {
		return 0
	}
	if int(c) < len(m.Classes) && m.Classes[c] != "" {
		return l.out.Class(m.Classes[c])
	}
	if n, ok := l.numbered[c]; ok {
		return n
	}
	n := l.out.Class("class." + strconv.Itoa(int(c)))
	l.numbered[c] = n
	return n
}
