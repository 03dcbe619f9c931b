package genext

import (
	"slices"

	"martlet/ir"
)

// Merge points: where paths meet.
//
// For each merge point and its greens there are a few versions: a residual
// block and the state that code from there on assumes (its shape), in
// which every red is a parameter of the block. A state that arrives joins a
// version if it can be made to look like it: constants become arguments, memory
// that the version thinks known is loaded, deferred stores that it does not
// know of are done, virtual objects are forced. The cost of that is what the
// state would lose. A state that would lose something gets a version of its
// own, as long as there are not too many, with those constants generalised that
// differ from other versions (a counter is not a constant). This peels loops:
// the first iteration loads the frame's slots and checks what it must, and the
// second, which knows all that, becomes the loop. The last version permitted
// knows nothing and so suits every state.
//
// A version costs: the state is copied, and everything in it gets a new name. Where
// the interpreted program comes from one place only (Options.Follows) and the path has not
// parted since the last version, there is nothing to meet, and the path goes on as it is.

type mergeKey struct {
	ctx   uint64
	blk   *ir.Block
	idx   int
	depth int
}

type version struct {
	blk     *ir.Block
	shape   *state
	generic bool
}

// merge ends a path at a merge point.
func (sp *spec) merge(s *state, f *sframe, v *ir.Value, st *site) bool {
	for k, a := range v.Args[:st.greens] {
		if sp.promoteWord(s, f, a, valueKey(f.ctx, v, k)) {
			return true
		}
	}
	ctx := uint64(0)
	if n := len(s.frames); n > 1 {
		ctx = callBoxContext(&s.frames[n-2])
	}
	greens := make([]box, st.greens)
	for k, a := range v.Args[:st.greens] {
		greens[k] = s.get(f, a)
		if !greens[k].isConst() {
			return sp.bail(s, "a green is not constant")
		}
		ctx = mix(ctx, uint64(greens[k].bits()))
	}
	if !sp.d.valid(greens) {
		return sp.bail(s, "greens that do not belong together")
	}
	if sp.over {
		return sp.bail(s, "budget used up")
	}
	if sp.r.trace != nil {
		s.code = sp.r.trace.bytecode(greens)
	}
	home := sp.atHome(s, f, v.Args[:st.greens])
	links := sp.d.opt.Within != nil && len(s.frames) == 1
	if links && (home || sp.full || !sp.within(s, greens)) {
		return sp.link(s, f, v, greens)
	}
	if home {
		return sp.goHome(s)
	}
	if !sp.arrive(s, greens) {
		return sp.bail(s, "not to be compiled")
	}
	if !s.cold {
		sp.merges++
	}
	key := mergeKey{ctx, f.blk, f.idx + 1, len(s.frames)}
	if links && (s.cold || len(sp.versions[key]) >= mostLinked) && !sp.joinable(s, f, key) {
		return sp.link(s, f, v, greens)
	}
	f.ctx, f.hops, f.forks, f.only = ctx, 0, 0, false
	f.idx++ // past the merge point
	if sp.straight(s, greens) {
		return false
	}
	s.root = 0
	sp.meet(s, key)
	return true
}

// mostLinked is how many versions a merge point has if there are links: what suits none of them enters other code, which
// begins with what is in memory. So no version is there for those that know nothing.
const mostLinked = 3

// joinable reports whether a state that stands before a merge point fits one of its versions.
func (sp *spec) joinable(s *state, f *sframe, key mergeKey) bool {
	f.idx++
	defer func() { f.idx-- }()
	s.dropDead()
	return slices.ContainsFunc(sp.versions[key], func(v *version) bool { return sp.match(v, s).ok })
}

// straight reports whether nothing can meet the path at a merge point.
func (sp *spec) straight(s *state, greens []box) bool {
	if len(s.frames) > 1 {
		return false
	}
	last := s.last
	s.last = greens
	return !s.split && last != nil && sp.d.follows(last, greens)
}

// meetAlike merges the paths that reach a promotion of x, if they have parted before and
// a path with exactly the same knowledge has been here: then one switch does for
// both. With several values to choose from, where x came from is forgotten: the paths may differ
// in that. It reports whether the path has ended.
func (sp *spec) meetAlike(s *state, f *sframe, x *ir.Value, several bool, key uint64) bool {
	if s.met || !s.split {
		s.met = false
		return false
	}
	s.dropDead()
	k := mergeKey{mix(key, s.root), f.blk, f.idx, len(s.frames)}
	for _, v := range sp.versions[k] {
		// Matching marks the constants that differ: here they stay constants.
		if j := sp.match(v, s.clone()); j.ok && j.loss == 0 && !j.general {
			sp.join(s, j)
			return true
		}
	}
	if len(sp.versions[k]) == sp.lim.Versions {
		return false
	}
	s.met = true
	if !several {
		x = nil
	}
	sp.newVersion(s, k, false, x)
	return true
}

