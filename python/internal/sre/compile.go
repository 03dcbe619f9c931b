package sre

import (
	"unicode/utf8"

	"martlet/python/internal/wtf8"
)

type opcode uint8

const (
	opMatch       opcode = iota
	opFail               //
	opChar               // c
	opCharFold           // c is a fold key
	opAny                // any but newline
	opAnyAll             //
	opSet                // set
	opSplit              // try x, then y
	opJump               // x
	opSave               // capture slot n
	opAt                 // assertion n
	opBackref            // group n
	opBackrefFold        //
	opRepeat             // the single-character instruction behind this one, min..max, mode; goes on at x
	opLoopInit           // loop register n
	opLoop               // loop register n, min..max, mode; body at the next instruction, exit x
	opLook               // body at the next instruction up to opMatch, goes on at x; neg, behind (width n)
	opAtomic             // body at the next instruction up to opMatch, goes on at x
	opCond               // group n set: next instruction, else x
)

// inst is one instruction of the backtracking machine.
type inst struct {
	op       opcode
	mode     repeatMode
	neg      bool
	behind   bool
	flags    Flags
	c        rune
	n        int32
	x, y     int32
	min, max int
	set      *charset
}

type compiler struct{ p *Pattern }

func (c *compiler) compile(root *node) error {
	c.node(root)
	c.emit(inst{op: opMatch})
	c.p.prefix, c.p.whole = literalPrefix(root, c.p.Bytes)
	if !c.p.whole && c.p.prefix == "" {
		var f [4]uint64
		if firstBytes(root, &f, c.p.Bytes) {
			c.p.first = &f
		}
	}
	c.p.anchored = beginsAtStart(root)
	return nil
}

func (c *compiler) emit(i inst) int {
	c.p.prog = append(c.p.prog, i)
	return len(c.p.prog) - 1
}

func (c *compiler) here() int32 { return int32(len(c.p.prog)) }

func (c *compiler) node(n *node) {
	switch n.kind {
	case nEmpty:
	case nChar, nAny, nSet:
		c.emit(c.single(n))
	case nSeq:
		for _, k := range n.kids {
			c.node(k)
		}
	case nAlt:
		c.alt(n.kids)
	case nRepeat:
		c.repeat(n)
	case nGroup:
		c.emit(inst{op: opSave, n: int32(2 * n.n)})
		c.node(n.kids[0])
		c.emit(inst{op: opSave, n: int32(2*n.n + 1)})
	case nLook:
		c.sub(n.kids[0], inst{op: opLook, neg: n.neg, behind: n.behind, n: int32(n.n)})
	case nAtomic:
		c.sub(n.kids[0], inst{op: opAtomic})
	case nBackref:
		op := opBackref
		if n.flags&IgnoreCase != 0 {
			op = opBackrefFold
		}
		c.emit(inst{op: op, n: int32(n.n), flags: n.flags})
	case nCond:
		c.cond(n)
	case nAt:
		c.emit(inst{op: opAt, n: int32(n.at), flags: n.flags})
	case nFail:
		c.emit(inst{op: opFail})
	}
}

// single returns the instruction for a node that matches one character.
func (c *compiler) single(n *node) inst {
	switch n.kind {
	case nAny:
		if n.flags&DotAll != 0 {
			return inst{op: opAnyAll}
		}
		return inst{op: opAny}
	case nSet:
		return inst{op: opSet, set: n.set}
	}
	if n.flags&IgnoreCase != 0 {
		return inst{op: opCharFold, c: foldKey(n.c, n.flags, c.p.Bytes), flags: n.flags}
	}
	return inst{op: opChar, c: n.c}
}

func (c *compiler) alt(kids []*node) {
	var jumps []int
	for i, k := range kids {
		if i == len(kids)-1 {
			c.node(k)
			break
		}
		split := c.emit(inst{op: opSplit})
		c.p.prog[split].x = c.here()
		c.node(k)
		jumps = append(jumps, c.emit(inst{op: opJump}))
		c.p.prog[split].y = c.here()
	}
	for _, j := range jumps {
		c.p.prog[j].x = c.here()
	}
}

