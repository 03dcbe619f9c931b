package jitgen

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"martlet/ir"
	"martlet/ir/interp"
)

// A Binder connects a lowered program with this process, without a generated
// file: package variables get memory of their own, type words are made up, and
// the runtime's part (growing slices, copying) is done by layout. The package
// initialisers of the variables in use are lowered and run, as far as they are
// in the subset. It serves tests and tools; an interpreter's own build uses the
// generated file.
type Binder struct {
	Result  *Result
	ptrs    map[string]unsafe.Pointer
	keep    []any
	missing map[string]bool
	inits   []*ir.Func
	Host    map[string]ir.GoFunc // further Go functions by name, for functions without Go source
}

// LowerWithInit lowers functions and the initialisers of all package
// variables that they use.
func LowerWithInit(src *Source, opt Options, roots ...*ssa.Function) (*Result, *Binder) {
	lw := newLowerer(src, opt)
	for _, r := range roots {
		lw.fn(r)
	}
	lw.drain()
	b := &Binder{Result: lw.res, ptrs: map[string]unsafe.Pointer{}, missing: map[string]bool{}}
	done := map[*ssa.Package]*ir.Func{}
	for again := true; again; {
		again = false
		for _, p := range lw.varPackages() {
			if done[p] == nil {
				done[p] = lw.initFunc(p)
				again = true
			}
		}
		lw.drain()
	}
	visited := map[*types.Package]bool{}
	for p := range done {
		b.orderInits(p.Pkg, src.Prog, done, visited)
	}
	lw.res.Module.Classes = append([]string{""}, lw.lay.classes[1:]...)
	return lw.res, b
}

func (b *Binder) orderInits(p *types.Package, prog *ssa.Program, done map[*ssa.Package]*ir.Func, visited map[*types.Package]bool) {
	if visited[p] {
		return
	}
	visited[p] = true
	for _, q := range p.Imports() {
		b.orderInits(q, prog, done, visited)
	}
	if f := done[prog.Package(p)]; f != nil && !f.IsDecl() {
		b.inits = append(b.inits, f)
	}
}

func (lw *lowerer) varPackages() []*ssa.Package {
	var ps []*ssa.Package
	seen := map[*ssa.Package]bool{}
	for _, r := range lw.res.Refs {
		if r.Kind == RefVar && !seen[r.Var.Pkg] {
			seen[r.Var.Pkg] = true
			ps = append(ps, r.Var.Pkg)
		}
	}
	return ps
}

// initFunc lowers a package's initialiser, leaving out what is outside the subset.
func (lw *lowerer) initFunc(p *ssa.Package) *ir.Func {
	fn := p.Func("init")
	f := lw.mod.AddFunc("init:"+p.Pkg.Path(), ir.Signature{}, ir.External)
	p.Build()
	l := newFuncLowerer(lw, fn, f)
	l.tolerant = true
	func() {
		defer func() {
			if r := recover(); r != nil {
				u, ok := r.(unsupported)
				if !ok {
					panic(r)
				}
				f.Linkage, f.Blocks = ir.DeclaredGo, nil
				lw.res.Opaque[f.Name] = lw.reason(u.pos, u.what)
			}
		}()
		l.run()
	}()
	return f
}

// tolerate lowers an instruction of an initialiser; one that cannot be is
// left out, and so are those that use its value.
func (l *fl) tolerate(in ssa.Instruction) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case unsupported:
			switch in := in.(type) {
			case *ssa.If:
				l.branch(in.Block(), l.konst(ir.I8, 1))
			case *ssa.Return:
				l.b.Ret()
			}
		default:
			panic(r)
		}
	}()
	if c, ok := in.(*ssa.Call); ok {
		if fn, ok := c.Call.Value.(*ssa.Function); ok && strings.HasPrefix(fn.Name(), "init") && fn.Signature.Recv() == nil {
			return // initialisers of other packages, and init functions
		}
	}
	if what := outsideSubset(in); what != "" {
		l.fail("%s", what)
	}
	l.instr(in)
}

// Interp returns a machine of the reference interpreter for the program, with
// the package variables initialised.
func (b *Binder) Interp(opt interp.Options) (*interp.Machine, error) {
	opt.Go, opt.RefConst = b.goFunc, b.refConst
	m, err := interp.New(b.Result.Module, opt)
	if err != nil {
		return nil, err
	}
	for _, f := range b.inits {
		if _, err := m.CallFunc(f); err != nil {
			return nil, fmt.Errorf("jitgen: initialising: %w", err)
		}
	}
	return m, nil
}

