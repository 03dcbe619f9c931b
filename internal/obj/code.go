package obj

import (
	"unsafe"

	"martlet/ir"
)

// Code is one compiled function (or bridge). Immutable once handed over.
type Code struct {
	Name string // symbol name, for people and tools
	Sig  Sig    // of the function; of a bridge, that of the function it belongs to

	// Text is the machine code, Pool the constants (16-byte aligned). At installation Pool is placed in the same
	// mapping at Text + PoolOffset(len(Text)): the code generator resolves its own rip-relative references to it, and
	// jump tables (32-bit offsets relative to the table's start), without relocations.
	Text []byte
	Pool []byte

	Relocs []Reloc
	Syms   []string // names used by Relocs

	// RefConsts are Go objects whose addresses are embedded (RelRefConst). The installed code keeps them alive.
	// Code with RefConsts cannot be cached on disk.
	RefConsts []unsafe.Pointer

	Types []*ir.TypeDesc // Go types whose type words are embedded (RelType)

	// Cells are 8-byte data cells, writable while the code runs and within reach of it (RelCell).
	Cells []CellInit

	Exits []Exit // by exit number
	Joins []Join // places where a bridge may go on in this code
	Sites []Exit // of kind ExitSite, ascending Off: live values at calls (may be empty when nobody forces frames)
	Lines []Line // ascending Off

	FrameSize int32 // bytes between RBP and the lowest RSP of the function's own frame (outgoing arguments included)
	RefSlots  int32 // ref slots of an activation: R13 is advanced by 8*RefSlots around calls
	Hot       bool  // placed apart from code that is not
	Frameless bool  // a leaf without RBP frame, exits or calls (faults and traps excepted)

	Deps []string // names of assumption tokens that the code depends on
	Kind string   // level or role for statistics: "quick", "full", "bridge"
}

// PoolOffset is where the pool starts for a text of n bytes.
func PoolOffset(n int) int { return (n + 15) &^ 15 }

// Size is the number of bytes that the code occupies when installed.
func (c *Code) Size() int {
	if len(c.Pool) == 0 {
		return len(c.Text)
	}
	return PoolOffset(len(c.Text)) + len(c.Pool)
}

// RelocKind says what is written at a relocation.
type RelocKind uint8

const (
	// RelEntryPC32: 32-bit displacement (from the end of the field) to the entry cell of Syms[Index]. For mov r12, [rip+d]; call r12.
	RelEntryPC32 RelocKind = iota
	// RelEntryAbs64: 64-bit address of the entry cell of Syms[Index]. This is the value of a function pointer.
	RelEntryAbs64
	// RelDataAbs64: 64-bit address of the datum Syms[Index], plus Addend.
	RelDataAbs64
	// RelCellPC32: 32-bit displacement (from the end of the field) to Cells[Index].
	RelCellPC32
	// RelRefConst: 64-bit address of RefConsts[Index].
	RelRefConst
	// RelGoFunc: 32-bit id of the Go function Syms[Index], for CtxGoFunc.
	RelGoFunc
	// RelTextAbs64: 64-bit address of this code's text, plus Addend.
	RelTextAbs64
	// RelType: 64-bit type word of Types[Index], for word 0 of GoAlloc.
	RelType
)

var relocNames = [...]string{"entry.pc32", "entry.abs64", "data.abs64", "cell.pc32", "ref.abs64", "gofunc.32", "text.abs64", "type.abs64"}

func (k RelocKind) String() string { return relocNames[k] }

// Size is the number of bytes that the relocation writes.
func (k RelocKind) Size() int {
	switch k {
	case RelEntryPC32, RelCellPC32, RelGoFunc:
		return 4
	}
	return 8
}

// Reloc is a place in Text (or, with an Off beyond it, in the installed image including Pool) to fill in. A PC32
// displacement counts from the end of the 4-byte field plus Tail, the number of instruction bytes behind the field
// (an immediate: cmp dword [rip+d], imm8 has Tail 1).
type Reloc struct {
	Kind   RelocKind
	Tail   uint8
	Off    int32
	Index  int32
	Addend int64
}

// CellKind says what a data cell holds at first.
type CellKind uint8

const (
	// CellText is the address of Text+Value (a default target).
	CellText CellKind = iota
	// CellConst is Value itself (a counter).
	CellConst
	// CellParent is the address of the parent's Text+Value (where a bridge joins it).
	CellParent
)

// CellInit is the initial state of a patchable data cell.
type CellInit struct {
	Kind  CellKind
	Value int64
}

// LocKind is the kind of a location.
type LocKind uint8

const (
	// LocNone: the value is dead or unknown.
	LocNone LocKind = iota
	// LocReg: in Reg, found in the Context's save area at an exit that saves registers. Never a ref.
	LocReg
	// LocStack: in the 8 bytes at RBP + Off.
	LocStack
	// LocRef: in this activation's ref slot Off (address R13 + 8*Off, where R13 is the activation's base).
	LocRef
	// LocConst: the constant Const (a float by its bits).
	LocConst
	// LocRefConst: RefConsts[Off]; Off < 0 is nil.
	LocRefConst
)

// Loc is the location of one live value.
type Loc struct {
	Kind  LocKind
	Type  Kind
	Reg   Reg
	Off   int32
	Const uint64
}

// Exit is one exit of a Code (or, in Sites, a call with what is live across it).
type Exit struct {
	Kind ExitKind
	ID   int32 // the IR's own number for it (guard id, trap code position, block of a loop), -1 if none
	Arg  int32 // ir.TrapCode for traps; loop header block for ExitHot (-1: function entry)

	// Off is the return address of the exit's call instruction as a text offset: it identifies the exit, and is where a
	// resumable exit goes on.
	Off int32

	// RefAdvance is the number of slots by which R13 stood above the activation's base at the exit (RefSlots at a
	// GoCall, which advances R13 as a call does; otherwise 0).
	RefAdvance int32

	// Cell is the data cell through which the exit sequence is reached (a bridge overwrites it), or -1.
	Cell int32

	Live []Loc // in the order of the IR's list of values

	// Thru says, for each join point that can be reached from here, what a bridge must move besides the join's
	// parameters: values that the code at the join uses and that are the same there as here.
	Thru []Thru
}

// Join is a block of a Code that a bridge may jump to, with RSP = RBP - FrameSize and R13 as at the bridge's entry. The
// values of an Exit's Thru must be in place, and the block's parameters in Params; LocNone: not wanted.
type Join struct {
	Block  int32 // ID of the IR block
	Off    int32 // text offset
	Params []Loc
}

// Thru lists the moves that take an exit's registers and slots to where a join point wants them. Unlike in Exit.Live, a
// ref may be in a register (it still is when the jump through the exit's cell is taken).
type Thru struct {
	Join  int32 // index in Joins
	Moves []Move
}

// Move is a value's way from one location to another of the same type.
type Move struct{ From, To Loc }

// Line maps a text offset to the IR value it was generated for, and to the author's source position (0: none).
type Line struct {
	Off   int32
	Value int32
	Pos   int32
}
