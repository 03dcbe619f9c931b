package object

import "fmt"

func groupNew(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
	if len(kwnames) > 0 {
		return Value{}, TypeErrorf(t, "%s() takes no keyword arguments", tp.Name)
	}
	if len(args) != 2 {
		return Value{}, TypeErrorf(t, "BaseExceptionGroup.__new__() takes exactly 2 arguments (%d given)", len(args))
	}
	if args[0].Type().Flags&FStr == 0 {
		return Value{}, TypeErrorf(t, "BaseExceptionGroup.__new__() argument 1 must be str, not %s", ArgTypeName(args[0]))
	}
	if args[1].Type().Slots.GetItem == nil || args[1].Type().Slots.Len == nil || args[1].Type().Flags&(FDict|FSet) != 0 {
		return Value{}, TypeErrorf(t, "second argument (exceptions) must be a sequence")
	}
	excs, e := Collect(t, args[1])
	if e != nil {
		return Value{}, e
	}
	if len(excs) == 0 {
		return Value{}, ValueErrorf(t, "second argument (exceptions) must be a non-empty sequence")
	}
	onlyExceptions := true
	for i, x := range excs {
		if x.Type().Flags&FException == 0 {
			return Value{}, ValueErrorf(t, "Item %d of second argument (exceptions) is not an exception", i)
		}
		onlyExceptions = onlyExceptions && x.Type().IsSubtype(&ExceptionType)
	}
	switch {
	case tp == &BaseExceptionGroupType && onlyExceptions:
		tp = &ExceptionGroupType
	case tp == &ExceptionGroupType && !onlyExceptions:
		return Value{}, TypeErrorf(t, "Cannot nest BaseExceptions in an ExceptionGroup")
	case !onlyExceptions && tp.IsSubtype(&ExceptionType):
		return Value{}, TypeErrorf(t, "Cannot nest BaseExceptions in '%s'", tp.Name)
	}
	v, e := excNew(t, tp, args, nil)
	if e == nil {
		x := As[Exception](v)
		x.Fields[GroupMessage], x.Fields[GroupExcs] = args[0], NewTuple(excs)
	}
	return v, e
}

func groupInit(t *Thread, self Value, args []Value, kwnames []*Str) *Exception {
	if len(kwnames) > 0 {
		return TypeErrorf(t, "%s() takes no keyword arguments", self.Type().Name)
	}
	As[Exception](self).Args = NewTuple(append([]Value(nil), args...))
	return nil
}

// GroupItems are the exceptions of a group.
func (e *Exception) GroupItems() []Value {
	if v := e.Field(GroupExcs); !v.IsNone() {
		return As[Tuple](v).Items
	}
	return nil
}

func groupStr(t *Thread, v Value) (Value, *Exception) {
	e := As[Exception](v)
	m, err := ToStr(t, e.Field(GroupMessage))
	if err != nil {
		return Value{}, err
	}
	n := len(e.GroupItems())
	return StrVal(fmt.Sprintf("%s (%d sub-exception%s)", m.S, n, plural(n))), nil
}

// deriveGroup makes a group like v with other exceptions, through v.derive, and copies the metadata.
func deriveGroup(t *Thread, v Value, excs []Value) (Value, *Exception) {
	r, err := CallMethodS(t, v, "derive", NewList(excs))
	if err != nil {
		return Value{}, err
	}
	if !r.Type().IsSubtype(&BaseExceptionGroupType) {
		return Value{}, TypeErrorf(t, "derive must return an instance of BaseExceptionGroup")
	}
	o, n := As[Exception](v), As[Exception](r)
	n.TB, n.Cause, n.Context, n.Suppress = o.TB, o.Cause, o.Context, o.Suppress
	notes, err := LookupAttr(t, v, N.Notes)
	if err != nil || notes.Ref == nil {
		return r, err
	}
	if items, e := Collect(t, notes); e == nil {
		return r, SetAttr(t, r, N.Notes, NewList(items))
	}
	return r, nil
}

// SplitGroup splits v (a group or a naked exception) into the parts that match and do not match; Ref nil for none.
func SplitGroup(t *Thread, v Value, match func(x Value) (bool, *Exception)) (yes, no Value, err *Exception) {
	ok, err := match(v)
	if err != nil || ok {
		return v, Value{}, err
	}
	if !v.Type().IsSubtype(&BaseExceptionGroupType) {
		return Value{}, v, nil
	}
	if e := t.Enter(" in exceptiongroup_split_recursive"); e != nil {
		return Value{}, Value{}, e
	}
	defer t.Leave()
	var ys, ns []Value
	for _, x := range As[Exception](v).GroupItems() {
		y, n, err := SplitGroup(t, x, match)
		if err != nil {
			return Value{}, Value{}, err
		}
		if y.Ref != nil {
			ys = append(ys, y)
		}
		if n.Ref != nil {
			ns = append(ns, n)
		}
	}
	if len(ys) > 0 {
		if yes, err = deriveGroup(t, v, ys); err != nil {
			return
		}
	}
	if len(ns) > 0 {
		no, err = deriveGroup(t, v, ns)
	}
	return
}

