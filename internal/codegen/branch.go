package codegen

import (
	"slices"

	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// Conditions, branches, guards, calls and the ends of blocks.

// flags is a condition on the processor's flags: cc, refined for float
// equality by the parity flag (set when an operand was NaN).
type flags struct {
	cc  amd64.Cond
	par uint8
}

const (
	parNone = iota
	parEq   // E and not P
	parNe   // NE or P
)

func (f flags) negate() flags {
	switch f.par {
	case parEq:
		return flags{amd64.NE, parNe}
	case parNe:
		return flags{amd64.E, parEq}
	}
	return flags{cc: f.cc.Negate()}
}

var intCond = [256]amd64.Cond{ir.OpEq: amd64.E, ir.OpNe: amd64.NE, ir.OpSlt: amd64.L, ir.OpSle: amd64.LE, ir.OpSgt: amd64.G, ir.OpSge: amd64.GE,
	ir.OpUlt: amd64.B, ir.OpUle: amd64.BE, ir.OpUgt: amd64.A, ir.OpUge: amd64.AE}

// setFrom stores a condition as 0 or 1 in d.
func (c *Compiler) setFrom(d vreg, f flags) {
	o := c.mark()
	if f.par != parNone {
		c.defEarly(d)
		c.temp(ir.I8)
		in := inst{op: mSetNP, cc: f.cc}
		if f.par == parNe {
			in.sub = 1
		}
		c.put(in, o)
		return
	}
	c.def(d)
	c.put(inst{op: mSet, cc: f.cc}, o)
}

// isBool says whether v is 0 or 1 for certain.
func isBool(v *ir.Value) bool {
	return v.Op.IsCompare() || v.Op == ir.OpResult && v.Type == ir.I8 && v.Args[0].Op.IsOverflow()
}

// cond emits code that sets the flags and returns the condition under which v is not 0.
func (c *Compiler) cond(v *ir.Value) flags {
	neg, shared := false, false // shared: a comparison on the way is also used as a value, and will want its operand
	for {
		if v.Op == ir.OpParam && c.val[v.ID].alias != nil {
			v = c.val[v.ID].alias
			continue
		}
		x, flip, ok := c.peel(v)
		if !ok {
			break
		}
		shared = shared || c.val[v.ID].uses > 1
		v, neg = x, neg != flip
	}
	f := c.condOf(v, shared)
	if neg {
		f = f.negate()
	}
	return f
}

// peel recognises x == 0, x != 0 and x ^ 1 for a boolean x.
func (c *Compiler) peel(v *ir.Value) (x *ir.Value, flip, ok bool) {
	if v.Op != ir.OpEq && v.Op != ir.OpNe && v.Op != ir.OpXor || v.Args[0].Type != ir.I8 || !isBool(v.Args[0]) {
		return nil, false, false
	}
	k, isK := c.isConst(v.Args[1])
	if !isK || k != 0 && k != 1 {
		return nil, false, false
	}
	switch v.Op {
	case ir.OpEq:
		return v.Args[0], k == 0, true
	case ir.OpNe:
		return v.Args[0], k == 1, true
	}
	return v.Args[0], k == 1, true
}

func (c *Compiler) condOf(v *ir.Value, shared bool) flags {
	switch {
	case v.Op.IsCompare() && c.val[v.ID].block == c.curB:
		return c.compareShared(v, shared)
	case v.Op == ir.OpResult && !shared && c.sinkable(v):
		c.val[v.ID].done, c.val[v.Args[0].ID].done = true, true
		return c.overflow(v.Args[0])
	case c.foldable(v):
		m := c.fold(v)
		c.putMem(inst{op: mCmpM, w: amd64.W8, mem: immYes}, c.mark(), &m, false)
		return flags{cc: amd64.NE}
	}
	a := c.use(v)
	c.testR(amd64.W8, a)
	return flags{cc: amd64.NE}
}

// testR sets the flags for a comparison of a with 0.
func (c *Compiler) testR(w amd64.Width, a vreg) { c.cmpI(w, a, 0) }

// sinkable says whether the overflow operation behind flag v can be done
// right here: nothing between it and here uses its result.
func (c *Compiler) sinkable(v *ir.Value) bool {
	def := v.Args[0]
	vi, di := &c.val[v.ID], &c.val[def.ID]
	if !def.Op.IsOverflow() || def.Op == ir.OpAddc || def.Op == ir.OpSubb || vi.uses != 1 || vi.v != 0 || di.done || di.block != c.curB {
		return false
	}
	b := c.order[c.curB]
	for k, n := c.curK-1, 0; k >= 0 && n < 24; k, n = k-1, n+1 {
		u := b.Insts[k]
		if u == def {
			return true
		}
		if u.Op != ir.OpResult && slices.Contains(u.Args, def) {
			return false
		}
	}
	return false
}

// compare emits a comparison and returns its condition.
func (c *Compiler) compare(v *ir.Value) flags { return c.compareShared(v, false) }

func (c *Compiler) compareShared(v *ir.Value, shared bool) flags {
	c.noFold = shared || c.val[v.ID].uses > 1 // it may be repeated at each use: its operands stay
	defer func() { c.noFold = false }()
	if v.Op >= ir.OpFeq {
		return c.compareFloat(v)
	}
	x, y, cc := v.Args[0], v.Args[1], intCond[v.Op]
	if _, ok := c.isConst(x); ok || c.foldable(x) && !c.foldable(y) {
		if _, both := c.isConst(y); !both {
			x, y, cc = y, x, cc.Swap()
		}
	}
	w := widthOf(x.Type)
	if k, ok := c.imm32(y); ok {
		c.compareImm(x, k, w)
		return flags{cc: cc}
	}
	if c.foldable(y) {
		m := c.fold(y)
		a := c.use(x)
		o := c.mark()
		c.reg(a)
		c.putMem(inst{op: mCmp, w: w}, o, &m, false)
		return flags{cc: cc}
	}
	c.cmpR(w, c.use(x), c.use(y))
	return flags{cc: cc}
}

// compareImm emits a comparison with a constant; with 0 it is a test.
func (c *Compiler) compareImm(x *ir.Value, k int64, w amd64.Width) {
	if k == 0 && x.Op == ir.OpAnd && c.val[x.ID].uses == 1 && c.val[x.ID].block == c.curB && c.val[x.ID].v == 0 {
		c.val[x.ID].done = true
		c.testAnd(x, w)
		return
	}
	if c.foldable(x) {
		m := c.fold(x)
		c.putMem(inst{op: mCmpM, w: w, mem: immYes, imm: k}, c.mark(), &m, false)
		return
	}
	a := c.use(x)
	c.cmpI(w, a, k)
}

// testAnd emits a test of the operands of an and.
func (c *Compiler) testAnd(x *ir.Value, w amd64.Width) {
	p, q := x.Args[0], x.Args[1]
	if _, ok := c.isConst(p); ok {
		p, q = q, p
	}
	if k, ok := c.imm32(q); ok {
		if c.foldable(p) {
			m := c.fold(p)
			c.putMem(inst{op: mTestM, w: w, mem: immYes, imm: k}, c.mark(), &m, false)
			return
		}
		a := c.use(p)
		o := c.mark()
		c.reg(a)
		if w == amd64.W64 && k >= 0 {
			w = amd64.W32
		}
		c.put(inst{op: mTest, w: w, mem: immYes, imm: k}, o)
		return
	}
	a, b := c.use(p), c.use(q)
	o := c.mark()
	c.reg(a)
	c.reg(b)
	c.put(inst{op: mTest, w: w}, o)
}

// compareFloat uses the conditions that are false on NaN: a < b is b above a.
func (c *Compiler) compareFloat(v *ir.Value) flags {
	x, y := v.Args[0], v.Args[1]
	f := flags{cc: amd64.A}
	switch v.Op {
	case ir.OpFeq:
		f = flags{amd64.E, parEq}
	case ir.OpFne:
		f = flags{amd64.NE, parNe}
	case ir.OpFlt:
		x, y = y, x
	case ir.OpFle:
		x, y, f.cc = y, x, amd64.AE
	case ir.OpFge:
		f.cc = amd64.AE
	}
	a := c.use(x)
	in := inst{op: mUcomi, w: widthOf(x.Type)}
	if m, ok := c.floatMem(y); ok {
		o := c.mark()
		c.reg(a)
		c.putMem(in, o, &m, false)
		return f
	}
	b := c.use(y)
	o := c.mark()
	c.reg(a)
	c.any(b)
	c.put(in, o)
	return f
}

// floatMem returns the memory operand of a float constant or foldable load.
func (c *Compiler) floatMem(v *ir.Value) (amode, bool) {
	if c.foldable(v) {
		return c.fold(v), true
	}
	t := v.Type
	for v.Op == ir.OpParam && c.val[v.ID].alias != nil {
		v = c.val[v.ID].alias
	}
	if v.Op == ir.OpConst && t.IsFloat() && v.Imm != 0 {
		return amode{pool: true, disp: c.poolFloat(t, v.Imm)}, true
	}
	return amode{}, false
}

func (c *Compiler) lowerSelect(v *ir.Value) {
	d := c.result(v)
	a, b := c.use(v.Args[1]), c.use(v.Args[2])
	f := c.cond(v.Args[0])
	if v.Type.IsFloat() {
		if f.par != parNone {
			t := c.newVreg(ir.I8)
			c.setFrom(t, f)
			c.testR(amd64.W8, t)
			f = flags{cc: amd64.NE}
		}
		c.conditional(inst{op: mSelF, cc: f.cc}, d, b, a)
		return
	}
	w := opWidth(v.Type)
	switch f.par {
	case parEq: // a unless NE or P
		t := c.newVreg(v.Type)
		c.conditional(inst{op: mCmov, w: w, cc: amd64.NE}, t, a, b)
		c.conditional(inst{op: mCmov, w: w, cc: amd64.P}, d, t, b)
	case parNe:
		t := c.newVreg(v.Type)
		c.conditional(inst{op: mCmov, w: w, cc: amd64.NE}, t, b, a)
		c.conditional(inst{op: mCmov, w: w, cc: amd64.P}, d, t, a)
	default:
		c.conditional(inst{op: mCmov, w: w, cc: f.cc}, d, b, a)
	}
}

// conditional emits d = cc ? then : els.
func (c *Compiler) conditional(in inst, d, els, then vreg) {
	o := c.mark()
	c.defTied(d, els)
	c.any(els)
	c.anyLate(then)
	c.put(in, o)
}

func (c *Compiler) lowerGuard(v *ir.Value) {
	c.liveOperands(v.Args[1:])
	f := c.cond(v.Args[0]).negate()
	c.exits = append(c.exits, exitRec{kind: obj.ExitGuard, id: int32(v.Imm), cell: true})
	in := inst{op: mGuard, cc: f.cc, aux: int32(len(c.exits) - 1)}
	if f.par != parNone {
		in.op, in.sub = mGuardP, f.par-1
	}
	o := c.mark()
	c.opnds = append(c.opnds, c.tmp...)
	c.put(in, o)
}

func (c *Compiler) lowerEnd(b *ir.Block) {
	e := &b.End
	switch e.Op {
	case ir.OpJump:
		c.edgeJump(&e.Succs[0])
	case ir.OpBr:
		f := c.cond(e.Args[0])
		in := inst{op: mJcc, cc: f.cc}
		if f.par != parNone {
			in.op, in.sub = mJccP, f.par-1
		}
		c.put(in, c.mark())
	case ir.OpSwitch:
		if len(e.Cases) == 0 {
			c.edgeJump(&e.Succs[0])
			return
		}
		c.lowerSwitch(e)
	case ir.OpRet:
		c.lowerRet(e)
	case ir.OpTailcall:
		c.lowerTail(e)
	case ir.OpExit:
		c.liveOperands(e.Args)
		c.exits = append(c.exits, exitRec{kind: obj.ExitGuard, id: int32(e.Imm), cell: true})
		o := c.mark()
		c.opnds = append(c.opnds, c.tmp...)
		c.put(inst{op: mExit, aux: int32(len(c.exits) - 1)}, o)
	case ir.OpTrap:
		c.trap(ir.TrapCode(e.Imm))
	case ir.OpUnreachable:
		c.trap(ir.TrapUnreachable)
	default:
		fail("block end %s", e.Op)
	}
}

func (c *Compiler) trap(code ir.TrapCode) {
	c.exits = append(c.exits, exitRec{kind: obj.ExitTrap, id: -1, arg: int32(code)})
	c.put(inst{op: mTrap, aux: int32(len(c.exits) - 1)}, c.mark())
}

// trapIf traps when the condition holds.
func (c *Compiler) trapIf(cc amd64.Cond, code ir.TrapCode) {
	c.exits = append(c.exits, exitRec{kind: obj.ExitTrap, id: -1, arg: int32(code)})
	c.put(inst{op: mTrapIf, cc: cc, aux: int32(len(c.exits) - 1)}, c.mark())
}

// switchTable is the plan of a multi-way branch.
type switchTable struct {
	cases []switchCase // ascending
	def   int32        // successor number
	dense bool
	min   int64
	slots []int32 // dense: successor numbers
	w     amd64.Width
}

type switchCase struct {
	key  int64
	succ int32
}

func (c *Compiler) lowerSwitch(e *ir.End) {
	x := e.Args[0]
	t := switchTable{def: int32(len(e.Cases)), w: opWidth(x.Type)}
	for i, k := range e.Cases {
		switch x.Type {
		case ir.I8:
			k = int64(uint8(k))
		case ir.I16:
			k = int64(uint16(k))
		case ir.I32:
			k = int64(int32(k))
		}
		t.cases = append(t.cases, switchCase{k, int32(i)})
	}
	slices.SortFunc(t.cases, func(a, b switchCase) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	t.plan()
	a := c.ext(x, false)
	in := inst{op: mJmpTab, w: t.w, aux: int32(len(c.switches))}
	if t.dense {
		i := c.newVreg(ir.I64)
		switch {
		case t.min == 0 && t.w == amd64.W64:
			i = a
		case t.min == int64(int32(t.min)):
			c.aluI(amd64.Sub, t.w, i, a, t.min)
		default:
			c.aluR(amd64.Sub, t.w, i, a, c.constTemp(ir.I64, t.min))
		}
		a = i
	}
	c.switches = append(c.switches, t)
	o := c.mark()
	if t.dense {
		c.temp(ir.I64)
		c.temp(ir.I64)
	}
	c.regLate(a)
	c.put(in, o)
}

// plan decides between a jump table and a search.
func (t *switchTable) plan() {
	n := len(t.cases)
	if n < 5 {
		return
	}
	t.min = t.cases[0].key
	span := uint64(t.cases[n-1].key) - uint64(t.min)
	if span >= uint64(4*n+8) {
		return
	}
	t.dense = true
	t.slots = make([]int32, span+1)
	for i := range t.slots {
		t.slots[i] = t.def
	}
	for _, k := range t.cases {
		t.slots[k.key-t.min] = k.succ
	}
}

func (c *Compiler) lowerRet(e *ir.End) {
	locs, ok := obj.AssignResults(c.f.Sig.Results)
	if !ok {
		fail("too many results: %s", c.f.Sig)
	}
	c.tmp = c.tmp[:0]
	for i, a := range e.Args {
		v := c.use(a)
		c.tmp = append(c.tmp, operand{v: v, con: conFixed, reg: locs[i].Reg})
		if c.vi[v].hintR == noLoc {
			c.vi[v].hintR = regLoc(locs[i].Reg)
		}
	}
	o := c.mark()
	c.opnds = append(c.opnds, c.tmp...)
	c.put(inst{op: mRet}, o)
}

// callArgs emits the stores of arguments that travel in memory and leaves the register arguments in c.tmp.
func (c *Compiler) callArgs(args []*ir.Value, sig ir.Signature) {
	locs, stack := obj.AssignParams(sig.Params)
	c.outBytes = max(c.outBytes, stack)
	c.tmp = c.tmp[:0]
	for i, a := range args {
		v := c.use(a)
		l := &locs[i]
		if l.InReg {
			c.tmp = append(c.tmp, operand{v: v, con: conFixed, reg: l.Reg})
			if c.vi[v].hintR == noLoc {
				c.vi[v].hintR = regLoc(l.Reg)
			}
			continue
		}
		in := inst{op: mArgOut, disp: l.Stack}
		if a.Type == ir.Ref {
			in.sub, in.disp = 1, l.RefOrd
			c.outRefs = max(c.outRefs, l.RefOrd+1)
		}
		o := c.mark()
		c.reg(v)
		c.put(in, o)
	}
}

func (c *Compiler) lowerCall(b *ir.Block, k int, v *ir.Value) {
	info := v.Call()
	args := v.Args
	in := inst{op: mCall}
	if v.Op == ir.OpIcall {
		in.op = mICall
		cell := c.use(args[0])
		args = args[1:]
		c.callArgs(args, info.Sig)
		c.tmp = append(c.tmp, operand{v: cell, con: conFixed, reg: obj.RDX})
	} else {
		in.aux = c.sym(info.Callee.Name)
		c.callArgs(args, info.Sig)
	}
	c.calls = true
	results, ok := obj.AssignResults(info.Sig.Results)
	if !ok {
		fail("too many results: %s", info.Sig)
	}
	o := c.mark()
	if d := c.val[v.ID].v; d != 0 {
		c.fixedDef(d, results[0].Reg)
	}
	for k++; k < len(b.Insts) && b.Insts[k].Op == ir.OpResult; k++ {
		if d := c.val[b.Insts[k].ID].v; d != 0 {
			c.fixedDef(d, results[b.Insts[k].Imm].Reg)
		}
	}
	c.opnds = append(c.opnds, c.tmp...)
	c.put(in, o)
}

func (c *Compiler) lowerTail(e *ir.End) {
	sig := e.Call.Sig
	if j := c.joinOf(e.Call.Callee.Name); j >= 0 {
		c.lowerJoin(e, j)
		return
	}
	_, stack := obj.AssignParams(sig.Params)
	locs, _ := obj.AssignParams(sig.Params)
	overflow := stack > 0
	for _, l := range locs {
		overflow = overflow || !l.InReg
	}
	c.callArgs(e.Args, sig)
	in := inst{op: mTail, aux: c.sym(e.Call.Callee.Name)}
	if overflow { // the arguments need this frame's outgoing area: an ordinary call, then return
		in.sub = 1
		c.calls = true
	}
	o := c.mark()
	c.opnds = append(c.opnds, c.tmp...)
	c.put(in, o)
}

// lowerAlloc emits the Go call that allocates; word 0 is the type, word 1 the number of elements.
func (c *Compiler) lowerAlloc(v *ir.Value) {
	name := obj.GoAlloc
	c.tmp = c.tmp[:0]
	if v.Op == ir.OpAllocarray {
		name = obj.GoAllocArray
		c.tmp = append(c.tmp, operand{v: c.use(v.Args[0]), con: conAny})
	}
	c.goCalls = true
	c.exits = append(c.exits, exitRec{kind: obj.ExitGoCall, id: -1})
	in := inst{op: mGoCall, aux: int32(len(c.exits) - 1), imm: int64(c.sym(name)), disp: int32(len(c.types))}
	c.types = append(c.types, v.Aux.(*ir.TypeDesc))
	o := c.mark()
	c.fixedDef(c.val[v.ID].v, obj.RAX)
	c.opnds = append(c.opnds, c.tmp...)
	c.put(in, o)
}

// lowerBlockMove emits memmove and memzero as string instructions, which want their operands in fixed registers.
func (c *Compiler) lowerBlockMove(v *ir.Value) {
	regs := [...]obj.Reg{obj.RDI, obj.RSI, obj.RCX}
	in := inst{op: mMemmove}
	if v.Op == ir.OpMemzero {
		in.op = mMemzero
		regs = [...]obj.Reg{obj.RDI, obj.RCX, obj.RAX}
	}
	var a [3]vreg
	for i, x := range v.Args {
		a[i] = c.use(x)
	}
	o := c.mark()
	for _, r := range regs {
		c.fixedDef(0, r)
	}
	for i := range v.Args {
		c.fixedUse(a[i], regs[i])
	}
	c.put(in, o)
}

// lowerEntry emits the parameters of the function.
func (c *Compiler) lowerEntry(b *ir.Block) {
	if c.t.Bridge != nil {
		c.bridgeEntry(b.Params)
		c.zeroAreas()
		return
	}
	locs, _ := obj.AssignParams(c.f.Sig.Params)
	if c.t.Anchor != nil {
		c.inRefs = 1
	}
	o := c.mark()
	for i, p := range b.Params {
		if v := c.val[p.ID].v; v != 0 && locs[i].InReg {
			c.fixedDef(v, locs[i].Reg)
		}
	}
	c.put(inst{op: mEntry}, o)
	for i, p := range b.Params {
		l := &locs[i]
		if l.RefOrd >= 0 && !l.InReg {
			if c.t.Anchor != nil {
				fail("%s has too many parameters for an anchored function", c.f.Sig)
			}
			c.inRefs = l.RefOrd + 1
		}
		v := c.val[p.ID].v
		if v == 0 || l.InReg {
			continue
		}
		in := inst{op: mArgIn, disp: l.Stack}
		if p.Type == ir.Ref {
			in.sub, in.disp = 1, l.RefOrd
		}
		o := c.mark()
		c.def(v)
		c.put(in, o)
	}
	c.zeroAreas()
}

func (c *Compiler) zeroAreas() {
	if c.area > 0 {
		c.put(inst{op: mZeroArea}, c.mark())
	}
}
