package parser

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"martlet/python/ast"
)

// cpython finds the reference interpreter, or skips the test.
func cpython(t *testing.T) string {
	if p := os.Getenv("MARTLET_CPYTHON"); p != "" {
		return p
	}
	p, err := exec.LookPath("python3.13")
	if err != nil || exec.Command(p, "-c", "pass").Run() != nil {
		t.Skip("no CPython 3.13: set MARTLET_CPYTHON or put python3.13 in PATH; stored outputs are tested elsewhere")
	}
	return p
}

const dumpScript = `
import ast, hashlib, sys, warnings
warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
for path in sys.stdin:
    path = path.rstrip("\n")
    try:
        d = ast.dump(ast.parse(open(path, "rb").read()), include_attributes=True)
        print(path, hashlib.sha256(d.encode("utf-8", "surrogatepass")).hexdigest(), flush=True)
    except (SyntaxError, RecursionError, ValueError) as e:
        print(path, "error", flush=True)
`

// TestCorpus compares the trees of every .py file under a directory (MARTLET_CORPUS, else the reference's library) with CPython's.
// It takes a minute; MARTLET_SOAK=1 asks for it.
func TestCorpus(t *testing.T) {
	if os.Getenv("MARTLET_SOAK") == "" {
		t.Skip("MARTLET_SOAK=1 runs it: it parses all of CPython's library twice")
	}
	py := cpython(t)
	dir := os.Getenv("MARTLET_CORPUS")
	if dir == "" {
		out, err := exec.Command(py, "-c", "import os; print(os.path.dirname(os.__file__))").Output()
		if err != nil {
			t.Fatal(err)
		}
		dir = strings.TrimSpace(string(out))
	}
	var files []string
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".py") && !d.IsDir() {
			files = append(files, path)
		}
		return nil
	})
	cmd := exec.Command(py, "-c", dumpScript)
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n") + "\n")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	same, bad := 0, 0
	for sc := bufio.NewScanner(bytes.NewReader(out)); sc.Scan(); {
		path, want, _ := strings.Cut(sc.Text(), " ")
		if got := treeHash(path); got != want {
			bad++
			if bad <= 30 {
				t.Errorf("%s: tree differs: %.12s, want %.12s", path, got, want)
			}
		} else {
			same++
		}
	}
	t.Logf("%d files equal, %d differ", same, bad)
}

func treeHash(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	text, _, err := Decode(b, "")
	if err != nil {
		return "error"
	}
	m, err := Parse(text, Options{})
	if err != nil {
		return "error"
	}
	h := sha256.Sum256([]byte(ast.Dump(m, ast.DumpOptions{Attributes: true, Indent: -1})))
	return hex.EncodeToString(h[:])
}

func BenchmarkParse(b *testing.B) {
	src, err := os.ReadFile(os.Getenv("MARTLET_PARSE_FILE"))
	if err != nil {
		src = []byte(strings.Repeat("def f(self, x, *args, key=None):\n    if x > 10 and self.y.z(x)[1:2] != 'abc':\n        return {a: b for a, b in zip(x, y)}\n    self.total += x * 2.5 + g(x, k=1)\n", 2000))
	}
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(string(src), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
