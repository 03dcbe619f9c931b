package genext

import (
	"unsafe"

	"martlet/internal/obj"
	"martlet/internal/opt"
	"martlet/ir"
)

// Bridges.
//
// An exit that is taken again and again continues the specialiser where its
// snapshot stands: the frames, virtual objects and deferred stores of the
// snapshot are the state to start from, the exit's operands the parameters, and
// a value that a promotion did not know is a constant behind one guard. The
// bridge ends where it has come back to the merge point that its region was compiled for; then
// the region is entered again. Its own exits may get bridges in turn, so that a
// promotion with a few values becomes a chain of tests.
//
// A bridge is a makeshift: coming back through the region's entry costs more than a jump. After a few
// bridges, or when one is crossed often, the region is compiled again with the larger profile, and its bridges go with it.

// maxBridges is how many bridges a region gets before it is compiled again.
const maxBridges = 3

// bridgeAfter is how often an exit is taken before it gets a bridge.
const bridgeAfter = 4

// maxForced bounds the bridges of an entry when every exit gets one.
const maxForced = 400

// wantsBridge counts the failure of an exit; it reports whether a bridge is to be made of it now.
func (d *door) wantsBridge(e *entry, reg *region, sn *snapshot) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	sn.fails++
	switch {
	case e.r != reg || sn.dead || sn.bridge.Load() != nil || d.opt.Lazy || !fits(sn.types):
		return false
	case d.opt.Forced:
		return e.bridges < maxForced
	}
	return sn.fails == bridgeAfter && sn.parts() && e.bridges < maxBridges && d.affordable()
}

// oftenCrossed is how often a bridge is crossed before its region is compiled again; it doubles with every compilation.
const oftenCrossed = 32

// crossed counts a bridge's use.
func (d *door) crossed(e *entry, reg *region, sn *snapshot) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if sn.crossed++; sn.crossed < oftenCrossed<<min(e.tries, 10) || e.r != reg || d.opt.Forced || e.tries >= d.opt.Retries || !d.affordable() {
		return
	}
	d.logf("again: the bridge of exit %d has been crossed %d times\n", sn.id, sn.crossed)
	d.build(e)
}

// fits reports whether a function can have these parameters.
func fits(types []ir.Type) bool {
	refs := obj.CountRefs(types)
	return refs <= obj.MaxRefArgs && len(types)-refs <= obj.MaxWords
}

// parts reports whether an exit is one that more code would serve: a direction or a value not met before.
func (sn *snapshot) parts() bool { return sn.way != nil || sn.key != 0 || sn.unseen }

// build makes the bridge of an exit; w and p are the value that a promotion has met there.
func (d *door) buildBridge(e *entry, sn *snapshot, w uint64, p unsafe.Pointer) {
	e.bridges++
	start := d.now()
	defer d.compiling()()
	r, err := d.compileBridge(e, sn, w, p)
	if err != nil {
		d.stats.Failures++
		sn.dead = true
		d.logf("no bridge: %v\n", err)
		return
	}
	d.stats.Bridges++
	d.connect(r)
	sn.bridge.Store(r)
	d.logf("bridge for exit %d (%s) in %v, %d ops, %d exits\n%s\n", sn.id, sn.why, d.now()-start, r.ops, len(r.exits), d.listing(r))
}

