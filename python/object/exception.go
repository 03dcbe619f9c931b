package object

import "unsafe"

// Exceptions: one Go struct for all of BaseException's descendants. Data that a family has beyond args (OSError's
// errno, AttributeError's name ...) is in Fields, seen from Python through getsets that exceptionTable names.

// Exception is an exception instance. As a Go result it is an error in flight; nil means none.
type Exception struct {
	Object
	Attrs
	Args     Value // tuple
	TB       *Traceback
	Cause    *Exception
	Context  *Exception
	Suppress bool // __suppress_context__
	Fields   []Value
	NoTrace  bool // package interp: do not add a traceback entry for the current instruction
}

// Traceback is one entry of a traceback; Next goes towards the place of the error.
type Traceback struct {
	Object
	Next   *Traceback
	Frame  Value
	LastI  int
	Lineno int
	Lookup bool // what failed at a method call is the lookup of the method
}

// The exception types, in the order of CPython's documentation.
var (
	BaseExceptionType, BaseExceptionGroupType, GeneratorExitType, KeyboardInterruptType, SystemExitType, ExceptionType,
	ExceptionGroupType, ArithmeticErrorType, FloatingPointErrorType, OverflowErrorType, ZeroDivisionErrorType,
	AssertionErrorType, AttributeErrorType, BufferErrorType, EOFErrorType, ImportErrorType, ModuleNotFoundErrorType,
	LookupErrorType, IndexErrorType, KeyErrorType, MemoryErrorType, NameErrorType, UnboundLocalErrorType, OSErrorType,
	BlockingIOErrorType, ChildProcessErrorType, ConnectionErrorType, BrokenPipeErrorType, ConnectionAbortedErrorType,
	ConnectionRefusedErrorType, ConnectionResetErrorType, FileExistsErrorType, FileNotFoundErrorType,
	InterruptedErrorType, IsADirectoryErrorType, NotADirectoryErrorType, PermissionErrorType, ProcessLookupErrorType,
	TimeoutErrorType, ReferenceErrorType, RuntimeErrorType, NotImplementedErrorType, PythonFinalizationErrorType,
	RecursionErrorType, StopAsyncIterationType, StopIterationType, SyntaxErrorType, IndentationErrorType, TabErrorType,
	SystemErrorType, TypeErrorType, ValueErrorType, UnicodeErrorType, UnicodeDecodeErrorType, UnicodeEncodeErrorType,
	UnicodeTranslateErrorType, WarningType, BytesWarningType, DeprecationWarningType, EncodingWarningType,
	FutureWarningType, ImportWarningType, PendingDeprecationWarningType, ResourceWarningType, RuntimeWarningType,
	SyntaxWarningType, UnicodeWarningType, UserWarningType Type

	TracebackType Type
)

// Indices into Exception.Fields, by family.
const (
	StopValue   = 0 // StopIteration.value
	ExitCode    = 0 // SystemExit.code
	AttrErrName = 0 // AttributeError.name, .obj
	AttrErrObj  = 1
	NameErrName = 0 // NameError.name

	ImportMsg      = 0 // ImportError
	ImportName     = 1
	ImportPath     = 2
	ImportNameFrom = 3

	OSErrno     = 0 // OSError
	OSStrerror  = 1
	OSFilename  = 2
	OSFilename2 = 3
	OSWritten   = 4

	SynMsg       = 0 // SyntaxError
	SynFilename  = 1
	SynLineno    = 2
	SynOffset    = 3
	SynText      = 4
	SynEndLineno = 5
	SynEndOffset = 6
	SynPrintLine = 7

	UniEncoding = 0 // UnicodeError's three
	UniObject   = 1
	UniStart    = 2
	UniEnd      = 3
	UniReason   = 4

	GroupMessage = 0 // exception groups
	GroupExcs    = 1 // tuple
)

type excRow struct {
	tp     *Type
	name   string
	base   *Type
	fields []string
	doc    string
}

