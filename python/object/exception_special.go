package object

import "strings"

// What some exception families do beyond BaseException: constructors that look at their args, and their own __str__.

// ExceptionGroupType has two bases and so is built by hand in its declaration's Ready.
func init() {
	excInits[&StopIterationType] = firstArg(StopValue, true)
	excInits[&SystemExitType] = initSystemExit
	excInits[&ImportErrorType] = initImportError
	excInits[&OSErrorType] = initOSError
	excInits[&SyntaxErrorType] = initSyntaxError
	for _, tp := range []*Type{&UnicodeDecodeErrorType, &UnicodeEncodeErrorType} {
		excInits[tp] = copyArgs(5)
	}
	excInits[&UnicodeTranslateErrorType] = func(t *Thread, e *Exception, args []Value) {
		if len(args) == 4 {
			e.Fields[UniObject], e.Fields[UniStart], e.Fields[UniEnd], e.Fields[UniReason] = args[0], args[1], args[2], args[3]
		}
	}
}

func copyArgs(n int) func(t *Thread, e *Exception, args []Value) {
	return func(t *Thread, e *Exception, args []Value) {
		if len(args) == n {
			copy(e.Fields, args)
		}
	}
}

func firstArg(i int, orNone bool) func(t *Thread, e *Exception, args []Value) {
	return func(t *Thread, e *Exception, args []Value) {
		e.Fields[i] = None
		if len(args) > 0 {
			e.Fields[i] = args[0]
		}
	}
}

func initSystemExit(t *Thread, e *Exception, args []Value) {
	switch len(args) {
	case 0:
		e.Fields[ExitCode] = None
	case 1:
		e.Fields[ExitCode] = args[0]
	default:
		e.Fields[ExitCode] = e.Args
	}
}

func initImportError(t *Thread, e *Exception, args []Value) {
	if len(args) == 1 {
		e.Fields[ImportMsg] = args[0]
	}
}

// osErrorByErrno maps errno (linux) to OSError's subclasses.
var osErrorByErrno = map[int64]*Type{11: &BlockingIOErrorType, 114: &BlockingIOErrorType, 115: &BlockingIOErrorType,
	32: &BrokenPipeErrorType, 108: &BrokenPipeErrorType, 10: &ChildProcessErrorType, 103: &ConnectionAbortedErrorType,
	111: &ConnectionRefusedErrorType, 104: &ConnectionResetErrorType, 17: &FileExistsErrorType, 2: &FileNotFoundErrorType,
	21: &IsADirectoryErrorType, 20: &NotADirectoryErrorType, 4: &InterruptedErrorType, 13: &PermissionErrorType,
	1: &PermissionErrorType, 3: &ProcessLookupErrorType, 110: &TimeoutErrorType}

// NewOSError makes the OSError (of the right subclass) for an errno; filename.Ref may be nil.
func NewOSError(t *Thread, errno int, msg string, filename Value) *Exception {
	tp := osErrorByErrno[int64(errno)]
	if tp == nil {
		tp = &OSErrorType
	}
	args := []Value{Int(int64(errno)), StrVal(msg)}
	if filename.Ref != nil {
		args = append(args, filename)
	}
	return NewException(t, tp, args...)
}

func initOSError(t *Thread, e *Exception, args []Value) {
	if len(args) < 2 || len(args) > 5 {
		return
	}
	e.Fields[OSErrno], e.Fields[OSStrerror] = args[0], args[1]
	if len(args) > 2 && !args[2].IsNone() {
		if e.IsA(&BlockingIOErrorType) && args[2].IsInt() {
			e.Fields[OSWritten] = args[2]
			return
		}
		e.Fields[OSFilename] = args[2]
		if len(args) > 4 && !args[4].IsNone() {
			e.Fields[OSFilename2] = args[4]
		}
		e.Args = NewTuple([]Value{args[0], args[1]})
	}
}

func osErrorNew(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
	if tp == &OSErrorType && len(args)-len(kwnames) >= 2 && IsIntLike(args[0]) {
		if n := IntOf(args[0]); n.IsInt() && osErrorByErrno[n.Int64()] != nil {
			sub := osErrorByErrno[n.Int64()]
			tp = sub
		}
	}
	if tp.Flags&FHeap != 0 && tp.Lookup(t, N.Init).Type() != &SlotWrapperType && !newInPython(tp) {
		return excNew(t, tp, nil, nil) // its __init__ may call ours
	}
	v, e := excNew(t, tp, args, kwnames)
	if e == nil {
		initOSError(t, As[Exception](v), args[:len(args)-len(kwnames)])
	}
	return v, e
}

func osErrorStr(t *Thread, v Value) (Value, *Exception) {
	e := As[Exception](v)
	if e.Fields[OSErrno].Ref == nil || e.Fields[OSStrerror].Ref == nil {
		return excStr(t, v)
	}
	var parts [4]string
	for i, f := range []int{OSErrno, OSStrerror} {
		s, err := ToStr(t, e.Field(f))
		if err != nil {
			return Value{}, err
		}
		parts[i] = s.S
	}
	out := "[Errno " + parts[0] + "] " + parts[1]
	for i, f := range []int{OSFilename, OSFilename2} {
		if e.Fields[f].Ref == nil || e.Fields[f].IsNone() {
			break
		}
		r, err := Repr(t, e.Fields[f])
		if err != nil {
			return Value{}, err
		}
		out += [...]string{": ", " -> "}[i] + r.S
	}
	return StrVal(out), nil
}

