package genext

import (
	"slices"
	"unsafe"

	"martlet/ir"
)

// state is what the specialiser knows at one point of one path: the frames of
// the interpreter with a box for every register, virtual objects, known
// memory, and facts about residual values. A state is forked by clone.
type state struct {
	frames []sframe
	virts  []virtual
	heap   []known
	facts  []fact
	links  []link
	scope  *scope
	out    *ir.Block // where residual code goes
	split  bool      // paths have parted since the last merge
	code   uint16    // the bytecode, for the log
	root   uint64    // names the version of the merge point that the path comes from
	met    bool      // at the next promotion paths have been merged already
	place  ir.Pos    // in the interpreted program, if known

	// Of the last merge point, for Options.Within.
	from    unsafe.Pointer // its greens; nil before the first
	depth   int            // Path.Depth
	entered bool           // a can-enter point has been passed since

	cold    bool  // seldom taken: see spec.chill
	decided bool  // assume is told what a branch of the program has decided
	last    []box // greens of the last merge point
	pool    *regPool
}

// sframe is a frame of boxes.
type sframe struct {
	g     *graph
	blk   *ir.Block
	idx   int
	regs  regs // only live ones are meaningful
	ctx   uint64
	hops  int  // blocks entered since the last merge point or the start
	forks int  // residual branches met since then
	only  bool // since then in code that only the specialiser runs (hint.Known): nothing is known of its branches
	turns []turn
}

// known is a word of memory whose content is known. If dirty, memory does not
// have it yet: the store is deferred. No two dirty entries can touch the same
// bytes, so their order is free.
type known struct {
	base  box // a constant, or a residual value with offset 0
	off   int64
	typ   ir.Type
	mem   ir.Mem
	val   box
	dirty bool
	frame bool // memory of a frame: opaque calls do not touch it
	fixed bool // immutable: nothing touches it
}

// link says that two addresses are neighbours in a chain of frames: v comes
// next after of. Frames at different places of a chain are different objects.
type link struct{ v, of *ir.Value }

// place returns where in its chain an address is: the first known of the chain, and the distance from it.
func (s *state) chainPlace(v *ir.Value) (first *ir.Value, n int) {
	for again := true; again; {
		again = false
		for _, l := range s.links {
			if l.v == v {
				v, n, again = l.of, n+1, true
				break
			}
		}
	}
	return v, n
}

// distinct reports whether two addresses are known to be different objects.
func (s *state) distinct(a, b *ir.Value) bool {
	if a == b || len(s.links) == 0 {
		return false
	}
	fa, na := s.chainPlace(a)
	fb, nb := s.chainPlace(b)
	return fa == fb && na != nb
}

// chain notes that v comes next after of.
func (s *state) chain(v, of *ir.Value) {
	if first, _ := s.chainPlace(of); first == v {
		return
	}
	for _, l := range s.links {
		if l.v == v {
			return
		}
	}
	s.links = append(s.links, link{v, of})
}

// fact is a property of a residual value.
type fact struct {
	v     *ir.Value
	kind  factKind
	n, hi int64
}

type factKind uint8

const (
	factNotNil  factKind = iota // an address ≥ 4096
	factAtLeast                 // unsigned ≥ n
	factIs                      // equals n (conditions)
	factRange                   // an i64 between n and hi, signed: it has passed bounds checks
)

func (s *state) top() *sframe { return &s.frames[len(s.frames)-1] }

// liveAt lists the live registers of frame i: of the innermost before its next
// instruction, of the others while their call runs.
func (s *state) liveAt(i int) []ir.ID {
	f := &s.frames[i]
	if i == len(s.frames)-1 {
		return f.g.liveness().at(f.blk, f.idx)
	}
	return f.g.liveness().afterCall(f.blk, f.idx)
}

// clone copies the live parts.
func (s *state) clone() *state {
	c := new(state)
	*c = *s
	c.scope = s.scope.child()
	c.facts, c.links, c.heap = slices.Clone(s.facts), slices.Clone(s.links), slices.Clone(s.heap)
	c.frames = slices.Clone(s.frames)
	for i := range c.frames {
		c.frames[i].regs = s.frames[i].regs.packed(s.liveAt(i))
		c.frames[i].turns = slices.Clone(s.frames[i].turns)
	}
	c.virts = slices.Clone(s.virts)
	for i := range c.virts {
		c.virts[i].fields = slices.Clone(c.virts[i].fields)
	}
	return c
}

