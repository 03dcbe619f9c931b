#include "kernel.h"

static uint8_t text[65536];
static int32_t skip[256];
static const uint8_t pattern[6] = "abacab";

// Horspool's search.
static int64_t search(int64_t len) {
	int64_t found = 0, m = 6;
	for (int64_t i = 0; i < 256; i++)
		skip[i] = (int32_t)m;
	for (int64_t i = 0; i < m - 1; i++)
		skip[pattern[i]] = (int32_t)(m - 1 - i);
	for (int64_t at = 0; at <= len - m;) {
		int64_t k = m - 1;
		while (k >= 0 && text[at + k] == pattern[k])
			k--;
		if (k < 0)
			found++;
		at += skip[text[at + m - 1]];
	}
	return found;
}

int64_t run(int64_t n) {
	uint64_t x = 7;
	for (int64_t i = 0; i < 65536; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		text[i] = (uint8_t)(97 + (x >> 60) % 3);
	}
	int64_t s = 0;
	for (int64_t i = 0; i < n; i++)
		s += search(65536 - i % 64);
	return s;
}
