package irtest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"martlet/ir"
	"martlet/ir/interp"
)

// The generator makes structured programs: statements in scopes, where a scope
// knows the values that dominate it, by type. Ifs, switches and loops make new
// blocks, hand values over as block parameters and leave only these visible
// behind. Every loop counts, calls go to functions made earlier, and memory is
// addressed by masked indices: so every program ends and touches only its own
// memory. What may differ between right executors is avoided: a NaN's bits are
// made canonical before they can be seen (bitcast, copysign, memory).

// Config bounds what Generate makes. The zero value stands for the defaults.
type Config struct {
	Stmts   int  // statements per function; 0: 30
	Funcs   int  // functions; 0: 3
	NoRef   bool // no ref values and allocations
	NoGo    bool // no calls of Go functions
	NoCall  bool // no calls at all
	NoFloat bool
	NoMem   bool // no memory
	NoTrap  bool // nothing that can trap
	NoGuard bool // no guards and exits

	Irreducible bool // also loops that are entered at two places
}

// Generate makes a random module. Its last function, "f", is the one to call.
func Generate(seed uint64, cfg Config) *ir.Module {
	if cfg.Stmts == 0 {
		cfg.Stmts = 30
	}
	if cfg.Funcs == 0 {
		cfg.Funcs = 3
	}
	g := &generator{rng: rand.New(rand.NewPCG(seed, 0x6d61727a)), cfg: cfg}
	g.module(fmt.Sprintf("seed%d", seed))
	return g.mod
}

// Inputs makes the n-th set of arguments for a function.
func Inputs(seed uint64, n int, sig ir.Signature) []interp.Val {
	g := &generator{rng: rand.New(rand.NewPCG(seed, uint64(n)))}
	out := make([]interp.Val, len(sig.Params))
	for i, t := range sig.Params {
		out[i] = interp.Val{Type: t, Bits: g.constant(t)}
	}
	return out
}

const (
	memSize  = 256
	memMask  = 127 // of an index
	memSlack = memSize - memMask - 8
)

var intTypes = []ir.Type{ir.I64, ir.I64, ir.I32, ir.I32, ir.I8, ir.I16}

type generator struct {
	rng   *rand.Rand
	cfg   Config
	mod   *ir.Module
	mem   []*ir.Global
	konst *ir.Global
	node  *ir.TypeDesc
	funcs []*ir.Func // callable

	b      *ir.Builder
	exits  int64
	budget int
	loops  int // nesting
	slots  []*ir.Value
}

// scope holds the visible values by type.
type scope struct{ vals [ir.Ref + 1][]*ir.Value }

func (s *scope) add(v *ir.Value) *ir.Value {
	s.vals[v.Type] = append(s.vals[v.Type], v)
	return v
}

func (s *scope) child() *scope {
	c := &scope{}
	for t := range s.vals {
		c.vals[t] = s.vals[t][:len(s.vals[t]):len(s.vals[t])]
	}
	return c
}

func (g *generator) n(n int) int        { return g.rng.IntN(n) }
func (g *generator) one(in int) bool    { return g.rng.IntN(in) == 0 }
func pick[T any](g *generator, s []T) T { return s[g.n(len(s))] }
func (g *generator) sigTypes(n int) []ir.Type {
	ts := make([]ir.Type, n)
	for i := range ts {
		ts[i] = g.anyType()
	}
	return ts
}

func (g *generator) anyType() ir.Type {
	switch k := g.n(10); {
	case k >= 8 && !g.cfg.NoFloat:
		return []ir.Type{ir.F64, ir.F64, ir.F32}[g.n(3)]
	case k == 7 && !g.cfg.NoRef:
		return ir.Ref
	}
	return pick(g, intTypes)
}

