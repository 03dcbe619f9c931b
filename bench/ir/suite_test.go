package ir

import (
	"io"
	"testing"

	"martlet/bench/harness"
	mir "martlet/ir"
	"martlet/ir/interp"
	"martlet/ir/irtest"
)

// TestTwins compares the Go twins with their kernels, small.
func TestTwins(t *testing.T) {
	b := &bench{c: &harness.Config{Out: io.Discard}, root: "../.."}
	for _, k := range kernels {
		m, err := b.load(k)
		if err != nil {
			t.Fatal(err)
		}
		if k.goFn == nil {
			continue
		}
		o := irtest.Interp{}.Run(m, m.Func("run"), []interp.Val{interp.I64(6)})
		if o.Err != nil || o.Values[0].Bits != k.goFn(6) {
			t.Errorf("%s: %s, the twin says %d", k.name, o, k.goFn(6))
		}
	}
}

// TestChain holds that the functions whose compilation is timed are what they should be.
func TestChain(t *testing.T) {
	b := &bench{c: &harness.Config{Out: io.Discard}, root: "../.."}
	c, err := b.newChain()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{100, 5000} {
		m, err := c.sized(n, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := mir.Verify(m); err != nil {
			t.Fatal(err)
		}
		if got := m.Func("run").NumValues(); got < n || got > n+300 {
			t.Errorf("%d values instead of %d", got, n)
		}
	}
}
