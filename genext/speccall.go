package genext

import (
	"slices"
	"unsafe"

	"martlet/ir"
)

// Calls: inlined graphs, hints, residual calls of Go functions.

func (sp *spec) call(s *state, f *sframe, v *ir.Value) bool {
	st := f.g.sites[v.ID]
	switch st.kind {
	case siteGraph:
		return sp.inline(s, f, v, st)
	case siteGo:
		return sp.residualCall(s, f, v, st)
	case siteMerge:
		return sp.merge(s, f, v, st)
	case sitePromote, sitePromoteType, siteConcrete:
		return sp.promote(s, f, v, st)
	case siteKnown:
		b := s.get(f, v.Args[0])
		f.regs.set(v.ID, flagBox(b.isConst()))
		f.only = f.only || b.isConst()
	case siteTick:
		f.regs.set(v.ID, flagBox(false))
		s.entered = true
	case siteAside:
	default:
		return sp.bail(s, "the interpreter's own door")
	}
	f.idx++
	return false
}

// inline pushes a frame, or keeps the call where that would go too deep.
func (sp *spec) inline(s *state, f *sframe, v *ir.Value, st *site) bool {
	var few [8]box
	args := few[:0]
	allKnown := true
	for _, a := range v.Args {
		b := s.get(f, a)
		args = append(args, b)
		allKnown = allKnown && b.isConst()
	}
	if allKnown && (st.target.fn.Elidable || st.target.quasi && sp.rely(s, args[0], st.target)) {
		if sp.evaluate(s, f, v, st, args) {
			return false
		}
	}
	if sp.tooDeep(s, st) {
		if st.bind != nil && st.bind.Fn != nil {
			return sp.residualCall(s, f, v, st)
		}
		return sp.bail(s, "calls nest too deep")
	}
	ctx := callBoxContext(f)
	g := st.target
	s.frames = append(s.frames, sframe{g: g, blk: g.fn.Entry(), regs: s.pool.get(min(16, len(g.words))), ctx: ctx, only: f.only})
	n := s.top()
	for i, p := range g.fn.Entry().Params {
		n.regs.set(p.ID, args[i])
	}
	return false
}

func (sp *spec) tooDeep(s *state, st *site) bool {
	if st.bind != nil && st.bind.Flags&Inline != 0 {
		return len(s.frames) >= 2*sp.lim.Depth
	}
	same := 0
	for i := range s.frames {
		if s.frames[i].g == st.target {
			same++
		}
	}
	return len(s.frames) >= sp.lim.Depth || same >= sp.lim.Recur
}

func callBoxContext(f *sframe) uint64 {
	return mix(f.ctx, uint64(f.g.id)<<32|uint64(f.blk.Insts[f.idx].ID))
}

// evaluate does an elidable call of a graph at compile time. A panic of the
// interpreter in it leaves the call residual.
func (sp *spec) evaluate(s *state, f *sframe, v *ir.Value, st *site, args []box) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	t := &thread{}
	fr := t.push(st.target)
	for i, p := range st.target.fn.Entry().Params {
		fr.words[p.ID], fr.refs[p.ID] = uint64(args[i].n), args[i].p
	}
	if t.run() != stopReturned {
		return false
	}
	sp.constResults(s, v, t.results.words, t.results.refs)
	return true
}

// constResults finishes a call with constants, given by position.
func (sp *spec) constResults(s *state, v *ir.Value, words []uint64, refs []unsafe.Pointer) {
	sig := v.Call().Sig
	rs := make([]box, len(sig.Results))
	for k, t := range sig.Results {
		if rs[k] = constBox(t, int64(words[k])); t == ir.Ref {
			rs[k] = refBox(refs[k])
		}
	}
	s.setResults(rs)
}

// evaluateGo does an elidable call of a Go function at compile time.
func (sp *spec) evaluateGo(s *state, v *ir.Value, st *site, args []box) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	sig := v.Call().Sig
	n := max(len(sig.Params), len(sig.Results))
	words, refs := make([]uint64, n), make([]unsafe.Pointer, n)
	w, r := 0, 0
	for _, a := range args {
		if a.typ == ir.Ref {
			refs[r] = a.p
			r++
		} else {
			words[w] = uint64(a.n)
			w++
		}
	}
	st.bind.Fn(words, refs)
	rw, rr := make([]uint64, len(sig.Results)), make([]unsafe.Pointer, len(sig.Results))
	w, r = 0, 0
	for k, t := range sig.Results {
		if t == ir.Ref {
			rr[k] = refs[r]
			r++
		} else {
			rw[k] = words[w]
			w++
		}
	}
	sp.constResults(s, v, rw, rr)
	return true
}

