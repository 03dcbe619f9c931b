#include "kernel.h"

// A stream of tokens: byte L literals follow; then a byte M of match length
// (0 ends the stream), then a 16-bit distance.
static uint8_t in[1 << 20], out[1 << 21];

static int64_t generate(void) {
	uint64_t x = 99;
	int64_t p = 0, produced = 0;
	while (produced < (1 << 20)) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		int64_t lits = 1 + (int64_t)(x >> 61), len = 4 + (int64_t)((x >> 40) & 31);
		in[p++] = (uint8_t)lits;
		for (int64_t i = 0; i < lits; i++)
			in[p++] = (uint8_t)(x >> (8 * i & 63));
		produced += lits;
		int64_t dist = 1 + (int64_t)((x >> 24) & 0x3fff);
		if (dist > produced)
			dist = produced;
		in[p++] = (uint8_t)len;
		in[p++] = (uint8_t)dist;
		in[p++] = (uint8_t)(dist >> 8);
		produced += len;
	}
	in[p] = 0;
	in[p + 1] = 0;
	return p;
}

static int64_t decompress(void) {
	int64_t p = 0, q = 0;
	for (;;) {
		int64_t lits = in[p++];
		for (int64_t i = 0; i < lits; i++)
			out[q++] = in[p++];
		int64_t len = in[p++];
		if (len == 0)
			return q;
		int64_t dist = in[p] | (int64_t)in[p + 1] << 8;
		p += 2;
		for (int64_t i = 0; i < len; i++) {
			out[q] = out[q - dist];
			q++;
		}
	}
}

int64_t run(int64_t n) {
	generate();
	int64_t size = 0;
	for (int64_t i = 0; i < n; i++)
		size = decompress();
	int64_t s = size;
	for (int64_t i = 0; i < size; i += 97)
		s = s * 31 + out[i];
	return s;
}
