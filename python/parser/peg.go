package parser

import (
	"strings"
	"sync"
)

// The PEG machine. The grammar's text is read once into rules; a rule is tried at a token position by trying its alternatives in order.
// Results are remembered for each rule and position, so the time is linear in the text. Results are light nodes: kind,
// first and last token, children; enough to word errors.
//
// Differences to an ordinary PEG: "~" commits to an alternative; "&&x" raises "expected 'x'"; an action that neither raises nor accepts
// makes the whole rule fail. The tokens come lazily from the lexer, because what has been read when the parse fails decides which error is
// reported.

type exprKind uint8

const (
	pegToken exprKind = iota
	pegSoft
	pegRule
	pegSeq // group: alternatives
	pegOpt
	pegStar
	pegPlus
	pegGather
	pegAnd
	pegNot
	pegCut
	pegForce
	pegBarry
	pegSoftPrefix
)

type pegExpr struct {
	kind exprKind
	tok  Kind
	text string
	rule int
	sub  *pegExpr
	sep  *pegExpr
	alts []pegAlt
	name byte // 'a', 'b' or 0
}

type pegAlt struct {
	items        []*pegExpr
	kind         string // kind of the node
	ifMany       bool
	action, text string
}

type pegRuleDef struct {
	name    string
	alts    []pegAlt
	invalid bool
	shared  bool // what was found without the invalid_ rules holds with them, too, as in CPython
}

// sharedRules are the rules whose results CPython's parser remembers.
var sharedRules = strings.Fields("simple_stmt block expression star_expression disjunction conjunction inversion bitwise_or bitwise_xor bitwise_and shift_expr sum term factor await_primary primary arguments star_target target_with_star_atom t_primary strings")

type grammar struct {
	rules []pegRuleDef
	index map[string]int
}

// pnode is the result of a match.
type pnode struct {
	kind        string
	first, last int // tokens
	kids        []*pnode
}

// pegGrammar is the grammar, read at the first error, then unchanged.
var pegGrammar = sync.OnceValue(func() *grammar {
	g := &grammar{index: make(map[string]int)}
	lines := strings.Split(strings.TrimSpace(grammarText), "\n")
	for i, l := range lines {
		name, _, _ := strings.Cut(l, ":")
		g.index[name] = i
		g.rules = append(g.rules, pegRuleDef{name: name, invalid: strings.HasPrefix(name, "invalid_")})
	}
	for _, name := range sharedRules {
		g.rules[g.index[name]].shared = true
	}
	for i, l := range lines {
		_, body, _ := strings.Cut(l, ":")
		r := &gramReader{g: g, s: body}
		g.rules[i].alts = r.alts(0)
	}
	return g
})

// gramReader reads the notation.
type gramReader struct {
	g *grammar
	s string
	i int
}

func (r *gramReader) space() {
	for r.i < len(r.s) && r.s[r.i] == ' ' {
		r.i++
	}
}

// alts reads alternatives up to the closing bracket end, or the end of the text.
func (r *gramReader) alts(end byte) []pegAlt {
	var l []pegAlt
	for {
		l = append(l, r.alt(end))
		r.space()
		if r.i >= len(r.s) || r.s[r.i] == end {
			r.i++
			return l
		}
		r.i++ // "|"
	}
}

func (r *gramReader) alt(end byte) (a pegAlt) {
	for {
		r.space()
		if r.i >= len(r.s) || r.s[r.i] == '|' || r.s[r.i] == end {
			return a
		}
		switch r.s[r.i] {
		case '=', '?':
			a.ifMany = r.s[r.i] == '?'
			r.i++
			a.kind = r.word()
		case '@':
			rest := r.s[r.i+1:]
			if n := strings.Index(rest, " | "); n >= 0 && !strings.Contains(rest[:n], "'|'") {
				rest = rest[:n]
			}
			r.i += 1 + len(rest)
			a.action, a.text, _ = strings.Cut(strings.TrimRight(rest, " "), ":")
		default:
			a.items = append(a.items, r.item())
		}
	}
}

