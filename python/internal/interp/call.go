package interp

import (
	"fmt"
	"strings"
	"unsafe"

	"martlet/hint"
	"martlet/python/internal/code"
	"martlet/python/object"
)

// call calls callee with n values at args (the last len(kwnames) of them keyword values); the value slot before args is free. A
// Python function yields the frame to go on with; everything else is called here and its result stored into register dst.
func (th *Thread) call(f *Frame, callee Value, args unsafe.Pointer, n int, kwnames []*Str, dst int) (*Frame, *Exception) {
	switch tp := callee.Type(); tp {
	case &FunctionType:
		return th.callFunc(f, object.As[Function](callee), args, n, kwnames, dst)
	case &object.MethodType:
		m := object.As[object.BoundMethod](callee)
		if m.Fn.Type() == &FunctionType {
			args = unsafe.Add(args, -valueSize)
			*(*Value)(args) = m.Self
			return th.callFunc(f, object.As[Function](m.Fn), args, n+1, kwnames, dst)
		}
	case &object.TypeType:
		if nf, done, e := th.construct(f, object.As[Type](callee), args, n, kwnames, dst); done || e != nil {
			return nf, e
		}
	}
	return th.callSlot(f, callee, args, n, kwnames, dst)
}

// callFunc calls a Python function: a generator is made at once. A window outside the frame (callEx makes one) cannot become registers.
func (th *Thread) callFunc(f *Frame, fn *Function, args unsafe.Pointer, n int, kwnames []*Str, dst int) (*Frame, *Exception) {
	c := fn.theCode()
	if c.generator {
		return th.callSlot(f, object.Obj(fn), args, n, kwnames, dst)
	}
	inside := uintptr(args) >= uintptr(f.base) && uintptr(args) <= uintptr(f.top)
	if inside && c.simple && len(kwnames) == 0 && c.nargs == n {
		return th.push(f, fn, args, dst)
	}
	return th.pushBound(f, fn, slice(args, 0, n), kwnames, dst)
}

// callSlot calls through the type's Call slot.
//
//martlet:opaque
func (th *Thread) callSlot(f *Frame, callee Value, args unsafe.Pointer, n int, kwnames []*Str, dst int) (*Frame, *Exception) {
	c := callee.Type().Slots.Call
	if c == nil {
		return nil, object.TypeErrorf(th.T, "'%s' object is not callable", callee.Type().Name)
	}
	if e := th.T.Enter(" while calling a Python object"); e != nil {
		return nil, e
	}
	var r Value
	var e *Exception
	if th.prof.Ref != nil && th.tracing == 0 {
		r, e = th.profiled(f, callee, slice(args, 0, n), kwnames)
	} else {
		r, e = c(th.T, callee, slice(args, 0, n), kwnames)
	}
	th.T.Leave()
	if e != nil {
		return nil, e
	}
	object.Set(f.reg(dst), r)
	if f.redo {
		f.changeOver()
		return f, nil
	}
	return nil, nil
}

// construct makes an instance of a plain Python class without leaving the loop: object.__new__, then the frame of __init__.
func (th *Thread) construct(f *Frame, tp *Type, args unsafe.Pointer, n int, kwnames []*Str, dst int) (*Frame, bool, *Exception) {
	init := initOf(th, tp)
	if init.Ref == nil {
		return nil, false, nil
	}
	fn := object.As[Function](init)
	if fn.theCode().generator {
		return nil, false, nil
	}
	self, e := tp.Alloc(th.T)
	if e != nil {
		return nil, true, e
	}
	args = unsafe.Add(args, -valueSize)
	*(*Value)(args) = self
	nf, e := th.callFunc(f, fn, args, n+1, kwnames, dst)
	if e != nil {
		return nil, true, e
	}
	nf.kind |= retInit
	nf.self = self
	return nf, true, nil
}

// callGetter is a property's Python getter, run in the loop.
func (th *Thread) callGetter(f *Frame, getter, self Value, dst int) (*Frame, *Exception) {
	fn := object.As[Function](getter)
	arg := self
	if c := fn.theCode(); c.simple && c.nargs == 1 {
		base, kind := th.room(f, unsafe.Pointer(&arg), 1, c.nregs)
		nf, e := th.push(f, fn, base, dst)
		if e == nil {
			nf.kind |= kind
		} else if kind&retChunk != 0 {
			th.popChunk()
		}
		return nf, e
	}
	r, e := object.Call(th.T, getter, self)
	if e == nil {
		object.Set(f.reg(dst), r)
	}
	return nil, e
}

