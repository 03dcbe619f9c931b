package interp

import (
	"unsafe"

	"martlet/python/internal/code"
	"martlet/python/object"
)

// Types of suspended functions.
var (
	GeneratorType object.Type
	CoroutineType object.Type
	CoroWrapType  object.Type // what coroutine.__await__ gives
	AsyncGenType  object.Type
)

// Generator is a generator, coroutine or asynchronous generator: a frame with registers of its own.
type Generator struct {
	object.Object
	frame   *Frame // nil when finished
	fn      *Function
	name    *Str
	qual    *Str
	sendReg int
	started bool
	running bool
	handled *Exception // exception being handled inside, while suspended
	outer   *Exception // exception being handled by whoever resumed it
	ag      *asyncState
	origin  Value
	inner   *Generator // where the state is, if not here
}

// genOf gives the state of a generator. That of one which has something to close when it dies is apart: its frame does not lead to the
// object that Python sees.
func genOf(v Value) *Generator {
	g := object.As[Generator](v)
	if g.inner != nil {
		return g.inner
	}
	return g
}

// Over and Finalise make a generator's state what remains of it (object.Remains).
func (g *Generator) Over() bool { return g.frame == nil }

// Finalise closes the generator.
func (g *Generator) Finalise(t *object.Thread, alive Value) bool {
	if g.running {
		return false
	}
	if _, e := of(t).closeGen(g); e != nil {
		unraisable(t, e, "Exception ignored in", object.Obj(g))
	}
	return true
}

// makeGenerator binds the arguments of a generator function into a frame of its own.
func (th *Thread) makeGenerator(fn *Function, args []Value, kwnames []*Str) (Value, *Exception) {
	c := fn.code
	if e := th.T.Charge(c.nregs*valueSize + int(unsafe.Sizeof(Frame{})) + int(unsafe.Sizeof(Generator{}))); e != nil {
		return Value{}, e
	}
	regs := ownRegisters(c)
	if e := th.bind(fn, args, kwnames, regs[:c.nargs]); e != nil {
		return Value{}, e
	}
	g := &Generator{fn: fn, name: fn.name, qual: fn.qual}
	switch {
	case c.C.Flags&code.AsyncGenerator != 0:
		g.Shape = &AsyncGenType.Root
		g.ag = &asyncState{}
	case c.C.Flags&code.Coroutine != 0:
		g.Shape = &CoroutineType.Root
	default:
		g.Shape = &GeneratorType.Root
	}
	g.frame = &Frame{Object: object.Object{Shape: &FrameType.Root}, base: unsafe.Pointer(&regs[0]), code: c, fn: fn, gen: g}
	if c.ncells > 0 {
		g.frame.makeCells()
	}
	if !c.closes {
		return object.Obj(g), nil
	}
	v := object.Obj(&Generator{Object: g.Object, inner: g})
	th.T.Interp.WhenDead(v, g)
	return v, nil
}

// kindName is what messages call it.
func (g *Generator) kindName() string {
	switch g.Shape.Type {
	case &CoroutineType:
		return "coroutine"
	case &AsyncGenType:
		return "async generator"
	}
	return "generator"
}

// resume links the frame in behind the current one; v goes to where it waits.
func (th *Thread) resume(g *Generator, kind retKind, dst int, v Value) (*Frame, *Exception) {
	f, cur := g.frame, th.cur
	f.kind = f.kind&retEscaped | kind
	f.prev, f.dst, f.top = cur, dst, cur.top
	if g.started {
		if v.Ref != nil {
			object.Set(f.reg(g.sendReg), v)
		}
	}
	g.started, g.running = true, true
	g.outer = th.T.Handled
	if g.handled != nil {
		th.T.Handled = g.handled
	}
	th.T.Depth++
	if th.T.Depth > th.T.Limit {
		return th.resumeDeep(g, f)
	}
	th.cur = f
	return f, nil
}

// resumeDeep is where the resumption of g ends that passed the limit: an error, or the report of a call.
//
//martlet:opaque
func (th *Thread) resumeDeep(g *Generator, f *Frame) (*Frame, *Exception) {
	if th.T.Depth > th.limit {
		th.T.Depth--
		g.running = false
		th.T.Handled = g.outer
		return nil, object.NewException(th.T, &object.RecursionErrorType, object.StrVal("maximum recursion depth exceeded"))
	}
	f.instrument(isYieldFrom(f))
	last := f.last
	th.cur = f
	e := th.traceCall(f)
	f.last = last
	if e == nil {
		return f, nil
	}
	th.addTraceback(f, e)
	th.T.Depth--
	th.genDone(g)
	prev := f.prev
	th.leave(f)
	th.cur = prev
	return nil, e
}

