package ir

import (
	"bytes"
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"martlet/ir/internal/opgen/gen"
)

func TestGeneratedFilesAreFresh(t *testing.T) {
	for name, want := range gen.Files() {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run go generate ./ir (%v)", name, err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.ir")
	more, _ := filepath.Glob("../testdata/kernels/*.ir")
	for _, name := range append(files, more...) {
		m, err := ParseFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if err := Verify(m); err != nil {
			t.Errorf("%s:\n%v", name, err)
		}
		checkRoundTrip(t, name, m)
	}
}

func checkRoundTrip(t *testing.T, name string, m *Module) {
	t.Helper()
	for _, mode := range []PrintMode{0, PrintPlain, PrintPos, PrintPos | PrintPlain, PrintLiterals} {
		one := m.Text(mode)
		again, err := Parse(name, one)
		if err != nil {
			t.Fatalf("%s, mode %d: %v\n%s", name, mode, err, one)
		}
		if two := again.Text(mode); one != two {
			t.Fatalf("%s, mode %d: printed\n%s\nthen\n%s", name, mode, one, two)
		}
		if mode == PrintPlain {
			checkSameIDs(t, m, again)
		}
	}
}

// checkSameIDs holds that nameless values keep their ids through the plain text form.
func checkSameIDs(t *testing.T, a, b *Module) {
	t.Helper()
	for i, f := range a.Funcs {
		for k, blk := range f.Blocks {
			for n, v := range blk.Insts {
				w := b.Funcs[i].Blocks[k].Insts[n]
				if v.Name() == "" && v.Type != Void && v.ID != w.ID {
					t.Fatalf("%s: %s became %s", f.Name, v.LongString(), w.LongString())
				}
			}
		}
	}
}

func TestSampleText(t *testing.T) {
	src, err := os.ReadFile("testdata/sample.ir")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse("sample.ir", string(src))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"  %x = load.i64 %a + 8 #elem nontrap\n",
		"  guard %ok, 3(%i, %s, 7, 1.5)\n",
		"  %q, _ = smulov.i64 3, 4\n",
		"  %q = smulov.i64 3, 4\n",
		"  switch %k [0: one(%z), -3: two, 7: one(5) weight 0.25] default three\n",
		"  %nan = const.f32 nan:0x7fc00001\n",
		"loop(%i i64, %s i64) weight 10:\n",
	} {
		line = strings.Replace(line, "%q, _", "%q", 1)
		if !strings.Contains(m.String(), line) {
			t.Errorf("the printed text lacks %q:\n%s", line, m)
		}
	}
}

func TestParseErrors(t *testing.T) {
	fn := func(body string) string { return "func @f(i64) -> i64 {\nentry(%a i64):\n" + body + "\n}\n" }
	for _, c := range []struct{ src, want string }{
		{"fun @f", `x.ir:1:1: expected module, file, class, type, global, declare or func, found "fun"`},
		{fn("  %b = add.i64 %a, %c\n  ret %b"), "x.ir:3:20: %c is not defined"},
		{fn("  %a = neg.i64 %a\n  ret %a"), "x.ir:3:3: %a is defined twice"},
		{fn("  %b = frob.i64 %a\n  ret %b"), "x.ir:3:8: unknown op frob"},
		{fn("  %b = add %a, 1\n  ret %b"), "x.ir:3:8: add needs a type suffix"},
		{fn("  %b = add.i65 %a, 1\n  ret %b"), "x.ir:3:8: unknown type i65"},
		{fn("  %b = add.i8 200000, 1\n  ret %b"), "x.ir:3:15: 200000 does not fit in i8"},
		{fn("  jump nowhere"), "x.ir:3:8: block nowhere is not defined"},
		{fn("  %r = call @g(%a)\n  ret %r"), "x.ir:3:13: function @g is not declared"},
		{fn("  ret %a\n  ret %a"), `x.ir:4:7: expected ":", found %a`},
		{fn("  ret \"x"), "x.ir:3:7: string is not closed"},
		{fn("  ret ?"), "x.ir:3:7: unexpected character '?'"},
		{fn("  %b, %c, %d = saddov.i64 %a, 1\n ret %b"), "x.ir:3:11: saddov has 2 results"},
		{"func @f() {\n}\n", "x.ir:2:1: function @f has no blocks"},
		{"func @f() {\nentry:\n  ret\n}\nfunc @f() {\n", "x.ir:5:6: @f is defined twice"},
		{"func @f() {\nentry:\n  ret", `x.ir:3:6: expected a block label, found end of file`},
		{"global @g { zero 99999999999 }", "x.ir:1:18: number out of range (0 to 67108864)"},
	} {
		_, err := Parse("x.ir", c.src)
		var pe *ParseError
		if !errors.As(err, &pe) || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s\nfor\n%s", err, c.want, c.src)
		}
	}
}

