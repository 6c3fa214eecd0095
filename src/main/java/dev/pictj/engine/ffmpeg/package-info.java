/** Videos, and animations that are coded like videos, by ffmpeg's command line. */
@NullMarked
package dev.pictj.engine.ffmpeg;

import org.jspecify.annotations.NullMarked;
