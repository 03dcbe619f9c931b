package jitgen

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"martlet/ir"
)

// How Go values become words.
//
// A value of a Go type is a list of words, in memory order: an integer, bool,
// float or pointer is one; a string is (ref, i64); a slice (ref, i64, i64); an
// interface (ref, ref): type or itab word, data; structs and small arrays are
// their fields' and elements' words. A type of more than maxWords words (or
// holding a blank run of array elements) is a *memory* value: its one word is
// the ref of an object that nobody changes.
//
// The layout is that of the gc compiler for 64-bit little-endian machines,
// which is the same on all of them; a generated file asserts it.

const (
	maxWords = 16 // more words than this make a memory value
	maxSROA  = 48 // locals of more words stay in memory
)

// A word is one leaf of a layout.
type word struct {
	t     ir.Type
	off   int64
	mem   ir.Mem // class and flags of the innermost struct field or array element; Class 0 at top level
	named bool   // mem is set: the leaf is inside a struct or array
}

// A layout is how a type lies in memory and in words.
type layout struct {
	size  int64
	words []word // all leaves, also of a memory value when there are not too many
	mem   bool   // a value of this type is a memory value
	ptrs  []int  // offsets of Go pointers
}

// layouts computes and caches layouts, alias classes and type descriptors.
type layouts struct {
	sizes   types.Sizes
	cache   typeutil.Map // types.Type -> *layout
	structs typeutil.Map // underlying struct -> first class number
	elems   typeutil.Map // element type -> class
	descs   typeutil.Map // types.Type -> *ir.TypeDesc
	classes []string     // class number -> name
	taken   map[string]int
	named   []types.Type // struct types with classes
	globals map[string]ir.AliasClass
	onDesc  func(name string, t types.Type)
	uses    map[string]ClassUse // special classes by name
}

func newLayouts() *layouts {
	return &layouts{sizes: types.SizesFor("gc", "amd64"), classes: []string{"any"}, globals: map[string]ir.AliasClass{}}
}

func (ls *layouts) newClass(name string) ir.AliasClass {
	if len(ls.classes) > 65000 {
		return 0
	}
	ls.classes = append(ls.classes, ls.className(name))
	return ir.AliasClass(len(ls.classes) - 1)
}

// className makes a name that the text form can write, and that is new.
func (ls *layouts) className(name string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '.', r == '$', r >= 0x80:
			return r
		case r == '/':
			return '.'
		}
		return '_'
	}, strings.ReplaceAll(strings.ReplaceAll(name, "[]", "elem."), "var ", "var."))
	if ls.taken == nil {
		ls.taken = map[string]int{}
	}
	ls.taken[plain]++
	if n := ls.taken[plain]; n > 1 {
		return fmt.Sprintf("%s$%d", plain, n)
	}
	return plain
}

// fieldMem returns the alias class and flags of field i of a struct type.
func (ls *layouts) fieldMem(t types.Type, i int) ir.Mem {
	st := t.Underlying().(*types.Struct)
	first, ok := ls.structs.At(st).(ir.AliasClass)
	if !ok {
		for k := range st.NumFields() {
			c := ls.newClass(typeName(t) + "." + st.Field(k).Name())
			if k == 0 {
				first = c
			}
		}
		ls.structs.Set(st, first)
		ls.named = append(ls.named, t)
	}
	m := ir.Mem{Class: first + ir.AliasClass(i)}
	h := fieldHints(st, i)
	if h.immutable {
		m.Flags |= ir.Immutable
	}
	ls.noteUse(t, st, i, h, ls.classes[m.Class])
	return m
}

// noteUse records what the machine may assume of a field's class.
func (ls *layouts) noteUse(t types.Type, st *types.Struct, i int, h fieldHint, name string) {
	u := ls.uses[name]
	u.FrameArray, u.NonNil, u.Prev, u.Stable = h.frame, h.nonnil, h.prev, h.stable
	if h.next {
		ls.noteNext(&u, st, i)
	}
	for k := range st.NumFields() {
		f := st.Field(k)
		u.Frame = u.Frame || f.Embedded() && typeName(f.Type()) == HintPath+".Frame"
	}
	if u != (ClassUse{}) {
		ls.uses[name] = u
	}
}

