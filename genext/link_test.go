package genext

import (
	"runtime"
	"testing"
	"unsafe"
	"weak"

	"martlet/ir"
)

// TestAnchor: code that was entered by a jump, which no Go variable refers to, stays alive while it runs, and an exit
// finds whose it is. (Without the store of the anchor in the prologue the weak pointer is nil in h.)
func TestAnchor(t *testing.T) {
	m, err := openNative()
	if err != nil {
		t.Skip("about machine code, which cannot run here:", err)
	}
	var held *nativeCode
	var seen weak.Pointer[nativeCode]
	alive := false
	env := newNativeEnv(m, func(string) ir.GoFunc {
		return func([]uint64, []unsafe.Pointer) {
			held = nil
			for range 3 {
				runtime.GC()
			}
			alive = seen.Value() != nil
		}
	})
	mod, err := ir.Parse("anchor", `
declare go @h()
declare @link(ref, i64) -> i64
func @from(ref, i64) -> i64 {
entry(%p ref, %n i64):
  %m = add.i64 %n, 1
  tailcall @link(%p, %m)
}
func @to(ref, i64) -> i64 {
entry(%p ref, %n i64):
  call @h()
  %z = const.i64 0
  %c = eq.i64 %n, %z
  guard %c, 0(%p, %n)
  ret %n
}`)
	if err != nil {
		t.Fatal(err)
	}
	r := &region{}
	held, err = Native{}.compile(mod.Func("to"), env, r)
	if err != nil {
		t.Fatal(err)
	}
	seen = weak.Make(held)
	e := &entry{life: &life{d: &door{env: env, opt: Options{Within: func(*Path) bool { return false }}}}}
	if e.cell, err = m.Memory().AllocData(8); err != nil {
		t.Fatal(err)
	}
	e.r = &region{code: held}
	e.relink()
	e.r = nil
	e.settled.Store(nil)
	from, err := Native{}.compile(mod.Func("from"), env, &region{links: map[string]*entry{"link": e}})
	if err != nil {
		t.Fatal(err)
	}
	x := new(int)
	exit, words, refs, at := from.run([]uint64{0, 41}, []unsafe.Pointer{unsafe.Pointer(x), nil})
	if !alive {
		t.Error("the code was collected while it ran")
	}
	if exit != 0 || words[1] != 42 || refs[0] != unsafe.Pointer(x) {
		t.Errorf("exit %d with %v, %v", exit, words, refs)
	}
	if at == nil || at.region != r {
		t.Error("the exit does not know whose it is")
	}
	at = nil
	for range 3 {
		runtime.GC()
	}
	if seen.Value() != nil {
		t.Error("the code is kept alive by something else: the test shows nothing")
	}
}
