// Package engine is the suite of the JIT engine.
//
//	lazy   2,000 functions of which 10 are called: whole processes against lli -jit-kind=orc-lazy on the equal module
//	calls  a call through an entry cell against a direct one in fib; a call from Go through a typed handle
package engine

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"martlet/bench/harness"
)

// Suite is the suite "engine".
type Suite struct{}

// Name returns "engine".
func (Suite) Name() string { return "engine" }

// Run measures.
func (Suite) Run(c *harness.Config) error {
	for _, part := range []struct {
		name string
		run  func(c *harness.Config) error
	}{{"lazy", lazy}, {"calls", calls}} {
		if c.Part(part.name) {
			if err := part.run(c); err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
		}
	}
	return nil
}

const (
	functions = 2000
	called    = 10
)

// martletText is the module as IR: every function is a small loop with calls of its neighbour that are never made; main calls ten of them.
func martletText() string {
	var b strings.Builder
	b.WriteString("module \"many\"\n")
	for i := range functions {
		fmt.Fprintf(&b, `func @f%[1]d(i64) -> i64 {
entry(%%n i64):
  jump loop(0, %[1]d)
loop(%%i i64, %%s i64):
  %%c = slt.i64 %%i, %%n
  br %%c, body, done
body:
  %%t = mul.i64 %%s, 31
  %%u = add.i64 %%t, %%i
  %%v = xor.i64 %%u, %[1]d
  %%i2 = add.i64 %%i, 1
  jump loop(%%i2, %%v)
done:
  %%big = sgt.i64 %%n, 1000
  br %%big, other, end
other:
  %%r = call @f%[2]d(%%s)
  ret %%r
end:
  ret %%s
}
`, i, (i+1)%functions)
	}
	b.WriteString("func @main() -> i64 {\nentry:\n")
	sum := "0"
	for k := range called {
		fmt.Fprintf(&b, "  %%r%d = call @f%d(%d)\n  %%s%d = add.i64 %s, %%r%d\n", k, k*functions/called, 10+k, k, sum, k)
		sum = fmt.Sprintf("%%s%d", k)
	}
	fmt.Fprintf(&b, "  ret %s\n}\n", sum)
	return b.String()
}

// llvmText is the equal module for lli, whose main prints the result.
func llvmText() string {
	var b strings.Builder
	for i := range functions {
		fmt.Fprintf(&b, `define i64 @f%[1]d(i64 %%n) {
entry:
  br label %%loop
loop:
  %%i = phi i64 [ 0, %%entry ], [ %%i2, %%body ]
  %%s = phi i64 [ %[1]d, %%entry ], [ %%v, %%body ]
  %%c = icmp slt i64 %%i, %%n
  br i1 %%c, label %%body, label %%done
body:
  %%t = mul i64 %%s, 31
  %%u = add i64 %%t, %%i
  %%v = xor i64 %%u, %[1]d
  %%i2 = add i64 %%i, 1
  br label %%loop
done:
  %%big = icmp sgt i64 %%n, 1000
  br i1 %%big, label %%other, label %%end
other:
  %%r = call i64 @f%[2]d(i64 %%s)
  ret i64 %%r
end:
  ret i64 %%s
}
`, i, (i+1)%functions)
	}
	b.WriteString("@fmt = constant [5 x i8] c\"%ld\\0A\\00\"\ndeclare i32 @printf(i8*, ...)\ndefine i32 @main() {\n")
	sum := "0"
	for k := range called {
		fmt.Fprintf(&b, "  %%r%d = call i64 @f%d(i64 %d)\n  %%s%d = add i64 %s, %%r%d\n", k, k*functions/called, 10+k, k, sum, k)
		sum = fmt.Sprintf("%%s%d", k)
	}
	fmt.Fprintf(&b, "  %%p = getelementptr [5 x i8], [5 x i8]* @fmt, i64 0, i64 0\n  %%z = call i32 (i8*, ...) @printf(i8* %%p, i64 %s)\n  ret i32 0\n}\n", sum)
	return b.String()
}

// lazy compares whole processes.
func lazy(c *harness.Config) error {
	tmp, err := os.MkdirTemp("", "martlet-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	in := func(name string) string { return filepath.Join(tmp, name) }
	err = errors.Join(os.WriteFile(in("many.ir"), []byte(martletText()), 0o644), os.WriteFile(in("many.ll"), []byte(llvmText()), 0o644),
		build(".", in("lazyrun"), "./engine/lazyrun"))
	if err != nil {
		return err
	}
	cs := []harness.Contestant{{Name: "martlet", Run: process(in("lazyrun"), in("many.ir"))}}
	if out, err := exec.Command("llvm-as", "-o", in("many.bc"), in("many.ll")).CombinedOutput(); err != nil {
		fmt.Fprintf(c.Out, "no lli: llvm-as: %v %s\n", err, out)
	} else {
		fmt.Fprintln(c.Out, "lli:", harness.Version("lli", "--version"))
		cs = append(cs, harness.Contestant{Name: "lli -jit-kind=orc-lazy", Run: process("lli", "-jit-kind=orc-lazy", in("many.bc"))})
	}
	times, errs := harness.Race(cs, c.Rounds)
	var t harness.Table
	t.Row("lazy: 2,000 functions, 10 called", "user+sys ms", "of martlet's")
	for i, k := range cs {
		if errs[i] != nil {
			return fmt.Errorf("%s: %w", k.Name, errs[i])
		}
		t.Row(k.Name, harness.Ms(times[i]), harness.Ratio(times[i], times[0]))
	}
	t.Print(c.Out)
	return nil
}

// process makes a contestant's Run of a command: the first word that it prints is the result, user and system time of the process the time.
func process(name string, args ...string) func() (string, time.Duration, error) {
	return func() (string, time.Duration, error) {
		cmd := exec.Command(name, args...)
		var out, errOut bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errOut
		if err := cmd.Run(); err != nil {
			return "", 0, fmt.Errorf("%w: %s", err, errOut.String())
		}
		word, _, _ := strings.Cut(strings.TrimSpace(out.String()), " ")
		return word, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
	}
}

// build makes a program of the bench module.
func build(dir, exe, pkg string) error {
	_, file, _, _ := runtime.Caller(0)
	cmd := exec.Command("go", "build", "-o", exe, pkg)
	cmd.Dir = filepath.Join(filepath.Dir(file), "..", dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %v\n%s", pkg, err, out)
	}
	return nil
}
