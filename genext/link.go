package genext

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"unsafe"

	"martlet/hint"
	"martlet/internal/native"
	"martlet/ir"
)

// Links: compiled code that goes on in other compiled code.
//
// With Options.Within a region ends where the interpreter says that other code begins: at a merge point that it
// passes on to an entry of its own. All that was deferred is done there, so that the state is in memory as the interpreter
// has it, and the reds are the arguments of a tail call through the entry's cell. The cell leads to the code of the
// entry's region as long as there is any, and else to a stub that leaves to the driver with the reds and the passage.
// So a call and a return of the interpreted program cost a jump each, a region is not larger than one function
// with what is inlined in it, and what is compiled again or dropped is replaced by changing one word.
//
// What keeps code alive that was entered by a jump? No Go frame refers to it. Its own frame does: on entry it
// stores its anchor in a slot that the collector sees (codegen.Target.Anchor). Between the jump and that store the
// goroutine passes no safepoint, so no collection can end there.

// linked is the number of an exit that leads to an entry: the last ref is the passage, the others are the reds.
const linked = -2

// passage is what a link hands to the stub: from where to where it leads.
type passage struct {
	from *region
	to   *entry
}

// Path is what Options.Within is told of a region's path that has come to a merge point. All greens are given by their address,
// and valid during the call only.
type Path struct {
	Home unsafe.Pointer // greens of the region
	From unsafe.Pointer // of the merge point before on the path
	To   unsafe.Pointer // of this one
	// Entered says that the path has passed a can-enter point on the way here: a loop turns round, or a function begins.
	Entered bool
	// Depth belongs to the interpreter: each path has one, 0 where the region begins.
	Depth int
}

// within asks whether a region goes on at a merge point.
func (sp *spec) within(s *state, greens []box) bool {
	d := sp.d
	words, refs := wordsOf(greens)
	to := d.newGreens(words, refs)
	if s.from == nil {
		s.from = d.newGreens(sp.r.entry.words, sp.r.entry.refs)
		if sp.home == nil { // where the region begins
			return true
		}
	}
	if sp.begin == nil {
		sp.begin = d.newGreens(sp.r.entry.words, sp.r.entry.refs)
	}
	p := Path{Home: sp.begin, From: s.from, To: to, Entered: s.entered, Depth: s.depth}
	ok := d.opt.Within(&p)
	s.from, s.depth, s.entered = to, p.Depth, false
	return ok
}

// link ends a path with a jump to the code of an entry.
func (sp *spec) link(s *state, f *sframe, v *ir.Value, greens []box) bool {
	d := sp.d
	sp.flush(s, func(*known) bool { return true })
	words, refs := wordsOf(greens)
	e := d.entryOf(words, refs)
	var args []*ir.Value
	for _, a := range v.Args[len(greens):] {
		args = append(args, sp.value(s, s.get(f, a)))
	}
	sp.flush(s, func(*known) bool { return true }) // of what was virtual
	args = append(args, sp.konst(s, refBox(unsafe.Pointer(&passage{sp.r, e}))))
	s.out.Add(ir.OpPoll, ir.Void).Pos = s.pos()
	callee, err := sp.linkTo(e)
	if err != nil {
		panic(giveUp{err.Error()})
	}
	s.out.End = ir.End{Op: ir.OpTailcall, Args: args, Call: &ir.CallInfo{Callee: callee, Sig: callee.Sig}, Pos: s.pos()}
	sp.ops += 2
	return true
}

// linkTo declares the code of an entry.
func (sp *spec) linkTo(e *entry) (*ir.Func, error) {
	for name, o := range sp.r.links {
		if o == e {
			return sp.mod.Func(name), nil
		}
	}
	if err := e.makeCell(); err != nil {
		return nil, err
	}
	if sp.r.links == nil {
		sp.r.links = map[string]*entry{}
	}
	name := fmt.Sprintf("link.%d", len(sp.r.links))
	sp.r.links[name] = e
	return sp.mod.AddFunc(name, ir.Signature{Params: sp.d.params(), Results: sp.fn.Sig.Results}, ir.Declared), nil
}

// params are the parameters of a region's code: the reds, and with links the entry.
func (d *door) params() []ir.Type {
	var ts []ir.Type
	for _, w := range d.reds {
		ts = append(ts, w.typ)
	}
	if d.opt.Within != nil {
		ts = append(ts, ir.Ref)
	}
	return ts
}

// entryOf finds or makes the entry of greens.
func (d *door) entryOf(words []uint64, refs []unsafe.Pointer) *entry {
	if e := d.find(words, refs); e != nil {
		return e
	}
	var c *hint.Counter
	d.withGreens(words, refs, func(g unsafe.Pointer) { c = d.opt.Counter(g) })
	return d.lookup(d.lifeOf(c), words, refs)
}

// makeCell gives an entry its cell, if there is machine code at all.
func (e *entry) makeCell() error {
	env := e.life.d.env
	if env == nil || e.cell != 0 {
		return nil
	}
	if env.linker == nil {
		c, err := stubLink(e.life.d, env)
		if err != nil {
			return err
		}
		env.linker = c
	}
	m := env.m
	a, err := m.Memory().AllocData(8)
	if err != nil {
		return err
	}
	e.cell = a
	e.relink()
	runtime.AddCleanup(e, func(a uintptr) { m.Memory().FreeData(a, 8) }, a)
	return nil
}