// meet joins a version or makes one.
func (sp *spec) meet(s *state, key mergeKey) {
	s.dropDead()
	vs := sp.versions[key]
	var best *joining
	for _, v := range vs {
		j := sp.match(v, s)
		if j.ok && (best == nil || j.loss < best.loss) {
			j, best = best, j
		}
		sp.drop(j)
	}
	defer sp.drop(best)
	n, links := len(vs), sp.d.opt.Within != nil
	switch {
	case best != nil && (best.loss == 0 || n >= sp.lim.Versions || links && (s.cold || n >= mostLinked)):
		sp.join(s, best)
	case n < sp.lim.Versions:
		sp.newVersion(s, key, n == sp.lim.Versions-1 && !(links && len(s.frames) == 1), nil)
	case n >= 4*sp.lim.Versions:
		sp.bail(s, "too many versions of a merge point")
	default:
		sp.newVersion(s, key, true, nil)
	}
}

// dropDead forgets virtual objects, memory and facts that nothing live refers to.
func (s *state) dropDead() {
	reach := make([]bool, len(s.virts))
	var mark func(b box)
	mark = func(b box) {
		if b.kind == boxVirt && !reach[b.vid] {
			reach[b.vid] = true
			for _, f := range s.virts[b.vid].fields {
				mark(s.norm(f.val))
			}
		}
	}
	for i := range s.frames {
		for _, id := range s.liveAt(i) {
			r := s.frames[i].regs.at(id)
			*r = s.norm(*r)
			mark(*r)
		}
	}
	for i := range s.heap {
		s.heap[i].val = s.norm(s.heap[i].val)
		mark(s.heap[i].val)
	}
	for i := range s.virts {
		if !reach[i] {
			s.virts[i].fields = nil
		}
		for k := range s.virts[i].fields {
			fv := &s.virts[i].fields[k].val
			*fv = s.norm(*fv)
		}
	}
}

// shaper turns a state into the shape of a new version.
type shaper struct {
	sp      *spec
	s       *state // the arriving state: memory is flushed and virtuals forced in it
	blk     *ir.Block
	generic bool
	apart   *ir.Value // see meetAlike
	inside  bool      // of frames: registers are being named
	params  *naming
	args    []box
	virts   []bool
}

// named is the parameter for a residual value: the value plus a number.
type named struct {
	p *ir.Value
	n int64
}

// naming is a map from residual values, and nil, that is used again for every version.
type naming struct {
	rows []struct {
		named
		epoch uint32
	}
	epoch uint32
}

func (t *naming) clear() { t.epoch++ }

func (t *naming) row(v *ir.Value) int {
	if v == nil {
		return 0
	}
	return int(v.ID) + 1
}

func (t *naming) get(v *ir.Value) (nm named, ok bool) {
	if i := t.row(v); i < len(t.rows) && t.rows[i].epoch == t.epoch {
		return t.rows[i].named, true
	}
	return nm, false
}

func (t *naming) of(v *ir.Value) named {
	nm, _ := t.get(v)
	return nm
}

func (t *naming) has(v *ir.Value) bool {
	i := t.row(v)
	return i < len(t.rows) && t.rows[i].epoch == t.epoch
}

func (t *naming) set(v *ir.Value, nm named) {
	i := t.row(v)
	if i >= len(t.rows) {
		t.rows = append(t.rows, make([]struct {
			named
			epoch uint32
		}, i+1-len(t.rows)+64)...)
	}
	t.rows[i].named, t.rows[i].epoch = nm, t.epoch
}

