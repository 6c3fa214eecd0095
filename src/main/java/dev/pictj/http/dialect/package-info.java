/**
 * What differs between the versions of pict-rs that the server can answer like: shapes of replies,
 * statuses, codes and headers. The classes outside do not ask which dialect is spoken; they ask the
 * dialect what to do.
 */
@NullMarked
package dev.pictj.http.dialect;

import org.jspecify.annotations.NullMarked;
