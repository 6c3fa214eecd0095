/**
 * What watches connections, in terms of Jetty: how long a request head or body may take, how much
 * memory all connections hold, whether a client is still there, and how a connection closes. Knows
 * no route and no error reply.
 */
@NullMarked
package dev.pictj.http.jetty;

import org.jspecify.annotations.NullMarked;
