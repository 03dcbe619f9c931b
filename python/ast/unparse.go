package ast

import (
	"math/big"
	"strings"
)

// Unparse returns the source text of an expression, in the form that CPython gives annotations under
// `from __future__ import annotations`.
func Unparse(e Expr) string {
	u := &unparser{}
	u.expr(e, precTest)
	return u.b.String()
}

// Precedences, from loosest to tightest.
const (
	precTuple = iota
	precTest
	precOr
	precAnd
	precNot
	precCmp
	precExpr // |
	precXor
	precBand
	precShift
	precArith
	precTerm
	precFactor
	precPower
	precAwait
	precAtom
)

var opPrec = [...]int{Add: precArith, Sub: precArith, Mult: precTerm, MatMult: precTerm, Div: precTerm, Modulo: precTerm, Pow: precPower,
	LShift: precShift, RShift: precShift, BitOr: precExpr, BitXor: precXor, BitAnd: precBand, FloorDiv: precTerm}

type unparser struct{ b strings.Builder }

func (u *unparser) write(s ...string) {
	for _, x := range s {
		u.b.WriteString(x)
	}
}

// paren writes f's text, in parentheses if cond.
func (u *unparser) paren(cond bool, f func()) {
	if cond {
		u.write("(")
	}
	f()
	if cond {
		u.write(")")
	}
}

func (u *unparser) list(l []Expr, prec int) {
	for i, e := range l {
		if i > 0 {
			u.write(", ")
		}
		u.expr(e, prec)
	}
}

func (u *unparser) expr(e Expr, prec int) {
	switch e := e.(type) {
	case *Name:
		u.write(e.Id)
	case *Constant:
		u.constant(e)
	case *Attribute:
		u.attribute(e)
	case *Subscript:
		u.expr(e.Value, precAtom)
		u.write("[")
		if t, ok := e.Slice.(*Tuple); ok && len(t.Elts) > 0 {
			u.tuple(t)
		} else {
			u.expr(e.Slice, precTuple)
		}
		u.write("]")
	case *BinOp:
		u.binary(e, prec)
	case *BoolOp:
		u.boolean(e, prec)
	case *UnaryOp:
		u.unary(e, prec)
	case *Compare:
		u.paren(prec > precCmp, func() {
			u.expr(e.Left, precCmp+1)
			for i, op := range e.Ops {
				u.write(" ", op.Text(), " ")
				u.expr(e.Comparators[i], precCmp+1)
			}
		})
	case *IfExp:
		u.paren(prec > precTest, func() {
			u.expr(e.Body, precTest+1)
			u.write(" if ")
			u.expr(e.Test, precTest+1)
			u.write(" else ")
			u.expr(e.Orelse, precTest)
		})
	case *Call:
		u.call(e)
	case *Tuple:
		u.paren(prec > precTuple || len(e.Elts) == 0, func() { u.tuple(e) })
	case *List:
		u.write("[")
		u.list(e.Elts, precTest)
		u.write("]")
	case *Set:
		u.write("{")
		u.list(e.Elts, precTest)
		u.write("}")
	case *Dict:
		u.dict(e)
	case *Starred:
		u.write("*")
		u.expr(e.Value, precExpr)
	default:
		u.rare(e, prec)
	}
}

func (u *unparser) rare(e Expr, prec int) {
	switch e := e.(type) {
	case *Lambda:
		u.paren(prec > precTest, func() {
			u.write("lambda")
			if len(e.Args.Posonlyargs)+len(e.Args.Args) > 0 { // CPython writes lambda*args: no space
				u.write(" ")
			}
			u.write(u.arguments(e.Args), ": ")
			u.expr(e.Body, precTest)
		})
	case *NamedExpr:
		u.write("(")
		u.expr(e.Target, precAtom)
		u.write(" := ")
		u.expr(e.Value, precAtom)
		u.write(")")
	case *Slice:
		u.slice(e)
	case *ListComp:
		u.comp("[", e.Elt, nil, e.Generators, "]")
	case *SetComp:
		u.comp("{", e.Elt, nil, e.Generators, "}")
	case *DictComp:
		u.comp("{", e.Key, e.Value, e.Generators, "}")
	case *GeneratorExp:
		u.comp("(", e.Elt, nil, e.Generators, ")")
	case *Await:
		u.paren(prec > precAwait, func() {
			u.write("await ")
			u.expr(e.Value, precAtom)
		})
	case *Yield:
		u.write("(yield")
		if e.Value != nil {
			u.write(" ")
			u.expr(e.Value, precTuple)
		}
		u.write(")")
	case *YieldFrom:
		u.write("(yield from ")
		u.expr(e.Value, precTest)
		u.write(")")
	case *JoinedStr:
		var b strings.Builder
		fstring(&b, e, false)
		u.write("f", ReprString(b.String()))
	case *FormattedValue:
		var b strings.Builder
		fstring(&b, &JoinedStr{Values: []Expr{e}}, false)
		u.write("f", ReprString(b.String()))
	}
}

func (u *unparser) constant(e *Constant) {
	switch v := e.Value.(type) {
	case Ellipsis:
		u.write("...")
	case float64:
		u.write(strings.ReplaceAll(ReprFloat(v), "inf", "1e309"))
	case complex128:
		u.write(strings.ReplaceAll(Repr(v), "inf", "1e309"))
	case string:
		u.write(e.Kind, ReprString(v))
	default:
		u.write(Repr(v))
	}
}

