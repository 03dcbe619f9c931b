package interp

import (
	"fmt"
	"math/big"
	"strings"

	"martlet/python/ast"
	"martlet/python/object"
	"martlet/python/parser"
)

// Syntax trees as Python objects: compile() with PyCF_ONLY_AST gives them, and takes them as source. Both ways follow the description
// of the node classes in package ast; the Python classes are those of module _ast.

const onlyAST = 0x400 // PyCF_ONLY_AST

// treeMaker turns nodes into objects.
type treeMaker struct {
	t       *object.Thread
	classes *object.Module
	plain   map[string]Value // the operators' and contexts' instances, which are shared
}

func (th *Thread) newTreeMaker() (*treeMaker, *Exception) {
	m, e := th.importModule("_ast")
	if e != nil {
		return nil, e
	}
	return &treeMaker{th.T, object.As[object.Module](m), map[string]Value{}}, nil
}

func (m *treeMaker) instance(class string) (Value, *Exception) {
	c := m.classes.Dict.GetStr(m.t.Intern(class))
	if c.Ref == nil || c.Type().Flags&object.FType == 0 {
		return Value{}, object.SystemErrorf(m.t, "no class _ast.%s", class)
	}
	return object.As[Type](c).Alloc(m.t)
}

func (m *treeMaker) set(v Value, name string, x Value) *Exception {
	return object.StoreInstanceAttr(m.t, v, v.Type(), m.t.Intern(name), x)
}

func (m *treeMaker) node(n ast.Node) (Value, *Exception) {
	if n == nil {
		return object.None, nil
	}
	if e := m.t.Enter(" during ast construction"); e != nil {
		return Value{}, e
	}
	defer m.t.Leave()
	c := n.Class()
	v, e := m.instance(c.Name)
	if e != nil {
		return Value{}, e
	}
	for i, f := range c.Fields {
		x, e := m.field(n.Get(i), f.Type)
		if e != nil {
			return Value{}, e
		}
		if e := m.set(v, f.Name, x); e != nil {
			return Value{}, e
		}
	}
	if p := n.Span(); p != nil {
		for name, x := range map[string]int32{"lineno": p.Line, "col_offset": p.Col, "end_lineno": p.EndLine, "end_col_offset": p.EndCol} {
			if e := m.set(v, name, object.Int(int64(x))); e != nil {
				return Value{}, e
			}
		}
	}
	return v, nil
}

func (m *treeMaker) field(x any, typ string) (Value, *Exception) {
	switch x := x.(type) {
	case []ast.Node:
		return makeList(x, m.node)
	case []string:
		return makeList(x, func(s string) (Value, *Exception) { return object.StrVal(s), nil })
	case []ast.CmpOperator:
		return makeList(x, func(op ast.CmpOperator) (Value, *Exception) { return m.shared(op) })
	case ast.Node:
		return m.node(x)
	case ast.BoolOperator, ast.Operator, ast.UnaryOperator, ast.CmpOperator, ast.Context:
		return m.shared(x.(fmt.Stringer))
	}
	if typ == "const" {
		return m.constant(x), nil
	}
	switch x := x.(type) {
	case string:
		if x == "" && strings.HasSuffix(typ, "?") {
			return object.None, nil
		}
		return object.StrVal(x), nil
	case int:
		return object.Int(int64(x)), nil
	}
	return object.None, nil
}

func makeList[T any](list []T, f func(T) (Value, *Exception)) (Value, *Exception) {
	items := make([]Value, len(list))
	for i, x := range list {
		var e *Exception
		if items[i], e = f(x); e != nil {
			return Value{}, e
		}
	}
	return object.NewList(items), nil
}

func (m *treeMaker) shared(x fmt.Stringer) (Value, *Exception) {
	name := x.String()
	if v, ok := m.plain[name]; ok {
		return v, nil
	}
	v, e := m.instance(name)
	m.plain[name] = v
	return v, e
}

func (m *treeMaker) constant(x any) Value {
	switch x := x.(type) {
	case bool:
		return object.Bool(x)
	case int64:
		return object.Int(x)
	case *big.Int:
		return object.BigVal(x)
	case float64:
		return object.Float(x)
	case complex128:
		return object.NewComplex(x)
	case string:
		return object.StrVal(x)
	case ast.Bytes:
		return object.BytesVal([]byte(x))
	case ast.Ellipsis:
		return object.Ellipsis
	}
	return object.None
}

