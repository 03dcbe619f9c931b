package compile

import (
	"math"
	"math/big"
	"strings"

	"martlet/python/ast"
	"martlet/python/internal/numfmt"
)

// Constant folding. Only operations whose result is certain, small and the same at run time are folded: no errors, no float
// powers, no huge results. The result of folding a node is remembered, so that deep trees are folded in linear time.

type folding struct {
	value any
	ok    bool
}

// Limits on folded results, as CPython's.
const (
	maxBits   = 128
	maxString = 4096
	maxElems  = 256
)

// fold returns the value of a constant expression.
func (c *compiler) fold(e ast.Expr) (any, bool) {
	switch e := e.(type) {
	case *ast.Constant:
		return e.Value, true
	case *ast.Name:
		if e.Id == "__debug__" && e.Ctx == ast.Load {
			return c.opt.Optimize == 0, true
		}
		return nil, false
	case *ast.BinOp, *ast.UnaryOp, *ast.Tuple, *ast.Subscript:
		if f, ok := c.folded[e]; ok {
			return f.value, f.ok
		}
		v, ok := c.foldNode(e)
		c.folded[e] = folding{v, ok}
		return v, ok
	}
	return nil, false
}

func (c *compiler) foldNode(e ast.Expr) (any, bool) {
	switch e := e.(type) {
	case *ast.BinOp:
		l, ok := c.fold(e.Left)
		if !ok {
			return nil, false
		}
		r, ok := c.fold(e.Right)
		if !ok {
			return nil, false
		}
		return foldBinary(e.Op, l, r)
	case *ast.UnaryOp:
		v, ok := c.fold(e.Operand)
		if !ok {
			return nil, false
		}
		return foldUnary(e.Op, v)
	case *ast.Tuple:
		if e.Ctx != ast.Load {
			return nil, false
		}
		t := make(ast.ConstTuple, len(e.Elts))
		for i, x := range e.Elts {
			v, ok := c.fold(x)
			if !ok {
				return nil, false
			}
			t[i] = v
		}
		return t, true
	case *ast.Subscript:
		return c.foldSubscript(e)
	}
	return nil, false
}

func (c *compiler) foldSubscript(e *ast.Subscript) (any, bool) {
	if e.Ctx != ast.Load {
		return nil, false
	}
	v, ok := c.fold(e.Value)
	if !ok {
		return nil, false
	}
	i, ok := c.fold(e.Slice)
	n, isInt := i.(int64)
	if !ok || !isInt {
		return nil, false
	}
	at := func(length int) (int, bool) {
		if n < 0 {
			n += int64(length)
		}
		return int(n), n >= 0 && n < int64(length)
	}
	switch v := v.(type) {
	case ast.ConstTuple:
		if i, ok := at(len(v)); ok {
			return v[i], true
		}
	case ast.Bytes:
		if i, ok := at(len(v)); ok {
			return int64(v[i]), true
		}
	}
	return nil, false
}

// constContainer returns the constant that stands for a display tested by `in`: a tuple for a list, a frozenset for a set.
func (c *compiler) constContainer(e ast.Expr) (any, bool) {
	var elts []ast.Expr
	set := false
	switch e := e.(type) {
	case *ast.List:
		elts = e.Elts
	case *ast.Set:
		elts, set = e.Elts, true
	default:
		return nil, false
	}
	t := make(ast.ConstTuple, len(elts))
	for i, x := range elts {
		v, ok := c.fold(x)
		if !ok {
			return nil, false
		}
		t[i] = v
	}
	if set {
		return ast.ConstFrozenSet(distinct(t)), true
	}
	return t, true
}

// distinct drops equal constants, keeping the first. Numbers that are equal across types count as equal.
func distinct(l []any) []any {
	seen := map[string]bool{}
	var out []any
	for _, v := range l {
		key := constKey(toConst(equalForm(v)))
		if !seen[key] {
			seen[key] = true
			out = append(out, v)
		}
	}
	return out
}