// compileBridge specialises a bridge and makes it runnable.
func (d *door) compileBridge(e *entry, sn *snapshot, w uint64, p unsafe.Pointer) (r *region, err error) {
	err = d.stage("specialise", func() error {
		r = d.bridge(e, sn, w, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	level := d.opt.Level
	if r.ops > maxFull {
		level = opt.Quick
	}
	return r, d.compile(r, r.fn, level)
}

// bridge specialises from a snapshot.
func (d *door) bridge(e *entry, sn *snapshot, w uint64, p unsafe.Pointer) *region {
	sp := d.newSpec(e, e.r.name+" (bridge)", sn.types)
	sp.home, sp.r.parent = e, e.r
	s := sn.state(sp.fn)
	s.pool = &sp.pool
	s.place = sp.bridgePlace(sn)
	if sn.key != 0 && sn.seen.kind == boxValue && !sp.prof.mega(sn.key) {
		sp.expect(s, sn, w, p)
	}
	sp.work = []*state{s}
	sp.all()
	return sp.r
}

// expect makes the value that a promotion has met a constant.
func (sp *spec) expect(s *state, sn *snapshot, w uint64, p unsafe.Pointer) {
	b := sn.box(sn.seen, s.out)
	c := constBox(b.typ, int64(w))
	if b.typ == ir.Ref {
		c = refBox(p)
	}
	eq := sp.emit2(s, ir.OpEq, ir.I8, sp.value(s, b), sp.konst(s, c))
	again := sp.capture(s, nil)
	again.key = sn.key
	again.watch(b)
	sp.guard(s, eq, again, "value not seen")
	s.settle(b, c)
}

func (p *profile) mega(key uint64) bool {
	s, _ := p.values.get(key)
	return s != nil && s.mega
}

// state is what the specialiser knows where an exit was taken: its parameters are the exit's operands.
func (sn *snapshot) state(fn *ir.Func) *state {
	b := fn.NewBlock()
	for _, t := range sn.types {
		b.AddParam(t)
	}
	s := &state{out: b, scope: &scope{}, from: sn.from, depth: sn.depth}
	for i := range sn.virts {
		v := &sn.virts[i]
		o := virtual{desc: v.desc, count: v.count, size: v.size, stack: v.stack}
		for _, f := range v.fields {
			o.fields = append(o.fields, field{f.off, f.typ, sn.box(f.src, b), f.mem})
		}
		s.virts = append(s.virts, o)
	}
	for i := range sn.stores {
		st := &sn.stores[i]
		p := placeOf(sn.box(st.base, b), st.off)
		s.heap = append(s.heap, known{base: p.base, off: p.off, typ: st.typ, mem: st.mem, val: sn.box(st.val, b), dirty: true, frame: st.frame})
		if p.base.kind == boxValue {
			s.learn(p.base.v, factNotNil, 0) // it has been checked before the store was deferred
		}
	}
	for i := range sn.frames {
		sf := &sn.frames[i]
		f := sframe{g: sf.g, blk: sf.blk, idx: sf.idx, ctx: sf.ctx, regs: makeRegs(len(sf.ids))}
		for k, id := range sf.ids {
			f.regs.set(id, sn.box(sf.src[k], b))
		}
		s.frames = append(s.frames, f)
	}
	return s
}

// box is a source as the specialiser sees it, in the first block of a bridge.
func (sn *snapshot) box(src source, blk *ir.Block) box {
	params := blk.Params
	if src.kind == boxValue && src.typ == ir.I64 && src.index > 0 { // see rename
		op := ir.OpAdd
		if src.scale < 0 {
			op = ir.OpSub
		}
		return valueBox(blk.Add(op, ir.I64, params[src.arg], params[src.index-1])).plus(src.n)
	}
	b := box{kind: src.kind, typ: src.typ, frame: src.frame, n: src.n}
	switch src.kind {
	case boxConst:
		b.p = src.p
	case boxVirt:
		b.vid = src.arg
	case boxValue:
		b.v = params[src.arg]
		if src.index > 0 {
			b = b.at(params[src.index-1], int64(src.scale))
		}
	}
	return b
}

// atHome reports whether a path has come back to the merge point that the bridge's region was compiled for.
func (sp *spec) atHome(s *state, f *sframe, greens []*ir.Value) bool {
	if sp.home == nil || len(s.frames) != 1 {
		return false
	}
	for i, a := range greens {
		b := s.get(f, a)
		if a.Type == ir.Ref && b.p != sp.home.refs[i] || a.Type != ir.Ref && uint64(b.n) != sp.home.words[i] {
			return false
		}
	}
	return true
}

// goHome ends a bridge.
func (sp *spec) goHome(s *state) bool {
	snap := sp.capture(s, nil)
	snap.why, snap.home = "back at the region's merge point", true
	sp.exit(s, snap)
	return true
}
