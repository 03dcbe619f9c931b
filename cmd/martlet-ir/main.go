// Command martlet-ir works on files of the flow-graph language.
//
//	martlet-ir fmt [-w] file...                 lay the text out
//	martlet-ir verify file...                   report every fault
//	martlet-ir run [-exec how] file [call]      run the file's directives, or one call such as 'f(1, 2.5)'
//	martlet-ir run -stats -events file [call]   the same in an engine, telling what happens there
//	martlet-ir opt [-level L] [-each] file      optimise; show each pass that changed something
//	martlet-ir spec file func name=value...     fix parameters, propagate through callees
//	martlet-ir asm [-level L] file [func]       machine code beside the graph
//	martlet-ir view [-o page.html] file [func]  a page with the graph after every pass and the machine code
//	martlet-ir reduce [-exec how] file call     make a file small in which executors disagree
//	martlet-ir gen [-stmts n] seed              a random module
//	martlet-ir soak [-from seed] [-n count]     compare all executors on random modules
//
//	martlet-ir bisect [-level L] file call      the first transformation that makes a call go wrong
//
// How to execute: interp (the reference), bare, quick, full, engine (package jit, lazily and in tiers), or
// all, which compares them.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

type command struct {
	name, args, help string
	run              func(fs *flag.FlagSet, args []string, out io.Writer) error
}

var commands = []command{
	{"fmt", "[-w] file...", "lay the text out", runFmt},
	{"verify", "file...", "report every fault", runVerify},
	{"run", "[-exec how] [-stats] [-events] file [call]", "run the directives of a file, or one call", runRun},
	{"opt", "[-level quick|full] [-each] file [func]", "optimise", runOpt},
	{"spec", "file func name=value...", "fix parameters of a function", runSpec},
	{"asm", "[-level bare|quick|full] file [func]", "show machine code beside the graph", runAsm},
	{"view", "[-o page.html] [-level L] file [func]", "write a page to look at", runView},
	{"reduce", "[-exec how] file call", "make a failing file small", runReduce},
	{"bisect", "[-level quick|full] file call", "find the transformation that makes a call go wrong", runBisect},
	{"soak", "[-from seed] [-n count] [-exec how]", "compare executors on random modules", runSoak},
	{"soakfile", "file seed", "one comparison of soak, for its own use", runSoakFile},
	{"gen", "[-stmts n] [-funcs n] seed", "print a random module", runGen},
}

// errUsage asks for the usage text.
var errUsage = errors.New("usage")

func main() {
	if err := dispatch(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func dispatch(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(usage())
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
		fs.Usage = func() {}
		fs.SetOutput(io.Discard)
		err := c.run(fs, args[1:], out)
		if errors.Is(err, errUsage) || errors.Is(err, flag.ErrHelp) {
			return fmt.Errorf("usage: martlet-ir %s %s", c.name, c.args)
		}
		return err
	}
	return fmt.Errorf("martlet-ir: no command %q\n%s", args[0], usage())
}

func usage() string {
	s := "usage: martlet-ir command arguments"
	for _, c := range commands {
		s += fmt.Sprintf("\n  %-7s %-42s %s", c.name, c.args, c.help)
	}
	return s
}

// parseFlags reads flags before and between the arguments and returns the arguments.
func parseFlags(fs *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			return nil, fmt.Errorf("%w\n%w", err, errUsage)
		}
		if fs.NArg() == 0 {
			break
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
	return rest, nil
}
