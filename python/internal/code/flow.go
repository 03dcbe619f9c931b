package code

import (
	"fmt"
	"strconv"
	"strings"
)

// Bound-register analysis.
//
// A forward dataflow problem over basic blocks: the set of registers that are bound on every path. A block starts
// with the intersection of what its predecessors end with; a handler starts with the intersection of the states *before* each
// instruction that its range covers (an instruction writes its results last, so when it raises it has written nothing), plus the exception's
// register. Sets are bit vectors; unreachable code has the full set.
//
// The compiler uses it to drop checks of locals that are surely bound, Verify to show that no instruction reads an unbound register.

// span is a run of registers that an instruction reads or writes.
type span struct {
	mode    byte // 'r', 'w', or 'v' (read; may be unbound)
	operand byte // 'a', 'b', 'c'
	shift   int
	n, c, d int // count = n + c*C + d*D
}

// spans are the parsed Spans of each instruction; table filled at init, then unchanged.
var spans = func() (t [NumOps][]span) {
	for op := range t {
		for _, f := range strings.Fields(ops[op].Spans) {
			if strings.Contains(f, ":") {
				t[op] = append(t[op], parseSpan(f))
			}
		}
	}
	return t
}()

func parseSpan(text string) span {
	p := strings.Split(text, ":")
	s := span{mode: p[0][0], operand: p[1][0]}
	if _, shift, ok := strings.Cut(p[1], "+"); ok {
		s.shift, _ = strconv.Atoi(shift)
	}
	for _, term := range strings.Split(p[2], "+") {
		factor := 1
		if f, rest, ok := strings.Cut(term, "*"); ok {
			factor, _ = strconv.Atoi(f)
			term = rest
		}
		switch term {
		case "c":
			s.c += factor
		case "d":
			s.d += factor
		default:
			n, _ := strconv.Atoi(term)
			s.n += n
		}
	}
	return s
}

// run is a span of a particular instruction.
type run struct {
	mode        byte
	first, last int // last+1
}

// runs appends the register runs of instruction i to buf.
func (c *Code) runs(i Instr, buf []run) []run {
	op := i.Op()
	info := op.Info()
	for k, v := range [3]int{i.A(), i.B(), i.C()} {
		switch kind := info.Kinds[k]; kind {
		case 'w', 'r', 'v', 'u', '?', 'x':
			buf = append(buf, run{kind, v, v + 1})
		}
	}
	for _, s := range spans[op] {
		first := i.A()
		switch s.operand {
		case 'b':
			first = i.B()
		case 'c':
			first = i.C()
		}
		first += s.shift
		buf = append(buf, run{s.mode, first, first + s.n + s.c*i.C() + s.d*i.D()})
	}
	switch op {
	case OpCallkw:
		buf = c.callRuns(i, buf)
	case OpMakefunc:
		if n := i.Cx(); n < len(c.FuncSites) {
			buf = append(buf, run{'r', i.B(), i.B() + c.FuncSites[n].Flags.Count()})
		}
	}
	// Two instructions write the span that the table lists as possibly unbound reads.
	return buf
}

// callRuns are the runs of callkw.
func (c *Code) callRuns(i Instr, buf []run) []run {
	if i.C() >= len(c.KwSites) {
		return buf
	}
	s := &c.KwSites[i.C()]
	n := s.NPos + len(s.Names)
	b := i.B()
	buf = append(buf, run{'r', b, b + 1})
	if i.D()&1 != 0 {
		buf = append(buf, run{'v', b + 1, b + 2})
		b++
	}
	return append(buf, run{'r', b + 1, b + 1 + n})
}

// bits is a set of registers.
type bits []uint64

func (b bits) has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }
func (b bits) set(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bits) clear(i int)    { b[i>>6] &^= 1 << (i & 63) }

// meet intersects b with o and reports whether b changed.
func (b bits) meet(o bits) (changed bool) {
	for i, w := range o {
		if n := b[i] & w; n != b[i] {
			b[i] = n
			changed = true
		}
	}
	return changed
}

// flow is the state of the analysis of one Code.
type flow struct {
	c      *Code
	leader []int32 // instruction -> its block if it starts one, else -1
	starts []int   // block -> first instruction
	in     []bits
	work   []int
	queued []bool
	buf    []run
	cur    bits
}

// newFlow finds the basic blocks. The code's jumps and table must be in range.
func newFlow(c *Code) *flow {
	n := len(c.Instrs)
	f := &flow{c: c, leader: make([]int32, n+1), cur: make(bits, (c.NRegs+63)/64)}
	lead := make([]bool, n+1)
	lead[0] = true
	for pc, i := range c.Instrs {
		if t, ok := i.Target(pc); ok {
			lead[t], lead[pc+1] = true, true
		}
		if i.Op().Ends() {
			lead[pc+1] = true
		}
	}
	for _, e := range c.Exc {
		lead[e.Start], lead[e.End], lead[e.Handler] = true, true, true
	}
	for pc := range n {
		f.leader[pc] = -1
		if lead[pc] {
			f.leader[pc] = int32(len(f.starts))
			f.starts = append(f.starts, pc)
		}
	}
	words := (c.NRegs + 63) / 64
	all := make([]uint64, words*len(f.starts))
	for i := range all {
		all[i] = ^uint64(0)
	}
	for b := range f.starts {
		f.in = append(f.in, all[b*words:(b+1)*words:(b+1)*words])
	}
	f.queued = make([]bool, len(f.starts))
	return f
}

