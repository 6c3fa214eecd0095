package dev.pictj.store.file;

import dev.pictj.store.Blob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A blob read through a file channel; its size is taken once, when it is opened. */
final class FileBlob implements Blob {
  private final FileChannel channel;
  private final long size;

  FileBlob(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer buffer, long offset) throws IOException {
    return channel.read(buffer, offset);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