// suspend unlinks a frame that yields.
func (th *Thread) suspend(f *Frame) {
	g := f.gen
	g.running = false
	g.handled = nil
	if th.T.Handled != g.outer {
		g.handled = th.T.Handled
	}
	th.T.Handled = g.outer
	g.outer = nil
	th.T.Depth--
	th.cur = f.prev
}

// genDone marks a generator finished.
func (th *Thread) genDone(g *Generator) {
	g.running = false
	g.frame = nil
	th.T.Handled = g.outer
	g.outer, g.handled = nil, nil
}

// genError is the rule that StopIteration must not leave a generator's frame.
//
//martlet:opaque
func (th *Thread) genError(g *Generator, err *Exception) *Exception {
	bad := err.IsA(&object.StopIterationType)
	name := "StopIteration"
	if g.ag != nil && err.IsA(&object.StopAsyncIterationType) {
		bad, name = true, "StopAsyncIteration"
	}
	if !bad {
		return err
	}
	n := object.RuntimeErrorf(th.T, "%s raised %s", g.kindName(), name)
	n.Cause, n.Context, n.Suppress = err, err, true
	return n
}

// yielded hands a yielded value to whoever advanced the generator; out is true when run returns to Go with it. chained says that f
// yields what it delegates to yielded: no trace instruction has reported it.
func (th *Thread) yielded(f *Frame, v Value, chained bool) (next *Frame, out bool, err *Exception) {
	for {
		prev := f.prev
		kind, dst, jump := f.kind&retMask, f.dst, f.jump
		if chained && f.code.plain != nil {
			if err := th.traceReturn(f, v); err != nil {
				return f, false, err
			}
		}
		th.suspend(f)
		f.prev = nil
		switch kind {
		case retEntry:
			return f, true, nil
		case retForNext:
			object.Set(prev.reg(dst), v)
			prev.pc += jump
			return prev, false, nil
		}
		chained = true
		// The previous frame delegates to this one: it stays at its yieldfrom and yields the value in its turn.
		prev.pc--
		prev.gen.sendReg = dst
		f = prev
	}
}

func (th *Thread) forNextGen(f *Frame, g *Generator, ins uint64) (*Frame, *Exception) {
	if g.running {
		return nil, object.ValueErrorf(th.T, "generator already executing")
	}
	if g.frame == nil {
		return nil, nil
	}
	nf, e := th.resume(g, retForNext, int(uint16(ins>>8)), object.None)
	if e == nil {
		nf.jump = int(int16(ins >> 40))
	}
	return nf, e
}

// sendFrom is instruction yieldfrom: sends register a to the object in register b.
func (th *Thread) sendFrom(f *Frame, ins uint64) (Value, *Frame, object.SendResult, *Exception) {
	it, v := *rb(f.base, ins), *ra(f.base, ins)
	tp := it.Type()
	if tp == &GeneratorType || tp == &CoroutineType {
		g := genOf(it)
		if g.frame != nil && !g.running && (g.started || v.IsNone()) {
			nf, e := th.resume(g, retSend, int(uint16(ins>>8)), v)
			if e != nil {
				return Value{}, nil, object.SendRaised, e
			}
			return Value{}, nf, 0, nil
		}
	}
	r, st, e := send(th.T, it, v)
	return r, nil, st, e
}

// send is PyIter_Send: advances any iterator with a value.
func send(t *object.Thread, it, v Value) (Value, object.SendResult, *Exception) {
	if s := it.Type().Slots.Send; s != nil {
		return s(t, it, v)
	}
	var r Value
	var e *Exception
	if v.IsNone() && it.Type().Slots.Next != nil {
		t.TakeStop()
		r, e = it.Type().Slots.Next(t, it)
		if e == nil && r.Ref == nil {
			return t.TakeStop(), object.SendReturned, nil
		}
	} else {
		r, e = object.CallMethod(t, it, object.N.Send, v)
	}
	if e != nil {
		if e.IsA(&object.StopIterationType) {
			return e.Field(object.StopValue), object.SendReturned, nil
		}
		return Value{}, object.SendRaised, e
	}
	return r, object.SendYielded, nil
}

// genSend is the Send slot.
func genSend(t *object.Thread, self, v Value) (Value, object.SendResult, *Exception) {
	g := genOf(self)
	return of(t).advance(g, v, nil)
}

