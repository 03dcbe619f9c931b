package ir

import (
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The parser works in two steps, since blocks, values and functions may be
// used before the text defines them. The first reads the module into syntax
// (operands are names and literals) and registers all symbols. The second
// makes blocks, parameters and instructions, inserting a const before an
// instruction for each literal operand, and resolves names at the end of each
// function. A fault anywhere is a panic with a *ParseError that Parse
// recovers: the first one found is reported.

const (
	maxInit    = 1 << 26 // bytes of initial value that a text may ask for
	maxWaste   = 1 << 16 // ids beyond the number of values that a text may ask for
	maxNumeric = 1 << 30
)

// ParseFile reads a module from a file.
func ParseFile(name string) (*Module, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return Parse(name, string(src))
}

// Parse reads a module from text. The name stands in errors, which are
// *ParseError, and in the positions of instructions. Parse checks the syntax and resolves
// names; Verify checks the rest.
func Parse(name, src string) (*Module, error) {
	return parseModule(name, src, false)
}

func parseModule(name, src string, lazy bool) (*Module, error) {
	p := &parser{lexer: lexer{file: name, src: src, line: 1}, parseScope: parseScope{mod: NewModule(name)}, lazy: lazy}
	err := recoverParse(func() {
		p.advance()
		p.module()
	})
	if err != nil {
		return nil, err
	}
	return p.mod, nil
}

// recoverParse runs a part of the parser and returns the fault that it panics with.
func recoverParse(parse func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			pe, ok := r.(*ParseError)
			if !ok {
				panic(r)
			}
			err = pe
		}
	}()
	parse()
	return nil
}

// MustParse is Parse for texts that are part of a program.
func MustParse(name, src string) *Module {
	m, err := Parse(name, src)
	if err != nil {
		panic(err)
	}
	return m
}

// parseScope is what all functions of a text share.
type parseScope struct {
	mod   *Module
	filed bool // the text lists files: positions are the text's annotations only
}

type parser struct {
	lexer
	parseScope
	tok   token
	lazy  bool // skip bodies
	funcs []*synFunc

	// Second step, for the function being built:
	fn     *Func
	vals   map[string]*Value
	blocks map[string]*Block
	nextID ID
	taken  map[ID]bool
}

type synFunc struct {
	fn     *Func
	blocks []synBlock
}

type synBlock struct {
	label  token
	params []synParam
	weight float32
	insts  []synInst
	end    synInst
}

type synParam struct {
	name token
	typ  Type
}

type operand struct {
	tok token // tokValue, tokNum or tokIdent (nil, inf, nan)
	neg bool
	nan token // payload of nan:0x…
	typ Type  // written type, or Void
}

type synInst struct {
	op      Op
	at      token // the op
	results []token
	typ     Type // suffix
	args    []operand
	imm     int64
	aux     any
	sym     token // call, tailcall, symaddr, alloc
	sig     Signature
	mem     Mem
	pos     Pos
	cases   []synCase
	succs   []synEdge
}

type synCase struct {
	num int64
}

type synEdge struct {
	to     token
	args   []operand
	weight float32
}

func (p *parser) advance() token {
	t := p.tok
	p.tok = p.lexer.next()
	return t
}

func (p *parser) errAt(t token, format string, args ...any) {
	p.fail(t.line, t.col, format, args...)
}

func (p *parser) is(text string) bool {
	return (p.tok.kind == tokPunct || p.tok.kind == tokIdent) && p.tok.text == text
}

