package interp

import (
	"martlet/python/internal/code"
	"martlet/python/object"
)

// The variables of a frame as a mapping (PEP 667). Module and class bodies keep theirs in one. A function's are registers and cells:
// locals() makes a dict of them, and frame.f_locals is a FrameLocalsProxy, which writes through to them and keeps names that the function
// does not have in Frame.over.

// LocalsProxyType is the type of frame.f_locals of a function.
var LocalsProxyType object.Type

type localsProxy struct {
	object.Object
	f *Frame
}

// local is a variable: its name and where its value is.
type local struct {
	name *Str
	at   *Value
}

// variables lists the variables of a function's frame in the order in which CPython has them. A bound variable of an inlined comprehension stands
// for the function's own one of that name.
func (f *Frame) variables() []local {
	c := f.code
	list := make([]local, 0, c.nlocals+c.ncells+len(f.fn.closure))
	inCell := map[int]int{} // argument -> cell
	for i, a := range c.C.CellArgs {
		if a >= 0 {
			inCell[int(a)] = i
		}
	}
	cell := func(i int) *Value { return &object.As[object.Cell](*f.reg(c.nlocals + i)).V }
	for i := range c.nlocals {
		at := f.reg(i)
		if k, ok := inCell[i]; ok {
			at = cell(k)
		}
		list = f.addLocal(list, local{c.varnames[i], at}, i >= c.C.NVisible)
	}
	own := c.ncells - c.C.NHiddenCells
	for i, n := range c.C.CellVars {
		if c.C.CellArgs[i] < 0 && f.reg(c.nlocals+i).Ref != nil {
			list = f.addLocal(list, local{f.cellName(n), cell(i)}, i >= own)
		}
	}
	for i, n := range c.C.FreeVars {
		if i < len(f.fn.closure) {
			list = append(list, local{f.cellName(n), &f.fn.closure[i].V})
		}
	}
	return list
}

func (f *Frame) cellName(n string) *Str { return object.NewStr(n) }

// addLocal appends a variable. A hidden one is there only while it is bound.
func (f *Frame) addLocal(list []local, l local, hidden bool) []local {
	if !hidden {
		return append(list, l)
	}
	if l.at.Ref == nil {
		return list
	}
	for i := range list {
		if list[i].name.S == l.name.S {
			list[i].at = l.at
			return list
		}
	}
	return append(list, l)
}

// localsOf is locals(): the namespace of module and class bodies, a fresh dict for functions.
func (f *Frame) localsOf(t *object.Thread) Value {
	if f.inNamespace() {
		return f.locals
	}
	d := f.values()
	if f.over != nil {
		d.Merge(t, f.over)
	}
	return object.Obj(d)
}

// values makes a dict of the variables in registers and cells.
func (f *Frame) values() *Dict {
	d := object.NewDict()
	for _, l := range f.variables() {
		if l.at.Ref != nil {
			d.SetStr(nil, l.name, *l.at)
		}
	}
	return d
}

// inNamespace says whether the variables are those of a module's or class's body. While an inlined comprehension runs in such a one, its
// variables are seen instead, as in CPython.
func (f *Frame) inNamespace() bool {
	return f.locals.Ref != nil && f.code.C.Flags&code.Optimized == 0 && !f.showsHidden()
}

// viewLocals is f_locals.
func (f *Frame) viewLocals() Value {
	if f.inNamespace() {
		return f.locals
	}
	return object.Obj(&localsProxy{object.Object{Shape: &LocalsProxyType.Root}, f})
}

// showsHidden says whether an inlined comprehension is running in a module's or class's body.
func (f *Frame) showsHidden() bool {
	c := f.code
	for i := c.C.NVisible; i < c.nlocals; i++ {
		if f.reg(i).Ref != nil {
			return true
		}
	}
	return false
}

