package object

// The type dict. The table keeps insertion order; see table.go.

// Dict is a dictionary. Its zero value with a shape is empty.
type Dict struct {
	Object
	table
}

// DictType is dict.
var DictType Type

// NewDict makes an empty dict.
func NewDict() *Dict { return &Dict{Object: Object{&DictType.Root}} }

// IsDict says whether v is a dict or an instance of a subclass.
func IsDict(v Value) bool { return v.Type().Flags&FDict != 0 }

// Len is the number of items.
func (d *Dict) Len() int { return d.live }

// Version gives KeyVer, assigning one if needed.
func (d *Dict) Version(t *Thread) uint64 {
	if d.KeyVer == 0 {
		d.KeyVer = t.Interp.nextVersion()
	}
	return d.KeyVer
}

// FindStr gives the entry number of a string key, or -1.
func (d *Dict) FindStr(key *Str) int { return d.findStr(key) }

// Entry gives the address of entry i's value; for inline caches whose KeyVer matched.
func (d *Dict) Entry(i int) *Value { return &d.entries[i].val }

// GetStr gives the value of a string key; Ref nil when absent.
func (d *Dict) GetStr(key *Str) Value {
	if i := d.findStr(key); i >= 0 {
		return d.entries[i].val
	}
	return Value{}
}

// HasStr says whether the string key is present.
func (d *Dict) HasStr(key *Str) bool { return d.findStr(key) >= 0 }

// SetStr sets the value of a string key.
func (d *Dict) SetStr(t *Thread, key *Str, v Value) *Exception {
	if i := d.findStr(key); i >= 0 {
		Set(&d.entries[i].val, v)
		return nil
	}
	return d.insert(t, Obj(key), v, key.HashOf())
}

// DelStr removes a string key; false if it was absent.
func (d *Dict) DelStr(key *Str) bool {
	i := d.findStr(key)
	if i < 0 {
		return false
	}
	d.remove(i)
	return true
}

// Get gives the value of key; Ref nil when absent.
func (d *Dict) Get(t *Thread, key Value) (Value, *Exception) {
	h, e := hashKey(t, key)
	if e != nil {
		return Value{}, e
	}
	i, e := d.find(t, key, h)
	if e != nil || i < 0 {
		return Value{}, e
	}
	return d.entries[i].val, nil
}

// Set sets the value of key.
func (d *Dict) Set(t *Thread, key, v Value) *Exception {
	h, e := hashKey(t, key)
	if e != nil {
		return e
	}
	return d.put(t, key, v, h)
}

// Del removes key; false if it was absent.
func (d *Dict) Del(t *Thread, key Value) (bool, *Exception) {
	h, e := hashKey(t, key)
	if e != nil {
		return false, e
	}
	i, e := d.find(t, key, h)
	if e != nil || i < 0 {
		return false, e
	}
	d.remove(i)
	return true, nil
}

// Has says whether key is present.
func (d *Dict) Has(t *Thread, key Value) (bool, *Exception) {
	v, e := d.Get(t, key)
	return v.Ref != nil, e
}

// Pop removes key and gives its value; Ref nil when absent.
func (d *Dict) Pop(t *Thread, key Value) (Value, *Exception) {
	h, e := hashKey(t, key)
	if e != nil {
		return Value{}, e
	}
	i, e := d.find(t, key, h)
	if e != nil || i < 0 {
		return Value{}, e
	}
	v := d.entries[i].val
	d.remove(i)
	return v, nil
}

// SetDefault gives the value of key, which it sets to def if it is absent.
func (d *Dict) SetDefault(t *Thread, key, def Value) (Value, *Exception) {
	h, e := hashKey(t, key)
	if e != nil {
		return Value{}, e
	}
	i, e := d.find(t, key, h)
	if e != nil {
		return Value{}, e
	}
	if i >= 0 {
		return d.entries[i].val, nil
	}
	return def, d.insert(t, key, def, h)
}

