/**
 * Blobs as plain files in the data folder. {@link dev.pictj.store.file.FileBlobStore} is the store,
 * {@link dev.pictj.store.file.FileVolume} is what a start and {@code check} do to the data folder
 * as a whole: who may read it, what is left of other programs, and moving all files aside for a new
 * catalog.
 *
 * <p>What is to survive a power cut is brought to the disk by {@link
 * dev.pictj.store.file.DiskSync}: first the bytes of a file, then the folders that gained a name.
 */
@NullMarked
package dev.pictj.store.file;

import org.jspecify.annotations.NullMarked;
