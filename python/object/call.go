package object

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync/atomic"
)

// Builtin functions and the binder of their arguments.
//
// A builtin declares CPython's text signature. It is parsed at the first call; a call whose arguments are exactly the
// positional parameters then goes straight to the Go function with the caller's own argument window, all others are
// bound into a window lent by the thread.

// Param is one parameter of a signature.
type Param struct {
	Name    string
	Kind    ParamKind
	Default Value  // Ref nil: required, or <absent>
	Has     bool   // has a default
	Text    string // the default's text
}

// ParamKind is how a parameter takes arguments.
type ParamKind uint8

// Parameter kinds, in inspect's order.
const (
	PosOnly ParamKind = iota
	PosOrKw
	VarPos
	KwOnly
	VarKw
)

// Signature is a parsed text signature.
type Signature struct {
	Name   string
	Params []Param
	npos   int // positional parameters
	nreq   int // required positional ones
	vpos   int // index of *args or -1
	vkw    int // index of **kw or -1
	nkw    int // keyword-capable parameters
	simple bool
	posOnl int
}

// Builtin is a builtin function: the function itself, a method descriptor or a bound method, by its shape.
type Builtin struct {
	Object
	Name   string
	Sig    string // without the name
	Doc    string
	Fn     BuiltinFn
	Owner  *Type // of method descriptors
	Self   Value // of bound ones
	Module *Str
	sig    atomic.Pointer[Signature]
	method bool // args[0] is self
}

func newBuiltin(sig string, fn BuiltinFn, doc string) *Builtin {
	name, rest := sig, ""
	if i := strings.IndexByte(sig, '('); i >= 0 {
		name, rest = sig[:i], sig[i:]
	}
	return &Builtin{Name: name, Sig: rest, Fn: fn, Doc: doc}
}

func (b *Builtin) asFunction() Value {
	b.Shape = &BuiltinFunctionType.Root
	return Obj(b)
}

func (b *Builtin) asMethodDescr() Value {
	b.Shape, b.method = &MethodDescrType.Root, true
	return Obj(b)
}

func (b *Builtin) asClassMethodDescr() Value {
	b.Shape, b.method = &ClassMethodDescrType.Root, true
	return Obj(b)
}

// NewBuiltin makes a builtin function of a module. A name with a dot, "math.sin(x, /)", gives the module too.
func NewBuiltin(module, sig string, fn BuiltinFn, doc string) Value {
	b := newBuiltin(sig, fn, doc)
	if module != "" {
		b.Module = NameStr(module)
	}
	return b.asFunction()
}

// Signature gives the parsed signature.
func (b *Builtin) Signature() *Signature {
	s := b.sig.Load()
	if s == nil {
		s = ParseSignature(b.Name + b.Sig)
		b.sig.Store(s)
	}
	return s
}

// display is the name in error messages that qualify it.
func (b *Builtin) display() string {
	switch {
	case b.Owner != nil:
		return b.Owner.QualName + "." + b.Name
	case b.Module != nil && b.Module.S != "builtins":
		return b.Module.S + "." + b.Name
	}
	return b.Name
}

// ParseSignature parses a text signature; a malformed one panics (it is the program's own text).
func ParseSignature(text string) *Signature {
	open := strings.IndexByte(text, '(')
	s := &Signature{Name: text, vpos: -1, vkw: -1}
	if open < 0 {
		return s
	}
	s.Name = text[:open]
	kwonly := false
	for _, p := range splitParams(text[open+1 : len(text)-1]) {
		switch {
		case p == "/":
			for i := range s.Params {
				s.Params[i].Kind = PosOnly
			}
		case p == "*":
			kwonly = true
		case strings.HasPrefix(p, "**"):
			s.vkw = len(s.Params)
			s.Params = append(s.Params, Param{Name: p[2:], Kind: VarKw})
		case p[0] == '*':
			s.vpos, kwonly = len(s.Params), true
			s.Params = append(s.Params, Param{Name: p[1:], Kind: VarPos})
		default:
			s.Params = append(s.Params, parseParam(strings.TrimPrefix(p, "$"), kwonly))
		}
	}
	s.simple = s.vpos < 0 && s.vkw < 0
	for _, p := range s.Params {
		if p.Kind == PosOnly {
			s.posOnl++
		}
		if p.Kind <= PosOrKw {
			s.npos++
			if !p.Has {
				s.nreq = s.npos
			}
		}
		if p.Kind == KwOnly {
			s.simple = false
		}
		if p.Kind == PosOrKw || p.Kind == KwOnly {
			s.nkw++
		}
	}
	return s
}

