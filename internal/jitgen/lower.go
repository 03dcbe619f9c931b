package jitgen

import (
	"fmt"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"martlet/ir"
)

// The lowering of one program: a work list of functions. A function is made
// when it is first called; its body follows later, so that recursion needs no
// care. A function whose body turns out to be outside the subset becomes a
// declaration (opaque), and callers need not change: they hold the same *ir.Func.

// Traps of the front end, beyond ir's own.
const (
	TrapPanic  = ir.TrapUser + iota // an explicit panic
	TrapAssert                      // a failed type assertion
	TrapShift                       // a negative shift count
)

// Options of a lowering.
type Options struct {
	// Inside says whether calls into a package are lowered; nil is every
	// package. Functions of other packages are declared as Go functions,
	// except for a few pure packages that always are lowered (alwaysInside).
	Inside func(pkgPath string) bool
	// Package is the import path that the generated file belongs to. Code of
	// other packages is then lowered only as far as the file can name what it
	// refers to. "" is no such limit.
	Package string
}

// Result is a lowered program.
type Result struct {
	Module *ir.Module
	Source *Source
	Funcs  map[string]*ssa.Function // by ir name: those with a body
	Opaque map[string]*Reason       // functions that have Go bodies outside the subset, by ir name
	Thunks []*Thunk                 // every declared Go function that is not a hint
	Refs   []*RefSym                // every Go address the module names by refconst
	Types  map[string]types.Type    // by type descriptor name
	Hints  []*HintCall
	Frames map[string]ClassUse // special classes by name

	lay   *layouts
	flags map[*ssa.Function]directive
}

// A Reason says why a function is opaque.
type Reason struct {
	Pos  token.Position
	What string
}

func (r *Reason) String() string { return fmt.Sprintf("%s: %s", r.Pos, r.What) }

// HintCall is a call of package hint that the lowering met.
type HintCall struct {
	Func *ssa.Function
	Call *ssa.CallCommon
	Name string // as declared in the module
}

// ClassUse describes an alias class with a hint.
type ClassUse struct {
	Frame, FrameArray, Quasi, NonNil, Next, Prev, Stable bool

	Watch int64
	Peer  int
}

// Lower lowers functions and everything they call that is in the subset.
func Lower(src *Source, opt Options, roots ...*ssa.Function) *Result {
	lw := newLowerer(src, opt)
	for _, r := range roots {
		lw.fn(r)
	}
	lw.drain()
	if opt.Package != "" {
		lw.declareUnnameable()
		lw.dropUnused(roots)
	}
	lw.res.Module.Classes = append([]string{""}, lw.lay.classes[1:]...)
	return lw.res
}

type lowerer struct {
	src     *Source
	opt     Options
	mod     *ir.Module
	lay     *layouts
	res     *Result
	fns     map[*ssa.Function]*ir.Func
	queue   []*ssa.Function
	refs    map[string]*RefSym
	strs    map[string]*RefSym
	thunks  map[string]*Thunk
	files   map[string]uint16
	typeIDs map[string]int
	built   map[*ssa.Package]bool
	names   map[string]bool
	flags   map[*ssa.Function]directive
}

func newLowerer(src *Source, opt Options) *lowerer {
	name := "go"
	if len(src.Roots) > 0 {
		name = src.Roots[0].PkgPath
	}
	lw := &lowerer{src: src, opt: opt, mod: ir.NewModule(name), lay: newLayouts(),
		fns: map[*ssa.Function]*ir.Func{}, refs: map[string]*RefSym{}, strs: map[string]*RefSym{},
		thunks: map[string]*Thunk{}, files: map[string]uint16{}, typeIDs: map[string]int{},
		built: map[*ssa.Package]bool{}, names: map[string]bool{}, flags: map[*ssa.Function]directive{}}
	lw.res = &Result{Module: lw.mod, Source: src, Funcs: map[string]*ssa.Function{}, Opaque: map[string]*Reason{},
		Types: map[string]types.Type{}, Frames: map[string]ClassUse{}, lay: lw.lay, flags: lw.flags}
	lw.lay.onDesc = func(name string, t types.Type) { lw.res.Types[name] = t }
	lw.lay.uses = lw.res.Frames
	return lw
}

