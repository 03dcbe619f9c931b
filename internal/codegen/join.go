package codegen

import (
	"slices"

	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// Joins: a bridge goes on in its parent's code.
//
// The parent, compiled with Target.Joins, records for every loop header where
// the code begins and where it wants the block's parameters. Besides them the
// code there uses other values, made in front of the loop. Which those are is
// the code generator's business (a hoisted constant, one half of an address
// that was folded into a load), so a bridge's author cannot pass them. He need
// not: a jump from an exit inside the loop to the header is an edge that the
// graph could have had, such a value is the same at both ends of it, and it is
// live throughout the loop, so that its location at the exit is known. The
// exit records the moves (obj.Thru), and the bridge carries the values as
// parameters without a name.
//
// So the rule for authors is: a bridge passes the header's parameters, and may
// join the headers of those loops that its exit is in. Compile rejects others.
// A bridge of a bridge can join the bridge's own loops, not the grandparent's.
//
// At the jump memory is written first: the parent's slots are only read at the
// bridge's entry. Then come the registers, as one parallel move.

type joiner struct {
	joinAt []int32 // by machine block: index in the code's Joins + 1 (when Target.Joins)
	thru   []incoming
}

// incoming is a value that a bridge takes over from its parent.
type incoming struct {
	v  vreg
	at obj.Loc
}

func (c *Compiler) resetJoins() { c.joinAt, c.thru = c.joinAt[:0], c.thru[:0] }

// planJoins makes the table of join points: every loop header with a place of its own for its parameters.
func (c *Compiler) planJoins() {
	if !c.t.Joins {
		return
	}
	c.joinAt = resize(c.joinAt, len(c.blocks))
	clear(c.joinAt)
	for i := range c.loops {
		b := c.loops[i].header
		if b == 0 {
			continue // its parameters arrive as the function's
		}
		j := obj.Join{Block: int32(c.order[c.blocks[b].src].ID)}
		label := &c.insts[c.blocks[b].first]
		defs := c.opnds[label.opnd : label.opnd+int32(label.nop)]
		for _, p := range c.order[c.blocks[b].src].Params {
			l := obj.Loc{Type: p.Type}
			if v := c.val[p.ID].v; v != 0 {
				k := slices.IndexFunc(defs, func(o operand) bool { return o.v == v })
				l = c.exitLoc(&operand{v: v, loc: defs[k].loc, t: p.Type})
			}
			j.Params = append(j.Params, l)
		}
		c.code.Joins = append(c.code.Joins, j)
		c.joinAt[b] = int32(len(c.code.Joins))
	}
}

// markJoin notes that the code of block b begins here.
func (c *Compiler) markJoin(b int32) {
	if c.t.Joins && c.joinAt[b] > 0 {
		c.code.Joins[c.joinAt[b]-1].Off = int32(c.a.PC())
	}
}

// thruAt returns what a bridge of exit instruction i must bring to the headers of the loops around it.
func (c *Compiler) thruAt(i int32) []obj.Thru {
	if !c.t.Joins {
		return nil
	}
	var all []obj.Thru
	for l := c.blocks[c.blockOf[i]].loop; l >= 0; l = c.loops[l].parent {
		h := c.loops[l].header
		t := obj.Thru{Join: c.joinAt[h] - 1}
		ok := t.Join >= 0
		for v := 1; v < len(c.vi) && ok; v++ {
			ok = c.passThru(&t, vreg(v), 4*i+1, 4*c.blocks[h].first)
		}
		if ok {
			all = append(all, t)
		}
	}
	return all
}

// passThru adds the move of v between two positions, if it is live at the
// second. False means that it is not live at the first.
func (c *Compiler) passThru(t *obj.Thru, v vreg, from, to int32) bool {
	dst := c.locAt(v, to)
	if dst == noLoc {
		return true
	}
	src := c.locAt(v, from)
	if src == noLoc {
		return false
	}
	if dst.isReg() || dst.isMem() && dst != src {
		o := operand{v: v, loc: dst, t: c.wholeType(v)}
		m := obj.Move{To: c.exitLoc(&o)}
		o.loc = src
		m.From = c.exitLoc(&o)
		t.Moves = append(t.Moves, m)
	}
	return true
}

// wholeType is the type that moves all of v's register.
func (c *Compiler) wholeType(v vreg) ir.Type {
	switch vi := &c.vi[v]; {
	case vi.ref:
		return ir.Ref
	case vi.float && vi.w == amd64.W32:
		return ir.F32
	case vi.float:
		return ir.F64
	}
	return ir.I64
}

// locAt is where v is at a position, noLoc if it is not live there.
func (c *Compiler) locAt(v vreg, pos int32) loc {
	for i := int32(v); i != 0; i = c.iv[i].next {
		it := &c.iv[i]
		for r := it.ranges; r != 0 && c.ranges[r].from <= pos; r = c.ranges[r].next {
			if pos >= c.ranges[r].to {
				continue
			}
			switch {
			case it.loc != locSpill:
				return it.loc
			case c.vi[v].remat != mNop:
				return c.rematLoc(v)
			}
			return c.slot[v]
		}
	}
	return noLoc
}

// The bridge's side.

// joinOf returns the parent's join point that a tail call of the named function means, -1 if it is a call.
func (c *Compiler) joinOf(name string) int32 {
	if b := c.t.Bridge; b != nil {
		if j, ok := b.Joins[name]; ok {
			return j
		}
	}
	return -1
}

// joinMoves returns the exit's moves to join point j.
func (c *Compiler) joinMoves(j int32, sig ir.Signature) []obj.Move {
	b := c.t.Bridge
	if j >= int32(len(b.Parent.Joins)) {
		fail("%s has no join point %d", b.Parent.Name, j)
	}
	params := b.Parent.Joins[j].Params
	if !slices.EqualFunc(params, sig.Params, func(l obj.Loc, t ir.Type) bool { return l.Type == t }) {
		fail("%s does not fit join point %d of %s", sig, j, b.Parent.Name)
	}
	for _, t := range b.exit().Thru {
		if t.Join == j {
			return t.Moves
		}
	}
	fail("exit %d of %s is not in the loop of join point %d", b.Exit, b.Parent.Name, j)
	return nil
}

// lowerJoin emits the jump to the parent's join point j.
func (c *Compiler) lowerJoin(e *ir.End, j int32) {
	moves := c.joinMoves(j, e.Call.Sig)
	c.tmp = c.tmp[:0]
	for i, a := range e.Args {
		if l := &c.t.Bridge.Parent.Joins[j].Params[i]; l.Kind != obj.LocNone {
			c.joinOut(c.use(a), l)
		}
	}
	for i := range moves {
		c.joinOut(c.takeThru(&moves[i].From), &moves[i].To)
	}
	o := c.mark()
	c.opnds = append(c.opnds, c.tmp...)
	c.put(inst{op: mTail, sub: 2, aux: j}, o)
}

// joinOut brings v to a location of the parent: a store now, a register with the jump (c.tmp).
func (c *Compiler) joinOut(v vreg, to *obj.Loc) {
	in := inst{op: mArgOut, sub: 2, disp: to.Off}
	switch to.Kind {
	case obj.LocReg:
		c.tmp = append(c.tmp, operand{v: v, con: conFixed, reg: to.Reg})
		if c.vi[v].hintR == noLoc {
			c.vi[v].hintR = regLoc(to.Reg)
		}
		return
	case obj.LocRef:
		in.sub = 3
	}
	o := c.mark()
	c.reg(v)
	c.put(in, o)
}

// takeThru returns the register of a nameless parameter of the bridge.
func (c *Compiler) takeThru(from *obj.Loc) vreg {
	for i := range c.thru {
		if c.thru[i].at == *from {
			return c.thru[i].v
		}
	}
	v := c.newVreg(from.Type)
	c.thru = append(c.thru, incoming{v, *from})
	return v
}

// emitJoin leaves the bridge's frame for the parent's and jumps.
func (c *Compiler) emitJoin(j int32) {
	p := c.t.Bridge.Parent
	c.a.Lea(amd64.W64, rsp, amd64.At(rbp, -p.FrameSize))
	c.jmpCell()
	c.code.Cells = append(c.code.Cells, obj.CellInit{Kind: obj.CellParent, Value: int64(p.Joins[j].Off)})
}
