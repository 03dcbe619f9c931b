#include "kernel.h"
#include <math.h>

struct body { double x, y, z, vx, vy, vz, m; };

static const struct body start[5] = {
	{0, 0, 0, 0, 0, 0, 39.47841760435743},
	{4.841431442464721, -1.1603200440274284, -0.10362204447112311, 0.606326392995832, 2.81198684491626, -0.02521836165988763, 0.03769367487038949},
	{8.34336671824458, 4.124798564124305, -0.4035234171143214, -1.0107743461787924, 1.8256623712304119, 0.008415761376584154, 0.011286326131968767},
	{12.894369562139131, -15.111151401698631, -0.22330757889265573, 1.0827910064415354, 0.8687130181696082, -0.010832637401363636, 0.0017237240570597112},
	{15.379697114850917, -25.919314609987964, 0.17925877295037118, 0.979090732243898, 0.5946989986476762, -0.034755955550407845, 0.0020336868699246304},
};
static struct body b[5];

static void advance(double dt) {
	for (int64_t i = 0; i < 5; i++) {
		struct body *p = &b[i];
		for (int64_t j = i + 1; j < 5; j++) {
			struct body *q = &b[j];
			double dx = p->x - q->x, dy = p->y - q->y, dz = p->z - q->z;
			double d2 = dx * dx + dy * dy + dz * dz;
			double mag = dt / (d2 * sqrt(d2));
			double pm = p->m * mag, qm = q->m * mag;
			p->vx -= dx * qm;
			p->vy -= dy * qm;
			p->vz -= dz * qm;
			q->vx += dx * pm;
			q->vy += dy * pm;
			q->vz += dz * pm;
		}
	}
	for (int64_t i = 0; i < 5; i++) {
		struct body *p = &b[i];
		p->x += dt * p->vx;
		p->y += dt * p->vy;
		p->z += dt * p->vz;
	}
}

static double energy(void) {
	double e = 0;
	for (int64_t i = 0; i < 5; i++) {
		struct body *p = &b[i];
		e += 0.5 * p->m * (p->vx * p->vx + p->vy * p->vy + p->vz * p->vz);
		for (int64_t j = i + 1; j < 5; j++) {
			struct body *q = &b[j];
			double dx = p->x - q->x, dy = p->y - q->y, dz = p->z - q->z;
			e -= p->m * q->m / sqrt(dx * dx + dy * dy + dz * dz);
		}
	}
	return e;
}

int64_t run(int64_t n) {
	memcpy(b, start, sizeof b);
	for (int64_t i = 0; i < n; i++)
		advance(0.01);
	return double_bits(energy());
}
