package compile

import (
	"math"
	"sort"

	"martlet/python/internal/code"
)

// Assembling. A unit's instructions are a list in which jumps name labels and every instruction names the exception handler that
// covers it. finish threads jumps to jumps, drops what cannot be reached, numbers the registers, encodes, lets the bound-register
// analysis find needless checks, drops those, and encodes again.

// ins is an instruction being assembled.
type ins struct {
	op         code.Op
	d          uint8
	a, b, c    reg // c: also Cx
	x          int // Bx
	label      int32
	handler    int32
	pos        code.Pos
	dead, seen bool
}

// handler is an exception handler: where it begins and the register for the exception.
type handler struct {
	label int32
	reg   reg
}

// emit appends an instruction.
func (u *unit) emit(op code.Op, a, b, c reg, d uint8) *ins {
	u.ins = append(u.ins, ins{op: op, a: a, b: b, c: c, d: d, label: -1, handler: u.handler, pos: u.pos})
	return &u.ins[len(u.ins)-1]
}

// emitX appends an instruction with operand Bx.
func (u *unit) emitX(op code.Op, a reg, x int) {
	u.emit(op, a, 0, 0, 0).x = x
}

// jump appends a jump to a label.
func (u *unit) jump(op code.Op, label int32, a, b reg, d uint8) {
	u.emit(op, a, b, 0, d).label = label
}

// hop appends a jump that stands nowhere in the source.
func (u *unit) hop(label int32) {
	pos := u.pos
	u.pos = noPos
	u.jump(code.OpJmp, label, 0, 0, 0)
	u.pos = pos
}

// noPos is the position of what stands nowhere in the source.
var noPos = code.Pos{Line: 0, Col: -1}

// label makes a label, to be placed later.
func (u *unit) label() int32 {
	u.labels = append(u.labels, -1)
	return int32(len(u.labels) - 1)
}

// place puts a label here.
func (u *unit) place(l int32) { u.labels[l] = int32(len(u.ins)) }

// newHandler makes a handler with its label and a register of its own.
func (u *unit) newHandler() int32 {
	u.handlers = append(u.handlers, handler{u.label(), u.temp()})
	return int32(len(u.handlers) - 1)
}

func sortStrings(l []string) { sort.Strings(l) }

// finish completes the unit's code.
func (u *unit) finish() *code.Code {
	c := u.code
	c.NVisible = len(c.VarNames)
	c.VarNames = append(c.VarNames, u.hidden...)
	c.NHiddenCells = len(u.hcells)
	c.CellVars = append(c.CellVars, u.hcells...)
	for range u.hcells {
		c.CellArgs = append(c.CellArgs, -1)
	}
	c.NRegs = c.TempBase() + int(u.maxTemps)
	if c.NRegs > code.MaxReg || len(c.Sites) > code.MaxCx || len(c.Names) > code.MaxCx {
		panic(&Error{Kind: "SyntaxError", Msg: "code too large: too many variables or names"})
	}
	u.prune()
	if len(u.ins) > math.MaxInt16-8 {
		u.widen()
	}
	u.encode()
	if !u.hasChecks() {
		return c
	}
	if needless := c.RedundantChecks(); len(needless) > 0 {
		for _, pc := range needless {
			u.ins[pc].dead = true
		}
		u.drop()
		u.encode()
	}
	return c
}

func (u *unit) hasChecks() bool {
	for i := range u.ins {
		if u.ins[i].op == code.OpCheck {
			return true
		}
	}
	return false
}

// final is a register's number in the finished code.
func (u *unit) final(r reg) uint16 {
	switch {
	case r >= tempReg:
		return uint16(u.code.TempBase() + int(r-tempReg))
	case r >= cellReg:
		return uint16(u.code.CellBase() + int(r-cellReg))
	case r >= hiddenReg:
		return uint16(u.code.NVisible + int(r-hiddenReg))
	}
	return uint16(r)
}

// hiddenReg is the base of the variables of inlined comprehensions.
const hiddenReg reg = 1 << 16

// target follows a label to the instruction it reaches from a line, through unconditional forward jumps that are not a line's
// only trace.
func (u *unit) target(l, line int32) int32 {
	t := u.labels[l]
	for range 16 {
		if int(t) >= len(u.ins) || u.ins[t].op != code.OpJmp || !sameLine(u.ins[t].pos.Line, line) {
			break
		}
		t = u.labels[u.ins[t].label]
	}
	return t
}

// sameLine says whether nothing is lost when line stands for one of an instruction that goes away.
func sameLine(gone, line int32) bool { return gone == 0 || gone == line }

