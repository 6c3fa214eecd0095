/** How much image work may run and wait at a time. */
@NullMarked
package dev.pictj.engine.admission;

import org.jspecify.annotations.NullMarked;
