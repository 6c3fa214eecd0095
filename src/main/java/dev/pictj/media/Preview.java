package dev.pictj.media;

/**
 * What is shown in place of a picture until it is there, made of a tiny copy of it.
 *
 * @param blurhash a text of some 30 characters that clients make a blurred picture of
 */
public record Preview(String blurhash) {}
