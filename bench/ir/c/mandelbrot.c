#include "kernel.h"

int64_t run(int64_t n) {
	int64_t inside = 0;
	double scale = 2.0 / (double)n;
	for (int64_t y = 0; y < n; y++) {
		double ci = (double)y * scale - 1.0;
		for (int64_t x = 0; x < n; x++) {
			double cr = (double)x * scale - 1.5;
			double zr = 0, zi = 0, tr = 0, ti = 0;
			int64_t i = 0;
			while (i < 50 && tr + ti <= 4.0) {
				zi = 2.0 * zr * zi + ci;
				zr = tr - ti + cr;
				tr = zr * zr;
				ti = zi * zi;
				i++;
			}
			if (i == 50)
				inside++;
		}
	}
	return inside;
}
