package builtins

import "martlet/python/object"

func repr(t *thread, a []value) (value, *exc) { return str(object.Repr(t, a[0])) }

func ascii(t *thread, a []value) (value, *exc) { return str(object.Ascii(t, a[0])) }

func str(s *object.Str, e *exc) (value, *exc) {
	if e != nil {
		return value{}, e
	}
	return object.Obj(s), nil
}

func format(t *thread, a []value) (value, *exc) {
	if !object.IsStr(a[1]) {
		return value{}, object.TypeErrorf(t, "format() argument 2 must be str, not %s", object.ArgTypeName(a[1]))
	}
	return str(object.Format(t, a[0], object.As[object.Str](a[1])))
}

func bin(t *thread, a []value) (value, *exc) { return object.BaseText(t, a[0], 2, "0b") }
func oct(t *thread, a []value) (value, *exc) { return object.BaseText(t, a[0], 8, "0o") }
func hex(t *thread, a []value) (value, *exc) { return object.BaseText(t, a[0], 16, "0x") }

func chr(t *thread, a []value) (value, *exc) {
	i, e := object.ClampIndex(t, a[0])
	if e != nil {
		return value{}, e
	}
	if i < 0 || i > 0x10ffff {
		return value{}, object.ValueErrorf(t, "chr() arg not in range(0x110000)")
	}
	return object.RuneStr(rune(i)), nil
}

func ord(t *thread, a []value) (value, *exc) {
	n := 0
	if object.IsStr(a[0]) {
		s := object.As[object.Str](a[0])
		if n = s.Len(); n == 1 {
			return object.Int(int64(s.At(0))), nil
		}
	} else if b, ok := object.BytesOf(a[0]); ok {
		if n = len(b); n == 1 {
			return object.Int(int64(b[0])), nil
		}
	} else {
		return value{}, object.TypeErrorf(t, "ord() expected string of length 1, but %s found", a[0].Type().Name)
	}
	return value{}, object.TypeErrorf(t, "ord() expected a character, but string of length %d found", n)
}

// stream finds a standard stream; Ref nil when it is None.
func stream(t *thread, name *object.Str) (value, *exc) {
	var f value
	if t.Interp.SysDict != nil {
		f = t.Interp.SysDict.GetStr(name)
	}
	switch {
	case f.Ref == nil:
		return f, object.RuntimeErrorf(t, "lost sys.%s", name.S)
	case f.IsNone():
		return value{}, nil
	}
	return f, nil
}

func textArg(t *thread, v value, name, def string) (string, *exc) {
	if v.IsNone() {
		return def, nil
	}
	if !object.IsStr(v) {
		return "", object.TypeErrorf(t, "%s must be None or a string, not %s", name, v.Type().Name)
	}
	return object.StrText(v), nil
}

func print(t *thread, a []value) (value, *exc) {
	file := a[3]
	if file.IsNone() {
		var e *exc
		if file, e = stream(t, object.N.Stdout); e != nil || file.Ref == nil {
			return object.None, e
		}
	}
	sep, e := textArg(t, a[1], "sep", " ")
	if e != nil {
		return value{}, e
	}
	end, e := textArg(t, a[2], "end", "\n")
	if e != nil {
		return value{}, e
	}
	write := func(s value) *exc {
		_, e := object.CallMethod(t, file, object.N.Write, s)
		return e
	}
	for i, x := range object.As[object.Tuple](a[0]).Items {
		if i > 0 {
			if e := write(object.StrVal(sep)); e != nil {
				return value{}, e
			}
		}
		s, e := object.ToStr(t, x)
		if e != nil {
			return value{}, e
		}
		if e := write(object.Obj(s)); e != nil {
			return value{}, e
		}
	}
	if e := write(object.StrVal(end)); e != nil {
		return value{}, e
	}
	flush, e := object.Truth(t, a[4])
	if e == nil && flush {
		_, e = object.CallMethod(t, file, object.N.Flush)
	}
	return object.None, e
}

func input(t *thread, a []value) (value, *exc) {
	out, e := stream(t, object.N.Stdout)
	if e != nil {
		return value{}, object.RuntimeErrorf(t, "input(): lost sys.stdout")
	}
	in, e := stream(t, object.N.Stdin)
	if e != nil || in.Ref == nil {
		return value{}, object.RuntimeErrorf(t, "input(): lost sys.stdin")
	}
	prompt, e := object.ToStr(t, a[0])
	if e != nil {
		return value{}, e
	}
	if out.Ref != nil {
		if prompt.S != "" {
			if _, e := object.CallMethod(t, out, object.N.Write, object.Obj(prompt)); e != nil {
				return value{}, e
			}
		}
		if _, e := object.CallMethod(t, out, object.N.Flush); e != nil {
			return value{}, e
		}
	}
	line, e := object.CallMethod(t, in, object.N.ReadLine)
	if e != nil {
		return value{}, e
	}
	if !object.IsStr(line) {
		return value{}, object.TypeErrorf(t, "object.readline() returned non-string")
	}
	s := object.As[object.Str](line)
	switch n := len(s.S); {
	case n == 0:
		return value{}, object.NewException(t, &object.EOFErrorType, object.StrVal("EOF when reading a line"))
	case s.S[n-1] == '\n':
		return object.StrVal(s.S[:n-1]), nil
	}
	return line, nil
}
