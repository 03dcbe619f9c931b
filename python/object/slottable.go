package object

// The rows of the slot table. "wrap" functions call the owner's slot; generic functions call the dunder.

func noArgs(f func(s *Slots) UnaryFunc) func(t *Thread, owner *Type, self Value, args []Value) (Value, *Exception) {
	return func(t *Thread, owner *Type, self Value, args []Value) (Value, *Exception) {
		return f(&owner.Slots)(t, self)
	}
}

// callDunder calls name of v's type; the type has it (or had when the slot was installed).
func callDunder(t *Thread, v Value, name *Str, args ...Value) (Value, *Exception) {
	r, found, e := CallSpecial(t, v, name, args...)
	if e == nil && !found {
		return Value{}, NoAttribute(t, v, name)
	}
	return r, e
}

func unaryGroup(name string, field func(s *Slots) *UnaryFunc) {
	n := NameStr(name)
	generic := UnaryFunc(func(t *Thread, v Value) (Value, *Exception) {
		if e := t.Enter(""); e != nil {
			return Value{}, e
		}
		r, e := callDunder(t, v, n)
		t.CDepth--
		return r, e
	})
	group(func(s *Type) bool { return *field(&s.Slots) != nil },
		func(dst, src *Type) { *field(&dst.Slots) = *field(&src.Slots) },
		func(dst *Type) { *field(&dst.Slots) = generic },
		func(dst *Type) { *field(&dst.Slots) = nil },
		&slotDef{name: name, sig: "($self, /)", wrap: noArgs(func(s *Slots) UnaryFunc { return *field(s) })})
}

// binGroup makes the rows of a binary operator: left, reflected.
func binGroup(op BinOp, name, rname string) {
	ln, rn := NameStr(name), NameStr(rname)
	generic := func(t *Thread, a, b Value) (Value, *Exception) { return genericBinary(t, op, ln, rn, a, b) }
	left := func(t *Thread, owner *Type, self Value, args []Value) (Value, *Exception) {
		return owner.Bin[op](t, self, args[0])
	}
	right := func(t *Thread, owner *Type, self Value, args []Value) (Value, *Exception) {
		return owner.Bin[op](t, args[0], self)
	}
	l := &slotDef{name: name, sig: "($self, value, /)", min: 1, max: 1, wrap: left}
	r := &slotDef{name: rname, sig: "($self, value, /)", min: 1, max: 1, wrap: right}
	if op == OpPow {
		l.sig, l.max = "($self, value, mod=None, /)", 2
		l.wrap = func(t *Thread, owner *Type, self Value, args []Value) (Value, *Exception) {
			if len(args) == 2 && !args[1].IsNone() {
				if owner.PowMod == nil {
					return NotImplemented, nil
				}
				return owner.PowMod(t, self, args[0], args[1])
			}
			return owner.Bin[OpPow](t, self, args[0])
		}
		r.sig, r.max = "($self, value, mod=None, /)", 2
	}
	group(func(s *Type) bool { return s.Bin[op] != nil },
		func(dst, src *Type) {
			dst.Bin[op], dst.binOwner[op] = src.Bin[op], src.binOwner[op]
			if op == OpPow {
				dst.PowMod = src.PowMod
			}
		},
		func(dst *Type) {
			dst.Bin[op], dst.binOwner[op] = generic, &ObjectType
			if op == OpPow {
				dst.PowMod = genericPowMod
			}
		},
		func(dst *Type) { dst.Bin[op], dst.binOwner[op] = nil, nil },
		l, r)
}

func genericPowMod(t *Thread, a, b, mod Value) (Value, *Exception) {
	if d := a.Type().Lookup(t, NameStr("__pow__")); d.Ref != nil && a.Type().Flags&FHeap != 0 {
		return callDescr(t, d, a, []Value{b, mod})
	}
	return NotImplemented, nil
}

// genericBinary is the operator slot of Python classes, called for either operand.
func genericBinary(t *Thread, op BinOp, ln, rn *Str, a, b Value) (Value, *Exception) {
	ta, tb := a.Type(), b.Type()
	doRight := ta != tb && tb.binOwner[op] == &ObjectType
	if ta.binOwner[op] == &ObjectType {
		if doRight && tb.IsSubtype(ta) {
			l, r := ta.Lookup(t, rn), tb.Lookup(t, rn)
			if r.Ref != nil && !Is(l, r) {
				v, e := callDescr(t, r, b, []Value{a})
				if e != nil || !v.IsNotImplemented() {
					return v, e
				}
				doRight = false
			}
		}
		if d := ta.Lookup(t, ln); d.Ref != nil {
			v, e := callDescr(t, d, a, []Value{b})
			if e != nil || !v.IsNotImplemented() {
				return v, e
			}
		}
	}
	if doRight {
		if d := tb.Lookup(t, rn); d.Ref != nil {
			return callDescr(t, d, b, []Value{a})
		}
	}
	return NotImplemented, nil
}

