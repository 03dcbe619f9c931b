package genext

import (
	"fmt"
	"slices"
	"unsafe"

	"martlet/ir"
)

// Execute mode.
//
// A thread is a chain of frames over graphs. Registers are numbered by value
// id: words for everything but Go pointers, refs for those, so that Go's
// collector sees them. Integers are kept sign-extended, floats as their bits.
// Memory is the real memory of the process.
//
// Execution can start at any position (block and index) with any live values
// put into the registers: that is how a failed guard resumes. It stops where
// the outermost frame reaches a merge point (if asked), returns, or leaves
// through an exit (residual code only).

// Trap is a run-time panic of the interpreter met by execute mode.
type Trap struct {
	Code ir.TrapCode
	Func string
	File string
	Line int32
}

func (t *Trap) Error() string {
	return fmt.Sprintf("%s:%d: %s: trap %v", t.File, t.Line, t.Func, t.Code)
}

type frame struct {
	g      *graph
	blk    *ir.Block
	idx    int // next instruction
	words  []uint64
	refs   []unsafe.Pointer
	stacks [][]byte // what stackaddr handed out: kept alive
	ctx    uint64   // hash of the call chain and the greens, for the profile
}

// stop says why a thread stopped.
type stop uint8

const (
	stopReturned stop = iota // the outermost frame returned
	stopMerge                // the outermost frame is at a merge point
	stopExit                 // residual code left through an exit
)

type thread struct {
	frames  []frame
	prof    *profile // where to record, or nil
	merges  bool     // stop at merge points of the outermost frame
	results frameResults
	exit    int64 // stopExit
	argw    []uint64
	argr    []unsafe.Pointer
	force   func(n int64) bool // fuzzing: make this guard fail though it holds
}

// frameResults are the words and refs handed over by a return or an exit, in order of position.
type frameResults struct {
	words []uint64
	refs  []unsafe.Pointer
}

func (r *frameResults) collect(f *frame, args []*ir.Value) {
	r.words, r.refs = r.words[:0], r.refs[:0]
	for _, a := range args {
		r.words = append(r.words, f.words[a.ID])
		r.refs = append(r.refs, f.refs[a.ID])
	}
}

// push enters a graph; arguments are set by the caller of push.
func (t *thread) push(g *graph) *frame {
	r := g.registers()
	t.frames = append(t.frames, frame{g: g, blk: g.fn.Entry(), words: r.words, refs: r.refs})
	return &t.frames[len(t.frames)-1]
}

func (t *thread) pop() {
	n := len(t.frames) - 1
	f := &t.frames[n]
	f.g.free.Put(&registers{f.words, f.refs})
	t.frames[n] = frame{}
	t.frames = t.frames[:n]
}

// release pops what is left when a thread is not needed any more.
func (t *thread) release() {
	for len(t.frames) > 0 {
		t.pop()
	}
}

// registers are those of one frame. They are used again with stale contents:
// only constants are read before they are written, and those never change.
type registers struct {
	words []uint64
	refs  []unsafe.Pointer
}

// registers returns a frame's registers, with the constants in place.
func (g *graph) registers() *registers {
	if r, ok := g.free.Get().(*registers); ok {
		return r
	}
	return &registers{slices.Clone(g.words), slices.Clone(g.refs)}
}

// run executes until one of the stops.
func (t *thread) run() stop {
	for {
		f := &t.frames[len(t.frames)-1]
		if f.idx < len(f.blk.Insts) {
			v := f.blk.Insts[f.idx]
			switch v.Op {
			case ir.OpCall:
				if t.call(f, v) {
					return stopMerge
				}
				continue
			case ir.OpGuard:
				if f.words[v.Args[0].ID] == 0 || t.force != nil && !looksForPanic(v) && t.force(v.Imm) {
					t.leave(f, v.Imm, v.Args[1:])
					return stopExit
				}
			default:
				f.step(v)
			}
			f.idx++
			continue
		}
		if done, why := t.end(f); done {
			return why
		}
	}
}

