package jitgen

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Binding times.
//
// The analysis answers, for every value of an interpreter's loop and of what it
// calls, whether the specialiser will know it: green, or not: red. The
// specialiser decides on line, by what it really knows; the colours are the
// static promise: what is green here is always a constant there. They serve
// three ends: an impossible hint becomes an error at its source line, with the
// chain of reasons that made the value red; the page that martlet-gen colour
// writes; and the list of functions that always fold.
//
// It starts at a merge point. Its greens are axioms (the machine makes one
// version of the code for each combination), its reds and all memory that may
// change are red. From there colours flow forward: a pure operation on greens
// is green; a load through a green address from memory that never changes is
// green; a promoted value is green. A phi is green if all operands are, whatever
// was branched on: paths meet again only at merge points. A call is analysed
// once for each combination of its arguments' colours, as calls are inlined
// (polyvariant). The start is optimistic: everything is green until a reason
// makes it red, and each red value keeps its first reason. The code behind
// Counter.Tick is never seen by the specialiser, and is not coloured.
//
// References: Jones, Gomard, Sestoft, Partial Evaluation and Automatic Program
// Generation (1993), chapters 5 and 8; Rigo and Pedroni on PyPy's hint
// annotator (2006-2008).

// Colour is what the specialiser will know of a value.
type Colour struct {
	Red    bool
	Deep   bool       // green: everything reached from it is immutable
	Reason *Reddening // red: why
}

// Reddening is one link of the chain of reasons.
type Reddening struct {
	Pos   token.Position
	Text  string
	Cause *Reddening // the red value it came from; nil at the origin
}

// Chain returns the reasons from the value to the origin.
func (r *Reddening) Chain() []*Reddening {
	var out []*Reddening
	for ; r != nil && len(out) < 50; r = r.Cause {
		out = append(out, r)
	}
	return out
}

// Colours is the result of the analysis.
type Colours struct {
	Source *Source
	Funcs  []*FuncColours // in order of discovery; the drivers first
	byFn   map[*ssa.Function]*FuncColours
	Errors []error
}

// FuncColours are the colours of a function's values, joined over all ways in which it is called.
type FuncColours struct {
	Fn     *ssa.Function
	Values map[ssa.Value]Colour
}

// ColourProgram analyses the lowered program from its merge points on.
func (r *Result) ColourProgram(roots []*ssa.Function) *Colours {
	c := &colourer{res: r, out: &Colours{Source: r.Source, byFn: map[*ssa.Function]*FuncColours{}}, memo: map[string]*variant{}}
	for _, fn := range roots {
		if callsHint(fn, "MergePoint") {
			c.driver(fn)
		}
	}
	return c.out
}

// Err joins the errors.
func (c *Colours) Err() error { return errors.Join(c.Errors...) }

type colourer struct {
	res  *Result
	out  *Colours
	memo map[string]*variant
}

// variant is a function analysed for one combination of argument colours.
type variant struct {
	results []Colour
	done    bool
}

// merge is a merge point with the values it names.
type mergePoint struct {
	call         *ssa.Call
	greens, reds []named
}

type named struct {
	name string
	v    ssa.Value
}

// pass is the analysis of one function in one variant.
type pass struct {
	c      *colourer
	fn     *ssa.Function
	vals   map[ssa.Value]Colour
	cells  map[*ssa.Alloc]Colour // joined contents of locals
	live   []bool                // blocks that the specialiser can reach
	fixed  map[ssa.Value]string  // greens by axiom: their names
	preset map[ssa.Value]Colour  // reds by axiom
	merge  *mergePoint
	params []Colour
	change bool
}

func (c *colourer) position(p token.Pos) token.Position { return c.res.Source.Prog.Fset.Position(p) }

func (c *colourer) errorf(p token.Pos, format string, args ...any) {
	c.out.Errors = append(c.out.Errors, fmt.Errorf("%s: %s", c.position(p), fmt.Sprintf(format, args...)))
}

