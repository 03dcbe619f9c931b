package genext

import (
	"fmt"
	"math/bits"
	"unsafe"

	"martlet/ir"
)

// The specialiser: online partial evaluation of flow graphs.
//
// It starts from a state (frames of boxes) and takes one instruction after the
// other. A pure op on constants is evaluated; memory known to be constant is
// read; a branch on a constant is followed; calls of graphs push a frame; all the
// rest emits residual code. A branch on a residual condition goes both ways if
// the profile has seen both, else the unseen way becomes an exit. Where a path
// cannot or should not go on (budget, never seen, an op it does not
// understand) it ends in an exit too, and the interpreter takes over there: so
// every path ends, and giving up is always right.
//
// Invariants: a state's residual values dominate its out block's end; memory
// is as the interpreter's would be, except for the dirty entries of the
// state's known memory and its unforced virtuals.

// Limits bound the specialiser. The zero value means the defaults.
type Limits struct {
	Ops      int // residual ops of a region
	Steps    int // graph instructions looked at for a region
	Depth    int // frames inlined
	Recur    int // frames of one function inlined
	Versions int // versions of a merge point
	Hops     int // blocks entered in one function between merge points
	Forks    int // residual branches in one function between merge points
	Cases    int // values of a promotion
}

func (l Limits) withDefaults() Limits {
	def := func(p *int, n int) {
		if *p == 0 {
			*p = n
		}
	}
	def(&l.Ops, 8000)
	def(&l.Steps, 400000)
	def(&l.Depth, 40)
	def(&l.Recur, 3)
	def(&l.Versions, 4)
	def(&l.Hops, 2000)
	def(&l.Forks, 40)
	def(&l.Cases, 6)
	return l
}

type spec struct {
	m        *Machine
	prof     *profile // nil: everything is possible
	exact    bool     // guards of branches resume at the branch
	forces   bool     // every opaque function looks at frames
	lazy     bool     // promotions stop at values not seen yet; branches go both ways
	lim      Limits
	r        *region
	fn       *ir.Func
	mod      *ir.Module
	versions map[mergeKey][]*version
	work     []*state
	later    []*state // cold paths: they come when all others have been taken
	ops      int
	steps    int
	refs     map[unsafe.Pointer]*ir.RefConst
	d        *door
	quasi    bool           // the program has quasi-immutable variables
	home     *entry         // a bridge's: where it ends
	over     bool           // a budget is used up: every path ends at once
	full     bool           // … or, with links, at its next merge point
	begin    unsafe.Pointer // the region's greens
	calls    int            // residual calls on paths that are not cold
	merges   int            // merge points passed there
	pool     regPool
	names    naming      // of the version in the making
	joinings []*joining  // to be used again
	operands []*ir.Value // capturer's, to be used again
}

// run takes a state to the end of its path.
func (sp *spec) run(s *state) {
	if r := &s.top().regs; r.live != nil {
		r.unpack(&sp.pool)
	}
	for {
		f := s.top()
		if f.idx < len(f.blk.Insts) && f.blk.Insts[f.idx].Op == ir.OpResult {
			f.idx++ // a second result is there already: see setResults
			continue
		}
		if sp.d.opt.Inject != nil {
			sp.d.opt.Inject("step")
		}
		if sp.steps++; sp.steps > sp.lim.Steps || sp.ops > sp.lim.Ops {
			sp.full = true
			sp.over = sp.d.opt.Within == nil || sp.steps > 2*sp.lim.Steps || sp.ops > 2*sp.lim.Ops
		}
		if sp.over {
			sp.bail(s, "budget used up")
			return
		}
		var ended bool
		if f.idx < len(f.blk.Insts) {
			ended = sp.step(s, f, f.blk.Insts[f.idx])
		} else {
			ended = sp.end(s, f)
		}
		if ended {
			return
		}
	}
}

