package genext

import (
	"unsafe"

	"martlet/ir"
)

// scope finds residual values that were computed before on the same path: a
// hash table for each stretch of the path, and those that it goes on from.
type scope struct {
	up    *scope
	depth int
	n     int
	tab   []scoped // open addressing
}

type scoped struct {
	hash uint32
	v    *ir.Value
}

// exprKey is a pure op with its operands.
type exprKey struct {
	op   ir.Op
	typ  ir.Type
	imm  int64
	a, b operand
}

// operand identifies an operand: constants by value.
type operand struct {
	typ ir.Type // of a number
	n   int64
	p   unsafe.Pointer // a constant address, or the *ir.Value
}

func operandOf(v *ir.Value) operand {
	switch v.Op {
	case ir.OpConst:
		return operand{typ: v.Type, n: v.Imm}
	case ir.OpRefconst:
		return operand{p: v.Aux.(*ir.RefConst).Ptr}
	}
	return operand{p: unsafe.Pointer(v)}
}

func (k *exprKey) hash() uint32 {
	h := uint64(k.op)<<8 | uint64(k.typ)
	for _, x := range [...]uint64{uint64(k.imm), uint64(uintptr(k.a.p)), uint64(k.a.n), uint64(uintptr(k.b.p)), uint64(k.b.n)} {
		h = (h ^ x) * 0x9e3779b97f4a7c15
		h ^= h >> 32
	}
	return uint32(h)
}

// is reports whether a value is what the key describes.
func (k *exprKey) is(v *ir.Value) bool {
	if v.Op != k.op || v.Type != k.typ {
		return false
	}
	switch k.op {
	case ir.OpConst:
		return v.Imm == k.imm
	case ir.OpRefconst:
		return operandOf(v) == k.a
	}
	var a, b operand
	if len(v.Args) > 0 {
		a = operandOf(v.Args[0])
	}
	if len(v.Args) > 1 {
		b = operandOf(v.Args[1])
	}
	return v.Imm == k.imm && a == k.a && b == k.b
}

func (s *scope) find(k exprKey) *ir.Value {
	h := k.hash()
	for ; s != nil; s = s.up {
		if s.n == 0 {
			continue
		}
		for i := h; ; i++ {
			e := &s.tab[i&uint32(len(s.tab)-1)]
			if e.v == nil {
				break
			}
			if e.hash == h && k.is(e.v) {
				return e.v
			}
		}
	}
	return nil
}

func (s *scope) add(k exprKey, v *ir.Value) { s.insert(scoped{k.hash(), v}) }

func (s *scope) insert(e scoped) {
	if 2*(s.n+1) > len(s.tab) {
		old := s.tab
		s.tab, s.n = make([]scoped, max(16, 2*len(old))), 0
		for _, o := range old {
			if o.v != nil {
				s.insert(o)
			}
		}
	}
	i := e.hash
	for s.tab[i&uint32(len(s.tab)-1)].v != nil {
		i++
	}
	s.tab[i&uint32(len(s.tab)-1)] = e
	s.n++
}

// maxScope bounds the search of scopes.
const maxScope = 12

func (s *scope) child() *scope {
	if s.depth >= maxScope {
		return &scope{}
	}
	return &scope{up: s, depth: s.depth + 1}
}
