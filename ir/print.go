package ir

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// The text form, by example:
//
//	module "demo"
//	class elem = 1
//	type @Node size 24 ptrs 0 8
//	global @table const align 16 size 20 { i32 1 2 3  bytes "ab\n"  zero 1 }
//	declare @sin(f64) -> f64 elidable
//	declare go @fmt.Println(ref, i64)
//	func @sum(ptr, i64) -> i64 internal {
//	entry(%p ptr, %n i64):
//	  jump loop(0, 0)
//	loop(%i i64, %s i64) weight 10:
//	  %c = slt.i64 %i, %n
//	  br %c, body weight 0.9, done
//	body:
//	  %a = addrof.ptr %p, %i
//	  %x = load.i64 %a + 8 #elem nontrap
//	  %t, %o = saddov.i64 %s, %x
//	  %ok = eq.i8 %o, 0
//	  guard %ok, 3(%i, %s)
//	  %j = add.i64 %i, 8
//	  jump loop(%j, %t)
//	done:
//	  ret %s
//	}
//
// A number as an operand is a const inserted just before the instruction, of
// the type that the op wants there, or of the type written after it (7:i32).
// The printer writes a nameless const of one use that stands at that very place
// in the same way. Comments run from ; to the end of the line.

// PrintMode selects what the printer writes.
type PrintMode uint8

// The modes.
const (
	PrintPos      PrintMode = 1 << iota // source positions (!file:line:col) and the list of files
	PrintPlain                          // no inline constants: every const on a line of its own
	PrintLiterals                       // all nameless constants inline, wherever they stand: for reading (it parses, to an equal graph with more constants)
)

// String returns the module's text form.
func (m *Module) String() string { return m.Text(0) }

// Text returns the module's text form.
func (m *Module) Text(mode PrintMode) string {
	p := &printer{mode: mode, mod: m}
	p.module(m)
	return p.b.String()
}

// WriteTo writes the module's text form.
func (m *Module) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, m.String())
	return int64(n), err
}

// String returns the function's text form.
func (f *Func) String() string { return f.Text(0) }

// Text returns the function's text form.
func (f *Func) Text(mode PrintMode) string {
	p := &printer{mode: mode, mod: f.Module}
	p.fn(f)
	return p.b.String()
}

// LongString returns the instruction's line of the text form.
func (v *Value) LongString() string { return v.Line(PrintPlain) }

// Line returns the instruction's line in a mode.
func (v *Value) Line(mode PrintMode) string {
	p := &printer{mode: mode}
	if v.Block != nil && v.Block.Func != nil {
		p.mod = v.Block.Func.Module
	}
	if v.Op == OpParam || v.Op == OpResult {
		return fmt.Sprintf("%s %s %s.%d", v, v.Type, v.Op, v.Imm)
	}
	p.inst(v, nil)
	return strings.TrimSpace(p.b.String())
}

// LongString returns the text of the block's end.
func (e *End) LongString() string { return e.Line(PrintPlain) }

// Line returns the text of the block's end in a mode.
func (e *End) Line(mode PrintMode) string {
	p := &printer{mode: mode}
	p.end(e)
	return strings.TrimSpace(p.b.String())
}

type printer struct {
	b      strings.Builder
	mode   PrintMode
	mod    *Module
	uses   []int32 // uses of each value, by id
	inline []bool  // consts written at their use
	want   wantFunc
	sig    Signature // of the function being written
}

// wantFunc says which type an untyped literal gets as operand i; Void leaves
// it to the literal's form. The parser and the printer share it.
type wantFunc func(i int) Type

// wantOf returns the wants of an instruction's operands.
func wantOf(op Op, t Type, call *CallInfo) wantFunc {
	switch op {
	case OpCall, OpTailcall:
		return func(i int) Type { return typeAt(call, i) }
	case OpIcall:
		return func(i int) Type {
			if i == 0 {
				return Ptr
			}
			return typeAt(call, i-1)
		}
	}
	args := op.Info().Args
	return func(i int) Type {
		if i >= len(args) {
			return Void
		}
		switch args[i] {
		case "T":
			return t
		case "addr":
			return Ptr
		}
		t, _ := ParseType(args[i])
		return t
	}
}

