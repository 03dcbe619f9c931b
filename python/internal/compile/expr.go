package compile

import (
	"martlet/python/ast"
	"martlet/python/internal/code"
	"martlet/python/internal/symtable"
	"strings"
)

// Expressions. expr computes into a given register; operand returns the register that has the value, which for local
// variables is the variable's own.

// maxSpan is the largest number of elements that a display or call gathers in registers.
const maxSpan = 250

var binOps = [...]code.Op{ast.Add: code.OpAdd, ast.Sub: code.OpSub, ast.Mult: code.OpMul, ast.MatMult: code.OpMatmul, ast.Div: code.OpDiv,
	ast.Modulo: code.OpMod, ast.Pow: code.OpPow, ast.LShift: code.OpLsh, ast.RShift: code.OpRsh, ast.BitOr: code.OpOr, ast.BitXor: code.OpXor,
	ast.BitAnd: code.OpAnd, ast.FloorDiv: code.OpFloordiv}

// binImm and binK are the forms with immediate and constant operands; nop where there is none.
var binImm = [...]code.Op{ast.Add: code.OpAddi, ast.Sub: code.OpSubi, ast.Mult: code.OpMuli, ast.MatMult: code.OpNop, ast.Div: code.OpDivi,
	ast.Modulo: code.OpModi, ast.Pow: code.OpPowi, ast.LShift: code.OpLshi, ast.RShift: code.OpRshi, ast.BitOr: code.OpOri, ast.BitXor: code.OpXori,
	ast.BitAnd: code.OpAndi, ast.FloorDiv: code.OpFloordivi}

var binK = [...]code.Op{ast.Add: code.OpAddk, ast.Sub: code.OpSubk, ast.Mult: code.OpMulk, ast.Div: code.OpDivk, ast.FloorDiv: code.OpNop}

// swappable marks the operators whose immediate form may have the operands swapped.
var swappable = [...]bool{ast.Add: true, ast.Mult: true, ast.BitOr: true, ast.BitXor: true, ast.BitAnd: true, ast.FloorDiv: false}

var cmpOps = [...]code.Op{ast.Eq: code.OpEq, ast.NotEq: code.OpNe, ast.Lt: code.OpLt, ast.LtE: code.OpLe, ast.Gt: code.OpGt, ast.GtE: code.OpGe}
var cmpImm = [...]code.Op{ast.Eq: code.OpEqi, ast.NotEq: code.OpNei, ast.Lt: code.OpLti, ast.LtE: code.OpLei, ast.Gt: code.OpGti, ast.GtE: code.OpGei}

// operand returns a register with e's value: a local's own, or a new temporary.
func (c *compiler) operand(e ast.Expr) reg {
	if n, ok := e.(*ast.Name); ok && n.Id != "__debug__" {
		name := c.mangle(n.Id)
		if p, r := c.resolve(name); p == inLocal && !c.named(name, r) {
			c.at(n)
			c.check(name, r)
			return r
		}
	}
	t := c.temp()
	c.expr(e, t)
	return t
}

// named reports whether := assigns the local somewhere, so that it must be copied when read.
func (c *compiler) named(name string, r reg) bool {
	if r >= hiddenReg {
		return false
	}
	s := c.block.Lookup(name)
	return s == nil || s.Flags&symtable.DefNamed != 0
}

// value is operand for a value that must stay as it is while other code runs: never a variable's own register.
func (c *compiler) value(e ast.Expr) reg {
	t := c.temp()
	c.expr(e, t)
	return t
}

