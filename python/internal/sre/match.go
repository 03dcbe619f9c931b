package sre

import (
	"errors"
	"strings"

	"martlet/python/internal/wtf8"
)

// The machine tries alternatives in order and, when one fails, goes back to
// the latest choice. Choices, and the values to restore on the way back, lie
// on one stack, so a match needs no recursion per character; only look-around
// and atomic groups nest, as deep as the pattern does.

// Mode says where a match must lie.
type Mode uint8

// The modes.
const (
	Search    Mode = iota // anywhere
	Match                 // at the start
	FullMatch             // from start to end
)

// ErrTooComplex is returned when the choices to go back to fill the memory
// that a match may use.
var ErrTooComplex = errors.New("regular expression needs too much memory")

const (
	maxStack  = 1 << 25 // entries
	pollSteps = 1 << 14
)

// Result is a successful match.
type Result struct {
	Spans     []int // start and end of the match and of each group; -1, -1 if it took no part
	LastIndex int   // the group closed last, or 0
}

// Matcher runs a pattern over one subject, match after match.
type Matcher struct {
	p     *Pattern
	s     string // up to the end position
	start int
	mode  Mode
	// NotEmptyAt is a position at which an empty match is refused, or -1:
	// for iteration, after an empty match there.
	NotEmptyAt int
	// Poll is called now and then; its error ends the match. It may be nil.
	Poll func() error

	caps  []int
	last  int
	loops []loopState
	stack []choice
	steps int
}

type loopState struct{ count, pos int }

type choiceKind uint8

const (
	goTo     choiceKind = iota // continue at pc, pos
	shorter                    // a greedy repeat at pc may give back: between a and pos
	longer                     // a lazy repeat at pc may take more: b more at most
	undoCap                    // caps[a] = b; last = pc
	undoLoop                   // loops[pc] = {a, pos}
)

type choice struct {
	kind choiceKind
	pc   int32
	pos  int
	a, b int
}

// NewMatcher prepares matching of s[:end].
func (p *Pattern) NewMatcher(s string, end int) *Matcher {
	return &Matcher{p: p, s: s[:end], NotEmptyAt: -1, caps: make([]int, 2*(p.Groups+1)), loops: make([]loopState, p.loops)}
}

// Match looks for a match from position pos on. It returns nil if there is none.
func (m *Matcher) Match(pos int, mode Mode) (*Result, error) {
	m.mode = mode
	if mode != Search {
		return m.at(pos)
	}
	for {
		pos = m.candidate(pos)
		if pos < 0 {
			return nil, nil
		}
		if r, err := m.at(pos); r != nil || err != nil {
			return r, err
		}
		if pos >= len(m.s) {
			return nil, nil
		}
		pos += m.width(pos)
	}
}

func (m *Matcher) width(pos int) int {
	if m.p.Bytes || m.s[pos] < runeSelf {
		return 1
	}
	return wtf8.Len(m.s[pos])
}

// candidate returns the next position where a match could start, or -1.
func (m *Matcher) candidate(pos int) int {
	switch {
	case m.p.anchored && pos > 0:
		return -1
	case m.p.prefix != "":
		if i := strings.Index(m.s[pos:], m.p.prefix); i >= 0 {
			return pos + i
		}
		return -1
	case m.p.first != nil:
		for pos < len(m.s) && m.p.first[m.s[pos]>>6]>>(m.s[pos]&63)&1 == 0 {
			pos++
		}
		if pos >= len(m.s) {
			return -1
		}
	}
	return pos
}

func (m *Matcher) at(pos int) (*Result, error) {
	m.start = pos
	for i := range m.caps {
		m.caps[i] = -1
	}
	m.last = 0
	m.stack = m.stack[:0]
	end, err := m.run(0, pos, true)
	if err != nil || end < 0 {
		return nil, err
	}
	m.caps[0], m.caps[1] = pos, end
	return &Result{Spans: append([]int(nil), m.caps...), LastIndex: m.last}, nil
}

func (m *Matcher) push(c choice) { m.stack = append(m.stack, c) }

// char decodes the character at pos; the caller has checked that there is one.
func (m *Matcher) char(pos int) (rune, int) {
	if c := m.s[pos]; c < runeSelf || m.p.Bytes {
		return rune(c), 1
	}
	return wtf8.Decode(m.s[pos:])
}

// one reports whether a single-character instruction matches at pos, and the width.
func (m *Matcher) one(in *inst, pos int) (int, bool) {
	if pos >= len(m.s) {
		return 0, false
	}
	c, w := m.char(pos)
	switch in.op {
	case opChar:
		return w, c == in.c
	case opAny:
		return w, c != '\n'
	case opAnyAll:
		return w, true
	case opSet:
		return w, in.set.has(c)
	}
	return w, foldKey(c, in.flags, m.p.Bytes) == in.c
}

