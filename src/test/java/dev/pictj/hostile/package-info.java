/**
 * Files made to hurt, thousands of them: each has a name by which it can be made again, and comes
 * out the same on every run with the same seed.
 */
package dev.pictj.hostile;