func typeAt(call *CallInfo, i int) Type {
	if call == nil || i >= len(call.Sig.Params) {
		return Void
	}
	return call.Sig.Params[i]
}

func wantTypes(ts []Type) wantFunc {
	return func(i int) Type {
		if i < len(ts) {
			return ts[i]
		}
		return Void
	}
}

func wantParams(b *Block) wantFunc {
	return func(i int) Type {
		if b != nil && i < len(b.Params) {
			return b.Params[i].Type
		}
		return Void
	}
}

func (p *printer) ws(s ...string) {
	for _, x := range s {
		p.b.WriteString(x)
	}
}

func (p *printer) int(n int64) { p.b.WriteString(strconv.FormatInt(n, 10)) }

func symText(name string) string {
	ok := name != ""
	for i := 0; i < len(name); i++ {
		if !isNameByte(name[i]) && name[i] != '/' || name[i] >= 0x80 {
			ok = false
		}
	}
	if ok {
		return "@" + name
	}
	return "@" + strconv.Quote(name)
}

func (p *printer) module(m *Module) {
	p.ws("module ", strconv.Quote(m.Name), "\n")
	if p.mode&PrintPos != 0 {
		for i, f := range m.Files {
			p.ws("file ", strconv.Itoa(i+1), " ", strconv.Quote(f), "\n")
		}
	}
	for i, c := range m.Classes {
		if c != "" && i > 0 {
			p.ws("class ", c, " = ", strconv.Itoa(i), "\n")
		}
	}
	for _, t := range m.Types {
		p.typeDesc(t)
	}
	for _, g := range m.Globals {
		p.global(g)
	}
	for _, f := range m.Funcs {
		p.fn(f)
	}
}

func (p *printer) typeDesc(t *TypeDesc) {
	p.ws("type ", symText(t.Name), " size ", strconv.Itoa(t.Size))
	if len(t.Ptrs) > 0 {
		p.ws(" ptrs")
	}
	for _, off := range t.Ptrs {
		p.ws(" ", strconv.Itoa(off))
	}
	p.ws("\n")
}

func linkageText(l Linkage) string {
	switch l {
	case Internal:
		return " internal"
	case AvailableExternally:
		return " available_externally"
	}
	return ""
}

func (p *printer) global(g *Global) {
	if g.Linkage == Declared || g.Linkage == DeclaredGo {
		p.ws("declare global ", symText(g.Name))
	} else {
		p.ws("global ", symText(g.Name), linkageText(g.Linkage))
	}
	p.flag(g.Used, " used")
	p.flag(g.Const, " const")
	if g.Align != 8 {
		p.ws(" align ", strconv.Itoa(g.Align))
	}
	p.ws(" size ", strconv.Itoa(g.Size))
	if len(g.Init) > 0 || len(g.Relocs) > 0 {
		p.ws(" {")
		p.init(g)
		p.ws("\n}")
	}
	p.ws("\n")
}

func (p *printer) flag(on bool, text string) {
	if on {
		p.ws(text)
	}
}

// init writes the initial bytes in runs between relocations.
func (p *printer) init(g *Global) {
	at := 0
	for _, r := range g.Relocs {
		if r.Offset < at || r.Offset > len(g.Init) || r.Offset+8 > len(g.Init) {
			p.ws("\n  ; a relocation at ", strconv.Itoa(r.Offset), " does not fit")
			continue
		}
		p.bytes(g.Init[at:r.Offset])
		p.ws("\n  addr ", symText(r.Sym))
		p.offset(r.Addend)
		at = r.Offset + 8
	}
	p.bytes(g.Init[min(at, len(g.Init)):])
}

// bytes writes words where all is in fours and looks like numbers, else strings.
func (p *printer) bytes(data []byte) {
	for len(data) > 0 {
		if n := zeroRun(data); n >= 16 {
			p.ws("\n  zero ", strconv.Itoa(n))
			data = data[n:]
			continue
		}
		n := min(32, len(data))
		for i := 1; i < n; i++ {
			if data[i] == 0 && zeroRun(data[i:]) >= 16 {
				n = i
			}
		}
		p.byteLine(data[:n])
		data = data[n:]
	}
}

