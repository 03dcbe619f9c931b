package codegen_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"martlet/internal/codegen"
	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/ir"
	"martlet/ir/interp"
	"martlet/ir/irtest"
)

// joinProgram writes a loop whose guard fails every third iteration, twice:
// @want does the rest of such an iteration in a block, @f leaves it to
// @bridge, which goes on at the loop's header. The loop carries integers,
// floats and refs and uses as many values that the guard does not mention.
type joinProgram struct {
	r                    *rand.Rand
	ints, floats, refs   int
	w                    strings.Builder
	types, params, names string
}

func (p *joinProgram) line(format string, args ...any) { fmt.Fprintf(&p.w, format+"\n", args...) }

func intType(k int) string { return []string{"i64", "i64", "i32"}[k%3] }

func newJoinProgram(seed uint64) *joinProgram {
	r := rand.New(rand.NewPCG(seed, 1))
	p := &joinProgram{r: r, ints: 1 + r.IntN(14), floats: 1 + r.IntN(18), refs: 1 + r.IntN(6)}
	add := func(name, t string) {
		p.types += ", " + t
		p.params += fmt.Sprintf(", %%%s %s", name, t)
		p.names += ", %" + name
	}
	for k := range p.ints {
		add(fmt.Sprintf("a%d", k), intType(k))
	}
	for k := range p.floats {
		add(fmt.Sprintf("x%d", k), "f64")
	}
	for k := range p.refs {
		add(fmt.Sprintf("r%d", k), "ref")
	}
	return p
}

func (p *joinProgram) String() string {
	p.line("module \"join\"\ntype @Node size 16 ptrs 0\nglobal @g size 64\ndeclare go @host.gc()\ndeclare @join(i64%s) -> i64, f64", p.types)
	p.line("func @work(i64) -> i64 {\nentry(%%a i64):\n  %%b = mul.i64 %%a, 77\n  ret %%b\n}")
	heavy, call := p.r.IntN(2) == 0, p.r.IntN(2) == 0
	seed := p.r.Uint64()
	for _, guarded := range []bool{false, true} {
		p.r = rand.New(rand.NewPCG(seed, 2)) // the same choices both times
		p.function(guarded, heavy, call)
	}
	p.line("func @bridge(i64%s, i64, ref) -> i64, f64 {\nentry(%%i i64%s, %%five i64, %%nil ref):", p.types, p.params)
	p.slow(heavy)
	p.line("  tailcall @join(%%i1%s)\n}", p.next("s"))
	return p.w.String()
}

func (p *joinProgram) function(guarded, heavy, call bool) {
	name := map[bool]string{false: "want", true: "f"}[guarded]
	p.line("func @%s(i64, f64) -> i64, f64 {\nentry(%%n i64, %%d f64):", name)
	args := ""
	for k := range p.ints {
		t := intType(k)
		src := "%n"
		if t == "i32" {
			p.line("  %%n%d = trunc.i32 %%n", k)
			src = fmt.Sprintf("%%n%d", k)
		}
		p.line("  %%ka%d = mul.%s %s, %d", k, t, src, 3+p.r.IntN(1000))
		args += fmt.Sprintf(", %d", p.r.IntN(9)-4)
	}
	for k := range p.floats {
		p.line("  %%kx%d = fmul.f64 %%d, %d.25", k, 1+p.r.IntN(9))
		args += fmt.Sprintf(", %%kx%d", k)
	}
	for k := range p.refs {
		p.line("  %%kr%d = alloc @Node\n  store.i64 %%kr%d+8, %d", k, k, p.r.IntN(1000))
		args += fmt.Sprintf(", %%kr%d", p.r.IntN(k+1))
	}
	p.line("  jump loop(0%s)\nloop(%%i i64%s):\n  %%done = sge.i64 %%i, %%n\n  br %%done, out, body\nbody:", args, p.params)
	p.line("  %%rem = srem.i64 %%i, 3\n  %%c = ne.i64 %%rem, 0")
	if guarded {
		p.line("  guard %%c, 7(%%i%s, 5, nil:ref)", p.names)
	} else {
		p.line("  br %%c, fast, slow\nslow:\n  %%five = add.i64 0, 5")
		p.slow(heavy)
		p.line("  jump loop(%%i1%s)\nfast:", p.next("s"))
	}
	p.fast(call)
	p.out()
}

