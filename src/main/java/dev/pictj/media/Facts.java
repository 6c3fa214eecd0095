package dev.pictj.media;

/**
 * What clients and moderators would else work out of a picture themselves, made of a tiny copy.
 *
 * @param thumbhash bytes in Base64 that clients make a blurred picture of, opacity included
 * @param dominantColor {@code #rrggbb}
 * @param phash perceptual hash, 16 hexadecimal digits; what looks alike differs in few bits
 */
public record Facts(String thumbhash, String dominantColor, String phash) {}
