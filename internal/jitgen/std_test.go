package jitgen

import (
	"bytes"
	"fmt"
	"go/types"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"martlet/ir"
	"martlet/ir/interp"
	"martlet/jit"
)

// stdCase is one function of the standard library: its name, the function as
// Go compiled it, and random arguments. The generator is called twice with
// the same seed, so that each side gets arguments of its own.
type stdCase struct {
	name string
	fn   any
	args func(r *rand.Rand) []any
}

func stdPatterns() []string {
	seen := map[string]bool{}
	var ps []string
	for _, c := range stdCases {
		path := c.name[:strings.LastIndex(c.name, ".")]
		if i := strings.Index(path, "("); i >= 0 {
			path = strings.TrimLeft(path[i:], "(*")
			path = path[:strings.LastIndex(path, ".")]
		}
		if !seen[path] {
			seen[path] = true
			ps = append(ps, path)
		}
	}
	return ps
}

var loadStd = sync.OnceValues(func() (*Source, error) {
	return Load(LoadConfig{Patterns: stdPatterns(), Tags: []string{"purego", "math_big_pure_go"}})
})

func stdSource(t *testing.T) *Source {
	src, err := loadStd()
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// findStd finds a function by its full go/ssa name.
func findStd(src *Source, name string) *ssa.Function {
	for _, p := range src.Roots {
		if !strings.Contains(name, p.PkgPath+".") {
			continue
		}
		pkg := src.Prog.Package(p.Types)
		pkg.Build()
		if f := findIn(pkg, name); f != nil && f.String() == name {
			return f
		}
	}
	return nil
}

type stdRun struct {
	res    *Result
	binder *Binder
}

func lowerStd(t *testing.T) (*stdRun, map[string]*ssa.Function) {
	src := stdSource(t)
	fns := map[string]*ssa.Function{}
	var roots []*ssa.Function
	for _, c := range stdCases {
		f := findStd(src, c.name)
		if f == nil {
			t.Errorf("%s: not found", c.name)
			continue
		}
		fns[c.name] = f
		roots = append(roots, f)
	}
	res, binder := LowerWithInit(src, Options{}, roots...)
	if err := ir.Verify(res.Module); err != nil {
		t.Fatal(err)
	}
	return &stdRun{res: res, binder: binder}, fns
}

// An executor calls a lowered function.
type executor func(name string, sig ir.Signature, in []interp.Val) ([]interp.Val, error)

func interpreted(m *interp.Machine) executor {
	return func(name string, _ ir.Signature, in []interp.Val) ([]interp.Val, error) {
		res, err := m.Call(name, in...)
		return res.Values, err
	}
}

// native runs the module in an engine, which compiles lazily.
func native(t *testing.T, run *stdRun, tiers jit.Tiers) executor {
	e := jit.New(jit.Options{Tiers: tiers})
	t.Cleanup(e.Close)
	if err := e.Native(); err != nil {
		t.Skipf("no machine code here: %v", err)
	}
	lib := e.NewLibrary("std")
	for _, f := range run.res.Module.Funcs {
		if f.Linkage == ir.DeclaredGo {
			if err := lib.DefineGoFunc(f.Name, f.Sig, run.binder.GoFunc(f.Name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := lib.Add(run.res.Module); err != nil {
		t.Fatal(err)
	}
	return func(name string, sig ir.Signature, in []interp.Val) ([]interp.Val, error) {
		var words []uint64
		var refs []unsafe.Pointer
		for _, v := range in {
			if v.Type == ir.Ref {
				refs = append(refs, v.Ref)
			} else {
				words = append(words, uint64(v.Bits))
			}
		}
		w, r, err := lib.CallWords(name, sig, words, refs)
		if err != nil {
			return nil, err
		}
		return toInterp(sig.Results, w, r), nil
	}
}

// TestStandardLibrary compiles functions of Go's standard library with what
// they call, and compares results with the Go compiler's on random arguments:
// in the reference interpreter, and as machine code at both levels.
func TestStandardLibrary(t *testing.T) {
	run, fns := lowerStd(t)
	run.binder.Host = mathHost
	m, err := run.binder.Interp(interp.Options{MaxSteps: 50_000_000})
	if err != nil {
		t.Error(err)
	}
	run.binder.BindConsts()
	for _, x := range []struct {
		name string
		exec func(t *testing.T) executor
	}{
		{"interp", func(*testing.T) executor { return interpreted(m) }},
		{"quick", func(t *testing.T) executor { return native(t, run, jit.QuickOnly) }},
		{"full", func(t *testing.T) executor { return native(t, run, jit.FullOnly) }},
	} {
		t.Run(x.name, func(t *testing.T) { run.all(t, x.exec(t), fns) })
	}
}

func (s *stdRun) all(t *testing.T, exec executor, fns map[string]*ssa.Function) {
	passed := 0
	for _, c := range stdCases {
		fn := fns[c.name]
		if fn != nil && t.Run(c.name, func(t *testing.T) { s.compare(t, exec, c, fn) }) {
			passed++
		}
	}
	t.Logf("%d functions agree, %d graph functions in the module", passed, len(s.res.Funcs))
	if passed < 60 {
		t.Errorf("only %d functions, want at least 60", passed)
	}
}

func (s *stdRun) compare(t *testing.T, exec executor, c stdCase, fn *ssa.Function) {
	name := fn.String()
	if why := s.res.Opaque[name]; why != nil {
		t.Fatalf("opaque: %s", why)
	}
	for seed := range uint64(25) {
		a1, a2 := c.args(rand.New(rand.NewPCG(seed, 7))), c.args(rand.New(rand.NewPCG(seed, 7)))
		want, wantPanic := callGo(c.fn, a1)
		got, err := s.call(exec, fn, c.fn, a2)
		if wantPanic != nil {
			if err == nil {
				t.Fatalf("seed %d: no trap, but Go panics: %v", seed, wantPanic)
			}
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: args %.300s: %v", seed, fmt.Sprint(a1...), err)
		}
		if !same(got, want) {
			t.Fatalf("seed %d: args %.300s\n got %.300s\nwant %.300s\nmissing %v", seed, fmt.Sprint(a1), fmt.Sprint(got), fmt.Sprint(want), s.binder.Missing())
		}
		if !same(a1, a2) {
			t.Fatalf("seed %d: arguments after the call: %.300v, want %.300v", seed, a2, a1)
		}
	}
}

// same is DeepEqual by what is printed for floats, so that NaN equals NaN.
func same(a, b []any) bool {
	return reflect.DeepEqual(a, b) || fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b)
}

func callGo(fn any, args []any) (out []any, panicked any) {
	defer func() { panicked = recover() }()
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = reflect.ValueOf(a)
	}
	fv := reflect.ValueOf(fn)
	call := fv.Call
	if fv.Type().IsVariadic() {
		call = fv.CallSlice
	}
	for _, r := range call(in) {
		if r.Kind() == reflect.Interface {
			out = append(out, !r.IsNil())
			continue
		}
		out = append(out, r.Interface())
	}
	return out, nil
}

func (s *stdRun) call(exec executor, fn *ssa.Function, goFn any, args []any) ([]any, error) {
	var in []interp.Val
	for i, p := range fn.Params {
		v := reflect.ValueOf(args[i])
		if types.IsInterface(p.Type()) {
			iv := reflect.New(reflect.TypeOf(goFn).In(i)).Elem()
			iv.Set(v)
			v = iv
		}
		in = append(in, s.binder.Words(p.Type(), v)...)
	}
	vs, err := exec(fn.String(), s.res.Module.Func(fn.String()).Sig, in)
	if err != nil {
		return nil, err
	}
	var out []any
	rt := reflect.TypeOf(goFn)
	for i, r := range tupleTypes(fn.Signature.Results()) {
		var v reflect.Value
		if types.IsInterface(r) { // an error made by lowered code has no type word of this process: compare whether there is one
			out, vs = append(out, vs[0].Ref != nil), vs[2:]
			continue
		}
		v, vs = s.binder.Value(r, rt.Out(i), vs)
		out = append(out, v.Interface())
	}
	return out, nil
}

func tupleTypes(tup *types.Tuple) []types.Type {
	var ts []types.Type
	for v := range tup.Variables() {
		ts = append(ts, v.Type())
	}
	return ts
}

// mathHost: math has assembly for these on some machines.
var mathHost = map[string]ir.GoFunc{"math.archLog": mathFunc(math.Log), "math.archExp": mathFunc(math.Exp), "math.archHypot": hypot}

func hypot(w []uint64, _ []unsafe.Pointer) {
	w[0] = math.Float64bits(math.Hypot(math.Float64frombits(w[0]), math.Float64frombits(w[1])))
}

func mathFunc(f func(float64) float64) ir.GoFunc {
	return func(w []uint64, _ []unsafe.Pointer) { w[0] = math.Float64bits(f(math.Float64frombits(w[0]))) }
}

// Random arguments.

func rInt(r *rand.Rand) int {
	switch r.IntN(4) {
	case 0:
		return r.IntN(200) - 100
	case 1:
		return int(r.Uint64())
	case 2:
		return int(r.Uint64() >> r.IntN(64))
	}
	return -int(r.Uint64() >> r.IntN(64))
}

func rU64(r *rand.Rand) uint64 { return uint64(rInt(r)) }

func rFloat(r *rand.Rand) float64 {
	return (r.Float64() - 0.5) * float64(uint64(1)<<r.IntN(60))
}

func rBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, r.IntN(n+1))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// rText is text of few letters, so that searches find something.
func rText(r *rand.Rand, n int) string {
	b := make([]byte, r.IntN(n+1))
	for i := range b {
		b[i] = "ab c,X"[r.IntN(6)]
	}
	return string(b)
}

func rUTF8(r *rand.Rand, n int) string {
	var b strings.Builder
	for range r.IntN(n + 1) {
		switch r.IntN(4) {
		case 0:
			b.WriteByte(byte(r.Uint32()))
		case 1:
			b.WriteRune(rune(r.IntN(0x110000)))
		default:
			b.WriteRune(rune(32 + r.IntN(300)))
		}
	}
	return b.String()
}

func rRune(r *rand.Rand) rune {
	if r.IntN(3) == 0 {
		return rune(r.IntN(128))
	}
	return rune(r.IntN(0x120000) - 5)
}

func rInts(r *rand.Rand, n int) []int {
	s := make([]int, r.IntN(n+1))
	for i := range s {
		s[i] = r.IntN(100) - 50
	}
	return s
}

func args(f ...func(r *rand.Rand) any) func(r *rand.Rand) []any {
	return func(r *rand.Rand) []any {
		var out []any
		for _, g := range f {
			out = append(out, g(r))
		}
		return out
	}
}

func aInt(r *rand.Rand) any   { return rInt(r) }
func aU64(r *rand.Rand) any   { return rU64(r) }
func aU32(r *rand.Rand) any   { return uint32(rU64(r)) }
func aU16(r *rand.Rand) any   { return uint16(rU64(r)) }
func aU8(r *rand.Rand) any    { return uint8(rU64(r)) }
func aF64(r *rand.Rand) any   { return rFloat(r) }
func aText(r *rand.Rand) any  { return rText(r, 40) }
func aSub(r *rand.Rand) any   { return rText(r, 3) }
func aUTF8(r *rand.Rand) any  { return rUTF8(r, 20) }
func aBytes(r *rand.Rand) any { return rBytes(r, 200) }
func aRune(r *rand.Rand) any  { return rRune(r) }
func aBit(r *rand.Rand) any   { return uint64(r.IntN(2)) }
func aBase(r *rand.Rand) any  { return 2 + r.IntN(35) }
func aBText(r *rand.Rand) any { return []byte(rText(r, 40)) }
func aBSub(r *rand.Rand) any  { return []byte(rText(r, 3)) }
func aByte(r *rand.Rand) any  { return "ab c,X"[r.IntN(6)] }

func aDigits(r *rand.Rand) any {
	s := fmt.Sprint(rInt(r))
	if r.IntN(5) == 0 {
		s += "x"
	}
	return s
}

func aFloatText(r *rand.Rand) any {
	switch r.IntN(4) {
	case 0:
		return fmt.Sprint(rFloat(r))
	case 1:
		return fmt.Sprintf("%.17e", rFloat(r))
	case 2:
		return fmt.Sprintf("%de%d", r.IntN(1000), r.IntN(600)-300)
	}
	return rText(r, 5)
}

// buffers of at least n bytes.
func aBuf(n int) func(r *rand.Rand) any {
	return func(r *rand.Rand) any { return append(rBytes(r, 20), bytes.Repeat([]byte{byte(r.Uint32())}, n)...) }
}
