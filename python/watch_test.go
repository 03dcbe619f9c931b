package python_test

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"martlet/genext"
	"martlet/python"
)

// busy runs for some time in one line of one function.
const busy = `import time
def busy(until):
    while time.monotonic() < until:
        sum(range(2000))
def outer():
    busy(time.monotonic() + 0.4)
outer()
`

// TestProfile: a profile names Python functions and lines, with their callers, compiled or not.
func TestProfile(t *testing.T) {
	skipUnderRace(t)
	for _, mode := range []string{"never", "always"} {
		in, err := python.New(python.Options{JIT: mode, JITClock: true})
		if err != nil {
			t.Fatal(err)
		}
		p := in.StartProfile(250)
		if code := in.RunString(busy, "<busy>"); code != 0 {
			t.Fatalf("exit code %d", code)
		}
		var b bytes.Buffer
		if err := p.Stop(&b); err != nil {
			t.Fatal(err)
		}
		prof, err := profile.Parse(&b)
		if err != nil {
			t.Fatal(err)
		}
		all, right := int64(0), int64(0)
		for _, s := range prof.Sample {
			all += s.Value[0]
			leaf := s.Location[0].Line[0]
			if leaf.Function.Name == "busy" && leaf.Function.StartLine == 2 && (leaf.Line == 3 || leaf.Line == 4) && s.Location[1].Line[0].Function.Name == "outer" && s.Location[1].Line[0].Line == 6 {
				right += s.Value[0]
			}
		}
		if all < 5 || right*10 < all*8 {
			t.Errorf("-j %s: %d of %d samples are in busy, called by outer\n%v", mode, right, all, prof)
		}
	}
}

// pageData cuts the data out of a report.
func pageData(t *testing.T, page string) (data struct {
	Mode    string
	Samples int
	Files   []struct {
		Name  string
		Lines []string
		Heat  []int
	}
	Regions []struct {
		Func, State string
		Line        int
		Exits       []struct{ Why string }
		IR, Asm     []struct {
			T, F string
			L    int
		}
	}
}) {
	t.Helper()
	_, rest, ok := strings.Cut(page, "const D=")
	if !ok {
		t.Fatal("the page has no data")
	}
	if err := json.NewDecoder(strings.NewReader(rest)).Decode(&data); err != nil {
		t.Fatal(err)
	}
	return data
}

// TestReport: the page is self-contained and tells of a loop where its time went, what it was compiled to and why it was left.
func TestReport(t *testing.T) {
	skipUnderRace(t)
	in, err := python.New(python.Options{JIT: "always"})
	if err != nil {
		t.Fatal(err)
	}
	r := in.StartJITReport()
	src := "text = '</script>'\ndef f(n):\n    s = 0\n    for i in range(n):\n        s += i & 3\n    return s\nfor k in range(30): f(20)\nf(400000)\n"
	if code := in.RunString(src, "<page>"); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	var b strings.Builder
	if err := r.Write(&b, "a <title>"); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if strings.Count(page, "</script>") != 1 {
		t.Error("text of the program ends the page's script")
	}
	for _, outside := range []string{"src=", "href=\"http", "@import", "url("} {
		if strings.Contains(page, outside) {
			t.Errorf("the page refers to something outside: %s", outside)
		}
	}
	d := pageData(t, page)
	if d.Mode != "always" || len(d.Files) != 1 || d.Files[0].Name != "<page>" || d.Files[0].Lines[1] != "def f(n):" {
		t.Fatalf("mode %s, files %v", d.Mode, d.Files)
	}
	ir, asm, left := false, false, false
	for _, g := range d.Regions {
		if g.Func != "f" {
			continue
		}
		for _, c := range g.IR {
			ir = ir || c.F == "<page>" && c.L == 5 && strings.Contains(c.T, "and.i64")
		}
		for _, c := range g.Asm {
			asm = asm || c.F == "<page>" && c.L == 5
		}
		left = left || len(g.Exits) > 0
	}
	_, graphs := genext.Best().(genext.Graphs)
	if !ir || !asm && !graphs || !left {
		t.Errorf("line 5 has IR: %v, machine code: %v; f has exits: %v", ir, asm, left)
	}
}

// TestPerfNames: perf's map of the process has compiled code under its Python name.
func TestPerfNames(t *testing.T) {
	if _, graphs := genext.Best().(genext.Graphs); graphs || runtime.GOOS != "linux" {
		t.Skip("perf maps are for machine code on Linux")
	}
	script(t, python.Options{JIT: "always", JITPerf: true, JITGDB: true}, "class C:\n  def method(self): return 1", "for i in range(5): C().method()")
	b, err := os.ReadFile("/tmp/perf-" + itoa(os.Getpid()) + ".map")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove("/tmp/perf-" + itoa(os.Getpid()) + ".map")
	if !strings.Contains(string(b), " py::C.method:<test>:2") {
		t.Errorf("the map is\n%s", b)
	}
}
