// Package opt is the optimiser of the flow-graph language. It rewrites
// functions in place; the meaning defined by ir/interp is kept.
//
//	pipeline   Quick and Full: lists of passes, their order constraints checked at init
//	cfg.go     reverse postorder, dominators, loops
//	rules.go   algebraic laws on one instruction, each with an oracle in the tests
//	simplify   folding + laws + common subexpressions, one walk in reverse postorder
//	sccp       sparse conditional constant propagation
//	memory     load/store forwarding by alias class, dead stores
//	scalar     scalar replacement of allocations and stack slots that do not escape
//	facts      redundant guards, conditions and range checks
//	licm       loop-invariant code motion
//	strength   induction-variable strength reduction
//	inline     calls replaced by bodies (module level)
//	globals    dead functions and globals (module level)
//	retype     parameters that carry the bits of floats become floats
//	exits      tests at the heads of loops become branches
//	clean      dead code, control-flow simplification, jump threading
//
// It is not: instruction selection (internal/codegen), specialisation (ir.Specialize, genext).
package opt

import (
	"fmt"

	"martlet/ir"
)

// Level says how much work to do.
type Level int

// The levels.
const (
	Quick Level = iota // what one linear pass can do
	Full               // everything
)

func (l Level) String() string {
	if l == Quick {
		return "quick"
	}
	return "full"
}

// Options configures a run of the optimiser. The zero value is the normal one.
type Options struct {
	// Verify checks the function after every pass and panics with the pass's
	// name when it is broken.
	Verify bool
	// Fuel, if not nil, is the number of transformations still allowed, counted
	// down; at zero passes change nothing any more. Bisecting over it finds the
	// transformation that breaks a program.
	Fuel *int
	// FloatExits says that who serves the exits takes words as they come: a float may
	// be handed over in the place of its bits.
	FloatExits bool
	// After, if not nil, is called after every pass.
	After func(pass string, f *ir.Func)
}

// pass is one entry of a pipeline.
type pass struct {
	name string
	run  func(*run)
}

// run is the state of optimising one function.
type run struct {
	f       *ir.Func
	opts    Options
	consts  map[constKey]*ir.Value // constants in the entry block, by type and bits
	pending []*ir.Value            // constants not yet placed there
	repl    []*ir.Value            // replacement of a value, by id; see find
	cfgMem  *cfg
}

var (
	simplifyPass = pass{"simplify", simplify}
	sccpPass     = pass{"sccp", sccp}
	cleanPass    = pass{"clean", clean}
	memoryPass   = pass{"memory", memory}
	scalarPass   = pass{"scalar", scalarReplace}
	factsPass    = pass{"facts", facts}
	licmPass     = pass{"licm", licm}
	strengthPass = pass{"strength", strength}
	deadPass     = pass{"dead", dead}
	exitsPass    = pass{"exits", exits}
	retypePass   = pass{"retype", retype}
)

var pipelines = map[Level][]pass{
	Quick: {simplifyPass, deadPass},
	Full: {
		sccpPass, cleanPass, simplifyPass, retypePass,
		scalarPass, memoryPass, simplifyPass, factsPass, sccpPass, cleanPass,
		licmPass, memoryPass, simplifyPass, strengthPass, cleanPass, exitsPass, deadPass,
	},
}

// constraints are pairs of passes (a, b): wherever b stands in a pipeline that
// has a, some a stands before it. The reason is what b relies on.
var constraints = []struct{ a, b, reason string }{
	{"simplify", "licm", "address arithmetic must be in its canonical form, or invariants are missed"},
	{"clean", "licm", "loops must have been freed of dead edges to be natural"},
	{"scalar", "memory", "slots that become values need no forwarding"},
	{"licm", "strength", "the increments must be loop-invariant already"},
	{"simplify", "retype", "conversions there and back must have gone"},
	{"simplify", "facts", "equal conditions must be one value"},
}

func init() {
	for level, passes := range pipelines {
		if err := checkOrder(passes); err != nil {
			panic(fmt.Sprintf("opt: pipeline %v: %v", level, err))
		}
	}
}

func checkOrder(passes []pass) error {
	first := map[string]int{}
	for i, p := range passes {
		if _, seen := first[p.name]; !seen {
			first[p.name] = i
		}
	}
	for _, c := range constraints {
		ia, hasA := first[c.a]
		ib, hasB := first[c.b]
		if hasA && hasB && ia > ib {
			return fmt.Errorf("%s stands before %s: %s", c.b, c.a, c.reason)
		}
	}
	if last := passes[len(passes)-1].name; last != "dead" {
		return fmt.Errorf("the last pass is %s, not dead: passes leave dead code behind", last)
	}
	return nil
}

// Passes returns the names of the passes of a level, in order.
func Passes(level Level) []string {
	var names []string
	for _, p := range pipelines[level] {
		names = append(names, p.name)
	}
	return names
}

// Func optimises one function in place. It reads its callees' declarations but
// changes nothing but f. A broken invariant panics; the caller recovers it.
func Func(f *ir.Func, level Level, opts Options) {
	if f.IsDecl() || len(f.Blocks) == 0 {
		return
	}
	r := &run{f: f, opts: opts}
	for _, p := range pipelines[level] {
		r.begin()
		p.run(r)
		r.apply()
		r.placeConsts()
		if opts.Verify {
			r.verify(p.name)
		}
		if opts.After != nil {
			opts.After(p.name, f)
		}
	}
}