// treeReader turns objects into nodes.
type treeReader struct {
	t       *object.Thread
	classes map[string]*ast.Class
}

func newTreeReader(t *object.Thread) *treeReader {
	r := &treeReader{t, map[string]*ast.Class{}}
	for _, c := range ast.Classes {
		r.classes[c.Name] = c
	}
	return r
}

// isTree tells whether v is an instance of _ast.AST.
func isTree(t *object.Thread, v Value) bool {
	m := t.Interp.Modules.GetStr(t.Intern("_ast"))
	if m.Ref == nil || m.Type() != &object.ModuleType {
		return false
	}
	c := object.As[object.Module](m).Dict.GetStr(t.Intern("AST"))
	return c.Ref != nil && c.Type().Flags&object.FType != 0 && v.Type().IsSubtype(object.As[Type](c))
}

// className is the node class of an object: its own class or the first base that is one.
func className(v Value, known func(name string) bool) string {
	for _, c := range v.Type().MRO {
		if known(c.Name) {
			return c.Name
		}
	}
	return ""
}

func (r *treeReader) node(v Value, want string) (ast.Node, *Exception) {
	if e := r.t.Enter(" during ast construction"); e != nil {
		return nil, e
	}
	defer r.t.Leave()
	name := className(v, func(n string) bool { return r.classes[n] != nil })
	c := r.classes[name]
	if c == nil || want != "" && c.Sum != want && c.Name != want {
		s, e := object.Repr(r.t, v)
		if e != nil {
			return nil, e
		}
		return nil, object.TypeErrorf(r.t, "expected some sort of %s, but got %s", want, s.S)
	}
	n := c.New()
	if e := r.span(n.Span(), v, c); e != nil {
		return nil, e
	}
	for i, f := range c.Fields {
		x, e := object.LookupAttr(r.t, v, r.t.Intern(f.Name))
		if e != nil {
			return nil, e
		}
		val, e := r.field(x, f, c.Name)
		if e != nil {
			return nil, e
		}
		if !n.Set(i, val) {
			return nil, object.TypeErrorf(r.t, "field \"%s\" of %s has a wrong type", f.Name, c.Name)
		}
	}
	return n, nil
}

// span reads the position, if nodes of the class have one; the ends may be missing.
func (r *treeReader) span(p *ast.Pos, v Value, c *ast.Class) *Exception {
	if p == nil {
		return nil
	}
	for _, a := range []struct {
		name string
		at   *int32
		like int32
	}{{"lineno", &p.Line, -1}, {"col_offset", &p.Col, -1}, {"end_lineno", &p.EndLine, 0}, {"end_col_offset", &p.EndCol, 0}} {
		x, e := object.LookupAttr(r.t, v, r.t.Intern(a.name))
		if e != nil {
			return e
		}
		if x.Ref == nil || x.IsNone() {
			if a.like < 0 {
				return object.TypeErrorf(r.t, "required field \"%s\" missing from %s", a.name, c.Sum)
			}
			continue
		}
		n, e := object.AsCInt(r.t, x)
		if e != nil {
			return e
		}
		*a.at = int32(n)
	}
	if p.EndLine == 0 {
		p.EndLine, p.EndCol = p.Line, p.Col
	}
	return nil
}

func (r *treeReader) field(x Value, f ast.Field, class string) (any, *Exception) {
	elem, many := strings.CutSuffix(f.Type, "*")
	elem, optional := strings.CutSuffix(elem, "?")
	switch {
	case f.Type == "const":
		if x.Ref == nil {
			return nil, r.missing(f, class)
		}
		return r.constant(x)
	case many || f.Type == "ids":
		return r.list(x, elem, f, class)
	case elem == "expr_context" && x.Ref == nil:
		return ast.Load, nil
	case x.Ref == nil && !optional && elem != "int" || x.Ref != nil && x.IsNone() && !optional && elem != "int":
		return nil, r.missing(f, class)
	case x.Ref == nil || x.IsNone():
		return map[string]any{"id": "", "str": "", "int": 0}[elem], nil
	}
	return r.scalar(x, elem)
}

func (r *treeReader) missing(f ast.Field, class string) *Exception {
	return object.TypeErrorf(r.t, "required field \"%s\" missing from %s", f.Name, class)
}

