#include "kernel.h"

static int64_t place(int64_t all, int64_t cols, int64_t left, int64_t right) {
	if (cols == all)
		return 1;
	int64_t count = 0;
	for (int64_t free = all & ~(cols | left | right); free != 0;) {
		int64_t bit = free & -free;
		free ^= bit;
		count += place(all, cols | bit, (left | bit) << 1, (int64_t)((uint64_t)(right | bit) >> 1));
	}
	return count;
}

int64_t run(int64_t n) {
	return place((1LL << n) - 1, 0, 0, 0);
}