func (p *printer) byteLine(data []byte) {
	text := 0
	for _, c := range data {
		if c >= ' ' && c < 0x7f {
			text++
		}
	}
	if text*4 >= len(data)*3 {
		p.ws("\n  bytes ", quoteBytes(data))
		return
	}
	p.ws("\n  i8")
	for _, c := range data {
		p.ws(" ", strconv.Itoa(int(c)))
	}
}

func zeroRun(data []byte) int {
	n := 0
	for n < len(data) && data[n] == 0 {
		n++
	}
	return n
}

func quoteBytes(data []byte) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range data {
		if c == '"' || c == '\\' || c < ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "\\x%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func (p *printer) fn(f *Func) {
	switch f.Linkage {
	case Declared:
		p.ws("declare ")
	case DeclaredGo:
		p.ws("declare go ")
	default:
		p.ws("func ")
	}
	p.ws(symText(f.Name), f.Sig.String(), linkageText(f.Linkage))
	p.flag(f.Used, " used")
	p.flag(f.Elidable, " elidable")
	p.flag(f.Cold, " cold")
	p.pos(f.Pos)
	if !f.IsDecl() {
		p.ws(" {\n")
		p.sig = f.Sig
		p.findInline(f)
		for _, b := range f.Blocks {
			p.block(b)
		}
		p.ws("}")
	}
	p.ws("\n")
}

func (p *printer) pos(pos Pos) {
	if p.mode&PrintPos != 0 && pos != (Pos{}) {
		p.ws(" !", strconv.Itoa(int(pos.File)), ":", strconv.Itoa(int(pos.Line)), ":", strconv.Itoa(int(pos.Col)))
	}
}

// findInline marks the consts that may be written at their use: nameless, of
// one use, and in the run of consts just before the user in operand order.
func (p *printer) findInline(f *Func) {
	p.uses = make([]int32, f.NumValues())
	p.inline = make([]bool, f.NumValues())
	if p.mode&PrintPlain != 0 {
		return
	}
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			p.countUses(v.Args)
		}
		p.countUses(b.End.Args)
		for i := range b.End.Succs {
			p.countUses(b.End.Succs[i].Args)
		}
	}
	for _, b := range f.Blocks {
		run := 0 // consts in a row before the current instruction
		for i, v := range b.Insts {
			if v.Op == OpConst {
				run++
				continue
			}
			if run > 0 {
				p.markInline(b.Insts[i-run:i], literalPlaces(v.Args, nil))
			}
			run = 0
		}
		if run > 0 && b.End.Op != OpInvalid {
			p.markInline(b.Insts[len(b.Insts)-run:], literalPlaces(b.End.Args, b.End.Succs))
		}
	}
}

func (p *printer) countUses(args []*Value) {
	for _, a := range args {
		if a != nil && int(a.ID) < len(p.uses) {
			p.uses[a.ID]++
		}
	}
}

func literalPlaces(args []*Value, succs []Edge) []*Value {
	out := append([]*Value(nil), args...)
	for i := range succs {
		out = append(out, succs[i].Args...)
	}
	return out
}

// markInline marks the longest tail of run that equals the inlinable constant
// operands in order: exactly the consts that the parser would insert.
func (p *printer) markInline(run, places []*Value) {
	i := len(run)
	for k := len(places) - 1; k >= 0 && i > 0; k-- {
		a := places[k]
		if a == nil || a.Op != OpConst {
			continue
		}
		if a != run[i-1] || p.uses[a.ID] != 1 || a.Name() != "" || !literalType(a) {
			continue
		}
		i--
		p.inline[a.ID] = true
	}
}

// isInline reports whether a value is written at its uses.
func (p *printer) isInline(a *Value) bool {
	switch {
	case a == nil || a.Op != OpConst:
		return false
	case p.mode&PrintLiterals != 0:
		return a.Name() == "" && literalType(a)
	}
	return int(a.ID) < len(p.inline) && p.inline[a.ID]
}

// literalType reports whether a const can be written as an operand.
func literalType(a *Value) bool {
	switch {
	case a.Type.IsInt(), a.Type == Ptr:
		return true
	case a.Type.IsFloat():
		return true
	}
	return a.Type == Ref && a.Imm == 0
}

