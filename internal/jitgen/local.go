package jitgen

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"martlet/ir"
)

// Locals that have an address in go/ssa. A struct or small array whose address
// goes nowhere but into loads, stores and constant selections is replaced by
// one variable a word (scalar replacement), which Braun's construction then
// turns into values. One that is indexed by a variable, but whose address still
// stays in the function, and that holds no Go pointer, becomes a stack slot.
// All others are allocated.

type localKind uint8

const (
	localHeap localKind = iota
	localStack
	localVars
	localVarargs // the array of a variadic append: its elements are used directly
)

type local struct {
	kind  localKind
	var0  int
	slot  *ir.Value         // localStack: the stackaddr
	elems []val             // localVarargs
	array map[ssa.Value]int // localVarargs: element addresses
}

func (l *fl) findLocals() {
	for _, b := range l.fn.Blocks {
		for _, in := range b.Instrs {
			if a, ok := in.(*ssa.Alloc); ok {
				l.locals[a] = l.classify(a)
			}
		}
	}
}

func elemOf(t types.Type) types.Type { return t.Underlying().(*types.Pointer).Elem() }

func (l *fl) classify(a *ssa.Alloc) *local {
	t := elemOf(a.Type())
	if loc := varargs(a); loc != nil {
		return loc
	}
	lay := l.lay.of(t)
	if countWords(t) <= maxSROA && l.onlySelected(a, true) {
		loc := &local{kind: localVars, var0: len(l.vars)}
		for _, w := range lay.words {
			l.newVar(w.t)
		}
		return loc
	}
	if !l.lay.hasPointers(t) && lay.size < 1<<16 && l.onlySelected(a, false) {
		return &local{kind: localStack}
	}
	return &local{kind: localHeap}
}

// onlySelected reports whether an address is used for loads, stores and
// selections only; constant ones of small pieces if words is set.
func (l *fl) onlySelected(v ssa.Value, words bool) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if r.Val == v || words && l.lay.of(r.Val.Type()).mem {
				return false
			}
		case *ssa.UnOp:
			if r.Op != token.MUL || words && l.lay.of(r.Type()).mem {
				return false
			}
		case *ssa.FieldAddr:
			if !l.onlySelected(r, words) {
				return false
			}
		case *ssa.IndexAddr:
			if r.X != v || words && !constIndexInside(r) || !l.onlySelected(r, words) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func constIndexInside(r *ssa.IndexAddr) bool {
	k, ok := r.Index.(*ssa.Const)
	arr, isArr := elemOfOK(r.X.Type())
	return ok && isArr && k.Int64() >= 0 && k.Int64() < arr.Len()
}

func elemOfOK(t types.Type) (*types.Array, bool) {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil, false
	}
	a, ok := p.Elem().Underlying().(*types.Array)
	return a, ok
}

// varargs recognises append(s, x, y): an array filled once and sliced whole
// for one append.
func varargs(a *ssa.Alloc) *local {
	arr, ok := elemOfOK(a.Type())
	if !ok || a.Comment != "varargs" || arr.Len() > 8 {
		return nil
	}
	loc := &local{kind: localVarargs, elems: make([]val, arr.Len()), array: map[ssa.Value]int{}}
	appended := false
	for _, r := range *a.Referrers() {
		switch r := r.(type) {
		case *ssa.IndexAddr:
			if !constIndexInside(r) || !storedOnce(r) {
				return nil
			}
			loc.array[r] = int(r.Index.(*ssa.Const).Int64())
		case *ssa.Slice:
			appended = r.Low == nil && r.High == nil && r.Max == nil && appendOperand(r)
		case *ssa.DebugRef:
		default:
			return nil
		}
	}
	if !appended || len(loc.array) != len(loc.elems) {
		return nil
	}
	return loc
}

func storedOnce(r *ssa.IndexAddr) bool {
	refs := *r.Referrers()
	if len(refs) != 1 {
		return false
	}
	st, ok := refs[0].(*ssa.Store)
	return ok && st.Addr == r
}

func appendOperand(s *ssa.Slice) bool {
	refs := *s.Referrers()
	if len(refs) != 1 {
		return false
	}
	call, ok := refs[0].(*ssa.Call)
	if !ok || len(call.Call.Args) != 2 || call.Call.Args[1] != s {
		return false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "append"
}

func (l *fl) alloc(a *ssa.Alloc) {
	t := elemOf(a.Type())
	loc := l.locals[a]
	l.nonnil[a] = true
	switch loc.kind {
	case localVarargs:
	case localVars:
		for i, w := range l.lay.of(t).words {
			l.write(loc.var0+i, l.konst(w.t, 0))
		}
		l.addrs[a] = addr{vars: true, var0: loc.var0, known: true}
	case localStack:
		l.stackSlot(a, loc, l.lay.of(t).size)
	default:
		v := l.b.Alloc(l.lay.desc(l.mod, t))
		l.vals[a] = val{v}
		l.addrs[a] = addr{base: v, known: true, mem: l.cellMem(t)}
	}
}

// stackSlot places a local in the JIT frame. The slot is zero at function
// entry; an alloc that can be reached again zeroes it.
func (l *fl) stackSlot(a *ssa.Alloc, loc *local, size int64) {
	entry := l.f.Blocks[0]
	slot := l.f.NewValue(ir.OpStackaddr, ir.Ptr)
	slot.Block, slot.Imm, slot.Pos = entry, max(size, 1), l.b.Pos
	entry.Insts = append([]*ir.Value{slot}, entry.Insts...)
	loc.slot = slot
	if a.Block().Index != 0 && size > 0 {
		l.b.Memzero(slot, l.i64(size))
	}
	l.addrs[a] = addr{base: slot, known: true}
}

// cellMem is the class of a whole object of a basic type: anything, because a
// plain pointer may reach it.
func (l *fl) cellMem(types.Type) ir.Mem { return ir.Mem{} }
