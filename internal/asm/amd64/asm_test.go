package amd64

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/arch/x86/x86asm"
)

// The encoders are tested by disassembly: every form over all registers,
// widths and addressing modes, compared with the expected Intel syntax.

var (
	allRegs = []Reg{RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15}
	someReg = []Reg{RAX, RBX, RSP, RBP, RDI, R8, R12, R13, R15}
	allXmm  = []Xmm{0, 1, 7, 8, 15}
	imms    = []int32{0, 1, -1, 127, -128, 128, 0x1234567, -0x7000000}
)

var names8 = [16]string{"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"}
var names16 = [16]string{"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"}

// rn is the name of a register in a width.
func rn(r Reg, w Width) string {
	if r >= 8 {
		return r.String() + [4]string{"b", "w", "d", ""}[w]
	}
	switch w {
	case W8:
		return names8[r]
	case W16:
		return names16[r]
	case W32:
		return "e" + r.String()[1:]
	}
	return r.String()
}

func mems() []Mem {
	var ms []Mem
	for _, b := range allRegs {
		for _, d := range []int32{0, 8, -128, 4096} {
			ms = append(ms, At(b, d))
		}
	}
	for _, b := range append(someReg, NoReg) {
		for _, x := range allRegs {
			if x != RSP {
				ms = append(ms, AtIndex(b, x, uint8(x)&3, int32(x)*40-100))
			}
		}
	}
	return ms
}

// mn prints a memory operand in the normal form of the tests: base+index*scale+disp.
func mn(m Mem) string {
	var parts []string
	if m.Base != NoReg {
		parts = append(parts, m.Base.String())
	}
	if m.Index != NoReg {
		parts = append(parts, fmt.Sprintf("%s*%d", m.Index, 1<<m.Scale))
	}
	return fmt.Sprintf("[%s%+d]", strings.Join(parts, "+"), m.Disp)
}

// arg prints a decoded operand in the same normal form.
func arg(a x86asm.Arg) string {
	switch a := a.(type) {
	case x86asm.Mem:
		m := Mem{Base: NoReg, Index: NoReg, Disp: int32(a.Disp)}
		if a.Base != 0 {
			m.Base = Reg(a.Base - x86asm.RAX)
		}
		if a.Index != 0 && a.Scale != 0 {
			m.Index = Reg(a.Index - x86asm.RAX)
			for 1<<m.Scale < a.Scale {
				m.Scale++
			}
		}
		return mn(m)
	case x86asm.Reg:
		return regArg(a)
	case x86asm.Imm:
		return fmt.Sprint(int64(a))
	}
	return strings.ToLower(a.String())
}

func regArg(a x86asm.Reg) string {
	switch {
	case a >= x86asm.SPB && a <= x86asm.DIB:
		return names8[4+a-x86asm.SPB]
	case a >= x86asm.R8B && a <= x86asm.R15B:
		return rn(Reg(8+a-x86asm.R8B), W8)
	case a >= x86asm.R8W && a <= x86asm.R15W:
		return rn(Reg(8+a-x86asm.R8W), W16)
	case a >= x86asm.R8L && a <= x86asm.R15L:
		return rn(Reg(8+a-x86asm.R8L), W32)
	case a >= x86asm.X0 && a <= x86asm.X15:
		return fmt.Sprintf("xmm%d", a-x86asm.X0)
	}
	return strings.ToLower(a.String())
}

type check struct {
	t     *testing.T
	a     Assembler
	count int
}

// ins assembles one instruction and compares its disassembly.
func (c *check) ins(want string, emit func(a *Assembler)) {
	c.count++
	c.a.Reset()
	emit(&c.a)
	in, err := x86asm.Decode(c.a.Buf, 64)
	if err != nil {
		c.t.Fatalf("%s: % x: %v", want, c.a.Buf, err)
	}
	got := strings.ToLower(in.Op.String())
	sep := " "
	for _, x := range in.Args {
		if x != nil {
			got += sep + arg(x)
			sep = ", "
		}
	}
	if got != want || in.Len != len(c.a.Buf) {
		c.t.Fatalf("% x (%d of %d bytes)\n got %s\nwant %s", c.a.Buf, in.Len, len(c.a.Buf), got, want)
	}
}