func (sp *spec) newVersion(s *state, key mergeKey, generic bool, apart *ir.Value) {
	if generic {
		sp.flush(s, func(*known) bool { return true })
		s.heap, s.facts, s.links = nil, nil, nil
		s.slots(func(b *box) {
			if b.kind == boxVirt && !s.virts[b.vid].stack {
				sp.force(s, b.vid)
				*b = s.norm(*b)
			}
		})
		s.heap, s.facts, s.links = nil, nil, nil
	}
	sp.flushNameless(s)
	sp.settleAddresses(s)
	h := &shaper{sp: sp, s: s, blk: sp.fn.NewBlock(), generic: generic, apart: apart, params: &sp.names, virts: make([]bool, len(s.virts))}
	h.params.clear()
	h.frames()
	h.memory()
	h.facts()
	args := make([]*ir.Value, len(h.args))
	for i, b := range h.args {
		args[i] = sp.value(s, b)
	}
	out := s.out
	s.out = h.blk
	out.End = ir.End{Op: ir.OpJump, Succs: []ir.Edge{{To: h.blk, Args: args}}, Pos: s.pos()}
	s.scope = &scope{}
	shape := s.clone()
	sp.versions[key] = append(sp.versions[key], &version{blk: h.blk, shape: shape, generic: generic})
	s.split = false
	if s.root == 0 {
		s.root = uint64(h.blk.ID) + 1
	}
	sp.wait(s)
}

// flushNameless does the deferred stores to objects that no live value leads to:
// a version could not name their address.
func (sp *spec) flushNameless(s *state) {
	names := &sp.names
	names.clear()
	names.set(nil, named{})
	s.liveSlots(func(b *box) {
		if b.kind == boxValue {
			names.set(b.v, named{})
		}
	})
	led := func(k *known) bool { return k.base.isConst() || names.has(k.base.v) && names.has(k.base.index()) }
	for again := true; again; {
		again = false
		for i := range s.heap {
			k := &s.heap[i]
			if k.val.kind == boxValue && !names.has(k.val.v) && led(k) {
				names.set(k.val.v, named{})
				again = true
			}
		}
	}
	sp.flush(s, func(k *known) bool { return !led(k) })
	s.dropDead()
}

// settleAddresses computes the addresses with an index that are values: the shape of a version has them as parameters.
func (sp *spec) settleAddresses(s *state) {
	settle := func(b *box) {
		if b.index() != nil {
			frame := b.frame
			*b = valueBox(sp.value(s, *b))
			b.frame = frame
		}
	}
	s.liveSlots(settle)
	for i := range s.heap {
		settle(&s.heap[i].val)
	}
}

// liveSlots calls f with the live registers and the fields of virtual objects.
func (s *state) liveSlots(f func(b *box)) {
	for i := range s.frames {
		for _, id := range s.liveAt(i) {
			f(s.frames[i].regs.at(id))
		}
	}
	for i := range s.virts {
		for k := range s.virts[i].fields {
			f(&s.virts[i].fields[k].val)
		}
	}
}

// frames decides on parameters for the live registers of all frames.
func (h *shaper) frames() {
	h.inside = true
	for i := range h.s.frames {
		f := &h.s.frames[i]
		for _, id := range h.s.liveAt(i) {
			h.slot(f.regs.at(id))
		}
	}
	h.inside = false
}

// slot replaces a red by a parameter.
func (h *shaper) slot(b *box) {
	switch b.kind {
	case boxConst:
		if h.general(b) {
			p := h.blk.AddParam(b.typ)
			h.args = append(h.args, *b)
			*b = valueBox(p)
		}
	case boxValue:
		if h.generic {
			*b = h.own(*b)
		} else {
			*b = h.param(*b)
		}
	case boxVirt:
		if !h.virts[b.vid] {
			h.virts[b.vid] = true
			o := &h.s.virts[b.vid]
			for k := range o.fields {
				h.slot(&o.fields[k].val)
			}
		}
	}
}

// own makes a parameter for one register alone: a version that suits every
// state cannot rely on two of them being related.
func (h *shaper) own(b box) box {
	p := valueBox(h.blk.AddParam(b.typ))
	p.frame = b.frame
	h.args = append(h.args, b)
	return p
}

// param names the value of a box. Of an i64 the parameter is what the first
// box has, its summand included: others are related to it.
func (h *shaper) param(b box) box {
	key := b.v
	if h.inside && key == h.apart {
		key = nil
	}
	nm, ok := h.params.get(key)
	if !ok {
		nm.p = h.blk.AddParam(b.v.Type)
		if b.typ == ir.I64 {
			nm.n = b.n
		}
		h.params.set(key, nm)
		h.args = append(h.args, valueBox(b.v).plus(nm.n))
	}
	b.v, b.n = nm.p, b.n-nm.n
	return b
}

// nameable reports whether the version can name the address of a known word.
func (h *shaper) nameable(k *known) bool {
	if k.base.isConst() {
		return true
	}
	_, ok := h.params.get(k.base.v)
	if x := k.base.index(); ok && x != nil {
		_, ok = h.params.get(x)
	}
	return ok
}

