package io.credence.app.input;

/**
 * A row that cannot be scored.
 *
 * @param row its index in the input, from 0; of JSON Lines that of its line
 * @param id its name, as in the results
 * @param reason what is wrong with it
 */
public record BadRow(long row, String id, String reason) {}