// relink makes the entry's cell lead to the code that it has now.
func (e *entry) relink() {
	d := e.life.d
	if d.env == nil || d.opt.Within == nil {
		return
	}
	var code *nativeCode
	if r := e.r; r != nil && r.invalid == 0 && !e.unsettled() {
		code, _ = r.code.(*nativeCode)
	}
	if code != nil && e.r.brief {
		e.settled.Store(nil)
	} else if len(d.reds) < maxSettled && len(d.results) < maxSettled {
		e.settled.Store(code)
	}
	if e.cell == 0 {
		return
	}
	if code == nil || code.body.Code.RefSlots > maxLinkRefs {
		code = d.env.linker
	}
	native.SetCell(e.cell, uint64(code.body.Addr))
}

// unsettled reports whether the entry has code that was made before it was run and whose runs are still counted.
func (e *entry) unsettled() bool { return e.head && e.r.level < LevelFull && e.r.runs < upgradeRuns }

// enterSettled runs the code of the entry that the counter led to last, if the greens are its own: without the
// driver's lock, and without an allocation unless it leaves the code otherwise than by a return of the portal. It reports whether the portal has returned; if not, whether the
// state came over a link; and whether code was run at all.
func (d *door) enterSettled(c *hint.Counter, g, r, v unsafe.Pointer) (done, came, entered bool) {
	if d.opt.Within == nil {
		return false, false, false
	}
	l, ok := c.Kept().(*life)
	if !ok || l.d != d {
		return false, false, false
	}
	e := l.last.Load()
	if e == nil || !d.greensAre(e, g) {
		return false, false, false
	}
	code := e.settled.Load()
	if code == nil {
		return false, false, false
	}
	ctx, err := code.m.AcquireFor(&code.env.env)
	if err != nil {
		return false, false, false
	}
	var in, out [maxSettled]unsafe.Pointer
	nw, nr := 0, 0
	for _, w := range d.reds {
		q := unsafe.Add(r, w.off)
		if w.typ == ir.Ref {
			in[nr] = *(*unsafe.Pointer)(q)
			nr++
		} else {
			ctx.Words[nw] = loadWord(q, w.typ)
			nw++
		}
	}
	if d.opt.Clock {
		leave := d.clock(code.region)
		defer leave()
	}
	err = ctx.Call(code.entry, in[:nr+1], out[:code.nOut])
	runtime.KeepAlive(code)
	if err == nil {
		nw, nr = 0, 0
		for _, w := range d.results {
			q := unsafe.Add(v, w.off)
			if w.typ == ir.Ref {
				*(*unsafe.Pointer)(q) = out[nr]
				nr++
			} else {
				storeWord(q, w.typ, ctx.Words[nw])
				nw++
			}
		}
		code.m.Release(ctx)
		return true, false, true
	}
	code.m.Release(ctx)
	var x *leaving
	if !errors.As(err, &x) {
		panic(err)
	}
	reg, exit := x.code.region, x.exit
	if reg == nil {
		exit = linked
	}
	done, came = d.left(reg, exit, x.words, x.refs, g, r, v)
	return done, came, true
}

// maxSettled is how many refs reds and results may have for enterSettled.
const maxSettled = 8

// greensAre reports whether greens are those of an entry.
func (d *door) greensAre(e *entry, g unsafe.Pointer) bool {
	for i, w := range d.greens {
		q := unsafe.Add(g, w.off)
		if w.text || w.typ == ir.Ref && *(*unsafe.Pointer)(q) != e.refs[i] || w.typ != ir.Ref && loadWord(q, w.typ) != e.words[i] {
			return false
		}
	}
	return true
}

// stubLink is the code for entries that have none: it leaves to the driver.
func stubLink(d *door, env *nativeEnv) (*nativeCode, error) {
	mod := ir.NewModule("link")
	fn := mod.AddFunc("link", ir.Signature{Params: d.params(), Results: d.portal.fn.Sig.Results}, ir.External)
	b := fn.NewBlock()
	var args []*ir.Value
	for _, t := range fn.Sig.Params {
		args = append(args, b.AddParam(t))
	}
	b.End = ir.End{Op: ir.OpExit, Args: args, Imm: 0}
	return Native{}.compile(fn, env, nil)
}

// run runs code of a region and what it goes on in. It returns the number of the exit (-1: the portal has returned; linked) with
// its operands, and the region whose exit it is.
func (d *door) run(reg *region, code Code, words []uint64, refs []unsafe.Pointer) (*region, int64, []uint64, []unsafe.Pointer) {
	c, ok := code.(*nativeCode)
	if !ok {
		exit, words, refs := code.Run(words, refs)
		return reg, exit, words, refs
	}
	exit, words, refs, at := c.run(words, refs)
	switch {
	case at == nil:
	case at.region == nil:
		exit = linked
	default:
		reg = at.region
	}
	return reg, exit, words, refs
}

// newGreens makes greens in their Go type.
func (d *door) newGreens(words []uint64, refs []unsafe.Pointer) unsafe.Pointer {
	g := reflect.New(d.greensType).UnsafePointer()
	writeWords(g, d.greens, words, refs)
	return g
}

// enters gives the state at a link to the plain interpreter.
func (d *door) enters(g, r unsafe.Pointer, words []uint64, refs []unsafe.Pointer) {
	n := len(d.reds)
	p := (*passage)(refs[n])
	writeWords(g, d.greens, p.to.words, p.to.refs)
	writeWords(r, d.reds, words[:n], refs[:n])
	if d.economical() && !p.to.runnable() {
		d.mu.Lock()
		defer d.mu.Unlock()
		from := p.from.base()
		switch from.left++; {
		case from.entry.r != from:
		case p.to.never && !p.to.poor && from.left >= slowArrivals:
			d.giveUp(from, "its links lead to code that cannot be compiled")
		case from.left >= fewExits && !d.affordable():
			d.cool(from)
		}
	}
}
