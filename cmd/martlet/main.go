// Command martlet runs Python programs.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"

	"martlet/python"
	"martlet/python/parser"
)

const usage = `usage: martlet [option] ... [-c cmd | -m mod | file | -] [arg] ...
Options:
-c cmd : program passed in as string (terminates option list)
-E     : ignore PYTHON* environment variables
-h     : print this help message and exit
-i     : inspect interactively after running script
-j MODE: when to compile to machine code: never, whenhot or always
-m mod : run library module as a script (terminates option list)
-O     : remove assert and __debug__-dependent statements
-OO    : do -O changes and also discard docstrings
-q     : don't print the version at the interactive prompt
-u     : force the stdout and stderr streams to be unbuffered
-v     : verbose (trace import statements)
-V     : print the Python version number and exit
-B     : don't write .pyc files on import
-W arg : warning control; arg is action:message:category:module:lineno
-X opt : set implementation-specific option (dump=ast,symtable,code; importtime; jit-stats; jit-threshold=N; jit-level=quick|full; jit-executor=machine|graphs; jit-log=FILE; jit-report=FILE; profile=FILE; perf; gdb; cpuprofile=FILE; stdlib=DIR)
file   : program read from script file
-      : program read from stdin
arg ...: arguments passed to program in sys.argv[1:]
`

// options is the parsed command line.
type options struct {
	command, module, file        string
	hasCommand, hasModule, stdin bool
	interactive, unbuffered      bool
	verbose                      int
	optimize                     int
	noBytecode, quiet, noEnv     bool
	warnings                     []string
	jit                          string
	x                            map[string]string
	args                         []string
}

type usageError string

func (e usageError) Error() string { return string(e) }

// parse reads the command line as CPython does: one-letter options may be joined, -c and -m end the options.
func parse(argv []string) (*options, error) {
	o := &options{x: map[string]string{}, jit: os.Getenv("MARTLET_JIT")}
	for i := 0; i < len(argv); i++ {
		a := argv[i]
		if a == "-" {
			o.stdin, o.args = true, argv[i:]
			return o, o.check()
		}
		if !strings.HasPrefix(a, "-") {
			o.file, o.args = a, argv[i:]
			return o, o.check()
		}
		switch a {
		case "--help":
			a = "-h"
		case "--version":
			a = "-V"
		}
		for k := 1; k < len(a); k++ {
			value := func() (string, error) {
				if k+1 < len(a) {
					return a[k+1:], nil
				}
				if i+1 < len(argv) {
					i++
					return argv[i], nil
				}
				return "", usageError(fmt.Sprintf("Argument expected for the -%c option", a[k]))
			}
			switch a[k] {
			case 'c', 'm':
				v, err := value()
				if err != nil {
					return nil, err
				}
				if a[k] == 'c' {
					o.command, o.hasCommand = v, true
				} else {
					o.module, o.hasModule = v, true
				}
				o.args = append([]string{"-" + string(a[k])}, argv[i+1:]...)
				return o, o.check()
			case 'j', 'X', 'W':
				v, err := value()
				if err != nil {
					return nil, err
				}
				switch a[k] {
				case 'j':
					o.jit = v
				case 'W':
					o.warnings = append(o.warnings, v)
				case 'X':
					name, val, _ := strings.Cut(v, "=")
					o.x[name] = val
				}
				k = len(a)
			case 'h':
				fmt.Print(usage)
				os.Exit(0)
			case 'V':
				fmt.Println("Python 3.13.0 (martlet)")
				os.Exit(0)
			case 'i':
				o.interactive = true
			case 'u':
				o.unbuffered = true
			case 'v':
				o.verbose++
			case 'O':
				o.optimize++
			case 'B':
				o.noBytecode = true
			case 'q':
				o.quiet = true
			case 'E', 'I':
				o.noEnv = true
			case 's', 'S', 'P', 'b', 'd': // nothing to switch off
			default:
				return nil, usageError(fmt.Sprintf("Unknown option: -%c", a[k]))
			}
		}
	}
	o.args = []string{""}
	return o, o.check()
}

func (o *options) check() error {
	switch o.jit {
	case "", "never", "whenhot", "always":
		return nil
	}
	return usageError(fmt.Sprintf("-j must be never, whenhot or always, not '%s'", o.jit))
}

func main() { os.Exit(run(os.Args[1:])) }