func TestVerifyFaults(t *testing.T) {
	fn := func(body string) string { return "func @f(i64) -> i64 {\nentry(%a i64):\n" + body + "\n}\n" }
	for _, c := range []struct{ src, want string }{
		{fn("  %b = add.f64 %a, %a\n  ret %b"), "add is not defined on f64"},
		{fn("  %b = add.i32 %a, %a\n  ret %b"), "operand 0, %a, is of type i64 instead of i32"},
		{fn("  %b = add.i64 %a\n  ret %b"), "1 operands instead of 2"},
		{fn("  ret 1.5:f64"), "result 0, %1, is of type f64 instead of i64"},
		{fn("  ret"), "0 results instead of 1"},
		{fn("  jump entry(%a)"), "nothing may jump to the entry block"},
		{fn("  br 1, x, y\nx:\n  %b = neg.i64 %a\n  ret %b\ny:\n  ret %b"), "%b is used where its definition does not dominate"},
		{fn("  %c = neg.i64 %b\n  %b = neg.i64 %a\n  ret %c"), "%b is used where its definition does not dominate"},
		{fn("  jump x(%a, %a)\nx(%b i64):\n  ret %b"), "2 argument for block xs instead of 1"},
		{fn("  switch %a [1: x, 1: x] default x\nx:\n  ret %a"), "case 1 stands twice"},
		{fn("  jump x\nx:\n  %s = stackaddr 8\n  ret %a"), "stackaddr stands outside the entry block"},
		{fn("  %b = sext.i32 %a\n  ret %a"), "cannot convert i64 to i32"},
		{fn("  %b = bitcast.ref %a\n  ret %a"), "cannot convert i64 to ref"},
		{fn("  %b = load.i64 %a\n  ret %a"), "operand 0, %a, is of type i64 instead of addr"},
		{fn("  store.i64 nil:ptr, %a nobarrier\n  ret %a"), "only a store.ref can be nobarrier"},
		{fn("  guard 1, -1(%a)\n  ret %a"), "exit number -1 is out of range"},
		{"func @f(i64) {\nentry:\n  ret\n}", "the entry's parameters are (), the function's (i64)"},
		{"type @T size 8 ptrs 4\n", "pointer offset 4 is misaligned"},
		{"global @g align 3 size 8\n", "alignment 3 is not a power of two"},
		{"global @g { addr @h }\n", "symbol @h is not declared"},
		{"func @g() {\nentry:\n  ret\n}\nfunc @f() -> i64 {\nentry:\n  tailcall @g()\n}", "the callee's results are not the function's"},
	} {
		m, err := Parse("x.ir", c.src)
		if err != nil {
			t.Errorf("%v in\n%s", err, c.src)
			continue
		}
		if err := Verify(m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got  %v\nwant %s\nfor\n%s", err, c.want, c.src)
		}
	}
}

