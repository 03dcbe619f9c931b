package interp

import (
	"fmt"
	"math"
	"unsafe"

	"martlet/ir"
)

// slot is where a value lives in a frame: a word (≥ 0) or a ref (the complement of its index).
type slot = int32

const noSlot slot = math.MinInt32

// code is a decoded function.
type code struct {
	fn     *ir.Func
	insts  []inst
	nwords int
	words  []int64          // initial words: the constants
	refs   []unsafe.Pointer // initial refs: the constants
	params []slot
	sizes  []int // stack slots
	stack  []slot
}

type inst struct {
	op      ir.Op
	t, from ir.Type
	dst     slot
	dst2    slot
	a, b, c slot
	imm     int64
	cost    int32 // on the first instruction of a block: its number of steps
	val     *ir.Value
	end     *ir.End
	args    []slot // calls, guards, returns, exits
	results []slot
	call    *ir.CallInfo
	edges   []edge
	cases   map[int64]int
	trapPos ir.Pos
}

type edge struct {
	pc    int
	moves []move
	par   bool // the moves overlap
}

type move struct{ to, from slot }

func (m *Machine) codeOf(f *ir.Func) *code {
	c := m.code[f]
	if c == nil {
		c = m.decode(f)
		m.code[f] = c
	}
	return c
}

type decoder struct {
	m     *Machine
	c     *code
	slots []slot
	start []int // first instruction of a block, by block id
}

func (m *Machine) decode(f *ir.Func) *code {
	d := &decoder{m: m, c: &code{fn: f}, slots: make([]slot, f.NumValues()), start: make([]int, f.NumBlocks())}
	for i := range d.slots {
		d.slots[i] = noSlot
	}
	for _, b := range f.Blocks {
		for _, p := range b.Params {
			d.assign(p)
		}
		for _, v := range b.Insts {
			d.assign(v)
		}
	}
	d.c.nwords = len(d.c.words)
	d.c.params = d.list(f.Blocks[0].Params)
	for _, b := range f.Blocks {
		d.block(b)
	}
	for i := range d.c.insts {
		in := &d.c.insts[i]
		if in.end != nil {
			d.edges(in)
		}
	}
	return d.c
}

func (d *decoder) assign(v *ir.Value) {
	if v.Type == ir.Void {
		return
	}
	if v.Type == ir.Ref {
		d.slots[v.ID] = ^slot(len(d.c.refs))
		var p unsafe.Pointer
		if v.Op == ir.OpRefconst {
			p = d.refConst(v.Aux.(*ir.RefConst))
		}
		d.c.refs = append(d.c.refs, p)
		return
	}
	d.slots[v.ID] = slot(len(d.c.words))
	d.c.words = append(d.c.words, d.constant(v))
}

func (d *decoder) refConst(c *ir.RefConst) unsafe.Pointer {
	if c.Ptr == nil && d.m.opt.RefConst != nil {
		return d.m.opt.RefConst(c.Name)
	}
	return c.Ptr
}

func (d *decoder) constant(v *ir.Value) int64 {
	switch v.Op {
	case ir.OpConst:
		return v.Imm
	case ir.OpSymaddr:
		switch s := v.Aux.(type) {
		case *ir.Func:
			return int64(d.m.entryOf(s))
		case *ir.Global:
			return int64(d.m.globals[s.Name])
		}
	}
	return 0
}

func (d *decoder) list(vs []*ir.Value) []slot {
	out := make([]slot, len(vs))
	for i, v := range vs {
		out[i] = d.slots[v.ID]
	}
	return out
}

func (d *decoder) block(b *ir.Block) {
	first := len(d.c.insts)
	d.start[b.ID] = first
	for i, v := range b.Insts {
		switch v.Op {
		case ir.OpConst, ir.OpRefconst, ir.OpSymaddr, ir.OpResult:
		case ir.OpStackaddr:
			d.c.sizes = append(d.c.sizes, int(v.Imm))
			d.c.stack = append(d.c.stack, d.slots[v.ID])
		default:
			d.inst(b, v, i)
		}
	}
	d.end(b)
	d.c.insts[first].cost = int32(len(d.c.insts) - first)
}

func (d *decoder) inst(b *ir.Block, v *ir.Value, i int) {
	in := inst{op: v.Op, t: v.SuffixType(), dst: d.slots[v.ID], dst2: noSlot, imm: v.Imm, val: v, trapPos: v.Pos}
	in.operands(d.list(v.Args))
	if len(v.Args) > 0 {
		in.from = v.Args[0].Type
	}
	if v.Op == ir.OpCall || v.Op == ir.OpIcall || v.Op == ir.OpGuard {
		in.args = d.list(v.Args)
	}
	if v.Op == ir.OpCall || v.Op == ir.OpIcall {
		in.call = v.Call()
		in.results = make([]slot, len(in.call.Sig.Results))
		for k := range in.results {
			in.results[k] = noSlot
		}
		if len(in.results) > 0 {
			in.results[0] = in.dst
		}
	}
	for k := i + 1; k < len(b.Insts) && b.Insts[k].Op == ir.OpResult; k++ {
		r := b.Insts[k]
		in.dst2 = d.slots[r.ID]
		if in.results != nil {
			in.results[r.Imm] = d.slots[r.ID]
		}
	}
	d.c.insts = append(d.c.insts, in)
}

func (in *inst) operands(s []slot) {
	in.a, in.b, in.c = noSlot, noSlot, noSlot
	for i, p := range []*slot{&in.a, &in.b, &in.c} {
		if i < len(s) {
			*p = s[i]
		}
	}
}

func (d *decoder) end(b *ir.Block) {
	e := &b.End
	in := inst{op: e.Op, end: e, imm: e.Imm, call: e.Call, args: d.list(e.Args), trapPos: e.Pos, dst: noSlot}
	in.operands(in.args)
	if e.Op == ir.OpSwitch {
		in.cases = make(map[int64]int, len(e.Cases))
		for i, k := range e.Cases {
			in.cases[k] = i
		}
	}
	d.c.insts = append(d.c.insts, in)
}

func (d *decoder) edges(in *inst) {
	for i := range in.end.Succs {
		s := &in.end.Succs[i]
		e := edge{pc: d.start[s.To.ID]}
		written := map[slot]bool{}
		for k, a := range s.Args {
			mv := move{d.slots[s.To.Params[k].ID], d.slots[a.ID]}
			e.par = e.par || written[mv.from]
			written[mv.to] = true
			if mv.to != mv.from {
				e.moves = append(e.moves, mv)
			}
		}
		in.edges = append(in.edges, e)
	}
}

// check panics if a declared function cannot be called; the caller recovers.
func (m *Machine) definition(f *ir.Func) *ir.Func {
	if f.Linkage == ir.Declared && m.opt.Resolve != nil {
		if g := m.opt.Resolve(f.Name); g != nil && !g.IsDecl() {
			return g
		}
	}
	if f.Linkage == ir.Declared {
		panic(failure{fmt.Errorf("function @%s is declared but not supplied", f.Name)})
	}
	return f
}