// driver analyses a function with a merge point.
func (c *colourer) driver(fn *ssa.Function) {
	merges := findMerges(fn)
	if len(merges) != 1 {
		c.errorf(merges[1].call.Pos(), "%s has %d merge points: a driver has one", fn.Name(), len(merges))
		return
	}
	m := merges[0]
	c.colours(fn) // the drivers come first
	p := &pass{c: c, fn: fn, merge: m, fixed: map[ssa.Value]string{}}
	for range fn.Params {
		p.params = append(p.params, Colour{Red: true, Reason: &Reddening{Pos: c.position(fn.Pos()), Text: "a parameter of " + fn.Name() + " that is no green"}})
	}
	for _, g := range m.greens {
		p.fixed[g.v] = g.name
	}
	p.preset = map[ssa.Value]Colour{}
	for _, r := range m.reds {
		if !isConst(r.v) {
			p.preset[r.v] = Colour{Red: true, Reason: &Reddening{Pos: c.position(m.call.Pos()), Text: r.name + " is a red of the merge point"}}
		}
	}
	p.run()
	p.checkMerge()
	p.publish()
}

func findMerges(fn *ssa.Function) []*mergePoint {
	var ms []*mergePoint
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if call, ok := in.(*ssa.Call); ok && hintName(call) == "MergePoint" {
				ms = append(ms, &mergePoint{call: call, greens: structParts(call.Call.Args[0]), reds: structParts(call.Call.Args[1])})
			}
		}
	}
	return ms
}

func hintName(call *ssa.Call) string {
	f := call.Call.StaticCallee()
	if f == nil || pkgPath(f) != HintPath {
		return ""
	}
	if o := f.Origin(); o != nil {
		return o.Name()
	}
	return f.Name()
}

// structParts finds what the fields of a struct literal were given.
func structParts(v ssa.Value) []named {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return []named{{"", v}}
	}
	al, ok := load.X.(*ssa.Alloc)
	if !ok {
		return []named{{"", v}}
	}
	st, ok := elemOf(al.Type()).Underlying().(*types.Struct)
	if !ok {
		return []named{{"", v}}
	}
	var parts []named
	for _, r := range *al.Referrers() {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, s := range *fa.Referrers() {
			if s, ok := s.(*ssa.Store); ok && s.Addr == fa {
				parts = append(parts, named{st.Field(fa.Field).Name(), s.Val})
			}
		}
	}
	return parts
}

// run iterates to the fixpoint.
func (p *pass) run() {
	p.vals = map[ssa.Value]Colour{}
	p.cells = map[*ssa.Alloc]Colour{}
	p.reach()
	for v, c := range p.preset {
		p.vals[v] = c
	}
	for i, q := range p.fn.Params {
		if _, ok := p.fixed[q]; ok {
			p.vals[q] = Colour{}
		} else if _, ok := p.preset[q]; !ok {
			p.vals[q] = p.params[i]
		}
	}
	for p.change = true; p.change; {
		p.change = false
		for _, b := range p.fn.Blocks {
			if !p.live[b.Index] {
				continue
			}
			for _, in := range b.Instrs {
				p.instr(in)
			}
		}
	}
}

// counts reports whether a hint is one that the specialiser takes as false.
func counts(hint string) bool { return hint == "Tick" || hint == "Call" }

// reach marks the blocks that the specialiser can come to: a Tick is false.
func (p *pass) reach() {
	p.live = make([]bool, len(p.fn.Blocks))
	var visit func(b *ssa.BasicBlock)
	visit = func(b *ssa.BasicBlock) {
		if p.live[b.Index] {
			return
		}
		p.live[b.Index] = true
		succs := b.Succs
		if end, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			if call, ok := end.Cond.(*ssa.Call); ok && counts(hintName(call)) {
				succs = succs[1:]
			}
		}
		for _, s := range succs {
			visit(s)
		}
	}
	visit(p.fn.Blocks[0])
}

func (p *pass) set(v ssa.Value, c Colour) {
	if _, ok := p.fixed[v]; ok {
		return
	}
	old, had := p.vals[v]
	if old.Red {
		return
	}
	if !had || c.Red || old.Deep && !c.Deep {
		if !had || c.Red != old.Red || c.Deep != old.Deep {
			p.vals[v] = c
			p.change = true
		}
	}
}

