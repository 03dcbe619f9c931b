package interp

import (
	"fmt"
	"math"
	"unsafe"

	"martlet/ir"
)

// failure carries an error to Call, stop an exit nobody handled.
type failure struct{ err error }
type stop struct{ exit *Exit }

// Call calls a function of the module by name.
func (m *Machine) Call(name string, args ...Val) (Result, error) {
	f := m.mod.Func(name)
	if f == nil {
		return Result{}, fmt.Errorf("function @%s is not in the module", name)
	}
	return m.CallFunc(f, args...)
}

// CallFunc calls a function. Its error is a *Trap, an *ErrSteps, or says what is missing.
func (m *Machine) CallFunc(f *ir.Func, args ...Val) (res Result, err error) {
	if len(args) != len(f.Sig.Params) {
		return res, fmt.Errorf("@%s takes %d arguments, not %d", f.Name, len(f.Sig.Params), len(args))
	}
	for i, a := range args {
		if a.Type != f.Sig.Params[i] {
			return res, fmt.Errorf("argument %d of @%s is of type %s, not %s", i, f.Name, a.Type, f.Sig.Params[i])
		}
	}
	outer, look := m.limit, m.look
	m.limit = math.MaxInt64
	if m.opt.MaxSteps > 0 {
		m.limit = m.Steps + m.opt.MaxSteps
	}
	m.look = min(m.limit, m.Steps+lookEvery)
	words, refs, calls, slots, mark := len(m.words), len(m.refs), len(m.calls), len(m.slots), m.arena.mark()
	defer func() {
		m.limit, m.look = outer, look
		m.words, m.refs, m.calls, m.slots = m.words[:words], m.refs[:refs], m.calls[:calls], m.slots[:slots]
		m.arena.release(mark)
		switch r := recover().(type) {
		case nil:
		case failure:
			err = r.err
		case stop:
			res = Result{Exit: r.exit}
		default:
			panic(r)
		}
	}()
	return Result{Values: m.invoke(f, args)}, nil
}

// trap fails with the place of the current instruction.
func (m *Machine) trap(c ir.TrapCode, note string) {
	t := &Trap{Code: c, Note: note}
	for i := len(m.calls) - 1; i >= 0; i-- {
		t.Calls = append(t.Calls, m.calls[i].fn.Name)
	}
	if len(m.calls) > 0 {
		top := m.calls[len(m.calls)-1]
		t.Func = top.fn
		if top.inst != nil {
			t.Value, t.Pos = top.inst.val, top.inst.trapPos
		}
	}
	panic(failure{t})
}

// invoke runs a function with arguments as Vals.
func (m *Machine) invoke(f *ir.Func, args []Val) []Val {
	f = m.definition(f)
	if f.Linkage == ir.DeclaredGo {
		return m.invokeGo(f, args)
	}
	fr := m.push(f)
	for i, s := range fr.code.params {
		fr.setVal(s, args[i])
	}
	return m.run(fr)
}

// frame is an activation: a window of the machine's words and refs.
type frame struct {
	m      *Machine
	code   *code
	words  []int64
	refs   []unsafe.Pointer
	nslots int
	mark   arenaMark
}

func (m *Machine) push(f *ir.Func) *frame {
	if len(m.calls) >= m.opt.MaxDepth {
		m.trap(ir.TrapOverflow, "calls nested too deeply")
	}
	m.calls = append(m.calls, callSite{fn: f})
	fr := &frame{m: m}
	fr.enter(m.codeOf(f))
	return fr
}

func (fr *frame) enter(c *code) {
	m := fr.m
	fr.code, fr.nslots, fr.mark = c, len(m.slots), m.arena.mark()
	w, r := len(m.words), len(m.refs)
	m.words = append(m.words, c.words...)
	m.refs = append(m.refs, c.refs...)
	fr.words, fr.refs = m.words[w:], m.refs[r:]
	for i, size := range c.sizes {
		p := m.arena.take(size)
		m.slots = append(m.slots, region{uintptr(p), uintptr(p) + uintptr(size), false, nil})
		fr.words[c.stack[i]] = int64(uintptr(p))
	}
}

func (fr *frame) leave() {
	m := fr.m
	clear(fr.refs)
	m.words = m.words[:len(m.words)-len(fr.code.words)]
	m.refs = m.refs[:len(m.refs)-len(fr.code.refs)]
	m.slots = m.slots[:fr.nslots]
	m.arena.release(fr.mark)
	m.last = region{}
}