// norm replaces a virtual that has been forced by its residual value.
func (s *state) norm(b box) box {
	if b.kind == boxVirt {
		if f := s.virts[b.vid].forced; f.kind != boxNone {
			return f.plus(b.n)
		}
	}
	return b
}

// get is the box of an operand.
func (s *state) get(f *sframe, v *ir.Value) box {
	switch v.Op {
	case ir.OpConst:
		if v.Type == ir.Ref {
			return refBox(nil)
		}
		return constBox(v.Type, v.Imm)
	case ir.OpRefconst:
		return refBox(v.Aux.(*ir.RefConst).Ptr)
	case ir.OpSymaddr:
		return constBox(ir.Ptr, int64(f.g.words[v.ID]))
	}
	return s.norm(f.regs.get(v.ID))
}

// slots calls f with every box that the state holds, live registers only.
func (s *state) slots(f func(b *box)) {
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
	for i := range s.heap {
		f(&s.heap[i].base)
		f(&s.heap[i].val)
	}
}

// substitute makes a residual value a constant everywhere.
func (s *state) substitute(v *ir.Value, c box) {
	s.slots(func(b *box) {
		if b.kind != boxValue {
			return
		}
		switch x := b.index(); {
		case x == v && x != nil:
			*b = b.at(nil, 0).plus(c.n * b.scale())
		case b.v == v && x == nil:
			k := c.plus(b.n)
			k.frame = b.frame
			*b = k
		}
	})
	for i := range s.heap {
		k := &s.heap[i]
		if k.base.kind == boxValue {
			k.off, k.base.n = k.off+k.base.n, 0
		}
	}
	s.facts = append(s.facts, fact{v: v, kind: factIs, n: c.bits()})
}

func (s *state) holds(v *ir.Value, k factKind, n, hi int64) bool {
	for _, f := range s.facts {
		if f.v != v || f.kind != k {
			continue
		}
		switch k {
		case factNotNil:
			return true
		case factAtLeast:
			if f.n >= n {
				return true
			}
		case factIs:
			if f.n == n {
				return true
			}
		case factRange:
			return f.n >= n && f.hi <= hi
		}
	}
	return false
}

// satisfies reports whether a box has the property that a fact states.
func (s *state) satisfies(b box, k factKind, n, hi int64) bool {
	if k == factRange {
		l, h, ok := s.rangeOf(b)
		return ok && l >= n && h <= hi
	}
	switch {
	case b.kind == boxVirt:
		return k == factNotNil
	case b.kind == boxConst && k == factNotNil:
		return uint64(b.bits()) >= 4096
	case b.kind == boxConst && k == factAtLeast:
		return ir.ZeroExtend(b.typ, b.n) >= uint64(n)
	case b.kind == boxConst:
		return b.bits() == n
	case k == factNotNil:
		return s.holds(b.v, k, n, hi)
	}
	v := s.emitted(b)
	return v != nil && s.holds(v, k, n, hi)
}

// emitted is the residual value of a box, if it has been computed.
func (s *state) emitted(b box) *ir.Value {
	switch {
	case b.plain():
		return b.v
	case b.typ == ir.I64:
		return s.scope.find(exprKey{op: ir.OpAdd, typ: ir.I64, a: operandOf(b.v), b: operand{typ: ir.I64, n: b.n}})
	}
	return nil
}

// rangeOf is what is known of a number of 64 bits, signed.
func (s *state) rangeOf(b box) (lo, hi int64, ok bool) {
	switch {
	case b.typ != ir.I64:
	case b.kind == boxConst:
		return b.n, b.n, true
	case b.kind == boxValue:
		for _, f := range s.facts {
			if f.v == b.v && f.kind == factRange {
				return shifted(f.n, f.hi, b.n)
			}
		}
	}
	return 0, 0, false
}