// expr computes e into dst. Unless direct(e), dst must not be a variable's register.
func (c *compiler) expr(e ast.Expr, dst reg) {
	if v, ok := c.fold(e); ok {
		c.at(e)
		c.loadConst(dst, v)
		return
	}
	mark := c.temps
	switch e := e.(type) {
	case *ast.Name:
		c.at(e)
		c.load(e.Id, dst)
	case *ast.Constant:
		c.at(e)
		c.loadConst(dst, e.Value)
	case *ast.BinOp:
		c.binary(e, dst)
	case *ast.UnaryOp:
		c.unary(e, dst)
	case *ast.Compare:
		c.compare(e, dst)
	case *ast.BoolOp:
		c.boolOp(e, dst)
	case *ast.IfExp:
		c.ifExp(e, dst)
	case *ast.Attribute:
		c.attribute(e, dst)
	case *ast.Subscript:
		c.subscript(e, dst)
	case *ast.Call:
		c.call(e, dst)
	case *ast.Tuple:
		c.display(e, e.Elts, code.OpTuple, dst)
	case *ast.List:
		c.display(e, e.Elts, code.OpList, dst)
	case *ast.Set:
		c.display(e, e.Elts, code.OpSet, dst)
	case *ast.Dict:
		c.dict(e, dst)
	case *ast.JoinedStr:
		c.joined(e, dst)
	case *ast.FormattedValue:
		c.formatted(e, dst)
	default:
		c.rareExpr(e, dst)
	}
	c.temps = mark
}

func (c *compiler) rareExpr(e ast.Expr, dst reg) {
	switch e := e.(type) {
	case *ast.NamedExpr:
		c.expr(e.Value, dst)
		c.at(e.Target)
		c.store(e.Target.(*ast.Name).Id, dst)
	case *ast.Lambda:
		c.lambda(e, dst)
	case *ast.ListComp:
		c.comprehension(e, e.Generators, e.Elt, nil, dst)
	case *ast.SetComp:
		c.comprehension(e, e.Generators, e.Elt, nil, dst)
	case *ast.DictComp:
		c.comprehension(e, e.Generators, e.Key, e.Value, dst)
	case *ast.GeneratorExp:
		c.comprehension(e, e.Generators, e.Elt, nil, dst)
	case *ast.Yield:
		c.yield(e, dst)
	case *ast.YieldFrom:
		c.yieldFrom(e, dst)
	case *ast.Await:
		c.await(e, dst)
	case *ast.Slice:
		c.slice(e, dst)
	case *ast.Starred:
		c.fail(e, "can't use starred expression here")
	default:
		c.fail(e, "unexpected expression %T", e)
	}
}

// direct reports whether expr computes e by one write, its last action, so that dst may be a variable.
func (c *compiler) direct(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Name, *ast.Constant, *ast.BinOp, *ast.UnaryOp, *ast.Attribute, *ast.Subscript, *ast.Call, *ast.Lambda, *ast.Yield, *ast.Slice:
		return true
	case *ast.Compare:
		return len(e.Ops) == 1
	case *ast.IfExp:
		return c.direct(e.Body) && c.direct(e.Orelse)
	case *ast.Tuple:
		return simpleElts(e.Elts)
	case *ast.List:
		return simpleElts(e.Elts) && !c.constElts(e.Elts)
	case *ast.Dict:
		return len(e.Keys) == 0
	}
	return false
}

func simpleElts(l []ast.Expr) bool {
	for _, e := range l {
		if _, star := e.(*ast.Starred); star {
			return false
		}
	}
	return len(l) <= maxSpan
}

// exprTo computes e into a variable's or any register.
func (c *compiler) exprTo(e ast.Expr, dst reg) {
	if dst >= tempReg || c.direct(e) {
		c.expr(e, dst)
		return
	}
	c.withTemp(func(t reg) {
		c.expr(e, t)
		c.emit(code.OpMove, dst, t, 0, 0)
	})
}

// smallInt returns the value of a constant that fits an immediate operand.
func (c *compiler) smallInt(e ast.Expr) (reg, bool) {
	v, ok := c.fold(e)
	n, isInt := v.(int64)
	return reg(uint16(n)), ok && isInt && n == int64(int16(n))
}

func (c *compiler) binary(e *ast.BinOp, dst reg) {
	if c.formatOp(e, dst) {
		return
	}
	c.arith(e, e.Op, e.Left, none, e.Right, dst, 0)
}