var exceptionTable = []excRow{
	{&BaseExceptionType, "BaseException", nil, nil, "Common base class for all exceptions."},
	{&BaseExceptionGroupType, "BaseExceptionGroup", &BaseExceptionType, []string{"message", "exceptions"}, "A combination of multiple unrelated exceptions."},
	{&GeneratorExitType, "GeneratorExit", &BaseExceptionType, nil, "Request that a generator exit."},
	{&KeyboardInterruptType, "KeyboardInterrupt", &BaseExceptionType, nil, "Program interrupted by user."},
	{&SystemExitType, "SystemExit", &BaseExceptionType, []string{"code"}, "Request to exit from the interpreter."},
	{&ExceptionType, "Exception", &BaseExceptionType, nil, "Common base class for all non-exit exceptions."},
	{&ArithmeticErrorType, "ArithmeticError", &ExceptionType, nil, "Base class for arithmetic errors."},
	{&FloatingPointErrorType, "FloatingPointError", &ArithmeticErrorType, nil, "Floating-point operation failed."},
	{&OverflowErrorType, "OverflowError", &ArithmeticErrorType, nil, "Result too large to be represented."},
	{&ZeroDivisionErrorType, "ZeroDivisionError", &ArithmeticErrorType, nil, "Second argument to a division or modulo operation was zero."},
	{&AssertionErrorType, "AssertionError", &ExceptionType, nil, "Assertion failed."},
	{&AttributeErrorType, "AttributeError", &ExceptionType, []string{"name", "obj"}, "Attribute not found."},
	{&BufferErrorType, "BufferError", &ExceptionType, nil, "Buffer error."},
	{&EOFErrorType, "EOFError", &ExceptionType, nil, "Read beyond end of file."},
	{&ImportErrorType, "ImportError", &ExceptionType, []string{"msg", "name", "path", "name_from"}, "Import can't find module, or can't find name in module."},
	{&ModuleNotFoundErrorType, "ModuleNotFoundError", &ImportErrorType, nil, "Module not found."},
	{&LookupErrorType, "LookupError", &ExceptionType, nil, "Base class for lookup errors."},
	{&IndexErrorType, "IndexError", &LookupErrorType, nil, "Sequence index out of range."},
	{&KeyErrorType, "KeyError", &LookupErrorType, nil, "Mapping key not found."},
	{&MemoryErrorType, "MemoryError", &ExceptionType, nil, "Out of memory."},
	{&NameErrorType, "NameError", &ExceptionType, []string{"name"}, "Name not found globally."},
	{&UnboundLocalErrorType, "UnboundLocalError", &NameErrorType, nil, "Local name referenced but not bound to a value."},
	{&OSErrorType, "OSError", &ExceptionType, []string{"errno", "strerror", "filename", "filename2", "characters_written"}, "Base class for I/O related errors."},
	{&BlockingIOErrorType, "BlockingIOError", &OSErrorType, nil, "I/O operation would block."},
	{&ChildProcessErrorType, "ChildProcessError", &OSErrorType, nil, "Child process error."},
	{&ConnectionErrorType, "ConnectionError", &OSErrorType, nil, "Connection error."},
	{&BrokenPipeErrorType, "BrokenPipeError", &ConnectionErrorType, nil, "Broken pipe."},
	{&ConnectionAbortedErrorType, "ConnectionAbortedError", &ConnectionErrorType, nil, "Connection aborted."},
	{&ConnectionRefusedErrorType, "ConnectionRefusedError", &ConnectionErrorType, nil, "Connection refused."},
	{&ConnectionResetErrorType, "ConnectionResetError", &ConnectionErrorType, nil, "Connection reset."},
	{&FileExistsErrorType, "FileExistsError", &OSErrorType, nil, "File already exists."},
	{&FileNotFoundErrorType, "FileNotFoundError", &OSErrorType, nil, "File not found."},
	{&InterruptedErrorType, "InterruptedError", &OSErrorType, nil, "Interrupted by signal."},
	{&IsADirectoryErrorType, "IsADirectoryError", &OSErrorType, nil, "Operation doesn't work on directories."},
	{&NotADirectoryErrorType, "NotADirectoryError", &OSErrorType, nil, "Operation only works on directories."},
	{&PermissionErrorType, "PermissionError", &OSErrorType, nil, "Not enough permissions."},
	{&ProcessLookupErrorType, "ProcessLookupError", &OSErrorType, nil, "Process not found."},
	{&TimeoutErrorType, "TimeoutError", &OSErrorType, nil, "Timeout expired."},
	{&ReferenceErrorType, "ReferenceError", &ExceptionType, nil, "Weak ref proxy used after referent went away."},
	{&RuntimeErrorType, "RuntimeError", &ExceptionType, nil, "Unspecified run-time error."},
	{&NotImplementedErrorType, "NotImplementedError", &RuntimeErrorType, nil, "Method or function hasn't been implemented yet."},
	{&PythonFinalizationErrorType, "PythonFinalizationError", &RuntimeErrorType, nil, "Operation blocked during Python finalization."},
	{&RecursionErrorType, "RecursionError", &RuntimeErrorType, nil, "Recursion limit exceeded."},
	{&StopAsyncIterationType, "StopAsyncIteration", &ExceptionType, nil, "Signal the end from iterator.__anext__()."},
	{&StopIterationType, "StopIteration", &ExceptionType, []string{"value"}, "Signal the end from iterator.__next__()."},
	{&SyntaxErrorType, "SyntaxError", &ExceptionType, []string{"msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line"}, "Invalid syntax."},
	{&IndentationErrorType, "IndentationError", &SyntaxErrorType, nil, "Improper indentation."},
	{&TabErrorType, "TabError", &IndentationErrorType, nil, "Improper mixture of spaces and tabs."},
	{&SystemErrorType, "SystemError", &ExceptionType, nil, "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, along with the traceback,\nthe Python version, and the hardware/OS platform and version."},
	{&TypeErrorType, "TypeError", &ExceptionType, nil, "Inappropriate argument type."},
	{&ValueErrorType, "ValueError", &ExceptionType, nil, "Inappropriate argument value (of correct type)."},
	{&UnicodeErrorType, "UnicodeError", &ValueErrorType, nil, "Unicode related error."},
	{&UnicodeDecodeErrorType, "UnicodeDecodeError", &UnicodeErrorType, []string{"encoding", "object", "start", "end", "reason"}, "Unicode decoding error."},
	{&UnicodeEncodeErrorType, "UnicodeEncodeError", &UnicodeErrorType, []string{"encoding", "object", "start", "end", "reason"}, "Unicode encoding error."},
	{&UnicodeTranslateErrorType, "UnicodeTranslateError", &UnicodeErrorType, []string{"encoding", "object", "start", "end", "reason"}, "Unicode translation error."},
	{&WarningType, "Warning", &ExceptionType, nil, "Base class for warning categories."},
	{&BytesWarningType, "BytesWarning", &WarningType, nil, "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or comparing to str."},
	{&DeprecationWarningType, "DeprecationWarning", &WarningType, nil, "Base class for warnings about deprecated features."},
	{&EncodingWarningType, "EncodingWarning", &WarningType, nil, "Base class for warnings about encodings."},
	{&FutureWarningType, "FutureWarning", &WarningType, nil, "Base class for warnings about constructs that will change semantically\nin the future."},
	{&ImportWarningType, "ImportWarning", &WarningType, nil, "Base class for warnings about probable mistakes in module imports"},
	{&PendingDeprecationWarningType, "PendingDeprecationWarning", &WarningType, nil, "Base class for warnings about features which will be deprecated\nin the future."},
	{&ResourceWarningType, "ResourceWarning", &WarningType, nil, "Base class for warnings about resource usage."},
	{&RuntimeWarningType, "RuntimeWarning", &WarningType, nil, "Base class for warnings about dubious runtime behavior."},
	{&SyntaxWarningType, "SyntaxWarning", &WarningType, nil, "Base class for warnings about dubious syntax."},
	{&UnicodeWarningType, "UnicodeWarning", &WarningType, nil, "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems."},
	{&UserWarningType, "UserWarning", &WarningType, nil, "Base class for warnings generated by user code."},
}