func (r *gramReader) word() string {
	s := r.i
	for r.i < len(r.s) && (charClass[r.s[r.i]] != classOther) {
		r.i++
	}
	return r.s[s:r.i]
}

// item reads one item with its prefix and suffix.
func (r *gramReader) item() *pegExpr {
	if strings.HasPrefix(r.s[r.i:], "a:") || strings.HasPrefix(r.s[r.i:], "b:") {
		name := r.s[r.i]
		r.i += 2
		e := *r.item()
		e.name = name
		return &e
	}
	switch {
	case strings.HasPrefix(r.s[r.i:], "&&"):
		r.i += 2
		return &pegExpr{kind: pegForce, sub: r.item()}
	case r.s[r.i] == '&':
		r.i++
		return &pegExpr{kind: pegAnd, sub: r.item()}
	case r.s[r.i] == '!':
		r.i++
		return &pegExpr{kind: pegNot, sub: r.item()}
	case r.s[r.i] == '~':
		r.i++
		return &pegExpr{kind: pegCut}
	}
	e := r.atom()
	for r.i < len(r.s) {
		switch r.s[r.i] {
		case '?':
			if r.i+1 < len(r.s) && r.s[r.i+1] != ' ' {
				return e
			}
			e = &pegExpr{kind: pegOpt, sub: e}
		case '*':
			e = &pegExpr{kind: pegStar, sub: e}
		case '+':
			e = &pegExpr{kind: pegPlus, sub: e}
		case '.':
			r.i++
			e = &pegExpr{kind: pegGather, sep: e, sub: r.atom()}
		default:
			return e
		}
		r.i++
	}
	return e
}

var pegTokens = map[string]Kind{"NAME": Name, "NUMBER": Number, "STRING": String, "NEWLINE": Newline, "INDENT": Indent, "DEDENT": Dedent,
	"ENDMARKER": EndMarker, "FSTRING_START": FStringStart, "FSTRING_MIDDLE": FStringMiddle, "FSTRING_END": FStringEnd}

func (r *gramReader) atom() *pegExpr {
	switch c := r.s[r.i]; c {
	case '\'', '"':
		end := r.i + 1 + strings.IndexByte(r.s[r.i+1:], c)
		text := r.s[r.i+1 : end]
		r.i = end + 1
		if c == '"' {
			return &pegExpr{kind: pegSoft, text: text}
		}
		for k := range spelling {
			if spelling[k] == text {
				return &pegExpr{kind: pegToken, tok: Kind(k), text: text}
			}
		}
		panic("parser: no token " + text)
	case '(':
		r.i++
		return &pegExpr{kind: pegSeq, alts: r.alts(')')}
	case '[':
		r.i++
		return &pegExpr{kind: pegOpt, sub: &pegExpr{kind: pegSeq, alts: r.alts(']')}}
	}
	w := r.word()
	if k, ok := pegTokens[w]; ok {
		return &pegExpr{kind: pegToken, tok: k, text: w}
	}
	if w == "BARRY" {
		return &pegExpr{kind: pegBarry}
	}
	if w == "SOFT" {
		return &pegExpr{kind: pegSoftPrefix}
	}
	n, ok := r.g.index[w]
	if !ok {
		panic("parser: no rule " + w)
	}
	return &pegExpr{kind: pegRule, rule: n}
}

// peg is a run of the machine.
type peg struct {
	g       *grammar
	lx      *lexer
	src     string
	opt     *Options
	toks    []Token
	levels  []int // bracket depth at each token
	pos     int
	invalid bool // the second pass: invalid_ rules count
	early   bool // in an invalid_ rule although this is the first pass; an error raised there is final
	memo    map[int64]memoEntry
	depth   int
}

type memoEntry struct {
	node *pnode
	pos  int
}

// raised is panicked with when an error has been found.
type raised struct{ err *SyntaxError }

