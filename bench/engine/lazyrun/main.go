// Command lazyrun runs @main of an .ir file in a JIT engine, lazily, and prints the result: the counterpart of lli -jit-kind=orc-lazy in the
// suite "engine".
package main

import (
	"fmt"
	"os"

	"martlet/ir"
	"martlet/jit"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "lazyrun:", err)
		os.Exit(1)
	}
}

func run(name string) error {
	src, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	m, err := ir.ParseLazy(name, string(src))
	if err != nil {
		return err
	}
	e := jit.New(jit.Options{Tiers: jit.QuickOnly})
	if err := e.Native(); err != nil {
		return err
	}
	l := e.NewLibrary("main")
	if _, err := l.Add(m); err != nil {
		return err
	}
	f, err := jit.Lookup[func() int64](l, "main")
	if err != nil {
		return err
	}
	fmt.Println(f.Call(), e.Stats().Quick)
	return nil
}