func run(argv []string) int {
	o, err := parse(argv)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%v\nusage: martlet [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `martlet -h' for more information.\n", err)
		return 2
	}
	o.environment()
	if os.Getenv("GOGC") == "" {
		tuneGC()
	}
	exe, _ := os.Executable()
	po := python.Options{HostIO: true, Files: true, Args: o.args, Executable: exe, Optimize: min(o.optimize, 2), Unbuffered: o.unbuffered,
		NoBytecode: o.noBytecode, XOptions: o.x, JIT: o.jit,
		Flags: map[string]int{"optimize": o.optimize, "verbose": o.verbose, "dont_write_bytecode": bit(o.noBytecode), "inspect": bit(o.interactive)}}
	po.Inspect, po.WarnOptions = o.interactive, o.warnings
	_, po.JITClock = o.x["jit-stats"]
	po.JITLevel, po.JITExecutor = o.x["jit-level"], o.x["jit-executor"]
	_, po.JITPerf = o.x["perf"]
	_, po.JITGDB = o.x["gdb"]
	if po.JITThreshold, err = o.threshold(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if w := o.env("PYTHONWARNINGS"); w != "" {
		po.WarnOptions = append(strings.Split(w, ","), po.WarnOptions...)
	}
	log := func(line string) { fmt.Fprintln(os.Stderr, line) }
	if o.verbose > 0 {
		po.Verbose = log
	}
	if _, ok := o.x["importtime"]; ok {
		log("import time: self [us] | cumulative | imported package")
		po.ImportTime = log
	}
	po.Path, po.Stdlib = searchPath(o), o.stdlib()
	if file := o.x["jit-log"]; file != "" {
		f, err := os.Create(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer f.Close()
		po.JITLog = f
	}
	in, err := python.New(po)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if file := o.x["cpuprofile"]; file != "" {
		if f, err := os.Create(file); err == nil {
			pprof.StartCPUProfile(f)
			defer pprof.StopCPUProfile()
		}
	}
	stop := interrupts(in)
	defer stop()
	after, err := o.watch(in)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := o.start(in)
	if o.interactive {
		code = interact(in, false)
	}
	if err := after(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	if _, ok := o.x["jit-stats"]; ok {
		fmt.Fprint(os.Stderr, in.JITStats())
	}
	return code
}

// environment adds the options that variables stand for.
func (o *options) environment() {
	level := func(name string) int {
		text := o.env(name)
		if n, err := strconv.Atoi(text); err == nil {
			return max(n, 0)
		}
		return bit(text != "")
	}
	o.unbuffered = o.unbuffered || o.env("PYTHONUNBUFFERED") != ""
	o.noBytecode = o.noBytecode || o.env("PYTHONDONTWRITEBYTECODE") != ""
	o.interactive = o.interactive || o.env("PYTHONINSPECT") != ""
	o.optimize = max(o.optimize, level("PYTHONOPTIMIZE"))
	o.verbose = max(o.verbose, level("PYTHONVERBOSE"))
}

// threshold is -X jit-threshold.
func (o *options) threshold() (int, error) {
	text, ok := o.x["jit-threshold"]
	if !ok {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("-X jit-threshold must be a positive number, not '%s'", text)
	}
	return n, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// searchPath is sys.path: the script's folder (or the current one), PYTHONPATH, the stdlib folder.
func searchPath(o *options) []string {
	first := ""
	switch {
	case o.file != "":
		abs, err := filepath.Abs(o.file)
		if err == nil {
			if real, err := filepath.EvalSymlinks(abs); err == nil {
				abs = real
			}
			first = filepath.Dir(abs)
		}
	case o.hasModule:
		first, _ = os.Getwd()
	}
	path := []string{first}
	path = append(path, filepath.SplitList(o.env("PYTHONPATH"))...)
	if lib := o.stdlib(); lib != "" {
		path = append(path, lib)
	}
	return path
}

// env is an environment variable, "" with -E.
func (o *options) env(name string) string {
	if o.noEnv {
		return ""
	}
	return os.Getenv(name)
}

// stdlib is the folder of CPython's library that the user points at, "" for none.
func (o *options) stdlib() string {
	if lib := o.x["stdlib"]; lib != "" {
		return lib
	}
	return os.Getenv("MARTLET_STDLIB")
}

// start runs what the command line names.
func (o *options) start(in *python.Interpreter) int {
	if parts := o.x["dump"]; parts != "" {
		return o.dump(in, strings.Split(parts, ","))
	}
	switch {
	case o.hasCommand:
		return in.RunString(o.command, "<string>")
	case o.hasModule:
		return in.RunModule(o.module)
	case o.file != "":
		if _, err := os.Stat(o.file); err != nil {
			exe := "martlet"
			fmt.Fprintf(os.Stderr, "%s: can't open file '%s': [Errno 2] No such file or directory\n", exe, absolute(o.file))
			return 2
		}
		return in.RunFile(absolute(o.file))
	}
	if isTerminal() && !o.stdin {
		return interact(in, !o.quiet)
	}
	if o.interactive {
		return 0
	}
	src, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return in.RunString(string(src), "<stdin>")
}

// dump shows what the front end makes of the program instead of running it.
func (o *options) dump(in *python.Interpreter, parts []string) int {
	src, file := o.command, "<string>"
	var b []byte
	var err error
	switch {
	case o.hasCommand:
		return in.Dump(os.Stdout, src, file, parts)
	case o.file != "":
		file = o.file
		b, err = os.ReadFile(file)
	case o.hasModule:
		err = errors.New("-X dump needs -c, a file or standard input")
	default:
		file = "<stdin>"
		b, err = io.ReadAll(os.Stdin)
	}
	if err == nil {
		src, _, err = parser.Decode(b, file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return in.Dump(os.Stdout, src, file, parts)
}

func absolute(p string) string {
	if a, err := filepath.Abs(p); err == nil {
		return a
	}
	return p
}

func isTerminal() bool {
	st, err := os.Stdin.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}
