package ir

import (
	"fmt"
	"strings"
)

// Fault is something wrong in a module.
type Fault struct {
	File  string
	Pos   Pos
	Place string // "func @f, block b1, %x = add.i64 %a, %b"
	Msg   string
}

func (f Fault) String() string {
	at := ""
	if f.Pos.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d: ", f.File, f.Pos.Line, f.Pos.Col)
	}
	return at + f.Place + ": " + f.Msg
}

// VerifyError lists the faults found in a module.
type VerifyError struct{ Faults []Fault }

func (e *VerifyError) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

const maxFaults = 100

// Limits that keep every address computable.
const (
	maxStackSlot = 1 << 20
	maxObject    = 1 << 40
)

// Verify checks a module and returns nil or a *VerifyError with every fault
// (up to 100). What it accepts, interpreter, optimiser and code generator can
// work on. Blocks that cannot be reached are checked but for dominance. Bodies that ParseLazy skipped and nobody has loaded
// are not checked: Func.Load does that.
func Verify(m *Module) error {
	v := &verifier{mod: m}
	v.module()
	for _, f := range m.Funcs {
		v.function(f)
	}
	return v.result()
}

// VerifyFunc checks one function.
func VerifyFunc(f *Func) error {
	v := &verifier{mod: f.Module}
	v.function(f)
	return v.result()
}

type verifier struct {
	mod    *Module
	faults []Fault

	fn     *Func
	blk    *Block
	val    *Value // the instruction, or nil at the block's end
	sound  bool   // the graph can be walked
	defs   []*Value
	index  []int32 // position of a value in its block; -1 for parameters
	blocks []*Block
	dom    *DomTree
}

func (v *verifier) result() error {
	if len(v.faults) == 0 {
		return nil
	}
	return &VerifyError{v.faults}
}

func (v *verifier) fault(format string, args ...any) {
	if len(v.faults) >= maxFaults {
		return
	}
	f := Fault{Msg: fmt.Sprintf(format, args...)}
	f.Place, f.Pos = v.place()
	if v.mod != nil && f.Pos.File > 0 && int(f.Pos.File) <= len(v.mod.Files) {
		f.File = v.mod.Files[f.Pos.File-1]
	}
	v.faults = append(v.faults, f)
}

func (v *verifier) place() (string, Pos) {
	if v.fn == nil {
		return "module", Pos{}
	}
	s, pos := "func "+symText(v.fn.Name), v.fn.Pos
	if v.blk == nil {
		return s, pos
	}
	s += ", block " + v.blk.String()
	if v.val != nil {
		return s + ", " + v.val.LongString(), v.val.Pos
	}
	if v.blk.End.Op < numOps && v.blk.End.Op.Has(PropTerm) {
		s += ", " + v.blk.End.LongString()
	}
	return s, v.blk.End.Pos
}

func (v *verifier) module() {
	seen := map[string]bool{}
	define := func(kind, name string) {
		if name == "" {
			v.fault("a %s has no name", kind)
		}
		if seen[name] {
			v.fault("symbol %s is defined twice", symText(name))
		}
		seen[name] = true
	}
	for _, g := range v.mod.Globals {
		define("global", g.Name)
	}
	for _, f := range v.mod.Funcs {
		define("function", f.Name)
	}
	for _, g := range v.mod.Globals {
		v.global(g, seen)
	}
	types := map[string]bool{}
	for _, t := range v.mod.Types {
		if types[t.Name] {
			v.fault("type %s is defined twice", symText(t.Name))
		}
		types[t.Name] = true
		v.typeDesc(t)
	}
}

func (v *verifier) typeDesc(t *TypeDesc) {
	if t.Size < 0 || t.Size > maxObject {
		v.fault("type %s has size %d", symText(t.Name), t.Size)
	}
	last := -8
	for _, p := range t.Ptrs {
		if p < last+8 || p%8 != 0 || p+8 > t.Size {
			v.fault("type %s: pointer offset %d is misaligned, out of order or outside the object", symText(t.Name), p)
		}
		last = p
	}
}