// run executes from pc until opMatch, and returns the end position, or -1. The
// choices left on the stack above its base are dropped at success, those
// that restore values are kept for a failure further out.
func (m *Matcher) run(pc int32, pos int, top bool) (int, error) {
	base := len(m.stack)
	prog := m.p.prog
	for {
		if m.steps++; m.steps%pollSteps == 0 {
			if err := m.poll(); err != nil {
				return -1, err
			}
		}
		in := &prog[pc]
		ok := true
		switch in.op {
		case opMatch:
			if !top || m.accepts(pos) {
				m.dropChoices(base)
				return pos, nil
			}
			ok = false
		case opFail:
			ok = false
		case opChar, opCharFold, opAny, opAnyAll, opSet:
			var w int
			if w, ok = m.one(in, pos); ok {
				pos += w
				pc++
			}
		case opSplit:
			m.push(choice{kind: goTo, pc: in.y, pos: pos})
			pc = in.x
		case opJump:
			pc = in.x
		case opSave:
			m.save(int(in.n), pos)
			pc++
		case opAt:
			if ok = m.assert(at(in.n), in.flags, pos); ok {
				pc++
			}
		case opBackref, opBackrefFold:
			var w int
			if w, ok = m.backref(in, pos); ok {
				pos += w
				pc++
			}
		case opRepeat:
			pos, ok = m.repeat(pc, in, pos)
			pc = in.x
		case opLoopInit:
			m.setLoop(in.n, loopState{0, -1})
			pc++
		case opLoop:
			pc = m.loop(pc, in, pos)
		case opLook:
			var err error
			if ok, err = m.look(pc, in, pos); err != nil {
				return -1, err
			}
			pc = in.x
		case opAtomic:
			end, err := m.run(pc+1, pos, false)
			if err != nil {
				return -1, err
			}
			ok = end >= 0
			pos, pc = end, in.x
		case opCond:
			if m.caps[2*in.n+1] >= 0 {
				pc++
			} else {
				pc = in.x
			}
		}
		if ok {
			continue
		}
		if pc, pos, ok = m.back(base); !ok {
			return -1, nil
		}
	}
}

func (m *Matcher) poll() error {
	if len(m.stack) > maxStack {
		return ErrTooComplex
	}
	if m.Poll != nil {
		return m.Poll()
	}
	return nil
}

// accepts applies the mode to the end of a match.
func (m *Matcher) accepts(pos int) bool {
	if m.mode == FullMatch && pos != len(m.s) {
		return false
	}
	return !(pos == m.start && pos == m.NotEmptyAt)
}

// dropChoices forgets the choices above base but keeps what restores values.
func (m *Matcher) dropChoices(base int) {
	kept := m.stack[:base]
	for _, c := range m.stack[base:] {
		if c.kind == undoCap || c.kind == undoLoop {
			kept = append(kept, c)
		}
	}
	m.stack = kept
}

// back returns to the latest choice above base.
func (m *Matcher) back(base int) (pc int32, pos int, ok bool) {
	for len(m.stack) > base {
		top := &m.stack[len(m.stack)-1]
		switch top.kind {
		case goTo:
			pc, pos = top.pc, top.pos
			m.stack = m.stack[:len(m.stack)-1]
			return pc, pos, true
		case shorter:
			if pc, pos, ok = m.giveBack(top); ok {
				return pc, pos, true
			}
		case longer:
			if pc, pos, ok = m.takeMore(top); ok {
				return pc, pos, true
			}
		case undoCap:
			m.caps[top.a], m.last = top.b, int(top.pc)
			m.stack = m.stack[:len(m.stack)-1]
		case undoLoop:
			m.loops[top.pc] = loopState{top.a, top.pos}
			m.stack = m.stack[:len(m.stack)-1]
		}
	}
	return 0, 0, false
}

func (m *Matcher) save(slot, pos int) {
	m.push(choice{kind: undoCap, a: slot, b: m.caps[slot], pc: int32(m.last)})
	m.caps[slot] = pos
	if slot&1 == 1 {
		m.last = slot / 2
	}
}

func (m *Matcher) setLoop(n int32, s loopState) {
	old := m.loops[n]
	m.push(choice{kind: undoLoop, pc: n, a: old.count, pos: old.pos})
	m.loops[n] = s
}

// loop decides at the head of a general loop: another round or on.
func (m *Matcher) loop(pc int32, in *inst, pos int) int32 {
	s := m.loops[in.n]
	again := loopState{s.count + 1, pos}
	switch {
	case s.count < in.min:
		m.setLoop(in.n, again)
		return pc + 1
	case s.count >= in.max && in.max != maxRepeat || s.pos == pos:
		return in.x // a round that matched nothing ends the loop
	case in.mode == lazy:
		// The way back must enter the body with the counter advanced: the
		// choice leads to a lazy loop with one round more required.
		m.push(choice{kind: longer, pc: pc, pos: pos, a: -1})
		return in.x
	}
	m.push(choice{kind: goTo, pc: in.x, pos: pos})
	m.setLoop(in.n, again)
	return pc + 1
}

