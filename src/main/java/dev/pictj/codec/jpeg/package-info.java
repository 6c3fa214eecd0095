/**
 * JPEGs decoded at a quarter or an eighth of their size, for results that are smaller still.
 *
 * <p>At such a size most of a file says nothing about the result. libjpeg unpacks it all the same,
 * number by number, and of a progressive file it keeps every coefficient. Here what is not needed
 * is stepped over: several coefficients with one look into a table, and scans of a progressive file
 * as a whole.
 *
 * <p>At an eighth, the samples of pictures with whole colour or none are those that libjpeg
 * computes, bit by bit. At a quarter they are made of the lowest frequencies alone, which is near
 * what libjpeg does, and not the same. Where a result keeps only a quarter of the colour, and the
 * filter after this has room enough, no more of it is decoded. Tests compare the results.
 *
 * <p>Decoded are Huffman-coded files of 8 bits, sequential or progressive, of grey or of YCbCr with
 * whole, half or a quarter of the colour, that are as they should be. At the least irregularity it
 * gives up, and libjpeg decides.
 *
 * <p>Sections cited are those of ITU-T T.81. Nothing here is native: a file can at worst be in
 * vain.
 */
package dev.pictj.codec.jpeg;
