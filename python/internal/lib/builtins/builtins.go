package builtins

import "martlet/python/object"

// Short names for what every function here speaks of.
type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

type builtin struct {
	sig, doc string
	fn       object.BuiltinFn
}

func functions() []builtin {
	return []builtin{
		{"abs(x, /)", "Return the absolute value of the argument.", abs},
		{"aiter(async_iterable, /)", "Return an AsyncIterator for an AsyncIterable object.", aiter},
		{"all(iterable, /)", "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True.", all},
		{"anext(aiterator, default=<absent>, /)", "Return the next item from the async iterator.\n\nIf default is given and the async iterator is exhausted,\nit is returned instead of raising StopAsyncIteration.", anext},
		{"any(iterable, /)", "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False.", any_},
		{"ascii(obj, /)", "Return an ASCII-only representation of an object.\n\nAs repr(), return a string containing a printable representation of an\nobject, but escape the non-ASCII characters in the string returned by\nrepr() using \\\\x, \\\\u or \\\\U escapes. This generates a string similar\nto that returned by repr() in Python 2.", ascii},
		{"bin(number, /)", "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'", bin},
		{"breakpoint(*args, **kws)", "Call sys.breakpointhook(*args, **kws).  sys.breakpointhook() must accept\nwhatever arguments are passed.\n\nBy default, this drops you into the pdb debugger.", breakpoint},
		{"callable(obj, /)", "Return whether the object is callable (i.e., some kind of function).\n\nNote that classes are callable, as are instances of classes with a\n__call__() method.", callable},
		{"chr(i, /)", "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.", chr},
		{"compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)", "Compile source into a code object that can be executed by exec() or eval().\n\nThe source code may represent a Python module, statement or expression.\nThe filename will be used for run-time error messages.\nThe mode must be 'exec' to compile a module, 'single' to compile a\nsingle (interactive) statement, or 'eval' to compile an expression.\nThe flags argument, if present, controls which future statements influence\nthe compilation of the code.\nThe dont_inherit argument, if true, stops the compilation inheriting\nthe effects of any future statements in effect in the code calling\ncompile; if absent or false these statements do influence the compilation,\nin addition to any features explicitly specified.", compile},
		{"delattr(obj, name, /)", "Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``", delattr},
		{"dir(object=<absent>, /)", "dir([object]) -> list of strings\n\nIf called without an argument, return the names in the current scope.\nElse, return an alphabetized list of names comprising (some of) the attributes\nof the given object, and of attributes reachable from it.", dir},
		{"divmod(x, y, /)", "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.", divmod},
		{"eval(source, /, globals=None, locals=None)", "Evaluate the given source in the context of globals and locals.\n\nThe source may be a string representing a Python expression\nor a code object as returned by compile().\nThe globals must be a dictionary and locals can be any mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to it.", eval},
		{"exec(source, /, globals=None, locals=None, *, closure=None)", "Execute the given source in the context of globals and locals.\n\nThe source may be a string representing one or more Python statements\nor a code object as returned by compile().\nThe globals must be a dictionary and locals can be any mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to it.\nThe closure must be a tuple of cellvars, and can only be used\nwhen source is a code object requiring exactly that many cellvars.", exec},
		{"format(value, format_spec='', /)", "Return type(value).__format__(value, format_spec)\n\nMany built-in types implement format_spec according to the\nFormat Specification Mini-language. See help('FORMATTING')\nfor details.", format},
		{"getattr(object, name, default=<absent>, /)", "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object; getattr(x, 'y') is equivalent to x.y.\nWhen a default argument is given, it is returned when the attribute doesn't\nexist; without it, an exception is raised in that case.", getattr},
		{"globals()", "Return the dictionary containing the current scope's global variables.\n\nNOTE: Updates to this dictionary *will* affect name lookups in the current\nglobal scope and vice-versa.", globals},
		{"hasattr(obj, name, /)", "Return whether the object has an attribute with the given name.\n\nThis is done by calling getattr(obj, name) and catching AttributeError.", hasattr},
		{"hash(obj, /)", "Return the hash value for the given object.\n\nTwo objects that compare equal must also have the same hash value, but the\nreverse is not necessarily true.", hash},
		{"hex(number, /)", "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'", hex},
		{"id(obj, /)", "Return the identity of an object.\n\nThis is guaranteed to be unique among simultaneously existing objects.\n(CPython uses the object's memory address.)", id},
		{"input(prompt='', /)", "Read a string from standard input.  The trailing newline is stripped.\n\nThe prompt string, if given, is printed to standard output without a\ntrailing newline before reading input.\n\nIf the user hits EOF (*nix: Ctrl-D, Windows: Ctrl-Z+Return), raise EOFError.\nOn *nix systems, readline is used if available.", input},
		{"isinstance(obj, class_or_tuple, /)", "Return whether an object is an instance of a class or of a subclass thereof.\n\nA tuple, as in ``isinstance(x, (A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to ``isinstance(x, A) or isinstance(x, B)\nor ...`` etc.", isinstance},
		{"issubclass(cls, class_or_tuple, /)", "Return whether 'cls' is derived from another class or is the same class.\n\nA tuple, as in ``issubclass(x, (A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to ``issubclass(x, A) or issubclass(x, B)\nor ...``.", issubclass},
		{"iter(object, sentinel=<absent>, /)", "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nGet an iterator from an object.  In the first form, the argument must\nsupply its own iterator, or be a sequence.\nIn the second form, the callable is called until it returns the sentinel.", iter},
		{"len(obj, /)", "Return the number of items in a container.", length},
		{"locals()", "Return a dictionary containing the current scope's local variables.\n\nNOTE: Whether or not updates to this dictionary will affect name lookups in\nthe local scope and vice-versa is *implementation dependent* and not\ncovered by any backwards compatibility guarantees.", locals},
		{"max(*args, **kwargs)", "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single iterable argument, return its biggest item. The\ndefault keyword-only argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more positional arguments, return the largest argument.", extremum("max", object.CmpGt)},
		{"min(*args, **kwargs)", "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single iterable argument, return its smallest item. The\ndefault keyword-only argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more positional arguments, return the smallest argument.", extremum("min", object.CmpLt)},
		{"next(iterator, default=<absent>, /)", "next(iterator[, default])\n\nReturn the next item from the iterator. If default is given and the iterator\nis exhausted, it is returned instead of raising StopIteration.", next},
		{"oct(number, /)", "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'", oct},
		{"ord(c, /)", "Return the Unicode code point for a one-character string.", ord},
		{"pow(base, exp, mod=None)", "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.\n\nSome types, such as ints, are able to use a more efficient algorithm when\ninvoked using the three argument form.", pow},
		{"print(*args, sep=' ', end='\\n', file=None, flush=False)", "Prints the values to a stream, or to sys.stdout by default.\n\n  sep\n    string inserted between values, default a space.\n  end\n    string appended after the last value, default a newline.\n  file\n    a file-like object (stream); defaults to the current sys.stdout.\n  flush\n    whether to forcibly flush the stream.", print},
		{"repr(obj, /)", "Return the canonical string representation of the object.\n\nFor many object types, including most builtins, eval() will return\nthe object's original string.", repr},
		{"round(number, ndigits=None)", "Round a number to a given precision in decimal digits.\n\nThe return value is an integer if ndigits is omitted or None.  Otherwise\nthe return value has the same type as the number.  ndigits may be negative.", round},
		{"setattr(obj, name, value, /)", "Sets the named attribute on the given object to the specified value.\n\nsetattr(x, 'y', v) is equivalent to ``x.y = v``", setattr},
		{"sorted(iterable, /, *, key=None, reverse=False)", "Return a new list containing all items from the iterable in ascending order.\n\nA custom key function can be supplied to customize the sort order, and the\nreverse flag can be set to request the result in descending order.", sorted},
		{"sum(iterable, /, start=0)", "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, return the start value.\nThis function is intended specifically for use with numeric values and may\nreject non-numeric types.", sum},
		{"vars(object=<absent>, /)", "vars([object]) -> dictionary\n\nWithout arguments, equivalent to locals().\nWith an argument, equivalent to object.__dict__.", vars},
	}
}