func inPlaceGroup(op BinOp, name string) {
	n := NameStr(name)
	generic := BinaryFunc(func(t *Thread, a, b Value) (Value, *Exception) { return callDunder(t, a, n, b) })
	group(func(s *Type) bool { return s.InPlace[op] != nil },
		func(dst, src *Type) { dst.InPlace[op] = src.InPlace[op] },
		func(dst *Type) { dst.InPlace[op] = generic },
		func(dst *Type) { dst.InPlace[op] = nil },
		&slotDef{name: name, sig: "($self, value, /)", min: 1, max: 1,
			wrap: func(t *Thread, owner *Type, self Value, args []Value) (Value, *Exception) {
				return owner.InPlace[op](t, self, args[0])
			}})
}

// seqGroup is for the sequence forms of + and *, which only builtin types have; a class that overrides the dunder gets the number slot.
func seqGroup(name string, has func(s *Type) bool, copy func(dst, src *Type), clear func(dst *Type), call func(t *Thread, owner *Type, self, x Value) (Value, *Exception)) {
	group(has, copy, clear, clear, &slotDef{name: name, sig: "($self, value, /)", min: 1, max: 1,
		wrap: func(t *Thread, owner *Type, self Value, args []Value) (Value, *Exception) {
			return call(t, owner, self, args[0])
		}})
}

var cmpNamesDunder = [...]string{"__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"}

func compareGroup() {
	var names [6]*Str
	var defs []*slotDef
	for i, s := range cmpNamesDunder {
		names[i] = NameStr(s)
		op := CmpOp(i)
		defs = append(defs, &slotDef{name: s, sig: "($self, value, /)", min: 1, max: 1,
			wrap: func(t *Thread, owner *Type, self Value, args []Value) (Value, *Exception) {
				return owner.Slots.Compare(t, self, args[0], op)
			}})
	}
	generic := func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
		r, found, e := CallSpecial(t, a, names[op], b)
		if e == nil && !found {
			return NotImplemented, nil
		}
		return r, e
	}
	group(func(s *Type) bool { return s.Slots.Compare != nil },
		func(dst, src *Type) { dst.Slots.Compare = src.Slots.Compare },
		func(dst *Type) { dst.Slots.Compare = generic },
		func(dst *Type) { dst.Slots.Compare = nil }, defs...)
}

func init() {
	unaryGroup("__repr__", func(s *Slots) *UnaryFunc { return &s.Repr })
	unaryGroup("__str__", func(s *Slots) *UnaryFunc { return &s.Str })
	unaryGroup("__iter__", func(s *Slots) *UnaryFunc { return &s.Iter })
	unaryGroup("__neg__", func(s *Slots) *UnaryFunc { return &s.Neg })
	unaryGroup("__pos__", func(s *Slots) *UnaryFunc { return &s.Pos })
	unaryGroup("__invert__", func(s *Slots) *UnaryFunc { return &s.Invert })
	unaryGroup("__abs__", func(s *Slots) *UnaryFunc { return &s.Abs })
	unaryGroup("__int__", func(s *Slots) *UnaryFunc { return &s.ToInt })
	unaryGroup("__float__", func(s *Slots) *UnaryFunc { return &s.ToFloat })
	unaryGroup("__index__", func(s *Slots) *UnaryFunc { return &s.Index })
	unaryGroup("__await__", func(s *Slots) *UnaryFunc { return &s.Await })
	unaryGroup("__aiter__", func(s *Slots) *UnaryFunc { return &s.AIter })
	unaryGroup("__anext__", func(s *Slots) *UnaryFunc { return &s.ANext })
	for op, n := range [NumBinOps]string{"add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor", "divmod"} {
		binGroup(BinOp(op), "__"+n+"__", "__r"+n+"__")
		if BinOp(op) != OpDivmod {
			inPlaceGroup(BinOp(op), "__i"+n+"__")
		}
	}
	compareGroup()
	seqGroup("__add__", func(s *Type) bool { return s.Concat != nil }, func(d, s *Type) { d.Concat = s.Concat }, func(d *Type) { d.Concat = nil },
		func(t *Thread, o *Type, self, x Value) (Value, *Exception) { return o.Concat(t, self, x) })
	seqGroup("__iadd__", func(s *Type) bool { return s.IConcat != nil }, func(d, s *Type) { d.IConcat = s.IConcat }, func(d *Type) { d.IConcat = nil },
		func(t *Thread, o *Type, self, x Value) (Value, *Exception) { return o.IConcat(t, self, x) })
	rep := func(t *Thread, o *Type, self, x Value) (Value, *Exception) {
		i, e := ToIndex(t, x)
		if e != nil {
			return Value{}, e
		}
		return o.Repeat(t, self, i)
	}
	seqGroup("__mul__", func(s *Type) bool { return s.Repeat != nil }, func(d, s *Type) { d.Repeat = s.Repeat }, func(d *Type) { d.Repeat = nil }, rep)
	seqGroup("__rmul__", func(s *Type) bool { return s.Repeat != nil }, func(d, s *Type) { d.Repeat = s.Repeat }, func(d *Type) {}, rep)
	seqGroup("__imul__", func(s *Type) bool { return s.IRepeat != nil }, func(d, s *Type) { d.IRepeat = s.IRepeat }, func(d *Type) { d.IRepeat = nil },
		func(t *Thread, o *Type, self, x Value) (Value, *Exception) {
			i, e := ToIndex(t, x)
			if e != nil {
				return Value{}, e
			}
			return o.IRepeat(t, self, i)
		})
	initMoreSlots()
}

