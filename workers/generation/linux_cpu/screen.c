/* Which tokens may be the likeliest: bounds for all logits, from a quarter of the head's bytes.
 *
 * A head w (tokens x depth, float32) is kept once more as whole numbers q from -127 to 127 with a
 * scale s for each token.  A state x becomes whole numbers p with a step t, in 16 bits, so that q p
 * is summed without any error.  As
 *     w x = s t (q p) + (w - s q) (t p) + w (x - t p),
 * w x is at most s t (q p) + |w - s q| |t p| + |w| |x - t p|, by Cauchy and Schwarz.  Products in
 * float32 may be off by some hundred roundings; the bounds are that much higher.
 *
 * Knows numbers only.  The exact products are summed as in products.c, to the last digit.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__AVX512VNNI__) && defined(__AVX512BW__)
#include <immintrin.h>
enum { LANES = 16, PANEL = 16 };
#elif defined(__AVX2__)
#include <immintrin.h>
enum { LANES = 8, PANEL = 12 };
#else
enum { LANES = 4, PANEL = 12 };
#endif
enum { BLOCK = 256, AT_ONCE = 8, MOST = 127, MOST_OF_X = 32767 };
static const float ROUNDED = 1.0f + 1e-4f; /* lengths are summed up in float32 */
static const double SUMS = 2e9;            /* of |q p|, which 32 bits hold */

typedef int32_t vec __attribute__((vector_size(4 * LANES)));
typedef float real __attribute__((vector_size(4 * LANES)));

#define UNROLLED _Pragma("GCC unroll 16")
#define INLINE static inline __attribute__((always_inline))

typedef struct {
    int32_t tokens, depth;
    int8_t *q;                 /* tokens x depth */
    float *scale, *off, *norm; /* of each token: s, |w - s q|, |w| */
} screen;

/* Each lane's pair of numbers of 16 bits times that of `w`, added to `sum`. */
INLINE vec added(vec sum, vec x, vec w) {
#if defined(__AVX512VNNI__) && defined(__AVX512BW__)
    return (vec)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)x, (__m512i)w);
#elif defined(__AVX2__)
    return (vec)_mm256_add_epi32((__m256i)sum, _mm256_madd_epi16((__m256i)x, (__m256i)w));
#else
    return sum + (x << 16 >> 16) * (w << 16 >> 16) + (x >> 16) * (w >> 16);
#endif
}

/* `share` pairs over and over: 1, 2 or 4. */
INLINE vec spread(const int share, const int32_t *w) {
#if defined(__AVX512VNNI__) && defined(__AVX512BW__)
    if (share == 4) return (vec)_mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)w));
    return (vec)(share == 2 ? _mm512_set1_epi64(*(const int64_t *)w) : _mm512_set1_epi32(*w));
#elif defined(__AVX2__)
    if (share == 4) return (vec)_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)w));
    return (vec)(share == 2 ? _mm256_set1_epi64x(*(const int64_t *)w) : _mm256_set1_epi32(*w));
#else
    vec all;
    for (int i = 0; i < LANES; i++) all[i] = w[i % share];
    return all;
#endif
}

INLINE float larger(float a, float b) { return a > b ? a : b; }

INLINE float largest(const float *x, int depth) {
    float some[LANES] = {0}, all = 0.0f;
    int k = 0;
    for (; k + LANES <= depth; k += LANES)
        for (int i = 0; i < LANES; i++) some[i] = larger(fabsf(x[k + i]), some[i]);
    for (; k < depth; k++) some[0] = larger(fabsf(x[k]), some[0]);
    for (int i = 0; i < LANES; i++) all = larger(some[i], all);
    return all;
}

INLINE float length(const float *x, int depth) {
    float some[LANES] = {0}, all = 0.0f;
    int k = 0;
    for (; k + LANES <= depth; k += LANES)
        for (int i = 0; i < LANES; i++) some[i] += x[k + i] * x[k + i];
    for (; k < depth; k++) some[0] += x[k] * x[k];
    for (int i = 0; i < LANES; i++) all += some[i];
    return sqrtf(all) * ROUNDED;
}