// equalForm maps numbers that compare equal to one form.
func equalForm(v any) any {
	switch x := v.(type) {
	case bool:
		if x {
			return int64(1)
		}
		return int64(0)
	case float64:
		if x == float64(int64(x)) && x > -1e18 && x < 1e18 {
			return int64(x)
		}
	case complex128:
		if imag(x) == 0 {
			return equalForm(real(x))
		}
	case ast.ConstTuple:
		t := make(ast.ConstTuple, len(x))
		for i, e := range x {
			t[i] = equalForm(e)
		}
		return t
	}
	return v
}

// truth is the truth value of a constant.
func truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case complex128:
		return v != 0
	case string:
		return v != ""
	case ast.Bytes:
		return v != ""
	case ast.ConstTuple:
		return len(v) > 0
	case ast.ConstFrozenSet:
		return len(v) > 0
	}
	return true
}

func foldUnary(op ast.UnaryOperator, v any) (any, bool) {
	if op == ast.Not {
		return !truth(v), true
	}
	if n, ok := integer(v); ok {
		switch op {
		case ast.USub:
			return normal(new(big.Int).Neg(n)), true
		case ast.UAdd:
			return normal(n), true
		case ast.Invert:
			if _, isBool := v.(bool); isBool {
				return nil, false // warns at run time
			}
			return normal(new(big.Int).Not(n)), true
		}
	}
	switch v := v.(type) {
	case float64:
		switch op {
		case ast.USub:
			return -v, true
		case ast.UAdd:
			return v, true
		}
	case complex128:
		switch op {
		case ast.USub:
			return complex(-real(v), -imag(v)), true
		case ast.UAdd:
			return v, true
		}
	}
	return nil, false
}

// integer returns the value of an int or bool constant.
func integer(v any) (*big.Int, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return big.NewInt(1), true
		}
		return new(big.Int), true
	case int64:
		return big.NewInt(v), true
	case *big.Int:
		return v, true
	}
	return nil, false
}

// normal is the constant for an int.
func normal(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

func foldBinary(op ast.Operator, l, r any) (any, bool) {
	a, intA := integer(l)
	b, intB := integer(r)
	if intA && intB {
		_, boolA := l.(bool)
		_, boolB := r.(bool)
		if boolA && boolB && (op == ast.BitAnd || op == ast.BitOr || op == ast.BitXor) {
			v, ok := foldInt(op, a, b)
			return v == any(int64(1)), ok
		}
		return foldInt(op, a, b)
	}
	if x, ok := float(l); ok {
		if y, ok := float(r); ok {
			return foldFloat(op, x, y)
		}
	}
	if x, ok := complexOf(l); ok {
		if y, ok := complexOf(r); ok {
			return foldComplex(op, x, y, l, r)
		}
	}
	return foldSequence(op, l, r)
}

func foldInt(op ast.Operator, a, b *big.Int) (any, bool) {
	z := new(big.Int)
	switch op {
	case ast.Add:
		z.Add(a, b)
	case ast.Sub:
		z.Sub(a, b)
	case ast.Mult:
		if a.BitLen()+b.BitLen() > maxBits {
			return nil, false
		}
		z.Mul(a, b)
	case ast.FloorDiv, ast.Modulo:
		if b.Sign() == 0 {
			return nil, false
		}
		m := new(big.Int)
		z.DivMod(a, b, m)
		if m.Sign() != 0 && b.Sign() < 0 { // big's remainder is never negative, Python's has the divisor's sign
			z.Sub(z, big.NewInt(1))
			m.Add(m, b)
		}
		if op == ast.Modulo {
			z = m
		}
	case ast.Div:
		if b.Sign() == 0 {
			return nil, false
		}
		if a.BitLen() > 53 || b.BitLen() > 53 {
			f, _ := new(big.Rat).SetFrac(a, b).Float64()
			return f, f != 0 && !math.IsInf(f, 0)
		}
		return float64(a.Int64()) / float64(b.Int64()), true
	case ast.Pow:
		if b.Sign() < 0 || !b.IsInt64() || b.Int64() > maxBits || a.BitLen()*int(b.Int64()) > maxBits {
			return nil, false
		}
		z.Exp(a, b, nil)
	case ast.LShift, ast.RShift:
		if b.Sign() < 0 || !b.IsInt64() || b.Int64() > maxBits || op == ast.LShift && a.BitLen()+int(b.Int64()) > maxBits {
			return nil, false
		}
		if op == ast.LShift {
			z.Lsh(a, uint(b.Int64()))
		} else {
			z.Rsh(a, uint(b.Int64()))
		}
	case ast.BitAnd:
		z.And(a, b)
	case ast.BitOr:
		z.Or(a, b)
	case ast.BitXor:
		z.Xor(a, b)
	default:
		return nil, false
	}
	return normal(z), true
}

// float converts a real number constant that is exact as a float.
func float(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case int64:
		return float64(v), v > -1<<53 && v < 1<<53
	}
	return 0, false
}