// advance resumes g with a value or, if inject is set, an exception, and runs until it yields or ends.
func (th *Thread) advance(g *Generator, v Value, inject *Exception) (Value, object.SendResult, *Exception) {
	t := th.T
	switch {
	case g.running:
		return Value{}, object.SendRaised, object.ValueErrorf(t, "%s already executing", g.kindName())
	case g.frame == nil:
		if inject != nil {
			return Value{}, object.SendRaised, inject
		}
		if g.Shape.Type == &CoroutineType {
			return Value{}, object.SendRaised, object.RuntimeErrorf(t, "cannot reuse already awaited coroutine")
		}
		return object.None, object.SendReturned, nil
	case !g.started && inject == nil && !v.IsNone():
		return Value{}, object.SendRaised, object.TypeErrorf(t, "can't send non-None value to a just-started %s", g.kindName())
	}
	if inject != nil && !g.started {
		return Value{}, object.SendRaised, th.failUnstarted(g, inject)
	}
	if e := t.Enter(""); e != nil {
		return Value{}, object.SendRaised, e
	}
	defer t.Leave()
	if inject != nil {
		v = Value{}
	}
	f, e := th.resume(g, retEntry, 0, v)
	if e != nil {
		return Value{}, object.SendRaised, e
	}
	if inject != nil {
		if f.pc == 0 || isYieldFrom(f) {
			f.pc++ // the position of the instruction it waits at
		}
		if g.handled != nil { // not what the caller handles
			th.setContext(inject)
		}
		th.pushTraceback(f, inject)
		if th.T.Limit < 0 { // traced
			inject = th.traceException(f, inject)
		}
		inject.NoTrace = true
	}
	r, e := th.run(f, inject)
	switch {
	case e != nil:
		return Value{}, object.SendRaised, e
	case g.frame == nil:
		return r, object.SendReturned, nil
	}
	return r, object.SendYielded, nil
}

// failUnstarted ends a generator by an exception before its first instruction: no handler of its body sees it.
func (th *Thread) failUnstarted(g *Generator, err *Exception) *Exception {
	f := g.frame
	f.capture()
	err.TB = &object.Traceback{Object: object.Object{Shape: &object.TracebackType.Root}, Next: err.TB, Frame: object.Obj(f), LastI: 1,
		Lineno: int(f.code.C.FirstLine)}
	f.done, g.started, g.frame = true, true, nil
	return err
}

func isYieldFrom(f *Frame) bool {
	return f.pc < len(f.code.C.Instrs) && f.code.C.Instrs[f.pc].Op() == code.OpYieldfrom
}

// delegate is the object a suspended generator delegates to, or nil Ref.
func (g *Generator) delegate() Value {
	f := g.frame
	if f == nil || g.running || !g.started || !isYieldFrom(f) {
		return Value{}
	}
	return *f.reg(f.code.C.Instrs[f.pc].B())
}

func genNext(t *object.Thread, self Value) (Value, *Exception) {
	r, st, e := genSend(t, self, object.None)
	switch st {
	case object.SendYielded:
		return r, nil
	case object.SendReturned:
		if !r.IsNone() {
			t.SetStop(r)
		}
		return Value{}, nil
	}
	return Value{}, e
}

// result turns how a send ended into what a method returns.
func sendResult(t *object.Thread, r Value, st object.SendResult, e *Exception) (Value, *Exception) {
	switch st {
	case object.SendYielded:
		return r, nil
	case object.SendReturned:
		return Value{}, object.StopIterationOf(t, r)
	}
	return Value{}, e
}

func genSendMethod(t *object.Thread, a []Value) (Value, *Exception) {
	r, st, e := genSend(t, a[0], a[1])
	return sendResult(t, r, st, e)
}

// throwArgs makes the exception of throw(type, value, tb).
func throwArgs(t *object.Thread, method string, typ, val, tb Value) (*Exception, *Exception) {
	th := of(t)
	if val.Ref != nil || tb.Ref != nil {
		if e := object.Warn(t, &object.DeprecationWarningType, "the (type, exc, tb) signature of "+method+"() is deprecated, use the single-arg signature instead."); e != nil {
			return nil, e
		}
	}
	if tb.Ref != nil && !tb.IsNone() && tb.Type() != &object.TracebackType {
		return nil, object.TypeErrorf(t, "throw() third argument must be a traceback object")
	}
	var e *Exception
	switch {
	case typ.Type().Flags&object.FType != 0 && object.As[Type](typ).Flags&object.FException != 0:
		var r Value
		var err *Exception
		switch {
		case val.Ref == nil || val.IsNone():
			r, err = object.Call(t, typ)
		case val.Type().IsSubtype(object.As[Type](typ)):
			r = val
		case val.Type().Flags&object.FTuple != 0:
			r, err = object.CallKw(t, typ, object.As[object.Tuple](val).Items, nil)
		default:
			r, err = object.Call(t, typ, val)
		}
		if err != nil {
			return nil, err
		}
		if e, err = th.exceptionOf(r); err != nil {
			return nil, err
		}
	case typ.Type().Flags&object.FException != 0:
		if val.Ref != nil && !val.IsNone() {
			return nil, object.TypeErrorf(t, "instance exception may not have a separate value")
		}
		e = object.As[Exception](typ)
	default:
		return nil, object.TypeErrorf(t, "exceptions must be classes or instances deriving from BaseException, not %s", typ.Type().Name)
	}
	if tb.Ref != nil && !tb.IsNone() {
		e.TB = object.As[object.Traceback](tb)
	}
	return e, nil
}

