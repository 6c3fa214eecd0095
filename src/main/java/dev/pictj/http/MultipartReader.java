package dev.pictj.http;

import dev.pictj.ingest.SpoolFullException;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files of a multipart/form-data body (RFC 7578). The parser spools every part to disk as
 * it arrives; here its parts are judged and moved, never copied.
 */
final class MultipartReader {
  private static final Logger log = LoggerFactory.getLogger(MultipartReader.class);
  private static final String FIELD = "images[]";
  private static final String PREFIX = "Couldn't upload file, ";

  private final TempFolder temporary;
  private final long maxFileSize;
  private final int maxFiles;

  MultipartReader(TempFolder temporary, long maxFileSize, int maxFiles) {
    this.temporary = temporary;
    this.maxFileSize = maxFileSize;
    this.maxFiles = maxFiles;
  }

  /**
   * One file of the form.
   *
   * @param name the last component of the client's file name
   */
  record FilePart(TempFile file, String name) {}

  /** The files in request order; theirs to close is the caller's. */
  List<FilePart> read(HttpServletRequest request) throws IOException {
    String contentType = request.getContentType();
    if (contentType == null) {
      throw bad("Error in multipart creation, No Content-type header found");
    }
    if (!contentType.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      throw bad("Error in multipart creation, Multipart boundary is not found");
    }
    long maxRequestSize = maxFiles * (maxFileSize + 64 * 1024);
    request.setAttribute(
        "org.eclipse.jetty.multipartConfig",
        new MultipartConfigElement(temporary.path().toString(), maxFileSize, maxRequestSize, 0));
    Collection<Part> parts;
    try {
      parts = request.getParts();
    } catch (ServletException | IOException | RuntimeException e) {
      throw failure(e);
    }
    List<FilePart> files = new ArrayList<>();
    try {
      for (Part part : parts) {
        files.add(file(part, files.size()));
      }
    } catch (Throwable e) {
      files.forEach(file -> file.file().close());
      // The parser counts a moved part's file as its own, so these may be gone already.
      for (Part part : parts) {
        discard(part);
      }
      throw e;
    }
    if (files.isEmpty()) {
      throw new ApiException(ErrorCode.VALIDATE_NO_FILES, "No files present in upload");
    }
    return files;
  }

  private static void discard(Part part) {
    try {
      part.delete();
    } catch (IOException | RuntimeException e) {
      log.debug("a part could not be removed", e);
    }
  }

  private FilePart file(Part part, int before) throws IOException {
    if (part.getName() == null) {
      throw bad("Failed to parse field name");
    }
    if (!part.getName().equals(FIELD)) {
      throw bad("Found field with unexpected name or type");
    }
    String name = lastComponent(part.getSubmittedFileName());
    if (before == maxFiles) {
      throw bad("Too many files in request, at most %d are accepted".formatted(maxFiles));
    }
    if (part.getSize() == 0) {
      throw new ApiException(ErrorCode.VALIDATE_FILE_EMPTY, PREFIX + "File is empty");
    }
    TempFile file = temporary.next("upload");
    try {
      part.write(file.path().toString());
      if (Files.size(file.path()) > maxFileSize) {
        throw tooLarge();
      }
      return new FilePart(file, name);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /** Browsers of old sent whole paths. A name that is no name is refused like a missing one. */
  static String lastComponent(String submitted) {
    if (submitted == null) {
      throw bad("Failed to parse filename");
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

  /** The parser tells its failures apart only by their texts. */
  private RuntimeException failure(Exception thrown) {
    if (Errors.isDiskFull(thrown)) {
      return Errors.readOnly();
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SpoolFullException full) {
        return full;
      }
      if (cause instanceof TimeoutException) {
        return new ApiException(
            ErrorCode.STREAM_TOO_SLOW,
            PREFIX + "The body arrived too slowly",
            Map.of("Connection", "close"));
      }
      String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("max file size")
          || message.contains("max length exceeded")
          || message.contains("max part size")
          || message.contains("max content size")
          || message.contains("max request size")
          || message.contains("too large")) {
        return tooLarge();
      }
      if (message.contains("max parts") || message.contains("too many parts")) {
        return bad("Too many files in request, at most %d are accepted".formatted(maxFiles));
      }
      if (message.contains("boundary")) {
        return bad("Error in multipart creation, Multipart boundary is not found");
      }
    }
    ApiException error = bad("Error in multipart creation, Multipart stream is incomplete");
    error.addSuppressed(thrown);
    return error;
  }

  private ApiException tooLarge() {
    return new ApiException(
        ErrorCode.VALIDATE_FILE_SIZE,
        PREFIX + "File too large, the limit is %d bytes".formatted(maxFileSize));
  }

  private static ApiException bad(String inner) {
    return new ApiException(ErrorCode.FILE_UPLOAD_ERROR, PREFIX + inner);
  }
}