// step does one instruction; it reports whether the path has ended.
func (sp *spec) step(s *state, f *sframe, v *ir.Value) bool {
	switch v.Op {
	case ir.OpConst, ir.OpRefconst, ir.OpSymaddr, ir.OpResult, ir.OpPoll:
	case ir.OpCall:
		return sp.call(s, f, v)
	case ir.OpLoad:
		b, ok := sp.load(s, f, v)
		if !ok {
			return true
		}
		f.regs.set(v.ID, b)
	case ir.OpStore:
		if !sp.store(s, f, v) {
			return true
		}
	case ir.OpAddrof:
		f.regs.set(v.ID, sp.addrof(s, f, v))
	case ir.OpAlloc, ir.OpStackaddr:
		f.regs.set(v.ID, sp.alloc(s, v, -1))
	case ir.OpAllocarray:
		f.regs.set(v.ID, sp.allocArray(s, f, v))
	case ir.OpMemmove, ir.OpMemzero, ir.OpIcall, ir.OpGuard:
		return sp.bail(s, "op "+v.Op.String())
	case ir.OpSdiv, ir.OpUdiv, ir.OpSrem, ir.OpUrem:
		if d := s.get(f, v.Args[1]); d.isConst() && d.n == 0 || !d.isConst() && !sp.nonZero(s, d) {
			return true
		}
		sp.pure(s, f, v)
	default:
		sp.pure(s, f, v)
	}
	f.idx++
	return false
}

// nonZero guards against a zero divisor; false means the path has ended.
func (sp *spec) nonZero(s *state, d box) bool {
	if s.satisfies(d, factAtLeast, 1, 0) {
		return true
	}
	x := sp.value(s, d)
	c := sp.emit2(s, ir.OpNe, ir.I8, x, sp.konst(s, constBox(d.typ, 0)))
	sp.guard(s, c, sp.capture(s, nil), "division by zero")
	s.learn(x, factAtLeast, 1)
	return true
}

// bail ends the path with an exit to the interpreter.
func (sp *spec) bail(s *state, why string) bool {
	snap := sp.capture(s, nil)
	snap.why = why
	sp.exit(s, snap)
	return true
}

// unseen ends the path because the profile has not seen how it goes on.
func (sp *spec) unseen(s *state, why string) bool {
	sp.bail(s, why)
	sp.r.exits[len(sp.r.exits)-1].unseen = true
	return true
}

func (sp *spec) exit(s *state, snap *snapshot) {
	n := sp.addExit(snap)
	s.out.End = ir.End{Op: ir.OpExit, Args: snap.live, Imm: n, Aux: snap, Pos: s.pos()}
	sp.ops++
}

func (sp *spec) addExit(snap *snapshot) int64 {
	snap.id = len(sp.r.exits)
	snap.in, snap.count = sp.r, sp.d.cause(snap.why)
	sp.r.exits = append(sp.r.exits, snap)
	return int64(snap.id)
}

// guard emits a guard: cond holds, or execution leaves with the snapshot.
func (sp *spec) guard(s *state, cond *ir.Value, snap *snapshot, why string) {
	snap.why = why
	g := s.out.Add(ir.OpGuard, ir.Void, append([]*ir.Value{cond}, snap.live...)...)
	g.Imm, g.Aux, g.Pos = sp.addExit(snap), snap, s.pos()
	sp.ops++
	s.assume(cond, true)
}

// Emission.

func (sp *spec) konst(s *state, b box) *ir.Value {
	key := exprKey{op: ir.OpConst, typ: b.typ, imm: b.n}
	if b.typ == ir.Ref && b.p != nil {
		key = exprKey{op: ir.OpRefconst, typ: ir.Ref, a: operand{p: b.p}}
	}
	if v := s.scope.find(key); v != nil {
		return v
	}
	var v *ir.Value
	if key.op == ir.OpRefconst {
		v = s.out.Add(ir.OpRefconst, ir.Ref)
		v.Aux = sp.refConst(b.p)
	} else {
		v = s.out.Add(ir.OpConst, b.typ)
		v.Imm = b.n
	}
	s.scope.add(key, v)
	return v
}

func (sp *spec) refConst(p unsafe.Pointer) *ir.RefConst {
	c := sp.refs[p]
	if c == nil {
		c = &ir.RefConst{Name: fmt.Sprintf("c%d", len(sp.refs)), Ptr: p}
		sp.refs[p] = c
	}
	return c
}