func (g *generator) module(name string) {
	g.mod = ir.NewModule(name)
	if !g.cfg.NoMem {
		for i := range 2 {
			g.mem = append(g.mem, g.mod.AddGlobal(&ir.Global{Name: fmt.Sprintf("mem%d", i), Size: memSize, Init: g.bytes(64), Align: 16}))
		}
		g.konst = g.mod.AddGlobal(&ir.Global{Name: "konst", Size: memSize, Init: g.bytes(memSize), Const: true})
	}
	if !g.cfg.NoRef {
		g.node = g.mod.AddType(&ir.TypeDesc{Name: "Node", Size: 40, Ptrs: []int{0, 24}})
	}
	if !g.cfg.NoGo && !g.cfg.NoCall {
		i64, ref := ir.I64, ir.Ref
		g.funcs = append(g.funcs, g.mod.AddFunc("host.mix", ir.Signature{Params: []ir.Type{i64}, Results: []ir.Type{i64}}, ir.DeclaredGo))
		if !g.cfg.NoRef {
			g.funcs = append(g.funcs, g.mod.AddFunc("host.swap", ir.Signature{Params: []ir.Type{i64, ref}, Results: []ir.Type{ref, i64}}, ir.DeclaredGo))
		}
	}
	for i := range g.cfg.Funcs {
		name := fmt.Sprintf("h%d", i)
		if i == g.cfg.Funcs-1 {
			name = "f"
		}
		g.function(name)
	}
}

func (g *generator) bytes(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(g.rng.Uint32())
	}
	return out
}

func (g *generator) function(name string) {
	nparams := 1 + g.n(5)
	if g.one(10) {
		nparams = 14 + g.n(12) // more than there are registers
	}
	sig := ir.Signature{Params: g.sigTypes(nparams), Results: g.sigTypes(1 + g.n(3))}
	f := g.mod.AddFunc(name, sig, ir.External)
	if name != "f" && g.one(2) {
		f.Linkage = ir.Internal
	}
	g.b, g.budget, g.slots, g.loops = ir.NewBuilder(f), g.cfg.Stmts, nil, 0
	s := &scope{}
	for i := range sig.Params {
		s.add(g.b.Param(i))
	}
	if !g.cfg.NoMem {
		for range g.n(3) {
			g.slots = append(g.slots, g.b.StackAddr(memSize))
		}
	}
	for g.budget > 0 {
		g.stmt(s)
	}
	g.ret(s)
	g.funcs = append(g.funcs, f)
}

func (g *generator) ret(s *scope) {
	results := make([]*ir.Value, len(g.b.Func.Sig.Results))
	for i, t := range g.b.Func.Sig.Results {
		results[i] = g.value(s, t)
	}
	if !g.cfg.NoCall && !g.cfg.NoGo && g.one(8) {
		for _, f := range g.funcs {
			if f.Linkage != ir.DeclaredGo && sameTypes(f.Sig.Results, g.b.Func.Sig.Results) {
				g.b.TailCall(f, g.values(s, f.Sig.Params)...)
				return
			}
		}
	}
	g.b.Ret(results...)
}

func sameTypes(a, b []ir.Type) bool {
	return ir.Signature{Params: a}.Equal(ir.Signature{Params: b})
}

func (g *generator) values(s *scope, types []ir.Type) []*ir.Value {
	out := make([]*ir.Value, len(types))
	for i, t := range types {
		out[i] = g.value(s, t)
	}
	return out
}

// value returns a visible value of a type, recent ones preferred, or a constant.
func (g *generator) value(s *scope, t ir.Type) *ir.Value {
	vs := s.vals[t]
	if len(vs) == 0 || g.one(6) {
		if t == ir.Ref && g.one(2) && g.node != nil {
			return s.add(g.b.Alloc(g.node))
		}
		return g.b.Const(t, g.constant(t))
	}
	if k := min(len(vs), 6); g.one(2) {
		return vs[len(vs)-1-g.n(k)]
	}
	return pick(g, vs)
}

var oddInts = []int64{0, 1, -1, 2, 3, 5, 7, 8, 10, 16, 31, 32, 63, 64, 127, 128, 255, 256, 1000, 0x7fff, 0xffff, 1 << 31, 1<<31 - 1, 1 << 32, math.MaxInt64, math.MinInt64, 0x5555555555555555}

