package interp

import (
	"unsafe"

	"martlet/python/internal/code"
	"martlet/python/object"
)

// FrameType is the type of frame objects.
var FrameType object.Type

// current is the innermost Python frame, nil when there is none.
func (th *Thread) current() *Frame {
	if th.cur == &th.root {
		return nil
	}
	return th.cur
}

func (f *Frame) back() *Frame {
	if f.prev == nil || f.prev.code == nil {
		return nil
	}
	return f.prev
}

func intGet[T any](f func(x *T) int64) object.UnaryFunc {
	return func(t *object.Thread, v Value) (Value, *Exception) { return object.Int(f(object.As[T](v))), nil }
}

func valGet[T any](f func(t *object.Thread, x *T) Value) object.UnaryFunc {
	return func(t *object.Thread, v Value) (Value, *Exception) { return f(t, object.As[T](v)), nil }
}

func strTuple(t *object.Thread, list []string) Value {
	items := make([]Value, len(list))
	for i, s := range list {
		items[i] = object.Obj(t.Intern(s))
	}
	return object.NewTuple(items)
}

func init() {
	object.Declare(&FrameType, object.Decl{Name: "frame", Flags: object.FFinal | object.FNoNew, Layout: object.LayoutOf[Frame](),
		Slots: object.Slots{Repr: func(t *object.Thread, v Value) (Value, *Exception) {
			f := object.As[Frame](v)
			return object.StrVal("<frame at " + object.Addr(v) + ", file " + object.QuoteStr(f.code.C.Filename, false) + ", line " +
				object.IntString(object.Int(int64(f.code.line(f.pc)))) + ", code " + f.code.C.Name + ">"), nil
		}},
		GetSets: []object.GetSet{
			{Name: "f_back", Get: valGet(func(t *object.Thread, f *Frame) Value {
				if b := f.back(); b != nil && !f.done {
					return b.capture()
				}
				return object.None
			})},
			{Name: "f_code", Get: valGet(func(t *object.Thread, f *Frame) Value { return object.Obj(f.code.visible()) })},
			{Name: "f_globals", Get: valGet(func(t *object.Thread, f *Frame) Value { return object.Obj(f.fn.globals) })},
			{Name: "f_builtins", Get: valGet(func(t *object.Thread, f *Frame) Value { return object.Obj(f.fn.builtins) })},
			{Name: "f_locals", Get: valGet(func(t *object.Thread, f *Frame) Value { return f.viewLocals() })},
			{Name: "f_lineno", Get: intGet(func(f *Frame) int64 { return int64(f.code.line(f.pc)) }), Set: setLine},
			{Name: "f_lasti", Get: intGet(func(f *Frame) int64 { return int64(max(f.lasti(), 0) * 2) })},
			{Name: "f_trace", Get: valGet(func(t *object.Thread, f *Frame) Value { return orNone(f.tracer) }),
				Set: setTracer},
			traceSwitch("f_trace_lines", func(f *Frame) bool { return !f.noLines }, func(f *Frame, on bool) { f.noLines = !on }),
			traceSwitch("f_trace_opcodes", func(f *Frame) bool { return f.opcodes }, func(f *Frame, on bool) { f.opcodes = on }),
		},
		Methods: []object.Method{{Sig: "clear(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
			f := object.As[Frame](a[0])
			switch {
			case f.gen != nil && f.gen.frame == f && !f.gen.running:
				_, e := of(t).closeGen(f.gen)
				return object.None, e
			case !f.done:
				return Value{}, object.RuntimeErrorf(t, "cannot clear an executing frame")
			}
			clear(slice(f.base, 0, f.code.nlocals))
			return object.None, nil
		}}}})
	declareCode()
	declareFunction()
	declareLocalsProxy()
}

// setTracer sets f_trace; nil (deleted) and None take it away.
func setTracer(t *object.Thread, v, val Value) *Exception {
	f := object.As[Frame](v)
	f.tracer = Value{}
	if val.Ref != nil && !val.IsNone() {
		f.tracer = val
		of(t).wantTrace(f)
	}
	return nil
}

func traceSwitch(name string, get func(f *Frame) bool, set func(f *Frame, on bool)) object.GetSet {
	return object.GetSet{Name: name, Get: valGet(func(t *object.Thread, f *Frame) Value { return object.Bool(get(f)) }),
		Set: func(t *object.Thread, v, val Value) *Exception {
			switch {
			case val.Ref == nil:
				return object.TypeErrorf(t, "can't delete numeric/char attribute")
			case !val.IsBool():
				return object.TypeErrorf(t, "attribute value type must be bool")
			}
			set(object.As[Frame](v), val.Bits != 0)
			return nil
		}}
}

