package jit

import (
	"fmt"
	"slices"
	"unsafe"

	"martlet/internal/native"
	"martlet/ir"
)

// Counters and on-stack replacement, as a transformation of IR.
//
// Quick code of a tiered engine gets a counter: function entry and the headers of its loops count it down, and call the Go function
// hotName when it is used up, with the header's number. That asks for full compilation, and answers whether the loop can go on in better code.
// If so, the loop calls its continuation and returns what that returns:
//
//	header(params):                      header(params):
//	  ...                        =>        n = load counter - 1; store counter, n; br n < 0, hot, rest
//	                                     hot cold:
//	                                       r = call hotName(k); br r, osr, rest
//	                                     osr cold:
//	                                       results = call f.osr.k(live values); ret results
//	                                     rest:
//	                                       ...
//
// The continuation f.osr.k is the same function entered at the header: a new first block takes the live values as parameters and jumps to the header, what
// is not reachable from there goes away. It is an ordinary function to optimiser, code generator and engine, so that running
// loops enter it by an ordinary call through an entry cell. That works where no live value is defined inside what the header reaches, which holds for outermost
// loops; an inner loop is left soon enough, or its outer one would not be hot.
//
// References: Fink and Qian, "Design, implementation and evaluation of adaptive recompilation with on-stack replacement", CGO 2003; Hölzle and Ungar,
// "A third-generation Self implementation", OOPSLA 1994.

const (
	counterName = "martlet.counter"
	hotName     = "martlet.hot"
)

// continuation is the function that a loop of another one goes on in.
type continuation struct {
	header int     // index of the header in the blocks of the IR that was not optimised
	live   []ir.ID // values that become the parameters
	name   string
	fn     *function
	lazy   bool // it is a block left out, not a loop
	// reached says that a lazy block was compiled once, so that later compilations of the whole function include it. Under Engine.mu.
	reached bool
}

// liveSets are the values that are live on entry of each block, by block id.
type liveSets struct {
	sets  [][]uint64
	words int
}

func (l *liveSets) has(b *ir.Block, v *ir.Value) bool {
	return l.sets[b.ID][v.ID/64]>>(v.ID%64)&1 != 0
}

// liveness solves the backward data-flow equations over all blocks.
func liveness(f *ir.Func) *liveSets {
	n := (f.NumValues() + 63) / 64
	l := &liveSets{make([][]uint64, f.NumBlocks()), n}
	defs, uses := make([][]uint64, f.NumBlocks()), make([][]uint64, f.NumBlocks())
	for _, b := range f.Blocks {
		l.sets[b.ID], defs[b.ID], uses[b.ID] = make([]uint64, n), make([]uint64, n), make([]uint64, n)
		localSets(b, defs[b.ID], uses[b.ID])
	}
	order := ir.ReversePostorder(f)
	for changed := true; changed; {
		changed = false
		for i := len(order) - 1; i >= 0; i-- {
			b := order[i]
			in := l.sets[b.ID]
			for w := range in {
				out := uint64(0)
				for k := range b.End.Succs {
					out |= l.sets[b.End.Succs[k].To.ID][w]
				}
				if v := uses[b.ID][w] | out&^defs[b.ID][w]; v != in[w] {
					in[w], changed = v, true
				}
			}
		}
	}
	return l
}

// localSets finds what a block defines, and what it uses without defining it.
func localSets(b *ir.Block, defs, uses []uint64) {
	set := func(s []uint64, v *ir.Value) { s[v.ID/64] |= 1 << (v.ID % 64) }
	for _, p := range b.Params {
		set(defs, p)
	}
	for _, v := range b.Insts {
		set(defs, v)
	}
	eachUse(b, func(v **ir.Value) {
		if defs[(*v).ID/64]>>((*v).ID%64)&1 == 0 {
			set(uses, *v)
		}
	})
}

// eachUse visits every operand in a block.
func eachUse(b *ir.Block, visit func(v **ir.Value)) {
	for _, v := range b.Insts {
		for i := range v.Args {
			visit(&v.Args[i])
		}
	}
	for i := range b.End.Args {
		visit(&b.End.Args[i])
	}
	for k := range b.End.Succs {
		for i := range b.End.Succs[k].Args {
			visit(&b.End.Succs[k].Args[i])
		}
	}
}

