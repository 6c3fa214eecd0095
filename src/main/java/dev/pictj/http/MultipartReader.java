package dev.pictj.http;

import dev.pictj.http.jetty.BodyMeter;
import dev.pictj.http.jetty.ConnectionMemory;
import dev.pictj.ingest.GaveWayException;
import dev.pictj.ingest.SpoolBudget;
import dev.pictj.ingest.SpoolFullException;
import dev.pictj.store.TempFolder;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;

/**
 * Reads the files of a multipart/form-data body (RFC 7578) as they arrive: what is in the heap of a
 * form is one buffer and the head of one part.
 */
record MultipartReader(TempFolder temporary, ConnectionMemory memory, FormParts.FormLimits limits) {
  /** Bytes that are read at a time; Jetty has no more ready at once. */
  private static final int BUFFER_BYTES = 8 * 1024;

  /** A head is kept as text that grows by doubling, and in UTF-16 where it is not Latin. */
  private static final int HEAP_PER_HEAD_BYTE = 4;

  /**
   * A quoted string, to be passed over even where it does not end, or the name of the parameter.
   * Possessive, because a loop that might go back takes stack for every character.
   */
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*+\"?|(?<=[;\\s])boundary(?==)", Pattern.CASE_INSENSITIVE);

  /** Reads the files, in request order; the caller closes them. */
  List<FormParts.FilePart> read(HttpServletRequest request) throws IOException {
    String boundary = boundary(request.getContentType());
    if (request.getContentLengthLong() > limits.requestBytes()) {
      // Reading would tell a client that asks before it sends to go on.
      throw FormParts.tooLarge("The request is too large", limits.requestBytes());
    }
    InputStream body = request.getInputStream();
    FormParts form = new FormParts(temporary, limits);
    if (request.getAttribute(BodyMeter.SHARE) instanceof SpoolBudget.Share share) {
      share.mayGiveWay(form::discard);
    }
    boolean read = false;
    try (ConnectionMemory.Share held = memory.open()) {
      read(body, boundary, form, held);
      List<FormParts.FilePart> files = form.files();
      read = true;
      return files;
    } catch (IOException e) {
      throw failure(e);
    } finally {
      if (!read) {
        form.discard();
      }
    }
  }

  private static String boundary(String contentType) {
    if (contentType == null) {
      throw FormParts.bad("Error in multipart creation, No Content-type header found");
    }
    if (!contentType.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      throw FormParts.bad(
          "Error in multipart creation, Multipart boundary is not found: files are sent as"
              + " multipart/form-data, in parts named images[]");
    }
    try {
      String boundary = MultiPart.extractBoundary(plain(contentType));
      if (boundary != null && !boundary.isEmpty()) {
        return boundary;
      }
    } catch (IllegalArgumentException _) {
      // The quoted string does not end.
    }
    throw FormParts.bad("Error in multipart creation, Multipart boundary is not found");
  }

  /**
   * A Content-Type with the name of its boundary in lower case, and nothing else changed. Names of
   * parameters are the same in any case (RFC 9110, section 5.6.6), but Jetty knows this one in
   * lower case only.
   */
  static String plain(String contentType) {
    return BOUNDARY
        .matcher(contentType)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group().startsWith("\"") ? found.group() : "boundary"));
  }

  private void read(InputStream body, String boundary, FormParts form, ConnectionMemory.Share held)
      throws IOException {
    take(held, BUFFER_BYTES);
    MultiPart.Parser parser = new MultiPart.Parser(boundary, form);
    parser.setPartHeadersMaxLength(limits.headBytes());
    byte[] buffer = new byte[BUFFER_BYTES];
    long all = 0;
    boolean head = false;
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      all += n;
      if (all > limits.requestBytes()) {
        throw FormParts.tooLarge("The request is too large", limits.requestBytes());
      }
      parser.parse(Content.Chunk.from(ByteBuffer.wrap(buffer, 0, n), false));
      form.check(n);
      if (form.inHead()) {
        take(held, (long) n * HEAP_PER_HEAD_BYTE);
      } else if (head) {
        held.giveBack();
        take(held, BUFFER_BYTES);
      }
      head = form.inHead();
    }
    parser.parse(Content.Chunk.EOF);
    form.check(0);
  }

  private static void take(ConnectionMemory.Share held, long bytes) {
    if (!held.take(bytes)) {
      throw Errors.tooManyConnections();
    }
  }

  /** The error of a body that did not arrive whole. */
  private static RuntimeException failure(IOException thrown) {
    if (Errors.isDiskFull(thrown)) {
      return Errors.readOnly(thrown);
    }
    for (Throwable cause : Errors.causes(thrown).toList()) {
      if (cause instanceof SpoolFullException full) {
        return full;
      }
      if (cause instanceof TimeoutException || cause instanceof GaveWayException) {
        return Errors.tooSlow();
      }
    }
    ApiException error =
        FormParts.bad("Error in multipart creation, Multipart stream is incomplete");
    error.addSuppressed(thrown);
    return error;
  }
}