// get reads a slot as a number; a ref as its address.
func (fr *frame) get(s slot) int64 {
	if s >= 0 {
		return fr.words[s]
	}
	if s == noSlot {
		return 0
	}
	return int64(uintptr(fr.refs[^s]))
}

func (fr *frame) set(s slot, x int64) {
	if s >= 0 {
		fr.words[s] = x
	}
}

func (fr *frame) setRef(s slot, p unsafe.Pointer) {
	if s < 0 && s != noSlot {
		fr.refs[^s] = p
	}
}

func (fr *frame) setVal(s slot, v Val) {
	if v.Type == ir.Ref {
		fr.setRef(s, v.Ref)
		return
	}
	fr.set(s, ir.SignExtend(v.Type, v.Bits))
}

func (fr *frame) val(s slot, t ir.Type) Val {
	if t == ir.Ref {
		return Val{Type: t, Ref: fr.refs[^s]}
	}
	return Val{Type: t, Bits: fr.words[s]}
}

func (fr *frame) vals(ss []slot, types func(int) ir.Type) []Val {
	out := make([]Val, len(ss))
	for i, s := range ss {
		out[i] = fr.val(s, types(i))
	}
	return out
}

// step accounts for a block.
func (fr *frame) step(in *inst) {
	m := fr.m
	m.Steps += int64(in.cost)
	if m.Steps > m.look {
		m.checkLimits()
	}
}

// lookEvery is the number of steps between looks at Interrupt: well below a millisecond.
const lookEvery = 1 << 14

// checkLimits ends the call if it may not go on.
func (m *Machine) checkLimits() {
	if m.Steps > m.limit {
		panic(failure{&ErrSteps{m.opt.MaxSteps}})
	}
	if m.Interrupt != nil {
		if err := m.Interrupt(); err != nil {
			panic(failure{err})
		}
	}
	m.look = min(m.limit, m.Steps+lookEvery)
}

// run executes the frame until its function returns, following tail calls.
func (m *Machine) run(fr *frame) []Val {
	pc := 0
	for {
		in := &fr.code.insts[pc]
		if in.cost != 0 {
			fr.step(in)
		}
		pc++
		if in.end == nil {
			if left, vals := fr.exec(in); left {
				return m.pop(fr, vals)
			}
			continue
		}
		m.calls[len(m.calls)-1].inst = in
		switch in.op {
		case ir.OpJump:
			pc = fr.take(&in.edges[0])
		case ir.OpBr:
			pc = fr.take(&in.edges[branch(fr.words[in.a])])
		case ir.OpSwitch:
			i, ok := in.cases[fr.words[in.a]]
			if !ok {
				i = len(in.edges) - 1
			}
			pc = fr.take(&in.edges[i])
		case ir.OpRet:
			return m.pop(fr, fr.vals(in.args, func(i int) ir.Type { return fr.code.fn.Sig.Results[i] }))
		case ir.OpTailcall:
			args := fr.vals(in.args, func(i int) ir.Type { return in.call.Sig.Params[i] })
			f := m.definition(in.call.Callee)
			if f.Linkage == ir.DeclaredGo {
				return m.pop(fr, m.invokeGo(f, args))
			}
			fr.leave()
			m.calls[len(m.calls)-1] = callSite{fn: f}
			fr.enter(m.codeOf(f))
			for i, s := range fr.code.params {
				fr.setVal(s, args[i])
			}
			pc = 0
		case ir.OpExit:
			return m.pop(fr, fr.exit(in, in.imm, in.args, in.end.Args, in.end.Aux))
		case ir.OpTrap:
			m.trap(ir.TrapCode(in.imm), "")
		default:
			m.trap(ir.TrapUnreachable, "")
		}
	}
}

func branch(c int64) int {
	if c != 0 {
		return 0
	}
	return 1
}

func (m *Machine) pop(fr *frame, vals []Val) []Val {
	fr.leave()
	m.calls = m.calls[:len(m.calls)-1]
	return vals
}

// take moves an edge's arguments to the target's parameters, all at once.
func (fr *frame) take(e *edge) int {
	if e.par {
		fr.takeParallel(e)
		return e.pc
	}
	for _, mv := range e.moves {
		if mv.to >= 0 {
			fr.words[mv.to] = fr.words[mv.from]
		} else {
			fr.refs[^mv.to] = fr.refs[^mv.from]
		}
	}
	return e.pc
}

