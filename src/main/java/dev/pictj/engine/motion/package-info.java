/**
 * Animations as files: GIF's coding of pixels, and the containers of GIF and animated PNG, read and
 * put together. Frames are pictures of their own, which others decode and encode.
 */
@NullMarked
package dev.pictj.engine.motion;

import org.jspecify.annotations.NullMarked;
