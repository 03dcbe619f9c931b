package hint

import (
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

var (
	function    = regexp.MustCompile(`^martlet/hint/testdata/cost\.(\w+) STEXT`)
	instruction = regexp.MustCompile(`^\t0x[0-9a-f]+ \d+ \([^)]*\)\t(\w+)`)
	noCode      = map[string]bool{"TEXT": true, "FUNCDATA": true, "PCDATA": true, "NOP": true, "XCHGL": true}
)

// instructions counts the instructions of each function of testdata/cost.
func instructions(t *testing.T) map[string]int {
	out, err := exec.Command("go", "build", "-gcflags=-S", "-o", t.TempDir()+"/cost.a", "./testdata/cost").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	count, name := map[string]int{}, ""
	for line := range strings.Lines(string(out)) {
		if m := function.FindStringSubmatch(line); m != nil {
			name = m[1]
		} else if strings.Contains(line, " STEXT ") {
			name = "" // something the compiler made
		} else if m := instruction.FindStringSubmatch(line); m != nil && !noCode[m[1]] {
			count[name]++
		}
	}
	return count
}

// tickCost is how many instructions a Tick has more than the test of a flag:
// it loads, decrements and stores the counter, and looks at the sign.
const tickCost = 3

// TestHintsCostNothing counts instructions: hints have none in plain Go, a tick the stated few.
func TestHintsCostNothing(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the instructions counted are those that the Go compiler makes for amd64")
	}
	n := instructions(t)
	for _, f := range []string{"Loop", "Value", "Field", "Tick"} {
		plain, hinted, extra := n["Plain"+f], n["Hinted"+f], 0
		if f == "Tick" {
			extra = tickCost
		}
		t.Logf("%s: %d instructions, %d with hints", f, plain, hinted)
		if plain == 0 || hinted > plain+extra {
			t.Errorf("%s: %d instructions, %d with hints", f, plain, hinted)
		}
	}
}