func (lw *lowerer) drain() {
	for len(lw.queue) > 0 {
		fn := lw.queue[len(lw.queue)-1]
		lw.queue = lw.queue[:len(lw.queue)-1]
		lw.body(fn)
	}
}

// build makes the SSA of the package of a function.
func (lw *lowerer) build(fn *ssa.Function) {
	p := fn.Package()
	if p == nil && fn.Origin() != nil {
		p = fn.Origin().Package()
	}
	if p != nil && !lw.built[p] {
		lw.built[p] = true
		p.Build()
	}
}

// sig returns the exploded signature of a function, or false if a value in it
// is too large to be words.
func (lw *lowerer) sig(s *types.Signature) (ir.Signature, bool) {
	var out ir.Signature
	ok := true
	add := func(list []ir.Type, t types.Type) []ir.Type {
		l := lw.lay.of(t)
		if l.mem {
			ok = false
		}
		for _, w := range l.words {
			list = append(list, w.t)
		}
		return list
	}
	if r := s.Recv(); r != nil {
		out.Params = add(out.Params, r.Type())
	}
	for v := range s.Params().Variables() {
		out.Params = add(out.Params, v.Type())
	}
	for v := range s.Results().Variables() {
		out.Results = add(out.Results, v.Type())
	}
	return out, ok
}

func (lw *lowerer) fnSig(fn *ssa.Function) (ir.Signature, bool) {
	var out ir.Signature
	ok := true
	for _, p := range fn.Params {
		l := lw.lay.of(p.Type())
		ok = ok && !l.mem
		for _, w := range l.words {
			out.Params = append(out.Params, w.t)
		}
	}
	rs, rok := lw.sig(types.NewSignatureType(nil, nil, nil, nil, fn.Signature.Results(), false))
	out.Results = rs.Results
	return out, ok && rok
}

// fn returns the ir function for a Go function, or nil if its signature cannot
// be words.
func (lw *lowerer) fn(fn *ssa.Function) *ir.Func {
	if f, ok := lw.fns[fn]; ok {
		return f
	}
	lw.build(fn)
	sig, ok := lw.fnSig(fn)
	if !ok || fn.TypeParams() != nil && len(fn.TypeArgs()) == 0 {
		lw.fns[fn] = nil
		return nil
	}
	f := lw.mod.AddFunc(lw.fnName(fn), sig, ir.External)
	lw.fns[fn] = f
	f.Pos = lw.pos(fn.Pos())
	d := lw.directives(fn)
	f.Elidable = d.elidable
	if why := lw.outside(fn, d); why != nil {
		lw.declare(f, fn, why)
		return f
	}
	lw.queue = append(lw.queue, fn)
	return f
}

// fnName is the function's name in the module: go/ssa's, made unique.
func (lw *lowerer) fnName(fn *ssa.Function) string {
	name := fn.String()
	for n := 2; lw.names[name]; n++ {
		name = fmt.Sprintf("%s#%d", fn.String(), n)
	}
	lw.names[name] = true
	return name
}

// pure packages whose functions are always looked into.
var alwaysInside = map[string]bool{
	rtPath: true, HintPath: true, "math/bits": true, "unicode/utf8": true, "math": true, "cmp": true,
	"internal/byteorder": true, "encoding/binary": true, "slices": true, "sync/atomic": true,
}

func (lw *lowerer) outside(fn *ssa.Function, d directive) *Reason {
	switch {
	case d.opaque:
		return lw.reason(fn.Pos(), "marked //martlet:opaque")
	case fn.Blocks == nil:
		return lw.reason(fn.Pos(), "no Go body")
	case fn.Recover != nil:
		return lw.reason(fn.Pos(), "defer")
	case len(fn.FreeVars) > 0:
		return lw.reason(fn.Pos(), "closure")
	}
	if path := pkgPath(fn); lw.opt.Package != "" && outsideForFiles[path] {
		return lw.reason(fn.Pos(), "package "+path+" has tables of its own")
	} else if lw.opt.Inside != nil && path != "" && !alwaysInside[path] && !lw.opt.Inside(path) {
		return lw.reason(fn.Pos(), "package "+path+" is outside")
	}
	return nil
}

