package jit

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// nestedText is outer -> middle -> inner, and inner reads from the address it is given after looping n times.
const nestedText = `module "nested"
func @jitinner(ptr, i64) -> i64 {
entry(%p ptr, %n i64):
  jump loop(0)
loop(%i i64):
  %j = add.i64 %i, 1
  %c = slt.i64 %j, %n
  br %c, loop(%j), done
done:
  %v = load.i64 %p + 0
  %w = add.i64 %v, %j
  ret %w
}
func @jitmiddle(ptr, i64) -> i64 {
entry(%p ptr, %n i64):
  %v = call @jitinner(%p, %n)
  %w = add.i64 %v, 1
  ret %w
}
func @jitouter(ptr, i64) -> i64 {
entry(%p ptr, %n i64):
  %v = call @jitmiddle(%p, %n)
  %w = add.i64 %v, 1
  ret %w
}
`

// runNested is the program that the debugger and profiler tests watch: the test binary itself, started with MARTLET_DEBUGGEE.
func runNested(t *testing.T, opts Options, n int64) {
	opts.Tiers = QuickOnly
	e := New(opts)
	defer e.Close()
	l := e.NewLibrary("main")
	add(t, l, nestedText)
	f := lookup[func(uintptr, int64) (int64, error)](t, l, "jitouter")
	v, err := f(0, n)
	fmt.Println("returned", v, err)
}

func TestDebuggee(t *testing.T) {
	switch os.Getenv("MARTLET_DEBUGGEE") {
	case "gdb":
		runNested(t, Options{GDB: true}, 1)
	case "perf":
		runNested(t, Options{Perf: true}, 600_000_000)
	}
}

func needTool(t *testing.T, name string) {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("about machine code, which this platform has not")
	}
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
}

// TestGDBShowsNestedFunctions: gdb's backtrace at a fault in compiled code shows three nested functions in order, and the Go frames below.
func TestGDBShowsNestedFunctions(t *testing.T) {
	needTool(t, "gdb")
	bin := t.TempDir() + "/debuggee" // with symbols, which "go test" leaves out
	if out, err := exec.Command("go", "test", "-c", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the program to debug: %v\n%s", err, out)
	}
	cmd := exec.Command("gdb", "-nx", "-batch", "-ex", "set auto-load off", "-ex", "handle SIGURG nostop noprint", "-ex", "run -test.run=TestDebuggee", "-ex", "bt 14", bin)
	cmd.Env = append(os.Environ(), "MARTLET_DEBUGGEE=gdb", "DEBUGINFOD_URLS=")
	out, err := cmd.CombinedOutput()
	text := string(out)
	if err != nil && !strings.Contains(text, "SIGSEGV") {
		t.Skipf("gdb cannot run programs here: %v", err)
	}
	at := 0
	for _, want := range []string{"jitinner", "jitmiddle", "jitouter", "native.(*Context).exits", "native.(*Callee).Invoke"} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("the backtrace lacks %s in its place:\n%s", want, text)
		}
		at += i
	}
}

// TestPerfNamesFunctions: perf attributes at least 95 % of the samples in compiled code to a function by name.
func TestPerfNamesFunctions(t *testing.T) {
	needTool(t, "perf")
	data := t.TempDir() + "/perf.data"
	cmd := exec.Command("perf", "record", "-q", "-e", "cpu-clock", "-F", "500", "-o", data, os.Args[0], "-test.run=TestDebuggee")
	cmd.Env = append(os.Environ(), "MARTLET_DEBUGGEE=perf")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("perf cannot record here: %v\n%s", err, out)
	}
	out, err := exec.Command("perf", "script", "-i", data, "-F", "ip,sym,dso").Output()
	if err != nil {
		t.Fatal(err)
	}
	named, unnamed := 0, 0
	for line := range strings.Lines(string(out)) {
		switch {
		case strings.Contains(line, "jitinner") || strings.Contains(line, "jitouter"):
			named++
		case strings.Contains(line, "[unknown]"):
			unnamed++
		}
	}
	t.Logf("%d samples named, %d not", named, unnamed)
	if named < 50 || unnamed*20 > named+unnamed {
		t.Errorf("%d samples named, %d not", named, unnamed)
	}
}
