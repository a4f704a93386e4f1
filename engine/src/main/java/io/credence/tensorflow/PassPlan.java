package io.credence.tensorflow;

import org.tensorflow.types.TInt64;

/**
 * What one run of the tail is told, as one int64 vector: {@code [first pass, copies, rows, groups,
 * on, offset, key of site 0, key of site 1, …]}.
 *
 * @param seed seed of the masks
 * @param firstPass the first of the passes run
 * @param copies how many passes are run, one after the other along the batch
 * @param rows rows of the batch, before copying
 * @param groups how many masks a pass has: 1 if its rows share one, {@code rows} if each has its
 *     own
 * @param on whether noise is put in; if not, every mask is one
 */
record PassPlan(long seed, long firstPass, long copies, long rows, long groups, boolean on) {

  /** The placeholder that is fed with the vector. */
  static final String PLACEHOLDER = "credence/plan";

  static final int FIRST_PASS = 0;
  static final int COPIES = 1;
  static final int ROWS = 2;
  static final int GROUPS = 3;
  static final int ON = 4;
  static final int OFFSET = 5;
  static final int KEYS = 6;

  /**
   * The vector, which the caller closes.
   *
   * @param offset where the mask of the first pass is in masks that are fed; 0 if none are
   */
  TInt64 vector(int sites, long offset) {
    long[] plan = new long[KEYS + sites];
    plan[FIRST_PASS] = firstPass;
    plan[COPIES] = copies;
    plan[ROWS] = rows;
    plan[GROUPS] = groups;
    plan[ON] = on ? 1 : 0;
    plan[OFFSET] = offset;
    for (int site = 0; site < sites; site++) {
      plan[KEYS + site] = key(seed, site);
    }
    return TInt64.vectorOf(plan);
  }

  /** Mixed apart, so that neighbouring seeds and sites give unrelated streams. */
  private static long key(long seed, int site) {
    return mix(seed + mix(site));
  }

  /** Stafford's variant 13 of the 64-bit finaliser, as in SplittableRandom. */
  private static long mix(long z) {
    long x = z + 0x9E3779B97F4A7C15L;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
