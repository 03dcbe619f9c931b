package sre

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"martlet/python/internal/unidata"
	"martlet/python/internal/wtf8"
)

// The parser follows the grammar of the library reference ("Regular Expression
// Syntax") and reports errors where CPython's does. It works on code points,
// so that positions count as Python's.

type nodeKind uint8

const (
	nEmpty   nodeKind = iota
	nChar             // c
	nAny              // .
	nSet              // set
	nSeq              // kids
	nAlt              // kids
	nRepeat           // kids[0], min, max, mode
	nGroup            // kids[0], capturing group number n
	nLook             // kids[0], neg, behind (width n)
	nAtomic           // kids[0]
	nBackref          // group n
	nCond             // group n, kids[0] yes, kids[1] no (or empty)
	nAt               // assertion at
	nFail             // never matches: (?!)
)

type repeatMode uint8

const (
	greedy repeatMode = iota
	lazy
	possessive
)

type at uint8

const (
	atBegin at = iota // ^
	atBeginLine
	atBeginString // \A
	atEnd         // $
	atEndLine
	atEndString // \Z
	atBoundary
	atNotBoundary
)

type node struct {
	kind     nodeKind
	kids     []*node
	c        rune
	n        int
	min, max int
	mode     repeatMode
	at       at
	neg      bool
	behind   bool
	flags    Flags // in force where it stands
	set      *charset
}

const maxRepeat = math.MaxUint32

type parser struct {
	src        string
	bytes      bool
	flags      Flags
	explicit   Flags // given by the caller or in the pattern
	rs         []rune
	pos        int
	groups     int
	names      []GroupName
	groupOf    map[string]int
	closed     []bool
	widths     map[int][2]int // width of closed groups
	lookbehind int
	lookGroups int // groups known when the outermost look-behind began
	depth      int
	warnings   []Warning
	conds      []condRef
}

// condRef is a conditional's group number, checked when all groups are known.
type condRef struct{ group, pos int }

type bail struct{ err error }

func (p *parser) fail(pos int, format string, args ...any) {
	panic(bail{&Error{fmt.Sprintf(format, args...), pos}})
}

func (p *parser) parsePattern() (n *node, err error) {
	defer func() {
		if r := recover(); r != nil {
			b, ok := r.(bail)
			if !ok {
				panic(r)
			}
			err = b.err
		}
	}()
	p.rs = p.decode(p.src)
	p.widths = map[int][2]int{}
	p.closed = []bool{true}
	p.explicit = p.flags
	if err := p.checkFlags(); err != nil {
		return nil, err
	}
	start := p.flags
	n = p.alternatives(p.flags, true)
	if p.pos < len(p.rs) {
		p.fail(p.pos, "unbalanced parenthesis")
	}
	if p.flags&Verbose != 0 && start&Verbose == 0 {
		// (?x) at the start turns verbose on for the whole pattern: read it again so.
		again := &parser{src: p.src, bytes: p.bytes, flags: p.flags, groupOf: map[string]int{}}
		n, err = again.parsePattern()
		*p = *again
		return n, err
	}
	for _, c := range p.conds {
		if c.group > p.groups {
			p.fail(c.pos, "invalid group reference %d", c.group)
		}
	}
	return n, p.checkFlags()
}

func (p *parser) decode(s string) []rune {
	if !p.bytes {
		return wtf8.Runes(s)
	}
	rs := make([]rune, len(s))
	for i := range len(s) {
		rs[i] = rune(s[i])
	}
	return rs
}

func (p *parser) checkFlags() error {
	if p.bytes {
		if p.flags&Unicode != 0 {
			return &ValueError{"cannot use UNICODE flag with a bytes pattern"}
		}
		if p.flags&Locale != 0 && p.flags&ASCII != 0 {
			return &ValueError{"ASCII and LOCALE flags are incompatible"}
		}
		return nil
	}
	if p.flags&Locale != 0 {
		return &ValueError{"cannot use LOCALE flag with a str pattern"}
	}
	if p.flags&ASCII != 0 && p.flags&Unicode != 0 {
		return &ValueError{"ASCII and UNICODE flags are incompatible"}
	}
	if p.flags&ASCII == 0 {
		p.flags |= Unicode
	}
	return nil
}