// throwInto raises e inside g, or inside what it delegates to.
func (th *Thread) throwInto(g *Generator, e *Exception, closeOnExit bool) (Value, object.SendResult, *Exception) {
	t := th.T
	d := g.delegate()
	if d.Ref == nil {
		return th.advance(g, Value{}, e)
	}
	if e.IsA(&object.GeneratorExitType) && closeOnExit {
		g.running = true
		err := closeIter(t, d)
		g.running = false
		if err != nil {
			e = err
		}
		return th.advance(g, Value{}, e)
	}
	var r Value
	var st object.SendResult
	var err *Exception
	g.running = true
	if dt := d.Type(); dt == &GeneratorType || dt == &CoroutineType {
		r, st, err = th.throwInto(genOf(d), e, closeOnExit)
	} else {
		m, le := object.LookupAttr(t, d, object.N.Throw)
		switch {
		case le != nil:
			g.running = false
			return Value{}, object.SendRaised, le
		case m.Ref == nil:
			err = e
		default:
			r, err = object.Call(t, m, e.Value())
		}
		if err != nil {
			st = object.SendRaised
			if err.IsA(&object.StopIterationType) {
				r, st, err = err.Field(object.StopValue), object.SendReturned, nil
			}
		}
	}
	g.running = false
	switch st {
	case object.SendYielded:
		return r, st, nil
	case object.SendReturned:
		f := g.frame
		ins := f.code.C.Instrs[f.pc]
		f.pc++
		g.sendReg = ins.A()
		return th.advance(g, r, nil)
	}
	return th.advance(g, Value{}, err)
}

// closeIter closes what a generator delegates to.
func closeIter(t *object.Thread, d Value) *Exception {
	if tp := d.Type(); tp == &GeneratorType || tp == &CoroutineType {
		_, e := of(t).closeGen(genOf(d))
		return e
	}
	m, e := object.LookupAttr(t, d, object.N.Close)
	if e != nil || m.Ref == nil {
		return e
	}
	_, e = object.Call(t, m)
	return e
}

func genThrow(t *object.Thread, a []Value) (Value, *Exception) {
	e, err := throwArgs(t, "throw", a[1], a[2], a[3])
	if err != nil {
		return Value{}, err
	}
	r, st, e2 := of(t).throwInto(genOf(a[0]), e, true)
	return sendResult(t, r, st, e2)
}

func genClose(t *object.Thread, a []Value) (Value, *Exception) {
	return of(t).closeGen(genOf(a[0]))
}

func (th *Thread) closeGen(g *Generator) (Value, *Exception) {
	t := th.T
	if g.frame == nil {
		return object.None, nil
	}
	if g.running {
		return Value{}, object.ValueErrorf(t, "%s already executing", g.kindName())
	}
	if !g.started {
		g.frame = nil
		return object.None, nil
	}
	exit := object.NewException(t, &object.GeneratorExitType)
	if d := g.delegate(); d.Ref != nil {
		g.running = true
		e := closeIter(t, d)
		g.running = false
		if e != nil {
			exit = e
		}
	}
	r, st, e := th.advance(g, Value{}, exit)
	switch {
	case st == object.SendYielded:
		return Value{}, object.RuntimeErrorf(t, "%s ignored GeneratorExit", g.kindName())
	case st == object.SendReturned:
		return r, nil
	case e.IsA(&object.GeneratorExitType) || e.IsA(&object.StopIterationType):
		return object.None, nil
	}
	return Value{}, e
}

func genRepr(t *object.Thread, v Value) (Value, *Exception) {
	g := genOf(v)
	kind := g.kindName()
	if g.ag != nil {
		kind = "async_generator"
	}
	return object.StrVal("<" + kind + " object " + g.qual.S + " at " + object.Addr(v) + ">"), nil
}

