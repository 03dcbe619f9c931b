package interp

import "martlet/python/object"

// Asynchronous generators: asend, athrow and aclose give awaitables that drive the generator's frame. A value that the
// generator yields (as opposed to one that an inner await yields) is wrapped, so that the awaitable can tell them apart.

type asyncState struct {
	running bool // an asend/athrow/aclose is at work
	closed  bool
	hooked  bool
}

// asyncValue wraps a value yielded by an async generator.
type asyncValue struct {
	object.Object
	v Value
}

// asyncStep is the awaitable of one asend, athrow or aclose.
type asyncStep struct {
	object.Object
	g     *Generator
	kind  stepKind
	val   Value
	exc   *Exception
	state int // 0 new, 1 iterating, 2 closed
}

type stepKind uint8

const (
	stepSend stepKind = iota
	stepThrow
	stepClose
)

var asyncValueType, asyncSendType, asyncThrowType object.Type

func wrapAsync(v Value) Value {
	return object.Obj(&asyncValue{object.Object{Shape: &asyncValueType.Root}, v})
}

func newStep(g *Generator, kind stepKind, val Value, exc *Exception) Value {
	tp := &asyncSendType
	if kind != stepSend {
		tp = &asyncThrowType
	}
	return object.Obj(&asyncStep{Object: object.Object{Shape: &tp.Root}, g: g, kind: kind, val: val, exc: exc})
}

func (s *asyncStep) label() string {
	return [...]string{"anext(): asynchronous generator", "athrow(): asynchronous generator", "aclose(): asynchronous generator"}[s.kind]
}

func stepOf(v Value) *asyncStep { return object.As[asyncStep](v) }

// stepSendFn advances the awaitable.
func stepAdvance(t *object.Thread, self, arg Value) (Value, object.SendResult, *Exception) {
	s := stepOf(self)
	th := of(t)
	switch s.state {
	case 2:
		what := "__anext__()/asend()"
		if s.kind != stepSend {
			what = "aclose()/athrow()"
		}
		return Value{}, object.SendRaised, object.RuntimeErrorf(t, "cannot reuse already awaited %s", what)
	case 0:
		if s.g.ag.running {
			s.state = 2
			return Value{}, object.SendRaised, object.RuntimeErrorf(t, "%s is already running", s.label())
		}
		return s.start(th, arg)
	}
	r, st, e := th.advance(s.g, arg, nil)
	return s.end(t, r, st, e)
}

func (s *asyncStep) start(th *Thread, arg Value) (Value, object.SendResult, *Exception) {
	t := th.T
	g := s.g
	if s.kind != stepSend && g.frame == nil { // it has ended, however that was
		s.state = 2
		return object.None, object.SendReturned, nil
	}
	if s.kind != stepSend && g.ag.closed {
		s.state = 2
		return Value{}, object.SendRaised, object.NewException(t, &object.StopAsyncIterationType)
	}
	if s.kind != stepSend && !arg.IsNone() {
		return Value{}, object.SendRaised, object.RuntimeErrorf(t, "can't send non-None value to a just-started coroutine")
	}
	s.state = 1
	g.ag.running = true
	var r Value
	var st object.SendResult
	var e *Exception
	switch s.kind {
	case stepSend:
		v := s.val
		if !arg.IsNone() {
			v = arg
		}
		r, st, e = th.advance(g, v, nil)
	case stepThrow:
		r, st, e = th.throwInto(g, s.exc, false)
	default:
		g.ag.closed = true
		if g.frame == nil || !g.started {
			g.frame = nil
			g.ag.running = false
			s.state = 2
			return object.None, object.SendReturned, nil
		}
		r, st, e = th.throwInto(g, object.NewException(t, &object.GeneratorExitType), true)
	}
	return s.end(t, r, st, e)
}

// end interprets what the generator's frame did.
func (s *asyncStep) end(t *object.Thread, r Value, st object.SendResult, e *Exception) (Value, object.SendResult, *Exception) {
	g := s.g
	switch st {
	case object.SendYielded:
		if r.Type() != &asyncValueType {
			return r, st, nil // an inner await
		}
		s.state = 2
		g.ag.running = false
		if s.kind == stepClose {
			return Value{}, object.SendRaised, object.RuntimeErrorf(t, "async generator ignored GeneratorExit")
		}
		return object.As[asyncValue](r).v, object.SendReturned, nil
	case object.SendReturned:
		s.state = 2
		g.ag.running, g.ag.closed = false, true
		if s.kind == stepClose {
			return object.None, object.SendReturned, nil
		}
		return Value{}, object.SendRaised, object.NewException(t, &object.StopAsyncIterationType)
	}
	s.state = 2
	g.ag.running = false
	if g.frame == nil {
		g.ag.closed = true
	}
	if s.kind == stepClose && (e.IsA(&object.StopAsyncIterationType) || e.IsA(&object.GeneratorExitType)) {
		return object.None, object.SendReturned, nil
	}
	return Value{}, object.SendRaised, e
}