func (p *parser) more() bool { return p.pos < len(p.rs) }

func (p *parser) peek() rune {
	if p.pos < len(p.rs) {
		return p.rs[p.pos]
	}
	return -1
}

func (p *parser) accept(c rune) bool {
	if p.peek() == c {
		p.pos++
		return true
	}
	return false
}

const maxDepth = 500 // nested groups

func (p *parser) alternatives(flags Flags, top bool) *node {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.pos, "too many nested groups")
	}
	defer func() { p.depth-- }()
	var alts []*node
	for {
		alts = append(alts, p.sequence(&flags, top && len(alts) == 0))
		if !p.accept('|') {
			break
		}
	}
	if len(alts) == 1 {
		return alts[0]
	}
	return p.mergeAlts(alts, flags)
}

// mergeAlts makes a set of alternatives that are single characters.
func (p *parser) mergeAlts(alts []*node, flags Flags) *node {
	set := &charset{}
	for _, a := range alts {
		if a.kind != nChar || a.flags&IgnoreCase != 0 {
			return &node{kind: nAlt, kids: alts, flags: flags}
		}
		set.add(a.c, a.c)
	}
	return &node{kind: nSet, set: set.done(flags, p.bytes), flags: flags}
}

// sequence parses up to | or ). Global flags at the pattern's start change
// flags for the rest.
func (p *parser) sequence(flags *Flags, first bool) *node {
	seq := &node{kind: nSeq, flags: *flags}
	for p.more() && p.peek() != '|' && p.peek() != ')' {
		if *flags&Verbose != 0 && p.skipVerbose() {
			continue
		}
		start := p.pos
		n := p.item(flags, first && len(seq.kids) == 0)
		if n == nil {
			continue
		}
		n = p.quantified(n, start, *flags)
		seq.kids = append(seq.kids, n)
	}
	if len(seq.kids) == 1 {
		return seq.kids[0]
	}
	return seq
}

func (p *parser) skipVerbose() bool {
	switch c := p.peek(); {
	case strings.ContainsRune(" \t\n\r\v\f", c):
		p.pos++
		return true
	case c == '#':
		for p.more() && p.peek() != '\n' {
			p.pos++
		}
		return true
	}
	return false
}

// item parses one atom, or a quantifier that has none, which is an error.
func (p *parser) item(flags *Flags, atStart bool) *node {
	start := p.pos
	c := p.rs[p.pos]
	switch c {
	case '\\':
		return p.escape(*flags)
	case '[':
		return p.class(*flags)
	case '.':
		p.pos++
		return &node{kind: nAny, flags: *flags}
	case '(':
		return p.group(flags, atStart)
	case '^':
		p.pos++
		return p.anchor(*flags, atBegin, atBeginLine)
	case '$':
		p.pos++
		return p.anchor(*flags, atEnd, atEndLine)
	case '*', '+', '?':
		p.fail(start, "nothing to repeat")
	case '{':
		if _, _, ok := p.braces(); ok {
			p.fail(start, "nothing to repeat")
		}
		p.pos = start
	}
	p.pos++
	return &node{kind: nChar, c: c, flags: *flags}
}

func (p *parser) anchor(flags Flags, plain, multi at) *node {
	if flags&MultiLine != 0 {
		plain = multi
	}
	return &node{kind: nAt, at: plain, flags: flags}
}

// braces parses {m}, {m,}, {,n}, {m,n} at the position; ok is false, and the
// position undefined, if it is something else.
func (p *parser) braces() (lo, hi int, ok bool) {
	if !p.accept('{') {
		return 0, 0, false
	}
	if p.peek() == '}' {
		return 0, 0, false
	}
	lo, hi = 0, maxRepeat
	start := p.pos
	los := p.digits()
	his := los
	if p.accept(',') {
		his = p.digits()
	}
	if !p.accept('}') {
		return 0, 0, false
	}
	if los != "" {
		lo = p.repeatNumber(los)
	}
	if his != "" {
		if hi = p.repeatNumber(his); hi < lo {
			p.fail(start, "min repeat greater than max repeat")
		}
	}
	return lo, hi, true
}

