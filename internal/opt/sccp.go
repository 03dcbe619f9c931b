package opt

import "martlet/ir"

// sccp is sparse conditional constant propagation (Wegman and Zadeck,
// "Constant Propagation with Conditional Branches", 1991). A value is
// optimistically unknown, then one constant, then varying; edges are
// considered taken only when their branch may take them. Constants found
// replace their values, and branches decided become jumps.
func sccp(r *run) {
	r.collectConsts()
	r.apply()
	r.placeConsts()
	c := r.cfg()
	s := &sccpState{
		run:   r,
		level: make([]uint8, r.f.NumValues()),
		bits:  make([]int64, r.f.NumValues()),
		users: usersOf(r.f, c),
		ends:  endUsersOf(r.f, c),
		seen:  make([]bool, r.f.NumBlocks()),
		taken: map[edgeKey]bool{},
	}
	for _, p := range r.f.Entry().Params {
		s.level[p.ID] = varying
	}
	s.visit(r.f.Entry())
	s.solve()
	s.rewriteAll(c)
}

const (
	unknown uint8 = iota
	constant
	varying
)

type edgeKey struct {
	from ir.ID
	succ int
}

type sccpState struct {
	*run
	level []uint8
	bits  []int64
	users csr[*ir.Value]
	ends  csr[*ir.Block]
	seen  []bool
	taken map[edgeKey]bool
	work  []*ir.Value
	todo  []*ir.Block
}

// csr is a list of lists, packed: items[start[i]:start[i+1]] belong to i.
type csr[T any] struct {
	start []int32
	items []T
}

func (c *csr[T]) of(id ir.ID) []T { return c.items[c.start[id]:c.start[id+1]] }

// usersOf returns the instructions that use each value.
func usersOf(f *ir.Func, c *cfg) csr[*ir.Value] {
	return packed(f, func(yield func(used, by *ir.Value)) {
		for _, b := range c.rpo {
			for _, v := range b.Insts {
				for _, a := range v.Args {
					yield(a, v)
				}
			}
		}
	})
}

// endUsersOf returns the blocks whose ends use each value, as operand or argument.
func endUsersOf(f *ir.Func, c *cfg) csr[*ir.Block] {
	return packed(f, func(yield func(used *ir.Value, by *ir.Block)) {
		for _, b := range c.rpo {
			for _, a := range b.End.Args {
				yield(a, b)
			}
			for i := range b.End.Succs {
				for _, a := range b.End.Succs[i].Args {
					yield(a, b)
				}
			}
		}
	})
}

// packed builds a csr by counting, then filling.
func packed[T any](f *ir.Func, each func(yield func(*ir.Value, T))) csr[T] {
	c := csr[T]{start: make([]int32, f.NumValues()+1)}
	each(func(used *ir.Value, _ T) { c.start[used.ID+1]++ })
	for i := 1; i < len(c.start); i++ {
		c.start[i] += c.start[i-1]
	}
	c.items = make([]T, c.start[len(c.start)-1])
	next := append([]int32(nil), c.start...)
	each(func(used *ir.Value, by T) {
		c.items[next[used.ID]] = by
		next[used.ID]++
	})
	return c
}

func (s *sccpState) solve() {
	for len(s.work) > 0 || len(s.todo) > 0 {
		if n := len(s.todo); n > 0 {
			b := s.todo[n-1]
			s.todo = s.todo[:n-1]
			s.end(b)
			continue
		}
		v := s.work[len(s.work)-1]
		s.work = s.work[:len(s.work)-1]
		for _, u := range s.users.of(v.ID) {
			if s.seen[u.Block.ID] {
				s.eval(u)
			}
		}
		for _, b := range s.ends.of(v.ID) {
			if s.seen[b.ID] {
				s.end(b)
			}
		}
	}
}

func (s *sccpState) visit(b *ir.Block) {
	s.seen[b.ID] = true
	for _, v := range b.Insts {
		s.eval(v)
	}
	s.todo = append(s.todo, b)
}

func (s *sccpState) set(v *ir.Value, level uint8, bits int64) {
	if s.level[v.ID] == varying || s.level[v.ID] == level && s.bits[v.ID] == bits {
		return
	}
	if s.level[v.ID] == constant { // a second constant
		level = varying
	}
	s.level[v.ID], s.bits[v.ID] = level, bits
	s.work = append(s.work, v)
}