var oddFloats = []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 2, 1e10, -1e10, 1e300, 1e-300, 3.5, 2.5, -2.5, math.Inf(1), math.Inf(-1), math.NaN(), 1 << 31, 1 << 63, -1 << 63, 1 << 53}

func (g *generator) constant(t ir.Type) int64 {
	switch {
	case t == ir.Ref || t == ir.Ptr:
		return 0
	case t.IsFloat():
		f := pick(g, oddFloats)
		if g.one(2) {
			f = g.rng.NormFloat64() * 100
		}
		if t == ir.F32 {
			return int64(math.Float32bits(float32(f)))
		}
		return int64(math.Float64bits(f))
	case g.one(3):
		return ir.SignExtend(t, int64(g.rng.Uint64()))
	case g.one(3):
		return int64(g.n(100) - 20)
	}
	return ir.SignExtend(t, pick(g, oddInts))
}

// stmt appends a statement to the current block, perhaps ending it and moving on.
func (g *generator) stmt(s *scope) {
	g.budget--
	switch k := g.n(100); {
	case k < 45:
		g.pure(s)
	case k < 52:
		g.overflow(s)
	case k < 56:
		s.add(g.compare(s))
	case k < 68:
		g.memory(s)
	case k < 72:
		g.guard(s)
	case k < 78:
		g.ifElse(s)
	case k < 82:
		g.loop(s)
	case k < 85:
		g.switchOn(s)
	case k < 90:
		g.call(s)
	case k < 95:
		g.object(s)
	case k < 97:
		g.division(s)
	case k < 98:
		g.earlyEnd(s)
	default:
		g.bitcast(s)
	}
}

var intBinary = []ir.Op{ir.OpAdd, ir.OpAdd, ir.OpSub, ir.OpSub, ir.OpMul, ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpShl, ir.OpLshr, ir.OpAshr, ir.OpRotl, ir.OpRotr, ir.OpSmulhi, ir.OpUmulhi, ir.OpSmin, ir.OpSmax, ir.OpUmin, ir.OpUmax}
var intUnary = []ir.Op{ir.OpNeg, ir.OpNot, ir.OpClz, ir.OpCtz, ir.OpPopcnt, ir.OpBswap}
var floatBinary = []ir.Op{ir.OpFadd, ir.OpFsub, ir.OpFmul, ir.OpFdiv, ir.OpFmin, ir.OpFmax}
var floatUnary = []ir.Op{ir.OpFneg, ir.OpFabs, ir.OpFsqrt, ir.OpFfloor, ir.OpFceil, ir.OpFtrunc, ir.OpFnearest}

func (g *generator) op(s *scope, op ir.Op, t ir.Type, args ...*ir.Value) *ir.Value {
	return s.add(g.b.Block.Add(op, t, args...))
}

func (g *generator) pure(s *scope) {
	t := g.anyType()
	switch {
	case g.one(9):
		g.op(s, ir.OpSelect, t, g.cond(s), g.value(s, t), g.value(s, t))
	case t == ir.Ref:
		s.add(g.value(s, t))
	case t.IsFloat():
		g.pureFloat(s, t)
	case g.one(5):
		g.extend(s, t)
	case g.one(5):
		g.op(s, pick(g, intUnary), t, g.value(s, t))
	default:
		g.op(s, pick(g, intBinary), t, g.value(s, t), g.value(s, t))
	}
}

func (g *generator) pureFloat(s *scope, t ir.Type) {
	switch g.n(8) {
	case 0:
		g.op(s, []ir.Op{ir.OpSitofp, ir.OpUitofp}[g.n(2)], t, g.value(s, pick(g, intTypes)))
	case 1:
		if t == ir.F64 {
			g.op(s, ir.OpFpext, t, g.value(s, ir.F32))
		} else {
			g.op(s, ir.OpFptrunc, t, g.value(s, ir.F64))
		}
	case 2, 3:
		g.op(s, pick(g, floatUnary), t, g.value(s, t))
	case 4:
		g.op(s, ir.OpFcopysign, t, g.value(s, t), g.canonical(s, g.value(s, t)))
	case 5:
		if g.one(3) {
			g.op(s, ir.OpFma, t, g.value(s, t), g.value(s, t), g.value(s, t))
			return
		}
		fallthrough
	default:
		g.op(s, pick(g, floatBinary), t, g.value(s, t), g.value(s, t))
	}
}

