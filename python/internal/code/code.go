package code

import "sort"

// Const is a constant: nil (None), bool, int64, *big.Int (only beyond int64), float64, complex128, string (UTF-8, lone
// surrogates in the same scheme), Bytes, Tuple, FrozenSet, Ellipsis or *Code.
type Const any

// Bytes is a bytes constant.
type Bytes string

// Tuple is a tuple constant.
type Tuple []Const

// FrozenSet is a frozenset constant, in order of first appearance, without duplicates.
type FrozenSet []Const

// Ellipsis is the constant `...`.
type Ellipsis struct{}

// Flags are co_flags, with CPython's values.
type Flags uint32

// The flags of a Code.
const (
	Optimized         Flags = 0x1 // locals are registers
	NewLocals         Flags = 0x2
	VarArgs           Flags = 0x4
	VarKeywords       Flags = 0x8
	Nested            Flags = 0x10
	Generator         Flags = 0x20
	Coroutine         Flags = 0x80
	IterableCoroutine Flags = 0x100
	AsyncGenerator    Flags = 0x200
	FutureDivision    Flags = 0x20000
	FutureAbsImport   Flags = 0x40000
	FutureWith        Flags = 0x80000
	FuturePrint       Flags = 0x100000
	FutureUnicode     Flags = 0x200000
	FutureBarry       Flags = 0x400000
	FutureGenStop     Flags = 0x800000
	FutureAnnotations Flags = 0x1000000
	HasDocstring      Flags = 0x4000000 // Consts[0] is the docstring
	Method            Flags = 0x8000000

	// FutureMask are the flags that `from __future__` sets and compile() hands on.
	FutureMask = FutureDivision | FutureAbsImport | FutureWith | FuturePrint | FutureUnicode | FutureBarry | FutureGenStop | FutureAnnotations
)

// Code is compiled Python code: immutable once made.
type Code struct {
	Name, QualName, Filename string
	FirstLine                int32 // co_firstlineno: of the first decorator if there is one
	ArgCount                 int   // positional arguments, positional-only ones included
	PosOnly                  int   // of these, positional-only
	KwOnly                   int   // keyword-only arguments
	Flags                    Flags
	NRegs                    int      // registers of a frame
	VarNames                 []string // names of the local registers, arguments first; NLocals = len(VarNames)
	NVisible                 int      // of VarNames, the first NVisible are co_varnames; the rest are variables of inlined comprehensions: f_locals shows such a one, under its name, only while it is bound
	CellVars                 []string // names of the cell registers
	CellArgs                 []int32  // for each cell the argument register whose value moves into it when the frame starts, or -1
	FreeVars                 []string // names of the closure's cells
	NHiddenCells             int      // the last NHiddenCells of CellVars belong to inlined comprehensions
	Consts                   []Const
	Names                    []string   // co_names: globals, attributes, imports
	Sites                    []uint32   // attribute site -> index in Names; one site per instruction, for inline caches
	KwSites                  []KwSite   // keyword call sites
	FuncSites                []FuncSite // makefunc sites
	Instrs                   []Instr
	Exc                      []ExcEntry // sorted by Start, disjoint
	Positions                []Pos      // one for each instruction
}

// KwSite describes a call with keywords.
type KwSite struct {
	NPos  int      // positional arguments
	Names []string // of the keyword arguments that follow them
}

// FuncSite describes a function to be made.
type FuncSite struct {
	Code     int       // index in Consts of its *Code
	Flags    FuncFlags // which registers follow
	Captures []int32   // for each free variable of Code: own cell i as i (index in CellVars), own free variable i as ^i
}

// FuncFlags says which operands makefunc has, in this order from register b on.
type FuncFlags uint8

// The operands of makefunc.
const (
	FuncDefaults    FuncFlags = 1 // tuple of defaults
	FuncKwDefaults  FuncFlags = 2 // dict of keyword-only defaults
	FuncAnnotations FuncFlags = 4 // tuple name, value, name, value ...
)

// Count returns how many registers makefunc reads.
func (f FuncFlags) Count() int { return int(f&1 + f>>1&1 + f>>2&1) }

// ExcEntry says that an exception raised by the instructions [Start, End) goes to Handler with the exception in Reg.
type ExcEntry struct {
	Start, End, Handler uint32
	Reg                 uint16
}

// Pos is the source range of an instruction: lines from 1, columns in UTF-8 bytes from 0; Line 0 means no position
// (an artificial instruction), Col -1 no column.
type Pos struct{ Line, EndLine, Col, EndCol int32 }

// NLocals is the number of local registers.
func (c *Code) NLocals() int { return len(c.VarNames) }

// CellBase is the first cell register.
func (c *Code) CellBase() int { return len(c.VarNames) }

// TempBase is the first temporary register.
func (c *Code) TempBase() int { return len(c.VarNames) + len(c.CellVars) }

// NArgs is the number of argument registers, *args and **kwargs included.
func (c *Code) NArgs() int {
	n := c.ArgCount + c.KwOnly
	if c.Flags&VarArgs != 0 {
		n++
	}
	if c.Flags&VarKeywords != 0 {
		n++
	}
	return n
}

// Handler returns the exception table entry that covers pc, or nil.
func (c *Code) Handler(pc int) *ExcEntry {
	i := sort.Search(len(c.Exc), func(i int) bool { return int(c.Exc[i].End) > pc })
	if i < len(c.Exc) && int(c.Exc[i].Start) <= pc {
		return &c.Exc[i]
	}
	return nil
}

// Doc returns the docstring, if there is one.
func (c *Code) Doc() (string, bool) {
	if c.Flags&HasDocstring == 0 || len(c.Consts) == 0 {
		return "", false
	}
	s, ok := c.Consts[0].(string)
	return s, ok
}

// IsGenerator reports whether a call makes a generator, coroutine or async generator.
func (c *Code) IsGenerator() bool { return c.Flags&(Generator|Coroutine|AsyncGenerator) != 0 }
