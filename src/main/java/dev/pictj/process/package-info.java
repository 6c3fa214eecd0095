/** What may be done to a picture on request, and the variants that come of it. */
@NullMarked
package dev.pictj.process;

import org.jspecify.annotations.NullMarked;
