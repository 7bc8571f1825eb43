/* Attention of many rows in one pass, each over keys and values of its own: float32.
 *
 * In each layer a row's keys lie turned, (kv_heads, dim, room), so that a vector holds one number of
 * neighbouring tokens; its values lie as they come, (kv_heads, room, dim).  Rows are of any length
 * and bring any number of new tokens: nothing is padded, masked or copied to be alike.  How sums
 * are added up follows from a token's position alone, so a row's result does not depend on its
 * company, nor on how many tokens it brings at once.  With a window, blocks before it are passed
 * over; sums are added up in the same blocks of 64 tokens as without.
 *
 * `dim` and `room` are multiples of 32.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8, MOST = 6 }; /* floats of a vector; queries that are looked up together */
enum { BLOCK = 64 }; /* values are added up in so many, their sums once more: less rounding */

typedef float vec __attribute__((vector_size(4 * LANES)));
typedef float loose __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t ivec __attribute__((vector_size(4 * LANES)));

#define UNROLLED _Pragma("GCC unroll 16")
#define INLINE static inline __attribute__((always_inline))

typedef struct {
    int32_t first, count; /* its new tokens in the pass */
    int32_t before, room; /* tokens that it holds, and may hold */
    float *keys, *values; /* of this layer */
} row;

typedef struct {
    int32_t heads, kv_heads, dim;
    float scale;
    int32_t window;     /* tokens that a token sees, itself among them; 0: all before it */
    const float *sinks; /* a score of each head that takes part in the softmax, or NULL */
} shape;

/* What one query looks at: columns [from, to), and its head's sink, or NULL. */
typedef struct {
    int from, to;
    const float *sink;
} view;

/* One head's keys, turned, and its values. */
typedef struct {
    const float *keys, *values;
    ptrdiff_t room, stride; /* from one number of the keys, one token of the values, to the next */
} held;

