package ir

import "unsafe"

// ID is a dense number within a function (or module): it indexes side tables.
type ID int32

// Pos is a source position: an index into the module's Files and a line and
// column; the zero Pos is unknown.
type Pos struct {
	File uint16 // 1-based index into Module.Files
	Col  uint16
	Line int32
}

// Linkage says who can see a symbol and who may drop it.
type Linkage uint8

// The linkages.
const (
	External            Linkage = iota // visible to every module
	Internal                           // visible in its own module only
	AvailableExternally                // a body for inlining only; the symbol itself is defined elsewhere
	Declared                           // no body: defined in another module
	DeclaredGo                         // no body: a Go function, reached through an exit
)

// Module is a unit of IR: functions, globals and types that refer to each other
// by name. A module is built by one goroutine; once handed to an engine it is
// not changed any more.
type Module struct {
	Name    string
	Files   []string
	Funcs   []*Func // definitions and declarations, in order
	Globals []*Global
	Types   []*TypeDesc
	Classes []string // names of alias classes by number; "" where a class has none

	funcs   map[string]*Func
	globals map[string]*Global
	types   map[string]*TypeDesc
}

// NewModule returns an empty module.
func NewModule(name string) *Module {
	return &Module{Name: name, funcs: map[string]*Func{}, globals: map[string]*Global{}, types: map[string]*TypeDesc{}}
}

// Symbol is a Func or a Global.
type Symbol interface{ SymbolName() string }

// Func is a function: a declaration if it has no blocks. Blocks[0] is the
// entry; its parameters are the function's.
type Func struct {
	Name     string
	Sig      Signature
	Linkage  Linkage
	Used     bool // pinned: module passes must keep it
	Elidable bool // a call may be removed, shared or folded: its result depends on its arguments only and it has no visible effect
	Cold     bool // calls are off the hot path (slow helpers): a hint for layout and inlining
	Module   *Module
	Blocks   []*Block
	Pos      Pos

	nvalues int32 // ids handed out
	nblocks int32
	slab    []Value
	lazy    *lazyBody // of ParseLazy

	valueNames, blockNames nameTable
}

// SymbolName returns the function's name.
func (f *Func) SymbolName() string { return f.Name }

// IsDecl reports whether f has no body.
func (f *Func) IsDecl() bool { return f.Linkage == Declared || f.Linkage == DeclaredGo }

// Entry returns the first block.
func (f *Func) Entry() *Block { return f.Blocks[0] }

// NumValues returns the bound of value ids: side tables indexed by Value.ID have this length.
func (f *Func) NumValues() int { return int(f.nvalues) }

// NumBlocks returns the bound of block ids.
func (f *Func) NumBlocks() int { return int(f.nblocks) }

// Global is a datum outside Go's heap.
type Global struct {
	Name    string
	Linkage Linkage
	Used    bool
	Const   bool    // never written
	Align   int     // a power of two
	Size    int     // bytes
	Init    []byte  // initial bytes; zero beyond
	Relocs  []Reloc // addresses stored into the initial bytes
	Module  *Module
}

// SymbolName returns the global's name.
func (g *Global) SymbolName() string { return g.Name }

// Reloc is an 8-byte address in a global's initial value.
type Reloc struct {
	Offset int
	Sym    string
	Addend int64
}

// TypeDesc describes a Go object for alloc and for scalar replacement.
type TypeDesc struct {
	Name string
	Size int   // bytes
	Ptrs []int // offsets of the Go pointers in it, ascending
	// GoType is the runtime type word (the data word of an any holding a
	// reflect.Type), or nil: then the executor makes a type of this layout.
	GoType unsafe.Pointer
}

// RefConst is the payload of refconst.
type RefConst struct {
	Name string
	Ptr  unsafe.Pointer
}

// GoFunc is a Go function as compiled code, the interpreter and the generating
// extension call it. Parameters that are not refs arrive in words in their
// order (integers sign-extended, floats as their bits, F32 in the low half),
// refs in refs in theirs; results are left in the same way, from index 0. Both
// slices are long enough for the larger of parameters and results.
type GoFunc func(words []uint64, refs []unsafe.Pointer)

// Block is a basic block: parameters, then instructions, then one end.
type Block struct {
	ID     ID
	Func   *Func
	Params []*Value // Op == OpParam, Imm == position
	Insts  []*Value // instructions in order; the results of a multiple-result op follow it directly
	End    End
	Preds  []*Block // filled by Func.ComputePreds, one entry per edge, in the order of blocks and edges
	Weight float32  // relative execution frequency; 0 is unknown, negative is cold
}

// End is a block's terminator.
type End struct {
	Op    Op // OpJump … OpUnreachable; OpInvalid while the block is being built
	Args  []*Value
	Succs []Edge    // jump: 1; br: 2 (taken, else); switch: cases in order of Cases, then default
	Cases []int64   // switch: the case constants, sign-extended
	Imm   int64     // exit number, trap number
	Call  *CallInfo // tailcall
	Pos   Pos
	Aux   any // exit: payload of the maker's (genext: the snapshot), not printed
}

// Edge is a jump to a block with arguments for its parameters.
type Edge struct {
	To     *Block
	Args   []*Value
	Weight float32 // relative frequency of this edge among its block's; 0 is unknown
}

// Value is an instruction, or a further result of one, or a block parameter.
type Value struct {
	ID    ID
	Op    Op
	Type  Type // of the (first) result; Void if there is none
	Mem   Mem  // load and store
	Block *Block
	Args  []*Value
	Imm   int64 // see the op table
	Aux   any   // *CallInfo (call, icall), Symbol (symaddr), *TypeDesc (alloc), *RefConst; guard: payload of the maker's, not printed
	Pos   Pos
	args3 [3]*Value // storage of short Args
}