// ExceptionTypes lists all builtin exception types (for module builtins).
func ExceptionTypes() []*Type {
	var out []*Type
	for _, r := range exceptionTable {
		out = append(out, r.tp)
	}
	return append(out, &ExceptionGroupType)
}

// nFields is how many Fields an exception of the type has; Extra of the declaring type says so.
func nFields(tp *Type) int {
	for x := tp; x != nil; x = x.Base {
		if f, ok := x.Extra.(excFields); ok {
			return int(f)
		}
	}
	return 0
}

type excFields int

// NewException makes an exception with the given args, as calling the type does for the plain types.
func NewException(t *Thread, tp *Type, args ...Value) *Exception {
	e := &Exception{Object: Object{&tp.Root}}
	e.Args = EmptyTuple
	if len(args) > 0 {
		e.Args = NewTuple(args)
	}
	if n := nFields(tp); n > 0 {
		e.Fields = make([]Value, n)
		if init := excInits[tp.excFamily()]; init != nil {
			init(t, e, args)
		}
	}
	if t != nil {
		t.Interp.allocated += 160
	}
	return e
}

// excFamily is the builtin type that declares the Fields.
func (tp *Type) excFamily() *Type {
	for x := tp; x != nil; x = x.Base {
		if _, ok := x.Extra.(excFields); ok {
			return x
		}
	}
	return nil
}