func (p *parser) accept(text string) bool {
	if !p.is(text) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(text string) token {
	if !p.is(text) {
		p.errAt(p.tok, "expected %q, found %s", text, p.tok)
	}
	return p.advance()
}

func (p *parser) want(k tokKind, what string) token {
	if p.tok.kind != k {
		p.errAt(p.tok, "expected %s, found %s", what, p.tok)
	}
	return p.advance()
}

func (p *parser) endLine() {
	if p.tok.kind != tokLine && p.tok.kind != tokEOF {
		p.errAt(p.tok, "expected end of line, found %s", p.tok)
	}
	p.lines()
}

func (p *parser) lines() {
	for p.tok.kind == tokLine {
		p.advance()
	}
}

func (p *parser) module() {
	p.lines()
	for p.tok.kind != tokEOF {
		p.top()
		p.lines()
	}
	for _, s := range p.funcs {
		p.build(s)
	}
}

func (p *parser) top() {
	t := p.want(tokIdent, "a declaration")
	switch t.text {
	case "module":
		p.mod.Name = p.want(tokStr, "the module's name").text
	case "file":
		p.fileLine()
	case "class":
		p.classLine()
	case "type":
		p.typeLine()
	case "global":
		p.global(External)
	case "declare":
		p.declare()
		return
	case "func":
		p.function(External)
		return
	default:
		p.errAt(t, "expected module, file, class, type, global, declare or func, found %s", t)
	}
	p.endLine()
}

func (p *parser) fileLine() {
	t := p.tok
	if n := p.intIn(1, 1<<16-1); n != int64(len(p.mod.Files)+1) {
		p.errAt(t, "files must be numbered from 1 in order")
	}
	p.filed = true
	p.mod.Files = append(p.mod.Files, p.want(tokStr, "a file name").text)
}

func (p *parser) classLine() {
	name := p.want(tokIdent, "a class name")
	p.expect("=")
	n := int(p.intIn(1, 1<<16-1))
	if slices.Contains(p.mod.Classes, name.text) {
		p.errAt(name, "class %s is defined twice", name.text)
	}
	for len(p.mod.Classes) <= n {
		p.mod.Classes = append(p.mod.Classes, "")
	}
	if p.mod.Classes[n] != "" {
		p.errAt(name, "class %d has two names", n)
	}
	p.mod.Classes[n] = name.text
}

func (p *parser) typeLine() {
	name := p.want(tokSym, "a type name")
	if p.mod.Type(name.text) != nil {
		p.errAt(name, "type %s is defined twice", name)
	}
	d := &TypeDesc{Name: name.text}
	p.expect("size")
	d.Size = int(p.intIn(0, 1<<40))
	if p.accept("ptrs") {
		for p.tok.kind == tokNum {
			d.Ptrs = append(d.Ptrs, int(p.intIn(0, 1<<40)))
		}
	}
	p.mod.AddType(d)
}

// intIn reads an integer in the given range.
func (p *parser) intIn(lo, hi int64) int64 {
	t := p.tok
	neg := p.accept("-")
	num := p.want(tokNum, "a number")
	n, ok := parseInt(num.text, neg)
	if !ok || n < lo || n > hi {
		p.errAt(t, "number out of range (%d to %d)", lo, hi)
	}
	return n
}

// parseInt accepts -2^63 to 2^64-1.
func parseInt(text string, neg bool) (int64, bool) {
	u, err := strconv.ParseUint(text, 0, 64)
	if err != nil || neg && u > 1<<63 {
		return 0, false
	}
	if neg {
		return -int64(u), true
	}
	return int64(u), true
}

func (p *parser) symbolName(what string) token {
	t := p.want(tokSym, what)
	if p.mod.Func(t.text) != nil || p.mod.Global(t.text) != nil {
		p.errAt(t, "%s is defined twice", t)
	}
	return t
}

func (p *parser) pos(t token) Pos {
	if p.accept("!") {
		f := p.intIn(0, 1<<16-1)
		p.expect(":")
		l := p.intIn(0, math.MaxInt32)
		p.expect(":")
		return Pos{File: uint16(f), Line: int32(l), Col: uint16(p.intIn(0, 1<<16-1))}
	}
	if p.filed {
		return Pos{}
	}
	if len(p.mod.Files) == 0 {
		p.mod.Files = []string{p.file}
	}
	return Pos{File: 1, Line: t.line, Col: uint16(min(t.col, 1<<16-1))}
}

func (p *parser) declare() {
	if p.accept("global") {
		p.global(Declared)
		p.endLine()
		return
	}
	link := Declared
	if p.accept("go") {
		link = DeclaredGo
	}
	p.function(link)
}

func (p *parser) linkage(l *Linkage) bool {
	switch {
	case p.accept("internal"):
		*l = Internal
	case p.accept("available_externally"):
		*l = AvailableExternally
	default:
		return false
	}
	return true
}

func (p *parser) global(link Linkage) {
	name := p.symbolName("a global's name")
	g := p.mod.AddGlobal(&Global{Name: name.text, Linkage: link, Align: 8})
	for more := true; more; {
		switch {
		case link == External && p.linkage(&g.Linkage):
		case p.accept("used"):
			g.Used = true
		case p.accept("const"):
			g.Const = true
		case p.accept("align"):
			g.Align = int(p.intIn(1, 1<<16))
		default:
			more = false
		}
	}
	if p.accept("size") {
		g.Size = int(p.intIn(0, 1<<40))
	} else {
		g.Size = -1
	}
	if link != Declared && p.accept("{") {
		p.initialiser(g)
	}
	if g.Size < 0 {
		g.Size = len(g.Init)
	}
}

func (p *parser) initialiser(g *Global) {
	for {
		p.lines()
		t := p.advance()
		switch {
		case t.kind == tokPunct && t.text == "}":
			return
		case t.kind == tokPunct && t.text == ",":
		case t.kind != tokIdent:
			p.errAt(t, "expected initial data or '}', found %s", t)
		case t.text == "bytes":
			g.Init = append(g.Init, p.want(tokStr, "a string").text...)
		case t.text == "zero":
			g.Init = append(g.Init, make([]byte, p.intIn(0, max(0, maxInit-int64(len(g.Init)))))...)
		case t.text == "addr":
			sym := p.want(tokSym, "a symbol")
			g.Relocs = append(g.Relocs, Reloc{Offset: len(g.Init), Sym: sym.text, Addend: p.offset()})
			g.Init = append(g.Init, make([]byte, 8)...)
		default:
			p.numbers(g, t)
		}
		if len(g.Init) > maxInit {
			p.errAt(t, "initial data longer than %d bytes", maxInit)
		}
	}
}

func (p *parser) numbers(g *Global, t token) {
	typ, ok := ParseType(t.text)
	if !ok || typ == Ref {
		p.errAt(t, "expected bytes, zero, addr or a number type, found %s", t)
	}
	for p.tok.kind == tokNum || p.is("-") || p.is("inf") || p.is("nan") {
		x := uint64(p.literal(p.operand(), typ))
		for range typ.Size() {
			g.Init = append(g.Init, byte(x))
			x >>= 8
		}
	}
}

func (p *parser) offset() int64 {
	switch {
	case p.accept("+"):
		return p.intIn(math.MinInt64, math.MaxInt64)
	case p.is("-"):
		return p.intIn(math.MinInt64, math.MaxInt64)
	}
	return 0
}

func (p *parser) types() []Type {
	var ts []Type
	for {
		t := p.want(tokIdent, "a type")
		typ, ok := ParseType(t.text)
		if !ok {
			p.errAt(t, "unknown type %s", t)
		}
		ts = append(ts, typ)
		if !p.accept(",") {
			return ts
		}
	}
}

func (p *parser) signature() (s Signature) {
	p.expect("(")
	if !p.is(")") {
		s.Params = p.types()
	}
	p.expect(")")
	if p.accept("->") {
		s.Results = p.types()
	}
	return s
}

func (p *parser) function(link Linkage) {
	name := p.symbolName("a function's name")
	f := p.mod.AddFunc(name.text, p.signature(), link)
	for more := true; more; {
		switch {
		case link == External && p.linkage(&f.Linkage):
		case p.accept("used"):
			f.Used = true
		case p.accept("elidable"):
			f.Elidable = true
		case p.accept("cold"):
			f.Cold = true
		default:
			more = false
		}
	}
	f.Pos = p.pos(name)
	if link != External {
		p.endLine()
		return
	}
	p.expect("{")
	if p.lazy {
		p.checkKind(tokLine, "end of line")
		p.skipBody(f)
	} else {
		p.endLine()
		p.funcs = append(p.funcs, p.blocksOf(f))
	}
	p.expect("}")
	p.endLine()
}

// blocksOf reads the blocks of a function, up to the closing brace.
func (p *parser) blocksOf(f *Func) *synFunc {
	p.lines()
	s := &synFunc{fn: f}
	for !p.is("}") {
		s.blocks = append(s.blocks, p.block())
	}
	if len(s.blocks) == 0 {
		p.errAt(p.tok, "function %s has no blocks", symText(f.Name))
	}
	return s
}

func (p *parser) weight() float32 {
	switch {
	case p.accept("cold"):
		return -1
	case p.accept("weight"):
		neg := p.accept("-")
		t := p.want(tokNum, "a weight")
		w, err := strconv.ParseFloat(t.text, 32)
		if err != nil {
			p.errAt(t, "bad weight")
		}
		if neg {
			w = -w
		}
		return float32(w)
	}
	return 0
}

func (p *parser) block() (b synBlock) {
	b.label = p.want(tokIdent, "a block label")
	if !validBlockName(b.label.text) && !isBlockNumber(b.label.text) {
		p.errAt(b.label, "%s is not a block label", b.label)
	}
	if p.accept("(") {
		for !p.is(")") {
			name := p.want(tokValue, "a parameter")
			ty := p.want(tokIdent, "a type")
			typ, ok := ParseType(ty.text)
			if !ok {
				p.errAt(ty, "unknown type %s", ty)
			}
			b.params = append(b.params, synParam{name, typ})
			if !p.accept(",") {
				break
			}
		}
		p.expect(")")
	}
	b.weight = p.weight()
	p.expect(":")
	p.endLine()
	for {
		in := p.inst()
		p.endLine()
		if in.op.Has(PropTerm) {
			b.end = in
			return b
		}
		b.insts = append(b.insts, in)
	}
}

var opsByName = func() map[string]Op {
	m := make(map[string]Op, numOps)
	for op := OpInvalid + 1; op < numOps; op++ {
		if op != OpResult && op != OpParam {
			m[op.String()] = op
		}
	}
	return m
}()

// ParseOp returns the op with a name.
func ParseOp(name string) (Op, bool) {
	op, ok := opsByName[name]
	return op, ok
}

func (p *parser) inst() (in synInst) {
	if p.tok.kind == tokValue || p.is("_") {
		for {
			if !p.is("_") {
				p.checkKind(tokValue, "a result name")
			}
			in.results = append(in.results, p.advance())
			if !p.accept(",") {
				break
			}
		}
		p.expect("=")
	}
	in.at = p.want(tokIdent, "an instruction")
	name, suffix, dotted := strings.Cut(in.at.text, ".")
	op, ok := opsByName[name]
	if !ok {
		p.errAt(in.at, "unknown op %s", name)
	}
	in.op = op
	if (op.Info().On != "") != dotted {
		if dotted {
			p.errAt(in.at, "%s takes no type suffix", name)
		}
		p.errAt(in.at, "%s needs a type suffix", name)
	}
	if dotted {
		if in.typ, ok = ParseType(suffix); !ok {
			p.errAt(in.at, "unknown type %s", suffix)
		}
	}
	p.body(&in)
	in.pos = p.pos(in.at)
	return in
}

func (p *parser) checkKind(k tokKind, what string) {
	if p.tok.kind != k {
		p.errAt(p.tok, "expected %s, found %s", what, p.tok)
	}
}

// body reads what follows the op: one case for each shape in printer.operands and printer.end.
func (p *parser) body(in *synInst) {
	switch in.op {
	case OpConst:
		in.imm = p.literal(p.operand(), in.typ)
	case OpRefconst:
		in.aux = &RefConst{Name: p.want(tokStr, "a name").text}
	case OpSymaddr:
		in.sym = p.want(tokSym, "a symbol")
	case OpStackaddr:
		in.imm = p.intIn(0, 1<<40)
	case OpAlloc, OpAllocarray:
		in.sym = p.want(tokSym, "a type")
		if p.accept(",") {
			in.args = p.operands()
		}
	case OpCall, OpTailcall:
		in.sym = p.want(tokSym, "a function")
		in.args = p.paren()
	case OpIcall:
		in.args = append([]operand{p.operand()}, p.paren()...)
		in.sig = p.signature()
	case OpGuard:
		in.args = append(in.args, p.operand())
		p.expect(",")
		p.exit(in)
	case OpExit:
		p.exit(in)
	case OpLoad, OpStore, OpAddrof:
		p.access(in)
	case OpJump:
		in.succs = []synEdge{p.edge()}
	case OpBr:
		in.args = append(in.args, p.operand())
		p.expect(",")
		in.succs = append(in.succs, p.edge())
		p.expect(",")
		in.succs = append(in.succs, p.edge())
	case OpSwitch:
		p.switchBody(in)
	case OpTrap:
		in.imm = p.trapCode()
	default:
		if p.startsOperand() {
			in.args = p.operands()
		}
	}
}

func (p *parser) trapCode() int64 {
	if p.tok.kind == tokIdent {
		if i := slices.Index(trapNames[:], p.tok.text); i >= 0 {
			p.advance()
			return int64(i)
		}
	}
	return p.intIn(math.MinInt64, math.MaxInt64)
}

func (p *parser) exit(in *synInst) {
	in.imm = p.intIn(math.MinInt64, math.MaxInt64)
	in.args = append(in.args, p.paren()...)
}

// access reads the operands of load, store and addrof with offset and flags.
func (p *parser) access(in *synInst) {
	in.args = append(in.args, p.operand())
	if in.op == OpLoad || in.op == OpStore {
		in.imm = p.offset()
	}
	if in.op != OpLoad {
		p.expect(",")
		in.args = append(in.args, p.operand())
	}
	if in.op == OpAddrof {
		in.imm = p.offset()
		return
	}
	if p.tok.kind == tokClass {
		in.mem.Class = p.class(p.advance())
	}
	for {
		switch {
		case p.accept("immutable"):
			in.mem.Flags |= Immutable
		case p.accept("nontrap"):
			in.mem.Flags |= NonTrap
		case p.accept("nobarrier"):
			in.mem.Flags |= NoBarrier
		default:
			return
		}
	}
}

func (p *parser) class(t token) AliasClass {
	if isDigits(t.text) {
		n, err := strconv.ParseUint(t.text, 10, 16)
		if err != nil {
			p.errAt(t, "alias class out of range (0 to 65535)")
		}
		return AliasClass(n)
	}
	c := p.mod.Class(t.text)
	if c == 0 {
		p.errAt(t, "too many alias classes")
	}
	return c
}

func (p *parser) switchBody(in *synInst) {
	in.args = append(in.args, p.operand())
	p.expect("[")
	for !p.is("]") {
		n := p.intIn(math.MinInt64, math.MaxInt64)
		in.cases = append(in.cases, synCase{n})
		p.expect(":")
		in.succs = append(in.succs, p.edge())
		if !p.accept(",") {
			break
		}
	}
	p.expect("]")
	p.expect("default")
	in.succs = append(in.succs, p.edge())
}

func (p *parser) edge() (e synEdge) {
	e.to = p.want(tokIdent, "a block")
	if p.is("(") {
		e.args = p.paren()
	}
	e.weight = p.weight()
	return e
}

func (p *parser) paren() []operand {
	p.expect("(")
	var args []operand
	if !p.is(")") {
		args = p.operands()
	}
	p.expect(")")
	return args
}

func (p *parser) operands() []operand {
	args := []operand{p.operand()}
	for p.accept(",") {
		args = append(args, p.operand())
	}
	return args
}

func (p *parser) startsOperand() bool {
	return p.tok.kind == tokValue || p.tok.kind == tokNum || p.is("-") || p.is("nil") || p.is("inf") || p.is("nan")
}

func (p *parser) operand() (o operand) {
	if !p.startsOperand() {
		p.errAt(p.tok, "expected a value or a number, found %s", p.tok)
	}
	if o.neg = p.accept("-"); o.neg && p.tok.kind != tokNum && !p.is("inf") {
		p.errAt(p.tok, "expected a number, found %s", p.tok)
	}
	o.tok = p.advance()
	if o.tok.kind == tokValue {
		return o
	}
	if o.tok.text == "nan" && p.is(":") {
		p.advance()
		if p.tok.kind == tokNum {
			o.nan = p.advance()
			if !p.is(":") {
				return o
			}
			p.advance()
		}
		o.typ = p.typeName()
	} else if p.tok.kind == tokPunct && p.tok.text == ":" {
		p.advance()
		o.typ = p.typeName()
	}
	return o
}

func (p *parser) typeName() Type {
	t := p.want(tokIdent, "a type")
	typ, ok := ParseType(t.text)
	if !ok {
		p.errAt(t, "unknown type %s", t)
	}
	return typ
}

// isFloatText reports whether a literal has the form of a float.
func isFloatText(t token) bool {
	if t.kind == tokIdent {
		return t.text == "inf" || t.text == "nan"
	}
	return !isHex(t.text) && strings.ContainsAny(t.text, ".eE")
}

// literal evaluates a literal as a type.
func (p *parser) literal(o operand, t Type) int64 {
	text := o.tok.text
	switch {
	case o.tok.kind == tokValue:
		p.errAt(o.tok, "expected a number, found %s", o.tok)
	case text == "nil":
		if !t.IsAddr() {
			p.errAt(o.tok, "nil is not of type %s", t)
		}
		return 0
	case t.IsFloat():
		return p.float(o, t)
	case isFloatText(o.tok):
		p.errAt(o.tok, "%s is not of type %s", text, t)
	}
	x, ok := parseInt(text, o.neg)
	if !ok || !fits(x, t) && !(t == I64 || t.IsAddr()) {
		p.errAt(o.tok, "%s does not fit in %s", text, t)
	}
	return SignExtend(t, x)
}

// fits reports whether x is in the signed or the unsigned range of t.
func fits(x int64, t Type) bool {
	n := t.Bits()
	return n >= 64 || n > 0 && x >= -1<<(n-1) && x < 1<<n
}

func (p *parser) float(o operand, t Type) int64 {
	if o.tok.text == "nan" && o.nan.kind == tokNum {
		x, err := strconv.ParseUint(o.nan.text, 0, t.Bits())
		if err != nil {
			p.errAt(o.nan, "%s does not fit in %s", o.nan.text, t)
		}
		return int64(x)
	}
	text := o.tok.text
	if o.neg {
		text = "-" + text
	}
	f, err := strconv.ParseFloat(text, t.Bits())
	if err != nil {
		p.errAt(o.tok, "%s is not of type %s", text, t)
	}
	if t == F32 {
		return int64(math.Float32bits(float32(f)))
	}
	return int64(math.Float64bits(f))
}

func isBlockNumber(s string) bool { return s[0] == 'b' && isDigits(s[1:]) }

// --- second step ---

// build makes the function's graph from its syntax.
func (p *parser) build(s *synFunc) {
	p.fn, p.vals, p.blocks = s.fn, map[string]*Value{}, map[string]*Block{}
	p.reserve(s)
	p.makeBlocks(s)
	values := p.makeValues(s)
	for i := range s.blocks {
		p.fill(s.fn.Blocks[i], &s.blocks[i], values[i])
	}
	p.fn.nvalues = int32(p.nextID)
	for id := range p.taken {
		p.fn.nvalues = max(p.fn.nvalues, int32(id)+1)
	}
}

// reserve collects the numeric names, which keep their numbers as ids where
// that does not waste too many.
func (p *parser) reserve(s *synFunc) {
	p.taken, p.nextID = map[ID]bool{}, 0
	count := 0
	for _, b := range s.blocks {
		count += len(b.params)
		for i := range b.insts {
			count += max(1, len(b.insts[i].results)) + len(b.insts[i].args)
		}
	}
	limit := ID(min(maxNumeric, maxWaste+64*count))
	note := func(t token) {
		if n, ok := numericName(t.text, limit); ok {
			p.taken[n] = true
		}
	}
	for _, b := range s.blocks {
		for _, prm := range b.params {
			note(prm.name)
		}
		for i := range b.insts {
			for _, r := range b.insts[i].results {
				note(r)
			}
		}
	}
}

func numericName(s string, limit ID) (ID, bool) {
	if !isDigits(s) || len(s) > 10 || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 32)
	return ID(n), err == nil && ID(n) < limit
}

