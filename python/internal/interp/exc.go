package interp

import (
	"fmt"

	"martlet/python/internal/code"
	"martlet/python/object"
)

// unwind finds the handler of err, leaving frames that have none. It gives the frame to go on with, its pc at the handler, or nil
// when the frame that run was entered with is left too. A re-raised exception gets no traceback entry in f.
//
//martlet:opaque
func (th *Thread) unwind(f *Frame, err *Exception, reraised bool) (*Frame, *Exception) {
	for {
		if !reraised && !err.NoTrace {
			th.addTraceback(f, err)
			if th.T.Limit < 0 {
				err = th.traceException(f, err)
			}
		}
		err.NoTrace = false
		if h := f.code.C.Handler(f.pc - 1); h != nil {
			object.Set(f.reg(int(h.Reg)), err.Value())
			f.raised = f.pc
			f.pc = int(h.Handler)
			th.cur = f
			return f, nil
		}
		if reraised {
			f.pc = f.raised
		}
		if th.T.Limit < 0 {
			err = th.traceUnwind(f, err)
		}
		th.T.Depth--
		kind, prev := f.kind&retMask, f.prev
		if g := f.gen; g != nil {
			th.genDone(g)
			if f.pc > 1 { // what is thrown into a generator that has not started passes unchanged
				err = th.genError(g, err)
			}
		}
		th.leave(f)
		th.cur = prev
		if kind == retEntry {
			return nil, err
		}
		f, reraised = prev, false
	}
}

// addTraceback puts the current instruction of f in front of err's traceback.
//
//martlet:opaque
func (th *Thread) addTraceback(f *Frame, err *Exception) {
	if err.TB == nil {
		th.setContext(err)
	}
	th.pushTraceback(f, err)
}

func (th *Thread) pushTraceback(f *Frame, err *Exception) {
	lookup := f.lookupFailed(err)
	f.capture()
	err.TB = &object.Traceback{Object: object.Object{Shape: &object.TracebackType.Root}, Next: err.TB, Frame: object.Obj(f), LastI: f.lasti(),
		Lineno: f.code.line(f.pc), Lookup: lookup}
}

// lookupFailed says whether err comes from the look-up that is part of a method call, one instruction here and two in CPython.
func (f *Frame) lookupFailed(err *Exception) bool {
	if f.pc == 0 {
		return false
	}
	ins := f.code.C.Instrs[f.pc-1]
	if ins.Op() != code.OpCallmethod || !err.IsA(&object.AttributeErrorType) {
		return false
	}
	if tb := err.TB; tb != nil {
		inner, ok := frameOf(tb)
		return ok && (inner.code.C.Name == "__getattr__" || inner.code.C.Name == "__getattribute__")
	}
	name := err.Field(object.AttrErrName)
	return object.IsStr(name) && object.StrText(name) == f.code.C.Names[f.code.C.Sites[ins.C()]]
}

// frameOf gives the frame of a traceback.
func frameOf(tb *object.Traceback) (*Frame, bool) {
	if tb.Frame.Ref == nil || tb.Frame.Type() != &FrameType {
		return nil, false
	}
	return object.As[Frame](tb.Frame), true
}

// setContext makes the exception being handled the context of a newly raised one.
//
//martlet:opaque
func (th *Thread) setContext(err *Exception) {
	h := th.T.Handled
	if h == nil || h == err {
		return
	}
	slow := h
	for o, odd := h, false; o.Context != nil; odd = !odd {
		if o.Context == err {
			o.Context = nil
			break
		}
		o = o.Context
		if o == slow {
			break
		}
		if odd {
			slow = slow.Context
		}
	}
	err.Context = h
}

func (th *Thread) pushExc(save *Value, v Value) {
	old := object.None
	if h := th.T.Handled; h != nil {
		old = h.Value()
	}
	th.T.Handled = object.As[Exception](v)
	object.Set(save, old)
}

func (th *Thread) popExc(v Value) {
	if v.IsNone() {
		th.T.Handled = nil
		return
	}
	th.T.Handled = object.As[Exception](v)
}

