package genext

import (
	"fmt"
	"slices"
	"unsafe"

	"martlet/internal/opt"
	"martlet/ir"
)

// region is compiled code for one merge point and its greens: a function of
// the reds.
type region struct {
	fn       *ir.Func
	exits    []*snapshot
	invalid  int32 // not 0: an assumption has changed; compiled code looks at it after calls
	watched  []*unsafe.Pointer
	switches int // promotion switches
	ops      int // residual ops as specialised, before optimisation
	code     Code
	trace    *trace // for the log, or nil
	refs     map[unsafe.Pointer]*ir.RefConst
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

// maxFull is the size in ops beyond which a region gets only the quick optimiser.
const maxFull = 4000

// compile makes a region runnable: specialise says what it is.
func (d *door) compile(specialise func() *region) (r *region, err error) {
	pass := "specialise"
	defer func() {
		if x := recover(); x != nil {
			if g, ok := x.(giveUp); ok {
				x = g.why
			}
			r, err = nil, &CompileError{Func: d.portal.fn.Name, Pass: pass, Cause: x}
		}
	}()
	if d.opt.Inject != nil {
		d.opt.Inject(pass)
	}
	r = specialise()
	pass = "optimise"
	if d.opt.Inject != nil {
		d.opt.Inject(pass)
	}
	level := d.opt.Level
	if r.ops > maxFull {
		level = opt.Quick
	}
	opt.Func(r.fn, level, opt.Options{FloatExits: true})
	pass = "code"
	if d.opt.Inject != nil {
		d.opt.Inject(pass)
	}
	if r.code, err = d.opt.Executor.Compile(r.fn, d.m.goFunc); err != nil {
		return nil, &CompileError{Func: d.portal.fn.Name, Pass: pass, Cause: err}
	}
	return r, nil
}

// specialise makes the region of an entry: a function of the reds.
func (d *door) specialise(e *entry) *region {
	var params []ir.Type
	for _, w := range d.reds {
		params = append(params, w.typ)
	}
	sp := d.newSpec("region", params)
	sp.work = []*state{d.entryState(e, sp.fn)}
	sp.all()
	return sp.r
}

// newSpec prepares the specialising of a function with the portal's results.
func (d *door) newSpec(name string, params []ir.Type) *spec {
	r := &region{refs: map[unsafe.Pointer]*ir.RefConst{}}
	if d.opt.Log != nil {
		r.trace = &trace{names: d.names}
	}
	mod := ir.NewModule("residual")
	mod.Files = d.m.mod.Files
	mod.Classes = d.m.mod.Classes
	r.fn = mod.AddFunc(name, ir.Signature{Params: params, Results: d.portal.fn.Sig.Results}, ir.External)
	return &spec{m: d.m, prof: d.prof, lazy: d.opt.Lazy, exact: d.opt.Exact, forces: d.opt.Forces, lim: d.opt.Limits.withDefaults(), r: r, fn: r.fn, mod: mod,
		versions: map[mergeKey][]*version{}, valid: d.valid, refs: r.refs, watches: d.watches, quasi: d.m.hasQuasi()}
}

// all takes every path to its end.
func (sp *spec) all() {
	for len(sp.work) > 0 {
		s := sp.work[len(sp.work)-1]
		sp.work = sp.work[:len(sp.work)-1]
		sp.run(s)
	}
	sp.r.ops = sp.ops
	dropUnreachable(sp.fn)
	if err := ir.VerifyFunc(sp.fn); err != nil {
		panic(err)
	}
}

// entryState stands at the merge point, with greens known and reds the function's parameters.
func (d *door) entryState(e *entry, fn *ir.Func) *state {
	b := fn.NewBlock()
	s := &state{out: b, scope: &scope{}}
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
	return s
}

// dropUnreachable removes blocks that no path reaches: sides that ended before they began.
func dropUnreachable(f *ir.Func) {
	f.Blocks = ir.ReversePostorder(f)
}

func (m *Machine) hasQuasi() bool {
	return slices.ContainsFunc(m.byID, func(g *graph) bool { return g.quasi })
}
