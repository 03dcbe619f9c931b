package code

import (
	"fmt"
	"math/big"
	"unicode/utf8"
)

// Limits that Verify holds code from a file to.
const (
	maxNesting = 100 // code in code
	maxTuple   = 100 // tuple in tuple
)

// Verify checks that c, and the code nested in it, is safe to run: see the package comment for what that means.
func (c *Code) Verify() error { return c.verify(0) }

func (c *Code) verify(depth int) error {
	if depth > maxNesting {
		return fmt.Errorf("code nested too deeply")
	}
	for _, check := range []func() error{c.verifyShape, c.verifyTables, c.verifyInstrs, c.verifyExc, c.unboundRead} {
		if err := check(); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	for _, k := range c.Consts {
		if err := verifyConst(k, 0); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		if sub, ok := k.(*Code); ok {
			if err := sub.verify(depth + 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Code) verifyShape() error {
	switch {
	case c.ArgCount < 0 || c.PosOnly < 0 || c.KwOnly < 0 || c.PosOnly > c.ArgCount:
		return fmt.Errorf("bad argument counts")
	case c.ArgCount > MaxReg || c.KwOnly > MaxReg || c.NArgs() > len(c.VarNames):
		return fmt.Errorf("more arguments than locals")
	case c.NVisible < c.NArgs() || c.NVisible > len(c.VarNames) || c.NHiddenCells < 0 || c.NHiddenCells > len(c.CellVars):
		return fmt.Errorf("bad variable counts")
	case c.NRegs < c.TempBase() || c.NRegs > MaxReg+1:
		return fmt.Errorf("bad register count %d", c.NRegs)
	case len(c.CellArgs) != len(c.CellVars):
		return fmt.Errorf("cell table of the wrong length")
	case len(c.Instrs) == 0 || len(c.Positions) != len(c.Instrs):
		return fmt.Errorf("no code, or positions of the wrong length")
	case !c.Instrs[len(c.Instrs)-1].Op().Ends() && c.Instrs[len(c.Instrs)-1].Op() != OpLoop:
		return fmt.Errorf("control falls off the end")
	}
	seen := make(map[int32]bool)
	for _, a := range c.CellArgs {
		if a < -1 || int(a) >= c.NArgs() || a >= 0 && seen[a] {
			return fmt.Errorf("bad cell argument %d", a)
		}
		seen[a] = true
	}
	if c.Flags&HasDocstring != 0 {
		if _, ok := c.Doc(); !ok {
			return fmt.Errorf("no docstring")
		}
	}
	return nil
}

func (c *Code) verifyTables() error {
	for _, n := range c.Sites {
		if int(n) >= len(c.Names) {
			return fmt.Errorf("attribute site out of range")
		}
	}
	for _, s := range c.KwSites {
		if s.NPos < 0 || s.NPos > MaxReg || len(s.Names) == 0 {
			return fmt.Errorf("bad keyword call site")
		}
	}
	for _, s := range c.FuncSites {
		if s.Code < 0 || s.Code >= len(c.Consts) || s.Flags > 7 {
			return fmt.Errorf("bad function site")
		}
		sub, ok := c.Consts[s.Code].(*Code)
		if !ok || len(sub.FreeVars) != len(s.Captures) {
			return fmt.Errorf("function site with the wrong captures")
		}
		for _, v := range s.Captures {
			if int(v) >= len(c.CellVars) || int(^v) >= len(c.FreeVars) {
				return fmt.Errorf("capture out of range")
			}
		}
	}
	return nil
}

func verifyConst(k Const, depth int) error {
	if depth > maxTuple {
		return fmt.Errorf("constant nested too deeply")
	}
	switch k := k.(type) {
	case nil, bool, int64, float64, complex128, Bytes, Ellipsis:
		return nil
	case string:
		return nil
	case *big.Int:
		if k == nil || k.IsInt64() {
			return fmt.Errorf("int constant not in normal form")
		}
		return nil
	case Tuple:
		return verifyConsts(k, depth)
	case FrozenSet:
		return verifyConsts(k, depth)
	case *Code:
		if k == nil || depth > 0 {
			return fmt.Errorf("misplaced code constant")
		}
		return nil
	}
	return fmt.Errorf("constant of type %T", k)
}

func verifyConsts(l []Const, depth int) error {
	for _, k := range l {
		if err := verifyConst(k, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (c *Code) verifyInstrs() error {
	gen := c.IsGenerator()
	var buf []run
	for pc, i := range c.Instrs {
		op := i.Op()
		if int(op) >= NumOps {
			return fmt.Errorf("instruction %d: unknown operation %d", pc, op)
		}
		if err := c.verifyOperands(pc, i); err != nil {
			return fmt.Errorf("instruction %d (%s): %w", pc, op, err)
		}
		buf = c.runs(i, buf[:0])
		for _, r := range buf {
			if err := c.verifyRun(i, r); err != nil {
				return fmt.Errorf("instruction %d (%s): %w", pc, op, err)
			}
		}
		if (op == OpYield || op == OpYieldfrom) && !gen {
			return fmt.Errorf("instruction %d: %s outside of a generator", pc, op)
		}
	}
	return nil
}

// verifyRun checks that registers exist and that cells are not written.
func (c *Code) verifyRun(i Instr, r run) error {
	if r.last > c.NRegs {
		return fmt.Errorf("r%d out of range", r.last-1)
	}
	writes := r.mode != 'r' && r.mode != 'v'
	switch i.Op() {
	case OpLoadmethod, OpSupermethod, OpWithenter, OpAwithenter:
		writes = writes || r.mode == 'v'
	}
	if writes && r.first < c.TempBase() && r.last > c.CellBase() {
		return fmt.Errorf("writes a cell register")
	}
	return nil
}

// verifyOperands checks the operands that are no registers.
func (c *Code) verifyOperands(pc int, i Instr) error {
	kinds := i.Op().Info().Kinds
	vals := [4]int{i.A(), i.B(), i.C(), i.D()}
	for k := range 4 {
		v, limit, what := vals[k], 0, ""
		switch kinds[k] {
		case 'k':
			limit, what = len(c.Consts), "constant"
		case 'K':
			v, limit, what = i.Bx(), len(c.Consts), "constant"
		case 'N':
			v = i.Bx()
			if k == 2 {
				v = i.Cx()
			}
			limit, what = len(c.Names), "name"
		case 's':
			limit, what = len(c.Sites), "site"
		case 'S':
			v, limit, what = i.Cx(), len(c.Sites), "site"
		case 'c':
			v, limit, what = v-c.CellBase(), len(c.CellVars), "cell"
		case 'f':
			limit, what = len(c.FreeVars), "free variable"
		case 'q':
			limit, what = len(c.KwSites), "call site"
		case 'M':
			v, limit, what = i.Cx(), len(c.FuncSites), "function site"
		case 'j', 'J':
			t, _ := i.Target(pc)
			if err := c.verifyJump(i.Op(), pc, t); err != nil {
				return err
			}
			continue
		default:
			continue
		}
		if v < 0 || v >= limit {
			return fmt.Errorf("%s %d out of range", what, v)
		}
	}
	return c.verifyConstKinds(i)
}

// verifyJump holds jumps to the code, and to their direction: only loop and fornext go back.
func (c *Code) verifyJump(op Op, pc, target int) error {
	if target < 0 || target >= len(c.Instrs) {
		return fmt.Errorf("jump out of the code")
	}
	switch {
	case op == OpLoop && target > pc, op != OpLoop && op != OpFornext && target <= pc:
		return fmt.Errorf("jump in the wrong direction")
	}
	return nil
}

// verifyConstKinds checks constants that must be of one kind.
func (c *Code) verifyConstKinds(i Instr) error {
	switch i.Op() {
	case OpMatchclass:
		t, ok := c.Consts[i.C()].(Tuple)
		for _, k := range t {
			s, str := k.(string)
			ok = ok && str && utf8.ValidString(s)
		}
		if !ok {
			return fmt.Errorf("names are no tuple of strings")
		}
	case OpLoadk, OpAddk, OpSubk, OpMulk, OpDivk, OpEqk, OpNek, OpJeqk, OpJnek, OpGetitemk, OpSetitemk:
		n := i.C()
		switch i.Op() {
		case OpLoadk:
			n = i.Bx()
		case OpJeqk, OpJnek, OpSetitemk:
			n = i.B()
		}
		if _, bad := c.Consts[n].(*Code); bad {
			return fmt.Errorf("code as an ordinary constant")
		}
	}
	return nil
}

func (c *Code) verifyExc() error {
	last := uint32(0)
	n := uint32(len(c.Instrs))
	for _, e := range c.Exc {
		if e.Start < last || e.Start >= e.End || e.End > n || e.Handler >= n {
			return fmt.Errorf("bad exception table")
		}
		if int(e.Reg) >= c.NRegs || int(e.Reg) >= c.CellBase() && int(e.Reg) < c.TempBase() {
			return fmt.Errorf("exception register out of range")
		}
		last = e.End
	}
	return nil
}