func (u *unparser) attribute(e *Attribute) {
	u.expr(e.Value, precAtom)
	if k, ok := e.Value.(*Constant); ok {
		switch k.Value.(type) {
		case int64, *big.Int:
			u.write(" ")
		}
	}
	u.write(".", e.Attr)
}

func (u *unparser) binary(e *BinOp, prec int) {
	p := opPrec[e.Op]
	left, right := p, p+1
	if e.Op == Pow {
		left, right = p+1, p
	}
	u.paren(prec > p, func() {
		u.expr(e.Left, left)
		u.write(" ", e.Op.Text(), " ")
		u.expr(e.Right, right)
	})
}

func (u *unparser) boolean(e *BoolOp, prec int) {
	p, word := precAnd, " and "
	if e.Op == Or {
		p, word = precOr, " or "
	}
	u.paren(prec > p, func() {
		for i, v := range e.Values {
			if i > 0 {
				u.write(word)
			}
			u.expr(v, p+1)
		}
	})
}

func (u *unparser) unary(e *UnaryOp, prec int) {
	p, text := precFactor, e.Op.Text()
	if e.Op == Not {
		p, text = precNot, "not "
	}
	u.paren(prec > p, func() {
		u.write(text)
		u.expr(e.Operand, p)
	})
}

func (u *unparser) call(e *Call) {
	u.expr(e.Func, precAtom)
	if len(e.Args) == 1 && len(e.Keywords) == 0 {
		if g, ok := e.Args[0].(*GeneratorExp); ok {
			u.expr(g, precAtom)
			return
		}
	}
	u.write("(")
	u.list(e.Args, precTest)
	for i, k := range e.Keywords {
		if i > 0 || len(e.Args) > 0 {
			u.write(", ")
		}
		if k.Arg == "" {
			u.write("**")
		} else {
			u.write(k.Arg, "=")
		}
		u.expr(k.Value, precTest)
	}
	u.write(")")
}

func (u *unparser) tuple(e *Tuple) {
	u.list(e.Elts, precTest)
	if len(e.Elts) == 1 {
		u.write(",")
	}
}

func (u *unparser) dict(e *Dict) {
	u.write("{")
	for i, k := range e.Keys {
		if i > 0 {
			u.write(", ")
		}
		if k == nil {
			u.write("**")
			u.expr(e.Values[i], precExpr)
			continue
		}
		u.expr(k, precTest)
		u.write(": ")
		u.expr(e.Values[i], precTest)
	}
	u.write("}")
}

func (u *unparser) slice(e *Slice) {
	if e.Lower != nil {
		u.expr(e.Lower, precTest)
	}
	u.write(":")
	if e.Upper != nil {
		u.expr(e.Upper, precTest)
	}
	if e.Step != nil {
		u.write(":")
		u.expr(e.Step, precTest)
	}
}

func (u *unparser) comp(open string, elt, value Expr, gens []*Comprehension, end string) {
	u.write(open)
	u.expr(elt, precTest)
	if value != nil {
		u.write(": ")
		u.expr(value, precTest)
	}
	for _, g := range gens {
		if g.IsAsync != 0 {
			u.write(" async")
		}
		u.write(" for ")
		u.expr(g.Target, precTuple)
		u.write(" in ")
		u.expr(g.Iter, precTest+1)
		for _, c := range g.Ifs {
			u.write(" if ")
			u.expr(c, precTest+1)
		}
	}
	u.write(end)
}

// arguments gives the text of a lambda's parameters.
func (u *unparser) arguments(a *Arguments) string {
	var parts []string
	all := len(a.Posonlyargs) + len(a.Args)
	param := func(arg *Arg, d Expr) {
		s := arg.Arg
		if d != nil {
			s += "=" + Unparse(d)
		}
		parts = append(parts, s)
	}
	for i := range all {
		var arg *Arg
		if i < len(a.Posonlyargs) {
			arg = a.Posonlyargs[i]
		} else {
			arg = a.Args[i-len(a.Posonlyargs)]
		}
		var d Expr
		if n := i - (all - len(a.Defaults)); n >= 0 {
			d = a.Defaults[n]
		}
		param(arg, d)
		if i == len(a.Posonlyargs)-1 {
			parts = append(parts, "/")
		}
	}
	if a.Vararg != nil {
		parts = append(parts, "*"+a.Vararg.Arg)
	} else if len(a.Kwonlyargs) > 0 {
		parts = append(parts, "*")
	}
	for i, k := range a.Kwonlyargs {
		param(k, a.KwDefaults[i])
	}
	if a.Kwarg != nil {
		parts = append(parts, "**"+a.Kwarg.Arg)
	}
	return strings.Join(parts, ", ")
}

// fstring writes the inside of an f-string.
func fstring(b *strings.Builder, j *JoinedStr, spec bool) {
	for _, v := range j.Values {
		switch v := v.(type) {
		case *Constant:
			s, _ := v.Value.(string)
			b.WriteString(strings.NewReplacer("{", "{{", "}", "}}").Replace(s))
		case *FormattedValue:
			u := &unparser{}
			u.expr(v.Value, precTest+1)
			s := u.b.String()
			b.WriteString("{")
			if strings.HasPrefix(s, "{") {
				b.WriteString(" ")
			}
			b.WriteString(s)
			if v.Conversion > 0 {
				b.WriteString("!" + string(rune(v.Conversion)))
			}
			if f, ok := v.FormatSpec.(*JoinedStr); ok {
				b.WriteString(":")
				fstring(b, f, true)
			}
			b.WriteString("}")
		}
	}
}