func stepNext(t *object.Thread, self Value) (Value, *Exception) {
	r, st, e := stepAdvance(t, self, object.None)
	if st == object.SendReturned {
		if !r.IsNone() {
			t.SetStop(r)
		}
		return Value{}, nil
	}
	return r, e
}

func stepSendMethod(t *object.Thread, a []Value) (Value, *Exception) {
	r, st, e := stepAdvance(t, a[0], a[1])
	return sendResult(t, r, st, e)
}

func stepThrowMethod(t *object.Thread, a []Value) (Value, *Exception) {
	s := stepOf(a[0])
	th := of(t)
	if s.state == 2 {
		return Value{}, object.RuntimeErrorf(t, "cannot reuse already awaited __anext__()/asend()")
	}
	exc, err := throwArgs(t, "throw", a[1], a[2], a[3])
	if err != nil {
		return Value{}, err
	}
	if s.state == 0 {
		if s.g.ag.running {
			s.state = 2
			return Value{}, object.RuntimeErrorf(t, "%s is already running", s.label())
		}
		s.state = 1
		s.g.ag.running = true
	}
	r, st, e := th.throwInto(s.g, exc, s.kind == stepClose)
	r, st, e = s.end(t, r, st, e)
	return sendResult(t, r, st, e)
}

func stepCloseMethod(t *object.Thread, a []Value) (Value, *Exception) {
	s := stepOf(a[0])
	if s.state == 2 {
		return object.None, nil
	}
	_, e := stepThrowMethod(t, []Value{a[0], object.GeneratorExitType.Value(), {}, {}})
	switch {
	case e == nil:
		return Value{}, object.RuntimeErrorf(t, "coroutine ignored GeneratorExit")
	case e.IsA(&object.StopIterationType), e.IsA(&object.StopAsyncIterationType), e.IsA(&object.GeneratorExitType):
		return object.None, nil
	}
	return Value{}, e
}

func genValue(v Value) *Generator { return genOf(v) }

func init() {
	object.Declare(&asyncValueType, object.Decl{Name: "async_generator_wrapped_value", Flags: object.FFinal | object.FNoNew, Layout: object.LayoutOf[asyncValue]()})
	for _, tp := range []struct {
		t    *Type
		name string
	}{{&asyncSendType, "async_generator_asend"}, {&asyncThrowType, "async_generator_athrow"}} {
		object.Declare(tp.t, object.Decl{Name: tp.name, Flags: object.FFinal | object.FNoNew, Layout: object.LayoutOf[asyncStep](),
			Slots:   object.Slots{Iter: iterSelf, Await: iterSelf, Next: stepNext, Send: stepAdvance},
			Methods: []object.Method{{Sig: sendSig, Fn: stepSendMethod}, {Sig: throwSig, Fn: stepThrowMethod}, {Sig: closeSig, Fn: stepCloseMethod}}})
	}
	object.Declare(&AsyncGenType, object.Decl{Name: "async_generator", Flags: object.FFinal | object.FNoNew, Layout: object.LayoutOf[Generator](), Weak: true,
		Slots: object.Slots{Repr: genRepr, AIter: iterSelf, ANext: func(t *object.Thread, v Value) (Value, *Exception) {
			if e := of(t).firstIter(genValue(v)); e != nil {
				return Value{}, e
			}
			return newStep(genValue(v), stepSend, object.None, nil), nil
		}},
		GetSets: genGetSets("ag"),
		Methods: []object.Method{
			{Sig: "asend(self, value, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				if e := of(t).firstIter(genValue(a[0])); e != nil {
					return Value{}, e
				}
				return newStep(genValue(a[0]), stepSend, a[1], nil), nil
			}},
			{Sig: "athrow(self, typ, val=<absent>, tb=<absent>, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				if e := of(t).firstIter(genValue(a[0])); e != nil {
					return Value{}, e
				}
				exc, e := throwArgs(t, "athrow", a[1], a[2], a[3])
				if e != nil {
					return Value{}, e
				}
				return newStep(genValue(a[0]), stepThrow, Value{}, exc), nil
			}},
			{Sig: "aclose(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				if e := of(t).firstIter(genValue(a[0])); e != nil {
					return Value{}, e
				}
				return newStep(genValue(a[0]), stepClose, Value{}, nil), nil
			}},
			{Sig: "__class_getitem__(type, item, /)", Kind: object.ClassMethod, Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				return object.NewGenericAlias(a[0], a[1]), nil
			}},
		}})
}

// firstIter calls the hook for new asynchronous generators (sys.set_asyncgen_hooks) once.
func (th *Thread) firstIter(g *Generator) *Exception {
	if g.ag.hooked {
		return nil
	}
	g.ag.hooked = true
	if h := th.in.asyncFirstIter; h.Ref != nil && !h.IsNone() {
		_, e := object.Call(th.T, h, object.Obj(g))
		return e
	}
	return nil
}