// TestVerifyHandMade breaks graphs in ways that no text can.
func TestVerifyHandMade(t *testing.T) {
	build := func() (*Func, *Builder) {
		m := NewModule("m")
		f := m.AddFunc("f", Signature{Params: []Type{I64}, Results: []Type{I64}}, External)
		return f, NewBuilder(f)
	}
	for name, broken := range map[string]func(*Func, *Builder){
		"no end":                  func(f *Func, b *Builder) { b.Neg(b.Param(0)) },
		"nil operand":             func(f *Func, b *Builder) { b.Ret(b.Add(b.Param(0), b.Param(0))); b.Block.Insts[0].Args[1] = nil },
		"edge to foreign block":   func(f *Func, b *Builder) { b.Jump(&Block{}) },
		"nil edge":                func(f *Func, b *Builder) { b.Jump(nil) },
		"value of other function": func(f *Func, b *Builder) { _, o := build(); b.Ret(o.Param(0)) },
		"id twice":                func(f *Func, b *Builder) { v := b.Neg(b.Param(0)); v.ID = 0; b.Ret(v) },
		"projection apart": func(f *Func, b *Builder) {
			s, _ := b.Saddov(b.Param(0), b.Param(0))
			b.Neg(s)
			b.result(s, 1, I8)
			b.Ret(s)
		},
		"projection of no result":  func(f *Func, b *Builder) { s := b.Neg(b.Param(0)); b.result(s, 1, I8); b.Ret(s) },
		"constant not canonical":   func(f *Func, b *Builder) { b.Const(I8, 200); b.Ret(b.Param(0)) },
		"call of nothing":          func(f *Func, b *Builder) { b.Block.Add(OpCall, Void); b.Ret(b.Param(0)) },
		"instruction after itself": func(f *Func, b *Builder) { v := b.Neg(b.Param(0)); v.SetArgs(v); b.Ret(v) },
	} {
		f, b := build()
		broken(f, b)
		if err := Verify(f.Module); err == nil {
			t.Errorf("%s: accepted\n%s", name, f)
		}
	}
}

// interesting operands for Eval tests.
func sampleInts(t Type) []int64 {
	out := []int64{0, 1, -1, 2, 3, 7, -8, 63, 64, 100}
	w := t.Bits()
	for _, x := range []int64{-1 << (w - 1), 1<<(w-1) - 1, 1 << (w - 2), int64(w), int64(w) - 1, 0x123456789abcdef} {
		out = append(out, SignExtend(t, x))
	}
	for i := range out {
		out[i] = SignExtend(t, out[i])
	}
	return out
}

// TestEvalInt compares every integer op with its definition on math/big.
func TestEvalInt(t *testing.T) {
	for _, typ := range []Type{I8, I16, I32, I64} {
		xs := sampleInts(typ)
		rng := rand.New(rand.NewPCG(1, uint64(typ)))
		for range 20 {
			xs = append(xs, SignExtend(typ, int64(rng.Uint64())))
		}
		for op := OpAdd; op <= OpSubb; op++ {
			for _, x := range xs {
				for _, y := range xs {
					checkEval(t, op, typ, x, y, x&3)
				}
			}
		}
	}
}

func checkEval(t *testing.T, op Op, typ Type, x, y, z int64) {
	t.Helper()
	r, r1, ok := Eval(op, typ, typ, x, y, z)
	want, flagged, defined := bigEval(op, typ, x, y, z)
	if ok != defined || ok && (r != want || op.IsOverflow() && (r1 == 1) != flagged) {
		t.Fatalf("%s.%s %d, %d, %d = %d, %d, %v; want %d, %v, %v", op, typ, x, y, z, r, r1, ok, want, flagged, defined)
	}
}

