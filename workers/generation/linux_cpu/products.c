/* Matrix products with few rows, in front of a BLAS: y = x w^T for float32, w row by row.
 *
 * A BLAS copies w into an order of its own before it multiplies.  That pays for hundreds of
 * rows of x; for a batch that decodes it costs more than the product itself.  Here it is x that
 * is turned, w is read once and as it lies.  Each number of y is summed in the same order however
 * many rows x has, so a row's result does not depend on its company.
 *
 * Knows one kind of product; hands every other to the BLAS it was given by products_use().
 */
#include <stddef.h>
#include <stdlib.h>

#if defined(__AVX512F__)
enum { LANES = 16, PANEL = 12, NARROW = 12, WIDE = 12 };
#elif defined(__AVX__)
enum { LANES = 8, PANEL = 12, NARROW = 12, WIDE = 6 };
#else
enum { LANES = 4, PANEL = 12, NARROW = 12, WIDE = 6 };
#endif
/* Sums of so many products are added up one by one; their sums once more: less rounding. */
enum { BLOCK = 256, SMALLEST = 32 };
enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112 };

typedef float vec __attribute__((vector_size(4 * LANES)));
typedef void (*sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int,
                      float, float *, int);

static sgemm other;
static int least = 1, most = 0;
static int settled; /* whether that is decided for as long as the process lives */
static double gained;

/* Use `blas`, a cblas_sgemm, for all but products of `from` to `to` rows. */
void products_use(void *blas, int from, int to) {
    other = (sgemm)blas;
    least = from;
    most = to;
}

/* Decide once: a product's last digits must not change while the process lives. */
void products_settle(int from, int to, double times) {
    least = from;
    most = to;
    gained = times;
    settled = 1;
}

typedef struct {
    int from, to, settled;
    double times;
} range;

range products_range(void) { return (range){least, most, settled, gained}; }

#define UNROLLED _Pragma("GCC unroll 16")
#define INLINE static inline __attribute__((always_inline))

typedef struct {
    int columns, depth, ldb, ldc; /* of w: rows, columns, stride; stride of y */
    float beta;
} shape;

/* `vecs` x LANES rows of x, turned, times `cols` rows of w; the first `rows` rows are real. */
INLINE void tile(const int vecs, const int cols, const shape *s, const vec *restrict x,
                 const float *restrict w, float *restrict y, int rows) {
    vec total[cols][vecs];
    UNROLLED for (int j = 0; j < cols; j++)
        UNROLLED for (int v = 0; v < vecs; v++) total[j][v] = (vec){0};
    for (int start = 0; start < s->depth; start += BLOCK) {
        const int stop = start + BLOCK < s->depth ? start + BLOCK : s->depth;
        vec sum[cols][vecs];
        UNROLLED for (int j = 0; j < cols; j++)
            UNROLLED for (int v = 0; v < vecs; v++) sum[j][v] = (vec){0};
        for (int k = start; k < stop; k++)
            UNROLLED for (int j = 0; j < cols; j++) {
                const float one = w[(size_t)j * s->ldb + k];
                UNROLLED for (int v = 0; v < vecs; v++) sum[j][v] += x[k * vecs + v] * one;
            }
        UNROLLED for (int j = 0; j < cols; j++)
            UNROLLED for (int v = 0; v < vecs; v++) total[j][v] += sum[j][v];
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            float *to = y + (size_t)i * s->ldc + j;
            *to = total[j][i / LANES][i % LANES] + (s->beta == 0.0f ? 0.0f : s->beta * *to);
        }
}

/* One block of rows of x times a panel of w. */
INLINE void block(const int vecs, const int step, const shape *s, int cols, const float *x,
                  const float *w, float *y, int rows) {
    int j = 0;
    if (cols == PANEL)
        for (; j < PANEL; j += step)
            tile(vecs, step, s, (const vec *)x, w + (size_t)j * s->ldb, y + j, rows);
    for (; j < cols; j++)
        tile(vecs, 1, s, (const vec *)x, w + (size_t)j * s->ldb, y + j, rows);
}

static void turn(float *to, int width, const float *x, int ldx, int rows, int depth) {
    for (int k = 0; k < depth; k++)
        for (int i = 0; i < width; i++)
            to[(size_t)k * width + i] = i < rows ? x[(size_t)i * ldx + k] : 0.0f;
}

/* y = x w^T + beta y; 0 when there is no memory for turning x. */
static int multiply(int rows, const float *x, int ldx, const float *w, const shape *s, float *y) {
    const int two = 2 * LANES, rest = rows % two;
    const int narrow = rest > 0 && rest <= LANES; /* the last block takes one vector, not two */
    const int wide = narrow ? rows / two : (rows + two - 1) / two;
    const size_t bytes = sizeof(float) * s->depth * (size_t)(wide * two + narrow * LANES);
    float *turned = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (turned == NULL) return 0;
    for (int b = 0; b < wide + narrow; b++) {
        const int from = b * two, left = rows - from;
        turn(turned + (size_t)from * s->depth, b < wide ? two : LANES, x + (size_t)from * ldx,
             ldx, left, s->depth);
    }
#pragma omp parallel for schedule(static)
    for (int j = 0; j < s->columns; j += PANEL) {
        const int cols = s->columns - j < PANEL ? s->columns - j : PANEL;
        const float *panel = w + (size_t)j * s->ldb;
        for (int b = 0; b < wide + narrow; b++) {
            const int from = b * two, left = rows - from;
            const float *part = turned + (size_t)from * s->depth;
            float *to = y + (size_t)from * s->ldc + j;
            if (b < wide)
                block(2, WIDE, s, cols, part, panel, to, left < two ? left : two);
            else
                block(1, NARROW, s, cols, part, panel, to, left);
        }
    }
    free(turned);
    return 1;
}

void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, const float *a,
                 int lda, const float *b, int ldb, float beta, float *c, int ldc) {
    const shape s = {n, k, ldb, ldc, beta};
    const int ours = order == ROW_MAJOR && ta == PLAIN && tb == TRANSPOSED && alpha == 1.0f &&
                     m >= least && m <= most && n >= SMALLEST && k >= SMALLEST;
    if (!ours || !multiply(m, a, lda, b, &s, c))
        other(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