// outsideForFiles are pure packages that a generated file in another package
// cannot look into.
var outsideForFiles = map[string]bool{"math": true, "unicode/utf8": true}

func pkgPath(fn *ssa.Function) string {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if fn.Package() != nil {
		return fn.Package().Pkg.Path()
	}
	if o := fn.Object(); o != nil && o.Pkg() != nil {
		return o.Pkg().Path()
	}
	return ""
}

func (lw *lowerer) reason(p token.Pos, what string) *Reason {
	return &Reason{Pos: lw.src.Prog.Fset.Position(p), What: what}
}

// declare turns a function into a declared Go function.
func (lw *lowerer) declare(f *ir.Func, fn *ssa.Function, why *Reason) {
	f.Linkage, f.Blocks = ir.DeclaredGo, nil
	lw.res.Opaque[f.Name] = why
	delete(lw.res.Funcs, f.Name)
	lw.thunk(f, &Thunk{Kind: ThunkFunc, Fn: fn})
}

// body lowers a function, or makes it opaque.
func (lw *lowerer) body(fn *ssa.Function) {
	f := lw.fns[fn]
	lw.res.Funcs[f.Name] = fn
	defer func() {
		switch r := recover().(type) {
		case nil:
		case unsupported:
			lw.declare(f, fn, lw.reason(r.pos, r.what))
		default:
			panic(r)
		}
	}()
	newFuncLowerer(lw, fn, f).run()
}

// unsupported is the panic that ends the lowering of one function.
type unsupported struct {
	pos  token.Pos
	what string
}

func (lw *lowerer) pos(p token.Pos) ir.Pos {
	if !p.IsValid() {
		return ir.Pos{}
	}
	at := lw.src.Prog.Fset.Position(p)
	n, ok := lw.files[at.Filename]
	if !ok {
		lw.mod.Files = append(lw.mod.Files, lw.src.fileName(at.Filename))
		n = uint16(len(lw.mod.Files))
		lw.files[at.Filename] = n
	}
	return ir.Pos{File: n, Line: int32(at.Line), Col: uint16(min(at.Column, 0xffff))}
}

// A val is the words of a Go value; for a memory value the one address.
type val []*ir.Value

// An addr is where a value lies: memory at base + off, or variables of the
// function (a local that was replaced by its words).
type addr struct {
	base  *ir.Value
	off   int64
	mem   ir.Mem     // for leaves that are not inside a struct or array of the accessed type
	known bool       // base is not nil
	deep  bool       // everything reached from here is immutable
	quasi types.Type // the hint.Quasi whose value this is
	vars  bool       // sroa variables vars0 …
	var0  int
}

// fl lowers one function.
type fl struct {
	*lowerer
	fn      *ssa.Function
	f       *ir.Func
	b       *ir.Builder
	vals    map[ssa.Value]val
	addrs   map[ssa.Value]addr
	deep    map[ssa.Value]bool // values reached through a deep immutable field
	nonnil  map[ssa.Value]bool
	lastPos token.Pos
	consts  map[constKey]*ir.Value // of the current ir block
	blocks  []*blockState          // by ssa block index
	locals  map[*ssa.Alloc]*local
	vars    []varInfo
	edges   []edge
	traps   map[trapKey]*ir.Block
	skip    map[ssa.Instruction]bool
	sw      map[*ssa.BasicBlock]*ssautil.Switch // by start block
	inSw    map[*ssa.BasicBlock]bool            // later comparison blocks of a switch
	cur     *ssa.BasicBlock

	tolerant bool // an initialiser for a Binder: what is outside the subset is left out
}

type constKey struct {
	t ir.Type
	x int64
}

type trapKey struct {
	code ir.TrapCode
	pos  ir.Pos
}

type varInfo struct {
	t ir.Type
}

// blockState is the state of one ssa block.
type blockState struct {
	start, end *ir.Block
	defs       map[int]*ir.Value
	done       bool           // all instructions lowered
	params     []pendingParam // Braun's parameters, after the phis'
}

type pendingParam struct {
	v   int
	val *ir.Value
}

// edge is a control edge whose arguments are filled in at the end.
type edge struct {
	end      *ir.Block // holds the End
	index    int       // in End.Succs
	from, to *ssa.BasicBlock
	pred     int // position among to's predecessors
}