func (v *verifier) global(g *Global, seen map[string]bool) {
	name := symText(g.Name)
	if g.Align <= 0 || g.Align&(g.Align-1) != 0 || g.Align > 1<<16 {
		v.fault("global %s: alignment %d is not a power of two up to 65536", name, g.Align)
	}
	if g.Size < len(g.Init) || g.Size > maxObject {
		v.fault("global %s: size %d is out of range or less than the %d initial bytes", name, g.Size, len(g.Init))
	}
	last := -8
	for _, r := range g.Relocs {
		if r.Offset < last+8 || r.Offset+8 > len(g.Init) {
			v.fault("global %s: relocation at %d is out of order, overlaps or does not fit", name, r.Offset)
		}
		last = r.Offset
		if !seen[r.Sym] {
			v.fault("global %s: symbol %s is not declared", name, symText(r.Sym))
		}
	}
	if g.Linkage == Declared && len(g.Init) > 0 {
		v.fault("global %s: a declaration has no initial value", name)
	}
	if g.Linkage == DeclaredGo {
		v.fault("global %s: a global cannot be declared go", name)
	}
}

func (v *verifier) function(f *Func) {
	v.fn, v.blk, v.val, v.dom, v.sound = f, nil, nil, nil, true
	defer func() { v.fn, v.blk, v.val = nil, nil, nil }()
	if f.Module != v.mod {
		v.fault("the function belongs to another module")
	}
	for _, t := range append(f.Sig.Params[:len(f.Sig.Params):len(f.Sig.Params)], f.Sig.Results...) {
		if t == Void || t >= numTypes {
			v.fault("the signature has a type that is none: %s", t)
		}
	}
	if f.IsDecl() {
		if len(f.Blocks) > 0 {
			v.fault("a declaration has no blocks")
		}
		return
	}
	if len(f.Blocks) == 0 {
		if f.lazy != nil {
			return
		}
		v.fault("a definition needs blocks")
		return
	}
	v.collect()
	v.entry()
	if v.sound {
		v.dom = Dominators(f)
	}
	for _, b := range f.Blocks {
		if b != nil {
			v.block(b)
		}
	}
}

// collect registers all blocks and values and checks that ids and owners are right.
func (v *verifier) collect() {
	v.blocks = make([]*Block, v.fn.NumBlocks())
	v.defs = make([]*Value, v.fn.NumValues())
	v.index = make([]int32, v.fn.NumValues())
	for _, b := range v.fn.Blocks {
		if b == nil {
			v.broken("a block is nil")
			continue
		}
		if b.Func != v.fn || b.ID < 0 || int(b.ID) >= len(v.blocks) || v.blocks[b.ID] != nil {
			v.broken("block id %d is used twice, out of range or of another function", b.ID)
			continue
		}
		v.blocks[b.ID] = b
		v.blk = b
		for i, p := range b.Params {
			v.define(p, -1)
			if p != nil && (p.Op != OpParam || p.Imm != int64(i) || p.Type == Void || p.Type >= numTypes) {
				v.fault("parameter %d is not a param value of that index and a type", i)
			}
		}
		for i, x := range b.Insts {
			v.define(x, int32(i))
		}
	}
	for _, b := range v.fn.Blocks {
		if b == nil {
			continue
		}
		v.blk = b
		for i := range b.End.Succs {
			if to := b.End.Succs[i].To; to == nil || to.ID < 0 || int(to.ID) >= len(v.blocks) || v.blocks[to.ID] != to {
				v.broken("edge %d leads to no block of the function", i)
			}
		}
	}
	v.blk = nil
}

func (v *verifier) broken(format string, args ...any) {
	v.fault(format, args...)
	v.sound = false
}

func (v *verifier) define(x *Value, at int32) {
	switch {
	case x == nil:
		v.broken("an instruction or parameter is nil")
	case x.ID < 0 || int(x.ID) >= len(v.defs) || v.defs[x.ID] != nil:
		v.broken("value id %d is used twice or out of range", x.ID)
	case x.Block != v.blk:
		v.broken("value %s does not know its block", x)
	default:
		v.defs[x.ID], v.index[x.ID] = x, at
	}
}

