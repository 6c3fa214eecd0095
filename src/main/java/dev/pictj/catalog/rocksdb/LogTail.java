package dev.pictj.catalog.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * How far a write-ahead log of RocksDB can be read. RocksDB itself takes an incomplete record, or
 * zeros, for the end of a log and says nothing, wherever in the log that is.
 *
 * <p>A log is blocks of 32 KiB. A record is a checksum (CRC-32C, masked) of all that follows, the
 * length, a type, the number of the log in types for reused files, and the payload; one that does
 * not fit into a block goes on in the next, and what is too short for a head is left zero. A
 * payload begins with the sequence number of its first change and the number of changes. Source:
 * RocksDB's {@code db/log_format.h}, {@code db/log_reader.cc} and {@code db/write_batch.cc}.
 *
 * @param log the file
 * @param length of the file in bytes
 * @param sound bytes up to the end of the last whole record
 * @param lastSequence the sequence number of the last change in them, 0 where there is none
 */
record LogTail(Path log, long length, long sound, long lastSequence) {
  private static final int BLOCK = 32 << 10;
  private static final int HEAD = 7;
  private static final int REUSED_HEAD = 11;
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int BATCH_HEAD = 12;

  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;

  /** From here on a type says something about the log and holds no changes. */
  private static final int FIRST_WITHOUT_CHANGES = 9;

  /** Bytes after the last whole record; RocksDB never writes them in one piece and stops there. */
  long lost() {
    return length - sound;
  }

  /** Reads a log to the end of its last whole record. */
  static LogTail of(Path log) throws IOException {
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
      return new RecordWalk(log, channel).toTheEnd();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static final class RecordWalk {
    private final Path log;
    private final FileChannel channel;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer batchHead =
        ByteBuffer.allocate(BATCH_HEAD).order(ByteOrder.LITTLE_ENDIAN);
    private long sound;
    private long lastSequence;
    private boolean within;

    RecordWalk(Path log, FileChannel channel) {
      this.log = log;
      this.channel = channel;
    }

    LogTail toTheEnd() throws IOException {
      long length = channel.size();
      boolean more = true;
      for (long start = 0; more && start < length; start += BLOCK) {
        block.clear();
        while (block.hasRemaining() && channel.read(block, start + block.position()) > 0) {
          // A read may return fewer bytes than were asked for.
        }
        block.flip();
        more = records(start);
      }
      return new LogTail(log, length, sound, lastSequence);
    }

    /** Whether all of a block was sound, so that the next one is worth a look. */
    private boolean records(long start) {
      while (block.remaining() >= HEAD) {
        int at = block.position();
        int length = Short.toUnsignedInt(block.getShort(at + 4));
        int type = Byte.toUnsignedInt(block.get(at + 6));
        int head = reused(type) ? REUSED_HEAD : HEAD;
        if (type == 0
            || block.remaining() < head + length
            || block.getInt(at) != checksum(at + 6, head - 6 + length)
            || !belongs(plain(type))) {
          return false;
        }
        take(plain(type), at + head, length);
        block.position(at + head + length);
        if (!within) {
          sound = start + block.position();
        }
      }
      return true;
    }

    private static boolean reused(int type) {
      return (type >= 5 && type <= 8) || type == 11 || type == 131;
    }

    private static int plain(int type) {
      return type >= 5 && type <= 8 ? type - 4 : type;
    }

    private boolean belongs(int type) {
      return within == (type == MIDDLE || type == LAST);
    }

    private void take(int type, int at, int length) {
      if (type >= FIRST_WITHOUT_CHANGES) {
        return;
      }
      if (type == FULL || type == FIRST) {
        batchHead.clear();
      }
      int part = Math.min(length, batchHead.remaining());
      batchHead.put(block.array(), at, part);
      within = type == FIRST || type == MIDDLE;
      if (!within && !batchHead.hasRemaining()) {
        long changes = Integer.toUnsignedLong(batchHead.getInt(8));
        if (changes > 0) {
          lastSequence = Math.max(lastSequence, batchHead.getLong(0) + changes - 1);
        }
      }
    }

    private int checksum(int at, int length) {
      CRC32C crc = new CRC32C();
      crc.update(block.array(), at, length);
      return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }
  }
}
