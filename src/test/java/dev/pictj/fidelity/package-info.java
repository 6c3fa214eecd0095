/**
 * What becomes of each property of a picture on each way through the server: declared once in
 * {@link dev.pictj.fidelity.Declaration}, tried with real files on real servers, judged by decoders
 * that have no part in the making, and written to {@code docs/fidelity.md}.
 */
package dev.pictj.fidelity;
