package tlr

import (
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/internal/opt"
)

const benchN = 1_000_000

func BenchmarkSumGo(b *testing.B) {
	genexttest.Best(b, func() {
		if sumByHand(benchN) == 0 {
			b.Fatal()
		}
	})
}

//go:noinline
func sumByHand(n int64) int64 {
	var s, i int64
	for {
		s += i
		i++
		if i >= n {
			return s
		}
	}
}

func BenchmarkSumInterpreter(b *testing.B) {
	genexttest.Best(b, func() {
		interpret(sumLoop, benchN, nil)
	})
}

func BenchmarkSumCompiled(b *testing.B) {
	jit, _, err := NewDriver(genext.Options{Level: opt.Full, Executor: genext.Best()})
	if err != nil {
		b.Fatal(err)
	}
	code := &Code{Instrs: sumLoop}
	genexttest.Best(b, func() {
		var f Frame
		f.R[0] = benchN
		Run(code, &f, jit)
	})
}

func BenchmarkSpecialise(b *testing.B) {
	genexttest.PerOp(b, func(o genext.Options) *genext.Handle {
		_, h := compiled(b, sumLoop, 300, o)
		return h
	})
}