// entry is the state at the start: arguments and cells are bound, but not arguments that became cells.
func (f *flow) entry() bits {
	c := f.c
	s := make(bits, (c.NRegs+63)/64)
	for i := range c.NArgs() {
		s.set(i)
	}
	for i := range c.CellVars {
		s.set(c.CellBase() + i)
		if a := c.CellArgs[i]; a >= 0 {
			s.clear(int(a))
		}
	}
	return s
}

func (f *flow) flowTo(pc int, s bits) {
	b := int(f.leader[pc])
	if f.in[b].meet(s) && !f.queued[b] {
		f.queued[b] = true
		f.work = append(f.work, b)
	}
}

// solve runs the analysis to its fixed point.
func (f *flow) solve() {
	reached := make([]bool, len(f.starts))
	f.in[0].meet(f.entry())
	f.work = append(f.work, 0)
	reach := func(pc int) {
		if b := f.leader[pc]; !reached[b] {
			reached[b] = true
			if !f.queued[b] {
				f.queued[b] = true
				f.work = append(f.work, int(b))
			}
		}
	}
	reached[0] = true
	handler := make(bits, len(f.cur))
	for len(f.work) > 0 {
		b := f.work[len(f.work)-1]
		f.work = f.work[:len(f.work)-1]
		f.queued[b] = false
		copy(f.cur, f.in[b])
		exc := f.c.Handler(f.starts[b])
		for pc := f.starts[b]; ; pc++ {
			if exc != nil {
				copy(handler, f.cur)
				handler.set(int(exc.Reg))
				f.flowTo(int(exc.Handler), handler)
				reach(int(exc.Handler))
			}
			i := f.c.Instrs[pc]
			f.step(i)
			if t, ok := i.Target(pc); ok {
				f.branch(i, t)
				reach(t)
			}
			if i.Op().Ends() {
				break
			}
			if f.leader[pc+1] >= 0 {
				f.flowTo(pc+1, f.cur)
				reach(pc + 1)
				break
			}
		}
	}
}

// branch hands the state to a jump target. fornext's result is written only there.
func (f *flow) branch(i Instr, target int) {
	if i.Op() == OpFornext && !f.cur.has(i.A()) {
		f.cur.set(i.A())
		f.flowTo(target, f.cur)
		f.cur.clear(i.A())
		return
	}
	f.flowTo(target, f.cur)
}

// step applies an instruction to the current state.
func (f *flow) step(i Instr) {
	op := i.Op()
	if op == OpFornext {
		return
	}
	f.buf = f.c.runs(i, f.buf[:0])
	for _, r := range f.buf {
		for reg := r.first; reg < r.last; reg++ {
			switch r.mode {
			case 'w', '?', 'x':
				f.cur.set(reg)
			case 'u':
				f.cur.clear(reg)
			}
		}
	}
	switch op {
	case OpLoadmethod, OpSupermethod:
		f.cur.set(i.A())
		f.cur.clear(i.A() + 1)
	case OpWithenter, OpAwithenter:
		f.cur.set(i.B())
		f.cur.clear(i.B() + 1)
	}
}

// scan calls visit for every instruction with the state before it.
func (f *flow) scan(visit func(pc int, i Instr, s bits) error) error {
	for b, start := range f.starts {
		end := len(f.c.Instrs)
		if b+1 < len(f.starts) {
			end = f.starts[b+1]
		}
		copy(f.cur, f.in[b])
		for pc := start; pc < end; pc++ {
			i := f.c.Instrs[pc]
			if err := visit(pc, i, f.cur); err != nil {
				return err
			}
			f.step(i)
		}
	}
	return nil
}

// RedundantChecks returns the positions of the check instructions whose register is bound anyway.
func (c *Code) RedundantChecks() (pcs []int) {
	f := newFlow(c)
	f.solve()
	f.scan(func(pc int, i Instr, s bits) error {
		if i.Op() == OpCheck && s.has(i.A()) {
			pcs = append(pcs, pc)
		}
		return nil
	})
	return pcs
}

// unboundRead reports an instruction that may read an unbound register.
func (c *Code) unboundRead() error {
	f := newFlow(c)
	f.solve()
	return f.scan(func(pc int, i Instr, s bits) error {
		f.buf = c.runs(i, f.buf[:0])
		for _, r := range f.buf {
			if r.mode != 'r' && r.mode != 'x' {
				continue
			}
			for reg := r.first; reg < r.last; reg++ {
				if !s.has(reg) {
					return fmt.Errorf("instruction %d (%s) reads r%d, which may be unbound", pc, i.Op(), reg)
				}
			}
		}
		return nil
	})
}
