package opt

import (
	"slices"
	"testing"

	"martlet/ir"
	"martlet/ir/irtest"
)

// TestLoops compares the loops found with the definition, on random functions: a loop's blocks are those that reach the source of one of its back-edges without
// passing the header.
func TestLoops(t *testing.T) {
	found, nested := 0, 0
	for seed := range uint64(150) {
		m := irtest.Generate(seed, irtest.Config{Stmts: 60, Irreducible: seed%2 == 0})
		for _, f := range m.Funcs {
			if f.IsDecl() {
				continue
			}
			c := newCFG(f)
			c.findLoops()
			heads := 0
			for _, h := range f.Blocks {
				if slices.ContainsFunc(h.Preds, func(p *ir.Block) bool { return c.dominates(h, p) }) {
					heads++
				}
			}
			if heads != len(c.loops) {
				t.Fatalf("seed %d, @%s: %d loops instead of %d", seed, f.Name, len(c.loops), heads)
			}
			for _, l := range c.loops {
				want := naturalLoop(c, l.head)
				for _, b := range f.Blocks {
					if l.has(c, b) != want[b] || slices.Contains(l.blocks, b) != want[b] {
						t.Fatalf("seed %d, @%s, loop at %s: %s is in: %v", seed, f.Name, l.head, b, want[b])
					}
				}
				if len(l.blocks) != len(want) || l.blocks[0] != l.head || !slices.IsSortedFunc(l.blocks, func(a, b *ir.Block) int { return int(c.num[a.ID] - c.num[b.ID]) }) {
					t.Fatalf("seed %d, @%s, loop at %s: blocks %v", seed, f.Name, l.head, l.blocks)
				}
				if found++; l.parent != nil {
					nested++
				}
			}
		}
	}
	if found < 200 || nested < 20 {
		t.Errorf("only %d loops, %d nested", found, nested)
	}
}

func naturalLoop(c *cfg, h *ir.Block) map[*ir.Block]bool {
	in := map[*ir.Block]bool{h: true}
	var grow func(b *ir.Block)
	grow = func(b *ir.Block) {
		if !in[b] {
			in[b] = true
			for _, p := range b.Preds {
				grow(p)
			}
		}
	}
	for _, p := range h.Preds {
		if c.dominates(h, p) {
			grow(p)
		}
	}
	return in
}