var aluNames = []string{"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"}
var shiftNames = map[Shift]string{Rol: "rol", Ror: "ror", Shl: "shl", Shr: "shr", Sar: "sar"}
var unaryNames = map[Unary]string{Not: "not", Neg: "neg", Mul: "mul", Imul: "imul", Div: "div", Idiv: "idiv"}
var scanNames = map[BitScan]string{Bsf: "bsf", Bsr: "bsr", Tzcnt: "tzcnt", Lzcnt: "lzcnt", Popcnt: "popcnt"}

// fit truncates an immediate to a width as the disassembler shows it.
func fit(v int32, w Width) string {
	switch w {
	case W8:
		return fmt.Sprint(uint8(v))
	case W16:
		return fmt.Sprint(int16(v))
	}
	return fmt.Sprint(v)
}

func TestRegisterRegister(t *testing.T) {
	c := &check{t: t}
	for _, d := range allRegs {
		for _, s := range allRegs {
			for w := W8; w <= W64; w++ {
				c.regReg(d, s, w)
			}
		}
	}
	t.Log(c.count, "instructions")
}

func (c *check) regReg(d, s Reg, w Width) {
	ops := " " + rn(d, w) + ", " + rn(s, w)
	for op, n := range aluNames {
		c.ins(n+ops, func(a *Assembler) { a.AluRR(Alu(op), w, d, s) })
	}
	c.ins("test"+ops, func(a *Assembler) { a.TestRR(w, d, s) })
	c.ins("mov"+ops, func(a *Assembler) { a.MovRR(w, d, s) })
	c.ins("xchg"+ops, func(a *Assembler) { a.XchgRR(w, d, s) })
	if w < W32 {
		c.ins(fmt.Sprintf("movzx %s, %s", rn(d, W32), rn(s, w)), func(a *Assembler) { a.MovzxRR(w, d, s) })
		c.ins(fmt.Sprintf("movsx %s, %s", rn(d, W32), rn(s, w)), func(a *Assembler) { a.MovsxRR(w, W32, d, s) })
		c.ins(fmt.Sprintf("movsx %s, %s", rn(d, W64), rn(s, w)), func(a *Assembler) { a.MovsxRR(w, W64, d, s) })
	}
	if w == W32 {
		c.ins(fmt.Sprintf("movsxd %s, %s", rn(d, W64), rn(s, w)), func(a *Assembler) { a.MovsxRR(w, W64, d, s) })
	}
	if w == W8 {
		return
	}
	c.ins("imul"+ops, func(a *Assembler) { a.ImulRR(w, d, s) })
	for _, v := range imms {
		c.ins("imul"+ops+", "+fit(v, w), func(a *Assembler) { a.ImulRRI(w, d, s, v) })
	}
	for cc := O; cc <= G; cc++ {
		c.ins("cmov"+cc.String()+ops, func(a *Assembler) { a.CmovRR(cc, w, d, s) })
	}
	for op, n := range map[BitOp]string{Bt: "bt", Bts: "bts", Btr: "btr", Btc: "btc"} {
		c.ins(n+ops, func(a *Assembler) { a.BitRR(op, w, d, s) })
	}
	c.ins("shld"+ops+", 5", func(a *Assembler) { a.ShldRI(w, d, s, 5) })
	c.ins("shrd"+ops+", 5", func(a *Assembler) { a.ShrdRI(w, d, s, 5) })
	if w == W16 {
		return
	}
	for op, n := range scanNames {
		c.ins(n+ops, func(a *Assembler) { a.BitScanRR(op, w, d, s) })
	}
}

