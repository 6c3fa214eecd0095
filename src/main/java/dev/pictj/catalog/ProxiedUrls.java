package dev.pictj.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * URLs elsewhere that were asked for through this server, and the alias that each stands for.
 * {@link Catalog#link} adds one with its alias. Each method is one atomic step.
 */
public interface ProxiedUrls {
  /**
   * What the origin said of the bytes, by which it can be asked whether they have changed (RFC
   * 9110, section 13.1).
   *
   * @param etag their entity tag as it was written
   * @param lastModified their date as it was written
   * @param noStore whether nobody may keep them (RFC 9111, section 5.2.2.5)
   */
  record Origin(Optional<String> etag, Optional<String> lastModified, boolean noStore) {
    /** What is known where the origin said nothing. */
    public static final Origin UNKNOWN = new Origin(Optional.empty(), Optional.empty(), false);

    /** Whether there is something to ask by. */
    public boolean isConditional() {
      return etag.isPresent() || lastModified.isPresent();
    }

    /** Takes over what an answer without a body says; the rest stays as it was. */
    public Origin orElse(Origin known) {
      return new Origin(etag.or(known::etag), lastModified.or(known::lastModified), noStore);
    }
  }

  /** An alias with the secret that deletes it. */
  record Name(String alias, String deleteToken) {
    /** Leaves out the token, which is a secret. */
    @Override
    public String toString() {
      return "Name[" + alias + "]";
    }
  }

  /**
   * A URL.
   *
   * @param name what it stands for, which may have been deleted since
   * @param size of the stored bytes
   * @param checked when the origin was asked for the last time
   * @param asked when somebody asked for it the last time that was noted
   * @param replaced what it stood for before and is to be deleted
   */
  record Proxied(
      String url,
      Name name,
      long size,
      Origin origin,
      Instant checked,
      Instant asked,
      List<Name> replaced) {
    /** Keeps an unmodifiable copy of the list. */
    public Proxied {
      replaced = List.copyOf(replaced);
    }
  }

  /** A URL that is remembered. */
  Optional<Proxied> find(String url);

  /**
   * Notes that the origin was asked. Does nothing where the URL stands for another alias by now. A
   * power cut may forget it.
   *
   * @param origin what it says now
   * @param when it was asked
   */
  void checked(Proxied seen, Origin origin, Instant when);

  /** Notes when these were asked for. Those that are gone are left out. */
  void asked(Map<String, Instant> urls);

  /**
   * A page of the URLs, those first that have not been asked for the longest; what the origin says
   * nobody may keep comes before all others.
   *
   * @param after the last one of the page before, whether or not it is still there; empty for the
   *     first page
   */
  List<Proxied> leastAsked(Optional<Proxied> after, int most);

  /** Forgets what a URL stood for before, after that was deleted. */
  void forgetReplaced(Proxied seen);

  /** Forgets a URL, unless it stands for another alias by now. */
  void forget(Proxied seen);

  /** Size of all that URLs stand for. */
  long bytes();
}
