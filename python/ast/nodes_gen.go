// Code generated from nodes.txt by astgen; DO NOT EDIT.

package ast

// Module is the node class Module.
type Module struct {
	Body        []Stmt
	TypeIgnores []*TypeIgnore
}

var classModule = Class{Name: "Module", Sum: "mod", Positions: false, Fields: []Field{{"body", "stmt*"}, {"type_ignores", "type_ignore*"}}, New: func() Node { return new(Module) }}

// Class returns the description of the node's class.
func (*Module) Class() *Class { return &classModule }

// Span returns nil: the class has no positions.
func (*Module) Span() *Pos { return nil }
func (*Module) isMod()     {}

// Get returns field i; see Node.
func (n *Module) Get(i int) any {
	switch i {
	case 0:
		return list(n.Body)
	case 1:
		return list(n.TypeIgnores)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Module) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Body, v)
	case 1:
		return putList(&n.TypeIgnores, v)
	}
	return false
}

// Interactive is the node class Interactive.
type Interactive struct {
	Body []Stmt
}

var classInteractive = Class{Name: "Interactive", Sum: "mod", Positions: false, Fields: []Field{{"body", "stmt*"}}, New: func() Node { return new(Interactive) }}

// Class returns the description of the node's class.
func (*Interactive) Class() *Class { return &classInteractive }

// Span returns nil: the class has no positions.
func (*Interactive) Span() *Pos { return nil }
func (*Interactive) isMod()     {}

// Get returns field i; see Node.
func (n *Interactive) Get(i int) any {
	switch i {
	case 0:
		return list(n.Body)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Interactive) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Body, v)
	}
	return false
}

// Expression is the node class Expression.
type Expression struct {
	Body Expr
}

var classExpression = Class{Name: "Expression", Sum: "mod", Positions: false, Fields: []Field{{"body", "expr"}}, New: func() Node { return new(Expression) }}

// Class returns the description of the node's class.
func (*Expression) Class() *Class { return &classExpression }

// Span returns nil: the class has no positions.
func (*Expression) Span() *Pos { return nil }
func (*Expression) isMod()     {}

// Get returns field i; see Node.
func (n *Expression) Get(i int) any {
	switch i {
	case 0:
		return one(n.Body)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Expression) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Body, v)
	}
	return false
}

// FunctionType is the node class FunctionType.
type FunctionType struct {
	Argtypes []Expr
	Returns  Expr
}

var classFunctionType = Class{Name: "FunctionType", Sum: "mod", Positions: false, Fields: []Field{{"argtypes", "expr*"}, {"returns", "expr"}}, New: func() Node { return new(FunctionType) }}

// Class returns the description of the node's class.
func (*FunctionType) Class() *Class { return &classFunctionType }

// Span returns nil: the class has no positions.
func (*FunctionType) Span() *Pos { return nil }
func (*FunctionType) isMod()     {}

// Get returns field i; see Node.
func (n *FunctionType) Get(i int) any {
	switch i {
	case 0:
		return list(n.Argtypes)
	case 1:
		return one(n.Returns)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *FunctionType) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Argtypes, v)
	case 1:
		return putOne(&n.Returns, v)
	}
	return false
}

// FunctionDef is the node class FunctionDef.
type FunctionDef struct {
	Pos
	Name          string
	Args          *Arguments
	Body          []Stmt
	DecoratorList []Expr
	Returns       Expr
	TypeComment   string
	TypeParams    []TypeParam
}

var classFunctionDef = Class{Name: "FunctionDef", Sum: "stmt", Positions: true, Fields: []Field{{"name", "id"}, {"args", "arguments"}, {"body", "stmt*"}, {"decorator_list", "expr*"}, {"returns", "expr?"}, {"type_comment", "str?"}, {"type_params", "type_param*"}}, New: func() Node { return new(FunctionDef) }}

// Class returns the description of the node's class.
func (*FunctionDef) Class() *Class { return &classFunctionDef }
func (*FunctionDef) isStmt()       {}

// Get returns field i; see Node.
func (n *FunctionDef) Get(i int) any {
	switch i {
	case 0:
		return n.Name
	case 1:
		return one(n.Args)
	case 2:
		return list(n.Body)
	case 3:
		return list(n.DecoratorList)
	case 4:
		return one(n.Returns)
	case 5:
		return n.TypeComment
	case 6:
		return list(n.TypeParams)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *FunctionDef) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Name, v)
	case 1:
		return putOne(&n.Args, v)
	case 2:
		return putList(&n.Body, v)
	case 3:
		return putList(&n.DecoratorList, v)
	case 4:
		return putOne(&n.Returns, v)
	case 5:
		return put(&n.TypeComment, v)
	case 6:
		return putList(&n.TypeParams, v)
	}
	return false
}

// AsyncFunctionDef is the node class AsyncFunctionDef.
type AsyncFunctionDef struct {
	Pos
	Name          string
	Args          *Arguments
	Body          []Stmt
	DecoratorList []Expr
	Returns       Expr
	TypeComment   string
	TypeParams    []TypeParam
}

var classAsyncFunctionDef = Class{Name: "AsyncFunctionDef", Sum: "stmt", Positions: true, Fields: []Field{{"name", "id"}, {"args", "arguments"}, {"body", "stmt*"}, {"decorator_list", "expr*"}, {"returns", "expr?"}, {"type_comment", "str?"}, {"type_params", "type_param*"}}, New: func() Node { return new(AsyncFunctionDef) }}

// Class returns the description of the node's class.
func (*AsyncFunctionDef) Class() *Class { return &classAsyncFunctionDef }
func (*AsyncFunctionDef) isStmt()       {}

// Get returns field i; see Node.
func (n *AsyncFunctionDef) Get(i int) any {
	switch i {
	case 0:
		return n.Name
	case 1:
		return one(n.Args)
	case 2:
		return list(n.Body)
	case 3:
		return list(n.DecoratorList)
	case 4:
		return one(n.Returns)
	case 5:
		return n.TypeComment
	case 6:
		return list(n.TypeParams)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *AsyncFunctionDef) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Name, v)
	case 1:
		return putOne(&n.Args, v)
	case 2:
		return putList(&n.Body, v)
	case 3:
		return putList(&n.DecoratorList, v)
	case 4:
		return putOne(&n.Returns, v)
	case 5:
		return put(&n.TypeComment, v)
	case 6:
		return putList(&n.TypeParams, v)
	}
	return false
}

// ClassDef is the node class ClassDef.
type ClassDef struct {
	Pos
	Name          string
	Bases         []Expr
	Keywords      []*Keyword
	Body          []Stmt
	DecoratorList []Expr
	TypeParams    []TypeParam
}

var classClassDef = Class{Name: "ClassDef", Sum: "stmt", Positions: true, Fields: []Field{{"name", "id"}, {"bases", "expr*"}, {"keywords", "keyword*"}, {"body", "stmt*"}, {"decorator_list", "expr*"}, {"type_params", "type_param*"}}, New: func() Node { return new(ClassDef) }}

// Class returns the description of the node's class.
func (*ClassDef) Class() *Class { return &classClassDef }
func (*ClassDef) isStmt()       {}

// Get returns field i; see Node.
func (n *ClassDef) Get(i int) any {
	switch i {
	case 0:
		return n.Name
	case 1:
		return list(n.Bases)
	case 2:
		return list(n.Keywords)
	case 3:
		return list(n.Body)
	case 4:
		return list(n.DecoratorList)
	case 5:
		return list(n.TypeParams)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *ClassDef) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Name, v)
	case 1:
		return putList(&n.Bases, v)
	case 2:
		return putList(&n.Keywords, v)
	case 3:
		return putList(&n.Body, v)
	case 4:
		return putList(&n.DecoratorList, v)
	case 5:
		return putList(&n.TypeParams, v)
	}
	return false
}

// Return is the node class Return.
type Return struct {
	Pos
	Value Expr
}

var classReturn = Class{Name: "Return", Sum: "stmt", Positions: true, Fields: []Field{{"value", "expr?"}}, New: func() Node { return new(Return) }}

// Class returns the description of the node's class.
func (*Return) Class() *Class { return &classReturn }
func (*Return) isStmt()       {}

// Get returns field i; see Node.
func (n *Return) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Return) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	}
	return false
}

// Delete is the node class Delete.
type Delete struct {
	Pos
	Targets []Expr
}

