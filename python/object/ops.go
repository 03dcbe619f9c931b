package object

import (
	"fmt"
	"strconv"
)

// CmpOp is a rich comparison.
type CmpOp uint8

// Comparisons, in CPython's numbering.
const (
	CmpLt CmpOp = iota
	CmpLe
	CmpEq
	CmpNe
	CmpGt
	CmpGe
)

var cmpSwapped = [...]CmpOp{CmpGt, CmpGe, CmpEq, CmpNe, CmpLt, CmpLe}

var cmpNames = [...]string{"<", "<=", "==", "!=", ">", ">="}

func (op CmpOp) String() string { return cmpNames[op] }

// BinOp is a binary operator with a slot.
type BinOp uint8

// Binary operators.
const (
	OpAdd BinOp = iota
	OpSub
	OpMul
	OpMatMul
	OpTrueDiv
	OpFloorDiv
	OpMod
	OpPow
	OpLShift
	OpRShift
	OpAnd
	OpOr
	OpXor
	OpDivmod
	NumBinOps
)

var binNames = [NumBinOps]string{"+", "-", "*", "@", "/", "//", "%", "** or pow()", "<<", ">>", "&", "|", "^", "divmod()"}
var inPlaceNames = [NumBinOps]string{"+=", "-=", "*=", "@=", "/=", "//=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^=", ""}

// binary1 tries the operator slots of both operands in Python's order; NotImplemented when both decline.
func binary1(t *Thread, op BinOp, a, b Value) (Value, *Exception) {
	ta, tb := a.Type(), b.Type()
	fa := ta.Bin[op]
	if ta == tb {
		if fa == nil {
			return NotImplemented, nil
		}
		return fa(t, a, b)
	}
	fb := tb.Bin[op]
	if fb != nil && sameBin(ta, tb, op) {
		fb = nil
	}
	if fa != nil {
		if fb != nil && tb.IsSubtype(ta) {
			r, e := fb(t, a, b)
			if e != nil || !r.IsNotImplemented() {
				return r, e
			}
			fb = nil
		}
		r, e := fa(t, a, b)
		if e != nil || !r.IsNotImplemented() {
			return r, e
		}
	}
	if fb != nil {
		return fb(t, a, b)
	}
	return NotImplemented, nil
}

// sameBin says whether both types have the same slot function (so that asking the second is useless). Python classes
// share one generic slot, which handles both operands by itself.
func sameBin(ta, tb *Type, op BinOp) bool {
	return ta.binOwner[op] == tb.binOwner[op] && ta.binOwner[op] != nil
}

// BinaryOp is the binary operator with reflection and CPython's error.
func BinaryOp(t *Thread, op BinOp, a, b Value) (Value, *Exception) {
	r, e := binary1(t, op, a, b)
	if e != nil || !r.IsNotImplemented() {
		return r, e
	}
	switch op {
	case OpAdd:
		if c := a.Type().Concat; c != nil {
			return c(t, a, b)
		}
	case OpMul:
		if r := a.Type().Repeat; r != nil {
			return repeat(t, r, a, b)
		}
		if r := b.Type().Repeat; r != nil {
			return repeat(t, r, b, a)
		}
	}
	return Value{}, binError(t, binNames[op], op, a, b)
}

func repeat(t *Thread, f func(t *Thread, v, n Value) (Value, *Exception), seq, n Value) (Value, *Exception) {
	if n.Type().Index == nil {
		return Value{}, TypeErrorf(t, "can't multiply sequence by non-int of type '%s'", n.Type().Name)
	}
	i, e := ToIndex(t, n)
	if e != nil {
		return Value{}, e
	}
	return f(t, seq, i)
}

func binError(t *Thread, sym string, op BinOp, a, b Value) *Exception {
	if op == OpRShift && a.Type() == &BuiltinFunctionType && As[Builtin](a).Name == "print" && sym == ">>" {
		return TypeErrorf(t, `unsupported operand type(s) for >>: '%s' and '%s'. Did you mean "print(<message>, file=<output_stream>)"?`,
			a.Type().Name, b.Type().Name)
	}
	return TypeErrorf(t, "unsupported operand type(s) for %s: '%s' and '%s'", sym, a.Type().Name, b.Type().Name)
}

