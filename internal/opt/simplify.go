package opt

import "martlet/ir"

// simplify walks the blocks in reverse postorder once. Every instruction gets
// its operands' replacements, is folded and rewritten by the laws, and is
// looked up among the expressions computed before: an equal one in a
// dominating block replaces it (global value numbering over the dominator
// tree). Block parameters whose arguments agree melt away.
func simplify(r *run) {
	r.collectConsts()
	c := r.cfg()
	s := &simplifier{run: r, cfg: c, table: newExprTable(r.f.NumValues())}
	for _, b := range c.rpo {
		s.params(b)
		s.block(b)
	}
}

type simplifier struct {
	*run
	cfg   *cfg
	table *exprTable
	out   []*ir.Value
}

// params removes the parameters that always get the same argument. A
// parameter passed on to itself around a loop does not count; other
// arguments from blocks not yet visited do.
func (s *simplifier) params(b *ir.Block) {
	if b == s.f.Entry() {
		return
	}
	for i := len(b.Params) - 1; i >= 0; i-- {
		p := b.Params[i]
		if same := s.sameArg(b, i); same != nil && s.spend() {
			s.replace(p, same)
			dropParam(b, i)
		}
	}
}

func (s *simplifier) sameArg(b *ir.Block, i int) *ir.Value {
	var same *ir.Value
	ok := true
	edgesTo(b, func(_ *ir.Block, e *ir.Edge) {
		a := s.find(e.Args[i])
		if a == b.Params[i] || a == same {
			return
		}
		ok = ok && same == nil
		same = a
	})
	if !ok || same == nil {
		return nil
	}
	return same
}

func (s *simplifier) block(b *ir.Block) {
	s.out = s.out[:0]
	for i := 0; i < len(b.Insts); i++ {
		v := b.Insts[i]
		if s.find(v) != v {
			continue
		}
		s.findAll(v.Args)
		s.inst(b, v)
	}
	b.Insts = append(b.Insts[:0], s.out...)
	s.applyEnd(b)
}

// inst appends v, or what is left of it, to the block being rebuilt.
func (s *simplifier) inst(b *ir.Block, v *ir.Value) {
	emit := func(n *ir.Value) {
		n.Block, n.Pos = b, v.Pos
		s.out = append(s.out, n)
	}
	if !v.Op.IsPure() || v.Op == ir.OpConst || v.Op == ir.OpStackaddr {
		s.convert(v)
		s.out = append(s.out, v)
		return
	}
	if v.Op == ir.OpResult {
		s.projection(v)
		return
	}
	if v.Op.IsOverflow() {
		s.overflow(b, v)
		return
	}
	if by := s.rewrite(v, emit); by != nil {
		s.replace(v, by)
		return
	}
	if by := s.lookup(v); by != nil {
		s.replace(v, by)
		return
	}
	s.out = append(s.out, v)
}

// lookup returns an equal expression computed in a dominating block, or
// records v as the one to find.
func (s *simplifier) lookup(v *ir.Value) *ir.Value {
	by := s.table.find(v, s.cfg)
	if by == nil || !s.spend() {
		return nil
	}
	return by
}

// overflow folds an overflow-reporting op on constants, or shares it with its projection.
func (s *simplifier) overflow(b *ir.Block, v *ir.Value) {
	canonical(v)
	if by := s.lookup(v); by != nil {
		s.replace(v, by)
		return
	}
	s.out = append(s.out, v)
}

// projection follows its producer. Of a folded producer it becomes a constant;
// of a shared one it is the other's projection.
func (s *simplifier) projection(v *ir.Value) {
	producer := v.Args[0]
	if flag, ok := s.flagOf(producer); ok && v.Imm == 1 {
		s.replace(v, s.constant(v.Type, flag))
		// The sum of operands known not to overflow is a plain one; if they
		// are constants, simplify folds it in its next walk.
		s.plain(producer, v)
		return
	}
	if by := s.lookup(v); by != nil {
		s.replace(v, by)
		return
	}
	s.out = append(s.out, v)
}

var plainOps = map[ir.Op]ir.Op{
	ir.OpSaddov: ir.OpAdd, ir.OpSsubov: ir.OpSub, ir.OpSmulov: ir.OpMul,
	ir.OpUaddov: ir.OpAdd, ir.OpUsubov: ir.OpSub, ir.OpUmulov: ir.OpMul,
}

// flagOf returns the overflow flag of an op if it is known.
func (s *simplifier) flagOf(v *ir.Value) (int64, bool) {
	if _, ok := plainOps[v.Op]; !ok {
		return 0, false
	}
	x, y := v.Args[0], v.Args[1]
	if x.Op == ir.OpConst && y.Op == ir.OpConst {
		return evalFlag(v)
	}
	neutral := v.Op == ir.OpSmulov || v.Op == ir.OpUmulov
	if y.Op == ir.OpConst && (y.Imm == 0 || neutral && y.Imm == 1) {
		return 0, true
	}
	return 0, false
}

// plain turns the producer, which is the last instruction put out, into the op without a flag.
func (s *simplifier) plain(producer, projection *ir.Value) {
	producer.Op = plainOps[producer.Op]
	s.out = s.out[:len(s.out)-1]
	s.inst(projection.Block, producer)
}

// exprTable is an open-addressing hash table of pure expressions.
type exprTable struct {
	slots []*ir.Value
	mask  uint32
	used  int
}

func newExprTable(n int) *exprTable {
	size := 64
	for size < 2*n {
		size *= 2
	}
	return &exprTable{slots: make([]*ir.Value, size), mask: uint32(size - 1)}
}

// find returns a recorded value equal to v whose block dominates v's, else it
// records v and returns nil.
func (t *exprTable) find(v *ir.Value, c *cfg) *ir.Value {
	if 4*t.used > 3*len(t.slots) {
		t.grow()
	}
	i := hashExpr(v) & t.mask
	for ; t.slots[i] != nil; i = (i + 1) & t.mask {
		w := t.slots[i]
		if sameExpr(v, w) && c.dominates(w.Block, v.Block) {
			return w
		}
	}
	t.slots[i] = v
	t.used++
	return nil
}

func (t *exprTable) grow() {
	old := t.slots
	*t = exprTable{slots: make([]*ir.Value, 2*len(old)), mask: uint32(2*len(old) - 1), used: t.used}
	for _, v := range old {
		if v == nil {
			continue
		}
		i := hashExpr(v) & t.mask
		for t.slots[i] != nil {
			i = (i + 1) & t.mask
		}
		t.slots[i] = v
	}
}

func hashExpr(v *ir.Value) uint32 {
	h := uint64(v.Op)<<8 ^ uint64(v.Type) ^ uint64(v.Imm)*0x9E3779B97F4A7C15
	for _, a := range v.Args {
		h = (h ^ uint64(a.ID)) * 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	return uint32(h ^ h>>29)
}

func sameExpr(v, w *ir.Value) bool {
	if v.Op != w.Op || v.Type != w.Type || v.Imm != w.Imm || len(v.Args) != len(w.Args) {
		return false
	}
	for i := range v.Args {
		if v.Args[i] != w.Args[i] {
			return false
		}
	}
	return v.Aux == w.Aux
}