// noteNext connects the link of a chain with the link back.
func (ls *layouts) noteNext(u *ClassUse, st *types.Struct, i int) {
	offs := ls.fieldOffsets(st)
	for k := range st.NumFields() {
		if fieldHints(st, k).prev {
			u.Next, u.Watch, u.Peer = true, offs[k]-offs[i], k-i
		}
	}
}

// isQuasi reports whether a type is a hint.Quasi.
func isQuasi(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Quasi" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == HintPath
}

// quasiMem is the class of the word at an offset of a Quasi's value: each has
// its own, because each lies at another distance from the watch word.
func (ls *layouts) quasiMem(t types.Type, off int64) ir.Mem {
	key := fmt.Sprintf("quasi %s %d", typeName(t), off)
	m := ls.globalMem(key)
	st := t.Underlying().(*types.Struct)
	for i, o := range ls.fieldOffsets(st) {
		if st.Field(i).Name() == "value" {
			ls.uses[ls.classes[m.Class]] = ClassUse{Quasi: true, Watch: -(o + off)}
		}
	}
	return m
}

// hints of a struct field, from its tag `hint:"immutable,deep,frame,nonnil,next,prev,stable"`.
type fieldHint struct{ immutable, deep, frame, nonnil, next, prev, stable bool }

func fieldHints(st *types.Struct, i int) fieldHint {
	var h fieldHint
	for _, w := range strings.Split(reflect.StructTag(st.Tag(i)).Get("hint"), ",") {
		switch strings.TrimSpace(w) {
		case "immutable":
			h.immutable = true
		case "deep", "deeply":
			h.deep, h.immutable = true, true
		case "frame":
			h.frame = true
		case "nonnil":
			h.nonnil = true
		case "stable":
			h.stable = true
		case "next":
			h.next = true
		case "prev":
			h.prev = true
		}
	}
	return h
}

// elemMem returns the alias class of elements of slices and arrays of t.
func (ls *layouts) elemMem(t types.Type) ir.Mem {
	c, ok := ls.elems.At(t).(ir.AliasClass)
	if !ok {
		c = ls.newClass("[]" + typeName(t))
		ls.elems.Set(t, c)
	}
	return ir.Mem{Class: c}
}

func (ls *layouts) globalMem(name string) ir.Mem {
	c, ok := ls.globals[name]
	if !ok {
		c = ls.newClass("var " + name)
		ls.globals[name] = c
	}
	return ir.Mem{Class: c}
}

func typeName(t types.Type) string { return types.TypeString(t, nil) }

// of returns the layout of a type.
func (ls *layouts) of(t types.Type) *layout {
	if l, ok := ls.cache.At(t).(*layout); ok {
		return l
	}
	l := &layout{size: ls.sizes.Sizeof(t)}
	n := countWords(t)
	if n > maxSROA {
		l.mem = true
		ls.pointers(t, 0, l)
	} else {
		ls.explode(t, 0, ir.Mem{}, false, l)
		l.mem = n > maxWords
	}
	ls.cache.Set(t, l)
	return l
}

// countWords counts leaves, giving up beyond a large number.
func countWords(t types.Type) int {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&(types.IsString|types.IsComplex) != 0 {
			return 2
		}
		return 1
	case *types.Slice:
		return 3
	case *types.Interface:
		return 2
	case *types.Struct:
		n := 0
		for i := range u.NumFields() {
			n = min(n+countWords(u.Field(i).Type()), 1<<30)
		}
		return n
	case *types.Array:
		return int(min(u.Len()*int64(countWords(u.Elem())), 1<<30))
	case *types.Tuple:
		n := 0
		for i := range u.Len() {
			n += countWords(u.At(i).Type())
		}
		return n
	}
	return 1
}

func (ls *layouts) explode(t types.Type, off int64, m ir.Mem, named bool, l *layout) {
	leaf := func(wt ir.Type, o int64) {
		if wt == ir.Ref {
			l.ptrs = append(l.ptrs, int(off+o))
		}
		l.words = append(l.words, word{t: wt, off: off + o, mem: m, named: named})
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		ls.explodeBasic(u, leaf)
	case *types.Slice:
		leaf(ir.Ref, 0)
		leaf(ir.I64, 8)
		leaf(ir.I64, 16)
	case *types.Interface:
		leaf(ir.Ref, 0)
		leaf(ir.Ref, 8)
	case *types.Struct:
		for i, o := range ls.fieldOffsets(u) {
			ls.explode(u.Field(i).Type(), off+o, ls.fieldMem(t, i), true, l)
		}
	case *types.Array:
		es := ls.sizes.Sizeof(u.Elem())
		for i := range u.Len() {
			ls.explode(u.Elem(), off+i*es, ls.elemMem(u.Elem()), true, l)
		}
	case *types.Tuple:
		for i := range u.Len() { // tuples have no memory form; offsets are of no use
			ls.explode(u.At(i).Type(), 0, ir.Mem{}, false, l)
		}
	default:
		leaf(ir.Ref, 0)
	}
}