var classDelete = Class{Name: "Delete", Sum: "stmt", Positions: true, Fields: []Field{{"targets", "expr*"}}, New: func() Node { return new(Delete) }}

// Class returns the description of the node's class.
func (*Delete) Class() *Class { return &classDelete }
func (*Delete) isStmt()       {}

// Get returns field i; see Node.
func (n *Delete) Get(i int) any {
	switch i {
	case 0:
		return list(n.Targets)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Delete) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Targets, v)
	}
	return false
}

// Assign is the node class Assign.
type Assign struct {
	Pos
	Targets     []Expr
	Value       Expr
	TypeComment string
}

var classAssign = Class{Name: "Assign", Sum: "stmt", Positions: true, Fields: []Field{{"targets", "expr*"}, {"value", "expr"}, {"type_comment", "str?"}}, New: func() Node { return new(Assign) }}

// Class returns the description of the node's class.
func (*Assign) Class() *Class { return &classAssign }
func (*Assign) isStmt()       {}

// Get returns field i; see Node.
func (n *Assign) Get(i int) any {
	switch i {
	case 0:
		return list(n.Targets)
	case 1:
		return one(n.Value)
	case 2:
		return n.TypeComment
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Assign) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Targets, v)
	case 1:
		return putOne(&n.Value, v)
	case 2:
		return put(&n.TypeComment, v)
	}
	return false
}

// TypeAlias is the node class TypeAlias.
type TypeAlias struct {
	Pos
	Name       Expr
	TypeParams []TypeParam
	Value      Expr
}

var classTypeAlias = Class{Name: "TypeAlias", Sum: "stmt", Positions: true, Fields: []Field{{"name", "expr"}, {"type_params", "type_param*"}, {"value", "expr"}}, New: func() Node { return new(TypeAlias) }}

// Class returns the description of the node's class.
func (*TypeAlias) Class() *Class { return &classTypeAlias }
func (*TypeAlias) isStmt()       {}

// Get returns field i; see Node.
func (n *TypeAlias) Get(i int) any {
	switch i {
	case 0:
		return one(n.Name)
	case 1:
		return list(n.TypeParams)
	case 2:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *TypeAlias) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Name, v)
	case 1:
		return putList(&n.TypeParams, v)
	case 2:
		return putOne(&n.Value, v)
	}
	return false
}

// AugAssign is the node class AugAssign.
type AugAssign struct {
	Pos
	Target Expr
	Op     Operator
	Value  Expr
}

var classAugAssign = Class{Name: "AugAssign", Sum: "stmt", Positions: true, Fields: []Field{{"target", "expr"}, {"op", "operator"}, {"value", "expr"}}, New: func() Node { return new(AugAssign) }}

// Class returns the description of the node's class.
func (*AugAssign) Class() *Class { return &classAugAssign }
func (*AugAssign) isStmt()       {}

// Get returns field i; see Node.
func (n *AugAssign) Get(i int) any {
	switch i {
	case 0:
		return one(n.Target)
	case 1:
		return n.Op
	case 2:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *AugAssign) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Target, v)
	case 1:
		return put(&n.Op, v)
	case 2:
		return putOne(&n.Value, v)
	}
	return false
}

// AnnAssign is the node class AnnAssign.
type AnnAssign struct {
	Pos
	Target     Expr
	Annotation Expr
	Value      Expr
	Simple     int
}

var classAnnAssign = Class{Name: "AnnAssign", Sum: "stmt", Positions: true, Fields: []Field{{"target", "expr"}, {"annotation", "expr"}, {"value", "expr?"}, {"simple", "int"}}, New: func() Node { return new(AnnAssign) }}

// Class returns the description of the node's class.
func (*AnnAssign) Class() *Class { return &classAnnAssign }
func (*AnnAssign) isStmt()       {}

// Get returns field i; see Node.
func (n *AnnAssign) Get(i int) any {
	switch i {
	case 0:
		return one(n.Target)
	case 1:
		return one(n.Annotation)
	case 2:
		return one(n.Value)
	case 3:
		return n.Simple
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *AnnAssign) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Target, v)
	case 1:
		return putOne(&n.Annotation, v)
	case 2:
		return putOne(&n.Value, v)
	case 3:
		return put(&n.Simple, v)
	}
	return false
}

// For is the node class For.
type For struct {
	Pos
	Target      Expr
	Iter        Expr
	Body        []Stmt
	Orelse      []Stmt
	TypeComment string
}

var classFor = Class{Name: "For", Sum: "stmt", Positions: true, Fields: []Field{{"target", "expr"}, {"iter", "expr"}, {"body", "stmt*"}, {"orelse", "stmt*"}, {"type_comment", "str?"}}, New: func() Node { return new(For) }}

// Class returns the description of the node's class.
func (*For) Class() *Class { return &classFor }
func (*For) isStmt()       {}

// Get returns field i; see Node.
func (n *For) Get(i int) any {
	switch i {
	case 0:
		return one(n.Target)
	case 1:
		return one(n.Iter)
	case 2:
		return list(n.Body)
	case 3:
		return list(n.Orelse)
	case 4:
		return n.TypeComment
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *For) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Target, v)
	case 1:
		return putOne(&n.Iter, v)
	case 2:
		return putList(&n.Body, v)
	case 3:
		return putList(&n.Orelse, v)
	case 4:
		return put(&n.TypeComment, v)
	}
	return false
}

// AsyncFor is the node class AsyncFor.
type AsyncFor struct {
	Pos
	Target      Expr
	Iter        Expr
	Body        []Stmt
	Orelse      []Stmt
	TypeComment string
}

var classAsyncFor = Class{Name: "AsyncFor", Sum: "stmt", Positions: true, Fields: []Field{{"target", "expr"}, {"iter", "expr"}, {"body", "stmt*"}, {"orelse", "stmt*"}, {"type_comment", "str?"}}, New: func() Node { return new(AsyncFor) }}

// Class returns the description of the node's class.
func (*AsyncFor) Class() *Class { return &classAsyncFor }
func (*AsyncFor) isStmt()       {}

// Get returns field i; see Node.
func (n *AsyncFor) Get(i int) any {
	switch i {
	case 0:
		return one(n.Target)
	case 1:
		return one(n.Iter)
	case 2:
		return list(n.Body)
	case 3:
		return list(n.Orelse)
	case 4:
		return n.TypeComment
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *AsyncFor) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Target, v)
	case 1:
		return putOne(&n.Iter, v)
	case 2:
		return putList(&n.Body, v)
	case 3:
		return putList(&n.Orelse, v)
	case 4:
		return put(&n.TypeComment, v)
	}
	return false
}

// While is the node class While.
type While struct {
	Pos
	Test   Expr
	Body   []Stmt
	Orelse []Stmt
}

var classWhile = Class{Name: "While", Sum: "stmt", Positions: true, Fields: []Field{{"test", "expr"}, {"body", "stmt*"}, {"orelse", "stmt*"}}, New: func() Node { return new(While) }}

// Class returns the description of the node's class.
func (*While) Class() *Class { return &classWhile }
func (*While) isStmt()       {}

// Get returns field i; see Node.
func (n *While) Get(i int) any {
	switch i {
	case 0:
		return one(n.Test)
	case 1:
		return list(n.Body)
	case 2:
		return list(n.Orelse)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *While) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Test, v)
	case 1:
		return putList(&n.Body, v)
	case 2:
		return putList(&n.Orelse, v)
	}
	return false
}

// If is the node class If.
type If struct {
	Pos
	Test   Expr
	Body   []Stmt
	Orelse []Stmt
}

var classIf = Class{Name: "If", Sum: "stmt", Positions: true, Fields: []Field{{"test", "expr"}, {"body", "stmt*"}, {"orelse", "stmt*"}}, New: func() Node { return new(If) }}

// Class returns the description of the node's class.
func (*If) Class() *Class { return &classIf }
func (*If) isStmt()       {}

// Get returns field i; see Node.
func (n *If) Get(i int) any {
	switch i {
	case 0:
		return one(n.Test)
	case 1:
		return list(n.Body)
	case 2:
		return list(n.Orelse)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *If) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Test, v)
	case 1:
		return putList(&n.Body, v)
	case 2:
		return putList(&n.Orelse, v)
	}
	return false
}

// With is the node class With.
type With struct {
	Pos
	Items       []*WithItem
	Body        []Stmt
	TypeComment string
}

