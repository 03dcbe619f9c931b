#include "kernel.h"

static uint32_t table[256];
static uint8_t data[65536];

int64_t run(int64_t n) {
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;
		for (int64_t k = 0; k < 8; k++)
			c = (c & 1) ? c >> 1 ^ 0xedb88320u : c >> 1;
		table[i] = c;
	}
	uint64_t x = 12345;
	for (int64_t i = 0; i < 65536; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		data[i] = (uint8_t)(x >> 56);
	}
	uint32_t crc = 0xffffffffu;
	for (int64_t k = 0; k < n; k++)
		for (int64_t i = 0; i < 65536; i++)
			crc = table[(crc ^ data[i]) & 255] ^ crc >> 8;
	return (int64_t)(uint64_t)~crc;
}
