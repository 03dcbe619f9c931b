package code

// DeadTemps gives the temporaries below limit that nothing reads any more when the instruction before pc, which is at work, is done: what
// they hold is garbage that nobody has overwritten yet.
func (c *Code) DeadTemps(pc, limit int) (regs []int) {
	live := c.liveness()
	now := make(bits, (c.NRegs+63)/64)
	now.join(live[pc])
	c.kill(c.Instrs[pc-1], now)
	if h := c.Handler(pc - 1); h != nil {
		now.join(live[h.Handler])
	}
	for r := c.TempBase(); r < limit; r++ {
		if !now.has(r) {
			regs = append(regs, r)
		}
	}
	return regs
}

// DeadNow gives the temporaries that the instruction before pc, which is at work, neither reads nor leaves to anybody.
func (c *Code) DeadNow(pc int) (regs []int) {
	live := c.liveness()
	now := make(bits, (c.NRegs+63)/64)
	now.join(live[pc])
	now.join(live[pc-1])
	if h := c.Handler(pc - 1); h != nil {
		now.join(live[h.Handler])
	}
	for r := c.TempBase(); r < c.NRegs; r++ {
		if !now.has(r) {
			regs = append(regs, r)
		}
	}
	return regs
}

// join adds o to b and reports whether b changed.
func (b bits) join(o bits) (changed bool) {
	for i, w := range o {
		if n := b[i] | w; n != b[i] {
			b[i] = n
			changed = true
		}
	}
	return changed
}

// liveness finds the registers that may be read before they are written, for each instruction and for the end: the backward problem over
// single instructions, repeated until nothing changes.
func (c *Code) liveness() []bits {
	words := (c.NRegs + 63) / 64
	live := make([]bits, len(c.Instrs)+1)
	for i := range live {
		live[i] = make(bits, words)
	}
	out := make(bits, words)
	for changed := true; changed; {
		changed = false
		for pc := len(c.Instrs) - 1; pc >= 0; pc-- {
			i := c.Instrs[pc]
			clear(out)
			if !i.Op().Ends() {
				out.join(live[pc+1])
			}
			if t, ok := i.Target(pc); ok {
				out.join(live[t])
			}
			c.kill(i, out)
			if h := c.Handler(pc); h != nil {
				out.join(live[h.Handler])
			}
			c.use(i, out)
			changed = live[pc].join(out) || changed
		}
	}
	return live
}

// writesPair says whether the registers that an instruction's table entry lists as perhaps unbound are results.
func writesPair(op Op) bool {
	return op == OpLoadmethod || op == OpSupermethod || op == OpWithenter || op == OpAwithenter
}

// kill takes what i surely writes off a set.
func (c *Code) kill(i Instr, s bits) {
	if i.Op() == OpFornext {
		return
	}
	for _, r := range c.runs(i, nil) {
		if r.mode == 'w' || r.mode == 'u' || r.mode == 'v' && writesPair(i.Op()) {
			for reg := r.first; reg < r.last; reg++ {
				s.clear(reg)
			}
		}
	}
}

// use adds what i reads to a set.
func (c *Code) use(i Instr, s bits) {
	for _, r := range c.runs(i, nil) {
		if r.mode == 'r' || r.mode == 'x' || r.mode == '?' || r.mode == 'v' && !writesPair(i.Op()) {
			for reg := r.first; reg < r.last; reg++ {
				s.set(reg)
			}
		}
	}
}