/* 2^n e^r, n from the exponent's bits, e^r by the polynomial of Cephes' expf (Moshier), x <= 0. */
INLINE vec power(vec x) {
    const vec low = (vec){0} - 87.0f;
    const ivec below = x < low; /* what is not a number stays so */
    x = (vec)(((ivec)low & below) | ((ivec)x & ~below));
    const vec whole = (x * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
    const vec part = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
    vec found = (vec){0} + 1.9875691500e-4f;
    found = found * part + 1.3981999507e-3f;
    found = found * part + 8.3334519073e-3f;
    found = found * part + 4.1665795894e-2f;
    found = found * part + 1.6666665459e-1f;
    found = found * part + 5.0000001201e-1f;
    found = found * part * part + part + 1.0f;
    return found * (vec)((__builtin_convertvector(whole, ivec) + 127) << 23);
}

/* scores[i][j] = q[i] . key[j] for `many` queries, which lie turned in q. */
INLINE void look(const int many, const int vecs, const held *h, int dim, const float *q,
                 int columns, float *scores) {
    for (int j = 0; j < columns; j += vecs * LANES) {
        vec sum[many][vecs];
        UNROLLED for (int i = 0; i < many; i++)
            UNROLLED for (int v = 0; v < vecs; v++) sum[i][v] = (vec){0};
        const float *keys = h->keys + j;
        for (int d = 0; d < dim; d++, keys += h->room) {
            UNROLLED for (int i = 0; i < many; i++) {
                const float one = q[d * many + i];
                UNROLLED for (int v = 0; v < vecs; v++)
                    sum[i][v] += *(const loose *)(keys + v * LANES) * one;
            }
        }
        UNROLLED for (int i = 0; i < many; i++)
            UNROLLED for (int v = 0; v < vecs; v++)
                *(loose *)(scores + i * h->room + j + v * LANES) = sum[i][v];
    }
}

/* out[i] = the values weighed with weights[i], divided by totals[i]. */
INLINE void mix(const int many, const int vecs, const held *h, int dim, int columns,
                const float *weights, const float *totals, float *const *out) {
    for (int d = 0; d < dim; d += vecs * LANES) {
        vec total[many][vecs];
        UNROLLED for (int i = 0; i < many; i++)
            UNROLLED for (int v = 0; v < vecs; v++) total[i][v] = (vec){0};
        for (int start = 0; start < columns; start += BLOCK) {
            const int stop = start + BLOCK < columns ? start + BLOCK : columns;
            vec sum[many][vecs];
            UNROLLED for (int i = 0; i < many; i++)
                UNROLLED for (int v = 0; v < vecs; v++) sum[i][v] = (vec){0};
            const float *values = h->values + start * h->stride + d;
            for (int j = start; j < stop; j++, values += h->stride)
                UNROLLED for (int i = 0; i < many; i++) {
                    const float one = weights[i * h->room + j];
                    UNROLLED for (int v = 0; v < vecs; v++)
                        sum[i][v] += *(const loose *)(values + v * LANES) * one;
                }
            UNROLLED for (int i = 0; i < many; i++)
                UNROLLED for (int v = 0; v < vecs; v++) total[i][v] += sum[i][v];
        }
        UNROLLED for (int i = 0; i < many; i++)
            UNROLLED for (int v = 0; v < vecs; v++)
                *(loose *)(out[i] + d + v * LANES) = total[i][v] / totals[i];
    }
}

/* Turn the scores in [from, to) into e^(score - highest) and give their sum, with the sink's
 * share; those around them, from 0 up to `end`, become 0. */
static float weigh(float *scores, view seen, int end) {
    const float lowest = -3e38f;
    const int from = seen.from, columns = seen.to;
    for (int j = 0; j < from; j++) scores[j] = lowest;
    for (int j = columns; j < end; j++) scores[j] = lowest;
    const int padded = (columns + LANES - 1) / LANES * LANES;
    vec most = (vec){0} + lowest;
    for (int j = 0; j < padded; j += LANES) {
        const vec one = *(loose *)(scores + j);
        const ivec more = one > most;
        most = (vec)(((ivec)one & more) | ((ivec)most & ~more));
    }
    float highest = most[0];
    for (int i = 1; i < LANES; i++) highest = most[i] > highest ? most[i] : highest;
    if (seen.sink != NULL && *seen.sink > highest) highest = *seen.sink;
    const int whole = (from + LANES - 1) / LANES * LANES; /* the first vector that is seen whole */
    vec sums = {0};
    for (int j = 0; j < padded; j += LANES) {
        const vec one = power(*(loose *)(scores + j) - highest);
        *(loose *)(scores + j) = one;
        if (j >= whole && j + LANES <= columns) sums += one;
    }
    float total = 0;
    for (int i = 0; i < LANES; i++) total += sums[i];
    const int rest = columns / LANES * LANES;
    for (int j = rest > whole ? rest : whole; j < columns; j++) total += scores[j];
    for (int j = from; j < (whole < columns ? whole : columns); j++) total += scores[j];
    if (seen.sink != NULL) total += power((vec){0} + *seen.sink - highest)[0];
    for (int j = 0; j < from; j++) scores[j] = 0;
    for (int j = columns; j < end; j++) scores[j] = 0;
    return total;
}

INLINE void together(const int many, const int vecs, const held *h, const shape *s, float *q,
                     const float *const *asked, const view *seen, float *const *out,
                     float *scores) {
    float totals[MOST];
    for (int i = 0; i < many; i++)
        for (int d = 0; d < s->dim; d++) q[d * many + i] = asked[i][d] * s->scale;
    const int columns = seen[many - 1].to; /* the last query sees farthest */
    const int end = (columns + LANES - 1) / LANES * LANES;
    look(many, vecs, h, s->dim, q, columns, scores);
    for (int i = 0; i < many; i++) totals[i] = weigh(scores + i * h->room, seen[i], end);
    mix(many, vecs, h, s->dim, columns, scores, totals, out);
}

/* The first token of the block where a window begins for the token at `position`. */
INLINE int opening(const shape *s, int position) {
    const int first = position + 1 - s->window;
    return s->window > 0 && first > 0 ? first / BLOCK * BLOCK : 0;
}

/* All queries of one kv head for `count` tokens that follow `before` others. */
static void head(const held *all, const shape *s, int number, int before, int count,
                 const float *q, float *out, float *turned, float *scores) {
    const int group = s->heads / s->kv_heads, width = s->heads * s->dim;
    const float *asked[MOST];
    float *to[MOST];
    view seen[MOST];
    for (int at = 0; at < count * group;) {
        const int left = count * group - at, many = left < MOST ? left : MOST;
        const int skip = opening(s, before + at / group);
        const held part = {all->keys + skip, all->values + skip * all->stride, all->room,
                           all->stride};
        const held *h = &part;
        for (int i = 0; i < many; i++) {
            const int token = (at + i) / group, which = number * group + (at + i) % group;
            const int end = before + token + 1 - skip, from = end - s->window;
            asked[i] = q + (size_t)token * width + (size_t)which * s->dim;
            to[i] = out + (size_t)token * width + (size_t)which * s->dim;
            seen[i].from = s->window > 0 && from > 0 ? from : 0;
            seen[i].to = end;
            seen[i].sink = s->sinks == NULL ? NULL : s->sinks + which;
        }
        switch (many) {
        case 1: together(1, 4, h, s, turned, asked, seen, to, scores); break;
        case 2: together(2, 4, h, s, turned, asked, seen, to, scores); break;
        case 3: together(3, 4, h, s, turned, asked, seen, to, scores); break;
        case 4: together(4, 2, h, s, turned, asked, seen, to, scores); break;
        case 5: together(5, 2, h, s, turned, asked, seen, to, scores); break;
        default: together(6, 2, h, s, turned, asked, seen, to, scores);
        }
        at += many;
    }
}

static void turn(float *to, ptrdiff_t room, const float *from, ptrdiff_t stride, int count,
                 int dim) {
    for (int start = 0; start < count; start += 16) { /* so many lines of `to` stay in the cache */
        const int stop = start + 16 < count ? start + 16 : count;
        for (int d = 0; d < dim; d++)
            for (int j = start; j < stop; j++) to[d * room + j] = from[j * stride + d];
    }
}

static float *scratch(int room, int dim) {
    return aligned_alloc(64, sizeof(float) * MOST * (size_t)(room + dim));
}

static size_t offset(const row *r, const shape *s, int number) {
    return (size_t)number * s->dim * r->room;
}

/* Take in keys and values of a row's next tokens: numbers of a token side by side, `token` and
 * `head` floats from one to the next. */
void rows_hold(const row *r, const shape *s, const float *keys, const float *values,
               int64_t key_head, int64_t key_token, int64_t value_head, int64_t value_token) {
    for (int n = 0; n < s->kv_heads; n++) {
        float *to = r->keys + offset(r, s, n) + r->before;
        turn(to, r->room, keys + n * key_head, key_token, r->count, s->dim);
        to = r->values + offset(r, s, n) + (size_t)r->before * s->dim;
        for (int j = 0; j < r->count; j++)
            memcpy(to + (size_t)j * s->dim, values + n * value_head + j * value_token,
                   sizeof(float) * s->dim);
    }
}

/* Rows take in their new keys and values, (tokens, kv_heads, dim), unless these are NULL, as
 * they have them already, and attend with their queries; q and out: (tokens, heads, dim).
 * 0 when there is no memory. */
int rows_attend(const row *rows, int many, const shape *s, const float *q, const float *keys,
                const float *values, float *out) {
    int room = 0;
    for (int i = 0; i < many; i++) room = rows[i].room > room ? rows[i].room : room;
    float *turned = scratch(room, s->dim);
    if (turned == NULL) return 0;
    const ptrdiff_t token = (ptrdiff_t)s->kv_heads * s->dim;
    for (int i = 0; i < many; i++) {
        const row *r = rows + i;
        if (keys != NULL)
            rows_hold(r, s, keys + r->first * token, values + r->first * token, s->dim, token,
                      s->dim, token);
        const size_t start = (size_t)r->first * s->heads * s->dim;
        for (int n = 0; n < s->kv_heads; n++) {
            const size_t at = offset(r, s, n);
            const held h = {r->keys + at, r->values + at, r->room, s->dim};
            head(&h, s, n, r->before, r->count, q + start, out + start, turned,
                 turned + (size_t)MOST * s->dim);
        }
    }
    free(turned);
    return 1;
}

/* The last `count` of `tokens` tokens attend; keys and values lie as for rows_hold, q and out
 * as for rows_attend.  0 when there is no memory. */
int rows_attend_prompt(const shape *s, int tokens, int count, const float *q, const float *keys,
                       const float *values, int64_t key_head, int64_t key_token,
                       int64_t value_head, int64_t value_token, float *out) {
    const int skip = opening(s, tokens - count); /* nothing before it is seen */
    keys += skip * key_token;
    values += skip * value_token;
    tokens -= skip;
    const int room = (tokens + 31) / 32 * 32;
    float *turned = scratch(room, s->dim);
    float *own = aligned_alloc(64, sizeof(float) * (size_t)room * s->dim);
    const int enough = turned != NULL && own != NULL;
    for (int n = 0; enough && n < s->kv_heads; n++) {
        turn(own, room, keys + n * key_head, key_token, tokens, s->dim);
        const held h = {own, values + n * value_head, room, value_token};
        head(&h, s, n, tokens - count, count, q, out, turned, turned + (size_t)MOST * s->dim);
    }
    free(turned);
    free(own);
    return enough;
}