// reachable returns the ids of the blocks that b reaches, itself included.
func reachable(f *ir.Func, b *ir.Block) []bool {
	seen := make([]bool, f.NumBlocks())
	seen[b.ID] = true
	for work := []*ir.Block{b}; len(work) > 0; {
		c := work[len(work)-1]
		work = work[:len(work)-1]
		for k := range c.End.Succs {
			if to := c.End.Succs[k].To; !seen[to.ID] {
				seen[to.ID] = true
				work = append(work, to)
			}
		}
	}
	return seen
}

// rematerialised tells whether a live value is made anew in a continuation instead of being passed.
func rematerialised(v *ir.Value) bool {
	return v.Op == ir.OpConst || v.Op == ir.OpSymaddr || v.Op == ir.OpRefconst
}

// continuations finds the loops of f that can be continued elsewhere, in the order of their headers.
func continuations(f *ir.Func) []*continuation {
	dom := ir.Dominators(f)
	isHeader := make([]bool, f.NumBlocks())
	found := false
	for _, b := range f.Blocks {
		for k := range b.End.Succs {
			if to := b.End.Succs[k].To; dom.Reachable(b) && dom.Dominates(to, b) && to != f.Blocks[0] {
				isHeader[to.ID], found = true, true
			}
		}
	}
	if !found {
		return nil
	}
	live := liveness(f)
	var list []*continuation
	for i, b := range f.Blocks {
		if isHeader[b.ID] {
			if ids, ok := liveAt(f, b, live); ok {
				list = append(list, &continuation{header: i, live: ids, name: fmt.Sprintf("%s.osr%d", f.Name, i)})
			}
		}
	}
	return list
}

// liveAt lists the values to pass to the continuation at header h: its parameters, and what is live there from outside. ok is false if such a value is
// defined inside what h reaches (redefine repairs that).
func liveAt(f *ir.Func, h *ir.Block, live *liveSets) (ids []ir.ID, ok bool) {
	inside := reachable(f, h)
	ok = true
	for _, p := range h.Params {
		ids = append(ids, p.ID)
	}
	for _, b := range f.Blocks {
		for _, list := range [2][]*ir.Value{b.Params, b.Insts} {
			for _, v := range list {
				if !live.has(h, v) || rematerialised(v) {
					continue
				}
				ok = ok && !inside[b.ID]
				ids = append(ids, v.ID)
			}
		}
	}
	return ids, ok
}

// valuesByID is the table of a function's values.
func valuesByID(f *ir.Func) []*ir.Value {
	all := make([]*ir.Value, f.NumValues())
	for _, b := range f.Blocks {
		for _, v := range b.Params {
			all[v.ID] = v
		}
		for _, v := range b.Insts {
			all[v.ID] = v
		}
	}
	return all
}

// signature is the continuation's: the live values of f to the results of f.
func (c *continuation) signature(f *ir.Func) ir.Signature {
	all := valuesByID(f)
	s := ir.Signature{Results: f.Sig.Results}
	for _, id := range c.live {
		s.Params = append(s.Params, all[id].Type)
	}
	return s
}

// enterAt turns a fresh copy of a function into its continuation.
func (c *continuation) enterAt(f *ir.Func) {
	h := f.Blocks[c.header]
	all, live := valuesByID(f), liveness(f)
	inside := reachable(f, h)
	repl := make([]*ir.Value, f.NumValues())
	first := f.NewBlock()
	f.Blocks = slices.Insert(f.Blocks[:len(f.Blocks)-1], 0, first)
	sig := ir.Signature{Results: f.Sig.Results}
	var toHeader []*ir.Value
	var again []*ir.Value
	for i, id := range c.live {
		p := first.AddParam(all[id].Type)
		sig.Params = append(sig.Params, p.Type)
		if i < len(h.Params) {
			toHeader = append(toHeader, p)
		} else if inside[all[id].Block.ID] {
			again = append(again, all[id])
			toHeader = append(toHeader, p)
		} else {
			repl[id] = p
		}
	}
	redefine(f, inside, live, again)
	for _, v := range all {
		if v != nil && rematerialised(v) && (!inside[v.Block.ID] || live.has(h, v)) {
			w := first.Add(v.Op, v.Type)
			w.Imm, w.Aux = v.Imm, v.Aux
			repl[v.ID] = w
		}
	}
	first.End = ir.End{Op: ir.OpJump, Succs: []ir.Edge{{To: h, Args: toHeader}}}
	f.Sig = sig
	inside = append(inside, make([]bool, f.NumBlocks()-len(inside))...)
	inside[first.ID] = true
	f.Blocks = slices.DeleteFunc(f.Blocks, func(b *ir.Block) bool { return !inside[b.ID] })
	for _, b := range f.Blocks {
		if b == first {
			continue
		}
		eachUse(b, func(v **ir.Value) {
			if int((*v).ID) < len(repl) && repl[(*v).ID] != nil {
				*v = repl[(*v).ID]
			}
		})
	}
	f.ComputePreds()
}

