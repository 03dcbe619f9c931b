// The frame of a C twin: the twin defines run; this main times it.
//   prog n reps   prints the result and the nanoseconds of CPU time of each repetition
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t run(int64_t n);

static int64_t double_bits(double x) {
	int64_t r;
	memcpy(&r, &x, 8);
	return r;
}

static int64_t nanoseconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

#ifndef NO_MAIN
int main(int argc, char **argv) {
	int64_t n = argc > 1 ? atoll(argv[1]) : 1;
	int reps = argc > 2 ? atoi(argv[2]) : 1;
	for (int i = 0; i < reps; i++) {
		int64_t begin = nanoseconds();
		int64_t r = run(n);
		printf("%lld %lld\n", (long long)r, (long long)(nanoseconds() - begin));
	}
	return 0;
}
#endif
