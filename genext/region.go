package genext

import (
	"fmt"
	"slices"
	"unsafe"

	"martlet/ir"
)

// region is compiled code for one merge point and its greens: a function of
// the reds.
type region struct {
	entry    *entry
	name     string
	at       Place    // of the merge point
	fn       *ir.Func // as far as it has been optimised
	unopt    *ir.Func // a copy of the residual code for the full optimiser, if fn was optimised quickly
	runs     int
	exits    []*snapshot
	invalid  int32 // not 0: an assumption has changed; compiled code looks at it after calls
	watched  []*unsafe.Pointer
	switches int     // promotion switches
	ops      int     // residual ops as specialised, before optimisation
	try      int     // how often its greens had been compiled, with this time
	code     Code    // nil: none yet
	level    Level   // of the code, or LevelIR
	scopes   []Place // of the interpreted program, by Pos.File-1
	trace    *trace  // for the log, or nil
	refs     map[unsafe.Pointer]*ir.RefConst
	links    map[string]*entry // where its code goes on, by the names of the functions that it jumps to
	parent   *region           // a bridge's: the region whose exit it continues
	brief    bool              // not worth entering from the plain interpreter
	left     int               // exits and slow links taken, for worth.go
}

// base is the region that a bridge belongs to, or the region itself.
func (r *region) base() *region {
	if r.parent != nil {
		return r.parent
	}
	return r
}

// rely notes that the code depends on the variable with this watch word.
func (r *region) rely(watch *unsafe.Pointer) {
	for _, w := range r.watched {
		if w == watch {
			return
		}
	}
	r.watched = append(r.watched, watch)
}

// Executor makes residual functions runnable.
type Executor interface {
	// Compile prepares a function. Go functions that it calls are bound by name.
	Compile(f *ir.Func, bind func(name string) ir.GoFunc) (Code, error)
}

// Code is a runnable residual function. Arguments and results are by
// position: words[i] or refs[i] is the i-th one, as its type says.
type Code interface {
	// Run executes until a return (exit < 0) or an exit, whose operands are the results.
	Run(words []uint64, refs []unsafe.Pointer) (exit int64, outWords []uint64, outRefs []unsafe.Pointer)
}

// Graphs is the executor that needs no machine code: residual functions are run by execute mode.
type Graphs struct {
	// Fail, if set, is asked at every guard that holds whether it shall fail
	// nevertheless: the guard-failure fuzzer.
	Fail func(exit int64) bool
}

type graphCode struct {
	g    *graph
	fail func(exit int64) bool
}

// Compile prepares a function for execute mode.
func (x Graphs) Compile(f *ir.Func, bind func(name string) ir.GoFunc) (Code, error) {
	g := newGraph(f)
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			if v.Op == ir.OpCall {
				callee := v.Call().Callee
				fn := bind(callee.Name)
				if fn == nil {
					return nil, fmt.Errorf("function %s is not bound", callee.Name)
				}
				g.sites[v.ID] = &site{kind: siteGo, callee: callee, bind: &Binding{Name: callee.Name, Fn: fn}}
			}
		}
	}
	return &graphCode{g, x.Fail}, nil
}

// Run executes the function.
func (c *graphCode) Run(words []uint64, refs []unsafe.Pointer) (int64, []uint64, []unsafe.Pointer) {
	t := &thread{force: c.fail}
	f := t.push(c.g)
	for i, p := range c.g.fn.Entry().Params {
		f.words[p.ID], f.refs[p.ID] = words[i], refs[i]
	}
	if t.run() == stopReturned {
		return -1, t.results.words, t.results.refs
	}
	return t.exit, t.results.words, t.results.refs
}

// specialise makes the region of an entry: a function of the reds.
func (d *door) specialise(e *entry) *region {
	at, name := d.regionName(e)
	sp := d.newSpec(e, name, d.params())
	sp.r.at = at
	sp.work = []*state{d.entryState(sp, e)}
	sp.all()
	sp.r.brief = sp.brief()
	if !sp.worthwhile() {
		panic(giveUp{"it would only call Go functions"})
	}
	return sp.r
}

// newSpec prepares the specialising of a function with the portal's results.
func (d *door) newSpec(e *entry, name string, params []ir.Type) *spec {
	r := &region{entry: e, name: name, try: e.tries, level: LevelIR, refs: map[unsafe.Pointer]*ir.RefConst{}}
	if d.opt.Log != nil {
		r.trace = &trace{names: d.names}
	}
	mod := ir.NewModule("residual")
	if d.opt.Where == nil {
		mod.Files = d.m.mod.Files
	}
	mod.Classes = d.m.mod.Classes
	r.fn = mod.AddFunc(name, ir.Signature{Params: params, Results: d.portal.fn.Sig.Results}, ir.External)
	return &spec{d: d, m: d.m, prof: d.prof, lazy: d.opt.Lazy, exact: d.opt.Exact, forces: d.opt.Forces, lim: d.opt.Limits.withDefaults(), r: r, fn: r.fn, mod: mod,
		versions: map[mergeKey][]*version{}, refs: r.refs, quasi: d.m.hasQuasi()}
}

// all takes every path to its end.
func (sp *spec) all() {
	for len(sp.work)+len(sp.later) > 0 {
		list := &sp.work
		if len(sp.work) == 0 {
			list = &sp.later
		}
		s := (*list)[len(*list)-1]
		*list = (*list)[:len(*list)-1]
		sp.run(s)
	}
	sp.r.ops = sp.ops
	dropUnreachable(sp.fn)
	if err := ir.VerifyFunc(sp.fn); err != nil {
		panic(err)
	}
}

// entryState stands at the merge point, with greens known and reds the function's parameters.
func (d *door) entryState(sp *spec, e *entry) *state {
	b := sp.fn.NewBlock()
	s := &state{pool: &sp.pool, out: b, scope: &scope{}, place: sp.placeOf(e.words, e.refs)}
	s.frames = []sframe{{g: d.portal, blk: d.mergeBlk, idx: d.mergeIdx, regs: makeRegs(16)}}
	f := s.top()
	for i, a := range d.merge.Args {
		if i < len(d.greens) {
			if a.Type == ir.Ref {
				f.regs.set(a.ID, refBox(e.refs[i]))
			} else {
				f.regs.set(a.ID, constBox(a.Type, int64(e.words[i])))
			}
			continue
		}
		w := d.reds[i-len(d.greens)]
		bx := valueBox(b.AddParam(w.typ))
		bx.frame = w.frame
		if w.nonnil {
			s.learn(bx.v, factNotNil, 0)
		}
		if !isConstant(a) {
			f.regs.set(a.ID, bx)
		}
	}
	if d.opt.Within != nil {
		b.AddParam(ir.Ref) // the entry, for stubLink
	}
	return s
}

// dropUnreachable removes blocks that no path reaches: sides that ended before they began.
func dropUnreachable(f *ir.Func) {
	f.Blocks = ir.ReversePostorder(f)
}

func (m *Machine) hasQuasi() bool {
	return slices.ContainsFunc(m.byID, func(g *graph) bool { return g.quasi })
}
