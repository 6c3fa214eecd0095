/** One class for each subcommand. They read options, and print to the standard streams. */
@NullMarked
package dev.pictj.cli;

import org.jspecify.annotations.NullMarked;