func initMoreSlots() {
	group(func(s *Type) bool { return s.Slots.Hash != nil },
		func(d, s *Type) { d.Slots.Hash, d.HashIsUnset = s.Slots.Hash, s.HashIsUnset },
		func(d *Type) { d.Slots.Hash = genericHash },
		func(d *Type) { d.Slots.Hash = nil },
		&slotDef{name: "__hash__", sig: "($self, /)", wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
			h, e := o.Slots.Hash(t, self)
			return Int(h), e
		}})
	group(func(s *Type) bool { return s.Slots.Next != nil },
		func(d, s *Type) { d.Slots.Next = s.Slots.Next },
		func(d *Type) { d.Slots.Next = genericNext },
		func(d *Type) { d.Slots.Next = nil },
		&slotDef{name: "__next__", sig: "($self, /)", wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
			t.TakeStop()
			r, e := o.Slots.Next(t, self)
			if e == nil && r.Ref == nil {
				return Value{}, StopIterationOf(t, t.TakeStop())
			}
			return r, e
		}})
	group(func(s *Type) bool { return s.Slots.Call != nil },
		func(d, s *Type) { d.Slots.Call = s.Slots.Call },
		func(d *Type) { d.Slots.Call = genericCall },
		func(d *Type) { d.Slots.Call = nil },
		&slotDef{name: "__call__", sig: "($self, /, *args, **kwargs)",
			wrapKw: func(t *Thread, o *Type, self Value, args []Value, kw []*Str) (Value, *Exception) {
				return o.Slots.Call(t, self, args, kw)
			}})
	group(func(s *Type) bool { return s.Slots.Init != nil },
		func(d, s *Type) { d.Slots.Init = s.Slots.Init },
		func(d *Type) { d.Slots.Init = genericInit },
		func(d *Type) { d.Slots.Init = nil },
		&slotDef{name: "__init__", sig: "($self, /, *args, **kwargs)",
			wrapKw: func(t *Thread, o *Type, self Value, args []Value, kw []*Str) (Value, *Exception) {
				return None, o.Slots.Init(t, self, args, kw)
			}})
	group(func(s *Type) bool { return s.Slots.GetAttr != nil },
		func(d, s *Type) { d.Slots.GetAttr = s.Slots.GetAttr },
		func(d *Type) { d.Slots.GetAttr = genericGetAttrHook },
		func(d *Type) { d.Slots.GetAttr = GenericGetAttr },
		&slotDef{name: "__getattribute__", sig: "($self, name, /)", min: 1, max: 1,
			wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
				n, e := attrName(t, args[0])
				if e != nil {
					return Value{}, e
				}
				return o.Slots.GetAttr(t, self, n)
			}}, &slotDef{name: "__getattr__"})
	setAttrDel := func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
		n, e := attrName(t, args[0])
		if e != nil {
			return Value{}, e
		}
		var v Value
		if len(args) == 2 {
			v = args[1]
		}
		if o == &ObjectType && self.Type().Flags&FType != 0 {
			return Value{}, TypeErrorf(t, "can't apply this __setattr__ to %s object", self.Type().Name)
		}
		return None, o.Slots.SetAttr(t, self, n, v)
	}
	group(func(s *Type) bool { return s.Slots.SetAttr != nil },
		func(d, s *Type) { d.Slots.SetAttr = s.Slots.SetAttr },
		func(d *Type) { d.Slots.SetAttr = genericSetAttrHook },
		func(d *Type) { d.Slots.SetAttr = nil },
		&slotDef{name: "__setattr__", sig: "($self, name, value, /)", min: 2, max: 2, wrap: setAttrDel},
		&slotDef{name: "__delattr__", sig: "($self, name, /)", min: 1, max: 1, wrap: setAttrDel})
	group(func(s *Type) bool { return s.Slots.DescrGet != nil },
		func(d, s *Type) { d.Slots.DescrGet = s.Slots.DescrGet },
		func(d *Type) { d.Slots.DescrGet = genericDescrGet },
		func(d *Type) { d.Slots.DescrGet = nil },
		&slotDef{name: "__get__", sig: "($self, instance, owner=None, /)", min: 1, max: 2,
			wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
				obj, owner := args[0], (*Type)(nil)
				if len(args) == 2 && args[1].Type().Flags&FType != 0 {
					owner = As[Type](args[1])
				}
				if obj.IsNone() {
					if owner == nil {
						return Value{}, TypeErrorf(t, "__get__(None, None) is invalid")
					}
					if owner != &NoneType {
						obj = Value{}
					}
				} else if owner == nil {
					owner = obj.Type()
				}
				return o.Slots.DescrGet(t, self, obj, owner)
			}})
	group(func(s *Type) bool { return s.Slots.DescrSet != nil },
		func(d, s *Type) { d.Slots.DescrSet = s.Slots.DescrSet },
		func(d *Type) { d.Slots.DescrSet = genericDescrSet },
		func(d *Type) { d.Slots.DescrSet = nil },
		&slotDef{name: "__set__", sig: "($self, instance, value, /)", min: 2, max: 2,
			wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
				return None, o.Slots.DescrSet(t, self, args[0], args[1])
			}},
		&slotDef{name: "__delete__", sig: "($self, instance, /)", min: 1, max: 1,
			wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
				return None, o.Slots.DescrSet(t, self, args[0], Value{})
			}})
	group(func(s *Type) bool { return s.Slots.Bool != nil },
		func(d, s *Type) { d.Slots.Bool = s.Slots.Bool },
		func(d *Type) { d.Slots.Bool = genericBool },
		func(d *Type) { d.Slots.Bool = nil },
		&slotDef{name: "__bool__", sig: "($self, /)", wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
			b, e := o.Slots.Bool(t, self)
			return Bool(b), e
		}})
	group(func(s *Type) bool { return s.Slots.Len != nil },
		func(d, s *Type) { d.Slots.Len = s.Slots.Len },
		func(d *Type) { d.Slots.Len = genericLen },
		func(d *Type) { d.Slots.Len = nil },
		&slotDef{name: "__len__", sig: "($self, /)", wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
			n, e := o.Slots.Len(t, self)
			return Int(int64(n)), e
		}})
	group(func(s *Type) bool { return s.Slots.GetItem != nil },
		func(d, s *Type) { d.Slots.GetItem = s.Slots.GetItem },
		func(d *Type) { d.Slots.GetItem = genericGetItem },
		func(d *Type) { d.Slots.GetItem = nil },
		&slotDef{name: "__getitem__", sig: "($self, key, /)", min: 1, max: 1,
			wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
				return o.Slots.GetItem(t, self, args[0])
			}})
	setItem := func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
		var v Value
		if len(args) == 2 {
			v = args[1]
		}
		return None, o.Slots.SetItem(t, self, args[0], v)
	}
	group(func(s *Type) bool { return s.Slots.SetItem != nil },
		func(d, s *Type) { d.Slots.SetItem = s.Slots.SetItem },
		func(d *Type) { d.Slots.SetItem = genericSetItem },
		func(d *Type) { d.Slots.SetItem = nil },
		&slotDef{name: "__setitem__", sig: "($self, key, value, /)", min: 2, max: 2, wrap: setItem},
		&slotDef{name: "__delitem__", sig: "($self, key, /)", min: 1, max: 1, wrap: setItem})
	group(func(s *Type) bool { return s.Slots.Contains != nil },
		func(d, s *Type) { d.Slots.Contains = s.Slots.Contains },
		func(d *Type) { d.Slots.Contains = genericContains },
		func(d *Type) { d.Slots.Contains = nil },
		&slotDef{name: "__contains__", sig: "($self, key, /)", min: 1, max: 1,
			wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
				b, e := o.Slots.Contains(t, self, args[0])
				return Bool(b), e
			}})
	group(func(s *Type) bool { return s.Slots.Del != nil },
		func(d, s *Type) { d.Slots.Del = s.Slots.Del },
		func(d *Type) {
			d.Slots.Del = func(t *Thread, v Value) *Exception { _, e := callDunder(t, v, N.Del); return e }
		},
		func(d *Type) { d.Slots.Del = nil },
		&slotDef{name: "__del__", sig: "($self, /)", wrap: func(t *Thread, o *Type, self Value, args []Value) (Value, *Exception) {
			return None, o.Slots.Del(t, self)
		}})
}

