/**
 * Training recipes, written with tensorflow-framework, and the SavedModels they export: classifiers
 * with dropout gated by a placeholder, with class labels and a sidecar.
 */
@NullMarked
package io.credence.models;

import org.jspecify.annotations.NullMarked;
