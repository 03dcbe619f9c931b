package code

// Jumping of a debugger: setting a frame's f_lineno.
//
// Blocks of a function are runs of instructions: the body of a for loop ends at its fornext, the body of a with statement
// and the clauses of a try statement are what their exception handlers cover. An instruction can be gone to from another one that is
// inside of all its blocks; what else its temporaries need is what the bound-register analysis says.

// BlockKind is what a block is the body of.
type BlockKind uint8

// The kinds of blocks that cannot be entered from outside.
const (
	ForBlock    BlockKind = iota
	ExceptBlock           // an exception is being handled
	WithBlock
)

// Block is a run of instructions [Start, End). Saved is, of an ExceptBlock, the register with the exception handled before.
type Block struct {
	Kind       BlockKind
	Start, End int
	Saved      int
}

func (b Block) has(pc int) bool { return b.Start <= pc && pc < b.End }

// blocks finds the blocks of c.
func (c *Code) blocks() (l []Block) {
	for pc, i := range c.Instrs {
		if i.Op() == OpFornext {
			t, _ := i.Target(pc)
			l = append(l, Block{Kind: ForBlock, Start: t, End: pc + 1})
		}
	}
	for _, e := range c.Exc {
		b := Block{Start: int(e.Start), End: int(e.End)}
		switch h := c.Instrs[e.Handler:]; {
		case h[0].Op() == OpPopexc:
			b.Kind, b.Saved = ExceptBlock, h[0].A()
		case len(h) > 1 && h[0].Op() == OpPushexc && h[1].Op() == OpWithexc:
			b.Kind = WithBlock
		default:
			continue
		}
		l = append(l, b)
	}
	return l
}

// lineStarts says which instructions begin a line. The test of a for loop does not: it stands behind the body but belongs to the statement.
func (c *Code) lineStarts(line int) (pcs []int) {
	last := int32(-1)
	for pc, p := range c.Positions {
		if int(p.Line) == line && last != p.Line && c.Instrs[pc].Op() != OpFornext {
			pcs = append(pcs, pc)
		}
		last = p.Line
	}
	return pcs
}

// lineFrom is the first line of c that is not before a line, -1 if there is none.
func (c *Code) lineFrom(line int) int {
	best := -1
	for _, p := range c.Positions {
		if l := int(p.Line); l >= line && l > 0 && (best < 0 || l < best) {
			best = l
		}
	}
	return best
}

// Jump is what a jump to a line takes: the instruction, the temporaries that it needs, and the register that holds what is the
// exception being handled there, -1 if that stays.
type Jump struct {
	PC      int
	Temps   []int
	Handled int
}

// FindJump finds where to go on for a jump from an instruction to a line. The ways are in order, those deepest in blocks first; if there
// is none, problem says why (line -1: after the last line).
func (c *Code) FindJump(from, line int) (ways []Jump, problem string) {
	if line = c.lineFrom(line); line < 0 {
		return nil, "after"
	}
	blocks := c.blocks()
	depth := -1
	problem = "cannot find bytecode for specified line"
	for _, pc := range c.lineStarts(line) {
		j, d, why := c.jump(blocks, from, pc)
		switch {
		case why != "":
			problem = why
		case d > depth:
			ways, depth = append([]Jump{j}, ways...), d
		default:
			ways = append(ways, j)
		}
	}
	return ways, problem
}

// jump looks whether pc can be gone to; depth is the number of blocks around it.
func (c *Code) jump(blocks []Block, from, pc int) (j Jump, depth int, problem string) {
	j = Jump{PC: pc, Handled: -1}
	inner, left := len(c.Instrs)+1, 0
	for _, b := range blocks {
		switch size := b.End - b.Start; {
		case b.has(pc) && !b.has(from) && size < inner:
			inner = size
			problem = [...]string{ForBlock: "can't jump into the body of a for loop",
				ExceptBlock: "can't jump into an 'except' block as there's no exception", WithBlock: "incompatible stacks"}[b.Kind]
		case b.has(pc):
			depth++
		case b.has(from) && b.Kind == ExceptBlock && size > left:
			left, j.Handled = size, b.Saved
		}
	}
	j.Temps = c.boundTemps(pc)
	return j, depth, problem
}

// boundTemps gives the temporaries that are surely bound before an instruction.
func (c *Code) boundTemps(at int) (regs []int) {
	f := newFlow(c)
	f.solve()
	f.scan(func(pc int, i Instr, s bits) error {
		for r := c.TempBase(); pc == at && r < c.NRegs; r++ {
			if s.has(r) {
				regs = append(regs, r)
			}
		}
		return nil
	})
	return regs
}
