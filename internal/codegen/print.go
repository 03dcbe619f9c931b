package codegen

import (
	"fmt"
	"strings"
)

// dump prints the machine IR with locations and moves, for debugging.
func (c *Compiler) dump() string {
	var s strings.Builder
	for bi := range c.blocks {
		b := &c.blocks[bi]
		fmt.Fprintf(&s, "b%d -> %v loop %d freq %.3g\n", bi, c.succsOf(int32(bi)), b.loop, b.freq)
		for i := b.first; i <= b.last; i++ {
			in := &c.insts[i]
			c.dumpMoves(&s, 4*i)
			if in.op == mJmp {
				c.dumpMoves(&s, 4*i+1)
			}
			fmt.Fprintf(&s, "  %3d op%d.%d sub%d cc%s mem%x disp%d imm%d aux%d:", i, in.op, in.w, in.sub, in.cc, in.mem, in.disp, in.imm, in.aux)
			for k := range int32(in.nop) {
				o := &c.opnds[in.opnd+k]
				fmt.Fprintf(&s, " %s%sv%d@%s", [...]string{"", "late ", "def ", "defE ", "tmp "}[o.kind], [...]string{"", "any ", "none ", "fixed ", "imm "}[o.con], o.v, o.loc)
			}
			s.WriteByte('\n')
			c.dumpMoves(&s, 4*i+3)
		}
	}
	return s.String()
}

func (c *Compiler) dumpMoves(s *strings.Builder, pos int32) {
	if int(pos) >= len(c.moveAt) {
		return
	}
	for m := c.moveAt[pos]; m != 0; m = c.moves[m].next {
		if k := &c.moves[m]; k.to != noLoc {
			fmt.Fprintf(s, "      @%d v%d %s -> %s\n", pos, k.v, k.from, k.to)
		}
	}
}

func (l loc) String() string {
	switch {
	case l == noLoc:
		return "-"
	case l < 0:
		return fmt.Sprintf("slot(v%d)", -l)
	case l.isReg():
		return l.reg().String()
	case l == locSpill:
		return "spill"
	case l.isStack():
		return fmt.Sprintf("s%d", l-locStack0)
	case l.isRef():
		return fmt.Sprintf("r%d", l-locRef0)
	case l.isConst():
		return fmt.Sprintf("c%d", l-locConst0)
	}
	return fmt.Sprintf("remat(v%d)", l-locRemat0)
}
