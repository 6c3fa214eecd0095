/**
 * Child processes under limits. The only place that knows im4java; everything else gives a command
 * and gets a result.
 */
package dev.pictj.engine.child;