// fast is the rest of an iteration whose guard held; it uses values that the guard does not mention.
func (p *joinProgram) fast(call bool) {
	if call {
		p.line("  %%w = call @work(%%i)")
	} else {
		p.line("  %%w = mul.i64 %%i, 77")
	}
	p.line("  %%g = symaddr @g\n  %%g0 = load.i64 %%g+8\n  %%g1 = add.i64 %%g0, %%w\n  store.i64 %%g+8, %%g1")
	for k := range p.ints {
		t := intType(k)
		p.line("  %%fm%d = mul.%s %%a%d, %d\n  %%fb%d = xor.%s %%fm%d, %d", k, t, k, 1+p.r.IntN(5), k, t, k, p.r.Uint32()>>1)
		if t == "i64" {
			p.line("  %%fc%d = xor.i64 %%fb%d, %d\n  %%fa%d = add.i64 %%fc%d, %%ka%d", k, k, int64(p.r.Uint64()>>2)|1<<40, k, k, p.r.IntN(k/3+1)*3)
		} else {
			p.line("  %%fa%d = add.i32 %%fb%d, %%ka%d", k, k, k)
		}
	}
	for k := range p.floats {
		p.line("  %%fy%d = fmul.f64 %%x%d, 0.375\n  %%fx%d = fadd.f64 %%fy%d, %%kx%d", k, k, k, k, p.r.IntN(p.floats))
	}
	for k := range p.refs {
		p.line("  %%fv%d = load.i64 %%r%d+8\n  %%fw%d = add.i64 %%fv%d, %%i\n  store.i64 %%kr%d+8, %%fw%d", k, k, k, k, k, k)
	}
	p.line("  %%fi = add.i64 %%i, 1\n  jump loop(%%fi%s)", p.next("f"))
}

// next lists the values for the next iteration; refs rotate in the fast part.
func (p *joinProgram) next(prefix string) string {
	var s string
	for k := range p.ints {
		s += fmt.Sprintf(", %%%sa%d", prefix, k)
	}
	for k := range p.floats {
		s += fmt.Sprintf(", %%%sx%d", prefix, k)
	}
	for k := range p.refs {
		if prefix == "f" {
			s += fmt.Sprintf(", %%r%d", (k+1)%p.refs)
		} else {
			s += fmt.Sprintf(", %%sr%d", k)
		}
	}
	return s
}

// slow is the rest of an iteration whose guard failed.
func (p *joinProgram) slow(heavy bool) {
	p.line("  %%i1 = add.i64 %%i, 1\n  %%q = call @work(%%i)")
	if heavy {
		p.line("  call @host.gc()")
	}
	for k := range p.ints {
		if intType(k) == "i64" {
			p.line("  %%sb%d = add.i64 %%a%d, %%q\n  %%sa%d = mul.i64 %%sb%d, %%five", k, (k+3)%p.ints/3*3, k, k)
		} else {
			p.line("  %%sa%d = add.i32 %%a%d, 9", k, k)
		}
	}
	for k := range p.floats {
		p.line("  %%sx%d = fadd.f64 %%x%d, 1.5", k, p.floats-1-k)
	}
	for k := range p.refs {
		if k%2 == 0 {
			p.line("  %%sr%d = alloc @Node\n  store.ref %%sr%d, %%r%d\n  store.i64 %%sr%d+8, %%i", k, k, k, k)
		} else {
			p.line("  %%sr%d = select.ref 1, %%r%d, %%r0", k, k-1)
		}
	}
}

func (p *joinProgram) out() {
	p.line("out:\n  %%oi0 = add.i64 %%i, 0\n  %%of0 = fadd.f64 %%d, 0.5")
	n := 0
	sum := func(v string) {
		p.line("  %%ot%d = mul.i64 %%oi%d, 31\n  %%oi%d = add.i64 %%ot%d, %s", n, n, n+1, n, v)
		n++
	}
	for k := range p.ints {
		v := fmt.Sprintf("%%a%d", k)
		if intType(k) == "i32" {
			p.line("  %%oe%d = zext.i64 %%a%d", k, k)
			v = fmt.Sprintf("%%oe%d", k)
		}
		sum(v)
	}
	for k := range p.refs {
		p.line("  %%ov%d = load.i64 %%r%d+8\n  %%ou%d = load.i64 %%kr%d+8", k, k, k, k)
		sum(fmt.Sprintf("%%ov%d", k))
		sum(fmt.Sprintf("%%ou%d", k))
	}
	for k := range p.floats {
		p.line("  %%og%d = fmul.f64 %%of%d, 1.125\n  %%of%d = fadd.f64 %%og%d, %%x%d", k, k, k+1, k, k)
	}
	p.line("  ret %%oi%d, %%of%d\n}", n, p.floats)
}

// joinResolver also knows the parent.
type joinResolver struct {
	*loaded
	parent *native.Installed
}

func (r joinResolver) Parent() *native.Installed { return r.parent }