// InPlaceOp is an augmented assignment's operator.
func InPlaceOp(t *Thread, op BinOp, a, b Value) (Value, *Exception) {
	ta := a.Type()
	if f := ta.InPlace[op]; f != nil {
		r, e := f(t, a, b)
		if e != nil || !r.IsNotImplemented() {
			return r, e
		}
	}
	if ta.Flags&FHeap != 0 && op == OpAdd && ta.IConcat != nil { // a class inherits __iadd__ of list as an operator of numbers
		return ta.IConcat(t, a, b)
	}
	r, e := binary1(t, op, a, b)
	if e != nil || !r.IsNotImplemented() {
		return r, e
	}
	switch op {
	case OpAdd:
		if ta.IConcat != nil {
			return ta.IConcat(t, a, b)
		}
		if ta.Concat != nil {
			return ta.Concat(t, a, b)
		}
	case OpMul:
		if ta.IRepeat != nil {
			return repeat(t, ta.IRepeat, a, b)
		}
		if ta.Repeat != nil {
			return repeat(t, ta.Repeat, a, b)
		}
		if r := b.Type().Repeat; r != nil {
			return repeat(t, r, b, a)
		}
	}
	return Value{}, binError(t, inPlaceNames[op], op, a, b)
}

// Pow is pow(a, b, mod); mod may be None.
func Pow(t *Thread, a, b, mod Value) (Value, *Exception) {
	if mod.Ref == nil || mod.IsNone() {
		return BinaryOp(t, OpPow, a, b)
	}
	for _, v := range []Value{a, b, mod} {
		if f := v.Type().PowMod; f != nil {
			r, e := f(t, a, b, mod)
			if e != nil || !r.IsNotImplemented() {
				return r, e
			}
		}
	}
	return Value{}, TypeErrorf(t, "unsupported operand type(s) for ** or pow(): '%s', '%s', '%s'", a.Type().Name, b.Type().Name, mod.Type().Name)
}

// UnOp is a unary operator.
type UnOp uint8

// Unary operators.
const (
	OpNeg UnOp = iota
	OpPos
	OpInvert
	OpAbs
)

var unNames = [...]string{"unary -", "unary +", "unary ~", "abs()"}

// UnaryOp applies a unary operator.
func UnaryOp(t *Thread, op UnOp, v Value) (Value, *Exception) {
	tp := v.Type()
	f := [...]UnaryFunc{tp.Neg, tp.Pos, tp.Invert, tp.Abs}[op]
	if f == nil {
		return Value{}, TypeErrorf(t, "bad operand type for %s: '%s'", unNames[op], tp.Name)
	}
	return f(t, v)
}

// Repr is repr(v).
func Repr(t *Thread, v Value) (*Str, *Exception) {
	if e := t.Enter(" while getting the repr of an object"); e != nil {
		return nil, e
	}
	r, e := v.Type().Slots.Repr(t, v)
	t.CDepth--
	if e != nil {
		return nil, e
	}
	if r.Type().Flags&FStr == 0 {
		return nil, TypeErrorf(t, "__repr__ returned non-string (type %s)", r.Type().Name)
	}
	return As[Str](r), nil
}

// ToStr is str(v).
func ToStr(t *Thread, v Value) (*Str, *Exception) {
	tp := v.Type()
	if tp == &StrType {
		return As[Str](v), nil
	}
	if e := t.Enter(" while getting the str of an object"); e != nil {
		return nil, e
	}
	f, name := tp.Slots.Str, "__str__"
	if f == nil {
		f, name = tp.Slots.Repr, "__repr__"
	}
	r, e := f(t, v)
	t.CDepth--
	if e != nil {
		return nil, e
	}
	if r.Type().Flags&FStr == 0 {
		return nil, TypeErrorf(t, "%s returned non-string (type %s)", name, r.Type().Name)
	}
	return As[Str](r), nil
}

// Hash is hash(v).
func Hash(t *Thread, v Value) (int64, *Exception) {
	tp := v.Type()
	if tp == &StrType {
		return As[Str](v).HashOf(), nil
	}
	if tp.Slots.Hash == nil {
		return 0, TypeErrorf(t, "unhashable type: '%s'", tp.Name)
	}
	return tp.Slots.Hash(t, v)
}

// Compare is a rich comparison with reflection; the result may be any object.
func Compare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	if e := t.Enter(" in comparison"); e != nil {
		return Value{}, e
	}
	r, e := compare(t, a, b, op)
	t.CDepth--
	return r, e
}

