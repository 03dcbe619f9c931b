package opt

import (
	"sort"

	"martlet/ir"
)

// scalarReplace turns Go objects and stack slots that do not escape into
// values: every use is a load or store at a constant offset, and no two
// accesses overlap without being equal in offset and type. Each (object,
// offset) is a variable; SSA form is built on the fly as in Braun et al.,
// "Simple and Efficient Construction of Static Single Assignment Form" (2013),
// with all blocks sealed, so that parameters are added where definitions meet.
func scalarReplace(r *run) {
	c := r.cfg()
	s := &scalars{run: r, cfg: c, index: map[*ir.Value]int{}}
	s.candidates()
	if len(s.objs) == 0 {
		return
	}
	s.disqualify()
	s.number()
	if len(s.vars) == 0 {
		return
	}
	s.rename()
}

type scalarVar struct {
	obj int
	off int64
	t   ir.Type
}

type scalarObj struct {
	def  *ir.Value
	size int64
	bad  bool
	vars map[int64]int // offset -> variable
	typs map[int64]ir.Type
}

type scalars struct {
	*run
	cfg   *cfg
	objs  []*scalarObj
	index map[*ir.Value]int
	vars  []scalarVar
	// By block (reverse postorder index) and variable: the value at the end of
	// the block, and at its start, as far as known.
	defs, starts [][]*ir.Value
}

func (s *scalars) candidates() {
	for _, b := range s.cfg.rpo {
		for _, v := range b.Insts {
			size := int64(-1)
			switch v.Op {
			case ir.OpAlloc:
				size = int64(v.Aux.(*ir.TypeDesc).Size)
			case ir.OpStackaddr:
				size = v.Imm
			}
			if size >= 0 {
				s.index[v] = len(s.objs)
				s.objs = append(s.objs, &scalarObj{def: v, size: size, vars: map[int64]int{}, typs: map[int64]ir.Type{}})
			}
		}
	}
}

// obj returns the candidate that v is, or nil.
func (s *scalars) obj(v *ir.Value) *scalarObj {
	if v.Op != ir.OpAlloc && v.Op != ir.OpStackaddr {
		return nil
	}
	if i, ok := s.index[v]; ok && !s.objs[i].bad {
		return s.objs[i]
	}
	return nil
}

func (s *scalars) disqualify() {
	escape := func(vs []*ir.Value) {
		for _, v := range vs {
			if o := s.obj(v); o != nil {
				o.bad = true
			}
		}
	}
	for _, b := range s.cfg.rpo {
		for _, v := range b.Insts {
			switch v.Op {
			case ir.OpLoad:
				s.access(v.Args[0], v.Imm, v.Type)
			case ir.OpStore:
				s.access(v.Args[0], v.Imm, v.Args[1].Type)
				escape(v.Args[1:])
			default:
				escape(v.Args)
			}
		}
		escape(b.End.Args)
		for i := range b.End.Succs {
			escape(b.End.Succs[i].Args)
		}
	}
	for _, o := range s.objs {
		o.bad = o.bad || overlapping(o)
	}
	// An object made inside a loop is a new one each time; its variables are
	// set to zero where it is made, so it needs nothing special.
}

func (s *scalars) access(base *ir.Value, off int64, t ir.Type) {
	o := s.obj(base)
	if o == nil {
		return
	}
	if off < 0 || off+int64(t.Size()) > o.size {
		o.bad = true
		return
	}
	if old, ok := o.typs[off]; ok && old != t {
		o.bad = true
		return
	}
	o.typs[off] = t
}

func overlapping(o *scalarObj) bool {
	var offs []int64
	for off := range o.typs {
		offs = append(offs, off)
	}
	sort.Slice(offs, func(i, j int) bool { return offs[i] < offs[j] })
	for i := 1; i < len(offs); i++ {
		if offs[i-1]+int64(o.typs[offs[i-1]].Size()) > offs[i] {
			return true
		}
	}
	return false
}

const maxScalarVars = 512

