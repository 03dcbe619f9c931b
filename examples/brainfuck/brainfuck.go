// Package brainfuck interprets Brainfuck. Its loops are those of the program,
// its data a tape: the cells are red, so are positions on the tape, and all the
// rest is green. Runs of the same command are one instruction.
package brainfuck

import (
	"errors"

	"martlet/hint"
)

// Op is an operation.
type Op uint8

// The operations.
const (
	Move  Op = iota // the position moves by arg
	Add             // the cell grows by arg
	Open            // if the cell is 0 go to arg
	Close           // unless the cell is 0 go to arg
	Out             // append the cell to the output
	In              // read the cell from the input; 0 at its end
	End             // the program is over
)

// Instr is an instruction.
type Instr struct {
	Op  Op
	Arg int
}

// Code is a compiled program.
type Code struct {
	Instrs []Instr `hint:"deep"`
	hot    hint.Counter
}

// Errors of Parse and Run.
var (
	ErrBrackets = errors.New("brainfuck: unbalanced brackets")
	ErrTape     = errors.New("brainfuck: position left the tape")
)

var commands = map[byte]Instr{'>': {Move, 1}, '<': {Move, -1}, '+': {Add, 1}, '-': {Add, -1}, '[': {Open, 0}, ']': {Close, 0}, '.': {Out, 0}, ',': {In, 0}}

// Parse makes code from source text.
func Parse(src string) (*Code, error) {
	c := &Code{}
	var open []int
	for i := range len(src) {
		in, ok := commands[src[i]]
		if !ok {
			continue
		}
		if n := len(c.Instrs); n > 0 && in.Op <= Add && c.Instrs[n-1].Op == in.Op {
			c.Instrs[n-1].Arg += in.Arg
			continue
		}
		at := len(c.Instrs)
		switch in.Op {
		case Open:
			open = append(open, at)
		case Close:
			if len(open) == 0 {
				return nil, ErrBrackets
			}
			in.Arg = open[len(open)-1] + 1
			c.Instrs[in.Arg-1].Arg = at + 1
			open = open[:len(open)-1]
		}
		c.Instrs = append(c.Instrs, in)
	}
	if len(open) > 0 {
		return nil, ErrBrackets
	}
	c.Instrs = append(c.Instrs, Instr{Op: End})
	return c, nil
}

// TapeLen is the number of cells.
const TapeLen = 30000

// Machine is the data of a run.
type Machine struct {
	Tape [TapeLen]byte
	In   []byte
	Out  []byte
	jit  *Driver
}

type greens struct {
	code *Code
	pc   int
}

type reds struct {
	m  *Machine
	at int
}

// Driver enters compiled code.
type Driver = hint.Driver[greens, reds, bool]

// Run executes a program.
func Run(c *Code, m *Machine, jit *Driver) error {
	m.jit = jit
	if !run(c, 0, m, 0) {
		return ErrTape
	}
	return nil
}

func run(code *Code, pc int, m *Machine, at int) bool {
	for {
		hint.MergePoint(greens{code, pc}, reds{m, at})
		in := &code.Instrs[pc]
		pc++
		switch in.Op {
		case Move:
			at += in.Arg
			if uint(at) >= TapeLen {
				return false
			}
		case Add:
			m.Tape[at] += byte(in.Arg)
		case Open:
			if m.Tape[at] == 0 {
				pc = in.Arg
			}
		case Close:
			if m.Tape[at] != 0 {
				pc = in.Arg
				if code.hot.Tick() {
					g, r, v, done := m.jit.Enter(&code.hot, greens{code, pc}, reds{m, at})
					if done {
						return v
					}
					code, pc, m, at = g.code, g.pc, r.m, r.at
				}
			}
		case Out:
			put(m, at)
		case In:
			get(m, at)
		case End:
			return true
		}
	}
}

//martlet:opaque
func put(m *Machine, at int) { m.Out = append(m.Out, m.Tape[at]) }

//martlet:opaque
func get(m *Machine, at int) {
	m.Tape[at] = 0
	if len(m.In) > 0 {
		m.Tape[at], m.In = m.In[0], m.In[1:]
	}
}
