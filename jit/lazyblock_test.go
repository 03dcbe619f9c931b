package jit

import "testing"

const lazyText = `module "lazy"
func @f(i64, i64) -> i64 {
entry(%n i64, %k i64):
  %c3 = mul.i64 %k, 3
  jump loop(0, 0)
loop(%i i64, %s i64):
  %c = slt.i64 %i, %n
  br %c, body, done
body:
  %t = add.i64 %s, %i
  %q = eq.i64 %i, %k
  br %q, slow(%t), next(%t)
slow(%x i64) cold:
  %y = mul.i64 %x, %c3
  %z = add.i64 %y, %i
  %big = sgt.i64 %z, 1000000
  br %big, give, next(%z)
give cold:
  %r = sub.i64 %z, %n
  ret %r
next(%u i64):
  %i2 = add.i64 %i, 1
  jump loop(%i2, %u)
done:
  %e = add.i64 %s, %k
  ret %e
}
`

func lazyWant(n, k int64) int64 {
	s := int64(0)
	for i := int64(0); i < n; i++ {
		s += i
		if i == k {
			s = s*(3*k) + i
			if s > 1000000 {
				return s - n
			}
		}
	}
	return s + k
}

// TestLazyBlocks: a cold block is compiled when first reached, in the midst of a loop whose values it changes, and is part of later compilations.
func TestLazyBlocks(t *testing.T) {
	both(t, Options{LazyBlocks: true, HotCount: 500}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		m := add(t, l, lazyText)
		f := lookup[func(int64, int64) int64](t, l, "f")
		check := func(n, k int64) {
			t.Helper()
			if got, want := f(n, k), lazyWant(n, k); got != want {
				t.Errorf("f(%d, %d) = %d, want %d", n, k, got, want)
			}
		}
		compiled := func() int64 { s := e.Stats(); return s.Quick + s.Full }
		check(10, -1)
		if e.Native() == nil && compiled() != 1 {
			t.Errorf("%d functions compiled before the cold block was reached", compiled())
		}
		check(10, 5)
		if e.Native() == nil && compiled() != 2 {
			t.Errorf("%d functions compiled after the cold block was reached", compiled())
		}
		for n := range int64(60) {
			for k := range int64(40) {
				check(n, k)
			}
		}
		check(3000, 2000)
		e.Wait()
		check(3000, 2000)
		if err := m.Replace(parse(t, lazyText)); err != nil {
			t.Fatal(err)
		}
		check(10, 5)
	})
}

// TestLazyBlocksTogetherWithNilChecks: both transformations on one function.
func TestLazyBlocksTogetherWithNilChecks(t *testing.T) {
	both(t, Options{LazyBlocks: true, NoSignals: true}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		add(t, l, `module "m"
func @g(i64) -> i64 {
entry(%n i64):
  %p = stackaddr 16
  store.i64 %p, 7
  %c = slt.i64 %n, 0
  br %c, slow, fast
slow cold:
  %v = load.i64 %p
  %w = mul.i64 %v, %n
  ret %w
fast:
  ret %n
}
`)
		g := lookup[func(int64) int64](t, l, "g")
		if g(3) != 3 || g(-2) != -14 {
			t.Errorf("g(3) = %d, g(-2) = %d", g(3), g(-2))
		}
	})
}