// redefine gives values that are defined inside what a continuation reaches, and also come in from outside, a second way in: every block in which one of them
// is live on entry gets it as a parameter, from all its predecessors.
func redefine(f *ir.Func, inside []bool, live *liveSets, again []*ir.Value) {
	blocks := slices.DeleteFunc(slices.Clone(f.Blocks), func(b *ir.Block) bool { return int(b.ID) >= len(inside) || !inside[b.ID] })
	for _, v := range again {
		local := map[*ir.Block]*ir.Value{v.Block: v}
		for _, b := range blocks {
			if live.has(b, v) {
				local[b] = b.AddParam(v.Type)
			}
		}
		for _, b := range blocks {
			w := local[b]
			eachUse(b, func(u **ir.Value) {
				if *u == v {
					*u = w
				}
			})
			for k := range b.End.Succs {
				if s := &b.End.Succs[k]; live.has(s.To, v) {
					s.Args = append(s.Args, w)
				}
			}
		}
	}
}

// addCounters instruments a fresh copy of a function, with the calls of its continuations. Loops that have none only count.
func addCounters(f *ir.Func, conts []*continuation) {
	m := f.Module
	counter := m.AddGlobal(&ir.Global{Name: counterName, Linkage: ir.Declared, Size: 8, Align: 8})
	hot := m.AddFunc(hotName, ir.Signature{Params: []ir.Type{ir.I64}, Results: []ir.Type{ir.I8}}, ir.DeclaredGo)
	all := valuesByID(f)
	blocks := slices.Clone(f.Blocks)
	for k, c := range conts {
		if c.lazy {
			continue
		}
		var live []*ir.Value
		for _, id := range c.live {
			live = append(live, all[id])
		}
		g := m.AddFunc(c.name, c.signature(f), ir.Declared)
		count(f, blocks[c.header], counter, hot, int64(k), g, live)
	}
	count(f, f.Blocks[0], counter, hot, -1, nil, nil)
	f.ComputePreds()
}

// count puts a countdown at the start of a block.
func count(f *ir.Func, b *ir.Block, counter *ir.Global, hot *ir.Func, k int64, cont *ir.Func, live []*ir.Value) {
	keep := 0 // stackaddrs stay in the entry block
	for i, v := range b.Insts {
		if v.Op == ir.OpStackaddr {
			keep = i + 1
		}
	}
	rest := f.NewBlock()
	rest.Weight, rest.End = b.Weight, b.End
	rest.Insts = append(rest.Insts, b.Insts[keep:]...)
	for _, v := range rest.Insts {
		v.Block = rest
	}
	b.Insts, b.End = b.Insts[:keep:keep], ir.End{}
	bl := ir.NewBuilder(f)
	bl.At(b)
	mem := ir.Mem{Flags: ir.NonTrap}
	addr := bl.SymAddr(counter)
	n := bl.Sub(bl.Load(ir.I32, addr, 0, mem), bl.Const(ir.I32, 1))
	bl.Store(addr, 0, n, mem)
	out := f.NewBlock()
	out.Weight = -1
	bl.Br(bl.Slt(n, bl.Const(ir.I32, 0)), ir.To(out), ir.To(rest))
	bl.At(out)
	r := bl.Call(hot, bl.Const(ir.I64, k))[0]
	if cont == nil {
		bl.Jump(rest)
		return
	}
	osr := f.NewBlock()
	osr.Weight = -1
	bl.Br(r, ir.To(osr), ir.To(rest))
	bl.At(osr)
	bl.Ret(bl.Call(cont, live...)...)
}