// token returns token i, reading on as far as needed.
func (p *peg) token(i int) *Token {
	for i >= len(p.toks) {
		if n := len(p.toks); n > 0 && p.toks[n-1].Kind == EndMarker {
			return &p.toks[n-1]
		}
		t := p.lx.next()
		if t.Kind == ErrorToken {
			panic(raised{p.lx.err})
		}
		p.toks = append(p.toks, t)
		p.levels = append(p.levels, len(p.lx.parens))
	}
	return &p.toks[i]
}

// run tries a rule from the start. It returns whether the rule matched, and the error raised on the way.
func (p *peg) run(rule string, invalid bool) (ok bool, err *SyntaxError) {
	defer func() {
		if r := recover(); r != nil {
			x, is := r.(raised)
			if !is {
				panic(r)
			}
			ok, err = false, x.err
		}
	}()
	p.pos, p.invalid, p.memo, p.depth = 0, invalid, make(map[int64]memoEntry), 0
	return p.rule(p.g.index[rule]) != nil, nil
}

// rule tries a rule here; nil if it fails.
func (p *peg) rule(n int) *pnode {
	r := &p.g.rules[n]
	key := int64(n)<<33 | int64(p.pos)<<1
	if p.invalid && !r.shared {
		key |= 1
	}
	if m, ok := p.memo[key]; ok {
		if m.node != nil {
			p.pos = m.pos
		}
		return m.node
	}
	p.depth++
	if p.depth > 40000 {
		panic(raised{&SyntaxError{Kind: "MemoryError", Msg: "Parser stack overflowed - Python source too complex to parse", NoPlace: true}})
	}
	saved, early := p.invalid, p.early
	p.early = early || r.invalid && !p.invalid
	if r.name == "expression_without_invalid" {
		p.invalid = false
	}
	node := p.alternatives(r.alts)
	p.invalid, p.early = saved, early
	p.depth--
	p.memo[key] = memoEntry{node, p.pos}
	return node
}

// alternatives tries alternatives in order.
func (p *peg) alternatives(alts []pegAlt) *pnode {
	start := p.pos
	for i := range alts {
		a := &alts[i]
		node, done := p.alternative(a, start)
		if node != nil {
			return node
		}
		p.pos = start
		if done {
			return nil
		}
	}
	return nil
}

// alternative tries one alternative; done means that no other may be tried. Like CPython's, the first pass leaves out the invalid_ rules where
// they are all of an alternative, but not where they stand among other things.
func (p *peg) alternative(a *pegAlt, start int) (node *pnode, done bool) {
	if it := a.items[0]; !p.invalid && len(a.items) == 1 && it.kind == pegRule && p.g.rules[it.rule].invalid {
		return nil, false
	}
	n := &pnode{kind: a.kind, first: start}
	var ops [2]*pnode
	cut := false
	for _, it := range a.items {
		if it.kind == pegCut {
			cut = true
			continue
		}
		k := p.item(it)
		if k == nil {
			return nil, cut
		}
		if it.kind != pegAnd && it.kind != pegNot {
			n.kids = append(n.kids, k)
		}
		if it.name != 0 {
			ops[it.name-'a'] = k
		}
	}
	n.last = max(p.pos-1, start)
	if a.action != "" {
		r := p.act(a, n, ops[0], ops[1])
		return r, r == nil
	}
	return p.shape(a, n, ops[0]), false
}

// shape gives a node its kind.
func (p *peg) shape(a *pegAlt, n, op *pnode) *pnode {
	switch {
	case a.kind == "Group":
		return op
	case a.kind == "Primary":
		if tail := n.kids[len(n.kids)-1]; tail.kind == "*" && len(tail.kids) > 0 {
			n.kind = leaf(tail.kids[len(tail.kids)-1]).kind
			return n
		}
		return n.kids[0]
	case a.ifMany || a.kind == "":
		if len(n.kids) == 1 && n.kids[0].kind == "*" && len(n.kids[0].kids) == 1 {
			return n.kids[0].kids[0]
		}
		if len(n.kids) == 2 && n.kids[1].kind == "*" && len(n.kids[1].kids) == 0 && a.ifMany {
			return n.kids[0]
		}
		if len(n.kids) == 1 && a.kind == "" {
			return n.kids[0]
		}
	}
	return n
}

