package jit

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// TestEveryOrderOfWords calls a function of each signature that needs no reflection: all orders of up to four integers and floats, with an
// integer, a float or no result, with and without an error.
func TestEveryOrderOfWords(t *testing.T) {
	e := New(Options{Tiers: QuickOnly})
	defer e.Close()
	l := e.NewLibrary("main")
	for n := range 5 {
		for mask := range 1 << n {
			floats := make([]bool, n)
			for i := range floats {
				floats[i] = mask>>i&1 != 0
			}
			for _, result := range []string{"", "i64", "f64"} {
				name := fmt.Sprintf("f%d_%d_%s", n, mask, result)
				add(t, l, weighText(name, floats, result))
				for _, fails := range []bool{false, true} {
					checkWords(t, l, name, floats, result, fails)
				}
			}
		}
	}
}

// weighText is a function that traps if its weighted sum, argument k counting 10^k, is negative, and returns it otherwise.
func weighText(name string, floats []bool, result string) string {
	var b strings.Builder
	var params []string
	for i, f := range floats {
		params = append(params, fmt.Sprintf("%%a%d %s", i, map[bool]string{false: "i64", true: "f64"}[f]))
	}
	fmt.Fprintf(&b, "module %q\nfunc @%s(%s)", name, name, strings.Join(kinds(params), ", "))
	if result != "" {
		b.WriteString(" -> " + result)
	}
	b.WriteString(" {\nentry")
	if len(params) > 0 {
		fmt.Fprintf(&b, "(%s)", strings.Join(params, ", "))
	}
	b.WriteString(":\n  %s0 = fadd.f64 0.0, 0.0\n")
	for i, f := range floats {
		if f {
			fmt.Fprintf(&b, "  %%x%d = fadd.f64 %%a%d, 0.0\n", i, i)
		} else {
			fmt.Fprintf(&b, "  %%x%d = sitofp.f64 %%a%d\n", i, i)
		}
		fmt.Fprintf(&b, "  %%m%d = fmul.f64 %%x%d, %g\n  %%s%d = fadd.f64 %%s%d, %%m%d\n", i, i, math.Pow10(i), i+1, i, i)
	}
	s := fmt.Sprintf("%%s%d", len(floats))
	fmt.Fprintf(&b, "  %%neg = flt.f64 %s, 0.0\n  br %%neg, bad, good\nbad:\n  trap 100\ngood:\n", s)
	switch result {
	case "i64":
		fmt.Fprintf(&b, "  %%r = fptosi.i64 %s\n  ret %%r\n}\n", s)
	case "f64":
		fmt.Fprintf(&b, "  ret %s\n}\n", s)
	default:
		b.WriteString("  ret\n}\n")
	}
	return b.String()
}

func kinds(params []string) []string {
	var out []string
	for _, p := range params {
		out = append(out, strings.Fields(p)[1])
	}
	return out
}

type celsius float64 // a named type of the same class

// checkWords calls the function through the closure for its type, once well and, if an argument can make it trap, once badly.
func checkWords(t *testing.T, l *Library, name string, floats []bool, result string, fails bool) {
	t.Helper()
	typ := wordFunc(floats, result, fails)
	sig, _, err := goSignature(typ)
	if err != nil {
		t.Fatal(err)
	}
	h, err := l.handle(name, sig)
	if err != nil {
		t.Fatal(err)
	}
	code := h.direct(typ, fails)
	if code == nil {
		t.Fatalf("%s: no closure for %s", name, typ)
	}
	call := reflect.NewAt(typ, unsafe.Pointer(&code)).Elem()
	args, want := []reflect.Value{}, 0.0
	for i, f := range floats {
		v := float64(i + 1)
		if f {
			v += 0.5
		}
		args = append(args, reflect.ValueOf(v).Convert(typ.In(i)))
		want += v * math.Pow10(i)
	}
	out := call.Call(args)
	switch result {
	case "i64":
		if got := out[0].Int(); got != int64(want) {
			t.Errorf("%s as %s: %d, want %d", name, typ, got, int64(want))
		}
	case "f64":
		if got := out[0].Float(); got != want {
			t.Errorf("%s as %s: %g, want %g", name, typ, got, want)
		}
	}
	if len(args) == 0 {
		return
	}
	last := len(args) - 1
	args[last] = reflect.ValueOf(-100.0).Convert(typ.In(last))
	if err := failureOf(call, args, fails); err == nil || !strings.Contains(err.Error(), "trap") {
		t.Errorf("%s as %s: a trap gave %v", name, typ, err)
	}
}

// wordFunc is a function type with the given classes of arguments; some of the types are named.
func wordFunc(floats []bool, result string, fails bool) reflect.Type {
	ints := []reflect.Type{reflect.TypeFor[int64](), reflect.TypeFor[int](), reflect.TypeFor[time.Duration](), reflect.TypeFor[int64]()}
	flts := []reflect.Type{reflect.TypeFor[float64](), reflect.TypeFor[celsius](), reflect.TypeFor[float64](), reflect.TypeFor[celsius]()}
	var in, out []reflect.Type
	for i, f := range floats {
		if f {
			in = append(in, flts[i])
		} else {
			in = append(in, ints[i])
		}
	}
	switch result {
	case "i64":
		out = append(out, ints[1])
	case "f64":
		out = append(out, flts[1])
	}
	if fails {
		out = append(out, reflect.TypeFor[error]())
	}
	return reflect.FuncOf(in, out, false)
}

// failureOf is the error of a call, returned or panicked with.
func failureOf(call reflect.Value, args []reflect.Value, fails bool) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(err, r.(error))
		}
	}()
	out := call.Call(args)
	if fails {
		err, _ = out[len(out)-1].Interface().(error)
	}
	return err
}

// TestOtherTypesThroughReflection checks that types which Go passes in another way do not get a closure for words.
func TestOtherTypesThroughReflection(t *testing.T) {
	h := &handle{}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[func(int32) int64](),
		reflect.TypeFor[func(bool)](),
		reflect.TypeFor[func() float32](),
		reflect.TypeFor[func(unsafe.Pointer)](),
		reflect.TypeFor[func(int, int, int, int, int)](),
		reflect.TypeFor[func() (int, int)](),
		reflect.TypeFor[func(...int)](),
	} {
		_, fails, _ := goSignature(typ)
		if h.direct(typ, fails) != nil {
			t.Errorf("%s has a closure for words", typ)
		}
	}
}

// TestCallOutlivesHandle keeps a handle's function, not the handle, over the removal of what it calls.
func TestCallOutlivesHandle(t *testing.T) {
	e := New(Options{})
	defer e.Close()
	l := e.NewLibrary("main")
	m := add(t, l, addText)
	call := lookup[func(int64, int64) (int64, error)](t, l, "add")
	if r, err := call(1, 2); r != 3 || err != nil {
		t.Fatal(r, err)
	}
	if err := m.Remove(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		runtime.GC()
		e.Wait()
	}
	var missing *MissingError
	if _, err := call(1, 2); !errors.As(err, &missing) {
		t.Errorf("call of a removed function: %v", err)
	}
	add(t, l, addText)
	if r, err := call(1, 2); r != 3 || err != nil {
		t.Errorf("call of a function that came back: %v, %v", r, err)
	}
}