// looksForPanic reports whether a guard only looks whether a call panicked: that it failed cannot be pretended.
func looksForPanic(guard *ir.Value) bool {
	sn, ok := guard.Aux.(*snapshot)
	return ok && sn.panicked()
}

func (t *thread) leave(f *frame, exit int64, args []*ir.Value) {
	t.exit = exit
	t.results.collect(f, args)
}

// end executes a block's end.
func (t *thread) end(f *frame) (bool, stop) {
	e := &f.blk.End
	switch e.Op {
	case ir.OpJump:
		t.goTo(f, &e.Succs[0])
	case ir.OpBr:
		k := 1
		if f.words[e.Args[0].ID] != 0 {
			k = 0
		}
		t.branch(f, e, k)
	case ir.OpSwitch:
		t.branch(f, e, selectCase(e, int64(f.words[e.Args[0].ID])))
	case ir.OpRet:
		return t.ret(f, e), stopReturned
	case ir.OpExit:
		t.leave(f, e.Imm, e.Args)
		return true, stopExit
	case ir.OpTailcall:
		t.leave(f, linked, e.Args)
		return true, stopExit
	case ir.OpTrap:
		panic(f.trap(ir.TrapCode(e.Imm), e.Pos))
	default:
		panic(f.trap(ir.TrapUnreachable, e.Pos))
	}
	return false, 0
}

func (t *thread) branch(f *frame, e *ir.End, k int) {
	if t.prof != nil {
		t.prof.direction(f.ctx, f.blk, k, len(e.Succs))
	}
	t.goTo(f, &e.Succs[k])
}

// goTo takes an edge: a parallel move into the parameters.
func (t *thread) goTo(f *frame, e *ir.Edge) {
	ps := e.To.Params
	if len(ps) == 1 {
		f.words[ps[0].ID], f.refs[ps[0].ID] = f.words[e.Args[0].ID], f.refs[e.Args[0].ID]
	} else if len(ps) > 1 {
		w, r := t.argw[:0], t.argr[:0]
		for _, a := range e.Args {
			w, r = append(w, f.words[a.ID]), append(r, f.refs[a.ID])
		}
		for i, p := range ps {
			f.words[p.ID], f.refs[p.ID] = w[i], r[i]
		}
		t.argw, t.argr = w, r
	}
	f.blk, f.idx = e.To, 0
}

// ret leaves a frame; it reports whether it was the outermost.
func (t *thread) ret(f *frame, e *ir.End) bool {
	t.results.collect(f, e.Args)
	t.pop()
	if len(t.frames) == 0 {
		return true
	}
	c := &t.frames[len(t.frames)-1]
	c.takeResults(t.results.words, t.results.refs)
	return false
}

// takeResults finishes the call at which the frame stands.
func (f *frame) takeResults(words []uint64, refs []unsafe.Pointer) {
	for k := range f.blk.Insts[f.idx].NumResults() {
		id := f.blk.Insts[f.idx+k].ID
		f.words[id], f.refs[id] = words[k], refs[k]
	}
	f.idx++
}

// call executes a call; it reports whether the thread stops at a merge point.
func (t *thread) call(f *frame, v *ir.Value) bool {
	s := f.g.sites[v.ID]
	switch s.kind {
	case siteGraph:
		t.enter(f, v, s)
		return false
	case siteGo, siteAside:
		t.callGo(f, v, s.bind.Fn)
	case siteMerge:
		if t.merges && len(t.frames) == 1 {
			return true
		}
		f.ctx = t.mergeContext(f, v, s)
	case sitePromote, sitePromoteType, siteConcrete:
		if t.prof != nil && s.kind != siteConcrete {
			t.prof.promoted(f, v, s)
		}
		for k, a := range v.Args {
			id := f.blk.Insts[f.idx+k].ID
			f.words[id], f.refs[id] = f.words[a.ID], f.refs[a.ID]
		}
	case siteKnown, siteTick:
		f.words[v.ID] = 0
	default:
		panic(f.trap(ir.TrapUnreachable, v.Pos))
	}
	f.idx++
	return false
}