func (c *compiler) repeat(n *node) {
	body := n.kids[0]
	if n.mode == possessive {
		g := *n
		g.mode = greedy
		c.sub(&g, inst{op: opAtomic})
		return
	}
	switch body.kind {
	case nChar, nAny, nSet:
		r := c.emit(inst{op: opRepeat, min: n.min, max: n.max, mode: n.mode})
		c.emit(c.single(body))
		c.p.prog[r].x = c.here()
		return
	}
	reg := int32(c.p.loops)
	c.p.loops++
	c.emit(inst{op: opLoopInit, n: reg})
	loop := c.emit(inst{op: opLoop, n: reg, min: n.min, max: n.max, mode: n.mode})
	c.node(body)
	c.emit(inst{op: opJump, x: int32(loop)})
	c.p.prog[loop].x = c.here()
}

// sub compiles a body that runs on its own and ends in opMatch.
func (c *compiler) sub(body *node, head inst) {
	h := c.emit(head)
	c.node(body)
	c.emit(inst{op: opMatch})
	c.p.prog[h].x = c.here()
}

func (c *compiler) cond(n *node) {
	h := c.emit(inst{op: opCond, n: int32(n.n)})
	c.node(n.kids[0])
	j := c.emit(inst{op: opJump})
	c.p.prog[h].x = c.here()
	c.node(n.kids[1])
	c.p.prog[j].x = c.here()
}

// literalPrefix returns characters every match starts with, and whether they are all of it.
func literalPrefix(n *node, bytes bool) (prefix string, whole bool) {
	switch n.kind {
	case nChar:
		if n.flags&IgnoreCase != 0 {
			return "", false
		}
		return encode(n.c, bytes), true
	case nSeq:
		for _, k := range n.kids {
			s, all := literalPrefix(k, bytes)
			prefix += s
			if !all {
				return prefix, false
			}
		}
		return prefix, len(n.kids) > 0
	case nGroup:
		s, _ := literalPrefix(n.kids[0], bytes)
		return s, false
	case nRepeat:
		if n.min > 0 {
			s, _ := literalPrefix(n.kids[0], bytes)
			return s, false
		}
	}
	return "", false
}

func encode(c rune, bytes bool) string {
	if bytes {
		return string([]byte{byte(c)})
	}
	return wtf8.String(c)
}

// firstBytes adds the bytes a match of n may start with; it returns false if n
// can match the empty string or anything.
func firstBytes(n *node, f *[4]uint64, bytes bool) bool {
	switch n.kind {
	case nChar:
		if n.flags&IgnoreCase != 0 && (n.c >= 128 || n.flags&ASCII == 0 && !bytes) {
			return firstFolded(n.c, f, bytes)
		}
		addFirst(encode(n.c, bytes)[0], f)
		if n.flags&IgnoreCase != 0 {
			addFirst(byte(foldKey(n.c, n.flags, bytes)), f)
			addFirst(byte(lower(n.c, n.flags, bytes)), f)
		}
		return true
	case nSet:
		for c := rune(0); c < 128 || bytes && c < 256; c++ {
			if n.set.has(c) {
				addFirst(byte(c), f)
			}
		}
		if !bytes { // any character beyond ASCII may be in it
			addHighBytes(f)
		}
		return true
	case nSeq:
		for _, k := range n.kids {
			if k.kind == nAt || k.kind == nLook {
				continue
			}
			return firstBytes(k, f, bytes)
		}
	case nAlt:
		for _, k := range n.kids {
			if !firstBytes(k, f, bytes) {
				return false
			}
		}
		return true
	case nGroup, nAtomic:
		return firstBytes(n.kids[0], f, bytes)
	case nRepeat:
		return n.min > 0 && firstBytes(n.kids[0], f, bytes)
	}
	return false
}

// firstFolded handles a character whose case variants may lie beyond ASCII.
func firstFolded(c rune, f *[4]uint64, bytes bool) bool {
	if c < 128 {
		addFirst(byte(lower(c, ASCII, bytes)), f)
		addFirst(byte(foldKey(c, ASCII, bytes)), f)
	} else {
		for b := byte(0); b < 128; b++ { // K (Kelvin) matches k, for example
			addFirst(b, f)
		}
	}
	addHighBytes(f)
	return true
}

func addFirst(b byte, f *[4]uint64) { f[b>>6] |= 1 << (b & 63) }

func addHighBytes(f *[4]uint64) {
	f[2], f[3] = ^uint64(0), ^uint64(0)
}

func beginsAtStart(n *node) bool {
	switch n.kind {
	case nAt:
		return n.at == atBeginString || n.at == atBegin
	case nSeq:
		return len(n.kids) > 0 && beginsAtStart(n.kids[0])
	case nGroup, nAtomic:
		return beginsAtStart(n.kids[0])
	}
	return false
}

const runeSelf = utf8.RuneSelf