func parseParam(p string, kwonly bool) Param {
	out := Param{Kind: PosOrKw}
	if kwonly {
		out.Kind = KwOnly
	}
	name, def, has := strings.Cut(p, "=")
	out.Name = strings.TrimSpace(name)
	if has {
		out.Has, out.Text = true, strings.TrimSpace(def)
		out.Default = parseDefault(out.Text)
	}
	return out
}

func splitParams(s string) []string {
	var out []string
	depth, start, quote := 0, 0, byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case c == ',' && depth == 0:
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(s[start:]); last != "" {
		out = append(out, last)
	}
	return out
}

func parseDefault(s string) Value {
	switch s {
	case "None":
		return None
	case "True":
		return True
	case "False":
		return False
	case "<absent>", "<unrepresentable>":
		return Value{}
	case "()":
		return EmptyTuple
	case "...":
		return Ellipsis
	case "sys.maxsize":
		return Int(math.MaxInt64)
	}
	if s[0] == '\'' || s[0] == '"' {
		u, err := strconv.Unquote(`"` + s[1:len(s)-1] + `"`)
		if err != nil {
			panic("bad default " + s)
		}
		return NewStrStatic(u)
	}
	if i, err := strconv.ParseInt(s, 0, 64); err == nil {
		return Int(i)
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return Float(f)
	}
	panic("bad default " + s)
}

// callBuiltin is the Call slot of builtin functions, method descriptors and bound builtin methods.
func callBuiltin(t *Thread, callee Value, args []Value, kwnames []*Str) (Value, *Exception) {
	b := As[Builtin](callee)
	if b.Fn == nil {
		return callNew(t, b, args, kwnames)
	}
	if b.Self.Ref != nil {
		w := t.Window(len(args) + 1)
		w[0] = b.Self
		copy(w[1:], args)
		r, e := b.invoke(t, w, kwnames)
		t.Release(w)
		return r, e
	}
	return b.invoke(t, args, kwnames)
}