// mergeContext is the profile context of a frame that passes a merge point.
func (t *thread) mergeContext(f *frame, v *ir.Value, s *site) uint64 {
	h := uint64(0)
	if n := len(t.frames); n > 1 {
		h = callContext(&t.frames[n-2])
	}
	for _, a := range v.Args[:s.greens] {
		h = mix(h, f.words[a.ID]^uint64(uintptr(f.refs[a.ID])))
	}
	return h
}

func callContext(f *frame) uint64 {
	return mix(f.ctx, uint64(f.g.id)<<32|uint64(f.blk.Insts[f.idx].ID))
}

func (t *thread) enter(f *frame, v *ir.Value, s *site) {
	if len(t.frames) > 1<<16 {
		panic(f.trap(ir.TrapOverflow, v.Pos))
	}
	ctx := callContext(f)
	n := t.push(s.target)
	f = &t.frames[len(t.frames)-2] // push may have moved it
	for i, p := range s.target.fn.Entry().Params {
		n.words[p.ID], n.refs[p.ID] = f.words[v.Args[i].ID], f.refs[v.Args[i].ID]
	}
	n.ctx = ctx
}

// callGo calls a thunk. The buffers are taken, not shared: the function may come back into this thread's driver.
func (t *thread) callGo(f *frame, v *ir.Value, fn ir.GoFunc) {
	sig := v.Call().Sig
	n := max(len(sig.Params), len(sig.Results))
	words, refs := make([]uint64, n), make([]unsafe.Pointer, n)
	packCall(words, refs, v.Args, f)
	fn(words, refs)
	w, r := 0, 0
	for k, typ := range sig.Results {
		id := f.blk.Insts[f.idx+k].ID
		if typ == ir.Ref {
			f.refs[id] = refs[r]
			r++
		} else {
			f.words[id] = words[w]
			w++
		}
	}
}

func packCall(words []uint64, refs []unsafe.Pointer, args []*ir.Value, f *frame) {
	w, r := 0, 0
	for _, a := range args {
		if a.Type == ir.Ref {
			refs[r] = f.refs[a.ID]
			r++
		} else {
			words[w] = f.words[a.ID]
			w++
		}
	}
}

func (f *frame) trap(c ir.TrapCode, pos ir.Pos) *Trap {
	t := &Trap{Code: c, Func: f.g.fn.Name, Line: pos.Line}
	if m := f.g.fn.Module; m != nil && pos.File > 0 && int(pos.File) <= len(m.Files) {
		t.File = m.Files[pos.File-1]
	}
	return t
}

// addr is the address operand of a memory op plus off, nil-checked.
func (f *frame) addr(v *ir.Value, a *ir.Value, off int64) unsafe.Pointer {
	p := f.refs[a.ID]
	if a.Type != ir.Ref {
		p = rawAddr(f.words[a.ID])
	}
	if uintptr(p) < 4096 {
		panic(f.trap(ir.TrapNil, v.Pos))
	}
	return unsafe.Add(p, off)
}

// step executes any instruction but calls and guards.
func (f *frame) step(v *ir.Value) {
	switch v.Op {
	case ir.OpConst, ir.OpRefconst, ir.OpSymaddr, ir.OpResult, ir.OpPoll:
	case ir.OpLoad:
		p := f.addr(v, v.Args[0], v.Imm)
		if v.Type == ir.Ref {
			f.refs[v.ID] = *(*unsafe.Pointer)(p)
		} else {
			f.words[v.ID] = loadWord(p, v.Type)
		}
	case ir.OpStore:
		p := f.addr(v, v.Args[0], v.Imm)
		if x := v.Args[1]; x.Type == ir.Ref {
			*(*unsafe.Pointer)(p) = f.refs[x.ID]
		} else {
			storeWord(p, x.Type, f.words[x.ID])
		}
	case ir.OpAddrof:
		d := int64(f.words[v.Args[1].ID]) + v.Imm
		if v.Type == ir.Ref {
			f.refs[v.ID] = unsafe.Add(f.refs[v.Args[0].ID], d)
		} else {
			f.words[v.ID] = f.words[v.Args[0].ID] + uint64(d)
		}
	case ir.OpAlloc:
		f.refs[v.ID] = newObject(v.Aux.(*ir.TypeDesc))
	case ir.OpAllocarray:
		f.refs[v.ID] = newArray(v.Aux.(*ir.TypeDesc), int64(f.words[v.Args[0].ID]))
	case ir.OpStackaddr:
		f.stackSlot(v)
	case ir.OpMemmove, ir.OpMemzero:
		f.bulk(v)
	default:
		f.pure(v)
	}
}

