/** One class for each subcommand. They speak to whoever typed them, on the standard streams. */
@NullMarked
package dev.pictj.cli;

import org.jspecify.annotations.NullMarked;
