package object

import (
	"strings"
	"sync/atomic"
)

// BuiltinFn is the Go body of a builtin function: args are bound by the signature, args[0] is self for methods.
// An omitted parameter whose default is written <absent> arrives with Ref nil.
type BuiltinFn func(t *Thread, args []Value) (Value, *Exception)

// Method declares a builtin method with CPython's text signature, for example
// {Sig: "insert(self, index, object, /)", Fn: listInsert}.
type Method struct {
	Sig  string
	Fn   BuiltinFn
	Doc  string
	Kind MethodKind
}

// MethodKind is how a builtin method binds.
type MethodKind uint8

// Kinds of methods.
const (
	InstanceMethod MethodKind = iota
	ClassMethod               // args[0] is the class
	StaticMethod
)

// GetSet declares a computed attribute. A nil Set makes it read-only; Set gets Ref nil for deletion.
type GetSet struct {
	Name string
	Get  UnaryFunc
	Set  func(t *Thread, v, val Value) *Exception
	Doc  string
}

// Decl declares a builtin type. Slots that are set appear as dunder methods too.
type Decl struct {
	Name    string // as messages say it, such as collections.deque: the module goes with it where CPython's C type has it so
	Module  string // default: what stands before the dot of Name, or builtins
	Doc     string
	Base    *Type // default object
	Meta    *Type // default type
	Flags   Flags
	Layout  *Layout // default: the base's
	Slots   Slots
	Methods []Method
	GetSets []GetSet
	NewSig  string           // shown text signature of the constructor
	Consts  map[string]Value // further class attributes
	Dict    bool             // instances of the type itself have a __dict__ (Layout has attrs)
	Weak    bool             // instances of the type itself can be weakly referenced
	Ready   func(tp *Type)   // runs after the type is ready
}

// registry of declared types during package initialisation; fixed afterwards.
var (
	declared []*Type
	allReady bool
	initVer  atomic.Uint64
)

// Declare registers a builtin type; call it from init functions only. Within package object the type becomes usable
// when the package's init is over, in other packages at once.
func Declare(tp *Type, d Decl) *Type {
	tp.decl = &d
	if allReady {
		tp.ready()
		tp.addNew()
	} else {
		declared = append(declared, tp)
	}
	return tp
}

// NewType is Declare with a fresh Type.
func NewType(d Decl) *Type { return Declare(new(Type), d) }

func readyAll() {
	for _, tp := range declared {
		tp.Root.Type = tp
		tp.DictShape = &Shape{Type: tp, DictMode: true}
	}
	IntTag.Shape, FloatTag.Shape, BoolTag.Shape, NoneTag.Shape = &IntType.Root, &FloatType.Root, &BoolType.Root, &NoneType.Root
	NotImplementedTag.Shape, EllipsisTag.Shape = &NotImplementedType.Root, &EllipsisType.Root
	ObjectType.ready()
	for _, tp := range declared {
		tp.ready()
	}
	for _, tp := range declared {
		tp.addNew()
		if tp.Base != nil {
			builtinSubclasses[tp.Base] = append(builtinSubclasses[tp.Base], tp)
		}
	}
	declared = nil
	allReady = true
}

// builtinSubclasses lists builtin types by base; fixed after initialisation.
var builtinSubclasses = map[*Type][]*Type{}

func (tp *Type) ready() {
	if tp.Version.Get() != 0 {
		return
	}
	d := tp.decl
	if tp.DictShape == nil {
		tp.Root.Type = tp
		tp.DictShape = &Shape{Type: tp, DictMode: true}
	}
	tp.Version.Set(initVer.Add(1))
	meta := d.Meta
	if meta == nil {
		meta = &TypeType
	}
	tp.Object.Shape = &meta.Root
	tp.Name, tp.QualName, tp.Module, tp.Doc = d.Name, d.Name, "builtins", d.Doc
	if i := strings.LastIndexByte(d.Name, '.'); i >= 0 {
		tp.Module, tp.QualName = d.Name[:i], d.Name[i+1:]
	}
	if d.Module != "" {
		tp.Module = d.Module
	}
	tp.Flags = d.Flags | FImmutable
	tp.Slots = d.Slots
	tp.Dict = NewDict()
	tp.MRO = []*Type{tp}
	base := d.Base
	if base == nil && tp != &ObjectType {
		base = &ObjectType
	}
	tp.layout, tp.layoutBase = d.Layout, tp
	if base != nil {
		base.ready()
		tp.Base, tp.Bases = base, []*Type{base}
		tp.MRO = append(tp.MRO, base.MRO...)
		tp.Flags |= base.Flags & inheritFlags
		if d.Layout == nil {
			tp.layout, tp.layoutBase = base.layout, base.layoutBase
			tp.AttrOff, tp.NInline = base.AttrOff, base.NInline
			tp.HasDict, tp.HasWeak = base.HasDict, base.HasWeak
		}
	}
	if d.Dict {
		tp.HasDict = true
		tp.AttrOff, tp.NInline = tp.layout.SubOff, tp.layout.SubN
	}
	tp.HasWeak = tp.HasWeak || d.Weak
	tp.addDeclared(d)
	if base != nil {
		tp.inheritSlots(base)
	} else {
		tp.plainGetAttr = true // object
	}
	if d.Ready != nil {
		d.Ready(tp)
	}
	tp.ownNew = d.Slots.New != nil
	tp.decl = nil
}

func (tp *Type) addDeclared(d *Decl) {
	addSlotWrappers(tp)
	for i := range d.Methods {
		m := &d.Methods[i]
		f := newBuiltin(m.Sig, m.Fn, m.Doc)
		f.Owner = tp
		var v Value
		switch m.Kind {
		case InstanceMethod:
			v = f.asMethodDescr()
		case ClassMethod:
			v = f.asClassMethodDescr()
		default:
			v = Obj(&StaticMethodObj{Object: Object{&StaticMethodType.Root}, Fn: f.asFunction()})
		}
		tp.Dict.SetStr(nil, NameStr(f.Name), v)
	}
	for i := range d.GetSets {
		g := &d.GetSets[i]
		tp.Dict.SetStr(nil, NameStr(g.Name), Obj(&GetSetDescr{Object: Object{&GetSetType.Root}, GetSet: g, Owner: tp}))
	}
	if d.Dict && !tp.Dict.HasStr(N.Dict) {
		g := dictGetSet()
		tp.Dict.SetStr(nil, N.Dict, Obj(&GetSetDescr{Object: Object{&GetSetType.Root}, GetSet: &g, Owner: tp}))
	}
	for k, v := range d.Consts {
		tp.Dict.SetStr(nil, NameStr(k), v)
	}
	if d.Doc != "" && !tp.Dict.HasStr(N.Doc) {
		tp.Dict.SetStr(nil, N.Doc, NewStrStatic(d.Doc))
	} else if !tp.Dict.HasStr(N.Doc) {
		tp.Dict.SetStr(nil, N.Doc, None)
	}
}