var classWith = Class{Name: "With", Sum: "stmt", Positions: true, Fields: []Field{{"items", "withitem*"}, {"body", "stmt*"}, {"type_comment", "str?"}}, New: func() Node { return new(With) }}

// Class returns the description of the node's class.
func (*With) Class() *Class { return &classWith }
func (*With) isStmt()       {}

// Get returns field i; see Node.
func (n *With) Get(i int) any {
	switch i {
	case 0:
		return list(n.Items)
	case 1:
		return list(n.Body)
	case 2:
		return n.TypeComment
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *With) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Items, v)
	case 1:
		return putList(&n.Body, v)
	case 2:
		return put(&n.TypeComment, v)
	}
	return false
}

// AsyncWith is the node class AsyncWith.
type AsyncWith struct {
	Pos
	Items       []*WithItem
	Body        []Stmt
	TypeComment string
}

var classAsyncWith = Class{Name: "AsyncWith", Sum: "stmt", Positions: true, Fields: []Field{{"items", "withitem*"}, {"body", "stmt*"}, {"type_comment", "str?"}}, New: func() Node { return new(AsyncWith) }}

// Class returns the description of the node's class.
func (*AsyncWith) Class() *Class { return &classAsyncWith }
func (*AsyncWith) isStmt()       {}

// Get returns field i; see Node.
func (n *AsyncWith) Get(i int) any {
	switch i {
	case 0:
		return list(n.Items)
	case 1:
		return list(n.Body)
	case 2:
		return n.TypeComment
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *AsyncWith) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Items, v)
	case 1:
		return putList(&n.Body, v)
	case 2:
		return put(&n.TypeComment, v)
	}
	return false
}

// Match is the node class Match.
type Match struct {
	Pos
	Subject Expr
	Cases   []*MatchCase
}

var classMatch = Class{Name: "Match", Sum: "stmt", Positions: true, Fields: []Field{{"subject", "expr"}, {"cases", "match_case*"}}, New: func() Node { return new(Match) }}

// Class returns the description of the node's class.
func (*Match) Class() *Class { return &classMatch }
func (*Match) isStmt()       {}

// Get returns field i; see Node.
func (n *Match) Get(i int) any {
	switch i {
	case 0:
		return one(n.Subject)
	case 1:
		return list(n.Cases)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Match) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Subject, v)
	case 1:
		return putList(&n.Cases, v)
	}
	return false
}

// Raise is the node class Raise.
type Raise struct {
	Pos
	Exc   Expr
	Cause Expr
}

var classRaise = Class{Name: "Raise", Sum: "stmt", Positions: true, Fields: []Field{{"exc", "expr?"}, {"cause", "expr?"}}, New: func() Node { return new(Raise) }}

// Class returns the description of the node's class.
func (*Raise) Class() *Class { return &classRaise }
func (*Raise) isStmt()       {}

// Get returns field i; see Node.
func (n *Raise) Get(i int) any {
	switch i {
	case 0:
		return one(n.Exc)
	case 1:
		return one(n.Cause)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Raise) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Exc, v)
	case 1:
		return putOne(&n.Cause, v)
	}
	return false
}

// Try is the node class Try.
type Try struct {
	Pos
	Body      []Stmt
	Handlers  []*ExceptHandler
	Orelse    []Stmt
	Finalbody []Stmt
}

var classTry = Class{Name: "Try", Sum: "stmt", Positions: true, Fields: []Field{{"body", "stmt*"}, {"handlers", "excepthandler*"}, {"orelse", "stmt*"}, {"finalbody", "stmt*"}}, New: func() Node { return new(Try) }}

// Class returns the description of the node's class.
func (*Try) Class() *Class { return &classTry }
func (*Try) isStmt()       {}

// Get returns field i; see Node.
func (n *Try) Get(i int) any {
	switch i {
	case 0:
		return list(n.Body)
	case 1:
		return list(n.Handlers)
	case 2:
		return list(n.Orelse)
	case 3:
		return list(n.Finalbody)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Try) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Body, v)
	case 1:
		return putList(&n.Handlers, v)
	case 2:
		return putList(&n.Orelse, v)
	case 3:
		return putList(&n.Finalbody, v)
	}
	return false
}

// TryStar is the node class TryStar.
type TryStar struct {
	Pos
	Body      []Stmt
	Handlers  []*ExceptHandler
	Orelse    []Stmt
	Finalbody []Stmt
}

var classTryStar = Class{Name: "TryStar", Sum: "stmt", Positions: true, Fields: []Field{{"body", "stmt*"}, {"handlers", "excepthandler*"}, {"orelse", "stmt*"}, {"finalbody", "stmt*"}}, New: func() Node { return new(TryStar) }}

// Class returns the description of the node's class.
func (*TryStar) Class() *Class { return &classTryStar }
func (*TryStar) isStmt()       {}

// Get returns field i; see Node.
func (n *TryStar) Get(i int) any {
	switch i {
	case 0:
		return list(n.Body)
	case 1:
		return list(n.Handlers)
	case 2:
		return list(n.Orelse)
	case 3:
		return list(n.Finalbody)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *TryStar) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Body, v)
	case 1:
		return putList(&n.Handlers, v)
	case 2:
		return putList(&n.Orelse, v)
	case 3:
		return putList(&n.Finalbody, v)
	}
	return false
}

// Assert is the node class Assert.
type Assert struct {
	Pos
	Test Expr
	Msg  Expr
}

var classAssert = Class{Name: "Assert", Sum: "stmt", Positions: true, Fields: []Field{{"test", "expr"}, {"msg", "expr?"}}, New: func() Node { return new(Assert) }}

// Class returns the description of the node's class.
func (*Assert) Class() *Class { return &classAssert }
func (*Assert) isStmt()       {}

// Get returns field i; see Node.
func (n *Assert) Get(i int) any {
	switch i {
	case 0:
		return one(n.Test)
	case 1:
		return one(n.Msg)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Assert) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Test, v)
	case 1:
		return putOne(&n.Msg, v)
	}
	return false
}

// Import is the node class Import.
type Import struct {
	Pos
	Names []*Alias
}

var classImport = Class{Name: "Import", Sum: "stmt", Positions: true, Fields: []Field{{"names", "alias*"}}, New: func() Node { return new(Import) }}

// Class returns the description of the node's class.
func (*Import) Class() *Class { return &classImport }
func (*Import) isStmt()       {}

// Get returns field i; see Node.
func (n *Import) Get(i int) any {
	switch i {
	case 0:
		return list(n.Names)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Import) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Names, v)
	}
	return false
}

// ImportFrom is the node class ImportFrom.
type ImportFrom struct {
	Pos
	Module string
	Names  []*Alias
	Level  int
}

var classImportFrom = Class{Name: "ImportFrom", Sum: "stmt", Positions: true, Fields: []Field{{"module", "id?"}, {"names", "alias*"}, {"level", "int"}}, New: func() Node { return new(ImportFrom) }}

// Class returns the description of the node's class.
func (*ImportFrom) Class() *Class { return &classImportFrom }
func (*ImportFrom) isStmt()       {}

// Get returns field i; see Node.
func (n *ImportFrom) Get(i int) any {
	switch i {
	case 0:
		return n.Module
	case 1:
		return list(n.Names)
	case 2:
		return n.Level
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *ImportFrom) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Module, v)
	case 1:
		return putList(&n.Names, v)
	case 2:
		return put(&n.Level, v)
	}
	return false
}

// Global is the node class Global.
type Global struct {
	Pos
	Names []string
}

var classGlobal = Class{Name: "Global", Sum: "stmt", Positions: true, Fields: []Field{{"names", "ids"}}, New: func() Node { return new(Global) }}

// Class returns the description of the node's class.
func (*Global) Class() *Class { return &classGlobal }
func (*Global) isStmt()       {}

// Get returns field i; see Node.
func (n *Global) Get(i int) any {
	switch i {
	case 0:
		return n.Names
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Global) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Names, v)
	}
	return false
}

// Nonlocal is the node class Nonlocal.
type Nonlocal struct {
	Pos
	Names []string
}

var classNonlocal = Class{Name: "Nonlocal", Sum: "stmt", Positions: true, Fields: []Field{{"names", "ids"}}, New: func() Node { return new(Nonlocal) }}

