// Package ast has the node types of Python 3.13's abstract syntax, with the classes, fields and positions of CPython's module
// ast, and what only needs nodes: Dump, Unparse, Walk.
//
//	nodes.txt, nodes_gen.go  the node classes, declared once
//	ast.go                   Node, positions, operators, constants, generic access
//	dump.go                  Dump: the text of ast.dump
//	repr.go                  repr() of constants
//	unparse.go               Unparse: source text again
//
// In the Go types an absent identifier or string is "", an absent node is nil. Lists may hold nil where CPython's hold
// None (Dict.Keys for **, Arguments.KwDefaults).
//
// Constants (Constant.Value, MatchSingleton.Value) are nil, bool, int64, *big.Int (only beyond int64), float64, complex128,
// string (UTF-8; lone surrogates in the same scheme), Bytes or Ellipsis; the compiler's optimiser adds ConstTuple and ConstFrozenSet.
package ast

import "reflect"

//go:generate go run ./astgen nodes.txt nodes_gen.go

// Pos is a source range: lines from 1, columns in UTF-8 bytes from 0.
type Pos struct{ Line, Col, EndLine, EndCol int32 }

// Span returns the position.
func (p *Pos) Span() *Pos { return p }

// Node is any node.
type Node interface {
	Class() *Class
	// Span returns the node's position, to be read or changed; nil for classes without.
	Span() *Pos
	// Get returns field i of Class().Fields: a string, int, []string, constant, operator, []CmpOperator, Context, Node (nil
	// interface when absent) or []Node.
	Get(i int) any
	// Set stores what Get would return; false when the value has another type than the field.
	Set(i int, v any) bool
}

// Mod is a root node.
type Mod interface {
	Node
	isMod()
}

// Stmt is a statement.
type Stmt interface {
	Node
	isStmt()
}

// Expr is an expression.
type Expr interface {
	Node
	isExpr()
}

// Pattern is a pattern of a match statement.
type Pattern interface {
	Node
	isPattern()
}

// TypeParam is a type parameter.
type TypeParam interface {
	Node
	isTypeParam()
}

// Class describes a node class.
type Class struct {
	Name      string // Python's name
	Sum       string // the sum type it belongs to (Python's base class)
	Positions bool
	Fields    []Field
	New       func() Node
}

// Field is a field of a class; Type is in nodes.txt's notation.
type Field struct{ Name, Type string }

// Bytes is a bytes constant.
type Bytes string

// Ellipsis is the constant `...`.
type Ellipsis struct{}

// ConstTuple is a folded tuple constant.
type ConstTuple []any

// ConstFrozenSet is a folded frozenset constant.
type ConstFrozenSet []any

// BoolOperator is `and` or `or`.
type BoolOperator uint8

// The boolean operators.
const (
	And BoolOperator = iota
	Or
)

// Operator is a binary operator.
type Operator uint8

// The binary operators.
const (
	Add Operator = iota
	Sub
	Mult
	MatMult
	Div
	Modulo
	Pow
	LShift
	RShift
	BitOr
	BitXor
	BitAnd
	FloorDiv
)

// UnaryOperator is a unary operator.
type UnaryOperator uint8

// The unary operators.
const (
	Invert UnaryOperator = iota
	Not
	UAdd
	USub
)

// CmpOperator is a comparison operator.
type CmpOperator uint8

// The comparison operators.
const (
	Eq CmpOperator = iota
	NotEq
	Lt
	LtE
	Gt
	GtE
	Is
	IsNot
	In
	NotIn
)

// Context says what an expression is used for.
type Context uint8

// The contexts.
const (
	Load Context = iota
	Store
	Del
)

// Names of the operators' classes and their source text.
var (
	boolNames  = [...][2]string{{"And", "and"}, {"Or", "or"}}
	opNames    = [...][2]string{{"Add", "+"}, {"Sub", "-"}, {"Mult", "*"}, {"MatMult", "@"}, {"Div", "/"}, {"Mod", "%"}, {"Pow", "**"}, {"LShift", "<<"}, {"RShift", ">>"}, {"BitOr", "|"}, {"BitXor", "^"}, {"BitAnd", "&"}, {"FloorDiv", "//"}}
	unaryNames = [...][2]string{{"Invert", "~"}, {"Not", "not"}, {"UAdd", "+"}, {"USub", "-"}}
	cmpNames   = [...][2]string{{"Eq", "=="}, {"NotEq", "!="}, {"Lt", "<"}, {"LtE", "<="}, {"Gt", ">"}, {"GtE", ">="}, {"Is", "is"}, {"IsNot", "is not"}, {"In", "in"}, {"NotIn", "not in"}}
	ctxNames   = [...]string{"Load", "Store", "Del"}
)

// String returns Python's class name of the operator.
func (o BoolOperator) String() string { return boolNames[o][0] }

// Text returns the operator as written in source.
func (o BoolOperator) Text() string { return boolNames[o][1] }

// String returns Python's class name of the operator.
func (o Operator) String() string { return opNames[o][0] }

// Text returns the operator as written in source.
func (o Operator) Text() string { return opNames[o][1] }

// String returns Python's class name of the operator.
func (o UnaryOperator) String() string { return unaryNames[o][0] }

// Text returns the operator as written in source.
func (o UnaryOperator) Text() string { return unaryNames[o][1] }

// String returns Python's class name of the operator.
func (o CmpOperator) String() string { return cmpNames[o][0] }

// Text returns the operator as written in source.
func (o CmpOperator) Text() string { return cmpNames[o][1] }

// String returns Python's class name of the context.
func (c Context) String() string { return ctxNames[c] }

// absent reports whether n is nil, also as a nil pointer in an interface.
func absent(n Node) bool {
	if n == nil {
		return true
	}
	v := reflect.ValueOf(n)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

func one(n Node) any {
	if absent(n) {
		return Node(nil)
	}
	return n
}

func list[T Node](l []T) any {
	out := make([]Node, len(l))
	for i, n := range l {
		if !absent(n) {
			out[i] = n
		}
	}
	return out
}

func put[T any](p *T, v any) bool {
	x, ok := v.(T)
	if ok {
		*p = x
	}
	return ok
}

func putOne[T Node](p *T, v any) bool {
	if v == nil {
		var none T
		*p = none
		return true
	}
	return put(p, v)
}

func putList[T Node](p *[]T, v any) bool {
	l, ok := v.([]Node)
	if !ok {
		return false
	}
	out := make([]T, len(l))
	for i, n := range l {
		if n != nil && !put(&out[i], any(n)) {
			return false
		}
	}
	*p = out
	return true
}

// Walk calls f for n and, where f returns true, for the nodes below, in the order of their fields.
func Walk(n Node, f func(Node) bool) {
	if absent(n) || !f(n) {
		return
	}
	for i := range n.Class().Fields {
		switch x := n.Get(i).(type) {
		case Node:
			Walk(x, f)
		case []Node:
			for _, e := range x {
				Walk(e, f)
			}
		}
	}
}
