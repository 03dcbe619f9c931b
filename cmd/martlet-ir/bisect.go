package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"sort"

	"martlet/internal/irexec"
	"martlet/internal/opt"
	"martlet/ir"
	"martlet/ir/irtest"
)

// runBisect finds, by binary search, the number of the transformation with which a call goes wrong, and shows the function before and after it: the optimiser
// counts what it does, and stops when a given amount is used up (opt.Options.Fuel). The optimised module is compiled without further optimisation, so
// that what is wrong without any transformation is the code generator's.
func runBisect(fs *flag.FlagSet, args []string, out io.Writer) error {
	level := fs.String("level", "full", "quick or full")
	rest, err := parseFlags(fs, args)
	if err != nil || len(rest) != 2 {
		return errUsage
	}
	m, _, err := load(rest[0])
	if err != nil {
		return err
	}
	lv, err := optLevel(*level)
	if err != nil {
		return err
	}
	f, vals, err := irtest.ParseCall(m, rest[1])
	if err != nil {
		return err
	}
	want := irtest.Interp{}.Run(m, f, vals)
	if want.Err != nil {
		return want.Err
	}
	return bisect(m, lv, out, func(b *ir.Module) bool {
		got := irexec.Executor{Level: irexec.Bare}.Run(b, b.Func(f.Name), vals)
		got.Memory = nil // globals may have been optimised away
		return want.Same(got)
	})
}

// bisect prints the first transformation after which the module is not right, or the optimiser panics.
func bisect(m *ir.Module, lv opt.Level, out io.Writer, right func(*ir.Module) bool) error {
	all, err := burn(m, lv, math.MaxInt)
	if err == nil && right(all.mod) {
		fmt.Fprintf(out, "right after all %d transformations\n", all.spent)
		return nil
	}
	if b, err := burn(m, lv, 0); err != nil || !right(b.mod) {
		return errors.New("wrong without any transformation: not the optimiser's fault")
	}
	n := sort.Search(all.spent, func(n int) bool {
		b, err := burn(m, lv, n)
		return err != nil || !right(b.mod)
	})
	return showBurn(m, lv, n, out)
}

// burnt is a module optimised with a limited number of transformations.
type burnt struct {
	mod   *ir.Module
	spent int
	pass  string // in which the fuel ran out
	fn    string
}

func burn(m *ir.Module, lv opt.Level, fuel int) (b burnt, err error) {
	if b.mod, err = ir.Link(m.Name, m); err != nil {
		return b, err
	}
	left := fuel
	defer func() {
		b.spent = fuel - left
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	opt.Module(b.mod, lv, opt.Options{Verify: true, Fuel: &left, After: func(pass string, f *ir.Func) {
		if left == 0 && b.pass == "" {
			b.pass, b.fn = pass, f.Name
		}
	}})
	return b, nil
}

// showBurn prints what transformation n does.
func showBurn(m *ir.Module, lv opt.Level, n int, out io.Writer) error {
	before, err := burn(m, lv, n-1)
	if err != nil {
		return err
	}
	after, err := burn(m, lv, n)
	fmt.Fprintf(out, "transformation %d goes wrong: pass %s in @%s\n", n, after.pass, after.fn)
	if err != nil {
		fmt.Fprintln(out, err)
		return nil
	}
	if f := before.mod.Func(after.fn); f != nil {
		fmt.Fprintf(out, "; before\n%s", f.Text(ir.PrintLiterals))
	}
	if f := after.mod.Func(after.fn); f != nil {
		fmt.Fprintf(out, "; after\n%s", f.Text(ir.PrintLiterals))
	}
	return nil
}
