/* The benchmark of hint-annotated PyPy (2006): written by us from its definition. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

__attribute__((noinline)) long f1(long n)
{
    long i = 0, x = 1;
    while (i < n) {
        long j = 0;
        while (j <= i) {
            j += 1;
            x += i & j;
        }
        i += 1;
    }
    return x;
}

int main(int argc, char **argv)
{
    long n = atol(argv[1]), sum = 0;
    int rounds = atoi(argv[2]);
    for (int r = 0; r < rounds; r++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        sum += f1(n);
        clock_gettime(CLOCK_MONOTONIC, &b);
        printf("%ld\n", (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec);
    }
    return sum == 0;
}