func attrName(t *Thread, v Value) (*Str, *Exception) {
	if v.Type().Flags&FStr == 0 {
		return nil, TypeErrorf(t, "attribute name must be string, not '%s'", v.Type().Name)
	}
	return t.InternStr(As[Str](v)), nil
}

func genericHash(t *Thread, v Value) (int64, *Exception) {
	d := v.Type().Lookup(t, N.Hash)
	if d.Ref == nil || d.IsNone() {
		return 0, TypeErrorf(t, "unhashable type: '%s'", v.Type().Name)
	}
	r, e := callDescr(t, d, v, nil)
	if e != nil {
		return 0, e
	}
	if r.Type().Flags&FInt == 0 {
		return 0, TypeErrorf(t, "__hash__ method should return an integer")
	}
	i := IntOf(r)
	if i.IsInt() {
		if i.Int64() == -1 {
			return -2, nil
		}
		return i.Int64(), nil
	}
	return Hash(t, i)
}

func genericNext(t *Thread, v Value) (Value, *Exception) {
	r, e := callDunder(t, v, N.Next)
	if e != nil && e.IsA(&StopIterationType) {
		t.lastStop = e
		return Value{}, nil
	}
	return r, e
}

// TakeStop gives the value of the StopIteration by which a Python __next__ just ended.
func (t *Thread) TakeStop() Value {
	if t.lastStop == nil {
		return None
	}
	v := t.lastStop.Field(StopValue)
	t.lastStop = nil
	return v
}