// bigEval is the textbook definition: exact integers, then the low bits.
func bigEval(op Op, t Type, x, y, z int64) (r int64, flagged, ok bool) {
	w := uint(t.Bits())
	unsigned := func(v int64) *big.Int { return new(big.Int).SetUint64(ZeroExtend(t, v)) }
	sx, sy, ux, uy, c := big.NewInt(x), big.NewInt(y), unsigned(x), unsigned(y), big.NewInt(z&1)
	e := new(big.Int)
	mod := new(big.Int).Lsh(big.NewInt(1), w)
	low := func(v *big.Int) int64 {
		return SignExtend(t, int64(new(big.Int).Mod(v, mod).Uint64()))
	}
	signedFits := func(v *big.Int) bool { return big.NewInt(low(v)).Cmp(v) == 0 }
	unsignedFits := func(v *big.Int) bool { return v.Sign() >= 0 && v.Cmp(mod) < 0 }
	count := ZeroExtend(t, y)
	rot := uint(count % uint64(w))
	switch op {
	case OpAdd:
		e.Add(sx, sy)
	case OpSub:
		e.Sub(sx, sy)
	case OpMul:
		e.Mul(sx, sy)
	case OpSdiv, OpSrem, OpUdiv, OpUrem:
		if y == 0 {
			return 0, false, false
		}
		switch op {
		case OpSdiv:
			e.Quo(sx, sy)
		case OpSrem:
			e.Rem(sx, sy)
		case OpUdiv:
			e.Quo(ux, uy)
		case OpUrem:
			e.Rem(ux, uy)
		}
	case OpNeg:
		e.Neg(sx)
	case OpAnd:
		e.And(sx, sy)
	case OpOr:
		e.Or(sx, sy)
	case OpXor:
		e.Xor(sx, sy)
	case OpNot:
		e.Not(sx)
	case OpShl:
		if count < 64 {
			e.Lsh(sx, uint(count))
		}
	case OpLshr:
		if count < 64 {
			e.Rsh(ux, uint(count))
		}
	case OpAshr:
		e.Rsh(sx, uint(min(count, 64)))
	case OpRotl:
		e.Or(new(big.Int).Lsh(ux, rot), new(big.Int).Rsh(ux, w-rot))
	case OpRotr:
		e.Or(new(big.Int).Rsh(ux, rot), new(big.Int).Lsh(ux, w-rot))
	case OpClz:
		e.SetInt64(int64(w) - int64(ux.BitLen()))
	case OpCtz:
		n := int64(w)
		if ux.Sign() != 0 {
			n = int64(ux.TrailingZeroBits())
		}
		e.SetInt64(n)
	case OpPopcnt:
		n := int64(0)
		for i := range int(w) {
			n += int64(ux.Bit(i))
		}
		e.SetInt64(n)
	case OpBswap:
		buf := ux.FillBytes(make([]byte, w/8))
		for i, j := 0, len(buf)-1; i < j; i, j = i+1, j-1 {
			buf[i], buf[j] = buf[j], buf[i]
		}
		e.SetBytes(buf)
	case OpSmulhi:
		e.Rsh(e.Mul(sx, sy), w)
	case OpUmulhi:
		e.Rsh(e.Mul(ux, uy), w)
	case OpSmin:
		e.SetInt64(min(x, y))
	case OpSmax:
		e.SetInt64(max(x, y))
	case OpUmin, OpUmax:
		e = ux
		if (ux.Cmp(uy) > 0) == (op == OpUmin) {
			e = uy
		}
	case OpSaddov:
		e.Add(sx, sy)
		flagged = !signedFits(e)
	case OpSsubov:
		e.Sub(sx, sy)
		flagged = !signedFits(e)
	case OpSmulov:
		e.Mul(sx, sy)
		flagged = !signedFits(e)
	case OpUaddov:
		e.Add(ux, uy)
		flagged = !unsignedFits(e)
	case OpUsubov:
		e.Sub(ux, uy)
		flagged = !unsignedFits(e)
	case OpUmulov:
		e.Mul(ux, uy)
		flagged = !unsignedFits(e)
	case OpAddc:
		e.Add(e.Add(ux, uy), c)
		flagged = !unsignedFits(e)
	case OpSubb:
		e.Sub(e.Sub(ux, uy), c)
		flagged = !unsignedFits(e)
	}
	return low(e), flagged, true
}

func TestEvalFMA32(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 200000 {
		x, y, z := math.Float32frombits(rng.Uint32()), math.Float32frombits(rng.Uint32()), math.Float32frombits(rng.Uint32())
		if rng.IntN(2) == 0 { // products and sums that nearly cancel are the hard cases
			z = -x * y * (1 + float32(rng.IntN(5)-2)/(1<<23))
		}
		got := fma32(x, y, z)
		if x-x != 0 || y-y != 0 || z-z != 0 {
			continue
		}
		exact := new(big.Float).SetPrec(600).SetFloat64(float64(x) * float64(y))
		exact.Add(exact, new(big.Float).SetFloat64(float64(z)))
		want, _ := exact.Float32()
		if got != want {
			t.Fatalf("fma(%g, %g, %g) = %g, want %g", x, y, z, got, want)
		}
	}
}