func genGetSets(prefix string) []object.GetSet {
	get := func(f func(g *Generator) Value) object.UnaryFunc {
		return func(t *object.Thread, v Value) (Value, *Exception) { return f(genOf(v)), nil }
	}
	setName := func(what string, field func(g *Generator) **Str) func(t *object.Thread, v, val Value) *Exception {
		return func(t *object.Thread, v, val Value) *Exception {
			if val.Ref == nil || val.Type().Flags&object.FStr == 0 {
				return object.TypeErrorf(t, "%s must be set to a string object", what)
			}
			*field(genOf(v)) = object.As[Str](val)
			return nil
		}
	}
	deleg := "yieldfrom"
	if prefix != "gi" {
		deleg = "await"
	}
	return []object.GetSet{
		{Name: "__name__", Get: get(func(g *Generator) Value { return object.Obj(g.name) }), Set: setName("__name__", func(g *Generator) **Str { return &g.name })},
		{Name: "__qualname__", Get: get(func(g *Generator) Value { return object.Obj(g.qual) }), Set: setName("__qualname__", func(g *Generator) **Str { return &g.qual })},
		{Name: prefix + "_running", Get: get(func(g *Generator) Value { return object.Bool(g.running) })},
		{Name: prefix + "_suspended", Get: get(func(g *Generator) Value { return object.Bool(g.started && !g.running && g.frame != nil) })},
		{Name: prefix + "_code", Get: get(func(g *Generator) Value { return object.Obj(g.fn.code) })},
		{Name: prefix + "_frame", Get: get(func(g *Generator) Value {
			if g.frame == nil {
				return object.None
			}
			return g.frame.capture()
		})},
		{Name: prefix + "_" + deleg, Get: get(func(g *Generator) Value { return orNone(g.delegate()) })},
	}
}

const (
	throwSig = "throw(self, typ, val=<absent>, tb=<absent>, /)"
	sendSig  = "send(self, arg, /)"
	closeSig = "close(self, /)"
)

func iterSelf(t *object.Thread, v Value) (Value, *Exception) { return v, nil }

func init() {
	methods := []object.Method{{Sig: sendSig, Fn: genSendMethod}, {Sig: throwSig, Fn: genThrow}, {Sig: closeSig, Fn: genClose}}
	alias := object.Method{Sig: "__class_getitem__(type, item, /)", Kind: object.ClassMethod, Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
		return object.NewGenericAlias(a[0], a[1]), nil
	}}
	flags := object.FFinal | object.FNoNew
	object.Declare(&GeneratorType, object.Decl{Name: "generator", Flags: flags, Layout: object.LayoutOf[Generator](), Weak: true,
		Slots:   object.Slots{Iter: iterSelf, Next: genNext, Send: genSend, Repr: genRepr},
		Methods: append(methods[:3:3], alias), GetSets: genGetSets("gi")})
	object.Declare(&CoroutineType, object.Decl{Name: "coroutine", Flags: flags, Layout: object.LayoutOf[Generator](), Weak: true,
		Slots: object.Slots{Send: genSend, Repr: genRepr, Await: func(t *object.Thread, v Value) (Value, *Exception) {
			return object.Obj(&coroWrapper{object.Object{Shape: &CoroWrapType.Root}, v}), nil
		}},
		Methods: append(methods[:3:3], alias), GetSets: append(genGetSets("cr"), object.GetSet{Name: "cr_origin",
			Get: func(t *object.Thread, v Value) (Value, *Exception) {
				return orNone(genOf(v).origin), nil
			}})})
	inner := func(a []Value) []Value {
		b := append([]Value(nil), a...)
		b[0] = object.As[coroWrapper](a[0]).coro
		return b
	}
	object.Declare(&CoroWrapType, object.Decl{Name: "coroutine_wrapper", Flags: flags, Layout: object.LayoutOf[coroWrapper](),
		Slots: object.Slots{Iter: iterSelf, Next: func(t *object.Thread, v Value) (Value, *Exception) {
			return genNext(t, object.As[coroWrapper](v).coro)
		}, Send: func(t *object.Thread, v, arg Value) (Value, object.SendResult, *Exception) {
			return genSend(t, object.As[coroWrapper](v).coro, arg)
		}},
		Methods: []object.Method{
			{Sig: sendSig, Fn: func(t *object.Thread, a []Value) (Value, *Exception) { return genSendMethod(t, inner(a)) }},
			{Sig: throwSig, Fn: func(t *object.Thread, a []Value) (Value, *Exception) { return genThrow(t, inner(a)) }},
			{Sig: closeSig, Fn: func(t *object.Thread, a []Value) (Value, *Exception) { return genClose(t, inner(a)) }},
		}})
}

type coroWrapper struct {
	object.Object
	coro Value
}
