package io.credence.models.data;

/** What a picture without a digit shows. */
public enum NoDigitKind {
  /** A letter that can't be taken for a digit, drawn in the manner of the digits. */
  LETTER,
  /** Bricks, stripes, checks, wood grain or dots. */
  TEXTURE,
  /** A blank wall: a gradient, a shadow, a rough surface or a corner. */
  WALL,
  /** Several random smooth curves across each other. */
  SCRIBBLE
}
