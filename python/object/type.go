package object

import (
	"strings"
	"unsafe"
	"weak"

	"martlet/hint"
)

// Flags are a type's fixed properties.
type Flags uint32

// Type flags. The F...Subclass flags are inherited and answer isinstance for the basic types in one test.
const (
	FInt Flags = 1 << iota
	FFloat
	FStr
	FBytes
	FList
	FTuple
	FDict
	FSet
	FFrozenSet
	FType
	FException
	FFinal       // cannot be subclassed
	FHeap        // made at run time, mutable
	FNoNew       // cannot be called to make an instance
	FSequence    // matches sequence patterns
	FMapping     // matches mapping patterns
	FAbstract    // has __abstractmethods__
	FMethodLike  // calling through an attribute needs no bound object: DescrGet only prepends self
	FImmutable   // attributes of the type cannot be set (builtin types)
	FMatchSelf   // class pattern with one positional matches the subject itself
	FComplex     // complex and subclasses
	FByteArray   // bytearray and subclasses
	inheritFlags = FInt | FFloat | FStr | FBytes | FList | FTuple | FDict | FSet | FFrozenSet | FType | FException |
		FSequence | FMapping | FMatchSelf | FComplex | FByteArray
)

// Function shapes of the slots.
type (
	// UnaryFunc is a slot of one operand.
	UnaryFunc func(t *Thread, v Value) (Value, *Exception)
	// BinaryFunc is a binary operator slot. Either operand may be of the slot's type; NotImplemented declines.
	BinaryFunc func(t *Thread, a, b Value) (Value, *Exception)
	// CallFunc calls callee; the last len(kwnames) args are keyword values.
	CallFunc func(t *Thread, callee Value, args []Value, kwnames []*Str) (Value, *Exception)
	// NewFunc makes an instance of tp (which is the slot's type or a subtype).
	NewFunc func(t *Thread, tp *Type, args []Value, kwnames []*Str) (Value, *Exception)
	// InitFunc initialises self.
	InitFunc func(t *Thread, self Value, args []Value, kwnames []*Str) *Exception
)

// SendResult says how a send ended.
type SendResult uint8

// Results of the Send slot.
const (
	SendYielded SendResult = iota
	SendReturned
	SendRaised
)

// Slots are a type's operations. A nil slot is an operation the type does not have. Python classes get slots that
// call their dunder methods.
type Slots struct {
	Repr, Str UnaryFunc
	Hash      func(t *Thread, v Value) (int64, *Exception)
	Call      CallFunc
	GetAttr   func(t *Thread, v Value, name *Str) (Value, *Exception)
	SetAttr   func(t *Thread, v Value, name *Str, val Value) *Exception // val.Ref == nil deletes
	Compare   func(t *Thread, a, b Value, op CmpOp) (Value, *Exception)
	Iter      UnaryFunc
	Next      UnaryFunc                                                      // Ref == nil without error: exhausted
	DescrGet  func(t *Thread, d, obj Value, owner *Type) (Value, *Exception) // obj.Ref == nil: through the type
	DescrSet  func(t *Thread, d, obj, val Value) *Exception                  // val.Ref == nil deletes
	New       NewFunc
	Init      InitFunc
	Del       func(t *Thread, v Value) *Exception
	Bool      func(t *Thread, v Value) (bool, *Exception)
	Len       func(t *Thread, v Value) (int, *Exception)
	GetItem   BinaryFunc
	SetItem   func(t *Thread, v, key, val Value) *Exception // val.Ref == nil deletes
	Contains  func(t *Thread, v, x Value) (bool, *Exception)
	Neg, Pos, Invert, Abs,
	ToInt, ToFloat, Index UnaryFunc
	Bin         [NumBinOps]BinaryFunc
	InPlace     [NumBinOps]BinaryFunc
	PowMod      func(t *Thread, a, b, mod Value) (Value, *Exception) // three-argument pow
	Concat      BinaryFunc                                           // sequence +, tried after Bin[OpAdd]
	Repeat      func(t *Thread, v Value, n Value) (Value, *Exception)
	IConcat     BinaryFunc
	IRepeat     func(t *Thread, v Value, n Value) (Value, *Exception)
	Await       UnaryFunc
	AIter       UnaryFunc
	ANext       UnaryFunc
	Send        func(t *Thread, v, arg Value) (Value, SendResult, *Exception)
	GetBuffer   func(t *Thread, v Value, flags int) (Value, *Exception) // a memoryview
	FreeBuffer  func(t *Thread, v, view Value) *Exception
	HashIsUnset bool // __hash__ = None
}

