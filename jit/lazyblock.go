package jit

import (
	"fmt"
	"slices"

	"martlet/ir"
)

// Lazy blocks, as a transformation of IR.
//
// With Options.LazyBlocks a cold block is left out of its function's code until it is first reached. It becomes the entry of a continuation (osr.go), an
// ordinary function with an entry cell that leads to a stub at first:
//
//	slow(params) cold:                   slow(params) cold:
//	  ...                           =>     results = call f.lazy.k(params, live values)
//	                                       ret results
//
// What only that block led to goes away with it. The continuation holds the block and everything behind it, so it returns what the function
// would have returned, and a loop that comes back to the block finds it there. Its first call compiles it, like that of any function. When the function is
// compiled again afterwards (at the full level, say), the block is part of it.

// lazyBlocks are the blocks of f to leave out: cold ones which a block that is not cold leads to, and that hold more than a call of them would.
func lazyBlocks(f *ir.Func) []*continuation {
	cold := make([]bool, f.NumBlocks())
	for _, b := range f.Blocks[1:] {
		cold[b.ID] = b.Weight < 0
	}
	edge := make([]bool, f.NumBlocks())
	found := false
	for _, b := range f.Blocks {
		for k := range b.End.Succs {
			if to := b.End.Succs[k].To; cold[to.ID] && !cold[b.ID] {
				edge[to.ID], found = true, true
			}
		}
	}
	if !found {
		return nil
	}
	live := liveness(f)
	var list []*continuation
	for i, b := range f.Blocks {
		if edge[b.ID] && worthLeaving(b) && !reachable(f, b)[f.Blocks[0].ID] {
			ids, _ := liveAt(f, b, live)
			list = append(list, &continuation{header: i, live: ids, lazy: true, name: fmt.Sprintf("%s.lazy%d", f.Name, i)})
		}
	}
	return list
}

// worthLeaving tells whether a block holds more than the call that would replace it.
func worthLeaving(b *ir.Block) bool { return len(b.Insts) > 1 || len(b.End.Succs) > 0 }

// leaveOut replaces the blocks marked in skip by calls of their continuations.
func leaveOut(f *ir.Func, conts []*continuation, skip []bool) {
	if !slices.Contains(skip, true) {
		return
	}
	all := valuesByID(f)
	blocks := slices.Clone(f.Blocks)
	for i, c := range conts {
		if !skip[i] {
			continue
		}
		var live []*ir.Value
		for _, id := range c.live {
			live = append(live, all[id])
		}
		b := blocks[c.header]
		g := f.Module.AddFunc(c.name, c.signature(f), ir.Declared)
		b.Insts, b.End = nil, ir.End{}
		bl := ir.NewBuilder(f)
		bl.At(b)
		bl.Ret(bl.Call(g, live...)...)
	}
	keep := reachable(f, f.Blocks[0])
	f.Blocks = slices.DeleteFunc(f.Blocks, func(b *ir.Block) bool { return !keep[b.ID] })
	f.ComputePreds()
}
