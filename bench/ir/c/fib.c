#include "kernel.h"

__attribute__((noinline)) static int64_t fib(int64_t n) {
	if (n < 2)
		return n;
	return fib(n - 1) + fib(n - 2);
}

int64_t run(int64_t n) {
	return fib(n);
}
