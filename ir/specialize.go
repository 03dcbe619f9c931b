package ir

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// Specialize is the smallest partial evaluator: it fixes some parameters of a
// function and runs it on what is known, emitting the rest. It is online and
// polyvariant: a block of the result is a variant of a source block under an
// assignment of constants to the values live into it, so a loop whose counter is
// known unrolls, and a switch on a known program counter goes away.
//
//	binding     a live value is a constant (a number, or an address in a
//	            symbol), or the residual value that stands for it
//	variant     (block, bindings of its live-ins); residual live-ins are its parameters
//	generalise  a loop is unrolled as long as the decisions to stay in it are
//	            known. Once an iteration took an unknown one, constants that changed
//	            since its start become residual at the back-edge
//	budget      past it, variants are made with nothing known, of which each block has one
//	calls       with known arguments go to clones of the callee, specialised
//	            first; a clone that only returns constants is replaced by them
//
// Loads from constant globals at known addresses are constants, so specialising
// an interpreter to a program in a constant global compiles the program (the first
// Futamura projection). Values made in the entry block dominate all variants and
// are used directly.

// Fixed is a parameter with a known value: a number, or Value bytes into a symbol.
type Fixed struct {
	Param int
	Value int64
	Sym   Symbol
}

// SpecializeOptions bound the work of Specialize. Zero fields have defaults.
type SpecializeOptions struct {
	MaxValues int    // instructions emitted for a function before everything is kept general; 0: 10,000
	MaxClones int    // functions made; 0: 100
	Name      string // of the result; "": made from the function's name and the constants
}

// Specialize adds to f's module a version of f, which must be verified and
// have a body, with some parameters fixed, and returns it. Its parameters are the others. Callees with known arguments
// are cloned as internal functions.
func Specialize(f *Func, fixed []Fixed, opt SpecializeOptions) *Func {
	if opt.MaxValues == 0 {
		opt.MaxValues = 10000
	}
	if opt.MaxClones == 0 {
		opt.MaxClones = 100
	}
	s := &specializer{mod: f.Module, opt: opt, clones: map[string]*Func{}, done: map[*Func]bool{}}
	known := make([]binding, len(f.Sig.Params))
	for _, x := range fixed {
		known[x.Param] = binding{kind: isConst, sym: x.Sym, imm: SignExtend(f.Sig.Params[x.Param], x.Value), typ: f.Sig.Params[x.Param]}
	}
	g := s.clone(f, known)
	g.Linkage = External
	return g
}

type bindKind uint8

const (
	unbound bindKind = iota
	isConst          // sym+imm
	isValue          // a residual value
)

// binding is what is known of a source value.
type binding struct {
	kind  bindKind
	typ   Type
	sym   Symbol
	imm   int64
	ref   *RefConst
	val   *Value // isValue: the residual value
	fixed bool   // val is defined in the entry block and needs no parameter
}

func (b binding) number() bool { return b.kind == isConst && b.sym == nil && b.ref == nil }

func (b binding) key() string {
	switch {
	case b.kind == isConst && b.sym != nil:
		return "@" + b.sym.SymbolName() + "+" + strconv.FormatInt(b.imm, 10)
	case b.kind == isConst && b.ref != nil:
		return fmt.Sprintf("r%p", b.ref)
	case b.kind == isConst:
		return strconv.FormatInt(b.imm, 10)
	case b.fixed:
		return "%" + strconv.Itoa(int(b.val.ID))
	}
	return "?"
}

func (b binding) same(o binding) bool {
	return b.kind == o.kind && b.sym == o.sym && b.imm == o.imm && b.ref == o.ref && b.fixed == o.fixed && (!b.fixed || b.val == o.val)
}

type specializer struct {
	mod    *Module
	opt    SpecializeOptions
	clones map[string]*Func
	done   map[*Func]bool
}

// clone returns the version of f for the given arguments.
func (s *specializer) clone(f *Func, known []binding) *Func {
	var key strings.Builder
	key.WriteString(f.Name)
	var params []Type
	for i, k := range known {
		if k.kind == isConst {
			fmt.Fprintf(&key, "$%d=%s", i, k.key())
		} else {
			params = append(params, f.Sig.Params[i])
		}
	}
	if g := s.clones[key.String()]; g != nil {
		return g
	}
	name := key.String()
	if s.opt.Name != "" && len(s.clones) == 0 {
		name = s.opt.Name
	}
	for base, n := name, 2; s.mod.Func(name) != nil || s.mod.Global(name) != nil; n++ {
		name = base + "." + strconv.Itoa(n)
	}
	g := s.mod.AddFunc(name, Signature{Params: params, Results: f.Sig.Results}, Internal)
	g.Elidable, g.Cold, g.Pos = f.Elidable, f.Cold, f.Pos
	s.clones[key.String()] = g
	w := &specialization{s: s, src: f, dst: g, variants: map[string]*variant{}, count: make([]int, f.NumBlocks())}
	w.run(known)
	s.done[g] = true
	return g
}