// arith emits left op right; left may be given as a register. flag is code.InPlace or 0.
func (c *compiler) arith(at ast.Node, op ast.Operator, left ast.Expr, l reg, right ast.Expr, dst reg, flag uint8) {
	if l == none {
		if n, ok := c.smallInt(left); ok && int(op) < len(swappable) && swappable[op] {
			r := c.operand(right)
			c.at(at)
			c.emit(binImm[op], dst, r, n, flag|code.Swapped)
			return
		}
		if v, ok := c.fold(left); ok && int(op) < len(binK) && binK[op] != code.OpNop {
			if k := c.constant(v); k <= code.MaxReg {
				r := c.operand(right)
				c.at(at)
				c.emit(binK[op], dst, r, reg(k), flag|code.Swapped)
				return
			}
		}
		l = c.operand(left)
	}
	if n, ok := c.smallInt(right); ok && binImm[op] != code.OpNop {
		c.at(at)
		c.emit(binImm[op], dst, l, n, flag)
		return
	}
	if v, ok := c.fold(right); ok && int(op) < len(binK) && binK[op] != code.OpNop {
		if k := c.constant(v); k <= code.MaxReg {
			c.at(at)
			c.emit(binK[op], dst, l, reg(k), flag)
			return
		}
	}
	r := c.operand(right)
	c.at(at)
	c.emit(binOps[op], dst, l, r, flag)
}

func (c *compiler) unary(e *ast.UnaryOp, dst reg) {
	op := [...]code.Op{ast.Invert: code.OpInv, ast.Not: code.OpNot, ast.UAdd: code.OpPos, ast.USub: code.OpNeg}[e.Op]
	r := c.operand(e.Operand)
	c.at(e)
	c.emit(op, dst, r, 0, 0)
}

// compare computes a comparison; a chain stops at the first false link, whose value is the result.
func (c *compiler) compare(e *ast.Compare, dst reg) {
	c.checkCompare(e)
	left := c.operand(e.Left)
	if len(e.Ops) == 1 {
		c.compareOp(e, e.Ops[0], left, e.Comparators[0], dst)
		return
	}
	end := c.label()
	for i, op := range e.Ops {
		if i == len(e.Ops)-1 {
			c.compareOp(e, op, left, e.Comparators[i], dst)
			break
		}
		right := c.operand(e.Comparators[i])
		c.at(e)
		c.compareRegs(op, left, right, dst)
		c.jump(code.OpJf, end, dst, 0, 0)
		left = right
	}
	c.place(end)
}

// compareOp compares a register with an expression.
func (c *compiler) compareOp(e ast.Node, op ast.CmpOperator, left reg, right ast.Expr, dst reg) {
	if int(op) < len(cmpOps) {
		if n, ok := c.smallInt(right); ok {
			c.at(e)
			c.emit(cmpImm[op], dst, left, n, 0)
			return
		}
		if v, ok := c.fold(right); ok && op <= ast.NotEq {
			if k := c.constant(v); k <= code.MaxReg {
				c.at(e)
				c.emit([...]code.Op{code.OpEqk, code.OpNek}[op], dst, left, reg(k), 0)
				return
			}
		}
	}
	r := c.container(op, right)
	c.at(e)
	c.compareRegs(op, left, r, dst)
}

// container is operand for the right side of a comparison: of `in`, a constant list is a tuple and a constant set a frozenset.
func (c *compiler) container(op ast.CmpOperator, e ast.Expr) reg {
	if op == ast.In || op == ast.NotIn {
		if v, ok := c.constContainer(e); ok {
			t := c.temp()
			c.at(e)
			c.loadConst(t, v)
			return t
		}
	}
	return c.operand(e)
}

func (c *compiler) compareRegs(op ast.CmpOperator, l, r, dst reg) {
	switch op {
	case ast.Is:
		c.emit(code.OpIs, dst, l, r, 0)
	case ast.IsNot:
		c.emit(code.OpIs, dst, l, r, code.Negate)
	case ast.In:
		c.emit(code.OpIn, dst, l, r, 0)
	case ast.NotIn:
		c.emit(code.OpIn, dst, l, r, code.Negate)
	default:
		c.emit(cmpOps[op], dst, l, r, 0)
	}
}

