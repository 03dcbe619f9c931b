package jit

import (
	"slices"

	"martlet/ir"
)

// Explicit checks, for engines that may not install signal handlers (Options.NoSignals), as a transformation of IR: before each access that may trap,
//
//	%a = bitcast.i64 %p
//	%c = ult.i8 %a, 4096
//	br %c, nil, go on
//
// once per address and block. Division checks its divisor and calls check the stack without signals anyway. An address that is neither good nor nil
// is still fatal: only a handler could catch it.

// nilLimit is the bound of addresses that count as nil.
const nilLimit = 4096

// addNilChecks puts checks into every function of a module.
func addNilChecks(m *ir.Module) {
	for _, f := range m.Funcs {
		if !f.IsDecl() {
			n := nilChecker{f: f}
			n.run()
		}
	}
}

type nilChecker struct {
	f    *ir.Func
	trap *ir.Block
}

func (n *nilChecker) run() {
	entry := n.f.Blocks[0]
	slices.SortStableFunc(entry.Insts, func(a, b *ir.Value) int { return rank(a) - rank(b) }) // stackaddrs stay in the entry block
	for _, b := range slices.Clone(n.f.Blocks) {
		n.block(b)
	}
	n.f.ComputePreds()
}

func rank(v *ir.Value) int {
	if v.Op == ir.OpStackaddr {
		return 0
	}
	return 1
}

// block checks the accesses in a block, which is cut into pieces for it.
func (n *nilChecker) block(b *ir.Block) {
	seen := map[*ir.Value]bool{}
	insts, end := b.Insts, b.End
	bl := ir.NewBuilder(n.f)
	b.Insts, b.End = nil, ir.End{}
	bl.At(b)
	for _, v := range insts {
		addrs, size := accessed(v)
		for _, a := range addrs {
			if !seen[a] && !neverNil(a) {
				seen[a] = size == nil
				n.check(bl, a, size)
			}
		}
		v.Block = bl.Block
		bl.Block.Insts = append(bl.Block.Insts, v)
	}
	bl.Block.End = end
}

// accessed returns the addresses that v accesses, and for accesses of variable size the number of bytes.
func accessed(v *ir.Value) (addrs []*ir.Value, size *ir.Value) {
	switch v.Op {
	case ir.OpLoad, ir.OpStore:
		if v.Mem.Flags&ir.NonTrap == 0 {
			return v.Args[:1], nil
		}
	case ir.OpMemmove:
		return v.Args[:2], v.Args[2]
	case ir.OpMemzero:
		return v.Args[:1], v.Args[1]
	}
	return nil, nil
}

func neverNil(a *ir.Value) bool {
	return a.Op == ir.OpStackaddr || a.Op == ir.OpSymaddr || a.Op == ir.OpAlloc || a.Op == ir.OpAllocarray
}

// check ends the builder's block with a branch to the trap if a is nil, and goes on in a new one.
func (n *nilChecker) check(bl *ir.Builder, a, size *ir.Value) {
	b := bl.Block
	bad := bl.Ult(bl.Bitcast(ir.I64, a), bl.Const(ir.I64, nilLimit))
	if size != nil {
		bad = bl.And(bad, bl.Ne(size, bl.Const(ir.I64, 0)))
	}
	if n.trap == nil {
		n.trap = n.f.NewBlock()
		n.trap.Weight = -1
		bl.At(n.trap)
		bl.Trap(ir.TrapNil)
		bl.At(b)
	}
	rest := n.f.NewBlock()
	rest.Weight = b.Weight
	bl.Br(bad, ir.To(n.trap), ir.To(rest))
	bl.At(rest)
}