// newValue makes a value with the id its name asks for, or the next free one.
func (p *parser) newValue(op Op, t Type, name token, b *Block) *Value {
	v := p.fn.newValue()
	v.Op, v.Type, v.Block = op, t, b
	if n, ok := numericName(name.text, maxNumeric); ok && p.taken[n] && name.kind == tokValue {
		v.ID = n
	} else {
		for p.taken[p.nextID] {
			p.nextID++
		}
		v.ID = p.nextID
		p.nextID++
	}
	if name.kind != tokValue {
		return v
	}
	if p.vals[name.text] != nil {
		p.errAt(name, "%s is defined twice", name)
	}
	p.vals[name.text] = v
	v.SetName(name.text)
	if p.taken[v.ID] {
		p.fn.valueNames.set(v.ID, "", validValueName)
	}
	return v
}

func (p *parser) makeBlocks(s *synFunc) {
	used := map[ID]bool{}
	limit := ID(maxWaste + 64*len(s.blocks))
	for _, sb := range s.blocks {
		if isBlockNumber(sb.label.text) {
			if n, ok := numericName(sb.label.text[1:], limit); ok {
				used[n] = true
			}
		}
	}
	next, top := ID(0), ID(0)
	for _, sb := range s.blocks {
		b := p.fn.NewBlock()
		if p.blocks[sb.label.text] != nil {
			p.errAt(sb.label, "block %s is defined twice", sb.label.text)
		}
		p.blocks[sb.label.text] = b
		if n, ok := numericName(sb.label.text[1:], limit); ok && isBlockNumber(sb.label.text) {
			b.ID = n
		} else {
			for used[next] {
				next++
			}
			b.ID = next
			next++
			b.SetName(sb.label.text)
		}
		top = max(top, b.ID+1)
		b.Weight = sb.weight
		for _, prm := range sb.params {
			v := p.newValue(OpParam, prm.typ, prm.name, b)
			v.Imm = int64(len(b.Params))
			b.Params = append(b.Params, v)
		}
	}
	p.fn.nblocks = int32(top)
}