func (p *pass) get(v ssa.Value) Colour {
	switch v.(type) {
	case *ssa.Const, *ssa.Function, *ssa.Builtin:
		return Colour{Deep: true}
	case *ssa.Global:
		return Colour{}
	}
	if c, ok := p.vals[v]; ok {
		return c
	}
	return Colour{Deep: true} // optimistic: not reached yet
}

func (p *pass) red(at token.Pos, cause *Reddening, format string, args ...any) Colour {
	if !at.IsValid() {
		at = p.fn.Pos()
	}
	return Colour{Red: true, Reason: &Reddening{Pos: p.c.position(at), Text: fmt.Sprintf(format, args...), Cause: cause}}
}

// from is the colour of a pure operation on operands.
func (p *pass) from(v ssa.Value, what string, operands ...ssa.Value) Colour {
	for _, o := range operands {
		if o == nil {
			continue
		}
		if c := p.get(o); c.Red {
			return p.red(v.Pos(), c.Reason, "%s of a red value", what)
		}
	}
	return Colour{}
}

func (p *pass) instr(in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.Phi:
		p.phi(in)
	case *ssa.Alloc:
		p.set(in, Colour{})
	case *ssa.Store:
		p.store(in)
	case *ssa.UnOp:
		if in.Op == token.MUL {
			p.set(in, p.load(in))
		} else {
			p.set(in, p.from(in, "operator "+in.Op.String(), in.X))
		}
	case *ssa.BinOp:
		p.set(in, p.from(in, "operator "+in.Op.String(), in.X, in.Y))
	case *ssa.FieldAddr:
		p.fieldAddr(in)
	case *ssa.IndexAddr:
		c := p.from(in, "element", in.X, in.Index)
		c.Deep = !c.Red && p.get(in.X).Deep
		p.set(in, c)
	case *ssa.Index:
		p.set(in, p.from(in, "element", in.X, in.Index))
	case *ssa.Field:
		p.set(in, p.keepDeep(in, in.X, "field"))
	case *ssa.Extract:
		p.extract(in)
	case *ssa.Slice:
		c := p.from(in, "slice", in.X, in.Low, in.High, in.Max)
		c.Deep = !c.Red && p.get(in.X).Deep
		p.set(in, c)
	case *ssa.ChangeType:
		p.set(in, p.keepDeep(in, in.X, "conversion"))
	case *ssa.Call:
		p.call(in)
	case ssa.Value:
		var ops []ssa.Value
		for _, o := range in.(ssa.Instruction).Operands(nil) {
			ops = append(ops, *o)
		}
		p.set(in, p.from(in, "conversion", ops...))
	}
}

func (p *pass) keepDeep(v, x ssa.Value, what string) Colour {
	c := p.from(v, what, x)
	c.Deep = !c.Red && p.get(x).Deep
	return c
}

func (p *pass) phi(in *ssa.Phi) {
	c := Colour{Deep: true}
	for i, e := range in.Edges {
		if !p.live[in.Block().Preds[i].Index] {
			continue
		}
		x := p.get(e)
		if x.Red {
			name := in.Comment
			if name == "" {
				name = "a value"
			}
			c = p.red(valuePos(e, in.Pos()), x.Reason, "%s may be red here", name)
			break
		}
		c.Deep = c.Deep && x.Deep
	}
	p.set(in, c)
}

func valuePos(v ssa.Value, or token.Pos) token.Pos {
	if v.Pos().IsValid() {
		return v.Pos()
	}
	return or
}

// store joins what goes into a local; other memory is judged by what it is.
func (p *pass) store(in *ssa.Store) {
	al := rootAlloc(in.Addr)
	if al == nil {
		return
	}
	c := p.get(in.Val)
	if !c.Red {
		return
	}
	if old := p.cells[al]; !old.Red {
		p.cells[al] = p.red(in.Pos(), c.Reason, "a red value is stored in the local %s", al.Comment)
		p.change = true
	}
}

func rootAlloc(v ssa.Value) *ssa.Alloc {
	for {
		switch x := v.(type) {
		case *ssa.Alloc:
			return x
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		default:
			return nil
		}
	}
}