func (th *Thread) loadMethod(f *Frame, co *Code, base unsafe.Pointer, ins uint64) *Exception {
	self := *rb(base, ins)
	fn, bind, e := th.method(f, co, int(ins>>40), self)
	if e != nil {
		return e
	}
	d := ra(base, ins)
	*d = fn
	d = (*Value)(unsafe.Add(unsafe.Pointer(d), valueSize))
	if bind {
		*d = self
	} else {
		*d = Value{}
	}
	return nil
}

func (th *Thread) callM(f *Frame, base unsafe.Pointer, ins uint64) (*Frame, *Exception) {
	b, n := int(uint16(ins>>24)), int(uint16(ins>>40))
	callee := *at(base, b)
	if at(base, b+1).Ref != nil {
		b, n = b+1, n+1
	} else {
		b += 2
	}
	return th.callFast(f, callee, unsafe.Pointer(at(base, b)), n, int(uint16(ins>>8)))
}

func (th *Thread) callFast(f *Frame, callee Value, args unsafe.Pointer, n, dst int) (*Frame, *Exception) {
	if callee = (Value{Ref: hint.Promote(callee.Ref)}); isFunction(callee) {
		fn := object.As[Function](callee)
		if c := fn.theCode(); c.simple && c.nargs == n {
			return th.push(f, fn, args, dst)
		}
	}
	return th.call(f, callee, args, n, nil, dst)
}

func (th *Thread) callKw(f *Frame, ins uint64) (*Frame, *Exception) {
	b, site := int(uint16(ins>>24)), int(uint16(ins>>40))
	n := f.code.C.KwSites[site].NPos + len(f.code.kw[site])
	callee := *f.reg(b)
	first := b + 1
	if ins>>56&1 != 0 {
		if f.reg(b+1).Ref != nil {
			n++
		} else {
			first = b + 2
		}
	}
	return th.call(f, callee, unsafe.Pointer(f.reg(first)), n, f.code.kw[site], int(uint16(ins>>8)))
}

// callEx is f(*args, **kwargs).
//
//martlet:opaque
func (th *Thread) callEx(f *Frame, ins uint64) (*Frame, *Exception) {
	b := int(uint16(ins >> 24))
	callee, star := *f.reg(b), *f.reg(b + 1)
	if star.Type().Flags&(object.FTuple|object.FList) == 0 && star.Type().Slots.Iter == nil && star.Type().Slots.GetItem == nil {
		return nil, object.TypeErrorf(th.T, "%s argument after * must be an iterable, not %s", th.funcStr(callee), star.Type().Name)
	}
	vals, e := object.Collect(th.T, star)
	if e != nil {
		return nil, e
	}
	var names []*Str
	if ins>>56&1 != 0 {
		kw := *f.reg(b + 2)
		d, ok := object.AsDict(kw)
		if !ok {
			d = object.NewDict()
			if e := th.mergeKeywords(d, kw, callee); e != nil {
				return nil, e
			}
		}
		vals = append(make([]Value, 0, len(vals)+d.Len()), vals...)
		for i := 0; ; {
			k, v, ok := d.Next(&i)
			if !ok {
				break
			}
			if k.Type().Flags&object.FStr == 0 {
				return nil, object.TypeErrorf(th.T, "keywords must be strings")
			}
			names = append(names, th.T.InternStr(object.As[Str](k)))
			vals = append(vals, v)
		}
	}
	buf := make([]Value, len(vals)+2) // a free slot in front; one behind, or &buf[1] would not exist without arguments
	copy(buf[1:], vals)
	return th.call(f, callee, unsafe.Pointer(&buf[1]), len(vals), names, int(uint16(ins>>8)))
}

// funcStr is a callable's name in messages: module.qualname() without "builtins.".
func (th *Thread) funcStr(v Value) string {
	q, e := object.LookupAttr(th.T, v, object.N.QualName)
	if e != nil || q.Ref == nil || q.Type().Flags&object.FStr == 0 {
		s, e := object.ToStr(th.T, v)
		if e != nil {
			return "?"
		}
		return s.S
	}
	name := object.As[Str](q).S + "()"
	m, e := object.LookupAttr(th.T, v, object.N.Module)
	if e == nil && m.Ref != nil && m.Type().Flags&object.FStr != 0 && object.As[Str](m).S != "builtins" {
		name = object.As[Str](m).S + "." + name
	}
	return name
}

// pushBound binds arguments and pushes the frame.
func (th *Thread) pushBound(f *Frame, fn *Function, args []Value, kwnames []*Str, dst int) (*Frame, *Exception) {
	return th.pushAs(f, fn, args, kwnames, dst, retDst, Value{})
}