func TestOneRegister(t *testing.T) {
	c := &check{t: t}
	for _, d := range allRegs {
		for w := W8; w <= W64; w++ {
			c.oneReg(d, w)
		}
		c.ins("push "+d.String(), func(a *Assembler) { a.Push(d) })
		c.ins("pop "+d.String(), func(a *Assembler) { a.Pop(d) })
		c.ins("call "+d.String(), func(a *Assembler) { a.CallR(d) })
		c.ins("jmp "+d.String(), func(a *Assembler) { a.JmpR(d) })
		for cc := O; cc <= G; cc++ {
			c.ins("set"+cc.String()+" "+rn(d, W8), func(a *Assembler) { a.SetR(cc, d) })
		}
		for v, want := range map[int64]string{0: rn(d, W32) + ", 0", 0x7fffffff: rn(d, W32) + ", 2147483647",
			-5: d.String() + ", -5", 1 << 40: d.String() + ", 1099511627776", -1 << 63: d.String() + ", -9223372036854775808"} {
			c.ins("mov "+want, func(a *Assembler) { a.MovRI(d, v) })
		}
	}
	t.Log(c.count, "instructions")
}

func (c *check) oneReg(d Reg, w Width) {
	D := rn(d, w)
	for op, n := range unaryNames {
		c.ins(n+" "+D, func(a *Assembler) { a.UnaryR(op, w, d) })
	}
	for op, n := range shiftNames {
		c.ins(n+" "+D+", 1", func(a *Assembler) { a.ShiftRI(op, w, d, 1) })
		c.ins(n+" "+D+", 7", func(a *Assembler) { a.ShiftRI(op, w, d, 7) })
		c.ins(n+" "+D+", cl", func(a *Assembler) { a.ShiftRC(op, w, d) })
	}
	for _, v := range imms {
		for op, n := range aluNames {
			c.ins(n+" "+D+", "+fit(v, w), func(a *Assembler) { a.AluRI(Alu(op), w, d, v) })
		}
		c.ins("test "+D+", "+fit(v, w), func(a *Assembler) { a.TestRI(w, d, v) })
	}
	if w >= W32 {
		c.ins("bswap "+D, func(a *Assembler) { a.Bswap(w, d) })
	}
	if w > W8 {
		c.ins("bts "+D+", 9", func(a *Assembler) { a.BitRI(Bts, w, d, 9) })
	}
}

func TestMemory(t *testing.T) {
	c := &check{t: t}
	for _, m := range mems() {
		for w := W8; w <= W64; w++ {
			c.mem(m, w)
			for _, r := range someReg {
				c.memReg(m, r, w)
			}
		}
		c.ins("push "+mn(m), func(a *Assembler) { a.PushM(m) })
		c.ins("pop "+mn(m), func(a *Assembler) { a.PopM(m) })
		c.ins("call "+mn(m), func(a *Assembler) { a.CallM(m) })
		c.ins("jmp "+mn(m), func(a *Assembler) { a.JmpM(m) })
		c.ins("setne "+mn(m), func(a *Assembler) { a.SetM(NE, m) })
	}
	t.Log(c.count, "instructions")
}

func (c *check) mem(m Mem, w Width) {
	M := mn(m)
	c.ins("not "+M, func(a *Assembler) { a.UnaryM(Not, w, m) })
	c.ins("inc "+M, func(a *Assembler) { a.IncM(w, m) })
	c.ins("dec "+M, func(a *Assembler) { a.DecM(w, m) })
	c.ins("shl "+M+", 3", func(a *Assembler) { a.ShiftMI(Shl, w, m, 3) })
	c.ins("sar "+M+", cl", func(a *Assembler) { a.ShiftMC(Sar, w, m) })
	for _, v := range imms {
		c.ins("add "+M+", "+fit(v, w), func(a *Assembler) { a.AluMI(Add, w, m, v) })
		c.ins("mov "+M+", "+fit(v, w), func(a *Assembler) { a.MovMI(w, m, v) })
		c.ins("test "+M+", "+fit(v, w), func(a *Assembler) { a.TestMI(w, m, v) })
	}
}