// load judges a load by its address and by what the memory is.
func (p *pass) load(in *ssa.UnOp) Colour {
	if al := rootAlloc(in.X); al != nil && !escapes(al) {
		if c := p.cells[al]; c.Red {
			return p.red(in.Pos(), c.Reason, "read from the local %s", al.Comment)
		}
		return p.from(in, "read", in.X)
	}
	if c := p.get(in.X); c.Red {
		return p.red(in.Pos(), c.Reason, "read through a red address")
	}
	if p.get(in.X).Deep {
		return Colour{Deep: true}
	}
	switch a := in.X.(type) {
	case *ssa.FieldAddr:
		return p.loadField(in, a)
	case *ssa.Global:
		return p.red(in.Pos(), nil, "reads the variable %s, which may change", a.Name())
	case *ssa.IndexAddr:
		return p.red(in.Pos(), nil, "reads an element of memory that may change (tag the field that holds it hint:\"deep\", or promote the value)")
	}
	return p.red(in.Pos(), nil, "reads memory that may change")
}

func (p *pass) loadField(in *ssa.UnOp, a *ssa.FieldAddr) Colour {
	t := elemOf(a.X.Type())
	st := t.Underlying().(*types.Struct)
	h := fieldHints(st, a.Field)
	if isQuasi(t) {
		return Colour{}
	}
	if !h.immutable {
		return p.red(in.Pos(), nil, "reads the field %s.%s, which may change (tag it hint:\"immutable\", or promote the value)", typeName(t), st.Field(a.Field).Name())
	}
	return Colour{Deep: h.deep}
}

