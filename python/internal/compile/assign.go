package compile

import (
	"martlet/python/ast"
	"martlet/python/internal/code"
)

// Targets.

// assign stores register r in a target.
func (c *compiler) assign(target ast.Expr, r reg) {
	mark := c.temps
	switch t := target.(type) {
	case *ast.Name:
		c.at(t)
		c.store(t.Id, r)
	case *ast.Attribute:
		c.noteStatic(t)
		obj := c.operand(t.Value)
		c.at(t)
		c.emit(code.OpStoreattr, obj, r, reg(c.site(t.Attr)), 0)
	case *ast.Subscript:
		obj := c.operand(t.Value)
		if s, ok := plainSlice(t.Slice); ok {
			b := c.bounds(s)
			c.at(t)
			c.emit(code.OpSetslice, obj, b, r, 0)
		} else {
			c.setItem(t, obj, t.Slice, r)
		}
	case *ast.Tuple:
		c.unpack(t, t.Elts, r)
	case *ast.List:
		c.unpack(t, t.Elts, r)
	case *ast.Starred:
		c.fail(t, "starred assignment target must be in a list or tuple")
	}
	c.temps = mark
}

// noteStatic records self.name = ... for the class's __static_attributes__.
func (c *compiler) noteStatic(t *ast.Attribute) {
	if n, ok := t.Value.(*ast.Name); !ok || n.Id != "self" {
		return
	}
	for u := c.unit; u != nil; u = u.parent {
		if u.kind != classUnit {
			continue
		}
		for _, s := range u.static {
			if s == t.Attr {
				return
			}
		}
		u.static = append(u.static, t.Attr)
		return
	}
}

// unpack stores the elements of r in several targets.
func (c *compiler) unpack(at ast.Node, elts []ast.Expr, r reg) {
	star := -1
	for i, e := range elts {
		if _, ok := e.(*ast.Starred); ok {
			if star >= 0 {
				c.fail(at, "multiple starred expressions in assignment")
			}
			if i >= 1<<8 || len(elts)-i-1 >= 1<<16 {
				c.fail(at, "too many expressions in star-unpacking assignment")
			}
			star = i
		}
	}
	if len(elts) > code.MaxReg/2 {
		c.fail(at, "too many expressions in unpacking assignment")
	}
	base := c.span(len(elts))
	c.at(at)
	if star < 0 {
		c.emit(code.OpUnpack, base, r, reg(len(elts)), 0)
	} else {
		c.emit(code.OpUnpackex, base, r, reg(len(elts)-star-1), uint8(star))
	}
	for i, e := range elts {
		if s, ok := e.(*ast.Starred); ok {
			e = s.Value
		}
		c.assign(e, base+reg(i))
	}
}

func (c *compiler) assignStmt(s *ast.Assign) {
	if len(s.Targets) == 1 {
		if c.assignTo(s.Targets[0], s.Value) {
			return
		}
	}
	r := c.operand(s.Value)
	for _, t := range s.Targets {
		c.assign(t, r)
	}
}

// assignTo handles the forms that need no register between value and target.
func (c *compiler) assignTo(target, value ast.Expr) bool {
	switch t := target.(type) {
	case *ast.Name:
		if p, r := c.resolve(c.mangle(t.Id)); p == inLocal {
			c.exprTo(value, r)
			return true
		}
	case *ast.Tuple:
		v, ok := value.(*ast.Tuple)
		if !ok || len(v.Elts) != len(t.Elts) || len(t.Elts) > maxSpan || len(t.Elts) == 0 || !simpleElts(v.Elts) || !simpleElts(t.Elts) {
			return false
		}
		base := c.span(len(v.Elts))
		for i, e := range v.Elts {
			c.expr(e, base+reg(i))
		}
		for i, e := range t.Elts {
			c.assign(e, base+reg(i))
		}
		return true
	}
	return false
}

func (c *compiler) augAssign(s *ast.AugAssign) {
	switch t := s.Target.(type) {
	case *ast.Name:
		if p, r := c.resolve(c.mangle(t.Id)); p == inLocal {
			l := c.operand(t)
			c.arith(s, s.Op, nil, l, s.Value, r, code.InPlace)
			return
		}
		v := c.temp()
		c.at(t)
		c.load(t.Id, v)
		c.arith(s, s.Op, nil, v, s.Value, v, code.InPlace)
		c.at(t)
		c.store(t.Id, v)
	case *ast.Attribute:
		c.noteStatic(t)
		obj, v := c.operand(t.Value), c.temp()
		c.at(t)
		c.emit(code.OpLoadattr, v, obj, reg(c.site(t.Attr)), 0)
		c.arith(s, s.Op, nil, v, s.Value, v, code.InPlace)
		c.at(t)
		c.emit(code.OpStoreattr, obj, v, reg(c.site(t.Attr)), 0)
	case *ast.Subscript:
		c.augItem(s, t)
	}
}

