package io.credence;

import java.util.Optional;

/**
 * What sampling a model costs. The trunk, which no dropout site can reach, runs once a batch; the
 * tail runs once a pass.
 *
 * @param trunkOps ops of the trunk
 * @param tailOps ops of the tail
 * @param tailShare the tail's share of the floating-point operations of one pass, within [0, 1]; an
 *     estimate from the shapes that the graph states
 * @param passByPass why passes are run one after the other, or empty if one call runs several, on
 *     copies of the batch
 */
public record SamplingCost(
    int trunkOps, int tailOps, double tailShare, Optional<String> passByPass) {

  /**
   * Checks the share.
   *
   * @param trunkOps see the record
   * @param tailOps see the record
   * @param tailShare see the record
   * @param passByPass see the record
   * @throws IllegalArgumentException if {@code tailShare} is not within [0, 1]
   */
  public SamplingCost {
    if (!(tailShare >= 0 && tailShare <= 1)) {
      throw new IllegalArgumentException(
          "tailShare is " + tailShare + "; it must be within [0, 1]");
    }
  }

  /**
   * The estimated work of some passes, in units of one ordinary pass: {@code 1 + (T − 1) ·
   * tailShare}. Floating-point operations only; drawing masks comes on top.
   *
   * @param passes T ≥ 1
   * @return the estimate, ≥ 1
   * @throws IllegalArgumentException if {@code passes < 1}
   */
  public double ofPasses(int passes) {
    if (passes < 1) {
      throw new IllegalArgumentException("passes is " + passes + "; it must be at least 1");
    }
    return 1 + (passes - 1) * tailShare;
  }
}