// checkCompare warns of `is` with a literal.
func (c *compiler) checkCompare(e *ast.Compare) {
	left, leftExpr := c.isArg(e.Left), e.Left
	for i, op := range e.Ops {
		right := c.isArg(e.Comparators[i])
		if (op == ast.Is || op == ast.IsNot) && (!right || !left) {
			k := e.Comparators[i]
			if !left {
				k = leftExpr
			}
			name := "tuple"
			if v, ok := c.fold(k); ok {
				name = typeName(v)
			}
			if op == ast.Is {
				c.warn(e, "\"is\" with '%s' literal. Did you mean \"==\"?", name)
			} else {
				c.warn(e, "\"is not\" with '%s' literal. Did you mean \"!=\"?", name)
			}
			return
		}
		left, leftExpr = right, e.Comparators[i]
	}
}

// isArg reports whether an expression may sensibly be compared by identity.
func (c *compiler) isArg(e ast.Expr) bool {
	if v, ok := c.fold(e); ok {
		switch v.(type) {
		case nil, bool, ast.Ellipsis:
			return true
		}
		return false
	}
	return true
}

func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case float64:
		return "float"
	case complex128:
		return "complex"
	case string:
		return "str"
	case ast.Bytes:
		return "bytes"
	case ast.Ellipsis:
		return "ellipsis"
	case ast.ConstTuple:
		return "tuple"
	}
	return "int"
}

func (c *compiler) boolOp(e *ast.BoolOp, dst reg) {
	end := c.label()
	op := code.OpJf
	if e.Op == ast.Or {
		op = code.OpJt
	}
	for i, v := range e.Values {
		c.expr(v, dst)
		if i < len(e.Values)-1 {
			c.at(v)
			c.jump(op, end, dst, 0, 0)
		}
	}
	c.place(end)
}

func (c *compiler) ifExp(e *ast.IfExp, dst reg) {
	orelse, end := c.label(), c.label()
	c.branch(e.Test, orelse, false)
	c.expr(e.Body, dst)
	c.hop(end)
	c.place(orelse)
	c.expr(e.Orelse, dst)
	c.place(end)
}

func (c *compiler) attribute(e *ast.Attribute, dst reg) {
	if base, ok := c.superCall(e); ok {
		c.at(e)
		c.emit(code.OpSuperattr, dst, base, reg(c.site(e.Attr)), c.superFlag(e))
		return
	}
	r := c.operand(e.Value)
	c.at(e)
	c.emit(code.OpLoadattr, dst, r, reg(c.site(e.Attr)), 0)
}

// plainSlice returns e as a slice without a step.
func plainSlice(e ast.Expr) (*ast.Slice, bool) {
	s, ok := e.(*ast.Slice)
	return s, ok && s.Step == nil
}

// bounds computes the two bounds of a slice into a span.
func (c *compiler) bounds(s *ast.Slice) reg {
	r := c.span(2)
	for i, b := range [...]ast.Expr{s.Lower, s.Upper} {
		if b == nil {
			c.at(s)
			c.loadConst(r+reg(i), nil)
		} else {
			c.expr(b, r+reg(i))
		}
	}
	return r
}

func (c *compiler) subscript(e *ast.Subscript, dst reg) {
	c.checkSubscript(e)
	obj := c.operand(e.Value)
	if s, ok := plainSlice(e.Slice); ok {
		b := c.bounds(s)
		c.at(e)
		c.emit(code.OpGetslice, dst, obj, b, 0)
		return
	}
	c.getItem(e, obj, e.Slice, dst)
}

func (c *compiler) getItem(at ast.Node, obj reg, idx ast.Expr, dst reg) {
	if n, ok := c.smallInt(idx); ok {
		c.at(at)
		c.emit(code.OpGetitemi, dst, obj, n, 0)
		return
	}
	if v, ok := c.fold(idx); ok {
		if k := c.constant(v); k <= code.MaxReg {
			c.at(at)
			c.emit(code.OpGetitemk, dst, obj, reg(k), 0)
			return
		}
	}
	i := c.operand(idx)
	c.at(at)
	c.emit(code.OpGetitem, dst, obj, i, 0)
}