// variant is a block of the result.
type variant struct {
	src   *Block
	dst   *Block
	binds []binding           // of live[src], in its order
	iter  map[*Block]*variant // for every loop around src: the variant of the header that began this iteration
	dyn   map[*Block]bool     // loops that this iteration may have left by an unknown decision
}

// specialization makes one function.
type specialization struct {
	s        *specializer
	src, dst *Func
	live     [][]*Value // live into a block, its parameters included, by block id
	loops    [][]*Block // headers of the loops around a block
	inLoop   map[*Block]map[*Block]bool
	variants map[string]*variant
	count    []int
	work     []*variant
	emitted  int

	env []binding // of source values, while a block is evaluated
	b   *Builder
	v   *variant
}

func (w *specialization) run(known []binding) {
	w.live = liveIns(w.src)
	w.findLoops()
	w.env = make([]binding, w.src.NumValues())
	entry := w.dst.NewBlock()
	v := &variant{src: w.src.Entry(), dst: entry, iter: map[*Block]*variant{}, dyn: map[*Block]bool{}}
	for i, p := range w.src.Entry().Params {
		b := known[i]
		if b.kind != isConst {
			b = binding{kind: isValue, typ: p.Type, val: entry.AddParam(p.Type).SetName(p.Name()), fixed: true}
		}
		w.env[p.ID] = b
	}
	w.work = append(w.work, v)
	for len(w.work) > 0 {
		v := w.work[len(w.work)-1]
		w.work = w.work[:len(w.work)-1]
		w.block(v)
	}
	tidySpecialized(w.dst)
}

func (w *specialization) findLoops() {
	dom := Dominators(w.src)
	w.src.ComputePreds()
	w.inLoop = map[*Block]map[*Block]bool{}
	w.loops = make([][]*Block, w.src.NumBlocks())
	for _, b := range dom.RPO {
		for i := range b.End.Succs {
			if h := b.End.Succs[i].To; dom.Dominates(h, b) {
				w.addToLoop(h, b, dom)
			}
		}
	}
	for _, h := range dom.RPO {
		for _, b := range dom.RPO {
			if w.inLoop[h][b] {
				w.loops[b.ID] = append(w.loops[b.ID], h)
			}
		}
	}
}

func (w *specialization) addToLoop(h, b *Block, dom *DomTree) {
	if w.inLoop[h] == nil {
		w.inLoop[h] = map[*Block]bool{h: true}
	}
	for stack := []*Block{b}; len(stack) > 0; {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if w.inLoop[h][x] || !dom.Reachable(x) {
			continue
		}
		w.inLoop[h][x] = true
		stack = append(stack, x.Preds...)
	}
}

// liveIns returns the values live into each block with its parameters, by
// block id, in the order of ids. Constants are not among them.
func liveIns(f *Func) [][]*Value {
	sets := make([]map[*Value]bool, f.NumBlocks())
	for _, b := range f.Blocks {
		sets[b.ID] = map[*Value]bool{}
	}
	for changed := true; changed; {
		changed = false
		for i := len(f.Blocks) - 1; i >= 0; i-- {
			b := f.Blocks[i]
			n := len(sets[b.ID])
			addLive(b, sets)
			changed = changed || len(sets[b.ID]) != n
		}
	}
	out := make([][]*Value, f.NumBlocks())
	for _, b := range f.Blocks {
		for v := range sets[b.ID] {
			out[b.ID] = append(out[b.ID], v)
		}
		sort.Slice(out[b.ID], func(i, j int) bool { return out[b.ID][i].ID < out[b.ID][j].ID })
	}
	return out
}

func addLive(b *Block, sets []map[*Value]bool) {
	set := sets[b.ID]
	use := func(args []*Value) {
		for _, a := range args {
			if !isFree(a) && (a.Block != b || a.Op == OpParam) {
				set[a] = true
			}
		}
	}
	for _, p := range b.Params {
		set[p] = true
	}
	for _, v := range b.Insts {
		use(v.Args)
	}
	use(b.End.Args)
	for i := range b.End.Succs {
		e := &b.End.Succs[i]
		use(e.Args)
		for v := range sets[e.To.ID] {
			if v.Block != e.To || v.Op != OpParam {
				use([]*Value{v})
			}
		}
	}
}