func (r *treeReader) scalar(x Value, typ string) (any, *Exception) {
	switch typ {
	case "id", "str":
		if x.Type().Flags&object.FStr == 0 {
			return nil, object.TypeErrorf(r.t, "AST identifier must be of type str")
		}
		return object.As[Str](x).S, nil
	case "int":
		return object.AsCInt(r.t, x)
	case "boolop":
		return operator(r, x, typ, ast.And, ast.Or)
	case "operator":
		return operator(r, x, typ, ast.Add, ast.FloorDiv)
	case "unaryop":
		return operator(r, x, typ, ast.Invert, ast.USub)
	case "cmpop":
		return operator(r, x, typ, ast.Eq, ast.NotIn)
	case "expr_context":
		return operator(r, x, typ, ast.Load, ast.Del)
	}
	return r.node(x, typ)
}

// operator finds the operator between first and last whose class x belongs to.
func operator[T interface {
	~uint8
	fmt.Stringer
}](r *treeReader, x Value, typ string, first, last T) (any, *Exception) {
	for op := first; op <= last; op++ {
		if className(x, func(n string) bool { return n == op.String() }) != "" {
			return op, nil
		}
	}
	s, e := object.Repr(r.t, x)
	if e != nil {
		return nil, e
	}
	return nil, object.TypeErrorf(r.t, "expected some sort of %s, but got %s", typ, s.S)
}

func (r *treeReader) list(x Value, elem string, f ast.Field, class string) (any, *Exception) {
	var items []Value
	if x.Ref != nil {
		if x.Type().Flags&object.FList == 0 {
			return nil, object.TypeErrorf(r.t, "%s field \"%s\" must be a list, not a %s", class, f.Name, x.Type().Name)
		}
		items = object.As[object.List](x).Items
	}
	if f.Type == "ids" {
		return readList[string](r, items, "id")
	}
	if elem == "cmpop" {
		return readList[ast.CmpOperator](r, items, elem)
	}
	holes := class == "Dict" && f.Name == "keys" || f.Name == "kw_defaults" // None stands for ** and for no default
	out := make([]ast.Node, len(items))
	for i, v := range items {
		if v.IsNone() && holes {
			continue
		}
		if v.IsNone() {
			return nil, object.ValueErrorf(r.t, "None disallowed in %s list", elem)
		}
		n, e := r.node(v, elem)
		if e != nil {
			return nil, e
		}
		out[i] = n
	}
	return out, nil
}

func readList[T any](r *treeReader, items []Value, elem string) ([]T, *Exception) {
	out := make([]T, len(items))
	for i, v := range items {
		x, e := r.scalar(v, elem)
		if e != nil {
			return nil, e
		}
		out[i] = x.(T)
	}
	return out, nil
}

func (r *treeReader) constant(v Value) (any, *Exception) {
	switch v.Type() {
	case &object.NoneType:
		return nil, nil
	case &object.BoolType:
		return object.Is(v, object.True), nil
	case &object.EllipsisType:
		return ast.Ellipsis{}, nil
	case &object.IntType:
		if n, ok := object.SmallInt(v); ok {
			return n, nil
		}
		return object.BigOf(v), nil
	case &object.FloatType:
		return object.FloatOf(v), nil
	case &object.ComplexType:
		return object.As[object.Complex](v).V, nil
	case &object.StrType:
		return object.As[Str](v).S, nil
	case &object.BytesType:
		return ast.Bytes(object.As[object.Bytes](v).B), nil
	case &object.TupleType, &object.FrozenSetType:
		items, e := object.Collect(r.t, v)
		if e != nil {
			return nil, e
		}
		out := make([]any, len(items))
		for i, x := range items {
			if out[i], e = r.constant(x); e != nil {
				return nil, e
			}
		}
		if v.Type() == &object.TupleType {
			return ast.ConstTuple(out), nil
		}
		return ast.ConstFrozenSet(out), nil
	}
	return nil, object.TypeErrorf(r.t, "got an invalid type in Constant: %s", v.Type().Name)
}

// modClass is the root class of each mode.
var modClass = map[parser.Mode]string{parser.Exec: "Module", parser.Eval: "Expression", parser.Single: "Interactive"}

// readTree turns an object into the tree of a mode.
func readTree(t *object.Thread, v Value, mode parser.Mode) (ast.Mod, *Exception) {
	r := newTreeReader(t)
	if want := modClass[mode]; className(v, func(n string) bool { return n == want }) == "" {
		return nil, object.TypeErrorf(t, "expected %s node, got %s", want, v.Type().Name)
	}
	n, e := r.node(v, "mod")
	if e != nil {
		return nil, e
	}
	return n.(ast.Mod), nil
}