// setItem emits obj[idx] = v.
func (c *compiler) setItem(at ast.Node, obj reg, idx ast.Expr, v reg) {
	if n, ok := c.smallInt(idx); ok {
		c.at(at)
		c.emit(code.OpSetitemi, obj, n, v, 0)
		return
	}
	if x, ok := c.fold(idx); ok {
		if k := c.constant(x); k <= code.MaxReg {
			c.at(at)
			c.emit(code.OpSetitemk, obj, reg(k), v, 0)
			return
		}
	}
	i := c.operand(idx)
	c.at(at)
	c.emit(code.OpSetitem, obj, i, v, 0)
}

// checkSubscript warns of literals that cannot be subscripted.
func (c *compiler) checkSubscript(e *ast.Subscript) {
	var name string
	switch v := e.Value.(type) {
	case *ast.Constant:
		switch v.Value.(type) {
		case string, ast.Bytes:
			c.checkIndex(e, typeName(v.Value))
			return
		}
		name = typeName(v.Value)
	case *ast.Set, *ast.SetComp:
		name = "set"
	case *ast.GeneratorExp:
		name = "generator"
	case *ast.Lambda:
		name = "function"
	case *ast.Tuple:
		c.checkIndex(e, "tuple")
		return
	case *ast.List, *ast.ListComp:
		c.checkIndex(e, "list")
		return
	case *ast.JoinedStr:
		c.checkIndex(e, "str")
		return
	default:
		x, ok := c.fold(v)
		if !ok && c.isComplex(v) {
			name = "complex"
			break
		}
		if !ok {
			return
		}
		if name = typeName(x); name == "str" || name == "bytes" || name == "tuple" {
			c.checkIndex(e, name)
			return
		}
	}
	c.warn(e, "'%s' object is not subscriptable; perhaps you missed a comma?", name)
}

// checkIndex warns of literal indices of the wrong type.
func (c *compiler) checkIndex(e *ast.Subscript, what string) {
	var idx string
	switch i := e.Slice.(type) {
	case *ast.Constant:
		switch i.Value.(type) {
		case bool, int64:
			return
		}
		idx = typeName(i.Value)
		if idx == "int" {
			return
		}
	case *ast.Tuple:
		idx = "tuple"
	case *ast.List, *ast.ListComp:
		idx = "list"
	case *ast.Dict, *ast.DictComp:
		idx = "dict"
	case *ast.Set, *ast.SetComp:
		idx = "set"
	case *ast.JoinedStr:
		idx = "str"
	case *ast.Lambda:
		idx = "function"
	case *ast.GeneratorExp:
		idx = "generator"
	default:
		if formatted(i) {
			idx = "str"
			break
		}
		v, ok := c.fold(i)
		if !ok {
			return
		}
		if idx = typeName(v); idx == "int" || idx == "bool" {
			return
		}
	}
	c.warn(e, "%s indices must be integers or slices, not %s; perhaps you missed a comma?", what, idx)
}

// formatted recognises '...' % (x, y) with plain conversions of as many values, which CPython's optimiser takes for an f-string.
func formatted(e ast.Expr) bool {
	b, ok := e.(*ast.BinOp)
	if !ok || b.Op != ast.Modulo {
		return false
	}
	c, isConst := b.Left.(*ast.Constant)
	values, isTuple := b.Right.(*ast.Tuple)
	if !isConst || !isTuple {
		return false
	}
	text, ok := c.Value.(string)
	text = strings.ReplaceAll(text, "%%", "")
	plain := strings.Count(text, "%s") + strings.Count(text, "%r") + strings.Count(text, "%a")
	for _, v := range values.Elts {
		if _, star := v.(*ast.Starred); star {
			return false
		}
	}
	return ok && plain == strings.Count(text, "%") && plain == len(values.Elts)
}