// Type is a Python class, builtin or made at run time.
type Type struct {
	Object
	Slots
	Name     string // as messages say it: collections.deque
	QualName string
	Module   string // of builtin types; classes keep __module__ in Dict
	Doc      string
	Base     *Type
	Bases    []*Type
	MRO      []*Type
	Dict     *Dict
	Flags    Flags
	Version  hint.Quasi[uint64] // changes whenever a lookup through this type could change its answer; never 0 once ready

	Root       Shape   // the shape of instances without attributes; its address is the exact-type test
	DictShape  *Shape  // the shape of instances whose attributes are in a dictionary
	AttrOff    uintptr // offset of Attrs in instances; 0: no attribute storage
	NInline    int     // attribute slots that follow Attrs in memory
	NSlots     int     // slots taken by __slots__ members
	HasDict    bool    // instances have attributes of their own
	HasWeak    bool    // instances can be weakly referenced
	layout     *Layout // allocation of instances
	layoutBase *Type   // the type whose Go struct instances use ("solid base")
	Extra      any     // data of the type's implementation (struct sequences, named exceptions)

	subclasses   []weak.Pointer[Type]
	decl         *Decl
	binOwner     [NumBinOps]*Type // the type whose Bin slot this is (the builtin declaring it, or object for the generic one)
	initVer      uint64           // Version for which initFn was computed
	initFn       Value
	ownNew       bool // a builtin type that declares its own New slot
	plainGetAttr bool // attribute lookup is GenericGetAttr
}

// Layout says how instances of a builtin type are allocated.
type Layout struct {
	Exact   func() unsafe.Pointer // an instance of the type itself
	Sub     func() unsafe.Pointer // an instance of a subclass: the struct and Attrs with SubInline slots
	SubOff  uintptr               // offset of Attrs in Sub's result
	SubN    int                   // inline slots there
	SubSize int                   // bytes, for accounting
}

type withAttrs[T any] struct {
	base  T
	attrs Attrs
	slots [4]Value
}

// LayoutOf describes instances that are the Go struct T (whose first field is Object). Instances of subclasses get
// attribute storage behind it.
func LayoutOf[T any]() *Layout {
	var w withAttrs[T]
	return &Layout{
		Exact:  func() unsafe.Pointer { return unsafe.Pointer(new(T)) },
		Sub:    func() unsafe.Pointer { return unsafe.Pointer(new(withAttrs[T])) },
		SubOff: unsafe.Offsetof(w.attrs), SubN: 4, SubSize: int(unsafe.Sizeof(w)),
	}
}

// LayoutWithAttrs is for structs T that contain Attrs themselves, at offset off, with n Value slots right behind.
func LayoutWithAttrs[T any](off uintptr, n int) *Layout {
	alloc := func() unsafe.Pointer { return unsafe.Pointer(new(T)) }
	var z T
	return &Layout{Exact: alloc, Sub: alloc, SubOff: off, SubN: n, SubSize: int(unsafe.Sizeof(z))}
}

// Alloc makes an empty instance of tp: all fields zero, shape set.
//
//martlet:opaque
func (tp *Type) Alloc(t *Thread) (Value, *Exception) {
	l := tp.layout
	if e := t.Charge(l.SubSize); e != nil {
		return Value{}, e
	}
	var p unsafe.Pointer
	if tp.Flags&FHeap != 0 {
		p = l.Sub()
	} else {
		p = l.Exact()
	}
	(*Object)(p).Shape = &tp.Root
	if tp.Slots.Del != nil {
		tp.mourn(t, Value{Ref: p})
	}
	return Value{Ref: p}, nil
}

// AllocAs is Alloc with the instance as *T.
func AllocAs[T any](t *Thread, tp *Type) (*T, *Exception) {
	v, e := tp.Alloc(t)
	return (*T)(v.Ref), e
}

// Value is the type as a Python value.
func (tp *Type) Value() Value { return Value{Ref: unsafe.Pointer(tp)} }

// BareName is __name__: for builtin types the name without the module.
func (tp *Type) BareName() string {
	if tp.Flags&FHeap != 0 {
		return tp.Name
	}
	return tp.Name[strings.LastIndexByte(tp.Name, '.')+1:]
}

// String is the name, for messages.
func (tp *Type) String() string { return tp.Name }

// FullName is module.qualname, without "builtins.".
func (tp *Type) FullName() string {
	m := tp.ModuleName()
	if m == "builtins" || m == "" {
		return tp.QualName
	}
	return m + "." + tp.QualName
}

// ModuleName is the class's __module__ as a string.
func (tp *Type) ModuleName() string {
	if tp.Flags&FHeap == 0 {
		return tp.Module
	}
	if v := tp.Dict.GetStr(N.Module); v.Ref != nil && v.Type().Flags&FStr != 0 {
		return As[Str](v).S
	}
	return ""
}

