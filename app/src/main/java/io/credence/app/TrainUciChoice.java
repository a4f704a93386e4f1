package io.credence.app;

/**
 * What is chosen for a split of MC dropout.
 *
 * @param rate the rate of dropout
 * @param tau the precision τ of the noise, in inverse squared units of the target
 */
record TrainUciChoice(double rate, double tau) {}