// Next iterates: start with *pos = 0; ok is false at the end.
//
//martlet:opaque
func (d *Dict) Next(pos *int) (key, val Value, ok bool) {
	if e := d.next(pos); e != nil {
		return e.key, e.val, true
	}
	return Value{}, Value{}, false
}

// Clear removes all items.
func (d *Dict) Clear() { d.clear() }

// Copy gives a new dict with the same items, not charged.
func (d *Dict) Copy() *Dict {
	n := NewDict()
	n.copyFrom(nil, &d.table)
	return n
}

// copy is Copy with accounting.
func (d *Dict) copy(t *Thread) (*Dict, *Exception) {
	n := NewDict()
	return n, n.copyFrom(t, &d.table)
}

// Keys gives the keys in a fresh slice.
func (d *Dict) Keys() []Value {
	out := make([]Value, 0, d.live)
	for i := 0; ; {
		e := d.next(&i)
		if e == nil {
			return out
		}
		out = append(out, e.key)
	}
}

// Merge copies the items of s into d.
func (d *Dict) Merge(t *Thread, s *Dict) *Exception {
	if d == s || s.live == 0 {
		return nil
	}
	if d.live == 0 && len(d.entries) == 0 {
		return d.copyFrom(t, &s.table)
	}
	n := s.live
	for i := 0; ; {
		e := s.next(&i)
		if e == nil {
			return nil
		}
		if e := d.put(t, e.key, e.val, e.hash); e != nil {
			return e
		}
		if s.live != n {
			return RuntimeErrorf(t, "dict mutated during update")
		}
	}
}

// Update is d.update(arg) for a mapping or an iterable of pairs.
func (d *Dict) Update(t *Thread, arg Value) *Exception {
	tp := arg.Type()
	if tp.Flags&FDict != 0 && sameIter(tp) {
		return d.Merge(t, As[Dict](arg))
	}
	keys, e := LookupAttr(t, arg, N.Keys)
	if e != nil {
		return e
	}
	if keys.Ref == nil {
		return d.updatePairs(t, arg)
	}
	ks, e := Call(t, keys)
	if e != nil {
		return e
	}
	return ForEach(t, ks, func(k Value) (bool, *Exception) {
		v, e := GetItem(t, arg, k)
		if e != nil {
			return false, e
		}
		return true, d.Set(t, k, v)
	})
}

// sameIter says whether a subclass of dict iterates as dict does.
func sameIter(tp *Type) bool {
	if tp == &DictType {
		return true
	}
	_, where := tp.LookupWhere(N.Iter)
	return where == &DictType
}

func (d *Dict) updatePairs(t *Thread, arg Value) *Exception {
	n := -1
	return ForEach(t, arg, func(x Value) (bool, *Exception) {
		n++
		if x.Type() == &TupleType && len(As[Tuple](x).Items) == 2 {
			p := As[Tuple](x).Items
			return true, d.Set(t, p[0], p[1])
		}
		pair, e := Collect(t, x)
		if e != nil {
			if e.IsA(&TypeErrorType) && x.Type().Slots.Iter == nil {
				return false, TypeErrorf(t, "cannot convert dictionary update sequence element #%d to a sequence", n)
			}
			return false, e
		}
		if len(pair) != 2 {
			return false, ValueErrorf(t, "dictionary update sequence element #%d has length %d; 2 is required", n, len(pair))
		}
		return true, d.Set(t, pair[0], pair[1])
	})
}

func dictGetItem(t *Thread, v, key Value) (Value, *Exception) {
	r, e := As[Dict](v).Get(t, key)
	if e != nil || r.Ref != nil {
		return r, e
	}
	if v.Type() != &DictType {
		if r, found, e := CallSpecial(t, v, N.Missing, key); found {
			return r, e
		}
	}
	return Value{}, KeyErrorOf(t, key)
}

func dictSetItem(t *Thread, v, key, val Value) *Exception {
	d := As[Dict](v)
	if val.Ref != nil {
		return d.Set(t, key, val)
	}
	ok, e := d.Del(t, key)
	if e == nil && !ok {
		return KeyErrorOf(t, key)
	}
	return e
}