// BindConsts gives every refconst its address, for executors that take it from the module.
func (b *Binder) BindConsts() {
	for _, r := range b.Result.Refs {
		r.Const.Ptr = b.refConst(r.Name)
	}
}

// GoFunc returns the code of a declared Go function, or a function that
// records its name and returns zeros.
func (b *Binder) GoFunc(name string) ir.GoFunc { return b.goFunc(name) }

// Missing lists the declared Go functions that were called without being there.
func (b *Binder) Missing() []string { return sortedKeys(b.missing) }

func (b *Binder) refConst(name string) unsafe.Pointer {
	if p, ok := b.ptrs[name]; ok {
		return p
	}
	for _, r := range b.Result.Refs {
		if r.Name == name {
			p := b.makeRef(r)
			b.ptrs[name] = p
			return p
		}
	}
	return nil
}

func (b *Binder) makeRef(r *RefSym) unsafe.Pointer {
	switch r.Kind {
	case RefVar:
		v := reflect.New(b.layoutType(r.Type))
		b.keep = append(b.keep, v.Interface())
		return v.UnsafePointer()
	case RefString:
		return unsafe.Pointer(unsafe.StringData(r.Str))
	}
	// A word that is compared only. An itab has its type word at offset 8.
	w := &[4]unsafe.Pointer{}
	b.keep = append(b.keep, w)
	if r.Kind == RefItab {
		w[1] = b.refConst("type:" + typeName(r.Type))
	}
	return unsafe.Pointer(w)
}

func (b *Binder) layoutType(t types.Type) reflect.Type {
	l := b.Result.lay.of(t)
	return interp.GoType(&ir.TypeDesc{Size: int(l.size), Ptrs: l.ptrs})
}

func (b *Binder) goFunc(name string) ir.GoFunc {
	if f := b.Host[name]; f != nil {
		return f
	}
	for _, t := range b.Result.Thunks {
		if t.Func.Name == name {
			if f := b.thunkFunc(t); f != nil {
				return f
			}
		}
	}
	return func(words []uint64, refs []unsafe.Pointer) {
		b.missing[name] = true
		clear(words)
		clear(refs)
	}
}

func (b *Binder) thunkFunc(t *Thunk) ir.GoFunc {
	switch t.Kind {
	case ThunkGrow:
		return b.grow(reflect.SliceOf(b.layoutType(t.Type)))
	case ThunkCopy:
		st := reflect.SliceOf(b.layoutType(t.Type))
		return func(w []uint64, r []unsafe.Pointer) {
			n := int(w[0])
			reflect.Copy(sliceAt(st, r[0], n, n), sliceAt(st, r[1], n, n))
		}
	case ThunkClear:
		st := reflect.SliceOf(b.layoutType(t.Type))
		return func(w []uint64, r []unsafe.Pointer) { sliceAt(st, r[0], int(w[0]), int(w[0])).Clear() }
	case ThunkInvoke:
		return b.invoke(t)
	case ThunkRunesOf:
		return func(w []uint64, r []unsafe.Pointer) {
			s := []rune(unsafe.String((*byte)(r[0]), int(w[0])))
			r[0], w[0], w[1] = unsafe.Pointer(unsafe.SliceData(s)), uint64(len(s)), uint64(cap(s))
		}
	case ThunkStringOfRunes:
		return func(w []uint64, r []unsafe.Pointer) {
			s := string(unsafe.Slice((*rune)(r[0]), int(w[0])))
			r[0], w[0] = unsafe.Pointer(unsafe.StringData(s)), uint64(len(s))
		}
	case ThunkStringOfRune:
		return func(w []uint64, r []unsafe.Pointer) {
			s := string(rune(min(int64(w[0]), 0x110000)))
			r[0], w[0] = unsafe.Pointer(unsafe.StringData(s)), uint64(len(s))
		}
	}
	return nil
}

