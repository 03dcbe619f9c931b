package genext

import (
	"slices"
	"sync/atomic"
	"unsafe"

	"martlet/ir"
)

// A snapshot says how to go on where compiled code stops: the chain of frames
// with their positions and live registers, the virtual objects among them, and
// the deferred stores. Values are constants, or numbers of the exit's operands.
type snapshot struct {
	id      int
	at      ir.Pos // where the specialiser stood
	crossed int    // uses of the bridge
	why     string
	key     uint64 // promotion that met an unseen value
	seen    source // … the value
	frames  []snapFrame
	virts   []snapVirtual
	stores  []snapStore
	live    []*ir.Value
	types   []ir.Type              // of the operands
	fails   int                    // how often it was taken
	way     *way                   // the direction that taking the exit decides
	unseen  bool                   // the exit was made because the profile had nothing
	home    bool                   // of a bridge: the region's merge point has been reached
	dead    bool                   // no bridge can be made
	bridge  atomic.Pointer[region] // where execution goes on instead, or nil
	caught  int                    // number of the operand that holds a call's panic, from 1; 0: execution resumes here
	count   *int                   // how often exits of this cause were taken
	in      *region                // whose exit it is
	place   ir.Pos                 // in the interpreted program, if known
	from    unsafe.Pointer         // see state
	depth   int
}

// way is a direction of a branch, for the profile.
type way struct {
	ctx uint64
	blk *ir.Block
	k   int
}

type snapFrame struct {
	g   *graph
	blk *ir.Block
	idx int
	ctx uint64
	ids []ir.ID
	src []source
}

type snapVirtual struct {
	desc   *ir.TypeDesc
	count  int64
	size   int64
	stack  bool
	fields []snapField
}

type snapField struct {
	off int64
	typ ir.Type
	src source
	mem ir.Mem
}

type snapStore struct {
	base source
	off  int64
	typ  ir.Type
	val  source

	mem   ir.Mem
	frame bool
}

// source is where a value comes from at an exit.
type source struct {
	kind  boxKind // boxConst; boxValue: operand arg plus n; boxVirt: virtual arg plus n
	typ   ir.Type
	frame bool // see box
	arg   int32
	n     int64
	p     unsafe.Pointer

	index int32 // boxValue: number of the operand that is the index, from 1, or 0
	scale int32
}

// capturer numbers operands and virtuals while a snapshot is made.
type capturer struct {
	s     *state
	snap  *snapshot
	live  []*ir.Value
	virts []int32 // numbers of the state's virtuals, from 1
}

// capture makes the snapshot of a state before its next instruction, or, with
// an edge, after the innermost frame has taken the edge.
func (sp *spec) capture(s *state, edge *ir.Edge) *snapshot {
	c := &capturer{s: s, snap: &snapshot{place: s.place, from: s.from, depth: s.depth}, live: sp.operands[:0]}
	c.frames(edge)
	c.stores()
	return sp.captured(c)
}

// captured finishes a snapshot.
func (sp *spec) captured(c *capturer) *snapshot {
	sn := c.snap
	sp.operands = c.live
	sn.live = slices.Clone(c.live)
	sn.types = make([]ir.Type, len(sn.live))
	for i, v := range sn.live {
		sn.types[i] = v.Type
	}
	sn.at = c.s.pos()
	return sn
}