// makeValues makes all instructions, with projections, so that operands can
// refer to any of them.
func (p *parser) makeValues(s *synFunc) [][][]*Value {
	all := make([][][]*Value, len(s.blocks))
	for i := range s.blocks {
		sb := &s.blocks[i]
		all[i] = make([][]*Value, len(sb.insts))
		for k := range sb.insts {
			all[i][k] = p.makeInst(&sb.insts[k], p.fn.Blocks[i])
		}
		p.linkCallee(&sb.end)
		if len(sb.end.results) > 0 {
			p.errAt(sb.end.results[0], "%s has no result", sb.end.op)
		}
	}
	return all
}

func (p *parser) linkCallee(in *synInst) {
	switch in.op {
	case OpCall, OpTailcall:
		f := p.mod.Func(in.sym.text)
		if f == nil {
			p.errAt(in.sym, "function %s is not declared", in.sym)
		}
		in.aux = &CallInfo{Callee: f, Sig: f.Sig}
	case OpIcall:
		in.aux = &CallInfo{Sig: in.sig}
	case OpSymaddr:
		if f := p.mod.Func(in.sym.text); f != nil {
			in.aux = f
		} else if g := p.mod.Global(in.sym.text); g != nil {
			in.aux = g
		} else {
			p.errAt(in.sym, "symbol %s is not declared", in.sym)
		}
	case OpAlloc, OpAllocarray:
		t := p.mod.Type(in.sym.text)
		if t == nil {
			p.errAt(in.sym, "type %s is not declared", in.sym)
		}
		in.aux = t
	}
}

