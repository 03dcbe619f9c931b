package opt

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"sync"

	"martlet/ir"
)

// The laws are compiled at first use into trees and filed under the op of their
// root. Matching binds the variables; building the result makes at most a few
// instructions, put before the one that matched, which becomes the result's
// root itself. Laws are tried in order until none matches; every law makes an
// expression smaller or moves it towards a canonical form, and rewriteLimit
// bounds the work should two ever disagree.

const rewriteLimit = 8

// pat is a pattern or result tree.
type pat struct {
	op   ir.Op // OpInvalid: a leaf
	fn   string
	lit  bool
	num  float64
	neg0 bool
	name byte // variable
	args []*pat
}

// law is a compiled law.
type law struct {
	text        string
	left, right *pat
	conds       []cond
}

type cond struct {
	name string
	vars []byte
}

// bindings holds what the variables stand for, by letter.
type bindings [26]*ir.Value

func (b *bindings) at(name byte) **ir.Value { return &b[name-'a'] }

// lawsOf returns the laws by the op of their root.
var lawsOf = sync.OnceValue(func() map[ir.Op][]*law {
	by := map[ir.Op][]*law{}
	for _, l := range compileLaws() {
		by[l.left.op] = append(by[l.left.op], l)
	}
	return by
})

func compileLaws() []*law {
	var out []*law
	for _, text := range laws {
		out = append(out, compileLaw(text))
	}
	return out
}

func compileLaw(text string) *law {
	body, conds, _ := strings.Cut(text, ";")
	left, right, ok := strings.Cut(body, "=>")
	if !ok {
		panic("opt: law without =>: " + text)
	}
	l := &law{text: text, left: parsePat(left), right: parsePat(right)}
	for _, c := range strings.Split(conds, ";") {
		if f := strings.Fields(c); len(f) > 0 {
			nc := cond{name: f[0]}
			for _, v := range f[1:] {
				nc.vars = append(nc.vars, v[0])
			}
			l.conds = append(l.conds, nc)
		}
	}
	return l
}

var spaceParens = strings.NewReplacer("(", " ( ", ")", " ) ")

func parsePat(text string) *pat {
	toks := strings.Fields(spaceParens.Replace(text))
	p, rest := parseToks(toks)
	if len(rest) > 0 {
		panic("opt: malformed law part: " + text)
	}
	return p
}

func parseToks(toks []string) (*pat, []string) {
	if toks[0] != "(" {
		return leaf(toks[0]), toks[1:]
	}
	p := &pat{fn: toks[1]}
	if op, ok := ir.ParseOp(toks[1]); ok {
		p.op, p.fn = op, ""
	}
	toks = toks[2:]
	for toks[0] != ")" {
		var a *pat
		a, toks = parseToks(toks)
		p.args = append(p.args, a)
	}
	return p, toks[1:]
}

func leaf(tok string) *pat {
	if n, err := strconv.ParseFloat(tok, 64); err == nil {
		return &pat{lit: true, num: n, neg0: math.Signbit(n)}
	}
	return &pat{name: tok[0]}
}

// litBits returns the literal as a constant of type t.
func (p *pat) litBits(t ir.Type) int64 {
	switch t {
	case ir.F64:
		return int64(math.Float64bits(p.num))
	case ir.F32:
		return int64(math.Float32bits(float32(p.num)))
	}
	return normalise(t, int64(p.num))
}

func (p *pat) match(v *ir.Value, b *bindings) bool {
	switch {
	case p.lit:
		return v.Op == ir.OpConst && v.Imm == p.litBits(v.Type)
	case p.op == ir.OpInvalid:
		return p.matchVar(v, b)
	case v.Op != p.op:
		return false
	}
	saved := *b
	if p.matchArgs(v.Args[0], v.Args[1:], b) {
		return true
	}
	*b = saved
	if len(v.Args) == 2 && p.op.Has(ir.PropCommutative) {
		if p.args[0].match(v.Args[1], b) && p.args[1].match(v.Args[0], b) {
			return true
		}
		*b = saved
	}
	return false
}

func (p *pat) matchArgs(first *ir.Value, rest []*ir.Value, b *bindings) bool {
	if !p.args[0].match(first, b) {
		return false
	}
	for i, a := range rest {
		if !p.args[i+1].match(a, b) {
			return false
		}
	}
	return true
}

