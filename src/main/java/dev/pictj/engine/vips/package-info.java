/**
 * Stills and animations by libvips (libvips.org), called through Java's foreign-function interface.
 *
 * <p>A decoder in the server's own process can bring the server down, and a malicious file can take
 * a flawed decoder over. So the rule is:
 *
 * <ul>
 *   <li>Bytes that nothing has verified reach libvips only in a worker process, in the sandbox and
 *       under its limits. Such a worker does nothing but verify: it sees the uploads it is given,
 *       no other files and no network, answers yes or no, and is replaced after some hundred jobs.
 *       Results that somebody will look at come from other workers, which are given verified bytes
 *       only.
 *   <li>libvips within the server never verifies, and decodes only what the reference engine has
 *       verified. The catalog tells the two apart; see {@link dev.pictj.media.VerifiedBy}.
 *   <li>What Java decodes, JPEGs of which a fraction is enough, is decoded within the server, from
 *       verified bytes too. A worker is given the pixels, and no file.
 *   <li>Where TurboJPEG and libswscale do a job, they do it in place of libvips: in the same
 *       process, on the same bytes, under the same rules.
 *   <li>Trusted imports, of which only headers were read, and first frames of videos go to the
 *       reference engine.
 * </ul>
 *
 * <p>A verifier gives the quick yes and nothing else: all pixels decoded, in the size that the
 * header said, read to its end, with no word from the library. Everything else is left to the
 * reference engine, whose word counts: what is an error, what can be repaired, and what is said
 * about it. libvips has at most half of the time for that; the rest of it, at least a half, is what
 * the reference engine then gets, so that a file made to be slow in both is no slower than before.
 *
 * <p>What this does not prevent: a file that gets the better of libvips can have a verifier say yes
 * to it, and to the uploads that it sees after that. Then a worker that renders decodes bytes that
 * nothing sound has decoded, in the same sandbox; if it falls too, it can show wrong variants of
 * pictures that it is asked for until it is replaced. The reference engine's process could be made
 * to lie as well, but only by a flaw of its own or of the codecs that both use. Without {@code
 * bwrap} the sandbox hides neither files nor network, from either engine.
 *
 * <p>What libvips does differently from the reference engine, or not at all, is left to it; so is
 * every picture that libvips fails on, unless time or memory was the reason.
 */
@NullMarked
package dev.pictj.engine.vips;

import org.jspecify.annotations.NullMarked;
