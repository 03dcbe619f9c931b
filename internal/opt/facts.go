package opt

import (
	"math"

	"martlet/ir"
)

// facts walks the dominator tree and keeps what is known on the way: the
// outcome of conditions (a branch's edge, a guard passed), values equal to a
// constant, signed ranges of values, "a < b" between values, and addresses
// known not to be nil. Conditions that follow become constants; guards on them
// disappear, and branches on them are folded by the next clean. Facts are
// undone when the walk leaves the subtree where they hold.
//
// Ranges of loop variables: a header parameter that starts at lo and is only
// ever advanced by 1 where it is known to be less than something stays >= lo,
// for the addition cannot overflow. With "i < n" this decides the unsigned
// bounds check i < n.
func facts(r *run) {
	r.collectConsts()
	r.apply()
	r.placeConsts()
	c := r.cfg()
	c.findLoops()
	n := r.f.NumValues()
	s := &factState{run: r, cfg: c, lo: make([]int64, n), hi: make([]int64, n), cond: make([]int8, n), equal: make([]*ir.Value, n), less: map[[2]ir.ID]bool{}, nonNil: make([]bool, n), ranged: make([]bool, n)}
	s.walk(0)
}

type factState struct {
	*run
	cfg    *cfg
	lo, hi []int64 // signed range by value id, valid if ranged
	ranged []bool
	cond   []int8      // condition known: 1 true, -1 false, 0 unknown
	equal  []*ir.Value // constant the value is known to equal
	less   map[[2]ir.ID]bool
	nonNil []bool
	undo   []func()
}

// walk visits the dominator tree without recursion.
func (s *factState) walk(root int32) {
	type frame struct {
		b    int32
		next int
		mark int
	}
	stack := []frame{{b: root, mark: 0}}
	s.enter(root)
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next < len(s.cfg.kids[top.b]) {
			k := s.cfg.kids[top.b][top.next]
			top.next++
			stack = append(stack, frame{b: k, mark: len(s.undo)})
			s.enter(k)
			continue
		}
		for len(s.undo) > top.mark {
			s.undo[len(s.undo)-1]()
			s.undo = s.undo[:len(s.undo)-1]
		}
		stack = stack[:len(stack)-1]
	}
}

func (s *factState) enter(i int32) {
	b := s.cfg.rpo[i]
	if len(b.Preds) == 1 {
		s.edgeFacts(b.Preds[0], b)
	}
	for k, p := range b.Params {
		s.paramRange(b, k, p)
	}
	kept := b.Insts[:0]
	for _, v := range b.Insts {
		s.useKnown(v.Args)
		if v.Op == ir.OpGuard && s.known(v.Args[0]) == 1 && s.spend() {
			continue
		}
		s.inst(v)
		kept = append(kept, v)
	}
	clear(b.Insts[len(kept):])
	b.Insts = kept
	s.useKnown(b.End.Args)
	for i := range b.End.Succs {
		s.useKnown(b.End.Succs[i].Args)
	}
}

// useKnown replaces operands known to equal a constant.
func (s *factState) useKnown(vs []*ir.Value) {
	for i, v := range vs {
		v = s.find(v)
		if int(v.ID) < len(s.equal) && s.equal[v.ID] != nil {
			v = s.equal[v.ID]
		}
		vs[i] = v
	}
}

// edgeFacts adds what the branch from p says in b, its successor with no other predecessor.
func (s *factState) edgeFacts(p, b *ir.Block) {
	end := &p.End
	switch end.Op {
	case ir.OpBr:
		if end.Succs[0].To != end.Succs[1].To {
			s.assume(end.Args[0], end.Succs[0].To == b)
		}
	case ir.OpSwitch:
		for i, k := range end.Cases {
			if end.Succs[i].To == b {
				s.setEqual(end.Args[0], k)
			}
		}
	}
}

func (s *factState) assume(c *ir.Value, outcome bool) {
	if c.Op == ir.OpConst {
		return
	}
	was := s.condOf(c)
	if was != 0 {
		return
	}
	s.setCond(c, outcome)
	if outcome && isBool(c) {
		s.setEqual(c, 1)
	} else if !outcome {
		s.setEqual(c, 0)
	}
	op := c.Op
	if !outcome {
		inv, ok := inverse[op]
		if !ok || op == ir.OpFeq || op == ir.OpFne {
			return
		}
		op = inv
	}
	if op == ir.OpAnd && outcome && isBool(c) {
		s.assume(c.Args[0], true)
		s.assume(c.Args[1], true)
		return
	}
	if len(c.Args) == 2 && c.Op.IsCompare() {
		s.relation(op, c.Args[0], c.Args[1])
	}
}

