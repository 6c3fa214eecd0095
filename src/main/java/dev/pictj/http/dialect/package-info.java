/**
 * In what the replies of the lines of pict-rs differ: the shape of details, and what it means to
 * delete what is gone. Nothing outside asks which dialect is spoken; it asks the dialect.
 */
@NullMarked
package dev.pictj.http.dialect;

import org.jspecify.annotations.NullMarked;
