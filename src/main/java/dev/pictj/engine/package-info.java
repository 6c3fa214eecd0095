/** Decoding and encoding of pictures by tools under limits. Knows {@code media} only. */
package dev.pictj.engine;