// IsA says whether e is an instance of the type.
//
//martlet:opaque
func (e *Exception) IsA(tp *Type) bool { return e.Shape.Type == tp || e.Shape.Type.IsSubtype(tp) }

// Value is the exception as a Python value.
func (e *Exception) Value() Value { return Value{Ref: unsafe.Pointer(e)} }

// Field gives Fields[i], None when unset.
func (e *Exception) Field(i int) Value {
	if i < len(e.Fields) {
		return orNone(e.Fields[i])
	}
	return None
}

// ArgItems are the elements of args.
func (e *Exception) ArgItems() []Value { return As[Tuple](e.Args).Items }

// TypeErrorf makes a TypeError.
//
//martlet:opaque
func TypeErrorf(t *Thread, format string, args ...any) *Exception {
	return Errorf(t, &TypeErrorType, format, args...)
}

// ValueErrorf makes a ValueError.
//
//martlet:opaque
func ValueErrorf(t *Thread, format string, args ...any) *Exception {
	return Errorf(t, &ValueErrorType, format, args...)
}

// IndexErrorf makes an IndexError.
func IndexErrorf(t *Thread, format string, args ...any) *Exception {
	return Errorf(t, &IndexErrorType, format, args...)
}

// OverflowErrorf makes an OverflowError.
func OverflowErrorf(t *Thread, format string, args ...any) *Exception {
	return Errorf(t, &OverflowErrorType, format, args...)
}

// ZeroDivisionErrorf makes a ZeroDivisionError.
func ZeroDivisionErrorf(t *Thread, format string, args ...any) *Exception {
	return Errorf(t, &ZeroDivisionErrorType, format, args...)
}

// RuntimeErrorf makes a RuntimeError.
//
//martlet:opaque
func RuntimeErrorf(t *Thread, format string, args ...any) *Exception {
	return Errorf(t, &RuntimeErrorType, format, args...)
}

// AttributeErrorf makes an AttributeError without name and obj.
func AttributeErrorf(t *Thread, format string, args ...any) *Exception {
	return Errorf(t, &AttributeErrorType, format, args...)
}

// SystemErrorf makes a SystemError.
//
//martlet:opaque
func SystemErrorf(t *Thread, format string, args ...any) *Exception {
	return Errorf(t, &SystemErrorType, format, args...)
}

// KeyErrorOf makes the KeyError of a missing key.
func KeyErrorOf(t *Thread, key Value) *Exception { return NewException(t, &KeyErrorType, key) }

// StopIterationOf makes StopIteration with a value (Ref nil or None: without).
func StopIterationOf(t *Thread, v Value) *Exception {
	if v.Ref == nil || v.IsNone() {
		return NewException(t, &StopIterationType)
	}
	return NewException(t, &StopIterationType, v)
}

// excInits set the Fields from the constructor's args, by family.
var excInits = map[*Type]func(t *Thread, e *Exception, args []Value){}

