/**
 * Decoding and encoding of pictures and videos by tools under limits: what is asked of an engine,
 * which engine does it, and what each cannot do. Its rooms are the engines themselves.
 */
@NullMarked
package dev.pictj.engine;

import org.jspecify.annotations.NullMarked;