// prune threads jumps and drops unreachable instructions and jumps to the next one.
func (u *unit) prune() {
	for i := range u.ins {
		n := &u.ins[i]
		if n.label < 0 {
			continue
		}
		t := u.target(n.label, n.pos.Line)
		forward := n.op != code.OpLoop && n.op != code.OpFornext
		if r := u.ins[t]; n.op == code.OpJmp && (r.op == code.OpRet || r.op == code.OpRetnone) && (r.pos.Line == 0 || sameLine(n.pos.Line, r.pos.Line)) {
			r.handler = n.handler
			if r.pos.Line == 0 {
				r.pos = n.pos
			}
			u.ins[i] = r
			continue
		}
		if forward && t > int32(i) || !forward && n.op != code.OpFornext && t <= int32(i) {
			l := u.label()
			u.labels[l] = t
			u.ins[i].label = l
		}
	}
	u.reach()
	for i := range u.ins {
		u.ins[i].dead = !u.ins[i].seen
	}
	u.drop()
	for again := true; again; {
		again = false
		for i := range u.ins {
			if n := &u.ins[i]; n.op == code.OpJmp && u.labels[n.label] == int32(i+1) {
				n.op, n.label, again = code.OpNop, -1, true
			}
		}
		u.dropNops()
	}
	u.invert()
	u.spread()
}

// dropNops drops the nops whose line a neighbour has, too.
func (u *unit) dropNops() {
	last := int32(-1) // line of the instruction before
	for i := range u.ins {
		n := &u.ins[i]
		if n.op != code.OpNop {
			last = n.pos.Line
			continue
		}
		n.dead = n.pos.Line == 0 || n.pos.Line == last
		if i+1 < len(u.ins) {
			switch next := &u.ins[i+1]; next.pos.Line {
			case n.pos.Line:
				n.dead = true
			case 0:
				n.dead, next.pos = true, n.pos
			}
		}
		if !n.dead {
			last = n.pos.Line
		}
	}
	u.drop()
}

// spread gives instructions without a position that of where they are reached from, if that is one place.
func (u *unit) spread() {
	from := make([]int, len(u.ins)+1) // the instruction that goes there; -1: none, -2: several
	for i := range from {
		from[i] = -1
	}
	reach := func(to, i int) {
		if from[to] == -1 {
			from[to] = i
		} else {
			from[to] = -2
		}
	}
	for i := range u.ins {
		if l := u.ins[i].label; l >= 0 {
			reach(int(u.labels[l]), i)
		}
		if !u.ins[i].op.Ends() {
			reach(i+1, i)
		}
	}
	for _, h := range u.handlers {
		if l := u.labels[h.label]; l >= 0 {
			from[l] = -2
		}
	}
	for i := range u.ins {
		if n := &u.ins[i]; n.pos.Line == 0 && from[i] >= 0 {
			n.pos = u.ins[from[i]].pos
		}
	}
}

// targets says which instructions are jumped to.
func (u *unit) targets() []bool {
	wanted := make([]bool, len(u.ins)+1)
	for i := range u.ins {
		if l := u.ins[i].label; l >= 0 {
			wanted[u.labels[l]] = true
		}
	}
	for _, h := range u.handlers {
		if l := u.labels[h.label]; l >= 0 {
			wanted[l] = true
		}
	}
	return wanted
}

// opposite are the conditional jumps without a sense bit.
var opposite = map[code.Op]code.Op{code.OpJt: code.OpJf, code.OpJf: code.OpJt, code.OpJnone: code.OpJnotnone, code.OpJnotnone: code.OpJnone}

// invert turns a conditional jump over an unconditional one into the opposite jump.
func (u *unit) invert() {
	wanted := u.targets()
	for i := 0; i+2 < len(u.ins); i++ {
		n, over := &u.ins[i], &u.ins[i+1]
		if n.label < 0 || int(u.labels[n.label]) != i+2 || over.op != code.OpJmp || wanted[i+1] || int(u.labels[over.label]) <= i+1 || !sameLine(over.pos.Line, n.pos.Line) {
			continue
		}
		switch op, plain := opposite[n.op]; {
		case plain:
			n.op = op
		case n.op.Info().Kinds[2:] == "j#":
			n.d ^= code.IfTrue
		default:
			continue
		}
		n.label, over.dead = over.label, true
	}
	u.drop()
}