func (v *verifier) entry() {
	e := v.fn.Blocks[0]
	if e == nil {
		return
	}
	v.blk = e
	if got := paramTypes(e); !equalTypes(got, v.fn.Sig.Params) {
		v.fault("the entry's parameters are %s, the function's %s", Signature{Params: got}, Signature{Params: v.fn.Sig.Params})
	}
	for _, b := range v.fn.Blocks {
		for i := range b.endEdges() {
			if b.End.Succs[i].To == e {
				v.blk = b
				v.fault("nothing may jump to the entry block")
			}
		}
	}
	v.blk = nil
}

func (b *Block) endEdges() []Edge {
	if b == nil {
		return nil
	}
	return b.End.Succs
}

func paramTypes(b *Block) []Type {
	ts := make([]Type, len(b.Params))
	for i, p := range b.Params {
		if p != nil {
			ts[i] = p.Type
		}
	}
	return ts
}

func (v *verifier) block(b *Block) {
	v.blk = b
	if b.Weight != b.Weight {
		v.fault("the weight is not a number")
	}
	for i, x := range b.Insts {
		if x == nil {
			continue
		}
		v.val = x
		if x.Op == OpInvalid || x.Op >= numOps || x.Op.Has(PropTerm) || x.Op == OpParam {
			v.fault("op %d cannot be an instruction", x.Op)
			continue
		}
		v.uses(x.Args, i)
		if v.args(x) {
			v.inst(x, i)
		}
	}
	v.val = nil
	v.end(b)
}

// uses checks that operands are values of the function that dominate the use.
func (v *verifier) uses(args []*Value, at int) {
	for i, a := range args {
		switch {
		case a == nil:
			v.fault("operand %d is nil", i)
		case a.ID < 0 || int(a.ID) >= len(v.defs) || v.defs[a.ID] != a:
			v.fault("operand %d, %s, is not a value of the function", i, a)
		case a.Type == Void || a.Type >= numTypes:
			v.fault("operand %d, %s, has no type", i, a)
		case v.dom == nil || !v.dom.Reachable(v.blk):
		case !v.dom.Reachable(a.Block),
			a.Block == v.blk && int(v.index[a.ID]) >= at,
			a.Block != v.blk && !v.dom.Dominates(a.Block, v.blk):
			v.fault("%s is used where its definition does not dominate", a)
		}
	}
}

func allSet(args []*Value) bool {
	for _, a := range args {
		if a == nil {
			return false
		}
	}
	return true
}

// args checks number and types of operands against the op table.
func (v *verifier) args(x *Value) bool {
	if !allSet(x.Args) {
		return false
	}
	info := x.Op.Info()
	t := x.SuffixType()
	if info.On != "" && !permitted(info.On, t) {
		v.fault("%s is not defined on %s", x.Op, t)
		return false
	}
	if !v.operands(info.Args, x.Args, t) {
		return false
	}
	if len(info.Results) == 0 {
		if x.Type != Void {
			v.fault("the result type is %s, but the op has no result", x.Type)
		}
	} else if want := info.Results[0]; want != "any*" && want != "T" && want != x.Type.String() {
		v.fault("the result type is %s, not %s", x.Type, want)
	}
	return true
}

func (v *verifier) operands(patterns []string, args []*Value, t Type) bool {
	rest := len(patterns) > 0 && strings.HasSuffix(patterns[len(patterns)-1], "*")
	fixed := len(patterns)
	if rest {
		fixed--
	}
	if len(args) < fixed || len(args) > fixed && !rest {
		v.fault("%d operands instead of %d", len(args), fixed)
		return false
	}
	ok := true
	for i := range fixed {
		if !matches(patterns[i], args[i].Type, t) {
			v.fault("operand %d, %s, is of type %s instead of %s", i, args[i], args[i].Type, strings.Replace(patterns[i], "T", t.String(), 1))
			ok = false
		}
	}
	return ok
}

func matches(pattern string, a, t Type) bool {
	if pattern == "T" {
		return a == t
	}
	if typ, ok := ParseType(pattern); ok {
		return a == typ
	}
	return permitted(pattern, a)
}