func groupMatcher(t *Thread, m Value) (func(x Value) (bool, *Exception), *Exception) {
	isExcType := func(v Value) bool { return v.Type().Flags&FType != 0 && As[Type](v).Flags&FException != 0 }
	switch {
	case isExcType(m):
		return func(x Value) (bool, *Exception) { return x.Type().IsSubtype(As[Type](m)), nil }, nil
	case m.Type().Flags&FTuple != 0:
		all := true
		for _, x := range As[Tuple](m).Items {
			all = all && isExcType(x)
		}
		if all {
			return func(x Value) (bool, *Exception) {
				for _, c := range As[Tuple](m).Items {
					if x.Type().IsSubtype(As[Type](c)) {
						return true, nil
					}
				}
				return false, nil
			}, nil
		}
	case Callable(m) && m.Type().Flags&FType == 0:
		return func(x Value) (bool, *Exception) {
			r, e := Call(t, m, x)
			if e != nil {
				return false, e
			}
			return Truth(t, r)
		}, nil
	}
	return nil, TypeErrorf(t, "expected an exception type, a tuple of exception types, or a callable (other than a class)")
}

func groupMethods() []Method {
	return []Method{
		{Sig: "derive(self, excs, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			return Call(t, BaseExceptionGroupType.Value(), As[Exception](a[0]).Field(GroupMessage), a[1])
		}},
		{Sig: "split(self, matcher_value, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			m, e := groupMatcher(t, a[1])
			if e != nil {
				return Value{}, e
			}
			y, n, e := SplitGroup(t, a[0], m)
			return NewTuple([]Value{orNone(y), orNone(n)}), e
		}},
		{Sig: "subgroup(self, matcher_value, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			m, e := groupMatcher(t, a[1])
			if e != nil {
				return Value{}, e
			}
			y, _, e := SplitGroup(t, a[0], m)
			return orNone(y), e
		}},
		{Sig: "__class_getitem__(type, item, /)", Kind: ClassMethod, Fn: func(t *Thread, a []Value) (Value, *Exception) {
			return NewGenericAlias(a[0], a[1]), nil
		}},
	}
}

func unicodeErrorStr(t *Thread, v Value) (Value, *Exception) {
	e := As[Exception](v)
	if e.Fields[UniObject].Ref == nil {
		return EmptyStr, nil
	}
	reason, err := ToStr(t, e.Field(UniReason))
	if err != nil {
		return Value{}, err
	}
	start, end := e.Field(UniStart).Int64(), e.Field(UniEnd).Int64()
	obj := e.Field(UniObject)
	n, err := Len(t, obj)
	if err != nil {
		return Value{}, err
	}
	verb, enc := "translate", ""
	switch v.Type().excFamily() {
	case &UnicodeDecodeErrorType:
		verb = "decode"
	case &UnicodeEncodeErrorType:
		verb = "encode"
	}
	if f := e.Fields[UniEncoding]; f.Ref != nil {
		s, err := ToStr(t, f)
		if err != nil {
			return Value{}, err
		}
		enc = "'" + s.S + "' codec "
	}
	if end != start+1 || start < 0 || int(start) >= n {
		what := "characters"
		if verb == "decode" {
			what = "bytes"
		}
		return StrVal(fmt.Sprintf("%scan't %s %s in position %d-%d: %s", enc, verb, what, start, end-1, reason.S)), nil
	}
	x, err := GetItem(t, obj, Int(start))
	if err != nil {
		return Value{}, err
	}
	what := ""
	if verb == "decode" {
		what = fmt.Sprintf("byte 0x%02x", x.Int64())
	} else {
		what = "character '" + escapePoint(As[Str](x).S) + "'"
	}
	return StrVal(fmt.Sprintf("%scan't %s %s in position %d: %s", enc, verb, what, start, reason.S)), nil
}

// escapePoint shows one code point (maybe a surrogate, in WTF-8) as \xhh, \uhhhh or \Uhhhhhhhh.
func escapePoint(s string) string {
	c := 0
	for i := 0; i < len(s); i++ {
		switch b := int(s[i]); {
		case i > 0:
			c = c<<6 | b&0x3f
		case b < 0x80:
			c = b
		case b < 0xE0:
			c = b & 0x1f
		case b < 0xF0:
			c = b & 0x0f
		default:
			c = b & 7
		}
	}
	switch {
	case c <= 0xff:
		return fmt.Sprintf(`\x%02x`, c)
	case c <= 0xffff:
		return fmt.Sprintf(`\u%04x`, c)
	}
	return fmt.Sprintf(`\U%08x`, c)
}