func declareCode() {
	cget := func(f func(c *code.Code) Value) object.UnaryFunc {
		return func(t *object.Thread, v Value) (Value, *Exception) { return f(object.As[Code](v).C), nil }
	}
	num := func(name string, f func(c *code.Code) int) object.GetSet {
		return object.GetSet{Name: name, Get: cget(func(c *code.Code) Value { return object.Int(int64(f(c))) })}
	}
	names := func(name string, f func(c *code.Code) []string) object.GetSet {
		return object.GetSet{Name: name, Get: func(t *object.Thread, v Value) (Value, *Exception) {
			return strTuple(t, f(object.As[Code](v).C)), nil
		}}
	}
	str := func(name string, f func(c *Code) *Str) object.GetSet {
		return object.GetSet{Name: name, Get: valGet(func(t *object.Thread, c *Code) Value { return object.Obj(f(c)) })}
	}
	object.Declare(&CodeType, object.Decl{Name: "code", Flags: object.FFinal | object.FNoNew, Layout: object.LayoutOf[Code](), Weak: true,
		Slots: object.Slots{Repr: func(t *object.Thread, v Value) (Value, *Exception) {
			c := object.As[Code](v)
			return object.StrVal("<code object " + c.C.Name + " at " + object.Addr(v) + ", file \"" + c.C.Filename + "\", line " +
				object.IntString(object.Int(int64(c.C.FirstLine))) + ">"), nil
		}},
		GetSets: append(jitAttributes(),
			num("co_argcount", func(c *code.Code) int { return c.ArgCount }), num("co_posonlyargcount", func(c *code.Code) int { return c.PosOnly }),
			num("co_kwonlyargcount", func(c *code.Code) int { return c.KwOnly }), num("co_nlocals", func(c *code.Code) int { return c.NVisible }),
			num("co_stacksize", func(c *code.Code) int { return c.NRegs }), num("co_flags", func(c *code.Code) int { return int(c.Flags) }),
			num("co_firstlineno", func(c *code.Code) int { return int(c.FirstLine) }),
			names("co_names", func(c *code.Code) []string { return c.Names }),
			names("co_varnames", func(c *code.Code) []string { return c.VarNames[:min(c.NVisible, len(c.VarNames))] }),
			names("co_cellvars", func(c *code.Code) []string { return c.CellVars[:len(c.CellVars)-c.NHiddenCells] }),
			names("co_freevars", func(c *code.Code) []string { return c.FreeVars }),
			str("co_name", func(c *Code) *Str { return c.name }), str("co_qualname", func(c *Code) *Str { return c.qual }),
			str("co_filename", func(c *Code) *Str { return c.file }),
			object.GetSet{Name: "co_consts", Get: valGet(func(t *object.Thread, c *Code) Value { return object.NewTuple(c.consts) })},
			object.GetSet{Name: "co_code", Get: valGet(func(t *object.Thread, c *Code) Value {
				return object.BytesVal(append([]byte(nil), unsafe.Slice((*byte)(c.instrs), 8*len(c.C.Instrs))...))
			})},
		),
		Methods: []object.Method{
			{Sig: "co_positions(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				var out []Value
				for _, p := range object.As[Code](a[0]).C.Positions {
					var q [4]Value
					for i, x := range []int32{p.Line, p.EndLine, p.Col, p.EndCol} {
						if q[i] = object.Int(int64(x)); x < 0 || p.Line == 0 {
							q[i] = object.None
						}
					}
					out = append(out, object.NewTuple(append([]Value(nil), q[:]...)))
				}
				return object.Iter(t, object.NewList(out))
			}},
			{Sig: "co_lines(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				var out []Value
				ps := object.As[Code](a[0]).C.Positions
				for i := 0; i < len(ps); {
					j := i
					for j < len(ps) && ps[j].Line == ps[i].Line {
						j++
					}
					line := object.Int(int64(ps[i].Line))
					if ps[i].Line == 0 {
						line = object.None
					}
					out = append(out, object.NewTuple([]Value{object.Int(int64(2 * i)), object.Int(int64(2 * j)), line}))
					i = j
				}
				return object.Iter(t, object.NewList(out))
			}},
			{Sig: "replace(self, /, **changes)", Fn: codeReplace},
			{Sig: "_varname_from_oparg(self, /, oparg)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				i, e := object.ToInt(t, a[1])
				if e != nil {
					return Value{}, e
				}
				c := object.As[Code](a[0]).C
				names := append(append(append([]string(nil), c.VarNames...), c.CellVars...), c.FreeVars...)
				if i < 0 || i >= len(names) {
					return Value{}, object.IndexErrorf(t, "tuple index out of range")
				}
				return object.StrVal(names[i]), nil
			}},
		}})
}

