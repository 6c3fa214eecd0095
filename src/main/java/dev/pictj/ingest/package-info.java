/** The way of a picture from a client's bytes to a stored, named media. */
package dev.pictj.ingest;
