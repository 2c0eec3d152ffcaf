/* The training step of a perceptron of two hidden layers and one output with hinge loss, by hand.

   Samples are taken in blocks that stay in the first-level cache. Within a block an array has a row for each neuron and
   a column for each sample, and all inner loops run over samples, so that the compiler can turn them into vector
   instructions, also without -ffast-math: sums over samples are kept as LANES partial sums. The sizes are constants of
   the build (-DNIN=2 -DHIDDEN=16), the parameters of a layer a row for each neuron, its bias last. */

#include <string.h>

enum { BLOCK = 64, LANES = 8 };
enum { FIRST = (NIN + 1) * HIDDEN, SECOND = (HIDDEN + 1) * HIDDEN, PARAMETERS = FIRST + SECOND + HIDDEN + 1 };

typedef double Block[BLOCK];

static inline void layer(int nin, int nout, const double *restrict p, const Block *restrict x, Block *restrict out)
{
    for (int j = 0; j < nout; j++, p += nin + 1) {
        Block sum;
        for (int s = 0; s < BLOCK; s++)
            sum[s] = p[nin];
        for (int i = 0; i < nin; i++)
            for (int s = 0; s < BLOCK; s++)
                sum[s] += p[i] * x[i][s];
        for (int s = 0; s < BLOCK; s++)
            out[j][s] = sum[s];
    }
}

static inline void relu(Block *restrict x)
{
    for (int j = 0; j < HIDDEN; j++)
        for (int s = 0; s < BLOCK; s++)
            x[j][s] = x[j][s] > 0 ? x[j][s] : 0;
}

/* Add to the gradients of a layer's parameters what its inputs and the derivatives by its outputs give. */
static inline void gradients_of(int nin, int nout, const Block *restrict x, const Block *restrict delta,
                                double (*restrict sums)[LANES])
{
    for (int j = 0; j < nout; j++, sums += nin + 1) {
        for (int i = 0; i < nin; i++) {
            double sum[LANES];
            memcpy(sum, sums[i], sizeof sum);
            for (int s = 0; s < BLOCK; s += LANES)
                for (int l = 0; l < LANES; l++)
                    sum[l] += delta[j][s + l] * x[i][s + l];
            memcpy(sums[i], sum, sizeof sum);
        }
        for (int s = 0; s < BLOCK; s += LANES)
            for (int l = 0; l < LANES; l++)
                sums[nin][l] += delta[j][s + l];
    }
}

/* The derivatives by a layer's inputs, which come out of a relu. */
static inline void back(int nout, const double *restrict p, const Block *restrict x, const Block *restrict delta,
                        Block *restrict out)
{
    for (int i = 0; i < HIDDEN; i++) {
        Block sum = {0};
        for (int j = 0; j < nout; j++)
            for (int s = 0; s < BLOCK; s++)
                sum[s] += p[j * (HIDDEN + 1) + i] * delta[j][s];
        for (int s = 0; s < BLOCK; s++)
            out[i][s] = x[i][s] > 0 ? sum[s] : 0;
    }
}

/* The mean loss and its gradients. X has a row of n numbers for each input. */
double gradients(const double *X, const double *y, long n, const double *p, double *gradient)
{
    double sums[PARAMETERS][LANES] = {0}, total = 0;
    for (long start = 0; start < n; start += BLOCK) {
        long count = n - start < BLOCK ? n - start : BLOCK;
        Block x[NIN] = {0}, first[HIDDEN], second[HIDDEN], score[1];
        Block by_score[1] = {0}, by_second[HIDDEN], by_first[HIDDEN];
        for (int i = 0; i < NIN; i++)
            memcpy(x[i], X + i * n + start, count * sizeof(double));
        layer(NIN, HIDDEN, p, x, first);
        relu(first);
        layer(HIDDEN, HIDDEN, p + FIRST, first, second);
        relu(second);
        layer(HIDDEN, 1, p + FIRST + SECOND, second, score);
        for (int s = 0; s < count; s++) {
            double margin = 1 - y[start + s] * score[0][s];
            total += margin > 0 ? margin : 0;
            by_score[0][s] = margin > 0 ? -y[start + s] : 0;
        }
        gradients_of(HIDDEN, 1, second, by_score, sums + FIRST + SECOND);
        back(1, p + FIRST + SECOND, second, by_score, by_second);
        gradients_of(HIDDEN, HIDDEN, first, by_second, sums + FIRST);
        back(HIDDEN, p + FIRST, first, by_second, by_first);
        gradients_of(NIN, HIDDEN, x, by_first, sums);
    }
    for (int k = 0; k < PARAMETERS; k++) {
        double sum = 0;
        for (int l = 0; l < LANES; l++)
            sum += sums[k][l];
        gradient[k] = sum / n;
    }
    return total / n;
}

void train(const double *X, const double *y, long n, double *p, double lr, long steps)
{
    double gradient[PARAMETERS];
    for (long t = 0; t < steps; t++) {
        gradients(X, y, n, p, gradient);
        for (int k = 0; k < PARAMETERS; k++)
            p[k] -= lr * gradient[k];
    }
}