// value makes a box a residual value, forcing a virtual.
func (sp *spec) value(s *state, b box) *ir.Value {
	b = s.norm(b)
	switch b.kind {
	case boxConst:
		return sp.konst(s, b)
	case boxVirt:
		sp.force(s, b.vid)
		return sp.value(s, b)
	case boxValue:
		switch {
		case b.index() != nil:
			return sp.emitImm(s, ir.OpAddrof, b.typ, b.n, b.v, sp.scaled(s, b.index(), b.scale()))
		case b.n == 0:
			return b.v
		case b.typ == ir.I64:
			return sp.emit2(s, ir.OpAdd, ir.I64, b.v, sp.konst(s, constBox(ir.I64, b.n)))
		}
		return sp.emitImm(s, ir.OpAddrof, b.typ, b.n, b.v, sp.konst(s, constBox(ir.I64, 0)))
	}
	panic("genext: a dead register is used")
}

// scaled emits an index times its scale.
func (sp *spec) scaled(s *state, x *ir.Value, scale int64) *ir.Value {
	switch {
	case scale == 1:
		return x
	case scale&(scale-1) == 0:
		return sp.emit2(s, ir.OpShl, ir.I64, x, sp.konst(s, constBox(ir.I64, int64(bits.TrailingZeros64(uint64(scale))))))
	}
	return sp.emit2(s, ir.OpMul, ir.I64, x, sp.konst(s, constBox(ir.I64, scale)))
}

func (sp *spec) emit2(s *state, op ir.Op, t ir.Type, args ...*ir.Value) *ir.Value {
	return sp.emitImm(s, op, t, 0, args...)
}

// emitImm emits a pure op, or finds it.
func (sp *spec) emitImm(s *state, op ir.Op, t ir.Type, imm int64, args ...*ir.Value) *ir.Value {
	key := exprKey{op: op, typ: t, imm: imm}
	if len(args) > 0 {
		key.a = operandOf(args[0])
	}
	if len(args) > 1 {
		key.b = operandOf(args[1])
	}
	if len(args) < 3 {
		if v := s.scope.find(key); v != nil {
			return v
		}
	}
	v := s.out.Add(op, t, args...)
	v.Imm = imm
	v.Pos = s.pos()
	sp.ops++
	if op.IsOverflow() {
		s.out.AddResult(v, 1, ir.I8)
	}
	if len(args) < 3 {
		s.scope.add(key, v)
	}
	return v
}

func (s *state) pos() ir.Pos {
	if s.place.Line != 0 {
		return s.place
	}
	f := s.top()
	p := f.blk.End.Pos
	if f.idx < len(f.blk.Insts) {
		p = f.blk.Insts[f.idx].Pos
	}
	if s.code > 0 {
		p.Col = s.code
	}
	return p
}

// pure does a pure op.
func (sp *spec) pure(s *state, f *sframe, v *ir.Value) {
	var a [3]box
	known := true
	for i, x := range v.Args {
		a[i] = s.get(f, x)
		known = known && a[i].isConst()
	}
	if known && sp.fold(f, v, a[:len(v.Args)]) {
		return
	}
	if b, ok := s.simplify(v, a[0], a[1], a[2]); ok {
		f.regs.set(v.ID, b)
		return
	}
	if b, ok := sp.linear(s, v, a[0], a[1]); ok {
		f.regs.set(v.ID, b)
		return
	}
	if b, ok := sp.reassociate(s, v, a[0], a[1]); ok {
		f.regs.set(v.ID, b)
		return
	}
	var args [3]*ir.Value
	for i := range v.Args {
		args[i] = sp.value(s, a[i])
	}
	r := sp.emitImm(s, v.Op, v.Type, v.Imm, args[:len(v.Args)]...)
	f.regs.set(v.ID, s.truth(r))
	if v.Op.IsOverflow() {
		f.regs.set(f.blk.Insts[f.idx+1].ID, valueBox(nextValue(r)))
	}
}