func (s *sccpState) eval(v *ir.Value) {
	if s.level[v.ID] == varying {
		return
	}
	if v.Op == ir.OpConst {
		s.set(v, constant, v.Imm)
		return
	}
	if v.Op == ir.OpResult {
		s.evalResult(v)
		return
	}
	if !v.Op.IsPure() || len(v.Args) == 0 || len(v.Args) > 3 {
		s.set(v, varying, 0)
		return
	}
	if v.Op == ir.OpSelect && s.level[v.Args[0].ID] == constant {
		s.copyOf(v, v.Args[selected(s.bits[v.Args[0].ID])])
		return
	}
	args, level := s.operands(v)
	switch level {
	case unknown:
	case varying:
		s.set(v, varying, 0)
	default:
		if c, ok := evalBits(v, args[:len(v.Args)]); ok {
			s.set(v, constant, normalise(v.Type, c))
		} else {
			s.set(v, varying, 0)
		}
	}
}

func selected(cond int64) int {
	if cond != 0 {
		return 1
	}
	return 2
}

func (s *sccpState) copyOf(v, from *ir.Value) {
	if s.level[from.ID] != unknown {
		s.set(v, s.level[from.ID], s.bits[from.ID])
	}
}

// operands returns v's constant operands, and unknown or varying if some are.
func (s *sccpState) operands(v *ir.Value) (args [3]uint64, level uint8) {
	level = constant
	for i, a := range v.Args {
		switch s.level[a.ID] {
		case varying:
			return args, varying
		case unknown:
			level = unknown
		}
		args[i] = uint64(s.bits[a.ID])
	}
	return args, level
}

func (s *sccpState) evalResult(v *ir.Value) {
	p := v.Args[0]
	if !p.Op.IsOverflow() || v.Imm != 1 {
		s.set(v, varying, 0)
		return
	}
	args, level := s.operands(p)
	switch level {
	case unknown:
	case varying:
		s.set(v, varying, 0)
	default:
		if c, ok := evalFlagBits(p, args[:len(p.Args)]); ok {
			s.set(v, constant, c)
		} else {
			s.set(v, varying, 0)
		}
	}
}

// end takes the edges that b may take.
func (s *sccpState) end(b *ir.Block) {
	end := &b.End
	if end.Op == ir.OpBr || end.Op == ir.OpSwitch {
		x := end.Args[0]
		switch s.level[x.ID] {
		case unknown:
			return
		case constant:
			s.take(b, takenBy(end, s.bits[x.ID]))
			return
		}
	}
	for i := range end.Succs {
		s.take(b, i)
	}
}

func takenBy(end *ir.End, x int64) int {
	if end.Op == ir.OpBr {
		return selected(x) - 1
	}
	for i, k := range end.Cases {
		if k == x {
			return i
		}
	}
	return len(end.Succs) - 1
}

func (s *sccpState) take(from *ir.Block, succ int) {
	e := &from.End.Succs[succ]
	s.taken[edgeKey{from.ID, succ}] = true
	for i, p := range e.To.Params {
		s.copyOf(p, e.Args[i])
	}
	if !s.seen[e.To.ID] {
		s.visit(e.To)
	}
}

// rewriteAll replaces what is constant and cuts the edges never taken.
func (s *sccpState) rewriteAll(c *cfg) {
	for _, b := range c.rpo {
		if !s.seen[b.ID] {
			continue
		}
		for _, p := range b.Params {
			s.replaceConst(p)
		}
		for _, v := range b.Insts {
			s.replaceConst(v)
		}
		if end := &b.End; end.Op == ir.OpBr || end.Op == ir.OpSwitch {
			if x := end.Args[0]; s.level[x.ID] == constant && s.spend() {
				e := end.Succs[takenBy(end, s.bits[x.ID])]
				*end = ir.End{Op: ir.OpJump, Succs: []ir.Edge{e}, Pos: end.Pos}
				s.cfgMem = nil
			}
		}
	}
}

func (s *sccpState) replaceConst(v *ir.Value) {
	if s.level[v.ID] != constant || v.Op == ir.OpConst || v.Type == ir.Void || !s.spend() {
		return
	}
	if v.Type == ir.Ref && s.bits[v.ID] != 0 {
		return // only nil is a constant of type ref
	}
	s.replace(v, s.constant(v.Type, s.bits[v.ID]))
}