func (p *printer) block(b *Block) {
	p.ws(b.String())
	if len(b.Params) > 0 {
		p.ws("(")
		for i, v := range b.Params {
			p.flag(i > 0, ", ")
			p.ws(v.String(), " ", v.Type.String())
		}
		p.ws(")")
	}
	p.weight(b.Weight)
	p.ws(":\n")
	for i := 0; i < len(b.Insts); i++ {
		v := b.Insts[i]
		if p.isInline(v) {
			continue
		}
		n := 1
		for i+n < len(b.Insts) && b.Insts[i+n].Op == OpResult && len(b.Insts[i+n].Args) == 1 && b.Insts[i+n].Args[0] == v {
			n++
		}
		p.inst(v, b.Insts[i+1:i+n])
		i += n - 1
	}
	p.end(&b.End)
}

func (p *printer) weight(w float32) {
	switch {
	case w == -1:
		p.ws(" cold")
	case w != 0:
		p.ws(" weight ", strconv.FormatFloat(float64(w), 'g', -1, 32))
	}
}

func (p *printer) inst(v *Value, results []*Value) {
	p.ws("  ")
	if v.Type != Void {
		p.ws(v.String())
		for k, i := int64(1), 0; i < len(results); k++ {
			if results[i].Imm > k && results[i].Imm < 1<<16 {
				p.ws(", _")
				continue
			}
			p.ws(", ", results[i].String())
			i++
		}
		p.ws(" = ")
	}
	p.ws(v.Op.String())
	if v.Op.Info().On != "" {
		p.ws(".", v.SuffixType().String())
	}
	p.operands(v)
	p.pos(v.Pos)
	p.ws("\n")
}

func (p *printer) operands(v *Value) {
	call, _ := v.Aux.(*CallInfo)
	p.want = wantOf(v.Op, v.SuffixType(), call)
	switch v.Op {
	case OpConst:
		p.ws(" ", constText(v.Type, v.Imm))
	case OpRefconst:
		name := ""
		if c, ok := v.Aux.(*RefConst); ok && c != nil {
			name = c.Name
		}
		p.ws(" ", strconv.Quote(name))
	case OpSymaddr:
		p.ws(" ", symText(symName(v.Aux)))
	case OpStackaddr:
		p.ws(" ")
		p.int(v.Imm)
	case OpAlloc, OpAllocarray:
		name := ""
		if t, ok := v.Aux.(*TypeDesc); ok && t != nil {
			name = t.Name
		}
		p.ws(" ", symText(name))
		p.args(", ", v.Args, 0)
	case OpCall:
		p.call(v.Aux, v.Args)
	case OpIcall:
		p.icall(v)
	case OpGuard:
		p.ws(" ")
		p.list(v.Args[:min(1, len(v.Args))], 0)
		p.ws(", ")
		p.exit(v.Imm, v.Args[min(1, len(v.Args)):], 1)
	case OpLoad:
		p.args(" ", v.Args, 0)
		p.offset(v.Imm)
		p.mem(v.Mem)
	case OpStore:
		p.args(" ", v.Args[:min(1, len(v.Args))], 0)
		p.offset(v.Imm)
		p.args(", ", v.Args[min(1, len(v.Args)):], 1)
		p.mem(v.Mem)
	case OpAddrof:
		p.args(" ", v.Args, 0)
		p.offset(v.Imm)
	default:
		p.args(" ", v.Args, 0)
	}
}

func symName(aux any) string {
	if s, ok := aux.(Symbol); ok && s != nil {
		return s.SymbolName()
	}
	return ""
}

func (p *printer) call(aux any, args []*Value) {
	name := ""
	if c, ok := aux.(*CallInfo); ok && c != nil && c.Callee != nil {
		name = c.Callee.Name
	}
	p.ws(" ", symText(name), "(")
	p.list(args, 0)
	p.ws(")")
}

func (p *printer) icall(v *Value) {
	p.ws(" ")
	p.list(v.Args[:min(1, len(v.Args))], 0)
	p.ws("(")
	p.list(v.Args[min(1, len(v.Args)):], 1)
	p.ws(") ")
	if c, ok := v.Aux.(*CallInfo); ok && c != nil {
		p.ws(c.Sig.String())
	}
}

func (p *printer) exit(n int64, args []*Value, base int) {
	p.int(n)
	p.ws("(")
	p.list(args, base)
	p.ws(")")
}