func (ls *layouts) explodeBasic(u *types.Basic, leaf func(ir.Type, int64)) {
	switch u.Kind() {
	case types.String, types.UntypedString:
		leaf(ir.Ref, 0)
		leaf(ir.I64, 8)
	case types.Complex64:
		leaf(ir.F32, 0)
		leaf(ir.F32, 4)
	case types.Complex128, types.UntypedComplex:
		leaf(ir.F64, 0)
		leaf(ir.F64, 8)
	default:
		leaf(basicWord(u), 0)
	}
}

func basicWord(u *types.Basic) ir.Type {
	switch u.Kind() {
	case types.Bool, types.UntypedBool, types.Int8, types.Uint8:
		return ir.I8
	case types.Int16, types.Uint16:
		return ir.I16
	case types.Int32, types.Uint32, types.UntypedRune:
		return ir.I32
	case types.Float32:
		return ir.F32
	case types.Float64, types.UntypedFloat:
		return ir.F64
	case types.UnsafePointer, types.UntypedNil:
		return ir.Ref
	}
	return ir.I64
}

func (ls *layouts) fieldOffsets(u *types.Struct) []int64 {
	fields := make([]*types.Var, u.NumFields())
	for i := range fields {
		fields[i] = u.Field(i)
	}
	return ls.sizes.Offsetsof(fields)
}

// pointers collects pointer offsets of a type too large to explode.
func (ls *layouts) pointers(t types.Type, off int64, l *layout) {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i, o := range ls.fieldOffsets(u) {
			ls.pointers(u.Field(i).Type(), off+o, l)
		}
	case *types.Array:
		es := ls.sizes.Sizeof(u.Elem())
		if !ls.hasPointers(u.Elem()) {
			return
		}
		for i := range u.Len() {
			ls.pointers(u.Elem(), off+i*es, l)
		}
	default:
		var small layout
		ls.explode(t, off, ir.Mem{}, false, &small)
		l.ptrs = append(l.ptrs, small.ptrs...)
	}
}

func (ls *layouts) hasPointers(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0 || u.Kind() == types.UnsafePointer || u.Kind() == types.UntypedNil
	case *types.Array:
		return u.Len() > 0 && ls.hasPointers(u.Elem())
	case *types.Struct:
		for i := range u.NumFields() {
			if ls.hasPointers(u.Field(i).Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// fieldWords returns the range of words of field i within its struct's.
func (ls *layouts) fieldWords(st *types.Struct, field int) (int, int) {
	lo := 0
	for i := range field {
		lo += countWords(st.Field(i).Type())
	}
	return lo, lo + countWords(st.Field(field).Type())
}

// desc returns the type descriptor for allocating t, adding it to the module.
func (ls *layouts) desc(m *ir.Module, t types.Type) *ir.TypeDesc {
	if d, ok := ls.descs.At(t).(*ir.TypeDesc); ok {
		return d
	}
	name := typeName(t)
	for n := 2; m.Type(name) != nil; n++ {
		name = fmt.Sprintf("%s#%d", typeName(t), n)
	}
	l := ls.of(t)
	d := m.AddType(&ir.TypeDesc{Name: name, Size: int(l.size), Ptrs: l.ptrs})
	ls.descs.Set(t, d)
	ls.onDesc(name, t)
	return d
}

// pointerShaped reports whether an interface holds a t directly in its data word.
func pointerShaped(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Chan, *types.Signature:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Struct:
		return u.NumFields() == 1 && pointerShaped(u.Field(0).Type())
	case *types.Array:
		return u.Len() == 1 && pointerShaped(u.Elem())
	}
	return false
}

func isUnsigned(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}

func basicInfo(t types.Type) types.BasicInfo {
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()
	}
	return 0
}

func isInterface(t types.Type) bool { return types.IsInterface(t) }

func isEmptyInterface(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}
