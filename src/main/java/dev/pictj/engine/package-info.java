/** Decoding and encoding of pictures by tools under limits. Knows {@code media} only. */
@NullMarked
package dev.pictj.engine;

import org.jspecify.annotations.NullMarked;