func excField(name string, i int) GetSet {
	return GetSet{Name: name, Get: func(t *Thread, v Value) (Value, *Exception) {
		e := As[Exception](v)
		if name == "characters_written" && e.Field(i).IsNone() {
			return Value{}, AttributeErrorf(t, "characters_written")
		}
		return e.Field(i), nil
	},
		Set: func(t *Thread, v, val Value) *Exception {
			e := As[Exception](v)
			for len(e.Fields) <= i {
				e.Fields = append(e.Fields, Value{})
			}
			e.Fields[i] = val
			return nil
		}}
}

func excNew(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
	v, err := tp.Alloc(t)
	if err != nil {
		return Value{}, err
	}
	e := As[Exception](v)
	e.Args = NewTuple(append([]Value(nil), args[:len(args)-len(kwnames)]...))
	if n := nFields(tp); n > 0 {
		e.Fields = make([]Value, n)
	}
	return v, nil
}

func excInit(t *Thread, self Value, args []Value, kwnames []*Str) *Exception {
	e := As[Exception](self)
	tp := self.Type()
	n := len(args) - len(kwnames)
	pos := append([]Value(nil), args[:n]...)
	fam := tp.excFamily()
	if fam == &ImportErrorType { // it may be initialised again
		clear(e.Fields)
	}
	if len(kwnames) > 0 {
		if err := excKeywords(t, e, tp, fam, args[n:], kwnames); err != nil {
			return err
		}
	}
	e.Args = NewTuple(pos)
	if init := excInits[fam]; init != nil {
		init(t, e, pos)
	}
	return nil
}

// excKeywords handles the constructors that take keywords: name=, obj=, path=, name_from=.
func excKeywords(t *Thread, e *Exception, tp, fam *Type, vals []Value, names []*Str) *Exception {
	var allowed map[string]int
	var label string
	switch fam {
	case &AttributeErrorType:
		allowed, label = map[string]int{"name": AttrErrName, "obj": AttrErrObj}, "AttributeError"
	case &NameErrorType:
		allowed, label = map[string]int{"name": NameErrName}, "NameError"
	case &ImportErrorType:
		allowed, label = map[string]int{"name": ImportName, "path": ImportPath, "name_from": ImportNameFrom}, "ImportError"
	default:
		return TypeErrorf(t, "%s() takes no keyword arguments", tp.Name)
	}
	for i, n := range names {
		f, ok := allowed[n.S]
		if !ok {
			return TypeErrorf(t, "%s() got an unexpected keyword argument '%s'", label, n.S)
		}
		e.Fields[f] = vals[i]
	}
	return nil
}

func excStr(t *Thread, v Value) (Value, *Exception) {
	args := As[Exception](v).ArgItems()
	switch len(args) {
	case 0:
		return EmptyStr, nil
	case 1:
		s, e := ToStr(t, args[0])
		return Obj(s), e
	}
	s, e := ToStr(t, As[Exception](v).Args)
	return Obj(s), e
}

func excRepr(t *Thread, v Value) (Value, *Exception) {
	args := As[Exception](v).ArgItems()
	name := v.Type().BareName()
	if len(args) == 1 {
		r, e := Repr(t, args[0])
		if e != nil {
			return Value{}, e
		}
		return StrVal(name + "(" + r.S + ")"), nil
	}
	r, e := Repr(t, As[Exception](v).Args)
	if e != nil {
		return Value{}, e
	}
	return StrVal(name + r.S), nil
}

func optExc(e *Exception) Value {
	if e == nil {
		return None
	}
	return e.Value()
}

func excLink(name, what string, field func(e *Exception) **Exception) GetSet {
	return GetSet{Name: name, Get: func(t *Thread, v Value) (Value, *Exception) { return optExc(*field(As[Exception](v))), nil },
		Set: func(t *Thread, v, val Value) *Exception {
			switch {
			case val.Ref == nil:
				return TypeErrorf(t, "%s may not be deleted", name)
			case val.IsNone():
				*field(As[Exception](v)) = nil
			case val.Type().Flags&FException == 0:
				return TypeErrorf(t, "%s must be None or derive from BaseException", what)
			default:
				*field(As[Exception](v)) = As[Exception](val)
			}
			if name == "__cause__" {
				As[Exception](v).Suppress = true
			}
			return nil
		}}
}