// Fill puts the functions, types and constants into the dictionary of module builtins. The interpreter adds the ones
// that need its frames: __build_class__ and __import__.
func Fill(t *thread, d *object.Dict) *exc {
	for _, b := range functions() {
		v := object.NewBuiltin("builtins", b.sig, b.fn, b.doc)
		if e := d.SetStr(t, t.Intern(object.As[object.Builtin](v).Name), v); e != nil {
			return e
		}
	}
	types := append(object.ExceptionTypes(), &object.BoolType, &object.ByteArrayType, &object.BytesType,
		&object.ClassMethodType, &object.ComplexType, &object.DictType, &object.EnumerateType, &object.FilterType,
		&object.FloatType, &object.FrozenSetType, &object.IntType, &object.ListType, &object.MapType,
		&object.MemoryViewType, &object.ObjectType, &object.PropertyType, &object.RangeType, &object.ReversedType,
		&object.SetType, &object.SliceType, &object.StaticMethodType, &object.StrType, &object.SuperType,
		&object.TupleType, &object.TypeType, &object.ZipType)
	for _, tp := range types {
		d.SetStr(t, t.Intern(tp.BareName()), tp.Value())
	}
	for name, v := range map[string]value{
		"None": object.None, "True": object.True, "False": object.False, "Ellipsis": object.Ellipsis,
		"NotImplemented": object.NotImplemented, "__debug__": object.True,
		"IOError": object.OSErrorType.Value(), "EnvironmentError": object.OSErrorType.Value(),
	} {
		d.SetStr(t, t.Intern(name), v)
	}
	return nil
}