// exceptionOf makes an exception of what a raise statement names: an instance, or a class to be called.
//
//martlet:opaque
func (th *Thread) exceptionOf(v Value) (*Exception, *Exception) {
	tp := v.Type()
	if tp.Flags&object.FException != 0 {
		return object.As[Exception](v), nil
	}
	if tp.Flags&object.FType != 0 && object.As[Type](v).Flags&object.FException != 0 {
		r, e := object.Call(th.T, v)
		if e != nil {
			return nil, e
		}
		if r.Type().Flags&object.FException == 0 {
			return nil, object.TypeErrorf(th.T, "calling %s should have returned an instance of BaseException, not %s", reprOf(th.T, v), reprOf(th.T, r.Type().Value()))
		}
		return object.As[Exception](r), nil
	}
	return nil, object.TypeErrorf(th.T, "exceptions must derive from BaseException")
}

func reprOf(t *object.Thread, v Value) string {
	s, e := object.Repr(t, v)
	if e != nil {
		return "?"
	}
	return s.S
}

func (th *Thread) raise(v Value) *Exception {
	e, err := th.exceptionOf(v)
	if err != nil {
		return err
	}
	th.setContext(e)
	return e
}

func (th *Thread) raiseFrom(v, cause Value) *Exception {
	e, err := th.exceptionOf(v)
	if err != nil {
		return err
	}
	switch {
	case cause.IsNone():
		e.Cause = nil
	default:
		isType := cause.Type().Flags&object.FType != 0 && object.As[Type](cause).Flags&object.FException != 0
		if cause.Type().Flags&object.FException == 0 && !isType {
			return object.TypeErrorf(th.T, "exception causes must derive from BaseException")
		}
		c, err := th.exceptionOf(cause)
		if err != nil {
			return err
		}
		e.Cause = c
	}
	e.Suppress = true
	th.setContext(e)
	return e
}

func (th *Thread) raiseCurrent() *Exception {
	if h := th.T.Handled; h != nil {
		h.NoTrace = true // goes on as if it had not been caught: no traceback entry for this line
		return h
	}
	return object.RuntimeErrorf(th.T, "No active exception to reraise")
}

func (th *Thread) reraise(v Value) *Exception {
	if v.Type().Flags&object.FException == 0 {
		return object.SystemErrorf(th.T, "bad internal call: reraise of a '%s' object", v.Type().Name)
	}
	return object.As[Exception](v)
}

//martlet:opaque
func (th *Thread) endAsyncFor(v Value) *Exception {
	e := object.As[Exception](v)
	if e.IsA(&object.StopAsyncIterationType) {
		return nil
	}
	return e
}

const catchMsg = "catching classes that do not inherit from BaseException is not allowed"

// excMatches is the test of an except clause.
//
//martlet:opaque
func (th *Thread) excMatches(exc, match Value) (bool, *Exception) {
	et := exc.Type()
	if match.Type().Flags&object.FType != 0 {
		m := object.As[Type](match)
		if m.Flags&object.FException == 0 {
			return false, object.TypeErrorf(th.T, catchMsg)
		}
		return et == m || et.IsSubtype(m), nil
	}
	if match.Type().Flags&object.FTuple == 0 {
		return false, object.TypeErrorf(th.T, catchMsg)
	}
	items := object.As[object.Tuple](match).Items
	for _, x := range items {
		if x.Type().Flags&object.FType == 0 || object.As[Type](x).Flags&object.FException == 0 {
			return false, object.TypeErrorf(th.T, catchMsg)
		}
	}
	for _, x := range items {
		if et.IsSubtype(object.As[Type](x)) {
			return true, nil
		}
	}
	return false, nil
}

// groupMatch is instruction egmatch: splits the group exc by type match.
func (th *Thread) groupMatch(exc, match Value) (rest, matched Value, err *Exception) {
	if exc.IsNone() {
		return object.None, object.None, nil
	}
	list := []Value{match}
	if match.Type().Flags&object.FTuple != 0 {
		list = object.As[object.Tuple](match).Items
	}
	for _, m := range list {
		if m.Type().Flags&object.FType == 0 || object.As[Type](m).Flags&object.FException == 0 {
			return Value{}, Value{}, object.TypeErrorf(th.T, catchMsg)
		}
		if object.As[Type](m).IsSubtype(&object.BaseExceptionGroupType) {
			return Value{}, Value{}, object.TypeErrorf(th.T, "catching ExceptionGroup with except* is not allowed. Use except instead.")
		}
	}
	if exc.Type().IsSubtype(&object.BaseExceptionGroupType) {
		yes, no, e := object.SplitGroup(th.T, exc, func(x Value) (bool, *Exception) { return th.excMatches(x, match) })
		return orNone(no), orNone(yes), e
	}
	ok, e := th.excMatches(exc, match)
	if e != nil || !ok {
		return exc, object.None, e
	}
	g, e := object.Call(th.T, object.ExceptionGroupFor(exc).Value(), object.EmptyStr, object.NewTuple([]Value{exc}))
	if e != nil {
		return Value{}, Value{}, e
	}
	f := th.cur
	f.capture()
	ge := object.As[Exception](g)
	ge.TB = &object.Traceback{Object: object.Object{Shape: &object.TracebackType.Root}, Frame: object.Obj(f), LastI: f.lasti(), Lineno: f.code.line(f.pc)}
	return object.None, g, nil
}

