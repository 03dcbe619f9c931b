// Command bench runs martlet side by side with its peers.
//
//	go run . -suite ir          kernels against gcc, tcc and clang's code, compile times
//	go run . -suite ir -only nbody,fib -rounds 5
//	go run . -suite gen         the example interpreters with and without their JIT
//	go run . -suite engine      lazy compilation against lli, calls through cells and handles
//	go run . -suite python      Python programs against CPython and PyPy
//
// Contestants take turns in every round, and medians are compared, so that a
// change of the machine's speed meets all alike. Versions of the peers are printed.
// A new suite is a harness.Suite added to the table below.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"martlet/bench/engine"
	"martlet/bench/gen"
	"martlet/bench/harness"
	"martlet/bench/ir"
	"martlet/bench/python"
)

// suites are the suites by name.
var suites = []harness.Suite{gen.Suite{}, ir.Suite{}, engine.Suite{}, python.Suite{}}

func main() {
	name := flag.String("suite", "", "the suite to run: "+names())
	c := harness.Config{Out: os.Stdout}
	flag.IntVar(&c.Rounds, "rounds", 7, "rounds of taking turns")
	only := flag.String("only", "", "only these programs, separated by commas")
	parts := flag.String("parts", "", "only these parts of the suite, separated by commas")
	flag.StringVar(&c.Dir, "out", "", "directory for plots and results (default: none are written)")
	flag.Parse()
	c.Only, c.Parts = split(*only), split(*parts)
	for _, s := range suites {
		if s.Name() == *name {
			if err := s.Run(&c); err != nil {
				fmt.Fprintln(os.Stderr, "bench:", err)
				os.Exit(1)
			}
			return
		}
	}
	fmt.Fprintf(os.Stderr, "bench: -suite must be one of %s\n", names())
	os.Exit(2)
}

func names() string {
	var out []string
	for _, s := range suites {
		out = append(out, s.Name())
	}
	return strings.Join(out, ", ")
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