// extend makes an integer of type t from a narrower, a wider or a float value.
func (g *generator) extend(s *scope, t ir.Type) {
	from := pick(g, intTypes)
	switch {
	case from.Size() < t.Size():
		g.op(s, []ir.Op{ir.OpSext, ir.OpZext}[g.n(2)], t, g.value(s, from))
	case from.Size() > t.Size():
		g.op(s, ir.OpTrunc, t, g.value(s, from))
	case !g.cfg.NoFloat:
		g.op(s, []ir.Op{ir.OpFptosi, ir.OpFptoui}[g.n(2)], t, g.value(s, []ir.Type{ir.F32, ir.F64}[g.n(2)]))
	}
}

// canonical makes the bits of a NaN the same everywhere.
func (g *generator) canonical(s *scope, v *ir.Value) *ir.Value {
	if !v.Type.IsFloat() {
		return v
	}
	nan := g.b.Float(v.Type, math.NaN())
	return g.op(s, ir.OpSelect, v.Type, g.b.Fne(v, v), nan, v)
}

func (g *generator) bitcast(s *scope) {
	pairs := [][2]ir.Type{{ir.I32, ir.F32}, {ir.F32, ir.I32}, {ir.I64, ir.F64}, {ir.F64, ir.I64}}
	if g.cfg.NoFloat {
		return
	}
	p := pick(g, pairs)
	g.op(s, ir.OpBitcast, p[1], g.canonical(s, g.value(s, p[0])))
}

func (g *generator) overflow(s *scope) {
	t := pick(g, intTypes)
	op := ir.OpSaddov + ir.Op(g.n(int(ir.OpSubb-ir.OpSaddov)+1))
	args := []*ir.Value{g.value(s, t), g.value(s, t)}
	if op == ir.OpAddc || op == ir.OpSubb {
		args = append(args, g.value(s, ir.I8))
	}
	v := g.b.Block.Add(op, t, args...)
	o := g.b.Block.AddResult(v, 1, ir.I8)
	s.add(v)
	s.add(o)
	if g.cfg.NoGuard || !g.one(2) {
		return
	}
	ok := g.b.Eq(o, g.b.Const(ir.I8, 0))
	g.guardOn(s, ok)
}

// compare makes a comparison.
func (g *generator) compare(s *scope) *ir.Value {
	t := g.anyType()
	op := ir.OpEq + ir.Op(g.n(int(ir.OpUge-ir.OpEq)+1))
	switch {
	case t.IsFloat():
		op = ir.OpFeq + ir.Op(g.n(int(ir.OpFge-ir.OpFeq)+1))
	case t == ir.Ref: // only with nil: addresses differ between executors
		return g.b.Block.Add([]ir.Op{ir.OpEq, ir.OpNe}[g.n(2)], ir.I8, g.value(s, t), g.b.Const(ir.Ref, 0))
	}
	return g.b.Block.Add(op, ir.I8, g.value(s, t), g.value(s, t))
}

func (g *generator) cond(s *scope) *ir.Value {
	if g.one(5) {
		return g.value(s, ir.I8)
	}
	return g.compare(s)
}

// The alias classes: one for each global, one for the stack slots, one for
// each field of an object.
const (
	classMem   ir.AliasClass = 1
	classSlot  ir.AliasClass = 3
	classConst ir.AliasClass = 4
	classField ir.AliasClass = 5
)

// place returns a base with an offset such that 8 bytes are good there.
func (g *generator) place(s *scope, write bool) (*ir.Value, int64, ir.Mem) {
	var base *ir.Value
	m := ir.Mem{}
	switch {
	case len(g.slots) > 0 && g.one(2):
		base, m.Class = pick(g, g.slots), classSlot
	case !write && g.one(4):
		base, m.Class = g.b.SymAddr(g.konst), classConst
		if g.one(2) {
			m.Flags |= ir.Immutable
		}
	default:
		k := g.n(len(g.mem))
		base, m.Class = g.b.SymAddr(g.mem[k]), classMem+ir.AliasClass(k)
	}
	if g.one(3) {
		m.Class = 0
	}
	if g.one(3) {
		m.Flags |= ir.NonTrap
	}
	base, off := g.indexed(s, base)
	return base, off, m
}