func TestEvalConvert(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	bits := func(f float64) int64 { return int64(math.Float64bits(f)) }
	for _, c := range []struct {
		op      Op
		t, from Type
		x, want int64
	}{
		{OpFptosi, I8, F64, bits(127.9), 127},
		{OpFptosi, I8, F64, bits(128), -128},
		{OpFptosi, I8, F64, bits(-128.9), -128},
		{OpFptosi, I64, F64, bits(nan), math.MinInt64},
		{OpFptosi, I32, F64, bits(-inf), math.MinInt32},
		{OpFptosi, I64, F64, bits(-0.5), 0},
		{OpFptoui, I8, F64, bits(255.9), -1},
		{OpFptoui, I8, F64, bits(256), -128},
		{OpFptoui, I64, F64, bits(-0.9), 0},
		{OpFptoui, I64, F64, bits(-1), math.MinInt64},
		{OpFptoui, I64, F64, bits(1 << 63), math.MinInt64},
		{OpFptoui, I64, F64, bits(nan), math.MinInt64},
		{OpSext, I64, I8, -3, -3},
		{OpZext, I64, I8, -3, 253},
		{OpZext, I16, I8, -1, 255},
		{OpTrunc, I8, I64, 0x1ff, -1},
		{OpUitofp, F64, I8, -1, bits(255)},
		{OpUitofp, F64, I64, -1, bits(18446744073709551615)},
		{OpSitofp, F64, I64, -1, bits(-1)},
		{OpBitcast, F32, I32, -1, 0xffffffff},
		{OpBitcast, I32, F32, 0xffffffff, -1},
		{OpFptrunc, F32, F64, bits(1.5), int64(math.Float32bits(1.5))},
		{OpFpext, F64, F32, int64(math.Float32bits(1.5)), bits(1.5)},
	} {
		if r, _, ok := Eval(c.op, c.t, c.from, c.x, 0, 0); !ok || r != c.want {
			t.Errorf("%s %s to %s of %#x = %#x, want %#x", c.op, c.from, c.t, c.x, r, c.want)
		}
	}
}

// FuzzParse holds that no text crashes or hangs the parser, the verifier or
// the printer, and that what parses round-trips.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.ir")
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	f.Fuzz(func(t *testing.T, src string) { checkText(t, src) })
}

func checkText(t *testing.T, src string) {
	t.Helper()
	m, err := Parse("fuzz.ir", src)
	checkLazy(t, src, m, err)
	if err != nil {
		return
	}
	one := m.String()
	verr := Verify(m)
	again, err := Parse("fuzz.ir", one)
	if err != nil {
		t.Fatalf("%v in the printed form\n%s\nof\n%s", err, one, src)
	}
	if two := again.String(); one != two {
		t.Fatalf("printed\n%s\nthen\n%s", one, two)
	}
	if (Verify(again) == nil) != (verr == nil) {
		t.Fatalf("verified differently after printing: %v\n%s", verr, one)
	}
}

// TestMutatedText is a fixed slice of what FuzzParse does, with mutations that
// keep more of the text's form than random bytes would.
func TestMutatedText(t *testing.T) {
	src, err := os.ReadFile("testdata/sample.ir")
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 9))
	words := strings.Fields(string(src))
	n := 3000
	if os.Getenv("MARTLET_SOAK") != "" {
		n = 300000
	}
	for range n {
		checkText(t, mutate(rng, string(src), words))
	}
}

func mutate(rng *rand.Rand, src string, words []string) string {
	lines := strings.SplitAfter(src, "\n")
	for range 1 + rng.IntN(3) {
		i := rng.IntN(len(lines))
		switch line := lines[i]; rng.IntN(6) {
		case 0:
			lines = append(lines[:i:i], lines[i+1:]...)
		case 1:
			j := rng.IntN(len(lines))
			lines[i], lines[j] = lines[j], lines[i]
		case 2:
			at := rng.IntN(len(line) + 1)
			lines[i] = line[:at] + words[rng.IntN(len(words))] + line[at:]
		case 3:
			if len(line) > 0 {
				at := rng.IntN(len(line))
				lines[i] = line[:at] + line[at+1:]
			}
		case 4:
			f := strings.Fields(line)
			if len(f) > 0 {
				f[rng.IntN(len(f))] = words[rng.IntN(len(words))]
				lines[i] = strings.Join(f, " ") + "\n"
			}
		case 5:
			lines[i] = line + line
		}
	}
	return strings.Join(lines, "")
}
