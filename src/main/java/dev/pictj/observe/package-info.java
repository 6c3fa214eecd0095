/** The set-up of the log: its format, its level, and the thread that writes it. */
@NullMarked
package dev.pictj.observe;

import org.jspecify.annotations.NullMarked;