func (p *parser) digits() string {
	var b strings.Builder
	for p.peek() >= '0' && p.peek() <= '9' {
		b.WriteRune(p.peek())
		p.pos++
	}
	return b.String()
}

func (p *parser) repeatNumber(s string) int {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n >= maxRepeat {
		panic(bail{OverflowError{}})
	}
	return int(n)
}

// quantified parses the quantifiers behind an atom.
func (p *parser) quantified(n *node, start int, flags Flags) *node {
	for p.more() {
		if flags&Verbose != 0 && p.skipVerbose() {
			continue
		}
		here := p.pos
		lo, hi, ok := p.quantifier()
		if !ok {
			p.pos = here
			return n
		}
		if n.kind == nRepeat {
			p.fail(here, "multiple repeat")
		}
		if n.kind == nAt {
			p.fail(here, "nothing to repeat")
		}
		mode := greedy
		if p.accept('?') {
			mode = lazy
		} else if p.accept('+') {
			mode = possessive
		}
		n = &node{kind: nRepeat, kids: []*node{n}, min: lo, max: hi, mode: mode, flags: flags}
	}
	return n
}

func (p *parser) quantifier() (lo, hi int, ok bool) {
	switch p.peek() {
	case '*':
		p.pos++
		return 0, maxRepeat, true
	case '+':
		p.pos++
		return 1, maxRepeat, true
	case '?':
		p.pos++
		return 0, 1, true
	case '{':
		return p.braces()
	}
	return 0, 0, false
}

var categoryLetters = "dDsSwW"

// escape parses a backslash outside a class.
func (p *parser) escape(flags Flags) *node {
	start := p.pos
	p.pos++
	if !p.more() {
		p.fail(start, "bad escape (end of pattern)")
	}
	c := p.rs[p.pos]
	switch c {
	case 'A':
		p.pos++
		return &node{kind: nAt, at: atBeginString, flags: flags}
	case 'Z':
		p.pos++
		return &node{kind: nAt, at: atEndString, flags: flags}
	case 'b':
		p.pos++
		return &node{kind: nAt, at: atBoundary, flags: flags}
	case 'B':
		p.pos++
		return &node{kind: nAt, at: atNotBoundary, flags: flags}
	}
	if strings.ContainsRune(categoryLetters, c) {
		p.pos++
		set := &charset{}
		set.addCategory(byte(c))
		return &node{kind: nSet, set: set.done(flags, p.bytes), flags: flags}
	}
	if c >= '1' && c <= '9' {
		return p.numberEscape(start, flags)
	}
	if c == '0' {
		return &node{kind: nChar, c: p.octal(3), flags: flags}
	}
	return &node{kind: nChar, c: p.charEscape(start), flags: flags}
}

// octal reads up to n octal digits, the first included.
func (p *parser) octal(n int) rune {
	v := rune(0)
	for i := 0; i < n && p.peek() >= '0' && p.peek() <= '7'; i++ {
		v = v*8 + p.peek() - '0'
		p.pos++
	}
	return v
}

// numberEscape parses \1 … \99 (a group) or \123 (an octal character).
func (p *parser) numberEscape(start int, flags Flags) *node {
	isOctal := func(i int) bool { return i < len(p.rs) && p.rs[i] >= '0' && p.rs[i] <= '7' }
	if isOctal(p.pos) && isOctal(p.pos+1) && isOctal(p.pos+2) {
		v := p.octal(3)
		if v > 0o377 {
			p.fail(start, "octal escape value %s outside of range 0-0o377", string(p.rs[start:p.pos]))
		}
		return &node{kind: nChar, c: v, flags: flags}
	}
	n := int(p.rs[p.pos] - '0')
	p.pos++
	if p.peek() >= '0' && p.peek() <= '9' {
		n = n*10 + int(p.peek()-'0')
		p.pos++
	}
	if n > p.groups {
		p.fail(start+1, "invalid group reference %d", n)
	}
	p.checkOpen(n, start+1, "cannot refer to an open group")
	p.checkLookbehind(n, start+1)
	return &node{kind: nBackref, n: n, flags: flags}
}

