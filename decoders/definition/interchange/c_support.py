"""The part of every C header that is the same: bits into bytes, floats, check values."""

from __future__ import annotations

SUPPORT = """\
#include <stdint.h>
#include <string.h>

#ifndef GROUNDSTATION_BITS
#define GROUNDSTATION_BITS

/* `bits` of `value` from bit `start` on, the most significant bit of a byte first. */
static inline void gs_put(uint8_t *out, unsigned start, unsigned bits, uint64_t value) {
    for (unsigned i = 0; i < bits; i++) {
        unsigned at = start + i;
        if (value >> (bits - 1 - i) & 1) out[at / 8] |= (uint8_t)(0x80u >> at % 8);
    }
}

/* The same with the least significant bit of a byte first. */
static inline void gs_put_lsb(uint8_t *out, unsigned start, unsigned bits, uint64_t value) {
    for (unsigned i = 0; i < bits; i++) {
        unsigned at = start + i;
        if (value >> i & 1) out[at / 8] |= (uint8_t)(1u << at % 8);
    }
}

static inline void gs_put_bytes(uint8_t *out, unsigned start, const uint8_t *in, unsigned size) {
    for (unsigned i = 0; i < size; i++) gs_put(out, start + 8 * i, 8, in[i]);
}

/* The bytes of a value of `bits` in the opposite order. */
static inline uint64_t gs_swap(uint64_t value, unsigned bits) {
    uint64_t swapped = 0;
    for (unsigned i = 0; i < bits; i += 8) swapped = swapped << 8 | (value >> i & 0xFF);
    return swapped;
}

static inline uint64_t gs_float32(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline uint64_t gs_float64(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* IEEE 754 half precision, rounded to the nearest, ties to even. */
static inline uint64_t gs_float16(float value) {
    uint32_t bits = (uint32_t)gs_float32(value);
    uint32_t sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7FFFFFFFu;
    if (magnitude > 0x7F800000u) return sign | 0x7E00u;
    if (magnitude >= 0x477FF000u) return sign | 0x7C00u;
    if (magnitude < 0x33000000u) return sign;
    if (magnitude < 0x38800000u) {
        uint32_t shift = 126u - (magnitude >> 23);
        uint32_t whole = (magnitude & 0x7FFFFFu) | 0x800000u;
        uint32_t half = whole >> shift, rest = whole & ((1u << shift) - 1), tie = 1u << (shift - 1);
        return sign | (half + (rest > tie || (rest == tie && (half & 1))));
    }
    uint32_t half = (magnitude - 0x38000000u) >> 13, rest = magnitude & 0x1FFFu;
    return sign | (half + (rest > 0x1000u || (rest == 0x1000u && (half & 1))));
}

/* A check value over `size` bytes; a reflected one takes its polynomial reflected. */
static inline uint64_t gs_crc(const uint8_t *in, unsigned size, unsigned width, uint32_t polynomial,
                              uint32_t initial, int reflected, uint32_t final_xor) {
    uint64_t value = initial, mask = (1ull << width) - 1;
    for (unsigned i = 0; i < size; i++) {
        value ^= reflected ? (uint64_t)in[i] : (uint64_t)in[i] << (width - 8);
        for (int bit = 0; bit < 8; bit++) {
            if (reflected) value = value >> 1 ^ (value & 1 ? polynomial : 0);
            else value = (value << 1 ^ (value >> (width - 1) & 1 ? polynomial : 0)) & mask;
        }
    }
    return value ^ final_xor;
}

#endif /* GROUNDSTATION_BITS */
"""
