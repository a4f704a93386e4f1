/** Tables in files, read and written by DuckDB within this process. */
@org.jspecify.annotations.NullMarked
package io.credence.app.table;
