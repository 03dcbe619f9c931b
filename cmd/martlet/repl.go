package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/peterh/liner"

	"martlet/python"
	"martlet/python/ast"
	"martlet/python/object"
	"martlet/python/parser"
)

// errInterrupted is what a lineReader returns for Ctrl-C.
var errInterrupted = errors.New("interrupted")

// lineReader reads one line, without its end, after showing a prompt; io.EOF for Ctrl-D.
type lineReader func(prompt string) (string, error)

// plainLines reads from something that is no terminal (martlet -i < file).
func plainLines(in io.Reader, out io.Writer) lineReader {
	r := bufio.NewReader(in)
	return func(prompt string) (string, error) {
		fmt.Fprint(out, prompt)
		line, err := r.ReadString('\n')
		if err != nil && line == "" {
			return "", io.EOF
		}
		return strings.TrimSuffix(line, "\n"), nil
	}
}

// editor gives a lineReader with editing, history and completion, and what ends it.
func editor(in *python.Interpreter) (lineReader, func()) {
	l := liner.NewLiner()
	l.SetCtrlCAborts(true)
	l.SetTabCompletionStyle(liner.TabPrints)
	l.SetWordCompleter(func(line string, pos int) (string, []string, string) { return complete(in, line, pos) })
	history := historyFile()
	if f, err := os.Open(history); err == nil {
		l.ReadHistory(f)
		f.Close()
	}
	read := func(prompt string) (string, error) {
		line, err := l.Prompt(prompt)
		if errors.Is(err, liner.ErrPromptAborted) {
			return "", errInterrupted
		}
		if strings.TrimSpace(line) != "" {
			l.AppendHistory(line)
		}
		return line, err
	}
	return read, func() {
		if f, err := os.OpenFile(history, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600); err == nil {
			l.WriteHistory(f)
			f.Close()
		}
		l.Close()
	}
}

// historyFile is PYTHON_HISTORY or a file of our own in the home folder.
func historyFile() string {
	if h := os.Getenv("PYTHON_HISTORY"); h != "" {
		return h
	}
	home, _ := os.UserHomeDir()
	return filepath.Join(home, ".martlet_history")
}

// interact is the interactive prompt on the process's standard input.
func interact(in *python.Interpreter, banner bool) int {
	if banner {
		fmt.Fprintln(os.Stderr, "Python 3.13.0 (martlet) on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.")
	}
	if !isTerminal() {
		return repl(in, plainLines(os.Stdin, os.Stderr), os.Stderr)
	}
	read, done := editor(in)
	defer done()
	return repl(in, read, os.Stderr)
}

// repl reads statements and runs them until the input ends or one raises SystemExit.
func repl(in *python.Interpreter, read lineReader, out io.Writer) int {
	for n := 0; ; n++ {
		src, err := readStatement(in, read)
		switch {
		case errors.Is(err, errInterrupted):
			fmt.Fprintln(out, "\nKeyboardInterrupt")
			continue
		case err != nil:
			fmt.Fprintln(out)
			return in.Exit(0)
		case strings.TrimSpace(src) == "":
			continue
		}
		if status, exit := in.RunInteractive(src, fmt.Sprintf("<python-input-%d>", n)); exit {
			return in.Exit(status)
		}
	}
}

// readStatement reads lines until they make a complete statement.
func readStatement(in *python.Interpreter, read lineReader) (string, error) {
	var b strings.Builder
	prompt := ps(in, "ps1")
	for {
		line, err := read(prompt)
		if err != nil {
			if errors.Is(err, io.EOF) && b.Len() > 0 {
				return b.String(), nil
			}
			return "", err
		}
		b.WriteString(line + "\n")
		if finished(b.String(), line) {
			return b.String(), nil
		}
		prompt = ps(in, "ps2")
	}
}

// ps is sys.ps1 or sys.ps2.
func ps(in *python.Interpreter, name string) string {
	t := in.Thread()
	if v := t.Interp.SysDict.GetStr(t.Intern(name)); v.Ref != nil {
		if s, e := object.ToStr(t, v); e == nil {
			return s.S
		}
	}
	return ""
}

// finished says whether the text needs no more lines. A compound statement ends with an empty line.
func finished(src, last string) bool {
	blank := strings.TrimSpace(last) == ""
	m, err := parser.Parse(src, parser.Options{Mode: parser.Single})
	if err == nil {
		return blank || !compound(m)
	}
	var se *parser.SyntaxError
	if !errors.As(err, &se) || !se.IncompleteIn {
		return true
	}
	return blank && se.Kind == "IndentationError"
}

// compound says whether a statement may go on in further lines.
func compound(m ast.Mod) bool {
	i, ok := m.(*ast.Interactive)
	if !ok || len(i.Body) == 0 {
		return false
	}
	switch i.Body[len(i.Body)-1].(type) {
	case *ast.If, *ast.For, *ast.While, *ast.With, *ast.Try, *ast.TryStar, *ast.FunctionDef, *ast.ClassDef, *ast.Match, *ast.AsyncFunctionDef, *ast.AsyncFor, *ast.AsyncWith:
		return true
	}
	return false
}

// complete finds what the name or dotted name before the cursor may become: names of __main__ and builtins, attributes of what
// the dots lead to. Only names are evaluated, no calls.
func complete(in *python.Interpreter, line string, pos int) (head string, words []string, tail string) {
	text, tail := line[:pos], line[pos:]
	i := strings.LastIndexFunc(text, func(r rune) bool { return r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) + 1
	head, word := text[:i], text[i:]
	if strings.TrimSpace(text) == "" {
		return text, []string{"    "}, tail
	}
	return head, in.Complete(word), tail
}