// pushAs is pushBound with what happens to the result, and the namespace of a module or class body.
func (th *Thread) pushAs(f *Frame, fn *Function, args []Value, kwnames []*Str, dst int, as retKind, locals Value) (*Frame, *Exception) {
	c := fn.theCode()
	base, kind := th.room(f, nil, 0, c.nregs)
	if e := th.bind(fn, args, kwnames, slice(base, 0, c.nargs)); e != nil {
		if kind&retChunk != 0 {
			th.popChunk()
		}
		return nil, e
	}
	nf := f.next
	if nf == nil {
		nf = th.newFrame(f)
	}
	nf.base, nf.top = base, unsafe.Add(base, c.frameBytes)
	nf.code, nf.fn = c, fn
	nf.pc, nf.dst, nf.kind = 0, dst, kind|as
	if locals.Ref != nil {
		nf.locals = locals
	}
	for i := c.nargs; i < c.nlocals; i++ {
		*at(base, i) = Value{}
	}
	if c.ncells > 0 {
		nf.makeCells()
	}
	th.T.Depth++
	if th.T.Depth > th.T.Limit {
		return th.deep(nf)
	}
	th.cur = nf
	return nf, nil
}

// bind lays out arguments as the code's argument registers.
//
//martlet:opaque
func (th *Thread) bind(fn *Function, args []Value, kwnames []*Str, dst []Value) *Exception {
	c := fn.code.C
	npos := len(args) - len(kwnames)
	n := min(npos, c.ArgCount)
	copy(dst, args[:n])
	clear(dst[n:])
	total := c.ArgCount + c.KwOnly
	next := total
	if c.Flags&code.VarArgs != 0 {
		var rest []Value
		if npos > n {
			rest = append(rest, args[n:npos]...)
			if e := th.T.Charge(16*len(rest) + 48); e != nil {
				return e
			}
		}
		dst[next] = object.NewTuple(rest)
		next++
	}
	var kw *Dict
	if c.Flags&code.VarKeywords != 0 {
		kw = object.NewDict()
		dst[next] = object.Obj(kw)
	}
	for i, name := range kwnames {
		if e := th.bindKeyword(fn, dst, kw, name, args[npos+i], kwnames); e != nil {
			return e
		}
	}
	if npos > c.ArgCount && c.Flags&code.VarArgs == 0 {
		return th.tooMany(fn, npos, dst)
	}
	if n < c.ArgCount {
		first := c.ArgCount - len(fn.defaults)
		missing := false
		for i := n; i < c.ArgCount; i++ {
			if dst[i].Ref != nil {
				continue
			}
			if i >= first {
				dst[i] = fn.defaults[i-first]
			} else {
				missing = true
			}
		}
		if missing {
			return th.missing(fn, dst, 0, first, "positional")
		}
	}
	return th.bindKwOnly(fn, dst)
}

func (th *Thread) bindKwOnly(fn *Function, dst []Value) *Exception {
	c := fn.code.C
	missing := false
	for i := c.ArgCount; i < c.ArgCount+c.KwOnly; i++ {
		if dst[i].Ref != nil {
			continue
		}
		if fn.kwdefaults != nil {
			dst[i] = fn.kwdefaults.GetStr(fn.code.varnames[i])
		}
		missing = missing || dst[i].Ref == nil
	}
	if missing {
		return th.missing(fn, dst, c.ArgCount, c.ArgCount+c.KwOnly, "keyword-only")
	}
	return nil
}

func (th *Thread) bindKeyword(fn *Function, dst []Value, kw *Dict, name *Str, val Value, kwnames []*Str) *Exception {
	c := fn.code.C
	for i := c.PosOnly; i < c.ArgCount+c.KwOnly; i++ {
		v := fn.code.varnames[i]
		if v != name && v.S != name.S {
			continue
		}
		if dst[i].Ref != nil {
			return object.TypeErrorf(th.T, "%s() got multiple values for argument '%s'", fn.qual.S, name.S)
		}
		dst[i] = val
		return nil
	}
	if kw != nil {
		return kw.SetStr(th.T, name, val)
	}
	if e := th.posOnlyAsKeyword(fn, kwnames); e != nil {
		return e
	}
	msg := fmt.Sprintf("%s() got an unexpected keyword argument '%s'", fn.qual.S, name.S)
	var options []string
	for i := c.PosOnly; i < c.ArgCount+c.KwOnly; i++ {
		options = append(options, fn.code.varnames[i].S)
	}
	if s := suggestion(name.S, options); s != "" {
		msg += ". Did you mean '" + s + "'?"
	}
	return object.TypeErrorf(th.T, "%s", msg)
}

