package pytest

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"martlet/tests/python/randprog"
)

//go:embed testdata/driver.py
var driver string

// location is where a module of the standard library comes from: with martlet, which has it built in, an unknown location.
var location = regexp.MustCompile(`\(/[^()]*\.(py|so)\)`)

// extension is the repr of a module that CPython loads and martlet has built in.
var extension = regexp.MustCompile(` from '/[^']*\.so'>`)

// encodings are the frames and notes of codecs that CPython's library has in Python.
var encodings = regexp.MustCompile(`(?m)^  File "/[^"]*/encodings/[^"]*", line .*\n(    .*\n)*|^(de|en)coding with '.*' codec failed\n`)

// same compares outputs. Sets are printed in the order of random hashes by CPython; a line with braces may have its characters in another order.
func same(a, b string) bool {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && !(strings.Contains(x[i], "{") && sorted(x[i]) == sorted(y[i])) {
			return false
		}
	}
	return true
}

func sorted(line string) string {
	b := []byte(line)
	slices.Sort(b)
	return string(b)
}

// batch runs programs one after the other, by testdata/driver.py, and gives what each wrote to both streams. One that ends the process
// or takes too long has the reason added; the rest runs in another process.
func batch(t testing.TB, python string, programs []string, limit time.Duration, options ...string) []string {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("driver.py", driver)
	for i, p := range programs {
		write(fmt.Sprintf("p%d.py", i), p)
	}
	result := make([]string, 0, len(programs))
	for len(result) < len(programs) {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		cmd := limited(ctx, python, append(options, "driver.py", strconv.Itoa(len(result)), strconv.Itoa(len(programs)))...)
		cmd.Dir = dir
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Run()
		cancel()
		text := location.ReplaceAllString(strings.ReplaceAll(out.String(), dir, "DIR"), "(unknown location)")
		text = extension.ReplaceAllString(text, " (built-in)>")
		text = encodings.ReplaceAllString(text, "")
		parts := strings.Split(address.ReplaceAllString(text, "0xA"), "\x01=")
		if len(parts) == 1 { // it did not get as far as to say that it begins
			parts = append(parts, "\n"+parts[0])
		}
		for _, part := range parts[1:] {
			_, part, _ = strings.Cut(part, "\n")
			result = append(result, part)
		}
		if err != nil {
			result[len(result)-1] += "\n" + err.Error()
		}
	}
	return result
}

// both runs a batch in two ways at the same time.
func both(t testing.TB, python string, programs []string, limit time.Duration) (want, got []string) {
	var wg sync.WaitGroup
	wg.Go(func() { want = batch(t, python, programs, limit) })
	wg.Go(func() { got = batch(t, martlet, programs, limit) })
	wg.Wait()
	return want, got
}

// TestSnippets compares random snippets with CPython. With MARTLET_SOAK=1 it goes on from the seed MARTLET_SEED (or 1000) to the test's deadline
// or for MARTLET_COUNT programs; what differs is reduced (but with
// MARTLET_REDUCE=no) and, with MARTLET_FOUND=DIR, written there.
func TestSnippets(t *testing.T) {
	python, _ := cpython()
	if python == "" {
		t.Skip("no CPython 3.13 to compare with: set MARTLET_CPYTHON")
	}
	snippets, err := randprog.NewSnippets()
	if err != nil {
		t.Fatal(err)
	}
	const size = 100
	first, count := uint64(0), uint64(size)
	if os.Getenv("MARTLET_SOAK") != "" {
		first, count = number("MARTLET_SEED", 1000), number("MARTLET_COUNT", 1<<40)
	}
	end, ok := t.Deadline()
	if !ok {
		end = time.Now().Add(24 * time.Hour)
	}
	seed := first
	for ; seed < first+count && time.Until(end) > time.Minute; seed += size {
		programs := make([]string, size)
		for i := range programs {
			programs[i] = snippets.Program(seed + uint64(i))
		}
		want, got := both(t, python, programs, time.Minute)
		for i := range programs {
			if same(want[i], got[i]) {
				continue
			}
			if os.Getenv("MARTLET_REDUCE") == "no" {
				t.Errorf("seed %d: %s", seed+uint64(i), firstDifference(got[i], want[i]))
				continue
			}
			small, w, g := reduce(t, python, programs[i], want[i], got[i])
			t.Errorf("seed %d: %s\n%s", seed+uint64(i), firstDifference(g, w), small)
			if dir := os.Getenv("MARTLET_FOUND"); dir != "" {
				text := fmt.Sprintf("%s\n# === CPython\n%s\n# === martlet\n%s", small, w, g)
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.txt", seed+uint64(i))), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	t.Logf("seeds %d to %d compared", first, seed-1)
}

func number(variable string, otherwise uint64) uint64 {
	if n, err := strconv.ParseUint(os.Getenv(variable), 10, 64); err == nil {
		return n
	}
	return otherwise
}

// difference is the first pair of lines in which two outputs differ, without their numbers.
func difference(want, got string) [2]string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return [2]string{digits.ReplaceAllString(w[i], "#"), digits.ReplaceAllString(g[i], "#")}
		}
	}
	return [2]string{"length", "length"}
}

var digits = regexp.MustCompile(`[0-9]+`)

// reduce removes lines of a program as long as the two still differ in the same way. Each round
// tries to leave out every run of some number of lines, all of them in one batch.
func reduce(t testing.TB, python, program, want, got string) (small, w, g string) {
	w, g = want, got
	lines := strings.Split(program, "\n")
	kind := difference(want, got)
	end := time.Now().Add(time.Minute) // what is left of a loop may not end
	for n := len(lines) / 2; n > 0 && time.Now().Before(end); {
		var candidates []string
		for i := 0; i+n <= len(lines); i += max(1, n/2) {
			rest := append(append([]string{}, lines[:i]...), lines[i+n:]...)
			candidates = append(candidates, strings.Join(rest, "\n"))
		}
		ws, gs := both(t, python, candidates, 3*time.Second)
		found := -1
		for i := range candidates {
			if !same(ws[i], gs[i]) && difference(ws[i], gs[i]) == kind {
				found = i
				break
			}
		}
		if found < 0 {
			n /= 2
			continue
		}
		lines, w, g = strings.Split(candidates[found], "\n"), ws[found], gs[found]
		n = min(n, len(lines)/2)
	}
	return strings.Join(lines, "\n"), w, g
}
