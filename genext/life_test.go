package genext

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

func TestWorkersAreBounded(t *testing.T) {
	w := NewWorkers(2)
	var now, most, done atomic.Int32
	for range 20 {
		w.do(func() {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Millisecond)
			now.Add(-1)
			done.Add(1)
		})
	}
	w.Wait()
	if done.Load() != 20 || most.Load() > 2 {
		t.Errorf("%d jobs done, up to %d at a time", done.Load(), most.Load())
	}
	w.do(func() { done.Add(1) }) // workers end when there is nothing to do, and come back
	w.Wait()
	if done.Load() != 21 {
		t.Error("a later job was not done")
	}
}

// TestProfileForgets: what is used stays, what is not used for long goes.
func TestProfileForgets(t *testing.T) {
	var a aged[int]
	a.put(1, 10)
	a.put(2, 20)
	for k := range uint64(4 * maxYoung) {
		a.put(100+k, 0)
		if k%1000 == 0 {
			if v, ok := a.get(1); !ok || v != 10 {
				t.Fatalf("what was in use is forgotten after %d others", k)
			}
		}
	}
	if _, ok := a.get(2); ok || len(a.young)+len(a.old) > 2*maxYoung {
		t.Errorf("kept what was not used: %v; %d entries", ok, len(a.young)+len(a.old))
	}
}

// TestProfileLetsDie: promoted objects are not kept alive by the profile, and their addresses are not mistaken for others.
func TestProfileLetsDie(t *testing.T) {
	p := newProfile(6)
	alive, dead := new([4]int), new([4]int)
	p.value(1, 0, unsafe.Pointer(alive))
	p.value(1, 0, unsafe.Pointer(dead))
	p.value(1, 0, unsafe.Pointer(&statics))
	if n := len(p.seen(1).words); n != 3 {
		t.Fatalf("%d values seen", n)
	}
	runtime.KeepAlive(dead)
	runtime.GC()
	vs := p.seen(1)
	if len(vs.words) != 2 || vs.refs[0] != unsafe.Pointer(alive) || vs.refs[1] != unsafe.Pointer(&statics) {
		t.Errorf("after the death of one: %v", vs)
	}
	runtime.KeepAlive(alive)
}

var statics [4]int