// rebase gives a known word the base that the version names.
func (h *shaper) rebase(k *known) {
	if k.base.kind != boxValue {
		return
	}
	k.base.v = h.params.of(k.base.v).p
	if x := k.base.index(); x != nil {
		nm := h.params.of(x)
		k.off -= nm.n * k.base.scale()
		k.base = k.base.at(nm.p, k.base.scale())
	}
}

// memory keeps the known words whose base the version can name.
func (h *shaper) memory() {
	s := h.s
	keep := make([]bool, len(s.heap))
	for again := true; again; {
		again = false
		for i := range s.heap {
			k := &s.heap[i]
			if !keep[i] && h.nameable(k) {
				keep[i], again = true, true
				if k.val.kind == boxValue {
					h.param(k.val) // so that bases can be found through values
				} else if k.val.kind == boxVirt {
					h.slot(&k.val)
				}
			}
		}
	}
	kept := s.heap[:0]
	for i := range len(keep) {
		if keep[i] {
			kept = append(kept, s.heap[i])
		}
	}
	s.heap = kept
	for i := range s.heap {
		k := &s.heap[i]
		h.rebase(k)
		if k.val.kind == boxConst && h.general(&k.val) || k.val.kind == boxValue {
			h.heapSlot(k)
		}
	}
}

// general reports whether a constant must become a parameter.
func (h *shaper) general(b *box) bool { return b.gen && (b.typ != ir.Ref || h.generic) }

func (h *shaper) heapSlot(k *known) {
	if k.val.kind == boxConst {
		p := h.blk.AddParam(k.val.typ)
		h.args = append(h.args, k.val)
		k.val = valueBox(p)
		return
	}
	k.val = h.param(k.val)
}

func (h *shaper) facts() {
	var kept []fact
	for _, f := range h.s.facts {
		kept = h.fact(kept, f, f.v)
		if f.v == h.apart {
			kept = h.fact(kept, f, nil)
		}
	}
	h.s.facts = kept
	h.links()
}

// links keeps the neighbours in chains that the version can name.
func (h *shaper) links() {
	var kept []link
	for _, l := range h.s.links {
		v, ok := h.params.get(l.v)
		of, ok2 := h.params.get(l.of)
		if ok && ok2 {
			kept = append(kept, link{v.p, of.p})
		}
	}
	h.s.links = kept
}

// fact adds what the version knows of the parameter with this key.
func (h *shaper) fact(kept []fact, f fact, key *ir.Value) []fact {
	nm, ok := h.params.get(key)
	if !ok || f.kind == factIs {
		return kept
	}
	f.v = nm.p
	if f.kind == factRange {
		f.n, f.hi, ok = shifted(f.n, f.hi, nm.n)
	} else {
		ok = nm.n == 0
	}
	if ok {
		kept = append(kept, f)
	}
	return kept
}

// joining is how a state would join a version.
type joining struct {
	v       *version
	ok      bool
	loss    int
	general bool   // a constant of the state is a parameter of the version
	args    []box  // by parameter
	loaded  []bool // by parameter: its argument will be loaded
	virts   []pair // objects of the version and of the state
	matched []bool // of the state's memory
	clean   []int  // state's dirty words that the version believes stored
	missing []int  // version's words that the state must load
}

// pair are virtual objects that correspond: t in the version, s in the state.
type pair struct{ t, s int32 }

// newJoining returns an empty joining, one that has been looked at and dropped if there is one.
func (sp *spec) newJoining(v *version, s *state) *joining {
	j := &joining{}
	if n := len(sp.joinings); n > 0 {
		j, sp.joinings = sp.joinings[n-1], sp.joinings[:n-1]
	}
	n, m := len(v.blk.Params), len(s.heap)
	*j = joining{v: v, ok: true, args: cleared(j.args, n), loaded: cleared(j.loaded, n), matched: cleared(j.matched, m),
		virts: j.virts[:0], clean: j.clean[:0], missing: j.missing[:0]}
	return j
}

// drop gives a joining back.
func (sp *spec) drop(j *joining) {
	if j != nil {
		sp.joinings = append(sp.joinings, j)
	}
}

// cleared returns a slice of n zeros, in the place of an old one if it is large enough.
func cleared[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	s = s[:n]
	clear(s)
	return s
}

