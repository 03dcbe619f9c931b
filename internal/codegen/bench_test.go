//go:build unix

package codegen_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"martlet/internal/codegen"
	"martlet/internal/opt"
	"martlet/ir"
	"martlet/ir/interp"
	"martlet/ir/irtest"
)

// kernels parses the benchmark programs.
func kernels(t testing.TB) map[string]*ir.Module {
	files, _ := filepath.Glob("../../testdata/kernels/*.ir")
	mods := map[string]*ir.Module{}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		mods[filepath.Base(name)] = ir.MustParse(name, string(src))
	}
	return mods
}

// BenchmarkCompile measures code generation alone, per value of the input.
func BenchmarkCompile(b *testing.B) {
	for _, level := range []codegen.Level{codegen.Quick, codegen.Full} {
		for name, m := range kernels(b) {
			if level == codegen.Full {
				opt.Module(m, opt.Full, opt.Options{})
			}
			values := 0
			for _, f := range m.Funcs {
				for _, blk := range f.Blocks {
					values += len(blk.Insts) + len(blk.Params) + 1
				}
			}
			b.Run(level.String()+"/"+name, func(b *testing.B) {
				for range b.N {
					for _, f := range m.Funcs {
						if len(f.Blocks) == 0 {
							continue
						}
						if _, err := codegen.Compile(f, codegen.Target{CPU: host(), Level: level}); err != nil {
							b.Fatal(err)
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*values), "ns/value")
			})
		}
	}
}

// BenchmarkCompileSize measures how compilation grows with the function.
func BenchmarkCompileSize(b *testing.B) {
	for _, stmts := range []int{30, 300, 3000, 30000} {
		m := irtest.Generate(7, irtest.Config{Stmts: stmts, Funcs: 1})
		f := m.Func("f")
		b.Run(size(stmts), func(b *testing.B) {
			begin := cpuTime()
			for range b.N {
				if _, err := codegen.Compile(f, codegen.Target{CPU: host()}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpuTime()-begin)/float64(b.N*f.NumValues()), "cpu-ns/value")
			b.ReportMetric(float64(f.NumValues()), "values")
		})
	}
}

// cpuTime is the processor time of the process in nanoseconds.
func cpuTime() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func size(n int) string {
	return map[int]string{30: "S", 300: "M", 3000: "L", 30000: "XL"}[n]
}

// sizes are the arguments of the benchmark programs, as in the bench command.
var sizes = map[string]int64{"nbody": 300000, "fannkuch": 9, "matmul": 300, "mandelbrot": 500, "spectral": 300, "sha256": 100000,
	"crc32": 200, "quicksort": 500000, "sieve": 4000000, "queens": 13, "fib": 34, "hashtable": 4000000, "strsearch": 300, "lz": 20}

// BenchmarkKernels runs the benchmark programs at full optimisation.
func BenchmarkKernels(b *testing.B) {
	back := backends(b)[1]
	back.target.Check = false
	for file, m := range kernels(b) {
		name := strings.TrimSuffix(file, ".ir")
		if sizes[name] == 0 {
			continue
		}
		opt.Module(m, opt.Full, opt.Options{})
		l, err := back.load(m)
		if err != nil {
			b.Fatal(err)
		}
		if name == os.Getenv("MARTLET_DUMP") {
			println(dump(m, back.target))
		}
		b.Run(name, func(b *testing.B) {
			least := time.Hour
			for range b.N {
				begin := time.Now()
				if o := l.call(m.Func("run"), []interp.Val{interp.I64(sizes[name])}); o.Trap != 0 || o.Err != nil {
					b.Fatal(o)
				}
				least = min(least, time.Since(begin))
			}
			b.ReportMetric(float64(least.Nanoseconds()), "least-ns")
		})
		l.free()
	}
}
