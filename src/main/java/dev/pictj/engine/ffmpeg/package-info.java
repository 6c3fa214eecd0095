/** Moving pictures by ffmpeg's command line. */
package dev.pictj.engine.ffmpeg;