func newFuncLowerer(lw *lowerer, fn *ssa.Function, f *ir.Func) *fl {
	return &fl{lowerer: lw, fn: fn, f: f, b: &ir.Builder{Func: f}, vals: map[ssa.Value]val{}, addrs: map[ssa.Value]addr{},
		deep: map[ssa.Value]bool{}, nonnil: map[ssa.Value]bool{}, locals: map[*ssa.Alloc]*local{}, traps: map[trapKey]*ir.Block{},
		skip: map[ssa.Instruction]bool{}, sw: map[*ssa.BasicBlock]*ssautil.Switch{}, inSw: map[*ssa.BasicBlock]bool{}}
}

func (l *fl) fail(format string, args ...any) {
	panic(unsupported{l.lastPos, fmt.Sprintf(format, args...)})
}

func (l *fl) run() {
	if !l.tolerant {
		l.scan()
	}
	l.findLocals()
	l.findSwitches()
	order := l.order()
	l.makeBlocks(order)
	for _, b := range order {
		l.block(b)
	}
	l.fillEdges()
	simplify(l.f)
}

// scan rejects a function at once that has an instruction outside the subset,
// before anything it calls is queued.
func (l *fl) scan() {
	for _, b := range l.fn.Blocks {
		for _, in := range b.Instrs {
			if in.Pos().IsValid() {
				l.lastPos = in.Pos()
			}
			if what := outsideSubset(in); what != "" {
				l.fail("%s", what)
			}
		}
	}
}

func outsideSubset(in ssa.Instruction) string {
	switch in := in.(type) {
	case *ssa.Defer, *ssa.RunDefers:
		return "defer"
	case *ssa.Go:
		return "go statement"
	case *ssa.Select:
		return "select"
	case *ssa.Send:
		return "channel send"
	case *ssa.MakeChan:
		return "channel"
	case *ssa.MakeMap, *ssa.MapUpdate, *ssa.Lookup:
		return "map"
	case *ssa.MakeClosure:
		return "closure"
	case *ssa.UnOp:
		if in.Op == token.ARROW {
			return "channel receive"
		}
	case *ssa.Range:
		if basicInfo(in.X.Type())&types.IsString == 0 {
			return "range over a map"
		}
	case *ssa.Call:
		return outsideBuiltin(in)
	}
	return ""
}

func outsideBuiltin(in *ssa.Call) string {
	b, ok := in.Call.Value.(*ssa.Builtin)
	if !ok {
		return ""
	}
	switch b.Name() {
	case "len", "cap":
		switch in.Call.Args[0].Type().Underlying().(type) {
		case *types.Map:
			return "map"
		case *types.Chan:
			return "channel"
		}
	case "delete":
		return "map"
	case "close":
		return "channel"
	case "recover", "ssa:deferstack":
		return "recover"
	case "print", "println":
		return "print"
	case "clear":
		if _, ok := in.Call.Args[0].Type().Underlying().(*types.Map); ok {
			return "map"
		}
	}
	return ""
}

func (l *fl) findSwitches() {
	for _, sw := range ssautil.Switches(l.fn) {
		if len(sw.ConstCases) < 3 || basicInfo(sw.X.Type())&types.IsInteger == 0 {
			continue
		}
		if !plainSwitch(&sw) {
			continue
		}
		l.sw[sw.Start] = &sw
		for _, c := range sw.ConstCases[1:] {
			l.inSw[c.Block] = true
		}
	}
}

// plainSwitch checks that nothing but the comparisons happens in the chain.
func plainSwitch(sw *ssautil.Switch) bool {
	for i, c := range sw.ConstCases {
		cond := c.Block.Instrs[len(c.Block.Instrs)-1].(*ssa.If).Cond
		if i == 0 {
			continue
		}
		for _, in := range c.Block.Instrs {
			if _, dbg := in.(*ssa.DebugRef); dbg || in == cond.(ssa.Instruction) {
				continue
			}
			if _, end := in.(*ssa.If); !end {
				return false
			}
		}
		for _, r := range *cond.Referrers() {
			if r.Block() != c.Block {
				return false
			}
		}
	}
	return true
}