// IsSubtype says whether tp is base or inherits from it.
func (tp *Type) IsSubtype(base *Type) bool {
	if tp == base {
		return true
	}
	for _, x := range tp.MRO {
		if x == base {
			return true
		}
	}
	return false
}

type lookupEntry struct {
	tp   *Type
	ver  uint64
	name *Str
	val  Value
}

const lookupCacheSize = 2048

// Lookup finds a name along the MRO (no descriptor protocol); Ref nil when absent. Names should be interned: the
// cache is keyed by the name's address.
func (tp *Type) Lookup(t *Thread, name *Str) Value {
	i := (uintptr(unsafe.Pointer(tp))>>5 ^ uintptr(unsafe.Pointer(name))>>4) % lookupCacheSize
	c := &t.Interp.lookups[i]
	if c.tp == tp && c.ver == tp.Version.Get() && c.name == name {
		return c.val
	}
	v := tp.lookup(name)
	*c = lookupEntry{tp, tp.Version.Get(), name, v}
	return v
}

func (tp *Type) lookup(name *Str) Value {
	for _, x := range tp.MRO {
		if v := x.Dict.GetStr(name); v.Ref != nil {
			return v
		}
	}
	return Value{}
}

// LookupWhere is Lookup that also tells the class that has the name.
func (tp *Type) LookupWhere(name *Str) (Value, *Type) {
	for _, x := range tp.MRO {
		if v := x.Dict.GetStr(name); v.Ref != nil {
			return v, x
		}
	}
	return Value{}, nil
}

// Modified must be called after tp's Dict or bases changed: it renews the version tags of tp and its subclasses.
func (tp *Type) Modified(t *Thread) {
	tp.Version.Set(t.Interp.nextVersion())
	for _, s := range tp.Subclasses(t) {
		s.Modified(t)
	}
}

// Subclasses lists the living direct subclasses made in this interpreter, oldest first.
func (tp *Type) Subclasses(t *Thread) []*Type {
	list := tp.subclasses
	if tp.Flags&FHeap == 0 {
		list = t.Interp.subclasses[tp]
	}
	var out []*Type
	for _, w := range list {
		if s := w.Value(); s != nil {
			out = append(out, s)
		}
	}
	return out
}

func (tp *Type) addSubclass(t *Thread, s *Type) {
	w := weak.Make(s)
	if tp.Flags&FHeap != 0 {
		tp.subclasses = appendLive(tp.subclasses, w)
		return
	}
	t.Interp.subclasses[tp] = appendLive(t.Interp.subclasses[tp], w)
}

func appendLive(list []weak.Pointer[Type], w weak.Pointer[Type]) []weak.Pointer[Type] {
	if len(list) == cap(list) {
		k := 0
		for _, x := range list {
			if x.Value() != nil {
				list[k] = x
				k++
			}
		}
		list = list[:k]
	}
	return append(list, w)
}

func (tp *Type) removeSubclass(t *Thread, s *Type) {
	list := tp.subclasses
	if tp.Flags&FHeap == 0 {
		list = t.Interp.subclasses[tp]
	}
	var out []weak.Pointer[Type]
	for _, w := range list {
		if w.Value() != s {
			out = append(out, w)
		}
	}
	if tp.Flags&FHeap != 0 {
		tp.subclasses = out
	} else {
		t.Interp.subclasses[tp] = out
	}
}

// mergeMRO is the C3 linearisation of bases in front of their own orders; nil when there is none.
func mergeMRO(tp *Type, bases []*Type) []*Type {
	out, _ := linearise(tp, bases)
	return out
}

// linearise computes mergeMRO; where there is no order, out is nil and rest has what is left of the orders that contradict each other.
func linearise(tp *Type, bases []*Type) (out []*Type, rest [][]*Type) {
	var seqs [][]*Type
	for _, b := range bases {
		seqs = append(seqs, b.MRO)
	}
	seqs = append(seqs, bases)
	out = []*Type{tp}
	for {
		var next *Type
		empty := true
		for _, s := range seqs {
			if len(s) == 0 {
				continue
			}
			empty = false
			if !inTails(s[0], seqs) {
				next = s[0]
				break
			}
		}
		if empty {
			return out, nil
		}
		if next == nil {
			return nil, seqs
		}
		out = append(out, next)
		for i, s := range seqs {
			if len(s) > 0 && s[0] == next {
				seqs[i] = s[1:]
			}
		}
	}
}

func inTails(x *Type, seqs [][]*Type) bool {
	for _, s := range seqs {
		for i := 1; i < len(s); i++ {
			if s[i] == x {
				return true
			}
		}
	}
	return false
}