// truth is the box of a condition that may have been decided on this path.
func (s *state) truth(v *ir.Value) box {
	for _, f := range s.facts {
		if f.v == v && f.kind == factIs && v.Type != ir.Ref {
			return constBox(v.Type, f.n)
		}
	}
	return valueBox(v)
}

func nextValue(v *ir.Value) *ir.Value {
	insts := v.Block.Insts
	for i := len(insts) - 2; i >= 0; i-- {
		if insts[i] == v {
			return insts[i+1]
		}
	}
	panic("genext: a second result is missing")
}

// fold evaluates an op on constants.
func (sp *spec) fold(f *sframe, v *ir.Value, a []box) bool {
	var x [3]int64
	for i := range a {
		x[i] = a[i].bits()
	}
	if v.Op == ir.OpSelect {
		k := 2
		if x[0] != 0 {
			k = 1
		}
		f.regs.set(v.ID, a[k])
		return true
	}
	r0, r1, ok := ir.EvalValue(v, x[:len(a)]...)
	if !ok {
		return false
	}
	f.regs.set(v.ID, constBox(v.Type, r0))
	if v.Op.IsOverflow() {
		f.regs.set(f.blk.Insts[f.idx+1].ID, constBox(ir.I8, r1))
	}
	return true
}

// simplify knows the result of some ops without the values.
func (s *state) simplify(v *ir.Value, x, y, z box) (box, bool) {
	switch v.Op {
	case ir.OpEq, ir.OpNe:
		if eq, ok := s.equal(x, y); ok {
			return flagBox(eq == (v.Op == ir.OpEq)), true
		}
	case ir.OpUlt, ir.OpUge:
		if below, ok := s.below(x, y); ok {
			return flagBox(below == (v.Op == ir.OpUlt)), true
		}
	case ir.OpUgt, ir.OpUle:
		if below, ok := s.below(y, x); ok {
			return flagBox(below == (v.Op == ir.OpUgt)), true
		}
	case ir.OpSlt, ir.OpSge:
		if less, ok := s.less(x, y); ok {
			return flagBox(less == (v.Op == ir.OpSlt)), true
		}
	case ir.OpSgt, ir.OpSle:
		if less, ok := s.less(y, x); ok {
			return flagBox(less == (v.Op == ir.OpSgt)), true
		}
	case ir.OpSelect:
		if x.isConst() {
			if x.n != 0 {
				return y, true
			}
			return z, true
		}
	case ir.OpAdd, ir.OpSub, ir.OpOr, ir.OpXor, ir.OpShl, ir.OpLshr, ir.OpAshr:
		if y.isConst() && y.n == 0 {
			return x, true
		}
		if v.Op != ir.OpSub && v.Op < ir.OpShl && x.isConst() && x.n == 0 {
			return y, true
		}
	case ir.OpAnd, ir.OpMul:
		for _, b := range []box{x, y} {
			if b.isConst() && b.n == 0 {
				return constBox(v.Type, 0), true
			}
		}
		if v.Op == ir.OpMul && y.isConst() && y.n == 1 {
			return x, true
		}
	}
	return box{}, false
}

func flagBox(b bool) box {
	if b {
		return constBox(ir.I8, 1)
	}
	return constBox(ir.I8, 0)
}

// equal decides whether two values are equal, if it can.
func (s *state) equal(x, y box) (eq, ok bool) {
	if x.kind != boxConst && x.same(y) {
		return true, true
	}
	if x.kind == boxVirt || y.kind == boxVirt {
		return x.kind == y.kind && x.vid == y.vid && x.n == y.n, true
	}
	if x.kind == boxValue && x.v == y.v && x.p == y.p && x.vid == y.vid {
		return false, true // they differ by a constant
	}
	if x.isConst() {
		x, y = y, x
	}
	if y.isConst() && y.bits() == 0 && x.kind == boxValue {
		if x.typ.IsAddr() && s.satisfies(x, factNotNil, 0, 0) || s.satisfies(x, factAtLeast, 1, 0) {
			return false, true
		}
	}
	xlo, xhi, okx := s.rangeOf(x)
	ylo, yhi, oky := s.rangeOf(y)
	return false, okx && oky && (xhi < ylo || yhi < xlo)
}