// prepareParts finds the function's continuations, makes their symbols, and transforms f, the clone that is about to be compiled: quick code of
// a tiered engine gets counters, lazy blocks that were never reached go away.
func (e *Engine) prepareParts(fn *function, f *ir.Func, l level, c *compiled) error {
	if e.opts.Tiers != Tiered && !e.opts.LazyBlocks {
		return nil
	}
	conts, skip, err := e.parts(fn, f)
	if err != nil {
		return err
	}
	if e.counter(l) > 0 {
		c.counter = new([8]byte)
		e.resetCounter(c)
		addCounters(f, conts)
	}
	leaveOut(f, conts, skip)
	return nil
}

// parts returns the function's continuations, which are found at its first compilation, and which of them are to be left out of it.
func (e *Engine) parts(fn *function, f *ir.Func) (conts []*continuation, skip []bool, err error) {
	var found []*continuation
	e.mu.Lock()
	known := fn.conts != nil
	e.mu.Unlock()
	if !known {
		found = e.findParts(f)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if fn.dead {
		return nil, nil, errDead
	}
	if !known {
		for _, k := range found {
			s, err := e.newSymbol(fn.mod.lib, k.name, k.signature(f), true)
			if err != nil {
				return nil, nil, err
			}
			k.fn = &function{e: e, mod: fn.mod, f: fn.f, sym: s, cont: k}
			s.fn = k.fn
		}
		fn.conts = append([]*continuation{}, found...)
	}
	for _, k := range fn.conts {
		skip = append(skip, k.lazy && !k.reached)
	}
	return fn.conts, skip, nil
}

// maxParts bounds the continuations of a function, of each sort.
const maxParts = 64

func (e *Engine) findParts(f *ir.Func) (found []*continuation) {
	if e.opts.Tiers == Tiered {
		found = continuations(f)
		found = found[:min(len(found), maxParts)]
	}
	if e.opts.LazyBlocks {
		lazy := lazyBlocks(f)
		found = append(found, lazy[:min(len(lazy), maxParts)]...)
	}
	return found
}

func (e *Engine) resetCounter(c *compiled) {
	*(*int32)(unsafe.Pointer(c.counter)) = e.opts.HotCount
}

// hotCall is the Go function that counters call: word 0 is the loop's number, or -1 for the function's entry; it answers whether the loop's
// continuation is ready.
func (e *Engine) hotCall(f native.Frame, w []uint64, _ []unsafe.Pointer) error {
	k := int64(w[0])
	w[0] = 0
	e.mu.Lock()
	defer e.mu.Unlock()
	o, ok := e.byCode[f.Caller()]
	if !ok {
		return nil
	}
	e.resetCounter(o.c)
	fn := o.fn // o.c may be retired already: the loop runs on in it
	if !fn.hot {
		fn.hot = true
		e.background(func() { e.upgrade(fn) })
	}
	if k < 0 || int(k) >= len(fn.conts) {
		return nil
	}
	g := fn.conts[k].fn
	switch {
	case g.code != nil:
		w[0] = 1
		e.counts.osr.Add(1)
		e.mu.tell(Event{Kind: EnteredOSR, Func: fn.f.Name, Level: g.code.level.String(), Bytes: int(g.code.in.Size)})
	case !g.hot:
		g.hot = true
		e.background(func() { e.upgrade(g) })
	}
	return nil
}

// dropContinuations leaves the continuations of a function that ends to the frames that may still call them: each ends when the
// last code that refers to it is freed. Under e.mu.
func (e *Engine) dropContinuations(fn *function) {
	for _, k := range fn.conts {
		k.fn.orphan = true
		e.dropIfUnused(k.fn.sym)
	}
	fn.conts = nil
}

// hotSymbol is the symbol of hotName, in a library that nobody else sees; held.
func (e *Engine) hotSymbol() (*symbol, error) {
	e.hotOnce.Do(func() {
		e.hidden = &Library{e: e, name: "martlet", symbols: map[string]*symbol{}}
		sig := ir.Signature{Params: []ir.Type{ir.I64}, Results: []ir.Type{ir.I8}}
		e.hotErr = e.hidden.defineGo(hotName, sig, &goFunction{frame: e.hotCall})
	})
	if e.hotErr != nil {
		return nil, e.hotErr
	}
	return e.hidden.lookup(hotName, "")
}