func (p *printer) offset(off int64) {
	switch {
	case off > 0:
		p.ws(" + ")
		p.int(off)
	case off < 0:
		p.ws(" - ", strconv.FormatUint(-uint64(off), 10))
	}
}

func (p *printer) mem(m Mem) {
	if m.Class != 0 {
		p.ws(" #", p.mod.ClassName(m.Class))
	}
	p.flag(m.Flags&Immutable != 0, " immutable")
	p.flag(m.Flags&NonTrap != 0, " nontrap")
	p.flag(m.Flags&NoBarrier != 0, " nobarrier")
}

func (p *printer) args(sep string, args []*Value, base int) {
	if len(args) > 0 {
		p.ws(sep)
		p.list(args, base)
	}
}

// list writes operands; base is the position of the first among all.
func (p *printer) list(args []*Value, base int) {
	for i, a := range args {
		p.flag(i > 0, ", ")
		p.operand(a, p.want(base+i))
	}
}

func (p *printer) operand(a *Value, want Type) {
	if !p.isInline(a) {
		p.ws(a.String())
		return
	}
	p.ws(constText(a.Type, a.Imm))
	if want == Void {
		want = formType(a.Type)
	}
	if want != a.Type {
		p.ws(":", a.Type.String())
	}
}

// formType returns the type that a literal of type t gets from its form alone.
func formType(t Type) Type {
	switch {
	case t.IsFloat():
		return F64
	case t == Ref:
		return Ref
	}
	return I64
}

func constText(t Type, x int64) string {
	switch t {
	case F32:
		return floatText(float64(math.Float32frombits(uint32(x))), 32, x)
	case F64:
		return floatText(math.Float64frombits(uint64(x)), 64, x)
	case Ref:
		if x == 0 {
			return "nil"
		}
	case Ptr:
		return "0x" + strconv.FormatUint(uint64(x), 16)
	}
	return strconv.FormatInt(x, 10)
}

func floatText(f float64, bits int, x int64) string {
	switch {
	case f != f:
		return "nan:0x" + strconv.FormatUint(uint64(x), 16)
	case math.IsInf(f, 0):
		return map[bool]string{true: "inf", false: "-inf"}[f > 0]
	}
	s := strconv.FormatFloat(f, 'g', -1, bits)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

func (p *printer) end(e *End) {
	if e.Op == OpInvalid {
		p.ws("  ; the block has no end\n")
		return
	}
	p.ws("  ", e.Op.String())
	p.want = wantOf(e.Op, Void, e.Call)
	if e.Op == OpRet {
		p.want = wantTypes(p.sig.Results)
	}
	switch e.Op {
	case OpSwitch:
		p.args(" ", e.Args, 0)
		p.cases(e)
	case OpTailcall:
		var aux any = e.Call
		p.call(aux, e.Args)
	case OpExit:
		p.ws(" ")
		p.exit(e.Imm, e.Args, 0)
	case OpTrap:
		p.ws(" ", TrapCode(e.Imm).String())
	default:
		p.args(" ", e.Args, 0)
		for i := range e.Succs {
			p.ws(map[bool]string{true: " ", false: ", "}[i == 0 && len(e.Args) == 0])
			p.edge(&e.Succs[i])
		}
	}
	p.pos(e.Pos)
	p.ws("\n")
}

func (p *printer) cases(e *End) {
	p.ws(" [")
	for i := range e.Succs {
		if i == len(e.Succs)-1 {
			p.ws("] default ")
		} else {
			p.flag(i > 0, ", ")
			if i < len(e.Cases) {
				p.int(e.Cases[i])
			}
			p.ws(": ")
		}
		p.edge(&e.Succs[i])
	}
}

func (p *printer) edge(e *Edge) {
	p.ws(e.To.String())
	if len(e.Args) > 0 {
		p.want = wantParams(e.To)
		p.ws("(")
		p.list(e.Args, 0)
		p.ws(")")
	}
	p.weight(e.Weight)
}

var trapNames = [...]string{"none", "unreachable", "divide", "nil", "bounds", "overflow", "alloc", "memory"}

// String returns the trap's name, or its number from TrapUser on.
func (c TrapCode) String() string {
	if c >= 0 && int(c) < len(trapNames) {
		return trapNames[c]
	}
	return strconv.FormatInt(int64(c), 10)
}
