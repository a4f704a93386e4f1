/**
 * Pictures to train and to test on, none of them downloaded by the program: house-number digits
 * drawn from a seed ({@link io.credence.models.data.StreetDigits}), the pen strokes they are drawn
 * with ({@link io.credence.models.data.StrokeFont}), and a reader of the IDX files in which MNIST
 * and its relatives are published ({@link io.credence.models.data.IdxFile}).
 */
@NullMarked
package io.credence.models.data;

import org.jspecify.annotations.NullMarked;
