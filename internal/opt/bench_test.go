package opt_test

import (
	"fmt"
	"testing"

	"martlet/internal/opt"
	"martlet/ir"
	"martlet/ir/irtest"
)

// BenchmarkFunc reports the time for each value of generated functions without calls.
func BenchmarkFunc(b *testing.B) {
	for _, level := range []opt.Level{opt.Quick, opt.Full} {
		for _, stmts := range []int{40, 400, 4000} {
			m := irtest.Generate(1, irtest.Config{Stmts: stmts, Funcs: 1, NoCall: true, NoRef: true})
			n := m.Func("f").NumValues()
			b.Run(fmt.Sprintf("%s/%d", level, n), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					c := ir.NewModule("c")
					f := m.Func("f").Clone(c, "f")
					b.StartTimer()
					opt.Func(f, level, opt.Options{})
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
			})
		}
	}
}