func (c *check) memReg(m Mem, r Reg, w Width) {
	M, R := mn(m), rn(r, w)
	for op, n := range aluNames {
		c.ins(n+" "+R+", "+M, func(a *Assembler) { a.AluRM(Alu(op), w, r, m) })
		c.ins(n+" "+M+", "+R, func(a *Assembler) { a.AluMR(Alu(op), w, m, r) })
	}
	c.ins("mov "+R+", "+M, func(a *Assembler) { a.MovRM(w, r, m) })
	c.ins("mov "+M+", "+R, func(a *Assembler) { a.MovMR(w, m, r) })
	c.ins("test "+M+", "+R, func(a *Assembler) { a.TestMR(w, m, r) })
	c.ins("xchg "+M+", "+R, func(a *Assembler) { a.XchgMR(w, m, r) })
	c.lock("xadd "+M+", "+R, func(a *Assembler) { a.LockXadd(w, m, r) })
	c.lock("cmpxchg "+M+", "+R, func(a *Assembler) { a.LockCmpxchg(w, m, r) })
	if w < W32 {
		c.ins("movzx "+rn(r, W32)+", "+M, func(a *Assembler) { a.MovzxRM(w, r, m) })
		c.ins("movsx "+rn(r, W64)+", "+M, func(a *Assembler) { a.MovsxRM(w, W64, r, m) })
		c.ins("movsx "+rn(r, W32)+", "+M, func(a *Assembler) { a.MovsxRM(w, W32, r, m) })
	}
	if w == W8 {
		return
	}
	c.ins("cmovb "+R+", "+M, func(a *Assembler) { a.CmovRM(B, w, r, m) })
	c.ins("imul "+R+", "+M, func(a *Assembler) { a.ImulRM(w, r, m) })
	c.ins("imul "+R+", "+M+", 5", func(a *Assembler) { a.ImulRMI(w, r, m, 5) })
	c.ins("imul "+R+", "+M+", 500", func(a *Assembler) { a.ImulRMI(w, r, m, 500) })
	if w == W16 {
		return
	}
	c.ins("movsxd "+rn(r, W64)+", "+M, func(a *Assembler) { a.MovsxRM(W32, W64, r, m) })
	c.ins("lea "+R+", "+M, func(a *Assembler) { a.Lea(w, r, m) })
	c.ins("popcnt "+R+", "+M, func(a *Assembler) { a.BitScanRM(Popcnt, w, r, m) })
}

// lock checks a locked instruction; the disassembler prints the prefix apart.
func (c *check) lock(want string, emit func(a *Assembler)) {
	c.ins(want, func(a *Assembler) {
		emit(a)
		if a.Buf[0] != 0xf0 {
			c.t.Fatalf("%s: no lock prefix", want)
		}
	})
}

func TestSse(t *testing.T) {
	c := &check{t: t}
	for _, d := range allXmm {
		for _, s := range allXmm {
			ops := fmt.Sprintf(" %s, %s", d, s)
			for op := range numSse {
				c.ins(op.String()+ops, func(a *Assembler) { a.SseXX(op, d, s) })
			}
			c.ins("movaps"+ops, func(a *Assembler) { a.MovXX(d, s) })
			c.ins("roundsd"+ops+", 9", func(a *Assembler) { a.RoundXX(W64, d, s, RoundFloor) })
			c.ins("roundss"+ops+", 11", func(a *Assembler) { a.RoundXX(W32, d, s, RoundTrunc) })
		}
		for _, r := range allRegs {
			c.xmmReg(d, r)
		}
		for _, m := range mems() {
			c.xmmMem(d, m)
		}
	}
	t.Log(c.count, "instructions")
}

