package python

import (
	"fmt"
	"path/filepath"
	"strconv"

	"martlet/bench/harness"
)

// growing are the programs whose cost is measured by size of work: one that computes with numbers, one of calls, one of containers
// and strings. Each size does two to three times the work of the one before.
var growing = []struct {
	name  string
	sizes []int
}{
	{"mandelbrot", []int{20, 28, 40, 57, 80, 113, 160, 226, 320}},
	{"fib", []int{15, 17, 19, 21, 23, 25, 27, 29}},
	{"wordcount", []int{2500, 5000, 10000, 20000, 40000, 80000, 160000, 320000}},
}

// growth measures whole processes by size of work: where a compiler begins to pay, and what it costs before.
func (b *bench) growth() error {
	for _, g := range growing {
		if !b.c.Wants(g.name) {
			continue
		}
		fmt.Fprintf(b.c.Out, "\n%s by size, whole process, CPU time in ms\n%-10s", g.name, "size")
		series := make([]harness.Series, len(b.engines))
		for i, e := range b.engines {
			series[i].Name = e.name
			fmt.Fprintf(b.c.Out, " %18s", e.name)
		}
		fmt.Fprintln(b.c.Out)
		for _, size := range g.sizes {
			times, errs := harness.Race(b.contestants(filepath.Join(b.dir, g.name+".py"), "--n", strconv.Itoa(size)), b.c.Rounds)
			fmt.Fprintf(b.c.Out, "%-10d", size)
			for i, t := range times {
				if errs[i] != nil {
					return errs[i]
				}
				fmt.Fprintf(b.c.Out, " %18.1f", ms(t))
				series[i].X, series[i].Y = append(series[i].X, float64(size)), append(series[i].Y, ms(t))
			}
			fmt.Fprintln(b.c.Out)
		}
		if b.c.Dir != "" {
			file := filepath.Join(b.c.Dir, "python-growth-"+g.name+".svg")
			if err := harness.Plot(file, g.name+": whole process by size of work", "size", "milliseconds of CPU time", series); err != nil {
				return err
			}
		}
	}
	return nil
}

// dots plots the ratios of a table to the reference.
func (b *bench) dots(file, title string, ref int, rows []harness.DotRow) error {
	if b.c.Dir == "" || len(b.engines) <= ref {
		return nil
	}
	var names []string
	for _, e := range b.engines {
		names = append(names, e.name)
	}
	return harness.Dots(filepath.Join(b.c.Dir, file), title, "time relative to "+names[ref]+", left is faster", names, ref, rows)
}