// order is reverse postorder over the reachable blocks.
func (l *fl) order() []*ssa.BasicBlock {
	seen := make([]bool, len(l.fn.Blocks))
	var post []*ssa.BasicBlock
	var visit func(b *ssa.BasicBlock)
	visit = func(b *ssa.BasicBlock) {
		seen[b.Index] = true
		for i := len(b.Succs) - 1; i >= 0; i-- {
			if s := b.Succs[i]; !seen[s.Index] {
				visit(s)
			}
		}
		post = append(post, b)
	}
	visit(l.fn.Blocks[0])
	for i, j := 0, len(post)-1; i < j; i, j = i+1, j-1 {
		post[i], post[j] = post[j], post[i]
	}
	return post
}

func (l *fl) makeBlocks(order []*ssa.BasicBlock) {
	l.blocks = make([]*blockState, len(l.fn.Blocks))
	for _, b := range order {
		st := &blockState{defs: map[int]*ir.Value{}}
		l.blocks[b.Index] = st
		if !l.inSw[b] {
			st.start = l.f.NewBlock()
			st.end = st.start
		}
	}
	entry := l.blocks[0].start
	for _, p := range l.fn.Params {
		var v val
		for _, w := range l.lay.of(p.Type()).words {
			v = append(v, entry.AddParam(w.t))
		}
		l.vals[p] = v
	}
	for _, b := range order {
		l.phis(b)
	}
}

func (l *fl) phis(b *ssa.BasicBlock) {
	for _, in := range b.Instrs {
		phi, ok := in.(*ssa.Phi)
		if !ok {
			continue
		}
		if l.inSw[b] {
			panic(unsupported{phi.Pos(), "phi in a comparison block"})
		}
		var v val
		for _, t := range l.valTypes(phi.Type()) {
			v = append(v, l.blocks[b.Index].start.AddParam(t))
		}
		l.vals[phi] = v
	}
}

// valTypes are the types of the words of a val.
func (l *fl) valTypes(t types.Type) []ir.Type {
	lay := l.lay.of(t)
	if lay.mem {
		return []ir.Type{ir.Ref}
	}
	ts := make([]ir.Type, len(lay.words))
	for i, w := range lay.words {
		ts[i] = w.t
	}
	return ts
}

func (l *fl) at(blk *ir.Block) {
	l.b.At(blk)
	l.consts = map[constKey]*ir.Value{}
	if l.cur != nil {
		l.blocks[l.cur.Index].end = blk
	}
}

func (l *fl) block(b *ssa.BasicBlock) {
	st := l.blocks[b.Index]
	if l.inSw[b] {
		st.done = true
		return
	}
	l.cur = b
	l.at(st.start)
	for _, in := range b.Instrs {
		if p := in.Pos(); p.IsValid() {
			l.lastPos = p
			l.b.Pos = l.pos(p)
		}
		if l.skip[in] {
			continue
		}
		if sw := l.sw[b]; sw != nil {
			if _, end := in.(*ssa.If); end {
				l.switchEnd(b, sw)
				continue
			}
		}
		if l.tolerant {
			l.tolerate(in)
		} else {
			l.instr(in)
		}
	}
	st.done = true
}

func (l *fl) konst(t ir.Type, x int64) *ir.Value {
	k := constKey{t, x}
	if v := l.consts[k]; v != nil {
		return v
	}
	v := l.b.Const(t, x)
	l.consts[k] = v
	return v
}

func (l *fl) i64(x int64) *ir.Value { return l.konst(ir.I64, x) }

// Edges.

func (l *fl) edge(to *ssa.BasicBlock, from *ssa.BasicBlock, nth int, index int) ir.Edge {
	pred := -1
	for i, p := range to.Preds {
		if p == from {
			if nth == 0 {
				pred = i
				break
			}
			nth--
		}
	}
	l.edges = append(l.edges, edge{end: l.b.Block, index: index, from: from, to: to, pred: pred})
	return ir.Edge{To: l.blocks[to.Index].start}
}

func (l *fl) jump(b *ssa.BasicBlock) {
	e := l.edge(b.Succs[0], b, 0, 0)
	l.b.Jump(e.To)
}

