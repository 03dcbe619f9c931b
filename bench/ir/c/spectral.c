#include "kernel.h"
#include <math.h>

static double u[1024], v[1024], w[1024];

static double eval_a(int64_t i, int64_t j) {
	return 1.0 / (double)((i + j) * (i + j + 1) / 2 + i + 1);
}

static void mul_av(int64_t n, const double *x, double *out) {
	for (int64_t i = 0; i < n; i++) {
		double s = 0;
		for (int64_t j = 0; j < n; j++)
			s += eval_a(i, j) * x[j];
		out[i] = s;
	}
}

static void mul_atv(int64_t n, const double *x, double *out) {
	for (int64_t i = 0; i < n; i++) {
		double s = 0;
		for (int64_t j = 0; j < n; j++)
			s += eval_a(j, i) * x[j];
		out[i] = s;
	}
}

int64_t run(int64_t n) {
	for (int64_t i = 0; i < n; i++)
		u[i] = 1;
	for (int64_t i = 0; i < 10; i++) {
		mul_av(n, u, w);
		mul_atv(n, w, v);
		mul_av(n, v, w);
		mul_atv(n, w, u);
	}
	double vbv = 0, vv = 0;
	for (int64_t i = 0; i < n; i++) {
		vbv += u[i] * v[i];
		vv += v[i] * v[i];
	}
	return double_bits(sqrt(vbv / vv));
}
