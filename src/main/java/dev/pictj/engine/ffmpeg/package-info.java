/** Moving pictures by ffmpeg's command line. */
@NullMarked
package dev.pictj.engine.ffmpeg;

import org.jspecify.annotations.NullMarked;
