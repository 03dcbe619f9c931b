package interp

import (
	"martlet/python/internal/code"
	"martlet/python/object"
)

// Tracing: sys.settrace and sys.setprofile.
//
// The loop has no test for it. While a thread traces, its Thread.T.Limit is negative, so that each call and each resumption of a
// generator takes the path of too deep a recursion, which finds that it is not and reports the call. A frame that is to
// report more than that runs other code: code.Traced, where a trace instruction stands before each instruction. Its Code shares constants
// and caches with the code it was made of (Code.plain). A frame may change over where the loop loads its code anew (Frame.redo): entry i of the plain
// code is entry 2*i+1 of the other. It never changes back; trace instructions do nothing when nobody traces.
//
// What ends a frame is reported by the trace instruction before it (return, yield) or when the exception unwinds it.

// arm sets the limit that calls are checked against.
func (th *Thread) arm() {
	th.T.Limit = th.limit
	if th.traces() {
		th.T.Limit = -1
	}
}

// traces says whether events are reported: a trace function itself is not traced.
func (th *Thread) traces() bool {
	return th.tracing == 0 && (th.trace.Ref != nil || th.prof.Ref != nil)
}

// SetLimit is sys.setrecursionlimit.
func (th *Thread) setLimit(n int) {
	th.limit = n
	th.arm()
}

func (th *Thread) setTrace(fn Value) {
	th.trace = noneIsNil(fn)
	th.arm()
}

// setProfile also makes the running frames report their returns.
func (th *Thread) setProfile(fn Value) {
	th.prof = noneIsNil(fn)
	th.arm()
	if th.prof.Ref != nil {
		for f := th.current(); f != nil; f = f.back() {
			th.wantTrace(f)
		}
	}
}

func noneIsNil(v Value) Value {
	if v.IsNone() {
		return Value{}
	}
	return v
}

// deep is where entering nf ends that passed the limit: an error, or the report of a call.
//
//martlet:opaque
func (th *Thread) deep(nf *Frame) (*Frame, *Exception) {
	if th.T.Depth > th.limit {
		return nil, th.tooDeep(nf)
	}
	if nf.prev.redo && nf.kind&retMask != retEntry {
		nf.prev.changeOver()
	}
	th.cur = nf
	if e := th.traceCall(nf); e != nil {
		th.addTraceback(nf, e)
		th.T.Depth--
		th.leave(nf)
		th.cur = nf.prev
		return nil, e
	}
	return nf, nil
}

// traceCall reports that f begins or goes on, and changes it over if more is to be reported.
func (th *Thread) traceCall(f *Frame) *Exception {
	f.last = -1
	if th.prof.Ref != nil {
		if e := th.profile(f, "call", object.None); e != nil {
			return e
		}
	}
	if th.trace.Ref != nil {
		if e := th.fire(f, th.trace, "call", object.None); e != nil {
			return e
		}
	}
	if f.tracer.Ref != nil || th.prof.Ref != nil {
		f.instrument(false)
	}
	return nil
}

// fire calls a trace function; what it returns becomes the frame's. An error ends the tracing.
func (th *Thread) fire(f *Frame, fn Value, event string, arg Value) *Exception {
	r, e := th.report(f, fn, event, arg)
	if e != nil {
		th.setTrace(object.None)
		f.tracer = Value{}
		return e
	}
	if !r.IsNone() {
		f.tracer = r
	}
	return nil
}

// profile calls the profile function.
func (th *Thread) profile(f *Frame, event string, arg Value) *Exception {
	_, e := th.report(f, th.prof, event, arg)
	if e != nil {
		th.setProfile(object.None)
	}
	return e
}

func (th *Thread) report(f *Frame, fn Value, event string, arg Value) (Value, *Exception) {
	outer := th.event
	th.event = event
	th.tracing++
	th.arm()
	r, e := object.Call(th.T, fn, f.capture(), object.Obj(th.T.Intern(event)), arg)
	th.tracing--
	th.arm()
	th.event = outer
	return r, e
}

// instrument changes f over to code with trace instructions. waiting says that f is suspended in an instruction yieldfrom, which is to
// be run again.
func (f *Frame) instrument(waiting bool) {
	if f.done || f.code.plain != nil {
		return
	}
	k := f.code.instrumented()
	if k == nil {
		return
	}
	f.last = f.pc - 1
	f.pc *= 2
	if waiting {
		f.last++
		f.pc++
	}
	f.code = k
}

