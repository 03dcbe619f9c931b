package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"

	"martlet/python"
)

// sampleRate is how often -X profile looks at the program in a second.
const sampleRate = 250

// watch begins what -X profile and -X jit-report ask for; after writes the files when the program has ended.
func (o *options) watch(in *python.Interpreter) (after func() error, err error) {
	profile, page := o.x["profile"], o.x["jit-report"]
	var todo []func() error
	switch {
	case profile != "" && page != "":
		return nil, errors.New("-X profile and -X jit-report exclude each other")
	case profile != "":
		f, err := os.Create(profile)
		if err != nil {
			return nil, err
		}
		p := in.StartProfile(sampleRate)
		todo = append(todo, func() error { return finish(f, p.Stop) })
	case page != "":
		f, err := os.Create(page)
		if err != nil {
			return nil, err
		}
		r := in.StartJITReport()
		title := cmp.Or(o.file, o.module, o.command, "standard input")
		todo = append(todo, func() error { return finish(f, func(w io.Writer) error { return r.Write(w, title) }) })
	}
	return func() (err error) {
		for _, f := range todo {
			err = errors.Join(err, f())
		}
		return err
	}, nil
}

// finish writes a file and closes it.
func finish(f *os.File, write func(w io.Writer) error) error {
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("%s: %w", f.Name(), err)
	}
	return nil
}
