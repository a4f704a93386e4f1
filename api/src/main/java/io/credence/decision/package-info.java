/** Decisions made on uncertainty scores, and how good a score is for deciding. */
@NullMarked
package io.credence.decision;

import org.jspecify.annotations.NullMarked;
