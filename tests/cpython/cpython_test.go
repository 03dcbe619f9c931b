package cpython

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var (
	update  = flag.Bool("update", false, "write results.txt")
	only    = flag.String("only", "", "run this file alone, and show what its failing tests say")
	release = flag.String("release", "", "with -update: the patch release that the suite belongs to, such as 3.13.0")
	limit   = flag.Duration("limit", 3*time.Minute, "time for one file")
)

// files are the core of the suite: the language and its built-in types.
var files = strings.Fields(`grammar syntax generators genexps listcomps dict list tuple set scope exceptions exception_variations raise fstring
	patma unpack_ex with decorators int float long bool complex str string range slice enumerate iter yield_from coroutines asyncgen class descr
	super property extcall named_expressions except_star type_params builtin positional_only_arg`)

// score counts how the tests of a file ended. A file that did not end has dead set.
type score struct {
	passed, failed, errors, skipped int
	dead                            string
}

func (s score) share() float64 {
	n := s.passed + s.failed + s.errors
	if s.dead != "" || n == 0 {
		return 0
	}
	return float64(s.passed) / float64(n)
}

// run runs a file in a folder of its own.
func run(t *testing.T, martlet, stdlib, file string) score {
	dir := t.TempDir()
	driver, err := filepath.Abs("driver.py")
	if err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(dir, "report")
	ctx, cancel := context.WithTimeout(context.Background(), *limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, martlet, "-X", "stdlib="+stdlib, driver, report, "test.test_"+file)
	cmd.Dir, cmd.WaitDelay = dir, time.Second
	cmd.Env = append(os.Environ(), "MARTLET_STDLIB="+stdlib) // for the programs that tests start
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	if *only != "" {
		t.Log(out.String())
	}
	s := count(t, report)
	switch {
	case ctx.Err() != nil:
		s.dead = "did not end"
	case err != nil:
		s.dead = "crashed"
	case s.passed+s.failed+s.errors+s.skipped == 0:
		s.dead = "no test"
	}
	return s
}

// failedImport is what unittest calls the test that stands for a module it could not import.
const failedImport = "unittest.loader._FailedTest."

func count(t *testing.T, report string) score {
	var s score
	b, err := os.ReadFile(report)
	if err != nil {
		return s
	}
	for sc := bufio.NewScanner(bytes.NewReader(b)); sc.Scan(); {
		outcome, name, _ := strings.Cut(sc.Text(), " ")
		if strings.HasPrefix(name, failedImport) {
			return score{dead: "not imported"}
		}
		switch outcome {
		case "passed":
			s.passed++
		case "failed":
			s.failed++
		case "errors":
			s.errors++
		case "skipped":
			s.skipped++
		case "started":
		default:
			t.Errorf("%s: a line %q", report, sc.Text())
		}
	}
	return s
}

func row(file string, s score) string {
	return strings.TrimRight(fmt.Sprintf("%-22s%7d%7d%7d%8d%7.1f  %s", file, s.passed, s.failed, s.errors, s.skipped, 100*s.share(), s.dead), " ") + "\n"
}

// table prints the results.
func table(release string, scores map[string]score) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# martlet -j never, test suite of CPython %s\n# %-20s%7s%7s%7s%8s%7s\n", release, "file", "passed", "failed", "errors", "skipped", "%")
	sum := 0.0
	for _, f := range files {
		b.WriteString(row(f, scores[f]))
		sum += scores[f].share()
	}
	fmt.Fprintf(&b, "# mean of the files: %.1f %%\n", 100*sum/float64(len(files)))
	return b.String()
}

const results = "results.txt"

// slack is how many tests of a file may pass or fail from run to run: those that look whether an object has died depend on what Go's
// collector finds in stale registers.
const slack = 2

// recorded reads how many tests of each file passed when results.txt was written.
func recorded(t *testing.T) map[string]int {
	b, err := os.ReadFile(results)
	if err != nil {
		t.Fatal(err)
	}
	passed := map[string]int{}
	for line := range strings.Lines(string(b)) {
		var name string
		var n int
		if _, err := fmt.Sscan(line, &name, &n); err == nil {
			passed[name] = n
		}
	}
	return passed
}

// TestSuite runs the files and holds that none passes clearly fewer tests than results.txt says. (Another patch release's suite may do so
// without a fault of ours.)
func TestSuite(t *testing.T) {
	stdlib := os.Getenv("MARTLET_STDLIB")
	if stdlib == "" {
		t.Skip("MARTLET_STDLIB does not name the library folder of a CPython 3.13")
	}
	if _, err := os.Stat(filepath.Join(stdlib, "test", "test_grammar.py")); err != nil {
		t.Fatalf("MARTLET_STDLIB: no test suite: %v", err)
	}
	martlet := filepath.Join(t.TempDir(), "martlet")
	if out, err := exec.Command("go", "build", "-o", martlet, "martlet/cmd/martlet").CombinedOutput(); err != nil {
		t.Fatalf("build martlet: %v\n%s", err, out)
	}
	before := map[string]int{}
	if *update && *release == "" {
		t.Fatal("-update needs -release")
	}
	if !*update {
		before = recorded(t)
	}
	scores := map[string]score{}
	for _, f := range files {
		if *only != "" && f != *only {
			continue
		}
		s := run(t, martlet, stdlib, f)
		scores[f] = s
		t.Log(strings.TrimSuffix(row(f, s), "\n"))
		if s.passed < before[f]-slack || s.dead != "" && before[f] > 0 {
			t.Errorf("%s: %d tests passed, %d before %s", f, s.passed, before[f], s.dead)
		}
	}
	if *only != "" {
		return
	}
	text := table(*release, scores)
	t.Log("\n" + text)
	if *update {
		if err := os.WriteFile(results, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