func (f *frame) stackSlot(v *ir.Value) {
	s := make([]byte, (v.Imm+15)&^15+16)
	f.stacks = append(f.stacks, s)
	f.words[v.ID] = (uint64(uintptr(unsafe.Pointer(&s[0]))) + 15) &^ 15
}

func (f *frame) bulk(v *ir.Value) {
	n := f.words[v.Args[len(v.Args)-1].ID]
	if n == 0 {
		return
	}
	dst := unsafe.Slice((*byte)(f.addr(v, v.Args[0], 0)), n)
	if v.Op == ir.OpMemzero {
		clear(dst)
		return
	}
	copy(dst, unsafe.Slice((*byte)(f.addr(v, v.Args[1], 0)), n))
}

// pure executes an op that depends on its operands only.
func (f *frame) pure(v *ir.Value) {
	if a := v.Args[0]; a.Type == ir.Ref || v.Type == ir.Ref || len(v.Args) > 1 && v.Args[1].Type == ir.Ref {
		f.pureRef(v)
		return
	}
	r0, r1, ok := evalOp(v, f.words)
	if !ok {
		panic(f.trap(ir.TrapDivide, v.Pos))
	}
	f.words[v.ID] = r0
	if v.Op.IsOverflow() {
		f.words[f.blk.Insts[f.idx+1].ID] = r1
	}
}

// pureRef executes comparisons, selections and conversions of Go pointers.
func (f *frame) pureRef(v *ir.Value) {
	switch v.Op {
	case ir.OpSelect:
		k := 2
		if f.words[v.Args[0].ID] != 0 {
			k = 1
		}
		f.refs[v.ID] = f.refs[v.Args[k].ID]
	case ir.OpBitcast:
		f.words[v.ID] = uint64(uintptr(f.refs[v.Args[0].ID]))
	default:
		x, y := uint64(uintptr(f.refs[v.Args[0].ID])), uint64(uintptr(f.refs[v.Args[1].ID]))
		f.words[v.ID] = compareAddr(v.Op, x, y)
	}
}

func compareAddr(op ir.Op, x, y uint64) uint64 {
	ok := false
	switch op {
	case ir.OpEq:
		ok = x == y
	case ir.OpNe:
		ok = x != y
	case ir.OpUlt:
		ok = x < y
	case ir.OpUle:
		ok = x <= y
	case ir.OpUgt:
		ok = x > y
	case ir.OpUge:
		ok = x >= y
	default:
		panic("genext: op " + op.String() + " on addresses")
	}
	if ok {
		return 1
	}
	return 0
}

// selectCase returns the successor that a switch takes for x.
func selectCase(e *ir.End, x int64) int {
	for i, c := range e.Cases {
		if c == x {
			return i
		}
	}
	return len(e.Cases)
}

// evalOp evaluates a pure op on words; false means a division by zero.
func evalOp(v *ir.Value, w []uint64) (r0, r1 uint64, ok bool) {
	var a [3]int64
	for i, x := range v.Args {
		a[i] = int64(w[x.ID])
	}
	switch {
	case v.Type != ir.I64:
	case v.Op == ir.OpAdd:
		return uint64(a[0] + a[1]), 0, true
	case v.Op == ir.OpSub:
		return uint64(a[0] - a[1]), 0, true
	}
	x, y, ok := ir.EvalValue(v, a[:len(v.Args)]...)
	return uint64(x), uint64(y), ok
}
