package genext

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"martlet/ir"
)

// Machine is a decoded Program: graphs ready to execute and to specialise. It
// is immutable after NewMachine and the Binds, and shared by goroutines.
type Machine struct {
	prog    *Program
	mod     *ir.Module
	graphs  map[*ir.Func]*graph
	byID    []*graph
	binding map[string]*Binding
	globals map[string]unsafe.Pointer
	classes []Class // by ir.AliasClass
}

// CompileError says which part of the machine gave up, and why. It is never
// fatal: the code in question stays interpreted.
type CompileError struct {
	Func  string
	Pass  string
	Cause any
}

func (e *CompileError) Error() string { return fmt.Sprintf("%s: %s: %v", e.Func, e.Pass, e.Cause) }

// NewMachine decodes a program and checks that everything it refers to is bound.
func NewMachine(p *Program) (*Machine, error) {
	mod, err := ir.Parse(p.Name, p.IR)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	return newMachine(p, mod)
}

func newMachine(p *Program, mod *ir.Module) (*Machine, error) {
	m := &Machine{prog: p, mod: mod, graphs: map[*ir.Func]*graph{}, binding: map[string]*Binding{}, globals: map[string]unsafe.Pointer{}}
	for i := range p.Funcs {
		m.binding[p.Funcs[i].Name] = &p.Funcs[i]
	}
	for _, g := range p.Globals {
		m.globals[g.Name] = g.Addr
	}
	for _, t := range p.Types {
		if d := mod.Type(t.Name); d != nil {
			d.GoType = typeWord(t.Type)
		}
	}
	m.bindClasses()
	if err := m.bindRefs(); err != nil {
		return nil, err
	}
	for _, f := range mod.Funcs {
		if !f.IsDecl() {
			conditionalStores(f)
			g := newGraph(f)
			g.id = uint32(len(m.byID))
			g.quasi = strings.HasPrefix(f.Name, "(*martlet/hint.Quasi[") && strings.HasSuffix(f.Name, ").Get")
			g.unroll = m.binding[f.Name] != nil && m.binding[f.Name].Flags&Unroll != 0
			m.graphs[f], m.byID = g, append(m.byID, g)
		}
	}
	for _, g := range m.byID {
		if err := m.link(g); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", p.Name, g.fn.Name, err)
		}
		if len(g.merges) == 0 && !g.unroll {
			g.loops = loopsOf(g.fn)
		}
	}
	return m, nil
}

func (m *Machine) bindClasses() {
	for _, c := range m.prog.Classes {
		k := slices.Index(m.mod.Classes, c.Name)
		if k < 0 {
			continue
		}
		for len(m.classes) <= k {
			m.classes = append(m.classes, Class{})
		}
		m.classes[k] = c
	}
}

func (m *Machine) class(c ir.AliasClass) Class {
	if int(c) < len(m.classes) {
		return m.classes[c]
	}
	return Class{}
}

// siteKind says what a call in a graph is.
type siteKind uint8

const (
	siteGraph siteKind = iota // another graph
	siteGo                    // an opaque Go function
	siteAside                 // left out by the specialiser
	siteMerge                 // hint.MergePoint
	sitePromote
	sitePromoteType
	siteConcrete
	siteKnown
	siteTick
	siteNever // hint.Enter: unreachable
)

// site is a call in a graph, resolved.
type site struct {
	kind   siteKind
	callee *ir.Func
	target *graph
	bind   *Binding
	id     uint32 // number within the graph
	greens int    // merge point: how many of the words are greens; set by Bind
}

// graph is an ir function prepared for the machine. Registers are numbered by
// value id. Both a program's flow graphs and residual code are run as graphs.
type graph struct {
	fn     *ir.Func
	id     uint32
	words  []uint64         // a fresh frame's registers: the constants
	refs   []unsafe.Pointer // likewise
	sites  []*site          // by value id of the call
	live   *liveness        // computed at the first use
	merges []*ir.Value      // merge points in it
	loops  []loop           // by id of the header, or nil
	unroll bool             // marked //martlet:unroll
	free   sync.Pool        // of *registers

	liveOnce sync.Once
	quasi    bool // hint.Quasi's Get: a constant if the variable's address is, until it changes
}

func newGraph(f *ir.Func) *graph {
	g := &graph{fn: f, words: make([]uint64, f.NumValues()), refs: make([]unsafe.Pointer, f.NumValues()), sites: make([]*site, f.NumValues())}
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			g.preload(v)
		}
	}
	return g
}

func (g *graph) preload(v *ir.Value) {
	switch v.Op {
	case ir.OpConst:
		g.words[v.ID] = uint64(v.Imm)
	case ir.OpRefconst:
		g.refs[v.ID] = v.Aux.(*ir.RefConst).Ptr
	}
}

// link resolves calls and addresses of globals.
func (m *Machine) link(g *graph) error {
	n := uint32(0)
	for _, b := range g.fn.Blocks {
		for _, v := range b.Insts {
			switch v.Op {
			case ir.OpCall:
				s, err := m.resolve(v.Call().Callee)
				if err != nil {
					return err
				}
				s.id, n = n, n+1
				g.sites[v.ID] = s
				if s.kind == siteMerge {
					g.merges = append(g.merges, v)
				}
			case ir.OpRefconst:
				c := v.Aux.(*ir.RefConst)
				if c.Ptr == nil {
					addr, ok := m.globals[c.Name]
					if !ok {
						return fmt.Errorf("address %s is not bound", c.Name)
					}
					c.Ptr = addr
				}
				g.refs[v.ID] = c.Ptr
			case ir.OpSymaddr:
				name := v.Aux.(ir.Symbol).SymbolName()
				addr, ok := m.globals[name]
				if !ok {
					return fmt.Errorf("global %s is not bound", name)
				}
				g.words[v.ID] = uint64(uintptr(addr))
			}
		}
	}
	return nil
}

var hintSites = map[string]siteKind{
	"hint.MergePoint":  siteMerge,
	"hint.Promote":     sitePromote,
	"hint.PromoteType": sitePromoteType,
	"hint.Concrete":    siteConcrete,
	"hint.Known":       siteKnown,
	"hint.Tick":        siteTick,
	"hint.Call":        siteTick,
	"hint.Enter":       siteNever,
}

func (m *Machine) resolve(f *ir.Func) (*site, error) {
	s := &site{callee: f, bind: m.binding[f.Name]}
	base, _, _ := strings.Cut(f.Name, "$")
	if k, ok := hintSites[base]; ok {
		s.kind = k
		return s, nil
	}
	if s.bind != nil && s.bind.Flags&Aside != 0 {
		s.kind = siteAside
		return s, nil
	}
	if !f.IsDecl() {
		s.kind, s.target = siteGraph, m.graphs[f]
		return s, nil
	}
	s.kind = siteGo
	if s.bind == nil || s.bind.Fn == nil {
		return nil, fmt.Errorf("function %s is not bound", f.Name)
	}
	return s, nil
}