func foldFloat(op ast.Operator, x, y float64) (any, bool) {
	switch op {
	case ast.Add:
		return x + y, true
	case ast.Sub:
		return x - y, true
	case ast.Mult:
		return x * y, true
	case ast.Div:
		if y != 0 {
			return x / y, true
		}
	case ast.Modulo, ast.FloorDiv:
		if y != 0 {
			div, mod := numfmt.FloatDivmod(x, y)
			if op == ast.Modulo {
				return mod, true
			}
			return div, true
		}
	}
	return nil, false
}

func complexOf(v any) (complex128, bool) {
	if z, ok := v.(complex128); ok {
		return z, true
	}
	f, ok := float(v)
	return complex(f, 0), ok
}

// isComplex recognises arithmetic of number literals whose result is complex, folded or not: CPython folds all of it.
func (c *compiler) isComplex(e ast.Expr) bool {
	if v, ok := c.fold(e); ok {
		_, z := v.(complex128)
		return z
	}
	b, ok := e.(*ast.BinOp)
	if !ok || b.Op != ast.Div && b.Op != ast.Pow && b.Op != ast.Add && b.Op != ast.Sub && b.Op != ast.Mult {
		return false
	}
	number := func(e ast.Expr) bool {
		v, ok := c.fold(e)
		if !ok {
			return false
		}
		_, real := float(v)
		return real
	}
	l, r := c.isComplex(b.Left), c.isComplex(b.Right)
	return l && (r || number(b.Right)) || r && number(b.Left)
}

// foldComplex adds, subtracts and multiplies, as in the literal 1+2j.
func foldComplex(op ast.Operator, x, y complex128, l, r any) (any, bool) {
	_, realLeft := float(l)
	switch op {
	case ast.Add:
		return x + y, true
	case ast.Sub:
		if realLeft {
			return complex(real(x)-real(y), 0-imag(y)), true
		}
		return x - y, true
	case ast.Mult:
		return mulComplex(x, y), true
	}
	return nil, false
}

// mulComplex multiplies as CPython 3.13 does: real factors are complex numbers with a zero.
func mulComplex(x, y complex128) complex128 {
	return complex(real(x)*real(y)-imag(x)*imag(y), real(x)*imag(y)+imag(x)*real(y))
}

// foldSequence concatenates and repeats strings, bytes and tuples.
func foldSequence(op ast.Operator, l, r any) (any, bool) {
	switch op {
	case ast.Add:
		switch x := l.(type) {
		case string:
			if y, ok := r.(string); ok {
				return x + y, true
			}
		case ast.Bytes:
			if y, ok := r.(ast.Bytes); ok {
				return x + y, true
			}
		case ast.ConstTuple:
			if y, ok := r.(ast.ConstTuple); ok {
				return append(append(ast.ConstTuple{}, x...), y...), true
			}
		}
	case ast.Mult:
		if n, ok := l.(int64); ok {
			return foldRepeat(r, n)
		}
		if n, ok := r.(int64); ok {
			return foldRepeat(l, n)
		}
	}
	return nil, false
}

func foldRepeat(v any, n int64) (any, bool) {
	n = max(n, 0)
	switch v := v.(type) {
	case string:
		if n <= maxString && int64(len(v))*n <= maxString {
			return strings.Repeat(v, int(n)), true
		}
	case ast.Bytes:
		if n <= maxString && int64(len(v))*n <= maxString {
			return ast.Bytes(strings.Repeat(string(v), int(n))), true
		}
	case ast.ConstTuple:
		if n <= maxElems && int64(len(v))*n <= maxElems {
			t := ast.ConstTuple{}
			for range n {
				t = append(t, v...)
			}
			return t, true
		}
	}
	return nil, false
}