func codeReplace(t *object.Thread, a []Value) (Value, *Exception) {
	c := *object.As[Code](a[0]).C
	d := object.As[Dict](a[1])
	for i := 0; ; {
		k, v, ok := d.Next(&i)
		if !ok {
			break
		}
		text := func() string {
			s, _ := object.ToStr(t, v)
			return s.S
		}
		switch n := object.As[Str](k).S; n {
		case "co_name":
			c.Name = text()
		case "co_qualname":
			c.QualName = text()
		case "co_filename":
			c.Filename = text()
		case "co_firstlineno":
			c.FirstLine = int32(v.Int64())
		case "co_flags":
			c.Flags = code.Flags(v.Int64())&^(code.Generator|code.Coroutine|code.AsyncGenerator|code.VarArgs|code.VarKeywords|code.Optimized) |
				c.Flags&(code.Generator|code.Coroutine|code.AsyncGenerator|code.VarArgs|code.VarKeywords|code.Optimized)
			if v.Int64()&int64(code.IterableCoroutine) != 0 {
				c.Flags |= code.IterableCoroutine
			}
		default:
			return Value{}, object.TypeErrorf(t, "replace() cannot change '%s' here", n)
		}
	}
	return object.Obj(NewCode(t, &c)), nil
}

func (fn *Function) annotations(t *object.Thread) Value {
	switch {
	case fn.annots.Ref == nil:
		fn.annots = object.Obj(object.NewDict())
	case fn.annots.Type() == &object.TupleType:
		d := object.NewDict()
		items := object.As[object.Tuple](fn.annots).Items
		for i := 0; i+1 < len(items); i += 2 {
			d.Set(t, items[i], items[i+1])
		}
		fn.annots = object.Obj(d)
	}
	return fn.annots
}

func setStr(name string, field func(fn *Function) **Str) func(t *object.Thread, v, val Value) *Exception {
	return func(t *object.Thread, v, val Value) *Exception {
		if val.Ref == nil || val.Type().Flags&object.FStr == 0 {
			return object.TypeErrorf(t, "%s must be set to a string object", name)
		}
		*field(object.As[Function](v)) = object.As[Str](val)
		return nil
	}
}

func funcField(name string, field func(fn *Function) *Value) object.GetSet {
	return object.GetSet{Name: name, Get: valGet(func(t *object.Thread, fn *Function) Value { return orNone(*field(fn)) }),
		Set: func(t *object.Thread, v, val Value) *Exception {
			*field(object.As[Function](v)) = orNone(val)
			return nil
		}}
}

func setDefaults(t *object.Thread, v, val Value) *Exception {
	fn := object.As[Function](v)
	switch {
	case val.Ref == nil || val.IsNone():
		fn.defaults = nil
	case val.Type().Flags&object.FTuple == 0:
		return object.TypeErrorf(t, "__defaults__ must be set to a tuple object")
	default:
		fn.defaults = object.As[object.Tuple](val).Items
	}
	return nil
}

func setKwDefaults(t *object.Thread, v, val Value) *Exception {
	fn := object.As[Function](v)
	switch {
	case val.Ref == nil || val.IsNone():
		fn.kwdefaults = nil
	case val.Type().Flags&object.FDict == 0:
		return object.TypeErrorf(t, "__kwdefaults__ must be set to a dict object")
	default:
		fn.kwdefaults = object.As[Dict](val)
	}
	return nil
}

func setCode(t *object.Thread, v, val Value) *Exception {
	if val.Ref == nil || val.Type() != &CodeType {
		return object.TypeErrorf(t, "__code__ must be set to a code object")
	}
	fn, c := object.As[Function](v), object.As[Code](val)
	if len(c.C.FreeVars) != len(fn.closure) {
		return object.ValueErrorf(t, "%s() requires a code object with %d free vars, not %d", fn.name.S, len(fn.closure), len(c.C.FreeVars))
	}
	fn.code = c
	fn.recoded.Set(true)
	return nil
}

func newFunctionObject(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
	if a[0].Type() != &CodeType {
		return Value{}, object.TypeErrorf(t, "function() argument 'code' must be code, not %s", object.ArgTypeName(a[0]))
	}
	if a[1].Type().Flags&object.FDict == 0 {
		return Value{}, object.TypeErrorf(t, "function() argument 'globals' must be dict, not %s", object.ArgTypeName(a[1]))
	}
	c, g := object.As[Code](a[0]), object.As[Dict](a[1])
	fn := of(t).newFunction(c, g, builtinsOf(t, g))
	if !a[2].IsNone() {
		fn.name = object.As[Str](a[2])
	}
	if e := setDefaults(t, object.Obj(fn), a[3]); e != nil {
		return Value{}, e
	}
	n := 0
	if !a[4].IsNone() {
		if a[4].Type().Flags&object.FTuple == 0 {
			return Value{}, object.TypeErrorf(t, "arg 5 (closure) must be tuple")
		}
		for _, x := range object.As[object.Tuple](a[4]).Items {
			cell, ok := object.AsCell(x)
			if !ok {
				return Value{}, object.TypeErrorf(t, "arg 5 (closure) expected cell, found %s", x.Type().Name)
			}
			fn.closure = append(fn.closure, cell)
			n++
		}
	}
	if n != len(c.C.FreeVars) {
		return Value{}, object.ValueErrorf(t, "%s requires closure of length %d, not %d", c.C.Name, len(c.C.FreeVars), n)
	}
	return object.Obj(fn), nil
}

