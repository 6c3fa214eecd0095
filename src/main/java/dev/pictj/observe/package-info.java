/**
 * What an operator sees of a running server: the log with its format, its level and the thread that
 * writes it, and the metrics that Prometheus reads.
 */
@NullMarked
package dev.pictj.observe;

import org.jspecify.annotations.NullMarked;
