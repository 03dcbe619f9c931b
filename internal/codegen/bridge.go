package codegen

import (
	"slices"

	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// Bridge says which exit of which code a function continues.
//
// The function's parameters are the exit's live values, in order; its results
// are the parent's. The bridge is entered by the jump through the exit's data
// cell, in the parent's frame, and finds its parameters where the exit's table
// says. Its own slots lie below the parent's frame and above the parent's ref
// slots; a return leaves the parent's frame. The parent's graph is not needed.
//
// Or it goes on in the parent: Joins gives names to join points of the parent
// (Code.Joins, recorded with Target.Joins), and a tail call of a function
// declared under that name, with the block's parameters as its parameters, is
// the jump (join.go).
//
// Where the ref frame has no room for the bridge's slots the original exit is
// taken instead, with the same number and locations.
type Bridge struct {
	Parent *obj.Code
	Exit   int              // index in Parent.Exits
	Joins  map[string]int32 // name of a declared function -> index in Parent.Joins
}

// exit returns the exit that the bridge continues.
func (b *Bridge) exit() *obj.Exit { return &b.Parent.Exits[b.Exit] }

// checkBridge checks that the function fits the exit and sets where its own slots begin.
func (c *Compiler) checkBridge() {
	c.stackBase, c.refBase = 0, 0
	b := c.t.Bridge
	if b == nil {
		return
	}
	e := b.exit()
	if e.Cell < 0 || len(e.Live) != len(c.f.Sig.Params) || !slices.Equal(c.f.Sig.Results, b.Parent.Sig.Results) {
		fail("%s does not fit exit %d of %s", c.f.Sig, b.Exit, b.Parent.Name)
	}
	for i, l := range e.Live {
		if l.Type != c.f.Sig.Params[i] {
			fail("parameter %d of %s does not fit exit %d of %s", i, c.f.Sig, b.Exit, b.Parent.Name)
		}
	}
	c.stackBase, c.refBase = b.Parent.FrameSize, b.Parent.RefSlots
}

// bridgeEntry emits the parameters of a bridge: registers first, all at once, then what is in memory or constant.
func (c *Compiler) bridgeEntry(params []*ir.Value) {
	in := c.thru
	for i := range params {
		in = append(in, incoming{c.val[params[i].ID].v, c.t.Bridge.exit().Live[i]})
	}
	c.thru = in
	var owner [32]vreg
	for i := range in {
		if l := &in[i].at; l.Kind == obj.LocReg && in[i].v != 0 && owner[l.Reg] == 0 {
			owner[l.Reg] = in[i].v
		}
	}
	o := c.mark()
	for r, v := range owner {
		if v != 0 {
			c.fixedDef(v, obj.Reg(r))
		}
	}
	c.put(inst{op: mEntry}, o)
	for i := range in {
		v, l := in[i].v, &in[i].at
		if v == 0 || l.Kind == obj.LocReg && owner[l.Reg] == v {
			continue
		}
		c.bridgeParam(v, l.Type, l, &owner)
	}
}

func (c *Compiler) bridgeParam(v vreg, t ir.Type, l *obj.Loc, owner *[32]vreg) {
	in := inst{op: mArgIn, disp: l.Off}
	switch l.Kind {
	case obj.LocReg:
		c.copy(v, owner[l.Reg])
		return
	case obj.LocStack:
		in.sub = 2
	case obj.LocRef:
		in.sub = 1
	case obj.LocRefConst:
		in = inst{op: mConst, w: amd64.W64}
		if l.Off >= 0 {
			c.refs = append(c.refs, &ir.RefConst{Ptr: c.t.Bridge.Parent.RefConsts[l.Off]})
			in = inst{op: mRefConst, aux: int32(len(c.refs) - 1)}
		}
	default:
		in = inst{op: mConst, w: amd64.W64, imm: int64(l.Const)}
		if t.IsFloat() {
			in = inst{op: mConstF, w: widthOf(t), imm: int64(l.Const)}
		}
	}
	o := c.mark()
	c.def(v)
	c.put(in, o)
}

// bridgePrologue makes room below the parent's frame.
func (c *Compiler) bridgePrologue() {
	if n := c.needRefs(); n > c.refBase {
		c.a.Lea(amd64.W64, scratch, amd64.At(rrefs, 8*n))
		c.a.AluRM(amd64.Cmp, amd64.W64, scratch, amd64.At(rctx, obj.CtxRefLimit))
		l := c.a.NewLabel()
		c.a.Jcc(amd64.A, l, false)
		c.stubs = append(c.stubs, stub{label: l, kind: stubNoRoom})
	}
	if c.frame == c.stackBase && !c.calls && !c.goCalls {
		return
	}
	c.a.Lea(amd64.W64, scratch, amd64.At(rbp, -c.frame))
	c.a.AluRM(amd64.Cmp, amd64.W64, scratch, amd64.At(rctx, obj.CtxStackLimit))
	c.overflowCheck()
	c.a.MovRR(amd64.W64, rsp, scratch)
}

// noRoom takes the original exit.
func (c *Compiler) noRoom() {
	e := *c.t.Bridge.exit()
	e.Cell, e.Thru = -1, nil
	for i := range e.Live {
		if l := &e.Live[i]; l.Kind == obj.LocRefConst && l.Off >= 0 {
			e.Live = slices.Clone(e.Live)
			c.code.RefConsts = append(c.code.RefConsts, c.t.Bridge.Parent.RefConsts[l.Off])
			e.Live[i].Off = int32(len(c.code.RefConsts) - 1)
		}
	}
	c.code.Exits = append(c.code.Exits, e)
	c.exitCall(int32(len(c.code.Exits)-1), e.Kind, obj.CtxStubExitRegs)
	c.a.Int3()
}
