package dev.pictj.engine;

/**
 * A party on whose behalf work is done. Each has a fair share of the engines. It is a client where
 * the address is known, else all who ask for the same picture.
 *
 * @param key tells them apart
 */
public record Party(String key) {
  /** The server itself, which makes things in advance. */
  public static final Party SERVER = new Party("server");

  /** All clients that are answered already: they wait behind everybody else, but not for ever. */
  public static final Party BACKGROUND = new Party("background");

  /** The party of the running thread; not bound where it works for the server itself. */
  public static final ScopedValue<Party> CURRENT = ScopedValue.newInstance();

  /** The party that the running thread works for. */
  public static Party current() {
    return CURRENT.orElse(SERVER);
  }

  /** The party of all that ask for the same picture. */
  public static Party ofPicture(String name) {
    return new Party("picture " + name);
  }

  /** The party of all clients behind the same address. */
  public static Party ofClient(String address) {
    return new Party("client " + address);
  }
}
