package codegen_test

import (
	"fmt"
	"testing"
	"unsafe"

	"martlet/internal/codegen"
	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/ir"
	"martlet/ir/interp"
)

// TestBridge compiles a continuation for each guard of a function, with live
// values in registers, stack slots, ref slots and constants, patches the
// parent's cell and compares the result with what the handler saw before.
func TestBridge(t *testing.T) {
	const live = 24
	var params, names, sum, isum string
	for i := range live {
		params += fmt.Sprintf(", %%p%d i64", i)
		names += fmt.Sprintf(", %%v%d", i)
		isum += fmt.Sprintf("  %%v%d = mul.i64 %%a, %d\n", i, i+3)
		prev := "%x"
		if i > 0 {
			prev = fmt.Sprintf("%%s%d", i-1)
		}
		sum += fmt.Sprintf("  %%t%d = mul.i64 %s, 31\n  %%s%d = add.i64 %%t%d, %%p%d\n", i, prev, i, i, i)
	}
	types := ""
	for range live {
		types += ", i64"
	}
	src := "module \"bridge\"\ntype @Node size 16 ptrs 0\nfunc @work(i64) -> i64 {\nentry(%a i64):\n  %b = mul.i64 %a, 3\n  ret %b\n}\n" +
		"func @f(i64, ref, f64) -> i64, ref {\nentry(%a i64, %r ref, %d f64):\n" + isum +
		"  %n = alloc @Node\n  store.ref %n, %r\n  %c = slt.i64 %a, 10\n  guard %c, 7(%a, %n, %d, 5, 1.5, nil:ref" + names + ")\n  ret %a, %r\n}\n" +
		"func @bridge(i64, ref, f64, i64, f64, ref" + types + ") -> i64, ref {\nentry(%a i64, %n ref, %d f64, %k i64, %h f64, %z ref" + params + "):\n" +
		"  %w = call @work(%a)\n  %dh = fmul.f64 %d, %h\n  %di = fptosi.i64 %dh\n  %x0 = add.i64 %w, %k\n  %x = add.i64 %x0, %di\n" + sum +
		fmt.Sprintf("  %%r = load.ref %%n\n  %%g = ne.i64 %%x, 12345678\n  guard %%g, 9(%%n)\n  ret %%s%d, %%r\n}\n", live-1)
	m := ir.MustParse("bridge", src)
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	for _, b := range backends(t) {
		testBridge(t, b, m, live)
	}
}

func testBridge(t *testing.T, b backend, m *ir.Module, live int) {
	l, err := b.load(m)
	if err != nil {
		t.Fatal(err)
	}
	defer l.free()
	object := new(int)
	args := []interp.Val{interp.I64(100), interp.Ref(ptrOf(object)), interp.F64(2.5)}
	f := m.Func("f")
	o := l.call(f, args)
	if o.Exit == nil || o.Exit.Number != 7 || len(o.Exit.Values) != 6+live || o.Exit.Values[6].Bits != 300 {
		t.Fatalf("%s: first run: %s", b.Name(), o)
	}
	parent, exit := l.sizes["f"], 0
	for i := range parent.Exits {
		if parent.Exits[i].ID == 7 {
			exit = i
		}
	}
	target := b.target
	target.Bridge = &codegen.Bridge{Parent: parent, Exit: exit}
	code, err := codegen.Compile(m.Func("bridge"), target)
	if err != nil {
		t.Fatal(err)
	}
	in, _, err := b.m.Install(code, l)
	if err != nil {
		t.Fatal(err)
	}
	native.SetCell(l.code["f"].CellAddr(int(parent.Exits[exit].Cell)), uint64(in.Addr))
	want := int64(300 + 5 + 3)
	for i := range live {
		want = want*31 + 100*int64(i+3)
	}
	if o = l.call(f, args); o.Exit == nil || o.Exit.Number != 7 || o.Exit.Values[6].Bits != 300 || o.Exit.Values[1].Ref == nil {
		t.Errorf("%s: in a ref frame without room: %s", b.Name(), o) // the smallest frame: the original exit is taken
	}
	l.class = 2
	o = l.call(f, args)
	if len(o.Values) != 2 || o.Values[0].Bits != want || o.Values[1].Ref != ptrOf(object) {
		t.Errorf("%s: through the bridge: %s, want %d and the object (kind %s, frame %d over %d, %d exits)",
			b.Name(), o, want, code.Kind, code.FrameSize, parent.FrameSize, len(code.Exits))
	}
	if code.Exits[0].Kind != obj.ExitGuard && len(code.Exits) < 2 {
		t.Errorf("%s: the bridge has no exits of its own", b.Name())
	}
}

func ptrOf(p *int) unsafe.Pointer { return unsafe.Pointer(p) }