func initSyntaxError(t *Thread, e *Exception, args []Value) {
	if len(args) > 0 {
		e.Fields[SynMsg] = args[0]
	}
	if len(args) != 2 {
		return
	}
	info, err := Collect(t, args[1])
	if err != nil || len(info) < 4 {
		return
	}
	copy(e.Fields[SynFilename:SynPrintLine], info)
}

func syntaxErrorInit(t *Thread, self Value, args []Value, kwnames []*Str) *Exception {
	if len(args) == 2 && len(kwnames) == 0 {
		info, e := Collect(t, args[1])
		if e != nil {
			return e
		}
		if n := len(info); n < 4 {
			return TypeErrorf(t, "function takes at least 4 arguments (%d given)", n)
		} else if n > 6 {
			return TypeErrorf(t, "function takes at most 6 arguments (%d given)", n)
		} else if n == 5 {
			return TypeErrorf(t, "end_offset must be provided when end_lineno is provided")
		}
	}
	return excInit(t, self, args, kwnames)
}

func syntaxErrorStr(t *Thread, v Value) (Value, *Exception) {
	e := As[Exception](v)
	msg, err := ToStr(t, e.Field(SynMsg))
	if err != nil {
		return Value{}, err
	}
	file := ""
	if f := e.Fields[SynFilename]; f.Ref != nil && f.Type().Flags&FStr != 0 {
		file = As[Str](f).S
		file = file[strings.LastIndexByte(file, '/')+1:]
	}
	line := e.Field(SynLineno)
	hasLine := line.Type() == &IntType
	switch {
	case file != "" && hasLine:
		return StrVal(msg.S + " (" + file + ", line " + IntString(line) + ")"), nil
	case file != "":
		return StrVal(msg.S + " (" + file + ")"), nil
	case hasLine:
		return StrVal(msg.S + " (line " + IntString(line) + ")"), nil
	}
	return Obj(msg), nil
}

func keyErrorStr(t *Thread, v Value) (Value, *Exception) {
	if args := As[Exception](v).ArgItems(); len(args) == 1 {
		r, e := Repr(t, args[0])
		return Obj(r), e
	}
	return excStr(t, v)
}

func importErrorStr(t *Thread, v Value) (Value, *Exception) {
	if m := As[Exception](v).Field(ImportMsg); m.Type() == &StrType {
		return m, nil
	}
	return excStr(t, v)
}

func unicodeInit(n int) InitFunc {
	return func(t *Thread, self Value, args []Value, kwnames []*Str) *Exception {
		if len(kwnames) == 0 && len(args) != n {
			return TypeErrorf(t, "function takes exactly %d arguments (%d given)", n, len(args))
		}
		if n == 5 && args[0].Type().Flags&FStr == 0 {
			return TypeErrorf(t, "argument 1 must be str, not %s", ArgTypeName(args[0]))
		}
		return excInit(t, self, args, kwnames)
	}
}

func init() { // exception groups are declared after the rest: two bases
	Declare(&ExceptionGroupType, Decl{Name: "ExceptionGroup", Base: &BaseExceptionGroupType, Ready: func(tp *Type) {
		tp.Bases = []*Type{&BaseExceptionGroupType, &ExceptionType}
		tp.MRO = []*Type{tp, &BaseExceptionGroupType, &ExceptionType, &BaseExceptionType, &ObjectType}
	}})
}

func refineException(tp *Type, d *Decl) {
	switch tp {
	case &OSErrorType:
		d.Slots.New, d.Slots.Str = osErrorNew, osErrorStr
	case &SyntaxErrorType:
		d.Slots.Init, d.Slots.Str = syntaxErrorInit, syntaxErrorStr
	case &KeyErrorType:
		d.Slots.Str = keyErrorStr
	case &ImportErrorType:
		d.Slots.Str = importErrorStr
	case &UnicodeDecodeErrorType, &UnicodeEncodeErrorType:
		d.Slots.Init, d.Slots.Str = unicodeInit(5), unicodeErrorStr
	case &UnicodeTranslateErrorType:
		d.Slots.Init, d.Slots.Str = unicodeInit(4), unicodeErrorStr
	case &BaseExceptionGroupType:
		d.Slots.New, d.Slots.Init, d.Slots.Str = groupNew, groupInit, groupStr
		d.Methods = groupMethods()
		d.GetSets = []GetSet{{Name: "message", Get: wrapperGet(func(v Value) Value { return As[Exception](v).Field(GroupMessage) })},
			{Name: "exceptions", Get: wrapperGet(func(v Value) Value { return As[Exception](v).Field(GroupExcs) })}}
	}
}