// indexed adds a masked index to a base.
func (g *generator) indexed(s *scope, base *ir.Value) (*ir.Value, int64) {
	if g.one(2) {
		return base, int64(g.n(memSize - 7))
	}
	idx := g.b.And(g.value(s, ir.I64), g.b.Int(memMask))
	if g.one(3) {
		k := int64(g.n(4))
		idx = g.b.Shl(g.b.And(g.value(s, ir.I64), g.b.Int(memMask>>k)), g.b.Int(k))
	}
	off := int64(g.n(memSlack))
	if g.one(2) {
		return g.b.Addrof(base, idx, off), 0
	}
	return g.b.Addrof(base, idx, 0), off
}

func (g *generator) memType() ir.Type {
	for {
		if t := g.anyType(); t != ir.Ref {
			return t
		}
	}
}

func (g *generator) memory(s *scope) {
	if g.cfg.NoMem {
		return
	}
	switch g.n(12) {
	case 0:
		dst, _, _ := g.place(s, true)
		src, _, _ := g.place(s, false)
		n := g.b.And(g.value(s, ir.I64), g.b.Int(7))
		g.b.Memmove(dst, src, n)
	case 1:
		dst, _, _ := g.place(s, true)
		g.b.Memzero(dst, g.b.Int(int64(g.n(9))))
	case 2, 3, 4, 5, 6:
		p, off, m := g.place(s, true)
		v := g.canonical(s, g.value(s, g.memType()))
		g.b.Store(p, off, v, m)
	default:
		p, off, m := g.place(s, false)
		s.add(g.b.Load(g.memType(), p, off, m))
	}
}

func (g *generator) guard(s *scope) {
	if g.cfg.NoGuard {
		return
	}
	x := g.value(s, pick(g, intTypes))
	c := g.b.Ne(x, g.b.Const(x.Type, g.constant(x.Type)))
	if g.one(6) {
		c = g.cond(s)
	}
	g.guardOn(s, c)
}

func (g *generator) guardOn(s *scope, c *ir.Value) {
	g.exits++
	g.b.Guard(c, g.exits, g.live(s)...)
}

func (g *generator) live(s *scope) []*ir.Value {
	n := g.n(7)
	if g.one(10) {
		n += 20
	}
	out := make([]*ir.Value, n)
	for i := range out {
		out[i] = g.value(s, g.anyType())
	}
	return out
}

// body fills a block with a few statements in a scope of its own, and returns the scope.
func (g *generator) body(blk *ir.Block, s *scope, stmts int) *scope {
	g.b.At(blk)
	c := s.child()
	for _, p := range blk.Params {
		c.add(p)
	}
	for range stmts {
		if g.budget > 0 {
			g.stmt(c)
		}
	}
	return c
}

func (g *generator) join(s *scope) (*ir.Block, []ir.Type) {
	types := g.sigTypes(g.n(4))
	return g.b.NewBlock(types...), types
}

func (g *generator) edge(s *scope, to *ir.Block, types []ir.Type) ir.Edge {
	e := ir.To(to, g.values(s, types)...)
	if g.one(4) {
		e.Weight = float32(g.n(10)) / 10
	}
	return e
}

func (g *generator) enter(blk *ir.Block, s *scope) {
	g.b.At(blk)
	for _, p := range blk.Params {
		s.add(p)
	}
}