func (fr *frame) takeParallel(e *edge) {
	words := make([]int64, len(e.moves))
	refs := make([]unsafe.Pointer, len(e.moves))
	for i, mv := range e.moves {
		if mv.to >= 0 {
			words[i] = fr.words[mv.from]
		} else {
			refs[i] = fr.refs[^mv.from]
		}
	}
	for i, mv := range e.moves {
		if mv.to >= 0 {
			fr.words[mv.to] = words[i]
		} else {
			fr.refs[^mv.to] = refs[i]
		}
	}
}

// exit leaves the frame: the handler's values are its function's results.
func (fr *frame) exit(in *inst, number int64, args []slot, vals []*ir.Value, aux any) []Val {
	e := &Exit{Number: number, Func: fr.code.fn, Aux: aux}
	e.Values = fr.vals(args, func(i int) ir.Type { return vals[i].Type })
	m := fr.m
	m.calls[len(m.calls)-1].inst = in
	if m.opt.OnExit == nil {
		panic(stop{e})
	}
	out, err := m.opt.OnExit(m, e)
	if err != nil {
		panic(failure{err})
	}
	return out
}

// exec executes an instruction. It returns true, with the function's results,
// if a guard left the function.
func (fr *frame) exec(in *inst) (bool, []Val) {
	switch in.op {
	case ir.OpAdd:
		fr.words[in.dst] = ir.SignExtend(in.t, fr.words[in.a]+fr.words[in.b])
	case ir.OpSub:
		fr.words[in.dst] = ir.SignExtend(in.t, fr.words[in.a]-fr.words[in.b])
	case ir.OpAddrof:
		fr.addrof(in)
	case ir.OpLoad, ir.OpStore, ir.OpMemmove, ir.OpMemzero:
		fr.at(in)
		fr.memory(in)
	case ir.OpSelect:
		fr.choose(in)
	case ir.OpAlloc:
		fr.at(in)
		fr.setRef(in.dst, fr.m.alloc(in.val.Aux.(*ir.TypeDesc), 1, false))
	case ir.OpAllocarray:
		fr.at(in)
		fr.setRef(in.dst, fr.m.alloc(in.val.Aux.(*ir.TypeDesc), fr.words[in.a], true))
	case ir.OpCall:
		fr.call(in, in.call.Callee, in.args)
	case ir.OpIcall:
		fr.icall(in)
	case ir.OpGuard:
		if int8(fr.words[in.a]) == 0 {
			return true, fr.exit(in, in.imm, in.args[1:], in.val.Args[1:], in.val.Aux)
		}
	case ir.OpPoll:
	default:
		fr.pure(in)
	}
	return false, nil
}

func (fr *frame) at(in *inst) { fr.m.calls[len(fr.m.calls)-1].inst = in }

func (fr *frame) pure(in *inst) {
	r, r1, ok := ir.Eval(in.op, in.t, in.from, fr.get(in.a), fr.get(in.b), fr.get(in.c))
	if !ok {
		fr.at(in)
		fr.m.trap(ir.TrapDivide, "")
	}
	fr.set(in.dst, r)
	if in.dst2 != noSlot {
		fr.set(in.dst2, r1)
	}
}

func (fr *frame) addrof(in *inst) {
	if in.t == ir.Ref {
		fr.setRef(in.dst, unsafe.Add(fr.refs[^in.a], fr.words[in.b]+in.imm))
		return
	}
	fr.words[in.dst] = fr.words[in.a] + fr.words[in.b] + in.imm
}

func (fr *frame) choose(in *inst) {
	s := in.c
	if int8(fr.words[in.a]) != 0 {
		s = in.b
	}
	if in.t == ir.Ref {
		fr.refs[^in.dst] = fr.refs[^s]
		return
	}
	fr.words[in.dst] = fr.words[s]
}

// address returns the checked address of size bytes at a base's slot plus off.
func (fr *frame) address(base slot, off int64, t ir.Type, size uintptr, write bool) unsafe.Pointer {
	m := fr.m
	if base < 0 {
		p := fr.refs[^base]
		if uintptr(p) < 4096 {
			m.trap(ir.TrapNil, "")
		}
		if m.opt.CheckRefs {
			m.checkRef(p, off, t, size)
		}
		return unsafe.Add(p, off)
	}
	b := uintptr(fr.words[base])
	if b < 4096 {
		m.trap(ir.TrapNil, "")
	}
	a := b + uintptr(off)
	if a < m.last.start || a >= m.last.end {
		m.last, _ = m.find(a)
	}
	if r := m.last; size > 0 && (a < r.start || a >= r.end || size > r.end-a) {
		m.trap(ir.TrapMemory, fmt.Sprintf("%d bytes at %#x", size, a))
	} else if write && r.readonly && size > 0 {
		m.trap(ir.TrapMemory, "write to a const global")
	}
	return pointer(a)
}

