/** The HTTP server: one routing table, one handler class for each resource, one owner of errors. */
@NullMarked
package dev.pictj.http;

import org.jspecify.annotations.NullMarked;