func (p *pat) matchVar(v *ir.Value, b *bindings) bool {
	switch p.name {
	case 'c', 'd':
		if v.Op != ir.OpConst {
			return false
		}
	case 'b':
		if !isBool(v) {
			return false
		}
	}
	slot := b.at(p.name)
	if *slot != nil {
		return *slot == v
	}
	*slot = v
	return true
}

// isBool reports whether v is known to be 0 or 1.
func isBool(v *ir.Value) bool {
	if v.Type != ir.I8 {
		return false
	}
	switch {
	case v.Op.IsCompare():
		return true
	case v.Op == ir.OpResult:
		return v.Args[0].Op.IsOverflow()
	case v.Op == ir.OpConst:
		return v.Imm == 0 || v.Imm == 1
	case v.Op == ir.OpAnd || v.Op == ir.OpOr || v.Op == ir.OpXor:
		return isBoolLeaf(v.Args[0]) && isBoolLeaf(v.Args[1])
	}
	return false
}

func isBoolLeaf(v *ir.Value) bool {
	return v.Op.IsCompare() || v.Op == ir.OpResult && v.Args[0].Op.IsOverflow()
}

func (c *cond) holds(b *bindings) bool {
	v := *b.at(c.vars[0])
	switch c.name {
	case "pow2":
		u := uintBits(v)
		return bits.OnesCount64(u) == 1 && u != 1
	case "fpow2":
		return isFloatPow2(v)
	case "inwidth": // both counts and their sum are below the width
		w := uint64(v.Type.Bits())
		x, y := uintBits(v), uintBits(*b.at(c.vars[1]))
		return x < w && y < w && x+y < w
	case "var":
		return v.Op != ir.OpConst
	case "byte":
		return v.Type == ir.I8
	}
	panic("opt: unknown condition " + c.name)
}

func uintBits(v *ir.Value) uint64 {
	return uint64(v.Imm) << (64 - v.Type.Bits()) >> (64 - v.Type.Bits())
}

// isFloatPow2 reports whether 1/v is exact and normal.
func isFloatPow2(v *ir.Value) bool {
	x := math.Float64frombits(uint64(v.Imm))
	if v.Type == ir.F32 {
		x = float64(math.Float32frombits(uint32(v.Imm)))
	}
	frac, exp := math.Frexp(x)
	return (frac == 0.5 || frac == -0.5) && exp > -100 && exp < 100
}

// rewrite applies laws to v, whose operands are final, until none matches. It
// returns a value that equals v, or nil when v stays (perhaps changed in place).
// Instructions it needs are passed to emit, in order.
func (r *run) rewrite(v *ir.Value, emit func(*ir.Value)) *ir.Value {
	for range rewriteLimit {
		if v.Op == ir.OpConst {
			return nil
		}
		canonical(v)
		if c, ok := fold(v); ok {
			return r.constant(v.Type, c)
		}
		if by := r.convert(v); by != nil {
			return by
		}
		by, changed := r.applyLaws(v, emit)
		if by != nil {
			return by
		}
		if !changed {
			return nil
		}
	}
	return nil
}

func (r *run) applyLaws(v *ir.Value, emit func(*ir.Value)) (by *ir.Value, changed bool) {
	for _, l := range lawsOf()[v.Op] {
		var b bindings
		if !l.left.match(v, &b) || !l.condsHold(&b) || !r.spend() {
			continue
		}
		return r.become(v, l.right, &b, emit)
	}
	return nil, false
}

func (l *law) condsHold(b *bindings) bool {
	for i := range l.conds {
		if !l.conds[i].holds(b) {
			return false
		}
	}
	return true
}

// become turns v into the result of a law.
func (r *run) become(v *ir.Value, p *pat, b *bindings, emit func(*ir.Value)) (by *ir.Value, changed bool) {
	if p.op == ir.OpInvalid {
		by = r.build(p, v.Type, b, emit)
		if by.Type == v.Type {
			return by, true
		}
		if !v.Type.IsInt() { // select.f64 b 1 0
			return nil, false
		}
		v.Op = ir.OpZext // select.i64 b 1 0
		v.SetArgs(by)
		return nil, true
	}
	t := operandType(p, v.Type, b)
	args := make([]*ir.Value, len(p.args))
	for i, a := range p.args {
		args[i] = r.build(a, argType(p.op, i, t), b, emit)
	}
	v.Op = p.op
	v.SetArgs(args...)
	return nil, true
}

