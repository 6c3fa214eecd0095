/**
 * Still pictures by libvips (libvips.org), called through Java's foreign-function interface.
 *
 * <p>A decoder that runs in the server's own process is one that can bring the server down. Three
 * rules keep strangers' bytes away from it. {@code verify} is never done here but always by the
 * reference engine, in a child process under limits. {@code convert} is called during ingest only,
 * on a file that has just passed {@code verify}. {@code render} reaches this engine only for media
 * that the catalog has recorded as verified; trusted imports, of which only headers were read, and
 * first frames of videos go to the reference engine.
 *
 * <p>What libvips does differently from the reference engine, or not at all, is left to it; so is
 * every picture that libvips fails on, unless time or memory was the reason.
 */
package dev.pictj.engine.vips;