// below decides x < y, unsigned, if it can.
func (s *state) below(x, y box) (lt, ok bool) {
	xlo, xhi, okx := s.rangeOf(x)
	ylo, yhi, oky := s.rangeOf(y)
	if okx && oky && xlo >= 0 && ylo >= 0 && (xhi < ylo || xlo >= yhi) {
		return xhi < ylo, true
	}
	if x.isConst() && y.kind == boxValue && s.satisfies(y, factAtLeast, int64(ir.ZeroExtend(x.typ, x.n))+1, 0) {
		return true, true
	}
	if y.isConst() && x.kind == boxValue && s.satisfies(x, factAtLeast, int64(ir.ZeroExtend(y.typ, y.n)), 0) {
		return false, true
	}
	return false, x.kind == boxValue && x.same(y) || y.isConst() && ir.ZeroExtend(y.typ, y.n) == 0
}

// linear keeps sums of an i64 and a constant as such, and takes the constant out of products.
func (sp *spec) linear(s *state, v *ir.Value, x, y box) (box, bool) {
	if v.Type != ir.I64 {
		return box{}, false
	}
	if v.Op == ir.OpSub && x.kind == boxValue && y.kind == boxValue && x.v == y.v {
		return constBox(ir.I64, x.n-y.n), true
	}
	if x.isConst() && (v.Op == ir.OpAdd || v.Op == ir.OpMul) {
		x, y = y, x
	}
	if x.kind != boxValue || x.typ != ir.I64 || !y.isConst() {
		return box{}, false
	}
	switch {
	case v.Op == ir.OpAdd:
		return x.plus(y.n), true
	case v.Op == ir.OpSub:
		return x.plus(-y.n), true
	case x.n == 0:
	case v.Op == ir.OpMul:
		return valueBox(sp.emit2(s, ir.OpMul, ir.I64, x.v, sp.konst(s, y))).plus(x.n * y.n), true
	case v.Op == ir.OpShl && uint64(y.n) < 64:
		return valueBox(sp.emit2(s, ir.OpShl, ir.I64, x.v, sp.konst(s, y))).plus(x.n << y.n), true
	}
	return box{}, false
}

// reassociate folds chains of additions of constants of the narrower types: (x + 5) - 5.
func (sp *spec) reassociate(s *state, v *ir.Value, x, y box) (box, bool) {
	if v.Op == ir.OpAdd && x.isConst() {
		x, y = y, x
	}
	if v.Op != ir.OpAdd && v.Op != ir.OpSub || !y.isConst() || x.kind != boxValue {
		return box{}, false
	}
	inner := x.v
	if inner.Op != ir.OpAdd && inner.Op != ir.OpSub || inner.Type != v.Type {
		return box{}, false
	}
	c, ok := constOf(inner.Args[1])
	if !ok {
		return box{}, false
	}
	sum := signed(inner.Op, c.n) + signed(v.Op, y.n)
	sum = ir.SignExtend(v.Type, sum)
	if sum == 0 {
		return valueBox(inner.Args[0]), true
	}
	return valueBox(sp.emit2(s, ir.OpAdd, v.Type, inner.Args[0], sp.konst(s, constBox(v.Type, sum)))), true
}

func signed(op ir.Op, n int64) int64 {
	if op == ir.OpSub {
		return -n
	}
	return n
}

// Block ends.

func (sp *spec) end(s *state, f *sframe) bool {
	e := &f.blk.End
	switch e.Op {
	case ir.OpJump:
		return sp.take(s, f, &e.Succs[0])
	case ir.OpBr:
		return sp.branch(s, f, e)
	case ir.OpSwitch:
		return sp.switchOn(s, f, e)
	case ir.OpRet:
		return sp.ret(s, f, e)
	}
	return sp.bail(s, "panic in the interpreter")
}

