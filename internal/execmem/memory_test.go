//go:build linux && amd64

package execmem

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"
)

// noRWX fails if any mapping of the process is writable and executable at once.
func noRWX(t *testing.T) {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range bytes.Split(maps, []byte("\n")) {
		if f := bytes.Fields(line); len(f) > 1 && bytes.Contains(f[1], []byte("wx")) {
			t.Errorf("writable and executable: %s", line)
		}
	}
}

func TestNoRWX(t *testing.T) {
	for _, mode := range []Mode{Alias, Flip} {
		m, err := New(Options{CodeSize: 1 << 20, DataSize: 1 << 16, Mode: mode})
		if err != nil {
			t.Fatal(err)
		}
		noRWX(t)
		a, err := m.AllocCode(100, Cold)
		if err != nil {
			t.Fatal(err)
		}
		text := bytes.Repeat([]byte{0x90}, 100)
		if err := m.Write(a, text); err != nil {
			t.Fatal(err)
		}
		noRWX(t)
		if !bytes.Equal(bytesAt(a, 100), text) {
			t.Errorf("mode %d: code reads back differently", mode)
		}
		m.FreeCode(a, 100)
		noRWX(t)
		m.Close()
	}
}

// TestSpaceRandom allocates and frees at random and checks that live spans never overlap, that freed memory is merged, and that
// everything can be had again as one span in the end.
func TestSpaceRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s := newSpace(1<<16, 8)
	type blk struct{ off, n uintptr }
	var live []blk
	owner := make([]int, 1<<16)
	id := 0
	for step := range 20000 {
		if len(live) > 0 && r.IntN(100) < 48 {
			i := r.IntN(len(live))
			b := live[i]
			for k := b.off; k < b.off+b.n; k++ {
				owner[k] = 0
			}
			s.free(b.off, b.n)
			live[i] = live[len(live)-1]
			live = live[:len(live)-1]
			continue
		}
		n := uintptr(1 + r.IntN(1<<uint(r.IntN(12))))
		off, err := s.alloc(n)
		if err != nil {
			continue
		}
		id++
		for k := off; k < off+n; k++ {
			if owner[k] != 0 {
				t.Fatalf("step %d: byte %d handed out twice", step, k)
			}
			owner[k] = id
		}
		live = append(live, blk{off, n})
	}
	for _, b := range live {
		s.free(b.off, b.n)
	}
	if s.used != 0 || len(s.byStart) != 1 {
		t.Errorf("after freeing all: %d granules used, %d free spans", s.used, len(s.byStart))
	}
	if _, err := s.alloc(s.top * 8); err != nil {
		t.Errorf("the whole touched range cannot be had again: %v", err)
	}
	if _, err := s.alloc(1 << 17); err != ErrFull {
		t.Errorf("too large a request: %v", err)
	}
}

// TestFlat allocates and frees code 100,000 times: the touched range must stay small.
func TestFlat(t *testing.T) {
	m, err := New(Options{CodeSize: 1 << 20, DataSize: 1 << 16})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for i := range 100000 {
		n := uintptr(64 + i%7*100)
		a, err := m.AllocCode(n, Place(i%2))
		if err != nil {
			t.Fatal(err)
		}
		m.FreeCode(a, n)
	}
	if s := m.Stats(); s.CodeTouched > 8192 || s.CodeUsed != 0 {
		t.Errorf("touched %d, used %d bytes", s.CodeTouched, s.CodeUsed)
	}
}

// TestPlaces: code of the two places lies in the two halves; when one is full the other serves, and everything comes back.
func TestPlaces(t *testing.T) {
	const size = 1 << 16
	m, err := New(Options{CodeSize: size, DataSize: 1 << 16})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	lo, _ := m.CodeRange()
	for _, p := range []Place{Cold, Hot} {
		var all []uintptr
		here := 0
		for {
			a, err := m.AllocCode(size/8, p)
			if err == ErrFull {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, a)
			if (a >= lo+size/2) != (p == Hot) {
				continue
			}
			if here++; here != len(all) {
				t.Error("the other place served before this one was full")
			}
		}
		if here < 3 || len(all) < 6 {
			t.Errorf("place %d: %d of %d blocks in place", p, here, len(all))
		}
		for _, a := range all {
			m.FreeCode(a, size/8)
		}
	}
	if used := m.Stats().CodeUsed; used != 0 {
		t.Errorf("%d bytes are still in use", used)
	}
}