// escapes reports whether a local's address goes beyond loads, stores and selections.
func escapes(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef, *ssa.UnOp:
		case *ssa.Store:
			if r.Val == v {
				return true
			}
		case *ssa.FieldAddr:
			if escapes(r) {
				return true
			}
		case *ssa.IndexAddr:
			if r.X != v || escapes(r) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func (p *pass) fieldAddr(in *ssa.FieldAddr) {
	c := p.keepDeep(in, in.X, "field address")
	st := elemOf(in.X.Type()).Underlying().(*types.Struct)
	if !c.Red && fieldHints(st, in.Field).deep {
		c.Deep = true
	}
	p.set(in, c)
}

func (p *pass) extract(in *ssa.Extract) {
	if call, ok := in.Tuple.(*ssa.Call); ok {
		if rs := p.results(call); rs != nil {
			p.set(in, rs[in.Index])
			return
		}
	}
	p.set(in, p.from(in, "result", in.Tuple))
}

// Calls.

func (p *pass) call(in *ssa.Call) {
	if rs := p.results(in); rs != nil {
		if len(rs) == 1 {
			p.set(in, rs[0])
		}
		return
	}
	p.set(in, p.oneResult(in))
}

// results are the colours of an inlined call, or nil if it is none.
func (p *pass) results(in *ssa.Call) []Colour {
	fn := in.Call.StaticCallee()
	if fn == nil || hintName(in) != "" && hintName(in) != "Get" {
		return nil
	}
	f := p.c.res.Module.Func(fn.String())
	if f == nil || f.IsDecl() || f.Elidable || intrinsics[fn.String()] != nil || replacements[fn.String()] != "" {
		return nil
	}
	return p.c.variant(fn, p.args(in), p.c.position(in.Pos()))
}

func (p *pass) args(in *ssa.Call) []Colour {
	var cs []Colour
	for _, a := range in.Call.Args {
		cs = append(cs, p.get(a))
	}
	return cs
}

func (p *pass) oneResult(in *ssa.Call) Colour {
	switch hintName(in) {
	case "Promote", "Known", "Tick", "Call":
		return Colour{}
	case "PromoteType":
		return p.from(in, "promoted type", in.Call.Args...)
	case "Concrete":
		return p.from(in, "concrete value", in.Call.Args...)
	case "AddOverflow", "SubOverflow", "MulOverflow":
		return p.from(in, "arithmetic", in.Call.Args...)
	}
	if b, ok := in.Call.Value.(*ssa.Builtin); ok {
		return p.builtin(in, b)
	}
	fn := in.Call.StaticCallee()
	if fn != nil && pkgPath(fn) == "sync/atomic" {
		return p.red(in.Pos(), nil, "an atomic access to memory that may change")
	}
	if fn == nil {
		return p.red(in.Pos(), nil, "the result of a call that is not known before run time")
	}
	f := p.c.res.Module.Func(fn.String())
	if f != nil && f.Elidable || intrinsics[fn.String()] != nil || elidableRT[replacements[fn.String()]] {
		return p.from(in, "result of "+fn.Name(), in.Call.Args...)
	}
	why := "which is opaque"
	if o := p.c.res.Opaque[fn.String()]; o != nil {
		why = "which is opaque: " + o.What
	}
	return p.red(in.Pos(), nil, "the result of %s, %s", fn.Name(), why)
}

func (p *pass) builtin(in *ssa.Call, b *ssa.Builtin) Colour {
	switch b.Name() {
	case "append", "copy", "recover":
		return p.red(in.Pos(), nil, "the result of %s", b.Name())
	}
	return p.from(in, b.Name(), in.Call.Args...)
}

// variant analyses a callee for given argument colours.
func (c *colourer) variant(fn *ssa.Function, args []Colour, at token.Position) []Colour {
	key := fn.String()
	for _, a := range args {
		key += map[bool]string{true: "r", false: "g"}[a.Red] + map[bool]string{true: "d", false: ""}[a.Deep]
	}
	if v := c.memo[key]; v != nil {
		if !v.done {
			return recursive(fn, at)
		}
		return v.results
	}
	v := &variant{}
	c.memo[key] = v
	p := &pass{c: c, fn: fn, fixed: map[ssa.Value]string{}}
	for i, a := range args {
		if a.Red {
			a = Colour{Red: true, Reason: &Reddening{Pos: at, Text: fmt.Sprintf("passed as %s of %s", fn.Params[i].Name(), fn.Name()), Cause: a.Reason}}
		}
		p.params = append(p.params, a)
	}
	p.run()
	p.publish()
	v.results = p.returned()
	v.done = true
	return v.results
}

func recursive(fn *ssa.Function, at token.Position) []Colour {
	rs := make([]Colour, fn.Signature.Results().Len())
	for i := range rs {
		rs[i] = Colour{Red: true, Reason: &Reddening{Pos: at, Text: "the result of the recursive function " + fn.Name()}}
	}
	return rs
}

func (p *pass) returned() []Colour {
	rs := make([]Colour, p.fn.Signature.Results().Len())
	for i := range rs {
		rs[i] = Colour{Deep: true}
	}
	for _, b := range p.fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || !p.live[b.Index] {
			continue
		}
		for i, x := range ret.Results {
			c := p.get(x)
			if c.Red && !rs[i].Red {
				rs[i] = p.red(ret.Pos(), c.Reason, "returned by %s", p.fn.Name())
			}
			rs[i].Deep = rs[i].Deep && c.Deep
		}
	}
	return rs
}

// publish joins the colours of this variant into the function's, and checks its Concrete hints.
func (p *pass) publish() {
	fc := p.c.colours(p.fn)
	for v, c := range p.vals {
		if old, ok := fc.Values[v]; !ok || c.Red && !old.Red {
			fc.Values[v] = c
		}
	}
	p.checkConcrete()
}

func (c *colourer) colours(fn *ssa.Function) *FuncColours {
	fc := c.out.byFn[fn]
	if fc == nil {
		fc = &FuncColours{Fn: fn, Values: map[ssa.Value]Colour{}}
		c.out.byFn[fn] = fc
		c.out.Funcs = append(c.out.Funcs, fc)
	}
	return fc
}

func (p *pass) checkConcrete() {
	for _, b := range p.fn.Blocks {
		if !p.live[b.Index] {
			continue
		}
		for _, in := range b.Instrs {
			if call, ok := in.(*ssa.Call); ok && hintName(call) == "Concrete" {
				if c := p.get(call.Call.Args[0]); c.Red {
					p.c.errorf(call.Pos(), "hint.Concrete of a red value%s", chainText(c.Reason))
				}
			}
		}
	}
}

func chainText(r *Reddening) string {
	s := ""
	for _, l := range r.Chain() {
		s += fmt.Sprintf("\n\t%s: %s", l.Pos, l.Text)
	}
	return s
}