// TestJoin compares loops that go on behind a bridge with the interpreter's:
// values in registers, stack slots, ref slots and constants, under collection.
func TestJoin(t *testing.T) {
	bs := backends(t)
	kinds := map[obj.LocKind]int{}
	joined := 0
	for seed := range uint64(60) {
		src := newJoinProgram(seed).String()
		m, err := ir.Parse("join", src)
		if err == nil {
			err = ir.Verify(m)
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		args := []interp.Val{interp.I64(14), interp.F64(1.75)}
		want := irtest.Interp{}.Run(m, m.Func("want"), args)
		for _, b := range bs {
			b.opt = false
			b.target.Joins = true
			joined += testJoin(t, b, m, args, want, kinds)
		}
		if t.Failed() {
			t.Fatalf("seed %d\n%s", seed, src)
		}
	}
	for _, k := range []obj.LocKind{obj.LocReg, obj.LocStack, obj.LocRef, obj.LocConst} {
		if kinds[k] == 0 {
			t.Errorf("no value was at a location of kind %d: %v", k, kinds)
		}
	}
	if joined != 60*len(bs) {
		t.Errorf("%d bridges joined", joined)
	}
}

func testJoin(t *testing.T, b backend, m *ir.Module, args []interp.Val, want irtest.Outcome, kinds map[obj.LocKind]int) int {
	l, err := b.load(m)
	if l != nil {
		defer l.free()
	}
	if err != nil {
		t.Error(err)
		return 0
	}
	l.class = 2
	f := m.Func("f")
	if o := l.call(f, args); o.Exit == nil {
		t.Errorf("%s: no exit without the bridge: %s", b.Name(), o)
		return 0
	}
	parent, exit := l.sizes["f"], 0
	for i := range parent.Exits {
		if parent.Exits[i].ID == 7 {
			exit = i
		}
	}
	target := b.target
	target.Bridge = &codegen.Bridge{Parent: parent, Exit: exit, Joins: map[string]int32{"join": 0}}
	code, err := codegen.Compile(m.Func("bridge"), target)
	if err != nil {
		t.Errorf("%s: %v", b.Name(), err)
		return 0
	}
	if _, _, err := b.m.Install(code, l); err == nil {
		t.Errorf("%s: installed without a parent", b.Name())
	}
	in, refs, err := b.m.Install(code, joinResolver{l, l.code["f"]})
	if err != nil {
		t.Errorf("%s: %v", b.Name(), err)
		return 0
	}
	l.refs = append(l.refs, refs)
	defer b.m.Free(in)
	native.SetCell(l.code["f"].CellAddr(int(parent.Exits[exit].Cell)), uint64(in.Addr))
	clear(l.globals["g"])
	o := l.call(f, args)
	o.Memory = l.memory()
	if !want.Same(o) {
		t.Errorf("%s: %s, want %s (exit %s, thru %v, join %v)", b.Name(), o, want, &parent.Exits[exit], parent.Exits[exit].Thru, parent.Joins[0])
	}
	for _, v := range parent.Exits[exit].Live {
		kinds[v.Kind]++
	}
	for _, v := range parent.Joins[0].Params {
		kinds[v.Kind]++
	}
	for _, v := range parent.Exits[exit].Thru[0].Moves {
		kinds[v.From.Kind]++
		kinds[v.To.Kind]++
	}
	return 1
}

// TestJoinRejects checks that a jump that does not fit is a compile error.
func TestJoinRejects(t *testing.T) {
	src := "module \"reject\"\ndeclare @join(i64) -> i64\ndeclare @two(i64, i64) -> i64\n" +
		"func @f(i64) -> i64 {\nentry(%n i64):\n  %c = ne.i64 %n, 3\n  guard %c, 1(%n)\n  jump loop(0)\n" +
		"loop(%i i64):\n  %d = ne.i64 %i, 7\n  guard %d, 2(%i)\n  %j = add.i64 %i, 1\n  %e = slt.i64 %j, %n\n  br %e, loop(%j), out\nout:\n  ret %j\n}\n" +
		"func @ok(i64) -> i64 {\nentry(%i i64):\n  %j = add.i64 %i, 1\n  tailcall @join(%j)\n}\n" +
		"func @wide(i64) -> i64 {\nentry(%i i64):\n  tailcall @two(%i, %i)\n}\n"
	m := ir.MustParse("reject", src)
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	for _, level := range []codegen.Level{codegen.Quick, codegen.Full} {
		target := codegen.Target{CPU: host(), Level: level, Check: true, Joins: true}
		parent, err := codegen.Compile(m.Func("f"), target)
		if err != nil {
			t.Fatal(err)
		}
		byID := map[int32]int{}
		for i, e := range parent.Exits {
			byID[e.ID] = i
		}
		for _, k := range []struct {
			f    string
			exit int32
			join int32
			want string
		}{
			{"ok", 2, 0, ""},
			{"ok", 1, 0, "is not in the loop of join point 0"},
			{"ok", 2, 5, "has no join point 5"},
			{"wide", 2, 0, "does not fit join point 0"},
		} {
			target.Bridge = &codegen.Bridge{Parent: parent, Exit: byID[k.exit], Joins: map[string]int32{"join": k.join, "two": k.join}}
			_, err := codegen.Compile(m.Func(k.f), target)
			if (err == nil) != (k.want == "") || err != nil && !strings.Contains(err.Error(), k.want) {
				t.Errorf("%s at %s from exit %d to join %d: %v, want %q", k.f, level, k.exit, k.join, err, k.want)
			}
		}
	}
}