func (l *fl) branch(b *ssa.BasicBlock, cond *ir.Value) {
	nth := 0
	if b.Succs[0] == b.Succs[1] {
		nth = 1
	}
	e0 := l.edge(b.Succs[0], b, 0, 0)
	e1 := l.edge(b.Succs[1], b, nth, 1)
	l.b.Br(cond, e0, e1)
}

func (l *fl) switchEnd(b *ssa.BasicBlock, sw *ssautil.Switch) {
	x := l.get(sw.X)[0]
	seen := map[int64]bool{}
	var cases []int64
	var edges []ir.Edge
	for _, c := range sw.ConstCases {
		k := signed(constInt(c.Value), x.Type)
		if seen[k] {
			continue
		}
		seen[k] = true
		edges = append(edges, l.edge(c.Body, c.Block, 0, len(cases)))
		cases = append(cases, k)
	}
	last := sw.ConstCases[len(sw.ConstCases)-1].Block
	nth := 0
	if last.Succs[0] == last.Succs[1] {
		nth = 1
	}
	def := l.edge(sw.Default, last, nth, len(cases))
	l.b.Switch(x, cases, edges, def)
}

// fillEdges gives every edge its arguments: the phis' operands, then the
// variables that the target turned out to need. Looking those up can make
// further parameters, so it runs until nothing is missing.
func (l *fl) fillEdges() {
	for i := range l.edges {
		l.phiArgs(&l.edges[i])
	}
	for again := true; again; {
		again = false
		for i := range l.edges {
			e := &l.edges[i]
			st := l.blocks[e.to.Index]
			args := &e.end.End.Succs[e.index].Args
			nphi := len(st.start.Params) - len(st.params)
			for len(*args)-nphi < len(st.params) {
				p := st.params[len(*args)-nphi]
				*args = append(*args, l.readEnd(e.from, p.v))
				again = true
			}
		}
	}
}

func (l *fl) phiArgs(e *edge) {
	l.cur = nil
	l.at(e.end)
	l.b.Pos = e.end.End.Pos
	args := &e.end.End.Succs[e.index].Args
	for _, in := range e.to.Instrs {
		phi, ok := in.(*ssa.Phi)
		if !ok {
			break
		}
		*args = append(*args, l.get(phi.Edges[e.pred])...)
	}
}

// Variables: Braun, Buchwald, Hack, Leißa, Mallon, Zwinkau, "Simple and
// Efficient Construction of Static Single Assignment Form" (2013), with the
// edges' arguments filled in at the end.

func (l *fl) newVar(t ir.Type) int {
	l.vars = append(l.vars, varInfo{t})
	return len(l.vars) - 1
}

func (l *fl) write(v int, x *ir.Value) { l.blocks[l.cur.Index].defs[v] = x }

func (l *fl) read(v int) *ir.Value { return l.readEnd(l.cur, v) }

// readEnd returns the value of a variable at the end of (the done part of) a block.
func (l *fl) readEnd(b *ssa.BasicBlock, v int) *ir.Value {
	st := l.blocks[b.Index]
	if x := st.defs[v]; x != nil {
		return x
	}
	var x *ir.Value
	preds := l.livePreds(b)
	switch {
	case len(preds) == 0:
		x = st.start.Func.NewValue(ir.OpConst, l.vars[v].t)
		x.Block = st.start
		st.start.Insts = append([]*ir.Value{x}, st.start.Insts...)
	case len(preds) == 1 && l.blocks[preds[0].Index].done:
		x = l.readEnd(preds[0], v)
	default:
		x = st.start.AddParam(l.vars[v].t)
		st.params = append(st.params, pendingParam{v, x})
	}
	st.defs[v] = x
	return x
}

func (l *fl) livePreds(b *ssa.BasicBlock) []*ssa.BasicBlock {
	var ps []*ssa.BasicBlock
	for _, p := range b.Preds {
		if l.blocks[p.Index] != nil {
			ps = append(ps, p)
		}
	}
	return ps
}

// Traps.

// trapBlock returns the block that traps with a code, at the current position.
func (l *fl) trapBlock(code ir.TrapCode) *ir.Block {
	k := trapKey{code, l.b.Pos}
	if b := l.traps[k]; b != nil {
		return b
	}
	b := l.f.NewBlock()
	b.Weight = -1
	b.End = ir.End{Op: ir.OpTrap, Imm: int64(code), Pos: l.b.Pos}
	l.traps[k] = b
	return b
}