// residualCall emits a call of a Go function. Before it, memory must be as
// the callee expects; after it, nothing is known of memory but what cannot change.
func (sp *spec) residualCall(s *state, f *sframe, v *ir.Value, st *site) bool {
	args := make([]box, len(v.Args))
	allKnown := true
	for i, a := range v.Args {
		args[i] = s.get(f, a)
		allKnown = allKnown && args[i].isConst()
	}
	if st.callee.Elidable && allKnown && sp.evaluateGo(s, v, st, args) {
		return false
	}
	vals := make([]*ir.Value, len(args))
	for i, b := range args {
		vals[i] = sp.value(s, b)
	}
	if !st.callee.Elidable {
		forces := sp.forces || st.bind != nil && st.bind.Flags&Forces != 0
		reached := func(k *known) bool { return forces || !k.frame || isArg(k, vals) }
		sp.flush(s, reached)
		s.forget(func(k *known) bool { return reached(k) && sp.m.class(k.mem.Class).Flags&Stable == 0 })
	}
	var unwound *snapshot
	if s.defers() {
		unwound = sp.captureStores(s)
	}
	if !s.cold && !st.callee.Cold {
		sp.calls++
	}
	results := sp.emitCall(s, v, st, vals, unwound)
	s.setResults(results)
	if sp.quasi && !st.callee.Elidable {
		sp.stillValid(s)
	}
	return false
}

// isArg reports whether a frame's memory is reachable for a callee because its address is an argument.
func isArg(k *known, args []*ir.Value) bool {
	for _, a := range args {
		if c, ok := constOf(a); ok && k.base.isConst() && c.bits() == k.base.bits() {
			return true
		}
		if k.base.kind == boxValue && (a == k.base.v || a.Op == ir.OpAddrof && a.Args[0] == k.base.v) {
			return true
		}
	}
	return false
}

// emitCall emits a call; unwound, if not nil, is what to do when it panics.
func (sp *spec) emitCall(s *state, v *ir.Value, st *site, args []*ir.Value, unwound *snapshot) []box {
	name, sig := st.callee.Name, st.callee.Sig
	if unwound != nil {
		name, sig.Results = name+caughtSuffix, append(slices.Clone(sig.Results), ir.Ref)
	}
	callee := sp.mod.Func(name)
	if callee == nil {
		callee = sp.mod.AddFunc(name, sig, ir.DeclaredGo)
		callee.Elidable, callee.Cold = st.callee.Elidable, st.callee.Cold
	}
	t := ir.Void
	if len(sig.Results) > 0 {
		t = sig.Results[0]
	}
	c := s.out.Add(ir.OpCall, t, args...)
	c.Aux, c.Pos = &ir.CallInfo{Callee: callee, Sig: callee.Sig}, s.pos()
	sp.ops++
	var rs []box
	for k, t := range sig.Results {
		if k == 0 {
			rs = append(rs, valueBox(c))
		} else {
			rs = append(rs, valueBox(s.out.AddResult(c, k, t)))
		}
	}
	if unwound != nil {
		n := len(rs) - 1
		sp.passOn(s, unwound, rs[n].v)
		rs = rs[:n]
	}
	return rs
}

// stillValid guards, after a call, that nothing the code relies on was changed by it.
func (sp *spec) stillValid(s *state) {
	flag := sp.konst(s, refBox(unsafe.Pointer(&sp.r.invalid)))
	l := s.out.Add(ir.OpLoad, ir.I32, flag)
	l.Mem.Flags = ir.NonTrap
	ok := s.out.Add(ir.OpEq, ir.I8, l, sp.konst(s, constBox(ir.I32, 0)))
	sp.ops += 2
	sp.guard(s, ok, sp.capture(s, nil), "an assumption was invalidated")
}

// promote makes values constants: by the profile, one path for each value seen.
func (sp *spec) promote(s *state, f *sframe, v *ir.Value, st *site) bool {
	n := len(v.Args)
	if st.kind == sitePromoteType {
		n = 1
	}
	ctx := f.ctx
	for k := range n {
		key := valueKey(ctx, v, k)
		if sp.promoteWord(s, f, v.Args[k], key) {
			return true
		}
		if b := s.get(f, v.Args[k]); b.isConst() {
			ctx = sp.prof.context(ctx, key, uint64(b.bits()))
		}
	}
	f.ctx = ctx
	rs := make([]box, len(v.Args))
	for k, a := range v.Args {
		rs[k] = s.get(f, a)
	}
	s.setResults(rs)
	return false
}

