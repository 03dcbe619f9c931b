package object

import "weak"

type typeRef = weak.Pointer[Type]

// N holds the names that the object model itself looks up. They are shared by all interpreters.
var N struct {
	Module, Doc, Name, QualName, Dict, Class, Slots, New, Init, InitSubclass, SetName, ClassGetItem, GetAttr, GetAttribute,
	SetAttr, DelAttr, Hash, Eq, Index, Int, Float, Trunc, Complex, Bytes, Format, Repr, Str, Dir, Call, Next, Iter, Get,
	Set, Delete, Prepare, Metaclass, MROEntries, InstanceCheck, SubclassCheck, Bases, AbstractMethods, IsAbstract, Enter,
	Exit, AEnter, AExit, LengthHint, Reversed, Missing, Copy, DeepCopy, Reduce, ReduceEx, GetState, Await, Annotations,
	TypeParams, OrigBases, ClassCell, ClassDictCell, StaticAttributes, FirstLineNo, Builtins, Package, Path, All, Loader,
	Spec, File, Cached, Main, Import, BuildClass, Wrapped, Weakref, Round, Floor, Ceil, FSPath, Sizeof, Keys, Items,
	Values, Append, Add, Close, Send, Throw, Write, Flush, Notes, MatchArgs, Buffer, PostInit, Args, Print, Contains, Len,
	GetItem, SetItem, DelItem, Bool, Self, Stdout, Stderr, Stdin, Result, Msg, Lineno, Offset, Text, Read, Debug, Value,
	Divmod, LocalsName, Instancecheck, Subclasshook, Lt, Le, Ne, Gt, Ge, Ne2, Del, Subclasses, Mro, Initialize, ReadLine *Str
}

var wellKnown = map[string]*Str{}

// NameStr gives the shared Str of a name during package initialisation.
func NameStr(s string) *Str {
	if n := wellKnown[s]; n != nil {
		return n
	}
	n := newStr(s)
	n.Interned, n.H = true, StrHash(s) // hashed now: interpreters of several goroutines share it
	if !allReady {
		wellKnown[s] = n
	}
	return n
}

func init() {
	for s, p := range map[string]**Str{
		"__module__": &N.Module, "__doc__": &N.Doc, "__name__": &N.Name, "__qualname__": &N.QualName, "__dict__": &N.Dict,
		"__class__": &N.Class, "__slots__": &N.Slots, "__new__": &N.New, "__init__": &N.Init,
		"__init_subclass__": &N.InitSubclass, "__set_name__": &N.SetName, "__class_getitem__": &N.ClassGetItem,
		"__getattr__": &N.GetAttr, "__getattribute__": &N.GetAttribute, "__setattr__": &N.SetAttr,
		"__delattr__": &N.DelAttr, "__hash__": &N.Hash, "__eq__": &N.Eq, "__index__": &N.Index, "__int__": &N.Int,
		"__float__": &N.Float, "__trunc__": &N.Trunc, "__complex__": &N.Complex, "__bytes__": &N.Bytes,
		"__format__": &N.Format, "__repr__": &N.Repr, "__str__": &N.Str, "__dir__": &N.Dir, "__call__": &N.Call,
		"__next__": &N.Next, "__iter__": &N.Iter, "__get__": &N.Get, "__set__": &N.Set, "__delete__": &N.Delete,
		"__prepare__": &N.Prepare, "metaclass": &N.Metaclass, "__mro_entries__": &N.MROEntries,
		"__instancecheck__": &N.InstanceCheck, "__subclasscheck__": &N.SubclassCheck, "__bases__": &N.Bases,
		"__abstractmethods__": &N.AbstractMethods, "__isabstractmethod__": &N.IsAbstract, "__enter__": &N.Enter,
		"__exit__": &N.Exit, "__aenter__": &N.AEnter, "__aexit__": &N.AExit, "__length_hint__": &N.LengthHint,
		"__reversed__": &N.Reversed, "__missing__": &N.Missing, "__copy__": &N.Copy, "__deepcopy__": &N.DeepCopy,
		"__reduce__": &N.Reduce, "__reduce_ex__": &N.ReduceEx, "__getstate__": &N.GetState, "__await__": &N.Await,
		"__annotations__": &N.Annotations, "__type_params__": &N.TypeParams, "__orig_bases__": &N.OrigBases,
		"__classcell__": &N.ClassCell, "__classdictcell__": &N.ClassDictCell,
		"__static_attributes__": &N.StaticAttributes, "__firstlineno__": &N.FirstLineNo, "__builtins__": &N.Builtins,
		"__package__": &N.Package, "__path__": &N.Path, "__all__": &N.All, "__loader__": &N.Loader, "__spec__": &N.Spec,
		"__file__": &N.File, "__cached__": &N.Cached, "__main__": &N.Main, "__import__": &N.Import,
		"__build_class__": &N.BuildClass, "__wrapped__": &N.Wrapped, "__weakref__": &N.Weakref, "__round__": &N.Round,
		"__floor__": &N.Floor, "__ceil__": &N.Ceil, "__fspath__": &N.FSPath, "__sizeof__": &N.Sizeof, "keys": &N.Keys,
		"items": &N.Items, "values": &N.Values, "append": &N.Append, "add": &N.Add, "close": &N.Close, "send": &N.Send,
		"throw": &N.Throw, "write": &N.Write, "flush": &N.Flush, "__notes__": &N.Notes, "__match_args__": &N.MatchArgs,
		"__buffer__": &N.Buffer, "__post_init__": &N.PostInit, "args": &N.Args, "print": &N.Print,
		"__contains__": &N.Contains, "__len__": &N.Len, "__getitem__": &N.GetItem, "__setitem__": &N.SetItem,
		"__delitem__": &N.DelItem, "__bool__": &N.Bool, "self": &N.Self, "stdout": &N.Stdout, "stderr": &N.Stderr,
		"stdin": &N.Stdin, "result": &N.Result, "msg": &N.Msg, "lineno": &N.Lineno, "offset": &N.Offset, "text": &N.Text,
		"read": &N.Read, "__debug__": &N.Debug, "value": &N.Value, "__divmod__": &N.Divmod, "<locals>": &N.LocalsName,
		"__subclasshook__": &N.Subclasshook, "__lt__": &N.Lt, "__le__": &N.Le, "__ne__": &N.Ne, "__gt__": &N.Gt,
		"__ge__": &N.Ge, "__del__": &N.Del, "__subclasses__": &N.Subclasses, "mro": &N.Mro, "readline": &N.ReadLine,
	} {
		*p = NameStr(s)
	}
	N.Instancecheck, N.Ne2, N.Initialize = N.InstanceCheck, N.Ne, N.Init
}