// reach marks the instructions that can be executed.
func (u *unit) reach() {
	work := []int32{0}
	for len(work) > 0 {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		for int(i) < len(u.ins) && !u.ins[i].seen {
			n := &u.ins[i]
			n.seen = true
			if n.label >= 0 {
				work = append(work, u.labels[n.label])
			}
			if n.handler >= 0 && n.op.Raises() {
				work = append(work, u.labels[u.handlers[n.handler].label])
			}
			if n.op.Ends() {
				break
			}
			i++
		}
	}
}

// drop removes the dead instructions and moves the labels.
func (u *unit) drop() {
	moved := make([]int32, len(u.ins)+1)
	out := u.ins[:0]
	for i := range u.ins {
		moved[i] = int32(len(out))
		if !u.ins[i].dead {
			out = append(out, u.ins[i])
		}
	}
	moved[len(moved)-1] = int32(len(out))
	u.ins = out
	for i, l := range u.labels {
		if l >= 0 {
			u.labels[i] = moved[l]
		}
	}
}

// widen replaces jumps of 16 bits, in code that is too long for them, by short ones around long ones.
func (u *unit) widen() {
	old := u.ins
	u.ins = make([]ins, 0, len(old)*3/2)
	moved := make([]int32, len(old)+1)
	for i, n := range old {
		moved[i] = int32(len(u.ins))
		u.ins = append(u.ins, n)
		if n.label < 0 || n.op.Info().Kinds[2] != 'j' {
			continue
		}
		cond := &u.ins[len(u.ins)-1]
		far := ins{op: code.OpJmp, label: n.label, handler: n.handler, pos: n.pos}
		skip := ins{op: code.OpJmp, label: -2, handler: n.handler, pos: n.pos}
		if n.op == code.OpFornext {
			far.op = code.OpLoop
		}
		cond.label = -2
		if n.op == code.OpFornext || n.op == code.OpJnomatch {
			cond.x = 1 // over the jump that skips the far one
			skip.x = 1
			u.ins = append(u.ins, skip, far)
			continue
		}
		cond.d ^= code.IfTrue
		cond.x = 1
		u.ins = append(u.ins, far)
	}
	moved[len(old)] = int32(len(u.ins))
	for i, l := range u.labels {
		if l >= 0 {
			u.labels[i] = moved[l]
		}
	}
}

// encode makes the final instructions, positions and exception table.
func (u *unit) encode() {
	c := u.code
	c.Instrs, c.Positions, c.Exc = make([]code.Instr, len(u.ins)), make([]code.Pos, len(u.ins)), nil
	last := int32(-1)
	for i := range u.ins {
		n := &u.ins[i]
		c.Instrs[i] = u.instr(n, i)
		c.Positions[i] = n.pos
		if n.handler != last && n.handler >= 0 {
			h := u.handlers[n.handler]
			c.Exc = append(c.Exc, code.ExcEntry{Start: uint32(i), Handler: uint32(u.labels[h.label]), Reg: u.final(h.reg)})
		}
		if n.handler >= 0 {
			c.Exc[len(c.Exc)-1].End = uint32(i + 1)
		}
		last = n.handler
	}
	kept := c.Exc[:0]
	for _, e := range c.Exc {
		if int(e.Handler) < len(u.ins) && u.covers(e) {
			kept = append(kept, e)
		}
	}
	c.Exc = kept
}

// covers reports whether an instruction in the entry's range can raise: if none can, its handler may have been dropped.
func (u *unit) covers(e code.ExcEntry) bool {
	for _, n := range u.ins[e.Start:e.End] {
		if n.op.Raises() {
			return true
		}
	}
	return false
}

// instr encodes one instruction.
func (u *unit) instr(n *ins, at int) code.Instr {
	kinds := n.op.Info().Kinds
	operand := func(k byte, r reg) uint16 {
		switch k {
		case 'w', 'r', 'x', 'u', '?', 'v', 'o', 'c':
			return u.final(r)
		}
		return uint16(r)
	}
	a, b := operand(kinds[0], n.a), operand(kinds[1], n.b)
	dist := n.x
	if n.label >= 0 {
		dist = int(u.labels[n.label]) - at - 1
	}
	switch {
	case kinds[1] == 'J':
		return code.ABx(n.op, a, uint32(int32(dist)))
	case kinds[1] == 'K' || kinds[1] == 'N' || kinds[1] == 'I':
		return code.ABx(n.op, a, uint32(int32(n.x)))
	case kinds[2] == 'j':
		return code.ABC(n.op, a, b, uint16(int16(dist)), n.d)
	case kinds[2] == 'N' || kinds[2] == 'S' || kinds[2] == 'M':
		return code.ABCx(n.op, a, b, uint32(n.c))
	}
	return code.ABC(n.op, a, b, operand(kinds[2], n.c), n.d)
}
