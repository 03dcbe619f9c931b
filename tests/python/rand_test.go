package pytest

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"martlet/tests/python/randprog"
)

// TestRandom runs random programs interpreted and on the JIT, which must agree. With MARTLET_SOAK=1 it goes on to the test's deadline, from the
// seed MARTLET_SEED or 1000 on, and compares with CPython too where there is one; the seed of a program that differs is in the test's name.
func TestRandom(t *testing.T) {
	for seed := range uint64(4) {
		random(t, seed, "")
	}
	if os.Getenv("MARTLET_SOAK") == "" {
		return
	}
	end, ok := t.Deadline()
	if !ok {
		end = time.Now().Add(time.Hour)
	}
	python, _ := cpython()
	seed, err := strconv.ParseUint(os.Getenv("MARTLET_SEED"), 10, 64)
	if err != nil {
		seed = 1000
	}
	first := seed
	for ; time.Until(end) > time.Minute; seed++ {
		random(t, seed, python)
	}
	t.Logf("seeds %d to %d compared, CPython: %t", first, seed-1, python != "")
}

// random compares the ways to run the program of a seed. Standard error is left out: it has only warnings, whose order is not fixed.
func random(t *testing.T, seed uint64, python string) {
	t.Run(fmt.Sprint(seed), func(t *testing.T) {
		p := program{"random", randprog.Program(seed)}
		want := run(t, martlet, p)
		check := func(name string, got result) {
			if got.Stdout != want.Stdout || got.Code != want.Code {
				t.Errorf("%s: %s\ncode %d, want %d\nstandard error: %s", name, firstDifference(got.Stdout, want.Stdout), got.Code, want.Code, got.Stderr)
			}
		}
		if want.Code != 0 {
			t.Errorf("code %d: %s", want.Code, want.Stderr)
		}
		for _, mode := range []string{"whenhot", "always"} {
			check("-j "+mode, run(t, martlet, p, "-j", mode))
		}
		if python != "" {
			check("CPython", run(t, python, p))
		}
	})
}

// TestRandomIsFixed: a seed stands for a program, or the seeds in reports mean nothing.
func TestRandomIsFixed(t *testing.T) {
	first, again := randprog.Program(7), randprog.Program(7)
	if first != again || first == randprog.Program(8) {
		t.Error("a seed does not determine the program")
	}
}

// firstDifference gives the first line in which two outputs differ.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d is %.300q, want %.300q", i+1, g[i], w[i])
		}
	}
	if len(g) == len(w) {
		return "equal"
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}
