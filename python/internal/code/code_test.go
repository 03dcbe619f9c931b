package code_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"martlet/python/internal/code"
	"martlet/python/internal/compile"
	"martlet/python/parser"
)

// sample compiles a program that uses most instructions.
func sample(t testing.TB) *code.Code {
	src, err := os.ReadFile("testdata/sample.py")
	if err != nil {
		t.Fatal(err)
	}
	m, err := parser.Parse(string(src), parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := compile.Compile(m, compile.Options{Filename: "sample.py"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// all calls f for c and the code nested in it.
func all(c *code.Code, f func(*code.Code)) {
	f(c)
	for _, k := range c.Consts {
		if sub, ok := k.(*code.Code); ok {
			all(sub, f)
		}
	}
}

// TestSampleUsesOps guards the sample: the mutation tests are worth what it covers.
func TestSampleUsesOps(t *testing.T) {
	used := map[code.Op]bool{}
	c := sample(t)
	all(c, func(c *code.Code) {
		for _, i := range c.Instrs {
			used[i.Op()] = true
		}
	})
	missing := 0
	for op := range code.Op(code.NumOps) {
		if !used[op] {
			missing++
			t.Logf("not in the sample: %s", op)
		}
	}
	if missing > 25 {
		t.Errorf("%d of %d instructions are not in the sample", missing, code.NumOps)
	}
	if err := c.Verify(); err != nil {
		t.Error(err)
	}
}

func TestMarshal(t *testing.T) {
	c := sample(t)
	b, err := code.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	back, err := code.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if back.String() != c.String() {
		t.Error("the listing changes on the way through the binary form")
	}
	b[len("martlet")+1]++
	if _, err := code.Unmarshal(b); err != code.ErrVersion {
		t.Errorf("another version: error %v", err)
	}
}

// walk executes code abstractly along random paths and reports a broken promise of Verify. It knows only what is bound.
func walk(c *code.Code, rnd *rand.Rand) error {
	bound := make([]bool, c.NRegs)
	for i := range c.NArgs() {
		bound[i] = true
	}
	for i, a := range c.CellArgs {
		bound[c.CellBase()+i] = true
		if a >= 0 {
			bound[a] = false
		}
	}
	pc := 0
	for range 300 {
		if pc < 0 || pc >= len(c.Instrs) {
			return fmt.Errorf("control left the code at %d", pc)
		}
		i := c.Instrs[pc]
		if h := c.Handler(pc); h != nil && i.Op().Raises() && rnd.IntN(8) == 0 {
			bound[h.Reg] = true
			pc = int(h.Handler)
			continue
		}
		if err := touch(c, i, bound); err != nil {
			return fmt.Errorf("instruction %d (%s): %w", pc, i.Op(), err)
		}
		target, jumps := i.Target(pc)
		switch {
		case jumps && (i.Op() == code.OpJmp || i.Op() == code.OpLoop || rnd.IntN(2) == 0):
			pc = target
			if i.Op() == code.OpFornext {
				bound[i.A()] = true
			}
		case i.Op().Ends():
			return nil
		default:
			if i.Op() == code.OpCheck {
				bound[i.A()] = true
			}
			pc++
		}
	}
	return nil
}

// touch applies the single-register operands of an instruction.
func touch(c *code.Code, i code.Instr, bound []bool) error {
	kinds := i.Op().Info().Kinds
	regs := [3]int{i.A(), i.B(), i.C()}
	for k, r := range regs {
		switch kinds[k] {
		case 'r', 'x':
			if r >= len(bound) || !bound[r] {
				return fmt.Errorf("reads r%d, which is unbound or out of range", r)
			}
		case 'w', 'u', '?':
			if r >= len(bound) || r >= c.CellBase() && r < c.TempBase() {
				return fmt.Errorf("writes r%d", r)
			}
		case 'c':
			if r < c.CellBase() || r >= c.TempBase() {
				return fmt.Errorf("r%d is no cell", r)
			}
		}
	}
	for k, r := range regs {
		switch kinds[k] {
		case 'w':
			if i.Op() != code.OpFornext {
				bound[r] = true
			}
		case 'u':
			bound[r] = false
		}
	}
	spanWrites(i, bound)
	return nil
}

// spanWrites applies the instructions that write several registers.
func spanWrites(i code.Instr, bound []bool) {
	fill := func(first, n int) {
		for r := first; r < first+n; r++ {
			bound[r] = true
		}
	}
	switch i.Op() {
	case code.OpUnpack:
		fill(i.A(), i.C())
	case code.OpUnpackex:
		fill(i.A(), i.C()+i.D()+1)
	case code.OpEgmatch:
		fill(i.A(), 2)
	case code.OpCallmethod:
		fill(i.B(), 1)
	case code.OpLoadmethod, code.OpSupermethod:
		bound[i.A()], bound[i.A()+1] = true, false
	case code.OpWithenter, code.OpAwithenter:
		bound[i.B()], bound[i.B()+1] = true, false
	}
}

// mutate damages a copy of c.
func mutate(c *code.Code, rnd *rand.Rand) *code.Code {
	m := *c
	m.Instrs = append([]code.Instr(nil), c.Instrs...)
	m.Exc = append([]code.ExcEntry(nil), c.Exc...)
	for range 1 + rnd.IntN(3) {
		at := rnd.IntN(len(m.Instrs))
		switch rnd.IntN(6) {
		case 0:
			m.Instrs[at] ^= 1 << rnd.IntN(64)
		case 1:
			m.Instrs[at] = m.Instrs[rnd.IntN(len(m.Instrs))]
		case 2:
			m.Instrs[at] = m.Instrs[at]&^0xff | code.Instr(rnd.IntN(code.NumOps))
		case 3:
			m.Instrs[at] += code.Instr(rnd.IntN(5)) << (8 + 16*rnd.IntN(3))
		case 4:
			m.NRegs -= rnd.IntN(3)
		case 5:
			if len(m.Exc) > 0 {
				m.Exc[rnd.IntN(len(m.Exc))].Handler = uint32(rnd.IntN(len(m.Instrs) + 1))
			}
		}
	}
	return &m
}

// TestVerifyMutations damages code: Verify must not panic, and what it accepts must keep its promises.
func TestVerifyMutations(t *testing.T) {
	rounds := 300
	if os.Getenv("MARTLET_SOAK") != "" {
		rounds = 20000
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	all(sample(t), func(c *code.Code) {
		for range rounds {
			m := mutate(c, rnd)
			if m.Verify() != nil {
				continue
			}
			accepted++
			for range 5 {
				if err := walk(m, rnd); err != nil {
					t.Fatalf("Verify accepted unsafe code: %v\n%s", err, m)
				}
			}
		}
	})
	if accepted == 0 {
		t.Error("no mutation was accepted: the test shows nothing")
	}
	t.Logf("%d mutations accepted", accepted)
}

func FuzzUnmarshal(f *testing.F) {
	all(sample(f), func(c *code.Code) {
		b, err := code.Marshal(c)
		if err != nil {
			f.Fatal(err)
		}
		if len(b) < 400 { // the fuzzer shrinks what it finds: large seeds cost it minutes
			f.Add(b)
		}
	})
	f.Add([]byte("martlet\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := code.Unmarshal(data)
		if err != nil {
			return
		}
		_ = c.String()
		if err := walk(c, rand.New(rand.NewPCG(3, 4))); err != nil {
			t.Fatal(err)
		}
	})
}
