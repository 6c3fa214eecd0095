/** The set-up of the log: its format, its level, and the thread that writes it. */
package dev.pictj.observe;