// isFree reports whether a value can be made anew anywhere.
func isFree(v *Value) bool { return v.Op == OpConst || v.Op == OpSymaddr || v.Op == OpRefconst }

func (w *specialization) binding(v *Value) binding {
	switch v.Op {
	case OpConst:
		return binding{kind: isConst, typ: v.Type, imm: v.Imm}
	case OpSymaddr:
		return binding{kind: isConst, typ: Ptr, sym: v.Aux.(Symbol)}
	case OpRefconst:
		return binding{kind: isConst, typ: Ref, ref: v.Aux.(*RefConst)}
	}
	return w.env[v.ID]
}

// value returns the residual value of a source value, emitting a constant if need be.
func (w *specialization) value(v *Value) *Value { return w.emit(w.binding(v)) }

func (w *specialization) emit(b binding) *Value {
	switch {
	case b.kind == isValue:
		return b.val
	case b.ref != nil:
		return w.b.RefConst(b.ref)
	case b.sym != nil:
		v := w.b.SymAddr(b.sym)
		if b.imm != 0 {
			v = w.b.Addrof(v, w.b.Int(0), b.imm)
		}
		return v
	}
	return w.b.Const(b.typ, b.imm)
}

func (w *specialization) values(vs []*Value) []*Value {
	out := make([]*Value, len(vs))
	for i, v := range vs {
		out[i] = w.value(v)
	}
	return out
}

// block evaluates a variant's source block.
func (w *specialization) block(v *variant) {
	w.v = v
	w.b = &Builder{Func: w.dst, Block: v.dst}
	if v.src != w.src.Entry() {
		for i, x := range w.live[v.src.ID] {
			w.env[x.ID] = v.binds[i]
		}
	}
	for _, x := range v.src.Insts {
		if w.inst(x) {
			return // the block ended early
		}
	}
	w.end(&v.src.End)
}

// inst evaluates or emits an instruction; it returns true if nothing can follow.
func (w *specialization) inst(x *Value) bool {
	w.b.Pos = x.Pos
	switch {
	case isFree(x), x.Op == OpResult: // bound with its producer
	case x.Op == OpGuard:
		return w.guard(x)
	case x.Op == OpCall:
		w.call(x)
	case w.fold(x):
	default:
		w.residual(x, nil)
	}
	return false
}

func (w *specialization) set(v *Value, r *Value) {
	w.env[v.ID] = binding{kind: isValue, typ: v.Type, val: r, fixed: w.v.src == w.src.Entry()}
}

// residual emits a copy of x, with other operands if given, and binds its results.
func (w *specialization) residual(x *Value, args []*Value) *Value {
	if args == nil {
		args = w.values(x.Args)
	}
	w.emitted++
	r := w.b.Block.Add(x.Op, x.Type, args...)
	r.Imm, r.Mem, r.Aux, r.Pos = x.Imm, x.Mem, x.Aux, x.Pos
	if x.Type == Void {
		return r
	}
	w.set(x, r)
	for _, p := range projections(x) {
		pr := w.b.Block.AddResult(r, int(p.Imm), p.Type)
		pr.Pos = p.Pos
		w.set(p, pr)
	}
	return r
}

// projections returns the further results of x that its block has.
func projections(x *Value) []*Value {
	insts := x.Block.Insts
	for i, v := range insts {
		if v != x {
			continue
		}
		n := i + 1
		for n < len(insts) && insts[n].Op == OpResult && insts[n].Args[0] == x {
			n++
		}
		return insts[i+1 : n]
	}
	return nil
}

// fold evaluates x if its operands are known.
func (w *specialization) fold(x *Value) bool {
	switch x.Op {
	case OpLoad:
		return w.foldLoad(x)
	case OpAddrof:
		return w.foldAddrof(x)
	case OpSelect:
		if c := w.binding(x.Args[0]); c.number() {
			pick := x.Args[2]
			if int8(c.imm) != 0 {
				pick = x.Args[1]
			}
			w.env[x.ID] = w.binding(pick)
			return true
		}
		return false
	}
	if len(x.Args) == 0 || len(x.Args) > 3 {
		return false
	}
	var nums [3]int64
	for i, a := range x.Args {
		b := w.binding(a)
		if !b.number() {
			return false
		}
		nums[i] = b.imm
	}
	r, r1, ok := EvalValue(x, nums[:len(x.Args)]...)
	if !ok {
		return false
	}
	w.env[x.ID] = binding{kind: isConst, typ: x.Type, imm: r}
	for _, p := range projections(x) {
		w.env[p.ID] = binding{kind: isConst, typ: p.Type, imm: r1}
	}
	return true
}