func (p *parser) makeInst(in *synInst, b *Block) []*Value {
	p.linkCallee(in)
	rt := resultTypes(in.op, in.typ, in.aux)
	if len(in.results) > len(rt) {
		p.errAt(in.results[len(rt)], "%s has %d results", in.op, len(rt))
	}
	first, t := token{}, Void
	if len(rt) > 0 {
		t = rt[0]
	}
	if len(in.results) > 0 && in.results[0].kind == tokValue {
		first = in.results[0]
	}
	v := p.newValue(in.op, t, first, b)
	v.Imm, v.Mem, v.Pos, v.Aux = in.imm, in.mem, in.pos, in.aux
	out := []*Value{v}
	for k := 1; k < len(in.results); k++ {
		if in.results[k].kind != tokValue {
			continue
		}
		r := p.newValue(OpResult, rt[k], in.results[k], b)
		r.Imm, r.Pos = int64(k), in.pos
		r.SetArgs(v)
		out = append(out, r)
	}
	return out
}

// resultTypes returns the types of an op's results.
func resultTypes(op Op, t Type, aux any) []Type {
	if c, ok := aux.(*CallInfo); ok && c != nil {
		return c.Sig.Results
	}
	var out []Type
	for _, r := range op.Info().Results {
		rt, ok := ParseType(r)
		if !ok {
			rt = t
		}
		out = append(out, rt)
	}
	return out
}

