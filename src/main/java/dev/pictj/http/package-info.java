/** The HTTP server: one routing table, one handler class for each resource, one owner of errors. */
package dev.pictj.http;
