package genext

import (
	"slices"
	"unsafe"

	"martlet/ir"
)

// Memory as the specialiser sees it.
//
// Virtual objects hold their fields in boxes. Of other memory the state has a
// list of known words (see known): what was loaded, and what was stored. Stores
// are deferred: they are emitted when something could see them (a load or store
// that may touch the same bytes, an opaque call, the end of the region), and
// otherwise travel along, through merge points, into the snapshots of guards.

// maxVirtual bounds the size of virtual arrays and objects in bytes.
const maxVirtual = 2048

// place is an address: a base, perhaps with an index, and a constant offset.
type place struct {
	base  box
	off   int64
	frame bool
	fixed bool
}

func (p place) sameBase(k *known) bool {
	if p.base.kind != k.base.kind {
		return false
	}
	if p.base.isConst() {
		return true // absolute: see abs
	}
	return p.base.v == k.base.v && p.base.p == k.base.p && p.base.vid == k.base.vid
}

// abs is the offset to compare between places with the same base: for
// constant bases the address itself.
func abs(base box, off int64) int64 {
	if base.isConst() {
		return base.bits() + off
	}
	return off
}

func placeOf(b box, off int64) place {
	p := place{base: b, off: off, frame: b.frame}
	if b.kind == boxValue {
		p.base.n, p.off = 0, off+b.n
	}
	return p
}

// mayAlias reports whether a known word may share bytes with an access.
func (s *state) mayAlias(p place, k *known, t ir.Type, class ir.AliasClass) bool {
	if k.fixed || p.fixed || k.frame != p.frame {
		return false
	}
	if p.sameBase(k) {
		return overlaps(abs(p.base, p.off), t, abs(k.base, k.off), k.typ)
	}
	if class != 0 && k.mem.Class != 0 && class != k.mem.Class {
		return false
	}
	return p.base.isConst() || k.base.isConst() || !s.distinct(p.base.v, k.base.v)
}

func (s *state) lookup(p place, t ir.Type) *known {
	for i := range s.heap {
		k := &s.heap[i]
		if k.typ == t && p.sameBase(k) && abs(p.base, p.off) == abs(k.base, k.off) {
			return k
		}
	}
	return nil
}

// notNil guards an address before its first use; false means the path has ended.
func (sp *spec) notNil(s *state, p place, mem ir.Mem) bool {
	if p.base.isConst() {
		if uint64(p.base.bits()) < 4096 {
			sp.bail(s, "nil pointer")
			return false
		}
		return true
	}
	if mem.Flags&ir.NonTrap != 0 || p.base.typ != ir.Ref || s.holds(p.base.v, factNotNil, 0, 0) {
		return true
	}
	c := sp.emit2(s, ir.OpNe, ir.I8, p.base.v, sp.konst(s, refBox(nil)))
	sp.guard(s, c, sp.capture(s, nil), "nil pointer")
	s.learn(p.base.v, factNotNil, 0)
	return true
}

func (sp *spec) load(s *state, f *sframe, v *ir.Value) (box, bool) {
	a := s.get(f, v.Args[0])
	if a.kind == boxVirt {
		if b, ok := s.virts[a.vid].load(a.n+v.Imm, v.Type); ok {
			return s.norm(b), true
		}
		sp.force(s, a.vid)
		a = s.norm(a)
	}
	p := placeOf(a, v.Imm)
	c := sp.m.class(v.Mem.Class)
	p.frame = p.frame || c.Flags&FrameField != 0
	p.fixed = v.Mem.Flags&ir.Immutable != 0
	if !sp.notNil(s, p, v.Mem) {
		return box{}, false
	}
	if p.base.isConst() && p.fixed {
		b := readBox(unsafe.Add(p.base.addr(), p.off), v.Type)
		b.frame = c.Flags&FrameArray != 0
		return b, true
	}
	b := sp.loadPlace(s, p, v.Type, v.Mem)
	b.frame = b.frame || c.Flags&FrameArray != 0
	if b.plain() && p.base.plain() {
		s.loaded(b, p, v.Mem, c)
	}
	return b, true
}

// loaded notes what the hints say of a pointer just loaded from a place.
func (s *state) loaded(b box, p place, mem ir.Mem, c Class) {
	if c.Flags&NonNil != 0 {
		s.learn(b.v, factNotNil, 0)
	}
	switch {
	case c.Flags&LinkNext != 0:
		s.chain(b.v, p.base.v)
		mem.Class += ir.AliasClass(c.Peer)
		back := place{base: b, off: p.off + c.Watch}
		if s.lookup(back, ir.Ref) == nil {
			s.heap = append(s.heap, known{base: b, off: back.off, typ: ir.Ref, mem: mem, val: p.base, fixed: true})
		}
	case c.Flags&LinkPrev != 0:
		s.chain(p.base.v, b.v)
	}
}