func (p *parser) fill(b *Block, sb *synBlock, values [][]*Value) {
	for k := range sb.insts {
		in := &sb.insts[k]
		v := values[k][0]
		call, _ := in.aux.(*CallInfo)
		v.SetArgs(p.resolve(b, in.args, wantOf(in.op, in.typ, call), in.pos)...)
		b.Insts = append(b.Insts, values[k]...)
	}
	p.fillEnd(b, &sb.end)
}

func (p *parser) fillEnd(b *Block, in *synInst) {
	call, _ := in.aux.(*CallInfo)
	want := wantOf(in.op, Void, call)
	if in.op == OpRet {
		want = wantTypes(p.fn.Sig.Results)
	}
	e := End{Op: in.op, Imm: in.imm, Call: call, Pos: in.pos}
	e.Args = p.resolve(b, in.args, want, in.pos)
	for _, c := range in.cases {
		e.Cases = append(e.Cases, c.num)
	}
	for _, s := range in.succs {
		to := p.blocks[s.to.text]
		if to == nil {
			p.errAt(s.to, "block %s is not defined", s.to.text)
		}
		e.Succs = append(e.Succs, Edge{To: to, Args: p.resolve(b, s.args, wantParams(to), in.pos), Weight: s.weight})
	}
	b.End = e
}

