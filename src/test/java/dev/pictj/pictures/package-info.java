/** Test pictures: every byte is drawn or put together here, and comes out the same on every run. */
package dev.pictj.pictures;