// Class returns the description of the node's class.
func (*Nonlocal) Class() *Class { return &classNonlocal }
func (*Nonlocal) isStmt()       {}

// Get returns field i; see Node.
func (n *Nonlocal) Get(i int) any {
	switch i {
	case 0:
		return n.Names
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Nonlocal) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Names, v)
	}
	return false
}

// ExprStmt is the node class Expr.
type ExprStmt struct {
	Pos
	Value Expr
}

var classExprStmt = Class{Name: "Expr", Sum: "stmt", Positions: true, Fields: []Field{{"value", "expr"}}, New: func() Node { return new(ExprStmt) }}

// Class returns the description of the node's class.
func (*ExprStmt) Class() *Class { return &classExprStmt }
func (*ExprStmt) isStmt()       {}

// Get returns field i; see Node.
func (n *ExprStmt) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *ExprStmt) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	}
	return false
}

// Pass is the node class Pass.
type Pass struct {
	Pos
}

var classPass = Class{Name: "Pass", Sum: "stmt", Positions: true, Fields: []Field{}, New: func() Node { return new(Pass) }}

// Class returns the description of the node's class.
func (*Pass) Class() *Class { return &classPass }
func (*Pass) isStmt()       {}

// Get returns field i; see Node.
func (n *Pass) Get(i int) any {
	switch i {
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Pass) Set(i int, v any) bool {
	switch i {
	}
	return false
}

// Break is the node class Break.
type Break struct {
	Pos
}

var classBreak = Class{Name: "Break", Sum: "stmt", Positions: true, Fields: []Field{}, New: func() Node { return new(Break) }}

// Class returns the description of the node's class.
func (*Break) Class() *Class { return &classBreak }
func (*Break) isStmt()       {}

// Get returns field i; see Node.
func (n *Break) Get(i int) any {
	switch i {
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Break) Set(i int, v any) bool {
	switch i {
	}
	return false
}

// Continue is the node class Continue.
type Continue struct {
	Pos
}

var classContinue = Class{Name: "Continue", Sum: "stmt", Positions: true, Fields: []Field{}, New: func() Node { return new(Continue) }}

// Class returns the description of the node's class.
func (*Continue) Class() *Class { return &classContinue }
func (*Continue) isStmt()       {}

// Get returns field i; see Node.
func (n *Continue) Get(i int) any {
	switch i {
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Continue) Set(i int, v any) bool {
	switch i {
	}
	return false
}

// BoolOp is the node class BoolOp.
type BoolOp struct {
	Pos
	Op     BoolOperator
	Values []Expr
}

var classBoolOp = Class{Name: "BoolOp", Sum: "expr", Positions: true, Fields: []Field{{"op", "boolop"}, {"values", "expr*"}}, New: func() Node { return new(BoolOp) }}

// Class returns the description of the node's class.
func (*BoolOp) Class() *Class { return &classBoolOp }
func (*BoolOp) isExpr()       {}

// Get returns field i; see Node.
func (n *BoolOp) Get(i int) any {
	switch i {
	case 0:
		return n.Op
	case 1:
		return list(n.Values)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *BoolOp) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Op, v)
	case 1:
		return putList(&n.Values, v)
	}
	return false
}

// NamedExpr is the node class NamedExpr.
type NamedExpr struct {
	Pos
	Target Expr
	Value  Expr
}

var classNamedExpr = Class{Name: "NamedExpr", Sum: "expr", Positions: true, Fields: []Field{{"target", "expr"}, {"value", "expr"}}, New: func() Node { return new(NamedExpr) }}

// Class returns the description of the node's class.
func (*NamedExpr) Class() *Class { return &classNamedExpr }
func (*NamedExpr) isExpr()       {}

// Get returns field i; see Node.
func (n *NamedExpr) Get(i int) any {
	switch i {
	case 0:
		return one(n.Target)
	case 1:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *NamedExpr) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Target, v)
	case 1:
		return putOne(&n.Value, v)
	}
	return false
}

// BinOp is the node class BinOp.
type BinOp struct {
	Pos
	Left  Expr
	Op    Operator
	Right Expr
}

var classBinOp = Class{Name: "BinOp", Sum: "expr", Positions: true, Fields: []Field{{"left", "expr"}, {"op", "operator"}, {"right", "expr"}}, New: func() Node { return new(BinOp) }}

// Class returns the description of the node's class.
func (*BinOp) Class() *Class { return &classBinOp }
func (*BinOp) isExpr()       {}

// Get returns field i; see Node.
func (n *BinOp) Get(i int) any {
	switch i {
	case 0:
		return one(n.Left)
	case 1:
		return n.Op
	case 2:
		return one(n.Right)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *BinOp) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Left, v)
	case 1:
		return put(&n.Op, v)
	case 2:
		return putOne(&n.Right, v)
	}
	return false
}

// UnaryOp is the node class UnaryOp.
type UnaryOp struct {
	Pos
	Op      UnaryOperator
	Operand Expr
}

var classUnaryOp = Class{Name: "UnaryOp", Sum: "expr", Positions: true, Fields: []Field{{"op", "unaryop"}, {"operand", "expr"}}, New: func() Node { return new(UnaryOp) }}

// Class returns the description of the node's class.
func (*UnaryOp) Class() *Class { return &classUnaryOp }
func (*UnaryOp) isExpr()       {}

// Get returns field i; see Node.
func (n *UnaryOp) Get(i int) any {
	switch i {
	case 0:
		return n.Op
	case 1:
		return one(n.Operand)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *UnaryOp) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Op, v)
	case 1:
		return putOne(&n.Operand, v)
	}
	return false
}

// Lambda is the node class Lambda.
type Lambda struct {
	Pos
	Args *Arguments
	Body Expr
}

var classLambda = Class{Name: "Lambda", Sum: "expr", Positions: true, Fields: []Field{{"args", "arguments"}, {"body", "expr"}}, New: func() Node { return new(Lambda) }}

// Class returns the description of the node's class.
func (*Lambda) Class() *Class { return &classLambda }
func (*Lambda) isExpr()       {}

// Get returns field i; see Node.
func (n *Lambda) Get(i int) any {
	switch i {
	case 0:
		return one(n.Args)
	case 1:
		return one(n.Body)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Lambda) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Args, v)
	case 1:
		return putOne(&n.Body, v)
	}
	return false
}

// IfExp is the node class IfExp.
type IfExp struct {
	Pos
	Test   Expr
	Body   Expr
	Orelse Expr
}

var classIfExp = Class{Name: "IfExp", Sum: "expr", Positions: true, Fields: []Field{{"test", "expr"}, {"body", "expr"}, {"orelse", "expr"}}, New: func() Node { return new(IfExp) }}

// Class returns the description of the node's class.
func (*IfExp) Class() *Class { return &classIfExp }
func (*IfExp) isExpr()       {}

// Get returns field i; see Node.
func (n *IfExp) Get(i int) any {
	switch i {
	case 0:
		return one(n.Test)
	case 1:
		return one(n.Body)
	case 2:
		return one(n.Orelse)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *IfExp) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Test, v)
	case 1:
		return putOne(&n.Body, v)
	case 2:
		return putOne(&n.Orelse, v)
	}
	return false
}

// Dict is the node class Dict.
type Dict struct {
	Pos
	Keys   []Expr
	Values []Expr
}

var classDict = Class{Name: "Dict", Sum: "expr", Positions: true, Fields: []Field{{"keys", "expr*"}, {"values", "expr*"}}, New: func() Node { return new(Dict) }}

// Class returns the description of the node's class.
func (*Dict) Class() *Class { return &classDict }
func (*Dict) isExpr()       {}

// Get returns field i; see Node.
func (n *Dict) Get(i int) any {
	switch i {
	case 0:
		return list(n.Keys)
	case 1:
		return list(n.Values)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Dict) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Keys, v)
	case 1:
		return putList(&n.Values, v)
	}
	return false
}

// Set is the node class Set.
type Set struct {
	Pos
	Elts []Expr
}

var classSet = Class{Name: "Set", Sum: "expr", Positions: true, Fields: []Field{{"elts", "expr*"}}, New: func() Node { return new(Set) }}

// Class returns the description of the node's class.
func (*Set) Class() *Class { return &classSet }
func (*Set) isExpr()       {}

// Get returns field i; see Node.
func (n *Set) Get(i int) any {
	switch i {
	case 0:
		return list(n.Elts)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Set) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Elts, v)
	}
	return false
}