func (w *specialization) foldAddrof(x *Value) bool {
	base, index := w.binding(x.Args[0]), w.binding(x.Args[1])
	if base.kind != isConst || base.ref != nil || !index.number() || x.Type == Ref {
		return false
	}
	base.imm += index.imm + x.Imm
	w.env[x.ID] = base
	return true
}

// foldLoad reads constant globals; relocated words become symbols.
func (w *specialization) foldLoad(x *Value) bool {
	a := w.binding(x.Args[0])
	g, ok := a.sym.(*Global)
	if !ok || a.kind != isConst || !g.Const || g.Linkage == Declared || x.Type == Ref {
		return false
	}
	at, size := a.imm+x.Imm, int64(x.Type.Size())
	if at < 0 || at+size > int64(g.Size) {
		return false
	}
	for _, r := range g.Relocs {
		if off := int64(r.Offset); at < off+8 && off < at+size {
			return at == off && x.Type == Ptr && w.foldReloc(x, r)
		}
	}
	var bits uint64
	for i := range size {
		if k := at + i; k < int64(len(g.Init)) {
			bits |= uint64(g.Init[k]) << (8 * i)
		}
	}
	w.env[x.ID] = binding{kind: isConst, typ: x.Type, imm: SignExtend(x.Type, int64(bits))}
	return true
}

func (w *specialization) foldReloc(x *Value, r Reloc) bool {
	b := binding{kind: isConst, typ: Ptr, imm: r.Addend}
	if f := w.s.mod.Func(r.Sym); f != nil {
		b.sym = f
	} else if g := w.s.mod.Global(r.Sym); g != nil {
		b.sym = g
	} else {
		return false
	}
	w.env[x.ID] = b
	return true
}

func (w *specialization) guard(x *Value) bool {
	c := w.binding(x.Args[0])
	switch {
	case !c.number():
		w.residual(x, nil).Aux = x.Aux
		return false
	case int8(c.imm) != 0:
		return false
	}
	w.b.Exit(x.Imm, w.values(x.Args[1:])...)
	w.b.Block.End.Aux = x.Aux
	return true
}

// call emits a call, to a clone if arguments are known.
func (w *specialization) call(x *Value) {
	info := x.Call()
	f := info.Callee
	known, any := make([]binding, len(x.Args)), false
	var args []*Value
	for i, a := range x.Args {
		if b := w.binding(a); b.kind == isConst && b.ref == nil {
			known[i], any = b, true
		}
	}
	if !any || f.IsDecl() || len(w.s.clones) >= w.s.opt.MaxClones {
		w.residual(x, nil)
		return
	}
	g := w.s.clone(f, known)
	if w.foldCall(x, g) {
		return
	}
	for i, a := range x.Args {
		if known[i].kind != isConst {
			args = append(args, w.value(a))
		}
	}
	if args == nil {
		args = []*Value{}
	}
	w.residual(x, args).Aux = &CallInfo{Callee: g, Sig: g.Sig}
}

// foldCall replaces a call of a finished function that only returns constants.
func (w *specialization) foldCall(x *Value, g *Func) bool {
	if !w.s.done[g] || len(g.Blocks) != 1 || g.Entry().End.Op != OpRet {
		return false
	}
	for _, v := range g.Entry().Insts {
		if !isFree(v) || v.Op == OpRefconst {
			return false
		}
	}
	results := append([]*Value{x}, projections(x)...)
	for _, r := range g.Entry().End.Args {
		if r.Op != OpConst && r.Op != OpSymaddr {
			return false
		}
	}
	if x.Type == Void {
		return true
	}
	for i, r := range results {
		k := 0
		if i > 0 {
			k = int(r.Imm)
		}
		w.env[r.ID] = w.binding(g.Entry().End.Args[k])
	}
	return true
}

