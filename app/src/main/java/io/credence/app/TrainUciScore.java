package io.credence.app;

import java.util.Map;

/**
 * How well the target was told on the test rows of a split.
 *
 * @param split the split
 * @param settings what was chosen for it, such as the rate of dropout
 * @param rmse root of the mean squared error, in the unit of the target
 * @param logLikelihood mean log-likelihood of a test row, in nats
 */
record TrainUciScore(int split, Map<String, Double> settings, double rmse, double logLikelihood) {}