func dictRepr(t *Thread, v Value) (Value, *Exception) {
	d := As[Dict](v)
	if d.live == 0 {
		return StrVal("{}"), nil
	}
	if !t.EnterRepr(v) {
		return StrVal("{...}"), nil
	}
	defer t.LeaveRepr(v)
	b := []byte{'{'}
	for i := 0; ; {
		k, x, ok := d.Next(&i)
		if !ok {
			break
		}
		if len(b) > 1 {
			b = append(b, ", "...)
		}
		ks, e := Repr(t, k)
		if e != nil {
			return Value{}, e
		}
		xs, e := Repr(t, x)
		if e != nil {
			return Value{}, e
		}
		b = append(append(append(b, ks.S...), ": "...), xs.S...)
	}
	return ChargedStr(t, string(append(b, '}')))
}

func dictCompare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if op != CmpEq && op != CmpNe || !IsDict(a) || !IsDict(b) {
		return NotImplemented, nil
	}
	eq, e := dictEqual(t, As[Dict](a), As[Dict](b))
	return Bool(eq == (op == CmpEq)), e
}

func dictEqual(t *Thread, a, b *Dict) (bool, *Exception) {
	if a.live != b.live {
		return false, nil
	}
	for i := 0; ; {
		x := a.next(&i)
		if x == nil {
			return true, nil
		}
		key, val := x.key, x.val
		j, e := b.find(t, key, x.hash)
		if e != nil || j < 0 {
			return false, e
		}
		if eq, e := Equal(t, val, b.entries[j].val); !eq || e != nil {
			return false, e
		}
	}
}

func dictOr(t *Thread, a, b Value) (Value, *Exception) {
	if !IsDict(a) || !IsDict(b) {
		return NotImplemented, nil
	}
	n, e := As[Dict](a).copy(t)
	if e != nil {
		return Value{}, e
	}
	return Obj(n), n.Update(t, b)
}

func dictInit(t *Thread, self Value, args []Value, kwnames []*Str) *Exception {
	return dictUpdateArgs(t, self, args, kwnames, "dict")
}

func dictUpdateArgs(t *Thread, self Value, args []Value, kwnames []*Str, name string) *Exception {
	d := As[Dict](self)
	n := len(args) - len(kwnames)
	if n > 1 {
		return TypeErrorf(t, "%s expected at most 1 argument, got %d", name, n)
	}
	if n == 1 {
		if e := d.Update(t, args[0]); e != nil {
			return e
		}
	}
	for i, k := range kwnames {
		if e := d.SetStr(t, k, args[n+i]); e != nil {
			return e
		}
	}
	return nil
}

func dictUpdate(t *Thread, a []Value) (Value, *Exception) {
	pos := As[Tuple](a[1]).Items
	if len(pos) > 1 {
		return Value{}, TypeErrorf(t, "update expected at most 1 argument, got %d", len(pos))
	}
	d := As[Dict](a[0])
	if len(pos) == 1 {
		if e := d.Update(t, pos[0]); e != nil {
			return Value{}, e
		}
	}
	return None, d.Merge(t, As[Dict](a[2]))
}

func dictGet(t *Thread, a []Value) (Value, *Exception) {
	v, e := As[Dict](a[0]).Get(t, a[1])
	if e == nil && v.Ref == nil {
		return a[2], nil
	}
	return v, e
}

func dictPop(t *Thread, a []Value) (Value, *Exception) {
	d := As[Dict](a[0])
	if d.live > 0 { // an empty dict does not ask for the hash
		v, e := d.Pop(t, a[1])
		if e != nil || v.Ref != nil {
			return v, e
		}
	}
	if a[2].Ref == nil {
		return Value{}, KeyErrorOf(t, a[1])
	}
	return a[2], nil
}