// Mem describes a memory access.
type Mem struct {
	Class AliasClass
	Flags MemFlags
}

// AliasClass partitions memory: accesses of different non-zero classes never
// touch the same bytes. Class 0 may touch anything. Classes are numbers of the
// front end's choosing (a field of a type, elements of a kind of array).
type AliasClass uint16

// MemFlags are properties of a memory access.
type MemFlags uint8

// The flags.
const (
	Immutable MemFlags = 1 << iota // load: the memory never changes once visible
	NonTrap                        // the address is known to be good: the access may be moved and executed speculatively
	NoBarrier                      // store.ref: no write barrier needed
)

// CallInfo is what a call calls.
type CallInfo struct {
	Callee *Func     // call: a definition or declaration in the same module; nil for icall
	Sig    Signature // the callee's
}

// IsConst reports whether v is an integer, float or address constant.
func (v *Value) IsConst() bool { return v.Op == OpConst }

// Call returns the CallInfo of a call or icall.
func (v *Value) Call() *CallInfo { return v.Aux.(*CallInfo) }

// NumResults returns the number of results of the instruction.
func (v *Value) NumResults() int {
	switch v.Op {
	case OpCall, OpIcall:
		return len(v.Call().Sig.Results)
	}
	return len(v.Op.Info().Results)
}

// AddFunc adds a function definition or declaration; its name must be new.
func (m *Module) AddFunc(name string, sig Signature, link Linkage) *Func {
	f := &Func{Name: name, Sig: sig, Linkage: link, Module: m}
	m.Funcs = append(m.Funcs, f)
	m.funcs[name] = f
	return f
}

// AddGlobal adds a global; its name must be new.
func (m *Module) AddGlobal(g *Global) *Global {
	g.Module = m
	if g.Align == 0 {
		g.Align = 8
	}
	m.Globals = append(m.Globals, g)
	m.globals[g.Name] = g
	return g
}

// AddType adds an object type; its name must be new.
func (m *Module) AddType(t *TypeDesc) *TypeDesc {
	m.Types = append(m.Types, t)
	m.types[t.Name] = t
	return t
}

// Func returns the function with a name, or nil.
func (m *Module) Func(name string) *Func { return m.funcs[name] }

// Global returns the global with a name, or nil.
func (m *Module) Global(name string) *Global { return m.globals[name] }

// Type returns the object type with a name, or nil.
func (m *Module) Type(name string) *TypeDesc { return m.types[name] }

// NewBlock appends an empty block.
func (f *Func) NewBlock() *Block {
	b := &Block{ID: ID(f.nblocks), Func: f}
	f.nblocks++
	f.Blocks = append(f.Blocks, b)
	return b
}

// newValue returns a value with the next id, from a slab: values are many and
// live as long as their function.
func (f *Func) newValue() *Value {
	if len(f.slab) == 0 {
		f.slab = make([]Value, min(max(16, int(f.nvalues)/2), 512))
	}
	v := &f.slab[0]
	f.slab = f.slab[1:]
	v.ID = ID(f.nvalues)
	f.nvalues++
	return v
}

// SetArgs replaces the operands, copying the slice.
func (v *Value) SetArgs(args ...*Value) {
	if len(args) <= len(v.args3) {
		v.Args = v.args3[:copy(v.args3[:], args)]
		return
	}
	v.Args = append([]*Value(nil), args...)
}

// AddParam appends a parameter to a block. The caller adds the arguments on the edges.
func (b *Block) AddParam(t Type) *Value {
	v := b.Func.newValue()
	v.Op, v.Type, v.Block, v.Imm = OpParam, t, b, int64(len(b.Params))
	b.Params = append(b.Params, v)
	return v
}

// NewValue makes an instruction that is in no block yet. Passes insert it into Insts themselves.
func (f *Func) NewValue(op Op, t Type, args ...*Value) *Value {
	v := f.newValue()
	v.Op, v.Type = op, t
	v.SetArgs(args...)
	return v
}

// Add appends an instruction to the block and returns it (its first result).
func (b *Block) Add(op Op, t Type, args ...*Value) *Value {
	v := b.Func.NewValue(op, t, args...)
	v.Block = b
	b.Insts = append(b.Insts, v)
	return v
}

// AddResult appends the projection of result k ≥ 1 of the instruction just added.
func (b *Block) AddResult(of *Value, k int, t Type) *Value {
	v := b.Add(OpResult, t, of)
	v.Imm = int64(k)
	return v
}

// ComputePreds fills Preds of all blocks.
func (f *Func) ComputePreds() {
	for _, b := range f.Blocks {
		b.Preds = b.Preds[:0]
	}
	for _, b := range f.Blocks {
		for i := range b.End.Succs {
			to := b.End.Succs[i].To
			to.Preds = append(to.Preds, b)
		}
	}
}

// Filter drops the functions and globals that keep does not want. The caller
// sees to it that nothing kept mentions what is dropped.
func (m *Module) Filter(keep func(Symbol) bool) {
	funcs, globals := m.Funcs[:0], m.Globals[:0]
	for _, f := range m.Funcs {
		if keep(f) {
			funcs = append(funcs, f)
		} else {
			delete(m.funcs, f.Name)
		}
	}
	for _, g := range m.Globals {
		if keep(g) {
			globals = append(globals, g)
		} else {
			delete(m.globals, g.Name)
		}
	}
	m.Funcs, m.Globals = funcs, globals
}
