package jit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"martlet/internal/native"
	"martlet/ir"
)

const accessText = `module "access"
func @load(i64) -> i64 {
entry(%a i64):
  %p = bitcast.ptr %a
  %v = load.i64 %p + 8
  ret %v
}
func @store(i64) {
entry(%a i64):
  %p = bitcast.ptr %a
  store.i64 %p, 5
  ret
}
func @zero(i64, i64) {
entry(%a i64, %n i64):
  %p = bitcast.ptr %a
  memzero %p, %n
  ret
}
func @div(i64, i64) -> i64 {
entry(%a i64, %b i64):
  %v = sdiv.i64 %a, %b
  ret %v
}
func @deep(i64) -> i64 {
entry(%a i64):
  %v = call @deep(%a)
  %w = add.i64 %v, 1
  ret %w
}
`

// segvHandler is the address of the process's handler for SIGSEGV.
func segvHandler() uint64 {
	var sa [4]uint64
	_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGSEGV), 0, uintptr(unsafe.Pointer(&sa)), 8, 0, 0)
	return sa[0]
}

func childEnv() []string { return append(os.Environ(), "MARTLET_CHILD=1") }

// TestNoSignals runs an engine without signal handlers in a process of its own, because handlers, once installed, stay.
func TestNoSignals(t *testing.T) {
	if err := machineCode(); err != nil {
		t.Skip("about machine code:", err)
	}
	if os.Getenv("MARTLET_CHILD") == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestNoSignals$", "-test.v")
		cmd.Env = childEnv()
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestNoSignals") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	before := segvHandler()
	for _, tiers := range []Tiers{QuickOnly, FullOnly, Tiered} {
		e := New(Options{Tiers: tiers, NoSignals: true})
		testAccesses(t, e)
		e.Close()
	}
	if segvHandler() != before {
		t.Error("the handler of SIGSEGV was changed")
	}
}

// TestMemoryDenied runs an engine in a process that gets no room for code: it interprets, and says why.
func TestMemoryDenied(t *testing.T) {
	if err := machineCode(); os.Getenv("MARTLET_CHILD") == "" {
		if err != nil {
			t.Skip("about machine code:", err)
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestMemoryDenied$", "-test.v")
		cmd.Env = childEnv()
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestMemoryDenied") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	e := New(Options{})
	defer e.Close()
	if err := e.Native(); err == nil || !strings.Contains(err.Error(), "executable memory is denied") {
		t.Errorf("the reason is %v", err)
	}
	l := e.NewLibrary("main")
	add(t, l, addText)
	if v, err := lookup[func(int64, int64) (int64, error)](t, l, "add")(40, 2); v != 42 || err != nil {
		t.Errorf("40 + 2 = %d, %v", v, err)
	}
}

// In the child of TestMemoryDenied the address space is bounded before anything opens the machine.
func init() {
	if os.Getenv("MARTLET_CHILD") == "" || !slices.Contains(os.Args, "-test.run=^TestMemoryDenied$") {
		return
	}
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	var pages uint64
	if _, err := fmt.Sscan(string(b), &pages); err != nil {
		panic(err)
	}
	size := pages*uint64(os.Getpagesize()) + 256<<20
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: size, Max: size}); err != nil {
		panic(err)
	}
}

// accessWords is what testAccesses accesses by address: a local variable could lie on a goroutine's stack, which moves.
var accessWords [2]int64

func testAccesses(t *testing.T, e *Engine) {
	l := e.NewLibrary("main")
	add(t, l, accessText)
	trap := func(what string, err error, code ir.TrapCode) {
		t.Helper()
		var te *native.TrapError
		if !errors.As(err, &te) || te.Code != code {
			t.Errorf("%s: %v", what, err)
		}
	}
	load := lookup[func(int64) (int64, error)](t, l, "load")
	store := lookup[func(int64) error](t, l, "store")
	zero := lookup[func(int64, int64) error](t, l, "zero")
	div := lookup[func(int64, int64) (int64, error)](t, l, "div")
	word := &accessWords
	*word = [2]int64{0, 42}
	addr := int64(uintptr(unsafe.Pointer(word)))
	if v, err := load(addr); v != 42 || err != nil {
		t.Error("load:", v, err)
	}
	if err := store(addr); word[0] != 5 || err != nil {
		t.Error("store:", word[0], err)
	}
	_, err := load(0)
	trap("load", err, ir.TrapNil)
	trap("store", store(16), ir.TrapNil)
	trap("memzero", zero(0, 8), ir.TrapNil)
	if err := zero(0, 0); err != nil {
		t.Error("memzero of nothing:", err)
	}
	_, err = div(1, 0)
	trap("div", err, ir.TrapDivide)
	if _, err := lookup[func(int64) (int64, error)](t, l, "deep")(1); !errors.Is(err, native.ErrStackOverflow) {
		t.Error("deep:", err)
	}
}

// TestCgoHostWithOwnHandlers: martlet in a program built with cgo whose C half has signal handlers of its own, installed before Go's. Compiled
// code's faults are traps, Go's are panics, C's reach the C handler.
func TestCgoHostWithOwnHandlers(t *testing.T) {
	if err := machineCode(); err != nil {
		t.Skip("about machine code:", err)
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("a cgo build needs gcc:", err)
	}
	t.Parallel()
	exe := filepath.Join(t.TempDir(), "host")
	build := exec.Command("go", "build", "-o", exe, "./testdata/cgohost")
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the host: %v\n%s", err, out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, exe).CombinedOutput()
	if err != nil || string(out) != "ok\n" {
		t.Errorf("%v\n%s", err, out)
	}
}

// machineCode returns why there is none.
func machineCode() error {
	_, err := native.Open()
	return err
}