// less decides x < y, signed, if it can.
func (s *state) less(x, y box) (lt, ok bool) {
	xlo, xhi, okx := s.rangeOf(x)
	ylo, yhi, oky := s.rangeOf(y)
	return xhi < ylo, okx && oky && (xhi < ylo || xlo >= yhi)
}

// narrow notes that x, a residual value, lies in a range.
func (s *state) narrow(x *ir.Value, lo, hi int64) {
	v, off := linearOf(x)
	lo, hi, ok := shifted(lo, hi, -off)
	if x.Type != ir.I64 || !ok {
		return
	}
	for i := range s.facts {
		if f := &s.facts[i]; f.v == v && f.kind == factRange {
			f.n, f.hi = max(f.n, lo), min(f.hi, hi)
			return
		}
	}
	s.facts = append(s.facts, fact{v, factRange, lo, hi})
}

// shifted moves a range, if that does not wrap around.
func shifted(lo, hi, d int64) (int64, int64, bool) {
	l, h := lo+d, hi+d
	return l, h, (l > lo) == (d > 0) && (h > hi) == (d > 0)
}

// linearOf splits a residual value into another one and a constant summand.
func linearOf(x *ir.Value) (*ir.Value, int64) {
	if x.Op == ir.OpAdd && x.Type == ir.I64 {
		if c, ok := constOf(x.Args[1]); ok {
			return x.Args[0], c.n
		}
	}
	return x, 0
}

func (s *state) learn(v *ir.Value, k factKind, n int64) {
	if !s.holds(v, k, n, 0) {
		s.facts = append(s.facts, fact{v: v, kind: k, n: n})
	}
}

// assume draws conclusions from a residual condition being true or false.
func (s *state) assume(cond *ir.Value, truth bool) {
	n := int64(0)
	if truth {
		n = 1
	}
	s.substitute(cond, constBox(ir.I8, n))
	if len(cond.Args) != 2 {
		return
	}
	x, y := cond.Args[0], cond.Args[1]
	switch cond.Op {
	case ir.OpEq, ir.OpNe:
		s.assumeEqual(x, y, truth == (cond.Op == ir.OpEq))
	case ir.OpUlt:
		s.assumeBelow(x, y, truth)
	case ir.OpUge:
		s.assumeBelow(x, y, !truth)
	case ir.OpUgt:
		s.assumeBelow(y, x, truth)
	case ir.OpUle:
		s.assumeBelow(y, x, !truth)
	}
}

func (s *state) assumeEqual(x, y *ir.Value, equal bool) {
	c, isC := constOf(y)
	switch {
	case !isC:
	case equal:
		c.gen = s.decided && c.typ == ir.I64 // a number that happens to be this one
		s.substitute(x, c)
		if v, off := linearOf(x); off != 0 {
			s.substitute(v, c.plus(-off))
		}
	case c.bits() == 0 && x.Type.IsAddr():
		s.learn(x, factNotNil, 0)
	case c.bits() == 0:
		s.learn(x, factAtLeast, 1)
		if x.Type == ir.I8 && x.Op.IsCompare() {
			s.assume(x, true)
		}
	}
	if isC && equal && c.bits() == 0 && x.Op.IsCompare() {
		s.assume(x, false)
	}
}

// assumeBelow notes x < y, or its contrary, unsigned.
func (s *state) assumeBelow(x, y *ir.Value, truth bool) {
	if c, ok := constOf(x); ok && truth {
		s.learn(y, factAtLeast, int64(ir.ZeroExtend(c.typ, c.n))+1)
	}
	if c, ok := constOf(y); ok && truth && c.typ == ir.I64 && c.n > 0 {
		s.narrow(x, 0, c.n-1)
	}
	if c, ok := constOf(y); ok && !truth {
		s.learn(x, factAtLeast, int64(ir.ZeroExtend(c.typ, c.n)))
	}
}

func constOf(v *ir.Value) (box, bool) {
	switch v.Op {
	case ir.OpConst:
		if v.Type == ir.Ref {
			return refBox(nil), true
		}
		return constBox(v.Type, v.Imm), true
	case ir.OpRefconst:
		return refBox(v.Aux.(*ir.RefConst).Ptr), true
	}
	return box{}, false
}
