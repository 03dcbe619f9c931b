// Package symtable finds out, for every name in every block of a program, what it is: local, global, free, cell.
//
//	symtable.go  Table, Block, Symbol; Build
//	visit.go     first pass: walks the tree and notes definitions and uses in their blocks
//	analyze.go   second pass: decides scopes, from the outermost block inward and back
//	future.go    from __future__ statements
//	mangle.go    private names
//
// The rules are those of the language reference (chapter "Execution model", PEP 227, 572, 695, 709); error texts and their places are
// CPython 3.13's.
//
// List, set and dict comprehensions are inlined in the code of the block that contains them (Block.Inlined), except in annotation
// scopes that see a class's names. They keep blocks of their own: the compiler gives an inlined comprehension's variables registers
// (or cells) of their own, so the names never meet those of the outer block.
package symtable

import (
	"fmt"

	"martlet/python/ast"
)

// Kind is the kind of a block.
type Kind uint8

// The kinds of blocks.
const (
	Module Kind = iota
	Class
	Function
	Annotation   // of a module with from __future__ import annotations: never compiled
	TypeParams   // the scope of type parameters
	TypeAlias    // the value of a type alias
	TypeVariable // a bound or default of a type parameter
)

// Comprehension is the kind of comprehension a block belongs to.
type Comprehension uint8

// The kinds of comprehensions.
const (
	NoComprehension Comprehension = iota
	ListComp
	SetComp
	DictComp
	GeneratorExp
)

// Flags say how a name occurs in a block.
type Flags uint16

// The ways a name can occur.
const (
	DefGlobal Flags = 1 << iota
	DefLocal
	DefParam
	DefNonlocal
	Use
	DefFreeClass // of a class: also free in a nested function
	DefImport
	DefAnnot
	DefCompIter
	DefTypeParam
	DefNamed // target of :=
	DefDel   // deleted by del or at the end of an except clause

	// Bound are the flags that bind a name.
	Bound = DefLocal | DefParam | DefImport | DefTypeParam
)

// Scope is where a name lives.
type Scope uint8

// The scopes.
const (
	Unknown Scope = iota
	Local
	GlobalExplicit
	GlobalImplicit
	Free
	Cell
)

// Symbol is a name in a block.
type Symbol struct {
	Name  string
	Flags Flags
	Scope Scope
}

// Block is a module, class body, function, comprehension or annotation scope.
type Block struct {
	Kind             Kind
	Name             string
	Symbols          map[string]*Symbol
	Order            []*Symbol // in order of first occurrence
	Params           []string  // parameter names as they become registers
	Children         []*Block
	Comprehension    Comprehension
	Inlined          bool // a comprehension compiled into its parent
	Nested           bool // inside a function
	Generator        bool
	Coroutine        bool
	VarArgs          bool
	VarKeywords      bool
	NeedsClassCell   bool // a class whose methods use __class__
	NeedsClassDict   bool // a class whose annotation scopes use its names
	CanSeeClassScope bool // an annotation scope directly in a class
	Pos              ast.Pos
	Private          string // the class whose name mangles private names
	hasFree          bool
	childFree        bool
	iterTarget       bool // visiting a comprehension's first target
	iterExpr         int  // visiting comprehension iterables
	scopeInfo        string
	directives       []directive
}

type directive struct {
	name string
	pos  ast.Pos
}

// Key finds a block: the node that made it, and which of that node's blocks.
type Key struct {
	Node ast.Node
	Kind Kind
}

// Table is the symbol table of a program.
type Table struct {
	Top    *Block
	Blocks map[Key]*Block
	Future Future
}

// Error is a SyntaxError (or RecursionError) found by this package or the compiler.
type Error struct {
	Kind string // "SyntaxError", "RecursionError"
	Msg  string
	Pos  ast.Pos // EndCol -1: no end column
	None bool    // no place
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s (line %d)", e.Kind, e.Msg, e.Pos.Line) }

// Build makes the symbol table of a tree.
func Build(m ast.Mod, inherited Future) (t *Table, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			t, err = nil, e
		}
	}()
	v := &visitor{table: &Table{Blocks: make(map[Key]*Block)}}
	v.table.Future = parseFuture(m)
	v.table.Future.Features |= inherited.Features
	v.module(m)
	analyzeTop(v.table.Top)
	return v.table, nil
}

// Function reports whether b's names are a function's: locals in registers.
func (b *Block) Function() bool {
	return b.Kind == Function || b.Kind >= Annotation
}

// Lookup returns the symbol of a (mangled) name, or nil.
func (b *Block) Lookup(name string) *Symbol { return b.Symbols[name] }

func fail(pos ast.Pos, format string, args ...any) {
	panic(&Error{Kind: "SyntaxError", Msg: fmt.Sprintf(format, args...), Pos: pos})
}