// match compares without changing anything; it notes in gen the constants
// that stand in the way.
func (sp *spec) match(v *version, s *state) *joining {
	j := sp.newJoining(v, s)
	t := v.shape
	for i := range t.frames {
		if t.frames[i].g != s.frames[i].g || t.frames[i].blk != s.frames[i].blk || t.frames[i].idx != s.frames[i].idx {
			j.ok = false
			return j
		}
		for _, id := range t.liveAt(i) {
			j.slot(t, s, t.frames[i].regs.get(id), s.frames[i].regs.at(id))
		}
	}
	j.memory(t, s)
	j.facts(t, s)
	return j
}

func (j *joining) fail(b *box) {
	j.ok = false
	if b.kind == boxConst {
		b.gen = true
	}
}

func (j *joining) slot(t, s *state, tb box, sb *box) {
	switch tb.kind {
	case boxConst:
		if !sb.isConst() || !sb.same(tb) && sb.bits() != tb.bits() {
			j.fail(sb)
		}
	case boxValue:
		j.bind(s, tb, sb)
	case boxVirt:
		j.object(t, s, tb, sb)
	}
}

// bind gives a parameter its argument.
func (j *joining) bind(s *state, tb box, sb *box) {
	a := *sb
	number := tb.typ == ir.I64
	switch sb.kind {
	case boxConst:
		if number {
			a = a.plus(-tb.n)
		} else if tb.n != 0 {
			j.fail(sb)
			return
		}
		sb.gen, j.general = true, true
		if sb.typ == ir.Ref && sb.p != nil {
			j.loss += 2
		}
	case boxValue:
		if !number && tb.n != 0 && sb.n != tb.n {
			j.fail(sb)
			return
		}
		a.n -= tb.n
	case boxVirt:
		if tb.n != 0 || s.virts[sb.vid].stack {
			j.fail(sb)
			return
		}
		j.loss += 8
	}
	if j.loaded[tb.v.Imm] {
		j.fail(sb) // the parameter gets its argument from a load
		return
	}
	arg := &j.args[tb.v.Imm]
	if arg.kind == boxNone {
		*arg = a
	} else if !arg.same(a) {
		j.fail(sb)
	}
}

func (j *joining) object(t, s *state, tb box, sb *box) {
	if sb.kind != boxVirt || sb.n != tb.n {
		j.fail(sb)
		return
	}
	for _, p := range j.virts {
		if p.t == tb.vid || p.s == sb.vid {
			j.ok = j.ok && p.t == tb.vid && p.s == sb.vid // else one object here, two there
			return
		}
	}
	j.virts = append(j.virts, pair{tb.vid, sb.vid})
	to, so := &t.virts[tb.vid], &s.virts[sb.vid]
	if to.desc != so.desc || to.count != so.count || to.size != so.size || to.stack != so.stack {
		j.ok = false
		return
	}
	for i := range to.fields {
		tf := &to.fields[i]
		if k, _ := so.find(tf.off, tf.typ); k >= 0 {
			j.slot(t, s, tf.val, &so.fields[k].val)
			continue
		}
		zero := constBox(tf.typ, 0)
		if tf.typ == ir.Ref {
			zero = refBox(nil)
		}
		j.slot(t, s, tf.val, &zero)
	}
	for i := range so.fields {
		sf := &so.fields[i]
		if k, _ := to.find(sf.off, sf.typ); k < 0 && !(sf.val.isConst() && sf.val.bits() == 0) {
			j.ok = false
		}
	}
}

func (j *joining) memory(t, s *state) {
	for i := range t.heap {
		k := &t.heap[i]
		p, ok := j.place(k)
		if !ok {
			j.ok = false
			return
		}
		own := s.lookup(p, k.typ)
		if own == nil {
			j.absent(s, k, p, i)
			continue
		}
		n := indexOf(s.heap, own)
		j.matched[n] = true
		if own.dirty && !k.dirty {
			j.clean = append(j.clean, n)
			j.loss++
		}
		if !own.dirty && k.dirty && !k.frame {
			j.ok = false
		}
		j.slot(t, s, k.val, &own.val)
	}
	for i := range s.heap {
		if !j.matched[i] {
			j.loss++
			if s.heap[i].val.kind == boxVirt {
				j.loss += 8
			}
		}
	}
}

// place is where a word that the version knows is in the state.
func (j *joining) place(k *known) (p place, ok bool) {
	b := k.base
	if b.isConst() {
		return placeOf(b, k.off), true
	}
	a := j.args[b.v.Imm]
	if x := b.index(); x != nil {
		i := j.args[x.Imm]
		if a.kind != boxValue || a.index() != nil || i.kind != boxConst && i.kind != boxValue {
			return p, false
		}
		if i.kind == boxValue {
			a = a.at(i.v, b.scale())
		}
		a = a.plus(i.n * b.scale())
	}
	return placeOf(a, k.off), a.isConst() || a.kind == boxValue
}