// check goes on if ok, else traps.
func (l *fl) check(ok *ir.Value, code ir.TrapCode) {
	next := l.f.NewBlock()
	l.b.Br(ok, ir.To(next), ir.Edge{To: l.trapBlock(code), Weight: -1})
	l.at(next)
}

// simplify removes block parameters that have one value, and unreachable blocks.
func simplify(f *ir.Func) {
	dropUnreachable(f)
	for removeTrivialParams(f) {
	}
}

func dropUnreachable(f *ir.Func) {
	seen := make([]bool, f.NumBlocks())
	stack := []*ir.Block{f.Blocks[0]}
	seen[f.Blocks[0].ID] = true
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for i := range b.End.Succs {
			if t := b.End.Succs[i].To; !seen[t.ID] {
				seen[t.ID] = true
				stack = append(stack, t)
			}
		}
	}
	kept := f.Blocks[:0]
	for _, b := range f.Blocks {
		if seen[b.ID] {
			kept = append(kept, b)
		}
	}
	f.Blocks = kept
}

// removeTrivialParams replaces each parameter whose arguments are all one
// value (or itself) by that value. It reports whether it changed anything.
func removeTrivialParams(f *ir.Func) bool {
	repl := make([]*ir.Value, f.NumValues())
	only := make([]*ir.Value, f.NumValues())
	many := make([]bool, f.NumValues())
	for _, b := range f.Blocks {
		for i := range b.End.Succs {
			e := &b.End.Succs[i]
			for k, p := range e.To.Params {
				a := e.Args[k]
				switch {
				case a == p:
				case only[p.ID] == nil:
					only[p.ID] = a
				case only[p.ID] != a:
					many[p.ID] = true
				}
			}
		}
	}
	changed := false
	for bi, b := range f.Blocks {
		if bi == 0 {
			continue
		}
		for _, p := range b.Params {
			if v := only[p.ID]; v != nil && !many[p.ID] && v.Op != ir.OpConst {
				repl[p.ID] = v
				changed = true
			}
		}
	}
	if changed {
		applyReplacement(f, repl)
	}
	return changed
}

func applyReplacement(f *ir.Func, repl []*ir.Value) {
	find := func(v *ir.Value) *ir.Value {
		for n := 0; repl[v.ID] != nil && n < len(repl); n++ {
			v = repl[v.ID]
		}
		return v
	}
	mapAll := func(vs []*ir.Value) {
		for i := range vs {
			vs[i] = find(vs[i])
		}
	}
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			mapAll(v.Args)
		}
		mapAll(b.End.Args)
		for i := range b.End.Succs {
			e := &b.End.Succs[i]
			kept := e.Args[:0]
			for k, a := range e.Args {
				if repl[e.To.Params[k].ID] == nil {
					kept = append(kept, find(a))
				}
			}
			e.Args = kept
		}
	}
	for _, b := range f.Blocks {
		kept := b.Params[:0]
		for _, p := range b.Params {
			if repl[p.ID] == nil {
				p.Imm = int64(len(kept))
				kept = append(kept, p)
			}
		}
		b.Params = kept
	}
}

// directive is what a function's //martlet: comments say.
type directive struct{ opaque, elidable, aside, forces, unroll, inline bool }

func (lw *lowerer) directives(fn *ssa.Function) directive {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if d, ok := lw.flags[fn]; ok {
		return d
	}
	var d directive
	if doc := docOf(fn); doc != "" {
		for _, line := range strings.Split(doc, "\n") {
			d.set(strings.TrimSpace(line))
		}
	}
	lw.flags[fn] = d
	return d
}

func (d *directive) set(line string) {
	switch line {
	case "//martlet:opaque":
		d.opaque = true
	case "//martlet:elidable":
		d.elidable = true
	case "//martlet:aside":
		d.aside = true
	case "//martlet:forces":
		d.forces, d.opaque = true, true
	case "//martlet:unroll":
		d.unroll = true
	case "//martlet:inline":
		d.inline = true
	}
}

func sortedKeys[V any](m map[string]V) []string {
	ks := make([]string, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	return ks
}