// build returns the value of a result expression of type t.
func (r *run) build(p *pat, t ir.Type, b *bindings, emit func(*ir.Value)) *ir.Value {
	switch {
	case p.lit:
		return r.constant(t, p.litBits(t))
	case p.fn == "log2":
		return r.constant(t, int64(bits.TrailingZeros64(uintBits(*b.at(p.args[0].name)))))
	case p.op == ir.OpInvalid:
		return *b.at(p.name)
	}
	v := r.f.NewValue(p.op, t)
	args := make([]*ir.Value, len(p.args))
	for i, a := range p.args {
		args[i] = r.build(a, t, b, emit)
	}
	v.SetArgs(args...)
	if c, ok := fold(v); ok {
		return r.constant(t, c)
	}
	emit(v)
	return v
}

// operandType returns T of a result's root: for comparisons, the type of a
// variable in it.
func operandType(p *pat, t ir.Type, b *bindings) ir.Type {
	if !p.op.IsCompare() {
		return t
	}
	for _, a := range p.args {
		if a.name != 0 {
			return (*b.at(a.name)).Type
		}
	}
	panic(fmt.Sprintf("opt: law result %v has no variable", p.op))
}

func argType(op ir.Op, i int, t ir.Type) ir.Type {
	if op == ir.OpSelect && i == 0 {
		return ir.I8
	}
	return t
}

var swapped = map[ir.Op]ir.Op{
	ir.OpSlt: ir.OpSgt, ir.OpSgt: ir.OpSlt, ir.OpSle: ir.OpSge, ir.OpSge: ir.OpSle,
	ir.OpUlt: ir.OpUgt, ir.OpUgt: ir.OpUlt, ir.OpUle: ir.OpUge, ir.OpUge: ir.OpUle,
	ir.OpFlt: ir.OpFgt, ir.OpFgt: ir.OpFlt, ir.OpFle: ir.OpFge, ir.OpFge: ir.OpFle,
}

// canonical puts a constant operand on the right, and operands of commutative
// ops in the order of their ids, so that equal expressions look equal.
func canonical(v *ir.Value) {
	if len(v.Args) < 2 {
		return
	}
	x, y := v.Args[0], v.Args[1]
	xc, yc := x.Op == ir.OpConst, y.Op == ir.OpConst
	switch {
	case v.Op.Has(ir.PropCommutative):
		if xc && !yc || xc == yc && x.ID > y.ID {
			v.Args[0], v.Args[1] = y, x
		}
	case v.Op.IsCompare() && xc && !yc:
		v.Op = swapped[v.Op]
		v.Args[0], v.Args[1] = y, x
	}
}

// fold evaluates a pure single-result op on constants.
func fold(v *ir.Value) (int64, bool) {
	if len(v.Args) == 0 || len(v.Args) > 3 {
		return 0, false
	}
	for _, a := range v.Args {
		if a.Op != ir.OpConst {
			return 0, false
		}
	}
	out, ok := evalConst(v)
	return out, ok
}

// evalConst evaluates v, all of whose operands are constants.
func evalConst(v *ir.Value) (int64, bool) {
	var args [3]uint64
	for i, a := range v.Args {
		args[i] = uint64(a.Imm)
	}
	return evalBits(v, args[:len(v.Args)])
}

// convert holds the rules about conversions and wide comparisons, which depend
// on types that the laws' notation cannot name.
func (r *run) convert(v *ir.Value) *ir.Value {
	if len(v.Args) == 0 {
		return nil
	}
	x := v.Args[0]
	switch v.Op {
	case ir.OpTrunc:
		return r.truncOf(v, x)
	case ir.OpZext, ir.OpSext:
		if v.Op == ir.OpSext && (x.Op == ir.OpZext || isBool(x)) {
			v.Op = ir.OpZext // the sign bit is known to be 0
		}
		if x.Op == v.Op {
			v.SetArgs(x.Args[0])
		}
	case ir.OpBitcast:
		if x.Type == v.Type {
			return x
		}
		if x.Op == ir.OpBitcast && x.Args[0].Type != ir.Ref {
			if x.Args[0].Type == v.Type {
				return x.Args[0]
			}
			v.SetArgs(x.Args[0])
		}
	case ir.OpAddrof:
		return addrofOf(v)
	case ir.OpLoad, ir.OpStore:
		foldOffset(v)
	case ir.OpEq, ir.OpNe, ir.OpUlt, ir.OpUge, ir.OpUgt, ir.OpUle:
		r.narrowCompare(v, x)
	}
	if by := r.notOfCompare(v); by != nil {
		return by
	}
	return nil
}