func genericCall(t *Thread, v Value, args []Value, kwnames []*Str) (Value, *Exception) {
	d := v.Type().Lookup(t, N.Call)
	if d.Ref == nil {
		return Value{}, TypeErrorf(t, "'%s' object is not callable", v.Type().Name)
	}
	return callDescrKw(t, d, v, args, kwnames)
}

func callDescrKw(t *Thread, d, v Value, args []Value, kwnames []*Str) (Value, *Exception) {
	dt := d.Type()
	if dt.Flags&FMethodLike != 0 {
		w := t.Window(len(args) + 1)
		w[0] = v
		copy(w[1:], args)
		r, e := CallKw(t, d, w, kwnames)
		t.Release(w)
		return r, e
	}
	if dt.DescrGet != nil {
		b, e := dt.DescrGet(t, d, v, v.Type())
		if e != nil {
			return Value{}, e
		}
		d = b
	}
	return CallKw(t, d, args, kwnames)
}

func genericInit(t *Thread, v Value, args []Value, kwnames []*Str) *Exception {
	d := v.Type().Lookup(t, N.Init)
	if d.Ref == nil {
		return nil
	}
	r, e := callDescrKw(t, d, v, args, kwnames)
	if e != nil {
		return e
	}
	if !r.IsNone() {
		return TypeErrorf(t, "__init__() should return None, not '%s'", r.Type().Name)
	}
	return nil
}

func genericNew(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
	d := tp.Lookup(t, N.New)
	f := d
	if get := d.Type().DescrGet; get != nil {
		b, e := get(t, d, Value{}, tp)
		if e != nil {
			return Value{}, e
		}
		f = b
	}
	w := t.Window(len(args) + 1)
	w[0] = tp.Value()
	copy(w[1:], args)
	r, e := CallKw(t, f, w, kwnames)
	t.Release(w)
	return r, e
}

