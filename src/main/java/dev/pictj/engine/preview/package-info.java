/**
 * What is computed from a tiny copy of a picture: blurhash, thumbhash, dominant colour and
 * perceptual hash. An engine decodes the copy once, in its limited process, for all of them.
 */
@NullMarked
package dev.pictj.engine.preview;

import org.jspecify.annotations.NullMarked;
