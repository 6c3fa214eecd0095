/**
 * Calls to native libraries, through {@code java.lang.foreign}: finding a library, its functions,
 * memory of its allocator, and Java methods that it may call. No other package links native code.
 *
 * <p>None of it is for virtual threads: a native call does not yield.
 */
@NullMarked
package dev.pictj.nativecode;

import org.jspecify.annotations.NullMarked;
