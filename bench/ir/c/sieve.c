#include "kernel.h"

static uint8_t composite[4000001];

int64_t run(int64_t n) {
	memset(composite, 0, (size_t)n + 1);
	for (int64_t i = 2; i * i <= n; i++)
		if (!composite[i])
			for (int64_t j = i * i; j <= n; j += i)
				composite[j] = 1;
	int64_t count = 0;
	for (int64_t i = 2; i <= n; i++)
		if (!composite[i])
			count++;
	return count;
}