// wantTrace changes f over as soon as that can be: at once if the loop will load f's code anew before it goes on with f (f is suspended, or
// waits for a frame that it pushed), else at f's next call.
func (th *Thread) wantTrace(f *Frame) {
	if f.done || f.code.plain != nil {
		return
	}
	if f.gen != nil && !f.gen.running {
		f.instrument(isYieldFrom(f))
		return
	}
	for g := th.cur; g != &th.root; g = g.prev {
		if g.prev == f && g.kind&retMask != retEntry {
			f.instrument(false)
			return
		}
	}
	f.redo = true
}

// changeOver is called where the loop loads f's code anew.
//
//martlet:opaque
func (f *Frame) changeOver() {
	f.redo = false
	f.instrument(false)
}

// instrumented gives the code with trace instructions, nil if there can be none.
func (k *Code) instrumented() *Code {
	if k.traced == nil {
		c := k.C.Traced()
		if c == nil {
			return nil
		}
		t := *k
		t.C, t.plain = c, k
		t.link()
		t.hot.Set(1<<31 - 1)
		k.traced = &t
	}
	return k.traced
}

// visible is the code as Python sees it.
func (k *Code) visible() *Code {
	if k.plain != nil {
		return k.plain
	}
	return k
}

// lasti is the index of the instruction that f is at in the visible code.
func (f *Frame) lasti() int {
	if f.code.plain != nil {
		return (f.pc - 1) >> 1
	}
	return f.pc - 1
}

// traceStep is the trace instruction: it reports what the instruction that follows begins or ends.
//
//martlet:opaque
func (th *Thread) traceStep(f *Frame) *Exception {
	if f.code.plain == nil {
		return nil
	}
	i, prev, pc := (f.pc-1)/2, f.last, f.pc
	f.last = i
	if !th.traces() {
		return nil
	}
	c := f.code.plain.C
	if prev >= 0 && f.tracer.Ref != nil {
		if e := th.traceStop(f, c.Instrs[prev], i == prev+1); e != nil {
			return e
		}
	}
	if th.trace.Ref != nil && f.tracer.Ref != nil {
		if !f.noLines && startsLine(c, i, prev) {
			if e := th.fire(f, f.tracer, "line", object.None); e != nil {
				return e
			}
		}
		if f.opcodes && f.pc == pc && f.tracer.Ref != nil && th.trace.Ref != nil {
			if e := th.fire(f, f.tracer, "opcode", object.None); e != nil {
				return e
			}
		}
	}
	switch ins := c.Instrs[f.last]; ins.Op() { // the trace function may have gone elsewhere
	case code.OpRet:
		return th.traceReturn(f, *f.reg(ins.A()))
	case code.OpRetnone:
		return th.traceReturn(f, object.None)
	case code.OpYield:
		return th.traceReturn(f, *f.reg(ins.B()))
	}
	return nil
}

// traceStop reports a StopIteration that instruction ins of f swallowed: the end of a generator that f delegated to, or that of an iterator
// written in Python when the loop over it ended (next: the instruction after ins follows).
func (th *Thread) traceStop(f *Frame, ins code.Instr, next bool) *Exception {
	result := object.None
	switch ins.Op() {
	case code.OpYieldfrom:
		if tp := f.reg(ins.B()).Type(); tp != &GeneratorType && tp != &CoroutineType {
			return nil
		}
		result = *f.reg(ins.A())
	case code.OpFornext:
		if !next || f.reg(ins.B()).Type().Flags&object.FHeap == 0 {
			return nil
		}
	default:
		return nil
	}
	f.pc-- // still at that instruction
	e := th.fire(f, f.tracer, "exception", excTriple(object.StopIterationOf(th.T, result)))
	f.pc++
	return e
}

// startsLine says whether going from instruction prev to instruction i begins a line: another line, or a further round of a loop.
func startsLine(c *code.Code, i, prev int) bool {
	line := c.Positions[i].Line
	if line <= 0 {
		return false
	}
	if prev < 0 || prev >= len(c.Positions) || c.Positions[prev].Line != line {
		return true
	}
	if ins := c.Instrs[i]; ins.Op() == code.OpFornext {
		body, _ := ins.Target(i)
		return prev >= body
	}
	return c.Instrs[prev].Op() == code.OpLoop && prev >= i
}

// traceReturn reports that f returns or yields v.
//
//martlet:opaque
func (th *Thread) traceReturn(f *Frame, v Value) *Exception {
	if !th.traces() {
		return nil
	}
	if th.prof.Ref != nil {
		if e := th.profile(f, "return", v); e != nil {
			return e
		}
	}
	if th.trace.Ref != nil && f.tracer.Ref != nil {
		return th.fire(f, f.tracer, "return", v)
	}
	return nil
}

