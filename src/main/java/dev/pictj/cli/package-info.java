/** One class for each subcommand. They speak to whoever typed them, on the standard streams. */
package dev.pictj.cli;
