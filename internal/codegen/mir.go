package codegen

import (
	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// Machine IR. A function is one array of instructions, one array of operands
// and one array of blocks; everything refers to everything by index. Virtual
// registers are in SSA form: each has one definition.
//
// Positions number the moments of the program: instruction i owns the four
// positions 4i to 4i+3.
//
//	4i    the gap before it: split moves, and moves into fixed registers
//	4i+1  early: operands are read
//	4i+2  late: results are written; late uses are still being read
//	4i+3  the gap after it: moves out of fixed registers
//
// The moves of one position are parallel.

// vreg is a virtual register, from 1; 0 is none.
type vreg int32

// loc is where a value is: 0 nowhere, 1 to 32 a register (1 + obj.Reg), then
// stack slots, ref slots and constants.
type loc int32

const (
	noLoc     loc = 0
	locSpill  loc = 33      // in the vreg's own slot, number not assigned yet
	locStack0 loc = 1 << 10 // stack slot 0
	locRef0   loc = 1 << 24 // ref slot 0
	locConst0 loc = 1 << 28 // constant 0 of the constant list
	locRemat0 loc = 1 << 29 // not kept: vreg 0 is made anew where needed
)

func regLoc(r obj.Reg) loc  { return loc(r) + 1 }
func (l loc) isReg() bool   { return l >= 1 && l <= 32 }
func (l loc) reg() obj.Reg  { return obj.Reg(l - 1) }
func (l loc) isXmm() bool   { return l >= 17 && l <= 32 }
func (l loc) isStack() bool { return l >= locStack0 && l < locRef0 }
func (l loc) isRef() bool   { return l >= locRef0 && l < locConst0 }
func (l loc) isConst() bool { return l >= locConst0 && l < locRemat0 }
func (l loc) isRemat() bool { return l >= locRemat0 }
func (l loc) isMem() bool   { return l >= locSpill && l < locConst0 }

// mop is a machine operation; its operands are listed as d (definition), s
// (source), m (base and index of a memory operand, when present).
type mop uint8

const (
	mNop      mop = iota
	mLabel        // block head; definitions are the block's parameters
	mEntry        // function entry; fixed definitions are the parameters
	mArgOut       // s: store outgoing argument at [rsp+disp], or callee's ref slot disp when sub is 1; sub 2: at [rbp+disp], sub 3: in ref slot disp (joins)
	mArgIn        // d: load parameter at [rbp+16+disp]; sub 1: from ref slot disp; sub 2: at [rbp+disp]
	mCopy         // d, s
	mConst        // d: integer constant imm
	mConstF       // d: float constant with bits imm
	mSym          // d: address of symbol aux
	mRefConst     // d: Go pointer aux
	mAlu          // d=s0, s1 | m | imm: sub is the amd64.Alu
	mAluM         // m op= s | imm, in memory
	mCmp          // s0, s1 | m | imm: sets flags
	mCmpM         // m, s | imm: sets flags
	mTest         // s0, s1 | imm: sets flags
	mTestM        // m, imm: sets flags
	mLea          // d: m
	mNot          // d=s0
	mNeg          // d=s0
	mNotM         // [m]
	mNegM         // [m]
	mMul          // d=s0, s1 | m
	mMulI         // d, s0 | m, imm
	mMulHi        // rdx = high half of rax * s1; sub 1 is signed
	mDiv          // rax, rdx; sub: bit 0 signed, bit 1 remainder; aux != 0: divisor may be -1
	mShiftI       // d=s0, imm
	mShiftX       // d, s0, s1 (BMI2)
	mShiftC       // d=s0, s1 in rcx
	mRorx         // d, s0, imm
	mScan         // d, s0: sub is amd64.BitScan
	mScanSlow     // d, s0: clz or ctz without lzcnt/tzcnt; early d
	mBswap        // d=s0
	mMovzx        // d, s0: from width w
	mMovsx        // d, s0: from width w to width sub
	mLoad         // d, m: integer, zero-extended
	mLoadS        // d, m: sign-extended to width sub
	mLoadF        // d, m
	mStore        // m, s
	mStoreI       // m, imm
	mStoreF       // m, s
	mStoreRef     // m, s, temps: with write barrier
	mSse          // d=s0, s1 | m: sub is amd64.Sse
	mSseU         // d, s0 | m: not tied
	mUcomi        // s0, s1 | m: sets flags
	mRound        // d, s0 | m: imm is the mode
	mFConst       // d=s0 op packed constant imm: sub is amd64.Sse (sign flips and masks)
	mFMin         // d=s0, s1; sub 1 is max
	mFma          // d=s0 (addend), s1, s2
	mCvtIF        // d (float width w), s0 (int width sub)
	mCvtUF        // d, s0: unsigned 64 to float; early d, temp
	mCvtFI        // d (int width w), s0 (float width sub)
	mCvtFU        // d: unsigned 64, s0, float temp; early d
	mMovRX        // d int, s0 float
	mMovXR        // d float, s0 int
	mSet          // d: cc
	mSetNP        // d: cc and not parity (float equality); early d, temp
	mCmov         // d=s0, s1: when cc
	mSelF         // d=s0, s1: when cc, by a jump
	mAddc         // d=s0, s1, carry: sub is Adc or Sbb; the carry operand is consumed into CF first
	mSlot         // d: address of stack area at offset imm
	mZeroArea     // zero the stack areas (entry)
	mCall         // fixed uses and definitions; aux symbol
	mICall        // the same with the entry cell's address in s0
	mGoCall       // Go helper aux; operands any; definitions from words
	mMemmove      // fixed rdi, rsi, rcx
	mMemzero      // fixed rdi, rcx; clobbers rax
	mTail         // tail call; fixed uses; aux symbol; sub 1: as call and return; sub 2: into the parent's join aux
	mGuard        // leaves by exit aux when cc holds; live operands any
	mExit         // leaves by exit aux; live operands any
	mPoll         // safepoint
	mTrapIf       // traps with code imm when cc holds
	mTrap         // traps with code imm
	mRet          // fixed uses
	mJmp          // edge arguments any
	mJcc          // cc to succ 0, else succ 1
	mJccP         // jump on float condition that needs the parity flag: sub 0 is and-not-parity (eq), 1 is or-parity (ne)
	mJmpTab       // s0 index, temps; jump table over succs
	mGuardP       // guard on a float equality: as mJccP
	numMops
)

// operand flags.
type opKind uint8

const (
	kUse     opKind = iota // read early
	kUseLate               // read until the results are written
	kDef                   // written late
	kDefE                  // written early: shares no register with a use
	kTemp                  // scratch register for the whole instruction
)

type opCon uint8

const (
	conReg   opCon = iota // any register of the class
	conAny                // register or slot
	conNone               // anywhere, and no wish for a register (exits, edges)
	conFixed              // register reg
	conImm                // constant reg-less operand: loc is already set
)

// operand is a use, definition or temporary of an instruction.
type operand struct {
	v    vreg
	loc  loc
	kind opKind
	con  opCon
	reg  obj.Reg
	t    ir.Type // exits: the value's type
	tied bool    // definition in the register of the instruction's first source
}

func (o *operand) isDef() bool { return o.kind == kDef || o.kind == kDefE }
func (o *operand) isUse() bool { return o.kind <= kUseLate }

// memory operand bits of inst.mem: the base and index are the last operands.
const (
	memYes   = 1 << iota // the instruction has a memory operand
	memBase              // with a base operand
	memIndex             // with an index operand
	memPool              // in the constant pool: disp is the offset
	immYes               // the instruction has an immediate instead of the second source
)

// inst is a machine instruction.
type inst struct {
	op    mop
	w     amd64.Width
	cc    amd64.Cond
	sub   uint8
	mem   uint8
	scale uint8
	nop   uint16
	opnd  int32
	disp  int32
	imm   int64
	aux   int32
	val   int32 // ID of the IR value + 1, 0: none
	line  int32 // the author's line, 0: none
}

// mblock is a basic block of machine instructions.
type mblock struct {
	first, last int32 // instructions [first, last]
	succ        int32 // offset in Compiler.edges
	nsucc       int32
	pred        int32 // offset in Compiler.predEdges
	npred       int32
	loop        int32 // innermost loop, -1: none
	freq        float32
	src         int32 // index in Compiler.order of the IR block, -1: an edge block
	poll        bool
	label       amd64.Label
	emitted     bool
}

// loop is a natural loop; its blocks lie between header and last in block order, mostly without others between.
type loop struct {
	header int32
	parent int32
	last   int32 // last block
	depth  int32
}

// vinfo describes a virtual register.
type vinfo struct {
	float bool
	ref   bool
	remat mop // mConst, mConstF, mRefConst: how to make it anew; mNop: not at all
	w     amd64.Width
	aux   int32
	imm   int64
	hintV vreg // a register to share with
	hintW vreg // another
	hintR loc  // a fixed register wished for
}
