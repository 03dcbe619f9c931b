package code

import "math"

// Traced gives the form of c that runs while something traces: a trace instruction stands before each instruction, so that
// instruction i is at 2*i+1 and jumps go twice as far. It is nil when a jump does not reach that far.
func (c *Code) Traced() *Code {
	t := *c
	t.Instrs = make([]Instr, 0, 2*len(c.Instrs))
	t.Positions = make([]Pos, 0, 2*len(c.Positions))
	for pc, i := range c.Instrs {
		j, ok := i.stretched()
		if !ok {
			return nil
		}
		t.Instrs = append(t.Instrs, ABC(OpTrace, 0, 0, 0, 0), j)
		t.Positions = append(t.Positions, c.Positions[pc], c.Positions[pc])
	}
	t.Exc = make([]ExcEntry, len(c.Exc))
	for k, e := range c.Exc {
		t.Exc[k] = ExcEntry{2 * e.Start, 2 * e.End, 2 * e.Handler, e.Reg}
	}
	return &t
}

// stretched doubles the jump distance of i, if it has one.
func (i Instr) stretched() (Instr, bool) {
	k := i.Op().Info().Kinds
	switch {
	case k[1] == 'J':
		d := 2 * i.SBx()
		return i&^(math.MaxUint32<<24) | Instr(uint32(int32(d)))<<24, d == int(int32(d))
	case k[2] == 'j':
		d := 2 * i.SC()
		return i&^(math.MaxUint16<<40) | Instr(uint16(int16(d)))<<40, d == int(int16(d))
	}
	return i, true
}