func (c *check) xmmReg(x Xmm, r Reg) {
	c.ins(fmt.Sprintf("movd %s, %s", x, rn(r, W32)), func(a *Assembler) { a.MovXR(W32, x, r) })
	c.ins(fmt.Sprintf("movq %s, %s", x, r), func(a *Assembler) { a.MovXR(W64, x, r) })
	c.ins(fmt.Sprintf("movd %s, %s", rn(r, W32), x), func(a *Assembler) { a.MovRX(W32, r, x) })
	c.ins(fmt.Sprintf("movq %s, %s", r, x), func(a *Assembler) { a.MovRX(W64, r, x) })
	for iw := W32; iw <= W64; iw++ {
		R := rn(r, iw)
		c.ins(fmt.Sprintf("cvtsi2sd %s, %s", x, R), func(a *Assembler) { a.CvtIntXR(W64, iw, x, r) })
		c.ins(fmt.Sprintf("cvtsi2ss %s, %s", x, R), func(a *Assembler) { a.CvtIntXR(W32, iw, x, r) })
		c.ins(fmt.Sprintf("cvttsd2si %s, %s", R, x), func(a *Assembler) { a.CvtTruncRX(W64, iw, r, x) })
		c.ins(fmt.Sprintf("cvttss2si %s, %s", R, x), func(a *Assembler) { a.CvtTruncRX(W32, iw, r, x) })
	}
	c.ins(fmt.Sprintf("movmskpd %s, %s", rn(r, W32), x), func(a *Assembler) { a.Movmskpd(r, x) })
}

func (c *check) xmmMem(x Xmm, m Mem) {
	M := mn(m)
	for op := range numSse {
		c.ins(fmt.Sprintf("%s %s, %s", op, x, M), func(a *Assembler) { a.SseXM(op, x, m) })
	}
	c.ins(fmt.Sprintf("movsd_xmm %s, %s", x, M), func(a *Assembler) { a.MovXM(W64, x, m) })
	c.ins(fmt.Sprintf("movss %s, %s", x, M), func(a *Assembler) { a.MovXM(W32, x, m) })
	c.ins(fmt.Sprintf("movsd_xmm %s, %s", M, x), func(a *Assembler) { a.MovMX(W64, m, x) })
	c.ins(fmt.Sprintf("movss %s, %s", M, x), func(a *Assembler) { a.MovMX(W32, m, x) })
	c.ins(fmt.Sprintf("movups %s, %s", x, M), func(a *Assembler) { a.MovupsXM(x, m) })
	c.ins(fmt.Sprintf("movups %s, %s", M, x), func(a *Assembler) { a.MovupsMX(m, x) })
	c.ins(fmt.Sprintf("cvtsi2sd %s, %s", x, M), func(a *Assembler) { a.CvtIntXM(W64, W64, x, m) })
	c.ins(fmt.Sprintf("roundsd %s, %s, 10", x, M), func(a *Assembler) { a.RoundXM(W64, x, m, RoundCeil) })
}

// bmi emits the VEX-coded forms, which x86asm does not decode.
func bmi(a *Assembler, visit func(text string)) {
	for _, d := range allRegs {
		for _, s := range someReg {
			for w := W32; w <= W64; w++ {
				D, S, C := rn(d, w), rn(s, w), rn(allRegs[15-d], w)
				a.ShiftX(Shl, w, d, s, allRegs[15-d])
				visit("shlx " + D + "," + S + "," + C)
				a.ShiftX(Shr, w, d, s, allRegs[15-d])
				visit("shrx " + D + "," + S + "," + C)
				a.ShiftXM(Sar, w, d, AtIndex(s, R9, 2, 64), allRegs[15-d])
				visit("sarx " + D + ",[" + s.String() + "+r9*4+0x40]," + C)
				a.RorX(w, d, s, 7)
				visit("rorx " + D + "," + S + ",0x7")
				a.Andn(w, d, s, allRegs[15-d])
				visit("andn " + D + "," + S + "," + C)
				a.MulX(w, d, s, allRegs[15-d])
				visit("mulx " + D + "," + S + "," + C)
			}
		}
	}
}

