/**
 * JPEGs that become much smaller, by two ways with a door each. Both give up at the least
 * irregularity of a file, and another decoder decides. Tests compare their results with libvips'.
 *
 * <p>{@link dev.pictj.codec.jpeg.ShrunkenJpeg} decodes at a quarter or an eighth of the size, in
 * Java alone. At such a size most of a file says nothing about the result. libjpeg unpacks it all
 * the same, code by code, and of a progressive file it keeps every coefficient. Here one look-up in
 * a table steps over several coefficients, and scans of a progressive file are skipped as a whole.
 * What it buys: from a baseline JPEG of 12 megapixels, {@code thumbnail=256} as JPEG is 1.49 times
 * as fast as by libvips alone, as WebP 1.29 times, {@code resize=800} 1.40 times; from a
 * progressive one 4.5 times (two cores, quiet, 2026-11, version 0.3, medians of 7).
 *
 * <p>At an eighth, the samples of pictures in grey or without chroma subsampling are those that
 * libjpeg computes, bit by bit. At a quarter they are made of the lowest frequencies alone, which
 * is near what libjpeg does, and not the same. Where the chroma of a result is subsampled 4:2:0,
 * and the filter after this has room enough, no more of it is decoded. Decoded are Huffman-coded
 * files of 8 bits, sequential or progressive, of grey or of YCbCr sampled 4:4:4, 4:2:2 or 4:2:0.
 *
 * <p>{@link dev.pictj.codec.jpeg.ShrunkenPlanes} makes a JPEG of a JPEG: TurboJPEG hands out the
 * planes of luma and chroma, libswscale scales each, TurboJPEG writes them. What it buys: from a
 * JPEG of 2 megapixels, {@code resize=800} is 1.47 times as fast (measured likewise), and chroma is
 * finer. It needs both libraries.
 *
 * <p>Sections cited are those of ITU-T T.81.
 */
@NullMarked
package dev.pictj.codec.jpeg;

import org.jspecify.annotations.NullMarked;
