/** Blocks of network addresses, which settings, the server and the downloader all speak of. */
@NullMarked
package dev.pictj.network;

import org.jspecify.annotations.NullMarked;
