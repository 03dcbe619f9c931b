// Package report draws what the compiler did to a program as one self-contained page of HTML. It knows
// nothing of the compiler: the page shows the data that it is given.
package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
)

// Page is what the page shows.
type Page struct {
	Title   string   `json:"title"`
	Mode    string   `json:"mode"`
	Ran     float64  `json:"ran"` // seconds
	Inside  float64  `json:"inside"`
	Samples int      `json:"samples"`
	Stats   []Stat   `json:"stats"`
	Causes  []Cause  `json:"causes"`
	Files   []File   `json:"files"`
	Regions []Region `json:"regions"`
	Left    int      `json:"left"` // regions not shown
}

// Stat is a number with its name.
type Stat struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Cause is why compiled code was left, and how often.
type Cause struct {
	Why   string `json:"why"`
	Count int    `json:"count"`
}

// File is a source file; Heat and Compiled are samples by line, from line 1.
type File struct {
	Name     string   `json:"name"`
	Lines    []string `json:"lines"`
	Heat     []int    `json:"heat"`
	Compiled []int    `json:"compiled"`
}

// Region is one piece of compiled code.
type Region struct {
	Func  string `json:"func"`
	File  string `json:"file"`
	Line  int    `json:"line"`
	Level int    `json:"level"`
	Try   int    `json:"try"`
	State string `json:"state"` // what became of it
	Ops   int    `json:"ops"`
	Size  int    `json:"size"`
	Runs  int    `json:"runs"`
	Exits []Exit `json:"exits"`
	IR    []Code `json:"ir"`
	Asm   []Code `json:"asm"`
}

// Exit is a place where a region was left.
type Exit struct {
	Why   string `json:"why"`
	File  string `json:"file"`
	Line  int    `json:"line"`
	Taken int    `json:"taken"`
}

// Code is a line of residual or machine code with the Python line it came from.
type Code struct {
	Text string `json:"t"`
	File string `json:"f,omitempty"`
	Line int    `json:"l,omitempty"`
	Head bool   `json:"h,omitempty"` // a block begins
	Exit int    `json:"x,omitempty"` // how often the exit here was taken, plus 1
}

//go:embed page.html
var page []byte

// Write writes the page.
func (p *Page) Write(w io.Writer) error {
	data, err := json.Marshal(p) // escapes <, > and &, so that no text ends the script
	if err != nil {
		return err
	}
	before, after, _ := bytes.Cut(page, []byte("/*DATA*/"))
	for _, b := range [][]byte{before, data, after} {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}