func permitted(class string, t Type) bool {
	switch class {
	case "int":
		return t.IsInt()
	case "float":
		return t.IsFloat()
	case "num":
		return t.IsInt() || t.IsFloat()
	case "addr":
		return t.IsAddr()
	case "word":
		return t.IsInt() || t.IsAddr()
	}
	return t > Void && t < numTypes
}

// inst checks what the table does not say.
func (v *verifier) inst(x *Value, i int) {
	if x.Mem.Flags != 0 || x.Mem.Class != 0 {
		v.mem(x)
	}
	switch x.Op {
	case OpConst:
		v.constant(x)
	case OpRefconst:
		if c, ok := x.Aux.(*RefConst); !ok || c == nil {
			v.fault("refconst without its RefConst")
		}
	case OpSymaddr:
		v.symbol(x)
	case OpStackaddr:
		if x.Imm <= 0 || x.Imm > maxStackSlot {
			v.fault("the size of a stack slot must be 1 to %d", maxStackSlot)
		}
		if v.blk != v.fn.Blocks[0] {
			v.fault("stackaddr stands outside the entry block")
		}
	case OpAlloc, OpAllocarray:
		if t, ok := x.Aux.(*TypeDesc); !ok || t == nil || v.mod != nil && v.mod.Type(t.Name) != t {
			v.fault("%s without a type of the module", x.Op)
		}
	case OpCall, OpIcall:
		v.call(x)
	case OpGuard:
		v.exitNumber(x.Imm)
	case OpResult:
		v.projection(x, i)
	case OpSext, OpZext, OpTrunc, OpFpext, OpFptrunc, OpBitcast:
		v.conversion(x)
	}
}

func (v *verifier) mem(x *Value) {
	if x.Op != OpLoad && x.Op != OpStore {
		v.fault("%s has no alias class or memory flags", x.Op)
	}
	if x.Mem.Flags&Immutable != 0 && x.Op != OpLoad {
		v.fault("only a load can be immutable")
	}
	if x.Mem.Flags&NoBarrier != 0 && (x.Op != OpStore || x.SuffixType() != Ref) {
		v.fault("only a store.ref can be nobarrier")
	}
}

func (v *verifier) constant(x *Value) {
	if x.Type == Ref && x.Imm != 0 {
		v.fault("a ref constant can only be nil (use refconst)")
	}
	if SignExtend(x.Type, x.Imm) != x.Imm {
		v.fault("the constant's bits do not fit in %s", x.Type)
	}
}

func (v *verifier) symbol(x *Value) {
	switch s := x.Aux.(type) {
	case *Func:
		if s != nil && (v.mod == nil || v.mod.Func(s.Name) == s) {
			return
		}
	case *Global:
		if s != nil && (v.mod == nil || v.mod.Global(s.Name) == s) {
			return
		}
	}
	v.fault("symaddr without a symbol of the module")
}

func (v *verifier) exitNumber(n int64) {
	if n < 0 || n > 1<<31-1 {
		v.fault("exit number %d is out of range", n)
	}
}

func (v *verifier) call(x *Value) {
	c, ok := x.Aux.(*CallInfo)
	if !ok || c == nil {
		v.fault("a call without its CallInfo")
		return
	}
	args := x.Args
	if x.Op == OpIcall {
		args = args[1:]
	} else if !v.callee(c) {
		return
	}
	v.typed("argument", args, c.Sig.Params)
	want := Void
	if len(c.Sig.Results) > 0 {
		want = c.Sig.Results[0]
	}
	if x.Type != want {
		v.fault("the result type is %s, the callee's %s", x.Type, want)
	}
}

func (v *verifier) callee(c *CallInfo) bool {
	if c.Callee == nil || v.mod != nil && v.mod.Func(c.Callee.Name) != c.Callee {
		v.fault("the callee is not a function of the module")
		return false
	}
	if !c.Sig.Equal(c.Callee.Sig) {
		v.fault("the call's signature %s is not the callee's %s", c.Sig, c.Callee.Sig)
	}
	return true
}

