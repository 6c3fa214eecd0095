package dev.pictj.ingest.fetch;

import java.util.Optional;

/**
 * What a remote host answered.
 *
 * @param size of the body, which is in the target; empty where the host says that what is known is
 *     still right (304), and then there is no file
 * @param origin what it says of the bytes
 */
public record Fetched(Optional<Long> size, Origin origin) {
  /**
   * What a remote host says of bytes, by which it can be asked whether they have changed (RFC 9110,
   * section 13.1).
   *
   * @param etag their entity tag as it was written
   * @param lastModified their date as it was written
   * @param noStore whether nobody may keep them (RFC 9111, section 5.2.2.5)
   */
  public record Origin(Optional<String> etag, Optional<String> lastModified, boolean noStore) {
    /** Where nothing is known. */
    public static final Origin UNKNOWN = new Origin(Optional.empty(), Optional.empty(), false);

    boolean isConditional() {
      return etag.isPresent() || lastModified.isPresent();
    }

    /** What an answer that sends no body leaves out stays as it was. */
    Origin orElse(Origin known) {
      return new Origin(etag.or(known::etag), lastModified.or(known::lastModified), noStore);
    }
  }
}
