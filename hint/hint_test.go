package hint

import (
	"math"
	"math/big"
	"testing"
)

func TestOverflowArithmetic(t *testing.T) {
	edge := []int64{0, 1, -1, 2, -2, 3, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1, 1 << 31, -1 << 31, 1 << 32, 3037000500, -3037000500}
	ops := []struct {
		name string
		f    func(x, y int64) (int64, bool)
		big  func(z, x, y *big.Int) *big.Int
	}{
		{"add", AddOverflow, (*big.Int).Add},
		{"sub", SubOverflow, (*big.Int).Sub},
		{"mul", MulOverflow, (*big.Int).Mul},
	}
	for _, op := range ops {
		for _, x := range edge {
			for _, y := range edge {
				want := op.big(new(big.Int), big.NewInt(x), big.NewInt(y))
				got, over := op.f(x, y)
				if over == want.IsInt64() || !over && got != want.Int64() {
					t.Errorf("%s(%d, %d) = %d, %v; want %v", op.name, x, y, got, over, want)
				}
			}
		}
	}
}

func TestNilDriverNeverEnters(t *testing.T) {
	var d *Driver[int, string, bool]
	var c Counter
	if !c.Tick() {
		t.Fatal("the first tick of a zero counter must ask the driver")
	}
	g, r, _, done := d.Enter(&c, 7, "x")
	if g != 7 || r != "x" || done {
		t.Errorf("got %v %v %v", g, r, done)
	}
	if c.Tick() {
		t.Error("a nil driver must silence the counter")
	}
}

func TestQuasiNotifies(t *testing.T) {
	n := 0
	q := Quasi[int]{watch: NewWatch(func() { n++ })}
	q.Set(3)
	if q.Get() != 3 || n != 1 {
		t.Errorf("value %d, notifications %d", q.Get(), n)
	}
}
