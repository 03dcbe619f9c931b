package compile

import (
	"martlet/python/ast"
	"martlet/python/internal/code"
)

// Conditions.

var jumpOps = [...]code.Op{ast.Eq: code.OpJeq, ast.NotEq: code.OpJne, ast.Lt: code.OpJlt, ast.LtE: code.OpJle, ast.Gt: code.OpJgt, ast.GtE: code.OpJge}
var jumpImm = [...]code.Op{ast.Eq: code.OpJeqi, ast.NotEq: code.OpJnei, ast.Lt: code.OpJlti, ast.LtE: code.OpJlei, ast.Gt: code.OpJgti, ast.GtE: code.OpJgei}

// branch jumps to label if the truth of e is want, else goes on.
func (c *compiler) branch(e ast.Expr, label int32, want bool) {
	mark := c.temps
	defer func() { c.temps = mark }()
	if v, ok := c.fold(e); ok {
		c.at(e)
		if truth(v) == want {
			c.jump(code.OpJmp, label, 0, 0, 0)
		} else {
			c.emit(code.OpNop, 0, 0, 0, 0)
		}
		return
	}
	switch x := e.(type) {
	case *ast.UnaryOp:
		if x.Op == ast.Not {
			c.branch(x.Operand, label, !want)
			return
		}
	case *ast.BoolOp:
		c.branchBool(x, label, want)
		return
	case *ast.IfExp:
		orelse, end := c.label(), c.label()
		c.branch(x.Test, orelse, false)
		c.branch(x.Body, label, want)
		c.hop(end)
		c.place(orelse)
		c.branch(x.Orelse, label, want)
		c.place(end)
		return
	case *ast.Compare:
		c.branchCompare(x, label, want)
		return
	}
	r := c.operand(e)
	c.at(e)
	op := code.OpJf
	if want {
		op = code.OpJt
	}
	c.jump(op, label, r, 0, 0)
}

func (c *compiler) branchBool(e *ast.BoolOp, label int32, want bool) {
	short := e.Op == ast.Or // the truth of an operand that decides
	last := len(e.Values) - 1
	if short == want {
		for _, v := range e.Values {
			c.branch(v, label, want)
		}
		return
	}
	skip := c.label()
	for _, v := range e.Values[:last] {
		c.branch(v, skip, short)
	}
	c.branch(e.Values[last], label, want)
	c.place(skip)
}

func (c *compiler) branchCompare(e *ast.Compare, label int32, want bool) {
	c.checkCompare(e)
	left := c.operand(e.Left)
	last := len(e.Ops) - 1
	skip := c.label()
	for i, op := range e.Ops {
		if i == last {
			c.branchOp(e, op, left, e.Comparators[i], label, want)
			break
		}
		right := c.container(op, e.Comparators[i])
		c.at(e)
		if want {
			c.branchRegs(op, left, right, skip, false)
		} else {
			c.branchRegs(op, left, right, label, false)
		}
		left = right
	}
	c.place(skip)
}

func sense(want bool) uint8 {
	if want {
		return code.IfTrue
	}
	return 0
}

// branchOp compares a register with an expression and jumps.
func (c *compiler) branchOp(e ast.Node, op ast.CmpOperator, left reg, right ast.Expr, label int32, want bool) {
	v, isConst := c.fold(right)
	switch {
	case int(op) < len(jumpOps):
		if n, ok := c.smallInt(right); ok {
			c.at(e)
			c.jump(jumpImm[op], label, left, n, sense(want))
			return
		}
		if k := c.smallConst(v, isConst && op <= ast.NotEq); k >= 0 {
			c.at(e)
			c.jump([...]code.Op{code.OpJeqk, code.OpJnek}[op], label, left, reg(k), sense(want))
			return
		}
	case isConst && v == nil && (op == ast.Is || op == ast.IsNot):
		c.at(e)
		jop := code.OpJnotnone
		if (op == ast.Is) == want {
			jop = code.OpJnone
		}
		c.jump(jop, label, left, 0, 0)
		return
	}
	r := c.container(op, right)
	c.at(e)
	c.branchRegs(op, left, r, label, want)
}

// smallConst is the index of a constant if it is wanted and fits an operand, else -1.
func (c *compiler) smallConst(v any, wanted bool) int {
	if !wanted {
		return -1
	}
	if k := c.constant(v); k <= code.MaxReg {
		return k
	}
	return -1
}

func (c *compiler) branchRegs(op ast.CmpOperator, l, r reg, label int32, want bool) {
	switch op {
	case ast.Is:
		c.jump(code.OpJis, label, l, r, sense(want))
	case ast.IsNot:
		c.jump(code.OpJis, label, l, r, sense(!want))
	case ast.In:
		c.jump(code.OpJin, label, l, r, sense(want))
	case ast.NotIn:
		c.jump(code.OpJin, label, l, r, sense(!want))
	default:
		c.jump(jumpOps[op], label, l, r, sense(want))
	}
}