func (s *scalars) number() {
	for i, o := range s.objs {
		if o.bad || len(s.vars)+len(o.typs) > maxScalarVars || !s.spend() {
			o.bad = true
			continue
		}
		var offs []int64
		for off := range o.typs {
			offs = append(offs, off)
		}
		sort.Slice(offs, func(i, j int) bool { return offs[i] < offs[j] })
		for _, off := range offs {
			o.vars[off] = len(s.vars)
			s.vars = append(s.vars, scalarVar{i, off, o.typs[off]})
		}
		if len(offs) == 0 {
			o.bad = true // unused: left to the dead code pass
		}
	}
}

// rename replaces the accesses. Blocks are visited in reverse postorder; the
// value of a variable at a block's start is asked for only when needed.
func (s *scalars) rename() {
	s.defs = make([][]*ir.Value, len(s.cfg.rpo))
	s.starts = make([][]*ir.Value, len(s.cfg.rpo))
	for i := range s.defs {
		s.defs[i] = make([]*ir.Value, len(s.vars))
		s.starts[i] = make([]*ir.Value, len(s.vars))
	}
	// First the definitions at the end of each block, so that loops can look ahead.
	for i, b := range s.cfg.rpo {
		for _, v := range b.Insts {
			s.define(i, v)
		}
	}
	for i, b := range s.cfg.rpo {
		s.renameBlock(i, b)
	}
}

func (s *scalars) define(i int, v *ir.Value) {
	if o := s.obj(v); o != nil {
		for _, k := range o.vars {
			s.defs[i][k] = s.constant(s.vars[k].t, 0)
		}
		return
	}
	if v.Op == ir.OpStore {
		if o := s.obj(v.Args[0]); o != nil {
			s.defs[i][o.vars[v.Imm]] = v.Args[1]
		}
	}
}

func (s *scalars) renameBlock(i int, b *ir.Block) {
	cur := make(map[int]*ir.Value)
	kept := make([]*ir.Value, 0, len(b.Insts))
	for _, v := range b.Insts {
		switch o := s.obj(v); {
		case o != nil:
			for _, k := range o.vars {
				cur[k] = s.constant(s.vars[k].t, 0)
			}
			continue
		case v.Op == ir.OpStore && s.obj(v.Args[0]) != nil:
			cur[s.obj(v.Args[0]).vars[v.Imm]] = v.Args[1]
			continue
		case v.Op == ir.OpLoad && s.obj(v.Args[0]) != nil:
			k := s.obj(v.Args[0]).vars[v.Imm]
			if cur[k] == nil {
				cur[k] = s.atStart(i, k)
			}
			s.replace(v, cur[k])
			continue
		}
		kept = append(kept, v)
	}
	b.Insts = kept
}

// atStart returns variable k's value at the start of block i, adding a
// parameter where several definitions meet.
func (s *scalars) atStart(i, k int) *ir.Value {
	if s.starts[i][k] != nil {
		return s.starts[i][k]
	}
	b := s.cfg.rpo[i]
	switch {
	case i == 0:
		s.starts[i][k] = s.constant(s.vars[k].t, 0)
	case len(b.Preds) == 1:
		s.starts[i][k] = s.atEnd(int(s.cfg.num[b.Preds[0].ID]), k)
	default:
		s.join(i, k, b)
	}
	return s.starts[i][k]
}

func (s *scalars) join(i, k int, b *ir.Block) {
	p := b.AddParam(s.vars[k].t)
	s.starts[i][k] = p // ends the recursion around loops
	edgesTo(b, func(_ *ir.Block, e *ir.Edge) { e.Args = append(e.Args[:len(e.Args):len(e.Args)], nil) })
	edgesTo(b, func(from *ir.Block, e *ir.Edge) {
		e.Args[p.Imm] = s.atEnd(int(s.cfg.num[from.ID]), k)
	})
}

// atEnd returns variable k's value at the end of block i.
func (s *scalars) atEnd(i, k int) *ir.Value {
	if s.defs[i][k] == nil {
		return s.atStart(i, k)
	}
	return s.defs[i][k]
}