/* One token's weights in 8 bits; `rest` has room for as many numbers. */
static void shorten(const screen *s, int token, const float *w, float *restrict rest) {
    const int depth = s->depth;
    int8_t *restrict q = s->q + (size_t)token * depth;
    const float most = largest(w, depth);
    const float scale = most > 0.0f ? most / MOST : 1.0f, by = 1.0f / scale;
    for (int k = 0; k < depth; k++) {
        const float times = w[k] * by;
        q[k] = (int8_t)(times + (times < 0.0f ? -0.5f : 0.5f));
        rest[k] = w[k] - scale * q[k];
    }
    s->scale[token] = scale;
    s->off[token] = length(rest, depth);
    s->norm[token] = length(w, depth);
}

/* Fill `s` from the head; 0 when there is no memory. */
int screen_make(const screen *s, const float *w) {
    int done = 1;
#pragma omp parallel
    {
        float *rest = malloc(sizeof(float) * s->depth);
        if (rest == NULL) done = 0;
#pragma omp for schedule(static)
        for (int token = 0; token < s->tokens; token++)
            if (rest != NULL) shorten(s, token, w + (size_t)token * s->depth, rest);
        free(rest);
    }
    return done;
}

typedef struct {
    real step, held, rest; /* of the rows in a block: t, |t p|, |x - t p| with what is rounded */
    vec pairs[];           /* their numbers, two by two; few rows take `share` lanes each */
} turned;

/* A row of x becomes `share` lanes of a block. */
static void turn(turned *to, int row, int share, const float *x, int depth) {
    double sum = 0.0, squares = 0.0, held = 0.0, rest = 0.0;
    for (int k = 0; k < depth; k++) {
        sum += fabsf(x[k]);
        squares += (double)x[k] * x[k];
    }
    const float whole = largest(x, depth) / MOST_OF_X;
    const float step = larger(larger((float)(sum * MOST / SUMS), whole), 1e-30f);
    int16_t *numbers = (int16_t *)to->pairs;
    for (int k = 0; k < depth; k++) {
        const double times = rint(x[k] / (double)step); /* at most 32,767: see `step` */
        const int pair = k / 2, lane = row * share + pair % share;
        numbers[((size_t)(pair / share) * LANES + lane) * 2 + k % 2] = (int16_t)times;
        const double is = times * step, left = x[k] - is;
        held += is * is;
        rest += left * left;
    }
    const double rounding = 2.0 * (BLOCK + depth / BLOCK + 16) / (1 << 24);
    to->step[row] = step;
    to->held[row] = (float)sqrt(held) * ROUNDED;
    to->rest[row] = (float)(sqrt(rest) + rounding * sqrt(squares)) * ROUNDED;
}

/* The bounds of `cols` tokens, whose numbers are `w`, for the rows of a block. */
INLINE void tile(const int cols, const int share, const screen *s, int token, int pairs,
                 const turned *x, const int32_t *restrict w, real *restrict bounds) {
    vec sum[cols];
    UNROLLED for (int j = 0; j < cols; j++) sum[j] = (vec){0};
    for (int k = 0; k < pairs; k += share) {
        const vec some = x->pairs[k / share];
        UNROLLED for (int j = 0; j < cols; j++)
            sum[j] = added(sum[j], some, spread(share, w + (size_t)j * pairs + k));
    }
    UNROLLED for (int j = 0; j < cols; j++) {
        const int at = token + j;
        vec rows = sum[j];
        for (int i = 0; share > 1 && i < LANES / share; i++) {
            rows[i] = 0;
            for (int part = 0; part < share; part++) rows[i] += sum[j][i * share + part];
        }
        bounds[j] = __builtin_convertvector(rows, real) * (x->step * s->scale[at]) +
                    (x->held * s->off[at] + x->rest * s->norm[at]);
    }
}

/* Bytes of a block of rows. */
static size_t size_of(int pairs) { return sizeof(turned) + sizeof(vec) * (size_t)pairs; }

