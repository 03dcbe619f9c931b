package pytest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "record CPython's output again")

var martlet string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "pytest")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	martlet = filepath.Join(dir, "martlet")
	if out, err := exec.Command("go", "build", "-o", martlet, "martlet/cmd/martlet").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build martlet: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// result is what a program did.
type result struct {
	Name   string
	Stdout string
	Stderr string
	Code   int
}

type program struct{ name, text string }

var header = regexp.MustCompile(`(?m)^# ---(.*)\n`)

// programs splits a chapter. A program without a name has its first line for one, with a ~ for each time that there was such a name.
func programs(t *testing.T, file string) []program {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	var out []program
	used := map[string]bool{}
	marks := header.FindAllStringSubmatchIndex(text, -1)
	for i, m := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		name, body := strings.TrimSpace(text[m[2]:m[3]]), text[m[1]:end]
		if name == "" {
			name, _, _ = strings.Cut(body, "\n")
			for used[name] {
				name += "~"
			}
		}
		if used[name] {
			t.Fatalf("%s: %s is there twice", file, name)
		}
		used[name] = true
		out = append(out, program{name, body})
	}
	return out
}

var address = regexp.MustCompile(`0x[0-9a-f]+`)

// run executes a program, after the options given, as the script t.py in a folder of its own, whose name is replaced in the output.
func run(t *testing.T, python string, p program, options ...string) result {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "t.py"), []byte(p.text), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := limited(ctx, python, append(options, "t.py")...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	r := result{Name: p.name}
	if err := cmd.Run(); err != nil {
		var x *exec.ExitError
		if !errors.As(err, &x) {
			t.Fatal(err)
		}
		r.Code = x.ExitCode()
	}
	clean := func(b *bytes.Buffer) string {
		return address.ReplaceAllString(strings.ReplaceAll(b.String(), dir, "DIR"), "0xA")
	}
	r.Stdout, r.Stderr = clean(&out), clean(&errs)
	return r
}

// maxMemory is the address space of a process under test in kB: a random program may ask for more memory than the machine has,
// and a machine without memory is worse than a program without an answer.
const maxMemory = 4 << 20

// limited is a command with bounded memory where there is a shell to set the bound.
func limited(ctx context.Context, name string, args ...string) *exec.Cmd {
	if runtime.GOOS != "linux" {
		return exec.CommandContext(ctx, name, args...)
	}
	shell := []string{"-c", fmt.Sprintf(`ulimit -v %d; exec "$0" "$@"`, maxMemory), name}
	return exec.CommandContext(ctx, "sh", append(shell, args...)...)
}

// cpython finds CPython 3.13, or gives "".
func cpython() (path, version string) {
	path = os.Getenv("MARTLET_CPYTHON")
	if path == "" {
		path, _ = exec.LookPath("python3.13")
	}
	if path == "" {
		return "", ""
	}
	out, err := exec.Command(path, "-V").Output()
	if err != nil || !strings.HasPrefix(string(out), "Python 3.13") {
		return "", ""
	}
	return path, strings.TrimSpace(string(out))
}

func record(t *testing.T, file string, list []program) {
	python, version := cpython()
	if python == "" {
		t.Fatal("no CPython 3.13: set MARTLET_CPYTHON")
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%q\n", version)
	for _, p := range list {
		line, err := json.Marshal(run(t, python, p))
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	if err := os.WriteFile(strings.TrimSuffix(file, ".txt")+".want", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func wanted(t *testing.T, file string) map[string]result {
	b, err := os.ReadFile(strings.TrimSuffix(file, ".txt") + ".want")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]result{}
	for _, line := range strings.Split(string(b), "\n")[1:] {
		if line == "" {
			continue
		}
		var r result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		out[r.Name] = r
	}
	return out
}

// jitOptions are the options of MARTLET_TEST_JIT, such as "-j whenhot": the same programs must do the same in every mode.
func jitOptions() []string { return strings.Fields(os.Getenv("MARTLET_TEST_JIT")) }

func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			list := programs(t, file)
			if *update {
				record(t, file, list)
			}
			want := wanted(t, file)
			for _, p := range list {
				t.Run(p.name, func(t *testing.T) {
					t.Parallel()
					w, ok := want[p.name]
					if !ok {
						t.Fatal("nothing recorded: run with -update")
					}
					if got := run(t, martlet, p, jitOptions()...); got != w {
						t.Errorf("stdout: %s\nstderr: %s\n", firstDifference(got.Stdout, w.Stdout), firstDifference(got.Stderr, w.Stderr))
						t.Logf("stdout:\n%s\nwant:\n%s\nstderr:\n%s\nwant:\n%s\ncode %d, want %d", got.Stdout, w.Stdout, got.Stderr, w.Stderr, got.Code, w.Code)
					}
				})
			}
		})
	}
}
