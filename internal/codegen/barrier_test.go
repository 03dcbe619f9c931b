package codegen_test

import (
	"runtime"
	"sync/atomic"
	"testing"
	"unsafe"

	"martlet/ir"
	"martlet/ir/interp"
)

const barrierText = `module "barrier"
func @swap(ref, ref, i64) -> f64, f64, i64 {
entry(%a ref, %b ref, %n i64):
  jump loop(0, 0.0, 1.0, 7)
loop(%i i64, %x f64, %y f64, %h i64):
  %p = load.ref %a + 8
  %q = load.ref %b + 8
  store.ref %a + 8, %q
  store.ref %b + 8, %p
  %x1 = fadd.f64 %x, 1.5
  %y1 = fsub.f64 %y, 0.5
  %h1 = mul.i64 %h, 31
  %j = add.i64 %i, 1
  %c = slt.i64 %j, %n
  br %c, loop(%j, %x1, %y1, %h1), done
done:
  ret %x1, %y1, %h1
}
`

type barrierBox struct {
	n    int
	next *barrierBox
}

// TestBarrierKeepsRegisters swaps payloads of old objects while the collector runs, with floats and integers live
// across the barrier's slow path.
func TestBarrierKeepsRegisters(t *testing.T) {
	m := ir.MustParse("barrier", barrierText)
	for _, b := range backends(t) {
		l, err := b.load(m)
		if err != nil {
			t.Fatal(err)
		}
		x, y := &barrierBox{1, &barrierBox{n: 10}}, &barrierBox{2, &barrierBox{n: 20}}
		runtime.GC()
		var stop atomic.Bool
		done := make(chan bool)
		go func() {
			for !stop.Load() {
				runtime.GC()
			}
			close(done)
		}()
		const n = 20_000_001
		o := l.call(m.Func("swap"), []interp.Val{interp.Ref(unsafe.Pointer(x)), interp.Ref(unsafe.Pointer(y)), interp.I64(n)})
		stop.Store(true)
		<-done
		h := int64(7)
		for range n {
			h *= 31
		}
		if len(o.Values) != 3 || o.Values[0].Float() != 1.5*n || o.Values[1].Float() != 1-0.5*n || o.Values[2].Bits != h {
			t.Errorf("%s: %s", b.Name(), o)
		}
		if x.next.n != 20 || y.next.n != 10 {
			t.Errorf("%s: payloads %d and %d", b.Name(), x.next.n, y.next.n)
		}
		l.free()
	}
}