// TestObjdump compares the VEX-coded forms with binutils; it needs objdump and
// runs when MARTLET_OBJDUMP is set. TestBmi holds samples without it.
func TestObjdump(t *testing.T) {
	if os.Getenv("MARTLET_OBJDUMP") == "" {
		t.Skip("set MARTLET_OBJDUMP=1 to compare with the objdump command")
	}
	var a Assembler
	var want []string
	bmi(&a, func(s string) { want = append(want, s) })
	file := filepath.Join(t.TempDir(), "code")
	if err := os.WriteFile(file, a.Buf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", "--no-show-raw-insn", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	spaces := regexp.MustCompile(`\s+`)
	var got []string
	for line := range strings.SplitSeq(string(out), "\n") {
		if _, text, ok := strings.Cut(line, ":\t"); ok {
			text = strings.NewReplacer("DWORD PTR ", "", "QWORD PTR ", "").Replace(text)
			got = append(got, strings.TrimSpace(spaces.ReplaceAllString(text, " ")))
		}
	}
	for i, w := range want {
		if i >= len(got) || got[i] != w {
			t.Fatalf("instruction %d: want %q, got %q", i, w, got[i])
		}
	}
	t.Log(len(want), "instructions")
}

// TestBmi compares samples of the VEX forms with bytes from the GNU assembler.
func TestBmi(t *testing.T) {
	for _, c := range []struct {
		want string
		emit func(a *Assembler)
	}{
		{"c4 e2 f1 f7 c3", func(a *Assembler) { a.ShiftX(Shl, W64, RAX, RBX, RCX) }},
		{"c4 42 02 f7 c5", func(a *Assembler) { a.ShiftX(Sar, W32, R8, R13, R15) }},
		{"c4 43 fb f0 c5 07", func(a *Assembler) { a.RorX(W64, R8, R13, 7) }},
		{"c4 e2 60 f2 c1", func(a *Assembler) { a.Andn(W32, RAX, RBX, RCX) }},
	} {
		var a Assembler
		c.emit(&a)
		if got := fmt.Sprintf("% x", a.Buf); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestJumps(t *testing.T) {
	var a Assembler
	back, near, far := a.NewLabel(), a.NewLabel(), a.NewLabel()
	a.Bind(back)
	a.Jcc(E, near, true)
	a.Jmp(far, false)
	a.Nop(3)
	a.Bind(near)
	a.Jmp(back, false)
	a.MovRM(W64, RAX, AtLabel(far, 0))
	a.AluMI(Add, W64, AtLabel(far, 4), 1)
	a.Nop(200)
	a.Jcc(NE, back, false)
	a.Bind(far)
	if err := a.Resolve(); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("% x", a.Buf[:12]) + fmt.Sprintf(" ... % x", a.Buf[len(a.Buf)-6:])
	want := "74 08 e9 e2 00 00 00 0f 1f 00 eb f4 ... 0f 85 17 ff ff ff"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, at := range []int{12, 19} {
		in, err := x86asm.Decode(a.Buf[at:], 64)
		if err != nil {
			t.Fatal(err)
		}
		var m x86asm.Mem
		for _, x := range in.Args {
			if mem, ok := x.(x86asm.Mem); ok {
				m = mem
			}
		}
		if dest := at + in.Len + int(int32(m.Disp)); m.Base != x86asm.RIP || dest != len(a.Buf)+(at-12)/7*4 {
			t.Errorf("at %d: %v reaches %d of %d", at, in, dest, len(a.Buf))
		}
	}
}

func TestResolveErrors(t *testing.T) {
	var a Assembler
	l := a.NewLabel()
	a.Jmp(l, true)
	if err := a.Resolve(); err == nil || !strings.Contains(err.Error(), "not bound") {
		t.Errorf("unbound label: %v", err)
	}
	a.Nop(200)
	a.Bind(l)
	if err := a.Resolve(); err == nil || !strings.Contains(err.Error(), "spans") {
		t.Errorf("far short jump: %v", err)
	}
}

func TestPadding(t *testing.T) {
	for n := range 40 {
		var a Assembler
		a.Nop(n)
		if len(a.Buf) != n {
			t.Fatalf("Nop(%d) emits %d bytes", n, len(a.Buf))
		}
		for at := 0; at < n; {
			in, err := x86asm.Decode(a.Buf[at:], 64)
			if err != nil {
				t.Fatalf("Nop(%d): % x: %v", n, a.Buf, err)
			}
			at += in.Len
		}
	}
}