func (c *compiler) slice(e *ast.Slice, dst reg) {
	n := 2
	parts := []ast.Expr{e.Lower, e.Upper}
	if e.Step != nil {
		n, parts = 3, append(parts, e.Step)
	}
	r := c.span(n)
	for i, p := range parts {
		if p == nil {
			c.at(e)
			c.loadConst(r+reg(i), nil)
			continue
		}
		c.expr(p, r+reg(i))
	}
	c.at(e)
	c.emit(code.OpSlice, dst, r, reg(n), 0)
}

// constElts reports whether a display is long enough and constant, to be made from a constant tuple.
func (c *compiler) constElts(l []ast.Expr) bool {
	if len(l) < 3 {
		return false
	}
	for _, e := range l {
		if _, ok := c.fold(e); !ok {
			return false
		}
	}
	return true
}

// display computes a tuple, list or set.
func (c *compiler) display(e ast.Expr, elts []ast.Expr, op code.Op, dst reg) {
	if op != code.OpTuple && c.constElts(elts) {
		c.constDisplay(e, elts, op, dst)
		return
	}
	if simpleElts(elts) {
		r := c.span(len(elts))
		for i, x := range elts {
			c.expr(x, r+reg(i))
		}
		c.at(e)
		c.emit(op, dst, r, reg(len(elts)), 0)
		return
	}
	c.bigDisplay(e, elts, op, dst)
}

func (c *compiler) constDisplay(e ast.Expr, elts []ast.Expr, op code.Op, dst reg) {
	t := make(ast.ConstTuple, len(elts))
	for i, x := range elts {
		t[i], _ = c.fold(x)
	}
	c.at(e)
	k, acc := c.temp(), c.temp()
	add := code.OpExtend
	c.emit(op, acc, k, 0, 0)
	if op == code.OpSet {
		c.loadConst(k, ast.ConstFrozenSet(distinct(t)))
		add = code.OpSetupdate
	} else {
		c.loadConst(k, t)
	}
	c.emit(add, acc, k, 0, 0)
	c.emit(code.OpMove, dst, acc, 0, 0)
}

// bigDisplay computes a display with starred or very many elements step by step.
func (c *compiler) bigDisplay(e ast.Expr, elts []ast.Expr, op code.Op, dst reg) {
	acc := c.temp()
	make, add, extend := code.OpList, code.OpAppend, code.OpExtend
	if op == code.OpSet {
		make, add, extend = code.OpSet, code.OpSetadd, code.OpSetupdate
	}
	c.at(e)
	c.emit(make, acc, acc, 0, 0)
	for _, x := range elts {
		mark := c.temps
		if s, star := x.(*ast.Starred); star {
			r := c.operand(s.Value)
			c.at(e)
			c.emit(extend, acc, r, 0, 0)
		} else {
			r := c.operand(x)
			c.at(e)
			c.emit(add, acc, r, 0, 0)
		}
		c.temps = mark
	}
	c.at(e)
	if op == code.OpTuple {
		c.emit(code.OpTotuple, dst, acc, 0, 0)
	} else {
		c.emit(code.OpMove, dst, acc, 0, 0)
	}
}

// dict compiles a display. Runs of pairs between unpackings are evaluated before any key is hashed, unless they are so long that CPython, too,
// adds pair by pair.
func (c *compiler) dict(e *ast.Dict, dst reg) {
	n := len(e.Keys)
	if c.pairs(e, 0) == n && c.together(e.Keys) {
		c.pairsDict(e, 0, n, dst)
		return
	}
	acc := c.temp()
	c.at(e)
	c.emit(code.OpDict, acc, acc, 0, 0)
	for i := 0; i < n; {
		mark := c.temps
		next := c.pairs(e, i)
		switch {
		case next == i: // **mapping
			r := c.operand(e.Values[i])
			c.at(e)
			c.emit(code.OpDictupdate, acc, r, 0, 0)
			next++
		case next == i+1 || !c.together(e.Keys[i:next]) || c.allConst(e.Keys[i:next]):
			c.pair(e, i, acc)
			next = i + 1
		default:
			r := c.temp()
			c.pairsDict(e, i, next, r)
			c.emit(code.OpDictupdate, acc, r, 0, 0)
		}
		c.temps = mark
		i = next
	}
	c.at(e)
	c.emit(code.OpMove, dst, acc, 0, 0)
}