func indexOf(heap []known, k *known) int {
	return slices.IndexFunc(heap, func(o known) bool {
		return o.typ == k.typ && o.off == k.off && o.base.same(k.base)
	})
}

// absent handles a word that the version knows and the state does not: it can
// be loaded, if the memory is sure to reach that far. That of a frame at the
// same greens does; of other memory the state must know a word at least as far from the base.
func (j *joining) absent(s *state, k *known, p place, i int) {
	if k.base.index() != nil || !k.frame && !k.base.isConst() && !s.reaches(p, k.typ) {
		j.ok = false
		return
	}
	notNil := p.base.isConst() || s.holds(p.base.v, factNotNil, 0, 0)
	if k.val.kind != boxValue || k.val.n != 0 && k.typ != ir.I64 || !notNil || k.dirty && !k.frame || j.args[k.val.v.Imm].kind != boxNone || j.loaded[k.val.v.Imm] {
		j.ok = false
		return
	}
	j.missing = append(j.missing, i)
	j.loaded[k.val.v.Imm] = true
	j.loss += 3
}

// reaches reports whether the state has seen memory at the place's base up to its end or further.
func (s *state) reaches(p place, t ir.Type) bool {
	for i := range s.heap {
		k := &s.heap[i]
		if p.sameBase(k) && !p.base.isConst() && p.off >= 0 && k.off+int64(k.typ.Size()) >= p.off+int64(t.Size()) {
			return true
		}
	}
	return false
}

func (j *joining) facts(t, s *state) {
	for _, f := range t.facts {
		a := j.args[f.v.Imm]
		if j.loaded[f.v.Imm] {
			j.ok = false // nothing is known of what the load will bring
			continue
		}
		if a.kind != boxNone && !s.satisfies(a, f.kind, f.n, f.hi) {
			j.ok = false
		}
	}
	j.links(t, s)
	for _, f := range s.facts {
		if f.kind == factIs {
			continue
		}
		for i, a := range j.args {
			if a.kind == boxValue && a.v == f.v && j.loses(t, f, a, j.v.blk.Params[i]) {
				j.loss++
				break
			}
		}
	}
}

// links looks whether the state's chains are as the version believes.
func (j *joining) links(t, s *state) {
	for _, l := range t.links {
		v, of := j.args[l.v.Imm], j.args[l.of.Imm]
		if v.kind == boxNone || of.kind == boxNone {
			continue
		}
		if !v.plain() || !of.plain() || !slices.Contains(s.links, link{v.v, of.v}) {
			j.ok = false
		}
	}
	if len(s.links) > len(t.links) {
		j.loss++
	}
}

// loses reports whether the version does not know of its parameter p what the
// state's fact says of the argument. Which range it knows does not matter: they get narrower at each turn of a loop.
func (j *joining) loses(t *state, f fact, a box, p *ir.Value) bool {
	if f.kind == factRange {
		_, _, ok := t.rangeOf(valueBox(p))
		return !ok
	}
	return a.plain() && !t.holds(p, f.kind, f.n, f.hi)
}

// join carries a joining out.
func (sp *spec) join(s *state, j *joining) {
	t := j.v.shape
	for _, i := range j.missing {
		k := &t.heap[i]
		p, _ := j.place(k)
		p.frame, p.fixed = k.frame, k.fixed
		// A new known word may be appended to s.heap: it counts as matched.
		j.args[k.val.v.Imm] = sp.loadPlace(s, p, k.typ, k.mem).plus(-k.val.n)
	}
	for i := range j.matched {
		if s.heap[i].dirty && (!j.matched[i] || slices.Contains(j.clean, i)) {
			sp.emitStore(s, i)
		}
	}
	args := make([]*ir.Value, len(j.args))
	for i, a := range j.args {
		if a.kind == boxNone {
			a = zeroBox(j.v.blk.Params[i].Type) // only known memory that is gone needed it
		}
		args[i] = sp.value(s, a)
	}
	s.out.End = ir.End{Op: ir.OpJump, Succs: []ir.Edge{{To: j.v.blk, Args: args}}, Pos: s.pos()}
}

func zeroBox(t ir.Type) box {
	if t == ir.Ref {
		return refBox(nil)
	}
	return constBox(t, 0)
}
