package irtest

import (
	"os"
	"strings"
	"testing"

	"martlet/ir"
)

// TestPageExample runs the example of docs/ir.md.
func TestPageExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/ir.md")
	if err != nil {
		t.Fatal(err)
	}
	src := strings.Split(string(page), "```")[1]
	m, err := ir.Parse("docs/ir.md", src)
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	runs, err := Runs(m, "docs/ir.md", src)
	if err != nil || len(runs) == 0 {
		t.Fatal(runs, err)
	}
	for _, r := range runs {
		if o := (Interp{}).Run(m, r.Func, r.Args); !o.Same(r.Want) {
			t.Errorf("%s %s, want %s", r, o, r.Want)
		}
	}
}
