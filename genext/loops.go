package genext

import (
	"slices"

	"martlet/ir"
)

// Loops without a merge point, in helpers of an interpreter.
//
// A loop that runs on known bounds is unrolled: each turn has its own code. A
// loop whose end depends on a residual value must become a loop. Which it is
// shows as the specialiser goes round: if all the conditions that could have
// left the loop in a turn were residual, the header is a merge point like any other, and
// its parameters are not constants any more. A loop with both
// kinds of ends (a search through a known list) is unrolled. So is every loop of a
// function marked //martlet:unroll.

// turn is what a frame knows of a loop that it is in.
type turn struct {
	header *ir.Block
	known  bool // a known condition could have ended this turn
	red    bool // a residual one could
}

// loop is the set of a loop's blocks, by their ids; nil if a block is no header.
type loop bitset

func (l loop) has(b *ir.Block) bool { return l != nil && l[b.ID>>6]>>(b.ID&63)&1 != 0 }

// loopsOf finds the natural loops of a function: by the id of the header; nil if there are none.
func loopsOf(f *ir.Func) (loops []loop) {
	f.ComputePreds()
	state := make([]uint8, f.NumBlocks()) // 1: on the path of the search, 2: done
	var search func(b *ir.Block)
	search = func(b *ir.Block) {
		state[b.ID] = 1
		for i := range b.End.Succs {
			switch to := b.End.Succs[i].To; state[to.ID] {
			case 0:
				search(to)
			case 1:
				if loops == nil {
					loops = make([]loop, f.NumBlocks())
				}
				if loops[to.ID] == nil {
					loops[to.ID] = make(loop, (f.NumBlocks()+63)/64)
					setBit(bitset(loops[to.ID]), to.ID)
				}
				loops[to.ID].add(b)
			}
		}
		state[b.ID] = 2
	}
	search(f.Entry())
	return loops
}

// add adds to a loop's blocks all from which b can be reached.
func (l loop) add(b *ir.Block) {
	for work := []*ir.Block{b}; len(work) > 0; {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !l.has(b) {
			setBit(bitset(l), b.ID)
			work = append(work, b.Preds...)
		}
	}
}

// loop is the loop with a header, or nil.
func (g *graph) loop(header *ir.Block) loop {
	if g.loops == nil {
		return nil
	}
	return g.loops[header.ID]
}

// decided notes that the end of a block has been decided, by a known condition or a residual one.
func (f *sframe) decided(e *ir.End, known bool) {
	for i := range f.turns {
		t := &f.turns[i]
		body := f.g.loop(t.header)
		if !body.has(f.blk) || !body.left(e.Succs) {
			continue
		}
		if known {
			t.known = true
		} else {
			t.red = true
		}
	}
}

// left reports whether one of the ways leads out of the loop.
func (l loop) left(ways []ir.Edge) bool {
	for i := range ways {
		if to := ways[i].To; !l.has(to) && !panics(to) {
			return true
		}
	}
	return false
}

// panics reports whether a block is a panic of the interpreter: no end of a loop.
func panics(b *ir.Block) bool { return len(b.End.Succs) == 0 && b.End.Op != ir.OpRet }

// turnAround is called when a frame has come from a block to a loop's header. It
// reports whether the path has ended there, in a merge.
func (sp *spec) turnAround(s *state, f *sframe, from *ir.Block) bool {
	i := slices.IndexFunc(f.turns, func(t turn) bool { return t.header == f.blk })
	if i < 0 {
		i = len(f.turns)
		f.turns = append(f.turns, turn{header: f.blk})
	}
	t := &f.turns[i]
	merges := f.g.loop(f.blk).has(from) && t.red && !t.known
	t.known, t.red = false, false
	if !merges {
		return false
	}
	// What goes round as a parameter varies, whatever it is this time.
	for _, p := range f.blk.Params {
		if b := f.regs.at(p.ID); b.isConst() {
			b.gen = true
		}
	}
	sp.meet(s, mergeKey{mix(f.ctx, s.root), f.blk, 0, len(s.frames)})
	return true
}