func (g *generator) ifElse(s *scope) {
	join, types := g.join(s)
	c := g.cond(s)
	if g.one(6) { // both edges to one block, with different arguments
		g.b.Br(c, g.edge(s, join, types), g.edge(s, join, types))
		g.enter(join, s)
		return
	}
	then := g.b.NewBlock()
	var els ir.Edge
	var elsBlk *ir.Block
	if g.one(2) {
		elsBlk = g.b.NewBlock()
		els = ir.To(elsBlk)
	} else {
		els = g.edge(s, join, types)
	}
	if g.one(8) {
		then.Weight = -1
	}
	g.b.Br(c, ir.To(then), els)
	g.branch(then, s, join, types)
	if elsBlk != nil {
		g.branch(elsBlk, s, join, types)
	}
	g.enter(join, s)
}

func (g *generator) branch(blk *ir.Block, s *scope, join *ir.Block, types []ir.Type) {
	c := g.body(blk, s, g.n(6))
	if g.one(15) {
		g.finish(c)
		return
	}
	g.b.Jump(join, g.values(c, types)...)
}

// finish ends the current block without going on.
func (g *generator) finish(s *scope) {
	switch k := g.n(5); {
	case k == 0 && !g.cfg.NoGuard:
		g.exits++
		g.b.Exit(g.exits, g.live(s)...)
	case k == 1 && !g.cfg.NoTrap:
		g.b.Trap(ir.TrapUser + ir.TrapCode(g.n(5)))
	default:
		g.ret(s)
	}
}

func (g *generator) earlyEnd(s *scope) {
	out, on := g.b.NewBlock(), g.b.NewBlock()
	g.b.Br(g.b.Eq(g.value(s, ir.I64), g.b.Int(g.constant(ir.I64))), ir.To(out), ir.To(on))
	g.b.At(out)
	g.finish(s.child())
	g.b.At(on)
}

// loop makes a loop that counts down or up to at most 6, with more values carried.
func (g *generator) loop(s *scope) {
	if g.loops >= 2 {
		return
	}
	g.loops++
	if g.cfg.Irreducible && g.one(2) {
		g.twoEntries(s)
		g.loops--
		return
	}
	types := g.sigTypes(g.n(5))
	head := g.b.NewBlock(append([]ir.Type{ir.I64}, types...)...)
	after := g.b.NewBlock(types...)
	bound := g.b.Int(int64(g.n(6)))
	if g.one(2) {
		bound = g.b.And(g.value(s, ir.I64), g.b.Int(3))
	}
	g.b.Jump(head, append([]*ir.Value{g.b.Int(0)}, g.values(s, types)...)...)
	if g.one(2) {
		g.whileLoop(s, head, after, bound, types)
	} else {
		g.doLoop(s, head, after, bound, types)
	}
	g.loops--
	g.enter(after, s)
}

// twoEntries makes a loop of two blocks, both of which are entered from outside.
func (g *generator) twoEntries(s *scope) {
	types := g.sigTypes(g.n(4))
	one := g.b.NewBlock(append([]ir.Type{ir.I64}, types...)...)
	two := g.b.NewBlock(append([]ir.Type{ir.I64}, types...)...)
	after := g.b.NewBlock(types...)
	bound := g.b.Int(int64(g.n(8)))
	c := g.cond(s)
	enter := func(b *ir.Block) ir.Edge {
		return ir.To(b, append([]*ir.Value{g.b.Int(int64(g.n(2)))}, g.values(s, types)...)...)
	}
	first, second := enter(one), enter(two)
	g.b.Br(c, first, second)
	in := g.body(one, s, g.n(5))
	g.b.Jump(two, append([]*ir.Value{g.b.Add(one.Params[0], g.b.Int(1))}, g.values(in, types)...)...)
	in = g.body(two, s, g.n(5))
	next := g.b.Add(two.Params[0], g.b.Int(1))
	again := ir.To(one, append([]*ir.Value{next}, g.values(in, types)...)...)
	g.b.Br(g.b.Slt(next, bound), again, g.edge(in, after, types))
	g.enter(after, s)
}

