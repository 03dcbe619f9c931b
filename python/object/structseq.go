package object

import "strings"

// Struct sequences: tuples with named fields (sys.version_info, time.struct_time ...), and types.SimpleNamespace.

type structFields struct{ names []string }

// NewStructSeq makes a struct sequence type; name has its module in front. The fields are those of the visible tuple.
func NewStructSeq(t *Thread, name string, fields []string) *Type {
	var sets []GetSet
	for i, f := range fields {
		sets = append(sets, GetSet{Name: f, Get: func(t *Thread, v Value) (Value, *Exception) { return As[Tuple](v).Items[i], nil }})
	}
	tp := new(Type)
	tp.Extra = structFields{fields}
	Declare(tp, Decl{Name: name, Base: &TupleType, Flags: FFinal, GetSets: sets,
		Slots: Slots{Repr: structRepr, New: NewSig(name[strings.LastIndexByte(name, '.')+1:]+"(sequence, dict=None)", func(t *Thread, tp *Type, a []Value) (Value, *Exception) {
			items, e := Collect(t, a[0])
			if e != nil {
				return Value{}, e
			}
			if len(items) < len(fields) {
				return Value{}, TypeErrorf(t, "%s() takes a %d-sequence (%d-sequence given)", name, len(fields), len(items))
			}
			return StructSeqOf(tp, items[:len(fields)]), nil
		})},
		Methods: []Method{{Sig: "__reduce__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			return NewTuple([]Value{a[0].Type().Value(), NewTuple([]Value{NewTuple(As[Tuple](a[0]).Items)})}), nil
		}}},
		Consts: map[string]Value{"n_sequence_fields": Int(int64(len(fields))), "n_fields": Int(int64(len(fields))), "n_unnamed_fields": Int(0)}})
	return tp
}

// StructSeqOf makes an instance.
func StructSeqOf(tp *Type, vals []Value) Value {
	return Obj(&Tuple{Object: Object{&tp.Root}, Items: vals})
}

func structRepr(t *Thread, v Value) (Value, *Exception) {
	tp := v.Type()
	f, _ := tp.Extra.(structFields)
	var b strings.Builder
	b.WriteString(tp.FullName() + "(")
	for i, n := range f.names {
		if i > 0 {
			b.WriteString(", ")
		}
		r, e := Repr(t, As[Tuple](v).Items[i])
		if e != nil {
			return Value{}, e
		}
		b.WriteString(n + "=" + r.S)
	}
	b.WriteString(")")
	return StrVal(b.String()), nil
}

// NamespaceType is types.SimpleNamespace.
var NamespaceType Type

// NewNamespace makes a SimpleNamespace.
func NewNamespace(t *Thread, names []string, vals []Value) Value {
	v := Obj(&inst4{Object: Object{&NamespaceType.Root}})
	for i, n := range names {
		StoreInstanceAttr(t, v, &NamespaceType, t.Intern(n), vals[i])
	}
	return v
}

func namespaceRepr(t *Thread, v Value) (Value, *Exception) {
	name := v.Type().Name
	if v.Type() == &NamespaceType {
		name = "namespace"
	}
	if !t.EnterRepr(v) {
		return StrVal(name + "(...)"), nil
	}
	defer t.LeaveRepr(v)
	var parts []string
	d := InstanceDict(v, v.Type())
	for i := 0; ; {
		k, x, ok := d.Next(&i)
		if !ok {
			break
		}
		if k.Type().Flags&FStr == 0 {
			continue
		}
		r, e := Repr(t, x)
		if e != nil {
			return Value{}, e
		}
		parts = append(parts, As[Str](k).S+"="+r.S)
	}
	return StrVal(name + "(" + strings.Join(parts, ", ") + ")"), nil
}

func init() {
	Declare(&NamespaceType, Decl{Name: "types.SimpleNamespace", Dict: true, Weak: true, Layout: LayoutWithAttrs[inst4](instOff, 4),
		Doc: "A simple attribute-based namespace.",
		Slots: Slots{Repr: namespaceRepr,
			New: func(t *Thread, tp *Type, args []Value, kw []*Str) (Value, *Exception) { return tp.Alloc(t) },
			Init: InitSig("SimpleNamespace(mapping_or_iterable=<absent>, /, **kwargs)", func(t *Thread, self Value, a []Value) *Exception {
				if a[0].Ref != nil {
					d := NewDict()
					if e := d.Update(t, a[0]); e != nil {
						return e
					}
					for i := 0; ; {
						k, v, ok := d.Next(&i)
						if !ok {
							break
						}
						if k.Type().Flags&FStr == 0 {
							return TypeErrorf(t, "keywords must be strings")
						}
						if e := StoreInstanceAttr(t, self, self.Type(), t.InternStr(As[Str](k)), v); e != nil {
							return e
						}
					}
				}
				kw := As[Dict](a[1])
				for i := 0; ; {
					k, v, ok := kw.Next(&i)
					if !ok {
						return nil
					}
					if e := StoreInstanceAttr(t, self, self.Type(), t.InternStr(As[Str](k)), v); e != nil {
						return e
					}
				}
			}),
			Compare: func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
				if !b.Type().IsSubtype(&NamespaceType) || op != CmpEq && op != CmpNe {
					return NotImplemented, nil
				}
				return Compare(t, Obj(InstanceDict(a, a.Type())), Obj(InstanceDict(b, b.Type())), op)
			}},
		GetSets: []GetSet{dictGetSet()},
		Methods: []Method{{Sig: "__replace__(self, /, **changes)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			d := InstanceDict(a[0], a[0].Type()).Copy()
			if e := d.Update(t, a[1]); e != nil {
				return Value{}, e
			}
			return CallDict(t, a[0].Type().Value(), nil, d)
		}}}})
}