func (s *factState) condOf(c *ir.Value) int8 {
	if int(c.ID) < len(s.cond) {
		return s.cond[c.ID]
	}
	return 0
}

func (s *factState) setCond(c *ir.Value, outcome bool) {
	if int(c.ID) >= len(s.cond) {
		return
	}
	s.undo = append(s.undo, func() { s.cond[c.ID] = 0 })
	s.cond[c.ID] = -1
	if outcome {
		s.cond[c.ID] = 1
	}
}

func (s *factState) setEqual(v *ir.Value, k int64) {
	if v.Op == ir.OpConst || int(v.ID) >= len(s.equal) || s.equal[v.ID] != nil || v.Type == ir.Ref && k != 0 {
		return
	}
	s.equal[v.ID] = s.constant(v.Type, k)
	s.undo = append(s.undo, func() { s.equal[v.ID] = nil })
}

// relation records that "x op y" holds.
func (s *factState) relation(op ir.Op, x, y *ir.Value) {
	xl, xh := s.rangeOf(x)
	yl, yh := s.rangeOf(y)
	switch op {
	case ir.OpEq:
		if y.Op == ir.OpConst {
			s.setEqual(x, y.Imm)
		}
		s.setRange(x, max(xl, yl), min(xh, yh))
		s.setRange(y, max(xl, yl), min(xh, yh))
	case ir.OpNe:
		if y.Op == ir.OpConst && y.Imm == 0 && x.Type.IsAddr() {
			s.setNonNil(x)
		}
	case ir.OpSlt:
		s.setLess(x, y)
		s.setRange(x, xl, min(xh, dec(yh)))
		s.setRange(y, max(yl, inc(xl)), yh)
	case ir.OpSle:
		s.setRange(x, xl, min(xh, yh))
		s.setRange(y, max(yl, xl), yh)
	case ir.OpSgt:
		s.relation(ir.OpSlt, y, x)
	case ir.OpSge:
		s.relation(ir.OpSle, y, x)
	case ir.OpUlt:
		if yl >= 0 { // then x, unsigned below it, is not negative either
			s.setRange(x, max(xl, 0), min(xh, dec(yh)))
			s.setLess(x, y)
		}
	case ir.OpUgt:
		s.relation(ir.OpUlt, y, x)
	}
}

func dec(x int64) int64 {
	if x == math.MinInt64 {
		return x
	}
	return x - 1
}

func inc(x int64) int64 {
	if x == math.MaxInt64 {
		return x
	}
	return x + 1
}

func (s *factState) setLess(x, y *ir.Value) {
	k := [2]ir.ID{x.ID, y.ID}
	if !s.less[k] {
		s.less[k] = true
		s.undo = append(s.undo, func() { delete(s.less, k) })
	}
}

func (s *factState) setNonNil(v *ir.Value) {
	if int(v.ID) < len(s.nonNil) && !s.nonNil[v.ID] {
		s.nonNil[v.ID] = true
		s.undo = append(s.undo, func() { s.nonNil[v.ID] = false })
	}
}

// setRange narrows v's range; an empty one (code that cannot run) is ignored.
func (s *factState) setRange(v *ir.Value, lo, hi int64) {
	if !v.Type.IsInt() || v.Op == ir.OpConst || lo > hi || int(v.ID) >= len(s.lo) {
		return
	}
	oldLo, oldHi, had := s.lo[v.ID], s.hi[v.ID], s.ranged[v.ID]
	if had && oldLo == lo && oldHi == hi {
		return
	}
	s.undo = append(s.undo, func() { s.lo[v.ID], s.hi[v.ID], s.ranged[v.ID] = oldLo, oldHi, had })
	s.lo[v.ID], s.hi[v.ID], s.ranged[v.ID] = lo, hi, true
}

func typeRange(t ir.Type) (lo, hi int64) {
	if !t.IsInt() {
		return math.MinInt64, math.MaxInt64
	}
	w := t.Bits()
	return -1 << (w - 1), 1<<(w-1) - 1
}