func setTraceback(t *Thread, v, val Value) *Exception {
	e := As[Exception](v)
	switch {
	case val.Ref == nil:
		return TypeErrorf(t, "__traceback__ may not be deleted")
	case val.IsNone():
		e.TB = nil
	case val.Type() == &TracebackType:
		e.TB = As[Traceback](val)
	default:
		return TypeErrorf(t, "__traceback__ must be a traceback or None")
	}
	return nil
}

func getTraceback(t *Thread, v Value) (Value, *Exception) {
	if tb := As[Exception](v).TB; tb != nil {
		return Obj(tb), nil
	}
	return None, nil
}

func addNote(t *Thread, a []Value) (Value, *Exception) {
	if a[1].Type().Flags&FStr == 0 {
		return Value{}, TypeErrorf(t, "note must be a str, not '%s'", a[1].Type().Name)
	}
	notes, e := LookupAttr(t, a[0], N.Notes)
	if e != nil {
		return Value{}, e
	}
	if notes.Ref == nil {
		notes = NewList(nil)
		if e := SetAttr(t, a[0], N.Notes, notes); e != nil {
			return Value{}, e
		}
	}
	if notes.Type().Flags&FList == 0 {
		return Value{}, TypeErrorf(t, "Cannot add note: __notes__ is not a list")
	}
	return CallMethod(t, notes, N.Append, a[1])
}

func excReduce(t *Thread, a []Value) (Value, *Exception) {
	e := As[Exception](a[0])
	tp := a[0].Type()
	d := None
	if tp.HasDict && (a[0].Shape().DictMode || len(a[0].Shape().Names) > 0) {
		d = Obj(InstanceDict(a[0], tp))
	}
	if tp.IsSubtype(&ImportErrorType) {
		d = importState(t, e, d)
	}
	if d.IsNone() {
		return NewTuple([]Value{tp.Value(), e.Args}), nil
	}
	return NewTuple([]Value{tp.Value(), e.Args, d}), nil
}

// importState adds what an ImportError got by keyword to its state.
func importState(t *Thread, e *Exception, state Value) Value {
	copied := false
	for i, name := range map[int]string{ImportName: "name", ImportPath: "path", ImportNameFrom: "name_from"} {
		v := e.Fields[i]
		if v.Ref == nil || v.IsNone() {
			continue
		}
		if !copied {
			d := NewDict()
			if !state.IsNone() { // not the exception's own
				d = As[Dict](state).Copy()
			}
			state, copied = Obj(d), true
		}
		As[Dict](state).SetStr(t, t.Intern(name), v)
	}
	return state
}

func init() {
	var z Exception
	layout := LayoutWithAttrs[Exception](unsafe.Offsetof(z.Attrs), 0)
	special := map[*Type]bool{} // types with fields, and what derives from them
	for _, r := range exceptionTable {
		d := Decl{Name: r.name, Base: r.base, Doc: r.doc}
		for i, f := range r.fields {
			d.GetSets = append(d.GetSets, excField(f, i))
		}
		if r.fields != nil {
			r.tp.Extra = excFields(len(r.fields))
			d.Slots.Init, d.Slots.New = excInit, excNew
		}
		if r.tp == &BaseExceptionType {
			d.Layout, d.Dict = layout, true
			d.Flags = FException
			d.Slots = Slots{New: excNew, Init: excInit, Str: excStr, Repr: excRepr}
			d.GetSets = baseExceptionGetSets()
			d.Methods = baseExceptionMethods()
		}
		special[r.tp] = r.fields != nil || special[r.base]
		if !special[r.tp] {
			d.Slots.New = excNew // so that it has a __new__, which ends the search among several bases
		}
		refineException(r.tp, &d)
		Declare(r.tp, d)
	}
	Declare(&TracebackType, Decl{Name: "traceback", Flags: FFinal, Layout: LayoutOf[Traceback](),
		Slots: Slots{New: NewSig("traceback(tb_next, tb_frame, tb_lasti, tb_lineno)", newTraceback)},
		GetSets: []GetSet{
			{Name: "tb_frame", Get: wrapperGet(func(v Value) Value { return As[Traceback](v).Frame })},
			{Name: "tb_lasti", Get: wrapperGet(func(v Value) Value { return Int(int64(As[Traceback](v).LastI * 2)) })},
			{Name: "tb_lineno", Get: wrapperGet(func(v Value) Value { return Int(int64(As[Traceback](v).Lineno)) })},
			{Name: "tb_next", Get: wrapperGet(func(v Value) Value {
				if n := As[Traceback](v).Next; n != nil {
					return Obj(n)
				}
				return None
			}), Set: setTBNext},
		}})
}