// invoke calls a method of an interface value that came from Go, by reflection.
func (b *Binder) invoke(t *Thunk) ir.GoFunc {
	empty := isEmptyInterface(t.From)
	sig := t.Method.Type().(*types.Signature)
	return func(w []uint64, r []unsafe.Pointer) {
		typ := r[0]
		if !empty {
			typ = *(*unsafe.Pointer)(unsafe.Add(typ, 8))
		}
		var x any
		*(*[2]unsafe.Pointer)(unsafe.Pointer(&x)) = [2]unsafe.Pointer{typ, r[1]}
		m := reflect.ValueOf(x).MethodByName(t.Method.Name())
		vs := toInterp(t.Func.Sig.Params[2:], w, r[2:])
		var in []reflect.Value
		for i := range sig.Params().Len() {
			var a reflect.Value
			a, vs = b.Value(sig.Params().At(i).Type(), m.Type().In(i), vs)
			in = append(in, a)
		}
		var out []interp.Val
		for i, res := range m.Call(in) {
			out = append(out, b.Words(sig.Results().At(i).Type(), res)...)
		}
		fromInterp(out, w, r)
	}
}

// toInterp takes values of the given types from words and refs.
func toInterp(ts []ir.Type, w []uint64, r []unsafe.Pointer) []interp.Val {
	var out []interp.Val
	for _, t := range ts {
		if t == ir.Ref {
			out, r = append(out, interp.Ref(r[0])), r[1:]
		} else {
			out, w = append(out, interp.Val{Type: t, Bits: int64(w[0])}), w[1:]
		}
	}
	return out
}

// fromInterp is the inverse of toInterp.
func fromInterp(vs []interp.Val, w []uint64, r []unsafe.Pointer) {
	for _, v := range vs {
		if v.Type == ir.Ref {
			r[0], r = v.Ref, r[1:]
		} else {
			w[0], w = uint64(v.Bits), w[1:]
		}
	}
}

// sliceAt makes a slice value of a type from its words.
func sliceAt(st reflect.Type, p unsafe.Pointer, n, c int) reflect.Value {
	v := reflect.New(st)
	h := (*struct {
		p    unsafe.Pointer
		n, c int
	})(v.UnsafePointer())
	h.p, h.n, h.c = p, n, c
	return v.Elem()
}

func (b *Binder) grow(st reflect.Type) ir.GoFunc {
	return func(w []uint64, r []unsafe.Pointer) {
		s := sliceAt(st, r[0], int(w[0]), int(w[1]))
		n := int(w[2])
		s = reflect.AppendSlice(s, reflect.MakeSlice(st, n, n))
		r[0], w[0] = s.UnsafePointer(), uint64(s.Cap())
	}
}

// Words explodes a Go value into interpreter arguments; t is its go/types type.
func (b *Binder) Words(t types.Type, x reflect.Value) []interp.Val {
	p := reflect.New(x.Type())
	p.Elem().Set(x)
	b.keep = append(b.keep, p.Interface())
	var vs []interp.Val
	for _, w := range b.Result.lay.of(t).words {
		at := unsafe.Add(p.UnsafePointer(), w.off)
		if w.t == ir.Ref {
			vs = append(vs, interp.Ref(*(*unsafe.Pointer)(at)))
		} else {
			vs = append(vs, interp.Val{Type: w.t, Bits: readWord(at, w.t)})
		}
	}
	return vs
}

// Value is the inverse of Words: it takes what it needs from the front of vs.
func (b *Binder) Value(t types.Type, rt reflect.Type, vs []interp.Val) (reflect.Value, []interp.Val) {
	p := reflect.New(rt)
	for i, w := range b.Result.lay.of(t).words {
		at := unsafe.Add(p.UnsafePointer(), w.off)
		if w.t == ir.Ref {
			*(*unsafe.Pointer)(at) = vs[i].Ref
		} else {
			writeWord(at, w.t, vs[i].Bits)
		}
	}
	return p.Elem(), vs[len(b.Result.lay.of(t).words):]
}

func readWord(p unsafe.Pointer, t ir.Type) int64 {
	switch t.Size() {
	case 1:
		return int64(*(*int8)(p))
	case 2:
		return int64(*(*int16)(p))
	case 4:
		if t == ir.F32 {
			return int64(*(*uint32)(p))
		}
		return int64(*(*int32)(p))
	}
	return *(*int64)(p)
}

func writeWord(p unsafe.Pointer, t ir.Type, x int64) {
	switch t.Size() {
	case 1:
		*(*int8)(p) = int8(x)
	case 2:
		*(*int16)(p) = int16(x)
	case 4:
		*(*int32)(p) = int32(x)
	default:
		*(*int64)(p) = x
	}
}
