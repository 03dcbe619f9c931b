package codegen

import (
	"errors"
	"fmt"
	"sync"

	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// Level says how much work to spend.
type Level uint8

// The levels. They share every stage; Quick leaves out what costs time for
// little: constant hoisting, layout by chains, slot sharing.
const (
	Quick Level = iota
	Full
)

func (l Level) String() string {
	if l == Quick {
		return "quick"
	}
	return "full"
}

// Features are the optional instruction sets that selection may use. SSE4.1
// and POPCNT are required.
type Features struct {
	BMI1, BMI2, LZCNT, FMA bool
}

// Target says for which machine and how to compile.
type Target struct {
	CPU    Features
	Level  Level
	Check  bool    // prove the register allocation with the symbolic checker
	Bridge *Bridge // compile the function as the continuation of an exit
	Joins  bool    // record where bridges can join: every loop header (obj.Code.Joins)
	NoPoll bool    // leave out safepoint polls: for tests that show what they cost
	// Anchor, if not nil, is stored to ref slot 0 of the frame on entry and stays there, so that while the
	// function runs the Go object is alive and an exit's handler finds it (native.Frame.Slot).
	Anchor *ir.RefConst
}

// errUnsupported reports an op that the target cannot express.
var errUnsupported = errors.New("codegen: not supported on this machine")

// Compiler holds the scratch memory of compilations. It may be used for any
// number of functions, one at a time.
type Compiler struct {
	cfg
	f *ir.Func
	t Target

	insts  []inst
	opnds  []operand
	blocks []mblock
	mb     []int32 // by number in order: index in blocks
	edges  []int32 // successors
	predE  []int32 // predecessors
	vi     []vinfo
	consts []constant
	exits  []exitRec
	syms   []string
	symIdx map[string]int32
	refs   []*ir.RefConst
	types  []*ir.TypeDesc

	lower
	live
	alloc
	resolver
	layouter
	joiner
	emitter
}

// constant is an operand that needs no register.
type constant struct {
	t   ir.Type
	imm int64
	ref int32 // index in refs, -1: none
}

// exitRec is an exit while its code is made; its live values are operands of an instruction.
type exitRec struct {
	kind obj.ExitKind
	id   int32
	arg  int32
	inst int32
	cell bool
}

var pool = sync.Pool{New: func() any { return new(Compiler) }}

// Compile translates a function. f is only read; it must have passed
// ir.Verify. The error is a compile failure of this function only: an op or
// a size that the machine code cannot express, or a broken invariant of the compiler.
func Compile(f *ir.Func, t Target) (*obj.Code, error) {
	c := pool.Get().(*Compiler)
	code, err := c.Compile(f, t)
	if err == nil {
		pool.Put(c)
	}
	return code, err
}

// compileError is how the stages give up on a function.
type compileError struct{ err error }

// fail ends the compilation of this function with an error.
func fail(format string, args ...any) {
	panic(compileError{fmt.Errorf("codegen: "+format, args...)})
}

// Compile is the function Compile with this compiler's scratch memory.
func (c *Compiler) Compile(f *ir.Func, t Target) (code *obj.Code, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case compileError:
			code, err = nil, fmt.Errorf("%s: %w", f.Name, r.err)
		default:
			panic(r)
		}
	}()
	c.f, c.t = f, t
	c.checkBridge()
	c.analyse(f)
	c.makeBlocks()
	c.lowerFunc()
	c.buildIntervals()
	c.allocate()
	c.resolve()
	if t.Check {
		c.check()
	}
	return c.emit(), nil
}

// makeBlocks makes the machine blocks: one for each reachable IR block, and
// one for each critical edge, right behind its source.
func (c *Compiler) makeBlocks() {
	n := len(c.order)
	c.mb = resize(c.mb, n)
	c.blocks, c.edges = c.blocks[:0], c.edges[:0]
	for i := range n {
		c.mb[i] = int32(len(c.blocks))
		c.blocks = append(c.blocks, mblock{src: int32(i), loop: c.loopOf[i], freq: c.freq[i], poll: c.retreat[i] && !c.t.NoPoll})
		if succs := c.order[i].End.Succs; len(succs) > 1 {
			c.edgeBlocks(int32(i), succs)
		}
	}
	c.linkBlocks()
	for i := range c.loops {
		l := &c.loops[i]
		end := l.last + 1
		if int(end) < n {
			l.last = c.mb[end] - 1
		} else {
			l.last = int32(len(c.blocks)) - 1
		}
		l.header = c.mb[l.header]
	}
}

// edgeBlocks appends a block for each critical edge of block b.
func (c *Compiler) edgeBlocks(b int32, succs []ir.Edge) {
	for k := range succs {
		to := c.num[succs[k].To.ID]
		if len(c.predsOf(to)) < 2 {
			continue
		}
		l := c.loopOf[to]
		for l >= 0 && !c.inLoop(b, l) {
			l = c.loops[l].parent
		}
		c.blocks = append(c.blocks, mblock{src: -1 - to, loop: l, freq: c.freq[b] * c.share(b, k)})
	}
}

// linkBlocks fills successors and predecessors. The edge blocks of a block
// follow it in the order of its critical edges.
func (c *Compiler) linkBlocks() {
	for i := range c.blocks {
		b := &c.blocks[i]
		b.succ = int32(len(c.edges))
		if b.src < 0 {
			c.edges = append(c.edges, c.mb[-1-b.src])
			b.nsucc = 1
			continue
		}
		succs := c.order[b.src].End.Succs
		b.nsucc = int32(len(succs))
		next := int32(i) + 1
		for k := range succs {
			to := c.num[succs[k].To.ID]
			if len(succs) > 1 && len(c.predsOf(to)) > 1 {
				c.edges = append(c.edges, next)
				next++
			} else {
				c.edges = append(c.edges, c.mb[to])
			}
		}
	}
	for i := range c.blocks {
		for _, s := range c.succsOf(int32(i)) {
			c.blocks[s].npred++
		}
	}
	off := int32(0)
	for i := range c.blocks {
		c.blocks[i].pred = off
		off += c.blocks[i].npred
		c.blocks[i].npred = 0
	}
	c.predE = resize(c.predE, int(off))
	for i := range c.blocks {
		for _, s := range c.succsOf(int32(i)) {
			b := &c.blocks[s]
			c.predE[b.pred+b.npred] = int32(i)
			b.npred++
		}
	}
}

func (c *Compiler) succsOf(b int32) []int32 {
	k := &c.blocks[b]
	return c.edges[k.succ : k.succ+k.nsucc]
}

func (c *Compiler) mpreds(b int32) []int32 {
	k := &c.blocks[b]
	return c.predE[k.pred : k.pred+k.npred]
}

// newVreg returns a fresh virtual register for a value of type t.
func (c *Compiler) newVreg(t ir.Type) vreg {
	c.vi = append(c.vi, vinfo{float: t.IsFloat(), ref: t == ir.Ref, w: widthOf(t)})
	return vreg(len(c.vi) - 1)
}

// widthOf is the operand width of a type.
func widthOf(t ir.Type) amd64.Width {
	switch t {
	case ir.I8:
		return amd64.W8
	case ir.I16:
		return amd64.W16
	case ir.I32, ir.F32:
		return amd64.W32
	}
	return amd64.W64
}

// sym returns the index of a symbol name in the code's table.
func (c *Compiler) sym(name string) int32 {
	if i, ok := c.symIdx[name]; ok {
		return i
	}
	i := int32(len(c.syms))
	c.syms = append(c.syms, name)
	c.symIdx[name] = i
	return i
}
