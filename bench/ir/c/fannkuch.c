#include "kernel.h"

static int64_t perm[16], perm1[16], count[16];

int64_t run(int64_t n) {
	int64_t flips_max = 0, checksum = 0, r = n, nperm = 0;
	for (int64_t i = 0; i < n; i++)
		perm1[i] = i;
	for (;;) {
		for (; r != 1; r--)
			count[r - 1] = r;
		for (int64_t i = 0; i < n; i++)
			perm[i] = perm1[i];
		int64_t flips = 0;
		for (int64_t k = perm[0]; k != 0; k = perm[0]) {
			for (int64_t i = 0, j = k; i < j; i++, j--) {
				int64_t t = perm[i];
				perm[i] = perm[j];
				perm[j] = t;
			}
			flips++;
		}
		if (flips > flips_max)
			flips_max = flips;
		checksum += (nperm & 1) ? -flips : flips;
		for (;;) {
			if (r == n)
				return checksum * 1000 + flips_max;
			int64_t first = perm1[0];
			for (int64_t i = 0; i < r; i++)
				perm1[i] = perm1[i + 1];
			perm1[r] = first;
			count[r]--;
			if (count[r] > 0)
				break;
			r++;
		}
		nperm++;
	}
}
