// Command cgohost is a program built with cgo that has signal handlers of its own, in C and in Go, and uses martlet as a library.
package main

/*
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

static volatile int faults, users;
static volatile char *volatile page;

static void onFault(int sig, siginfo_t *info, void *ctx) {
	faults++;
	mprotect((void *)page, 4096, PROT_READ | PROT_WRITE);
}

static void onUser(int sig) { users++; }

// Before Go's runtime starts, as a host's C half would.
__attribute__((constructor)) static void handlers(void) {
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_sigaction = onFault;
	sa.sa_flags = SA_SIGINFO | SA_ONSTACK;
	sigaction(SIGSEGV, &sa, 0);
}

// After it: of asynchronous signals Go would take over what was there before.
static void userHandler(void) {
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = onUser;
	sa.sa_flags = SA_ONSTACK | SA_RESTART;
	sigaction(SIGUSR2, &sa, 0);
}

static int cFault(void) {
	page = mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page[0] = 1;
	int n = faults;
	munmap((void *)page, 4096);
	return n;
}

static int userSignals(void) { raise(SIGUSR2); return users; }

static long long inC(long long x) { return 3 * x; }
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"martlet/internal/native"
	"martlet/ir"
	"martlet/jit"
)

const text = `module "m"
declare go @triple(i64) -> i64
func @load(i64) -> i64 {
entry(%a i64):
  %p = bitcast.ptr %a
  %v = load.i64 %p
  ret %v
}
func @sum(i64) -> i64 {
entry(%n i64):
  jump loop(0, 0)
loop(%i i64, %s i64):
  %c = slt.i64 %i, %n
  br %c, body, done
body:
  %t = call @triple(%i)
  %s2 = add.i64 %s, %t
  %i2 = add.i64 %i, 1
  jump loop(%i2, %s2)
done:
  ret %s
}
`

func main() {
	if err := run(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ok")
}

func run() error {
	C.userHandler()
	user1 := make(chan os.Signal, 10)
	signal.Notify(user1, syscall.SIGUSR1)
	e := jit.New(jit.Options{})
	defer e.Close()
	if err := e.Native(); err != nil {
		return err
	}
	l := e.NewLibrary("main")
	if err := l.DefineGo("triple", func(x int64) int64 { return int64(C.inC(C.longlong(x))) }); err != nil {
		return err
	}
	m, err := ir.Parse("host.ir", text)
	if err != nil {
		return err
	}
	if _, err := l.Add(m); err != nil {
		return err
	}
	sum, err := jit.Lookup[func(int64) int64](l, "sum")
	if err != nil {
		return err
	}
	load, err := jit.Lookup[func(int64) (int64, error)](l, "load")
	if err != nil {
		return err
	}
	for round := range 3 {
		if s := sum.Call(5000); s != 3*5000*4999/2 {
			return fmt.Errorf("sum = %d", s)
		}
		var trap *native.TrapError
		if _, err := load.Call(0); !errors.As(err, &trap) || trap.Code != ir.TrapNil {
			return fmt.Errorf("nil access in compiled code: %v", err)
		}
		if n := int(C.cFault()); n != round+1 {
			return fmt.Errorf("the C handler has seen %d faults after %d", n, round+1)
		}
		if n := int(C.userSignals()); n != round+1 {
			return fmt.Errorf("the C handler has seen %d user signals after %d", n, round+1)
		}
		if err := goFault(); err == nil {
			return errors.New("a nil access in Go did not panic")
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGUSR1); err != nil {
			return err
		}
		select {
		case <-user1:
		case <-time.After(5 * time.Second):
			return errors.New("the Go handler has not got its signal")
		}
		runtime.GC()
	}
	return nil
}

// goFault is what Go makes of a nil access.
func goFault() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	var p *[4]int
	sink = p[2]
	return nil
}

var sink int