// leaf goes down to the node that has a kind.
func leaf(n *pnode) *pnode {
	for n.kind == "" && len(n.kids) > 0 {
		n = n.kids[0]
	}
	return n
}

// item tries an item here. A lookahead that holds and an absent option give an empty node.
func (p *peg) item(e *pegExpr) *pnode {
	start := p.pos
	switch e.kind {
	case pegToken:
		if t := p.token(start); t.Kind == e.tok {
			p.pos++
			return &pnode{kind: "tok", first: start, last: start}
		}
		return nil
	case pegSoft:
		if t := p.token(start); t.Kind == Name && p.src[t.Off:t.End] == e.text {
			p.pos++
			return &pnode{kind: "tok", first: start, last: start}
		}
		return nil
	case pegRule:
		return p.rule(e.rule)
	case pegSeq:
		return p.alternatives(e.alts)
	case pegOpt:
		if n := p.item(e.sub); n != nil {
			return n
		}
		p.pos = start
		return &pnode{kind: "none", first: start, last: start - 1}
	case pegStar, pegPlus:
		return p.repeat(e, start)
	case pegGather:
		return p.gather(e, start)
	case pegAnd, pegNot:
		n := p.item(e.sub)
		p.pos = start
		if (n != nil) == (e.kind == pegAnd) {
			return &pnode{kind: "look", first: start, last: start - 1}
		}
		return nil
	case pegForce:
		if n := p.item(e.sub); n != nil {
			return n
		}
		p.pos = start
		panic(raised{p.forced(e.sub.text)})
	case pegSoftPrefix:
		if t := p.token(start); t.Kind == Name && softPrefix(p.src[t.Off:t.End]) {
			p.pos++
			return &pnode{kind: "tok", first: start, last: start}
		}
	case pegBarry:
		if t := p.token(start); p.src[t.Off] == '<' && t.Kind == NotEqual && !p.opt.Barry {
			return &pnode{kind: "look", first: start, last: start - 1}
		}
	}
	return nil
}

// fileDepth is the depth of the statements that stand directly in the text. Nothing goes back into one of them when it has been read.
const fileDepth = 2

// forget drops what is remembered.
func (p *peg) forget() {
	if len(p.memo) > 1000 {
		p.memo = make(map[int64]memoEntry)
		return
	}
	clear(p.memo)
}

func (p *peg) repeat(e *pegExpr, start int) *pnode {
	n := &pnode{kind: "*", first: start}
	for {
		at := p.pos
		k := p.item(e.sub)
		if k == nil || p.pos == at {
			p.pos = at
			break
		}
		if p.depth == fileDepth && e.sub.kind == pegRule && p.g.rules[e.sub.rule].name == "statement" {
			k = &pnode{kind: k.kind, first: k.first, last: k.last}
			p.forget()
		}
		n.kids = append(n.kids, k)
	}
	if e.kind == pegPlus && len(n.kids) == 0 {
		return nil
	}
	n.last = p.pos - 1
	return n
}

func (p *peg) gather(e *pegExpr, start int) *pnode {
	n := &pnode{kind: "*", first: start}
	for {
		at := p.pos
		if len(n.kids) > 0 && p.item(e.sep) == nil {
			break
		}
		k := p.item(e.sub)
		if k == nil {
			p.pos = at
			break
		}
		n.kids = append(n.kids, k)
	}
	if len(n.kids) == 0 {
		return nil
	}
	n.last = p.pos - 1
	return n
}

// softPrefix reports whether s begins a soft keyword: CPython compares only as many characters as the name has.
func softPrefix(s string) bool {
	for _, k := range [...]string{"_", "case", "match", "type"} {
		if strings.HasPrefix(k, s) {
			return true
		}
	}
	return false
}