func (p *parser) checkOpen(n, pos int, msg string) {
	if !p.closed[n] {
		p.fail(pos-1, "%s", msg)
	}
}

func (p *parser) checkLookbehind(n, pos int) {
	if p.lookbehind > 0 && n > p.lookGroups {
		p.fail(pos, "cannot refer to group defined in the same lookbehind subpattern")
	}
}

var simpleEscapes = map[rune]rune{'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\'}

// charEscape parses the escapes that stand for one character; the position is
// behind the backslash at start.
func (p *parser) charEscape(start int) rune {
	c := p.rs[p.pos]
	p.pos++
	if r, ok := simpleEscapes[c]; ok {
		return r
	}
	switch {
	case c == 'x':
		return p.hex(start, 2)
	case c == 'u' && !p.bytes:
		return p.hex(start, 4)
	case c == 'U' && !p.bytes:
		r := p.hex(start, 8)
		if uint32(r) > 0x10FFFF {
			p.fail(start, "bad escape %s", string(p.rs[start:p.pos]))
		}
		return r
	case c == 'N' && !p.bytes:
		return p.characterName(start)
	case c < 128 && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'):
		p.fail(start, "bad escape \\%c", c)
	}
	return c
}

// characterName parses \N{name}; the position is behind the N.
func (p *parser) characterName(start int) rune {
	if !p.accept('{') {
		p.fail(p.pos, "missing {")
	}
	at := p.pos
	name := p.until('}', "character name")
	r, ok := unidata.LookupName(name)
	if !ok {
		p.fail(at-3, "undefined character name %s", quote(name, false))
	}
	return r
}

func (p *parser) hex(start, n int) rune {
	v := rune(0)
	for i := 0; i < n; i++ {
		d := hexDigit(p.peek())
		if d < 0 {
			p.fail(start, "incomplete escape %s", p.text(start, p.pos))
		}
		v = v<<4 | d
		p.pos++
	}
	return v
}

func (p *parser) text(from, to int) string {
	return string(p.rs[from:to])
}

func hexDigit(c rune) rune {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return -1
}

// class parses [...].
func (p *parser) class(flags Flags) *node {
	start := p.pos
	p.pos++
	set := &charset{fold: flags&IgnoreCase != 0}
	set.negate = p.accept('^')
	first := p.pos
	if p.peek() == '[' {
		p.futureWarn(p.pos, "Possible nested set")
	}
	for {
		if !p.more() {
			p.fail(start, "unterminated character set")
		}
		if p.peek() == ']' && p.pos != first {
			p.pos++
			break
		}
		p.classItem(set, start, first)
	}
	return &node{kind: nSet, set: set.done(flags, p.bytes), flags: flags}
}

func (p *parser) futureWarn(pos int, msg string) {
	p.warnings = append(p.warnings, Warning{fmt.Sprintf("%s at position %d", msg, pos), true})
}

func (p *parser) classItem(set *charset, start, first int) {
	here := p.pos
	lo, category := p.classAtom(set, start)
	if c := p.rs[here]; p.pos == here+1 && p.pos < len(p.rs) && p.peek() == c && here != first && strings.ContainsRune("-&~|", c) {
		kinds := map[rune]string{'-': "difference", '&': "intersection", '~': "symmetric difference", '|': "union"}
		p.futureWarn(here, "Possible set "+kinds[c])
	}
	if p.peek() != '-' || p.pos+1 < len(p.rs) && p.rs[p.pos+1] == ']' {
		if !category {
			set.add(lo, lo)
		}
		return
	}
	p.pos++
	if !p.more() {
		p.fail(start, "unterminated character set")
	}
	hi, hiCategory := p.classAtom(&charset{}, start)
	if category || hiCategory || hi < lo {
		p.fail(here, "bad character range %s", p.text(here, p.pos))
	}
	set.add(lo, hi)
}

// classAtom parses one character of a class, or adds a category.
func (p *parser) classAtom(set *charset, start int) (c rune, category bool) {
	c = p.rs[p.pos]
	if c != '\\' {
		p.pos++
		return c, false
	}
	here := p.pos
	p.pos++
	if !p.more() {
		p.fail(here, "bad escape (end of pattern)")
	}
	c = p.peek()
	switch {
	case strings.ContainsRune(categoryLetters, c):
		p.pos++
		set.addCategory(byte(c))
		return 0, true
	case c >= '0' && c <= '7':
		v := p.octal(3)
		if v > 0o377 {
			p.fail(here, "octal escape value %s outside of range 0-0o377", p.text(here, p.pos))
		}
		return v, false
	case c >= '8' && c <= '9':
		p.fail(here, "bad escape \\%c", c)
	}
	return p.charEscape(here), false
}

// group parses (...) of every kind. It returns nil for what matches nothing
// and takes no quantifier (comments, global flags).
func (p *parser) group(flags *Flags, atStart bool) *node {
	start := p.pos
	p.pos++
	if !p.accept('?') {
		return p.capture(start, "", *flags)
	}
	if !p.more() {
		p.fail(p.pos, "unexpected end of pattern")
	}
	c := p.rs[p.pos]
	p.pos++
	switch c {
	case ':':
		return p.closeGroup(start, p.alternatives(*flags, false))
	case '>':
		return &node{kind: nAtomic, kids: []*node{p.closeGroup(start, p.alternatives(*flags, false))}, flags: *flags}
	case '#':
		return p.comment(start)
	case '=', '!':
		return p.look(start, c == '!', false, *flags)
	case '<':
		if !p.more() {
			p.fail(p.pos, "unexpected end of pattern")
		}
		d := p.rs[p.pos]
		if d != '=' && d != '!' {
			p.pos++
			p.fail(start+1, "unknown extension ?<%c", d)
		}
		p.pos++
		return p.look(start, d == '!', true, *flags)
	case 'P':
		return p.named(start, *flags)
	case '(':
		return p.conditional(start, *flags)
	}
	if c == '-' || isFlagLetter(c) {
		return p.inlineFlags(start, c, flags, atStart)
	}
	p.fail(start+1, "unknown extension ?%c", c)
	return nil
}

func (p *parser) closeGroup(start int, n *node) *node {
	if !p.accept(')') {
		p.fail(start, "missing ), unterminated subpattern")
	}
	if n.kind == nRepeat || n.kind == nAt { // (?:a*)* and (?:^)* may be quantified
		n = &node{kind: nSeq, kids: []*node{n}, flags: n.flags}
	}
	return n
}

func (p *parser) comment(start int) *node {
	for {
		if !p.more() {
			p.fail(start, "missing ), unterminated comment")
		}
		p.pos++
		if p.rs[p.pos-1] == ')' {
			return nil
		}
	}
}

const maxGroups = 1 << 30

func (p *parser) capture(start int, name string, flags Flags) *node {
	p.groups++
	n := p.groups
	p.closed = append(p.closed, false)
	if name != "" {
		if old, dup := p.groupOf[name]; dup {
			p.fail(start+4, "redefinition of group name '%s' as group %d; was group %d", name, n, old)
		}
		p.groupOf[name] = n
		p.names = append(p.names, GroupName{name, n})
	}
	body := p.closeGroup(start, p.alternatives(flags, false))
	p.closed[n] = true
	lo, hi := p.width(body)
	p.widths[n] = [2]int{lo, hi}
	return &node{kind: nGroup, n: n, kids: []*node{body}, flags: flags}
}

func (p *parser) look(start int, neg, behind bool, flags Flags) *node {
	if behind {
		if p.lookbehind == 0 {
			p.lookGroups = p.groups
		}
		p.lookbehind++
	}
	body := p.closeGroup(start, p.alternatives(flags, false))
	n := &node{kind: nLook, kids: []*node{body}, neg: neg, behind: behind, flags: flags}
	if behind {
		p.lookbehind--
		lo, hi := p.width(body)
		if lo != hi {
			panic(bail{&Error{"look-behind requires fixed-width pattern", -1}})
		}
		if lo > math.MaxInt32 {
			panic(bail{&Error{"looks too much behind", -1}})
		}
		n.n = lo
	}
	if !behind && neg && body.kind == nSeq && len(body.kids) == 0 {
		return &node{kind: nFail}
	}
	return n
}

func (p *parser) named(start int, flags Flags) *node {
	if p.accept('<') {
		at := p.pos
		name := p.until('>', "group name")
		p.checkName(name, at)
		n := p.capture(start, name, flags)
		return n
	}
	if p.accept('=') {
		at := p.pos
		name := p.until(')', "group name")
		p.checkName(name, at)
		n, ok := p.groupOf[name]
		if !ok {
			p.fail(at, "unknown group name '%s'", name)
		}
		if !p.closed[n] {
			p.fail(at, "cannot refer to an open group")
		}
		p.checkLookbehind(n, at)
		return &node{kind: nBackref, n: n, flags: flags}
	}
	if !p.more() {
		p.fail(p.pos, "unexpected end of pattern")
	}
	p.pos++
	p.fail(start+1, "unknown extension ?P%c", p.rs[p.pos-1])
	return nil
}

// until reads up to a terminator and passes it.
func (p *parser) until(end rune, what string) string {
	start := p.pos
	for p.more() && p.peek() != end {
		p.pos++
	}
	text := p.text(start, p.pos)
	if !p.more() {
		if text == "" {
			p.fail(start, "missing %s", what)
		}
		p.fail(start, "missing %c, unterminated name", end)
	}
	if text == "" {
		p.fail(start, "missing %s", what)
	}
	p.pos++
	return text
}

func (p *parser) checkName(name string, pos int) {
	if !isIdentifier(name) || p.bytes && !isASCII(name) {
		p.fail(pos, "bad character in group name %s", quote(name, p.bytes))
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func isIdentifier(name string) bool {
	for i, r := range name {
		if r != '_' && !(i == 0 && unidata.IsXIDStart(r) || i > 0 && unidata.IsXIDContinue(r)) {
			return false
		}
	}
	return name != ""
}

// quote is repr for the messages.
func quote(s string, bytes bool) string {
	q := "'" + strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\t", "\\t", "\r", "\\r").Replace(s) + "'"
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = `"` + q[1:len(q)-1] + `"`
	}
	if bytes {
		return "b" + q
	}
	return q
}

func (p *parser) conditional(start int, flags Flags) *node {
	at := p.pos
	name := p.until(')', "group name")
	n, isNum := parseGroupNumber(name)
	switch {
	case isNum:
		if n == 0 {
			p.fail(at, "bad group number")
		}
		if n >= maxGroups {
			p.fail(at, "invalid group reference %s", name)
		}
		p.conds = append(p.conds, condRef{n, at})
	default:
		p.checkName(name, at)
		var ok bool
		if n, ok = p.groupOf[name]; !ok {
			p.fail(at, "unknown group name '%s'", name)
		}
	}
	p.checkLookbehind(n, at)
	yes := p.sequence(&flags, false)
	no := &node{kind: nSeq}
	if p.accept('|') {
		no = p.sequence(&flags, false)
		if p.peek() == '|' {
			p.fail(p.pos, "conditional backref with more than two branches")
		}
	}
	if !p.accept(')') {
		p.fail(start, "missing ), unterminated subpattern")
	}
	return &node{kind: nCond, n: n, kids: []*node{yes, no}, flags: flags}
}

// parseGroupNumber accepts ASCII digits only.
func parseGroupNumber(s string) (int, bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return maxGroups, true
	}
	return n, true
}

var flagLetters = map[rune]Flags{'a': ASCII, 'i': IgnoreCase, 'L': Locale, 'm': MultiLine, 's': DotAll, 'u': Unicode, 'x': Verbose}

func isFlagLetter(c rune) bool { _, ok := flagLetters[c]; return ok }

const typeFlags = ASCII | Locale | Unicode

// inlineFlags parses (?flags), (?flags:...) and (?flags-flags:...), from the letter c.
func (p *parser) inlineFlags(start int, c rune, flags *Flags, atStart bool) *node {
	var on, off Flags
	if c != '-' {
		on, c = p.flagRun(c, on, false)
	}
	if c == ')' {
		if !atStart {
			p.fail(start, "global flags not at the start of the expression")
		}
		if err := p.addGlobalFlags(on); err != nil {
			panic(bail{err})
		}
		*flags = p.flags
		return nil
	}
	if on&(typeFlags&^(on&typeFlags)) != 0 {
		p.fail(p.pos, "bad inline flags: flags 'a', 'u' and 'L' are incompatible")
	}
	if c == '-' {
		if !p.more() {
			p.fail(p.pos, "missing flag")
		}
		c = p.rs[p.pos]
		p.pos++
		if !isFlagLetter(c) {
			msg := "missing flag"
			if isLetter(c) {
				msg = "unknown flag"
			}
			p.fail(p.pos-1, "%s", msg)
		}
		off, _ = p.flagRun(c, off, true)
	}
	if on&off != 0 {
		p.fail(p.pos-1, "bad inline flags: flag turned on and off")
	}
	inner := *flags
	if on&typeFlags != 0 {
		inner &^= typeFlags
	}
	inner = (inner | on) &^ off
	return p.closeGroup(start, p.alternatives(inner, false))
}

// addGlobalFlags turns flags on for the whole pattern. For str, UNICODE is the
// default, which ASCII replaces unless it was asked for.
func (p *parser) addGlobalFlags(on Flags) error {
	p.explicit |= on
	p.flags |= on
	if on&ASCII != 0 && p.explicit&Unicode == 0 {
		p.flags &^= Unicode
	}
	return p.checkFlags()
}

func isLetter(c rune) bool { return unidata.IsAlpha(c) }

// flagRun reads flag letters beginning with c, up to the character that ends them, which it returns.
func (p *parser) flagRun(c rune, fl Flags, negative bool) (Flags, rune) {
	for {
		f := flagLetters[c]
		if f&typeFlags != 0 {
			switch {
			case negative:
				p.fail(p.pos, "bad inline flags: cannot turn off flags 'a', 'u' and 'L'")
			case p.bytes && f == Unicode:
				p.fail(p.pos, "bad inline flags: cannot use 'u' flag with a bytes pattern")
			case !p.bytes && f == Locale:
				p.fail(p.pos, "bad inline flags: cannot use 'L' flag with a str pattern")
			case fl&typeFlags&^f != 0:
				p.fail(p.pos, "bad inline flags: flags 'a', 'u' and 'L' are incompatible")
			}
		}
		fl |= f
		if !p.more() {
			if negative {
				p.fail(p.pos, "missing :")
			}
			p.fail(p.pos, "missing -, : or )")
		}
		c = p.rs[p.pos]
		p.pos++
		if c == ':' || !negative && (c == ')' || c == '-') {
			return fl, c
		}
		if !isFlagLetter(c) {
			msg := "missing -, : or )"
			if negative {
				msg = "missing :"
			}
			if isLetter(c) {
				msg = "unknown flag"
			}
			p.fail(p.pos-1, "%s", msg)
		}
	}
}

// width returns the least and greatest number of characters a node matches.
func (p *parser) width(n *node) (lo, hi int) {
	switch n.kind {
	case nChar, nAny, nSet:
		return 1, 1
	case nSeq:
		for _, k := range n.kids {
			l, h := p.width(k)
			lo, hi = clampWidth(lo+l), clampWidth(hi+h)
		}
		return lo, hi
	case nAlt, nCond:
		lo = maxRepeat
		for _, k := range n.kids {
			l, h := p.width(k)
			lo, hi = min(lo, l), max(hi, h)
		}
		return lo, hi
	case nRepeat:
		l, h := p.width(n.kids[0])
		return clampMul(l, n.min), clampMul(h, n.max)
	case nGroup, nAtomic:
		return p.width(n.kids[0])
	case nBackref:
		w := p.widths[n.n]
		return w[0], w[1]
	}
	return 0, 0
}

func clampWidth(n int) int { return min(n, maxRepeat) }

func clampMul(a, b int) int {
	if a != 0 && b > maxRepeat/a {
		return maxRepeat
	}
	return min(a*b, maxRepeat)
}