func (c *compiler) augItem(s *ast.AugAssign, t *ast.Subscript) {
	obj := c.operand(t.Value)
	if sl, ok := plainSlice(t.Slice); ok {
		b := c.bounds(sl)
		v := c.temp()
		c.at(t)
		c.emit(code.OpGetslice, v, obj, b, 0)
		c.arith(s, s.Op, nil, v, s.Value, v, code.InPlace)
		c.at(t)
		c.emit(code.OpSetslice, obj, b, v, 0)
		return
	}
	if _, ok := c.fold(t.Slice); ok {
		v := c.temp()
		c.getItem(t, obj, t.Slice, v)
		c.arith(s, s.Op, nil, v, s.Value, v, code.InPlace)
		c.setItem(t, obj, t.Slice, v)
		return
	}
	i := c.operand(t.Slice)
	v := c.temp()
	c.at(t)
	c.emit(code.OpGetitem, v, obj, i, 0)
	c.arith(s, s.Op, nil, v, s.Value, v, code.InPlace)
	c.at(t)
	c.emit(code.OpSetitem, obj, i, v, 0)
}

func (c *compiler) annAssign(s *ast.AnnAssign) {
	if s.Value != nil {
		if !c.assignTo(s.Target, s.Value) {
			r := c.operand(s.Value)
			c.assign(s.Target, r)
		}
	}
	switch t := s.Target.(type) {
	case *ast.Name:
		if s.Simple != 0 && (c.kind == moduleUnit || c.kind == classUnit) {
			v, d, k := c.temp(), c.temp(), c.temp()
			c.annotation(s.Annotation, v)
			c.at(s)
			c.emitX(code.OpLoadname, d, c.name("__annotations__"))
			c.loadConst(k, c.mangle(t.Id))
			c.emit(code.OpSetitem, d, k, v, 0)
		}
	case *ast.Attribute:
		if s.Value == nil {
			c.operand(t.Value)
		}
	case *ast.Subscript:
		if s.Value == nil {
			c.operand(t.Value)
			c.subscriptParts(t.Slice)
		}
	}
	if s.Simple == 0 && c.kind != functionUnit && c.flags&code.FutureAnnotations == 0 {
		c.operand(s.Annotation)
	}
}

// subscriptParts evaluates an index for its effects.
func (c *compiler) subscriptParts(e ast.Expr) {
	switch e := e.(type) {
	case *ast.Slice:
		for _, p := range []ast.Expr{e.Lower, e.Upper, e.Step} {
			if p != nil {
				c.operand(p)
			}
		}
	case *ast.Tuple:
		for _, x := range e.Elts {
			c.subscriptParts(x)
		}
	default:
		c.operand(e)
	}
}

// annotation computes an annotation: its value, or its text under from __future__ import annotations.
func (c *compiler) annotation(e ast.Expr, dst reg) {
	if c.flags&code.FutureAnnotations != 0 {
		c.at(e)
		c.loadConst(dst, ast.Unparse(e))
		return
	}
	if s, ok := e.(*ast.Starred); ok {
		r := c.operand(s.Value)
		c.at(e)
		c.emit(code.OpUnpack, dst, r, 1, 0)
		return
	}
	c.expr(e, dst)
}

func (c *compiler) delete(e ast.Expr) {
	mark := c.temps
	switch t := e.(type) {
	case *ast.Name:
		c.at(t)
		c.del(t.Id)
	case *ast.Attribute:
		obj := c.operand(t.Value)
		c.at(t)
		c.emit(code.OpDelattr, obj, 0, reg(c.site(t.Attr)), 0)
	case *ast.Subscript:
		obj := c.operand(t.Value)
		i := c.operand(t.Slice)
		c.at(t)
		c.emit(code.OpDelitem, obj, i, 0, 0)
	case *ast.Tuple:
		for _, x := range t.Elts {
			c.delete(x)
		}
	case *ast.List:
		for _, x := range t.Elts {
			c.delete(x)
		}
	}
	c.temps = mark
}
