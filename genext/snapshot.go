package genext

import (
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
	kind boxKind // boxConst; boxValue: operand arg plus n; boxVirt: virtual arg plus n
	typ  ir.Type
	arg  int32
	n    int64
	p    unsafe.Pointer

	frame bool  // see box
	index int32 // boxValue: number of the operand that is the index, from 1, or 0
	scale int64
}

// capturer numbers operands and virtuals while a snapshot is made.
type capturer struct {
	s     *state
	snap  *snapshot
	virts map[int32]int32
}

// capture makes the snapshot of a state before its next instruction, or, with
// an edge, after the innermost frame has taken the edge.
func (sp *spec) capture(s *state, edge *ir.Edge) *snapshot {
	c := &capturer{s: s, snap: &snapshot{place: s.place, from: s.from, depth: s.depth}, virts: map[int32]int32{}}
	for i := range s.frames {
		f := &s.frames[i]
		sf := snapFrame{g: f.g, blk: f.blk, idx: f.idx, ctx: f.ctx}
		if edge != nil && i == len(s.frames)-1 {
			c.afterEdge(&sf, f, edge)
		} else {
			for _, id := range s.liveAt(i) {
				sf.add(id, c.source(f.regs.get(id)))
			}
		}
		c.snap.frames = append(c.snap.frames, sf)
	}
	c.stores()
	c.snap.at = s.pos()
	return c.snap
}

// stores notes the deferred stores.
func (c *capturer) stores() {
	for i := range c.s.heap {
		if k := &c.s.heap[i]; k.dirty {
			c.snap.stores = append(c.snap.stores, snapStore{c.source(k.base), k.off, k.typ, c.source(k.val), k.mem, k.frame})
		}
	}
}

func (sf *snapFrame) add(id ir.ID, src source) {
	sf.ids, sf.src = append(sf.ids, id), append(sf.src, src)
}

func (c *capturer) afterEdge(sf *snapFrame, f *sframe, edge *ir.Edge) {
	sf.blk, sf.idx = edge.To, 0
	args := map[ir.ID]*ir.Value{}
	for k, p := range edge.To.Params {
		args[p.ID] = edge.Args[k]
	}
	for _, id := range f.g.liveness().at(edge.To, 0) {
		if a := args[id]; a != nil {
			sf.add(id, c.source(c.s.get(f, a)))
		} else {
			sf.add(id, c.source(f.regs.get(id)))
		}
	}
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
			src.index, src.scale = c.operand(x)+1, b.scale()
		}
	case boxVirt:
		src.arg = c.virtual(b.vid)
	}
	return src
}

func (c *capturer) operand(v *ir.Value) int32 {
	for i, w := range c.snap.live {
		if w == v {
			return int32(i)
		}
	}
	c.snap.live = append(c.snap.live, v)
	c.snap.types = append(c.snap.types, v.Type)
	return int32(len(c.snap.live) - 1)
}

func (c *capturer) virtual(vid int32) int32 {
	if n, ok := c.virts[vid]; ok {
		return n
	}
	n := int32(len(c.snap.virts))
	c.virts[vid] = n
	o := &c.s.virts[vid]
	c.snap.virts = append(c.snap.virts, snapVirtual{desc: o.desc, count: o.count, size: o.size, stack: o.stack})
	var fs []snapField
	for _, f := range o.fields {
		fs = append(fs, snapField{f.off, f.typ, c.source(f.val), f.mem})
	}
	c.snap.virts[n].fields = fs
	return n
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
		n += int64(r.words[src.index-1]) * src.scale
	}
	if src.typ == ir.Ref {
		if p := r.refs[src.arg]; p != nil || n == 0 {
			return 0, unsafe.Add(p, n)
		}
		return 0, nil
	}
	return r.words[src.arg] + uint64(n), nil
}
