package dev.pictj.media;

/**
 * Facts about the look of a picture that are made of a tiny copy, for clients and moderators.
 *
 * @param thumbhash bytes in Base64 that clients make a blurred picture of, alpha included
 * @param dominantColor {@code #rrggbb}
 * @param phash perceptual hash, 16 hexadecimal digits; what looks alike differs in few bits
 */
public record Facts(String thumbhash, String dominantColor, String phash) {}