// pairs gives the end of the run of key-value pairs from i.
func (c *compiler) pairs(e *ast.Dict, i int) int {
	for i < len(e.Keys) && e.Keys[i] != nil {
		i++
	}
	return i
}

// together says whether a run of pairs is evaluated as a whole: where CPython does so, and where it makes no difference and fits.
func (c *compiler) together(keys []ast.Expr) bool {
	return len(keys) <= 15 || len(keys) <= maxSpan/2 && c.allConst(keys)
}

func (c *compiler) allConst(keys []ast.Expr) bool {
	for _, k := range keys {
		if _, ok := c.fold(k); !ok {
			return false
		}
	}
	return true
}

// pairsDict makes a dict of the pairs [i, j).
func (c *compiler) pairsDict(e *ast.Dict, i, j int, dst reg) {
	r := c.span(2 * (j - i))
	for k := i; k < j; k++ {
		c.expr(e.Keys[k], r+reg(2*(k-i)))
		c.expr(e.Values[k], r+reg(2*(k-i)+1))
	}
	c.at(e)
	c.emit(code.OpDict, dst, r, reg(j-i), 0)
}

// pair adds one pair to a dict.
func (c *compiler) pair(e *ast.Dict, i int, acc reg) {
	k := c.operand(e.Keys[i])
	v := c.operand(e.Values[i])
	c.at(e)
	c.emit(code.OpDictset, acc, k, v, 0)
}

// inFunction reports whether the unit is a function's (not a module's, class's or annotation scope's).
func (u *unit) inFunction() bool {
	return u.kind == functionUnit || u.kind == lambdaUnit || u.kind == compUnit
}

func (c *compiler) yield(e *ast.Yield, dst reg) {
	if !c.inFunction() {
		c.fail(e, "'yield' outside function")
	}
	t := c.temp()
	if e.Value != nil {
		t = c.operand(e.Value)
	} else {
		c.at(e)
		c.loadConst(t, nil)
	}
	c.at(e)
	c.emitYield(dst, t)
}

// emitYield yields register v; the value sent goes to dst.
func (c *compiler) emitYield(dst, v reg) {
	d := uint8(0)
	if c.code.Flags&code.AsyncGenerator != 0 {
		d = 1
	}
	c.emit(code.OpYield, dst, v, 0, d)
}

func (c *compiler) yieldFrom(e *ast.YieldFrom, dst reg) {
	if !c.inFunction() {
		c.fail(e, "'yield from' outside function")
	}
	if c.async && c.kind != compUnit {
		c.fail(e, "'yield from' inside async function")
	}
	it, res := c.temp(), c.temp()
	c.expr(e.Value, it)
	c.at(e)
	c.emit(code.OpYielditer, it, it, 0, 0)
	c.loadConst(res, nil)
	c.emit(code.OpYieldfrom, res, it, 0, 0)
	c.emit(code.OpMove, dst, res, 0, 0)
}

func (c *compiler) await(e *ast.Await, dst reg) {
	if !c.async {
		if c.kind == moduleUnit || c.kind == classUnit || c.kind == typeUnit {
			c.fail(e, "'await' outside function")
		}
		if c.kind != compUnit {
			c.fail(e, "'await' outside async function")
		}
	}
	t := c.temp()
	c.expr(e.Value, t)
	c.at(e)
	c.awaitReg(t, 0)
	c.emit(code.OpMove, dst, t, 0, 0)
}

// awaitReg awaits the object in t; the result goes to t. kind: 0 await, 1 of __aenter__, 2 of __aexit__.
func (c *compiler) awaitReg(t reg, kind uint8) {
	mark := c.temps
	it := c.temp()
	c.emit(code.OpAwaitable, it, t, 0, kind)
	c.loadConst(t, nil)
	c.emit(code.OpYieldfrom, t, it, 0, 1)
	c.temps = mark
}