func compare(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
	ta, tb := a.Type(), b.Type()
	swapped := false
	if ta != tb && tb.Slots.Compare != nil && tb.IsSubtype(ta) {
		swapped = true
		r, e := tb.Slots.Compare(t, b, a, cmpSwapped[op])
		if e != nil || !r.IsNotImplemented() {
			return r, e
		}
	}
	if f := ta.Slots.Compare; f != nil {
		r, e := f(t, a, b, op)
		if e != nil || !r.IsNotImplemented() {
			return r, e
		}
	}
	if f := tb.Slots.Compare; f != nil && !swapped {
		r, e := f(t, b, a, cmpSwapped[op])
		if e != nil || !r.IsNotImplemented() {
			return r, e
		}
	}
	switch op {
	case CmpEq:
		return Bool(Is(a, b)), nil
	case CmpNe:
		return Bool(!Is(a, b)), nil
	}
	return Value{}, TypeErrorf(t, "'%s' not supported between instances of '%s' and '%s'", op, ta.Name, tb.Name)
}

// CompareBool is Compare's truth; identical objects are equal without asking.
func CompareBool(t *Thread, a, b Value, op CmpOp) (bool, *Exception) {
	if Is(a, b) {
		switch op {
		case CmpEq:
			return true, nil
		case CmpNe:
			return false, nil
		}
	}
	r, e := Compare(t, a, b, op)
	if e != nil {
		return false, e
	}
	return Truth(t, r)
}

// Equal is a == b as containers test it (identity first).
func Equal(t *Thread, a, b Value) (bool, *Exception) {
	if a.IsInt() && b.IsInt() {
		return a.Bits == b.Bits, nil
	}
	return CompareBool(t, a, b, CmpEq)
}

// Truth is bool(v).
//
//martlet:opaque
func Truth(t *Thread, v Value) (bool, *Exception) {
	switch {
	case v.IsBool():
		return v.Bits != 0, nil
	case v.IsNone():
		return false, nil
	case v.IsInt():
		return v.Bits != 0, nil
	}
	tp := v.Type()
	if tp.Slots.Bool != nil {
		return tp.Slots.Bool(t, v)
	}
	if tp.Slots.Len != nil {
		n, e := tp.Slots.Len(t, v)
		return n != 0, e
	}
	return true, nil
}

// Len is len(v).
func Len(t *Thread, v Value) (int, *Exception) {
	if f := v.Type().Slots.Len; f != nil {
		return f(t, v)
	}
	return 0, TypeErrorf(t, "object of type '%s' has no len()", v.Type().Name)
}

// GetItem is v[key].
func GetItem(t *Thread, v, key Value) (Value, *Exception) {
	tp := v.Type()
	if tp.Slots.GetItem != nil {
		return tp.Slots.GetItem(t, v, key)
	}
	if tp.Flags&FType != 0 {
		return getItemOfClass(t, v, key)
	}
	return Value{}, TypeErrorf(t, "'%s' object is not subscriptable", tp.Name)
}

func getItemOfClass(t *Thread, v, key Value) (Value, *Exception) {
	cls := As[Type](v)
	if cls == &TypeType {
		return NewGenericAlias(v, key), nil
	}
	f, e := LookupAttr(t, v, N.ClassGetItem)
	if e != nil {
		return Value{}, e
	}
	if f.Ref != nil && !f.IsNone() {
		return Call(t, f, key)
	}
	return Value{}, TypeErrorf(t, "type '%s' is not subscriptable", cls.Name)
}

// SetItem is v[key] = val.
//
//martlet:opaque
func SetItem(t *Thread, v, key, val Value) *Exception {
	tp := v.Type()
	if tp.Slots.SetItem == nil {
		return TypeErrorf(t, "'%s' object does not support item assignment", tp.Name)
	}
	return tp.Slots.SetItem(t, v, key, val)
}

// DelItem is del v[key].
func DelItem(t *Thread, v, key Value) *Exception {
	tp := v.Type()
	if tp.Slots.SetItem == nil {
		not := "does not"
		if key.Type().Index != nil && (tp.Slots.Contains != nil || tp.Slots.GetItem != nil || tp.Flags&FHeap != 0) {
			not = "doesn't" // so CPython words it for what has its table of sequence operations
		}
		return TypeErrorf(t, "'%s' object %s support item deletion", tp.Name, not)
	}
	return tp.Slots.SetItem(t, v, key, Value{})
}