func readBox(p unsafe.Pointer, t ir.Type) box {
	if t == ir.Ref {
		return refBox(*(*unsafe.Pointer)(p))
	}
	return constBox(t, int64(loadWord(p, t)))
}

// maxChanges is how often a variable may change before code stops relying on it.
const maxChanges = 3

// rely makes the code depend on a quasi-immutable variable at a known
// address, unless a deferred store is about to change it. The watch word is its first.
func (sp *spec) rely(s *state, q box, get *graph) bool {
	for i := range s.heap {
		k := &s.heap[i]
		if d := abs(k.base, k.off) - q.bits(); k.dirty && (!k.base.isConst() && !k.frame && get.loads(k.mem.Class) || k.base.isConst() && d >= 0 && d < maxVirtual) {
			return false
		}
	}
	addr := (*unsafe.Pointer)(q.p)
	if w := sp.d.watchOf(addr); w != nil && w.changes > maxChanges {
		return false
	}
	sp.r.rely(addr)
	return true
}

// address emits the address of a place: a value and an offset. With an index
// it is exactly that of the place, never that of a neighbour.
func (sp *spec) address(s *state, p place) (*ir.Value, int64) {
	if p.base.index() != nil {
		return sp.value(s, p.base.plus(p.off)), 0
	}
	return sp.value(s, p.base), p.off
}

// loads reports whether a graph loads memory that a store of the class may change.
func (g *graph) loads(c ir.AliasClass) bool {
	for _, b := range g.fn.Blocks {
		for _, v := range b.Insts {
			if v.Op == ir.OpLoad && (c == 0 || v.Mem.Class == 0 || v.Mem.Class == c) {
				return true
			}
		}
	}
	return false
}

// loadPlace loads a word of real memory, unless it is known.
func (sp *spec) loadPlace(s *state, p place, t ir.Type, mem ir.Mem) box {
	if k := s.lookup(p, t); k != nil {
		return s.norm(k.val)
	}
	sp.flush(s, func(k *known) bool { return s.mayAlias(p, k, t, mem.Class) })
	base, imm := sp.address(s, p)
	l := s.out.Add(ir.OpLoad, t, base)
	l.Imm, l.Mem, l.Pos = imm, mem, s.pos()
	sp.ops++
	b := valueBox(l)
	s.heap = append(s.heap, known{base: p.base, off: p.off, typ: t, mem: mem, val: b, frame: p.frame, fixed: p.fixed})
	return b
}

func (sp *spec) store(s *state, f *sframe, v *ir.Value) bool {
	a, x := s.get(f, v.Args[0]), s.get(f, v.Args[1])
	t := v.Args[1].Type
	if a.kind == boxVirt {
		if s.virts[a.vid].store(a.n+v.Imm, t, x, v.Mem) {
			return true
		}
		sp.force(s, a.vid)
		a = s.norm(a)
	}
	p := placeOf(a, v.Imm)
	p.frame = p.frame || sp.m.class(v.Mem.Class).Flags&FrameField != 0
	if !sp.notNil(s, p, v.Mem) {
		return false
	}
	if own := s.lookup(p, t); own != nil && s.norm(own.val).same(x) && !own.dirty {
		return true // memory has it already
	}
	other := func(k *known) bool {
		exact := p.sameBase(k) && abs(p.base, p.off) == abs(k.base, k.off) && k.typ == t
		return !exact && s.mayAlias(p, k, t, v.Mem.Class)
	}
	sp.flush(s, other)
	s.forget(other)
	if own := s.lookup(p, t); own != nil {
		own.val, own.dirty = x, true
		return true
	}
	s.heap = append(s.heap, known{base: p.base, off: p.off, typ: t, mem: v.Mem, val: x, dirty: true, frame: p.frame})
	return true
}

func (v *virtual) load(off int64, t ir.Type) (box, bool) {
	i, overlap := v.find(off, t)
	if i >= 0 {
		return v.fields[i].val, true
	}
	if overlap || off < 0 || off+int64(t.Size()) > v.size {
		return box{}, false
	}
	if t == ir.Ref {
		return refBox(nil), true
	}
	return constBox(t, 0), true
}

func (v *virtual) store(off int64, t ir.Type, x box, mem ir.Mem) bool {
	i, overlap := v.find(off, t)
	switch {
	case i >= 0:
		v.fields[i].val = x
		return true
	case overlap || off < 0 || off+int64(t.Size()) > v.size:
		return false
	}
	v.fields = append(v.fields, field{off, t, x, mem})
	return true
}

func (sp *spec) addrof(s *state, f *sframe, v *ir.Value) box {
	base, idx := s.get(f, v.Args[0]), s.get(f, v.Args[1])
	if idx.isConst() {
		return base.plus(idx.n + v.Imm)
	}
	if base.kind != boxValue || base.index() != nil {
		frame := base.frame
		base = valueBox(sp.value(s, base))
		base.frame = frame
	}
	x, scale := unscaled(idx.v)
	return base.at(x, scale).plus(idx.n + v.Imm)
}