// callMethodDescr checks self's type, as calling list.append(...) through the class needs.
func callMethodDescr(t *Thread, callee Value, args []Value, kwnames []*Str) (Value, *Exception) {
	b := As[Builtin](callee)
	if len(args)-len(kwnames) == 0 {
		return Value{}, TypeErrorf(t, "unbound method %s.%s() needs an argument", b.Owner.Name, b.Name)
	}
	if tp := args[0].Type(); tp != b.Owner && !tp.IsSubtype(b.Owner) {
		return Value{}, TypeErrorf(t, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", b.Name, b.Owner.Name, tp.Name)
	}
	return b.invoke(t, args, kwnames)
}

func (b *Builtin) invoke(t *Thread, args []Value, kwnames []*Str) (Value, *Exception) {
	s := b.sig.Load()
	if s == nil {
		s = b.Signature()
	}
	if s.simple && len(args) == s.npos && len(kwnames) == 0 {
		return b.Fn(t, args)
	}
	w := t.Window(len(s.Params))
	e := s.bind(t, w, args, kwnames, b)
	if e != nil {
		t.Release(w)
		return Value{}, e
	}
	r, e := b.Fn(t, w)
	t.Release(w)
	return r, e
}

// Bind binds args to the parameters into dst (len(s.Params) values).
func (s *Signature) Bind(t *Thread, dst, args []Value, kwnames []*Str) *Exception {
	return s.bind(t, dst, args, kwnames, nil)
}

func (s *Signature) bind(t *Thread, dst, args []Value, kwnames []*Str, b *Builtin) *Exception {
	npos := len(args) - len(kwnames)
	if npos > s.npos && s.vpos < 0 {
		return s.countError(t, b, npos, len(kwnames))
	}
	if len(kwnames) > 0 && s.nkw == 0 && s.vkw < 0 {
		return TypeErrorf(t, "%s() takes no keyword arguments", s.display(b))
	}
	n := min(npos, s.npos)
	copy(dst, args[:n])
	if s.vpos >= 0 {
		dst[s.vpos] = NewTuple(append([]Value(nil), args[n:npos]...))
	}
	var kw *Dict
	if s.vkw >= 0 {
		kw = NewDict()
		dst[s.vkw] = Obj(kw)
	}
	for i, name := range kwnames {
		if e := s.bindKeyword(t, dst, kw, name, args[npos+i], n, b); e != nil {
			return e
		}
	}
	for i := n; i < len(s.Params); i++ {
		p := &s.Params[i]
		if dst[i].Ref != nil || p.Kind == VarPos || p.Kind == VarKw {
			continue
		}
		if !p.Has {
			return s.missingError(t, b, i, npos, len(kwnames))
		}
		dst[i] = p.Default
	}
	return nil
}

func (s *Signature) bindKeyword(t *Thread, dst []Value, kw *Dict, name *Str, val Value, npos int, b *Builtin) *Exception {
	for i := range s.Params {
		p := &s.Params[i]
		if p.Name != name.S || p.Kind != PosOrKw && p.Kind != KwOnly {
			continue
		}
		if i < npos {
			return TypeErrorf(t, "argument for %s() given by name ('%s') and position (%d)", s.Name, name.S, i+1-s.selfCount(b))
		}
		if dst[i].Ref != nil {
			return TypeErrorf(t, "%s() got multiple values for keyword argument '%s'", s.Name, name.S)
		}
		dst[i] = val
		return nil
	}
	if kw == nil {
		return unexpectedKeyword(t, s.Name, name.S, s.keywords())
	}
	return kw.SetStr(t, name, val)
}

func (s *Signature) display(b *Builtin) string {
	if b != nil {
		return b.display()
	}
	return s.Name
}

func (s *Signature) selfCount(b *Builtin) int {
	if b != nil && b.method || len(s.Params) > 0 && (s.Params[0].Name == "self" || s.Params[0].Name == "type") {
		return 1
	}
	return 0
}

// keywords are the names that arguments may be given by.
func (s *Signature) keywords() []string {
	var names []string
	for _, p := range s.Params {
		if p.Kind == PosOrKw || p.Kind == KwOnly {
			names = append(names, p.Name)
		}
	}
	return names
}

// unexpectedKeyword is the error for a keyword argument that a builtin does not have.
func unexpectedKeyword(t *Thread, function, name string, names []string) *Exception {
	switch function {
	case "sorted":
		function = "sort" // it calls the method
	case "enumerate":
		return TypeErrorf(t, "'%s' is an invalid keyword argument for enumerate()", name)
	}
	msg := fmt.Sprintf("%s() got an unexpected keyword argument '%s'", function, name)
	if t.Interp.Hooks.Suggest != nil {
		if s := t.Interp.Hooks.Suggest(name, names); s != "" {
			msg += ". Did you mean '" + s + "'?"
		}
	}
	return TypeErrorf(t, "%s", msg)
}

// UnexpectedKeyword is the error for a keyword argument that is not one of a builtin function's names.
func UnexpectedKeyword(t *Thread, function, name string, names ...string) *Exception {
	return unexpectedKeyword(t, function, name, names)
}

// countError is the message for too many positional arguments; CPython has one wording per calling convention.
func (s *Signature) countError(t *Thread, b *Builtin, npos, nkw int) *Exception {
	k := s.selfCount(b)
	given, maxn, minn := npos-k, s.npos-k, s.nreq-k
	name := s.display(b)
	switch {
	case s.Name == "sorted":
		return TypeErrorf(t, "sorted expected 1 argument, got %d", given)
	case s.nkw == 0 && maxn == 0:
		return TypeErrorf(t, "%s() takes no arguments (%d given)", name, given)
	case s.nkw == 0 && maxn == 1 && minn == 1 && s.parsed():
		return TypeErrorf(t, "%s expected 1 argument, got %d", s.Name, given)
	case s.nkw == 0 && maxn == 1 && minn == 1:
		return TypeErrorf(t, "%s() takes exactly one argument (%d given)", name, given)
	case s.nkw == 0 && minn == maxn:
		return TypeErrorf(t, "%s expected %d argument%s, got %d", s.Name, maxn, plural(maxn), given)
	case s.nkw == 0, s.Name == "int", s.Name == "str":
		return TypeErrorf(t, "%s expected at most %d argument%s, got %d", s.Name, maxn, plural(maxn), given)
	case maxn == 0:
		return TypeErrorf(t, "%s() takes no positional arguments", s.Name)
	}
	total := maxn
	for _, p := range s.Params {
		if p.Kind == KwOnly {
			total++
		}
	}
	how, kind := "exactly", ""
	if given+nkw > total {
		if minn < total {
			how = "at most"
		}
		return TypeErrorf(t, "%s() takes %s %d %sargument%s (%d given)", s.Name, how, total, kind, plural(total), given+nkw)
	}
	if minn < maxn {
		how = "at most"
	}
	return TypeErrorf(t, "%s() takes %s %d positional argument%s (%d given)", s.Name, how, maxn, plural(maxn), given)
}

// parsed says whether the function is a type, whose arguments CPython parses by a format.
func (s *Signature) parsed() bool {
	return s.Name == "reversed" || s.Name == "staticmethod" || s.Name == "classmethod"
}

func (s *Signature) missingError(t *Thread, b *Builtin, i, npos, nkw int) *Exception {
	k := s.selfCount(b)
	given, minn := npos-k, s.nreq-k
	switch {
	case s.parsed():
		return TypeErrorf(t, "%s expected 1 argument, got %d", s.Name, given)
	case s.nkw == 0 && s.vpos < 0 && minn == 1 && s.npos-k == 1:
		return TypeErrorf(t, "%s() takes exactly one argument (%d given)", s.display(b), given)
	case s.nkw == 0 && s.npos == s.nreq && s.vpos < 0:
		return TypeErrorf(t, "%s expected %d argument%s, got %d", s.Name, minn, plural(minn), given)
	case s.Params[i].Kind == PosOnly && s.nkw == 0:
		return TypeErrorf(t, "%s expected at least %d argument%s, got %d", s.Name, minn, plural(minn), given)
	case s.Name == "sorted":
		return TypeErrorf(t, "sorted expected 1 argument, got %d", given)
	case s.Params[i].Kind == PosOnly:
		how := "at least"
		if s.nreq == s.npos {
			how = "exactly"
		}
		return TypeErrorf(t, "%s() takes %s %d positional argument%s (%d given)", s.Name, how, minn, plural(minn), given)
	case s.Params[i].Kind == KwOnly:
		return TypeErrorf(t, "%s() missing 1 required keyword-only argument: '%s'", s.Name, s.Params[i].Name)
	}
	return TypeErrorf(t, "%s() missing required argument '%s' (pos %d)", s.Name, s.Params[i].Name, i+1-k)
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// NewSig makes a New slot from a signature without the type parameter, such as "int(x=0, /, base=<absent>)".
func NewSig(sig string, fn func(t *Thread, tp *Type, args []Value) (Value, *Exception)) NewFunc {
	s := ParseSignature(sig)
	return func(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception) {
		if s.simple && len(args) == s.npos && len(kwnames) == 0 {
			return fn(t, tp, args)
		}
		if len(kwnames) > 0 && s.nkw == 0 && tp.Flags&FHeap != 0 && overridesInit(t, tp) { // the keywords are for its __init__
			args, kwnames = args[:len(args)-len(kwnames)], nil
		}
		w := t.Window(len(s.Params))
		e := s.bind(t, w, args, kwnames, nil)
		if e != nil {
			t.Release(w)
			return Value{}, e
		}
		r, e := fn(t, tp, w)
		t.Release(w)
		return r, e
	}
}

// InitSig makes an Init slot from a signature without the self parameter.
func InitSig(sig string, fn func(t *Thread, self Value, args []Value) *Exception) InitFunc {
	s := ParseSignature(sig)
	return func(t *Thread, self Value, args []Value, kwnames []*Str) *Exception {
		if tp := self.Type(); len(kwnames) > 0 && s.nkw == 0 && tp.Flags&FHeap != 0 && tp.newIsPython(t) { // they were for its __new__
			args, kwnames = args[:len(args)-len(kwnames)], nil
		}
		w := t.Window(len(s.Params))
		e := s.bind(t, w, args, kwnames, nil)
		if e == nil {
			e = fn(t, self, w)
		}
		t.Release(w)
		return e
	}
}

// newIsPython says whether a class has a __new__ written in Python.
func (tp *Type) newIsPython(t *Thread) bool {
	_, builtin := builtinNew(tp.Lookup(t, N.New))
	return !builtin
}

// Call calls f with positional arguments.
func Call(t *Thread, f Value, args ...Value) (Value, *Exception) { return CallKw(t, f, args, nil) }

// CallKw calls f; the last len(kwnames) args are the values of the keywords.
func CallKw(t *Thread, f Value, args []Value, kwnames []*Str) (Value, *Exception) {
	c := f.Type().Slots.Call
	if c == nil {
		return Value{}, TypeErrorf(t, "'%s' object is not callable", f.Type().Name)
	}
	if e := t.Enter(" while calling a Python object"); e != nil {
		return Value{}, e
	}
	r, e := c(t, f, args, kwnames)
	t.CDepth--
	return r, e
}

// CallDict calls f(*args, **kw).
func CallDict(t *Thread, f Value, args []Value, kw *Dict) (Value, *Exception) {
	if kw == nil || kw.Len() == 0 {
		return CallKw(t, f, args, nil)
	}
	all := append(make([]Value, 0, len(args)+kw.Len()), args...)
	var names []*Str
	for i := 0; ; {
		k, v, ok := kw.Next(&i)
		if !ok {
			break
		}
		if k.Type().Flags&FStr == 0 {
			return Value{}, TypeErrorf(t, "keywords must be strings")
		}
		names = append(names, t.InternStr(As[Str](k)))
		all = append(all, v)
	}
	return CallKw(t, f, all, names)
}

// Callable is callable(v).
func Callable(v Value) bool { return v.Type().Slots.Call != nil }

// Errorf makes an exception of the type with a formatted message.
//
//martlet:opaque
func Errorf(t *Thread, tp *Type, format string, args ...any) *Exception {
	msg := format
	if len(args) > 0 {
		msg = fmt.Sprintf(format, args...)
	}
	return NewException(t, tp, StrVal(msg))
}