// promoteWord promotes the value of one register; it reports whether the path
// has ended (in a switch whose cases go on from the same instruction).
func (sp *spec) promoteWord(s *state, f *sframe, a *ir.Value, key uint64) bool {
	b := s.get(f, a)
	if b.kind != boxValue {
		return false
	}
	if b.index() != nil {
		b = valueBox(sp.value(s, b))
		f.regs.set(a.ID, b)
	}
	var sv *values
	if sp.prof != nil {
		sv = sp.prof.seen(key)
	}
	sp.r.trace.values(sp.m.mod, s.pos(), sv)
	if (sv == nil || len(sv.words) == 0 && !sv.mega) && sp.prof != nil && f.only {
		sv = present(b)
	}
	switch {
	case sv != nil && sv.mega || sp.prof == nil:
		return false
	case sv == nil || len(sv.words) == 0 || sp.over:
		snap := sp.capture(s, nil)
		snap.why, snap.key = "value not seen", key
		snap.watch(b)
		sp.exit(s, snap)
		return true
	case len(sv.words) == 1 && !sp.lazy:
		c := sv.box(0, b.typ)
		eq := sp.emit2(s, ir.OpEq, ir.I8, sp.value(s, b), sp.konst(s, c))
		snap := sp.capture(s, nil)
		snap.key = key
		snap.watch(b)
		sp.guard(s, eq, snap, "value not seen")
		s.settle(b, c)
		return false
	}
	if sp.meetAlike(s, f, b.v, len(sv.words) > 1, key) {
		return true
	}
	sp.promotionSwitch(s, b, sv, key)
	return true
}

// present is what a promotion will see, for code that the profile cannot know because only the specialiser runs it: the
// present content, if the value is loaded from a known address.
func present(b box) *values {
	if b.kind != boxValue || b.v.Op != ir.OpLoad || b.n != 0 || b.typ == ir.Ref || b.typ.IsFloat() {
		return nil
	}
	at, ok := constOf(b.v.Args[0])
	if !ok || at.typ != ir.Ref || at.p == nil {
		return nil
	}
	return &values{words: []uint64{loadWord(unsafe.Add(at.p, b.v.Imm), b.typ)}, refs: []unsafe.Pointer{nil}, count: []uint32{1}}
}

func (sv *values) box(i int, t ir.Type) box {
	if t == ir.Ref {
		return refBox(sv.refs[i])
	}
	return constBox(t, int64(sv.words[i]))
}

// settle makes a box a constant everywhere (the box may have an offset).
func (s *state) settle(b, c box) {
	if s.norm(b).isConst() {
		return
	}
	s.substitute(b.v, c.plus(-b.n))
}

func (sp *spec) promotionSwitch(s *state, b box, sv *values, key uint64) {
	x := sp.value(s, b)
	sp.r.switches++
	s.split = true
	src := s.out
	isInt := b.typ.IsInt()
	end := ir.End{Op: ir.OpSwitch, Args: []*ir.Value{x}, Pos: s.pos()}
	for i := range sv.words {
		c := s.clone()
		c.out = sp.fn.NewBlock()
		k := sv.box(i, b.typ)
		if isInt {
			end.Cases = append(end.Cases, k.n)
			end.Succs = append(end.Succs, ir.Edge{To: c.out})
		} else {
			next := sp.fn.NewBlock()
			eq := s.out.Add(ir.OpEq, ir.I8, x, sp.konst(s, k))
			s.out.End = ir.End{Op: ir.OpBr, Args: []*ir.Value{eq}, Succs: []ir.Edge{{To: c.out}, {To: next}}, Pos: s.pos()}
			s.out, s.scope = next, s.scope.child()
			sp.ops += 2
		}
		c.settle(b, k)
		sp.chill(c, sv.count, i)
		sp.wait(c)
	}
	if isInt {
		s.out, s.scope = sp.fn.NewBlock(), s.scope.child()
		end.Succs = append(end.Succs, ir.Edge{To: s.out})
		src.End = end
		sp.ops++
	}
	snap := sp.capture(s, nil)
	snap.why, snap.key = "value not seen", key
	snap.watch(b)
	sp.exit(s, snap)
}