// ListComp is the node class ListComp.
type ListComp struct {
	Pos
	Elt        Expr
	Generators []*Comprehension
}

var classListComp = Class{Name: "ListComp", Sum: "expr", Positions: true, Fields: []Field{{"elt", "expr"}, {"generators", "comprehension*"}}, New: func() Node { return new(ListComp) }}

// Class returns the description of the node's class.
func (*ListComp) Class() *Class { return &classListComp }
func (*ListComp) isExpr()       {}

// Get returns field i; see Node.
func (n *ListComp) Get(i int) any {
	switch i {
	case 0:
		return one(n.Elt)
	case 1:
		return list(n.Generators)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *ListComp) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Elt, v)
	case 1:
		return putList(&n.Generators, v)
	}
	return false
}

// SetComp is the node class SetComp.
type SetComp struct {
	Pos
	Elt        Expr
	Generators []*Comprehension
}

var classSetComp = Class{Name: "SetComp", Sum: "expr", Positions: true, Fields: []Field{{"elt", "expr"}, {"generators", "comprehension*"}}, New: func() Node { return new(SetComp) }}

// Class returns the description of the node's class.
func (*SetComp) Class() *Class { return &classSetComp }
func (*SetComp) isExpr()       {}

// Get returns field i; see Node.
func (n *SetComp) Get(i int) any {
	switch i {
	case 0:
		return one(n.Elt)
	case 1:
		return list(n.Generators)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *SetComp) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Elt, v)
	case 1:
		return putList(&n.Generators, v)
	}
	return false
}

// DictComp is the node class DictComp.
type DictComp struct {
	Pos
	Key        Expr
	Value      Expr
	Generators []*Comprehension
}

var classDictComp = Class{Name: "DictComp", Sum: "expr", Positions: true, Fields: []Field{{"key", "expr"}, {"value", "expr"}, {"generators", "comprehension*"}}, New: func() Node { return new(DictComp) }}

// Class returns the description of the node's class.
func (*DictComp) Class() *Class { return &classDictComp }
func (*DictComp) isExpr()       {}

// Get returns field i; see Node.
func (n *DictComp) Get(i int) any {
	switch i {
	case 0:
		return one(n.Key)
	case 1:
		return one(n.Value)
	case 2:
		return list(n.Generators)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *DictComp) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Key, v)
	case 1:
		return putOne(&n.Value, v)
	case 2:
		return putList(&n.Generators, v)
	}
	return false
}

// GeneratorExp is the node class GeneratorExp.
type GeneratorExp struct {
	Pos
	Elt        Expr
	Generators []*Comprehension
}

var classGeneratorExp = Class{Name: "GeneratorExp", Sum: "expr", Positions: true, Fields: []Field{{"elt", "expr"}, {"generators", "comprehension*"}}, New: func() Node { return new(GeneratorExp) }}

// Class returns the description of the node's class.
func (*GeneratorExp) Class() *Class { return &classGeneratorExp }
func (*GeneratorExp) isExpr()       {}

// Get returns field i; see Node.
func (n *GeneratorExp) Get(i int) any {
	switch i {
	case 0:
		return one(n.Elt)
	case 1:
		return list(n.Generators)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *GeneratorExp) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Elt, v)
	case 1:
		return putList(&n.Generators, v)
	}
	return false
}

// Await is the node class Await.
type Await struct {
	Pos
	Value Expr
}

var classAwait = Class{Name: "Await", Sum: "expr", Positions: true, Fields: []Field{{"value", "expr"}}, New: func() Node { return new(Await) }}

// Class returns the description of the node's class.
func (*Await) Class() *Class { return &classAwait }
func (*Await) isExpr()       {}

// Get returns field i; see Node.
func (n *Await) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Await) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	}
	return false
}

// Yield is the node class Yield.
type Yield struct {
	Pos
	Value Expr
}

var classYield = Class{Name: "Yield", Sum: "expr", Positions: true, Fields: []Field{{"value", "expr?"}}, New: func() Node { return new(Yield) }}

// Class returns the description of the node's class.
func (*Yield) Class() *Class { return &classYield }
func (*Yield) isExpr()       {}

// Get returns field i; see Node.
func (n *Yield) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Yield) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	}
	return false
}

// YieldFrom is the node class YieldFrom.
type YieldFrom struct {
	Pos
	Value Expr
}

var classYieldFrom = Class{Name: "YieldFrom", Sum: "expr", Positions: true, Fields: []Field{{"value", "expr"}}, New: func() Node { return new(YieldFrom) }}

// Class returns the description of the node's class.
func (*YieldFrom) Class() *Class { return &classYieldFrom }
func (*YieldFrom) isExpr()       {}

// Get returns field i; see Node.
func (n *YieldFrom) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *YieldFrom) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	}
	return false
}

// Compare is the node class Compare.
type Compare struct {
	Pos
	Left        Expr
	Ops         []CmpOperator
	Comparators []Expr
}

var classCompare = Class{Name: "Compare", Sum: "expr", Positions: true, Fields: []Field{{"left", "expr"}, {"ops", "cmpop*"}, {"comparators", "expr*"}}, New: func() Node { return new(Compare) }}

// Class returns the description of the node's class.
func (*Compare) Class() *Class { return &classCompare }
func (*Compare) isExpr()       {}

// Get returns field i; see Node.
func (n *Compare) Get(i int) any {
	switch i {
	case 0:
		return one(n.Left)
	case 1:
		return n.Ops
	case 2:
		return list(n.Comparators)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Compare) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Left, v)
	case 1:
		return put(&n.Ops, v)
	case 2:
		return putList(&n.Comparators, v)
	}
	return false
}

// Call is the node class Call.
type Call struct {
	Pos
	Func     Expr
	Args     []Expr
	Keywords []*Keyword
}

var classCall = Class{Name: "Call", Sum: "expr", Positions: true, Fields: []Field{{"func", "expr"}, {"args", "expr*"}, {"keywords", "keyword*"}}, New: func() Node { return new(Call) }}

// Class returns the description of the node's class.
func (*Call) Class() *Class { return &classCall }
func (*Call) isExpr()       {}

// Get returns field i; see Node.
func (n *Call) Get(i int) any {
	switch i {
	case 0:
		return one(n.Func)
	case 1:
		return list(n.Args)
	case 2:
		return list(n.Keywords)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Call) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Func, v)
	case 1:
		return putList(&n.Args, v)
	case 2:
		return putList(&n.Keywords, v)
	}
	return false
}

// FormattedValue is the node class FormattedValue.
type FormattedValue struct {
	Pos
	Value      Expr
	Conversion int
	FormatSpec Expr
}

var classFormattedValue = Class{Name: "FormattedValue", Sum: "expr", Positions: true, Fields: []Field{{"value", "expr"}, {"conversion", "int"}, {"format_spec", "expr?"}}, New: func() Node { return new(FormattedValue) }}

// Class returns the description of the node's class.
func (*FormattedValue) Class() *Class { return &classFormattedValue }
func (*FormattedValue) isExpr()       {}

// Get returns field i; see Node.
func (n *FormattedValue) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	case 1:
		return n.Conversion
	case 2:
		return one(n.FormatSpec)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *FormattedValue) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	case 1:
		return put(&n.Conversion, v)
	case 2:
		return putOne(&n.FormatSpec, v)
	}
	return false
}

// JoinedStr is the node class JoinedStr.
type JoinedStr struct {
	Pos
	Values []Expr
}

var classJoinedStr = Class{Name: "JoinedStr", Sum: "expr", Positions: true, Fields: []Field{{"values", "expr*"}}, New: func() Node { return new(JoinedStr) }}

// Class returns the description of the node's class.
func (*JoinedStr) Class() *Class { return &classJoinedStr }
func (*JoinedStr) isExpr()       {}

// Get returns field i; see Node.
func (n *JoinedStr) Get(i int) any {
	switch i {
	case 0:
		return list(n.Values)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *JoinedStr) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Values, v)
	}
	return false
}

// Constant is the node class Constant.
type Constant struct {
	Pos
	Value any
	Kind  string
}

var classConstant = Class{Name: "Constant", Sum: "expr", Positions: true, Fields: []Field{{"value", "const"}, {"kind", "str?"}}, New: func() Node { return new(Constant) }}

