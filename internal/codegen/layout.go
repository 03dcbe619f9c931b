package codegen

import "slices"

// Block layout.
//
// Quick code keeps the order of the blocks, cold ones last. Full code joins
// blocks into chains along the edges that run most (Pettis and Hansen,
// Profile guided code positioning, PLDI 1990): an edge joins two chains if it
// leads from the last block of one to the first of another. On a tie the jump
// back to a loop's test wins, which puts the test at the bottom: one taken branch an iteration instead of two.
// Blocks that hold nothing but a jump are left out.

type layouter struct {
	chainOf   []int32 // by block: representative, path-halved
	follow    []int32 // by block: next in the chain, -1: none
	chainHead []bool  // by block: begins a chain
	flow      []flowEdge
}

type flowEdge struct {
	from, to int32
	weight   float32
}

func (c *Compiler) planLayout() {
	c.layout = c.layout[:0]
	for i := range c.blocks {
		c.blocks[i].emitted = c.isEmpty(int32(i))
	}
	n := len(c.blocks)
	c.follow, c.chainOf = resize(c.follow, n), resize(c.chainOf, n)
	c.chainHead = resize(c.chainHead, n)
	for i := range c.blocks {
		c.follow[i], c.chainOf[i], c.chainHead[i] = -1, int32(i), true
	}
	if c.t.Level == Full {
		c.joinChains()
	}
	for pass := range 2 {
		for i := range c.blocks {
			if !c.blocks[i].emitted && c.chainHead[i] && (c.blocks[i].freq < 0.02 && i > 0) == (pass == 1) {
				for b := int32(i); b >= 0; b = c.follow[b] {
					c.layout = append(c.layout, b)
				}
			}
		}
	}
}

func (c *Compiler) joinChains() {
	c.flow = c.flow[:0]
	for i := range c.blocks {
		if !c.blocks[i].emitted {
			c.flowFrom(int32(i))
		}
	}
	slices.SortStableFunc(c.flow, func(a, b flowEdge) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	for _, e := range c.flow {
		from, to := c.chain(e.from), c.chain(e.to)
		if from != to && e.to != 0 && c.follow[e.from] < 0 && c.chainHead[e.to] {
			c.follow[e.from], c.chainHead[e.to] = e.to, false
			c.chainOf[to] = from
		}
	}
}

// flowFrom adds the edges of block b.
func (c *Compiler) flowFrom(b int32) {
	k := &c.blocks[b]
	succs := c.succsOf(b)
	for j, s := range succs {
		w := k.freq
		if k.src >= 0 {
			w *= c.share(k.src, j)
		}
		t := c.target(s)
		if len(succs) == 1 && t <= b {
			w *= 1.02
		}
		c.flow = append(c.flow, flowEdge{b, t, w})
	}
}

func (c *Compiler) chain(b int32) int32 {
	for c.chainOf[b] != b {
		c.chainOf[b] = c.chainOf[c.chainOf[b]]
		b = c.chainOf[b]
	}
	return b
}