// find looks up a variable by name; nil if the frame's code has none of that name.
func (f *Frame) find(key Value) *Value {
	if key.Type().Flags&object.FStr == 0 {
		return nil
	}
	name := object.As[Str](key).S
	for _, l := range f.variables() {
		if l.name.S == name {
			return l.at
		}
	}
	return nil
}

// all is a proxy's contents as a dict.
func (p *localsProxy) all(t *object.Thread) (*Dict, *Exception) {
	d := p.f.values()
	if p.f.over == nil {
		return d, nil
	}
	return d, d.Merge(t, p.f.over)
}

// get gives the value of a name, nil Ref if there is none.
func (p *localsProxy) get(t *object.Thread, key Value) (Value, *Exception) {
	if at := p.f.find(key); at != nil && at.Ref != nil {
		return *at, nil
	}
	if p.f.over == nil {
		_, e := object.Hash(t, key)
		return Value{}, e
	}
	return p.f.over.Get(t, key)
}

func (p *localsProxy) set(t *object.Thread, key, v Value) *Exception {
	if at := p.f.find(key); at != nil {
		*at = v
		return nil
	}
	if p.f.over == nil {
		p.f.over = object.NewDict()
	}
	return p.f.over.Set(t, key, v)
}

// merge writes the items of a dict or another proxy; false if it is neither.
func (p *localsProxy) merge(t *object.Thread, arg Value) (bool, *Exception) {
	d, e := plainDict(t, arg)
	if d == nil || e != nil {
		return false, e
	}
	for i := 0; ; {
		k, v, ok := d.Next(&i)
		if !ok {
			return true, nil
		}
		if e := p.set(t, k, v); e != nil {
			return true, e
		}
	}
}

// plainDict gives a dict, or a proxy's contents; nil for anything else.
func plainDict(t *object.Thread, v Value) (*Dict, *Exception) {
	switch {
	case v.Type() == &LocalsProxyType:
		return object.As[localsProxy](v).all(t)
	case v.Type().Flags&object.FDict != 0:
		return object.As[Dict](v), nil
	}
	return nil, nil
}

func proxyCompare(t *object.Thread, a, b Value, op object.CmpOp) (Value, *Exception) {
	if op != object.CmpEq && op != object.CmpNe {
		return object.NotImplemented, nil
	}
	if b.Type() == &LocalsProxyType {
		return object.Bool((object.As[localsProxy](a).f == object.As[localsProxy](b).f) == (op == object.CmpEq)), nil
	}
	if b.Type().Flags&object.FDict == 0 {
		return object.NotImplemented, nil
	}
	d, e := object.As[localsProxy](a).all(t)
	if e != nil {
		return Value{}, e
	}
	return object.Compare(t, object.Obj(d), b, op)
}

func proxyOr(t *object.Thread, a, b Value) (Value, *Exception) {
	x, e := plainDict(t, a)
	if e != nil {
		return Value{}, e
	}
	y, e := plainDict(t, b)
	if e != nil {
		return Value{}, e
	}
	if x == nil || y == nil {
		return object.NotImplemented, nil
	}
	x = x.Copy()
	return object.Obj(x), x.Merge(t, y)
}

// listed makes a proxy method that lists the contents through a method of dict.
func listed(name string) object.Method {
	return object.Method{Sig: name + "(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
		d, e := object.As[localsProxy](a[0]).all(t)
		if e != nil {
			return Value{}, e
		}
		v, e := object.CallMethodS(t, object.Obj(d), name)
		if e != nil {
			return Value{}, e
		}
		items, e := object.Collect(t, v)
		return object.NewList(append([]Value(nil), items...)), e
	}}
}

func proxyRepr(t *object.Thread, v Value) (Value, *Exception) {
	if !t.EnterRepr(v) {
		return object.StrVal("{...}"), nil
	}
	defer t.LeaveRepr(v)
	d, e := object.As[localsProxy](v).all(t)
	if e != nil {
		return Value{}, e
	}
	s, e := object.Repr(t, object.Obj(d))
	return object.Obj(s), e
}