func dictPopItem(t *Thread, a []Value) (Value, *Exception) {
	d := As[Dict](a[0])
	i := len(d.entries)
	x := d.prev(&i)
	if x == nil {
		return Value{}, KeyErrorOf(t, StrVal("popitem(): dictionary is empty"))
	}
	r := TupleOf(x.key, x.val)
	d.remove(i)
	return r, nil
}

func dictFromKeys(t *Thread, a []Value) (Value, *Exception) {
	var out Value
	if As[Type](a[0]) == &DictType {
		out = Obj(NewDict())
	} else {
		var e *Exception
		if out, e = Call(t, a[0]); e != nil {
			return Value{}, e
		}
	}
	e := ForEach(t, a[1], func(k Value) (bool, *Exception) {
		if out.Type() == &DictType {
			return true, As[Dict](out).Set(t, k, a[2])
		}
		return true, SetItem(t, out, k, a[2])
	})
	return out, e
}

func dictIterOf(kind dictKind, reverse bool) BuiltinFn {
	return func(t *Thread, a []Value) (Value, *Exception) {
		return newDictIter(As[Dict](a[0]), kind, reverse), nil
	}
}

func dictViewOf(kind dictKind) BuiltinFn {
	return func(t *Thread, a []Value) (Value, *Exception) {
		return Obj(&DictView{Object{&dictViewTypes[kind].Root}, As[Dict](a[0])}), nil
	}
}

func init() {
	Declare(&DictType, Decl{
		Name: "dict", Flags: FDict | FMapping | FMatchSelf, Layout: LayoutOf[Dict](),
		Doc: "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\ndict(iterable) -> new dictionary initialized as if via:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\ndict(**kwargs) -> new dictionary initialized with the name=value pairs\n    in the keyword argument list.  For example:  dict(one=1, two=2)",
		Slots: Slots{
			Repr: dictRepr, Compare: dictCompare, HashIsUnset: true, GetItem: dictGetItem, SetItem: dictSetItem, Init: dictInit,
			Len:      func(t *Thread, v Value) (int, *Exception) { return As[Dict](v).live, nil },
			Contains: func(t *Thread, v, x Value) (bool, *Exception) { return As[Dict](v).Has(t, x) },
			Iter:     func(t *Thread, v Value) (Value, *Exception) { return newDictIter(As[Dict](v), dictKeys, false), nil },
			New: func(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
				if tp == &DictType {
					return Obj(NewDict()), t.Charge(96)
				}
				return tp.Alloc(t)
			},
			Bin: [NumBinOps]BinaryFunc{OpOr: dictOr},
			InPlace: [NumBinOps]BinaryFunc{OpOr: func(t *Thread, a, b Value) (Value, *Exception) {
				return a, As[Dict](a).Update(t, b)
			}},
		},
		Methods: []Method{
			{Sig: "get(self, key, default=None, /)", Fn: dictGet},
			{Sig: "setdefault(self, key, default=None, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				return As[Dict](a[0]).SetDefault(t, a[1], a[2])
			}},
			{Sig: "pop(self, key, default=<absent>, /)", Fn: dictPop},
			{Sig: "popitem(self, /)", Fn: dictPopItem},
			{Sig: "keys(self, /)", Fn: dictViewOf(dictKeys)},
			{Sig: "values(self, /)", Fn: dictViewOf(dictValues)},
			{Sig: "items(self, /)", Fn: dictViewOf(dictItems)},
			{Sig: "update(self, /, *args, **kwargs)", Fn: dictUpdate},
			{Sig: "fromkeys(type, iterable, value=None, /)", Fn: dictFromKeys, Kind: ClassMethod},
			{Sig: "clear(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) { As[Dict](a[0]).clear(); return None, nil }},
			{Sig: "copy(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				d, e := As[Dict](a[0]).copy(t)
				return Obj(d), e
			}},
			{Sig: "__reversed__(self, /)", Fn: dictIterOf(dictKeys, true)},
			{Sig: "__sizeof__(self, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
				d := As[Dict](a[0])
				return Int(int64(64 + cap(d.entries)*40 + len(d.index)*4)), nil
			}},
			classGetItem,
		},
	})
}
