#include "kernel.h"

static int64_t a[1 << 20];

static void sort(int64_t lo, int64_t hi) {
	while (lo < hi) {
		int64_t pivot = a[(lo + hi) >> 1], i = lo, j = hi;
		do {
			while (a[i] < pivot)
				i++;
			while (a[j] > pivot)
				j--;
			if (i <= j) {
				int64_t t = a[i];
				a[i] = a[j];
				a[j] = t;
				i++;
				j--;
			}
		} while (i <= j);
		sort(lo, j);
		lo = i;
	}
}

int64_t run(int64_t n) {
	uint64_t x = 1;
	for (int64_t i = 0; i < n; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		a[i] = (int64_t)(x >> 33);
	}
	sort(0, n - 1);
	int64_t s = 0;
	for (int64_t i = 0; i < n; i++)
		s = s * 31 + a[i];
	return s;
}