func declareLocalsProxy() {
	self := object.As[localsProxy]
	object.Declare(&LocalsProxyType, object.Decl{Name: "FrameLocalsProxy", Flags: object.FFinal | object.FMapping, Layout: object.LayoutOf[localsProxy](),
		Slots: object.Slots{
			New: func(t *object.Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
				switch {
				case len(kwnames) > 0:
					return Value{}, object.TypeErrorf(t, "FrameLocalsProxy takes no keyword arguments")
				case len(args) != 1:
					return Value{}, object.TypeErrorf(t, "FrameLocalsProxy expected 1 argument, got %d", len(args))
				case args[0].Type() != &FrameType:
					return Value{}, object.TypeErrorf(t, "expect frame, not %s", args[0].Type().Name)
				}
				return object.Obj(&localsProxy{object.Object{Shape: &LocalsProxyType.Root}, object.As[Frame](args[0])}), nil
			},
			Len: func(t *object.Thread, v Value) (int, *Exception) {
				d, e := self(v).all(t)
				if e != nil {
					return 0, e
				}
				return d.Len(), nil
			},
			GetItem: func(t *object.Thread, v, k Value) (Value, *Exception) {
				r, e := self(v).get(t, k)
				if e != nil || r.Ref != nil {
					return r, e
				}
				s, e := object.Repr(t, k)
				if e != nil {
					return Value{}, e
				}
				return Value{}, object.Errorf(t, &object.KeyErrorType, "local variable '%s' is not defined", s.S)
			},
			SetItem: func(t *object.Thread, v, k, x Value) *Exception {
				if x.Ref == nil {
					return object.TypeErrorf(t, "cannot remove variables from FrameLocalsProxy")
				}
				return self(v).set(t, k, x)
			},
			Contains: func(t *object.Thread, v, k Value) (bool, *Exception) {
				r, e := self(v).get(t, k)
				return r.Ref != nil, e
			},
			Iter: func(t *object.Thread, v Value) (Value, *Exception) {
				d, e := self(v).all(t)
				if e != nil {
					return Value{}, e
				}
				return object.Iter(t, object.NewList(d.Keys()))
			},
			Repr: proxyRepr, Compare: proxyCompare,
			Bin: [object.NumBinOps]object.BinaryFunc{object.OpOr: proxyOr},
			InPlace: [object.NumBinOps]object.BinaryFunc{object.OpOr: func(t *object.Thread, a, b Value) (Value, *Exception) {
				if ok, e := self(a).merge(t, b); !ok || e != nil {
					return object.NotImplemented, e
				}
				return a, nil
			}},
		},
		Methods: []object.Method{listed("keys"), listed("values"), listed("items"),
			{Sig: "copy(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				d, e := self(a[0]).all(t)
				return object.Obj(d), e
			}},
			{Sig: "__reversed__(self, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				d, e := self(a[0]).all(t)
				if e != nil {
					return Value{}, e
				}
				return object.CallMethodS(t, object.NewList(d.Keys()), "__reversed__")
			}},
			{Sig: "get(self, key, default=None, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				if r, e := self(a[0]).get(t, a[1]); e != nil || r.Ref != nil {
					return r, e
				}
				return a[2], nil
			}},
			{Sig: "setdefault(self, key, default=None, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				if r, e := self(a[0]).get(t, a[1]); e != nil || r.Ref != nil {
					return r, e
				}
				return a[2], self(a[0]).set(t, a[1], a[2])
			}},
			{Sig: "update(self, other, /)", Fn: func(t *object.Thread, a []Value) (Value, *Exception) {
				ok, e := self(a[0]).merge(t, a[1])
				if !ok && e == nil {
					e = object.TypeErrorf(t, "update() argument must be dict or another FrameLocalsProxy")
				}
				return object.None, e
			}},
		}})
}
