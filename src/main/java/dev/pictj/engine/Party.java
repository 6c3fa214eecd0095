package dev.pictj.engine;

/**
 * On whose behalf work is done: those who share what the engines can do, each a fair part of it. A
 * client where its address is known, else a picture.
 *
 * @param key tells them apart
 */
public record Party(String key) {
  /** The server itself, which makes things in advance. */
  public static final Party SERVER = new Party("server");

  /** All who have been answered already: they wait behind everybody else, but not for ever. */
  public static final Party BACKGROUND = new Party("background");

  /** For whom the running thread works; not bound where it works for the server itself. */
  public static final ScopedValue<Party> CURRENT = ScopedValue.newInstance();

  /** The one whom the running thread works for. */
  public static Party current() {
    return CURRENT.orElse(SERVER);
  }

  /** Everyone who asks for the same picture. */
  public static Party ofPicture(String name) {
    return new Party("picture " + name);
  }

  /** Everyone behind the same address. */
  public static Party ofClient(String address) {
    return new Party("client " + address);
  }
}
