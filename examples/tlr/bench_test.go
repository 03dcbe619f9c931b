package tlr

import (
	"testing"

	"martlet/genext"
	"martlet/internal/opt"
)

const benchN = 1_000_000

func BenchmarkSumGo(b *testing.B) {
	for b.Loop() {
		if sumByHand(benchN) == 0 {
			b.Fatal()
		}
	}
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
	for b.Loop() {
		interpret(sumLoop, benchN, nil)
	}
}

func BenchmarkSumCompiled(b *testing.B) {
	jit, _, err := NewDriver(genext.Options{Level: opt.Full, Executor: genext.Best()})
	if err != nil {
		b.Fatal(err)
	}
	code := &Code{Instrs: sumLoop}
	for b.Loop() {
		var f Frame
		f.R[0] = benchN
		Run(code, &f, jit)
	}
}