// Iter is iter(v).
func Iter(t *Thread, v Value) (Value, *Exception) {
	tp := v.Type()
	if tp.Slots.Iter == nil {
		if tp.Slots.GetItem != nil && tp.Flags&FDict == 0 && tp != &MappingProxyType {
			return NewSeqIter(v), nil
		}
		return Value{}, TypeErrorf(t, "'%s' object is not iterable", tp.Name)
	}
	if tp.Flags&FHeap != 0 {
		if m := tp.Lookup(t, N.Iter); m.IsNone() {
			return Value{}, TypeErrorf(t, "'%s' object is not iterable", tp.Name)
		}
	}
	r, e := tp.Slots.Iter(t, v)
	if e != nil {
		return Value{}, e
	}
	if r.Type().Slots.Next == nil {
		return Value{}, TypeErrorf(t, "iter() returned non-iterator of type '%s'", r.Type().Name)
	}
	return r, nil
}

// IterOr is Iter for a caller that has its own words for a TypeError of it.
func IterOr(t *Thread, v Value, format string, args ...any) (Value, *Exception) {
	it, e := Iter(t, v)
	if e != nil && e.IsA(&TypeErrorType) {
		e = TypeErrorf(t, format, args...)
	}
	return it, e
}

// Next advances an iterator; Ref == nil without error means exhausted.
//
//martlet:opaque
func Next(t *Thread, it Value) (Value, *Exception) {
	f := it.Type().Slots.Next
	if f == nil {
		return Value{}, TypeErrorf(t, "'%s' object is not an iterator", it.Type().Name)
	}
	return f(t, it)
}

// ForEach calls fn for each element until it returns false or an error.
func ForEach(t *Thread, v Value, fn func(x Value) (bool, *Exception)) *Exception {
	switch v.Type() {
	case &TupleType:
		for _, x := range As[Tuple](v).Items {
			if ok, e := fn(x); !ok || e != nil {
				return e
			}
		}
		return nil
	}
	it, e := Iter(t, v)
	if e != nil {
		return e
	}
	return Exhaust(t, it, fn)
}

// Exhaust calls fn for what an iterator gives until it returns false or an error.
func Exhaust(t *Thread, it Value, fn func(x Value) (bool, *Exception)) *Exception {
	next := it.Type().Slots.Next
	for {
		x, e := next(t, it)
		if e != nil || x.Ref == nil {
			return e
		}
		if ok, e := fn(x); !ok || e != nil {
			return e
		}
	}
}

// Collect gives the elements of an iterable in a fresh slice.
func Collect(t *Thread, v Value) ([]Value, *Exception) {
	it := v
	if v.Type() != &TupleType {
		var e *Exception
		if it, e = Iter(t, v); e != nil {
			return nil, e
		}
		if e = checkHint(t, v, true); e != nil {
			return nil, e
		}
	}
	return collect(t, it)
}

func collect(t *Thread, it Value) ([]Value, *Exception) {
	var out []Value
	add := func(x Value) (bool, *Exception) {
		out = append(out, x)
		return true, t.Charge(16)
	}
	if it.Type() == &TupleType {
		e := ForEach(t, it, add)
		return out, e
	}
	e := Exhaust(t, it, add)
	return out, e
}

// checkHint asks an object of a Python class for its length, as CPython does to reserve memory: the answer matters only
// if that is too much, an error always.
func checkHint(t *Thread, v Value, reserve bool) *Exception {
	if v.Type().Flags&FHeap == 0 {
		return nil
	}
	n, e := LengthHint(t, v, 8)
	if e == nil && reserve && n > maxAlloc {
		e = NewException(t, &MemoryErrorType)
	}
	return e
}

// joinable collects what a join method is to join.
func joinable(t *Thread, v Value) ([]Value, *Exception) {
	it, e := IterOr(t, v, "can only join an iterable")
	if e != nil {
		return nil, e
	}
	return Collect(t, it)
}

// Contains is x in v.
func Contains(t *Thread, v, x Value) (bool, *Exception) {
	tp := v.Type()
	if tp.Slots.Contains != nil {
		return tp.Slots.Contains(t, v, x)
	}
	it, e := IterOr(t, v, "argument of type '%s' is not iterable", tp.Name)
	if e != nil {
		return false, e
	}
	found := false
	e = Exhaust(t, it, func(y Value) (bool, *Exception) {
		eq, e := Equal(t, y, x)
		found = eq
		return !eq, e
	})
	return found, e
}

