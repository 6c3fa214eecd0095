/**
 * Child processes under limits. The only place that knows im4java; everything else gives a command
 * and gets a result.
 */
@NullMarked
package dev.pictj.engine.child;

import org.jspecify.annotations.NullMarked;
