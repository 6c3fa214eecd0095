/**
 * Fetching a picture from an address a stranger chose: every URL, every resolved address and every
 * byte is checked on the way.
 */
@NullMarked
package dev.pictj.ingest.fetch;

import org.jspecify.annotations.NullMarked;
