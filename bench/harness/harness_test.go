package harness

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRace(t *testing.T) {
	n := 0
	cs := []Contestant{
		{"a", func() (string, time.Duration, error) { n++; return "7", time.Duration(n), nil }},
		{"wrong", func() (string, time.Duration, error) { return "8", 1, nil }},
		{"broken", func() (string, time.Duration, error) { return "", 0, errors.New("no") }},
	}
	times, errs := Race(cs, 3)
	if times[0] != 2 || errs[0] != nil || errs[1] == nil || errs[2] == nil || times[1] != 0 {
		t.Error(times, errs)
	}
}

func TestGeomean(t *testing.T) {
	if g := Geomean([]float64{1, 4, 16}); math.Abs(g-4) > 1e-12 {
		t.Error(g)
	}
}

func TestTable(t *testing.T) {
	var tab Table
	tab.Row("name", "n")
	tab.Row("x", "100")
	var b strings.Builder
	tab.Print(&b)
	if b.String() != "name    n\nx     100\n" {
		t.Errorf("%q", b.String())
	}
}

func TestPlot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.svg")
	if err := Plot(file, "title", "x", "y", []Series{{"a", []float64{1, 100}, []float64{2, 3000}}}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), "<svg") || strings.Contains(string(text), "NaN") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestDots(t *testing.T) {
	file := filepath.Join(t.TempDir(), "d.svg")
	rows := []DotRow{{Name: "a<b", Values: []float64{0.25, 1, 0}}, {Name: "all", Values: []float64{3, 1, 0.5}, Note: "n"}}
	if err := Dots(file, "title", "x", []string{"one", "ref", "two"}, 1, rows); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	text := string(b)
	if err != nil || strings.Contains(text, "NaN") || !strings.Contains(text, "a&lt;b") {
		t.Errorf("%s, %v", text, err)
	}
	if n := strings.Count(text, "<title>"); n != 3 { // of six values one is missing and two are the reference's
		t.Errorf("%d dots", n)
	}
	if x0, x1 := ratioRange(rows); x0 != -2 || x1 != 2 {
		t.Errorf("range %g to %g", x0, x1)
	}
}
