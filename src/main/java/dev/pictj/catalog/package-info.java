/** Names and what they point to, in verbs of the domain. Knows {@code media} only. */
@NullMarked
package dev.pictj.catalog;

import org.jspecify.annotations.NullMarked;