// Class returns the description of the node's class.
func (*Constant) Class() *Class { return &classConstant }
func (*Constant) isExpr()       {}

// Get returns field i; see Node.
func (n *Constant) Get(i int) any {
	switch i {
	case 0:
		return n.Value
	case 1:
		return n.Kind
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Constant) Set(i int, v any) bool {
	switch i {
	case 0:
		n.Value = v
		return true
	case 1:
		return put(&n.Kind, v)
	}
	return false
}

// Attribute is the node class Attribute.
type Attribute struct {
	Pos
	Value Expr
	Attr  string
	Ctx   Context
}

var classAttribute = Class{Name: "Attribute", Sum: "expr", Positions: true, Fields: []Field{{"value", "expr"}, {"attr", "id"}, {"ctx", "expr_context"}}, New: func() Node { return new(Attribute) }}

// Class returns the description of the node's class.
func (*Attribute) Class() *Class { return &classAttribute }
func (*Attribute) isExpr()       {}

// Get returns field i; see Node.
func (n *Attribute) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	case 1:
		return n.Attr
	case 2:
		return n.Ctx
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Attribute) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	case 1:
		return put(&n.Attr, v)
	case 2:
		return put(&n.Ctx, v)
	}
	return false
}

// Subscript is the node class Subscript.
type Subscript struct {
	Pos
	Value Expr
	Slice Expr
	Ctx   Context
}

var classSubscript = Class{Name: "Subscript", Sum: "expr", Positions: true, Fields: []Field{{"value", "expr"}, {"slice", "expr"}, {"ctx", "expr_context"}}, New: func() Node { return new(Subscript) }}

// Class returns the description of the node's class.
func (*Subscript) Class() *Class { return &classSubscript }
func (*Subscript) isExpr()       {}

// Get returns field i; see Node.
func (n *Subscript) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	case 1:
		return one(n.Slice)
	case 2:
		return n.Ctx
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Subscript) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	case 1:
		return putOne(&n.Slice, v)
	case 2:
		return put(&n.Ctx, v)
	}
	return false
}

// Starred is the node class Starred.
type Starred struct {
	Pos
	Value Expr
	Ctx   Context
}

var classStarred = Class{Name: "Starred", Sum: "expr", Positions: true, Fields: []Field{{"value", "expr"}, {"ctx", "expr_context"}}, New: func() Node { return new(Starred) }}

// Class returns the description of the node's class.
func (*Starred) Class() *Class { return &classStarred }
func (*Starred) isExpr()       {}

// Get returns field i; see Node.
func (n *Starred) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	case 1:
		return n.Ctx
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Starred) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	case 1:
		return put(&n.Ctx, v)
	}
	return false
}

// Name is the node class Name.
type Name struct {
	Pos
	Id  string
	Ctx Context
}

var className = Class{Name: "Name", Sum: "expr", Positions: true, Fields: []Field{{"id", "id"}, {"ctx", "expr_context"}}, New: func() Node { return new(Name) }}

// Class returns the description of the node's class.
func (*Name) Class() *Class { return &className }
func (*Name) isExpr()       {}

// Get returns field i; see Node.
func (n *Name) Get(i int) any {
	switch i {
	case 0:
		return n.Id
	case 1:
		return n.Ctx
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Name) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Id, v)
	case 1:
		return put(&n.Ctx, v)
	}
	return false
}

// List is the node class List.
type List struct {
	Pos
	Elts []Expr
	Ctx  Context
}

var classList = Class{Name: "List", Sum: "expr", Positions: true, Fields: []Field{{"elts", "expr*"}, {"ctx", "expr_context"}}, New: func() Node { return new(List) }}

// Class returns the description of the node's class.
func (*List) Class() *Class { return &classList }
func (*List) isExpr()       {}

// Get returns field i; see Node.
func (n *List) Get(i int) any {
	switch i {
	case 0:
		return list(n.Elts)
	case 1:
		return n.Ctx
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *List) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Elts, v)
	case 1:
		return put(&n.Ctx, v)
	}
	return false
}

// Tuple is the node class Tuple.
type Tuple struct {
	Pos
	Elts []Expr
	Ctx  Context
}

var classTuple = Class{Name: "Tuple", Sum: "expr", Positions: true, Fields: []Field{{"elts", "expr*"}, {"ctx", "expr_context"}}, New: func() Node { return new(Tuple) }}

// Class returns the description of the node's class.
func (*Tuple) Class() *Class { return &classTuple }
func (*Tuple) isExpr()       {}

// Get returns field i; see Node.
func (n *Tuple) Get(i int) any {
	switch i {
	case 0:
		return list(n.Elts)
	case 1:
		return n.Ctx
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Tuple) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Elts, v)
	case 1:
		return put(&n.Ctx, v)
	}
	return false
}

// Slice is the node class Slice.
type Slice struct {
	Pos
	Lower Expr
	Upper Expr
	Step  Expr
}

var classSlice = Class{Name: "Slice", Sum: "expr", Positions: true, Fields: []Field{{"lower", "expr?"}, {"upper", "expr?"}, {"step", "expr?"}}, New: func() Node { return new(Slice) }}

// Class returns the description of the node's class.
func (*Slice) Class() *Class { return &classSlice }
func (*Slice) isExpr()       {}

// Get returns field i; see Node.
func (n *Slice) Get(i int) any {
	switch i {
	case 0:
		return one(n.Lower)
	case 1:
		return one(n.Upper)
	case 2:
		return one(n.Step)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Slice) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Lower, v)
	case 1:
		return putOne(&n.Upper, v)
	case 2:
		return putOne(&n.Step, v)
	}
	return false
}

// Comprehension is the node class comprehension.
type Comprehension struct {
	Target  Expr
	Iter    Expr
	Ifs     []Expr
	IsAsync int
}

var classComprehension = Class{Name: "comprehension", Sum: "comprehension", Positions: false, Fields: []Field{{"target", "expr"}, {"iter", "expr"}, {"ifs", "expr*"}, {"is_async", "int"}}, New: func() Node { return new(Comprehension) }}

// Class returns the description of the node's class.
func (*Comprehension) Class() *Class { return &classComprehension }

// Span returns nil: the class has no positions.
func (*Comprehension) Span() *Pos { return nil }

// Get returns field i; see Node.
func (n *Comprehension) Get(i int) any {
	switch i {
	case 0:
		return one(n.Target)
	case 1:
		return one(n.Iter)
	case 2:
		return list(n.Ifs)
	case 3:
		return n.IsAsync
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Comprehension) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Target, v)
	case 1:
		return putOne(&n.Iter, v)
	case 2:
		return putList(&n.Ifs, v)
	case 3:
		return put(&n.IsAsync, v)
	}
	return false
}

// ExceptHandler is the node class ExceptHandler.
type ExceptHandler struct {
	Pos
	Type Expr
	Name string
	Body []Stmt
}

var classExceptHandler = Class{Name: "ExceptHandler", Sum: "excepthandler", Positions: true, Fields: []Field{{"type", "expr?"}, {"name", "id?"}, {"body", "stmt*"}}, New: func() Node { return new(ExceptHandler) }}

// Class returns the description of the node's class.
func (*ExceptHandler) Class() *Class { return &classExceptHandler }

// Get returns field i; see Node.
func (n *ExceptHandler) Get(i int) any {
	switch i {
	case 0:
		return one(n.Type)
	case 1:
		return n.Name
	case 2:
		return list(n.Body)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *ExceptHandler) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Type, v)
	case 1:
		return put(&n.Name, v)
	case 2:
		return putList(&n.Body, v)
	}
	return false
}

// Arguments is the node class arguments.
type Arguments struct {
	Posonlyargs []*Arg
	Args        []*Arg
	Vararg      *Arg
	Kwonlyargs  []*Arg
	KwDefaults  []Expr
	Kwarg       *Arg
	Defaults    []Expr
}

var classArguments = Class{Name: "arguments", Sum: "arguments", Positions: false, Fields: []Field{{"posonlyargs", "arg*"}, {"args", "arg*"}, {"vararg", "arg?"}, {"kwonlyargs", "arg*"}, {"kw_defaults", "expr*"}, {"kwarg", "arg?"}, {"defaults", "expr*"}}, New: func() Node { return new(Arguments) }}

// Class returns the description of the node's class.
func (*Arguments) Class() *Class { return &classArguments }

