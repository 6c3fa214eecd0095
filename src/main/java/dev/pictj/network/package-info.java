/** Blocks of network addresses, which settings, the server and the downloader all speak of. */
package dev.pictj.network;