// resolve finds the operands' values, appending consts for literals to the block.
func (p *parser) resolve(b *Block, args []operand, want wantFunc, pos Pos) []*Value {
	if len(args) == 0 {
		return nil
	}
	out := make([]*Value, len(args))
	for i, a := range args {
		if a.tok.kind == tokValue {
			if out[i] = p.vals[a.tok.text]; out[i] == nil {
				p.errAt(a.tok, "%s is not defined", a.tok)
			}
			continue
		}
		t := a.typ
		if t == Void {
			t = want(i)
		}
		if t == Void {
			t = formOf(a.tok)
		}
		imm := p.literal(a, t)
		v := p.newValue(OpConst, t, token{}, b)
		v.Imm, v.Pos = imm, pos
		b.Insts = append(b.Insts, v)
		out[i] = v
	}
	return out
}

func formOf(t token) Type {
	switch {
	case t.text == "nil":
		return Ref
	case isFloatText(t):
		return F64
	}
	return I64
}

// ParseConst reads a constant of a type, as the text form writes it after const.
func ParseConst(t Type, s string) (x int64, err error) {
	p := &parser{lexer: lexer{file: "constant", src: s, line: 1}}
	err = recoverParse(func() {
		p.advance()
		o := p.operand()
		if p.tok.kind != tokEOF {
			p.errAt(p.tok, "expected one number, found %s", p.tok)
		}
		x = p.literal(o, t)
	})
	return x, err
}