// truncOf simplifies the truncation of an extension.
func (r *run) truncOf(v, x *ir.Value) *ir.Value {
	switch x.Op {
	case ir.OpZext, ir.OpSext:
		y := x.Args[0]
		switch {
		case y.Type == v.Type:
			return y
		case y.Type.Size() < v.Type.Size():
			v.Op = x.Op
		}
		v.SetArgs(y)
	case ir.OpTrunc:
		v.SetArgs(x.Args[0])
	}
	return nil
}

// addrofOf collects constant offsets: base + const + Imm.
func addrofOf(v *ir.Value) *ir.Value {
	base, index := v.Args[0], v.Args[1]
	if index.Op == ir.OpConst {
		if sum := v.Imm + index.Imm; sum == 0 {
			return base
		}
	}
	if index.Op == ir.OpAdd && index.Args[1].Op == ir.OpConst {
		if sum := v.Imm + index.Args[1].Imm; fits32(sum) {
			v.Imm = sum
			v.Args[1] = index.Args[0]
		}
	}
	return nil
}

func fits32(x int64) bool { return x == int64(int32(x)) }

// foldOffset folds a constant address offset into a load or store.
func foldOffset(v *ir.Value) {
	a := v.Args[0]
	if a.Op != ir.OpAddrof {
		return
	}
	// A nil base traps below address 4096 only, so the offset may move into the
	// access only where the address is known good, or as long as the sum stays
	// small: then base nil still means a trap at the access.
	off := a.Imm
	if a.Args[1].Op == ir.OpConst {
		off += a.Args[1].Imm
		if sum := v.Imm + off; fits32(sum) && (v.Mem.Flags&ir.NonTrap != 0 || a.Args[0].Type == ir.Ref || a.Args[0].Op == ir.OpStackaddr || a.Args[0].Op == ir.OpSymaddr) {
			v.Imm = sum
			v.Args[0] = a.Args[0]
		}
	}
}

// narrowCompare compares before an extension rather than after it.
func (r *run) narrowCompare(v, x *ir.Value) {
	y := v.Args[1]
	if x.Op != ir.OpZext {
		return
	}
	narrow := x.Args[0]
	switch {
	case y.Op == ir.OpConst && y.Imm >= 0 && uint64(y.Imm) <= maxUint(narrow.Type):
		v.SetArgs(narrow, r.constant(narrow.Type, y.Imm))
	case y.Op == ir.OpZext && y.Args[0].Type == narrow.Type:
		v.SetArgs(narrow, y.Args[0])
	}
}

func maxUint(t ir.Type) uint64 { return 1<<t.Bits() - 1 }

var inverse = map[ir.Op]ir.Op{
	ir.OpEq: ir.OpNe, ir.OpNe: ir.OpEq, ir.OpFeq: ir.OpFne, ir.OpFne: ir.OpFeq,
	ir.OpSlt: ir.OpSge, ir.OpSge: ir.OpSlt, ir.OpSle: ir.OpSgt, ir.OpSgt: ir.OpSle,
	ir.OpUlt: ir.OpUge, ir.OpUge: ir.OpUlt, ir.OpUle: ir.OpUgt, ir.OpUgt: ir.OpUle,
}

// notOfCompare turns (eq cmp 0) and (xor cmp 1) into the inverse comparison.
// Ordered float comparisons have none.
func (r *run) notOfCompare(v *ir.Value) *ir.Value {
	isNot := v.Op == ir.OpEq && isZero(v.Args[1]) || v.Op == ir.OpXor && v.Type == ir.I8 && v.Args[1].Op == ir.OpConst && v.Args[1].Imm == 1
	if !isNot {
		return nil
	}
	x := v.Args[0]
	inv, ok := inverse[x.Op]
	if !ok || !r.spend() {
		return nil
	}
	v.Op = inv
	v.SetArgs(x.Args...)
	return nil
}

func isZero(v *ir.Value) bool { return v.Op == ir.OpConst && v.Imm == 0 }