// frames notes the frames with their live registers.
func (c *capturer) frames(edge *ir.Edge) {
	n := 0
	frames := make([]snapFrame, len(c.s.frames))
	for i := range frames {
		f := &c.s.frames[i]
		frames[i] = snapFrame{g: f.g, blk: f.blk, idx: f.idx, ctx: f.ctx, ids: c.s.liveAt(i)}
		if edge != nil && i == len(frames)-1 {
			frames[i].blk, frames[i].idx, frames[i].ids = edge.To, 0, f.g.liveness().at(edge.To, 0)
		}
		n += len(frames[i].ids)
	}
	src := make([]source, n)
	for i := range frames {
		sf := &frames[i]
		sf.src, src = src[:len(sf.ids):len(sf.ids)], src[len(sf.ids):]
		for k, id := range sf.ids {
			b := c.s.frames[i].regs.get(id)
			if edge != nil && i == len(frames)-1 {
				if p := slices.IndexFunc(edge.To.Params, func(p *ir.Value) bool { return p.ID == id }); p >= 0 {
					b = c.s.get(&c.s.frames[i], edge.Args[p])
				}
			}
			sf.src[k] = c.source(b)
		}
	}
	c.snap.frames = frames
}

// stores notes the deferred stores.
func (c *capturer) stores() {
	n := 0
	for i := range c.s.heap {
		if c.s.heap[i].dirty {
			n++
		}
	}
	if n == 0 {
		return
	}
	stores := make([]snapStore, 0, n)
	for i := range c.s.heap {
		if k := &c.s.heap[i]; k.dirty {
			stores = append(stores, snapStore{c.source(k.base), k.off, k.typ, c.source(k.val), k.mem, k.frame})
		}
	}
	c.snap.stores = stores
}

func (c *capturer) source(b box) source {
	b = c.s.norm(b)
	src := source{kind: b.kind, typ: b.typ, n: b.n, frame: b.frame}
	switch b.kind {
	case boxConst:
		src.p = b.p
	case boxValue:
		src.arg = c.operand(b.v)
		if x := b.index(); x != nil {
			src.index, src.scale = c.operand(x)+1, b.vid
		}
	case boxVirt:
		src.arg = c.virtual(b.vid)
	}
	return src
}

func (c *capturer) operand(v *ir.Value) int32 {
	for i, w := range c.live {
		if w == v {
			return int32(i)
		}
	}
	c.live = append(c.live, v)
	return int32(len(c.live) - 1)
}

func (c *capturer) virtual(vid int32) int32 {
	if c.virts == nil {
		c.virts = make([]int32, len(c.s.virts))
	}
	if n := c.virts[vid]; n > 0 {
		return n - 1
	}
	n := int32(len(c.snap.virts))
	c.virts[vid] = n + 1
	o := &c.s.virts[vid]
	c.snap.virts = append(c.snap.virts, snapVirtual{desc: o.desc, count: o.count, size: o.size, stack: o.stack})
	fs := make([]snapField, len(o.fields))
	for i, f := range o.fields {
		fs[i] = snapField{f.off, f.typ, c.source(f.val), f.mem}
	}
	c.snap.virts[n].fields = fs
	return n
}

// rename lets the exit of an overflow check hold the sum in the place of one of its operands, from which it can
// be had back: then the operand dies at the addition, and a counter keeps its register. That operand
// is a parameter of a version, which may vary from turn to turn; most programs write x + 1 and s + x, hence the first one.
func (sn *snapshot) rename(sum *ir.Value) {
	if sum.Type != ir.I64 || sum.Op != ir.OpSaddov && sum.Op != ir.OpSsubov || slices.Contains(sn.live, sum) {
		return
	}
	x, y := sum.Args[0], sum.Args[1]
	if sum.Op == ir.OpSaddov && x.Op != ir.OpParam {
		x, y = y, x
	}
	i, other := slices.Index(sn.live, x), slices.Index(sn.live, y)
	c, isConst := constOf(y)
	if x == y || x.Op != ir.OpParam || i < 0 || other < 0 && !isConst {
		return
	}
	sign := int32(-1)
	if sum.Op == ir.OpSsubov {
		sign = 1
	}
	var uses []*source
	if !sn.sources(func(src *source) bool {
		if src.kind == boxValue && src.arg == int32(i) {
			uses = append(uses, src)
		}
		return src.kind != boxValue || src.index != int32(i)+1 && (src.arg != int32(i) || src.typ == ir.I64 && src.index == 0)
	}) {
		return
	}
	sn.live[i] = sum
	for _, src := range uses {
		if isConst {
			src.n += int64(sign) * c.n
		} else {
			src.index, src.scale = int32(other)+1, sign
		}
	}
}