// take follows an edge.
func (sp *spec) take(s *state, f *sframe, e *ir.Edge) bool {
	var few [8]box
	args := few[:0] // all are read before one is written
	for _, a := range e.Args {
		args = append(args, s.get(f, a))
	}
	for i, p := range e.To.Params {
		f.regs.set(p.ID, args[i])
	}
	from := f.blk
	f.blk, f.idx = e.To, 0
	if f.hops++; f.hops > sp.lim.Hops && !f.g.unroll {
		return sp.bail(s, "a loop without a merge point is too long")
	}
	return f.g.loop(e.To) != nil && sp.turnAround(s, f, from)
}

// directions says which successors to compile.
func (sp *spec) directions(f *sframe, n int) []bool {
	ds := make([]bool, n)
	var seen []uint32
	if sp.prof != nil {
		seen = sp.prof.taken(branchKey(f.ctx, f.blk))
	}
	for i := range ds {
		ds[i] = !sp.over && (sp.prof == nil || sp.lazy || i < len(seen) && seen[i] > 0)
	}
	return ds
}

func (sp *spec) branch(s *state, f *sframe, e *ir.End) bool {
	c := s.get(f, e.Args[0])
	f.decided(e, c.isConst())
	if c.isConst() {
		k := 1
		if c.n != 0 {
			k = 0
		}
		return sp.take(s, f, &e.Succs[k])
	}
	if f.forks++; f.forks > sp.lim.Forks {
		return sp.bail(s, "a loop without a merge point runs on unknown values")
	}
	d := sp.directions(f, 2)
	cond := sp.value(s, c)
	switch {
	case !d[0] && !d[1] && f.only:
		sp.fork(s, cond, e)
		return true
	case !d[0] && !d[1]:
		return sp.unseen(s, "never seen")
	case d[0] && d[1]:
		sp.fork(s, cond, e)
		return true
	}
	k := 0
	if d[1] {
		k = 1
	}
	edge := &e.Succs[1-k]
	if sp.exact {
		edge = nil
	}
	snap := sp.capture(s, edge)
	snap.why = "branch not seen"
	if edge != nil {
		snap.way = &way{f.ctx, f.blk, 1 - k}
		if cond.Op == ir.OpResult {
			snap.rename(cond.Args[0])
		}
	}
	sp.decide(s, cond, k == 0, snap)
	return sp.take(s, s.top(), &e.Succs[k])
}

// decide guards that a condition is as expected.
func (sp *spec) decide(s *state, cond *ir.Value, truth bool, snap *snapshot) {
	if truth {
		sp.guard(s, cond, snap, snap.why)
		return
	}
	inv := sp.invert(s, cond)
	sp.guard(s, inv, snap, snap.why)
	s.assume(cond, false)
}

var inverse = map[ir.Op]ir.Op{
	ir.OpEq: ir.OpNe, ir.OpNe: ir.OpEq, ir.OpSlt: ir.OpSge, ir.OpSge: ir.OpSlt, ir.OpSgt: ir.OpSle, ir.OpSle: ir.OpSgt,
	ir.OpUlt: ir.OpUge, ir.OpUge: ir.OpUlt, ir.OpUgt: ir.OpUle, ir.OpUle: ir.OpUgt,
}

func (sp *spec) invert(s *state, cond *ir.Value) *ir.Value {
	if op, ok := inverse[cond.Op]; ok {
		return sp.emit2(s, op, ir.I8, cond.Args[0], cond.Args[1])
	}
	return sp.emit2(s, ir.OpEq, ir.I8, cond, sp.konst(s, constBox(ir.I8, 0)))
}

// fork goes both ways.
func (sp *spec) fork(s *state, cond *ir.Value, e *ir.End) {
	then, els := sp.fn.NewBlock(), sp.fn.NewBlock()
	s.out.End = ir.End{Op: ir.OpBr, Args: []*ir.Value{cond}, Succs: []ir.Edge{{To: then}, {To: els}}, Pos: s.pos()}
	sp.ops++
	s.split = true
	other := s.clone()
	if sp.prof != nil {
		taken := sp.prof.taken(branchKey(s.top().ctx, s.top().blk))
		sp.chill(s, taken, 0)
		sp.chill(other, taken, 1)
	}
	other.out = els
	other.decide(cond, false)
	if !sp.take(other, other.top(), &e.Succs[1]) {
		sp.wait(other)
	}
	s.out, s.scope = then, s.scope.child()
	s.decide(cond, true)
	if !sp.take(s, s.top(), &e.Succs[0]) {
		sp.wait(s)
	}
}