func (g *generator) whileLoop(s *scope, head, after *ir.Block, bound *ir.Value, types []ir.Type) {
	blk := g.b.NewBlock()
	g.b.At(head)
	i := head.Params[0]
	g.b.Br(g.b.Slt(i, bound), ir.To(blk), ir.To(after, head.Params[1:]...))
	in := s.child()
	for _, p := range head.Params {
		in.add(p)
	}
	c := g.body(blk, in, g.n(7))
	g.b.Jump(head, append([]*ir.Value{g.b.Add(i, g.b.Int(1))}, g.values(c, types)...)...)
}

func (g *generator) doLoop(s *scope, head, after *ir.Block, bound *ir.Value, types []ir.Type) {
	c := g.body(head, s, g.n(7))
	next := g.b.Add(head.Params[0], g.b.Int(1))
	back := ir.To(head, append([]*ir.Value{next}, g.values(c, types)...)...)
	g.b.Br(g.b.Slt(next, bound), back, g.edge(c, after, types))
}

func (g *generator) switchOn(s *scope) {
	join, types := g.join(s)
	t := pick(g, intTypes)
	x := g.value(s, t)
	if g.one(2) {
		x = g.b.And(x, g.b.Const(t, 7))
	}
	seen := map[int64]bool{}
	var cases []int64
	var edges []ir.Edge
	var blocks []*ir.Block
	for range g.n(9) {
		k := int64(g.n(8))
		if g.one(5) {
			k = g.constant(t)
		}
		if seen[k] {
			continue
		}
		seen[k] = true
		cases = append(cases, k)
		if len(blocks) > 0 && g.one(4) {
			edges = append(edges, ir.To(pick(g, blocks)))
		} else if g.one(3) {
			edges = append(edges, g.edge(s, join, types))
		} else {
			blk := g.b.NewBlock()
			blocks = append(blocks, blk)
			edges = append(edges, ir.To(blk))
		}
	}
	g.b.Switch(x, cases, edges, g.edge(s, join, types))
	for _, blk := range blocks {
		g.branch(blk, s, join, types)
	}
	g.enter(join, s)
}

func (g *generator) call(s *scope) {
	if g.cfg.NoCall || len(g.funcs) == 0 || g.loops > 1 {
		return
	}
	f := pick(g, g.funcs)
	args := g.values(s, f.Sig.Params)
	results := f.Sig.Results
	var out []*ir.Value
	if g.one(4) && f.Linkage != ir.DeclaredGo {
		out = g.b.Icall(g.b.SymAddr(f), f.Sig, args...)
	} else {
		out = g.b.Call(f, args...)
	}
	for i := range results {
		s.add(out[i])
	}
}

// object works on allocated objects: two refs and three numbers each.
func (g *generator) object(s *scope) {
	if g.cfg.NoRef {
		return
	}
	fresh := g.b.Alloc(g.node)
	r := g.value(s, ir.Ref)
	o := g.op(s, ir.OpSelect, ir.Ref, g.b.Ne(r, g.b.Const(ir.Ref, 0)), r, fresh)
	for range 1 + g.n(4) {
		num, ref := []int64{8, 16, 32}[g.n(3)], []int64{0, 24}[g.n(2)]
		mn, mr := ir.Mem{}, ir.Mem{}
		if g.one(2) {
			mn.Class, mr.Class = classField+ir.AliasClass(num/8), classField+ir.AliasClass(ref/8)
		}
		switch g.n(4) {
		case 0:
			g.b.Store(o, num, g.value(s, ir.I64), mn)
		case 1:
			s.add(g.b.Load(ir.I64, o, num, mn))
		case 2:
			g.b.Store(o, ref, g.value(s, ir.Ref), mr)
		case 3:
			s.add(g.b.Load(ir.Ref, o, ref, mr))
		}
	}
}

func (g *generator) division(s *scope) {
	t := pick(g, intTypes)
	op := ir.OpSdiv + ir.Op(g.n(4))
	y := g.value(s, t)
	switch {
	case g.one(3):
		y = g.b.Const(t, g.constant(t))
		if y.Imm == 0 && g.cfg.NoTrap {
			y.Imm = 3
		}
	case g.cfg.NoTrap || !g.one(6):
		y = g.b.Or(y, g.b.Const(t, 1))
	}
	g.op(s, op, t, g.value(s, t), y)
}