func (s *factState) rangeOf(v *ir.Value) (lo, hi int64) {
	if v.Op == ir.OpConst && v.Type.IsInt() {
		return v.Imm, v.Imm
	}
	if int(v.ID) < len(s.lo) && s.ranged[v.ID] {
		return s.lo[v.ID], s.hi[v.ID]
	}
	return typeRange(v.Type)
}

// inst derives facts from an instruction that has executed.
func (s *factState) inst(v *ir.Value) {
	if v.Op.IsCompare() {
		if k := s.decide(v); k != 0 && s.spend() {
			s.replace(v, s.constant(ir.I8, int64(k+1)/2))
			return
		}
	}
	switch v.Op {
	case ir.OpGuard:
		s.assume(v.Args[0], true)
	case ir.OpLoad, ir.OpStore:
		if v.Mem.Flags&ir.NonTrap == 0 && v.Imm >= 0 && v.Imm < 4096 {
			s.setNonNil(v.Args[0])
		}
	case ir.OpAlloc, ir.OpAllocarray, ir.OpStackaddr, ir.OpSymaddr:
		s.setNonNil(v)
	}
	if lo, hi, ok := s.derive(v); ok {
		s.setRange(v, lo, hi)
	}
}

// derive computes the range of a result from those of the operands.
func (s *factState) derive(v *ir.Value) (lo, hi int64, ok bool) {
	switch v.Op {
	case ir.OpAnd:
		if _, h := s.rangeOf(v.Args[1]); v.Args[1].Op == ir.OpConst && h >= 0 {
			return 0, h, true
		}
	case ir.OpZext:
		from := v.Args[0]
		if l, h := s.rangeOf(from); l >= 0 {
			return l, h, true
		}
		if from.Type.Bits() < 64 {
			return 0, int64(maxUint(from.Type)), true
		}
	case ir.OpSext:
		l, h := s.rangeOf(v.Args[0])
		return l, h, true
	case ir.OpLshr:
		if k := v.Args[1]; k.Op == ir.OpConst && k.Imm > 0 && int(k.Imm) < v.Type.Bits() {
			return 0, int64(maxUint64(v.Type) >> uint(k.Imm)), true
		}
	case ir.OpAdd:
		return s.deriveSum(v)
	case ir.OpSelect:
		l1, h1 := s.rangeOf(v.Args[1])
		l2, h2 := s.rangeOf(v.Args[2])
		return min(l1, l2), max(h1, h2), v.Type.IsInt()
	case ir.OpUrem:
		if k := v.Args[1]; k.Op == ir.OpConst && k.Imm > 0 {
			return 0, k.Imm - 1, true
		}
	case ir.OpPopcnt, ir.OpClz, ir.OpCtz:
		return 0, int64(v.Type.Bits()), v.Type != ir.I8
	}
	if isBool(v) {
		return 0, 1, true
	}
	return 0, 0, false
}

func maxUint64(t ir.Type) uint64 { return math.MaxUint64 >> (64 - t.Bits()) }

func (s *factState) deriveSum(v *ir.Value) (lo, hi int64, ok bool) {
	l1, h1 := s.rangeOf(v.Args[0])
	l2, h2 := s.rangeOf(v.Args[1])
	tl, th := typeRange(v.Type)
	lo, ok1 := addIn(l1, l2, tl, th)
	hi, ok2 := addIn(h1, h2, tl, th)
	if ok1 && ok2 {
		return lo, hi, true
	}
	// x + 1 where x is known to be less than something does not overflow.
	if v.Args[1].Op == ir.OpConst && v.Args[1].Imm == 1 && s.isLessThanSome(v.Args[0], v.Block) {
		return inc(l1), inc(h1), true
	}
	return 0, 0, false
}

func addIn(a, b, lo, hi int64) (int64, bool) {
	sum := a + b
	overflow := (a > 0 && b > 0 && sum < 0) || (a < 0 && b < 0 && sum >= 0)
	return sum, !overflow && sum >= lo && sum <= hi
}

// isLessThanSome reports whether "x < y", signed, for some y of x's type is
// known at block b from a branch that dominates it.
func (s *factState) isLessThanSome(x *ir.Value, b *ir.Block) bool {
	for i := s.cfg.num[b.ID]; i != 0; i = s.cfg.idom[i] {
		blk := s.cfg.rpo[i]
		if len(blk.Preds) == 1 && branchSaysLess(&blk.Preds[0].End, blk, x) {
			return true
		}
		if blk == x.Block {
			break
		}
	}
	return false
}