// Span returns nil: the class has no positions.
func (*Arguments) Span() *Pos { return nil }

// Get returns field i; see Node.
func (n *Arguments) Get(i int) any {
	switch i {
	case 0:
		return list(n.Posonlyargs)
	case 1:
		return list(n.Args)
	case 2:
		return one(n.Vararg)
	case 3:
		return list(n.Kwonlyargs)
	case 4:
		return list(n.KwDefaults)
	case 5:
		return one(n.Kwarg)
	case 6:
		return list(n.Defaults)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Arguments) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Posonlyargs, v)
	case 1:
		return putList(&n.Args, v)
	case 2:
		return putOne(&n.Vararg, v)
	case 3:
		return putList(&n.Kwonlyargs, v)
	case 4:
		return putList(&n.KwDefaults, v)
	case 5:
		return putOne(&n.Kwarg, v)
	case 6:
		return putList(&n.Defaults, v)
	}
	return false
}

// Arg is the node class arg.
type Arg struct {
	Pos
	Arg         string
	Annotation  Expr
	TypeComment string
}

var classArg = Class{Name: "arg", Sum: "arg", Positions: true, Fields: []Field{{"arg", "id"}, {"annotation", "expr?"}, {"type_comment", "str?"}}, New: func() Node { return new(Arg) }}

// Class returns the description of the node's class.
func (*Arg) Class() *Class { return &classArg }

// Get returns field i; see Node.
func (n *Arg) Get(i int) any {
	switch i {
	case 0:
		return n.Arg
	case 1:
		return one(n.Annotation)
	case 2:
		return n.TypeComment
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Arg) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Arg, v)
	case 1:
		return putOne(&n.Annotation, v)
	case 2:
		return put(&n.TypeComment, v)
	}
	return false
}

// Keyword is the node class keyword.
type Keyword struct {
	Pos
	Arg   string
	Value Expr
}

var classKeyword = Class{Name: "keyword", Sum: "keyword", Positions: true, Fields: []Field{{"arg", "id?"}, {"value", "expr"}}, New: func() Node { return new(Keyword) }}

// Class returns the description of the node's class.
func (*Keyword) Class() *Class { return &classKeyword }

// Get returns field i; see Node.
func (n *Keyword) Get(i int) any {
	switch i {
	case 0:
		return n.Arg
	case 1:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Keyword) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Arg, v)
	case 1:
		return putOne(&n.Value, v)
	}
	return false
}

// Alias is the node class alias.
type Alias struct {
	Pos
	Name   string
	Asname string
}

var classAlias = Class{Name: "alias", Sum: "alias", Positions: true, Fields: []Field{{"name", "id"}, {"asname", "id?"}}, New: func() Node { return new(Alias) }}

// Class returns the description of the node's class.
func (*Alias) Class() *Class { return &classAlias }

// Get returns field i; see Node.
func (n *Alias) Get(i int) any {
	switch i {
	case 0:
		return n.Name
	case 1:
		return n.Asname
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *Alias) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Name, v)
	case 1:
		return put(&n.Asname, v)
	}
	return false
}

// WithItem is the node class withitem.
type WithItem struct {
	ContextExpr  Expr
	OptionalVars Expr
}

var classWithItem = Class{Name: "withitem", Sum: "withitem", Positions: false, Fields: []Field{{"context_expr", "expr"}, {"optional_vars", "expr?"}}, New: func() Node { return new(WithItem) }}

// Class returns the description of the node's class.
func (*WithItem) Class() *Class { return &classWithItem }

// Span returns nil: the class has no positions.
func (*WithItem) Span() *Pos { return nil }

// Get returns field i; see Node.
func (n *WithItem) Get(i int) any {
	switch i {
	case 0:
		return one(n.ContextExpr)
	case 1:
		return one(n.OptionalVars)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *WithItem) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.ContextExpr, v)
	case 1:
		return putOne(&n.OptionalVars, v)
	}
	return false
}

// MatchCase is the node class match_case.
type MatchCase struct {
	Pattern Pattern
	Guard   Expr
	Body    []Stmt
}

var classMatchCase = Class{Name: "match_case", Sum: "match_case", Positions: false, Fields: []Field{{"pattern", "pattern"}, {"guard", "expr?"}, {"body", "stmt*"}}, New: func() Node { return new(MatchCase) }}

// Class returns the description of the node's class.
func (*MatchCase) Class() *Class { return &classMatchCase }

// Span returns nil: the class has no positions.
func (*MatchCase) Span() *Pos { return nil }

// Get returns field i; see Node.
func (n *MatchCase) Get(i int) any {
	switch i {
	case 0:
		return one(n.Pattern)
	case 1:
		return one(n.Guard)
	case 2:
		return list(n.Body)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *MatchCase) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Pattern, v)
	case 1:
		return putOne(&n.Guard, v)
	case 2:
		return putList(&n.Body, v)
	}
	return false
}

// MatchValue is the node class MatchValue.
type MatchValue struct {
	Pos
	Value Expr
}

var classMatchValue = Class{Name: "MatchValue", Sum: "pattern", Positions: true, Fields: []Field{{"value", "expr"}}, New: func() Node { return new(MatchValue) }}

// Class returns the description of the node's class.
func (*MatchValue) Class() *Class { return &classMatchValue }
func (*MatchValue) isPattern()    {}

// Get returns field i; see Node.
func (n *MatchValue) Get(i int) any {
	switch i {
	case 0:
		return one(n.Value)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *MatchValue) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Value, v)
	}
	return false
}

// MatchSingleton is the node class MatchSingleton.
type MatchSingleton struct {
	Pos
	Value any
}

var classMatchSingleton = Class{Name: "MatchSingleton", Sum: "pattern", Positions: true, Fields: []Field{{"value", "const"}}, New: func() Node { return new(MatchSingleton) }}

// Class returns the description of the node's class.
func (*MatchSingleton) Class() *Class { return &classMatchSingleton }
func (*MatchSingleton) isPattern()    {}

// Get returns field i; see Node.
func (n *MatchSingleton) Get(i int) any {
	switch i {
	case 0:
		return n.Value
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *MatchSingleton) Set(i int, v any) bool {
	switch i {
	case 0:
		n.Value = v
		return true
	}
	return false
}

// MatchSequence is the node class MatchSequence.
type MatchSequence struct {
	Pos
	Patterns []Pattern
}

var classMatchSequence = Class{Name: "MatchSequence", Sum: "pattern", Positions: true, Fields: []Field{{"patterns", "pattern*"}}, New: func() Node { return new(MatchSequence) }}

// Class returns the description of the node's class.
func (*MatchSequence) Class() *Class { return &classMatchSequence }
func (*MatchSequence) isPattern()    {}

// Get returns field i; see Node.
func (n *MatchSequence) Get(i int) any {
	switch i {
	case 0:
		return list(n.Patterns)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *MatchSequence) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Patterns, v)
	}
	return false
}

// MatchMapping is the node class MatchMapping.
type MatchMapping struct {
	Pos
	Keys     []Expr
	Patterns []Pattern
	Rest     string
}

var classMatchMapping = Class{Name: "MatchMapping", Sum: "pattern", Positions: true, Fields: []Field{{"keys", "expr*"}, {"patterns", "pattern*"}, {"rest", "id?"}}, New: func() Node { return new(MatchMapping) }}

// Class returns the description of the node's class.
func (*MatchMapping) Class() *Class { return &classMatchMapping }
func (*MatchMapping) isPattern()    {}

// Get returns field i; see Node.
func (n *MatchMapping) Get(i int) any {
	switch i {
	case 0:
		return list(n.Keys)
	case 1:
		return list(n.Patterns)
	case 2:
		return n.Rest
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *MatchMapping) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Keys, v)
	case 1:
		return putList(&n.Patterns, v)
	case 2:
		return put(&n.Rest, v)
	}
	return false
}

// MatchClass is the node class MatchClass.
type MatchClass struct {
	Pos
	Cls         Expr
	Patterns    []Pattern
	KwdAttrs    []string
	KwdPatterns []Pattern
}

var classMatchClass = Class{Name: "MatchClass", Sum: "pattern", Positions: true, Fields: []Field{{"cls", "expr"}, {"patterns", "pattern*"}, {"kwd_attrs", "ids"}, {"kwd_patterns", "pattern*"}}, New: func() Node { return new(MatchClass) }}