func (th *Thread) posOnlyAsKeyword(fn *Function, kwnames []*Str) *Exception {
	var bad []string
	for i := range fn.code.C.PosOnly {
		for _, k := range kwnames {
			if k.S == fn.code.varnames[i].S {
				bad = append(bad, k.S)
			}
		}
	}
	if bad == nil {
		return nil
	}
	return object.TypeErrorf(th.T, "%s() got some positional-only arguments passed as keyword arguments: '%s'", fn.qual.S, strings.Join(bad, ", "))
}

func (th *Thread) tooMany(fn *Function, given int, dst []Value) *Exception {
	c := fn.code.C
	kwonly := 0
	for i := c.ArgCount; i < c.ArgCount+c.KwOnly; i++ {
		if dst[i].Ref != nil {
			kwonly++
		}
	}
	takes, plural := fmt.Sprint(c.ArgCount), c.ArgCount != 1
	if n := len(fn.defaults); n > 0 {
		takes, plural = fmt.Sprintf("from %d to %d", c.ArgCount-n, c.ArgCount), true
	}
	extra := ""
	if kwonly > 0 {
		extra = fmt.Sprintf(" positional argument%s (and %d keyword-only argument%s)", ess(given), kwonly, ess(kwonly))
	}
	was := "were"
	if given == 1 && kwonly == 0 {
		was = "was"
	}
	s := ""
	if plural {
		s = "s"
	}
	return object.TypeErrorf(th.T, "%s() takes %s positional argument%s but %d%s %s given", fn.qual.S, takes, s, given, extra, was)
}

func ess(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func (th *Thread) missing(fn *Function, dst []Value, from, to int, kind string) *Exception {
	var names []string
	for i := from; i < to; i++ {
		if dst[i].Ref == nil {
			names = append(names, "'"+fn.code.varnames[i].S+"'")
		}
	}
	n := len(names)
	list := names[0]
	switch {
	case n == 2:
		list = names[0] + " and " + names[1]
	case n > 2:
		list = strings.Join(names[:n-1], ", ") + ", and " + names[n-1]
	}
	return object.TypeErrorf(th.T, "%s() missing %d required %s argument%s: %s", fn.qual.S, n, kind, ess(n), list)
}

// callFunction is the Call slot of functions: a call from Go.
func callFunction(t *object.Thread, callee Value, args []Value, kwnames []*Str) (Value, *Exception) {
	th := of(t)
	fn := object.As[Function](callee)
	if fn.code.C.IsGenerator() {
		return th.makeGenerator(fn, args, kwnames)
	}
	if e := t.Enter(""); e != nil {
		return Value{}, e
	}
	nf, e := th.pushAs(th.cur, fn, args, kwnames, 0, retEntry, Value{})
	if e != nil {
		t.Leave()
		return Value{}, e
	}
	r, e := th.run(nf, nil)
	t.Leave()
	return r, e
}

// runCode executes module, class or eval code with a namespace.
func (th *Thread) runCode(c *Code, globals, builtins *Dict, locals Value, closure []*object.Cell) (Value, *Exception) {
	fn := th.newFunction(c, globals, builtins)
	fn.closure = closure
	return th.runBody(fn, locals)
}

func (th *Thread) runBody(fn *Function, locals Value) (Value, *Exception) {
	if e := th.T.Enter(""); e != nil {
		return Value{}, e
	}
	defer th.T.Leave()
	nf, e := th.pushAs(th.cur, fn, nil, nil, 0, retEntry, locals)
	if e != nil {
		return Value{}, e
	}
	return th.run(nf, nil)
}

// finish ends a frame that is not a plain call: it gives the frame to go on with, or nil when run returns.
func (th *Thread) finish(f *Frame, v Value) (*Frame, Value, *Exception) {
	kind, prev, self := f.kind&retMask, f.prev, f.self
	if g := f.gen; g != nil {
		th.genDone(g)
	}
	dst := f.dst
	th.leave(f)
	th.cur = prev
	switch kind {
	case retEntry:
		return nil, v, nil
	case retDst, retSend:
		object.Set(prev.reg(dst), v)
	case retInit:
		if !v.IsNone() {
			return prev, Value{}, object.TypeErrorf(th.T, "__init__() should return None, not '%s'", v.Type().Name)
		}
		object.Set(prev.reg(dst), self)
	case retForNext:
	}
	return prev, Value{}, nil
}