// subclassReturned warns of a conversion method whose result is not a plain int.
func subclassReturned(method string, tp *Type) string {
	return fmt.Sprintf("%s returned non-int (type %s).  The ability to return an instance of a strict subclass of int is deprecated, and may be removed in a future version of Python.", method, tp.Name)
}

// ToIndex is operator.index(v): a Python int (small or big).
func ToIndex(t *Thread, v Value) (Value, *Exception) {
	tp := v.Type()
	if tp == &IntType {
		return v, nil
	}
	if tp.Flags&FInt != 0 {
		return IntOf(v), nil
	}
	if tp.Index == nil {
		return Value{}, TypeErrorf(t, "'%s' object cannot be interpreted as an integer", tp.Name)
	}
	r, e := tp.Index(t, v)
	if e != nil {
		return Value{}, e
	}
	rt := r.Type()
	if rt.Flags&FInt == 0 {
		return Value{}, TypeErrorf(t, "__index__ returned non-int (type %s)", rt.Name)
	}
	if rt != &IntType {
		if e := Warn(t, &DeprecationWarningType, subclassReturned("__index__", rt)); e != nil {
			return Value{}, e
		}
		return IntOf(r), nil
	}
	return r, nil
}

// ToInt64 is ToIndex for a number that must fit a machine word; OverflowError otherwise.
func ToInt64(t *Thread, v Value) (int64, *Exception) {
	if v.IsInt() {
		return v.Int64(), nil
	}
	i, e := ToIndex(t, v)
	if e != nil {
		return 0, e
	}
	if !i.IsInt() {
		return 0, Errorf(t, &OverflowErrorType, "Python int too large to convert to C ssize_t")
	}
	return i.Int64(), nil
}

// ToInt is ToInt64 as a Go int.
func ToInt(t *Thread, v Value) (int, *Exception) {
	i, e := ToInt64(t, v)
	return int(i), e
}

// Warn issues a warning at the caller's line.
func Warn(t *Thread, category *Type, msg string) *Exception {
	if h := t.Interp.Hooks.Warn; h != nil {
		return h(t, category, msg, 1)
	}
	return nil
}

// IsInstance is isinstance(v, cls) with cls a class, a union or a tuple of them.
func IsInstance(t *Thread, v, cls Value) (bool, *Exception) {
	ct := cls.Type()
	if v.Type().Value() == cls {
		return true, nil
	}
	if ct == &TypeType {
		return plainIsInstance(t, v, As[Type](cls))
	}
	if ct.Flags&FTuple != 0 {
		return anyOf(t, cls, " in __instancecheck__", func(c Value) (bool, *Exception) { return IsInstance(t, v, c) })
	}
	if f := ct.Lookup(t, N.InstanceCheck); f.Ref != nil {
		r, e := callDescr(t, f, cls, []Value{v})
		if e != nil {
			return false, e
		}
		return Truth(t, r)
	}
	return RecursiveIsInstance(t, v, cls)
}

func plainIsInstance(t *Thread, v Value, c *Type) (bool, *Exception) {
	if v.Type().IsSubtype(c) {
		return true, nil
	}
	if v.Type().plainGetAttr && (v.Type().Flags&FHeap == 0) {
		return false, nil
	}
	k, e := LookupAttr(t, v, N.Class)
	if e != nil || k.Ref == nil || k.Type().Flags&FType == 0 {
		return false, e
	}
	return As[Type](k).IsSubtype(c), nil
}

// RecursiveIsInstance is type.__instancecheck__.
func RecursiveIsInstance(t *Thread, v, cls Value) (bool, *Exception) {
	if cls.Type().Flags&FType != 0 {
		return plainIsInstance(t, v, As[Type](cls))
	}
	if e := checkClass(t, cls, "isinstance() arg 2 must be a type, a tuple of types, or a union"); e != nil {
		return false, e
	}
	k, e := LookupAttr(t, v, N.Class)
	if e != nil || k.Ref == nil {
		return false, e
	}
	return abstractSubclass(t, k, cls)
}