// decide notes which way a branch went.
func (s *state) decide(cond *ir.Value, truth bool) {
	s.decided = true
	s.assume(cond, truth)
	s.decided = false
}

// wait lets a path go on later.
func (sp *spec) wait(s *state) {
	if s.cold {
		sp.later = append(sp.later, s)
	} else {
		sp.work = append(sp.work, s)
	}
}

// seldom is how much less often than all others together a way is taken that is cold.
const seldom = 10

// chill makes a path cold if the way that it goes is seldom taken. With links, cold paths have no say in
// what the versions of a merge point are: they come last, and join one or leave by a link.
func (sp *spec) chill(s *state, taken []uint32, way int) {
	if sp.d.opt.Within == nil || way >= len(taken) {
		return
	}
	total := uint32(0)
	for _, n := range taken {
		total += n
	}
	s.cold = s.cold || taken[way]*seldom < total
}

func (sp *spec) switchOn(s *state, f *sframe, e *ir.End) bool {
	x := s.get(f, e.Args[0])
	f.decided(e, x.isConst())
	if x.isConst() {
		return sp.take(s, f, &e.Succs[selectCase(e, x.n)])
	}
	d := sp.directions(f, len(e.Succs))
	var taken []uint32
	if sp.prof != nil {
		taken = sp.prof.taken(branchKey(f.ctx, f.blk))
	}
	out := ir.End{Op: ir.OpSwitch, Args: []*ir.Value{sp.value(s, x)}, Pos: s.pos()}
	src := s.out
	s.split = true
	last := len(e.Succs) - 1
	var miss *ir.Block // where values not seen resume at the switch
	for k := range e.Succs {
		if !d[k] {
			if k < last && !d[last] {
				continue // they go with the default
			}
			if miss == nil {
				c := s.clone()
				c.out = sp.fn.NewBlock()
				miss = c.out
				sp.unseen(c, "case not seen")
			}
			if k < last {
				out.Cases = append(out.Cases, e.Cases[k])
			}
			out.Succs = append(out.Succs, ir.Edge{To: miss})
			continue
		}
		c := s.clone()
		c.out = sp.fn.NewBlock()
		if k < last {
			out.Cases = append(out.Cases, e.Cases[k])
			c.settle(x, constBox(x.typ, e.Cases[k]))
		}
		out.Succs = append(out.Succs, ir.Edge{To: c.out})
		sp.chill(c, taken, k)
		if !sp.take(c, c.top(), &e.Succs[k]) {
			sp.wait(c)
		}
	}
	src.End = out
	sp.ops++
	return true
}

// ret leaves a frame, or the region.
func (sp *spec) ret(s *state, f *sframe, e *ir.End) bool {
	var few [4]box
	results := few[:0]
	for _, a := range e.Args {
		results = append(results, s.get(f, a))
	}
	if len(s.frames) > 1 {
		s.pool.put(f.regs)
		s.frames = s.frames[:len(s.frames)-1]
		s.setResults(results)
		return false
	}
	sp.flush(s, func(*known) bool { return true })
	args := make([]*ir.Value, len(results))
	for i, b := range results {
		args[i] = sp.value(s, b)
	}
	s.out.End = ir.End{Op: ir.OpRet, Args: args, Pos: s.pos()}
	sp.ops++
	return true
}

// setResults finishes the call at which the innermost frame stands. The frame
// then stands behind all the results: before one of them it would not be live, and a snapshot would lose it.
func (s *state) setResults(results []box) {
	f := s.top()
	for k, b := range results {
		f.regs.set(f.blk.Insts[f.idx+k].ID, b)
	}
	f.idx += max(1, len(results))
}
