package ir

// RemoveFunc takes a function out of the module. Nothing may refer to it any more.
func (m *Module) RemoveFunc(f *Func) {
	for i, g := range m.Funcs {
		if g == f {
			m.Funcs = append(m.Funcs[:i:i], m.Funcs[i+1:]...)
			delete(m.funcs, f.Name)
			return
		}
	}
}

// RemoveGlobal takes a global out of the module. Nothing may refer to it any more.
func (m *Module) RemoveGlobal(g *Global) {
	for i, h := range m.Globals {
		if h == g {
			m.Globals = append(m.Globals[:i:i], m.Globals[i+1:]...)
			delete(m.globals, g.Name)
			return
		}
	}
}

// Clone adds a copy of a function to module m, which may be f's own, under a
// new name. Ids, names and positions stay. Callees and symbols are looked up in m by name,
// types too; the symbols that m lacks are declared there.
func (f *Func) Clone(m *Module, name string) *Func {
	c := m.AddFunc(name, f.Sig, f.Linkage)
	c.Used, c.Elidable, c.Cold, c.Pos = f.Used, f.Elidable, f.Cold, f.Pos
	c.CopyBody(f)
	return c
}

// CopyBody gives c, which has no blocks, a copy of f's, as Clone describes.
func (c *Func) CopyBody(f *Func) {
	c.copyBody(f, c.Module.importFunc, c.Module.importGlobal)
}

func (c *Func) copyBody(f *Func, funcOf func(*Func) *Func, globalOf func(*Global) *Global) {
	c.nvalues, c.nblocks = f.nvalues, f.nblocks
	c.valueNames, c.blockNames = f.valueNames.clone(), f.blockNames.clone()
	cp := copier{from: f, to: c, vals: make([]*Value, f.nvalues), blocks: make([]*Block, f.nblocks), funcOf: funcOf, globalOf: globalOf}
	cp.run()
}

func (t *nameTable) clone() nameTable {
	if t.of == nil {
		return nameTable{}
	}
	c := nameTable{of: make(map[ID]string, len(t.of)), used: make(map[string]bool, len(t.used))}
	for id, s := range t.of {
		c.of[id], c.used[s] = s, true
	}
	return c
}

type copier struct {
	from, to *Func
	vals     []*Value
	blocks   []*Block
	funcOf   func(*Func) *Func
	globalOf func(*Global) *Global
}

func (c *copier) run() {
	n := 0
	for _, b := range c.from.Blocks {
		n += len(b.Params) + len(b.Insts)
	}
	slab := make([]Value, n)
	dup := func(v *Value, b *Block) *Value {
		w := &slab[0]
		slab = slab[1:]
		w.ID, w.Op, w.Type, w.Mem, w.Block, w.Imm, w.Pos = v.ID, v.Op, v.Type, v.Mem, b, v.Imm, v.Pos
		w.Aux = c.aux(v.Aux)
		c.vals[v.ID] = w
		return w
	}
	for _, b := range c.from.Blocks {
		nb := &Block{ID: b.ID, Func: c.to, Weight: b.Weight}
		c.blocks[b.ID] = nb
		c.to.Blocks = append(c.to.Blocks, nb)
		nb.Params = make([]*Value, len(b.Params))
		for i, p := range b.Params {
			nb.Params[i] = dup(p, nb)
		}
		nb.Insts = make([]*Value, len(b.Insts))
		for i, v := range b.Insts {
			nb.Insts[i] = dup(v, nb)
		}
	}
	for i, b := range c.from.Blocks {
		nb := c.to.Blocks[i]
		for k, v := range b.Insts {
			nb.Insts[k].SetArgs(c.list(v.Args)...)
		}
		nb.End = c.end(&b.End)
	}
}

func (c *copier) list(args []*Value) []*Value {
	if args == nil {
		return nil
	}
	out := make([]*Value, len(args))
	for i, a := range args {
		out[i] = c.vals[a.ID]
	}
	return out
}

func (c *copier) end(e *End) End {
	n := *e
	n.Args = c.list(e.Args)
	n.Cases = append([]int64(nil), e.Cases...)
	n.Succs = make([]Edge, len(e.Succs))
	for i, s := range e.Succs {
		n.Succs[i] = Edge{To: c.blocks[s.To.ID], Args: c.list(s.Args), Weight: s.Weight}
	}
	if e.Call != nil {
		n.Call = c.aux(e.Call).(*CallInfo)
	}
	return n
}

// aux copies what refers to the module.
func (c *copier) aux(aux any) any {
	switch a := aux.(type) {
	case *CallInfo:
		n := *a
		if a.Callee != nil {
			n.Callee = c.funcOf(a.Callee)
		}
		return &n
	case *Func:
		return c.funcOf(a)
	case *Global:
		return c.globalOf(a)
	case *TypeDesc:
		return c.to.Module.importType(a)
	}
	return aux
}

// importFunc returns m's function of f's name, declaring it if need be.
func (m *Module) importFunc(f *Func) *Func {
	if f.Module == m {
		return f
	}
	if g := m.Func(f.Name); g != nil {
		return g
	}
	link := Declared
	if f.Linkage == DeclaredGo {
		link = DeclaredGo
	}
	g := m.AddFunc(f.Name, f.Sig, link)
	g.Elidable, g.Cold, g.Pos = f.Elidable, f.Cold, f.Pos
	return g
}

func (m *Module) importGlobal(g *Global) *Global {
	if g.Module == m {
		return g
	}
	if h := m.Global(g.Name); h != nil {
		return h
	}
	return m.AddGlobal(&Global{Name: g.Name, Linkage: Declared, Const: g.Const, Align: g.Align, Size: g.Size})
}

func (m *Module) importType(t *TypeDesc) *TypeDesc {
	if h := m.Type(t.Name); h != nil {
		return h
	}
	return m.AddType(t)
}