func newTraceback(t *Thread, tp *Type, a []Value) (Value, *Exception) {
	tb := &Traceback{Object: Object{&tp.Root}, Frame: a[1]}
	if a[0].Ref != nil && !a[0].IsNone() {
		if a[0].Type() != &TracebackType {
			return Value{}, TypeErrorf(t, "expected traceback object or None, got '%s'", a[0].Type().Name)
		}
		tb.Next = As[Traceback](a[0])
	}
	i, e := ToInt(t, a[2])
	if e != nil {
		return Value{}, e
	}
	n, e := ToInt(t, a[3])
	tb.LastI, tb.Lineno = i/2, n
	return Obj(tb), e
}

func setTBNext(t *Thread, v, val Value) *Exception {
	tb := As[Traceback](v)
	if val.Ref == nil {
		return TypeErrorf(t, "can't delete tb_next attribute")
	}
	if val.IsNone() {
		tb.Next = nil
		return nil
	}
	if val.Type() != &TracebackType {
		return TypeErrorf(t, "expected traceback object, got '%s'", val.Type().Name)
	}
	for c := As[Traceback](val); c != nil; c = c.Next {
		if c == tb {
			return ValueErrorf(t, "traceback loop detected")
		}
	}
	tb.Next = As[Traceback](val)
	return nil
}

func baseExceptionGetSets() []GetSet {
	return []GetSet{
		{Name: "args", Get: wrapperGet(func(v Value) Value { return As[Exception](v).Args }),
			Set: func(t *Thread, v, val Value) *Exception {
				if val.Ref == nil {
					return TypeErrorf(t, "args may not be deleted")
				}
				items, e := Collect(t, val)
				if e == nil {
					As[Exception](v).Args = NewTuple(items)
				}
				return e
			}},
		{Name: "__traceback__", Get: getTraceback, Set: setTraceback},
		excLink("__context__", "exception context", func(e *Exception) **Exception { return &e.Context }),
		excLink("__cause__", "exception cause", func(e *Exception) **Exception { return &e.Cause }),
		{Name: "__suppress_context__", Get: wrapperGet(func(v Value) Value { return Bool(As[Exception](v).Suppress) }),
			Set: func(t *Thread, v, val Value) *Exception {
				b, e := Truth(t, val)
				As[Exception](v).Suppress = b
				return e
			}},
		dictGetSet(),
	}
}

func baseExceptionMethods() []Method {
	return []Method{
		{Sig: "with_traceback(self, object, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			return a[0], setTraceback(t, a[0], a[1])
		}, Doc: "Exception.with_traceback(tb) --\nset self.__traceback__ to tb and return self."},
		{Sig: "add_note(self, object, /)", Fn: addNote, Doc: "Exception.add_note(note) --\nadd a note to the exception"},
		{Sig: "__reduce__(self)", Fn: excReduce},
		{Sig: "__setstate__(self, state, /)", Fn: func(t *Thread, a []Value) (Value, *Exception) {
			if a[1].Type().Flags&FDict == 0 {
				if a[1].IsNone() {
					return None, nil
				}
				return Value{}, TypeErrorf(t, "state is not a dictionary")
			}
			for i := 0; ; {
				k, v, ok := As[Dict](a[1]).Next(&i)
				if !ok {
					return None, nil
				}
				if k.Type().Flags&FStr != 0 {
					if e := SetAttr(t, a[0], t.InternStr(As[Str](k)), v); e != nil {
						return Value{}, e
					}
				}
			}
		}},
	}
}