// unscaled takes the scale out of an index.
func unscaled(x *ir.Value) (*ir.Value, int64) {
	if len(x.Args) == 2 && x.Type == ir.I64 {
		c, ok := constOf(x.Args[1])
		switch {
		case ok && x.Op == ir.OpShl && c.n >= 0 && c.n < 16:
			return x.Args[0], 1 << c.n
		case ok && x.Op == ir.OpMul && c.n > 0 && c.n < 1<<16:
			return x.Args[0], c.n
		}
	}
	return x, 1
}

// alloc makes a virtual object.
func (sp *spec) alloc(s *state, v *ir.Value, count int64) box {
	o := virtual{count: count}
	if v.Op == ir.OpStackaddr {
		o.stack, o.size = true, v.Imm
	} else {
		o.desc = v.Aux.(*ir.TypeDesc)
		o.size = int64(o.desc.Size) * max(count, 1)
		if count == 0 {
			o.size = 0
		}
	}
	s.virts = append(s.virts, o)
	b := box{kind: boxVirt, typ: v.Type, vid: int32(len(s.virts) - 1)}
	if o.size > maxVirtual && !o.stack {
		sp.force(s, b.vid)
	}
	return b
}

func (sp *spec) allocArray(s *state, f *sframe, v *ir.Value) box {
	n := s.get(f, v.Args[0])
	d := v.Aux.(*ir.TypeDesc)
	if n.isConst() && n.n >= 0 && n.n*int64(max(d.Size, 1)) <= maxVirtual {
		return sp.alloc(s, v, n.n)
	}
	a := s.out.Add(ir.OpAllocarray, ir.Ref, sp.value(s, n))
	a.Aux, a.Pos = sp.typeDesc(d), s.pos()
	sp.ops++
	return valueBox(a)
}

// force emits the allocation of a virtual object and its fields' stores.
func (sp *spec) force(s *state, vid int32) {
	o := &s.virts[vid]
	if o.stack {
		panic(giveUp{"the address of a local variable escapes"})
	}
	var a *ir.Value
	if o.count >= 0 {
		a = s.out.Add(ir.OpAllocarray, ir.Ref, sp.konst(s, constBox(ir.I64, o.count)))
	} else {
		a = s.out.Add(ir.OpAlloc, ir.Ref)
	}
	a.Aux, a.Pos = sp.typeDesc(o.desc), s.pos()
	sp.ops++
	o.forced = valueBox(a)
	frame := slices.ContainsFunc(o.fields, func(f field) bool { return sp.m.class(f.mem.Class).Flags&FrameField != 0 })
	o.forced.frame = frame
	s.learn(a, factNotNil, 0)
	for i := 0; i < len(s.virts[vid].fields); i++ {
		fl := s.virts[vid].fields[i]
		x := s.norm(fl.val)
		if x.isConst() && x.bits() == 0 {
			continue
		}
		st := s.out.Add(ir.OpStore, ir.Void, a, sp.value(s, x))
		st.Imm, st.Mem = fl.off, fl.mem
		sp.ops++
	}
	for _, fl := range s.virts[vid].fields {
		s.heap = append(s.heap, known{base: valueBox(a), off: fl.off, typ: fl.typ, val: fl.val, mem: fl.mem, frame: frame})
	}
}

// typeDesc gives the residual module the program's descriptor.
func (sp *spec) typeDesc(d *ir.TypeDesc) *ir.TypeDesc {
	if t := sp.mod.Type(d.Name); t != nil {
		return t
	}
	c := *d
	return sp.mod.AddType(&c)
}

// flush emits deferred stores.
func (sp *spec) flush(s *state, which func(k *known) bool) {
	for i := 0; i < len(s.heap); i++ {
		if s.heap[i].dirty && which(&s.heap[i]) {
			sp.emitStore(s, i)
		}
	}
}

func (sp *spec) emitStore(s *state, i int) {
	k := s.heap[i]
	base, imm := sp.address(s, place{base: k.base, off: k.off})
	st := s.out.Add(ir.OpStore, ir.Void, base, sp.value(s, k.val))
	st.Imm, st.Mem, st.Pos = imm, k.mem, s.pos()
	sp.ops++
	s.heap[i].dirty = false
}

// forget drops known memory.
func (s *state) forget(which func(k *known) bool) {
	kept := s.heap[:0]
	for i := range s.heap {
		if k := &s.heap[i]; k.fixed || k.dirty || !which(k) {
			kept = append(kept, *k)
		}
	}
	s.heap = kept
}

// giveUp is a panic of the specialiser that compile turns into an error.
type giveUp struct{ why string }
