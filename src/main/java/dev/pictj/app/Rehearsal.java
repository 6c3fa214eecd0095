package dev.pictj.app;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.SettingsLoader;
import dev.pictj.store.TempFolder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/**
 * A start with a few requests of each kind and a stop, in a folder of its own: what the JVM learns
 * in it, it can keep in an ahead-of-time cache (JEP 483, JEP 514, JEP 515), with which later starts
 * are several times as fast.
 */
public final class Rehearsal {
  private static final int ROUNDS = 30;
  private static final String BOUNDARY = "rehearsal";

  private final List<Path> folders;

  /**
   * A rehearsal.
   *
   * @param folders where image tools are looked for
   */
  public Rehearsal(List<Path> folders) {
    this.folders = folders;
  }

  /** Runs it; answers are not looked at, the tests do that. */
  public void run() throws IOException, InvalidSettingsException, StartException {
    Path data = Files.createTempDirectory("pictj-rehearsal-");
    try {
      Map<String, List<String>> options =
          Map.of(
              "path", List.of(data.toString()),
              "addr", List.of("127.0.0.1:0"),
              "api-key", List.of("rehearsal"));
      try (Application application =
          Application.start(new SettingsLoader(options, Map.of()).load(), folders)) {
        InetSocketAddress address = application.address();
        requests("http://127.0.0.1:" + address.getPort());
      }
    } finally {
      TempFolder.remove(data);
    }
  }

  private static void requests(String server) throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      byte[] picture =
          switch (i % 3) {
            case 0 -> picture(i);
            case 1 -> photograph(i);
            default -> picture(0);
          };
      String reply = new String(upload(server, picture), StandardCharsets.UTF_8);
      String alias = text(reply, "file");
      String original = server + "/image/original/" + alias;
      get(original, Map.of());
      get(original, Map.of("Range", "bytes=0-9"));
      get(original, Map.of("If-None-Match", "*"));
      get(original, Map.of("If-None-Match", "\"x\""));
      get(server + "/image/details/original/" + alias, Map.of());
      // Of a photograph an eighth and a quarter are decoded.
      for (int side : List.of(8 + i % 4, 128 + i % 4)) {
        String process = "?src=" + alias + "&thumbnail=" + side;
        get(server + "/image/process.webp" + process, Map.of());
        get(server + "/image/process.jpg" + process, Map.of());
      }
      get(server + "/image/original/nobody.png", Map.of());
      get(server + "/healthz", Map.of());
      get(server + "/image/delete/" + text(reply, "delete_token") + "/" + alias, Map.of());
    }
  }

  /** The first value of this name; enough for replies of our own. */
  private static String text(String json, String name) {
    int start = json.indexOf("\"" + name + "\":\"") + name.length() + 4;
    return json.substring(start, json.indexOf('"', start));
  }

  private static void get(String url, Map<String, String> headers) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    headers.forEach(connection::setRequestProperty);
    body(connection);
  }

  private static byte[] upload(String server, byte[] picture) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(server + "/image").toURL().openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"a\"\r\n\r\n"
            .formatted(BOUNDARY);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(picture);
      out.write(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    return body(connection);
  }

  private static byte[] body(HttpURLConnection connection) throws IOException {
    boolean isError = connection.getResponseCode() >= 400;
    try (InputStream in = isError ? connection.getErrorStream() : connection.getInputStream()) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }

  /** A JPEG of 1024 by 768, of noise. */
  private static byte[] photograph(int seed) throws IOException {
    BufferedImage image = new BufferedImage(1024, 768, BufferedImage.TYPE_INT_RGB);
    int[] pixels = new Random(seed).ints(1024L * 768, 0, 1 << 24).toArray();
    image.setRGB(0, 0, 1024, 768, pixels, 0, 1024);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "jpeg", file)) {
      throw new IOException("Java's own encoder is missing");
    }
    return file.toByteArray();
  }

  /** A grey PNG of 16 by 16 (PNG, third edition, section 11). */
  private static byte[] picture(int shade) throws IOException {
    byte[] rows = new byte[17 * 16];
    Arrays.fill(rows, (byte) shade);
    for (int row = 0; row < 16; row++) {
      rows[17 * row] = 0; // filter type None
    }
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(pixels)) {
      deflater.write(rows);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(file);
    out.writeLong(0x89504e470d0a1a0aL);
    chunk(out, "IHDR", new byte[] {0, 0, 0, 16, 0, 0, 0, 16, 8, 0, 0, 0, 0});
    chunk(out, "IDAT", pixels.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }
}