func declareFunction() {
	var z Function
	object.Declare(&FunctionType, object.Decl{Name: "function", Flags: object.FFinal | object.FMethodLike, Dict: true, Weak: true,
		Layout: object.LayoutWithAttrs[Function](unsafe.Offsetof(z.Attrs), 0),
		Slots: object.Slots{Call: callFunction, DescrGet: func(t *object.Thread, d, obj Value, owner *Type) (Value, *Exception) {
			if obj.Ref == nil {
				return d, nil
			}
			return object.NewBoundMethod(d, obj), nil
		}, Repr: func(t *object.Thread, v Value) (Value, *Exception) {
			return object.StrVal("<function " + object.As[Function](v).qual.S + " at " + object.Addr(v) + ">"), nil
		}, New: object.NewSig("function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)", newFunctionObject)},
		GetSets: []object.GetSet{
			{Name: "__code__", Get: valGet(func(t *object.Thread, fn *Function) Value { return object.Obj(fn.code) }), Set: setCode},
			{Name: "__globals__", Get: valGet(func(t *object.Thread, fn *Function) Value { return object.Obj(fn.globals) })},
			{Name: "__builtins__", Get: valGet(func(t *object.Thread, fn *Function) Value { return object.Obj(fn.builtins) })},
			{Name: "__name__", Get: valGet(func(t *object.Thread, fn *Function) Value { return object.Obj(fn.name) }),
				Set: setStr("__name__", func(fn *Function) **Str { return &fn.name })},
			{Name: "__qualname__", Get: valGet(func(t *object.Thread, fn *Function) Value { return object.Obj(fn.qual) }),
				Set: setStr("__qualname__", func(fn *Function) **Str { return &fn.qual })},
			funcField("__doc__", func(fn *Function) *Value { return &fn.doc }),
			funcField("__module__", func(fn *Function) *Value { return &fn.module }),
			{Name: "__defaults__", Get: valGet(func(t *object.Thread, fn *Function) Value {
				if fn.defaults == nil {
					return object.None
				}
				return object.NewTuple(fn.defaults)
			}), Set: setDefaults},
			{Name: "__kwdefaults__", Get: valGet(func(t *object.Thread, fn *Function) Value {
				if fn.kwdefaults == nil {
					return object.None
				}
				return object.Obj(fn.kwdefaults)
			}), Set: setKwDefaults},
			{Name: "__annotations__", Get: valGet(func(t *object.Thread, fn *Function) Value { return fn.annotations(t) }),
				Set: func(t *object.Thread, v, val Value) *Exception {
					if val.Ref != nil && !val.IsNone() && val.Type().Flags&object.FDict == 0 {
						return object.TypeErrorf(t, "__annotations__ must be set to a dict object")
					}
					if val.Ref == nil || val.IsNone() {
						val = object.Obj(object.NewDict())
					}
					object.As[Function](v).annots = val
					return nil
				}},
			{Name: "__closure__", Get: valGet(func(t *object.Thread, fn *Function) Value {
				if len(fn.closure) == 0 {
					return object.None
				}
				var items []Value
				for _, c := range fn.closure {
					items = append(items, object.Obj(c))
				}
				return object.NewTuple(items)
			})},
			{Name: "__type_params__", Get: valGet(func(t *object.Thread, fn *Function) Value {
				if fn.typeParams.Ref == nil {
					return object.EmptyTuple
				}
				return fn.typeParams
			}), Set: func(t *object.Thread, v, val Value) *Exception {
				if val.Ref == nil || val.Type().Flags&object.FTuple == 0 {
					return object.TypeErrorf(t, "__type_params__ must be set to a tuple")
				}
				object.As[Function](v).typeParams = val
				return nil
			}},
			{Name: "__dict__", Get: func(t *object.Thread, v Value) (Value, *Exception) {
				return object.Obj(object.InstanceDict(v, v.Type())), nil
			}, Set: func(t *object.Thread, v, val Value) *Exception {
				if val.Ref == nil {
					return object.TypeErrorf(t, "cannot delete __dict__")
				}
				if val.Type().Flags&object.FDict == 0 {
					return object.TypeErrorf(t, "__dict__ must be set to a dictionary, not a '%s'", val.Type().Name)
				}
				object.SetInstanceDict(v, v.Type(), object.As[Dict](val))
				return nil
			}},
		}})
}