// checkMerge checks that greens stay green around the loop, and that the merge point names the loop's whole state.
func (p *pass) checkMerge() {
	m := p.merge
	for _, g := range m.greens {
		p.checkGreen(g)
	}
	inState := map[ssa.Value]bool{}
	for _, g := range append(append([]named(nil), m.greens...), m.reds...) {
		inState[g.v] = true
	}
	at := m.call.Block()
	reported := map[string]bool{}
	for _, v := range p.liveAt(at) {
		if !inState[v] && !reported[v.Name()] {
			reported[v.Name()] = true
			p.c.errorf(m.call.Pos(), "%s is used in the loop, but the merge point names it neither as a green nor as a red", sourceName(v))
		}
	}
}

// checkGreen: a green that is a phi must get greens from inside the loop.
func (p *pass) checkGreen(g named) {
	phi, ok := g.v.(*ssa.Phi)
	if !ok {
		if _, isParam := g.v.(*ssa.Parameter); !isParam && !isConst(g.v) {
			if in, ok := g.v.(ssa.Instruction); ok && p.merge.call.Block().Dominates(in.Block()) && in.Block() != p.merge.call.Block() {
				p.c.errorf(p.merge.call.Pos(), "the green %s is computed inside the loop", g.name)
			}
		}
		return
	}
	for i, e := range phi.Edges {
		pred := phi.Block().Preds[i]
		if !p.live[pred.Index] || !p.merge.call.Block().Dominates(pred) {
			continue
		}
		if c := p.get(e); c.Red {
			p.c.out.Errors = append(p.c.out.Errors, fmt.Errorf("%s: the green %s of the merge point at %s becomes red here%s", c.Reason.Pos, g.name, p.c.position(p.merge.call.Pos()), chainText(c.Reason)))
		}
	}
}

func isConst(v ssa.Value) bool {
	_, ok := v.(*ssa.Const)
	return ok
}

// liveAt returns the values defined at or before the merge block that the loop uses behind the merge point.
func (p *pass) liveAt(merge *ssa.BasicBlock) []ssa.Value {
	var out []ssa.Value
	seen := map[ssa.Value]bool{}
	use := func(v ssa.Value, in ssa.Instruction) {
		if v == nil || seen[v] || !p.before(v, merge) {
			return
		}
		if phi, ok := in.(*ssa.Phi); ok && phi.Block() == merge {
			return // an entry of the loop
		}
		seen[v] = true
		out = append(out, v)
	}
	for _, b := range p.fn.Blocks {
		if !p.live[b.Index] || !merge.Dominates(b) {
			continue
		}
		passed := b != merge
		for _, in := range b.Instrs {
			if in == ssa.Instruction(p.merge.call) {
				passed = true
				continue
			}
			if _, dbg := in.(*ssa.DebugRef); !passed || dbg {
				continue
			}
			for _, o := range in.Operands(nil) {
				use(*o, in)
			}
		}
	}
	return out
}

// before reports whether a value exists when the merge point is passed.
func (p *pass) before(v ssa.Value, merge *ssa.BasicBlock) bool {
	switch v := v.(type) {
	case *ssa.Parameter:
		return true
	case *ssa.Alloc:
		return v.Block() != merge && !merge.Dominates(v.Block()) && escapes(v)
	case ssa.Instruction:
		b := v.Block()
		if b != merge {
			return b.Dominates(merge)
		}
		for _, in := range b.Instrs {
			if in == v {
				return true
			}
			if in == ssa.Instruction(p.merge.call) {
				return false
			}
		}
	}
	return false
}

// sourceName is the name of the variable that a value is, if known.
func sourceName(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Phi:
		if v.Comment != "" {
			return v.Comment
		}
	case *ssa.Parameter:
		return v.Name()
	case *ssa.Alloc:
		return v.Comment
	}
	for _, r := range *v.Referrers() {
		if d, ok := r.(*ssa.DebugRef); ok && !d.IsAddr {
			if o := d.Object(); o != nil {
				return o.Name()
			}
		}
	}
	return "a value computed before the merge point (" + v.Name() + ")"
}
