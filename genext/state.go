package genext

import (
	"slices"

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
	scope  *scope
	out    *ir.Block // where residual code goes
}

// sframe is a frame of boxes.
type sframe struct {
	g     *graph
	blk   *ir.Block
	idx   int
	regs  regs // only live ones are meaningful
	ctx   uint64
	hops  int // blocks entered since the last merge point or the start
	forks int // residual branches met since then
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

// fact is a property of a residual value.
type fact struct {
	v    *ir.Value
	kind factKind
	n    int64
}

type factKind uint8

const (
	factNotNil  factKind = iota // an address ≥ 4096
	factAtLeast                 // unsigned ≥ n
	factIs                      // equals n (conditions)
)

// scope finds residual values that were computed before on the same path.
type scope struct {
	up    *scope
	depth int
	known map[exprKey]*ir.Value
}

type exprKey struct {
	op   ir.Op
	typ  ir.Type
	imm  int64
	a, b any
}

func (s *scope) find(k exprKey) *ir.Value {
	for ; s != nil; s = s.up {
		if v := s.known[k]; v != nil {
			return v
		}
	}
	return nil
}

func (s *scope) add(k exprKey, v *ir.Value) {
	if s.known == nil {
		s.known = map[exprKey]*ir.Value{}
	}
	s.known[k] = v
}

// maxScope bounds the search of scopes.
const maxScope = 12

func (s *scope) child() *scope {
	if s.depth >= maxScope {
		return &scope{}
	}
	return &scope{up: s, depth: s.depth + 1}
}

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
	c := &state{out: s.out, scope: s.scope.child(), facts: slices.Clone(s.facts), heap: slices.Clone(s.heap)}
	c.frames = slices.Clone(s.frames)
	for i := range c.frames {
		regs := makeRegs(len(s.liveAt(i)))
		for _, id := range s.liveAt(i) {
			regs.set(id, s.frames[i].regs.get(id))
		}
		c.frames[i].regs = regs
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
		if b.kind == boxValue && b.v == v {
			k := c.plus(b.n)
			k.frame = b.frame
			*b = k
		}
	})
	s.facts = append(s.facts, fact{v, factIs, c.bits()})
}

func (s *state) holds(v *ir.Value, k factKind, n int64) bool {
	for _, f := range s.facts {
		if f.v == v && f.kind == k && (k == factNotNil || k == factAtLeast && f.n >= n || f.n == n) {
			return true
		}
	}
	return false
}

// satisfies reports whether a box has the property that a fact states.
func (s *state) satisfies(b box, k factKind, n int64) bool {
	switch {
	case b.kind == boxVirt:
		return k == factNotNil
	case b.kind == boxConst && k == factNotNil:
		return uint64(b.bits()) >= 4096
	case b.kind == boxConst && k == factAtLeast:
		return ir.ZeroExtend(b.typ, b.n) >= uint64(n)
	case b.kind == boxConst:
		return b.bits() == n
	}
	return s.holds(b.v, k, n)
}

func (s *state) learn(v *ir.Value, k factKind, n int64) {
	if !s.holds(v, k, n) {
		s.facts = append(s.facts, fact{v, k, n})
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
		s.substitute(x, c)
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
