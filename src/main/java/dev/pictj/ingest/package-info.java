/** The way of a picture from a client's bytes to a stored, named media. */
@NullMarked
package dev.pictj.ingest;

import org.jspecify.annotations.NullMarked;