func (w *specialization) end(e *End) {
	w.b.Pos = e.Pos
	switch e.Op {
	case OpJump:
		w.b.Jump(nil)
		w.b.Block.End.Succs[0] = w.edge(&e.Succs[0])
	case OpBr, OpSwitch:
		w.branch(e)
	case OpTailcall:
		args := w.values(e.Args)
		w.b.TailCall(e.Call.Callee, args...)
	default:
		w.b.end(e.Op, w.values(e.Args)...)
		w.b.Block.End.Imm, w.b.Block.End.Aux = e.Imm, e.Aux
	}
}

// branch follows a known decision or emits an unknown one.
func (w *specialization) branch(e *End) {
	if c := w.binding(e.Args[0]); c.number() {
		i := len(e.Succs) - 1
		if e.Op == OpBr {
			i = 1
			if int8(c.imm) != 0 {
				i = 0
			}
		}
		for k, x := range e.Cases {
			if x == c.imm {
				i = k
			}
		}
		w.b.Jump(nil)
		w.b.Block.End.Succs[0] = w.edge(&e.Succs[i])
		return
	}
	w.markDynamic(e)
	end := w.b.end(e.Op, w.value(e.Args[0]))
	end.Cases = append([]int64(nil), e.Cases...)
	succs := make([]Edge, len(e.Succs))
	for i := range e.Succs {
		succs[i] = w.edge(&e.Succs[i])
		succs[i].Weight = e.Succs[i].Weight
	}
	w.b.Block.End.Succs = succs
}

// markDynamic notes for the loops that e can leave that this iteration's course is unknown.
func (w *specialization) markDynamic(e *End) {
	for _, h := range w.loops[w.v.src.ID] {
		for i := range e.Succs {
			if !w.inLoop[h][e.Succs[i].To] {
				w.v.dyn[h] = true
			}
		}
	}
}

// edge finds or makes the variant of e's target for the present bindings.
func (w *specialization) edge(e *Edge) Edge {
	live := w.live[e.To.ID]
	binds := make([]binding, len(live))
	args := make(map[*Value]*Value, len(e.Args))
	for i, p := range e.To.Params {
		args[p] = e.Args[i]
	}
	for i, x := range live {
		if a, ok := args[x]; ok {
			binds[i] = w.binding(a)
			binds[i].fixed = false // a parameter changes from edge to edge
		} else {
			binds[i] = w.env[x.ID]
		}
	}
	w.generalise(e.To, binds)
	v := w.variant(e.To, binds)
	out := Edge{To: v.dst}
	for i, x := range live {
		if v.binds[i].kind == isValue && !v.binds[i].fixed {
			if a, ok := args[x]; ok {
				out.Args = append(out.Args, w.value(a))
			} else {
				out.Args = append(out.Args, w.value(x))
			}
		}
	}
	return out
}

const maxUnroll = 1000 // variants of a block

// generalise makes bindings residual that would only multiply variants.
func (w *specialization) generalise(to *Block, binds []binding) {
	if w.emitted > w.s.opt.MaxValues {
		for i := range binds {
			binds[i] = residualOf(binds[i])
		}
		return
	}
	began := w.v.iter[to]
	if began == nil || !w.inLoop[to][w.v.src] || !w.v.dyn[to] && w.count[to.ID] < maxUnroll {
		return
	}
	for i := range binds {
		if !binds[i].same(began.binds[i]) {
			binds[i] = residualOf(binds[i])
		}
	}
}

func residualOf(b binding) binding { return binding{kind: isValue, typ: b.typ} }

func (w *specialization) variant(to *Block, binds []binding) *variant {
	var key strings.Builder
	key.WriteString(strconv.Itoa(int(to.ID)))
	for _, b := range binds {
		key.WriteByte(' ')
		key.WriteString(b.key())
	}
	if v := w.variants[key.String()]; v != nil {
		return v
	}
	w.count[to.ID]++
	w.emitted++
	v := &variant{src: to, dst: w.dst.NewBlock(), binds: binds, iter: map[*Block]*variant{}, dyn: map[*Block]bool{}}
	v.dst.Weight = to.Weight
	if to.Name() != "" {
		v.dst.SetName(to.Name())
	}
	for i, x := range w.live[to.ID] {
		if b := &v.binds[i]; b.kind == isValue && !b.fixed {
			b.typ, b.val = x.Type, v.dst.AddParam(x.Type).SetName(x.Name())
		}
	}
	for _, h := range w.loops[to.ID] {
		if h == to {
			v.iter[h] = v
		} else if w.inLoop[h][w.v.src] {
			v.iter[h], v.dyn[h] = w.v.iter[h], w.v.dyn[h]
		}
	}
	w.variants[key.String()] = v
	w.work = append(w.work, v)
	return v
}