func anyOf(t *Thread, tup Value, where string, f func(c Value) (bool, *Exception)) (bool, *Exception) {
	if e := t.Enter(where); e != nil {
		return false, e
	}
	defer t.Leave()
	for _, c := range As[Tuple](tup).Items {
		if ok, e := f(c); ok || e != nil {
			return ok, e
		}
	}
	return false, nil
}

// IsSubclass is issubclass(sub, cls).
func IsSubclass(t *Thread, sub, cls Value) (bool, *Exception) {
	ct := cls.Type()
	if ct == &TypeType {
		if Is(sub, cls) {
			return true, nil
		}
		return RecursiveIsSubclass(t, sub, cls)
	}
	if ct.Flags&FTuple != 0 {
		return anyOf(t, cls, " in __subclasscheck__", func(c Value) (bool, *Exception) { return IsSubclass(t, sub, c) })
	}
	if f := ct.Lookup(t, N.SubclassCheck); f.Ref != nil {
		r, e := callDescr(t, f, cls, []Value{sub})
		if e != nil {
			return false, e
		}
		return Truth(t, r)
	}
	return RecursiveIsSubclass(t, sub, cls)
}

// RecursiveIsSubclass is type.__subclasscheck__.
func RecursiveIsSubclass(t *Thread, sub, cls Value) (bool, *Exception) {
	if sub.Type().Flags&FType != 0 && cls.Type().Flags&FType != 0 {
		return As[Type](sub).IsSubtype(As[Type](cls)), nil
	}
	if e := checkClass(t, sub, "issubclass() arg 1 must be a class"); e != nil {
		return false, e
	}
	if e := checkClass(t, cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union"); e != nil {
		return false, e
	}
	return abstractSubclass(t, sub, cls)
}

func basesOf(t *Thread, v Value) (Value, *Exception) {
	b, e := LookupAttr(t, v, N.Bases)
	if e != nil || b.Ref == nil || b.Type().Flags&FTuple == 0 {
		return Value{}, e
	}
	return b, nil
}

func checkClass(t *Thread, v Value, msg string) *Exception {
	b, e := basesOf(t, v)
	if e == nil && b.Ref == nil {
		return TypeErrorf(t, "%s", msg)
	}
	return e
}

func abstractSubclass(t *Thread, sub, cls Value) (bool, *Exception) {
	if Is(sub, cls) {
		return true, nil
	}
	b, e := basesOf(t, sub)
	if e != nil || b.Ref == nil {
		return false, e
	}
	return anyOf(t, b, " in abstract_issubclass", func(c Value) (bool, *Exception) { return abstractSubclass(t, c, cls) })
}

// Format is format(v, spec).
func Format(t *Thread, v Value, spec *Str) (*Str, *Exception) {
	if spec.S == "" {
		switch v.Type() {
		case &StrType:
			return As[Str](v), nil
		case &IntType, &FloatType:
			return ToStr(t, v)
		}
	}
	r, found, e := CallSpecial(t, v, N.Format, Obj(spec))
	if e != nil {
		return nil, e
	}
	if !found {
		return nil, TypeErrorf(t, "Type %s doesn't define __format__", v.Type().Name)
	}
	if r.Type().Flags&FStr == 0 {
		return nil, TypeErrorf(t, "__format__ must return a str, not %s", r.Type().Name)
	}
	return As[Str](r), nil
}

// LengthHint is operator.length_hint(v, def).
func LengthHint(t *Thread, v Value, def int) (int, *Exception) {
	if v.Type().Slots.Len != nil {
		n, e := v.Type().Slots.Len(t, v)
		if e == nil || !e.IsA(&TypeErrorType) {
			return n, e
		}
	}
	r, found, e := CallSpecial(t, v, N.LengthHint)
	if e != nil {
		if e.IsA(&TypeErrorType) {
			return def, nil
		}
		return 0, e
	}
	if !found || r.IsNotImplemented() {
		return def, nil
	}
	if r.Type().Flags&FInt == 0 {
		return 0, TypeErrorf(t, "__length_hint__ must be an integer, not %s", r.Type().Name)
	}
	n, e := ToInt(t, r)
	if e == nil && n < 0 {
		return 0, ValueErrorf(t, "__length_hint__() should return >= 0")
	}
	return n, e
}

// Addr is an object's address as default reprs print it.
func Addr(v Value) string { return "0x" + strconv.FormatUint(ID(v), 16) }