// begin forgets what the previous pass knew, but for the control flow, if that is still what it was.
func (r *run) begin() {
	r.consts = nil
	r.repl = nil
}

func (r *run) verify(pass string) {
	if err := ir.VerifyFunc(r.f); err != nil {
		panic(fmt.Sprintf("opt: after pass %s: %v\n%s", pass, err, r.f))
	}
}

// spend reports whether one more transformation is allowed.
func (r *run) spend() bool {
	if r.opts.Fuel == nil {
		return true
	}
	if *r.opts.Fuel <= 0 {
		return false
	}
	*r.opts.Fuel--
	return true
}

// cfg returns the control flow of the function as it is; a pass that changes
// edges or blocks sets r.cfgMem to nil.
func (r *run) cfg() *cfg {
	if r.cfgMem == nil {
		r.cfgMem = newCFG(r.f)
	}
	return r.cfgMem
}

type constKey struct {
	t    ir.Type
	bits int64
}

// constant returns the constant in the entry block, made at need. Constants
// live at the start of the entry block, so that they dominate everything and
// are equal iff they are the same value; code generation rematerialises them.
func (r *run) constant(t ir.Type, bits int64) *ir.Value {
	if r.consts == nil {
		r.collectConsts()
	}
	k := constKey{t, normalise(t, bits)}
	if v := r.consts[k]; v != nil {
		return v
	}
	v := r.f.NewValue(ir.OpConst, t)
	v.Imm, v.Block = k.bits, r.f.Entry()
	r.pending = append(r.pending, v)
	r.consts[k] = v
	return v
}

// placeConsts puts the constants made since the last call at the head of the
// entry block, all at once: one by one would be quadratic.
func (r *run) placeConsts() {
	if len(r.pending) == 0 {
		return
	}
	entry := r.f.Entry()
	entry.Insts = append(r.pending, entry.Insts...)
	r.pending = nil
}

// collectConsts moves all constants to the head of the entry block, one for
// each type and value.
func (r *run) collectConsts() {
	r.consts = map[constKey]*ir.Value{}
	var head []*ir.Value
	for _, b := range r.f.Blocks {
		kept := b.Insts[:0]
		for _, v := range b.Insts {
			if v.Op != ir.OpConst {
				kept = append(kept, v)
				continue
			}
			k := constKey{v.Type, normalise(v.Type, v.Imm)}
			if first := r.consts[k]; first != nil {
				r.replace(v, first)
				continue
			}
			v.Imm = k.bits
			v.Block = r.f.Entry()
			r.consts[k] = v
			head = append(head, v)
		}
		b.Insts = kept
	}
	entry := r.f.Entry()
	entry.Insts = append(head, entry.Insts...)
}

// normalise sign-extends integer bits from t's width and cuts F32's.
func normalise(t ir.Type, bits int64) int64 {
	switch t {
	case ir.I8:
		return int64(int8(bits))
	case ir.I16:
		return int64(int16(bits))
	case ir.I32:
		return int64(int32(bits))
	case ir.F32:
		return int64(uint32(bits))
	}
	return bits
}

// replace records that every use of v becomes a use of by.
func (r *run) replace(v, by *ir.Value) {
	if n := r.f.NumValues(); len(r.repl) < n {
		grown := make([]*ir.Value, n+n/8+16)
		copy(grown, r.repl)
		r.repl = grown
	}
	r.repl[v.ID] = by
}

// find returns what v has been replaced by, in the end.
func (r *run) find(v *ir.Value) *ir.Value {
	if int(v.ID) >= len(r.repl) || r.repl[v.ID] == nil {
		return v
	}
	root := r.repl[v.ID]
	for int(root.ID) < len(r.repl) && r.repl[root.ID] != nil {
		root = r.repl[root.ID]
	}
	for r.repl[v.ID] != root { // compress the path
		v, r.repl[v.ID] = r.repl[v.ID], root
	}
	return root
}

func (r *run) findAll(vs []*ir.Value) {
	for i, v := range vs {
		vs[i] = r.find(v)
	}
}

// apply rewrites all uses of replaced values.
func (r *run) apply() {
	if r.repl == nil {
		return
	}
	for _, b := range r.f.Blocks {
		for _, v := range b.Insts {
			if v.Op != ir.OpResult { // stays with its producer; where that is replaced, so is the projection
				r.findAll(v.Args)
			}
		}
		r.applyEnd(b)
	}
	r.repl = nil
}

func (r *run) applyEnd(b *ir.Block) {
	r.findAll(b.End.Args)
	for i := range b.End.Succs {
		r.findAll(b.End.Succs[i].Args)
	}
}

// edgesTo calls f for every edge into b.
func edgesTo(b *ir.Block, f func(from *ir.Block, e *ir.Edge)) {
	var last *ir.Block
	for _, p := range b.Preds {
		if p == last { // a block with several edges to b stands in Preds in a row
			continue
		}
		last = p
		for i := range p.End.Succs {
			if p.End.Succs[i].To == b {
				f(p, &p.End.Succs[i])
			}
		}
	}
}

// dropParam removes parameter i of b and the argument on every edge.
func dropParam(b *ir.Block, i int) {
	b.Params = append(b.Params[:i], b.Params[i+1:]...)
	for k := i; k < len(b.Params); k++ {
		b.Params[k].Imm = int64(k)
	}
	edgesTo(b, func(_ *ir.Block, e *ir.Edge) {
		e.Args = append(e.Args[:i:i], e.Args[i+1:]...)
	})
}
