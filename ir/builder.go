package ir

import "math"

// Builder appends instructions at the end of a block. It checks nothing:
// Verify does. The methods for plain ops are generated from the op table.
type Builder struct {
	Func  *Func
	Block *Block
	Pos   Pos // given to every instruction made
}

// NewBuilder returns a builder for f positioned at a new entry block with the
// function's parameters.
func NewBuilder(f *Func) *Builder {
	b := &Builder{Func: f, Block: f.NewBlock()}
	for _, t := range f.Sig.Params {
		b.Block.AddParam(t)
	}
	return b
}

// Param returns the function's i-th parameter.
func (b *Builder) Param(i int) *Value { return b.Func.Blocks[0].Params[i] }

// At moves the builder to a block.
func (b *Builder) At(blk *Block) { b.Block = blk }

// NewBlock makes a block with parameters of the given types, without moving to it.
func (b *Builder) NewBlock(params ...Type) *Block {
	blk := b.Func.NewBlock()
	for _, t := range params {
		blk.AddParam(t)
	}
	return blk
}

func (b *Builder) inst(op Op, t Type, args ...*Value) *Value {
	v := b.Block.Add(op, t, args...)
	v.Pos = b.Pos
	return v
}

func (b *Builder) result(of *Value, k int, t Type) *Value {
	v := b.Block.AddResult(of, k, t)
	v.Pos = b.Pos
	return v
}

// Const appends an integer or address constant.
func (b *Builder) Const(t Type, x int64) *Value {
	v := b.inst(OpConst, t)
	v.Imm = x
	return v
}

// Int appends an i64 constant.
func (b *Builder) Int(x int64) *Value { return b.Const(I64, x) }

// Float appends a float constant of type F32 or F64.
func (b *Builder) Float(t Type, x float64) *Value {
	if t == F32 {
		return b.Const(F32, int64(math.Float32bits(float32(x))))
	}
	return b.Const(F64, int64(math.Float64bits(x)))
}

// RefConst appends a Go pointer constant.
func (b *Builder) RefConst(c *RefConst) *Value {
	v := b.inst(OpRefconst, Ref)
	v.Aux = c
	return v
}

// SymAddr appends the address of a function or global of the module.
func (b *Builder) SymAddr(s Symbol) *Value {
	v := b.inst(OpSymaddr, Ptr)
	v.Aux = s
	return v
}

// StackAddr appends a stack slot of size bytes.
func (b *Builder) StackAddr(size int64) *Value {
	v := b.inst(OpStackaddr, Ptr)
	v.Imm = size
	return v
}

// Addrof appends base + index + off.
func (b *Builder) Addrof(base, index *Value, off int64) *Value {
	v := b.inst(OpAddrof, base.Type, base, index)
	v.Imm = off
	return v
}

// Load appends a load of a t from addr + off.
func (b *Builder) Load(t Type, addr *Value, off int64, mem Mem) *Value {
	v := b.inst(OpLoad, t, addr)
	v.Imm, v.Mem = off, mem
	return v
}

// Store appends a store of x to addr + off.
func (b *Builder) Store(addr *Value, off int64, x *Value, mem Mem) *Value {
	v := b.inst(OpStore, Void, addr, x)
	v.Imm, v.Mem = off, mem
	return v
}

// Alloc appends the allocation of an object.
func (b *Builder) Alloc(t *TypeDesc) *Value {
	v := b.inst(OpAlloc, Ref)
	v.Aux = t
	return v
}

// AllocArray appends the allocation of n objects in a row.
func (b *Builder) AllocArray(t *TypeDesc, n *Value) *Value {
	v := b.inst(OpAllocarray, Ref, n)
	v.Aux = t
	return v
}

// Memmove appends a copy of n bytes.
func (b *Builder) Memmove(dst, src, n *Value) { b.inst(OpMemmove, Void, dst, src, n) }

// Memzero appends the zeroing of n bytes.
func (b *Builder) Memzero(dst, n *Value) { b.inst(OpMemzero, Void, dst, n) }

// Call appends a call and returns its results.
func (b *Builder) Call(f *Func, args ...*Value) []*Value {
	return b.call(OpCall, &CallInfo{Callee: f, Sig: f.Sig}, args)
}

// Icall appends an indirect call and returns its results.
func (b *Builder) Icall(entry *Value, sig Signature, args ...*Value) []*Value {
	return b.call(OpIcall, &CallInfo{Sig: sig}, append([]*Value{entry}, args...))
}

func (b *Builder) call(op Op, info *CallInfo, args []*Value) []*Value {
	t := Void
	if len(info.Sig.Results) > 0 {
		t = info.Sig.Results[0]
	}
	v := b.inst(op, t, args...)
	v.Aux = info
	if t == Void {
		return nil
	}
	results := []*Value{v}
	for k := 1; k < len(info.Sig.Results); k++ {
		results = append(results, b.result(v, k, info.Sig.Results[k]))
	}
	return results
}

// Guard appends a guard with an exit number and the values to hand over.
func (b *Builder) Guard(cond *Value, exit int64, live ...*Value) *Value {
	v := b.inst(OpGuard, Void, append([]*Value{cond}, live...)...)
	v.Imm = exit
	return v
}

func (b *Builder) end(op Op, args ...*Value) *End {
	b.Block.End = End{Op: op, Args: append([]*Value(nil), args...), Pos: b.Pos}
	return &b.Block.End
}

// Jump ends the block.
func (b *Builder) Jump(to *Block, args ...*Value) {
	b.end(OpJump).Succs = []Edge{{To: to, Args: append([]*Value(nil), args...)}}
}

// Br ends the block with a conditional branch; the edges' argument slices are kept.
func (b *Builder) Br(cond *Value, then, els Edge) {
	b.end(OpBr, cond).Succs = []Edge{then, els}
}

// To makes an edge.
func To(b *Block, args ...*Value) Edge { return Edge{To: b, Args: append([]*Value(nil), args...)} }

// Switch ends the block; edges[i] belongs to cases[i].
func (b *Builder) Switch(x *Value, cases []int64, edges []Edge, def Edge) {
	e := b.end(OpSwitch, x)
	e.Cases = append([]int64(nil), cases...)
	e.Succs = append(append([]Edge(nil), edges...), def)
}

// Ret ends the block.
func (b *Builder) Ret(results ...*Value) { b.end(OpRet, results...) }

// TailCall ends the block.
func (b *Builder) TailCall(f *Func, args ...*Value) {
	b.end(OpTailcall, args...).Call = &CallInfo{Callee: f, Sig: f.Sig}
}

// Exit ends the block by leaving compiled code.
func (b *Builder) Exit(exit int64, live ...*Value) { b.end(OpExit, live...).Imm = exit }

// Trap ends the block.
func (b *Builder) Trap(code TrapCode) { b.end(OpTrap).Imm = int64(code) }

// Unreachable ends the block.
func (b *Builder) Unreachable() { b.end(OpUnreachable) }
