#include "kernel.h"

static double a[512 * 512], b[512 * 512], c[512 * 512];

int64_t run(int64_t n) {
	for (int64_t i = 0; i < n; i++)
		for (int64_t j = 0; j < n; j++) {
			a[i * n + j] = (double)(i - j) * 0.5 + 1.0;
			b[i * n + j] = (double)(i + j) * 0.25;
		}
	for (int64_t i = 0; i < n; i++)
		for (int64_t j = 0; j < n; j++) {
			double s = 0;
			for (int64_t k = 0; k < n; k++)
				s += a[i * n + k] * b[k * n + j];
			c[i * n + j] = s;
		}
	double t = 0;
	for (int64_t i = 0; i < n; i++)
		t += c[i * n + i];
	return double_bits(t);
}
