// Package harness measures contestants against each other.
//
//	Suite       a set of measurements, run by the bench command
//	Config      what the command line asks for
//	Contestant  something that runs a program and says how long it took
//	Race        lets contestants take turns on a program; medians
//	Table       text tables
//	Plot        a log-log plot as SVG
package harness

import (
	"fmt"
	"io"
	"math"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Config is what the command line asks for.
type Config struct {
	Out    io.Writer
	Rounds int
	Only   []string // programs; nil: all
	Parts  []string // parts of the suite; nil: all
	Dir    string   // for plots; "": none
}

// Wants reports whether a program is asked for.
func (c *Config) Wants(program string) bool {
	return c.Only == nil || slices.Contains(c.Only, program)
}

// Part reports whether a part of the suite is asked for.
func (c *Config) Part(name string) bool { return c.Parts == nil || slices.Contains(c.Parts, name) }

// Suite is a set of measurements.
type Suite interface {
	Name() string
	Run(c *Config) error
}

// Contestant runs one program.
type Contestant struct {
	Name string
	// Run runs the program once and returns its result, as text, and its time.
	Run func() (result string, t time.Duration, err error)
}

// Race lets the contestants take turns for the given number of rounds and
// returns the median time of each, in their order; a contestant that fails has
// time 0 and an error. All must have the same result as the first.
func Race(cs []Contestant, rounds int) ([]time.Duration, []error) {
	times := make([][]time.Duration, len(cs))
	errs := make([]error, len(cs))
	want := ""
	for range rounds {
		for i, c := range cs {
			if errs[i] != nil {
				continue
			}
			r, t, err := c.Run()
			if err == nil && want == "" {
				want = r
			}
			if err == nil && r != want {
				err = fmt.Errorf("result %s instead of %s", r, want)
			}
			errs[i] = err
			times[i] = append(times[i], t)
		}
	}
	out := make([]time.Duration, len(cs))
	for i := range cs {
		if errs[i] == nil {
			out[i] = Median(times[i])
		}
	}
	return out, errs
}

// Median returns the middle one.
func Median(ts []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(ts))
	if len(s) == 0 {
		return 0
	}
	return s[len(s)/2]
}

// Geomean returns the geometric mean.
func Geomean(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, x := range xs {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(xs)))
}

// Version returns the first line that a command prints, or why it does not.
func Version(name string, args ...string) string {
	out, err := exec.Command(name, args...).CombinedOutput()
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err != nil && line == "" {
		return "not available: " + err.Error()
	}
	return strings.TrimSpace(line)
}

// Table collects rows and prints them with aligned columns, the first to the left.
type Table struct{ rows [][]string }

// Row adds a row.
func (t *Table) Row(cells ...string) { t.rows = append(t.rows, cells) }

// Print writes the table.
func (t *Table) Print(w io.Writer) {
	var widths []int
	for _, r := range t.rows {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(c)))
		}
	}
	for _, r := range t.rows {
		var b strings.Builder
		for i, c := range r {
			pad := strings.Repeat(" ", widths[i]-len([]rune(c)))
			if i == 0 {
				b.WriteString(c + pad)
			} else {
				b.WriteString("  " + pad + c)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// Ms formats a time in milliseconds.
func Ms(t time.Duration) string {
	if t == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(t)/1e6)
}

// Ratio formats a/b.
func Ratio(a, b time.Duration) string {
	if a == 0 || b == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(a)/float64(b))
}