// traceException reports an exception that reached f; it gives the exception to go on with.
//
//martlet:opaque
func (th *Thread) traceException(f *Frame, err *Exception) *Exception {
	if th.trace.Ref == nil || f.tracer.Ref == nil {
		return err
	}
	if e := th.fire(f, f.tracer, "exception", excTriple(err)); e != nil {
		return e
	}
	return err
}

// traceUnwind reports that an exception ends f; it gives the exception to go on with.
//
//martlet:opaque
func (th *Thread) traceUnwind(f *Frame, err *Exception) *Exception {
	if e := th.traceReturn(f, object.None); e != nil {
		th.addTraceback(f, e)
		return e
	}
	return err
}

// profiled calls a built-in function and reports it.
//
//martlet:opaque
func (th *Thread) profiled(f *Frame, callee Value, args []Value, kwnames []*Str) (Value, *Exception) {
	shown := callee
	tp := callee.Type()
	if tp == &object.MethodDescrType && len(args) > len(kwnames) {
		v, e := tp.Slots.DescrGet(th.T, callee, args[0], args[0].Type())
		if e != nil {
			return Value{}, e
		}
		shown = v
	} else if tp != &object.BuiltinFunctionType {
		return tp.Slots.Call(th.T, callee, args, kwnames)
	}
	if e := th.profile(f, "c_call", shown); e != nil {
		return Value{}, e
	}
	r, err := tp.Slots.Call(th.T, callee, args, kwnames)
	event := "c_return"
	if err != nil {
		event = "c_exception"
	}
	if th.tracing == 0 && th.prof.Ref != nil {
		if e := th.profile(f, event, shown); e != nil {
			return Value{}, e
		}
	}
	return r, err
}

// setLine sets f_lineno: a jump, which only a trace function may ask for.
func setLine(t *object.Thread, v, val Value) *Exception {
	th, f := of(t), object.As[Frame](v)
	switch {
	case val.Ref == nil:
		return object.Errorf(t, &object.AttributeErrorType, "cannot delete attribute")
	case val.Type() != &object.IntType:
		return object.ValueErrorf(t, "lineno must be an integer")
	case th.tracing == 0 || f.code.plain == nil && th.event != "call":
		return object.ValueErrorf(t, "f_lineno can only be set in a trace function")
	case th.event == "call" && f.pc == 0:
		return object.ValueErrorf(t, "can't jump from the 'call' trace event of a new frame")
	case th.event != "line" && th.event != "opcode":
		return object.ValueErrorf(t, "can only jump from a 'line' trace event")
	}
	line, e := object.ToInt(t, val)
	if e != nil {
		return e
	}
	c := f.code.plain.C
	if line < int(c.FirstLine) {
		return object.ValueErrorf(t, "line %d comes before the current code block", line)
	}
	ways, problem := c.FindJump(f.lasti(), line)
	if problem == "after" {
		return object.ValueErrorf(t, "line %d comes after the current code block", line)
	}
	for _, j := range ways {
		if f.has(j.Temps) {
			return th.jump(f, j)
		}
	}
	if len(ways) > 0 {
		problem = "incompatible stacks"
	}
	return object.ValueErrorf(t, "%s", problem)
}

// has says whether registers are bound.
func (f *Frame) has(regs []int) bool {
	for _, r := range regs {
		if f.reg(r).Ref == nil {
			return false
		}
	}
	return true
}

// jump makes f go on elsewhere. Local variables that have no value there get None.
func (th *Thread) jump(f *Frame, j code.Jump) *Exception {
	c, n := f.code.plain.C, 0
	for i := range c.NLocals() {
		if f.reg(i).Ref == nil && !f.inCell(i) {
			n++
		}
	}
	if n > 0 {
		e := object.Warn(th.T, &object.RuntimeWarningType, "assigning None to "+object.IntString(object.Int(int64(n)))+" unbound local"+ess(n))
		if e != nil {
			return e
		}
	}
	for i := range c.NLocals() {
		if f.reg(i).Ref == nil && !f.inCell(i) {
			*f.reg(i) = object.None
		}
	}
	if j.Handled >= 0 {
		th.popExc(*f.reg(j.Handled))
	}
	f.pc, f.last = 2*j.PC+1, j.PC
	return nil
}

// inCell says whether argument i lives in a cell instead.
func (f *Frame) inCell(i int) bool {
	for _, a := range f.code.C.CellArgs {
		if int(a) == i {
			return true
		}
	}
	return false
}