func branchSaysLess(end *ir.End, to *ir.Block, x *ir.Value) bool {
	if end.Op != ir.OpBr || end.Succs[0].To == end.Succs[1].To {
		return false
	}
	c := end.Args[0]
	op := c.Op
	if end.Succs[0].To != to {
		op = inverse[op]
	}
	return op == ir.OpSlt && c.Args[0] == x || op == ir.OpSgt && c.Args[1] == x
}

// paramRange joins the ranges of a parameter's arguments; around a loop the
// rule of the induction variable applies.
func (s *factState) paramRange(b *ir.Block, i int, p *ir.Value) {
	if !p.Type.IsInt() || b == s.f.Entry() {
		return
	}
	lo, hi, ok, steps := int64(math.MaxInt64), int64(math.MinInt64), true, false
	edgesTo(b, func(from *ir.Block, e *ir.Edge) {
		a := s.find(e.Args[i])
		if s.cfg.dominates(b, from) { // a back-edge
			steps = true
			ok = ok && (a == p || s.advances(a, p))
			return
		}
		l, h := s.rangeOf(a)
		lo, hi = min(lo, l), max(hi, h)
	})
	if !ok || lo > hi {
		return
	}
	if steps {
		_, hi = typeRange(p.Type)
	}
	s.setRange(p, lo, hi)
}

// advances reports whether a is p + 1 where that cannot overflow.
func (s *factState) advances(a, p *ir.Value) bool {
	if a.Op != ir.OpAdd || s.find(a.Args[0]) != p || a.Args[1].Op != ir.OpConst {
		return false
	}
	return a.Args[1].Imm == 1 && s.isLessThanSome(p, a.Block)
}

// known returns 1 if the condition is known to hold, -1 if known not to, else 0.
func (s *factState) known(c *ir.Value) int8 {
	if c.Op == ir.OpConst {
		if c.Imm != 0 {
			return 1
		}
		return -1
	}
	return s.condOf(c)
}

// decide evaluates a comparison from ranges and relations.
func (s *factState) decide(v *ir.Value) int8 {
	if k := s.condOf(v); k != 0 {
		return k
	}
	x, y := v.Args[0], v.Args[1]
	if x.Type.IsAddr() {
		return s.decideAddr(v.Op, x, y)
	}
	if !x.Type.IsInt() {
		return 0
	}
	xl, xh := s.rangeOf(x)
	yl, yh := s.rangeOf(y)
	op := v.Op
	if xl >= 0 && yl >= 0 {
		op = signedOf(op)
	}
	switch op {
	case ir.OpSlt:
		return tri(xh < yl || s.less[[2]ir.ID{x.ID, y.ID}], xl >= yh)
	case ir.OpSle:
		return tri(xh <= yl || s.less[[2]ir.ID{x.ID, y.ID}], xl > yh || s.less[[2]ir.ID{y.ID, x.ID}])
	case ir.OpSgt:
		return tri(xl > yh || s.less[[2]ir.ID{y.ID, x.ID}], xh <= yl)
	case ir.OpSge:
		return tri(xl >= yh || s.less[[2]ir.ID{y.ID, x.ID}], xh < yl || s.less[[2]ir.ID{x.ID, y.ID}])
	case ir.OpEq:
		return tri(false, xh < yl || xl > yh || s.lessEither(x, y))
	case ir.OpNe:
		return tri(xh < yl || xl > yh || s.lessEither(x, y), false)
	}
	return 0
}

func (s *factState) lessEither(x, y *ir.Value) bool {
	return s.less[[2]ir.ID{x.ID, y.ID}] || s.less[[2]ir.ID{y.ID, x.ID}]
}

func (s *factState) decideAddr(op ir.Op, x, y *ir.Value) int8 {
	if y.Op != ir.OpConst || y.Imm != 0 || int(x.ID) >= len(s.nonNil) || !s.nonNil[x.ID] {
		return 0
	}
	return tri(op == ir.OpNe, op == ir.OpEq)
}

// signedOf returns the signed form of an unsigned comparison of values that are not negative.
func signedOf(op ir.Op) ir.Op {
	switch op {
	case ir.OpUlt:
		return ir.OpSlt
	case ir.OpUle:
		return ir.OpSle
	case ir.OpUgt:
		return ir.OpSgt
	case ir.OpUge:
		return ir.OpSge
	}
	return op
}

func tri(yes, no bool) int8 {
	switch {
	case yes:
		return 1
	case no:
		return -1
	}
	return 0
}