// Class returns the description of the node's class.
func (*MatchClass) Class() *Class { return &classMatchClass }
func (*MatchClass) isPattern()    {}

// Get returns field i; see Node.
func (n *MatchClass) Get(i int) any {
	switch i {
	case 0:
		return one(n.Cls)
	case 1:
		return list(n.Patterns)
	case 2:
		return n.KwdAttrs
	case 3:
		return list(n.KwdPatterns)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *MatchClass) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Cls, v)
	case 1:
		return putList(&n.Patterns, v)
	case 2:
		return put(&n.KwdAttrs, v)
	case 3:
		return putList(&n.KwdPatterns, v)
	}
	return false
}

// MatchStar is the node class MatchStar.
type MatchStar struct {
	Pos
	Name string
}

var classMatchStar = Class{Name: "MatchStar", Sum: "pattern", Positions: true, Fields: []Field{{"name", "id?"}}, New: func() Node { return new(MatchStar) }}

// Class returns the description of the node's class.
func (*MatchStar) Class() *Class { return &classMatchStar }
func (*MatchStar) isPattern()    {}

// Get returns field i; see Node.
func (n *MatchStar) Get(i int) any {
	switch i {
	case 0:
		return n.Name
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *MatchStar) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Name, v)
	}
	return false
}

// MatchAs is the node class MatchAs.
type MatchAs struct {
	Pos
	Pattern Pattern
	Name    string
}

var classMatchAs = Class{Name: "MatchAs", Sum: "pattern", Positions: true, Fields: []Field{{"pattern", "pattern?"}, {"name", "id?"}}, New: func() Node { return new(MatchAs) }}

// Class returns the description of the node's class.
func (*MatchAs) Class() *Class { return &classMatchAs }
func (*MatchAs) isPattern()    {}

// Get returns field i; see Node.
func (n *MatchAs) Get(i int) any {
	switch i {
	case 0:
		return one(n.Pattern)
	case 1:
		return n.Name
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *MatchAs) Set(i int, v any) bool {
	switch i {
	case 0:
		return putOne(&n.Pattern, v)
	case 1:
		return put(&n.Name, v)
	}
	return false
}

// MatchOr is the node class MatchOr.
type MatchOr struct {
	Pos
	Patterns []Pattern
}

var classMatchOr = Class{Name: "MatchOr", Sum: "pattern", Positions: true, Fields: []Field{{"patterns", "pattern*"}}, New: func() Node { return new(MatchOr) }}

// Class returns the description of the node's class.
func (*MatchOr) Class() *Class { return &classMatchOr }
func (*MatchOr) isPattern()    {}

// Get returns field i; see Node.
func (n *MatchOr) Get(i int) any {
	switch i {
	case 0:
		return list(n.Patterns)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *MatchOr) Set(i int, v any) bool {
	switch i {
	case 0:
		return putList(&n.Patterns, v)
	}
	return false
}

// TypeIgnore is the node class TypeIgnore.
type TypeIgnore struct {
	Lineno int
	Tag    string
}

var classTypeIgnore = Class{Name: "TypeIgnore", Sum: "type_ignore", Positions: false, Fields: []Field{{"lineno", "int"}, {"tag", "str"}}, New: func() Node { return new(TypeIgnore) }}

// Class returns the description of the node's class.
func (*TypeIgnore) Class() *Class { return &classTypeIgnore }

// Span returns nil: the class has no positions.
func (*TypeIgnore) Span() *Pos { return nil }

// Get returns field i; see Node.
func (n *TypeIgnore) Get(i int) any {
	switch i {
	case 0:
		return n.Lineno
	case 1:
		return n.Tag
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *TypeIgnore) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Lineno, v)
	case 1:
		return put(&n.Tag, v)
	}
	return false
}

// TypeVar is the node class TypeVar.
type TypeVar struct {
	Pos
	Name         string
	Bound        Expr
	DefaultValue Expr
}

var classTypeVar = Class{Name: "TypeVar", Sum: "type_param", Positions: true, Fields: []Field{{"name", "id"}, {"bound", "expr?"}, {"default_value", "expr?"}}, New: func() Node { return new(TypeVar) }}

// Class returns the description of the node's class.
func (*TypeVar) Class() *Class { return &classTypeVar }
func (*TypeVar) isTypeParam()  {}

// Get returns field i; see Node.
func (n *TypeVar) Get(i int) any {
	switch i {
	case 0:
		return n.Name
	case 1:
		return one(n.Bound)
	case 2:
		return one(n.DefaultValue)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *TypeVar) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Name, v)
	case 1:
		return putOne(&n.Bound, v)
	case 2:
		return putOne(&n.DefaultValue, v)
	}
	return false
}

// ParamSpec is the node class ParamSpec.
type ParamSpec struct {
	Pos
	Name         string
	DefaultValue Expr
}

var classParamSpec = Class{Name: "ParamSpec", Sum: "type_param", Positions: true, Fields: []Field{{"name", "id"}, {"default_value", "expr?"}}, New: func() Node { return new(ParamSpec) }}

// Class returns the description of the node's class.
func (*ParamSpec) Class() *Class { return &classParamSpec }
func (*ParamSpec) isTypeParam()  {}

// Get returns field i; see Node.
func (n *ParamSpec) Get(i int) any {
	switch i {
	case 0:
		return n.Name
	case 1:
		return one(n.DefaultValue)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *ParamSpec) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Name, v)
	case 1:
		return putOne(&n.DefaultValue, v)
	}
	return false
}

// TypeVarTuple is the node class TypeVarTuple.
type TypeVarTuple struct {
	Pos
	Name         string
	DefaultValue Expr
}

var classTypeVarTuple = Class{Name: "TypeVarTuple", Sum: "type_param", Positions: true, Fields: []Field{{"name", "id"}, {"default_value", "expr?"}}, New: func() Node { return new(TypeVarTuple) }}

// Class returns the description of the node's class.
func (*TypeVarTuple) Class() *Class { return &classTypeVarTuple }
func (*TypeVarTuple) isTypeParam()  {}

// Get returns field i; see Node.
func (n *TypeVarTuple) Get(i int) any {
	switch i {
	case 0:
		return n.Name
	case 1:
		return one(n.DefaultValue)
	}
	return nil
}

// Set stores v in field i; see Node.
func (n *TypeVarTuple) Set(i int, v any) bool {
	switch i {
	case 0:
		return put(&n.Name, v)
	case 1:
		return putOne(&n.DefaultValue, v)
	}
	return false
}

// Classes are the node classes in the order of the grammar.
var Classes = [...]*Class{
	&classModule,
	&classInteractive,
	&classExpression,
	&classFunctionType,
	&classFunctionDef,
	&classAsyncFunctionDef,
	&classClassDef,
	&classReturn,
	&classDelete,
	&classAssign,
	&classTypeAlias,
	&classAugAssign,
	&classAnnAssign,
	&classFor,
	&classAsyncFor,
	&classWhile,
	&classIf,
	&classWith,
	&classAsyncWith,
	&classMatch,
	&classRaise,
	&classTry,
	&classTryStar,
	&classAssert,
	&classImport,
	&classImportFrom,
	&classGlobal,
	&classNonlocal,
	&classExprStmt,
	&classPass,
	&classBreak,
	&classContinue,
	&classBoolOp,
	&classNamedExpr,
	&classBinOp,
	&classUnaryOp,
	&classLambda,
	&classIfExp,
	&classDict,
	&classSet,
	&classListComp,
	&classSetComp,
	&classDictComp,
	&classGeneratorExp,
	&classAwait,
	&classYield,
	&classYieldFrom,
	&classCompare,
	&classCall,
	&classFormattedValue,
	&classJoinedStr,
	&classConstant,
	&classAttribute,
	&classSubscript,
	&classStarred,
	&className,
	&classList,
	&classTuple,
	&classSlice,
	&classComprehension,
	&classExceptHandler,
	&classArguments,
	&classArg,
	&classKeyword,
	&classAlias,
	&classWithItem,
	&classMatchCase,
	&classMatchValue,
	&classMatchSingleton,
	&classMatchSequence,
	&classMatchMapping,
	&classMatchClass,
	&classMatchStar,
	&classMatchAs,
	&classMatchOr,
	&classTypeIgnore,
	&classTypeVar,
	&classParamSpec,
	&classTypeVarTuple,
}