func (fr *frame) memory(in *inst) {
	switch in.op {
	case ir.OpLoad:
		fr.load(in, fr.address(in.a, in.imm, in.t, uintptr(in.t.Size()), false))
	case ir.OpStore:
		fr.store(in, fr.address(in.a, in.imm, in.t, uintptr(in.t.Size()), true))
	case ir.OpMemmove:
		if n := uintptr(fr.words[in.c]); n > 0 {
			dst := fr.address(in.a, 0, ir.I8, n, true)
			src := fr.address(in.b, 0, ir.I8, n, false)
			copy(unsafe.Slice((*byte)(dst), n), unsafe.Slice((*byte)(src), n))
		}
	case ir.OpMemzero:
		if n := uintptr(fr.words[in.b]); n > 0 {
			clear(unsafe.Slice((*byte)(fr.address(in.a, 0, ir.I8, n, true)), n))
		}
	}
}

func (fr *frame) load(in *inst, p unsafe.Pointer) {
	switch in.t {
	case ir.I8:
		fr.words[in.dst] = int64(*(*int8)(p))
	case ir.I16:
		fr.words[in.dst] = int64(*(*int16)(p))
	case ir.I32:
		fr.words[in.dst] = int64(*(*int32)(p))
	case ir.F32:
		fr.words[in.dst] = int64(*(*uint32)(p))
	case ir.Ref:
		fr.refs[^in.dst] = *(*unsafe.Pointer)(p)
	default:
		fr.words[in.dst] = *(*int64)(p)
	}
}

func (fr *frame) store(in *inst, p unsafe.Pointer) {
	switch in.t {
	case ir.I8:
		*(*int8)(p) = int8(fr.words[in.b])
	case ir.I16:
		*(*int16)(p) = int16(fr.words[in.b])
	case ir.I32, ir.F32:
		*(*int32)(p) = int32(fr.words[in.b])
	case ir.Ref:
		*(*unsafe.Pointer)(p) = fr.refs[^in.b]
	default:
		*(*int64)(p) = fr.words[in.b]
	}
}

func (fr *frame) icall(in *inst) {
	i := uint64(fr.words[in.a]) - entryBase
	if i%16 != 0 || i/16 >= uint64(len(fr.m.entries)) {
		fr.at(in)
		fr.m.trap(ir.TrapMemory, "icall of what is no function")
	}
	f := fr.m.entries[i/16]
	if !f.Sig.Equal(in.call.Sig) {
		fr.at(in)
		fr.m.trap(ir.TrapMemory, "icall of @"+f.Name+" with signature "+in.call.Sig.String())
	}
	fr.call(in, f, in.args[1:])
}

func (fr *frame) call(in *inst, f *ir.Func, args []slot) {
	m := fr.m
	fr.at(in)
	vals := fr.vals(args, func(i int) ir.Type { return in.call.Sig.Params[i] })
	w, r := len(m.words), len(m.refs)
	out := m.invoke(f, vals)
	// The callee may have moved the machine's stacks.
	fr.words, fr.refs = m.words[w-len(fr.code.words):w], m.refs[r-len(fr.code.refs):r]
	for i, s := range in.results {
		if s != noSlot && i < len(out) {
			fr.setVal(s, out[i])
		}
	}
}

// invokeGo calls a Go function with its words and refs in order.
func (m *Machine) invokeGo(f *ir.Func, args []Val) []Val {
	if m.opt.Go == nil {
		panic(failure{fmt.Errorf("function @%s of Go is not supplied", f.Name)})
	}
	fn := m.opt.Go(f.Name)
	if fn == nil {
		panic(failure{fmt.Errorf("function @%s of Go is not supplied", f.Name)})
	}
	n := max(len(f.Sig.Params), len(f.Sig.Results))
	words, refs := make([]uint64, n), make([]unsafe.Pointer, n)
	nw, nr := 0, 0
	for _, a := range args {
		if a.Type == ir.Ref {
			refs[nr] = a.Ref
			nr++
		} else {
			words[nw] = uint64(a.Bits)
			nw++
		}
	}
	fn(words, refs)
	out := make([]Val, len(f.Sig.Results))
	nw, nr = 0, 0
	for i, t := range f.Sig.Results {
		if t == ir.Ref {
			out[i] = Ref(refs[nr])
			nr++
		} else {
			out[i] = Int(t, int64(words[nw]))
			nw++
		}
	}
	return out
}