// sources calls f with all sources, until it says no.
func (sn *snapshot) sources(f func(src *source) bool) bool {
	for i := range sn.frames {
		for k := range sn.frames[i].src {
			if !f(&sn.frames[i].src[k]) {
				return false
			}
		}
	}
	for i := range sn.virts {
		for k := range sn.virts[i].fields {
			if !f(&sn.virts[i].fields[k].src) {
				return false
			}
		}
	}
	for i := range sn.stores {
		if !f(&sn.stores[i].base) || !f(&sn.stores[i].val) {
			return false
		}
	}
	return true
}

// watch notes the value that a promotion did not know, so that the exit can
// tell the profile.
func (sn *snapshot) watch(b box) {
	for i, v := range sn.live {
		if v == b.v {
			sn.seen = source{kind: boxValue, typ: b.typ, arg: int32(i), n: b.n}
			return
		}
	}
}

// resumption rebuilds execution from a snapshot and the operands of its exit.
type resumption struct {
	sn     *snapshot
	words  []uint64
	refs   []unsafe.Pointer
	objs   []unsafe.Pointer // of virtuals
	stacks [][]byte
}

// resume makes a thread that stands where the snapshot says.
func (sn *snapshot) resume(t *thread, words []uint64, refs []unsafe.Pointer) {
	r := &resumption{sn: sn, words: words, refs: refs}
	r.makeVirtuals()
	r.doStores()
	for i := range sn.frames {
		sf := &sn.frames[i]
		f := t.push(sf.g)
		f.blk, f.idx, f.ctx, f.stacks = sf.blk, sf.idx, sf.ctx, r.stacks
		for k, id := range sf.ids {
			f.words[id], f.refs[id] = r.value(sf.src[k])
		}
	}
}

func (r *resumption) doStores() {
	for i := range r.sn.stores {
		st := &r.sn.stores[i]
		w, p := r.value(st.base)
		if st.base.typ != ir.Ref {
			p = rawAddr(w)
		}
		r.put(unsafe.Add(p, st.off), st.typ, st.val)
	}
}

func (r *resumption) makeVirtuals() {
	for i := range r.sn.virts {
		o := &r.sn.virts[i]
		switch {
		case o.stack:
			b := make([]byte, (o.size+15)&^7+16)
			r.stacks = append(r.stacks, b)
			p := unsafe.Pointer(&b[0])
			r.objs = append(r.objs, unsafe.Add(p, -uintptr(p)&15))
		case o.count >= 0:
			r.objs = append(r.objs, newArray(o.desc, o.count))
		default:
			r.objs = append(r.objs, newObject(o.desc))
		}
	}
	for i := range r.sn.virts {
		for _, f := range r.sn.virts[i].fields {
			r.put(unsafe.Add(r.objs[i], f.off), f.typ, f.src)
		}
	}
}

func (r *resumption) put(p unsafe.Pointer, t ir.Type, src source) {
	w, q := r.value(src)
	if t == ir.Ref {
		*(*unsafe.Pointer)(p) = q
	} else {
		storeWord(p, t, w)
	}
}

func (r *resumption) value(src source) (uint64, unsafe.Pointer) {
	switch src.kind {
	case boxConst:
		return uint64(src.n), src.p
	case boxVirt:
		p := unsafe.Add(r.objs[src.arg], src.n)
		return uint64(uintptr(p)), p
	}
	n := src.n
	if src.index > 0 {
		n += int64(r.words[src.index-1]) * int64(src.scale)
	}
	if src.typ == ir.Ref {
		if p := r.refs[src.arg]; p != nil || n == 0 {
			return 0, unsafe.Add(p, n)
		}
		return 0, nil
	}
	return r.words[src.arg] + uint64(n), nil
}