func (v *verifier) typed(what string, args []*Value, ts []Type) {
	if len(args) != len(ts) {
		v.fault("%d %ss instead of %d", len(args), what, len(ts))
		return
	}
	for i, a := range args {
		if a != nil && a.Type != ts[i] {
			v.fault("%s %d, %s, is of type %s instead of %s", what, i, a, a.Type, ts[i])
		}
	}
}

func (v *verifier) projection(x *Value, i int) {
	of := x.Args[0]
	k := i - 1
	for k >= 0 && v.blk.Insts[k] != nil && v.blk.Insts[k].Op == OpResult && v.blk.Insts[k].Args[0] == of {
		if v.blk.Insts[k].Imm >= x.Imm {
			v.fault("projections must be in the order of results, each once")
		}
		k--
	}
	if k < 0 || v.blk.Insts[k] != of {
		v.fault("a projection must follow its instruction directly")
		return
	}
	rt := resultTypes(of.Op, of.SuffixType(), of.Aux)
	if x.Imm < 1 || x.Imm >= int64(len(rt)) {
		v.fault("%s has no result %d", of.Op, x.Imm)
	} else if rt[x.Imm] != x.Type {
		v.fault("result %d is of type %s, not %s", x.Imm, rt[x.Imm], x.Type)
	}
}

func (v *verifier) conversion(x *Value) {
	from, to := x.Args[0].Type, x.Type
	ok := true
	switch x.Op {
	case OpSext, OpZext:
		ok = from.Size() < to.Size()
	case OpTrunc:
		ok = from.Size() > to.Size()
	case OpFpext:
		ok = from == F32 && to == F64
	case OpFptrunc:
		ok = from == F64 && to == F32
	case OpBitcast:
		ok = from.Size() == to.Size() && to != Ref && (from != Ref || to == I64 || to == Ptr)
	}
	if !ok {
		v.fault("cannot convert %s to %s", from, to)
	}
}

func (v *verifier) end(b *Block) {
	e := &b.End
	if e.Op >= numOps || !e.Op.Has(PropTerm) {
		v.fault("the block has no end")
		return
	}
	v.uses(e.Args, len(b.Insts))
	for i := range e.Succs {
		v.edge(b, &e.Succs[i])
	}
	want := map[Op]int{OpJump: 1, OpBr: 2, OpSwitch: len(e.Cases) + 1}[e.Op]
	if len(e.Succs) != want {
		v.fault("%d successors instead of %d", len(e.Succs), want)
	}
	if !allSet(e.Args) || !v.operands(e.Op.Info().Args, e.Args, Void) {
		return
	}
	switch e.Op {
	case OpSwitch:
		v.cases(e)
	case OpRet:
		v.typed("result", e.Args, v.fn.Sig.Results)
	case OpExit:
		v.exitNumber(e.Imm)
	case OpTailcall:
		v.tailcall(e)
	}
}

func (v *verifier) tailcall(e *End) {
	if e.Call == nil || !v.callee(e.Call) {
		if e.Call == nil {
			v.fault("a call without its CallInfo")
		}
		return
	}
	v.typed("argument", e.Args, e.Call.Sig.Params)
	if !equalTypes(e.Call.Sig.Results, v.fn.Sig.Results) {
		v.fault("the callee's results are not the function's")
	}
}

func (v *verifier) edge(b *Block, e *Edge) {
	v.uses(e.Args, len(b.Insts))
	if e.Weight != e.Weight || e.Weight < -1 {
		v.fault("an edge's weight is not a frequency")
	}
	if e.To != nil {
		v.typed("argument for block "+e.To.String(), e.Args, paramTypes(e.To))
	}
}

func (v *verifier) cases(e *End) {
	seen := make(map[int64]bool, len(e.Cases))
	for _, c := range e.Cases {
		if seen[c] {
			v.fault("case %d stands twice", c)
		}
		seen[c] = true
		if SignExtend(e.Args[0].Type, c) != c {
			v.fault("case %d does not fit in %s", c, e.Args[0].Type)
		}
	}
}
