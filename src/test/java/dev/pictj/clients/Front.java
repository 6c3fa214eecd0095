package dev.pictj.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A proxy or cache in front of a server, on a port of its own of the loopback address. */
final class Front implements AutoCloseable {
  private final Tool tool;
  private final int port;

  private Front(Tool tool, int port) {
    this.tool = tool;
    this.port = port;
  }

  /**
   * nginx.
   *
   * @param http what stands in {@code http} beside the server
   * @param server what stands in {@code server}; {@code UPSTREAM} is replaced by the server's
   *     address, {@code FOLDER} by a folder to write into
   */
  static Front nginx(int upstream, String http, String server) {
    Path folder = Tool.newFolder("nginx");
    int port = Tool.freePort();
    String config =
        """
        daemon off;
        pid FOLDER/pid;
        error_log FOLDER/error.log info;
        worker_processes 1;
        USER
        events { worker_connections 256; }
        http {
          access_log off;
          client_body_temp_path FOLDER/body;
          proxy_temp_path FOLDER/proxy;
          fastcgi_temp_path FOLDER/fastcgi;
          uwsgi_temp_path FOLDER/uwsgi;
          scgi_temp_path FOLDER/scgi;
          HTTP
          server {
            listen 127.0.0.1:PORT;
            SERVER
          }
        }
        """
            .replace("HTTP", http)
            .replace("SERVER", server)
            .replace("USER", isRoot() ? "user root;" : "")
            .replace("PORT", Integer.toString(port))
            .replace("UPSTREAM", "127.0.0.1:" + upstream)
            .replace("FOLDER", folder.toString());
    Path file = write(folder, "nginx.conf", config);
    // Before its configuration is read it would write to a log of the system's.
    return start(
        "nginx", folder, port, List.of("-p", folder + "/", "-e", "stderr", "-c", file.toString()));
  }

  /** Varnish as it comes: its built-in rules, a small store in memory. */
  static Front varnish(int upstream) {
    return varnish(Tool.newFolder("varnish"), List.of("-b", "127.0.0.1:" + upstream));
  }

  /**
   * Varnish with rules of one's own.
   *
   * @param vcl they, of which the port 8080 is replaced by the server's
   */
  static Front varnish(int upstream, String vcl) {
    Path folder = Tool.newFolder("varnish");
    Path file = write(folder, "rules.vcl", vcl.replace("\"8080\"", "\"" + upstream + "\""));
    return varnish(folder, List.of("-f", file.toString()));
  }

  private static Front varnish(Path folder, List<String> rules) {
    int port = Tool.freePort();
    List<String> arguments = new ArrayList<>(List.of("-F", "-n", folder.toString()));
    if (isRoot()) {
      // Its other users could not enter the folder.
      arguments.addAll(0, List.of("-j", "none"));
    }
    arguments.addAll(List.of("-a", "127.0.0.1:" + port, "-s", "default,32m"));
    arguments.addAll(rules);
    return start("varnishd", folder, port, arguments);
  }

  /**
   * Caddy.
   *
   * @param directives that stand beside {@code reverse_proxy}, such as {@code encode gzip}
   */
  static Front caddy(int upstream, String directives) {
    Path folder = Tool.newFolder("caddy");
    int port = Tool.freePort();
    Path file =
        write(
            folder,
            "Caddyfile",
            """
            {
              admin off
              auto_https off
            }
            http://127.0.0.1:%d {
              bind 127.0.0.1
              %s
              reverse_proxy 127.0.0.1:%d
            }
            """
                .formatted(port, directives, upstream));
    return start(
        "caddy",
        folder,
        port,
        List.of("run", "--adapter", "caddyfile", "--config", file.toString()));
  }

  /**
   * HAProxy.
   *
   * @param options lines of the section {@code defaults}, such as {@code option
   *     http-buffer-request}
   */
  static Front haproxy(int upstream, String options) {
    Path folder = Tool.newFolder("haproxy");
    int port = Tool.freePort();
    Path file =
        write(
            folder,
            "haproxy.cfg",
            """
            global
              maxconn 256
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
              %s
            frontend in
              bind 127.0.0.1:%d
              default_backend pictj
            backend pictj
              server pictj 127.0.0.1:%d
            """
                .formatted(options, port, upstream));
    return start("haproxy", folder, port, List.of("-db", "-f", file.toString()));
  }

  private static Front start(String name, Path folder, int port, List<String> arguments) {
    return new Front(Tool.start(name, folder, arguments).awaitPort(port), port);
  }

  private static Path write(Path folder, String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** Where it listens. */
  int port() {
    return port;
  }

  /** The same as a URL, without a slash at its end. */
  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** What it has said so far; nginx says it in a file. */
  String log() throws IOException {
    Path errors = tool.folder().resolve("error.log");
    return tool.output() + (Files.exists(errors) ? Files.readString(errors) : "");
  }

  @Override
  public void close() {
    tool.close();
  }
}
