package interp

import (
	"martlet/hint"
	"math/big"
	"unsafe"

	"martlet/python/internal/code"
	"martlet/python/object"
)

// CodeType is the type of code objects.
var CodeType object.Type

// Code is a code object: the immutable *code.Code, its constants as values and its inline caches.
type Code struct {
	object.Object
	C          *code.Code
	instrs     unsafe.Pointer `hint:"immutable"` // *code.Instr
	consts     []Value        `hint:"deep"`
	names      []*Str         `hint:"deep"`
	attrs      []attrCache    `hint:"immutable"`
	globals    []globalCache  `hint:"immutable"`
	nregs      int            `hint:"immutable"`
	nlocals    int            `hint:"immutable"`
	ncells     int            `hint:"immutable"`
	nargs      int            `hint:"immutable"` // argument registers
	frameBytes uintptr        `hint:"immutable"`
	simple     bool           `hint:"immutable"` // positional arguments only, no generator
	generator  bool           `hint:"immutable"` // calls make a generator or coroutine
	cellBase   int            `hint:"immutable"`
	name, qual *Str
	file       *Str
	varnames   []*Str
	kw         [][]*Str
	hot        hint.Counter
	closes     bool   // of a generator: a yield has an exception handler around it
	plain      *Code  // of code with trace instructions: what it was made of
	traced     *Code  // the same with trace instructions, once made
	noJIT      bool   // co_use_jit is false
	small      bool   // calls are inlined
	targets    []bool // by instruction: it is jumped to; made when first asked for
}

// joins reports whether the program may come to an instruction otherwise than from the one before it.
func (k *Code) joins(pc int) bool {
	if k.targets == nil {
		k.targets = k.C.Targets()
	}
	return k.targets[pc]
}

// NewCode makes the code object of c, with all nested code objects among its constants.
func NewCode(t *object.Thread, c *code.Code) *Code {
	k := &Code{Object: object.Object{Shape: &CodeType.Root}, C: c, nregs: max(c.NRegs, 1), nlocals: c.NLocals(), ncells: len(c.CellVars),
		nargs: c.NArgs(), cellBase: c.CellBase()}
	k.frameBytes = uintptr(k.nregs * valueSize)
	k.link()
	k.generator = c.IsGenerator()
	k.simple = c.KwOnly == 0 && c.Flags&(code.VarArgs|code.VarKeywords) == 0 && !c.IsGenerator() && c.Flags&code.Optimized != 0
	k.closes, k.small = closes(c), k.simple && small(c)
	k.name, k.qual, k.file = t.Intern(c.Name), t.Intern(c.QualName), t.Intern(c.Filename)
	for _, n := range c.Names {
		k.names = append(k.names, t.Intern(n))
	}
	for _, n := range c.VarNames {
		k.varnames = append(k.varnames, t.Intern(n))
	}
	for _, s := range c.KwSites {
		var names []*Str
		for _, n := range s.Names {
			names = append(names, t.Intern(n))
		}
		k.kw = append(k.kw, names)
	}
	k.attrs = make([]attrCache, len(c.Sites))
	k.globals = make([]globalCache, len(c.Names))
	for i := range k.globals {
		k.globals[i].gver = ^uint64(0)
	}
	k.consts = make([]Value, len(c.Consts))
	for i, x := range c.Consts {
		k.consts[i] = constValue(t, x)
	}
	of(t).in.JIT.created(k)
	return k
}

// closes says whether closing a suspended generator with this code may run code of it.
func closes(c *code.Code) bool {
	if c.Flags&code.Generator == 0 {
		return false
	}
	for pc, i := range c.Instrs {
		if op := i.Op(); (op == code.OpYield || op == code.OpYieldfrom) && c.Handler(pc) != nil {
			return true
		}
	}
	return false
}

// link finds the instructions.
func (k *Code) link() { k.instrs = unsafe.Pointer(unsafe.SliceData(k.C.Instrs)) }

// constValue turns a constant into a value.
func constValue(t *object.Thread, x code.Const) Value {
	switch x := x.(type) {
	case nil:
		return object.None
	case bool:
		return object.Bool(x)
	case int64:
		return object.Int(x)
	case int:
		return object.Int(int64(x))
	case *big.Int:
		return object.BigVal(x)
	case float64:
		return object.Float(x)
	case complex128:
		return object.NewComplex(x)
	case string:
		return object.Obj(t.Intern(x))
	case code.Bytes:
		return object.BytesVal([]byte(x))
	case code.Tuple:
		return object.NewTuple(constValues(t, x))
	case code.FrozenSet:
		v, e := object.NewFrozenSet(t, constValues(t, x))
		if e != nil {
			panic("interp: unhashable constant in a frozenset")
		}
		return v
	case code.Ellipsis:
		return object.Ellipsis
	case *code.Code:
		return object.Obj(NewCode(t, x))
	}
	panic("interp: unknown constant")
}

func constValues(t *object.Thread, list []code.Const) []Value {
	out := make([]Value, len(list))
	for i, x := range list {
		out[i] = constValue(t, x)
	}
	return out
}

// line gives the line of the instruction before pc.
func (k *Code) line(pc int) int {
	for i := min(pc-1, len(k.C.Positions)-1); i >= 0; i-- {
		if l := k.C.Positions[i].Line; l > 0 {
			return int(l)
		}
	}
	return int(k.C.FirstLine)
}
