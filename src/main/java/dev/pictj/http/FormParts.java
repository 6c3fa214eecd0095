package dev.pictj.http;

import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.media.Excerpt;
import dev.pictj.media.Quantity;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * Takes the parts of one form as its parser finds them: files go to the disk, text fields are
 * dropped. The parser goes on after the first failure, which is kept and thrown by {@link #check};
 * nothing is taken in after it.
 */
final class FormParts extends MultiPart.AbstractPartsListener {
  /** Before every message about a form, as pict-rs has it. */
  static final String PREFIX = "Couldn't upload file, ";

  /** The one field that holds files. */
  private static final String FILE_FIELD = "images[]";

  /** Characters of a file name that are kept; longer names are cut or refused later anyway. */
  private static final int MAX_KEPT_NAME = 512;

  private final TempFolder temporary;
  private final FormLimits limits;
  private final List<FilePart> files = new ArrayList<>();
  private int fields;
  private long fieldBytes;
  private boolean head;
  private long headBytes;
  private boolean hasParts;
  private boolean complete;
  private boolean discarded;
  private @Nullable Exception failure;
  private boolean malformed;

  /** The file of the part that arrives now, and how much of it there is; null in other parts. */
  private @Nullable FileChannel channel;

  private long size;

  /**
   * The limits of a form.
   *
   * @param fileSize bytes of one file
   * @param files how many there may be
   * @param fields how many other parts there may be
   * @param fieldBytes bytes of those together
   * @param headBytes bytes of the head of one part
   */
  record FormLimits(long fileSize, int files, int fields, long fieldBytes, int headBytes) {
    /** Bytes of a whole form. */
    long requestBytes() {
      return files * (fileSize + headBytes) + fieldBytes + (long) fields * headBytes;
    }
  }

  /**
   * One file of the form.
   *
   * @param name the last component of the client's file name, cut where it is very long
   * @param nameLength of the name before that, in characters
   */
  record FilePart(TempFile file, String name, int nameLength) {}

  FormParts(TempFolder temporary, FormLimits limits) {
    this.temporary = temporary;
    this.limits = limits;
  }

  /** A limit of forms is exceeded. */
  static ApiException tooLarge(String what, long limit) {
    return new ApiException(
        ErrorCode.VALIDATE_FILE_SIZE, PREFIX + what + ", the limit is " + Quantity.bytes(limit));
  }

  /** The form is not as it must be. */
  static ApiException bad(String inner) {
    return new ApiException(ErrorCode.FILE_UPLOAD_ERROR, PREFIX + inner);
  }

  /**
   * Throws the first failure, if there was one.
   *
   * @param bytes that were parsed just now
   */
  synchronized void check(int bytes) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException io -> throw io;
      case RuntimeException other -> throw other;
      default -> throw new IllegalStateException(failure);
    }
    if (malformed) {
      // Only the parser's text tells which rule was broken, and clients must not see that text.
      throw head && headBytes + bytes > limits.headBytes()
          ? tooLarge("The head of a part is too large", limits.headBytes())
          : bad("Error in multipart creation, Multipart stream is incomplete");
    }
    headBytes = head ? headBytes + bytes : 0;
  }

  /** Whether the head of a part has begun and not ended. */
  synchronized boolean inHead() {
    return head;
  }

  /** All files of a form that has come to its end. */
  synchronized List<FilePart> files() {
    if (!complete || discarded) {
      throw bad("Error in multipart creation, Multipart stream is incomplete");
    }
    if (files.isEmpty()) {
      throw new ApiException(
          hasParts ? ErrorCode.VALIDATE_NO_FILES : ErrorCode.NO_PARTS,
          "No files present in upload");
    }
    return List.copyOf(files);
  }

  /** Removes everything that is on the disk; nothing is written afterwards. */
  synchronized void discard() {
    discarded = true;
    closeChannel();
    files.forEach(file -> file.file().close());
  }

  private void closeChannel() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        fail(e);
      }
      channel = null;
    }
  }

  private void fail(Exception thrown) {
    if (failure == null) {
      failure = thrown;
    }
  }

  @Override
  public synchronized void onPartBegin() {
    head = true;
    hasParts = true;
  }

  @Override
  public synchronized void onPartHeader(String name, String value) {
    // Other headers would only be kept.
    if (HttpHeader.CONTENT_DISPOSITION.is(name)) {
      super.onPartHeader(name, value);
    }
  }

  @Override
  public synchronized void onPartHeaders() {
    head = false;
    if (failure != null || discarded) {
      return;
    }
    try {
      begin(getName(), getFileName());
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void begin(@Nullable String field, @Nullable String fileName) throws IOException {
    if (field == null) {
      throw bad("Failed to parse field name");
    }
    if (!field.equals(FILE_FIELD)) {
      // A form without a chosen file has an empty name there.
      if (fileName != null && !fileName.isEmpty()) {
        throw bad(
            "Found field with unexpected name or type: files are expected in `%s`, this one was"
                    .formatted(FILE_FIELD)
                + " sent in `%s`".formatted(Excerpt.ofLine(field)));
      }
      if (++fields > limits.fields()) {
        throw bad(
            "Too many fields in request, at most %d are accepted beside the files"
                .formatted(limits.fields()));
      }
      return;
    }
    String name = lastComponent(fileName);
    if (files.size() == limits.files()) {
      throw bad("Too many files in request, at most %d are accepted".formatted(limits.files()));
    }
    TempFile file = temporary.next("upload");
    files.add(new FilePart(file, Excerpt.of(name, MAX_KEPT_NAME), name.length()));
    size = 0;
    channel = file.create();
  }

  /** The last component of a file name, because old browsers sent whole paths. Refuses no name. */
  static String lastComponent(@Nullable String submitted) {
    if (submitted == null) {
      throw bad("Failed to parse filename, a file needs one in its Content-Disposition");
    }
    String name = submitted.substring(submitted.lastIndexOf('/') + 1);
    if (name.isEmpty()
        || name.equals(".")
        || name.equals("..")
        || name.chars().anyMatch(Character::isISOControl)) {
      throw bad("Failed to parse filename");
    }
    return name;
  }

  @Override
  public synchronized void onPartContent(Content.Chunk chunk) {
    if (failure != null || discarded) {
      return;
    }
    try {
      content(chunk.getByteBuffer());
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void content(ByteBuffer bytes) throws IOException {
    if (channel == null) {
      fieldBytes += bytes.remaining();
      if (fieldBytes > limits.fieldBytes()) {
        throw tooLarge("The text fields are too large", limits.fieldBytes());
      }
      return;
    }
    size += bytes.remaining();
    if (size > limits.fileSize()) {
      throw tooLarge("File too large" + current(), limits.fileSize());
    }
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private String current() {
    return " (file \"%s\")".formatted(Excerpt.ofLine(files.getLast().name()));
  }

  @Override
  public synchronized void onPartEnd() {
    super.onPartEnd();
    boolean empty = channel != null && size == 0;
    closeChannel();
    if (empty) {
      fail(new ApiException(ErrorCode.VALIDATE_FILE_EMPTY, PREFIX + "File is empty" + current()));
    }
  }

  @Override
  public void onPart(String name, String fileName, HttpFields headers) {
    // Its head was judged before its content came.
  }

  @Override
  public synchronized void onComplete() {
    complete = true;
  }

  @Override
  public synchronized void onFailure(Throwable thrown) {
    malformed = true;
  }
}