/* The bounds of a panel of tokens for all rows. */
static void panel(const screen *s, int token, int rows, int share, int pairs, const char *x,
                  int32_t *wide, float *upper) {
    const int cols = s->tokens - token < PANEL ? s->tokens - token : PANEL, depth = s->depth;
    for (int j = 0; j < cols; j++) {
        const int8_t *restrict q = s->q + (size_t)(token + j) * depth;
        int16_t *restrict numbers = (int16_t *)(wide + (size_t)j * pairs);
        for (int k = 0; k < depth; k++) numbers[k] = q[k];
    }
    for (int from = 0; from < rows; from += LANES, x += size_of(pairs)) {
        const turned *some = (const turned *)x;
        real bounds[PANEL];
        if (cols == PANEL && share == 4)
            tile(PANEL, 4, s, token, pairs, some, wide, bounds);
        else if (cols == PANEL && share == 2)
            tile(PANEL, 2, s, token, pairs, some, wide, bounds);
        else if (cols == PANEL)
            tile(PANEL, 1, s, token, pairs, some, wide, bounds);
        else
            for (int j = 0; j < cols; j++)
                tile(1, share, s, token + j, pairs, some, wide + (size_t)j * pairs, bounds + j);
        const int count = rows - from < LANES ? rows - from : LANES;
        for (int i = 0; i < count; i++)
            for (int j = 0; j < cols; j++)
                upper[(size_t)(from + i) * s->tokens + token + j] = bounds[j][i];
    }
}

/* upper (rows x tokens): what no logit of float32 is above, for rows of x (rows x depth); 0 when
 * there is no memory. */
int screen_upper(const screen *s, int rows, const float *x, float *upper) {
    const int share = rows <= LANES / 4 ? 4 : rows <= LANES / 2 ? 2 : 1;
    const int pairs = (s->depth + 7) / 8 * 4, blocks = (rows + LANES - 1) / LANES;
    const size_t size = size_of(pairs);
    char *all = aligned_alloc(64, (size * blocks + 63) / 64 * 64);
    if (all == NULL) return 0;
    memset(all, 0, size * blocks);
    for (int i = 0; i < rows; i++)
        turn((turned *)(all + size * (i / LANES)), i % LANES, share, x + (size_t)i * s->depth,
             s->depth);
    int done = 1;
#pragma omp parallel
    {
        int32_t *wide = aligned_alloc(64, (sizeof(int32_t) * PANEL * pairs + 63) / 64 * 64);
        if (wide == NULL)
            done = 0;
        else
            memset(wide, 0, sizeof(int32_t) * PANEL * pairs);
#pragma omp for schedule(static)
        for (int token = 0; token < s->tokens; token += PANEL)
            if (wide != NULL) panel(s, token, rows, share, pairs, all, wide, upper);
        free(wide);
    }
    free(all);
    return done;
}

/* a b + c as vectors of products.c have it: rounded once where the processor can do that. */
INLINE float fused(float a, float b, float c) {
#ifdef __FP_FAST_FMAF
    return __builtin_fmaf(a, b, c);
#else
    return a * b + c;
#endif
}

/* The products of some rows of w with x, each summed up as products.c does it. */
void screen_exact(const float *w, int depth, const float *x, int count, const int64_t *tokens,
                  float *out) {
    for (int from = 0; from < count; from += AT_ONCE) {
        const float *row[AT_ONCE];
        float total[AT_ONCE] = {0};
        for (int i = 0; i < AT_ONCE; i++)
            row[i] = w + tokens[from + i < count ? from + i : count - 1] * (size_t)depth;
        for (int start = 0; start < depth; start += BLOCK) {
            const int stop = start + BLOCK < depth ? start + BLOCK : depth;
            float sum[AT_ONCE] = {0};
            for (int k = start; k < stop; k++)
                UNROLLED for (int i = 0; i < AT_ONCE; i++) sum[i] = fused(x[k], row[i][k], sum[i]);
            for (int i = 0; i < AT_ONCE; i++) total[i] += sum[i];
        }
        for (int i = 0; i < AT_ONCE && from + i < count; i++) out[from + i] = total[i];
    }
}
