/** Stored bytes under private names. Knows no other package. */
@NullMarked
package dev.pictj.store;

import org.jspecify.annotations.NullMarked;