func orNone(v Value) Value {
	if v.Ref == nil {
		return object.None
	}
	return v
}

// groupRest is instruction egprep: what the except* clauses of group orig leave to raise.
func (th *Thread) groupRest(orig, list Value) (Value, *Exception) {
	all, e := object.Collect(th.T, list)
	if e != nil {
		return Value{}, e
	}
	var items []Value
	for _, v := range all {
		if !v.IsNone() {
			items = append(items, v)
		}
	}
	if len(items) == 0 {
		return object.None, nil
	}
	if !orig.Type().IsSubtype(&object.BaseExceptionGroupType) {
		return items[0], nil
	}
	o := object.As[Exception](orig)
	var raised, reraised []Value
	for _, v := range items {
		if sameGroupOrigin(object.As[Exception](v), o) {
			reraised = append(reraised, v)
		} else {
			raised = append(raised, v)
		}
	}
	rest := object.None
	if len(reraised) > 0 {
		keep := map[*Exception]bool{}
		for _, v := range reraised {
			collectLeaves(object.As[Exception](v), keep)
		}
		yes, _, e := object.SplitGroup(th.T, orig, func(x Value) (bool, *Exception) {
			return !x.Type().IsSubtype(&object.BaseExceptionGroupType) && keep[object.As[Exception](x)], nil
		})
		if e != nil {
			return Value{}, e
		}
		rest = orNone(yes)
	}
	if len(raised) == 0 {
		return rest, nil
	}
	if !rest.IsNone() {
		raised = append(raised, rest)
	}
	if len(raised) == 1 {
		return raised[0], nil
	}
	return object.Call(th.T, object.BaseExceptionGroupType.Value(), object.EmptyStr, object.NewList(raised))
}

// sameGroupOrigin says whether a group was split off o (it shares o's traceback, cause and context).
func sameGroupOrigin(e, o *Exception) bool {
	return e.TB == o.TB && e.Cause == o.Cause && e.Context == o.Context
}

func collectLeaves(e *Exception, out map[*Exception]bool) {
	if !e.IsA(&object.BaseExceptionGroupType) {
		out[e] = true
		return
	}
	for _, x := range e.GroupItems() {
		collectLeaves(object.As[Exception](x), out)
	}
}

//martlet:opaque
func (th *Thread) unboundLocal(f *Frame, ins uint64) *Exception {
	name := f.code.varnames[uint16(ins>>8)]
	return th.unboundName(name)
}

func (th *Thread) unboundName(name *Str) *Exception {
	e := object.Errorf(th.T, &object.UnboundLocalErrorType, "cannot access local variable '%s' where it is not associated with a value", name.S)
	e.Fields[object.NameErrName] = object.Obj(name)
	return e
}

//martlet:opaque
func (th *Thread) unboundCell(f *Frame, reg int) *Exception {
	return th.unboundName(th.T.Intern(f.code.C.CellVars[reg-f.code.cellBase]))
}

//martlet:opaque
func (th *Thread) unboundFree(f *Frame, i int) *Exception {
	name := f.code.C.FreeVars[i]
	e := object.Errorf(th.T, &object.NameErrorType, "cannot access free variable '%s' where it is not associated with a value in enclosing scope", name)
	e.Fields[object.NameErrName] = object.Obj(th.T.Intern(name))
	return e
}

func (th *Thread) systemError(format string, args ...any) *Exception {
	return object.SystemErrorf(th.T, "%s", fmt.Sprintf(format, args...))
}