// genericGetAttrHook serves classes with __getattribute__ or __getattr__.
func genericGetAttrHook(t *Thread, v Value, name *Str) (Value, *Exception) {
	tp := v.Type()
	d, _ := tp.LookupWhere(N.GetAttribute)
	var r Value
	var e *Exception
	hook := tp.Lookup(t, N.GetAttr)
	if d.Type() == &SlotWrapperType {
		o := As[SlotWrapper](d).Owner
		if o == &ObjectType && hook.Ref != nil {
			r, e = genericGet(t, v, tp, name)
			if e == nil && r.Ref != nil {
				return r, nil
			}
			if e == nil {
				return callHook(t, hook, v, name)
			}
		} else {
			r, e = o.Slots.GetAttr(t, v, name)
		}
	} else {
		r, e = callHook(t, d, v, name)
	}
	if e != nil && hook.Ref != nil && e.IsA(&AttributeErrorType) {
		return callHook(t, hook, v, name)
	}
	return r, e
}

func callHook(t *Thread, d, v Value, name *Str) (Value, *Exception) {
	if e := t.Enter(""); e != nil {
		return Value{}, e
	}
	r, e := callDescr(t, d, v, []Value{Obj(name)})
	t.CDepth--
	return r, e
}

func genericSetAttrHook(t *Thread, v Value, name *Str, val Value) *Exception {
	var e *Exception
	if val.Ref == nil {
		_, e = callDunder(t, v, N.DelAttr, Obj(name))
	} else {
		_, e = callDunder(t, v, N.SetAttr, Obj(name), val)
	}
	return e
}

func genericDescrGet(t *Thread, d, obj Value, owner *Type) (Value, *Exception) {
	f := d.Type().Lookup(t, N.Get)
	if f.Ref == nil {
		return d, nil
	}
	o := None
	if owner != nil {
		o = owner.Value()
	}
	return callDescr(t, f, d, []Value{orNone(obj), o})
}

func genericDescrSet(t *Thread, d, obj, val Value) *Exception {
	name, args := N.Set, []Value{obj, val}
	if val.Ref == nil {
		name, args = N.Delete, args[:1]
	}
	_, found, e := CallSpecial(t, d, name, args...)
	if e == nil && !found {
		return AttributeErrorf(t, "%s", name.S)
	}
	return e
}

func genericBool(t *Thread, v Value) (bool, *Exception) {
	r, e := callDunder(t, v, N.Bool)
	if e != nil {
		return false, e
	}
	if !r.IsBool() {
		return false, TypeErrorf(t, "__bool__ should return bool, returned %s", r.Type().Name)
	}
	return r.Bits != 0, nil
}

func genericLen(t *Thread, v Value) (int, *Exception) {
	r, e := callDunder(t, v, N.Len)
	if e != nil {
		return 0, e
	}
	i, e := ToIndex(t, r)
	if e != nil {
		return 0, e
	}
	if !i.IsInt() {
		neg, _ := CompareBool(t, i, Int(0), CmpLt)
		if neg {
			return 0, ValueErrorf(t, "__len__() should return >= 0")
		}
		return 0, OverflowErrorf(t, "cannot fit 'int' into an index-sized integer")
	}
	if i.Int64() < 0 {
		return 0, ValueErrorf(t, "__len__() should return >= 0")
	}
	return int(i.Int64()), nil
}

func genericGetItem(t *Thread, v, key Value) (Value, *Exception) {
	if e := t.Enter(""); e != nil {
		return Value{}, e
	}
	r, e := callDunder(t, v, N.GetItem, key)
	t.CDepth--
	return r, e
}

func genericSetItem(t *Thread, v, key, val Value) *Exception {
	var e *Exception
	var found bool
	if val.Ref == nil {
		_, found, e = CallSpecial(t, v, N.DelItem, key)
		if !found {
			return AttributeErrorf(t, "__delitem__") // there is __setitem__, or the slot would be empty
		}
	} else {
		_, found, e = CallSpecial(t, v, N.SetItem, key, val)
		if !found {
			return AttributeErrorf(t, "__setitem__")
		}
	}
	return e
}

func genericContains(t *Thread, v, x Value) (bool, *Exception) {
	d := v.Type().Lookup(t, N.Contains)
	if d.Ref != nil && d.IsNone() {
		return false, TypeErrorf(t, "'%s' object is not a container", v.Type().Name)
	}
	r, e := callDunder(t, v, N.Contains, x)
	if e != nil {
		return false, e
	}
	return Truth(t, r)
}