// repeat matches a single-character body as often as the mode wants.
func (m *Matcher) repeat(pc int32, in *inst, pos int) (int, bool) {
	body := &m.p.prog[pc+1]
	for n := 0; n < in.min; n++ {
		w, ok := m.one(body, pos)
		if !ok {
			return pos, false
		}
		pos += w
	}
	left := in.max - in.min
	if in.mode == lazy {
		if left > 0 {
			m.push(choice{kind: longer, pc: pc, pos: pos, a: left})
		}
		return pos, true
	}
	least := pos
	for ; left > 0; left-- {
		w, ok := m.one(body, pos)
		if !ok {
			break
		}
		pos += w
	}
	if pos > least {
		m.push(choice{kind: shorter, pc: pc, pos: pos, a: least})
	}
	return pos, true
}

// giveBack shortens a greedy repeat by one character, or by more where the
// literal that must follow says so.
func (m *Matcher) giveBack(top *choice) (pc int32, pos int, ok bool) {
	next := m.p.prog[top.pc].x
	in := &m.p.prog[next]
	for pos = top.pos; pos > top.a; {
		pos -= m.widthBefore(pos)
		if in.op == opChar {
			if _, fits := m.one(in, pos); !fits {
				continue
			}
		}
		if top.pos = pos; pos == top.a {
			m.stack = m.stack[:len(m.stack)-1]
		}
		return next, pos, true
	}
	m.stack = m.stack[:len(m.stack)-1]
	return 0, 0, false
}

func (m *Matcher) widthBefore(pos int) int {
	if c := m.s[pos-1]; c < runeSelf || m.p.Bytes {
		return 1
	}
	_, w := wtf8.DecodeLast(m.s[:pos])
	return w
}

// takeMore lengthens a lazy repeat by one character, or runs a lazy loop's body once more.
func (m *Matcher) takeMore(top *choice) (pc int32, pos int, ok bool) {
	pc, pos = top.pc, top.pos
	in := &m.p.prog[pc]
	if in.op == opLoop {
		m.stack = m.stack[:len(m.stack)-1]
		s := m.loops[in.n]
		m.setLoop(in.n, loopState{s.count + 1, pos})
		return pc + 1, pos, true
	}
	w, ok := m.one(&m.p.prog[pc+1], pos)
	if !ok {
		m.stack = m.stack[:len(m.stack)-1]
		return 0, 0, false
	}
	pos += w
	if top.a--; top.a == 0 {
		m.stack = m.stack[:len(m.stack)-1]
	} else {
		top.pos = pos
	}
	return in.x, pos, true
}

// look runs a look-around at pos.
func (m *Matcher) look(pc int32, in *inst, pos int) (bool, error) {
	base := len(m.stack)
	start := pos
	if in.behind {
		for range in.n {
			if start == 0 {
				return in.neg, nil
			}
			start -= m.widthBefore(start)
		}
	}
	end, err := m.run(pc+1, start, false)
	if err != nil {
		return false, err
	}
	if !in.neg {
		return end >= 0, nil
	}
	for len(m.stack) > base { // what the body captured is undone
		m.back(base)
	}
	return end < 0, nil
}

func (m *Matcher) assert(a at, flags Flags, pos int) bool {
	switch a {
	case atBegin, atBeginString:
		return pos == 0
	case atBeginLine:
		return pos == 0 || m.s[pos-1] == '\n'
	case atEnd:
		return pos == len(m.s) || pos == len(m.s)-1 && m.s[pos] == '\n'
	case atEndLine:
		return pos == len(m.s) || m.s[pos] == '\n'
	case atEndString:
		return pos == len(m.s)
	case atBoundary:
		return m.wordAt(pos, flags) != m.wordBefore(pos, flags)
	}
	// CPython 3.13: \B does not match the empty string.
	return len(m.s) > 0 && m.wordAt(pos, flags) == m.wordBefore(pos, flags)
}

func (m *Matcher) wordAt(pos int, flags Flags) bool {
	if pos >= len(m.s) {
		return false
	}
	c, _ := m.char(pos)
	return isWord(c, m.p.Bytes || flags&ASCII != 0)
}

func (m *Matcher) wordBefore(pos int, flags Flags) bool {
	if pos == 0 {
		return false
	}
	c, _ := m.char(pos - m.widthBefore(pos))
	return isWord(c, m.p.Bytes || flags&ASCII != 0)
}

func (m *Matcher) backref(in *inst, pos int) (int, bool) {
	lo, hi := m.caps[2*in.n], m.caps[2*in.n+1]
	if lo < 0 || hi < lo {
		return 0, false
	}
	text := m.s[lo:hi]
	if in.op == opBackref {
		return len(text), strings.HasPrefix(m.s[pos:], text)
	}
	at := pos
	for i := lo; i < hi; {
		if at >= len(m.s) {
			return 0, false
		}
		c, w := m.char(i)
		d, v := m.char(at)
		if foldKey(c, in.flags, m.p.Bytes) != foldKey(d, in.flags, m.p.Bytes) {
			return 0, false
		}
		i += w
		at += v
	}
	return at - pos, true
}
