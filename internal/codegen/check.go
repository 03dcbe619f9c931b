package codegen

import (
	"fmt"
	"maps"

	"martlet/internal/obj"
)

// The checker proves an allocation: it runs the allocated code symbolically,
// knowing nothing of intervals. A state says which vreg each location
// holds; moves copy, instructions check that each use finds its vreg, then
// kill and define. States meet at block starts by intersection, to a fixed point.
// On an edge the locations of a block's parameters must hold the arguments
// and from there on hold the parameters. A wrong move, a clobbered register, a shared slot or a ref in a stack slot is reported.

type state map[loc]vreg

func (c *Compiler) check() {
	defer func() {
		if r, ok := recover().(compileError); ok {
			panic(compileError{fmt.Errorf("%w\n%s", r.err, c.dump())})
		}
	}()
	in := make([]state, len(c.blocks))
	in[0] = state{}
	for changed := true; changed; {
		changed = false
		for b := range c.blocks {
			if in[b] == nil {
				continue
			}
			out := maps.Clone(in[b])
			c.checkBlock(int32(b), out)
			for _, s := range c.succsOf(int32(b)) {
				o := maps.Clone(out)
				c.checkEdge(int32(b), s, o)
				if in[s] == nil {
					in[s], changed = o, true
				} else if meet(in[s], o) {
					changed = true
				}
			}
		}
	}
}

// meet keeps in a what b agrees with, and says whether anything went.
func meet(a, b state) bool {
	n := len(a)
	maps.DeleteFunc(a, func(l loc, v vreg) bool { return b[l] != v })
	return len(a) != n
}

func (c *Compiler) checkBlock(b int32, s state) {
	k := &c.blocks[b]
	for i := k.first; i <= k.last; i++ {
		in := &c.insts[i]
		c.checkMoves(4*i, s)
		if c.t.Joins {
			c.checkJoin(i, in, s)
		}
		if in.op == mJmp {
			c.checkMoves(4*i+1, s)
		}
		if in.op != mLabel && in.op != mJmp {
			c.checkInst(i, in, c.opnds[in.opnd:in.opnd+int32(in.nop)], s)
		}
		if i > k.first || k.npred != 1 {
			c.checkMoves(4*i+3, s)
		}
	}
}

// checkEdge runs the moves at the head of a block with one predecessor and renames arguments to parameters.
func (c *Compiler) checkEdge(p, b int32, s state) {
	label := &c.insts[c.blocks[b].first]
	jmp := &c.insts[c.blocks[p].last]
	if c.blocks[b].npred == 1 {
		c.checkMoves(4*c.blocks[b].first+3, s)
	}
	if label.nop == 0 {
		return
	}
	renamed := map[loc]vreg{}
	for k := range int32(label.nop) {
		d, a := &c.opnds[label.opnd+k], &c.opnds[jmp.opnd+k]
		l := d.loc
		if a.v != 0 && s[l] != a.v && !c.holdsRemat(s, l, a.v) {
			fail("check: block %d to %d: parameter v%d in %d finds v%d, not argument v%d", p, b, d.v, l, s[l], a.v)
		}
		renamed[l] = d.v
	}
	maps.DeleteFunc(s, func(l loc, v vreg) bool {
		for k := range int32(label.nop) {
			if c.opnds[label.opnd+k].v == v {
				return true
			}
		}
		return false
	})
	maps.Copy(s, renamed)
}

// holdsRemat says whether location l holds constant v made anew.
func (c *Compiler) holdsRemat(s state, l loc, v vreg) bool {
	return s[l] != 0 && c.vi[v].remat != mNop && c.vi[s[l]].remat == c.vi[v].remat && c.vi[s[l]].imm == c.vi[v].imm && c.vi[s[l]].aux == c.vi[v].aux
}

func (c *Compiler) checkMoves(pos int32, s state) {
	type set struct {
		l loc
		v vreg
	}
	var sets []set
	for m := c.moveAt[pos]; m != 0; m = c.moves[m].next {
		k := &c.moves[m]
		if k.to == noLoc {
			continue
		}
		v := s[k.from]
		switch {
		case k.from.isRemat():
			v = vreg(k.from - locRemat0)
		case k.from.isConst():
			v = 0
		case k.v != 0 && v != k.v:
			fail("check: position %d: move of v%d from %d to %d finds v%d", pos, k.v, k.from, k.to, v)
		}
		if v != 0 && c.vi[v].ref && k.to.isStack() {
			fail("check: position %d: ref v%d moves to a stack slot", pos, v)
		}
		for _, o := range sets {
			if o.l == k.to && o.v != v {
				fail("check: position %d: two moves to %d", pos, k.to)
			}
		}
		sets = append(sets, set{k.to, v})
	}
	for _, k := range sets {
		if k.v == 0 {
			delete(s, k.l)
		} else {
			s[k.l] = k.v
		}
	}
}

// checkJoin checks what joins rely on: at loop headers and guards every live value is where locAt says.
func (c *Compiler) checkJoin(i int32, in *inst, s state) {
	b := c.blockOf[i]
	pos := 4*i + 1
	switch l := c.blocks[b].loop; {
	case in.op == mGuard || in.op == mGuardP:
	case in.op == mLabel && l >= 0 && c.loops[l].header == b:
		pos = 4 * i
	default:
		return
	}
	for v := 1; v < len(c.vi); v++ {
		if l := c.locAt(vreg(v), pos); l != noLoc && !l.isRemat() && s[l] != vreg(v) {
			fail("check: position %d: a join needs v%d in %d, finds v%d", pos, v, l, s[l])
		}
	}
}

func (c *Compiler) checkInst(i int32, in *inst, ops []operand, s state) {
	for k := range ops {
		o := &ops[k]
		if o.isUse() && o.v != 0 && o.con != conImm && s[o.loc] != o.v && o.loc != c.rematLoc(o.v) {
			fail("check: instruction %d (%d): operand %d wants v%d in %d, finds v%d", i, in.op, k, o.v, o.loc, s[o.loc])
		}
		if o.con == conReg && !o.loc.isReg() {
			fail("check: instruction %d (%d): operand %d is in %d, not in a register", i, in.op, k, o.loc)
		}
	}
	c.checkOverlap(i, in, ops)
	if in.op.clobbersAll() {
		maps.DeleteFunc(s, func(l loc, _ vreg) bool { return l.isReg() })
	}
	for k := range ops {
		switch o := &ops[k]; {
		case o.kind == kTemp:
			delete(s, o.loc)
		case o.isDef() && o.v == 0:
			delete(s, regLoc(o.reg))
		}
	}
	for k := range ops {
		if o := &ops[k]; o.isDef() && o.v != 0 {
			maps.DeleteFunc(s, func(_ loc, v vreg) bool { return v == o.v })
			s[o.loc] = o.v
		}
	}
}

// checkOverlap checks that what is written early or scratched shares no
// register with a use, and what is written late none with a late use.
func (c *Compiler) checkOverlap(i int32, in *inst, ops []operand) {
	for k := range ops {
		d := &ops[k]
		if d.isUse() {
			continue
		}
		l := d.loc
		if d.con == conFixed {
			l = regLoc(d.reg)
		}
		for j := range ops {
			u := &ops[j]
			if j == k || !l.isReg() || u.loc != l || u.con == conImm {
				continue
			}
			if u.isUse() && (d.kind != kDef || u.kind == kUseLate && !(d.con == conFixed && u.con == conFixed)) ||
				!u.isUse() && u.con != conFixed {
				fail("check: instruction %d (%d): operands %d and %d share %s", i, in.op, k, j, obj.Reg(l-1))
			}
		}
	}
}
